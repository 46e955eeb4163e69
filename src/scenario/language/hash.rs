//! A hash of what a scenario means: the same for every way of writing it, another as soon as a quantity differs.

use sha2::{Digest, Sha256};

use crate::id::Table;
use crate::model::Model;

/// 16 hexadecimal digits of what a Model means.
///
/// Its lists are in the order of ids already. Titles, names, sources and standings say nothing about what happens, nor does how often or
/// with which seed it is replicated; they are left out.
pub(super) fn of(model: &Model) -> String {
    let mut cells = model.cells.clone();
    let mut sites = model.sites.clone();
    let mut couriers = model.couriers.clone();
    let mut labs = model.labs.clone();
    let mut feeds = model.feeds.clone();
    let mut rounds = model.rounds.clone();
    let names = cells.values_mut().map(|cell| &mut cell.name);
    let names = names.chain(sites.values_mut().map(|site| &mut site.name));
    let names = names.chain(couriers.values_mut().map(|courier| &mut courier.name));
    let names = names.chain(labs.values_mut().map(|lab| &mut lab.name));
    let names = names.chain(feeds.values_mut().map(|feed| &mut feed.name));
    for name in names.chain(rounds.values_mut().map(|round| &mut round.name)) {
        name.zh.clear();
        name.en.clear();
    }
    for stage in labs.values_mut().flat_map(|lab| &mut lab.stages) {
        stage.zh.clear();
        stage.en.clear();
    }
    let unknowns: Table<crate::id::UnknownId, &str> = model
        .unknowns
        .values()
        .map(|unknown| unknown.key.as_str())
        .collect();
    let Model {
        first_day,
        walking,
        catch_up,
        readiness,
        infection,
        recall,
        isolation,
        study,
        stocks,
        roads,
        cost,
        ..
    } = model;
    let mut meaning = format!(
        "swabplan 1 {first_day} {cells:?} {sites:?} {couriers:?} {labs:?} {feeds:?} {rounds:?} {walking:?} {catch_up:?} {readiness:?} {infection:?} {recall:?} {isolation:?} {study:?} {unknowns:?}"
    );
    if !stocks.is_empty() {
        let mut stocks = stocks.clone();
        for stock in &mut stocks {
            stock.name.zh.clear();
            stock.name.en.clear();
        }
        meaning = format!("{meaning} {stocks:?}");
    }
    if let Some(cost) = cost {
        meaning = format!("{meaning} {cost:?}");
    }
    if let Some(roads) = roads {
        meaning = format!("{meaning} {roads:?}");
    }
    meaning += &wrong(model);
    if let Some(campaign) = &model.campaign {
        let mut campaign = campaign.clone();
        let rules = campaign
            .review
            .iter_mut()
            .flat_map(|review| &mut review.rules);
        for rule in rules {
            rule.name.zh.clear();
            rule.name.en.clear();
        }
        meaning = format!("{meaning} {campaign:?}");
    }
    let digest = Sha256::digest(meaning.as_bytes());
    let first = digest
        .iter()
        .take(8)
        .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{first:016x}")
}

/// What goes wrong, and the disinfection of sites; nothing if nothing is said of them.
fn wrong(model: &Model) -> String {
    let mut text = String::new();
    if !model.incidents.is_empty() {
        let mut incidents = model.incidents.clone();
        for incident in &mut incidents {
            incident.name.zh.clear();
            incident.name.en.clear();
        }
        text = format!(" {incidents:?}");
    }
    if let Some(stress) = &model.stress {
        text = format!("{text} {stress:?}");
    }
    if let Some(disinfection) = &model.disinfection {
        text = format!("{text} {disinfection:?}");
    }
    text
}
