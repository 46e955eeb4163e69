//! Slides of 16:9 for whatever program shows `.pptx`: each title is a finding and can be edited, as can the tables; charts are lines, with a
//! picture of dots for programs that cannot show those.
//!
//! Written part by part over `zip`: no crate makes slides of 16:9 with pictures of lines. Words are fitted here, for a program that opens
//! the file shrinks them only once somebody edits them.

mod pack;
mod shapes;
mod xml;

use super::columns::shares;
use super::document::{Grid, Section};
use crate::chart::Picture;
use crate::units::language::Language;
use pack::{Part, pack};
use shapes::{Area, BLUE, GREY, INK, LEADING, Layout, PALE, Sheet, Style, WHITE, fit, lines};

/// Of titles, from the largest.
const TITLES: [f64; 5] = [26.0, 24.0, 22.0, 20.0, 18.0];
/// Of tables.
const TABLES: [f64; 6] = [18.0, 16.0, 14.0, 13.0, 12.0, 11.0];
/// Of cards.
const CARDS: [f64; 5] = [18.0, 16.0, 14.0, 13.0, 12.0];
/// Cards side by side.
const ABREAST: usize = 3;
/// Where a slide's title ends and its footer begins, with room beside.
const BODY: Area = Area::new(40.0, 112.0, 880.0, 394.0);

/// A set of slides.
pub(super) struct Deck<'a> {
    pub(super) title: String,
    /// Where the numbers come from, at the foot of each slide.
    pub(super) footer: String,
    pub(super) language: Language,
    pub(super) slides: Vec<Slide<'a>>,
}

/// One slide, or as many as its table takes.
pub(super) enum Slide<'a> {
    /// The first: the title, whether the deadline is kept and how that is said, the verdict, what it is and how much.
    Opening {
        title: String,
        badge: Option<(bool, &'static str)>,
        lines: Vec<String>,
        headline: Vec<(String, String)>,
    },
    /// A finding, what is shown, and the chart.
    Chart {
        title: String,
        kicker: String,
        picture: &'a Picture,
    },
    /// A finding and the table.
    Table {
        title: String,
        kicker: String,
        grid: Grid,
    },
    /// A finding and heads with their lines, side by side.
    Cards {
        title: String,
        kicker: String,
        cards: Vec<Section>,
    },
}

impl Deck<'_> {
    /// The bytes of the file.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut parts: Vec<Part<'_>> = Vec::new();
        for slide in &self.slides {
            match slide {
                Slide::Opening {
                    title,
                    badge,
                    lines,
                    headline,
                } => parts.push(self.opening(title, *badge, (lines, headline))),
                Slide::Chart {
                    title,
                    kicker,
                    picture,
                } => parts.push(self.chart((title, kicker), picture, parts.len() + 1)),
                Slide::Table {
                    title,
                    kicker,
                    grid,
                } => {
                    let layout = Layout::new(grid, BODY, &TABLES);
                    let pages = layout.pages(BODY);
                    let all = pages.len();
                    for (page, rows) in (1..).zip(pages) {
                        let (mut sheet, shown) = (self.sheet(), format!("{kicker} ({page}/{all})"));
                        let kicker = if all > 1 { &shown } else { kicker };
                        self.heads(&mut sheet, (title, kicker), parts.len() + 1);
                        sheet.table(BODY, &layout, rows);
                        parts.push(part(sheet));
                    }
                }
                Slide::Cards {
                    title,
                    kicker,
                    cards,
                } => {
                    let mut sheet = self.sheet();
                    self.heads(&mut sheet, (title, kicker), parts.len() + 1);
                    place(&mut sheet, cards);
                    parts.push(part(sheet));
                }
            }
        }
        pack(&self.title, &parts)
    }

    fn sheet(&self) -> Sheet {
        Sheet::new(self.language.pick("zh-CN", "en-US"))
    }

    /// The title, the small words over it, and the footer.
    fn heads(&self, sheet: &mut Sheet, (title, kicker): (&str, &str), number: usize) {
        sheet.title(title, "title", (&TITLES, 880.0));
        if !kicker.is_empty() {
            let (kicker, size) = fit(kicker, &[14.0, 12.0], 880.0, 1);
            let area = Area::new(40.0, 18.0, 880.0, 20.0);
            let style = Style::bold(size, BLUE);
            sheet.words(area, &[(kicker, style)], (None, "l"));
        }
        sheet.footer(&self.footer, Some(number));
    }

    fn chart<'a>(&self, heads: (&str, &str), picture: &'a Picture, number: usize) -> Part<'a> {
        let mut sheet = self.sheet();
        self.heads(&mut sheet, heads, number);
        let area = Area::new(14.0, 106.0, 932.0, 402.0);
        sheet.picture(area, picture.size, (heads.0, 1));
        Part {
            pictures: vec![(&picture.png, &picture.svg)],
            ..part(sheet)
        }
    }

    fn opening<'a>(
        &self,
        title: &str,
        badge: Option<(bool, &str)>,
        (said, headline): (&[String], &[(String, String)]),
    ) -> Part<'a> {
        let mut sheet = self.sheet();
        sheet.title(title, "ctrTitle", (&[36.0, 32.0, 28.0, 24.0], 880.0));
        sheet.footer(&self.footer, None);
        let mut top = 180.0;
        if let Some((met, words)) = badge {
            let color = if met { "007656" } else { "B24A00" };
            let area = Area::new(40.0, top, 150.0, 34.0);
            let style = Style::bold(18.0, WHITE);
            sheet.words(area, &[(words.to_owned(), style)], (Some(color), "ctr"));
            top += 48.0;
        }
        let bottom = if headline.is_empty() { 500.0 } else { 380.0 };
        let area = Area::new(40.0, top, 880.0, bottom - top);
        let said = fitted(said, area, &[24.0, 22.0, 20.0, 18.0, 16.0, 14.0], false);
        sheet.words(area, &said, (None, "l"));
        let headline = &headline[..headline.len().min(4)];
        let gaps = 16.0 * headline.len().saturating_sub(1) as f64;
        let mut next = 40.0;
        for ((what, much), wide) in headline.iter().zip(shares(headline, 880.0 - gaps)) {
            let left = next;
            next += wide + 16.0;
            let (what, small) = fit(what, &[15.0, 13.0, 11.0], wide - 20.0, 1);
            let (much, large) = fit(much, &[28.0, 24.0, 20.0, 17.0, 15.0, 13.0], wide - 20.0, 2);
            let color = GREY;
            let lines = [
                (
                    what,
                    Style {
                        color,
                        ..Style::plain(small)
                    },
                ),
                (much, Style::bold(large, INK)),
            ];
            let area = Area::new(left, 392.0, wide, 100.0);
            sheet.words(area, &lines, (Some(PALE), "l"));
        }
        Part {
            first: true,
            ..part(sheet)
        }
    }
}

/// Cards in as few slides as hold them, as evenly as they go.
pub(super) fn evenly(cards: &[Section]) -> std::slice::Chunks<'_, Section> {
    let slides = cards.len().div_ceil(ABREAST).max(1);
    cards.chunks(cards.len().div_ceil(slides).max(1))
}

fn part<'a>(sheet: Sheet) -> Part<'a> {
    Part {
        xml: sheet.finish(),
        first: false,
        pictures: Vec::new(),
    }
}

/// Cards side by side, three in a row at most.
fn place(sheet: &mut Sheet, cards: &[Section]) {
    const GAP: f64 = 16.0;
    let columns = cards.len().clamp(1, ABREAST);
    let rows = cards.len().div_ceil(columns).max(1);
    let wide = (BODY.width - GAP * (columns as f64 - 1.0)) / columns as f64;
    let high = (BODY.height - GAP * (rows as f64 - 1.0)) / rows as f64;
    for (at, card) in cards.iter().enumerate() {
        let area = Area::new(
            BODY.left + (at % columns) as f64 * (wide + GAP),
            BODY.top + (at / columns) as f64 * (high + GAP),
            wide,
            high,
        );
        let (head, size) = fit(&card.head, &[20.0, 18.0, 16.0], wide - 20.0, 1);
        let room = Area::new(0.0, 0.0, wide - 36.0, high - 20.0 - size * LEADING);
        let mut words = vec![(head, Style::bold(size, BLUE))];
        words.extend(fitted(&card.lines, room, &CARDS, true));
        sheet.words(area, &words, (Some(PALE), "l"));
    }
}

/// Lines in the largest of `sizes` in which they are no higher than the area; in the last one as many as there is room for.
fn fitted(said: &[String], area: Area, sizes: &[f64], listed: bool) -> Vec<(String, Style)> {
    let gap = if listed { 4.0 } else { 0.0 };
    let high =
        |words: &str, size: f64| lines(words, size, area.width) as f64 * size * LEADING + gap;
    let total = |size: f64| said.iter().map(|words| high(words, size)).sum::<f64>();
    let last = sizes[sizes.len() - 1];
    let size = *sizes
        .iter()
        .find(|&&size| total(size) <= area.height)
        .unwrap_or(&last);
    let style = Style {
        listed,
        ..Style::plain(size)
    };
    let mut left = area.height;
    let mut shown = Vec::new();
    for words in said {
        let room = ((left - gap) / (size * LEADING)).floor().max(0.0) as usize;
        if room == 0 {
            break;
        }
        let (words, _) = fit(words, &[size], area.width, room);
        left -= high(&words, size);
        shown.push((words, style));
    }
    shown
}

#[cfg(test)]
mod tests;
