//! How far to believe a value: `{ assumed = …, range = …, source = … }`.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "whatever other kinds there come to be, a value of one is wrong here"
)]

use super::checked::{Belief, Datum};
use super::value::{complain, quantity, within, written, wrong_kind_of};
use super::walk::fit_text;
use crate::model::assumption::Standing;
use crate::scenario::keys::{Key, Kind};
use crate::scenario::problem::{Problems, Words, shown};
use crate::scenario::tree::{Entry, Node, Place, Value};
use crate::units::text::{self, Fault};

/// Whether a table is a value with its standing (`{ assumed = …, range = …, source = … }`) rather than keys of its own.
pub(super) fn is_qualified(node: &Node) -> bool {
    ["value", "assumed", "range", "source", "reason"]
        .iter()
        .any(|key| node.get(key).is_some())
}

/// The value inside `{ value|assumed = …, range = …, source = … }` and what is said about it.
pub(super) fn qualified<'n>(
    key: &Key,
    node: &'n Node,
    problems: &mut Problems,
) -> Option<(&'n Node, Belief)> {
    let Value::Table(entries) = &node.value else {
        return None;
    };
    let before = problems.list.len();
    stray(key, entries, problems);
    let source = ["source", "reason"]
        .into_iter()
        .find_map(|word| node.get(word));
    let source = source.and_then(|node| match &node.value {
        Value::Text(text) if !text.trim().is_empty() => {
            fit_text(key, text, node.place, problems).then(|| text.trim().to_owned())
        }
        _ => {
            wrong_kind_of("source", Kind::Text, node, problems);
            None
        }
    });
    let (value, standing) = match (node.get("value"), node.get("assumed")) {
        (Some(value), None) => (value, Standing::Given),
        (None, Some(value)) => (value, Standing::Assumed),
        (both, _) => {
            let (zh, en) = if both.is_some() {
                (
                    "同时写了 value 和 assumed",
                    "has both `value` and `assumed`",
                )
            } else {
                ("没有值", "has no value")
            };
            problems.error(
                "S117",
                node.place,
                Words::new(
                    format!("`{}` {zh}", key.name()),
                    format!("`{}` {en}", key.name()),
                ),
                Words::new(
                    "已知的写 value = …，假定的写 assumed = …",
                    "write `value = …` for what is known, or `assumed = …` for what is assumed",
                ),
            );
            return None;
        }
    };
    if standing == Standing::Assumed && source.is_none() && problems.list.len() == before {
        problems.warning(
            "S114",
            node.place,
            Words::new(
                format!("`{}` 是假定的，但没有说明依据", key.name()),
                format!("`{}` is assumed, and nothing says why", key.name()),
            ),
            Words::new(
                "加上 source = \"…\"：依据哪里，或为何这样假定",
                "add source = \"…\": where it comes from, or why it is assumed",
            ),
        );
    }
    let errors = problems.list.len() > before
        && problems.list[before..]
            .iter()
            .any(|problem| problem.code != "S114");
    (!errors).then_some((
        value,
        Belief {
            standing,
            range: None,
            source,
        },
    ))
}

/// Complains about keys that cannot stand beside a value.
fn stray(key: &Key, entries: &[Entry], problems: &mut Problems) {
    for Entry {
        key: word,
        key_place,
        ..
    } in entries
    {
        if !matches!(
            word.as_str(),
            "value" | "assumed" | "range" | "source" | "reason"
        ) {
            let shown = shown(word);
            problems.error(
                "S117",
                *key_place,
                Words::new(
                    format!("`{}` 的值旁边不能写 `{shown}`", key.name()),
                    format!(
                        "`{shown}` cannot stand beside the value of `{}`",
                        key.name()
                    ),
                ),
                Words::new(
                    "可写 value 或 assumed、range、source",
                    "known here: `value` or `assumed`, `range`, `source`",
                ),
            );
        }
    }
}

/// A number by which values of one kind can be ordered.
fn order(datum: &Datum<'_>) -> Option<f64> {
    match datum {
        Datum::Count(count) => Some(*count as f64),
        Datum::Number(number) => Some(*number),
        Datum::Span(span) => Some(span.millis() as f64),
        Datum::Pace(pace) => Some(pace.0),
        Datum::Share(share) => Some(share.0),
        Datum::Duration(varying) => Some(varying.mean.millis() as f64),
        _ => None,
    }
}

/// The range of a value: `41..85`, with the unit of the value where it gives none.
pub(super) fn range(
    key: &Key,
    value: &Datum<'_>,
    plain: &Node,
    range: &Node,
    problems: &mut Problems,
) -> Option<(Datum<'static>, Datum<'static>, String)> {
    let middle = order(value);
    if !key.ranged || middle.is_none() {
        problems.error(
            "S112",
            range.place,
            Words::new(format!("`{}` 不能给范围", key.name()), format!("`{}` cannot have a range", key.name())),
            Words::new("只写一个值；范围可用于速度、人数、台数、时间的均值等", "give one value; paces, counts of people and machines, mean times and the like can have ranges"),
        );
        return None;
    }
    let kind = if let Kind::Duration { least, most } = key.kind {
        Kind::Span { least, most }
    } else {
        key.kind
    };
    let plainer = Key { kind, ..*key };
    let Some((low, high)) = range_ends(range, plain) else {
        bad_range(key, range, problems);
        return None;
    };
    let mut ends = [low, high].into_iter().map(|end| {
        let node = Node {
            value: Value::Text(end),
            place: range.place,
        };
        match quantity(kind, &node) {
            Ok(datum) => within(&plainer, datum, &node, problems),
            Err(fault) => {
                complain(&plainer, &node, &fault.unwrap_or(Fault::Empty), problems);
                None
            }
        }
    });
    let (low, high) = (ends.next()??, ends.next()??);
    drop(ends);
    let both = match &range.value {
        Value::List(list) => list.iter().map(written).collect::<Vec<_>>().join(".."),
        _ => written(range),
    };
    match (order(&low), middle, order(&high)) {
        (Some(least), Some(middle), Some(most)) if least <= middle && middle <= most => {
            Some((low, high, both))
        }
        _ => {
            outside(key, &both, plain, range.place, problems);
            None
        }
    }
}

/// Complains about a range without its value.
fn outside(key: &Key, range: &str, plain: &Node, place: Place, problems: &mut Problems) {
    let (name, range, value) = (key.name(), shown(range), shown(&written(plain)));
    problems.error(
        "S113",
        place,
        Words::new(
            format!("`{name}` 的范围 {range} 不含它的值 {value}"),
            format!("the range {range} of `{name}` does not hold its value {value}"),
        ),
        Words::new(
            "范围从小到大，值在其中",
            "write the range from low to high, with the value inside",
        ),
    );
}

fn bad_range(key: &Key, range: &Node, problems: &mut Problems) {
    problems.error(
        "S113",
        range.place,
        Words::new(
            format!("`{}` 的范围看不懂", key.name()),
            format!("the range of `{}` is not written as one", key.name()),
        ),
        Words::new(
            "写成 range = \"41..85\"，最小..最大",
            "write it as range = \"41..85\", least..most",
        ),
    );
}

/// Both ends of a range as texts, each with its unit.
fn range_ends(range: &Node, plain: &Node) -> Option<(String, String)> {
    let (low, high) = match &range.value {
        Value::Text(text) => {
            let text = text::narrow(text);
            let (low, high) = ["..", "…", "~", "至", "到"]
                .iter()
                .find_map(|mark| text.split_once(mark))?;
            (
                low.trim().to_owned(),
                high.trim_start_matches('.').trim().to_owned(),
            )
        }
        Value::List(list) if list.len() == 2 => (written(&list[0]), written(&list[1])),
        _ => return None,
    };
    let high = if unit(&high).is_empty() {
        format!("{high}{}", unit(&written(plain)))
    } else {
        high
    };
    let low = if unit(&low).is_empty() {
        format!("{low}{}", unit(&high))
    } else {
        low
    };
    Some((low, high))
}

/// The unit of a single number; `1 h 30 min` has none to lend.
pub(super) fn unit(text: &str) -> String {
    let text = text::narrow(text);
    let number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '_' | '-');
    let unit = text.trim_start_matches(number);
    if unit.contains(number) {
        String::new()
    } else {
        unit.to_owned()
    }
}
