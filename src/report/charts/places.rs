//! Sites and cells of the round in most danger, as bars: how long people wait where, and who is missing where.

use super::rows::{self, Bar, Row};
use super::{name, provenance, short, title, words};
use crate::chart::{Chart, Color, Fill};
use crate::experiment::results::Figure;
use crate::experiment::results::Results;
use crate::id::RoundId;
use crate::measure::outcome::{CellOutcome, SiteOutcome};
use crate::model::Model;
use crate::model::site::Missed;
use crate::report::number::{Calendar, count, percent};
use crate::report::verdict::order;
use crate::report::words::{beside, missed};
use crate::units::language::Language;

/// A wait of this many minutes is long: national guidance asks for less.
const LONG_WAIT: f64 = 30.0;
/// A color for each reason.
const COLORS: [Color; 4] = [Color::Blue, Color::Orange, Color::Purple, Color::Vermilion];

/// Mean waits at the sites of a round, the longest on top; none where nobody comes to a site.
pub(super) fn sites(
    model: &Model,
    results: &Results,
    (id, language): (RoundId, Language),
) -> Option<Chart> {
    let mut all: Vec<&SiteOutcome<Figure>> = results
        .outcome
        .sites
        .iter()
        .filter(|site| site.round == id && site.visits.is_none())
        .filter(|site| site.wait_min.mean.mean.is_finite())
        .collect();
    all.sort_by(|one, other| order(other.wait_min.mean.mean, one.wait_min.mean.mean));
    let worst = *all.first()?;
    let shown = all.len().min(rows::MOST);
    let unit = words::Unit::of(worst.wait_min.mean.mean);
    let row = |site: &&SiteOutcome<Figure>| site_row(model, site, unit, language);
    let rows: Vec<Row> = all.iter().take(shown).map(row).collect();
    let long = all
        .iter()
        .filter(|site| site.wait_min.mean.mean > LONG_WAIT)
        .count();
    let (place, wait) = (
        short(&model.sites[worst.site].name, language),
        words::length(worst.wait_min.mean.mean, language),
    );
    let total = all.len();
    let subtitle = language.pick(
        format!(
            "{}最久，平均等 {wait}；{total} 个采样点中 {long} 个平均要等 30 分钟以上",
            beside(&place, "")
        ),
        format!(
            "Longest at {place}, {wait} on average; people wait over 30 min at {} of {total} {}",
            if long == 0 {
                "none".to_owned()
            } else {
                count(long as f64)
            },
            if total == 1 { "site" } else { "sites" },
        ),
    );
    let most = unit.of_minutes(worst.wait_min.mean.mean.max(1.0));
    let named = unit.name(language);
    let axis = language.pick(
        format!("平均等候（{named}）"),
        format!("Mean wait ({named})"),
    );
    let axis = rows::numbers(most, 1.15, axis);
    let which = language.pick("各采样点等候", "waits by site");
    Some(Chart {
        title: titled(model, id, which, language),
        subtitle,
        footnote: footnote(model, results, (shown, all.len()), language),
        lines: vec![
            rows::named(language.pick("30 分钟以内", "up to 30 min"), Color::Blue),
            rows::named(
                language.pick("30 分钟以上", "over 30 min"),
                Color::Vermilion,
            ),
        ],
        ..rows::chart(&rows, axis)
    })
}

/// The mean wait at a site, with its queue, how busy it is, and when it is done.
fn site_row(
    model: &Model,
    site: &SiteOutcome<Figure>,
    unit: words::Unit,
    language: Language,
) -> Row {
    let calendar = Calendar {
        first_day: model.first_day,
        language,
    };
    let wait = site.wait_min.mean.mean;
    let opens = model.rounds[site.round].opens;
    let (clock, queue, busy) = (
        calendar.clock_after(opens, site.closes_min.mean),
        count(site.peak_queue.mean),
        percent(site.utilization.mean),
    );
    let minutes = match unit {
        words::Unit::Minutes => format!("{}\u{a0}{}", count(wait), language.pick("分钟", "min")),
        words::Unit::Hours => words::length(wait, language),
    };
    Row {
        label: name(&model.sites[site.site].name, language).to_owned(),
        bars: vec![Bar {
            span: (0.0, unit.of_minutes(wait)),
            fill: Fill::Plain(if wait > LONG_WAIT {
                Color::Vermilion
            } else {
                Color::Blue
            }),
            labels: Vec::new(),
        }],
        words: language.pick(
            format!("{minutes}，最长排 {queue} 人，忙 {busy}，{clock} 采完"),
            format!("{minutes}, queue up to {queue}, {busy} busy, done {clock}"),
        ),
    }
}

/// People missing by cell and reason, most on top; none where nobody is missing.
pub(super) fn cells(
    model: &Model,
    results: &Results,
    (id, language): (RoundId, Language),
) -> Option<Chart> {
    let mut all: Vec<&CellOutcome<Figure>> = results
        .outcome
        .cells
        .iter()
        .filter(|cell| cell.round == id && cell.missed.mean >= 0.05)
        .collect();
    all.sort_by(|one, other| order(other.missed.mean, one.missed.mean));
    let worst = *all.first()?;
    let shown = all.len().min(rows::MOST);
    let row = |cell: &&CellOutcome<Figure>| cell_row(model, cell, language);
    let rows: Vec<Row> = all.iter().take(shown).map(row).collect();
    let reasons = Missed::ALL.into_iter().enumerate().filter(|(reason, _)| {
        all.iter()
            .any(|cell| cell.missed_by.get(*reason).is_some_and(|by| by.mean > 0.0))
    });
    let lines = reasons
        .map(|(at, reason)| rows::named(missed(reason, language), COLORS[at % COLORS.len()]))
        .collect();
    let total: f64 = all.iter().map(|cell| cell.missed.mean).sum();
    let (total, place, most) = (
        count(total),
        short(&model.cells[worst.cell].name, language),
        decimal(worst.missed.mean),
    );
    let subtitle = language.pick(
        format!(
            "平均 {total} 人没有采到；最多的是{}，{most} 人",
            beside("", &place)
        ),
        format!("{total} people are not swabbed on average; most in {place}: {most}"),
    );
    let axis = rows::numbers(
        worst.missed.mean,
        0.6,
        language
            .pick("未采人数（平均）", "People missing (mean)")
            .to_owned(),
    );
    let which = language.pick("各网格未采", "who is missing, by cell");
    Some(Chart {
        title: titled(model, id, which, language),
        subtitle,
        footnote: footnote(model, results, (shown, all.len()), language),
        lines,
        ..rows::chart(&rows, axis)
    })
}

/// Who is missing in a cell, by reason.
fn cell_row(model: &Model, cell: &CellOutcome<Figure>, language: Language) -> Row {
    let mut at = 0.0;
    let bar = |(figure, color): (&Figure, Color)| {
        let from = at;
        at += figure.mean.max(0.0);
        Bar {
            span: (from, at),
            fill: Fill::Plain(color),
            labels: Vec::new(),
        }
    };
    let (people, share) = (
        decimal(cell.missed.mean),
        percent(cell.missed.mean / cell.due.mean),
    );
    let due = count(cell.due.mean);
    Row {
        label: name(&model.cells[cell.cell].name, language).to_owned(),
        bars: cell
            .missed_by
            .iter()
            .zip(COLORS.into_iter().cycle())
            .map(bar)
            .collect(),
        words: language.pick(
            format!("{people} 人，应检 {due} 人的 {share}"),
            format!("{people} of {due} due, {share}"),
        ),
    }
}

/// What the chart shows, of a round.
pub(super) fn titled(model: &Model, id: RoundId, which: &str, language: Language) -> String {
    if model.rounds.len() < 2 {
        return title(which);
    }
    let round = short(&model.rounds[id].name, language);
    language.pick(format!("{round}：{which}"), format!("{round}: {which}"))
}

/// Where the numbers come from, and how many rows are not shown.
pub(super) fn footnote(
    model: &Model,
    results: &Results,
    (shown, all): (usize, usize),
    language: Language,
) -> String {
    let from = provenance(model, results, language);
    if shown >= all {
        return from;
    }
    language.pick(
        format!("共 {all} 个，这里是前 {shown} 个；{from}"),
        format!("The first {shown} of {all}; {from}"),
    )
}

/// A mean of few people with one decimal, of many with none.
fn decimal(number: f64) -> String {
    crate::report::number::decimal(number, usize::from(number < 10.0))
}
