//! The first sheet: what the leader asks, with where the numbers come from.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::{A4, Answer, Formats, LETTERS, cut, words};
use crate::report::document::Grid;
use crate::report::layout::width;
use crate::units::language::Language;

/// Widths of the first columns, in characters; those after them are as the last.
const WIDTHS: [f64; 2] = [34.0, 15.0];
/// The column up to which the last field of a narrow table reaches.
const RIGHT: u16 = 7;
/// Height of a line of text, in points.
const LINE: f64 = 15.5;
/// Height of a line of strong text.
const STRONG: f64 = 20.0;

/// Writes the sheet from the top down.
pub(super) fn write(
    answer: &Answer,
    sheet: &mut Worksheet,
    formats: &Formats,
    language: Language,
) -> Result<(), XlsxError> {
    sheet.set_name(words::answer(language))?;
    for column in 0..12 {
        sheet.set_column_width(column, broad(usize::from(column)))?;
    }
    let mut page = Page {
        sheet,
        formats,
        line: 0,
    };
    let title = cut(&answer.title, LETTERS);
    page.sheet
        .write_string_with_format(0, 0, title, &formats.title)?
        .set_row_height(0, 28.0)?;
    page.line = 1;
    page.words(&answer.design)?;
    page.line += 1;
    for line in &answer.verdict {
        page.words(line)?;
    }
    page.facts("", &answer.headline)?;
    for (head, grid) in &answer.grids {
        page.grid(head, grid)?;
    }
    for part in &answer.boxes {
        page.section(&part.head)?;
        for line in &part.lines {
            page.words(line)?;
        }
    }
    page.facts(&answer.provenance.0, &answer.provenance.1)?;
    page.sheet
        .set_landscape()
        .set_paper_size(A4)
        .set_print_fit_to_pages(1, 0);
    Ok(())
}

fn broad(column: usize) -> f64 {
    WIDTHS[column.min(WIDTHS.len() - 1)]
}

/// The sheet and the line that is next.
struct Page<'a> {
    sheet: &'a mut Worksheet,
    formats: &'a Formats,
    line: u32,
}

impl Page<'_> {
    fn words(&mut self, text: &str) -> Result<(), XlsxError> {
        self.sheet.write_string(self.line, 0, cut(text, LETTERS))?;
        self.line += 1;
        Ok(())
    }

    fn section(&mut self, head: &str) -> Result<(), XlsxError> {
        self.line += 1;
        if !head.is_empty() {
            let head = cut(head, LETTERS);
            self.sheet
                .write_string_with_format(self.line, 0, head, &self.formats.section)?;
            self.line += 1;
        }
        Ok(())
    }

    fn facts(&mut self, head: &str, facts: &[(String, String)]) -> Result<(), XlsxError> {
        if facts.is_empty() {
            return Ok(());
        }
        self.section(head)?;
        for (what, is) in facts {
            self.sheet
                .write_string(self.line, 0, cut(what, LETTERS))?
                .write_string_with_format(
                    self.line,
                    1,
                    cut(is, LETTERS),
                    &if head.is_empty() {
                        self.formats.strong.clone()
                    } else {
                        rust_xlsxwriter::Format::new()
                    },
                )?;
            if head.is_empty() {
                self.sheet.set_row_height(self.line, STRONG)?;
            }
            self.line += 1;
        }
        Ok(())
    }

    fn grid(&mut self, head: &str, grid: &Grid) -> Result<(), XlsxError> {
        if grid.rows.is_empty() {
            return Ok(());
        }
        self.section(head)?;
        self.row(&grid.head, true)?;
        for row in &grid.rows {
            self.row(row, false)?;
        }
        Ok(())
    }

    /// A row of a table, as high as its longest field.
    fn row(&mut self, fields: &[String], head: bool) -> Result<(), XlsxError> {
        let format = if head {
            &self.formats.head
        } else {
            &self.formats.words
        };
        let mut lines = 1;
        for (column, field) in (0u16..).zip(fields) {
            let is_last = usize::from(column) + 1 == fields.len() && column < RIGHT;
            let right = if is_last { RIGHT } else { column };
            let room: f64 = (column..=right).map(|at| broad(usize::from(at))).sum();
            lines = lines.max(width(field).div_ceil(room as usize - 2));
            let (line, field) = (self.line, cut(field, LETTERS));
            if is_last {
                self.sheet
                    .merge_range(line, column, line, right, &field, format)?;
            } else {
                self.sheet
                    .write_string_with_format(line, column, field, format)?;
            }
        }
        self.sheet
            .set_row_height(self.line, LINE * lines.min(20) as f64 + 2.0)?;
        self.line += 1;
        Ok(())
    }
}
