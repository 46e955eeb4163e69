//! The scenario language as its users meet it: the shipped scenarios, the reference, the schema, whole files.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::path::{Path, PathBuf};

use swabplan::model::lab::Work;
use swabplan::scenario::document::Options;
use swabplan::scenario::keys::KEYS;
use swabplan::scenario::{Reading, read, reference, schema};

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios")
        .join(name)
}

fn reading(path: &Path) -> Reading {
    read(path, &Options::default()).unwrap_or_else(|refusal| {
        panic!(
            "{}",
            swabplan::scenario::render::render(
                &refusal.problems,
                &refusal.sources,
                swabplan::units::language::Language::English,
                false
            )
        )
    })
}

/// Compares a generated file with what is shipped; with `SWABPLAN_WRITE` set it is written instead.
fn compare(name: &str, generated: &str) {
    if std::env::var_os("SWABPLAN_WRITE").is_some() {
        std::fs::write(shipped(name), generated).unwrap();
    }
    let found = std::fs::read_to_string(shipped(name)).unwrap_or_default();
    assert!(
        found == generated,
        "{name} is not what the catalogue says; SWABPLAN_WRITE=1 cargo test language writes it"
    );
}

#[test]
fn the_shipped_reference_is_the_catalogue_holds_every_key_and_reads_without_a_complaint() {
    compare("reference.toml", &reference());
    let text = reference();
    for key in KEYS {
        assert!(
            text.contains(key.zh) && text.contains(key.en) && text.contains(key.name()),
            "{} is not in the reference",
            key.path
        );
    }
    let reading = reading(&shipped("reference.toml"));
    assert_eq!(reading.warnings.list, []);
}

#[test]
fn the_shipped_schema_is_the_catalogue() {
    compare(
        "swabplan.schema.json",
        &(serde_json::to_string_pretty(&schema()).unwrap() + "\n"),
    );
}

fn as_json(path: &Path) -> serde_json::Value {
    let text = std::fs::read_to_string(path).unwrap();
    serde_json::to_value(toml::from_str::<toml::Table>(&text).unwrap()).unwrap()
}

#[test]
fn the_schema_accepts_the_shipped_scenarios_and_flags_mistakes() {
    let validator = jsonschema::draft7::new(&schema()).unwrap();
    for name in [
        "minimal.toml",
        "reference.toml",
        "../src/scenario/starter.toml",
        "bench-county.toml",
        "bench-city.toml",
    ] {
        let scenario = as_json(&shipped(name));
        let faults: Vec<String> = validator
            .iter_errors(&scenario)
            .map(|fault| format!("{}: {fault}", fault.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{name}: {faults:#?}");
    }
    for mistake in [
        "lanse = 3",
        "[[sites]]\nid = \"S1\"\nlanes = 0",
        "[hours]\nat_close = \"stay\"",
        "[[sites]]\nlanes = 3",
        "[coming]\nwidth = 15",
    ] {
        let scenario =
            serde_json::to_value(toml::from_str::<toml::Table>(mistake).unwrap()).unwrap();
        assert!(!validator.is_valid(&scenario), "{mistake}");
    }
}

#[test]
fn the_smallest_scenario_is_about_fifteen_lines_and_reads_without_a_complaint() {
    let text = std::fs::read_to_string(shipped("minimal.toml")).unwrap();
    assert!(text.lines().filter(|line| !line.trim().is_empty()).count() <= 18);
    assert_eq!(reading(&shipped("minimal.toml")).warnings.list, []);
}

/// Where the reference round starts collecting from site `s`.
fn offset_s(site: usize) -> f64 {
    2_700.0 * (site as f64 * 0.618_033_988_749_894_9).fract()
}

#[test]
fn the_benchmarks_are_the_reference_round() {
    for (name, people, sites, lanes, extractors, cyclers) in [
        ("bench-county.toml", 12_763, 9, 2, 2, 4),
        ("bench-city.toml", 1_000_000, 500, 3, 80, 180),
    ] {
        let Reading {
            model, warnings, ..
        } = reading(&shipped(name));
        assert_eq!(warnings.list, [], "{name}");
        assert_eq!((model.sites.len(), model.cells.len()), (sites, sites));
        let due: Vec<usize> = model
            .cells
            .values()
            .map(|cell| cell.due() as usize)
            .collect();
        let expected: Vec<usize> = (0..sites)
            .map(|site| people / sites + usize::from(site < people % sites))
            .collect();
        assert_eq!(due, expected);
        assert!(
            model
                .cells
                .iter()
                .zip(model.sites.ids())
                .all(|((_, cell), site)| cell.site == site)
        );
        for (index, site) in model.sites.values().enumerate() {
            assert_eq!(site.lanes.value, lanes);
            assert!(
                (site.pickup_offset.seconds() - offset_s(index)).abs() < 1e-3,
                "{}",
                site.name.id
            );
        }
        let counts: Vec<u32> = model
            .labs
            .values()
            .flat_map(|lab| &lab.stages)
            .map(|stage| {
                let Work::Machines { machines, .. } = &stage.work else {
                    panic!("{} is no machine", stage.id)
                };
                machines.value
            })
            .collect();
        assert_eq!(counts, [extractors, cyclers]);
    }
}

#[test]
fn the_scenario_as_read_means_the_same_for_every_shipped_scenario() {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "minimal.toml",
        "reference.toml",
        "bench-county.toml",
        "bench-city.toml",
    ] {
        let first = reading(&shipped(name));
        let file = folder.path().join(name);
        std::fs::write(&file, &first.normalized).unwrap();
        let again = reading(&file);
        assert_eq!(again.model.hash, first.model.hash, "{name}");
    }
}

#[test]
fn the_command_line_changes_what_the_scenario_leaves_to_defaults_too() {
    let set = [
        "lane.pace=50人/小时",
        "sites.S1.lanes=3",
        "couriers.van.every=1 h",
        "coming.by=slots",
    ];
    let options = Options {
        layout: None,
        set: set.map(str::to_owned).to_vec(),
    };
    let read = read(&shipped("minimal.toml"), &options);
    let model = read
        .unwrap_or_else(|refusal| panic!("{:#?}", refusal.problems))
        .model;
    let site = model.sites.values().next().unwrap();
    assert_eq!(
        (
            site.lanes.value,
            site.stations[0].service.nominal().seconds()
        ),
        (3, 72.0)
    );
    assert!(matches!(
        site.coming,
        swabplan::model::coming::Coming::Slots { .. }
    ));
    assert!((model.couriers.values().next().unwrap().every.value.hours() - 1.0).abs() < 1e-9);
}

#[test]
fn the_starter_and_the_small_scenarios_can_be_simulated_and_lose_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let starter = swabplan::scenario::starter();
    let file = folder.path().join("scenario.toml");
    std::fs::write(&file, starter.scenario).unwrap();
    std::fs::write(folder.path().join("cells.xlsx"), &starter.workbook).unwrap();
    for path in [
        file,
        shipped("minimal.toml"),
        shipped("reference.toml"),
        shipped("bench-county.toml"),
    ] {
        let options = Options {
            layout: None,
            set: vec!["replications=2".to_owned()],
        };
        let model = read(&path, &options)
            .unwrap_or_else(|refusal| panic!("{:#?}", refusal.problems))
            .model;
        let results = swabplan::experiment::run(&model, &swabplan::experiment::Nobody);
        assert_eq!(results.replications, 2);
        for round in results.outcome.rounds.values() {
            let due: u32 = model.cells.values().map(swabplan::model::Cell::due).sum();
            assert!(
                (round.due.mean - f64::from(due)).abs() < 1e-9,
                "{}",
                path.display()
            );
            assert!(
                (round.swabbed.mean + round.missed.mean - f64::from(due)).abs() < 1e-9,
                "{}",
                path.display()
            );
            assert!(
                round.swabbed.mean > 0.9 * f64::from(due) && round.results_end_min.mean > 0.0,
                "{}",
                path.display()
            );
            assert!(
                (round.tubes.mean - round.tubes_published.mean).abs() < 1e-9,
                "{}",
                path.display()
            );
        }
    }
}
