//! What was decided on the way: which rounds were held, when tiers changed, which rules acted.

use crate::id::{Id, RoundId};
use crate::model::Tier;
use crate::network::Network;
use crate::network::campaign::Rounds;
use crate::sim::observer::Decision;
use crate::units::Time;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What was decided in one replication.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Decided {
    /// By round: when it opened; none if it was not held.
    pub opened: Vec<Option<Time>>,
    /// By round: the tier of each cell when it opened, or was given up.
    pub tiers: Vec<Vec<Tier>>,
    /// By cell: what became of its tier.
    pub cells: Vec<Course>,
    /// By rule: when it first acted, if it did.
    pub acted: Vec<Option<Time>>,
}

/// The tier of one cell from beginning to end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Course {
    /// The strictest tier it was ever of.
    pub strictest: Tier,
    /// When a rule first lowered it, if one did.
    pub lowered: Option<Time>,
    /// Since when it is of the mildest tier, if it is at the end and was not at some time.
    pub lifted: Option<Time>,
}

/// The time of one round.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Lasts {
    /// When it opens.
    pub(super) from: Time,
    /// When the next one opens; after the last its deadline.
    pub(super) until: Time,
    /// When the next one opens that does not open with it, if one does.
    pub(super) later: Option<Time>,
}

/// From the opening of a round, as held, to that of the next; none if it is not held.
pub(super) fn lasts(
    rounds: &Rounds<'_>,
    decided: Option<&Decided>,
    round: RoundId,
) -> Option<Lasts> {
    let is_held =
        |round: &RoundId| decided.is_none_or(|decided| decided.opened[round.index()].is_some());
    let opens = |round: RoundId| (rounds.round(round).opens, round);
    let held = || rounds.ids().filter(is_held).map(opens);
    let (from, _) = opens(round);
    let after = held().filter(|&next| next > (from, round)).min();
    is_held(&round).then(|| Lasts {
        from,
        until: after.map_or(rounds.round(round).deadline, |(at, _)| at),
        later: held().map(|(at, _)| at).filter(|&at| at > from).min(),
    })
}

/// Listens to decisions.
pub(super) struct Decisions<'a> {
    /// The rounds as they are held.
    pub(super) rounds: Rounds<'a>,
    tiers: Vec<Tier>,
    decided: Option<Decided>,
}

impl<'a> Decisions<'a> {
    pub(super) fn new(network: &'a Network) -> Self {
        let campaign = network.campaign.as_ref();
        let tiers = campaign.map_or(Vec::new(), |campaign| campaign.tiers());
        let course = |&strictest: &Tier| Course {
            strictest,
            lowered: None,
            lifted: None,
        };
        let decided = campaign.map(|campaign| Decided {
            opened: vec![None; network.rounds.len()],
            tiers: vec![Vec::new(); network.rounds.len()],
            cells: tiers.iter().map(course).collect(),
            acted: vec![
                None;
                campaign
                    .review
                    .as_ref()
                    .map_or(0, |review| review.rules.len())
            ],
        });
        Self {
            rounds: Rounds::new(network),
            tiers,
            decided,
        }
    }

    /// When a round is open for what is counted by the day; none if it is not held.
    pub(super) fn lasts(&self, round: RoundId) -> Option<Lasts> {
        lasts(&self.rounds, self.decided.as_ref(), round)
    }

    /// Whether a round is held.
    pub(super) fn is_held(&self, round: RoundId) -> bool {
        let decided = self.decided.as_ref();
        decided.is_none_or(|decided| decided.opened[round.index()].is_some())
    }

    pub(super) fn decided(&mut self, decision: &Decision) {
        let Some(decided) = &mut self.decided else {
            return;
        };
        match *decision {
            Decision::Opened { round, at, anew } => {
                decided.opened[round.index()] = Some(at);
                decided.tiers[round.index()].clone_from(&self.tiers);
                if let Some(anew) = anew {
                    self.rounds.draw(round, Arc::clone(anew));
                }
            }
            Decision::Dropped { round, .. } => {
                decided.tiers[round.index()].clone_from(&self.tiers);
            }
            Decision::Tier {
                cell,
                tier,
                at,
                lowered,
            } => {
                self.tiers[cell.index()] = tier;
                let course = &mut decided.cells[cell.index()];
                course.strictest = course.strictest.max(tier);
                course.lifted = (tier == Tier::Precaution).then_some(at);
                if lowered && course.lowered.is_none() {
                    course.lowered = Some(at);
                }
            }
            Decision::Acted { rule, at } => {
                let acted = &mut decided.acted[rule];
                *acted = Some(acted.map_or(at, |before| before.min(at)));
            }
        }
    }

    /// What was decided, if anything could be, and the rounds as they were held.
    pub(super) fn finish(self) -> (Option<Box<Decided>>, Rounds<'a>) {
        (self.decided.map(Box::new), self.rounds)
    }
}
