//! Everything around the lines: words, key, shades, grid, axes and marks.

use plotters::style::RGBAColor;

use super::canvas::{Align, Canvas, NIGHT, ink, paint, shade};
use super::place::{self, Wish};
use super::sheet::{
    FOOT, LABEL, MARGIN, SMALL, Sheet, TOP, axis_label, has_labels, is_flag, row_label, tick_label,
};
use super::{Across, HEIGHT, Stretch, WIDTH, curve, font, key, text};

const GRID: RGBAColor = shade(221, 225, 230);
const AXIS: RGBAColor = shade(90, 90, 90);
const WORDS: RGBAColor = shade(60, 60, 60);
const FAINT: RGBAColor = shade(105, 105, 105);

impl Sheet<'_> {
    /// Title, subtitle, key, axis labels and footnote.
    pub(super) fn words(&self, canvas: &mut Canvas) {
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
        let label = axis_label(&self.chart.y);
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
        let x_label = axis_label(&self.chart.x);
        let x_gap = if self.footnote.lines.is_empty() {
            14.0
        } else {
            24.0
        };
        canvas.text(
            &x_label,
            LABEL,
            (self.middle(&x_label), baseline - x_gap),
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

    /// Where words under the plot have their middle: under that of the plot, as far as they stay between the margins.
    fn middle(&self, words: &str) -> f64 {
        let reach = MARGIN + font::width(words, LABEL) / 2.0;
        let middle = f64::midpoint(self.plot.left, self.plot.right);
        middle.min(f64::from(WIDTH) - reach).max(reach)
    }

    /// Shades and grid.
    pub(super) fn ground(&self, canvas: &mut Canvas) {
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
        // A map stands on no line.
        if !self.chart.equal {
            let ends = [self.plot.left, self.plot.right].map(|x| (x, self.plot.bottom));
            canvas.path(&ends, 2.5, AXIS);
        }
    }

    /// Labels of ticks and stretches.
    pub(super) fn axes(&self, canvas: &mut Canvas) {
        let (mut highest, size) = (f64::INFINITY, self.row_size());
        for tick in &self.chart.y.ticks {
            if let Some(y) = self
                .y
                .inside(tick.at)
                .filter(|y| (highest - y).abs() >= 0.95 * size)
            {
                let label = row_label(&tick.label, (self.chart.y.ticks.len(), size));
                let first = y + 0.36 * size - (label.height() - label.step()) / 2.0;
                for (line, k) in label.lines.iter().zip(0..) {
                    canvas.text(
                        line,
                        size,
                        (self.plot.left - 14.0, first + f64::from(k) * label.step()),
                        Align::Right,
                        WORDS,
                    );
                }
                highest = y;
            }
        }
        let room = self.tick_room();
        let wishes = self.chart.x.ticks.iter().filter_map(|tick| {
            let label = tick_label(&tick.label, room);
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

    /// How wide the label of a tick may be: where ticks are things, each has the room to the next.
    fn tick_room(&self) -> f64 {
        const WIDEST: f64 = 460.0;
        const NARROWEST: f64 = 90.0;
        let axis = &self.chart.x;
        let apart = axis.ticks.windows(2);
        let apart = apart.filter_map(|pair| Some(self.x.at(pair[1].at)? - self.x.at(pair[0].at)?));
        let closest = apart.fold(WIDEST, f64::min) - 22.0;
        if self.chart.things && closest >= NARROWEST {
            closest
        } else {
            WIDEST
        }
    }

    /// Stretches named under the ticks.
    pub(super) fn days(&self, canvas: &mut Canvas) {
        let baseline = self.plot.bottom
            + if has_labels(&self.chart.x) {
                52.0
            } else {
                14.0
            }
            + LABEL;
        let places = self.places(&self.chart.below);
        let row = place::row(
            &wishes(&places, (MARGIN, 30.0), (MARGIN, f64::from(WIDTH) - MARGIN)),
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

    /// Stretches named over the plot.
    fn rounds(&self, canvas: &mut Canvas) {
        let places = self.places(&self.chart.above);
        let row = place::row(&wishes(&places, (0.0, 0.0), (0.0, 0.0)), LABEL, 8.0);
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

    /// Lines across the plot, and the words over the upright ones.
    pub(super) fn crossings(&self, canvas: &mut Canvas) {
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
                canvas.path(&piece, 2.5, paint(mark.color, 1.0));
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
}

/// Labels in the middle of stretches; those at the edges may reach over them into the margins.
fn wishes(places: &[(&Stretch, (f64, f64))], margins: (f64, f64), reach: (f64, f64)) -> Vec<Wish> {
    let last = places.len().saturating_sub(1);
    let wish = |(k, &(stretch, (left, right))): (usize, &(&Stretch, (f64, f64)))| Wish {
        middle: f64::midpoint(left, right),
        bounds: (
            if k == 0 { left - margins.0 } else { left + 3.0 },
            if k == last {
                right + margins.1
            } else {
                right - 3.0
            },
        ),
        reach,
        labels: cleaned(&stretch.labels),
    };
    places.iter().enumerate().map(wish).collect()
}

fn cleaned(labels: &[String]) -> Vec<String> {
    labels
        .iter()
        .map(|label| text::clean(label))
        .filter(|label| !label.is_empty())
        .collect()
}
