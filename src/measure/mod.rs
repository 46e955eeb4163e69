//! Observers of the engine: what one replication came to.

pub mod campaign;
pub mod costs;
pub mod incidents;
mod isolation;
pub mod outcome;
mod recalls;
mod sites;
mod staff;
pub mod stocks;
mod tally;

pub use tally::{replicate, replicate_as_held};
