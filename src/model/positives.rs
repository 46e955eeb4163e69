//! Infected people, and what is done when their tube is found positive.

use super::assumption::Quantity;
use super::service::Duration;
use crate::units::{Share, Span};

/// Who is infected, drawn afresh in each round.
///
/// People next to one another on a cell's list live together. A household is infected with a probability that makes the mean share of
/// infected people the prevalence; in it one person is infected for sure and each other with probability `attack`.
#[derive(Clone, PartialEq, Debug)]
pub struct Infection {
    /// Share of people infected.
    pub prevalence: Quantity<Share>,
    /// Mean people in a household, at least 1.
    pub household: f64,
    /// Chance that someone who lives with an infected person is infected too.
    pub attack: Quantity<Share>,
}

impl Infection {
    /// The probability that a household is infected, at this prevalence and attack; above 1 if no probability gives the prevalence.
    pub fn household_chance(&self, prevalence: f64, attack: f64) -> f64 {
        prevalence * self.household / (1.0 + (self.household - 1.0) * attack)
    }
}

/// What is done about a positive tube: its people are found and held, and teams swab each of them alone.
///
/// Nothing swabbed after a report is at the laboratory sooner than [`Recall::LEAD`] after it.
#[derive(Clone, PartialEq, Debug)]
pub struct Recall {
    /// From the report to a member found and held.
    pub find: Duration,
    /// Teams that swab members; each takes one tube's people after another.
    pub teams: Quantity<u32>,
    /// What a team needs for one member, the way there included.
    pub visit: Duration,
    /// Single tubes of each member, all of which are tested.
    pub singles: u32,
    /// From the last member of a tube to the laboratory.
    pub road: Duration,
    /// How urgent single tubes are in the laboratory, 0 (like all others) to 9.
    pub priority: u8,
    /// From a positive single tube reported to the case confirmed.
    pub confirm: Duration,
}

impl Recall {
    /// The least time from a report to a single tube at the laboratory.
    pub const LEAD: Span = Span::from_millis(15 * 60_000);
}
