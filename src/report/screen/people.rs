//! The lines of people: who is due, swabbed, missed, without a result, taken first, visited.

use crate::experiment::results::Figure;
use crate::id::RoundId;
use crate::measure::outcome::RoundOutcome;
use crate::model::site::Missed;
use crate::units::Span;

use super::super::layout::crop;
use super::super::number::{count, minutes, percent};
use super::super::positives;
use super::super::verdict::order;
use super::super::words::called;
use super::Screen;

impl Screen<'_> {
    /// Due, swabbed, missed, and the cells that miss most.
    pub(in crate::report) fn people(&self, id: RoundId) -> String {
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
            + &self.line(id)
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
                self.names,
            );
            let (missed, share) = (
                count(cell.missed.mean),
                percent(cell.missed.mean / cell.due.mean),
            );
            self.language.pick(
                format!("{name}：{missed} 人（{share}）"),
                format!("{name}: {missed} ({share})"),
            )
        });
        let cells = self.list(cells);
        self.language.pick(
            format!("{all}\n未采最多：{cells}"),
            format!("{all}\nMost missed: {cells}"),
        )
    }

    /// Who did not join the line or left it, if anyone.
    pub(in crate::report) fn line(&self, id: RoundId) -> String {
        let by = &self.results.outcome.rounds[id].missed_by;
        let people = |reason: Missed| by.get(reason as usize).map_or(0.0, |people| people.mean);
        let [no_room, balked, reneged] =
            [Missed::NoRoom, Missed::Balked, Missed::Reneged].map(people);
        if no_room + balked + reneged < 0.5 {
            return String::new();
        }
        let [no_room, balked, reneged] = [no_room, balked, reneged].map(count);
        self.language.pick(
            format!("\n排队：站满请回 {no_room} 人，嫌长掉头 {balked} 人，等不及走 {reneged} 人"),
            format!("\nIn line: no room {no_room}, too long {balked}, gave up {reneged}"),
        )
    }

    /// Who must be swabbed again, if anyone.
    fn swabbed_again(&self, outcome: &RoundOutcome<Figure>) -> String {
        let unbound = outcome.unbound.mean;
        let of_tubes = outcome.no_result.mean - unbound;
        let parts = [
            (of_tubes, "的管出不了结果", "whose tubes have no result"),
            (unbound, "没绑到名下", "not bound to their tubes"),
        ];
        let parts = parts.into_iter().filter(|(people, ..)| *people >= 0.5);
        let parts = parts.map(|(people, zh, en)| {
            let people = count(people);
            self.language
                .pick(format!("{people} 人{zh}"), format!("{people} {en}"))
        });
        let again = self.list(parts);
        if again.is_empty() {
            return again;
        }
        self.language.pick(
            format!("\n要重采：{again}"),
            format!("\nTo be swabbed again: {again}"),
        )
    }

    /// Who has no result, and who is pending, if anyone.
    pub(in crate::report) fn without_result(&self, id: RoundId) -> String {
        let outcome = &self.results.outcome.rounds[id];
        let mut text = String::new();
        if outcome.over_age.mean >= 0.5 {
            let tubes = count(outcome.over_age.mean);
            text += &self.language.pick(
                format!("\n送达时超时：{tubes} 管"),
                format!("\nToo old at the laboratory: {tubes} tubes"),
            );
        }
        text += &self.swabbed_again(outcome);
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
        if let Some(bound) = positives::bound(self.model, outcome)
            && outcome.positive_tubes.mean < 0.5
        {
            let share = positives::percent(bound);
            text += &self.language.pick(
                format!("\n一轮全阴性只说明感染者不到 {share}（95% 把握）"),
                format!("\nA round without a positive proves fewer than {share} infected (95% confidence), no more"),
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
    pub(in crate::report) fn priority(&self, id: RoundId) -> String {
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
    pub(in crate::report) fn visits(&self, id: RoundId) -> String {
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
}
