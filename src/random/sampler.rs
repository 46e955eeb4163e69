//! Lengths of time drawn from a distribution, many people at a time or one case at a time: the same numbers either way.

#![expect(
    clippy::inline_always,
    reason = "what is not inlined into `block::widely` is not widened there"
)]

use super::Key;
use super::block::{self, BLOCK};
use crate::units::Span;
use pulp::NullaryFnOnce;
use rand_distr::{Distribution, Gamma};

/// The longest length a draw can give: about 24 days. Longer draws are cut to it.
const LONGEST: f32 = 2_147_483_520.0;

/// A distribution of lengths of time, with its parameters worked out. Times are milliseconds.
#[derive(Clone, PartialEq, Debug)]
pub enum Sampler {
    /// Always the same.
    Constant(u32),
    /// Memoryless with this mean.
    Exponential(f32),
    /// exp(mu + sigma · normal), times in base 2.
    Lognormal {
        /// Mean of the base-2 logarithm.
        mu: f32,
        /// Standard deviation of the base-2 logarithm.
        sigma: f32,
    },
    /// scale · exponential^power.
    Weibull {
        /// The scale.
        scale: f32,
        /// One over the shape.
        power: f32,
    },
    /// From `low` to `low + width`, evenly.
    Uniform {
        /// The least.
        low: f32,
        /// The greatest less the least.
        width: f32,
    },
    /// Triangular by inversion.
    Triangular {
        /// The least.
        low: f32,
        /// The greatest.
        high: f32,
        /// Share of cases below the mode.
        below: f32,
    },
    /// Gamma, a few words a draw.
    Gamma {
        /// The shape.
        shape: f32,
        /// The scale.
        scale: f32,
    },
    /// One of these, each as likely.
    Empirical(Vec<u32>),
}

impl Sampler {
    /// Constant, rounded to the millisecond and cut to the longest.
    pub fn constant(length: Span) -> Self {
        Self::Constant(
            u32::try_from(length.millis())
                .unwrap_or(u32::MAX)
                .min(LONGEST as u32),
        )
    }

    /// Fills `out` with the draws of people `first`, `first + 1`, ….
    pub fn fill(&self, key: Key, first: u64, out: &mut [u32]) {
        for (index, chunk) in out.chunks_mut(BLOCK).enumerate() {
            let first = first + (index * BLOCK) as u64;
            block::widely(Fill {
                sampler: self,
                key,
                first,
                out: chunk,
            });
        }
    }

    /// The draw of case `index`.
    pub fn one(&self, key: Key, index: u64) -> Span {
        let mut length = [0];
        self.fill_block(key, index, &mut length);
        Span::from_millis(i64::from(length[0]))
    }

    #[inline(always)]
    fn fill_block(&self, key: Key, first: u64, out: &mut [u32]) {
        let mut words = [0_u64; BLOCK];
        let words = &mut words[..out.len()];
        if let Self::Constant(length) = self {
            out.fill(*length);
            return;
        }
        block::words(key, first, words);
        match *self {
            Self::Constant(_) => {}
            Self::Exponential(mean) => each(words, out, |word| mean * block::exponential(word)),
            Self::Lognormal { mu, sigma } => each(words, out, |word| {
                block::exp2(mu + sigma * block::normal(word))
            }),
            Self::Weibull { scale, power } => {
                each(words, out, |word| {
                    scale * block::exp(power * block::ln(block::exponential(word).max(1e-12)))
                });
            }
            Self::Uniform { low, width } => {
                each(words, out, |word| low + width * block::high(word));
            }
            Self::Triangular { low, high, below } => each(words, out, |word| {
                triangular(block::high(word), low, high, below)
            }),
            Self::Gamma { shape, scale } => {
                let gamma = Gamma::new(shape, scale)
                    .expect("the compiler gives a positive shape and scale");
                for (index, length) in out.iter_mut().enumerate() {
                    *length = millis(gamma.sample(&mut key.generator(first + index as u64)));
                }
            }
            Self::Empirical(ref lengths) => {
                for (length, word) in out.iter_mut().zip(words) {
                    *length = lengths[(((*word >> 32) * lengths.len() as u64) >> 32) as usize];
                }
            }
        }
    }
}

/// The draws of a block: a closure this large would not be inlined where it is widened.
struct Fill<'a> {
    sampler: &'a Sampler,
    key: Key,
    first: u64,
    out: &'a mut [u32],
}

impl NullaryFnOnce for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.sampler.fill_block(self.key, self.first, self.out);
    }
}

/// Turns words into lengths, one by one, in a loop the compiler can widen.
#[inline(always)]
fn each(words: &[u64], out: &mut [u32], draw: impl Fn(u64) -> f32) {
    for (length, word) in out.iter_mut().zip(words) {
        *length = millis(draw(*word));
    }
}

/// Rounds to whole milliseconds, cut to the longest.
///
/// In two halves, each rounded by adding and taking away 1.5 · 2^23, because a conversion that saturates is not widened.
#[inline(always)]
fn millis(length: f32) -> u32 {
    const ROUND: f32 = 12_582_912.0;
    let length = length.min(LONGEST);
    let upper = length * (1.0 / 4_096.0) + ROUND;
    let lower = length - (upper - ROUND) * 4_096.0 + ROUND;
    let whole = |rounded: f32| rounded.to_bits().wrapping_sub(ROUND.to_bits());
    (whole(upper) << 12).wrapping_add(whole(lower))
}

#[inline(always)]
fn triangular(u: f32, low: f32, high: f32, below: f32) -> f32 {
    let width = high - low;
    if u < below {
        low + (u * width * (width * below)).sqrt()
    } else {
        high - ((1.0 - u) * width * (width * (1.0 - below))).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    fn samplers() -> Vec<(Sampler, f64, f64)> {
        // The sampler, its mean and its standard deviation, in milliseconds.
        let cv: f64 = 0.5;
        let sigma = (1.0 + cv * cv).ln().sqrt();
        vec![
            (Sampler::Exponential(15_000.0), 15_000.0, 15_000.0),
            (
                Sampler::Lognormal {
                    mu: ((30_000.0_f64.ln() - sigma * sigma / 2.0) / 2_f64.ln()) as f32,
                    sigma: (sigma / 2_f64.ln()) as f32,
                },
                30_000.0,
                15_000.0,
            ),
            (
                Sampler::Weibull {
                    scale: 10_000.0,
                    power: 0.5,
                },
                8_862.269,
                4_632.514,
            ),
            (
                Sampler::Uniform {
                    low: 2_000.0,
                    width: 6_000.0,
                },
                5_000.0,
                1_732.051,
            ),
            (
                Sampler::Triangular {
                    low: 1_000.0,
                    high: 7_000.0,
                    below: 1.0 / 6.0,
                },
                10_000.0 / 3.0,
                1_312.335,
            ),
            (
                Sampler::Gamma {
                    shape: 3.0,
                    scale: 5_000.0,
                },
                15_000.0,
                8_660.254,
            ),
            (
                Sampler::Empirical(vec![1_000, 2_000, 6_000]),
                3_000.0,
                2_160.247,
            ),
        ]
    }

    #[test]
    fn lengths_have_the_mean_and_spread_they_promise() {
        let key = Streams::new(11, 3).key(Purpose::Service, 5);
        let n = 400_000;
        for (sampler, mean, deviation) in samplers() {
            let mut out = vec![0; n];
            sampler.fill(key, 0, &mut out);
            let found = out.iter().map(|&x| f64::from(x)).sum::<f64>() / n as f64;
            let spread = (out
                .iter()
                .map(|&x| (f64::from(x) - found).powi(2))
                .sum::<f64>()
                / n as f64)
                .sqrt();
            assert!(
                (found - mean).abs() < 3.29 * deviation / (n as f64).sqrt(),
                "{sampler:?}: mean {found}"
            );
            assert!(
                (spread / deviation - 1.0).abs() < 0.02,
                "{sampler:?}: deviation {spread}"
            );
        }
    }

    #[test]
    fn a_length_is_rounded_to_the_nearest_millisecond() {
        for length in [
            0.0,
            0.4,
            0.6,
            1.0,
            2_047.6,
            2_048.4,
            30_000.5,
            4_194_303.0,
            16_777_215.0,
            2e9_f32,
        ] {
            assert!(
                (f64::from(millis(length)) - f64::from(length)).abs() <= 0.5,
                "{length} became {}",
                millis(length)
            );
        }
        assert_eq!(millis(f32::INFINITY), LONGEST as u32);
    }

    #[test]
    fn one_at_a_time_is_the_same_as_many() {
        let key = Streams::new(1, 0).key(Purpose::Service, 9);
        for (sampler, _, _) in samplers() {
            let mut out = vec![0; 600];
            sampler.fill(key, 17, &mut out);
            assert!(
                (0..600)
                    .all(|index| sampler.one(key, 17 + index as u64).millis()
                        == i64::from(out[index]))
            );
        }
    }
}
