//! The answer on one screen: the verdict first, then who is missing, what holds the county back, and what it rests on.

use crate::experiment::influence::{Influence, Third};
use crate::experiment::results::{Figure, Precision, Probability, Results};
use crate::id::RoundId;
use crate::measure::outcome::RoundOutcome;
use crate::model::assumption::Standing;
use crate::model::stock::Stock;
use crate::model::{Model, Round};
use crate::units::language::Language;
use crate::units::{Span, Time};

use super::decisions;
use super::incidents;
use super::layout::{crop, labelled, table};
use super::number::{Calendar, count, decimal, minutes, percent, rounded};
use super::staff;
use super::verdict::{Binding, MET, met, order, waits, worst};
use super::words::{self, Label, beside, called};

/// Lines of the terminal that the screen is made for.
const LINES: usize = 28;
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
struct Screen<'a> {
    model: &'a Model,
    results: &'a Results,
    language: Language,
    /// How many of a list are named.
    most: usize,
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

    /// The stocks that are scarcest: the round in which one runs out, or for how many more it lasts after the last.
    fn stocks(&self) -> Option<String> {
        let outcomes = &self.results.outcome.rounds;
        let scarce = |(at, _): &(usize, &Stock)| {
            let out = outcomes
                .values()
                .position(|round| round.stocks[*at].runs_out.mean > 0.0);
            let last = outcomes.values().last();
            let left = last.map_or(f64::NAN, |round| round.stocks[*at].rounds_left.mean);
            (out.unwrap_or(usize::MAX), left.to_bits() & (u64::MAX >> 1))
        };
        let one = |(at, stock): (usize, &Stock)| {
            let name = crop(called(&stock.name, self.language), NAME);
            let gone = outcomes
                .iter()
                .find(|(_, round)| round.stocks[at].runs_out.mean > 0.0);
            if let Some((id, round)) = gone {
                let which = crop(called(&self.model.rounds[id].name, self.language), NAME);
                let share = percent(round.stocks[at].runs_out.mean);
                return self.language.pick(
                    format!(
                        "{}（{share} 的重复）",
                        beside(&name, &beside(&beside("在", &which), "用完"))
                    ),
                    format!("{name} out in {which} ({share} of replications)"),
                );
            }
            let left = outcomes
                .values()
                .last()
                .map_or(f64::NAN, |round| round.stocks[at].rounds_left.mean);
            let left = super::number::decimal(left, usize::from(left < 10.0));
            self.language.pick(
                beside(&name, &format!("还够 {left} 轮")),
                format!("{name} for {left} more rounds"),
            )
        };
        let mut order: Vec<(usize, &Stock)> = self.model.stocks.iter().enumerate().collect();
        order.sort_by_key(scarce);
        let others = order.len().saturating_sub(SCARCEST);
        let mut stocks: Vec<String> = order.into_iter().take(SCARCEST).map(one).collect();
        if others > 0 {
            stocks.push(self.language.pick(
                format!("其余 {others} 种更久"),
                format!("{others} others last longer"),
            ));
        }
        (!stocks.is_empty()).then(|| stocks.join(self.language.pick("；", "; ")))
    }

    /// How often sites are disinfected, and what that takes, if anyone does.
    fn disinfection(&self) -> Option<String> {
        let outcome = self.results.outcome.disinfection?;
        let people = self.model.disinfection.as_ref()?.people;
        let visits = count(outcome.visits.mean);
        let [hours, closed] = [outcome.staff_hours.mean, outcome.closed_min.mean / 60.0]
            .map(|hours| super::number::decimal(hours, usize::from(hours < 10.0)));
        Some(self.language.pick(
            format!("{people} 人共 {visits} 点次，{hours} 工时，采样点停采合计 {closed} 小时"),
            format!("{visits} visits by {people} people, {hours} staff hours; sites closed for {closed} h in all"),
        ))
    }

    /// What it all costs, for each person swabbed, and whether the budget is enough.
    fn cost(&self) -> Option<String> {
        let cost = self.results.outcome.cost.as_ref()?;
        let priced = self.model.cost.as_ref()?;
        let currency = crop(&priced.currency, NAME);
        let total = count(rounded(cost.total.mean));
        let person = decimal(
            cost.per_person.mean,
            usize::from(cost.per_person.mean < 100.0),
        );
        let rounds = self.results.outcome.rounds.len();
        let spent = self.language.pick(
            beside(
                &format!("{total} {currency}"),
                &format!("（{rounds} 轮），每采一人 {person}"),
            ),
            format!("{total} {currency} for {rounds} rounds, {person} a person swabbed"),
        );
        let Some(budget) = priced.budget else {
            return Some(spent);
        };
        let (over, budget) = (cost.over_budget.mean, count(budget));
        let against = if over <= 0.0 {
            self.language.pick(
                format!("；在经费 {budget} 之内"),
                format!("; within the budget of {budget}"),
            )
        } else {
            let share = percent(over);
            self.language.pick(
                format!("；超过经费 {budget}（{share} 的重复）"),
                format!("; over the budget of {budget} ({share} of replications)"),
            )
        };
        Some(spent + &against)
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
    fn verdict(&self, id: RoundId) -> String {
        let (round, outcome) = (&self.model.rounds[id], &self.results.outcome.rounds[id]);
        let which = if self.results.outcome.rounds.len() > 1 {
            let name = crop(called(&round.name, self.language), NAME);
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

    fn on_time(&self, id: RoundId) -> String {
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
    fn moment(&self, round: &Round, figure: &Figure) -> String {
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

    /// Due, swabbed, missed, and the cells that miss most.
    fn people(&self, id: RoundId) -> String {
        let RoundOutcome {
            due,
            swabbed,
            missed,
            fetched,
            ..
        } = &self.results.outcome.rounds[id];
        let (share, [due, swabbed, missed]) = (
            percent(missed.mean / due.mean),
            [due, swabbed, missed].map(|people| count(people.mean)),
        );
        let fetched = if fetched.mean < 0.5 {
            String::new()
        } else {
            let fetched = count(fetched.mean);
            self.language.pick(
                format!("（其中补采 {fetched}）"),
                format!(" ({fetched} of them fetched)"),
            )
        };
        let all = self.language.pick(
            format!("应检 {due}，已采 {swabbed}{fetched}，未采 {missed}（{share}）"),
            format!("{due} due, {swabbed} swabbed{fetched}, {missed} missed ({share})"),
        ) + &self.without_result(id)
            + &self.priority(id)
            + &self.visits(id);
        let mut cells: Vec<_> = self
            .results
            .outcome
            .cells
            .iter()
            .filter(|cell| cell.round == id && cell.missed.mean >= 0.5)
            .collect();
        cells.sort_by(|one, other| order(other.missed.mean, one.missed.mean));
        if cells.is_empty() {
            return all;
        }
        let cells = cells.iter().take(self.most).map(|cell| {
            let name = crop(
                called(&self.model.cells[cell.cell].name, self.language),
                NAME,
            );
            let (missed, share) = (
                count(cell.missed.mean),
                percent(cell.missed.mean / cell.due.mean),
            );
            self.language.pick(
                format!("{name} {missed} 人（{share}）"),
                format!("{name} {missed} ({share})"),
            )
        });
        let cells = self.list(cells);
        self.language.pick(
            format!("{all}\n未采最多：{cells}"),
            format!("{all}\nMost missed: {cells}"),
        )
    }

    /// Who has no result, and who is pending, if anyone.
    fn without_result(&self, id: RoundId) -> String {
        let outcome = &self.results.outcome.rounds[id];
        let mut text = String::new();
        if outcome.over_age.mean >= 0.5 {
            let tubes = count(outcome.over_age.mean);
            text += &self.language.pick(
                format!("\n送达时超时：{tubes} 管"),
                format!("\nToo old at the laboratory: {tubes} tubes"),
            );
        }
        if outcome.no_result.mean >= 0.5 {
            let people = count(outcome.no_result.mean);
            text += &self.language.pick(
                format!("\n要重采：{people} 人的管出不了结果"),
                format!("\nTo be swabbed again: {people} whose tubes have no result"),
            );
        }
        if outcome.positive_tubes.mean >= 0.05 {
            let (tubes, people) = (
                format!("{:.1}", outcome.positive_tubes.mean),
                count(outcome.pending.mean),
            );
            text += &self.language.pick(
                format!("\n阳性管：平均 {tubes} 支，{people} 人待复核"),
                format!("\nPositive: {tubes} tubes on average, {people} people pending"),
            );
        }
        if let Some(recall) = outcome.recall.filter(|recall| recall.settled.mean >= 0.05) {
            let clear = self
                .calendar()
                .clock_after(self.model.rounds[id].opens, recall.clear_min.p95);
            let (held, confirmed) = (
                minutes(recall.held_min.mean, self.language),
                format!("{:.1}", recall.confirmed.mean),
            );
            text += &self.language.pick(
                format!("\n每人管控 {held}，平均确诊 {confirmed} 人，95% 的情形 {clear} 前全部处置完"),
                format!("\nHeld for {held} each, {confirmed} confirmed; all settled by {clear} in 95% of cases"),
            );
        }
        if let Some(rooms) = &self.results.outcome.isolation {
            let (needed, short) = (count(rooms.needed_peak.p95), count(rooms.short_peak.p95));
            text += &self.language.pick(
                format!("\n隔离房间：95% 的情形最多要 {needed} 间，缺 {short} 间"),
                format!(
                    "\nIsolation rooms: up to {needed} needed in 95% of cases, {short} too few"
                ),
            );
        }
        text
    }

    /// How long those wait who are taken first, if anyone is.
    fn priority(&self, id: RoundId) -> String {
        let RoundOutcome {
            wait_min,
            priority_wait_min,
            ..
        } = &self.results.outcome.rounds[id];
        if priority_wait_min.mean.mean.is_nan() {
            return String::new();
        }
        let [first, everyone] =
            [priority_wait_min, wait_min].map(|wait| minutes(wait.mean.mean, self.language));
        self.language.pick(
            format!("\n优先人群平均候时 {first}，全体 {everyone}"),
            format!("\nMean wait of priority people {first}, of all {everyone}"),
        )
    }

    /// Whom teams visited, and when the last of them was done, if there are any.
    fn visits(&self, id: RoundId) -> String {
        let sites = self.results.outcome.sites.iter();
        let (mut teams, mut people, mut ends) = (0, 0.0, f64::NAN);
        let (mut reached, mut unopened) = (0.0, 0.0);
        for outcome in sites.filter(|site| site.round == id) {
            let Some(visits) = &outcome.visits else {
                continue;
            };
            teams += self.model.sites[outcome.site].lanes.value;
            people += outcome.swabbed.mean;
            reached += visits.reached.mean;
            unopened += visits.unopened.mean;
            ends = f64::max(ends, outcome.closes_min.mean);
        }
        if teams == 0 {
            return String::new();
        }
        let after = Span::from_millis((ends * 6e4) as i64);
        let ends = if ends.is_nan() {
            "–".to_owned()
        } else {
            self.calendar().moment(self.model.rounds[id].opens + after)
        };
        let (teams, people, reached) = (count(f64::from(teams)), count(people), count(reached));
        let missed = if unopened < 0.5 {
            String::new()
        } else {
            let unopened = count(unopened);
            self.language.pick(
                format!("，{unopened} 户没人开门"),
                format!(", nobody opened at {unopened}"),
            )
        };
        self.language.pick(
            format!("\n上门 {teams} 队：{reached} 处 {people} 人，{ends} 采完{missed}"),
            format!("\n{teams} visiting teams: {people} people at {reached} doors or stops, done {ends}{missed}"),
        )
    }

    /// Where the time goes, and what is busiest.
    fn binds(&self, id: RoundId) -> String {
        let binding = Binding::of(self.model, self.results, id);
        let Some((longest, share)) = binding.longest() else {
            return String::new();
        };
        let name = |gate| crop(&words::gate(self.model, gate, self.language), 44);
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
        let busy = binding.busy.iter().take(self.most).map(|busy| {
            let name = crop(
                &words::resource(self.model, busy.resource, self.language),
                30,
            );
            format!("{name} {}", percent(busy.share))
        });
        let busy = self.list(busy);
        text + &self
            .language
            .pick(format!("\n最忙：{busy}"), format!("\nBusiest: {busy}"))
    }

    /// Where the last result comes from, and which site is worst.
    fn last(&self, id: RoundId) -> String {
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
                NAME,
            );
            let clock = clock(&cell.results_end_min);
            parts.push(self.language.pick(
                format!("{}，{clock}", beside(&name, "平均最晚出结果")),
                format!("last results: {name}, {clock}"),
            ));
        }
        if let Some(site) = site {
            let name = crop(
                called(&self.model.sites[site.site].name, self.language),
                NAME,
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

    /// What nobody knows, and how much of the spread comes from it.
    fn assumptions(&self, id: RoundId) -> String {
        let standing = |standing| {
            self.model
                .assumptions
                .iter()
                .filter(|assumption| assumption.standing == standing)
                .count()
        };
        let (assumed, defaults) = (standing(Standing::Assumed), standing(Standing::Default));
        let counts = self.language.pick(
            format!("假设 {assumed} 项、默认值 {defaults} 项，见 assumptions.csv"),
            format!("assumed: {assumed}, defaults: {defaults} (assumptions.csv)"),
        );
        if self.model.unknowns.is_empty() {
            return counts;
        }
        let number = self.model.unknowns.len();
        let spread = self.results.outcome.rounds[id]
            .results_end_min
            .origin
            .filter(|origin| origin.ignorance.is_finite())
            .map(|origin| percent(origin.ignorance));
        let mut text = match spread {
            Some(share) => self.language.pick(
                format!("没有确数的 {number} 项，出完时间的起伏有 {share} 来自它们："),
                format!(
                    "{number} known only as a range, {share} of the spread of the last result:"
                ),
            ),
            None => self.language.pick(
                format!("没有确数的 {number} 项："),
                format!("{number} known only as a range:"),
            ),
        };
        for influence in self.results.influences[id].iter().take(self.most) {
            text += "\n";
            text += &self.influence(id, influence);
        }
        format!("{text}\n{counts}")
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
            crop(called(&step.name, self.language), NAME),
        );
        self.language.pick(
            format!("\n开采晚 {late}，等：{name}"),
            format!("\nFirst swab {late} late, waiting for: {name}"),
        )
    }

    /// What a quantity nobody knows does to the last result, and whether it decides the verdict.
    fn influence(&self, id: RoundId, influence: &Influence) -> String {
        let round = &self.model.rounds[id];
        let unknown = &self.model.unknowns[influence.unknown];
        let clock = |third: &Third| {
            self.calendar()
                .clock_after(round.opens, third.results_end_min)
        };
        let (low, high) = (clock(&influence.low), clock(&influence.high));
        let (key, range) = (crop(&unknown.key, 30), crop(&unknown.range, 14));
        let decides = (influence.low.on_time >= MET) != (influence.high.on_time >= MET);
        let decisive = if decides && influence.share > 0.0 {
            self.language.pick("，左右结论", ", decides")
        } else {
            ""
        };
        self.language.pick(
            format!("{key}（{range}）偏低 {low}，偏高 {high}{decisive}"),
            format!("{key} ({range}): if low {low}, high {high}{decisive}"),
        )
    }

    /// How replicating ended, where that needs saying.
    fn precision(&self) -> Option<String> {
        match self.results.precision {
            Precision::Fixed | Precision::Interrupted => None,
            Precision::Reached(half) => Some(self.language.pick(
                format!("达到要求，95% 区间 ±{}", self.half(half)),
                format!("as asked, 95% interval ±{}", self.half(half)),
            )),
            Precision::Missed(half) => Some(self.language.pick(
                format!("没有达到要求：重复次数已到上限，95% 区间还有 ±{}", self.half(half)),
                format!("not as asked: after the most replications allowed the 95% interval is still ±{}", self.half(half)),
            )),
        }
    }

    fn half(&self, minutes: f64) -> String {
        format!(
            "{} {}",
            super::number::decimal(minutes, 1),
            self.language.pick("分钟", "min")
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

    const fn calendar(&self) -> Calendar {
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
