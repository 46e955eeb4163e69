//! Values for keys: such as may be written, and such as may not.

use super::dice::Dice;
use swabplan::scenario::keys::{Key, Kind};
use swabplan::units::Span;
use toml::Value;

/// The ids of a scenario by the lists they stand in.
pub(super) type Ids = Vec<(String, Vec<String>)>;

/// A value that the kind of a key allows; none for tables.
pub(super) fn legal(key: &Key, ids: &Ids, dice: &mut Dice) -> Option<Value> {
    let value = plain(key, ids, dice)?;
    let (Some(range), true) = (range(key.kind, &value), key.ranged && dice.percent(15)) else {
        return Some(value);
    };
    let mut table = toml::Table::new();
    table.insert("assumed".into(), value);
    table.insert("range".into(), range.into());
    table.insert("source".into(), "by chance".into());
    Some(table.into())
}

#[allow(
    clippy::wildcard_enum_match_arm,
    clippy::match_wildcard_for_single_variants,
    reason = "a kind that is new here is shown by its example"
)]
fn plain(key: &Key, ids: &Ids, dice: &mut Dice) -> Option<Value> {
    Some(match key.kind {
        Kind::Table | Kind::Tables => return None,
        Kind::Text => "名称 name".into(),
        Kind::Id => format!("X{}", dice.below(3)).into(),
        Kind::Reference => id(key, ids, dice).into(),
        Kind::References => {
            let mut list: Vec<String> = (0..=dice.below(2)).map(|_| id(key, ids, dice)).collect();
            list.sort();
            list.dedup();
            list.into()
        }
        Kind::Count { least, most } => {
            let count = least + dice.below(9);
            (count.min(most) as i64).into()
        }
        Kind::Number { least, most } => (least + (most - least).min(4.0) * dice.share()).into(),
        Kind::Span { least, most } => length(least, most, dice).into(),
        Kind::Pace { noun } => format!("{} {noun}/h", 10 + dice.below(200)).into(),
        Kind::Speed => format!("{} km/h", 1 + dice.below(9)).into(),
        Kind::Share => format!("{} %", dice.below(101)).into(),
        Kind::Moment => moment(dice).into(),
        Kind::MomentOrSpan if dice.percent(50) => moment(dice).into(),
        Kind::MomentOrSpan => length(Span::ZERO, Span::DAY, dice).into(),
        Kind::Clock => format!("{:02}:{:02}", dice.below(24), dice.below(60)).into(),
        Kind::Window => (*dice.pick(&["08:00-20:00", "20:00-06:00", "00:00-24:00"])).into(),
        Kind::Windows => Value::Array(
            dice.pick(&[
                &["06:00-22:00"][..],
                &["07:00-12:00", "13:00-19:00"],
                &["20:00-02:00"],
            ])
            .iter()
            .map(|window| (*window).into())
            .collect(),
        ),
        Kind::Word(words) => dice.pick(words).word.into(),
        Kind::Words(words) => Value::Array(vec![dice.pick(words).word.into()]),
        Kind::Duration { least, most } => duration(least, most, dice),
        Kind::Weights => Value::Array((0..24).map(|_| (dice.below(9) as i64 + 1).into()).collect()),
        Kind::Sizes if dice.percent(50) => (1.0 + 3.0 * dice.share()).into(),
        Kind::Sizes => Value::Array(
            (0..=dice.below(4))
                .map(|_| (dice.below(9) as i64 + 1).into())
                .collect(),
        ),
        Kind::Flag => dice.percent(50).into(),
        Kind::Pool { .. } if dice.percent(50) => (1 + dice.below(12) as i64).into(),
        _ => shown(key)?,
    })
}

/// What the reference shows of a key.
pub(super) fn shown(key: &Key) -> Option<Value> {
    let text = format!("value = {}", key.example.or(key.default)?);
    text.parse::<toml::Table>().unwrap().remove("value")
}

/// An id of the list that a key's name speaks of, or any.
fn id(key: &Key, ids: &Ids, dice: &mut Dice) -> String {
    let list = match key.name() {
        "site" | "sites" => "sites",
        "cells" => "cells",
        "couriers" => "couriers",
        "after" => "readiness",
        "staff" => "staff",
        "stage" => "stages",
        "to" if key.path.contains("stations") => "stations",
        _ => "labs",
    };
    let of = |list: &str| {
        ids.iter()
            .find(|(name, ids)| name == list && !ids.is_empty())
    };
    match of(list) {
        Some((_, ids)) => dice.pick(ids).clone(),
        None => "swab".to_owned(),
    }
}

fn moment(dice: &mut Dice) -> String {
    format!(
        "2022-05-{:02} {:02}:{:02}",
        9 + dice.below(3),
        dice.below(24),
        dice.below(60)
    )
}

/// A length between 5 minutes and 5 hours, as far as it may be.
fn length(least: Span, most: Span, dice: &mut Dice) -> String {
    let minutes = *dice.pick(&[5_i64, 12, 45, 120, 300]);
    let length = (Span::MINUTE * minutes).max(least).min(most);
    format!("{} s", length.millis().div_euclid(1_000).max(1))
}

fn duration(least: Span, most: Span, dice: &mut Dice) -> Value {
    // Short enough for whatever it is that is done.
    let seconds = 1 + dice.below(if most > Span::HOUR { 600 } else { 60 });
    let length = (Span::SECOND * seconds as i64).max(least).min(most);
    let mean = format!("{} s", length.millis().div_euclid(1_000).max(1));
    let mut table = toml::Table::new();
    match dice.below(4) {
        0 => return mean.into(),
        1 => {
            table.insert("exponential".into(), mean.into());
        }
        shape => {
            let mut inner = toml::Table::new();
            inner.insert("mean".into(), mean.into());
            inner.insert("cv".into(), (0.1 + dice.share()).into());
            let shape = if shape == 2 { "gamma" } else { "lognormal" };
            table.insert(shape.into(), inner.into());
        }
    }
    table.into()
}

/// A range that begins at a value.
fn range(kind: Kind, value: &Value) -> Option<String> {
    match (kind, value) {
        (Kind::Count { most, .. }, Value::Integer(count)) => {
            let more = (*count + 2).min(i64::try_from(most).unwrap_or(i64::MAX));
            Some(format!("{count}..{more}"))
        }
        (Kind::Share, Value::String(share)) => Some(format!("{share}..100 %")),
        (Kind::Span { most, .. }, Value::String(span)) => {
            let seconds: i64 = span.trim_end_matches(" s").parse().ok()?;
            let more = (seconds * 2).min(most.millis().div_euclid(1_000));
            Some(format!("{span}..{more} s"))
        }
        _ => None,
    }
}

/// What hardly any key allows.
pub(super) fn illegal(dice: &mut Dice) -> Value {
    let text = |text: &str| Value::from(text.to_owned());
    match dice.below(24) {
        0 => (-1_i64).into(),
        1 => 0_i64.into(),
        2 => i64::MAX.into(),
        3 => i64::MIN.into(),
        4 => f64::NAN.into(),
        5 => f64::INFINITY.into(),
        6 => (-1e308).into(),
        7 => 1e-308.into(),
        8 => text(""),
        9 => text("x"),
        10 => text("-5 min"),
        11 => text("999999999999999999999 h"),
        12 => text("nan"),
        13 => text("2022-02-30 25:00"),
        14 => text("9999-12-31 23:59"),
        15 => text("0001-01-01 00:00"),
        16 => text(&"长".repeat(300)),
        17 => text("\u{202e}x\u{0}"),
        18 => Value::Array(Vec::new()),
        19 => Value::Table(toml::Table::new()),
        20 => Value::Array(vec![Value::Array(Vec::new())]),
        21 => true.into(),
        22 => (0..40).fold(Value::from(1_i64), |inner, _| {
            Value::Table(std::iter::once(("a".to_owned(), inner)).collect())
        }),
        _ => text("1 s..2 s"),
    }
}
