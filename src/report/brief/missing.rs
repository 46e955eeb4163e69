//! Who is missing: the cells with most, as a table that can be shown.

use crate::experiment::results::Figure;
use crate::id::RoundId;
use crate::measure::outcome::CellOutcome;
use crate::model::site::Missed;
use crate::report::number::count;
use crate::report::verdict::{met, order};
use crate::report::words::{self, Label, called};

use super::{Brief, Grid};

/// Cells that are listed.
const MOST: usize = 12;

impl Brief<'_> {
    /// A sentence, and the cells where most are missing in a round; no rows where nobody is.
    pub(super) fn missing(&self, round: RoundId) -> (String, Grid) {
        let of_round = |cell: &&CellOutcome<Figure>| cell.round == round && cell.missed.mean >= 0.5;
        let outcomes = &self.results.outcome;
        let mut cells: Vec<_> = outcomes.cells.iter().filter(of_round).collect();
        cells.sort_by(|one, other| order(other.missed.mean, one.missed.mean));
        let missed = count(outcomes.rounds[round].missed.mean);
        let which = called(&self.model.rounds[round].name, self.language);
        let said = cells.first().map_or_else(String::new, |worst| {
            let (cell, most) = (
                called(&self.model.cells[worst.cell].name, self.language),
                count(worst.missed.mean),
            );
            self.language.pick(
                format!("{which}未采 {missed} 人，最多的是{cell}，{most} 人"),
                format!("{missed} are missing in {which}, the most in {cell}: {most}"),
            )
        });
        let labels = [
            Label::Cell,
            Label::Site,
            Label::Due,
            Label::Swabbed,
            Label::Missed,
            Label::Reason,
        ];
        let head = labels.map(|label| label.says(self.language).to_owned());
        let rows = cells.iter().take(MOST).map(|cell| self.missing_of(cell));
        let grid = Grid {
            head: head.to_vec(),
            rows: rows.collect(),
        };
        (said, grid)
    }

    fn missing_of(&self, cell: &CellOutcome<Figure>) -> Vec<String> {
        let entry = &self.model.cells[cell.cell];
        let site = &self.model.sites[entry.site].name;
        let reasons = Missed::ALL.iter().zip(&cell.missed_by);
        let main = reasons.max_by(|one, other| one.1.mean.total_cmp(&other.1.mean));
        vec![
            called(&entry.name, self.language).to_owned(),
            called(site, self.language).to_owned(),
            count(cell.due.mean),
            count(cell.swabbed.mean),
            count(cell.missed.mean),
            main.map_or_else(String::new, |(reason, _)| {
                words::missed(*reason, self.language).to_owned()
            }),
        ]
    }

    /// How many rounds keep their deadline.
    pub(super) fn rounds_said(&self) -> String {
        let all = self.model.rounds.len();
        let kept = self.model.rounds.ids();
        let kept = kept.filter(|&round| met(self.results, round)).count();
        if kept == all {
            let every = if all == 2 {
                "Both".to_owned()
            } else {
                format!("All {all}")
            };
            return self.language.pick(
                format!("{all} 轮全部按时"),
                format!("{every} rounds keep their deadline"),
            );
        }
        self.language.pick(
            format!("{all} 轮中 {kept} 轮按时"),
            format!("{kept} of {all} rounds keep their deadline"),
        )
    }
}
