//! Vehicles that come when they are called, shared among the sites of their courier: settled when the sites of a round are done.
//!
//! A site calls when enough closed tubes wait, or one has waited long enough. Calls are answered in their order, by site at one instant; the
//! vehicle that is free first answers, and takes along others that have called by the time it leaves. A call closes no open tube: whoever
//! fills it does not know when the vehicle will come, and a vehicle that comes for sixty closed tubes would otherwise leave every lane with a
//! tube begun for nothing. What nobody could be sent for before the next round opens waits with the tubes of that round.

use super::Coming;
use super::live::Live;
use super::observer::Observer;
use super::road::{Taken, Waiting, together};
use super::tubes::Tube;
use super::visits::Visit;
use crate::id::{CourierId, RoundId, SiteId};
use crate::network::courier::{Call, Courier};
use crate::network::{Network, Round};
use crate::random::{Key, Purpose, Streams};
use crate::units::Time;
use std::collections::BTreeMap;

/// The tubes of a site that no vehicle has taken, by when they were closed, and its visits.
#[derive(Default, Debug)]
struct Rack {
    tubes: Vec<Waiting>,
    /// It calls no earlier: when it was last visited.
    visited: i64,
    /// Visits in this round.
    visits: u64,
}

impl Rack {
    /// When it calls.
    fn calls(&self, call: &Call) -> Option<i64> {
        let first = self.tubes.first()?.closed + call.after.millis();
        let enough = self.tubes.get(call.tubes as usize - 1);
        let enough = enough.map_or(first, |tube| tube.closed.min(first));
        Some(enough.max(self.visited))
    }

    /// Takes what is closed by a moment, the first swabbed first if not all of it goes in.
    fn take(&mut self, moment: i64, room: u64) -> Vec<Waiting> {
        let closed = self.tubes.partition_point(|tube| tube.closed <= moment);
        if closed as u64 <= room {
            return self.tubes.drain(..closed).collect();
        }
        let mut order: Vec<Waiting> = self.tubes[..closed].to_vec();
        order.sort_unstable();
        // Every tube is another one, so the last that goes in tells all that do.
        let last = order[room as usize - 1];
        order.truncate(room as usize);
        self.tubes
            .retain(|tube| *tube > last || tube.closed > moment);
        order
    }
}

/// A courier whose vehicles are called, from round to round.
pub(super) struct CalledRun<'a> {
    pub(super) id: CourierId,
    network: &'a Network,
    courier: &'a Courier,
    call: Call,
    streams: Streams,
    racks: BTreeMap<SiteId, Rack>,
    /// When each vehicle is back.
    free: Vec<i64>,
    trips: u32,
}

/// The luck of the roads of a round.
struct Luck {
    leg: Key,
    road: Key,
    checkpoint: Key,
}

impl<'a> CalledRun<'a> {
    pub(super) fn new(network: &'a Network, id: CourierId, call: Call, streams: Streams) -> Self {
        Self {
            id,
            network,
            courier: &network.couriers[id],
            call,
            streams,
            racks: BTreeMap::new(),
            free: vec![Time::BEFORE.millis(); call.vehicles as usize],
            trips: 0,
        }
    }

    /// The tubes of a site wait.
    pub(super) fn wait(&mut self, site: SiteId, batch: u32, tubes: &[Tube]) {
        let rack = self.racks.entry(site).or_default();
        rack.tubes.extend(Waiting::all(batch, tubes));
        rack.tubes.sort_unstable_by_key(|tube| (tube.closed, *tube));
    }

    /// The trips of a round that leave before the next one opens: what they bring to the laboratory, when.
    pub(super) fn carry<O: Observer>(
        &mut self,
        (round, horizon): (RoundId, Time),
        live: &mut Live,
        observer: &mut O,
    ) -> Vec<Coming> {
        let luck = self.luck(&self.network.rounds[round]);
        for rack in self.racks.values_mut() {
            rack.visits = 0;
        }
        let mut taken = Taken::new();
        while let Some((leaves, vehicle, stops)) = self.next(horizon) {
            self.free[vehicle] = self.drive(leaves, &stops, &luck, &mut taken, live);
            self.trips += 1;
        }
        taken.sort_unstable();
        for &(_, _, batch, tube) in &taken {
            observer.carried(live.origin(batch), &live.tubes(batch)[tube as usize]);
        }
        together(self.id, &taken)
    }

    fn luck(&self, round: &Round) -> Luck {
        let key = |purpose| self.streams.key(purpose, self.courier.name).of(round.name);
        Luck {
            leg: key(Purpose::Leg),
            road: key(Purpose::Road),
            checkpoint: key(Purpose::Checkpoint),
        }
    }

    /// The next trip: when which vehicle leaves, and for which sites in driving order; none before the horizon.
    fn next(&self, horizon: Time) -> Option<(Time, usize, Vec<SiteId>)> {
        let call = |(&site, rack): (&SiteId, &Rack)| Some((rack.calls(&self.call)?, site));
        let mut calls: Vec<(i64, SiteId)> = self.racks.iter().filter_map(call).collect();
        calls.sort_unstable();
        let vehicles = self.free.iter().zip(0..).min();
        let (&free, vehicle) = vehicles.expect("a courier has a vehicle");
        let ready = Time::from_millis(calls.first()?.0.max(free));
        let leaves = self.courier.drive(ready, crate::units::Span::ZERO);
        if leaves >= horizon {
            return None;
        }
        let called = calls
            .iter()
            .take_while(|(call, _)| *call <= leaves.millis());
        let most = self.call.stops as usize;
        let mut stops: Vec<SiteId> = called.map(|(_, site)| *site).take(most).collect();
        stops.sort_by_cached_key(|site| self.courier.place_of(*site));
        Some((leaves, vehicle, stops))
    }

    /// One trip; returns when the vehicle is back.
    fn drive(
        &mut self,
        leaves: Time,
        stops: &[SiteId],
        luck: &Luck,
        taken: &mut Taken,
        live: &mut Live,
    ) -> i64 {
        let load = self.courier.load;
        let mut boxes = load.map_or(u32::MAX, |load| load.boxes);
        let tubes_in_box = load.map_or(1, |load| u64::from(load.tubes));
        let mut clock = leaves;
        let mut loaded = Vec::new();
        let (mut last, mut from) = ((0, 0), None);
        for &site in stops {
            if boxes == 0 {
                break;
            }
            let name = self.network.sites[site].name;
            let rack = self.racks.entry(site).or_default();
            let way = self.courier.way_to(from, name);
            let length = way.one(luck.leg.of(name), rack.visits);
            from = Some(name);
            clock = self.courier.drive(clock, length);
            let at = clock.millis();
            let tubes = rack.take(at, u64::from(boxes) * tubes_in_box);
            boxes -= (tubes.len() as u64).div_ceil(tubes_in_box) as u32;
            loaded.extend(tubes.into_iter().map(|tube| (site, at, tube)));
            last = (name, rack.visits);
            rack.visits += 1;
            rack.visited = at;
            clock += self.courier.per_stop;
        }
        let way = self.courier.way_home(last.0);
        let length = way.one(luck.road.of(last.0), last.1);
        let back = self
            .courier
            .home(clock, length, (luck.checkpoint.of(last.0), last.1))
            .millis();
        for (site, at, tube) in loaded {
            let visit = Visit {
                at,
                delivered: back,
                trip: self.trips,
            };
            live.carry(tube.batch, tube.tube, visit);
            taken.push((back, site, tube.batch, tube.tube));
        }
        back
    }
}
