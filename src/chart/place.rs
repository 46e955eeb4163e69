//! Where labels go so that none covers another or a line.

use super::canvas::Point;
use super::font;

/// A rectangle in pixels.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Area {
    /// Its left edge.
    pub(super) left: f64,
    /// Its upper edge.
    pub(super) top: f64,
    /// Its right edge.
    pub(super) right: f64,
    /// Its lower edge.
    pub(super) bottom: f64,
}

impl Area {
    /// The room a line of text needs whose baseline begins at a point.
    pub(super) fn of_text(text: &str, size: f64, (x, baseline): Point) -> Self {
        Self {
            left: x,
            top: baseline - 0.9 * size,
            right: x + font::width(text, size),
            bottom: baseline + 0.24 * size,
        }
    }

    fn contains(&self, (x, y): Point) -> bool {
        self.left <= x && x <= self.right && self.top <= y && y <= self.bottom
    }

    fn meets(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn is_within(&self, other: &Self) -> bool {
        other.left <= self.left
            && self.right <= other.right
            && other.top <= self.top
            && self.bottom <= other.bottom
    }
}

/// Whether there is something where a label goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ground {
    /// Nothing but the grid.
    Free,
    /// A line, or worse.
    Crossed,
}

/// What is already on a plot.
pub(super) struct Taken {
    plot: Area,
    labels: Vec<Area>,
    points: Vec<Point>,
}

impl Taken {
    /// A plot with lines on it.
    pub(super) fn new<'a>(plot: Area, lines: impl IntoIterator<Item = &'a [Point]>) -> Self {
        let points = lines.into_iter().flat_map(sample).collect();
        Self {
            plot,
            labels: Vec::new(),
            points,
        }
    }

    /// Keeps a place free of labels.
    pub(super) fn keep(&mut self, area: Area) {
        self.labels.push(area);
    }

    /// Takes the best of the places offered, the first of equals; returns its number and whether something is under it.
    pub(super) fn take(&mut self, offered: &[Area]) -> Option<(usize, Ground)> {
        let costs = offered
            .iter()
            .map(|area| self.cost(area))
            .collect::<Vec<_>>();
        let best = (0..offered.len()).min_by_key(|&k| costs[k])?;
        self.labels.push(offered[best]);
        Some((
            best,
            if costs[best] == 0 {
                Ground::Free
            } else {
                Ground::Crossed
            },
        ))
    }

    /// Takes the best of the places offered, if no label and nothing else that is kept free is there.
    pub(super) fn take_free(&mut self, offered: &[Area]) -> Option<(usize, Ground)> {
        let best = (0..offered.len()).min_by_key(|&k| self.cost(&offered[k]))?;
        if self.cost(&offered[best]) < 10_000 {
            self.take(&offered[best..=best])
                .map(|(_, ground)| (best, ground))
        } else {
            None
        }
    }

    /// How bad a place is: over the edge or over a label is far worse than over a line.
    fn cost(&self, area: &Area) -> usize {
        let labels = self.labels.iter().filter(|label| label.meets(area)).count();
        let points = self
            .points
            .iter()
            .filter(|&&point| area.contains(point))
            .count();
        usize::from(!area.is_within(&self.plot)) * 100_000 + labels * 10_000 + points
    }
}

/// Points along a line, close to one another.
fn sample(line: &[Point]) -> Vec<Point> {
    const CLOSE: f64 = 6.0;
    let mut points = line.first().copied().into_iter().collect::<Vec<_>>();
    for pair in line.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let pieces = ((b.0 - a.0).hypot(b.1 - a.1) / CLOSE)
            .ceil()
            .clamp(1.0, 1000.0) as u32;
        for piece in 1..=pieces {
            let t = f64::from(piece) / f64::from(pieces);
            points.push((a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t));
        }
    }
    points
}

/// A label in a row, with its words from the longest to the shortest.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Wish {
    /// Where its middle should be.
    pub(super) middle: f64,
    /// How far left and right it may reach.
    pub(super) bounds: (f64, f64),
    /// How far it may reach where its neighbors are left out.
    pub(super) reach: (f64, f64),
    /// Its words.
    pub(super) labels: Vec<String>,
}

/// A label shown: its words and its left end.
pub(super) type Placed = (String, f64);

/// The labels of a row that are shown, at most one for each wish.
///
/// Most have the same length of words, the longest that suits nearly all (the first and the last, often cut by the edge, may be missing);
/// else the shortest are shown, and only as many as do not touch.
pub(super) fn row(wishes: &[Wish], size: f64, gap: f64) -> Vec<Option<Placed>> {
    const EDGES: usize = 2;
    let levels = wishes
        .iter()
        .map(|wish| wish.labels.len())
        .max()
        .unwrap_or(0);
    for allowed in [0, EDGES.min(wishes.len().div_euclid(4))] {
        for level in 0..levels {
            let row = wishes
                .iter()
                .map(|wish| place(wish, level, wish.bounds, size))
                .collect::<Vec<_>>();
            let placed = row.iter().flatten().collect::<Vec<_>>();
            let apart = placed
                .windows(2)
                .all(|pair| right(pair[0], size) + gap <= pair[1].1);
            if apart && placed.len() + allowed >= wishes.len() {
                return row;
            }
        }
    }
    sparse(wishes, size, gap)
}

/// The shortest labels, and only each second, third … if all would touch.
fn sparse(wishes: &[Wish], size: f64, gap: f64) -> Vec<Option<Placed>> {
    let shortest = |wish: &Wish| place(wish, wish.labels.len().saturating_sub(1), wish.reach, size);
    let mut shown = vec![None; wishes.len()];
    for every in 1..=wishes.len() {
        shown.fill(None);
        for (place, wish) in shown.iter_mut().zip(wishes).step_by(every) {
            *place = shortest(wish);
        }
        let placed = shown.iter().flatten().collect::<Vec<_>>();
        if placed
            .windows(2)
            .all(|pair| right(pair[0], size) + gap <= pair[1].1)
        {
            break;
        }
    }
    shown
}

/// A wish granted with the words of a level (or its shortest), if they are within bounds.
fn place(wish: &Wish, level: usize, (low, high): (f64, f64), size: f64) -> Option<Placed> {
    let text = wish.labels.get(level).or(wish.labels.last())?.clone();
    let width = font::width(&text, size);
    let left = (wish.middle - width / 2.0).min(high - width).max(low);
    (left + width <= high + 1e-6).then_some((text, left))
}

/// The right end of a label.
fn right(label: &Placed, size: f64) -> f64 {
    label.1 + font::width(&label.0, size)
}

/// Heights moved apart as little as needed so that neighbors are at least `gap` apart, between two bounds; in the order given.
pub(super) fn apart(heights: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order = (0..heights.len()).collect::<Vec<_>>();
    order.sort_by(|&a, &b| heights[a].total_cmp(&heights[b]));
    // Pools of neighbors that touch, each centered on the mean of where its members belong.
    let mut pools = Vec::<(f64, usize)>::new();
    for &k in &order {
        pools.push((heights[k], 1));
        while let [.., before, last] = pools[..] {
            let reach = gap * (before.1 + last.1) as f64 / 2.0;
            if last.0 - before.0 >= reach {
                break;
            }
            let count = before.1 + last.1;
            let mean = (before.0 * before.1 as f64 + last.0 * last.1 as f64) / count as f64;
            pools.truncate(pools.len() - 2);
            pools.push((mean, count));
        }
    }
    let mut moved = vec![0.0; heights.len()];
    let mut members = order.into_iter();
    for (mean, count) in pools {
        let half = gap * (count - 1) as f64 / 2.0;
        let middle = mean.min(high - half).max(low + half);
        for (place, k) in members.by_ref().take(count).enumerate() {
            moved[k] = middle - half + gap * place as f64;
        }
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wish(middle: f64, labels: &[&str]) -> Wish {
        Wish {
            middle,
            bounds: (0.0, 1000.0),
            reach: (0.0, 1000.0),
            labels: labels.iter().map(|&label| label.to_owned()).collect(),
        }
    }

    #[test]
    fn labels_of_a_row_are_shortened_together() {
        let wishes = [
            wish(100.0, &["第一轮时限", "时限"]),
            wish(220.0, &["第二轮时限", "时限"]),
        ];
        assert_eq!(
            row(&wishes, 30.0, 10.0),
            [Some(("时限".into(), 70.0)), Some(("时限".into(), 190.0))]
        );
    }

    #[test]
    fn labels_that_would_touch_are_thinned_out_evenly() {
        let wishes = (0..9)
            .map(|k| wish(100.0 + 20.0 * f64::from(k), &["12:00"]))
            .collect::<Vec<_>>();
        let shown = row(&wishes, 24.0, 10.0)
            .iter()
            .map(Option::is_some)
            .collect::<Vec<_>>();
        assert_eq!(
            shown,
            [true, false, false, false, true, false, false, false, true]
        );
    }

    #[test]
    fn a_label_avoids_the_line() {
        let plot = Area {
            left: 0.0,
            top: 0.0,
            right: 100.0,
            bottom: 100.0,
        };
        let mut taken = Taken::new(plot, [&[(0.0, 20.0), (100.0, 20.0)][..]]);
        let above = Area {
            left: 10.0,
            top: 10.0,
            right: 50.0,
            bottom: 30.0,
        };
        let below = Area {
            left: 10.0,
            top: 40.0,
            right: 50.0,
            bottom: 60.0,
        };
        assert_eq!(taken.take(&[above, below]), Some((1, Ground::Free)));
        assert_eq!(
            taken.take(&[below, above]),
            Some((1, Ground::Crossed)),
            "the place below is taken now"
        );
    }

    proptest! {
        #[test]
        fn heights_moved_apart_do_not_touch(heights in prop::collection::vec(0.0..800.0f64, 0..12)) {
            let mut moved = apart(&heights, 30.0, f64::NEG_INFINITY, f64::INFINITY);
            moved.sort_by(f64::total_cmp);
            prop_assert!(moved.windows(2).all(|pair| pair[1] - pair[0] >= 30.0 - 1e-6));
        }
    }
}
