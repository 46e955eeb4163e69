//! summary.json of real runs keeps its promises.

use std::path::Path;

use serde_json::Value;
use swabplan::experiment::{self, Nobody};
use swabplan::model::Replications;
use swabplan::report::summary::{schema, summary};
use swabplan::scenario;
use swabplan::scenario::document::Options;

/// The summary of a few replications of a shipped scenario.
fn run(scenario: &str, replications: u32) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios")
        .join(scenario);
    let reading = scenario::read(&path, &Options::default())
        .unwrap_or_else(|refusal| panic!("{:?}", refusal.problems));
    let mut model = reading.model;
    model.design.replications = Replications::Fixed(replications);
    summary(&model, &experiment::run(&model, &Nobody))
}

fn number(value: &Value) -> f64 {
    value["mean"].as_f64().unwrap_or(f64::NAN)
}

#[test]
fn every_shipped_scenario_has_a_summary_of_the_promised_shape() {
    let validator = jsonschema::draft7::new(&schema()).unwrap();
    for scenario in ["minimal.toml", "reference.toml", "bench-county.toml"] {
        let summary = run(scenario, 3);
        let faults: Vec<_> = validator
            .iter_errors(&summary)
            .map(|fault| format!("{}: {fault}", fault.instance_path()))
            .collect();
        assert_eq!(faults, Vec::<String>::new(), "{scenario}");
    }
}

#[test]
fn nobody_is_lost_between_the_figures() {
    for scenario in ["minimal.toml", "reference.toml", "bench-county.toml"] {
        let summary = run(scenario, 3);
        for round in summary["rounds"].as_array().unwrap() {
            let [due, swabbed, missed] =
                ["due", "swabbed", "missed"].map(|name| number(&round["people"][name]));
            assert!(
                (due - swabbed - missed).abs() < 1e-6 * due,
                "{scenario}: {due} due, {swabbed} swabbed, {missed} missed"
            );
            let of = |list: &str| -> f64 {
                let entries = summary[list]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|entry| entry["round"] == round["id"]);
                entries.map(|entry| number(&entry["swabbed"])).sum()
            };
            for list in ["cells", "sites"] {
                assert!(
                    (of(list) - swabbed).abs() < 1e-5 * swabbed,
                    "{scenario}: {list} have {} of {swabbed}",
                    of(list)
                );
            }
        }
    }
}

#[test]
fn the_five_counters_never_fall_and_never_overtake_one_another() {
    let summary = run("minimal.toml", 5);
    let curve = summary["rounds"][0]["curve"].as_array().unwrap().clone();
    let counters = ["due", "swabbed", "delivered", "tested", "published"];
    let rows: Vec<Vec<f64>> = curve
        .iter()
        .map(|point| counters.map(|name| point[name].as_f64().unwrap()).to_vec())
        .collect();
    for row in &rows {
        assert!(row.is_sorted_by(|ahead, behind| ahead >= behind), "{row:?}");
    }
    for pair in rows.windows(2) {
        assert!(
            pair[0]
                .iter()
                .zip(&pair[1])
                .all(|(before, after)| before <= after),
            "{pair:?}"
        );
    }
    assert_eq!(curve[1]["at_min"], 15);
}

#[test]
fn the_minutes_at_the_gates_add_up_to_the_time_from_door_to_result() {
    for scenario in ["minimal.toml", "bench-county.toml"] {
        let summary = run(scenario, 3);
        for round in summary["rounds"].as_array().unwrap() {
            let gates: f64 = round["stages_min"]
                .as_object()
                .unwrap()
                .values()
                .map(number)
                .sum();
            let whole = number(&round["door_to_result_min"]["mean"]);
            assert!(
                (gates - whole).abs() < 1e-3 * whole,
                "{scenario}: {gates} is not {whole}"
            );
        }
    }
}
