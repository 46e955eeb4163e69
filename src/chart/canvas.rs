//! A slide to draw on in pixels, over plotters' SVG backend.
//!
//! The backend knows whole pixels only, so the slide is drawn four times as large and shown at a quarter.

use std::sync::Arc;

use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, IntoFont, RGBAColor, RGBColor, TextStyle};
use resvg::usvg::fontdb::Database;
use resvg::usvg::{Indent, Options, Tree, WriteOptions};

use super::{Color, HEIGHT, WIDTH, Weight, font};

/// Units of the backend in a pixel.
pub(super) const FINE: f64 = 4.0;
/// plotters divides font sizes by this.
const FONT_RATIO: f64 = 1.24;
/// What never fails, and why.
const IN_MEMORY: &str = "drawing into a string does not fail";

/// A point in pixels, from the top left.
pub(super) type Point = (f64, f64);

/// Where text stands beside its point.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Align {
    /// It begins there.
    Left,
    /// Its middle is there.
    Center,
    /// It ends there.
    Right,
}

/// An opaque or translucent color.
pub(super) fn paint(color: Color, opacity: f64) -> RGBAColor {
    let rgb = match color {
        Color::Ink => RGBColor(34, 34, 34),
        Color::Grey => RGBColor(140, 140, 140),
        Color::Blue => RGBColor(0, 114, 178),
        Color::Vermilion => RGBColor(213, 94, 0),
        Color::Green => RGBColor(0, 158, 115),
        Color::Purple => RGBColor(204, 121, 167),
        Color::Orange => RGBColor(230, 159, 0),
        Color::Sky => RGBColor(86, 180, 233),
    };
    rgb.mix(opacity)
}

/// The same color, dark enough for letters (contrast at least 4.5 on white, WCAG 2.2).
pub(super) fn ink(color: Color) -> RGBAColor {
    let rgb = match color {
        Color::Ink => RGBColor(34, 34, 34),
        Color::Grey => RGBColor(95, 95, 95),
        Color::Blue => RGBColor(0, 98, 156),
        Color::Vermilion => RGBColor(178, 74, 0),
        Color::Green => RGBColor(0, 118, 86),
        Color::Purple => RGBColor(156, 70, 118),
        Color::Orange => RGBColor(146, 96, 0),
        Color::Sky => RGBColor(16, 112, 168),
    };
    rgb.mix(1.0)
}

/// A grey, or nearly.
pub(super) const fn shade(red: u8, green: u8, blue: u8) -> RGBAColor {
    RGBAColor(red, green, blue, 1.0)
}

/// How opaque a band is.
pub(super) const BAND: f64 = 0.16;
/// The color of shades.
pub(super) const NIGHT: RGBAColor = shade(234, 238, 245);

/// How wide a line is drawn, in pixels.
pub(super) fn width(weight: Weight) -> f64 {
    match weight {
        Weight::Strong => 6.0,
        Weight::Normal => 4.5,
        Weight::Thin => 2.5,
    }
}

/// A slide that is drawn.
pub(super) struct Drawing {
    /// With its words as text, in the backend's units.
    pub(super) svg: String,
    /// How long each of its texts is, in the same units.
    pub(super) lengths: Vec<f64>,
}

/// A slide being drawn.
pub(super) struct Canvas<'a> {
    backend: SVGBackend<'a>,
    lengths: Vec<f64>,
}

impl<'a> Canvas<'a> {
    /// A white slide.
    pub(super) fn new(drawing: &'a mut String) -> Self {
        let size = (WIDTH * FINE as u32, HEIGHT * FINE as u32);
        let mut canvas = Self {
            backend: SVGBackend::with_string(drawing, size),
            lengths: Vec::new(),
        };
        canvas.rectangle(
            (0.0, 0.0),
            (f64::from(WIDTH), f64::from(HEIGHT)),
            shade(255, 255, 255),
        );
        canvas
    }

    /// A filled rectangle between two corners.
    pub(super) fn rectangle(&mut self, top_left: Point, bottom_right: Point, fill: RGBAColor) {
        let style = fill.filled();
        self.backend
            .draw_rect(fine(top_left), fine(bottom_right), &style, true)
            .expect(IN_MEMORY);
    }

    /// An open line through points, `width` pixels wide.
    pub(super) fn path(&mut self, points: &[Point], width: f64, stroke: RGBAColor) {
        let mut path = points.iter().copied().map(fine).collect::<Vec<_>>();
        path.dedup();
        if path.len() > 1 {
            let style = stroke.stroke_width((width * FINE) as u32);
            self.backend.draw_path(path, &style).expect(IN_MEMORY);
        }
    }

    /// A filled outline.
    pub(super) fn polygon(&mut self, points: &[Point], fill: RGBAColor) {
        let mut path = points.iter().copied().map(fine).collect::<Vec<_>>();
        path.dedup();
        if path.len() > 2 {
            self.backend
                .fill_polygon(path, &fill.filled())
                .expect(IN_MEMORY);
        }
    }

    /// A filled circle.
    pub(super) fn disc(&mut self, center: Point, radius: f64, fill: RGBAColor) {
        self.backend
            .draw_circle(fine(center), (radius * FINE) as u32, &fill.filled(), true)
            .expect(IN_MEMORY);
    }

    /// One line of text whose baseline is at the point.
    pub(super) fn text(
        &mut self,
        text: &str,
        size: f64,
        at: Point,
        align: Align,
        color: RGBAColor,
    ) {
        if text.is_empty() {
            return;
        }
        let anchor = match align {
            Align::Left => HPos::Left,
            Align::Center => HPos::Center,
            Align::Right => HPos::Right,
        };
        // The backend lifts text at the bottom by half an ex, which is a quarter of the font size.
        let baseline = (at.0, at.1 + size / 4.0);
        let style = TextStyle::from((font::FAMILY, size * FINE * FONT_RATIO).into_font());
        let style = style.color(&color).pos(Pos::new(anchor, VPos::Bottom));
        self.lengths.push(font::width(text, size) * FINE);
        self.backend
            .draw_text(text, &style, fine(baseline))
            .expect(IN_MEMORY);
    }

    /// Ends the drawing; tells how long each of its texts is.
    pub(super) fn finish(mut self) -> Vec<f64> {
        self.backend.present().expect(IN_MEMORY);
        self.lengths
    }
}

/// A point in the backend's units.
fn fine(point: Point) -> (i32, i32) {
    (
        (point.0 * FINE).round() as i32,
        (point.1 * FINE).round() as i32,
    )
}

/// The drawing at its true size, with letters as outlines and with words for those who cannot see it.
pub(super) fn outline(
    drawing: &str,
    fonts: Arc<Database>,
    title: &str,
    description: &str,
) -> String {
    let tree = tree(drawing, fonts);
    let settings = WriteOptions {
        coordinates_precision: 1,
        transforms_precision: 4,
        indent: Indent::None,
        attributes_indent: Indent::None,
        ..WriteOptions::default()
    };
    let words = format!(
        "<title>{}</title><desc>{}</desc>",
        escape(title),
        escape(description)
    );
    let outlined = tree.to_string(&settings);
    let opening = outlined.find('>').map_or(0, |end| end + 1);
    let (head, rest) = outlined.split_at(opening);
    let head = head.replacen(
        "<svg ",
        &format!("<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" "),
        1,
    );
    format!("{head}{words}{rest}")
}

/// The drawing at its true size, with letters as text.
pub(super) fn tree(drawing: &str, fonts: Arc<Database>) -> Tree {
    let large = format!(
        "<svg width=\"{}\" height=\"{}\"",
        f64::from(WIDTH) * FINE,
        f64::from(HEIGHT) * FINE
    );
    let sized = format!("<svg width=\"{WIDTH}\" height=\"{HEIGHT}\" stroke-linejoin=\"round\"");
    // Only fills are translucent. As `opacity` each would be painted on a layer of its own and then laid on the picture.
    let drawing = drawing
        .replacen(&large, &sized, 1)
        .replace(" opacity=\"0.", " fill-opacity=\"0.");
    let options = Options {
        fontdb: fonts,
        font_family: font::FAMILY.to_owned(),
        ..Options::default()
    };
    Tree::from_str(&drawing, &options)
        .expect("the drawing is well formed: its text is escaped and clean")
}

/// Text for XML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
