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
    joined(&html)
}

/// The same drawing with lines that follow one another and look alike in one element: the dashes of a long line are hundreds.
fn joined(html: &str) -> String {
    const LINE: &str = "<polyline fill=\"none\" ";
    const POINTS: &str = " points=\"";
    let mut short = String::with_capacity(html.len());
    let (mut rest, mut open) = (html, None);
    while let Some(at) = rest.find(LINE) {
        let (before, line) = (&rest[..at], &rest[at + LINE.len()..]);
        let Some((element, after)) = line.split_once("/>") else {
            break;
        };
        let Some((look, points)) = element.split_once(POINTS) else {
            break;
        };
        if open != Some(look) || !before.is_empty() {
            if open.is_some() {
                short += "\"/>";
            }
            short += before;
            let _in_memory = write!(short, "<path fill=\"none\" {look} d=\"");
        }
        open = Some(look);
        short.push('M');
        short += points.trim_end_matches('"').trim();
        rest = after;
    }
    if open.is_some() {
        short += "\"/>";
    }
    short + rest
}

/// The text without the line ends that the backend puts between elements.
fn push_lines(html: &mut String, text: &str) {
    html.extend(text.split('\n'));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_that_look_alike_become_one_path_and_nothing_else_changes() {
        let line = |look: &str, points: &str| {
            format!("<polyline fill=\"none\" {look} points=\"{points} \"/>")
        };
        let (red, blue) = ("stroke=\"#f00\"", "stroke=\"#00f\"");
        let html = format!(
            "<g>{}{}{}<rect/>{}</g>",
            line(red, "1,2 3,4"),
            line(red, "5,6 7,8"),
            line(blue, "1,1 2,2"),
            line(blue, "3,3 4,4 5,5"),
        );
        assert_eq!(
            joined(&html),
            format!(
                "<g><path fill=\"none\" {red} d=\"M1,2 3,4M5,6 7,8\"/><path fill=\"none\" {blue} d=\"M1,1 2,2\"/>\
                 <rect/><path fill=\"none\" {blue} d=\"M3,3 4,4 5,5\"/></g>"
            )
        );
        assert_eq!(joined("<g><rect/></g>"), "<g><rect/></g>");
    }
}
