//! What the clock says of a site: when each lane has its crew, and how fast its stations work.

use super::site::LONG_AGO;
use crate::network::roster::{self, Roster, Tempo};
use crate::units::Window;

/// Of a lane whose crew never comes back: when it does. Small enough to be packed with a number of a lane.
pub(super) const NEVER: i64 = 1 << 46;

/// The crews and the tempo of a site in a round.
#[derive(Clone, Copy)]
pub(super) struct Clock<'a> {
    pub(super) roster: Option<&'a Roster>,
    tempo: &'a [Tempo],
}

impl<'a> Clock<'a> {
    /// None where every lane has its crew all along and works as usual.
    pub(super) fn new(roster: Option<&'a Roster>, tempo: &'a [Tempo]) -> Option<Self> {
        (roster.is_some() || !tempo.is_empty()).then_some(Self { roster, tempo })
    }

    /// How long a service takes that usually takes `length`.
    #[inline]
    pub(super) fn length(self, station: usize, start: i64, length: u32) -> u32 {
        roster::length(self.tempo, station, start, length)
    }
}

/// The lanes of a site as their crews come and go. Only the first station of a lane keeps their hours: whoever is in a lane goes through.
pub(super) struct Lanes<'a> {
    hours: &'a [Vec<Window>],
    /// By lane: the end of its latest service.
    pub(super) freed: Vec<i64>,
    pub(super) worked: Worked,
}

/// How long lanes worked, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Worked {
    /// Beyond their hours, with someone who was taken before.
    pub(super) overrun: i64,
    /// The end of the last service.
    pub(super) last: i64,
}

impl Worked {
    pub(super) const NONE: Self = Self {
        overrun: 0,
        last: LONG_AGO,
    };
}

impl<'a> Lanes<'a> {
    pub(super) fn new(hours: &'a [Vec<Window>], free: &[i64]) -> Self {
        Self {
            hours,
            freed: free.to_vec(),
            worked: Worked::NONE,
        }
    }

    /// When a lane that is free at `moment` has a crew.
    #[inline]
    pub(super) fn back(&self, lane: usize, moment: i64) -> i64 {
        roster::back(&self.hours[lane], moment).unwrap_or(NEVER)
    }

    /// Since when the lane has been waiting that is free since `free` and could start at `start`; later than that if it is off duty then.
    #[inline]
    pub(super) fn waits_since(&self, lane: usize, free: i64, start: i64) -> i64 {
        roster::since(&self.hours[lane], start).map_or(NEVER, |since| since.max(free))
    }

    /// A service of a server of the lane is over; returns when the server can take the next.
    #[inline]
    pub(super) fn leave(&mut self, (lane, server): (usize, usize), start: i64, end: i64) -> i64 {
        let hours = &self.hours[lane];
        self.freed[server] = end;
        self.worked.last = self.worked.last.max(end);
        let at = hours.partition_point(|window| window.end.millis() <= start);
        if let Some(window) = hours.get(at)
            && end > window.end.millis()
        {
            let next = hours.get(at + 1).map_or(end, |next| next.start.millis());
            self.worked.overrun += end.min(next) - window.end.millis();
        }
        self.back(lane, end)
    }

    /// The next moment after this at which a lane comes or goes.
    pub(super) fn change(&self, moment: i64) -> Option<i64> {
        roster::change(self.hours, moment)
    }

    /// Whether a lane is on duty.
    pub(super) fn on_duty(&self, lane: usize, moment: i64) -> bool {
        self.back(lane, moment) == moment
    }
}
