//! What holds a campaign together: tiers that change, rounds for some tiers only.

use std::path::Path;

use crate::models::file;

use swabplan::experiment::{Nobody, run};
use swabplan::model::{Model, Tier};
use swabplan::report::screen::screen;
use swabplan::sim::trace::Trace;
use swabplan::sim::{Grain, Memory, simulate};
use swabplan::units::language::Language;

fn feature(name: &str) -> Model {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios/features")
        .join(name);
    file(&path, &[])
}

#[test]
fn a_round_covers_the_cells_that_are_of_its_tiers_when_it_opens() {
    let model = feature("tiers.toml");
    let covered: Vec<(&str, Vec<&str>)> = model
        .rounds
        .values()
        .map(|round| {
            let cells = round.cells.iter();
            (
                round.name.id.as_str(),
                cells
                    .map(|&cell| model.cells[cell].name.id.as_str())
                    .collect(),
            )
        })
        .collect();
    assert_eq!(
        covered,
        [
            ("D-1", vec!["C1"]),
            ("E-1", vec!["C2"]),
            ("D-2", vec!["C1"]),
            ("F", vec!["C3"]),
            ("D-3", vec!["C1"]),
            ("E-2", vec!["C2"]),
            ("D-4", vec!["C1", "C2"]),
            ("D-5", vec!["C1", "C2"]),
            ("D-6", vec!["C1", "C2"]),
        ]
    );
}

#[test]
fn the_tier_of_the_day_decides_the_tube() {
    let model = feature("tiers.toml");
    let (network, _) = swabplan::experiment::network(&model, 0);
    let pools = |id: &str| {
        let (round, _) = model
            .rounds
            .iter()
            .find(|(_, round)| round.name.id == id)
            .unwrap();
        let mut pools: Vec<u32> = network.rounds[round]
            .sites
            .iter()
            .flat_map(|site| &site.sources)
            .map(|source| source.pool)
            .collect();
        pools.sort_unstable();
        pools.dedup();
        pools
    };
    assert_eq!(model.rounds.values().next().unwrap().tiers, [Tier::Sealed]);
    assert_eq!(
        (pools("D-1"), pools("E-1"), pools("F")),
        (vec![3], vec![5], vec![10])
    );
    assert_eq!(pools("D-4"), vec![3], "C2 is sealed by then");
}

#[test]
fn the_unknown_that_decides_is_named_before_those_that_do_not() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/features/unknowns.toml");
    let model = file(&path, &[]);
    let results = run(&model, &Nobody);
    let influences = results.influences.values().next().unwrap();
    let shares: Vec<(&str, f64)> = influences
        .iter()
        .map(|influence| {
            (
                model.unknowns[influence.unknown].key.as_str(),
                influence.share,
            )
        })
        .collect();
    assert_eq!((shares[0].0, shares.len()), ("lane.pace", 2));
    assert!(shares[0].1 > 0.8 && shares[1].1 < 0.1, "{shares:?}");
    let [slow, fast] = [influences[0].low, influences[0].high];
    assert!(slow.results_end_min > fast.results_end_min + 60.0);
    assert!(
        slow.on_time < 0.05 && fast.on_time > 0.95,
        "{slow:?} {fast:?}"
    );
}

#[test]
fn of_those_who_do_not_come_the_share_that_is_found_is_swabbed_after_the_list_is_reconciled() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/features/catch-up.toml");
    let with = run(&file(&path, &["replications=200"]), &Nobody);
    let without = run(
        &file(&path, &["replications=200", "catch_up.share=\"0 %\""]),
        &Nobody,
    );
    let [with, without] =
        [&with, &without].map(|results| results.outcome.rounds.values().next().unwrap());
    // 900 due, each comes with probability 0.9, else is found with probability 0.8: 3.29 standard errors of a mean of 200.
    let near = |mean: f64, chance: f64| {
        let expected = 900.0 * chance;
        (mean - expected).abs() < 3.29 * (expected * (1.0 - chance) / 200.0).sqrt()
    };
    assert!(
        near(without.missed.mean, 0.1) && near(with.missed.mean, 0.02),
        "{} {}",
        without.missed.mean,
        with.missed.mean
    );
    assert!(near(with.fetched.mean, 0.08), "{}", with.fetched.mean);
    assert!(
        (with.swabbed.mean - without.swabbed.mean - with.fetched.mean).abs() < 1e-9,
        "who comes alone is not counted as fetched"
    );
    // Reconciled at 17:00, the first comes 30 minutes later: 630 minutes after the round opens.
    assert!(with.swabbing_ends_min.p05 > 630.0);
}

#[test]
fn fetching_leaves_everyone_else_as_they_were() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/features/catch-up.toml");
    let arrivals = |share: &str| {
        let model = file(&path, &[&format!("catch_up.share=\"{share}\"")]);
        let (network, streams) = swabplan::experiment::network(&model, 0);
        let mut trace = Trace::default();
        simulate(
            &network,
            streams,
            Grain::Whole,
            &mut Memory::default(),
            &mut trace,
        );
        let fetched = |source: u32| {
            network.rounds.values().next().unwrap().sites[0].sources[source as usize].fetched
        };
        let mut arrivals: Vec<(u32, u32, i64)> = trace
            .steps
            .iter()
            .filter(|record| record.step.station == 0 && !fetched(record.step.source))
            .map(|record| (record.step.source, record.step.rank, record.step.ready))
            .collect();
        arrivals.sort_unstable();
        arrivals
    };
    let (none, most) = (arrivals("0 %"), arrivals("90 %"));
    assert!(none.len() > 700 && none == most);
}

#[test]
fn no_swab_is_taken_before_the_last_step_of_getting_ready_and_the_report_says_which() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/features/readiness.toml");
    let model = file(&path, &["readiness.tents.takes=\"3 h\""]);
    let outcome = &run(&model, &Nobody).outcome;
    let round = outcome.rounds.values().next().unwrap();
    let done: Vec<(&str, f64, f64)> = model
        .readiness
        .iter()
        .zip(&round.readiness)
        .map(|(step, outcome)| {
            (
                step.name.id.as_str(),
                outcome.done_min.mean,
                outcome.critical.mean,
            )
        })
        .collect();
    assert_eq!(
        done,
        [
            ("tents", 180.0, 1.0),
            ("training", 60.0, 0.0),
            ("tubes", 105.0, 0.0)
        ]
    );
    // Ordered at 05:30, so ready at 08:30; who is called comes then.
    assert_eq!(round.ready_min.mean.to_bits(), 90.0_f64.to_bits());
    let (network, streams) = swabplan::experiment::network(&model, 0);
    let mut trace = Trace::default();
    simulate(
        &network,
        streams,
        Grain::Whole,
        &mut Memory::default(),
        &mut trace,
    );
    let first = trace
        .steps
        .iter()
        .map(|record| record.step.start)
        .min()
        .unwrap();
    assert!(
        (30_600_000..30_660_000).contains(&first),
        "{first} is not 08:30"
    );
    let shown = screen(&model, &run(&model, &Nobody), Language::English, None);
    assert!(
        shown.contains("First swab 1 h 30 min late, waiting for: Tents,"),
        "{shown}"
    );
}

#[test]
fn a_shorter_step_never_makes_anyone_later() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/features/readiness.toml");
    let ends = |takes: &str| {
        let model = file(&path, &[&format!("readiness.tents.takes=\"{takes}\"")]);
        let (network, streams) = swabplan::experiment::network(&model, 0);
        let mut trace = Trace::default();
        simulate(
            &network,
            streams,
            Grain::Whole,
            &mut Memory::default(),
            &mut trace,
        );
        let mut starts: Vec<i64> = trace.steps.iter().map(|record| record.step.start).collect();
        starts.sort_unstable();
        starts
    };
    let (short, long) = (ends("1 h"), ends("3 h"));
    assert!(
        short.len() == long.len() && short.iter().zip(&long).all(|(short, long)| short <= long)
    );
    assert!(short < long);
}
