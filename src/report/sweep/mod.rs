//! How the answer responds when one thing or several are varied: a table, a line chart, a heat map.

mod charts;

pub use charts::charts;

use serde_json::{Value, json};

use crate::experiment::compare::Compared as Of;
use crate::experiment::points::Trial;
use crate::model::Model;
use crate::units::language::Language;

use super::layout::{crop, labelled, table};
use super::number::{Calendar, NONE, cell, decimal, json as number, minutes, percent, signed};
use super::table::{harmless, spreadsheet};
use super::verdict::MET;
use super::words::{Label, called};

/// The name of the shape; it changes when a program that reads it would have to change.
const SHAPE: &str = "swabplan.sweep/1";

/// Rows of the table on the screen.
const ROWS: usize = 18;

/// A sweep and what came of it.
#[derive(Clone, Copy, Debug)]
pub struct Sweep<'a> {
    /// The scenario without any change.
    pub model: &'a Model,
    /// The id of the round looked at, which the scenario has.
    pub round: &'a str,
    /// What is varied, and through which values.
    pub axes: &'a [Axis],
    /// The points, in order.
    pub points: &'a [Point],
    /// Replications of each.
    pub replications: u32,
}

/// A key and its values.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Axis {
    /// The path in the scenario.
    pub key: String,
    /// Its values as text.
    pub values: Vec<String>,
}

/// A point of a sweep.
#[derive(Clone, PartialEq, Debug)]
pub struct Point {
    /// Which value of each axis.
    pub at: Vec<usize>,
    /// What it came to.
    pub trial: Trial,
}

impl Sweep<'_> {
    /// What is varied, in words where the scenario has any for it.
    fn called(&self, axis: usize, language: Language) -> &str {
        let key = &self.axes[axis].key;
        let mut all = self.model.assumptions.iter();
        let found = all.find(|assumption| assumption.key == *key);
        let words = found.map_or("", |found| found.called.says(language));
        if words.is_empty() { key } else { words }
    }

    fn value(&self, axis: usize, point: &Point) -> &str {
        &self.axes[axis].values[point.at[axis]]
    }

    fn entry(&self) -> &crate::model::Round {
        let found = self
            .model
            .rounds
            .values()
            .find(|round| round.name.id == self.round);
        found.expect("the scenario has the round")
    }

    /// Minutes from the opening to the deadline.
    fn allowed(&self) -> f64 {
        let round = self.entry();
        round.deadline.since(round.opens).minutes()
    }
}

/// The answer on one screen.
pub fn screen(sweep: &Sweep<'_>, language: Language, files: Option<&str>) -> String {
    let round = sweep.entry();
    let title = crop(called(&sweep.model.title, language), 40);
    let (called_round, points, each) = (
        crop(called(&round.name, language), 20),
        sweep.points.len(),
        sweep.replications,
    );
    let head = language.pick(
        format!("{title} · {called_round} · {points} 个点，各重复 {each} 次\n"),
        format!("{title} · {called_round} · {points} points of {each} replications\n"),
    );
    let mut heads: Vec<&str> = sweep.axes.iter().map(|axis| short(&axis.key)).collect();
    heads.extend(language.pick(
        ["采完", "出完", "比首点", "全部按时", "平均等候"],
        [
            "swabbed by",
            "results by",
            "than first",
            "on time",
            "mean wait",
        ],
    ));
    let rows = sweep
        .points
        .iter()
        .take(ROWS)
        .map(|point| row(sweep, point, language));
    let mut shown = table(&heads, rows);
    if sweep.points.len() > ROWS {
        let rest = sweep.points.len() - ROWS;
        shown += &language.pick(
            format!("另有 {rest} 个点，见 sweep.csv\n"),
            format!("{rest} more points are in sweep.csv\n"),
        );
    }
    let mut lines = vec![(Label::Verdict.says(language), verdict(sweep, language))];
    lines.extend(files.map(|files| (Label::Files.says(language), files.to_owned())));
    let (verdict, below) = lines.split_at(1);
    [
        head,
        labelled(verdict, language),
        shown,
        labelled(below, language),
    ]
    .join("\n")
}

fn row(sweep: &Sweep<'_>, point: &Point, language: Language) -> Vec<String> {
    let round = sweep.entry();
    let calendar = Calendar {
        first_day: sweep.model.first_day,
        language,
    };
    let clock = |of: Of| calendar.clock_after(round.opens, point.trial.mean(of).0);
    let mean = |of: Of| point.trial.mean(of).0;
    let mut row: Vec<String> = (0..sweep.axes.len())
        .map(|axis| crop(sweep.value(axis, point), 20))
        .collect();
    row.extend([
        clock(Of::SwabbingEnds),
        clock(Of::ResultsEnd),
        apart(sweep, point),
        percent(mean(Of::OnTime)),
        minutes(mean(Of::Wait), language),
    ]);
    row
}

/// How much later the last result is than at the first point, in minutes.
fn apart(sweep: &Sweep<'_>, point: &Point) -> String {
    let found = point.trial.against(&sweep.points[0].trial, Of::ResultsEnd);
    let half = decimal(found.half, usize::from(found.half < 1.0));
    if found.mean.is_finite() && found.half.is_finite() {
        format!("{}±{half}", signed(found.mean))
    } else {
        NONE.to_owned()
    }
}

/// The last two words of a key.
fn short(key: &str) -> &str {
    let dots: Vec<usize> = key.rmatch_indices('.').map(|(at, _)| at).take(2).collect();
    match dots.as_slice() {
        [_, second] => &key[second + 1..],
        _ => key,
    }
}

/// The first point, in the order of the values, that is on time often enough, and what the ends of the sweep come to.
fn verdict(sweep: &Sweep<'_>, language: Language) -> String {
    let best = |one: &&Point, other: &&Point| {
        let end = |point: &Point| point.trial.mean(Of::ResultsEnd).0;
        end(one).total_cmp(&end(other))
    };
    let named = |point: &Point| {
        let parts = (0..sweep.axes.len()).map(|axis| {
            format!(
                "{} = {}",
                sweep.called(axis, language),
                sweep.value(axis, point)
            )
        });
        parts.collect::<Vec<_>>().join(language.pick("，", ", "))
    };
    let exists = |point: &&Point| point.trial.mean(Of::ResultsEnd).0.is_finite();
    let Some(earliest) = sweep.points.iter().filter(exists).min_by(best) else {
        return language.pick(
            "没有一个点出得了结果".to_owned(),
            "no point has any result".to_owned(),
        );
    };
    let calendar = Calendar {
        first_day: sweep.model.first_day,
        language,
    };
    let clock = calendar.clock_after(sweep.entry().opens, earliest.trial.mean(Of::ResultsEnd).0);
    let soonest = language.pick(
        format!("出完最早的是 {}：{clock}", named(earliest)),
        format!("last result earliest with {}: {clock}", named(earliest)),
    );
    let met = sweep
        .points
        .iter()
        .find(|point| point.trial.mean(Of::OnTime).0 >= MET);
    let asked = percent(MET);
    met.map_or_else(
        || language.pick(format!("没有一个点按时（{asked} 的重复全部按时出结果）；{soonest}"), format!("No point is on time ({asked} of replications with every result in time); {soonest}")),
        |point| language.pick(format!("{} 起按时（{asked} 的重复全部按时出结果）；{soonest}", named(point)), format!("On time from {} on ({asked} of replications with every result in time); {soonest}", named(point))),
    )
}

/// Every point for a spreadsheet.
pub fn csv(sweep: &Sweep<'_>, language: Language) -> Vec<u8> {
    let mut heads: Vec<String> = sweep.axes.iter().map(|axis| harmless(&axis.key)).collect();
    for of in Of::ALL {
        heads.extend([
            of.id().to_owned(),
            format!("{} lo", of.id()),
            format!("{} hi", of.id()),
        ]);
    }
    heads.push(language.pick("重复次数", "replications").to_owned());
    let rows = sweep.points.iter().map(|point| {
        let mut row: Vec<String> = (0..sweep.axes.len())
            .map(|axis| harmless(sweep.value(axis, point)))
            .collect();
        for of in Of::ALL {
            let (mean, lo, hi) = point.trial.mean(of);
            row.extend([mean, lo, hi].map(cell));
        }
        row.push(sweep.replications.to_string());
        row
    });
    spreadsheet(heads.iter().map(String::as_str), rows)
}

/// Every point for a program.
pub fn json(sweep: &Sweep<'_>) -> Value {
    let axes: Vec<Value> = sweep
        .axes
        .iter()
        .map(|axis| json!({ "key": axis.key, "values": axis.values }))
        .collect();
    let points: Vec<Value> = sweep
        .points
        .iter()
        .map(|point| {
            let set: Vec<&str> = (0..sweep.axes.len()).map(|axis| sweep.value(axis, point)).collect();
            let figures = Of::ALL.map(|of| {
                let (mean, lo, hi) = point.trial.mean(of);
                (of.id().to_owned(), json!({ "mean": number(mean), "lo": number(lo), "hi": number(hi) }))
            });
            json!({ "values": set, "figures": figures.into_iter().collect::<serde_json::Map<_, _>>() })
        })
        .collect();
    json!({
        "schema": SHAPE,
        "version": env!("CARGO_PKG_VERSION"),
        "scenario": { "title": sweep.model.title.zh, "hash": sweep.model.hash },
        "seed": sweep.model.design.seed,
        "round": sweep.round,
        "replications": sweep.replications,
        "axes": axes,
        "points": points,
    })
}

/// A number in a cell of a chart.
fn share_label(share: f64) -> String {
    if share.is_finite() {
        percent(share)
    } else {
        NONE.to_owned()
    }
}
