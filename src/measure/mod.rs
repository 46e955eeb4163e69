//! Observers of the engine: what one replication came to.

pub mod costs;
pub mod incidents;
mod isolation;
pub mod outcome;
mod recalls;
mod sites;
pub mod stocks;
mod tally;

pub use tally::replicate;
