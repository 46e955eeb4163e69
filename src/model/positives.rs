//! Infected people, and what is done when their tube is found positive.

use super::assumption::Quantity;
use super::service::Duration;
use crate::units::{Share, Span};

/// Who is infected. Whoever is, is so in all rounds; who was confirmed before a round opens is not due in it.
///
/// People next to one another on a cell's list live together: those who come together where households do. A household is infected with a probability that makes the mean share of
/// infected people the prevalence; in it one person is infected for sure and each other with probability `attack`.
#[derive(Clone, PartialEq, Debug)]
pub struct Infection {
    /// Share of people infected.
    pub prevalence: Quantity<Share>,
    /// Mean people in a household, at least 1.
    pub household: f64,
    /// Chance that someone who lives with an infected person is infected too.
    pub attack: Quantity<Share>,
    /// How the chance of detection changes with the days since the infection, by rising days; empty: it does not.
    pub by_day: Vec<Detection>,
}

/// The chance of detection on a day after the infection.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Detection {
    /// Whole days since the infection.
    pub day: u32,
    /// The chance that a swab is detected.
    pub detected: Share,
}

impl Infection {
    /// The probability that a household of so many people on average is infected, at this prevalence and attack; above 1 if no probability
    /// gives the prevalence.
    pub fn household_chance(prevalence: f64, household: f64, attack: f64) -> f64 {
        prevalence * household / (1.0 + (household - 1.0) * attack)
    }

    /// The chance of detection on each whole day since the infection, straight between the days for which it is known, up to the last of them.
    pub fn course(&self) -> Vec<f64> {
        let days = &self.by_day;
        let on = |day: u32| {
            let next = days.partition_point(|known| known.day < day);
            let (to, from) = (days[next], days[next.saturating_sub(1)]);
            let length = f64::from(to.day.saturating_sub(from.day)).max(1.0);
            let at = (f64::from(day.saturating_sub(from.day)) / length).min(1.0);
            from.detected.0 + (to.detected.0 - from.detected.0) * at
        };
        let last = days.last().map(|last| last.day);
        last.map_or(Vec::new(), |last| (0..=last).map(on).collect())
    }
}

/// The share of people infected below which it lies with 95 % confidence if none of so many tested was found: the rule of three (Hanley and
/// Lippman-Hand, 1983), for swabs that are detected with this chance.
pub fn bound(tested: f64, sensitivity: f64) -> f64 {
    (3.0 / (tested * sensitivity)).min(1.0)
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
