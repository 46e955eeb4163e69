//! How long people wait for their result: share of people against hours since the swab, a line for each round.

use super::{STEP_H, band_words, name, provenance, title, varies, words};
use crate::chart::{Across, Axis, Chart, Color, Dash, Dot, Join, Line, Mark, Tick, Weight, ticks};
use crate::experiment::results::{Figure, Results};
use crate::id::{Id as _, RoundId};
use crate::measure::outcome::RoundOutcome;
use crate::model::Model;
use crate::units::Span;
use crate::units::language::Language;

/// More rounds than this and only the first and the slowest have a color.
const EACH: usize = 4;

/// Share of people against hours from swab to published result, with the band of 5 to 95 % of replications.
pub fn turnaround(model: &Model, results: &Results, language: Language) -> Chart {
    let rounds = results
        .outcome
        .rounds
        .iter()
        .filter(|(_, round)| has_curve(round))
        .collect::<Vec<_>>();
    let slowest = rounds.iter().copied().max_by(|a, b| {
        a.1.turnaround_min
            .p95
            .mean
            .total_cmp(&b.1.turnaround_min.p95.mean)
    });
    let end = rounds
        .iter()
        .map(|(_, round)| end_h(round))
        .fold(0.5, f64::max);
    let deadlines = deadlines(model, &rounds, end);
    let to = deadlines
        .iter()
        .copied()
        .fold(end * 1.02, |to, deadline| to.max(deadline * 1.04));
    Chart {
        title: title(language.pick("采样到出结果用时", "from swab to result")),
        subtitle: slowest.map_or_else(
            || {
                language
                    .pick("没有出结果", "No result was published")
                    .to_owned()
            },
            |slowest| verdict(model, &rounds, slowest, language),
        ),
        x: axis_x(to, language),
        y: axis_y(language),
        lines: lines(model, &rounds, slowest.map(|(id, _)| id), to, language),
        band: band_words(language).to_owned(),
        marks: deadlines
            .iter()
            .map(|&hours| deadline(hours, language))
            .collect(),
        dots: slowest
            .map(|(_, round)| dots(round, rounds.len(), language))
            .unwrap_or_default(),
        footnote: provenance(model, results, language),
        ..Chart::default()
    }
}

type Round<'a> = (RoundId, &'a RoundOutcome<Figure>);

fn has_curve(round: &RoundOutcome<Figure>) -> bool {
    round
        .turnaround_curve
        .iter()
        .any(|figure| figure.mean.is_finite() && figure.mean > 0.0)
}

/// Where nearly everyone's result is out, in hours.
fn end_h(round: &RoundOutcome<Figure>) -> f64 {
    let curve = &round.turnaround_curve;
    curve
        .iter()
        .position(|figure| figure.mean >= 0.9995)
        .unwrap_or(curve.len()) as f64
        * STEP_H
}

/// The different lengths of the rounds' deadlines that are not far off the chart, in hours.
fn deadlines(model: &Model, rounds: &[Round], end: f64) -> Vec<f64> {
    const FAR: f64 = 3.0;
    let mut lengths = rounds
        .iter()
        .filter_map(|(id, _)| model.rounds.get(*id))
        .map(|round| round.deadline.since(round.opens))
        .collect::<Vec<_>>();
    lengths.sort();
    lengths.dedup();
    lengths
        .into_iter()
        .map(Span::hours)
        .filter(|&hours| hours > 0.0 && hours <= end * FAR)
        .collect()
}

fn deadline(hours: f64, language: Language) -> Mark {
    let length = words::length(hours * 60.0, language);
    let labels = vec![
        language.pick(
            format!("整轮时限\u{a0}{length}"),
            format!("{length}, the round's deadline"),
        ),
        language.pick(format!("时限\u{a0}{length}"), format!("Deadline {length}")),
        length,
    ];
    Mark {
        at: Across::X(hours),
        labels,
        color: Color::Ink,
    }
}

/// The answer in a sentence: the slowest round's median and 95th percentile, and its share in time.
fn verdict(model: &Model, rounds: &[Round], slowest: Round, language: Language) -> String {
    let half = words::length(reached(slowest.1, 0.5), language);
    let most = words::length(reached(slowest.1, 0.95), language);
    let share = in_time(slowest.1, language);
    let alike = rounds.iter().all(|(_, round)| alike(round, slowest.1));
    let round = model.rounds.get(slowest.0);
    let called = round.map_or("", |round| name(&round.name, language));
    let (chinese, english) = match (rounds.len(), alike) {
        (1, _) => (String::new(), "Half".to_owned()),
        (_, true) => ("各轮相近：".to_owned(), "All rounds alike: half".to_owned()),
        (_, false) => (
            format!("最慢的是{called}："),
            format!("Slowest, {called}: half"),
        ),
    };
    language.pick(
        format!(
            "{chinese}采样后 {half}内一半人出结果，{most}内 95% 的人出结果；时限前出结果的占 {share}"
        ),
        format!(
            "{english} have their result within {half} of the swab, 95% within {most}; {share} by the deadline"
        ),
    )
}

/// Whether two rounds take about as long: within 3 % at the median and the 95th percentile, and within half a point in time.
fn alike(round: &RoundOutcome<Figure>, slowest: &RoundOutcome<Figure>) -> bool {
    let (times, worst) = (round.turnaround_min, slowest.turnaround_min);
    let near = |a: Figure, b: Figure| (a.mean - b.mean).abs() <= 0.03 * b.mean;
    let late = round.published_by_deadline.mean - slowest.published_by_deadline.mean;
    near(times.p50, worst.p50) && near(times.p95, worst.p95) && late.abs() <= 0.005
}

/// The share of results out by the deadline, with its range over replications if it has one.
fn in_time(round: &RoundOutcome<Figure>, language: Language) -> String {
    let figure = round.published_by_deadline;
    let [mean, low, high] = [figure.mean, figure.p05, figure.p95].map(words::percent);
    if !varies(&figure) || low == high {
        return mean;
    }
    language.pick(
        format!("{mean}（{low} 至 {high}）"),
        format!("{mean} ({low} to {high})"),
    )
}

/// Hours, with ticks in minutes where there are only a few.
fn axis_x(to: f64, language: Language) -> Axis {
    const FEW: f64 = 3.0;
    let (label, unit) = if to > FEW {
        (language.pick("采样后的小时数", "Hours since the swab"), 1.0)
    } else {
        (
            language.pick("采样后的分钟数", "Minutes since the swab"),
            60.0,
        )
    };
    let tick = |at: f64| Tick {
        at,
        label: ticks::grouped(at * unit, 0),
    };
    Axis {
        label: label.to_owned(),
        from: 0.0,
        to,
        ticks: ticks::hours(0.0, to, 13)
            .into_iter()
            .filter(|at| (at * unit).fract() == 0.0)
            .map(tick)
            .collect(),
    }
}

fn axis_y(language: Language) -> Axis {
    let ticks = (0..=5)
        .map(|k| Tick {
            at: f64::from(k) * 20.0,
            label: format!("{}%", k * 20),
        })
        .collect();
    let label = language
        .pick("已出结果的人数占比", "People whose result is out")
        .to_owned();
    Axis {
        label,
        from: 0.0,
        to: 103.0,
        ticks,
    }
}

/// A line for each round, the slowest on top.
fn lines(
    model: &Model,
    rounds: &[Round],
    slowest: Option<RoundId>,
    to: f64,
    language: Language,
) -> Vec<Line> {
    let many = rounds.len() > EACH;
    let first = rounds.first().map(|(id, _)| *id);
    let mut lines = Vec::new();
    let mut others = 0;
    for (k, &(id, round)) in rounds.iter().enumerate() {
        let called = model.rounds.get(id).map_or_else(
            || (id.index() + 1).to_string(),
            |round| name(&round.name, language).to_owned(),
        );
        let slow = slowest == Some(id);
        let (label, color, dash, weight) = match (many, slow) {
            (false, _) if rounds.len() == 1 => {
                (String::new(), Color::Blue, Dash::Solid, Weight::Strong)
            }
            (false, _) => (called, Color::SERIES[k], Dash::SERIES[k], Weight::Normal),
            (true, true) => (
                language.pick(format!("最慢：{called}"), format!("Slowest: {called}")),
                Color::Vermilion,
                Dash::Solid,
                Weight::Strong,
            ),
            (true, false) if first == Some(id) => (called, Color::Blue, Dash::Long, Weight::Normal),
            (true, false) => {
                others += 1;
                (String::new(), Color::Grey, Dash::Solid, Weight::Thin)
            }
        };
        let band = if rounds.len() < EACH || slow {
            band(round, to)
        } else {
            Vec::new()
        };
        lines.push(Line {
            name: label,
            color,
            dash,
            weight,
            join: Join::Smooth,
            points: points(round, to),
            band,
        });
    }
    lines.sort_by_key(|line| line.weight != Weight::Thin);
    if let Some(other) = lines.iter_mut().find(|line| line.weight == Weight::Thin) {
        other.name = language.pick(
            format!("其余 {others} 轮"),
            format!("{others} other rounds"),
        );
    }
    lines
}

/// The curve in hours and percent, level from its end to the edge.
fn points(round: &RoundOutcome<Figure>, to: f64) -> Vec<(f64, f64)> {
    let curve = round
        .turnaround_curve
        .iter()
        .enumerate()
        .map(|(k, figure)| (k as f64 * STEP_H, figure.mean * 100.0));
    let level = round
        .turnaround_curve
        .last()
        .map(|figure| (to, figure.mean * 100.0));
    curve
        .take_while(|point| point.0 < to)
        .chain(level)
        .collect()
}

/// The band in hours and percent; empty if replications do not differ.
fn band(round: &RoundOutcome<Figure>, to: f64) -> Vec<(f64, f64, f64)> {
    let curve = &round.turnaround_curve;
    if !curve.iter().any(varies) {
        return Vec::new();
    }
    let bounds = |x: f64, figure: &Figure| (x, figure.p05 * 100.0, figure.p95 * 100.0);
    let level = curve.last().map(|figure| bounds(to, figure));
    curve
        .iter()
        .enumerate()
        .map(|(k, figure)| bounds(k as f64 * STEP_H, figure))
        .take_while(|point| point.0 < to)
        .chain(level)
        .collect()
}

/// The median and the 95th percentile, on the curve.
fn dots(round: &RoundOutcome<Figure>, count: usize, language: Language) -> Vec<Dot> {
    let color = if count == 1 { Color::Blue } else { Color::Ink };
    let named = [
        (reached(round, 0.5), language.pick("一半", "half")),
        (reached(round, 0.95), "95%"),
    ];
    let dots = named.into_iter().map(|(minutes, share)| {
        let length = words::length(minutes, language);
        Dot {
            x: minutes / 60.0,
            y: height(round, minutes / 60.0),
            label: format!("{share}{}{length}", language.pick("：", ": ")),
            color,
        }
    });
    dots.filter(|dot| dot.x.is_finite() && dot.y.is_finite())
        .collect()
}

/// When the curve reaches a share, in minutes; NaN if it never does.
///
/// Over the people of all replications, as the curve is drawn: where replications differ much, the mean of their own percentiles lies
/// elsewhere, and a dot at it would contradict the curve under it.
fn reached(round: &RoundOutcome<Figure>, share: f64) -> f64 {
    let curve = &round.turnaround_curve;
    let Some(k) = curve.iter().position(|figure| figure.mean >= share) else {
        return f64::NAN;
    };
    let (before, after) = (curve[k.saturating_sub(1)].mean, curve[k].mean);
    let part = if k > 0 && after > before {
        (share - before) / (after - before)
    } else {
        1.0
    };
    (k as f64 - 1.0 + part) * STEP_H * 60.0
}

/// The curve's percentage at an hour, between its points.
fn height(round: &RoundOutcome<Figure>, hour: f64) -> f64 {
    let place = hour / STEP_H;
    let at = |k: usize| {
        round
            .turnaround_curve
            .get(k)
            .or(round.turnaround_curve.last())
            .map_or(f64::NAN, |figure| figure.mean * 100.0)
    };
    let (before, after) = (at(place.floor() as usize), at(place.floor() as usize + 1));
    before + (after - before) * place.fract()
}
