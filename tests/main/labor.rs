//! People at machines: they set runs up and clear them away, and the runs go on alone between.

use crate::labs::{complaints, trace};
use crate::models::model;
use swabplan::experiment::network;
use swabplan::id::{Id, LabId, StageId};
use swabplan::measure::outcome::LabStageOutcome;
use swabplan::measure::replicate;
use swabplan::model::Model;
use swabplan::sim::observer::Run;
use swabplan::sim::{Grain, Memory};
use swabplan::stats::interval::t_quantile;
use swabplan::units::{Span, Time};

/// Machines that take one tube at a time, fed from elsewhere from 00:00 on.
fn lab(machines: &str, feed: &str) -> Model {
    model(&format!(
        r#"
cells = [{{ id = "C", residents = 1, site = "S" }}]
sites = [{{ id = "S", lanes = 1 }}]
couriers = [{{ id = "van", to = "other" }}]
rounds = [{{ id = "R", opens = "2022-05-09 00:00", deadline = "24 h" }}]
labs = [
  {{ id = "lab", stages = [{{ id = "pcr", machines = {{ wells = 1, {machines} }} }}] }},
  {{ id = "other", stages = [{{ id = "pcr", delay = "1 h" }}] }},
]
feeds = [{{ id = "hospital", to = "lab", {feed} }}]
"#
    ))
}

fn runs(model: &Model, replication: u32) -> Vec<Run> {
    let (network, streams) = network(model, replication);
    let mut runs = trace(&network, streams).runs;
    runs.retain(|run| run.lab == LabId::from_index(0));
    runs.sort_unstable_by_key(|run| (run.start, run.server));
    runs
}

/// Machine, then in minutes: start, loaded, over, unloading begins, end.
fn told(runs: &[Run]) -> Vec<(u32, [i64; 5])> {
    let minutes = |moment: Time| moment.millis() / 60_000;
    let of = |run: &Run| {
        let handled = run.handled.unwrap();
        let moments = [
            run.start,
            handled.loaded,
            handled.over,
            handled.unloaded,
            run.end,
        ];
        (run.server, moments.map(minutes))
    };
    runs.iter().map(of).collect()
}

const ALWAYS: &str = r#"hours = "00:00-24:00""#;

fn crew(machines: u32, people: u32, hands: &str) -> String {
    format!(
        r#"count = {machines}, run = "60 min", crews = [{{ {ALWAYS}, technicians = {people} }}], hands = {{ {hands} }}"#
    )
}

#[test]
fn two_machines_and_one_pair_of_hands_take_turns_as_worked_out_by_hand() {
    let machines = crew(2, 1, r#"setup = "20 min", clean = "10 min""#);
    let model = lab(&machines, r#"every = "1 min", until = "6 min""#);
    assert_eq!(
        told(&runs(&model, 0)),
        [
            (0, [0, 20, 80, 80, 90]),
            (1, [20, 40, 100, 110, 120]),
            (0, [90, 110, 170, 170, 180]),
            (1, [120, 140, 200, 200, 210]),
            (0, [180, 200, 260, 260, 270]),
            (1, [210, 230, 290, 290, 300]),
        ]
    );
}

#[test]
fn work_begun_in_a_shift_is_finished_and_a_run_that_is_over_waits_for_the_next() {
    let machines = r#"count = 1, run = "60 min", crews = [{ hours = "08:00-12:00", technicians = 1 }], hands = { setup = "20 min", clean = "10 min" }"#;
    let model = lab(
        machines,
        r#"from = "11 h 50 min", every = "1 min", until = "11 h 50 min 1 s""#,
    );
    let day = 24 * 60;
    assert_eq!(
        told(&runs(&model, 0)),
        [(0, [710, 730, 790, day + 480, day + 490])]
    );
}

#[test]
fn a_run_that_is_over_is_safe_when_its_machine_stops_and_one_that_is_being_set_up_is_not() {
    let down = |from: &str, until: &str| {
        format!(
            r#"{}, down = [{{ from = "2022-05-09 {from}", until = "2022-05-09 {until}" }}]"#,
            crew(1, 1, r#"setup = "20 min", clean = "30 min""#)
        )
    };
    let one = r#"every = "1 min", until = "1 s""#;
    let safe = runs(&lab(&down("01:30", "03:00"), one), 0);
    assert_eq!(told(&safe), [(0, [0, 20, 80, 80, 110])]);
    let lost = runs(&lab(&down("00:10", "03:00"), one), 0);
    assert_eq!(
        told(&lost),
        [(0, [0, 10, 10, 10, 10]), (0, [180, 200, 260, 260, 290])]
    );
    assert!(lost[0].stopped && !lost[1].stopped);
}

#[test]
fn machines_and_hands_get_through_as_much_as_the_scarcer_of_them_does() {
    // Machines, people, people at a run; set-up 20 min, run 60 min, clean-down 10 min.
    for (machines, people, together) in [
        (2, 1, 1),
        (3, 1, 1),
        (5, 1, 1),
        (5, 2, 1),
        (7, 2, 1),
        (4, 5, 2),
        (9, 5, 2),
    ] {
        let hands = format!(r#"setup = "20 min", clean = "10 min", people = {together}"#);
        let model = lab(
            &crew(machines, people, &hands),
            r#"every = "10 min", until = "200 h""#,
        );
        let until = Time::ZERO + Span::HOUR * 200;
        let done = runs(&model, 0)
            .iter()
            .filter(|run| run.end <= until)
            .count() as f64;
        let by_machines = f64::from(machines) / 1.5;
        let by_people = f64::from(people / together) / 0.5;
        let known = by_machines.min(by_people) * 200.0;
        assert!(
            (done - known).abs() <= f64::from(machines) + 1.0,
            "{machines} machines, {people} people: {done} and {known}"
        );
    }
}

/// A mean over replications and half its 99.9 % interval.
fn mean(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let square = |value: &f64| (value - mean) * (value - mean);
    let variance = values.iter().map(square).sum::<f64>() / (n - 1.0);
    (
        mean,
        t_quantile(values.len() - 1, 0.999) * (variance / n).sqrt(),
    )
}

fn stage(model: &Model, replication: u32) -> LabStageOutcome<f64> {
    let (network, streams) = network(model, replication);
    let outcome = replicate(&network, streams, Grain::Whole, &mut Memory::default());
    let lab = outcome
        .labs
        .iter()
        .find(|lab| lab.lab.index() == 0)
        .unwrap();
    lab.stages[StageId::from_index(0)]
}

#[test]
fn machines_that_wait_for_hands_fare_as_the_machine_repair_model_says() {
    // Palm's model: each of M machines runs alone, then waits for one of P people, who take an exponential time. How long it runs matters
    // only by its mean (the product form is insensitive), so the constant run is covered.
    let (setup, hours) = (0.5, 1_000.0);
    for (machines, people) in [(3_u32, 1_u32), (4, 2)] {
        let weight = |n: u32| -> f64 {
            let waits = |k: u32| f64::from(machines - k + 1) * setup / f64::from(k.min(people));
            (1..=n).map(waits).product()
        };
        let all: f64 = (0..=machines).map(weight).sum();
        let busy: f64 = (0..=machines)
            .map(|n| f64::from(n.min(people)) * weight(n) / all)
            .sum();
        let model = lab(
            &crew(machines, people, r#"setup = { exponential = "30 min" }"#),
            r#"every = "15 min", until = "1000 h""#,
        );
        let until = Time::ZERO + Span::HOUR * 1_000;
        let counts: Vec<f64> = (0..20)
            .map(|replication| {
                let runs = runs(&model, replication);
                let loaded = |run: &&Run| run.handled.unwrap().loaded <= until;
                runs.iter().filter(loaded).count() as f64
            })
            .collect();
        let (count, half) = mean(&counts);
        let known = busy / setup * hours;
        // Machines all stand empty at first: so many runs more or less.
        let beside = f64::from(machines);
        assert!(
            (count - known).abs() < half + beside,
            "{machines} machines, {people} people: {count} ± {half}, known {known}"
        );
        let labors: Vec<f64> = (0..6)
            .map(|replication| stage(&model, replication).labor)
            .collect();
        let (labor, half) = mean(&labors);
        let known = busy / f64::from(people);
        assert!(
            (labor - known).abs() < half + 0.01,
            "{labor} ± {half}, known {known}"
        );
    }
}

#[test]
fn more_hands_leave_the_luck_of_runs_alone() {
    let lasts = |people| {
        let hands = r#"setup = { exponential = "30 min" }, clean = { exponential = "20 min" }"#;
        let model = lab(
            &crew(3, people, hands),
            r#"every = "15 min", until = "20 h""#,
        );
        let (network, streams) = network(&model, 0);
        let runs = trace(&network, streams).runs;
        let mut lasts: Vec<(i64, i64)> = runs
            .iter()
            .filter_map(|run| Some((run, run.handled?)))
            .map(|(run, handled)| {
                let setup = handled.loaded - run.start;
                (setup.millis(), (run.end - handled.unloaded).millis())
            })
            .collect();
        lasts.sort_unstable();
        lasts
    };
    let few = lasts(1);
    assert!(few.len() > 50);
    assert_eq!(few, lasts(3));
}

#[test]
fn hands_that_make_no_sense_are_complained_about() {
    let at = |machines: &str| {
        format!(
            r#"stages = [{{ id = "pcr", machines = {{ count = 2, run = "2 h", {machines} }} }}]"#
        )
    };
    let crews = r#"crews = [{ hours = "08:00-16:00", technicians = 1 }, { hours = "15:00-20:00", technicians = 1 }]"#;
    let cases = [
        (r#"hands = { setup = "5 min" }"#.to_owned(), vec!["S430"]),
        (
            format!(r#"{crews}, hands = {{ setup = "5 min", people = 3 }}"#),
            vec!["S431"],
        ),
        (
            format!(r#"{crews}, hands = {{ setup = "5 min", people = 2 }}"#),
            vec![],
        ),
        (format!("{crews}, hands = {{ people = 2 }}"), vec!["S432"]),
        (
            format!(
                r#"{crews}, hands = {{ setup = "3 h" }}, breakdowns = {{ every = "8 h", repair = "1 h" }}"#
            ),
            vec!["S360"],
        ),
    ];
    for (machines, codes) in cases {
        assert_eq!(complaints(&at(&machines)), codes, "{machines}");
    }
}
