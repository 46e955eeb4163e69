//! What a replication costs: hours, items, vehicles and days at their prices.

use super::outcome::{CampaignCost, CostOutcome, Outcome, RoundOutcome};
use crate::id::{Id, RoundId};
use crate::model::Model;
use crate::network::cost::Cost;
use crate::network::{Network, RoundSite};
use crate::units::Time;
use std::collections::BTreeSet;

/// Enters the costs of a replication, whose stocks are entered, if the scenario says what things cost.
pub fn enter(model: &Model, network: &Network, outcome: &mut Outcome<f64>) {
    let Some(cost) = &network.cost else {
        return;
    };
    let (mut total, mut people) = (0.0, 0.0);
    for id in model.rounds.ids() {
        let priced = of_round(model, (network, cost), id, outcome);
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
    (network, cost): (&Network, &Cost),
    id: RoundId,
    outcome: &Outcome<f64>,
) -> CostOutcome<f64> {
    let round = &outcome.rounds[id];
    let staff = crews(model, (network, cost), id, outcome) + technicians(cost, id, outcome);
    let items = items(cost, round);
    let vehicles = cost.vehicle_hour * round.vehicle_hours;
    let sites = cost.site_day * site_days(&network.rounds[id].sites) as f64;
    let labs = labs(model, (network, cost), id, outcome);
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

/// The crews of all lanes while their sites are open.
fn crews(
    model: &Model,
    (network, cost): (&Network, &Cost),
    id: RoundId,
    outcome: &Outcome<f64>,
) -> f64 {
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
            lane * f64::from(network.sites[site.site].lanes) * site.open_hours
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

/// Runs, days and rents of laboratories.
fn labs(
    model: &Model,
    (network, cost): (&Network, &Cost),
    id: RoundId,
    outcome: &Outcome<f64>,
) -> f64 {
    let of_round = outcome.labs.iter().filter(|lab| lab.round == id);
    let own: f64 = of_round
        .map(|lab| {
            let runs = lab.stages[network.labs[lab.lab].test].runs;
            let runs = if runs.is_nan() { 0.0 } else { runs };
            runs * cost.per_run + lab.days * cost.lab_day
        })
        .sum();
    let next = model.rounds.get(RoundId::from_index(id.index() + 1));
    let round = &model.rounds[id];
    let until = next.map_or(round.deadline, |next| next.opens);
    let rent = |(lab, rent): &(crate::id::LabId, f64)| {
        let ready = network.labs[*lab].stages.values().map(|stage| stage.ready);
        let from = ready.min().unwrap_or(round.opens).max(round.opens);
        rent * until.since(from).hours().max(0.0) / 24.0
    };
    own + cost.rents.iter().map(rent).sum::<f64>()
}
