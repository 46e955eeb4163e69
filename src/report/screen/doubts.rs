//! The lines of what the answer rests on.

use crate::experiment::influence::{Influence, Third};
use crate::experiment::results::Precision;
use crate::id::RoundId;
use crate::model::assumption::Standing;

use super::super::layout::crop;
use super::super::number::{decimal, percent};
use super::super::verdict::MET;
use super::Screen;

impl Screen<'_> {
    /// What nobody knows, and how much of the spread comes from it.
    pub(in crate::report) fn assumptions(&self, id: RoundId) -> String {
        let standing = |standing| {
            self.model
                .assumptions
                .iter()
                .filter(|assumption| assumption.standing == standing)
                .count()
        };
        let (assumed, defaults) = (standing(Standing::Assumed), standing(Standing::Default));
        let counts = self.language.pick(
            format!("假设 {assumed} 项、默认值 {defaults} 项，见 assumptions.csv"),
            format!("Assumed: {assumed}, defaults: {defaults} (assumptions.csv)"),
        );
        if self.model.unknowns.is_empty() {
            return counts;
        }
        let number = self.model.unknowns.len();
        let spread = self.results.outcome.rounds[id]
            .results_end_min
            .origin
            .filter(|origin| origin.ignorance.is_finite())
            .map(|origin| percent(origin.ignorance));
        let mut text = match spread {
            Some(share) => self.language.pick(
                format!("没有确数的 {number} 项，出完时间的起伏有 {share} 来自它们："),
                format!(
                    "{number} known only as a range, {share} of the spread of the last result:"
                ),
            ),
            None => self.language.pick(
                format!("没有确数的 {number} 项："),
                format!("{number} known only as a range:"),
            ),
        };
        for influence in self.results.influences[id].iter().take(self.most) {
            text += "\n";
            text += &self.influence(id, influence);
        }
        format!("{text}\n{counts}")
    }

    /// What a quantity nobody knows does to the last result, and whether it decides the verdict.
    pub(in crate::report) fn influence(&self, id: RoundId, influence: &Influence) -> String {
        let round = &self.model.rounds[id];
        let unknown = &self.model.unknowns[influence.unknown];
        let clock = |third: &Third| {
            self.calendar()
                .clock_after(round.opens, third.results_end_min)
        };
        let (low, high) = (clock(&influence.low), clock(&influence.high));
        let (what, range) = (
            crop(unknown.called.says(self.language), self.names.max(30)),
            crop(unknown.within.says(self.language), self.names - 2),
        );
        let decides = (influence.low.on_time >= MET) != (influence.high.on_time >= MET);
        let decisive = if decides && influence.share > 0.0 {
            self.language.pick("，左右结论", ", decides the verdict")
        } else {
            ""
        };
        self.language.pick(
            format!("{what}（{range}）：偏低 {low}，偏高 {high}{decisive}"),
            format!("{what} ({range}): if low {low}, high {high}{decisive}"),
        )
    }

    /// How replicating ended, where that needs saying.
    pub(in crate::report) fn precision(&self) -> Option<String> {
        match self.results.precision {
            Precision::Fixed | Precision::Interrupted => None,
            Precision::Reached(half) => Some(self.language.pick(
                format!("达到要求，95% 区间 ±{}", self.half(half)),
                format!("as asked, 95% interval ±{}", self.half(half)),
            )),
            Precision::Missed(half) => Some(self.language.pick(
                format!("没有达到要求：重复次数已到上限，95% 区间还有 ±{}", self.half(half)),
                format!("not as asked: after the most replications allowed the 95% interval is still ±{}", self.half(half)),
            )),
        }
    }

    pub(in crate::report) fn half(&self, minutes: f64) -> String {
        format!(
            "{} {}",
            decimal(minutes, 1),
            self.language.pick("分钟", "min")
        )
    }
}
