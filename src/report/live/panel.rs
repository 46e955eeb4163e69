//! Sliders beside the briefing, and what they come to beside the plan as it stands.

use maud::{Markup, PreEscaped, html};

use super::super::document::{Grid, grid};
use super::super::number::{Calendar, NONE, count, decimal, minutes, percent, signed};
use super::super::words::called;
use crate::experiment::compare::Compared as Of;
use crate::experiment::points::Trial;
use crate::id::RoundId;
use crate::model::Model;
use crate::scenario::problem::Words;
use crate::stats::selection::Paired;
use crate::units::language::Language;

/// A slider in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Knob {
    /// What it moves.
    pub name: String,
    /// Its values in order.
    pub steps: Vec<String>,
    /// Which of them the scenario has.
    pub at: usize,
}

/// The frame of sliders, answer and what saves them; `token` lets the page change something.
pub fn panel(
    (knobs, number): (&str, u64),
    answer: &str,
    token: &str,
    language: Language,
) -> String {
    let still = language.pick(
        "滑块要浏览器运行脚本。",
        "Sliders need a browser that runs scripts.",
    );
    html! {
        section #panel data-token=(token) {
            h2 { (language.pick("如果…？", "What if…?")) }
            noscript { p { (still) } }
            div #knobs data-number=(number) { (PreEscaped(knobs)) }
            div #answer aria-live="polite" { (PreEscaped(answer)) }
            p.variant {
                label { (language.pick("存成新方案：", "Save as variant: "))
                    input #variant maxlength="60" autocomplete="off" spellcheck="false"
                        placeholder=(language.pick("名字", "name"));
                }
                " " button #save type="button" { (language.pick("保存", "save")) }
                " " button #back type="button" { (language.pick("滑块复原", "reset sliders")) }
                " " span #saved role="status" {}
            }
        }
    }
    .into_string()
}

/// The sliders, each at its position.
pub fn knobs(knobs: &[Knob], positions: &[usize]) -> String {
    let steps = |knob: &Knob| serde_json::json!(knob.steps).to_string();
    html! {
        @for (knob, &position) in knobs.iter().zip(positions) {
            label.knob {
                span { (knob.name) }
                input type="range" min="0" max=(knob.steps.len().saturating_sub(1)) value=(position)
                    data-at=(knob.at) data-steps=(steps(knob)) autocomplete="off";
                output { (knob.steps[position]) }
            }
        }
    }
    .into_string()
}

/// The plan as it stands, and as the sliders have it.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The operation as it stands.
    pub model: &'a Model,
    /// The round looked at.
    pub round: RoundId,
    /// What it comes to as it stands.
    pub base: &'a Trial,
    /// What it comes to with the sliders moved.
    pub changed: &'a Trial,
    /// Replications of each.
    pub replications: u32,
    /// Whether more are on their way.
    pub more: bool,
    /// What was moved.
    pub moved: &'a [String],
}

/// Both beside each other, with the differences.
pub fn answer(found: &Answer<'_>, language: Language) -> String {
    let round = called(&found.model.rounds[found.round].name, language);
    let heads = language.pick(
        [round, "原方案", "现在", "相差（同样的运气）"],
        [round, "as it stands", "now", "difference (same luck)"],
    );
    let rows = Rows { found, language };
    let table = Grid {
        head: heads.map(ToOwned::to_owned).to_vec(),
        rows: rows.all(),
    };
    let times = count(f64::from(found.replications));
    let said = if found.more {
        language.pick(
            format!("各推演 {times} 次，还在推演…"),
            format!("{times} replications of each, more are on their way…"),
        )
    } else {
        language.pick(
            format!("各推演 {times} 次，区间为 95%"),
            format!("{times} replications of each, 95% intervals"),
        )
    };
    html! {
        p.moved { (found.moved.join(language.pick("；", "; "))) }
        (grid(&table, "plans"))
        p.design { (said) }
    }
    .into_string()
}

/// Why the sliders cannot stand so.
pub fn impossible(why: &[Words], language: Language) -> String {
    let line = |words: &Words| -> Markup {
        html! { p.note { (language.pick(&words.zh, &words.en)) } }
    };
    html! { @for words in why { (line(words)) } }.into_string()
}

struct Rows<'a> {
    found: &'a Answer<'a>,
    language: Language,
}

impl Rows<'_> {
    fn all(&self) -> Vec<Vec<String>> {
        let language = self.language;
        let mut rows = vec![
            self.clock(language.pick("采完", "swabbed by"), Of::SwabbingEnds),
            self.clock(language.pick("出完结果", "last result by"), Of::ResultsEnd),
            self.share(
                language.pick("全部按时的概率", "all results in time"),
                Of::OnTime,
            ),
            self.share(language.pick("时限内出结果", "results in time"), Of::InTime),
            self.row(
                (language.pick("平均等候", "mean wait"), Of::Wait),
                |wait| minutes(wait, language),
                |apart| self.apart(apart, 1.0, language.pick(" 分钟", " min")),
            ),
            self.row(
                (language.pick("未采", "missed"), Of::Missed),
                count,
                |apart| self.apart(apart, 1.0, ""),
            ),
            self.row((language.pick("费用", "cost"), Of::Cost), count, |apart| {
                self.apart(apart, 1.0, "")
            }),
        ];
        // What a scenario does not have, such as costs, is no row.
        rows.retain(|row| row[1..3].iter().any(|cell| cell != NONE));
        rows
    }

    fn row(
        &self,
        (head, of): (&str, Of),
        cell: impl Fn(f64) -> String,
        apart: impl Fn(&Paired) -> String,
    ) -> Vec<String> {
        let (base, changed) = (self.found.base, self.found.changed);
        let paired = changed.against(base, of);
        vec![
            head.to_owned(),
            cell(base.mean(of).0),
            cell(changed.mean(of).0),
            apart(&paired),
        ]
    }

    fn clock(&self, head: &str, of: Of) -> Vec<String> {
        let calendar = Calendar {
            first_day: self.found.model.first_day,
            language: self.language,
        };
        let opens = self.found.model.rounds[self.found.round].opens;
        self.row(
            (head, of),
            |minutes| calendar.clock_after(opens, minutes),
            |apart| self.apart(apart, 1.0, self.language.pick(" 分钟", " min")),
        )
    }

    fn share(&self, head: &str, of: Of) -> Vec<String> {
        let points = self.language.pick(" 个百分点", " points");
        self.row((head, of), percent, |apart| {
            self.apart(apart, 100.0, points)
        })
    }

    /// A difference with its interval: `−21 ± 3 min`; what cannot be told apart says so.
    fn apart(&self, found: &Paired, times: f64, unit: &str) -> String {
        if !found.mean.is_finite() {
            return NONE.to_owned();
        }
        if found.mean == 0.0 && (found.half == 0.0 || found.half.is_nan()) {
            return self.language.pick("一样", "the same").to_owned();
        }
        let (mean, half) = (signed(found.mean * times), decimal(found.half * times, 0));
        let unclear = if found.is_clear() {
            ""
        } else {
            self.language.pick("（还分不出）", " (not told apart yet)")
        };
        format!("{mean} ± {half}{unit}{unclear}")
    }
}
