//! Every number a scenario states or leaves to a default, and those among them that nobody knows.

use super::build::unknown;
use super::checked::{Belief, Datum, Item, Table};
use super::print;
use crate::id::{Table as Dense, UnknownId};
use crate::model::assumption::{Assumption, Standing, Unknown};
use crate::scenario::keys::Kind;

/// The numbers of a scenario and its unknowns, both in the order of their addresses.
pub fn listed(root: &Table<'_>) -> (Vec<Assumption>, Dense<UnknownId, Unknown>) {
    let mut list = Vec::new();
    collect(root, &mut list);
    list.sort_by(|one, other| one.key.cmp(&other.key));
    let unknowns = list.iter().filter_map(|assumption| Some(unknown(assumption.key.clone(), assumption.range.clone()?)));
    let unknowns = unknowns.collect();
    (list, unknowns)
}

fn collect(table: &Table<'_>, list: &mut Vec<Assumption>) {
    for item in &table.items {
        match &item.datum {
            Datum::Table(inner) => collect(inner, list),
            Datum::Tables(entries) => entries.iter().for_each(|entry| collect(entry, list)),
            _ => note(table, item, list),
        }
    }
}

fn note(table: &Table<'_>, item: &Item<'_>, list: &mut Vec<Assumption>) {
    // Who is due and what things are called is data: it is listed only where something is said about it.
    let data = matches!(item.key.kind, Kind::Text | Kind::Id | Kind::Reference | Kind::References) || item.key.path.starts_with("cells[]");
    if data && item.belief.standing != Standing::Assumed && item.belief.source.is_none() {
        return;
    }
    if data && item.belief.standing == Standing::Default {
        return;
    }
    let address = table.address_of(item.key.name());
    if let Datum::Duration(varying) = &item.datum
        && let Some((address, written, belief)) = &varying.inner
    {
        list.push(assumption(address.clone(), format!("\"{written}\""), belief));
    }
    list.push(assumption(address, print::written(item), &item.belief));
}

fn assumption(key: String, value: String, belief: &Belief) -> Assumption {
    let range = belief.range.as_ref().map(|range| range.2.clone());
    Assumption { key, value, standing: belief.standing, range, source: belief.source.clone() }
}
