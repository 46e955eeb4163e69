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
        stage_of_people(stage);
    }
    entries(tree, "labs").for_each(|lab| roomy(lab, "wip"));
    let looks_for_positives = |lab: &mut Table| lab.contains_key("verdict");
    if !entries(tree, "labs").any(looks_for_positives) {
        tree.remove("recall");
    }
    if !tree.contains_key("recall") {
        tree.remove("isolation");
    }
}

/// Whoever is at machines is on duty and does something; room is short only where something stands, and holds a batch.
fn stage_of_people(stage: &mut Table) {
    if let Some(machines) = stage.get_mut("machines").and_then(Value::as_table_mut) {
        let crews = machines.get("crews").cloned();
        if let Some(hands) = machines.get_mut("hands").and_then(Value::as_table_mut) {
            hands.insert("people".into(), 1.into());
            if !hands.contains_key("clean") {
                hands.entry("setup").or_insert_with(|| "20 min".into());
            }
            let crew = Table::from_iter([
                ("hours".to_owned(), Value::from("08:00-20:00")),
                ("technicians".to_owned(), 2.into()),
            ]);
            let crews = crews.unwrap_or_else(|| vec![Value::Table(crew)].into());
            machines.insert("crews".into(), crews);
        }
    }
    if ["workers", "machines"]
        .iter()
        .any(|does| stage.contains_key(*does))
    {
        roomy(stage, "buffer");
    } else {
        stage.remove("buffer");
    }
}

/// Room for so many tubes, if it is limited, that any batch finds some.
fn roomy(table: &mut Table, key: &str) {
    if let Some(room) = table.get_mut(key) {
        *room = (96 + room.as_integer().unwrap_or(0)).into();
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
