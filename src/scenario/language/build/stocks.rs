//! What is used up, from its keys.

use jiff::civil::{Date, DateTime};

use super::rounds::since_midnight;
use super::tiers::tier;
use super::{Build, Entries, Table, name};
use crate::model::Tier;
use crate::model::stock::{OnHand, Resupply, Stock, Use};
use crate::scenario::tree::Place;

impl Build<'_, '_, '_> {
    /// The stocks, in the order of their ids.
    pub(super) fn stocks(&mut self, first_day: Date) -> Vec<Stock> {
        Entries::of(self.root, "stocks")
            .tables
            .into_iter()
            .map(|table| self.stock(table, first_day))
            .collect()
    }

    fn stock(&mut self, table: &Table<'_>, first_day: Date) -> Stock {
        let on_clock = |moment: DateTime| since_midnight(moment, first_day);
        let (amount, rounds) = (table.states("on_hand"), table.states("on_hand_rounds"));
        if amount == rounds {
            let id: String = table.take("id");
            self.error(
                "S261",
                table.place_of(if amount { "on_hand_rounds" } else { "id" }),
                (
                    format!("物资 {id}：on_hand 和 on_hand_rounds 要写且只写一个"),
                    format!("stock {id} needs one of `on_hand` and `on_hand_rounds`, and only one"),
                ),
                (
                    "知道数量写 on_hand，只知道够几轮写 on_hand_rounds",
                    "write `on_hand` where the amount is known, `on_hand_rounds` where it is said for how many rounds it lasts",
                ),
            );
        }
        Stock {
            name: name(table),
            on_hand: table
                .get("on_hand_rounds")
                .map_or_else(|| OnHand::Amount(table.take("on_hand")), OnHand::Rounds),
            counted: table.get("counted").map(on_clock),
            usage: self.usage(table),
            resupply: table
                .tables("resupply")
                .iter()
                .map(|entry| Resupply {
                    at: on_clock(entry.take("at")),
                    amount: entry.take("amount"),
                })
                .collect(),
        }
    }

    fn usage(&mut self, stock: &Table<'_>) -> Use {
        let table = stock.table("use");
        let number = |key: &str| table.and_then(|table| table.get(key)).unwrap_or(0.0);
        let listed = table.and_then(|table| table.get::<Vec<(String, Place)>>("tiers"));
        let usage = Use {
            per_person: number("per_person"),
            per_tube: number("per_tube"),
            per_reaction: number("per_reaction"),
            per_crew_shift: number("per_crew_shift"),
            shift: table
                .and_then(|table| table.get("shift"))
                .unwrap_or(crate::units::Span::HOUR * 4),
            per_resident_day: number("per_resident_day"),
            tiers: listed.map_or_else(
                || Tier::ALL.to_vec(),
                |listed| listed.iter().map(|(word, _)| tier(Some(word))).collect(),
            ),
        };
        let total = usage.per_person
            + usage.per_tube
            + usage.per_reaction
            + usage.per_crew_shift
            + usage.per_resident_day;
        if total <= 0.0
            && !stock.is_broken("use")
            && table.is_none_or(|table| table.broken.is_empty())
        {
            let id: String = stock.take("id");
            self.error(
                "S262",
                stock.place_of("use"),
                (
                    format!("物资 {id} 没有用处：use 中没有一项大于 0"),
                    format!("stock {id} is never used: nothing in its `use` is above 0"),
                ),
                (
                    "如 use = { per_person = 1.02 }",
                    "such as use = { per_person = 1.02 }",
                ),
            );
        }
        usage
    }
}
