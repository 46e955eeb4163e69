//! Several plans under the same luck: which is better, by how much, and how sure that is.
//!
//! Replication `k` of every plan draws its luck by the same names, and what nobody knows from the same ranks, so that most of both cancels in
//! differences. Replications are added while they decide: first as many for each plan as a first look takes, then for those that may still
//! be the best ([`Race`]), and for the base, to which all are compared.

use super::results::{Figure, Precision, Results};
use super::{Experiment, LUCK_PER_DRAW, Watch, ignorance_rank, reduce};
use crate::id::{RoundId, UnknownId};
use crate::measure::outcome::{Outcome, RoundOutcome};
use crate::model::{Model, Replications, Watched};
use crate::random::{Purpose, Streams};
use crate::stats::interval::{moments, quantile_of_sorted};
use crate::stats::selection::{FromBest, Paired, Race, chance_of_best, from_best, paired};
use crate::units::Span;

/// Replications of every plan before the first look.
const FIRST_LOOK: u32 = 60;

/// Replications added at once.
const LOT: u32 = 20;

/// How sure the choice of the best is to be, and the intervals of differences.
pub const CONFIDENCE: f64 = 0.95;

/// What is asked about plans.
#[derive(Clone, PartialEq, Debug)]
pub struct Question {
    /// Which figure decides; less of it is better.
    pub of: Watched,
    /// The id of the round that decides; without it the one that is worst for the base.
    pub round: Option<String>,
    /// A difference smaller than this does not matter.
    pub indifference: Span,
    /// How many replications.
    pub effort: Effort,
}

/// How many replications plans are given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effort {
    /// Each so many.
    Fixed(u32),
    /// As many as it takes to know the best, at most so many each.
    UntilClear(u32),
}

/// What came of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Comparison {
    /// The figure that decided.
    pub of: Watched,
    /// The plans, the base first.
    pub plans: Vec<Plan>,
    /// How it ended.
    pub end: End,
    /// How many replications would decide for sure if it is open.
    pub needed: Option<u64>,
}

/// How a comparison ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// This plan is best.
    Best(usize),
    /// Several may be.
    Open,
    /// The figure does not exist in some replication: nobody was swabbed, or nothing published.
    NoFigure,
    /// It was interrupted.
    Interrupted,
}

/// One plan.
#[derive(Clone, PartialEq, Debug)]
pub struct Plan {
    /// Everything measured.
    pub results: Results,
    /// The deciding round in this plan.
    pub round: RoundId,
    /// How far it is from the best of the others, in minutes.
    pub from_best: FromBest,
    /// How sure it is that the plan is the best, 0 to 1.
    pub chance: f64,
    /// After how many replications it was out of the race; none: it never was.
    pub dropped: Option<u32>,
    /// Against the base, figure by figure; of the base itself nothing.
    pub differences: Vec<Difference>,
    /// People whose result is out, less those of the base, from the opening of the deciding round every 15 minutes.
    pub published: Vec<Band>,
    /// In which worlds the verdict turns around: what each unknown does to the difference, the strongest first.
    pub turns: Vec<Turn>,
}

impl Plan {
    /// What the deciding round came to.
    pub fn deciding(&self) -> &RoundOutcome<Figure> {
        &self.results.outcome.rounds[self.round]
    }

    /// A figure against the base in one round, as numbered in the base.
    pub fn difference(&self, of: Compared, round: RoundId) -> Option<&Difference> {
        let wanted = |difference: &&Difference| difference.of == of && difference.round == round;
        self.differences.iter().find(wanted)
    }
}

/// A figure of a plan against the base, in one round.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Difference {
    /// Which figure.
    pub of: Compared,
    /// The round, as numbered in the base.
    pub round: RoundId,
    /// This plan's less the base's.
    pub paired: Paired,
}

/// Figures that are compared.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Compared {
    /// Minutes to the last swab.
    SwabbingEnds,
    /// Minutes to the last result.
    ResultsEnd,
    /// Share of results in time.
    InTime,
    /// Share of replications with every result in time.
    OnTime,
    /// Mean wait in minutes.
    Wait,
    /// The wait that 95 % stay below, in minutes.
    WaitP95,
    /// Mean minutes from swab to result.
    Turnaround,
    /// People missed.
    Missed,
    /// Tubes filled.
    Tubes,
    /// Tubes that were closed before they were full.
    PartialTubes,
    /// Hours of vehicles with their drivers.
    VehicleHours,
    /// What the round costs, where the scenario says what things cost.
    Cost,
}

impl Compared {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::SwabbingEnds,
        Self::ResultsEnd,
        Self::InTime,
        Self::OnTime,
        Self::Wait,
        Self::WaitP95,
        Self::Turnaround,
        Self::Missed,
        Self::Tubes,
        Self::PartialTubes,
        Self::VehicleHours,
        Self::Cost,
    ];

    /// How programs call it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::SwabbingEnds => "swabbing_ends_min",
            Self::ResultsEnd => "results_end_min",
            Self::InTime => "published_by_deadline",
            Self::OnTime => "on_time",
            Self::Wait => "wait_min",
            Self::WaitP95 => "wait_p95_min",
            Self::Turnaround => "turnaround_min",
            Self::Missed => "missed",
            Self::Tubes => "tubes",
            Self::PartialTubes => "partial_tubes",
            Self::VehicleHours => "vehicle_hours",
            Self::Cost => "cost",
        }
    }

    pub(super) fn read(self, round: &RoundOutcome<f64>) -> f64 {
        match self {
            Self::SwabbingEnds => round.swabbing_ends_min,
            Self::ResultsEnd => round.results_end_min,
            Self::InTime => round.published_by_deadline,
            Self::OnTime => round.on_time,
            Self::Wait => round.wait_min.mean,
            Self::WaitP95 => round.wait_min.p95,
            Self::Turnaround => round.turnaround_min.mean,
            Self::Missed => round.missed,
            Self::Tubes => round.tubes,
            Self::PartialTubes => round.partial_tubes,
            Self::VehicleHours => round.vehicle_hours,
            Self::Cost => round.cost.map_or(f64::NAN, |cost| cost.total),
        }
    }

    /// The figure that decides.
    pub const fn watched(of: Watched) -> Self {
        match of {
            Watched::SwabbingEnds => Self::SwabbingEnds,
            Watched::ResultsEnd => Self::ResultsEnd,
            Watched::Turnaround => Self::Turnaround,
            Watched::Wait => Self::Wait,
        }
    }
}

/// A number over replications: its mean and where nine in ten lie.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Band {
    /// The mean.
    pub mean: f64,
    /// 5 % are below.
    pub p05: f64,
    /// 95 % are below.
    pub p95: f64,
}

/// What an unknown does to the difference between a plan and the base in the deciding figure.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Turn {
    /// Which, as numbered in the base.
    pub unknown: UnknownId,
    /// Mean difference in minutes where it lies in the lower third of what it may be.
    pub low: f64,
    /// Where it lies in the upper third.
    pub high: f64,
}

impl Turn {
    /// Whether the better plan is another one at one end than at the other.
    pub fn is_one(&self) -> bool {
        self.low * self.high < 0.0
    }
}

/// Compares plans, the base first, all with the same seed, on the threads of the current pool. The result does not depend on their number.
///
/// # Panics
///
/// If there is no plan, or the plans have no round in common.
pub fn compare(models: &[Model], question: &Question, watch: &dyn Watch) -> Comparison {
    let mut contest = Contest::new(models, question, watch);
    let end = contest.run();
    contest.sum_up(end)
}

/// The rounds that all plans have, by the base's number.
pub fn common_rounds(models: &[Model]) -> Vec<RoundId> {
    let in_all = |round: &RoundId| {
        let id = &models[0].rounds[*round].name.id;
        models.iter().all(|model| round_of(model, id).is_some())
    };
    models[0].rounds.ids().filter(in_all).collect()
}

fn round_of(model: &Model, id: &str) -> Option<RoundId> {
    model
        .rounds
        .iter()
        .find(|(_, round)| round.name.id == id)
        .map(|(round, _)| round)
}

struct Contest<'a> {
    question: &'a Question,
    models: &'a [Model],
    experiments: Vec<Experiment<'a>>,
    /// The rounds in common: in the base and in each plan.
    rounds: Vec<Vec<RoundId>>,
    /// Which of them decides.
    deciding: usize,
    race: Option<Race>,
    dropped: Vec<Option<u32>>,
    /// Half the width of the interval between the two that lead, in minutes, once it is known.
    half: Option<f64>,
}

impl<'a> Contest<'a> {
    fn new(models: &'a [Model], question: &'a Question, watch: &'a dyn Watch) -> Self {
        let common = common_rounds(models);
        let numbers = |round: &RoundId| {
            let id = &models[0].rounds[*round].name.id;
            let number = |model: &Model| round_of(model, id).expect("all plans have it");
            models.iter().map(number).collect()
        };
        Self {
            question,
            models,
            experiments: models
                .iter()
                .enumerate()
                .map(|(plan, model)| Experiment::new(model, watch, format!("plan {plan}")))
                .collect(),
            rounds: common.iter().map(numbers).collect(),
            deciding: 0,
            race: None,
            dropped: vec![None; models.len()],
            half: None,
        }
    }

    fn run(&mut self) -> End {
        let (first, most) = match self.question.effort {
            Effort::Fixed(replications) => (replications, replications),
            Effort::UntilClear(most) => (FIRST_LOOK.min(most), most),
        };
        let first = first.max(2 * LUCK_PER_DRAW);
        for plan in 0..self.models.len() {
            if !self.extend(plan, first, most) {
                return End::Interrupted;
            }
        }
        self.deciding = self.decide();
        let looks: Vec<Vec<f64>> = (0..self.models.len())
            .map(|plan| self.numbers(plan, Compared::watched(self.question.of), self.deciding))
            .collect();
        if looks.iter().flatten().any(|number| !number.is_finite()) {
            return End::NoFigure;
        }
        self.half = self.narrowing(&looks);
        let looks: Vec<&[f64]> = looks.iter().map(Vec::as_slice).collect();
        let zone = self.question.indifference.minutes().max(1e-6);
        self.race = Some(Race::start(&looks, zone, CONFIDENCE));
        let mut total = first;
        loop {
            self.note_dropped(total);
            if let Some(best) = self.race.as_ref().and_then(Race::winner) {
                return End::Best(best);
            }
            if total >= most {
                return End::Open;
            }
            let before = total;
            total = (total + LOT).min(most);
            match self.lot(before, total, most) {
                Ok(()) => {}
                Err(end) => return end,
            }
        }
    }

    /// Another lot for the base and those that still run, and another look for each of its numbers.
    fn lot(&mut self, before: u32, total: u32, most: u32) -> Result<(), End> {
        let running = |plan: usize| plan == 0 || self.dropped[plan].is_none();
        let plans: Vec<usize> = (0..self.models.len())
            .filter(|&plan| running(plan))
            .collect();
        for &plan in &plans {
            if !self.extend(plan, total, most) {
                return Err(End::Interrupted);
            }
        }
        let of = Compared::watched(self.question.of);
        let numbers: Vec<Vec<f64>> = (0..self.models.len())
            .map(|plan| self.numbers(plan, of, self.deciding))
            .collect();
        self.half = self.narrowing(&numbers);
        let looked = self.race.as_ref().map_or(0, Race::looked);
        let upto = numbers[0].len();
        let race = self.race.as_mut().expect("it was started");
        for at in looked..upto {
            let next = numbers
                .iter()
                .map(|plan| plan.get(at).copied().unwrap_or(f64::MAX));
            let next: Vec<f64> = next.collect();
            if plans.iter().any(|&plan| !next[plan].is_finite()) {
                return Err(End::NoFigure);
            }
            if race.winner().is_none() {
                race.look(&next);
            }
        }
        debug_assert!(before < total, "a lot adds something");
        Ok(())
    }

    fn extend(&mut self, plan: usize, total: u32, planned: u32) -> bool {
        let half = self.half;
        self.experiments[plan].extend(total, planned, half) != Precision::Interrupted
    }

    /// Half the width of the interval between the two that lead, for whoever watches; none where there are no two.
    fn narrowing(&self, numbers: &[Vec<f64>]) -> Option<f64> {
        let runs = |plan: &usize| self.dropped[*plan].is_none();
        let mut plans: Vec<usize> = (0..numbers.len()).filter(runs).collect();
        let mean = |plan: &usize| moments(&numbers[*plan]).mean;
        plans.sort_by(|one, other| mean(one).total_cmp(&mean(other)));
        match plans.as_slice() {
            [best, next, ..] => Some(paired(&numbers[*best], &numbers[*next], CONFIDENCE).half),
            _ => None,
        }
    }

    fn note_dropped(&mut self, total: u32) {
        let Some(race) = &self.race else { return };
        for (plan, dropped) in self.dropped.iter_mut().enumerate() {
            if dropped.is_none() && !race.runs(plan) {
                *dropped = Some(total);
            }
        }
    }

    /// The round that decides: the one asked for, else that in which the base is worst: least often on time, then latest against its deadline.
    fn decide(&self) -> usize {
        let base = &self.models[0];
        let asked = self.rounds.iter().position(|numbers| {
            Some(&base.rounds[numbers[0]].name.id) == self.question.round.as_ref()
        });
        let danger = |at: &usize| {
            let round = self.rounds[*at][0];
            let mean = |of| moments(&self.numbers(0, of, *at)).mean;
            let allowed = base.rounds[round].deadline.since(base.rounds[round].opens);
            [
                mean(Compared::OnTime),
                allowed.minutes() - mean(Compared::ResultsEnd),
            ]
        };
        asked.unwrap_or_else(|| {
            let compare = |one: &usize, other: &usize| {
                let (one, other) = (danger(one), danger(other));
                one[0]
                    .total_cmp(&other[0])
                    .then(one[1].total_cmp(&other[1]))
            };
            (0..self.rounds.len()).min_by(compare).unwrap_or(0)
        })
    }

    /// A figure of a plan in one of the rounds in common, as independent numbers.
    fn numbers(&self, plan: usize, of: Compared, at: usize) -> Vec<f64> {
        let round = self.rounds[at][plan];
        let read = |outcome: &Outcome<f64>| of.read(&outcome.rounds[round]);
        let numbers: Vec<f64> = self.experiments[plan].outcomes.iter().map(read).collect();
        reduce::independent(&numbers, self.all_known())
    }

    /// Whether no plan has an unknown, so that every replication is independent of the others.
    fn all_known(&self) -> bool {
        self.models.iter().all(|model| model.unknowns.is_empty())
    }

    fn sum_up(&self, end: End) -> Comparison {
        let of = Compared::watched(self.question.of);
        let numbers: Vec<Vec<f64>> = (0..self.models.len())
            .map(|plan| self.numbers(plan, of, self.deciding))
            .collect();
        let luck = Streams::new(self.models[0].design.seed, 0).key(Purpose::Resampling, 0);
        let chances = chance_of_best(&numbers, |index| luck.word(index));
        let distances = from_best(&numbers, CONFIDENCE);
        let plan = |plan: usize| Plan {
            results: self.experiments[plan].results(),
            round: self.rounds[self.deciding][plan],
            from_best: distances[plan],
            chance: chances[plan],
            dropped: self.dropped[plan],
            differences: self.differences(plan),
            published: self.published(plan),
            turns: self.turns(plan, &numbers),
        };
        Comparison {
            of: self.question.of,
            plans: (0..self.models.len()).map(plan).collect(),
            end,
            needed: match (end, &self.race) {
                (End::Open, Some(race)) if self.all_known() => Some(race.at_most()),
                (End::Open, Some(race)) => Some(race.at_most() * u64::from(LUCK_PER_DRAW)),
                _ => None,
            },
        }
    }

    fn differences(&self, plan: usize) -> Vec<Difference> {
        if plan == 0 {
            return Vec::new();
        }
        let rounds = 0..self.rounds.len();
        rounds
            .flat_map(|at| Compared::ALL.map(|of| (at, of)))
            .map(|(at, of)| Difference {
                of,
                round: self.rounds[at][0],
                paired: paired(
                    &self.numbers(0, of, at),
                    &self.numbers(plan, of, at),
                    CONFIDENCE,
                ),
            })
            .collect()
    }

    /// People whose result is out, less those of the base, point by point of the curve.
    fn published(&self, plan: usize) -> Vec<Band> {
        let round = |plan: usize| self.rounds[self.deciding][plan];
        let curve = |plan: usize, replication: usize| {
            &self.experiments[plan].outcomes[replication].rounds[round(plan)].curve
        };
        let replications = self.experiments[0]
            .outcomes
            .len()
            .min(self.experiments[plan].outcomes.len());
        let longest = |plan: usize| {
            (0..replications)
                .map(|at| curve(plan, at).len())
                .max()
                .unwrap_or(0)
        };
        let at = |plan: usize, replication: usize, point: usize| {
            let curve = curve(plan, replication);
            let counters = curve.get(point).or(curve.last());
            counters.map_or(0.0, |counters| counters.published)
        };
        let band = |point: usize| {
            let mut apart: Vec<f64> = (0..replications)
                .map(|replication| at(plan, replication, point) - at(0, replication, point))
                .collect();
            let mean = moments(&apart).mean;
            apart.sort_unstable_by(f64::total_cmp);
            Band {
                mean,
                p05: quantile_of_sorted(&apart, 0.05),
                p95: quantile_of_sorted(&apart, 0.95),
            }
        };
        (0..longest(0).max(longest(plan))).map(band).collect()
    }

    /// What each unknown does to the difference.
    fn turns(&self, plan: usize, numbers: &[Vec<f64>]) -> Vec<Turn> {
        if plan == 0 {
            return Vec::new();
        }
        let base = &self.models[0];
        let apart: Vec<f64> = numbers[0]
            .iter()
            .zip(&numbers[plan])
            .map(|(base, other)| other - base)
            .collect();
        let third = |unknown: UnknownId, from: f64, to: f64| {
            let here = apart.iter().zip(0..).filter(|(_, draw)| {
                (from..to).contains(&ignorance_rank(base, draw * LUCK_PER_DRAW, unknown))
            });
            moments(&here.map(|(apart, _)| *apart).collect::<Vec<_>>()).mean
        };
        let mut turns: Vec<Turn> = base
            .unknowns
            .ids()
            .map(|unknown| Turn {
                unknown,
                low: third(unknown, 0.0, 1.0 / 3.0),
                high: third(unknown, 2.0 / 3.0, 1.0 + f64::EPSILON),
            })
            .collect();
        let strength = |turn: &Turn| (turn.high - turn.low).abs();
        turns.sort_by(|one, other| strength(other).total_cmp(&strength(one)));
        turns
    }
}

/// The most replications plans are given if nothing is said: several times what one plan is given.
pub fn budget(model: &Model) -> u32 {
    match model.design.replications {
        Replications::Fixed(replications) => replications.saturating_mul(5).min(20_000),
        Replications::Precision { most, .. } => most,
    }
}
