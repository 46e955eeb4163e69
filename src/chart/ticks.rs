//! Round numbers for axes.

/// Multiples of 1, 2 or 5 times a power of ten from `from` to `to`, at most about `most` of them. Empty if the range is empty or not finite.
pub fn numbers(from: f64, to: f64, most: u32) -> Vec<f64> {
    let rough = (to - from) / f64::from(most.max(1));
    if !rough.is_finite() || rough <= 0.0 {
        return Vec::new();
    }
    let power = 10f64.powf(rough.log10().floor());
    let factor = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|factor| factor * power >= rough * (1.0 - 1e-9))
        .unwrap_or(10.0);
    multiples(from, to, factor * power)
}

/// Multiples of a handy number of hours (a quarter of an hour to a year) from `from` to `to`, at most `most` of them. All in hours.
pub fn hours(from: f64, to: f64, most: u32) -> Vec<f64> {
    const STEPS: [f64; 15] = [
        0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 12.0, 24.0, 48.0, 96.0, 168.0, 336.0, 720.0, 8760.0,
    ];
    let length = to - from;
    let step = STEPS
        .into_iter()
        .find(|step| length / step <= f64::from(most.max(1)));
    match step {
        Some(step) if length > 0.0 => multiples(from, to, step),
        _ => numbers(from, to, most),
    }
}

/// The multiples of `step` from `from` to `to`, ends included.
pub fn multiples(from: f64, to: f64, step: f64) -> Vec<f64> {
    const MOST: f64 = 1000.0;
    let first = (from / step - 1e-9).ceil();
    let last = (to / step + 1e-9).floor();
    if !(first.is_finite()
        && last.is_finite()
        && last >= first
        && last - first <= MOST
        && step > 0.0)
    {
        return Vec::new();
    }
    (0..=(last - first) as u32)
        .map(|k| (first + f64::from(k)) * step)
        .collect()
}

/// A number with thousands separators and so many decimals: 12,263 or −0.5. NaN is a dash.
pub fn grouped(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
    let mut text = String::new();
    if value < 0.0 && plain.contains(|digit| ('1'..='9').contains(&digit)) {
        text.push('−');
    }
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + fraction
}

/// How many decimals tell the ticks apart: 0 to 6.
pub fn decimals(ticks: &[f64]) -> usize {
    let step = ticks
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).abs())
        .fold(f64::INFINITY, f64::min);
    (0..6)
        .find(|&places| {
            let scaled = step * 10f64.powi(places);
            !scaled.is_finite() || (scaled - scaled.round()).abs() < 1e-6 * scaled.max(1.0)
        })
        .map_or(6, |places| places as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(numbers(0.0, 12_263.0, 6), [0.0, 5_000.0, 10_000.0]);
        assert_eq!(numbers(0.0, 1.0, 4), [0.0, 0.5, 1.0]);
        assert_eq!(hours(7.0, 31.0, 6), [8.0, 12.0, 16.0, 20.0, 24.0, 28.0]);
    }

    #[test]
    fn ranges_without_length_have_no_ticks() {
        for (from, to) in [
            (1.0, 1.0),
            (2.0, 1.0),
            (f64::NAN, 1.0),
            (0.0, f64::INFINITY),
            (-f64::MAX, f64::MAX),
        ] {
            assert!(numbers(from, to, 5).is_empty());
            assert!(hours(from, to, 5).is_empty());
        }
    }

    #[test]
    fn numbers_are_grouped_by_three() {
        let texts = [
            (12_263.0, 0),
            (999.0, 0),
            (-1_234_567.891, 2),
            (0.25, 2),
            (-0.001, 0),
            (f64::NAN, 0),
        ];
        assert_eq!(
            texts.map(|(value, places)| grouped(value, places)),
            ["12,263", "999", "−1,234,567.89", "0.25", "0", "–"]
        );
    }

    #[test]
    fn as_many_decimals_as_the_ticks_need() {
        assert_eq!(
            [
                decimals(&[0.0, 5.0]),
                decimals(&[0.0, 0.2, 0.4]),
                decimals(&[0.25, 0.5]),
                decimals(&[])
            ],
            [0, 1, 2, 0]
        );
    }
}
