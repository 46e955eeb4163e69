//! The official rules of thumb as plans: the same operation with as many sites and lanes as a rule asks for.

use crate::geo;
use crate::id::{Id, RoundId, SiteId};
use crate::model::Model;
use crate::model::assumption::Quantity;

/// A rule of thumb about sites and lanes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    /// A site for 2,000 to 3,000 people: larger ones are split, cell by cell, their lanes shared out; where there are more sites than one for
    /// every 2,000, the smallest go to their neighbors with their lanes.
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
/// With more sites than one for so many people there are too many.
const PEOPLE_AT_LEAST: u32 = 2_000;

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
    plans.extend(sites(model, round).map(|plan| (Rule::Sites, plan)));
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

/// Sites with too many people split, and those too many merged; none where nothing changes, or where shares of stocks know only the sites there
/// are.
fn sites(model: &Model, round: RoundId) -> Option<Model> {
    if model.stocks.iter().any(|stock| stock.allotted) {
        return None;
    }
    let mut plan = model.clone();
    // Driving times know only the sites there are.
    if model.roads.is_none() {
        split(model, &people(model, round), &mut plan);
    }
    let merged = merge(&mut plan, round);
    (merged || plan.sites.len() > model.sites.len()).then_some(plan)
}

fn split(model: &Model, people: &[u32], plan: &mut Model) {
    for (site, &people) in model.sites.ids().zip(people) {
        let cells = model.cells.values().filter(|cell| cell.site == site);
        let parts = people.div_ceil(PEOPLE_OF_A_SITE).min(cells.count() as u32);
        if parts > 1 && model.sites[site].visits.is_none() {
            split_site(plan, site, parts);
        }
    }
}

/// While there are more sites than one for every 2,000 people, the smallest that has room elsewhere goes to the nearest with room for its
/// people. Whether any did.
fn merge(plan: &mut Model, round: RoundId) -> bool {
    let mut merged = false;
    loop {
        let people = people(plan, round);
        let mut used: Vec<SiteId> = plan
            .sites
            .ids()
            .filter(|&site| people[site.index()] > 0 && plan.sites[site].visits.is_none())
            .collect();
        let all: u64 = used
            .iter()
            .map(|site| u64::from(people[site.index()]))
            .sum();
        if used.len() as u64 <= all.div_ceil(u64::from(PEOPLE_AT_LEAST)).max(1) {
            return merged;
        }
        used.sort_by_key(|site| people[site.index()]);
        let fits = |from: SiteId, to: SiteId| {
            let both = people[from.index()].saturating_add(people[to.index()]);
            from != to && both <= PEOPLE_OF_A_SITE
        };
        let nearest = |&from: &SiteId| {
            let others = used.iter().copied().filter(|&to| fits(from, to));
            let to = others
                .min_by(|&one, &other| apart(plan, from, one).total_cmp(&apart(plan, from, other)));
            to.map(|to| (from, to))
        };
        let Some((from, to)) = used.iter().find_map(nearest) else {
            return merged;
        };
        merge_site(plan, from, to);
        merged = true;
    }
}

/// How far apart two sites are, in meters; where that is not known their places in the list tell.
fn apart(plan: &Model, one: SiteId, other: SiteId) -> f64 {
    match (plan.sites[one].position, plan.sites[other].position) {
        (Some(here), Some(there)) => geo::distance(here, there),
        _ => one.index().abs_diff(other.index()) as f64,
    }
}

/// A site's cells and lanes go to another; couriers do not call there any more.
fn merge_site(plan: &mut Model, from: SiteId, to: SiteId) {
    let lanes = plan.sites[from].lanes.value + plan.sites[to].lanes.value;
    plan.sites[to].lanes = Quantity::known(lanes);
    for courier in plan.couriers.values_mut() {
        let calls = courier.sites.contains(&to);
        if !calls && let Some(stop) = courier.sites.iter_mut().find(|stop| **stop == from) {
            *stop = to;
        }
        courier.sites.retain(|&site| site != from);
    }
    for cell in plan.cells.values_mut().filter(|cell| cell.site == from) {
        cell.site = to;
    }
    for place in plan.rounds.values_mut().flat_map(|round| &mut round.places) {
        if place.site == from {
            place.site = to;
        }
    }
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
