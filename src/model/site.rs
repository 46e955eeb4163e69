//! A sampling site: its hours, its pathway from the door to the swab, its tubes.

use super::assumption::Quantity;
use super::coming::{Coming, Sizes};
use super::service::Duration;
use super::visits::Visits;
use super::{Name, Tier};
use crate::units::{Position, Share, Span};

/// A sampling site (采样点).
#[derive(Clone, PartialEq, Debug)]
pub struct Site {
    /// Its id and names.
    pub name: Name,
    /// Where it is.
    pub position: Option<Position>,
    /// When it is open.
    pub hours: Hours,
    /// How many lanes (采样台) it has.
    pub lanes: Quantity<u32>,
    /// Where people wait for a lane.
    pub queue: Queue,
    /// The stations from the door to the swab; the last is the swab. Never empty; stations of the site come before stations of the lane,
    /// and the last is of the lane unless the site fills one tube after another.
    pub stations: Vec<Station>,
    /// Who works at each lane.
    pub crew: Crew,
    /// When its people come.
    pub coming: Coming,
    /// How its people stand together.
    pub crowd: Crowd,
    /// Which tubes it fills, and when it closes them.
    pub tubes: Tubes,
    /// With a direct courier: from the opening of the round (plus `Courier::first`) to the first visit.
    pub pickup_offset: Span,
    /// Its lanes are teams that go to people, if that is what it is.
    pub visits: Option<Visits>,
}

impl Site {
    /// Whether the lane or team that begins with a household goes on with it to its last member.
    pub fn keeps_households(&self) -> bool {
        let by_household = self.tubes.boundary == Some(Boundary::Household)
            || self.tubes.pool.iter().any(Pool::is_household);
        self.visits.is_some()
            || (by_household && self.crowd.households.is_some() && self.is_plain())
    }

    /// Whether people may have to stay at a station as there is no room before the next.
    pub fn blocks(&self) -> bool {
        self.stations.iter().any(|station| station.room.is_some())
    }

    /// Whether people go straight to a lane of one server that fills its own tubes.
    pub fn is_plain(&self) -> bool {
        let [station] = self.stations.as_slice() else {
            return false;
        };
        let one = station.servers == 1 && station.next.is_empty() && station.walk == Span::ZERO;
        one && self.tubes.scope == Scope::Lane && self.queue == Queue::Shared
    }

    /// Whether a tube of this tier holds one household alone.
    pub fn has_household_tubes(&self, tier: Tier) -> bool {
        self.tubes.boundary == Some(Boundary::Household)
            || self.tubes.pool[tier as usize].is_household()
    }
}

/// How the people of a site come and stand together. What is left out is not there.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Crowd {
    /// How many forms a person brings, where stations count them.
    pub forms: Option<Sizes>,
    /// How many people of a household come together, if they do.
    pub households: Option<Sizes>,
    /// Who of those with slots does not keep to them, if anyone does not.
    pub booking: Option<Booking>,
    /// Who goes from door to door to call people, if that takes time.
    pub callers: Option<Callers>,
    /// What bounds the line at the door, if anything does.
    pub waiting: Option<Waiting>,
}

/// What bounds the line before the first station. What is left out does not.
#[derive(Clone, PartialEq, Debug)]
pub struct Waiting {
    /// Room for so many; who finds it full goes home.
    pub space: Option<Quantity<u32>>,
    /// Who finds a long line and may turn round.
    pub put_off: Option<PutOff>,
    /// How long a person stands in line while the site is open to serve that person; who is not served by then goes home.
    pub patience: Option<Duration>,
}

/// A line that puts people off.
#[derive(Clone, PartialEq, Debug)]
pub struct PutOff {
    /// When so many wait, or more.
    pub from: Quantity<u32>,
    /// The share of those who come then and turn round.
    pub share: Quantity<Share>,
}

/// Who of those with slots does not keep to them.
#[derive(Clone, PartialEq, Debug)]
pub struct Booking {
    /// The share of the booked who do not come.
    pub no_show: Quantity<Share>,
    /// The share of those due who do not book and come evenly over the opening hours.
    pub walk_in: Quantity<Share>,
}

/// Grid workers who go from door to door to call people.
#[derive(Clone, PartialEq, Debug)]
pub struct Callers {
    /// How many, in each cell.
    pub workers: Quantity<u32>,
    /// Households that each calls on in an hour.
    pub households: Quantity<f64>,
    /// People in a household on average.
    pub size: f64,
}

/// People without a phone, who are registered on paper.
#[derive(Clone, PartialEq, Debug)]
pub struct Paper {
    /// Their share.
    pub share: Quantity<Share>,
    /// How much longer it takes than to scan.
    pub more: Duration,
}

/// When a site is open.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hours {
    /// Opening hours of a day, from 00:00, in order and apart; an end past 24 h lies in the next day. The gaps between them are breaks, and
    /// the end of the last is the close of the day.
    pub open: Vec<(Span, Span)>,
    /// From the order to the first swab: staff trained, tent and power, barcodes and tubes.
    pub setup: Span,
    /// What happens to those who wait at the close of the day.
    pub at_close: AtClose,
}

/// What happens to those who wait at the close of the day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AtClose {
    /// Whoever arrived before the close is served.
    Serve,
    /// Whoever has not reached the first station goes home and is missed.
    SendHome,
}

/// Where people wait for a lane.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Queue {
    /// In one line; the head goes to the lane that has been free longest, of several the lowest number.
    Shared,
    /// In a line per lane; each joins the shortest (those being served count), of several the lowest number.
    PerLane,
}

/// One activity on the way.
#[derive(Clone, PartialEq, Debug)]
pub struct Station {
    /// Its id, unique in the site. Its luck is keyed by it.
    pub id: String,
    /// Whether the site has it once or each lane has one.
    pub scope: Scope,
    /// How many serve there.
    pub servers: u32,
    /// How long it takes for one person.
    pub service: Duration,
    /// How long it takes from here to the next station, the same for everyone.
    pub walk: Span,
    /// How many may wait for it, in each of its lines; none: any number. Who finds no room stays where the service before ended.
    pub room: Option<u32>,
    /// Where people go from here instead of to the next station, each with its share, 0 to 1; the shares add up to 1 at most, and every
    /// station named comes later in the list.
    pub next: Vec<(Next, Quantity<Share>)>,
    /// What it takes besides for each household, with its first member.
    pub per_household: Option<Duration>,
    /// Whether the time is that of a person or of each form a person brings.
    pub counts: Counts,
    /// Who takes longer here because of registration on paper, if anyone does.
    pub paper: Option<Paper>,
}

impl Station {
    /// A station with one server, from which everyone goes to the next.
    pub const fn plain(id: String, scope: Scope, service: Duration) -> Self {
        Self {
            id,
            scope,
            servers: 1,
            service,
            walk: Span::ZERO,
            room: None,
            next: Vec::new(),
            per_household: None,
            counts: Counts::Person,
            paper: None,
        }
    }
}

/// Where a way goes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Next {
    /// At the station of this number in the site.
    Station(usize),
    /// Nowhere: the person leaves without a swab.
    Leave,
}

/// Whose time a service takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Counts {
    /// That of one person.
    Person,
    /// As many times that as the person has forms (`Crowd::forms`).
    Forms,
}

/// Why someone due is not swabbed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Missed {
    /// Never came.
    NeverCame,
    /// Came, and was not reached before the site closed or everything stopped.
    Unserved,
    /// Left from a station of the way without a swab.
    Left,
    /// Came when the site had no swabs left for anyone more.
    OutOfStock,
    /// Found no room in the line.
    NoRoom,
    /// Found the line too long and turned round.
    Balked,
    /// Waited, and gave up before being served.
    Reneged,
}

impl Missed {
    /// All reasons.
    pub const ALL: [Self; 7] = [
        Self::NeverCame,
        Self::Unserved,
        Self::Left,
        Self::OutOfStock,
        Self::NoRoom,
        Self::Balked,
        Self::Reneged,
    ];

    /// How programs call it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::NeverCame => "never_came",
            Self::Unserved => "unserved",
            Self::Left => "left",
            Self::OutOfStock => "out_of_stock",
            Self::NoRoom => "no_room",
            Self::Balked => "balked",
            Self::Reneged => "reneged",
        }
    }
}

/// Whether the site has a thing once or each lane has one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// Once for the site.
    Site,
    /// One in each lane.
    Lane,
}

/// Who works at one lane.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Crew {
    /// They scan and bind people to tubes.
    pub scanners: u32,
    /// They swab.
    pub swabbers: u32,
    /// They guide and call.
    pub guides: u32,
}

/// Which tubes a site fills, and when it closes them.
#[derive(Clone, PartialEq, Debug)]
pub struct Tubes {
    /// Who shares a tube, by tier in the order of `Tier::ALL`.
    pub pool: [Pool; 4],
    /// Whom a tube does not hold together; left out: people whose tubes hold another number.
    pub boundary: Option<Boundary>,
    /// Whether each lane fills its own tube or the site one after another.
    pub scope: Scope,
    /// A tube is closed so long after its first swab.
    pub max_age: Option<Span>,
    /// A tube is closed so long after its latest swab.
    pub max_idle: Option<Span>,
    /// Whether a pickup closes open tubes.
    pub at_pickup: Pickup,
    /// How old it may be at the laboratory; without it, any age.
    pub expire: Option<Expire>,
    /// What the lane loses each time it opens a fresh tube.
    pub change: Span,
    /// What may happen to them before they are tested.
    pub faults: Option<TubeFaults>,
}

/// Who shares a tube.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Pool {
    /// So many people.
    People(Quantity<u32>),
    /// One household; of more than so many people the rest go into another tube.
    Household(Quantity<u32>),
}

impl Pool {
    /// The most people in a tube.
    pub const fn most(&self) -> &Quantity<u32> {
        match self {
            Self::People(most) | Self::Household(most) => most,
        }
    }

    /// Whether a tube holds one household.
    pub const fn is_household(&self) -> bool {
        matches!(self, Self::Household(_))
    }
}

/// Whom a tube does not hold together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Boundary {
    /// People of several tiers.
    Tier,
    /// People of several cells.
    Cell,
    /// People of several households.
    Household,
}

/// What may happen to tubes before they are tested. A share left out is zero.
#[derive(Clone, PartialEq, Debug)]
pub struct TubeFaults {
    /// Of tubes lost on the way.
    pub lost: Quantity<Share>,
    /// Of tubes that have leaked when they are received: no result.
    pub leaking: Quantity<Share>,
    /// Of tubes whose specimen cannot be tested, as is seen when they are received: no result.
    pub unsatisfactory: Quantity<Share>,
    /// Of tubes that disagree with the register.
    pub mismatched: Quantity<Share>,
    /// How long the result of such a tube waits until the two are reconciled.
    pub reconcile: Quantity<Span>,
    /// Of people whose swab is not bound to their name: their tube is tested like all others, and they have no result.
    pub unbound: Quantity<Share>,
}

/// What a pickup does with tubes still open. What is open at the close of the day is closed then.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pickup {
    /// Closes and takes them.
    Closes,
    /// Leaves them for the next.
    Leaves,
}

/// How old a tube may be when it comes to the laboratory.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Expire {
    /// From its first swab.
    pub after: Quantity<Span>,
    /// What happens to one that is older.
    pub then: TooOld,
}

/// What happens to a tube that is too old.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TooOld {
    /// It is counted, and tested all the same.
    Flag,
    /// It is not tested: its people have no result.
    ReSwab,
}
