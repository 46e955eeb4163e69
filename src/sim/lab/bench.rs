//! One stage of a laboratory at work, event by event: its line, its servers, who of them may start.

use super::super::observer::{Behind, Handled};
use super::events::Due;
use super::hands::People;
use super::outage::Outages;
use crate::id::RoundId;
use crate::network::duty::Crew;
use crate::network::{Stage, Work};
use crate::random::{Key, Purpose, Streams};
use crate::units::Time;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// A stage at work.
pub(super) struct StageRun<'a> {
    pub(super) stage: &'a Stage,
    pub(super) luck: Key,
    /// What waits, in order.
    pub(super) queue: VecDeque<Waiting>,
    /// What waits for the rest of its lot.
    pub(super) lot: Vec<u32>,
    /// What is done at this instant.
    pub(super) done: Vec<u32>,
    /// What is done and waits for room before the next stage, in order.
    pub(super) held: VecDeque<Waiting>,
    /// When each worker or machine that is free became so, or comes, soonest first.
    pub(super) servers: BinaryHeap<Reverse<(Time, u32)>>,
    /// What each is busy with.
    pub(super) busy: Vec<Busy>,
    /// Runs, or groups that came together, so far.
    pub(super) runs: u64,
    /// When the latest group came.
    group: Option<Time>,
    /// Tubes in the stage: waiting, worked on, or in an unfinished lot.
    pub(super) inside: u32,
    /// The latest moment that was put into the calendar for a start.
    woken: Time,
    /// By machine, when it stands still; empty where none does.
    outages: Vec<Outages<'a>>,
    /// Who is at runs before and after.
    pub(super) people: Option<People<'a>>,
    /// When a worker or machine that stood still with finished tubes could last go on, and which stage was the cause.
    pub(super) freed: Option<Behind>,
    /// When someone last began who had had nothing to do.
    pub(super) paused: Time,
}

/// A tube in line: by class, then by the moment it became ready, then by number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Waiting {
    pub(super) class: u8,
    pub(super) ready: Time,
    pub(super) serial: u32,
    pub(super) job: u32,
}

/// Puts a tube where it belongs in a line.
pub(super) fn line_up(line: &mut VecDeque<Waiting>, waiting: Waiting) {
    if line.back().is_none_or(|last| *last <= waiting) {
        line.push_back(waiting);
    } else {
        let place = line.partition_point(|other| *other <= waiting);
        line.insert(place, waiting);
    }
}

/// A worker or machine and what it is at.
#[derive(Clone, Default)]
pub(super) struct Busy {
    pub(super) start: Time,
    /// How it will end.
    pub(super) end: End,
    pub(super) jobs: Vec<u32>,
    /// Since when it has been done, the round of its first tube, and how many tubes still stand with it.
    pub(super) done: Time,
    pub(super) round: Option<RoundId>,
    pub(super) with_it: u32,
    /// The run, by number; when people were at it, where they are; whether they clear it away, or have done so.
    pub(super) run: u64,
    pub(super) handled: Option<Handled>,
    pub(super) cleared: bool,
    /// Until when it stood still with finished tubes before what it is at, and which stage was the cause.
    pub(super) freed: Option<Behind>,
}

/// How a run ends.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) enum End {
    /// As it should.
    #[default]
    Well,
    /// Its controls fail.
    ControlsFailed,
    /// The machine stops before.
    Stopped,
}

impl<'a> StageRun<'a> {
    pub(super) fn new(stage: &'a Stage, streams: Streams) -> Self {
        let servers: BinaryHeap<_> = stage.servers().map(Reverse).collect();
        Self {
            stage,
            luck: streams.key(Purpose::Stage, stage.name),
            queue: VecDeque::new(),
            lot: Vec::new(),
            done: Vec::new(),
            held: VecDeque::new(),
            busy: vec![Busy::default(); servers.len()],
            servers,
            runs: 0,
            group: None,
            inside: 0,
            woken: Time::BEFORE,
            outages: Outages::all(stage, streams),
            people: People::of(stage, streams),
            freed: None,
            paused: Time::BEFORE,
        }
    }

    /// The number of the group of tubes that comes at a moment.
    pub(super) fn group_of(&mut self, moment: Time) -> u64 {
        if self.group.is_some_and(|before| before != moment) {
            self.runs += 1;
        }
        self.group = Some(moment);
        self.runs
    }

    /// The worker who has been free longest and is on duty; who is not is free when the next shift begins.
    pub(super) fn worker(
        &mut self,
        now: Time,
        calendar: &mut BinaryHeap<Reverse<(Time, Due)>>,
    ) -> Option<u32> {
        let Work::Workers { workers, .. } = &self.stage.work else {
            return None;
        };
        loop {
            let Reverse((free, worker)) = *self.servers.peek()?;
            if free > now {
                return None;
            }
            let start = workers[worker as usize].next(now);
            if start == now {
                return Some(worker);
            }
            self.servers.pop();
            self.servers.push(Reverse((start, worker)));
            calendar.push(Reverse((start, Due::Wake)));
        }
    }

    /// Whether one more tube may come to stand before the stage; at one without room, only to be worked on at once.
    pub(super) fn has_room(
        &mut self,
        now: Time,
        calendar: &mut BinaryHeap<Reverse<(Time, Due)>>,
    ) -> bool {
        match self.stage.buffer {
            None => true,
            Some(0) => self.queue.is_empty() && self.worker(now, calendar).is_some(),
            Some(room) => self.queue.len() < room as usize,
        }
    }

    /// Takes out the machine that has been free longest, with since when it was, if a run may start.
    pub(super) fn machine(
        &mut self,
        now: Time,
        more: bool,
        calendar: &mut BinaryHeap<Reverse<(Time, Due)>>,
    ) -> Option<(Time, u32)> {
        let Work::Machines {
            at_least,
            after,
            crews,
            ..
        } = &self.stage.work
        else {
            return None;
        };
        let machine = loop {
            let Reverse((free, machine)) = *self.servers.peek()?;
            if free > now || self.queue.is_empty() {
                return None;
            }
            let outages = self.outages.get_mut(machine as usize);
            let Some(back) = outages.and_then(|outages| outages.until(now)) else {
                break machine;
            };
            self.servers.pop();
            self.servers.push(Reverse((back, machine)));
            calendar.push(Reverse((back, Due::Wake)));
        };
        let mut start = Crew::first(crews, now);
        if more && self.queue.len() < *at_least as usize {
            let tired = self.first_ready() + *after;
            if tired > now {
                start = tired;
            }
        }
        if start > now {
            if self.woken != start {
                self.woken = start;
                calendar.push(Reverse((start, Due::Wake)));
            }
            return None;
        }
        if let Some(people) = &mut self.people
            && !people.are_there(now, calendar)
        {
            return None;
        }
        let Reverse((free, _)) = self.servers.pop()?;
        Some((free, machine))
    }

    /// Someone who was free since a moment takes a tube: a pause ends if there was nothing to do until it came.
    pub(super) fn end_pause(&mut self, (free, entered): (Time, Time), now: Time) {
        if free < now && entered == now {
            self.paused = now;
        }
    }

    /// When a machine that is there will stop next.
    pub(super) fn stop(&mut self, machine: u32, now: Time) -> Option<Time> {
        self.outages.get_mut(machine as usize)?.next(now)
    }

    /// Since when the tube has been in line that has been there longest.
    fn first_ready(&self) -> Time {
        match (self.queue.front(), self.queue.back()) {
            (Some(first), Some(last)) if first.class == last.class => first.ready,
            _ => self
                .queue
                .iter()
                .map(|waiting| waiting.ready)
                .min()
                .unwrap_or(Time::NEVER),
        }
    }
}
