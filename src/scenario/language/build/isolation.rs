//! Contacts and isolation rooms.

use jiff::civil::{Date, DateTime};

use super::rounds::since_midnight;
use super::{Build, Entries, name};
use crate::model::isolation::{Isolation, Rooms};

impl Build<'_, '_, '_> {
    /// Contacts of confirmed people and the rooms for them, if that is asked for.
    pub(super) fn isolation(&mut self, first_day: Date) -> Option<Isolation> {
        let table = self.root.table("isolation")?;
        if self.root.table("recall").is_none() && !self.root.is_broken("recall") {
            self.error(
                "S257",
                table.place,
                (
                    "没有 [recall] 就没有确诊的人，也就没有密接者要隔离".into(),
                    "without [recall] nobody is confirmed, so there are no contacts to isolate"
                        .into(),
                ),
                (
                    "加上 [recall]，或删去 [isolation]",
                    "add [recall], or leave [isolation] out",
                ),
            );
        }
        let rooms = Entries::of(table, "rooms")
            .tables
            .iter()
            .map(|entry| Rooms {
                name: name(entry),
                rooms: entry.take("rooms"),
                from: entry
                    .get::<DateTime>("from")
                    .map(|moment| since_midnight(moment, first_day)),
            })
            .collect();
        Some(Isolation {
            close: self.quantity(table, "close"),
            secondary: self.quantity(table, "secondary"),
            trace: self.quantity(table, "trace"),
            close_stay: table.take("close_stay"),
            secondary_stay: table.take("secondary_stay"),
            occupied: table.get("occupied").unwrap_or(0),
            rooms,
        })
    }
}
