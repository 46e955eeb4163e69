//! A comparison as PDF.

use crate::chart::{self, Chart};
use crate::report::number::count;
use crate::report::pdf::{Block, Paper};
use crate::report::words::{Label, called};
use crate::units::language::Language;

use super::html::{boxes, design, head, rows};
use super::slides::split;
use super::verdict::sentences;
use super::{Compared, difference, progress, rules};

/// Plans side by side, the base besides.
const PLANS: usize = 3;
/// Sentences of the verdict in its box; the others stand under it.
const BOXED: usize = 8;

/// The bytes of the file: the verdict, the figures of each plan, the charts, what each plan changes, method and provenance.
pub fn pdf(compared: &Compared<'_>, language: Language) -> Vec<u8> {
    let said = sentences(compared, language);
    let title = head(compared, language);
    let mut blocks = vec![
        Block::Title(title.clone()),
        Block::Small(design(compared, language)),
    ];
    let (boxed, more) = said.split_at(said.len().min(BOXED));
    blocks.push(Block::Verdict(
        true,
        Label::Verdict.says(language),
        boxed.to_vec(),
    ));
    blocks.extend(more.iter().cloned().map(Block::Words));
    blocks.push(Block::Part(
        language.pick("各方案", "Plan by plan").to_owned(),
    ));
    let tables = split(&rows(compared, language), PLANS);
    blocks.extend(tables.into_iter().map(Block::Table));
    let ruled = rules::told(compared, language);
    if !ruled.is_empty() {
        blocks.push(Block::Part(language.pick("官方标准", "Rules").to_owned()));
        blocks.extend(ruled.into_iter().map(Block::Words));
    }
    blocks.push(Block::Page(language.pick("图", "Charts").to_owned()));
    let charts = [progress(compared, language), difference(compared, language)];
    // The verdict on the whole over all curves, that on the first plan over the differences.
    let told = said.iter().chain(said.first());
    let scenario = called(&compared.base().0.model.title, language);
    let figures = charts.iter().zip(told);
    blocks.extend(figures.map(|(chart, says)| figure(chart, (scenario, says))));
    blocks.push(Block::Part(
        language
            .pick(
                "改了什么，什么会使结论反过来",
                "What each plan changes, and what could turn the verdict around",
            )
            .to_owned(),
    ));
    blocks.push(Block::Boxes(boxes(compared, language)));
    blocks.push(Block::Part(language.pick("方法", "Method").to_owned()));
    blocks.extend(method(language).map(|words| Block::Words(words.to_owned())));
    blocks.push(Block::Part(language.pick("出处", "Provenance").to_owned()));
    blocks.push(Block::Facts(provenance(compared, language)));
    Paper {
        title,
        footer: design(compared, language),
        language,
        blocks,
    }
    .bytes()
}

/// A chart without the words that stand over it on paper, under what it shows: its title without that of the scenario.
fn figure(chart: &Chart, (scenario, says): (&str, &str)) -> Block {
    let head = chart.title.strip_prefix(scenario).unwrap_or(&chart.title);
    let bare = Chart {
        title: String::new(),
        subtitle: String::new(),
        footnote: String::new(),
        ..chart.clone()
    };
    Block::Figure {
        head: head.trim_start_matches([',', ' ']).to_owned(),
        says: says.to_owned(),
        drawing: Box::new(chart::tree(&bare)),
    }
}

/// How plans are compared.
fn method(language: Language) -> [&'static str; 2] {
    language.pick(
        [
            "各方案逐人逐管推演，遇到同样的人、同样的运气，所以差别来自改动而不是偶然；“±”后是 95% 区间的一半。",
            "推演重复到分得出哪个最好为止，或到规定的次数；明显不是最好的方案提前停下，它的数出自较少的次数。图上的色带是 90% 的情形落在哪里。",
        ],
        [
            "Every plan is simulated person by person and tube by tube and meets the same people and the same luck, so that what differs comes from the change; after ± stands half of a 95% interval.",
            "Replications go on until the best plan is known, or to the number asked for; a plan that is clearly not the best stops earlier, and its figures come from fewer. The band in a chart holds 90% of what may happen.",
        ],
    )
}

/// Where the numbers come from.
fn provenance(compared: &Compared<'_>, language: Language) -> Vec<(String, String)> {
    let (base, plan) = compared.base();
    let own = |zh: &str, en: &str| language.pick(zh, en).to_owned();
    let mut facts = vec![
        (
            own("程序", "program"),
            format!("swabplan {}", env!("CARGO_PKG_VERSION")),
        ),
        (
            own("轮次", "round"),
            called(&base.model.rounds[plan.round].name, language).to_owned(),
        ),
        (own("种子", "seed"), plan.results.seed.to_string()),
    ];
    facts.extend(compared.plans().map(|(contender, plan)| {
        let (hash, times) = (
            &contender.model.hash,
            count(f64::from(plan.results.replications)),
        );
        let made = if contender.rule.is_some() {
            let base = base.label;
            language.pick(
                format!("{base} 按这条官方标准改成，推演 {times} 次"),
                format!("{base} as this official rule would have it, {times} replications"),
            )
        } else {
            language.pick(
                format!("方案 {hash}，推演 {times} 次"),
                format!("scenario {hash}, {times} replications"),
            )
        };
        (contender.label.to_owned(), made)
    }));
    facts
}
