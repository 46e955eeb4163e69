//! Several plans under the same luck: what the verbs that compare, sweep and pull levers print, and how sure they may be.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use swabplan::experiment::compare::{Compared, Effort, End, Question, compare};
use swabplan::experiment::lever::{Lever, Pull};
use swabplan::experiment::leverage::leverage;
use swabplan::experiment::points::{Trials, trial};
use swabplan::experiment::rules::{self, Rule};
use swabplan::experiment::sobol::effects;
use swabplan::experiment::{Nobody, network};
use swabplan::id::{Id, RoundId, SiteId};
use swabplan::model::{Model, Watched};
use swabplan::sim::trace::Trace;
use swabplan::sim::{Grain, Memory, simulate};
use swabplan::stats::interval::exact_binomial;
use swabplan::units::Span;

use crate::models::{file, model};

const SITES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/zeku-sites.toml");
const MINIMAL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/minimal.toml");

fn swabplan(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("swabplan"));
    command
        .current_dir(folder)
        .args(words)
        .env("SWABPLAN_LANG", "en")
        .stdin(Stdio::null());
    command
}

fn output(folder: &Path, words: &[&str]) -> Output {
    swabplan(folder, words).output().unwrap()
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    text(&output.stdout) + &text(&output.stderr)
}

/// Every file under a folder with its bytes.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entry = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry.unwrap();
        (
            entry.file_name().into_string().unwrap(),
            fs::read(entry.path()).unwrap(),
        )
    };
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(entry).collect();
    files.sort();
    files
}

#[test]
fn layouts_are_compared_with_their_file_in_one_command_and_any_number_of_threads_says_the_same() {
    let home = tempfile::tempdir().unwrap();
    let words = |jobs| {
        [
            "compare",
            SITES,
            "--layout",
            "six",
            "--layout",
            "twelve",
            "--replications",
            "20",
            "--jobs",
            jobs,
        ]
    };
    let first = output(home.path(), &words("1"));
    assert_eq!(first.status.code(), Some(0), "{}", said(&first));
    let shown = said(&first);
    for word in [
        "Verdict",
        "six: ",
        "twelve: ",
        "site staff",
        "9/20",
        "12/20",
        "±",
        "Differ",
        "narrows",
    ] {
        assert!(shown.contains(word), "{word} is missing in\n{shown}");
    }
    assert!(
        shown.lines().all(|line| line.chars().count() <= 80),
        "{shown}"
    );
    let folder = home.path().join("output/compare-zeku-sites");
    let written = files(&folder);
    let names: Vec<&str> = written.iter().map(|(name, _)| name.as_str()).collect();
    for name in [
        "README.txt",
        "comparison.csv",
        "slides.pptx",
        "briefing.pdf",
        "workbook.xlsx",
        "comparison.json",
        "difference.png",
        "differences.csv",
        "results.svg",
        "scenario-3.toml",
    ] {
        assert!(names.contains(&name), "{names:?}");
    }
    let json: Value =
        serde_json::from_slice(&fs::read(folder.join("comparison.json")).unwrap()).unwrap();
    assert_eq!(json["schema"], "swabplan.comparison/1");
    let chances: f64 = json["plans"]
        .as_array()
        .unwrap()
        .iter()
        .map(|plan| plan["chance_of_best"].as_f64().unwrap())
        .sum();
    assert!((chances - 1.0).abs() < 1e-4, "someone is best: {chances}");
    let second = output(home.path(), &words("2"));
    assert_eq!(said(&second), shown);
    assert_eq!(files(&folder), written);
}

#[test]
fn of_a_comparison_only_what_is_asked_for_is_written_in_both_languages_and_listed() {
    let home = tempfile::tempdir().unwrap();
    let words = |jobs| {
        [
            "compare",
            SITES,
            "--layout",
            "six",
            "--replications",
            "8",
            "--lang",
            "both",
            "--only",
            "pdf,summary",
            "--jobs",
            jobs,
        ]
    };
    let first = output(home.path(), &words("1"));
    assert_eq!(first.status.code(), Some(0), "{}", said(&first));
    let folder = home.path().join("output/compare-zeku-sites");
    let written = files(&folder);
    let names: Vec<&str> = written.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            ".swabplan",
            "README.txt",
            "briefing-zh.pdf",
            "briefing.pdf",
            "comparison.json",
            "scenario-1.toml",
            "scenario-2.toml"
        ]
    );
    for (name, bytes) in written
        .iter()
        .filter(|(name, _)| name.starts_with("briefing"))
    {
        assert!(
            bytes.starts_with(b"%PDF-") && bytes.len() > 20_000,
            "{name}"
        );
    }
    let readme = fs::read_to_string(folder.join("README.txt")).unwrap();
    for word in ["briefing.pdf ", "comparison.json ", "*-zh.*"] {
        assert!(readme.contains(word), "{readme}");
    }
    assert!(!readme.contains("slides.pptx") && !readme.contains(".csv"));
    output(home.path(), &words("2"));
    assert_eq!(files(&folder), written);
    let refused = output(home.path(), &["compare", SITES, "--only", "notices"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(said(&refused).contains("compare writes no notices"));
}

#[test]
fn what_cannot_be_compared_is_told() {
    let home = tempfile::tempdir().unwrap();
    let other = fs::read_to_string(MINIMAL)
        .unwrap()
        .replace("\"R1\"", "\"X1\"");
    fs::write(home.path().join("other.toml"), other).unwrap();
    for (words, expected) in [
        (vec!["compare", MINIMAL], "only one plan"),
        (vec!["compare", SITES, "--layout", "sixx"], "sixx"),
        (
            vec!["compare", SITES, "--layout", "six", "--round", "R9"],
            "R9",
        ),
        (vec!["compare", MINIMAL, "other.toml"], "no round in common"),
        (vec!["compare", MINIMAL, "missing.toml"], "missing.toml"),
        (vec!["sweep", MINIMAL, "--vary", "lane.pacee=1..2"], "pacee"),
        (
            vec!["sweep", MINIMAL, "--vary", "nonsense"],
            "--vary nonsense",
        ),
        (
            vec!["sweep", MINIMAL, "--vary", "a=1..200", "--vary", "b=1..200"],
            "at most",
        ),
        (vec!["sensitivity", MINIMAL, "--round", "R9"], "R9"),
    ] {
        let output = output(home.path(), &words);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{words:?}: {}",
            said(&output)
        );
        assert!(
            said(&output).contains(expected),
            "{words:?}: {}",
            said(&output)
        );
    }
    assert!(!home.path().join("output").exists());
}

/// A site whose people all come at once, with one lane: the last swab ends when all services are over.
fn row_of_people(seed: u64, mean: &str) -> Model {
    let mut model = model(&format!(
        r#"
        cells = [{{ id = "C", residents = 24, site = "S" }}]
        sites = [{{ id = "S", lanes = 1 }}]
        rounds = [{{ id = "R", opens = "2022-05-09 08:00", deadline = "24 h" }}]
        couriers = [{{ id = "van", route = "direct", every = "1 h", road = "10 min" }}]
        labs = [{{ id = "lab", stages = [{{ id = "pcr", delay = "1 h" }}] }}]
        hours = {{ open = ["08:00-20:00"], setup = "0 s" }}
        coming = {{ by = "regular", every = "0 s" }}
        lane = {{ tube_change = "0 s" }}
        expert.lane.stations = [{{ id = "swab", servers = 1, service = {{ uniform = {{ low = "{mean} s", high = "{}  s" }} }} }}]
        "#,
        3 * mean.parse::<u32>().unwrap()
    ));
    model.design.seed = seed;
    model
}

/// 5,000 comparisons of plans whose true difference is known: 24 services of 60 s on average against 24 of 80 s.
#[test]
fn the_interval_of_a_difference_covers_the_truth_as_often_as_it_says() {
    let (base, other) = (row_of_people(0, "30"), row_of_people(0, "40"));
    let truth = 24.0 * 20.0 / 60.0;
    let repetitions = 5_000;
    let covered = (0..repetitions)
        .filter(|&seed| {
            let trial = |model: &Model| {
                let mut model = model.clone();
                // Seeds of one experiment must not run into those of the next.
                model.design.seed = 1_000 + seed;
                trial(&model, "R", 6, &Nobody).unwrap()
            };
            let found = trial(&other).against(&trial(&base), Compared::SwabbingEnds);
            (found.mean - truth).abs() <= found.half
        })
        .count() as u64;
    let (lo, hi) = exact_binomial(covered, repetitions, 0.999);
    assert!(lo <= 0.95 && 0.95 <= hi, "{covered} of {repetitions}");
}

#[test]
fn a_site_that_a_layout_leaves_alone_has_the_same_records_in_both() {
    let trace = |set: &[&str]| {
        let model = file(Path::new(SITES), set);
        let (network, streams) = network(&model, 0);
        let mut trace = Trace::default();
        simulate(
            &network,
            streams,
            Grain::Whole,
            &mut Memory::default(),
            &mut trace,
        );
        let left_alone = model
            .sites
            .iter()
            .find(|(_, site)| site.name.id == "S9")
            .unwrap()
            .0;
        let steps: Vec<_> = trace
            .steps
            .into_iter()
            .filter(|record| record.site == left_alone)
            .collect();
        format!("{steps:?}")
    };
    let (base, changed) = (trace(&[]), trace(&["sites.S1.lanes=5"]));
    assert!(base.len() > 10_000 && base == changed);
}

/// A plan in which one thing is far too little, and the levers that would be named for it.
pub(crate) fn planted(change: &str) -> Model {
    let coming = if change.contains("coming = ") {
        ""
    } else {
        r#"coming = { by = "cell", notice = "5 min" }"#
    };
    model(&format!(
        r#"
        cells = [{{ id = "C1", residents = 400, site = "S1" }}, {{ id = "C2", residents = 400, site = "S2" }}]
        sites = [{{ id = "S1", lanes = 3 }}, {{ id = "S2", lanes = 3 }}]
        rounds = [{{ id = "R", opens = "2022-05-09 07:00", deadline = "24 h" }}]
        {coming}
        tubes = {{ pool = 5 }}
        {change}
        "#
    ))
}

/// What is fast and plenty, unless a test plants otherwise.
const HOURS: &str = r#"hours = { open = ["07:00-15:00"], setup = "0 s" }"#;
const LANE: &str = r#"expert.lane.stations = [{ id = "scan", servers = 1, service = "5 s" }, { id = "swab", servers = 1, service = "10 s" }]"#;
const VANS: &str = r#"couriers = [{ id = "van", route = "direct", every = "20 min", road = "5 min", capacity = 200 }]"#;
const LAB: &str = r#"labs = [{ id = "lab", stages = [
    { id = "receive", workers = { per_tube = "5 s", crews = [{ hours = "00:00-24:00", technicians = 4 }] } },
    { id = "extract", machines = { count = 4, run = "10 min" } },
    { id = "pcr", machines = { count = 4, run = "30 min" } },
    { id = "review", delay = "5 min" },
] }]"#;

/// A plan, and the levers that may be named for what is too little in it.
pub(crate) type Planted = (&'static str, String, &'static [&'static str]);

#[allow(clippy::too_many_lines, reason = "ten plans, one after another")]
pub(crate) fn ten_plans() -> [Planted; 10] {
    let lab = |from: &str, to: &str| LAB.replacen(from, to, 1);
    [
        (
            "scan",
            [HOURS, &LANE.replace("\"5 s\"", "\"4 min\""), VANS, LAB].join("\n"),
            &["Station(\"scan\")", "AllLanes"],
        ),
        (
            "swab",
            [HOURS, &LANE.replace("\"10 s\"", "\"4 min\""), VANS, LAB].join("\n"),
            &["Station(\"swab\")", "AllLanes"],
        ),
        (
            "courier interval",
            [HOURS, LANE, &VANS.replace("20 min", "315 min"), LAB].join("\n"),
            &["Trips"],
        ),
        (
            "van capacity",
            [
                HOURS,
                LANE,
                &VANS.replace("20 min", "1 h").replace("200", "5"),
                LAB,
            ]
            .join("\n"),
            &["Load", "Trips"],
        ),
        (
            "receiving",
            [
                HOURS,
                LANE,
                VANS,
                &lab("per_tube = \"5 s\"", "per_tube = \"30 min\""),
            ]
            .join("\n"),
            &["Capacity(LabId(0), 0)", "Time(LabId(0), 0)"],
        ),
        (
            "extraction",
            [
                HOURS,
                LANE,
                VANS,
                &lab(
                    "count = 4, run = \"10 min\"",
                    "count = 1, wells = 4, run = \"40 min\"",
                ),
            ]
            .join("\n"),
            &[
                "Capacity(LabId(0), 1)",
                "Wells(LabId(0), 1)",
                "Time(LabId(0), 1)",
            ],
        ),
        (
            "PCR wells",
            [
                HOURS,
                LANE,
                VANS,
                &lab(
                    "count = 4, run = \"30 min\"",
                    "count = 1, wells = 6, run = \"60 min\"",
                ),
            ]
            .join("\n"),
            &[
                "Capacity(LabId(0), 2)",
                "Wells(LabId(0), 2)",
                "Time(LabId(0), 2)",
            ],
        ),
        (
            "review",
            [
                HOURS,
                LANE,
                VANS,
                &lab("delay = \"5 min\"", "delay = \"8 h\""),
            ]
            .join("\n"),
            &["Time(LabId(0), 3)"],
        ),
        (
            "opening hours",
            [
                r#"hours = { open = ["19:00-23:00"], setup = "0 s" }"#,
                LANE,
                VANS,
                LAB,
            ]
            .join("\n"),
            &["Hours"],
        ),
        (
            "start policy",
            [
                r#"coming = { by = "even" }"#,
                HOURS,
                LANE,
                VANS,
                &lab("delay = \"5 min\"", "delay = \"5 min\"").replace(
                    "count = 4, run = \"30 min\"",
                    "count = 4, run = \"30 min\", start = { at_least = 90, after = \"9 h\" }",
                ),
            ]
            .join("\n"),
            &["Policy(LabId(0), 2)"],
        ),
    ]
}

#[test]
fn the_bottleneck_planted_in_a_plan_is_the_lever_that_helps_most() {
    for (planted_there, change, names) in ten_plans() {
        let model = planted(&change);
        let design = Trials {
            round: "R",
            replications: 8,
            planned: 1,
        };
        let found = leverage(&model, &[Pull::Away], &design, &Nobody).unwrap();
        // Nothing waits for a full run once no more tubes are on the way, so that a start policy delays all but the last results.
        let figure = if planted_there == "start policy" {
            Compared::Turnaround
        } else {
            Compared::ResultsEnd
        };
        let gain = |pulled: &swabplan::experiment::leverage::Pulled| {
            pulled.trial.against(&found.base, figure).mean
        };
        let best = found
            .pulled
            .iter()
            .min_by(|one, other| gain(one).total_cmp(&gain(other)))
            .unwrap();
        let called = format!("{:?}", best.lever);
        assert!(
            names.iter().any(|name| called.starts_with(name)),
            "{planted_there}: {called}, {} min",
            gain(best)
        );
    }
}

#[test]
fn levers_that_cannot_be_pulled_are_left_and_none_breaks_a_plan() {
    let shut = planted(
        &[
            r#"hours = { open = ["07:00-07:30"], setup = "0 s" }"#,
            LANE,
            VANS,
            LAB,
        ]
        .join("\n"),
    );
    assert!(
        Lever::Hours.pulled(&shut, Pull::Down).is_none(),
        "nobody closes before opening"
    );
    for lever in Lever::all(&shut) {
        for pull in [Pull::Down, Pull::Up, Pull::UpTwice, Pull::Away] {
            if let Some(plan) = lever.pulled(&shut, pull) {
                assert!(
                    trial(&plan, "R", 1, &Nobody).is_some(),
                    "{lever:?} {pull:?}"
                );
            }
        }
    }
}

#[test]
fn one_more_lane_never_makes_the_last_swab_later_and_levers_keep_the_luck() {
    let model = row_of_people(3, "30");
    let more = Lever::AllLanes.pulled(&model, Pull::Up).unwrap();
    let ends = |model: &Model| {
        trial(model, "R", 20, &Nobody)
            .unwrap()
            .of(Compared::SwabbingEnds)
            .to_vec()
    };
    assert!(
        ends(&more)
            .iter()
            .zip(ends(&model))
            .all(|(more, one)| *more <= one)
    );
    assert!(
        Lever::AllLanes.pulled(&model, Pull::Down).is_none(),
        "no site is left without lanes"
    );
}

#[test]
fn the_unknown_that_matters_has_the_variance_and_luck_the_rest() {
    let model = model(
        r#"
        cells = [{ id = "C", residents = 24, site = "S" }]
        sites = [{ id = "S", lanes = 1 }]
        rounds = [{ id = "R", opens = "2022-05-09 08:00", deadline = "24 h" }]
        couriers = [{ id = "van", route = "direct", every = "1 h", road = { assumed = "10 min", range = "9 min..11 min", source = "a test" } }]
        labs = [{ id = "lab", stages = [{ id = "pcr", delay = { assumed = "4 h", range = "1 h..7 h", source = "a test" } }] }]
        hours = { open = ["08:00-20:00"], setup = "0 s" }
        coming = { by = "regular", every = "0 s" }
        "#,
    );
    let found = effects(
        &model,
        Compared::ResultsEnd,
        RoundId::from_index(0),
        200,
        &Nobody,
    )
    .unwrap();
    let strongest = &found.unknowns[0];
    assert_eq!(
        model.unknowns[strongest.unknown].key,
        "labs.lab.stages.pcr.delay"
    );
    assert!(
        strongest.total > 0.95 && strongest.first > 0.9 && found.luck < 0.02,
        "{found:?}"
    );
    assert!(found.unknowns[1].total < 0.01, "{found:?}");
}

#[test]
fn a_plan_that_is_hours_better_is_known_to_be_at_the_first_look() {
    let models = [row_of_people(1, "60"), row_of_people(1, "30")];
    let question = Question {
        of: Watched::SwabbingEnds,
        round: None,
        indifference: Span::MINUTE,
        effort: Effort::UntilClear(1_000),
    };
    let found = compare(&models, &question, &Nobody);
    assert_eq!(
        (found.end, found.plans[0].results.replications),
        (End::Best(1), 60)
    );
    assert!(found.plans[1].from_best.hi < 0.0 && found.plans[0].dropped == Some(60));
    let apart = found.plans[1]
        .difference(Compared::SwabbingEnds, RoundId::from_index(0))
        .unwrap()
        .paired;
    assert!(
        (apart.mean + 24.0).abs() < 2.0 && apart.narrowed > 1.0,
        "{apart:?}"
    );
}

#[test]
fn rules_give_each_site_what_they_ask_for_and_split_the_large() {
    let zeku = file(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/zeku.toml")),
        &[],
    );
    let round = RoundId::from_index(0);
    let due: u32 = zeku.rounds[round]
        .cells
        .iter()
        .map(|&cell| zeku.cells[cell].due())
        .sum();
    for (rule, plan) in rules::plans(&zeku, round) {
        let lanes: u32 = plan.sites.values().map(|site| site.lanes.value).sum();
        let sites = plan.sites.len() as u32;
        match rule {
            Rule::LanesOf800 => {
                assert!((due.div_ceil(800)..=due.div_ceil(800) + sites).contains(&lanes));
            }
            Rule::LanesOf600 => {
                assert!((due.div_ceil(600)..=due.div_ceil(600) + sites).contains(&lanes));
            }
            Rule::Swabbers => {
                assert!((due.div_ceil(360)..=due.div_ceil(360) + sites).contains(&lanes));
            }
            // Zeku has more sites than one for every 2,000.
            Rule::Sites => {
                let mut people = std::collections::BTreeMap::new();
                let round = &plan.rounds[round];
                for (&cell, place) in round.cells.iter().zip(&round.places) {
                    *people.entry(place.site).or_insert(0) += plan.cells[cell].due();
                }
                let most = people.values().max().unwrap();
                assert!(
                    people.len() < zeku.sites.len() && *most <= 3_000,
                    "{people:?}"
                );
                let of = |model: &Model, used: &dyn Fn(SiteId) -> bool| -> u32 {
                    let sites = model.sites.iter();
                    sites
                        .filter(|(id, site)| site.visits.is_none() && used(*id))
                        .map(|(_, site)| site.lanes.value)
                        .sum()
                };
                let used = |site: SiteId| people.contains_key(&site);
                assert_eq!(of(&plan, &used), of(&zeku, &|_| true), "no lane is lost");
            }
        }
        assert!(trial(&plan, "R1", 1, &Nobody).is_some(), "{rule:?}");
    }
    let large = model(
        r#"
        cells = [{ id = "A", residents = 2000, site = "S" }, { id = "B", residents = 2000, site = "S" }, { id = "C", residents = 100, site = "T" }]
        sites = [{ id = "S", lanes = 5 }, { id = "T", lanes = 1 }]
        rounds = [{ id = "R", opens = "2022-05-09 07:00", deadline = "24 h" }]
        couriers = [{ id = "van", route = "direct", every = "1 h", road = "10 min" }]
        labs = [{ id = "lab", machines = 2 }]
        "#,
    );
    let plans = rules::plans(&large, round);
    let (_, split) = plans.iter().find(|(rule, _)| *rule == Rule::Sites).unwrap();
    let lanes: Vec<u32> = split.sites.values().map(|site| site.lanes.value).collect();
    assert_eq!(lanes, [3, 1, 2], "lanes are shared out");
    let ends = |model: &Model| {
        trial(model, "R", 4, &Nobody)
            .unwrap()
            .of(Compared::Missed)
            .to_vec()
    };
    assert_eq!(ends(split), ends(&large), "nobody is lost");
}

#[test]
fn rules_stand_beside_the_plan_and_say_what_they_come_to_here() {
    let desk = tempfile::tempdir().unwrap();
    let words = ["compare", MINIMAL, "--rules", "--replications", "8"];
    let output = output(desk.path(), &words);
    let told = said(&output);
    assert!(output.status.success(), "{told}");
    for say in ["Rules", "lane per 800", "swabber per 360", "the plan: "] {
        assert!(told.contains(say), "{say}: {told}");
    }
    let folder = desk.path().join("output/compare-minimal");
    let json = fs::read_to_string(folder.join("comparison.json")).unwrap();
    let json: Value = serde_json::from_str(&json).unwrap();
    let rules = json["plans"]
        .as_array()
        .unwrap()
        .iter()
        .map(|plan| &plan["rule"]);
    let rules: Vec<&Value> = rules.collect();
    assert!(
        rules[0].is_null() && rules.contains(&&Value::from("lane_per_600")),
        "{rules:?}"
    );
}
