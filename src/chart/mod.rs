//! Charts for a meeting room, as SVG and PNG, in any language, on machines without fonts.
//!
//! A [`Chart`] is plain data in the caller's units and finished words; [`svg`] lays it out on a slide of 1920 × 1080 with no text smaller than
//! 24 px, [`png`] paints that. The same chart gives the same bytes on every machine.

pub mod font;
pub mod ticks;

mod canvas;
mod curve;
mod draw;
mod frame;
mod inline;
mod key;
mod markers;
mod place;
mod sheet;
mod text;
mod tiles;

use resvg::tiny_skia::{IntRect, Pixmap, Transform};
use resvg::usvg::{Options, Tree};

pub use text::Block;

/// The width of a slide in pixels.
pub const WIDTH: u32 = 1920;
/// The height of a slide in pixels.
pub const HEIGHT: u32 = 1080;

/// One chart: lines over a horizontal axis.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Chart {
    /// The finding or the subject; at most two lines are shown.
    pub title: String,
    /// The finding in numbers; at most two lines are shown.
    pub subtitle: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// Rectangles behind the lines, such as bars or the fields of a heat map.
    pub tiles: Vec<Tile>,
    /// The lines, each drawn over those before it.
    pub lines: Vec<Line>,
    /// What the bands of the lines are, for the key. Empty: not said.
    pub band: String,
    /// Vertical strips behind everything, such as nights. The key shows each different label once.
    pub shades: Vec<Stretch>,
    /// Stretches named over the plot, such as rounds.
    pub above: Vec<Stretch>,
    /// Stretches named under the ticks, such as days.
    pub below: Vec<Stretch>,
    /// Lines across the plot, such as deadlines.
    pub marks: Vec<Mark>,
    /// Points pointed at.
    pub dots: Vec<Dot>,
    /// Things that stand somewhere, such as the sites of a map or the numbers of bars.
    pub markers: Vec<Marker>,
    /// Whether both axes have the same scale, as on a map; the shorter one is widened.
    pub equal: bool,
    /// Whether the ticks of the horizontal axis are things, whose names are shortened rather than left out.
    pub things: bool,
    /// Where the numbers come from.
    pub footnote: String,
}

/// An axis. A range that is empty or not finite is widened to one that can be drawn.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Axis {
    /// The quantity and its unit. Empty where the ticks say it.
    pub label: String,
    /// Where the axis begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Where grid lines cross it. Labels are thinned out where they would touch.
    pub ticks: Vec<Tick>,
}

/// One tick of an axis.
#[derive(Clone, PartialEq, Debug)]
pub struct Tick {
    /// Where.
    pub at: f64,
    /// Its label; may be empty.
    pub label: String,
}

/// One line, with its band if it has one.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// Its name, shown at its end where there is room, else in the key. Empty: not shown.
    pub name: String,
    /// Its color.
    pub color: Color,
    /// Its dash pattern, so that it is known without its color.
    pub dash: Dash,
    /// How much it matters.
    pub weight: Weight,
    /// How its points are joined.
    pub join: Join,
    /// Its points (x, y). A point that is not finite is a gap.
    pub points: Vec<(f64, f64)>,
    /// Its band (x, low, high). Empty: none. A point that is not finite is a gap.
    pub band: Vec<(f64, f64, f64)>,
}

/// A rectangle with words in it.
#[derive(Clone, PartialEq, Debug)]
pub struct Tile {
    /// One corner (x, y).
    pub from: (f64, f64),
    /// The corner across.
    pub to: (f64, f64),
    /// What it is filled with.
    pub fill: Fill,
    /// Its words, from the longest to the shortest: the first that fits is shown, none if none fits.
    pub labels: Vec<String>,
}

/// What a tile is filled with.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Fill {
    /// One color.
    Plain(Color),
    /// From the palest (0) to the darkest (1), so that it can be read without color.
    Share(f64),
}

/// Colors that remain apart for color-blind eyes (Okabe and Ito, 2008), yellow left out as too faint on white.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Color {
    /// Nearly black.
    Ink,
    /// Grey, for what is only context.
    Grey,
    /// Dark blue.
    Blue,
    /// Red-orange.
    Vermilion,
    /// Bluish green.
    Green,
    /// Reddish purple.
    Purple,
    /// Orange.
    Orange,
    /// Light blue.
    Sky,
}

impl Color {
    /// The colors for lines that matter alike, in the order in which to use them.
    pub const SERIES: [Self; 6] = [
        Self::Blue,
        Self::Vermilion,
        Self::Green,
        Self::Purple,
        Self::Orange,
        Self::Sky,
    ];
}

/// Dash patterns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dash {
    /// ────
    Solid,
    /// ── ──
    Long,
    /// - - -
    Short,
    /// · · ·
    Dotted,
    /// ── · ──
    DashDot,
}

impl Dash {
    /// The patterns for lines that matter alike, in the order in which to use them.
    pub const SERIES: [Self; 5] = [
        Self::Solid,
        Self::Long,
        Self::DashDot,
        Self::Short,
        Self::Dotted,
    ];
}

/// How much a line matters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Weight {
    /// The answer.
    Strong,
    /// One of several.
    Normal,
    /// Context.
    Thin,
}

/// How points are joined.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Join {
    /// By a curve that never leaves the range of neighboring points, so that a cumulative count never falls.
    Smooth,
    /// Flat until the next point.
    Step,
    /// By straight lines, in whatever direction.
    Straight,
}

/// A stretch of the horizontal axis.
#[derive(Clone, PartialEq, Debug)]
pub struct Stretch {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Its words, from the longest to the shortest: the first that fits is shown, none if none fits.
    pub labels: Vec<String>,
}

/// A line across the plot.
#[derive(Clone, PartialEq, Debug)]
pub struct Mark {
    /// Where it crosses which axis.
    pub at: Across,
    /// Its words, from the longest to the shortest: the first that fits is shown, none if none fits.
    pub labels: Vec<String>,
    /// Its color.
    pub color: Color,
}

/// Where a mark crosses an axis.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Across {
    /// Upright, at this value of x.
    X(f64),
    /// Level, at this value of y.
    Y(f64),
}

/// A point pointed at, with its words beside it.
#[derive(Clone, PartialEq, Debug)]
pub struct Dot {
    /// Its x.
    pub x: f64,
    /// Its y.
    pub y: f64,
    /// Its words.
    pub label: String,
    /// Its color.
    pub color: Color,
}

/// Something that stands somewhere.
#[derive(Clone, PartialEq, Debug)]
pub struct Marker {
    /// Where (x, y).
    pub at: (f64, f64),
    /// Its shape.
    pub shape: Shape,
    /// How wide it is, in pixels.
    pub size: f64,
    /// What it is filled with.
    pub fill: Fill,
    /// Its words, beside it; may be empty.
    pub label: String,
}

/// The shape of a marker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A circle.
    Disc,
    /// A square.
    Square,
    /// A square on its corner.
    Diamond,
    /// None: its words only, which begin there, and only where there is room for them.
    Words,
}

/// The chart as SVG for a page of HTML, with a name for those who cannot see it: its letters are text, in whatever typeface the page has, stretched or squeezed to the room they have.
pub fn inline(chart: &Chart, name: &str) -> String {
    inline::inline(&draw::draw(chart), &text::clean(name))
}

/// Where the plot of a chart lies on its slide, and what its edges stand for.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Plot {
    /// Pixels of the left and the right edge.
    pub across: (f64, f64),
    /// Pixels of the lower and the upper edge.
    pub up: (f64, f64),
    /// Values of x there.
    pub x: (f64, f64),
    /// Values of y there.
    pub y: (f64, f64),
}

/// Where the plot of a chart lies.
pub fn plot(chart: &Chart) -> Plot {
    sheet::Sheet::new(chart).edges()
}

/// The chart as SVG, 1920 × 1080, with its letters as outlines.
///
/// Outlines, because a reader's machine may have no Chinese font or another one, and slides, browsers and printers would each lay the
/// words out anew. What the letters say is kept for search and for screen readers in the `title` and `desc` of the drawing.
pub fn svg(chart: &Chart) -> String {
    svg_with(chart, &[])
}

/// The chart as [`svg`] draws it, with whole font files to take those characters from that the embedded font [lacks](font::lacks).
pub fn svg_with(chart: &Chart, fallback: &[Vec<u8>]) -> String {
    let fonts = font::database(fallback);
    canvas::outline(
        &draw::draw(chart).svg,
        fonts,
        &text::clean(&chart.title),
        &text::clean(&chart.subtitle),
    )
}

/// A drawing made by [`svg`] as PNG, 1920 × 1080.
///
/// # Panics
/// If the text is not a drawing made by [`svg`].
pub fn png(svg: &str) -> Vec<u8> {
    encoded(&pixels(svg))
}

fn pixels(svg: &str) -> Pixmap {
    let tree =
        Tree::from_str(svg, &Options::default()).expect("a drawing made by `svg` is well formed");
    let mut pixels = Pixmap::new(WIDTH, HEIGHT).expect("a slide has a size");
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    pixels
}

fn encoded(pixels: &Pixmap) -> Vec<u8> {
    pixels
        .encode_png()
        .expect("a picture in memory can be encoded")
}

/// A drawing as dots and as lines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Picture {
    /// PNG.
    pub png: Vec<u8>,
    /// SVG.
    pub svg: String,
    /// Its width and height in pixels.
    pub size: (u32, u32),
}

/// The chart as [`svg`] and [`png`] have it, and the same without title, subtitle and footnote, for pages that say them in their own words.
/// It is drawn and painted once.
pub fn pictures(chart: &Chart) -> (Picture, Picture) {
    let svg = svg(chart);
    let pixels = pixels(&svg);
    let (top, high) = sheet::Sheet::new(chart).body();
    let window = |top: u32, high: u32| format!("viewBox=\"0 {top} {WIDTH} {high}\"");
    let cropped = svg
        .replacen(&window(0, HEIGHT), &window(top, high), 1)
        .replacen(
            &format!("height=\"{HEIGHT}\""),
            &format!("height=\"{high}\""),
            1,
        );
    let area = IntRect::from_xywh(0, top as i32, WIDTH, high);
    let part = area.and_then(|area| pixels.clone_rect(area));
    let bare = Picture {
        png: encoded(part.as_ref().unwrap_or(&pixels)),
        svg: cropped,
        size: (WIDTH, high),
    };
    let whole = Picture {
        png: encoded(&pixels),
        svg,
        size: (WIDTH, HEIGHT),
    };
    (whole, bare)
}

/// The chart as a drawing whose words are text, for programs that paint it themselves.
pub fn tree(chart: &Chart) -> Tree {
    canvas::tree(&draw::draw(chart).svg, font::database(&[]))
}

/// How wide words are at a font size, in its unit.
pub fn width(words: &str, size: f64) -> f64 {
    font::width(&text::clean(words), size)
}

/// Words without line breaks and what else a page cannot hold.
pub fn clean(words: &str) -> String {
    text::clean(words)
}

/// So many of the first and of the last characters of words, or a few less so that no Latin word is cut in two.
pub fn without_middle(words: &str, head: usize, tail: usize) -> String {
    text::without_middle(&words.chars().collect::<Vec<_>>(), head, tail)
}

/// The words in the first of `sizes` in which they need at most `most` lines of this width, or in the last one, cut with an ellipsis.
pub fn fit(words: &str, sizes: &[f64], width: f64, most: usize) -> Block {
    text::fit(&text::clean(words), sizes, width, most)
}

#[cfg(test)]
mod tests;
