//! What a scenario names to be moved: a key of it and the values it may take, each as the scenario would say it.

use crate::model::assumption::Called;
use crate::units::{PerHour, Share, Span, text};

/// A key to move. It says nothing about what happens: it changes no result and no hash.
#[derive(Clone, PartialEq, Debug)]
pub struct Lever {
    /// Where it stands, part by part, the ids of entries among them: `sites`, `S3`, `lanes`.
    pub path: Vec<String>,
    /// What people call it.
    pub called: Called,
    /// Its values from the least to the most, that of the scenario among them.
    pub steps: Vec<Step>,
    /// Which of them the scenario has.
    pub at: usize,
}

/// A value that a key may take.
#[derive(Clone, PartialEq, Debug)]
pub struct Step {
    /// How much it is.
    pub amount: Amount,
    /// How the scenario says so. A range moves with its value.
    pub value: toml::Value,
}

/// A quantity of a scenario.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Amount {
    /// A whole number.
    Count(u64),
    /// A number.
    Number(f64),
    /// A length of time.
    Span(Span),
    /// So many of these an hour.
    Pace(PerHour, &'static str),
    /// Kilometers an hour.
    Speed(f64),
    /// A share of a whole.
    Share(Share),
}

impl Amount {
    /// A number by which amounts of one key can be ordered.
    pub fn number(self) -> f64 {
        match self {
            Self::Count(count) => count as f64,
            Self::Number(number) | Self::Speed(number) => number,
            Self::Span(span) => span.millis() as f64,
            Self::Pace(pace, _) => pace.0,
            Self::Share(share) => share.0,
        }
    }

    /// The amount of the same kind with this [`number`](Self::number).
    #[must_use]
    pub fn with(self, number: f64) -> Self {
        match self {
            Self::Count(_) => Self::Count(number.round().max(0.0) as u64),
            Self::Number(_) => Self::Number(number),
            Self::Span(_) => Self::Span(Span::from_millis(number.round() as i64)),
            Self::Pace(_, noun) => Self::Pace(PerHour(number), noun),
            Self::Speed(_) => Self::Speed(number),
            Self::Share(_) => Self::Share(Share(number)),
        }
    }

    /// As a scenario says it alone.
    pub fn value(self) -> toml::Value {
        match self {
            Self::Count(count) => i64::try_from(count).unwrap_or(i64::MAX).into(),
            Self::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
                toml::Value::Integer(number as i64)
            }
            Self::Number(number) => number.into(),
            Self::Span(_) | Self::Pace(..) | Self::Speed(_) | Self::Share(_) => {
                self.printed().into()
            }
        }
    }

    /// As text that a scenario can hold.
    pub fn printed(self) -> String {
        match self {
            Self::Count(count) => count.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Span(span) => text::print_span(span),
            Self::Pace(pace, noun) => text::print_pace(pace, noun),
            Self::Speed(speed) => format!("{speed} km/h"),
            Self::Share(share) => text::print_share(share),
        }
    }
}
