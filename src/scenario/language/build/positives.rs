//! Infected people.

use super::{Build, Lists};
use crate::model::assumption::Quantity;
use crate::model::positives::Infection;
use crate::units::Share;

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
        let whole = infection.household_chance(1.0, least.0);
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
