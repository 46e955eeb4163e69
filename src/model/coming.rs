//! When people come to their site.

use super::assumption::Quantity;
use crate::units::{PerHour, Span};

/// When the people of a cell come.
#[derive(Clone, PartialEq, Debug)]
pub enum Coming {
    /// Called by grid workers, batch after batch, as fast as the lanes of the site can take them.
    Called {
        /// People in a batch.
        batch: u32,
        /// From the call to the first of the batch at the site.
        notice: Span,
        /// From the first of the batch to the last, evenly spread.
        spread: Span,
        /// How fast batches are called over how fast the lanes swab on average; 1 keeps up exactly.
        tempo: Quantity<f64>,
        /// Whether the walk from the cell comes on top of the notice.
        walk: bool,
    },
    /// Booked into slots of equal width, filled in the order of cells over the opening hours.
    Slots {
        /// Width of a slot.
        width: Span,
        /// Standard deviation of coming early or late, normally distributed about a moment evenly spread in the slot.
        punctuality: Span,
    },
    /// Freely over the opening hours.
    Profile(Profile),
    /// For analysts: independently at random at this rate for each cell, whoever is due.
    Poisson(Quantity<PerHour>),
    /// For analysts: those due one after another at exponential intervals, whose mean is this span divided by their number.
    Exponential {
        /// The time in which they come on average.
        over: Span,
    },
    /// For analysts: one after another at equal intervals, the first as the round opens.
    Regular {
        /// The interval; zero brings all at once.
        every: Span,
    },
}

/// How large something is that is counted: the shares of 1, 2, 3 and so on; they add up to 1.
#[derive(Clone, PartialEq, Debug)]
pub struct Sizes(pub Vec<f64>);

impl Sizes {
    /// Sizes with this mean, at least 1: one more than a Poisson number, cut at 20.
    pub fn about(mean: f64) -> Self {
        let more = (mean - 1.0).max(0.0);
        let mut shares = vec![libm::exp(-more)];
        for size in 1..20 {
            shares.push(shares[size - 1] * more / size as f64);
        }
        let sum: f64 = shares.iter().sum();
        Self(shares.into_iter().map(|share| share / sum).collect())
    }

    /// The mean size.
    pub fn mean(&self) -> f64 {
        (1..)
            .zip(&self.0)
            .map(|(size, share)| f64::from(size) * share)
            .sum()
    }
}

/// How people who come freely spread over the opening hours.
#[derive(Clone, PartialEq, Debug)]
pub enum Profile {
    /// Evenly.
    Even,
    /// Fewer and fewer, half as many after each `half_life`.
    FrontLoaded {
        /// After which the flow has halved.
        half_life: Span,
    },
    /// A morning and an evening peak about these times of day, each a share of the people, spread with this standard deviation.
    TwoPeaks {
        /// Time of day of the morning peak.
        morning: Span,
        /// Time of day of the evening peak.
        evening: Span,
        /// Share of the people who come about the morning peak, 0 to 1.
        morning_share: f64,
        /// Standard deviation of each peak.
        width: Span,
    },
    /// In proportion to these weights, one for each hour of the day from 00:00.
    ByHour([f64; 24]),
}
