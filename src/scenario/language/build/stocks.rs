//! What is used up, from its keys.

use jiff::civil::{Date, DateTime};

use super::rounds::since_midnight;
use super::tiers::tier;
use super::{Build, Entries, Table, name};
use crate::model::Tier;
use crate::model::stock::{OnHand, Resupply, Stock, Use, WhenOut};
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
        let usage = self.usage(table);
        let stops = table.word("when_out") == Some("stop");
        let at_sites = usage.per_person > 0.0 || usage.per_tube > 0.0;
        let allotted = stops || table.get("allotted").unwrap_or(false);
        if stops {
            self.stops(table, &usage);
        } else if allotted && !at_sites && !table.is_broken("use") {
            let id: String = table.take("id");
            self.error(
                "S393",
                table.place_of("allotted"),
                (
                    format!("物资 {id} 不在采样点消耗，没法分到各点"),
                    format!("stock {id} is not used at sites: it cannot be shared out to them"),
                ),
                (
                    "删去 allotted；分到各点的要写 use.per_person 或 use.per_tube",
                    "leave `allotted` out; what is shared out has `use.per_person` or `use.per_tube`",
                ),
            );
        }
        Stock {
            name: name(table),
            on_hand: table
                .get("on_hand_rounds")
                .map_or_else(|| OnHand::Amount(table.take("on_hand")), OnHand::Rounds),
            counted: table.get("counted").map(on_clock),
            usage,
            allotted,
            when_out: if stops { WhenOut::Stop } else { WhenOut::Tell },
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

    /// A site can count only what it uses for each person, and only if it knows how much there is.
    fn stops(&mut self, table: &Table<'_>, usage: &Use) {
        let others = usage.per_tube
            + usage.per_reaction
            + usage.per_crew_shift
            + usage.per_resident_day
            + usage.per_room_day;
        let countable = usage.per_person > 0.0 && others <= 0.0;
        if (countable || table.is_broken("use")) && !table.states("on_hand_rounds") {
            return;
        }
        let id: String = table.take("id");
        self.error(
            "S392",
            table.place_of("when_out"),
            (
                format!("物资 {id} 用完要停采，就只能按人消耗（use.per_person），并写明 on_hand"),
                format!("stock {id} stops its sites: it must be used for each person only (`use.per_person`), and `on_hand` must be given"),
            ),
            (
                "改用 when_out = \"tell\"，或如 on_hand = 5000、use = { per_person = 1 }",
                "write when_out = \"tell\", or such as on_hand = 5000 and use = { per_person = 1 }",
            ),
        );
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
            per_room_day: number("per_room_day"),
            delivered: table.and_then(|table| table.get("delivered")),
            tiers: listed.map_or_else(
                || Tier::ALL.to_vec(),
                |listed| listed.iter().map(|(word, _)| tier(Some(word))).collect(),
            ),
        };
        let total = usage.per_person
            + usage.per_tube
            + usage.per_reaction
            + usage.per_crew_shift
            + usage.per_resident_day
            + usage.per_room_day;
        if usage.per_room_day > 0.0 && !self.root.states("isolation") {
            let id: String = stock.take("id");
            self.error(
                "S394",
                stock.place_of("use"),
                (
                    format!("物资 {id} 按隔离房消耗，方案却没有 [isolation]"),
                    format!(
                        "stock {id} is used by isolation rooms, and the scenario has no [isolation]"
                    ),
                ),
                (
                    "加上 [isolation]，或删去 use.per_room_day",
                    "add [isolation], or leave out `use.per_room_day`",
                ),
            );
        }
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
