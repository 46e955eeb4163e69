//! One site through one round: the kernel its network chose, its tubes, what it tells.

use super::arrivals::{Arrivals, Block, columns};
use super::clock::{Clock, Worked};
use super::door::Door;
use super::infection::{Gone, Infected};
use super::observer::{CrewsDone, SiteDone, SiteObserver, Step, VisitsDone};
use super::tubes::{Batch, Filling, Rack, Tube};
use super::unbound::Unbound;
use super::visits::Visits;
use super::{events, groups, recursion, tandem};
use crate::model::site::Missed;
use crate::network::roster::Roster;
use crate::network::{Kernel, Network, Round, RoundSite, Site, Source};
use crate::random::block::BLOCK;
use crate::random::{Key, Purpose, Streams};
use crate::units::Time;

/// Before any moment, and small enough to be packed with a number of a lane.
pub(super) const LONG_AGO: i64 = -(1 << 46);

/// What a site carries from one round to the next: when each server of each station is free.
pub(super) type Servers = Vec<Vec<i64>>;

/// All servers of a site, free for long.
pub(super) fn servers(site: &Site) -> Servers {
    let count = |station: &crate::network::Station| {
        station.servers * if station.in_lane { site.lanes } else { 1 }
    };
    site.stations
        .values()
        .map(|station| vec![LONG_AGO; count(station) as usize])
        .collect()
}

/// The servers of a site whose lanes have changed: those that stay keep when they are free, new ones are.
pub(super) fn staff(site: &Site, servers: &mut Servers) {
    for (station, free) in site.stations.values().zip(servers) {
        let count = station.servers * if station.in_lane { site.lanes } else { 1 };
        free.resize(count as usize, LONG_AGO);
    }
}

/// What both kernels work with.
pub(super) struct Work<'a, S> {
    pub(super) site: &'a Site,
    pub(super) round: &'a RoundSite,
    pub(super) stop: i64,
    arrivals: Arrivals<'a>,
    /// The crews of its lanes and its tempo, where these change.
    pub(super) clock: Option<Clock<'a>>,
    /// What bounds its line, if anything does.
    pub(super) door: Option<Door<'a>>,
    /// How many more people it takes, if anything limits them.
    numbers: Option<u32>,
    /// By source: the luck of its people on ways that branch; empty where none do.
    pub(super) branching: Vec<Key>,
    /// By source: the luck of being taken first, and below what it falls to those who are; empty where nobody is.
    pub(super) priority: Vec<(Key, u64)>,
    /// By source: the luck of teams on their way there and setting up; empty where people come.
    pub(super) visiting: Vec<[Key; 2]>,
    pub(super) rack: Rack<'a>,
    pub(super) fillings: Vec<Filling>,
    pub(super) done: Done,
    pub(super) seen: &'a mut S,
}

/// What a site came to so far.
pub(super) struct Done {
    pub(super) peak_queue: u32,
    pub(super) busy: Vec<i64>,
    /// How long people stayed at stations as there was no room before the next, all together.
    pub(super) blocked: i64,
    pub(super) last_swab: i64,
    /// How long its lanes worked, where crews come and go.
    pub(super) worked: Worked,
    /// Households or stops at which someone was swabbed, where they are kept together.
    pub(super) reached: u32,
    /// By source: who came and is missed, by reason; empty if nobody is but for the hours.
    pub(super) missed: Vec<[u32; Missed::ALL.len()]>,
}

/// Takes a site through a round; its tubes go into `batch`, of which only the memory is used.
pub(super) fn run<S: SiteObserver>(
    (network, round, place): (&Network, &Round, &RoundSite),
    (streams, gone): (Streams, &Gone),
    (numbers, roster): (Option<u32>, Option<&Roster>),
    servers: &mut Servers,
    mut batch: Batch,
    seen: &mut S,
) -> Batch {
    let site = &network.sites[place.site];
    seen.begin(place);
    let courier = &network.couriers[site.courier];
    let visits = Visits::new(
        courier,
        site.stop,
        streams,
        (round.name, round.opens),
        site.name,
    );
    let (sources, openings) = (&place.sources, &place.openings);
    batch.begin(sources);
    let fillings = if site.tubes.per_lane { site.lanes } else { 1 };
    let mut work = Work {
        site,
        round: place,
        stop: network.stop.millis(),
        arrivals: Arrivals::new(site, place, (streams, gone)),
        clock: Clock::new(roster.or(place.roster.as_ref()), &place.tempo),
        door: Door::new(site, place, streams),
        numbers,
        branching: branching(site, sources, streams),
        priority: priority(sources, streams),
        visiting: visiting(site, sources, streams),
        rack: Rack {
            rules: site.tubes,
            sources,
            openings,
            visits,
            infected: Infected::new(network.infection.as_ref(), (round, site, place), streams),
            unbound: Unbound::new(site, place, streams),
            batch,
        },
        fillings: (0..fillings).map(Filling::new).collect(),
        done: Done::new(site.stations.len()),
        seen,
    };
    match site.kernel {
        Kernel::Recursion => recursion::run(&mut work, servers),
        Kernel::Events { line_per_lane } => events::run(&mut work, servers, line_per_lane),
        Kernel::Tandem if work.clock.is_none() => tandem::run(&mut work, servers),
        Kernel::Tandem => events::run(&mut work, servers, false),
        Kernel::Groups => groups::run(&mut work, servers),
    }
    work.finish()
}

/// The luck of the people of each source on ways that branch.
fn branching(site: &Site, sources: &[Source], streams: Streams) -> Vec<Key> {
    if site
        .stations
        .values()
        .all(|station| station.branches.is_empty())
    {
        return Vec::new();
    }
    let key = |source: &Source| streams.key(Purpose::Branch, source.name);
    sources.iter().map(key).collect()
}

/// Who of each source is taken first.
fn priority(sources: &[Source], streams: Streams) -> Vec<(Key, u64)> {
    if sources.iter().all(|source| source.priority == 0) {
        return Vec::new();
    }
    let key = |source: &Source| {
        let key = streams.key(Purpose::Priority, source.name);
        (key, source.priority)
    };
    sources.iter().map(key).collect()
}

/// The luck of teams that visit the people of each source.
fn visiting(site: &Site, sources: &[Source], streams: Streams) -> Vec<[Key; 2]> {
    if site.visits.is_none() {
        return Vec::new();
    }
    let keys = |source: &Source| {
        [Purpose::Travel, Purpose::SetUp].map(|purpose| streams.key(purpose, source.name))
    };
    sources.iter().map(keys).collect()
}

impl<'a, S> Work<'a, S> {
    /// The crews of its lanes, where they come and go.
    fn crews(&self) -> Option<CrewsDone<'a>> {
        let roster = self.clock?.roster?;
        let Worked { overrun, last } = self.done.worked;
        Some(CrewsDone {
            roster,
            overrun,
            last,
        })
    }
}

impl<S> Work<'_, S> {
    /// Who of a block is taken first where people wait; all false before.
    pub(super) fn taken_first(&self, block: &Block, first: &mut [bool; BLOCK]) {
        if self.priority.is_empty() {
            return;
        }
        let people = block.source.iter().zip(&block.rank).take(block.len);
        for (first, (&source, &rank)) in first.iter_mut().zip(people) {
            let (luck, below) = self.priority[source as usize];
            *first = luck.word(u64::from(rank)) >> 32 < below;
        }
    }
}

impl<S: SiteObserver> Work<'_, S> {
    /// Replaces `block` by the next people whom the site takes; false if there are none.
    pub(super) fn next(&mut self, block: &mut Box<Block>) -> bool {
        while self.arrivals.next(block) {
            let Some(numbers) = self.numbers else {
                return true;
            };
            let taken = block.len.min(numbers as usize);
            for index in taken..block.len {
                self.miss(block.source[index], Missed::OutOfStock);
            }
            block.len = taken;
            self.numbers = Some(numbers - taken as u32);
            if taken > 0 {
                return true;
            }
        }
        false
    }

    /// A block with room for every station's draws.
    pub(super) fn block(&self) -> Box<Block> {
        Box::new(Block::new(columns(self.site)))
    }

    /// Tells of a person at a station, if anyone listens.
    #[inline]
    pub(super) fn step(&mut self, step: impl FnOnce() -> Step) {
        if S::STEPS {
            self.seen.step(&step());
        }
    }

    /// A person leaves without a swab.
    pub(super) fn miss(&mut self, source: u32, reason: Missed) {
        let missed = &mut self.done.missed;
        if missed.is_empty() {
            missed.resize(self.round.sources.len(), [0; Missed::ALL.len()]);
        }
        missed[source as usize][reason as usize] += 1;
    }

    fn finish(mut self) -> Batch {
        for filling in &mut self.fillings {
            filling.finish(self.done.last_swab, &mut self.rack, self.seen);
        }
        let last_swab =
            (self.done.last_swab > LONG_AGO).then(|| Time::from_millis(self.done.last_swab));
        let done = SiteDone {
            site: self.round.site,
            came: &self.arrivals.came,
            peak_queue: self.done.peak_queue,
            busy: &self.done.busy,
            blocked: self.done.blocked,
            last_swab,
            crews: self.crews(),
            visits: self.site.visits.as_ref().map(|_| VisitsDone {
                reached: self.done.reached,
                unopened: self.arrivals.unopened,
            }),
            missed: &self.done.missed,
        };
        self.seen.end(self.round, &done);
        // However a kernel goes through the lanes, the tubes stand in the order in which they were closed.
        let mut batch = self.rack.batch;
        let order = |tube: &Tube| (tube.closed, tube.lane, tube.serial);
        if !batch.tubes.is_sorted_by_key(order) {
            batch.tubes.sort_unstable_by_key(order);
        }
        batch
    }
}

impl Done {
    fn new(stations: usize) -> Self {
        Self {
            peak_queue: 0,
            busy: vec![0; stations],
            blocked: 0,
            last_swab: LONG_AGO,
            worked: Worked::NONE,
            reached: 0,
            missed: Vec::new(),
        }
    }
}
