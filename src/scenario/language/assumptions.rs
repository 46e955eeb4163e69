//! Every number a scenario states or leaves to a default, and those among them that nobody knows.

use super::build::unknown;
use super::checked::{Belief, Datum, Item, Table};
use super::print;
use super::said;
use crate::id::{Table as Dense, UnknownId};
use crate::model::assumption::{Assumption, Phrase, Standing, Unknown};
use crate::scenario::keys::{Key, Kind};
use crate::scenario::tree::{Node, Value};

/// The numbers of a scenario and its unknowns, both in the order of their addresses.
pub(super) fn listed(root: &Table<'_>) -> (Vec<Assumption>, Dense<UnknownId, Unknown>) {
    let mut list = Vec::new();
    collect(root, &Phrase::default(), &mut list);
    list.sort_by(|one, other| one.key.cmp(&other.key));
    let unknowns = list.iter().filter_map(unknown);
    let unknowns = unknowns.collect();
    (list, unknowns)
}

/// Lists what a table holds. `owner` is what the table itself is called; nothing of the scenario and of its first tables.
fn collect(table: &Table<'_>, owner: &Phrase, list: &mut Vec<Assumption>) {
    for item in &table.items {
        if let Datum::Table(inner) = &item.datum {
            let owner = if table.address.is_empty() {
                owner.clone()
            } else {
                within(owner, item.key)
            };
            collect(inner, &owner, list);
        } else if let Datum::Tables(entries) = &item.datum {
            for entry in entries {
                collect(entry, &named(entry, owner), list);
            }
        } else {
            note(table, (item, owner), list);
        }
    }
}

/// What an entry of a list is called: by its name, else by its id, else as what it belongs to.
pub(super) fn named(entry: &Table<'_>, owner: &Phrase) -> Phrase {
    let text = |key: &str| match entry.item(key).map(|item| &item.datum) {
        Some(Datum::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let Some(zh) = text("name").or_else(|| text("id")) else {
        return owner.clone();
    };
    let en = text("name_en").unwrap_or_else(|| zh.clone());
    Phrase { zh, en }
}

/// What the value of a key is called, where its table is called so: its own name behind that of the table.
pub(super) fn within(owner: &Phrase, key: &Key) -> Phrase {
    let joined = |owner: &str, colon: &str, head: &str| {
        if owner.is_empty() {
            head.to_owned()
        } else {
            format!("{owner}{colon}{head}")
        }
    };
    let [zh, en] = key.called();
    Phrase {
        zh: joined(&owner.zh, "：", zh),
        en: joined(&owner.en, ": ", en),
    }
}

fn note(table: &Table<'_>, (item, owner): (&Item<'_>, &Phrase), list: &mut Vec<Assumption>) {
    // Who is due and what things are called is data: it is listed only where something is said about it.
    let data = matches!(
        item.key.kind,
        Kind::Text | Kind::Id | Kind::Reference | Kind::References
    ) || ["cells[]", "roads.times[]"]
        .iter()
        .any(|list| item.key.path.starts_with(list));
    if data && item.belief.standing != Standing::Assumed && item.belief.source.is_none() {
        return;
    }
    // How the study is made is no assumption about the operation.
    let design = matches!(item.key.parent(), "" | "precision");
    if design || data && item.belief.standing == Standing::Default {
        return;
    }
    let address = table.address_of(item.key.name());
    let called = within(owner, item.key);
    if let Datum::Duration(varying) = &item.datum
        && let Some(inner) = &varying.inner
    {
        list.push(Assumption {
            value: said::span(varying.mean),
            default: None,
            ..assumption(
                (inner.address.clone(), called.clone()),
                inner.written.clone(),
                (item, &inner.belief),
            )
        });
    }
    list.push(assumption(
        (address, called),
        shown(item),
        (item, &item.belief),
    ));
}

/// The value alone: a text without its quotes, and without what is said about it.
fn shown(item: &Item<'_>) -> String {
    let value = item.node.map(|node| {
        ["value", "assumed"]
            .iter()
            .find_map(|key| node.get(key))
            .unwrap_or(node)
    });
    match value {
        Some(Node {
            value: Value::Text(text),
            ..
        }) => text.clone(),
        Some(node) => print::inline(node),
        None => item
            .key
            .default
            .unwrap_or_default()
            .trim_matches('"')
            .to_owned(),
    }
}

/// An entry of the list: how far to believe a value may be said within it.
fn assumption(
    (key, called): (String, Phrase),
    written: String,
    (item, belief): (&Item<'_>, &Belief),
) -> Assumption {
    let range = belief.range.as_deref();
    Assumption {
        key,
        called,
        written,
        value: said::said(&item.datum, item.key),
        default: said::default(item.key),
        standing: belief.standing,
        range: range.map(|(_, _, written)| written.clone()),
        within: range.map(|(low, high, _)| said::range(low, high, item.key)),
        source: belief.source.clone(),
    }
}
