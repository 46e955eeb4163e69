//! Things that stand somewhere on the plot: sites and cells of a map, numbers at the ends of bars.

use super::canvas::{Align, Canvas, Point, shade};
use super::draw::label;
use super::place::{Area, Taken};
use super::sheet::{LABEL, Sheet};
use super::tiles::colors;
use super::{Marker, Shape, font, text};

/// Between a marker and its words.
const NEAR: f64 = 8.0;

impl Sheet<'_> {
    /// Every marker, then the words of each where there is room for them.
    pub(super) fn markers(&self, canvas: &mut Canvas, taken: &mut Taken) {
        let placed: Vec<(&Marker, Point)> = self
            .chart
            .markers
            .iter()
            .filter_map(|marker| {
                let at = (self.x.inside(marker.at.0)?, self.y.inside(marker.at.1)?);
                Some((marker, at))
            })
            .collect();
        for (marker, at) in &placed {
            shape(canvas, marker, *at);
            if marker.shape != Shape::Words {
                let half = marker.size / 2.0;
                taken.keep(Area {
                    left: at.0 - half,
                    top: at.1 - half,
                    right: at.0 + half,
                    bottom: at.1 + half,
                });
            }
        }
        // What is on top is named first.
        for (marker, at) in placed.into_iter().rev() {
            if marker.shape == Shape::Words {
                self.words_at(canvas, marker, at);
            } else {
                name(canvas, marker, at, taken);
            }
        }
    }

    /// Words that begin at a point and end before the edge.
    fn words_at(&self, canvas: &mut Canvas, marker: &Marker, (x, y): Point) {
        let left = x + NEAR;
        let room = self.plot.right - left;
        let words = text::clean(&marker.label);
        if room < 60.0 || words.is_empty() {
            return;
        }
        let size = self.row_size();
        let words = text::fit(&words, &[size], room, 1).lines.concat();
        let baseline = y + 0.36 * size;
        let ground = Area::of_text(&words, size, (left, baseline));
        canvas.rectangle(
            (ground.left - 4.0, ground.top),
            (ground.right + 4.0, ground.bottom),
            shade(255, 255, 255),
        );
        canvas.text(
            &words,
            size,
            (left, baseline),
            Align::Left,
            shade(34, 34, 34),
        );
    }
}

fn shape(canvas: &mut Canvas, marker: &Marker, (x, y): Point) {
    const RIM: f64 = 2.5;
    let (half, (fill, _)) = (marker.size / 2.0, colors(marker.fill));
    let (rim, edge) = (shade(255, 255, 255), half + RIM);
    match marker.shape {
        Shape::Disc => {
            canvas.disc((x, y), edge, rim);
            canvas.disc((x, y), half, fill);
        }
        Shape::Square => {
            canvas.rectangle((x - edge, y - edge), (x + edge, y + edge), rim);
            canvas.rectangle((x - half, y - half), (x + half, y + half), fill);
        }
        Shape::Diamond => {
            let corners = |reach: f64| {
                [
                    (x, y - reach),
                    (x + reach, y),
                    (x, y + reach),
                    (x - reach, y),
                ]
            };
            canvas.polygon(&corners(edge + RIM), rim);
            canvas.polygon(&corners(half), fill);
        }
        Shape::Words => {}
    }
}

/// The words of a marker, at the best place beside it; left out where they would cover something.
fn name(canvas: &mut Canvas, marker: &Marker, (x, y): Point, taken: &mut Taken) {
    let words = text::clean(&marker.label);
    if words.is_empty() {
        return;
    }
    let words = text::fit_name(&words, LABEL, 420.0, 1).lines.concat();
    let (length, half) = (font::width(&words, LABEL), marker.size / 2.0);
    let (right, left, center) = (x + half + NEAR, x - half - NEAR - length, x - length / 2.0);
    let (over, level, under) = (
        y - half - NEAR,
        y + 0.36 * LABEL,
        y + half + NEAR + 0.8 * LABEL,
    );
    let offered = [
        (right, level),
        (left, level),
        (center, over),
        (center, under),
        (right, over),
        (right, under),
        (left, over),
        (left, under),
    ];
    let areas = offered.map(|at| Area::of_text(&words, LABEL, at));
    if let Some((best, ground)) = taken.take_free(&areas) {
        label(
            canvas,
            &words,
            (areas[best], ground),
            offered[best],
            shade(34, 34, 34),
        );
    }
}
