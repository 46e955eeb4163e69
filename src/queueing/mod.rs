//! Queueing theory: exact values to check the engine against and quick estimates for the planner.
//!
//! Times are in units of the mean service time unless said otherwise; `c` is the number of servers, `rho` the share of time they are busy
//! (arrival rate times mean service time over `c`). A queue that cannot keep up waits for ever: its mean wait is infinite.

pub mod bulk;
pub mod exact;
pub mod finite;
pub mod fluid;
pub mod limited;
