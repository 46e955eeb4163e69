//! Traces corrupted by hand: a referee that finds nothing has to be able to find something.

use super::{RICH, Rule, replay, review};
use crate::models::{file, model};
use swabplan::id::Id;
use swabplan::model::Model;
use swabplan::network::Network;
use swabplan::sim::observer::{Passage, Run};
use swabplan::sim::trace::{StepRecord, Trace, TubeRecord};
use swabplan::units::{Span, Time};

const MINUTE: i64 = 60_000;

/// Corrupts a faultless trace and checks that the referee complains by this rule.
fn assert_found(rule: Rule, corrupt: impl Fn(&Model, &Network, &mut Trace)) {
    assert_found_in(RICH, rule, corrupt);
}

fn assert_found_in(scenario: &str, rule: Rule, corrupt: impl Fn(&Model, &Network, &mut Trace)) {
    let model = model(scenario);
    let (network, mut trace) = replay(&model, 0);
    assert!(review(&model, &network, &trace).0.is_empty());
    corrupt(&model, &network, &mut trace);
    let findings = review(&model, &network, &trace);
    assert!(
        findings.0.contains_key(&rule),
        "not found: {rule:?}; found:\n{}",
        findings.summary()
    );
}

/// The first step at a station of a site for which someone waited.
fn waited(trace: &Trace, site: usize, station: u32) -> usize {
    let fits = |record: &StepRecord| {
        record.site.index() == site
            && record.step.station == station
            && record.step.start > record.step.ready + 1_000
    };
    trace.steps.iter().position(fits).expect("someone waits")
}

/// The last tube to pass a stage of a laboratory.
fn passage(trace: &Trace, lab: usize, stage: usize) -> usize {
    let fits = |passage: &Passage| passage.lab.index() == lab && passage.stage.index() == stage;
    trace
        .passages
        .iter()
        .rposition(fits)
        .expect("a tube passes")
}

fn later(moment: Time, minutes: i64) -> Time {
    moment + Span::MINUTE * minutes
}

#[test]
fn a_person_dropped_from_a_tube_is_missed() {
    assert_found(Rule::NobodyLost, |_, _, trace| {
        let tube = trace
            .tubes
            .iter_mut()
            .find(|record| record.swabs.len() > 2)
            .unwrap();
        tube.swabs.pop();
        tube.tube.people -= 1;
    });
}

#[test]
fn a_person_in_two_tubes_is_found() {
    assert_found(Rule::NobodyLost, |_, _, trace| {
        let swab = trace.tubes[0].swabs[0];
        let other = trace
            .tubes
            .iter_mut()
            .skip(1)
            .find(|record| record.swabs.len() < 5)
            .unwrap();
        other.swabs.push(swab);
        other.tube.people += 1;
    });
}

#[test]
fn a_person_who_skips_a_station_is_found() {
    assert_found(Rule::NobodyLost, |_, _, trace| {
        let at = trace
            .steps
            .iter()
            .position(|record| record.site.index() == 0 && record.step.station == 1)
            .unwrap();
        trace.steps.remove(at);
    });
}

#[test]
fn more_people_than_are_due_are_found() {
    assert_found(Rule::NobodyLost, |_, _, trace| trace.came[0].2[0] += 2_000);
}

#[test]
fn a_result_for_fewer_people_than_are_in_the_tube_is_found() {
    assert_found(Rule::NobodyLost, |_, _, trace| trace.results[0].people -= 1);
}

#[test]
fn someone_who_is_there_before_being_called_is_found() {
    assert_found(Rule::Called, |model, _, trace| {
        let opens = model.rounds.values().next().unwrap().opens;
        let at = waited(trace, 0, 0);
        trace.steps[at].step.ready = opens.millis();
    });
}

#[test]
fn someone_who_waits_longer_than_patience_lasts_is_found() {
    let scenario = format!("{RICH}\n[waiting]\npatience = \"3 h\"\nspace = 500\n");
    assert_found_in(&scenario, Rule::Door, |_, _, trace| {
        let at = waited(trace, 0, 0);
        trace.steps[at].step.start += 240 * MINUTE;
        trace.steps[at].step.end += 240 * MINUTE;
    });
}

#[test]
fn a_server_with_two_at_once_is_found() {
    assert_found(Rule::OneAtATime, |_, _, trace| {
        let at = waited(trace, 0, 0);
        trace.steps[at].step.start = trace.steps[at].step.ready;
    });
}

#[test]
fn a_server_who_does_not_exist_is_found() {
    assert_found(Rule::OneAtATime, |_, network, trace| {
        let lanes = network.sites.values().next().unwrap().lanes;
        let at = waited(trace, 0, 1);
        trace.steps[at].step.server = lanes;
    });
}

#[test]
fn someone_who_jumps_the_queue_is_found() {
    assert_found(Rule::FirstComeFirstServed, |_, _, trace| {
        // Two who wait one behind the other at the desk change places.
        let desk: Vec<usize> = (0..trace.steps.len())
            .filter(|&at| (trace.steps[at].site.index(), trace.steps[at].step.station) == (0, 0))
            .collect();
        let pair = desk.windows(2).find(|pair| {
            let (one, other) = (trace.steps[pair[0]].step, trace.steps[pair[1]].step);
            one.ready < other.ready && other.ready < one.start && one.start < other.start
        });
        let (one, other) = pair.map(|pair| (pair[0], pair[1])).unwrap();
        let (first, second) = (trace.steps[one].step, trace.steps[other].step);
        (trace.steps[one].step.start, trace.steps[one].step.end) = (second.start, second.end);
        (trace.steps[other].step.start, trace.steps[other].step.end) = (first.start, first.end);
    });
}

#[test]
fn a_tube_that_overtakes_in_the_laboratory_is_found() {
    assert_found(Rule::FirstComeFirstServed, |_, _, trace| {
        let at = passage(trace, 1, 0);
        trace.passages[at].start = trace
            .passages
            .iter()
            .find(|passage| passage.lab.index() == 1)
            .unwrap()
            .start;
    });
}

#[test]
fn a_lane_that_is_passed_over_is_found() {
    assert_found(Rule::LongestFree, |_, _, trace| {
        // Lanes 0 and 1 change roles for one person, who is alone.
        let fits = |record: &StepRecord| {
            record.site.index() == 0
                && record.step.station == 1
                && record.step.start == record.step.ready
        };
        let at = trace.steps.iter().rposition(fits).unwrap();
        trace.steps[at].step.server = (trace.steps[at].step.server + 1) % 3;
    });
}

#[test]
fn a_service_in_a_break_is_found() {
    assert_found(Rule::OnDuty, |_, _, trace| {
        let noon = Span::HOUR.millis() * 12 + 30 * MINUTE;
        let at = trace
            .steps
            .iter()
            .position(|record| {
                record.site.index() == 0 && record.step.station == 0 && record.step.start >= noon
            })
            .unwrap();
        trace.steps[at].step.start = noon;
    });
}

/// The scenario of shifts, breaks and suits, where lanes pause.
const SHIFTS: &str = include_str!("../../../scenarios/features/shifts.toml");

#[test]
fn a_lane_that_takes_someone_without_a_crew_is_found() {
    assert_found_in(SHIFTS, Rule::OnDuty, |_, _, trace| {
        // The second lane pauses from 09:00 to 09:30.
        let pause = Span::HOUR.millis() * 9 + MINUTE;
        let later = |record: &StepRecord| record.step.server == 1 && record.step.start > pause;
        let at = trace.steps.iter().position(later).unwrap();
        trace.steps[at].step.start = pause;
    });
}

#[test]
fn a_lane_that_stands_idle_while_its_crew_is_there_is_found() {
    assert_found_in(SHIFTS, Rule::NoIdling, |_, _, trace| {
        let at = waited(trace, 0, 0);
        trace.steps[at].step.start += 5 * MINUTE;
        trace.steps[at].step.end += 5 * MINUTE;
    });
}

#[test]
fn a_service_before_the_site_is_set_up_is_found() {
    assert_found(Rule::OnDuty, |_, _, trace| {
        trace.steps[0].step.start = Span::HOUR.millis() * 7 + 20 * MINUTE;
    });
}

#[test]
fn a_run_that_nobody_started_is_found() {
    assert_found(Rule::OnDuty, |_, _, trace| {
        let run = trace
            .runs
            .iter_mut()
            .find(|run| run.lab.index() == 0)
            .unwrap();
        run.start = Time::ZERO + Span::HOUR * 5;
    });
}

#[test]
fn a_desk_that_dawdles_is_found() {
    assert_found(Rule::NoIdling, |_, _, trace| {
        // Someone who could start at once starts a little later, though nobody is at the desk.
        let desk: Vec<usize> = (0..trace.steps.len())
            .filter(|&at| (trace.steps[at].site.index(), trace.steps[at].step.station) == (0, 0))
            .collect();
        let pair = desk.windows(2).find(|pair| {
            let (one, other) = (trace.steps[pair[0]].step, trace.steps[pair[1]].step);
            one.end + 2_000 < other.ready
                && other.start == other.ready
                && other.end > other.start + 2_000
        });
        let at = pair.unwrap()[1];
        trace.steps[at].step.start += 1_000;
    });
}

#[test]
fn a_worker_who_dawdles_is_found() {
    assert_found(Rule::NoIdling, |_, _, trace| {
        // The last tube received waits at an idle worker for as long as it then takes.
        let run = trace
            .runs
            .iter_mut()
            .rfind(|run| run.lab.index() == 1 && run.stage.index() == 0)
            .unwrap();
        let start = std::mem::replace(&mut run.start, run.end);
        let run = *run;
        let fits = |passage: &&mut Passage| {
            (passage.lab, passage.stage, passage.start) == (run.lab, run.stage, start)
        };
        trace.passages.iter_mut().find(fits).unwrap().start = run.end;
    });
}

#[test]
fn people_who_are_at_the_site_longer_than_they_say_are_found() {
    assert_found(Rule::LittlesLaw, |_, _, trace| {
        trace.tubes[0].swabs[0].arrival += 1;
    });
}

#[test]
fn an_overfull_tube_is_found() {
    assert_found(Rule::Tubes, |_, _, trace| {
        let full = trace
            .tubes
            .iter()
            .position(|record| record.tube.people == 10)
            .unwrap();
        let donor = (0..trace.tubes.len())
            .find(|&at| at != full && trace.tubes[at].tube.people > 1)
            .unwrap();
        let swab = trace.tubes[donor].swabs.pop().unwrap();
        trace.tubes[donor].tube.people -= 1;
        trace.tubes[full].swabs.push(swab);
        trace.tubes[full].tube.people += 1;
    });
}

#[test]
fn a_tube_left_open_too_long_is_found() {
    assert_found(Rule::Tubes, |_, _, trace| {
        let tube = trace
            .tubes
            .iter_mut()
            .find(|record| record.tube.picked > record.tube.first + 40 * MINUTE)
            .unwrap();
        tube.tube.closed = tube.tube.first + 31 * MINUTE;
    });
}

#[test]
fn a_tube_closed_for_no_reason_is_found() {
    assert_found(Rule::Tubes, |_, _, trace| {
        // The one before it in the same tube stays; the last swab goes into a tube of its own.
        let at = trace
            .tubes
            .iter()
            .position(|record| record.tube.people == 10 && record.tube.serial == 0)
            .unwrap();
        let mut rest = trace.tubes[at].clone();
        let (round, site, lane) = (rest.round, rest.site, rest.tube.lane);
        for record in trace
            .tubes
            .iter_mut()
            .filter(|record| (record.round, record.site, record.tube.lane) == (round, site, lane))
        {
            record.tube.serial += 1;
        }
        rest.swabs.truncate(9);
        (rest.tube.people, rest.tube.closed) = (9, rest.swabs[8].end);
        trace.tubes[at].swabs.drain(..9);
        (trace.tubes[at].tube.people, trace.tubes[at].tube.first) =
            (1, trace.tubes[at].swabs[0].end);
        trace.tubes.push(rest);
    });
}

#[test]
fn a_tube_left_behind_is_found() {
    assert_found(Rule::Couriers, |_, _, trace| {
        // One of several tubes that go together goes with a later trip instead.
        let same_site = |one: &TubeRecord, other: &TubeRecord| {
            (one.round, one.site) == (other.round, other.site)
        };
        let trip = |at: usize| {
            let record = &trace.tubes[at];
            let others = || {
                trace
                    .tubes
                    .iter()
                    .enumerate()
                    .filter(move |(other, tube)| *other != at && same_site(tube, record))
            };
            let alone = others().all(|(_, other)| other.tube.trip != record.tube.trip);
            let later = others().find(|(_, other)| other.tube.picked > record.tube.picked);
            later.filter(|_| !alone).map(|(_, later)| (at, later.tube))
        };
        let (at, later) = (0..trace.tubes.len()).find_map(trip).unwrap();
        let tube = &mut trace.tubes[at].tube;
        (tube.picked, tube.delivered, tube.trip) = (later.picked, later.delivered, later.trip);
    });
}

#[test]
fn someone_who_is_told_to_be_unbound_twice_or_in_another_tube_is_found() {
    let unbound = include_str!("../../../scenarios/features/unbound.toml");
    assert_found_in(unbound, Rule::NobodyLost, |_, _, trace| {
        trace.unbound.push(trace.unbound[0]);
    });
    assert_found_in(unbound, Rule::NobodyLost, |_, _, trace| {
        trace.unbound[0].tube += 1;
    });
}

/// Two laboratories of which one sends tubes on.
const OVERFLOW: &str = include_str!("../../../scenarios/features/overflow.toml");

#[test]
fn tubes_sent_on_for_no_reason_or_to_nowhere_are_found() {
    assert_found_in(OVERFLOW, Rule::Overflow, |_, _, trace| {
        // Nobody waits where tests begin at once.
        for passage in &mut trace.passages {
            passage.start = Time::ZERO;
        }
    });
    assert_found_in(OVERFLOW, Rule::Overflow, |_, _, trace| {
        trace.sent_on[0].to = trace.sent_on[0].from;
    });
    assert_found_in(OVERFLOW, Rule::NoTubeLost, |_, _, trace| {
        trace.sent_on.remove(0);
    });
}

#[test]
fn a_courier_that_comes_early_is_found() {
    assert_found(Rule::Couriers, |model, _, trace| {
        let direct = model.sites.ids().last().unwrap();
        for record in trace
            .tubes
            .iter_mut()
            .filter(|record| record.site == direct)
        {
            record.tube.picked -= 1;
        }
    });
}

#[test]
fn a_tube_collected_before_it_is_closed_is_found() {
    assert_found(Rule::Causality, |_, _, trace| {
        let tube = &mut trace.tubes[0].tube;
        tube.picked = tube.closed - 1;
    });
}

#[test]
fn a_stage_that_starts_before_the_one_before_has_ended_is_found() {
    assert_found(Rule::Causality, |_, _, trace| {
        let at = passage(trace, 0, 1);
        trace.passages[at].since = later(trace.passages[at].since, 1);
    });
}

#[test]
fn a_result_before_its_test_is_found() {
    assert_found(Rule::Causality, |_, _, trace| {
        trace.results[0].at = Time::ZERO;
    });
}

#[test]
fn a_tube_lost_on_the_road_is_found() {
    assert_found(Rule::NoTubeLost, |_, _, trace| {
        trace.deliveries.pop();
    });
}

#[test]
fn a_tube_lost_in_the_laboratory_is_found() {
    assert_found(Rule::NoTubeLost, |_, _, trace| {
        let at = passage(trace, 1, 3);
        trace.passages.remove(at);
    });
}

#[test]
fn a_result_lost_and_one_published_twice_are_found() {
    assert_found(Rule::NoTubeLost, |_, _, trace| {
        trace.results.pop();
    });
    assert_found(Rule::NoTubeLost, |_, _, trace| {
        trace.results.push(trace.results[0]);
    });
}

#[test]
fn a_run_with_more_tubes_than_wells_is_found() {
    assert_found(Rule::Runs, |_, _, trace| {
        let run = trace
            .runs
            .iter_mut()
            .find(|run| run.lab.index() == 1 && run.stage.index() == 2)
            .unwrap();
        run.tubes = 47;
    });
}

#[test]
fn a_run_that_holds_other_tubes_than_it_says_is_found() {
    assert_found(Rule::Runs, |_, _, trace| {
        let run = trace.runs.iter_mut().find(|run| run.tubes > 1).unwrap();
        run.tubes -= 1;
    });
}

#[test]
fn a_run_that_does_not_wait_for_company_is_found() {
    assert_found(Rule::Runs, |_, _, trace| {
        let fits =
            |run: &&mut Run| run.lab.index() == 1 && run.stage.index() == 2 && run.tubes == 46;
        trace.runs.iter_mut().find(fits).unwrap().tubes = 20;
    });
}

#[test]
fn results_that_go_out_between_uploads_are_found() {
    assert_found(Rule::Runs, |_, _, trace| {
        let at = passage(trace, 1, 4);
        trace.passages[at].end = later(trace.passages[at].end, 1);
    });
}

/// A sealed cell that teams visit with household tubes.
const SEALED: &str = r#"
cells = [{ id = "C", residents = 300, tier = "sealed" }]
rounds = [{ id = "R", opens = "2022-05-09 08:00" }]
couriers = [{ id = "van" }]
labs = [{ id = "lab", machines = 1 }]
tubes = { pool = "household" }
visits = [{ id = "doors", teams = 3 }]
"#;

/// The first household of three or more that is not the first of its team.
fn household(trace: &Trace) -> Vec<usize> {
    let steps = trace.steps.iter().enumerate();
    let of = |group: u32| {
        let members = steps
            .clone()
            .filter(move |(_, record)| record.step.group == group);
        members.map(|(at, _)| at).collect::<Vec<_>>()
    };
    let mut groups = trace.steps.iter().map(|record| of(record.step.group));
    groups
        .find(|members| members.len() > 2 && members[0] > 30)
        .expect("there is a large household")
}

#[test]
fn a_household_that_two_teams_share_is_found() {
    assert_found_in(SEALED, Rule::OneAtATime, |_, _, trace| {
        let members = household(trace);
        let step = &mut trace.steps[members[1]].step;
        step.server = (step.server + 1) % 3;
    });
}

#[test]
fn a_team_that_stands_still_is_found() {
    assert_found_in(SEALED, Rule::NoIdling, |_, _, trace| {
        let first = household(trace)[0];
        trace.steps[first].step.start += 1_000;
        trace.steps[first].step.ready += 1_000;
    });
}

#[test]
fn a_household_tube_that_holds_a_neighbor_is_found() {
    assert_found_in(SEALED, Rule::Tubes, |_, _, trace| {
        let swab = trace.tubes[5].swabs[0];
        let (tube, other) = (&trace.tubes[5].tube, 6);
        assert!(tube.people > 0);
        trace.tubes[other].swabs.insert(0, swab);
        trace.tubes[other].tube.people += 1;
    });
}

#[test]
fn a_swab_more_than_there_are_is_found() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut model = file(&path.join("scenarios/features/allotment.toml"), &[]);
    let (network, trace) = replay(&model, 0);
    assert!(review(&model, &network, &trace).0.is_empty());
    model.stocks[0].on_hand = swabplan::model::stock::OnHand::Amount(699.0);
    assert_eq!(model.stocks[0].name.id, "swabs");
    let findings = review(&model, &network, &trace);
    assert!(
        findings.0.contains_key(&Rule::Stock),
        "{}",
        findings.summary()
    );
}

/// Little room between stages, and one person at the machines.
const NARROW: &str = r#"
cells = [{ id = "C", residents = 600, site = "S" }]
rounds = [{ id = "R", opens = "2022-05-09 08:00" }]
couriers = [{ id = "van", every = "1 h" }]
sites = [{ id = "S", lanes = 4 }]

[[labs]]
id = "lab"
wip = 40
stages = [
  { id = "receive", workers = { per_tube = "2 min", crews = [{ hours = "00:00-24:00", technicians = 2 }] } },
  { id = "pcr", machines = { count = 2, wells = 8, run = "20 min", crews = [{ hours = "00:00-24:00", technicians = 1 }], hands = { setup = "10 min", clean = "5 min" } }, buffer = 8 },
]
"#;

#[test]
fn a_tube_where_there_is_no_room_is_found() {
    assert_found_in(NARROW, Rule::Room, |_, _, trace| {
        let at_machines = |passage: &&mut Passage| passage.stage.index() == 1;
        let mut held = trace.passages.iter_mut().filter(at_machines);
        let passage = held
            .find(|passage| passage.entered > passage.since)
            .unwrap();
        passage.entered = passage.since;
    });
}

#[test]
fn a_tube_that_waits_though_there_is_room_is_found() {
    assert_found_in(NARROW, Rule::Room, |_, _, trace| {
        let waits = |passage: &&mut Passage| {
            passage.stage.index() == 1 && passage.start > later(passage.entered, 1)
        };
        let passage = trace.passages.iter_mut().find(waits).unwrap();
        passage.entered = passage.start;
    });
}

#[test]
fn a_tube_more_than_are_let_in_is_found() {
    assert_found_in(NARROW, Rule::Room, |_, _, trace| {
        let waits =
            |passage: &&mut Passage| passage.stage.index() == 0 && passage.entered > passage.since;
        let passage = trace.passages.iter_mut().find(waits).unwrap();
        passage.entered = passage.since;
    });
}

#[test]
fn a_worker_who_takes_on_more_while_a_tube_finds_no_room_is_found() {
    assert_found_in(NARROW, Rule::OneAtATime, |_, _, trace| {
        let blocked = trace.blocked[0];
        let next = |run: &&mut Run| {
            (run.stage, run.server, run.start) == (blocked.stage, blocked.server, blocked.until)
        };
        let run = trace.runs.iter_mut().find(next).unwrap();
        run.start = blocked.since;
    });
}

#[test]
fn hands_at_two_machines_at_once_are_found() {
    assert_found_in(NARROW, Rule::Hands, |_, _, trace| {
        let waits = |run: &&mut Run| {
            run.handled
                .is_some_and(|handled| handled.unloaded > handled.over)
        };
        let run = trace.runs.iter_mut().find(waits).unwrap();
        let handled = run.handled.as_mut().unwrap();
        handled.unloaded = handled.over;
        run.end = handled.over + Span::MINUTE * 5;
    });
}

#[test]
fn hands_that_rest_while_a_run_waits_are_found() {
    assert_found_in(NARROW, Rule::Hands, |_, _, trace| {
        let last = trace.runs.iter_mut().rfind(|run| run.handled.is_some());
        let run = last.unwrap();
        let handled = run.handled.as_mut().unwrap();
        handled.unloaded = later(handled.unloaded, 1);
        run.end = later(run.end, 1);
    });
}
