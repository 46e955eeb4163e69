//! Writes scenarios: a small one that is shipped, made smaller, with some of all the keys there are changed.

use super::dice::Dice;
use super::mended::mend;
use super::value::{Ids, illegal, legal, shown};
use crate::models::scenarios;
use crate::referee::RICH;
use swabplan::scenario::keys::{Catalogue, KEYS, Key, Keys, Kind, Presence};
use toml::{Table, Value};

/// Writes random scenarios.
pub(super) struct Writer {
    catalogue: Catalogue,
    bases: Vec<Table>,
}

impl Writer {
    pub(super) fn new() -> Self {
        let features = scenarios().into_iter().filter(|path| {
            path.parent()
                .is_some_and(|folder| folder.ends_with("features"))
        });
        let shipped = features.map(|path| std::fs::read_to_string(path).unwrap());
        let texts = shipped.chain([RICH.to_owned()]);
        let bases = texts.map(|text| text.parse::<Table>().unwrap());
        Self {
            catalogue: Catalogue::new(),
            // Rows of a sheet cannot be changed in place.
            bases: bases
                .filter(|tree| tree.get("cells").is_some_and(Value::is_array))
                .collect(),
        }
    }

    /// A scenario made of values that are all legal, each by itself.
    pub(super) fn valid(&self, dice: &mut Dice) -> Table {
        let mut tree = self.base(dice);
        for _ in 0..=dice.below(5) {
            self.change(&mut tree, dice, true);
        }
        mend(&mut tree);
        tree
    }

    /// A scenario in which something is most likely wrong.
    pub(super) fn wrong(&self, dice: &mut Dice) -> Table {
        let mut tree = self.base(dice);
        for _ in 0..=dice.below(3) {
            match dice.below(10) {
                0 => drop_something(&mut tree, dice),
                1 => {
                    self.change(&mut tree, dice, true);
                }
                _ => {
                    self.change(&mut tree, dice, false);
                }
            }
        }
        tree
    }

    /// A shipped scenario with few people.
    pub(super) fn base(&self, dice: &mut Dice) -> Table {
        let mut tree = dice.pick(&self.bases).clone();
        for cell in entries(&mut tree, "cells") {
            cell.insert("residents".into(), (5 + dice.below(60) as i64).into());
            for key in ["away", "exempt", "transients"] {
                cell.remove(key);
            }
        }
        for round in entries(&mut tree, "rounds") {
            round.remove("swabbed");
        }
        tree
    }

    /// Sets one key, legally or not; returns which.
    pub(super) fn change(
        &self,
        tree: &mut Table,
        dice: &mut Dice,
        legally: bool,
    ) -> Option<&'static Key> {
        let ids = ids(tree);
        let key = dice.pick(KEYS);
        let table = self.parent(tree, key.parent(), &ids, dice)?;
        let value = if legally {
            self.value(key, &ids, dice, 0)
        } else {
            illegal(dice)
        };
        // The id of an entry is what others call it.
        if key.kind != Kind::Id || !table.contains_key("id") || !legally {
            table.insert(key.name().to_owned(), value);
        }
        Some(key)
    }

    /// The table under a path, made if it is not there.
    fn parent<'t>(
        &self,
        tree: &'t mut Table,
        path: &str,
        ids: &Ids,
        dice: &mut Dice,
    ) -> Option<&'t mut Table> {
        let mut table = tree;
        let mut walked = String::new();
        for part in path.split('.').filter(|part| !part.is_empty()) {
            let name = part.trim_end_matches("[]");
            walked = if walked.is_empty() {
                part.to_owned()
            } else {
                format!("{walked}.{part}")
            };
            if !table.contains_key(name) {
                let key = KEYS
                    .iter()
                    .find(|key| key.path == walked.trim_end_matches("[]"))?;
                table.insert(name.to_owned(), self.value(key, ids, dice, 0));
            }
            let inner = table.get_mut(name)?;
            if !inner.is_table() && !inner.is_array() {
                // A word that stands for a table.
                *inner = Table::new().into();
            }
            table = if inner.is_table() {
                inner.as_table_mut()?
            } else {
                let list = inner.as_array_mut().filter(|list| !list.is_empty())?;
                let at = dice.below(list.len() as u64) as usize;
                list[at].as_table_mut()?
            };
        }
        Some(table)
    }

    /// A legal value of a key, with what its table needs.
    fn value(&self, key: &Key, ids: &Ids, dice: &mut Dice, depth: usize) -> Value {
        if let Some(value) = legal(key, ids, dice) {
            return value;
        }
        if let Some(example) = shown(key).filter(|_| dice.percent(40)) {
            return example;
        }
        let inside = key.inside();
        if key.kind == Kind::Tables {
            let entries = (0..=dice.below(2)).map(|number| {
                let mut entry = self.table(&inside, false, (ids, &mut *dice), depth + 1);
                if entry.contains_key("id") {
                    entry.insert("id".into(), format!("N{number}").into());
                }
                Value::Table(entry)
            });
            return Value::Array(entries.collect());
        }
        let in_place = matches!(key.keys, Keys::InPlaceOf(_));
        self.table(&inside, in_place, (ids, dice), depth + 1).into()
    }

    /// A table with what it needs and some of what it may have.
    fn table(
        &self,
        inside: &str,
        in_place: bool,
        (ids, dice): (&Ids, &mut Dice),
        depth: usize,
    ) -> Table {
        let mut table = Table::new();
        for key in self.catalogue.under(inside) {
            let needed = key.presence == Presence::Required && key.when.is_none() && !in_place;
            let chosen = key.when.is_none() && depth < 4 && dice.percent(12);
            if needed || chosen {
                table.insert(key.name().to_owned(), self.value(key, ids, dice, depth));
            }
        }
        // What a chosen word asks for.
        for key in self.catalogue.under(inside) {
            let Some((neighbor, words)) = key.when else {
                continue;
            };
            let word = table.get(neighbor).and_then(Value::as_str);
            let counts = word.is_some_and(|word| words.contains(&word));
            if counts && (key.presence == Presence::Required || dice.percent(30)) {
                table.insert(key.name().to_owned(), self.value(key, ids, dice, depth));
            }
        }
        table
    }
}

/// The entries of a list of tables.
pub(super) fn entries<'t>(tree: &'t mut Table, list: &str) -> impl Iterator<Item = &'t mut Table> {
    let list = tree.get_mut(list).and_then(Value::as_array_mut);
    list.into_iter().flatten().filter_map(Value::as_table_mut)
}

/// The ids of each list at the top of a scenario.
fn ids(tree: &Table) -> Ids {
    let of = |value: &Value| {
        let list = value.as_array()?.iter();
        let ids = list.filter_map(|entry| entry.get("id")?.as_str().map(str::to_owned));
        Some(ids.collect())
    };
    tree.iter()
        .filter_map(|(name, value)| Some((name.clone(), of(value)?)))
        .collect()
}

/// Drops a key, or an entry of a list.
fn drop_something(tree: &mut Table, dice: &mut Dice) {
    let names: Vec<String> = tree.keys().cloned().collect();
    let name = dice.pick(&names);
    let Some(Value::Array(list)) = tree.get_mut(name).filter(|_| dice.percent(60)) else {
        tree.remove(name);
        return;
    };
    if list.is_empty() {
        return;
    }
    let at = dice.below(list.len() as u64) as usize;
    match list[at].as_table_mut() {
        Some(entry) if dice.percent(60) && !entry.is_empty() => {
            let keys: Vec<String> = entry.keys().cloned().collect();
            entry.remove(dice.pick(&keys));
        }
        _ => {
            list.remove(at);
        }
    }
}
