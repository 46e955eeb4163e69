//! What a round without a positive tube proves, and no more.

use crate::experiment::results::Figure;
use crate::measure::outcome::RoundOutcome;
use crate::model::Model;
use crate::model::positives;

/// The share of people infected below which it lies with 95 % confidence if no tube of a round was positive; none where no laboratory looks for
/// them, or hardly anyone is tested.
pub(super) fn bound(model: &Model, outcome: &RoundOutcome<Figure>) -> Option<f64> {
    let verdicts = model.labs.values().filter_map(|lab| lab.verdict.as_ref());
    let stated = verdicts.map(|verdict| verdict.sensitivity.value.0);
    let stated = stated.reduce(f64::min)?;
    let by_day = model.infection.as_ref().map(positives::Infection::course);
    let by_day = by_day.filter(|days| !days.is_empty());
    let sensitivity = by_day.map_or(stated, |days| days.iter().sum::<f64>() / days.len() as f64);
    // Those whose tube was positive were tested too.
    let tested = outcome.swabbed.mean - outcome.no_result.mean + outcome.unbound.mean;
    (tested >= 1.0 && sensitivity > 0.0).then(|| positives::bound(tested, sensitivity))
}

/// A small share with two digits that count.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let digits = (1.0 - percent.log10().floor()).clamp(0.0, 6.0) as usize;
    format!("{percent:.digits$}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_without_a_positive_bounds_the_prevalence_by_the_rule_of_three() {
        // 12,263 people of round 1 in Zeku, all negative.
        let perfect = positives::bound(12_263.0, 1.0);
        assert!((perfect - 2.446e-4).abs() < 1e-7);
        assert_eq!(percent(perfect), "0.024%");
        assert_eq!(percent(positives::bound(12_263.0, 0.8)), "0.031%");
        assert_eq!(percent(positives::bound(30.0, 1.0)), "10%");
        assert!((positives::bound(2.0, 1.0) - 1.0).abs() < 1e-12);
        // The exact bound: (1 − p)^n = 5 %.
        let exact = 1.0 - 0.05_f64.powf(1.0 / 12_263.0);
        assert!(exact < perfect && perfect < 1.002 * exact);
    }
}
