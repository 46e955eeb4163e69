//! The scenario language: from a tree of values to a Model, or to everything that is wrong with it.

mod assumptions;
mod build;
mod checked;
mod hash;
mod lists;
mod print;
mod settle;
mod standing;
mod value;
mod varying;
mod walk;
mod wording;

pub use varying::SHAPES;

use super::keys::Catalogue;
use super::problem::Problems;
use super::tree::{Node, Value};
use crate::model::Model;

/// What a scenario says.
#[derive(Clone, PartialEq, Debug)]
pub struct Meaning {
    /// The operation, ready to be run.
    pub model: Model,
    /// The scenario as it was read, with all its defaults, as TOML that means the same.
    pub normalized: String,
}

/// What a tree means; `stem` names it where it has no title. Complaints are added to `problems`; with an error among them there is no meaning.
pub fn interpret(root: &Node, stem: &str, problems: &mut Problems) -> Option<Meaning> {
    let unread = problems.has_errors();
    if unread && matches!(&root.value, Value::Table(entries) if entries.is_empty()) {
        return None;
    }
    let (catalogue, defaults) = (Catalogue::new(), walk::Defaults::new());
    let mut checked = walk::Walker::new(&catalogue, &defaults, problems).scenario(root);
    settle::settle(&mut checked, problems);
    if unread {
        // What could not be read would only bring complaints about what seems to be missing.
        return None;
    }
    let model = build::model(&checked, stem, problems);
    (!problems.has_errors()).then(|| Meaning {
        normalized: print::scenario(&checked),
        model,
    })
}

#[cfg(test)]
mod tests;
