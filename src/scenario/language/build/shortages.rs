//! Incidents in which something is missing: staff, or machines of laboratories.

use super::super::checked::Table;
use super::{Build, Entries, LAB, Lists, SITE, STAFF};
use crate::id::{LabId, Table as Dense};
use crate::model::incident::What;
use crate::model::lab::{Lab, Work};
use crate::scenario::problem::shown;
use crate::scenario::tree::Place;

impl<'n> Build<'_, 'n, '_> {
    /// A share of the staff is missing: at sites whose lanes have their own crews, or of pools of people.
    pub(super) fn short_of_staff(&mut self, table: &Table<'n>, lists: &Lists<'_, 'n>) -> What {
        let among = Entries::of(self.root, "staff");
        if !among.tables.is_empty() && table.states("sites") {
            self.error(
                "S363",
                table.place_of("sites"),
                (
                    "人员按 [[staff]] 统一派到各点，不能说哪个点缺员".into(),
                    "crews are made of [[staff]] for all sites: nobody is missing at one of them"
                        .into(),
                ),
                (
                    "删去 sites，或用 staff 指明缺的是哪几批人员",
                    "leave `sites` out, or say with `staff` who is missing",
                ),
            );
        }
        let named = table.get::<Vec<(String, Place)>>("staff");
        let pools = match named {
            None => (0..among.tables.len()).collect(),
            Some(named) => named
                .iter()
                .filter_map(|(id, place)| self.find(id, *place, STAFF, &among))
                .collect(),
        };
        What::Staff {
            sites: self.meant(table, "sites", SITE, &lists.sites),
            pools,
            absent: self.quantity(table, "absent"),
        }
    }

    /// Machines of laboratories stand still.
    pub(super) fn machines_down(
        &mut self,
        table: &Table<'n>,
        lists: &Lists<'_, 'n>,
        labs: &Dense<LabId, Lab>,
    ) -> What {
        let meant: Vec<LabId> = self.meant(table, "labs", LAB, &lists.labs);
        let stage = table.get::<String>("stage");
        let machines: Option<u32> = table.get("machines");
        let mut stages = Vec::new();
        let mut fewest = u32::MAX;
        for &id in &meant {
            let Some(lab) = labs.get(id) else { continue };
            for (at, entry) in lab.stages.iter().enumerate() {
                let named = stage.as_ref().is_none_or(|stage| *stage == entry.id);
                if let (
                    true,
                    Work::Machines {
                        machines, fleet, ..
                    },
                ) = (named, &entry.work)
                {
                    let range = machines.range.as_ref();
                    let most = range.map_or(machines.value, |range| range.high);
                    fewest = fewest.min(fleet.all(most));
                    stages.push((id, at));
                }
            }
        }
        if stages.is_empty() && !meant.is_empty() && !table.is_broken("labs") {
            self.no_machines(table, stage.as_deref());
        } else if let Some(machines) = machines.filter(|&machines| machines > fewest) {
            self.error(
                "S365",
                table.place_of("machines"),
                (
                    format!("停机 {machines} 台，而那里一共只有 {fewest} 台"),
                    format!("{machines} machines stand still where there are only {fewest}"),
                ),
                (
                    "减小 machines，或删去它（全停）",
                    "lower `machines`, or leave it out: all stand still",
                ),
            );
        }
        What::Machine { stages, machines }
    }

    fn no_machines(&mut self, table: &Table<'n>, stage: Option<&str>) {
        let key = if stage.is_some() { "stage" } else { "kind" };
        let (zh, en) = match stage.map(shown) {
            Some(stage) => (
                format!("这些实验室没有用机器的步骤 \"{stage}\""),
                format!("none of these laboratories has a stage \"{stage}\" with machines"),
            ),
            None => (
                "这些实验室没有机器，停不了".to_owned(),
                "these laboratories have no machines that could stand still".to_owned(),
            ),
        };
        self.error(
            "S364",
            table.place_of(key),
            (zh, en),
            (
                "写有 machines 的步骤的编号，或删去 stage",
                "name a stage that has `machines`, or leave `stage` out",
            ),
        );
    }
}
