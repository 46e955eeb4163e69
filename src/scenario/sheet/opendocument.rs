//! Tables in open-document workbooks (ODF 1.3, part 3, section 9).

use std::ops::RangeInclusive;

use roxmltree::{Document, Node, ParsingOptions};

use super::grid::{Cell, MOST_COLUMNS, MOST_FIELDS};
use super::workbook::{Fault, Sheet, choose, fill_down};

/// The most elements that a document may have.
const MOST_NODES: u32 = 5_000_000;
/// The longest content that is read, in bytes.
const LONGEST: usize = 64 << 20;
/// The most spaces that stand for one sign of several spaces.
const MOST_SPACES: usize = 100;

/// The sheet of this name, or the first, from the document's content.
pub(super) fn sheet(content: &str, sheet: Option<&str>) -> Result<Sheet, Fault> {
    if content.len() > LONGEST {
        return Err(Fault::TooLarge);
    }
    let options = ParsingOptions {
        nodes_limit: MOST_NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(content, options).map_err(|_| Fault::Broken)?;
    let tables: Vec<_> = document
        .descendants()
        .filter(|node| is(*node, "table"))
        .filter_map(|table| Some((attribute(table, "name")?.to_owned(), table)))
        .collect();
    let name = choose(tables.iter().map(|(name, _)| name.clone()).collect(), sheet)?;
    let (_, table) = tables
        .into_iter()
        .find(|(table, _)| *table == name)
        .ok_or(Fault::Broken)?;
    Ok(Sheet {
        name,
        rows: rows(table)?,
    })
}

fn rows(table: Node) -> Result<Vec<Vec<Cell>>, Fault> {
    let (mut rows, mut merged, mut fields) = (Vec::new(), Vec::new(), 0);
    // Empty rows are written only once something follows: a sheet ends with a million of them.
    let mut empty = 0;
    for row in table.descendants().filter(|node| is(*node, "table-row")) {
        let (cells, spans) = cells(row);
        let repeated = repeats(row, "number-rows-repeated");
        if cells.is_empty() {
            empty = repeated.saturating_add(empty);
            continue;
        }
        fields += repeated
            .saturating_mul(cells.len() + 1)
            .saturating_add(empty);
        if fields > MOST_FIELDS {
            return Err(Fault::TooLarge);
        }
        rows.resize_with(rows.len() + std::mem::take(&mut empty), Vec::new);
        let spans = spans.into_iter();
        merged.extend(
            spans.map(|(column, height)| {
                (column, rows.len()..=rows.len().saturating_add(height - 1))
            }),
        );
        rows.extend(std::iter::repeat_n(cells, repeated));
    }
    fill_down(&mut rows, merged.into_iter());
    Ok(rows)
}

/// The cells of a row up to the last that holds something, and those that span more than one row, with how many.
fn cells(row: Node) -> (Vec<Cell>, Vec<(usize, usize)>) {
    let (mut cells, mut spans, mut empty) = (Vec::new(), Vec::new(), 0_usize);
    for node in row.children() {
        if !is(node, "table-cell") && !is(node, "covered-table-cell") {
            continue;
        }
        let repeated = repeats(node, "number-columns-repeated").min(MOST_COLUMNS);
        let cell = cell(node);
        if cell == Cell::Empty {
            empty += repeated;
            continue;
        }
        let before = std::iter::repeat_n(Cell::Empty, std::mem::take(&mut empty));
        cells.extend(
            before
                .chain(std::iter::repeat_n(cell, repeated))
                .take(MOST_COLUMNS - cells.len()),
        );
        let height = repeats(node, "number-rows-spanned");
        if height > 1 {
            spans.push((cells.len().saturating_sub(1), height));
        }
    }
    (cells, spans)
}

fn cell(node: Node) -> Cell {
    let value = |name| attribute(node, name).unwrap_or_default();
    let is_error = node
        .attributes()
        .any(|attribute| attribute.name() == "value-type" && attribute.value() == "error");
    if is_error {
        return Cell::Error(text(node));
    }
    match value("value-type") {
        "float" | "percentage" | "currency" => match value("value").parse() {
            Ok(number) => Cell::number(number),
            Err(_) => Cell::text(&text(node)),
        },
        "boolean" => Cell::Boolean(value("boolean-value") == "true"),
        "date" => Cell::text(&value("date-value").replacen('T', " ", 1)),
        "time" => Cell::text(&time(value("time-value"))),
        "string" if attribute(node, "string-value").is_some_and(|text| !text.is_empty()) => {
            Cell::text(value("string-value"))
        }
        _ => Cell::text(&text(node)),
    }
}

/// A length of time such as `PT07H30M00S`, as people write it.
fn time(iso: &str) -> String {
    let words = iso
        .trim_start_matches("PT")
        .replace('H', " h ")
        .replace('M', " min ");
    let words = words.split('.').next().unwrap_or_default().replace('S', "");
    match words.trim().rsplit_once(' ') {
        Some((before, seconds)) if seconds.bytes().all(|byte| byte == b'0') => before.to_owned(),
        Some((before, seconds)) if !seconds.is_empty() => format!("{before} {seconds} s"),
        Some(_) | None => iso.to_owned(),
    }
}

/// The paragraphs of a cell, without notes that are pinned to it.
fn text(cell: Node) -> String {
    let paragraphs = cell
        .children()
        .filter(|node| is(*node, "p"))
        .map(|paragraph| {
            let mut text = String::new();
            for node in paragraph.descendants() {
                if node.is_text() {
                    text.push_str(node.text().unwrap_or_default());
                } else if is(node, "s") {
                    text.push_str(&" ".repeat(repeats(node, "c").min(MOST_SPACES)));
                } else if is(node, "tab") || is(node, "line-break") {
                    text.push(' ');
                }
            }
            text
        });
    paragraphs.collect::<Vec<_>>().join("\n")
}

fn is(node: Node, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let mut attributes = node.attributes();
    attributes
        .find(|attribute| {
            attribute.name() == name
                && !attribute
                    .namespace()
                    .is_some_and(|space| space.contains("calcext"))
        })
        .map(|attribute| attribute.value())
}

/// How often something counts: a whole number, 1 if it is not given.
fn repeats(node: Node, name: &str) -> usize {
    attribute(node, name)
        .and_then(|count| count.parse().ok())
        .unwrap_or(1)
        .max(1)
}

/// A column and the rows that a merged cell covers in it.
pub(super) type Merged = (usize, RangeInclusive<usize>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_read_as_people_write_them() {
        assert_eq!(time("PT07H30M00S"), "07 h 30 min");
        assert_eq!(time("PT00H45M10S"), "00 h 45 min 10 s");
        assert_eq!(time("soon"), "soon");
    }
}
