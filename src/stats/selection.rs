//! Which of several plans is best, how sure that is, and how many replications it takes to know.
//!
//! Smaller numbers are better throughout. Number `r` of every plan comes from the same luck, so that differences are taken number by number.

use super::interval::{Moments, moments, t_quantile};

/// A difference of two plans, number by number.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Paired {
    /// Pairs in which both numbers exist.
    pub pairs: usize,
    /// Mean of the other's numbers less the base's; NaN of nothing.
    pub mean: f64,
    /// Half the width of its interval; NaN with fewer than two pairs.
    pub half: f64,
    /// How many times wider the interval would be if the two had independent luck; 1 where nothing varies.
    pub narrowed: f64,
    /// Share of pairs in which the other's number is smaller; ties count half.
    pub smaller: f64,
}

impl Paired {
    /// Whether the interval leaves no doubt about which is smaller.
    pub fn is_clear(&self) -> bool {
        self.mean != 0.0 && self.mean.abs() > self.half
    }
}

/// The difference of two plans by Student's t over pairs. Pairs in which a number is NaN are left out.
pub fn paired(base: &[f64], other: &[f64], confidence: f64) -> Paired {
    let pairs: Vec<[f64; 2]> = base
        .iter()
        .zip(other)
        .map(|(&base, &other)| [base, other])
        .filter(|pair| pair.iter().all(|number| number.is_finite()))
        .collect();
    let column = |read: fn(&[f64; 2]) -> f64| moments(&pairs.iter().map(read).collect::<Vec<_>>());
    let apart = column(|[base, other]| other - base);
    let (one, two) = (column(|pair| pair[0]), column(|pair| pair[1]));
    let smaller: f64 = pairs
        .iter()
        .map(|[base, other]| match other.total_cmp(base) {
            std::cmp::Ordering::Less => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Greater => 0.0,
        })
        .sum();
    let narrowed = ((one.variance + two.variance) / apart.variance).sqrt();
    Paired {
        pairs: apart.count,
        mean: apart.mean,
        half: half_width(&apart, confidence),
        narrowed: if apart.variance > 0.0 { narrowed } else { 1.0 },
        smaller: smaller / pairs.len() as f64,
    }
}

/// Half the width of the interval of a mean.
fn half_width(found: &Moments, confidence: f64) -> f64 {
    if found.count < 2 {
        return f64::NAN;
    }
    t_quantile(found.count - 1, confidence) * (found.variance / found.count as f64).sqrt()
}

/// How many pairs it takes, at the variance seen, until the interval is narrower than the difference; none if nothing is known of either.
pub fn pairs_needed(found: &Paired) -> Option<u64> {
    let ratio = found.half / found.mean.abs();
    let needed = (found.pairs as f64 * ratio * ratio).ceil();
    (needed.is_finite() && needed < 1e9).then_some(needed as u64)
}

/// How far a plan is from the best of the others: below zero it is better than all of them.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct FromBest {
    /// Mean less the least mean of the others.
    pub mean: f64,
    /// Lower end of its interval. Above zero the plan is not the best.
    pub lo: f64,
    /// Upper end. Below zero the plan is the best.
    pub hi: f64,
}

/// Multiple comparison with the best (Hsu, 1984) by Bonferroni intervals of all paired differences (Yang and Nelson, 1991): with the
/// confidence asked for, all intervals hold at once, whatever the plans have in common.
pub fn from_best(plans: &[Vec<f64>], confidence: f64) -> Vec<FromBest> {
    let others = plans.len().saturating_sub(1).max(1);
    let pairs = (plans.len() * others).div_euclid(2).max(1);
    let each = 1.0 - (1.0 - confidence) / pairs as f64;
    let of = |plan: usize| {
        let apart = |other: usize| paired(&plans[other], &plans[plan], each);
        let differences: Vec<Paired> = (0..plans.len())
            .filter(|&other| other != plan)
            .map(apart)
            .collect();
        let most = |read: fn(&Paired) -> f64| {
            differences
                .iter()
                .map(read)
                .fold(f64::NEG_INFINITY, f64::max)
        };
        // The difference to the least of the others is the greatest of the differences.
        FromBest {
            mean: most(|pair| pair.mean),
            lo: most(|pair| pair.mean - pair.half),
            hi: most(|pair| pair.mean + pair.half),
        }
    };
    (0..plans.len()).map(of).collect()
}

/// How often each plan has the least mean when the numbers are drawn again from those seen (bootstrap; Efron, 1979), all plans with the same
/// draws. Ties are shared. `luck` gives word number `index`, as good as random.
pub fn chance_of_best(plans: &[Vec<f64>], luck: impl Fn(u64) -> u64) -> Vec<f64> {
    const DRAWS: u64 = 1_000;
    let numbers = plans.iter().map(Vec::len).min().unwrap_or(0);
    let whole: Vec<usize> = (0..numbers)
        .filter(|&index| plans.iter().all(|plan| plan[index].is_finite()))
        .collect();
    let mut best = vec![0.0; plans.len()];
    if whole.is_empty() {
        return best;
    }
    for draw in 0..DRAWS {
        let mut sums = vec![0.0; plans.len()];
        for place in 0..whole.len() as u64 {
            let word = luck(draw * whole.len() as u64 + place);
            let index = whole[((u128::from(word) * whole.len() as u128) >> 64) as usize];
            for (sum, plan) in sums.iter_mut().zip(plans) {
                *sum += plan[index];
            }
        }
        let least = sums.iter().copied().fold(f64::INFINITY, f64::min);
        let tied = sums.iter().filter(|&&sum| sum <= least).count() as f64;
        for (best, sum) in best.iter_mut().zip(sums) {
            *best += if sum <= least { 1.0 / tied } else { 0.0 };
        }
    }
    best.into_iter().map(|times| times / DRAWS as f64).collect()
}

/// A race among plans (Kim and Nelson, 2001, procedure KN with c = 1): looks at number after number and drops a plan as soon as it is clear
/// that it is not the best. If the best is better than all others by the indifference zone, it wins with the confidence asked for, given
/// numbers that are normal; common luck makes races short.
#[derive(Clone, Debug)]
pub struct Race {
    indifference: f64,
    /// What the variance of a difference is multiplied with.
    reach: f64,
    /// By pair of plans: the variance of their difference over the first look.
    variance: Vec<Vec<f64>>,
    /// Sums of the numbers looked at.
    sums: Vec<f64>,
    looked: usize,
    /// By plan: after how many numbers it was dropped.
    dropped: Vec<Option<usize>>,
}

impl Race {
    /// Starts from the first numbers of each plan (at least 2), which are finite.
    ///
    /// # Panics
    ///
    /// If there is no plan.
    pub fn start(first: &[&[f64]], indifference: f64, confidence: f64) -> Self {
        let looked = first.iter().map(|plan| plan.len()).min().expect("a plan");
        let freedom = (looked - 1) as f64;
        let others = first.len().saturating_sub(1).max(1) as f64;
        let eta = 0.5 * (libm::pow(2.0 * (1.0 - confidence) / others, -2.0 / freedom) - 1.0);
        let variance = |one: &[f64], other: &[f64]| {
            let apart: Vec<f64> = one
                .iter()
                .zip(other)
                .map(|(one, other)| one - other)
                .collect();
            moments(&apart[..looked]).variance
        };
        let mut race = Self {
            indifference,
            reach: 2.0 * eta * freedom,
            variance: first
                .iter()
                .map(|one| first.iter().map(|other| variance(one, other)).collect())
                .collect(),
            sums: first
                .iter()
                .map(|plan| plan[..looked].iter().sum())
                .collect(),
            looked,
            dropped: vec![None; first.len()],
        };
        race.screen();
        race
    }

    /// Looks at the next number of every plan; those of plans that were dropped are ignored.
    pub fn look(&mut self, next: &[f64]) {
        for (plan, next) in next.iter().enumerate() {
            if self.runs(plan) {
                self.sums[plan] += next;
            }
        }
        self.looked += 1;
        self.screen();
    }

    fn screen(&mut self) {
        let running: Vec<usize> = (0..self.sums.len())
            .filter(|&plan| self.runs(plan))
            .collect();
        let count = self.looked as f64;
        let beaten = |plan: usize| {
            running.iter().any(|&other| {
                let reach = self.reach * self.variance[plan][other] / self.indifference;
                let width = (reach - self.indifference * count).max(0.0) / 2.0;
                let behind = self.sums[plan] - self.sums[other];
                // Of two that stay level to the end of the zone the earlier one wins.
                other != plan && (behind > width || (width == 0.0 && behind == 0.0 && other < plan))
            })
        };
        let out: Vec<usize> = running
            .iter()
            .copied()
            .filter(|&plan| beaten(plan))
            .collect();
        for plan in out {
            self.dropped[plan] = Some(self.looked);
        }
    }

    /// Whether a plan may still be the best.
    pub fn runs(&self, plan: usize) -> bool {
        self.dropped[plan].is_none()
    }

    /// The best, once it is known.
    pub fn winner(&self) -> Option<usize> {
        let mut running = (0..self.sums.len()).filter(|&plan| self.runs(plan));
        let first = running.next();
        if running.next().is_none() {
            first
        } else {
            None
        }
    }

    /// Numbers looked at.
    pub const fn looked(&self) -> usize {
        self.looked
    }

    /// How many numbers decide the race for sure, at the variances seen.
    pub fn at_most(&self) -> u64 {
        let running = |plan: &usize| self.runs(*plan);
        let plans: Vec<usize> = (0..self.sums.len()).filter(running).collect();
        let most = plans
            .iter()
            .flat_map(|&one| plans.iter().map(move |&other| self.variance[one][other]))
            .fold(0.0, f64::max);
        (self.reach * most / (self.indifference * self.indifference)) as u64 + 1
    }
}

#[cfg(test)]
mod tests;
