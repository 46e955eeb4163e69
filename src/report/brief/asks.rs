//! What is asked for: who provides what, by when, and what it brings, each tried in simulation or counted.

use crate::experiment::compare::Compared;
use crate::experiment::lever::{Lever, Pull};
use crate::experiment::leverage::{Leverage, Pulled};
use crate::experiment::results::Results;
use crate::id::RoundId;
use crate::measure::outcome::Gate;
use crate::model::Model;
use crate::report::levers;
use crate::report::number::{Calendar, count, decimal, minutes, percent, rounded};
use crate::report::verdict::{Binding, Resource, met, order, waits, worst};
use crate::report::words::called;
use crate::units::Span;

use super::{Brief, Grid};

/// Levers that are tried.
const MOST: usize = 6;
/// Gates whose waits are relieved.
const GATES: usize = 3;

/// What came of trying to relieve what holds the round back.
#[derive(Clone, PartialEq, Debug)]
pub struct Asked {
    /// The plan as it stands, and with each lever pulled.
    pub leverage: Leverage,
    /// Replications of each.
    pub replications: u32,
}

/// What could relieve the round in most danger, where people or tubes wait longest and what is busiest; nothing if every round keeps its
/// deadline.
pub fn levers(model: &Model, results: &Results) -> Vec<(Lever, Pull)> {
    let Some(round) = worst(model, results).filter(|&round| !met(results, round)) else {
        return Vec::new();
    };
    let binding = Binding::of(model, results, round);
    let gates = binding.gates.iter().filter(|gate| waits(gate.gate));
    let mut levers = Vec::new();
    for gate in gates.take(GATES) {
        match gate.gate {
            Gate::Queue => levers.push((Lever::AllLanes, Pull::Up)),
            Gate::Filling => levers.push((Lever::Pool, Pull::Down)),
            Gate::Pickup => {
                for courier in model.couriers.ids() {
                    levers.extend([
                        (Lever::Vehicles(courier), Pull::Up),
                        (Lever::Trips(courier), Pull::Up),
                    ]);
                }
            }
            Gate::LabWait(lab, stage) => {
                let stage = crate::id::Id::index(stage);
                levers.push((Lever::Capacity(lab, stage), Pull::Up));
            }
            Gate::Service | Gate::Road | Gate::LabWork(..) | Gate::LabHold(_) => {}
        }
    }
    for busy in binding.busy.iter().take(2) {
        levers.push(match busy.resource {
            Resource::Lanes(site) => (Lever::Lanes(site), Pull::Up),
            Resource::Vehicles(courier) => (Lever::Vehicles(courier), Pull::Up),
            Resource::Stage(lab, stage) => {
                (Lever::Capacity(lab, crate::id::Id::index(stage)), Pull::Up)
            }
            Resource::People(lab, stage) => {
                (Lever::Hands(lab, crate::id::Id::index(stage)), Pull::Up)
            }
        });
    }
    let mut kept: Vec<(Lever, Pull)> = Vec::new();
    for lever in levers {
        if !kept.contains(&lever) && lever.0.pulled(model, lever.1).is_some() {
            kept.push(lever);
        }
    }
    kept.truncate(MOST);
    kept
}

impl Brief<'_> {
    /// A sentence and the table of what is asked for.
    pub(super) fn asks(&self, round: RoundId, asked: Option<&Asked>) -> (String, Grid) {
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut said = String::new();
        if met(self.results, round) {
            said = self.pick(
                "各轮都赶得上时限，时限方面不需要增援。",
                "Every round keeps its deadline: nothing more is needed for it.",
            );
        } else if let Some(asked) = asked {
            let mut helpful: Vec<(&Pulled, f64)> = asked
                .leverage
                .pulled
                .iter()
                .map(|pulled| (pulled, asked.gain(pulled)))
                .filter(|(pulled, gain)| *gain >= 1.0 && asked.is_clear(pulled))
                .collect();
            helpful.sort_by(|one, other| order(other.1, one.1));
            said = if helpful.is_empty() {
                self.pick(
                    "试了最吃紧的几处，各加一份，最后的结果都没有明显提前；见 swabplan sensitivity。",
                    "One more of what is most pressed, one after another, brings the last result no nearer that can be told; see swabplan sensitivity.",
                )
            } else {
                let each = asked.replications;
                self.language.pick(
                    format!("每一项都单独推演过（各 {each} 次，同样的运气），不能相加。"),
                    format!("Each was simulated by itself ({each} replications, the same luck); what they bring cannot simply be added up."),
                )
            };
            let by = self.calendar().moment(self.model.rounds[round].opens);
            rows.extend(
                helpful
                    .iter()
                    .map(|(pulled, gain)| self.lever(asked, pulled, *gain, &by)),
            );
        }
        rows.extend(self.stock_asks());
        rows.extend(self.room_asks());
        rows.extend(self.missing_asks(round));
        let head = [
            ("要什么", "what"),
            ("谁来办", "who"),
            ("最迟", "by"),
            ("有什么用", "what it brings"),
        ];
        let head = head.map(|(zh, en)| self.pick(zh, en)).to_vec();
        (said, Grid { head, rows })
    }

    fn lever(&self, asked: &Asked, pulled: &Pulled, gain: f64, by: &str) -> Vec<String> {
        let what = levers::lever(self.model, &pulled.lever, pulled.pull, self.language);
        let who = match pulled.lever {
            Lever::Lanes(_) | Lever::AllLanes | Lever::Station(_) | Lever::Hours | Lever::Pool => {
                self.pick("采样组", "sampling group")
            }
            Lever::Calls => self.pick("社区网格组", "grid workers"),
            Lever::Vehicles(_) | Lever::Trips(_) | Lever::Load(_) => {
                self.pick("转运组", "transport group")
            }
            Lever::Capacity(..)
            | Lever::Wells(..)
            | Lever::Hands(..)
            | Lever::Room(..)
            | Lever::Time(..)
            | Lever::Policy(..) => self.pick(
                "检测组；县里没有的请地州支援",
                "laboratory group; what the county lacks, the prefecture",
            ),
        };
        let half = asked.difference(pulled).half;
        let on_time =
            |trial: &crate::experiment::points::Trial| percent(trial.mean(Compared::OnTime).0);
        let (before, after) = (on_time(&asked.leverage.base), on_time(&pulled.trial));
        let [gain, half] = [gain, half.max(1.0)].map(|length| minutes(length, self.language));
        let brings = self.language.pick(
            format!("最后结果早 {gain}（±{half}），全部按时的概率 {before} → {after}"),
            format!("last result {gain} earlier (±{half}); all in time {before} → {after}"),
        );
        vec![what, who, by.to_owned(), brings]
    }

    /// What is short of each stock in most cases, before the round in which it runs out.
    fn stock_asks(&self) -> Vec<Vec<String>> {
        const SELDOM: f64 = 0.05;
        let mut rows = Vec::new();
        for (at, stock) in self.model.stocks.iter().enumerate() {
            let rounds = self.results.outcome.rounds.iter();
            let runs_out = |round: &crate::measure::outcome::RoundOutcome<_>| {
                round.stocks.get(at).is_some_and(
                    |stock: &crate::measure::outcome::StockOutcome<
                        crate::experiment::results::Figure,
                    >| stock.runs_out.mean >= SELDOM,
                )
            };
            let short: Vec<_> = rounds.filter(|(_, round)| runs_out(round)).collect();
            let Some(&(first, round)) = short.first() else {
                continue;
            };
            let lacking: f64 = short
                .iter()
                .filter_map(|(_, round)| round.stocks.get(at))
                .map(|stock| stock.short.p95.max(0.0))
                .sum();
            let (name, lacking) = (
                called(&stock.name, self.language),
                if lacking < 10.0 {
                    decimal(lacking, 1)
                } else {
                    count(rounded(lacking))
                },
            );
            let share = percent(round.stocks[at].runs_out.mean);
            let entry = &self.model.rounds[first];
            let which = called(&entry.name, self.language);
            rows.push(vec![
                self.language.pick(
                    format!("补充{name} {lacking}"),
                    format!("{lacking} more of {name}"),
                ),
                self.pick("物资保障组", "supplies group"),
                self.calendar().moment(entry.opens),
                self.language.pick(
                    format!("否则{which}里用完的概率 {share}；补到这么多，95% 的情形够"),
                    format!(
                        "else it runs out in {which} in {share} of cases; so much is enough in 95%"
                    ),
                ),
            ]);
        }
        rows
    }

    fn room_asks(&self) -> Vec<Vec<String>> {
        let Some(rooms) = &self.results.outcome.isolation else {
            return Vec::new();
        };
        if rooms.short_peak.p95 < 0.5 {
            return Vec::new();
        }
        let short = count(rooms.short_peak.p95.ceil());
        let first = self.model.rounds.values().map(|round| round.opens).min();
        let full = first.and_then(|first| Calendar::after(first, rooms.full_min.p05));
        let by = full.map_or_else(
            || super::super::number::NONE.to_owned(),
            |full| self.calendar().moment(full),
        );
        vec![vec![
            self.language.pick(
                format!("隔离房间再备 {short} 间"),
                format!("{short} more isolation rooms"),
            ),
            self.pick("隔离管控组", "isolation group"),
            by,
            self.pick(
                "95% 的情形里密接都有房间",
                "rooms for all contacts in 95% of cases",
            ),
        ]]
    }

    fn missing_asks(&self, round: RoundId) -> Vec<Vec<String>> {
        let missed = self.results.outcome.rounds[round].missed.mean;
        if missed < 0.5 {
            return Vec::new();
        }
        let entry = &self.model.rounds[round];
        let by = entry
            .closes
            .millis()
            .min((entry.deadline - Span::ZERO).millis());
        let (missed, by) = (
            count(missed),
            self.calendar().moment(crate::units::Time::from_millis(by)),
        );
        vec![vec![
            self.language.pick(
                format!("逐户核对、补采未采的 {missed} 人"),
                format!("find and swab the {missed} who are missing"),
            ),
            self.pick("社区网格组", "grid workers"),
            by,
            self.pick(
                "应检尽检；名单见“各网格未采”",
                "everyone due is swabbed; see the cells below",
            ),
        ]]
    }
}

impl Asked {
    fn difference(&self, pulled: &Pulled) -> crate::stats::selection::Paired {
        pulled
            .trial
            .against(&self.leverage.base, Compared::ResultsEnd)
    }

    /// Minutes by which the last result comes earlier.
    fn gain(&self, pulled: &Pulled) -> f64 {
        -self.difference(pulled).mean
    }

    fn is_clear(&self, pulled: &Pulled) -> bool {
        self.difference(pulled).is_clear()
    }
}
