//! A comparison as one page of HTML: the verdict first, then the table, the charts, what differs and what could turn it around.

use maud::html;

use crate::report::charts::Drawn;
use crate::report::document::{Figure, Grid, Section, document, figure, grid, section};
use crate::report::number::count;
use crate::report::words::{Label, called};
use crate::units::language::Language;

use super::rows::table;
use super::screen::groups;
use super::verdict::{across, narrowed, sentences};
use super::{Compared, difference, progress};

/// The page. It opens offline and prints on A4.
pub fn html(compared: &Compared<'_>, language: Language) -> String {
    let (head, design) = (head(compared, language), design(compared, language));
    let figures = [
        ("results", progress(compared, language)),
        ("difference", difference(compared, language)),
    ]
    .map(|(name, chart)| Figure::new(&Drawn { name, chart }, None));
    let body = html! {
        section #front {
            header { h1 { (head) } p.design { (design) } }
            div.verdict.met {
                strong.badge { (Label::Verdict.says(language)) }
                div { @for line in sentences(compared, language) { p { (line) } } }
            }
            (grid(&rows(compared, language), "plans"))
            @for shown in &figures { (figure(shown)) }
            div.boxes { @for part in &boxes(compared, language) { (section(part)) } }
        }
    };
    document(language.pick("zh-CN", "en"), &head, &body)
}

/// What is compared.
pub(super) fn head(compared: &Compared<'_>, language: Language) -> String {
    let (base, plan) = compared.base();
    let (title, round) = (
        called(&base.model.title, language),
        called(&base.model.rounds[plan.round].name, language),
    );
    let plans = compared.contenders.len();
    language.pick(
        format!("{title} · {plans} 个方案比{round}"),
        format!("{title} · {plans} plans in {round}"),
    )
}

/// Version, seed and replications.
pub(super) fn design(compared: &Compared<'_>, language: Language) -> String {
    let most = compared.comparison.plans.iter();
    let most = most.map(|plan| plan.results.replications).max();
    let (most, seed) = (
        count(f64::from(most.unwrap_or(0))),
        compared.base().1.results.seed,
    );
    let version = env!("CARGO_PKG_VERSION");
    language.pick(
        format!("swabplan {version} · 种子 {seed} · 每个方案最多推演 {most} 次，遇到同样的人、同样的运气"),
        format!("swabplan {version} · seed {seed} · up to {most} replications of each plan, with the same people and the same luck"),
    )
}

/// A row for each figure, a column for each plan.
pub(super) fn rows(compared: &Compared<'_>, language: Language) -> Grid {
    let labels = compared.contenders.iter();
    let labels = labels.map(|contender| contender.label.to_owned());
    let row = |(name, cells): (&'static str, Vec<String>)| {
        std::iter::once(name.to_owned()).chain(cells).collect()
    };
    Grid {
        head: std::iter::once(String::new()).chain(labels).collect(),
        rows: table(compared, language).into_iter().map(row).collect(),
    }
}

/// What each plan changes, and what could turn the verdict around.
pub(super) fn boxes(compared: &Compared<'_>, language: Language) -> Vec<Section> {
    let mut boxes: Vec<Section> = compared.contenders[1..]
        .iter()
        .map(|contender| Section {
            head: language.pick(
                format!("{} 改了什么", contender.label),
                format!("What {} changes", contender.label),
            ),
            lines: groups(contender.differences, language),
        })
        .collect();
    boxes.push(Section {
        head: language.pick("换个假设", "If unsure").to_owned(),
        lines: across(compared, language),
    });
    boxes.push(Section {
        head: Label::Precision.says(language).to_owned(),
        lines: narrowed(compared, language).into_iter().collect(),
    });
    boxes.retain(|part| !part.lines.is_empty());
    boxes
}
