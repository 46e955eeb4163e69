//! Hours of the crews of lanes: on duty, at work, dressing; lanes open over the day.
//!
//! On duty a crew is in its hours, or finishes with whom it took before; after the close it stays until the queue is served, and no longer.

use super::outcome::StaffOutcome;
use super::sites::STEP;
use crate::network::duty::Opening;
use crate::network::roster::{meet, overlap};
use crate::network::{Network, RoundSite};
use crate::sim::observer::{CrewsDone, SiteDone};
use crate::units::{Span, Time, Window};

/// Steps of the day looked at, at most: six weeks of quarters of an hour.
const MOST_STEPS: usize = 4_032;

/// The sums of the crews of some sites. Milliseconds of people.
#[derive(Clone, Default, Debug)]
pub(super) struct StaffTally {
    /// Whether crews come and go anywhere.
    told: bool,
    on_duty: i64,
    busy: i64,
    dressing: i64,
    suits: u64,
    /// By step from the opening of the round: lanes of sites that are open, and how many of them have a crew.
    lanes: Vec<(u64, u64)>,
}

/// The crews of one site.
#[derive(Clone, Copy, Debug)]
pub(super) struct SiteStaff {
    /// Milliseconds of lanes: on duty, and dressing.
    pub(super) on_duty: i64,
    pub(super) dressing: i64,
}

impl StaffTally {
    /// Hears of a site with its round, which opened at `opens`, if its crews come and go.
    pub(super) fn hear(
        &mut self,
        network: &Network,
        (site, opens): (&RoundSite, Time),
        done: &SiteDone,
    ) -> Option<SiteStaff> {
        // Where crews are only missing at times, nothing is counted of them.
        let crews = done.crews.filter(|_| network.staffed)?;
        self.told = true;
        let entry = &network.sites[done.site];
        let members = i64::from(entry.crew);
        let open = windows(&site.openings);
        let last = Time::from_millis(crews.last);
        let lane = crews.roster.lanes.iter();
        let on_duty = lane.map(|lane| on_duty(lane, &open, last)).sum::<i64>() + crews.overrun;
        let worn = |at: &&Time| **at < last || open.iter().any(|window| window.contains(**at));
        let suits = crews.roster.dressings.iter().filter(worn).count() as i64;
        let dressing = suits * crews.roster.dressing.millis();
        self.on_duty += members * on_duty;
        self.busy += members * busy(network, done).min(on_duty);
        self.dressing += members * dressing;
        self.suits += (members * suits) as u64;
        self.count_lanes(&crews, &open, opens);
        Some(SiteStaff { on_duty, dressing })
    }

    /// Counts the lanes of a site in the middle of each step; if it is open too shortly for that, in the middle of its first hours.
    fn count_lanes(&mut self, crews: &CrewsDone, open: &[Window], opens: Time) {
        let (Some(first), Some(last)) = (open.first(), open.last()) else {
            return;
        };
        let steps = last.end.since(opens).millis().div_euclid(STEP) as usize + 1;
        let mut counted = false;
        for step in 0..steps.min(MOST_STEPS) {
            let now = Time::from_millis(opens.millis() + step as i64 * STEP + STEP / 2);
            if open.iter().any(|window| window.contains(now)) {
                self.count_lanes_at(crews, now, step);
                counted = true;
            }
        }
        if !counted {
            let middle = first.start + Span::from_millis(first.length().millis() / 2);
            let step = middle.since(opens).millis().div_euclid(STEP).max(0) as usize;
            self.count_lanes_at(crews, middle, step.min(MOST_STEPS - 1));
        }
    }

    fn count_lanes_at(&mut self, crews: &CrewsDone, now: Time, step: usize) {
        if self.lanes.len() <= step {
            self.lanes.resize(step + 1, (0, 0));
        }
        let there = crews.roster.lanes.iter().filter(|lane| {
            let next = lane.partition_point(|window| window.end <= now);
            lane.get(next).is_some_and(|window| window.start <= now)
        });
        self.lanes[step].0 += crews.roster.lanes.len() as u64;
        self.lanes[step].1 += there.count() as u64;
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.told |= other.told;
        self.on_duty += other.on_duty;
        self.busy += other.busy;
        self.dressing += other.dressing;
        self.suits += other.suits;
        if self.lanes.len() < other.lanes.len() {
            self.lanes.resize(other.lanes.len(), (0, 0));
        }
        for (mine, theirs) in self.lanes.iter_mut().zip(&other.lanes) {
            mine.0 += theirs.0;
            mine.1 += theirs.1;
        }
    }

    /// What the staff of a round came to, of which so many people were called and so many absent, if pools were.
    pub(super) fn outcome(&self, called: Option<(u32, u32)>) -> Option<StaffOutcome<f64>> {
        if !self.told {
            return None;
        }
        let hours = |millis: i64| millis as f64 / 3.6e6;
        let open = || self.lanes.iter().filter(|(lanes, _)| *lanes > 0);
        let manned: u64 = open().map(|(_, manned)| manned).sum();
        let least = open().map(|(_, manned)| *manned as f64);
        let (people, absent) = called.map_or((f64::NAN, f64::NAN), |(people, absent)| {
            (people.into(), absent.into())
        });
        Some(StaffOutcome {
            people,
            absent,
            on_duty_hours: hours(self.on_duty),
            busy_hours: hours(self.busy),
            idle_hours: hours(self.on_duty - self.busy),
            dressing_hours: hours(self.dressing),
            suits: self.suits as f64,
            lanes_min: least.fold(f64::NAN, f64::min),
            lanes_mean: manned as f64 / open().count() as f64,
            lanes_most: open()
                .map(|(lanes, _)| *lanes as f64)
                .fold(f64::NAN, f64::max),
        })
    }
}

/// How long a lane with these hours has its crew: in the hours of its site, and after the close until the last service.
fn on_duty(lane: &[Window], open: &[Window], last: Time) -> i64 {
    let until_last = [Window {
        start: Time::BEFORE,
        end: last,
    }];
    let open_until_last = meet(open, &until_last);
    overlap(lane, open) + overlap(lane, &until_last) - overlap(lane, &open_until_last)
}

/// How long lanes serve: the busiest of their stations.
fn busy(network: &Network, done: &SiteDone) -> i64 {
    let stations = network.sites[done.site].stations.values().zip(done.busy);
    let in_lane = stations.filter(|(station, _)| station.in_lane);
    in_lane
        .map(|(station, busy)| busy.div_euclid(i64::from(station.servers.max(1))))
        .max()
        .unwrap_or(0)
}

fn windows(openings: &[Opening]) -> Vec<Window> {
    let window = |opening: &Opening| Window {
        start: opening.start,
        end: opening.end,
    };
    openings.iter().map(window).collect()
}
