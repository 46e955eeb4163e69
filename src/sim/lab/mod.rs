//! Laboratories at work: stage by stage where nothing flows back, event by event where something does.
//!
//! Both take deliveries in order and work up to a horizon; on a laboratory that both can do they agree tube by tube.

mod bench;
mod door;
mod events;
mod fate;
mod flow;
mod hands;
mod outage;

use super::live::Live;
use super::observer::Observer;
use super::{Coming, Memory};
use crate::id::{Id, LabId};
use crate::network::Network;
use crate::network::lab::LabKernel;
use crate::random::Streams;
use crate::units::{Span, Time};
use events::EventRun;
use flow::FlowRun;
use std::cmp::Reverse;

/// All laboratories at work.
pub(super) struct LabRuns<'a> {
    labs: Vec<LabRun<'a>>,
    /// Those that send tubes on before those they send them to.
    order: Vec<LabId>,
}

impl<'a> LabRuns<'a> {
    pub(super) fn new(network: &'a Network, streams: Streams, memory: &mut Memory) -> Self {
        let mut order: Vec<LabId> = network.labs.ids().collect();
        order.sort_by_key(|&id| Reverse(others_behind(network, id)));
        let run = |id| LabRun::new(id, network, streams, memory);
        Self {
            labs: network.labs.ids().map(run).collect(),
            order,
        }
    }

    /// Gives their memory back.
    pub(super) fn finish(self, memory: &mut Memory) {
        for lab in self.labs {
            lab.finish(memory);
        }
    }

    /// One by one, in the order of their ids.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut LabRun<'a>> {
        self.labs.iter_mut()
    }

    /// Single tubes come back to a laboratory.
    pub(super) fn take<O: Observer>(
        &mut self,
        lab: LabId,
        singles: &Coming,
        live: &mut Live,
        observer: &mut O,
    ) {
        self.labs[lab.index()].take(singles, None, live, observer);
    }

    /// All work up to a moment before which everything is known that comes from outside. What one sends on before it, the other knows before
    /// it works.
    pub(super) fn advance<O: Observer>(
        &mut self,
        until: Time,
        live: &mut Live,
        memory: &mut Memory,
        observer: &mut O,
    ) {
        for &id in &self.order {
            let lab = &mut self.labs[id.index()];
            lab.advance(until, live, memory, observer);
            for away in lab.sent_on() {
                self.labs[away.to.index()].call(&away);
            }
        }
    }
}

/// How many laboratories what is sent on from one may still come to.
fn others_behind(network: &Network, id: LabId) -> usize {
    let next = |&lab: &LabId| {
        let overflow = network.labs[lab].overflow.as_ref();
        overflow.map(|overflow| overflow.to)
    };
    let all = std::iter::successors(Some(id), next);
    all.take(network.labs.len()).count()
}

/// Tubes that a laboratory sends on.
#[derive(Clone, Copy)]
struct Away {
    to: LabId,
    /// When they set off; the other laboratory knows of them from then on.
    sets_off: Time,
    coming: Coming,
}

/// A laboratory at work.
pub(super) enum LabRun<'a> {
    /// Nothing flows back.
    Flow(FlowRun<'a>),
    /// Event by event.
    Events(Box<EventRun<'a>>),
}

impl<'a> LabRun<'a> {
    fn new(id: LabId, network: &'a Network, streams: Streams, memory: &mut Memory) -> Self {
        let lab = &network.labs[id];
        match lab.kernel {
            LabKernel::Flow => Self::Flow(FlowRun::new(id, lab, streams, memory)),
            LabKernel::Events => Self::Events(Box::new(EventRun::new(id, network, streams))),
        }
    }

    /// Gives its memory back.
    fn finish(self, memory: &mut Memory) {
        match self {
            Self::Flow(run) => run.finish(memory),
            Self::Events(_) => {}
        }
    }

    /// Tubes come in, now or later; deliveries in order. What is older than `limit` is turned away at the door.
    pub(super) fn take<O: Observer>(
        &mut self,
        delivery: &Coming,
        limit: Option<Span>,
        live: &mut Live,
        observer: &mut O,
    ) {
        match self {
            Self::Flow(run) => run.take(delivery, limit, live, observer),
            Self::Events(run) => run.take(delivery),
        }
    }

    /// What it has sent on since it was last asked.
    fn sent_on(&mut self) -> Vec<Away> {
        match self {
            Self::Flow(_) => Vec::new(),
            Self::Events(run) => run.sent_on(),
        }
    }

    /// Another laboratory sends tubes on to this one.
    fn call(&mut self, away: &Away) {
        match self {
            Self::Flow(_) => unreachable!("what is sent on comes to a laboratory of events"),
            Self::Events(run) => run.call(away),
        }
    }

    /// Works up to a moment before which everything that comes is known.
    fn advance<O: Observer>(
        &mut self,
        until: Time,
        live: &mut Live,
        memory: &mut Memory,
        observer: &mut O,
    ) {
        match self {
            Self::Flow(run) => run.advance(until, live, memory, observer),
            Self::Events(run) => run.advance(until, live, observer),
        }
    }
}

/// The first multiple of `every` at or after a moment.
fn next_multiple(moment: Time, every: Span) -> Time {
    let past = moment.millis().rem_euclid(every.millis());
    if past == 0 {
        moment
    } else {
        moment + Span::from_millis(every.millis() - past)
    }
}
