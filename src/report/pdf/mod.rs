//! A4 pages as PDF: words that can be selected and searched, set in the program's own typeface, and charts as lines.
//!
//! What is on the pages is laid out first, as marks with their places, and then painted; so a layout can be looked at without a reader of PDF.

mod flow;
mod paint;

use resvg::usvg::Tree;

use super::document::{Grid, Section};
use crate::units::language::Language;

/// Words and drawings from the first page to the last.
pub(super) struct Paper {
    pub(super) title: String,
    /// Where the numbers come from, at the foot of each page.
    pub(super) footer: String,
    pub(super) language: Language,
    pub(super) blocks: Vec<Block>,
}

/// What stands on paper, from the top down.
pub(super) enum Block {
    /// The title of it all.
    Title(String),
    /// A line that is only context.
    Small(String),
    /// A part; it stands in the reader's table of contents.
    Part(String),
    /// A part that begins on a page of its own.
    Page(String),
    /// Words.
    Words(String),
    /// The verdict: whether the deadline is kept and how that is said, and its lines.
    Verdict(bool, &'static str, Vec<String>),
    /// What it is, and how much, side by side.
    Headline(Vec<(String, String)>),
    /// Heads with their lines, two side by side.
    Boxes(Vec<Section>),
    /// A table.
    Table(Grid),
    /// What is what.
    Facts(Vec<(String, String)>),
    /// A chart under what is shown and what it shows.
    Figure {
        head: String,
        says: String,
        drawing: Box<Tree>,
    },
}

impl Paper {
    /// The bytes of the file.
    pub(super) fn bytes(&self) -> Vec<u8> {
        paint::paint(self, &flow::flow(self))
    }
}

#[cfg(test)]
mod tests;
