//! Who comes for the tubes, by what timetable.

use crate::id::LabId;
use crate::random::sampler::Sampler;
use crate::units::Span;

/// A courier service.
#[derive(Clone, PartialEq, Debug)]
pub struct Courier {
    /// The hash of its id.
    pub name: u64,
    /// The laboratory it goes to.
    pub to: LabId,
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
    /// The road from the laboratory to the first stop and from one stop to the next. Unused by a direct courier.
    pub leg: Sampler,
    /// The tours of its vehicles: the names of the sites in visiting order. None: each site has a vehicle that drives straight to the laboratory.
    pub tours: Vec<Vec<u64>>,
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
}
