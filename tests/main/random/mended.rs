//! Mends what values that are legal one by one most often get wrong together, so that more scenarios are simulated.

use super::writer::entries;
use toml::{Table, Value};

/// Of these at most one says what a step of a laboratory does.
const DOES: [&str; 4] = ["workers", "machines", "delay", "hand_over"];

/// Mends a scenario.
pub(super) fn mend(tree: &mut Table) {
    for stock in entries(tree, "stocks") {
        one_of(stock, &["on_hand", "on_hand_rounds"], 50.into());
        let uses = stock.entry("use").or_insert_with(|| Table::new().into());
        if let Some(uses) = uses.as_table_mut().filter(|uses| uses.is_empty()) {
            uses.insert("per_person".into(), 1.into());
        }
    }
    for feed in entries(tree, "feeds") {
        one_of(feed, &["every", "rate"], "20 min".into());
    }
    for list in ["cells", "sites", "labs"] {
        for place in entries(tree, list) {
            if place.contains_key("lat") != place.contains_key("lon") {
                place.remove("lat");
                place.remove("lon");
            }
        }
    }
    for (number, pool) in entries(tree, "staff").enumerate() {
        if number == 0 {
            let roles = ["swabber", "scanner", "guide"].map(Value::from);
            pool.insert("roles".into(), roles.to_vec().into());
        }
        let few = pool.get("people").and_then(Value::as_integer);
        if few.is_some_and(|few| few < 8) {
            pool.insert("people".into(), 8.into());
        }
        if !pool.contains_key("tiers") {
            pool.remove("released");
            pool.remove("road");
        }
    }
    let stages = entries(tree, "labs").flat_map(|lab| entries(lab, "stages"));
    for stage in stages {
        one_of(stage, &DOES, "20 min".into());
    }
    let looks_for_positives = |lab: &mut Table| lab.contains_key("verdict");
    if !entries(tree, "labs").any(looks_for_positives) {
        tree.remove("recall");
    }
    if !tree.contains_key("recall") {
        tree.remove("isolation");
    }
}

/// Leaves one of some keys: the first that is there, or the first with a value.
fn one_of(table: &mut Table, keys: &[&str], value: Value) {
    let mut there = keys.iter().filter(|key| table.contains_key(**key));
    let Some(first) = there.next().copied() else {
        table.insert(keys[0].into(), value);
        return;
    };
    for key in keys.iter().filter(|key| **key != first) {
        table.remove(*key);
    }
}
