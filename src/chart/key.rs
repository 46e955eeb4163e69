//! The key: what each line, band and shade is.

use super::canvas::{self, Align, Canvas, paint, shade};
use super::{Chart, Color, Line, Weight, curve, font, text};

/// The size of its words.
pub(super) const SIZE: f64 = 27.0;
/// From one row to the next.
pub(super) const ROW: f64 = 40.0;
/// The length of a sample.
const SAMPLE: f64 = 58.0;
/// Between a sample and its words.
const NEAR: f64 = 12.0;
/// Between two entries.
const FAR: f64 = 38.0;
/// Rows at most before long words are shortened.
const ROWS: usize = 2;
/// How wide shortened words are at most: three fit a row.
const SHORT: f64 = 480.0;

/// The rows of a key.
pub(super) struct Key<'a> {
    rows: Vec<Vec<Entry<'a>>>,
}

struct Entry<'a> {
    sample: Sample<'a>,
    words: String,
}

#[derive(Clone, Copy)]
enum Sample<'a> {
    Line(&'a Line),
    /// Of tiles: a line without points names them.
    Tile(Color),
    Band(Color),
    Shade,
}

impl Entry<'_> {
    fn width(&self) -> f64 {
        SAMPLE + NEAR + font::width(&self.words, SIZE)
    }
}

impl<'a> Key<'a> {
    /// The key of a chart, in rows no wider than `width`, with the names of `lines`; those that are context come last.
    pub(super) fn new(chart: &'a Chart, lines: impl Iterator<Item = &'a Line>, width: f64) -> Self {
        let mut named = lines
            .filter(|line| !line.name.trim().is_empty())
            .collect::<Vec<_>>();
        named.sort_by_key(|line| line.weight == Weight::Thin);
        let named = named.into_iter().map(|line| (Sample::of(line), &line.name));
        let banded = chart.lines.iter().find(|line| !line.band.is_empty());
        let band = banded
            .map(|line| (Sample::Band(line.color), &chart.band))
            .filter(|(_, words)| !words.trim().is_empty());
        let mut shades = chart
            .shades
            .iter()
            .filter_map(|stretch| stretch.labels.first())
            .collect::<Vec<_>>();
        shades.dedup();
        let shades = shades
            .into_iter()
            .filter(|words| !words.trim().is_empty())
            .map(|words| (Sample::Shade, words));
        let all = named.chain(band).chain(shades).collect::<Vec<_>>();
        let whole = Self::of(&all, width, width - SAMPLE - NEAR);
        if whole.rows.len() <= ROWS {
            whole
        } else {
            Self::of(&all, width, SHORT)
        }
    }

    /// The key with words no wider than `most`.
    fn of(all: &[(Sample<'a>, &String)], width: f64, most: f64) -> Self {
        let mut key = Self { rows: Vec::new() };
        for (sample, words) in all {
            let words = text::fit_name(&text::clean(words), SIZE, most, 1)
                .lines
                .concat();
            let sample = *sample;
            key.add(Entry { sample, words }, width);
        }
        key
    }

    fn add(&mut self, entry: Entry<'a>, width: f64) {
        match self.rows.last_mut() {
            Some(row) if length(row) + FAR + entry.width() <= width => row.push(entry),
            _ => self.rows.push(vec![entry]),
        }
    }

    /// How many rows it has.
    pub(super) fn rows(&self) -> usize {
        self.rows.len()
    }

    /// How wide its widest row is.
    pub(super) fn width(&self) -> f64 {
        self.rows.iter().map(|row| length(row)).fold(0.0, f64::max)
    }

    /// Draws it with its left end and first baseline at a point.
    pub(super) fn draw(&self, canvas: &mut Canvas, left: f64, baseline: f64) {
        for (k, row) in self.rows.iter().enumerate() {
            let (mut x, y) = (left, baseline + ROW * k as f64);
            for entry in row {
                entry.sample.draw(canvas, x, y - 0.36 * SIZE);
                canvas.text(
                    &entry.words,
                    SIZE,
                    (x + SAMPLE + NEAR, y),
                    Align::Left,
                    shade(60, 60, 60),
                );
                x += entry.width() + FAR;
            }
        }
    }
}

fn length(row: &[Entry]) -> f64 {
    row.iter().map(Entry::width).sum::<f64>() + FAR * row.len().saturating_sub(1) as f64
}

impl<'a> Sample<'a> {
    fn of(line: &'a Line) -> Self {
        if line.points.is_empty() && line.band.is_empty() {
            Self::Tile(line.color)
        } else {
            Self::Line(line)
        }
    }

    /// Draws the sample with its left end at `x` and its middle at `y`.
    fn draw(&self, canvas: &mut Canvas, x: f64, y: f64) {
        let (high, low) = ((x, y - 11.0), (x + SAMPLE, y + 11.0));
        match self {
            Sample::Line(line) => {
                let width = canvas::width(line.weight);
                for piece in curve::dashed(&[(x, y), (x + SAMPLE, y)], line.dash, width) {
                    canvas.path(&piece, width, paint(line.color, 1.0));
                }
            }
            Sample::Tile(color) => canvas.rectangle(high, low, paint(*color, 0.85)),
            Sample::Band(color) => canvas.rectangle(high, low, paint(*color, canvas::BAND)),
            Sample::Shade => canvas.rectangle(high, low, canvas::NIGHT),
        }
    }
}
