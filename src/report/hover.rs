//! The values behind a chart, for whoever points at it: nothing that is not drawn.

use serde_json::{Value, json};

use crate::chart::{self, Chart};

/// Points of a line at most; of longer ones every second, third … is told.
const MOST: usize = 400;

/// JSON that the page's script reads. `first_day`: where its horizontal axis counts hours from the midnight of that day.
pub(super) fn values(chart: &Chart, first_day: Option<jiff::civil::Date>) -> String {
    let plot = chart::plot(chart);
    let line = |line: &chart::Line| {
        let every = line.points.len().div_ceil(MOST).max(1);
        let points: Vec<Value> = line
            .points
            .iter()
            .enumerate()
            .filter(|(at, point)| at % every == 0 && point.0.is_finite() && point.1.is_finite())
            .map(|(_, &(x, y))| json!([short(x), short(y)]))
            .collect();
        json!({"name": line.name, "points": points})
    };
    let named =
        |line: &&chart::Line| !line.name.is_empty() && line.points.len() > 1 && !chart.equal;
    let lines: Vec<Value> = chart.lines.iter().filter(named).map(line).collect();
    let tile = |tile: &chart::Tile| {
        let words = tile.labels.first()?;
        let ((left, bottom), (right, top)) = (tile.from, tile.to);
        Some(json!([
            short(left),
            short(bottom),
            short(right),
            short(top),
            words
        ]))
    };
    let tiles: Vec<Value> = chart.tiles.iter().filter_map(tile).collect();
    let ticks = |axis: &chart::Axis| -> Vec<Value> {
        let ticks = axis.ticks.iter().filter(|_| !tiles.is_empty());
        ticks
            .map(|tick| json!([short(tick.at), tick.label]))
            .collect()
    };
    let mut values = json!({
        "across": [plot.across.0, plot.across.1],
        "up": [plot.up.0, plot.up.1],
        "x": [plot.x.0, plot.x.1],
        "y": [plot.y.0, plot.y.1],
        "lines": lines,
        "tiles": tiles,
        "rows": ticks(&chart.y),
    });
    if let Some(first_day) = first_day {
        values["day"] = first_day.to_string().into();
    }
    values.to_string()
}

/// A number with four significant digits, which is more than a pixel.
fn short(number: f64) -> f64 {
    if number == 0.0 || !number.is_finite() {
        return 0.0;
    }
    let unit = 10.0_f64.powf(number.abs().log10().floor() - 4.0);
    let rounded = (number / unit).round() * unit;
    format!("{rounded:.4}").parse().unwrap_or(number)
}
