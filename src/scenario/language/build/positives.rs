//! Infected people.

use super::super::checked::Table;
use super::{Build, Lists};
use crate::model::assumption::Quantity;
use crate::model::positives::{Detection, Infection, Recall};
use crate::units::Share;

/// The sensitivity that a scenario written out in full states without meaning it: the default.
const USUAL: Quantity<Share> = Quantity {
    value: Share(0.9),
    range: None,
};

impl<'n> Build<'_, 'n, '_> {
    /// Who is infected, if that is asked for.
    pub(super) fn infection(&mut self, lists: &Lists<'_, 'n>) -> Option<Infection> {
        let Some(table) = self.root.table("infection") else {
            for cell in &lists.cells.tables {
                if cell.item("prevalence").is_some() {
                    self.warning(
                        "S115",
                        cell.place_of("prevalence"),
                        (
                            "`prevalence` 不起作用：没有 [infection]".into(),
                            "`prevalence` has no effect without [infection]".into(),
                        ),
                        ("加上 [infection]", "add [infection]"),
                    );
                    break;
                }
            }
            return None;
        };
        let infection = Infection {
            prevalence: self.quantity(table, "prevalence"),
            household: table.take("household"),
            attack: self.quantity(table, "attack"),
            by_day: self.by_day(table),
        };
        // The least the attack may be and the most the prevalence may be need most households.
        let attack = &infection.attack;
        let least = attack
            .range
            .as_ref()
            .map_or(attack.value, |range| range.low);
        let most = |prevalence: &Quantity<Share>| {
            prevalence
                .range
                .as_ref()
                .map_or(prevalence.value, |range| range.high)
                .0
        };
        let whole = Infection::household_chance(1.0, infection.household, least.0);
        if most(&infection.prevalence) * whole > 1.0 && !table.is_broken("prevalence") {
            self.too_many(table.place_of("prevalence"), whole);
        }
        for cell in &lists.cells.tables {
            if cell.item("prevalence").is_some()
                && most(&self.quantity(cell, "prevalence")) * whole > 1.0
            {
                self.too_many(cell.place_of("prevalence"), whole);
            }
        }
        Some(infection)
    }

    /// How the chance of detection changes by day: each day once, in place of the sensitivity that laboratories state.
    fn by_day(&mut self, table: &Table<'n>) -> Vec<Detection> {
        let mut days: Vec<Detection> = Vec::new();
        for entry in table.tables("by_day") {
            let detection = Detection {
                day: entry.take("day"),
                detected: entry.take("detected"),
            };
            let late = days.last().is_none_or(|last| last.day < detection.day);
            if late || entry.is_broken("day") {
                days.push(detection);
                continue;
            }
            let day = detection.day;
            self.error(
                "S366",
                entry.place_of("day"),
                (
                    format!("第 {day} 天没有排在前一行之后"),
                    format!("day {day} does not come after the day before it in the list"),
                ),
                (
                    "按天数从小到大写，每天一行",
                    "list the days in rising order, each once",
                ),
            );
        }
        for lab in self.root.tables("labs") {
            let verdict = lab.table("verdict");
            if let Some(verdict) = verdict.filter(|table| table.states("sensitivity"))
                && !days.is_empty()
                && self.quantity::<Share>(verdict, "sensitivity") != USUAL
            {
                self.warning(
                    "S367",
                    verdict.place_of("sensitivity"),
                    (
                        "`sensitivity` 不起作用：检出概率看 infection.by_day".into(),
                        "`sensitivity` has no effect: `infection.by_day` says the chance of detection"
                            .into(),
                    ),
                    (
                        "删去 sensitivity，或删去 by_day",
                        "leave `sensitivity` out, or `by_day`",
                    ),
                );
            }
        }
        days
    }

    /// What is done about positive tubes, if that is said.
    pub(super) fn recall(&mut self) -> Option<Recall> {
        let table = self.root.table("recall")?;
        let finds = self
            .root
            .tables("labs")
            .iter()
            .any(|lab| lab.item("verdict").is_some() || lab.is_broken("verdict"));
        if !finds {
            self.error(
                "S256",
                table.place,
                (
                    "没有一个实验室判阴阳（verdict），也就没有阳性管可处置".into(),
                    "no laboratory looks for positive tubes (`verdict`), so there is nothing to recall".into(),
                ),
                (
                    "给实验室加上 verdict = { }，或删去 [recall]",
                    "give a laboratory verdict = { }, or leave [recall] out",
                ),
            );
        }
        Some(Recall {
            find: self.duration(table, "find"),
            teams: self.quantity(table, "teams"),
            visit: self.duration(table, "visit"),
            singles: table.take("singles"),
            road: self.duration(table, "road"),
            priority: u8::try_from(table.take::<u32>("priority")).unwrap_or(u8::MAX),
            confirm: self.duration(table, "confirm"),
        })
    }

    fn too_many(&mut self, place: crate::scenario::tree::Place, whole: f64) {
        let most = (100.0 / whole).floor();
        self.error(
            "S255",
            place,
            (
                format!("感染比例太高：按这样的户均人数和家庭续发率，最多约 {most} %"),
                format!("too many infected: with households and an attack rate like these, about {most} % is the most"),
            ),
            (
                "降低 prevalence，或提高 attack",
                "lower `prevalence`, or raise `attack`",
            ),
        );
    }
}
