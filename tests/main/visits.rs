//! Teams that go to people, and tubes that hold a household.

use std::collections::{BTreeMap, BTreeSet};

use crate::models::model;
use crate::referee::{replay, review};

use proptest::prelude::*;

use swabplan::experiment::{Nobody, run};
use swabplan::id::{Id, RoundId};
use swabplan::measure::outcome::{Outcome, VisitsOutcome};
use swabplan::measure::replicate;
use swabplan::model::assumption::Quantity;
use swabplan::model::{Model, Turnout};
use swabplan::sim::trace::{Trace, TubeRecord};
use swabplan::sim::{Grain, Memory};
use swabplan::units::text::share;

/// A round from 08:00 with one site, its cells and more as the test says.
fn county(cells: &str, more: &str) -> Model {
    model(&format!(
        r#"
        cells = [{cells}]
        hours = {{ open = ["08:00-20:00"], setup = "0 s" }}
        lane = {{ tube_change = "0 s" }}
        sites = [{{ id = "S", lanes = 2 }}]
        rounds = [{{ id = "R", opens = "2022-05-09 08:00", deadline = "100 h" }}]
        couriers = [{{ id = "van" }}]
        labs = [{{ id = "lab", stages = [{{ id = "pcr", delay = "1 h" }}] }}]
        {more}
        "#
    ))
}

/// Minutes after 08:00 of the first day.
fn minutes(at: i64) -> f64 {
    at as f64 / 6e4 - 480.0
}

/// The model with another turnout.
fn coming(mut model: Model, turnout: &str) -> Model {
    let share = Quantity::known(share(turnout).unwrap());
    for round in model.rounds.values_mut() {
        round.turnout = Turnout::Share(share);
    }
    model
}

/// The tubes of a site, in the order in which they were closed.
fn tubes<'a>(model: &Model, trace: &'a Trace, site: &str) -> Vec<&'a TubeRecord> {
    let mut found: Vec<&TubeRecord> = trace
        .tubes
        .iter()
        .filter(|record| model.sites[record.site].name.id == site)
        .collect();
    found.sort_by_key(|record| (record.tube.closed, record.tube.lane, record.tube.serial));
    found
}

fn outcome(model: &Model, replication: u32) -> Outcome<f64> {
    let (network, streams) = swabplan::experiment::network(model, replication);
    replicate(&network, streams, Grain::Whole, &mut Memory::default())
}

/// A number of people or doors, which is whole.
fn whole(figure: f64) -> u64 {
    assert!(figure >= 0.0 && figure.fract() == 0.0, "{figure} of them");
    figure as u64
}

/// What the teams came to in the first round.
fn visits(model: &Model, replication: u32) -> VisitsOutcome<f64> {
    let sites = outcome(model, replication).sites;
    let found = sites.iter().find_map(|site| site.visits);
    found.expect("there are teams")
}

/// When each person's swab is in, by cell and rank.
fn swabs(model: &Model, replication: u32) -> BTreeMap<(RoundId, u32, u32), i64> {
    let (network, trace) = replay(model, replication);
    let mut found = BTreeMap::new();
    for record in &trace.tubes {
        let places = &network.rounds[record.round].sites;
        let place = places
            .iter()
            .find(|place| place.site == record.site)
            .unwrap();
        for swab in &record.swabs {
            let cell = place.sources[swab.source as usize].cell;
            found.insert((record.round, cell, swab.rank), swab.end);
        }
    }
    found
}

const SEALED: &str = r#"{ id = "C", residents = 6, tier = "sealed" }"#;

#[test]
fn the_day_of_one_team_is_as_worked_out_by_hand() {
    let model = county(
        SEALED,
        r#"
        tubes = { pool = "household" }
        visits = [{ id = "doors", teams = 1, travel = "10 min", per_household = "3 min", per_person = "1 min", households = [0, 1] }]
        "#,
    );
    let (_, trace) = replay(&model, 0);
    let found: Vec<(f64, Vec<f64>)> = tubes(&model, &trace, "doors")
        .iter()
        .map(|record| {
            let swabs = record.swabs.iter().map(|swab| minutes(swab.end));
            (minutes(record.tube.closed), swabs.collect())
        })
        .collect();
    // Ten minutes to the cell; at each door three minutes and one for each of two people.
    let by_hand = [
        (15.0, vec![14.0, 15.0]),
        (20.0, vec![19.0, 20.0]),
        (25.0, vec![24.0, 25.0]),
    ];
    assert_eq!(found, by_hand);
    let done = outcome(&model, 0);
    let teams = done.sites[0].visits.unwrap();
    assert_eq!((teams.reached, teams.unopened), (3.0, 0.0));
    assert!((done.rounds[RoundId::from_index(0)].swabbing_ends_min - 25.0).abs() < 1e-9);
}

#[test]
fn the_day_of_a_circuit_is_as_worked_out_by_hand() {
    let model = county(
        r#"{ id = "A", residents = 2 }, { id = "B", residents = 3 }, { id = "C", residents = 50 }"#,
        r#"
        visits = [{ id = "round", by = "stop", cells = ["B", "A"], teams = 1, travel = "10 min", setup = "20 min", pace = "60 people/h", pace_cv = 0 }]
        "#,
    );
    let (_, trace) = replay(&model, 0);
    let found: Vec<Vec<f64>> = tubes(&model, &trace, "round")
        .iter()
        .map(|record| record.swabs.iter().map(|swab| minutes(swab.end)).collect())
        .collect();
    // The school first, as it is listed first; the tube is closed at each stop, full or not.
    assert_eq!(found, [vec![31.0, 32.0, 33.0], vec![64.0, 65.0]]);
}

#[test]
fn a_stop_that_lasts_over_a_break_goes_on_after_it() {
    let model = county(
        r#"{ id = "A", residents = 60 }, { id = "C", residents = 50 }"#,
        r#"
        visits = [{ id = "round", by = "stop", cells = ["A"], teams = 1, travel = "0 s", setup = "0 s", pace = "60 people/h", pace_cv = 0, hours = { open = ["08:00-08:30", "09:00-20:00"] } }]
        "#,
    );
    let (_, trace) = replay(&model, 0);
    let ends: Vec<f64> = tubes(&model, &trace, "round")
        .iter()
        .flat_map(|record| record.swabs.iter().map(|swab| minutes(swab.end)))
        .collect();
    let by_hand: Vec<f64> = (1..=30).chain(61..=90).map(f64::from).collect();
    assert_eq!(ends, by_hand);
}

/// Households of rural Xi'an: 951 people in 350 tubes by ten pairs.
fn rural() -> Model {
    county(
        r#"{ id = "C", residents = 951, tier = "sealed" }"#,
        r#"
        replications = 200
        tubes = { pool = "household" }
        visits = [{ id = "doors", teams = 10 }]
        "#,
    )
}

#[test]
fn ten_pairs_in_rural_xian_fill_about_350_tubes_in_half_a_day() {
    let results = run(&rural(), &Nobody);
    let round = &results.outcome.rounds[RoundId::from_index(0)];
    let (lo, hi) = (round.tubes.p05, round.tubes.p95);
    assert!(lo <= 350.0 && 350.0 <= hi, "{lo} to {hi} tubes");
    // 35 households a pair at about six minutes are three and a half hours, and ten minutes on the way.
    let hours = round.swabbing_ends_min.mean / 60.0;
    assert!((3.0..4.5).contains(&hours), "{hours} h");
}

#[test]
fn there_is_a_tube_for_each_household_and_another_where_it_is_larger() {
    for (households, each) in [("[0, 0, 1]", 3), ("[0, 0, 0, 0, 0, 0, 1]", 7)] {
        let model = county(
            r#"{ id = "C", residents = 420, tier = "sealed" }"#,
            &format!(
                r#"
                tubes = {{ pool = {{ sealed = "household" }} }}
                visits = [{{ id = "doors", teams = 4, households = {households} }}]
                "#
            ),
        );
        let (_, trace) = replay(&model, 0);
        let fills: Vec<u32> = tubes(&model, &trace, "doors")
            .iter()
            .map(|record| record.tube.people)
            .collect();
        let full = fills
            .iter()
            .filter(|&&people| people == each.min(5))
            .count() as u32;
        assert_eq!(full, 420 / each, "{households}");
        assert_eq!(fills.iter().sum::<u32>(), 420);
        let tubes = (420 / each) * each.div_ceil(5);
        assert_eq!(fills.len() as u32, tubes, "{households}");
    }
}

#[test]
fn a_household_stays_at_one_lane_of_a_site_and_fills_its_own_tube() {
    let site = |pool: &str| {
        county(
            r#"{ id = "C", residents = 600 }"#,
            &format!(
                r#"
                coming = {{ by = "even", households = [1, 2, 1] }}
                tubes = {{ pool = {pool}, close = {{ pickup = false }} }}
                "#
            ),
        )
    };
    let (_, trace) = replay(&site("\"household\""), 0);
    let groups: BTreeSet<u32> = trace.steps.iter().map(|record| record.step.group).collect();
    assert_eq!(trace.tubes.len(), groups.len());
    let (_, others) = replay(&site("10"), 0);
    assert!(others.tubes.len() * 4 < trace.tubes.len());
    // Who comes, and when, has nothing to do with tubes.
    let come = |trace: &Trace| -> BTreeSet<(u32, i64)> {
        let steps = trace.steps.iter().map(|record| record.step);
        steps.map(|step| (step.rank, step.ready)).collect()
    };
    assert_eq!(come(&trace), come(&others));
}

/// Without ways from cell to cell a list is worked off first come, first served by equal teams, each household with its own length: another
/// team lets nobody be later (Kiefer and Wolfowitz, 1955). With such ways it is no theorem: which team goes where changes who has to walk.
#[test]
fn another_team_never_lets_anyone_be_visited_later() {
    for replication in 0..10 {
        let with = |teams: u32| {
            let model = county(
                r#"{ id = "C", residents = 400, tier = "sealed" }, { id = "D", residents = 300, tier = "sealed" }"#,
                &format!(
                    r#"
                    tubes = {{ pool = "household" }}
                    visits = [{{ id = "doors", teams = {teams}, travel = "0 s" }}]
                    "#
                ),
            );
            coming(model, "80 %")
        };
        let [few, many] = [3, 4].map(|teams| swabs(&with(teams), replication));
        assert_eq!(few.len(), many.len());
        for (person, end) in &few {
            assert!(many[person] <= *end, "{person:?}");
        }
    }
}

#[test]
fn a_cell_that_is_sealed_is_visited_from_the_next_round_on_and_takes_its_luck_along() {
    let scenario = |visited: bool| {
        let visits = if visited {
            r#"visits = [{ id = "doors", teams = 3 }]"#
        } else {
            ""
        };
        model(&format!(
            r#"
            hours = {{ open = ["08:00-20:00"], setup = "0 s" }}
            sites = [{{ id = "S", lanes = 2 }}, {{ id = "T", lanes = 2 }}]
            cells = [{{ id = "C", residents = 300, site = "S" }}, {{ id = "D", residents = 400, site = "T" }}]
            tiers = [{{ id = "up", at = "2022-05-09 14:00", cells = ["C"], to = "sealed" }}]
            rounds = [
              {{ id = "R1", opens = "2022-05-09 08:00", deadline = "24 h", turnout = "90 %" }},
              {{ id = "R2", opens = "2022-05-10 08:00", deadline = "24 h", turnout = "90 %" }},
            ]
            couriers = [{{ id = "van" }}]
            labs = [{{ id = "lab", machines = 1 }}]
            {visits}
            "#
        ))
    };
    let (with, without) = (scenario(true), scenario(false));
    let sites = |model: &Model| -> BTreeMap<(usize, String), usize> {
        let (_, trace) = replay(model, 0);
        let mut found = BTreeMap::new();
        for record in &trace.tubes {
            let site = model.sites[record.site].name.id.clone();
            *found.entry((record.round.index(), site)).or_default() += record.swabs.len();
        }
        found
    };
    let (visited, home) = (sites(&with), sites(&without));
    assert_eq!(visited[&(1, "doors".into())], home[&(1, "S".into())]);
    assert_eq!(visited[&(0, "S".into())], home[&(0, "S".into())]);
    assert!(!visited.contains_key(&(1, "S".into())) && !visited.contains_key(&(0, "doors".into())));
    // The same people are swabbed, and those of the other cell at the same moments.
    let (visited, home) = (swabs(&with, 0), swabs(&without, 0));
    assert!(visited.keys().eq(home.keys()));
    let others = |all: &BTreeMap<(RoundId, u32, u32), i64>| -> Vec<i64> {
        let other = all.iter().filter(|((_, cell, _), _)| *cell == 1);
        other.map(|(_, end)| *end).collect()
    };
    assert_eq!(others(&visited), others(&home));
}

#[test]
fn teams_knock_in_vain_where_nobody_is_in() {
    let everyone = county(
        r#"{ id = "C", residents = 500, tier = "sealed" }"#,
        r#"
        tubes = { pool = "household" }
        visits = [{ id = "doors", teams = 1, travel = "0 s", per_household = "1 min", per_person = "1 min", households = 1 }]
        "#,
    );
    let some = coming(everyone, "80 %");
    let done = outcome(&some, 0);
    let round = &done.rounds[RoundId::from_index(0)];
    let teams = visits(&some, 0);
    assert_eq!(whole(teams.unopened), whole(round.missed));
    assert_eq!(whole(teams.reached), whole(round.swabbed));
    assert!(round.missed > 50.0);
    // A minute at each door but those behind the last that opens, and one for each person.
    let minutes = round.swabbing_ends_min - round.swabbed;
    assert!(minutes <= 500.0 && minutes > 450.0, "{minutes} doors");
}

#[test]
fn those_who_cannot_come_are_visited_and_the_others_come() {
    let model = county(
        r#"{ id = "C", residents = 500, visits = 40 }"#,
        r#"visits = [{ id = "doors", who = "needing", teams = 2 }]"#,
    );
    let done = outcome(&model, 0);
    let people = |site: &str| {
        let found = done
            .sites
            .iter()
            .find(|entry| model.sites[entry.site].name.id == site);
        found.unwrap().swabbed
    };
    assert_eq!((people("S"), people("doors")), (460.0, 40.0));
    let reached = whole(visits(&model, 0).reached);
    assert_eq!(reached, 40, "each lives elsewhere");
    assert_eq!(whole(done.cells[0].missed), 0);
}

#[test]
fn who_did_not_come_may_be_visited_within_the_round() {
    let with = |catch_up: &str| {
        let model = county(
            r#"{ id = "C", residents = 500, visits = 5 }"#,
            &format!(
                r#"
                visits = [{{ id = "doors", who = "needing", teams = 5 }}]
                catch_up = {{ share = "100 %", before_close = "6 h", notice = "10 min"{catch_up} }}
                "#
            ),
        );
        coming(model, "80 %")
    };
    let at = |model: &Model, site: &str| {
        let sites = outcome(model, 0).sites;
        let found = sites
            .iter()
            .find(|entry| model.sites[entry.site].name.id == site);
        found.unwrap().swabbed
    };
    let (home, site) = (with(r#", visits = "doors""#), with(""));
    let visited = outcome(&home, 0);
    let round = &visited.rounds[RoundId::from_index(0)];
    assert_eq!((round.missed, round.swabbed), (0.0, 500.0));
    // They have left the site for their doors; nobody else has.
    let moved = at(&site, "S") - at(&home, "S");
    assert!(moved > 50.0 && at(&home, "doors") >= moved);
    assert!(round.fetched >= moved);
    assert!(round.fetched > 50.0);
}

#[test]
fn a_tube_does_not_go_over_the_boundary_that_is_asked_for() {
    let count = |boundary: &str| {
        let model = county(
            r#"{ id = "C", residents = 105 }, { id = "D", residents = 105, tier = "controlled" }, { id = "E", residents = 105 }"#,
            &format!(
                r#"
                coming = {{ by = "regular", every = "0 s", households = [0, 1] }}
                tubes = {{ close = {{ pickup = false{boundary} }} }}
                "#
            ),
        );
        let (_, trace) = replay(&model, 0);
        trace.tubes.len()
    };
    let [none, tier, cell, household] = [
        "",
        r#", boundary = "tier""#,
        r#", boundary = "cell""#,
        r#", boundary = "household""#,
    ]
    .map(count);
    assert!(
        none <= tier && tier <= cell && cell < household,
        "{none} {tier} {cell} {household}"
    );
    assert!(none < cell);
    assert_eq!(household, 3 * 53);
}

/// One of these words.
fn word(words: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    proptest::sample::select(words)
}

/// Teams of a kind, with their hours.
fn teams() -> impl Strategy<Value = String> {
    let kinds = word(&[
        r#"tiers = ["sealed"], tubes = { pool = "household" }"#,
        r#"tiers = ["sealed", "controlled"], tubes = { pool = "household", household_most = 2 }"#,
        r#"cells = ["C2", "C0"], tubes = { pool = 7 }"#,
        r#"who = "needing""#,
        r#"by = "stop", cells = ["C1", "C0"]"#,
        r#"by = "stop", tiers = ["controlled"], travel = "0 s", setup = "1 h""#,
        r#"households = [0, 0, 0, 0, 1, 1], tiers = ["precaution"], tubes = { pool = "household" }"#,
    ]);
    let hours = word(&[
        r#"["07:00-12:00", "13:00-19:00"]"#,
        r#"["20:00-02:00"]"#,
        r#"["08:00-08:40", "09:00-09:05"]"#,
    ]);
    let close = word(&["serve", "send-home"]);
    (kinds, hours, close, 1_u32..6).prop_map(|(kind, hours, close, teams)| {
        format!(
            r#"{{ id = "T", teams = {teams}, hours = {{ open = {hours}, at_close = "{close}" }}, {kind} }}"#
        )
    })
}

/// A cell of some tier, some of whose people cannot come.
fn cell() -> impl Strategy<Value = String> {
    let tier = word(&["precaution", "controlled", "sealed"]);
    (0_u32..200, 0_u32..20, tier).prop_map(|(residents, visits, tier)| {
        let visits = visits.min(residents);
        format!(r#"residents = {residents}, visits = {visits}, tier = "{tier}", site = "S""#)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn whatever_teams_there_are_the_referee_finds_nothing(
        cells in proptest::collection::vec(cell(), 3..6),
        teams in teams(),
        turnout in 0_u32..=100,
        boundary in word(&["", r#"boundary = "cell""#, r#"boundary = "tier""#]),
        catch_up in word(&["", r#"catch_up = { share = "50 %" }"#]),
    ) {
        let cells = cells.iter().enumerate().map(|(at, cell)| format!(r#"{{ id = "C{at}", {cell} }}"#));
        let text = format!(
            r#"
            cells = [{{ id = "X", residents = 10, site = "S" }}, {}]
            sites = [{{ id = "S", lanes = 2 }}]
            visits = [{teams}]
            tubes = {{ close = {{ {boundary} }} }}
            {catch_up}
            rounds = [
              {{ id = "R1", opens = "2022-05-09 07:00", deadline = "24 h", turnout = "{turnout} %" }},
              {{ id = "R2", opens = "2022-05-14 07:00", deadline = "48 h" }},
            ]
            couriers = [{{ id = "van", every = "1 h" }}]
            labs = [{{ id = "lab", machines = 1 }}]
            "#,
            cells.collect::<Vec<_>>().join(", "),
        );
        let model = model(&text);
        let (network, trace) = replay(&model, 0);
        let findings = review(&model, &network, &trace);
        prop_assert!(findings.0.is_empty(), "{}\n{:?}", text, findings.0);
        for round in outcome(&model, 0).rounds.values() {
            prop_assert_eq!(whole(round.due), whole(round.swabbed) + whole(round.missed));
        }
    }
}
