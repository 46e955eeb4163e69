//! Something is missing: staff, registration, machines; each as by hand, and nobody else touched.

use std::collections::BTreeSet;

use crate::incidents::{COUNTY, both, clock, people, with};
use crate::models::model;
use crate::referee::replay;
use swabplan::id::{Id, SiteId};
use swabplan::sim::observer::Run;

#[test]
fn while_staff_is_missing_the_last_lane_in_turn_takes_nobody_as_by_hand() {
    // Of three lanes 40 % is one. In turn: the first of S1, that of S2, the second of S1.
    let [before, after] =
        both("kind = \"staff\"\nat = \"2022-05-09 10:00\"\nfor = \"2 h\"\nabsent = \"40 %\"");
    assert_eq!(before.len(), after.len());
    let gone = clock(10, 0)..clock(12, 0);
    let (mut later, mut beside) = (0, 0);
    for (person, steps) in &before {
        let (then, now) = (steps[0], after[person][0]);
        if person.1 == SiteId::from_index(1) {
            assert_eq!(steps, &after[person], "the other site lacks nobody");
            continue;
        }
        // One line, first come first served: fewer lanes for a time never let anyone start earlier.
        assert!(now.ready == then.ready && now.start >= then.start);
        assert_eq!(now.end - now.start, then.end - then.start);
        if gone.contains(&now.start) {
            assert_eq!(now.server, 0);
        }
        if then.start < gone.start {
            assert_eq!(now, then);
        }
        later += usize::from(now.start > then.start);
        beside += usize::from(now.server == 1 && now.start >= gone.end);
    }
    assert!(later > 50 && beside > 50, "{later} and {beside}");
}

#[test]
fn who_is_missing_when_nobody_comes_is_missed_by_nobody() {
    let [before, after] =
        both("kind = \"staff\"\nat = \"2022-05-09 19:50\"\nfor = \"5 min\"\nabsent = \"90 %\"");
    assert!(before.values().all(|steps| steps[0].end < clock(19, 50)));
    assert_eq!(before, after);
}

#[test]
fn of_pools_whose_people_are_missing_fewer_crews_are_made() {
    let pool =
        "[[staff]]\nid = \"all\"\npeople = 9\nroles = [\"scanner\", \"swabber\", \"guide\"]\n";
    let county = COUNTY.replace(
        "tube_change = \"0 s\"",
        "tube_change = \"0 s\"\ncrew = { scanner = 1, swabber = 1, guide = 1 }",
    );
    let lacking = "[[incidents]]\nid = \"I\"\nkind = \"staff\"\nstaff = [\"all\"]\nat = \"2022-05-09 10:00\"\nfor = \"2 h\"\nabsent = \"30 %\"";
    let lanes = |text: &str| -> BTreeSet<(SiteId, u32)> {
        let (_, trace) = replay(&model(text), 0);
        let gone = clock(10, 0)..clock(12, 0);
        let here = trace
            .steps
            .iter()
            .filter(|record| gone.contains(&record.step.start));
        here.map(|record| (record.site, record.step.server))
            .collect()
    };
    assert_eq!(lanes(&format!("{county}\n{pool}")).len(), 3);
    // Of nine people 2.7, so three, are missing: six make two crews.
    let left = lanes(&format!("{county}\n{pool}\n{lacking}"));
    let [one, two] = [0, 1].map(|site| (SiteId::from_index(site), 0));
    assert_eq!(left, BTreeSet::from([one, two]));
}

#[test]
fn on_paper_whoever_is_registered_takes_so_many_times_as_long() {
    let paper = "kind = \"registration\"\nsites = [\"S1\"]\nat = \"2022-05-09 10:00\"\nfor = \"40 min\"\nslower = 2";
    let [before, after] = both(paper);
    let down = clock(10, 0)..clock(10, 40);
    let mut slower = 0;
    for (person, steps) in &before {
        let (then, now) = (steps[0], after[person][0]);
        let on_paper = person.1 == SiteId::from_index(0) && down.contains(&now.start);
        let times = if on_paper { 2 } else { 1 };
        assert_eq!(now.end - now.start, times * (then.end - then.start));
        slower += usize::from(on_paper);
    }
    assert!(slower > 20, "{slower}");
}

#[test]
fn a_site_that_cannot_register_is_as_one_that_is_closed() {
    let stopped = |kind: &str| {
        let when = "sites = [\"S1\"]\nat = \"2022-05-09 10:00\"\nfor = \"40 min\"";
        let (network, trace) = replay(&with(&format!("kind = \"{kind}\"\n{when}")), 0);
        people(&network, &trace)
    };
    assert_eq!(stopped("registration"), stopped("site"));
}

#[test]
fn machines_that_an_incident_stops_stand_still_as_those_said_to_be_down() {
    let runs = |text: &str| -> Vec<Run> { replay(&model(text), 0).1.runs };
    let down = "count = 2, down = [{ from = \"2022-05-09 12:00\", until = \"2022-05-09 14:30\", machines = 1 }]";
    let said = runs(&COUNTY.replace("count = 2", down));
    let incident = "[[incidents]]\nid = \"I\"\nkind = \"machine\"\nmachines = 1\nat = \"2022-05-09 12:00\"\nfor = \"150 min\"";
    assert_eq!(runs(&format!("{COUNTY}\n{incident}")), said);
    let (from, until) = (clock(12, 0), clock(14, 30));
    assert!(said.iter().any(|run| run.server == 0));
    for run in said.iter().filter(|run| run.server == 0) {
        assert!(run.end.millis() <= from || run.start.millis() >= until);
    }
    // Without a number all machines of all stages stand still.
    let all = runs(&format!(
        "{COUNTY}\n{}",
        incident.replace("machines = 1\n", "")
    ));
    assert!(
        all.iter()
            .all(|run| run.end.millis() <= from || run.start.millis() >= until)
    );
}
