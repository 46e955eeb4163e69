//! Why results are late: the parts add up, and what is planted is named.

use std::path::Path;

use swabplan::experiment::explain::{Whom, explain, helps};
use swabplan::experiment::{Nobody, network};
use swabplan::id::{Id, RoundId};
use swabplan::measure::ends::ends;
use swabplan::measure::outcome::Gate;
use swabplan::measure::parts::{Part, Parts};
use swabplan::measure::replicate;
use swabplan::measure::split::{Asked, split};
use swabplan::model::Model;
use swabplan::sim::{Grain, Memory};
use swabplan::units::{Span, Time};

use crate::cli::swabplan;
use crate::compare::{planted, ten_plans};
use crate::models::{file, scenarios};

/// Splits the time of all people of a round, or of its last, and checks the sums.
pub(crate) fn parts_add_up(model: &Model, replication: u32, share: f64) {
    let (network, streams) = network(model, replication);
    let parts = Parts::of(model);
    for round in network.rounds.ids() {
        let found = ends(&network, streams, &mut Memory::default(), round);
        let asked = (found.people() as f64 * share).ceil() as u64;
        let tubes = found.last_tubes(asked);
        let asked = Asked {
            round,
            tubes: &tubes,
            parts: &parts,
        };
        let split = split(&network, streams, &mut Memory::default(), asked);
        assert_eq!(
            split.parts(&parts).iter().sum::<i64>(),
            split.total,
            "the parts are the whole"
        );
        let by_site: i64 = split.sites.values().flat_map(|(_, sums)| sums).sum();
        let people: u64 = split.sites.values().map(|(people, _)| people).sum();
        assert_eq!((by_site, people), (split.total, split.people));
        let opens = network.rounds[round].opens;
        let mean = found.mean_of_last(split.people, opens);
        if split.people > 0 {
            let total = split.total as f64 / 6e4;
            assert!((total - mean * split.people as f64).abs() < 1e-6 * total.abs().max(1.0));
        }
    }
}

#[test]
fn the_parts_of_everyone_add_up_and_agree_with_the_gates_in_every_shipped_scenario() {
    for path in scenarios() {
        let model = file(&path, &[]);
        parts_add_up(&model, 0, 1.0);
        parts_add_up(&model, 1, 0.05);
        agree_with_the_gates(&model, &path);
    }
}

/// The parts behind the swab, summed over everyone, are the gates of the tally.
fn agree_with_the_gates(model: &Model, path: &Path) {
    let (network, streams) = network(model, 0);
    let parts = Parts::of(model);
    let outcome = replicate(&network, streams, Grain::Whole, &mut Memory::default());
    for (round, entry) in network.rounds.iter() {
        if entry.cells.is_empty() || entry.measured_from != Time::BEFORE {
            continue;
        }
        let found = ends(&network, streams, &mut Memory::default(), round);
        let tubes = found.last_tubes(found.people());
        let asked = Asked {
            round,
            tubes: &tubes,
            parts: &parts,
        };
        let split = split(&network, streams, &mut Memory::default(), asked);
        let sums = split.parts(&parts);
        let mine = |of: &dyn Fn(Part) -> bool| {
            let all = parts.list.iter().zip(&sums);
            let sum: i64 = all.filter(|(part, _)| of(**part)).map(|(_, sum)| sum).sum();
            sum as f64 / split.people as f64 / 6e4
        };
        let theirs = |of: &dyn Fn(Gate) -> bool| {
            let gates = outcome.rounds[round].gates.iter();
            gates
                .filter(|gate| of(gate.gate))
                .map(|gate| gate.minutes)
                .sum::<f64>()
        };
        let same = |mine: f64, theirs: f64, what: &str| {
            assert!(
                (mine - theirs).abs() < 1e-6 * theirs.abs().max(1.0) || split.people == 0,
                "{} {what}: {mine} and {theirs}",
                path.display()
            );
        };
        same(
            mine(&|part| part == Part::Filling),
            theirs(&|gate| gate == Gate::Filling),
            "filling",
        );
        same(
            mine(&|part| matches!(part, Part::Pickup | Part::NoRoom)),
            theirs(&|gate| gate == Gate::Pickup),
            "pickup",
        );
        same(
            mine(&|part| part == Part::Road),
            theirs(&|gate| gate == Gate::Road),
            "road",
        );
        let in_lab = |part| {
            matches!(
                part,
                Part::Busy(..) | Part::Idle(..) | Part::Work(..) | Part::Rework(_) | Part::Hold(_)
            )
        };
        let labs = |gate| {
            matches!(
                gate,
                Gate::LabWait(..) | Gate::LabWork(..) | Gate::LabHold(_)
            )
        };
        same(mine(&in_lab), theirs(&labs), "laboratories");
    }
}

#[test]
fn the_bottleneck_planted_in_a_plan_is_named_first() {
    for (planted_there, change, names) in ten_plans() {
        let mut model = planted(&change);
        let round = RoundId::from_index(0);
        // Nothing waits for a full run once no more tubes are on the way: the start policy delays all but the last.
        if planted_there == "start policy" {
            let entry = &mut model.rounds[round];
            entry.deadline = entry.opens + Span::HOUR * 3;
        }
        let found = explain(&model, round, 8, &Nobody).unwrap();
        let first = &found.causes[0];
        let relief = first.relief.as_ref().unwrap();
        let called = format!("{:?}", relief.lever);
        assert!(
            names.iter().any(|name| called.starts_with(name)) && helps(&relief.gain),
            "{planted_there}: {called}, {:?} {first:#?}",
            found.causes
        );
        if planted_there == "start policy" {
            assert_eq!(found.whom, Whom::Late);
        }
        if planted_there == "swab" {
            assert_eq!(found.whom, Whom::Last, "nobody is late by so little");
        }
    }
}

#[test]
fn explain_answers_on_one_screen_in_both_languages_and_writes_what_a_program_reads() {
    let desk = tempfile::tempdir().unwrap();
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/zeku.toml");
    for (language, says) in [
        ("en", ["Why", "By hour", "min each"]),
        ("zh", ["为什么", "各时段", "每人"]),
    ] {
        let words = [
            "explain",
            scenario,
            "--replications",
            "6",
            "--lang",
            language,
        ];
        let output = swabplan(desk.path(), &words).output().unwrap();
        let told = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(says.iter().all(|say| told.contains(say)), "{told}");
        assert!(told.lines().count() <= 33, "{told}");
    }
    let folder = desk.path().join("output/explain-zeku");
    for file in [
        "README.txt",
        "parts.csv",
        "hours.csv",
        "sites.csv",
        "hours.png",
        "sites.svg",
    ] {
        assert!(folder.join(file).is_file(), "{file}");
    }
    let json = std::fs::read_to_string(folder.join("explain.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let minutes = json["parts"].as_object().unwrap().values();
    let sum: f64 = minutes.map(|minutes| minutes.as_f64().unwrap()).sum();
    let mean = json["sites"].as_array().unwrap().iter().map(|site| {
        let each = site["minutes"].as_object().unwrap().values();
        let each: f64 = each.map(|minutes| minutes.as_f64().unwrap()).sum();
        each * site["people"].as_f64().unwrap()
    });
    let mean = mean.sum::<f64>() / json["people"].as_f64().unwrap();
    assert!((sum - mean).abs() < 0.01 * sum, "{sum} {mean}");
}

#[test]
fn the_explanation_does_not_depend_on_threads() {
    let model = file(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/zeku.toml")),
        &[],
    );
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| explain(&model, RoundId::from_index(0), 4, &Nobody))
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn where_no_result_is_out_there_is_nothing_to_explain() {
    let desk = tempfile::tempdir().unwrap();
    let scenario = desk.path().join("empty.toml");
    std::fs::write(
        &scenario,
        r#"
        cells = [{ id = "C", residents = 50, site = "S" }]
        sites = [{ id = "S", lanes = 1 }]
        rounds = [{ id = "R", opens = "2022-05-09 07:00", deadline = "24 h" }]
        couriers = [{ id = "van", route = "direct", every = "1 h", road = "10 min" }]
        labs = [{ id = "L", stages = [{ id = "pcr", delay = "1 h" }] }]
        tubes = { faults = { lost = "100 %" } }
        "#,
    )
    .unwrap();
    let output = swabplan(desk.path(), &["explain", "empty.toml"])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("no result comes out"), "{told}");
}
