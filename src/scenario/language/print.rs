//! A checked scenario as TOML again, with every default filled in.

use std::fmt::Write;

use super::checked::{Datum, Item, Table};
use crate::model::assumption::Standing;
use crate::scenario::tree::{Node, Value};

/// The whole scenario, its defaults marked with where they come from.
pub(super) fn scenario(root: &Table<'_>) -> String {
    let mut text = String::from("#:schema ./swabplan.schema.json\n");
    table(root, "", &mut text);
    text
}

fn table(table: &Table<'_>, path: &str, text: &mut String) {
    let (blocks, lines): (Vec<_>, Vec<_>) = table.items.iter().partition(|item| is_block(item));
    for item in lines {
        line(item, text);
    }
    for item in blocks {
        let path = if path.is_empty() {
            item.key.name().to_owned()
        } else {
            format!("{path}.{}", item.key.name())
        };
        if let Datum::Table(inner) = &item.datum {
            let _ = writeln!(text, "\n[{path}]");
            self::table(inner, &path, text);
        } else if let Datum::Tables(entries) = &item.datum {
            for entry in entries {
                let _ = writeln!(text, "\n[[{path}]]");
                self::table(entry, &path, text);
            }
        }
    }
}

/// Whether an item is printed under a heading of its own: tables and lists of named things that hold something.
fn is_block(item: &Item<'_>) -> bool {
    if let Datum::Tables(entries) = &item.datum {
        !entries.is_empty() && item.node.is_some()
    } else {
        matches!(item.datum, Datum::Table(_))
    }
}

fn line(item: &Item<'_>, text: &mut String) {
    let _ = write!(text, "{} = {}", item.key.name(), written(item));
    if item.belief.standing == Standing::Default && !item.key.path.starts_with("cells[]") {
        let _ = write!(text, "    # {}", item.key.source.unwrap_or("default"));
    }
    text.push('\n');
}

/// The value of an item as TOML.
pub(super) fn written(item: &Item<'_>) -> String {
    match (item.node, &item.datum) {
        // As it was understood, not as it was typed.
        (Some(_), Datum::Text(words)) if item.belief.source.is_none() => quoted(words),
        (Some(node), _) => inline(node),
        (None, _) => item.key.default.unwrap_or("[]").to_owned(),
    }
}

/// A tree on one line of TOML.
pub(super) fn inline(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => quoted(text),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => float(*number),
        Value::Boolean(flag) => flag.to_string(),
        Value::List(list) if list.is_empty() => "[]".to_owned(),
        Value::List(list) => format!(
            "[{}]",
            list.iter().map(inline).collect::<Vec<_>>().join(", ")
        ),
        Value::Table(entries) if entries.is_empty() => "{}".to_owned(),
        Value::Table(entries) => {
            let entries = entries
                .iter()
                .map(|entry| format!("{} = {}", key(&entry.key), inline(&entry.node)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

fn float(number: f64) -> String {
    if number.is_nan() {
        "nan".to_owned()
    } else if number.is_infinite() {
        if number > 0.0 { "inf" } else { "-inf" }.to_owned()
    } else {
        format!("{number:?}")
    }
}

fn key(word: &str) -> String {
    let bare = !word.is_empty()
        && word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if bare { word.to_owned() } else { quoted(word) }
}

/// A text in quotes.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            letter if letter.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
