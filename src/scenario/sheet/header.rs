//! The first row that names the columns.

use super::Columns;
use super::grid::{Cell, Grid, Row};
use crate::scenario::nearest::folded;

/// How many rows may stand before the header, such as a title.
const ROWS_BEFORE: usize = 20;

/// Which row is the header: the first that names an id, or at least two known columns; else the first with anything in it.
pub(super) fn find(grid: &Grid, columns: &Columns) -> Option<usize> {
    let first = grid.rows.iter().position(|row| !row.is_empty())?;
    let names_columns = |row: &Row| {
        let keys: Vec<_> = row
            .fields
            .iter()
            .filter_map(|field| key(&field.cell, columns))
            .collect();
        keys.contains(&"id") || keys.len() >= 2
    };
    let candidates = grid.rows.iter().enumerate().skip(first).take(ROWS_BEFORE);
    Some(
        candidates
            .into_iter()
            .find(|(_, row)| names_columns(row))
            .map_or(first, |(index, _)| index),
    )
}

/// The key that a header stands for: `编号`, `ID`, `编号/id`, `编号 id`, `常住（人）` and the like.
pub(super) fn key(cell: &Cell, columns: &Columns) -> Option<&'static str> {
    let Cell::Text(header) = cell else {
        return None;
    };
    pieces(header).into_iter().find_map(|piece| {
        let piece = folded(&piece);
        let is = |word: &str| folded(word) == piece;
        columns
            .known
            .iter()
            .find(|(key, synonyms)| is(key) || synonyms.iter().any(|word| is(word)))
            .map(|(key, _)| *key)
    })
}

/// The unit in brackets at the end of a header, such as `min` in `收样时刻（min）`.
pub(super) fn unit(header: &str) -> Option<&str> {
    let inner = header.trim().strip_suffix([')', '）', ']', '】'])?;
    let start = inner.rfind(['(', '（', '[', '【'])?;
    let unit = inner[start..]
        .trim_start_matches(['(', '（', '[', '【'])
        .trim();
    (!unit.is_empty()).then_some(unit)
}

/// The header without a unit in brackets.
pub(super) fn without_unit(header: &str) -> &str {
    if unit(header).is_none() {
        return header.trim();
    }
    header
        .rfind(['(', '（', '[', '【'])
        .map_or(header, |start| &header[..start])
        .trim()
}

/// What a header may be known by: all of it, without its unit, and its parts in one script.
fn pieces(header: &str) -> Vec<String> {
    let mut pieces = vec![header.to_owned(), without_unit(header).to_owned()];
    let parts = |part: &str| part.trim().to_owned();
    pieces.extend(
        header
            .split(['/', '／', '|', '\n', '(', ')', '（', '）', '[', ']', '、'])
            .map(parts),
    );
    let latin = |c: char| c.is_ascii();
    pieces.push(
        header
            .chars()
            .skip_while(|c| !c.is_ascii_alphabetic())
            .take_while(|c| latin(*c))
            .collect(),
    );
    pieces.push(
        header
            .chars()
            .skip_while(|c| latin(*c))
            .take_while(|c| !latin(*c))
            .collect(),
    );
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_known_in_either_language_and_dress() {
        let key = |header: &str| key(&Cell::text(header), &Columns::CELLS);
        for header in [
            "编号",
            "ID",
            " id ",
            "编号/id",
            "编号 id",
            "编号id",
            "ｉｄ",
            "id（编号）",
            "编号\nid",
        ] {
            assert_eq!(key(header), Some("id"), "{header}");
        }
        for header in [
            "常住人口（人）",
            "常住 (人)",
            "Residents",
            "常住/residents",
            "Population [people]",
        ] {
            assert_eq!(key(header), Some("residents"), "{header}");
        }
        assert_eq!(key("name_en"), Some("name_en"));
        assert_eq!(key("Name EN"), Some("name_en"));
        assert_eq!(key("联系电话"), None);
    }

    #[test]
    fn a_unit_in_brackets_is_told_from_the_header() {
        assert_eq!(
            (without_unit("收样时刻（min）"), unit("收样时刻（min）")),
            ("收样时刻", Some("min"))
        );
        assert_eq!((without_unit("lanes"), unit("lanes")), ("lanes", None));
    }
}
