//! The briefing: one file of HTML that goes straight into the meeting. Page one answers, then every chart, a sheet for each site, every
//! assumption, and where the numbers come from.
//!
//! A page is finished words and drawings; `html` only lays them out, and escapes every word.

mod asks;
mod front;
mod hours;
mod html;
mod method;
mod missing;
mod paper;
mod sheets;
mod slides;
mod workbook;

use crate::experiment::results::Results;
use crate::id::RoundId;
use crate::model::Model;
use crate::units::language::Language;

use super::charts::Drawn;
use super::document::{Figure, Grid, Section};
use super::number::Calendar;
use super::screen::Screen;
use super::verdict::{met, worst};
use super::words::{called, sentence};

pub use asks::{Asked, levers};
pub use paper::pdf;
pub use slides::slides;
pub use workbook::workbook;

/// Columns of a name on the page.
const NAMES: usize = 48;

/// Words and drawings, from the first page to the last.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Page {
    /// The language's code.
    code: &'static str,
    title: String,
    /// Version, scenario, seed, replications.
    design: String,
    /// What to think of the numbers before reading them, such as that incidents were drawn.
    notes: Vec<String>,
    /// The round in most danger, of which the page speaks.
    worst: Option<RoundId>,
    /// Whether the deadline is kept, where there is a round.
    met: Option<bool>,
    /// The verdict, line by line.
    verdict: Vec<String>,
    /// The three numbers to remember: what it is, and how much.
    headline: Vec<(String, String)>,
    /// Boxes of the first page: a head and its lines.
    boxes: Vec<Section>,
    /// How many rounds keep their deadline.
    rounds_said: String,
    rounds: Grid,
    /// Who is missing, and where most are.
    missing_said: String,
    missing: Grid,
    asks: Grid,
    /// What stands before and after the requests.
    asks_said: String,
    figures: Vec<Figure>,
    sheets: Vec<Sheet>,
    assumptions: Grid,
    method: Vec<String>,
    provenance: Vec<(String, String)>,
    words: html::Words,
}

impl Page {
    /// The same with capitals where words stand by themselves.
    fn with_capitals(mut self) -> Self {
        let tables = [
            &mut self.rounds,
            &mut self.missing,
            &mut self.asks,
            &mut self.assumptions,
        ];
        let of_sheets = self.sheets.iter_mut();
        let of_sheets = of_sheets.flat_map(|sheet| [&mut sheet.rounds, &mut sheet.cells]);
        for head in tables
            .into_iter()
            .chain(of_sheets)
            .flat_map(|grid| &mut grid.head)
        {
            *head = sentence(head);
        }
        for row in &mut self.asks.rows {
            for field in row {
                *field = sentence(field);
            }
        }
        for (what, _) in self.headline.iter_mut().chain(&mut self.provenance) {
            *what = sentence(what);
        }
        for (what, _) in self.sheets.iter_mut().flat_map(|sheet| &mut sheet.facts) {
            *what = sentence(what);
        }
        self
    }
}

/// What the people at one site take with them.
#[derive(Clone, PartialEq, Debug, Default)]
struct Sheet {
    name: String,
    facts: Vec<(String, String)>,
    rounds: Grid,
    cells: Grid,
}

/// The briefing with these charts, and with what was asked of the plan if anything was.
pub fn page(
    model: &Model,
    results: &Results,
    (charts, asked): (&[Drawn], Option<&Asked>),
    language: Language,
) -> Page {
    Brief::new(model, results, language).page(charts, asked)
}

/// The briefing as one file of HTML.
pub fn html(page: &Page) -> String {
    html::html(page)
}

/// The same without the frame around it, for a page that shows it among other things.
pub fn body(page: &Page) -> String {
    html::body(page).into_string()
}

/// What every part draws on.
#[derive(Clone, Copy)]
struct Brief<'a> {
    model: &'a Model,
    results: &'a Results,
    language: Language,
    /// The round in most danger, of which the first page speaks.
    worst: Option<RoundId>,
}

impl<'a> Brief<'a> {
    fn new(model: &'a Model, results: &'a Results, language: Language) -> Self {
        Self {
            model,
            results,
            language,
            worst: worst(model, results),
        }
    }

    fn page(&self, charts: &[Drawn], asked: Option<&Asked>) -> Page {
        let language = self.language;
        let mut page = Page {
            code: language.pick("zh-CN", "en"),
            title: called(&self.model.title, language).to_owned(),
            design: self.design(),
            notes: self.notes(),
            figures: charts.iter().map(|drawn| self.figure(drawn)).collect(),
            sheets: self.sheets(),
            assumptions: self.assumptions(),
            method: method::method(self.model, language),
            provenance: self.provenance(),
            words: html::Words::of(language),
            ..Page::default()
        };
        if let Some(round) = self.worst {
            page.worst = Some(round);
            page.met = Some(met(self.results, round));
            page.verdict = lines(&self.screen().verdict(round));
            page.headline = self.headline(round);
            page.boxes = self.boxes(round);
            (page.rounds_said, page.rounds) = (self.rounds_said(), self.rounds());
            (page.missing_said, page.missing) = self.missing(round);
            (page.asks_said, page.asks) = self.asks(round, asked);
        }
        page.with_capitals()
    }

    /// The words of the screen, with names at more length.
    fn screen(&self) -> Screen<'a> {
        Screen {
            model: self.model,
            results: self.results,
            language: self.language,
            most: 5,
            names: NAMES,
        }
    }

    const fn calendar(&self) -> Calendar {
        Calendar {
            first_day: self.model.first_day,
            language: self.language,
        }
    }

    fn pick(&self, zh: &str, en: &str) -> String {
        self.language.pick(zh, en).to_owned()
    }

    fn figure(&self, drawn: &Drawn) -> Figure {
        let calendar = (drawn.name == "campaign").then_some(self.model.first_day);
        let figure = Figure::new(drawn, calendar);
        if drawn.name == "map" {
            self.map(figure)
        } else {
            figure
        }
    }
}

/// The lines of a text, without empty ones.
fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(sentence).collect()
}
