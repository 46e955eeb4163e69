//! Draws made many at a time, in plain loops that the compiler widens: the price of a draw is a fraction of a nanosecond to a few.
//!
//! Uniform numbers have 24 bits; functions are short single-precision series with a relative error below 4e-7. Only additions,
//! multiplications, divisions and square roots are used, in a fixed order, so the result is the same on every machine; `mul_add` is
//! avoided because without the instruction it is a library call.

#![expect(
    clippy::inline_always,
    reason = "what is not inlined into `widely` is not widened there"
)]

use super::Key;
use pulp::{Arch, NullaryFnOnce};

/// People in a block.
pub const BLOCK: usize = 256;

/// Does the work with the widest vectors this machine has. The numbers are the same: no operation is fused or reordered.
pub fn widely<W: NullaryFnOnce>(work: W) -> W::Output {
    Arch::new().dispatch(work)
}

/// 2^−24.
const ULP: f32 = 1.0 / 16_777_216.0;

/// Words `first`, `first + 1`, … of a key.
#[inline(always)]
pub fn words(key: Key, first: u64, out: &mut [u64]) {
    for (index, word) in out.iter_mut().enumerate() {
        *word = key.word(first.wrapping_add(index as u64));
    }
}

/// The upper half of a word as a number in 0 to 1, both ends excluded.
#[inline(always)]
pub fn high(word: u64) -> f32 {
    ((word >> 40) as i32) as f32 * ULP + 0.5 * ULP
}

/// The lower half of a word as a number in 0 to 1, both ends excluded.
#[inline(always)]
pub fn low(word: u64) -> f32 {
    (((word >> 8) & 0x00FF_FFFF) as i32) as f32 * ULP + 0.5 * ULP
}

/// Natural logarithm of a positive, normal number.
#[inline(always)]
pub fn ln(x: f32) -> f32 {
    // x = 2^e · m with m in sqrt(1/2) to sqrt(2); ln m = 2 atanh((m − 1) / (m + 1)).
    let bits = x.to_bits().wrapping_sub(0x3F35_04F3);
    let exponent = (bits as i32) >> 23;
    let m = f32::from_bits((bits & 0x007F_FFFF).wrapping_add(0x3F35_04F3));
    let t = (m - 1.0) / (m + 1.0);
    let s = t * t;
    let series = 2.0 + s * (0.666_666_7 + s * (0.4 + s * (0.285_714_3 + s * 0.222_222_2)));
    exponent as f32 * std::f32::consts::LN_2 + t * series
}

/// 2 to the power `x`, clamped to what single precision holds.
#[inline(always)]
pub fn exp2(x: f32) -> f32 {
    // Adding and subtracting 1.5 · 2^23 rounds to the nearest whole number, which then stands in the last bits of the sum; a conversion
    // that saturates is not widened.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-126.0, 126.0);
    let rounded = x + ROUND;
    let whole = rounded - ROUND;
    let f = (x - whole) * std::f32::consts::LN_2;
    let series = 1.0
        + f * (1.0
            + f * (0.5
                + f * (0.166_666_67
                    + f * (0.041_666_668 + f * (0.008_333_334 + f * 0.001_388_889)))));
    f32::from_bits(
        rounded
            .to_bits()
            .wrapping_sub(ROUND.to_bits())
            .wrapping_add(127)
            << 23,
    ) * series
}

/// e to the power `x`.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    exp2(x * std::f32::consts::LOG2_E)
}

/// Cosine of a whole turn times `u`, `u` in 0 to 1.
#[inline(always)]
pub fn cos_turn(u: f32) -> f32 {
    // cos(2πu) = −cos(2π(u − ½)) = −sin(2π(¼ − |u − ½|)), the sine on ± a quarter turn.
    let y = (0.25 - (u - 0.5).abs()) * std::f32::consts::TAU;
    let s = y * y;
    let series = 1.0
        + s * (-0.166_666_67
            + s * (0.008_333_333
                + s * (-0.000_198_412_7 + s * (2.755_731_8e-6 - s * 2.505_210_6e-8))));
    -(y * series)
}

/// A standard exponential number (mean 1) by inversion.
#[inline(always)]
pub fn exponential(word: u64) -> f32 {
    -ln(high(word))
}

/// Standard exponential numbers, one for each of the words `first`, `first + 1`, ….
pub fn exponentials(key: Key, first: u64, out: &mut [f32]) {
    widely(|| {
        for (index, number) in out.iter_mut().enumerate() {
            *number = exponential(key.word(first.wrapping_add(index as u64)));
        }
    });
}

/// A standard normal number (Box and Muller, 1958).
#[inline(always)]
pub fn normal(word: u64) -> f32 {
    (-2.0 * ln(high(word))).sqrt() * cos_turn(low(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    #[test]
    fn the_series_agree_with_the_library() {
        for step in 1..200_000_i32 {
            let x = f64::from(step) * 1e-4;
            let close = |ours: f32, theirs: f64, scale: f64| {
                (f64::from(ours) - theirs).abs() <= 4e-7 * scale
            };
            assert!(
                close(
                    ln(x as f32),
                    f64::from(x as f32).ln(),
                    x.ln().abs().max(1.0)
                ),
                "ln {x}"
            );
            let y = x - 10.0;
            assert!(
                close(exp2(y as f32), f64::from(y as f32).exp2(), y.exp2()),
                "exp2 {y}"
            );
            let u = x / 20.0;
            assert!(
                close(
                    cos_turn(u as f32),
                    (f64::from(u as f32) * std::f64::consts::TAU).cos(),
                    1.0
                ),
                "cos {u}"
            );
        }
    }

    #[test]
    fn draws_have_the_moments_of_their_distributions() {
        // 2^20 draws: a mean lies within 3.29 standard errors in 999 of 1000 seeds; this one is fixed.
        let n = 1_u64 << 20;
        let key = Streams::new(7, 0).key(Purpose::Service, 1);
        let moments = |draw: fn(u64) -> f32| {
            let sums = (0..n)
                .map(|i| f64::from(draw(key.word(i))))
                .fold((0.0, 0.0), |(a, b), x| (a + x, b + x * x));
            (sums.0 / n as f64, sums.1 / n as f64)
        };
        let error = 3.29 / (n as f64).sqrt();
        let (mean, square) = moments(exponential);
        assert!((mean - 1.0).abs() < error && (square - 2.0).abs() < error * 20_f64.sqrt());
        let (mean, square) = moments(normal);
        assert!(mean.abs() < error && (square - 1.0).abs() < error * 2_f64.sqrt());
        let (mean, square) = moments(low);
        assert!(
            (mean - 0.5).abs() < error * (1.0 / 12.0_f64).sqrt()
                && (square - 1.0 / 3.0).abs() < error * 0.3
        );
    }
}
