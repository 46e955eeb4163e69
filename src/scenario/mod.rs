//! Reads a scenario from its files into a Model, or says everything that is wrong with it.

pub mod difference;
pub mod document;
pub mod keys;
pub mod language;
pub mod lever;
pub mod nearest;
pub mod phrases;
pub mod problem;
pub mod render;
pub mod sheet;
pub mod tree;
pub mod vary;

mod encoding;
mod files;
mod letters;
mod merge;
mod parse;
mod reference;
mod schema;
mod setting;
mod starter;
mod syntax;

pub use reference::reference;
pub use schema::schema;
pub use starter::{Starter, starter};

use std::path::Path;

use crate::model::Model;
use document::{Document, Options};
use lever::Lever;
use problem::{Problems, Refusal};
use tree::Sources;

/// A scenario that can be run.
#[derive(Clone, PartialEq, Debug)]
pub struct Reading {
    /// The operation, validated.
    pub model: Model,
    /// What it names to be moved, in its order.
    pub levers: Vec<Lever>,
    /// What may not be as it was meant.
    pub warnings: Problems,
    /// What was read, to show warnings in.
    pub sources: Sources,
    /// The scenario as it was read, with `extends`, layouts, sheets and `--set` worked in and all defaults filled in, as TOML that means the
    /// same.
    pub normalized: String,
}

/// Reads the scenario in the file at `path`.
///
/// # Errors
/// Everything that is wrong with it, if anything has to be mended.
pub fn read(path: &Path, options: &Options) -> Result<Reading, Refusal> {
    let Document {
        root,
        sources,
        mut problems,
        ..
    } = document::load(path, options);
    let stem = path
        .file_stem()
        .map_or_else(|| "scenario".into(), |stem| stem.to_string_lossy());
    match language::interpret(&root, &stem, &mut problems) {
        Some(meaning) => Ok(Reading {
            model: meaning.model,
            levers: meaning.levers,
            warnings: problems,
            sources,
            normalized: meaning.normalized,
        }),
        None => Err(Refusal { problems, sources }),
    }
}
