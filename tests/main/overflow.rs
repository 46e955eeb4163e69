//! Laboratories that send what couriers bring on to another while too many tubes wait.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::models::{file, model};
use crate::referee::replay;
use swabplan::experiment::network;
use swabplan::id::Id;
use swabplan::measure::replicate;
use swabplan::model::Model;
use swabplan::queueing::limited::Limited;
use swabplan::sim::trace::{ResultRecord, Trace};
use swabplan::sim::{Grain, Memory};
use swabplan::stats::interval::mean_interval;
use swabplan::units::{Span, Time};

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/features/overflow.toml")
}

/// The shipped scenario, sending on above so many.
fn over(tubes: u32) -> Model {
    file(
        &path(),
        &[&format!("labs.county-lab.overflow.over={tubes}")],
    )
}

/// The shipped scenario with its text changed.
fn changed(from: &str, to: &str) -> Model {
    let text = std::fs::read_to_string(path()).unwrap();
    assert!(text.contains(from));
    model(&text.replace(from, to))
}

/// Results in the order of tubes.
fn results(trace: &Trace) -> Vec<ResultRecord> {
    let mut results = trace.results.clone();
    results.sort_unstable_by_key(|result| (result.origin, result.lane, result.tube));
    results
}

/// At 08:30 two sites are visited, and others so many minutes later; each has so many people in tubes of their own. A technician tests a tube
/// in ten minutes.
const BY_HAND: &str = r#"
tubes = { pool = { precaution = 1 } }
rounds = [{ id = "R1", opens = "2022-05-09 08:00" }]
hours = { open = ["08:00-08:10"], setup = "0 s" }
coming = { by = "regular", every = "0 s" }
lane = { tube_change = "0 s" }
couriers = [{ id = "van", route = "direct", first = "30 min", every = "10 h", per_stop = "0 s", road = "0 s", to = "A" }]
cells = [
  { id = "C1", residents = 3, site = "S1" },
  { id = "C2", residents = 2, site = "S2" },
  { id = "C3", residents = 4, site = "S3" },
  { id = "C4", residents = 1, site = "S4" },
  { id = "C5", residents = 2, site = "S5" },
  { id = "C6", residents = 2, site = "S6" },
  { id = "C7", residents = 3, site = "S7" },
]
sites = [
  { id = "S1", lanes = 1, stations = [{ id = "swab", service = "1 s" }] },
  { id = "S2", lanes = 1, stations = [{ id = "swab", service = "1 s" }] },
  { id = "S3", lanes = 1, stations = [{ id = "swab", service = "1 s" }], pickup_offset = "5 min" },
  { id = "S4", lanes = 1, stations = [{ id = "swab", service = "1 s" }], pickup_offset = "10 min" },
  { id = "S5", lanes = 1, stations = [{ id = "swab", service = "1 s" }], pickup_offset = "10 min" },
  { id = "S6", lanes = 1, stations = [{ id = "swab", service = "1 s" }], pickup_offset = "15 min" },
  { id = "S7", lanes = 1, stations = [{ id = "swab", service = "1 s" }], pickup_offset = "50 min" },
]

[[labs]]
id = "A"
overflow = { to = "B", over = 4, takes = "45 min" }
stages = [{ id = "test", workers = { per_tube = "10 min", crews = [{ hours = "00:00-24:00", technicians = 1 }] } }]

[[labs]]
id = "B"
overflow = { to = "C", over = 1, takes = "15 min" }
stages = [{ id = "test", workers = { per_tube = "10 min", crews = [{ hours = "00:00-24:00", technicians = 1 }] } }]

[[labs]]
id = "C"
stages = [{ id = "test", workers = { per_tube = "10 min", crews = [{ hours = "00:00-24:00", technicians = 1 }] } }]
"#;

#[test]
fn a_morning_of_three_laboratories_that_send_on_is_as_worked_out_by_hand() {
    let (_, trace) = replay(&model(BY_HAND), 0);
    let clock = |moment: Time| moment.since(Time::ZERO).millis() / 60_000 - 480;
    let mut taken = BTreeMap::new();
    for arrival in &trace.deliveries {
        let site = arrival.origin.site.unwrap().index() + 1;
        let key = (arrival.lab.index(), clock(arrival.at), site);
        *taken.entry(key).or_insert(0) += 1;
    }
    // 08:30: S1 finds nobody, S2 three. 08:35: five came, one is being tested; four wait, which is not more than four, so S3 is taken in too.
    // 08:40: eight wait as the next test has not begun, so S4 and S5 go on to B; 08:45: seven wait, so S6 follows. 09:20: four wait.
    // B: S4 finds nobody, S5 one, and at 09:30 S6 finds two, one being tested: more than one, so it goes on to C, another quarter of an hour.
    let by_hand = [
        ((0, 30, 1), 3),
        ((0, 30, 2), 2),
        ((0, 35, 3), 4),
        ((0, 80, 7), 3),
        ((1, 85, 4), 1),
        ((1, 85, 5), 2),
        ((2, 105, 6), 2),
    ];
    assert_eq!(taken, BTreeMap::from(by_hand));
    let last = |lab: usize| {
        let passages = trace.passages.iter();
        let of_lab = passages.filter(|passage| passage.lab.index() == lab);
        of_lab.map(|passage| clock(passage.end)).max().unwrap()
    };
    assert_eq!([last(0), last(1), last(2)], [150, 115, 125]);
}

/// The same couriers at a laboratory with two steps, room for one tube between them and for three in all.
const IN_A_CORNER: &str = r#"
tubes = { pool = { precaution = 1 } }
rounds = [{ id = "R1", opens = "2022-05-09 08:00" }]
hours = { open = ["08:00-08:10"], setup = "0 s" }
coming = { by = "regular", every = "0 s" }
lane = { tube_change = "0 s" }
couriers = [{ id = "van", route = "direct", first = "30 min", every = "10 h", per_stop = "0 s", road = "0 s", to = "A" }]
cells = [
  { id = "C1", residents = 3, site = "S1" },
  { id = "C2", residents = 4, site = "S2" },
  { id = "C3", residents = 1, site = "S3" },
  { id = "C4", residents = 3, site = "S4" },
]
sites = [
  { id = "S1", lanes = 1, stations = [{ id = "swab", service = "1 s" }] },
  { id = "S2", lanes = 1, stations = [{ id = "swab", service = "1 s" }], pickup_offset = "7 min" },
  { id = "S3", lanes = 1, stations = [{ id = "swab", service = "1 s" }], pickup_offset = "14 min" },
  { id = "S4", lanes = 1, stations = [{ id = "swab", service = "1 s" }], pickup_offset = "90 min" },
]

[[labs]]
id = "A"
wip = 3
test = "test"
overflow = { to = "B", over = 2, takes = "45 min" }
stages = [
  { id = "prep", workers = { per_tube = "5 min", crews = [{ hours = "00:00-24:00", technicians = 1 }] } },
  { id = "test", buffer = 1, workers = { per_tube = "20 min", crews = [{ hours = "00:00-24:00", technicians = 1 }] } },
]

[[labs]]
id = "B"
stages = [{ id = "test", workers = { per_tube = "10 min", crews = [{ hours = "00:00-24:00", technicians = 1 }] } }]
"#;

#[test]
fn a_laboratory_without_room_sends_on_by_what_it_has_not_begun() {
    let (_, trace) = replay(&model(IN_A_CORNER), 0);
    let clock = |moment: Time| moment.since(Time::ZERO).millis() / 60_000 - 480;
    let taken: BTreeSet<_> = trace
        .deliveries
        .iter()
        .map(|arrival| {
            let site = arrival.origin.site.unwrap().index() + 1;
            (arrival.lab.index(), site, clock(arrival.at))
        })
        .collect();
    // 08:37: one of three is being tested; two have not begun, which is not more than two, so S2's four are taken in and wait at the door.
    // 08:44: one is being tested, one in the room between, one stands finished in front of it, four are at the door: S3 goes on to B.
    // A tube begins its test every 20 minutes from 08:35 on; at 10:00 the fifth has begun and two have not: S4 is taken in.
    assert_eq!(
        taken,
        BTreeSet::from([(0, 1, 30), (0, 2, 37), (1, 3, 89), (0, 4, 120)])
    );
    let ends = |lab: usize, stage: usize| {
        let passages = trace.passages.iter();
        let here =
            passages.filter(|passage| passage.lab.index() == lab && passage.stage.index() == stage);
        let mut ends: Vec<_> = here.map(|passage| clock(passage.end)).collect();
        ends.sort_unstable();
        ends
    };
    let tests: Vec<i64> = (0..10).map(|tube| 55 + 20 * tube).collect();
    assert_eq!(ends(0, 1), tests);
    assert_eq!(ends(1, 0), [99]);
}

#[test]
fn as_many_are_sent_on_as_theory_says_of_a_line_with_room_for_so_many() {
    // Tubes come at random, one by one: a line of one server with exponential service that takes nobody in above its room loses as many as
    // Erlang's formula for it says (`Limited`), and what it loses here is sent on.
    let space = 3;
    for (seed, load) in [(1, 0.9), (20_220_509, 1.5)] {
        let model = model(&format!(
            r#"
            seed = {seed}
            rounds = [{{ id = "R", opens = "2022-05-09 00:00", deadline = "100 h", closes = "20 h" }}]
            cells = [{{ id = "C", residents = 1, site = "S" }}]
            couriers = [{{ id = "van", call = {{ tubes = 1 }}, vehicles = 1, leg = "0 s", road = "0 s", per_stop = "0 s", to = "A" }}]
            hours = {{ open = ["00:00-24:00"], setup = "0 s" }}
            coming = {{ by = "poisson", rate = "{} people/h" }}
            lane = {{ tube_change = "0 s" }}
            tubes = {{ pool = {{ precaution = 1 }} }}
            sites = [{{ id = "S", lanes = 1, stations = [{{ id = "swab", service = "1 ms" }}] }}]

            [[labs]]
            id = "A"
            overflow = {{ to = "B", over = {}, takes = "1 h" }}
            stages = [{{ id = "test", workers = {{ per_tube = {{ exponential = "10 s" }}, crews = [{{ hours = "00:00-24:00", technicians = 1 }}] }} }}]

            [[labs]]
            id = "B"
            stages = [{{ id = "test", delay = "1 h" }}]
            "#,
            load * 360.0,
            space - 1
        ));
        let shares: Vec<f64> = (0..12)
            .map(|replication| {
                let (network, streams) = network(&model, replication);
                let outcome = replicate(&network, streams, Grain::Whole, &mut Memory::default());
                let lab = &outcome.labs[0];
                lab.sent_on / (lab.sent_on + lab.tubes)
            })
            .collect();
        let known = Limited {
            c: 1,
            load,
            space: Some(space),
            put_off: None,
            giving_up: 0.0,
        };
        let known = known.fate().no_room;
        let (mean, lo, hi) = mean_interval(&shares, 0.999);
        assert!(
            lo <= known && known <= hi,
            "load {load}: {mean} ({lo} to {hi}), known {known}"
        );
    }
}

#[test]
fn the_more_may_wait_the_fewer_are_sent_on_and_every_tube_ends_up_in_one_laboratory() {
    // Whole bags are sent on, so that it is no theorem, tube by tube, that a higher limit sends fewer; here it does.
    let mut before = usize::MAX;
    for limit in [0, 60, 120, 240, 10_000] {
        let (_, trace) = replay(&over(limit), 0);
        let sent: BTreeSet<_> = trace
            .sent_on
            .iter()
            .map(|record| (record.origin, record.lane, record.tube))
            .collect();
        assert_eq!(sent.len(), trace.sent_on.len(), "a tube is sent on twice");
        assert_eq!(trace.deliveries.len(), trace.tubes.len());
        let there = trace.deliveries.iter();
        let there = there.filter(|arrival| arrival.lab.index() == 1);
        assert!(there.clone().all(|arrival| sent.contains(&(
            arrival.origin,
            arrival.lane,
            arrival.tube
        ))));
        assert_eq!(there.count(), sent.len());
        assert!(
            sent.len() < before || before == 0,
            "{limit}: {}",
            sent.len()
        );
        before = sent.len();
    }
    assert_eq!(before, 0);
}

#[test]
fn who_never_sends_on_is_as_a_laboratory_without_another() {
    let alone = changed("overflow = ", "# overflow = ");
    let (_, alone) = replay(&alone, 0);
    let (_, never) = replay(&over(1_000_000), 0);
    assert_eq!(results(&alone), results(&never));
    let (_, sends) = replay(&over(120), 0);
    assert_ne!(results(&alone), results(&sends));
}

#[test]
fn it_makes_no_difference_that_laboratories_follow_up_positive_tubes_step_by_step() {
    let finds = "machines = 1\nverdict = { sensitivity = \"90 %\" }";
    let text = std::fs::read_to_string(path()).unwrap();
    let text = text
        .replace("machines = 1", finds)
        .replace("machines = 4", &finds.replace('1', "4"));
    let (_, whole) = replay(&model(&text), 0);
    let (_, steps) = replay(&model(&format!("{text}\n[recall]\n")), 0);
    assert!(!whole.sent_on.is_empty());
    assert_eq!(results(&whole), results(&steps));
    assert_eq!(whole.sent_on.len(), steps.sent_on.len());
}

#[test]
fn what_is_measured_is_what_happened() {
    let model = over(120);
    let (_, trace) = replay(&model, 0);
    let (network, streams) = network(&model, 0);
    let outcome = replicate(&network, streams, Grain::Whole, &mut Memory::default());
    let [county, prefecture] = [&outcome.labs[0], &outcome.labs[1]];
    assert_eq!(county.sent_on as usize, trace.sent_on.len());
    let whole = |number: f64| number as usize;
    assert_eq!(whole(prefecture.tubes), whole(county.sent_on));
    assert_eq!(whole(prefecture.sent_on), 0);
    let round = outcome.rounds.values().next().unwrap();
    assert_eq!(whole(county.tubes + prefecture.tubes), whole(round.tubes));
    // The van goes home from the door where it was: the way on is driven by another.
    let brought = trace.tubes.iter().map(|record| record.tube.delivered);
    let opens = model.rounds.values().next().unwrap().opens;
    let first = opens + model.couriers.values().next().unwrap().first;
    let van = Time::from_millis(brought.max().unwrap()).since(first);
    assert!(round.vehicle_hours <= van.hours() * 2.0 + 1e-9);
    let longest = trace.sent_on.iter().map(|sent| sent.there.since(sent.at));
    assert!(longest.max().unwrap() > Span::HOUR);
}
