//! The campaign on the calendar: five counters of people, round after round, with nights and deadlines.

use super::{STEP_H, band_words, name, provenance, short, title, varies, words};
use crate::chart::{
    Across, Axis, Chart, Color, Dash, Join, Line, Mark, Stretch, Tick, Weight, ticks,
};
use crate::experiment::results::{Figure, Results};
use crate::id::RoundId;
use crate::measure::outcome::{Counters, RoundOutcome};
use crate::model::{Model, Round};
use crate::units::language::Language;
use crate::units::{Span, Time};

/// People, cumulative within each round, against the clock: due, swabbed, delivered, tested, published.
pub fn campaign(model: &Model, results: &Results, language: Language) -> Chart {
    let rounds = rounds(model, results);
    let scene = Scene {
        model,
        from: begin(&rounds),
        to: end(&rounds),
        rounds,
        language,
    };
    let most = scene
        .rounds
        .iter()
        .map(|shown| most(shown.outcome))
        .fold(1.0, f64::max);
    let unit = Unit::of(most, language);
    Chart {
        title: title(language.pick("采样、送检、出结果进度", "progress by the clock")),
        subtitle: scene.verdict(),
        x: scene.axis_x(),
        y: unit.axis(most, unit.label(scene.rounds.len(), language)),
        lines: scene.lines(unit.size),
        band: band_words(language).to_owned(),
        shades: scene.nights(),
        above: scene.names(),
        below: scene.days(),
        marks: scene.deadlines(),
        footnote: provenance(model, results, language),
        ..Chart::default()
    }
}

/// A round with what came of it.
#[derive(Clone, Copy)]
struct Shown<'a> {
    round: &'a Round,
    outcome: &'a RoundOutcome<Figure>,
}

fn rounds<'a>(model: &'a Model, results: &'a Results) -> Vec<Shown<'a>> {
    let both = |id: RoundId| {
        Some(Shown {
            round: model.rounds.get(id)?,
            outcome: results.outcome.rounds.get(id)?,
        })
    };
    model.rounds.ids().filter_map(both).collect()
}

impl Shown<'_> {
    /// How many points of the curve there are until nothing happens any more, with one more.
    fn points(self) -> usize {
        let curve = &self.outcome.curve;
        let last = curve.last().map_or(0.0, |last| last.published.mean);
        let settled = |point: &Counters<Figure>| {
            point.published.mean >= last - 0.05
                && curve
                    .last()
                    .is_some_and(|last| point.swabbed.mean >= last.swabbed.mean - 0.05)
        };
        (curve.iter().position(settled).unwrap_or(curve.len()) + 2).min(curve.len())
    }

    /// The hour, counted from the first midnight, of a point of the curve.
    fn hour(self, point: usize) -> f64 {
        hour(self.round.opens) + point as f64 * STEP_H
    }

    fn ends(self) -> f64 {
        self.hour(self.points().saturating_sub(1))
    }

    /// The moment so many minutes after the round opens, if it is one.
    fn after(self, minutes: Figure) -> Option<Time> {
        minutes
            .mean
            .is_finite()
            .then(|| self.round.opens + Span::from_seconds(minutes.mean * 60.0))
    }
}

/// Hours since the first midnight.
fn hour(moment: Time) -> f64 {
    moment.millis() as f64 / 3.6e6
}

fn moment(hour: f64) -> Time {
    Time::from_millis((hour * 3.6e6).round() as i64)
}

fn begin(rounds: &[Shown]) -> f64 {
    let first = rounds
        .iter()
        .map(|shown| hour(shown.round.opens))
        .fold(f64::INFINITY, f64::min);
    if first.is_finite() { first } else { 0.0 }
}

/// The end of the last curve, or the last deadline if it is not far behind.
fn end(rounds: &[Shown]) -> f64 {
    const FAR: f64 = 2.5;
    let (from, curves) = (
        begin(rounds),
        rounds
            .iter()
            .map(|shown| shown.ends())
            .fold(begin(rounds) + 1.0, f64::max),
    );
    let deadlines = rounds
        .iter()
        .map(|shown| hour(shown.round.deadline))
        .filter(|deadline| deadline - from <= FAR * (curves - from));
    let last = deadlines.fold(curves, f64::max);
    last + (last - from) * 0.02
}

fn most(outcome: &RoundOutcome<Figure>) -> f64 {
    [outcome.due, outcome.swabbed]
        .iter()
        .flat_map(|figure| [figure.mean, figure.p95])
        .filter(|count| count.is_finite())
        .fold(0.0, f64::max)
}

/// What people are counted in.
struct Unit {
    size: f64,
    name: &'static str,
}

impl Unit {
    fn of(most: f64, language: Language) -> Self {
        let (size, name) = match language {
            Language::Chinese if most >= 1e5 => (1e4, "万人"),
            Language::English if most >= 1e6 => (1e6, "millions"),
            Language::Chinese | Language::English => (1.0, ""),
        };
        Self { size, name }
    }

    /// What the axis counts, of one round or of several.
    fn label(&self, rounds: usize, language: Language) -> String {
        let each = language.pick("每轮从零累计", "so far in each round");
        let how = if rounds > 1 {
            each
        } else {
            language.pick("累计", "so far")
        };
        match (language, self.name) {
            (Language::Chinese, "") => format!("人数（{how}）"),
            (Language::Chinese, unit) => format!("人数（{unit}，{how}）"),
            (Language::English, "") => format!("People {how}"),
            (Language::English, unit) => format!("People {how} ({unit})"),
        }
    }

    fn axis(&self, most: f64, label: String) -> Axis {
        let to = most / self.size * 1.04;
        let mut marks = ticks::numbers(0.0, to, 8);
        marks.retain(|mark| self.size > 1.0 || mark.fract() == 0.0);
        let places = ticks::decimals(&marks);
        let tick = |&at: &f64| Tick {
            at,
            label: ticks::grouped(at, places),
        };
        Axis {
            label,
            from: 0.0,
            to,
            ticks: marks.iter().map(tick).collect(),
        }
    }
}

/// One of the counters.
type Pick = fn(&Counters<Figure>) -> Figure;

/// The rounds between two hours.
struct Scene<'a> {
    model: &'a Model,
    rounds: Vec<Shown<'a>>,
    from: f64,
    to: f64,
    language: Language,
}

impl Scene<'_> {
    /// The answer in a sentence: of the only round, or of all and of the one that took longest.
    fn verdict(&self) -> String {
        let language = self.language;
        let length = |shown: &&Shown| shown.outcome.results_end_min.mean;
        let slowest = self
            .rounds
            .iter()
            .filter(|shown| length(shown).is_finite())
            .max_by(|a, b| length(a).total_cmp(&length(b)));
        let Some(slowest) = slowest else {
            return language
                .pick("没有出结果", "No result was published")
                .to_owned();
        };
        let times = self.times(*slowest);
        if let [only] = self.rounds[..] {
            let (due, missed) = (
                words::people(only.outcome.due.mean, language),
                only.outcome.missed.mean,
            );
            let missed = if missed >= 0.5 {
                language.pick(
                    format!("，未采 {}", words::people(missed, language)),
                    format!(", {} missed", ticks::grouped(missed, 0)),
                )
            } else {
                String::new()
            };
            return language.pick(
                format!("{times}；应检 {due}{missed}"),
                format!("Swabbing ends {times}; {due} due{missed}"),
            );
        }
        let swabs = self.rounds.iter().map(|shown| shown.outcome.swabbed.mean);
        let total = swabs.filter(|swabs| swabs.is_finite()).sum::<f64>();
        let total = words::count(total, language.pick("人次", "swabs"), language);
        let (count, called) = (self.rounds.len(), short(&slowest.round.name, language));
        match language {
            Language::Chinese => {
                format!("{count} 轮共采 {total}；用时最长的是{called}：{times}")
            }
            Language::English => {
                format!("{count} rounds, {total}; longest, {called}: swabbing ends {times}")
            }
        }
    }

    /// When swabbing and results of a round end.
    fn times(&self, shown: Shown) -> String {
        let said = |minutes| {
            let at = shown.after(minutes);
            at.map_or_else(
                || "–".to_owned(),
                |at| words::moment(self.model.first_day, at, shown.round.opens, self.language),
            )
        };
        let (swabbing, results) = (
            said(shown.outcome.swabbing_ends_min),
            said(shown.outcome.results_end_min),
        );
        match self.language {
            Language::Chinese => format!("采完 {swabbing}，出完 {results}"),
            Language::English => format!("{swabbing}, last result {results}"),
        }
    }

    fn axis_x(&self) -> Axis {
        let marks = ticks::hours(self.from, self.to, 14);
        let daily = marks.windows(2).any(|pair| pair[1] - pair[0] > 23.0);
        let label = |at: f64| {
            if daily {
                String::new()
            } else {
                words::clock(moment(at))
            }
        };
        let ticks = marks
            .iter()
            .map(|&at| Tick {
                at,
                label: label(at),
            })
            .collect();
        Axis {
            label: String::new(),
            from: self.from,
            to: self.to,
            ticks,
        }
    }

    /// The five counters; the last on top.
    fn lines(&self, unit: f64) -> Vec<Line> {
        let named = |zh: &str, en: &str| self.language.pick(zh, en).to_owned();
        let swabbed = self.line(|point| point.swabbed, unit);
        let delivered = self.line(|point| point.delivered, unit);
        let tested = self.line(|point| point.tested, unit);
        let published = self.line(|point| point.published, unit);
        vec![
            self.due(unit),
            Line {
                name: named("已采样", "Swabbed"),
                ..swabbed
            },
            Line {
                name: named("已送达", "Delivered"),
                color: Color::Orange,
                dash: Dash::Long,
                ..delivered
            },
            Line {
                name: named("已检测", "Tested"),
                color: Color::Green,
                dash: Dash::Short,
                ..tested
            },
            Line {
                name: named("已出结果", "Published"),
                color: Color::Vermilion,
                weight: Weight::Strong,
                band: self.band(|point| point.published, unit),
                ..published
            },
        ]
    }

    /// One counter of all rounds, without a name yet.
    fn line(&self, pick: Pick, unit: f64) -> Line {
        let gap = (f64::NAN, f64::NAN);
        Line {
            name: String::new(),
            color: Color::Blue,
            dash: Dash::Solid,
            weight: Weight::Normal,
            join: Join::Smooth,
            points: self.curve(pick, |at, count| (at, count.mean / unit), gap),
            band: Vec::new(),
        }
    }

    /// The band of one counter; empty if replications do not differ.
    fn band(&self, pick: Pick, unit: f64) -> Vec<(f64, f64, f64)> {
        let mut points = self.rounds.iter().flat_map(|shown| &shown.outcome.curve);
        if !points.any(|point| varies(&pick(point))) {
            return Vec::new();
        }
        let gap = (f64::NAN, f64::NAN, f64::NAN);
        let bounds = |at, count: Figure| (at, count.p05 / unit, count.p95 / unit);
        self.curve(pick, bounds, gap)
    }

    /// Those due, level from each round's opening to its end.
    fn due(&self, unit: f64) -> Line {
        let level = |shown: &Shown| {
            let due = shown.outcome.due.mean / unit;
            [
                (hour(shown.round.opens), due),
                (shown.ends(), due),
                (f64::NAN, f64::NAN),
            ]
        };
        Line {
            name: self.language.pick("应检", "Due").to_owned(),
            color: Color::Ink,
            dash: Dash::Dotted,
            weight: Weight::Normal,
            join: Join::Smooth,
            points: self.rounds.iter().flat_map(level).collect(),
            band: Vec::new(),
        }
    }

    /// One counter in every round, from where it begins to rise to the end of the round, with a gap after each.
    fn curve<P: Copy>(&self, pick: Pick, point: impl Fn(f64, Figure) -> P, gap: P) -> Vec<P> {
        let mut points = Vec::new();
        for shown in &self.rounds {
            let counts = shown
                .outcome
                .curve
                .iter()
                .take(shown.points())
                .map(pick)
                .collect::<Vec<_>>();
            let begins = counts
                .iter()
                .position(|count| count.mean > 0.0 || count.p95 > 0.0)
                .unwrap_or(counts.len())
                .saturating_sub(1);
            points.extend(
                counts
                    .iter()
                    .enumerate()
                    .skip(begins)
                    .map(|(k, &count)| point(shown.hour(k), count)),
            );
            points.push(gap);
        }
        points
    }

    fn nights(&self) -> Vec<Stretch> {
        let label = self.language.pick("夜间 19:00–07:00", "Night, 19:00–07:00");
        let evenings = self
            .midnights(24.0)
            .into_iter()
            .map(|midnight| midnight - 5.0);
        evenings
            .map(|from| Stretch {
                from,
                to: from + 12.0,
                labels: vec![label.to_owned()],
            })
            .collect()
    }

    fn days(&self) -> Vec<Stretch> {
        const MOST: f64 = 60.0;
        let step = ((self.to - self.from) / 24.0 / MOST).ceil().max(1.0) * 24.0;
        let day = |midnight: f64| {
            let at = moment(midnight);
            let (day, language) = (self.model.first_day, self.language);
            Stretch {
                from: midnight,
                to: midnight + step,
                labels: vec![
                    words::weekday_and_date(day, at, language),
                    words::date(day, at, language),
                ],
            }
        };
        self.midnights(step).into_iter().map(day).collect()
    }

    /// The midnights from the one before the first round to the one after the end, each `step` hours.
    fn midnights(&self, step: f64) -> Vec<f64> {
        let first = (self.from / 24.0).floor() * 24.0;
        let count = ((self.to - first) / step).ceil().clamp(0.0, 4000.0) as u32;
        (0..=count).map(|k| first + f64::from(k) * step).collect()
    }

    /// The name of each of several rounds over its time until the next.
    fn names(&self) -> Vec<Stretch> {
        let opens = |k: usize| {
            self.rounds
                .get(k)
                .map_or(self.to, |shown| hour(shown.round.opens))
        };
        let named = |(k, shown): (usize, &Shown)| {
            let called = name(&shown.round.name, self.language).to_owned();
            let swabbed = words::people(shown.outcome.swabbed.mean, self.language);
            let times = self.times(*shown);
            let long = self.language.pick(
                format!("{called}：{swabbed}，{times}"),
                format!("{called}: {swabbed}, swabbing ends {times}"),
            );
            let middle = format!("{called}{}{swabbed}", self.language.pick("：", ": "));
            let number = (k + 1).to_string();
            Stretch {
                from: opens(k),
                to: opens(k + 1),
                labels: vec![long, middle, called, number],
            }
        };
        let several = self
            .rounds
            .iter()
            .enumerate()
            .filter(|_| self.rounds.len() > 1);
        several.map(named).collect()
    }

    fn deadlines(&self) -> Vec<Mark> {
        let mark = |shown: &Shown| {
            let (language, called) = (self.language, name(&shown.round.name, self.language));
            let at = words::moment(
                self.model.first_day,
                shown.round.deadline,
                Time::BEFORE,
                language,
            );
            let labels = match (language, self.rounds.len() > 1) {
                (Language::Chinese, true) => vec![
                    format!("{called}时限 {at}"),
                    format!("{called}时限"),
                    "时限".to_owned(),
                ],
                (Language::English, true) => vec![
                    format!("{called} deadline {at}"),
                    format!("{called} deadline"),
                    "Deadline".to_owned(),
                ],
                (Language::Chinese, false) => vec![format!("时限 {at}")],
                (Language::English, false) => vec![format!("Deadline {at}")],
            };
            Mark {
                at: Across::X(hour(shown.round.deadline)),
                labels,
                color: Color::Ink,
            }
        };
        self.rounds.iter().map(mark).collect()
    }
}
