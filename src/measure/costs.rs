//! What a replication costs: hours, items, vehicles and days at their prices.

use super::campaign::lasts;
use super::outcome::{CampaignCost, CostOutcome, Outcome, RoundOutcome};
use crate::id::{LabId, RoundId};
use crate::model::Model;
use crate::network::RoundSite;
use crate::network::campaign::Rounds;
use crate::network::cost::Cost;
use crate::units::Time;
use std::collections::BTreeSet;

/// Enters the costs of a replication, whose stocks are entered, if the scenario says what things cost.
pub fn enter(model: &Model, rounds: &Rounds<'_>, outcome: &mut Outcome<f64>) {
    let Some(cost) = &rounds.planned().cost else {
        return;
    };
    let (mut total, mut people) = (0.0, 0.0);
    for id in model.rounds.ids() {
        let priced = of_round(model, (rounds, cost), id, outcome);
        total += priced.total;
        people += outcome.rounds[id].swabbed;
        outcome.rounds[id].cost = Some(priced);
    }
    let budget = model.cost.as_ref().and_then(|cost| cost.budget);
    outcome.cost = Some(CampaignCost {
        total,
        per_person: total / people,
        over_budget: budget.map_or(f64::NAN, |budget| f64::from(u8::from(total > budget))),
    });
}

fn of_round(
    model: &Model,
    (rounds, cost): (&Rounds<'_>, &Cost),
    id: RoundId,
    outcome: &Outcome<f64>,
) -> CostOutcome<f64> {
    let is_held = lasts(rounds, outcome.decided.as_deref(), id).is_some();
    let round = &outcome.rounds[id];
    let staff = crews(model, cost, id, outcome) + technicians(cost, id, outcome);
    let items = items(cost, round);
    let vehicles = cost.vehicle_hour * round.vehicle_hours;
    let sites = if is_held {
        cost.site_day * site_days(&rounds.round(id).sites) as f64
    } else {
        0.0
    };
    let labs = labs((rounds, cost), id, outcome);
    let total = staff + items + vehicles + sites + labs;
    CostOutcome {
        staff,
        items,
        vehicles,
        sites,
        labs,
        total,
        per_person: total / round.swabbed,
    }
}

/// The crews of all lanes while their sites are open, or while they are on duty or dress.
fn crews(model: &Model, cost: &Cost, id: RoundId, outcome: &Outcome<f64>) -> f64 {
    let sites = outcome.sites.iter().filter(|site| site.round == id);
    sites
        .map(|site| {
            let crew = model.sites[site.site].crew;
            let heads = [crew.scanners, crew.swabbers, crew.guides].map(f64::from);
            let lane: f64 = heads
                .iter()
                .zip(cost.crew_hour)
                .map(|(n, hour)| n * hour)
                .sum();
            lane * site.lane_hours
        })
        .sum()
}

fn technicians(cost: &Cost, id: RoundId, outcome: &Outcome<f64>) -> f64 {
    let labs = outcome.labs.iter().filter(|lab| lab.round == id);
    labs.map(|lab| lab.technician_hours * cost.technician_hour)
        .sum()
}

/// What is used up; of a stock that is not counted in the round nothing is known to be.
fn items(cost: &Cost, round: &RoundOutcome<f64>) -> f64 {
    let counted = round.stocks.iter().zip(&cost.stocks);
    let stocks: f64 = counted
        .filter(|(stock, _)| !stock.used.is_nan())
        .map(|(stock, price)| stock.used * price)
        .sum();
    stocks
        + round.swabbed * cost.per_person
        + round.tubes * cost.per_tube
        + round.reactions * cost.per_reaction
}

/// Days on which sites are open, added up.
fn site_days(sites: &[RoundSite]) -> usize {
    let days = |site: &RoundSite| {
        let opened = site.openings.iter().map(|opening| opening.start.midnight());
        opened.collect::<BTreeSet<Time>>().len()
    };
    sites.iter().map(days).sum()
}

/// Runs, days and rents of laboratories; rents go on until the next round opens.
fn labs((rounds, cost): (&Rounds<'_>, &Cost), id: RoundId, outcome: &Outcome<f64>) -> f64 {
    let network = rounds.planned();
    let of_round = outcome.labs.iter().filter(|lab| lab.round == id);
    let own: f64 = of_round
        .map(|lab| {
            let runs = lab.stages[network.labs[lab.lab].test].runs;
            let runs = if runs.is_nan() { 0.0 } else { runs };
            runs * cost.per_run + lab.days * cost.lab_day
        })
        .sum();
    let Some(lasts) = lasts(rounds, outcome.decided.as_deref(), id) else {
        return own;
    };
    let rent = |(lab, rent): &(LabId, f64)| {
        let ready = network.labs[*lab].stages.values().map(|stage| stage.ready);
        let from = ready.min().unwrap_or(lasts.from).max(lasts.from);
        rent * lasts.until.since(from).hours().max(0.0) / 24.0
    };
    own + cost.rents.iter().map(rent).sum::<f64>()
}
