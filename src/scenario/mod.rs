//! Reads a scenario from its files into a Model, or says everything that is wrong with it.

pub mod keys;
mod language;
pub mod problem;
pub mod tree;
