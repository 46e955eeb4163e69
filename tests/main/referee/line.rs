//! One line and its servers, whoever stands in it: the rules that hold at a desk as at a machine.

use super::crews::{Hours, waiting_since};
use super::{Findings, Rule};
use std::collections::BTreeMap;

/// Someone at a server. Milliseconds.
#[derive(Clone, Copy)]
pub(super) struct Service {
    pub(super) ready: i64,
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) server: u32,
    /// Whether who is served is taken first.
    pub(super) first: bool,
}

/// No server serves two at once, and each exists.
pub(super) fn one_at_a_time(
    services: &[Service],
    servers: u32,
    name: &str,
    findings: &mut Findings,
) {
    let mut free = BTreeMap::new();
    for service in by_start(services) {
        let Service {
            start, end, server, ..
        } = service;
        findings.unless(server < servers, Rule::OneAtATime, || {
            format!("{name}: server {server} of {servers}")
        });
        let earlier = free.insert(server, end).unwrap_or(i64::MIN);
        findings.unless(earlier <= start, Rule::OneAtATime, || {
            format!("{name}: server {server} starts at {start} and is busy until {earlier}")
        });
    }
}

/// Nobody starts before someone who was ready earlier.
pub(super) fn first_come(services: &[Service], name: &str, findings: &mut Findings) {
    let mut line = services.to_vec();
    line.sort_unstable_by_key(|service| (service.ready, service.start));
    // The latest start of all who were ready earlier, and of those ready at the same moment.
    let (mut earlier, mut now, mut same) = (i64::MIN, i64::MIN, i64::MIN);
    for Service { ready, start, .. } in line {
        if ready > now {
            (earlier, now) = (earlier.max(same), ready);
        }
        findings.unless(start >= earlier, Rule::FirstComeFirstServed, || {
            format!("{name}: ready at {ready} and started at {start}, before one ready earlier who started at {earlier}")
        });
        same = same.max(start);
    }
}

/// Nobody starts while someone waits who is taken first.
pub(super) fn priority(services: &[Service], name: &str, findings: &mut Findings) {
    let mut line = by_start(services);
    line.reverse();
    // From the last start back: the earliest moment at which someone was ready who is taken first and starts later.
    let (mut ready, mut now, mut same) = (i64::MAX, i64::MAX, i64::MAX);
    for service in line {
        if service.start < now {
            (ready, now, same) = (ready.min(same), service.start, i64::MAX);
        }
        findings.unless(
            service.first || ready >= service.start,
            Rule::FirstComeFirstServed,
            || {
                format!(
                    "{name}: starts at {} while someone waits since {ready} who is taken first",
                    service.start
                )
            },
        );
        if service.first {
            same = same.min(service.ready);
        }
    }
}

/// Each start is by a server that has been free longest.
pub(super) fn longest_free(
    services: &[Service],
    hours: &[Hours],
    name: &str,
    findings: &mut Findings,
) {
    let mut free = vec![i64::MIN; hours.len()];
    let mut line = by_start(services);
    while let Some(&first) = line.first() {
        // Of those who start at the same moment the order is not recorded: take the one whose server was free first.
        let together = line
            .iter()
            .take_while(|service| service.start == first.start)
            .count();
        let waiting = |server: usize| {
            let free = *free.get(server)?;
            waiting_since(&hours[server], free, first.start)
        };
        let next = (0..together)
            .min_by_key(|&at| waiting(line[at].server as usize))
            .unwrap_or(0);
        let service = line.remove(next);
        let Some(since) = waiting(service.server as usize) else {
            continue;
        };
        let longest = (0..free.len()).filter_map(waiting).min().unwrap_or(since);
        findings.unless(since == longest, Rule::LongestFree, || {
            format!(
                "{name}: server {} takes over at {} though another was free before",
                service.server, service.start
            )
        });
        free[service.server as usize] = service.end;
    }
}

/// No server is idle while someone waits. `waits` are the stretches in which people wait and could be served.
pub(super) fn no_idling(
    services: &[Service],
    waits: &[(i64, i64)],
    servers: u32,
    name: &str,
    findings: &mut Findings,
) {
    let mut changes: Vec<(i64, i64, i64)> = Vec::new();
    for service in services
        .iter()
        .filter(|service| service.end > service.start)
    {
        changes.extend([(service.start, 1, 0), (service.end, -1, 0)]);
    }
    for &(from, to) in waits.iter().filter(|(from, to)| to > from) {
        changes.extend([(from, 0, 1), (to, 0, -1)]);
    }
    changes.sort_unstable();
    let (mut busy, mut waiting, mut since) = (0, 0, i64::MIN);
    for (at, served, waits) in changes {
        findings.unless(
            at == since || waiting == 0 || busy >= i64::from(servers),
            Rule::NoIdling,
            || {
                format!(
                    "{name}: {waiting} wait from {since} to {at} while {busy} of {servers} are busy"
                )
            },
        );
        (busy, waiting, since) = (busy + served, waiting + waits, at);
    }
}

fn by_start(services: &[Service]) -> Vec<Service> {
    let mut line = services.to_vec();
    line.sort_unstable_by_key(|service| (service.start, service.end, service.server));
    line
}
