//! Observers of the engine: what one replication came to.

pub mod outcome;
mod sites;
pub mod stocks;
mod tally;

pub use tally::replicate;
