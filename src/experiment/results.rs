//! What all replications came to.

use super::campaign::Campaign;
use super::influence::Influence;
use super::risk::Risk;
use crate::id::{RoundId, Table};
use crate::measure::outcome::Outcome;

/// What all replications came to.
#[derive(Clone, PartialEq, Debug)]
pub struct Results {
    /// Every measured figure.
    pub outcome: Outcome<Figure>,
    /// By round: the share of replications in which every result was out by the deadline.
    pub on_time: Table<RoundId, Probability>,
    /// By round: what each unknown does to it, the strongest first.
    pub influences: Table<RoundId, Vec<Influence>>,
    /// By round: how often it goes wrong.
    pub risks: Table<RoundId, Risk>,
    /// What was decided on the way, where anything is.
    pub campaign: Option<Campaign>,
    /// How many replications there were.
    pub replications: u32,
    /// The seed of all luck.
    pub seed: u64,
    /// Whether replications ended before the precision asked for was reached.
    pub precision: Precision,
}

/// How replicating ended.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Precision {
    /// After the number asked for.
    Fixed,
    /// The figure is as sure as asked for: the half width of its interval, in minutes.
    Reached(f64),
    /// The most replications allowed were not enough: the half width so far, in minutes.
    Missed(f64),
    /// It was interrupted.
    Interrupted,
}

/// A figure over replications. NaN where no replication had it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Figure {
    /// Mean over replications.
    pub mean: f64,
    /// Lower end of the 95 % confidence interval of the mean; NaN with one replication.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
    /// 5 % of replications are below.
    pub p05: f64,
    /// 95 % of replications are below.
    pub p95: f64,
    /// What the variance over replications is made of, where the scenario gives ranges.
    pub origin: Option<Origin>,
}

/// What a variance is made of; the two add up to 1.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Origin {
    /// Share that is there even if every quantity were known.
    pub luck: f64,
    /// Share that comes from quantities nobody knows.
    pub ignorance: f64,
}

/// A probability estimated from a number of trials.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Probability {
    /// The share of trials.
    pub share: f64,
    /// Lower end of its Wilson 95 % interval.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
}
