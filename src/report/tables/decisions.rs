//! Tables of what a campaign decides: tiers over time, when they come down, which rounds are held, which rules act.

use super::Tables;
use crate::experiment::campaign::{Campaign, Quantiles};
use crate::experiment::results::Probability;
use crate::id::Id;
use crate::report::number::Calendar;
use crate::report::table::{Cell, Table, cell, moment, text};
use crate::report::words::{Label, called};

impl Tables<'_> {
    /// The three of them, where anything is decided.
    pub(super) fn decided(&self) -> Vec<Table> {
        let of = |campaign: &Campaign| {
            vec![
                self.tiers(campaign),
                self.down(campaign),
                self.decisions(campaign),
            ]
        };
        self.results.campaign.as_ref().map_or(Vec::new(), of)
    }

    fn tiers(&self, campaign: &Campaign) -> Table {
        use Label as L;
        let head = [
            L::Cell,
            L::Name,
            L::Round,
            L::Precaution,
            L::Controlled,
            L::Sealed,
            L::Isolation,
        ];
        let rows = self.model.rounds.ids().flat_map(|round| {
            let shares = &campaign.tiers[round.index()];
            self.model
                .cells
                .iter()
                .zip(shares)
                .map(move |((_, entry), shares)| {
                    let mut row = vec![
                        text(&entry.name.id),
                        text(called(&entry.name, self.language)),
                        self.round(round),
                    ];
                    row.extend(shares.map(cell));
                    row
                })
        });
        self.table("tiers", &head, rows)
    }

    fn down(&self, campaign: &Campaign) -> Table {
        use Label as L;
        let head = [
            L::Cell,
            L::Name,
            L::Concerned,
            L::Lowered,
            L::LoweredP05,
            L::LoweredP50,
            L::LoweredP95,
            L::Lifted,
            L::LiftedP05,
            L::LiftedP50,
            L::LiftedP95,
        ];
        let rows = self
            .model
            .cells
            .iter()
            .zip(&campaign.cells)
            .map(|((_, entry), easing)| {
                let mut row = vec![
                    text(&entry.name.id),
                    text(called(&entry.name, self.language)),
                    cell(easing.concerned),
                    cell(easing.lowered.share),
                ];
                row.extend(self.moments(&easing.lowered_min));
                row.push(cell(easing.lifted.share));
                row.extend(self.moments(&easing.lifted_min));
                row
            });
        self.table("down", &head, rows)
    }

    fn decisions(&self, campaign: &Campaign) -> Table {
        use Label as L;
        let head = [
            L::What,
            L::Id,
            L::Name,
            L::Share,
            L::ShareLo,
            L::ShareHi,
            L::AsPlanned,
            L::MinP05,
            L::MinP50,
            L::MinP95,
        ];
        let numbers = |share: &Probability, as_planned: f64, minutes: &Quantiles| {
            [
                share.share,
                share.lo,
                share.hi,
                as_planned,
                minutes.p05,
                minutes.p50,
                minutes.p95,
            ]
            .map(cell)
        };
        let rounds = self
            .model
            .rounds
            .values()
            .zip(&campaign.rounds)
            .map(|(round, holding)| {
                let mut row = vec![
                    text(L::Round.says(self.language)),
                    text(&round.name.id),
                    text(called(&round.name, self.language)),
                ];
                let as_planned = holding.as_planned.share;
                row.extend(numbers(&holding.held, as_planned, &holding.postponed_min));
                row
            });
        let review = self
            .model
            .campaign
            .as_ref()
            .and_then(|campaign| campaign.review.as_ref());
        let rules = review.map_or(&[][..], |review| &review.rules);
        let rules = rules
            .iter()
            .zip(&campaign.rules)
            .map(|(rule, (acted, first))| {
                let mut row = vec![
                    text(L::Review.says(self.language)),
                    text(&rule.name.id),
                    text(called(&rule.name, self.language)),
                ];
                row.extend(numbers(acted, f64::NAN, first));
                row
            });
        self.table("decisions", &head, rounds.chain(rules))
    }

    /// Moments counted from the opening of the first round, as dates and clock times.
    fn moments(&self, minutes: &Quantiles) -> [Cell; 3] {
        let first = self.model.rounds.values().next();
        [minutes.p05, minutes.p50, minutes.p95].map(|minutes| {
            let at = first.and_then(|first| Calendar::after(first.opens, minutes));
            moment(self.calendar(), at)
        })
    }
}
