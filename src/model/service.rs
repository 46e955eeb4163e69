//! Lengths of time that vary: their shape and their mean.

use super::assumption::Quantity;
use crate::units::{PerHour, Span};

/// A length of time that may vary from one case to the next.
#[derive(Clone, PartialEq, Debug)]
pub struct Duration {
    /// The mean, as a time or as a pace.
    pub mean: Mean,
    /// How it varies about its mean.
    pub shape: Shape,
}

/// The mean of a duration, in the words the scenario uses.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Mean {
    /// A length of time.
    Time(Quantity<Span>),
    /// So many an hour, one after another.
    Pace(Quantity<PerHour>),
}

/// How a duration varies. All are scaled to their mean.
#[derive(Clone, PartialEq, Debug)]
pub enum Shape {
    /// Always the same.
    Constant,
    /// Memoryless.
    Exponential,
    /// Gamma with this coefficient of variation (standard deviation over mean), above 0.
    Gamma(f64),
    /// Lognormal with this coefficient of variation, above 0.
    Lognormal(f64),
    /// Weibull with this shape parameter, above 0.
    Weibull(f64),
    /// Uniform from the mean × (1 − half) to the mean × (1 + half), half in 0 to 1.
    Uniform(f64),
    /// Triangular: least, most likely and greatest, each as a multiple of the mean, of which the mean is 1.
    Triangular([f64; 3]),
    /// One of these multiples of the mean at random, each as likely; sorted, of which the mean is 1.
    Empirical(Vec<f64>),
}

impl Duration {
    /// Always the same length.
    pub const fn constant(length: Span) -> Self {
        Self {
            mean: Mean::Time(Quantity::known(length)),
            shape: Shape::Constant,
        }
    }

    /// The mean where no range is drawn from.
    pub fn nominal(&self) -> Span {
        match self.mean {
            Mean::Time(time) => time.value,
            Mean::Pace(pace) => pace.value.interval(),
        }
    }
}
