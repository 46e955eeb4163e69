//! Results as people read them: the screen, summary.json, tables and charts, in Chinese or English.

pub mod arithmetic;
pub mod charts;
pub mod check;
pub mod decisions;
pub mod index;
pub mod layout;
pub mod number;
pub mod screen;
pub mod summary;
pub mod tables;
pub mod verdict;
pub mod words;

#[cfg(test)]
mod fixture;
