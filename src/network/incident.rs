//! What goes wrong, as the engine meets it: moments at which nothing starts, roads that slow down, moments that are put off.
//!
//! Nothing here makes anything earlier: a pause, a slower road and a delay each map moments to moments that are not before, in order.

use crate::id::{CourierId, LabId, SiteId};
use crate::model::incident::Kind;
use crate::units::{Span, Time, Window};

/// Something that happens in a replication.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Happening {
    /// The number of the incident in the scenario; none: it was drawn.
    pub incident: Option<u32>,
    /// What kind.
    pub kind: Kind,
    /// Where.
    pub place: Place,
    /// From when to when.
    pub window: Window,
}

/// Where something happens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Place {
    /// At a site.
    Site(SiteId),
    /// On the roads of a courier.
    Courier(CourierId),
    /// At a laboratory.
    Lab(LabId),
    /// At several places, or all.
    Everywhere,
}

/// A stretch in which a road is slower.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Slow {
    /// From when to when.
    pub window: Window,
    /// Speed in thousandths of the usual; 0: nothing moves.
    pub speed: i64,
}

/// Thousandths in a whole.
const WHOLE: i64 = 1_000;

impl Slow {
    /// A stretch in which everything takes `times` as long; none: nothing moves.
    pub fn new(window: Window, times: Option<f64>) -> Self {
        let speed = times.map_or(0, |times| (WHOLE as f64 / times.max(1.0)).round() as i64);
        Self { window, speed }
    }

    /// Stretches in order and apart; where several meet, the slowest holds.
    pub fn apart(slows: &[Self]) -> Vec<Self> {
        let mut edges: Vec<Time> = slows
            .iter()
            .flat_map(|slow| [slow.window.start, slow.window.end])
            .collect();
        edges.sort_unstable();
        edges.dedup();
        let mut apart: Vec<Self> = Vec::new();
        for pair in edges.windows(2) {
            let window = Window {
                start: pair[0],
                end: pair[1],
            };
            let here = slows.iter().filter(|slow| slow.window.contains(pair[0]));
            let Some(speed) = here.map(|slow| slow.speed).min() else {
                continue;
            };
            match apart.last_mut() {
                Some(last) if last.window.end == window.start && last.speed == speed => {
                    last.window.end = window.end;
                }
                _ => apart.push(Self { window, speed }),
            }
        }
        apart
    }

    /// When a vehicle is there that leaves at a moment and needs so long on a free road; the stretches are in order and apart.
    pub fn arrive(slows: &[Self], leaves: Time, length: Span) -> Time {
        let (mut clock, mut left) = (leaves.millis(), length.millis());
        let from = slows.partition_point(|slow| slow.window.end <= leaves);
        for slow in &slows[from..] {
            let free = (slow.window.start.millis() - clock).max(0);
            if left <= free {
                break;
            }
            (clock, left) = (clock + free, left - free);
            let inside = slow.window.end.millis() - clock;
            // Rounded so that a longer way or a later start is never there earlier.
            let way = (inside * slow.speed).div_euclid(WHOLE);
            if way >= left {
                return Time::from_millis(clock + (left * WHOLE + slow.speed - 1) / slow.speed);
            }
            (clock, left) = (clock + inside, left - way);
        }
        Time::from_millis(clock + left)
    }
}

/// Moments that are put off: what would happen while something is down happens more slowly or not at all, and faster afterwards until all of
/// it has. Straight between knots; the order of moments stays.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Delay(Vec<[(i64, i64); 3]>);

impl Delay {
    /// Whether no moment is put off.
    pub const fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// What is put off by each `(window, speed, surge)`: from `window.start` on things happen at `speed` (a share, 0 to 1) of their usual pace,
    /// from its end on at `surge` times it (above 1) until none is late. What one puts off into another that starts later, that one puts off again.
    pub fn new(parts: impl IntoIterator<Item = (Window, f64, f64)>) -> Self {
        let mut parts: Vec<_> = parts.into_iter().collect();
        parts.sort_by_key(|(window, _, _)| (window.start, window.end));
        let mut delay = Self::default();
        for (window, speed, surge) in parts {
            delay.then(window, speed, surge);
        }
        delay
    }

    fn then(&mut self, window: Window, speed: f64, surge: f64) {
        let (start, end) = (window.start.millis(), window.end.millis());
        let length = (end - start) as f64;
        let reached = start + (length * speed.clamp(0.0, 1.0)) as i64;
        let late = (end - reached) as f64;
        let caught_up = end + (late / (surge.max(1.001) - 1.0)).ceil() as i64;
        if reached < end {
            self.0
                .push([(start, start), (reached, end), (caught_up, caught_up)]);
        }
    }

    /// When something happens that would happen at a moment, in milliseconds.
    pub fn put_off(&self, mut moment: i64) -> i64 {
        for [first, middle, last] in &self.0 {
            let (from, to) = if moment < first.0 || moment >= last.0 {
                continue;
            } else if moment < middle.0 {
                (first, middle)
            } else {
                (middle, last)
            };
            let (gone, length) = (i128::from(moment - from.0), i128::from(to.0 - from.0));
            moment = from.1 + (gone * i128::from(to.1 - from.1) / length) as i64;
        }
        moment
    }
}

/// Stretches in order and apart: those that meet are one, empty ones are left out.
pub fn united(mut windows: Vec<Window>) -> Vec<Window> {
    windows.retain(|window| window.start < window.end);
    windows.sort_unstable_by_key(|window| (window.start, window.end));
    let mut united: Vec<Window> = Vec::with_capacity(windows.len());
    for window in windows {
        match united.last_mut() {
            Some(last) if last.end >= window.start => last.end = last.end.max(window.end),
            _ => united.push(window),
        }
    }
    united
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(minutes: i64) -> Time {
        Time::ZERO + Span::MINUTE * minutes
    }

    fn window(from: i64, to: i64) -> Window {
        Window {
            start: at(from),
            end: at(to),
        }
    }

    #[test]
    fn a_road_that_is_slower_and_then_blocked_is_driven_as_by_hand() {
        let roads = [
            Slow::new(window(10, 30), Some(2.0)),
            Slow::new(window(30, 50), None),
        ];
        let arrive = |leaves, length| Slow::arrive(&roads, at(leaves), Span::MINUTE * length);
        assert_eq!(arrive(0, 10), at(10));
        assert_eq!(
            arrive(0, 15),
            at(20),
            "10 min free, 5 min at half the speed"
        );
        assert_eq!(arrive(0, 25), at(55), "10 free, 10 in 20, 20 stood, 5 free");
        assert_eq!(arrive(35, 0), at(35), "who does not drive is not stopped");
        assert_eq!(arrive(35, 1), at(51));
        assert_eq!(arrive(60, 7), at(67));
    }

    #[test]
    fn who_stays_away_in_a_storm_comes_as_by_hand() {
        let mut delay = Delay::default();
        // Nobody comes from 60 to 90; then twice as many until 120.
        delay.then(window(60, 90), 0.0, 2.0);
        let moment = |minutes: i64| Time::from_millis(delay.put_off(at(minutes).millis()));
        assert_eq!(
            (moment(59), moment(60), moment(75)),
            (at(59), at(90), Time::from_millis(97_500 * 60))
        );
        assert_eq!(
            (moment(90), moment(119), moment(120)),
            (at(105), Time::from_millis(119_500 * 60), at(120))
        );
        // Half of them come: 30 minutes' people take 60 to 120, and the other 30 minutes' are there by 150 at twice the pace.
        let mut half = Delay::default();
        half.then(window(60, 120), 0.5, 2.0);
        let moment = |minutes: i64| Time::from_millis(half.put_off(at(minutes).millis()));
        assert_eq!(
            (moment(75), moment(90), moment(150)),
            (at(90), at(120), at(150))
        );
    }

    #[test]
    fn stretches_that_meet_are_one_and_of_two_roads_the_slower_holds() {
        assert_eq!(
            united(vec![window(5, 9), window(0, 3), window(2, 4), window(9, 9)]),
            [window(0, 4), window(5, 9)]
        );
        let slow = |from, to, times| Slow::new(window(from, to), times);
        assert_eq!(
            Slow::apart(&[
                slow(0, 20, Some(2.0)),
                slow(10, 15, None),
                slow(15, 30, Some(4.0))
            ]),
            [
                slow(0, 10, Some(2.0)),
                slow(10, 15, None),
                slow(15, 30, Some(4.0))
            ]
        );
    }

    proptest! {
        #[test]
        fn nothing_is_earlier_and_nothing_overtakes(
            windows in prop::collection::vec((0_i64..500, 1_i64..200, 0.0_f64..1.0, 1.1_f64..9.0), 0..5),
            moments in prop::collection::vec((0_i64..60_000_000, 0_i64..40_000_000), 1..40),
        ) {
            let delay = Delay::new(windows.iter().map(|&(from, length, speed, surge)| (window(from, from + length), speed, surge)));
            let down = Delay::new(windows.iter().map(|&(from, length, _, surge)| (window(from, from + length), 0.0, surge)));
            let mut roads = Vec::new();
            for &(from, length, speed, _) in &windows {
                roads.push(Slow::new(window(from, from + length), (speed > 0.2).then_some(1.0 / speed)));
            }
            let roads = Slow::apart(&roads);
            let mut moments = moments;
            moments.sort_unstable();
            for pair in moments.windows(2) {
                prop_assert!(delay.put_off(pair[0].0) <= delay.put_off(pair[1].0));
                let arrive = |moment: i64| Slow::arrive(&roads, Time::from_millis(moment), Span::from_millis(pair[0].1));
                prop_assert!(arrive(pair[0].0) <= arrive(pair[1].0), "{roads:?}");
            }
            for &(moment, length) in &moments {
                prop_assert!(delay.put_off(moment) >= moment);
                let told = Time::from_millis(down.put_off(moment));
                let shut = windows.iter().any(|&(from, length, _, _)| window(from, from + length).contains(told));
                prop_assert!(!shut, "{moment} is put off to {told:?}, into {windows:?}");
                prop_assert!(Slow::arrive(&roads, Time::from_millis(moment), Span::from_millis(length)).millis() >= moment + length);
            }
        }
    }
}
