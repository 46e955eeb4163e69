//! A scenario whose every value is known to be of the right kind: what the Model is built from, what is printed and what is listed as assumed.

use jiff::civil::DateTime;

use crate::model::assumption::Standing;
use crate::model::coming::Sizes;
use crate::model::service::Shape;
use crate::scenario::keys::Key;
use crate::scenario::tree::{Node, Place};
use crate::units::{PerHour, Share, Span};

/// A table whose values have been checked.
#[derive(Clone, Debug)]
pub(super) struct Table<'n> {
    /// Where it was written.
    pub place: Place,
    /// Its address in the scenario, such as `couriers.van`; empty for the scenario itself.
    pub address: String,
    /// Its values, as the catalogue orders them.
    pub items: Vec<Item<'n>>,
    /// Keys that were written or needed, but are wrong or missing: it has been said, and nobody should complain on their account again.
    pub broken: Vec<&'static str>,
}

/// A checked value.
#[derive(Clone, Debug)]
pub(super) struct Item<'n> {
    /// Its key.
    pub key: &'static Key,
    /// Where it was written; where its table was, if it is a default.
    pub place: Place,
    /// As it was written; nothing for a default.
    pub node: Option<&'n Node>,
    /// What it is.
    pub datum: Datum<'n>,
    /// How far to believe it, and within which range.
    pub belief: Belief,
}

/// How far to believe a value.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Belief {
    /// Stated, assumed or filled in.
    pub standing: Standing,
    /// The range it lies in: the least, the most, and both as written.
    pub range: Option<Box<(Datum<'static>, Datum<'static>, String)>>,
    /// Where it comes from.
    pub source: Option<String>,
}

impl Belief {
    /// Of a value that stands alone.
    pub(super) const GIVEN: Self = Self {
        standing: Standing::Given,
        range: None,
        source: None,
    };
}

/// What a value is.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Datum<'n> {
    /// Words or an id.
    Text(String),
    /// Ids.
    Texts(Vec<(String, Place)>),
    /// A whole number.
    Count(u64),
    /// A number.
    Number(f64),
    /// A length of time.
    Span(Span),
    /// A rate.
    Pace(PerHour),
    /// A share.
    Share(Share),
    /// A date and time of day.
    Moment(DateTime),
    /// A stretch of the day.
    Window((Span, Span)),
    /// Stretches of the day, in order.
    Windows(Vec<(Span, Span)>),
    /// One of the words of the key.
    Word(&'static str),
    /// A length of time that may vary.
    Duration(Box<Varying>),
    /// 24 numbers.
    Weights([f64; 24]),
    /// Shares of 1, 2, 3 and so on.
    Sizes(Sizes),
    /// Yes or no.
    Flag(bool),
    /// Keys of its own.
    Table(Table<'n>),
    /// Entries.
    Tables(Vec<Table<'n>>),
}

/// A length of time that may vary.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Varying {
    /// Its mean.
    pub mean: Span,
    /// How it varies about its mean.
    pub shape: Shape,
    /// What is said about the mean within a distribution.
    pub inner: Option<InnerBelief>,
}

/// What is said about a value within another.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct InnerBelief {
    /// Its address, such as `couriers.van.road.lognormal.mean`.
    pub address: String,
    /// As it was written.
    pub written: String,
    /// How far to believe it.
    pub belief: Belief,
}

impl PartialEq for Table<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl<'n> Table<'n> {
    /// The value of a key, if it is there and sound.
    pub(super) fn item(&self, name: &str) -> Option<&Item<'n>> {
        self.items.iter().find(|item| item.key.name() == name)
    }

    /// Whether the key was written or needed, and is wrong: someone has complained.
    pub(super) fn is_broken(&self, name: &str) -> bool {
        self.broken.contains(&name)
    }

    /// Where the value of a key was written, or the table if it was not.
    pub(super) fn place_of(&self, name: &str) -> Place {
        self.item(name).map_or(self.place, |item| item.place)
    }

    /// The value of a key, if it is there, sound and of this type.
    pub(super) fn get<T: FromDatum>(&self, name: &str) -> Option<T> {
        self.item(name).and_then(|item| T::from_datum(&item.datum))
    }

    /// The value of a key; a stand-in where it is wrong, which only lets the reading go on to the next complaint.
    pub(super) fn take<T: FromDatum>(&self, name: &str) -> T {
        self.get(name).unwrap_or_else(T::stand_in)
    }

    /// The table under a key.
    pub(super) fn table(&self, name: &str) -> Option<&Table<'n>> {
        if let Datum::Table(table) = &self.item(name)?.datum {
            Some(table)
        } else {
            None
        }
    }

    /// The entries of the list under a key; none if it is not there.
    pub(super) fn tables(&self, name: &str) -> &[Table<'n>] {
        if let Some(Datum::Tables(tables)) = self.item(name).map(|item| &item.datum) {
            tables
        } else {
            &[]
        }
    }

    /// The word chosen for a key.
    pub(super) fn word(&self, name: &str) -> Option<&'static str> {
        if let Datum::Word(word) = self.item(name)?.datum {
            Some(word)
        } else {
            None
        }
    }

    /// Whether the key was written.
    pub(super) fn states(&self, name: &str) -> bool {
        self.is_broken(name)
            || self
                .item(name)
                .is_some_and(|item| item.belief.standing != Standing::Default)
    }

    /// Takes a key out.
    pub(super) fn remove(&mut self, name: &str) -> Option<Item<'n>> {
        let at = self.items.iter().position(|item| item.key.name() == name)?;
        Some(self.items.remove(at))
    }

    /// The address of one of its keys.
    pub(super) fn address_of(&self, name: &str) -> String {
        if self.address.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.address)
        }
    }
}

/// What a checked value can be taken as.
pub(super) trait FromDatum: Sized {
    /// The value, if it is of this type.
    fn from_datum(datum: &Datum<'_>) -> Option<Self>;
    /// Something harmless in place of a value that is wrong.
    fn stand_in() -> Self;
}

macro_rules! from_datum {
    ($($type:ty: $pattern:pat => $value:expr, else $stand_in:expr;)+) => {$(
        impl FromDatum for $type {
            fn from_datum(datum: &Datum<'_>) -> Option<Self> {
                if let $pattern = datum { Some($value) } else { None }
            }
            fn stand_in() -> Self {
                $stand_in
            }
        }
    )+};
}

from_datum! {
    String: Datum::Text(text) => text.clone(), else Self::new();
    Vec<(String, Place)>: Datum::Texts(texts) => texts.clone(), else Self::new();
    u64: Datum::Count(count) => *count, else 1;
    u32: Datum::Count(count) => Self::try_from(*count).unwrap_or(Self::MAX), else 1;
    f64: Datum::Number(number) => *number, else 1.0;
    Span: Datum::Span(span) => *span, else Self::MINUTE;
    PerHour: Datum::Pace(pace) => *pace, else Self(60.0);
    Share: Datum::Share(share) => *share, else Self(1.0);
    DateTime: Datum::Moment(moment) => *moment, else Self::constant(2000, 1, 1, 0, 0, 0, 0);
    (Span, Span): Datum::Window(window) => *window, else (Span::ZERO, Span::DAY);
    Vec<(Span, Span)>: Datum::Windows(windows) => windows.clone(), else vec![(Span::ZERO, Span::DAY)];
    Varying: Datum::Duration(duration) => (**duration).clone(), else Self { mean: Span::MINUTE, shape: Shape::Constant, inner: None };
    [f64; 24]: Datum::Weights(weights) => *weights, else [1.0; 24];
    Sizes: Datum::Sizes(sizes) => sizes.clone(), else Self(vec![1.0]);
    bool: Datum::Flag(flag) => *flag, else true;
}
