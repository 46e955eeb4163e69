//! The testing operation, validated: names and quantities with units, ready to be compiled and simulated.
//!
//! A `Model` is plain data. Whoever builds one (the scenario reader) has checked it: every id exists, every quantity is finite and in its
//! range, every cell has a site, every site a courier, every courier a laboratory, every stage a capacity.

pub mod assumption;
pub mod campaign;
pub mod coming;
pub mod cost;
pub mod courier;
pub mod incident;
pub mod isolation;
pub mod lab;
pub mod positives;
pub mod readiness;
pub mod road;
pub mod service;
pub mod site;
pub mod staff;
pub mod stock;
pub mod visits;

use crate::geo;
use crate::id::{CellId, CourierId, FeedId, LabId, RoundId, SiteId, Table, UnknownId};
use crate::units::{PerHour, Position, Share, Span, Time, Window};
use assumption::{Assumption, Quantity, Unknown};
use serde::{Deserialize, Serialize};

/// A whole campaign in one county.
#[derive(Clone, PartialEq, Debug)]
pub struct Model {
    /// What the scenario is called.
    pub title: Name,
    /// The civil date whose 00:00 is `Time::ZERO`: the day on which the first round opens.
    pub first_day: jiff::civil::Date,
    /// Who is due, by grid cell.
    pub cells: Table<CellId, Cell>,
    /// Where they are swabbed.
    pub sites: Table<SiteId, site::Site>,
    /// Who carries the tubes.
    pub couriers: Table<CourierId, courier::Courier>,
    /// Who tests them.
    pub labs: Table<LabId, lab::Lab>,
    /// Tubes that come to a laboratory from elsewhere.
    pub feeds: Table<FeedId, Feed>,
    /// The rounds, in the order in which they open.
    pub rounds: Table<RoundId, Round>,
    /// Driving times by pair, if they are asked for.
    pub roads: Option<road::Roads>,
    /// How walking distance becomes time.
    pub walking: Walking,
    /// What is done between the order and the first swab, each step behind those it waits for; empty: `Hours::setup` says how long it takes.
    pub readiness: Vec<readiness::Step>,
    /// Who is infected, if anyone is.
    pub infection: Option<positives::Infection>,
    /// Who works at the lanes when.
    pub staff: staff::Staff,
    /// What is used up, in the order of ids.
    pub stocks: Vec<stock::Stock>,
    /// What things cost, if anything is priced.
    pub cost: Option<cost::Cost>,
    /// Contacts and isolation rooms, if they are asked for.
    pub isolation: Option<isolation::Isolation>,
    /// What is done about positive tubes, if anything.
    pub recall: Option<positives::Recall>,
    /// What is decided on the way, if anything.
    pub campaign: Option<campaign::Campaign>,
    /// What goes wrong at a time, in the order of ids.
    pub incidents: Vec<incident::Incident>,
    /// What goes wrong at random, in a stress run.
    pub stress: Option<incident::Stress>,
    /// Teams that disinfect the sites, if any do.
    pub disinfection: Option<incident::Disinfection>,
    /// How those who did not come are fetched, if they are.
    pub catch_up: Option<CatchUp>,
    /// For studies of a steady state: what to leave out at the start, and when to stop.
    pub study: Study,
    /// How many replications, or how sure.
    pub design: Design,
    /// Every number the scenario states or leaves to a default, for the report.
    pub assumptions: Vec<Assumption>,
    /// The quantities given as ranges.
    pub unknowns: Table<UnknownId, Unknown>,
    /// A hash of what the scenario means, whatever the order of its tables and keys: 16 hexadecimal digits.
    pub hash: String,
    /// Whether positions are invented, so that a map of them is a diagram.
    pub schematic: bool,
}

/// What a thing is called: an id that never changes and words for people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Name {
    /// The id, unique among its kind. Luck is keyed by it.
    pub id: String,
    /// In Chinese, or whatever language the scenario is written in.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// A grid cell (网格): people called, fetched and counted together.
#[derive(Clone, PartialEq, Debug)]
pub struct Cell {
    /// Its id and names.
    pub name: Name,
    /// People registered there.
    pub residents: u32,
    /// Residents who are elsewhere.
    pub away: u32,
    /// Residents who need not be swabbed.
    pub exempt: u32,
    /// People staying there who are not registered.
    pub transients: u32,
    /// Of those due, people who cannot come and need a visit.
    pub visits: u32,
    /// How strictly the cell is closed at first; each round has the tier of its time.
    pub tier: Tier,
    /// The site its people go to.
    pub site: SiteId,
    /// Where it is.
    pub position: Option<Position>,
    /// Its outlines, for the map; none where they are not known.
    pub boundary: Vec<Vec<Position>>,
    /// The share of its people who are taken first wherever they stand in line.
    pub priority: Option<Quantity<Share>>,
    /// Share of its people infected, in place of `Infection::prevalence`.
    pub prevalence: Option<Quantity<Share>>,
}

impl Cell {
    /// How many people are due: residents − away − exempt + transients.
    pub fn due(&self) -> u32 {
        (self.residents + self.transients).saturating_sub(self.away + self.exempt)
    }
}

/// How strictly an area is closed (防范区, 管控区, 封控区, 隔离点).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Tier {
    /// 防范区 or no measure at all.
    Precaution,
    /// 管控区: people stay in the area.
    Controlled,
    /// 封控区: people stay at home.
    Sealed,
    /// 隔离点: people isolated one by one.
    Isolation,
}

impl Tier {
    /// All tiers, mildest first.
    pub const ALL: [Self; 4] = [
        Self::Precaution,
        Self::Controlled,
        Self::Sealed,
        Self::Isolation,
    ];
}

/// A source of tubes that bypasses the sites, so that a laboratory can be studied alone.
#[derive(Clone, PartialEq, Debug)]
pub struct Feed {
    /// Its id and names.
    pub name: Name,
    /// The laboratory it feeds.
    pub to: LabId,
    /// When its tubes come.
    pub arrivals: FeedArrivals,
    /// From when to when tubes come.
    pub window: Window,
    /// People in each tube.
    pub people: u32,
    /// How urgent its tubes are, 0 (like those of the sites) to 9: the more urgent go first at each stage.
    pub priority: u8,
}

/// When the tubes of a feed come.
#[derive(Clone, PartialEq, Debug)]
pub enum FeedArrivals {
    /// At random, independently of one another.
    Poisson(Quantity<PerHour>),
    /// At equal intervals, the first at the start of the window.
    Every(Quantity<Span>),
    /// Contacts in isolation, swabbed singly on the days of the protocol (8th edition, in force in May 2022).
    Contacts {
        /// Close contacts and contacts of theirs.
        people: [Quantity<u32>; 2],
        /// When their tubes begin to come on day 1, and on every later day at the same time.
        first: Time,
        /// Over how long they come, evenly.
        over: Span,
    },
}

impl FeedArrivals {
    /// Days of the protocol, the first being 1, on which close contacts are tested; contacts of theirs on all but the last.
    pub const DAYS: [u32; 4] = [1, 4, 7, 14];
}

/// One round: everyone in its cells is due once.
#[derive(Clone, PartialEq, Debug)]
pub struct Round {
    /// Its id and names.
    pub name: Name,
    /// When it opens.
    pub opens: Time,
    /// When the set-up of sites was ordered; no swab before this plus `Hours::setup`.
    pub ordered: Option<Time>,
    /// When no more people are taken in, at the latest.
    pub closes: Time,
    /// When the last result is wanted.
    pub deadline: Time,
    /// Who comes.
    pub turnout: Turnout,
    /// The cells it covers, in id order.
    pub cells: Vec<CellId>,
    /// The tier of each when the round opens.
    pub tiers: Vec<Tier>,
    /// Where the people of each are swabbed in this round.
    pub places: Vec<Place>,
}

/// Where the people of a cell are swabbed in a round.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The site they go to, or the teams that visit them.
    pub site: SiteId,
    /// So many of them are visited by these teams instead, where that is said.
    pub visited: Option<(u32, SiteId)>,
}

impl Model {
    /// Whether some people's swabs may not be bound to their names.
    pub fn leaves_some_unbound(&self) -> bool {
        let faults = self
            .sites
            .values()
            .filter_map(|site| site.tubes.faults.as_ref());
        let mut unbound = faults.map(|faults| &faults.unbound);
        unbound.any(|share| share.value.0 > 0.0 || share.range.is_some())
    }

    /// Where the people of a cell are swabbed when it is of a tier: by the teams that visit such cells, else at its site.
    pub fn place(&self, id: CellId, tier: Tier) -> Place {
        let cell = &self.cells[id];
        let visiting = |site: SiteId| self.sites[site].visits.is_some();
        let teams = |whom: visits::Whom| {
            let serves = |site: &site::Site| {
                let visits = site.visits.as_ref();
                visits.is_some_and(|visits| visits.whom == whom && visits.serves(id, tier))
            };
            let mut sites = self.sites.iter();
            sites.find(|(_, site)| serves(site)).map(|(site, _)| site)
        };
        let site = if visiting(cell.site) {
            cell.site
        } else {
            teams(visits::Whom::Everyone).unwrap_or(cell.site)
        };
        let needing = cell.visits > 0 && !visiting(site);
        let visited = needing.then(|| teams(visits::Whom::Needing)).flatten();
        Place {
            site,
            visited: visited.map(|site| (cell.visits, site)),
        }
    }

    /// Whether anything goes wrong, at a time or at random.
    pub fn goes_wrong(&self) -> bool {
        !self.incidents.is_empty() || self.stress.is_some()
    }

    /// From the order to the first swab at a site, at the stated values.
    pub fn setup(&self, site: &site::Site) -> Span {
        if self.readiness.is_empty() {
            site.hours.setup
        } else {
            readiness::total(&readiness::done(&self.readiness, |takes| takes.value))
        }
    }
}

impl Round {
    /// The tier of one of its cells when it opens.
    ///
    /// # Panics
    ///
    /// If the round does not cover the cell.
    pub fn tier_of(&self, cell: CellId) -> Tier {
        let place = self
            .cells
            .binary_search(&cell)
            .expect("the cell is one of the round's, which are in order");
        self.tiers[place]
    }
}

/// Fetching those who did not come (补采): the list of each round is reconciled some time before the last close, and who is found comes to
/// the cell's site until then.
#[derive(Clone, PartialEq, Debug)]
pub struct CatchUp {
    /// Share of those missing who are found.
    pub share: Quantity<Share>,
    /// From reconciling to the last close of the round.
    pub before_close: Span,
    /// From reconciling to the first of them at the site.
    pub notice: Span,
    /// The teams that visit them, in place of their coming to the site.
    pub visits: Option<SiteId>,
}

/// How many of those due come.
#[derive(Clone, PartialEq, Debug)]
pub enum Turnout {
    /// So many, as counted or foreseen, shared among cells by those due.
    Swabbed(Quantity<u32>),
    /// Each person with this probability.
    Share(Quantity<Share>),
}

/// How walking distance becomes time.
#[derive(Clone, PartialEq, Debug)]
pub struct Walking {
    /// Kilometers an hour.
    pub speed_kmh: f64,
    /// Length of the way over the straight line.
    pub detour: f64,
}

impl Walking {
    /// How long it takes on foot.
    pub fn time(&self, from: Position, to: Position) -> Span {
        let kilometers = geo::distance(from, to) / 1000.0 * self.detour;
        Span::from_seconds(kilometers / self.speed_kmh * 3_600.0)
    }
}

/// For studies of a steady state.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Study {
    /// People and tubes that arrive earlier than this after the round opens are not measured.
    pub warm_up: Span,
    /// So long after the first round opens everything stops where it is.
    pub stop: Option<Span>,
}

/// How many replications, or how sure.
#[derive(Clone, PartialEq, Debug)]
pub struct Design {
    /// When to stop replicating.
    pub replications: Replications,
    /// All luck derives from it.
    pub seed: u64,
}

/// When to stop replicating.
#[derive(Clone, PartialEq, Debug)]
pub enum Replications {
    /// After so many.
    Fixed(u32),
    /// When the 95 % interval of a figure, in the last round, is at most ± `to` wide; after `most` at the latest.
    Precision {
        /// Which figure.
        of: Watched,
        /// Half the width of its interval.
        to: Span,
        /// Never more than so many.
        most: u32,
    },
}

/// Figures whose precision can be asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Watched {
    /// The end of swabbing.
    SwabbingEnds,
    /// The last result.
    ResultsEnd,
    /// Mean turnaround.
    Turnaround,
    /// Mean wait.
    Wait,
}
