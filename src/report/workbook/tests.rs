use super::*;
use calamine::{Data, DataType as _, Reader as _, Xlsx};
use std::io::Cursor;

use crate::report::table::Column;
use crate::report::{brief, charts, fixture, tables};

fn open(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

fn of_run(language: Language) -> (Vec<Table>, Vec<u8>) {
    let model = fixture::model();
    let results = fixture::results(&model);
    let tables = tables::tables(&model, &results, language);
    let drawn = charts::all(&model, &results, None, language);
    let page = brief::page(&model, &results, (&drawn, None), language);
    let bytes = brief::workbook(&page, &tables, &model, language);
    (tables, bytes)
}

/// Whether a field of the workbook is that of the table.
fn same(read: &Data, written: &Cell) -> bool {
    match (read, written) {
        (Data::Empty, Cell::Empty) => true,
        (Data::String(read), Cell::Text(text)) => read == text,
        (Data::Float(read), Cell::Number(number)) => read.to_bits() == number.to_bits(),
        (Data::DateTime(read), Cell::Moment(at)) => (read.as_f64() - days(*at)).abs() < 1e-9,
        _ => false,
    }
}

/// Days since the last one of 1899, as Excel counts them from March 1900 on.
fn days(at: jiff::civil::DateTime) -> f64 {
    let first = jiff::civil::date(1899, 12, 30).at(0, 0, 0, 0);
    let minutes = at.since((jiff::Unit::Minute, first)).unwrap();
    minutes.get_minutes() as f64 / 1440.0
}

#[test]
fn every_field_of_every_table_stands_in_the_workbook() {
    for language in [Language::Chinese, Language::English] {
        let (tables, bytes) = of_run(language);
        let mut book = open(bytes);
        let names = book.sheet_names();
        let filled: Vec<_> = tables
            .iter()
            .filter(|table| !table.rows.is_empty())
            .collect();
        assert_eq!(names.len(), filled.len() + 2, "{names:?}");
        for (table, name) in filled.iter().zip(&names[2..]) {
            let range = book.worksheet_range(name).unwrap();
            for (column, told) in (0u32..).zip(&table.columns) {
                assert_eq!(
                    range.get_value((0, column)),
                    Some(&Data::String(told.head.clone()))
                );
            }
            for (line, row) in (1u32..).zip(&table.rows) {
                for (column, written) in (0u32..).zip(row) {
                    let read = range.get_value((line, column)).unwrap_or(&Data::Empty);
                    assert!(same(read, written), "{name}: {read:?} {written:?}");
                }
            }
        }
    }
}

#[test]
fn the_first_sheet_says_the_verdict_and_where_it_comes_from() {
    let (_, bytes) = of_run(Language::English);
    let mut book = open(bytes);
    let answer = book.worksheet_range("answer").unwrap();
    let text: Vec<String> = answer
        .rows()
        .flatten()
        .filter_map(|field| field.get_string().map(str::to_owned))
        .collect();
    for said in ["Model county town, two rounds", "Provenance", "seed"] {
        assert!(
            text.iter().any(|line| line.contains(said)),
            "{said}: {text:#?}"
        );
    }
}

#[test]
fn the_same_results_give_the_same_bytes() {
    assert!(of_run(Language::Chinese).1 == of_run(Language::Chinese).1);
}

/// A book whose every word is this.
fn of_words(words: &str, rows: usize) -> Vec<u8> {
    let table = Table {
        name: "cells",
        columns: vec![Column::plain(words), Column::share("share")],
        rows: vec![vec![Cell::Text(words.to_owned()), Cell::Number(0.5)]; rows],
    };
    let answer = Answer {
        title: words.to_owned(),
        verdict: vec![words.to_owned()],
        headline: vec![(words.to_owned(), words.to_owned())],
        ..Answer::default()
    };
    let native = Native {
        title: words.to_owned(),
        table: "cells",
        rows: (0, rows),
        along: 0,
        shape: Shape::Plans(1, vec![(words.to_owned(), (0, rows))]),
    };
    Book {
        answer,
        tables: &[table],
        natives: vec![native],
        language: Language::English,
    }
    .bytes()
}

#[test]
fn no_word_becomes_a_formula_or_breaks_the_file() {
    for words in [
        "=1+1",
        "=HYPERLINK(\"x\")",
        "@SUM(A1)",
        "a\u{1}\u{fffe}<b>&\"'_x0041_]]>",
        "=cells!$A$1",
        "up!A1:B9",
    ] {
        let mut book = open(of_words(words, 2));
        for sheet in ["answer", "cells"] {
            let formulas = book.worksheet_formula(sheet).unwrap();
            assert!(formulas.rows().flatten().all(String::is_empty), "{words}");
        }
        let range = book.worksheet_range("cells").unwrap();
        assert!(matches!(range.get_value((1, 0)), Some(Data::String(_))));
    }
}

#[test]
fn words_longer_than_a_field_holds_are_cut() {
    let long = "采𠀀".repeat(40_000);
    let mut book = open(of_words(&long, 1));
    let range = book.worksheet_range("cells").unwrap();
    let Some(Data::String(kept)) = range.get_value((1, 0)) else {
        panic!("no text");
    };
    assert!(long.starts_with(kept.as_str()) && kept.len() > 10_000);
}
