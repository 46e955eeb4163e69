//! Observers of the engine: what one replication came to.

pub mod campaign;
pub mod costs;
pub mod ends;
pub mod incidents;
mod isolation;
pub mod outcome;
pub mod parts;
mod recalls;
mod sites;
pub mod split;
mod staff;
pub mod stocks;
mod tally;

pub use tally::{replicate, replicate_as_held};
