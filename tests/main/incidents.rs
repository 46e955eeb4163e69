//! What goes wrong: each kind as by hand, nothing earlier for it, nobody else touched, and drawn as often as is said.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::models::{self, file, model};
use crate::referee::replay;
use swabplan::experiment::{Nobody, network, run};
use swabplan::id::{CellId, Id, RoundId, SiteId};
use swabplan::model::Model;
use swabplan::model::incident::Kind;
use swabplan::network::Network;
use swabplan::network::incident::Place;
use swabplan::scenario::document::Options;
use swabplan::scenario::read;
use swabplan::sim::observer::Step;
use swabplan::sim::trace::Trace;
use swabplan::stats::interval::mean_interval;
use swabplan::units::{Span, Time};

pub(crate) fn feature(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios/features")
        .join(name)
}

/// A county of two sites whose roads and laboratory take no luck. What goes wrong is added by each test.
pub(crate) const COUNTY: &str = r#"
[[couriers]]
id = "van"
vehicles = 2
every = "1 h"
first = "1 h"
per_stop = "0 s"
leg = "10 min"
road = "30 min"
[[labs]]
id = "lab"
stages = [{ id = "test", machines = { count = 2, wells = 40, run = "1 h" } }]
[[rounds]]
id = "R1"
opens = "2022-05-09 08:00"
[hours]
open = ["08:00-20:00"]
[lane]
tube_change = "0 s"
[[sites]]
id = "S1"
lanes = 2
[[sites]]
id = "S2"
lanes = 1
[[cells]]
id = "C1"
residents = 700
site = "S1"
[[cells]]
id = "C2"
residents = 350
site = "S2"
"#;

/// The county with an incident.
pub(crate) fn with(incident: &str) -> Model {
    model(&format!("{COUNTY}\n[[incidents]]\nid = \"I\"\n{incident}"))
}

pub(crate) fn clock(hours: i64, minutes: i64) -> i64 {
    (Span::HOUR * hours + Span::MINUTE * minutes).millis()
}

/// By round, site, cell and rank of a person: the steps at the site in order.
pub(crate) type People = BTreeMap<(RoundId, SiteId, CellId, u32), Vec<Step>>;

/// Who was where.
pub(crate) fn people(network: &Network, trace: &Trace) -> People {
    let mut people = BTreeMap::<_, Vec<Step>>::new();
    for record in &trace.steps {
        let round = &network.rounds[record.round];
        let place = round.sites.iter().find(|place| place.site == record.site);
        let source = &place.unwrap().sources[record.step.source as usize];
        let cell = round.cells[source.cell as usize].cell;
        let person = (record.round, record.site, cell, record.step.rank);
        people.entry(person).or_default().push(record.step);
    }
    people
}

/// The people of the county without and with an incident.
pub(crate) fn both(incident: &str) -> [People; 2] {
    [model(COUNTY), with(incident)].map(|model| {
        let (network, trace) = replay(&model, 0);
        people(&network, &trace)
    })
}

#[test]
fn while_a_site_is_closed_nobody_starts_and_nobody_is_earlier_for_it() {
    let [before, after] =
        both("kind = \"site\"\nsites = [\"S1\"]\nat = \"2022-05-09 09:00\"\nfor = \"50 min\"");
    assert_eq!(before.len(), after.len());
    let closed = clock(9, 0)..clock(9, 50);
    let mut later = 0;
    for (person, steps) in &before {
        let now = &after[person];
        if person.1 == SiteId::from_index(1) {
            assert_eq!(steps, now, "the other site is not touched");
            continue;
        }
        let (step, now) = (steps[0], now[0]);
        // One line, first come first served, the same services: who starts later frees the lane later.
        assert!(step.ready == now.ready && step.start <= now.start);
        assert!(!closed.contains(&now.start), "{now:?}");
        assert_eq!(step.end - step.start >= 0, now.end >= now.start);
        later += usize::from(now.start > step.start);
    }
    assert!(later > 50, "{later}");
}

/// When tubes are delivered, at each moment how many.
fn deliveries(model: &Model) -> Vec<i64> {
    let (_, trace) = replay(model, 0);
    let mut moments: Vec<i64> = trace
        .tubes
        .iter()
        .map(|record| record.tube.delivered)
        .collect();
    moments.sort_unstable();
    moments.dedup();
    moments
}

#[test]
fn a_road_that_is_blocked_or_slower_brings_tubes_when_it_is_worked_out_by_hand() {
    // Each van leaves every hour from 09:00, 10 minutes to its site and 30 to the laboratory: there at 40 past.
    let plain = deliveries(&model(COUNTY));
    assert_eq!(plain[..3], [clock(9, 40), clock(10, 40), clock(11, 40)]);
    // Blocked from 10:20 to 10:45, ten minutes into its road: 20 minutes are left, and the next trip leaves when the van is back.
    let blocked = "kind = \"road\"\nat = \"2022-05-09 10:20\"\nfor = \"25 min\"";
    assert_eq!(
        deliveries(&with(blocked))[..3],
        [clock(9, 40), clock(11, 5), clock(11, 45)]
    );
    // From 10:00 to 10:30 everything takes twice as long: 10 minutes take 20, 5 take 10, then 25 are left.
    let slower = "kind = \"road\"\nat = \"2022-05-09 10:00\"\nfor = \"30 min\"\nslower = 2";
    assert_eq!(
        deliveries(&with(slower))[..3],
        [clock(9, 40), clock(10, 55), clock(11, 40)]
    );
}

#[test]
fn who_stays_away_in_a_storm_comes_after_it_in_the_same_order_as_by_hand() {
    let storm = "kind = \"storm\"\nat = \"2022-05-09 10:00\"\nfor = \"30 min\"\nsites = [\"S1\"]\nsurge = 2";
    let [before, after] = both(storm);
    let mut moved = 0;
    for (person, steps) in &before {
        let (then, now) = (steps[0].ready, after[person][0].ready);
        if person.1 == SiteId::from_index(1) {
            assert_eq!(steps, &after[person], "it rains on one site only");
            continue;
        }
        // Nobody for half an hour, then twice as many for half an hour: t becomes 10:30 + (t − 10:00) / 2.
        let expected = if (clock(10, 0)..clock(11, 0)).contains(&then) {
            clock(10, 30) + (then - clock(10, 0)) / 2
        } else {
            then
        };
        assert_eq!(now, expected);
        moved += usize::from(now != then);
    }
    assert!(moved > 50, "{moved}");
}

#[test]
fn what_cannot_be_uploaded_waits_and_goes_out_in_order() {
    let upload = "kind = \"upload\"\nat = \"2022-05-09 11:00\"\nfor = \"2 h\"\nsurge = 3";
    let published = |model: &Model| {
        let (_, trace) = replay(model, 0);
        let mut results: Vec<_> = trace
            .results
            .iter()
            .map(|result| (result.origin, result.lane, result.tube, result.at.millis()))
            .collect();
        results.sort_unstable_by_key(|&(origin, lane, tube, _)| (origin, lane, tube));
        results
    };
    let (before, after) = (published(&model(COUNTY)), published(&with(upload)));
    assert_eq!(before.len(), after.len());
    let mut held = 0;
    for (then, now) in before.iter().zip(&after) {
        // What is late by two hours is caught up within one at three times the pace.
        let expected = if (clock(11, 0)..clock(14, 0)).contains(&then.3) {
            clock(13, 0) + (then.3 - clock(11, 0)) / 3
        } else {
            then.3
        };
        assert_eq!((then.0, then.1, then.2, expected), *now);
        held += usize::from(now.3 != then.3);
    }
    assert!(held > 5, "{held}");
    let results = run(&with(upload), &Nobody);
    let round = results.outcome.rounds.values().next().unwrap();
    let sum: f64 = round.gates.iter().map(|gate| gate.minutes.mean).sum();
    assert!((sum - round.door_to_result_min.mean.mean).abs() < 1e-6);
}

#[test]
fn more_people_than_foreseen_stand_behind_all_others_and_leave_their_luck_alone() {
    let more = "kind = \"people\"\ncells = [\"C1\"]\nat = \"2022-05-09 12:00\"\nfor = \"1 h\"\nmore = \"20 %\"";
    let [before, after] = both(more);
    assert_eq!(after.len(), before.len() + 140);
    for (person, steps) in &before {
        let (then, now) = (steps[0], after[person][0]);
        assert_eq!(
            (then.ready, then.end - then.start, true),
            (now.ready, now.end - now.start, now.start >= then.start)
        );
    }
    let new = after
        .iter()
        .filter(|(person, _)| !before.contains_key(person));
    for (person, steps) in new {
        assert!((clock(12, 0)..clock(13, 0)).contains(&steps[0].ready));
        assert!((700..840).contains(&person.3));
    }
    let results = run(&with(more), &Nobody);
    let round = results.outcome.rounds.values().next().unwrap();
    assert!((round.due.mean - 1_190.0).abs() < 1e-9);
    assert!((round.swabbed.mean + round.missed.mean - 1_190.0).abs() < 1e-9);
}

#[test]
fn a_wave_of_tubes_comes_to_the_laboratory_and_is_tested() {
    let wave = "kind = \"tubes\"\nat = \"2022-05-09 12:00\"\nfor = \"2 h\"\ntubes = 300";
    let tubes = |model: &Model| {
        let results = run(model, &Nobody);
        results.outcome.labs[0].tubes.mean
    };
    let (before, after) = (tubes(&model(COUNTY)), tubes(&with(wave)));
    assert!(
        (after - before - 300.0).abs() < 1e-9,
        "{before} and {after}"
    );
}

#[test]
fn places_are_befallen_as_often_as_is_said() {
    let model = file(&feature("stress.toml"), &[]);
    let (begins, ends) = (
        model.rounds.values().next().unwrap().opens,
        model.rounds.values().last().unwrap().deadline,
    );
    let hours = ends.since(begins).hours();
    // A place that is whole for 1 / λ and befallen for 1 / μ, both exponential, is befallen λμ/(λ+μ) t + (λ/(λ+μ))² (1 − e^(−(λ+μ)t))
    // times by t (Cox, 1962, renewal theory, alternating processes).
    let expected = |every: f64, lasts: f64| {
        let (lambda, mu) = (1.0 / every, 1.0 / lasts);
        let all = lambda + mu;
        lambda * mu / all * hours + (lambda / all).powi(2) * (1.0 - (-all * hours).exp())
    };
    let drawn: Vec<Network> = (0..2_000).map(|number| network(&model, number).0).collect();
    for (kind, places, every, lasts) in [
        (Kind::Site, 2.0, 12.0, 0.5),
        (Kind::Road, 1.0, 8.0, 2.0 / 3.0),
        (Kind::Storm, 1.0, 12.0, 1.0),
        (Kind::Upload, 1.0, 12.0, 1.0),
        (Kind::Staff, 1.0, 12.0, 2.0),
        (Kind::Registration, 1.0, 12.0, 2.0 / 3.0),
        (Kind::Machine, 1.0, 12.0, 1.0),
    ] {
        let of_kind = |network: &Network| -> Vec<_> {
            let happenings = network.incidents.iter();
            happenings.filter(|one| one.kind == kind).copied().collect()
        };
        let counts: Vec<f64> = drawn
            .iter()
            .map(|network| of_kind(network).len() as f64)
            .collect();
        let (_, lo, hi) = mean_interval(&counts, 0.999);
        let expected = places * expected(every, lasts);
        assert!(
            lo <= expected && expected <= hi,
            "{kind:?}: {expected} is outside {lo}..{hi}"
        );
        let lengths: Vec<f64> = drawn
            .iter()
            .flat_map(of_kind)
            .map(|one| one.window.length().hours())
            .collect();
        let (_, lo, hi) = mean_interval(&lengths, 0.999);
        assert!(
            lo <= lasts && lasts <= hi,
            "{kind:?}: {lasts} is outside {lo}..{hi}"
        );
    }
}

#[test]
fn without_stress_nothing_is_drawn_and_a_place_keeps_its_luck_when_another_is_added() {
    let plain = file(&feature("stress.toml"), &["stress.on=false"]);
    assert!(network(&plain, 3).0.incidents.is_empty());
    let model = file(&feature("stress.toml"), &[]);
    let text = std::fs::read_to_string(feature("stress.toml")).unwrap();
    let more = models::model(&format!("{text}\n[[sites]]\nid = \"S0\"\nlanes = 1\n"));
    let here = |model: &Model, number: u32| -> Vec<(String, Time, Time)> {
        let network = network(model, number).0;
        let at_site = network.incidents.iter().filter_map(|one| match one.place {
            Place::Site(site) => Some((
                model.sites[site].name.id.clone(),
                one.window.start,
                one.window.end,
            )),
            Place::Courier(_) | Place::Lab(_) | Place::Everywhere => None,
        });
        at_site.filter(|(site, ..)| site != "S0").collect()
    };
    assert_eq!(more.sites.len(), 3);
    for number in 0..20 {
        assert_eq!(here(&model, number), here(&more, number));
    }
}

#[test]
fn teams_of_disinfectors_share_the_sites_and_close_each_as_by_hand() {
    let model = file(
        &feature("disinfection.toml"),
        &["disinfection.takes=30 min", "replications=2"],
    );
    let network = network(&model, 0).0;
    let minutes = |at: Time| at.millis() / 60_000;
    let windows: Vec<(usize, i64, i64)> = network
        .disinfected
        .iter()
        .map(|(site, window)| {
            let site = site.index();
            (site, minutes(window.start), minutes(window.end))
        })
        .collect();
    // Two teams: S1 and S2 at 10:00, S3 at 10:45; again at 14:00 and 18:00.
    let expected =
        [600, 840, 1_080].map(|at| [(0, at, at + 30), (1, at, at + 30), (2, at + 45, at + 75)]);
    assert_eq!(windows, expected.concat());
    let (_, trace) = replay(&model, 0);
    for record in &trace.steps {
        let site = record.site.index();
        let closed = windows.iter().any(|&(other, from, to)| {
            other == site && (from * 60_000..to * 60_000).contains(&record.step.start)
        });
        assert!(!closed, "{record:?}");
    }
    let outcome = run(&model, &Nobody).outcome.disinfection.unwrap();
    // Nine visits of three quarters of an hour by five people each; of the last a quarter of an hour lies behind the close at 19:00.
    assert!((outcome.visits.mean - 9.0).abs() < 1e-9);
    assert!((outcome.staff_hours.mean - 9.0 * 0.75 * 5.0).abs() < 1e-9);
    assert!(
        (outcome.closed_min.mean - (9.0 * 30.0 - 15.0)).abs() < 1e-9,
        "{}",
        outcome.closed_min.mean
    );
}

#[test]
fn every_drill_of_zeku_is_the_base_plan_but_for_what_goes_wrong() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/zeku.toml");
    let of = |layout: Option<&str>| {
        let options = Options {
            layout: layout.map(str::to_owned),
            set: vec!["replications=2".to_owned()],
        };
        read(&path, &options).unwrap().model
    };
    let base = of(None);
    for drill in DRILLS {
        let mut model = of(Some(drill));
        assert!(model != base, "{drill} does nothing");
        model.incidents.clear();
        for (site, of_base) in model.sites.values_mut().zip(base.sites.values()) {
            site.tubes.faults.clone_from(&of_base.tubes.faults);
        }
        model.title = base.title.clone();
        model.hash.clone_from(&base.hash);
        model.assumptions.clone_from(&base.assumptions);
        model.unknowns = base.unknowns.clone();
        assert!(model == base, "{drill} changes more");
    }
}

/// The layouts of Zeku in which one thing goes wrong.
const DRILLS: [&str; 8] = [
    "rain",
    "jam",
    "upload-down",
    "site-closed",
    "leaks",
    "staff-missing",
    "registration-down",
    "machine-down",
];
