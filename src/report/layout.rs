//! Lays words out for a terminal of 80 columns, in which a Chinese character takes two.

use crate::chart;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::units::language::Language;

/// Columns of the terminal that the screen is made for.
pub const COLUMNS: u16 = 80;

/// Lines that start with a label, the text beside it wrapped between clauses in Chinese and between words in English.
pub fn labelled(lines: &[(&str, String)], language: Language) -> String {
    let indent = lines
        .iter()
        .map(|(label, _)| width(label))
        .max()
        .unwrap_or(0)
        + 2;
    let mut shown = String::new();
    for (label, text) in lines {
        let text = text
            .lines()
            .flat_map(|line| wrap(line, usize::from(COLUMNS).saturating_sub(indent), language));
        for (index, line) in text.enumerate() {
            let label = if index == 0 { label } else { "" };
            shown.extend([label, &" ".repeat(indent - width(label)), &line, "\n"]);
        }
    }
    shown
}

/// The text in lines of at most so many columns; a piece that is longer than a line is cropped.
pub fn wrap(text: &str, columns: usize, language: Language) -> Vec<String> {
    let ends = |character: char| match language {
        Language::Chinese => "，；、。：".contains(character),
        Language::English => character == ' ',
    };
    let mut lines = vec![String::new()];
    for piece in text.split_inclusive(ends) {
        let last = lines.last_mut().expect("there is always a line");
        if !last.is_empty() && width(last) + width(piece.trim_end()) > columns {
            lines.push(piece.to_owned());
        } else {
            last.push_str(piece);
        }
    }
    lines
        .iter()
        .map(|line| crop(line.trim_end(), columns))
        .collect()
}

/// A small table: the first column to the left, the others to the right.
pub fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = plain();
    table.set_header(head.iter().copied());
    for row in rows {
        table.add_row(row);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    lines_of(&table)
}

fn plain() -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(COLUMNS);
    table
}

fn lines_of(table: &Table) -> String {
    let text = table.trim_fmt();
    let lines = text
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The text in at most so many columns, without characters that could steer a terminal. What is too long loses its middle: names that
/// belong together begin alike and end in their number.
pub fn crop(text: &str, columns: usize) -> String {
    let shown: String = text
        .chars()
        .map(|character| {
            if character.is_control() {
                '\u{fffd}'
            } else {
                character
            }
        })
        .collect();
    if shown.width() <= columns {
        return shown;
    }
    let kept = columns.saturating_sub(1);
    let tail = fitting(shown.chars().rev(), kept / 3);
    let head = fitting(shown.chars(), kept - tail.width());
    chart::without_middle(&shown, head.chars().count(), tail.chars().count())
}

/// As many of the first characters as these columns hold.
fn fitting(characters: impl Iterator<Item = char>, columns: usize) -> String {
    let mut width = 0;
    let mut fits = |character: &char| {
        width += character.width().unwrap_or(0);
        width <= columns
    };
    characters.take_while(|character| fits(character)).collect()
}

/// How many columns the text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn columns_line_up_under_chinese() {
        let shown = table(
            &["轮次", "已采"],
            [
                vec!["第一轮".into(), "12,263".into()],
                vec!["R2".into(), "9".into()],
            ],
        );
        let ends: Vec<_> = shown.lines().map(width).collect();
        assert!(ends.iter().all(|&end| end == ends[0]), "{shown}");
    }

    #[test]
    fn a_label_keeps_its_column_while_the_text_wraps_between_clauses() {
        let lines = [
            ("结论", "采完 19:40，".repeat(20)),
            ("文件夹", "output".into()),
        ];
        let shown = labelled(&lines, Language::Chinese);
        assert!(shown.lines().all(|line| width(line) <= 80), "{shown}");
        assert!(
            shown
                .lines()
                .skip(1)
                .take(2)
                .all(|line| line.starts_with("        采完 ")),
            "{shown}"
        );
        assert!(shown.ends_with("文件夹  output\n"), "{shown}");
    }

    proptest! {
        #[test]
        fn a_cropped_text_fits_and_is_harmless(text in any::<String>(), columns in 1usize..40) {
            let cropped = crop(&text, columns);
            prop_assert!(cropped.width() <= columns);
            prop_assert!(!cropped.chars().any(char::is_control));
        }

        #[test]
        fn a_wrapped_text_fits(text in "[ ，a-z采样]{0,200}", columns in 4usize..40) {
            for language in [Language::Chinese, Language::English] {
                prop_assert!(wrap(&text, columns, language).iter().all(|line| line.width() <= columns));
            }
        }
    }
}
