//! Machines over time: they come, stand still and fail, and runs in them are lost.

use crate::labs::{complaints, trace};
use crate::models::model;
use std::path::Path;
use swabplan::experiment::network;
use swabplan::model::Model;
use swabplan::sim::observer::Run;
use swabplan::units::{Span, Time};

/// A laboratory of machines that take one tube an hour, fed from elsewhere from 00:00 on.
fn lab(machines: &str, feed: &str) -> Model {
    model(&format!(
        r#"
cells = [{{ id = "C", residents = 1, site = "S" }}]
sites = [{{ id = "S", lanes = 1 }}]
couriers = [{{ id = "van", to = "elsewhere" }}]
rounds = [{{ id = "R", opens = "2022-05-09 00:00", deadline = "24 h" }}]
labs = [
  {{ id = "lab", stages = [{{ id = "pcr", machines = {{ wells = 1, run = "1 h", {machines} }} }}] }},
  {{ id = "elsewhere", stages = [{{ id = "pcr", delay = "1 h" }}] }},
]
feeds = [{{ id = "hospital", to = "lab", {feed} }}]
"#
    ))
}

fn runs(model: &Model, replication: u32) -> Vec<Run> {
    let (network, streams) = network(model, replication);
    trace(&network, streams).runs
}

/// Machine, start and end in minutes, and whether it stopped, in the order of ends.
fn told(runs: &[Run]) -> Vec<(u32, i64, i64, bool)> {
    let minutes = |moment: Time| moment.millis() / 60_000;
    runs.iter()
        .map(|run| {
            (
                run.server,
                minutes(run.start),
                minutes(run.end),
                run.stopped,
            )
        })
        .collect()
}

const FIVE: &str = r#"every = "1 min", until = "5 min""#;

#[test]
fn a_machine_that_comes_later_takes_tubes_from_then_on() {
    let more = r#"count = 1, more = [{ from = "2022-05-09 01:30", machines = 1 }]"#;
    assert_eq!(
        told(&runs(&lab(more, FIVE), 0)),
        [
            (0, 0, 60, false),
            (0, 60, 120, false),
            (1, 90, 150, false),
            (0, 120, 180, false),
            (1, 150, 210, false)
        ]
    );
}

#[test]
fn a_run_in_a_machine_that_stops_is_lost_and_its_tube_waits_behind_the_others() {
    let down = r#"count = 1, down = [{ from = "2022-05-09 01:30", until = "2022-05-09 03:00" }]"#;
    let model = lab(down, FIVE);
    assert_eq!(
        told(&runs(&model, 0)),
        [
            (0, 0, 60, false),
            (0, 60, 90, true),
            (0, 180, 240, false),
            (0, 240, 300, false),
            (0, 300, 360, false),
            (0, 360, 420, false)
        ]
    );
    let (network, streams) = network(&model, 0);
    let trace = trace(&network, streams);
    assert_eq!(trace.results.len(), 1 + 5, "every tube has its result");
}

#[test]
fn another_machine_never_makes_a_tube_later_where_each_takes_one() {
    // Where machines take many tubes it is no theorem: an idle one starts a run half empty, and who comes a minute later waits for the end.
    let ends = |count: u32, more: u32| -> Vec<Time> {
        let more = format!(
            "count = {count}, more = [{{ from = \"2022-05-09 09:00\", machines = {more} }}]"
        );
        let (network, streams) = network(&lab(&more, r#"rate = "4 tubes/h""#), 3);
        let trace = trace(&network, streams);
        let from_feed = trace.results.iter().filter(|end| end.origin.site.is_none());
        let mut ends: Vec<_> = from_feed.map(|end| (end.tube, end.at)).collect();
        ends.sort_unstable();
        ends.into_iter().map(|(_, at)| at).collect()
    };
    let base = ends(2, 1);
    assert!(base.len() > 50);
    for other in [ends(2, 2), ends(3, 1), ends(5, 5)] {
        assert_eq!(base.len(), other.len());
        assert!(base.iter().zip(&other).all(|(few, many)| many <= few));
    }
}

/// Machines that fail every 20 h on average and take 5 h to repair, always busy.
fn failing(count: u32) -> Model {
    let machines =
        format!("count = {count}, breakdowns = {{ every = \"20 h\", repair = \"5 h\" }}");
    lab(&machines, r#"every = "15 min", until = "1000 h""#)
}

#[test]
fn machines_fail_as_often_as_is_said() {
    // A renewal process: cycles of mean 25 h and standard deviation 20 h, so failures by T have mean T/25 + (20² − 25²)/(2·25²) and variance
    // T·20²/25³ (Cox, Renewal Theory, 1962).
    let (replications, hours) = (40, 1_000.0);
    let until = Time::ZERO + Span::HOUR * 1_000;
    let stopped = |replication| {
        let runs = runs(&failing(1), replication);
        let lost = runs.iter().filter(|run| run.stopped && run.end < until);
        lost.count() as f64
    };
    let failures: f64 = (0..replications).map(stopped).sum();
    let n = f64::from(replications);
    let mean = n * (hours / 25.0 + (400.0 - 625.0) / 1_250.0);
    let sd = (n * hours * 400.0 / 15_625.0).sqrt();
    assert!((failures - mean).abs() < 3.29 * sd, "{failures} and {mean}");
}

#[test]
fn another_machine_leaves_the_failures_of_the_others_alone() {
    let until = Time::ZERO + Span::HOUR * 200;
    let stops = |count| -> Vec<Time> {
        let runs = runs(&failing(count), 1);
        let first = |run: &&Run| run.server == 0 && run.stopped && run.end < until;
        runs.iter().filter(first).map(|run| run.end).collect()
    };
    let alone = stops(1);
    assert!(alone.len() > 3);
    assert_eq!(alone, stops(3));
}

#[test]
fn machines_that_make_no_sense_are_complained_about() {
    let cases = [
        (
            r#"breakdowns = { every = "3 h", repair = "1 h" }, run = "2 h""#,
            "S360",
        ),
        (
            r#"down = [{ from = "2022-05-09 10:00", until = "2022-05-09 10:00" }]"#,
            "S361",
        ),
        (
            r#"down = [{ from = "2022-05-09 10:00", until = "2022-05-09 11:00", machines = 9 }]"#,
            "S362",
        ),
    ];
    for (more, code) in cases {
        assert_eq!(
            complaints(&format!("machines = 4, {more}")),
            [code],
            "{more}"
        );
    }
}

#[test]
fn a_rented_laboratory_tests_from_its_order_transport_and_set_up_on() {
    let text = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/features/contacts.toml"),
    );
    let text = text.unwrap();
    let steps = "ordered = \"2022-05-09 05:00\"\ntransport = \"9 h\"\nset_up = \"5 h\"";
    assert!(text.contains(steps));
    let ready = model(&text.replace(steps, "ready = \"2022-05-09 19:00\""));
    let ordered = model(&text);
    assert_eq!(ordered.labs, ready.labs);
    let first = runs(&ordered, 0).iter().map(|run| run.start).min();
    assert!(first.unwrap() >= Time::ZERO + Span::HOUR * 19);
}

#[test]
fn contacts_are_tested_on_the_days_of_the_protocol() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/features/contacts.toml");
    let model = crate::models::file(&path, &[]);
    let (network, streams) = network(&model, 0);
    let trace = trace(&network, streams);
    let mut by_day = std::collections::BTreeMap::<i64, u32>::new();
    for delivery in trace
        .deliveries
        .iter()
        .filter(|one| one.origin.site.is_none())
    {
        let at = delivery.at;
        let hour = at.time_of_day().hours();
        assert!((10.0..12.0).contains(&hour), "{hour}");
        let day = at.since(Time::ZERO).millis().div_euclid(Span::DAY.millis());
        *by_day.entry(day + 1).or_default() += 1;
    }
    let told: Vec<(i64, u32)> = by_day.into_iter().collect();
    // 57 close contacts, and 84 of theirs on all days but the last.
    assert_eq!(told, [(1, 141), (4, 141), (7, 141), (14, 57)]);
}
