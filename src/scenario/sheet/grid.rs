//! A table before its header is understood: rows of fields, each with its spot.

use crate::scenario::nearest::half_width;
use crate::scenario::tree::Spot;

/// The most fields that a table may have, empty ones included.
pub(super) const MOST_FIELDS: usize = 2_000_000;
/// The most columns that are looked at.
pub(super) const MOST_COLUMNS: usize = 256;

/// A table before its header is understood.
pub(super) struct Grid {
    /// All rows, also those before the header.
    pub(super) rows: Vec<Row>,
    /// Whether a row with more or fewer fields than the header is a fault: in CSV a comma too many shifts all that follows.
    pub(super) counts_fields: bool,
}

/// A row.
pub(super) struct Row {
    /// Its fields, from the first column.
    pub(super) fields: Vec<Field>,
    /// Where it is as a whole.
    pub(super) spot: Spot,
}

/// A field.
pub(super) struct Field {
    /// What it holds.
    pub(super) cell: Cell,
    /// Where it is.
    pub(super) spot: Spot,
}

/// What a field holds.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Cell {
    /// Nothing.
    Empty,
    /// Text, trimmed and not empty.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Any other number, finite.
    Float(f64),
    /// Yes or no.
    Boolean(bool),
    /// A spreadsheet's error, such as `#REF!`.
    Error(String),
}

impl Cell {
    /// Text without the space around it.
    pub(super) fn text(text: &str) -> Self {
        match text.trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\0')
        }) {
            "" => Self::Empty,
            text => Self::Text(text.to_owned()),
        }
    }

    /// A number: whole where it is one, since spreadsheets know only one kind.
    pub(super) fn number(number: f64) -> Self {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if number.fract() == 0.0 && number.abs() <= EXACT {
            Self::Integer(number as i64)
        } else if number.is_finite() {
            Self::Float(number)
        } else {
            Self::Error(number.to_string())
        }
    }

    /// The number that a text stands for: `1,200`, `１２００`, `3.5`; else the cell as it is.
    pub(super) fn numeric(self) -> Self {
        let Self::Text(text) = &self else { return self };
        let plain: String = text
            .chars()
            .map(half_width)
            .filter(|c| !c.is_whitespace())
            .collect();
        let plain = if has_thousands_commas(&plain) {
            plain.replace(',', "")
        } else {
            plain
        };
        if !plain
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
        {
            return self;
        }
        match (plain.parse(), plain.parse::<f64>()) {
            (Ok(number), _) => Self::Integer(number),
            (Err(_), Ok(number)) if number.is_finite() => Self::number(number),
            (Err(_), Ok(_) | Err(_)) => self,
        }
    }

    /// The cell as a person sees it.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Error(text) => text.clone(),
            Self::Integer(number) => number.to_string(),
            Self::Float(number) => number.to_string(),
            Self::Boolean(yes) => yes.to_string(),
        }
    }
}

impl Row {
    /// Whether it holds nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.fields.iter().all(|field| field.cell == Cell::Empty)
    }

    /// What the column holds in this row.
    pub(super) fn cell(&self, column: usize) -> &Cell {
        self.fields
            .get(column)
            .map_or(&Cell::Empty, |field| &field.cell)
    }

    /// Where the column is in this row, or the row if it ends before.
    pub(super) fn spot(&self, column: usize) -> Spot {
        self.fields
            .get(column)
            .map_or(self.spot, |field| field.spot)
    }
}

/// Whether commas part the digits in threes, as in `1,200,000.5`.
fn has_thousands_commas(number: &str) -> bool {
    let whole = number
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_start_matches(['+', '-']);
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len()) && whole.contains(',') && groups.all(|group| group.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them_in_tables() {
        for (text, number) in [
            ("1200", Cell::Integer(1200)),
            ("1,200", Cell::Integer(1200)),
            ("１２００", Cell::Integer(1200)),
            ("１，２００", Cell::Integer(1200)),
            ("1200.0", Cell::Integer(1200)),
            ("-3", Cell::Integer(-3)),
            ("101.46", Cell::Float(101.46)),
        ] {
            assert_eq!(Cell::text(text).numeric(), number, "{text}");
        }
        for text in [
            "1,2", "12,00", "about 9", "nan", "inf", "1e999", "九百", "1-2",
        ] {
            assert_eq!(Cell::text(text).numeric(), Cell::Text(text.to_owned()));
        }
    }
}
