//! Infected people, and what is done when their tube is found positive.

use super::assumption::Quantity;
use crate::units::Share;

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
