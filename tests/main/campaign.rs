//! What holds a campaign together: tiers that change, rounds for some tiers only.

use std::path::Path;

use crate::models::file;

use swabplan::model::{Model, Tier};

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
