//! Single values: numbers, times, words, plain or with how far to believe them.

use super::checked::{Belief, Datum, Item};
use super::varying;
use super::walk::{fit_id, fit_text};
use super::wording;
use crate::model::assumption::Standing;
use crate::scenario::keys::{Key, Kind, Word};
use crate::scenario::nearest::nearest;
use crate::scenario::problem::{Problems, Words, did_you_mean, shown};
use crate::scenario::tree::{Entry, Node, Place, Value};
use crate::units::Share;
use crate::units::text::{self, Fault};

/// Whether a table is a value with its standing (`{ assumed = …, range = …, source = … }`) rather than keys of its own.
pub fn is_qualified(node: &Node) -> bool {
    ["value", "assumed", "range", "source", "reason"]
        .iter()
        .any(|key| node.get(key).is_some())
}

/// The id a node spells, if it does.
pub fn id_text(node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text::narrow(text)),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(_) | Value::Boolean(_) | Value::List(_) | Value::Table(_) => None,
    }
}

/// A value that is neither a table nor a list of tables, with how far to believe it; complains and returns nothing if it is wrong.
pub fn item<'n>(
    key: &'static Key,
    node: &'n Node,
    address: &str,
    problems: &mut Problems,
) -> Option<Item<'n>> {
    let (plain, belief) = if is_qualified(node) {
        qualified(key, node, problems)?
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
    if let Some(range) = node.get("range").filter(|_| is_qualified(node)) {
        item.belief.range = Some(Box::new(self::range(
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
pub fn wrong_kind(key: &Key, node: &Node, problems: &mut Problems) {
    wrong_kind_of(key.name(), key.kind, node, problems);
}

/// Complains about a value of the wrong kind.
pub fn wrong_kind_of(name: &str, kind: Kind, node: &Node, problems: &mut Problems) {
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

/// The value inside `{ value|assumed = …, range = …, source = … }` and what is said about it.
pub fn qualified<'n>(
    key: &Key,
    node: &'n Node,
    problems: &mut Problems,
) -> Option<(&'n Node, Belief)> {
    let Value::Table(entries) = &node.value else {
        return None;
    };
    let before = problems.list.len();
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
        (Kind::References, _) => references(key, node, problems),
        (Kind::Flag, Value::Boolean(flag)) => Some(Datum::Flag(*flag)),
        (Kind::Word(words), Value::Text(text)) => {
            word(name, words, text, node.place, problems).map(Datum::Word)
        }
        (Kind::Windows, _) => windows(key, node, problems),
        (Kind::Weights, Value::List(list)) => weights(key, node, list, problems),
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
pub fn complain(key: &Key, node: &Node, fault: &Fault, problems: &mut Problems) {
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
pub fn written(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Boolean(flag) => flag.to_string(),
        Value::List(_) | Value::Table(_) => String::new(),
    }
}

/// A quantity of a kind; a fault, or nothing if the value is of another kind altogether.
fn quantity(kind: Kind, node: &Node) -> Result<Datum<'static>, Option<Fault>> {
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
        Kind::Count { .. } => match finite {
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
fn within(
    key: &Key,
    datum: Datum<'static>,
    node: &Node,
    problems: &mut Problems,
) -> Option<Datum<'static>> {
    let outside = match (key.kind, &datum) {
        (Kind::Count { least, most }, Datum::Count(count)) => {
            (*count < least || *count > most).then(|| (least.to_string(), most.to_string()))
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

fn word(
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
    let household = name == "pool" || shown == "household";
    let what = if household {
        Words::new(
            "这一版还不能模拟一户一管",
            "this version does not simulate household tubes yet",
        )
    } else {
        Words::new(
            format!("`{name}` 不能是 \"{shown}\""),
            format!("`{name}` cannot be \"{shown}\""),
        )
    };
    problems.error("S106", place, what, help);
    None
}

fn references(key: &Key, node: &Node, problems: &mut Problems) -> Option<Datum<'static>> {
    let single = std::slice::from_ref(node);
    let list = match &node.value {
        Value::List(list) => list.as_slice(),
        Value::Text(_) | Value::Integer(_) => single,
        Value::Float(_) | Value::Boolean(_) | Value::Table(_) => {
            wrong_kind(key, node, problems);
            return None;
        }
    };
    let mut ids: Vec<(String, Place)> = Vec::with_capacity(list.len());
    let mut sound = true;
    for node in list {
        let Some(id) = id_text(node) else {
            wrong_kind_of(key.name(), Kind::References, node, problems);
            return None;
        };
        sound &= fit_id(key.name(), &id, node.place, problems);
        if ids.iter().any(|(other, _)| *other == id) {
            let shown = shown(&id);
            problems.error(
                "S110",
                node.place,
                Words::new(
                    format!("\"{shown}\" 写了两次"),
                    format!("\"{shown}\" is listed twice"),
                ),
                Words::new("删去一个", "leave one of them out"),
            );
            sound = false;
        }
        ids.push((id, node.place));
    }
    if ids.is_empty() {
        empty(key, node, problems);
        return None;
    }
    sound.then_some(Datum::Texts(ids))
}

/// Complains about an empty list.
fn empty(key: &Key, node: &Node, problems: &mut Problems) {
    problems.error(
        "S119",
        node.place,
        Words::new(
            format!("`{}` 是空的列表", key.name()),
            format!("`{}` is an empty list", key.name()),
        ),
        Words::new(
            "写上至少一项，或整个删去",
            "give at least one entry, or leave the key out",
        ),
    );
}

fn windows(key: &Key, node: &Node, problems: &mut Problems) -> Option<Datum<'static>> {
    let single = std::slice::from_ref(node);
    let list = if let Value::List(list) = &node.value {
        list.as_slice()
    } else {
        single
    };
    if list.is_empty() {
        empty(key, node, problems);
        return None;
    }
    let mut windows = Vec::with_capacity(list.len());
    for node in list {
        let Value::Text(text) = &node.value else {
            wrong_kind(key, node, problems);
            return None;
        };
        match text::window(text) {
            Ok(window) => windows.push((window, node)),
            Err(fault) => {
                complain(
                    &Key {
                        kind: Kind::Window,
                        ..*key
                    },
                    node,
                    &fault,
                    problems,
                );
                return None;
            }
        }
    }
    windows.sort_by_key(|(window, _)| *window);
    // The first stretch again, a day later, so that one that passes midnight cannot run into it.
    let first = windows[0].0;
    let next_day = (
        first.0 + crate::units::Span::DAY,
        first.1 + crate::units::Span::DAY,
    );
    let followers = windows
        .iter()
        .skip(1)
        .map(|(window, node)| (*window, *node))
        .chain([(next_day, windows[0].1)]);
    for ((window, _), (next, node)) in windows.iter().zip(followers) {
        if next.0 < window.1 {
            let (this, next) = (text::print_window(*window), shown(&written(node)));
            problems.error(
                "S108",
                node.place,
                Words::new(
                    format!("时段 {next} 与 {this} 重叠"),
                    format!("{next} overlaps {this}"),
                ),
                Words::new(
                    "让时段首尾分开，或合成一个",
                    "keep the stretches apart, or write them as one",
                ),
            );
            return None;
        }
    }
    let joined = windows.into_iter().map(|(window, _)| window).fold(
        Vec::<(_, _)>::new(),
        |mut joined, window| {
            match joined.last_mut() {
                Some(last) if last.1 == window.0 => last.1 = window.1,
                _ => joined.push(window),
            }
            joined
        },
    );
    Some(Datum::Windows(joined))
}

fn weights(
    key: &Key,
    node: &Node,
    list: &[Node],
    problems: &mut Problems,
) -> Option<Datum<'static>> {
    let mut weights = [0.0; 24];
    let kind = Kind::Number {
        least: 0.0,
        most: 1e9,
    };
    for (weight, node) in weights.iter_mut().zip(list) {
        let read = quantity(kind, node)
            .ok()
            .and_then(|datum| within(&Key { kind, ..*key }, datum, node, problems));
        let Some(Datum::Number(number)) = read else {
            if problems
                .list
                .last()
                .is_none_or(|problem| problem.place != node.place)
            {
                wrong_kind_of(key.name(), kind, node, problems);
            }
            return None;
        };
        *weight = number;
    }
    if list.len() == 24 && weights.iter().sum::<f64>() > 0.0 {
        return Some(Datum::Weights(weights));
    }
    let (name, length) = (key.name(), list.len());
    let (zh, en) = if length == 24 {
        (format!("`{name}` 全是 0"), format!("`{name}` are all zero"))
    } else {
        (
            format!("`{name}` 需要 24 个数，这里有 {length} 个"),
            format!("`{name}` needs 24 numbers, and here are {length}"),
        )
    };
    problems.error(
        "S118",
        node.place,
        Words::new(zh, en),
        Words::new("从 0 时起每小时一个数", "one for each hour from 00:00"),
    );
    None
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
pub fn range(
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
            let (range_shown, value_shown) = (shown(&both), shown(&written(plain)));
            problems.error(
                "S113",
                range.place,
                Words::new(
                    format!(
                        "`{}` 的范围 {range_shown} 不含它的值 {value_shown}",
                        key.name()
                    ),
                    format!(
                        "the range {range_shown} of `{}` does not hold its value {value_shown}",
                        key.name()
                    ),
                ),
                Words::new(
                    "范围从小到大，值在其中",
                    "write the range from low to high, with the value inside",
                ),
            );
            None
        }
    }
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
    let unit = |text: &str| {
        text::narrow(text)
            .trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '_' | '-'))
            .to_owned()
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
