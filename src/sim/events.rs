//! A site as an event loop, for what the recursion cannot follow: several servers at a desk, a line for each lane, lanes whose stations
//! have several servers. A slot per server holds when it ends; the next event is the least of them or the next arrival.
//!
//! At one instant services end before people arrive, and servers end in the order of their stations, lanes and numbers.

use super::arrivals::Block;
use super::observer::{SiteObserver, Step, Swabbed};
use super::site::{Servers, Work};
use super::tubes::Swab;
use crate::network::duty::Duty;
use crate::random::block::BLOCK;
use std::collections::VecDeque;

/// Of a server's slot: nobody is served.
const IDLE: i64 = i64::MAX;

/// Takes all people of the site's round through its stations.
pub(super) fn run<S: SiteObserver>(work: &mut Work<S>, servers: &mut Servers, line_per_lane: bool) {
    let mut events = Events::new(work, servers, line_per_lane);
    let mut block = work.block();
    while work.arrivals.next(&mut block) {
        for index in 0..block.len {
            events.serve_until(work, block.arrival[index]);
            events.arrive(work, &block, index);
        }
    }
    events.serve_until(work, IDLE - 1);
    events.finish(work, servers);
}

/// A line and the servers it leads to: all servers of a desk, those of one lane's station, or those of all lanes.
struct Node<'a> {
    station: usize,
    /// Its servers among all slots: from, and how many.
    slots: (usize, usize),
    line: VecDeque<u32>,
    peak: usize,
    duty: Duty<'a>,
    /// How many of its servers are busy.
    busy: usize,
}

/// A server.
#[derive(Clone, Copy)]
struct Slot {
    node: usize,
    /// Whom it serves; nobody while it changes its tube.
    person: Option<u32>,
    start: i64,
    /// Since when it is free, if it is.
    free: i64,
}

/// A person at the site.
#[derive(Clone, Copy)]
struct Person {
    swab: Swab,
    ready: i64,
    waited: i64,
    lane: usize,
}

/// Finished people on their way to the listener.
struct Columns {
    len: usize,
    source: [u32; BLOCK],
    arrival: [i64; BLOCK],
    waited: [u32; BLOCK],
    end: [i64; BLOCK],
}

struct Events<'a> {
    nodes: Vec<Node<'a>>,
    /// By station: its first node.
    first_node: Vec<usize>,
    /// The station at which people enter a lane.
    entry: usize,
    line_per_lane: bool,
    /// When each server ends, or `IDLE`.
    ends: Vec<i64>,
    slots: Vec<Slot>,
    people: Vec<Person>,
    /// By person and station.
    service: Vec<u32>,
    gone: Vec<u32>,
    stations: usize,
    busy: Vec<i64>,
    out: Box<Columns>,
}

impl<'a> Events<'a> {
    fn new<S>(work: &Work<'a, S>, servers: &Servers, line_per_lane: bool) -> Self {
        let entry = work
            .site
            .stations
            .values()
            .take_while(|station| !station.in_lane)
            .count();
        let (mut nodes, mut slots, mut first_node) = (Vec::new(), Vec::new(), Vec::new());
        for (station, free) in servers.iter().enumerate() {
            first_node.push(nodes.len());
            let split = station > entry || (station == entry && line_per_lane);
            let lines = if split { work.site.lanes as usize } else { 1 };
            let servers = free.len().checked_div(lines).expect("a site has lanes");
            for line in 0..lines {
                let node = nodes.len();
                let from = slots.len();
                let free = &free[line * servers..(line + 1) * servers];
                slots.extend(free.iter().map(|&free| Slot {
                    node,
                    person: None,
                    start: 0,
                    free,
                }));
                let duty = Duty::new(&work.round.openings);
                nodes.push(Node {
                    station,
                    slots: (from, servers),
                    line: VecDeque::new(),
                    peak: 0,
                    duty,
                    busy: 0,
                });
            }
        }
        let (people, service, gone) = (Vec::new(), Vec::new(), Vec::new());
        let (ends, busy, stations) = (
            vec![IDLE; slots.len()],
            vec![0; servers.len()],
            servers.len(),
        );
        Self {
            nodes,
            first_node,
            entry,
            line_per_lane,
            ends,
            slots,
            people,
            service,
            gone,
            stations,
            busy,
            out: Box::new(Columns::new()),
        }
    }

    /// Ends every service up to a moment.
    fn serve_until<S: SiteObserver>(&mut self, work: &mut Work<S>, moment: i64) {
        loop {
            let (mut slot, mut end) = (0, IDLE);
            for (index, &other) in self.ends.iter().enumerate() {
                if other < end {
                    (slot, end) = (index, other);
                }
            }
            if end > moment {
                return;
            }
            self.end(work, slot, end);
        }
    }

    fn arrive<S: SiteObserver>(&mut self, work: &mut Work<S>, block: &Block, index: usize) {
        let swab = block.swab(index, 0);
        let person = Person {
            swab,
            ready: 0,
            waited: 0,
            lane: 0,
        };
        let number = if let Some(number) = self.gone.pop() {
            self.people[number as usize] = person;
            number
        } else {
            self.people.push(person);
            self.service.resize(self.people.len() * self.stations, 0);
            self.people.len() as u32 - 1
        };
        for (station, lengths) in block.service.iter().enumerate() {
            self.service[number as usize * self.stations + station] = lengths[index];
        }
        self.come(work, number, 0, swab.arrival);
    }

    /// A person comes to a station.
    fn come<S: SiteObserver>(&mut self, work: &mut Work<S>, person: u32, station: usize, now: i64) {
        self.people[person as usize].ready = now;
        let node = self.node(person, station);
        let (from, count) = self.nodes[node].slots;
        let idle = (from..from + count)
            .filter(|&slot| self.ends[slot] == IDLE)
            .min_by_key(|&slot| (self.slots[slot].free, slot));
        if let Some(slot) = idle {
            self.start(work, person, slot, now);
        } else {
            let node = &mut self.nodes[node];
            node.line.push_back(person);
            node.peak = node.peak.max(node.line.len());
        }
    }

    /// The line to which a person goes for a station.
    fn node(&mut self, person: u32, station: usize) -> usize {
        let first = self.first_node[station];
        if station < self.entry || (station == self.entry && !self.line_per_lane) {
            return first;
        }
        if station == self.entry {
            let lanes = self.nodes[first..]
                .iter()
                .take_while(|node| node.station == station);
            let shortest = lanes
                .enumerate()
                .min_by_key(|(lane, node)| (node.line.len() + node.busy, *lane));
            self.people[person as usize].lane = shortest.map_or(0, |(lane, _)| lane);
        }
        first + self.people[person as usize].lane
    }

    /// A server starts with a person, now or when the site opens again; false if the site is closed for the person.
    fn start<S: SiteObserver>(
        &mut self,
        work: &mut Work<S>,
        person: u32,
        slot: usize,
        now: i64,
    ) -> bool {
        let node = &mut self.nodes[self.slots[slot].node];
        let entry = &mut self.people[person as usize];
        let start = if node.station == 0 {
            node.duty
                .admit(now, entry.swab.arrival, work.site.sends_home)
        } else {
            Some(node.duty.go_on(now))
        };
        let Some(start) = start else {
            self.gone.push(person);
            return false;
        };
        if start > entry.ready && start > now {
            // Whoever stands at a server that has not begun still stands in line.
            node.peak = node.peak.max(node.line.len() + 1);
        }
        if node.station == self.entry && !self.line_per_lane {
            entry.lane = (slot - node.slots.0) / (node.slots.1 / work.site.lanes as usize);
        }
        entry.waited += start - entry.ready;
        node.busy += 1;
        let length = self.service[person as usize * self.stations + node.station];
        self.ends[slot] = start + i64::from(length);
        (self.slots[slot].person, self.slots[slot].start) = (Some(person), start);
        true
    }

    /// A server ends; who was served goes on, who waits comes next.
    fn end<S: SiteObserver>(&mut self, work: &mut Work<S>, slot: usize, now: i64) {
        let Slot {
            node,
            person,
            start,
            ..
        } = self.slots[slot];
        let station = self.nodes[node].station;
        let mut free = now;
        if let Some(number) = person {
            let last = station + 1 == self.stations;
            if last {
                free = self.leave(work, number, now);
            }
            let Person { swab, ready, .. } = self.people[number as usize];
            let server = slot - self.nodes[self.first_node[station]].slots.0;
            self.busy[station] += free - start;
            work.step(|| Step {
                source: swab.source,
                rank: swab.rank,
                station: station as u32,
                server: server as u32,
                ready,
                start,
                end: free,
            });
            self.slots[slot].person = None;
            if free > now {
                self.ends[slot] = free;
                return;
            }
            self.make_free(work, slot, now);
            if !last {
                self.come(work, number, station + 1, now);
            }
        } else {
            self.make_free(work, slot, free);
        }
    }

    fn make_free<S: SiteObserver>(&mut self, work: &mut Work<S>, slot: usize, now: i64) {
        let node = self.slots[slot].node;
        self.ends[slot] = IDLE;
        self.slots[slot].free = now;
        self.nodes[node].busy -= 1;
        while let Some(next) = self.nodes[node].line.pop_front() {
            if self.start(work, next, slot, now) {
                break;
            }
        }
    }

    /// A person's swab goes into its tube; returns when it is in.
    fn leave<S: SiteObserver>(&mut self, work: &mut Work<S>, number: u32, now: i64) -> i64 {
        let Person {
            mut swab,
            waited,
            lane,
            ..
        } = self.people[number as usize];
        self.gone.push(number);
        swab.end = now;
        if now > work.stop {
            return now;
        }
        let filling = if work.site.tubes.per_lane { lane } else { 0 };
        swab.end = work.fillings[filling].enter(swab, &mut work.rack, work.seen);
        work.done.last_swab = work.done.last_swab.max(swab.end);
        self.out.add(&swab, waited as u32, work.seen);
        swab.end
    }

    fn finish<S: SiteObserver>(mut self, work: &mut Work<S>, servers: &mut Servers) {
        self.out.tell(work.seen);
        work.done.peak_queue = self.nodes.iter().map(|node| node.peak).max().unwrap_or(0) as u32;
        work.done.busy = self.busy;
        for (free, slot) in servers.iter_mut().flatten().zip(&self.slots) {
            *free = slot.free;
        }
    }
}

impl Columns {
    const fn new() -> Self {
        let (source, arrival, waited, end) = ([0; BLOCK], [0; BLOCK], [0; BLOCK], [0; BLOCK]);
        Self {
            len: 0,
            source,
            arrival,
            waited,
            end,
        }
    }

    /// A person is done.
    fn add(&mut self, swab: &Swab, waited: u32, seen: &mut impl SiteObserver) {
        let at = self.len;
        (
            self.source[at],
            self.arrival[at],
            self.waited[at],
            self.end[at],
        ) = (swab.source, swab.arrival, waited, swab.end);
        self.len += 1;
        if self.len == BLOCK {
            self.tell(seen);
        }
    }

    fn tell(&mut self, seen: &mut impl SiteObserver) {
        let len = self.len;
        if len > 0 {
            let (source, arrival) = (&self.source[..len], &self.arrival[..len]);
            seen.swabbed(&Swabbed {
                source,
                arrival,
                waited: &self.waited[..len],
                end: &self.end[..len],
            });
        }
        self.len = 0;
    }
}
