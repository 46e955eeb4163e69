//! Results as people read them: the screen, summary.json, tables and charts, in Chinese or English.

pub mod arithmetic;
pub mod brief;
pub mod charts;
pub mod check;
mod columns;
pub mod compare;
pub mod decisions;
mod document;
pub mod explain;
mod hover;
mod incidents;
pub mod index;
pub mod layout;
pub mod levers;
pub mod live;
pub mod notices;
pub mod number;
mod pdf;
mod positives;
pub mod risk;
pub mod screen;
pub mod sensitivity;
mod slides;
mod staff;
pub mod summary;
pub mod sweep;
pub mod table;
pub mod tables;
pub mod trace;
pub mod verdict;
pub mod words;
mod workbook;

#[cfg(test)]
mod fixture;
