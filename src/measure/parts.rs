//! The parts into which the time is split that someone's result takes from the opening of the round.

use crate::id::{Id, LabId, SiteId, StageId};
use crate::model::Model;

/// Where someone, or someone's tube, is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Part {
    /// The site is not set up yet, or closed.
    Closed,
    /// Not called yet, or on the way to the site.
    Coming,
    /// The team that visits has not come yet.
    Team,
    /// In the line before a station, by its number among all [`Parts::stations`].
    Queue(usize),
    /// At a station: scanned, swabbed, walking to it.
    Service(usize),
    /// The swab waits for its tube to be closed.
    Filling,
    /// The tube waits for the courier.
    Pickup,
    /// It waits on because the vehicle was full.
    NoRoom,
    /// Handing over and road.
    Road,
    /// At a laboratory's stage all workers or machines are busy, so that its tubes wait, or those for which there is no room before it.
    Busy(LabId, StageId),
    /// One is free, but not at work on it: the run waits for more tubes, the crew is not on duty, or tubes come on in lots.
    Idle(LabId, StageId),
    /// In a stage of a laboratory.
    Work(LabId, StageId),
    /// From a failed or unclear test to the end of the one that replaced it.
    Rework(LabId),
    /// The result waits until tube and register are reconciled, or until it can be uploaded.
    Hold(LabId),
}

/// All parts of an operation, in the order in which someone goes through them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parts {
    /// The parts.
    pub list: Vec<Part>,
    /// The ids of all stations of all sites, each once.
    pub stations: Vec<String>,
    /// By site and station: the number among all stations.
    numbers: Vec<Vec<usize>>,
    /// By laboratory: where its parts begin.
    labs: Vec<usize>,
}

/// Parts before those of stations.
const BEFORE: usize = 3;
/// Parts of a stage.
const OF_STAGE: usize = 3;

impl Parts {
    /// The parts of an operation.
    pub fn of(model: &Model) -> Self {
        let mut stations: Vec<String> = Vec::new();
        let mut number = |id: &String| {
            let found = stations.iter().position(|station| station == id);
            found.unwrap_or_else(|| {
                stations.push(id.clone());
                stations.len() - 1
            })
        };
        let of_site = |site: &crate::model::site::Site| {
            let ids = site.stations.iter().map(|station| &station.id);
            ids.map(&mut number).collect()
        };
        let numbers = model.sites.values().map(of_site).collect();
        let mut list = vec![Part::Closed, Part::Coming, Part::Team];
        list.extend((0..stations.len()).flat_map(|at| [Part::Queue(at), Part::Service(at)]));
        list.extend([Part::Filling, Part::Pickup, Part::NoRoom, Part::Road]);
        let mut labs = Vec::new();
        for (lab, entry) in model.labs.iter() {
            labs.push(list.len());
            let stages = (0..entry.stages.len()).map(StageId::from_index);
            list.extend(stages.flat_map(|stage| {
                [
                    Part::Busy(lab, stage),
                    Part::Idle(lab, stage),
                    Part::Work(lab, stage),
                ]
            }));
            list.extend([Part::Rework(lab), Part::Hold(lab)]);
        }
        Self {
            list,
            stations,
            numbers,
            labs,
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none; there always are some.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// A station's number among all stations.
    pub fn station(&self, site: SiteId, station: u32) -> usize {
        self.numbers[site.index()][station as usize]
    }

    /// Where a part stands in the list.
    pub fn index(&self, part: Part) -> usize {
        let after = BEFORE + 2 * self.stations.len();
        let lab = |lab: LabId| self.labs[lab.index()];
        let end = |id: LabId| {
            let next = self.labs.get(id.index() + 1);
            next.copied().unwrap_or(self.list.len())
        };
        let stage = |id: LabId, stage: StageId| lab(id) + OF_STAGE * stage.index();
        match part {
            Part::Closed => 0,
            Part::Coming => 1,
            Part::Team => 2,
            Part::Queue(at) => BEFORE + 2 * at,
            Part::Service(at) => BEFORE + 2 * at + 1,
            Part::Filling => after,
            Part::Pickup => after + 1,
            Part::NoRoom => after + 2,
            Part::Road => after + 3,
            Part::Busy(lab, at) => stage(lab, at),
            Part::Idle(lab, at) => stage(lab, at) + 1,
            Part::Work(lab, at) => stage(lab, at) + 2,
            Part::Rework(lab) => end(lab) - 2,
            Part::Hold(lab) => end(lab) - 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario;

    #[test]
    fn every_part_is_found_where_it_stands() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/scenarios/features/everything.toml"
        );
        let reading = scenario::read(path.as_ref(), &scenario::document::Options::default());
        let parts = Parts::of(&reading.unwrap().model);
        assert!(!parts.is_empty() && parts.len() > 10);
        for (at, &part) in parts.list.iter().enumerate() {
            assert_eq!(parts.index(part), at, "{part:?}");
        }
    }
}
