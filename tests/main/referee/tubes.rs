//! Tubes at their lane.

use super::sites::openings;
use super::{Case, Findings, Rule};
use std::collections::{BTreeMap, BTreeSet};
use swabplan::id::{RoundId, SiteId};
use swabplan::model::site::{Boundary, Pickup};
use swabplan::model::visits::Unit;
use swabplan::network::Shares;
use swabplan::sim::trace::TubeRecord;

pub(super) fn review(case: Case, findings: &mut Findings) {
    unbound(case, findings);
    let mut lanes: BTreeMap<(RoundId, SiteId, u32), Vec<&TubeRecord>> = BTreeMap::new();
    for record in &case.trace.tubes {
        alone(case, record, findings);
        lanes
            .entry((record.round, record.site, record.tube.lane))
            .or_default()
            .push(record);
    }
    for (lane, mut tubes) in lanes {
        tubes.sort_unstable_by_key(|record| record.tube.serial);
        for (number, record) in tubes.iter().enumerate() {
            findings.unless(
                record.tube.serial as usize == number,
                Rule::NoTubeLost,
                || {
                    format!(
                        "{lane:?}: tube {} is the one after {number}",
                        record.tube.serial
                    )
                },
            );
        }
        for pair in tubes.windows(2) {
            in_turn(case, pair[0], pair[1], findings);
        }
    }
}

/// Who is not bound is in a tube with a result, told when that is out, once, and where it can be.
fn unbound(case: Case, findings: &mut Findings) {
    let results = case.trace.results.iter();
    let out: BTreeMap<_, _> = results
        .map(|result| ((result.origin, result.lane, result.tube), result.at))
        .collect();
    let mut inside = BTreeSet::new();
    for record in &case.trace.tubes {
        let at = (
            record.round,
            record.site,
            record.tube.lane,
            record.tube.serial,
        );
        let swabs = record.swabs.iter();
        inside.extend(swabs.map(|swab| (at, swab.source, swab.rank)));
    }
    for record in &case.trace.unbound {
        let (origin, lane, tube) = (record.origin, record.lane, record.tube);
        let faults = origin
            .site
            .and_then(|site| case.model.sites[site].tubes.faults.as_ref());
        let may = faults
            .is_some_and(|faults| faults.unbound.value.0 > 0.0 || faults.unbound.range.is_some());
        let told = out.get(&(origin, lane, tube)) == Some(&record.at);
        let is_inside = origin.site.is_some_and(|site| {
            inside.remove(&((origin.round, site, lane, tube), record.source, record.rank))
        });
        findings.unless(may && told && is_inside, Rule::NobodyLost, || {
            format!("{record:?}: may {may}, told {told}, in the tube {is_inside}")
        });
    }
}

/// What holds of each tube by itself.
fn alone(case: Case, record: &TubeRecord, findings: &mut Findings) {
    let (tube, name) = (&record.tube, || format!("tube {:?}", record.tube));
    let rules = &case.model.sites[record.site].tubes;
    findings.unless(
        tube.people as usize == record.swabs.len() && tube.people > 0,
        Rule::NobodyLost,
        || format!("{} holds {} swabs", name(), record.swabs.len()),
    );
    for swab in &record.swabs {
        let pool = pool(case, record, swab.source);
        findings.unless(tube.people <= pool, Rule::Tubes, || {
            format!("{} may hold {pool}", name())
        });
    }
    let one_kind = record
        .swabs
        .windows(2)
        .all(|pair| pool(case, record, pair[0].source) == pool(case, record, pair[1].source));
    findings.unless(one_kind, Rule::Tubes, || format!("{} mixes kinds", name()));
    let within = bounds(case, record)
        .windows(2)
        .all(|pair| pair[0] == pair[1]);
    findings.unless(within, Rule::Tubes, || {
        format!("{} goes over a boundary", name())
    });
    let first = record
        .swabs
        .iter()
        .map(|swab| swab.end)
        .min()
        .unwrap_or(tube.first);
    let last = record
        .swabs
        .iter()
        .map(|swab| swab.end)
        .max()
        .unwrap_or(tube.first);
    let in_time = first == tube.first
        && last <= tube.closed
        && tube.closed <= tube.picked
        && tube.picked <= tube.delivered;
    findings.unless(in_time, Rule::Causality, || {
        format!("{}: swabs from {first} to {last}", name())
    });
    let too_old = rules
        .max_age
        .is_some_and(|age| tube.closed > tube.first + age.millis());
    let too_idle = rules
        .max_idle
        .is_some_and(|idle| tube.closed > last + idle.millis());
    findings.unless(!too_old && !too_idle, Rule::Tubes, || {
        format!("{} is closed too late", name())
    });
}

/// What holds of a tube and the next of its lane.
fn in_turn(case: Case, tube: &TubeRecord, next: &TubeRecord, findings: &mut Findings) {
    let last = tube
        .swabs
        .iter()
        .map(|swab| swab.end)
        .max()
        .unwrap_or(tube.tube.first);
    findings.unless(
        last <= next.tube.first && tube.tube.closed <= next.tube.first,
        Rule::Tubes,
        || {
            format!(
                "{:?} is still open at the first swab of {:?}",
                tube.tube, next.tube
            )
        },
    );
    // A tube that is not full has a reason: age, idleness, a visit, another kind of tube, the end of the day.
    let rules = &case.model.sites[tube.site].tubes;
    let of = |record: &TubeRecord| pool(case, record, record.swabs[0].source);
    let closed = tube.tube.closed;
    let reason = tube.tube.people == of(tube)
        || of(tube) != of(next)
        || apart(case, tube, next)
        || rules
            .max_age
            .is_some_and(|age| closed == tube.tube.first + age.millis())
        || rules
            .max_idle
            .is_some_and(|idle| closed == last + idle.millis())
        || (rules.at_pickup == Pickup::Closes && (closed == tube.tube.picked || full(case, tube)))
        || openings(case, tube.round, tube.site)
            .iter()
            .any(|opening| opening.last && closed == opening.to.max(last));
    findings.unless(reason, Rule::Tubes, || {
        format!("{:?} is closed for no reason", tube.tube)
    });
}

/// Whether the people of a tube and those of the next may not share one.
fn apart(case: Case, tube: &TubeRecord, next: &TubeRecord) -> bool {
    let site = &case.model.sites[tube.site];
    let stops = site.visits.as_ref();
    let by_stop = stops.is_some_and(|visits| visits.unit == Unit::Cell);
    let [one, other] = [tube, next].map(|record| record.swabs[0].source);
    let household = shares(case, tube, one) == Some(Shares::Household);
    household || (by_stop && one != other) || shares(case, tube, one) != shares(case, next, other)
}

fn shares(case: Case, record: &TubeRecord, source: u32) -> Option<Shares> {
    let places = &case.network.rounds[record.round].sites;
    let place = places.iter().find(|place| place.site == record.site)?;
    place
        .sources
        .get(source as usize)
        .map(|source| source.shares)
}

/// Of each person in a tube what must be the same for all of them.
fn bounds(case: Case, record: &TubeRecord) -> Vec<u32> {
    let round = &case.model.rounds[record.round];
    let places = &case.network.rounds[record.round].sites;
    let place = places.iter().find(|place| place.site == record.site);
    let cell = |source: u32| place.map_or(0, |place| place.sources[source as usize].cell);
    let boundary = case.model.sites[record.site].tubes.boundary;
    let swabs = record.swabs.iter().map(|swab| cell(swab.source));
    match boundary {
        Some(Boundary::Cell) => swabs.collect(),
        Some(Boundary::Tier) => swabs
            .map(|cell| round.tiers[cell as usize] as u32)
            .collect(),
        Some(Boundary::Household) | None => Vec::new(),
    }
}

/// Whether a vehicle may have come and left the tube behind.
fn full(case: Case, record: &TubeRecord) -> bool {
    let courier = case.network.sites[record.site].courier;
    case.network.couriers[courier].load.is_some()
}

fn pool(case: Case, record: &TubeRecord, source: u32) -> u32 {
    let place = case.network.rounds[record.round]
        .sites
        .iter()
        .find(|place| place.site == record.site);
    place
        .and_then(|place| place.sources.get(source as usize))
        .map_or(0, |source| source.pool)
}
