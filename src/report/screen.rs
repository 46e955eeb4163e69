//! The answer on one screen: the verdict first, then who is missing, what holds the county back, and what it rests on.

mod doubts;
mod means;
mod people;

use crate::experiment::results::{Figure, Probability, Results};
use crate::id::RoundId;
use crate::model::{Model, Round};
use crate::units::Time;
use crate::units::language::Language;

use super::decisions;
use super::incidents;
use super::layout::{crop, labelled, table};
use super::number::{Calendar, count, minutes, percent};
use super::staff;
use super::verdict::{Binding, MET, met, order, waits, worst};
use super::words::{self, Label, beside, called};

/// Lines of the terminal that the screen is made for.
const LINES: usize = 28;
/// A share of the time from which on something is busy.
const BUSY: f64 = 0.5;
/// Stocks that are named.
const SCARCEST: usize = 3;
/// Columns of a name.
const NAME: usize = 16;

/// The screen after a run. `files` is where its files are; without it that line is left out.
pub fn screen(model: &Model, results: &Results, language: Language, files: Option<&str>) -> String {
    let screens = [3, 2, 1].map(|most| {
        Screen {
            model,
            results,
            language,
            most,
            names: NAME,
        }
        .text(files)
    });
    let fitting = screens
        .iter()
        .position(|screen| screen.lines().count() <= LINES);
    let [.., shortest] = &screens;
    fitting.map_or(shortest, |index| &screens[index]).clone()
}

/// What every line draws on.
pub(super) struct Screen<'a> {
    pub(super) model: &'a Model,
    pub(super) results: &'a Results,
    pub(super) language: Language,
    /// How many of a list are named.
    pub(super) most: usize,
    /// Columns of a name.
    pub(super) names: usize,
}

impl Screen<'_> {
    fn text(&self, files: Option<&str>) -> String {
        let Some(round) = worst(self.model, self.results) else {
            return self.title();
        };
        let mut top = vec![(Label::Verdict, self.verdict(round))];
        top.extend(self.precision().map(|text| (Label::Precision, text)));
        let mut below = vec![
            (Label::People, self.people(round)),
            (Label::Binds, self.binds(round)),
            (Label::Last, self.last(round)),
        ];
        let crews = self.results.outcome.rounds[round].staff.as_ref();
        below.extend(crews.map(|crews| (Label::Staff, staff::line(crews, self.language))));
        below.extend(self.sent_on(round).map(|text| (Label::Overflow, text)));
        below.extend(self.stocks().map(|text| (Label::Stocks, text)));
        let (model, results) = (self.model, self.results);
        let down = decisions::down(model, results, self.language);
        below.extend(down.map(|text| (Label::Down, text)));
        let next = decisions::next_round(model, results, self.language);
        below.extend(next.map(|text| (Label::NextRound, text)));
        let incidents = incidents::line(self.model, self.results, (self.language, self.most));
        below.extend(incidents.map(|text| (Label::Incidents, text)));
        below.extend(self.disinfection().map(|text| (Label::Disinfection, text)));
        below.extend(self.cost().map(|text| (Label::Cost, text)));
        below.push((Label::Assumptions, self.assumptions(round)));
        below.extend(files.map(|files| (Label::Files, self.files(files))));
        let rounds = self.rounds(round);
        if rounds.is_empty() {
            top.append(&mut below);
        }
        let (top, below) = (self.labelled(top), self.labelled(below));
        [self.title(), top, rounds, below]
            .iter()
            .filter(|part| !part.is_empty())
            .cloned()
            .collect::<Vec<_>>()
            .join("\n")
    }

    fn labelled(&self, lines: Vec<(Label, String)>) -> String {
        let lines: Vec<_> = lines
            .into_iter()
            .map(|(label, text)| (label.says(self.language), text))
            .collect();
        labelled(&lines, self.language)
    }

    fn title(&self) -> String {
        let title = crop(called(&self.model.title, self.language), 50);
        let (replications, seed) = (
            count(f64::from(self.results.replications)),
            self.results.seed,
        );
        let design = self.language.pick(
            format!("重复 {replications} 次，种子 {seed}"),
            format!("{replications} replications, seed {seed}"),
        );
        format!("{title} · {design}\n")
    }

    /// When the round is over, how much of it is in time, and how sure that is.
    pub(super) fn verdict(&self, id: RoundId) -> String {
        let (round, outcome) = (&self.model.rounds[id], &self.results.outcome.rounds[id]);
        let which = if self.results.outcome.rounds.len() > 1 {
            let name = crop(called(&round.name, self.language), self.names);
            self.language.pick(format!("{name}："), format!("{name}: "))
        } else {
            String::new()
        };
        let swabbed = self.moment(round, &outcome.swabbing_ends_min);
        let results = self.moment(round, &outcome.results_end_min);
        let allowed = minutes(round.deadline.since(round.opens).minutes(), self.language);
        let share = percent(outcome.published_by_deadline.mean);
        let ends = self.language.pick(
            format!("{which}采完 {swabbed}，出完 {results}，{allowed}内 {share}"),
            format!("{which}swabbed by {swabbed}, results by {results}, {share} within {allowed}"),
        );
        format!("{ends}\n{}", self.on_time(id))
    }

    pub(super) fn on_time(&self, id: RoundId) -> String {
        let Probability { share, lo, hi } = self.results.on_time[id];
        let (share, between) = (
            percent(share),
            format!("{}–{}", percent(lo).trim_end_matches('%'), percent(hi)),
        );
        let asked = percent(MET);
        if met(self.results, id) {
            self.language.pick(
                format!("按时：{share} 的重复全部按时出结果（{between}；达到 {asked} 即算按时）"),
                format!("Met: all in time in {share} of replications ({between}; {asked} asked)"),
            )
        } else {
            self.language.pick(
                format!(
                    "不按时：只有 {share} 的重复全部按时出结果（{between}；达到 {asked} 才算按时）"
                ),
                format!(
                    "Not met: all in time in {share} of replications ({between}; {asked} asked)"
                ),
            )
        }
    }

    /// A moment of the round with the range that nine in ten replications fall in.
    pub(super) fn moment(&self, round: &Round, figure: &Figure) -> String {
        let clock = self.calendar().clock_after(round.opens, figure.mean);
        let Some(mean) = Calendar::after(round.opens, figure.mean) else {
            return clock;
        };
        // Each date is said once.
        let end = |at: f64, before: Time| {
            let moment = Calendar::after(round.opens, at).unwrap_or(before);
            let same_day = moment.midnight() == before.midnight();
            let shown = if same_day {
                self.calendar().clock_after(moment, 0.0)
            } else {
                self.calendar().moment(moment)
            };
            (shown, moment)
        };
        if (figure.p95 - figure.p05).round() < 1.0 || !(figure.p95 - figure.p05).is_finite() {
            clock
        } else {
            let (from, first) = end(figure.p05, mean);
            let (to, _) = end(figure.p95, first);
            self.language.pick(
                format!("{clock}（{from}–{to}）"),
                format!("{clock} ({from}–{to})"),
            )
        }
    }

    /// A small table of the rounds, if there is more than one: those in most danger, in the order of time.
    fn rounds(&self, worst: RoundId) -> String {
        let rounds = &self.results.outcome.rounds;
        if rounds.len() < 2 {
            return String::new();
        }
        let mut shown: Vec<_> = rounds.ids().collect();
        shown.sort_by(|&one, &other| {
            order(
                self.results.on_time[one].share,
                self.results.on_time[other].share,
            )
            .then(other.cmp(&one))
        });
        shown.retain(|&round| round != worst);
        shown.insert(0, worst);
        shown.truncate(self.most + 2);
        shown.sort();
        let head = [
            Label::Round,
            Label::Opens,
            Label::SwabbingEnds,
            Label::ResultsEnd,
            Label::InTime,
            Label::Swabbed,
            Label::Missed,
        ];
        let head = head.map(|label| label.says(self.language));
        let mut text = table(&head, shown.iter().map(|&round| self.round(round)));
        if rounds.len() > shown.len() {
            let (shown, all) = (shown.len(), rounds.len());
            text += &self.language.pick(
                format!("共 {all} 轮，这里是最吃紧的 {shown} 轮，其余见 rounds.csv\n"),
                format!("The {shown} most pressed of {all} rounds; the others are in rounds.csv\n"),
            );
        }
        text
    }

    fn round(&self, id: RoundId) -> Vec<String> {
        let (round, outcome) = (&self.model.rounds[id], &self.results.outcome.rounds[id]);
        let clock = |figure: &Figure| self.calendar().clock_after(round.opens, figure.mean);
        vec![
            crop(called(&round.name, self.language), 11),
            self.calendar().moment(round.opens),
            clock(&outcome.swabbing_ends_min),
            clock(&outcome.results_end_min),
            percent(outcome.published_by_deadline.mean),
            count(outcome.swabbed.mean),
            count(outcome.missed.mean),
        ]
    }

    /// Where the time goes, and what is busiest.
    pub(super) fn binds(&self, id: RoundId) -> String {
        let binding = Binding::of(self.model, self.results, id);
        let Some((longest, share)) = binding.longest() else {
            return String::new();
        };
        let name = |gate| {
            crop(
                &words::gate(self.model, gate, self.language),
                self.names.max(44),
            )
        };
        let why = |gate| {
            words::behind(self.model, gate, self.language).map_or_else(String::new, |why| {
                self.language
                    .pick(format!("（{why}）"), format!(" ({why})"))
            })
        };
        let (gate, length) = (longest.gate, minutes(longest.minutes.mean, self.language));
        let share = percent(share);
        let mut text = self.language.pick(
            format!(
                "最费时间：{}{}，人均 {length}，占到场至出结果的 {share}",
                name(gate),
                why(gate)
            ),
            format!(
                "Most time: {}{}, {length} a person, {share} of door to result",
                name(gate),
                why(gate)
            ),
        );
        if let Some(wait) = binding.longest_wait().filter(|_| !waits(gate)) {
            let length = minutes(wait.minutes.mean, self.language);
            text += &self.language.pick(
                format!(
                    "\n最长的等待：{}{}，人均 {length}",
                    name(wait.gate),
                    why(wait.gate)
                ),
                format!(
                    "\nLongest wait: {}{}, {length} a person",
                    name(wait.gate),
                    why(wait.gate)
                ),
            );
        }
        text += &self.late_start(id);
        // The first in any case, of the others those that have little to spare.
        let busiest = binding.busy.iter().take(self.most).enumerate();
        let busiest = busiest.filter(|(at, busy)| *at == 0 || busy.share >= BUSY);
        let busy = busiest.map(|(_, busy)| {
            let name = crop(
                &words::resource(self.model, busy.resource, self.language),
                self.names.max(30),
            );
            let share = percent(busy.share);
            self.language
                .pick(format!("{name}（{share}）"), format!("{name} ({share})"))
        });
        let busy = self.list(busy);
        text + &self
            .language
            .pick(format!("\n最忙：{busy}"), format!("\nBusiest: {busy}"))
    }

    /// Where the last result comes from, and which site is worst.
    pub(super) fn last(&self, id: RoundId) -> String {
        let round = &self.model.rounds[id];
        let clock = |figure: &Figure| self.calendar().clock_after(round.opens, figure.mean);
        let cells = self
            .results
            .outcome
            .cells
            .iter()
            .filter(|cell| cell.round == id && cell.results_end_min.mean.is_finite());
        let last =
            cells.max_by(|one, other| order(one.results_end_min.mean, other.results_end_min.mean));
        let site = self
            .results
            .outcome
            .sites
            .iter()
            .filter(|site| site.round == id && site.closes_min.mean.is_finite());
        let site = site.max_by(|one, other| order(one.closes_min.mean, other.closes_min.mean));
        let mut parts = Vec::new();
        if let Some(cell) = last {
            let name = crop(
                called(&self.model.cells[cell.cell].name, self.language),
                self.names,
            );
            let clock = clock(&cell.results_end_min);
            parts.push(self.language.pick(
                format!("{}，{clock}", beside(&name, "平均最晚出结果")),
                format!("Last results: {name}, {clock}"),
            ));
        }
        if let Some(site) = site {
            let name = crop(
                called(&self.model.sites[site.site].name, self.language),
                self.names,
            );
            let (clock, wait) = (
                clock(&site.closes_min),
                minutes(site.wait_min.mean.mean, self.language),
            );
            let queue = count(site.peak_queue.mean);
            parts.push(self.language.pick(
                format!(
                    "{}，{clock}，平均等 {wait}，最长排 {queue} 人",
                    beside("平均最晚采完的采样点是", &name)
                ),
                format!("last site: {name}, {clock}, mean wait {wait}, queue up to {queue}"),
            ));
        }
        parts.join(self.language.pick("；", "; "))
    }

    /// How late the first swab is because something was not ready, and what.
    fn late_start(&self, id: RoundId) -> String {
        let outcome = &self.results.outcome.rounds[id];
        let latest = self
            .model
            .readiness
            .iter()
            .zip(&outcome.readiness)
            .max_by(|one, other| order(one.1.critical.mean, other.1.critical.mean));
        let Some((step, _)) = latest.filter(|_| outcome.ready_min.mean >= 1.0) else {
            return String::new();
        };
        let (late, name) = (
            minutes(outcome.ready_min.mean, self.language),
            crop(called(&step.name, self.language), self.names),
        );
        self.language.pick(
            format!("\n开采晚 {late}，等：{name}"),
            format!("\nFirst swab {late} late, waiting for: {name}"),
        )
    }

    fn files(&self, files: &str) -> String {
        let files = crop(files, 40);
        self.language.pick(
            format!("{files}（先看 README.txt）"),
            format!("{files} (start with README.txt)"),
        )
    }

    fn list(&self, items: impl Iterator<Item = String>) -> String {
        items
            .collect::<Vec<_>>()
            .join(self.language.pick("、", ", "))
    }

    pub(super) const fn calendar(&self) -> Calendar {
        Calendar {
            first_day: self.model.first_day,
            language: self.language,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::layout::width;

    #[test]
    fn a_planner_reads_the_answer_in_chinese() {
        let model = fixture::model();
        let results = fixture::results(&model);
        insta::assert_snapshot!(screen(
            &model,
            &results,
            Language::Chinese,
            Some("output/demo/")
        ));
    }

    #[test]
    fn a_planner_reads_the_answer_in_english() {
        let model = fixture::model();
        let results = fixture::results(&model);
        insta::assert_snapshot!(screen(
            &model,
            &results,
            Language::English,
            Some("output/demo/")
        ));
    }

    #[test]
    fn one_round_needs_no_table_of_rounds() {
        let (model, results) = rounds(1);
        insta::assert_snapshot!(screen(&model, &results, Language::Chinese, None));
    }

    #[test]
    fn the_answer_fits_one_screen_however_long_the_names_and_many_the_rounds() {
        let (mut model, results) = rounds(40);
        let long = "很长的名字 with \u{1b}[31m words ".repeat(20);
        for name in model
            .cells
            .values_mut()
            .map(|cell| &mut cell.name)
            .chain(model.rounds.values_mut().map(|round| &mut round.name))
        {
            name.zh.clone_from(&long);
            name.en.clone_from(&long);
        }
        for unknown in model.unknowns.values_mut() {
            unknown.key = "a.long.key.of.an.unknown.quantity".into();
        }
        for language in [Language::Chinese, Language::English] {
            let shown = screen(&model, &results, language, Some(&"folder/".repeat(30)));
            assert!(
                shown.lines().count() <= LINES,
                "{} lines:\n{shown}",
                shown.lines().count()
            );
            assert!(shown.lines().all(|line| width(line) <= 80), "{shown}");
            assert!(!shown.contains('\u{1b}'));
        }
    }

    #[test]
    fn numbers_that_do_not_exist_are_dashes() {
        let (model, mut results) = rounds(1);
        let round = results.outcome.rounds.values_mut().next().unwrap();
        for figure in [
            &mut round.results_end_min,
            &mut round.swabbing_ends_min,
            &mut round.published_by_deadline,
        ] {
            *figure = Figure {
                mean: f64::NAN,
                lo: f64::NAN,
                hi: f64::NAN,
                p05: f64::NAN,
                p95: f64::NAN,
                origin: None,
            };
        }
        let shown = screen(&model, &results, Language::English, None);
        assert!(
            shown.contains("swabbed by —, results by —, — within 20 h"),
            "{shown}"
        );
    }

    /// The model county with so many rounds, a day apart.
    fn rounds(number: usize) -> (Model, Results) {
        let mut model = fixture::model();
        let template = model.rounds.values().next().cloned().unwrap();
        model.rounds = (0..number)
            .map(|day| {
                let later = crate::units::Span::DAY * i64::try_from(day).unwrap();
                Round {
                    opens: template.opens + later,
                    deadline: template.deadline + later,
                    closes: template.closes + later,
                    ..template.clone()
                }
            })
            .collect();
        let results = fixture::results(&model);
        (model, results)
    }
}
