//! Sums up what became of positive tubes and of the people in them.

use super::outcome::RecallOutcome;
use crate::network::Round;
use crate::sim::observer::Recalled;
use crate::units::Time;

/// The sums of a round. Lengths in milliseconds.
#[derive(Default)]
pub(super) struct RecallTally {
    settled: u64,
    false_alarms: u64,
    held: u64,
    confirmed: u64,
    retest: i64,
    report: i64,
    find: i64,
    swab: i64,
    settle: i64,
    held_for: i64,
    longest: i64,
    last: Option<Time>,
}

impl RecallTally {
    /// A tube is settled.
    pub(super) fn add(&mut self, case: &Recalled) {
        self.settled += 1;
        self.false_alarms += u64::from(case.infected == 0);
        self.retest += (case.retested - case.detected).millis();
        self.report += (case.reported - case.retested).millis();
        self.find += (case.found - case.reported).millis();
        self.swab += (case.swabbed - case.found).millis();
        let mut end = case.swabbed;
        for member in case.members {
            let held = (member.at - member.held).millis();
            self.held += 1;
            self.confirmed += u64::from(member.confirmed);
            self.held_for += held;
            self.longest = self.longest.max(held);
            end = end.max(member.at);
        }
        self.settle += (end - case.swabbed).millis();
        self.last = self.last.max(Some(end));
    }

    /// What it came to; `next` is when the next round opens, `positive` how many tubes were reported.
    pub(super) fn outcome(
        &self,
        round: &Round,
        (next, positive): (Option<Time>, u64),
    ) -> RecallOutcome<f64> {
        let mean = |millis: i64, of: u64| {
            if of == 0 {
                f64::NAN
            } else {
                millis as f64 / of as f64 / 6e4
            }
        };
        let minutes_after = |moment: Time| (moment.millis() - round.opens.millis()) as f64 / 6e4;
        let open =
            |next: Time| positive > self.settled || self.last.is_some_and(|last| last > next);
        RecallOutcome {
            settled: self.settled as f64,
            false_alarms: self.false_alarms as f64,
            held: self.held as f64,
            confirmed: self.confirmed as f64,
            retest_min: mean(self.retest, self.settled),
            report_min: mean(self.report, self.settled),
            find_min: mean(self.find, self.settled),
            swab_min: mean(self.swab, self.settled),
            settle_min: mean(self.settle, self.settled),
            held_min: mean(self.held_for, self.held),
            longest_held_min: if self.held == 0 {
                f64::NAN
            } else {
                self.longest as f64 / 6e4
            },
            clear_min: self.last.map_or(f64::NAN, minutes_after),
            open_at_next: next.map_or(f64::NAN, |next| f64::from(u8::from(open(next)))),
        }
    }
}
