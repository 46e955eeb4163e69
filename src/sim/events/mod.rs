//! A site as an event loop, for what the recursion cannot follow: several servers at a desk, a line for each lane, ways that branch, people
//! who are taken first, walks between stations. A slot per server holds when it ends; the next event is the least of them, something that waits
//! for its hour, or the next arrival.
//!
//! At one instant the site opens, then services end, in the order of stations, lanes and numbers, then people come from one station to the
//! next, then people give up who have waited long enough, then people arrive.

mod blocking;
mod floor;
mod leaving;

use super::arrivals::Block;
use super::clock::Clock;
use super::observer::{SiteObserver, Step};
use super::site::{Servers, Work};
use super::told::Told;
use super::tubes::Swab;
use crate::model::site::Missed;
use crate::random::Key;
use blocking::Blocked;
use floor::{Floor, IDLE, NOBODY};
use leaving::Leaving;
use std::collections::VecDeque;

/// Takes all people of the site's round through its stations.
pub(super) fn run<S: SiteObserver>(work: &mut Work<S>, servers: &mut Servers, line_per_lane: bool) {
    let mut events = Events::new(work, servers, line_per_lane);
    let mut block = work.block();
    while work.next(&mut block) {
        for index in 0..block.len {
            events.serve_until(work, block.arrival[index]);
            events.arrive(work, &block, index);
        }
    }
    events.serve_until(work, events.floor.end_of_time() - 1);
    events.finish(work, servers);
}

/// A person at the site.
#[derive(Clone, Copy)]
struct Person {
    swab: Swab,
    ready: i64,
    waited: i64,
    lane: u32,
    rank: Rank,
    /// Whether the person is in a line at the door where people give up, or has been.
    stands: Stands,
}

/// Where someone stands who may give up.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// In no line at the door.
    Elsewhere,
    /// In a line at the door.
    Waits,
    /// In the records of a line at the door, but gone.
    GaveUp,
}

/// Who is taken first where people wait; within a rank who comes first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rank {
    /// Before the others.
    First,
    /// After those.
    Usual,
}

struct Events<'a> {
    floor: Floor<'a>,
    people: Vec<Person>,
    /// By person and station.
    service: Vec<u32>,
    /// Numbers of people who have left.
    gone: Vec<u32>,
    stations: usize,
    /// By station: who walks on from it, and when they are there. All take the same time, so they are there in order.
    walkers: Vec<VecDeque<(i64, u32)>>,
    /// When the first of the walkers is there.
    walked: i64,
    /// When the site next opens for someone who waits, or the crew of a lane comes or goes.
    gate: i64,
    clock: Option<Clock<'a>>,
    /// Who gives up when, where something bounds the line at the door.
    leaving: Option<Leaving<'a>>,
    /// When someone next may give up.
    leaves: i64,
    /// Who stays at a station as there is no room before the next.
    blocked: Blocked,
    busy: Vec<i64>,
    /// By rank.
    told: [Told; 2],
}

impl<'a> Events<'a> {
    fn new<S>(work: &Work<'a, S>, servers: &Servers, line_per_lane: bool) -> Self {
        let stations = work.site.stations.len();
        let roster = work.clock.and_then(|clock| clock.roster);
        let mut floor = Floor::new((work.site, work.round), roster, servers, line_per_lane);
        let gate = floor.change_crews(i64::MIN);
        Self {
            floor,
            people: Vec::new(),
            service: Vec::new(),
            gone: Vec::new(),
            stations,
            walkers: vec![VecDeque::new(); stations],
            walked: IDLE,
            gate,
            clock: work.clock,
            leaving: work.door.clone().map(Leaving::new),
            leaves: IDLE,
            blocked: Blocked::new(work.site),
            busy: vec![0; stations],
            told: [true, false].map(Told::new),
        }
    }

    /// Does what happens up to a moment, services that end then included.
    fn serve_until<S: SiteObserver>(&mut self, work: &mut Work<S>, moment: i64) {
        loop {
            let (slot, end) = self.floor.next_end();
            let other = self.gate.min(self.walked).min(self.leaves);
            if end.min(other) > moment {
                return;
            }
            if self.gate <= end && self.gate <= other {
                self.open(work);
            } else if end <= other {
                self.end(work, slot, end);
            } else if self.walked <= other {
                self.walk_in(work);
            } else {
                self.give_up(work);
            }
            if self.blocked.is_anyone() {
                self.unblock(work, end.min(other));
            }
        }
    }

    /// A person comes to the site.
    fn arrive<S: SiteObserver>(&mut self, work: &mut Work<S>, block: &Block, index: usize) {
        let swab = block.swab(index, 0);
        let first = work.priority.get(swab.source as usize);
        let first =
            first.is_some_and(|(luck, below)| luck.word(u64::from(swab.rank)) >> 32 < *below);
        let person = Person {
            swab,
            ready: swab.arrival,
            waited: 0,
            lane: 0,
            rank: if first { Rank::First } else { Rank::Usual },
            stands: Stands::Elsewhere,
        };
        let number = if let Some(number) = self.gone.pop() {
            self.people[number as usize] = person;
            number
        } else {
            self.people.push(person);
            self.service.resize(self.people.len() * self.stations, 0);
            self.people.len() as u32 - 1
        };
        let at = number as usize * self.stations;
        for (mine, lengths) in self.service[at..].iter_mut().zip(&block.service) {
            *mine = lengths[index];
        }
        self.come(work, number, 0, swab.arrival);
    }

    /// A person, ready for it by now, comes to a station.
    fn come<S: SiteObserver>(&mut self, work: &mut Work<S>, person: u32, station: usize, now: i64) {
        let entry = &mut self.people[person as usize];
        let arrival = entry.swab.arrival;
        let node = self.floor.node(station, &mut entry.lane);
        // Most often nobody stands in the line and a server is idle.
        if self.floor.is_empty(node)
            && let Some(slot) = self.floor.idle(node)
            && self.floor.admit(node, now, arrival, work.site.sends_home) == Some(now)
        {
            self.start(person, slot, now);
            return;
        }
        if station == 0 && self.leaving.is_some() && !self.joins(work, person, now) {
            return;
        }
        let rank = self.people[person as usize].rank;
        self.floor.join(node, person, rank);
        if self.floor.has_idle(node) {
            self.fill(work, node, now);
        }
        self.floor.note_peak(node);
    }

    /// Idle servers of a line take whom they may.
    fn fill<S: SiteObserver>(&mut self, work: &mut Work<S>, node: usize, now: i64) {
        while let Some(slot) = self.floor.idle(node) {
            let Some(person) = self.take(work, node, now) else {
                return;
            };
            self.start(person, slot, now);
        }
    }

    /// The next whom a server may take now: from its own line, or else from that of a lane whose crew is away.
    fn take<S: SiteObserver>(&mut self, work: &mut Work<S>, node: usize, now: i64) -> Option<u32> {
        let own = self.take_from(work, node, now);
        if own.is_some() || self.clock.is_none() {
            return own;
        }
        let longest = |node: &usize| {
            let heads = [Rank::First, Rank::Usual].map(|rank| self.floor.head(*node, rank));
            let ready = |person: u32| self.people[person as usize].ready;
            heads.into_iter().flatten().map(ready).min().unwrap_or(IDLE)
        };
        let other = self.floor.stranded(node).min_by_key(longest)?;
        self.take_from(work, other, now)
    }

    /// The next in a line whom a server may take now; who cannot be served any more goes home.
    fn take_from<S: SiteObserver>(
        &mut self,
        work: &mut Work<S>,
        node: usize,
        now: i64,
    ) -> Option<u32> {
        for rank in [Rank::First, Rank::Usual] {
            while let Some(person) = self.floor.head(node, rank) {
                let arrival = self.people[person as usize].swab.arrival;
                match self.floor.admit(node, now, arrival, work.site.sends_home) {
                    Some(start) if start <= now => {
                        self.pop(node, rank);
                        return Some(person);
                    }
                    Some(start) => {
                        self.gate = self.gate.min(start);
                        break;
                    }
                    None => {
                        self.pop(node, rank);
                        self.gone.push(person);
                    }
                }
            }
        }
        None
    }

    /// A server starts with a person.
    fn start(&mut self, person: u32, slot: usize, now: i64) {
        let station = self.floor.station(slot);
        let entry = &mut self.people[person as usize];
        entry.waited += now - entry.ready;
        entry.lane = self.floor.lane(slot, entry.lane);
        let mut length = self.service[person as usize * self.stations + station];
        if let Some(clock) = self.clock {
            length = clock.length(station, now, length);
        }
        self.floor.start(slot, person, now, now + i64::from(length));
    }

    /// The site opens for those who wait, or the crew of a lane comes or goes.
    fn open<S: SiteObserver>(&mut self, work: &mut Work<S>) {
        let now = self.gate;
        self.gate = self.floor.change_crews(now);
        for node in 0..self.floor.nodes() {
            self.fill(work, node, now);
        }
    }

    /// A server ends; who was served goes on, who waits comes next.
    fn end<S: SiteObserver>(&mut self, work: &mut Work<S>, slot: usize, now: i64) {
        let (person, start) = self.floor.served(slot);
        if person == NOBODY {
            self.make_free(work, slot, now);
            return;
        }
        let station = self.floor.station(slot);
        let next = self.next(work, person, station);
        let free = match next {
            Way::Swabbed => self.swab(work, person, now),
            Way::On(_) | Way::Away => now,
        };
        self.busy[station] += free - start;
        let Person {
            swab, ready, rank, ..
        } = self.people[person as usize];
        work.step(|| Step {
            source: swab.source,
            rank: swab.rank,
            station: station as u32,
            server: self.floor.server(slot) as u32,
            ready,
            start,
            end: free,
            first: rank == Rank::First,
            group: swab.rank,
        });
        if let Way::On(next) = next
            && self.blocks(work, (person, slot), next, now)
        {
            return;
        }
        let free = self.floor.leave(slot, start, free);
        if free > now {
            self.floor.hold(slot, free);
        } else {
            self.make_free(work, slot, now);
        }
        match next {
            Way::On(next) => self.walk(work, person, (station, next), now),
            Way::Swabbed => self.gone.push(person),
            Way::Away => {
                work.miss(swab.source, Missed::Left);
                self.gone.push(person);
            }
        }
    }

    /// Where a person goes from a station.
    fn next<S>(&self, work: &Work<S>, person: u32, station: usize) -> Way {
        let entry = &work.site.stations[crate::id::Id::from_index(station)];
        if !entry.branches.is_empty() {
            let Swab { source, rank, .. } = self.people[person as usize].swab;
            let luck: Key = work.branching[source as usize].of(entry.name);
            let drawn = luck.word(u64::from(rank)) >> 32;
            if let Some(branch) = entry.branches.iter().find(|branch| drawn < branch.below) {
                return branch.to.map_or(Way::Away, |to| Way::On(to as usize));
            }
        }
        if station + 1 == self.stations {
            Way::Swabbed
        } else {
            Way::On(station + 1)
        }
    }

    /// A person goes from one station to another.
    fn walk<S: SiteObserver>(
        &mut self,
        work: &mut Work<S>,
        person: u32,
        (from, to): (usize, usize),
        now: i64,
    ) {
        let way = work.site.stations[crate::id::Id::from_index(from)]
            .walk
            .millis();
        self.people[person as usize].ready = now + way;
        if way == 0 {
            self.come(work, person, to, now);
            return;
        }
        self.people[person as usize].lane |= (to as u32) << LANE_BITS;
        self.walkers[from].push_back((now + way, person));
        self.walked = self.walked.min(now + way);
    }

    /// The first of those who walk is there.
    fn walk_in<S: SiteObserver>(&mut self, work: &mut Work<S>) {
        let now = self.walked;
        let heads = |walkers: &VecDeque<(i64, u32)>| walkers.front().map_or(IDLE, |head| head.0);
        let from = self
            .walkers
            .iter()
            .position(|walkers| heads(walkers) == now)
            .expect("someone is there then");
        let (_, person) = self.walkers[from].pop_front().expect("it has a head");
        self.walked = self.walkers.iter().map(heads).min().unwrap_or(IDLE);
        let lane = &mut self.people[person as usize].lane;
        let to = *lane >> LANE_BITS;
        *lane &= (1 << LANE_BITS) - 1;
        self.come(work, person, to as usize, now);
    }

    fn make_free<S: SiteObserver>(&mut self, work: &mut Work<S>, slot: usize, now: i64) {
        self.floor.make_free(slot, now);
        let node = self.floor.node_of(slot);
        if let Some(person) = self.take(work, node, now) {
            // Another server of the line may have been free for longer, if the line could not be served before.
            let slot = self.floor.idle(node).unwrap_or(slot);
            self.start(person, slot, now);
        }
    }

    /// A person's swab goes into its tube; returns when it is in.
    fn swab<S: SiteObserver>(&mut self, work: &mut Work<S>, number: u32, now: i64) -> i64 {
        let Person {
            mut swab,
            waited,
            lane,
            rank,
            ..
        } = self.people[number as usize];
        swab.end = now;
        if now > work.stop {
            return now;
        }
        let filling = if work.site.tubes.per_lane {
            lane as usize
        } else {
            0
        };
        swab.end = work.fillings[filling].enter(swab, &mut work.rack, work.seen);
        work.done.last_swab = work.done.last_swab.max(swab.end);
        let told = &mut self.told[rank as usize];
        told.add(&swab, waited as u32, work.seen);
        swab.end
    }

    fn finish<S: SiteObserver>(mut self, work: &mut Work<S>, servers: &mut Servers) {
        for told in &mut self.told {
            told.tell(work.seen);
        }
        work.done.peak_queue = self.floor.peak();
        work.done.busy = self.busy;
        work.done.blocked = self.blocked.total;
        if let Some(worked) = self.floor.give_back(servers) {
            work.done.worked = worked;
        }
    }
}

/// Of what a person remembers of the lane: the bits below hold the lane, those above the station walked to.
const LANE_BITS: u32 = 24;

/// Where a person goes from a station.
#[derive(Clone, Copy)]
enum Way {
    /// To a station.
    On(usize),
    /// Home: the swab is taken.
    Swabbed,
    /// Home without a swab.
    Away,
}
