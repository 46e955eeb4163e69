//! How long vehicles are on the road between sites and laboratories, pair by pair.

use super::assumption::Quantity;
use crate::id::{CourierId, LabId, SiteId};
use crate::units::Span;
use std::collections::BTreeMap;

/// Driving times by pair, in place of what a courier does not say itself.
#[derive(Clone, PartialEq, Debug)]
pub struct Roads {
    /// How much one drive varies: standard deviation over mean.
    pub cv: f64,
    /// Kilometers an hour, where distances count.
    pub speed: Option<Quantity<f64>>,
    /// The drives of the couriers that go by them.
    pub ways: BTreeMap<CourierId, Ways>,
    /// The drives of those whom a rule may send to another laboratory.
    pub to_reserves: BTreeMap<(CourierId, LabId), Ways>,
    /// From a laboratory to that to which it sends tubes on.
    pub between: BTreeMap<(LabId, LabId), Drive>,
}

/// The drives of one courier.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Ways {
    /// From the laboratory (none) or a stop to another stop; empty if the courier says its `leg` itself.
    pub legs: BTreeMap<(Option<SiteId>, SiteId), Drive>,
    /// From the last stop to the laboratory; empty if the courier says its `road` itself.
    pub home: BTreeMap<SiteId, Drive>,
}

/// One drive.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Drive {
    /// It takes so long on average.
    Takes(Span),
    /// It is so many kilometers long, detours included.
    Kilometers(f64),
}
