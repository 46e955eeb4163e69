//! Listens to a whole replication and sums it up.

mod outcomes;

use super::campaign::Decisions;
use super::isolation;
use super::outcome::Outcome;
use super::recalls::RecallTally;
use super::sites::{Flow, Heads, SiteHeard, SitesHeard};
use super::staff::StaffTally;
use crate::id::{CourierId, LabId, RoundId, SiteId, StageId, Table};
use crate::network::campaign::Rounds;
use crate::network::{Network, Round};
use crate::random::Streams;
use crate::sim::observer::{
    After, Blocked, Decision, Delivered, Failure, Held, Observer, Origin, Passage, Positive,
    Recalled, Run, SentOn, Unbound,
};
use crate::sim::tubes::{Swab, Tube};
use crate::sim::{Grain, Memory, simulate};
use crate::stats::histogram::Histogram;
use crate::units::Time;
use outcomes::{cell_outcomes, controls, lab_outcome, round_outcome, site_outcome};
use std::collections::{BTreeMap, BTreeSet};

/// Lengths are handed to the histograms in lots of so many.
const LOT: usize = 1_024;

/// Runs one replication and sums it up.
pub fn replicate(
    network: &Network,
    streams: Streams,
    grain: Grain,
    memory: &mut Memory,
) -> Outcome<f64> {
    replicate_as_held(network, streams, grain, memory).0
}

/// The same, with the rounds as they were held.
pub fn replicate_as_held<'a>(
    network: &'a Network,
    streams: Streams,
    grain: Grain,
    memory: &mut Memory,
) -> (Outcome<f64>, Rounds<'a>) {
    let mut tally = Tally::new(network);
    simulate(network, streams, grain, memory, &mut tally);
    tally.outcome()
}

/// The sums of a replication.
struct Tally<'a> {
    network: &'a Network,
    decisions: Decisions<'a>,
    /// When each person was confirmed.
    confirmed: Vec<Time>,
    rounds: Table<RoundId, RoundTally>,
}

/// The sums of a round.
#[derive(Default)]
struct RoundTally {
    wait: Histogram,
    priority_wait: Histogram,
    on_site: Histogram,
    turnaround: Histogram,
    door_to_result: Histogram,
    /// Lengths on their way to the two histograms above.
    turnarounds: Vec<u32>,
    doors: Vec<u32>,
    sites: Vec<SiteHeard>,
    staff: StaffTally,
    /// People of pools, and who of them is absent.
    mustered: Option<(u32, u32)>,
    /// By cell of the round.
    cells: Vec<CellTally>,
    swabs: Flow,
    delivered: Flow,
    tested: Flow,
    published: Flow,
    tubes: u64,
    partial_tubes: u64,
    tubes_published: u64,
    people_published: u64,
    /// By site: tubes that came too old.
    over_age: BTreeMap<SiteId, u64>,
    /// By courier: when its last tube came to a laboratory, in milliseconds.
    last_delivery: BTreeMap<CourierId, i64>,
    no_result: u64,
    unbound: u64,
    in_time: u64,
    pending: u64,
    pending_in_time: u64,
    positive_tubes: u64,
    recalls: RecallTally,
    /// Milliseconds from swab to report, over people pending.
    report: i64,
    last_swab: Time,
    last_result: Time,
    reactions: u64,
    filling: i64,
    pickup: i64,
    road: i64,
    labs: Table<LabId, LabTally>,
}

/// The sums of a cell in a round.
#[derive(Clone, Copy)]
struct CellTally {
    people: Heads,
    no_result: u32,
    pending: u32,
    /// Confirmed before the round, so not due.
    gone: u32,
    last_result: Time,
}

impl Default for CellTally {
    fn default() -> Self {
        Self {
            people: Heads::default(),
            no_result: 0,
            pending: 0,
            gone: 0,
            last_result: Time::BEFORE,
        }
    }
}

/// The sums of a laboratory in a round.
#[derive(Clone, Default)]
struct LabTally {
    tubes: u64,
    failed_tubes: u64,
    sent_on: u64,
    retests: u64,
    failed_runs: u64,
    stopped_runs: u64,
    /// People times milliseconds that results waited to be reconciled.
    people_hold: i64,
    stages: Table<StageId, StageTally>,
}

/// The sums of a stage in a round.
#[derive(Clone, Copy)]
struct StageTally {
    /// Tubes measured, and how long they waited.
    tubes: u64,
    wait: i64,
    /// The same by people, for the gates.
    people_wait: i64,
    people_work: i64,
    runs: u64,
    run_tubes: u64,
    busy: i64,
    /// People times milliseconds at runs.
    labor: i64,
    /// Milliseconds in which workers and machines stood still with finished tubes.
    blocked: i64,
    first: Time,
    last: Time,
}

impl Default for StageTally {
    fn default() -> Self {
        let (first, last) = (Time::NEVER, Time::BEFORE);
        Self {
            tubes: 0,
            wait: 0,
            people_wait: 0,
            people_work: 0,
            runs: 0,
            run_tubes: 0,
            busy: 0,
            labor: 0,
            blocked: 0,
            first,
            last,
        }
    }
}

impl<'a> Observer for Tally<'a> {
    type Sites = SitesHeard<'a>;

    fn sites(&self, round: RoundId) -> SitesHeard<'a> {
        SitesHeard::new(self.decisions.rounds.drawn(round), round)
    }

    fn join(&mut self, round: RoundId, heard: SitesHeard<'a>) {
        let tally = &mut self.rounds[round];
        tally.wait.merge(&heard.wait);
        tally.priority_wait.merge(&heard.priority_wait);
        tally.on_site.merge(&heard.on_site);
        tally.swabs.merge(&heard.swabs);
        tally.last_swab = tally.last_swab.max(heard.last_swab);
        tally.staff.merge(&heard.staff);
        tally.tubes += heard
            .sites
            .iter()
            .map(|site| u64::from(site.tubes))
            .sum::<u64>();
        let partial = heard.sites.iter().map(|site| u64::from(site.partial_tubes));
        tally.partial_tubes += partial.sum::<u64>();
        for (cell, heads) in heard.cells {
            tally.cells[cell as usize].people.add(&heads);
        }
        tally.sites.extend(heard.sites);
    }

    fn gone(&mut self, round: RoundId, position: u32, people: u32) {
        self.rounds[round].cells[position as usize].gone = people;
    }

    fn mustered(&mut self, round: RoundId, people: u32, absent: u32) {
        self.rounds[round].mustered = Some((people, absent));
    }

    fn delivered(&mut self, arrival: &Delivered) {
        let opens = self.decisions.rounds.round(arrival.origin.round).opens;
        let elsewhere = self.is_from_elsewhere(arrival.origin);
        let tally = &mut self.rounds[arrival.origin.round];
        tally.labs[arrival.lab].tubes += 1;
        if elsewhere {
            return;
        }
        tally.delivered.pass(
            arrival.tube.delivered - opens.millis(),
            u64::from(arrival.tube.people),
        );
        let Some(site) = arrival.origin.site else {
            tally.tubes += 1;
            return;
        };
        let last = tally
            .last_delivery
            .entry(self.network.sites[site].courier)
            .or_insert(i64::MIN);
        *last = (*last).max(arrival.brought.millis());
        if let Some(expire) = self.network.sites[site].tubes.expire
            && arrival.tube.delivered - arrival.tube.first > expire.after.millis()
        {
            *tally.over_age.entry(site).or_default() += 1;
        }
    }

    fn sent_on(&mut self, sent: &SentOn) {
        self.rounds[sent.origin.round].labs[sent.from].sent_on += 1;
    }

    fn staged(&mut self, passage: &Passage) {
        let elsewhere = self.is_from_elsewhere(passage.origin);
        let round = self.decisions.rounds.round(passage.origin.round);
        let tally = &mut self.rounds[passage.origin.round];
        let sums = &mut tally.labs[passage.lab].stages[passage.stage];
        sums.first = sums.first.min(passage.since);
        sums.last = sums.last.max(passage.end);
        if passage.origin.recall {
            return;
        }
        let (wait, work) = (
            (passage.start - passage.since).millis(),
            (passage.end - passage.start).millis(),
        );
        if passage.since >= round.measured_from {
            sums.tubes += 1;
            sums.wait += wait;
        }
        if passage.counts && !elsewhere {
            let people = i64::from(passage.bound);
            sums.people_work += work * people;
            // As long as a later stage was the cause it waited for that.
            let behind = passage.behind.map_or(0, |behind| {
                let (from, until) = behind.of(passage.since, passage.start);
                until.since(from).millis()
            });
            sums.people_wait += (wait - behind) * people;
            if let Some(cause) = passage.behind {
                tally.labs[passage.lab].stages[cause.stage].people_wait += behind * people;
            }
        }
        let tested = passage.stage == self.network.labs[passage.lab].test;
        match passage.after {
            After::On | After::Positive if tested && !elsewhere => tally.tested.pass(
                passage.end.millis() - round.opens.millis(),
                u64::from(passage.people),
            ),
            After::Retest | After::Confirm => tally.labs[passage.lab].retests += 1,
            After::On | After::Positive | After::Rerun | After::Stopped | After::Failed(_) => {}
        }
    }

    fn ran(&mut self, run: &Run) {
        let lab = &self.network.labs[run.lab];
        let tally = &mut self.rounds[run.round];
        let sums = &mut tally.labs[run.lab].stages[run.stage];
        sums.runs += 1;
        sums.run_tubes += u64::from(run.tubes);
        sums.busy += (run.end - run.start).millis();
        if let Some(handled) = run.handled {
            sums.labor += handled.labor(run.start, run.end).millis();
        }
        if run.stage == lab.test {
            tally.reactions += u64::from(run.tubes) + u64::from(controls(&lab.stages[run.stage]));
        }
        tally.labs[run.lab].failed_runs += u64::from(run.failed);
        tally.labs[run.lab].stopped_runs += u64::from(run.stopped);
    }

    fn blocked(&mut self, blocked: &Blocked) {
        let sums = &mut self.rounds[blocked.round].labs[blocked.lab].stages[blocked.stage];
        sums.blocked += (blocked.until - blocked.since).millis();
    }

    fn published(&mut self, origin: Origin, tube: &Tube, swabs: &[Swab], at: Time) {
        if self.is_from_elsewhere(origin) {
            return;
        }
        let round = self.decisions.rounds.round(origin.round);
        let tally = &mut self.rounds[origin.round];
        tally.publish(round, tube, swabs, at);
        tally.by_cell(round, origin, swabs, |cell, _| {
            cell.last_result = cell.last_result.max(at);
        });
    }

    fn unbound(&mut self, unbound: &Unbound) {
        let Unbound { origin, swabs, .. } = *unbound;
        let round = self.decisions.rounds.round(origin.round);
        let tally = &mut self.rounds[origin.round];
        tally.unbound += swabs.len() as u64;
        tally.no_result += swabs.len() as u64;
        tally.by_cell(round, origin, swabs, |cell, people| {
            cell.no_result += people;
        });
    }

    fn held(&mut self, held: &Held) {
        if self.is_from_elsewhere(held.origin) {
            return;
        }
        let millis = (held.until - held.since).millis();
        self.rounds[held.origin.round].labs[held.lab].people_hold +=
            millis * i64::from(held.people);
    }

    fn failed(&mut self, failure: &Failure) {
        let round = self.decisions.rounds.round(failure.origin.round);
        let tally = &mut self.rounds[failure.origin.round];
        tally.labs[failure.lab].failed_tubes += 1;
        if failure.origin.site.is_some() {
            tally.no_result += u64::from(failure.tube.people);
        }
        tally.by_cell(round, failure.origin, failure.swabs, |cell, people| {
            cell.no_result += people;
        });
    }

    fn positive(&mut self, positive: &Positive) {
        let round = self.decisions.rounds.round(positive.origin.round);
        let tally = &mut self.rounds[positive.origin.round];
        tally.positive_tubes += 1;
        if positive.origin.site.is_some() {
            let people = u64::from(positive.tube.people);
            tally.pending += people;
            if positive.reported <= round.deadline {
                tally.pending_in_time += people;
            }
            let reported = positive.reported.millis();
            tally.report += positive
                .swabs
                .iter()
                .map(|swab| reported - swab.end)
                .sum::<i64>();
        }
        tally.by_cell(round, positive.origin, positive.swabs, |cell, people| {
            cell.pending += people;
        });
    }

    fn recalled(&mut self, case: &Recalled) {
        self.rounds[case.origin.round].recalls.add(case);
        let confirmed = case.members.iter().filter(|member| member.confirmed);
        self.confirmed.extend(confirmed.map(|member| member.at));
    }

    fn decided(&mut self, decision: &Decision) {
        self.decisions.decided(decision);
    }
}

impl RoundTally {
    fn new(network: &Network, round: &Round) -> Self {
        let stages = |lab: &crate::network::Lab| LabTally {
            stages: lab.stages.ids().map(|_| StageTally::default()).collect(),
            ..LabTally::default()
        };
        Self {
            cells: vec![CellTally::default(); round.cells.len()],
            labs: network.labs.values().map(stages).collect(),
            last_swab: Time::BEFORE,
            last_result: Time::BEFORE,
            turnarounds: Vec::with_capacity(LOT + BIGGEST_TUBE),
            doors: Vec::with_capacity(LOT + BIGGEST_TUBE),
            ..Self::default()
        }
    }

    fn publish(&mut self, round: &Round, tube: &Tube, swabs: &[Swab], at: Time) {
        let people = swabs.len() as u64;
        self.tubes_published += 1;
        self.people_published += people;
        if at <= round.deadline {
            self.in_time += people;
        }
        self.last_result = self.last_result.max(at);
        self.published
            .pass(at.millis() - round.opens.millis(), people);
        let ends: i64 = swabs.iter().map(|swab| swab.end).sum();
        let measured_from = round.measured_from.millis();
        if measured_from == Time::BEFORE.millis() {
            self.turnarounds
                .extend(swabs.iter().map(|swab| (at.millis() - swab.end) as u32));
            self.doors
                .extend(swabs.iter().map(|swab| (at.millis() - swab.arrival) as u32));
        } else {
            for swab in swabs.iter().filter(|swab| swab.arrival >= measured_from) {
                self.turnarounds.push((at.millis() - swab.end) as u32);
                self.doors.push((at.millis() - swab.arrival) as u32);
            }
        }
        if self.turnarounds.len() >= LOT {
            self.flush();
        }
        self.filling += tube.closed * people as i64 - ends;
        self.pickup += (tube.picked - tube.closed) * people as i64;
        self.road += (tube.delivered - tube.picked) * people as i64;
    }

    /// Enters the people of a tube, cell by cell; neighbors in a tube mostly come from one.
    fn by_cell(
        &mut self,
        round: &Round,
        origin: Origin,
        swabs: &[Swab],
        mut enter: impl FnMut(&mut CellTally, u32),
    ) {
        let Some(site) = origin.site else {
            return;
        };
        let place = round
            .sites
            .binary_search_by_key(&site, |place| place.site)
            .expect("a tube comes from a site of its round");
        let sources = &round.sites[place].sources;
        for together in swabs.chunk_by(|one, next| one.source == next.source) {
            let cell = sources[together[0].source as usize].cell;
            enter(&mut self.cells[cell as usize], together.len() as u32);
        }
    }

    fn flush(&mut self) {
        self.turnaround.record(&self.turnarounds);
        self.door_to_result.record(&self.doors);
        self.turnarounds.clear();
        self.doors.clear();
    }
}

/// People in the biggest usual tube: room for one more than a lot.
const BIGGEST_TUBE: usize = 64;

impl<'a> Tally<'a> {
    /// Whether a tube comes from elsewhere while the round has people of its own: it takes the laboratory's time, and no figure of the round
    /// counts it.
    fn is_from_elsewhere(&self, origin: Origin) -> bool {
        origin.site.is_none() && !self.network.rounds[origin.round].cells.is_empty()
    }

    fn new(network: &'a Network) -> Self {
        Self {
            network,
            decisions: Decisions::new(network),
            confirmed: Vec::new(),
            rounds: network
                .rounds
                .values()
                .map(|round| RoundTally::new(network, round))
                .collect(),
        }
    }

    fn outcome(mut self) -> (Outcome<f64>, Rounds<'a>) {
        let (mut cells, mut sites, mut labs) = (Vec::new(), Vec::new(), Vec::new());
        let mut rounds = Table::new();
        for id in self.network.rounds.ids() {
            let tally = &mut self.rounds[id];
            tally.flush();
            let (round, is_held) = (self.decisions.rounds.round(id), self.decisions.is_held(id));
            let of_round = cell_outcomes((id, is_held), round, tally);
            let network = self.decisions.rounds.of(id);
            let mut outcome = round_outcome(network, round, tally, &of_round);
            if !is_held {
                outcome.on_time = 0.0;
            }
            let lasts = self.decisions.lasts(id);
            outcome.recall = network.recall.as_ref().map(|_| {
                let next = lasts.and_then(|lasts| lasts.later);
                tally.recalls.outcome(round, (next, tally.positive_tubes))
            });
            outcome.room_days =
                self.network
                    .isolation
                    .as_ref()
                    .zip(lasts)
                    .map_or(0.0, |(isolation, lasts)| {
                        isolation::room_days(isolation, &self.confirmed, (lasts.from, lasts.until))
                    });
            rounds.push(outcome);
            // Every replication tells of the same sites, whichever tiers a round is for in it.
            if let Some(campaign) = &self.network.campaign {
                let heard: BTreeSet<SiteId> = tally.sites.iter().map(|site| site.site).collect();
                let all = campaign.sites(id).iter().copied();
                let silent = all
                    .filter(|site| !heard.contains(site))
                    .map(|site| SiteHeard::silent(self.network, site));
                tally.sites.extend(silent);
                tally.sites.sort_by_key(|site| site.site);
            }
            cells.extend(of_round);
            sites.extend(
                tally
                    .sites
                    .iter()
                    .map(|site| site_outcome(id, round, (site, &tally.over_age))),
            );
            for (lab, sums) in tally.labs.iter() {
                labs.push(lab_outcome(id, lab, &self.network.labs[lab], sums));
            }
        }
        let isolation = self.network.isolation.as_ref().map(|isolation| {
            let first = self.network.rounds.values().next();
            let opens = first.map_or(Time::ZERO, |round| round.opens);
            isolation::outcome(isolation, &self.confirmed, opens)
        });
        let (decided, held) = self.decisions.finish();
        let outcome = Outcome {
            rounds,
            cells,
            sites,
            labs,
            cost: None,
            isolation,
            decided,
            incidents: Vec::new(),
            disinfection: None,
        };
        (outcome, held)
    }
}
