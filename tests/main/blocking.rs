//! Room between stations: whoever is done at one stays there while there is none before the next.

use std::collections::BTreeMap;
use std::path::Path;

use crate::models::{file, model};
use crate::referee::{Rule, replay, review};
use swabplan::experiment::network;
use swabplan::id::{Id, RoundId};
use swabplan::measure::replicate;
use swabplan::model::Model;
use swabplan::sim::observer::Step;
use swabplan::sim::trace::Trace;
use swabplan::sim::{Grain, Memory};
use swabplan::stats::interval::mean_interval;

/// One lane of stations, each with an exponential service of 10 s and one server, to which all come at once; this much room before each but the
/// first.
fn tandem(seed: u64, people: u32, rooms: &[Option<u32>]) -> Model {
    let station = |(at, room): (usize, &Option<u32>)| {
        let room = room.map_or_else(String::new, |room| format!(", room = {room}"));
        format!("{{ id = \"s{at}\", service = {{ exponential = \"10 s\" }}{room} }}")
    };
    let first = [None];
    let all = first.iter().chain(rooms);
    let stations: Vec<String> = all.enumerate().map(station).collect();
    model(&format!(
        r#"
        seed = {seed}
        rounds = [{{ id = "R", opens = "2022-05-09 00:00", deadline = "100 h", closes = "24 h" }}]
        cells = [{{ id = "C", residents = {people}, site = "S" }}]
        couriers = [{{ id = "van" }}]
        labs = [{{ id = "lab", stages = [{{ id = "pcr", delay = "1 h" }}] }}]
        hours = {{ open = ["00:00-24:00"], setup = "0 s" }}
        coming = {{ by = "regular", every = "0 s" }}
        lane = {{ tube_change = "0 s" }}
        sites = [{{ id = "S", lanes = 1, stations = [{}] }}]
        "#,
        stations.join(", ")
    ))
}

/// Each person's steps, in order, by rank.
fn steps(trace: &Trace) -> BTreeMap<u32, Vec<Step>> {
    let mut steps: BTreeMap<u32, Vec<Step>> = BTreeMap::new();
    for record in &trace.steps {
        steps.entry(record.step.rank).or_default().push(record.step);
    }
    steps
}

#[test]
fn two_stations_with_room_for_b_between_them_serve_as_many_as_hunt_says() {
    // With exponential services at the same rate mu and a first station that always has someone: (b + 2) / (b + 3) mu (Hunt, 1956).
    for seed in [1, 20_220_509] {
        for room in [0_u32, 1, 4] {
            let people = 3_000;
            let model = tandem(seed, people, &[Some(room)]);
            let each: Vec<f64> = (0..16)
                .map(|replication| {
                    let (network, streams) = network(&model, replication);
                    let mut memory = Memory::default();
                    let outcome = replicate(&network, streams, Grain::Whole, &mut memory);
                    let round = &outcome.rounds[RoundId::from_index(0)];
                    round.swabbing_ends_min * 60.0 / f64::from(people)
                })
                .collect();
            let known = 10.0 * f64::from(room + 3) / f64::from(room + 2);
            let (mean, lo, hi) = mean_interval(&each, 0.999);
            assert!(
                lo <= known && known <= hi,
                "room {room}: {mean} s each ({lo} to {hi}), known {known}"
            );
        }
    }
}

#[test]
fn everyone_goes_through_a_tandem_as_its_recursion_says() {
    // Of stations j with room b_j before them, person n leaves j at D(n, j), the latest of: done there, and D(n − b − 1, j + 1) where b is
    // the room before j + 1: the one b + 1 places ahead leaves that station, so that all who follow move up.
    let rooms = [Some(0), Some(2), None, Some(1)];
    let trace = replay(&tandem(7, 400, &rooms), 0).1;
    let mut people: Vec<Vec<Step>> = steps(&trace).into_values().collect();
    people.sort_by_key(|steps| steps[0].start);
    let mut left: Vec<Vec<i64>> = Vec::new();
    for (number, steps) in people.iter().enumerate() {
        let mut mine: Vec<i64> = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            let came = at.checked_sub(1).map_or(0, |before| mine[before]);
            let free = number.checked_sub(1).map_or(0, |before| left[before][at]);
            assert_eq!(step.start, came.max(free), "person {number} at {at}");
            let room = rooms.get(at).copied().flatten();
            let ahead = room.and_then(|room| number.checked_sub(room as usize + 1));
            let moved_up = ahead.map_or(0, |ahead| left[ahead][at + 1]);
            mine.push(step.end.max(moved_up));
        }
        left.push(mine);
    }
    assert_eq!(people.len(), 400);
}

#[test]
fn more_room_never_makes_anyone_later_in_a_tandem() {
    // A theorem: everything in the recursion above is a maximum or a sum, and more room takes terms out of a maximum.
    let ends = |room: Option<u32>| -> BTreeMap<u32, i64> {
        let trace = replay(&tandem(3, 500, &[room, Some(3), room]), 0).1;
        let last = |(rank, steps): (u32, Vec<Step>)| (rank, steps[3].end);
        steps(&trace).into_iter().map(last).collect()
    };
    let all = [Some(0), Some(1), Some(2), Some(5), Some(40), None].map(ends);
    for pair in all.windows(2) {
        let later = pair[0]
            .iter()
            .zip(&pair[1])
            .all(|(less, more)| more.1 <= less.1);
        assert!(later && pair[0].len() == pair[1].len());
    }
    assert!(all[0] != all[1] && all[1] != all[3]);
    let [.., endless, none] = &all;
    assert_ne!(endless, &all[0]);
    assert!(endless.len() == none.len());
}

fn shipped(set: &[&str]) -> Model {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/features/blocking.toml");
    file(&path, set)
}

#[test]
fn the_referee_tells_a_blocked_server_from_an_idle_one() {
    let model = shipped(&[]);
    let (network, trace) = replay(&model, 0);
    assert!(review(&model, &network, &trace).0.is_empty());
    // Judged as if there were room for any number, servers are idle for no reason.
    let mut roomy = model.clone();
    for site in roomy.sites.values_mut() {
        for station in &mut site.stations {
            station.room = None;
        }
    }
    let found = review(&roomy, &network, &trace);
    assert!(found.0.contains_key(&Rule::NoIdling), "{}", found.summary());
    // And where there is, some are at two things at once for whoever thinks that there is not.
    let (network, trace) = replay(&roomy, 0);
    let found = review(&model, &network, &trace);
    assert!(
        found.0.contains_key(&Rule::OneAtATime),
        "{}",
        found.summary()
    );
}

#[test]
fn where_nobody_is_blocked_all_happens_as_without_limits() {
    let wide = |room: &str| {
        let set = [
            format!("expert.lane.stations.scan.room={room}"),
            format!("expert.lane.stations.swab.room={room}"),
        ];
        shipped(&[&set[0], &set[1]])
    };
    let blocked = |model: &Model| {
        let (network, streams) = network(model, 0);
        let outcome = replicate(&network, streams, Grain::Whole, &mut Memory::default());
        outcome.sites[0].blocked_hours
    };
    let (wide, narrow) = (wide("5000"), wide("0"));
    let mut free = wide.clone();
    for station in &mut free.sites.values_mut().next().unwrap().stations {
        station.room = None;
    }
    let [(_, one), (_, other)] = [replay(&wide, 0), replay(&free, 0)];
    let ordered = |trace: &Trace| {
        let mut steps = trace.steps.clone();
        steps.sort_by_key(|record| (record.step.rank, record.step.station));
        steps
    };
    assert_eq!(ordered(&one), ordered(&other));
    assert_eq!(one.results.len(), other.results.len());
    assert!(blocked(&wide) <= 0.0 && blocked(&narrow) > 0.1);
}
