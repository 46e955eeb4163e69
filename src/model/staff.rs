//! Who works at the lanes when: shifts, breaks, suits, and pools of people that crews are made of.

use super::assumption::Quantity;
use super::{Name, Tier};
use crate::units::{Share, Span, Time};

/// The staff of lanes. What is left out is not there: a lane is open whenever its site is, with its whole crew.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Staff {
    /// When a crew is at each lane, hours of a day from 00:00, in order and apart; empty: whenever the site is open.
    pub shifts: Vec<(Span, Span)>,
    /// When crews rest.
    pub breaks: Option<Breaks>,
    /// What suits take.
    pub suits: Option<Suits>,
    /// How much slower crews are at first.
    pub learning: Option<Learning>,
    /// Times as long services take in each hour of the day, from 00:00; above 0.
    pub by_hour: Option<[f64; 24]>,
    /// Where the crews come from; empty: every lane has its own.
    pub pools: Vec<Pool>,
}

impl Staff {
    /// Whether crews come and go.
    pub fn comes_and_goes(&self) -> bool {
        !self.shifts.is_empty()
            || self.breaks.is_some()
            || self.suits.is_some()
            || !self.pools.is_empty()
    }

    /// Whether a scenario says anything of staff.
    pub fn is_told(&self) -> bool {
        self.comes_and_goes() || self.learning.is_some() || self.by_hour.is_some()
    }

    /// What taking a suit off and another on costs a lane.
    pub fn dressing(&self) -> Span {
        self.suits
            .map_or(Span::ZERO, |suits| suits.donning + suits.doffing)
    }

    /// The longest a lane works without a pause, and how long that is, if it ever pauses.
    pub fn pause(&self) -> Option<(Span, Span)> {
        let limit = self
            .suits
            .filter(|suits| !suits.relief)
            .map(|suits| suits.limit);
        let after = self.breaks.map(|breaks| breaks.after);
        let stretch = [limit, after].into_iter().flatten().min()?;
        let rest = self.breaks.map_or(Span::ZERO, |breaks| breaks.length);
        Some((stretch, rest + self.dressing()))
    }
}

/// When crews rest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Breaks {
    /// After so long at the lane at the latest.
    pub after: Span,
    /// For so long.
    pub length: Span,
}

/// What suits take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Suits {
    /// The longest in one.
    pub limit: Span,
    /// Putting it on.
    pub donning: Span,
    /// Taking it off.
    pub doffing: Span,
    /// Whether another crew is dressed and waiting when one leaves, so that the lane goes on.
    pub relief: bool,
}

/// How much slower crews are at first.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Learning {
    /// Times as long a swab takes; at least 1.
    pub times: f64,
    /// For so long from the beginning of each shift, on the first day of a site.
    pub lasts: Span,
}

/// People who crews are made of.
#[derive(Clone, PartialEq, Debug)]
pub struct Pool {
    /// Its id and names.
    pub name: Name,
    /// What its people can do, each of them any.
    pub roles: Vec<Role>,
    /// How many they are.
    pub people: Quantity<u32>,
    /// When they are there on each day; empty: at any hour.
    pub hours: Vec<(Span, Span)>,
    /// From when; none: all along.
    pub from: Option<Time>,
    /// Until when; none: to the end.
    pub until: Option<Time>,
    /// The longest each is on duty in a day.
    pub limit: Option<Span>,
    /// The chance that one is absent in a round.
    pub absent: Quantity<Share>,
    /// The tiers whose sites they work at; empty: at any.
    pub tiers: Vec<Tier>,
    /// From when they may work at others too.
    pub released: Option<Time>,
    /// Their way there.
    pub road: Span,
}

/// What someone does at a lane.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Role {
    /// Scans people and binds them to tubes.
    Scanner,
    /// Swabs.
    Swabber,
    /// Guides and calls.
    Guide,
}

impl Role {
    /// All of them, in the order of a crew.
    pub const ALL: [Self; 3] = [Self::Scanner, Self::Swabber, Self::Guide];
}
