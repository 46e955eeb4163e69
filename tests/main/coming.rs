//! Who comes when: those who book and do not come, those who come without a slot, those whom grid workers call, those without a phone.

use std::collections::{BTreeMap, BTreeSet};

use crate::models::model;
use crate::referee::replay;

use swabplan::model::Model;
use swabplan::sim::trace::Trace;
use swabplan::stats::interval::mean_interval;

/// An hour in milliseconds.
const HOUR: f64 = 3.6e6;

/// A round of one site whose cells, coming and lanes the test says. No time is lost with fresh tubes.
fn county(seed: u64, residents: u32, more: &str) -> Model {
    model(&format!(
        r#"
        seed = {seed}
        rounds = [{{ id = "R", opens = "2022-05-09 08:00", deadline = "100 h", closes = "12 h" }}]
        cells = [{{ id = "C", residents = {residents}, site = "S", lat = 35.02, lon = 101.46 }}]
        couriers = [{{ id = "van" }}]
        labs = [{{ id = "lab", stages = [{{ id = "pcr", delay = "1 h" }}] }}]
        hours = {{ open = ["08:00-20:00"], setup = "0 s" }}
        sites = [{{ id = "S", lanes = 40, lat = 35.00, lon = 101.46 }}]
        lane.tube_change = "0 s"
        {more}
        "#
    ))
}

/// When each person is at the door, by rank in the cell, in hours from midnight.
fn doors(trace: &Trace) -> BTreeMap<u32, f64> {
    let steps = trace.steps.iter().map(|record| record.step);
    let doors = steps.filter(|step| step.station == 0);
    doors
        .map(|step| (step.rank, step.ready as f64 / HOUR))
        .collect()
}

/// How long each person was served at a station, by rank in the cell, in milliseconds.
fn served(trace: &Trace, station: u32) -> BTreeMap<u32, i64> {
    let steps = trace.steps.iter().map(|record| record.step);
    let here = steps.filter(|step| step.station == station);
    here.map(|step| (step.rank, step.end - step.start))
        .collect()
}

/// Of 5,400 booked each fails to come by itself: a binomial number.
#[test]
fn of_the_booked_so_many_do_not_come_and_who_walks_in_comes_all_the_same() {
    for seed in [1, 20_220_509] {
        let slots = |no_show: u32| {
            let coming = format!(
                r#"coming = {{ by = "slots", punctuality = "0 s", no_show = "{no_show} %", walk_in = "10 %" }}"#
            );
            county(seed, 6_000, &coming)
        };
        let came = |replication| doors(&replay(&slots(5), replication).1).len() as f64;
        let found: Vec<f64> = (0..20).map(came).collect();
        let mean = found.iter().sum::<f64>() / 20.0;
        let half = 3.29 * (5_400.0 * 0.05 * 0.95 / 20.0_f64).sqrt();
        assert!((mean - (600.0 + 5_400.0 * 0.95)).abs() < half, "{mean}");

        let who = |no_show| doors(&replay(&slots(no_show), 0).1);
        let (few, many, all) = (who(5), who(20), who(100));
        assert!(many.keys().all(|person| few.contains_key(person)));
        // Who has no slot is the end of the list, and comes evenly over the twelve hours.
        assert_eq!(all.len(), 600);
        assert!(all.keys().all(|rank| *rank >= 5_400));
        let times: Vec<f64> = all.into_values().collect();
        assert!(times.iter().all(|time| (8.0..20.0).contains(time)));
        let (mean, lo, hi) = mean_interval(&times, 0.999);
        assert!(lo < 14.0 && 14.0 < hi, "{mean}");
    }
}

#[test]
fn who_books_and_does_not_come_may_be_fetched() {
    let coming = r#"
        coming = { by = "slots", punctuality = "0 s", no_show = "30 %" }
        catch_up = { share = "100 %", before_close = "2 h", notice = "30 min" }
    "#;
    let (network, trace) = replay(&county(1, 2_000, coming), 0);
    assert_eq!(doors(&trace).len(), 2_000);
    let sources = &network.rounds.values().next().unwrap().sites[0].sources;
    let fetched: BTreeSet<u32> = trace
        .steps
        .iter()
        .filter(|record| sources[record.step.source as usize].fetched)
        .map(|record| record.step.rank)
        .collect();
    let half = 3.29 * (2_000.0 * 0.3 * 0.7_f64).sqrt();
    assert!((fetched.len() as f64 - 600.0).abs() < half);
}

#[test]
fn grid_workers_call_a_cell_as_fast_as_they_can_knock() {
    // Households of two, thirty an hour: a person a minute; batches of forty, forty minutes each.
    let called = |workers: u32| {
        let coming = format!(
            r#"coming = {{ by = "cell", batch = 40, notice = "30 min", households = [0, 1], callers = {{ workers = {workers} }} }}"#
        );
        doors(&replay(&county(3, 120, &coming), 0).1)
    };
    let (one, two, many) = (called(1), called(2), called(10_000));
    assert_eq!(one.len(), 120);
    for (rank, at) in &one {
        let begin = 8.5 + f64::from(rank / 40) * 40.0 / 60.0;
        assert!(
            (begin..=begin + 40.0 / 60.0).contains(at),
            "number {rank} at {at}"
        );
    }
    // More workers: nobody is called later; with enough of them it is as if calls took no time.
    assert!(two.iter().all(|(rank, at)| *at <= one[rank]));
    let coming = r#"coming = { by = "cell", batch = 40, notice = "30 min", households = [0, 1] }"#;
    let at_once = doors(&replay(&county(3, 120, coming), 0).1);
    assert!(
        many.iter()
            .all(|(rank, at)| (at - at_once[rank]).abs() < 1e-3)
    );
}

#[test]
fn who_walks_from_home_is_there_so_much_later() {
    let called = |more: &str| {
        let coming = format!(r#"coming = {{ by = "cell", notice = "30 min"{more} }}"#);
        doors(&replay(&county(3, 300, &coming), 0).1)
    };
    let (near, far) = (called(""), called(", walk = true"));
    // 0.02 degrees of latitude, 1.3 times as long on foot, at 4.5 km/h.
    let walk = 6_371.008_8 * 0.02_f64.to_radians() * 1.3 / 4.5;
    assert_eq!(near.len(), far.len());
    let later = |(rank, at): (&u32, &f64)| (at - near[rank] - walk).abs() < 1e-6;
    assert!(far.iter().all(later));
}

#[test]
fn who_has_no_phone_takes_longer_where_registration_is_and_nobody_else_does() {
    let lanes = |paper: &str| {
        let more = format!(
            r#"
            coming = {{ by = "even" }}
            {paper}
            expert.lane.stations = [
              {{ id = "scan", service = "10 s" }},
              {{ id = "swab", service = {{ lognormal = {{ mean = "30 s", cv = 0.4 }} }} }},
            ]"#
        );
        replay(&county(7, 6_000, &more), 0).1
    };
    let paper = |at: &str| {
        lanes(&format!(
            r#"lane.paper = {{ share = "20 %", more = "80 s"{at} }}"#
        ))
    };
    let (none, first, last) = (lanes(""), paper(""), paper(r#", at = "swab""#));
    let long = |served: &BTreeMap<u32, i64>| -> BTreeSet<u32> {
        let slow = served.iter().filter(|(_, millis)| **millis == 90_000);
        slow.map(|(rank, _)| *rank).collect()
    };
    let scans = served(&first, 0);
    let slow = long(&scans);
    let half = 3.29 * (6_000.0 * 0.2 * 0.8_f64).sqrt();
    assert!((slow.len() as f64 - 1_200.0).abs() < half, "{}", slow.len());
    assert!(
        scans
            .values()
            .all(|millis| [10_000, 90_000].contains(millis))
    );
    assert_eq!(served(&first, 1), served(&none, 1));
    // The same people, wherever they are registered.
    let swabs = (served(&none, 1), served(&last, 1));
    assert!(served(&last, 0).values().all(|millis| *millis == 10_000));
    let more = |rank: &u32| swabs.1[rank] - swabs.0[rank];
    assert!(swabs.0.keys().all(|rank| {
        let expected = if slow.contains(rank) { 80_000 } else { 0 };
        more(rank) == expected
    }));
}

/// On average a lane takes so much longer for each person, and batches are called that much slower.
#[test]
fn batches_are_called_as_fast_as_lanes_are_with_paper() {
    let last = |paper: &str| {
        let more = format!(
            r#"coming = {{ by = "cell", notice = "0 s" }}
            {paper}"#
        );
        let doors = doors(&replay(&county(7, 20_000, &more), 0).1);
        doors.into_values().fold(0.0, f64::max) - 8.0
    };
    // 60 s a person; a tenth take 60 s more.
    let (scanned, paper) = (
        last(""),
        last(r#"lane.paper = { share = "10 %", more = "60 s" }"#),
    );
    assert!((paper / scanned - 1.1).abs() < 0.01, "{paper} {scanned}");
}
