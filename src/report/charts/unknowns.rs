//! Luck and ignorance: what each quantity that nobody knows does to the last result, and how much of the spread is chance.

use super::places::titled;
use super::rows::{self, Bar, Row};
use super::{NAMES, provenance, words};
use crate::chart::{Across, Axis, Chart, Color, Fill, Mark, Tick, ticks};
use crate::experiment::influence::Influence;
use crate::experiment::results::{Origin, Results};
use crate::id::RoundId;
use crate::model::Model;
use crate::model::assumption::Phrase;
use crate::report::layout::crop;
use crate::report::number::percent;
use crate::units::Span;
use crate::units::language::Language;

/// A share of the spread that is not worth saying where it comes from.
const LITTLE: f64 = 0.05;

/// The last result where each unknown is low or high, the strongest on top; none where everything is known.
pub(super) fn unknowns(
    model: &Model,
    results: &Results,
    (id, language): (RoundId, Language),
) -> Option<Chart> {
    let round = &model.rounds[id];
    let ends = results.outcome.rounds[id].results_end_min;
    let origin = ends.origin.filter(|origin| origin.ignorance.is_finite())?;
    let opens = round.opens.millis() as f64 / 3.6e6;
    let hour = |minutes: f64| opens + minutes / 60.0;
    let all: Vec<&Influence> = results.influences[id]
        .iter()
        .filter(|influence| {
            influence.low.results_end_min.is_finite() && influence.high.results_end_min.is_finite()
        })
        .enumerate()
        .filter(|(at, influence)| *at == 0 || influence.share >= 0.005)
        .map(|(_, influence)| influence)
        .take(rows::MOST)
        .collect();
    let strongest = *all.first()?;
    let clock = |minutes: f64| {
        let moment = round.opens + Span::from_seconds(minutes * 60.0);
        words::moment(model.first_day, moment, round.opens, language)
    };
    let middle = round.opens + Span::from_seconds(ends.mean * 60.0);
    // Behind the bars the day is said only where it is not that of the mean, which stands above.
    let short = |minutes: f64| {
        let moment = round.opens + Span::from_seconds(minutes * 60.0);
        words::moment(model.first_day, moment, middle, language)
    };
    let reach = all.iter().flat_map(|influence| {
        [
            influence.low.results_end_min,
            influence.high.results_end_min,
        ]
        .map(hour)
    });
    let (least, most) = reach.fold((hour(ends.mean), hour(ends.mean)), |(low, high), at| {
        (low.min(at), high.max(at))
    });
    let row =
        |influence: &&Influence| bar(model, influence, (&hour, &short, hour(ends.mean)), language);
    let rows: Vec<Row> = all.iter().map(row).collect();
    let what = &model.unknowns[strongest.unknown].called;
    let wide = (most - least).max(0.5);
    Some(Chart {
        title: titled(
            model,
            id,
            language.pick("最后的结果有多大把握", "how sure the last result is"),
            language,
        ),
        subtitle: says(origin, (clock(ends.p05), clock(ends.p95)), what, language),
        lines: vec![
            rows::named(language.pick("偏低的三分之一", "lowest third"), Color::Blue),
            rows::named(
                language.pick("偏高的三分之一", "highest third"),
                Color::Orange,
            ),
        ],
        marks: vec![Mark {
            at: Across::X(hour(ends.mean)),
            labels: vec![language.pick(
                format!("平均 {}", clock(ends.mean)),
                format!("Mean {}", clock(ends.mean)),
            )],
            color: Color::Ink,
        }],
        footnote: provenance(model, results, language),
        ..rows::chart(
            &rows,
            axis((least - wide * 0.04, most + wide * 0.75), language),
        )
    })
}

/// Between which moments most replications end, and why they differ.
fn says(
    origin: Origin,
    (earliest, latest): (String, String),
    what: &Phrase,
    language: Language,
) -> String {
    let what = crop(what.says(language), NAMES);
    let (luck, ignorance) = (percent(origin.luck), percent(origin.ignorance));
    let between = language.pick(
        format!("90% 的推演在 {earliest} 到 {latest} 之间；"),
        format!("90% of replications end between {earliest} and {latest}; "),
    );
    let why = if origin.ignorance < LITTLE {
        language.pick(
            "起伏几乎全是运气，没有确数的量影响很小".to_owned(),
            "nearly all of the spread is luck, what nobody knows matters little".to_owned(),
        )
    } else {
        language.pick(
            format!("起伏的 {ignorance} 来自没有确数的量，{luck} 是运气；影响最大的是{what}"),
            format!("{ignorance} of the spread comes from not knowing, {luck} from luck; what matters most: {what}"),
        )
    };
    between + &why
}

/// What converts minutes after the opening, to hours and to words; and the hour of the mean.
type Scale<'a> = (&'a dyn Fn(f64) -> f64, &'a dyn Fn(f64) -> String, f64);

fn bar(
    model: &Model,
    influence: &Influence,
    (hour, clock, middle): Scale<'_>,
    language: Language,
) -> Row {
    let unknown = &model.unknowns[influence.unknown];
    let (low, high) = (
        influence.low.results_end_min,
        influence.high.results_end_min,
    );
    let half = |at: f64, color: Color| Bar {
        span: (at.min(middle), at.max(middle)),
        fill: Fill::Plain(color),
        labels: Vec::new(),
    };
    let (called, range) = (unknown.called.says(language), unknown.within.says(language));
    let (low_said, high_said, share) = (clock(low), clock(high), percent(influence.share));
    Row {
        label: language.pick(
            format!("{called}（{range}）"),
            format!("{called} ({range})"),
        ),
        bars: vec![
            half(hour(low), Color::Blue),
            half(hour(high), Color::Orange),
        ],
        words: language.pick(
            format!("低 {low_said}，高 {high_said}；占 {share}"),
            format!("low {low_said}, high {high_said}; {share}"),
        ),
    }
}

fn axis((from, to): (f64, f64), language: Language) -> Axis {
    let tick = |&at: &f64| Tick {
        at,
        label: words::clock(crate::units::Time::from_millis((at * 3.6e6).round() as i64)),
    };
    Axis {
        label: language
            .pick("全部结果出完的时刻", "When the last result is out")
            .to_owned(),
        from,
        to,
        ticks: ticks::hours(from, to, 12).iter().map(tick).collect(),
    }
}
