//! The hours of a round: who waits where, what is busy when, and one replication as it went. Listened to in a few replications beside the
//! tally, which keeps no hours, so that an ordinary replication pays nothing for it.

mod crews;

use crews::Crews;

use crate::id::{CourierId, LabId, RoundId, SiteId, StageId, Table};
use crate::measure::isolation;
use crate::network::{Network, RoundSite};
use crate::random::Streams;
use crate::sim::observer::{
    Delivered, Observer, Origin, Passage, Recalled, Run, SiteDone, SiteObserver, Step, Swabbed,
};
use crate::sim::tubes::{Swab, Tube};
use crate::sim::{Grain, Memory, simulate};
use crate::units::{Span, Time};
use std::collections::BTreeMap;

/// Minutes of a bin.
pub const BIN_MIN: u32 = 30;
/// Bins of a round at most: four days. What is later is left out.
const MOST_BINS: usize = 192;
/// Bars of a kind that are kept at most.
const MOST_BARS: usize = 6_000;
/// Days for which rooms are told.
const ROOM_DAYS: i64 = 28;

const BIN: i64 = BIN_MIN as i64 * 60_000;

/// The hours of every round, means over the replications listened to.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Day {
    /// By round.
    pub rounds: Table<RoundId, RoundDay>,
    /// Isolation rooms needed at the beginning of each day from the first round on; empty where nobody is isolated.
    pub rooms: Vec<f64>,
}

/// The hours of a round. Bins are counted from its opening; who waits or works in a bin is counted as the time spent in it over its length.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct RoundDay {
    /// By site.
    pub sites: BTreeMap<SiteId, SiteDay>,
    /// By stage that has workers or machines: how many of them work.
    pub stages: BTreeMap<(LabId, StageId), StageDay>,
    /// The first replication as it went.
    pub bars: Vec<Bar>,
}

/// The hours of a site.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct SiteDay {
    /// People who come.
    pub came: Vec<f64>,
    /// Minutes that they wait, all together.
    pub waited: Vec<f64>,
    /// How many wait.
    pub queue: Vec<f64>,
    /// Busy share of the busiest station.
    pub busy: Vec<f64>,
}

/// The hours of a stage.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct StageDay {
    /// How many of its workers or machines work.
    pub working: Vec<f64>,
    /// How many of them ever did.
    pub most: u32,
}

/// Something that lasted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Bar {
    /// Who or what.
    pub who: Who,
    /// From when.
    pub from: Time,
    /// Until when.
    pub to: Time,
    /// Its tubes; of crews, how many lanes they open.
    pub many: u32,
}

/// Who or what worked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Who {
    /// The crews of a site, as long as so many lanes have one.
    Crews(SiteId),
    /// A site, from its first swab to its last.
    Site(SiteId),
    /// A trip of a courier, from its first tube to the laboratory.
    Trip(CourierId, u32),
    /// A machine of a stage.
    Machine(LabId, StageId, u32),
}

/// Listens to one replication; `bars`: whether to keep it as it went.
pub fn listen(network: &Network, streams: Streams, memory: &mut Memory, bars: bool) -> Day {
    let mut heard = Hours {
        network,
        bars,
        rounds: network.rounds.ids().map(|_| RoundDay::default()).collect(),
        trips: BTreeMap::new(),
        confirmed: Vec::new(),
    };
    simulate(network, streams, Grain::Whole, memory, &mut heard);
    heard.day()
}

impl Day {
    /// Adds another replication's; the bars of the first stay.
    pub fn add(&mut self, other: Self) {
        if self.rounds.is_empty() {
            *self = other;
            return;
        }
        for (mine, theirs) in self.rounds.values_mut().zip(other.rounds.values()) {
            for (site, hours) in &theirs.sites {
                mine.sites.entry(*site).or_default().add(hours);
            }
            for (stage, hours) in &theirs.stages {
                let mine = mine.stages.entry(*stage).or_default();
                sum(&mut mine.working, &hours.working);
                mine.most = mine.most.max(hours.most);
            }
        }
        sum(&mut self.rooms, &other.rooms);
    }

    /// Sums of so many replications to means.
    pub fn over(&mut self, replications: u32) {
        let times = f64::from(replications.max(1));
        for round in self.rounds.values_mut() {
            for site in round.sites.values_mut() {
                for bins in [
                    &mut site.came,
                    &mut site.waited,
                    &mut site.queue,
                    &mut site.busy,
                ] {
                    for bin in bins.iter_mut() {
                        *bin /= times;
                    }
                }
            }
            let stages = round.stages.values_mut();
            stages.for_each(|stage| stage.working.iter_mut().for_each(|bin| *bin /= times));
        }
        self.rooms.iter_mut().for_each(|rooms| *rooms /= times);
    }
}

impl SiteDay {
    fn add(&mut self, other: &Self) {
        sum(&mut self.came, &other.came);
        sum(&mut self.waited, &other.waited);
        sum(&mut self.queue, &other.queue);
        sum(&mut self.busy, &other.busy);
    }
}

fn sum(mine: &mut Vec<f64>, theirs: &[f64]) {
    if mine.len() < theirs.len() {
        mine.resize(theirs.len(), 0.0);
    }
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        *mine += theirs;
    }
}

/// Adds to the bin of a moment.
fn put(bins: &mut Vec<f64>, since_opening: i64, much: f64) {
    let Ok(bin) = usize::try_from(since_opening.div_euclid(BIN)) else {
        return;
    };
    if bin < MOST_BINS {
        if bins.len() <= bin {
            bins.resize(bin + 1, 0.0);
        }
        bins[bin] += much;
    }
}

/// Adds a stretch of time to the bins that it touches, each by its part of the bin.
fn spread(bins: &mut Vec<f64>, (from, to): (i64, i64)) {
    let (mut at, end) = (from.max(0), to.min(MOST_BINS as i64 * BIN));
    while at < end {
        let next = ((at.div_euclid(BIN) + 1) * BIN).min(end);
        put(bins, at, (next - at) as f64 / BIN as f64);
        at = next;
    }
}

struct Hours<'a> {
    network: &'a Network,
    bars: bool,
    rounds: Table<RoundId, RoundDay>,
    /// By round, courier and trip: the first tube taken, the last delivered, and how many.
    trips: BTreeMap<(RoundId, CourierId, u32), (i64, i64, u32)>,
    confirmed: Vec<Time>,
}

impl Hours<'_> {
    fn day(mut self) -> Day {
        if self.bars {
            for (&(round, courier, trip), &(from, to, tubes)) in &self.trips {
                let bar = Bar {
                    who: Who::Trip(courier, trip),
                    from: Time::from_millis(from),
                    to: Time::from_millis(to),
                    many: tubes,
                };
                keep(&mut self.rounds[round].bars, bar);
            }
            self.rounds.values_mut().for_each(|round| round.bars.sort());
        }
        let rooms = self
            .network
            .isolation
            .as_ref()
            .map_or_else(Vec::new, |rooms| {
                let opens = self.network.rounds.values().map(|round| round.opens).min();
                let first = opens.unwrap_or(Time::ZERO);
                (0..ROOM_DAYS)
                    .map(|day| isolation::needed(rooms, &self.confirmed, first + Span::DAY * day))
                    .collect()
            });
        Day {
            rounds: self.rounds,
            rooms,
        }
    }
}

fn keep(bars: &mut Vec<Bar>, bar: Bar) {
    if bars.len() < MOST_BARS {
        bars.push(bar);
    }
}

impl<'a> Observer for Hours<'a> {
    type Sites = SiteHours<'a>;

    fn sites(&self, round: RoundId) -> SiteHours<'a> {
        SiteHours {
            network: self.network,
            opens: self.network.rounds[round].opens.millis(),
            site: None,
            stations: Vec::new(),
            now: SiteDay::default(),
            first: i64::MAX,
            last: i64::MIN,
            crews: self.bars.then(Crews::default),
            heard: Vec::new(),
        }
    }

    fn join(&mut self, round: RoundId, heard: SiteHours<'a>) {
        let tally = &mut self.rounds[round];
        for (site, hours, (first, last)) in heard.heard {
            tally.sites.insert(site, hours);
            if self.bars && first <= last {
                let (from, to) = (Time::from_millis(first), Time::from_millis(last));
                let who = Who::Site(site);
                let many = 0;
                keep(
                    &mut tally.bars,
                    Bar {
                        who,
                        from,
                        to,
                        many,
                    },
                );
            }
        }
        let crews = heard.crews.into_iter().flat_map(|crews| crews.bars);
        crews.for_each(|bar| keep(&mut tally.bars, bar));
    }

    fn delivered(&mut self, arrival: &Delivered) {
        let (Some(site), true) = (arrival.origin.site, self.bars && !arrival.origin.recall) else {
            return;
        };
        let courier = self.network.sites[site].courier;
        let key = (arrival.origin.round, courier, arrival.tube.trip);
        let trip = self.trips.entry(key).or_insert((i64::MAX, i64::MIN, 0));
        *trip = (
            trip.0.min(arrival.tube.picked),
            trip.1.max(arrival.brought.millis()),
            trip.2 + 1,
        );
    }

    fn staged(&mut self, _: &Passage) {}

    fn ran(&mut self, run: &Run) {
        let opens = self.network.rounds[run.round].opens.millis();
        let tally = &mut self.rounds[run.round];
        let stage = tally.stages.entry((run.lab, run.stage)).or_default();
        stage.most = stage.most.max(run.server + 1);
        spread(
            &mut stage.working,
            (run.start.millis() - opens, run.end.millis() - opens),
        );
        let work = &self.network.labs[run.lab].stages[run.stage].work;
        if self.bars && matches!(work, crate::network::Work::Machines { .. }) {
            keep(
                &mut tally.bars,
                Bar {
                    who: Who::Machine(run.lab, run.stage, run.server),
                    from: run.start,
                    to: run.end,
                    many: run.tubes,
                },
            );
        }
    }

    fn published(&mut self, _: Origin, _: &Tube, _: &[Swab], _: Time) {}

    fn recalled(&mut self, case: &Recalled) {
        let confirmed = case.members.iter().filter(|member| member.confirmed);
        self.confirmed.extend(confirmed.map(|member| member.at));
    }
}

/// What is heard of sites.
struct SiteHours<'a> {
    network: &'a Network,
    opens: i64,
    site: Option<SiteId>,
    /// By station of the site that speaks: how many work.
    stations: Vec<Vec<f64>>,
    now: SiteDay,
    first: i64,
    last: i64,
    /// Crews, where one replication is kept as it went.
    crews: Option<Crews>,
    heard: Vec<(SiteId, SiteDay, (i64, i64))>,
}

impl SiteObserver for SiteHours<'_> {
    const STEPS: bool = true;

    fn begin(&mut self, site: &RoundSite) {
        self.site = Some(site.site);
        self.now = SiteDay::default();
        let stations = self.network.sites[site.site].stations.len();
        self.stations = vec![Vec::new(); stations];
        if let Some(crews) = &mut self.crews {
            crews.begin(site);
        }
        (self.first, self.last) = (i64::MAX, i64::MIN);
    }

    fn step(&mut self, step: &Step) {
        let [ready, start, end] = [step.ready, step.start, step.end].map(|at| at - self.opens);
        spread(&mut self.now.queue, (ready, start));
        if let Some(station) = self.stations.get_mut(step.station as usize) {
            spread(station, (start, end));
        }
    }

    fn swabbed(&mut self, people: &Swabbed) {
        if let Some(crews) = &mut self.crews {
            crews.swabbed(people.end);
        }
        for (&arrival, &waited) in people.arrival.iter().zip(people.waited) {
            put(&mut self.now.came, arrival - self.opens, 1.0);
            let minutes = f64::from(waited) / 6e4;
            put(&mut self.now.waited, arrival - self.opens, minutes);
        }
        for &end in people.end {
            (self.first, self.last) = (self.first.min(end), self.last.max(end));
        }
    }

    fn closed(&mut self, _: &Tube, _: &[Swab]) {}

    fn end(&mut self, place: &RoundSite, done: &SiteDone) {
        let Some(site) = self.site.take() else {
            return;
        };
        let entry = &self.network.sites[site];
        if let Some(crews) = &mut self.crews {
            crews.end(place, entry.lanes, done);
        }
        for (station, working) in entry.stations.values().zip(&self.stations) {
            let lanes = if station.in_lane { entry.lanes } else { 1 };
            let servers = f64::from((station.servers * lanes).max(1));
            let busy = &mut self.now.busy;
            if busy.len() < working.len() {
                busy.resize(working.len(), 0.0);
            }
            for (most, working) in busy.iter_mut().zip(working) {
                *most = most.max(working / servers);
            }
        }
        let hours = std::mem::take(&mut self.now);
        self.heard.push((site, hours, (self.first, self.last)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_is_shared_out_to_the_bins_it_touches() {
        let mut bins = Vec::new();
        spread(&mut bins, (BIN / 2, BIN * 2 + BIN / 4));
        assert_eq!(bins, [0.5, 1.0, 0.25]);
        spread(&mut bins, (-BIN, BIN / 2));
        assert_eq!(bins, [1.0, 1.0, 0.25]);
        spread(&mut bins, (0, i64::MAX / 8));
        assert_eq!(bins.len(), MOST_BINS);
    }
}
