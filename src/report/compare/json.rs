//! A comparison for programs.

use serde_json::{Value, json};

use crate::experiment::compare::{Compared as Of, End, Plan};
use crate::experiment::rules::Rule;
use crate::report::number::json as number;
use crate::report::summary::summary;

use super::{Compared, Contender};

/// The name of the shape; it changes when a program that reads it would have to change.
const SHAPE: &str = "swabplan.comparison/1";

/// Everything that was compared, with the summary of each plan.
pub fn json(compared: &Compared<'_>) -> Value {
    let comparison = compared.comparison;
    let (base, plan) = compared.base();
    json!({
        "schema": SHAPE,
        "version": env!("CARGO_PKG_VERSION"),
        "seed": plan.results.seed,
        "decides": Of::watched(comparison.of).id(),
        "round": base.model.rounds[plan.round].name.id,
        "indifference_min": number(compared.indifference_min),
        "best": match comparison.end {
            End::Best(best) => Value::from(compared.contenders[best].label),
            End::Open | End::NoFigure | End::Interrupted => Value::Null,
        },
        "replications_to_decide": comparison.needed,
        "plans": compared.plans().map(|(contender, plan)| entry(compared, contender, plan)).collect::<Vec<_>>(),
    })
}

fn entry(compared: &Compared<'_>, contender: &Contender<'_>, plan: &Plan) -> Value {
    let base = compared.base().0.model;
    let differences: Vec<Value> = plan
        .differences
        .iter()
        .map(|difference| {
            let found = &difference.paired;
            json!({
                "figure": difference.of.id(),
                "round": base.rounds[difference.round].name.id,
                "mean": number(found.mean),
                "lo": number(found.mean - found.half),
                "hi": number(found.mean + found.half),
                "clear": found.is_clear(),
                "smaller_in": number(found.smaller),
                "narrowed": number(found.narrowed),
            })
        })
        .collect();
    let changes: Vec<Value> = contender
        .differences
        .iter()
        .map(|change| json!({ "key": change.key, "base": change.first, "plan": change.second }))
        .collect();
    let turns: Vec<Value> = plan
        .turns
        .iter()
        .map(|turn| json!({ "key": base.unknowns[turn.unknown].key, "low_min": number(turn.low), "high_min": number(turn.high) }))
        .collect();
    json!({
        "label": contender.label,
        "rule": contender.rule.map(|rule| match rule {
            Rule::Sites => "site_per_3000",
            Rule::LanesOf800 => "lane_per_800",
            Rule::LanesOf600 => "lane_per_600",
            Rule::Swabbers => "swabber_per_360",
        }),
        "changes": changes,
        "replications": plan.results.replications,
        "dropped_after": plan.dropped,
        "chance_of_best": number(plan.chance),
        "from_best_min": { "mean": number(plan.from_best.mean), "lo": number(plan.from_best.lo), "hi": number(plan.from_best.hi) },
        "against_base": differences,
        "unknowns": turns,
        "summary": summary(contender.model, &plan.results),
    })
}
