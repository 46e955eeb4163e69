//! A table before it is a file: heads and finished values, from which the CSV and the sheet of the workbook are both written.

use jiff::civil::DateTime;

use crate::experiment::results::Figure;
use crate::units::Time;
use crate::units::language::Language;

use super::number::{self, Calendar};
use super::words::Label;

/// What stands in a field.
#[derive(Clone, PartialEq, Debug)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words, perhaps the user's.
    Text(String),
    /// A number, rounded as everywhere.
    Number(f64),
    /// A date and clock time, to the minute.
    Moment(DateTime),
}

/// A column.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// Its head.
    pub head: String,
    /// Whether its numbers are shares of 1, which people read as percentages.
    pub share: bool,
}

impl Column {
    /// A column that is not of shares.
    pub(super) fn plain(head: &str) -> Self {
        Self {
            head: head.to_owned(),
            share: false,
        }
    }

    /// A column of shares.
    pub(super) fn share(head: &str) -> Self {
        Self {
            share: true,
            ..Self::plain(head)
        }
    }

    /// The column of a label.
    pub(super) fn of(label: Label, language: Language) -> Self {
        Self {
            share: SHARES.contains(&label),
            ..Self::plain(label.says(language))
        }
    }
}

/// Labels of shares of 1.
const SHARES: [Label; 23] = [
    Label::Share,
    Label::ShareLo,
    Label::ShareHi,
    Label::AsPlanned,
    Label::Concerned,
    Label::Lowered,
    Label::Lifted,
    Label::Precaution,
    Label::Controlled,
    Label::Sealed,
    Label::Isolation,
    Label::PublishedByDeadline,
    Label::OnTimeShare,
    Label::OnTimeLo,
    Label::OnTimeHi,
    Label::Utilization,
    Label::Fill,
    Label::RunsOutShare,
    Label::Happens,
    Label::InTime,
    Label::OutMean,
    Label::OutP05,
    Label::OutP95,
];

/// A table.
#[derive(Clone, PartialEq, Debug)]
pub struct Table {
    /// What it is called as a file, without an ending.
    pub name: &'static str,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each as wide as the columns.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// The table as the bytes of a CSV file.
    pub fn csv(&self) -> Vec<u8> {
        let heads = self.columns.iter().map(|column| column.head.as_str());
        let rows = self.rows.iter();
        spreadsheet(
            heads,
            rows.map(|row| row.iter().map(Cell::written).collect()),
        )
    }
}

impl Cell {
    /// The field as it is written to a CSV file.
    pub(super) fn written(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => harmless(text),
            Self::Number(number) => number::cell(*number),
            Self::Moment(at) => format!("{} {:02}:{:02}", at.date(), at.hour(), at.minute()),
        }
    }
}

/// Words; nothing if there are none.
pub(super) fn text(text: &str) -> Cell {
    if text.is_empty() {
        Cell::Empty
    } else {
        Cell::Text(text.to_owned())
    }
}

/// A number; nothing if it is not finite.
pub(super) fn cell(number: f64) -> Cell {
    if number.is_finite() {
        Cell::Number(number::significant(number) + 0.0)
    } else {
        Cell::Empty
    }
}

/// The mean of a figure.
pub(super) fn mean(figure: &Figure) -> Cell {
    cell(figure.mean)
}

/// A moment; nothing if there is none or it lies beyond the calendar.
pub(super) fn moment(calendar: Calendar, moment: Option<Time>) -> Cell {
    moment
        .and_then(|moment| calendar.date_time(moment))
        .map_or(Cell::Empty, Cell::Moment)
}

/// Rows as the bytes of a file; every row is as wide as the head.
pub(super) fn spreadsheet<'a>(
    head: impl Iterator<Item = &'a str>,
    rows: impl Iterator<Item = Vec<String>>,
) -> Vec<u8> {
    const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(BYTE_ORDER_MARK.to_vec());
    let why = "writing to memory does not fail, and every row is as wide as the head";
    writer.write_record(head).expect(why);
    for row in rows {
        writer.write_record(&row).expect(why);
    }
    writer.into_inner().expect(why)
}

/// Words of the user's that no spreadsheet takes for a formula.
pub(super) fn harmless(text: &str) -> String {
    let formula = text
        .trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if formula || text.starts_with(['\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
