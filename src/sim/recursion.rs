//! First come, first served without a list of events: whoever comes starts at the later of arriving and a server being free
//! (Kiefer and Wolfowitz, 1955), and the free times, kept sorted, give the departures in order. A block of people goes through one station
//! after another, column by column.

use super::arrivals::Block;
use super::clock::{Clock, Lanes, NEVER};
use super::observer::{SiteObserver, Step, Swabbed};
use super::site::{Servers, Work};
use super::tubes::Swab;
use crate::network::RoundSite;
use crate::network::duty::Duty;
use crate::random::block::BLOCK;

/// Takes all people of the site's round through its desks and lanes.
pub(super) fn run<S: SiteObserver>(work: &mut Work<S>, servers: &mut Servers) {
    let mut recursion = Recursion::new(work, servers);
    let mut block = work.block();
    while work.next(&mut block) {
        recursion.take(work, &mut block);
    }
    recursion.finish(work, servers);
}

/// Of a swab's end: there is no such swab.
const NOBODY: i64 = i64::MIN;
const NO_SWAB: Swab = Swab {
    arrival: 0,
    end: NOBODY,
    source: 0,
    rank: 0,
};

/// The stations of a site.
struct Recursion<'a> {
    /// The stations before the lanes, then the first of the lanes, which have one line.
    stations: Vec<Desk<'a>>,
    /// The stations behind it, by station and lane.
    inner: Vec<Vec<Desk<'a>>>,
    /// Where the site fills one tube after another: the latest swab of each lane, which goes in when all earlier ones are known.
    held: Vec<Swab>,
    /// Time served, by station.
    busy: Vec<i64>,
    way: Box<Way>,
    /// Places in the block of those whose swab comes when everything has stopped, in order.
    late: Vec<usize>,
}

/// A block of people at a station, column by column.
struct Way {
    ready: [i64; BLOCK],
    start: [i64; BLOCK],
    end: [i64; BLOCK],
    server: [u32; BLOCK],
    /// How long each waited so far.
    waited: [u32; BLOCK],
    /// Places of those whom the station did not take, in order.
    gone: Vec<usize>,
}

/// Servers that share a line.
struct Desk<'a> {
    free: Free,
    duty: Duty<'a>,
    line: Line,
    /// Where the clock says more than when the site is open.
    timed: Option<Timed<'a>>,
}

/// What the clock says of a desk.
struct Timed<'a> {
    clock: Clock<'a>,
    station: usize,
    /// The crews of its lanes, if it is the first station of lanes that have hours.
    lanes: Option<Lanes<'a>>,
    /// Whether it is the door of a site that sends home whom it has not reached at the close.
    sends_home: bool,
}

/// When each server is free, soonest first; of several the lowest number. Each is packed into one number: the moment above the server.
struct Free(Vec<i64>);

const SERVER_BITS: u32 = 16;

/// From so many servers on it is faster to search for a place than to compare with all.
const MANY: usize = 8;

impl Free {
    fn new(free: &[i64]) -> Self {
        let mut servers: Vec<i64> = free
            .iter()
            .enumerate()
            .map(|(server, &free)| Self::pack(free, server))
            .collect();
        servers.sort_unstable();
        Self(servers)
    }

    #[inline]
    fn pack(free: i64, server: usize) -> i64 {
        (free << SERVER_BITS) | server as i64
    }

    #[inline]
    fn unpack(entry: i64) -> (i64, usize) {
        (
            entry >> SERVER_BITS,
            (entry & ((1 << SERVER_BITS) - 1)) as usize,
        )
    }

    /// When the first server is free, and which it is.
    #[inline]
    fn first(&self) -> (i64, usize) {
        Self::unpack(self.0[0])
    }

    /// The first server is now free at `free`.
    #[inline]
    fn reinsert(&mut self, free: i64, server: usize) {
        let mut entry = Self::pack(free, server);
        let servers = self.0.as_mut_slice();
        let last = servers.len() - 1;
        if last < MANY {
            for place in 0..last {
                let other = servers[place + 1];
                servers[place] = entry.min(other);
                entry = entry.max(other);
            }
            servers[last] = entry;
        } else {
            let place = servers[1..].partition_point(|&other| other < entry);
            servers.copy_within(1..=place, 0);
            servers[place] = entry;
        }
    }

    /// Every server with when it is free, in order.
    fn iter(&self) -> impl Iterator<Item = (i64, usize)> {
        self.0.iter().map(|&entry| Self::unpack(entry))
    }
}

/// How long a line was at most.
#[derive(Default)]
struct Line {
    /// When the last people started, as many as stood in the longest line or more; starts come in order.
    starts: Vec<i64>,
    peak: usize,
}

impl Line {
    /// People come at `ready` and will start at `start`. The line grows by at most one with each, so it is longer than ever if the one who
    /// is `peak` places ahead has not started.
    #[inline]
    fn join(&mut self, ready: &[i64], start: &[i64]) {
        if self.starts.len() > 2 * self.peak + BLOCK {
            self.starts.drain(..self.starts.len() - self.peak);
        }
        let before = self.starts.len();
        self.starts.extend_from_slice(start);
        for (index, &ready) in ready.iter().enumerate() {
            self.peak += usize::from(self.starts[before + index - self.peak] > ready);
        }
    }
}

impl<'a> Desk<'a> {
    fn new(free: &[i64], round: &'a RoundSite) -> Self {
        Self {
            free: Free::new(free),
            duty: Duty::new(&round.openings, &round.pauses),
            line: Line::default(),
            timed: None,
        }
    }

    /// The same desk under a clock; `entry` is the first station of the lanes.
    fn timed<S>(mut self, work: &Work<'a, S>, station: usize, entry: usize) -> Self {
        let Some(clock) = work.clock else {
            return self;
        };
        let roster = clock.roster.filter(|_| station == entry);
        let lanes = roster.map(|roster| {
            let mut free = vec![0; self.free.0.len()];
            for (moment, server) in self.free.iter() {
                free[server] = moment;
            }
            Lanes::new(&roster.lanes, &free)
        });
        if let Some(lanes) = &lanes {
            let back: Vec<i64> = (lanes.freed.iter().enumerate())
                .map(|(lane, &free)| lanes.back(lane, free))
                .collect();
            self.free = Free::new(&back);
        }
        let sends_home = station == 0 && work.site.sends_home;
        self.timed = Some(Timed {
            clock,
            station,
            lanes,
            sends_home,
        });
        self
    }

    /// Serves a block of people in order: `admit` says when the person at a place starts who could start at a moment, if ever; `leave`
    /// when the server is free again, from the person, the server and the end of the service.
    #[inline]
    fn serve(
        &mut self,
        (len, service): (usize, &[u32; BLOCK]),
        way: &mut Way,
        mut admit: impl FnMut(&mut Duty, usize, i64) -> Option<i64>,
        mut leave: impl FnMut(usize, usize, i64) -> i64,
    ) {
        if self.timed.is_some() {
            self.serve_by_the_clock((len, service), way, admit, leave);
            return;
        }
        for (index, &service) in service.iter().enumerate().take(len) {
            let (free, server) = self.free.first();
            let Some(start) = admit(&mut self.duty, index, way.ready[index].max(free)) else {
                way.gone.push(index);
                continue;
            };
            let end = leave(index, server, start + i64::from(service));
            self.free.reinsert(end, server);
            way.start[index] = start;
            way.end[index] = end;
            way.server[index] = server as u32;
        }
    }

    /// The same where servers come and go, or are not always as fast.
    fn serve_by_the_clock(
        &mut self,
        (len, service): (usize, &[u32; BLOCK]),
        way: &mut Way,
        mut admit: impl FnMut(&mut Duty, usize, i64) -> Option<i64>,
        mut leave: impl FnMut(usize, usize, i64) -> i64,
    ) {
        for (index, &service) in service.iter().enumerate().take(len) {
            let admit = |duty: &mut Duty, ready| admit(duty, index, ready);
            let Some((start, server)) = self.next_on_duty(way.ready[index], admit) else {
                way.gone.push(index);
                continue;
            };
            let length = self.length(start, service);
            let end = leave(index, server, start + i64::from(length));
            let lanes = self.timed.as_mut().and_then(|timed| timed.lanes.as_mut());
            let free = lanes.map_or(end, |lanes| lanes.leave((server, server), start, end));
            self.free.reinsert(free, server);
            way.start[index] = start;
            way.end[index] = end;
            way.server[index] = server as u32;
        }
    }

    /// When the next in line starts, and at which server: the first to be free is asked first, and waits for its crew if it is off duty
    /// then.
    fn next_on_duty(
        &mut self,
        ready: i64,
        mut admit: impl FnMut(&mut Duty, i64) -> Option<i64>,
    ) -> Option<(i64, usize)> {
        loop {
            let (free, server) = self.free.first();
            if free == NEVER {
                return None;
            }
            let start = admit(&mut self.duty, ready.max(free))?;
            let timed = self.timed.as_ref()?;
            let lanes = timed.lanes.as_ref();
            let since = lanes.map_or(free, |lanes| lanes.waits_since(server, free, start));
            if since == free {
                let home = timed.sends_home && self.duty.closes_between(ready, start);
                return (!home).then_some((start, server));
            }
            self.free.reinsert(since, server);
        }
    }

    #[inline]
    fn length(&self, start: i64, service: u32) -> u32 {
        self.timed.as_ref().map_or(service, |timed| {
            timed.clock.length(timed.station, start, service)
        })
    }

    /// Serves one person at the desk's only server.
    #[inline]
    fn serve_one(
        &mut self,
        ready: i64,
        service: u32,
        leave: impl FnOnce(i64) -> i64,
    ) -> (i64, i64) {
        let (free, server) = self.free.first();
        let start = self.duty.go_on(ready.max(free));
        let end = leave(start + i64::from(self.length(start, service)));
        self.free.reinsert(end, server);
        self.line.join(&[ready], &[start]);
        (start, end)
    }
}

impl<'a> Recursion<'a> {
    fn new<S>(work: &Work<'a, S>, servers: &Servers) -> Self {
        let round = work.round;
        let stations = &work.site.stations;
        let entry = stations
            .values()
            .take_while(|station| !station.in_lane)
            .count();
        let desk = |(station, free): (usize, &Vec<i64>)| {
            Desk::new(free, round).timed(work, station, entry)
        };
        let held = if work.site.tubes.per_lane {
            0
        } else {
            servers[entry].len()
        };
        let inner = |(station, free): (usize, &Vec<i64>)| {
            free.iter()
                .map(|&free| Desk::new(&[free], round).timed(work, station, entry))
                .collect()
        };
        let servers_of = servers.iter().enumerate();
        Self {
            stations: servers_of.clone().take(entry + 1).map(desk).collect(),
            inner: servers_of.skip(entry + 1).map(inner).collect(),
            held: vec![NO_SWAB; held],
            busy: vec![0; servers.len()],
            way: Box::new(Way::new()),
            late: Vec::new(),
        }
    }

    /// Takes a block of people from the door to the tube.
    fn take<S: SiteObserver>(&mut self, work: &mut Work<S>, block: &mut Block) {
        self.way.ready = block.arrival;
        self.way.waited = [0; BLOCK];
        let lanes = self.stations.len() - 1;
        for station in 0..lanes {
            let (desk, way) = (&mut self.stations[station], &mut *self.way);
            let people = (block.len, &block.service[station]);
            if station == 0 {
                desk.serve(people, way, door(work, &block.arrival), |_, _, end| end);
            } else {
                desk.serve(people, way, go_on, |_, _, end| end);
            }
            self.pass(work, block, station);
        }
        let lane_is_one_station = self.inner.is_empty();
        match (lanes == 0, lane_is_one_station) {
            (true, true) => self.fill(work, block, door(work, &block.arrival)),
            (false, true) => self.fill(work, block, go_on),
            (true, false) => self.enter_lanes(block, door(work, &block.arrival)),
            (false, false) => self.enter_lanes(block, go_on),
        }
        self.pass(work, block, lanes);
        for place in 0..self.inner.len() {
            self.on_through_the_lane(work, block, place);
        }
        self.tell(work, block);
    }

    /// The first of several stations of the lanes.
    fn enter_lanes(
        &mut self,
        block: &Block,
        admit: impl FnMut(&mut Duty, usize, i64) -> Option<i64>,
    ) {
        let lanes = self.stations.len() - 1;
        let people = (block.len, &block.service[lanes]);
        self.stations[lanes].serve(people, &mut self.way, admit, |_, _, end| end);
    }

    /// The only station of the lanes, where tubes are filled.
    fn fill<S: SiteObserver>(
        &mut self,
        work: &mut Work<S>,
        block: &Block,
        admit: impl FnMut(&mut Duty, usize, i64) -> Option<i64>,
    ) {
        let lanes = self.stations.len() - 1;
        let people = (block.len, &block.service[lanes]);
        let (desk, way, late) = (&mut self.stations[lanes], &mut *self.way, &mut self.late);
        let (stop, fillings, rack) = (work.stop, work.fillings.as_mut_slice(), &mut work.rack);
        if self.held.is_empty() {
            desk.serve(people, way, admit, |index, lane, end| {
                if end > stop {
                    late.push(index);
                    return end;
                }
                fillings[lane].enter(block.swab(index, end), rack, work.seen)
            });
        } else {
            let held = self.held.as_mut_slice();
            desk.serve(people, way, admit, |index, lane, end| {
                let earlier = std::mem::replace(&mut held[lane], block.swab(index, end));
                if end > stop {
                    held[lane] = NO_SWAB;
                    late.push(index);
                }
                if earlier.end != NOBODY {
                    fillings[0].enter(earlier, rack, work.seen);
                }
                end
            });
        }
    }

    /// A station of the lanes behind their first.
    fn on_through_the_lane<S: SiteObserver>(
        &mut self,
        work: &mut Work<S>,
        block: &mut Block,
        place: usize,
    ) {
        let station = self.stations.len() + place;
        let last = place + 1 == self.inner.len();
        let way = &mut *self.way;
        for index in 0..block.len {
            let lane = way.server[index] as usize;
            let leave = |end| {
                if !last {
                    end
                } else if end > work.stop {
                    self.late.push(index);
                    end
                } else {
                    work.fillings[lane].enter(block.swab(index, end), &mut work.rack, work.seen)
                }
            };
            let service = block.service[station][index];
            (way.start[index], way.end[index]) =
                self.inner[place][lane].serve_one(way.ready[index], service, leave);
        }
        self.sum_up(work, block, station);
    }

    /// All people of a block went through a station with one line.
    fn pass<S: SiteObserver>(&mut self, work: &mut Work<S>, block: &mut Block, station: usize) {
        if !self.way.gone.is_empty() {
            self.way.drop_gone(block);
        }
        let (ready, start) = (&self.way.ready[..block.len], &self.way.start[..block.len]);
        self.stations[station].line.join(ready, start);
        self.sum_up(work, block, station);
    }

    /// All people of a block went through a station.
    fn sum_up<S: SiteObserver>(&mut self, work: &mut Work<S>, block: &Block, station: usize) {
        let way = &mut *self.way;
        let mut busy = 0;
        for index in 0..block.len.min(BLOCK) {
            way.waited[index] += (way.start[index] - way.ready[index]) as u32;
            busy += way.end[index] - way.start[index];
        }
        self.busy[station] += busy;
        for index in 0..block.len {
            work.step(|| Step {
                source: block.source[index],
                rank: block.rank[index],
                station: station as u32,
                server: way.server[index],
                ready: way.ready[index],
                start: way.start[index],
                end: way.end[index],
                first: false,
                group: block.rank[index],
            });
        }
        way.ready = way.end;
    }

    /// Tells of the people whose swabs are in, all but the late.
    fn tell<S: SiteObserver>(&mut self, work: &mut Work<S>, block: &mut Block) {
        let way = &mut *self.way;
        if !self.late.is_empty() {
            std::mem::swap(&mut way.gone, &mut self.late);
            way.drop_gone(block);
        }
        let len = block.len;
        if len == 0 {
            return;
        }
        let end = &way.ready[..len];
        let last = end.iter().copied().fold(NOBODY, i64::max);
        work.done.last_swab = work.done.last_swab.max(last);
        let (source, arrival, waited) = (
            &block.source[..len],
            &block.arrival[..len],
            &way.waited[..len],
        );
        work.seen.swabbed(&Swabbed {
            source,
            arrival,
            waited,
            end,
            first: false,
        });
    }

    fn finish<S: SiteObserver>(mut self, work: &mut Work<S>, servers: &mut Servers) {
        let entry = self.stations.len() - 1;
        for (_, lane) in self.stations[entry].free.iter() {
            if let Some(&held) = self.held.get(lane)
                && held.end != NOBODY
            {
                work.fillings[0].enter(held, &mut work.rack, work.seen);
            }
        }
        let lines = self.stations.iter().chain(self.inner.iter().flatten());
        work.done.peak_queue = lines.map(|desk| desk.line.peak).max().unwrap_or(0) as u32;
        work.done.busy = std::mem::take(&mut self.busy);
        for (servers, desk) in servers.iter_mut().zip(&self.stations) {
            for (free, server) in desk.free.iter() {
                servers[server] = free;
            }
            let timed = desk.timed.as_ref();
            if let Some(crews) = timed.and_then(|timed| timed.lanes.as_ref()) {
                servers.copy_from_slice(&crews.freed);
                work.done.worked = crews.worked;
            }
        }
        for (servers, desks) in servers[entry + 1..].iter_mut().zip(&self.inner) {
            for (server, desk) in servers.iter_mut().zip(desks) {
                *server = desk.free.first().0;
            }
        }
    }
}

/// At the door: people who came at `arrival` start while the site is open for them.
fn door<'b, S>(
    work: &Work<S>,
    arrival: &'b [i64; BLOCK],
) -> impl FnMut(&mut Duty, usize, i64) -> Option<i64> + use<'b, S> {
    let sends_home = work.site.sends_home;
    move |duty, index, ready| duty.admit(ready, arrival[index], sends_home)
}

/// Inside: people go on at once, but not in a break.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the same shape as at the door, where someone may be turned away"
)]
#[inline]
fn go_on(duty: &mut Duty, _: usize, ready: i64) -> Option<i64> {
    Some(duty.go_on(ready))
}

impl Way {
    fn new() -> Self {
        Self {
            ready: [0; BLOCK],
            start: [0; BLOCK],
            end: [0; BLOCK],
            server: [0; BLOCK],
            waited: [0; BLOCK],
            gone: Vec::new(),
        }
    }

    /// Takes those who are gone out of all columns.
    fn drop_gone(&mut self, block: &mut Block) {
        let mut gone = self.gone.drain(..).peekable();
        let mut kept = 0;
        for index in 0..block.len {
            if gone.next_if_eq(&index).is_some() {
                continue;
            }
            block.copy(index, kept);
            self.ready[kept] = self.ready[index];
            self.start[kept] = self.start[index];
            self.end[kept] = self.end[index];
            self.server[kept] = self.server[index];
            self.waited[kept] = self.waited[index];
            kept += 1;
        }
        block.len = kept;
    }
}
