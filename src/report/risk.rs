//! How often it goes wrong, as people and programs read it.

use serde_json::{Value, json};

use crate::experiment::results::{Probability, Results};
use crate::experiment::risk::{Trait, WORST, What};
use crate::id::RoundId;
use crate::model::Model;
use crate::model::incident::Kind;
use crate::units::language::Language;

use super::incidents::kind;
use super::number::{Calendar, json as number, percent};
use super::table::{Column, Table, cell, moment, text};
use super::words::{Label, called};

/// Traits told in one line.
const TOLD: usize = 3;

/// By when the round is done, in a line: in half of the replications, in nearly all, and in how many on time.
pub fn how_often(
    model: &Model,
    results: &Results,
    (id, language): (RoundId, Language),
) -> Option<String> {
    let (round, risk) = (&model.rounds[id], &results.risks[id]);
    let calendar = Calendar {
        first_day: model.first_day,
        language,
    };
    let reached = |least: f64| risk.done.iter().find(|(_, chance)| chance.share >= least);
    let mut shown: Vec<&(u32, Probability)> = [0.5, 0.95].into_iter().filter_map(reached).collect();
    shown.dedup();
    let each = shown.into_iter().map(|(hour, chance)| {
        let clock = calendar.clock_after(round.opens, f64::from(*hour) * 60.0);
        let share = percent(chance.share);
        language.pick(
            format!("{clock} 前全部出完的占 {share}"),
            format!("all out by {clock} in {share}"),
        )
    });
    let mut each: Vec<String> = each.collect();
    let on_time = results.on_time[id];
    let (share, lo, hi) = (
        percent(on_time.share),
        percent(on_time.lo),
        percent(on_time.hi),
    );
    let (lo, all) = (lo.trim_end_matches('%'), results.replications);
    each.push(language.pick(
        format!("赶上时限的占 {share}（{lo}–{hi}，{all} 次）"),
        format!("on time in {share} ({lo}–{hi}, of {all})"),
    ));
    (!risk.done.is_empty()).then(|| each.join(language.pick("，", ", ")))
}

/// What the worst replications have in common, in a line; none where that is nothing beyond chance.
pub fn worst(
    model: &Model,
    results: &Results,
    (id, language): (RoundId, Language),
) -> Option<String> {
    let worst = results.risks[id].worst.as_ref()?;
    let calendar = Calendar {
        first_day: model.first_day,
        language,
    };
    let from = calendar.clock_after(model.rounds[id].opens, worst.from_min);
    let traits: Vec<String> = worst
        .traits
        .iter()
        .take(TOLD)
        .map(|found| told(model, found, language))
        .collect();
    if traits.is_empty() {
        return None;
    }
    let traits = traits.join(language.pick("；", "; "));
    let (many, share) = (worst.replications, percent(WORST));
    Some(language.pick(
        format!("最坏的 {share}（{many} 次，{from} 以后才出完）：{traits}"),
        format!("the worst {share} ({many}, not out before {from}): {traits}"),
    ))
}

fn told(model: &Model, found: &Trait, language: Language) -> String {
    let (many, of) = found.found;
    let usual = percent(found.usual);
    let what = match found.what {
        What::Low(unknown) => {
            let what = model.unknowns[unknown].called.says(language);
            language.pick(format!("{what}偏低"), format!("{what} low"))
        }
        What::High(unknown) => {
            let what = model.unknowns[unknown].called.says(language);
            language.pick(format!("{what}偏高"), format!("{what} high"))
        }
        What::Incident(at) => incident(model, at, language),
    };
    language.pick(
        format!("{what}，{of} 次中有 {many} 次（平常 {usual}）"),
        format!("{what} in {many} of {of} (usually {usual})"),
    )
}

/// An incident by its place in the outcome.
fn incident(model: &Model, at: usize, language: Language) -> String {
    let stated = model.incidents.get(at);
    let drawn = || {
        let drawn = Kind::DRAWN.get(at - model.incidents.len());
        drawn.map_or_else(String::new, |drawn| kind(*drawn, language).to_owned())
    };
    stated.map_or_else(drawn, |incident| {
        called(&incident.name, language).to_owned()
    })
}

/// By when each round is done, hour by hour: `chances.csv`.
pub(super) fn chances(model: &Model, results: &Results, language: Language) -> Table {
    let of = |label| Column::of(label, language);
    let columns = vec![
        of(Label::Id),
        of(Label::Name),
        Column::plain(language.pick("开始后(小时)", "hours after opening")),
        of(Label::Clock),
        Column::share(language.pick("全部出完的概率", "probability all out")),
        of(Label::OnTimeLo),
        of(Label::OnTimeHi),
    ];
    let calendar = Calendar {
        first_day: model.first_day,
        language,
    };
    let rows = results.risks.iter().flat_map(|(id, risk)| {
        let round = &model.rounds[id];
        risk.done.iter().map(move |(hour, chance)| {
            let clock = Calendar::after(round.opens, f64::from(*hour) * 60.0);
            let mut row = vec![
                text(&round.name.id),
                text(called(&round.name, language)),
                cell(f64::from(*hour)),
                moment(calendar, clock),
            ];
            row.extend([chance.share, chance.lo, chance.hi].map(cell));
            row
        })
    });
    Table {
        name: "chances",
        columns,
        rows: rows.collect(),
    }
}

/// The chances of a round for programs.
pub(super) fn done_by(results: &Results, id: RoundId) -> Value {
    let one = |(hour, chance): &(u32, Probability)| {
        json!({
            "hours": hour,
            "share": number(chance.share),
            "lo": number(chance.lo),
            "hi": number(chance.hi),
        })
    };
    results.risks[id].done.iter().map(one).collect()
}

/// The worst replications of a round for programs.
pub(super) fn worst_json(model: &Model, results: &Results, id: RoundId) -> Option<Value> {
    let worst = results.risks[id].worst.as_ref()?;
    let one = |found: &Trait| {
        let (what, third) = match found.what {
            What::Low(unknown) => (model.unknowns[unknown].key.clone(), Some("low")),
            What::High(unknown) => (model.unknowns[unknown].key.clone(), Some("high")),
            What::Incident(at) => (incident_id(model, at), None),
        };
        json!({
            "what": what,
            "third": third,
            "in": found.found.0,
            "of": found.found.1,
            "usual": number(found.usual),
        })
    };
    Some(json!({
        "replications": worst.replications,
        "from_min": number(worst.from_min),
        "in_common": worst.traits.iter().map(one).collect::<Vec<_>>(),
    }))
}

fn incident_id(model: &Model, at: usize) -> String {
    let drawn = || {
        let drawn = Kind::DRAWN.get(at - model.incidents.len());
        drawn.map_or_else(String::new, |drawn| drawn.id().to_owned())
    };
    (model.incidents.get(at)).map_or_else(drawn, |incident| incident.name.id.clone())
}
