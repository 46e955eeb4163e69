//! Who is at which lane when, and how fast stations work by the clock.

use super::incident::united;
use crate::units::{Span, Time, Window};

/// The crews of a site in a round.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Roster {
    /// By lane: when its crew is on duty, in order and apart. Off duty the lane takes nobody; who is in it goes through.
    pub lanes: Vec<Vec<Window>>,
    /// When suits are put on: one entry each time the whole crew of a lane does, and when it comes to work.
    pub dressings: Vec<Time>,
    /// What putting a suit on and off takes.
    pub dressing: Span,
}

impl Roster {
    /// The same with the crews of lanes gone at times, by lane.
    pub fn lacking(mut self, gone: &[Vec<Window>]) -> Self {
        for (lane, gone) in self.lanes.iter_mut().zip(gone) {
            *lane = without(lane, gone);
        }
        self
    }
}

/// How the lanes of a site are worked.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Rules {
    /// When the site may serve, in order and apart; where it serves its queue after the close, up to the next opening.
    pub open: Vec<Window>,
    /// Closes after which the queue is served: crews at work then stay.
    pub stays: Vec<Window>,
    /// When a crew is there at each lane, in order; none: all along.
    pub shifts: Option<Vec<Window>>,
    /// How long a lane works without a pause, and how long that is.
    pub pause: Option<(Span, Span)>,
    /// How long a suit is worn at most, if they are.
    pub suit: Option<Span>,
    /// Putting it on and taking it off.
    pub dressing: [Span; 2],
    /// Whether whoever comes next is dressed already when a crew goes.
    pub relief: bool,
}

/// Pauses are worked out so far beyond a close; whoever still stands there is served by crews that rest no more.
const LONGEST_QUEUE: Span = Span::DAY;

impl Rules {
    /// The crews of so many lanes; `manned` says when people are there for each, if not all along.
    pub fn roster(&self, lanes: u32, manned: Option<&[Vec<Window>]>) -> Roster {
        let always = [Window {
            start: Time::BEFORE,
            end: Time::NEVER,
        }];
        let mut dressings = Vec::new();
        let shifts = self.shifts.as_deref().unwrap_or(&always);
        let of_lane = |lane: u32| {
            let manned = manned.map_or(always.as_slice(), |manned| &manned[lane as usize]);
            let there = meet(shifts, manned);
            let dressed = there.iter().filter_map(|window| self.dressed(*window));
            let at_work = meet(&dressed.collect::<Vec<_>>(), &self.open);
            let mut duty = Vec::new();
            for window in at_work {
                self.work(window, (lane, lanes), &mut duty, &mut dressings);
            }
            united(duty)
        };
        let lanes = (0..lanes).map(of_lane).collect();
        dressings.sort_unstable();
        Roster {
            lanes,
            dressings,
            dressing: self.dressing[0] + self.dressing[1],
        }
    }

    /// When a crew that comes and goes is dressed; one at work at the close stays until the queue is served.
    fn dressed(&self, there: Window) -> Option<Window> {
        let Window { mut start, mut end } = there;
        if start > Time::BEFORE && !self.relief {
            start += self.dressing[0];
        }
        let close = (self.stays.iter()).find(|stay| start < stay.start && stay.start <= end);
        let last = (self.stays.iter()).rfind(|stay| start < stay.start && stay.start <= end);
        if let (Some(_), Some(last)) = (close, last)
            && end < last.end
        {
            end = last.end;
        } else if end < Time::NEVER && !self.relief {
            end = end - self.dressing[1];
        }
        (start < end).then_some(Window { start, end })
    }

    /// A stretch at work, cut by pauses. Lanes rest by turns: the first of n after the whole stretch, the next after (n − 1) / n of it.
    fn work(
        &self,
        window: Window,
        (lane, lanes): (u32, u32),
        duty: &mut Vec<Window>,
        dressings: &mut Vec<Time>,
    ) {
        let bound = self.pauses_until(window);
        let mut from = window.start;
        let mut stretch = self.pause.map(|(stretch, _)| {
            let share = stretch.millis() * i64::from(lanes - lane) / i64::from(lanes.max(1));
            Span::from_millis(share.max(1))
        });
        while from < window.end {
            let to = match stretch {
                Some(stretch) if from < bound => window.end.min(from + stretch),
                _ => window.end,
            };
            duty.push(Window {
                start: from,
                end: to,
            });
            if let Some(limit) = self.suit {
                let mut at = from;
                while at < to && (at < bound || at == from) {
                    dressings.push(at);
                    at += limit;
                }
            }
            let (next, pause) = self.pause.unwrap_or((Span::ZERO, Span::ZERO));
            stretch = stretch.map(|_| next);
            from = to + pause;
        }
    }

    /// Until when pauses are worked out in a stretch.
    fn pauses_until(&self, window: Window) -> Time {
        let stay = self.stays.iter().find(|stay| stay.end == window.end);
        stay.map_or(window.end, |stay| {
            window.end.min(stay.start + LONGEST_QUEUE)
        })
    }
}

/// What two lists of stretches, each in order and apart, have in common.
pub fn meet(ones: &[Window], others: &[Window]) -> Vec<Window> {
    let (mut one, mut other) = (0, 0);
    let mut both = Vec::new();
    while let (Some(a), Some(b)) = (ones.get(one), others.get(other)) {
        let window = Window {
            start: a.start.max(b.start),
            end: a.end.min(b.end),
        };
        if window.start < window.end {
            both.push(window);
        }
        if a.end <= b.end {
            one += 1;
        } else {
            other += 1;
        }
    }
    both
}

/// What is left of stretches without others, each list in order and apart.
pub fn without(ones: &[Window], others: &[Window]) -> Vec<Window> {
    let mut start = Time::BEFORE;
    let mut rest = Vec::with_capacity(others.len() + 1);
    for other in others {
        let end = other.start;
        rest.push(Window { start, end });
        start = other.end;
    }
    let end = Time::NEVER;
    rest.push(Window { start, end });
    meet(ones, &rest)
}

/// How long stretches in order and apart last within others, in milliseconds.
pub fn overlap(ones: &[Window], others: &[Window]) -> i64 {
    let both = meet(ones, others);
    both.iter().map(|window| window.length().millis()).sum()
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
    fn what_is_missing_is_cut_out_of_the_hours_of_a_lane() {
        let day = hours(&[(7, 12), (13, 19)]);
        assert_eq!(without(&day, &[]), day);
        assert_eq!(
            without(&day, &hours(&[(6, 8), (9, 10), (11, 14), (20, 21)])),
            hours(&[(8, 9), (10, 11), (14, 19)])
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
