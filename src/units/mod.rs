//! Moments, lengths of time, rates, shares and places, each a type of its own.

pub mod language;
pub mod text;

use serde::{Deserialize, Serialize};
use std::ops::{Add, AddAssign, Mul, Sub};

/// A moment: whole milliseconds since 00:00 of the day on which the first round opens.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug, Serialize, Deserialize,
)]
pub struct Time(i64);

/// A length of time in whole milliseconds. Never negative.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Span(i64);

/// Milliseconds in a day.
const DAY: i64 = 86_400_000;

impl Time {
    /// 00:00 of the first day.
    pub const ZERO: Self = Self(0);
    /// Later than anything that happens.
    pub const NEVER: Self = Self(i64::MAX / 4);
    /// Earlier than anything that happens.
    pub const BEFORE: Self = Self(-(i64::MAX / 4));

    /// The moment so many milliseconds after 00:00 of the first day.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 00:00 of the first day; negative before it.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The length from `earlier` to this moment, zero if it is not earlier.
    pub const fn since(self, earlier: Self) -> Span {
        let length = self.0 - earlier.0;
        Span(if length > 0 { length } else { 0 })
    }

    /// 00:00 of the day of this moment.
    pub const fn midnight(self) -> Self {
        Self(self.0.div_euclid(DAY) * DAY)
    }

    /// The length since 00:00 of the same day.
    pub const fn time_of_day(self) -> Span {
        Span(self.0.rem_euclid(DAY))
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// One day.
    pub const DAY: Self = Self(DAY);
    /// One hour.
    pub const HOUR: Self = Self(3_600_000);
    /// One minute.
    pub const MINUTE: Self = Self(60_000);
    /// One second.
    pub const SECOND: Self = Self(1_000);

    /// So many milliseconds.
    ///
    /// # Panics
    /// If `millis` is negative: whoever computes a length knows which moment is later.
    pub const fn from_millis(millis: i64) -> Self {
        assert!(millis >= 0, "a length of time is never negative");
        Self(millis)
    }

    /// So many seconds, rounded to the millisecond; negative and NaN become zero.
    pub fn from_seconds(seconds: f64) -> Self {
        Self((seconds * 1_000.0).round().clamp(0.0, 4e15) as i64)
    }

    /// So many hours, rounded to the millisecond; negative and NaN become zero.
    pub fn from_hours(hours: f64) -> Self {
        Self::from_seconds(hours * 3_600.0)
    }

    /// Whole milliseconds.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Seconds.
    pub fn seconds(self) -> f64 {
        self.0 as f64 / 1e3
    }

    /// Minutes.
    pub fn minutes(self) -> f64 {
        self.0 as f64 / 6e4
    }

    /// Hours.
    pub fn hours(self) -> f64 {
        self.0 as f64 / 3.6e6
    }
}

impl Sub for Time {
    type Output = Span;
    /// The length between two moments, of which the second must not be later.
    fn sub(self, earlier: Self) -> Span {
        debug_assert!(earlier <= self, "{self:?} is before {earlier:?}");
        Span(self.0 - earlier.0)
    }
}

impl Add<Span> for Time {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0 + span.0)
    }
}

impl AddAssign<Span> for Time {
    fn add_assign(&mut self, span: Span) {
        self.0 += span.0;
    }
}

impl Sub<Span> for Time {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0 - span.0)
    }
}

impl Add for Span {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Mul<i64> for Span {
    type Output = Self;
    fn mul(self, times: i64) -> Self {
        Self::from_millis(self.0 * times)
    }
}

impl std::iter::Sum for Span {
    fn sum<I: Iterator<Item = Self>>(spans: I) -> Self {
        Self(spans.map(|span| span.0).sum())
    }
}

/// A rate: so many an hour (people, tubes). Positive and finite.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug)]
pub struct PerHour(pub f64);

impl PerHour {
    /// The mean time from one to the next.
    pub fn interval(self) -> Span {
        Span::from_hours(1.0 / self.0)
    }
}

/// A share of a whole, from 0 to 1.
#[derive(Clone, Copy, PartialEq, PartialOrd, Default, Debug)]
pub struct Share(pub f64);

/// A place on the earth in WGS 84.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Position {
    /// Degrees east, −180 to 180.
    pub longitude: f64,
    /// Degrees north, −90 to 90.
    pub latitude: f64,
}

/// A stretch of time: from `start` up to, but not including, `end`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    /// The first moment inside.
    pub start: Time,
    /// The first moment after.
    pub end: Time,
}

impl Window {
    /// Whether the moment lies inside.
    pub fn contains(self, moment: Time) -> bool {
        self.start <= moment && moment < self.end
    }

    /// How long it is.
    pub fn length(self) -> Span {
        self.end.since(self.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_knows_its_day_also_before_the_first() {
        let evening_before = Time::from_millis(-Span::HOUR.millis());
        assert_eq!(evening_before.time_of_day(), Span::HOUR * 23);
        assert_eq!(
            evening_before.midnight(),
            Time::from_millis(-Span::DAY.millis())
        );
    }
}
