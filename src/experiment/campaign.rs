//! What campaigns decide, over replications: when tiers come down, whether rounds open, which rules act.

use super::results::Probability;
use crate::id::{CellId, Id, RoundId};
use crate::measure::campaign::{Course, Decided};
use crate::measure::outcome::Outcome;
use crate::model::{Model, Tier};
use crate::stats::interval::{quantile_of_sorted, wilson};
use crate::units::Time;

/// What all replications decided.
#[derive(Clone, PartialEq, Debug)]
pub struct Campaign {
    /// By round.
    pub rounds: Vec<Holding>,
    /// By round and cell: the share of replications in which the cell was of each tier (the order of `Tier::ALL`) when the round opened.
    pub tiers: Vec<Vec<[f64; 4]>>,
    /// By cell.
    pub cells: Vec<Easing>,
    /// By rule: the share of replications in which it acted, and when it first did, in minutes after the first round was to open.
    pub rules: Vec<(Probability, Quantiles)>,
}

/// Whether a round is held, and when.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Holding {
    /// The share of replications in which it is.
    pub held: Probability,
    /// Those in which it opens at its time.
    pub as_planned: Probability,
    /// By how many minutes it is postponed, where it is held.
    pub postponed_min: Quantiles,
}

/// When the tier of a cell comes down. Moments are minutes after the first round was to open.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Easing {
    /// The share of replications in which it was ever of another tier than the mildest; the others do not count here.
    pub concerned: f64,
    /// Of them, the share in which a rule lowers it before the reviews end.
    pub lowered: Probability,
    /// When that first happens.
    pub lowered_min: Quantiles,
    /// Of them, the share in which it is of the mildest tier in the end.
    pub lifted: Probability,
    /// Since when.
    pub lifted_min: Quantiles,
}

/// Over the replications that have it; NaN if none has.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Quantiles {
    /// 5 % are below.
    pub p05: f64,
    /// Half are.
    pub p50: f64,
    /// 95 % are.
    pub p95: f64,
}

impl Quantiles {
    fn of(numbers: impl Iterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = numbers.collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let [p05, p50, p95] = [0.05, 0.5, 0.95].map(|share| quantile_of_sorted(&sorted, share));
        Self { p05, p50, p95 }
    }
}

impl Campaign {
    /// None where nothing is decided.
    pub(super) fn of(model: &Model, outcomes: &[Outcome<f64>]) -> Option<Self> {
        let all: Option<Vec<&Decided>> = outcomes
            .iter()
            .map(|outcome| outcome.decided.as_deref())
            .collect();
        let all = all.filter(|all| !all.is_empty())?;
        let first = model.rounds.values().next()?.opens;
        Some(Self {
            rounds: model
                .rounds
                .iter()
                .map(|(id, round)| holding(&all, id, round.opens))
                .collect(),
            tiers: model
                .rounds
                .ids()
                .map(|id| tiers(model, &all, id))
                .collect(),
            cells: model
                .cells
                .ids()
                .map(|cell| easing(&all, cell, first))
                .collect(),
            rules: (0..all[0].acted.len())
                .map(|rule| acting(&all, rule, first))
                .collect(),
        })
    }
}

fn probability(hits: usize, trials: usize) -> Probability {
    if trials == 0 {
        let none = f64::NAN;
        return Probability {
            share: none,
            lo: none,
            hi: none,
        };
    }
    let (lo, hi) = wilson(hits as u64, trials as u64, 0.95);
    Probability {
        share: hits as f64 / trials as f64,
        lo,
        hi,
    }
}

fn minutes(from: Time, to: Time) -> f64 {
    (to.millis() - from.millis()) as f64 / 6e4
}

fn holding(all: &[&Decided], id: RoundId, planned: Time) -> Holding {
    let opened = || all.iter().filter_map(|decided| decided.opened[id.index()]);
    Holding {
        held: probability(opened().count(), all.len()),
        as_planned: probability(opened().filter(|&at| at == planned).count(), all.len()),
        postponed_min: Quantiles::of(opened().map(|at| minutes(planned, at))),
    }
}

fn tiers(model: &Model, all: &[&Decided], id: RoundId) -> Vec<[f64; 4]> {
    let of_cell = |cell: CellId| {
        Tier::ALL.map(|tier| {
            let is =
                |decided: &&&Decided| decided.tiers[id.index()].get(cell.index()) == Some(&tier);
            all.iter().filter(is).count() as f64 / all.len() as f64
        })
    };
    model.cells.ids().map(of_cell).collect()
}

fn easing(all: &[&Decided], cell: CellId, first: Time) -> Easing {
    let concerned: Vec<Course> = all
        .iter()
        .map(|decided| decided.cells[cell.index()])
        .filter(|course| course.strictest > Tier::Precaution)
        .collect();
    let when = |of: fn(&Course) -> Option<Time>| {
        let moments: Vec<f64> = concerned
            .iter()
            .filter_map(of)
            .map(|at| minutes(first, at))
            .collect();
        let share = probability(moments.len(), concerned.len());
        (share, Quantiles::of(moments.into_iter()))
    };
    let (lowered, lowered_min) = when(|course| course.lowered);
    let (lifted, lifted_min) = when(|course| course.lifted);
    Easing {
        concerned: concerned.len() as f64 / all.len() as f64,
        lowered,
        lowered_min,
        lifted,
        lifted_min,
    }
}

fn acting(all: &[&Decided], rule: usize, first: Time) -> (Probability, Quantiles) {
    let acted: Vec<Time> = all
        .iter()
        .filter_map(|decided| decided.acted[rule])
        .collect();
    let share = probability(acted.len(), all.len());
    let moments = acted.into_iter().map(|at| minutes(first, at));
    (share, Quantiles::of(moments))
}
