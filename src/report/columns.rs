//! How wide the columns of a table on paper are.

use super::document::Grid;
use crate::chart;

/// Other programs set letters wider than those that are measured.
const WIDER: f64 = 1.16;
/// Right of a number, in font sizes.
pub(super) const APART: f64 = 1.0;
/// Heads are bold, and so wider still.
const BOLD: f64 = 1.12;
/// How much columns are stretched at most where there is room.
const STRETCH: f64 = 1.5;

/// Widths of the columns, together at most `width`: each as wide as its longest words where there is room; else the wide ones share
/// what the narrow leave, one with four times the words twice as much.
pub(super) fn widths(grid: &Grid, width: f64, (size, pad): (f64, f64)) -> Vec<f64> {
    let numbers = numeric(grid);
    let natural: Vec<f64> = (0..grid.head.len())
        .map(|column| {
            let fields = grid.rows.iter().filter_map(|row| row.get(column));
            let widest = fields
                .map(|field| chart::width(field, size))
                .fold(chart::width(&grid.head[column], size) * BOLD, f64::max);
            let apart = if numbers[column] { APART * size } else { 0.0 };
            widest * WIDER + 2.0 * pad + 2.0 + apart
        })
        .collect();
    let mut order: Vec<usize> = (0..natural.len()).collect();
    order.sort_by(|&one, &other| natural[one].total_cmp(&natural[other]));
    let (mut widths, mut left) = (natural.clone(), width);
    let mut wide = order.as_slice();
    while let Some((&column, wider)) = wide.split_first()
        && natural[column] * wide.len() as f64 <= left
    {
        left -= natural[column];
        wide = wider;
    }
    share(
        &mut widths,
        (wide.to_vec(), left),
        (&natural, &longest_words(grid, (size, pad))),
    );
    let stretch = (width / widths.iter().sum::<f64>().max(1.0)).clamp(1.0, STRETCH);
    widths.iter().map(|width| width * stretch).collect()
}

/// Whether so wide a table has room for the longest word of each column.
pub(super) fn are_whole(grid: &Grid, width: f64, (size, pad): (f64, f64)) -> bool {
    longest_words(grid, (size, pad)).iter().sum::<f64>() <= width
}

/// Shares what is left among wide columns, none narrower than its longest word.
fn share(
    widths: &mut [f64],
    (mut wide, mut left): (Vec<usize>, f64),
    (natural, least): (&[f64], &[f64]),
) {
    loop {
        let all: f64 = wide.iter().map(|&column| natural[column].sqrt()).sum();
        let fair = |column: usize| left * natural[column].sqrt() / all;
        let narrow = wide.iter().position(|&column| fair(column) < least[column]);
        let room = wide.iter().map(|&column| least[column]).sum::<f64>() <= left;
        let Some(at) = narrow.filter(|_| room) else {
            for &column in &wide {
                widths[column] = fair(column);
            }
            return;
        };
        let column = wide.swap_remove(at);
        widths[column] = least[column];
        left -= least[column];
    }
}

/// How wide each column must be for its longest word; a number is one.
fn longest_words(grid: &Grid, (size, pad): (f64, f64)) -> Vec<f64> {
    const ENDLESS: f64 = 8.0;
    // Chinese is broken anywhere, and so are words without end.
    let longest = |field: &String| {
        let words = field.split(|c: char| c == ' ' || !c.is_ascii());
        let words = words.map(|word| chart::width(word, size));
        let words = words.filter(|wide| *wide <= ENDLESS * size);
        words.fold(0.0, f64::max)
    };
    let numbers = numeric(grid);
    let column = |at: usize| {
        let fields = grid.rows.iter().filter_map(|row| row.get(at)).map(longest);
        let least = fields.fold(longest(&grid.head[at]) * BOLD, f64::max);
        let apart = if numbers[at] { APART * size } else { 0.0 };
        least * WIDER + 2.0 * pad + 2.0 + apart
    };
    (0..grid.head.len()).map(column).collect()
}

/// Widths of a few facts side by side, together `width`: as what they say needs, but none a sliver.
pub(super) fn shares(facts: &[(String, String)], width: f64) -> Vec<f64> {
    const LEAST: f64 = 7.0;
    const MOST: f64 = 20.0;
    let need = |(what, much): &(String, String)| {
        let needed = (chart::width(what, 1.0) * 0.6).max(chart::width(much, 1.0));
        needed.clamp(LEAST, MOST)
    };
    let needs: Vec<f64> = facts.iter().map(need).collect();
    let all: f64 = needs.iter().sum();
    needs.iter().map(|need| need / all * width).collect()
}

/// Which columns hold nothing but numbers, to be set to the right.
pub(super) fn numeric(grid: &Grid) -> Vec<bool> {
    let is_number = |field: &String| {
        field
            .chars()
            .all(|c| c.is_ascii_digit() || ",.%<>+−—".contains(c))
    };
    let column = |at: usize| {
        let mut fields = grid.rows.iter().filter_map(|row| row.get(at)).peekable();
        fields.peek().is_some() && fields.all(|field| !field.is_empty() && is_number(field))
    };
    (0..grid.head.len()).map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_and_no_number_is_broken_where_there_is_room() {
        let head = [
            "round",
            "probability all on time",
            "swabbed by",
            "what it brings",
        ];
        let grid = Grid {
            head: head.map(str::to_owned).to_vec(),
            rows: vec![
                [
                    "x".repeat(60),
                    "12,800".to_owned(),
                    "y".repeat(60),
                    "z".repeat(200),
                ]
                .to_vec(),
            ],
        };
        let found = widths(&grid, 400.0, (14.0, 6.0));
        let word = chart::width("probability", 14.0) + 12.0;
        assert!(found[1] >= word, "{found:?} {word}");
        assert!(found.iter().sum::<f64>() <= 400.0 + 1e-6);
    }

    #[test]
    fn a_column_of_nothing_but_numbers_is_one() {
        let rows = [
            ["A1", "12,263", "99%", "21:40"],
            ["7", "—", "<0.1%", "09:00"],
        ];
        let grid = Grid {
            head: vec![String::new(); 4],
            rows: rows.map(|row| row.map(str::to_owned).to_vec()).to_vec(),
        };
        assert_eq!(numeric(&grid), [false, true, true, false]);
        let head = grid.head;
        assert_eq!(
            numeric(&Grid {
                head,
                rows: Vec::new()
            }),
            [false; 4]
        );
    }

    #[test]
    fn wide_columns_give_way_to_narrow_ones_and_all_fit() {
        let grid = Grid {
            head: ["a", "b", "c"].map(str::to_owned).to_vec(),
            rows: vec![vec!["1".to_owned(), "采样".repeat(90), "x".repeat(400)]],
        };
        let found = widths(&grid, 500.0, (10.0, 4.0));
        assert!(
            found[0] < 30.0 && found[1] > 200.0 && found[2] > found[1],
            "{found:?}"
        );
        assert!((found.iter().sum::<f64>() - 500.0).abs() < 1e-6);
    }
}
