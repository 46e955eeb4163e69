//! Where the minutes go: of a person from door to result, by round, and of a positive tube from detection to the last one settled.

use super::places::footnote;
use super::rows::{self, Bar, Row};
use super::{NAMES, name, provenance, title, words};
use crate::chart::{Chart, Color, Fill};
use crate::experiment::results::{Figure, Results};
use crate::measure::outcome::{Gate, RecallOutcome, RoundOutcome};
use crate::model::Model;
use crate::report::layout::crop;
use crate::report::number::percent;
use crate::report::verdict::order;
use crate::units::language::Language;

/// A part of the minutes: what it is, in Chinese and in English, and its color.
type Part = (&'static str, &'static str, Color);

/// The parts of the way from door to result.
const WAY: [Part; 8] = [
    ("排队", "queue", Color::Vermilion),
    ("扫码采样", "scan and swab", Color::Blue),
    ("等混管装满", "tube fills", Color::Orange),
    ("等收样", "wait for courier", Color::Purple),
    ("交接和路上", "handover, road", Color::Sky),
    ("实验室里等", "wait in lab", Color::Grey),
    ("实验室检测", "work in lab", Color::Green),
    ("核对上传", "reconcile, upload", Color::Ink),
];

/// The parts of what follows a positive tube.
const CLOCKS: [Part; 5] = [
    ("复检原管", "retest of the tube", Color::Blue),
    ("报告", "report", Color::Orange),
    ("找到并管控", "found and held", Color::Purple),
    ("单采", "swabbed alone", Color::Sky),
    ("解除或确诊", "released or confirmed", Color::Green),
];

const fn part(gate: Gate) -> usize {
    match gate {
        Gate::Queue => 0,
        Gate::Service => 1,
        Gate::Filling => 2,
        Gate::Pickup => 3,
        Gate::Road => 4,
        Gate::LabWait(..) => 5,
        Gate::LabWork(..) => 6,
        Gate::LabHold(_) => 7,
    }
}

/// Mean hours from door to result by round, gate by gate.
pub(super) fn way(model: &Model, results: &Results, language: Language) -> Option<Chart> {
    let sums = |round: &RoundOutcome<Figure>| {
        let mut sums = [0.0; WAY.len()];
        for gate in &round.gates {
            if gate.minutes.mean.is_finite() {
                sums[part(gate.gate)] += gate.minutes.mean;
            }
        }
        sums
    };
    let rounds: Vec<(&str, [f64; 8])> = results
        .outcome
        .rounds
        .iter()
        .map(|(id, round)| (name(&model.rounds[id].name, language), sums(round)))
        .filter(|(_, sums)| sums.iter().sum::<f64>() > 0.0)
        .collect();
    let slowest = rounds
        .iter()
        .max_by(|one, other| order(one.1.iter().sum(), other.1.iter().sum()))?;
    let total: f64 = slowest.1.iter().sum();
    let most = (0..WAY.len()).max_by(|&one, &other| order(slowest.1[one], slowest.1[other]))?;
    let (share, length) = (
        percent(slowest.1[most] / total),
        words::length(total, language),
    );
    let part = language.pick(WAY[most].0, WAY[most].1);
    let which = if rounds.len() > 1 {
        let slowest = crop(slowest.0, NAMES);
        language.pick(format!("{slowest}："), format!("{slowest}: "))
    } else {
        String::new()
    };
    let rows: Vec<Row> = rounds
        .iter()
        .take(rows::MOST)
        .map(|(label, sums)| stacked(label, sums, &WAY, language))
        .collect();
    let shown: Vec<usize> = (0..WAY.len())
        .filter(|&part| rounds.iter().any(|(_, sums)| sums[part] > 0.0))
        .collect();
    Some(Chart {
        title: title(language.pick(
            "一个人从到场到出结果，时间花在哪里",
            "where a person's time goes",
        )),
        subtitle: language.pick(
            format!("{which}平均 {length}，其中“{part}”最多，占 {share}"),
            format!("{which}{length} from door to result on average; {share} of it: {part}"),
        ),
        footnote: footnote(model, results, (rows.len(), rounds.len()), language),
        lines: key(&WAY, &shown, language),
        ..rows::chart(&rows, hours(total, language))
    })
}

/// Mean hours from the first positive test of a tube to the last of its people settled, by round; none where nothing is done about them.
pub(super) fn clocks(model: &Model, results: &Results, language: Language) -> Option<Chart> {
    let parts = |recall: &RecallOutcome<Figure>| {
        [
            recall.retest_min.mean,
            recall.report_min.mean,
            recall.find_min.mean,
            recall.swab_min.mean,
            recall.settle_min.mean,
        ]
        .map(|minutes| if minutes.is_finite() { minutes } else { 0.0 })
    };
    let rounds: Vec<(&str, [f64; 5], &RecallOutcome<Figure>)> = results
        .outcome
        .rounds
        .iter()
        .filter_map(|(id, round)| {
            let recall = round.recall.as_ref()?;
            let name = name(&model.rounds[id].name, language);
            (recall.settled.mean >= 0.05).then(|| (name, parts(recall), recall))
        })
        .take(rows::MOST)
        .collect();
    let slowest = rounds
        .iter()
        .max_by(|one, other| order(one.1.iter().sum(), other.1.iter().sum()))?;
    let total: f64 = slowest.1.iter().sum();
    let rows: Vec<Row> = rounds
        .iter()
        .map(|(label, sums, _)| stacked(label, sums, &CLOCKS, language))
        .collect();
    let (length, held) = (
        words::length(total, language),
        words::length(slowest.2.held_min.mean, language),
    );
    Some(Chart {
        title: title(language.pick("一支阳性管，每一步要多久", "the clocks of a positive tube")),
        subtitle: language.pick(
            format!("从检出到最后一人解除或确诊平均 {length}；管内的人平均被管控 {held}"),
            format!("{length} from detection to the last one released or confirmed; its people are held for {held} on average"),
        ),
        footnote: provenance(model, results, language),
        lines: key(&CLOCKS, &[0, 1, 2, 3, 4], language),
        ..rows::chart(&rows, hours(total, language))
    })
}

fn hours(minutes: f64, language: Language) -> crate::chart::Axis {
    rows::numbers(
        minutes / 60.0,
        0.16,
        language
            .pick("小时（平均，依次相接）", "Hours (means, one after another)")
            .to_owned(),
    )
}

fn key(parts: &[Part], shown: &[usize], language: Language) -> Vec<crate::chart::Line> {
    let named = |&part: &usize| {
        let (zh, en, color) = parts[part];
        rows::named(language.pick(zh, en), color)
    };
    shown.iter().map(named).collect()
}

/// A row of parts, one after another.
fn stacked(label: &str, minutes: &[f64], parts: &[Part], language: Language) -> Row {
    let mut at = 0.0;
    let bar = |(minutes, (_, _, color)): (&f64, &Part)| {
        let from = at;
        at += minutes / 60.0;
        Bar {
            span: (from, at),
            fill: Fill::Plain(*color),
            labels: vec![words::length(*minutes, language)],
        }
    };
    let bars = minutes.iter().zip(parts).map(bar).collect();
    let total: f64 = minutes.iter().sum();
    Row {
        label: label.to_owned(),
        bars,
        words: words::length(total, language),
    }
}
