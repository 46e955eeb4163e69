//! Several plans side by side, as people and programs read them.

mod charts;
mod html;
mod index;
mod json;
mod paper;
mod rows;
mod rules;
mod screen;
mod sheets;
mod slides;
mod verdict;
mod workbook;

pub use charts::{difference, progress};
pub use html::html;
pub use index::index;
pub use json::json;
pub use paper::pdf;
pub use rows::decides;
pub use rules::called as rule_called;
pub use screen::screen;
pub use sheets::tables;
pub use slides::slides;
pub use workbook::workbook;

use crate::experiment::compare::{Comparison, Plan};
use crate::experiment::rules::Rule;
use crate::model::Model;
use crate::scenario::difference::Difference;

/// A plan with its model and what it changes.
#[derive(Clone, Copy, Debug)]
pub struct Contender<'a> {
    /// How it was named on the command line.
    pub label: &'a str,
    /// The operation.
    pub model: &'a Model,
    /// Where it differs from the base.
    pub differences: &'a [Difference],
    /// The rule by which it is made, if it is.
    pub rule: Option<Rule>,
}

/// Everything that is told of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'a> {
    /// The plans, the base first.
    pub contenders: &'a [Contender<'a>],
    /// What came of it.
    pub comparison: &'a Comparison,
    /// A difference smaller than this does not matter, in minutes.
    pub indifference_min: f64,
}

impl<'a> Compared<'a> {
    /// Each plan with what came of it.
    fn plans(&self) -> impl Iterator<Item = (&'a Contender<'a>, &'a Plan)> {
        self.contenders.iter().zip(&self.comparison.plans)
    }

    fn base(&self) -> (&'a Contender<'a>, &'a Plan) {
        (&self.contenders[0], &self.comparison.plans[0])
    }
}
