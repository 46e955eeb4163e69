//! How sure a figure is: confidence intervals, quantiles, and what its variance is made of.
//!
//! All confidences are shares, such as 0.95, and strictly between 0 and 1.

use statrs::distribution::{Beta, ContinuousCDF, Normal, StudentsT};

/// Mean of the numbers with the ends of its confidence interval by Student's t: `(mean, lo, hi)`.
///
/// NaN stands for a number that does not exist and is left out. The mean of nothing is NaN; so are the ends with fewer than two numbers.
pub fn mean_interval(numbers: &[f64], confidence: f64) -> (f64, f64, f64) {
    let Moments {
        count,
        mean,
        variance,
    } = moments(numbers);
    if count < 2 {
        return (mean, f64::NAN, f64::NAN);
    }
    let half = t_quantile(count - 1, confidence) * (variance / count as f64).sqrt();
    (mean, mean - half, mean + half)
}

/// How many numbers exist, their mean and their variance.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Moments {
    /// Numbers that are not NaN.
    pub count: usize,
    /// Their mean; NaN of nothing.
    pub mean: f64,
    /// Their variance with divisor count − 1; NaN with fewer than two.
    pub variance: f64,
}

/// Count, mean and variance of the numbers that are not NaN, in two passes (Chan, Golub and `LeVeque`, 1983).
pub fn moments(numbers: &[f64]) -> Moments {
    let present = || numbers.iter().copied().filter(|number| !number.is_nan());
    let count = present().count();
    if count == 0 {
        return Moments {
            count,
            mean: f64::NAN,
            variance: f64::NAN,
        };
    }
    let first = present().sum::<f64>() / count as f64;
    let (rest, squares) = present().fold((0.0, 0.0), |(rest, squares), number| {
        let off = number - first;
        (rest + off, squares + off * off)
    });
    let mean = first + rest / count as f64;
    let variance = if count < 2 {
        f64::NAN
    } else {
        ((squares - rest * rest / count as f64) / (count - 1) as f64).max(0.0)
    };
    Moments {
        count,
        mean,
        variance,
    }
}

/// So many standard errors on either side of a mean make the interval, with this many degrees of freedom (at least 1).
pub fn t_quantile(freedom: usize, confidence: f64) -> f64 {
    let upper = f64::midpoint(1.0, confidence);
    // From a million on Student's t is the normal distribution to six digits.
    if freedom > 1_000_000 {
        return normal_quantile(upper);
    }
    StudentsT::new(0.0, 1.0, freedom.max(1) as f64)
        .expect("a positive number of degrees of freedom")
        .inverse_cdf(upper)
}

/// The number below which a standard normal number lies with this probability.
pub fn normal_quantile(probability: f64) -> f64 {
    Normal::standard().inverse_cdf(probability)
}

/// Wilson's interval for a probability seen in `successes` of `trials` (Wilson, 1927): `(lo, hi)`. `(0, 1)` without trials.
pub fn wilson(successes: u64, trials: u64, confidence: f64) -> (f64, f64) {
    if trials == 0 {
        return (0.0, 1.0);
    }
    let n = trials as f64;
    let p = successes.min(trials) as f64 / n;
    let z = normal_quantile(f64::midpoint(1.0, confidence));
    let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let lo = if successes == 0 { 0.0 } else { middle - half };
    let hi = if successes >= trials {
        1.0
    } else {
        middle + half
    };
    (lo.max(0.0), hi.min(1.0))
}

/// The exact interval for a probability seen in `successes` of `trials` (Clopper and Pearson, 1934): `(lo, hi)`. Never too narrow.
pub fn exact_binomial(successes: u64, trials: u64, confidence: f64) -> (f64, f64) {
    let successes = successes.min(trials);
    let (tail, hits, misses) = (
        (1.0 - confidence) / 2.0,
        successes as f64,
        (trials - successes) as f64,
    );
    let quantile = |a, b, at| {
        Beta::new(a, b)
            .expect("both shapes are positive")
            .inverse_cdf(at)
    };
    let lo = if successes == 0 {
        0.0
    } else {
        quantile(hits, misses + 1.0, tail)
    };
    let hi = if successes == trials {
        1.0
    } else {
        quantile(hits + 1.0, misses, 1.0 - tail)
    };
    (lo, hi)
}

/// The number below which the share `q` (0 to 1) of the numbers lies, straight between them (type 7 of Hyndman and Fan, 1996).
///
/// NaN is left out; the quantile of nothing is NaN.
pub fn quantile(numbers: &[f64], q: f64) -> f64 {
    let mut sorted: Vec<f64> = numbers
        .iter()
        .copied()
        .filter(|number| !number.is_nan())
        .collect();
    sorted.sort_unstable_by(f64::total_cmp);
    quantile_of_sorted(&sorted, q)
}

/// [`quantile`] of numbers that are in rising order and hold no NaN.
pub fn quantile_of_sorted(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let at = q.clamp(0.0, 1.0) * last as f64;
    let below = at.floor() as usize;
    let above = (below + 1).min(last);
    let (low, high, share) = (sorted[below], sorted[above], at - at.floor());
    // Written so that equal or infinite neighbors give themselves, and the result never leaves the two.
    if share == 0.0 || low >= high {
        low
    } else {
        (low * (1.0 - share) + high * share).clamp(low, high)
    }
}

/// Shares of a variance that come from luck and from ignorance: `(luck, ignorance)`, adding up to 1.
///
/// Each group is one draw of the quantities nobody knows, simulated twice with different luck. One-way random effects (Searle, Casella and
/// `McCulloch`, Variance Components, 1992, section 3.6): luck is the mean square within groups, ignorance is what the mean square
/// between groups exceeds it by, halved, or nothing. Groups with a NaN are left out; `None` with fewer than two groups or no variance.
pub fn split(groups: &[[f64; 2]]) -> Option<(f64, f64)> {
    let whole: Vec<[f64; 2]> = groups
        .iter()
        .copied()
        .filter(|group| group.iter().all(|number| number.is_finite()))
        .collect();
    if whole.len() < 2 {
        return None;
    }
    let within = whole
        .iter()
        .map(|[one, other]| (one - other) * (one - other) / 2.0)
        .sum::<f64>()
        / whole.len() as f64;
    let means: Vec<f64> = whole
        .iter()
        .map(|[one, other]| f64::midpoint(*one, *other))
        .collect();
    let between = 2.0 * moments(&means).variance;
    let ignorance = ((between - within) / 2.0).max(0.0);
    let total = within + ignorance;
    (total > 0.0 && total.is_finite()).then(|| (within / total, ignorance / total))
}

/// The largest share of which `trials` independent trials find none with a probability of more than 1 − `level`: 1 − (1 − level)^(1/n)
/// (Clopper and Pearson, 1934; about 3/n at 95 %).
pub fn none_found(trials: f64, level: f64) -> f64 {
    if trials < 1.0 {
        return 1.0;
    }
    -libm::expm1(libm::log(1.0 - level) / trials)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_without_a_positive_bounds_the_prevalence_and_no_more() {
        // 0 of 12,263: at most 2.44 in 10,000, which is still three infected people.
        assert!((none_found(12_263.0, 0.95) - 2.4426e-4).abs() < 1e-8);
        assert!((none_found(1.0, 0.95) - 0.95).abs() < 1e-12);
        assert!((none_found(0.0, 0.95) - 1.0).abs() < 1e-12);
    }
    use proptest::prelude::*;

    /// A number in 0 to 1 for each index, as good as random (`SplitMix64`; Steele, Lea and Flood, 2014).
    fn share(index: u64) -> f64 {
        let mut word = (index + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((word ^ (word >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn close(found: f64, known: f64, by: f64) -> bool {
        (found - known).abs() <= by
    }

    #[test]
    fn a_mean_is_as_sure_as_students_table_says() {
        // 2.776445 is t(0.975) with 4 degrees of freedom; the numbers have variance 2.5.
        let (mean, lo, hi) = mean_interval(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.95);
        let half = 2.776_445 * (2.5_f64 / 5.0).sqrt();
        assert!(
            close(mean, 3.0, 1e-12) && close(lo, 3.0 - half, 1e-5) && close(hi, 3.0 + half, 1e-5),
            "{lo} {hi}"
        );
        for (freedom, known) in [
            (1, 12.706_205),
            (2, 4.302_653),
            (9, 2.262_157),
            (30, 2.042_272),
            (199, 1.971_957),
            (2_000_000, 1.959_964),
        ] {
            assert!(
                close(t_quantile(freedom, 0.95), known, 2e-6),
                "{freedom}: {}",
                t_quantile(freedom, 0.95)
            );
        }
        assert!(close(t_quantile(9, 0.999), 4.780_913, 2e-6));
    }

    #[test]
    fn a_mean_of_one_has_no_interval_and_of_none_no_value() {
        let (mean, lo, hi) = mean_interval(&[f64::NAN, 7.0], 0.95);
        assert!(close(mean, 7.0, 0.0) && lo.is_nan() && hi.is_nan());
        assert!(mean_interval(&[f64::NAN], 0.95).0.is_nan());
    }

    #[test]
    fn a_large_offset_does_not_spoil_the_variance() {
        let far = moments(&[1e9 + 4.0, 1e9 + 7.0, 1e9 + 13.0, 1e9 + 16.0]);
        assert!(close(far.mean, 1e9 + 10.0, 0.0) && close(far.variance, 30.0, 1e-9));
    }

    #[test]
    fn wilsons_interval_is_that_of_the_textbook() {
        // Newcombe, 1998, Statistics in Medicine 17, 857–872, table I, method 3.
        for (successes, trials, lo, hi) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let found = wilson(successes, trials, 0.95);
            assert!(
                close(found.0, lo, 5e-5) && close(found.1, hi, 5e-5),
                "{successes}/{trials}: {found:?}"
            );
        }
        assert_eq!(wilson(0, 0, 0.95), (0.0, 1.0));
    }

    #[test]
    fn the_exact_interval_is_that_of_the_textbook() {
        // Newcombe, 1998, table I, method 5.
        for (successes, trials, lo, hi) in [
            (81, 263, 0.2527, 0.3676),
            (15, 148, 0.0578, 0.1617),
            (0, 20, 0.0, 0.1684),
            (1, 29, 0.0009, 0.1776),
        ] {
            let found = exact_binomial(successes, trials, 0.95);
            assert!(
                close(found.0, lo, 5e-5) && close(found.1, hi, 5e-5),
                "{successes}/{trials}: {found:?}"
            );
        }
    }

    #[test]
    fn nobody_positive_among_a_round_bounds_the_prevalence_by_the_rule_of_three() {
        let (_, hi) = exact_binomial(0, 12_263, 0.90);
        assert!(close(hi, 2.4e-4, 5e-6), "{hi}");
    }

    #[test]
    fn quantiles_are_those_of_r() {
        // R: quantile(c(3, 1, 4, 1, 5, 9, 2, 6), c(0, .05, .25, .5, .95, 1))
        let numbers = [3.0, 1.0, f64::NAN, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
        for (q, known) in [
            (0.0, 1.0),
            (0.05, 1.0),
            (0.25, 1.75),
            (0.5, 3.5),
            (0.95, 7.95),
            (1.0, 9.0),
        ] {
            assert!(
                close(quantile(&numbers, q), known, 1e-12),
                "{q}: {}",
                quantile(&numbers, q)
            );
        }
        assert!(quantile(&[], 0.5).is_nan());
    }

    #[test]
    fn intervals_hold_the_truth_as_often_as_they_say() {
        // 2,000 samples of 8 uniform numbers, whose mean is ½: the count of hits is binomial.
        let hits = (0..2_000).filter(|&case| {
            let numbers: Vec<f64> = (0..8).map(|draw| share(8 * case + draw)).collect();
            let (_, lo, hi) = mean_interval(&numbers, 0.95);
            (lo..hi).contains(&0.5)
        });
        let (lo, hi) = exact_binomial(hits.count() as u64, 2_000, 0.999);
        assert!((lo..hi).contains(&0.95), "{lo} {hi}");
    }

    #[test]
    fn luck_and_ignorance_are_told_apart() {
        // Ignorance uniform on 0 to 1 (variance 1/12), luck uniform on 0 to ½ (variance 1/48): shares 0.8 and 0.2.
        let groups: Vec<[f64; 2]> = (0..20_000)
            .map(|case| [1, 2].map(|luck| share(3 * case) + share(3 * case + luck) / 2.0))
            .collect();
        let (luck, ignorance) = split(&groups).unwrap();
        assert!(
            close(luck, 0.2, 0.01) && close(luck + ignorance, 1.0, 1e-12),
            "{luck}"
        );
        assert_eq!(split(&[[1.0, 3.0], [1.0, 3.0]]), Some((1.0, 0.0)));
        assert_eq!(split(&[[1.0, 1.0], [3.0, 3.0]]), Some((0.0, 1.0)));
        assert_eq!(split(&[[1.0, 1.0], [1.0, 1.0]]), None);
        assert_eq!(split(&[[1.0, 2.0], [f64::NAN, 1.0]]), None);
    }

    proptest! {
        #[test]
        fn shares_of_a_variance_are_shares(groups in prop::collection::vec(prop::array::uniform2(-1e6..1e6_f64), 0..40)) {
            if let Some((luck, ignorance)) = split(&groups) {
                prop_assert!((0.0..=1.0).contains(&luck) && (0.0..=1.0).contains(&ignorance));
                prop_assert!(close(luck + ignorance, 1.0, 1e-12));
            } else {
                prop_assert!(groups.len() < 2);
            }
        }

        #[test]
        fn units_do_not_matter_to_a_split(groups in prop::collection::vec(prop::array::uniform2(0.0..10.0_f64), 2..40)) {
            let hours: Vec<[f64; 2]> = groups.iter().map(|group| group.map(|minutes| minutes / 64.0)).collect();
            let (one, other) = (split(&groups).unwrap(), split(&hours).unwrap());
            prop_assert!(close(one.0, other.0, 1e-9));
        }

        #[test]
        fn a_quantile_lies_among_the_numbers_and_rises(
            numbers in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::ZERO | prop::num::f64::INFINITE, 1..50),
            one in 0.0..=1.0_f64,
            other in 0.0..=1.0_f64,
        ) {
            let (low, high) = (quantile(&numbers, one.min(other)), quantile(&numbers, one.max(other)));
            prop_assert!(low <= high);
            prop_assert!(quantile(&numbers, 0.0) <= low && high <= quantile(&numbers, 1.0));
        }

        #[test]
        fn intervals_of_a_probability_hold_what_was_seen(trials in 1..5_000_u64, share in 0.0..=1.0_f64) {
            let successes = (trials as f64 * share) as u64;
            let seen = successes as f64 / trials as f64;
            for (lo, hi) in [wilson(successes, trials, 0.95), exact_binomial(successes, trials, 0.95)] {
                prop_assert!(0.0 <= lo && lo <= seen + 1e-9 && seen <= hi + 1e-9 && hi <= 1.0, "{} {} {}", lo, seen, hi);
            }
        }

        #[test]
        fn a_mean_lies_in_its_interval(numbers in prop::collection::vec(-1e9..1e9_f64, 2..60), confidence in 0.5..0.9999_f64) {
            let (mean, lo, hi) = mean_interval(&numbers, confidence);
            prop_assert!(lo <= mean && mean <= hi && lo.is_finite() && hi.is_finite());
        }
    }
}
