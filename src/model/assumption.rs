//! What is known, what is assumed and what nobody knows.

use crate::id::UnknownId;
use crate::units::language::Language;
use crate::units::{PerHour, Share, Span};

/// A number with, where nobody knows it, the range it lies in.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Quantity<T> {
    /// The value taken where no range is drawn from.
    pub value: T,
    /// The ignorance about it.
    pub range: Option<Range<T>>,
}

/// The range a quantity lies in.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Range<T> {
    /// Which unknown it is: quantities with the same unknown are drawn together.
    pub unknown: UnknownId,
    /// The least it may be.
    pub low: T,
    /// The most it may be.
    pub high: T,
}

impl<T> Quantity<T> {
    /// A number that is known, or taken as known.
    pub const fn known(value: T) -> Self {
        Self { value, range: None }
    }
}

/// Something that lies so far between two values.
pub trait Between: Copy {
    /// The value a share `at` of the way from `low` to `high`, `at` in 0 to 1.
    fn between(low: Self, high: Self, at: f64) -> Self;
}

impl Between for f64 {
    fn between(low: Self, high: Self, at: f64) -> Self {
        low + (high - low) * at
    }
}

impl Between for u32 {
    fn between(low: Self, high: Self, at: f64) -> Self {
        // Each whole number from low to high is as likely as the next.
        let steps = f64::from(high.saturating_sub(low)) + 1.0;
        low + ((at * steps) as Self).min(high.saturating_sub(low))
    }
}

impl Between for Span {
    fn between(low: Self, high: Self, at: f64) -> Self {
        Self::from_seconds(f64::between(low.seconds(), high.seconds(), at))
    }
}

impl Between for PerHour {
    fn between(low: Self, high: Self, at: f64) -> Self {
        Self(f64::between(low.0, high.0, at))
    }
}

impl Between for Share {
    fn between(low: Self, high: Self, at: f64) -> Self {
        Self(f64::between(low.0, high.0, at))
    }
}

impl<T: Between> Quantity<T> {
    /// The value in a world where the unknown has rank `rank` (0 to 1) among what it may be.
    ///
    /// The stated value is the median: as likely above as below, even on each side. Without a range the rank is ignored.
    pub fn at(&self, rank: impl Fn(UnknownId) -> f64) -> T {
        let Some(range) = &self.range else {
            return self.value;
        };
        let at = rank(range.unknown);
        if at < 0.5 {
            T::between(range.low, self.value, at * 2.0)
        } else {
            T::between(self.value, range.high, at * 2.0 - 1.0)
        }
    }
}

/// A quantity nobody knows.
#[derive(Clone, PartialEq, Debug)]
pub struct Unknown {
    /// Its address in the scenario, such as `lane.pace`. Its luck is keyed by it.
    pub key: String,
    /// What people call it.
    pub called: Phrase,
    /// The range as written, such as `41..85 people/h`.
    pub range: String,
    /// The range in words, such as `41–85 people/h`.
    pub within: Phrase,
}

/// Words for one thing, in both languages.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Phrase {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Phrase {
    /// In one language.
    pub fn says(&self, language: Language) -> &str {
        language.pick(&self.zh, &self.en)
    }
}

/// One number of the scenario, with its standing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assumption {
    /// Its address, such as `lane.pace` or `couriers.van.every`.
    pub key: String,
    /// What people call it.
    pub called: Phrase,
    /// Its value as written, or as the default is written in the reference.
    pub written: String,
    /// Its value in words.
    pub value: Phrase,
    /// What is taken where the scenario says nothing, in words; none if the scenario has to say.
    pub default: Option<Phrase>,
    /// How far to believe it.
    pub standing: Standing,
    /// The range as written, if it is an unknown.
    pub range: Option<String>,
    /// The range in words.
    pub within: Option<Phrase>,
    /// Where it comes from, if said.
    pub source: Option<String>,
}

/// How far to believe a number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Standing {
    /// The scenario says it is assumed.
    Assumed,
    /// The scenario states it.
    Given,
    /// The scenario leaves it out, and the program fills it in.
    Default,
}
