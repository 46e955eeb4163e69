//! What the campaign decides while it runs: tiers by result, what the review of each night changes, whether a round is held.

use super::{Name, Tier};
use crate::id::{CellId, CourierId, LabId, SiteId};
use crate::units::{Share, Span, Time};

/// What is decided on the way, by what is known by then.
#[derive(Clone, PartialEq, Debug)]
pub struct Campaign {
    /// The review of each night, if there is one.
    pub review: Option<Review>,
    /// By round: what it waits for, if for anything.
    pub gates: Vec<Option<Gate>>,
    /// By round: the tiers it is for; empty: all.
    pub only: Vec<Vec<Tier>>,
    /// Changes of tier by date, in order of time; the tiers of the model's rounds follow them.
    pub dated: Vec<Change>,
}

impl Campaign {
    /// The tiers that rules may bring cells to.
    pub fn later_tiers(&self) -> impl Iterator<Item = Tier> {
        let rules = self.review.iter().flat_map(|review| &review.rules);
        let tier = |action: &Action| match action {
            Action::Tier(tier) | Action::Nearby { tier, .. } => Some(*tier),
            Action::Lanes { .. }
            | Action::Hours { .. }
            | Action::Vehicles { .. }
            | Action::Lab { .. } => None,
        };
        rules.flat_map(|rule| &rule.then).filter_map(tier)
    }
}

/// A tier changed by order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Change {
    /// From when.
    pub at: Time,
    /// Which cell.
    pub cell: CellId,
    /// Of which tier it is then.
    pub to: Tier,
}

/// The review of each night.
#[derive(Clone, PartialEq, Debug)]
pub struct Review {
    /// The hour at which it is held.
    pub at: Span,
    /// What it goes by, in the order of ids.
    pub rules: Vec<Rule>,
}

/// A rule: if this, then that.
#[derive(Clone, PartialEq, Debug)]
pub struct Rule {
    /// Its id and names.
    pub name: Name,
    /// If this is known …
    pub when: When,
    /// … so much later …
    pub takes: Span,
    /// … this is done.
    pub then: Vec<Action>,
}

/// What a rule looks at.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum When {
    /// A tube with people of a cell is reported positive; its moment is that of the report.
    Positive,
    /// A cell of this tier has had no positive tube for so long, and in so many whole rounds with all their results out.
    Clear {
        /// The tier.
        from: Tier,
        /// Since the latest positive tube of the cell, or since it is of the tier.
        length: Span,
        /// Rounds that opened since then.
        rounds: u32,
    },
    /// So many people wait for their results at the review.
    Outstanding(u64),
    /// At the review the results of some round are not all out so long after it opened, or were not.
    Late(Span),
}

/// What a rule does.
#[derive(Clone, PartialEq, Debug)]
pub enum Action {
    /// The cell is of this tier.
    Tier(Tier),
    /// Cells near it are of this tier at least.
    Nearby {
        /// The tier.
        tier: Tier,
        /// So far away at most, in kilometers; without it those of the same site.
        within: Option<f64>,
    },
    /// Lanes are added to sites.
    Lanes {
        /// To each of these …
        sites: Vec<SiteId>,
        /// … so many,
        lanes: u32,
        /// taken from this one, which keeps one at least.
        from: Option<SiteId>,
    },
    /// Sites keep other hours.
    Hours {
        /// Which sites.
        sites: Vec<SiteId>,
        /// Opening hours of a day.
        open: Vec<(Span, Span)>,
    },
    /// Couriers have more vehicles.
    Vehicles {
        /// Which couriers.
        couriers: Vec<CourierId>,
        /// So many more each.
        more: u32,
    },
    /// Couriers go to another laboratory: the reserve is called.
    Lab {
        /// Which couriers.
        couriers: Vec<CourierId>,
        /// Where to.
        to: LabId,
    },
}

/// What a round waits for.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Gate {
    /// This share of the results of the rounds before is out.
    pub results: Share,
    /// Nobody of a positive tube is still held.
    pub settled: bool,
    /// How long it waits at most.
    pub wait: Span,
    /// What happens then.
    pub otherwise: Otherwise,
}

/// What happens to a round that has waited long enough.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Otherwise {
    /// It opens all the same.
    Open,
    /// It is not held.
    Drop,
}
