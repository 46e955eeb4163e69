//! The layout of the briefing.

use maud::{Markup, html};

use crate::units::language::Language;

use super::{Page, Sheet};
use crate::report::document::{document, facts, figure, grid, section};

/// Heads and the like.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Words {
    pub(super) met: &'static str,
    pub(super) not_met: &'static str,
    pub(super) asks: &'static str,
    pub(super) rounds: &'static str,
    pub(super) charts: &'static str,
    pub(super) sheets: &'static str,
    pub(super) site: &'static str,
    pub(super) missing: &'static str,
    all_sites: &'static str,
    all_rounds: &'static str,
    pub(super) assumptions: &'static str,
    pub(super) method: &'static str,
    pub(super) provenance: &'static str,
    cells: &'static str,
    pub(super) nothing: &'static str,
    choose: &'static str,
}

impl Words {
    pub(super) const fn of(language: Language) -> Self {
        match language {
            Language::Chinese => Self {
                met: "按时",
                not_met: "不按时",
                asks: "请领导决定",
                rounds: "各轮",
                charts: "图",
                sheets: "各采样点",
                site: "采样点",
                missing: "未采的人",
                all_sites: "全部采样点",
                all_rounds: "全部轮次",
                assumptions: "全部假设",
                method: "方法",
                provenance: "出处",
                cells: "来的网格",
                nothing: "没有要请示的。",
                choose: "只看：",
            },
            Language::English => Self {
                met: "On time",
                not_met: "Not on time",
                asks: "Decisions requested",
                rounds: "Rounds",
                charts: "Charts",
                sheets: "Sites",
                site: "Site",
                missing: "Who is missing",
                all_sites: "All sites",
                all_rounds: "All rounds",
                assumptions: "Every assumption",
                method: "Method",
                provenance: "Provenance",
                cells: "Cells that come",
                nothing: "Nothing is asked for.",
                choose: "Show: ",
            },
        }
    }
}

/// The page as HTML.
pub(super) fn html(page: &Page) -> String {
    document(page.code, &page.title, &body(page))
}

/// What is on it.
pub(super) fn body(page: &Page) -> Markup {
    let words = page.words;
    html! {
        (front(page))
        @if page.figures.len() > 1 {
            section.part #charts {
                h2 { (words.charts) }
                @for shown in &page.figures[1..] { (figure(shown)) }
            }
        }
        (sheets(page))
        section.part #assumptions {
            h2 { (words.assumptions) }
            (grid(&page.assumptions, "assumptions"))
        }
        section.part #method {
            h2 { (words.method) }
            @for paragraph in &page.method { p { (paragraph) } }
            h2 { (words.provenance) }
            (facts(&page.provenance))
        }
    }
}

/// A main number; the range that it has in brackets stands on a line of its own.
fn number(much: &str) -> Markup {
    let at = much.find(['（', '(']).unwrap_or(much.len());
    let (number, range) = much.split_at(at);
    html! {
        dd { (number.trim_end()) " " @if !range.is_empty() { small { (range) } } }
    }
}

fn front(page: &Page) -> Markup {
    let words = page.words;
    html! {
        section #front {
            header {
                h1 { (page.title) }
                p.design { (page.design) }
                @for note in &page.notes { p.note { (note) } }
            }
            @if let Some(met) = page.met {
                div.verdict.met[met].late[!met] {
                    strong.badge { (if met { words.met } else { words.not_met }) }
                    div { @for line in &page.verdict { p { (line) } } }
                }
            }
            @if !page.headline.is_empty() {
                dl.headline {
                    @for (what, much) in &page.headline { div { dt { (what) } (number(much)) } }
                }
            }
            @if let Some(first) = page.figures.first() { (figure(first)) }
            @if page.met.is_some() {
                h2 { (words.asks) }
                @if !page.asks_said.is_empty() { p { (page.asks_said) } }
                @if !page.asks.rows.is_empty() {
                    (grid(&page.asks, "asks"))
                } @else if page.asks_said.is_empty() {
                    p { (words.nothing) }
                }
            }
            div.boxes { @for part in &page.boxes { (section(part)) } }
            @if page.rounds.rows.len() > 1 {
                h2 { (words.rounds) }
                p.choose hidden {
                    label { (words.choose)
                        select #round {
                            option value="" { (words.all_rounds) }
                            @for row in &page.rounds.rows { option { (row[0]) } }
                        }
                    }
                }
                (grid(&page.rounds, "numbers rounds"))
            }
        }
    }
}

fn sheets(page: &Page) -> Markup {
    let words = page.words;
    html! {
        section.part #sheets {
            h2 { (words.sheets) }
            p.choose hidden {
                label { (words.choose)
                    select #site {
                        option value="" { (words.all_sites) }
                        @for (number, sheet) in page.sheets.iter().enumerate() {
                            option value=(number) { (sheet.name) }
                        }
                    }
                }
            }
            @for sheet in &page.sheets { (site(sheet, words)) }
        }
    }
}

fn site(sheet: &Sheet, words: Words) -> Markup {
    html! {
        article.sheet {
            h3 { (sheet.name) }
            (facts(&sheet.facts))
            @if !sheet.rounds.rows.is_empty() { (grid(&sheet.rounds, "numbers rounds")) }
            @if !sheet.cells.rows.is_empty() {
                h4 { (words.cells) }
                (grid(&sheet.cells, "cells"))
            }
        }
    }
}
