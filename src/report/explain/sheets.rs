//! The explanation for spreadsheets and programs.

use serde_json::{Map, Value, json};

use crate::experiment::explain::{Cause, Whom};
use crate::experiment::lever::Pull;
use crate::report::levers::lever;
use crate::report::number::{cell, json as number};
use crate::report::risk;
use crate::report::table::{harmless, spreadsheet};
use crate::report::words::Label;
use crate::stats::selection::Paired;
use crate::units::language::Language;

use super::{Explained, words};

/// The name of the shape; it changes when a program that reads it would have to change.
const SHAPE: &str = "swabplan.explain/1";

/// Minutes of each person, part by part.
pub fn by_part(explained: &Explained<'_>, language: Language) -> Vec<u8> {
    let heads = language.pick(
        ["编号", "在哪里", "每人分钟", "占比"],
        ["id", "where", "minutes each", "share"],
    );
    let found = explained.found;
    let each = found.each();
    let rows = found.parts.list.iter().zip(&each).map(|(&part, &minutes)| {
        vec![
            harmless(&words::id(explained.model, &found.parts, part)),
            harmless(&explained.says(part, language)),
            cell(minutes),
            cell(minutes / found.minutes_of_each()),
        ]
    });
    spreadsheet(heads.into_iter(), rows)
}

/// The parts in which anybody is, with their place in the list.
fn there(explained: &Explained<'_>) -> Vec<usize> {
    let each = explained.found.each();
    (0..each.len()).filter(|&at| each[at] > 0.0).collect()
}

/// People by hour and part.
pub fn by_hour(explained: &Explained<'_>, language: Language) -> Vec<u8> {
    let parts = there(explained);
    let mut heads = vec![Label::Clock.says(language).to_owned()];
    let list = &explained.found.parts.list;
    heads.extend(
        parts
            .iter()
            .map(|&at| harmless(&explained.says(list[at], language))),
    );
    let calendar = explained.calendar(language);
    let hours = explained.by_hour();
    let rows = hours.iter().enumerate().map(|(hour, people)| {
        let mut row = vec![calendar.spreadsheet(explained.clock(hour))];
        row.extend(parts.iter().map(|&at| cell(people[at])));
        row
    });
    spreadsheet(heads.iter().map(String::as_str), rows)
}

/// Minutes of each person by site and part.
pub fn by_site(explained: &Explained<'_>, language: Language) -> Vec<u8> {
    let parts = there(explained);
    let list = &explained.found.parts.list;
    let mut heads = vec![
        Label::Site.says(language).to_owned(),
        Label::Name.says(language).to_owned(),
        language.pick("人", "people").to_owned(),
        language.pick("每人分钟", "minutes each").to_owned(),
    ];
    heads.extend(
        parts
            .iter()
            .map(|&at| harmless(&explained.says(list[at], language))),
    );
    let rows = explained.by_site().into_iter().map(|(site, people, each)| {
        let id = site.map_or("", |site| &explained.model.sites[site].name.id);
        let mut row = vec![
            harmless(id),
            harmless(&explained.site_name(site, language)),
            cell(people),
            cell(each.iter().sum()),
        ];
        row.extend(parts.iter().map(|&at| cell(each[at])));
        row
    });
    spreadsheet(heads.iter().map(String::as_str), rows)
}

/// Everything for a program.
pub fn json(explained: &Explained<'_>) -> Value {
    let found = explained.found;
    let id = |at: usize| words::id(explained.model, &found.parts, found.parts.list[at]);
    let by_part = |minutes: &[f64]| -> Map<String, Value> {
        let there = minutes
            .iter()
            .enumerate()
            .filter(|(_, minutes)| **minutes > 0.0);
        there
            .map(|(at, &minutes)| (id(at), number(minutes)))
            .collect()
    };
    let calendar = explained.calendar(Language::English);
    let hours: Vec<Value> = explained
        .by_hour()
        .iter()
        .enumerate()
        .map(|(hour, people)| json!({ "at": calendar.iso(explained.clock(hour)), "people": by_part(people) }))
        .collect();
    let sites: Vec<Value> = explained
        .by_site()
        .iter()
        .map(|(site, people, each)| {
            let id = site.map(|site| explained.model.sites[site].name.id.clone());
            json!({ "site": id, "people": number(*people), "minutes": by_part(each) })
        })
        .collect();
    let causes: Vec<Value> = found
        .causes
        .iter()
        .map(|cause| of_cause(explained, cause))
        .collect();
    json!({
        "schema": SHAPE,
        "version": env!("CARGO_PKG_VERSION"),
        "scenario": { "title": explained.model.title.zh, "hash": explained.model.hash },
        "seed": explained.model.design.seed,
        "replications": found.replications,
        "round": explained.round().name.id,
        "whom": match found.whom { Whom::Late => "late", Whom::Last => "last" },
        "published": number(found.published),
        "people": number(found.people),
        "minutes": { "mean": number(found.minutes.0), "lo": number(found.minutes.1), "hi": number(found.minutes.2) },
        "results_end_min": { "mean": number(found.last.0), "lo": number(found.last.1), "hi": number(found.last.2) },
        "done_by": risk::done_by(explained.results, found.round),
        "worst": risk::worst_json(explained.model, explained.results, found.round),
        "parts": by_part(&found.each()),
        "causes": causes,
        "hours": hours,
        "sites": sites,
    })
}

fn of_cause(explained: &Explained<'_>, cause: &Cause) -> Value {
    let parts: Vec<String> = cause
        .parts
        .iter()
        .map(|&part| words::id(explained.model, &explained.found.parts, part))
        .collect();
    let difference = |paired: &Paired| json!({ "mean": number(paired.mean), "lo": number(paired.mean - paired.half), "hi": number(paired.mean + paired.half) });
    let relief = cause.relief.as_ref().map(|relief| {
        json!({
            "lever": lever(explained.model, &relief.lever, relief.pull, Language::English),
            "pull": match relief.pull { Pull::Away => "away", Pull::Down => "down", Pull::Up => "up", Pull::UpTwice => "up_twice" },
            "minutes": difference(&relief.gain),
            "results_end_min": difference(&relief.last),
            "late": difference(&relief.late),
        })
    });
    json!({ "parts": parts, "minutes": number(cause.minutes), "relieved": relief })
}
