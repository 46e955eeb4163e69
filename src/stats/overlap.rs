//! How likely chance alone puts so many marked things into a small draw.

/// Chance that among `drawn` of `all` things at least `found` are marked, of which `marked` are: the upper tail of the hypergeometric
/// distribution, which is Fisher's exact test (1935).
pub fn at_least(found: u64, drawn: u64, marked: u64, all: u64) -> f64 {
    let most = drawn.min(marked);
    let least = found.max((drawn + marked).saturating_sub(all));
    let chance = |found: u64| {
        let ways = choose(marked, found) + choose(all - marked, drawn - found);
        libm::exp(ways - choose(all, drawn))
    };
    let sum: f64 = (least..=most).map(chance).sum();
    sum.min(1.0)
}

/// The logarithm of the number of ways to draw `few` of `many`.
fn choose(many: u64, few: u64) -> f64 {
    let factorial = |number: u64| libm::lgamma(number as f64 + 1.0);
    factorial(many) - factorial(few) - factorial(many - few)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lady_tasting_tea_has_one_chance_in_seventy() {
        assert!((at_least(4, 4, 4, 8) - 1.0 / 70.0).abs() < 1e-12);
        assert!((at_least(3, 4, 4, 8) - 17.0 / 70.0).abs() < 1e-12);
        assert!((at_least(0, 4, 4, 8) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn more_than_there_are_is_impossible_and_what_must_be_is_certain() {
        assert!(at_least(5, 4, 4, 8) < 1e-300);
        assert!((at_least(2, 9, 3, 10) - 1.0).abs() < 1e-12);
        assert!((at_least(0, 0, 0, 5) - 1.0).abs() < 1e-12);
    }
}
