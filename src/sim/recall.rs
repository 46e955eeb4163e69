//! Positive tubes: their people are found and held, swabbed alone, and released or confirmed.
//!
//! What a report sets off comes back to the same laboratory, but not before [`Recall::LEAD`] has passed. So laboratories advance in steps
//! of it: all reports of a step are known before anything they set off can arrive, and it makes no difference how long a step is.

use super::infection::{Gone, Infected};
use super::lab::LabRuns;
use super::live::Live;
use super::observer::{
    Blocked, Delivered, Failure, Held, Observer, Origin, Passage, Positive, Recalled, Run, SentOn,
    Settled, Unbound,
};
use super::tubes::{Batch, Swab, Tube};
use super::{Coming, Memory};
use crate::id::{LabId, RoundId};
use crate::model::positives::Recall as Model;
use crate::network::campaign::Rounds;
use crate::network::{Network, Recall, Round, RoundSite};
use crate::random::{Purpose, Streams};
use crate::units::{Span, Time};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// After so long without an end nothing more is expected.
const AT_MOST: Span = Span::from_millis(60 * 86_400_000);

/// The recalls of a replication.
pub(super) struct Recalls<'a> {
    recall: &'a Recall,
    network: &'a Network,
    /// The rounds as they are held.
    pub(super) rounds: Rounds<'a>,
    streams: Streams,
    /// When each team is free.
    teams: BinaryHeap<Reverse<Time>>,
    cases: Vec<Case>,
    /// Cases that are not settled.
    open: usize,
    clock: Time,
    /// Who was confirmed when, by list and rank.
    confirmed: Vec<(u64, u32, Time)>,
}

/// A positive tube.
struct Case {
    origin: Origin,
    /// First test, second test, report.
    clocks: [Time; 3],
    infected: u32,
    found: Time,
    swabbed: Time,
    members: Vec<Member>,
    /// Single tubes without an end.
    left: usize,
    /// When the last of its people is released or confirmed, once that is known.
    settled: Option<Time>,
}

/// Someone in a positive tube.
#[derive(Clone, Copy)]
struct Member {
    swab: Swab,
    held: Time,
    /// When the person was swabbed alone, then the latest end of a single tube, and the first report that one is positive.
    last: Time,
    positive: Option<Time>,
}

/// A tube reported positive.
struct Report {
    origin: Origin,
    tube: Tube,
    swabs: Vec<Swab>,
    lab: LabId,
    /// First test, second test, report.
    clocks: [Time; 3],
}

/// What a step of the laboratories told.
struct Tee<'o, O> {
    inner: &'o mut O,
    reports: Vec<Report>,
    /// Single tubes that came to an end: case, member, when, whether positive.
    ends: Vec<(u32, u32, Time, bool)>,
}

impl<'a> Recalls<'a> {
    pub(super) fn new(recall: &'a Recall, network: &'a Network, streams: Streams) -> Self {
        Self {
            recall,
            network,
            rounds: Rounds::new(network),
            streams,
            teams: (0..recall.teams).map(|_| Reverse(Time::BEFORE)).collect(),
            cases: Vec::new(),
            open: 0,
            clock: Time::BEFORE,
            confirmed: Vec::new(),
        }
    }

    /// Who was confirmed up to a moment.
    pub(super) fn gone(&self, moment: Time) -> Gone {
        let before = self.confirmed.iter().filter(|(.., at)| *at <= moment);
        Gone::new(before.map(|&(list, rank, _)| (list, rank)))
    }

    /// Lets all laboratories work up to a moment, and does what their reports ask for.
    pub(super) fn advance<O: Observer>(
        &mut self,
        (from, until): (Time, Time),
        labs: &mut LabRuns<'_>,
        live: &mut Live,
        memory: &mut Memory,
        observer: &mut O,
    ) {
        let mut tee = Tee {
            inner: observer,
            reports: Vec::new(),
            ends: Vec::new(),
        };
        self.clock = self.clock.max(from);
        let last = until.min(self.clock + AT_MOST);
        while self.clock < last && (live.in_flight() > 0 || self.open > 0) {
            self.clock = (self.clock + Model::LEAD).min(last);
            labs.advance(self.clock, live, memory, &mut tee);
            for report in std::mem::take(&mut tee.reports) {
                let coming = self.open(&report, live);
                labs.take(report.lab, &coming, live, &mut tee);
            }
            for end in std::mem::take(&mut tee.ends) {
                self.settle(end, tee.inner);
            }
        }
        labs.advance(until, live, memory, &mut tee);
    }

    /// Whether people of a positive tube reported by now are held.
    pub(super) fn holds_anyone(&self, now: Time) -> bool {
        self.cases.iter().any(|case| {
            let [_, _, reported] = case.clocks;
            reported <= now && case.settled.is_none_or(|settled| settled > now)
        })
    }

    /// A tube is reported: its people are found and swabbed alone; returns what comes of it to the laboratory.
    fn open(&mut self, report: &Report, live: &mut Live) -> Coming {
        let origin = report.origin;
        let [_, _, reported] = report.clocks;
        let network = self.rounds.drawn(origin.round);
        let round = &network.rounds[origin.round];
        let site = origin.site.expect("a recall is for people of a site");
        let place = round
            .sites
            .iter()
            .find(|place| place.site == site)
            .expect("a tube comes from a site of its round");
        let mut members = self.held(report, place);
        let batch = self.swab(&mut members, (round, place));
        let swabbed = members.last().map_or(reported, |member| member.last);
        let tube = (u64::from(report.tube.lane) << 32) | u64::from(report.tube.serial);
        let road = self.streams.key(Purpose::Recall, place.name).of(2);
        let at = (swabbed + self.recall.road.one(road, tube)).max(reported + Model::LEAD);
        let tubes = batch.tubes.len() as u32;
        self.cases.push(Case {
            origin,
            clocks: report.clocks,
            infected: report.tube.infected,
            found: members.last().map_or(reported, |member| member.held),
            swabbed,
            left: batch.tubes.len(),
            settled: None,
            members,
        });
        self.open += 1;
        let singles = Origin {
            recall: true,
            feed: None,
            ..origin
        };
        let batch = live.add(singles, road.word(tube), self.recall.class, batch);
        Coming {
            at,
            courier: None,
            site: None,
            batch,
            from: 0,
            tubes,
            brought: None,
        }
    }

    /// The people of a tube, in the order in which they are found and held.
    fn held(&self, report: &Report, place: &RoundSite) -> Vec<Member> {
        let [_, _, reported] = report.clocks;
        let member = |swab: &Swab| {
            let name = place.sources[swab.source as usize].name;
            let luck = self.streams.key(Purpose::Recall, name).of(0);
            Member {
                swab: *swab,
                held: reported + self.recall.find.one(luck, u64::from(swab.rank)),
                last: Time::BEFORE,
                positive: None,
            }
        };
        let mut members: Vec<Member> = report.swabs.iter().map(member).collect();
        members.sort_by_key(|member| (member.held, member.swab.source, member.swab.rank));
        members
    }

    /// The team that is free first swabs everyone alone, one after another, each when found.
    fn swab(&mut self, members: &mut [Member], (round, place): (&Round, &RoundSite)) -> Batch {
        let infection = self.network.infection.as_ref();
        let site = &self.network.sites[place.site];
        let mut who = Infected::new(infection, (round, site, place), self.streams);
        let Reverse(mut free) = self.teams.pop().expect("a recall has teams");
        let mut batch = Batch::default();
        for (lane, member) in (0..).zip(members) {
            let name = place.sources[member.swab.source as usize].name;
            let luck = self.streams.key(Purpose::Recall, name).of(1);
            let visit = self.recall.visit.one(luck, u64::from(member.swab.rank));
            free = free.max(member.held) + visit;
            member.last = free;
            let end = free.millis();
            for serial in 0..self.recall.singles {
                let from = batch.swabs.len() as u32;
                let swab = Swab { end, ..member.swab };
                let (infected, shows) = who.count(&[swab], 1 + u64::from(serial));
                batch.swabs.push(swab);
                batch.tubes.push(Tube {
                    lane,
                    serial,
                    from,
                    people: 1,
                    infected,
                    shows,
                    first: end,
                    closed: end,
                    picked: end,
                    delivered: end,
                    trip: self.cases.len() as u32,
                });
            }
        }
        self.teams.push(Reverse(free));
        batch
    }

    /// How long it takes to confirm a person whose single tube is positive.
    fn confirms(&self, origin: Origin, swab: &Swab) -> Span {
        let round = self.rounds.round(origin.round);
        let luck = self.streams.key(Purpose::Recall, round.name).of(3);
        let word = u64::from(swab.source) << 32 | u64::from(swab.rank);
        self.recall.confirm.one(luck, word)
    }

    /// The list on which the people of a source stand.
    fn list(&self, origin: Origin, source: u32) -> u64 {
        let places = self.rounds.round(origin.round).sites.iter();
        let mut of_site = places.filter(|place| Some(place.site) == origin.site);
        let place = of_site
            .next()
            .expect("a tube comes from a site of its round");
        place.sources[source as usize].list
    }

    /// A single tube came to its end.
    fn settle<O: Observer>(
        &mut self,
        (case, member, at, positive): (u32, u32, Time, bool),
        observer: &mut O,
    ) {
        let index = case as usize;
        let case = &mut self.cases[index];
        let member = &mut case.members[member as usize];
        member.last = member.last.max(at);
        let swab = member.swab;
        if positive {
            member.positive = Some(member.positive.map_or(at, |before| before.min(at)));
        }
        case.left -= 1;
        let (origin, left) = (case.origin, case.left);
        if positive {
            let list = self.list(origin, swab.source);
            let confirmed = at + self.confirms(origin, &swab);
            self.confirmed.push((list, swab.rank, confirmed));
        }
        if left > 0 {
            return;
        }
        self.open -= 1;
        let case = &self.cases[index];
        let settled: Vec<Settled> = case
            .members
            .iter()
            .map(|member| {
                let confirms = |at: Time| at + self.confirms(case.origin, &member.swab);
                let confirmed = member.positive.map(confirms);
                Settled {
                    source: member.swab.source,
                    rank: member.swab.rank,
                    held: member.held,
                    at: confirmed.unwrap_or(member.last),
                    confirmed: confirmed.is_some(),
                }
            })
            .collect();
        let [detected, retested, reported] = case.clocks;
        observer.recalled(&Recalled {
            origin: case.origin,
            infected: case.infected,
            detected,
            retested,
            reported,
            found: case.found,
            swabbed: case.swabbed,
            members: &settled,
        });
        let case = &mut self.cases[index];
        case.settled = settled.iter().map(|member| member.at).max();
        case.members = Vec::new();
    }
}

impl<O: Observer> Observer for Tee<'_, O> {
    type Sites = O::Sites;

    fn sites(&self, round: RoundId) -> O::Sites {
        self.inner.sites(round)
    }

    fn join(&mut self, round: RoundId, heard: O::Sites) {
        self.inner.join(round, heard);
    }

    fn carried(&mut self, origin: Origin, tube: &Tube) {
        self.inner.carried(origin, tube);
    }

    fn delivered(&mut self, arrival: &Delivered) {
        if !arrival.origin.recall {
            self.inner.delivered(arrival);
        }
    }

    fn sent_on(&mut self, sent: &SentOn) {
        self.inner.sent_on(sent);
    }

    fn staged(&mut self, passage: &Passage) {
        self.inner.staged(passage);
    }

    fn ran(&mut self, run: &Run) {
        self.inner.ran(run);
    }

    fn blocked(&mut self, blocked: &Blocked) {
        self.inner.blocked(blocked);
    }

    fn published(&mut self, origin: Origin, tube: &Tube, swabs: &[Swab], at: Time) {
        if origin.recall {
            self.ends.push((tube.trip, tube.lane, at, false));
        } else {
            self.inner.published(origin, tube, swabs, at);
        }
    }

    fn unbound(&mut self, unbound: &Unbound) {
        self.inner.unbound(unbound);
    }

    fn held(&mut self, held: &Held) {
        if !held.origin.recall {
            self.inner.held(held);
        }
    }

    fn failed(&mut self, failure: &Failure) {
        if failure.origin.recall {
            let tube = failure.tube;
            self.ends.push((tube.trip, tube.lane, failure.at, false));
        } else {
            self.inner.failed(failure);
        }
    }

    fn positive(&mut self, positive: &Positive) {
        let tube = positive.tube;
        if positive.origin.recall {
            self.ends
                .push((tube.trip, tube.lane, positive.reported, true));
            return;
        }
        if positive.origin.site.is_some() {
            self.reports.push(Report {
                origin: positive.origin,
                tube: *tube,
                swabs: positive.swabs.to_vec(),
                lab: positive.lab,
                clocks: [positive.detected, positive.retested, positive.reported],
            });
        }
        self.inner.positive(positive);
    }
}
