//! How wide the columns of a table on paper are.

use super::document::Grid;
use crate::chart;

/// Other programs set letters wider than those that are measured.
const WIDER: f64 = 1.16;
/// How much columns are stretched at most where there is room.
const STRETCH: f64 = 1.5;

/// Widths of the columns, together at most `width`: each as wide as its longest words where there is room; else the wide ones share
/// what the narrow leave, one with four times the words twice as much.
pub(super) fn widths(grid: &Grid, width: f64, (size, pad): (f64, f64)) -> Vec<f64> {
    let all = || std::iter::once(&grid.head).chain(&grid.rows);
    let natural: Vec<f64> = (0..grid.head.len())
        .map(|column| {
            let fields = all().filter_map(|row| row.get(column));
            let widest = fields
                .map(|field| chart::width(field, size))
                .fold(0.0, f64::max);
            widest * WIDER + 2.0 * pad + 2.0
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
    let all: f64 = wide.iter().map(|&column| natural[column].sqrt()).sum();
    for &column in wide {
        widths[column] = left * natural[column].sqrt() / all;
    }
    let stretch = (width / widths.iter().sum::<f64>().max(1.0)).clamp(1.0, STRETCH);
    widths.iter().map(|width| width * stretch).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
