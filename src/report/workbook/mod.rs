//! A workbook: the answer on its first sheet, native charts on the next, then every table as a sheet that can be filtered.
//!
//! Numbers stand as numbers and words as words, whatever they begin with; nothing of the user's is a formula. The same results give the same
//! bytes.

mod answer;
mod charts;
mod words;

use std::collections::BTreeSet;

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
    XlsxError,
};

use super::document::{Grid, Section};
use super::layout::width;
use super::table::{Cell, Table};
use crate::units::language::Language;

pub(super) use charts::{Native, Shape};

/// Rows of a sheet at most, below what Excel can hold (1,048,576).
const ROWS: usize = 1_000_000;
/// Characters of a field at most, below what Excel can hold (32,767).
const LETTERS: usize = 32_000;
/// Width of a column at most, in characters.
const WIDEST: usize = 60;
/// Rows whose words decide how wide a column is.
const MEASURED: usize = 2_000;
/// Columns that can be read when a page is as wide as they are.
const PRINTED: usize = 14;
/// Height of a line of a head, in points.
const HEAD: f64 = 15.5;
/// A4.
const A4: u8 = 9;

/// What the first sheet says, from the top down.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Answer {
    pub(super) title: String,
    /// Version, scenario, seed, replications.
    pub(super) design: String,
    /// The verdict and what to think of it, line by line.
    pub(super) verdict: Vec<String>,
    /// What it is, and how much.
    pub(super) headline: Vec<(String, String)>,
    /// Tables with their heads.
    pub(super) grids: Vec<(String, Grid)>,
    pub(super) boxes: Vec<Section>,
    /// Where it comes from: a head, and what is what.
    pub(super) provenance: (String, Vec<(String, String)>),
}

/// A workbook before it is bytes.
pub(super) struct Book<'a> {
    pub(super) answer: Answer,
    pub(super) tables: &'a [Table],
    pub(super) natives: Vec<Native>,
    pub(super) language: Language,
}

impl Book<'_> {
    /// The bytes of the file.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.write()
            .expect("rows, letters and names of sheets are held below what a workbook can hold")
    }

    fn write(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        // Without a date of its own a workbook would carry the moment of writing, and never be the same twice.
        let properties = DocProperties::new()
            .set_title(cut(&self.answer.title, 200))
            .set_comment(cut(&self.answer.design, 200))
            .set_creation_datetime(&ExcelDateTime::from_ymd(2022, 5, 9)?);
        book.set_properties(&properties);
        let formats = Formats::new();
        answer::write(&self.answer, book.add_worksheet(), &formats, self.language)?;
        let names = self.names();
        let drawn: Vec<_> = self
            .natives
            .iter()
            .filter_map(|native| charts::chart(native, self.tables, &names))
            .collect();
        if !drawn.is_empty() {
            charts::place(&drawn, book.add_worksheet(), self.language)?;
        }
        for (table, name) in self.tables.iter().zip(&names) {
            if !table.rows.is_empty() {
                sheet(table, book.add_worksheet().set_name(name)?, &formats)?;
            }
        }
        book.save_to_buffer()
    }

    /// The name of each table's sheet; none twice.
    fn names(&self) -> Vec<String> {
        let mut taken = BTreeSet::from([
            words::answer(self.language).to_owned(),
            words::charts(self.language).to_owned(),
        ]);
        let name = |table: &Table| {
            let name = words::sheet(table.name, self.language);
            let name = if taken.contains(name) {
                table.name
            } else {
                name
            };
            taken.insert(name.to_owned());
            name.to_owned()
        };
        self.tables.iter().map(name).collect()
    }
}

/// How fields look.
struct Formats {
    title: Format,
    section: Format,
    head: Format,
    words: Format,
    strong: Format,
    moment: Format,
    numbers: [(Numbers, Format); 4],
}

/// How the numbers of a column are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Numbers {
    Whole,
    Tenths,
    Hundredths,
    Percent,
}

impl Formats {
    fn new() -> Self {
        let numbers = [
            (Numbers::Whole, "#,##0"),
            (Numbers::Tenths, "#,##0.0"),
            (Numbers::Hundredths, "#,##0.00"),
            (Numbers::Percent, "0.0%"),
        ];
        Self {
            title: Format::new().set_bold().set_font_size(18),
            section: Format::new()
                .set_bold()
                .set_font_size(13)
                .set_font_color(Color::RGB(0x0000_629C)),
            head: Format::new()
                .set_bold()
                .set_background_color(Color::RGB(0x00DC_E6F1))
                .set_border_bottom(FormatBorder::Thin)
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap(),
            words: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            strong: Format::new()
                .set_bold()
                .set_font_size(14)
                .set_align(FormatAlign::Left),
            moment: Format::new()
                .set_num_format("yyyy-mm-dd hh:mm")
                .set_align(FormatAlign::Left),
            numbers: numbers.map(|(kind, format)| (kind, Format::new().set_num_format(format))),
        }
    }

    fn number(&self, kind: Numbers) -> &Format {
        let found = self.numbers.iter().find(|(listed, _)| *listed == kind);
        &found.unwrap_or(&self.numbers[0]).1
    }
}

/// How a column of numbers is best shown: whole where all are, else with as many decimals as its largest needs.
fn numbers(table: &Table, column: usize) -> Numbers {
    if table.columns[column].share {
        return Numbers::Percent;
    }
    let (mut whole, mut largest) = (true, 0.0_f64);
    for row in &table.rows {
        if let Cell::Number(number) = row[column] {
            whole &= number.fract() == 0.0;
            largest = largest.max(number.abs());
        }
    }
    match (whole, largest < 10.0) {
        (true, _) => Numbers::Whole,
        (false, true) => Numbers::Hundredths,
        (false, false) => Numbers::Tenths,
    }
}

/// A table as a sheet: its head stays in sight and on every printed page, and filters.
fn sheet(table: &Table, sheet: &mut Worksheet, formats: &Formats) -> Result<(), XlsxError> {
    let rows = &table.rows[..table.rows.len().min(ROWS)];
    for (at, column) in (0u16..).zip(&table.columns) {
        let index = usize::from(at);
        sheet.write_string_with_format(0, at, cut(&column.head, LETTERS), &formats.head)?;
        sheet.set_column_width(at, broad(table, index))?;
        let number = formats.number(numbers(table, index));
        for (line, row) in (1u32..).zip(rows) {
            field(sheet, (line, at), &row[index], (formats, number))?;
        }
    }
    let high = (0..table.columns.len()).map(|at| head_lines(table, at));
    let high = high.max().unwrap_or(1) as f64;
    sheet.set_row_height(0, high * HEAD + 4.0)?;
    let (last, right) = (rows.len() as u32, table.columns.len().max(1) as u16 - 1);
    sheet
        .set_freeze_panes(1, u16::from(table.columns.len() > 4))?
        .autofilter(0, 0, last, right)?
        .set_repeat_rows(0, 0)?
        .set_landscape()
        .set_paper_size(A4);
    if table.columns.len() <= PRINTED {
        sheet.set_print_fit_to_pages(1, 0);
    } else {
        sheet.set_repeat_columns(0, 1)?;
    }
    Ok(())
}

fn field(
    sheet: &mut Worksheet,
    (line, at): (u32, u16),
    cell: &Cell,
    (formats, number): (&Formats, &Format),
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            sheet.write_string(line, at, cut(text, LETTERS))?;
        }
        Cell::Number(value) => {
            sheet.write_number_with_format(line, at, *value, number)?;
        }
        Cell::Moment(moment) => match excel(*moment) {
            Some(date) => {
                sheet.write_datetime_with_format(line, at, &date, &formats.moment)?;
            }
            None => {
                sheet.write_string(line, at, cell.written())?;
            }
        },
    }
    Ok(())
}

/// A moment as Excel counts it; none before 1900 and after 9999.
fn excel(moment: jiff::civil::DateTime) -> Option<ExcelDateTime> {
    let small = |number: i8| u8::try_from(number).ok();
    let date = ExcelDateTime::from_ymd(
        u16::try_from(moment.year()).ok()?,
        small(moment.month())?,
        small(moment.day())?,
    );
    date.and_then(|date| {
        date.and_hms(
            u16::from(small(moment.hour()).unwrap_or(0)),
            small(moment.minute()).unwrap_or(0),
            0,
        )
    })
    .ok()
}

/// How wide a column is, in characters of which a Chinese one takes two; its head may take two lines.
fn broad(table: &Table, column: usize) -> f64 {
    let field = |row: &Vec<Cell>| match &row[column] {
        Cell::Empty => 0,
        Cell::Text(text) => width(text),
        Cell::Number(_) => 9,
        Cell::Moment(_) => 16,
    };
    let widest = table.rows.iter().take(MEASURED).map(field).max();
    let head = width(&table.columns[column].head).div_ceil(2).max(6);
    widest.unwrap_or(0).max(head).min(WIDEST) as f64 + 3.0
}

/// Lines that the head of a column takes; bold letters are wider, and the arrow of the filter stands in the last one.
fn head_lines(table: &Table, column: usize) -> usize {
    let head = width(&table.columns[column].head) as f64 * 1.15;
    let room = broad(table, column) - 2.0;
    (head / room).ceil().clamp(1.0, 6.0) as usize
}

/// The text in at most so many UTF-16 units.
fn cut(text: &str, most: usize) -> String {
    let mut units = 0;
    text.chars()
        .take_while(|letter| {
            units += letter.len_utf16();
            units <= most
        })
        .collect()
}

#[cfg(test)]
mod tests;
