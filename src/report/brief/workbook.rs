//! The briefing as a workbook.

use crate::id::RoundId;
use crate::model::Model;
use crate::report::table::{Cell, Table};
use crate::report::words::{Label, called};
use crate::report::workbook::{Answer, Book, Native, Shape};
use crate::units::language::Language;

use super::Page;

/// Bars that can be told apart.
const BARS: usize = 60;

/// The bytes of the workbook: the page's words, charts of the tables, and the tables.
pub fn workbook(page: &Page, tables: &[Table], model: &Model, language: Language) -> Vec<u8> {
    let natives = page.worst.map_or_else(Vec::new, |round| {
        let scene = Scene {
            tables,
            model,
            round,
            language,
        };
        scene.natives()
    });
    Book {
        answer: answer(page),
        tables,
        natives,
        language,
    }
    .bytes()
}

fn answer(page: &Page) -> Answer {
    let verdict = page.verdict.iter().chain(&page.notes);
    Answer {
        title: page.title.clone(),
        design: page.design.clone(),
        verdict: verdict.cloned().collect(),
        headline: page.headline.clone(),
        grids: vec![
            (page.words.asks.to_owned(), page.asks.clone()),
            (page.words.rounds.to_owned(), page.rounds.clone()),
        ],
        boxes: page.boxes.clone(),
        provenance: (page.words.provenance.to_owned(), page.provenance.clone()),
    }
}

/// What the charts are drawn of: the round in most danger.
struct Scene<'a> {
    tables: &'a [Table],
    model: &'a Model,
    round: RoundId,
    language: Language,
}

impl Scene<'_> {
    fn natives(&self) -> Vec<Native> {
        let round = called(&self.model.rounds[self.round].name, self.language);
        let titled = |words: &str| format!("{round}{}{words}", self.language.pick("：", ": "));
        let charts = [
            self.turnaround(titled(
                self.language
                    .pick("采样到出结果用时", "from swab to result"),
            )),
            self.progress(titled(
                self.language.pick("各环节的进度", "progress by the clock"),
            )),
            self.bars(
                titled(self.language.pick("各采样点的等候", "waits by site")),
                ("sites", &[Label::WaitMean, Label::WaitP95]),
            ),
            self.bars(
                titled(
                    self.language
                        .pick("各网格未采的人", "people missed, by cell"),
                ),
                ("cells", &[Label::Missed]),
            ),
            self.cost(self.language.pick("各轮费用", "cost by round").to_owned()),
        ];
        charts.into_iter().flatten().collect()
    }

    fn says(&self, label: Label) -> &'static str {
        label.says(self.language)
    }

    fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    fn column(&self, table: &Table, label: Label) -> Option<usize> {
        let head = self.says(label);
        table.columns.iter().position(|column| column.head == head)
    }

    /// The rows of the round, which stand together.
    fn rows(&self, table: &Table) -> Option<(usize, usize)> {
        let column = self.column(table, Label::Round)?;
        let id = Cell::Text(self.model.rounds[self.round].name.id.clone());
        let of = |row: &Vec<Cell>| row[column] == id;
        let from = table.rows.iter().position(of)?;
        let many = table.rows[from..].iter().take_while(|row| of(row)).count();
        Some((from, from + many))
    }

    fn turnaround(&self, title: String) -> Option<Native> {
        let table = self.table("turnaround")?;
        Some(Native {
            title,
            table: table.name,
            rows: self.rows(table)?,
            along: self.column(table, Label::AfterSwab)?,
            shape: Shape::Band {
                line: self.column(table, Label::OutMean)?,
                bounds: [
                    self.column(table, Label::OutP05)?,
                    self.column(table, Label::OutP95)?,
                ],
            },
        })
    }

    fn progress(&self, title: String) -> Option<Native> {
        let table = self.table("curve")?;
        let counters = [
            Label::Due,
            Label::Swabbed,
            Label::Delivered,
            Label::Tested,
            Label::Published,
        ];
        let counters = counters.map(|label| self.column(table, label));
        Some(Native {
            title,
            table: table.name,
            rows: self.rows(table)?,
            along: self.column(table, Label::Clock)?,
            shape: Shape::Lines(counters.into_iter().flatten().collect()),
        })
    }

    /// Bars of the places of the round; none where all are of no height.
    fn bars(&self, title: String, (table, labels): (&str, &[Label])) -> Option<Native> {
        let table = self.table(table)?;
        let (from, to) = self.rows(table)?;
        let columns = labels.iter().map(|&label| self.column(table, label));
        let columns: Vec<usize> = columns.collect::<Option<_>>()?;
        let to = to.min(from + BARS);
        let tall = |row: &Vec<Cell>| {
            columns
                .iter()
                .any(|&at| matches!(row[at], Cell::Number(number) if number > 0.0))
        };
        table.rows[from..to].iter().any(tall).then(|| Native {
            title,
            table: table.name,
            rows: (from, to),
            along: 1,
            shape: Shape::Bars(columns.clone()),
        })
    }

    fn cost(&self, title: String) -> Option<Native> {
        let table = self.table("cost")?;
        let kinds = [
            Label::CostStaff,
            Label::CostItems,
            Label::CostVehicles,
            Label::CostSites,
            Label::CostLabs,
        ];
        let kinds = kinds.map(|label| self.column(table, label));
        Some(Native {
            title,
            table: table.name,
            rows: (0, table.rows.len()),
            along: 0,
            shape: Shape::Stack(kinds.into_iter().flatten().collect()),
        })
    }
}
