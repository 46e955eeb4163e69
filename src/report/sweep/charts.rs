//! The charts of a sweep: lines over one key, a heat map over two.

use crate::chart::{
    Across, Axis, Chart, Color, Dash, Fill, Join, Line, Mark, Tick, Tile, Weight, ticks,
};
use crate::experiment::compare::Compared as Of;
use crate::report::layout::crop;
use crate::report::number::{Calendar, decimal};
use crate::report::words::called;
use crate::units::language::Language;

use super::{Point, Sweep, share_label, verdict};

/// The charts, each with the name of its file. None where three keys or more are varied.
pub fn charts(sweep: &Sweep<'_>, language: Language) -> Vec<(&'static str, Chart)> {
    let scene = Scene { sweep, language };
    match sweep.axes.len() {
        1 => vec![("results", scene.ends()), ("on-time", scene.on_time())],
        2 if scene.is_grid() => vec![
            ("results", scene.heat(Of::ResultsEnd)),
            ("on-time", scene.heat(Of::OnTime)),
        ],
        _ => Vec::new(),
    }
}

/// Columns of the scenario's name.
const TITLE: usize = 56;

struct Scene<'a, 'b> {
    sweep: &'b Sweep<'a>,
    language: Language,
}

impl Scene<'_, '_> {
    fn is_grid(&self) -> bool {
        let fields: usize = self
            .sweep
            .axes
            .iter()
            .map(|axis| axis.values.len())
            .product();
        self.sweep.points.len() == fields
    }

    fn title(&self, shown: &str) -> String {
        let round = called(&self.sweep.entry().name, self.language);
        self.language
            .pick(format!("{round}：{shown}"), format!("{round}: {shown}"))
    }

    fn footnote(&self) -> String {
        let (version, hash) = (env!("CARGO_PKG_VERSION"), &self.sweep.model.hash);
        let (seed, each) = (self.sweep.model.design.seed, self.sweep.replications);
        let title = crop(called(&self.sweep.model.title, self.language), TITLE);
        self.language.pick(
            format!("{title} · swabplan {version}，方案 {hash}，种子 {seed}，每点推演 {each} 次；带为 95% 置信区间"),
            format!("{title} · swabplan {version}, scenario {hash}, seed {seed}, {each} replications a point; bands are 95% intervals"),
        )
    }

    /// What is varied, with its key behind words.
    fn quantity(&self, axis: usize) -> String {
        let key = &self.sweep.axes[axis].key;
        let words = self.sweep.called(axis, self.language);
        if words == key {
            return key.clone();
        }
        self.language
            .pick(format!("{words}（{key}）"), format!("{words} ({key})"))
    }

    /// One tick for each value of an axis.
    fn values(&self, axis: usize) -> Axis {
        let values = &self.sweep.axes[axis].values;
        let tick = |(at, value): (usize, &String)| Tick {
            at: at as f64,
            label: value.clone(),
        };
        Axis {
            label: self.quantity(axis),
            from: -0.5,
            to: values.len() as f64 - 0.5,
            ticks: values.iter().enumerate().map(tick).collect(),
        }
    }

    fn line(&self, of: Of, scale: f64, (name, at): (&str, usize)) -> Line {
        let mean = |point: &Point| (point.at[0] as f64, point.trial.mean(of));
        let points = self.sweep.points.iter().map(mean);
        let band = points
            .clone()
            .map(|(x, (_, lo, hi))| (x, lo * scale, hi * scale));
        Line {
            name: name.to_owned(),
            color: Color::SERIES[at],
            dash: Dash::SERIES[at],
            weight: Weight::Strong,
            join: Join::Smooth,
            band: band.collect(),
            points: points.map(|(x, (mean, _, _))| (x, mean * scale)).collect(),
        }
    }

    /// When the last swab and the last result are in, over one key.
    fn ends(&self) -> Chart {
        let round = self.sweep.entry();
        let calendar = Calendar {
            first_day: self.sweep.model.first_day,
            language: self.language,
        };
        let deadline = self.sweep.allowed() / 60.0;
        let names = self
            .language
            .pick(["采完", "出完结果"], ["Last swab", "Last result"]);
        let lines = vec![
            self.line(Of::SwabbingEnds, 1.0 / 60.0, (names[0], 0)),
            self.line(Of::ResultsEnd, 1.0 / 60.0, (names[1], 1)),
        ];
        let numbers = lines.iter().flat_map(|line| {
            line.band
                .iter()
                .flat_map(|band| [band.1, band.2])
                .chain(line.points.iter().map(|point| point.1))
        });
        let highest = numbers
            .filter(|number| number.is_finite())
            .fold(deadline, f64::max)
            * 1.05;
        let tick = |at: f64| Tick {
            at,
            label: calendar.clock_after(round.opens, at * 60.0),
        };
        Chart {
            title: self.title(self.language.pick(
                "什么时候采完、出完",
                "when the last swab and the last result are in",
            )),
            subtitle: verdict(self.sweep, self.language),
            x: self.values(0),
            y: Axis {
                label: String::new(),
                from: 0.0,
                to: highest,
                ticks: ticks::hours(0.0, highest, 8)
                    .into_iter()
                    .map(tick)
                    .collect(),
            },
            lines,
            marks: vec![Mark {
                at: Across::Y(deadline),
                labels: vec![self.language.pick("时限", "Deadline").to_owned()],
                color: Color::Ink,
            }],
            footnote: self.footnote(),
            ..Chart::default()
        }
    }

    /// How often every result is in time, over one key.
    fn on_time(&self) -> Chart {
        let names = self.language.pick(
            ["全部按时的概率", "时限内的人"],
            ["All results in time", "People in time"],
        );
        let tick = |at: i32| Tick {
            at: f64::from(at),
            label: format!("{at}%"),
        };
        Chart {
            title: self.title(
                self.language
                    .pick("有多大把握按时", "how often it is on time"),
            ),
            subtitle: verdict(self.sweep, self.language),
            x: self.values(0),
            y: Axis {
                label: String::new(),
                from: 0.0,
                to: 103.0,
                ticks: (0..=5).map(|step| tick(step * 20)).collect(),
            },
            lines: vec![
                self.line(Of::OnTime, 100.0, (names[0], 0)),
                self.line(Of::InTime, 100.0, (names[1], 1)),
            ],
            footnote: self.footnote(),
            ..Chart::default()
        }
    }

    /// A field for each pair of values, and the line that the deadline draws.
    fn heat(&self, of: Of) -> Chart {
        let means: Vec<f64> = self
            .sweep
            .points
            .iter()
            .map(|point| point.trial.mean(of).0)
            .collect();
        let finite = means.iter().copied().filter(|mean| mean.is_finite());
        let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), mean| {
            (low.min(mean), high.max(mean))
        });
        let tile = |(point, &mean): (&Point, &f64)| {
            let (x, y) = (point.at[0] as f64, point.at[1] as f64);
            let share = if of == Of::OnTime {
                mean
            } else {
                (mean - low) / (high - low).max(1e-9)
            };
            let labels = if of == Of::OnTime {
                vec![share_label(mean)]
            } else {
                vec![
                    format!(
                        "{}\u{a0}{}",
                        decimal(mean / 60.0, 1),
                        self.language.pick("小时", "h")
                    ),
                    decimal(mean / 60.0, 1),
                ]
            };
            Tile {
                from: (x - 0.5, y - 0.5),
                to: (x + 0.5, y + 0.5),
                fill: Fill::Share(share),
                labels,
            }
        };
        let (shown, limit) = if of == Of::OnTime {
            (
                self.language.pick(
                    "全部按时的概率",
                    "share of replications with every result in time",
                ),
                super::MET,
            )
        } else {
            (
                self.language.pick(
                    "开始后多久出完结果",
                    "hours from the opening to the last result",
                ),
                self.sweep.allowed(),
            )
        };
        let mut y = self.values(1);
        let y_key = std::mem::take(&mut y.label);
        Chart {
            title: self.title(shown),
            subtitle: verdict(self.sweep, self.language),
            x: self.values(0),
            y: Axis { label: y_key, ..y },
            tiles: self.sweep.points.iter().zip(&means).map(tile).collect(),
            lines: self.contour(&means, limit),
            footnote: self.footnote(),
            ..Chart::default()
        }
    }

    /// The borders between fields on either side of a limit.
    fn contour(&self, means: &[f64], limit: f64) -> Vec<Line> {
        let at = |x: usize, y: usize| {
            let found = self
                .sweep
                .points
                .iter()
                .position(|point| point.at == [x, y]);
            found.is_some_and(|index| means[index] >= limit)
        };
        let (columns, rows) = (
            self.sweep.axes[0].values.len(),
            self.sweep.axes[1].values.len(),
        );
        let mut lines = Vec::new();
        let mut border = |points: [(f64, f64); 2]| {
            lines.push(Line {
                name: String::new(),
                color: Color::Vermilion,
                dash: Dash::Solid,
                weight: Weight::Strong,
                join: Join::Smooth,
                points: points.to_vec(),
                band: Vec::new(),
            });
        };
        for y in 0..rows {
            for x in 0..columns {
                let (left, low) = (x as f64 - 0.5, y as f64 - 0.5);
                if x > 0 && at(x, y) != at(x - 1, y) {
                    border([(left, low), (left + 1e-6, low + 1.0)]);
                }
                if y > 0 && at(x, y) != at(x, y - 1) {
                    border([(left, low), (left + 1.0, low)]);
                }
            }
        }
        if let Some(line) = lines.first_mut() {
            self.language
                .pick("时限", "deadline")
                .clone_into(&mut line.name);
        }
        lines
    }
}
