//! One plan after another under the same luck, each kept as it is done, so that long work can be taken up where it stopped.

use super::compare::Compared;
use super::keep::kept_or;
use super::{Experiment, Watch, reduce};
use crate::id::RoundId;
use crate::measure::outcome::Outcome;
use crate::model::Model;
use crate::stats::interval::{mean_interval, wilson};
use crate::stats::selection::{Paired, paired};
use serde::{Deserialize, Serialize};

/// What the replications of one plan came to in one round, figure by figure, as independent numbers.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Trial {
    /// In the order of [`Compared::ALL`].
    pub numbers: Vec<Vec<f64>>,
}

impl Trial {
    /// The numbers of a figure.
    pub fn of(&self, figure: Compared) -> &[f64] {
        &self.numbers[figure as usize]
    }

    /// Mean of a figure with its 95 % interval: `(mean, lo, hi)`; of a probability the Wilson interval.
    pub fn mean(&self, figure: Compared) -> (f64, f64, f64) {
        let numbers = self.of(figure);
        if figure == Compared::OnTime {
            let hits: f64 = numbers.iter().sum();
            let trials = numbers.len() as u64;
            let (lo, hi) = wilson(hits.round() as u64, trials, 0.95);
            return (hits / trials as f64, lo, hi);
        }
        mean_interval(numbers, 0.95)
    }

    /// How much more of a figure it has than another.
    pub fn against(&self, base: &Self, figure: Compared) -> Paired {
        paired(base.of(figure), self.of(figure), super::compare::CONFIDENCE)
    }
}

/// How plans are tried.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Trials<'a> {
    /// The id of the round that is looked at.
    pub round: &'a str,
    /// Replications of each plan.
    pub replications: u32,
    /// Plans in all, for whoever watches.
    pub planned: u32,
}

impl Trials<'_> {
    /// Tries plan number `index`, unless it is kept under the key; none if interrupted. On the threads of the current pool; the result does not depend on
    /// their number.
    ///
    /// # Errors
    ///
    /// What `model` says, which makes the plan where it is needed.
    pub fn one<E>(
        &self,
        (index, key): (u32, &str),
        model: impl FnOnce() -> Result<Model, E>,
        watch: &dyn Watch,
    ) -> Result<Option<Trial>, E> {
        let mut fault = None;
        let found = kept_or(watch, key, || match model() {
            Ok(model) => trial(&model, self.round, self.replications, &Part { watch }),
            Err(error) => {
                fault = Some(error);
                None
            }
        });
        if let Some(error) = fault {
            return Err(error);
        }
        if found.is_some() {
            watch.done(index + 1, self.planned, None);
        }
        Ok(found)
    }
}

/// What one plan comes to in a round; none if interrupted. A plan without that round has no numbers.
pub fn trial(model: &Model, round: &str, replications: u32, watch: &dyn Watch) -> Option<Trial> {
    let mut experiment = Experiment::new(model, watch, String::new());
    let replications = replications.max(1);
    if experiment.extend(replications, replications, None) == super::results::Precision::Interrupted
    {
        return None;
    }
    let found = model
        .rounds
        .iter()
        .find(|(_, entry)| entry.name.id == round);
    let numbers =
        |figure: &Compared| found.map_or_else(Vec::new, |(id, _)| experiment.numbers(*figure, id));
    Some(Trial {
        numbers: Compared::ALL.iter().map(numbers).collect(),
    })
}

impl Experiment<'_> {
    /// A figure of a round as independent numbers.
    pub(super) fn numbers(&self, figure: Compared, round: RoundId) -> Vec<f64> {
        let read = |outcome: &Outcome<f64>| figure.read(&outcome.rounds[round]);
        let numbers: Vec<f64> = self.outcomes.iter().map(read).collect();
        reduce::independent(&numbers, self.model.unknowns.is_empty())
    }
}

/// Hears whether to stop, and tells nothing.
struct Part<'a> {
    watch: &'a dyn Watch,
}

impl Watch for Part<'_> {
    fn done(&self, _: u32, _: u32, _: Option<f64>) {}
    fn interrupted(&self) -> bool {
        self.watch.interrupted()
    }
}
