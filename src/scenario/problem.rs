//! What is wrong with a scenario: all of it at once, each with its place, its cause and its remedy.

use super::tree::{Place, Sources};

/// Words in both languages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// Words in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// A code that never changes its meaning, such as `S014`. See the handbook's list.
    pub code: &'static str,
    /// Whether it must be mended or may be meant.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What is wrong and why.
    pub what: Words,
    /// What to do.
    pub help: Words,
}

/// Whether a problem must be mended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// Nothing is simulated until it is mended.
    Error,
    /// The scenario runs; it may not be what was meant.
    Warning,
}

/// Everything wrong that was found so far.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Problems {
    /// In the order found.
    pub list: Vec<Problem>,
}

impl Problems {
    /// Notes an error.
    pub fn error(&mut self, code: &'static str, place: Place, what: Words, help: Words) {
        self.list.push(Problem {
            code,
            severity: Severity::Error,
            place,
            what,
            help,
        });
    }

    /// Notes a warning.
    pub fn warning(&mut self, code: &'static str, place: Place, what: Words, help: Words) {
        self.list.push(Problem {
            code,
            severity: Severity::Warning,
            place,
            what,
            help,
        });
    }

    /// Whether something must be mended.
    pub fn has_errors(&self) -> bool {
        self.list
            .iter()
            .any(|problem| problem.severity == Severity::Error)
    }
}

/// Why a scenario cannot be run, with the files to show it in.
#[derive(Clone, PartialEq, Debug)]
pub struct Refusal {
    /// What is wrong.
    pub problems: Problems,
    /// The files.
    pub sources: Sources,
}
