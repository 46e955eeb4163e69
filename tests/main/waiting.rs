//! The line at the door: room for so many, people whom a long line puts off, people who give up.

use std::collections::BTreeMap;

use crate::models::model;
use crate::referee::replay;

use swabplan::experiment::network;
use swabplan::id::{Id, RoundId};
use swabplan::measure::outcome::RoundOutcome;
use swabplan::measure::replicate;
use swabplan::model::Model;
use swabplan::model::site::Missed;
use swabplan::queueing::limited::{Fate, Limited};
use swabplan::sim::trace::Trace;
use swabplan::sim::{Grain, Memory};
use swabplan::stats::interval::mean_interval;

const SEEDS: [u64; 2] = [1, 20_220_509];

/// What a line to which not everyone comes or stays comes to.
const REASONS: [Missed; 3] = [Missed::NoRoom, Missed::Balked, Missed::Reneged];

/// One site with two lanes of one exponential desk each, 10 s a person, to which people come at random.
fn desk(seed: u64, load: f64, waiting: &str) -> Model {
    model(&format!(
        r#"
        seed = {seed}
        rounds = [{{ id = "R", opens = "2022-05-09 00:00", deadline = "100 h", closes = "20 h" }}]
        cells = [{{ id = "C", residents = 1, site = "S" }}]
        couriers = [{{ id = "van" }}]
        labs = [{{ id = "lab", stages = [{{ id = "pcr", delay = "1 h" }}] }}]
        hours = {{ open = ["00:00-24:00"], setup = "0 s" }}
        coming = {{ by = "poisson", rate = "{} people/h" }}
        lane = {{ tube_change = "0 s" }}
        sites = [{{ id = "S", lanes = 2, stations = [{{ id = "swab", service = {{ exponential = "10 s" }} }}] }}]
        waiting = {{ {waiting} }}
        "#,
        load * 360.0
    ))
}

/// A round at one site where all come at once as the round opens, and a swab takes a minute.
fn crowd(people: u32, lanes: u32, more: &str) -> Model {
    model(&format!(
        r#"
        rounds = [{{ id = "R", opens = "2022-05-09 08:00", deadline = "100 h", closes = "12 h" }}]
        cells = [{{ id = "C", residents = {people}, site = "S" }}]
        couriers = [{{ id = "van" }}]
        labs = [{{ id = "lab", stages = [{{ id = "pcr", delay = "1 h" }}] }}]
        lane.tube_change = "0 s"
        lane.pace = "60 people/h"
        lane.pace_cv = 0
        sites = [{{ id = "S", lanes = {lanes} }}]
        {more}
        "#
    ))
}

/// All at once, where the site opens as the round does.
const AT_ONCE: &str = r#"
    hours = { open = ["08:00-20:00"], setup = "0 s" }
    coming = { by = "regular", every = "0 s" }
"#;

fn outcome(model: &Model, replication: u32) -> RoundOutcome<f64> {
    let (network, streams) = network(model, replication);
    let outcome = replicate(&network, streams, Grain::Whole, &mut Memory::default());
    outcome.rounds[RoundId::from_index(0)].clone()
}

/// Swabbed, found no room, balked, reneged.
fn fates(model: &Model) -> [u32; 4] {
    let round = outcome(model, 0);
    let [no_room, balked, reneged] = REASONS.map(|reason| round.missed_by[reason as usize]);
    [round.swabbed, no_room, balked, reneged].map(|people| people as u32)
}

/// When each person's swab is in, by source and rank.
fn swabs(trace: &Trace) -> BTreeMap<(u32, u32), i64> {
    let swabs = trace.tubes.iter().flat_map(|record| &record.swabs);
    swabs
        .map(|swab| ((swab.source, swab.rank), swab.end))
        .collect()
}

fn assert_known(load: f64, waiting: &str, known: Fate) {
    for seed in SEEDS {
        let desk = desk(seed, load, waiting);
        let rounds: Vec<_> = (0..24)
            .map(|replication| outcome(&desk, replication))
            .collect();
        for (reason, known) in REASONS
            .into_iter()
            .zip([known.no_room, known.balked, known.reneged])
        {
            let share = |round: &RoundOutcome<f64>| round.missed_by[reason as usize] / round.due;
            let shares: Vec<f64> = rounds.iter().map(share).collect();
            let (mean, lo, hi) = mean_interval(&shares, 0.999);
            assert!(
                lo <= known && known <= hi,
                "{waiting}: {reason:?} {mean} ({lo} to {hi}), known {known}"
            );
        }
    }
}

const LINE: Limited = Limited {
    c: 2,
    load: 2.0,
    space: None,
    put_off: None,
    giving_up: 0.0,
};

#[test]
fn with_limited_room_as_many_are_turned_away_as_theory_says() {
    for space in [0, 3] {
        let room = Limited {
            space: Some(space),
            ..LINE
        };
        assert_known(2.0, &format!("space = {space}"), room.fate());
    }
}

#[test]
fn a_long_line_puts_off_as_many_as_theory_says() {
    let put_off = Limited {
        put_off: Some((2, 0.5)),
        ..LINE
    };
    let waiting = r#"put_off = { from = 2, share = "50 %" }"#;
    assert_known(2.0, waiting, put_off.fate());
}

#[test]
fn as_many_lose_patience_as_theory_says() {
    let patience = Limited {
        giving_up: 1.0,
        ..LINE
    };
    assert_known(
        2.0,
        r#"patience = { exponential = "10 s" }"#,
        patience.fate(),
    );
    let all = Limited {
        c: 2,
        load: 3.0,
        space: Some(4),
        put_off: Some((1, 0.3)),
        giving_up: 0.5,
    };
    assert_known(
        3.0,
        r#"space = 4, put_off = { from = 1, share = "30 %" }, patience = { exponential = "20 s" }"#,
        all.fate(),
    );
}

#[test]
fn who_finds_no_room_or_gives_up_is_as_worked_out_by_hand() {
    let crowd = |lanes, waiting: &str| fates(&crowd(10, lanes, &format!("{AT_ONCE}\n{waiting}")));
    // Two are served at once, three wait, five find no room.
    assert_eq!(crowd(2, "waiting.space = 3"), [5, 5, 0, 0]);
    assert_eq!(crowd(2, "waiting.space = 0"), [2, 8, 0, 0]);
    // One starts after 0, 1 and 2 minutes; the others give up after two and a half.
    assert_eq!(crowd(1, r#"waiting.patience = "150 s""#), [3, 0, 0, 7]);
    // Whoever is served at the moment of giving up is served.
    assert_eq!(crowd(1, r#"waiting.patience = "120 s""#), [3, 0, 0, 7]);
    assert_eq!(crowd(1, r#"waiting.patience = "119 s""#), [2, 0, 0, 8]);
    // Two lanes with a line each: one is served in each, two wait in all.
    let per_lane = "lane.queue = \"per-lane\"\nwaiting.space = 2";
    assert_eq!(crowd(2, per_lane), [4, 6, 0, 0]);
    // All are put off whom the line puts off.
    let all = r#"waiting.put_off = { from = 4, share = "100 %" }"#;
    assert_eq!(crowd(1, all), [5, 0, 5, 0]);
}

#[test]
fn patience_begins_when_the_site_is_open() {
    let late = r#"
        hours = { open = ["09:00-20:00"], setup = "0 s" }
        coming = { by = "regular", every = "0 s" }
        waiting.patience = "150 s"
    "#;
    assert_eq!(fates(&crowd(10, 1, late)), [3, 0, 0, 7]);
    // But who waits at the gate takes up room.
    let gate = late.replace(r#"patience = "150 s""#, "space = 4");
    assert_eq!(fates(&crowd(10, 1, &gate)), [4, 6, 0, 0]);
}

#[test]
fn a_household_is_let_in_whole_and_gives_up_whole() {
    let pairs = |waiting: &str| {
        let more = format!(
            r#"
            hours = {{ open = ["08:00-20:00"], setup = "0 s" }}
            coming = {{ by = "regular", every = "0 s", households = [0, 1] }}
            tubes.pool = "household"
            {waiting}
            "#
        );
        fates(&crowd(10, 1, &more))
    };
    assert_eq!(pairs(""), [10, 0, 0, 0]);
    // One of the first pair waits, then the second pair, then there is room for one, so the third pair is let in.
    assert_eq!(pairs("waiting.space = 4"), [6, 4, 0, 0]);
    // The second pair starts after two minutes, the third would after four.
    assert_eq!(pairs(r#"waiting.patience = "150 s""#), [4, 0, 0, 6]);
}

#[test]
fn bounds_that_nobody_meets_change_nothing() {
    let wide = r#"waiting = { space = 1000000, put_off = { from = 999999, share = "50 %" }, patience = "200 h" }"#;
    let sites = [
        "",
        "lane.queue = \"per-lane\"",
        r#"cells = [{ id = "D", residents = 200, site = "S", priority = "20 %" }]"#,
        r#"expert.lane.stations = [{ id = "desk", per = "site", service = "5 s" }, { id = "swab", service = { exponential = "100 s" } }]"#,
        "coming.households = 2.72\ntubes.pool = \"household\"",
    ];
    for site in sites {
        let swabs = |waiting: &str| {
            let cells = if site.contains("cells") {
                ""
            } else {
                r#"cells = [{ id = "C", residents = 400, site = "S" }]"#
            };
            let model = model(&format!(
                r#"
                hours.open = ["08:00-12:00", "13:00-20:00"]
                coming.by = "two-peaks"
                {cells}
                {site}
                {waiting}
                rounds = [{{ id = "R", opens = "2022-05-09 07:00", deadline = "100 h" }}]
                couriers = [{{ id = "van" }}]
                labs = [{{ id = "lab", stages = [{{ id = "pcr", delay = "1 h" }}] }}]
                sites = [{{ id = "S", lanes = 2 }}]
                "#
            ));
            swabs(&replay(&model, 0).1)
        };
        let without = swabs("");
        assert!(without.len() >= 200);
        assert_eq!(without, swabs(wide), "{site}");
    }
}

/// Where all take the same time, whom a server takes does not matter to the next, and more room never turns more people away (Sonderman 1979).
/// With times that vary it may: who finds room may keep a lane longer than those who do not.
#[test]
fn more_room_never_turns_more_people_away_where_all_take_the_same_time() {
    for seed in 0..5 {
        let turned_away = |space: u32| {
            let more = format!(
                r#"
                seed = {seed}
                hours = {{ open = ["08:00-20:00"], setup = "0 s" }}
                coming = {{ by = "two-peaks" }}
                waiting.space = {space}
                "#
            );
            fates(&crowd(1_500, 2, &more))[1]
        };
        let away: Vec<u32> = [0, 1, 2, 5, 20, 100, 2_000].map(turned_away).to_vec();
        assert!(away.is_sorted_by(|less, more| less >= more), "{away:?}");
        assert!(away[0] > 0 && away[6] == 0, "{away:?}");
    }
}
