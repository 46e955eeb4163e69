//! Lanes whose crews come and go. When each lane has its crew in a replication is told by the trace, as people are absent at random; how hours,
//! breaks and suits make a timetable is worked out by hand in other tests.

use super::line::Service;
use super::{Case, Findings, Rule};
use swabplan::id::{RoundId, SiteId};
use swabplan::model::site::Scope;
use swabplan::sim::trace::StepRecord;

/// When a server is there, in order and apart, in milliseconds.
pub(super) type Hours = Vec<(i64, i64)>;

/// By lane of a site: when it has its crew, round after round; none if it has it all along.
pub(super) fn hours(case: Case, site: SiteId) -> Option<Vec<Hours>> {
    let mut lanes: Option<Vec<Hours>> = None;
    let of_site = case
        .trace
        .rosters
        .iter()
        .filter(|(_, here, _)| *here == site);
    for (round, _, roster) in of_site {
        let next = case.network.rounds.iter().find(|(other, next)| {
            *other > *round && next.sites.iter().any(|place| place.site == site)
        });
        let until = next.map_or(i64::MAX, |(_, next)| next.opens.millis());
        let lanes = lanes.get_or_insert_with(|| vec![Vec::new(); roster.lanes.len()]);
        for (mine, windows) in lanes.iter_mut().zip(&roster.lanes) {
            let clipped = windows
                .iter()
                .map(|window| (window.start.millis(), window.end.millis().min(until)));
            mine.extend(clipped.filter(|(from, to)| from < to));
        }
    }
    lanes
}

/// Whether no lane of a site has a crew in a round at a moment, or after it when the last was served who stood before its lanes.
pub(super) fn all_gone(case: Case, round: RoundId, site: SiteId, moment: i64) -> bool {
    let mut rosters = case.trace.rosters.iter();
    let roster = rosters.find(|(other, here, _)| (*other, *here) == (round, site));
    let stations = &case.model.sites[site].stations;
    let steps = case.trace.steps.iter();
    let here = steps.filter(|record| (record.round, record.site) == (round, site));
    let in_lane = here.map(|record| record.step);
    let in_lane = in_lane.filter(|step| stations[step.station as usize].scope == Scope::Lane);
    let last = in_lane.map(|step| step.end).max();
    let moment = last.map_or(moment, |last| last.max(moment));
    roster.is_some_and(|(_, _, roster)| {
        let mut windows = roster.lanes.iter().flatten();
        windows.all(|window| window.end.millis() <= moment)
    })
}

/// Whether people of a round are still taken in when the next of the site has opened, whose crews are others: then the lanes have the hours of
/// two rounds at once.
pub(super) fn runs_over(case: Case, site: SiteId) -> bool {
    let mut opened = Vec::new();
    for (round, here, _) in &case.trace.rosters {
        if *here == site {
            opened.push((*round, case.network.rounds[*round].opens.millis()));
        }
    }
    let mut steps = case.trace.steps.iter().filter(|record| record.site == site);
    steps.any(|record| {
        let later =
            |(round, opens): &(RoundId, i64)| *round > record.round && *opens <= record.step.start;
        opened.iter().any(later)
    })
}

/// Nobody is taken by a lane that has no crew; who stays with a household goes on with it.
pub(super) fn on_duty(case: Case, record: &StepRecord, lane: usize, findings: &mut Findings) {
    let (round, site, step): (RoundId, SiteId, _) = (record.round, record.site, record.step);
    let mut rosters = case.trace.rosters.iter();
    let roster = rosters.find(|(other, here, _)| (*other, *here) == (round, site));
    let Some((_, _, roster)) = roster.filter(|_| step.group == step.rank) else {
        return;
    };
    let there = roster.lanes[lane]
        .iter()
        .any(|window| window.start.millis() <= step.start && step.start < window.end.millis());
    findings.unless(there, Rule::OnDuty, || {
        format!(
            "{site:?}: lane {lane} has no crew and starts at {}",
            step.start
        )
    });
}

/// Since when a server that was free at `free` has been waiting at `moment`; none if it is not there.
pub(super) fn waiting_since(hours: &Hours, free: i64, moment: i64) -> Option<i64> {
    let here = hours
        .iter()
        .find(|(from, to)| *from <= moment && moment < *to);
    here.map(|(from, _)| free.max(*from))
}

/// When servers are away, as if someone kept them busy.
pub(super) fn away(services: &[Service], hours: &[Hours]) -> Vec<Service> {
    let first = services
        .iter()
        .map(|service| service.ready)
        .min()
        .unwrap_or(0);
    let last = services
        .iter()
        .map(|service| service.start)
        .max()
        .unwrap_or(0);
    let mut away = Vec::new();
    for (server, hours) in (0..).zip(hours) {
        let mut gone = first;
        let mut gaps: Vec<(i64, i64)> = Vec::new();
        for &(from, to) in hours {
            gaps.push((gone, from));
            gone = gone.max(to);
        }
        gaps.push((gone, last));
        for (from, to) in gaps {
            // Whoever was taken before is served to the end.
            let own = services.iter().filter(|service| service.server == server);
            let over = own
                .filter(|service| service.start < from)
                .map(|service| service.end);
            let from = over.max().unwrap_or(from).max(from);
            if from < to {
                away.push(Service {
                    ready: from,
                    start: from,
                    end: to,
                    server,
                    first: false,
                });
            }
        }
    }
    away
}
