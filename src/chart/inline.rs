//! A drawing as a part of a page of HTML: smaller than with outlines, searchable, and set in the page's own typeface.

use std::fmt::Write as _;

use super::canvas::{Drawing, FINE, escape};
use super::font::FAMILY;
use super::{HEIGHT, WIDTH};

/// Shorter texts, such as the numbers in fields, fit whatever the typeface; in the backend's units.
const SHORT: f64 = 62.0 * FINE;

/// The drawing with a role and a name, each of its texts held to the length it was laid out for.
pub(super) fn inline(drawing: &Drawing, title: &str) -> String {
    let (wide, high) = (f64::from(WIDTH) * FINE, f64::from(HEIGHT) * FINE);
    let title = escape(title).replace('"', "&quot;");
    let mut html = format!(
        "<svg viewBox=\"0 0 {wide} {high}\" role=\"img\" aria-label=\"{title}\" stroke-linejoin=\"round\">"
    );
    let body = drawing
        .svg
        .find('>')
        .map_or("", |end| &drawing.svg[end + 1..])
        .replace(&format!(" font-family=\"{FAMILY}\""), "")
        .replace(" text-anchor=\"start\"", "")
        .replace(" stroke=\"none\"", "")
        .replace(" opacity=\"1\"", "")
        .replace(" opacity=\"0.", " fill-opacity=\"0.")
        .replace("107.99999999999999", "108");
    let mut lengths = drawing.lengths.iter();
    let mut rest = body.as_str();
    while let Some(at) = rest.find("<text ") {
        let (before, text) = rest.split_at(at + "<text ".len());
        push_lines(&mut html, before);
        if let Some(length) = lengths.next().filter(|length| **length > SHORT) {
            let _in_memory = write!(
                html,
                "textLength=\"{length:.0}\" lengthAdjust=\"spacingAndGlyphs\" "
            );
        }
        rest = text;
    }
    push_lines(&mut html, rest);
    html
}

/// The text without the line ends that the backend puts between elements.
fn push_lines(html: &mut String, text: &str) {
    html.extend(text.split('\n'));
}
