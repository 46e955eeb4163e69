//! Values that are lists: ids, hours of the day, weights.

use super::checked::{Datum, FromDatum};
use super::value::{complain, id_text, quantity, within, word, written, wrong_kind, wrong_kind_of};
use super::walk::{fit_id, fit_text};
use crate::model::coming::Sizes;
use crate::scenario::keys::{Key, Kind, MOST_SIZES, Word};
use crate::scenario::problem::{Problems, Words, shown};
use crate::scenario::tree::{Node, Place, Value};
use crate::units::Span;
use crate::units::text;

pub(super) fn references(
    key: &Key,
    node: &Node,
    problems: &mut Problems,
) -> Option<Datum<'static>> {
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
            sound = false;
            continue;
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
    if list.is_empty() {
        empty(key, node, problems);
        return None;
    }
    sound.then_some(Datum::Texts(ids))
}

/// What a list holds; something that is no list is a list of one.
fn entries(node: &Node) -> &[Node] {
    if let Value::List(list) = &node.value {
        list
    } else {
        std::slice::from_ref(node)
    }
}

/// Words for people, one after another.
pub(super) fn texts(key: &Key, node: &Node, problems: &mut Problems) -> Option<Datum<'static>> {
    let list = entries(node);
    // Those that are wrong have been told; the others may be wrong in other ways.
    let mut texts: Vec<(String, Place)> = Vec::with_capacity(list.len());
    for node in list {
        if let Value::Text(text) = &node.value {
            if fit_text(key, text, node.place, problems) {
                texts.push((text.clone(), node.place));
            }
        } else {
            wrong_kind(key, node, problems);
        }
    }
    if list.is_empty() {
        empty(key, node, problems);
        return None;
    }
    Some(Datum::Texts(texts))
}

/// Some of the words of a key, each once.
pub(super) fn words(
    key: &Key,
    words: &'static [Word],
    node: &Node,
    problems: &mut Problems,
) -> Option<Datum<'static>> {
    let list = entries(node);
    let mut chosen: Vec<(String, Place)> = Vec::with_capacity(list.len());
    let mut sound = true;
    for node in list {
        let Value::Text(text) = &node.value else {
            wrong_kind(key, node, problems);
            sound = false;
            continue;
        };
        match word(key.name(), words, text, node.place, problems) {
            Some(word) if chosen.iter().all(|(other, _)| other != word) => {
                chosen.push((word.to_owned(), node.place));
            }
            Some(_) => {}
            None => sound = false,
        }
    }
    if list.is_empty() {
        empty(key, node, problems);
        return None;
    }
    sound.then_some(Datum::Texts(chosen))
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

pub(super) fn windows(key: &Key, node: &Node, problems: &mut Problems) -> Option<Datum<'static>> {
    let list = entries(node);
    if list.is_empty() {
        empty(key, node, problems);
        return None;
    }
    let mut windows = list
        .iter()
        .map(|node| Some((window(key, node, problems)?, node)))
        .collect::<Option<Vec<_>>>()?;
    windows.sort_by_key(|(window, _)| *window);
    if overlap(&windows, problems) {
        return None;
    }
    let each = windows.into_iter().map(|(window, _)| window);
    if key.name() == "shifts" {
        // Crews change where one shift ends and the next begins.
        return Some(Datum::Windows(each.collect()));
    }
    let merged = each.fold(Vec::<(Span, Span)>::new(), |mut list, window| {
        match list.last_mut() {
            Some(latest) if latest.1 == window.0 => latest.1 = window.1,
            _ => list.push(window),
        }
        list
    });
    Some(Datum::Windows(merged))
}

/// One stretch of the day.
fn window(key: &Key, node: &Node, problems: &mut Problems) -> Option<(Span, Span)> {
    let Value::Text(text) = &node.value else {
        wrong_kind(key, node, problems);
        return None;
    };
    let fault = match text::window(text) {
        Ok(window) => return Some(window),
        Err(fault) => fault,
    };
    complain(
        &Key {
            kind: Kind::Window,
            ..*key
        },
        node,
        &fault,
        problems,
    );
    None
}

/// Complains if stretches in order of their starts run into each other; whether they do.
fn overlap(windows: &[((Span, Span), &Node)], problems: &mut Problems) -> bool {
    // The first stretch again, a day later, so that one that passes midnight cannot run into it.
    let first = windows[0].0;
    let next_day = (first.0 + Span::DAY, first.1 + Span::DAY);
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
            return true;
        }
    }
    false
}

pub(super) fn weights(
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

/// How large something is: a mean of 1 or more, or the weights of 1, 2, 3 and so on.
pub(super) fn sizes(key: &Key, node: &Node, problems: &mut Problems) -> Option<Datum<'static>> {
    let number = |node: &Node, (least, most), problems: &mut Problems| {
        let kind = Kind::Number { least, most };
        let Ok(datum) = quantity(kind, node) else {
            wrong_kind(key, node, problems);
            return None;
        };
        let within = within(&Key { kind, ..*key }, datum, node, problems)?;
        f64::from_datum(&within)
    };
    let Value::List(list) = &node.value else {
        let mean = number(node, (1.0, MOST_SIZES as f64), problems)?;
        return Some(Datum::Sizes(Sizes::about(mean)));
    };
    let mut weights = Vec::with_capacity(list.len());
    for node in list {
        weights.push(number(node, (0.0, 1e9), problems)?);
    }
    let sum: f64 = weights.iter().sum();
    if list.len() > MOST_SIZES || sum <= 0.0 {
        let name = key.name();
        problems.error(
            "S118",
            node.place,
            Words::new(
                format!("`{name}` 需要 1 到 {MOST_SIZES} 个权重，不能全是 0"),
                format!("`{name}` needs 1 to {MOST_SIZES} weights, not all zero"),
            ),
            Words::new(
                "如 [25, 30, 20, 15, 10]：1 个的占 25，2 个的占 30……",
                "such as [25, 30, 20, 15, 10]: 25 parts of 1, 30 of 2, …",
            ),
        );
        return None;
    }
    let shares = weights.iter().map(|weight| weight / sum).collect();
    Some(Datum::Sizes(Sizes(shares)))
}
