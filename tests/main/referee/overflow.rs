//! Laboratories that send tubes on while too many wait.

use super::{Case, Findings, Rule};
use std::collections::BTreeMap;
use swabplan::id::{CourierId, Id as _, LabId, SiteId};
use swabplan::model::lab::Work;
use swabplan::model::service::{Duration, Mean, Shape};
use swabplan::sim::observer::{After, Origin, Passage};
use swabplan::sim::trace::SentRecord;
use swabplan::units::{Span, Time};

/// A tube: where it comes from, its lane and its number there.
pub(super) type Name = (Origin, u32, u32);

/// What one courier brings from one site to a laboratory at one moment, in the order in which it is decided about; tubes from elsewhere first.
type Bag = (Time, Option<CourierId>, Option<SiteId>);

/// Where each tube that is sent on comes to at last. It goes from door to door, from the one to which its courier brings it.
pub(super) fn doors(case: Case, findings: &mut Findings) -> BTreeMap<Name, (LabId, Time)> {
    let mut brought = BTreeMap::new();
    for record in &case.trace.tubes {
        let origin = Origin {
            round: record.round,
            site: Some(record.site),
            recall: false,
            feed: None,
        };
        let mut couriers = case.model.couriers.values();
        let courier = couriers.find(|courier| courier.sites.contains(&record.site));
        let at = Time::from_millis(record.tube.delivered);
        let to = courier.map(|courier| (courier.to, at));
        brought.insert((origin, record.tube.lane, record.tube.serial), to);
    }
    let mut sent: Vec<&SentRecord> = case.trace.sent_on.iter().collect();
    sent.sort_by_key(|record| record.at);
    let mut doors = BTreeMap::new();
    for record in sent {
        let name = (record.origin, record.lane, record.tube);
        let first = brought.get(&name).copied().flatten();
        let at = doors.get(&name).copied().or(first);
        let overflow = case.model.labs[record.from].overflow.as_ref();
        let right = overflow.is_some_and(|overflow| {
            let fixed = overflow.takes.as_ref().and_then(fixed);
            overflow.to == record.to
                && record.at <= record.there
                && fixed.is_none_or(|takes| record.at + takes == record.there)
        });
        findings.unless(
            right && at == Some((record.from, record.at)),
            Rule::Overflow,
            || format!("{record:?} was at {at:?}"),
        );
        doors.insert(name, (record.to, record.there));
    }
    doors
}

/// How long something takes, if it always takes as long.
fn fixed(takes: &Duration) -> Option<Span> {
    match &takes.mean {
        Mean::Time(time) if time.range.is_none() && takes.shape == Shape::Constant => {
            Some(time.value)
        }
        Mean::Time(_) | Mean::Pace(_) => None,
    }
}

/// What a courier brings is taken in or sent on whole, by how many tubes wait then: taken in before, and not yet in their test.
pub(super) fn review(case: Case, findings: &mut Findings) {
    if case.network.stop != Time::NEVER {
        // Of tubes whose passages are not over nothing is known.
        return;
    }
    for (id, lab) in case.network.labs.iter() {
        let Some(overflow) = &lab.overflow else {
            continue;
        };
        let waits = waits(case, id);
        for (bag, [taken, sent]) in bags(case, id) {
            let waiting = waits.iter().filter(|wait| wait.lasts_at(bag)).count();
            let full = waiting > overflow.over as usize;
            let right = if full { taken == 0 } else { sent == 0 };
            findings.unless(right, Rule::Overflow, || {
                format!("{id:?} took {taken} and sent on {sent} of {bag:?}, with {waiting} waiting")
            });
        }
    }
}

/// How many tubes of each delivery by a courier were taken in and sent on.
fn bags(case: Case, lab: LabId) -> BTreeMap<Bag, [u32; 2]> {
    let mut bags = BTreeMap::<Bag, [u32; 2]>::new();
    let mut count = |origin: Origin, at, kind: usize| {
        if origin.site.is_some() {
            bags.entry(bag(case, origin, at)).or_default()[kind] += 1;
        }
    };
    let deliveries = case.trace.deliveries.iter();
    for arrival in deliveries.filter(|arrival| arrival.lab == lab) {
        count(arrival.origin, arrival.at, 0);
    }
    let sent = case.trace.sent_on.iter();
    for record in sent.filter(|record| record.from == lab) {
        count(record.origin, record.at, 1);
    }
    bags
}

fn bag(case: Case, origin: Origin, at: Time) -> Bag {
    let courier = origin.site.map(|site| case.network.sites[site].courier);
    (at, courier, origin.site)
}

/// A time during which a tube waits for its test.
struct Wait {
    from: From,
    /// Who comes at this moment still finds it waiting.
    until: Time,
}

/// Since when a tube waits.
enum From {
    /// It was brought.
    Door(Bag),
    /// It goes again from a moment: who comes at that moment does not find it waiting yet.
    Again(Time),
}

impl Wait {
    fn lasts_at(&self, bag: Bag) -> bool {
        let begun = match self.from {
            From::Door(door) => door < bag,
            From::Again(moment) => moment < bag.0,
        };
        begun && bag.0 <= self.until
    }
}

/// When tubes wait for their test in a laboratory.
fn waits(case: Case, id: LabId) -> Vec<Wait> {
    let lab = &case.model.labs[id];
    let is_served = matches!(
        lab.stages[lab.test].work,
        Work::Workers { .. } | Work::Machines { .. }
    );
    if lab.test == 0 && !is_served {
        return Vec::new();
    }
    let mut ways = BTreeMap::<u32, Vec<&Passage>>::new();
    for passage in case.trace.passages.iter().filter(|one| one.lab == id) {
        ways.entry(passage.serial).or_default().push(passage);
    }
    let mut waits = Vec::new();
    for arrival in case.trace.deliveries.iter().filter(|one| one.lab == id) {
        let mut from = Some(From::Door(bag(case, arrival.origin, arrival.at)));
        let mut way = ways.remove(&arrival.serial).unwrap_or_default();
        way.sort_by_key(|passage| passage.end);
        for passage in way {
            let tested = passage.stage.index() == lab.test;
            let until = match passage.after {
                _ if tested && is_served => passage.start,
                _ if tested => passage.since,
                After::Failed(_) => passage.end,
                After::On
                | After::Rerun
                | After::Stopped
                | After::Retest
                | After::Confirm
                | After::Positive => continue,
            };
            waits.extend(from.take().map(|from| Wait { from, until }));
            from = match passage.after {
                After::Stopped | After::Rerun | After::Retest | After::Confirm => {
                    Some(From::Again(passage.end))
                }
                After::On | After::Failed(_) | After::Positive => None,
            };
        }
    }
    waits
}
