//! Results as people read them: the screen, summary.json, tables and charts, in Chinese or English.

pub mod charts;
