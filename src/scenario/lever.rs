//! What a scenario names to be moved: a key of it and the values it may take, each as the scenario would say it.

use crate::model::assumption::Phrase;

/// A key to move. It says nothing about what happens: it changes no result and no hash.
#[derive(Clone, PartialEq, Debug)]
pub struct Lever {
    /// Where it stands, part by part, the ids of entries among them: `sites`, `S3`, `lanes`.
    pub path: Vec<String>,
    /// What people call it.
    pub called: Phrase,
    /// Its values from the least to the most, that of the scenario among them.
    pub steps: Vec<Step>,
    /// Which of them the scenario has.
    pub at: usize,
}

/// A value that a key may take.
#[derive(Clone, PartialEq, Debug)]
pub struct Step {
    /// How much it is, in words.
    pub said: Phrase,
    /// How the scenario says so. A range moves with its value.
    pub value: toml::Value,
}
