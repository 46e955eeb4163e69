//! Who is at which lane when, and how fast stations work by the clock.

use crate::units::{Time, Window};

/// The crews of a site in a round.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Roster {
    /// By lane: when its crew is on duty, in order and apart. Off duty the lane takes nobody; who is in it goes through.
    pub lanes: Vec<Vec<Window>>,
    /// When crews are dressed, in order: one entry each time the whole crew of a lane puts on suits.
    pub dressings: Vec<Time>,
}

/// From a moment on, services take so many times as long, by station; until the next such moment of the site.
#[derive(Clone, PartialEq, Debug)]
pub struct Tempo {
    /// From here.
    pub from: Time,
    /// By station; 1 is as usual, at least 0.
    pub times: Vec<f64>,
}

/// The moment from `moment` on at which a lane with these hours is on duty, if there is one; in milliseconds.
#[inline]
pub fn back(hours: &[Window], moment: i64) -> Option<i64> {
    Some(moment.max(at_or_after(hours, moment)?.start.millis()))
}

/// Since when the lane is there that is on duty at `moment`, or when the next that comes is there.
#[inline]
pub fn since(hours: &[Window], moment: i64) -> Option<i64> {
    Some(at_or_after(hours, moment)?.start.millis())
}

/// The stretch in which `moment` lies, or the next.
#[inline]
pub fn at_or_after(hours: &[Window], moment: i64) -> Option<&Window> {
    hours.get(hours.partition_point(|window| window.end.millis() <= moment))
}

/// The first moment after `moment` at which a lane of the site comes or goes.
pub fn change(lanes: &[Vec<Window>], moment: i64) -> Option<i64> {
    let next = |hours: &Vec<Window>| {
        let window = at_or_after(hours, moment)?;
        let (start, end) = (window.start.millis(), window.end.millis());
        Some(if start > moment { start } else { end })
    };
    lanes.iter().filter_map(next).min()
}

/// How long a service takes that starts at `start` and usually takes `length`.
#[inline]
pub fn length(tempo: &[Tempo], station: usize, start: i64, length: u32) -> u32 {
    let begun = tempo.partition_point(|tempo| tempo.from.millis() <= start);
    let times = begun
        .checked_sub(1)
        .and_then(|at| tempo[at].times.get(station));
    times.map_or(length, |times| (f64::from(length) * times) as u32)
}

/// Mean times as long that services of a station take while the site is open.
pub fn mean_times(tempo: &[Tempo], station: usize, open: &[Window]) -> f64 {
    let (mut sum, mut total) = (0.0, 0.0);
    for window in open {
        let mut from = window.start;
        while from < window.end {
            let begun = tempo.partition_point(|tempo| tempo.from <= from);
            let to = tempo
                .get(begun)
                .map_or(window.end, |next| next.from.min(window.end));
            let times = begun
                .checked_sub(1)
                .and_then(|at| tempo[at].times.get(station))
                .copied()
                .unwrap_or(1.0);
            let length = to.since(from).hours();
            // Work done in an hour is one over its times.
            sum += length / times.max(1e-6);
            total += length;
            from = to;
        }
    }
    if sum > 0.0 { total / sum } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Span;

    fn hours(stretches: &[(i64, i64)]) -> Vec<Window> {
        let at = |hour: i64| Time::ZERO + Span::HOUR * hour;
        let window = |&(start, end): &(i64, i64)| Window {
            start: at(start),
            end: at(end),
        };
        stretches.iter().map(window).collect()
    }

    const HOUR: i64 = 3_600_000;

    #[test]
    fn a_lane_comes_back_when_its_crew_does() {
        let lane = hours(&[(7, 12), (13, 19)]);
        let there = |hour: i64| back(&lane, hour * HOUR).map(|at| at / HOUR);
        assert_eq!(
            [6, 8, 12, 18, 19].map(there),
            [Some(7), Some(8), Some(13), Some(18), None]
        );
        let lanes = [lane, hours(&[(10, 13)])];
        let next = |hour: i64| change(&lanes, hour * HOUR).map(|at| at / HOUR);
        assert_eq!(
            [6, 7, 10, 12, 13, 19].map(next),
            [Some(7), Some(10), Some(12), Some(13), Some(19), None]
        );
    }

    #[test]
    fn a_service_keeps_the_tempo_of_the_hour_in_which_it_starts() {
        let tempo = |hour: i64, times: f64| Tempo {
            from: Time::ZERO + Span::HOUR * hour,
            times: vec![1.0, times],
        };
        let table = [tempo(7, 2.0), tempo(9, 1.0)];
        assert_eq!(length(&table, 1, 8 * HOUR, 60_000), 120_000);
        assert_eq!(length(&table, 0, 8 * HOUR, 60_000), 60_000);
        assert_eq!(length(&table, 1, 9 * HOUR, 60_000), 60_000);
        assert_eq!(length(&table, 1, 6 * HOUR, 60_000), 60_000);
        // Half the hours at half the speed: three quarters of the work in the same time.
        let mean = mean_times(&table, 1, &hours(&[(7, 11)]));
        assert!((mean - 1.0 / 0.75).abs() < 1e-12);
    }
}
