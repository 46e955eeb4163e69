//! Who comes for the tubes, by what timetable.

use super::duty::Crew;
use super::incident::Slow;
use crate::id::{LabId, SiteId};
use crate::random::Key;
use crate::random::sampler::Sampler;
use crate::units::{Span, Time};
use std::collections::BTreeMap;

/// A courier service.
#[derive(Clone, PartialEq, Debug)]
pub struct Courier {
    /// The hash of its id.
    pub name: u64,
    /// The laboratory it goes to.
    pub to: LabId,
    /// The sites it serves, in driving order.
    pub sites: Vec<SiteId>,
    /// From the opening of the round to the first departure or visit.
    pub first: Span,
    /// From one departure or visit to the next.
    pub every: Span,
    /// From the last stop to the laboratory.
    pub road: Sampler,
    /// Handing over at each stop.
    pub per_stop: Span,
    /// What a vehicle holds; none: whatever there is.
    pub load: Option<Load>,
    /// How vehicles are called; none: they keep the timetable.
    pub call: Option<Call>,
    /// When vehicles may set off; empty: at any hour.
    pub hours: Vec<Crew>,
    /// When the roads are slower, in order and apart.
    pub roads: Vec<Slow>,
    /// What stops each trip on its way to the laboratory.
    pub checkpoint: Option<Checkpoint>,
    /// The road from the laboratory to the first stop and from one stop to the next. Unused by a direct courier.
    pub leg: Sampler,
    /// Drives by pair, in place of `leg` and `road`; none: every drive is like the others.
    pub ways: Option<Ways>,
    /// The tours of its vehicles: the names of the sites in visiting order. None: each site has a vehicle that drives straight to the laboratory.
    pub tours: Vec<Vec<u64>>,
}

impl Courier {
    /// Where a site stands among those it serves.
    pub fn place_of(&self, site: SiteId) -> Option<usize> {
        self.sites.iter().position(|&other| other == site)
    }

    /// How long it takes from the laboratory (none) or a stop to another stop, by their names.
    pub fn way_to(&self, from: Option<u64>, to: u64) -> &Sampler {
        let own = self
            .ways
            .as_ref()
            .and_then(|ways| ways.legs.get(&(from, to)));
        own.unwrap_or(&self.leg)
    }

    /// How long it takes from a stop to the laboratory.
    pub fn way_home(&self, from: u64) -> &Sampler {
        let own = self.ways.as_ref().and_then(|ways| ways.home.get(&from));
        own.unwrap_or(&self.road)
    }

    /// When a vehicle that sets off at a moment, or as soon as it may, is there.
    pub fn drive(&self, moment: Time, length: Span) -> Time {
        let leaves = Crew::first(&self.hours, moment);
        if self.roads.is_empty() {
            return leaves + length;
        }
        Slow::arrive(&self.roads, leaves, length)
    }

    /// When a vehicle that is ready to go home is at the laboratory: `length` on the road, and a checkpoint.
    pub fn home(&self, moment: Time, length: Span, luck: (Key, u64)) -> Time {
        let there = self.drive(moment, length);
        let Some(checkpoint) = &self.checkpoint else {
            return there;
        };
        let leaves = Crew::first(&self.hours, moment);
        let hour = leaves.time_of_day().millis() / Span::HOUR.millis();
        let delay = checkpoint.delay.one(luck.0, luck.1).seconds();
        there + Span::from_seconds(delay * checkpoint.by_hour[hour as usize])
    }
}

/// Drives by pair; sites go by their names.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Ways {
    /// From the laboratory (none) or a stop to another stop.
    pub legs: BTreeMap<(Option<u64>, u64), Sampler>,
    /// From a stop to the laboratory.
    pub home: BTreeMap<u64, Sampler>,
}

/// How vehicles are called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Call {
    /// A site calls when so many closed tubes wait.
    pub tubes: u32,
    /// And when a closed tube has waited so long.
    pub after: Span,
    /// Sites that one trip may serve.
    pub stops: u32,
    /// How many vehicles there are.
    pub vehicles: u32,
}

/// A checkpoint.
#[derive(Clone, PartialEq, Debug)]
pub struct Checkpoint {
    /// How long it takes.
    pub delay: Sampler,
    /// Times as long in each hour of the day.
    pub by_hour: [f64; 24],
}

/// What a vehicle holds: boxes, each packed at one site.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Load {
    /// How many boxes; where tubes are loaded singly, each is a box of its own.
    pub boxes: u32,
    /// Tubes in a full box.
    pub tubes: u32,
}

/// Where a site stands in its courier's timetable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// Visited directly, so long after the courier's first moment.
    Direct(Span),
    /// The stop `place` on tour `tour`.
    OnTour {
        /// Which tour.
        tour: u32,
        /// Which stop.
        place: u32,
    },
    /// Visited when it has called: when that is depends on its tubes.
    Called,
}
