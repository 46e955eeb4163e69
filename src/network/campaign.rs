//! What the engine needs to decide on the way: the rules, and how a round is drawn up anew after a decision.

use super::compile::{Compiler, Effects};
use super::{Network, Round};
use crate::geo::distance;
use crate::id::{CellId, Id, RoundId, SiteId};
use crate::model::campaign::{self as model, Action, Gate, Review};
use crate::model::courier::Route;
use crate::model::{Model, Tier};
use crate::units::{Span, Time};
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

/// What is decided on the way.
#[derive(Clone, PartialEq, Debug)]
pub struct Campaign {
    /// The operation as it is planned.
    plan: Model,
    /// The rank of each unknown in the world of this network.
    ranks: Vec<f64>,
    /// What goes wrong in it.
    effects: Arc<Effects>,
    /// By round: the sites it may be held at, in order, whichever tiers its cells are of.
    sites: Vec<Vec<SiteId>>,
    /// The review of each night, if there is one.
    pub review: Option<Review>,
    /// By round: what it waits for.
    pub gates: Vec<Option<Gate>>,
    /// Changes of tier by date, in order of time.
    pub dated: Vec<model::Change>,
}

impl Campaign {
    /// What a model decides on the way, if anything.
    pub(super) fn of(compiler: &Compiler<'_>) -> Option<Self> {
        let plan = compiler.model;
        let campaign = plan.campaign.as_ref()?;
        let mut bare = plan.clone();
        bare.assumptions = Vec::new();
        Some(Self {
            ranks: plan.unknowns.ids().map(compiler.rank).collect(),
            effects: Arc::clone(&compiler.effects),
            sites: plan.rounds.ids().map(|round| sites(plan, round)).collect(),
            plan: bare,
            review: campaign.review.clone(),
            gates: campaign.gates.clone(),
            dated: campaign.dated.clone(),
        })
    }

    /// The tier of each cell before anything changes.
    pub fn tiers(&self) -> Vec<Tier> {
        self.plan.cells.values().map(|cell| cell.tier).collect()
    }

    /// The cells near one, itself left out.
    pub fn near(&self, cell: CellId, within: Option<f64>) -> Vec<CellId> {
        let cells = &self.plan.cells;
        let (site, position) = (cells[cell].site, cells[cell].position);
        let is_near = |other: &crate::model::Cell| match (within, position, other.position) {
            (Some(within), Some(one), Some(other)) => distance(one, other) <= within * 1_000.0,
            (Some(_), _, _) => false,
            (None, _, _) => other.site == site,
        };
        let others = cells.iter().filter(|(id, _)| *id != cell);
        others
            .filter(|(_, other)| is_near(other))
            .map(|(id, _)| id)
            .collect()
    }

    /// The sites that a round may be held at, in order.
    pub fn sites(&self, round: RoundId) -> &[SiteId] {
        &self.sites[round.index()]
    }

    /// When a round would close if it opened so much later: it never runs into the next round of one of its sites.
    pub fn closes(&self, round: RoundId, later: Span) -> Time {
        let rounds = &self.plan.rounds;
        let mine = self.sites(round);
        let meets = |id: RoundId| self.sites(id).iter().any(|site| mine.contains(site));
        let next = rounds
            .iter()
            .find(|(id, next)| *id > round && next.opens > rounds[round].opens && meets(*id));
        let closes = rounds[round].closes + later;
        next.map_or(closes, |(_, next)| closes.min(next.opens))
    }

    /// The situation in which nothing has been decided.
    pub fn situation(&self) -> Situation<'_> {
        Situation {
            campaign: self,
            changed: None,
        }
    }
}

/// The sites at which people of a round may be swabbed, whichever tiers its cells are of.
fn sites(plan: &Model, round: RoundId) -> Vec<SiteId> {
    let cells = plan.rounds[round].cells.iter();
    let mut sites: Vec<SiteId> = if plan.sites.values().any(|site| site.visits.is_some()) {
        let places = cells.flat_map(|&cell| Tier::ALL.map(|tier| plan.place(cell, tier)));
        places
            .flat_map(|place| [Some(place.site), place.visited.map(|(_, site)| site)])
            .flatten()
            .chain(plan.catch_up.as_ref().and_then(|catch_up| catch_up.visits))
            .collect()
    } else {
        cells.map(|&cell| plan.cells[cell].site).collect()
    };
    sites.sort_unstable();
    sites.dedup();
    sites
}

/// The operation as far as decisions have changed it, in one replication.
#[derive(Clone, Debug)]
pub struct Situation<'a> {
    campaign: &'a Campaign,
    changed: Option<Box<Model>>,
}

impl Situation<'_> {
    fn model(&self) -> &Model {
        self.changed.as_deref().unwrap_or(&self.campaign.plan)
    }

    fn change(&mut self) -> &mut Model {
        let plan = &self.campaign.plan;
        self.changed.get_or_insert_with(|| Box::new(plan.clone()))
    }

    /// Lanes, hours, vehicles or laboratories change; tiers are not its affair.
    pub fn act(&mut self, action: &Action) {
        match action {
            Action::Tier(_) | Action::Nearby { .. } => {}
            Action::Lanes { sites, lanes, from } => {
                let model = self.change();
                let shift = |lanes: &mut u32, by: i64| {
                    let shifted = (i64::from(*lanes) + by).clamp(1, 10_000);
                    *lanes = u32::try_from(shifted).unwrap_or(1);
                };
                let mut all = |site: SiteId, by: i64| {
                    let quantity = &mut model.sites[site].lanes;
                    shift(&mut quantity.value, by);
                    if let Some(range) = &mut quantity.range {
                        shift(&mut range.low, by);
                        shift(&mut range.high, by);
                    }
                };
                for &site in sites {
                    all(site, i64::from(*lanes));
                }
                if let Some(from) = from {
                    let given = i64::from(*lanes) * i64::try_from(sites.len()).unwrap_or(0);
                    all(*from, -given);
                }
            }
            Action::Hours { sites, open } => {
                let model = self.change();
                for &site in sites {
                    model.sites[site].hours.open.clone_from(open);
                }
            }
            Action::Vehicles { couriers, more } => {
                let model = self.change();
                for &courier in couriers {
                    if let Route::Loop { vehicles, .. } = &mut model.couriers[courier].route {
                        vehicles.value = vehicles.value.saturating_add(*more);
                        if let Some(range) = &mut vehicles.range {
                            range.low = range.low.saturating_add(*more);
                            range.high = range.high.saturating_add(*more);
                        }
                    }
                }
            }
            Action::Lab { couriers, to } => {
                let model = self.change();
                for &courier in couriers {
                    model.couriers[courier].to = *to;
                    if let Some(roads) = &mut model.roads
                        && let Some(ways) = roads.to_reserves.get(&(courier, *to))
                    {
                        roads.ways.insert(courier, ways.clone());
                    }
                }
            }
        }
    }

    /// A round is not held. Crews that would have learnt their site in it will do so later.
    pub fn drop(&mut self, round: RoundId) {
        if self.model().staff.learning.is_some() {
            let entry = &mut self.change().rounds[round];
            (entry.cells, entry.tiers, entry.places) = (Vec::new(), Vec::new(), Vec::new());
        }
    }

    /// The network of a round that opens at a moment, when cells are of these tiers; none if it is as planned.
    pub fn draw(
        &mut self,
        network: &Network,
        round: RoundId,
        (opens, tiers): (Time, &[Tier]),
    ) -> Option<Arc<Network>> {
        let planned = &self.model().rounds[round];
        let cells = planned.cells.iter();
        let now: Vec<Tier> = cells.map(|cell| tiers[cell.index()]).collect();
        let same_tiers = now == planned.tiers;
        if self.changed.is_none() && same_tiers && planned.opens == opens {
            return None;
        }
        let later = opens.since(planned.opens);
        let closes = self.campaign.closes(round, later);
        let cells = planned.cells.clone();
        let model = self.change();
        let places = cells.iter().zip(&now);
        let places = places
            .map(|(&cell, &tier)| model.place(cell, tier))
            .collect();
        let entry = &mut model.rounds[round];
        (entry.tiers, entry.places) = (now, places);
        if later > Span::ZERO {
            entry.opens = opens;
            entry.closes = closes;
            entry.deadline += later;
        }
        let ranks = &self.campaign.ranks;
        let rank = |unknown: crate::id::UnknownId| ranks[unknown.index()];
        let compiler = Compiler {
            model: self.model(),
            rank: &rank,
            effects: Arc::clone(&self.campaign.effects),
        };
        Some(Arc::new(compiler.anew(network, round)))
    }
}

/// The network of each round: as it was compiled, or drawn up anew for it.
#[derive(Clone, Debug)]
pub struct Rounds<'a> {
    network: &'a Network,
    anew: BTreeMap<RoundId, Arc<Network>>,
}

impl<'a> Rounds<'a> {
    /// All rounds as planned.
    pub const fn new(network: &'a Network) -> Self {
        Self {
            network,
            anew: BTreeMap::new(),
        }
    }

    /// A round is drawn up anew.
    pub fn draw(&mut self, round: RoundId, network: Arc<Network>) {
        self.anew.insert(round, network);
    }

    /// The network of a round.
    pub fn of(&self, round: RoundId) -> &Network {
        self.anew
            .get(&round)
            .map_or(self.network, |network| network)
    }

    /// All rounds, held or not.
    pub fn ids(&self) -> impl Iterator<Item = RoundId> + use<> {
        self.network.rounds.ids()
    }

    /// The operation as it is planned.
    pub const fn planned(&self) -> &'a Network {
        self.network
    }

    /// The round itself.
    pub fn round(&self, round: RoundId) -> &Round {
        &self.of(round).rounds[round]
    }

    /// The network of a round, to keep.
    pub fn drawn(&self, round: RoundId) -> Drawn<'a> {
        let anew = self.anew.get(&round);
        anew.map_or(Drawn::Planned(self.network), |network| {
            Drawn::Anew(Arc::clone(network))
        })
    }
}

/// The network of one round.
#[derive(Clone, Debug)]
pub enum Drawn<'a> {
    /// As it was compiled.
    Planned(&'a Network),
    /// Drawn up anew.
    Anew(Arc<Network>),
}

impl Deref for Drawn<'_> {
    type Target = Network;

    fn deref(&self) -> &Network {
        match self {
            Self::Planned(network) => network,
            Self::Anew(network) => network,
        }
    }
}
