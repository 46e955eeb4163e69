//! What the sums of a replication come to.

use super::super::outcome::{
    CURVE_STEP_MIN, CellOutcome, Counters, Gate, GateOutcome, LabOutcome, LabStageOutcome,
    RoundOutcome, SiteOutcome, StepOutcome, VisitsOutcome,
};
use super::super::sites::{Heads, SiteHeard, spread};
use super::{CellTally, LabTally, RoundTally, StageTally};
use crate::id::{CourierId, LabId, RoundId, SiteId};
use crate::model::readiness::{Done, total};
use crate::model::site::Missed;
use crate::network::duty::Crew;
use crate::network::{Network, Round, RoundCell, RoundSite, Stage, Work};
use crate::stats::histogram::Histogram;
use crate::units::{Span, Time};
use std::collections::BTreeMap;

pub(super) fn round_outcome(
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
        unbound: tally.unbound as f64,
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
pub(super) fn vehicle_hours(network: &Network, round: &Round, tally: &RoundTally) -> f64 {
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
pub(super) fn ready_min(round: &Round) -> f64 {
    round.ordered.map_or(0.0, |ordered| {
        (ordered + total(&round.readiness))
            .since(round.opens)
            .minutes()
    })
}

pub(super) fn step_outcome(step: &Done) -> StepOutcome<f64> {
    StepOutcome {
        done_min: step.after_order.minutes(),
        critical: f64::from(u8::from(step.critical)),
    }
}

/// Minutes from the opening of the round to a moment; NaN if it never came.
pub(super) fn minutes_after(round: &Round, moment: Time) -> f64 {
    if moment == Time::BEFORE {
        f64::NAN
    } else {
        (moment.millis() - round.opens.millis()) as f64 / 6e4
    }
}

/// Mean minutes at each gate. They add up to the mean from door to result: what was swabbed and not published, or came in a warm-up, has no
/// part in the sum, so the time at the site is shared between waiting and service as it was for all.
pub(super) fn gates(network: &Network, round: &Round, tally: &RoundTally) -> Vec<GateOutcome<f64>> {
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

pub(super) fn curve(tally: &RoundTally) -> Vec<Counters<f64>> {
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

pub(super) fn turnaround_curve(turnaround: &Histogram) -> Vec<f64> {
    let all = turnaround.count() as f64;
    turnaround
        .cumulative(Span::MINUTE * i64::from(CURVE_STEP_MIN))
        .into_iter()
        .map(|below| below as f64 / all)
        .collect()
}

/// In a round that is not held nobody is due.
pub(super) fn cell_outcomes(
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
pub(super) fn missed_by(due: f64, heads: &Heads) -> Vec<f64> {
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

pub(super) fn site_outcome(
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
        blocked_hours: site.blocked as f64 / 3.6e6,
        stocks: Vec::new(),
        visits: site.visits.map(|visits| VisitsOutcome {
            reached: f64::from(visits.reached),
            unopened: f64::from(visits.unopened),
        }),
    }
}

pub(super) fn lab_outcome(
    id: RoundId,
    lab: LabId,
    network: &crate::network::Lab,
    sums: &LabTally,
) -> LabOutcome<f64> {
    let next = network.stages.values().skip(1).map(|next| next.buffer);
    let narrow = next.map(|room| room.is_some()).chain([false]);
    let stages = network
        .stages
        .iter()
        .zip(narrow)
        .map(|((stage, entry), narrow)| stage_outcome(entry, &sums.stages[stage], narrow))
        .collect();
    LabOutcome {
        round: id,
        lab,
        tubes: sums.tubes as f64,
        failed_tubes: sums.failed_tubes as f64,
        sent_on: sums.sent_on as f64,
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
pub(super) fn technician_hours(lab: &crate::network::Lab, sums: &LabTally) -> f64 {
    let Some((first, last)) = sums.lasts() else {
        return 0.0;
    };
    let stage = |stage: &Stage| match &stage.work {
        Work::Workers { workers, .. } => on_duty(workers, (first, last)),
        Work::Machines {
            hands: Some(hands), ..
        } => on_duty(&hands.crew, (first, last)),
        Work::Machines { hands: None, .. } | Work::Delay(_) | Work::Upload(_) => Span::ZERO,
    };
    lab.stages.values().map(stage).sum::<Span>().hours()
}

/// The time of so many people on duty.
fn on_duty(people: &[Crew], (from, to): (Time, Time)) -> Span {
    people.iter().map(|person| person.on_duty(from, to)).sum()
}

/// One stage; whether room before the next one is short.
pub(super) fn stage_outcome(
    stage: &Stage,
    sums: &StageTally,
    narrow: bool,
) -> LabStageOutcome<f64> {
    let busy = sums.busy as f64;
    let wait_min = sums.wait as f64 / sums.tubes as f64 / 6e4;
    let when = (sums.first.min(sums.last), sums.last);
    let (servers, utilization, runs, fill) = match &stage.work {
        Work::Workers { workers, .. } => {
            let there = on_duty(workers, when).millis() as f64;
            (there, busy / there, f64::NAN, f64::NAN)
        }
        Work::Machines {
            machines,
            capacity,
            fleet,
            ..
        } => {
            let fill = sums.run_tubes as f64 / sums.runs as f64 / f64::from(*capacity);
            let there = fleet.there(*machines, when).millis() as f64;
            let machines = f64::from(*machines);
            let span = there / machines;
            (there, busy / machines / span, sums.runs as f64, fill)
        }
        Work::Delay(_) | Work::Upload(_) => (f64::NAN, f64::NAN, f64::NAN, f64::NAN),
    };
    let labor = match &stage.work {
        Work::Machines {
            hands: Some(hands), ..
        } => sums.labor as f64 / on_duty(&hands.crew, when).millis() as f64,
        Work::Machines { hands: None, .. }
        | Work::Workers { .. }
        | Work::Delay(_)
        | Work::Upload(_) => f64::NAN,
    };
    LabStageOutcome {
        utilization,
        wait_min,
        runs,
        fill,
        labor,
        blocked: if narrow {
            sums.blocked as f64 / servers
        } else {
            f64::NAN
        },
    }
}

pub(super) fn controls(stage: &Stage) -> u32 {
    match &stage.work {
        Work::Machines { controls, .. } => *controls,
        Work::Workers { .. } | Work::Delay(_) | Work::Upload(_) => 0,
    }
}
