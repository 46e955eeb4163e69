//! Outcomes of replications, in order, to figures.

use super::campaign::Campaign;
use super::results::{Figure, Origin, Precision, Probability, Results};
use super::{LUCK_PER_DRAW, influence, risk};
use crate::id::{Id, RoundId, Table};
use crate::measure::outcome::{
    CampaignCost, CellOutcome, CostOutcome, Counters, DisinfectionOutcome, GateOutcome,
    IncidentOutcome, IsolationOutcome, LabOutcome, LabStageOutcome, Outcome, RecallOutcome,
    RoundOutcome, SiteOutcome, SiteStockOutcome, Spread, StaffOutcome, StepOutcome, StockOutcome,
    VisitsOutcome,
};
use crate::model::Model;
use crate::stats::interval::{moments, quantile_of_sorted, split, t_quantile, wilson};

/// All figures of some replications.
pub(super) fn results(model: &Model, outcomes: &[Outcome<f64>], precision: Precision) -> Results {
    let reduce = Reduce {
        outcomes,
        known: model.unknowns.is_empty(),
    };
    Results {
        outcome: reduce.outcome(),
        on_time: model
            .rounds
            .ids()
            .map(|round| on_time(outcomes, round))
            .collect(),
        influences: model
            .rounds
            .ids()
            .map(|round| influence::of_round(model, outcomes, round))
            .collect(),
        risks: model
            .rounds
            .ids()
            .map(|round| risk::of_round(model, outcomes, round))
            .collect(),
        campaign: Campaign::of(model, outcomes),
        replications: outcomes.len() as u32,
        seed: model.design.seed,
        precision,
    }
}

/// Numbers of replications as independent ones: where a draw of what nobody knows is shared, the means of those that share it.
pub(super) fn independent(numbers: &[f64], known: bool) -> Vec<f64> {
    if known {
        return numbers.to_vec();
    }
    let mean = |group: &[f64]| group.iter().sum::<f64>() / group.len() as f64;
    numbers.chunks(LUCK_PER_DRAW as usize).map(mean).collect()
}

fn on_time(outcomes: &[Outcome<f64>], round: RoundId) -> Probability {
    let trials = outcomes.len() as u64;
    let hits = outcomes
        .iter()
        .filter(|outcome| outcome.rounds[round].on_time > 0.5)
        .count() as u64;
    let (lo, hi) = wilson(hits, trials, 0.95);
    Probability {
        share: hits as f64 / trials as f64,
        lo,
        hi,
    }
}

struct Reduce<'a> {
    outcomes: &'a [Outcome<f64>],
    known: bool,
}

/// Reads one number out of an outcome.
type Read<'a, Part> = &'a dyn Fn(&Part) -> f64;

impl Reduce<'_> {
    fn outcome(&self) -> Outcome<Figure> {
        let Some(first) = self.outcomes.first() else {
            return Outcome {
                rounds: Table::new(),
                cells: Vec::new(),
                sites: Vec::new(),
                labs: Vec::new(),
                cost: None,
                isolation: None,
                decided: None,
                incidents: Vec::new(),
                disinfection: None,
            };
        };
        Outcome {
            rounds: first
                .rounds
                .ids()
                .map(|id| self.round(&|outcome| &outcome.rounds[id]))
                .collect(),
            cells: (0..first.cells.len())
                .map(|index| self.cell(&|outcome| &outcome.cells[index]))
                .collect(),
            sites: (0..first.sites.len())
                .map(|index| self.site(&|outcome| &outcome.sites[index]))
                .collect(),
            labs: (0..first.labs.len())
                .map(|index| self.lab(&|outcome| &outcome.labs[index]))
                .collect(),
            cost: first.cost.map(|_| self.campaign_cost()),
            isolation: first.isolation.map(|_| self.isolation()),
            decided: None,
            incidents: (0..first.incidents.len())
                .map(|at| self.incident(at))
                .collect(),
            disinfection: first.disinfection.map(|_| self.disinfection()),
        }
    }

    /// The figure of one number.
    fn figure(&self, read: Read<Outcome<f64>>) -> Figure {
        let numbers: Vec<f64> = self.outcomes.iter().map(read).collect();
        let whole = moments(&independent(&numbers, self.known));
        let half = if whole.count < 2 {
            f64::NAN
        } else if whole.variance == 0.0 {
            0.0
        } else {
            t_quantile(whole.count - 1, 0.95) * (whole.variance / whole.count as f64).sqrt()
        };
        let mut sorted: Vec<f64> = numbers
            .iter()
            .copied()
            .filter(|number| !number.is_nan())
            .collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let mean = moments(&numbers).mean;
        let (p05, p95) = (
            quantile_of_sorted(&sorted, 0.05),
            quantile_of_sorted(&sorted, 0.95),
        );
        Figure {
            mean,
            lo: mean - half,
            hi: mean + half,
            p05,
            p95,
            origin: self.origin(&numbers),
        }
    }

    /// What the variance is made of.
    fn origin(&self, numbers: &[f64]) -> Option<Origin> {
        if self.known {
            return None;
        }
        let pair = |pair: &[f64]| [pair[0], pair[1]];
        let pairs: Vec<[f64; 2]> = numbers
            .chunks_exact(2)
            .map(pair)
            .filter(|pair| pair.iter().all(|number| !number.is_nan()))
            .collect();
        split(&pairs).map(|(luck, ignorance)| Origin { luck, ignorance })
    }

    fn round(&self, of: &dyn Fn(&Outcome<f64>) -> &RoundOutcome<f64>) -> RoundOutcome<Figure> {
        let figure =
            |read: fn(&RoundOutcome<f64>) -> f64| self.figure(&|outcome| read(of(outcome)));
        let spread = |read: fn(&RoundOutcome<f64>) -> &Spread<f64>| {
            self.spread(&|outcome| read(of(outcome)))
        };
        let first = of(&self.outcomes[0]);
        let longest = |length: fn(&RoundOutcome<f64>) -> usize| {
            self.outcomes
                .iter()
                .map(|outcome| length(of(outcome)))
                .max()
                .unwrap_or(0)
        };
        let gate = |(index, gate): (usize, &GateOutcome<f64>)| GateOutcome {
            gate: gate.gate,
            minutes: self.figure(&|outcome| of(outcome).gates[index].minutes),
        };
        RoundOutcome {
            due: figure(|round| round.due),
            swabbed: figure(|round| round.swabbed),
            missed: figure(|round| round.missed),
            no_result: figure(|round| round.no_result),
            unbound: figure(|round| round.unbound),
            pending: figure(|round| round.pending),
            positive_tubes: figure(|round| round.positive_tubes),
            report_min: figure(|round| round.report_min),
            missed_by: (0..first.missed_by.len())
                .map(|reason| self.figure(&|outcome| of(outcome).missed_by[reason]))
                .collect(),
            fetched: figure(|round| round.fetched),
            ready_min: figure(|round| round.ready_min),
            readiness: (0..first.readiness.len())
                .map(|step| self.step(&|outcome| &of(outcome).readiness[step]))
                .collect(),
            stocks: (0..first.stocks.len())
                .map(|stock| self.stock(&|outcome| &of(outcome).stocks[stock]))
                .collect(),
            cost: first.cost.map(|_| self.cost(of)),
            staff: self
                .outcomes
                .iter()
                .any(|outcome| of(outcome).staff.is_some())
                .then(|| self.staff(of)),
            vehicle_hours: figure(|round| round.vehicle_hours),
            room_days: figure(|round| round.room_days),
            tubes: figure(|round| round.tubes),
            partial_tubes: figure(|round| round.partial_tubes),
            tubes_published: figure(|round| round.tubes_published),
            over_age: figure(|round| round.over_age),
            reactions: figure(|round| round.reactions),
            swabbing_ends_min: figure(|round| round.swabbing_ends_min),
            results_end_min: figure(|round| round.results_end_min),
            published_by_deadline: figure(|round| round.published_by_deadline),
            on_time: figure(|round| round.on_time),
            wait_min: spread(|round| &round.wait_min),
            priority_wait_min: spread(|round| &round.priority_wait_min),
            time_on_site_min: spread(|round| &round.time_on_site_min),
            turnaround_min: spread(|round| &round.turnaround_min),
            door_to_result_min: spread(|round| &round.door_to_result_min),
            gates: first.gates.iter().enumerate().map(gate).collect(),
            recall: first.recall.map(|_| self.recall(of)),
            curve: (0..longest(|round| round.curve.len()))
                .map(|at| self.counters(of, at))
                .collect(),
            turnaround_curve: (0..longest(|round| round.turnaround_curve.len()))
                .map(|at| self.figure(&|outcome| at_or_last(&of(outcome).turnaround_curve, at)))
                .collect(),
        }
    }

    fn step(&self, of: &dyn Fn(&Outcome<f64>) -> &StepOutcome<f64>) -> StepOutcome<Figure> {
        StepOutcome {
            done_min: self.figure(&|outcome| of(outcome).done_min),
            critical: self.figure(&|outcome| of(outcome).critical),
        }
    }

    fn stock(&self, of: &dyn Fn(&Outcome<f64>) -> &StockOutcome<f64>) -> StockOutcome<Figure> {
        let figure =
            |read: fn(&StockOutcome<f64>) -> f64| self.figure(&|outcome| read(of(outcome)));
        StockOutcome {
            before: figure(|stock| stock.before),
            resupplied: figure(|stock| stock.resupplied),
            used: figure(|stock| stock.used),
            short: figure(|stock| stock.short),
            left: figure(|stock| stock.left),
            rounds_left: figure(|stock| stock.rounds_left),
            runs_out: figure(|stock| stock.runs_out),
            runs_out_min: figure(|stock| stock.runs_out_min),
        }
    }

    fn cost(&self, of: &dyn Fn(&Outcome<f64>) -> &RoundOutcome<f64>) -> CostOutcome<Figure> {
        let figure = |read: fn(&CostOutcome<f64>) -> f64| {
            self.figure(&|outcome| of(outcome).cost.as_ref().map_or(f64::NAN, read))
        };
        CostOutcome {
            staff: figure(|cost| cost.staff),
            items: figure(|cost| cost.items),
            vehicles: figure(|cost| cost.vehicles),
            sites: figure(|cost| cost.sites),
            labs: figure(|cost| cost.labs),
            total: figure(|cost| cost.total),
            per_person: figure(|cost| cost.per_person),
        }
    }

    fn staff(&self, of: &dyn Fn(&Outcome<f64>) -> &RoundOutcome<f64>) -> StaffOutcome<Figure> {
        let figure = |read: fn(&StaffOutcome<f64>) -> f64| {
            self.figure(&|outcome| of(outcome).staff.as_ref().map_or(f64::NAN, read))
        };
        // Where no lane was needed, as all were visited or the round was not held, nobody worked.
        let worked = |read: fn(&StaffOutcome<f64>) -> f64| {
            self.figure(&|outcome| of(outcome).staff.as_ref().map_or(0.0, read))
        };
        StaffOutcome {
            people: figure(|staff| staff.people),
            absent: figure(|staff| staff.absent),
            on_duty_hours: worked(|staff| staff.on_duty_hours),
            busy_hours: worked(|staff| staff.busy_hours),
            idle_hours: worked(|staff| staff.idle_hours),
            dressing_hours: worked(|staff| staff.dressing_hours),
            suits: worked(|staff| staff.suits),
            lanes_min: figure(|staff| staff.lanes_min),
            lanes_mean: figure(|staff| staff.lanes_mean),
            lanes_most: figure(|staff| staff.lanes_most),
        }
    }

    fn campaign_cost(&self) -> CampaignCost<Figure> {
        let figure = |read: fn(&CampaignCost<f64>) -> f64| {
            self.figure(&|outcome| outcome.cost.as_ref().map_or(f64::NAN, read))
        };
        CampaignCost {
            total: figure(|cost| cost.total),
            per_person: figure(|cost| cost.per_person),
            over_budget: figure(|cost| cost.over_budget),
        }
    }

    fn recall(&self, of: &dyn Fn(&Outcome<f64>) -> &RoundOutcome<f64>) -> RecallOutcome<Figure> {
        let figure = |read: fn(&RecallOutcome<f64>) -> f64| {
            self.figure(&|outcome| of(outcome).recall.as_ref().map_or(f64::NAN, read))
        };
        RecallOutcome {
            settled: figure(|recall| recall.settled),
            false_alarms: figure(|recall| recall.false_alarms),
            held: figure(|recall| recall.held),
            confirmed: figure(|recall| recall.confirmed),
            retest_min: figure(|recall| recall.retest_min),
            report_min: figure(|recall| recall.report_min),
            find_min: figure(|recall| recall.find_min),
            swab_min: figure(|recall| recall.swab_min),
            settle_min: figure(|recall| recall.settle_min),
            held_min: figure(|recall| recall.held_min),
            longest_held_min: figure(|recall| recall.longest_held_min),
            clear_min: figure(|recall| recall.clear_min),
            open_at_next: figure(|recall| recall.open_at_next),
        }
    }

    fn isolation(&self) -> IsolationOutcome<Figure> {
        let figure = |read: fn(&IsolationOutcome<f64>) -> f64| {
            self.figure(&|outcome| outcome.isolation.as_ref().map_or(f64::NAN, read))
        };
        IsolationOutcome {
            needed_peak: figure(|rooms| rooms.needed_peak),
            short_peak: figure(|rooms| rooms.short_peak),
            full_min: figure(|rooms| rooms.full_min),
        }
    }

    fn incident(&self, at: usize) -> IncidentOutcome<Figure> {
        let figure = |read: fn(&IncidentOutcome<f64>) -> f64| {
            self.figure(&|outcome| read(&outcome.incidents[at]))
        };
        IncidentOutcome {
            happens: figure(|incident| incident.happens),
            times: figure(|incident| incident.times),
            minutes: figure(|incident| incident.minutes),
        }
    }

    fn disinfection(&self) -> DisinfectionOutcome<Figure> {
        let figure = |read: fn(&DisinfectionOutcome<f64>) -> f64| {
            self.figure(&|outcome| outcome.disinfection.as_ref().map_or(f64::NAN, read))
        };
        DisinfectionOutcome {
            visits: figure(|teams| teams.visits),
            staff_hours: figure(|teams| teams.staff_hours),
            closed_min: figure(|teams| teams.closed_min),
        }
    }

    fn spread(&self, of: &dyn Fn(&Outcome<f64>) -> &Spread<f64>) -> Spread<Figure> {
        let figure = |read: fn(&Spread<f64>) -> f64| self.figure(&|outcome| read(of(outcome)));
        Spread {
            mean: figure(|spread| spread.mean),
            p50: figure(|spread| spread.p50),
            p90: figure(|spread| spread.p90),
            p95: figure(|spread| spread.p95),
            p99: figure(|spread| spread.p99),
            max: figure(|spread| spread.max),
        }
    }

    fn counters(
        &self,
        of: &dyn Fn(&Outcome<f64>) -> &RoundOutcome<f64>,
        at: usize,
    ) -> Counters<Figure> {
        let none = Counters {
            swabbed: f64::NAN,
            delivered: f64::NAN,
            tested: f64::NAN,
            published: f64::NAN,
        };
        let figure = |read: fn(&Counters<f64>) -> f64| {
            self.figure(&|outcome| {
                let curve = &of(outcome).curve;
                read(curve.get(at).or(curve.last()).unwrap_or(&none))
            })
        };
        Counters {
            swabbed: figure(|counters| counters.swabbed),
            delivered: figure(|counters| counters.delivered),
            tested: figure(|counters| counters.tested),
            published: figure(|counters| counters.published),
        }
    }

    fn cell(&self, of: &dyn Fn(&Outcome<f64>) -> &CellOutcome<f64>) -> CellOutcome<Figure> {
        let figure = |read: fn(&CellOutcome<f64>) -> f64| self.figure(&|outcome| read(of(outcome)));
        let first = of(&self.outcomes[0]);
        CellOutcome {
            round: first.round,
            cell: first.cell,
            due: figure(|cell| cell.due),
            swabbed: figure(|cell| cell.swabbed),
            missed: figure(|cell| cell.missed),
            no_result: figure(|cell| cell.no_result),
            pending: figure(|cell| cell.pending),
            missed_by: (0..first.missed_by.len())
                .map(|reason| self.figure(&|outcome| of(outcome).missed_by[reason]))
                .collect(),
            fetched: figure(|cell| cell.fetched),
            results_end_min: figure(|cell| cell.results_end_min),
        }
    }

    fn site(&self, of: &dyn Fn(&Outcome<f64>) -> &SiteOutcome<f64>) -> SiteOutcome<Figure> {
        let figure = |read: fn(&SiteOutcome<f64>) -> f64| self.figure(&|outcome| read(of(outcome)));
        let first = of(&self.outcomes[0]);
        SiteOutcome {
            round: first.round,
            site: first.site,
            swabbed: figure(|site| site.swabbed),
            wait_min: self.spread(&|outcome| &of(outcome).wait_min),
            peak_queue: figure(|site| site.peak_queue),
            utilization: figure(|site| site.utilization),
            closes_min: figure(|site| site.closes_min),
            open_hours: figure(|site| site.open_hours),
            lane_hours: figure(|site| site.lane_hours),
            tubes: figure(|site| site.tubes),
            turned_away: figure(|site| site.turned_away),
            blocked_hours: figure(|site| site.blocked_hours),
            stocks: (0..first.stocks.len())
                .map(|stock| self.site_stock(&|outcome| &of(outcome).stocks[stock]))
                .collect(),
            over_age: figure(|site| site.over_age),
            visits: first.visits.map(|_| {
                let figure = |read: fn(&VisitsOutcome<f64>) -> f64| {
                    self.figure(&|outcome| of(outcome).visits.as_ref().map_or(f64::NAN, read))
                };
                VisitsOutcome {
                    reached: figure(|visits| visits.reached),
                    unopened: figure(|visits| visits.unopened),
                }
            }),
        }
    }

    fn site_stock(
        &self,
        of: &dyn Fn(&Outcome<f64>) -> &SiteStockOutcome<f64>,
    ) -> SiteStockOutcome<Figure> {
        let figure =
            |read: fn(&SiteStockOutcome<f64>) -> f64| self.figure(&|outcome| read(of(outcome)));
        SiteStockOutcome {
            allotted: figure(|stock| stock.allotted),
            used: figure(|stock| stock.used),
            lacking: figure(|stock| stock.lacking),
        }
    }

    fn lab(&self, of: &dyn Fn(&Outcome<f64>) -> &LabOutcome<f64>) -> LabOutcome<Figure> {
        let first = of(&self.outcomes[0]);
        let stage = |stage: usize| {
            let figure = |read: fn(&LabStageOutcome<f64>) -> f64| {
                self.figure(&|outcome| read(&of(outcome).stages[Id::from_index(stage)]))
            };
            LabStageOutcome {
                utilization: figure(|stage| stage.utilization),
                wait_min: figure(|stage| stage.wait_min),
                runs: figure(|stage| stage.runs),
                fill: figure(|stage| stage.fill),
                labor: figure(|stage| stage.labor),
                blocked: figure(|stage| stage.blocked),
            }
        };
        LabOutcome {
            round: first.round,
            lab: first.lab,
            tubes: self.figure(&|outcome| of(outcome).tubes),
            failed_tubes: self.figure(&|outcome| of(outcome).failed_tubes),
            sent_on: self.figure(&|outcome| of(outcome).sent_on),
            retests: self.figure(&|outcome| of(outcome).retests),
            failed_runs: self.figure(&|outcome| of(outcome).failed_runs),
            technician_hours: self.figure(&|outcome| of(outcome).technician_hours),
            days: self.figure(&|outcome| of(outcome).days),
            stopped_runs: self.figure(&|outcome| of(outcome).stopped_runs),
            stages: (0..first.stages.len()).map(stage).collect(),
        }
    }
}

/// Entry `at` of a curve that stays where it ends.
fn at_or_last(curve: &[f64], at: usize) -> f64 {
    curve.get(at).or(curve.last()).copied().unwrap_or(f64::NAN)
}
