//! Who is there when: opening hours of a site, hours of a crew.

use crate::units::{Span, Time, Window};

/// A stretch in which a site is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Opening {
    /// From.
    pub start: Time,
    /// To.
    pub end: Time,
    /// Whether it is the last of its day: those who came before are served after it, or sent home. After another begins a break, in which
    /// people keep their place and nothing starts.
    pub closes_day: bool,
}

/// Follows the openings of a site along one station, whose starts come in order.
#[derive(Clone, Debug)]
pub struct Duty<'a> {
    openings: &'a [Opening],
    /// When nothing starts, in order and apart.
    pauses: &'a [Window],
    /// The opening in force: the last that has begun, or the first.
    at: usize,
    /// The first pause that is not over.
    pause: usize,
    /// Nothing changes before: the end of the opening in force, if the latest start lies inside it.
    until: i64,
}

impl<'a> Duty<'a> {
    /// Follows these openings and pauses, both in order and apart.
    pub const fn new(openings: &'a [Opening], pauses: &'a [Window]) -> Self {
        Self {
            openings,
            pauses,
            at: 0,
            pause: 0,
            until: i64::MIN,
        }
    }

    /// When someone who came at `arrival` and could start at `ready` does start at the door; `None` if that day and all others are over,
    /// or if the site sends home whom it has not reached. In milliseconds; `ready` must not go backwards.
    #[inline]
    pub fn admit(&mut self, ready: i64, arrival: i64, sends_home: bool) -> Option<i64> {
        if ready < self.until {
            return Some(ready);
        }
        if self.pauses.is_empty() {
            return self.admit_open(ready, arrival, sends_home);
        }
        self.pass(ready);
        let mut moment = self.clear(ready);
        loop {
            let start = self.admit_open(moment, arrival, sends_home)?;
            moment = self.clear(start);
            if moment == start {
                self.look_ahead(ready, start);
                return Some(start);
            }
        }
    }

    /// The same if there were no pauses.
    fn admit_open(&mut self, ready: i64, arrival: i64, sends_home: bool) -> Option<i64> {
        self.settle(ready);
        let opening = self.openings.get(self.at)?;
        let (start, end) = (opening.start.millis(), opening.end.millis());
        if ready < start {
            return Some(start);
        }
        if ready < end {
            self.until = end;
            return Some(ready);
        }
        if opening.closes_day && arrival < end {
            return (!sends_home).then_some(ready);
        }
        self.openings
            .get(self.at + 1)
            .map(|next| next.start.millis())
    }

    /// When someone already inside who could go on at `ready` does go on: at once, but not in a break.
    #[inline]
    pub fn go_on(&mut self, ready: i64) -> i64 {
        if ready < self.until {
            return ready;
        }
        if self.pauses.is_empty() {
            return self.go_on_open(ready);
        }
        self.pass(ready);
        let mut moment = self.clear(ready);
        loop {
            let start = self.go_on_open(moment);
            moment = self.clear(start);
            if moment == start {
                self.look_ahead(ready, start);
                return start;
            }
        }
    }

    /// The same if there were no pauses.
    fn go_on_open(&mut self, ready: i64) -> i64 {
        self.settle(ready);
        let Some(opening) = self.openings.get(self.at) else {
            return ready;
        };
        if ready < opening.end.millis() {
            self.until = opening.end.millis();
            return ready;
        }
        if opening.closes_day {
            ready
        } else {
            self.openings
                .get(self.at + 1)
                .map_or(ready, |next| next.start.millis())
        }
    }

    /// Whether a day closes between two moments, so that who came at the first is not there at the second if the site sends people home.
    pub fn closes_between(&self, arrival: i64, start: i64) -> bool {
        let mut closes = self.openings.iter().filter(|opening| opening.closes_day);
        closes.any(|opening| arrival < opening.end.millis() && opening.end.millis() <= start)
    }

    /// The first moment from `moment` on that is in no pause.
    fn clear(&self, moment: i64) -> i64 {
        let pauses = self.pauses.get(self.pause..).unwrap_or_default();
        let next = pauses.partition_point(|pause| pause.end.millis() <= moment);
        pauses
            .get(next)
            .filter(|pause| pause.start.millis() <= moment)
            .map_or(moment, |pause| pause.end.millis())
    }

    /// Passes the pauses that are over at `ready`.
    fn pass(&mut self, ready: i64) {
        let over = |pause: &Window| pause.end.millis() <= ready;
        while self.pauses.get(self.pause).is_some_and(over) {
            self.pause += 1;
        }
    }

    /// Looks no further ahead than to the next pause; not at all from someone who was held up, behind whom others may be held up too.
    fn look_ahead(&mut self, ready: i64, start: i64) {
        let next = self.pauses.get(self.pause);
        self.until = if start > ready {
            i64::MIN
        } else {
            next.map_or(self.until, |pause| self.until.min(pause.start.millis()))
        };
    }

    fn settle(&mut self, ready: i64) {
        while self
            .openings
            .get(self.at + 1)
            .is_some_and(|next| next.start.millis() <= ready)
        {
            self.at += 1;
        }
        self.until = i64::MIN;
    }
}

/// Hours of a worker or a crew: the same every day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Crew {
    /// From this time of day.
    pub from: Span,
    /// For so long; a day or more is always.
    pub length: Span,
}

impl Crew {
    /// The first moment from `ready` on at which the crew is on duty.
    pub fn next(self, ready: Time) -> Time {
        if self.length >= Span::DAY {
            return ready;
        }
        // The shift that began today or the one that began yesterday, whichever still runs; else the next to begin.
        let today = ready.midnight() + self.from;
        let yesterday = today - Span::DAY;
        if ready < yesterday + self.length || (today <= ready && ready < today + self.length) {
            ready
        } else if ready < today {
            today
        } else {
            today + Span::DAY
        }
    }

    /// The first moment from `ready` on at which one of the crews is on duty; `ready` if there are none to ask.
    pub fn first(crews: &[Self], ready: Time) -> Time {
        crews
            .iter()
            .map(|crew| crew.next(ready))
            .min()
            .unwrap_or(ready)
    }

    /// How much of `from..to` the crew is on duty.
    pub fn on_duty(self, from: Time, to: Time) -> Span {
        if self.length >= Span::DAY {
            return to.since(from);
        }
        let mut total = Span::ZERO;
        let mut start = from.midnight() - Span::DAY + self.from;
        while start < to {
            total += (start + self.length).min(to).since(start.max(from));
            start += Span::DAY;
        }
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Time {
        Time::ZERO + Span::HOUR * hours
    }

    fn day() -> [Opening; 3] {
        let opening = |start, end, closes_day| Opening {
            start: at(start),
            end: at(end),
            closes_day,
        };
        [
            opening(7, 12, false),
            opening(13, 19, true),
            opening(31, 36, true),
        ]
    }

    #[test]
    fn people_wait_through_a_break_and_are_served_after_the_close() {
        let openings = day();
        let admit = |ready: i64, arrival: i64, home| {
            Duty::new(&openings, &[])
                .admit(at(ready).millis(), at(arrival).millis(), home)
                .map(Time::from_millis)
        };
        assert_eq!(admit(6, 6, false), Some(at(7)));
        assert_eq!(admit(12, 11, false), Some(at(13)));
        assert_eq!(admit(20, 18, false), Some(at(20)));
        assert_eq!(admit(20, 18, true), None);
        assert_eq!(
            admit(20, 20, false),
            Some(at(31)),
            "who comes after the close is served the next day"
        );
        assert_eq!(admit(36, 36, false), None);
    }

    #[test]
    fn who_is_inside_goes_on_after_the_close_but_not_in_a_break() {
        let openings = day();
        let go_on =
            |ready: i64| Time::from_millis(Duty::new(&openings, &[]).go_on(at(ready).millis()));
        assert_eq!((go_on(12), go_on(19), go_on(40)), (at(13), at(19), at(40)));
    }

    #[test]
    fn in_a_pause_nothing_starts_and_a_day_that_ends_in_one_goes_on_behind_it() {
        let openings = day();
        let pause = |start, end| Window {
            start: at(start),
            end: at(end),
        };
        let pauses = [pause(9, 10), pause(11, 14), pause(18, 21)];
        let admit = |ready: i64, arrival: i64, home| {
            Duty::new(&openings, &pauses)
                .admit(at(ready).millis(), at(arrival).millis(), home)
                .map(Time::from_millis)
        };
        assert_eq!(admit(8, 8, false), Some(at(8)));
        assert_eq!(admit(9, 8, false), Some(at(10)));
        assert_eq!(admit(11, 8, false), Some(at(14)), "over the break");
        assert_eq!(admit(18, 17, false), Some(at(21)), "served after the close");
        assert_eq!(admit(18, 17, true), None, "or sent home at it");
        assert_eq!(admit(20, 20, false), Some(at(31)));
        let mut duty = Duty::new(&openings, &pauses);
        let mut go_on = |hours: i64| Time::from_millis(duty.go_on(at(hours).millis()));
        assert_eq!(
            [go_on(8), go_on(9), go_on(11), go_on(20)],
            [at(8), at(10), at(14), at(21)]
        );
    }

    #[test]
    fn a_night_crew_is_there_across_midnight() {
        let night = Crew {
            from: Span::HOUR * 20,
            length: Span::HOUR * 10,
        };
        assert_eq!(
            (night.next(at(3)), night.next(at(6)), night.next(at(23))),
            (at(3), at(20), at(23))
        );
        assert_eq!(night.on_duty(at(0), at(48)), Span::HOUR * 20);
    }
}
