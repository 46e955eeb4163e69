//! What differs between two scenarios, key by key, in what they mean.

use std::collections::BTreeMap;

use toml::{Table, Value};

/// A key that two scenarios do not share, or whose values differ.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Difference {
    /// Where it stands, with the ids of entries: `sites.S1.lanes`.
    pub key: String,
    /// Its value in the first, as TOML; none if it is not there.
    pub first: Option<String>,
    /// Its value in the second.
    pub second: Option<String>,
}

/// The differences of two scenarios as [`Reading::normalized`](super::Reading::normalized) prints them, in the order of keys. Titles, sources
/// and defaults that are written out do not count as differences.
pub fn differences(first: &str, second: &str) -> Vec<Difference> {
    let [first, second] = [first, second].map(values);
    let keys: std::collections::BTreeSet<&String> = first.keys().chain(second.keys()).collect();
    keys.into_iter()
        .filter(|key| first.get(*key) != second.get(*key))
        .map(|key| Difference {
            key: key.clone(),
            first: first.get(key).cloned(),
            second: second.get(key).cloned(),
        })
        .collect()
}

/// Every value of a scenario by its key.
fn values(text: &str) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    // What the program printed is TOML.
    if let Ok(table) = text.parse::<Table>() {
        gather(&Value::Table(table), "", &mut values);
    }
    values
}

fn gather(value: &Value, key: &str, values: &mut BTreeMap<String, String>) {
    let below = |name: &str| {
        if key.is_empty() {
            name.to_owned()
        } else {
            format!("{key}.{name}")
        }
    };
    match value {
        Value::Table(table) => {
            if let Some(stated) = table.get("assumed").or_else(|| table.get("value")) {
                gather(stated, key, values);
                if let Some(range) = table.get("range") {
                    gather(range, &below("range"), values);
                }
                return;
            }
            for (name, value) in table {
                if !is_words(key, name) {
                    gather(value, &below(name), values);
                }
            }
        }
        Value::Array(list) if list.iter().any(|entry| id_of(entry).is_some()) => {
            for entry in list {
                gather(entry, &below(id_of(entry).unwrap_or("?")), values);
            }
        }
        Value::String(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::Boolean(_)
        | Value::Datetime(_)
        | Value::Array(_) => {
            values.insert(key.to_owned(), written(value));
        }
    }
}

/// A value as a person reads it: text without its quotes.
fn written(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn id_of(entry: &Value) -> Option<&str> {
    entry.get("id")?.as_str()
}

/// Whether a key holds words that change no result.
fn is_words(parent: &str, name: &str) -> bool {
    matches!(name, "source" | "name" | "name_en" | "id")
        || (parent.is_empty()
            && matches!(
                name,
                "title" | "title_en" | "replications" | "precision" | "seed" | "levers"
            ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changes_a_result_is_a_difference() {
        let first = r#"
            title = "one"
            [lane]
            pace = { assumed = "60 people/h", range = "41..85", source = "x" }
            [[sites]]
            id = "S1"
            lanes = 2
            [[sites]]
            id = "S2"
            lanes = 3
        "#;
        let second = r#"
            title = "two"
            lane = { pace = { value = "60 people/h", source = "y" } }
            sites = [{ id = "S2", name = "B", lanes = 4 }, { id = "S1", lanes = 2 }, { id = "S3", lanes = 1 }]
        "#;
        let found = differences(first, second);
        let shown: Vec<_> = found
            .iter()
            .map(|difference| {
                (
                    difference.key.as_str(),
                    difference.first.as_deref(),
                    difference.second.as_deref(),
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("lane.pace.range", Some("41..85"), None),
                ("sites.S2.lanes", Some("3"), Some("4")),
                ("sites.S3.lanes", None, Some("1")),
            ]
        );
        assert!(differences(first, first).is_empty());
    }
}
