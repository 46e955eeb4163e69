//! Laboratories at work: stage by stage where nothing flows back, event by event where something does.
//!
//! Both take deliveries in order and work up to a horizon; on a laboratory that both can do they agree tube by tube.

mod bench;
mod events;
mod fate;
mod flow;
mod hands;
mod outage;

use super::live::Live;
use super::observer::Observer;
use super::{Coming, Memory};
use crate::id::LabId;
use crate::network::Network;
use crate::network::lab::LabKernel;
use crate::random::Streams;
use crate::units::{Span, Time};
use events::EventRun;
use flow::FlowRun;

/// A laboratory at work.
pub(super) enum LabRun<'a> {
    /// Nothing flows back.
    Flow(FlowRun<'a>),
    /// Event by event.
    Events(Box<EventRun<'a>>),
}

impl<'a> LabRun<'a> {
    pub(super) fn new(
        id: LabId,
        network: &'a Network,
        streams: Streams,
        memory: &mut Memory,
    ) -> Self {
        let lab = &network.labs[id];
        match lab.kernel {
            LabKernel::Flow => Self::Flow(FlowRun::new(id, lab, streams, memory)),
            LabKernel::Events => Self::Events(Box::new(EventRun::new(id, network, streams))),
        }
    }

    /// Gives its memory back.
    pub(super) fn finish(self, memory: &mut Memory) {
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

    /// Works up to a moment before which everything that comes is known.
    pub(super) fn advance<O: Observer>(
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
