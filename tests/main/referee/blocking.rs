//! Room between stations: until when whoever is done at a station stays there.

use super::{Case, Person};
use std::collections::BTreeMap;
use swabplan::id::{RoundId, SiteId};
use swabplan::model::site::{Queue, Scope};
use swabplan::sim::trace::StepRecord;

/// When people left a station of a site for another with limited room, by person and the moment at which they were done.
///
/// A line is served in its order. So whoever is number n in it, from 0, and finds room for b who wait, goes there as soon as number n − b
/// is served (without room: when served), and not before being done.
pub(super) fn left(case: Case, id: SiteId) -> BTreeMap<(Person, i64), i64> {
    let site = &case.model.sites[id];
    let scopes = || site.stations.iter().map(|station| station.scope);
    let entry = scopes().take_while(|&scope| scope == Scope::Site).count();
    let mut left = BTreeMap::new();
    for (index, station) in site.stations.iter().enumerate() {
        let Some(room) = station.room else {
            continue;
        };
        let split = index > entry || (index == entry && site.queue == Queue::PerLane);
        let mut lines = BTreeMap::<(RoundId, u32), Vec<&StepRecord>>::new();
        for record in &case.trace.steps {
            if record.site == id && record.step.station as usize == index {
                let number = if split {
                    record.step.server / station.servers
                } else {
                    0
                };
                lines
                    .entry((record.round, number))
                    .or_default()
                    .push(record);
            }
        }
        for mut line in lines.into_values() {
            line.sort_by_key(|record| (record.step.ready, record.step.start));
            for (number, record) in line.iter().enumerate() {
                let before = number.checked_sub(room as usize);
                let room_from = before.map_or(i64::MIN, |before| line[before].step.start);
                let step = record.step;
                let person = (record.round, record.site, step.source, step.rank);
                left.insert((person, step.ready), step.ready.max(room_from));
            }
        }
    }
    left
}
