//! A comparison as slides.

use crate::chart::Picture;
use crate::report::document::Grid;
use crate::report::slides::{Deck, Slide, evenly};
use crate::units::language::Language;

use super::html::{boxes, design, head, rows};
use super::verdict::sentences;
use super::{Compared, difference, progress};

/// Plans side by side.
const PLANS: usize = 4;

/// The bytes of the slides, with the charts of [`progress`] and [`difference`] as pictures without words around them.
pub fn slides(compared: &Compared<'_>, pictures: [&Picture; 2], language: Language) -> Vec<u8> {
    let said = sentences(compared, language);
    let verdict = said.first().cloned().unwrap_or_default();
    let mut slides = vec![Slide::Opening {
        title: head(compared, language),
        badge: None,
        lines: said.clone(),
        headline: Vec::new(),
    }];
    let kicker = language.pick("各方案", "Plan by plan").to_owned();
    slides.extend(
        split(&rows(compared, language), PLANS)
            .into_iter()
            .map(|grid| Slide::Table {
                title: verdict.clone(),
                kicker: kicker.clone(),
                grid,
            }),
    );
    let charts = [progress(compared, language), difference(compared, language)];
    // The verdict on the whole over all curves, that on the first plan over the differences.
    let told = said.iter().chain(std::iter::repeat(&verdict));
    let shown = charts.iter().zip(pictures).zip(told);
    slides.extend(shown.map(|((chart, picture), said)| Slide::Chart {
        title: said.clone(),
        kicker: chart.title.clone(),
        picture,
    }));
    let changes = boxes(compared, language);
    slides.extend(evenly(&changes).map(|some| {
        Slide::Cards {
            title: language
                .pick(
                    "各方案改了什么，什么会使结论反过来",
                    "What each plan changes, and what could turn the verdict around",
                )
                .to_owned(),
            kicker: String::new(),
            cards: some.to_vec(),
        }
    }));
    Deck {
        title: head(compared, language),
        footer: design(compared, language),
        language,
        slides,
    }
    .bytes()
}

/// The table with at most so many plans beside the base, which stands in each.
pub(super) fn split(grid: &Grid, most: usize) -> Vec<Grid> {
    let plans: Vec<usize> = (2..grid.head.len()).collect();
    let pick = |row: &[String], some: &[usize]| {
        let first = row.iter().take(2);
        let rest = some.iter().filter_map(|&at| row.get(at));
        first.chain(rest).cloned().collect::<Vec<_>>()
    };
    let part = |some: &[usize]| Grid {
        head: pick(&grid.head, some),
        rows: grid.rows.iter().map(|row| pick(row, some)).collect(),
    };
    plans.chunks(most).map(part).collect()
}
