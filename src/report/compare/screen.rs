//! A comparison on one screen: the verdict first, then the table, then what differs and what could turn it around.

use std::collections::BTreeMap;

use crate::report::layout::{COLUMNS, crop, labelled, table as lay_out};
use crate::report::number::count;
use crate::report::words::{Label, called};
use crate::scenario::difference::Difference;
use crate::units::language::Language;

use super::rows::table;
use super::verdict::{across, narrowed, sentences};
use super::{Compared, rules};

/// Plans in one table.
const ABREAST: usize = 3;
/// Differences named of each plan.
const NAMED: usize = 3;

/// The screen after a comparison. `files` is where its files are.
pub fn screen(compared: &Compared<'_>, language: Language, files: Option<&str>) -> String {
    let (base, plan) = compared.base();
    let round = crop(called(&base.model.rounds[plan.round].name, language), 12);
    let title = crop(called(&base.model.title, language), 30);
    let (plans, most) = (
        compared.contenders.len(),
        compared
            .comparison
            .plans
            .iter()
            .map(|plan| plan.results.replications)
            .max()
            .unwrap_or(0),
    );
    let (most, seed) = (count(f64::from(most)), plan.results.seed);
    let head = language.pick(
        format!("{title} · {plans} 个方案比{round} · 重复 {most} 次，种子 {seed}\n"),
        format!("{title} · {plans} plans in {round} · {most} replications, seed {seed}\n"),
    );
    let verdict = labelled(
        &[(
            Label::Verdict.says(language),
            sentences(compared, language).join("\n"),
        )],
        language,
    );
    let differ = differ(compared, language);
    let mut below = vec![(language.pick("不同处", "Differ"), differ)];
    below.retain(|(_, text)| !text.is_empty());
    let rules = rules::told(compared, language);
    if !rules.is_empty() {
        below.push((language.pick("官方标准", "Rules"), rules.join("\n")));
    }
    let across = across(compared, language);
    if !across.is_empty() {
        below.push((language.pick("换个假设", "If unsure"), across.join("\n")));
    }
    below.extend(narrowed(compared, language).map(|text| (Label::Precision.says(language), text)));
    below.extend(files.map(|files| (Label::Files.says(language), files.to_owned())));
    [
        head,
        verdict,
        tables(compared, language),
        labelled(&below, language),
    ]
    .join("\n")
}

/// The table, a few plans abreast; the base stands in each.
fn tables(compared: &Compared<'_>, language: Language) -> String {
    let rows = table(compared, language);
    let labels: Vec<&str> = compared
        .contenders
        .iter()
        .map(|contender| contender.label)
        .collect();
    let width = usize::from(COLUMNS).div_ceil(ABREAST + 1);
    let mut text = String::new();
    let others: Vec<usize> = (1..labels.len()).collect();
    for shown in others.chunks(ABREAST - 1) {
        let shown: Vec<usize> = std::iter::once(0).chain(shown.iter().copied()).collect();
        let heads: Vec<String> = shown
            .iter()
            .map(|&plan| crop(labels[plan], width))
            .collect();
        let mut head = vec![""];
        head.extend(heads.iter().map(String::as_str));
        let row = |(name, cells): &(&'static str, Vec<String>)| {
            let cells = shown.iter().map(|&plan| crop(&cells[plan], width + 4));
            std::iter::once((*name).to_owned()).chain(cells).collect()
        };
        if !text.is_empty() {
            text.push('\n');
        }
        text += &lay_out(&head, rows.iter().map(row));
    }
    text
}

/// What each plan changes, in a line.
fn differ(compared: &Compared<'_>, language: Language) -> String {
    let of = |contender: &super::Contender<'_>| {
        let groups = groups(contender.differences, language);
        let named: Vec<String> = groups.iter().take(NAMED).cloned().collect();
        let rest = groups.len().saturating_sub(NAMED);
        let more = if rest == 0 {
            String::new()
        } else {
            language.pick(format!("；另有 {rest} 处"), format!("; and {rest} more"))
        };
        let named = if named.is_empty() {
            language.pick("没有不同", "nothing").to_owned()
        } else {
            named.join(language.pick("；", "; "))
        };
        format!(
            "{}{}{named}{more}",
            contender.label,
            language.pick("：", ": ")
        )
    };
    compared.contenders[1..]
        .iter()
        .filter(|contender| contender.rule.is_none())
        .map(of)
        .collect::<Vec<_>>()
        .join("\n")
}

/// Changes in words: one key with its values, or a key of many entries with how many change.
pub(super) fn groups(differences: &[Difference], language: Language) -> Vec<String> {
    let mut groups: BTreeMap<(String, String), Vec<&Difference>> = BTreeMap::new();
    for difference in differences {
        let parts: Vec<&str> = difference.key.split('.').collect();
        let group = match parts.as_slice() {
            [list @ ("cells" | "sites"), _, rest @ ..] => ((*list).to_owned(), rest.join(".")),
            _ => (difference.key.clone(), String::new()),
        };
        groups.entry(group).or_default().push(difference);
    }
    let shown = |value: &Option<String>| {
        value
            .as_deref()
            .map_or_else(|| "—".to_owned(), |value| crop(value, 28))
    };
    let one = |changes: &Vec<&Difference>| {
        let first = changes[0];
        match (changes.len(), first.of_all()) {
            (many @ 2.., Some(of_all)) => format!("{} ×{many}", of_all.says(language)),
            _ => format!(
                "{} {} → {}",
                first.called().says(language),
                shown(&first.first),
                shown(&first.second)
            ),
        }
    };
    groups.values().map(one).collect()
}
