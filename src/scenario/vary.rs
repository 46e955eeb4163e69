//! `KEY=VALUES`: a key of the scenario and the values it takes, in a sweep (`--vary`) or under a slider (`levers`).

use super::problem::Words;
use crate::units::Span;
use crate::units::text;

/// The most values of one key, whoever asks.
pub const MOST: usize = 1_000;

/// A key and its values, as text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Vary {
    /// The path in the scenario, as `--set` takes it.
    pub key: String,
    /// The values, in order, without repetition.
    pub values: Vec<String>,
}

/// Reads `KEY=A..B`, `KEY=A..B:STEP` or `KEY=A,B,C` with `most` values at most, which are no more than [`MOST`].
///
/// # Errors
/// What is wrong with it, if it is none of these.
pub fn read(text: &str, most: usize) -> Result<Vary, Words> {
    let vary = parts(text).map_err(|(zh, en)| Words::new(zh, en))?;
    if vary.values.len() > most {
        return Err(Words::new(
            format!("值太多，最多 {most} 个：缩小范围，或写步长，如 0..1000:50"),
            format!(
                "too many values, at most {most}: narrow the range or give a step, such as 0..1000:50"
            ),
        ));
    }
    Ok(vary)
}

fn parts(text: &str) -> Result<Vary, Why> {
    let Some((key, values)) = text.split_once('=') else {
        return Err(("这里缺少等号", "there is no equals sign"));
    };
    let (key, values) = (key.trim(), values.trim());
    if key.is_empty() || values.is_empty() {
        return Err(("等号两边都要写", "both sides of the equals sign are needed"));
    }
    let values = if let Some((low, rest)) = values.split_once("..") {
        let (high, step) = rest
            .split_once(':')
            .map_or((rest, None), |(high, step)| (high, Some(step)));
        range(low.trim(), high.trim(), step.map(str::trim))?
    } else {
        let mut listed: Vec<String> = Vec::new();
        for value in values.split(',').map(|value| value.trim().to_owned()) {
            if value.is_empty() {
                return Err(("逗号之间缺一个值", "a value is missing between commas"));
            }
            if !listed.contains(&value) {
                listed.push(value);
            }
        }
        listed
    };
    Ok(Vary {
        key: key.to_owned(),
        values,
    })
}

type Why = (&'static str, &'static str);

/// The values from `low` to `high`.
fn range(low: &str, high: &str, step: Option<&str>) -> Result<Vec<String>, Why> {
    if let (Ok(low), Ok(high)) = (low.parse::<i64>(), high.parse::<i64>()) {
        let step = match step {
            None => 1,
            Some(step) => step
                .parse()
                .map_err(|_| ("步长要是整数", "the step must be a whole number"))?,
        };
        return whole(low, high, step);
    }
    let lengths = (text::span(low), text::span(high));
    if let (Ok(from), Ok(to)) = lengths
        && low.parse::<f64>().is_err()
    {
        let step = match step {
            None => Span::from_seconds((to.seconds() - from.seconds()) / 4.0),
            Some(step) => text::span(step).map_err(|_| {
                (
                    "步长要是时间，如 30 min",
                    "the step must be a length of time, such as 30 min",
                )
            })?,
        };
        let values = evenly(from.seconds(), to.seconds(), step.seconds())?;
        return Ok(values
            .into_iter()
            .map(|seconds| text::print_span(Span::from_seconds(seconds)))
            .collect());
    }
    // A number with a unit behind it: 40 people/h..80 people/h, 40..80 people/h.
    let ((from, unit_from), (to, unit)) = (number(low)?, number(high)?);
    if !unit_from.is_empty() && unit_from != unit {
        return Err(("两端的单位不一样", "the two ends have different units"));
    }
    let step = match step {
        None => (to - from) / 4.0,
        Some(step) => number(step)?.0,
    };
    let values = evenly(from, to, step)?;
    let gap = if unit.is_empty() { "" } else { " " };
    Ok(values
        .into_iter()
        .map(|value| format!("{}{gap}{unit}", rounded(value)))
        .collect())
}

fn whole(low: i64, high: i64, step: i64) -> Result<Vec<String>, Why> {
    if step < 1 || high < low {
        return Err((
            "范围是空的：要从小到大，步长大于 0",
            "the range is empty: from low to high, the step above 0",
        ));
    }
    let step = usize::try_from(step).unwrap_or(usize::MAX);
    Ok((low..=high)
        .step_by(step)
        .take(MOST + 1)
        .map(|value| value.to_string())
        .collect())
}

fn evenly(from: f64, to: f64, step: f64) -> Result<Vec<f64>, Why> {
    let count = (to - from) / step;
    if !count.is_finite() || step <= 0.0 || count < 0.0 {
        return Err((
            "范围是空的：要从小到大，步长大于 0",
            "the range is empty: from low to high, the step above 0",
        ));
    }
    let last = (count + 1e-9).floor().min(MOST as f64) as u32;
    Ok((0..=last)
        .map(|index| from + f64::from(index) * step)
        .collect())
}

/// A number and the unit behind it.
fn number(text: &str) -> Result<(f64, &str), Why> {
    let end =
        text.find(|character: char| !(character.is_ascii_digit() || ".-+".contains(character)));
    let (digits, unit) = text.split_at(end.unwrap_or(text.len()));
    match digits.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok((number, unit.trim())),
        _ => Err((
            "两端要是数或时间",
            "both ends must be numbers or lengths of time",
        )),
    }
}

/// A number without the dust of adding steps.
fn rounded(value: f64) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values(text: &str) -> Vec<String> {
        read(text, MOST).unwrap().values
    }

    #[test]
    fn ranges_run_over_whole_numbers_lengths_and_numbers_with_units() {
        assert_eq!(values("a=2..5"), ["2", "3", "4", "5"]);
        assert_eq!(values("a=2..9:3"), ["2", "5", "8"]);
        assert_eq!(values("a=1 h..2 h:30 min"), ["1 h", "1 h 30 min", "2 h"]);
        assert_eq!(
            values("a=40..50 people/h:5"),
            ["40 people/h", "45 people/h", "50 people/h"]
        );
        assert_eq!(values("a=0.5..1.5"), ["0.5", "0.75", "1", "1.25", "1.5"]);
        assert_eq!(values("tubes.pool=5, 10,20,10"), ["5", "10", "20"]);
    }

    #[test]
    fn what_is_no_range_is_told() {
        for text in [
            "",
            "a",
            "a=",
            "=1..2",
            "a=5..2",
            "a=1..2:0",
            "a=1..x",
            "a=1,,2",
            "a=0..1000000",
            "a=1 h..2 people",
            "a=1..2:x",
        ] {
            assert!(read(text, MOST).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in "[a-z0-9.=:, -]{0,30}") {
            if let Ok(vary) = read(&text, MOST) {
                prop_assert!(!vary.values.is_empty() && vary.values.len() <= MOST);
            }
        }
    }
}
