//! Stocks without which nobody is swabbed.

use super::{Case, Findings, Rule};
use swabplan::model::stock::{OnHand, WhenOut};

/// Nobody is swabbed with what is not there: what all rounds up to one used is at most what had been there or come in when it opened.
pub(super) fn review(case: Case, findings: &mut Findings) {
    let stops = |stock: &&swabplan::model::stock::Stock| stock.when_out == WhenOut::Stop;
    for stock in case.model.stocks.iter().filter(stops) {
        let OnHand::Amount(on_hand) = stock.on_hand else {
            findings.add(
                Rule::Stock,
                format!("{}: how much there is is not said", stock.name.id),
            );
            continue;
        };
        let mut used = 0.0;
        for (id, round) in case.model.rounds.iter() {
            if stock.counted.is_some_and(|counted| round.opens < counted) {
                continue;
            }
            let tubes = case.trace.tubes.iter().filter(|tube| tube.round == id);
            let people: usize = tubes.map(|tube| tube.swabs.len()).sum();
            used += people as f64 * stock.usage.per_person;
            let later = |at| stock.counted.is_none_or(|counted| at > counted);
            let resupplied: f64 = stock
                .resupply
                .iter()
                .filter(|resupply| resupply.at <= round.opens && later(resupply.at))
                .map(|resupply| resupply.amount)
                .sum();
            findings.unless(used <= on_hand + resupplied + 1e-6, Rule::Stock, || {
                format!(
                    "{}: {used} used by the end of {}, of {}",
                    stock.name.id,
                    round.name.id,
                    on_hand + resupplied
                )
            });
        }
    }
}
