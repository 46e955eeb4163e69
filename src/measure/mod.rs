//! Observers of the engine: what one replication came to.

pub mod outcome;
