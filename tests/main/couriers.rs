//! Vehicles: what they hold, when they come, how long they are on the road.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::models::{file, model};
use crate::referee::replay;
use swabplan::id::{Id, RoundId, SiteId};
use swabplan::measure::replicate;
use swabplan::model::Model;
use swabplan::sim::trace::{Trace, TubeRecord};
use swabplan::sim::{Grain, Memory};
use swabplan::stats::interval::mean_interval;
use swabplan::units::Span;

/// A shipped scenario that shows one feature.
fn feature(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios/features")
        .join(name)
}

/// A tube: its round, its site, its lane and its number there.
type TubeName = (RoundId, SiteId, u32, u32);

/// When each tube was picked up and delivered.
fn carried(trace: &Trace) -> BTreeMap<TubeName, (i64, i64)> {
    let tubes = trace.tubes.iter().map(|record| {
        let tube = &record.tube;
        let name = (record.round, record.site, tube.lane, tube.serial);
        (name, (tube.picked, tube.delivered))
    });
    tubes.collect()
}

/// The trace of replication 0 of a shipped scenario, with changes.
fn trace(name: &str, set: &[&str]) -> Trace {
    replay(&file(&feature(name), set), 0).1
}

#[test]
fn a_bigger_van_never_brings_any_tube_later() {
    // A theorem: trips and tours do not depend on what is carried, and of two sets of waiting tubes, one within the other, taking more of
    // the smaller leaves a subset. Boxes of one site keep it, since a vehicle with more of them has more left at every stop.
    let of = |capacity: &str| {
        let set = format!("couriers.van.capacity={capacity}");
        carried(&trace("full-vans.toml", &[&set]))
    };
    let vans = ["40", "80", "81", "400"].map(of);
    for pair in vans.windows(2) {
        assert!(
            pair[0]
                .iter()
                .zip(&pair[1])
                .all(|(small, big)| small.0 == big.0 && big.1.1 <= small.1.1)
        );
    }
    assert_ne!(vans[0], vans[3], "the small van is never full");
    let boxes = [
        "{boxes=2,tubes=20}",
        "{boxes=3,tubes=20}",
        "{boxes=9,tubes=20}",
    ]
    .map(of);
    for pair in boxes.windows(2) {
        assert!(
            pair[0]
                .iter()
                .zip(&pair[1])
                .all(|(few, more)| more.1.1 <= few.1.1)
        );
    }
}

#[test]
fn a_van_with_room_for_everything_is_a_van_without_limit() {
    let limited = trace("full-vans.toml", &["couriers.van.capacity=1000000"]);
    let mut model = file(&feature("full-vans.toml"), &[]);
    for courier in model.couriers.values_mut() {
        courier.load = None;
    }
    let free = replay(&model, 0).1;
    assert_eq!(carried(&limited), carried(&free));
    assert_eq!(limited.results, free.results);
}

#[test]
fn what_a_full_van_leaves_behind_goes_with_the_next_and_nothing_is_forgotten() {
    let small = trace("full-vans.toml", &["couriers.van.capacity=12"]);
    let opens: Vec<i64> = file(&feature("full-vans.toml"), &[])
        .rounds
        .values()
        .map(|round| round.opens.millis())
        .collect();
    assert_eq!(small.results.len(), small.tubes.len());
    // The small van is still at round 1 when round 2 opens, and takes its tubes first.
    let late = small
        .tubes
        .iter()
        .filter(|record| record.round.index() == 0 && record.tube.picked > opens[1]);
    assert!(late.count() > 0);
    let mut trips = BTreeMap::<i64, u32>::new();
    for record in &small.tubes {
        *trips.entry(record.tube.delivered).or_default() += 1;
    }
    assert!(trips.values().all(|&tubes| tubes <= 12));
}

/// The trips of the one courier of a scenario: what they take, by number.
fn trips(trace: &Trace) -> BTreeMap<u32, Vec<TubeRecord>> {
    let mut trips = BTreeMap::<u32, Vec<TubeRecord>>::new();
    for record in &trace.tubes {
        trips
            .entry(record.tube.trip)
            .or_default()
            .push(record.clone());
    }
    trips
}

#[test]
fn a_van_is_called_by_enough_tubes_or_by_one_that_has_waited_and_never_before() {
    let trace = trace("called-vans.toml", &[]);
    assert_eq!(trace.results.len(), trace.tubes.len());
    let hour = Span::HOUR.millis();
    let (mut by_number, mut by_age) = (0, 0);
    for tubes in trips(&trace).values() {
        let mut sites = BTreeMap::<SiteId, Vec<&TubeRecord>>::new();
        for record in tubes {
            sites.entry(record.site).or_default().push(record);
        }
        assert!(sites.len() <= 2, "a trip serves two sites at most");
        let called = |records: &&Vec<&TubeRecord>| {
            let at = records[0].tube.picked;
            let waited = records.iter().any(|record| record.tube.closed + hour <= at);
            let enough = records.len() >= 40;
            (waited || enough).then_some(enough)
        };
        let causes: Vec<bool> = sites
            .values()
            .filter_map(|records| called(&records))
            .collect();
        assert!(!causes.is_empty(), "nobody called");
        by_number += usize::from(causes.contains(&true));
        by_age += usize::from(causes.contains(&false));
    }
    assert!(
        by_number > 0 && by_age > 0,
        "{by_number} by number, {by_age} by age"
    );
    // A call closes no open tube: all but those open at the close are full.
    let partial = trace.tubes.iter().filter(|record| record.tube.people < 10);
    assert!(partial.count() <= (5 + 2 + 1) * 2);
}

#[test]
fn at_night_vans_stand_still() {
    let open = |moment: i64| {
        let hour = moment.rem_euclid(Span::DAY.millis()) / Span::HOUR.millis();
        (6..22).contains(&hour)
    };
    let night = trace("called-vans.toml", &[]);
    // The road to the first stop takes minutes, so who sets off by day is there before one in the morning.
    let late = night
        .tubes
        .iter()
        .filter(|record| !open(record.tube.picked - 3 * Span::HOUR.millis() / 2));
    assert_eq!(late.filter(|record| !open(record.tube.picked)).count(), 0);
    let day = trace(
        "called-vans.toml",
        &["couriers.van.hours=[\"00:00-24:00\"]"],
    );
    let wait = |trace: &Trace| -> i64 {
        let waits = trace
            .tubes
            .iter()
            .map(|record| record.tube.picked - record.tube.closed);
        waits.sum()
    };
    assert!(wait(&day) < wait(&night), "S1 is open until 23:00");
}

#[test]
fn a_checkpoint_delays_each_trip_by_its_hour() {
    // The same luck: a trip that leaves its last stop at the same moment comes so much later.
    let without = model(PLAIN);
    let with = |delay: &str| model(&format!("{PLAIN}checkpoint = {delay}\n"));
    let delivered = |model: &Model| carried(&replay(model, 0).1);
    let base = delivered(&without);
    let quarter = delivered(&with("{ delay = \"15 min\" }"));
    let rush = delivered(&with(
        "{ delay = \"15 min\", by_hour = [0,0,0,0,0,0,0,0,0,0,2,2,0,0,0,0,0,0,0,0,0,0,0,0] }",
    ));
    let mut rushed = 0;
    for (name, (picked, there)) in &base {
        assert_eq!(quarter[name], (*picked, there + 15 * 60_000));
        let leaves = picked + 5 * 60_000;
        let hour = leaves.rem_euclid(Span::DAY.millis()) / Span::HOUR.millis();
        let delay = if (10..12).contains(&hour) {
            30 * 60_000
        } else {
            0
        };
        assert_eq!(rush[name], (*picked, there + delay));
        rushed += usize::from(delay > 0);
    }
    assert!(rushed > 0 && rushed < base.len());
}

#[test]
fn more_vans_on_call_shorten_the_wait_and_change_nothing_at_the_sites() {
    // Not a theorem tube by tube: with more vans more trips leave half full, and a later call may find its van farther away. So the mean
    // over replications, paired by their luck.
    let waits = |vans: u32| -> Vec<(Vec<i64>, f64)> {
        let vans = format!("couriers.van.vehicles={vans}");
        let model = file(&feature("called-vans.toml"), &[&vans]);
        let wait = |replication| {
            let (_, trace) = replay(&model, replication);
            let tubes = trace.tubes.iter();
            let swabs = tubes.clone().map(|record| record.tube.closed).collect();
            let wait: i64 = tubes
                .map(|record| record.tube.picked - record.tube.closed)
                .sum();
            (swabs, wait as f64)
        };
        (0..40).map(wait).collect()
    };
    let (few, many) = (waits(1), waits(4));
    let saved: Vec<f64> = few
        .iter()
        .zip(&many)
        .map(|(one, four)| {
            assert_eq!(one.0, four.0, "vans change when tubes are closed");
            one.1 - four.1
        })
        .collect();
    let (mean, lo, _) = mean_interval(&saved, 0.999);
    assert!(lo > 0.0, "{mean} from {lo}");
}

#[test]
fn a_tube_too_old_is_counted_and_where_it_is_turned_away_its_people_have_no_result() {
    let path = feature("old-tubes.toml");
    let model = file(&path, &[]);
    let (network, trace) = replay(&model, 0);
    let limit = 150 * Span::MINUTE.millis();
    let old = |site: usize| {
        let tubes = trace.tubes.iter().filter(move |record| {
            record.site.index() == site && record.tube.delivered - record.tube.first > limit
        });
        let people = tubes.clone().map(|record| u64::from(record.tube.people));
        (tubes.count() as u64, people.sum::<u64>())
    };
    let streams = swabplan::experiment::network(&model, 0).1;
    let outcome = replicate(&network, streams, Grain::Whole, &mut Memory::default());
    let ([turned_away, flagged], round) =
        ([old(0), old(1)], &outcome.rounds[RoundId::from_index(0)]);
    assert!(
        turned_away.0 > 0 && flagged.0 > 0,
        "{turned_away:?} {flagged:?}"
    );
    let whole = |figure: f64| figure as u64;
    assert_eq!(whole(round.over_age), turned_away.0 + flagged.0);
    assert_eq!(whole(round.no_result), turned_away.1);
    let at_sites = [0, 1].map(|site: usize| whole(outcome.sites[site].over_age));
    assert_eq!(at_sites, [turned_away.0, flagged.0]);
    assert!(
        round.published_by_deadline < 1.0,
        "whoever has no result has none in time"
    );
    // A longer limit never takes a result away.
    let kept = |minutes: u32| {
        let set = format!("tubes.expire.after=\"{minutes} min\"");
        replay(&file(&path, &[&set]), 0).1.results.len()
    };
    assert!(kept(120) < kept(150) && kept(150) < kept(1440));
}

/// A site with a direct courier.
const PLAIN: &str = r#"
rounds = [{ id = "R1", opens = "2022-05-09 08:00" }]
cells = [{ id = "C1", residents = 800, site = "S1" }]
sites = [{ id = "S1", lanes = 2 }]
labs = [{ id = "lab", machines = 1 }]

[[couriers]]
id = "van"
route = "direct"
every = "40 min"
"#;
