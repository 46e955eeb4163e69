//! The ledger of what is used up: what each round needs, what it gets, what is left.
//!
//! It follows from people, tubes, wells, crews, residents and rooms. A stock that stops its sites was shared out by the engine already; here the
//! same is written down. In every round what was on hand and what came in is what was used and what is left.

use super::campaign::{Lasts, lasts};
use super::outcome::{
    CURVE_STEP_MIN, Outcome, RoundOutcome, SiteOutcome, SiteStockOutcome, StockOutcome,
};
use crate::id::{CellId, Id, RoundId};
use crate::model::stock::{OnHand, Stock, Use, WhenOut};
use crate::model::{Model, Tier};
use crate::network::campaign::Rounds;
use crate::network::supply::{numbers_of, shares};
use crate::network::{Network, RoundSite};
use crate::units::{Span, Time};

/// Enters what a replication used of each stock into its rounds, in the order in which they opened, and into its sites.
pub fn enter(model: &Model, rounds: &Rounds<'_>, outcome: &mut Outcome<f64>) {
    let decided = outcome.decided.as_deref();
    let mut order: Vec<(Time, RoundId, Option<Lasts>)> = rounds
        .ids()
        .map(|id| {
            let held = lasts(rounds, decided, id);
            (rounds.round(id).opens, id, held)
        })
        .collect();
    order.sort_unstable_by_key(|&(opens, id, _)| (opens, id));
    let mut shelves: Vec<Shelf> = model.stocks.iter().map(Shelf::new).collect();
    for (opens, id, held) in order {
        let Some(lasts) = held else {
            for shelf in &shelves {
                shelf.not_held((id, opens), outcome);
            }
            continue;
        };
        for shelf in &mut shelves {
            shelf.open(model, rounds, (id, lasts), outcome);
        }
        let network = rounds.of(id);
        let numbers = numbers(network, &shelves, id);
        for shelf in &mut shelves {
            let entry = shelf.enter(network, id, numbers.as_deref(), outcome);
            outcome.rounds[id].stocks.push(entry);
        }
    }
}

/// A stock from round to round.
struct Shelf<'a> {
    stock: &'a Stock,
    left: Option<f64>,
    since: Time,
    /// When the first round that draws on it opened.
    first: Option<Time>,
    /// In the round that is open, if it draws on the stock: there before, came in, needed.
    now: Option<[f64; 3]>,
}

impl<'a> Shelf<'a> {
    fn new(stock: &'a Stock) -> Self {
        Self {
            stock,
            left: None,
            since: stock.counted.unwrap_or(Time::BEFORE),
            first: None,
            now: None,
        }
    }

    /// A round opens, of which all is known but what it gets.
    fn open(
        &mut self,
        model: &Model,
        rounds: &Rounds<'_>,
        (id, lasts): (RoundId, Lasts),
        outcome: &Outcome<f64>,
    ) {
        let (stock, opens) = (self.stock, lasts.from);
        self.now = None;
        if stock.counted.is_some_and(|counted| opens < counted) {
            return;
        }
        let first = *self.first.get_or_insert(opens);
        let mut needed = need(
            model,
            rounds.of(id),
            &stock.usage,
            (id, &outcome.rounds[id]),
        );
        if stock.usage.per_resident_day > 0.0 {
            let decided = outcome.decided.as_deref();
            let tiers = decided.map(|decided| decided.tiers[id.index()].as_slice());
            let days = days_of_food(&stock.usage, first, lasts);
            needed +=
                stock.usage.per_resident_day * residents(model, &stock.usage, (id, tiers)) * days;
        }
        let before = self.left.unwrap_or(match stock.on_hand {
            OnHand::Amount(amount) => amount,
            OnHand::Rounds(rounds) => rounds * needed,
        });
        self.now = Some([before, came_in(stock, self.since, opens), needed]);
        self.since = opens;
    }

    /// A round that is not held uses nothing.
    fn not_held(&self, (id, opens): (RoundId, Time), outcome: &mut Outcome<f64>) {
        let is_counted = self.stock.counted.is_none_or(|counted| opens >= counted);
        let entry = match (self.left, self.stock.on_hand) {
            _ if !is_counted => NOT_COUNTED,
            (None, OnHand::Rounds(_)) => NOT_COUNTED,
            (None, OnHand::Amount(left)) | (Some(left), _) => StockOutcome {
                before: left,
                resupplied: 0.0,
                used: 0.0,
                short: 0.0,
                left,
                ..NOT_COUNTED
            },
        };
        outcome.rounds[id].stocks.push(entry);
        if self.stock.allotted {
            let sites = outcome.sites.iter_mut().filter(|site| site.round == id);
            sites.for_each(|site| {
                site.stocks
                    .push(if is_counted { NOTHING } else { NO_SHARE })
            });
        }
    }

    /// What the round gets, and what its sites do. `numbers` is how many people each site may swab, if anything limits them.
    fn enter(
        &mut self,
        network: &Network,
        id: RoundId,
        numbers: Option<&[u32]>,
        outcome: &mut Outcome<f64>,
    ) -> StockOutcome<f64> {
        let shared = self.share_out(network, id, numbers, outcome);
        let Some([before, resupplied, needed]) = self.now else {
            return NOT_COUNTED;
        };
        let round = &outcome.rounds[id];
        let mut entry = entry(before, resupplied, needed, round);
        if self.stock.when_out == WhenOut::Stop {
            // Whoever was turned away used nothing: it is short of what they would have used.
            entry.short = shared.iter().map(|site| site.lacking).sum();
            entry.runs_out = if entry.short > 0.0 { 1.0 } else { 0.0 };
            let sites = outcome.sites.iter().filter(|site| site.round == id);
            let out = sites.zip(&shared).filter(|(_, share)| share.lacking > 0.0);
            entry.runs_out_min = out
                .map(|(site, _)| site.closes_min)
                .fold(f64::NAN, f64::min);
        }
        self.left = Some(entry.left);
        entry
    }

    /// The shares of the sites of a round, if it is shared out.
    fn share_out(
        &self,
        network: &Network,
        id: RoundId,
        numbers: Option<&[u32]>,
        outcome: &mut Outcome<f64>,
    ) -> Vec<SiteStockOutcome<f64>> {
        if !self.stock.allotted {
            return Vec::new();
        }
        let own = self.numbers(network, id);
        let held = &network.rounds[id].sites;
        let shares = shares(&network.rounds[id]);
        let usage = &self.stock.usage;
        let sites = outcome.sites.iter_mut().filter(|site| site.round == id);
        let share = |site: &mut SiteOutcome<f64>| {
            let used = site.swabbed * usage.per_person + site.tubes * usage.per_tube;
            // Sites at which the round is not held in this replication have no place among those of the round.
            let place = held.binary_search_by_key(&site.site, |place| place.site);
            let share = match (self.now, &own, place) {
                (None, ..) => NO_SHARE,
                (Some(_), _, Err(_)) => NOTHING,
                (Some(_), Some(own), Ok(at)) => SiteStockOutcome {
                    allotted: f64::from(own[at]) * usage.per_person,
                    used,
                    lacking: if numbers.is_some_and(|numbers| numbers[at] == own[at]) {
                        site.turned_away * usage.per_person
                    } else {
                        0.0
                    },
                },
                (Some([before, resupplied, _]), None, Ok(at)) => {
                    let allotted = (before + resupplied) * shares[at];
                    SiteStockOutcome {
                        allotted,
                        used: used.min(allotted),
                        lacking: (used - allotted).max(0.0),
                    }
                }
            };
            site.stocks.push(share);
            share
        };
        sites.map(share).collect()
    }

    /// How many people each site of the open round may swab of it, if it stops them.
    fn numbers(&self, network: &Network, id: RoundId) -> Option<Vec<u32>> {
        let [before, resupplied, _] = self.now?;
        let stops = self.stock.when_out == WhenOut::Stop;
        stops.then(|| {
            let people = self.stock.usage.per_person;
            numbers_of(before + resupplied, people, &network.rounds[id])
        })
    }
}

/// How many people each site of a round may swab, of whatever there is least.
fn numbers(network: &Network, shelves: &[Shelf], id: RoundId) -> Option<Vec<u32>> {
    let all = shelves
        .iter()
        .filter_map(|shelf| shelf.numbers(network, id));
    all.reduce(|least, next| {
        let pairs = least.into_iter().zip(next);
        pairs.map(|(one, other)| one.min(other)).collect()
    })
}

/// A site in a round before the stock was counted.
const NO_SHARE: SiteStockOutcome<f64> = SiteStockOutcome {
    allotted: f64::NAN,
    used: f64::NAN,
    lacking: f64::NAN,
};

/// A site that takes nobody.
const NOTHING: SiteStockOutcome<f64> = SiteStockOutcome {
    allotted: 0.0,
    used: 0.0,
    lacking: 0.0,
};

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

/// What a round needs, whatever there is, but for what residents get.
fn need(
    model: &Model,
    network: &Network,
    usage: &Use,
    (id, round): (RoundId, &RoundOutcome<f64>),
) -> f64 {
    let mut needed = round.swabbed * usage.per_person
        + round.tubes * usage.per_tube
        + round.reactions * usage.per_reaction;
    if usage.per_crew_shift > 0.0 {
        let suits = round.staff.map_or(0.0, |staff| staff.suits);
        let shifts = crew_shifts(model, network, id, usage.shift) as f64;
        needed += usage.per_crew_shift * (suits + shifts);
    }
    if usage.per_room_day > 0.0 {
        needed += usage.per_room_day * round.room_days;
    }
    needed
}

/// Members of crews times their shifts: each stretch in which a site is open is worked in as few equal shifts as its longest allows. Sites
/// whose crews put on suits at a time are left out: their suits are counted one by one.
fn crew_shifts(model: &Model, network: &Network, round: RoundId, shift: Span) -> i64 {
    let sites = network.rounds[round].sites.iter();
    let counted = |place: &&RoundSite| {
        let roster = place.roster.as_ref();
        roster.is_none_or(|roster| roster.dressings.is_empty())
    };
    sites
        .filter(counted)
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

/// Days for which residents get something in a round, or for which it is handed out in it; `first` is when it was first handed out.
fn days_of_food(usage: &Use, first: Time, lasts: Lasts) -> f64 {
    match usage.delivered {
        None => lasts.until.since(lasts.from).hours() / 24.0,
        Some(every) => {
            let before = |moment: Time| {
                let since = moment.since(first).millis().max(0);
                (since + every.millis() - 1) / every.millis()
            };
            (before(lasts.until) - before(lasts.from)) as f64 * every.hours() / 24.0
        }
    }
}

/// The people who get it in the cells of a round, of the tiers they are planned to be of or, by cell, were decided to be of.
fn residents(model: &Model, usage: &Use, (id, tiers): (RoundId, Option<&[Tier]>)) -> f64 {
    let round = &model.rounds[id];
    let tier = |cell: CellId, planned: Tier| {
        let decided = tiers.and_then(|tiers| tiers.get(cell.index()));
        decided.copied().unwrap_or(planned)
    };
    let cells = round.cells.iter().zip(&round.tiers);
    let people: u64 = cells
        .filter(|&(&cell, &planned)| usage.tiers.contains(&tier(cell, planned)))
        .map(|(&cell, _)| {
            let cell = &model.cells[cell];
            u64::from((cell.residents + cell.transients).saturating_sub(cell.away))
        })
        .sum();
    people as f64
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
