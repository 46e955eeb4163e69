//! What is used up: the ledger balances, and says what a hand-worked example says.

#![allow(
    clippy::float_cmp,
    reason = "counts are whole numbers, which are exact"
)]

use std::path::Path;

use crate::models::file;
use swabplan::experiment::results::Figure;
use swabplan::experiment::{Nobody, run};
use swabplan::id::Id;
use swabplan::measure::outcome::StockOutcome;
use swabplan::model::Model;

fn shipped(set: &[&str]) -> Model {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/features/stocks.toml");
    file(&path, set)
}

/// A stock of the shipped scenario, round by round.
fn ledger(model: &Model, id: &str) -> Vec<StockOutcome<Figure>> {
    let at = model
        .stocks
        .iter()
        .position(|stock| stock.name.id == id)
        .unwrap();
    let results = run(model, &Nobody);
    results
        .outcome
        .rounds
        .values()
        .map(|round| round.stocks[at])
        .collect()
}

/// Before, resupplied, used, short, left: the means.
fn row(entry: &StockOutcome<Figure>) -> [f64; 5] {
    [
        entry.before,
        entry.resupplied,
        entry.used,
        entry.short,
        entry.left,
    ]
    .map(|figure| figure.mean)
}

#[test]
fn what_was_there_and_what_came_in_is_what_was_used_and_what_is_left() {
    let model = shipped(&["replications=8"]);
    for stock in ["reagents", "swabs", "suits"] {
        let rounds = ledger(&model, stock);
        for entry in &rounds {
            let [before, resupplied, used, _, left] = row(entry);
            assert!((before + resupplied - used - left).abs() < 1e-9, "{stock}");
            assert!(used >= 0.0 && left >= 0.0);
        }
        for pair in rounds.windows(2) {
            assert_eq!(pair[0].left.mean, pair[1].before.mean, "{stock}");
        }
    }
}

#[test]
fn the_ledger_of_a_small_town_is_the_one_worked_by_hand() {
    let model = shipped(&["replications=4"]);
    // 700 people are due in each round and all come, a swab each; 3,000 come in before round 2.
    let swabs: Vec<_> = ledger(&model, "swabs").iter().map(row).collect();
    assert_eq!(
        swabs,
        [
            [700.0, 0.0, 700.0, 0.0, 0.0],
            [0.0, 3000.0, 700.0, 0.0, 2300.0],
            [2300.0, 0.0, 700.0, 0.0, 1600.0],
        ]
    );
    // Two lanes of three, 07–12 and 13–19 h in shifts of at most six hours: 12 suits a round.
    let suits = ledger(&model, "suits");
    assert_eq!(row(&suits[2]), [76.0, 0.0, 12.0, 0.0, 64.0]);
    assert!((suits[2].rounds_left.mean - 64.0 / 12.0).abs() < 1e-9);
    let shorter = shipped(&["replications=4", "stocks.suits.use.shift=3 h"]);
    assert_eq!(row(&ledger(&shorter, "suits")[0])[2], 24.0);
    // 600 in the sealed area, 0.4 kg a day, counted before round 2.
    let food = ledger(&model, "vegetables");
    assert!(food[0].used.mean.is_nan());
    assert_eq!(row(&food[1]), [2000.0, 0.0, 240.0, 0.0, 1760.0]);
}

#[test]
fn reagents_for_two_whole_rounds_run_out_in_the_third_and_nothing_else_changes() {
    let model = shipped(&["replications=8"]);
    let reagents = ledger(&model, "reagents");
    let [first, second, third] = [0, 1, 2].map(|round| row(&reagents[round]));
    assert_eq!(first[0], 2.0 * first[2], "two rounds like the first");
    assert!(second[2] > 0.9 * first[2]);
    assert!(third[3] > 0.9 * first[2] && third[4] == 0.0);
    assert_eq!(reagents[2].runs_out.mean, 1.0);
    assert!(
        reagents[2].runs_out_min.mean < 60.0,
        "hardly any is left when round 3 opens"
    );
    let mut without = model.clone();
    without.stocks.clear();
    let ends = |model: &Model| {
        let results = run(model, &Nobody);
        results
            .outcome
            .rounds
            .values()
            .map(|round| round.results_end_min.mean)
            .collect::<Vec<_>>()
    };
    assert_eq!(ends(&model), ends(&without));
}

fn allotment(set: &[&str]) -> Model {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/features/allotment.toml");
    file(&path, set)
}

#[test]
fn a_site_whose_share_is_used_up_takes_nobody_more() {
    let results = run(&allotment(&["replications=4"]), &Nobody);
    // 700 swabs for 1,000 people, 600 of them at the first site: 420 and 280; in the second round there are enough.
    let round = |at: usize| results.outcome.rounds.values().nth(at).unwrap();
    let reason = swabplan::model::site::Missed::OutOfStock as usize;
    assert_eq!(
        [round(0).swabbed.mean, round(0).missed_by[reason].mean],
        [700.0, 300.0]
    );
    assert_eq!(
        [round(1).swabbed.mean, round(1).missed_by[reason].mean],
        [1000.0, 0.0]
    );
    let shares: Vec<[f64; 3]> = results
        .outcome
        .sites
        .iter()
        .map(|site| {
            let swabs = site.stocks[0];
            [swabs.allotted, swabs.used, swabs.lacking].map(|figure| figure.mean)
        })
        .collect();
    assert_eq!(
        shares,
        [
            [420.0, 420.0, 180.0],
            [280.0, 280.0, 120.0],
            [1800.0, 600.0, 0.0],
            [1200.0, 400.0, 0.0],
        ]
    );
    let swabs: Vec<_> = [0, 1].map(|at| row(&round(at).stocks[0])).to_vec();
    assert_eq!(
        swabs,
        [
            [700.0, 0.0, 700.0, 300.0, 0.0],
            [0.0, 3000.0, 1000.0, 0.0, 2000.0]
        ]
    );
    assert_eq!(round(0).stocks[0].runs_out.mean, 1.0);
}

#[test]
fn what_sites_use_of_a_stock_is_what_is_used_of_it() {
    let results = run(&allotment(&["replications=4"]), &Nobody);
    for (id, round) in results.outcome.rounds.iter() {
        for (at, stock) in round.stocks.iter().enumerate() {
            let sites = results.outcome.sites.iter().filter(|site| site.round == id);
            let (used, allotted): (f64, f64) = sites
                .map(|site| (site.stocks[at].used.mean, site.stocks[at].allotted.mean))
                .fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
            let there = stock.before.mean + stock.resupplied.mean;
            assert!((used - stock.used.mean).abs() < 1e-9);
            assert!((there - stock.used.mean - stock.left.mean).abs() < 1e-9);
            assert!(allotted <= there + 1e-9 && used <= allotted + 1e-9);
        }
    }
}

#[test]
fn with_more_of_it_nobody_is_swabbed_later_or_not_at_all() {
    // A theorem: who has no number is turned away at the door, so whoever has one meets the same people before them.
    let swabs = |on_hand: u32| {
        let model = allotment(&[&format!("stocks.swabs.on_hand={on_hand}")]);
        let (_, trace) = crate::referee::replay(&model, 1);
        let swabs = trace.tubes.iter().filter(|tube| tube.round.index() == 0);
        let swabs = swabs.flat_map(|tube| {
            let site = tube.site;
            let name = move |swab: &swabplan::sim::tubes::Swab| (site, swab.source, swab.rank);
            tube.swabs.iter().map(move |swab| (name(swab), swab.end))
        });
        swabs.collect::<std::collections::BTreeMap<_, _>>()
    };
    let amounts = [0, 300, 301, 700, 5000].map(swabs);
    assert_eq!(
        amounts.each_ref().map(std::collections::BTreeMap::len),
        [0, 300, 300, 700, 1000]
    );
    for pair in amounts.windows(2) {
        for (person, end) in &pair[0] {
            assert!(pair[1][person] <= *end);
        }
    }
}

#[test]
fn what_is_handed_out_every_second_day_is_used_in_lots() {
    let set = [
        "replications=2",
        "stocks.vegetables.use.delivered=48 h",
        "stocks.vegetables.counted=2022-05-09 00:00",
    ];
    // 600 people, 0.4 kg a day: 480 kg on the first and third morning, none on the second.
    let food: Vec<f64> = ledger(&shipped(&set), "vegetables")
        .iter()
        .map(|entry| entry.used.mean)
        .collect();
    assert_eq!(food, [480.0, 0.0, 480.0]);
}
