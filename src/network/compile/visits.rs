//! Who is swabbed where in a round: at the site of the cell, or by teams that visit.

use super::super::coming::{Booking, Group, GroupTurnout};
use super::super::{Shares, Visits};
use super::{Compiler, in_2_32};
use crate::id::{CellId, Id, RoundId, SiteId};
use crate::model::coming::Coming;
use crate::model::site::{Boundary, Site};
use crate::model::{Tier, visits};
use crate::random::name;
use crate::units::{Share, Span};

/// People of one cell who have to do with one site in a round.
#[derive(Clone, Copy)]
pub(super) struct Party {
    /// Position of the cell in the round.
    position: usize,
    cell: CellId,
    /// Where they come or are visited by themselves.
    home: SiteId,
    turnout: GroupTurnout,
    /// Which of those due: from this rank up to that.
    ranks: (u32, u32),
    part: Part,
}

/// What a site has to do with a party.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// It comes by itself, or is visited.
    Coming,
    /// Its missing are fetched.
    Missing,
}

impl Party {
    /// Whether it comes by itself, or is visited.
    pub(super) fn comes(&self) -> bool {
        self.part == Part::Coming
    }

    /// Position of its cell in the round.
    pub(super) const fn position(&self) -> usize {
        self.position
    }

    /// Whether its missing are fetched here.
    pub(super) fn is_fetched(&self) -> bool {
        self.part == Part::Missing
    }
}

impl Compiler<'_> {
    /// The parties of a round by site.
    pub(super) fn parties(
        &self,
        id: RoundId,
        turnout: &[GroupTurnout],
        covered: &[bool],
    ) -> Vec<Vec<Party>> {
        let (model, round) = (self.model, &self.model.rounds[id]);
        let mut by_site = vec![Vec::new(); model.sites.len()];
        let fetched_to = |site: SiteId| {
            let catch_up = model.catch_up.as_ref();
            catch_up.map(|catch_up| catch_up.visits.unwrap_or(site))
        };
        for (position, (&cell, &turnout)) in round.cells.iter().zip(turnout).enumerate() {
            if !covered[position] {
                continue;
            }
            let (mut place, due) = (round.places[position], model.cells[cell].due());
            // Who comes at a rate is on no list: nobody of theirs is visited or missed.
            let listed = !matches!(model.sites[place.site].coming, Coming::Poisson(_));
            if !listed {
                place.visited = None;
            }
            let visited = place.visited.map_or(0, |(people, _)| people.min(due));
            let at_site = (due - visited, place.site, (0, due - visited));
            let at_home = place
                .visited
                .map(|(_, site)| (visited, site, (due - visited, due)));
            let no_split = at_home.is_none();
            for (people, site, ranks) in [Some(at_site), at_home].into_iter().flatten() {
                if people == 0 && !no_split {
                    continue;
                }
                let party = |part| Party {
                    position,
                    cell,
                    home: site,
                    turnout,
                    ranks,
                    part,
                };
                by_site[site.index()].push(party(Part::Coming));
                if let Some(to) = fetched_to(site).filter(|_| listed) {
                    by_site[to.index()].push(party(Part::Missing));
                }
            }
        }
        by_site
    }

    /// The parties of some kind as groups, in the order in which they are called or visited.
    pub(super) fn groups(
        &self,
        (round, site): (RoundId, SiteId),
        parties: &[Party],
        kind: impl Fn(&Party) -> bool,
    ) -> Vec<Group> {
        let mut parties: Vec<Party> = parties
            .iter()
            .copied()
            .filter(|party| kind(party))
            .collect();
        let site = &self.model.sites[site];
        if let Some(visits) = &site.visits {
            let place = |party: &Party| visits.cells.iter().position(|&cell| cell == party.cell);
            parties.sort_by_key(|party| place(party).unwrap_or(usize::MAX));
        }
        parties
            .iter()
            .map(|party| self.group(round, site, party))
            .collect()
    }

    fn group(&self, round: RoundId, site: &Site, party: &Party) -> Group {
        let round = &self.model.rounds[round];
        let entry = &self.model.cells[party.cell];
        let tier = round.tiers[party.position];
        let pool = self.now(site.tubes.pool[tier as usize].most()).max(1);
        let priority = entry.priority.as_ref();
        Group {
            cell: party.position as u32,
            name: name(&format!("{}/{}", entry.name.id, round.name.id)),
            due: entry.due(),
            ranks: party.ranks,
            turnout: party.turnout,
            pool,
            shares: shares(site, (tier, party.position), pool),
            priority: priority.map_or(0, |share| in_2_32(self.now(share).0)),
            booking: self.booking(party.home),
            knock: site.crowd.callers.as_ref().map_or(0.0, |callers| {
                let each = self.now(&callers.households) * callers.size;
                3.6e6 / (f64::from(self.now(&callers.workers)) * each).max(1e-3)
            }),
            walk: match (&site.coming, entry.position, site.position) {
                (Coming::Called { walk: true, .. }, Some(from), Some(to)) => {
                    self.model.walking.time(from, to)
                }
                _ => Span::ZERO,
            },
        }
    }

    /// Who of those with slots at a site does not keep to them.
    fn booking(&self, site: SiteId) -> Option<Booking> {
        let booking = self.model.sites[site].crowd.booking.as_ref()?;
        let share = |share| self.now::<Share>(share).0.clamp(0.0, 1.0);
        Some(Booking {
            no_show: share(&booking.no_show),
            walk_in: share(&booking.walk_in),
        })
    }

    /// Teams that go to people.
    pub(super) fn visits(&self, visits: &visits::Visits) -> Visits {
        Visits {
            unit: visits.unit,
            travel: self.sampler(&visits.travel),
            setup: self.sampler(&visits.setup),
        }
    }
}

/// Who else may be in a tube with people of a cell of this tier.
fn shares(site: &Site, (tier, position): (Tier, usize), pool: u32) -> Shares {
    if site.has_household_tubes(tier) && site.keeps_households() {
        return Shares::Household;
    }
    match site.tubes.boundary {
        Some(Boundary::Tier) => Shares::Kind((tier as u32 + 1) << 8 | pool),
        Some(Boundary::Cell) => Shares::Kind(position as u32),
        Some(Boundary::Household) | None => Shares::Kind(pool),
    }
}
