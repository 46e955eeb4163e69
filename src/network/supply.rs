//! Stocks without which a site takes nobody: how many numbers each site may hand out.

use super::{Pattern, People, Round, RoundSite};
use crate::units::Time;

/// A stock that stops the sites where it is used up.
#[derive(Clone, PartialEq, Debug)]
pub struct Supply {
    /// Its place among the stocks of the model.
    pub stock: usize,
    /// Used for each person swabbed.
    pub per_person: f64,
    /// How much there is at first.
    pub on_hand: f64,
    /// Rounds that open earlier do not draw on it.
    pub counted: Time,
    /// What comes in, and when.
    pub resupply: Vec<(Time, f64)>,
}

impl Supply {
    /// What came in after one moment, up to another.
    pub fn came_in(&self, after: Time, until: Time) -> f64 {
        let came = self.resupply.iter();
        came.filter(|(at, _)| *at > after && *at <= until)
            .map(|(_, amount)| amount)
            .sum()
    }

    /// How many people each site of a round may swab if there is so much, in proportion to those expected. What does not divide is kept back,
    /// so that more of it never means less for anyone.
    pub fn numbers(&self, there: f64, round: &Round) -> Vec<u32> {
        numbers_of(there, self.per_person, round)
    }
}

/// How many people each site of a round may swab, if there is so much and each takes so much.
pub fn numbers_of(there: f64, per_person: f64, round: &Round) -> Vec<u32> {
    let people = (there / per_person).floor();
    let number = |share: f64| (people * share).floor().min(f64::from(u32::MAX)) as u32;
    shares(round).into_iter().map(number).collect()
}

/// The share of each site of a round in the people expected.
pub fn shares(round: &Round) -> Vec<f64> {
    let expected: Vec<f64> = round.sites.iter().map(RoundSite::expected).collect();
    let all: f64 = expected.iter().sum();
    let sites = expected.len() as f64;
    let share = |people: f64| if all > 0.0 { people / all } else { 1.0 / sites };
    expected.into_iter().map(share).collect()
}

impl RoundSite {
    /// How many people are expected to come.
    pub fn expected(&self) -> f64 {
        let of = |source: &super::Source| match source.people {
            People::Count(count) => f64::from(count),
            People::Each { due, from, to } => f64::from(due) * (to - from) as f64 / 4_294_967_296.0,
            People::Until(end) => match source.pattern {
                Pattern::Exponential(interval) => {
                    end.since(source.begin).millis() as f64 / interval
                }
                Pattern::Even(_) | Pattern::Curve(_) | Pattern::Regular(_) => 0.0,
            },
        };
        self.sources.iter().map(of).sum()
    }
}
