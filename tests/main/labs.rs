//! Laboratories: the two kernels agree, and what goes wrong there has its consequence.

use crate::models::model;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use swabplan::id::Id;
use swabplan::model::Model;
use swabplan::network::Network;
use swabplan::network::lab::LabKernel;
use swabplan::random::Streams;
use swabplan::scenario::document::Options;
use swabplan::sim::observer::{After, Origin, Passage, Why};
use swabplan::sim::trace::{PositiveRecord, Trace};
use swabplan::sim::{Grain, Memory, simulate};
use swabplan::units::{Span, Time};

/// What happens in a network.
pub(crate) fn trace(network: &Network, streams: Streams) -> Trace {
    let mut trace = Trace::default();
    simulate(
        network,
        streams,
        Grain::Whole,
        &mut Memory::default(),
        &mut trace,
    );
    trace
}

/// What happens in laboratories, in an order that does not depend on who tells it.
fn told(mut trace: Trace) -> Trace {
    trace.steps.clear();
    trace.tubes.clear();
    trace
        .deliveries
        .sort_unstable_by_key(|arrival| (arrival.lab, arrival.serial));
    trace
        .passages
        .sort_unstable_by_key(|passage| (passage.lab, passage.serial, passage.stage));
    trace
        .runs
        .sort_unstable_by_key(|run| (run.lab, run.stage, run.start, run.server));
    trace
        .results
        .sort_unstable_by_key(|result| (result.origin, result.lane, result.tube));
    trace
}

/// A stage as a scenario writes it.
fn stage() -> impl Strategy<Value = String> {
    let crews = prop_oneof![
        Just(r#"[{ hours = "00:00-24:00", technicians = 2 }]"#),
        Just(
            r#"[{ hours = "08:00-17:00", technicians = 3 }, { hours = "17:00-01:00", technicians = 1 }]"#
        ),
        Just(
            r#"[{ hours = "22:00-06:00", technicians = 2 }, { hours = "09:30-18:00", technicians = 1 }]"#
        ),
    ];
    let time = prop_oneof![
        (5_u32..90).prop_map(|seconds| format!("\"{seconds} s\"")),
        (20_u32..90)
            .prop_map(|seconds| format!("{{ gamma = {{ mean = \"{seconds} s\", cv = 0.5 }} }}")),
    ];
    let lots = prop_oneof![
        3 => Just(String::new()),
        1 => (2_u32..30).prop_map(|lots| format!(", hand_over = {{ lots = {lots} }}")),
    ];
    let start = prop_oneof![
        Just("\"at-once\"".to_owned()),
        Just("\"full\"".to_owned()),
        (2_u32..9, 5_u32..90).prop_map(|(tubes, minutes)| format!(
            "{{ at_least = {tubes}, after = \"{minutes} min\" }}"
        )),
    ];
    let workers = (time.clone(), crews.clone(), lots.clone()).prop_map(|(time, crews, lots)| {
        format!("workers = {{ per_tube = {time}, crews = {crews} }}{lots}")
    });
    let run = prop_oneof![
        (20_u32..120).prop_map(|minutes| format!("\"{minutes} min\"")),
        (20_u32..120).prop_map(|minutes| format!(
            "{{ lognormal = {{ mean = \"{minutes} min\", cv = 0.2 }} }}"
        )),
    ];
    let crew = prop_oneof![
        Just(String::new()),
        crews.prop_map(|crews| format!(", crews = {crews}")),
    ];
    let more = prop_oneof![
        3 => Just(String::new()),
        1 => (9_u32..20).prop_map(|hour| format!(
            ", more = [{{ from = \"2022-05-09 {hour:02}:20\", machines = 2 }}, {{ from = \"2022-05-10 09:00\", machines = 1 }}]"
        )),
    ];
    let machines = (1_u32..4, 12_u32..100, run, start, (crew, more), lots.clone()).prop_map(
        |(count, wells, run, start, (crew, more), lots)| {
            format!(
                "machines = {{ count = {count}, wells = {wells}, controls = 2, run = {run}, start = {start}{crew}{more} }}{lots}"
            )
        },
    );
    let delay =
        (0_u32..60, lots).prop_map(|(minutes, lots)| format!("delay = \"{minutes} min\"{lots}"));
    let upload = (1_u32..60).prop_map(|minutes| format!("upload = \"{minutes} min\""));
    prop_oneof![3 => workers, 4 => machines, 2 => delay, 1 => upload]
}

/// A county of two rounds, a feed, and one laboratory of these stages.
fn county(stages: &[String], people: u32) -> Model {
    let stages: Vec<String> = stages
        .iter()
        .enumerate()
        .map(|(number, stage)| format!("{{ id = \"s{number}\", {stage} }}"))
        .collect();
    model(&format!(
        r#"
cells = [{{ id = "C1", residents = {people}, site = "S1" }}, {{ id = "C2", residents = {people}, site = "S2" }}]
sites = [{{ id = "S1", lanes = 2 }}, {{ id = "S2", lanes = 1, coming = {{ by = "even" }} }}]
couriers = [{{ id = "van", vehicles = 2, every = "50 min" }}]
feeds = [{{ id = "hospital", rate = "6 tubes/h", until = "20 h" }}]
rounds = [
  {{ id = "R1", opens = "2022-05-09 07:00" }},
  {{ id = "R2", opens = "2022-05-10 07:30" }},
]
labs = [{{ id = "lab", ready = "2022-05-09 09:00", stages = [{}] }}]
"#,
        stages.join(", ")
    ))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]
    #[test]
    fn both_kernels_do_the_same_in_a_laboratory_that_both_can_run(
        stages in prop::collection::vec(stage(), 1..5),
        people in 20_u32..400,
        replication in 0_u32..1_000,
    ) {
        let model = county(&stages, people);
        let (mut network, streams) = swabplan::experiment::network(&model, replication);
        let flow = told(trace(&network, streams));
        for lab in network.labs.values_mut() {
            prop_assert_eq!(lab.kernel, LabKernel::Flow);
            lab.kernel = LabKernel::Events;
        }
        let events = told(trace(&network, streams));
        prop_assert_eq!(&flow.deliveries, &events.deliveries);
        for (one, other) in flow.passages.iter().zip(&events.passages) {
            prop_assert_eq!(one, other);
        }
        prop_assert_eq!(flow.passages.len(), events.passages.len());
        prop_assert_eq!(flow.runs, events.runs);
        prop_assert_eq!(flow.results, events.results);
    }
}

/// A county of one site, with more in its scenario.
fn one_site(people: u32, lab: &str, more: &str) -> Model {
    let machines = if lab.contains("machines") {
        ""
    } else {
        ", machines = 3"
    };
    let lab = if lab.is_empty() {
        machines.to_owned()
    } else {
        format!("{machines}, {lab}")
    };
    model(&format!(
        r#"
cells = [{{ id = "C1", residents = {people}, site = "S1" }}, {{ id = "C2", residents = 100, site = "S1", tier = "sealed" }}]
sites = [{{ id = "S1", lanes = 8 }}]
couriers = [{{ id = "van", every = "40 min" }}]
rounds = [{{ id = "R1", opens = "2022-05-09 07:00" }}]
labs = [{{ id = "lab"{lab} }}]
{more}
"#
    ))
}

/// Whether so many of so many are what a chance gives, with 99.9 % confidence.
fn is_share(hits: usize, of: usize, chance: f64) -> bool {
    let (hits, of) = (hits as f64, of as f64);
    let sd = (chance * (1.0 - chance) * of).sqrt();
    (hits - chance * of).abs() < 3.29 * sd + 0.5
}

/// The first replications of a model.
fn traces(model: &Model, replications: u32) -> Vec<Trace> {
    (0..replications)
        .map(|replication| {
            let (network, streams) = swabplan::experiment::network(model, replication);
            trace(&network, streams)
        })
        .collect()
}

type TubeKey = (Origin, u32, u32);

/// Tubes that failed for a reason.
fn failed(trace: &Trace, why: Why) -> BTreeSet<TubeKey> {
    trace
        .failures
        .iter()
        .filter(|failure| failure.why == why)
        .map(|failure| (failure.origin, failure.lane, failure.tube))
        .collect()
}

/// When the result of each tube is out.
fn results(trace: &Trace) -> BTreeMap<TubeKey, Time> {
    trace
        .results
        .iter()
        .map(|result| ((result.origin, result.lane, result.tube), result.at))
        .collect()
}

#[test]
fn as_many_tubes_are_lost_leak_or_cannot_be_tested_as_is_said() {
    let more =
        "tubes = { faults = { lost = \"3 %\", leaking = \"5 %\", unsatisfactory = \"8 %\" } }";
    let model = one_site(4_000, "", more);
    let traces = traces(&model, 10);
    let tubes: usize = traces.iter().map(|trace| trace.tubes.len()).sum();
    let count = |why| traces.iter().map(|trace| failed(trace, why).len()).sum();
    assert!(is_share(count(Why::Lost), tubes, 0.03));
    assert!(is_share(count(Why::Leaking), tubes, 0.97 * 0.05));
    let left = 0.97 * 0.95;
    assert!(is_share(count(Why::Unsatisfactory), tubes, left * 0.08));
    for trace in &traces {
        assert_eq!(
            trace.results.len() + trace.failures.len(),
            trace.tubes.len()
        );
        let lost = failed(trace, Why::Lost);
        assert!(
            trace
                .deliveries
                .iter()
                .all(|arrival| { !lost.contains(&(arrival.origin, arrival.lane, arrival.tube)) })
        );
    }
}

#[test]
fn more_tubes_lost_leaves_the_luck_of_the_others_alone() {
    let with = |lost: &str| {
        let more = format!("tubes = {{ faults = {{ lost = \"{lost}\", leaking = \"5 %\" }} }}");
        traces(&one_site(3_000, "", &more), 1).remove(0)
    };
    let (few, many) = (with("2 %"), with("6 %"));
    let [few_lost, many_lost] = [&few, &many].map(|trace| failed(trace, Why::Lost));
    assert!(few_lost.is_subset(&many_lost) && few_lost.len() < many_lost.len());
    let leaking = |trace: &Trace| -> BTreeSet<TubeKey> {
        failed(trace, Why::Leaking)
            .difference(&many_lost)
            .copied()
            .collect()
    };
    assert_eq!(leaking(&few), leaking(&many));
    assert!(!leaking(&few).is_empty());
}

#[test]
fn a_result_waits_until_tube_and_register_are_reconciled_and_no_other_does() {
    let with = |share: &str| {
        let more = format!(
            "tubes = {{ faults = {{ mismatched = \"{share}\", reconcile = \"47 min\" }} }}"
        );
        traces(&one_site(2_000, "", &more), 1).remove(0)
    };
    let (none, some) = (with("0 %"), with("10 %"));
    let (before, after) = (results(&none), results(&some));
    let later = |tube: &&TubeKey| after[tube] != before[tube];
    let held: Vec<_> = before.keys().filter(later).collect();
    assert!(is_share(held.len(), before.len(), 0.1));
    assert!(
        held.iter()
            .all(|tube| after[tube] == before[tube] + Span::MINUTE * 47)
    );
}

#[test]
fn as_many_runs_fail_as_is_said_and_all_their_tubes_go_again_and_are_published() {
    let traces = traces(
        &one_site(4_000, "faults = { failed_runs = \"20 %\" }", ""),
        10,
    );
    let (mut runs, mut failed) = (0, 0);
    for trace in &traces {
        let tests: Vec<_> = trace
            .runs
            .iter()
            .filter(|run| run.stage.index() == 2)
            .collect();
        runs += tests.len();
        failed += tests.iter().filter(|run| run.failed).count();
        assert_eq!(trace.results.len(), trace.tubes.len());
        for run in tests.iter().filter(|run| run.failed) {
            let again = trace.passages.iter().filter(|passage| {
                passage.stage == run.stage
                    && (passage.start, passage.end) == (run.start, run.end)
                    && passage.after == After::Rerun
            });
            assert!(again.count() >= run.tubes as usize);
        }
    }
    assert!(is_share(failed, runs, 0.2), "{failed} of {runs}");
}

#[test]
fn an_unclear_tube_is_tested_again_as_often_as_is_allowed_and_then_has_no_result() {
    let lab = "faults = { invalid = \"15 %\", inconclusive = \"10 %\", retests = 2 }";
    let traces = traces(&one_site(4_000, lab, ""), 10);
    // Either is enough: 1 − 0.85 · 0.9.
    let unclear = 0.235;
    let tubes: usize = traces.iter().map(|trace| trace.tubes.len()).sum();
    let given_up: usize = traces.iter().map(|trace| trace.failures.len()).sum();
    let retests = |trace: &Trace| {
        let again = |passage: &&Passage| passage.after == After::Retest;
        trace.passages.iter().filter(again).count()
    };
    let again: usize = traces.iter().map(retests).sum();
    assert!(is_share(given_up, tubes, unclear * unclear * unclear));
    assert!(is_share(again + given_up, tubes + again, unclear));
    assert!(traces.iter().all(|trace| {
        trace
            .failures
            .iter()
            .all(|failure| failure.why == Why::Unclear)
    }));
}

#[test]
fn a_false_alarm_is_mostly_cleared_by_the_second_test_and_reported_otherwise() {
    let lab = "verdict = { false_positives = \"30 %\", first_report = \"25 min\" }";
    let traces = traces(&one_site(4_000, lab, ""), 10);
    let tubes: usize = traces.iter().map(|trace| trace.tubes.len()).sum();
    let positive: usize = traces.iter().map(|trace| trace.positives.len()).sum();
    assert!(is_share(positive, tubes, 0.09), "{positive} of {tubes}");
    for trace in &traces {
        assert_eq!(
            trace.results.len() + trace.positives.len(),
            trace.tubes.len()
        );
        for found in &trace.positives {
            assert!(found.detected < found.retested);
            assert_eq!(found.reported, found.retested + Span::MINUTE * 25);
        }
    }
}

#[test]
fn a_positive_tube_that_goes_first_is_reported_sooner_than_one_that_stands_in_line() {
    let mean = |priority: u32| {
        let lab = format!(
            "machines = 1, verdict = {{ false_positives = \"15 %\", priority = {priority} }}"
        );
        let mut between = Vec::new();
        for trace in traces(&one_site(6_000, &lab, ""), 5) {
            let passed = |found: &PositiveRecord| (found.retested - found.detected).minutes();
            between.extend(trace.positives.iter().map(passed));
        }
        between.iter().sum::<f64>() / between.len() as f64
    };
    let (first, in_line) = (mean(9), mean(0));
    assert!(first + 5.0 < in_line, "{first} and {in_line} min");
}

/// The codes of what is wrong with a scenario of one site and this laboratory.
pub(crate) fn complaints(lab: &str) -> Vec<&'static str> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.toml");
    let text = format!(
        "cells = [{{ id = \"C1\", residents = 9, site = \"S1\" }}]\nsites = [{{ id = \"S1\", lanes = 1 }}]\n\
         couriers = [{{ id = \"van\" }}]\nrounds = [{{ id = \"R1\", opens = \"2022-05-09 07:00\" }}]\n\
         labs = [{{ id = \"lab\", {lab} }}]\n"
    );
    std::fs::write(&path, text).unwrap();
    let problems = match swabplan::scenario::read(&path, &Options::default()) {
        Ok(reading) => reading.warnings,
        Err(refusal) => refusal.problems,
    };
    problems.list.iter().map(|problem| problem.code).collect()
}

#[test]
fn faults_that_make_no_sense_are_complained_about() {
    let cases = [
        ("machines = 1, faults = { failed_runs = \"60 %\" }", "S235"),
        (
            "machines = 1, faults = { retest_from = \"review\" }",
            "S236",
        ),
        (
            "machines = 1, verdict = { retest_from = \"recieve\" }",
            "S111",
        ),
        (
            "stages = [{ id = \"look\", delay = \"1 h\" }], faults = { failed_runs = \"1 %\" }",
            "S237",
        ),
    ];
    for (lab, code) in cases {
        assert_eq!(complaints(lab), [code], "{lab}");
    }
    assert_eq!(
        complaints("machines = 1, faults = { failed_runs = \"1 %\", rerun_from = \"prepare\" }"),
        [""; 0]
    );
}

#[test]
fn work_of_no_length_ends_before_whoever_does_it_goes_on() {
    // Half of all times of a millisecond on average are none, to the millisecond.
    let model = model(
        r#"
cells = [{ id = "C1", residents = 300, site = "S1" }]
sites = [{ id = "S1", lanes = 2 }]
couriers = [{ id = "van", every = "3 h" }]
tubes = { pool = { precaution = 1 } }

[[rounds]]
id = "R1"
opens = "2022-05-09 06:00"

[[labs]]
id = "lab"
faults = { invalid = "10 %" }
stages = [
  { id = "receive", workers = { per_tube = { exponential = "1 ms" }, crews = [{ hours = "00:00-24:00", technicians = 1 }] } },
  { id = "pcr", machines = { count = 1, wells = 1, run = { exponential = "1 ms" } } },
]
"#,
    );
    let (network, streams) = swabplan::experiment::network(&model, 0);
    let trace = trace(&network, streams);
    assert_eq!(trace.results.len() + trace.failures.len(), 300);
}
