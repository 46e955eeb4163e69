//! Values in the words of people: `平均 6 分钟` and `mean 6 min` for what a file writes as a distribution.

use super::checked::{Datum, Varying};
use super::value;
use super::walk::plain_node;
use crate::model::assumption::Phrase;
use crate::model::coming::Sizes;
use crate::model::service::Shape;
use crate::scenario::keys::{Key, Kind, Word};
use crate::scenario::problem::Problems;
use crate::units::text::{
    grouped, print_clock, print_moment, print_share, print_span, print_window,
};
use crate::units::{PerHour, Span};

/// A value of a key; tables have no words of their own.
pub(super) fn said(datum: &Datum<'_>, key: &Key) -> Phrase {
    match datum {
        Datum::Text(text) => same(text.clone()),
        Datum::Texts(texts) => joined(texts.iter().map(|(text, _)| word(text, key.kind))),
        Datum::Word(text) => word(text, key.kind),
        Datum::Count(count) => same(grouped(&count.to_string())),
        Datum::Number(speed) if key.kind == Kind::Speed => unit(*speed, "公里/小时", "km/h"),
        Datum::Number(number) => same(figure(*number)),
        Datum::Span(at) if key.kind == Kind::Clock => same(print_clock(*at)),
        Datum::Span(length) => span(*length),
        Datum::Pace(pace) => self::pace(*pace, key.kind),
        Datum::Share(share) => same(print_share(*share)),
        Datum::Moment(moment) => same(print_moment(*moment)),
        Datum::Window(window) => same(print_window(*window)),
        Datum::Windows(windows) => joined(windows.iter().map(|&window| same(print_window(window)))),
        Datum::Duration(varying) => duration(varying),
        Datum::Weights(weights) => joined(weights.iter().map(|&weight| same(figure(weight)))),
        Datum::Sizes(sizes) => mean_size(sizes),
        Datum::Flag(true) => phrase("是", "yes"),
        Datum::Flag(false) => phrase("否", "no"),
        Datum::Table(_) | Datum::Tables(_) => same(String::new()),
    }
}

/// The default of a key, if it has one that is a single value.
pub(super) fn default(key: &'static Key) -> Option<Phrase> {
    let text = format!("value = {}", key.default?);
    let (_, value) = toml::from_str::<toml::Table>(&text)
        .ok()?
        .into_iter()
        .next()?;
    let node = plain_node(value);
    let item = value::item(key, &node, "", &mut Problems::default())?;
    Some(said(&item.datum, key))
}

/// A range from the least to the most.
pub(super) fn range(low: &Datum<'_>, high: &Datum<'_>, key: &Key) -> Phrase {
    between(&said(low, key), &said(high, key))
}

/// From one to the other; a unit that both have is said once.
fn between(low: &Phrase, high: &Phrase) -> Phrase {
    let join = |low: &str, high: &str| match (low.split_once(' '), high.split_once(' ')) {
        (Some((least, unit)), Some((_, same))) if unit == same && !unit.contains(' ') => {
            format!("{least}–{high}")
        }
        _ => format!("{low}–{high}"),
    };
    phrase(join(&low.zh, &high.zh), join(&low.en, &high.en))
}

/// A mean within a distribution.
pub(super) fn span(length: Span) -> Phrase {
    let days = length.millis() / Span::DAY.millis();
    if days >= 2 && length.millis() % Span::DAY.millis() == 0 {
        return phrase(format!("{days} 天"), format!("{days} days"));
    }
    let en = print_span(length);
    let whole_minutes = en.contains(" h") && en.contains(" min");
    let zh = en
        .replace(
            "min",
            if en.contains('s') || whole_minutes {
                "分"
            } else {
                "分钟"
            },
        )
        .replace('h', "小时")
        .replace('s', "秒");
    phrase(zh, en)
}

fn duration(varying: &Varying) -> Phrase {
    let of = |share: f64| span(Span::from_seconds(varying.mean.seconds() * share));
    let mean = span(varying.mean);
    let about = |zh: String, en: String| {
        phrase(
            format!("平均 {}，{zh}", mean.zh),
            format!("mean {}, {en}", mean.en),
        )
    };
    let spread = |cv: f64, zh: &str, en: &str| {
        let cv = figure(cv);
        about(format!("变异系数 {cv}（{zh}）"), format!("cv {cv} ({en})"))
    };
    match &varying.shape {
        Shape::Constant => mean,
        Shape::Exponential => about("指数分布".into(), "exponential".into()),
        Shape::Gamma(cv) => spread(*cv, "伽马", "gamma"),
        Shape::Lognormal(cv) => spread(*cv, "对数正态", "lognormal"),
        Shape::Weibull(shape) => {
            let shape = figure(*shape);
            about(
                format!("韦布尔分布，形状 {shape}"),
                format!("Weibull, shape {shape}"),
            )
        }
        Shape::Uniform(half) => {
            let (low, high) = (of(1.0 - half), of(1.0 + half));
            let all = between(&low, &high);
            phrase(
                format!("{}，均匀分布", all.zh),
                format!("{}, uniform", all.en),
            )
        }
        Shape::Triangular([low, mode, high]) => {
            let (low, mode, high) = (of(*low), of(*mode), of(*high));
            let all = between(&low, &high);
            phrase(
                format!("{}，最可能 {}（三角分布）", all.zh, mode.zh),
                format!("{}, most likely {} (triangular)", all.en, mode.en),
            )
        }
        Shape::Empirical(values) => {
            let count = values.len();
            about(
                format!("{count} 个实测值"),
                format!("{count} measured values"),
            )
        }
    }
}

fn pace(pace: PerHour, kind: Kind) -> Phrase {
    let tubes = matches!(kind, Kind::Pace { noun: "tubes" });
    let (zh, en) = if tubes {
        ("管/小时", "tubes/h")
    } else {
        ("人/小时", "people/h")
    };
    unit(pace.0, zh, en)
}

fn mean_size(Sizes(shares): &Sizes) -> Phrase {
    let sizes = shares.iter().zip(1_u32..);
    let mean: f64 = sizes.map(|(share, size)| share * f64::from(size)).sum();
    let mean = figure((mean * 100.0).round() / 100.0);
    phrase(format!("平均 {mean}"), format!("mean {mean}"))
}

/// What a tube may hold in place of a number.
const HOUSEHOLDS: &[Word] = &[Word {
    word: "household",
    also: &["一户一管"],
}];

/// A word of the language as people say it: in Chinese by its first Chinese name, in English without hyphens.
fn word(text: &str, kind: Kind) -> Phrase {
    let known = if let Kind::Word(words) | Kind::Words(words) = kind {
        words
    } else if let Kind::Pool { .. } = kind {
        HOUSEHOLDS
    } else {
        &[]
    };
    let Some(found) = known.iter().find(|known| known.word == text) else {
        return same(text.to_owned());
    };
    let mut names = found.also.iter();
    let zh = names.find(|name| {
        name.chars()
            .any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
    });
    phrase(*zh.unwrap_or(&found.word), text.replace('-', " "))
}

/// A number with its thousands apart, as exact as it was given.
fn figure(number: f64) -> String {
    grouped(&number.to_string())
}

fn unit(number: f64, zh: &str, en: &str) -> Phrase {
    let number = figure(number);
    phrase(format!("{number} {zh}"), format!("{number} {en}"))
}

fn joined(phrases: impl Iterator<Item = Phrase>) -> Phrase {
    let (zh, en): (Vec<_>, Vec<_>) = phrases.map(|phrase| (phrase.zh, phrase.en)).unzip();
    phrase(zh.join("、"), en.join(", "))
}

fn same(text: String) -> Phrase {
    phrase(text.clone(), text)
}

fn phrase(zh: impl Into<String>, en: impl Into<String>) -> Phrase {
    Phrase {
        zh: zh.into(),
        en: en.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::keys::KEYS;

    fn key(path: &str) -> &'static Key {
        KEYS.iter()
            .find(|key| key.path == path)
            .expect("the key is in the catalogue")
    }

    fn says(path: &str, value: &str) -> (String, String) {
        let text = format!("value = {value}");
        let mut table = toml::from_str::<toml::Table>(&text).expect("it is TOML");
        let node = plain_node(table.remove("value").expect("it is there"));
        let mut problems = Problems::default();
        let item = value::item(key(path), &node, "", &mut problems).expect("it is sound");
        let phrase = said(&item.datum, item.key);
        (phrase.zh, phrase.en)
    }

    fn both(zh: &str, en: &str) -> (String, String) {
        (zh.to_owned(), en.to_owned())
    }

    #[test]
    fn lengths_of_time_are_exact_in_both_languages() {
        assert_eq!(says("coming.notice", "'45 min'"), both("45 分钟", "45 min"));
        assert_eq!(
            says("coming.notice", "'108 min'"),
            both("1 小时 48 分", "1 h 48 min")
        );
        assert_eq!(
            says("lane.tube_change", "'1.5 min'"),
            both("1 分 30 秒", "1 min 30 s")
        );
        assert_eq!(says("lane.tube_change", "'0 s'"), both("0 秒", "0 s"));
        assert_eq!(span(Span::HOUR * 48).zh, "2 天");
        assert_eq!(span(Span::HOUR * 24).en, "24 h");
    }

    #[test]
    fn distributions_are_told_by_their_mean_and_spread() {
        let road = "couriers[].road";
        assert_eq!(
            says(road, "{ lognormal = { mean = '6 min', cv = 0.4 } }"),
            both(
                "平均 6 分钟，变异系数 0.4（对数正态）",
                "mean 6 min, cv 0.4 (lognormal)"
            )
        );
        assert_eq!(
            says(
                road,
                "{ triangular = { low = '8 min', mode = '10 min', high = '20 min' } }"
            ),
            both(
                "8–20 分钟，最可能 10 分钟（三角分布）",
                "8–20 min, most likely 10 min (triangular)"
            )
        );
        assert_eq!(
            says(road, "{ exponential = { mean = '6 min' } }"),
            both("平均 6 分钟，指数分布", "mean 6 min, exponential")
        );
    }

    #[test]
    fn a_unit_that_both_ends_have_is_said_once() {
        let of =
            |low: i64, high: i64| between(&span(Span::MINUTE * low), &span(Span::MINUTE * high));
        assert_eq!(of(10, 30).zh, "10–30 分钟");
        assert_eq!(of(60, 240).en, "1–4 h");
        assert_eq!(of(30, 60).en, "30 min–1 h");
        assert_eq!(of(150, 360).zh, "2 小时 30 分–6 小时");
        assert_eq!(of(90, 210).en, "1 h 30 min–3 h 30 min");
    }

    #[test]
    fn words_shares_and_counts_are_as_people_say_them() {
        assert_eq!(
            says("hours.at_close", "'send-home'"),
            both("请回", "send home")
        );
        assert_eq!(
            says("lane.pace", "'60 people/h'"),
            both("60 人/小时", "60 people/h")
        );
        assert_eq!(
            says("walking.speed", "'4.5 km/h'"),
            both("4.5 公里/小时", "4.5 km/h")
        );
        assert_eq!(says("cells[].residents", "12800"), both("12,800", "12,800"));
        assert_eq!(
            says("hours.open", "['07:00-12:00', '13:00-19:00']").0,
            "07:00-12:00、13:00-19:00"
        );
    }

    #[test]
    fn every_word_that_may_be_chosen_has_a_chinese_name() {
        for key in KEYS {
            if let Kind::Word(words) | Kind::Words(words) = key.kind
                && !matches!(key.parent(), "" | "precision")
            {
                for known in words {
                    assert_ne!(word(known.word, key.kind).zh, known.word, "{}", key.path);
                }
            }
        }
    }
}
