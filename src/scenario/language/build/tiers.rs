//! Tiers of cells that change by date.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};

use super::rounds::since_midnight;
use super::{Build, CELL, Entries, Lists};
use crate::id::{CellId, Id, Table as Dense};
use crate::model::campaign::Change;
use crate::model::{Cell, Tier};
use crate::scenario::tree::Place;

/// A tier by the word for it.
pub(super) fn tier(word: Option<&str>) -> Tier {
    match word {
        Some("controlled") => Tier::Controlled,
        Some("sealed") => Tier::Sealed,
        Some("isolation") => Tier::Isolation,
        _ => Tier::Precaution,
    }
}

/// By cell, its tiers from a moment on, in order of time.
pub(super) struct Tiers(BTreeMap<CellId, Vec<(DateTime, Tier)>>);

impl Tiers {
    /// The tier of a cell at a moment.
    pub(super) fn at(&self, id: CellId, cell: &Cell, moment: DateTime) -> Tier {
        self.0
            .get(&id)
            .and_then(|changes| changes.iter().rev().find(|(at, _)| *at <= moment))
            .map_or(cell.tier, |(_, tier)| *tier)
    }

    /// All changes on the clock that starts at 00:00 of a day, in order of time.
    pub(super) fn dated(&self, first_day: Date) -> Vec<Change> {
        let of_cell = |(&cell, changes): (&CellId, &Vec<(DateTime, Tier)>)| {
            let change = |&(at, to): &(DateTime, Tier)| Change {
                at: since_midnight(at, first_day),
                cell,
                to,
            };
            changes.iter().map(change).collect::<Vec<_>>()
        };
        let mut dated: Vec<Change> = self.0.iter().flat_map(of_cell).collect();
        dated.sort_unstable();
        dated
    }
}

impl<'n> Build<'_, 'n, '_> {
    /// The changes of tier, none of which contradicts another.
    pub(super) fn tiers(&mut self, lists: &Lists<'_, 'n>, cells: &Dense<CellId, Cell>) -> Tiers {
        let mut tiers: BTreeMap<CellId, Vec<(DateTime, Tier)>> = BTreeMap::new();
        for table in Entries::of(self.root, "tiers").tables {
            let (Some(at), Some(to)) = (table.get::<DateTime>("at"), table.word("to")) else {
                continue;
            };
            let listed: Vec<(String, Place)> = table.take("cells");
            for (id, place) in listed {
                let Some(found) = self.find(&id, place, CELL, &lists.cells) else {
                    continue;
                };
                let (cell, to) = (CellId::from_index(found), tier(Some(to)));
                let changes = tiers.entry(cell).or_default();
                let other = changes
                    .iter()
                    .any(|(when, tier)| *when == at && *tier != to);
                changes.push((at, to));
                if other && cells.get(cell).is_some() {
                    self.error(
                        "S250",
                        place,
                        (
                            format!("网格 {id} 在同一时刻改为两种类别"),
                            format!("cell {id} becomes two tiers at one moment"),
                        ),
                        ("只留一条，或改 at", "keep one of them, or change `at`"),
                    );
                }
            }
        }
        for changes in tiers.values_mut() {
            changes.sort_unstable();
        }
        Tiers(tiers)
    }
}
