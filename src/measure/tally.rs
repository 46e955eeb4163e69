//! Listens to a whole replication and sums it up.

use super::campaign::Decisions;
use super::isolation;
use super::outcome::{
    CURVE_STEP_MIN, CellOutcome, Counters, Gate, GateOutcome, LabOutcome, LabStageOutcome, Outcome,
    RoundOutcome, SiteOutcome, StepOutcome, VisitsOutcome,
};
use super::recalls::RecallTally;
use super::sites::{Flow, Heads, SiteHeard, SitesHeard, spread};
use super::staff::StaffTally;
use crate::id::{CourierId, LabId, RoundId, SiteId, StageId, Table};
use crate::model::readiness::{Done, total};
use crate::model::site::Missed;
use crate::network::campaign::Rounds;
use crate::network::{Network, Round, RoundCell, RoundSite, Stage, Work};
use crate::random::Streams;
use crate::sim::observer::{
    After, Decision, Delivered, Failure, Held, Observer, Origin, Passage, Positive, Recalled, Run,
};
use crate::sim::tubes::{Swab, Tube};
use crate::sim::{Grain, Memory, simulate};
use crate::stats::histogram::Histogram;
use crate::units::{Span, Time};
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
        *last = (*last).max(arrival.tube.delivered);
        if let Some(expire) = self.network.sites[site].tubes.expire
            && arrival.tube.delivered - arrival.tube.first > expire.after.millis()
        {
            *tally.over_age.entry(site).or_default() += 1;
        }
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
            sums.people_wait += wait * i64::from(passage.people);
            sums.people_work += work * i64::from(passage.people);
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
        if run.stage == lab.test {
            tally.reactions += u64::from(run.tubes) + u64::from(controls(&lab.stages[run.stage]));
        }
        tally.labs[run.lab].failed_runs += u64::from(run.failed);
        tally.labs[run.lab].stopped_runs += u64::from(run.stopped);
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
        let people = u64::from(tube.people);
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

fn round_outcome(
    network: &Network,
    round: &Round,
    tally: &RoundTally,
    cells: &[CellOutcome<f64>],
) -> RoundOutcome<f64> {
    let sum = |of: fn(&CellOutcome<f64>) -> f64| cells.iter().map(of).sum::<f64>();
    let swabbed = sum(|cell| cell.swabbed);
    let in_time = tally.in_time as f64;
    let settled = in_time + (tally.pending_in_time + tally.no_result) as f64;
    RoundOutcome {
        due: sum(|cell| cell.due),
        swabbed,
        missed: sum(|cell| cell.missed),
        no_result: tally.no_result as f64,
        pending: tally.pending as f64,
        positive_tubes: tally.positive_tubes as f64,
        report_min: tally.report as f64 / tally.pending as f64 / 6e4,
        missed_by: (0..Missed::ALL.len())
            .map(|reason| cells.iter().map(|cell| cell.missed_by[reason]).sum())
            .collect(),
        fetched: sum(|cell| cell.fetched),
        ready_min: ready_min(round),
        readiness: round.readiness.iter().map(step_outcome).collect(),
        stocks: Vec::new(),
        cost: None,
        staff: tally.staff.outcome(tally.mustered),
        vehicle_hours: vehicle_hours(network, round, tally),
        room_days: 0.0,
        tubes: tally.tubes as f64,
        partial_tubes: tally.partial_tubes as f64,
        tubes_published: tally.tubes_published as f64,
        over_age: tally.over_age.values().sum::<u64>() as f64,
        reactions: tally.reactions as f64,
        swabbing_ends_min: minutes_after(round, tally.last_swab),
        results_end_min: minutes_after(round, tally.last_result),
        published_by_deadline: in_time / swabbed,
        on_time: if settled >= swabbed { 1.0 } else { 0.0 },
        wait_min: spread(&tally.wait),
        priority_wait_min: spread(&tally.priority_wait),
        time_on_site_min: spread(&tally.on_site),
        turnaround_min: spread(&tally.turnaround),
        door_to_result_min: spread(&tally.door_to_result),
        gates: gates(network, round, tally),
        recall: None,
        curve: curve(tally),
        turnaround_curve: turnaround_curve(&tally.turnaround),
    }
}

/// Hours of vehicles with their drivers: all of a courier's, from its first departure to its last tube delivered.
fn vehicle_hours(network: &Network, round: &Round, tally: &RoundTally) -> f64 {
    let of = |(&id, &last): (&CourierId, &i64)| {
        let courier = &network.couriers[id];
        let vehicles = match courier.call {
            Some(call) => call.vehicles as usize,
            None if courier.tours.is_empty() => {
                let served = |place: &&RoundSite| network.sites[place.site].courier == id;
                round.sites.iter().filter(served).count()
            }
            None => courier.tours.len(),
        };
        let first = match courier.call {
            Some(_) => round.opens,
            None => round.opens + courier.first,
        };
        vehicles as f64 * Time::from_millis(last).since(first).hours().max(0.0)
    };
    tally.last_delivery.iter().map(of).sum()
}

/// Minutes by which the steps of getting ready delay the sites of the round.
fn ready_min(round: &Round) -> f64 {
    round.ordered.map_or(0.0, |ordered| {
        (ordered + total(&round.readiness))
            .since(round.opens)
            .minutes()
    })
}

fn step_outcome(step: &Done) -> StepOutcome<f64> {
    StepOutcome {
        done_min: step.after_order.minutes(),
        critical: f64::from(u8::from(step.critical)),
    }
}

/// Minutes from the opening of the round to a moment; NaN if it never came.
fn minutes_after(round: &Round, moment: Time) -> f64 {
    if moment == Time::BEFORE {
        f64::NAN
    } else {
        (moment.millis() - round.opens.millis()) as f64 / 6e4
    }
}

/// Mean minutes at each gate. They add up to the mean from door to result: what was swabbed and not published, or came in a warm-up, has no
/// part in the sum, so the time at the site is shared between waiting and service as it was for all.
fn gates(network: &Network, round: &Round, tally: &RoundTally) -> Vec<GateOutcome<f64>> {
    let people = tally.people_published as f64;
    let whole = round.measured_from == Time::BEFORE;
    let mean = |millis: i64| {
        if whole {
            millis as f64 / people / 6e4
        } else {
            f64::NAN
        }
    };
    let at_site = if whole {
        tally.door_to_result.mean_minutes() - tally.turnaround.mean_minutes()
    } else {
        f64::NAN
    };
    let waiting = match tally.wait.mean_minutes() / tally.on_site.mean_minutes() {
        share if share.is_finite() => share,
        _ => 0.0,
    };
    let mut gates = vec![
        GateOutcome {
            gate: Gate::Queue,
            minutes: at_site * waiting,
        },
        GateOutcome {
            gate: Gate::Service,
            minutes: at_site * (1.0 - waiting),
        },
        GateOutcome {
            gate: Gate::Filling,
            minutes: mean(tally.filling),
        },
        GateOutcome {
            gate: Gate::Pickup,
            minutes: mean(tally.pickup),
        },
        GateOutcome {
            gate: Gate::Road,
            minutes: mean(tally.road),
        },
    ];
    for (lab, sums) in tally.labs.iter() {
        for (stage, sums) in sums.stages.iter() {
            gates.push(GateOutcome {
                gate: Gate::LabWait(lab, stage),
                minutes: mean(sums.people_wait),
            });
            gates.push(GateOutcome {
                gate: Gate::LabWork(lab, stage),
                minutes: mean(sums.people_work),
            });
        }
        if network.holds(lab) {
            gates.push(GateOutcome {
                gate: Gate::LabHold(lab),
                minutes: mean(sums.people_hold),
            });
        }
    }
    gates
}

fn curve(tally: &RoundTally) -> Vec<Counters<f64>> {
    let flows = [
        &tally.swabs,
        &tally.delivered,
        &tally.tested,
        &tally.published,
    ];
    let length = flows
        .iter()
        .map(|flow| flow.0.len())
        .max()
        .unwrap_or(0)
        .max(1);
    let [swabbed, delivered, tested, published] = flows.map(|flow| {
        let mut so_far: Vec<f64> = flow.cumulative().collect();
        so_far.resize(length, so_far.last().copied().unwrap_or(0.0));
        so_far
    });
    (0..length)
        .map(|at| Counters {
            swabbed: swabbed[at],
            delivered: delivered[at],
            tested: tested[at],
            published: published[at],
        })
        .collect()
}

fn turnaround_curve(turnaround: &Histogram) -> Vec<f64> {
    let all = turnaround.count() as f64;
    turnaround
        .cumulative(Span::MINUTE * i64::from(CURVE_STEP_MIN))
        .into_iter()
        .map(|below| below as f64 / all)
        .collect()
}

/// In a round that is not held nobody is due.
fn cell_outcomes(
    (id, is_held): (RoundId, bool),
    round: &Round,
    tally: &RoundTally,
) -> Vec<CellOutcome<f64>> {
    let cell = |(cell, sums): (&RoundCell, &CellTally)| {
        let [came, swabbed, fetched] =
            [sums.people.came, sums.people.swabbed, sums.people.fetched].map(f64::from);
        let of = |due: u32| f64::from(due.saturating_sub(sums.gone));
        let due = cell
            .due
            .map_or(came, |due| if is_held { of(due) } else { 0.0 });
        CellOutcome {
            round: id,
            cell: cell.cell,
            due,
            swabbed,
            missed: due - swabbed,
            no_result: f64::from(sums.no_result),
            pending: f64::from(sums.pending),
            missed_by: missed_by(due, &sums.people),
            fetched,
            results_end_min: minutes_after(round, sums.last_result),
        }
    };
    round.cells.iter().zip(&tally.cells).map(cell).collect()
}

/// Who of those due is missed, by reason: who did not come, who left as the site has told, and of the rest whom the hours explain.
fn missed_by(due: f64, heads: &Heads) -> Vec<f64> {
    let told: u32 = heads.missed.iter().sum();
    let of = |reason: Missed| match reason {
        Missed::NeverCame => due - f64::from(heads.came),
        Missed::Unserved => f64::from(heads.came) - f64::from(heads.swabbed) - f64::from(told),
        Missed::Left | Missed::OutOfStock | Missed::NoRoom | Missed::Balked | Missed::Reneged => {
            f64::from(heads.missed[reason as usize])
        }
    };
    Missed::ALL.map(of).to_vec()
}

fn site_outcome(
    id: RoundId,
    round: &Round,
    (site, over_age): (&SiteHeard, &BTreeMap<SiteId, u64>),
) -> SiteOutcome<f64> {
    SiteOutcome {
        round: id,
        site: site.site,
        swabbed: f64::from(site.swabbed),
        wait_min: site.wait,
        peak_queue: f64::from(site.peak_queue),
        utilization: site.utilization,
        closes_min: minutes_after(round, site.last_swab.unwrap_or(Time::BEFORE)),
        over_age: over_age.get(&site.site).copied().unwrap_or(0) as f64,
        open_hours: site.open as f64 / 3.6e6,
        lane_hours: site.lanes as f64 / 3.6e6,
        tubes: f64::from(site.tubes),
        turned_away: f64::from(site.turned_away),
        stocks: Vec::new(),
        visits: site.visits.map(|visits| VisitsOutcome {
            reached: f64::from(visits.reached),
            unopened: f64::from(visits.unopened),
        }),
    }
}

fn lab_outcome(
    id: RoundId,
    lab: LabId,
    network: &crate::network::Lab,
    sums: &LabTally,
) -> LabOutcome<f64> {
    let stages = network
        .stages
        .iter()
        .map(|(stage, entry)| stage_outcome(entry, &sums.stages[stage]))
        .collect();
    LabOutcome {
        round: id,
        lab,
        tubes: sums.tubes as f64,
        failed_tubes: sums.failed_tubes as f64,
        retests: sums.retests as f64,
        failed_runs: sums.failed_runs as f64,
        technician_hours: technician_hours(network, sums),
        days: sums.lasts().map_or(0.0, |(first, last)| {
            (last.since(first).hours() / 24.0).ceil()
        }),
        stopped_runs: sums.stopped_runs as f64,
        stages,
    }
}

impl LabTally {
    /// From its first tube to its last result, if it had any.
    fn lasts(&self) -> Option<(Time, Time)> {
        let first = self.stages.values().map(|sums| sums.first).min()?;
        let last = self.stages.values().map(|sums| sums.last).max()?;
        (first <= last).then_some((first, last))
    }
}

/// Hours on duty of whoever works by hand, from the first tube to the last result.
fn technician_hours(lab: &crate::network::Lab, sums: &LabTally) -> f64 {
    let Some((first, last)) = sums.lasts() else {
        return 0.0;
    };
    let stage = |stage: &Stage| match &stage.work {
        Work::Workers { workers, .. } => {
            let each = workers.iter().map(|worker| worker.on_duty(first, last));
            each.sum::<Span>().hours()
        }
        Work::Machines { .. } | Work::Delay(_) | Work::Upload(_) => 0.0,
    };
    lab.stages.values().map(stage).sum()
}

fn stage_outcome(stage: &Stage, sums: &StageTally) -> LabStageOutcome<f64> {
    let busy = sums.busy as f64;
    let wait_min = sums.wait as f64 / sums.tubes as f64 / 6e4;
    let (utilization, runs, fill) = match &stage.work {
        Work::Workers { workers, .. } => {
            let on_duty: Span = workers
                .iter()
                .map(|worker| worker.on_duty(sums.first.min(sums.last), sums.last))
                .sum();
            (busy / on_duty.millis() as f64, f64::NAN, f64::NAN)
        }
        Work::Machines {
            machines,
            capacity,
            fleet,
            ..
        } => {
            let fill = sums.run_tubes as f64 / sums.runs as f64 / f64::from(*capacity);
            let there = fleet.there(*machines, (sums.first.min(sums.last), sums.last));
            let machines = f64::from(*machines);
            let span = there.millis() as f64 / machines;
            (busy / machines / span, sums.runs as f64, fill)
        }
        Work::Delay(_) | Work::Upload(_) => (f64::NAN, f64::NAN, f64::NAN),
    };
    LabStageOutcome {
        utilization,
        wait_min,
        runs,
        fill,
    }
}

fn controls(stage: &Stage) -> u32 {
    match &stage.work {
        Work::Machines { controls, .. } => *controls,
        Work::Workers { .. } | Work::Delay(_) | Work::Upload(_) => 0,
    }
}
