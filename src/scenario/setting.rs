//! `--set path=value`: one value of a scenario, changed from the command line.

use super::merge::{has_ids, id, known_ids, overlay};
use super::nearest::{half_width, nearest};
use super::parse;
use super::problem::{Problems, Words, did_you_mean, shown};
use super::tree::{Entry, Node, Place, SourceId, Spot, Value};

/// Lists of named things at the top of a scenario.
const LISTS: [&str; 7] = [
    "cells", "sites", "visits", "couriers", "labs", "feeds", "rounds",
];

/// A value and where it goes.
pub(super) struct Setting {
    path: Vec<Step>,
    value: Node,
}

/// One part of the path: a key, or the id of an entry.
struct Step {
    word: String,
    place: Place,
}

impl Setting {
    /// Reads `path=value`. The value is a TOML value, or else text as it stands.
    pub(super) fn read(text: &str, source: SourceId, problems: &mut Problems) -> Option<Self> {
        let whole = Place {
            source,
            spot: Spot::Bytes {
                start: 0,
                end: text.len(),
            },
        };
        let form = Words::new(
            "形式为 路径=值，例如 --set sites.S1.lanes=3",
            "the form is path=value, such as --set sites.S1.lanes=3",
        );
        let Some((path, value_start)) = steps(text, source) else {
            problems.error(
                "S030",
                whole,
                Words::new("这里缺少等号", "there is no equals sign here"),
                form,
            );
            return None;
        };
        if let Some(step) = path.get(parse::DEEPEST) {
            parse::report_too_deep(step.place, problems);
            return None;
        }
        if path.iter().any(|step| step.word.is_empty()) {
            let what = Words::new(
                "等号前的路径有空缺",
                "the path before the equals sign has a gap",
            );
            problems.error("S030", whole, what, form);
            return None;
        }
        if let Some(step) = path
            .first()
            .filter(|step| ["extends", "layouts"].contains(&&*step.word))
        {
            let what = Words::new(
                format!("--set 不能改 `{}`", step.word),
                format!("--set cannot change `{}`", step.word),
            );
            let help = Words::new("选布局用 --layout 名称", "choose a layout by --layout NAME");
            problems.error("S034", step.place, what, help);
            return None;
        }
        let value = value(text, value_start, source, problems)?;
        Some(Self { path, value })
    }

    /// The key at the top of the scenario, and whether the path goes on into it.
    pub(super) fn top(&self) -> (&str, bool) {
        (&self.path[0].word, self.path.len() > 1)
    }

    /// Puts the value where it goes.
    pub(super) fn apply(self, root: &mut Node, problems: &mut Problems) {
        let missing_list = LISTS.contains(&&*self.path[0].word)
            && self.path.len() > 1
            && root.get(&self.path[0].word).is_none();
        if missing_list {
            return report_unknown(&self.path[1], std::iter::empty(), problems);
        }
        put(root, &self.path, 0, self.value, problems);
    }
}

/// The path before the equals sign and the byte at which the value starts; `None` without an equals sign.
fn steps(text: &str, source: SourceId) -> Option<(Vec<Step>, usize)> {
    let (mut path, mut start, mut quote) = (Vec::new(), 0, None);
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '"' || c == '\'' => quote = Some(c),
            None if half_width(c) == '=' => {
                path.push(step(text, start, at, source));
                return Some((path, at + c.len_utf8()));
            }
            None if c == '.' => {
                path.push(step(text, start, at, source));
                start = at + 1;
            }
            Some(_) | None => {}
        }
    }
    None
}

fn step(text: &str, start: usize, end: usize, source: SourceId) -> Step {
    let piece = &text[start..end];
    let start = start + (piece.len() - piece.trim_start().len());
    let word = piece.trim();
    let place = Place {
        source,
        spot: Spot::Bytes {
            start,
            end: start + word.len(),
        },
    };
    let unquoted = ['"', '\'']
        .iter()
        .find_map(|quote| word.strip_prefix(*quote)?.strip_suffix(*quote));
    Step {
        word: unquoted.unwrap_or(word).to_owned(),
        place,
    }
}

fn value(text: &str, start: usize, source: SourceId, problems: &mut Problems) -> Option<Node> {
    let raw = &text[start..];
    let start = start + (raw.len() - raw.trim_start().len());
    let raw = raw.trim();
    let place = Place {
        source,
        spot: Spot::Bytes {
            start,
            end: start + raw.len(),
        },
    };
    let fault = if raw.is_empty() {
        Words::new("等号后面没有值", "there is no value after the equals sign")
    } else if let Some(node) = parse::value(raw, source, start, problems) {
        return Some(node);
    } else if raw.starts_with(['[', '{', '"', '\'']) {
        Words::new(
            "这个值的括号或引号没有配对",
            "the brackets or quotation marks of this value do not match",
        )
    } else {
        return Some(Node {
            value: Value::Text(raw.to_owned()),
            place,
        });
    };
    let help = Words::new(
        "值写成数、文字或 TOML 的写法，例如 --set 'couriers.van.every=1 h'",
        "give a number, text or TOML, such as --set 'couriers.van.every=1 h'",
    );
    problems.error("S033", place, fault, help);
    None
}

fn put(node: &mut Node, path: &[Step], done: usize, value: Node, problems: &mut Problems) {
    let Some(step) = path.get(done) else {
        return overlay(node, value, problems);
    };
    match &mut node.value {
        Value::Table(entries) => put_in_table(entries, path, done, value, problems),
        Value::List(nodes) if nodes.is_empty() || has_ids(nodes) => {
            let is_meant = |node: &Node| id(node).as_ref() == Some(&step.word);
            let Some(at) = nodes.iter().position(is_meant) else {
                let ids: Vec<_> = nodes.iter().filter_map(id).collect();
                return report_unknown(step, ids.iter().map(String::as_str), problems);
            };
            let is_removal = matches!(&path[done + 1..], [last] if last.word == "remove");
            if is_removal && value.value == Value::Boolean(true) {
                nodes.remove(at);
            } else {
                put(&mut nodes[at], path, done + 1, value, problems);
            }
        }
        Value::List(_) => {
            let help = Words::new(
                "这个列表的各项没有 `id`，只能整体改写",
                "the entries of this list have no `id`: set it as a whole",
            );
            report_no_parts(path, done, help, problems);
        }
        Value::Text(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => {
            let help = Words::new(
                "给它一个新值，或写成表，例如 --set 'lane.pace={ assumed = \"60 people/h\", range = \"41..85\" }'",
                "give it a new value, or a table, such as --set 'lane.pace={ assumed = \"60 people/h\", range = \"41..85\" }'",
            );
            report_no_parts(path, done, help, problems);
        }
    }
}

fn put_in_table(
    entries: &mut Vec<Entry>,
    path: &[Step],
    done: usize,
    value: Node,
    problems: &mut Problems,
) {
    let (step, is_last) = (&path[done], done + 1 == path.len());
    if let Some(entry) = entries.iter_mut().find(|entry| entry.key == step.word) {
        return put(&mut entry.node, path, done + 1, value, problems);
    }
    let close = nearest(&step.word, entries.iter().map(|entry| &*entry.key));
    if let Some(close) = close.filter(|_| !is_last) {
        let word = shown(&step.word);
        let what = Words::new(
            format!("方案里没有“{word}”"),
            format!("the scenario has no `{word}`"),
        );
        return problems.error("S031", step.place, what, did_you_mean(close));
    }
    let mut node = Node {
        value: Value::Table(Vec::new()),
        place: step.place,
    };
    if is_last {
        node = value;
    } else {
        put(&mut node, path, done + 1, value, problems);
    }
    entries.push(Entry {
        key: step.word.clone(),
        key_place: step.place,
        node,
    });
}

fn report_unknown<'a>(
    step: &Step,
    known: impl Iterator<Item = &'a str> + Clone,
    problems: &mut Problems,
) {
    let word = shown(&step.word);
    let what = Words::new(
        format!("没有编号为“{word}”的一项"),
        format!("nothing here has the id `{word}`"),
    );
    problems.error("S031", step.place, what, known_ids(&step.word, known));
}

fn report_no_parts(path: &[Step], done: usize, help: Words, problems: &mut Problems) {
    let whole = done.checked_sub(1).map_or("", |before| &path[before].word);
    let (whole, part) = (shown(whole), shown(&path[done].word));
    let what = Words::new(
        format!("`{whole}` 是一个整体，没有“{part}”这一级"),
        format!("`{whole}` is set as a whole and has no part `{part}`"),
    );
    problems.error("S032", path[done].place, what, help);
}
