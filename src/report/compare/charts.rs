//! The charts of a comparison: results out by the clock over one another, and the difference with its band.

use crate::chart::{Across, Axis, Chart, Color, Dash, Join, Line, Mark, Tick, Weight, ticks};
use crate::experiment::compare::Plan;
use crate::measure::outcome::CURVE_STEP_MIN;
use crate::report::layout::crop;
use crate::report::number::{Calendar, count};
use crate::report::words::called;
use crate::units::language::Language;

use super::verdict::sentences;
use super::{Compared, Contender};

/// Hours from one point of a curve to the next.
const STEP_H: f64 = CURVE_STEP_MIN as f64 / 60.0;
/// Columns of the scenario's name.
const TITLE: usize = 56;
/// Plans that a chart can tell apart.
const MOST: usize = 6;

/// People whose result is out against the clock in the deciding round, a line for each plan.
pub fn progress(compared: &Compared<'_>, language: Language) -> Chart {
    let scene = Scene { compared, language };
    let highest = compared
        .plans()
        .map(|(_, plan)| plan.deciding().due.mean.max(plan.deciding().swabbed.mean))
        .fold(1.0, f64::max);
    let lines = compared
        .plans()
        .take(MOST)
        .enumerate()
        .map(|(at, (contender, plan))| {
            let curve = &plan.deciding().curve;
            let points = curve
                .iter()
                .enumerate()
                .map(|(k, point)| (k as f64 * STEP_H, point.published.mean));
            let band = curve
                .iter()
                .enumerate()
                .map(|(k, point)| (k as f64 * STEP_H, point.published.p05, point.published.p95));
            let (points, band) = (points.collect::<Vec<_>>(), band.collect::<Vec<_>>());
            line(
                at,
                contender,
                level(points, scene.end()),
                if compared.contenders.len() == 2 {
                    band
                } else {
                    Vec::new()
                },
            )
        });
    Chart {
        title: scene.title(language.pick("各方案出结果的进度", "results out, plan by plan")),
        subtitle: subtitle(compared, language),
        x: scene.axis_x(),
        y: axis_y(
            0.0,
            highest * 1.05,
            language.pick("已出结果（人）", "People whose result is out"),
        ),
        lines: lines.collect(),
        band: language
            .pick("90% 的推演在此带内", "90% of replications")
            .to_owned(),
        marks: scene.deadline(),
        footnote: scene.provenance(),
        ..Chart::default()
    }
}

/// People whose result is out, less those of the base, against the clock, with the band of replications.
pub fn difference(compared: &Compared<'_>, language: Language) -> Chart {
    let scene = Scene { compared, language };
    let others = || compared.plans().enumerate().skip(1).take(MOST - 1);
    let reach = others()
        .flat_map(|(_, (_, plan))| plan.published.iter())
        .flat_map(|band| [band.p05, band.p95, band.mean])
        .filter(|number| number.is_finite())
        .fold((-1.0_f64, 1.0_f64), |(low, high), number| {
            (low.min(number), high.max(number))
        });
    let lines = others().map(|(at, (contender, plan))| {
        let at_hour = |k: usize| k as f64 * STEP_H;
        let points = plan
            .published
            .iter()
            .enumerate()
            .map(|(k, band)| (at_hour(k), band.mean))
            .collect();
        let band = plan
            .published
            .iter()
            .enumerate()
            .map(|(k, band)| (at_hour(k), band.p05, band.p95))
            .collect();
        line(at, contender, points, band)
    });
    let base = compared.base().0.label;
    Chart {
        title: scene.title(&language.pick(
            format!("与 {base} 相比，同一时刻多出结果的人数"),
            format!("more people with a result than with {base}, at the same hour"),
        )),
        subtitle: subtitle(compared, language),
        x: scene.axis_x(),
        y: axis_y(
            reach.0 * 1.08,
            reach.1 * 1.08,
            language.pick("多出结果的人数", "People more"),
        ),
        lines: lines.collect(),
        band: language
            .pick("90% 的推演在此带内", "90% of replications")
            .to_owned(),
        marks: scene
            .deadline()
            .into_iter()
            .chain([Mark {
                at: Across::Y(0.0),
                labels: Vec::new(),
                color: Color::Grey,
            }])
            .collect(),
        footnote: scene.provenance(),
        ..Chart::default()
    }
}

/// The first sentences of the verdict.
fn subtitle(compared: &Compared<'_>, language: Language) -> String {
    let some: Vec<String> = sentences(compared, language).into_iter().take(3).collect();
    some.join(language.pick("。", ". "))
}

struct Scene<'a, 'b> {
    compared: &'b Compared<'a>,
    language: Language,
}

impl Scene<'_, '_> {
    fn title(&self, shown: &str) -> String {
        let (base, plan) = self.compared.base();
        let round = called(&base.model.rounds[plan.round].name, self.language);
        self.language
            .pick(format!("{round}：{shown}"), format!("{round}: {shown}"))
    }

    /// Hours after the opening up to which anything happens.
    fn end(&self) -> f64 {
        let last = |plan: &Plan| {
            let curve = &plan.deciding().curve;
            let whole = curve.last().map_or(0.0, |point| point.published.mean);
            let settled = curve
                .iter()
                .position(|point| point.published.mean >= whole - 0.5);
            settled.unwrap_or(0) as f64 * STEP_H + 1.0
        };
        let (base, plan) = self.compared.base();
        let round = &base.model.rounds[plan.round];
        let deadline = round.deadline.since(round.opens).hours();
        let ends = self
            .compared
            .plans()
            .map(|(_, plan)| last(plan))
            .fold(1.0, f64::max);
        if deadline < 2.5 * ends {
            ends.max(deadline * 1.03)
        } else {
            ends
        }
    }

    fn axis_x(&self) -> Axis {
        let (base, plan) = self.compared.base();
        let opens = base.model.rounds[plan.round].opens;
        let calendar = Calendar {
            first_day: base.model.first_day,
            language: self.language,
        };
        Axis {
            label: String::new(),
            from: 0.0,
            to: self.end(),
            ticks: calendar.along(opens, &ticks::hours(0.0, self.end(), 9)),
        }
    }

    fn deadline(&self) -> Vec<Mark> {
        let (base, plan) = self.compared.base();
        let round = &base.model.rounds[plan.round];
        let hours = round.deadline.since(round.opens).hours();
        let label = self.language.pick("时限", "Deadline").to_owned();
        let shown = (hours <= self.end()).then_some(Mark {
            at: Across::X(hours),
            labels: vec![label],
            color: Color::Ink,
        });
        shown.into_iter().collect()
    }

    fn provenance(&self) -> String {
        let (base, plan) = self.compared.base();
        let version = env!("CARGO_PKG_VERSION");
        let title = crop(called(&base.model.title, self.language), TITLE);
        let hashes: Vec<&str> = self
            .compared
            .contenders
            .iter()
            .take(MOST)
            .map(|contender| &contender.model.hash[..8])
            .collect();
        let (hashes, seed, most) = (
            hashes.join(" "),
            plan.results.seed,
            plan.results.replications,
        );
        self.language.pick(
            format!("{title} · swabplan {version}，方案 {hashes}，种子 {seed}，推演 {most} 次"),
            format!(
                "{title} · swabplan {version}, scenarios {hashes}, seed {seed}, {most} replications"
            ),
        )
    }
}

fn axis_y(from: f64, to: f64, label: &str) -> Axis {
    let tick = |at: f64| Tick {
        at,
        label: count(at),
    };
    Axis {
        label: label.to_owned(),
        from,
        to,
        ticks: ticks::numbers(from, to, 6).into_iter().map(tick).collect(),
    }
}

/// A curve that goes on level to the end.
fn level(mut points: Vec<(f64, f64)>, end: f64) -> Vec<(f64, f64)> {
    if let Some(&(at, height)) = points.last()
        && at < end
    {
        points.push((end, height));
    }
    points
}

/// A line of a plan.
fn line(
    at: usize,
    contender: &Contender<'_>,
    points: Vec<(f64, f64)>,
    band: Vec<(f64, f64, f64)>,
) -> Line {
    Line {
        name: contender.label.to_owned(),
        color: Color::SERIES[at % Color::SERIES.len()],
        dash: Dash::SERIES[at % Dash::SERIES.len()],
        weight: if at == 0 {
            Weight::Normal
        } else {
            Weight::Strong
        },
        join: Join::Smooth,
        points,
        band,
    }
}
