use super::flow::{Mark, PAGE, SIDE, flow};
use super::*;
use crate::chart;
use crate::report::{brief, charts, fixture};

/// A paper whose every word is this.
fn of_words(words: &str) -> Paper {
    let own = || words.to_owned();
    let card = Section {
        head: own(),
        lines: vec![own(); 9],
    };
    let grid = Grid {
        head: vec![own(); 10],
        rows: vec![vec![own(); 10]; 40],
    };
    let figure = Block::Figure {
        head: own(),
        says: own(),
        drawing: Box::new(chart::tree(&chart::Chart::default())),
    };
    let blocks = vec![
        Block::Title(own()),
        Block::Small(own()),
        Block::Verdict(false, "not on time", vec![own(); 4]),
        Block::Headline(vec![(own(), own()); 4]),
        figure,
        Block::Part(own()),
        Block::Words(own()),
        Block::Boxes(vec![card; 5]),
        Block::Page(own()),
        Block::Table(grid),
        Block::Facts(vec![(own(), own()); 3]),
    ];
    Paper {
        title: own(),
        footer: own(),
        language: Language::English,
        blocks,
    }
}

#[test]
fn every_mark_lies_between_the_margins_whatever_the_words() {
    let right = PAGE.0 - SIDE + 0.5;
    for words in [
        String::new(),
        "a".to_owned(),
        "Verylongcountyname".repeat(40),
        "很长的采样点名字，".repeat(60),
        "a \u{1}\n\u{ffff} b ".repeat(90),
    ] {
        for marks in flow(&of_words(&words)).pages {
            for mark in marks {
                let (ends, bottom) = match &mark {
                    Mark::Words {
                        at, size, words, ..
                    } => (at.0 + chart::width(words, *size), at.1),
                    Mark::Ground([left, top, wide, high], _)
                    | Mark::Drawing(_, [left, top, wide, high]) => (left + wide, top + high),
                };
                assert!(ends <= right && bottom <= PAGE.1 - 36.0, "{mark:?}");
            }
        }
    }
}

#[test]
fn whatever_the_words_it_is_a_pdf_and_the_same_each_time() {
    for words in ["采样", "a\u{0}b", "བོད 🚑"] {
        let bytes = of_words(words).bytes();
        assert!(bytes.starts_with(b"%PDF-"));
        assert!(bytes == of_words(words).bytes());
    }
}

#[test]
fn a_run_has_its_parts_in_the_table_of_contents() {
    let model = fixture::model();
    let results = fixture::results(&model);
    let drawn = charts::all(&model, &results, None, Language::English);
    let page = brief::page(&model, &results, (&drawn, None), Language::English);
    let bytes = brief::pdf(&page, &drawn, Language::English);
    let has = |words: &[u8]| bytes.windows(words.len()).any(|part| part == words);
    assert!(bytes.starts_with(b"%PDF-") && has(b"/Outlines"));
    assert!(has(b"/FontFile3") || has(b"/FontFile2"));
}
