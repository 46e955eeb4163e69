//! The layout of a chart on its slide.

use plotters::style::RGBAColor;

use super::canvas::{Align, Canvas, Point, ink, paint, shade};
use super::key::{self, Key};
use super::place::{self, Area, Ground, Taken, Wish};
use super::text::{self, Block};
use super::{Across, Axis, Chart, Dot, HEIGHT, Line, Mark, Stretch, WIDTH, Weight, curve, font};

/// How opaque a band is.
pub(super) const BAND: f64 = 0.16;
/// The color of shades.
pub(super) const NIGHT: RGBAColor = shade(234, 238, 245);

const GRID: RGBAColor = shade(221, 225, 230);
const AXIS: RGBAColor = shade(90, 90, 90);
const WORDS: RGBAColor = shade(60, 60, 60);
const FAINT: RGBAColor = shade(105, 105, 105);

const MARGIN: f64 = 60.0;
const TOP: f64 = 44.0;
const FOOT: f64 = 26.0;
const LABEL: f64 = 27.0;
const SMALL: f64 = 24.0;

/// How wide a line is drawn, in pixels.
pub(super) fn width(weight: Weight) -> f64 {
    match weight {
        Weight::Strong => 6.0,
        Weight::Normal => 4.5,
        Weight::Thin => 2.5,
    }
}

/// The drawing of a chart, with its words as text.
pub(super) fn draw(chart: &Chart) -> String {
    let mut drawing = String::new();
    let mut canvas = Canvas::new(&mut drawing);
    let sheet = Sheet::new(chart);
    sheet.words(&mut canvas);
    sheet.ground(&mut canvas);
    sheet.axes(&mut canvas);
    let lines = sheet.lines();
    sheet.bands(&mut canvas);
    sheet.crossings(&mut canvas);
    sheet.curves(&mut canvas, &lines);
    sheet.labels(&mut canvas, &lines);
    canvas.finish();
    drawing
}

/// From values to pixels along one axis.
#[derive(Clone, Copy, Debug)]
struct Scale {
    from: f64,
    to: f64,
    start: f64,
    end: f64,
}

impl Scale {
    fn new(axis: &Axis, start: f64, end: f64) -> Self {
        const HUGE: f64 = 1e300;
        let (from, to) = (axis.from, axis.to);
        let sound = from.abs() < HUGE
            && to.abs() < HUGE
            && from < to
            && (to - from) > (from.abs() + to.abs()) * 1e-12;
        let middle = if from.is_finite() {
            from.clamp(-1e12, 1e12)
        } else {
            0.0
        };
        let (from, to) = if sound {
            (from, to)
        } else {
            (middle - 0.5, middle + 0.5)
        };
        Self {
            from,
            to,
            start,
            end,
        }
    }

    /// The pixel of a value, never farther from the plot than its tenfold; none of one that is not finite.
    fn at(self, value: f64) -> Option<f64> {
        let share = ((value - self.from) / (self.to - self.from)).clamp(-10.0, 11.0);
        value
            .is_finite()
            .then_some(self.start + share * (self.end - self.start))
    }

    /// The pixel of a value that lies on the axis.
    fn inside(self, value: f64) -> Option<f64> {
        let slack = (self.to - self.from) * 1e-9;
        (self.from - slack <= value && value <= self.to + slack)
            .then(|| self.at(value))
            .flatten()
    }

    /// The pixel of a value, or of the end of the axis beyond which it lies.
    fn clamped(self, value: f64) -> Option<f64> {
        self.at(value.clamp(self.from, self.to))
    }
}

/// A chart with the place of everything.
struct Sheet<'a> {
    chart: &'a Chart,
    title: Block,
    subtitle: Block,
    footnote: Block,
    key: Key<'a>,
    /// The label of the vertical axis stands to the left of the key if both fit, else under it.
    beside: bool,
    ends: Option<Vec<End<'a>>>,
    key_baseline: f64,
    above_baseline: f64,
    flag_baseline: f64,
    x: Scale,
    y: Scale,
    plot: Area,
}

/// A line's name at its end.
struct End<'a> {
    line: &'a Line,
    from: Point,
    height: f64,
    words: String,
}

impl<'a> Sheet<'a> {
    fn new(chart: &'a Chart) -> Self {
        let all = chart.lines.iter();
        let keyed = Self::lay_out(chart, Key::new(chart, all, usable()), 0.0);
        let room = keyed.end_names().map_or(0.0, |ends| {
            ends.iter()
                .map(|end| font::width(&end.words, LABEL))
                .fold(0.0, f64::max)
                + 30.0
        });
        if room == 0.0 {
            return keyed;
        }
        let mut direct = Self::lay_out(chart, Key::new(chart, [].iter(), usable()), room);
        direct.ends = direct.end_names();
        if direct.ends.is_some() { direct } else { keyed }
    }

    /// Rows from the top and from the bottom; what is between is the plot. `room` is kept free to its right.
    fn lay_out(chart: &'a Chart, key: Key<'a>, room: f64) -> Self {
        let title = text::clean(&chart.title);
        let title = text::fit(&title, &[46.0, 42.0, 38.0, 34.0], usable(), 2);
        let subtitle = text::fit(&text::clean(&chart.subtitle), &[31.0, 28.0], usable(), 2);
        let footnote = text::fit(&text::clean(&chart.footnote), &[SMALL], usable(), 2);
        let label = font::width(&text::clean(&chart.y.label), LABEL);
        let beside = key.rows() <= 1 && label + 50.0 + key.width() <= usable();
        let label_rows = usize::from(label > 0.0);
        let rows = if beside {
            key.rows().max(label_rows)
        } else {
            key.rows() + label_rows
        };

        let heading = TOP + title.height() + row(subtitle.lines.len(), subtitle.height() + 4.0);
        let key_baseline = heading + 14.0 + key::SIZE;
        let above = heading + 14.0 + key::ROW * rows as f64;
        let flags = above + row(chart.above.len(), 48.0);
        let top = flags + 14.0 + row(usize::from(chart.marks.iter().any(is_flag)), 28.0);
        let below = row(footnote.lines.len(), footnote.height() + 10.0)
            + row(chart.x.label.trim().len(), 40.0)
            + row(chart.below.len(), 40.0)
            + 14.0
            + row(usize::from(has_labels(&chart.x)), 34.0);
        let widths = chart
            .y
            .ticks
            .iter()
            .map(|tick| font::width(&tick_label(&tick.label), LABEL));
        let plot = Area {
            left: MARGIN + widths.fold(0.0, f64::max) + 16.0,
            top,
            right: f64::from(WIDTH) - MARGIN - room,
            bottom: f64::from(HEIGHT) - FOOT - below,
        };
        Self {
            x: Scale::new(&chart.x, plot.left, plot.right),
            y: Scale::new(&chart.y, plot.bottom, plot.top),
            ends: None,
            chart,
            title,
            subtitle,
            footnote,
            key,
            beside,
            key_baseline,
            above_baseline: above + LABEL,
            flag_baseline: flags + LABEL,
            plot,
        }
    }

    /// The names of the lines at their ends, if all of them end near the right edge and far enough from one another.
    fn end_names(&self) -> Option<Vec<End<'a>>> {
        const FARTHEST: f64 = 14.0;
        const WIDEST: f64 = 330.0;
        let mut ends = Vec::new();
        for line in self
            .chart
            .lines
            .iter()
            .filter(|line| !line.name.trim().is_empty())
        {
            let (x, y) = line
                .points
                .iter()
                .rev()
                .find_map(|&point| self.point(point))?;
            let (near, words) = (self.plot.right - x < 60.0, text::clean(&line.name));
            if !near || x > self.plot.right + 1.0 || font::width(&words, LABEL) > WIDEST {
                return None;
            }
            let y = y.clamp(self.plot.top, self.plot.bottom);
            ends.push(End {
                line,
                from: (x, y),
                height: y,
                words,
            });
        }
        let heights = ends.iter().map(|end| end.from.1).collect::<Vec<_>>();
        let moved = place::apart(&heights, LABEL * 1.2, self.plot.top, self.plot.bottom);
        for (end, height) in ends.iter_mut().zip(moved) {
            end.height = height;
        }
        let close = ends
            .iter()
            .all(|end| (end.height - end.from.1).abs() <= FARTHEST);
        (close && !ends.is_empty()).then_some(ends)
    }

    fn point(&self, (x, y): (f64, f64)) -> Option<Point> {
        Some((self.x.at(x)?, self.y.at(y)?))
    }

    /// Title, subtitle, key, axis labels and footnote.
    fn words(&self, canvas: &mut Canvas) {
        let mut baseline = TOP;
        for (block, color) in [(&self.title, shade(20, 20, 20)), (&self.subtitle, WORDS)] {
            for line in &block.lines {
                baseline += block.step();
                canvas.text(
                    line,
                    block.size,
                    (MARGIN, baseline - 0.3 * block.size),
                    Align::Left,
                    color,
                );
            }
            baseline += 4.0;
        }
        let label = text::clean(&self.chart.y.label);
        let (key_left, label_row) = if self.beside {
            let left = if label.is_empty() {
                MARGIN
            } else {
                self.plot.right - self.key.width()
            };
            (
                left.max(
                    MARGIN + font::width(&label, LABEL) * f64::from(u8::from(!label.is_empty())),
                ),
                0,
            )
        } else {
            (MARGIN, self.key.rows())
        };
        self.key.draw(canvas, key_left, self.key_baseline);
        let label_baseline = self.key_baseline + key::ROW * label_row as f64;
        canvas.text(&label, LABEL, (MARGIN, label_baseline), Align::Left, WORDS);

        let mut baseline = f64::from(HEIGHT) - FOOT - self.footnote.height();
        let x_label = text::fit(&text::clean(&self.chart.x.label), &[LABEL], usable(), 1)
            .lines
            .concat();
        let x_gap = if self.footnote.lines.is_empty() {
            14.0
        } else {
            24.0
        };
        canvas.text(
            &x_label,
            LABEL,
            (
                f64::midpoint(self.plot.left, self.plot.right),
                baseline - x_gap,
            ),
            Align::Center,
            WORDS,
        );
        for line in &self.footnote.lines {
            baseline += self.footnote.step();
            canvas.text(
                line,
                SMALL,
                (MARGIN, baseline - 0.3 * SMALL),
                Align::Left,
                FAINT,
            );
        }
    }

    /// Shades and grid.
    fn ground(&self, canvas: &mut Canvas) {
        for stretch in &self.chart.shades {
            if let Some((left, right)) = self.stretch(stretch) {
                canvas.rectangle((left, self.plot.top), (right, self.plot.bottom), NIGHT);
            }
        }
        for y in self
            .chart
            .y
            .ticks
            .iter()
            .filter_map(|tick| self.y.inside(tick.at))
        {
            canvas.path(&[(self.plot.left, y), (self.plot.right, y)], 1.5, GRID);
        }
        for x in self
            .chart
            .x
            .ticks
            .iter()
            .filter_map(|tick| self.x.inside(tick.at))
        {
            canvas.path(&[(x, self.plot.top), (x, self.plot.bottom)], 1.0, GRID);
            canvas.path(
                &[(x, self.plot.bottom), (x, self.plot.bottom + 9.0)],
                2.0,
                AXIS,
            );
        }
        canvas.path(
            &[
                (self.plot.left, self.plot.bottom),
                (self.plot.right, self.plot.bottom),
            ],
            2.5,
            AXIS,
        );
    }

    /// The pixels of a stretch, as far as it is on the plot.
    fn stretch(&self, stretch: &Stretch) -> Option<(f64, f64)> {
        let (left, right) = (self.x.clamped(stretch.from)?, self.x.clamped(stretch.to)?);
        (right > left).then_some((left, right))
    }

    /// Labels of ticks and stretches.
    fn axes(&self, canvas: &mut Canvas) {
        let mut highest = f64::INFINITY;
        for tick in &self.chart.y.ticks {
            if let Some(y) = self
                .y
                .inside(tick.at)
                .filter(|y| (highest - y).abs() >= 1.15 * LABEL)
            {
                canvas.text(
                    &tick_label(&tick.label),
                    LABEL,
                    (self.plot.left - 14.0, y + 0.36 * LABEL),
                    Align::Right,
                    WORDS,
                );
                highest = y;
            }
        }
        let wishes = self.chart.x.ticks.iter().filter_map(|tick| {
            let label = tick_label(&tick.label);
            let middle = self.x.inside(tick.at).filter(|_| !label.is_empty())?;
            let half = font::width(&label, LABEL) / 2.0 + 1.0;
            let bounds = (middle - half, middle + half);
            Some(Wish {
                middle,
                bounds,
                reach: bounds,
                labels: vec![label],
            })
        });
        for (words, left) in place::row(&wishes.collect::<Vec<_>>(), LABEL, 18.0)
            .into_iter()
            .flatten()
        {
            canvas.text(
                &words,
                LABEL,
                (left, self.plot.bottom + 12.0 + LABEL),
                Align::Left,
                WORDS,
            );
        }
        self.days(canvas);
        self.rounds(canvas);
    }

    /// Stretches named under the ticks.
    fn days(&self, canvas: &mut Canvas) {
        let baseline = self.plot.bottom
            + if has_labels(&self.chart.x) {
                52.0
            } else {
                14.0
            }
            + LABEL;
        let places = self.places(&self.chart.below);
        let row = place::row(
            &wishes(&places, (MARGIN, f64::from(WIDTH) - MARGIN)),
            LABEL,
            14.0,
        );
        let all = row.iter().filter(|label| label.is_none()).count() < 3;
        for (words, left) in row.into_iter().flatten() {
            canvas.text(
                &words,
                LABEL,
                (left, baseline),
                Align::Left,
                shade(34, 34, 34),
            );
        }
        let top = if has_labels(&self.chart.x) {
            baseline - LABEL
        } else {
            self.plot.bottom
        };
        for (stretch, (left, _)) in places {
            if self.x.inside(stretch.from).is_some() {
                canvas.path(
                    &[
                        (left, top),
                        (left, if all { baseline + 5.0 } else { top + 9.0 }),
                    ],
                    2.0,
                    if all { GRID } else { AXIS },
                );
            }
        }
    }

    /// The stretches that are on the plot, with their pixels.
    fn places<'s>(&self, stretches: &'s [Stretch]) -> Vec<(&'s Stretch, (f64, f64))> {
        stretches
            .iter()
            .filter_map(|stretch| Some((stretch, self.stretch(stretch)?)))
            .collect()
    }

    /// Stretches named over the plot.
    fn rounds(&self, canvas: &mut Canvas) {
        let places = self.places(&self.chart.above);
        let row = place::row(&wishes(&places, (0.0, 0.0)), LABEL, 8.0);
        for (words, left) in row.into_iter().flatten() {
            canvas.text(
                &words,
                LABEL,
                (left, self.above_baseline),
                Align::Left,
                shade(34, 34, 34),
            );
        }
        for (_, (left, right)) in places {
            let y = self.above_baseline + 13.0;
            canvas.path(
                &[
                    (left + 2.0, y + 6.0),
                    (left + 2.0, y),
                    (right - 2.0, y),
                    (right - 2.0, y + 6.0),
                ],
                2.0,
                FAINT,
            );
        }
    }

    /// Each line as the stretches to draw.
    fn lines(&self) -> Vec<Vec<Vec<Point>>> {
        let bounds = (self.plot.top, self.plot.bottom);
        let line = |line: &Line| {
            let stretches = curve::stretches(line.points.iter().map(|&point| self.point(point)));
            let stretches = stretches.into_iter().flat_map(|points| {
                if points.len() == 1 {
                    vec![points]
                } else {
                    curve::cut(
                        &curve::join(&points, line.join),
                        self.plot.left,
                        self.plot.right,
                    )
                }
            });
            stretches
                .map(|points| {
                    points
                        .into_iter()
                        .map(|(x, y)| (x, y.clamp(bounds.0, bounds.1)))
                        .collect()
                })
                .collect()
        };
        self.chart.lines.iter().map(line).collect()
    }

    fn bands(&self, canvas: &mut Canvas) {
        for line in &self.chart.lines {
            let edge = |pick: fn(&(f64, f64, f64)) -> f64| {
                let points = line.band.iter().map(move |point| {
                    (point.1.is_finite() && point.2.is_finite())
                        .then(|| self.point((point.0, pick(point))))
                        .flatten()
                });
                curve::stretches(points).into_iter().flat_map(|points| {
                    curve::cut(
                        &curve::join(&points, line.join),
                        self.plot.left,
                        self.plot.right,
                    )
                })
            };
            for (low, high) in edge(|point| point.1).zip(edge(|point| point.2)) {
                let outline = low.into_iter().chain(high.into_iter().rev());
                let outline = outline
                    .map(|(x, y)| (x, y.clamp(self.plot.top, self.plot.bottom)))
                    .collect::<Vec<_>>();
                canvas.polygon(&outline, paint(line.color, BAND));
            }
        }
    }

    /// Lines across the plot, and the words over the upright ones.
    fn crossings(&self, canvas: &mut Canvas) {
        let mut flags = Vec::new();
        for mark in &self.chart.marks {
            let ends = match mark.at {
                Across::X(x) => self
                    .x
                    .inside(x)
                    .map(|x| [(x, self.plot.top - 4.0), (x, self.plot.bottom)]),
                Across::Y(y) => self
                    .y
                    .inside(y)
                    .map(|y| [(self.plot.left, y), (self.plot.right, y)]),
            };
            let Some(ends) = ends else { continue };
            for piece in curve::dashed(&ends, super::Dash::Short, 4.0) {
                canvas.path(&piece, 2.5, paint(mark.color, 0.9));
            }
            if is_flag(mark) {
                flags.push((mark, ends[0].0));
            }
        }
        flags.sort_by(|a, b| a.1.total_cmp(&b.1));
        let bounds = (MARGIN, f64::from(WIDTH) - MARGIN);
        let wishes = flags.iter().map(|&(mark, middle)| Wish {
            middle,
            bounds,
            reach: bounds,
            labels: cleaned(&mark.labels),
        });
        let shown = place::row(&wishes.collect::<Vec<_>>(), LABEL, 16.0);
        for ((mark, _), label) in flags.iter().zip(shown) {
            if let Some((words, left)) = label {
                canvas.text(
                    &words,
                    LABEL,
                    (left, self.flag_baseline),
                    Align::Left,
                    ink(mark.color),
                );
            }
        }
    }

    fn curves(&self, canvas: &mut Canvas, lines: &[Vec<Vec<Point>>]) {
        for (line, stretches) in self.chart.lines.iter().zip(lines) {
            let width = width(line.weight);
            for points in stretches {
                if let [only] = points[..] {
                    if self.plot.left <= only.0 && only.0 <= self.plot.right {
                        canvas.disc(only, width, paint(line.color, 1.0));
                    }
                    continue;
                }
                for piece in curve::dashed(points, line.dash, width) {
                    canvas.path(&piece, width, paint(line.color, 1.0));
                }
            }
        }
    }

    /// Words beside lines and dots.
    fn labels(&self, canvas: &mut Canvas, lines: &[Vec<Vec<Point>>]) {
        for end in self.ends.iter().flatten() {
            let x = self.plot.right + 24.0;
            if (end.height - end.from.1).abs() > 4.0 {
                canvas.path(
                    &[(end.from.0 + 4.0, end.from.1), (x - 5.0, end.height)],
                    2.0,
                    paint(end.line.color, 0.7),
                );
            }
            canvas.text(
                &end.words,
                LABEL,
                (x, end.height + 0.36 * LABEL),
                Align::Left,
                ink(end.line.color),
            );
        }
        let mut taken = Taken::new(self.plot, lines.iter().flatten().map(Vec::as_slice));
        for dot in &self.chart.dots {
            if let (Some(x), Some(y)) = (self.x.inside(dot.x), self.y.inside(dot.y)) {
                taken.keep(Area {
                    left: x - 12.0,
                    top: y - 12.0,
                    right: x + 12.0,
                    bottom: y + 12.0,
                });
            }
        }
        for dot in &self.chart.dots {
            self.dot(canvas, dot, &mut taken);
        }
        for mark in &self.chart.marks {
            self.level(canvas, mark, &mut taken);
        }
    }

    fn dot(&self, canvas: &mut Canvas, dot: &Dot, taken: &mut Taken) {
        let (Some(x), Some(y)) = (self.x.inside(dot.x), self.y.inside(dot.y)) else {
            return;
        };
        canvas.disc((x, y), 11.0, shade(255, 255, 255));
        canvas.disc((x, y), 8.0, paint(dot.color, 1.0));
        let words = text::fit(&text::clean(&dot.label), &[LABEL], 700.0, 1)
            .lines
            .concat();
        let length = font::width(&words, LABEL);
        let (right, left, center) = (x + 22.0, x - 22.0 - length, x - length / 2.0);
        let (over, level, under) = (y - 20.0, y + 0.36 * LABEL, y + 16.0 + LABEL);
        let offered = [
            (right, level),
            (right, under),
            (left, over),
            (left, level),
            (right, over),
            (left, under),
            (center, over),
            (center, under),
        ];
        let areas = offered.map(|at| Area::of_text(&words, LABEL, at));
        if let Some((best, ground)) = taken.take(&areas) {
            label(
                canvas,
                &words,
                (areas[best], ground),
                offered[best],
                ink(dot.color),
            );
        }
    }

    /// The words of a level mark, at either end, over or under it.
    fn level(&self, canvas: &mut Canvas, mark: &Mark, taken: &mut Taken) {
        let Across::Y(value) = mark.at else { return };
        let (Some(y), Some(words)) = (self.y.inside(value), mark.labels.first()) else {
            return;
        };
        let words = text::fit(&text::clean(words), &[LABEL], 700.0, 1)
            .lines
            .concat();
        let (left, right) = (
            self.plot.left + 10.0,
            self.plot.right - 10.0 - font::width(&words, LABEL),
        );
        let offered = [
            (right, y - 9.0),
            (left, y - 9.0),
            (right, y + 6.0 + LABEL),
            (left, y + 6.0 + LABEL),
        ];
        let areas = offered.map(|at| Area::of_text(&words, LABEL, at));
        if let Some((best, ground)) = taken.take(&areas) {
            label(
                canvas,
                &words,
                (areas[best], ground),
                offered[best],
                ink(mark.color),
            );
        }
    }
}

/// Words, on a ground of their own if something else is under them.
fn label(
    canvas: &mut Canvas,
    words: &str,
    (area, ground): (Area, Ground),
    at: Point,
    color: RGBAColor,
) {
    if ground == Ground::Crossed && !words.is_empty() {
        let white = RGBAColor(255, 255, 255, 0.8);
        canvas.rectangle(
            (area.left - 5.0, area.top - 1.0),
            (area.right + 5.0, area.bottom + 1.0),
            white,
        );
    }
    canvas.text(words, LABEL, at, Align::Left, color);
}

/// Labels in the middle of stretches.
fn wishes(places: &[(&Stretch, (f64, f64))], reach: (f64, f64)) -> Vec<Wish> {
    let wish = |&(stretch, (left, right)): &(&Stretch, (f64, f64))| Wish {
        middle: f64::midpoint(left, right),
        bounds: (left + 3.0, right - 3.0),
        reach,
        labels: cleaned(&stretch.labels),
    };
    places.iter().map(wish).collect()
}

fn cleaned(labels: &[String]) -> Vec<String> {
    labels
        .iter()
        .map(|label| text::clean(label))
        .filter(|label| !label.is_empty())
        .collect()
}

/// The height of a row that has something in it, else nothing.
fn row(entries: usize, height: f64) -> f64 {
    entries.min(1) as f64 * height
}

/// The width between the margins.
fn usable() -> f64 {
    f64::from(WIDTH) - 2.0 * MARGIN
}

/// The label of a tick, short enough to leave room for the plot.
fn tick_label(label: &str) -> String {
    text::fit(&text::clean(label), &[LABEL], 280.0, 1)
        .lines
        .concat()
}

fn has_labels(axis: &Axis) -> bool {
    axis.ticks.iter().any(|tick| !tick.label.trim().is_empty())
}

fn is_flag(mark: &Mark) -> bool {
    matches!(mark.at, Across::X(_)) && mark.labels.iter().any(|label| !label.trim().is_empty())
}
