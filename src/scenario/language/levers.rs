//! The levers a scenario names: each has to be a number of it, with values that it could have.

use super::amount::Amount;
use super::assumptions::{named, within as called_within};
use super::checked::{Datum, Item, Table};
use super::said::said;
use super::standing::unit;
use super::value::{complain, quantity, within, written};
use crate::model::assumption::{Phrase, Standing};
use crate::model::service::Shape;
use crate::scenario::keys::{Catalogue, Key, Kind};
use crate::scenario::lever::{Lever, Step};
use crate::scenario::merge::known_ids;
use crate::scenario::nearest::nearest;
use crate::scenario::problem::{Problems, Words, did_you_mean, listed, shown};
use crate::scenario::tree::{Node, Place, Value};
use crate::scenario::vary::{self, Vary};
use crate::units::{Span, text};

/// Levers at most.
const MOST: usize = 24;
/// Values of a lever at most.
const STEPS: usize = 200;
/// Where a range that moved with its value comes from.
const SOURCE: &str = "用滑块定的 / set by a slider";

/// A complaint: its code, what is wrong, what to do.
type Wrong = (&'static str, Words, Words);

/// The levers of a checked scenario, in its order.
pub(super) fn read(root: &Table<'_>, catalogue: &Catalogue, problems: &mut Problems) -> Vec<Lever> {
    let texts: Vec<(String, Place)> = root.get("levers").unwrap_or_default();
    let mut levers: Vec<Lever> = Vec::new();
    for (number, (text, place)) in texts.iter().enumerate() {
        if number == MOST {
            let (code, what, help) = too_many(texts.len());
            problems.error(code, *place, what, help);
            break;
        }
        let found = Search { root, catalogue }.lever(text, *place, problems);
        let found = found.and_then(|lever| match lever {
            Some(lever) if levers.iter().any(|other| other.path == lever.path) => {
                Err(twice(&lever.path.join(".")))
            }
            found => Ok(found),
        });
        match found {
            Ok(lever) => levers.extend(lever),
            Err((code, what, help)) => problems.error(code, *place, what, help),
        }
    }
    levers
}

/// Looks for what a lever names.
struct Search<'t, 'n> {
    root: &'t Table<'n>,
    catalogue: &'t Catalogue,
}

impl<'t, 'n> Search<'t, 'n> {
    /// The lever; nothing where somebody has complained already.
    fn lever(
        &self,
        text: &str,
        place: Place,
        problems: &mut Problems,
    ) -> Result<Option<Lever>, Wrong> {
        let Vary { key, values } =
            vary::read(&text::narrow(text), STEPS).map_err(|why| unread(text, &why))?;
        let parts = key.split('.').map(|part| part.trim().trim_matches('"'));
        let path: Vec<String> = parts.map(ToOwned::to_owned).collect();
        let Some((item, called)) = self.find(&path)? else {
            return Ok(None);
        };
        let (kind, own) = number(item).ok_or_else(|| no_number(&path, Some(item)))?;
        if matches!(item.key.parent(), "" | "precision") {
            return Err(no_operation(&path));
        }
        let key = Key { kind, ..*item.key };
        let mut amounts = vec![(own, said(&item.datum, item.key))];
        for value in &values {
            let bare = needs_unit(kind) && text::number(value).is_ok();
            let lent = bare.then(|| unit(&stands(item)));
            let node = Node {
                value: Value::Text(format!("{value}{}", lent.unwrap_or_default())),
                place,
            };
            let datum = match quantity(kind, &node) {
                Ok(datum) => within(&key, datum, &node, problems),
                Err(fault) => {
                    let fault = fault.unwrap_or(text::Fault::Empty);
                    complain(&key, &node, &fault, problems);
                    None
                }
            };
            let Some(datum) = datum else {
                return Ok(None);
            };
            amounts.extend(amount(kind, &datum).map(|amount| (amount, said(&datum, &key))));
        }
        amounts.sort_by(|(one, _), (other, _)| one.number().total_cmp(&other.number()));
        amounts.dedup_by(|(one, _), (other, _)| same(*one, *other));
        if amounts.len() == 1 {
            return Err(unmoved(&path));
        }
        let at = amounts.iter().position(|(amount, _)| same(*amount, own));
        let step = |(amount, said): (Amount, Phrase)| Step {
            said,
            value: written_so(item, kind, (own, amount)),
        };
        Ok(Some(Lever {
            path,
            called,
            steps: amounts.into_iter().map(step).collect(),
            at: at.unwrap_or_default(),
        }))
    }

    /// The value that a path leads to, and what people call it; nothing where it is known to be wrong.
    fn find(&self, path: &[String]) -> Result<Option<(&'t Item<'n>, Phrase)>, Wrong> {
        let (mut table, mut inside) = (self.root, String::new());
        let mut owner = Phrase::default();
        let mut words = path.iter();
        while let Some(word) = words.next() {
            let Some(item) = table.item(word) else {
                if table.is_broken(word) {
                    return Ok(None);
                }
                return Err(self.absent(path, word, &inside));
            };
            if let Datum::Table(inner) = &item.datum {
                if !table.address.is_empty() {
                    owner = called_within(&owner, item.key);
                }
                table = inner;
            } else if let Datum::Tables(entries) = &item.datum {
                let Some(id) = words.next() else {
                    return Err(no_number(path, Some(item)));
                };
                if table.is_broken(word) {
                    return Ok(None);
                }
                let of = |entry: &Table<'_>| entry.get::<String>("id");
                let Some(entry) = entries.iter().find(|entry| of(entry).as_ref() == Some(id))
                else {
                    let ids: Vec<String> = entries.iter().filter_map(of).collect();
                    return Err(no_entry(path, id, &ids));
                };
                owner = named(entry, &owner);
                table = entry;
            } else if words.next().is_some() {
                return Err(no_parts(path, item.key.name()));
            } else {
                return Ok(Some((item, called_within(&owner, item.key))));
            }
            inside = item.key.inside();
        }
        Err(no_number(path, None))
    }

    /// Why there is nothing under a word.
    fn absent(&self, path: &[String], word: &str, inside: &str) -> Wrong {
        let keys = self.catalogue.under(inside);
        let (path, word) = (shown(&path.join(".")), shown(word));
        if keys.iter().any(|key| key.name() == word) {
            return (
                "S484",
                Words::new(
                    format!("滑块 `{path}`：方案里 `{word}` 没有值，或不起作用"),
                    format!(
                        "the lever `{path}`: `{word}` has no value in this scenario, or no effect"
                    ),
                ),
                Words::new(
                    "先在方案里写上它的值，或删去这个滑块",
                    "give it a value in the scenario first, or leave this lever out",
                ),
            );
        }
        let near = nearest(&word, keys.iter().map(|key| key.name()));
        let help = near.map_or_else(
            || {
                let known = listed(keys.iter().map(|key| key.name()));
                Words::new(
                    format!("这里可以写：{}", known.zh),
                    format!("known here: {}", known.en),
                )
            },
            did_you_mean,
        );
        let what = Words::new(
            format!("滑块 `{path}`：没有 `{word}` 这个键"),
            format!("the lever `{path}`: there is no key `{word}`"),
        );
        ("S100", what, help)
    }
}

/// The kind of number a value is, and how much; nothing if it is none.
fn number(item: &Item<'_>) -> Option<(Kind, Amount)> {
    let kind = match (item.key.kind, &item.datum) {
        (Kind::Pool { most }, _) => Kind::Count { least: 1, most },
        (Kind::Duration { least, most }, Datum::Duration(varying))
            if varying.shape == Shape::Constant && varying.inner.is_none() =>
        {
            Kind::Span { least, most }
        }
        (Kind::MomentOrSpan, _) => Kind::Span {
            least: Span::ZERO,
            most: Span::DAY * 3_653,
        },
        (kind, _) => kind,
    };
    amount(kind, &item.datum).map(|amount| (kind, amount))
}

/// A checked value as an amount.
fn amount(kind: Kind, datum: &Datum<'_>) -> Option<Amount> {
    // A time of day is a length of time after midnight, but none that a range of lengths could name.
    if kind == Kind::Clock {
        return None;
    }
    match (kind, datum) {
        (Kind::Count { .. }, Datum::Count(count)) => Some(Amount::Count(*count)),
        (Kind::Speed, Datum::Number(speed)) => Some(Amount::Speed(*speed)),
        (Kind::Number { .. }, Datum::Number(number)) => Some(Amount::Number(*number)),
        (Kind::Span { .. }, Datum::Span(span)) => Some(Amount::Span(*span)),
        (Kind::Span { .. }, Datum::Duration(varying)) => Some(Amount::Span(varying.mean)),
        (Kind::Pace { noun }, Datum::Pace(pace)) => Some(Amount::Pace(*pace, noun)),
        (Kind::Share, Datum::Share(share)) => Some(Amount::Share(*share)),
        (
            _,
            Datum::Text(_)
            | Datum::Texts(_)
            | Datum::Count(_)
            | Datum::Number(_)
            | Datum::Span(_)
            | Datum::Pace(_)
            | Datum::Share(_)
            | Datum::Moment(_)
            | Datum::Window(_)
            | Datum::Windows(_)
            | Datum::Word(_)
            | Datum::Duration(_)
            | Datum::Weights(_)
            | Datum::Sizes(_)
            | Datum::Flag(_)
            | Datum::Table(_)
            | Datum::Tables(_),
        ) => None,
    }
}

/// Whether a number alone is no quantity of this kind.
const fn needs_unit(kind: Kind) -> bool {
    matches!(kind, Kind::Span { .. } | Kind::Pace { .. } | Kind::Speed)
}

/// Whether both are as much.
fn same(one: Amount, other: Amount) -> bool {
    one.number().total_cmp(&other.number()).is_eq()
}

/// A value as it is written, whose unit others may borrow.
fn stands(item: &Item<'_>) -> String {
    let Some(node) = item
        .node
        .filter(|_| item.belief.standing != Standing::Default)
    else {
        let default = item.key.default.unwrap_or_default();
        return default.trim_matches('"').to_owned();
    };
    let inner = ["value", "assumed"].iter().find_map(|word| node.get(word));
    written(inner.unwrap_or(node))
}

/// How the scenario says an amount in place of its own.
fn written_so(item: &Item<'_>, kind: Kind, (own, amount): (Amount, Amount)) -> toml::Value {
    let Some(range) = &item.belief.range else {
        return amount.value();
    };
    let ends = [&range.0, &range.1].map(|end| self::amount(kind, end).unwrap_or(own));
    let [low, high] = ends.map(|end| moved(kind, end, (own, amount)));
    let low = low.min(amount.number());
    let high = high.max(amount.number());
    let ends = [low, high].map(|end| amount.with(end).printed()).join("..");
    let entries = [
        ("assumed", amount.value()),
        ("range", ends.into()),
        ("source", SOURCE.into()),
    ];
    let entries = entries.map(|(key, value)| (key.to_owned(), value));
    toml::Value::Table(entries.into_iter().collect())
}

/// An end of a range whose value moves: by as many where things are counted, else by as many times.
fn moved(kind: Kind, end: Amount, (own, amount): (Amount, Amount)) -> f64 {
    let (own, amount, end) = (own.number(), amount.number(), end.number());
    let counted = matches!(kind, Kind::Count { .. }) || own == 0.0;
    let moved = if counted {
        end + (amount - own)
    } else {
        // Cents of what people read; of a length of time, milliseconds.
        (end * amount / own * 100.0).round() / 100.0
    };
    match kind {
        Kind::Count { least, most } => moved.clamp(least as f64, most as f64),
        Kind::Number { least, most } => moved.clamp(least, most),
        Kind::Span { least, most } => moved.clamp(least.millis() as f64, most.millis() as f64),
        Kind::Share => (end + (amount - own)).clamp(0.0, 1.0),
        Kind::Pace { .. } | Kind::Speed => moved.max(0.01),
        Kind::Table
        | Kind::Tables
        | Kind::Text
        | Kind::Id
        | Kind::Reference
        | Kind::References
        | Kind::Levers
        | Kind::Pool { .. }
        | Kind::Moment
        | Kind::MomentOrSpan
        | Kind::Clock
        | Kind::Window
        | Kind::Windows
        | Kind::Word(_)
        | Kind::Words(_)
        | Kind::Duration { .. }
        | Kind::Weights
        | Kind::Sizes
        | Kind::Flag => moved,
    }
}

/// What a lever looks like.
fn form() -> Words {
    Words::new(
        "写成例如 levers = [\"sites.S3.lanes=3..8\", \"couriers.van.every=1 h..4 h:30 min\"]",
        "write, for example, levers = [\"sites.S3.lanes=3..8\", \"couriers.van.every=1 h..4 h:30 min\"]",
    )
}

fn unread(text: &str, why: &Words) -> Wrong {
    let text = shown(text);
    let what = Words::new(
        format!("滑块 \"{text}\"：{}", why.zh),
        format!("the lever \"{text}\": {}", why.en),
    );
    ("S480", what, form())
}

fn unmoved(path: &[String]) -> Wrong {
    let path = shown(&path.join("."));
    let what = Words::new(
        format!("滑块 `{path}` 只有方案现有的一个值"),
        format!("the lever `{path}` has only the value that the scenario has"),
    );
    ("S480", what, form())
}

fn no_number(path: &[String], item: Option<&Item<'_>>) -> Wrong {
    let path = shown(&path.join("."));
    let is = item.map_or(Words::new("不是一个数", "is no number"), |item| {
        if let Datum::Tables(_) = item.datum {
            Words::new(
                "是一个列表，没有说是哪一项",
                "is a list: it does not say which entry",
            )
        } else if let Datum::Duration(_) = item.datum {
            Words::new("是一个分布，不是一个数", "is a distribution, not a number")
        } else {
            Words::new("不是一个数", "is no number")
        }
    });
    let what = Words::new(
        format!("滑块 `{path}` {}", is.zh),
        format!("the lever `{path}` {}", is.en),
    );
    let help = Words::new(
        "滑块用于人数、台数、速度、时间、比例等单个的数，如 sites.S3.lanes、lane.pace",
        "levers are single numbers: counts, paces, lengths of time, shares, such as sites.S3.lanes or lane.pace",
    );
    ("S481", what, help)
}

fn no_operation(path: &[String]) -> Wrong {
    let path = shown(&path.join("."));
    let what = Words::new(
        format!("滑块 `{path}` 只管怎样推演，不是采样检测本身的数"),
        format!("the lever `{path}` is about how to simulate, not about the operation"),
    );
    let help = Words::new(
        "次数和种子用命令行选项 --replications、--seed 改",
        "replications and seed are set on the command line: --replications, --seed",
    );
    ("S481", what, help)
}

fn no_parts(path: &[String], word: &str) -> Wrong {
    let path = shown(&path.join("."));
    let what = Words::new(
        format!("滑块 `{path}`：`{word}` 是一个整体，没有下一级"),
        format!("the lever `{path}`: `{word}` is set as a whole and has no parts"),
    );
    let help = Words::new(
        format!("写到 `{word}` 为止；分布不能用滑块"),
        format!("end the path with `{word}`; distributions cannot be levers"),
    );
    ("S481", what, help)
}

fn no_entry(path: &[String], id: &str, ids: &[String]) -> Wrong {
    let (path, word) = (shown(&path.join(".")), shown(id));
    let what = Words::new(
        format!("滑块 `{path}`：没有编号为“{word}”的一项"),
        format!("the lever `{path}`: nothing here has the id `{word}`"),
    );
    let help = if ids.is_empty() {
        Words::new(
            "这个列表的各项没有 `id`，不能用滑块",
            "the entries of this list have no `id` and cannot be levers",
        )
    } else {
        known_ids(id, ids.iter().map(String::as_str))
    };
    ("S111", what, help)
}

fn twice(path: &str) -> Wrong {
    let path = shown(path);
    let what = Words::new(
        format!("滑块 `{path}` 写了两次"),
        format!("the lever `{path}` is named twice"),
    );
    (
        "S482",
        what,
        Words::new("删去一个", "leave one of them out"),
    )
}

fn too_many(levers: usize) -> Wrong {
    let what = Words::new(
        format!("`levers` 有 {levers} 个滑块，最多 {MOST} 个"),
        format!("`levers` names {levers} levers: at most {MOST}"),
    );
    let help = Words::new(
        "从这里起删去，只留最要紧的",
        "leave them out from here on: keep those that matter most",
    );
    ("S483", what, help)
}
