//! A site whose lanes keep households together, and teams that visit: whoever begins with a household, or a stop, goes on with it to its last
//! person. The next one goes to the lane that has been free longest, of several the lowest number.
//!
//! Who is visited does not wait in a line: a person arrives, in the sense of what is measured, as the team turns to this person.

use super::arrivals::Block;
use super::clock::{Clock, Lanes, NEVER};
use super::door::Door;
use super::observer::{SiteObserver, Step};
use super::site::{Servers, Work};
use super::told::Told;
use super::tubes::Swab;
use crate::model::site::Missed;
use crate::model::visits::Unit;
use crate::network::Shares;
use crate::network::duty::Duty;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Takes all people of the site's round to its lanes or teams.
pub(super) fn run<S: SiteObserver>(work: &mut Work<S>, servers: &mut Servers) {
    let mut groups = Groups::new(work, servers);
    let mut block = work.block();
    while work.next(&mut block) {
        for index in 0..block.len {
            let source = block.source[index];
            let name = match groups.unit {
                Unit::Household => block.service[1][index],
                Unit::Cell => u32::MAX,
            };
            if !matches!(&groups.current, Some(group) if (group.source, group.name) == (source, name))
            {
                groups.end(work);
                groups.begin(
                    work,
                    (source, name),
                    (block.arrival[index], block.rank[index]),
                );
            }
            groups.serve(work, &block, index);
        }
    }
    groups.finish(work, servers);
}

/// Nowhere: the cell of a team that has not been anywhere in the round.
const NOWHERE: u32 = u32::MAX;

struct Groups<'a> {
    unit: Unit,
    /// When each lane is free, but for the one that is not.
    lanes: BinaryHeap<Reverse<(i64, u32)>>,
    /// By lane: its hours, and the cell it was last in.
    duty: Vec<Duty<'a>>,
    cell: Vec<u32>,
    current: Option<Group>,
    /// When those start who came and have not started.
    waiting: BinaryHeap<Reverse<i64>>,
    peak: usize,
    busy: i64,
    told: Told,
    clock: Option<Clock<'a>>,
    /// The crews of the lanes, where they come and go.
    crews: Option<Lanes<'a>>,
    door: Option<Door<'a>>,
}

/// A household or a stop.
struct Group {
    source: u32,
    /// With the source its name.
    name: u32,
    /// The rank of its first person.
    head: u32,
    lane: u32,
    /// When the lane began with it.
    begun: i64,
    /// When the lane is done with it so far; none if nobody is served any more.
    clock: Option<i64>,
    /// What is done before its first person, until that is done.
    before: i64,
    reached: bool,
    /// Why it goes home unserved, and when, if it does because of the line.
    goes: Option<(Missed, i64)>,
}

impl<'a> Groups<'a> {
    fn new<S>(work: &Work<'a, S>, servers: &Servers) -> Self {
        let lanes = servers[0].len();
        let roster = work.clock.and_then(|clock| clock.roster);
        let crews = roster.map(|roster| Lanes::new(&roster.lanes, &servers[0]));
        let free = servers[0].iter().enumerate().map(|(lane, &free)| {
            let back = crews.as_ref().map_or(free, |crews| crews.back(lane, free));
            Reverse((back, lane as u32))
        });
        Self {
            unit: work
                .site
                .visits
                .as_ref()
                .map_or(Unit::Household, |visits| visits.unit),
            lanes: free.collect(),
            duty: vec![Duty::new(&work.round.openings, &work.round.pauses); lanes],
            cell: vec![NOWHERE; lanes],
            current: None,
            waiting: BinaryHeap::new(),
            peak: 0,
            busy: 0,
            told: Told::new(false),
            clock: work.clock,
            crews,
            door: work.door.clone(),
        }
    }

    /// Why a household that could start at `start` goes home because of the line, and when.
    fn goes(
        &mut self,
        (source, head): (u32, u32),
        (came, start): (i64, Option<i64>),
    ) -> Option<(Missed, i64)> {
        let door = self.door.as_mut()?;
        let gives_up = door.gives_up((source, head), came);
        if start == Some(came) {
            return None;
        }
        while self.waiting.peek().is_some_and(|next| next.0 <= came) {
            self.waiting.pop();
        }
        if let Some(reason) = door.refuses((source, head), self.waiting.len()) {
            return Some((reason, came));
        }
        let until = gives_up.filter(|until| start.is_none_or(|start| start > *until))?;
        Some((Missed::Reneged, until))
    }

    /// The lane that takes the next household or stop, taken out of the heap, since when it is free, and when it starts; if nobody is served
    /// any more there is no start.
    fn next<S>(&mut self, work: &Work<S>, came: i64) -> Option<(u32, i64, Option<i64>)> {
        loop {
            let Reverse((free, lane)) = self.lanes.pop()?;
            if free == NEVER {
                return Some((lane, free, None));
            }
            let duty = &mut self.duty[lane as usize];
            let start = duty.admit(came.max(free), came, work.site.sends_home);
            let (Some(moment), Some(crews)) = (start, &self.crews) else {
                return Some((lane, free, start));
            };
            let since = crews.waits_since(lane as usize, free, moment);
            if since == free {
                let home = work.site.sends_home && duty.closes_between(came, moment);
                return Some((lane, free, start.filter(|_| !home)));
            }
            self.lanes.push(Reverse((since, lane)));
        }
    }

    /// A lane takes on a household or a stop.
    fn begin<S>(&mut self, work: &Work<S>, (source, name): (u32, u32), (came, head): (i64, u32)) {
        let Some((lane, free, clock)) = self.next(work, came) else {
            return;
        };
        let goes = self.goes((source, head), (came, clock));
        let clock = clock.filter(|_| goes.is_none());
        let at = lane as usize;
        let mut before = 0;
        if let (Some(visits), Some(_)) = (&work.site.visits, clock) {
            let [travel, setup] = work.visiting[source as usize];
            let cell = work.round.sources[source as usize].cell;
            if self.cell[at] != cell {
                self.cell[at] = cell;
                before += visits.travel.one(travel, u64::from(head)).millis();
            }
            before += visits.setup.one(setup, u64::from(head)).millis();
        }
        if clock.is_none() {
            self.lanes.push(Reverse((free, lane)));
        }
        self.current = Some(Group {
            source,
            name,
            head,
            lane,
            begun: clock.unwrap_or(free),
            clock,
            before,
            reached: false,
            goes,
        });
    }

    /// The lane serves a person of the household or stop it is at.
    fn serve<S: SiteObserver>(&mut self, work: &mut Work<S>, block: &Block, index: usize) {
        let Some(group) = &mut self.current else {
            return;
        };
        let Some(clock) = group.clock else {
            let came = block.arrival[index];
            match group.goes {
                Some(goes) => self.miss(work, (block.source[index], came), goes),
                None if self.door.is_some() => self.wait_for_the_close(work, came),
                None => {}
            }
            return;
        };
        let lane = group.lane as usize;
        let start = match self.unit {
            Unit::Household => clock,
            Unit::Cell => self.duty[lane].go_on(clock),
        };
        let visited = work.site.visits.is_some();
        let arrival = if visited { start } else { block.arrival[index] };
        let mut service = block.service[0][index];
        if let Some(clock) = self.clock {
            service = clock.length(0, start, service);
        }
        let length = std::mem::take(&mut group.before) + i64::from(service);
        let mut swab = Swab {
            arrival,
            ..block.swab(index, start + length)
        };
        let told = swab.end <= work.stop;
        if told {
            swab.end = work.fillings[lane].enter(swab, &mut work.rack, work.seen);
            work.done.last_swab = work.done.last_swab.max(swab.end);
            group.reached = true;
        }
        group.clock = Some(swab.end);
        self.busy += swab.end - start;
        let head = group.head;
        work.step(|| Step {
            source: swab.source,
            rank: swab.rank,
            station: 0,
            server: lane as u32,
            ready: arrival,
            start,
            end: swab.end,
            first: false,
            group: head,
        });
        if told {
            self.told.add(&swab, (start - arrival) as u32, work.seen);
        }
        if !visited {
            self.wait(arrival, start);
        }
    }

    /// Someone goes home unserved because of the line.
    fn miss<S: SiteObserver>(
        &mut self,
        work: &mut Work<S>,
        (source, came): (u32, i64),
        (reason, at): (Missed, i64),
    ) {
        if at <= work.stop {
            work.miss(source, reason);
        }
        if reason == Missed::Reneged {
            self.wait(came, at);
        }
    }

    /// Someone stands in line whom the site will send home.
    fn wait_for_the_close<S>(&mut self, work: &Work<S>, came: i64) {
        let openings = work.round.openings.iter();
        let mut closes = openings.filter(|opening| opening.closes_day);
        if let Some(opening) = closes.find(|opening| opening.end.millis() > came) {
            self.wait(came, opening.end.millis());
        }
    }

    /// Counts the line as someone comes who starts later.
    fn wait(&mut self, came: i64, start: i64) {
        self.waiting.push(Reverse(start));
        while self.waiting.peek().is_some_and(|next| next.0 <= came) {
            self.waiting.pop();
        }
        self.peak = self.peak.max(self.waiting.len());
    }

    /// The lane is done with its household or stop.
    fn end<S: SiteObserver>(&mut self, work: &mut Work<S>) {
        let Some(group) = self.current.take() else {
            return;
        };
        let Some(free) = group.clock else {
            return;
        };
        let shares = work.round.sources[group.source as usize].shares;
        if self.unit == Unit::Cell || shares == Shares::Household {
            work.fillings[group.lane as usize].leave(&mut work.rack, work.seen);
        }
        work.done.reached += u32::from(group.reached);
        let lane = group.lane as usize;
        let crews = self.crews.as_mut();
        let back = crews.map_or(free, |crews| crews.leave((lane, lane), group.begun, free));
        self.lanes.push(Reverse((back, group.lane)));
    }

    fn finish<S: SiteObserver>(mut self, work: &mut Work<S>, servers: &mut Servers) {
        self.end(work);
        self.told.tell(work.seen);
        work.done.peak_queue = self.peak as u32;
        work.done.busy = vec![self.busy];
        for Reverse((free, lane)) in self.lanes {
            servers[0][lane as usize] = free;
        }
        if let Some(crews) = &self.crews {
            servers[0].copy_from_slice(&crews.freed);
            work.done.worked = crews.worked;
        }
    }
}
