//! Lines as they are drawn: gaps, smooth joins, steps, cuts at the edges and dashes, all in pixels.

use super::canvas::Point;
use super::{Dash, Join};

/// The stretches of points without gaps.
pub(super) fn stretches(points: impl IntoIterator<Item = Option<Point>>) -> Vec<Vec<Point>> {
    let mut stretches = vec![Vec::new()];
    for point in points {
        match (point, stretches.last_mut()) {
            (Some(point), Some(stretch)) => stretch.push(point),
            _ => stretches.push(Vec::new()),
        }
    }
    stretches.retain(|stretch| !stretch.is_empty());
    stretches
}

/// The points, joined.
pub(super) fn join(points: &[Point], how: Join) -> Vec<Point> {
    match how {
        Join::Smooth => smooth(points),
        Join::Step => steps(points),
        Join::Straight => points.to_vec(),
    }
}

/// Flat until the next point.
fn steps(points: &[Point]) -> Vec<Point> {
    let corners = points
        .windows(2)
        .flat_map(|pair| [pair[0], (pair[1].0, pair[0].1)]);
    corners.chain(points.last().copied()).collect()
}

/// The monotone cubic through the points (Fritsch and Carlson, 1980, with the harmonic slopes of Fritsch and Butland, 1984), as short
/// straight pieces.
fn smooth(points: &[Point]) -> Vec<Point> {
    const PIECE: f64 = 5.0;
    let [first, .., last] = points else {
        return points.to_vec();
    };
    let slopes = points
        .windows(2)
        .map(|pair| slope(pair[0], pair[1]))
        .collect::<Vec<_>>();
    let tangent = |k: usize| match (k.checked_sub(1).map(|before| slopes[before]), slopes.get(k)) {
        (Some(before), Some(&after)) if before * after > 0.0 => {
            2.0 * before * after / (before + after)
        }
        (None, Some(&only)) | (Some(only), None) => only,
        (Some(_), Some(_)) | (None, None) => 0.0,
    };
    let mut curve = vec![*first];
    for (k, pair) in points.windows(2).enumerate() {
        let (a, b) = (pair[0], pair[1]);
        let run = b.0 - a.0;
        let pieces = if run > 0.0 {
            (run / PIECE).ceil().min(64.0) as u32
        } else {
            1
        };
        for piece in 1..pieces {
            let t = f64::from(piece) / f64::from(pieces);
            let y = hermite(t, [a.1, b.1], [tangent(k) * run, tangent(k + 1) * run]);
            curve.push((a.0 + t * run, y));
        }
        curve.push(b);
    }
    debug_assert_eq!(curve.last(), Some(last));
    curve
}

/// The slope from one point to the next; 0 where x does not grow.
fn slope(a: Point, b: Point) -> f64 {
    if b.0 > a.0 {
        (b.1 - a.1) / (b.0 - a.0)
    } else {
        0.0
    }
}

/// The cubic Hermite polynomial.
fn hermite(t: f64, ends: [f64; 2], slopes: [f64; 2]) -> f64 {
    let u = 1.0 - t;
    ends[0] * (1.0 + 2.0 * t) * u * u + slopes[0] * t * u * u + ends[1] * t * t * (3.0 - 2.0 * t)
        - slopes[1] * t * t * u
}

/// The parts of a line between two values of x.
pub(super) fn cut(points: &[Point], left: f64, right: f64) -> Vec<Vec<Point>> {
    let mut parts = vec![Vec::new()];
    for pair in points.windows(2) {
        let Some((a, b)) = cut_piece(pair[0], pair[1], left, right) else {
            continue;
        };
        match parts.last_mut() {
            Some(part) if part.last() == Some(&a) => part.push(b),
            _ => parts.push(vec![a, b]),
        }
    }
    parts.retain(|part| part.len() > 1);
    parts
}

/// The part of a straight piece between two values of x.
fn cut_piece(a: Point, b: Point, left: f64, right: f64) -> Option<(Point, Point)> {
    let at = |x: f64| (x, a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0));
    let inside = |point: Point| {
        if point.0 < left {
            at(left)
        } else if point.0 > right {
            at(right)
        } else {
            point
        }
    };
    let outside = a.0.max(b.0) < left || a.0.min(b.0) > right;
    (!outside).then(|| (inside(a), inside(b)))
}

/// The pattern of a dash: lengths drawn and left out by turns, in widths of the line. Empty: solid.
fn pattern(dash: Dash) -> &'static [f64] {
    match dash {
        Dash::Solid => &[],
        Dash::Long => &[5.0, 2.2],
        Dash::Short => &[2.4, 1.6],
        Dash::Dotted => &[1.0, 1.3],
        Dash::DashDot => &[5.0, 1.6, 1.0, 1.6],
    }
}

/// A line as the pieces to draw.
pub(super) fn dashed(points: &[Point], dash: Dash, width: f64) -> Vec<Vec<Point>> {
    let pattern = pattern(dash);
    let (Some(&first), false) = (points.first(), pattern.is_empty()) else {
        return vec![points.to_vec()];
    };
    let mut pieces = vec![vec![first]];
    let (mut turn, mut left) = (0, pattern[0] * width);
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        let mut length = (to.0 - from.0).hypot(to.1 - from.1);
        while length > left {
            let t = left / length;
            from = (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t);
            length -= left;
            if turn % 2 == 0 {
                pieces
                    .last_mut()
                    .expect("there is always a piece")
                    .push(from);
            } else {
                pieces.push(vec![from]);
            }
            turn = (turn + 1) % pattern.len();
            left = pattern[turn] * width;
        }
        left -= length;
        if turn % 2 == 0 {
            pieces.last_mut().expect("there is always a piece").push(to);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_gap_parts_a_line() {
        let points = [
            Some((0.0, 0.0)),
            None,
            None,
            Some((1.0, 1.0)),
            Some((2.0, 1.0)),
        ];
        assert_eq!(
            stretches(points),
            [vec![(0.0, 0.0)], vec![(1.0, 1.0), (2.0, 1.0)]]
        );
    }

    #[test]
    fn a_step_is_flat_until_the_next_point() {
        assert_eq!(
            join(&[(0.0, 1.0), (5.0, 3.0)], Join::Step),
            [(0.0, 1.0), (5.0, 1.0), (5.0, 3.0)]
        );
    }

    #[test]
    fn a_line_is_cut_where_it_leaves_the_plot() {
        assert_eq!(
            cut(&[(-10.0, 0.0), (10.0, 20.0), (30.0, 20.0)], 0.0, 20.0),
            [[(0.0, 10.0), (10.0, 20.0), (20.0, 20.0)]]
        );
    }

    proptest! {
        #[test]
        fn a_smooth_line_through_rising_points_never_falls(rises in prop::collection::vec((1.0..200.0f64, 0.0..300.0f64), 2..40)) {
            let points = rises.iter().scan((0.0, 0.0), |at, rise| { *at = (at.0 + rise.0, at.1 + rise.1); Some(*at) }).collect::<Vec<_>>();
            let line = join(&points, Join::Smooth);
            prop_assert!(line.windows(2).all(|pair| pair[1].1 >= pair[0].1 - 1e-9 && pair[1].0 > pair[0].0));
        }

        #[test]
        fn dashes_are_parts_of_the_line(turns in prop::collection::vec(0.0..100.0f64, 2..20)) {
            let points = turns.iter().enumerate().map(|(k, &y)| (k as f64 * 30.0, y)).collect::<Vec<_>>();
            let length = |line: &[Point]| line.windows(2).map(|p| (p[1].0 - p[0].0).hypot(p[1].1 - p[0].1)).sum::<f64>();
            let drawn = dashed(&points, Dash::Short, 4.0).iter().map(|piece| length(piece)).sum::<f64>();
            prop_assert!((0.5..0.8).contains(&(drawn / length(&points))) || length(&points) < 60.0);
        }
    }
}
