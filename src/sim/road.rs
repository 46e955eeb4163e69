//! Tubes onto vehicles that can be full: settled courier by courier, when the sites of a round are done.
//!
//! A vehicle keeps its timetable and its tour whatever it carries, so the sites know its visits while they fill tubes; only which tubes it
//! takes is decided here. At each stop it takes what is closed, the tubes first swabbed first, as far as they go in; the others wait for the
//! next trip. A timetable runs until that of the next round begins; what still waits then goes by the new one.

use super::Coming;
use super::called::CalledRun;
use super::live::Live;
use super::observer::Observer;
use super::tubes::{TRIPS_IN_A_ROUND, Tube};
use super::visits::{Visit, Visits};
use crate::id::{CourierId, Id, RoundId, SiteId};
use crate::network::courier::{Courier, Load, Stop};
use crate::network::{Network, Round, Site};
use crate::random::Streams;
use crate::units::Time;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// A tube at a site: what decides which go first (its first swab, when it was closed), then which it is (batch, number in the batch).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Waiting {
    pub(super) first: i64,
    pub(super) closed: i64,
    pub(super) batch: u32,
    pub(super) tube: u32,
}

impl Waiting {
    /// The tubes of a batch.
    pub(super) fn all(batch: u32, tubes: &[Tube]) -> impl Iterator<Item = Self> {
        tubes.iter().zip(0..).map(move |(tube, index)| Self {
            first: tube.first,
            closed: tube.closed,
            batch,
            tube: index,
        })
    }
}

/// The tubes of a site that no vehicle has taken.
#[derive(Default, Debug)]
struct Rack {
    /// Still to be closed, as the vehicles see it; the last one is closed first.
    open: Vec<Waiting>,
    /// Closed.
    ready: BinaryHeap<Reverse<Waiting>>,
}

impl Rack {
    fn is_empty(&self) -> bool {
        self.open.is_empty() && self.ready.is_empty()
    }

    fn add(&mut self, batch: u32, tubes: &[Tube]) {
        self.open.extend(Waiting::all(batch, tubes));
        self.open
            .sort_unstable_by_key(|tube| Reverse((tube.closed, tube.first, tube.batch, tube.tube)));
    }

    /// What is closed by a moment can be taken.
    fn close(&mut self, moment: i64) {
        while let Some(tube) = self.open.pop_if(|tube| tube.closed <= moment) {
            self.ready.push(Reverse(tube));
        }
    }
}

/// A courier that has to be settled tube by tube, from round to round.
pub(super) enum Road<'a> {
    /// It keeps a timetable, and its vehicles can be full.
    Timetable(RoadRun<'a>),
    /// Its vehicles are called.
    Called(CalledRun<'a>),
}

impl<'a> Road<'a> {
    /// All such couriers.
    pub(super) fn all(network: &'a Network, streams: Streams) -> Vec<Self> {
        let run = |(id, courier): (CourierId, &'a Courier)| match (courier.call, courier.load) {
            (Some(call), _) => Some(Self::Called(CalledRun::new(network, id, call, streams))),
            (None, Some(load)) => {
                let with = (courier, load);
                Some(Self::Timetable(RoadRun::new(network, id, with, streams)))
            }
            (None, None) => None,
        };
        network.couriers.iter().filter_map(run).collect()
    }

    /// Which courier.
    pub(super) const fn id(&self) -> CourierId {
        match self {
            Self::Timetable(run) => run.id,
            Self::Called(run) => run.id,
        }
    }

    /// The tubes of a site wait.
    pub(super) fn wait(&mut self, site: SiteId, batch: u32, tubes: &[Tube]) {
        match self {
            Self::Timetable(run) => run.wait(site, batch, tubes),
            Self::Called(run) => run.wait(site, batch, tubes),
        }
    }

    /// The trips of a round, which ends at the horizon: what they bring to the laboratory, when.
    pub(super) fn carry<O: Observer>(
        &mut self,
        window: (RoundId, &Round, Time),
        live: &mut Live,
        observer: &mut O,
    ) -> Vec<Coming> {
        match self {
            Self::Timetable(run) => run.carry(window, live, observer),
            Self::Called(run) => run.carry((window.0, window.2), live, observer),
        }
    }
}

/// A courier whose vehicles can be full, from round to round.
pub(super) struct RoadRun<'a> {
    id: CourierId,
    network: &'a Network,
    courier: &'a Courier,
    streams: Streams,
    load: Load,
    racks: BTreeMap<SiteId, Rack>,
}

/// What is taken, batch by batch: when it is at the laboratory, and which tube it is.
pub(super) type Taken = Vec<(i64, SiteId, u32, u32)>;

impl<'a> RoadRun<'a> {
    const fn new(
        network: &'a Network,
        id: CourierId,
        (courier, load): (&'a Courier, Load),
        streams: Streams,
    ) -> Self {
        Self {
            id,
            network,
            courier,
            streams,
            load,
            racks: BTreeMap::new(),
        }
    }

    /// The tubes of a site wait.
    fn wait(&mut self, site: SiteId, batch: u32, tubes: &[Tube]) {
        self.racks.entry(site).or_default().add(batch, tubes);
    }

    /// The trips of a round, up to the first of the next, which opens at the horizon: what they bring to the laboratory, when.
    fn carry<O: Observer>(
        &mut self,
        (round, held, horizon): (RoundId, &Round, Time),
        live: &mut Live,
        observer: &mut O,
    ) -> Vec<Coming> {
        let last = horizon.min(Time::NEVER - self.courier.first) + self.courier.first;
        let mut taken = Taken::new();
        for stops in self.vehicles(held) {
            self.drive(stops, (round, last), &mut taken, live);
        }
        taken.sort_unstable();
        for &(_, _, batch, tube) in &taken {
            observer.carried(live.origin(batch), &live.tubes(batch)[tube as usize]);
        }
        together(self.id, &taken)
    }

    /// The stops of each vehicle that anything waits for.
    fn vehicles(&self, round: &Round) -> Vec<Vec<(SiteId, Visits<'a>)>> {
        let mut vehicles = BTreeMap::<(u64, u64), Vec<(u32, SiteId)>>::new();
        for (&id, _) in self.racks.iter().filter(|(_, rack)| !rack.is_empty()) {
            let site = &self.network.sites[id];
            let (vehicle, place) = match site.stop {
                Stop::Direct(_) | Stop::Called => ((0, site.name), 0),
                Stop::OnTour { tour, place } => ((1, u64::from(tour)), place),
            };
            vehicles.entry(vehicle).or_default().push((place, id));
        }
        let visits = |site: &Site| {
            let when = (round.name, round.opens);
            Visits::new(self.courier, site.stop, self.streams, when, site.name)
        };
        let stops = |mut stops: Vec<(u32, SiteId)>| {
            stops.sort_unstable();
            let stop = |(_, id): (u32, SiteId)| (id, visits(&self.network.sites[id]));
            stops.into_iter().map(stop).collect()
        };
        vehicles.into_values().map(stops).collect()
    }

    /// One vehicle through the round, until nothing waits for it or the timetable ends.
    fn drive(
        &mut self,
        mut stops: Vec<(SiteId, Visits<'a>)>,
        (round, last): (RoundId, Time),
        taken: &mut Taken,
        live: &mut Live,
    ) {
        for trip in 0.. {
            let waits = stops.iter().any(|(site, _)| !self.racks[site].is_empty());
            let due = stops.first().map(|(_, visits)| visits.due(trip));
            if !waits || due.is_none_or(|due| due >= last) {
                return;
            }
            let mut boxes = self.load.boxes;
            for (site, visits) in &mut stops {
                let visit = visits.get(trip as usize);
                let number = visit.trip.min(TRIPS_IN_A_ROUND - 1);
                let visit = Visit {
                    trip: round.index() as u32 * TRIPS_IN_A_ROUND + number,
                    ..visit
                };
                boxes -= self.load_at(*site, visit, boxes, taken, live);
            }
        }
    }

    /// Loads what goes into so many boxes; returns how many it took.
    fn load_at(
        &mut self,
        site: SiteId,
        visit: Visit,
        boxes: u32,
        taken: &mut Taken,
        live: &mut Live,
    ) -> u32 {
        let rack = self.racks.entry(site).or_default();
        rack.close(visit.at);
        let room = u64::from(boxes) * u64::from(self.load.tubes);
        let mut tubes = 0;
        while tubes < room
            && let Some(Reverse(tube)) = rack.ready.pop()
        {
            live.carry(tube.batch, tube.tube, visit);
            taken.push((visit.delivered, site, tube.batch, tube.tube));
            tubes += 1;
        }
        tubes.div_ceil(u64::from(self.load.tubes)) as u32
    }
}

/// Neighbors in a batch that come at the same moment are one delivery.
pub(super) fn together(courier: CourierId, taken: &[(i64, SiteId, u32, u32)]) -> Vec<Coming> {
    let next = |one: &(i64, SiteId, u32, u32), other: &(i64, SiteId, u32, u32)| {
        (one.0, one.1, one.2, one.3 + 1) == *other
    };
    let coming = |chunk: &[(i64, SiteId, u32, u32)]| {
        let (at, site, batch, from) = chunk[0];
        Coming {
            at: Time::from_millis(at),
            courier: Some(courier),
            site: Some(site),
            batch,
            from,
            tubes: chunk.len() as u32,
            brought: None,
        }
    };
    taken.chunk_by(next).map(coming).collect()
}
