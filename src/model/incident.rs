//! What may go wrong: incidents at a time, incidents drawn at random, and the disinfection of sites.

use super::Name;
use super::assumption::Quantity;
use crate::id::{CellId, CourierId, LabId, SiteId};
use crate::units::{Share, Span, Time, Window};

/// An incident at a time.
#[derive(Clone, PartialEq, Debug)]
pub struct Incident {
    /// Its id and names.
    pub name: Name,
    /// When it begins.
    pub at: Time,
    /// How long it lasts.
    pub lasts: Quantity<Span>,
    /// What happens.
    pub what: What,
}

/// What happens, and to whom.
#[derive(Clone, PartialEq, Debug)]
pub enum What {
    /// Sites are closed: people keep their place, and nothing starts.
    Site(Vec<SiteId>),
    /// Roads of couriers are blocked, or slower.
    Road {
        /// Whose.
        couriers: Vec<CourierId>,
        /// How many times as long everything takes on them; none: nothing moves.
        slower: Option<Quantity<f64>>,
    },
    /// People stay away, and come when it is over.
    Storm {
        /// From which sites.
        sites: Vec<SiteId>,
        /// The share of those who would come.
        away: Quantity<Share>,
        /// How many times as fast as usual people come until all have who stayed away.
        surge: Quantity<f64>,
        /// How many times as long the roads of these sites take; none: as usual.
        slower: Option<Quantity<f64>>,
    },
    /// Results of laboratories cannot be published, and go out when it is over.
    Upload {
        /// Of which.
        labs: Vec<LabId>,
        /// How many times as fast as usual results go out until none is left over.
        surge: Quantity<f64>,
    },
    /// More people than foreseen come, evenly while it lasts.
    People {
        /// Of which cells.
        cells: Vec<CellId>,
        /// So many over those due.
        more: Quantity<Share>,
    },
    /// A share of the staff of lanes is missing.
    Staff {
        /// At which sites, where every lane has its own crew.
        sites: Vec<SiteId>,
        /// Of which pools, by position, where crews come from pools.
        pools: Vec<usize>,
        /// The share.
        absent: Quantity<Share>,
    },
    /// The registration of people is down.
    Registration {
        /// At which sites.
        sites: Vec<SiteId>,
        /// How many times as long their first station takes, on paper; none: they stop.
        slower: Option<Quantity<f64>>,
    },
    /// Machines of laboratories stand still; runs in them are lost, their tubes go again.
    Machine {
        /// Which of the stages of which.
        stages: Vec<(LabId, usize)>,
        /// How many of each, those first that were there first; none: all.
        machines: Option<u32>,
    },
    /// Tubes from elsewhere come to laboratories, evenly while it lasts.
    Tubes {
        /// To which.
        labs: Vec<LabId>,
        /// How many to each.
        tubes: Quantity<u32>,
    },
}

impl What {
    /// Its kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Site(_) => Kind::Site,
            Self::Road { .. } => Kind::Road,
            Self::Storm { .. } => Kind::Storm,
            Self::Upload { .. } => Kind::Upload,
            Self::People { .. } => Kind::People,
            Self::Staff { .. } => Kind::Staff,
            Self::Registration { .. } => Kind::Registration,
            Self::Machine { .. } => Kind::Machine,
            Self::Tubes { .. } => Kind::Tubes,
        }
    }
}

/// A kind of incident.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// A site is closed.
    Site,
    /// A road is blocked or slower.
    Road,
    /// People stay away.
    Storm,
    /// Results cannot be published.
    Upload,
    /// More people than foreseen.
    People,
    /// A wave of tubes.
    Tubes,
    /// Staff is missing.
    Staff,
    /// Registration is down.
    Registration,
    /// Machines of a laboratory stand still.
    Machine,
}

impl Kind {
    /// Those that are drawn in a stress run.
    pub const DRAWN: [Self; 7] = [
        Self::Site,
        Self::Road,
        Self::Storm,
        Self::Upload,
        Self::Staff,
        Self::Registration,
        Self::Machine,
    ];

    /// How scenarios and programs call it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Road => "road",
            Self::Storm => "storm",
            Self::Upload => "upload",
            Self::People => "people",
            Self::Tubes => "tubes",
            Self::Staff => "staff",
            Self::Registration => "registration",
            Self::Machine => "machine",
        }
    }
}

/// Incidents drawn at random. Each kind befalls each place by itself: at exponential intervals, for exponential lengths.
#[derive(Clone, PartialEq, Debug)]
pub struct Stress {
    /// A site is closed.
    pub site: Often,
    /// The road of a courier is slower.
    pub road: Often,
    /// How many times as long it takes.
    pub road_slower: Quantity<f64>,
    /// A storm over all sites.
    pub storm: Often,
    /// The share of people who stay away.
    pub storm_away: Quantity<Share>,
    /// How many times as fast people come afterwards.
    pub storm_surge: Quantity<f64>,
    /// How many times as long all roads take.
    pub storm_slower: Quantity<f64>,
    /// A laboratory cannot publish.
    pub upload: Often,
    /// How many times as fast results go out afterwards.
    pub upload_surge: Quantity<f64>,
    /// Staff is missing, everywhere alike.
    pub staff: Often,
    /// Which share.
    pub staff_absent: Quantity<Share>,
    /// Registration is down at all sites.
    pub registration: Often,
    /// How many times as long the first station then takes.
    pub registration_slower: Quantity<f64>,
    /// All machines of a laboratory stand still.
    pub machine: Often,
}

impl Incident {
    /// The sites at which it takes crews from lanes; empty if it does not.
    pub fn short_of_staff(&self) -> &[SiteId] {
        match &self.what {
            What::Staff { sites, .. } => sites,
            What::Site(_)
            | What::Road { .. }
            | What::Storm { .. }
            | What::Upload { .. }
            | What::People { .. }
            | What::Registration { .. }
            | What::Machine { .. }
            | What::Tubes { .. } => &[],
        }
    }

    /// Whether it stops machines of a laboratory.
    pub fn stops_machines(&self, lab: LabId) -> bool {
        matches!(&self.what, What::Machine { stages, .. } if stages.iter().any(|(here, _)| *here == lab))
    }
}

/// How often something happens, and how long it lasts.
#[derive(Clone, PartialEq, Debug)]
pub struct Often {
    /// Mean time from the end of one to the next.
    pub every: Quantity<Span>,
    /// Mean length.
    pub lasts: Quantity<Span>,
}

/// Teams that disinfect site after site; each is closed meanwhile.
#[derive(Clone, PartialEq, Debug)]
pub struct Disinfection {
    /// People in all teams.
    pub people: u32,
    /// How many teams go out at once.
    pub teams: u32,
    /// How long a site is closed.
    pub takes: Quantity<Span>,
    /// From one site to the next.
    pub between: Span,
    /// When the first round of the teams begins.
    pub from: Time,
    /// From one of their rounds to the next.
    pub every: Span,
    /// How many rounds.
    pub rounds: u32,
    /// The sites in the order in which they are visited.
    pub sites: Vec<SiteId>,
}

impl Disinfection {
    /// When each site is closed, if one visit takes so long: site after site, round after round. A team that is late begins its next round
    /// when it has finished the one before.
    pub fn visits(&self, takes: Span) -> impl Iterator<Item = (SiteId, Window)> {
        let teams = self.teams.max(1) as usize;
        let turn = takes + self.between;
        let stops = self.sites.len().div_ceil(teams) as i64;
        let whole = turn * stops;
        let pace = self.every.max(whole);
        (0..i64::from(self.rounds)).flat_map(move |round| {
            let begins = self.from + pace * round;
            self.sites.iter().enumerate().map(move |(place, &site)| {
                let start = begins + turn * (place / teams) as i64;
                let end = start + takes;
                (site, Window { start, end })
            })
        })
    }
}
