//! The campaign decides: the only place where results flow back into the operation.
//!
//! It decides at openings of rounds and at the review of each night, by what is known by then. A tier that rises is in force so long after the
//! report as its rule says, whatever the hour; what a review decides waits in the same way. Rounds see it when they open: a decision never
//! reaches into a round that is under way.

pub(super) mod known;

use super::observer::{Decision, Observer};
use crate::id::{CellId, Id, RoundId};
use crate::model::Tier;
use crate::model::campaign::{Action, Gate, Otherwise, Review, Rule, When};
use crate::network::Network;
use crate::network::campaign::{Campaign, Situation};
use crate::units::{Span, Time};
use known::Known;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A round that waits is looked at so often.
const LOOK: Span = Span::from_millis(15 * 60_000);

/// Reviews go on so long after the last round at most.
const LONGEST: Span = Span::from_millis(400 * 86_400_000);

/// What is due in a campaign. At one instant reviews come first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Due {
    /// The review of a night.
    Review,
    /// The opening of a round.
    Opening(RoundId),
}

/// Decision points to come.
pub(super) struct Agenda(BTreeSet<(Time, Due)>);

impl Agenda {
    /// The openings as planned, and the reviews.
    pub(super) fn new(network: &Network) -> Self {
        let opening =
            |(id, round): (RoundId, &Arc<crate::network::Round>)| (round.opens, Due::Opening(id));
        let mut due: BTreeSet<(Time, Due)> = network.rounds.iter().map(opening).collect();
        let review = network
            .campaign
            .as_ref()
            .and_then(|campaign| campaign.review.as_ref());
        if let (Some(review), Some(&(first, _))) = (review, due.first()) {
            let deadlines = network.rounds.values().map(|round| round.deadline);
            let last = deadlines.max().unwrap_or(first) + reaches(review);
            let mut at = first.midnight() + review.at;
            while at <= last {
                if at >= first {
                    due.insert((at, Due::Review));
                }
                at += Span::DAY;
            }
        }
        Self(due)
    }

    /// The next decision point.
    pub(super) fn next(&mut self) -> Option<(Time, Due)> {
        self.0.pop_first()
    }

    /// When it is; never, if there is none.
    pub(super) fn until(&self) -> Time {
        self.0.first().map_or(Time::NEVER, |&(at, _)| at)
    }

    /// When a round may open next; never, if none is left.
    pub(super) fn opening(&self) -> Time {
        let opens = |&&(_, due): &&(Time, Due)| matches!(due, Due::Opening(_));
        self.0.iter().find(opens).map_or(Time::NEVER, |&(at, _)| at)
    }

    /// When the next round opens that waits for nothing; never, if there is none.
    pub(super) fn sure(&self, network: &Network) -> Time {
        let waits = |round: RoundId| {
            let campaign = network.campaign.as_ref();
            campaign.is_some_and(|campaign| campaign.gates[round.index()].is_some())
        };
        let sure = |&&(_, due): &&(Time, Due)| matches!(due, Due::Opening(round) if !waits(round));
        self.0.iter().find(sure).map_or(Time::NEVER, |&(at, _)| at)
    }

    /// A round is looked at again.
    pub(super) fn again(&mut self, at: Time, round: RoundId) {
        self.0.insert((at, Due::Opening(round)));
    }
}

/// How long after the last deadline a review may still lower a tier.
fn reaches(review: &Review) -> Span {
    let length = |rule: &Rule| match rule.when {
        When::Clear { length, .. } => length,
        When::Positive | When::Outstanding(_) | When::Late(_) => Span::ZERO,
    };
    let millis = review
        .rules
        .iter()
        .map(|rule| (length(rule) + rule.takes).millis())
        .fold(Span::DAY.millis(), i64::saturating_add);
    Span::from_millis(millis).min(LONGEST)
}

/// Whether a round opens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Opens {
    /// It does.
    Now,
    /// It is looked at again then.
    Later(Time),
    /// It is not held.
    Never,
}

/// A change of tier to come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Coming {
    at: Time,
    /// In the order in which they were decided.
    number: u32,
    cell: CellId,
    to: Tier,
    how: How,
}

/// How a tier changes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum How {
    /// By order, whatever it was.
    Ordered,
    /// It rises to this, if it is below.
    Raised,
    /// It falls to this from another, if nothing has happened since this moment.
    Lowered(Tier, Time),
}

/// The course of a campaign.
pub(super) struct Course<'a> {
    campaign: &'a Campaign,
    situation: Situation<'a>,
    /// By cell: its tier, and the latest of its positive tubes and changes.
    tiers: Vec<Tier>,
    since: Vec<Time>,
    coming: BTreeSet<Coming>,
    decided: u32,
    /// Rules that move resources and have done so; those to be in force from a moment.
    done: Vec<bool>,
    ordered: Vec<(Time, usize)>,
}

impl<'a> Course<'a> {
    pub(super) fn new(campaign: &'a Campaign, begins: Time) -> Self {
        let tiers = campaign.tiers();
        let rules = campaign
            .review
            .as_ref()
            .map_or(0, |review| review.rules.len());
        let mut course = Self {
            campaign,
            situation: campaign.situation(),
            since: vec![begins; tiers.len()],
            tiers,
            coming: BTreeSet::new(),
            decided: 0,
            done: vec![false; rules],
            ordered: Vec::new(),
        };
        for change in &campaign.dated {
            course.will_be((change.at, change.cell), change.to, How::Ordered);
        }
        course
    }

    fn rules(&self) -> &'a [Rule] {
        let campaign = self.campaign;
        campaign.review.as_ref().map_or(&[], |review| &review.rules)
    }

    fn will_be(&mut self, (at, cell): (Time, CellId), to: Tier, how: How) {
        let number = self.decided;
        self.decided += 1;
        self.coming.insert(Coming {
            at,
            number,
            cell,
            to,
            how,
        });
    }

    /// The clock comes to a moment: results become known, rules answer to positive tubes, and changes that are due come into force.
    pub(super) fn learn(&mut self, now: Time, known: &mut Known, observer: &mut impl Observer) {
        for (at, cell) in known.learn(now) {
            let since = &mut self.since[cell.index()];
            *since = at.max(*since);
            for (rule, entry) in self.rules().iter().enumerate() {
                if entry.when == When::Positive {
                    observer.decided(&Decision::Acted { rule, at });
                    self.raise(at + entry.takes, cell, &entry.then);
                }
            }
        }
        self.come(now, observer);
    }

    /// A cell's tube is positive.
    fn raise(&mut self, at: Time, cell: CellId, actions: &[Action]) {
        for action in actions {
            match action {
                Action::Tier(to) => self.will_be((at, cell), *to, How::Raised),
                Action::Nearby { tier, within } => {
                    for near in self.campaign.near(cell, *within) {
                        self.will_be((at, near), *tier, How::Raised);
                    }
                }
                Action::Lanes { .. }
                | Action::Hours { .. }
                | Action::Vehicles { .. }
                | Action::Lab { .. } => {}
            }
        }
    }

    /// Changes of tier come into force.
    fn come(&mut self, now: Time, observer: &mut impl Observer) {
        while let Some(&change) = self.coming.first()
            && change.at <= now
        {
            self.coming.pop_first();
            let index = change.cell.index();
            let tier = self.tiers[index];
            let changes = match change.how {
                How::Ordered => tier != change.to,
                How::Raised => tier < change.to,
                How::Lowered(from, decided) => tier == from && self.since[index] <= decided,
            };
            // A positive tube near a cell counts for it like its own, even if it is strict enough already.
            if changes || change.how == How::Raised {
                self.since[index] = self.since[index].max(change.at);
            }
            if changes {
                self.tiers[index] = change.to;
                observer.decided(&Decision::Tier {
                    cell: change.cell,
                    tier: change.to,
                    at: change.at,
                    lowered: matches!(change.how, How::Lowered(..)),
                });
            }
        }
    }

    /// The review of a night.
    pub(super) fn review(&mut self, now: Time, known: &Known, observer: &mut impl Observer) {
        for (rule, entry) in self.rules().iter().enumerate() {
            match entry.when {
                When::Positive => {}
                When::Clear {
                    from,
                    length,
                    rounds,
                } => {
                    if self.lower(entry, (now, known), (from, length, rounds)) {
                        observer.decided(&Decision::Acted { rule, at: now });
                    }
                }
                When::Outstanding(people) => {
                    let too_many = known.outstanding() > people;
                    self.order((rule, entry), now, too_many, observer);
                }
                When::Late(after) => {
                    let is_late = known.is_late(after, now);
                    self.order((rule, entry), now, is_late, observer);
                }
            }
        }
        self.come(now, observer);
    }

    /// Lowers the tier of cells that are clear; whether there are any.
    fn lower(
        &mut self,
        rule: &Rule,
        (now, known): (Time, &Known),
        (from, length, rounds): (Tier, Span, u32),
    ) -> bool {
        let mut any = false;
        for index in 0..self.tiers.len() {
            let (cell, since) = (CellId::from_index(index), self.since[index]);
            let lowers =
                |change: &Coming| change.cell == cell && matches!(change.how, How::Lowered(..));
            let is_clear = self.tiers[index] == from
                && now.since(since) >= length
                && now >= since
                && known.whole_rounds(cell, since) >= rounds
                && !self.coming.iter().any(lowers);
            for action in rule.then.iter().filter(|_| is_clear) {
                if let Action::Tier(to) = action {
                    self.will_be((now + rule.takes, cell), *to, How::Lowered(from, now));
                    any = true;
                }
            }
        }
        any
    }

    /// A rule that moves resources does so once.
    fn order(
        &mut self,
        (rule, entry): (usize, &Rule),
        now: Time,
        holds: bool,
        observer: &mut impl Observer,
    ) {
        if holds && !self.done[rule] {
            self.done[rule] = true;
            self.ordered.push((now + entry.takes, rule));
            observer.decided(&Decision::Acted { rule, at: now });
        }
    }

    /// Whether a round that was planned for a moment opens now; `held` says whether people of positive tubes are still held.
    pub(super) fn opens(
        &self,
        (round, planned): (RoundId, Time),
        now: Time,
        (known, held): (&Known, bool),
    ) -> Opens {
        let Some(gate) = &self.campaign.gates[round.index()] else {
            return Opens::Now;
        };
        let Gate {
            results,
            settled,
            wait,
            otherwise,
        } = *gate;
        let later = now.since(planned);
        let closes = self.campaign.closes(round, later);
        if now >= closes {
            return Opens::Never;
        }
        if known.is_out(results.0) && !(settled && held) {
            return Opens::Now;
        }
        if later < wait {
            return Opens::Later((now + LOOK).min(planned + wait));
        }
        match otherwise {
            Otherwise::Open => Opens::Now,
            Otherwise::Drop => Opens::Never,
        }
    }

    /// A round is not held.
    pub(super) fn drop(&mut self, round: RoundId) {
        self.situation.drop(round);
    }

    /// A round opens: its network, if it is not as planned.
    pub(super) fn draw(
        &mut self,
        network: &Network,
        round: RoundId,
        now: Time,
    ) -> Option<Arc<Network>> {
        let rules = self.rules();
        let (due, later): (Vec<_>, Vec<_>) = self.ordered.iter().partition(|&&(at, _)| at <= now);
        self.ordered = later;
        for (_, rule) in due {
            for action in &rules[rule].then {
                self.situation.act(action);
            }
        }
        self.situation.draw(network, round, (now, &self.tiers))
    }
}
