//! Tubes on the road.

use super::{Case, Findings, Rule};
use std::collections::BTreeMap;
use swabplan::id::{CourierId, Id, RoundId, SiteId};
use swabplan::model::courier::{Courier, Route};
use swabplan::model::incident::What;
use swabplan::network::courier::Call;
use swabplan::sim::trace::TubeRecord;
use swabplan::sim::tubes::TRIPS_IN_A_ROUND;

/// A trip: when it collects at each site, and when it is at the laboratory.
#[derive(Default)]
struct Trip {
    picked: BTreeMap<SiteId, Vec<i64>>,
    delivered: Vec<i64>,
    /// How many tubes it takes at each site.
    tubes: BTreeMap<SiteId, u32>,
}

/// A tube at its site: its first swab, when it was closed and taken, and on which trip.
struct Taken {
    first: i64,
    closed: i64,
    picked: i64,
    trip: (RoundId, CourierId, u32, u32),
}

impl Trip {
    /// Boxes it fills at all its stops.
    fn boxes(&self, tubes: u32) -> u32 {
        self.tubes.values().map(|count| count.div_ceil(tubes)).sum()
    }

    /// Whether nothing more of a site goes in.
    fn is_full(&self, case: Case, courier: CourierId, site: SiteId) -> bool {
        case.network.couriers[courier].load.is_some_and(|load| {
            let of_site = self.tubes.get(&site).copied().unwrap_or(0);
            self.boxes(load.tubes) == load.boxes && of_site % load.tubes == 0
        })
    }
}

/// The round whose timetable took a tube, and the number of the trip in it.
fn timetable_of(case: Case, courier: CourierId, record: &TubeRecord) -> (RoundId, u32) {
    let trip = record.tube.trip;
    if case.network.couriers[courier].call.is_some() {
        return (RoundId::from_index(0), trip);
    }
    if case.network.couriers[courier].load.is_none() {
        return (record.round, trip);
    }
    let round = RoundId::from_index((trip / TRIPS_IN_A_ROUND) as usize);
    (round, trip % TRIPS_IN_A_ROUND)
}

pub(super) fn review(case: Case, findings: &mut Findings) {
    let mut trips: BTreeMap<(RoundId, CourierId, u32), BTreeMap<u32, Trip>> = BTreeMap::new();
    let mut by_site: BTreeMap<(RoundId, SiteId), Vec<Taken>> = BTreeMap::new();
    for record in &case.trace.tubes {
        let (courier, place) = service(case, record.site);
        let vehicle = match &case.model.couriers[courier].route {
            // Who is called is nobody's own vehicle: trips are numbered through the campaign.
            _ if case.model.couriers[courier].call.is_some() => 0,
            Route::Direct => place,
            // Site k goes to vehicle k mod vehicles, of which there are as many as the network has tours.
            Route::Loop { .. } => {
                place % (case.network.couriers[courier].tours.len() as u32).max(1)
            }
        };
        let (round, number) = timetable_of(case, courier, record);
        let trip = trips
            .entry((round, courier, vehicle))
            .or_default()
            .entry(number)
            .or_default();
        trip.picked
            .entry(record.site)
            .or_default()
            .push(record.tube.picked);
        *trip.tubes.entry(record.site).or_default() += 1;
        trip.delivered.push(record.tube.delivered);
        by_site
            .entry((record.round, record.site))
            .or_default()
            .push(Taken {
                first: record.tube.first,
                closed: record.tube.closed,
                picked: record.tube.picked,
                trip: (round, courier, vehicle, number),
            });
    }
    for ((round, site), tubes) in by_site {
        for &Taken {
            first,
            closed,
            picked,
            ..
        } in &tubes
        {
            // A vehicle may leave behind what it has no room for, if what it takes was swabbed before.
            let full = |taken: &Taken| {
                let (round, courier, vehicle, number) = taken.trip;
                taken.first <= first
                    && trips[&(round, courier, vehicle)][&number].is_full(case, courier, site)
            };
            let left = tubes
                .iter()
                .any(|taken| closed <= taken.picked && taken.picked < picked && !full(taken));
            findings.unless(!left, Rule::Couriers, || {
                format!("round {round:?}, {site:?}: what was closed at {closed} was left behind until {picked}")
            });
        }
    }
    for ((round, courier, vehicle), trips) in trips {
        blocked(case, courier, &trips, findings);
        if let Some(call) = case.network.couriers[courier].call {
            on_call(case, (courier, call), &trips, findings);
            continue;
        }
        timetable(case, (round, courier, vehicle), &trips, findings);
    }
}

/// Nobody comes home while the road is blocked, unless from a checkpoint at its end.
fn blocked(case: Case, id: CourierId, trips: &BTreeMap<u32, Trip>, findings: &mut Findings) {
    let courier = &case.model.couriers[id];
    for (incident, number) in case.model.incidents.iter().zip(0..) {
        let What::Road { couriers, slower } = &incident.what else {
            continue;
        };
        let happens = case.network.incidents.iter();
        let own = happens.filter(|one| one.incident == Some(number));
        for window in own.map(|one| one.window) {
            let stands = slower.is_none() && courier.checkpoint.is_none() && couriers.contains(&id);
            let inside = |at: &i64| window.start.millis() < *at && *at <= window.end.millis();
            let home = trips
                .values()
                .flat_map(|trip| &trip.delivered)
                .find(|at| inside(at));
            findings.unless(!stands || home.is_none(), Rule::Couriers, || {
                format!("{}: home at {home:?} on a blocked road", courier.name.id)
            });
        }
    }
}

/// The courier of a site and the place of the site in its list.
fn service(case: Case, site: SiteId) -> (CourierId, u32) {
    let of = |(id, courier): (CourierId, &Courier)| {
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

/// The vehicles of a courier that are called: no more of them are out at once than there are, and none comes before someone called.
fn on_call(
    case: Case,
    (id, call): (CourierId, Call),
    trips: &BTreeMap<u32, Trip>,
    findings: &mut Findings,
) {
    let name = &case.model.couriers[id].name.id;
    let mut out: Vec<(i64, i64)> = Vec::new();
    for (number, trip) in trips {
        let (first, last) = (trip.delivered.iter().min(), trip.delivered.iter().max());
        findings.unless(first == last, Rule::Couriers, || {
            format!("{name}: trip {number} ends at {:?}", trip.delivered)
        });
        for (site, visits) in &trip.picked {
            let one = visits.iter().all(|visit| visit == &visits[0]);
            findings.unless(one, Rule::Couriers, || {
                format!("{name}: trip {number} is at {site:?} at {visits:?}")
            });
        }
        let sites = trip.picked.len() <= call.stops as usize;
        let load = case.network.couriers[id].load;
        let fits = load.is_none_or(|load| trip.boxes(load.tubes) <= load.boxes);
        findings.unless(sites && fits, Rule::Couriers, || {
            format!("{name}: trip {number} takes {:?}", trip.tubes)
        });
        let begins = trip.picked.values().flatten().min();
        out.extend(begins.copied().zip(last.copied()));
    }
    for &(begins, _) in &out {
        let at_once = out
            .iter()
            .filter(|(from, to)| *from <= begins && begins < *to);
        let at_once = at_once.count();
        findings.unless(at_once <= call.vehicles as usize, Rule::Couriers, || {
            format!("{name}: {at_once} vehicles are out at {begins}")
        });
    }
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
        let fits = case.network.couriers[id]
            .load
            .is_none_or(|load| trip.boxes(load.tubes) <= load.boxes);
        findings.unless(fits, Rule::Couriers, || {
            format!("{name}: trip {number} takes {:?}", trip.tubes)
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
