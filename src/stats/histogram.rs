//! A histogram of lengths of time, exact to a second or to 0.1 %, whichever is coarser; merging is exact and free of order.

use crate::units::Span;
use pulp::Arch;

/// Bins in a doubling of the length.
const STEPS: u32 = 1_024;

/// Counts of lengths by bin, with their exact sum and maximum.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Histogram {
    counts: Vec<u32>,
    count: u64,
    sum: u64,
    max: u32,
}

impl Histogram {
    /// An empty histogram.
    pub const fn new() -> Self {
        Self {
            counts: Vec::new(),
            count: 0,
            sum: 0,
            max: 0,
        }
    }

    /// Adds lengths in milliseconds.
    pub fn record(&mut self, lengths: &[u32]) {
        // Indices first, then counts: two loops without a chain between them.
        let mut bins = [0_u16; 256];
        for chunk in lengths.chunks(256) {
            let (sum, max) = Arch::new().dispatch(|| {
                let (mut sum, mut max) = (0, 0);
                for (bin, &length) in bins.iter_mut().zip(chunk) {
                    *bin = bin_of(length);
                    sum += u64::from(length);
                    max = max.max(length);
                }
                (sum, max)
            });
            self.sum += sum;
            self.count += chunk.len() as u64;
            if max >= self.max {
                self.max = max;
                let bins = usize::from(bin_of(max)) + 1;
                if self.counts.len() < bins {
                    self.counts.resize(bins, 0);
                }
            }
            for &bin in &bins[..chunk.len()] {
                self.counts[usize::from(bin)] += 1;
            }
        }
    }

    /// Adds all of another histogram.
    pub fn merge(&mut self, other: &Self) {
        if self.counts.len() < other.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine += theirs;
        }
        self.count += other.count;
        self.sum += other.sum;
        self.max = self.max.max(other.max);
    }

    /// Forgets everything, keeping the memory.
    pub fn clear(&mut self) {
        self.counts.clear();
        (self.count, self.sum, self.max) = (0, 0, 0);
    }

    /// How many lengths there are.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Their exact mean in minutes, NaN of nothing.
    pub fn mean_minutes(&self) -> f64 {
        self.sum as f64 / self.count as f64 / 6e4
    }

    /// The longest.
    pub const fn max(&self) -> Span {
        Span::from_millis(self.max as i64)
    }

    /// The lengths below which these shares lie, in minutes and in the order of the shares (which rise); NaN of nothing.
    ///
    /// The smallest bin whose cumulative share reaches the share, as for an empirical distribution function; never above the maximum.
    pub fn quantiles_minutes<const N: usize>(&self, shares: [f64; N]) -> [f64; N] {
        let mut found = [f64::NAN; N];
        let mut next = 0;
        let mut below = 0_u64;
        for (bin, &count) in self.counts.iter().enumerate() {
            below += u64::from(count);
            while next < N && below as f64 >= shares[next] * self.count as f64 && below > 0 {
                found[next] = middle_seconds(bin).min(f64::from(self.max) / 1e3) / 60.0;
                next += 1;
            }
            if next == N {
                break;
            }
        }
        found
    }

    /// How many lengths are at most 0, `step`, 2 · `step`, … up to the longest, to the bin.
    pub fn cumulative(&self, step: Span) -> Vec<u64> {
        let mut curve = Vec::new();
        let mut below = 0_u64;
        let step = step.seconds();
        for (bin, &count) in self.counts.iter().enumerate() {
            while curve.len() as f64 * step < middle_seconds(bin) {
                curve.push(below);
            }
            below += u64::from(count);
        }
        curve.push(below);
        curve
    }
}

/// The bin of a length in milliseconds: whole seconds at first, then 1024 bins in each doubling.
///
/// The length in seconds, plus 1024, as a single-precision number: its exponent and the first ten bits of its fraction are the bin. Nothing
/// here is a branch or a count of zeros, so the compiler widens the loop around it.
#[inline]
fn bin_of(length: u32) -> u16 {
    let shifted = ((length >> 1) as i32) as f32 * 0.002 + (STEPS as f32 + 0.5);
    ((shifted.to_bits() >> 13) - FIRST_BIN) as u16
}

/// The exponent and fraction of 1024.
const FIRST_BIN: u32 = (STEPS as f32).to_bits() >> 13;

/// The middle of a bin, in seconds.
fn middle_seconds(bin: usize) -> f64 {
    let edge =
        |bin: u32| f64::from(f32::from_bits((bin + FIRST_BIN) << 13)) - f64::from(STEPS) - 0.5;
    let bin = bin as u32;
    f64::midpoint(edge(bin), edge(bin + 1)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_length_is_kept_to_a_second_or_a_thousandth(length in 0_u32..u32::MAX - 500) {
            let kept = middle_seconds(usize::from(bin_of(length)));
            let exact = f64::from(length) / 1e3;
            prop_assert!((kept - exact).abs() <= (exact * 0.001).max(0.5001), "{exact} kept as {kept}");
        }

        #[test]
        fn merging_is_recording_together(a in prop::collection::vec(0_u32..90_000_000, 0..600), b in prop::collection::vec(0_u32..9_000, 0..600)) {
            let mut together = Histogram::new();
            together.record(&[a.clone(), b.clone()].concat());
            let (mut first, mut second) = (Histogram::new(), Histogram::new());
            first.record(&a);
            second.record(&b);
            first.merge(&second);
            prop_assert_eq!(first, together);
        }

        #[test]
        fn quantiles_are_those_of_the_sorted_list(mut lengths in prop::collection::vec(0_u32..2_000_000, 1..500)) {
            let mut histogram = Histogram::new();
            histogram.record(&lengths);
            lengths.sort_unstable();
            let shares = [0.1, 0.5, 0.9, 1.0];
            for (share, found) in shares.iter().zip(histogram.quantiles_minutes(shares)) {
                let rank = ((share * lengths.len() as f64).ceil() as usize).max(1) - 1;
                let exact = f64::from(lengths[rank]) / 6e4;
                prop_assert!((found - exact).abs() <= (0.51_f64 / 60.0).max(exact * 0.001), "{share}: {found} {exact}");
            }
        }
    }

    #[test]
    fn nothing_has_no_mean_and_no_median() {
        let empty = Histogram::new();
        assert!(empty.mean_minutes().is_nan() && empty.quantiles_minutes([0.5])[0].is_nan());
    }
}
