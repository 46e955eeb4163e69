//! summary.json: everything measured, in a shape that programs can rely on.

use serde_json::{Map, Value, json};

use crate::experiment::influence::{Influence, Third};
use crate::experiment::results::{Figure, Results};
use crate::id::{CellId, Id, LabId, RoundId, StageId};
use crate::measure::outcome::{
    CURVE_STEP_MIN, CostOutcome, Counters, Gate, RecallOutcome, RoundOutcome, SiteOutcome, Spread,
    StepOutcome, StockOutcome,
};
use crate::model::Model;
use crate::model::lab::Lab;
use crate::model::site::Missed;
use crate::model::stock::Stock;
use crate::units::language::Language;

use super::decisions;
use super::incidents;
use super::number::{self, Calendar};
use super::positives;
use super::risk;
use super::staff;
use super::verdict::{Binding, waits, worst};

/// The name of the shape; it changes when a program that reads it would have to change.
pub const SHAPE: &str = "swabplan.summary/1";

/// Everything measured. Lists are sorted by id, then by round.
pub fn summary(model: &Model, results: &Results) -> Value {
    let mut summary = json!({
        "schema": SHAPE,
        "version": env!("CARGO_PKG_VERSION"),
        "scenario": { "title": model.title.zh, "hash": model.hash },
        "seed": results.seed,
        "replications": results.replications,
        "rounds": sorted(results.outcome.rounds.iter().map(|(id, outcome)| {
            (vec![model.rounds[id].name.id.clone()], round(model, results, id, outcome))
        })),
        "cells": cells(model, results),
        "sites": sites(model, results),
        "labs": labs(model, results),
    });
    if let Some(rooms) = &results.outcome.isolation {
        summary["isolation"] = json!({
            "needed_peak": figure(&rooms.needed_peak),
            "short_peak": figure(&rooms.short_peak),
            "full_min": figure(&rooms.full_min),
        });
    }
    if !model.unknowns.is_empty() {
        summary["unknowns"] = unknowns(model, results).into();
    }
    if !model.stocks.is_empty() {
        summary["stocks"] = stocks(model, results).into();
    }
    if let Some(campaign) = &results.campaign {
        summary["campaign"] = decisions::value(model, campaign);
    }
    if model.stress.is_some() {
        summary["stress"] = true.into();
    }
    let incidents = incidents::json(model, results, figure);
    if !incidents.is_empty() {
        summary["incidents"] = incidents.into();
    }
    if let Some(teams) = &results.outcome.disinfection {
        summary["disinfection"] = json!({
            "visits": figure(&teams.visits),
            "staff_hours": figure(&teams.staff_hours),
            "closed_min": figure(&teams.closed_min),
        });
    }
    if let (Some(cost), Some(priced)) = (&results.outcome.cost, &model.cost) {
        summary["cost"] = json!({
            "currency": priced.currency,
            "total": figure(&cost.total),
            "per_person": figure(&cost.per_person),
            "budget": number::json(priced.budget.unwrap_or(f64::NAN)),
            "over_budget": figure(&cost.over_budget),
        });
    }
    if let Some(bottleneck) = bottleneck(model, results) {
        summary["bottleneck"] = bottleneck;
    }
    summary
}

/// The values in the order of their keys.
fn sorted(keyed: impl Iterator<Item = (Vec<String>, Value)>) -> Vec<Value> {
    let mut keyed: Vec<_> = keyed.collect();
    keyed.sort_by(|one, other| one.0.cmp(&other.0));
    keyed.into_iter().map(|(_, value)| value).collect()
}

fn round(model: &Model, results: &Results, id: RoundId, outcome: &RoundOutcome<Figure>) -> Value {
    let round = &model.rounds[id];
    let calendar = Calendar {
        first_day: model.first_day,
        language: Language::English,
    };
    let on_time = results.on_time[id];
    let mut value = json!({
        "id": round.name.id,
        "opens": calendar.iso(round.opens),
        "people": {
            "due": figure(&outcome.due),
            "swabbed": figure(&outcome.swabbed),
            "missed": figure(&outcome.missed),
            "no_result": figure(&outcome.no_result),
            "pending": figure(&outcome.pending),
            "missed_by": missed_by(&outcome.missed_by),
            "fetched": figure(&outcome.fetched),
        },
        "positive_tubes": figure(&outcome.positive_tubes),
        "report_min": figure(&outcome.report_min),
        "tubes": figure(&outcome.tubes),
        "partial_tubes": figure(&outcome.partial_tubes),
        "vehicle_hours": figure(&outcome.vehicle_hours),
        "over_age": figure(&outcome.over_age),
        "reactions": figure(&outcome.reactions),
        "swabbing_ends_min": figure(&outcome.swabbing_ends_min),
        "results_end_min": figure(&outcome.results_end_min),
        "published_by_deadline": figure(&outcome.published_by_deadline),
        "on_time": { "share": number::json(on_time.share), "lo": number::json(on_time.lo), "hi": number::json(on_time.hi) },
        "done_by": risk::done_by(results, id),
        "wait_min": spread(&outcome.wait_min),
        "priority_wait_min": spread(&outcome.priority_wait_min),
        "time_on_site_min": spread(&outcome.time_on_site_min),
        "turnaround_min": spread(&outcome.turnaround_min),
        "door_to_result_min": spread(&outcome.door_to_result_min),
        "stages_min": outcome.gates.iter().map(|gate| (gate_id(model, gate.gate), figure(&gate.minutes))).collect::<Map<_, _>>(),
        "curve": curve(outcome.due.mean, &outcome.curve),
    });
    if model.leaves_some_unbound() {
        value["people"]["unbound"] = figure(&outcome.unbound);
    }
    if !model.readiness.is_empty() {
        value["ready_min"] = figure(&outcome.ready_min);
        value["readiness"] = readiness(model, &outcome.readiness).into();
    }
    if let Some(cost) = &outcome.cost {
        value["cost"] = costs(cost);
    }
    if let Some(crews) = &outcome.staff {
        value["staff"] = staff::json(crews, figure);
    }
    if let Some(worst) = risk::worst_json(model, results, id) {
        value["worst"] = worst;
    }
    if let Some(recall) = &outcome.recall {
        value["recall"] = recalls(recall);
    }
    if let Some(bound) = positives::bound(model, outcome) {
        value["negative_bound"] = number::json(bound);
    }
    value
}

/// Each stock in each round from that in which it is counted.
pub fn counted<'a>(
    model: &'a Model,
    results: &'a Results,
) -> impl Iterator<Item = (&'a Stock, RoundId, &'a StockOutcome<Figure>)> {
    model
        .stocks
        .iter()
        .enumerate()
        .flat_map(move |(at, stock)| {
            let rounds = results.outcome.rounds.iter();
            rounds
                .filter(move |(id, _)| stock.counted <= Some(model.rounds[*id].opens))
                .filter_map(move |(id, round)| Some((stock, id, round.stocks.get(at)?)))
        })
}

fn stocks(model: &Model, results: &Results) -> Vec<Value> {
    sorted(counted(model, results).map(|(stock, round, outcome)| {
        let (stock, round) = (&stock.name.id, &model.rounds[round].name.id);
        let value = json!({
            "id": stock,
            "round": round,
            "before": figure(&outcome.before),
            "resupplied": figure(&outcome.resupplied),
            "used": figure(&outcome.used),
            "short": figure(&outcome.short),
            "left": figure(&outcome.left),
            "rounds_left": figure(&outcome.rounds_left),
            "runs_out": figure(&outcome.runs_out),
            "runs_out_min": figure(&outcome.runs_out_min),
        });
        (vec![stock.clone(), round.clone()], value)
    }))
}

/// What a round costs, by kind.
fn costs(outcome: &CostOutcome<Figure>) -> Value {
    json!({
        "staff": figure(&outcome.staff),
        "items": figure(&outcome.items),
        "vehicles": figure(&outcome.vehicles),
        "sites": figure(&outcome.sites),
        "labs": figure(&outcome.labs),
        "total": figure(&outcome.total),
        "per_person": figure(&outcome.per_person),
    })
}

/// What a site has of the stocks that are shared out, by id.
fn allotments(model: &Model, outcome: &SiteOutcome<Figure>) -> Vec<Value> {
    let shared = model.stocks.iter().filter(|stock| stock.allotted);
    sorted(shared.zip(&outcome.stocks).map(|(stock, share)| {
        let value = json!({
            "id": stock.name.id,
            "allotted": figure(&share.allotted),
            "used": figure(&share.used),
            "lacking": figure(&share.lacking),
        });
        (vec![stock.name.id.clone()], value)
    }))
}

/// What became of positive tubes.
fn recalls(outcome: &RecallOutcome<Figure>) -> Value {
    json!({
        "settled": figure(&outcome.settled),
        "false_alarms": figure(&outcome.false_alarms),
        "held": figure(&outcome.held),
        "confirmed": figure(&outcome.confirmed),
        "retest_min": figure(&outcome.retest_min),
        "report_min": figure(&outcome.report_min),
        "find_min": figure(&outcome.find_min),
        "swab_min": figure(&outcome.swab_min),
        "settle_min": figure(&outcome.settle_min),
        "held_min": figure(&outcome.held_min),
        "longest_held_min": figure(&outcome.longest_held_min),
        "clear_min": figure(&outcome.clear_min),
        "open_at_next": figure(&outcome.open_at_next),
    })
}

/// The steps of getting ready, by id.
fn readiness(model: &Model, outcomes: &[StepOutcome<Figure>]) -> Vec<Value> {
    sorted(model.readiness.iter().zip(outcomes).map(|(step, outcome)| {
        let value = json!({
            "id": step.name.id,
            "done_min": figure(&outcome.done_min),
            "critical": figure(&outcome.critical),
        });
        (vec![step.name.id.clone()], value)
    }))
}

/// What each unknown does to each round.
fn unknowns(model: &Model, results: &Results) -> Vec<Value> {
    let third = |third: &Third| {
        json!({
            "results_end_min": number::json(third.results_end_min),
            "on_time": number::json(third.on_time),
        })
    };
    let one = |round: RoundId, influence: &Influence| {
        let (unknown, round) = (
            &model.unknowns[influence.unknown],
            &model.rounds[round].name.id,
        );
        let value = json!({
            "id": unknown.key,
            "round": round,
            "range": unknown.range,
            "share": number::json(influence.share),
            "low": third(&influence.low),
            "high": third(&influence.high),
        });
        (vec![unknown.key.clone(), round.clone()], value)
    };
    sorted(results.influences.iter().flat_map(|(round, influences)| {
        influences
            .iter()
            .map(move |influence| one(round, influence))
    }))
}

/// Who is missed by reason, as far as anyone is.
fn missed_by(figures: &[Figure]) -> Value {
    let any = |(_, people): &(&Missed, &Figure)| people.p95 > 0.0 || people.mean > 0.0;
    let named = |(reason, people): (&Missed, &Figure)| (reason.id().to_owned(), figure(people));
    let reasons = Missed::ALL.iter().zip(figures).filter(any).map(named);
    Value::Object(reasons.collect())
}

/// A measured figure.
fn figure(figure: &Figure) -> Value {
    let mut value = json!({
        "mean": number::json(figure.mean),
        "lo": number::json(figure.lo),
        "hi": number::json(figure.hi),
        "p05": number::json(figure.p05),
        "p95": number::json(figure.p95),
    });
    if let Some(origin) = figure.origin {
        value["luck"] = number::json(origin.luck);
        value["ignorance"] = number::json(origin.ignorance);
    }
    value
}

fn spread(spread: &Spread<Figure>) -> Value {
    json!({
        "mean": figure(&spread.mean),
        "p50": figure(&spread.p50),
        "p90": figure(&spread.p90),
        "p95": figure(&spread.p95),
        "p99": figure(&spread.p99),
        "max": figure(&spread.max),
    })
}

fn curve(due: f64, curve: &[Counters<Figure>]) -> Vec<Value> {
    let at = (0u64..).map(|step| step * u64::from(CURVE_STEP_MIN));
    at.zip(curve)
        .map(|(at, counters)| {
            json!({
                "at_min": at,
                "due": number::json(due),
                "swabbed": number::json(counters.swabbed.mean),
                "delivered": number::json(counters.delivered.mean),
                "tested": number::json(counters.tested.mean),
                "published": number::json(counters.published.mean),
            })
        })
        .collect()
}

/// The id of a gate: `queue`, `pickup`, `LAB.STAGE.wait`, `LAB.STAGE.work`.
pub fn gate_id(model: &Model, gate: Gate) -> String {
    let stage = |lab: LabId, stage: StageId| {
        let lab = &model.labs[lab];
        format!("{}.{}", lab.name.id, stage_id(lab, stage))
    };
    match gate {
        Gate::Queue => "queue".into(),
        Gate::Service => "service".into(),
        Gate::Filling => "filling".into(),
        Gate::Pickup => "pickup".into(),
        Gate::Road => "road".into(),
        Gate::LabWait(lab, id) => format!("{}.wait", stage(lab, id)),
        Gate::LabWork(lab, id) => format!("{}.work", stage(lab, id)),
        Gate::LabHold(lab) => format!("{}.hold", model.labs[lab].name.id),
    }
}

/// The id of a stage.
pub fn stage_id(lab: &Lab, stage: StageId) -> &str {
    lab.stages.get(stage.index()).map_or("", |stage| &stage.id)
}

fn cells(model: &Model, results: &Results) -> Vec<Value> {
    sorted(results.outcome.cells.iter().map(|outcome| {
        let (cell, round) = (
            &model.cells[outcome.cell].name.id,
            &model.rounds[outcome.round].name.id,
        );
        let value = json!({
            "id": cell,
            "round": round,
            "due": figure(&outcome.due),
            "swabbed": figure(&outcome.swabbed),
            "missed": figure(&outcome.missed),
            "no_result": figure(&outcome.no_result),
            "pending": figure(&outcome.pending),
            "missed_by": missed_by(&outcome.missed_by),
            "fetched": figure(&outcome.fetched),
            "walk_min": number::json(walk_min(model, outcome.cell).unwrap_or(f64::NAN)),
            "results_end_min": figure(&outcome.results_end_min),
        });
        (vec![cell.clone(), round.clone()], value)
    }))
}

/// Minutes on foot from the cell to its site, where both have a place.
pub fn walk_min(model: &Model, cell: CellId) -> Option<f64> {
    let cell = &model.cells[cell];
    let (from, to) = (cell.position?, model.sites[cell.site].position?);
    Some(model.walking.time(from, to).minutes())
}

fn sites(model: &Model, results: &Results) -> Vec<Value> {
    sorted(results.outcome.sites.iter().map(|outcome| {
        let (site, round) = (
            &model.sites[outcome.site].name.id,
            &model.rounds[outcome.round].name.id,
        );
        let mut value = json!({
            "id": site,
            "round": round,
            "swabbed": figure(&outcome.swabbed),
            "wait_min": spread(&outcome.wait_min),
            "peak_queue": figure(&outcome.peak_queue),
            "utilization": figure(&outcome.utilization),
            "closes_min": figure(&outcome.closes_min),
            "over_age": figure(&outcome.over_age),
        });
        if !outcome.stocks.is_empty() {
            value["stocks"] = allotments(model, outcome).into();
        }
        if model.sites[outcome.site].blocks() {
            value["blocked_hours"] = figure(&outcome.blocked_hours);
        }
        if let Some(visits) = &outcome.visits {
            value["visits"] = json!({
                "reached": figure(&visits.reached),
                "unopened": figure(&visits.unopened),
            });
        }
        (vec![site.clone(), round.clone()], value)
    }))
}

fn labs(model: &Model, results: &Results) -> Vec<Value> {
    sorted(results.outcome.labs.iter().map(|outcome| {
        let (lab, round) = (
            &model.labs[outcome.lab],
            &model.rounds[outcome.round].name.id,
        );
        let stages = sorted(outcome.stages.iter().map(|(id, stage)| {
            let mut value = json!({
                "id": stage_id(lab, id),
                "utilization": figure(&stage.utilization),
                "wait_min": figure(&stage.wait_min),
                "runs": figure(&stage.runs),
                "fill": figure(&stage.fill),
            });
            let at = id.index();
            if lab.stages[at].hands().is_some() {
                value["labor"] = figure(&stage.labor);
            }
            if lab.narrows(at) {
                value["blocked"] = figure(&stage.blocked);
            }
            (vec![stage_id(lab, id).to_owned()], value)
        }));
        let mut value = json!({
            "id": lab.name.id,
            "round": round,
            "tubes": figure(&outcome.tubes),
            "failed_tubes": figure(&outcome.failed_tubes),
            "retests": figure(&outcome.retests),
            "failed_runs": figure(&outcome.failed_runs),
            "stopped_runs": figure(&outcome.stopped_runs),
            "stages": stages,
        });
        if lab.overflow.is_some() {
            value["sent_on"] = figure(&outcome.sent_on);
        }
        (vec![lab.name.id.clone(), round.clone()], value)
    }))
}

/// The gate with most minutes in the round in most danger, and those that come next.
fn bottleneck(model: &Model, results: &Results) -> Option<Value> {
    let round = worst(model, results)?;
    let binding = Binding::of(model, results, round);
    let (longest, share) = binding.longest()?;
    let why = format!(
        "{} takes {} of the time from door to result in {}: {} on average",
        if waits(longest.gate) {
            "waiting"
        } else {
            "the work itself"
        },
        number::percent(share),
        model.rounds[round].name.id,
        number::minutes(longest.minutes.mean, Language::English),
    );
    let next: Vec<_> = binding
        .gates
        .iter()
        .skip(1)
        .take(3)
        .map(|gate| gate_id(model, gate.gate))
        .collect();
    Some(json!({ "stage": gate_id(model, longest.gate), "why": why, "next_best": next }))
}

/// The JSON Schema (draft-07) of what [`summary`] returns.
pub fn schema() -> Value {
    let list = |items: &str| json!({ "type": "array", "items": reference(items) });
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": SHAPE,
        "description": "What swabplan run came to. Lists are sorted by id, then by round; times are minutes, moments count from the opening of the round; null is a number that does not exist.",
        "type": "object",
        "additionalProperties": false,
        "required": ["schema", "version", "scenario", "seed", "replications", "rounds", "cells", "sites", "labs"],
        "properties": {
            "schema": { "const": SHAPE },
            "version": { "type": "string", "description": "Of the program." },
            "scenario": object("What was simulated.", &[("title", json!({ "type": "string" })), ("hash", json!({
                "type": "string",
                "pattern": "^[0-9a-f]{16}$",
                "description": "Of what the scenario means, however its file is ordered."
            }))]),
            "seed": { "type": "integer", "minimum": 0 },
            "replications": { "type": "integer", "minimum": 1 },
            "rounds": list("round"),
            "cells": list("cell"),
            "sites": list("site"),
            "labs": list("lab"),
            "unknowns": list("unknown"),
            "stocks": list("stock"),
            "isolation": object("Isolation rooms: needed and missing at most, and when someone first finds none, in minutes after the first round opens.", &[
                ("needed_peak", reference("figure")), ("short_peak", reference("figure")), ("full_min", reference("figure")),
            ]),
            "campaign": decisions::schema(),
            "stress": { "const": true, "description": "Incidents were drawn at random." },
            "incidents": list("incident"),
            "disinfection": object("Sites disinfected, hours of all who do it, and how long sites are closed for it within their hours.", &[
                ("visits", reference("figure")), ("staff_hours", reference("figure")), ("closed_min", reference("figure")),
            ]),
            "cost": object("What all rounds cost together, in the currency of the scenario; over_budget is the share of replications that cost more than the budget.", &[
                ("currency", json!({ "type": "string" })), ("total", reference("figure")), ("per_person", reference("figure")),
                ("budget", reference("number")), ("over_budget", reference("figure")),
            ]),
            "bottleneck": object("Where most of the time from door to result goes, in the round in most danger.", &[
                ("stage", json!({ "type": "string", "description": "A key of stages_min." })),
                ("why", json!({ "type": "string" })),
                ("next_best", json!({ "type": "array", "items": { "type": "string" }, "description": "The keys of stages_min that come next, the longest first." })),
            ]),
        },
        "definitions": definitions(),
    })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{name}") })
}

/// An object with exactly these properties.
pub(super) fn object(description: &str, properties: &[(&str, Value)]) -> Value {
    json!({
        "type": "object",
        "description": description,
        "additionalProperties": false,
        "required": properties.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
        "properties": properties.iter().cloned().map(|(name, schema)| (name.to_owned(), schema)).collect::<Map<_, _>>(),
    })
}

#[expect(
    clippy::too_many_lines,
    reason = "a shape is spelled out once, property by property"
)]
fn definitions() -> Value {
    let id = || json!({ "type": "string" });
    let [figure, spread, number] =
        ["figure", "spread", "number"].map(|name| move || reference(name));
    let mut definitions = json!({
        "number": { "type": ["number", "null"] },
        "figure": figure_schema(),
        "spread": object("How a length of time is spread over people, in minutes.",
            &["mean", "p50", "p90", "p95", "p99", "max"].map(|name| (name, figure()))),
        "reasons": reasons_schema(),
        "round": object("One round.", &[
            ("id", id()),
            ("opens", json!({ "type": "string", "description": "Local date and clock time.", "pattern": "^(-?[0-9]{4,6}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})?$" })),
            ("people", object("People due, swabbed, and due but not swabbed (also by reason); of the swabbed those who were fetched, those who have no result, who must be swabbed again, and those whose tube was reported positive.",
                &[("due", figure()), ("swabbed", figure()), ("missed", figure()), ("missed_by", reference("reasons")), ("fetched", figure()),
                    ("no_result", figure()), ("pending", figure())])),
            ("positive_tubes", figure()),
            ("report_min", figure()),
            ("tubes", figure()),
            ("partial_tubes", json!({ "description": "Tubes closed before they were full.", "allOf": [reference("figure")] })),
            ("vehicle_hours", json!({ "description": "Of vehicles with their drivers, each from its courier's first departure to the last tube delivered.", "allOf": [reference("figure")] })),
            ("over_age", json!({ "description": "Tubes that came to a laboratory older than they may be.", "allOf": [reference("figure")] })),
            ("reactions", figure()),
            ("swabbing_ends_min", figure()),
            ("results_end_min", figure()),
            ("published_by_deadline", figure()),
            ("on_time", object("Share of replications in which every result was out by the deadline, with its Wilson 95 % interval.",
                &["share", "lo", "hi"].map(|name| (name, number())))),
            ("done_by", json!({
                "description": "Share of replications in which the last result is out so many hours after the opening, with its Wilson 95 % interval.",
                "type": "array",
                "items": object("One hour.", &[("hours", json!({ "type": "integer" })), ("share", number()), ("lo", number()), ("hi", number())]),
            })),
            ("wait_min", spread()),
            ("priority_wait_min", spread()),
            ("time_on_site_min", spread()),
            ("turnaround_min", spread()),
            ("door_to_result_min", spread()),
            ("stages_min", json!({
                "type": "object",
                "description": "Mean minutes from door to result spent at each gate, from the door on; they add up to the mean of door_to_result_min. Keys: queue, service, filling, pickup, road, and LAB.STAGE.wait and LAB.STAGE.work, and LAB.hold where results may wait for tube and register to be reconciled, or to be uploaded.",
                "additionalProperties": reference("figure"),
            })),
            ("curve", json!({ "type": "array", "items": reference("counters") })),
        ]),
        "counters": object("People so far, mean over replications.", &[
            ("at_min", json!({ "type": "integer", "minimum": 0, "multipleOf": CURVE_STEP_MIN })),
            ("due", number()), ("swabbed", number()), ("delivered", number()), ("tested", number()), ("published", number()),
        ]),
        "cell": object("One grid cell in one round.", &[
            ("id", id()), ("round", id()), ("due", figure()), ("swabbed", figure()), ("missed", figure()), ("missed_by", reference("reasons")), ("fetched", figure()),
            ("no_result", figure()), ("pending", figure()),
            ("walk_min", json!({ "type": ["number", "null"], "description": "On foot to its site; null where positions are not given." })),
            ("results_end_min", figure()),
        ]),
        "site": object("One site in one round.", &[
            ("id", id()), ("round", id()), ("swabbed", figure()), ("wait_min", spread()), ("peak_queue", figure()),
            ("utilization", figure()), ("closes_min", figure()), ("over_age", json!({ "description": "Tubes that came to a laboratory older than they may be.", "allOf": [reference("figure")] })),
        ]),
        "unknown": object("What a quantity known only as a range does to a round.", &[
            ("id", json!({ "type": "string", "description": "Its address in the scenario." })), ("round", id()),
            ("range", json!({ "type": "string", "description": "As written." })),
            ("share", json!({ "type": ["number", "null"], "description": "Of the variance of the last result, along a straight line." })),
            ("low", reference("third")), ("high", reference("third")),
        ]),
        "incident": {
            "type": "object",
            "description": "Something that goes wrong: at a time, with its id and when, or a kind that is drawn in a stress run. happens is the share of replications in which it does.",
            "additionalProperties": false,
            "required": ["kind", "happens", "times", "minutes"],
            "properties": { "id": id(), "kind": id(), "at": id(), "happens": figure(), "times": figure(), "minutes": figure() }
        },
        "stock": object("Something that is used up, in one round. What was there before and what came in is what was used and what is left; runs_out is the share of replications in which it did not last.", &[
            ("id", id()), ("round", id()), ("before", figure()), ("resupplied", figure()), ("used", figure()), ("short", figure()),
            ("left", figure()), ("rounds_left", figure()), ("runs_out", figure()), ("runs_out_min", figure()),
        ]),
        "third": object("The answer where the quantity lies in the lower or upper third of its range.", &[
            ("results_end_min", number()), ("on_time", number()),
        ]),
        "lab": object("One laboratory in one round.", &[
            ("id", id()), ("round", id()), ("tubes", figure()),
            ("failed_tubes", figure()), ("retests", figure()), ("failed_runs", figure()), ("stopped_runs", figure()),
            ("stages", json!({ "type": "array", "items": reference("stage") })),
        ]),
        "stage": object("One stage of a laboratory.", &[
            ("id", id()), ("utilization", figure()), ("wait_min", figure()), ("runs", figure()), ("fill", figure()),
        ]),
        "recall": object("What became of the positive tubes of a round: their clocks, and the people held.",
            &["settled", "false_alarms", "held", "confirmed", "retest_min", "report_min", "find_min", "swab_min", "settle_min", "held_min", "longest_held_min", "clear_min", "open_at_next"].map(|name| (name, figure()))),
        "cost": object("What a round costs, by kind.",
            &["staff", "items", "vehicles", "sites", "labs", "total", "per_person"].map(|name| (name, figure()))),
        "staff": object("The crews of the lanes of a round, where they come and go: people of all pools and who of them is absent (null without pools), hours of all members on duty = busy + idle, dressing besides, suits put on, lanes open at least, on average, and at most.",
            &staff::FIGURES.map(|name| (name, figure()))),
        "allotment": object("What a site has of a stock that is shared out.",
            &[("id", id()), ("allotted", figure()), ("used", figure()), ("lacking", figure())]),
        "step": object("A step of getting ready.", &[("id", id()), ("done_min", figure()), ("critical", figure())]),
    });
    // Present where the scenario says how sites get ready, and what is done about positive tubes.
    let round = &mut definitions["round"]["properties"];
    round["recall"] = reference("recall");
    round["negative_bound"] = json!({ "type": ["number", "null"], "description": "Where laboratories look for positive tubes: if none was, the share of people infected lies below this with 95 % confidence (rule of three)." });
    round["people"]["properties"]["unbound"] = json!({ "description": "Of those without a result, people whose tube has one and to whose name their swab is not bound; present where the scenario has such.", "allOf": [reference("figure")] });
    round["ready_min"] = reference("figure");
    // Present where runs take people, and where room before the next stage is short.
    let stage = &mut definitions["stage"]["properties"];
    for (name, says) in [
        ("labor", "Busy share of the people on duty at its machines."),
        (
            "blocked",
            "Share of their time in which its workers or machines stand still with finished tubes, as the next stage has no room.",
        ),
    ] {
        stage[name] = json!({ "description": says, "allOf": [reference("figure")] });
    }
    let round = &mut definitions["round"]["properties"];
    round["cost"] = reference("cost");
    round["staff"] = reference("staff");
    round["worst"] = object(
        "The worst 5 % of replications by their last result, and what is more frequent in them than chance explains: unknowns in a third of what they may be (counted by draws), incidents.",
        &[
            ("replications", json!({ "type": "integer" })),
            ("from_min", reference("number")),
            (
                "in_common",
                json!({ "type": "array", "items": object("One thing.", &[
            ("what", json!({ "type": "string" })), ("third", json!({ "enum": ["low", "high", null] })),
            ("in", json!({ "type": "integer" })), ("of", json!({ "type": "integer" })), ("usual", reference("number")),
        ]) }),
            ),
        ],
    );
    round["readiness"] = json!({ "type": "array", "items": reference("step") });
    definitions["site"]["properties"]["stocks"] =
        json!({ "type": "array", "items": reference("allotment") });
    // Present where the laboratory sends tubes on while too many wait.
    definitions["lab"]["properties"]["sent_on"] = json!({ "description": "Tubes of the round that it did not take in and sent on to another laboratory; tubes are those it took in.", "allOf": [reference("figure")] });
    // Present where the room before a station is limited.
    definitions["site"]["properties"]["blocked_hours"] = json!({ "description": "Hours of servers who could take nobody, as whom they had served found no room before the next station.", "allOf": [reference("figure")] });
    // Present where the site is one of teams that visit.
    definitions["site"]["properties"]["visits"] = object(
        "Households or stops at which someone was swabbed, and households at which nobody opened.",
        &["reached", "unopened"].map(|name| (name, figure())),
    );
    definitions
}

fn reasons_schema() -> Value {
    json!({
        "type": "object",
        "description": "People missed, by reason, as far as anyone is. Keys: never_came, unserved (not reached before the site closed), left (without a swab, from a station), out_of_stock (came when the site had no numbers left to hand out), no_room (found no room in the line), balked (found the line too long and turned round), reneged (gave up waiting).",
        "additionalProperties": reference("figure"),
    })
}

fn figure_schema() -> Value {
    let mut schema = object(
        "Mean over replications, its 95 % confidence interval, and the 5th and 95th percentile across replications; where the scenario gives ranges also the shares of the variance that are luck and ignorance.",
        &["mean", "lo", "hi", "p05", "p95"].map(|name| (name, reference("number"))),
    );
    for name in ["luck", "ignorance"] {
        schema["properties"][name] = reference("number");
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Table;
    use crate::report::fixture;

    /// The ids of a table, sorted.
    fn ids<I: Id, T>(table: &Table<I, T>, name: impl Fn(&T) -> &str) -> Vec<String> {
        let mut ids: Vec<_> = table.values().map(|entry| name(entry).to_owned()).collect();
        ids.sort();
        ids
    }

    fn example() -> (Model, Value) {
        let model = fixture::model();
        let results = fixture::results(&model);
        let summary = summary(&model, &results);
        (model, summary)
    }

    #[test]
    fn a_summary_has_the_shape_it_promises_and_no_other() {
        let (_, summary) = example();
        let validator = jsonschema::draft7::new(&schema()).expect("the schema is a schema");
        let faults: Vec<_> = validator
            .iter_errors(&summary)
            .map(|fault| fault.to_string())
            .collect();
        assert_eq!(faults, Vec::<String>::new());

        let mut missing = summary.clone();
        missing["rounds"][0]
            .as_object_mut()
            .unwrap()
            .remove("tubes");
        let mut extra = summary.clone();
        extra["rounds"][0]["people"]["guests"] = json!(1);
        let mut text = summary;
        text["cells"][0]["due"]["mean"] = json!("many");
        assert!(
            [missing, extra, text]
                .iter()
                .all(|wrong| !validator.is_valid(wrong))
        );
    }

    #[test]
    fn lists_are_sorted_by_id_then_by_round() {
        let (model, summary) = example();
        let keys = |list: &str| -> Vec<String> {
            let list = summary[list].as_array().unwrap();
            list.iter()
                .map(|entry| {
                    format!(
                        "{} {}",
                        entry["id"].as_str().unwrap(),
                        entry["round"].as_str().unwrap()
                    )
                })
                .collect()
        };
        let cells = ids(&model.cells, |cell| &cell.name.id);
        let rounds = ids(&model.rounds, |round| &round.name.id);
        let expected: Vec<_> = cells
            .iter()
            .flat_map(|cell| rounds.iter().map(move |round| format!("{cell} {round}")))
            .collect();
        assert_eq!(keys("cells"), expected);
        assert!(keys("sites").is_sorted() && keys("labs").is_sorted());
    }

    #[test]
    fn the_minutes_at_the_gates_add_up_to_door_to_result() {
        let (_, summary) = example();
        for round in summary["rounds"].as_array().unwrap() {
            let total: f64 = round["stages_min"]
                .as_object()
                .unwrap()
                .values()
                .map(|gate| gate["mean"].as_f64().unwrap())
                .sum();
            let whole = round["door_to_result_min"]["mean"]["mean"]
                .as_f64()
                .unwrap();
            assert!(
                (total - whole).abs() < whole * 1e-5,
                "{total} is not {whole}"
            );
        }
    }

    #[test]
    fn a_figure_that_does_not_exist_is_null() {
        let model = fixture::model();
        let mut results = fixture::results(&model);
        results.outcome.cells[0].results_end_min.mean = f64::NAN;
        let summary = summary(&model, &results);
        assert_eq!(summary["cells"][0]["results_end_min"]["mean"], Value::Null);
        assert!(jsonschema::draft7::is_valid(&schema(), &summary));
    }

    #[test]
    fn the_shipped_schema_is_the_schema() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/summary.schema.json");
        let text = serde_json::to_string_pretty(&schema()).expect("a schema is JSON") + "\n";
        let shipped = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            shipped == text,
            "make {path} with: swabplan schema --summary"
        );
    }
}
