//! Laid pages as the bytes of a PDF.

use krilla::Document;
use krilla::color::rgb;
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use krilla_svg::{SurfaceExt as _, SvgSettings};

use super::flow::{GREY, Laid, Mark, PAGE, Rgb, SIDE};
use super::{Block, Paper};
use crate::chart;

/// Paints the pages.
pub(super) fn paint(paper: &Paper, laid: &Laid) -> Vec<u8> {
    const WHOLE: &str =
        "the embedded font is whole, a page has a size, and nothing asked of a PDF is forbidden";
    let font = Font::new(chart::font::data().to_vec().into(), 0).expect(WHOLE);
    let mut document = Document::new();
    let all = laid.pages.len();
    for (number, marks) in (1..).zip(&laid.pages) {
        let settings = PageSettings::from_wh(PAGE.0 as f32, PAGE.1 as f32).expect(WHOLE);
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for mark in marks {
            put(&mut surface, mark, (paper, &font));
        }
        for (words, right) in [(&paper.footer, false), (&format!("{number}/{all}"), true)] {
            let left = if right {
                PAGE.0 - SIDE - chart::width(words, 7.5)
            } else {
                SIDE
            };
            let line = chart::fit(words, &[7.5], PAGE.0 - 2.0 * SIDE - 60.0, 1);
            let mark = Mark::Words {
                at: (left, PAGE.1 - 28.0),
                size: 7.5,
                color: GREY,
                words: line.lines.concat(),
            };
            put(&mut surface, &mark, (paper, &font));
        }
        surface.finish();
        page.finish();
    }
    document.set_outline(outline(laid));
    document.set_metadata(metadata(paper));
    document.finish().expect(WHOLE)
}

fn put(surface: &mut Surface<'_>, mark: &Mark, (paper, font): (&Paper, &Font)) {
    match mark {
        Mark::Words {
            at,
            size,
            color,
            words,
        } => {
            surface.set_fill(Some(fill(*color)));
            surface.draw_text(
                Point::from_xy(at.0 as f32, at.1 as f32),
                font.clone(),
                *size as f32,
                words,
                false,
                TextDirection::LeftToRight,
            );
        }
        Mark::Ground([left, top, wide, high], color) => {
            let [left, top, wide, high] = [*left, *top, *wide, *high].map(|length| length as f32);
            let mut path = PathBuilder::new();
            if let Some(area) = Rect::from_xywh(left, top, wide, high) {
                path.push_rect(area);
            }
            if let Some(path) = path.finish() {
                surface.set_fill(Some(fill(*color)));
                surface.draw_path(&path);
            }
        }
        Mark::Drawing(number, [left, top, wide, high]) => {
            let Some(Block::Figure { drawing, .. }) = paper.blocks.get(*number) else {
                return;
            };
            surface.push_transform(&Transform::from_translate(*left as f32, *top as f32));
            if let Some(size) = Size::from_wh(*wide as f32, *high as f32) {
                surface.draw_svg(drawing, size, SvgSettings::default());
            }
            surface.pop();
        }
    }
}

fn fill((red, green, blue): Rgb) -> Fill {
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        ..Fill::default()
    }
}

/// The reader's table of contents.
fn outline(laid: &Laid) -> Outline {
    let mut outline = Outline::new();
    for (page, top, words) in &laid.parts {
        let place = XyzDestination::new(*page, Point::from_xy(0.0, *top as f32));
        outline.push_child(OutlineNode::new(words.clone(), place));
    }
    outline
}

/// Title and date; the date is always the same, for the same results give the same bytes.
fn metadata(paper: &Paper) -> Metadata {
    Metadata::new()
        .title(chart::clean(&paper.title))
        .language(paper.language.pick("zh-CN", "en").to_owned())
        .creator(format!("swabplan {}", env!("CARGO_PKG_VERSION")))
        .creation_date(DateTime::new(2022).month(5).day(9))
}
