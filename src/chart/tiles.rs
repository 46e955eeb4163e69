//! Rectangles on the plot: bars, and the fields of a heat map.

use plotters::style::RGBAColor;

use super::canvas::{Align, Canvas, paint, shade};
use super::sheet::{LABEL, SMALL, Sheet};
use super::{Color, Fill, Tile, font, text};

impl Sheet<'_> {
    /// Every tile with its words.
    pub(super) fn tiles(&self, canvas: &mut Canvas) {
        for tile in &self.chart.tiles {
            self.tile(canvas, tile);
        }
    }

    fn tile(&self, canvas: &mut Canvas, tile: &Tile) {
        let corners =
            [tile.from, tile.to].map(|(x, y)| Some((self.x.clamped(x)?, self.y.clamped(y)?)));
        let [Some(one), Some(other)] = corners else {
            return;
        };
        let (left, right) = (one.0.min(other.0), one.0.max(other.0));
        let (top, bottom) = (one.1.min(other.1), one.1.max(other.1));
        let (fill, words_color) = colors(tile.fill);
        // Neighbors of one color remain apart.
        let rim = if right - left >= 8.0 { 1.0 } else { 0.0 };
        canvas.rectangle((left + rim, top), (right - rim, bottom), fill);
        for size in [LABEL, SMALL] {
            let fitting = tile.labels.iter().map(|label| text::clean(label));
            let fitting = fitting.filter(|words| !words.is_empty()).find(|words| {
                font::width(words, size) + 10.0 <= right - left && size <= bottom - top
            });
            if let Some(words) = fitting {
                let middle = (
                    f64::midpoint(left, right),
                    f64::midpoint(top, bottom) + 0.36 * size,
                );
                canvas.text(&words, size, middle, Align::Center, words_color);
                return;
            }
        }
    }
}

/// The color of a tile and that of the words on it.
pub(super) fn colors(fill: Fill) -> (RGBAColor, RGBAColor) {
    let (dark, pale) = (shade(20, 20, 20), shade(255, 255, 255));
    match fill {
        Fill::Plain(color) => {
            let words = match color {
                Color::Ink | Color::Blue | Color::Vermilion => pale,
                // White letters have less than three times the contrast on these (WCAG 2.2, 1.4.3).
                Color::Grey | Color::Green | Color::Purple | Color::Orange | Color::Sky => dark,
            };
            (paint(color, 0.85), words)
        }
        Fill::Share(share) => {
            let share = if share.is_finite() {
                share.clamp(0.0, 1.0)
            } else {
                0.0
            };
            (ramp(share), if share > 0.55 { pale } else { dark })
        }
    }
}

/// From nearly white over blue to nearly black, each step darker than the one before.
fn ramp(share: f64) -> RGBAColor {
    const STEPS: [[f64; 3]; 4] = [
        [247.0, 249.0, 252.0],
        [158.0, 202.0, 225.0],
        [33.0, 113.0, 181.0],
        [8.0, 36.0, 84.0],
    ];
    let at = share * 3.0;
    let below = (at.floor() as usize).min(2);
    let part = at - below as f64;
    let mixed = |channel: usize| {
        let (from, to) = (STEPS[below][channel], STEPS[below + 1][channel]);
        (from + (to - from) * part).round() as u8
    };
    shade(mixed(0), mixed(1), mixed(2))
}
