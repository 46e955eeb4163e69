//! People who stay at a station when they are done there, as there is no room before the next: nobody is served in their place.
//!
//! Whoever has stayed longest goes first when there is room again; then whoever waits for the place is served.

use super::Events;
use crate::network::Site;
use crate::sim::observer::SiteObserver;
use crate::sim::site::Work;

/// Who stays where.
pub(super) struct Blocked {
    /// By station: how many may wait in each of its lines; empty if any number may before all.
    rooms: Vec<u32>,
    /// In the order in which they were done.
    people: Vec<Stays>,
    /// How long people stayed so far, milliseconds.
    pub(super) total: i64,
}

/// Someone who stays at a station.
#[derive(Clone, Copy)]
struct Stays {
    person: u32,
    /// Where.
    slot: usize,
    /// To which station the person goes.
    to: usize,
    since: i64,
}

impl Blocked {
    pub(super) fn new(site: &Site) -> Self {
        let stations = || site.stations.values();
        let rooms = if stations().all(|station| station.room.is_none()) {
            Vec::new()
        } else {
            let room = |station: &crate::network::Station| station.room.unwrap_or(u32::MAX);
            stations().map(room).collect()
        };
        Self {
            rooms,
            people: Vec::new(),
            total: 0,
        }
    }

    /// Whether anyone stays anywhere.
    #[inline]
    pub(super) const fn is_anyone(&self) -> bool {
        !self.people.is_empty()
    }
}

impl Events<'_> {
    /// Whether someone who is done at a station stays there, as there is no room before the next.
    #[inline]
    pub(super) fn blocks<S: SiteObserver>(
        &mut self,
        work: &Work<S>,
        (person, slot): (u32, usize),
        to: usize,
        now: i64,
    ) -> bool {
        if self.blocked.rooms.is_empty() || self.has_room(work, person, to, now) {
            return false;
        }
        self.floor.stay(slot);
        self.blocked.people.push(Stays {
            person,
            slot,
            to,
            since: now,
        });
        true
    }

    /// Whether there is room for a person before a station: a place to wait, or a server who takes the person at once.
    fn has_room<S>(&mut self, work: &Work<S>, person: u32, station: usize, now: i64) -> bool {
        let entry = &mut self.people[person as usize];
        let arrival = entry.swab.arrival;
        let node = self.floor.node(station, &mut entry.lane);
        if self.floor.waiting(node) < self.blocked.rooms[station] as usize {
            return true;
        }
        if !self.floor.is_empty(node) || !self.floor.has_idle(node) {
            return false;
        }
        let start = self.floor.admit(node, now, arrival, work.site.sends_home);
        if let Some(start) = start.filter(|&start| start > now) {
            // Nobody stands in the line for whom the hour would be watched.
            self.gate = self.gate.min(start);
        }
        start == Some(now)
    }

    /// Lets those go on for whom there is room now.
    #[inline(never)]
    pub(super) fn unblock<S: SiteObserver>(&mut self, work: &mut Work<S>, now: i64) {
        let mut at = 0;
        while let Some(&stays) = self.blocked.people.get(at) {
            if !self.has_room(work, stays.person, stays.to, now) {
                at += 1;
                continue;
            }
            self.blocked.people.remove(at);
            self.blocked.total += now - stays.since;
            self.people[stays.person as usize].ready = stays.since;
            let (_, start) = self.floor.served(stays.slot);
            let free = self.floor.leave(stays.slot, start, now);
            if free > now {
                self.floor.hold(stays.slot, free);
            } else {
                self.make_free(work, stays.slot, now);
            }
            self.come(work, stays.person, stays.to, now);
            // There may be room now for others who stayed longer.
            at = 0;
        }
    }
}
