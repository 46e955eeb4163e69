//! How often it goes wrong: by when a round is done, and what its worst replications have in common.

use super::results::Probability;
use super::{LUCK_PER_DRAW, ignorance_rank};
use crate::id::{RoundId, UnknownId};
use crate::measure::outcome::Outcome;
use crate::model::Model;
use crate::stats::interval::wilson;
use crate::stats::overlap::at_least;

/// The share of replications that are called the worst.
pub const WORST: f64 = 0.05;

/// Fewer replications than this have no worst ones.
const FEWEST: usize = 40;

/// What chance alone would show so rarely is no chance, all that is looked at taken together.
const RARE: f64 = 0.05;

/// Hours after the opening that are looked at, at most.
const LONGEST: u32 = 24 * 21;

/// How often a round goes wrong.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Risk {
    /// Hours after the opening, and in how many replications the last result is out by then; from the hour before the first is done
    /// to that in which all are.
    pub done: Vec<(u32, Probability)>,
    /// The worst replications; none where there are few, or they are no worse than others.
    pub worst: Option<Worst>,
}

/// The replications whose last result is latest.
#[derive(Clone, PartialEq, Debug)]
pub struct Worst {
    /// How many.
    pub replications: u32,
    /// The earliest of their last results, in minutes after the opening.
    pub from_min: f64,
    /// What is more frequent in them than chance explains, that which is least by chance first.
    pub traits: Vec<Trait>,
}

/// Something that is frequent in the worst replications.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Trait {
    /// What.
    pub what: What,
    /// In how many of the worst it is so, and how many these are.
    pub found: (u32, u32),
    /// In what share of all.
    pub usual: f64,
}

/// What replications can have in common.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// The unknown lies in the lower third of what it may be; then `found` counts draws.
    Low(UnknownId),
    /// In the upper third.
    High(UnknownId),
    /// The incident happens, by its place in the outcome.
    Incident(usize),
}

/// How often a round goes wrong.
pub(super) fn of_round(model: &Model, outcomes: &[Outcome<f64>], round: RoundId) -> Risk {
    let ends: Vec<f64> = outcomes
        .iter()
        .map(|outcome| outcome.rounds[round].results_end_min)
        .collect();
    Risk {
        done: done(&ends),
        worst: worst(model, outcomes, &ends),
    }
}

fn done(ends: &[f64]) -> Vec<(u32, Probability)> {
    let there = || ends.iter().copied().filter(|end| end.is_finite());
    let first = there().fold(f64::INFINITY, f64::min) / 60.0;
    let last = there().fold(f64::NEG_INFINITY, f64::max) / 60.0;
    if !first.is_finite() {
        return Vec::new();
    }
    let hours = (first.floor().max(0.0) as u32)..=(last.ceil().max(0.0) as u32);
    let chance = |hour: u32| {
        let by = ends.iter().filter(|end| **end <= f64::from(hour) * 60.0);
        let (hits, trials) = (by.count() as u64, ends.len() as u64);
        let (lo, hi) = wilson(hits, trials, 0.95);
        let share = hits as f64 / trials as f64;
        (hour, Probability { share, lo, hi })
    };
    hours.take(LONGEST as usize).map(chance).collect()
}

fn worst(model: &Model, outcomes: &[Outcome<f64>], ends: &[f64]) -> Option<Worst> {
    let mut order: Vec<usize> = (0..ends.len()).filter(|&at| ends[at].is_finite()).collect();
    if order.len() < FEWEST {
        return None;
    }
    order.sort_by(|&one, &other| ends[other].total_cmp(&ends[one]).then(one.cmp(&other)));
    let count = (order.len() as f64 * WORST).ceil() as usize;
    let (latest, soonest) = (ends[order[0]], ends[order[order.len() - 1]]);
    if latest <= soonest {
        return None;
    }
    let mut worst = vec![false; ends.len()];
    for &at in &order[..count] {
        worst[at] = true;
    }
    Some(Worst {
        replications: count as u32,
        from_min: ends[order[count - 1]],
        traits: traits(model, outcomes, &worst),
    })
}

/// Whether each of some cases is marked, and whether each is among the worst.
fn trait_of(what: What, cases: impl Iterator<Item = (bool, bool)>) -> (f64, Trait) {
    let (mut all, mut marked, mut drawn, mut found) = (0, 0, 0, 0);
    for (mark, worst) in cases {
        all += 1;
        marked += u64::from(mark);
        drawn += u64::from(worst);
        found += u64::from(mark && worst);
    }
    let told = Trait {
        what,
        found: (found as u32, drawn as u32),
        usual: marked as f64 / all as f64,
    };
    (at_least(found, drawn, marked, all), told)
}

fn traits(model: &Model, outcomes: &[Outcome<f64>], worst: &[bool]) -> Vec<Trait> {
    let each = LUCK_PER_DRAW as usize;
    let draws: Vec<bool> = worst
        .chunks(each)
        .map(|draw| draw.iter().any(|worst| *worst))
        .collect();
    let of_unknown = |unknown: UnknownId| {
        let ranks: Vec<f64> = (0..draws.len() as u32)
            .map(|draw| ignorance_rank(model, draw * LUCK_PER_DRAW, unknown))
            .collect();
        let cases = |mark: fn(f64) -> bool| {
            let ranks = ranks.iter().map(move |rank| mark(*rank));
            ranks.zip(draws.iter().copied()).collect::<Vec<_>>()
        };
        [
            trait_of(
                What::Low(unknown),
                cases(|rank| rank < 1.0 / 3.0).into_iter(),
            ),
            trait_of(
                What::High(unknown),
                cases(|rank| rank >= 2.0 / 3.0).into_iter(),
            ),
        ]
    };
    let of_incident = |at: usize| {
        let happens = outcomes
            .iter()
            .map(|outcome| outcome.incidents[at].happens > 0.5);
        trait_of(What::Incident(at), happens.zip(worst.iter().copied()))
    };
    let incidents = outcomes
        .first()
        .map_or(0, |outcome| outcome.incidents.len());
    let mut found: Vec<(f64, Trait)> = model
        .unknowns
        .ids()
        .flat_map(of_unknown)
        .chain((0..incidents).map(of_incident))
        .collect();
    let rare = RARE / found.len().max(1) as f64;
    found.retain(|(chance, _)| *chance < rare);
    found.sort_by(|one, other| one.0.total_cmp(&other.0));
    found.into_iter().map(|(_, told)| told).collect()
}
