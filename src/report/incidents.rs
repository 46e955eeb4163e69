//! What went wrong and what sites were closed for, as people and programs read it.

use serde_json::{Value, json};

use crate::experiment::results::{Figure, Results};
use crate::measure::outcome::IncidentOutcome;
use crate::model::Model;
use crate::model::incident::{Incident, Kind};
use crate::units::language::Language;

use super::layout::crop;
use super::number::{Calendar, decimal, percent};
use super::words::called;

/// An incident of the scenario, or a kind that is drawn.
pub(super) enum Told<'a> {
    /// At a time.
    Stated(&'a Incident),
    /// At random.
    Drawn(Kind),
}

/// Everything that may go wrong, with what came of it.
pub(super) fn told<'a>(
    model: &'a Model,
    results: &'a Results,
) -> impl Iterator<Item = (Told<'a>, &'a IncidentOutcome<Figure>)> {
    let drawn = Kind::DRAWN.into_iter().filter(|_| model.stress.is_some());
    let stated = model.incidents.iter().map(Told::Stated);
    stated
        .chain(drawn.map(Told::Drawn))
        .zip(&results.outcome.incidents)
}

/// A kind in words.
pub(super) fn kind(kind: Kind, language: Language) -> &'static str {
    let (zh, en) = match kind {
        Kind::Site => ("采样点关闭", "site closed"),
        Kind::Road => ("道路受阻", "road"),
        Kind::Storm => ("风雨", "storm"),
        Kind::Upload => ("上传中断", "upload down"),
        Kind::People => ("多来的人", "more people"),
        Kind::Tubes => ("外来样本", "wave of tubes"),
        Kind::Staff => ("缺员", "staff missing"),
        Kind::Registration => ("登记中断", "registration down"),
        Kind::Machine => ("停机", "machines down"),
    };
    language.pick(zh, en)
}

/// One line for the screen, if anything may go wrong: the first few, each with its hours or how often it happens.
pub(super) fn line(
    model: &Model,
    results: &Results,
    (language, most): (Language, usize),
) -> Option<String> {
    let calendar = Calendar {
        first_day: model.first_day,
        language,
    };
    let one = |(told, outcome): (Told<'_>, &IncidentOutcome<Figure>)| match told {
        Told::Stated(incident) => {
            let name = crop(called(&incident.name, language), 16);
            let end = incident.at + incident.lasts.value;
            let (from, to) = (calendar.moment(incident.at), calendar.clock_after(end, 0.0));
            format!("{name} {from}–{to}")
        }
        Told::Drawn(drawn) => {
            let (name, share) = (kind(drawn, language), percent(outcome.happens.mean));
            let times = decimal(outcome.times.mean, 1);
            language.pick(
                format!("{name} {times} 起（{share} 的重复）"),
                format!("{name} {times} times (in {share})"),
            )
        }
    };
    let all: Vec<String> = told(model, results).map(one).collect();
    let more = all.len().saturating_sub(most.max(2));
    let shown = all[..all.len() - more].join(language.pick("；", "; "));
    if all.is_empty() {
        None
    } else if more == 0 {
        Some(shown)
    } else {
        Some(language.pick(
            format!("{shown}；另有 {more} 种"),
            format!("{shown}; {more} more"),
        ))
    }
}

/// The same for programs.
pub(super) fn json(model: &Model, results: &Results, figure: fn(&Figure) -> Value) -> Vec<Value> {
    let calendar = Calendar {
        first_day: model.first_day,
        language: Language::English,
    };
    told(model, results)
        .map(|(told, outcome)| {
            let mut value = json!({
                "happens": figure(&outcome.happens),
                "times": figure(&outcome.times),
                "minutes": figure(&outcome.minutes),
            });
            match told {
                Told::Stated(incident) => {
                    value["id"] = incident.name.id.clone().into();
                    value["kind"] = incident.what.kind().id().into();
                    value["at"] = calendar.iso(incident.at).into();
                }
                Told::Drawn(kind) => value["kind"] = kind.id().into(),
            }
            value
        })
        .collect()
}
