//! Room between the stages of a laboratory: blocking after service, and tubes that wait at the door.

use crate::labs::{complaints, trace};
use crate::models::model;
use std::collections::BTreeMap;
use swabplan::experiment::explain::explain;
use swabplan::experiment::lever::Lever;
use swabplan::experiment::{Nobody, network};
use swabplan::id::{Id, LabId, RoundId, StageId};
use swabplan::measure::outcome::Gate;
use swabplan::measure::replicate;
use swabplan::model::Model;
use swabplan::sim::observer::Passage;
use swabplan::sim::trace::Trace;
use swabplan::sim::{Grain, Memory};
use swabplan::stats::interval::t_quantile;
use swabplan::units::{Span, Time};

const MINUTE: i64 = 60_000;

/// A laboratory of these stages, fed from elsewhere from 00:00 on.
fn fed(lab: &str, feed: &str) -> Model {
    model(&format!(
        r#"
cells = [{{ id = "C", residents = 1, site = "S" }}]
sites = [{{ id = "S", lanes = 1 }}]
couriers = [{{ id = "van", to = "other" }}]
rounds = [{{ id = "R", opens = "2022-05-09 00:00", deadline = "24 h" }}]
labs = [
  {{ id = "lab", {lab} }},
  {{ id = "other", stages = [{{ id = "pcr", delay = "1 h" }}] }},
]
feeds = [{{ id = "hospital", to = "lab", {feed} }}]
"#
    ))
}

/// Workers, one at each stage, with so much room before all but the first.
fn tandem(times: &[&str], room: Option<u32>) -> String {
    let stage = |(at, time): (usize, &&str)| {
        let room = room.filter(|_| at > 0);
        let room = room.map_or_else(String::new, |room| format!(", buffer = {room}"));
        format!(
            r#"{{ id = "s{at}", workers = {{ per_tube = {time}, crews = [{{ hours = "00:00-24:00", technicians = 1 }}] }}{room} }}"#
        )
    };
    let stages: Vec<String> = times.iter().enumerate().map(stage).collect();
    format!("stages = [{}]", stages.join(", "))
}

fn told(model: &Model, replication: u32) -> Trace {
    let (network, streams) = network(model, replication);
    let mut trace = trace(&network, streams);
    trace.passages.retain(|passage| passage.lab.index() == 0);
    trace.runs.retain(|run| run.lab.index() == 0);
    trace
}

/// By tube, its way through the stages.
fn ways(trace: &Trace) -> BTreeMap<u32, Vec<Passage>> {
    let mut ways: BTreeMap<u32, Vec<Passage>> = BTreeMap::new();
    for passage in &trace.passages {
        ways.entry(passage.serial).or_default().push(*passage);
    }
    for way in ways.values_mut() {
        way.sort_unstable_by_key(|passage| passage.stage);
    }
    ways
}

#[test]
fn two_stages_with_little_room_between_move_tubes_as_worked_out_by_hand() {
    // A tube every minute, 10 min at the first worker, 15 min at the second: start and end at the first, when it stands before the second,
    // start and end there.
    let by_hand: [(u32, [[i64; 5]; 4]); 3] = [
        (
            0,
            [
                [0, 10, 10, 10, 25],
                [10, 20, 25, 25, 40],
                [25, 35, 40, 40, 55],
                [40, 50, 55, 55, 70],
            ],
        ),
        (
            1,
            [
                [0, 10, 10, 10, 25],
                [10, 20, 20, 25, 40],
                [20, 30, 30, 40, 55],
                [30, 40, 40, 55, 70],
            ],
        ),
        (
            2,
            [
                [0, 10, 10, 10, 25],
                [10, 20, 20, 25, 40],
                [20, 30, 30, 40, 55],
                [30, 40, 40, 55, 70],
            ],
        ),
    ];
    for (room, known) in by_hand {
        let lab = tandem(&["\"10 min\"", "\"15 min\""], Some(room));
        let trace = told(&fed(&lab, r#"every = "1 min", until = "3 min 30 s""#), 0);
        let found: Vec<[i64; 5]> = ways(&trace)
            .values()
            .map(|way| {
                let [first, second] = way[..] else {
                    panic!("{way:?}")
                };
                let moments = [
                    first.start,
                    first.end,
                    second.entered,
                    second.start,
                    second.end,
                ];
                moments.map(|moment| moment.millis() / MINUTE)
            })
            .collect();
        assert_eq!(found, known, "room for {room}");
    }
}

#[test]
fn tubes_move_through_a_tandem_as_the_recursion_of_blocking_after_service_says() {
    let times = [
        r#"{ gamma = { mean = "10 min", cv = 0.8 } }"#,
        r#"{ gamma = { mean = "11 min", cv = 0.8 } }"#,
    ];
    for room in 0..4_usize {
        let model = fed(
            &tandem(&times, Some(room as u32)),
            r#"rate = "6 tubes/h", until = "40 h""#,
        );
        let trace = told(&model, 5);
        let ways: Vec<Vec<Passage>> = ways(&trace).into_values().collect();
        assert!(ways.len() > 150);
        // Until the first worker is free; when each tube starts at the second, and until the second worker is free.
        let (mut first, mut second) = (0, 0);
        let mut starts: Vec<i64> = Vec::new();
        for way in &ways {
            let [one, two] = [0, 1].map(|at| (way[at].end - way[at].start).millis());
            let done = first.max(way[0].since.millis()) + one;
            let at_last = |from: i64| from.max(second);
            let entered = match starts.len().checked_sub(room) {
                _ if room == 0 => at_last(done),
                Some(before) => done.max(starts[before]),
                None => done,
            };
            let start = at_last(entered);
            assert_eq!(
                [way[0].end, way[1].entered, way[1].start].map(Time::millis),
                [done, entered, start],
                "room for {room}, tube {}",
                starts.len()
            );
            starts.push(start);
            (first, second) = (entered, start + two);
        }
    }
}

#[test]
fn a_saturated_tandem_gets_through_as_much_as_hunt_says() {
    // Two exponential workers alike, room for b between: (b + 2) / (b + 3) of what one alone gets through (Hunt, 1956).
    let exponential = r#"{ exponential = "10 min" }"#;
    let hours = 500;
    for room in [0_u32, 1, 4] {
        let lab = tandem(&[exponential, exponential], Some(room));
        let model = fed(&lab, &format!(r#"every = "5 min", until = "{hours} h""#));
        let until = Time::ZERO + Span::HOUR * hours;
        let counts: Vec<f64> = (0..20)
            .map(|replication| {
                let trace = told(&model, replication);
                let done = |passage: &&Passage| passage.stage.index() == 1 && passage.end <= until;
                trace.passages.iter().filter(done).count() as f64
            })
            .collect();
        let n = counts.len() as f64;
        let mean = counts.iter().sum::<f64>() / n;
        let variance = counts
            .iter()
            .map(|count| (count - mean).powi(2))
            .sum::<f64>()
            / (n - 1.0);
        let half = t_quantile(counts.len() - 1, 0.999) * (variance / n).sqrt();
        let known = 6.0 * hours as f64 * f64::from(room + 2) / f64::from(room + 3);
        // It starts empty: by as many as there is room for.
        let beside = f64::from(room) + 2.0;
        assert!(
            (mean - known).abs() < half + beside,
            "room for {room}: {mean} ± {half}, known {known}"
        );
    }
}

/// When each tube is out.
fn ends(lab: &str) -> Vec<Time> {
    let trace = told(&fed(lab, r#"rate = "5 tubes/h", until = "60 h""#), 2);
    let ways = ways(&trace);
    ways.values().map(|way| way.last().unwrap().end).collect()
}

#[test]
fn more_room_never_makes_a_tube_later_where_each_stage_takes_one() {
    // A theorem for tandems of single workers, first come first served: every moment is a maximum of sums in which more room leaves terms out.
    let times = [
        r#"{ gamma = { mean = "9 min", cv = 1 } }"#,
        r#"{ gamma = { mean = "10 min", cv = 1 } }"#,
        r#"{ gamma = { mean = "9 min", cv = 1 } }"#,
    ];
    let rooms = [Some(0), Some(1), Some(2), Some(5), Some(20), None];
    let all: Vec<Vec<Time>> = rooms.map(|room| ends(&tandem(&times, room))).into();
    assert!(all[0].len() > 200);
    for pair in all.windows(2) {
        assert_eq!(pair[0].len(), pair[1].len());
        assert!(
            pair[0]
                .iter()
                .zip(&pair[1])
                .all(|(less, more)| more <= less)
        );
    }
    assert!(all[0] != all[1] && all[1] != all[5]);
    let wips =
        [1, 2, 3, 6, 1_000].map(|wip| ends(&format!("wip = {wip}, {}", tandem(&times, None))));
    for pair in wips.windows(2) {
        assert!(
            pair[0]
                .iter()
                .zip(&pair[1])
                .all(|(less, more)| more <= less)
        );
    }
    assert!(wips[0] != wips[1]);
    assert_eq!(wips[4], all[5], "room for all is no limit");
}

#[test]
fn no_more_tubes_are_in_a_laboratory_than_are_let_in() {
    let times = [
        r#"{ exponential = "9 min" }"#,
        r#"{ exponential = "10 min" }"#,
    ];
    for wip in [1_usize, 3, 7] {
        let lab = format!("wip = {wip}, {}", tandem(&times, None));
        let trace = told(&fed(&lab, r#"every = "5 min", until = "30 h""#), 1);
        let ways = ways(&trace);
        let mut comes: Vec<Time> = ways.values().map(|way| way[0].entered).collect();
        let mut goes: Vec<Time> = ways.values().map(|way| way[1].end).collect();
        comes.sort_unstable();
        goes.sort_unstable();
        let inside = |at: Time| {
            let until = |list: &[Time]| list.partition_point(|&other| other <= at);
            until(&comes) - until(&goes)
        };
        let most = comes.iter().map(|&at| inside(at)).max();
        assert_eq!(most, Some(wip));
    }
}

#[test]
fn who_stands_still_and_who_waits_behind_it_is_told_of_the_stage_that_is_the_cause() {
    let times = ["\"1 min\"", "\"1 min\"", "\"10 min\""];
    let trace = told(
        &fed(
            &tandem(&times, Some(2)),
            r#"every = "1 min", until = "6 h""#,
        ),
        0,
    );
    let at_first = |stage: usize| {
        trace
            .blocked
            .iter()
            .filter(move |one| one.stage.index() == stage)
    };
    assert!(at_first(0).count() > 20 && at_first(1).count() > 20);
    let last = StageId::from_index(2);
    // While the line fills up, the first stage is held up by the second alone once or twice.
    assert!(at_first(0).skip(2).all(|one| one.by == last));
    assert!(at_first(1).all(|one| one.by == last));
    let behind = |stage: usize| {
        let here = move |passage: &&Passage| passage.stage.index() == stage;
        trace.passages.iter().filter(here).skip(12)
    };
    assert!(behind(0).chain(behind(1)).all(|passage| {
        passage.start == passage.since || passage.behind.is_some_and(|behind| behind.stage == last)
    }));
    assert!(behind(2).all(|passage| passage.behind.is_none()));
}

/// Two stages by hand and a slow machine, with people at a site.
fn county(room: &str) -> Model {
    let crew =
        |many: u32| format!(r#"crews = [{{ hours = "00:00-24:00", technicians = {many} }}]"#);
    let (two, one) = (crew(2), crew(1));
    model(&format!(
        r#"
cells = [{{ id = "C", residents = 900, site = "S" }}]
sites = [{{ id = "S", lanes = 8 }}]
couriers = [{{ id = "van", every = "20 min", road = "5 min" }}]
rounds = [{{ id = "R", opens = "2022-05-09 07:00", deadline = "6 h" }}]
replications = 4

[[labs]]
id = "lab"
stages = [
  {{ id = "receive", workers = {{ per_tube = "30 s", {two} }} }},
  {{ id = "label", workers = {{ per_tube = "1 min", {two} }}{room} }},
  {{ id = "test", workers = {{ per_tube = "6 min", {one} }}{room} }},
]
"#
    ))
}

#[test]
fn the_stage_that_is_the_cause_is_named_not_the_one_that_stands_still() {
    let model = county(", buffer = 3");
    let (network, streams) = network(&model, 0);
    let outcome = replicate(&network, streams, Grain::Whole, &mut Memory::default());
    let round = RoundId::from_index(0);
    let lab = LabId::from_index(0);
    let wait = |stage: usize| {
        let gate = Gate::LabWait(lab, StageId::from_index(stage));
        let gates = outcome.rounds[round].gates.iter();
        gates
            .filter(|one| one.gate == gate)
            .map(|one| one.minutes)
            .sum::<f64>()
    };
    assert!(wait(2) > 60.0 && wait(0) + wait(1) < 0.1 * wait(2));
    let stages = &outcome.labs[0].stages;
    let [receive, label, test] = [0, 1, 2].map(|stage| stages[StageId::from_index(stage)]);
    assert!(receive.blocked > 0.5 && label.blocked > 0.5 && test.blocked.is_nan());
    assert!(receive.utilization + receive.blocked <= 1.0 + 1e-9);
    assert!(receive.wait_min > 30.0, "its tubes do wait there");
    let found = explain(&model, round, 4, &Nobody).unwrap();
    let relief = found.causes[0].relief.as_ref().unwrap();
    assert_eq!(relief.lever, Lever::Capacity(lab, 2), "{:?}", found.causes);
}

#[test]
fn a_stage_that_stands_still_for_a_while_and_works_most_of_the_time_is_itself_the_cause() {
    let model = model(&format!(
        r#"
cells = [{{ id = "C", residents = 900, site = "S" }}]
sites = [{{ id = "S", lanes = 8 }}]
couriers = [{{ id = "van", every = "20 min", road = "5 min" }}]
rounds = [{{ id = "R", opens = "2022-05-09 07:00", deadline = "6 h" }}]

[[labs]]
id = "lab"
stages = [
  {{ id = "test", machines = {{ count = 1, wells = 10, run = "40 min" }} }},
  {{ id = "review", workers = {{ per_tube = "1 min", crews = [{}] }}, buffer = 1 }},
]
"#,
        r#"{ hours = "00:00-24:00", technicians = 1 }"#
    ));
    let (network, streams) = network(&model, 0);
    let outcome = replicate(&network, streams, Grain::Whole, &mut Memory::default());
    let wait = |stage: usize| {
        let gate = Gate::LabWait(LabId::from_index(0), StageId::from_index(stage));
        let gates = outcome.rounds[RoundId::from_index(0)].gates.iter();
        let here = gates.filter(|one| one.gate == gate);
        here.map(|one| one.minutes).sum::<f64>()
    };
    let test = outcome.labs[0].stages[StageId::from_index(0)];
    assert!(test.blocked > 0.1 && test.utilization > 0.7);
    assert!(wait(0) > 5.0 * wait(1), "{} and {}", wait(0), wait(1));
}

#[test]
fn tubes_that_go_back_need_no_room_so_that_nothing_stands_still_for_ever() {
    let stages = r#"
      { id = "receive", workers = { per_tube = "1 min", crews = [{ hours = "00:00-24:00", technicians = 2 }] } },
      { id = "extract", machines = { count = 1, wells = 6, run = "20 min", start = "full" }, buffer = 6, hand_over = { lots = 4 } },
      { id = "pcr", machines = { count = 1, wells = 8, run = "40 min", start = "full" }, buffer = 8 },
      { id = "review", workers = { per_tube = "3 min", crews = [{ hours = "00:00-24:00", technicians = 1 }] }, buffer = 0 }"#;
    let lab = format!(
        r#"wip = 16, faults = {{ invalid = "20 %", inconclusive = "10 %", failed_runs = "20 %", retests = 3 }}, verdict = {{ false_positives = "10 %" }}, stages = [{stages}]"#
    );
    let model = fed(&lab, r#"rate = "6 tubes/h", until = "50 h""#);
    for replication in 0..5 {
        let (network, streams) = network(&model, replication);
        let trace = trace(&network, streams);
        let ended = trace.results.len() + trace.failures.len() + trace.positives.len();
        assert_eq!(ended, trace.deliveries.len());
        assert!(!trace.blocked.is_empty());
        let findings = crate::referee::review(&model, &network, &trace);
        assert!(findings.0.is_empty(), "{}", findings.summary());
    }
}

#[test]
fn room_that_makes_no_sense_is_complained_about() {
    let crew = r#"crews = [{ hours = "00:00-24:00", technicians = 2 }]"#;
    let chain = |receive: &str, test: &str| {
        format!(
            r#"stages = [{{ id = "receive", workers = {{ per_tube = "1 min", {crew} }}{receive} }}, {{ id = "test", {test} }}]"#
        )
    };
    let machines = r#"machines = { count = 1, wells = 96, controls = 2, run = "1 h" }"#;
    let workers = format!(r#"workers = {{ per_tube = "1 min", {crew} }}"#);
    let lots = ", hand_over = { lots = 20 }";
    let cases = [
        (chain("", &format!("{machines}, buffer = 93")), vec!["S433"]),
        (chain("", &format!("{machines}, buffer = 94")), vec![]),
        (chain("", &format!("{machines}, buffer = 0")), vec!["S433"]),
        (
            chain(lots, &format!("{workers}, buffer = 19")),
            vec!["S433"],
        ),
        (chain(lots, &format!("{workers}, buffer = 20")), vec![]),
        (chain("", &format!("{workers}, buffer = 0")), vec![]),
        (chain("", r#"delay = "1 h", buffer = 5"#), vec!["S434"]),
        (format!("wip = 93, {}", chain("", machines)), vec!["S435"]),
        (format!("wip = 94, {}", chain("", machines)), vec![]),
        ("wip = 50, machines = 1".to_owned(), vec!["S435"]),
        ("wip = 0, machines = 1".to_owned(), vec!["S105"]),
    ];
    for (lab, codes) in cases {
        assert_eq!(complaints(&lab), codes, "{lab}");
    }
}
