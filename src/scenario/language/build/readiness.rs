//! Steps of getting ready, in an order in which each can be done.

use super::{Build, Entries, STEP, name};
use crate::model::readiness::Step;
use crate::scenario::tree::Place;

impl Build<'_, '_, '_> {
    /// The steps from the order to the first swab, each behind those it waits for.
    pub(super) fn readiness(&mut self) -> Vec<Step> {
        let entries = Entries::of(self.root, "readiness");
        if entries.is_empty() {
            return Vec::new();
        }
        let waits: Vec<Vec<usize>> = entries
            .tables
            .iter()
            .map(|table| {
                let listed: Vec<(String, Place)> = table.get("after").unwrap_or_default();
                listed
                    .iter()
                    .filter_map(|(id, place)| self.find(id, *place, STEP, &entries))
                    .collect()
            })
            .collect();
        let order = in_order(&waits);
        if let Some(stuck) = (0..waits.len()).find(|step| !order.contains(step)) {
            let table = entries.tables[stuck];
            let id: String = table.take("id");
            self.error(
                "S253",
                table.place_of("after"),
                (
                    format!("准备步骤 {id} 绕了一圈要等它自己"),
                    format!("step {id} waits for itself in the end"),
                ),
                ("删去 after 中的一项", "leave one of the `after` out"),
            );
            return Vec::new();
        }
        let place = |step: usize| order.iter().position(|other| *other == step);
        order
            .iter()
            .map(|&step| {
                let table = entries.tables[step];
                Step {
                    name: name(table),
                    takes: self.quantity(table, "takes"),
                    after: waits[step]
                        .iter()
                        .filter_map(|&before| place(before))
                        .collect(),
                }
            })
            .collect()
    }
}

/// The steps that can be done, each behind those it waits for; otherwise as they are listed.
fn in_order(waits: &[Vec<usize>]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(waits.len());
    loop {
        let next = (0..waits.len()).find(|step| {
            !order.contains(step) && waits[*step].iter().all(|before| order.contains(before))
        });
        match next {
            Some(step) => order.push(step),
            None => return order,
        }
    }
}
