//! What the engine tells. It tells what happened at the moment it is true of, and keeps nothing for the telling.

use super::tubes::{Swab, Tube};
use crate::id::{LabId, RoundId, SiteId, StageId};
use crate::network::RoundSite;
use crate::units::Time;

/// Listens to a replication.
pub trait Observer: Sync {
    /// Listens to a run of sites, one after another, on whatever thread.
    type Sites: SiteObserver + Send;

    /// A listener for some sites of a round.
    fn sites(&self, round: RoundId) -> Self::Sites;

    /// Takes back what was heard from sites; called in the order of sites, when all of the round are done.
    fn join(&mut self, round: RoundId, heard: Self::Sites);

    /// A vehicle that can be full or is called took a tube; until then its times on the road, told when it was closed, were those of a
    /// vehicle with room. Told in no order of time.
    fn carried(&mut self, _: Origin, _: &Tube) {}

    /// A tube came to a laboratory.
    fn delivered(&mut self, arrival: &Delivered);

    /// A tube that came to a laboratory gets no result. Its swabs are those of people who would have to come again.
    fn void(&mut self, _: Origin, _: &Tube, _: &[Swab], _: Time) {}

    /// A tube left a stage of a laboratory.
    fn staged(&mut self, passage: &Passage);

    /// A machine ran or a worker worked.
    fn ran(&mut self, run: &Run);

    /// The result of a tube is out.
    fn published(&mut self, origin: Origin, tube: &Tube, swabs: &[Swab], at: Time);
}

/// Listens to sites.
pub trait SiteObserver {
    /// Whether it wants to hear of every station (`step`).
    const STEPS: bool;

    /// A site begins its round.
    fn begin(&mut self, site: &RoundSite);

    /// A person was at a station. Only told if `STEPS`; a person's steps come in order.
    fn step(&mut self, step: &Step);

    /// People were swabbed.
    fn swabbed(&mut self, people: &Swabbed);

    /// A tube was closed, and when its courier comes is known.
    fn closed(&mut self, tube: &Tube, swabs: &[Swab]);

    /// The site is done with its round.
    fn end(&mut self, site: &RoundSite, done: &SiteDone);
}

/// Some people who were swabbed, column by column. Times in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Swabbed<'a> {
    /// Which source of the site each belongs to.
    pub source: &'a [u32],
    /// When each came.
    pub arrival: &'a [i64],
    /// How long each waited, over all stations.
    pub waited: &'a [u32],
    /// When each was done.
    pub end: &'a [i64],
}

/// A person at a station.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// Which source of the site the person belongs to.
    pub source: u32,
    /// The person's rank in the cell.
    pub rank: u32,
    /// Which station.
    pub station: u32,
    /// Which server: the lane times servers per lane, plus its number there.
    pub server: u32,
    /// When the person came to the station.
    pub ready: i64,
    /// When the service started.
    pub start: i64,
    /// When it ended.
    pub end: i64,
}

/// What a site came to in a round.
#[derive(Clone, Debug)]
pub struct SiteDone<'a> {
    /// Which site.
    pub site: SiteId,
    /// How many people of each source came, swabbed or not.
    pub came: &'a [u32],
    /// The longest line before any one station.
    pub peak_queue: u32,
    /// Time served in milliseconds, by station, over all its servers.
    pub busy: &'a [i64],
    /// The last swab, if there was one.
    pub last_swab: Option<Time>,
}

/// Where a tube comes from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Origin {
    /// The round whose tube it is.
    pub round: RoundId,
    /// Its site; none for the tube of a feed.
    pub site: Option<SiteId>,
}

/// A tube at the door of a laboratory.
#[derive(Clone, Copy, Debug)]
pub struct Delivered<'a> {
    /// Where it comes from.
    pub origin: Origin,
    /// The tube.
    pub tube: &'a Tube,
    /// The laboratory.
    pub lab: LabId,
    /// Its number there.
    pub serial: u32,
}

/// A tube at a stage of a laboratory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Passage {
    /// The laboratory.
    pub lab: LabId,
    /// The stage.
    pub stage: StageId,
    /// Where the tube comes from.
    pub origin: Origin,
    /// The tube's number in the laboratory.
    pub serial: u32,
    /// People in it.
    pub people: u32,
    /// When it left the stage before, or came in.
    pub since: Time,
    /// When work on it started.
    pub start: Time,
    /// When it ended.
    pub end: Time,
}

/// One run of a machine, or one worker's work on one tube.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Run {
    /// The laboratory.
    pub lab: LabId,
    /// The stage.
    pub stage: StageId,
    /// The round of its first tube.
    pub round: RoundId,
    /// Which machine or worker.
    pub server: u32,
    /// When it started.
    pub start: Time,
    /// When it ended.
    pub end: Time,
    /// Tubes in it.
    pub tubes: u32,
}
