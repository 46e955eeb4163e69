//! Tubes in laboratories.

use super::line::{self, Service};
use super::{Case, Findings, Rule};
use std::collections::{BTreeMap, BTreeSet};
use swabplan::id::{Id, LabId, StageId};
use swabplan::model::lab::{AtLeast, HandOver, LabCrew, StartPolicy, Work};
use swabplan::network::Work as Drawn;
use swabplan::sim::observer::{Origin, Passage, Run};
use swabplan::sim::trace::{DeliveryRecord, ResultRecord, TubeRecord};
use swabplan::units::{Span, Time};

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

/// Every tube comes to the laboratory of its courier once, at the moment its courier says; numbers follow the clock.
fn delivered(case: Case, findings: &mut Findings) {
    let mut doors = BTreeMap::new();
    let mut numbers: BTreeMap<LabId, Vec<(u32, Time)>> = BTreeMap::new();
    for arrival in &case.trace.deliveries {
        numbers
            .entry(arrival.lab)
            .or_default()
            .push((arrival.serial, arrival.at));
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
        };
        let door = doors.remove(&(origin, record.tube.lane, record.tube.serial));
        let courier = case
            .model
            .couriers
            .values()
            .find(|courier| courier.sites.contains(&record.site));
        let right = courier.map(|courier| (courier.to, Time::from_millis(record.tube.delivered)));
        findings.unless(door == right, Rule::NoTubeLost, || {
            format!("{:?} of {origin:?} came {door:?}", record.tube)
        });
    }
    findings.unless(doors.is_empty(), Rule::NoTubeLost, || {
        format!("tubes from nowhere: {doors:?}")
    });
    for (lab, mut numbers) in numbers {
        numbers.sort_unstable();
        let whole = numbers
            .iter()
            .enumerate()
            .all(|(at, (number, _))| *number as usize == at);
        let ordered = numbers.is_sorted_by_key(|&(_, at)| at);
        findings.unless(whole && ordered, Rule::NoTubeLost, || {
            format!("{lab:?} does not number tubes as they come")
        });
    }
}

/// Every tube goes from stage to stage to its result.
fn chain(case: Case, passages: &BTreeMap<(LabId, StageId), Vec<Passage>>, findings: &mut Findings) {
    let mut ways: BTreeMap<(LabId, u32), Vec<Passage>> = BTreeMap::new();
    for passage in passages.values().flatten() {
        ways.entry((passage.lab, passage.serial))
            .or_default()
            .push(*passage);
    }
    let mut results: BTreeMap<_, Vec<ResultRecord>> = BTreeMap::new();
    for result in &case.trace.results {
        results
            .entry((result.origin, result.lane, result.tube))
            .or_default()
            .push(*result);
    }
    let voids: BTreeSet<_> = case
        .trace
        .voids
        .iter()
        .map(|void| (void.origin, void.lane, void.tube))
        .collect();
    too_old(case, &voids, findings);
    for arrival in &case.trace.deliveries {
        if voids.contains(&(arrival.origin, arrival.lane, arrival.tube)) {
            continue;
        }
        let stages = case.model.labs[arrival.lab].stages.len();
        let way = ways
            .remove(&(arrival.lab, arrival.serial))
            .unwrap_or_default();
        let published = results
            .remove(&(arrival.origin, arrival.lane, arrival.tube))
            .unwrap_or_default();
        if case.network.stop == Time::NEVER || way.len() == stages {
            way_of(arrival, stages, &way, &published, findings);
        }
    }
    findings.unless(
        ways.is_empty() && results.is_empty(),
        Rule::NoTubeLost,
        || "results of tubes that never came".to_owned(),
    );
    told_people(case, findings);
}

/// Tubes without a result are those that were too old at the door of a laboratory that turns them away.
fn too_old(case: Case, voids: &BTreeSet<(Origin, u32, u32)>, findings: &mut Findings) {
    for record in &case.trace.tubes {
        let (tube, round) = (&record.tube, record.round);
        let site = Some(record.site);
        let void = voids.contains(&(Origin { round, site }, tube.lane, tube.serial));
        let expire = case.network.sites[record.site].tubes.expire;
        let old = expire.is_some_and(|expire| {
            expire.turns_away && tube.delivered - tube.first > expire.after.millis()
        });
        findings.unless(void == old, Rule::NoTubeLost, || {
            format!("{tube:?}: too old {old}, without a result {void}")
        });
    }
}

/// One tube from the door of the laboratory to its result.
fn way_of(
    arrival: &DeliveryRecord,
    stages: usize,
    way: &[Passage],
    published: &[ResultRecord],
    findings: &mut Findings,
) {
    let passed: Vec<usize> = way.iter().map(|passage| passage.stage.index()).collect();
    findings.unless(
        passed.iter().copied().eq(0..stages),
        Rule::NoTubeLost,
        || format!("{arrival:?} passed stages {passed:?}"),
    );
    let mut since = arrival.at;
    for passage in way {
        let right = passage.since == since
            && passage.since <= passage.start
            && passage.start <= passage.end;
        findings.unless(right, Rule::Causality, || {
            format!("{passage:?} follows what ended at {since:?}")
        });
        since = passage.end;
    }
    findings.unless(published.len() == 1, Rule::NoTubeLost, || {
        format!("{arrival:?} has {} results", published.len())
    });
    for result in published {
        findings.unless(result.at == since, Rule::Causality, || {
            format!(
                "{arrival:?} is ready at {since:?} and published at {:?}",
                result.at
            )
        });
        let told = way.iter().all(|passage| passage.people == result.people);
        findings.unless(told, Rule::NobodyLost, || {
            format!("{arrival:?} is published for {} people", result.people)
        });
    }
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
        let tubes: Vec<Service> = self
            .passages
            .iter()
            .map(|passage| Service {
                ready: passage.since.millis(),
                start: passage.start.millis(),
                end: passage.end.millis(),
                server: 0,
            })
            .collect();
        line::first_come(&tubes, &name, findings);
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
                Work::Machines { start, crews, .. },
                &Drawn::Machines {
                    machines, capacity, ..
                },
            ) => {
                self.servers(machines, capacity, &name, findings);
                self.on_duty(crews, &name, findings);
                self.company(*start, capacity, &name, findings);
                if start.at_least == AtLeast::Tubes(1) {
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

    /// Each machine or worker does one thing at a time, with as many tubes as fit, and the runs are those the tubes tell of.
    fn servers(&self, servers: u32, capacity: u32, name: &str, findings: &mut Findings) {
        let runs: Vec<Service> = self
            .runs
            .iter()
            .map(|run| Service {
                ready: run.start.millis(),
                start: run.start.millis(),
                end: run.end.millis(),
                server: run.server,
            })
            .collect();
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
        for run in self.runs.iter().filter(|run| run.tubes < wanted) {
            let of = self
                .passages
                .iter()
                .filter(|passage| passage.start == run.start);
            let tired = of
                .map(|passage| passage.since)
                .min()
                .zip(policy.after)
                .is_some_and(|(first, after)| first + after <= run.start);
            let last = !self
                .passages
                .iter()
                .any(|passage| passage.origin.round == run.round && passage.start > run.start);
            findings.unless(tired || last, Rule::Runs, || {
                format!("{name}: {run:?} starts without {wanted} tubes")
            });
        }
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
        let runs: Vec<Service> = self
            .runs
            .iter()
            .map(|run| Service {
                ready: run.start.millis(),
                start: run.start.millis(),
                end: run.end.millis(),
                server: run.server,
            })
            .collect();
        line::no_idling(&runs, &waits, servers, name, findings);
    }
}

/// Whether a crew is there at a moment; hours past 24 h lie in the next day.
fn on_duty(crew: &LabCrew, moment: Time) -> bool {
    let hour = moment.time_of_day();
    (crew.from <= hour && hour < crew.to) || (hour + Span::DAY < crew.to)
}
