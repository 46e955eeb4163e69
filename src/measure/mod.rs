//! Observers of the engine: what one replication came to.

pub mod campaign;
mod isolation;
pub mod outcome;
mod recalls;
mod sites;
pub mod stocks;
mod tally;

pub use tally::{replicate, replicate_as_held};
