//! Why results are late: the parts add up, and what is planted is named.

use std::path::Path;

use swabplan::experiment::explain::{Whom, explain, helps};
use swabplan::experiment::risk::What;
use swabplan::experiment::{Nobody, network, run};
use swabplan::id::{Id, RoundId};
use swabplan::measure::ends::ends;
use swabplan::measure::outcome::Gate;
use swabplan::measure::parts::{Part, Parts};
use swabplan::measure::replicate;
use swabplan::measure::split::{Asked, split};
use swabplan::model::{Model, Replications};
use swabplan::sim::{Grain, Memory};
use swabplan::stats::interval::exact_binomial;
use swabplan::units::{Span, Time};

use crate::cli::swabplan;
use crate::compare::{planted, ten_plans};
use crate::models::{file, model, scenarios};

/// Everything fast and plenty.
const HOURS_LANE_VANS_LAB: &str = r#"
    couriers = [{ id = "van", route = "direct", every = "20 min", road = "5 min" }]
    hours = { open = ["07:00-15:00"], setup = "0 s" }
    labs = [{ id = "lab", stages = [{ id = "pcr", machines = { count = 4, run = "30 min" } }] }]
"#;

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
            "12",
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
        assert!(told.lines().count() <= 34, "{told}");
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

/// A county whose last result is out as late as its laboratory takes, which nobody knows, and not at all later for its luck.
fn unknown_laboratory() -> Model {
    model(
        r#"
        cells = [{ id = "C", residents = 24, site = "S" }]
        sites = [{ id = "S", lanes = 1 }]
        rounds = [{ id = "R", opens = "2022-05-09 08:00", deadline = "6 h" }]
        couriers = [{ id = "van", route = "direct", every = "1 h", road = { assumed = "10 min", range = "9 min..11 min", source = "a test" } }]
        labs = [{ id = "lab", stages = [{ id = "pcr", delay = { assumed = "4 h", range = "1 h..7 h", source = "a test" } }] }]
        hours = { open = ["08:00-20:00"], setup = "0 s" }
        coming = { by = "regular", every = "0 s" }
        replications = 400
        "#,
    )
}

#[test]
fn the_worst_replications_have_in_common_what_makes_them_so_and_nothing_else() {
    let model = unknown_laboratory();
    let risk = &run(&model, &Nobody).risks[RoundId::from_index(0)];
    let worst = risk.worst.as_ref().unwrap();
    assert_eq!(worst.replications, 20);
    let [only] = worst.traits.as_slice() else {
        panic!("{worst:?}");
    };
    let What::High(unknown) = only.what else {
        panic!("{only:?}");
    };
    assert_eq!(model.unknowns[unknown].key, "labs.lab.stages.pcr.delay");
    assert_eq!(only.found.0, only.found.1, "all of them are slow");
    assert!((only.usual - 1.0 / 3.0).abs() < 0.12, "{only:?}");
}

#[test]
fn the_chance_of_being_done_by_an_hour_is_that_of_the_laboratory() {
    let results = run(&unknown_laboratory(), &Nobody);
    let risk = &results.risks[RoundId::from_index(0)];
    // All are swabbed within the first hour and fetched at its end: out after 1 h 10 min and 1 to 7 h, evenly.
    for (hour, chance) in &risk.done {
        let truth = ((f64::from(*hour) - 2.0 - 1.0 / 6.0) / 6.0).clamp(0.0, 1.0);
        let (lo, hi) = exact_binomial((chance.share * 400.0).round() as u64, 400, 0.9999);
        // A draw is shared by two replications, and roads differ by a minute: the bounds are those of half as many.
        let slack = (hi - lo) / 2.0;
        assert!(
            (chance.share - truth).abs() <= slack + 0.02,
            "{hour}: {chance:?}, {truth}"
        );
    }
    let shares: Vec<f64> = risk.done.iter().map(|(_, chance)| chance.share).collect();
    assert!(
        shares.is_sorted() && shares[shares.len() - 1] > 0.999,
        "{shares:?}"
    );
}

#[test]
fn luck_alone_has_no_traits_and_few_replications_no_worst() {
    let mut model = planted(HOURS_LANE_VANS_LAB);
    model.design.replications = Replications::Fixed(60);
    let results = run(&model, &Nobody);
    let worst = results.risks[RoundId::from_index(0)].worst.as_ref();
    assert!(
        worst.is_none_or(|worst| worst.traits.is_empty()),
        "{worst:?}"
    );
    model.design.replications = Replications::Fixed(20);
    assert!(
        run(&model, &Nobody).risks[RoundId::from_index(0)]
            .worst
            .is_none()
    );
}

#[test]
fn tubes_closed_before_they_are_full_are_counted() {
    let model = model(
        r#"
        cells = [{ id = "C", residents = 23, site = "S" }]
        sites = [{ id = "S", lanes = 1 }]
        rounds = [{ id = "R", opens = "2022-05-09 08:00", deadline = "24 h" }]
        couriers = [{ id = "van", route = "direct", every = "1 h", road = "10 min" }]
        labs = [{ id = "lab", stages = [{ id = "pcr", delay = "1 h" }] }]
        coming = { by = "regular", every = "0 s" }
        tubes = { pool = 10 }
        replications = 2
        "#,
    );
    let round = &run(&model, &Nobody).outcome.rounds[RoundId::from_index(0)];
    assert_eq!(
        [round.tubes.mean, round.partial_tubes.mean].map(f64::to_bits),
        [3.0_f64, 1.0].map(f64::to_bits)
    );
}
