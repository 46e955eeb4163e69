//! The lines and servers of a site: a slot for each server, column by column.

use super::super::site::Servers;
use super::Rank;
use crate::network::duty::Duty;
use crate::network::{RoundSite, Site};

/// Of a server's end: nobody is served. Nothing happens so late.
pub(super) const IDLE: i64 = i64::MAX;

/// Of whom a server serves: nobody.
pub(super) const NOBODY: u32 = u32::MAX;

/// A line and the servers it leads to: all servers of a desk, those of one lane's station, or those of all lanes.
struct Node<'a> {
    station: usize,
    /// Its servers among all slots: from, and how many.
    from: usize,
    count: usize,
    /// How many of them are idle.
    idle: usize,
    /// Who waits, by rank: the first, and the last if there is one. Who stands behind each is kept by person.
    first: [u32; 2],
    last: [u32; 2],
    /// How many wait.
    waiting: usize,
    peak: usize,
    duty: Duty<'a>,
}

/// A server.
#[derive(Clone, Copy)]
struct Slot {
    node: u32,
    station: u32,
    /// The lane of those it serves; `NOBODY` if they keep theirs.
    lane: u32,
    /// Whom it serves.
    person: u32,
    /// When it started.
    start: i64,
}

/// Of a server's time of being free: it is not.
const BUSY: i64 = i64::MAX;

/// Who stands and serves where.
pub(super) struct Floor<'a> {
    nodes: Vec<Node<'a>>,
    /// By station: its first node.
    first_node: Vec<u32>,
    /// The station at which people enter a lane; the number of stations if there is none.
    entry: usize,
    /// Whether the entry has one line for all lanes.
    shared: bool,
    /// By person who waits: who stands behind.
    behind: Vec<u32>,
    /// By slot: when the server ends, or `IDLE`.
    ends: Vec<i64>,
    /// By slot: since when the server is free, or `BUSY`.
    free: Vec<i64>,
    slots: Vec<Slot>,
    /// The slot of the server that ends first, of several the first, and when.
    next: (usize, i64),
}

impl<'a> Floor<'a> {
    pub(super) fn new(
        site: &Site,
        round: &'a RoundSite,
        servers: &Servers,
        line_per_lane: bool,
    ) -> Self {
        let stations = site.stations.values();
        let entry = stations.take_while(|station| !station.in_lane).count();
        let mut floor = Self {
            nodes: Vec::new(),
            first_node: Vec::new(),
            entry,
            shared: !line_per_lane,
            behind: Vec::new(),
            ends: Vec::new(),
            free: Vec::new(),
            slots: Vec::new(),
            next: (0, IDLE),
        };
        for (station, free) in servers.iter().enumerate() {
            floor.first_node.push(floor.nodes.len() as u32);
            let split = station > entry || (station == entry && line_per_lane);
            let lines = if split { site.lanes as usize } else { 1 };
            let count = free.len().checked_div(lines).unwrap_or(0);
            let per_lane = if station == entry && !line_per_lane {
                free.len().checked_div(site.lanes as usize).unwrap_or(0)
            } else {
                0
            };
            for line in 0..lines {
                let free = &free[line * count..(line + 1) * count];
                let duty = Duty::new(&round.openings, &round.pauses);
                floor.add((station, per_lane), free, duty);
            }
        }
        floor
    }

    /// A line of a station, of whose servers as many are of a lane if it leads to several lanes.
    fn add(&mut self, (station, per_lane): (usize, usize), free: &[i64], duty: Duty<'a>) {
        let (node, from) = (self.nodes.len() as u32, self.ends.len());
        for (server, &free) in free.iter().enumerate() {
            let lane = server.checked_div(per_lane);
            self.ends.push(IDLE);
            self.free.push(free);
            self.slots.push(Slot {
                node,
                station: station as u32,
                lane: lane.map_or(NOBODY, |lane| lane as u32),
                person: NOBODY,
                start: free,
            });
        }
        self.nodes.push(Node {
            station,
            from,
            count: free.len(),
            idle: free.len(),
            first: [NOBODY; 2],
            last: [NOBODY; 2],
            waiting: 0,
            peak: 0,
            duty,
        });
    }

    /// The server that ends first, of several the first, and when.
    #[inline]
    pub(super) fn next_end(&self) -> (usize, i64) {
        self.next
    }

    /// A server ends; whom it served, and since when.
    #[inline]
    pub(super) fn end(&mut self, slot: usize) -> (u32, i64) {
        self.ends[slot] = IDLE;
        // Which server is next cannot be foreseen, so nothing here is a branch.
        let (mut next, mut end) = (0, IDLE);
        for (index, &other) in self.ends.iter().enumerate() {
            next = if other < end { index } else { next };
            end = end.min(other);
        }
        self.next = (next, end);
        let Slot { person, start, .. } = self.slots[slot];
        (person, start)
    }

    /// A server will end.
    #[inline]
    #[expect(
        clippy::needless_bitwise_bool,
        reason = "which server is next cannot be foreseen, so nothing here is a branch"
    )]
    fn end_at(&mut self, slot: usize, end: i64) {
        self.ends[slot] = end;
        let (next, soonest) = self.next;
        let sooner = (end < soonest) | ((end == soonest) & (slot < next));
        self.next = (if sooner { slot } else { next }, end.min(soonest));
    }

    /// The line in which a person who is in `lane`, or enters one here, stands for a station.
    #[inline]
    pub(super) fn node(&self, station: usize, lane: &mut u32) -> usize {
        let first = self.first_node[station] as usize;
        if station < self.entry || (station == self.entry && self.shared) {
            return first;
        }
        if station == self.entry {
            let lanes = self.nodes[first..]
                .iter()
                .take_while(|node| node.station == station);
            let shortest = lanes
                .enumerate()
                .min_by_key(|(lane, node)| (node.waiting + node.count - node.idle, *lane));
            *lane = shortest.map_or(0, |(lane, _)| lane as u32);
        }
        first + *lane as usize
    }

    /// Someone stands in a line.
    #[inline]
    pub(super) fn join(&mut self, node: usize, person: u32, rank: Rank) {
        if self.behind.len() <= person as usize {
            self.behind.resize(person as usize + 1, NOBODY);
        }
        self.behind[person as usize] = NOBODY;
        let (node, rank) = (&mut self.nodes[node], rank as usize);
        let last = std::mem::replace(&mut node.last[rank], person);
        if node.first[rank] == NOBODY {
            node.first[rank] = person;
        } else {
            self.behind[last as usize] = person;
        }
        node.waiting += 1;
    }

    /// Someone stands in a line and is not served at once.
    #[inline]
    pub(super) fn note_peak(&mut self, node: usize) {
        let node = &mut self.nodes[node];
        node.peak = node.peak.max(node.waiting);
    }

    /// How many servers of a line are idle.
    #[inline]
    pub(super) fn idle_count(&self, node: usize) -> usize {
        self.nodes[node].idle
    }

    /// Whether nobody stands in a line.
    #[inline]
    pub(super) fn is_empty(&self, node: usize) -> bool {
        self.nodes[node].waiting == 0
    }

    /// The server of a line that has been free longest, of several the first.
    #[inline]
    pub(super) fn idle(&self, node: usize) -> Option<usize> {
        let node = &self.nodes[node];
        let (mut slot, mut longest) = (node.from, BUSY);
        let free = &self.free[node.from..node.from + node.count];
        for (index, &since) in free.iter().enumerate() {
            slot = if since < longest {
                node.from + index
            } else {
                slot
            };
            longest = longest.min(since);
        }
        (node.idle > 0).then_some(slot)
    }

    /// Who of a rank is first in a line.
    #[inline]
    pub(super) fn head(&self, node: usize, rank: Rank) -> Option<u32> {
        let first = self.nodes[node].first[rank as usize];
        (first != NOBODY).then_some(first)
    }

    /// The first of a rank leaves the line.
    #[inline]
    pub(super) fn pop(&mut self, node: usize, rank: Rank) {
        let (node, rank) = (&mut self.nodes[node], rank as usize);
        node.first[rank] = self.behind[node.first[rank] as usize];
        node.waiting -= 1;
    }

    /// The next in a line that is not empty leaves it.
    #[inline]
    pub(super) fn pop_next(&mut self, node: usize) -> u32 {
        let node = &mut self.nodes[node];
        // Whether someone waits who is taken first cannot be foreseen, so nothing here is a branch.
        let rank = usize::from(node.first[0] == NOBODY);
        let next = node.first[rank];
        node.first[rank] = self.behind[next as usize];
        node.waiting -= 1;
        next
    }

    /// Whether whoever is at a line is served as soon as a server is idle; if not, `admit` says more.
    #[inline]
    pub(super) fn is_open(&self, node: usize, now: i64) -> bool {
        self.nodes[node].duty.is_open(now)
    }

    /// When someone who came at `arrival` and could be served now is; at the first station never, if the site is closed for good.
    pub(super) fn admit(
        &mut self,
        node: usize,
        now: i64,
        arrival: i64,
        sends_home: bool,
    ) -> Option<i64> {
        let node = &mut self.nodes[node];
        if node.station == 0 {
            node.duty.admit(now, arrival, sends_home)
        } else {
            Some(node.duty.go_on(now))
        }
    }

    /// A server starts with someone of a lane; returns the lane.
    #[inline]
    pub(super) fn start(
        &mut self,
        slot: usize,
        (person, lane): (u32, u32),
        from: i64,
        to: i64,
    ) -> u32 {
        self.free[slot] = BUSY;
        let entry = &mut self.slots[slot];
        (entry.person, entry.start) = (person, from);
        let lane = if entry.lane == NOBODY {
            lane
        } else {
            entry.lane
        };
        self.nodes[entry.node as usize].idle -= 1;
        self.end_at(slot, to);
        lane
    }

    /// A server serves nobody and is free at `until`.
    #[inline]
    pub(super) fn hold(&mut self, slot: usize, until: i64) {
        self.slots[slot].person = NOBODY;
        self.end_at(slot, until);
    }

    #[inline]
    pub(super) fn make_free(&mut self, slot: usize, now: i64) {
        self.free[slot] = now;
        self.nodes[self.slots[slot].node as usize].idle += 1;
    }

    #[inline]
    pub(super) fn station(&self, slot: usize) -> usize {
        self.slots[slot].station as usize
    }

    #[inline]
    pub(super) fn node_of(&self, slot: usize) -> usize {
        self.slots[slot].node as usize
    }

    /// The number of a server among all of its station.
    pub(super) fn server(&self, slot: usize) -> usize {
        let first = self.first_node[self.station(slot)];
        slot - self.nodes[first as usize].from
    }

    pub(super) fn nodes(&self) -> usize {
        self.nodes.len()
    }

    /// The longest line there was.
    pub(super) fn peak(&self) -> u32 {
        self.nodes.iter().map(|node| node.peak).max().unwrap_or(0) as u32
    }

    /// Leaves to the next round when each server is free.
    pub(super) fn give_back(&self, servers: &mut Servers) {
        for (free, &since) in servers.iter_mut().flatten().zip(&self.free) {
            *free = since;
        }
    }
}
