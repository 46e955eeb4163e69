//! First come, first served without a list of events: whoever comes starts at the later of arriving and a server being free
//! (Kiefer and Wolfowitz, 1955), and the free times, kept sorted, give the departures in order.

use super::arrivals::Block;
use super::observer::{SiteObserver, Step};
use super::site::{Servers, Work};
use super::tubes::Swab;
use crate::network::duty::Duty;
use std::collections::VecDeque;

/// One server and the line before it.
struct Desk<'a> {
    free: i64,
    duty: Duty<'a>,
    line: Line,
}

/// The starts of those who still wait, to know how long the line was.
#[derive(Default)]
struct Line {
    starts: VecDeque<i64>,
    peak: u32,
}

impl Line {
    /// Someone comes at `ready` and will start at `start`; starts come in order.
    #[inline]
    fn join(&mut self, ready: i64, start: i64) {
        if start <= ready {
            self.starts.clear();
            return;
        }
        while self.starts.front().is_some_and(|&start| start <= ready) {
            self.starts.pop_front();
        }
        self.starts.push_back(start);
        self.peak = self.peak.max(self.starts.len() as u32);
    }
}

/// The lanes by when their first station is free, soonest first; of several the lowest number. Each is packed into one number:
/// the moment above the lane.
struct Lanes(Vec<i64>);

const LANE_BITS: u32 = 16;

impl Lanes {
    fn new(free: &[i64]) -> Self {
        let mut lanes: Vec<i64> = free
            .iter()
            .enumerate()
            .map(|(lane, &free)| Self::pack(free, lane))
            .collect();
        lanes.sort_unstable();
        Self(lanes)
    }

    #[inline]
    fn pack(free: i64, lane: usize) -> i64 {
        (free << LANE_BITS) | lane as i64
    }

    /// When the lane at a place is free, and which it is.
    #[inline]
    fn at(&self, place: usize) -> (i64, usize) {
        (
            self.0[place] >> LANE_BITS,
            (self.0[place] & ((1 << LANE_BITS) - 1)) as usize,
        )
    }

    /// When the first lane is free, and which it is.
    #[inline]
    fn first(&self) -> (i64, usize) {
        self.at(0)
    }

    /// The first lane is now free at `free`.
    #[inline]
    fn reinsert(&mut self, free: i64, lane: usize) {
        let entry = Self::pack(free, lane);
        let mut at = 0;
        while at + 1 < self.0.len() && self.0[at + 1] < entry {
            self.0[at] = self.0[at + 1];
            at += 1;
        }
        self.0[at] = entry;
    }
}

/// Takes all people of the site's round through its desks and lanes.
pub(super) fn run<S: SiteObserver>(work: &mut Work<S>, servers: &mut Servers) {
    let mut recursion = Recursion::new(work, servers);
    let mut block = work.block();
    while work.arrivals.next(&mut block) {
        for index in 0..block.len {
            recursion.person(work, &block, index);
        }
    }
    recursion.finish(work, servers);
}

/// The stations of a site.
struct Recursion<'a> {
    /// The stations before the lanes.
    desks: Vec<Desk<'a>>,
    /// The first stations of the lanes, which share a line.
    lanes: Lanes,
    duty: Duty<'a>,
    line: Line,
    /// The stations behind them, by station and lane.
    inner: Vec<Vec<Desk<'a>>>,
    /// Where the site fills one tube after another: the latest swab of each lane, which goes in when all earlier ones are known.
    held: Vec<Option<Swab>>,
    busy: Vec<i64>,
}

impl<'a> Recursion<'a> {
    fn new<S>(work: &Work<'a, S>, servers: &Servers) -> Self {
        let openings = work.round.openings.as_slice();
        let entry = work
            .site
            .stations
            .values()
            .take_while(|station| !station.in_lane)
            .count();
        let desk = |&free: &i64| Desk {
            free,
            duty: Duty::new(openings),
            line: Line::default(),
        };
        let held = if work.site.tubes.per_lane {
            0
        } else {
            servers[entry].len()
        };
        Self {
            desks: servers[..entry].iter().map(|free| desk(&free[0])).collect(),
            lanes: Lanes::new(&servers[entry]),
            duty: Duty::new(openings),
            line: Line::default(),
            inner: servers[entry + 1..]
                .iter()
                .map(|free| free.iter().map(desk).collect())
                .collect(),
            held: vec![None; held],
            busy: vec![0; servers.len()],
        }
    }

    /// Takes one person from the door to the tube; `None` if the site is closed for them.
    #[inline]
    fn person<S: SiteObserver>(
        &mut self,
        work: &mut Work<S>,
        block: &Block,
        index: usize,
    ) -> Option<()> {
        let mut swab = Swab {
            arrival: block.arrival[index],
            end: 0,
            source: block.source[index],
            rank: block.rank[index],
        };
        let mut ready = swab.arrival;
        let mut waited = 0;
        for (station, desk) in self.desks.iter_mut().enumerate() {
            let free = ready.max(desk.free);
            let start = if station == 0 {
                desk.duty.admit(free, swab.arrival, work.site.sends_home)?
            } else {
                desk.duty.go_on(free)
            };
            desk.line.join(ready, start);
            desk.free = start + i64::from(block.service[station][index]);
            self.busy[station] += desk.free - start;
            waited += start - ready;
            let end = desk.free;
            work.step(|| step(&swab, station, 0, (ready, start, end)));
            ready = end;
        }
        let station = self.desks.len();
        let (free, lane) = self.lanes.first();
        let free = ready.max(free);
        let start = if station == 0 {
            self.duty.admit(free, swab.arrival, work.site.sends_home)?
        } else {
            self.duty.go_on(free)
        };
        self.line.join(ready, start);
        waited += start - ready;
        swab.end = start + i64::from(block.service[station][index]);
        if self.inner.is_empty() {
            self.put_in(work, &mut swab, lane, waited);
        }
        self.lanes.reinsert(swab.end, lane);
        self.busy[station] += swab.end - start;
        work.step(|| step(&swab, station, lane, (ready, start, swab.end)));
        if !self.inner.is_empty() {
            self.on_through_the_lane(work, block, index, (swab, lane, waited));
        }
        Some(())
    }

    /// The stations of a lane behind its first.
    fn on_through_the_lane<S: SiteObserver>(
        &mut self,
        work: &mut Work<S>,
        block: &Block,
        index: usize,
        (mut swab, lane, mut waited): (Swab, usize, i64),
    ) {
        for place in 0..self.inner.len() {
            let station = self.desks.len() + 1 + place;
            let desk = &mut self.inner[place][lane];
            let ready = swab.end;
            let start = desk.duty.go_on(ready.max(desk.free));
            desk.line.join(ready, start);
            waited += start - ready;
            swab.end = start + i64::from(block.service[station][index]);
            if place + 1 == self.inner.len() {
                self.put_in(work, &mut swab, lane, waited);
            }
            self.inner[place][lane].free = swab.end;
            self.busy[station] += swab.end - start;
            work.step(|| step(&swab, station, lane, (ready, start, swab.end)));
        }
    }

    /// Puts the swab into its tube, or holds it until its turn; unless everything has stopped.
    #[inline]
    fn put_in<S: SiteObserver>(
        &mut self,
        work: &mut Work<S>,
        swab: &mut Swab,
        lane: usize,
        waited: i64,
    ) {
        let now = (swab.end <= work.stop).then_some(*swab);
        if let Some(held) = self.held.get_mut(lane) {
            if let Some(earlier) = std::mem::replace(held, now) {
                work.fillings[0].enter(earlier, &mut work.rack, work.seen);
            }
        } else if now.is_some() {
            swab.end = work.fillings[lane].enter(*swab, &mut work.rack, work.seen);
        }
        if now.is_some() {
            work.finished(swab, waited as u32);
        }
    }

    fn finish<S: SiteObserver>(mut self, work: &mut Work<S>, servers: &mut Servers) {
        for place in 0..self.lanes.0.len() {
            let lane = self.lanes.at(place).1;
            if let Some(swab) = self.held.get_mut(lane).and_then(Option::take) {
                work.fillings[0].enter(swab, &mut work.rack, work.seen);
            }
        }
        let lines = self
            .desks
            .iter()
            .chain(self.inner.iter().flatten())
            .map(|desk| &desk.line)
            .chain([&self.line]);
        work.done.peak_queue = lines.map(|line| line.peak).max().unwrap_or(0);
        work.done.busy = self.busy;
        let entry = self.desks.len();
        for (free, desk) in servers.iter_mut().zip(&self.desks) {
            free[0] = desk.free;
        }
        for place in 0..self.lanes.0.len() {
            let (free, lane) = self.lanes.at(place);
            servers[entry][lane] = free;
        }
        for (free, desks) in servers[entry + 1..].iter_mut().zip(&self.inner) {
            for (free, desk) in free.iter_mut().zip(desks) {
                *free = desk.free;
            }
        }
    }
}

fn step(swab: &Swab, station: usize, server: usize, (ready, start, end): (i64, i64, i64)) -> Step {
    Step {
        source: swab.source,
        rank: swab.rank,
        station: station as u32,
        server: server as u32,
        ready,
        start,
        end,
    }
}
