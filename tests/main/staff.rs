//! Who works at the lanes when: timetables as worked out by hand, people as often absent as said, hours that add up, and more people who never
//! make anyone later.

#![allow(
    clippy::float_cmp,
    reason = "counts are whole numbers, which are exact"
)]

use crate::models::{file, model};
use crate::referee::replay;
use std::collections::BTreeMap;
use std::path::Path;
use swabplan::experiment::{Nobody, run};
use swabplan::id::{Id, RoundId, SiteId};
use swabplan::measure::outcome::StaffOutcome;
use swabplan::model::Model;
use swabplan::network::compile;
use swabplan::sim::observer::Step;
use swabplan::units::{Span, Time, Window};

fn shipped(name: &str, set: &[&str]) -> Model {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/features");
    file(&path.join(name), set)
}

/// Hours and minutes of the first day.
fn at(hour: i64, minute: i64) -> Time {
    Time::ZERO + Span::HOUR * hour + Span::MINUTE * minute
}

fn window(from: (i64, i64), to: (i64, i64)) -> Window {
    Window {
        start: at(from.0, from.1),
        end: at(to.0, to.1),
    }
}

/// When each lane of a site is on duty in a round, as far as it can be foreseen.
fn duty(model: &Model, round: usize, site: usize) -> Vec<Vec<Window>> {
    let network = compile(model, &|_| 0.5);
    let sites = &network.rounds[RoundId::from_index(round)].sites;
    let place = sites
        .iter()
        .find(|place| place.site == SiteId::from_index(site));
    place.unwrap().roster.clone().unwrap().lanes
}

/// Every service, by round, site, source and rank, in the order of stations.
type People = BTreeMap<(RoundId, SiteId, u32, u32), Vec<Step>>;

fn people(model: &Model, replication: u32) -> People {
    let (_, trace) = replay(model, replication);
    let mut people = People::new();
    for record in &trace.steps {
        let key = (
            record.round,
            record.site,
            record.step.source,
            record.step.rank,
        );
        people.entry(key).or_default().push(record.step);
    }
    people
}

fn staff(model: &Model, round: usize) -> StaffOutcome<swabplan::experiment::results::Figure> {
    let results = run(model, &Nobody);
    results.outcome.rounds[RoundId::from_index(round)]
        .staff
        .unwrap()
}

#[test]
fn two_shifts_with_breaks_and_suits_are_as_worked_out_by_hand() {
    let lanes = duty(&shipped("shifts.toml", &[]), 0, 0);
    // Lane 1 works 2 h and pauses 30 min; the first shift is dressed at 08:00 and undresses at 13:50.
    let morning = [
        window((8, 0), (10, 0)),
        window((10, 30), (12, 30)),
        window((13, 0), (13, 50)),
    ];
    assert_eq!(lanes[0][..3], morning);
    // The second is dressed at 14:10 and stays at the close, 20:00, until the queue is served.
    let afternoon = [window((14, 10), (16, 10)), window((16, 40), (18, 40))];
    assert_eq!(lanes[0][3..5], afternoon);
    assert_eq!(lanes[0][5].start, at(19, 10));
    assert!(lanes[0].last().unwrap().end == Time::NEVER);
    // Lane 2 rests for the first time after half of that, so that they never rest together.
    let morning = [
        window((8, 0), (9, 0)),
        window((9, 30), (11, 30)),
        window((12, 0), (13, 50)),
    ];
    assert_eq!(lanes[1][..3], morning);
    assert_eq!(lanes[1][3], window((14, 10), (15, 10)));
}

#[test]
fn services_begin_only_on_duty_and_take_as_long_as_their_hour_says() {
    let model = shipped("shifts.toml", &[]);
    let lanes = duty(&model, 0, 0);
    for steps in people(&model, 0).values() {
        let [step] = steps[..] else {
            panic!("there is one station");
        };
        let start = Time::from_millis(step.start);
        let on_duty = |window: &Window| window.contains(start);
        assert!(lanes[step.server as usize].iter().any(on_duty), "{step:?}");
        // 60 an hour; twice as long in the first hour of each shift (07:50 opens at 08:00; 14:00), half as long again from 18:00.
        let new =
            window((8, 0), (9, 0)).contains(start) || window((14, 0), (15, 0)).contains(start);
        let cold = start >= at(18, 0);
        let times = if new { 2.0 } else { 1.0 } * if cold { 1.5 } else { 1.0 };
        assert_eq!((step.end - step.start) as f64, 60_000.0 * times, "{step:?}");
    }
}

#[test]
fn a_shorter_limit_in_a_suit_takes_more_suits_and_more_of_the_lanes() {
    let least = |limit: &str| {
        let limit = format!("lane.suits.limit='{limit}'");
        let model = shipped(
            "shifts.toml",
            &["replications=1", "lane.breaks.after='6 h'", &limit],
        );
        let staff = staff(&model, 0);
        (staff.suits.mean, staff.lanes_mean.mean)
    };
    let (long, short) = (least("6 h"), least("1 h"));
    assert!(short.0 > long.0 && short.1 < long.1, "{long:?} {short:?}");
}

#[test]
fn with_another_crew_dressed_and_waiting_lanes_do_not_pause_for_suits() {
    let relief = ["lane.suits.relief=true", "lane.breaks.after='10 h'"];
    let lanes = duty(&shipped("shifts.toml", &relief), 0, 0);
    assert_eq!(lanes[0][0].start, at(8, 0));
    assert!(lanes[0][0].end >= at(20, 0));
}

#[test]
fn hours_on_duty_are_hours_busy_and_idle_as_the_trace_adds_them_up() {
    let model = shipped("shifts.toml", &["replications=1"]);
    let staff = staff(&model, 0);
    let busy: i64 = people(&model, 0)
        .values()
        .flatten()
        .map(|step| step.end - step.start)
        .sum();
    assert!((staff.busy_hours.mean - 3.0 * busy as f64 / 3.6e6).abs() < 1e-9);
    let sum = staff.busy_hours.mean + staff.idle_hours.mean;
    assert!((sum - staff.on_duty_hours.mean).abs() < 1e-9 && staff.idle_hours.mean >= 0.0);
    // Twenty minutes for each suit.
    assert!((staff.dressing_hours.mean - staff.suits.mean / 3.0).abs() < 1e-9);
    let results = run(&model, &Nobody);
    let stock = &results.outcome.rounds[Id::from_index(0)].stocks[0];
    assert_eq!(
        stock.used.mean, staff.suits.mean,
        "suits are taken from stock"
    );
}

#[test]
fn seconded_staff_open_lanes_when_they_come_and_who_is_locked_stays() {
    let all = shipped("staff.toml", &["staff.hospital.absent='0 %'"]);
    let open = |round: usize, site: usize, now: Time| {
        let lanes = duty(&all, round, site);
        let there = |lane: &&Vec<Window>| lane.iter().any(|window| window.contains(now));
        lanes.iter().filter(there).count()
    };
    // 22 people of the county for crews of four: five lanes, as those who swab and scan stand where they are needed, by turns of S1 and S2.
    let (before, after) = (at(8, 30), at(12, 30));
    assert_eq!([open(0, 0, before), open(0, 1, before)], [3, 2]);
    // With 12 more there are 34 for crews of 4: all 8 lanes of the two sites.
    assert_eq!([open(0, 0, after), open(0, 1, after)], [5, 3]);
    // The closed loop mans the sealed site alone: 8 people, both lanes.
    assert_eq!(open(0, 2, before), 2);
}

#[test]
fn people_are_absent_as_often_as_said_and_more_people_leave_the_others_as_they_were() {
    let absent = |people: u32| {
        let people = format!("staff.hospital.people={people}");
        let model = shipped(
            "staff.toml",
            &["replications=400", &people, "staff.hospital.absent='20 %'"],
        );
        staff(&model, 0).absent
    };
    let few = absent(14);
    // Binomial: 14 people at 20 %, mean 2.8, over 400 replications.
    let error = (14.0_f64 * 0.2 * 0.8 / 400.0).sqrt();
    assert!((few.mean - 2.8).abs() < 3.29 * error, "{}", few.mean);
    let many = absent(15);
    assert!(many.mean >= few.mean && many.mean <= few.mean + 1.0);
}

#[test]
fn more_people_on_duty_never_make_anyone_start_later_in_one_line() {
    // A theorem where people stand in one line, no person takes longer, and the lanes of few are a part of those of many: with one pool and one
    // site each lane of the few is open with the many too. With several sites or skills a further person may open another lane, which
    // takes nobody's place as lanes keep their order; with lines by lane or breaks cut otherwise it is not one.
    let text = |people: u32| {
        format!(
            r#"
staff = [
  {{ id = "a", people = {people}, roles = ["swabber"], hours = ["08:00-13:00"] }},
  {{ id = "b", people = 2, roles = ["swabber"], from = "2022-05-09 11:00" }},
]
cells = [{{ id = "C1", residents = 900, site = "S1" }}]
sites = [{{ id = "S1", lanes = 6 }}]
couriers = [{{ id = "van", every = "1 h" }}]
labs = [{{ id = "lab", machines = 2 }}]
rounds = [{{ id = "R1", opens = "2022-05-09 08:00" }}]
[hours]
open = ["08:00-18:00"]
[lane]
crew = {{ scanner = 0, swabber = 1, guide = 0 }}
tube_change = "0 s"
[coming]
by = "even"
"#
        )
    };
    let mut before = people(&model(&text(1)), 0);
    for more in [2, 3, 5] {
        let now = people(&model(&text(more)), 0);
        assert!(now.len() >= before.len());
        for (person, steps) in &before {
            assert!(now[person][0].start <= steps[0].start, "{more}: {person:?}");
        }
        before = now;
    }
}

#[test]
fn a_site_without_a_crew_swabs_nobody_and_they_are_missed() {
    let model = shipped(
        "shifts.toml",
        &["replications=1", "lane.shifts=['02:00-04:00']"],
    );
    let results = run(&model, &Nobody);
    let round = &results.outcome.rounds[Id::from_index(0)];
    // The crew of the night comes once more before the round closes, at 02:10, and finds those who waited.
    assert_eq!(round.swabbed.mean + round.missed.mean, 700.0);
    assert!(round.missed.mean > 0.0 && round.swabbed.mean > 0.0);
}
