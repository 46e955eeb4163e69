//! The ledger of what is used up: what each round needs, what it gets, what is left.
//!
//! It follows from people, tubes, wells, crews and residents; it changes nothing of what happens. In every round what was on hand and what
//! came in is what was used and what is left.

use super::outcome::{CURVE_STEP_MIN, Outcome, RoundOutcome, StockOutcome};
use crate::id::{CellId, Id, RoundId};
use crate::model::stock::{OnHand, Stock, Use};
use crate::model::{Model, Tier};
use crate::network::Network;
use crate::network::campaign::Rounds;
use crate::units::{Span, Time};

/// Enters what a replication used of each stock into its rounds.
pub fn enter(model: &Model, rounds: &Rounds<'_>, outcome: &mut Outcome<f64>) {
    for stock in &model.stocks {
        let mut left = None;
        let mut since = stock.counted.unwrap_or(Time::BEFORE);
        for id in model.rounds.ids() {
            let opens = model.rounds[id].opens;
            if stock.counted.is_some_and(|counted| opens < counted) {
                outcome.rounds[id].stocks.push(NOT_COUNTED);
                continue;
            }
            let needed = need(model, rounds, &stock.usage, (id, outcome));
            let before = left.unwrap_or(match stock.on_hand {
                OnHand::Amount(amount) => amount,
                OnHand::Rounds(rounds) => rounds * needed,
            });
            let resupplied = came_in(stock, since, opens);
            let entry = entry(before, resupplied, needed, &outcome.rounds[id]);
            (left, since) = (Some(entry.left), opens);
            outcome.rounds[id].stocks.push(entry);
        }
    }
}

/// A round before the stock was counted.
const NOT_COUNTED: StockOutcome<f64> = StockOutcome {
    before: f64::NAN,
    resupplied: f64::NAN,
    used: f64::NAN,
    short: f64::NAN,
    left: f64::NAN,
    rounds_left: f64::NAN,
    runs_out: 0.0,
    runs_out_min: f64::NAN,
};

fn came_in(stock: &Stock, after: Time, until: Time) -> f64 {
    stock
        .resupply
        .iter()
        .filter(|resupply| resupply.at > after && resupply.at <= until)
        .map(|resupply| resupply.amount)
        .sum()
}

fn entry(
    before: f64,
    resupplied: f64,
    needed: f64,
    round: &RoundOutcome<f64>,
) -> StockOutcome<f64> {
    let there = before + resupplied;
    let used = needed.min(there);
    let short = needed - used;
    StockOutcome {
        before,
        resupplied,
        used,
        short,
        left: there - used,
        rounds_left: if needed > 0.0 {
            (there - used) / needed
        } else {
            f64::NAN
        },
        runs_out: if short > 0.0 { 1.0 } else { 0.0 },
        runs_out_min: if short > 0.0 {
            reached(round, there / needed)
        } else {
            f64::NAN
        },
    }
}

/// What a round needs, whatever there is.
fn need(
    model: &Model,
    rounds: &Rounds<'_>,
    usage: &Use,
    (id, outcome): (RoundId, &Outcome<f64>),
) -> f64 {
    let round = &outcome.rounds[id];
    let decided = outcome.decided.as_deref();
    let is_held = decided.is_none_or(|decided| decided.opened[id.index()].is_some());
    let mut needed = round.swabbed * usage.per_person
        + round.tubes * usage.per_tube
        + round.reactions * usage.per_reaction;
    if usage.per_crew_shift > 0.0 && is_held {
        let network = rounds.of(id);
        needed += usage.per_crew_shift * crew_shifts(model, network, id, usage.shift) as f64;
    }
    if usage.per_resident_day > 0.0 {
        let tiers = decided.map(|decided| decided.tiers[id.index()].as_slice());
        needed += usage.per_resident_day * resident_days(model, usage, (id, tiers));
    }
    needed
}

/// Members of crews times their shifts: each stretch in which a site is open is worked in as few equal shifts as its longest allows.
fn crew_shifts(model: &Model, network: &Network, round: RoundId, shift: Span) -> i64 {
    let sites = network.rounds[round].sites.iter();
    sites
        .map(|place| {
            let crew = model.sites[place.site].crew;
            let members = i64::from(crew.scanners + crew.swabbers + crew.guides);
            let shifts: i64 = place
                .openings
                .iter()
                .map(|opening| {
                    let length = opening.end.since(opening.start).millis();
                    (length + shift.millis() - 1) / shift.millis()
                })
                .sum();
            members * i64::from(network.sites[place.site].lanes) * shifts
        })
        .sum()
}

/// People times days in the cells of a round, of the tiers they are planned to be of or, by cell, were decided to be of.
fn resident_days(model: &Model, usage: &Use, (id, tiers): (RoundId, Option<&[Tier]>)) -> f64 {
    let round = &model.rounds[id];
    let tier = |cell: CellId, planned: Tier| {
        tiers.map_or(planned, |tiers| {
            tiers.get(cell.index()).copied().unwrap_or(planned)
        })
    };
    let next = model.rounds.iter().find(|(other, _)| *other > id);
    let until = next.map_or(round.deadline, |(_, next)| next.opens);
    let days = until.since(round.opens).hours() / 24.0;
    let people: u64 = round
        .cells
        .iter()
        .zip(&round.tiers)
        .filter(|&(&cell, &planned)| usage.tiers.contains(&tier(cell, planned)))
        .map(|(&cell, _)| {
            let cell = &model.cells[cell];
            u64::from((cell.residents + cell.transients).saturating_sub(cell.away))
        })
        .sum();
    people as f64 * days
}

/// Minutes after the opening at which such a share of the round's people is swabbed, to the step of the curve.
fn reached(round: &RoundOutcome<f64>, share: f64) -> f64 {
    let people = round.swabbed * share;
    round
        .curve
        .iter()
        .position(|counters| counters.swabbed >= people)
        .map_or(f64::NAN, |step| step as f64 * f64::from(CURVE_STEP_MIN))
}
