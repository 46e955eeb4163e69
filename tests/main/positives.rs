//! Infected people and what becomes of their tubes.

use std::path::Path;

use crate::models::file;

use swabplan::experiment::network;
use swabplan::model::Model;
use swabplan::sim::trace::{Trace, TubeRecord};
use swabplan::sim::{Grain, Memory, simulate};

fn feature(name: &str, set: &[&str]) -> Model {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios/features")
        .join(name);
    file(&path, set)
}

/// The tubes of one replication.
fn tubes(model: &Model, replication: u32) -> Vec<TubeRecord> {
    let (network, streams) = network(model, replication);
    let mut trace = Trace::default();
    simulate(
        &network,
        streams,
        Grain::Whole,
        &mut Memory::default(),
        &mut trace,
    );
    trace.tubes
}

#[test]
fn of_people_infected_independently_as_many_tubes_are_infected_as_dorfman_says() {
    // Full tubes of ten: each is infected with probability 1 − (1 − p)^10 (Dorfman, 1943).
    let set = [
        "infection.household=1",
        "infection.prevalence=\"3 %\"",
        "cells.C2.prevalence=\"3 %\"",
    ];
    let model = feature("infection.toml", &set);
    let (mut full, mut infected) = (0.0, 0.0);
    for replication in 0..60 {
        for tube in tubes(&model, replication)
            .iter()
            .filter(|record| record.tube.people == 10)
        {
            full += 1.0;
            infected += f64::from(u8::from(tube.tube.infected > 0));
        }
    }
    let chance = 1.0 - 0.97_f64.powi(10);
    let error = 3.29 * (chance * (1.0 - chance) / full).sqrt();
    assert!(
        full > 10_000.0 && (infected / full - chance).abs() < error,
        "{}",
        infected / full
    );
}

#[test]
fn infected_households_share_tubes_so_fewer_tubes_are_infected() {
    let infected = |attack: &str| -> (u32, usize) {
        // People next to one another go to different lanes; a site that fills one tube after another keeps them together.
        let attack = format!("infection.attack=\"{attack}\"");
        let model = feature("infection.toml", &["tubes.per=\"site\"", &attack]);
        let (mut people, mut hit) = (0, 0);
        for replication in 0..40 {
            let tubes = tubes(&model, replication);
            people += tubes.iter().map(|record| record.tube.infected).sum::<u32>();
            hit += tubes
                .iter()
                .filter(|record| record.tube.infected > 0)
                .count();
        }
        (people, hit)
    };
    let (alone, together) = (infected("0 %"), infected("80 %"));
    let per_tube = |(people, hit): (u32, usize)| f64::from(people) / hit as f64;
    assert!(
        per_tube(together) > 1.5 * per_tube(alone),
        "{alone:?} {together:?}"
    );
}

#[test]
fn a_cell_that_moves_to_another_site_takes_its_infected_people_along() {
    let infected = |set: &[&str]| -> u32 {
        let model = feature("infection.toml", set);
        tubes(&model, 0)
            .iter()
            .map(|record| record.tube.infected)
            .sum()
    };
    let here = infected(&[]);
    assert!(here > 0);
    assert_eq!(here, infected(&["sites.S1.lanes=9", "tubes.pool=5"]));
}
