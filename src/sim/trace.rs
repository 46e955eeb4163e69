//! Everything that happened in one replication, record by record, for those who ask for it.

use super::observer::{
    Blocked, Decision, Delivered, Failure, Held, Observer, Origin, Passage, Positive, Run, SentOn,
    SiteDone, SiteObserver, Step, Swabbed, Unbound, Why,
};
use super::tubes::{Swab, Tube};
use crate::id::{CellId, LabId, RoundId, SiteId};
use crate::model::Tier;
use crate::network::roster::Roster;
use crate::network::{Network, RoundSite};
use crate::units::Time;
use std::collections::BTreeMap;
use std::sync::Arc;

/// All records of a replication.
#[derive(Clone, Default, Debug)]
pub struct Trace {
    /// Services of people at stations, site by site.
    pub steps: Vec<StepRecord>,
    /// Tubes with the people in them, site by site.
    pub tubes: Vec<TubeRecord>,
    /// Tubes at the doors of laboratories.
    pub deliveries: Vec<DeliveryRecord>,
    /// Tubes that laboratories did not take in.
    pub sent_on: Vec<SentRecord>,
    /// Tubes at stages of laboratories.
    pub passages: Vec<Passage>,
    /// Runs of machines and workers.
    pub runs: Vec<Run>,
    /// Workers and machines that stood still with finished tubes.
    pub blocked: Vec<Blocked>,
    /// Results.
    pub results: Vec<ResultRecord>,
    /// People whose tube has a result and who have none, as their swab is not bound to their name.
    pub unbound: Vec<UnboundRecord>,
    /// Results that waited for tube and register to be reconciled.
    pub holds: Vec<Held>,
    /// Tubes without a result.
    pub failures: Vec<FailureRecord>,
    /// Tubes reported positive.
    pub positives: Vec<PositiveRecord>,
    /// When rounds opened, with their networks where they were drawn up anew.
    pub opened: Vec<(RoundId, Time, Option<Arc<Network>>)>,
    /// Rounds that were not held, and when that was decided.
    pub dropped: Vec<(RoundId, Time)>,
    /// Changes of tier: from when, which cell, to which.
    pub tiers: Vec<(Time, CellId, Tier)>,
    /// Rules that acted, by their number, and when what they look at was so.
    pub acted: Vec<(usize, Time)>,
    /// How many people of each source came, by round and site.
    pub came: Vec<(RoundId, SiteId, Vec<u32>)>,
    /// How many people of a cell, by its position in the round, were confirmed before it opened.
    pub gone: Vec<(RoundId, u32, u32)>,
    /// Who was at the lanes of a round and site when, where crews come and go.
    pub rosters: Vec<(RoundId, SiteId, Roster)>,
    /// Where each tube stands among `tubes`: by round, site, lane and number there.
    tube_at: BTreeMap<(RoundId, SiteId, u32, u32), usize>,
}

/// A person at a station.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StepRecord {
    /// The round.
    pub round: RoundId,
    /// The site.
    pub site: SiteId,
    /// What happened.
    pub step: Step,
}

/// A tube as it was closed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TubeRecord {
    /// The round.
    pub round: RoundId,
    /// The site.
    pub site: SiteId,
    /// The tube.
    pub tube: Tube,
    /// Its swabs.
    pub swabs: Vec<Swab>,
}

/// A tube at the door of a laboratory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DeliveryRecord {
    /// Where it comes from.
    pub origin: Origin,
    /// The lane that filled it.
    pub lane: u32,
    /// Its number in the lane and round.
    pub tube: u32,
    /// The laboratory.
    pub lab: LabId,
    /// Its number there.
    pub serial: u32,
    /// When it came.
    pub at: Time,
}

/// A tube that a laboratory did not take in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SentRecord {
    /// Where it comes from.
    pub origin: Origin,
    /// The lane that filled it.
    pub lane: u32,
    /// Its number in the lane and round.
    pub tube: u32,
    /// The laboratory at whose door it was.
    pub from: LabId,
    /// The other laboratory.
    pub to: LabId,
    /// When it was at the door.
    pub at: Time,
    /// When it is at the other.
    pub there: Time,
}

/// The result of a tube.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ResultRecord {
    /// Where it comes from.
    pub origin: Origin,
    /// The lane that filled it.
    pub lane: u32,
    /// Its number in the lane and round.
    pub tube: u32,
    /// People in it.
    pub people: u32,
    /// When it is out.
    pub at: Time,
}

/// Someone whose tube has a result and who has none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UnboundRecord {
    /// Where the tube comes from.
    pub origin: Origin,
    /// The lane that filled it.
    pub lane: u32,
    /// Its number in the lane and round.
    pub tube: u32,
    /// Which source of the site the person belongs to.
    pub source: u32,
    /// The person's rank in the cell.
    pub rank: u32,
    /// When the result is out.
    pub at: Time,
}

/// A tube without a result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FailureRecord {
    /// Where it comes from.
    pub origin: Origin,
    /// The lane that filled it.
    pub lane: u32,
    /// Its number in the lane and round.
    pub tube: u32,
    /// People in it.
    pub people: u32,
    /// The laboratory.
    pub lab: LabId,
    /// Why.
    pub why: Why,
    /// When that was known.
    pub at: Time,
}

/// A tube reported positive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PositiveRecord {
    /// Where it comes from.
    pub origin: Origin,
    /// The lane that filled it.
    pub lane: u32,
    /// Its number in the lane and round.
    pub tube: u32,
    /// People in it.
    pub people: u32,
    /// When the first test ended.
    pub detected: Time,
    /// When the second did.
    pub retested: Time,
    /// When it was reported.
    pub reported: Time,
}

/// What a trace hears of sites.
#[derive(Debug)]
pub struct SiteTrace {
    round: RoundId,
    site: SiteId,
    trace: Trace,
}

impl Observer for Trace {
    type Sites = SiteTrace;

    fn sites(&self, round: RoundId) -> SiteTrace {
        SiteTrace {
            round,
            site: crate::id::Id::from_index(0),
            trace: Self::default(),
        }
    }

    fn gone(&mut self, round: RoundId, position: u32, people: u32) {
        self.gone.push((round, position, people));
    }

    fn join(&mut self, _: RoundId, heard: SiteTrace) {
        self.steps.extend(heard.trace.steps);
        self.tubes.extend(heard.trace.tubes);
        self.came.extend(heard.trace.came);
        self.rosters.extend(heard.trace.rosters);
    }

    fn decided(&mut self, decision: &Decision) {
        match *decision {
            Decision::Opened { round, at, anew } => {
                self.opened.push((round, at, anew.map(Arc::clone)));
            }
            Decision::Dropped { round, at } => self.dropped.push((round, at)),
            Decision::Tier { cell, tier, at, .. } => self.tiers.push((at, cell, tier)),
            Decision::Acted { rule, at } => self.acted.push((rule, at)),
        }
    }

    fn carried(&mut self, origin: Origin, tube: &Tube) {
        if self.tube_at.len() < self.tubes.len() {
            let key = |record: &TubeRecord| {
                (
                    record.round,
                    record.site,
                    record.tube.lane,
                    record.tube.serial,
                )
            };
            let from = self.tube_at.len();
            let fresh = self.tubes.iter().map(key).zip(0..).skip(from);
            self.tube_at.extend(fresh);
        }
        let key = origin
            .site
            .map(|site| (origin.round, site, tube.lane, tube.serial));
        if let Some(&at) = key.and_then(|key| self.tube_at.get(&key)) {
            self.tubes[at].tube = *tube;
        }
    }

    fn delivered(&mut self, arrival: &Delivered) {
        let Delivered {
            origin,
            tube,
            lab,
            serial,
            ..
        } = *arrival;
        let at = Time::from_millis(tube.delivered);
        self.deliveries.push(DeliveryRecord {
            origin,
            lane: tube.lane,
            tube: tube.serial,
            lab,
            serial,
            at,
        });
    }

    fn sent_on(&mut self, sent: &SentOn) {
        let SentOn {
            origin,
            tube,
            from,
            to,
            at,
        } = *sent;
        self.sent_on.push(SentRecord {
            origin,
            lane: tube.lane,
            tube: tube.serial,
            from,
            to,
            at,
            there: Time::from_millis(tube.delivered),
        });
    }

    fn staged(&mut self, passage: &Passage) {
        self.passages.push(*passage);
    }

    fn blocked(&mut self, blocked: &Blocked) {
        self.blocked.push(*blocked);
    }

    fn ran(&mut self, run: &Run) {
        self.runs.push(*run);
    }

    fn published(&mut self, origin: Origin, tube: &Tube, _: &[Swab], at: Time) {
        self.results.push(ResultRecord {
            origin,
            lane: tube.lane,
            tube: tube.serial,
            people: tube.people,
            at,
        });
    }

    fn unbound(&mut self, unbound: &Unbound) {
        let Unbound {
            origin,
            tube,
            swabs,
            at,
        } = *unbound;
        self.unbound.extend(swabs.iter().map(|swab| UnboundRecord {
            origin,
            lane: tube.lane,
            tube: tube.serial,
            source: swab.source,
            rank: swab.rank,
            at,
        }));
    }

    fn held(&mut self, held: &Held) {
        self.holds.push(*held);
    }

    fn failed(&mut self, failure: &Failure) {
        let Failure {
            origin,
            tube,
            lab,
            why,
            at,
            ..
        } = *failure;
        self.failures.push(FailureRecord {
            origin,
            lane: tube.lane,
            tube: tube.serial,
            people: tube.people,
            lab,
            why,
            at,
        });
    }

    fn positive(&mut self, positive: &Positive) {
        let Positive {
            origin,
            tube,
            detected,
            retested,
            reported,
            ..
        } = *positive;
        self.positives.push(PositiveRecord {
            origin,
            lane: tube.lane,
            tube: tube.serial,
            people: tube.people,
            detected,
            retested,
            reported,
        });
    }
}

impl SiteObserver for SiteTrace {
    const STEPS: bool = true;

    fn begin(&mut self, site: &RoundSite) {
        self.site = site.site;
    }

    fn step(&mut self, step: &Step) {
        self.trace.steps.push(StepRecord {
            round: self.round,
            site: self.site,
            step: *step,
        });
    }

    fn swabbed(&mut self, _: &Swabbed) {}

    fn closed(&mut self, tube: &Tube, swabs: &[Swab]) {
        self.trace.tubes.push(TubeRecord {
            round: self.round,
            site: self.site,
            tube: *tube,
            swabs: swabs.to_vec(),
        });
    }

    fn end(&mut self, _: &RoundSite, done: &SiteDone) {
        self.trace
            .came
            .push((self.round, done.site, done.came.to_vec()));
        if let Some(crews) = done.crews {
            let roster = crews.roster.clone();
            self.trace.rosters.push((self.round, done.site, roster));
        }
    }
}
