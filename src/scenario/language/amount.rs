//! Quantities that can be ordered and moved, whatever they count.

use crate::units::{PerHour, Share, Span, text};

/// A quantity of a scenario.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Amount {
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
    pub(super) fn number(self) -> f64 {
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
    pub(super) fn with(self, number: f64) -> Self {
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
    pub(super) fn value(self) -> toml::Value {
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
    pub(super) fn printed(self) -> String {
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
