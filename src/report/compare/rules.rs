//! The official rules beside the plan: where they give too little here, and where more than is needed.

use crate::experiment::compare::Plan;
use crate::experiment::rules::Rule;
use crate::report::number::{count, minutes, percent};
use crate::report::verdict::MET;
use crate::units::language::Language;

use super::rows::{lanes, used_sites};
use super::{Compared, Contender};

/// The longest queue that a resident should stand in (Hangzhou, 2022).
const QUEUE_MIN: f64 = 30.0;

/// A rule, short enough for the head of a column.
pub fn called(rule: Rule, language: Language) -> &'static str {
    match rule {
        Rule::Sites => language.pick("2-3千人1点", "site per 2,000–3,000"),
        Rule::LanesOf800 => language.pick("800人1台", "lane per 800"),
        Rule::LanesOf600 => language.pick("600人1台", "lane per 600"),
        Rule::Swabbers => language.pick("360人1采样员", "swabber per 360"),
    }
}

/// Whether a plan does: nearly always on time, and nearly nobody in a long queue.
fn does(plan: &Plan) -> bool {
    plan.deciding().on_time.mean >= MET && plan.deciding().wait_min.p95.mean <= QUEUE_MIN
}

/// What each rule comes to in this county.
pub(super) fn told(compared: &Compared<'_>, language: Language) -> Vec<String> {
    let base = compared.base();
    let ruled = compared
        .plans()
        .filter_map(|(contender, plan)| Some((contender.rule?, contender, plan)));
    let mut lines: Vec<String> = ruled
        .map(|(rule, contender, plan)| {
            let so = verdict(base, (contender, plan), language);
            format!(
                "{}{}{}{so}",
                called(rule, language),
                language.pick("：", ": "),
                found((contender, plan), language)
            )
        })
        .collect();
    if !lines.is_empty() {
        let own = language.pick("本方案：", "the plan: ");
        let so = if does(base.1) {
            language.pick("够", "enough")
        } else {
            language.pick("不够", "too little")
        };
        lines.insert(0, format!("{own}{}{so}", found(base, language)));
    }
    lines
}

fn found((contender, plan): (&Contender<'_>, &Plan), language: Language) -> String {
    let (sites, lanes) = (used_sites(contender.model), lanes(contender.model));
    let lanes = count(lanes as f64);
    let on_time = percent(plan.deciding().on_time.mean);
    let wait = minutes(plan.deciding().wait_min.p95.mean, language);
    language.pick(
        format!("{sites} 点 {lanes} 台，按时 {on_time}，95% 等候不超过 {wait}；"),
        format!("{sites} sites, {lanes} lanes, on time in {on_time}, 95% wait below {wait}: "),
    )
}

/// Whether a rule gives enough here, against what the plan has.
fn verdict(
    (base, based): (&Contender<'_>, &Plan),
    (contender, plan): (&Contender<'_>, &Plan),
    language: Language,
) -> String {
    let size = |model| (lanes(model), used_sites(model) as u64);
    let (has, asks) = (size(base.model), size(contender.model));
    let more = asks.0 > has.0 || asks.1 > has.1;
    let told = match (does(plan), does(based)) {
        (true, true) if more => {
            language.pick("够，比需要的多", "enough, and more than is needed here")
        }
        (true, true) if asks < has => {
            language.pick("够，还比本方案少", "enough, with less than the plan has")
        }
        (true, _) => language.pick("够", "enough"),
        (false, _) if more => language.pick(
            "比本方案多，仍不够",
            "more than the plan has, and still too little",
        ),
        (false, _) => language.pick("在这里不够", "too little here"),
    };
    told.to_owned()
}
