//! When people come who are called.

use super::{Case, Findings, Rule};
use swabplan::id::{RoundId, SiteId};
use swabplan::model::coming::Coming;
use swabplan::model::site::Site;
use swabplan::model::{Cell, Round};

/// Nobody comes before grid workers could have knocked, with notice and the walk from home after that.
pub(super) fn review(case: Case, findings: &mut Findings) {
    for record in case.trace.steps.iter().filter(|one| one.step.station == 0) {
        let (site, step) = (&case.model.sites[record.site], record.step);
        let source = source(case, record.round, record.site, step.source);
        let round = &case.model.rounds[record.round];
        let cell = &case.model.cells[round.cells[source.cell as usize]];
        // Who is fetched or was not foreseen is not called.
        if source.fetched || step.rank >= cell.due() {
            continue;
        }
        let Some(earliest) = earliest(case, (round, site), cell, step.rank) else {
            continue;
        };
        findings.unless(step.ready >= earliest, Rule::Called, || {
            format!(
                "{}: number {} of {} is there at {}, where {earliest} is the earliest",
                site.name.id, step.rank, cell.name.id, step.ready
            )
        });
    }
}

/// When a person of a cell can first be at the site, in milliseconds, if people are called there.
fn earliest(case: Case, (round, site): (&Round, &Site), cell: &Cell, rank: u32) -> Option<i64> {
    let Coming::Called {
        batch,
        notice,
        walk,
        ..
    } = &site.coming
    else {
        return None;
    };
    let mut earliest = round.opens + *notice;
    if let (true, Some(from), Some(to)) = (*walk, cell.position, site.position) {
        earliest += case.model.walking.time(from, to);
    }
    let told = site.crowd.callers.as_ref().map_or(0.0, |callers| {
        let drawn = callers.workers.range.is_some() || callers.households.range.is_some();
        let an_hour = f64::from(callers.workers.value) * callers.households.value * callers.size;
        let before = rank - rank % batch;
        if drawn {
            0.0
        } else {
            f64::from(before) / an_hour * 3.6e6
        }
    });
    Some(earliest.millis() + told as i64 - 1)
}

fn source(case: Case<'_>, round: RoundId, site: SiteId, number: u32) -> &swabplan::network::Source {
    let mut places = case.network.rounds[round].sites.iter();
    let place = places.find(|place| place.site == site);
    let sources = &place.expect("a site that speaks has people").sources;
    &sources[number as usize]
}
