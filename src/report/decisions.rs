//! What a campaign decides, on the screen and in summary.json.

use serde_json::{Map, Value, json};

use crate::experiment::campaign::{Campaign, Easing, Holding, Quantiles};
use crate::experiment::results::{Figure, Probability, Results};
use crate::id::Id;
use crate::measure::outcome::RoundOutcome;
use crate::model::campaign::Review;
use crate::model::{Model, Name};
use crate::stats::interval::none_found;
use crate::units::Time;
use crate::units::language::Language;

use super::layout::crop;
use super::number::{self, Calendar, count, decimal, minutes, percent};
use super::summary::object;
use super::words::called;

/// Columns of a name.
const NAME: usize = 16;

/// When tiers come down: the cell whose tier comes down last, and what the last round proves.
pub fn down(model: &Model, results: &Results, language: Language) -> Option<String> {
    let campaign = results.campaign.as_ref()?;
    let concerned = || {
        let cells = model.cells.values().zip(&campaign.cells);
        cells.filter(|(_, easing)| easing.concerned > 0.0)
    };
    let late = |easing: &Easing| {
        let never = (1.0 - easing.lowered.share) * easing.concerned;
        (never, easing.lowered_min.p95)
    };
    let order = |one: &Easing, other: &Easing| {
        let ((never, at), (other_never, other_at)) = (late(one), late(other));
        never.total_cmp(&other_never).then(at.total_cmp(&other_at))
    };
    let (cell, easing) = concerned().max_by(|one, other| order(one.1, other.1))?;
    let (name, share) = (name_of(&cell.name, language), percent(easing.lowered.share));
    let more = concerned().count() - 1;
    let calendar = Calendar {
        first_day: model.first_day,
        language,
    };
    let first = model
        .rounds
        .values()
        .next()
        .map_or(Time::ZERO, |round| round.opens);
    let clock = |at: f64| {
        Calendar::after(first, at).map_or_else(String::new, |moment| calendar.moment(moment))
    };
    let when = if easing.lowered.share > 0.0 {
        let (half, most) = (clock(easing.lowered_min.p50), clock(easing.lowered_min.p95));
        language.pick(
            format!("，一半在 {half} 前，95% 在 {most} 前"),
            format!(", half by {half}, 95% by {most}"),
        )
    } else {
        String::new()
    };
    let others = match more {
        0 => String::new(),
        _ => language.pick(
            format!("（另 {more} 个网格更早）"),
            format!(" ({more} more cells earlier)"),
        ),
    };
    let text = language.pick(
        format!("最晚是 {name}：{share} 的情形能降级{when}{others}"),
        format!("last {name}: lowered in {share} of cases{when}{others}"),
    );
    Some(text + &proof(results, language))
}

/// What the largest round proves in which nobody is ever found positive.
fn proof(results: &Results, language: Language) -> String {
    let clear = |round: &&RoundOutcome<Figure>| {
        round.swabbed.mean >= 1.0 && round.positive_tubes.mean <= 0.0
    };
    let size = |one: &&RoundOutcome<Figure>, other: &&RoundOutcome<Figure>| {
        one.swabbed.mean.total_cmp(&other.swabbed.mean)
    };
    let Some(round) = results.outcome.rounds.values().filter(clear).max_by(size) else {
        return String::new();
    };
    let (people, bound) = (
        count(round.swabbed.mean),
        decimal(none_found(round.swabbed.mean, 0.95) * 1e4, 1),
    );
    language.pick(
        format!("\n一轮 {people} 人全阴，只说明感染比例低于万分之 {bound}（95%，未计漏检和未采）"),
        format!("\n0 of {people} in a round bounds prevalence at {bound} in 10,000, no more (95%; misses and the unswabbed apart)"),
    )
}

/// Whether rounds that wait open: the one that is in most danger.
pub fn next_round(model: &Model, results: &Results, language: Language) -> Option<String> {
    let campaign = results.campaign.as_ref()?;
    let gates = &model.campaign.as_ref()?.gates;
    let waiting = model
        .rounds
        .iter()
        .zip(&campaign.rounds)
        .filter(|((id, _), _)| gates.get(id.index()).is_some_and(Option::is_some));
    let danger = |holding: &Holding| holding.as_planned.share;
    let ((_, round), holding) =
        waiting.min_by(|(_, one), (_, other)| danger(one).total_cmp(&danger(other)))?;
    let name = name_of(&round.name, language);
    let [planned, held] = [holding.as_planned.share, holding.held.share];
    let (planned, dropped) = (percent(planned), percent(1.0 - held));
    let later = percent(held - holding.as_planned.share);
    let by = minutes(holding.postponed_min.p95, language);
    Some(language.pick(
        format!("{name}：按时开 {planned}，推迟 {later}（95% 的情形不超过 {by}），不开 {dropped}"),
        format!("{name}: on time {planned}, postponed {later} (up to {by} in 95% of cases), not held {dropped}"),
    ))
}

fn name_of(name: &Name, language: Language) -> String {
    crop(called(name, language), NAME)
}

fn review(model: &Model) -> Option<&Review> {
    model.campaign.as_ref()?.review.as_ref()
}

/// The part of summary.json.
pub fn value(model: &Model, campaign: &Campaign) -> Value {
    let mut rounds: Vec<(String, Value)> = model
        .rounds
        .values()
        .zip(&campaign.rounds)
        .map(|(round, holding)| {
            let id = &round.name.id;
            let value = json!({
                "id": id,
                "held": probability(&holding.held),
                "as_planned": probability(&holding.as_planned),
                "postponed_min": quantiles(&holding.postponed_min),
            });
            (id.clone(), value)
        })
        .collect();
    let rules = review(model).map_or(&[][..], |review| &review.rules);
    let mut acted: Vec<(String, Value)> = rules
        .iter()
        .zip(&campaign.rules)
        .map(|(rule, (share, first))| {
            let id = &rule.name.id;
            let value =
                json!({ "id": id, "acted": probability(share), "first_min": quantiles(first) });
            (id.clone(), value)
        })
        .collect();
    let mut cells: Vec<(String, Value)> = model
        .cells
        .iter()
        .zip(&campaign.cells)
        .filter(|(_, easing)| easing.concerned > 0.0)
        .map(|((cell, entry), easing)| {
            let id = &entry.name.id;
            let tiers: Map<String, Value> = model
                .rounds
                .iter()
                .map(|(round, round_entry)| {
                    let shares = campaign.tiers[round.index()][cell.index()];
                    (round_entry.name.id.clone(), json!(shares.map(number::json)))
                })
                .collect();
            let value = json!({
                "id": id,
                "concerned": number::json(easing.concerned),
                "lowered": probability(&easing.lowered),
                "lowered_min": quantiles(&easing.lowered_min),
                "lifted": probability(&easing.lifted),
                "lifted_min": quantiles(&easing.lifted_min),
                "tiers": tiers,
            });
            (id.clone(), value)
        })
        .collect();
    for list in [&mut rounds, &mut acted, &mut cells] {
        list.sort_by(|one, other| one.0.cmp(&other.0));
    }
    let [rounds, rules, cells] = [rounds, acted, cells]
        .map(|list| list.into_iter().map(|(_, value)| value).collect::<Vec<_>>());
    json!({ "rounds": rounds, "cells": cells, "rules": rules })
}

fn probability(share: &Probability) -> Value {
    json!({ "share": number::json(share.share), "lo": number::json(share.lo), "hi": number::json(share.hi) })
}

fn quantiles(minutes: &Quantiles) -> Value {
    json!({ "p05": number::json(minutes.p05), "p50": number::json(minutes.p50), "p95": number::json(minutes.p95) })
}

/// The shape of [`value`].
pub fn schema() -> Value {
    let list = |items: Value| json!({ "type": "array", "items": items });
    let round = [
        ("id", json!({ "type": "string" })),
        ("held", share_schema("It is held.")),
        ("as_planned", share_schema("It opens at its time.")),
        (
            "postponed_min",
            minutes_schema("By how much it is postponed, where it is held."),
        ),
    ];
    let rule = [
        ("id", json!({ "type": "string" })),
        ("acted", share_schema("It acts.")),
        (
            "first_min",
            minutes_schema("When what it looks at is first so."),
        ),
    ];
    object(
        "What is decided on the way. Shares are of replications, with their Wilson 95 % interval; moments count from the planned opening of the first round.",
        &[
            ("rounds", list(object("A round.", &round))),
            ("cells", list(cell_schema())),
            ("rules", list(object("A rule of the review.", &rule))),
        ],
    )
}

fn cell_schema() -> Value {
    let number = json!({ "$ref": "#/definitions/number" });
    let tiers = json!({
        "type": "object",
        "description": "By round: the shares at precaution, controlled, sealed and in isolation when it opens.",
        "additionalProperties": { "type": "array", "items": number, "minItems": 4, "maxItems": 4 },
    });
    let cell = [
        ("id", json!({ "type": "string" })),
        ("concerned", number),
        (
            "lowered",
            share_schema("A rule lowers its tier, of the replications in which it is concerned."),
        ),
        ("lowered_min", minutes_schema("When one first does.")),
        (
            "lifted",
            share_schema("It is of the mildest tier in the end."),
        ),
        ("lifted_min", minutes_schema("Since when.")),
        ("tiers", tiers),
    ];
    object("A cell that is ever above the mildest tier.", &cell)
}

fn share_schema(description: &str) -> Value {
    let number = json!({ "$ref": "#/definitions/number" });
    object(
        description,
        &["share", "lo", "hi"].map(|name| (name, number.clone())),
    )
}

fn minutes_schema(description: &str) -> Value {
    let number = json!({ "$ref": "#/definitions/number" });
    object(
        description,
        &["p05", "p50", "p95"].map(|name| (name, number.clone())),
    )
}
