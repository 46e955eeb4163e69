//! Single values: numbers, times, words, plain or with how far to believe them.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "whatever other kinds there come to be, a value of one is wrong here"
)]

use super::checked::{Belief, Datum, Item};
use super::lists;
use super::standing;
use super::varying;
use super::walk::{fit_id, fit_text};
use super::wording;
use crate::scenario::keys::{HOUSEHOLD, Key, Kind, Word};
use crate::scenario::nearest::nearest;
use crate::scenario::problem::{Problems, Words, did_you_mean, shown};
use crate::scenario::tree::{Node, Place, Value};
use crate::units::Share;
use crate::units::text::{self, Fault};

/// The id a node spells, if it does.
pub(super) fn id_text(node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text::narrow(text)),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(_) | Value::Boolean(_) | Value::List(_) | Value::Table(_) => None,
    }
}

/// A value that is neither a table nor a list of tables, with how far to believe it; complains and returns nothing if it is wrong.
pub(super) fn item<'n>(
    key: &'static Key,
    node: &'n Node,
    address: &str,
    problems: &mut Problems,
) -> Option<Item<'n>> {
    let (plain, belief) = if standing::is_qualified(node) {
        standing::qualified(key, node, problems)?
    } else {
        (node, Belief::GIVEN)
    };
    let datum = datum(key, plain, address, problems)?;
    let mut item = Item {
        key,
        place: plain.place,
        node: Some(node),
        datum,
        belief,
    };
    if let Some(range) = node.get("range").filter(|_| standing::is_qualified(node)) {
        item.belief.range = Some(Box::new(standing::range(
            key,
            &item.datum,
            plain,
            range,
            problems,
        )?));
    }
    Some(item)
}

/// Complains about a value of the wrong kind.
pub(super) fn wrong_kind(key: &Key, node: &Node, problems: &mut Problems) {
    wrong_kind_of(key.name(), key.kind, node, problems);
}

/// Complains about a value of the wrong kind.
pub(super) fn wrong_kind_of(name: &str, kind: Kind, node: &Node, problems: &mut Problems) {
    let (need, given) = (wording::needed(kind), wording::described(node));
    problems.error(
        "S103",
        node.place,
        Words::new(
            format!("`{name}` 需要{}，这里是{}", need.zh, given.zh),
            format!("`{name}` needs {}, and here is {}", need.en, given.en),
        ),
        wording::remedy(name, kind),
    );
}

/// A plain value of the key's kind.
fn datum(
    key: &'static Key,
    node: &Node,
    address: &str,
    problems: &mut Problems,
) -> Option<Datum<'static>> {
    let name = key.name();
    match (key.kind, &node.value) {
        (Kind::Text, Value::Text(text)) => {
            fit_text(key, text, node.place, problems).then(|| Datum::Text(text.clone()))
        }
        (Kind::Text, Value::Integer(number)) => Some(Datum::Text(number.to_string())),
        (Kind::Id | Kind::Reference, _) => {
            let Some(id) = id_text(node) else {
                wrong_kind(key, node, problems);
                return None;
            };
            fit_id(name, &id, node.place, problems).then_some(Datum::Text(id))
        }
        (Kind::References, _) => lists::references(key, node, problems),
        (Kind::Levers, _) => lists::texts(key, node, problems),
        (Kind::Flag, Value::Boolean(flag)) => Some(Datum::Flag(*flag)),
        (Kind::Word(words), Value::Text(text)) => {
            word(name, words, text, node.place, problems).map(Datum::Word)
        }
        (Kind::Words(words), _) => lists::words(key, words, node, problems),
        (Kind::Windows, _) => lists::windows(key, node, problems),
        (Kind::Sizes, _) => lists::sizes(key, node, problems),
        (Kind::Weights, Value::List(list)) => lists::weights(key, node, list, problems),
        (Kind::Pool { .. }, Value::Text(text))
            if HOUSEHOLD.contains(&text::narrow(text).trim().to_lowercase().as_str()) =>
        {
            Some(Datum::Word(HOUSEHOLD[0]))
        }
        (Kind::Duration { least, most }, _) => {
            varying::read(key, node, address, (least, most), problems)
                .map(|varying| Datum::Duration(Box::new(varying)))
        }
        (_, Value::Text(_) | Value::Integer(_) | Value::Float(_)) => match quantity(key.kind, node)
        {
            Ok(datum) => within(key, datum, node, problems),
            Err(Some(fault)) => {
                complain(key, node, &fault, problems);
                None
            }
            Err(None) => {
                wrong_kind(key, node, problems);
                None
            }
        },
        _ => {
            wrong_kind(key, node, problems);
            None
        }
    }
}

/// Complains about a quantity that cannot be read.
pub(super) fn complain(key: &Key, node: &Node, fault: &Fault, problems: &mut Problems) {
    let written = written(node);
    let code = match fault {
        Fault::NoUnit | Fault::UnknownUnit(_) => "S104",
        Fault::NotAMoment | Fault::Zone | Fault::EmptyWindow => "S107",
        Fault::Empty | Fault::NotANumber(_) => "S103",
        Fault::Negative | Fault::Zero | Fault::Fraction | Fault::TooLarge => "S105",
    };
    let what = wording::fault(key.name(), key.kind, &written, fault);
    problems.error(
        code,
        node.place,
        what,
        wording::fault_remedy(key.name(), key.kind, &written, fault),
    );
}

/// A scalar as it was written.
pub(super) fn written(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Boolean(flag) => flag.to_string(),
        Value::List(_) | Value::Table(_) => String::new(),
    }
}

/// A quantity of a kind; a fault, or nothing if the value is of another kind altogether.
pub(super) fn quantity(kind: Kind, node: &Node) -> Result<Datum<'static>, Option<Fault>> {
    let finite = match &node.value {
        Value::Float(number) if !number.is_finite() => {
            return Err(Some(Fault::NotANumber(number.to_string())));
        }
        Value::Float(number) => Some(*number),
        Value::Integer(number) => Some(*number as f64),
        _ => None,
    };
    let text = written(node);
    let read = match kind {
        Kind::Count { .. } | Kind::Pool { .. } => match finite {
            Some(number) if number < 0.0 => Err(Fault::Negative),
            Some(number) if number > text::MOST as f64 => Err(Fault::TooLarge),
            Some(number) if number.fract() != 0.0 => Err(Fault::Fraction),
            Some(number) => Ok(Datum::Count(number as u64)),
            None => text::count(&text).map(Datum::Count),
        },
        Kind::Number { .. } => finite
            .map_or_else(|| text::number(&text), Ok)
            .map(Datum::Number),
        Kind::Span { .. } => match finite {
            Some(0.0) => Ok(Datum::Span(crate::units::Span::ZERO)),
            Some(number) if number < 0.0 => Err(Fault::Negative),
            Some(_) => Err(Fault::NoUnit),
            None => text::span(&text).map(Datum::Span),
        },
        Kind::Pace { .. } => match finite {
            Some(number) if number < 0.0 => Err(Fault::Negative),
            Some(0.0) => Err(Fault::Zero),
            Some(_) => Err(Fault::NoUnit),
            None => text::pace(&text).map(Datum::Pace),
        },
        Kind::Speed => finite
            .map_or_else(|| text::speed(&text), |_| Err(Fault::NoUnit))
            .map(Datum::Number),
        Kind::Share => match finite {
            Some(number) if number < 0.0 => Err(Fault::Negative),
            Some(number) if number > 1.0 => Err(Fault::TooLarge),
            Some(number) => Ok(Datum::Share(Share(number))),
            None => text::share(&text).map(Datum::Share),
        },
        Kind::Moment if finite.is_none() => text::moment(&text).map(Datum::Moment),
        Kind::MomentOrSpan if finite.is_some() => Err(Fault::NoUnit),
        Kind::MomentOrSpan => {
            let narrow = text::narrow(&text);
            let dated = narrow.contains('年')
                || narrow.chars().take(6).any(|c| matches!(c, '-' | '/'))
                    && !narrow.starts_with('-');
            if dated {
                text::moment(&text).map(Datum::Moment)
            } else {
                text::span(&text).map(Datum::Span)
            }
        }
        Kind::Clock if finite.is_none() => text::clock(&text).map(Datum::Span),
        Kind::Window if finite.is_none() => text::window(&text).map(Datum::Window),
        _ => return Err(None),
    };
    read.map_err(Some)
}

/// The quantity, if it is within what its key allows.
pub(super) fn within(
    key: &Key,
    datum: Datum<'static>,
    node: &Node,
    problems: &mut Problems,
) -> Option<Datum<'static>> {
    let outside = match (key.kind, &datum) {
        (Kind::Count { least, most }, Datum::Count(count)) => {
            (*count < least || *count > most).then(|| (least.to_string(), most.to_string()))
        }
        (Kind::Pool { most }, Datum::Count(count)) => {
            (*count < 1 || *count > most).then(|| ("1".to_owned(), most.to_string()))
        }
        (Kind::Number { least, most }, Datum::Number(number)) => {
            (*number < least || *number > most).then(|| (least.to_string(), most.to_string()))
        }
        (Kind::Span { least, most }, Datum::Span(span)) => (*span < least || *span > most)
            .then(|| (text::print_span(least), text::print_span(most))),
        _ => None,
    };
    let Some((least, most)) = outside else {
        return Some(datum);
    };
    let (name, written) = (key.name(), shown(&written(node)));
    problems.error(
        "S105",
        node.place,
        Words::new(
            format!("`{name}` 应在 {least} 到 {most} 之间，这里是 {written}"),
            format!("`{name}` must be from {least} to {most}, and here is {written}"),
        ),
        Words::new("检查数和单位", "check the number and its unit"),
    );
    None
}

pub(super) fn word(
    name: &str,
    words: &'static [Word],
    text: &str,
    place: Place,
    problems: &mut Problems,
) -> Option<&'static str> {
    let plain = |text: &str| text::narrow(text).to_lowercase().replace([' ', '_'], "-");
    let wanted = plain(text);
    if let Some(found) = words.iter().find(|word| {
        plain(word.word) == wanted || word.also.iter().any(|also| plain(also) == wanted)
    }) {
        return Some(found.word);
    }
    let kind = Kind::Word(words);
    let near = nearest(&wanted, words.iter().map(|word| word.word));
    let help = near.map_or_else(|| wording::remedy(name, kind), did_you_mean);
    let shown = shown(text);
    let what = Words::new(
        format!("`{name}` 不能是 \"{shown}\""),
        format!("`{name}` cannot be \"{shown}\""),
    );
    problems.error("S106", place, what, help);
    None
}
