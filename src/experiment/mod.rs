//! Many replications: how sure the answer is, and what its spread is made of.

pub mod campaign;
pub mod compare;
pub mod explain;
pub mod influence;
mod keep;
pub mod lever;
pub mod leverage;
pub mod points;
mod reduce;
pub mod results;
pub mod risk;
pub mod rules;
pub mod sobol;

use crate::id::{Id, UnknownId};
use crate::measure::day::{Day, listen};
use crate::measure::outcome::Outcome;
use crate::measure::{costs, incidents, replicate_as_held, stocks};
use crate::model::incident::{Incident, What};
use crate::model::{Model, Replications, Watched};
use crate::network::campaign::Rounds;
use crate::network::{Network, compile, compile_in};
use crate::random::{Purpose, Streams, name};
use crate::sim::{Grain, Memory};
use crate::stats::interval::{moments, t_quantile};
use keep::kept_or;
use rayon::prelude::*;
use results::{Precision, Results};
use std::sync::{Mutex, PoisonError};

/// Replications that share one draw of what nobody knows, so that luck can be told from ignorance.
const LUCK_PER_DRAW: u32 = 2;

/// Replications before the first look at the precision.
const FIRST_LOOK: u32 = 20;

/// Someone who watches the work, may stop it, and may keep what is done, so that it can be taken up where it stopped.
pub trait Watch: Sync {
    /// So many replications are done; so many are foreseen; half the width of the interval asked for, in minutes, once it is known.
    fn done(&self, replications: u32, planned: u32, half_width_min: Option<f64>);
    /// Whether to stop.
    fn interrupted(&self) -> bool;
    /// Whether anything is kept.
    fn keeps(&self) -> bool {
        false
    }
    /// What was kept under a key.
    fn kept(&self, _key: &str) -> Option<Vec<u8>> {
        None
    }
    /// Keeps something under a key.
    fn keep(&self, _key: &str, _bytes: &[u8]) {}
}

/// Nobody watches.
#[derive(Clone, Copy, Debug)]
pub struct Nobody;

impl Watch for Nobody {
    fn done(&self, _: u32, _: u32, _: Option<f64>) {}
    fn interrupted(&self) -> bool {
        false
    }
}

/// Replicates as the model's design asks, on the threads of the current pool. The result does not depend on their number.
pub fn run(model: &Model, watch: &dyn Watch) -> Results {
    let mut experiment = Experiment::new(model, watch, "run".to_owned());
    let precision = match model.design.replications {
        Replications::Fixed(replications) => experiment.extend(replications, replications, None),
        Replications::Precision { of, to, most } => experiment.until_sure(of, to.minutes(), most),
    };
    reduce::results(model, &experiment.outcomes, precision)
}

/// Runs replication `index` alone, with its network.
pub fn network(model: &Model, replication: u32) -> (Network, Streams) {
    let streams = Streams::new(model.design.seed, replication);
    (
        compile_in(
            model,
            &|unknown| ignorance_rank(model, replication, unknown),
            streams,
        ),
        streams,
    )
}

/// The hours of the first replications of the model's design, on the threads of the current pool; none if interrupted.
pub fn days(model: &Model, replications: u32, watch: &dyn Watch) -> Option<Day> {
    let replications = replications.max(1);
    let mut day = Day::default();
    // As many at once as there are threads, so that few are in memory.
    let lot = rayon::current_num_threads().max(1) as u32;
    for from in (0..replications).step_by(lot as usize) {
        let one = |replication: u32| {
            (!watch.interrupted()).then(|| {
                let (network, streams) = network(model, replication);
                listen(&network, streams, &mut Memory::default(), replication == 0)
            })
        };
        let numbers = from..(from + lot).min(replications);
        let days: Option<Vec<Day>> = numbers.into_par_iter().map(one).collect();
        days?.into_iter().for_each(|other| day.add(other));
    }
    day.over(replications);
    Some(day)
}

/// The rank, 0 to 1, of an unknown among what it may be, in the world of a replication.
fn ignorance_rank(model: &Model, replication: u32, unknown: UnknownId) -> f64 {
    Streams::new(model.design.seed, replication / LUCK_PER_DRAW)
        .key(Purpose::Ignorance, name(&model.unknowns[unknown].key))
        .share()
}

/// Bytes needed to run the model's design on `jobs` threads: generous, so that what it allows fits.
pub fn memory(model: &Model, jobs: usize) -> u64 {
    let people: u64 = model
        .rounds
        .values()
        .map(|round| {
            round
                .cells
                .iter()
                .map(|&cell| u64::from(model.cells[cell].due()))
                .sum::<u64>()
        })
        .sum();
    let replications = match model.design.replications {
        Replications::Fixed(replications) => replications,
        Replications::Precision { most, .. } => most,
    };
    let places = (model.cells.len() + model.sites.len() + 200) as u64 * model.rounds.len() as u64;
    // A person in flight is a swab and a share of a tube; a replication running keeps its histograms; one done keeps its figures.
    let people = people.saturating_add(unforeseen(model, people));
    (jobs.min(replications as usize) as u64)
        .saturating_mul(people.saturating_mul(64).saturating_add(8_000_000))
        .saturating_add(u64::from(replications) * places * 120)
}

/// At most so many people and tubes that nobody foresees, where so many people are due.
fn unforeseen(model: &Model, due: u64) -> u64 {
    let of = |incident: &Incident| match &incident.what {
        What::People { .. } => due,
        What::Tubes { labs, tubes } => {
            let most = tubes.range.as_ref().map_or(tubes.value, |range| range.high);
            u64::from(most) * labs.len() as u64
        }
        What::Site(_)
        | What::Road { .. }
        | What::Storm { .. }
        | What::Upload { .. }
        | What::Staff { .. }
        | What::Registration { .. }
        | What::Machine { .. } => 0,
    };
    model.incidents.iter().map(of).fold(0, u64::saturating_add)
}

/// The network that all replications share, if nothing is unknown and nothing goes wrong at random.
fn shared(model: &Model) -> Option<Network> {
    (model.unknowns.is_empty() && model.stress.is_none()).then(|| compile(model, &|_| 0.5))
}

struct Experiment<'a> {
    model: &'a Model,
    watch: &'a dyn Watch,
    /// What its replications are kept under.
    name: String,
    outcomes: Vec<Outcome<f64>>,
    shared: Option<Network>,
    /// Memory of replications that are done.
    spare: Mutex<Vec<Memory>>,
}

impl<'a> Experiment<'a> {
    fn new(model: &'a Model, watch: &'a dyn Watch, name: String) -> Self {
        Self {
            model,
            watch,
            name,
            outcomes: Vec::new(),
            shared: shared(model),
            spare: Mutex::default(),
        }
    }

    /// What the replications so far came to.
    fn results(&self) -> Results {
        reduce::results(self.model, &self.outcomes, Precision::Fixed)
    }

    /// Runs replications up to number `total`, of `planned` in all.
    fn extend(&mut self, total: u32, planned: u32, half_width: Option<f64>) -> Precision {
        let threads = rayon::current_num_threads();
        while (self.outcomes.len() as u32) < total {
            let from = self.outcomes.len() as u32;
            let lot = (total - from).min(threads as u32 * 8);
            // A few replications of many people: let the sites of each share the processor.
            let grain = if (lot as usize) < threads {
                Grain::Sites
            } else {
                Grain::Whole
            };
            let one = |replication: u32| {
                let work =
                    || (!self.watch.interrupted()).then(|| self.replicate(replication, grain));
                kept_or(self.watch, &format!("{} {replication}", self.name), work)
            };
            let lot: Option<Vec<Outcome<f64>>> = match grain {
                Grain::Whole => (from..from + lot).into_par_iter().map(one).collect(),
                Grain::Sites => (from..from + lot).map(one).collect(),
            };
            let Some(lot) = lot else {
                return Precision::Interrupted;
            };
            self.outcomes.extend(lot);
            self.watch
                .done(self.outcomes.len() as u32, planned, half_width);
        }
        Precision::Fixed
    }

    fn replicate(&self, replication: u32, grain: Grain) -> Outcome<f64> {
        let spare = || self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        let mut memory = spare().pop().unwrap_or_default();
        let streams = Streams::new(self.model.design.seed, replication);
        let outcome = if let Some(network) = &self.shared {
            let (mut outcome, rounds) = replicate_as_held(network, streams, grain, &mut memory);
            ledgers(self.model, &rounds, &mut outcome);
            outcome
        } else {
            let (network, streams) = network(self.model, replication);
            let (mut outcome, rounds) = replicate_as_held(&network, streams, grain, &mut memory);
            ledgers(self.model, &rounds, &mut outcome);
            outcome
        };
        spare().push(memory);
        outcome
    }

    /// Replicates until the interval of a figure of the last round is narrow enough, in looks that each foresee how many are missing.
    fn until_sure(&mut self, of: Watched, to: f64, most: u32) -> Precision {
        let mut total = FIRST_LOOK.min(most);
        let mut half_width = None;
        loop {
            if self.extend(total, total.max(FIRST_LOOK), half_width) == Precision::Interrupted {
                return Precision::Interrupted;
            }
            let now = self.half_width(of);
            half_width = Some(now);
            if now <= to {
                return Precision::Reached(now);
            }
            if total == most {
                return Precision::Missed(now);
            }
            // The interval narrows with the square root of the number; never less than a tenth more, never more than four times.
            let needed = if now.is_finite() {
                f64::from(total) * (now / to).powi(2)
            } else {
                f64::from(total) * 2.0
            };
            let next = needed
                .clamp(f64::from(total) * 1.1, f64::from(total) * 4.0)
                .ceil() as u32;
            total = next.next_multiple_of(LUCK_PER_DRAW).min(most);
        }
    }

    /// Half the width of the 95 % interval of the watched figure, in minutes.
    fn half_width(&self, of: Watched) -> f64 {
        let figures: Vec<f64> = self
            .outcomes
            .iter()
            .map(|outcome| watched(outcome, of))
            .collect();
        let means = reduce::independent(&figures, self.model.unknowns.is_empty());
        let found = moments(&means);
        t_quantile(found.count.saturating_sub(1), 0.95)
            * (found.variance / found.count as f64).sqrt()
    }
}

/// Enters stocks, costs and incidents of the rounds as they were held.
fn ledgers(model: &Model, rounds: &Rounds<'_>, outcome: &mut Outcome<f64>) {
    stocks::enter(model, rounds, outcome);
    costs::enter(model, rounds, outcome);
    incidents::enter(model, rounds, outcome);
}

fn watched(outcome: &Outcome<f64>, of: Watched) -> f64 {
    let Some(last) = outcome.rounds.len().checked_sub(1) else {
        return f64::NAN;
    };
    let round = &outcome.rounds[Id::from_index(last)];
    match of {
        Watched::SwabbingEnds => round.swabbing_ends_min,
        Watched::ResultsEnd => round.results_end_min,
        Watched::Turnaround => round.turnaround_min.mean,
        Watched::Wait => round.wait_min.mean,
    }
}
