//! People at the machines of laboratories, and room between their stages.

use super::super::checked::Table;
use super::Build;
use crate::model::lab::{HandOver, Hands, LabCrew, Stage, Work};

impl<'n> Build<'_, 'n, '_> {
    /// What people of the crews do at runs of machines, if it takes any.
    pub(super) fn hands(&mut self, machines: &Table<'n>, crews: &[LabCrew]) -> Option<Hands> {
        let table = machines.table("hands")?;
        let part = |key: &'static str| (table.item(key).is_some()).then_some(key);
        let [setup, clean] = ["setup", "clean"].map(part);
        let hands = Hands {
            setup: setup.map(|key| self.duration(table, key)),
            clean: clean.map(|key| self.duration(table, key)),
            people: table.get("people").unwrap_or(1),
        };
        let most = LabCrew::most(crews);
        if !machines.states("crews") {
            self.error(
                "S430",
                machines.place_of("hands"),
                (
                    "写了每轮要人动手，没有写谁当班".into(),
                    "people are needed at each run, and nobody is said to be there".into(),
                ),
                (
                    "加上 crews，如 crews = [{ hours = \"08:00-20:00\", technicians = 2 }]",
                    "add `crews`, such as crews = [{ hours = \"08:00-20:00\", technicians = 2 }]",
                ),
            );
        } else if most > 0 && hands.people > most && !table.is_broken("people") {
            let people = hands.people;
            self.error(
                "S431",
                table.place_of("people"),
                (
                    format!("每轮要 {people} 人一起动手，同时当班最多 {most} 人，永远开不了机"),
                    format!("a run takes {people} people at once and {most} are on duty at most: none would ever start"),
                ),
                (
                    "减小 people，或加人",
                    "lower `people`, or put more technicians on duty",
                ),
            );
        }
        let broken = table.is_broken("setup") || table.is_broken("clean");
        if hands.setup.is_none() && hands.clean.is_none() && !broken {
            self.error(
                "S432",
                machines.place_of("hands"),
                (
                    "hands 里没有写要做什么".into(),
                    "`hands` says nothing that people do".into(),
                ),
                (
                    "写上 setup 或 clean，如 setup = \"20 min\"；不用人动手就删去 hands",
                    "give `setup` or `clean`, such as setup = \"20 min\", or leave `hands` out",
                ),
            );
        }
        Some(hands)
    }

    /// Room before each stage is enough for what comes and goes at once, and where anything stands at all.
    pub(super) fn rooms(&mut self, tables: &[Table<'n>], stages: &[Stage]) {
        for (at, (table, stage)) in tables.iter().zip(stages).enumerate() {
            let Some(room) = stage.buffer else { continue };
            if matches!(stage.work, Work::Delay { .. } | Work::Upload { .. }) {
                self.error(
                    "S434",
                    table.place_of("buffer"),
                    (
                        "这一步不用人也不用机器，前面不会有样品排队".into(),
                        "nothing stands before this stage: it needs neither people nor machines"
                            .into(),
                    ),
                    (
                        "删去 buffer，或写在有人或机器的步骤上",
                        "leave `buffer` out, or give it to a stage with `workers` or `machines`",
                    ),
                );
                continue;
            }
            let before = at.checked_sub(1).and_then(|before| stages.get(before));
            let batch = taken(stage).max(before.map_or(0, handed));
            if batch > room {
                self.error(
                    "S433",
                    table.place_of("buffer"),
                    (
                        format!("这一步前只放得下 {room} 管，一批却有 {batch} 管，永远凑不满"),
                        format!("room for {room} tubes before this stage, and {batch} in a batch: none would ever be full"),
                    ),
                    (
                        "加大 buffer，或减小 wells、lots",
                        "raise `buffer`, or lower `wells` or `lots`",
                    ),
                );
            }
        }
    }

    /// How many tubes are let in: enough for every batch.
    pub(super) fn wip(&mut self, table: &Table<'n>, stages: &[Stage]) -> Option<u32> {
        let wip = table.get("wip")?;
        let batches = stages.iter().map(|stage| taken(stage).max(handed(stage)));
        let batch = batches.max().unwrap_or(0);
        if batch > wip {
            self.error(
                "S435",
                table.place_of("wip"),
                (
                    format!("实验室里同时最多 {wip} 管，一批却有 {batch} 管，永远凑不满"),
                    format!("{wip} tubes are let in at once, and {batch} are in a batch: none would ever be full"),
                ),
                (
                    "加大 wip，或减小 wells、lots",
                    "raise `wip`, or lower `wells` or `lots`",
                ),
            );
        }
        Some(wip)
    }
}

/// Tubes that a stage takes at once at most.
fn taken(stage: &Stage) -> u32 {
    match &stage.work {
        Work::Machines { capacity, .. } => {
            let range = capacity.range.as_ref();
            range.map_or(capacity.value, |range| range.high)
        }
        Work::Workers { .. } | Work::Delay { .. } | Work::Upload { .. } => 0,
    }
}

/// Tubes that it hands over at once.
const fn handed(stage: &Stage) -> u32 {
    match stage.hand_over {
        HandOver::Immediate => 0,
        HandOver::Lots(lots) => lots,
    }
}
