//! Lengths of time that vary: `"45 s"`, or a distribution such as `{ lognormal = { mean = "45 s", cv = 0.4 } }`.

use super::checked::{Datum, InnerBelief, Varying};
use super::standing;
use super::value;
use crate::model::service::Shape;
use crate::scenario::keys::{Key, Kind};
use crate::scenario::nearest::nearest;
use crate::scenario::problem::{Problems, Words, did_you_mean, listed, shown};
use crate::scenario::tree::{Node, Value};
use crate::units::Span;
use crate::units::text;

/// The distributions and what each is given by.
pub const SHAPES: [(&str, &[&str]); 8] = [
    ("constant", &["mean"]),
    ("exponential", &["mean"]),
    ("gamma", &["mean", "cv", "sd"]),
    ("lognormal", &["mean", "cv", "sd"]),
    ("weibull", &["mean", "shape"]),
    ("uniform", &["low", "high"]),
    ("triangular", &["low", "mode", "high"]),
    ("empirical", &[]),
];

/// Reads a length of time whose mean is within `limits`; complains and returns nothing if it is wrong.
pub(super) fn read(
    key: &'static Key,
    node: &Node,
    address: &str,
    limits: (Span, Span),
    problems: &mut Problems,
) -> Option<Varying> {
    let mut reader = Reader {
        key,
        address,
        limits,
        problems,
    };
    match &node.value {
        Value::Table(entries) => {
            let [entry] = entries.as_slice() else {
                reader.bad(
                    node,
                    "一个分布写成 { lognormal = { … } } 的样子",
                    "a distribution is written like { lognormal = { … } }",
                );
                return None;
            };
            reader.distribution(&entry.key, node, &entry.node)
        }
        Value::Boolean(_) | Value::List(_) => {
            value::wrong_kind(key, node, reader.problems);
            None
        }
        Value::Text(_) | Value::Integer(_) | Value::Float(_) => {
            let mean = reader.span(node)?;
            Some(Varying {
                mean,
                shape: Shape::Constant,
                inner: None,
            })
        }
    }
}

struct Reader<'a> {
    key: &'static Key,
    address: &'a str,
    limits: (Span, Span),
    problems: &'a mut Problems,
}

impl Reader<'_> {
    fn distribution(&mut self, word: &str, whole: &Node, node: &Node) -> Option<Varying> {
        let (word, known) = self.shape(word, whole)?;
        match word {
            "empirical" => return self.empirical(node),
            "constant" | "exponential" if !matches!(node.value, Value::Table(_)) => {
                let shape = if word == "constant" {
                    Shape::Constant
                } else {
                    Shape::Exponential
                };
                return self.span(node).map(|mean| Varying {
                    mean,
                    shape,
                    inner: None,
                });
            }
            _ => {}
        }
        let Value::Table(entries) = &node.value else {
            self.bad(
                node,
                &format!("{word} 由 {} 给出", known.join("、")),
                &format!("{word} is given by {}", known.join(", ")),
            );
            return None;
        };
        if let Some(stray) = entries
            .iter()
            .find(|entry| !known.contains(&entry.key.as_str()))
        {
            let (shown, known) = (shown(&stray.key), listed(known.iter().copied()));
            self.problems.error(
                "S118",
                stray.key_place,
                Words::new(
                    format!("{word} 没有 `{shown}`"),
                    format!("{word} has no `{shown}`"),
                ),
                Words::new(
                    format!("可写：{}", known.zh),
                    format!("known here: {}", known.en),
                ),
            );
            return None;
        }
        match word {
            "uniform" => self.uniform(node),
            "triangular" => self.triangular(node),
            _ => self.by_mean(word, node),
        }
    }

    /// The shape of this name and what it is given by.
    fn shape(
        &mut self,
        word: &str,
        whole: &Node,
    ) -> Option<(&'static str, &'static [&'static str])> {
        let mut shapes = SHAPES.iter();
        if let Some(found) = shapes.find(|(shape, _)| shape.eq_ignore_ascii_case(word)) {
            return Some(*found);
        }
        let names = || SHAPES.iter().map(|(shape, _)| *shape);
        let help = nearest(word, names()).map_or_else(
            || {
                let known = listed(names());
                Words::new(
                    format!("可用：{}", known.zh),
                    format!("known: {}", known.en),
                )
            },
            did_you_mean,
        );
        let shown = shown(word);
        let what = Words::new(
            format!("没有叫 \"{shown}\" 的分布"),
            format!("there is no distribution \"{shown}\""),
        );
        self.problems.error("S118", whole.place, what, help);
        None
    }

    /// Distributions given by their mean and how much they vary.
    fn by_mean(&mut self, word: &str, node: &Node) -> Option<Varying> {
        let written = self.part(word, node, "mean")?;
        let (mean, inner) = self.mean(word, written)?;
        let shape = match word {
            "constant" => Shape::Constant,
            "exponential" => Shape::Exponential,
            "weibull" => {
                let shape = self.part(word, node, "shape")?;
                Shape::Weibull(self.number(shape, 0.1, 100.0)?)
            }
            _ => {
                let cv = self.variation(word, node, mean)?;
                match word {
                    _ if cv == 0.0 => Shape::Constant,
                    "gamma" => Shape::Gamma(cv),
                    _ => Shape::Lognormal(cv),
                }
            }
        };
        if mean == Span::ZERO && shape != Shape::Constant {
            self.bad(
                written,
                "均值为零的时间不会变化",
                "a length whose mean is zero cannot vary",
            );
            return None;
        }
        Some(Varying { mean, shape, inner })
    }

    /// A mean, which may be qualified.
    fn mean(&mut self, word: &str, node: &Node) -> Option<(Span, Option<InnerBelief>)> {
        if !standing::is_qualified(node) {
            return self.span(node).map(|mean| (mean, None));
        }
        let (plain, mut belief) = standing::qualified(self.key, node, self.problems)?;
        let mean = self.span(plain)?;
        if let Some(range) = node.get("range") {
            belief.range = Some(Box::new(standing::range(
                self.key,
                &Datum::Span(mean),
                plain,
                range,
                self.problems,
            )?));
        }
        Some((
            mean,
            Some(InnerBelief {
                address: format!("{}.{word}.mean", self.address),
                written: value::written(plain),
                belief,
            }),
        ))
    }

    /// The coefficient of variation, given or from the standard deviation.
    fn variation(&mut self, word: &str, node: &Node, mean: Span) -> Option<f64> {
        match (node.get("cv"), node.get("sd")) {
            (Some(cv), None) => self.number(cv, 0.0, 20.0),
            (None, Some(sd)) if mean > Span::ZERO => {
                let cv = self.free_span(sd)?.seconds() / mean.seconds();
                if cv > 20.0 {
                    self.bad(
                        sd,
                        "标准差超过均值的 20 倍",
                        "the standard deviation is over 20 times the mean",
                    );
                    return None;
                }
                Some(cv)
            }
            (None, Some(_)) => Some(0.0),
            _ => {
                self.bad(
                    node,
                    &format!("{word} 需要 cv（变异系数）或 sd（标准差），二者写一"),
                    &format!("{word} needs either `cv` (coefficient of variation) or `sd` (standard deviation)"),
                );
                None
            }
        }
    }

    fn uniform(&mut self, node: &Node) -> Option<Varying> {
        let (low, high) = (
            self.end(node, "low", "uniform")?,
            self.end(node, "high", "uniform")?,
        );
        if low > high {
            self.bad(node, "low 大于 high", "`low` is above `high`");
            return None;
        }
        let mean = self.limited(low.midpoint(high), node)?;
        let shape = if low < high {
            Shape::Uniform((high - low) / (high + low))
        } else {
            Shape::Constant
        };
        Some(Varying {
            mean,
            shape,
            inner: None,
        })
    }

    fn triangular(&mut self, node: &Node) -> Option<Varying> {
        let ends = (
            self.end(node, "low", "triangular")?,
            self.end(node, "mode", "triangular")?,
            self.end(node, "high", "triangular")?,
        );
        let (low, mode, high) = ends;
        if low > mode || mode > high {
            self.bad(
                node,
                "应有 low ≤ mode ≤ high",
                "`low`, `mode` and `high` must be in this order",
            );
            return None;
        }
        let center = (low + mode + high) / 3.0;
        let mean = self.limited(center, node)?;
        let shape = if low < high {
            Shape::Triangular([low / center, mode / center, high / center])
        } else {
            Shape::Constant
        };
        Some(Varying {
            mean,
            shape,
            inner: None,
        })
    }

    fn empirical(&mut self, node: &Node) -> Option<Varying> {
        let Value::List(list) = &node.value else {
            self.bad(
                node,
                "empirical 是一列观测到的时间",
                "empirical is a list of observed lengths",
            );
            return None;
        };
        if list.is_empty() || list.len() > 10_000 {
            self.bad(
                node,
                "empirical 需要 1 到 10000 个时间",
                "empirical needs 1 to 10,000 lengths",
            );
            return None;
        }
        let mut lengths = Vec::with_capacity(list.len());
        for node in list {
            lengths.push(self.free_span(node)?.seconds());
        }
        lengths.sort_by(f64::total_cmp);
        let center = lengths.iter().sum::<f64>() / lengths.len() as f64;
        let mean = self.limited(center, node)?;
        let shape = if lengths[0] < lengths[lengths.len() - 1] {
            Shape::Empirical(lengths.iter().map(|length| length / center).collect())
        } else {
            Shape::Constant
        };
        Some(Varying {
            mean,
            shape,
            inner: None,
        })
    }

    /// A part of a distribution, which must be there.
    fn part<'n>(&mut self, word: &str, node: &'n Node, part: &str) -> Option<&'n Node> {
        let found = node.get(part);
        if found.is_none() {
            self.bad(
                node,
                &format!("{word} 缺少 `{part}`"),
                &format!("{word} needs `{part}`"),
            );
        }
        found
    }

    /// The seconds of an end of a distribution.
    fn end(&mut self, node: &Node, part: &str, word: &str) -> Option<f64> {
        let end = self.part(word, node, part)?;
        self.free_span(end).map(Span::seconds)
    }

    fn number(&mut self, node: &Node, least: f64, most: f64) -> Option<f64> {
        let number = match &node.value {
            Value::Integer(number) => *number as f64,
            Value::Float(number) => *number,
            Value::Text(_) | Value::Boolean(_) | Value::List(_) | Value::Table(_) => f64::NAN,
        };
        if (least..=most).contains(&number) {
            return Some(number);
        }
        self.bad(
            node,
            &format!("这里需要 {least} 到 {most} 之间的数"),
            &format!("a number from {least} to {most} is needed here"),
        );
        None
    }

    /// A length that may be the mean.
    fn span(&mut self, node: &Node) -> Option<Span> {
        let span = self.free_span(node)?;
        self.limited(span.seconds(), node)
    }

    /// Any length.
    fn free_span(&mut self, node: &Node) -> Option<Span> {
        let read = match &node.value {
            Value::Text(text) => text::span(text),
            Value::Integer(0) => Ok(Span::ZERO),
            Value::Integer(_) | Value::Float(_) => Err(text::Fault::NoUnit),
            Value::Boolean(_) | Value::List(_) | Value::Table(_) => {
                value::wrong_kind_of(
                    self.key.name(),
                    Kind::Span {
                        least: Span::ZERO,
                        most: text::LONGEST,
                    },
                    node,
                    self.problems,
                );
                return None;
            }
        };
        match read {
            Ok(span) => Some(span),
            Err(fault) => {
                value::complain(self.key, node, &fault, self.problems);
                None
            }
        }
    }

    fn limited(&mut self, seconds: f64, node: &Node) -> Option<Span> {
        let (mean, (least, most)) = (Span::from_seconds(seconds), self.limits);
        if least <= mean && mean <= most {
            return Some(mean);
        }
        let (least, most, name) = (
            text::print_span(least),
            text::print_span(most),
            self.key.name(),
        );
        self.problems.error(
            "S105",
            node.place,
            Words::new(
                format!(
                    "`{name}` 的均值应在 {least} 到 {most} 之间，这里是 {}",
                    text::print_span(mean)
                ),
                format!(
                    "the mean of `{name}` must be from {least} to {most}, and here is {}",
                    text::print_span(mean)
                ),
            ),
            Words::new("检查数和单位", "check the number and its unit"),
        );
        None
    }

    fn bad(&mut self, node: &Node, zh: &str, en: &str) {
        self.problems.error(
            "S118",
            node.place,
            Words::new(
                format!("`{}`：{zh}", self.key.name()),
                format!("`{}`: {en}", self.key.name()),
            ),
            Words::new(
                "如 \"45 s\"，或 { lognormal = { mean = \"45 s\", cv = 0.4 } }",
                "such as \"45 s\", or { lognormal = { mean = \"45 s\", cv = 0.4 } }",
            ),
        );
    }
}
