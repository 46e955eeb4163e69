//! What things cost, from its keys.

use super::super::checked::Table;
use super::{Build, Entries, Lists};
use crate::id::{Id, LabId};
use crate::model::assumption::Quantity;
use crate::model::cost::{Cost, Wages};

/// Prices that are keys of `[cost]`.
const PRICES: [&str; 8] = [
    "staff_hour",
    "per_person",
    "per_tube",
    "per_reaction",
    "per_run",
    "vehicle_hour",
    "site_day",
    "lab_day",
];

impl<'n> Build<'_, 'n, '_> {
    /// What things cost, if that is asked for.
    pub(super) fn cost(&mut self, lists: &Lists<'_, 'n>) -> Option<Cost> {
        let root = self.root;
        let stocks = Entries::of(root, "stocks").tables;
        let priced = stocks.iter().map(|table| (*table, "price"));
        let rented = lists.labs.tables.iter().map(|table| (*table, "rent"));
        let own: Vec<_> = priced
            .chain(rented)
            .filter(|(table, key)| table.states(key))
            .collect();
        let Some(table) = root.table("cost") else {
            for (table, key) in own {
                self.without_cost(table, key);
            }
            return None;
        };
        let nothing = own.is_empty() && !PRICES.iter().any(|key| table.states(key));
        if nothing {
            self.error(
                "S391",
                table.place,
                (
                    "[cost] 里没有一个价".into(),
                    "nothing has a price in [cost]".into(),
                ),
                (
                    "写上单价，如 staff_hour = 30；或删去 [cost]",
                    "give prices, such as staff_hour = 30, or leave [cost] out",
                ),
            );
        }
        let labs = lists.labs.tables.iter().enumerate();
        let rents = labs.filter(|(_, lab)| lab.item("rent").is_some());
        Some(Cost {
            currency: table.get("currency").unwrap_or_else(|| "CNY".to_owned()),
            budget: table.get("budget"),
            hour: self.wages(table),
            per_person: self.price(table, "per_person"),
            per_tube: self.price(table, "per_tube"),
            per_reaction: self.price(table, "per_reaction"),
            per_run: self.price(table, "per_run"),
            vehicle_hour: self.price(table, "vehicle_hour"),
            site_day: self.price(table, "site_day"),
            lab_day: self.price(table, "lab_day"),
            rents: rents
                .map(|(index, lab)| (LabId::from_index(index), self.price(lab, "rent")))
                .collect(),
            stocks: stocks
                .iter()
                .map(|stock| self.price(stock, "price"))
                .collect(),
        })
    }

    /// A price; nothing if it is left out.
    fn price(&self, table: &Table<'_>, key: &str) -> Quantity<f64> {
        if table.item(key).is_some() {
            self.quantity(table, key)
        } else {
            Quantity::known(0.0)
        }
    }

    fn wages(&self, table: &Table<'_>) -> Wages {
        let of = |role: &str| match table.table("staff_hour") {
            Some(roles) => self.price(roles, role),
            None => self.price(table, "staff_hour"),
        };
        Wages {
            scanner: of("scanner"),
            swabber: of("swabber"),
            guide: of("guide"),
            technician: of("technician"),
        }
    }

    fn without_cost(&mut self, table: &Table<'_>, key: &str) {
        self.warning(
            "S390",
            table.place_of(key),
            (
                format!("`{key}` 不起作用：方案没有 [cost]"),
                format!("`{key}` has no effect: the scenario has no [cost]"),
            ),
            ("加上 [cost]，或删去它", "add [cost], or leave it out"),
        );
    }
}
