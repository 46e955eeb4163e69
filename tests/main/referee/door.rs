//! The line at the door where something bounds it. A trace tells of those who were served; they cannot have stood where there was no room, nor
//! longer than all would wait.

use super::sites::{Opening, openings};
use super::{Case, Findings, Rule};
use swabplan::id::{RoundId, SiteId};
use swabplan::model::service::Shape;
use swabplan::model::site::Waiting;
use swabplan::sim::trace::StepRecord;

pub(super) fn review(case: Case, findings: &mut Findings) {
    for (id, site) in case.model.sites.iter() {
        let Some(waiting) = site.crowd.waiting.as_ref() else {
            continue;
        };
        for round in case.model.rounds.ids() {
            let steps = case.trace.steps.iter();
            let here = |record: &&StepRecord| {
                (record.round, record.site) == (round, id) && record.step.station == 0
            };
            let stood: Vec<(i64, i64)> = steps
                .filter(here)
                .map(|record| (record.step.ready, record.step.start))
                .collect();
            // A household is let in whole.
            if !site.keeps_households() {
                room(case, (round, id), &stood, findings);
                patience(case, (round, id), waiting, &stood, findings);
            }
        }
    }
}

/// Whoever joins finds room: fewer than there is room for came before and have not started.
fn room(case: Case, (round, id): (RoundId, SiteId), stood: &[(i64, i64)], findings: &mut Findings) {
    let space = case.network.sites[id].waiting.as_ref();
    let space = space.map_or(u32::MAX, |waiting| waiting.space) as usize;
    for &(ready, start) in stood.iter().filter(|(ready, start)| start > ready) {
        let before = stood
            .iter()
            .filter(|(other, until)| *other < ready && *until > ready);
        let before = before.count();
        findings.unless(before < space, Rule::Door, || {
            format!("{round:?}, {id:?}: joins at {ready} and starts at {start} behind {before}, with room for {space}")
        });
    }
}

/// Where all have the same patience, nobody waits longer from when the site is open.
fn patience(
    case: Case,
    (round, id): (RoundId, SiteId),
    waiting: &Waiting,
    stood: &[(i64, i64)],
    findings: &mut Findings,
) {
    let Some(patience) = waiting.patience.as_ref() else {
        return;
    };
    let ranged = matches!(&patience.mean, swabplan::model::service::Mean::Time(time) if time.range.is_some());
    if patience.shape != Shape::Constant || ranged {
        return;
    }
    let most = patience.nominal().millis();
    let open: Vec<Opening> = openings(case, round, id);
    // Pauses put off when a person could first be served.
    if !super::sites::pauses(case, id).is_empty() {
        return;
    }
    for &(ready, start) in stood {
        let before = open.iter().find(|opening| ready < opening.to);
        let from = before.map_or(ready, |opening| ready.max(opening.from));
        findings.unless(start - from <= most, Rule::Door, || {
            format!("{round:?}, {id:?}: there at {ready}, waits until {start}, with a patience of {most}")
        });
    }
}
