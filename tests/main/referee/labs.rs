//! Tubes in laboratories.

use super::line::{self, Service};
use super::overflow;
use super::room;
use super::{Case, Findings, Rule};
use std::collections::{BTreeMap, BTreeSet};
use swabplan::id::{Id, LabId, RoundId, StageId};
use swabplan::model::incident::{Kind, What};
use swabplan::model::lab::{AtLeast, Down, Fleet, HandOver, Lab, LabCrew, StartPolicy, Work};
use swabplan::network::Work as Drawn;
use swabplan::network::incident::{Happening, Place};
use swabplan::sim::observer::{After, Origin, Passage, Run, Why};
use swabplan::sim::trace::{
    DeliveryRecord, FailureRecord, PositiveRecord, ResultRecord, TubeRecord,
};
use swabplan::units::{Span, Time, Window};

pub(super) fn review(case: Case, findings: &mut Findings) {
    delivered(case, findings);
    let mut passages: BTreeMap<(LabId, StageId), Vec<Passage>> = BTreeMap::new();
    let mut runs: BTreeMap<(LabId, StageId), Vec<Run>> = BTreeMap::new();
    for passage in &case.trace.passages {
        passages
            .entry((passage.lab, passage.stage))
            .or_default()
            .push(*passage);
    }
    for run in &case.trace.runs {
        runs.entry((run.lab, run.stage)).or_default().push(*run);
    }
    chain(case, &passages, findings);
    if case.network.stop == Time::NEVER {
        for lab in case.model.labs.ids() {
            room::wip(case, lab, findings);
        }
        for (&at, passages) in &passages {
            room::room(case, at, passages, findings);
        }
    }
    for (&(lab, stage), passages) in &passages {
        let runs = runs.get(&(lab, stage)).map_or([].as_slice(), Vec::as_slice);
        Bench {
            case,
            lab,
            stage,
            passages,
            runs,
        }
        .review(findings);
    }
}

/// Every tube comes once, to the laboratory of its courier at the moment its courier says, or to the one to which it is sent on; numbers follow
/// the clock.
fn delivered(case: Case, findings: &mut Findings) {
    let sent_on = overflow::doors(case, findings);
    let lost: BTreeSet<_> = case
        .trace
        .failures
        .iter()
        .filter(|failure| failure.why == Why::Lost)
        .map(|failure| (failure.origin, failure.lane, failure.tube))
        .collect();
    let mut doors = BTreeMap::new();
    let mut numbers: BTreeMap<LabId, Vec<(u32, RoundId, Time)>> = BTreeMap::new();
    for arrival in &case.trace.deliveries {
        numbers.entry(arrival.lab).or_default().push((
            arrival.serial,
            arrival.origin.round,
            arrival.at,
        ));
        if arrival.origin.site.is_some() {
            let earlier = doors.insert(
                (arrival.origin, arrival.lane, arrival.tube),
                (arrival.lab, arrival.at),
            );
            findings.unless(earlier.is_none(), Rule::NoTubeLost, || {
                format!("{arrival:?} came before")
            });
        }
    }
    for record in case
        .trace
        .tubes
        .iter()
        .filter(|record| record.tube.delivered <= case.network.stop.millis())
    {
        let origin = swabplan::sim::observer::Origin {
            round: record.round,
            site: Some(record.site),
            recall: false,
            feed: None,
        };
        let door = doors.remove(&(origin, record.tube.lane, record.tube.serial));
        let sent_on = sent_on.get(&(origin, record.tube.lane, record.tube.serial));
        if door.is_none() && sent_on.is_some_and(|&(_, there)| there > case.network.stop) {
            continue;
        }
        if door.is_none() && lost.contains(&(origin, record.tube.lane, record.tube.serial)) {
            continue;
        }
        let courier = case
            .model
            .couriers
            .values()
            .find(|courier| courier.sites.contains(&record.site));
        let right = courier.map(|courier| (courier.to, Time::from_millis(record.tube.delivered)));
        let right = sent_on.copied().or(right);
        findings.unless(door == right, Rule::NoTubeLost, || {
            format!("{:?} of {origin:?} came {door:?}", record.tube)
        });
    }
    findings.unless(doors.is_empty(), Rule::NoTubeLost, || {
        format!("tubes from nowhere: {doors:?}")
    });
    numbered(numbers, findings);
}

/// Laboratories number tubes as they come.
fn numbered(numbers: BTreeMap<LabId, Vec<(u32, RoundId, Time)>>, findings: &mut Findings) {
    for (lab, mut numbers) in numbers {
        numbers.sort_unstable();
        let whole = numbers
            .iter()
            .enumerate()
            .all(|(at, (number, ..))| *number as usize == at);
        // Tubes of a round that come when the next has begun are numbered before its own.
        let in_turn =
            |pair: &[(u32, RoundId, Time)]| pair[0].1 != pair[1].1 || pair[0].2 <= pair[1].2;
        let ordered = numbers.windows(2).all(in_turn);
        findings.unless(whole && ordered, Rule::NoTubeLost, || {
            format!("{lab:?} does not number tubes as they come")
        });
    }
}

/// How a tube came to its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Ending {
    Published(ResultRecord),
    Failed(FailureRecord),
    Positive(PositiveRecord),
}

/// Every tube goes from stage to stage, and back where it is said to, to its end.
fn chain(case: Case, passages: &BTreeMap<(LabId, StageId), Vec<Passage>>, findings: &mut Findings) {
    let mut ways: BTreeMap<(LabId, u32), Vec<Passage>> = BTreeMap::new();
    for passage in passages.values().flatten() {
        ways.entry((passage.lab, passage.serial))
            .or_default()
            .push(*passage);
    }
    too_old(case, findings);
    let mut endings = endings(case);
    for arrival in &case.trace.deliveries {
        let stages = case.model.labs[arrival.lab].stages.len();
        let mut way = ways
            .remove(&(arrival.lab, arrival.serial))
            .unwrap_or_default();
        way.sort_by_key(|passage| (passage.end, passage.since, passage.stage));
        let ends = ends_of(arrival, &way, &mut endings);
        if let [Ending::Failed(failure)] = ends[..]
            && failure.why == Why::TooOld
        {
            findings.unless(way.is_empty(), Rule::NoTubeLost, || {
                format!("{failure:?} was turned away and worked on")
            });
            continue;
        }
        let over = way.last().is_some_and(|last| {
            !matches!(
                last.after,
                After::Rerun | After::Stopped | After::Retest | After::Confirm
            ) && (last.after != After::On || last.stage.index() + 1 == stages)
        });
        if case.network.stop == Time::NEVER || (over && !ends.is_empty()) {
            way_of(case, arrival, &way, &ends, findings);
        }
    }
    endings.retain(
        |_, ends| !matches!(ends[..], [Ending::Failed(failure)] if failure.why == Why::Lost),
    );
    findings.unless(
        ways.is_empty() && endings.is_empty(),
        Rule::NoTubeLost,
        || "results of tubes that never came".to_owned(),
    );
    told_people(case, findings);
}

/// How a tube ended. Tubes of several feeds share a key, for nothing tells which feed a tube is of: of their ends each takes the first that is not
/// before it left the laboratory's last stage.
fn ends_of(
    arrival: &DeliveryRecord,
    way: &[Passage],
    endings: &mut BTreeMap<(Origin, u32, u32), Vec<Ending>>,
) -> Vec<Ending> {
    let key = (arrival.origin, arrival.lane, arrival.tube);
    if arrival.origin.site.is_some() {
        return endings.remove(&key).unwrap_or_default();
    }
    let (Some(ends), Some(last)) = (endings.get_mut(&key), way.last()) else {
        return Vec::new();
    };
    let moment = |ending: &Ending| match ending {
        Ending::Published(end) => end.at,
        Ending::Failed(end) => end.at,
        Ending::Positive(end) => end.reported,
    };
    let later = ends
        .iter()
        .enumerate()
        .filter(|(_, end)| moment(end) >= last.end);
    let Some((place, _)) = later.min_by_key(|(_, end)| moment(end)) else {
        return Vec::new();
    };
    let end = ends.remove(place);
    if ends.is_empty() {
        endings.remove(&key);
    }
    vec![end]
}

/// The ends of all tubes, by where they come from, lane and number.
fn endings(case: Case) -> BTreeMap<(Origin, u32, u32), Vec<Ending>> {
    let mut endings: BTreeMap<_, Vec<Ending>> = BTreeMap::new();
    let mut add = |key, ending| endings.entry(key).or_default().push(ending);
    for end in &case.trace.results {
        add((end.origin, end.lane, end.tube), Ending::Published(*end));
    }
    for end in &case.trace.failures {
        add((end.origin, end.lane, end.tube), Ending::Failed(*end));
    }
    for end in &case.trace.positives {
        add((end.origin, end.lane, end.tube), Ending::Positive(*end));
    }
    endings
}

/// Tubes are turned away at the door of a laboratory if they are too old for it, and no others.
fn too_old(case: Case, findings: &mut Findings) {
    let turned_away: BTreeSet<(Origin, u32, u32)> = case
        .trace
        .failures
        .iter()
        .filter(|failure| failure.why == Why::TooOld)
        .map(|failure| (failure.origin, failure.lane, failure.tube))
        .collect();
    let arrived: BTreeMap<(Origin, u32, u32), Time> = case
        .trace
        .deliveries
        .iter()
        .map(|arrival| ((arrival.origin, arrival.lane, arrival.tube), arrival.at))
        .collect();
    for record in &case.trace.tubes {
        let (tube, round) = (&record.tube, record.round);
        let site = Some(record.site);
        let origin = Origin {
            round,
            site,
            recall: false,
            feed: None,
        };
        let key = (origin, tube.lane, tube.serial);
        let Some(at) = arrived.get(&key) else {
            continue;
        };
        let away = turned_away.contains(&key);
        let expire = case.network.sites[record.site].tubes.expire;
        let old = expire.is_some_and(|expire| {
            expire.turns_away && at.millis() - tube.first > expire.after.millis()
        });
        findings.unless(away == old, Rule::NoTubeLost, || {
            format!("{tube:?}: too old {old}, turned away {away}")
        });
    }
}

/// One tube from the door of the laboratory to its end.
fn way_of(
    case: Case,
    arrival: &DeliveryRecord,
    way: &[Passage],
    ends: &[Ending],
    findings: &mut Findings,
) {
    let lab = &case.model.labs[arrival.lab];
    let (mut since, mut next) = (arrival.at, Some(0));
    for passage in way {
        findings.unless(
            next == Some(passage.stage.index()),
            Rule::NoTubeLost,
            || format!("{passage:?} of {arrival:?}, who should be at stage {next:?}"),
        );
        let right = passage.since == since
            && passage.since <= passage.start
            && passage.start <= passage.end;
        findings.unless(right, Rule::Causality, || {
            format!("{passage:?} follows what ended at {since:?}")
        });
        since = passage.end;
        next = after(lab, passage);
    }
    findings.unless(
        next == Some(lab.stages.len()) || next.is_none(),
        Rule::NoTubeLost,
        || format!("{arrival:?} ends at stage {next:?}"),
    );
    tests(lab, arrival, way, findings);
    let [end] = ends else {
        findings.add(
            Rule::NoTubeLost,
            format!("{arrival:?} ends {} times", ends.len()),
        );
        return;
    };
    let last = way.last().map_or(After::On, |last| last.after);
    let (fits, at, people) = match end {
        Ending::Published(end) => (last == After::On, end.at, end.people),
        Ending::Failed(end) => (last == After::Failed(end.why), end.at, end.people),
        Ending::Positive(end) => {
            let report = lab.verdict.as_ref().map(|verdict| verdict.first_report);
            let right = end.retested == since && Some(end.reported) == report.map(|r| since + r);
            (
                last == After::Positive && right && end.detected < end.retested,
                end.retested,
                end.people,
            )
        }
    };
    findings.unless(fits, Rule::NoTubeLost, || {
        format!("{arrival:?} ends as {end:?} after {last:?}")
    });
    let (due, mut allowed) = told(case, arrival, since);
    let published = matches!(end, Ending::Published(_));
    allowed &= !published || !uploads(case, arrival.lab).any(|down| down.contains(at));
    findings.unless(at == due && allowed, Rule::Causality, || {
        format!("{arrival:?} is ready at {since:?} and ends at {at:?}")
    });
    let told = way.iter().all(|passage| passage.people == people);
    findings.unless(told, Rule::NobodyLost, || {
        format!("{arrival:?} ends for {people} people")
    });
}

/// When the result of a tube that is ready is told, and whether it waited for a reason.
fn told(case: Case, arrival: &DeliveryRecord, since: Time) -> (Time, bool) {
    let holds = case.trace.holds.iter();
    let own = holds.filter(|held| (held.lab, held.serial) == (arrival.lab, arrival.serial));
    let (mut due, mut allowed) = (since, true);
    for held in own {
        let faults = arrival
            .origin
            .site
            .and_then(|site| case.model.sites[site].tubes.faults.as_ref());
        let reconciled = faults.is_some_and(|faults| {
            faults.reconcile.range.is_some() || held.until == due + faults.reconcile.value
        });
        let uploaded = uploads(case, arrival.lab)
            .any(|down| down.start <= held.since && down.end <= held.until);
        allowed &= held.since == due && (reconciled || uploaded);
        due = held.until;
    }
    (due, allowed)
}

/// When a laboratory cannot publish.
fn uploads(case: Case<'_>, lab: LabId) -> impl Iterator<Item = Window> {
    let concerns = move |one: &&Happening| {
        let stated = one
            .incident
            .map(|number| &case.model.incidents[number as usize].what);
        match stated {
            Some(What::Upload { labs, .. }) => labs.contains(&lab),
            Some(_) => false,
            None => one.kind == Kind::Upload && one.place == Place::Lab(lab),
        }
    };
    let happenings = case.network.incidents.iter();
    happenings.filter(concerns).map(|one| one.window)
}

/// The stage a tube must be at next; as many as there are when its result is out; none when it has left otherwise.
fn after(lab: &Lab, passage: &Passage) -> Option<usize> {
    let test = lab.test;
    let faults = lab.faults.as_ref();
    match passage.after {
        After::On => Some(passage.stage.index() + 1),
        After::Stopped => Some(passage.stage.index()),
        After::Rerun => Some(faults.map_or(test, |faults| faults.rerun_from)),
        After::Retest => Some(faults.map_or(test, |faults| faults.retest_from)),
        After::Confirm => lab.verdict.as_ref().map(|verdict| verdict.retest_from),
        After::Failed(_) | After::Positive => None,
    }
}

/// A tube is tested again only where that is said, and as often as is allowed.
fn tests(lab: &Lab, arrival: &DeliveryRecord, way: &[Passage], findings: &mut Findings) {
    let count = |kind| way.iter().filter(|passage| passage.after == kind).count();
    let most = lab
        .faults
        .as_ref()
        .map_or(0, |faults| faults.retests as usize);
    let unclear = count(After::Retest);
    let (confirms, positive) = (count(After::Confirm), count(After::Positive));
    let given_up = count(After::Failed(Why::Unclear)) == 1;
    let right = unclear <= most
        && (!given_up || unclear == most)
        && confirms <= 1
        && positive <= confirms
        && (confirms == 0 || lab.verdict.is_some())
        && (count(After::Rerun) == 0 || lab.faults.is_some());
    let at_test = way.iter().all(|passage| {
        let stage = passage.stage.index();
        match passage.after {
            After::On | After::Stopped => true,
            After::Rerun
            | After::Retest
            | After::Confirm
            | After::Positive
            | After::Failed(Why::Unclear) => stage == lab.test,
            After::Failed(Why::Leaking | Why::Unsatisfactory) => stage == 0,
            After::Failed(Why::Lost | Why::TooOld) => false,
        }
    });
    findings.unless(right && at_test, Rule::Runs, || {
        format!("{arrival:?} is tested {way:?}")
    });
}

/// Results are for as many people as their tubes hold.
fn told_people(case: Case, findings: &mut Findings) {
    let of = |record: &TubeRecord| {
        (
            (
                record.round,
                record.site,
                record.tube.lane,
                record.tube.serial,
            ),
            record.tube.people,
        )
    };
    let swabbed: BTreeMap<_, u32> = case.trace.tubes.iter().map(of).collect();
    for result in &case.trace.results {
        let Some(site) = result.origin.site else {
            continue;
        };
        let people = swabbed
            .get(&(result.origin.round, site, result.lane, result.tube))
            .copied();
        findings.unless(people == Some(result.people), Rule::NobodyLost, || {
            format!("{result:?} is of a tube with {people:?} people")
        });
    }
}

/// One stage of one laboratory.
struct Bench<'a> {
    case: Case<'a>,
    lab: LabId,
    stage: StageId,
    passages: &'a [Passage],
    runs: &'a [Run],
}

impl Bench<'_> {
    fn review(&self, findings: &mut Findings) {
        let lab = &self.case.model.labs[self.lab];
        let stage = &lab.stages[self.stage.index()];
        let name = format!("{} {}", lab.name.id, stage.id);
        let tubes = self.waits();
        let common: Vec<Service> = self
            .passages
            .iter()
            .zip(&tubes)
            .filter(|(passage, _)| self.in_line(passage))
            .map(|(_, tube)| *tube)
            .collect();
        line::first_come(&common, &name, findings);
        let open = Time::ZERO + lab.ready;
        findings.unless(
            self.passages.iter().all(|passage| passage.start >= open),
            Rule::OnDuty,
            || format!("{name} starts before the laboratory is ready"),
        );
        match (
            &stage.work,
            &self.case.network.labs[self.lab].stages[self.stage].work,
        ) {
            (Work::Workers { crews, .. }, Drawn::Workers { workers, .. }) => {
                self.servers(workers.len() as u32, 1, &name, findings);
                self.on_duty(crews, &name, findings);
                self.no_idling(&tubes, workers.len() as u32, crews, &name, findings);
            }
            (
                Work::Machines {
                    start,
                    crews,
                    fleet,
                    hands,
                    ..
                },
                &Drawn::Machines {
                    machines, capacity, ..
                },
            ) => {
                self.there(fleet, machines, &name, findings);
                self.servers(machines, capacity, &name, findings);
                self.on_duty(crews, &name, findings);
                self.company(*start, capacity, &name, findings);
                room::hands(hands.as_deref(), crews, (self.runs, &name), findings);
                let alone = self.never_stops(fleet) && hands.is_none();
                if start.at_least == AtLeast::Tubes(1) && alone {
                    self.no_idling(&tubes, machines, crews, &name, findings);
                }
            }
            (Work::Delay { .. }, Drawn::Delay(_)) => {}
            (Work::Upload { every }, Drawn::Upload(_)) => {
                let on_time = self.passages.iter().all(|passage| {
                    passage.end.millis() % every.millis() == 0
                        && passage.end.since(passage.start) < *every
                });
                findings.unless(on_time, Rule::Runs, || {
                    format!("{name} goes out at another time")
                });
            }
            (work, _) => findings.add(Rule::Runs, format!("{name} does not do {work:?}")),
        }
    }

    /// Whether a tube stands in line with all others: it comes from a site, and was not detected before.
    fn in_line(&self, passage: &Passage) -> bool {
        let model = self.case.model;
        let urgent = |feed: &swabplan::model::Feed| feed.to == self.lab && feed.priority > 0;
        let from_urgent = passage.origin.site.is_none() && model.feeds.values().any(urgent);
        let detected = || {
            self.case.trace.passages.iter().any(|earlier| {
                (earlier.lab, earlier.serial) == (passage.lab, passage.serial)
                    && earlier.after == After::Confirm
                    && earlier.end <= passage.since
            })
        };
        !from_urgent && (model.labs[self.lab].verdict.is_none() || !detected())
    }

    /// What each machine or worker does, until it can do something else.
    fn services(&self) -> Vec<Service> {
        let of = |(run, until): &(Run, Time)| Service {
            ready: run.start.millis(),
            start: run.start.millis(),
            end: until.millis(),
            server: run.server,
            first: false,
        };
        let occupied = room::occupied(self.runs, &self.case.trace.blocked);
        occupied.iter().map(of).collect()
    }

    /// Each machine or worker does one thing at a time, with as many tubes as fit, and the runs are those the tubes tell of.
    fn servers(&self, servers: u32, capacity: u32, name: &str, findings: &mut Findings) {
        let runs = self.services();
        line::one_at_a_time(&runs, servers, name, findings);
        let mut told: BTreeMap<(Time, Time), i64> = BTreeMap::new();
        for run in self.runs {
            findings.unless((1..=capacity).contains(&run.tubes), Rule::Runs, || {
                format!("{name}: {run:?} holds more than {capacity}")
            });
            *told.entry((run.start, run.end)).or_default() += i64::from(run.tubes);
        }
        for passage in self.passages {
            *told.entry((passage.start, passage.end)).or_default() -= 1;
        }
        let told: Vec<_> = told
            .iter()
            .filter(|(when, tubes)| **tubes != 0 && when.1 <= self.case.network.stop)
            .collect();
        findings.unless(told.is_empty(), Rule::Runs, || {
            format!("{name}: runs and tubes differ by {told:?}")
        });
    }

    /// When tubes came to stand before the stage, and when work on them began and ended.
    fn waits(&self) -> Vec<Service> {
        let of = |passage: &Passage| Service {
            ready: passage.entered.millis(),
            start: passage.start.millis(),
            end: passage.end.millis(),
            server: 0,
            first: false,
        };
        self.passages.iter().map(of).collect()
    }

    /// When machines of the stage stand still: as the laboratory says, by incidents of the scenario, by those that were drawn.
    fn down(&self, fleet: &Fleet) -> Vec<Down> {
        let mut down = fleet.down.clone();
        for one in &self.case.network.incidents {
            let stated = one
                .incident
                .map(|number| &self.case.model.incidents[number as usize].what);
            let machines = match stated {
                Some(What::Machine { stages, machines })
                    if stages.contains(&(self.lab, self.stage.index())) =>
                {
                    *machines
                }
                None if one.kind == Kind::Machine && one.place == Place::Lab(self.lab) => None,
                _ => continue,
            };
            down.push(Down {
                from: one.window.start,
                until: one.window.end,
                machines,
            });
        }
        down
    }

    /// Whether all machines are there all along.
    fn never_stops(&self, fleet: &Fleet) -> bool {
        *fleet == Fleet::default() && self.down(fleet).is_empty()
    }

    /// No machine works before it is there or while it stands still, and none stops without reason.
    fn there(&self, fleet: &Fleet, machines: u32, name: &str, findings: &mut Findings) {
        let down = self.down(fleet);
        let mut comes: Vec<Time> = fleet
            .more
            .iter()
            .flat_map(|&(from, more)| vec![from; more as usize])
            .collect();
        comes.sort_unstable();
        let first = machines as usize - comes.len();
        for run in self.runs {
            // What is over is safe.
            let over = run.handled.map_or(run.end, |handled| handled.over);
            let late = (run.server as usize).checked_sub(first);
            let early = late.is_some_and(|late| run.start < comes[late]);
            findings.unless(!early, Rule::OnDuty, || {
                format!("{name}: {run:?} is in a machine that is not there yet")
            });
            let mut here = down
                .iter()
                .filter(|down| down.machines.is_none_or(|machines| run.server < machines));
            let still = here
                .clone()
                .any(|down| run.start < down.until && down.from < over && run.start < over);
            findings.unless(!still, Rule::OnDuty, || {
                format!("{name}: {run:?} is in a machine that stands still")
            });
            let why = fleet.breakdowns.is_some() || here.any(|down| down.from == run.end);
            findings.unless(!run.stopped || why, Rule::Runs, || {
                format!("{name}: {run:?} stops without reason")
            });
            let again = self.passages.iter().filter(|passage| {
                (passage.start, passage.end, passage.after) == (run.start, run.end, After::Stopped)
            });
            let again = again.count() as u32;
            findings.unless(!run.stopped || again >= run.tubes, Rule::Runs, || {
                format!("{name}: of {run:?} only {again} tubes wait again")
            });
        }
    }

    /// Runs start when someone of the crews is there.
    fn on_duty(&self, crews: &[LabCrew], name: &str, findings: &mut Findings) {
        for run in self.runs {
            let there: u32 = crews
                .iter()
                .filter(|crew| on_duty(crew, run.start))
                .map(|crew| crew.technicians)
                .sum();
            findings.unless(crews.is_empty() || there > 0, Rule::OnDuty, || {
                format!("{name}: nobody is there for {run:?}")
            });
        }
    }

    /// A run that is not as full as wanted has waited long enough, or takes the last tubes of its round.
    fn company(&self, policy: StartPolicy, capacity: u32, name: &str, findings: &mut Findings) {
        let wanted = match policy.at_least {
            AtLeast::Tubes(tubes) => tubes.min(capacity),
            AtLeast::Full => capacity,
        };
        // A laboratory that is full does not wait for those at its door.
        let full = self.case.model.labs[self.lab].wip.is_some();
        for run in self.runs.iter().filter(|run| run.tubes < wanted && !full) {
            let of = self
                .passages
                .iter()
                .filter(|passage| passage.start == run.start);
            let tired = of
                .map(|passage| passage.since)
                .min()
                .zip(policy.after)
                .is_some_and(|(first, after)| first + after <= run.start);
            let last = !self.passages.iter().any(|passage| {
                passage.origin.round == run.round
                    && passage.start > run.start
                    && self.first_time(passage)
            });
            findings.unless(tired || last, Rule::Runs, || {
                format!("{name}: {run:?} starts without {wanted} tubes")
            });
        }
    }

    /// Whether a tube passes the stage for the first time; nobody waits for those that may come back.
    fn first_time(&self, passage: &Passage) -> bool {
        let again = |other: &&Passage| other.serial == passage.serial && other.end < passage.end;
        !self.passages.iter().any(|other| again(&other))
    }

    /// Where tubes come one by one and servers are always on duty, none is idle while a tube waits.
    fn no_idling(
        &self,
        tubes: &[Service],
        servers: u32,
        crews: &[LabCrew],
        name: &str,
        findings: &mut Findings,
    ) {
        let lab = &self.case.model.labs[self.lab];
        let always = crews
            .iter()
            .all(|crew| Span::from_millis(crew.to.millis() - crew.from.millis()) >= Span::DAY);
        let singly = self
            .stage
            .index()
            .checked_sub(1)
            .is_none_or(|before| lab.stages[before].hand_over == HandOver::Immediate);
        if !always || !singly {
            return;
        }
        let open = (Time::ZERO + lab.ready).millis();
        let waits: Vec<(i64, i64)> = tubes
            .iter()
            .map(|tube| (tube.ready.max(open), tube.start))
            .collect();
        let runs = self.services();
        line::no_idling(&runs, &waits, servers, name, findings);
    }
}

/// Whether a crew is there at a moment; hours past 24 h lie in the next day.
pub(super) fn on_duty(crew: &LabCrew, moment: Time) -> bool {
    let hour = moment.time_of_day();
    (crew.from <= hour && hour < crew.to) || (hour + Span::DAY < crew.to)
}
