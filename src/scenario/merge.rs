//! One tree laid over another: tables key by key, lists of named things by `id`, all else replaced.

use std::collections::{BTreeMap, BTreeSet};

use super::nearest::nearest;
use super::problem::{Problems, Words, did_you_mean, listed, shown};
use super::tree::{Entry, Node, Value};

/// Keys that state a value: a table with one of them is a value by itself and replaces what was there, so that a range
/// or a source never stays behind with a value it was not given for. A distribution replaces such a table too.
const STATES_A_VALUE: [&str; 2] = ["assumed", "value"];

/// Keys of which a table holds one: a new one takes the place of the old one.
const ONE_OF: [&str; 8] = [
    "constant",
    "exponential",
    "gamma",
    "lognormal",
    "weibull",
    "uniform",
    "triangular",
    "empirical",
];

/// How many entries of a list that are to be removed and are not there are reported.
const MOST_UNKNOWN: usize = 100;

/// Lays `over` over `base`. Each value keeps its own place.
pub(super) fn overlay(base: &mut Node, over: Node, problems: &mut Problems) {
    let Node { value, place } = over;
    match (&mut base.value, value) {
        (Value::Table(entries), Value::Table(new)) if !replaces(entries, &new) => {
            overlay_table(entries, new, problems);
        }
        (Value::List(nodes), Value::List(new))
            if has_ids(&new) && (nodes.is_empty() || has_ids(nodes)) =>
        {
            overlay_list(nodes, new, problems);
        }
        (_, value) => *base = settled(Node { value, place }, problems),
    }
}

/// Whether a table is a value by itself that leaves nothing of the one that was there.
fn replaces(old: &[Entry], new: &[Entry]) -> bool {
    has_any(new, &STATES_A_VALUE) || has_any(old, &STATES_A_VALUE) && has_any(new, &ONE_OF)
}

fn has_any(entries: &[Entry], keys: &[&str]) -> bool {
    entries.iter().any(|entry| keys.contains(&&*entry.key))
}

/// The id of an entry of a list, as text.
pub(super) fn id(node: &Node) -> Option<String> {
    match &node.get("id")?.value {
        Value::Text(text) => Some(text.trim().to_owned()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(_) | Value::Boolean(_) | Value::List(_) | Value::Table(_) => None,
    }
}

/// Whether these are named things: tables of which some have an id.
pub(super) fn has_ids(nodes: &[Node]) -> bool {
    nodes
        .iter()
        .all(|node| matches!(node.value, Value::Table(_)))
        && nodes.iter().any(|node| id(node).is_some())
}

fn overlay_table(entries: &mut Vec<Entry>, new: Vec<Entry>, problems: &mut Problems) {
    if has_any(&new, &ONE_OF) {
        entries.retain(|old| {
            !ONE_OF.contains(&&*old.key) || new.iter().any(|entry| entry.key == old.key)
        });
    }
    let known: BTreeMap<_, _> = (0..)
        .zip(&*entries)
        .map(|(index, entry)| (entry.key.clone(), index))
        .collect();
    for entry in new {
        match known.get(&entry.key) {
            Some(index) => {
                let old: &mut Entry = &mut entries[*index];
                overlay(&mut old.node, entry.node, problems);
            }
            None => entries.push(Entry {
                node: settled(entry.node, problems),
                ..entry
            }),
        }
    }
}

fn overlay_list(nodes: &mut Vec<Node>, new: Vec<Node>, problems: &mut Problems) {
    let mut known = BTreeMap::new();
    for (index, node) in nodes.iter().enumerate() {
        if let Some(id) = id(node) {
            known.entry(id).or_insert(index);
        }
    }
    let (mut met, mut removed, mut unknown) = (BTreeSet::new(), BTreeSet::new(), 0);
    for mut node in new {
        let name = id(&node);
        let index = name.as_ref().and_then(|name| known.get(name)).copied();
        if take_removal(&mut node, problems) {
            match index {
                Some(index) => drop(removed.insert(index)),
                // Each looks through all ids for one that is close: of many, some will do.
                None if unknown == MOST_UNKNOWN => {}
                None => {
                    unknown += 1;
                    report_nothing_to_remove(&node, name, known.keys(), problems);
                }
            }
            continue;
        }
        // A second entry with one id in one file is a duplicate, not a variant of the first: it stays to be reported.
        match index.filter(|index| met.insert(*index)) {
            Some(index) => overlay(&mut nodes[index], node, problems),
            None => nodes.push(settled(node, problems)),
        }
    }
    let mut index = 0;
    nodes.retain(|_| {
        index += 1;
        !removed.contains(&(index - 1))
    });
}

/// A tree that lies over nothing: what it would remove is not there.
fn settled(node: Node, problems: &mut Problems) -> Node {
    let Node { value, place } = node;
    let value = match value {
        Value::List(new) if has_ids(&new) => {
            let mut nodes = Vec::new();
            overlay_list(&mut nodes, new, problems);
            Value::List(nodes)
        }
        Value::Table(new) => Value::Table(
            new.into_iter()
                .map(|entry| Entry {
                    node: settled(entry.node, problems),
                    ..entry
                })
                .collect(),
        ),
        other @ (Value::Text(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::Boolean(_)
        | Value::List(_)) => other,
    };
    Node { value, place }
}

/// Takes `remove` out of an entry of a list. Whether it is `true`.
fn take_removal(node: &mut Node, problems: &mut Problems) -> bool {
    let Value::Table(entries) = &mut node.value else {
        return false;
    };
    let Some(at) = entries.iter().position(|entry| entry.key == "remove") else {
        return false;
    };
    let removal = entries.remove(at);
    match removal.node.value {
        Value::Boolean(yes) => yes,
        Value::Text(_) | Value::Integer(_) | Value::Float(_) | Value::List(_) | Value::Table(_) => {
            problems.error(
                "S026",
                removal.node.place,
                Words::new(
                    "`remove` 只能是 true 或 false",
                    "`remove` can only be true or false",
                ),
                Words::new(
                    "要删去这一项，写 remove = true",
                    "to drop this entry, write remove = true",
                ),
            );
            false
        }
    }
}

fn report_nothing_to_remove<'a>(
    node: &Node,
    name: Option<String>,
    known: impl Iterator<Item = &'a String> + Clone,
    problems: &mut Problems,
) {
    let place = node.get("id").map_or(node.place, |id| id.place);
    let Some(name) = name else {
        return problems.error(
            "S025",
            place,
            Words::new(
                "要删去的这一项没有写 `id`",
                "this entry is to be removed, but has no `id`",
            ),
            Words::new("写明要删去哪一项的 `id`", "say by `id` which one to remove"),
        );
    };
    let shown = shown(&name);
    problems.error(
        "S025",
        place,
        Words::new(
            format!("没有可删去的“{shown}”"),
            format!("there is no `{shown}` to remove"),
        ),
        known_ids(&name, known.map(String::as_str)),
    );
}

/// How many ids are compared with one that is not known.
const MOST_COMPARED: usize = 10_000;

/// "Did you mean", or else which ids there are.
pub(super) fn known_ids<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> Words {
    if let Some(close) = nearest(name, known.clone().take(MOST_COMPARED)) {
        return did_you_mean(close);
    }
    let Words { zh, en } = listed(known);
    if en.is_empty() {
        return Words::new("这里还没有任何一项", "there are no entries here");
    }
    Words::new(format!("已有的是：{zh}"), format!("known are: {en}"))
}
