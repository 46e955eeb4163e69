//! The official rules of thumb as plans: the same operation with as many sites and lanes as a rule asks for.

use crate::id::{Id, RoundId, SiteId};
use crate::model::Model;
use crate::model::assumption::Quantity;

/// A rule of thumb about sites and lanes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    /// No site for more than 3,000 people: larger ones are split, cell by cell, their lanes shared out.
    Sites,
    /// A lane for every 800 people.
    LanesOf800,
    /// A lane for every 600 people.
    LanesOf600,
    /// A swabber for every 360 people.
    Swabbers,
}

/// People for whom there is a site at least.
const PEOPLE_OF_A_SITE: u32 = 3_000;

/// The plan by each rule that applies to a round. Teams that visit stay as they are.
pub fn plans(model: &Model, round: RoundId) -> Vec<(Rule, Model)> {
    let people = people(model, round);
    let lanes = |of: &dyn Fn(&crate::model::site::Site) -> u32| {
        let mut plan = model.clone();
        for (site, &people) in plan.sites.values_mut().zip(&people) {
            if people > 0 && site.visits.is_none() {
                let lanes = people.div_ceil(of(site).max(1));
                site.lanes = Quantity::known(lanes.max(1));
            }
        }
        plan
    };
    let mut plans = Vec::new();
    plans.extend(split(model, &people).map(|plan| (Rule::Sites, plan)));
    plans.push((Rule::LanesOf800, lanes(&|_| 800)));
    plans.push((Rule::LanesOf600, lanes(&|_| 600)));
    let swabbers = |site: &crate::model::site::Site| 360 * site.crew.swabbers.clamp(1, 1_000);
    plans.push((Rule::Swabbers, lanes(&swabbers)));
    plans
}

/// People who go to each site in a round.
fn people(model: &Model, round: RoundId) -> Vec<u32> {
    let mut people = vec![0_u32; model.sites.len()];
    let round = &model.rounds[round];
    for (&cell, place) in round.cells.iter().zip(&round.places) {
        let due = model.cells[cell].due();
        let visited = place.visited.map_or(0, |(people, _)| people.min(due));
        let here = &mut people[place.site.index()];
        *here = here.saturating_add(due - visited);
    }
    people
}

/// Sites with too many people split; none where nothing is split, or where driving times and shares of stocks know only the sites there are.
fn split(model: &Model, people: &[u32]) -> Option<Model> {
    if model.roads.is_some() || model.stocks.iter().any(|stock| stock.allotted) {
        return None;
    }
    let mut plan = model.clone();
    for (site, &people) in model.sites.ids().zip(people) {
        let cells = model.cells.values().filter(|cell| cell.site == site);
        let parts = people.div_ceil(PEOPLE_OF_A_SITE).min(cells.count() as u32);
        if parts > 1 && model.sites[site].visits.is_none() {
            split_site(&mut plan, site, parts);
        }
    }
    (plan.sites.len() > model.sites.len()).then_some(plan)
}

/// One site in so many parts: its cells go to them in turn, its lanes are shared out, each with one at least.
fn split_site(plan: &mut Model, site: SiteId, parts: u32) {
    let lanes = plan.sites[site].lanes.value;
    let share = |part: u32| (lanes + parts - 1 - part).div_euclid(parts).max(1);
    let mut places = vec![site];
    for part in 1..parts {
        let mut other = plan.sites[site].clone();
        let number = part + 1;
        other.name.id = format!("{}~{number}", other.name.id);
        for name in [&mut other.name.zh, &mut other.name.en] {
            if !name.is_empty() {
                *name = format!("{name} {number}");
            }
        }
        other.lanes = Quantity::known(share(part));
        places.push(plan.sites.push(other));
    }
    plan.sites[site].lanes = Quantity::known(share(0));
    for courier in plan.couriers.values_mut() {
        if let Some(at) = courier.sites.iter().position(|&other| other == site) {
            courier.sites.splice(at..=at, places.iter().copied());
        }
    }
    let goes = |number: usize| places[number % places.len()];
    let theirs: Vec<_> = (plan.cells.iter())
        .filter(|(_, cell)| cell.site == site)
        .map(|(cell, _)| cell)
        .collect();
    for (number, cell) in theirs.into_iter().enumerate() {
        plan.cells[cell].site = goes(number);
        for round in plan.rounds.values_mut() {
            let found = round.cells.iter().position(|&other| other == cell);
            if let Some(place) = found.map(|at| &mut round.places[at])
                && place.site == site
            {
                place.site = goes(number);
            }
        }
    }
}
