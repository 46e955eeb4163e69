//! Households that are kept together, and teams that visit them.

use super::crews;
use super::line::{self, Service};
use super::sites::{Hours, openings, pauses};
use super::{Case, Findings, Rule};
use std::collections::{BTreeMap, BTreeSet};
use swabplan::id::{RoundId, SiteId};
use swabplan::model::site::Site;
use swabplan::model::visits::Unit;
use swabplan::network::{Shares, Source};
use swabplan::sim::observer::Step;

/// The people of a household or stop: round, source, who began it.
type Groups = BTreeMap<(RoundId, u32, u32), Vec<Step>>;

pub(super) fn review(case: Case, findings: &mut Findings) {
    let sites = case.model.sites.iter();
    for (id, _) in sites.filter(|(id, site)| together(case, *id, site)) {
        let mut groups = Groups::new();
        for record in case.trace.steps.iter().filter(|record| record.site == id) {
            let name = (record.round, record.step.source, record.step.group);
            groups.entry(name).or_default().push(record.step);
        }
        for (name, steps) in &mut groups {
            steps.sort_unstable_by_key(|step| step.start);
            kept_together(case, (id, *name), steps, findings);
        }
        in_order(case, id, &groups, findings);
        line(case, id, &groups, findings);
        tubes(case, id, &groups, findings);
    }
}

/// Whether a site keeps households together; where someone is taken first it cannot, and none of its cells has household tubes.
pub(super) fn together(case: Case, id: SiteId, site: &Site) -> bool {
    let mut cells = case.model.cells.values().filter(|cell| cell.site == id);
    let taken_first = cells.any(|cell| cell.priority.is_some());
    site.keeps_households() && (site.visits.is_some() || !taken_first)
}

fn source(case: Case<'_>, round: RoundId, site: SiteId, source: u32) -> &Source {
    let places = &case.network.rounds[round].sites;
    let place = places.iter().find(|place| place.site == site);
    &place.expect("the site speaks").sources[source as usize]
}

/// One lane or team serves a household or stop from its first to its last person, at a door without a pause, at a stop but for breaks.
fn kept_together(
    case: Case,
    (site, name): (SiteId, (RoundId, u32, u32)),
    steps: &[Step],
    findings: &mut Findings,
) {
    let servers: BTreeSet<u32> = steps.iter().map(|step| step.server).collect();
    findings.unless(
        servers.len() == 1 && steps[0].rank == name.2,
        Rule::OneAtATime,
        || format!("{site:?} {name:?} is served by {servers:?}"),
    );
    let visits = case.model.sites[site].visits.as_ref();
    let at_stop = visits.is_some_and(|visits| visits.unit == Unit::Cell);
    let openings = openings(case, name.0, site);
    for pair in steps.windows(2) {
        let next = pair[1].start;
        let break_ends = at_stop && openings.iter().any(|opening| opening.from == next);
        findings.unless(next == pair[0].end || break_ends, Rule::NoIdling, || {
            format!(
                "{site:?} {name:?}: one ends at {}, the next starts at {next}",
                pair[0].end
            )
        });
        findings.unless(
            pair[0].rank < pair[1].rank,
            Rule::FirstComeFirstServed,
            || {
                format!(
                    "{site:?} {name:?}: {} before {}",
                    pair[0].rank, pair[1].rank
                )
            },
        );
    }
    if visits.is_some() {
        let at_once = steps.iter().all(|step| step.ready == step.start);
        findings.unless(at_once, Rule::Causality, || {
            format!("{site:?} {name:?}: someone who is visited waits in a line")
        });
    }
}

/// Who is visited is visited in the order of the list.
fn in_order(case: Case, site: SiteId, groups: &Groups, findings: &mut Findings) {
    if case.model.sites[site].visits.is_none() {
        return;
    }
    let mut latest: BTreeMap<RoundId, i64> = BTreeMap::new();
    for (&(round, number, group), steps) in groups {
        if source(case, round, site, number).fetched {
            continue;
        }
        let latest = latest.entry(round).or_insert(i64::MIN);
        findings.unless(
            steps[0].start >= *latest,
            Rule::FirstComeFirstServed,
            || format!("{site:?}: {number}/{group} is visited before one ahead on the list"),
        );
        *latest = steps[0].start.max(*latest);
    }
}

/// Since when teams have people on their list: all who are due as the round opens, who did not come by themselves when that is known, and
/// whom nobody foresaw as they turn up.
fn listed(case: Case, source: &Source, id: RoundId, openings: &[super::sites::Opening]) -> i64 {
    if source.fetched {
        let catch_up = case.model.catch_up.as_ref();
        let close = openings.last().map_or(0, |opening| opening.to);
        return catch_up.map_or(close, |catch_up| {
            close - catch_up.before_close.millis() + catch_up.notice.millis()
        });
    }
    let round = &case.model.rounds[id];
    let cell = round.cells[source.cell as usize];
    if source.first_rank < case.model.cells[cell].due() {
        return round.opens.millis();
    }
    let turn_up = super::sites::unforeseen_in(case, cell);
    let begin = source.begin;
    assert!(
        turn_up.iter().any(|window| window.start == begin),
        "more people than are due in {cell:?}, and no incident"
    );
    begin.millis()
}

/// The line of households: teams have all of the list before them as the round opens.
fn line(case: Case, site: SiteId, groups: &Groups, findings: &mut Findings) {
    let (model, lanes) = (&case.model.sites[site], case.network.sites[site].lanes);
    let (mut services, mut waits) = (Vec::new(), Vec::new());
    let pauses = pauses(case, site);
    for (&(round, number, _), steps) in groups {
        let (first, last) = (steps[0], steps[steps.len() - 1]);
        let openings = openings(case, round, site);
        let ready = if model.visits.is_none() {
            first.ready
        } else {
            listed(case, source(case, round, site, number), round, &openings)
        };
        let hours = Hours {
            pauses: &pauses,
            openings: &openings,
            arrival: ready,
            door: true,
            close: model.hours.at_close,
        };
        findings.unless(hours.allow(first.start), Rule::OnDuty, || {
            format!("{site:?}: begun at {} when nobody is on duty", first.start)
        });
        waits.extend(hours.waits(ready, first.start));
        services.push(Service {
            ready,
            start: first.start,
            end: last.end,
            server: first.server,
            first: false,
        });
    }
    let name = format!("{} households", model.name.id);
    line::one_at_a_time(&services, lanes, &name, findings);
    if crews::runs_over(case, site) {
        return;
    }
    line::first_come(&services, &name, findings);
    let always = || vec![vec![(i64::MIN, i64::MAX)]; lanes as usize];
    let hours = crews::hours(case, site).unwrap_or_else(always);
    line::longest_free(&services, &hours, &name, findings);
    services.extend(crews::away(&services, &hours));
    line::no_idling(&services, &waits, lanes, &name, findings);
}

/// A household tube holds nobody else, and a household has no more of them than it needs.
fn tubes(case: Case, site: SiteId, groups: &Groups, findings: &mut Findings) {
    let rules = &case.model.sites[site].tubes;
    let mut of: BTreeMap<(RoundId, u32, u32), u32> = BTreeMap::new();
    for (&(round, number, group), steps) in groups {
        for step in steps {
            of.insert((round, number, step.rank), group);
        }
    }
    let mut used: BTreeMap<(RoundId, u32, u32), u32> = BTreeMap::new();
    for record in case.trace.tubes.iter().filter(|record| record.site == site) {
        let number = record.swabs[0].source;
        if source(case, record.round, site, number).shares != Shares::Household {
            continue;
        }
        let holds: BTreeSet<(u32, Option<&u32>)> = record
            .swabs
            .iter()
            .map(|swab| (swab.source, of.get(&(record.round, swab.source, swab.rank))))
            .collect();
        findings.unless(holds.len() == 1, Rule::Tubes, || {
            format!("{:?} holds {holds:?}", record.tube)
        });
        if let Some(&&group) = holds.iter().find_map(|(_, group)| group.as_ref()) {
            *used.entry((record.round, number, group)).or_default() += 1;
        }
    }
    let by_time = rules.max_age.is_some() || rules.max_idle.is_some();
    for ((round, number, group), tubes) in used.into_iter().filter(|_| !by_time) {
        let most = source(case, round, site, number).pool;
        let people = groups[&(round, number, group)].len() as u32;
        let stopped = case.network.stop.millis() < i64::MAX / 8;
        findings.unless(
            stopped || tubes == people.div_ceil(most),
            Rule::Tubes,
            || format!("a household of {people} fills {tubes} tubes of {most}"),
        );
    }
}
