//! What the engine tells. It tells what happened at the moment it is true of, and keeps nothing for the telling.

use super::tubes::{Swab, Tube};
use crate::id::{CellId, LabId, RoundId, SiteId, StageId};
use crate::model::Tier;
use crate::model::site::Missed;
use crate::network::roster::Roster;
use crate::network::{Network, RoundSite};
use crate::units::{Span, Time};
use std::sync::Arc;

/// Listens to a replication.
pub trait Observer: Sync {
    /// Listens to a run of sites, one after another, on whatever thread.
    type Sites: SiteObserver + Send;

    /// The staff of a round is called: how many there are, and how many of them are absent. Told before the sites of the round begin.
    fn mustered(&mut self, _: RoundId, _people: u32, _absent: u32) {}

    /// So many people of a cell, by its position in the round, were confirmed before it opens and are not due. Told before its sites begin.
    fn gone(&mut self, _: RoundId, _position: u32, _people: u32) {}

    /// A listener for some sites of a round.
    fn sites(&self, round: RoundId) -> Self::Sites;

    /// Takes back what was heard from sites; called in the order of sites, when all of the round are done.
    fn join(&mut self, round: RoundId, heard: Self::Sites);

    /// A vehicle that can be full or is called took a tube; until then its times on the road, told when it was closed, were those of a
    /// vehicle with room. Told in no order of time.
    fn carried(&mut self, _: Origin, _: &Tube) {}

    /// A tube came to a laboratory.
    fn delivered(&mut self, arrival: &Delivered);

    /// A laboratory did not take a tube in, as too many waited: it is driven on to another.
    fn sent_on(&mut self, _: &SentOn) {}

    /// A tube left a stage of a laboratory.
    fn staged(&mut self, passage: &Passage);

    /// A machine ran or a worker worked.
    fn ran(&mut self, run: &Run);

    /// A worker or machine may take new tubes again that stood still with finished ones.
    fn blocked(&mut self, _: &Blocked) {}

    /// The result of a tube is out, for the people of these swabs: all in it, but for those who are not bound to it (`unbound`).
    fn published(&mut self, origin: Origin, tube: &Tube, swabs: &[Swab], at: Time);

    /// The result of a tube is out, and nobody knows whose these swabs in it are: their people have none. Told after it is published for the others.
    fn unbound(&mut self, _: &Unbound) {}

    /// A result waited until tube and register were reconciled, or until it could be uploaded; told before it is published.
    fn held(&mut self, _: &Held) {}

    /// A tube will never have a result: its people must be swabbed again.
    fn failed(&mut self, _: &Failure) {}

    /// A tube was reported positive: its people are pending, not published.
    fn positive(&mut self, _: &Positive) {}

    /// All people of a positive tube have been swabbed alone and are released or confirmed.
    fn recalled(&mut self, _: &Recalled) {}

    /// The campaign decided something; only told where it decides. Told at the decision point at which it is known, in its order.
    fn decided(&mut self, _: &Decision) {}
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

    /// These swabs in the tube that was closed last are not bound to anyone's name. Told where there are any.
    fn unbound(&mut self, _: &[Swab]) {}

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
    /// Whether they are taken first where people wait.
    pub first: bool,
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
    /// Whether the person is taken first where people wait.
    pub first: bool,
    /// Who began the household or stop to which the person belongs, where these are kept together: a rank; else the person.
    pub group: u32,
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
    /// How long servers were blocked, as who was served found no room before the next station; milliseconds, all together.
    pub blocked: i64,
    /// The last swab, if there was one.
    pub last_swab: Option<Time>,
    /// Who was at which lane when, where crews come and go.
    pub crews: Option<CrewsDone<'a>>,
    /// What teams that visit came to; none where people come.
    pub visits: Option<VisitsDone>,
    /// By source: who came and left without a swab, by reason (the order of `Missed::ALL`); empty if nobody did but for the hours.
    pub missed: &'a [[u32; Missed::ALL.len()]],
}

/// What teams that visit came to in a round.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct VisitsDone {
    /// Households, or stops, at which someone was swabbed.
    pub reached: u32,
    /// Households at which nobody was.
    pub unopened: u32,
}

/// Crews that came and went. Milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct CrewsDone<'a> {
    /// When each lane had its crew.
    pub roster: &'a Roster,
    /// How long lanes worked beyond that, with someone who was taken before; all lanes together.
    pub overrun: i64,
    /// The end of the last service at the first station of the lanes; long ago if there was none.
    pub last: i64,
}

/// Where a tube comes from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Origin {
    /// The round whose tube it is.
    pub round: RoundId,
    /// Its site; none for the tube of a feed.
    pub site: Option<SiteId>,
    /// Whether it is a single tube of someone whose tube was positive; of those a listener hears only what stages and machines do.
    pub recall: bool,
    /// Which feed it comes from, if not from a site: its position among those of the network.
    pub feed: Option<u32>,
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
    /// When its courier was done with it: before it comes here if a laboratory sent it on.
    pub brought: Time,
}

/// A tube that a laboratory does not take in.
#[derive(Clone, Copy, Debug)]
pub struct SentOn<'a> {
    /// Where it comes from.
    pub origin: Origin,
    /// The tube; `Tube::delivered` is when it will be at the other laboratory.
    pub tube: &'a Tube,
    /// The laboratory at whose door it was.
    pub from: LabId,
    /// The other laboratory.
    pub to: LabId,
    /// When it was at the door.
    pub at: Time,
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
    /// Of these, people bound to it.
    pub bound: u32,
    /// When it was done at the stage before, or came to the door.
    pub since: Time,
    /// When it came to stand before the stage: later than `since` if it waited for its lot, or for room.
    pub entered: Time,
    /// Why it waited at first, if it did for a later stage.
    pub behind: Option<Behind>,
    /// When work on it started.
    pub start: Time,
    /// When it ended.
    pub end: Time,
    /// What becomes of the tube then.
    pub after: After,
    /// Whether the tube will have a result that is published, so that this passage is a part of the time from door to result.
    pub counts: bool,
}

/// A tube waited because those who work on it stood with tubes that a later stage had no room for, or because the laboratory was full.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Behind {
    /// The stage that was the cause.
    pub stage: StageId,
    /// Since when, perhaps before the tube came: since that stage has had no pause, or since whoever took the tube stood still.
    pub from: Time,
    /// Until when.
    pub until: Time,
}

impl Behind {
    /// From when to when it was the cause that a tube waited, of the time from one moment to another.
    pub fn of(self, since: Time, start: Time) -> (Time, Time) {
        let until = self.until.clamp(since, start);
        (self.from.clamp(since, until), until)
    }
}

/// A worker or machine that stood still with finished tubes, as there was no room for them before the next stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Blocked {
    /// The laboratory.
    pub lab: LabId,
    /// The stage that stood still.
    pub stage: StageId,
    /// The stage that was the cause: the next one, or the one that blocked that.
    pub by: StageId,
    /// The round of its first tube.
    pub round: RoundId,
    /// Which machine or worker.
    pub server: u32,
    /// When it was done.
    pub since: Time,
    /// When the last of its tubes had gone on.
    pub until: Time,
}

/// What becomes of a tube at the end of a stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum After {
    /// It goes on to the next stage, or its result is out.
    On,
    /// The run failed: the whole run goes again.
    Rerun,
    /// The machine stopped before the end: its tubes go again in the same stage.
    Stopped,
    /// The test says nothing: it is tested again.
    Retest,
    /// It was detected: the original tube is tested again.
    Confirm,
    /// It leaves without a result.
    Failed(Why),
    /// It was detected a second time: it is reported.
    Positive,
}

/// Why a tube has no result.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Why {
    /// Lost on the way: it never comes.
    Lost,
    /// It has leaked, as is seen when it is received.
    Leaking,
    /// The specimen cannot be tested, as is seen when it is received.
    Unsatisfactory,
    /// Older at the laboratory's door than it takes.
    TooOld,
    /// Tested as often as is allowed, and never with a clear result.
    Unclear,
}

/// A tube without a result.
#[derive(Clone, Copy, Debug)]
pub struct Failure<'a> {
    /// Where it comes from.
    pub origin: Origin,
    /// The tube.
    pub tube: &'a Tube,
    /// Who is in it.
    pub swabs: &'a [Swab],
    /// The laboratory it was, or should have been, taken to.
    pub lab: LabId,
    /// Why.
    pub why: Why,
    /// When that was known; of a lost tube, when it should have come.
    pub at: Time,
}

/// Swabs in a tube with a result that are not bound to anyone's name.
#[derive(Clone, Copy, Debug)]
pub struct Unbound<'a> {
    /// Where the tube comes from.
    pub origin: Origin,
    /// The tube.
    pub tube: &'a Tube,
    /// The swabs.
    pub swabs: &'a [Swab],
    /// When the result is out.
    pub at: Time,
}

/// A tube reported positive.
#[derive(Clone, Copy, Debug)]
pub struct Positive<'a> {
    /// Where it comes from.
    pub origin: Origin,
    /// The tube; `Tube::infected` of its people are infected, none if it is a false alarm.
    pub tube: &'a Tube,
    /// Who is in it.
    pub swabs: &'a [Swab],
    /// The laboratory.
    pub lab: LabId,
    /// Its number there.
    pub serial: u32,
    /// When the first test ended.
    pub detected: Time,
    /// When the test of the original tube had been repeated.
    pub retested: Time,
    /// When it was reported (初筛阳性报告).
    pub reported: Time,
}

/// A positive tube of which all is known.
#[derive(Clone, Copy, Debug)]
pub struct Recalled<'a> {
    /// Where the tube came from.
    pub origin: Origin,
    /// Infected people in it; none if it was a false alarm.
    pub infected: u32,
    /// When its first test ended.
    pub detected: Time,
    /// When its second test ended.
    pub retested: Time,
    /// When it was reported.
    pub reported: Time,
    /// When the last of its people was found and held.
    pub found: Time,
    /// When the last of them was swabbed alone.
    pub swabbed: Time,
    /// Who was in it.
    pub members: &'a [Settled],
}

/// Someone who was in a positive tube.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Settled {
    /// Which source of the site the person belongs to.
    pub source: u32,
    /// The person's rank in the cell.
    pub rank: u32,
    /// When the person was found and held.
    pub held: Time,
    /// When the person was released or confirmed.
    pub at: Time,
    /// Whether confirmed.
    pub confirmed: bool,
}

/// A result that waited for tube and register to be reconciled, or to be uploaded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Held {
    /// The laboratory.
    pub lab: LabId,
    /// Where the tube comes from.
    pub origin: Origin,
    /// Its number in the laboratory.
    pub serial: u32,
    /// People bound to it.
    pub people: u32,
    /// When its result was ready.
    pub since: Time,
    /// When it was out.
    pub until: Time,
}

/// What a campaign decides on the way.
#[derive(Clone, Copy, Debug)]
pub enum Decision<'a> {
    /// A round opens.
    Opened {
        /// Which.
        round: RoundId,
        /// When.
        at: Time,
        /// Its network, if it is not as planned. All that is told of the round is of it.
        anew: Option<&'a Arc<Network>>,
    },
    /// A round is not held.
    Dropped {
        /// Which.
        round: RoundId,
        /// When that is decided.
        at: Time,
    },
    /// The tier of a cell changes.
    Tier {
        /// Which cell.
        cell: CellId,
        /// Of which tier it is then.
        tier: Tier,
        /// From when.
        at: Time,
        /// Whether a rule lowered it.
        lowered: bool,
    },
    /// A rule of the review acts.
    Acted {
        /// Its number among the rules.
        rule: usize,
        /// When what it looks at was so.
        at: Time,
    },
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
    /// Whether its controls failed, so that all its tubes go again.
    pub failed: bool,
    /// Whether the machine stopped before the end, so that all its tubes go again.
    pub stopped: bool,
    /// When people were at it, where its stage needs any.
    pub handled: Option<Handled>,
}

/// When people were at a run: from its start until it was loaded, and from when they began to unload it to its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Handled {
    /// How many at once.
    pub people: u32,
    /// When it was loaded, and the machine went on alone.
    pub loaded: Time,
    /// When the machine was done.
    pub over: Time,
    /// When people began to unload it; its end, if nothing has to be done then.
    pub unloaded: Time,
}

impl Handled {
    /// People times time at a run from `start` to `end`.
    pub fn labor(&self, start: Time, end: Time) -> Span {
        (self.loaded.since(start) + end.since(self.unloaded)) * i64::from(self.people)
    }
}
