//! Infected people and what becomes of their tubes.

use std::path::Path;

use crate::models::{file, model};

use swabplan::experiment::network;
use swabplan::id::{Id, RoundId};
use swabplan::measure::ends::Deaf;
use swabplan::measure::replicate;
use swabplan::model::Model;
use swabplan::sim::observer::{
    Delivered, Observer, Origin, Passage, Positive, Recalled, Run, Settled,
};
use swabplan::sim::trace::{Trace, TubeRecord};
use swabplan::sim::tubes::{Swab, Tube};
use swabplan::sim::{Grain, Memory, simulate};
use swabplan::stats::interval::mean_interval;
use swabplan::units::Time;

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

/// A shipped scenario with some text in place of other text.
fn replaced(name: &str, changes: &[(&str, &str)]) -> Model {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/features");
    let mut text = std::fs::read_to_string(path.join(name)).unwrap();
    for (old, new) in changes {
        assert!(text.contains(old), "{old}");
        text = text.replace(old, new);
    }
    model(&text)
}

#[test]
fn who_is_infected_is_so_in_every_round_until_confirmed_and_is_then_not_due() {
    // Three rounds, two days apart, and tests that miss nobody and accuse nobody.
    let model = replaced(
        "recall.toml",
        &[
            (
                "opens = \"2022-05-10 08:00\"",
                "opens = \"2022-05-11 08:00\"\n[[rounds]]\nid = \"R3\"\nopens = \"2022-05-13 08:00\"",
            ),
            (
                "sensitivity = \"90 %\", false_positives = \"0.02 %\"",
                "sensitivity = \"100 %\", false_positives = \"0 %\"",
            ),
            ("prevalence = \"0.1 %\"", "prevalence = \"1 %\""),
            ("machines = 2", "machines = 20"),
            ("teams = 2", "teams = 40"),
        ],
    );
    let mut all = 0.0;
    for replication in 0..10 {
        let (network, streams) = network(&model, replication);
        let outcome = replicate(&network, streams, Grain::Whole, &mut Memory::default());
        let rounds: Vec<_> = outcome.rounds.values().collect();
        let confirmed = rounds[0].recall.unwrap().confirmed;
        assert!((rounds[0].due - 3_000.0).abs() < 1e-9);
        for later in &rounds[1..] {
            assert!((later.due - (3_000.0 - confirmed)).abs() < 1e-9);
            assert!(later.missed.abs() < 1e-9 && later.positive_tubes.abs() < 1e-9);
        }
        all += confirmed;
    }
    assert!(all > 100.0, "{all}");
}

#[test]
fn nobody_is_confirmed_without_a_recall_so_the_same_people_are_infected_in_every_round() {
    let another =
        "opens = \"2022-05-09 07:00\"\n[[rounds]]\nid = \"R2\"\nopens = \"2022-05-11 07:00\"";
    let changes = [("opens = \"2022-05-09 07:00\"", another)];
    let tubes = tubes(&replaced("infection.toml", &changes), 0);
    let infected = |round: usize| -> u32 {
        let of_round = tubes.iter();
        let of_round = of_round.filter(|record| record.round == RoundId::from_index(round));
        of_round.map(|record| record.tube.infected).sum()
    };
    assert!(infected(0) > 5);
    assert_eq!(infected(0), infected(1));
}

#[test]
fn a_swab_shows_an_infection_as_often_as_its_day_says() {
    // Infected at any moment of the two days before the round: a swab t after the opening is a day or more behind the infection with
    // chance (24 h + t) / 48 h, and shows it then and not before.
    let by_day = [
        "infection.by_day=[{ day = 0, detected = \"0 %\" }, { day = 1, detected = \"100 %\" }]",
        "infection.prevalence=\"5 %\"",
        "infection.household=1",
        "tubes.pool=1",
    ];
    let model = feature("infection.toml", &by_day);
    let opens = model.rounds.values().next().unwrap().opens.millis();
    let (mut shown, mut expected, mut variance) = (0.0, 0.0, 0.0);
    for replication in 0..40 {
        let tubes = tubes(&model, replication);
        for tube in tubes.iter().filter(|record| record.tube.infected == 1) {
            let after = (tube.tube.first - opens) as f64 / 3.6e6;
            let chance = ((24.0 + after) / 48.0).min(1.0);
            shown += f64::from(tube.tube.shows);
            expected += chance;
            variance += chance * (1.0 - chance);
        }
    }
    assert!(expected > 500.0, "{expected}");
    assert!(
        (shown - expected).abs() < 3.29 * f64::sqrt(variance),
        "{shown} of {expected}"
    );
}

#[test]
fn a_person_takes_as_many_tests_as_dorfman_says_where_his_assumptions_hold() {
    // Independent infections, a perfect test, everyone of a positive tube tested once: 1/n + 1 − (1 − p)^n a person (Dorfman, 1943).
    let set = [
        "rounds.R2.remove=true",
        "infection.household=1",
        "infection.prevalence=\"2 %\"",
        "labs.lab.verdict.sensitivity=\"100 %\"",
        "labs.lab.verdict.false_positives=\"0 %\"",
        "recall.singles=1",
        "tubes.per=\"site\"",
    ];
    let model = feature("recall.toml", &set);
    let per_person = |replication| {
        let (network, streams) = network(&model, replication);
        let outcome = replicate(&network, streams, Grain::Whole, &mut Memory::default());
        let round = &outcome.rounds[RoundId::from_index(0)];
        // Tests of tubes, and one for each person of a positive one; the second test of the original is not Dorfman's.
        (round.tubes + round.pending) / round.swabbed
    };
    let tests: Vec<f64> = (0..60).map(per_person).collect();
    let (mean, lo, hi) = mean_interval(&tests, 0.999);
    let expected = 0.1 + 1.0 - 0.98_f64.powi(10);
    assert!(
        lo <= expected && expected <= hi,
        "{expected} is outside {lo}..{hi} ({mean})"
    );
}

/// What was told of one replication: people pending, and every settled tube with its people.
#[derive(Default)]
struct Cases {
    pending: u32,
    infected_in_reported: u32,
    settled: Vec<[Time; 5]>,
    members: Vec<Settled>,
}

/// Listens to no site.
impl Observer for Cases {
    type Sites = Deaf;
    fn sites(&self, _: RoundId) -> Deaf {
        Deaf
    }
    fn join(&mut self, _: RoundId, _: Deaf) {}
    fn delivered(&mut self, _: &Delivered) {}
    fn staged(&mut self, _: &Passage) {}
    fn ran(&mut self, _: &Run) {}
    fn published(&mut self, _: Origin, _: &Tube, _: &[Swab], _: Time) {}

    fn positive(&mut self, positive: &Positive) {
        assert!(
            !positive.origin.recall,
            "single tubes are not told one by one"
        );
        self.pending += positive.tube.people;
        self.infected_in_reported += positive.tube.infected;
    }

    fn recalled(&mut self, case: &Recalled) {
        let end = case.members.iter().map(|member| member.at).max().unwrap();
        self.settled
            .push([case.detected, case.retested, case.reported, case.found, end]);
        assert!(case.found <= case.swabbed && case.swabbed <= end);
        self.members.extend(case.members);
    }
}

fn cases(set: &[&str], replication: u32) -> Cases {
    let (network, streams) = network(&feature("recall.toml", set), replication);
    let mut cases = Cases::default();
    simulate(
        &network,
        streams,
        Grain::Whole,
        &mut Memory::default(),
        &mut cases,
    );
    cases
}

#[test]
fn everyone_in_a_positive_tube_is_held_and_then_released_or_confirmed_once() {
    let mut found = 0;
    for replication in 0..20 {
        let cases = cases(&["infection.prevalence=\"0.5 %\""], replication);
        assert_eq!(cases.members.len() as u32, cases.pending);
        let mut people: Vec<(u32, u32)> = cases
            .members
            .iter()
            .map(|member| (member.source, member.rank))
            .collect();
        people.sort_unstable();
        // Ranks are told by round: a person may be found in each of the two.
        assert!(people.windows(3).all(|same| same[0] != same[2]));
        assert!(
            cases.settled.iter().all(|clocks| clocks.is_sorted()),
            "{:?}",
            cases.settled
        );
        assert!(cases.members.iter().all(|member| member.held <= member.at));
        found += cases.settled.len();
    }
    assert!(found > 100, "{found} positive tubes");
}

#[test]
fn a_test_that_misses_nobody_and_accuses_nobody_confirms_exactly_the_infected() {
    let set = [
        "labs.lab.verdict.sensitivity=\"100 %\"",
        "labs.lab.verdict.false_positives=\"0 %\"",
    ];
    let mut infected = 0;
    for replication in 0..20 {
        let cases = cases(&set, replication);
        let confirmed = cases
            .members
            .iter()
            .filter(|member| member.confirmed)
            .count();
        assert_eq!(confirmed as u32, cases.infected_in_reported);
        infected += confirmed;
    }
    assert!(infected > 20, "{infected} infected");
}

#[test]
fn more_teams_hold_people_for_a_shorter_time() {
    // Not a theorem person by person: singles that come earlier share runs with other tubes. So the mean, paired by luck.
    let held = |teams: u32| -> Vec<f64> {
        let set = [
            format!("recall.teams={teams}"),
            "infection.prevalence=\"1 %\"".to_owned(),
        ];
        let set: Vec<&str> = set.iter().map(String::as_str).collect();
        let mean = |replication| {
            let cases = cases(&set, replication);
            let total: f64 = cases
                .members
                .iter()
                .map(|member| (member.at - member.held).minutes())
                .sum();
            total / cases.members.len() as f64
        };
        (0..12).map(mean).collect()
    };
    let (one, four) = (held(1), held(4));
    let saved: Vec<f64> = one
        .iter()
        .zip(&four)
        .map(|(one, four)| one - four)
        .collect();
    let (mean, lo, _) = mean_interval(&saved, 0.999);
    assert!(lo > 0.0, "{mean} from {lo}");
}

#[test]
fn what_a_positive_tube_sets_off_changes_nothing_before_its_report() {
    let end = |set: &[&str]| {
        let (network, streams) = network(&feature("recall.toml", set), 3);
        let outcome = replicate(&network, streams, Grain::Whole, &mut Memory::default());
        let round = &outcome.rounds[RoundId::from_index(0)];
        (
            round.positive_tubes.to_bits(),
            round.swabbing_ends_min.to_bits(),
            round.pending.to_bits(),
        )
    };
    assert_eq!(
        end(&[]),
        end(&["recall.teams=9", "recall.singles=1", "recall.visit=\"1 h\""])
    );
}

#[test]
fn every_confirmed_person_brings_contacts_who_need_a_room_each() {
    let model = feature("isolation.toml", &[]);
    for replication in 0..12 {
        let (network, streams) = network(&model, replication);
        let outcome = replicate(&network, streams, Grain::Whole, &mut Memory::default());
        let rooms = outcome.isolation.unwrap();
        let confirmed: f64 = outcome
            .rounds
            .values()
            .map(|round| round.recall.unwrap().confirmed)
            .sum();
        // All within a day of one another, so all contacts are isolated at once: 14.25 and 21 for each, beside the 10 rooms taken.
        assert!((rooms.needed_peak - 10.0 - 35.25 * confirmed).abs() < 1e-6);
        assert!(rooms.short_peak <= (rooms.needed_peak - 60.0).max(0.0) + 1e-6);
        assert_eq!(rooms.short_peak > 0.0, rooms.full_min.is_finite());
    }
}
