//! A comparison as a workbook.

use crate::report::table::{Cell, Table};
use crate::report::workbook::{Answer, Book, Native, Shape};
use crate::units::language::Language;

use super::Compared;
use super::html::{boxes, design, head, rows};
use super::verdict::sentences;

/// The bytes of the workbook.
pub fn workbook(compared: &Compared<'_>, tables: &[Table], language: Language) -> Vec<u8> {
    let answer = Answer {
        title: head(compared, language),
        design: design(compared, language),
        verdict: sentences(compared, language),
        grids: vec![(
            language.pick("各方案", "Plan by plan").to_owned(),
            rows(compared, language),
        )],
        boxes: boxes(compared, language),
        ..Answer::default()
    };
    let progress = tables.iter().find(|table| table.name == "curve");
    Book {
        answer,
        tables,
        natives: progress
            .map(|table| native(table, language))
            .into_iter()
            .collect(),
        language,
    }
    .bytes()
}

/// Results out by the hour, a line for each plan.
fn native(table: &Table, language: Language) -> Native {
    let mut plans: Vec<(String, (usize, usize))> = Vec::new();
    for (at, row) in table.rows.iter().enumerate() {
        let Cell::Text(label) = &row[0] else { continue };
        match plans.last_mut() {
            Some((last, (_, to))) if last == label => *to = at + 1,
            _ => plans.push((label.clone(), (at, at + 1))),
        }
    }
    Native {
        title: language
            .pick(
                "各方案出结果的进度（人）",
                "people with a result, plan by plan",
            )
            .to_owned(),
        table: table.name,
        rows: (0, table.rows.len()),
        along: 1,
        shape: Shape::Plans(2, plans),
    }
}
