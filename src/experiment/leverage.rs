//! What each lever does to the answer: one unit more or less, or nobody waiting for it any more.

use super::Watch;
use super::lever::{Lever, Pull};
use super::points::{Trial, Trials};
use crate::model::Model;

/// A lever pulled, and what came of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Pulled {
    /// Which.
    pub lever: Lever,
    /// How far.
    pub pull: Pull,
    /// What the plan then came to.
    pub trial: Trial,
}

/// What the levers of a plan do.
#[derive(Clone, PartialEq, Debug)]
pub struct Leverage {
    /// The plan as it stands.
    pub base: Trial,
    /// Every lever at every pull that changes something.
    pub pulled: Vec<Pulled>,
}

/// How many trials it takes.
pub fn trials(model: &Model, pulls: &[Pull]) -> u32 {
    let levers = Lever::all(model);
    let each = |lever: &Lever| {
        pulls
            .iter()
            .filter(|&&pull| lever.pulled(model, pull).is_some())
            .count()
    };
    1 + levers.iter().map(each).sum::<usize>() as u32
}

/// Pulls every lever of a plan as far as asked, one at a time; none if interrupted.
pub fn leverage(
    model: &Model,
    pulls: &[Pull],
    trials: &Trials<'_>,
    watch: &dyn Watch,
) -> Option<Leverage> {
    let all = Lever::all(model).into_iter();
    let levers: Vec<(Lever, Pull)> = all
        .flat_map(|lever| pulls.iter().map(move |&pull| (lever.clone(), pull)))
        .collect();
    some(model, &levers, trials, watch)
}

/// Pulls some levers of a plan, one at a time; none if interrupted.
pub fn some(
    model: &Model,
    levers: &[(Lever, Pull)],
    trials: &Trials<'_>,
    watch: &dyn Watch,
) -> Option<Leverage> {
    let mut index = 0;
    let mut one = |key: &str, plan: Model| {
        let made = || Ok::<Model, std::convert::Infallible>(plan);
        let found = trials.one((index, key), made, watch);
        index += 1;
        found.unwrap_or_else(|never| match never {})
    };
    let base = one("base", model.clone())?;
    let mut pulled = Vec::new();
    for (lever, pull) in levers {
        if let Some(plan) = lever.pulled(model, *pull) {
            let trial = one(&format!("{lever:?} {pull:?}"), plan)?;
            pulled.push(Pulled {
                lever: lever.clone(),
                pull: *pull,
                trial,
            });
        }
    }
    Some(Leverage { base, pulled })
}
