//! When each cell is called to which site: what can be told people before the round.

use super::{Network, Pattern, RoundSite, Source};
use crate::id::{CellId, RoundId, SiteId};
use crate::units::{Span, Time};

/// When a cell's people are to be at their site in a round.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Appointment {
    /// The round.
    pub round: RoundId,
    /// The cell.
    pub cell: CellId,
    /// The site they go to, or whose teams come to them.
    pub site: SiteId,
    /// When the first of them is to be there.
    pub from: Time,
    /// When the last of them is, if they come in an order; of those who come freely when the site closes.
    pub to: Time,
}

/// All of them, by round, then by cell, then by site. Whoever is fetched because he did not come is not told before.
pub fn appointments(network: &Network) -> Vec<Appointment> {
    let mut list = Vec::new();
    for (round, entry) in network.rounds.iter() {
        let mut of_round: Vec<Appointment> = Vec::new();
        for site in &entry.sites {
            for source in site.sources.iter().filter(|source| !source.fetched) {
                let (from, to) = comes(site, source);
                let cell = entry.cells[source.cell as usize].cell;
                let same = |other: &&mut Appointment| (other.cell, other.site) == (cell, site.site);
                if let Some(known) = of_round.iter_mut().rev().find(same) {
                    known.from = known.from.min(from);
                    known.to = known.to.max(to);
                } else {
                    of_round.push(Appointment {
                        round,
                        cell,
                        site: site.site,
                        from,
                        to,
                    });
                }
            }
        }
        of_round.sort_by_key(|one| (one.cell, one.site));
        list.extend(of_round);
    }
    list
}

/// From when to when the people of a source come: those of a curve from the first of it to the last, which of a slot is the slot itself but
/// for who is early or late.
fn comes(site: &RoundSite, source: &Source) -> (Time, Time) {
    let closes = site
        .openings
        .last()
        .map_or(source.begin, |opening| opening.end);
    match source.pattern {
        Pattern::Even(span) => (source.begin, source.begin + span),
        Pattern::Curve(curve) => {
            let knots = &site.curves[curve as usize].knots;
            let at = |share: f64| {
                let before = knots.iter().take_while(|knot| knot.0 < share).last();
                let after = knots.iter().find(|knot| knot.0 >= share);
                let knot = after.or(before).map_or(0.0, |knot| knot.1);
                source.begin + Span::from_millis(knot.max(0.0) as i64)
            };
            (at(0.02), at(0.98).min(closes.max(source.begin)))
        }
        Pattern::Exponential(_) | Pattern::Regular(_) => (source.begin, closes),
    }
}
