//! The engine: people through sites, tubes through couriers and laboratories, on one clock.
