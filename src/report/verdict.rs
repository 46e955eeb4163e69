//! Whether rounds keep their deadline, and what holds them back.

use std::cmp::Ordering;

use crate::experiment::results::{Figure, Results};
use crate::id::{CourierId, LabId, RoundId, SiteId, StageId};
use crate::measure::outcome::{Gate, GateOutcome, LabStageOutcome};
use crate::model::Model;
use crate::model::courier::{Courier, Route};

/// A round keeps its deadline when in at least this share of replications every result is out by then.
pub const MET: f64 = 0.95;

/// Whether the round keeps its deadline.
pub fn met(results: &Results, round: RoundId) -> bool {
    results.on_time[round].share >= MET
}

/// Whether every round keeps its deadline.
pub fn all_met(results: &Results) -> bool {
    results.on_time.ids().all(|round| met(results, round))
}

/// The round that is in most danger: least often on time, then with most results late, then with least time to spare.
pub fn worst(model: &Model, results: &Results) -> Option<RoundId> {
    let danger = |round: RoundId| {
        let outcome = &results.outcome.rounds[round];
        let allowed = model.rounds[round]
            .deadline
            .since(model.rounds[round].opens)
            .minutes();
        [
            -results.on_time[round].share,
            -outcome.published_by_deadline.mean,
            outcome.results_end_min.mean - allowed,
        ]
    };
    results.outcome.rounds.ids().max_by(|&one, &other| {
        let (one, other) = (danger(one), danger(other));
        one.iter()
            .zip(&other)
            .map(|(one, other)| order(*one, *other))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    })
}

/// The order of two numbers; one that does not exist is the least.
pub fn order(one: f64, other: f64) -> Ordering {
    match (one.is_nan(), other.is_nan()) {
        (false, false) => one.total_cmp(&other),
        (one, other) => other.cmp(&one),
    }
}

/// What holds a round back.
#[derive(Clone, PartialEq, Debug)]
pub struct Binding {
    /// Every gate from door to result, that with most minutes first.
    pub gates: Vec<GateOutcome<Figure>>,
    /// Everything that can be too little, the busiest first.
    pub busy: Vec<Busy>,
}

/// Something that can be too little, with its busy share.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Busy {
    /// What it is.
    pub resource: Resource,
    /// Its busy share: measured for lanes and laboratory stages, the length of a tour over its interval for couriers.
    pub share: f64,
}

/// Something that can be too little.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Resource {
    /// The lanes of a site.
    Lanes(SiteId),
    /// The vehicles of a courier.
    Vehicles(CourierId),
    /// The workers or machines of a laboratory stage.
    Stage(LabId, StageId),
    /// The people at its machines.
    People(LabId, StageId),
}

impl Binding {
    /// What holds the round back.
    pub fn of(model: &Model, results: &Results, round: RoundId) -> Self {
        let mut gates = results.outcome.rounds[round].gates.clone();
        gates.retain(|gate| gate.minutes.mean > 0.0);
        gates.sort_by(|one, other| order(other.minutes.mean, one.minutes.mean));
        Self {
            gates,
            busy: busy(model, results, round),
        }
    }

    /// The gate with most minutes of door to result, and its share of them.
    pub fn longest(&self) -> Option<(&GateOutcome<Figure>, f64)> {
        let total: f64 = self.gates.iter().map(|gate| gate.minutes.mean).sum();
        self.gates
            .first()
            .map(|gate| (gate, gate.minutes.mean / total))
    }

    /// The longest of the gates where people or tubes wait, which more hands, vehicles or machines could shorten.
    pub fn longest_wait(&self) -> Option<&GateOutcome<Figure>> {
        self.gates.iter().find(|gate| waits(gate.gate))
    }
}

/// Whether people or tubes wait at the gate rather than being worked on or driven.
pub fn waits(gate: Gate) -> bool {
    match gate {
        Gate::Queue | Gate::Filling | Gate::Pickup | Gate::LabWait(..) => true,
        Gate::Service | Gate::Road | Gate::LabWork(..) | Gate::LabHold(_) => false,
    }
}

fn busy(model: &Model, results: &Results, round: RoundId) -> Vec<Busy> {
    let lanes = results
        .outcome
        .sites
        .iter()
        .filter(|site| site.round == round)
        // Teams that visit are busy until they are done, however few they are.
        .filter(|site| site.visits.is_none());
    let lanes = lanes.map(|site| Busy {
        resource: Resource::Lanes(site.site),
        share: site.utilization.mean,
    });
    let stages = results
        .outcome
        .labs
        .iter()
        .filter(|lab| lab.round == round)
        .flat_map(|lab| {
            let of = |(stage, outcome): (StageId, &LabStageOutcome<Figure>)| {
                let busy = |resource, share: &Figure| Busy {
                    resource,
                    share: share.mean,
                };
                [
                    busy(Resource::Stage(lab.lab, stage), &outcome.utilization),
                    busy(Resource::People(lab.lab, stage), &outcome.labor),
                ]
            };
            lab.stages.iter().flat_map(of)
        });
    let vehicles = model.couriers.iter().filter_map(|(courier, entry)| {
        tour_share(entry).map(|share| Busy {
            resource: Resource::Vehicles(courier),
            share,
        })
    });
    let mut busy: Vec<_> = lanes
        .chain(stages)
        .chain(vehicles)
        .filter(|busy| busy.share.is_finite())
        .collect();
    busy.sort_by(|one, other| order(other.share, one.share));
    busy
}

/// How long the longest tour of a courier's vehicles takes over its interval; `None` where every site has its own vehicle, or calls one.
pub fn tour_share(courier: &Courier) -> Option<f64> {
    let (Route::Loop { vehicles, leg }, None) = (&courier.route, &courier.call) else {
        return None;
    };
    let stops = courier.sites.len().div_ceil(vehicles.value.max(1) as usize);
    let stops = i64::try_from(stops).unwrap_or(i64::MAX).min(1_000_000);
    let tour = (leg.nominal() + courier.per_stop) * stops + courier.road.nominal();
    Some(tour.minutes() / courier.every.value.minutes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;
    use crate::report::fixture;

    #[test]
    fn the_round_least_often_on_time_is_in_most_danger() {
        let model = fixture::model();
        let results = fixture::results(&model);
        assert_eq!(worst(&model, &results), Some(RoundId::from_index(1)));
        assert!(met(&results, RoundId::from_index(0)));
        assert!(!all_met(&results));
    }

    #[test]
    fn the_longest_gate_and_the_busiest_machine_are_named() {
        let model = fixture::model();
        let results = fixture::results(&model);
        let binding = Binding::of(&model, &results, RoundId::from_index(0));
        let pcr = (LabId::from_index(0), StageId::from_index(2));
        assert_eq!(
            binding.longest().map(|(gate, _)| gate.gate),
            Some(Gate::LabWait(pcr.0, pcr.1))
        );
        assert_eq!(binding.busy[0].resource, Resource::Stage(pcr.0, pcr.1));
    }

    #[test]
    fn a_tour_visits_every_stop_of_its_vehicle() {
        let model = fixture::model();
        // Two stops of 10 + 5 minutes and 15 minutes back, every 2 hours.
        assert_eq!(
            tour_share(&model.couriers[CourierId::from_index(0)]),
            Some(45.0 / 120.0)
        );
    }
}
