//! Why results are late: where the time of the late people goes, and what it would be without each thing that holds them.
//!
//! Every replication is run again with the same luck, once to find who is late and once to split their time. Then whatever they wait for is
//! relieved, one thing at a time, ten times as much of it under the same luck: what that brings is no opinion.

use super::compare::CONFIDENCE;
use super::keep::kept_or;
use super::lever::{Lever, Pull};
use super::{LUCK_PER_DRAW, Watch, network, reduce, shared};
use crate::id::{CourierId, LabId, RoundId, StageId};
use crate::measure::ends::{Ends, TubeKey, ends};
use crate::measure::parts::{Part, Parts};
use crate::measure::split::{Asked, Split, split};
use crate::model::Model;
use crate::model::lab::Work;
use crate::network::Network;
use crate::random::Streams;
use crate::sim::Memory;
use crate::stats::interval::mean_interval;
use crate::stats::selection::{Paired, paired};
use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::sync::{Mutex, PoisonError};

/// Where nobody is late, the last of so large a share are looked at.
pub const LAST: f64 = 0.05;

/// Causes that are checked: the parts with most of the time.
const CHECKED: usize = 8;

/// A part that takes less of the time than this is no cause.
const LEAST: f64 = 0.01;

/// Whose time it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whom {
    /// Everyone whose result is out after the deadline.
    Late,
    /// Nobody is late: the last [`LAST`] of each replication.
    Last,
}

/// Why results are late.
#[derive(Clone, PartialEq, Debug)]
pub struct Explanation {
    /// The round.
    pub round: RoundId,
    /// Replications.
    pub replications: u32,
    /// Whose time it is.
    pub whom: Whom,
    /// Replications in which there is someone to look at.
    pub happens: u32,
    /// People whose result is out, a replication.
    pub published: f64,
    /// Of them those looked at, a replication.
    pub people: f64,
    /// Minutes from the opening to the result of each of those, over replications: mean and 95 % interval.
    pub minutes: (f64, f64, f64),
    /// Minutes from the opening to the last result, over replications: mean and 95 % interval.
    pub last: (f64, f64, f64),
    /// The parts.
    pub parts: Parts,
    /// The time of those looked at, all replications together.
    pub split: Split,
    /// What holds them, that which can be relieved with the greatest gain first.
    pub causes: Vec<Cause>,
}

/// What holds people up.
#[derive(Clone, PartialEq, Debug)]
pub struct Cause {
    /// Where they wait, the longest first.
    pub parts: Vec<Part>,
    /// Minutes of each person looked at.
    pub minutes: f64,
    /// What would be done about it, if anything can be.
    pub relief: Option<Relief>,
}

/// What it would be without a cause.
#[derive(Clone, PartialEq, Debug)]
pub struct Relief {
    /// What is relieved.
    pub lever: Lever,
    /// How.
    pub pull: Pull,
    /// Mean moment of as many last results, in minutes, less what it was.
    pub gain: Paired,
    /// Moment of the last result, less what it was.
    pub last: Paired,
    /// People late, less what it was.
    pub late: Paired,
}

impl Explanation {
    /// By part, minutes of each person looked at.
    pub fn each(&self) -> Vec<f64> {
        let people = self.split.people as f64;
        let sums = self.split.parts(&self.parts);
        sums.iter().map(|&sum| sum as f64 / people / 6e4).collect()
    }
}

/// Explains a round; none if interrupted, or if no result is out in any replication. On the threads of the current pool; the result does not
/// depend on their number.
pub fn explain(
    model: &Model,
    round: RoundId,
    replications: u32,
    watch: &dyn Watch,
) -> Option<Explanation> {
    let inquiry = Inquiry {
        model,
        round,
        replications,
        watch,
    };
    let base = inquiry.tails(model, (0, "ends"), &|_, ends| inquiry.lots(&ends))?;
    let whom = if base.iter().any(|[late, _]| late.people > 0) {
        Whom::Late
    } else {
        Whom::Last
    };
    let lots: Vec<Lot> = base
        .into_iter()
        .map(|[late, last]| match whom {
            Whom::Late => late,
            Whom::Last => last,
        })
        .collect();
    if lots.iter().all(|lot| lot.people == 0) {
        return None;
    }
    let (split, parts) = inquiry.split(&lots)?;
    let tails: Vec<Tail> = lots.iter().map(|lot| lot.tail).collect();
    let mut explanation = Explanation {
        round,
        replications,
        whom,
        happens: lots.iter().filter(|lot| lot.people > 0).count() as u32,
        published: tails.iter().map(|tail| tail.published).sum::<f64>() / tails.len() as f64,
        people: split.people as f64 / tails.len() as f64,
        minutes: inquiry.mean(&tails, |tail| tail.mean),
        last: inquiry.mean(&tails, |tail| tail.last),
        parts,
        split,
        causes: Vec::new(),
    };
    let counts: Vec<u64> = lots.iter().map(|lot| lot.people).collect();
    explanation.causes = inquiry.causes(&explanation, (&tails, &counts))?;
    Some(explanation)
}

/// How many simulations that takes at most, for whoever watches: those that find and split, and two for each cause.
pub const fn planned() -> u32 {
    2 + 2 * CHECKED as u32
}

/// The last results of a replication.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Tail {
    /// Their mean moment, in minutes after the opening; NaN of nobody.
    mean: f64,
    last: f64,
    late: f64,
    published: f64,
}

/// People looked at in a replication.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Lot {
    people: u64,
    tubes: Vec<TubeKey>,
    tail: Tail,
}

/// What is asked.
struct Inquiry<'a> {
    model: &'a Model,
    round: RoundId,
    replications: u32,
    watch: &'a dyn Watch,
}

impl Inquiry<'_> {
    /// When results are out in each replication of a plan, and what is made of it.
    fn tails<T: Send + Serialize + DeserializeOwned>(
        &self,
        model: &Model,
        (done, key): (u32, &str),
        made: &(dyn Fn(u32, Ends) -> T + Sync),
    ) -> Option<Vec<T>> {
        let one = |replication, network: &Network, streams, memory: &mut Memory| {
            made(replication, ends(network, streams, memory, self.round))
        };
        let found = each(model, self.replications, (self.watch, key), &one)?;
        self.watch.done(done + 1, planned(), None);
        Some(found)
    }

    /// The late of a replication, and its last.
    fn lots(&self, ends: &Ends) -> [Lot; 2] {
        let late = ends.people_after(self.model.rounds[self.round].deadline);
        let last = (ends.people() as f64 * LAST).ceil() as u64;
        [late, last].map(|people| Lot {
            people,
            tubes: ends.last_tubes(people),
            tail: self.tail(ends, people),
        })
    }

    fn tail(&self, ends: &Ends, people: u64) -> Tail {
        let round = &self.model.rounds[self.round];
        let minutes = |last: crate::units::Time| last.since(round.opens).minutes();
        Tail {
            mean: ends.mean_of_last(people, round.opens),
            last: ends.last().map_or(f64::NAN, minutes),
            late: ends.people_after(round.deadline) as f64,
            published: ends.people() as f64,
        }
    }

    /// The time of those looked at, all replications together.
    fn split(&self, lots: &[Lot]) -> Option<(Split, Parts)> {
        let parts = Parts::of(self.model);
        let one = |replication: u32, network: &Network, streams, memory: &mut Memory| {
            let tubes = &lots[replication as usize].tubes;
            if tubes.is_empty() {
                return Split::default();
            }
            let asked = Asked {
                round: self.round,
                tubes,
                parts: &parts,
            };
            split(network, streams, memory, asked)
        };
        let found = each(self.model, self.replications, (self.watch, "split"), &one)?;
        let mut whole = Split::default();
        for split in &found {
            whole.merge(split);
        }
        self.watch.done(2, planned(), None);
        Some((whole, parts))
    }

    /// Numbers of replications as independent ones, those of nobody left out.
    fn independent(&self, tails: &[Tail], read: fn(&Tail) -> f64) -> Vec<f64> {
        let numbers: Vec<f64> = tails.iter().map(read).collect();
        if self.model.unknowns.is_empty() {
            return reduce::independent(&numbers, true);
        }
        let mean = |group: &[f64]| {
            let there = group.iter().filter(|number| number.is_finite());
            there.clone().sum::<f64>() / there.count() as f64
        };
        numbers.chunks(LUCK_PER_DRAW as usize).map(mean).collect()
    }

    fn mean(&self, tails: &[Tail], read: fn(&Tail) -> f64) -> (f64, f64, f64) {
        let mut numbers = self.independent(tails, read);
        numbers.retain(|number| number.is_finite());
        mean_interval(&numbers, CONFIDENCE)
    }

    fn against(&self, [base, other]: [&[Tail]; 2], read: fn(&Tail) -> f64) -> Paired {
        let [base, other] = [base, other].map(|tails| self.independent(tails, read));
        paired(&base, &other, CONFIDENCE)
    }

    /// The causes, each relieved.
    fn causes(
        &self,
        explanation: &Explanation,
        (base, counts): (&[Tail], &[u64]),
    ) -> Option<Vec<Cause>> {
        let (each, stations) = (explanation.each(), &explanation.parts.stations);
        let whole: f64 = each.iter().sum();
        let mut parts: Vec<(Part, f64)> = (explanation.parts.list.iter().copied())
            .zip(each)
            .filter(|(_, minutes)| *minutes >= LEAST * whole)
            .filter(|(part, _)| !levers(self.model, *part, stations).is_empty())
            .collect();
        parts.sort_by(|one, other| other.1.total_cmp(&one.1));
        parts.truncate(CHECKED);
        let mut tried: Vec<(Lever, Option<Relief>)> = Vec::new();
        let mut causes: Vec<Cause> = Vec::new();
        for (part, minutes) in parts {
            let mut best: Option<Relief> = None;
            for (lever, pull) in levers(self.model, part, stations) {
                if tried.iter().all(|(other, _)| *other != lever) {
                    let done = 2 + tried.len() as u32;
                    let relief = self.relieve(&lever, pull, (base, counts, done))?;
                    tried.push((lever.clone(), relief));
                }
                let found = tried.iter().find(|(other, _)| *other == lever);
                let better = |relief: &&Relief| {
                    let than = best.as_ref().map_or(f64::INFINITY, |best| best.gain.mean);
                    relief.gain.mean < than
                };
                if let Some(relief) = found.and_then(|(_, relief)| relief.as_ref()).filter(better) {
                    best = Some(relief.clone());
                }
            }
            let lever = best.as_ref().map(|relief| &relief.lever);
            let same = |cause: &&mut Cause| {
                lever.is_some() && cause.relief.as_ref().map(|relief| &relief.lever) == lever
            };
            if let Some(cause) = causes.iter_mut().find(same) {
                cause.parts.push(part);
                cause.minutes += minutes;
            } else {
                causes.push(Cause {
                    parts: vec![part],
                    minutes,
                    relief: best,
                });
            }
        }
        let gain = |cause: &Cause| {
            let clear = cause.relief.as_ref().filter(|relief| helps(&relief.gain));
            clear.map_or(0.0, |relief| relief.gain.mean)
        };
        // The sort is stable: among those that bring nothing, the longest wait first.
        causes.sort_by(|one, other| gain(one).total_cmp(&gain(other)));
        Some(causes)
    }

    /// What it would be with a lever pulled; nothing where it cannot be. None if interrupted.
    #[allow(clippy::option_option, reason = "interrupted, or nothing to pull")]
    fn relieve(
        &self,
        lever: &Lever,
        pull: Pull,
        (base, counts, done): (&[Tail], &[u64], u32),
    ) -> Option<Option<Relief>> {
        let Some(plan) = lever.pulled(self.model, pull) else {
            return Some(None);
        };
        let other = self.tails(
            &plan,
            (done, &format!("{lever:?} {pull:?}")),
            &|replication, ends| self.tail(&ends, counts[replication as usize]),
        )?;
        let against = |read| self.against([base, &other], read);
        Some(Some(Relief {
            lever: lever.clone(),
            pull,
            gain: against(|tail| tail.mean),
            last: against(|tail| tail.last),
            late: against(|tail| tail.late),
        }))
    }
}

/// Whether a relief clearly brings results earlier, by half a minute at least.
pub fn helps(gain: &Paired) -> bool {
    gain.mean < -0.5 && (gain.is_clear() || gain.half.is_nan())
}

/// What could relieve a part: enough of it that nobody waits.
fn levers(model: &Model, part: Part, stations: &[String]) -> Vec<(Lever, Pull)> {
    let couriers =
        |of: &dyn Fn(CourierId) -> Vec<Lever>| model.couriers.ids().flat_map(of).collect();
    let stage = |lab: LabId, stage: StageId| (lab, crate::id::Id::index(stage));
    let found: Vec<Lever> = match part {
        Part::Closed => vec![Lever::Hours],
        // Whoever is called, or visited, comes as fast as lanes, or teams, can take people.
        Part::Coming | Part::Team => {
            let all = stations.iter().cloned().map(Lever::Station);
            [Lever::Calls, Lever::AllLanes]
                .into_iter()
                .chain(all)
                .collect()
        }
        Part::Queue(at) => vec![Lever::Station(stations[at].clone()), Lever::AllLanes],
        Part::Filling => return vec![(Lever::Pool, Pull::Down)],
        Part::Pickup => couriers(&|courier| vec![Lever::Trips(courier), Lever::Vehicles(courier)]),
        Part::NoRoom => couriers(&|courier| vec![Lever::Load(courier), Lever::Vehicles(courier)]),
        Part::Busy(lab, at) => {
            let (lab, at) = stage(lab, at);
            vec![
                Lever::Capacity(lab, at),
                Lever::Wells(lab, at),
                Lever::Hands(lab, at),
                Lever::Room(lab, at),
            ]
        }
        Part::Idle(lab, at) => {
            let (lab, at) = stage(lab, at);
            let before = at.checked_sub(1).map(|at| Lever::Policy(lab, at));
            [
                Some(Lever::Policy(lab, at)),
                before,
                Some(Lever::Capacity(lab, at)),
                Some(Lever::Hands(lab, at)),
            ]
            .into_iter()
            .flatten()
            .collect()
        }
        Part::Work(lab, at) => {
            let (lab, at) = stage(lab, at);
            // A run takes as long as it takes; what only takes time could take less.
            match model.labs[lab].stages[at].work {
                Work::Delay { .. } | Work::Upload { .. } => vec![Lever::Time(lab, at)],
                // A run that is over waits for people to clear it away.
                Work::Machines { hands: Some(_), .. } => vec![Lever::Hands(lab, at)],
                Work::Workers { .. } | Work::Machines { hands: None, .. } => Vec::new(),
            }
        }
        Part::Service(_) | Part::Road | Part::Rework(_) | Part::Hold(_) => Vec::new(),
    };
    found.into_iter().map(|lever| (lever, Pull::Away)).collect()
}

/// Does something with each of so many replications, on the threads of the current pool, in order; none if interrupted.
fn each<T: Send + Serialize + DeserializeOwned>(
    model: &Model,
    replications: u32,
    (watch, key): (&dyn Watch, &str),
    work: &(dyn Fn(u32, &Network, Streams, &mut Memory) -> T + Sync),
) -> Option<Vec<T>> {
    let shared = shared(model);
    let spare: Mutex<Vec<Memory>> = Mutex::default();
    let lock = || spare.lock().unwrap_or_else(PoisonError::into_inner);
    let one = |replication: u32| {
        let mut memory = lock().pop().unwrap_or_default();
        let found = if let Some(network) = &shared {
            let streams = Streams::new(model.design.seed, replication);
            work(replication, network, streams, &mut memory)
        } else {
            let (network, streams) = network(model, replication);
            work(replication, &network, streams, &mut memory)
        };
        lock().push(memory);
        found
    };
    let kept = |replication: u32| {
        kept_or(watch, &format!("{key} {replication}"), || {
            (!watch.interrupted()).then(|| one(replication))
        })
    };
    (0..replications).into_par_iter().map(kept).collect()
}
