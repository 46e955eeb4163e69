//! Tables in text: fields between commas, semicolons or tabs.

use std::ops::Range;

use csv::{ReaderBuilder, StringRecord};

use super::grid::{Cell, Field, Grid, MOST_COLUMNS, MOST_FIELDS, Row};
use super::workbook::report_too_large;
use crate::scenario::problem::{Problems, Words};
use crate::scenario::tree::{Content, Place, Spot};

/// The delimiters that are told apart, the usual one first.
const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

/// The table in a text.
pub(super) fn grid(content: &Content, whole: Place, problems: &mut Problems) -> Option<Grid> {
    let Content::Text(text) = content else {
        return None;
    };
    if report_markup(text, whole, problems) {
        return None;
    }
    let (delimiter, start) = delimiter(text);
    if text.matches(['\n', '\r', delimiter]).count() > MOST_FIELDS {
        report_too_large(whole, problems);
        return None;
    }
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter as u8)
        .from_reader(&text.as_bytes()[start..]);
    let (mut rows, mut record) = (Vec::new(), StringRecord::new());
    loop {
        let from = start + reader.position().byte() as usize;
        if !matches!(reader.read_record(&mut record), Ok(true)) {
            break;
        }
        let to = start + reader.position().byte() as usize;
        let raw = trimmed(text, from..to);
        let spans = spans(&text[raw.clone()], delimiter);
        if let Some(open) = spans.open_quote {
            let spot = Spot::Bytes {
                start: raw.start + open,
                end: raw.start + open + 1,
            };
            report_open_quote(
                Place {
                    source: whole.source,
                    spot,
                },
                problems,
            );
            break;
        }
        rows.push(row(&record, &raw, &spans.fields));
    }
    Some(Grid {
        rows,
        counts_fields: true,
    })
}

fn row(record: &StringRecord, raw: &Range<usize>, spans: &[Range<usize>]) -> Row {
    let spot = Spot::Bytes {
        start: raw.start,
        end: raw.end,
    };
    let placed = spans.len() == record.len();
    let fields = record
        .iter()
        .take(MOST_COLUMNS)
        .enumerate()
        .map(|(index, text)| {
            let spot = match spans.get(index) {
                Some(span) if placed => Spot::Bytes {
                    start: raw.start + span.start,
                    end: raw.start + span.end,
                },
                Some(_) | None => spot,
            };
            Field {
                cell: Cell::text(unwrapped(text)),
                spot,
            }
        });
    Row {
        fields: fields.collect(),
        spot,
    }
}

/// The text of `="001"`, by which spreadsheets keep zeros in front.
fn unwrapped(text: &str) -> &str {
    text.strip_prefix("=\"")
        .and_then(|text| text.strip_suffix('"'))
        .unwrap_or(text)
}

/// The record without the line ends around it: blank lines before it belong to it.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let range = text.floor_char_boundary(range.start)..text.floor_char_boundary(range.end);
    let piece = &text[range.clone()];
    let start = range.start + (piece.len() - piece.trim_start_matches(['\r', '\n']).len());
    let end = range.end - (piece.len() - piece.trim_end_matches(['\r', '\n']).len());
    start..end.max(start)
}

/// Where the fields of a record are.
struct Spans {
    fields: Vec<Range<usize>>,
    /// Where a quotation mark opens that never closes.
    open_quote: Option<usize>,
}

/// The fields of a record by the rules of the reader: a quotation mark opens only at the start of a field, and two of
/// them inside stand for one.
fn spans(record: &str, delimiter: char) -> Spans {
    let (mut fields, mut start, mut quote) = (Vec::new(), 0, None);
    for (at, c) in record.char_indices() {
        match quote {
            Some(_) if c == '"' => quote = None,
            None if c == '"' && (at == start || record[..at].ends_with('"')) => quote = Some(at),
            None if c == delimiter => {
                fields.push(start..at);
                start = at + 1;
            }
            Some(_) | None => {}
        }
    }
    fields.push(start..record.len());
    Spans {
        fields,
        open_quote: quote,
    }
}

/// The delimiter of the text, and where its first record starts: after a line `sep=;`, if there is one.
fn delimiter(text: &str) -> (char, usize) {
    if let Some(rest) = text.strip_prefix("sep=")
        && let Some(named) = rest.chars().next().filter(|c| DELIMITERS.contains(c))
    {
        let end = text.find('\n').map_or(text.len(), |end| end + 1);
        return (named, end);
    }
    let head = text.lines().filter(|line| !line.trim().is_empty()).take(5);
    let mut counts = [0; DELIMITERS.len()];
    for line in head {
        for (index, delimiter) in DELIMITERS.into_iter().enumerate() {
            counts[index] += spans(&line[..line.floor_char_boundary(10_000)], delimiter)
                .fields
                .len()
                - 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    let best = counts.iter().position(|count| *count == most).unwrap_or(0);
    (DELIMITERS[best], 0)
}

/// Some programs save a web page under a spreadsheet's name.
fn report_markup(text: &str, whole: Place, problems: &mut Problems) -> bool {
    let head: String = text
        .trim_start()
        .chars()
        .take(15)
        .flat_map(char::to_lowercase)
        .collect();
    let markup = ["<html", "<!doctype", "<?xml", "<table"]
        .iter()
        .any(|start| head.starts_with(start));
    if markup {
        problems.error(
            "S050",
            whole,
            Words::new(
                "这个文件是网页或 XML，不是表格",
                "this file is a web page or XML, not a table",
            ),
            Words::new(
                "用表格软件打开，另存为 .xlsx 或 .csv",
                "open it in a spreadsheet and save it as .xlsx or .csv",
            ),
        );
    }
    markup
}

fn report_open_quote(place: Place, problems: &mut Problems) {
    problems.error(
        "S063",
        place,
        Words::new(
            "这个引号没有配对，后面的行都无法读取",
            "this quotation mark is not closed, so the rows after it cannot be read",
        ),
        Words::new("补上另一个引号，或删去它", "close it, or delete it"),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(record: &str) -> Vec<&str> {
        spans(record, ',')
            .fields
            .into_iter()
            .map(|span| &record[span])
            .collect()
    }

    #[test]
    fn a_field_is_found_where_it_stands() {
        assert_eq!(pieces("C01,东街,900"), ["C01", "东街", "900"]);
        assert_eq!(
            pieces("C01,\"1,200\",\"a \"\"b\"\", c\","),
            ["C01", "\"1,200\"", "\"a \"\"b\"\", c\"", ""]
        );
        assert_eq!(pieces("5\" pipe,x"), ["5\" pipe", "x"]);
    }

    #[test]
    fn the_delimiter_is_the_one_that_parts_the_most() {
        assert_eq!(delimiter("编号,名称\nC1,a"), (',', 0));
        assert_eq!(delimiter("id;name;lon\nC1;a;101,5\n"), (';', 0));
        assert_eq!(delimiter("id\tname\n"), ('\t', 0));
        assert_eq!(delimiter("sep=;\nid;name"), (';', 6));
        assert_eq!(delimiter("编号\nC1"), (',', 0));
    }
}
