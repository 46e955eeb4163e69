//! Which swabs share a tube, and when it is closed.
//!
//! A tube is closed where it is filled, not at the laboratory's end, because the lane loses time with every fresh tube and the pickups are
//! known from the timetable. At one instant a swab goes in before a courier takes the tube.

use super::infection::Infected;
use super::observer::SiteObserver;
use super::unbound::Unbound;
use super::visits::Visits;
use crate::network::duty::Opening;
use crate::network::{People, Shares, Source, Tubes};
use crate::units::Time;

/// Trips of a vehicle that can be full are numbered below this in each round; whatever comes later shares the last number.
pub const TRIPS_IN_A_ROUND: u32 = 1 << 20;

/// A swab in a tube. Times in milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Swab {
    /// When the person came to the site.
    pub arrival: i64,
    /// When the swab went in.
    pub end: i64,
    /// Which source of the site the person belongs to.
    pub source: u32,
    /// The person's rank in the cell.
    pub rank: u32,
}

/// A closed tube. Times in milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tube {
    /// The lane that filled it, 0 if the site fills one after another.
    pub lane: u32,
    /// Its number in the lane and round, from 0.
    pub serial: u32,
    /// Where its swabs begin among those of its site.
    pub from: u32,
    /// How many it holds.
    pub people: u32,
    /// How many of them are infected.
    pub infected: u32,
    /// Of how many of these the swab shows it: all, unless the chance of detection changes by day.
    pub shows: u32,
    /// Its first swab.
    pub first: i64,
    /// When it was closed.
    pub closed: i64,
    /// When the courier took it.
    pub picked: i64,
    /// When it came to the laboratory.
    pub delivered: i64,
    /// On which trip of its vehicle in the round. Where a vehicle can be full, plus [`TRIPS_IN_A_ROUND`] times the number of the round whose
    /// timetable the trip keeps, which may be a later one.
    pub trip: u32,
}

/// The tubes and swabs of one site in one round.
#[derive(Clone, Default, Debug)]
pub struct Batch {
    /// In the order in which they were closed; of those closed at one instant by lane and number.
    pub tubes: Vec<Tube>,
    /// Tube by tube.
    pub swabs: Vec<Swab>,
    /// The places among `swabs` of those that are not bound to a name, rising.
    pub unbound: Vec<u32>,
}

impl Batch {
    /// Empties it, keeping its memory, with room for the people of these sources, so that it is never moved; people who come at a rate are
    /// not foreseen.
    pub(super) fn begin(&mut self, sources: &[Source]) {
        let people = |source: &Source| match source.people {
            People::Count(count) => count as usize,
            People::Each { due, .. } => due as usize,
            People::Until(_) => 0,
        };
        let tubes = |source: &Source| people(source).div_ceil(source.pool as usize);
        self.tubes.clear();
        self.swabs.clear();
        self.unbound.clear();
        self.tubes.reserve(sources.iter().map(tubes).sum());
        self.swabs.reserve(sources.iter().map(people).sum());
    }

    /// Whether it holds memory.
    pub(super) fn has_room(&self) -> bool {
        self.swabs.capacity() > 0
    }
}

/// What the filling of a site's tubes needs to know.
pub(super) struct Rack<'a> {
    pub(super) rules: Tubes,
    pub(super) sources: &'a [Source],
    pub(super) openings: &'a [Opening],
    pub(super) visits: Visits<'a>,
    pub(super) infected: Infected<'a>,
    pub(super) unbound: Option<Unbound>,
    pub(super) batch: Batch,
}

/// One tube after another, at a lane or for a site.
#[derive(Clone, Debug)]
pub(super) struct Filling {
    lane: u32,
    serial: u32,
    open: Vec<Swab>,
    /// Of the open tube: the source of its latest swab, how many it takes, its first and latest swab.
    source: u32,
    pool: u32,
    shares: Shares,
    first: i64,
    last: i64,
    /// When its age or a pickup closes it.
    limit: i64,
    /// When its day is over, and when the next begins.
    day: (i64, i64),
    /// A swab after this does not go in.
    until: i64,
    /// The first visit not before the latest first swab, and the first not before the latest closing.
    next_visit: usize,
    next_pickup: usize,
}

impl Filling {
    pub(super) fn new(lane: u32) -> Self {
        Self {
            lane,
            serial: 0,
            open: Vec::new(),
            source: 0,
            pool: 0,
            shares: Shares::Kind(0),
            first: 0,
            last: 0,
            limit: 0,
            day: (0, 0),
            until: 0,
            next_visit: 0,
            next_pickup: 0,
        }
    }

    /// A swab is ready to go in at `swab.end`; returns when it is in: later if a fresh tube had to be opened.
    #[inline]
    pub(super) fn enter(
        &mut self,
        mut swab: Swab,
        rack: &mut Rack,
        seen: &mut impl SiteObserver,
    ) -> i64 {
        if !self.open.is_empty() {
            // While one server of a lane opens a fresh tube, the others cannot fill it.
            swab.end = swab.end.max(self.first);
            if swab.end > self.until {
                let next_day = swab.end >= self.day.1;
                let over = if next_day {
                    self.day.0.max(self.last)
                } else {
                    i64::MAX
                };
                self.close(self.closes(rack).min(over), rack, seen);
            } else if swab.source != self.source {
                self.source = swab.source;
                if rack.sources[swab.source as usize].shares != self.shares {
                    self.close(swab.end, rack, seen);
                }
            }
        }
        if self.open.is_empty() {
            self.begin(&mut swab, rack);
        }
        self.open.push(swab);
        self.last = self.last.max(swab.end);
        if self.open.len() == self.pool as usize {
            self.close(self.last, rack, seen);
        } else {
            self.until = self.closes(rack).min(self.day.1 - 1);
        }
        swab.end
    }

    /// Opens a fresh tube for a swab.
    fn begin(&mut self, swab: &mut Swab, rack: &mut Rack) {
        // Another server of the lane may have its tube ready earlier; tubes of a lane are filled one after another all the same.
        swab.end = (swab.end + rack.rules.change.millis()).max(self.last);
        self.source = swab.source;
        let source = &rack.sources[swab.source as usize];
        (self.pool, self.shares) = (source.pool, source.shares);
        self.first = swab.end;
        self.day = day_of(rack.openings, swab.end);
        self.limit = self.first + rack.rules.max_age.millis();
        // A tube that is filled at a door is not handed over there.
        if rack.rules.at_pickup && self.shares != Shares::Household {
            // Whoever goes in before this visit finds it the next one too.
            self.next_visit = rack
                .visits
                .first_from(self.next_visit, self.last.max(swab.end));
            self.limit = self.limit.min(rack.visits.get(self.next_visit).at);
        }
    }

    /// When age, idleness or a pickup closes the open tube.
    #[inline]
    fn closes(&self, rack: &Rack) -> i64 {
        self.limit.min(self.last + rack.rules.max_idle.millis())
    }

    /// Those for whom the open tube is are done: it is closed with its latest swab.
    pub(super) fn leave(&mut self, rack: &mut Rack, seen: &mut impl SiteObserver) {
        if !self.open.is_empty() {
            self.close(self.last, rack, seen);
        }
    }

    /// No more swabs come; what is open is closed at `end` if nothing closed it earlier.
    pub(super) fn finish(&mut self, end: i64, rack: &mut Rack, seen: &mut impl SiteObserver) {
        if !self.open.is_empty() {
            self.close(self.closes(rack).min(end), rack, seen);
        }
    }

    fn close(&mut self, at: i64, rack: &mut Rack, seen: &mut impl SiteObserver) {
        self.next_pickup = rack.visits.first_from(self.next_pickup, at);
        let visit = rack.visits.get(self.next_pickup);
        let (infected, shows) = rack.infected.count(&self.open, 0);
        let tube = Tube {
            lane: self.lane,
            serial: self.serial,
            from: rack.batch.swabs.len() as u32,
            people: self.open.len() as u32,
            infected,
            shows,
            first: self.first,
            closed: at,
            picked: visit.at,
            delivered: visit.delivered,
            trip: visit.trip,
        };
        seen.closed(&tube, &self.open);
        if let Some(unbound) = &rack.unbound {
            let places: Vec<u32> = unbound.among(&self.open).collect();
            if !places.is_empty() {
                let swabs = places.iter().map(|&place| self.open[place as usize]);
                seen.unbound(&swabs.collect::<Vec<_>>());
            }
            let in_batch = places.into_iter().map(|place| tube.from + place);
            rack.batch.unbound.extend(in_batch);
        }
        rack.batch.tubes.push(tube);
        rack.batch.swabs.extend_from_slice(&self.open);
        self.open.clear();
        self.serial += 1;
    }
}

/// When the day to which `moment` belongs closes, and when the next opens.
fn day_of(openings: &[Opening], moment: i64) -> (i64, i64) {
    let mut closes = Time::NEVER;
    for (index, opening) in openings.iter().enumerate() {
        let next = openings
            .get(index + 1)
            .map_or(Time::NEVER, |next| next.start);
        if opening.closes_day {
            closes = opening.end;
            if moment < next.millis() {
                return (closes.millis(), next.millis());
            }
        }
    }
    (closes.millis(), Time::NEVER.millis())
}
