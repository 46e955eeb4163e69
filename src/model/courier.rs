//! Who carries tubes from sites to laboratories: vehicles, how they drive, what they hold.

use super::Name;
use super::assumption::Quantity;
use super::service::Duration;
use crate::id::{LabId, SiteId};
use crate::units::Span;

/// A courier service: vehicles that visit sites and carry tubes to one laboratory.
#[derive(Clone, PartialEq, Debug)]
pub struct Courier {
    /// Its id and names.
    pub name: Name,
    /// The sites it serves, in visiting order.
    pub sites: Vec<SiteId>,
    /// The laboratory it goes to.
    pub to: LabId,
    /// From the opening of the round to the first departure (loop) or the first visit (direct). Where vehicles are called, as `Call::after`.
    pub first: Span,
    /// From one departure or visit to the next. Where vehicles are called, as `Call::after`.
    pub every: Quantity<Span>,
    /// How it drives.
    pub route: Route,
    /// The road from the last stop to the laboratory.
    pub road: Duration,
    /// Time at each stop for handing over.
    pub per_stop: Span,
    /// What a vehicle holds; without it, whatever there is.
    pub load: Option<Load>,
    /// When a site calls a vehicle; without it they keep the timetable.
    pub call: Option<Call>,
    /// Hours of the day in which vehicles may set off from wherever they are; empty: at any hour.
    pub hours: Vec<(Span, Span)>,
    /// What stops them on the way to the laboratory.
    pub checkpoint: Option<Checkpoint>,
}

/// When a site calls a vehicle. All vehicles of the courier are shared among its sites.
#[derive(Clone, PartialEq, Debug)]
pub struct Call {
    /// As soon as so many closed tubes wait.
    pub tubes: Option<Quantity<u32>>,
    /// As soon as a closed tube has waited so long.
    pub after: Quantity<Span>,
    /// Sites that one trip may serve; without it, all that have called when it leaves.
    pub stops: Option<u32>,
}

/// A checkpoint that every trip passes once, on its way to the laboratory.
#[derive(Clone, PartialEq, Debug)]
pub struct Checkpoint {
    /// How long it takes.
    pub delay: Duration,
    /// Times as long, by the hour in which the trip leaves its last stop.
    pub by_hour: [f64; 24],
}

/// How a courier drives.
#[derive(Clone, PartialEq, Debug)]
pub enum Route {
    /// From each site straight to the laboratory, each site with its own vehicle and `Site::pickup_offset`.
    Direct,
    /// Vehicles share the sites out (site k of the list goes to vehicle k mod `vehicles`) and drive rounds; a late vehicle
    /// leaves when it is back.
    Loop {
        /// How many vehicles.
        vehicles: Quantity<u32>,
        /// The road from one stop to the next, and from the laboratory to the first.
        leg: Duration,
    },
}

/// What a vehicle holds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Load {
    /// So many tubes.
    Tubes(Quantity<u32>),
    /// Boxes, each packed and closed at one site.
    Boxes {
        /// How many boxes.
        boxes: Quantity<u32>,
        /// Tubes in a full box.
        tubes: Quantity<u32>,
    },
}
