//! Where everything on a slide goes.

use super::canvas::Point;
use super::key::{self, Key};
use super::place::{self, Area};
use super::text::{self, Block};
use super::{Across, Axis, Chart, HEIGHT, Line, Mark, Plot, Stretch, WIDTH, font};

pub(super) const MARGIN: f64 = 60.0;
pub(super) const TOP: f64 = 44.0;
pub(super) const FOOT: f64 = 26.0;
pub(super) const LABEL: f64 = 27.0;
pub(super) const SMALL: f64 = 24.0;

/// From values to pixels along one axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    from: f64,
    to: f64,
    start: f64,
    end: f64,
}

impl Scale {
    pub(super) fn new(axis: &Axis, start: f64, end: f64) -> Self {
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
    pub(super) fn at(self, value: f64) -> Option<f64> {
        let share = ((value - self.from) / (self.to - self.from)).clamp(-10.0, 11.0);
        value
            .is_finite()
            .then_some(self.start + share * (self.end - self.start))
    }

    /// The pixel of a value that lies on the axis.
    pub(super) fn inside(self, value: f64) -> Option<f64> {
        let slack = (self.to - self.from) * 1e-9;
        (self.from - slack <= value && value <= self.to + slack)
            .then(|| self.at(value))
            .flatten()
    }

    /// The pixel of a value, or of the end of the axis beyond which it lies.
    pub(super) fn clamped(self, value: f64) -> Option<f64> {
        self.at(value.clamp(self.from, self.to))
    }
}

/// A chart with the place of everything.
pub(super) struct Sheet<'a> {
    pub(super) chart: &'a Chart,
    pub(super) title: Block,
    pub(super) subtitle: Block,
    pub(super) footnote: Block,
    pub(super) key: Key<'a>,
    /// The label of the vertical axis stands to the left of the key if both fit, else under it.
    pub(super) beside: bool,
    pub(super) ends: Option<Vec<End<'a>>>,
    pub(super) key_baseline: f64,
    pub(super) above_baseline: f64,
    pub(super) flag_baseline: f64,
    pub(super) x: Scale,
    pub(super) y: Scale,
    pub(super) plot: Area,
}

/// A line's name at its end.
pub(super) struct End<'a> {
    pub(super) line: &'a Line,
    pub(super) from: Point,
    pub(super) height: f64,
    pub(super) words: String,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(chart: &'a Chart) -> Self {
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
        let label = font::width(&axis_label(&chart.y), LABEL);
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
            .flat_map(|tick| row_label(&tick.label, (chart.y.ticks.len(), LABEL)).lines)
            .map(|line| font::width(&line, LABEL));
        let plot = Area {
            left: MARGIN + widths.fold(0.0, f64::max) + 16.0,
            top,
            right: f64::from(WIDTH) - MARGIN - room,
            bottom: f64::from(HEIGHT) - FOOT - below,
        };
        let (x, y) = if chart.equal {
            evened(chart, &plot)
        } else {
            (chart.x.clone(), chart.y.clone())
        };
        Self {
            x: Scale::new(&x, plot.left, plot.right),
            y: Scale::new(&y, plot.bottom, plot.top),
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
            if line.points.is_empty() {
                return None;
            }
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

    /// What is between the heading and the footnote: the first row of pixels, and how many.
    pub(super) fn body(&self) -> (u32, u32) {
        let subtitle = row(self.subtitle.lines.len(), self.subtitle.height() + 4.0);
        let top = TOP + self.title.height() + subtitle;
        let foot = row(self.footnote.lines.len(), self.footnote.height() + 6.0);
        let bottom = f64::from(HEIGHT) - FOOT + 6.0 - foot;
        let top = top.max(0.0) as u32;
        (top, (bottom as u32).saturating_sub(top).max(1))
    }

    /// Where the plot lies, and what its edges stand for.
    pub(super) fn edges(&self) -> Plot {
        Plot {
            across: (self.plot.left, self.plot.right),
            up: (self.plot.bottom, self.plot.top),
            x: (self.x.from, self.x.to),
            y: (self.y.from, self.y.to),
        }
    }

    /// The size of the words of rows: smaller where rows are close to one another.
    pub(super) fn row_size(&self) -> f64 {
        let mut heights: Vec<f64> = self
            .chart
            .y
            .ticks
            .iter()
            .filter_map(|tick| self.y.inside(tick.at))
            .collect();
        heights.sort_by(f64::total_cmp);
        let closest = heights
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .fold(f64::INFINITY, f64::min);
        if closest >= 1.15 * LABEL {
            LABEL
        } else {
            SMALL
        }
    }

    pub(super) fn point(&self, (x, y): (f64, f64)) -> Option<Point> {
        Some((self.x.at(x)?, self.y.at(y)?))
    }

    /// The pixels of a stretch, as far as it is on the plot.
    pub(super) fn stretch(&self, stretch: &Stretch) -> Option<(f64, f64)> {
        let (left, right) = (self.x.clamped(stretch.from)?, self.x.clamped(stretch.to)?);
        (right > left).then_some((left, right))
    }

    /// The stretches that are on the plot, with their pixels.
    pub(super) fn places<'s>(&self, stretches: &'s [Stretch]) -> Vec<(&'s Stretch, (f64, f64))> {
        stretches
            .iter()
            .filter_map(|stretch| Some((stretch, self.stretch(stretch)?)))
            .collect()
    }
}

/// The axes of a map: the shorter one widened until both have the same scale.
fn evened(chart: &Chart, plot: &Area) -> (Axis, Axis) {
    let (mut x, mut y) = (chart.x.clone(), chart.y.clone());
    let (wide, high) = (plot.right - plot.left, plot.bottom - plot.top);
    let scale = ((x.to - x.from) / wide).max((y.to - y.from) / high);
    for (axis, pixels) in [(&mut x, wide), (&mut y, high)] {
        let more = (scale * pixels - (axis.to - axis.from)) / 2.0;
        (axis.from, axis.to) = (axis.from - more, axis.to + more);
    }
    (x, y)
}

/// The height of a row that has something in it, else nothing.
fn row(entries: usize, height: f64) -> f64 {
    entries.min(1) as f64 * height
}

/// The width between the margins.
pub(super) fn usable() -> f64 {
    f64::from(WIDTH) - 2.0 * MARGIN
}

/// The label of an axis, in a line.
pub(super) fn axis_label(axis: &Axis) -> String {
    text::fit(&text::clean(&axis.label), &[LABEL], usable(), 1)
        .lines
        .concat()
}

/// The label of a tick in this much room.
pub(super) fn tick_label(label: &str, room: f64) -> String {
    text::fit_name(&text::clean(label), LABEL, room, 1)
        .lines
        .concat()
}

/// The label of one of so many ticks of the vertical axis: in two lines where there are few enough to leave room.
pub(super) fn row_label(label: &str, (ticks, size): (usize, f64)) -> text::Block {
    let most = match ticks {
        0..=4 => 3,
        5..=8 => 2,
        _ => 1,
    };
    text::fit_name(&text::clean(label), size, 460.0, most)
}

pub(super) fn has_labels(axis: &Axis) -> bool {
    axis.ticks.iter().any(|tick| !tick.label.trim().is_empty())
}

pub(super) fn is_flag(mark: &Mark) -> bool {
    matches!(mark.at, Across::X(_)) && mark.labels.iter().any(|label| !label.trim().is_empty())
}
