//! Laboratories that send tubes on while too many wait.

use super::super::checked::Table;
use super::{Build, LAB, Lists};
use crate::id::{CourierId, Id, LabId, Table as Dense};
use crate::model::courier::Courier;
use crate::model::lab::{Lab, Overflow};

impl<'n> Build<'_, 'n, '_> {
    /// Where a laboratory sends tubes on, if it does.
    pub(super) fn overflow(&mut self, lab: &Table<'n>, lists: &Lists<'_, 'n>) -> Option<Overflow> {
        let table = lab.table("overflow")?;
        let to: String = table.get("to")?;
        let to = self.find(&to, table.place_of("to"), LAB, &lists.labs)?;
        Some(Overflow {
            to: LabId::from_index(to),
            over: self.quantity(table, "over"),
            takes: (table.states("takes") || table.is_broken("takes"))
                .then(|| self.duration(table, "takes")),
        })
    }

    /// Complains about laboratories that send tubes on in a circle: about each circle once, and then nobody sends.
    pub(super) fn no_circle(&mut self, lists: &Lists<'_, 'n>, labs: &Dense<LabId, Lab>) {
        let next = |&lab: &LabId| {
            let overflow = labs[lab].overflow.as_ref();
            overflow.map(|overflow| overflow.to)
        };
        for (id, _) in labs.iter() {
            let way = std::iter::successors(Some(id), next).skip(1);
            let circle: Vec<LabId> = way.take(labs.len()).take_while(|&lab| lab != id).collect();
            let closed = circle.last().map_or(next(&id), next) == Some(id);
            // The first of a circle tells of it.
            if !closed || circle.iter().any(|&lab| lab < id) {
                continue;
            }
            let table = lists.labs.tables[id.index()];
            let Some(overflow) = table.table("overflow") else {
                continue;
            };
            let id: String = table.take("id");
            let (zh, en) = if circle.is_empty() {
                (
                    format!("实验室 {id} 转送给自己"),
                    format!("laboratory {id} sends tubes on to itself"),
                )
            } else {
                (
                    format!("从实验室 {id} 转送出去的管会转回来"),
                    format!("what laboratory {id} sends on may come back to it"),
                )
            };
            self.error(
                "S440",
                overflow.place_of("to"),
                (zh, en),
                (
                    "转送只能单向：删去其中一个 overflow，或改它的 to",
                    "tubes go one way only: leave out one `overflow`, or change its `to`",
                ),
            );
        }
    }

    /// Complains about drives nobody knows the length of, about laboratories of which only one looks for positive tubes, and about an overflow
    /// that can never be.
    pub(super) fn overflows(
        &mut self,
        lists: &Lists<'_, 'n>,
        (labs, couriers): (&Dense<LabId, Lab>, &Dense<CourierId, Courier>),
        has_roads: bool,
    ) {
        let brings = |id: LabId| couriers.values().any(|courier| courier.to == id);
        let ids = lists.labs.tables.iter();
        let reserves: Vec<bool> = ids
            .map(|table| self.is_reserve(&table.take::<String>("id")))
            .collect();
        let sends = |id: LabId| {
            let mut others = labs.values().filter_map(|lab| lab.overflow.as_ref());
            others.any(|overflow| overflow.to == id)
        };
        for ((id, lab), entry) in labs.iter().zip(&lists.labs.tables) {
            let (Some(overflow), Some(table)) = (&lab.overflow, entry.table("overflow")) else {
                continue;
            };
            let [from, to] = [id, overflow.to].map(|lab| labs[lab].name.id.clone());
            if overflow.takes.is_none() && !has_roads {
                self.error(
                    "S441",
                    table.place,
                    (
                        format!("不知道从 {from} 转送到 {to} 要多久"),
                        format!("nobody knows how long it takes from {from} to {to}"),
                    ),
                    (
                        "写上 takes，如 takes = \"90 min\"；或写 [roads]",
                        "give `takes`, such as takes = \"90 min\", or [roads]",
                    ),
                );
            }
            if lab.verdict.is_some() != labs[overflow.to].verdict.is_some() {
                self.error(
                    "S442",
                    table.place_of("to"),
                    (
                        format!("{from} 和 {to} 只有一个判阴阳（verdict）：阳性管能不能查出来就看送到哪里"),
                        format!("only one of {from} and {to} looks for positive tubes (`verdict`): whether one is found would depend on the door"),
                    ),
                    (
                        "两个实验室都写 verdict，或都不写",
                        "give both laboratories a `verdict`, or neither",
                    ),
                );
            }
            let reached = brings(id) || sends(id) || reserves[id.index()];
            if !reached && !lists.couriers.partial && !self.problems.has_errors() {
                self.warning(
                    "S443",
                    table.place,
                    (
                        format!("`overflow` 不起作用：没有送样车送到 {from}（外来样品不转送）"),
                        format!("`overflow` has no effect: no courier goes to {from}, and tubes of feeds are not sent on"),
                    ),
                    (
                        "让某个送样车的 to 指向它，或删去 overflow",
                        "point the `to` of a courier at it, or leave `overflow` out",
                    ),
                );
            }
        }
    }
}
