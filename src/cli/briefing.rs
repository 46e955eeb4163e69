//! What the briefing wants to know besides the results: what would help, tried, and what waits and works at which hour.

use crate::experiment::points::Trials;
use crate::experiment::results::Results;
use crate::experiment::{self, Watch, leverage};
use crate::measure::day::Day;
use crate::model::Model;
use crate::report;
use crate::report::brief::Asked;

/// Somebody wants the work to end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stopped;

/// Replications of each plan that is tried for the requests of the report.
const TRIED: u32 = 40;

/// Replications whose hours are listened to, at most: a tenth of all.
const LISTENED: u32 = 20;

/// What could relieve the round in most danger, tried; nothing if nothing is to be relieved.
pub(super) fn asked(
    model: &Model,
    results: &Results,
    watch: &dyn Watch,
) -> Result<Option<Asked>, Stopped> {
    let levers = report::brief::levers(model, results);
    let Some(round) = report::verdict::worst(model, results).filter(|_| !levers.is_empty()) else {
        return Ok(None);
    };
    let replications = TRIED.min(results.replications.max(4));
    let trials = Trials {
        round: &model.rounds[round].name.id,
        replications,
        planned: levers.len() as u32 + 1,
    };
    let leverage = leverage::some(model, &levers, &trials, watch).ok_or(Stopped)?;
    Ok(Some(Asked {
        leverage,
        replications,
    }))
}

/// The hours of a few replications, for charts and report.
pub(super) fn day(model: &Model, results: &Results, watch: &dyn Watch) -> Result<Day, Stopped> {
    let replications = results.replications.div_ceil(10).min(LISTENED);
    experiment::days(model, replications, watch).ok_or(Stopped)
}
