//! Model to Network. It cannot fail: a `Model` is checked.

mod couriers;
mod incidents;
mod labs;
mod ledger;
mod roads;
mod rounds;
mod shortages;
mod sites;
mod staff;
mod visits;

use super::campaign::Campaign;
use super::duty::Crew;
use super::lab::COMMON;
use super::{Course, Infection, Isolation, Network, Recall};
use crate::id::{CellId, RoundId, UnknownId};
use crate::model::assumption::{Between, Quantity};
use crate::model::coming::Sizes;
use crate::model::service::{Duration, Mean, Shape};
use crate::model::{Model, isolation, positives};
use crate::random::Streams;
use crate::random::sampler::Sampler;
use crate::units::{Span, Time};
pub(super) use incidents::Effects;
use std::sync::Arc;

/// Longer than anything lasts: a rule that is not there.
const FOREVER: Span = Span::from_millis(i64::MAX / 8);

/// Compiles the operation in a world where each unknown has the rank that `rank` gives it, 0 to 1 among what it may be; 0.5 for all is the
/// world as stated. Nothing goes wrong but what is said to.
pub fn compile(model: &Model, rank: &dyn Fn(UnknownId) -> f64) -> Network {
    let effects = Arc::new(Effects::of(model, rank, None));
    Compiler {
        model,
        rank,
        effects,
    }
    .network()
}

/// The same with what goes wrong at random under the luck of a replication, if the model is one of a stress run.
pub fn compile_in(model: &Model, rank: &dyn Fn(UnknownId) -> f64, streams: Streams) -> Network {
    let effects = Arc::new(Effects::of(model, rank, Some(streams)));
    Compiler {
        model,
        rank,
        effects,
    }
    .network()
}

pub(super) struct Compiler<'a> {
    pub(super) model: &'a Model,
    pub(super) rank: &'a dyn Fn(UnknownId) -> f64,
    pub(super) effects: Arc<Effects>,
}

impl Compiler<'_> {
    fn network(&self) -> Network {
        let model = self.model;
        let first = model
            .rounds
            .values()
            .next()
            .map_or(Time::ZERO, |round| round.opens);
        Network {
            sites: model
                .sites
                .iter()
                .map(|(id, site)| self.site(id, site))
                .collect(),
            couriers: model
                .couriers
                .iter()
                .map(|(id, courier)| self.courier(id, courier))
                .collect(),
            labs: model
                .labs
                .iter()
                .map(|(id, lab)| self.lab(id, lab))
                .collect(),
            feeds: model
                .feeds
                .values()
                .map(|feed| self.feed(feed))
                .chain(self.later_days())
                .chain(self.effects.waves())
                .collect(),
            rounds: model
                .rounds
                .ids()
                .map(|round| Arc::new(self.round(round)))
                .collect(),
            campaign: Campaign::of(self).map(Arc::new),
            recall: model.recall.as_ref().map(|recall| self.recall(recall)),
            isolation: model.isolation.as_ref().map(|rooms| self.isolation(rooms)),
            supplies: self.supplies(),
            cost: model.cost.as_ref().map(|cost| self.cost(cost)),
            infection: model
                .infection
                .as_ref()
                .map(|infection| self.infection(infection, first)),
            staffed: model.staff.comes_and_goes(),
            incidents: self.effects.happenings.clone(),
            disinfected: self.effects.disinfected.clone(),
            stop: model.study.stop.map_or(Time::NEVER, |stop| first + stop),
        }
    }

    /// The same network for one round: its sites, its couriers and the round itself are drawn up anew.
    pub(super) fn anew(&self, network: &Network, round: RoundId) -> Network {
        let (sites, couriers) = (self.model.sites.iter(), self.model.couriers.iter());
        let mut anew = Network {
            sites: sites.map(|(id, site)| self.site(id, site)).collect(),
            couriers: couriers
                .map(|(id, courier)| self.courier(id, courier))
                .collect(),
            ..network.clone()
        };
        anew.rounds[round] = Arc::new(self.round(round));
        anew
    }

    fn now<T: Between>(&self, quantity: &Quantity<T>) -> T {
        quantity.at(self.rank)
    }

    fn mean_millis(&self, duration: &Duration) -> f64 {
        match &duration.mean {
            Mean::Time(time) => self.now(time).millis() as f64,
            Mean::Pace(pace) => 3.6e6 / self.now(pace).0,
        }
    }

    fn sampler(&self, duration: &Duration) -> Sampler {
        sampler(self.mean_millis(duration), &duration.shape)
    }

    fn isolation(&self, isolation: &isolation::Isolation) -> Isolation {
        let rooms = isolation.rooms.iter();
        Isolation {
            close: self.now(&isolation.close),
            secondary: self.now(&isolation.secondary),
            trace: self.now(&isolation.trace),
            close_stay: isolation.close_stay,
            secondary_stay: isolation.secondary_stay,
            occupied: isolation.occupied,
            rooms: rooms
                .map(|place| (place.from.unwrap_or(Time::BEFORE), place.rooms))
                .collect(),
        }
    }

    fn recall(&self, recall: &positives::Recall) -> Recall {
        Recall {
            find: self.sampler(&recall.find),
            teams: self.now(&recall.teams).max(1),
            visit: self.sampler(&recall.visit),
            singles: recall.singles,
            road: self.sampler(&recall.road),
            class: COMMON - recall.priority.min(COMMON),
            confirm: self.sampler(&recall.confirm),
        }
    }

    /// The share of the people of a cell who are infected.
    fn infected(&self, cell: CellId) -> f64 {
        self.model.infection.as_ref().map_or(0.0, |infection| {
            let own = self.model.cells[cell].prevalence.as_ref();
            self.now(own.unwrap_or(&infection.prevalence)).0
        })
    }

    fn infection(&self, infection: &positives::Infection, first: Time) -> Infection {
        let detected: Vec<u64> = infection.course().into_iter().map(in_2_32).collect();
        Infection {
            households: cumulative(&Sizes::about(infection.household)),
            attack: self.now(&infection.attack).0,
            course: (!detected.is_empty()).then_some(Course {
                detected,
                until: first,
            }),
        }
    }
}

/// A probability in units of 2^−32.
fn in_2_32(probability: f64) -> u64 {
    (probability.clamp(0.0, 1.0) * 4_294_967_296.0) as u64
}

/// Shares of 1, 2, 3 … as those of 1, of 1 or 2, and so on, in units of 2^−32.
fn cumulative(sizes: &Sizes) -> Vec<u64> {
    let mut sum = 0.0;
    let below = |share: &f64| {
        sum += share;
        in_2_32(sum)
    };
    sizes.0.iter().map(below).collect()
}

/// The sampler of a distribution with this mean in milliseconds.
fn sampler(mean: f64, shape: &Shape) -> Sampler {
    if mean < 0.5 {
        return Sampler::Constant(0);
    }
    match shape {
        Shape::Constant => Sampler::constant(Span::from_seconds(mean / 1e3)),
        Shape::Exponential => Sampler::Exponential(mean as f32),
        Shape::Gamma(cv) => Sampler::Gamma {
            shape: (1.0 / (cv * cv)) as f32,
            scale: (mean * cv * cv) as f32,
        },
        Shape::Lognormal(cv) => {
            let variance = libm::log1p(cv * cv);
            let ln2 = std::f64::consts::LN_2;
            Sampler::Lognormal {
                mu: ((libm::log(mean) - variance / 2.0) / ln2) as f32,
                sigma: (libm::sqrt(variance) / ln2) as f32,
            }
        }
        Shape::Weibull(shape) => Sampler::Weibull {
            scale: (mean / libm::tgamma(1.0 + 1.0 / shape)) as f32,
            power: (1.0 / shape) as f32,
        },
        Shape::Uniform(half) => Sampler::Uniform {
            low: (mean * (1.0 - half)) as f32,
            width: (2.0 * mean * half) as f32,
        },
        Shape::Triangular([low, mode, high]) => Sampler::Triangular {
            low: (mean * low) as f32,
            high: (mean * high) as f32,
            below: ((mode - low) / (high - low)) as f32,
        },
        Shape::Empirical(multiples) => Sampler::Empirical(
            multiples
                .iter()
                .map(|multiple| Span::from_seconds(mean * multiple / 1e3).millis() as u32)
                .collect(),
        ),
    }
}

/// Hours of the day.
fn window((from, to): (Span, Span)) -> Crew {
    Crew {
        from,
        length: Span::from_millis(to.millis() - from.millis()),
    }
}
