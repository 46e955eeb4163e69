//! A table of driving times: ids along the first row and column and minutes where they meet, or a row for each pair.

use super::at;
use super::grid::{Cell, Field, Grid, Row};
use crate::scenario::nearest::folded;
use crate::scenario::problem::{Problems, Words};
use crate::scenario::tree::{Entry, Node, Place, SourceId, Spot, Value};

/// Headers of a table that has a row for each pair.
const FROM: [&str; 4] = ["from", "从", "起点", "出发"];
const TO: [&str; 4] = ["to", "到", "终点", "到达"];
const TAKES: [&str; 7] = ["takes", "minutes", "min", "time", "分钟", "时间", "用时"];

/// The pairs as nodes: `from`, `to` and, where there is a number, `takes`.
pub(super) fn nodes(grid: &Grid, source: SourceId, problems: &mut Problems) -> Vec<Node> {
    let mut rows = grid.rows.iter().filter(|row| !row.is_empty());
    let header = rows.next();
    let nodes: Vec<Node> = match header {
        Some(header) => match [&FROM[..], &TO, &TAKES].map(|words| column(header, words)) {
            [Some(from), Some(to), Some(takes)] => rows
                .filter_map(|row| listed(row, [from, to, takes], source))
                .collect(),
            _ => rows.flat_map(|row| crossed(header, row, source)).collect(),
        },
        None => Vec::new(),
    };
    if nodes.is_empty() {
        let spot = header.map_or(Spot::Whole, |header| header.spot);
        problems.error(
            "S386",
            at(source, spot),
            Words::new(
                "表里没有两点间的行车时间",
                "the table holds no driving times",
            ),
            Words::new(
                "首行、首列写采样点和实验室的编号，格子里写分钟；或用 从、到、分钟 三列",
                "ids of sites and laboratories along the first row and column, minutes in the cells; or the columns from, to, minutes",
            ),
        );
    }
    nodes
}

/// The column whose header is one of these words, whatever unit stands behind it.
fn column(header: &Row, words: &[&str]) -> Option<usize> {
    header.fields.iter().position(|field| {
        let Cell::Text(text) = &field.cell else {
            return false;
        };
        let name = folded(super::header::without_unit(text));
        words.iter().any(|word| folded(word) == name)
    })
}

/// A row that names both places.
fn listed(row: &Row, [from, to, takes]: [usize; 3], source: SourceId) -> Option<Node> {
    let (from, to) = (row.fields.get(from)?, row.fields.get(to)?);
    if from.cell == Cell::Empty && to.cell == Cell::Empty {
        return None;
    }
    Some(pair([from, to], row.fields.get(takes), row.spot, source))
}

/// The pairs of a row with each column; a place with itself is left out.
fn crossed<'g>(
    header: &'g Row,
    row: &'g Row,
    source: SourceId,
) -> impl Iterator<Item = Node> + use<'g> {
    let from = row.fields.first().filter(|from| from.cell != Cell::Empty);
    let columns = header.fields.iter().enumerate().skip(1);
    columns
        .filter(|(_, to)| to.cell != Cell::Empty)
        .filter_map(move |(column, to)| {
            let from = from.filter(|from| from.cell.shown() != to.cell.shown())?;
            let field = row.fields.get(column);
            let spot = field.map_or(row.spot, |field| field.spot);
            Some(pair([from, to], field, spot, source))
        })
}

fn pair([from, to]: [&Field; 2], takes: Option<&Field>, spot: Spot, source: SourceId) -> Node {
    let place = at(source, spot);
    let mut entries = vec![
        entry("from", from.cell.shown(), at(source, from.spot)),
        entry("to", to.cell.shown(), at(source, to.spot)),
    ];
    if let Some(field) = takes.filter(|field| field.cell != Cell::Empty) {
        let text = match field.cell.clone().numeric() {
            number @ (Cell::Integer(_) | Cell::Float(_)) => format!("{} min", number.shown()),
            other @ (Cell::Empty | Cell::Text(_) | Cell::Boolean(_) | Cell::Error(_)) => {
                other.shown()
            }
        };
        entries.push(entry("takes", text, at(source, field.spot)));
    }
    Node {
        value: Value::Table(entries),
        place,
    }
}

fn entry(key: &str, text: String, place: Place) -> Entry {
    Entry {
        key: key.to_owned(),
        key_place: place,
        node: Node {
            value: Value::Text(text),
            place,
        },
    }
}
