//! People at machines, and room between stages of a laboratory.

use super::{Case, Findings, Rule};
use std::collections::BTreeSet;
use swabplan::id::{Id, LabId, StageId};
use swabplan::model::lab::{HandOver, Hands, LabCrew};
use swabplan::model::service::{Duration, Mean, Shape};
use swabplan::sim::observer::{After, Blocked, Passage, Run};
use swabplan::units::{Span, Time};

/// How many of something are there over time.
struct Level {
    /// Moments of coming and going, each in order.
    comes: Vec<Time>,
    goes: Vec<Time>,
}

impl Level {
    fn new(stays: impl Iterator<Item = (Time, Time)>) -> Self {
        let (mut comes, mut goes): (Vec<_>, Vec<_>) = stays.unzip();
        comes.sort_unstable();
        goes.sort_unstable();
        Self { comes, goes }
    }

    /// When a moment is over.
    fn at(&self, moment: Time) -> usize {
        let until = |list: &[Time]| list.partition_point(|&other| other <= moment);
        until(&self.comes) - until(&self.goes)
    }
}

/// Runs with the time in which their machine or worker stood still behind them.
pub(super) fn occupied(runs: &[Run], blocked: &[Blocked]) -> Vec<(Run, Time)> {
    let until = |run: &Run| {
        let own =
            |one: &&Blocked| (one.lab, one.stage, one.server) == (run.lab, run.stage, run.server);
        let found = blocked.iter().filter(own).find(|one| one.since == run.end);
        found.map_or(run.end, |one| one.until)
    };
    runs.iter().map(|run| (*run, until(run))).collect()
}

/// Tubes that come to a stage again: when they left another.
pub(super) fn returned(case: Case, lab: LabId) -> BTreeSet<(u32, Time)> {
    let passages = case.trace.passages.iter();
    passages
        .filter(|passage| passage.lab == lab && passage.after != After::On)
        .map(|passage| (passage.serial, passage.end))
        .collect()
}

/// Tubes come to stand before a stage as there is room, no more than there is room for, and at once where nothing limits it.
pub(super) fn room(
    case: Case,
    (lab, stage): (LabId, StageId),
    passages: &[Passage],
    findings: &mut Findings,
) {
    let entry = &case.model.labs[lab];
    let name = format!("{} {}", entry.name.id, entry.stages[stage.index()].id);
    let back = returned(case, lab);
    let ordinary = |passage: &&Passage| !back.contains(&(passage.serial, passage.since));
    let before = stage
        .index()
        .checked_sub(1)
        .map(|before| &entry.stages[before]);
    let singly = before.is_none_or(|before| before.hand_over == HandOver::Immediate);
    let at_door = stage.index() == 0 && entry.wip.is_some();
    let stays = |passage: &Passage| (passage.entered, passage.start);
    let all = Level::new(passages.iter().map(stays));
    let mine = Level::new(passages.iter().filter(ordinary).map(stays));
    let room = entry.stages[stage.index()].buffer;
    for passage in passages.iter().filter(ordinary) {
        let waited = passage.entered > passage.since;
        let Some(room) = room.map(|room| room as usize) else {
            findings.unless(!waited || !singly || at_door, Rule::Room, || {
                format!("{name}: {passage:?} waits elsewhere for no reason")
            });
            continue;
        };
        let stand = mine.at(passage.entered);
        findings.unless(stand <= room, Rule::Room, || {
            format!("{name}: {stand} tubes where {room} have room, with {passage:?}")
        });
        if waited && singly && !at_door && room > 0 {
            let moments = [passage.since, passage.entered - Span::from_millis(1)];
            let full = moments.iter().all(|&moment| all.at(moment) >= room);
            findings.unless(full, Rule::Room, || {
                format!("{name}: {passage:?} waits though there is room")
            });
        }
    }
    for passage in passages.iter().filter(|passage| !ordinary(passage)) {
        findings.unless(passage.entered == passage.since, Rule::Room, || {
            format!("{name}: {passage:?} comes back and is not let in")
        });
    }
}

/// No more tubes are in a laboratory than are let in, and none waits at the door while there is room.
pub(super) fn wip(case: Case, lab: LabId, findings: &mut Findings) {
    let Some(most) = case.model.labs[lab].wip.map(|wip| wip as usize) else {
        return;
    };
    let back = returned(case, lab);
    let last = case.model.labs[lab].stages.len() - 1;
    let here = || {
        let passages = case.trace.passages.iter();
        passages.filter(move |passage| passage.lab == lab)
    };
    let first = |passage: &&Passage| {
        passage.stage.index() == 0 && !back.contains(&(passage.serial, passage.since))
    };
    let leaves = |passage: &&Passage| match passage.after {
        After::On => passage.stage.index() == last,
        After::Failed(_) | After::Positive => true,
        After::Rerun | After::Stopped | After::Retest | After::Confirm => false,
    };
    let mut inside = Level::new(std::iter::empty());
    inside
        .comes
        .extend(here().filter(first).map(|passage| passage.entered));
    inside
        .goes
        .extend(here().filter(leaves).map(|passage| passage.end));
    inside.comes.sort_unstable();
    inside.goes.sort_unstable();
    let narrow = case.model.labs[lab].stages[0].buffer.is_some();
    for passage in here().filter(first) {
        let there = inside.at(passage.entered);
        findings.unless(there <= most, Rule::Room, || {
            format!("{there} tubes in a laboratory that lets in {most}, with {passage:?}")
        });
        if passage.entered > passage.since && !narrow {
            let moments = [passage.since, passage.entered - Span::from_millis(1)];
            let full = moments.iter().all(|&moment| inside.at(moment) >= most);
            findings.unless(full, Rule::Room, || {
                format!("{passage:?} waits at the door though there is room")
            });
        }
    }
}

/// A length that is always the same.
fn constant(duration: Option<&Duration>) -> Option<Span> {
    match duration {
        None => Some(Span::ZERO),
        Some(duration) => match (&duration.mean, &duration.shape) {
            (Mean::Time(time), Shape::Constant) if time.range.is_none() => Some(time.value),
            _ => None,
        },
    }
}

/// People set runs up and clear them away, as many as it takes, when they are there, and no one does two things at once.
pub(super) fn hands(
    hands: Option<&Hands>,
    crews: &[LabCrew],
    (runs, name): (&[Run], &str),
    findings: &mut Findings,
) {
    let Some(hands) = hands else {
        let alone = runs.iter().all(|run| run.handled.is_none());
        findings.unless(alone, Rule::Hands, || format!("{name} needs nobody"));
        return;
    };
    let people = hands.people as usize;
    let [setup, clean] = [&hands.setup, &hands.clean].map(|part| constant(part.as_ref()));
    let mut stretches = Vec::new();
    for run in runs {
        let Some(handled) = run.handled else {
            findings.add(Rule::Hands, format!("{name}: nobody is at {run:?}"));
            continue;
        };
        let fits = |span: Option<Span>, from: Time, to: Time| {
            span.is_none_or(|span| to == from + span || run.stopped && to <= from + span)
        };
        let ordered = run.start <= handled.loaded
            && handled.loaded <= handled.over
            && handled.over <= handled.unloaded
            && handled.unloaded <= run.end;
        let right = handled.people as usize == people
            && fits(setup, run.start, handled.loaded)
            && (run.stopped || fits(clean, handled.unloaded, run.end));
        findings.unless(ordered && right, Rule::Hands, || {
            format!("{name}: people are at {run:?} at other times than it takes")
        });
        let parts = [(run.start, handled.loaded), (handled.unloaded, run.end)];
        stretches.extend(parts.into_iter().filter(|(from, to)| from < to));
    }
    let all: u32 = crews.iter().map(|crew| crew.technicians).sum();
    let busy = Level::new(stretches.iter().copied());
    for &(from, _) in &stretches {
        let at_work = busy.at(from) * people;
        findings.unless(at_work <= all as usize, Rule::Hands, || {
            format!("{name}: {at_work} people at work at {from:?} of {all}")
        });
        let there: u32 = crews
            .iter()
            .filter(|crew| super::labs::on_duty(crew, from))
            .map(|crew| crew.technicians)
            .sum();
        findings.unless(there as usize >= people, Rule::OnDuty, || {
            format!("{name}: {there} people are there at {from:?}, and it takes {people}")
        });
    }
    let always = |crew: &LabCrew| crew.to.millis() - crew.from.millis() >= Span::DAY.millis();
    if crews.iter().all(always) {
        for run in runs {
            let Some(handled) = run
                .handled
                .filter(|handled| handled.unloaded > handled.over)
            else {
                continue;
            };
            let moments = [handled.over, handled.unloaded - Span::from_millis(1)];
            let busy = moments
                .iter()
                .all(|&at| (busy.at(at) + 1) * people > all as usize);
            findings.unless(busy, Rule::Hands, || {
                format!("{name}: {run:?} waits while there are people to unload it")
            });
        }
    }
}
