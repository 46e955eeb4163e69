//! The lines of what is used up, disinfected and paid.

use crate::experiment::results::Figure;
use crate::id::{LabId, RoundId};
use crate::measure::outcome::LabOutcome;
use crate::model::stock::Stock;

use super::super::layout::crop;
use super::super::number::{count, decimal, percent, rounded};
use super::super::words::{beside, called};
use super::{SCARCEST, Screen};

impl Screen<'_> {
    /// The stocks that are scarcest: the round in which one runs out, or for how many more it lasts after the last.
    pub(in crate::report) fn stocks(&self) -> Option<String> {
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
            let name = crop(called(&stock.name, self.language), self.names);
            let gone = outcomes
                .iter()
                .find(|(_, round)| round.stocks[at].runs_out.mean > 0.0);
            if let Some((id, round)) = gone {
                let which = crop(
                    called(&self.model.rounds[id].name, self.language),
                    self.names,
                );
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
            let left = decimal(left, usize::from(left < 10.0));
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
            let last = if others == 1 {
                "other lasts"
            } else {
                "others last"
            };
            stocks.push(self.language.pick(
                format!("其余 {others} 种更久"),
                format!("{others} {last} longer"),
            ));
        }
        (!stocks.is_empty()).then(|| stocks.join(self.language.pick("；", "; ")))
    }

    /// How often sites are disinfected, and what that takes, if anyone does.
    pub(in crate::report) fn disinfection(&self) -> Option<String> {
        let outcome = self.results.outcome.disinfection?;
        let people = self.model.disinfection.as_ref()?.people;
        let visits = count(outcome.visits.mean);
        let [hours, closed] = [outcome.staff_hours.mean, outcome.closed_min.mean / 60.0]
            .map(|hours| decimal(hours, usize::from(hours < 10.0)));
        Some(self.language.pick(
            format!("{people} 人共 {visits} 点次，{hours} 工时，采样点停采合计 {closed} 小时"),
            format!("{visits} visits by {people} people, {hours} staff hours; sites closed for {closed} h in all"),
        ))
    }

    /// What laboratories send on to others in a round, if any does.
    pub(in crate::report) fn sent_on(&self, round: RoundId) -> Option<String> {
        let name = |lab: LabId| {
            crop(
                called(&self.model.labs[lab].name, self.language),
                self.names,
            )
        };
        let labs = self.results.outcome.labs.iter();
        let of_round = labs.filter(|outcome| outcome.round == round);
        let one = |outcome: &LabOutcome<Figure>| {
            let overflow = self.model.labs[outcome.lab].overflow.as_ref()?;
            let [from, to] = [outcome.lab, overflow.to].map(name);
            let (sent, all) = (
                outcome.sent_on.mean,
                outcome.sent_on.mean + outcome.tubes.mean,
            );
            let share = percent(if all > 0.0 { sent / all } else { 0.0 });
            let tubes = count(sent);
            Some(self.language.pick(
                format!(
                    "{}（{share}）",
                    beside(&beside(&from, "转"), &beside(&to, &format!("{tubes} 管")))
                ),
                format!("{tubes} tubes from {from} to {to} ({share})"),
            ))
        };
        let mut sent: Vec<String> = of_round.filter_map(one).collect();
        let others = sent.len().saturating_sub(self.most);
        sent.truncate(self.most);
        if others > 0 {
            sent.push(
                self.language
                    .pick(format!("另 {others} 处"), format!("{others} more")),
            );
        }
        (!sent.is_empty()).then(|| sent.join(self.language.pick("；", "; ")))
    }

    /// What it all costs, for each person swabbed, and whether the budget is enough.
    pub(in crate::report) fn cost(&self) -> Option<String> {
        let cost = self.results.outcome.cost.as_ref()?;
        let priced = self.model.cost.as_ref()?;
        let currency = crop(&priced.currency, self.names);
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
}
