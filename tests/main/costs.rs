//! Money: what a scenario costs is what its people, tubes, hours and days come to at their prices.

use std::path::Path;

use crate::models::file;
use crate::referee::replay;
use swabplan::experiment::{Nobody, run};
use swabplan::id::{Id, RoundId};
use swabplan::model::Model;
use swabplan::network::Work;

fn shipped(set: &[&str]) -> Model {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/features/cost.toml");
    file(&path, set)
}

/// Hours, tubes and wells of a round as its trace tells, at the prices of the scenario: staff, items, vehicles, sites, laboratories.
fn by_hand(model: &Model, id: RoundId) -> [f64; 5] {
    let (network, trace) = replay(model, 0);
    let round = &model.rounds[id];
    let hours = |millis: i64| millis as f64 / 3.6e6;
    let tubes: Vec<_> = trace.tubes.iter().filter(|tube| tube.round == id).collect();
    let people: u32 = tubes.iter().map(|record| record.tube.people).sum();
    let (mut crews, mut days) = (0.0, 0.0);
    for place in &network.rounds[id].sites {
        let of_site = tubes.iter().filter(|tube| tube.site == place.site);
        let swabs = of_site.flat_map(|record| &record.swabs);
        let last = swabs.map(|swab| swab.end).max().unwrap();
        // 07–12 and 13–19 h, and on to the last swab of whoever had come.
        let from = round.opens.millis();
        let noon = from + 5 * 3_600_000;
        let after = (last - noon - 3_600_000).max(0);
        let open = hours((last - from).min(noon - from) + after);
        crews += (25.0 + 40.0 + 20.0) * f64::from(network.sites[place.site].lanes) * open;
        days += 1.0;
    }
    let passages = trace
        .passages
        .iter()
        .filter(|passage| passage.origin.round == id);
    let first = passages.clone().map(|passage| passage.since).min().unwrap();
    let last = passages.map(|passage| passage.end).max().unwrap();
    let lab = network.labs.values().next().unwrap();
    let stages = lab.stages.values();
    let technicians: f64 = stages
        .map(|stage| match &stage.work {
            Work::Workers { workers, .. } => workers
                .iter()
                .map(|worker| worker.on_duty(first, last).hours())
                .sum(),
            Work::Machines { .. } | Work::Delay(_) | Work::Upload(_) => 0.0,
        })
        .sum();
    let runs: Vec<_> = trace
        .runs
        .iter()
        .filter(|run| run.round == id && run.stage == lab.test)
        .collect();
    let wells: f64 = runs.iter().map(|run| f64::from(run.tubes) + 2.0).sum();
    // Two shifts, before and after noon, of three people at three lanes.
    let suits = 18.0;
    let delivered = tubes
        .iter()
        .map(|record| record.tube.delivered)
        .max()
        .unwrap();
    let vehicles = hours(delivered - round.opens.millis()) - 2.0;
    let begun = (last.since(first).hours() / 24.0).ceil();
    let rented = if id.index() == 0 { 2.0 } else { 1.0 };
    [
        crews + technicians * 50.0,
        suits * 30.0 + f64::from(people) * 1.5 + tubes.len() as f64 * 2.0 + wells * 16.0,
        vehicles * 60.0,
        days * 800.0,
        runs.len() as f64 * 50.0 + begun * 1000.0 + rented * 5000.0,
    ]
}

#[test]
fn a_round_costs_what_its_trace_comes_to_at_the_prices() {
    let technician = "cost.staff_hour.technician=50";
    let model = shipped(&["replications=1", technician]);
    let results = run(&model, &Nobody);
    let mut total = 0.0;
    for (id, round) in results.outcome.rounds.iter() {
        let cost = round.cost.unwrap();
        let found =
            [cost.staff, cost.items, cost.vehicles, cost.sites, cost.labs].map(|kind| kind.mean);
        let expected = by_hand(&model, id);
        for (found, expected) in found.iter().zip(expected) {
            assert!(
                (found - expected).abs() < 1e-6 * expected,
                "{found} is not {expected}"
            );
        }
        let sum: f64 = found.iter().sum();
        assert!((cost.total.mean - sum).abs() < 1e-6);
        assert!((cost.per_person.mean * round.swabbed.mean - sum).abs() < 1e-6);
        total += sum;
    }
    let whole = results.outcome.cost.unwrap();
    assert!((whole.total.mean - total).abs() < 1e-6);
    let under = |budget: f64| {
        let model = shipped(&[
            "replications=1",
            technician,
            &format!("cost.budget={budget}"),
        ]);
        run(&model, &Nobody).outcome.cost.unwrap().over_budget.mean < 0.5
    };
    assert!(under(total + 1.0) && !under(total - 1.0));
}

#[test]
fn what_is_priced_changes_nothing_that_happens() {
    let model = shipped(&["replications=4", "cost.staff_hour.technician=50"]);
    let mut unpriced = model.clone();
    unpriced.cost = None;
    let [with, without] = [&model, &unpriced].map(|model| run(model, &Nobody).outcome);
    assert!(with.cost.is_some() && without.cost.is_none());
    let mut rounds = with.rounds;
    for round in rounds.values_mut() {
        round.cost = None;
    }
    assert_eq!(format!("{rounds:?}"), format!("{:?}", without.rounds));
    assert_eq!(format!("{:?}", with.sites), format!("{:?}", without.sites));
}
