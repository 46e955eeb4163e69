//! Vehicles: what they hold, when they come, how long they are on the road.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::models::file;
use crate::referee::replay;
use swabplan::id::{Id, RoundId, SiteId};
use swabplan::sim::trace::Trace;

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
