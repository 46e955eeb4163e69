//! How sure it is that everything is done by each hour.

use super::places::titled;
use super::{provenance, words};
use crate::chart::{Across, Axis, Chart, Color, Dash, Dot, Join, Line, Mark, Tick, Weight, ticks};
use crate::experiment::results::{Probability, Results};
use crate::id::RoundId;
use crate::model::Model;
use crate::report::number::Calendar;
use crate::units::Span;
use crate::units::language::Language;

/// The share of replications in which the last result is out by each hour, with its interval; none where it is the same hour in all.
pub(super) fn chances(
    model: &Model,
    results: &Results,
    (id, language): (RoundId, Language),
) -> Option<Chart> {
    let round = &model.rounds[id];
    let done = &results.risks[id].done;
    let (first, last) = (done.first()?.0, done.last()?.0);
    if done.len() < 3 {
        return None;
    }
    let deadline = round.deadline.since(round.opens).hours();
    let shown_deadline = deadline <= f64::from(last) + 0.5 * f64::from(last - first) + 2.0;
    let to = if shown_deadline {
        f64::from(last).max(deadline)
    } else {
        f64::from(last)
    };
    let from = f64::from(first).min(if shown_deadline { deadline } else { f64::MAX });
    let clock = |hours: f64| {
        let moment = round.opens + Span::from_seconds(hours * 3_600.0);
        words::moment(model.first_day, moment, round.opens, language)
    };
    let on_time = results.on_time[id];
    let dot = shown_deadline.then(|| Dot {
        x: deadline,
        y: on_time.share * 100.0,
        label: by_deadline(done, (deadline, on_time.share), language),
        color: Color::Vermilion,
    });
    Some(Chart {
        title: titled(
            model,
            id,
            language.pick(
                "几点前全部出完的把握",
                "the chance that all is done by each hour",
            ),
            language,
        ),
        subtitle: says(done, on_time, (&clock, results.replications), language),
        x: axis_x(model, id, (from, to), language),
        y: axis_y(language),
        lines: vec![line(done, to)],
        band: language.pick("95% 置信区间", "95% interval").to_owned(),
        marks: shown_deadline
            .then(|| Mark {
                at: Across::X(deadline),
                labels: vec![
                    language.pick(
                        format!("时限\u{a0}{}", clock(deadline)),
                        format!("Deadline {}", clock(deadline)),
                    ),
                    language.pick("时限", "Deadline").to_owned(),
                ],
                color: Color::Ink,
            })
            .into_iter()
            .collect(),
        dots: dot.into_iter().collect(),
        footnote: provenance(model, results, language),
        ..Chart::default()
    })
}

/// The share that is on time. It is less than that with the last result out where somebody has none at all, which is said.
fn by_deadline(
    done: &[(u32, Probability)],
    (deadline, share): (f64, f64),
    language: Language,
) -> String {
    let said = words::percent(share);
    let out = done.iter().rfind(|(hour, _)| f64::from(*hour) <= deadline);
    if out.is_some_and(|(_, chance)| chance.share - share > 0.005) {
        language.pick(
            format!("人人有结果的 {said}"),
            format!("{said} with a result for everyone"),
        )
    } else {
        said
    }
}

/// By when half and nearly all replications are done, and how many by the deadline.
fn says(
    done: &[(u32, Probability)],
    on_time: Probability,
    (clock, replications): (&dyn Fn(f64) -> String, u32),
    language: Language,
) -> String {
    let by = |least: f64| {
        let found = done.iter().find(|(_, chance)| chance.share >= least);
        found.map(|(hour, chance)| (clock(f64::from(*hour)), words::percent(chance.share)))
    };
    let mut reached: Vec<(String, String)> = [0.5, 0.95].into_iter().filter_map(by).collect();
    reached.dedup();
    let mut parts: Vec<String> = reached
        .into_iter()
        .map(|(at, share)| {
            language.pick(
                format!("{at} 前出完的占 {share}"),
                format!("out by {at} in {share}"),
            )
        })
        .collect();
    let [share, lo, hi] = [on_time.share, on_time.lo, on_time.hi].map(words::percent);
    parts.push(language.pick(
        format!("赶上时限的占 {share}（{replications} 次推演，{lo} 至 {hi}）"),
        format!("all in time in {share} of {replications} replications ({lo} to {hi})"),
    ));
    super::title(&parts.join(language.pick("；", ", ")))
}

fn line(done: &[(u32, Probability)], to: f64) -> Line {
    let last = done.last().map(|(_, chance)| (to, *chance));
    let all: Vec<(f64, Probability)> = done
        .iter()
        .map(|(hour, chance)| (f64::from(*hour), *chance))
        .chain(last.filter(|(to, _)| done.last().is_some_and(|(hour, _)| f64::from(*hour) < *to)))
        .collect();
    Line {
        name: String::new(),
        color: Color::Blue,
        dash: Dash::Solid,
        weight: Weight::Strong,
        join: Join::Straight,
        points: all
            .iter()
            .map(|(hour, chance)| (*hour, chance.share * 100.0))
            .collect(),
        band: all
            .iter()
            .map(|(hour, chance)| (*hour, chance.lo * 100.0, chance.hi * 100.0))
            .collect(),
    }
}

fn axis_x(model: &Model, id: RoundId, (from, to): (f64, f64), language: Language) -> Axis {
    let calendar = Calendar {
        first_day: model.first_day,
        language,
    };
    let room = (to - from).max(1.0) * 0.04;
    let (from, to) = (from - room, to + room);
    let opens = model.rounds[id].opens;
    // Whole hours of the clock, counted from the opening.
    let start = opens.time_of_day().hours();
    let whole: Vec<f64> = ticks::hours(from + start, to + start, 12)
        .into_iter()
        .map(|hour| hour - start)
        .collect();
    let ticks: Vec<Tick> = calendar.along(opens, &whole);
    Axis {
        label: language
            .pick("全部结果出完的时刻", "When the last result is out")
            .to_owned(),
        from,
        to,
        ticks,
    }
}

fn axis_y(language: Language) -> Axis {
    let tick = |k: u32| Tick {
        at: f64::from(k) * 20.0,
        label: format!("{}%", k * 20),
    };
    Axis {
        label: language
            .pick(
                "到这时已全部出完的推演占比",
                "Replications that are done by then",
            )
            .to_owned(),
        from: 0.0,
        to: 103.0,
        ticks: (0..=5).map(tick).collect(),
    }
}
