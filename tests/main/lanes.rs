//! What happens between the door of a site and the swab: ways that branch, households, people who are taken first.

use std::collections::BTreeMap;

use crate::models::model;
use crate::referee::{replay, review};

use swabplan::experiment::results::Figure;
use swabplan::experiment::{Nobody, run};
use swabplan::id::{Id, RoundId};
use swabplan::measure::outcome::RoundOutcome;
use swabplan::model::Model;
use swabplan::sim::observer::Step;
use swabplan::sim::trace::Trace;
use swabplan::stats::interval::{mean_interval, t_quantile};

/// A round at one site whose lanes, coming and more the test says. No time is lost with fresh tubes: which tube is whose may change from
/// one variant to the next, so that with it someone may lose time whom more of a good thing should serve.
fn county(seed: u64, lanes: u32, coming: &str, more: &str) -> Model {
    with_cells(
        seed,
        (lanes, coming),
        r#"cells = [{ id = "C", residents = 900, site = "S" }]"#,
        more,
    )
}

fn with_cells(seed: u64, (lanes, coming): (u32, &str), cells: &str, more: &str) -> Model {
    model(&format!(
        r#"
        seed = {seed}
        {cells}
        rounds = [{{ id = "R", opens = "2022-05-09 08:00", deadline = "100 h" }}]
        couriers = [{{ id = "van" }}]
        labs = [{{ id = "lab", stages = [{{ id = "pcr", delay = "1 h" }}] }}]
        hours = {{ open = ["08:00-20:00"], setup = "0 s" }}
        coming = {{ {coming} }}
        lane = {{ tube_change = "0 s" }}
        sites = [{{ id = "S", lanes = {lanes} }}]
        {more}
        "#
    ))
}

/// The steps of each person, in order.
fn people(trace: &Trace) -> BTreeMap<(u32, u32), Vec<Step>> {
    let mut people: BTreeMap<_, Vec<Step>> = BTreeMap::new();
    for record in &trace.steps {
        let Step { source, rank, .. } = record.step;
        people.entry((source, rank)).or_default().push(record.step);
    }
    people
}

/// When each person's swab is in, by name: the cell's position and the rank in it do not depend on the site.
fn swabs(trace: &Trace) -> BTreeMap<(u32, u32), i64> {
    let swabs = trace.tubes.iter().flat_map(|record| &record.swabs);
    swabs
        .map(|swab| ((swab.source, swab.rank), swab.end))
        .collect()
}

/// What is looked at, in seconds.
const HOUR: f64 = 3_600.0;

/// The dispensing site of New York (Hernandez et al., 2015): what is known of its first hour from 40 replications of an independent program,
/// within the half widths of the original Arena study.
#[test]
fn the_dispensing_site_of_new_york_fares_as_its_authors_found() {
    let site = model(
        r#"
        hours = { open = ["00:00-24:00"], setup = "0 s" }
        coming = { by = "poisson", rate = "12000 people/h", forms = [318, 268, 163, 126, 68, 57] }
        study = { stop = "1 h" }
        tubes = { pool = 1, per = "site" }
        rounds = [{ id = "R", opens = "2022-05-09 00:00", deadline = "100 h" }]
        cells = [{ id = "C", residents = 1, site = "S" }]
        sites = [{ id = "S", lanes = 1 }]
        couriers = [{ id = "van" }]
        labs = [{ id = "lab", stages = [{ id = "pcr", delay = "1 h" }] }]

        [expert.lane]
        stations = [
          { id = "greeter", per = "site", servers = 2, service_for = "form", service = { triangular = { low = "1.77 s", mode = "2.38 s", high = "2.66 s" } }, next = [{ to = "dispenser", share = "10 %" }] },
          { id = "screener", per = "site", servers = 10, service_for = "form", service = { weibull = { mean = "7.5478 s", shape = 2.29 } }, next = [{ to = "dispenser", share = "99 %" }] },
          { id = "medic", per = "site", service_for = "form", service = { lognormal = { mean = "61.44 s", sd = "47.28 s" } }, next = [{ to = "leave", share = "1 %" }] },
          { id = "dispenser", per = "site", servers = 10, service_for = "form", service = { exponential = "18.66 s" } },
        ]
        "#,
    );
    let replications: Vec<[f64; 10]> = (0..40)
        .map(|number| hour(&replay(&site, number).1))
        .collect();
    // Arrivals, finished, starts at greeter, screener and dispenser, their utilization and the medic's, mean time of those who finish (min).
    let known: [(f64, f64); 10] = [
        (12_014.0, 31.0),
        (756.0, 15.0),
        (1_250.0, 17.0),
        (1_125.0, 16.0),
        (766.0, 15.0),
        (1.0, 0.001),
        (0.597, 0.01),
        (0.987, 0.006),
        (0.486, 0.12),
        (28.1, 0.6),
    ];
    for (column, (known, beside)) in known.into_iter().enumerate() {
        let found: Vec<f64> = replications.iter().map(|row| row[column]).collect();
        let (mean, lo, hi) = mean_interval(&found, 0.999);
        // What is known comes from 40 replications too: both intervals count.
        let half = (hi - lo) / 2.0 + beside;
        assert!(
            (mean - known).abs() <= half,
            "column {column}: {mean} ± {half}, known {known}"
        );
    }
}

/// Of the first hour: who came, who finished, starts and utilization by station, and how long those who finished were there.
fn hour(trace: &Trace) -> [f64; 10] {
    let seconds = |millis: i64| millis as f64 / 1e3;
    let came: u32 = trace.came.iter().flat_map(|(_, _, came)| came).sum();
    let finished: Vec<f64> = trace
        .tubes
        .iter()
        .flat_map(|record| &record.swabs)
        .map(|swab| seconds(swab.end - swab.arrival) / 60.0)
        .collect();
    let mut starts = [0.0; 4];
    let mut busy = [0.0; 4];
    for record in &trace.steps {
        let Step {
            station,
            start,
            end,
            ..
        } = record.step;
        if seconds(start) < HOUR {
            starts[station as usize] += 1.0;
            busy[station as usize] += seconds(end).min(HOUR) - seconds(start);
        }
    }
    let servers = [2.0, 10.0, 1.0, 10.0];
    let [greeter, screener, medic, dispenser] =
        [0, 1, 2, 3].map(|station| busy[station] / servers[station] / HOUR);
    let mean = finished.iter().sum::<f64>() / finished.len() as f64;
    [
        f64::from(came),
        finished.len() as f64,
        starts[0],
        starts[1],
        starts[3],
        greeter,
        screener,
        dispenser,
        medic,
        mean,
    ]
}

#[test]
fn who_leaves_on_the_way_is_missed_for_that_reason() {
    let stations = |share: &str| {
        format!(
            r#"expert.lane.stations = [
              {{ id = "desk", per = "site", service = "5 s", next = [{{ to = "leave", share = "{share}" }}] }},
              {{ id = "swab", service = "30 s" }},
            ]"#
        )
    };
    let results = run(&county(1, 2, r#"by = "even""#, &stations("10 %")), &Nobody);
    let round = &results.outcome.rounds[RoundId::from_index(0)];
    let left = round.missed_by[2];
    assert!(left.lo < 90.0 && 90.0 < left.hi, "{left:?}");
    assert!((round.missed.mean - left.mean).abs() < 1e-9);
    // More who leave: the same people and some more.
    let swabbed = |share| swabs(&replay(&county(1, 2, r#"by = "even""#, &stations(share)), 0).1);
    let (many, few) = (swabbed("10 %"), swabbed("20 %"));
    assert!(few.len() < many.len());
    assert!(few.iter().all(|(person, end)| many[person] >= *end));
}

#[test]
fn households_come_together_in_the_size_that_is_asked_for() {
    let together = |households: &str| {
        let coming = format!(r#"by = "even", households = {households}"#);
        let cells = r#"cells = [{ id = "C", residents = 20000, site = "S" }]"#;
        let (_, trace) = replay(&with_cells(3, (9, &coming), cells, ""), 0);
        let mut sizes: BTreeMap<i64, f64> = BTreeMap::new();
        for steps in people(&trace).values() {
            *sizes.entry(steps[0].ready).or_default() += 1.0;
        }
        sizes.into_values().collect::<Vec<f64>>()
    };
    for (households, mean) in [("2.72", 2.72), ("[0, 1]", 2.0), ("[1, 1, 2]", 2.25)] {
        let sizes = together(households);
        let (found, lo, hi) = mean_interval(&sizes, 0.999);
        // One household in a thousand people is cut in two.
        assert!(
            lo - 0.006 * mean <= mean && mean <= hi + 0.006 * mean,
            "{found}, asked for {mean}"
        );
    }
}

#[test]
fn time_for_each_household_never_makes_anyone_earlier() {
    let more = |seconds: u32| {
        format!(
            r#"expert.lane.stations = [
              {{ id = "desk", per = "site", service = "5 s", per_household = "{seconds} s" }},
              {{ id = "swab", service = {{ lognormal = {{ mean = "30 s", cv = 0.4 }} }} }},
            ]"#
        )
    };
    let swabs = |seconds| {
        let coming = r#"by = "even", households = 2.72"#;
        swabs(&replay(&county(5, 2, coming, &more(seconds)), 0).1)
    };
    let (short, long) = (swabs(1), swabs(20));
    assert_eq!(short.len(), 900);
    assert!(short.iter().all(|(person, end)| long[person] >= *end));
}

/// The round of one desk with people at random, of whom a share is taken first.
fn desk(share: &str, seed: u64) -> RoundOutcome<Figure> {
    let scenario = format!(
        r#"
        seed = {seed}
        replications = 24
        study = {{ warm_up = "10 h" }}
        rounds = [{{ id = "R", opens = "2022-05-09 00:00", deadline = "1000 h", closes = "200 h" }}]
        cells = [{{ id = "C", residents = 1, site = "S", priority = "{share}" }}]
        couriers = [{{ id = "van" }}]
        labs = [{{ id = "lab", stages = [{{ id = "pcr", delay = "1 h" }}] }}]
        hours = {{ open = ["00:00-24:00"], setup = "0 s" }}
        coming = {{ by = "poisson", rate = "288 people/h" }}
        lane = {{ tube_change = "0 s" }}
        sites = [{{ id = "S", lanes = 1, stations = [{{ id = "swab", service = {{ exponential = "10 s" }} }}] }}]
        "#
    );
    let results = run(&model(&scenario), &Nobody);
    results.outcome.rounds[RoundId::from_index(0)].clone()
}

/// Cobham (1954): at one exponential desk of which a share f of the people is taken first, those wait `ρ s / (1 − f ρ)`, and the mean over
/// all is what it is without.
#[test]
fn who_is_taken_first_waits_as_cobham_says_and_all_together_as_before() {
    let (rho, service) = (0.8, 10.0 / 60.0);
    for (share, first) in [("25 %", 0.25), ("60 %", 0.6)] {
        for seed in [1, 20_220_509] {
            let round = desk(share, seed);
            let figures = [
                (
                    round.priority_wait_min.mean,
                    rho * service / (1.0 - first * rho),
                ),
                (round.wait_min.mean, rho * service / (1.0 - rho)),
            ];
            for (figure, known) in figures {
                // From the 95 % interval of 24 replications to that of 99.9 %.
                let half = (figure.hi - figure.mean) * t_quantile(23, 0.999) / t_quantile(23, 0.95);
                let found = figure.mean;
                assert!(
                    (found - known).abs() < half,
                    "{found} ± {half}, known {known}"
                );
            }
        }
    }
}

#[test]
fn who_comes_to_be_taken_first_is_never_served_later_where_all_take_the_same_time() {
    let first = |share: &str| {
        let cells = format!(
            r#"cells = [{{ id = "C", residents = 900, site = "S", priority = "{share}" }}]"#
        );
        let more = r#"expert.lane.stations = [{ id = "swab", service = "60 s" }]"#;
        let site = with_cells(2, (2, r#"by = "front-loaded""#), &cells, more);
        people(&replay(&site, 0).1)
    };
    let (nobody, some) = (first("0 %"), first("20 %"));
    let mut earlier = 0;
    for (person, steps) in some.iter().filter(|(_, steps)| steps[0].first) {
        let before = nobody[person][0];
        assert_eq!(before.ready, steps[0].ready);
        assert!(steps[0].start <= before.start, "{person:?}");
        earlier += u32::from(steps[0].start < before.start);
    }
    assert!(earlier > 50, "{earlier}");
}

#[test]
fn who_walks_from_one_station_to_the_next_is_there_so_much_later() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/features/walking.toml");
    let model = crate::models::file(&path, &[]);
    let (network, streams) = swabplan::experiment::network(&model, 0);
    let mut trace = swabplan::sim::trace::Trace::default();
    let memory = &mut swabplan::sim::Memory::default();
    let grain = swabplan::sim::Grain::Whole;
    swabplan::sim::simulate(&network, streams, grain, memory, &mut trace);
    let steps = |station: u32| {
        trace
            .steps
            .iter()
            .filter(|record| record.step.station == station)
            .map(|record| ((record.step.source, record.step.rank), record.step))
            .collect::<std::collections::BTreeMap<_, _>>()
    };
    let (desk, lane) = (steps(0), steps(1));
    assert_eq!(desk.len(), 600);
    let walks = |(person, step): (&(u32, u32), &swabplan::sim::observer::Step)| {
        lane[person].ready == step.end + 120_000
    };
    assert!(desk.iter().all(walks));
}

/// Eight people swab at a lane, household by household: some are done while another opens the tube before theirs.
const BY_HOUSEHOLD: &str = r#"
cells = [{ id = "C1", residents = 31, site = "S1", tier = "sealed" }, { id = "C2", residents = 37, site = "S1" }]
couriers = [{ id = "van", every = "1 h", road = "20 min" }]
labs = [{ id = "lab", machines = 1 }]
rounds = [{ id = "R", opens = "2022-05-09 07:00", every = "24 h", for = "3 days" }]
sites = [{ id = "S1", lanes = 2 }]
tubes = { close = { age = "720 s" } }

[[expert.lane.stations]]
id = "N0"
servers = 8
service = { lognormal = { mean = "39 s", cv = 0.762 } }
per_household = { lognormal = { mean = "560 s", cv = 0.952 } }
"#;

#[test]
fn tubes_of_a_lane_follow_one_another_though_several_people_swab() {
    let model = model(BY_HOUSEHOLD);
    let mut tubes = 0;
    for replication in 0..20 {
        let (network, trace) = replay(&model, replication);
        let findings = review(&model, &network, &trace);
        assert!(findings.0.is_empty(), "{}", findings.summary());
        tubes += trace.tubes.len();
    }
    assert!(tubes > 1000, "{tubes}");
}
