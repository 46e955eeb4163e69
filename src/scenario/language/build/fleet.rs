//! Machines over time: those that come later, those that stand still, those that fail.

use jiff::civil::{Date, DateTime};

use super::super::checked::Table;
use super::Build;
use super::rounds::since_midnight;
use crate::model::assumption::Quantity;
use crate::model::lab::{Breakdowns, Down, Fleet};
use crate::model::service::{Duration, Mean};
use crate::units::{Span, Time, text};

impl<'n> Build<'_, 'n, '_> {
    /// When the machines of a stage are there: so many from the beginning, with runs that take so long, part by part.
    pub(super) fn fleet(
        &mut self,
        table: &Table<'n>,
        (machines, run): (&Quantity<u32>, &[&Duration]),
        first_day: Date,
    ) -> Fleet {
        let moment = |entry: &Table<'n>, key: &str| {
            let moment: DateTime = entry.take(key);
            since_midnight(moment, first_day)
        };
        let more = table.tables("more");
        let more: Vec<(Time, u32)> = more
            .iter()
            .map(|entry| (moment(entry, "from"), entry.take("machines")))
            .collect();
        let most = machines
            .range
            .as_ref()
            .map_or(machines.value, |range| range.high);
        let all = more
            .iter()
            .fold(most, |all, (_, more)| all.saturating_add(*more));
        let entries = table.tables("down");
        let mut down = Vec::with_capacity(entries.len());
        for entry in entries {
            let stretch = Down {
                from: moment(entry, "from"),
                until: moment(entry, "until"),
                machines: entry.get("machines"),
            };
            if stretch.until > stretch.from {
                self.enough(entry, stretch.machines, all);
                down.push(stretch);
            } else if !entry.is_broken("from") && !entry.is_broken("until") {
                self.error(
                    "S361",
                    entry.place_of("until"),
                    (
                        "停机在开始之前就结束了".into(),
                        "the machines are back before they stand still".into(),
                    ),
                    ("让 until 晚于 from", "let `until` be later than `from`"),
                );
            }
        }
        Fleet {
            more,
            down,
            breakdowns: table
                .table("breakdowns")
                .map(|breakdowns| self.breakdowns(breakdowns, run)),
        }
    }

    /// No more machines stand still than there are.
    fn enough(&mut self, entry: &Table<'n>, down: Option<u32>, all: u32) {
        let Some(down) = down.filter(|&down| down > all && all > 0) else {
            return;
        };
        self.error(
            "S362",
            entry.place_of("machines"),
            (
                format!("停机 {down} 台，一共只有 {all} 台"),
                format!("{down} machines stand still, and there are only {all}"),
            ),
            (
                "减小 machines，或删去它（全部停机）",
                "lower `machines`, or leave it out: all stand still",
            ),
        );
    }

    fn breakdowns(&mut self, table: &Table<'n>, run: &[&Duration]) -> Breakdowns {
        let every: Quantity<Span> = self.quantity(table, "every");
        let least = every.range.as_ref().map_or(every.value, |range| range.low);
        let high = |part: &&Duration| match &part.mean {
            Mean::Time(time) => time.range.as_ref().map_or(time.value, |range| range.high),
            Mean::Pace(_) => part.nominal(),
        };
        let longest: Span = run.iter().map(high).sum();
        if least < longest * 2 && !table.is_broken("every") {
            let (shown, run) = (text::print_span(least), text::print_span(longest));
            self.error(
                "S360",
                table.place_of("every"),
                (
                    format!("机器平均 {shown} 就坏一次，一轮却要 {run}，检测做不完"),
                    format!("a machine lasts {shown} on average and a run takes {run}: testing would never end"),
                ),
                (
                    "every 至少写一轮用时的两倍",
                    "let `every` be at least twice as long as a run",
                ),
            );
        }
        Breakdowns {
            every,
            repair: self.duration(table, "repair"),
        }
    }
}
