//! The lines and servers of a site: a slot for each server, column by column.

use super::super::clock::{Lanes, NEVER, Worked};
use super::super::site::{LONG_AGO, Servers};
use super::Rank;
use crate::network::duty::Duty;
use crate::network::roster::Roster;
use crate::network::{RoundSite, Site};
use std::collections::VecDeque;

/// Of a server's end: nobody is served. Nothing happens so late.
pub(super) const IDLE: i64 = i64::MAX;

/// Of a server's end: whoever was served stays. Nothing happens so late either.
const STAYS: i64 = IDLE - 1;

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
    /// Who waits, by rank.
    lines: [VecDeque<u32>; 2],
    /// How many of them gave up.
    gave_up: usize,
    peak: usize,
    duty: Duty<'a>,
}

impl Node<'_> {
    fn waiting(&self) -> usize {
        self.lines[0].len() + self.lines[1].len() - self.gave_up
    }
}

/// Who stands and serves where.
pub(super) struct Floor<'a> {
    nodes: Vec<Node<'a>>,
    /// By station: its first node.
    first_node: Vec<u32>,
    /// The station at which people enter a lane; the number of stations if there is none.
    entry: usize,
    /// Servers of each lane at the entry, if it has one line for all; else 0.
    per_lane: usize,
    /// By slot: when the server ends, or `IDLE`.
    ends: Vec<i64>,
    /// By slot: since when the server is free, if it is; when it started, if it is not.
    since: Vec<i64>,
    /// By slot: whom it serves.
    person: Vec<u32>,
    /// By slot: its node.
    node: Vec<u32>,
    /// The crews of the lanes, where they come and go.
    crews: Option<Crews<'a>>,
}

/// Lanes whose crews come and go.
struct Crews<'a> {
    lanes: Lanes<'a>,
    /// The slots of the lanes' first station.
    from: usize,
    to: usize,
    /// Slots of each lane there.
    per_lane: usize,
    /// By lane.
    on_duty: Vec<bool>,
}

impl<'a> Floor<'a> {
    pub(super) fn new(
        (site, round): (&Site, &'a RoundSite),
        roster: Option<&'a Roster>,
        servers: &Servers,
        line_per_lane: bool,
    ) -> Self {
        let stations = site.stations.values();
        let entry = stations.take_while(|station| !station.in_lane).count();
        let mut floor = Self {
            nodes: Vec::new(),
            first_node: Vec::new(),
            entry,
            per_lane: 0,
            ends: Vec::new(),
            since: Vec::new(),
            person: Vec::new(),
            node: Vec::new(),
            crews: None,
        };
        for (station, free) in servers.iter().enumerate() {
            floor.first_node.push(floor.nodes.len() as u32);
            let split = station > entry || (station == entry && line_per_lane);
            let lines = if split { site.lanes as usize } else { 1 };
            let count = free.len().checked_div(lines).unwrap_or(0);
            if station == entry && !line_per_lane {
                floor.per_lane = free.len().checked_div(site.lanes as usize).unwrap_or(0);
            }
            for line in 0..lines {
                let free = &free[line * count..(line + 1) * count];
                floor.add(station, free, Duty::new(&round.openings, &round.pauses));
            }
        }
        if let Some(roster) = roster {
            floor.call_crews(site, roster);
        }
        floor
    }

    /// Lanes without a crew wait for it.
    fn call_crews(&mut self, site: &Site, roster: &'a Roster) {
        let Some(&first) = self.first_node.get(self.entry) else {
            return;
        };
        let from = self.nodes[first as usize].from;
        let here = self.nodes[first as usize..].iter();
        let slots: usize = here
            .take_while(|node| node.station == self.entry)
            .map(|node| node.count)
            .sum();
        let per_lane = slots.checked_div(site.lanes as usize).unwrap_or(0).max(1);
        let lanes = Lanes::new(&roster.lanes, &self.since[from..from + slots]);
        let held = (from..from + slots).filter(|&slot| self.ends[slot] != IDLE);
        for slot in held.collect::<Vec<_>>() {
            self.ends[slot] = lanes.back((slot - from) / per_lane, self.ends[slot]);
        }
        self.crews = Some(Crews {
            lanes,
            from,
            to: from + slots,
            per_lane,
            on_duty: vec![false; site.lanes as usize],
        });
    }

    /// Lets idle lanes wait whose crew goes at `now`; returns when the next comes or goes.
    pub(super) fn change_crews(&mut self, now: i64) -> i64 {
        let Some(crews) = &mut self.crews else {
            return IDLE;
        };
        for (lane, on_duty) in crews.on_duty.iter_mut().enumerate() {
            *on_duty = crews.lanes.on_duty(lane, now);
        }
        for slot in crews.from..crews.to {
            let lane = (slot - crews.from) / crews.per_lane;
            let free = now.max(self.since[slot]);
            let back = crews.lanes.back(lane, free);
            if self.ends[slot] == IDLE && back > free {
                self.ends[slot] = back;
                self.person[slot] = NOBODY;
                self.nodes[self.node[slot] as usize].idle -= 1;
            }
        }
        crews.lanes.change(now).unwrap_or(IDLE)
    }

    /// A server is done with a person whom it took at `start`; returns when it can take the next.
    #[inline]
    pub(super) fn leave(&mut self, slot: usize, start: i64, end: i64) -> i64 {
        match &mut self.crews {
            Some(crews) if (crews.from..crews.to).contains(&slot) => {
                let server = slot - crews.from;
                let lane = server / crews.per_lane;
                crews.lanes.leave((lane, server), start, end)
            }
            _ => end,
        }
    }

    /// Lines of lanes that have no crew, if this is a line of one that has.
    pub(super) fn stranded(&self, node: usize) -> impl Iterator<Item = usize> {
        let line_per_lane = self.per_lane == 0 && self.nodes[node].station == self.entry;
        let crews = self.crews.as_ref().filter(|_| line_per_lane);
        let first = self
            .first_node
            .get(self.entry)
            .map_or(0, |&first| first as usize);
        crews.into_iter().flat_map(move |crews| {
            let off = crews.on_duty.iter().enumerate();
            off.filter(|(_, on_duty)| !**on_duty)
                .map(move |(lane, _)| first + lane)
        })
    }

    /// Nothing happens at the site from this moment on.
    pub(super) fn end_of_time(&self) -> i64 {
        self.crews.as_ref().map_or(STAYS, |_| NEVER)
    }

    fn add(&mut self, station: usize, free: &[i64], duty: Duty<'a>) {
        let (node, from) = (self.nodes.len() as u32, self.ends.len());
        let mut idle = 0;
        for &free in free {
            // Whoever served in an earlier round is free when that is over, and not before.
            let held = free > LONG_AGO;
            idle += usize::from(!held);
            self.ends.push(if held { free } else { IDLE });
            self.since.push(free);
            self.person.push(NOBODY);
            self.node.push(node);
        }
        self.nodes.push(Node {
            station,
            from,
            count: free.len(),
            idle,
            lines: [VecDeque::new(), VecDeque::new()],
            gave_up: 0,
            peak: 0,
            duty,
        });
    }

    /// The server that ends first, of several the first, and when.
    #[inline]
    pub(super) fn next_end(&self) -> (usize, i64) {
        // Which server is next cannot be foreseen, so nothing here is a branch.
        let (mut slot, mut end) = (0, IDLE);
        for (index, &other) in self.ends.iter().enumerate() {
            slot = if other < end { index } else { slot };
            end = end.min(other);
        }
        (slot, end)
    }

    /// The line in which a person who is in `lane`, or enters one here, stands for a station.
    #[inline]
    pub(super) fn node(&self, station: usize, lane: &mut u32) -> usize {
        let first = self.first_node[station] as usize;
        if station < self.entry || (station == self.entry && self.per_lane > 0) {
            return first;
        }
        if station == self.entry {
            let lanes = self.nodes[first..]
                .iter()
                .take_while(|node| node.station == station);
            let off = |lane: usize| {
                self.crews
                    .as_ref()
                    .is_some_and(|crews| !crews.on_duty[lane])
            };
            let shortest = lanes.enumerate().min_by_key(|(lane, node)| {
                let there = node.waiting() + node.count - node.idle;
                (off(*lane), there, *lane)
            });
            *lane = shortest.map_or(0, |(lane, _)| lane as u32);
        }
        first + *lane as usize
    }

    /// The lane of someone whom a server takes.
    #[inline]
    pub(super) fn lane(&self, slot: usize, lane: u32) -> u32 {
        let node = &self.nodes[self.node[slot] as usize];
        if node.station != self.entry {
            return lane;
        }
        match (slot - node.from).checked_div(self.per_lane) {
            Some(lane) => lane as u32,
            None => self.node[slot] - self.first_node[self.entry],
        }
    }

    #[inline]
    pub(super) fn join(&mut self, node: usize, person: u32, rank: Rank) {
        self.nodes[node].lines[rank as usize].push_back(person);
    }

    /// Someone stands in a line and is not served at once.
    #[inline]
    pub(super) fn note_peak(&mut self, node: usize) {
        let node = &mut self.nodes[node];
        node.peak = node.peak.max(node.waiting());
    }

    #[inline]
    pub(super) fn has_idle(&self, node: usize) -> bool {
        self.nodes[node].idle > 0
    }

    /// Whether nobody stands in a line.
    #[inline]
    pub(super) fn is_empty(&self, node: usize) -> bool {
        self.nodes[node].lines.iter().all(VecDeque::is_empty)
    }

    /// The server of a line that has been free longest, of several the first.
    #[inline]
    pub(super) fn idle(&self, node: usize) -> Option<usize> {
        let node = &self.nodes[node];
        if node.idle == 0 {
            return None;
        }
        if node.count == 1 {
            return Some(node.from);
        }
        (node.from..node.from + node.count)
            .filter(|&slot| self.ends[slot] == IDLE)
            .min_by_key(|&slot| self.since[slot])
    }

    /// Who of a rank is first in a line.
    #[inline]
    pub(super) fn head(&self, node: usize, rank: Rank) -> Option<u32> {
        self.nodes[node].lines[rank as usize].front().copied()
    }

    #[inline]
    pub(super) fn pop(&mut self, node: usize, rank: Rank) -> Option<u32> {
        self.nodes[node].lines[rank as usize].pop_front()
    }

    /// How many lines there are at the door; they are the first.
    pub(super) fn doors(&self) -> usize {
        let second = self.first_node.get(1);
        second.map_or(self.nodes.len(), |&node| node as usize)
    }

    /// The line at the door in which a person stands who is in `lane`, if the door is that of a lane.
    pub(super) fn node_at_the_door(&self, lane: u32) -> usize {
        if self.doors() > 1 { lane as usize } else { 0 }
    }

    /// How many wait at the door.
    pub(super) fn waiting_at_the_door(&self) -> usize {
        let doors = &self.nodes[..self.doors()];
        doors.iter().map(Node::waiting).sum()
    }

    /// Someone in a line gives up.
    pub(super) fn give_up(&mut self, node: usize) {
        self.nodes[node].gave_up += 1;
    }

    /// The head of a line gave up.
    pub(super) fn forget(&mut self, node: usize, rank: Rank) {
        self.pop(node, rank);
        self.nodes[node].gave_up -= 1;
    }

    /// Whether the site sends home at a close between two moments.
    pub(super) fn closes_between(&self, node: usize, arrival: i64, now: i64) -> bool {
        self.nodes[node].duty.closes_between(arrival, now)
    }

    /// When someone who came at `arrival` and could be served now is; at the first station never, if the site is closed for good.
    #[inline]
    pub(super) fn admit(
        &mut self,
        node: usize,
        now: i64,
        arrival: i64,
        sends_home: bool,
    ) -> Option<i64> {
        let node = &mut self.nodes[node];
        if node.station == 0 {
            if sends_home && self.crews.is_some() && node.duty.closes_between(arrival, now) {
                return None;
            }
            node.duty.admit(now, arrival, sends_home)
        } else {
            Some(node.duty.go_on(now))
        }
    }

    #[inline]
    pub(super) fn start(&mut self, slot: usize, person: u32, now: i64, end: i64) {
        self.ends[slot] = end;
        self.since[slot] = now;
        self.person[slot] = person;
        self.nodes[self.node[slot] as usize].idle -= 1;
    }

    /// Whom a server serves, and since when.
    #[inline]
    pub(super) fn served(&self, slot: usize) -> (u32, i64) {
        (self.person[slot], self.since[slot])
    }

    /// A server serves nobody and is free at `until`.
    #[inline]
    pub(super) fn hold(&mut self, slot: usize, until: i64) {
        self.person[slot] = NOBODY;
        self.ends[slot] = until;
    }

    /// Whoever a server has served stays there.
    pub(super) fn stay(&mut self, slot: usize) {
        self.ends[slot] = STAYS;
    }

    /// How many wait in a line.
    pub(super) fn waiting(&self, node: usize) -> usize {
        self.nodes[node].waiting()
    }

    #[inline]
    pub(super) fn make_free(&mut self, slot: usize, now: i64) {
        self.ends[slot] = IDLE;
        self.since[slot] = now;
        self.nodes[self.node[slot] as usize].idle += 1;
    }

    #[inline]
    pub(super) fn station(&self, slot: usize) -> usize {
        self.nodes[self.node[slot] as usize].station
    }

    #[inline]
    pub(super) fn node_of(&self, slot: usize) -> usize {
        self.node[slot] as usize
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

    /// Leaves to the next round when each server is free; returns how long lanes worked whose crews come and go.
    pub(super) fn give_back(&mut self, servers: &mut Servers) -> Option<Worked> {
        if let Some(crews) = &self.crews {
            self.since[crews.from..crews.to].copy_from_slice(&crews.lanes.freed);
        }
        for (free, &since) in servers.iter_mut().flatten().zip(&self.since) {
            *free = since;
        }
        self.crews.as_ref().map(|crews| crews.lanes.worked)
    }
}
