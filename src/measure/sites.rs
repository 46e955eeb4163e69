//! Listens to sites: waits, times on site, swabs by the quarter of an hour.

use super::outcome::{CURVE_STEP_MIN, Spread};
use super::staff::{SiteStaff, StaffTally};
use crate::id::{RoundId, SiteId};
use crate::model::site::Missed;
use crate::network::campaign::Drawn;
use crate::network::{Network, Round, RoundSite, Shares, Source};
use crate::random::block::BLOCK;
use crate::sim::observer::{SiteDone, SiteObserver, Step, Swabbed, VisitsDone};
use crate::sim::tubes::{Swab, Tube};
use crate::stats::histogram::Histogram;
use crate::units::Time;

/// Milliseconds from one point of a curve to the next.
pub(super) const STEP: i64 = CURVE_STEP_MIN as i64 * 60_000;

/// Points a curve has at most: six weeks. What comes later counts at the last.
const LONGEST_CURVE: i64 = 4_032;

/// People by the step of a curve in which they passed.
#[derive(Clone, Default, Debug)]
pub(super) struct Flow(pub(super) Vec<u64>);

impl Flow {
    /// So many people pass at a moment, counted from the opening of the round. Who passes in a step is counted at its end.
    pub(super) fn pass(&mut self, since_opening: i64, people: u64) {
        let step = ((since_opening + STEP - 1).div_euclid(STEP)).clamp(0, LONGEST_CURVE) as usize;
        if self.0.len() <= step {
            self.0.resize(step + 1, 0);
        }
        self.0[step] += people;
    }

    pub(super) fn merge(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine += theirs;
        }
    }

    /// People so far at each step.
    pub(super) fn cumulative(&self) -> impl Iterator<Item = f64> {
        self.0.iter().scan(0, |so_far, people| {
            *so_far += people;
            Some(*so_far as f64)
        })
    }
}

/// What was heard from some sites.
#[derive(Debug)]
pub(super) struct SitesHeard<'a> {
    network: Drawn<'a>,
    round: RoundId,
    pub(super) wait: Histogram,
    pub(super) priority_wait: Histogram,
    pub(super) on_site: Histogram,
    pub(super) swabs: Flow,
    pub(super) sites: Vec<SiteHeard>,
    pub(super) last_swab: Time,
    pub(super) staff: StaffTally,
    /// Cells with their people.
    pub(super) cells: Vec<(u32, Heads)>,
    /// Of the site that speaks: waits, people swabbed by source, and how many.
    site_wait: Histogram,
    by_source: Vec<u32>,
    swabbed: u32,
    tubes: u32,
    /// Tubes closed before they were full, and by source how many make one full; 0 where that is a household.
    partial: u32,
    pools: Vec<u32>,
}

/// People of a cell who came.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Heads {
    pub(super) came: u32,
    pub(super) swabbed: u32,
    /// Who of the swabbed was fetched.
    pub(super) fetched: u32,
    /// By reason (the order of `Missed::ALL`), but for those whom the hours explain.
    pub(super) missed: [u32; Missed::ALL.len()],
}

impl Heads {
    pub(super) fn add(&mut self, other: &Self) {
        self.came += other.came;
        self.swabbed += other.swabbed;
        self.fetched += other.fetched;
        for (mine, theirs) in self.missed.iter_mut().zip(other.missed) {
            *mine += theirs;
        }
    }
}

/// What was heard from one site.
#[derive(Clone, Debug)]
pub(super) struct SiteHeard {
    pub(super) site: SiteId,
    pub(super) swabbed: u32,
    pub(super) tubes: u32,
    pub(super) partial_tubes: u32,
    /// Milliseconds from the opening to the last swab, breaks apart.
    pub(super) open: i64,
    /// Milliseconds of its lanes with their crews, dressing included.
    pub(super) lanes: i64,
    /// People turned away as something was used up.
    pub(super) turned_away: u32,
    /// Milliseconds that servers were blocked.
    pub(super) blocked: i64,
    pub(super) wait: Spread<f64>,
    pub(super) peak_queue: u32,
    pub(super) utilization: f64,
    pub(super) last_swab: Option<Time>,
    pub(super) visits: Option<VisitsDone>,
}

impl SiteHeard {
    /// A site at which nobody of a round is swabbed.
    pub(super) fn silent(network: &Network, site: SiteId) -> Self {
        let nobody = |_: &crate::network::Visits| VisitsDone {
            reached: 0,
            unopened: 0,
        };
        Self {
            site,
            swabbed: 0,
            tubes: 0,
            partial_tubes: 0,
            open: 0,
            lanes: 0,
            turned_away: 0,
            blocked: 0,
            wait: spread(&Histogram::new()),
            peak_queue: 0,
            utilization: f64::NAN,
            last_swab: None,
            visits: network.sites[site].visits.as_ref().map(nobody),
        }
    }
}

impl<'a> SitesHeard<'a> {
    pub(super) fn new(network: Drawn<'a>, round: RoundId) -> Self {
        Self {
            network,
            round,
            wait: Histogram::new(),
            priority_wait: Histogram::new(),
            on_site: Histogram::new(),
            swabs: Flow::default(),
            sites: Vec::new(),
            last_swab: Time::BEFORE,
            staff: StaffTally::default(),
            cells: Vec::new(),
            site_wait: Histogram::new(),
            by_source: Vec::new(),
            swabbed: 0,
            tubes: 0,
            partial: 0,
            pools: Vec::new(),
        }
    }

    fn round(&self) -> &Round {
        &self.network.rounds[self.round]
    }

    /// Busy share of the busiest station while the site is open, or its lanes have crews, if these come and go.
    fn utilization(&self, (open, on_duty): (i64, Option<i64>), done: &SiteDone) -> f64 {
        if done.last_swab.is_none() {
            return f64::NAN;
        }
        let lanes = self.network.sites[done.site].lanes;
        let stations = self.network.sites[done.site]
            .stations
            .values()
            .zip(done.busy);
        let share = |(station, busy): (&crate::network::Station, &i64)| {
            let time = match on_duty {
                _ if !station.in_lane => open as f64,
                Some(on_duty) => on_duty as f64,
                None => f64::from(lanes) * open as f64,
            };
            *busy as f64 / f64::from(station.servers) / time
        };
        stations.map(share).fold(f64::NAN, f64::max)
    }
}

/// Milliseconds from the first opening of a site to its last swab, breaks apart.
fn open_millis(site: &RoundSite, done: &SiteDone) -> i64 {
    let (Some(first), Some(last)) = (site.openings.first(), done.last_swab) else {
        return 0;
    };
    let mut open: i64 = site
        .openings
        .iter()
        .map(|opening| last.min(opening.end).since(opening.start).millis())
        .sum();
    let begun = site
        .openings
        .iter()
        .rev()
        .find(|opening| opening.start <= last)
        .unwrap_or(first);
    if begun.closes_day {
        open += last.since(begun.end).millis();
    }
    open
}

impl SiteObserver for SitesHeard<'_> {
    const STEPS: bool = false;

    fn begin(&mut self, site: &RoundSite) {
        self.site_wait.clear();
        self.by_source.clear();
        self.by_source.resize(site.sources.len(), 0);
        (self.swabbed, self.tubes, self.partial) = (0, 0, 0);
        let full = |source: &Source| match source.shares {
            Shares::Kind(_) => source.pool,
            Shares::Household => 0,
        };
        self.pools.clear();
        self.pools.extend(site.sources.iter().map(full));
    }

    fn step(&mut self, _: &Step) {}

    #[inline]
    fn swabbed(&mut self, people: &Swabbed) {
        let count = people.end.len();
        self.swabbed += count as u32;
        let measured_from = self.round().measured_from.millis();
        let mut waits = [0; BLOCK];
        let mut stays = [0; BLOCK];
        if measured_from == Time::BEFORE.millis() {
            for ((stay, end), arrival) in stays.iter_mut().zip(people.end).zip(people.arrival) {
                *stay = (end - arrival) as u32;
            }
            self.site_wait.record(people.waited);
            if people.first {
                self.priority_wait.record(people.waited);
            }
            self.on_site.record(&stays[..count]);
        } else {
            let mut measured = 0;
            for index in 0..count {
                if people.arrival[index] >= measured_from {
                    waits[measured] = people.waited[index];
                    stays[measured] = (people.end[index] - people.arrival[index]) as u32;
                    measured += 1;
                }
            }
            self.site_wait.record(&waits[..measured]);
            if people.first {
                self.priority_wait.record(&waits[..measured]);
            }
            self.on_site.record(&stays[..measured]);
        }
        if let [only] = self.by_source.as_mut_slice() {
            *only += count as u32;
        } else {
            for &source in people.source {
                self.by_source[source as usize] += 1;
            }
        }
    }

    fn closed(&mut self, _: &Tube, swabs: &[Swab]) {
        self.tubes += 1;
        self.partial += u32::from((swabs.len() as u32) < self.pools[swabs[0].source as usize]);
        let opens = self.round().opens.millis();
        // The swabs of a tube mostly end in one step: count stretches.
        let (first, last) = (swabs[0].end - opens, swabs[swabs.len() - 1].end - opens);
        if (first + STEP - 1).div_euclid(STEP) == (last + STEP - 1).div_euclid(STEP) {
            self.swabs.pass(last, swabs.len() as u64);
        } else {
            for swab in swabs {
                self.swabs.pass(swab.end - opens, 1);
            }
        }
    }

    fn end(&mut self, site: &RoundSite, done: &SiteDone) {
        self.wait.merge(&self.site_wait);
        let people = done.came.iter().zip(&self.by_source).enumerate();
        for (index, (&came, &swabbed)) in people {
            let source = &site.sources[index];
            let heads = Heads {
                came,
                swabbed,
                fetched: if source.fetched { swabbed } else { 0 },
                missed: done.missed.get(index).copied().unwrap_or_default(),
            };
            match self.cells.last_mut() {
                Some((cell, sum)) if *cell == source.cell => sum.add(&heads),
                _ => self.cells.push((source.cell, heads)),
            }
        }
        self.last_swab = self.last_swab.max(done.last_swab.unwrap_or(Time::BEFORE));
        let open = open_millis(site, done);
        let staff = (self.staff).hear(
            &self.network,
            (site, self.network.rounds[self.round].opens),
            done,
        );
        let lanes = i64::from(self.network.sites[done.site].lanes);
        let on_duty = staff.map(|staff| staff.on_duty);
        let of_reason = |missed: &[u32; Missed::ALL.len()]| missed[Missed::OutOfStock as usize];
        self.sites.push(SiteHeard {
            site: done.site,
            open,
            lanes: staff.map_or(lanes * open, |SiteStaff { on_duty, dressing }| {
                on_duty + dressing
            }),
            blocked: done.blocked,
            turned_away: done.missed.iter().map(of_reason).sum(),
            swabbed: self.swabbed,
            tubes: self.tubes,
            partial_tubes: self.partial,
            wait: spread(&self.site_wait),
            peak_queue: done.peak_queue,
            utilization: self.utilization((open, on_duty), done),
            last_swab: done.last_swab,
            visits: done.visits,
        });
    }
}

/// The spread of a histogram in minutes.
pub(super) fn spread(histogram: &Histogram) -> Spread<f64> {
    let [p50, p90, p95, p99] = histogram.quantiles_minutes([0.5, 0.9, 0.95, 0.99]);
    let max = if histogram.count() == 0 {
        f64::NAN
    } else {
        histogram.max().minutes()
    };
    Spread {
        mean: histogram.mean_minutes(),
        p50,
        p90,
        p95,
        p99,
        max,
    }
}
