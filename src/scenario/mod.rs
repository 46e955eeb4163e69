//! Reads a scenario from its files into a Model, or says everything that is wrong with it.

pub mod document;
pub mod keys;
pub mod language;
pub mod nearest;
pub mod problem;
pub mod render;
pub mod sheet;
pub mod tree;

mod encoding;
mod files;
mod merge;
mod parse;
mod setting;
mod syntax;
