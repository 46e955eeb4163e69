//! TOML text as a tree whose every key and value knows its bytes.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

use super::problem::{Problems, Words};
use super::syntax;
use super::tree::{Entry, Node, Place, SourceId, Spot, Value};

/// The deepest nesting of tables and lists that is read.
pub(super) const DEEPEST: usize = 64;
/// In larger texts only the first fault is reported: each takes memory, and there may be as many as bytes.
const LARGEST_WITH_ALL_FAULTS: usize = 1 << 20;
/// The most faults that are reported of one text.
const MOST_FAULTS: usize = 1_000;

/// The tree of a TOML text. With faults, the tree of what could be read.
pub(super) fn document(text: &str, source: SourceId, problems: &mut Problems) -> Node {
    let whole = Place {
        source,
        spot: Spot::Whole,
    };
    let empty = Node {
        value: Value::Table(Vec::new()),
        place: whole,
    };
    if let Some(at) = too_deep(text) {
        report_too_deep(
            Place {
                source,
                spot: Spot::Bytes {
                    start: at,
                    end: at + 1,
                },
            },
            problems,
        );
        return empty;
    }
    let (table, errors) = if text.len() <= LARGEST_WITH_ALL_FAULTS {
        let (table, errors) = DeTable::parse_recoverable(text);
        (Some(table), errors)
    } else {
        match DeTable::parse(text) {
            Ok(table) => (Some(table), Vec::new()),
            Err(error) => (None, vec![error]),
        }
    };
    report(text, source, &errors, problems);
    let mut tree = Tree {
        text,
        source,
        problems,
    };
    table.map_or(empty, |table| tree.table(table.into_inner(), whole, 0))
}

/// The value that a TOML expression stands for, or `None` if it is not one.
pub(super) fn value(
    text: &str,
    source: SourceId,
    offset: usize,
    problems: &mut Problems,
) -> Option<Node> {
    if too_deep(text).is_some() {
        return None;
    }
    let value = DeValue::parse(text).ok()?;
    let mut node = Tree {
        text,
        source,
        problems,
    }
    .node(value, 0);
    shift(&mut node, offset);
    Some(node)
}

/// Moves all places of a value that was parsed from the middle of its source.
fn shift(node: &mut Node, offset: usize) {
    let shifted = |place: &mut Place| {
        if let Spot::Bytes { start, end } = &mut place.spot {
            *start += offset;
            *end += offset;
        }
    };
    shifted(&mut node.place);
    match &mut node.value {
        Value::List(nodes) => nodes.iter_mut().for_each(|node| shift(node, offset)),
        Value::Table(entries) => {
            for entry in entries {
                shifted(&mut entry.key_place);
                shift(&mut entry.node, offset);
            }
        }
        Value::Text(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => {}
    }
}

struct Tree<'a> {
    text: &'a str,
    source: SourceId,
    problems: &'a mut Problems,
}

impl Tree<'_> {
    fn place(&self, span: Range<usize>) -> Place {
        Place {
            source: self.source,
            spot: Spot::Bytes {
                start: span.start,
                end: span.end,
            },
        }
    }

    fn node(&mut self, spanned: Spanned<DeValue<'_>>, depth: usize) -> Node {
        let span = spanned.span();
        let place = self.place(span.clone());
        if depth > DEEPEST {
            report_too_deep(place, self.problems);
            return Node {
                value: Value::List(Vec::new()),
                place,
            };
        }
        let value = match spanned.into_inner() {
            DeValue::String(text) => Value::Text(text.into_owned()),
            DeValue::Integer(number) => {
                match i64::from_str_radix(number.as_str(), number.radix()) {
                    Ok(number) => Value::Integer(number),
                    Err(_) => Value::Float(number.as_str().parse().unwrap_or(f64::INFINITY)),
                }
            }
            DeValue::Float(number) => Value::Float(number.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(yes) => Value::Boolean(yes),
            DeValue::Datetime(moment) => Value::Text(
                self.text
                    .get(span)
                    .map_or_else(|| moment.to_string(), str::to_owned),
            ),
            DeValue::Array(values) => Value::List(
                values
                    .into_iter()
                    .map(|value| self.node(value, depth + 1))
                    .collect(),
            ),
            DeValue::Table(table) => return self.table(table, place, depth),
        };
        Node { value, place }
    }

    fn table(&mut self, table: DeTable<'_>, place: Place, depth: usize) -> Node {
        let mut entries: Vec<_> = table
            .into_iter()
            .map(|(key, value)| Entry {
                key_place: self.place(key.span()),
                key: key.into_inner().into_owned(),
                node: self.node(value, depth + 1),
            })
            .collect();
        entries.sort_by_key(|entry| entry.key_place);
        Node {
            value: Value::Table(entries),
            place,
        }
    }
}

/// Reports the faults: of each line the first, since the others mostly follow from it.
fn report(text: &str, source: SourceId, errors: &[Error], problems: &mut Problems) {
    let mut faults: Vec<_> = errors
        .iter()
        .map(|error| {
            let span = error.span().unwrap_or(text.len()..text.len());
            let start = text.floor_char_boundary(span.start);
            (
                start..text.ceil_char_boundary(span.end.max(start)),
                error.message(),
            )
        })
        .collect();
    faults.sort_by_key(|(span, _)| span.start);
    let mut line_end = 0;
    for (span, message) in faults.into_iter().take(MOST_FAULTS) {
        if span.start < line_end {
            continue;
        }
        line_end = text[span.start..]
            .find('\n')
            .map_or(usize::MAX, |length| span.start + length);
        let (code, what, help) = syntax::explained(message, text, &span);
        let place = Place {
            source,
            spot: Spot::Bytes {
                start: span.start,
                end: span.end,
            },
        };
        problems.error(code, place, what, help);
    }
}

/// Reports that nesting goes too deep.
pub(super) fn report_too_deep(place: Place, problems: &mut Problems) {
    problems.error(
        "S007",
        place,
        Words::new(
            format!("嵌套超过 {DEEPEST} 层，没有读取"),
            format!("tables and lists are nested more than {DEEPEST} deep here and were not read"),
        ),
        Words::new(
            "检查这里的括号 [ ] { } 和句点",
            "check the brackets [ ] { } and the dots here",
        ),
    );
}

/// Where brackets and dotted keys together nest deeper than [`DEEPEST`], before a parser meets them. Strings and comments
/// are passed over by the rules of TOML's lexer, which do not depend on what comes before.
fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    // The dots of the key that is being read, and those of the keys whose brackets are open.
    let (mut at, mut dots, mut open) = (0, 0, Vec::new());
    while at < bytes.len() {
        let rest = &bytes[at..];
        let ends = |ends: &[u8]| {
            rest.iter()
                .position(|byte| ends.contains(byte))
                .unwrap_or(rest.len())
        };
        let mut length = 1;
        match bytes[at] {
            b'"' | b'\'' => length = string_length(rest),
            b'#' => length = ends(b"\r\n"),
            b'[' | b'{' => open.push(std::mem::take(&mut dots)),
            b']' | b'}' => dots = open.pop().unwrap_or(0),
            b'.' => dots += 1,
            b'\n' | b',' => dots = 0,
            b'=' | b' ' | b'\t' | b'\r' => {}
            _ => length = ends(b".=,[]{} \t#\r\n"),
        }
        if open.len() + open.iter().sum::<usize>() + dots > DEEPEST {
            return Some(at);
        }
        at += length;
    }
    None
}

/// The length of the string that the bytes begin with, in bytes.
fn string_length(bytes: &[u8]) -> usize {
    let quote = bytes[0];
    let escapes = quote == b'"';
    let long = bytes.starts_with(&[quote; 3]);
    let mut at = if long { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if escapes => at += usize::from(matches!(bytes.get(at + 1), Some(b'\\' | b'"'))),
            b'\n' if !long => return at,
            byte if byte == quote && !long => return at + 1,
            byte if byte == quote && bytes[at..].starts_with(&[quote; 3]) => {
                return at
                    + bytes[at..]
                        .iter()
                        .take(5)
                        .take_while(|byte| **byte == quote)
                        .count();
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}
