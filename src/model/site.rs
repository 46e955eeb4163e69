//! A sampling site: its hours, its pathway from the door to the swab, its tubes.

use super::Name;
use super::assumption::Quantity;
use super::coming::Coming;
use super::service::Duration;
use crate::units::{Position, Span};

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
    /// and at least one is of the lane.
    pub stations: Vec<Station>,
    /// Who works at each lane.
    pub crew: Crew,
    /// When its people come.
    pub coming: Coming,
    /// Which tubes it fills, and when it closes them.
    pub tubes: Tubes,
    /// With a direct courier: from the opening of the round (plus `Courier::first`) to the first visit.
    pub pickup_offset: Span,
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
    /// People in a full tube by tier, in the order of `Tier::ALL`.
    pub pool: [Quantity<u32>; 4],
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
