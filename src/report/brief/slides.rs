//! The briefing as slides: the verdict, what is asked for, then a finding and its chart or table each.

use crate::chart::Picture;
use crate::report::charts::Drawn;
use crate::report::document::{Grid, Section};
use crate::report::slides::{Deck, Slide, evenly};
use crate::units::language::Language;

use super::Page;

/// The bytes of the slides, with the charts as pictures without words around them.
pub fn slides(page: &Page, charts: &[Drawn], pictures: &[Picture], language: Language) -> Vec<u8> {
    let shown = |(drawn, picture)| chart(drawn, picture);
    let mut charts = charts.iter().zip(pictures).map(shown);
    let mut slides = vec![opening(page)];
    slides.extend(asks(page, language));
    slides.extend(charts.next());
    let mut boxes = evenly(&page.boxes)
        .enumerate()
        .map(|(at, some)| cards(some, at > 0));
    slides.extend(boxes.next());
    slides.extend(table(&page.missing_said, page.words.missing, &page.missing));
    slides.extend(charts);
    slides.extend(boxes);
    if page.rounds.rows.len() > 1 {
        slides.extend(table(&page.rounds_said, page.words.rounds, &page.rounds));
    }
    slides.push(sources(page, language));
    Deck {
        title: page.title.clone(),
        footer: page.design.clone(),
        language,
        slides,
    }
    .bytes()
}

fn opening(page: &Page) -> Slide<'_> {
    let badge = |met: bool| {
        (
            met,
            if met {
                page.words.met
            } else {
                page.words.not_met
            },
        )
    };
    let lines = page.verdict.iter().chain(&page.notes);
    Slide::Opening {
        title: page.title.clone(),
        badge: page.met.map(badge),
        lines: lines.cloned().collect(),
        headline: page.headline.clone(),
    }
}

/// What is asked for; nothing where nothing is.
fn asks<'a>(page: &Page, language: Language) -> Option<Slide<'a>> {
    let (first, many) = (page.asks.rows.first()?.first()?, page.asks.rows.len());
    let said = match (many, language) {
        (1, Language::Chinese) => format!("请领导决定一件事：{first}"),
        (1, Language::English) => format!("One decision is requested: {first}"),
        (_, Language::Chinese) => format!("请领导决定 {many} 件事，首先是{first}"),
        (_, Language::English) => format!("{many} decisions are requested, the first: {first}"),
    };
    table(&said, page.words.asks, &page.asks)
}

fn table<'a>(said: &str, kicker: &str, grid: &Grid) -> Option<Slide<'a>> {
    (!grid.rows.is_empty()).then(|| Slide::Table {
        title: said.to_owned(),
        kicker: kicker.to_owned(),
        grid: grid.clone(),
    })
}

/// A chart under what it shows.
fn chart<'a>(drawn: &Drawn, picture: &'a Picture) -> Slide<'a> {
    let head = drawn.chart.title.as_str();
    let says = drawn.chart.subtitle.trim();
    let (title, kicker) = if says.is_empty() {
        (head, "")
    } else {
        (says, head)
    };
    Slide::Chart {
        title: title.to_owned(),
        kicker: kicker.to_owned(),
        picture,
    }
}

/// Boxes side by side, the first line of the first or of the last of them as their finding.
fn cards<'a>(boxes: &[Section], of_last: bool) -> Slide<'a> {
    let mut cards = boxes.to_vec();
    let heads: Vec<&str> = boxes.iter().map(|part| part.head.as_str()).collect();
    let told = if of_last {
        cards.last_mut()
    } else {
        cards.first_mut()
    };
    let said = told.map_or_else(String::new, |told| {
        if told.lines.len() > 1 {
            told.lines.remove(0)
        } else {
            told.lines.concat()
        }
    });
    Slide::Cards {
        title: said.trim_end_matches([':', '：']).to_owned(),
        kicker: heads.join(" · "),
        cards,
    }
}

/// Where the numbers come from.
fn sources<'a>(page: &Page, language: Language) -> Slide<'a> {
    let facts = page.provenance.iter();
    let facts = facts.map(|(what, is)| format!("{what}{}{is}", language.pick("：", ": ")));
    let count = page.assumptions.rows.len();
    Slide::Cards {
        title: language.pick(
            format!("每个数都有出处：{count} 项逐条列在汇报材料和工作簿里"),
            format!("Every number has a source: all {count} stand in the report and the workbook"),
        ),
        kicker: page.words.method.to_owned(),
        cards: vec![
            Section {
                head: page.words.method.to_owned(),
                lines: page.method.clone(),
            },
            Section {
                head: page.words.provenance.to_owned(),
                lines: facts.collect(),
            },
        ],
    }
}
