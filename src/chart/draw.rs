//! A chart on its slide, from back to front.

use plotters::style::RGBAColor;

use super::canvas::{Align, BAND, Canvas, Drawing, Point, ink, paint, shade, width};
use super::place::{Area, Ground, Taken};
use super::sheet::{LABEL, Sheet};
use super::{Across, Chart, Dot, Line, Mark, curve, font, text};

/// The drawing of a chart, with its words as text.
pub(super) fn draw(chart: &Chart) -> Drawing {
    let mut drawing = String::new();
    let mut canvas = Canvas::new(&mut drawing);
    let sheet = Sheet::new(chart);
    sheet.words(&mut canvas);
    sheet.ground(&mut canvas);
    sheet.tiles(&mut canvas);
    sheet.axes(&mut canvas);
    let lines = sheet.lines();
    sheet.bands(&mut canvas);
    sheet.crossings(&mut canvas);
    sheet.curves(&mut canvas, &lines);
    sheet.labels(&mut canvas, &lines);
    let lengths = canvas.finish();
    Drawing {
        svg: drawing,
        lengths,
    }
}

impl Sheet<'_> {
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
                    paint(end.line.color, 1.0),
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
        self.markers(canvas, &mut taken);
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
pub(super) fn label(
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
