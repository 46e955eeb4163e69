//! What the campaign decides: worked by hand, and judged by someone who knows the rules and the results but nothing of the engine.

#![allow(
    clippy::float_cmp,
    reason = "shares of replications and whole minutes are exact"
)]

use std::collections::BTreeMap;
use std::path::Path;

use crate::models::file;
use crate::referee::replay;

use swabplan::experiment::results::Results;
use swabplan::experiment::{Nobody, run};
use swabplan::id::{CellId, Id, LabId, RoundId, SiteId};
use swabplan::model::campaign::{Action, Otherwise, Rule, When};
use swabplan::model::{Model, Tier};
use swabplan::network::Network;
use swabplan::report::screen::screen;
use swabplan::report::summary::{schema, summary};
use swabplan::report::tables::tables;
use swabplan::sim::trace::Trace;
use swabplan::units::language::Language;
use swabplan::units::{Span, Time};

fn feature(name: &str, set: &[&str]) -> Model {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios/features")
        .join(name);
    file(&path, set)
}

fn round(model: &Model, id: &str) -> RoundId {
    let found = model.rounds.iter().find(|(_, round)| round.name.id == id);
    found.unwrap().0
}

fn cell(model: &Model, id: &str) -> usize {
    let found = model.cells.iter().find(|(_, cell)| cell.name.id == id);
    found.unwrap().0.index()
}

/// Mean people due in each round.
fn due(model: &Model, results: &Results) -> Vec<(String, f64)> {
    let rounds = model.rounds.iter();
    rounds
        .map(|(id, round)| {
            let outcome = &results.outcome.rounds[id];
            (round.name.id.clone(), outcome.due.mean)
        })
        .collect()
}

/// Nobody is infected but all of one cell, and every swab finds it.
const C1_ALL: [&str; 8] = [
    "replications=2",
    "infection.prevalence=\"0 %\"",
    "infection.attack=\"100 %\"",
    "cells.C1.prevalence=\"100 %\"",
    "labs.lab.verdict.sensitivity=\"100 %\"",
    "labs.lab.verdict.false_positives=\"0 %\"",
    // A tube of one's own, so that nobody shares a tube with a neighbor of another cell.
    "tubes.pool.precaution=1",
    "tubes.pool.controlled=1",
];

#[test]
fn a_cell_with_a_positive_tube_is_sealed_its_neighbors_controlled_and_neither_comes_down_while_tubes_are_positive()
 {
    let model = feature("tiers-by-result.toml", &C1_ALL);
    let results = run(&model, &Nobody);
    // All are due on day 0; then C1 (400, sealed) daily, C2 (300, of its site, controlled) every second day, C3 (500) every fifth.
    let expected = [
        1200.0, 400.0, 700.0, 400.0, 700.0, 900.0, 700.0, 400.0, 700.0, 400.0, 1200.0,
    ];
    let found: Vec<f64> = due(&model, &results).iter().map(|(_, due)| *due).collect();
    assert_eq!(found, expected);
    let campaign = results.campaign.unwrap();
    let second = &campaign.tiers[1];
    assert_eq!(second[cell(&model, "C1")], [0.0, 0.0, 1.0, 0.0]);
    assert_eq!(second[cell(&model, "C2")], [0.0, 1.0, 0.0, 0.0]);
    assert_eq!(second[cell(&model, "C3")], [1.0, 0.0, 0.0, 0.0]);
    assert_eq!(campaign.tiers[0][cell(&model, "C1")], [1.0, 0.0, 0.0, 0.0]);
    for id in ["C1", "C2"] {
        let easing = &campaign.cells[cell(&model, id)];
        // Each round finds C1 positive again, and after the last there is none that could be clear.
        assert_eq!((easing.concerned, easing.lowered.share), (1.0, 0.0), "{id}");
    }
    assert_eq!(campaign.cells[cell(&model, "C3")].concerned, 0.0);
}

#[test]
fn without_a_positive_nothing_rises_and_a_sealed_cell_comes_down_on_the_evening_worked_by_hand() {
    let mut set = C1_ALL.to_vec();
    set[3] = "cells.C1.prevalence=\"0 %\"";
    set.push("cells.C1.tier=\"sealed\"");
    let model = feature("tiers-by-result.toml", &set);
    let results = run(&model, &Nobody);
    let campaign = results.campaign.as_ref().unwrap();
    let easing = &campaign.cells[cell(&model, "C1")];
    // Sealed at 07:00 on the 9th: three days later is the 12th, at its review at 21:00 two rounds and more are out; controlled from then on,
    // and three days later exactly, with the round of the 13th out, free.
    let evening = |days: f64| days * 1440.0 + 14.0 * 60.0;
    assert_eq!(easing.lowered_min.p50, evening(3.0));
    assert_eq!(easing.lifted_min.p50, evening(6.0));
    assert_eq!((easing.lowered.share, easing.lifted.share), (1.0, 1.0));
    for id in ["C2", "C3"] {
        assert_eq!(campaign.cells[cell(&model, id)].concerned, 0.0);
    }
    let more = feature(
        "tiers-by-result.toml",
        &[&set[..], &["review.rules.unseal.rounds=4"]].concat(),
    );
    let later = run(&more, &Nobody).campaign.unwrap().cells[cell(&more, "C1")];
    assert!(
        later.lowered_min.p50 >= easing.lowered_min.p50,
        "more rounds asked for never lower a tier earlier"
    );
    let text = screen(&model, &results, Language::English, None);
    assert!(text.contains("last C1: lowered in 100% of cases"), "{text}");
    assert!(text.contains("bounds prevalence at"), "{text}");
}

#[test]
fn a_cadence_by_tier_takes_the_cells_that_are_due() {
    let model = feature("cadence.toml", &["replications=2"]);
    let results = run(&model, &Nobody);
    let expected = [
        ("D-1", 890.0),
        ("D-2", 120.0),
        ("D-3", 380.0),
        ("D-4", 120.0),
        ("D-5", 380.0),
        ("D-6", 630.0),
    ];
    let expected = expected.map(|(id, due)| (id.to_owned(), due));
    assert_eq!(due(&model, &results), expected);
    assert!(results.campaign.is_none(), "nothing is decided on the way");
}

#[test]
fn a_cell_that_is_due_in_one_round_is_due_in_no_other() {
    let model = feature(
        "go.toml",
        &["replications=2", "rounds.R2.go.results=\"0 %\""],
    );
    let results = run(&model, &Nobody);
    let expected = [("N", 150.0), ("R1", 1500.0), ("R2", 1500.0)];
    let expected = expected.map(|(id, due)| (id.to_owned(), due));
    assert_eq!(due(&model, &results), expected);
}

#[test]
fn a_round_opens_when_the_results_are_out_waits_no_longer_than_it_may_or_is_not_held() {
    let model = feature("go.toml", &[]);
    let results = run(&model, &Nobody);
    let last = round(&model, "R2");
    let holding = results.campaign.as_ref().unwrap().rounds[last.index()];
    assert!(
        holding.as_planned.share > 0.0
            && holding.as_planned.share < holding.held.share
            && holding.held.share < 1.0,
        "{holding:?}"
    );
    assert!(holding.postponed_min.p95 <= 360.0);
    let outcome = &results.outcome.rounds[last];
    assert!((outcome.due.mean - 1500.0 * holding.held.share).abs() < 1e-9);
    assert_eq!(outcome.due.mean, outcome.swabbed.mean + outcome.missed.mean);
    let text = screen(&model, &results, Language::Chinese, None);
    assert!(text.contains("按时开"), "{text}");
    // A laboratory that takes its time: nobody waits, so nothing is held; and whoever opens all the same does.
    let slow = ["labs.lab.bench_time=\"9 h\"", "rounds.R2.go.wait=\"0 min\""];
    let never = run(
        &feature("go.toml", &[&slow[..], &["replications=4"]].concat()),
        &Nobody,
    );
    let outcome = &never.outcome.rounds[last];
    assert_eq!((outcome.due.mean, outcome.tubes.mean), (0.0, 0.0));
    assert_eq!(never.on_time[last].share, 0.0);
    let open = ["replications=4", "rounds.R2.go.otherwise=\"open\""];
    let open = run(
        &feature("go.toml", &[&slow[..], &open[..]].concat()),
        &Nobody,
    );
    assert_eq!(
        open.campaign.unwrap().rounds[last.index()].as_planned.share,
        1.0
    );
}

#[test]
fn a_round_waits_until_the_people_of_positive_tubes_are_settled() {
    let set = [
        "replications=4",
        "labs.lab.verdict.sensitivity=\"100 %\"",
        "infection.prevalence=\"1 %\"",
        "recall.teams=1",
        "rounds.R2.go.positives=\"settled\"",
        "rounds.R2.go.results=\"0 %\"",
        "rounds.R2.go.wait=\"0 min\"",
        "sites.S1.lanes=3",
        "labs.lab.bench_time=\"3 h\"",
    ];
    let held = run(&feature("go.toml", &set), &Nobody);
    let free = run(
        &feature(
            "go.toml",
            &[
                &set[..],
                &[
                    "infection.prevalence=\"0 %\"",
                    "labs.lab.verdict.false_positives=\"0 %\"",
                ],
            ]
            .concat(),
        ),
        &Nobody,
    );
    let share = |results: &Results| results.campaign.as_ref().unwrap().rounds[2].held.share;
    assert_eq!((share(&held), share(&free)), (0.0, 1.0));
}

#[test]
fn what_a_review_decides_holds_from_the_next_round_and_changes_nothing_before() {
    let model = feature("review.toml", &[]);
    let mut without = model.clone();
    without.campaign = None;
    let (with, plain) = (run(&model, &Nobody), run(&without, &Nobody));
    let of = |results: &Results, index: usize| {
        let round = &results.outcome.rounds[RoundId::from_index(index)];
        [round.swabbing_ends_min.mean, round.wait_min.mean.mean]
    };
    assert_eq!(of(&with, 0), of(&plain, 0), "the first round is under way");
    assert!(
        of(&with, 1)[0] < of(&plain, 1)[0] - 60.0 && of(&with, 1)[1] < of(&plain, 1)[1],
        "a second lane and longer hours: {:?} {:?}",
        of(&with, 1),
        of(&plain, 1)
    );
    let reserve = LabId::from_index(1);
    let tubes = |results: &Results| -> Vec<f64> {
        let labs = results.outcome.labs.iter().filter(|lab| lab.lab == reserve);
        labs.map(|lab| lab.tubes.mean).collect()
    };
    let called = tubes(&with);
    assert!(called[0] == 0.0 && called[1] > 150.0, "{called:?}");
    assert_eq!(tubes(&plain).iter().sum::<f64>(), 0.0);
    let campaign = with.campaign.unwrap();
    assert_eq!(campaign.rules[0].0.share, 1.0);
    assert_eq!(
        campaign.rules[0].1.p05,
        15.0 * 60.0,
        "at the first review, 22:00"
    );
}

#[test]
fn stocks_costs_food_incidents_and_crews_are_those_of_the_rounds_as_they_were_held() {
    let (mut postponed, mut dropped, mut sealed) = (0, 0, 0);
    for seed in 1..=12 {
        // A laboratory so slow that rounds wait, or wait in vain.
        let bench = ["3 h", "9 h", "15 h"][seed % 3];
        let bench = format!("labs.lab.bench_time=\"{bench}\"");
        let seed = format!("seed={seed}");
        let set = [seed.as_str(), "replications=1", bench.as_str()];
        let model = feature("in-full.toml", &set);
        let results = run(&model, &Nobody);
        let campaign = results.campaign.as_ref().unwrap();
        let mut held: Vec<(f64, RoundId)> = Vec::new();
        for (id, round) in model.rounds.iter() {
            let holding = &campaign.rounds[id.index()];
            let planned = round
                .opens
                .since(model.rounds.values().next().unwrap().opens);
            if holding.held.share == 1.0 {
                held.push((planned.minutes() + holding.postponed_min.p50, id));
                postponed += usize::from(holding.postponed_min.p50 > 0.0);
            } else {
                dropped += 1;
                let outcome = &results.outcome.rounds[id];
                assert_eq!(
                    outcome.due.mean + outcome.swabbed.mean + outcome.tubes.mean,
                    0.0
                );
                assert!(outcome.stocks.iter().all(|stock| stock.used.mean == 0.0));
                assert_eq!(outcome.cost.as_ref().unwrap().total.mean, 0.0);
            }
        }
        held.sort_by(|one, other| one.0.total_cmp(&other.0));
        sealed += assert_books_of_held_rounds(&model, &results, &held);
        let disinfection = results.outcome.disinfection.as_ref().unwrap();
        assert!(disinfection.closed_min.mean > 0.0);
        assert!(
            results
                .outcome
                .incidents
                .iter()
                .all(|one| one.happens.mean == 1.0)
        );
    }
    assert!(
        postponed > 0 && dropped > 0 && sealed > 5,
        "{postponed} postponed, {dropped} not held, {sealed} with sealed cells"
    );
}

/// Rounds by when they opened, in minutes: what is counted of each runs to the next; returns how many have sealed cells.
fn assert_books_of_held_rounds(model: &Model, results: &Results, held: &[(f64, RoundId)]) -> usize {
    let campaign = results.campaign.as_ref().unwrap();
    let mut sealed = 0;
    for (at, &(opens, id)) in held.iter().enumerate() {
        let outcome = &results.outcome.rounds[id];
        let until = held.get(at + 1).map_or(opens + 1_440.0, |&(next, _)| next);
        let days = (until - opens) / 1_440.0;
        let cost = outcome.cost.as_ref().unwrap();
        assert!(
            (cost.labs.mean - 12_000.0 * days).abs() < 1e-6,
            "rent by the day"
        );
        let items = 20.0 * outcome.swabbed.mean + 3.0 * outcome.tubes.mean;
        assert!((cost.items.mean - items).abs() < 1e-6);
        let tiers = &campaign.tiers[id.index()];
        let sealed_cells = model
            .cells
            .iter()
            .filter(|(cell, _)| tiers[cell.index()][2] == 1.0);
        let fed: f64 = sealed_cells
            .map(|(_, cell)| f64::from(cell.residents))
            .sum();
        sealed += usize::from(fed > 0.0);
        let [food, kits] = ["food", "kits"].map(|name| {
            let mut stocks = model.stocks.iter();
            &outcome.stocks[stocks.position(|stock| stock.name.id == name).unwrap()]
        });
        let needed = food.used.mean + food.short.mean;
        assert!(
            (needed - fed * days).abs() < 1e-6,
            "{needed} for {fed} people"
        );
        assert_eq!(kits.used.mean, outcome.swabbed.mean);
        let there = kits.before.mean + kits.resupplied.mean;
        assert_eq!(there, kits.used.mean + kits.left.mean);
        if let Some(&(_, next)) = held.get(at + 1) {
            let next = &results.outcome.rounds[next];
            for (now, then) in outcome.stocks.iter().zip(&next.stocks) {
                assert_eq!(now.left.mean, then.before.mean);
            }
        }
    }
    sealed
}

#[test]
fn a_courier_called_to_the_reserve_drives_its_way_there() {
    let drives = |set: &[&str]| {
        let model = feature("in-full.toml", &[&["replications=1"], set].concat());
        let (_, trace) = replay(&model, 0);
        let round = round(&model, "R3");
        let tubes = trace.tubes.iter().filter(|record| record.round == round);
        let vans = tubes.filter(|record| model.sites[record.site].visits.is_none());
        let mut lengths: Vec<i64> = vans
            .map(|record| record.tube.delivered - record.tube.picked)
            .collect();
        lengths.sort_unstable();
        lengths[lengths.len() / 2]
    };
    // 20 km and more against two or three: at 40 km/h with detours it is over twenty minutes longer.
    let (near, far) = (
        drives(&["review.rules.reserve.over=100000"]),
        drives(&["review.rules.reserve.over=1"]),
    );
    assert!(far > near + 20 * 60_000, "{near} {far}");
}

#[test]
fn rules_that_never_act_leave_everything_as_it_is_without_them() {
    let quiet = [
        "replications=3",
        "review.rules.reserve.over=100000",
        "review.rules.lengthen.after=\"20 days\"",
    ];
    let model = feature("review.toml", &quiet);
    let mut without = model.clone();
    without.campaign = None;
    let mut texts = [&model, &without].map(|model| {
        let mut value = summary(model, &run(model, &Nobody));
        value.as_object_mut().unwrap().remove("campaign");
        value.as_object_mut().unwrap().remove("scenario");
        value.to_string()
    });
    assert!(texts[0] == texts[1]);
    texts[0].clear();
}

#[test]
fn what_is_decided_does_not_depend_on_threads_and_is_told_in_the_promised_shape() {
    let validator = jsonschema::draft7::new(&schema()).unwrap();
    for name in [
        "tiers-by-result.toml",
        "go.toml",
        "review.toml",
        "in-full.toml",
    ] {
        let model = feature(name, &["replications=6"]);
        let results = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
            pool.build().unwrap().install(|| run(&model, &Nobody))
        };
        let one = results(1);
        let value = summary(&model, &one);
        assert!(value == summary(&model, &results(3)), "{name}");
        let faults: Vec<String> = validator
            .iter_errors(&value)
            .map(|fault| format!("{}: {fault}", fault.instance_path()))
            .collect();
        assert_eq!(faults, Vec::<String>::new(), "{name}");
        let files = tables(&model, &one, Language::English);
        for file in ["tiers.csv", "down.csv", "decisions.csv"] {
            assert!(
                files
                    .iter()
                    .any(|table| format!("{}.csv", table.name) == file),
                "{name}: {file}"
            );
        }
    }
}

#[test]
fn every_decision_is_the_one_that_the_results_known_by_then_call_for() {
    let many = "infection.prevalence=\"0.05 %\"";
    let mut changes = 0;
    for replication in 0..12 {
        changes += judge(&feature("tiers-by-result.toml", &[many]), replication);
        judge(&feature("go.toml", &[]), replication);
        judge(&feature("review.toml", &[]), replication);
        changes += judge(&feature("in-full.toml", &[]), replication);
    }
    assert!(
        changes > 20,
        "only {changes} changes of tier: nothing was tried"
    );
}

/// The end of one cell's people in a tube: when, and whether it was reported positive.
struct End {
    round: RoundId,
    cell: CellId,
    people: u64,
    closed: Time,
    at: Time,
    positive: bool,
}

/// Every part of a tube that belongs to one cell, with its end.
fn ends(network: &Network, trace: &Trace) -> Vec<End> {
    type Key = (RoundId, Option<SiteId>, u32, u32);
    let mut told = BTreeMap::<Key, (Time, bool)>::new();
    for result in trace.results.iter().filter(|told| !told.origin.recall) {
        let key = (
            result.origin.round,
            result.origin.site,
            result.lane,
            result.tube,
        );
        told.insert(key, (result.at, false));
    }
    for failure in trace.failures.iter().filter(|told| !told.origin.recall) {
        let key = (
            failure.origin.round,
            failure.origin.site,
            failure.lane,
            failure.tube,
        );
        told.insert(key, (failure.at, false));
    }
    for positive in trace.positives.iter().filter(|told| !told.origin.recall) {
        let key = (
            positive.origin.round,
            positive.origin.site,
            positive.lane,
            positive.tube,
        );
        told.insert(key, (positive.reported, true));
    }
    let mut ends = Vec::new();
    for record in &trace.tubes {
        let key = (
            record.round,
            Some(record.site),
            record.tube.lane,
            record.tube.serial,
        );
        let (at, positive) = told[&key];
        let round = &network.rounds[record.round];
        let place = round
            .sites
            .iter()
            .find(|place| place.site == record.site)
            .unwrap();
        let mut cells = BTreeMap::<CellId, u64>::new();
        for swab in &record.swabs {
            let position = place.sources[swab.source as usize].cell as usize;
            *cells.entry(round.cells[position].cell).or_default() += 1;
        }
        ends.extend(cells.into_iter().map(|(cell, people)| End {
            round: record.round,
            cell,
            people,
            closed: Time::from_millis(record.tube.closed),
            at,
            positive,
        }));
    }
    ends
}

/// Judges a replication; returns how many tiers changed.
fn judge(model: &Model, replication: u32) -> usize {
    let (mut network, trace) = replay(model, replication);
    for (round, _, anew) in &trace.opened {
        if let Some(anew) = anew {
            network.rounds[*round] = anew.rounds[*round].clone();
        }
    }
    let ends = ends(&network, &trace);
    judge_gates(model, &trace, &ends);
    let Some(review) = &model.campaign.as_ref().unwrap().review else {
        return 0;
    };
    let first = model.rounds.values().next().unwrap().opens;
    let mut at = first.midnight() + review.at;
    let mut reviews = Vec::new();
    for _ in 0..60 {
        reviews.push(at);
        at += Span::DAY;
    }
    judge_orders(&review.rules, (&trace, &ends, &reviews));
    let expected = tiers(model, &review.rules, (&trace, &ends, &reviews));
    let told: Vec<_> = trace
        .tiers
        .iter()
        .map(|&(at, cell, tier)| (at, cell, tier))
        .collect();
    assert_eq!(told, expected[..told.len()], "replication {replication}");
    assert_eq!(told.len(), expected.len(), "replication {replication}");
    told.len()
}

/// A round opens at the first look at which enough results are out.
fn judge_gates(model: &Model, trace: &Trace, ends: &[End]) {
    for (id, planned) in model.rounds.iter() {
        let Some(gate) = &model.campaign.as_ref().unwrap().gates[id.index()] else {
            continue;
        };
        let before = |end: &&End| end.round < id;
        let people: u64 = ends.iter().filter(before).map(|end| end.people).sum();
        let is_out = |look: &Time| {
            let known = ends.iter().filter(before).filter(|end| end.at <= *look);
            known.map(|end| end.people).sum::<u64>() as f64 >= gate.results.0 * people as f64
        };
        let mut looks = vec![planned.opens];
        while *looks.last().unwrap() < planned.opens + gate.wait {
            let next = *looks.last().unwrap() + Span::MINUTE * 15;
            looks.push(next.min(planned.opens + gate.wait));
        }
        let good = looks.iter().copied().find(is_out);
        let last = *looks.last().unwrap();
        let expected = good.or((gate.otherwise == Otherwise::Open).then_some(last));
        let opened = trace.opened.iter().find(|(round, ..)| *round == id);
        assert_eq!(opened.map(|&(_, at, _)| at), expected);
        assert_eq!(
            trace.dropped.iter().any(|(round, _)| *round == id),
            expected.is_none()
        );
    }
}

/// A rule that moves resources acts at the first review at which what it looks at is so, and never again.
fn judge_orders(rules: &[Rule], (trace, ends, reviews): (&Trace, &[End], &[Time])) {
    for (number, rule) in rules.iter().enumerate() {
        let holds = |now: &Time| match rule.when {
            When::Outstanding(over) => {
                let waits = ends
                    .iter()
                    .filter(|end| end.closed <= *now && end.at > *now);
                waits.map(|end| end.people).sum::<u64>() > over
            }
            When::Late(after) => trace.opened.iter().any(|&(round, opened, _)| {
                let due = opened + after;
                *now > due && ends.iter().any(|end| end.round == round && end.at > due)
            }),
            When::Positive | When::Clear { .. } => false,
        };
        let acted: Vec<Time> = trace
            .acted
            .iter()
            .filter(|(acted, _)| *acted == number)
            .map(|&(_, at)| at)
            .collect();
        if matches!(rule.when, When::Outstanding(_) | When::Late(_)) {
            let expected: Vec<Time> = reviews.iter().copied().find(holds).into_iter().collect();
            assert_eq!(acted, expected, "{}", rule.name.id);
        }
    }
}

/// Something that bears on a tier: when, in which order (reports, then what comes into force, then reviews), for which cell, to which tier.
type Happens = (Time, u8, Option<CellId>, Tier);

/// What reports bring about.
fn reported(model: &Model, rules: &[Rule], ends: &[End]) -> Vec<Happens> {
    let mut happens = Vec::<Happens>::new();
    for end in ends.iter().filter(|end| end.positive) {
        happens.push((end.at, 0, Some(end.cell), Tier::Precaution));
        for rule in rules.iter().filter(|rule| rule.when == When::Positive) {
            for action in &rule.then {
                let near = model.cells.iter().filter(|(id, cell)| {
                    *id != end.cell && cell.site == model.cells[end.cell].site
                });
                match action {
                    Action::Tier(tier) => {
                        happens.push((end.at + rule.takes, 1, Some(end.cell), *tier));
                    }
                    Action::Nearby { tier, within: None } => happens
                        .extend(near.map(|(id, _)| (end.at + rule.takes, 1, Some(id), *tier))),
                    Action::Nearby { .. }
                    | Action::Lanes { .. }
                    | Action::Hours { .. }
                    | Action::Vehicles { .. }
                    | Action::Lab { .. } => unreachable!("no such rule here"),
                }
            }
        }
    }
    happens
}

/// The changes of tier, day by day.
fn tiers(
    model: &Model,
    rules: &[Rule],
    (trace, ends, reviews): (&Trace, &[End], &[Time]),
) -> Vec<(Time, CellId, Tier)> {
    let mut happens = reported(model, rules, ends);
    happens.extend(reviews.iter().map(|&at| (at, 2, None, Tier::Precaution)));
    happens.sort_by_key(|&(at, kind, ..)| (at, kind));
    let first = model.rounds.values().next().unwrap().opens;
    let mut now: Vec<Tier> = model.cells.values().map(|cell| cell.tier).collect();
    let mut since = vec![first; now.len()];
    let mut changes = Vec::new();
    for (at, kind, cell, tier) in happens {
        if let Some(cell) = cell {
            since[cell.index()] = since[cell.index()].max(at);
            if kind == 1 && now[cell.index()] < tier {
                now[cell.index()] = tier;
                changes.push((at, cell, tier));
            }
            continue;
        }
        let before = now.clone();
        for rule in rules {
            let When::Clear {
                from,
                length,
                rounds,
            } = rule.when
            else {
                continue;
            };
            for cell in model.cells.ids() {
                let index = cell.index();
                let whole = trace.opened.iter().filter(|&&(round, opened, _)| {
                    let mut of_cell = ends
                        .iter()
                        .filter(|end| end.round == round && end.cell == cell)
                        .peekable();
                    opened >= since[index]
                        && of_cell.peek().is_some()
                        && of_cell.all(|end| end.at <= at)
                });
                if before[index] == from
                    && at.millis() - since[index].millis() >= length.millis()
                    && whole.count() >= rounds as usize
                {
                    let Action::Tier(to) = rule.then[0] else {
                        unreachable!("it lowers a tier")
                    };
                    now[index] = to;
                    since[index] = at;
                    changes.push((at, cell, to));
                }
            }
        }
    }
    changes
}
