//! Queues whose answer is known, written as scenarios and run through the whole engine: each known value lies in the 99.9 % interval of what
//! is found, at two seeds.

use crate::models::{file, model};
use std::path::Path;
use swabplan::experiment::results::{Figure, Results};
use swabplan::experiment::{Nobody, run};
use swabplan::id::{Id, RoundId, StageId};
use swabplan::measure::outcome::RoundOutcome;
use swabplan::queueing::bulk::{Bulk, Runs, Steady};
use swabplan::queueing::{exact, finite, fluid};
use swabplan::stats::interval::t_quantile;

const SEEDS: [u64; 2] = [1, 20_220_509];

/// Mean service time of all queues, in seconds: long beside the millisecond in which the engine counts.
const SERVICE: f64 = 10.0;

/// One site with one station, as a scenario; what it does not say is as simple as can be.
struct Queue<'a> {
    servers: u32,
    /// The service time, as the scenario says it.
    service: &'a str,
    /// When people come.
    coming: &'a str,
    /// How many are due.
    people: u32,
    /// Opening hours.
    open: &'a str,
    /// How long the round takes people in.
    closes: &'a str,
    warm_up: &'a str,
    replications: u32,
}

impl Queue<'_> {
    fn results(&self, seed: u64) -> Results {
        let Self {
            servers,
            service,
            coming,
            people,
            open,
            closes,
            warm_up,
            replications,
        } = self;
        let text = format!(
            r#"
            seed = {seed}
            replications = {replications}
            hours = {{ open = ["{open}"], setup = "0 s" }}
            coming = {{ {coming} }}
            lane = {{ tube_change = "0 s" }}
            study = {{ warm_up = "{warm_up}" }}
            rounds = [{{ id = "R", opens = "2022-05-09 00:00", closes = "{closes}", deadline = "1000 h" }}]
            cells = [{{ id = "C", residents = {people}, site = "S" }}]
            sites = [{{ id = "S", lanes = {servers}, stations = [{{ id = "swab", service = {service} }}] }}]
            couriers = [{{ id = "van" }}]
            labs = [{{ id = "lab", stages = [{{ id = "pcr", delay = "1 h" }}] }}]
            "#
        );
        run(&model(&text), &Nobody)
    }
}

fn round(results: &Results) -> &RoundOutcome<Figure> {
    &results.outcome.rounds[RoundId::from_index(0)]
}

/// Asserts that a known value lies in the 99.9 % interval of a figure, `beside` either side allowed for what the theory leaves out.
fn assert_known(what: &str, results: &Results, figure: Figure, known: f64, beside: f64) {
    let freedom = results.replications as usize - 1;
    let half = (figure.hi - figure.lo) / 2.0 * t_quantile(freedom, 0.999)
        / t_quantile(freedom, 0.95)
        + beside;
    let Figure { mean, .. } = figure;
    assert!(
        (mean - known).abs() <= half,
        "{what}, seed {}: {mean} ± {half}, known {known}",
        results.seed
    );
}

/// Mean waits of a queue that runs for ever with people coming at random, in service times.
fn assert_steady_wait(servers: u32, rho: f64, service: &str, known: f64) {
    let rate = f64::from(servers) * rho * 3_600.0 / SERVICE;
    let queue = Queue {
        servers,
        service,
        coming: &format!(r#"by = "poisson", rate = "{rate} people/h""#),
        people: 1,
        open: "00:00-24:00",
        closes: if servers > 4 { "60 h" } else { "200 h" },
        warm_up: "10 h",
        replications: 24,
    };
    for seed in SEEDS {
        let results = queue.results(seed);
        let what = format!("{servers} servers at {rho}, {service}");
        assert_known(
            &what,
            &results,
            round(&results).wait_min.mean,
            known * SERVICE / 60.0,
            0.0,
        );
    }
}

#[test]
fn exponential_service_waits_as_erlang_says() {
    for (servers, rho) in [
        (1, 0.5),
        (1, 0.8),
        (1, 0.9),
        (2, 0.8),
        (4, 0.9),
        (10, 0.9),
        (20, 0.8),
    ] {
        assert_steady_wait(
            servers,
            rho,
            r#"{ exponential = "10 s" }"#,
            exact::mmc(servers, rho).mean,
        );
    }
}

#[test]
fn constant_service_waits_as_crommelin_says() {
    for (servers, rho) in [(1, 0.8), (1, 0.9), (2, 0.5), (2, 0.8), (4, 0.8), (10, 0.9)] {
        assert_steady_wait(servers, rho, r#""10 s""#, exact::mdc(servers, rho).mean);
    }
}

#[test]
fn one_server_waits_as_pollaczek_and_khinchine_say_whatever_the_shape() {
    for (service, cv2) in [
        (r#"{ gamma = { mean = "10 s", cv = 0.5 } }"#, 0.25),
        (r#"{ lognormal = { mean = "10 s", cv = 0.7 } }"#, 0.49),
        (r#"{ gamma = { mean = "10 s", cv = 1.4 } }"#, 1.96),
        (r#"{ lognormal = { mean = "10 s", cv = 1.5 } }"#, 2.25),
    ] {
        assert_steady_wait(1, 0.8, service, exact::mg1(0.8, cv2));
    }
}

#[test]
fn the_tail_of_waits_is_that_of_erlang() {
    // P(wait > t) = P(wait) e^(−c (1 − rho) t): solved for the wait that 1 in 20 exceeds.
    let (servers, rho) = (4, 0.9);
    let known =
        (exact::mmc(servers, rho).probability / 0.05).ln() / (f64::from(servers) * (1.0 - rho));
    let queue = Queue {
        servers,
        service: r#"{ exponential = "10 s" }"#,
        coming: r#"by = "poisson", rate = "1296 people/h""#,
        people: 1,
        open: "00:00-24:00",
        closes: "200 h",
        warm_up: "10 h",
        replications: 24,
    };
    for seed in SEEDS {
        let results = queue.results(seed);
        // Quantiles are known to the second.
        assert_known(
            "1 in 20",
            &results,
            round(&results).wait_min.p95,
            known * SERVICE / 60.0,
            1.0 / 60.0,
        );
    }
}

/// A crowd that is all there when the site opens.
fn crowd(people: u32, servers: u32, service: &str, replications: u32) -> Queue<'_> {
    let (coming, open) = (r#"by = "regular", every = "0 s""#, "00:00-24:00");
    Queue {
        servers,
        service,
        coming,
        people,
        open,
        closes: "100 h",
        warm_up: "0 s",
        replications,
    }
}

#[test]
fn a_crowd_at_exponential_desks_is_done_when_the_harmonic_numbers_say() {
    for (people, servers) in [(100, 4), (1_000, 10), (1_364, 9), (12_263, 36)] {
        let known = finite::exponential_finish(people, servers) * SERVICE / 60.0;
        for seed in SEEDS {
            let results = crowd(people, servers, r#"{ exponential = "10 s" }"#, 200).results(seed);
            let what = format!("{people} people at {servers} desks");
            assert_known(
                &what,
                &results,
                round(&results).swabbing_ends_min,
                known,
                0.0,
            );
        }
    }
}

#[test]
fn a_crowd_at_steady_desks_is_done_in_so_many_turns_to_the_millisecond() {
    for (people, servers) in [(100, 4), (1_364, 9), (12_263, 36)] {
        let results = crowd(people, servers, r#""10 s""#, 1).results(1);
        let known = finite::constant_finish(people, servers) * SERVICE / 60.0;
        assert!((round(&results).swabbing_ends_min.mean - known).abs() < 1e-9);
    }
}

#[test]
fn more_than_the_desks_can_take_flow_like_water() {
    // Zeku at 18 desks of 30 s in four hours: with people at equal intervals the fluid is off by less than one service.
    let (people, desks, over) = (12_263, 18, 240.0);
    let known = fluid::even(f64::from(people), over, f64::from(desks) * 2.0);
    let coming = format!(
        r#"by = "regular", every = "{} s""#,
        over * 60.0 / f64::from(people)
    );
    let queue = Queue {
        servers: desks,
        service: r#""30 s""#,
        coming: &coming,
        people,
        open: "00:00-24:00",
        closes: "100 h",
        warm_up: "0 s",
        replications: 1,
    };
    let results = queue.results(1);
    let site = &results.outcome.sites[0];
    assert!((round(&results).swabbing_ends_min.mean - known.finish).abs() < 0.5);
    assert!((round(&results).wait_min.mean.mean - known.mean_wait).abs() < 0.5);
    assert!((site.peak_queue.mean - known.peak_queue).abs() < 2.0 * f64::from(desks));
}

#[test]
fn a_larger_crowd_is_more_like_water() {
    // People who come freely in three hours to desks that need longer: chance lets desks stand idle at first, a share that falls as
    // the root of the number.
    let off = |times: u32, seed| {
        let (people, desks) = (260 * times, 2 * times);
        let queue = Queue {
            servers: desks,
            service: r#""120 s""#,
            coming: r#"by = "even""#,
            people,
            open: "00:00-03:00",
            closes: "3 h",
            warm_up: "0 s",
            replications: 40,
        };
        let results = queue.results(seed);
        let known = fluid::even(f64::from(people), 180.0, f64::from(desks) / 2.0);
        let round = round(&results);
        assert_known(
            "finish",
            &results,
            round.swabbing_ends_min,
            known.finish,
            4.0 * known.finish / f64::from(people).sqrt(),
        );
        (round.wait_min.mean.mean / known.mean_wait - 1.0).abs()
    };
    for seed in SEEDS {
        let (few, many) = (off(1, seed), off(40, seed));
        assert!(many < few.max(0.01), "{few} {many}");
        assert!(many < 0.02, "{many}");
    }
}

/// One machine to which tubes come at random, as a scenario. Minutes.
fn machine(bulk: &Bulk, seed: u64) -> Results {
    let Bulk {
        lambda,
        run: length,
        runs,
        a,
        b,
    } = bulk;
    let length = match runs {
        Runs::Constant => format!(r#""{length} min""#),
        Runs::Exponential => format!(r#"{{ exponential = "{length} min" }}"#),
    };
    let hours = if *lambda > 10.0 { 60 } else { 200 };
    let text = format!(
        r#"
        seed = {seed}
        replications = 24
        study = {{ warm_up = "5 h" }}
        rounds = [{{ id = "R", opens = "2022-05-09 00:00", deadline = "24 h" }}]
        cells = [{{ id = "C", residents = 1, site = "S" }}]
        sites = [{{ id = "S", lanes = 1 }}]
        couriers = [{{ id = "van", to = "elsewhere" }}]
        feeds = [{{ id = "F", to = "lab", rate = "{} tubes/h", until = "{hours} h" }}]

        [[labs]]
        id = "elsewhere"
        stages = [{{ id = "pcr", delay = "1 h" }}]

        [[labs]]
        id = "lab"
        stages = [{{ id = "pcr", machines = {{ count = 1, wells = {b}, run = {length}, start = {{ at_least = {a} }} }} }}]
        "#,
        lambda * 60.0,
    );
    run(&model(&text), &Nobody)
}

#[test]
fn a_machine_that_takes_many_tubes_fares_as_renewal_theory_says() {
    let row = |lambda, run, a, b, runs| Bulk {
        lambda,
        run,
        a,
        b,
        runs,
    };
    for bulk in [
        row(1.0, 1.0, 1, 2, Runs::Constant),
        row(1.0, 1.0, 1, 2, Runs::Exponential),
        row(3.0, 1.0, 1, 4, Runs::Constant),
        row(3.0, 1.0, 4, 4, Runs::Constant),
        row(8.0, 1.0, 1, 10, Runs::Constant),
        row(20.0, 1.5, 1, 94, Runs::Constant),
        row(20.0, 1.5, 47, 94, Runs::Constant),
        row(20.0, 1.5, 94, 94, Runs::Constant),
        row(50.0, 1.5, 1, 94, Runs::Constant),
    ] {
        let Steady {
            wait, batch, busy, ..
        } = bulk.steady().unwrap();
        for seed in SEEDS {
            let results = machine(&bulk, seed);
            // The laboratories are in the order of their ids: the other one has the tube of the one person.
            let stage = &results.outcome.labs[1].stages[StageId::from_index(0)];
            let what = format!("{bulk:?}");
            assert_known(&what, &results, stage.wait_min, wait, 0.0);
            assert_known(&what, &results, stage.fill, batch / bulk.b as f64, 1e-3);
            assert_known(&what, &results, stage.utilization, busy, 1e-3);
        }
    }
}

/// The reference round on which engines are compared: mean, median and 95th percentile of turnaround and mean time on site, in seconds.
fn assert_reference(scenario: &str, replications: u32, known: [f64; 4]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios")
        .join(scenario);
    for seed in SEEDS {
        let set = [
            format!("seed={seed}"),
            format!("replications={replications}"),
        ];
        let results = run(&file(&path, &set.each_ref().map(String::as_str)), &Nobody);
        let round = round(&results);
        let figures = [
            round.turnaround_min.mean,
            round.turnaround_min.p50,
            round.turnaround_min.p95,
            round.time_on_site_min.mean,
        ];
        for ((figure, known), rounding) in figures.into_iter().zip(known).zip([0.5, 0.5, 0.5, 0.05])
        {
            assert_known(scenario, &results, figure, known / 60.0, rounding / 60.0);
        }
        // Nobody is lost: all came, all were swabbed, all results are out.
        assert!(
            round.missed.mean == 0.0
                && round.swabbed.mean == round.due.mean
                && round.tubes_published.mean == round.tubes.mean
        );
    }
}

#[test]
fn the_county_of_the_reference_round_turns_around_in_the_time_known() {
    assert_reference(
        "bench-county.toml",
        60,
        [12_308.0, 12_288.0, 14_120.0, 76.9],
    );
}

#[test]
fn the_city_of_the_reference_round_turns_around_in_the_time_known() {
    assert_reference("bench-city.toml", 6, [13_149.0, 13_110.0, 15_100.0, 123.1]);
}
