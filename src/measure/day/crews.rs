//! The crews of one replication as it went: how many lanes of a site have one, from change to change.

use super::{Bar, Who};
use crate::network::RoundSite;
use crate::network::duty::Opening;
use crate::network::roster::{meet, without};
use crate::sim::observer::SiteDone;
use crate::units::{Time, Window};

/// Listens to sites, one after another.
#[derive(Default)]
pub(super) struct Crews {
    openings: Vec<Opening>,
    /// By opening: the last swab from its beginning to the next, in milliseconds; long ago if there was none.
    last: Vec<i64>,
    /// What was heard.
    pub(super) bars: Vec<Bar>,
}

impl Crews {
    /// A site begins its round.
    pub(super) fn begin(&mut self, site: &RoundSite) {
        self.openings.clone_from(&site.openings);
        self.last = vec![i64::MIN; site.openings.len()];
    }

    /// Swabs ended.
    pub(super) fn swabbed(&mut self, ends: &[i64]) {
        for &end in ends {
            let begun = |opening: &Opening| opening.start.millis() <= end;
            let at = self.openings.partition_point(begun);
            if let Some(last) = at.checked_sub(1).and_then(|at| self.last.get_mut(at)) {
                *last = (*last).max(end);
            }
        }
    }

    /// The site of so many lanes is done. Where nobody was swabbed nothing is kept.
    pub(super) fn end(&mut self, site: &RoundSite, lanes: u32, done: &SiteDone) {
        if self.last.iter().all(|&last| last == i64::MIN) {
            return;
        }
        let at_work = without(&self.served(), &site.pauses);
        let by_lane: Vec<Vec<Window>> = match &done.crews {
            Some(crews) => {
                let lanes = crews.roster.lanes.iter();
                lanes.map(|lane| meet(lane, &at_work)).collect()
            }
            None => vec![at_work; lanes as usize],
        };
        self.bars
            .extend(counted(&by_lane).map(|(window, many)| Bar {
                who: Who::Crews(done.site),
                from: window.start,
                to: window.end,
                many,
            }));
    }

    /// When people are served: while the site is open, and at the end of a day until the last is.
    fn served(&self) -> Vec<Window> {
        let served = |(opening, &last): (&Opening, &i64)| {
            let late = Time::from_millis(last);
            let end = if opening.closes_day && late > opening.end {
                late
            } else {
                opening.end
            };
            let start = opening.start;
            Window { start, end }
        };
        self.openings.iter().zip(&self.last).map(served).collect()
    }
}

/// Stretches in which so many lanes are at work, without those in which none is.
fn counted(by_lane: &[Vec<Window>]) -> impl Iterator<Item = (Window, u32)> {
    let windows = || by_lane.iter().flatten();
    let mut changes: Vec<Time> = windows()
        .flat_map(|window| [window.start, window.end])
        .collect();
    changes.sort_unstable();
    changes.dedup();
    let mut counted: Vec<(Window, u32)> = Vec::new();
    for pair in changes.windows(2) {
        let (start, end) = (pair[0], pair[1]);
        let many = windows().filter(|window| window.contains(start)).count() as u32;
        match counted.last_mut() {
            Some((before, same)) if *same == many && before.end == start => before.end = end,
            _ if many > 0 => counted.push((Window { start, end }, many)),
            _ => {}
        }
    }
    counted.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Span;

    fn window(from: i64, to: i64) -> Window {
        let at = |hour| Time::ZERO + Span::HOUR * hour;
        Window {
            start: at(from),
            end: at(to),
        }
    }

    #[test]
    fn lanes_are_counted_from_change_to_change() {
        let lanes = [
            vec![window(7, 9), window(10, 12)],
            vec![window(7, 10), window(10, 12)],
            vec![],
        ];
        let heard: Vec<_> = counted(&lanes).collect();
        let wanted = [(window(7, 9), 2), (window(9, 10), 1), (window(10, 12), 2)];
        assert_eq!(heard, wanted);
        assert_eq!(
            counted(&[vec![window(7, 8)], vec![window(9, 10)]]).count(),
            2
        );
    }

    #[test]
    fn crews_stay_at_the_end_of_a_day_until_the_last_is_swabbed_but_not_over_a_break() {
        let opening = |from, to, closes_day| Opening {
            start: window(from, to).start,
            end: window(from, to).end,
            closes_day,
        };
        let mut crews = Crews {
            openings: vec![opening(7, 12, false), opening(13, 19, true)],
            last: vec![i64::MIN; 2],
            bars: Vec::new(),
        };
        let minutes = |hour: i64, minute: i64| {
            (Time::ZERO + Span::HOUR * hour + Span::MINUTE * minute).millis()
        };
        crews.swabbed(&[minutes(12, 2), minutes(18, 0), minutes(20, 0)]);
        assert_eq!(crews.served(), [window(7, 12), window(13, 20)]);
    }
}
