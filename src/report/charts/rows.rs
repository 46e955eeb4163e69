//! Charts whose rows are things: bars side by side in each, and words at their end.

use crate::chart::ticks;
use crate::chart::{Axis, Chart, Color, Dash, Fill, Join, Line, Marker, Shape, Tick, Tile, Weight};

/// More rows than this and none can be read from the back of a room.
pub(super) const MOST: usize = 22;

/// One row.
pub(super) struct Row {
    /// What it is.
    pub(super) label: String,
    /// Its bars.
    pub(super) bars: Vec<Bar>,
    /// Its words, at the end of the last bar; may be empty.
    pub(super) words: String,
}

/// One bar of a row.
pub(super) struct Bar {
    /// From where to where.
    pub(super) span: (f64, f64),
    /// What it is filled with.
    pub(super) fill: Fill,
    /// Its words, from the longest to the shortest.
    pub(super) labels: Vec<String>,
}

/// A chart of rows, the first on top, without its words.
pub(super) fn chart(rows: &[Row], x: Axis) -> Chart {
    let height = rows.len().max(1) as f64;
    // A few rows have the bars of four, or they would be walls.
    let half = 0.36 * (height / 4.0).min(1.0);
    let middle = |k: usize| height - k as f64 - 0.5;
    let mut chart = Chart {
        x,
        y: Axis {
            label: String::new(),
            from: 0.0,
            to: height,
            ticks: Vec::new(),
        },
        ..Chart::default()
    };
    for (k, row) in rows.iter().enumerate() {
        let at = middle(k);
        chart.y.ticks.push(Tick {
            at,
            label: row.label.clone(),
        });
        for bar in &row.bars {
            chart.tiles.push(Tile {
                from: (bar.span.0, at - half),
                to: (bar.span.1, at + half),
                fill: bar.fill,
                labels: bar.labels.clone(),
            });
        }
        let end = row.bars.iter().map(|bar| bar.span.1);
        let end = end.fold(chart.x.from, f64::max);
        if !row.words.is_empty() {
            chart.markers.push(Marker {
                at: (end, at),
                shape: Shape::Words,
                size: 0.0,
                fill: Fill::Plain(Color::Ink),
                label: row.words.clone(),
            });
        }
    }
    chart
}

/// An axis of numbers from zero, with room for words behind the longest bar.
pub(super) fn numbers(most: f64, room: f64, label: String) -> Axis {
    let to = if most.is_finite() && most > 0.0 {
        most
    } else {
        1.0
    };
    let mut marks = ticks::numbers(0.0, to * 1.02, 8);
    let step = marks.get(1).copied().unwrap_or(to);
    // Up to the first mark behind the longest bar, where there is room for it.
    marks.push(marks.last().map_or(0.0, |last| last + step));
    marks.retain(|mark| *mark < to + step && *mark <= to * (1.0 + room));
    marks.dedup();
    let places = ticks::decimals(&marks);
    let tick = |&at: &f64| Tick {
        at,
        label: ticks::grouped(at, places),
    };
    Axis {
        label,
        from: 0.0,
        to: to * (1.0 + room),
        ticks: marks.iter().map(tick).collect(),
    }
}

/// A line that is not drawn, to name the tiles of a color in the key.
pub(super) fn named(name: &str, color: Color) -> Line {
    Line {
        name: super::title(name),
        color,
        dash: Dash::Solid,
        weight: Weight::Strong,
        join: Join::Straight,
        points: Vec::new(),
        band: Vec::new(),
    }
}
