//! The briefing as PDF.

use rayon::prelude::*;

use crate::chart::{self, Chart};
use crate::report::charts::Drawn;
use crate::report::document::Grid;
use crate::report::pdf::{Block, Paper};
use crate::units::language::Language;

use super::Page;

/// Rows of a table of places at most.
const ROWS: usize = 200;

/// The bytes of the file: the first page, every chart, the tables, every assumption, method and provenance.
pub fn pdf(page: &Page, charts: &[Drawn], language: Language) -> Vec<u8> {
    let mut figures: Vec<Block> = charts.par_iter().map(figure).collect();
    let rest = figures.split_off(figures.len().min(1));
    let mut blocks = front(page, figures);
    if !rest.is_empty() {
        blocks.push(Block::Page(page.words.charts.to_owned()));
        blocks.extend(rest);
    }
    blocks.push(Block::Page(page.words.sheets.to_owned()));
    blocks.push(Block::Table(sites(page)));
    if !page.missing.rows.is_empty() {
        blocks.push(Block::Part(page.words.missing.to_owned()));
        blocks.push(Block::Words(page.missing_said.clone()));
        blocks.push(Block::Table(page.missing.clone()));
    }
    blocks.push(Block::Page(page.words.assumptions.to_owned()));
    blocks.push(Block::Table(without(&page.assumptions, 1)));
    blocks.push(Block::Part(page.words.method.to_owned()));
    blocks.extend(page.method.iter().cloned().map(Block::Words));
    blocks.push(Block::Part(page.words.provenance.to_owned()));
    blocks.push(Block::Facts(page.provenance.clone()));
    Paper {
        title: page.title.clone(),
        footer: page.design.clone(),
        language,
        blocks,
    }
    .bytes()
}

/// A table without one of its columns: addresses in the file are of no use on paper.
fn without(grid: &Grid, column: usize) -> Grid {
    let rest = |row: &Vec<String>| {
        let fields = row.iter().enumerate();
        fields
            .filter(|(at, _)| *at != column)
            .map(|(_, field)| field.clone())
            .collect()
    };
    Grid {
        head: rest(&grid.head),
        rows: grid.rows.iter().map(rest).collect(),
    }
}

/// What the leader asks.
fn front(page: &Page, first: Vec<Block>) -> Vec<Block> {
    let words = page.words;
    let mut blocks = vec![
        Block::Title(page.title.clone()),
        Block::Small(page.design.clone()),
    ];
    blocks.extend(page.notes.iter().cloned().map(Block::Small));
    if let Some(met) = page.met {
        let badge = if met { words.met } else { words.not_met };
        blocks.push(Block::Verdict(met, badge, page.verdict.clone()));
    }
    if !page.headline.is_empty() {
        blocks.push(Block::Headline(page.headline.clone()));
    }
    blocks.extend(first);
    if page.met.is_some() {
        blocks.push(Block::Part(words.asks.to_owned()));
        if !page.asks_said.is_empty() {
            blocks.push(Block::Words(page.asks_said.clone()));
        }
        if !page.asks.rows.is_empty() {
            blocks.push(Block::Table(page.asks.clone()));
        } else if page.asks_said.is_empty() {
            blocks.push(Block::Words(words.nothing.to_owned()));
        }
    }
    blocks.push(Block::Boxes(page.boxes.clone()));
    if page.rounds.rows.len() > 1 {
        blocks.push(Block::Part(words.rounds.to_owned()));
        blocks.push(Block::Table(page.rounds.clone()));
    }
    blocks
}

/// A chart without the words that stand over it on paper.
fn figure(drawn: &Drawn) -> Block {
    let bare = Chart {
        title: String::new(),
        subtitle: String::new(),
        footnote: String::new(),
        ..drawn.chart.clone()
    };
    Block::Figure {
        head: drawn.chart.title.clone(),
        says: drawn.chart.subtitle.clone(),
        drawing: Box::new(chart::tree(&bare)),
    }
}

/// A row for each site and round: what its sheet says.
fn sites(page: &Page) -> Grid {
    let mut grid = Grid::default();
    for sheet in &page.sheets {
        if grid.head.is_empty() {
            grid.head = std::iter::once(page.words.site.to_owned())
                .chain(sheet.rounds.head.iter().cloned())
                .collect();
        }
        let rows = sheet.rounds.rows.iter();
        let rows = rows.map(|row| std::iter::once(&sheet.name).chain(row).cloned().collect());
        grid.rows.extend(rows);
    }
    grid.rows.truncate(ROWS);
    grid
}
