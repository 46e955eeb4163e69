//! Tubes on the road.

use super::{Case, Findings, Rule};
use std::collections::BTreeMap;
use swabplan::id::{CourierId, RoundId, SiteId};
use swabplan::model::Route;

/// A trip: when it collects at each site, and when it is at the laboratory.
#[derive(Default)]
struct Trip {
    picked: BTreeMap<SiteId, Vec<i64>>,
    delivered: Vec<i64>,
}

pub(super) fn review(case: Case, findings: &mut Findings) {
    let mut trips: BTreeMap<(RoundId, CourierId, u32), BTreeMap<u32, Trip>> = BTreeMap::new();
    let mut by_site: BTreeMap<(RoundId, SiteId), Vec<(i64, i64)>> = BTreeMap::new();
    for record in &case.trace.tubes {
        let (courier, place) = service(case, record.site);
        let vehicle = match &case.model.couriers[courier].route {
            Route::Direct => place,
            // Site k goes to vehicle k mod vehicles, of which there are as many as the network has tours.
            Route::Loop { .. } => {
                place % (case.network.couriers[courier].tours.len() as u32).max(1)
            }
        };
        let trip = trips
            .entry((record.round, courier, vehicle))
            .or_default()
            .entry(record.tube.trip)
            .or_default();
        trip.picked
            .entry(record.site)
            .or_default()
            .push(record.tube.picked);
        trip.delivered.push(record.tube.delivered);
        by_site
            .entry((record.round, record.site))
            .or_default()
            .push((record.tube.closed, record.tube.picked));
    }
    for ((round, site), tubes) in by_site {
        for &(closed, picked) in &tubes {
            let left = tubes
                .iter()
                .any(|&(_, visit)| closed <= visit && visit < picked);
            findings.unless(!left, Rule::Couriers, || {
                format!("round {round:?}, {site:?}: what was closed at {closed} was left behind until {picked}")
            });
        }
    }
    for ((round, courier, vehicle), trips) in trips {
        timetable(case, (round, courier, vehicle), &trips, findings);
    }
}

/// The courier of a site and the place of the site in its list.
fn service(case: Case, site: SiteId) -> (CourierId, u32) {
    let of = |(id, courier): (CourierId, &swabplan::model::Courier)| {
        courier
            .sites
            .iter()
            .position(|&other| other == site)
            .map(|place| (id, place as u32))
    };
    case.model
        .couriers
        .iter()
        .find_map(of)
        .expect("every site has a courier")
}

/// One vehicle through a round.
fn timetable(
    case: Case,
    (round, id, vehicle): (RoundId, CourierId, u32),
    trips: &BTreeMap<u32, Trip>,
    findings: &mut Findings,
) {
    let courier = &case.model.couriers[id];
    let name = format!("round {round:?}, {} vehicle {vehicle}", courier.name.id);
    let due = |trip: u32| {
        (case.model.rounds[round].opens
            + courier.first
            + case.network.couriers[id].every * i64::from(trip))
        .millis()
    };
    let mut back = i64::MIN;
    for (&number, trip) in trips {
        let (first, last) = (trip.delivered.iter().min(), trip.delivered.iter().max());
        findings.unless(first == last, Rule::Couriers, || {
            format!("{name}: trip {number} ends at {:?}", trip.delivered)
        });
        for (&site, visits) in &trip.picked {
            let one = visits.iter().all(|visit| visit == &visits[0]);
            findings.unless(one, Rule::Couriers, || {
                format!("{name}: trip {number} is at {site:?} at {visits:?}")
            });
            let kept = match courier.route {
                Route::Direct => {
                    visits[0] == due(number) + case.model.sites[site].pickup_offset.millis()
                }
                Route::Loop { .. } => visits[0] >= due(number) && visits[0] >= back,
            };
            findings.unless(kept, Rule::Couriers, || {
                format!("{name}: trip {number} visits {site:?} at {}", visits[0])
            });
        }
        back = if matches!(courier.route, Route::Direct) {
            i64::MIN
        } else {
            last.copied().unwrap_or(back)
        };
    }
}
