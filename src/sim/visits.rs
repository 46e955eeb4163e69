//! When the courier comes to a site and when what it takes is at the laboratory.
//!
//! A timetable knows nothing of tubes, so each site follows its courier by itself: the same luck gives every site the same tour.

use crate::network::courier::{Courier, Stop};
use crate::random::{Key, Purpose, Streams};
use crate::units::Time;

/// A visit of the courier to a site.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Visit {
    /// When it takes the tubes, in milliseconds.
    pub at: i64,
    /// When they are at the laboratory, in milliseconds.
    pub delivered: i64,
    /// Which trip of the vehicle, from 0.
    pub trip: u32,
}

/// The visits of a courier to one site in one round, worked out as far as someone looks.
#[derive(Debug)]
pub(super) struct Visits<'a> {
    courier: &'a Courier,
    stop: Stop,
    site: u64,
    opens: Time,
    road: Key,
    leg: Key,
    checkpoint: Key,
    /// When the vehicle is back from its latest trip.
    back: Time,
    list: Vec<Visit>,
}

impl<'a> Visits<'a> {
    /// The visits to the site named `site` in the round named `round` that opens at `opens`.
    pub(super) fn new(
        courier: &'a Courier,
        stop: Stop,
        streams: Streams,
        (round, opens): (u64, Time),
        site: u64,
    ) -> Self {
        let vehicle = match stop {
            Stop::Direct(_) => site,
            Stop::OnTour { tour, .. } => u64::from(tour),
            Stop::Called => 0,
        };
        let luck = |purpose| streams.key(purpose, courier.name).of(round).of(vehicle);
        let (road, checkpoint) = (luck(Purpose::Road), luck(Purpose::Checkpoint));
        let leg = streams.key(Purpose::Leg, courier.name).of(round);
        Self {
            courier,
            stop,
            site,
            opens,
            road,
            leg,
            checkpoint,
            back: Time::BEFORE,
            list: Vec::new(),
        }
    }

    /// Visit number `index`, from 0.
    pub(super) fn get(&mut self, index: usize) -> Visit {
        while self.list.len() <= index {
            let next = self.next();
            self.list.push(next);
        }
        self.list[index]
    }

    /// The number of the first visit at or after `moment`, looking from visit `from` on.
    pub(super) fn first_from(&mut self, mut from: usize, moment: i64) -> usize {
        while self.get(from).at < moment {
            from += 1;
        }
        from
    }

    /// When trip number `trip` leaves by the timetable, or comes to the site if it serves only that.
    pub(super) fn due(&self, trip: u32) -> Time {
        self.opens + self.courier.first + self.courier.every * i64::from(trip)
    }

    fn next(&mut self) -> Visit {
        let courier = self.courier;
        let trip = self.list.len() as u32;
        let due = self.due(trip);
        let home = |clock, from| {
            let length = courier.way_home(from).one(self.road, u64::from(trip));
            courier.home(clock, length, (self.checkpoint, u64::from(trip)))
        };
        match self.stop {
            Stop::Direct(offset) => {
                let at = due + offset;
                let delivered = home(at + courier.per_stop, self.site);
                Visit {
                    at: at.millis(),
                    delivered: delivered.millis(),
                    trip,
                }
            }
            Stop::Called => Visit {
                at: Time::NEVER.millis(),
                delivered: Time::NEVER.millis(),
                trip,
            },
            Stop::OnTour { tour, place } => {
                let mut clock = due.max(self.back);
                let (mut at, mut from) = (clock, None);
                for (stop, &site) in courier.tours[tour as usize].iter().enumerate() {
                    let way = courier.way_to(from, site);
                    clock = courier.drive(clock, way.one(self.leg.of(site), u64::from(trip)));
                    from = Some(site);
                    if stop == place as usize {
                        at = clock;
                    }
                    clock += courier.per_stop;
                }
                clock = home(clock, from.unwrap_or(self.site));
                self.back = clock;
                Visit {
                    at: at.millis(),
                    delivered: clock.millis(),
                    trip,
                }
            }
        }
    }
}
