//! A site whose people all go the same way, station by station (a tandem queue): each station goes through its own events, fed by the one
//! before. For what the recursion cannot follow as long as nothing ahead holds anybody up: people who are taken first, several servers at a
//! desk, walks between stations.
//!
//! Free times, kept in order, give the ends in order, as in the recursion; who was served goes on when the server takes the next person. So
//! nobody looks for the next event of the site, and a station knows at one look whether it has any.
//!
//! At one instant the site opens, then people come who went straight on, then services end, then people come from outside or from a walk:
//! the order of the event loop, seen from one station.

#![expect(
    clippy::inline_always,
    reason = "the work on a person at a station is a few nanoseconds, as a call is"
)]

use super::arrivals::Block;
use super::free::Free;
use super::observer::{SiteObserver, Step};
use super::site::{Servers, Work};
use super::told::Told;
use super::tubes::Swab;
use crate::network::duty::Duty;
use crate::network::{RoundSite, Site};
use crate::random::block::BLOCK;

/// Takes all people of the site's round through its stations.
pub(super) fn run<S: SiteObserver>(work: &mut Work<S>, servers: &mut Servers) {
    let mut tandem = Tandem::new(work, servers);
    let mut block = work.block();
    while work.next(&mut block) {
        tandem.arrive(work, &block);
        tandem.pass(work, false);
    }
    tandem.coming.clear();
    tandem.pass(work, true);
    tandem.finish(work, servers);
}

/// Nobody: the number of no person.
const NOBODY: u32 = u32::MAX;

/// Later than anything.
const NEVER: i64 = i64::MAX;

/// A person at the site.
#[derive(Clone, Copy)]
struct Person {
    swab: Swab,
    /// When the person came to the station.
    ready: i64,
    waited: u32,
    /// Who stands behind in the line.
    behind: u32,
    /// Whether services that end as the person comes end before that.
    last: bool,
    /// Whether the person is taken first where people wait.
    first: bool,
}

/// Who is at the site, by number.
struct People {
    here: Vec<Person>,
    /// How long a person takes, by person and station.
    service: Vec<u32>,
    stations: usize,
    /// Numbers of people who have left.
    gone: Vec<u32>,
}

/// People who come to a station, in order: when, and who.
type Coming = Vec<(i64, u32)>;

struct Tandem<'a> {
    people: People,
    stations: Vec<Queue<'a>>,
    coming: Coming,
    going: Coming,
    /// Those who are taken first, and the others.
    told: [Told; 2],
}

/// A station: a line and its servers.
struct Queue<'a> {
    number: usize,
    free: Free,
    /// By server: whom it served last and who has not gone on.
    served: Vec<u32>,
    /// Those who are taken first, and the others.
    lines: [Line; 2],
    waiting: usize,
    peak: usize,
    duty: Duty<'a>,
    sends_home: bool,
    /// Of the servers, soonest free first, so many are idle although people wait: none of these may start yet.
    held: usize,
    /// When the first of them may; never if nobody is held up.
    opens: i64,
    busy: i64,
    walk: i64,
}

/// People who wait, in order.
#[derive(Clone, Copy)]
struct Line {
    first: u32,
    last: u32,
}

impl<'a> Tandem<'a> {
    fn new<S>(work: &Work<'a, S>, servers: &Servers) -> Self {
        let stations = work.site.stations.values().zip(servers).enumerate();
        let last = servers.len() - 1;
        Self {
            people: People {
                here: Vec::new(),
                service: Vec::new(),
                stations: servers.len(),
                gone: Vec::new(),
            },
            stations: stations
                .map(|(number, (station, free))| {
                    let walk = if number == last {
                        0
                    } else {
                        station.walk.millis()
                    };
                    Queue::new((number, walk), free, (work.site, work.round))
                })
                .collect(),
            coming: Vec::new(),
            going: Vec::new(),
            told: [true, false].map(Told::new),
        }
    }

    /// People come to the site.
    fn arrive<S>(&mut self, work: &Work<S>, block: &Block) {
        let mut first = [false; BLOCK];
        work.taken_first(block, &mut first);
        self.coming.clear();
        for (index, first) in first.into_iter().enumerate().take(block.len) {
            let number = self.people.come(block, index, first);
            self.coming.push((block.arrival[index], number));
        }
    }

    /// Those who come to the first station, and nobody after them if these are `all`, go as far as is known.
    fn pass<S: SiteObserver>(&mut self, work: &mut Work<S>, all: bool) {
        let last = self.stations.len() - 1;
        for (number, station) in self.stations.iter_mut().enumerate() {
            let mut at = At {
                people: &mut self.people.here,
                service: &self.people.service,
                stations: self.people.stations,
                gone: &mut self.people.gone,
                going: &mut self.going,
                told: &mut self.told,
            };
            if number == last && work.site.tubes.per_lane {
                station.serve::<S, true>(work, &self.coming, &mut at);
            } else {
                station.serve::<S, false>(work, &self.coming, &mut at);
            }
            if all {
                station.empty(work, number == last && work.site.tubes.per_lane, &mut at);
            }
            std::mem::swap(&mut self.coming, &mut self.going);
            self.going.clear();
        }
        if !work.site.tubes.per_lane {
            for &(end, number) in &self.coming {
                let person = self.people.here[number as usize];
                swab(work, &mut self.told, &person, (0, end));
            }
        }
        let gone = self.coming.iter().map(|&(_, number)| number);
        self.people.gone.extend(gone);
    }

    fn finish<S: SiteObserver>(mut self, work: &mut Work<S>, servers: &mut Servers) {
        for told in &mut self.told {
            told.tell(work.seen);
        }
        let peak = self.stations.iter().map(|station| station.peak).max();
        work.done.peak_queue = peak.unwrap_or(0) as u32;
        work.done.busy = self.stations.iter().map(|station| station.busy).collect();
        for (servers, station) in servers.iter_mut().zip(&self.stations) {
            for (free, server) in station.free.iter() {
                servers[server] = free;
            }
        }
    }
}

/// A person's swab is ready at `end` to go into the tube that is filled there; returns when it is in.
#[inline]
fn swab<S: SiteObserver>(
    work: &mut Work<S>,
    told: &mut [Told; 2],
    person: &Person,
    (filling, end): (usize, i64),
) -> i64 {
    if end > work.stop {
        return end;
    }
    let mut swab = Swab { end, ..person.swab };
    swab.end = work.fillings[filling].enter(swab, &mut work.rack, work.seen);
    work.done.last_swab = work.done.last_swab.max(swab.end);
    told[usize::from(!person.first)].add(&swab, person.waited, work.seen);
    swab.end
}

impl People {
    /// A person comes to the site and has a number there.
    #[inline]
    fn come(&mut self, block: &Block, index: usize, first: bool) -> u32 {
        let person = Person {
            swab: block.swab(index, 0),
            ready: 0,
            waited: 0,
            behind: NOBODY,
            last: true,
            first,
        };
        let number = if let Some(number) = self.gone.pop() {
            self.here[number as usize] = person;
            number
        } else {
            self.here.push(person);
            self.service.resize(self.here.len() * self.stations, 0);
            self.here.len() as u32 - 1
        };
        let at = number as usize * self.stations;
        let service = &mut self.service[at..at + self.stations];
        for (mine, lengths) in service.iter_mut().zip(&block.service) {
            *mine = lengths[index];
        }
        number
    }
}

/// What is at a station besides itself.
struct At<'a> {
    people: &'a mut [Person],
    /// How long a person takes, by person and station.
    service: &'a [u32],
    stations: usize,
    gone: &'a mut Vec<u32>,
    /// Who goes on from it.
    going: &'a mut Coming,
    told: &'a mut [Told; 2],
}

impl<'a> Queue<'a> {
    fn new(
        (number, walk): (usize, i64),
        free: &[i64],
        (site, round): (&Site, &'a RoundSite),
    ) -> Self {
        Self {
            number,
            free: Free::new(free),
            served: vec![NOBODY; free.len()],
            lines: [Line::EMPTY; 2],
            waiting: 0,
            peak: 0,
            duty: Duty::new(&round.openings, &round.pauses),
            sends_home: site.sends_home,
            held: 0,
            opens: NEVER,
            busy: 0,
            walk,
        }
    }

    /// People come; `FILLS` says whether each server fills its own tube.
    fn serve<S: SiteObserver, const FILLS: bool>(
        &mut self,
        work: &mut Work<S>,
        coming: &Coming,
        at: &mut At,
    ) {
        for &(ready, number) in coming {
            let person = &mut at.people[number as usize];
            person.ready = ready;
            let (arrival, before) = (person.swab.arrival, ready + i64::from(person.last));
            if self.waiting > 0 {
                self.advance::<S, FILLS>(work, (ready, before), at);
            }
            let (free, _) = self.free.first();
            if self.waiting == 0
                && free < before
                && (self.duty.is_open(ready) || self.admit(ready, arrival) == Some(ready))
            {
                self.start::<S, FILLS>(work, number, ready, at);
                continue;
            }
            if self.waiting == 0 {
                self.held = self.free.before(before);
            }
            self.join(at.people, number);
            if self.held > 0 {
                self.fill::<S, FILLS>(work, ready, at);
            }
            self.peak = self.peak.max(self.waiting);
        }
    }

    /// Nobody else comes: all are served and go on.
    fn empty<S: SiteObserver>(&mut self, work: &mut Work<S>, fills: bool, at: &mut At) {
        if fills {
            self.advance::<S, true>(work, (NEVER - 1, NEVER), at);
        } else {
            self.advance::<S, false>(work, (NEVER - 1, NEVER), at);
        }
        let ends: Vec<(i64, usize)> = self.free.iter().collect();
        for (end, server) in ends {
            self.go_on(server, end, at);
        }
    }

    /// Does what happens until someone comes: services that end `before` a moment, and openings up to `until`.
    #[inline(always)]
    fn advance<S: SiteObserver, const FILLS: bool>(
        &mut self,
        work: &mut Work<S>,
        (until, before): (i64, i64),
        at: &mut At,
    ) {
        while self.waiting > 0 {
            let (end, _) = self.free.first();
            if self.held > 0 || (end < before && !self.duty.is_open(end)) {
                return self.advance_slowly::<S, FILLS>(work, (until, before), at);
            }
            if end >= before {
                return;
            }
            let next = self.next(at.people);
            self.start::<S, FILLS>(work, next, end, at);
        }
    }

    /// The same where the site may be closed for who comes next.
    #[cold]
    fn advance_slowly<S: SiteObserver, const FILLS: bool>(
        &mut self,
        work: &mut Work<S>,
        (until, before): (i64, i64),
        at: &mut At,
    ) {
        while self.waiting > 0 {
            let end = self.free.at(self.held).unwrap_or(NEVER);
            if self.opens <= until && self.opens <= end {
                let now = std::mem::replace(&mut self.opens, NEVER);
                self.fill::<S, FILLS>(work, now, at);
            } else if end < before {
                self.held += 1;
                if let Some(next) = self.take(at, end) {
                    self.start::<S, FILLS>(work, next, end, at);
                    self.held -= 1;
                }
            } else {
                break;
            }
        }
        if self.waiting == 0 || self.held == 0 {
            (self.held, self.opens) = (0, NEVER);
        }
    }

    /// Servers that are idle take whom they may.
    #[cold]
    fn fill<S: SiteObserver, const FILLS: bool>(
        &mut self,
        work: &mut Work<S>,
        now: i64,
        at: &mut At,
    ) {
        while self.held > 0
            && let Some(next) = self.take(at, now)
        {
            self.start::<S, FILLS>(work, next, now, at);
            self.held -= 1;
        }
        if self.waiting == 0 || self.held == 0 {
            (self.held, self.opens) = (0, NEVER);
        }
    }

    /// The next whom a server may take now; who cannot be served any more goes home.
    fn take(&mut self, at: &mut At, now: i64) -> Option<u32> {
        for line in 0..self.lines.len() {
            while self.lines[line].first != NOBODY {
                let first = self.lines[line].first;
                let arrival = at.people[first as usize].swab.arrival;
                match self.admit(now, arrival) {
                    Some(start) if start <= now => return Some(self.leave(at.people, line)),
                    Some(start) => {
                        self.opens = self.opens.min(start);
                        break;
                    }
                    None => {
                        self.leave(at.people, line);
                        at.gone.push(first);
                    }
                }
            }
        }
        None
    }

    /// When someone who came to the site at `arrival` and could be served now is; at the first station never, if the site is closed for
    /// good.
    fn admit(&mut self, now: i64, arrival: i64) -> Option<i64> {
        if self.number == 0 {
            self.duty.admit(now, arrival, self.sends_home)
        } else {
            Some(self.duty.go_on(now))
        }
    }

    /// A server, the first to be free, starts with a person.
    #[inline(always)]
    fn start<S: SiteObserver, const FILLS: bool>(
        &mut self,
        work: &mut Work<S>,
        number: u32,
        start: i64,
        at: &mut At,
    ) {
        let (free, server) = self.free.first();
        self.go_on(server, free, at);
        self.served[server] = number;
        let length = at.service[number as usize * at.stations + self.number];
        let person = &mut at.people[number as usize];
        person.waited = person.waited.wrapping_add((start - person.ready) as u32);
        let mut end = start + i64::from(length);
        if FILLS {
            end = swab(work, at.told, person, (server, end));
        }
        self.busy += end - start;
        self.free.reinsert(end, server);
        work.step(|| Step {
            source: person.swab.source,
            rank: person.swab.rank,
            station: self.number as u32,
            server: server as u32,
            ready: person.ready,
            start,
            end,
            first: person.first,
            group: person.swab.rank,
        });
    }

    /// Whom a server served, if anybody, goes on at the end of that.
    #[inline(always)]
    fn go_on(&mut self, server: usize, end: i64, at: &mut At) {
        let number = std::mem::replace(&mut self.served[server], NOBODY);
        if number != NOBODY {
            let person = &mut at.people[number as usize];
            person.last = self.walk > 0 || (person.last && end == person.ready);
            at.going.push((end + self.walk, number));
        }
    }

    /// A person stands in the line.
    #[inline(always)]
    fn join(&mut self, people: &mut [Person], number: u32) {
        let first = people[number as usize].first;
        let line = &mut self.lines[usize::from(!first)];
        // Whether anybody stands there cannot be foreseen, so nothing here is a branch.
        let empty = line.first == NOBODY;
        let ahead = if empty { number } else { line.last };
        line.first = if empty { number } else { line.first };
        line.last = number;
        people[ahead as usize].behind = number;
        people[number as usize].behind = NOBODY;
        self.waiting += 1;
    }

    /// The next of those who wait leaves the line.
    #[inline(always)]
    fn next(&mut self, people: &[Person]) -> u32 {
        // Whether someone waits who is taken first cannot be foreseen, so nothing here is a branch.
        self.leave(people, usize::from(self.lines[0].first == NOBODY))
    }

    /// The first leaves a line.
    #[inline(always)]
    fn leave(&mut self, people: &[Person], line: usize) -> u32 {
        let line = &mut self.lines[line];
        let first = line.first;
        line.first = people[first as usize].behind;
        self.waiting -= 1;
        first
    }
}

impl Line {
    const EMPTY: Self = Self {
        first: NOBODY,
        last: NOBODY,
    };
}
