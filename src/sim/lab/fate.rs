//! What becomes of a tube, drawn by its name: whether it comes, whether it can be tested, what each of its tests says.
//!
//! The words are those of the tube alone, so a tube that goes to another laboratory, or in another run, takes its fate along. Only the run
//! that fails is named by its first tube.

use super::super::observer::Why;
use crate::network::Lab;
use crate::network::lab::TubeFaults;
use crate::random::{Key, Purpose, Streams};
use crate::units::Span;

/// The name of a tube: of its batch, and of lane and number in it.
pub(super) type TubeName = (u64, u64);

/// What a test says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Finding {
    /// Invalid or inconclusive.
    Unclear,
    /// Someone in the tube seems infected.
    Detected,
    /// Nobody is.
    Negative,
}

/// Draws fates.
pub(super) struct Judge<'a> {
    lab: &'a Lab,
    streams: Streams,
}

/// One kind of luck of a tube; part of every result.
const LOST: u64 = 1;
const LEAKING: u64 = 2;
const UNSATISFACTORY: u64 = 3;
const MISMATCHED: u64 = 4;
const INVALID: u64 = 5;
const INCONCLUSIVE: u64 = 6;
const FALSE_ALARM: u64 = 7;
const DETECTED: u64 = 8;
const RUN: u64 = 9;

impl<'a> Judge<'a> {
    pub(super) const fn new(lab: &'a Lab, streams: Streams) -> Self {
        Self { lab, streams }
    }

    const fn luck(&self, (batch, tube): TubeName, kind: u64) -> Key {
        self.streams.key(Purpose::TubeFate, batch).of(tube).of(kind)
    }

    /// Why a tube cannot be tested, if it cannot.
    pub(super) fn unfit(&self, faults: &TubeFaults, name: TubeName) -> Option<Why> {
        [
            (LOST, faults.lost, Why::Lost),
            (LEAKING, faults.leaking, Why::Leaking),
            (UNSATISFACTORY, faults.unsatisfactory, Why::Unsatisfactory),
        ]
        .into_iter()
        .find(|&(kind, chance, _)| self.luck(name, kind).share() < chance)
        .map(|(_, _, why)| why)
    }

    /// How long its result waits because tube and register disagree, if they do.
    pub(super) fn hold(&self, faults: &TubeFaults, name: TubeName) -> Option<Span> {
        (self.luck(name, MISMATCHED).share() < faults.mismatched).then_some(faults.reconcile)
    }

    /// Whether the controls of a run fail that begins with this tube, which was in so many runs of the stage before.
    pub(super) fn run_fails(&self, name: TubeName, before: u32) -> bool {
        let Some(faults) = &self.lab.faults else {
            return false;
        };
        self.luck(name, RUN).of(u64::from(before)).share() < faults.run
    }

    /// What a tube's test number `test`, from 0, says. Infected people are found or not by how they were swabbed, so each test of a tube
    /// agrees with the first; false alarms are drawn anew.
    pub(super) fn test(&self, name: TubeName, infected: u32, test: u32) -> Finding {
        let luck = |kind| self.luck(name, kind).of(u64::from(test)).share();
        if let Some(faults) = &self.lab.faults
            && (luck(INVALID) < faults.invalid || luck(INCONCLUSIVE) < faults.inconclusive)
        {
            return Finding::Unclear;
        }
        let Some(verdict) = &self.lab.verdict else {
            return Finding::Negative;
        };
        let found = if infected == 0 {
            luck(FALSE_ALARM) < verdict.false_positive
        } else {
            // Swabs share a tube, none dilutes another: each infected person is missed independently.
            let missed = libm::pow(1.0 - verdict.sensitivity, f64::from(infected));
            self.luck(name, DETECTED).share() < 1.0 - missed
        };
        if found {
            Finding::Detected
        } else {
            Finding::Negative
        }
    }

    /// Whether a tube that can be tested will have a result that is published: neither unclear too often nor reported positive.
    pub(super) fn publishes(&self, name: TubeName, infected: u32) -> bool {
        let most = self.lab.faults.map_or(0, |faults| faults.retests);
        let (mut unclear, mut detected) = (0, false);
        for test in 0.. {
            match self.test(name, infected, test) {
                Finding::Unclear if unclear == most => return false,
                Finding::Unclear => unclear += 1,
                Finding::Detected if detected => return false,
                Finding::Detected => detected = true,
                Finding::Negative => return true,
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{Id, StageId, Table};
    use crate::network::incident::Delay;
    use crate::network::lab::{LabKernel, Verdict};

    #[test]
    fn a_tube_with_k_infected_people_is_missed_as_often_as_all_k_swabs_are() {
        let lab = Lab {
            stages: Table::new(),
            test: StageId::from_index(0),
            kernel: LabKernel::Events,
            faults: None,
            verdict: Some(Verdict {
                sensitivity: 0.7,
                false_positive: 0.01,
                retest_from: StageId::from_index(0),
                class: 0,
                report: Span::ZERO,
            }),
            upload: Delay::default(),
            holds: false,
            wip: None,
            overflow: None,
        };
        let judge = Judge::new(&lab, Streams::new(5, 0));
        let tubes = 20_000;
        for infected in 0..4 {
            let found = (0..tubes)
                .filter(|&tube| judge.test((1, tube), infected, 0) == Finding::Detected)
                .count() as f64;
            let chance = if infected == 0 {
                0.01
            } else {
                1.0 - 0.3_f64.powi(infected as i32)
            };
            let sd = (chance * (1.0 - chance) * tubes as f64).sqrt();
            assert!(
                (found - chance * tubes as f64).abs() < 3.29 * sd,
                "{infected}: {found}"
            );
        }
        let stays = |tube| {
            judge.test((1, tube), 2, 0) == judge.test((1, tube), 2, 1)
                && judge.publishes((1, tube), 2)
                    == (judge.test((1, tube), 2, 0) == Finding::Negative)
        };
        assert!((0..tubes).all(stays), "the swab decides, not the run");
    }
}
