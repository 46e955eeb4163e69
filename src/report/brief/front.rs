//! The first page: the numbers to remember, the rounds, who is missing, stocks, readiness for a positive tube, what could overturn it all.

use crate::experiment::results::{Figure, Precision};
use crate::id::RoundId;
use crate::model::Name;
use crate::model::assumption::{Assumption, Phrase};
use crate::report::decisions;
use crate::report::number::{count, minutes, percent};
use crate::report::words::{Label, called, sentence, standing};
use crate::units::language::Language;

use super::{Brief, Grid, Section, lines};

impl Brief<'_> {
    /// Version, scenario, seed and replications in a line.
    pub(super) fn design(&self) -> String {
        let (version, hash, seed, times) = (
            env!("CARGO_PKG_VERSION"),
            &self.model.hash,
            self.results.seed,
            count(f64::from(self.results.replications)),
        );
        self.language.pick(
            format!("swabplan {version} · 方案 {hash} · 种子 {seed} · 推演 {times} 次"),
            format!("swabplan {version} · scenario {hash} · seed {seed} · {times} replications"),
        )
    }

    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.model.stress.is_some() {
            notes.push(self.pick(
                "压力推演：突发事件随机发生。",
                "A stress run: incidents were drawn at random.",
            ));
        }
        if self.model.schematic {
            notes.push(self.pick(
                "网格和采样点的位置是虚构的，地图只是示意。",
                "The positions of cells and sites are invented; the map is a diagram.",
            ));
        }
        notes.extend(self.screen().precision());
        notes
    }

    pub(super) fn headline(&self, id: RoundId) -> Vec<(String, String)> {
        let (round, outcome) = (&self.model.rounds[id], &self.results.outcome.rounds[id]);
        let screen = self.screen();
        let moment = |figure: &Figure| screen.moment(round, figure);
        let allowed = minutes(round.deadline.since(round.opens).minutes(), self.language);
        let within = self.language.pick(
            format!("{allowed}内出结果"),
            format!("results within {allowed}"),
        );
        let all = self.pick("全部按时的概率", "all results in time");
        vec![
            (
                self.pick("采完", "swabbed by"),
                moment(&outcome.swabbing_ends_min),
            ),
            (
                self.pick("出完结果", "last result by"),
                moment(&outcome.results_end_min),
            ),
            (within, percent(outcome.published_by_deadline.mean)),
            (all, percent(self.results.on_time[id].share)),
        ]
    }

    pub(super) fn boxes(&self, round: RoundId) -> Vec<Section> {
        let screen = self.screen();
        let mut positive = lines(&screen.without_result(round));
        let mut people = lines(&screen.people(round));
        people.retain(|line| !positive.contains(line));
        if positive.is_empty() {
            positive.push(if self.model.infection.is_none() {
                self.pick(
                    "方案里没有设感染者；设了感染者和阳性处置，才能回答一支管阳性要管控多少人、多久。",
                    "Nobody is infected in the scenario; with infections and their follow-up in it, this says how many people are held, and for how long.",
                )
            } else {
                self.pick("这一轮平均不到一支阳性管。", "Less than one positive tube in this round on average.")
            });
        }
        let sections = [
            (self.pick("谁还没采", "Who is missing"), people),
            (self.pick("卡在哪里", "What holds it back"), {
                let mut all = lines(&screen.binds(round));
                all.extend(lines(&screen.last(round)));
                all
            }),
            (
                self.pick("物资和费用", "Stocks and cost"),
                screen
                    .stocks()
                    .into_iter()
                    .chain(screen.cost())
                    .flat_map(|text| split(&text))
                    .collect(),
            ),
            (self.pick("一支管阳性时", "If a tube is positive"), positive),
            (
                self.pick("何时降级，下一轮开不开", "Tiers and the next round"),
                decisions::down(self.model, self.results, self.language)
                    .into_iter()
                    .chain(decisions::next_round(
                        self.model,
                        self.results,
                        self.language,
                    ))
                    .flat_map(|text| split(&text))
                    .collect(),
            ),
            (
                self.pick("哪些假设会推翻结论", "What could overturn this"),
                lines(&screen.assumptions(round)),
            ),
        ];
        let wanted = |(_, lines): &(String, Vec<String>)| !lines.is_empty();
        sections
            .into_iter()
            .filter(wanted)
            .map(|(head, lines)| Section { head, lines })
            .collect()
    }

    pub(super) fn rounds(&self) -> Grid {
        let labels = [
            Label::Round,
            Label::Opens,
            Label::Deadline,
            Label::SwabbingEnds,
            Label::ResultsEnd,
            Label::InTime,
            Label::OnTimeShare,
            Label::Due,
            Label::Swabbed,
            Label::Missed,
        ];
        let row = |(id, outcome): (RoundId, &crate::measure::outcome::RoundOutcome<Figure>)| {
            let round = &self.model.rounds[id];
            let clock = |figure: &Figure| self.calendar().clock_after(round.opens, figure.mean);
            vec![
                called(&round.name, self.language).to_owned(),
                self.calendar().moment(round.opens),
                self.calendar().moment(round.deadline),
                clock(&outcome.swabbing_ends_min),
                clock(&outcome.results_end_min),
                percent(outcome.published_by_deadline.mean),
                percent(self.results.on_time[id].share),
                count(outcome.due.mean),
                count(outcome.swabbed.mean),
                count(outcome.missed.mean),
            ]
        };
        Grid {
            head: labels
                .map(|label| label.says(self.language).to_owned())
                .to_vec(),
            rows: self.results.outcome.rounds.iter().map(row).collect(),
        }
    }

    pub(super) fn assumptions(&self) -> Grid {
        let labels = [
            Label::What,
            Label::Key,
            Label::Value,
            Label::DefaultValue,
            Label::Standing,
            Label::Range,
            Label::Source,
        ];
        let mut all: Vec<_> = self.model.assumptions.iter().collect();
        all.sort_by_key(|assumption| assumption.standing);
        let row = |assumption: &&Assumption| {
            let says = |phrase: &Option<Phrase>| {
                let says = phrase.as_ref().map(|phrase| phrase.says(self.language));
                says.unwrap_or_default().to_owned()
            };
            vec![
                assumption.called.says(self.language).to_owned(),
                assumption.key.clone(),
                assumption.value.says(self.language).to_owned(),
                says(&assumption.default),
                standing(assumption.standing, self.language).to_owned(),
                says(&assumption.within),
                assumption
                    .source
                    .as_deref()
                    .map_or_else(String::new, |source| {
                        spoken(source, self.language).to_owned()
                    }),
            ]
        };
        Grid {
            head: labels
                .map(|label| label.says(self.language).to_owned())
                .to_vec(),
            rows: all.iter().map(row).collect(),
        }
    }

    pub(super) fn provenance(&self) -> Vec<(String, String)> {
        let (replications, seed) = (self.results.replications, self.results.seed);
        let sure = match self.results.precision {
            Precision::Fixed | Precision::Interrupted => self.pick("次数固定", "fixed number"),
            Precision::Reached(_) | Precision::Missed(_) => {
                self.pick("按要求的精度", "until precise as asked")
            }
        };
        vec![
            (
                self.pick("程序", "program"),
                format!("swabplan {}", env!("CARGO_PKG_VERSION")),
            ),
            (self.pick("方案", "scenario"), self.model.hash.clone()),
            (self.pick("种子", "seed"), seed.to_string()),
            (
                self.pick("推演次数", "replications"),
                format!("{replications} ({sure})"),
            ),
            (
                self.pick("再来一遍，结果相同", "the same again"),
                format!("swabplan run scenario.toml --replications {replications} --seed {seed}"),
            ),
        ]
    }

    /// A name, with its id where that tells more.
    pub(super) fn full(&self, name: &Name) -> String {
        let words = called(name, self.language);
        if words == name.id {
            words.to_owned()
        } else {
            format!("{words} ({})", name.id)
        }
    }
}

/// The part of a text in this language, where it has two: `in English / 中文`.
fn spoken(text: &str, language: Language) -> &str {
    let is_chinese = |part: &str| {
        part.chars()
            .any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
    };
    let Some((one, other)) = text.split_once(" / ") else {
        return text;
    };
    let (chinese, english) = match (is_chinese(one), is_chinese(other)) {
        (true, false) => (one, other),
        (false, true) => (other, one),
        (true, true) | (false, false) => return text,
    };
    language.pick(chinese, english)
}

/// The clauses of a line as lines.
fn split(text: &str) -> Vec<String> {
    let clauses = text.split(['；', ';', '\n']).map(str::trim);
    clauses
        .filter(|clause| !clause.is_empty())
        .map(sentence)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_in_two_languages_is_told_in_one() {
        let said = |text| {
            (
                spoken(text, Language::Chinese),
                spoken(text, Language::English),
            )
        };
        assert_eq!(said("assumed / 假定"), ("假定", "assumed"));
        assert_eq!(
            said("通报未提 / not in the bulletin"),
            ("通报未提", "not in the bulletin")
        );
        assert_eq!(said("a / b"), ("a / b", "a / b"));
        assert_eq!(said("假定"), ("假定", "假定"));
    }
}
