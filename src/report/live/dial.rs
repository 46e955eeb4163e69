//! What a slider moves, in words.

use super::super::number::{count, minutes, signed};
use super::super::words::{beside, called, stage};
use crate::id::{CourierId, Id, LabId, SiteId, StageId};
use crate::model::Model;
use crate::model::lab::Work;
use crate::units::language::Language;

/// Something that a slider moves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dial {
    /// So many lanes more at every site.
    AllLanes,
    /// Lanes of one site.
    Lanes(SiteId),
    /// People whom a lane swabs in an hour.
    Pace,
    /// The minute of the day at which all sites close.
    Hours,
    /// People in a tube, where people come freely.
    Pool,
    /// Vehicles of a courier.
    Vehicles(CourierId),
    /// Minutes between the trips of a courier.
    Trips(CourierId),
    /// Machines of a stage of a laboratory, or so many hands more in each of its shifts.
    Capacity(LabId, usize),
}

impl Dial {
    /// Whether its amount is by how much it moves, and not what it comes to: where it moves several things that may differ.
    pub fn moves_by(self, model: &Model) -> bool {
        match self {
            Self::AllLanes => true,
            Self::Capacity(lab, at) => {
                let stage = model.labs[lab].stages.get(at);
                stage.is_some_and(|stage| matches!(stage.work, Work::Workers { .. }))
            }
            Self::Lanes(_)
            | Self::Pace
            | Self::Hours
            | Self::Pool
            | Self::Vehicles(_)
            | Self::Trips(_) => false,
        }
    }

    /// What it moves: `Lanes at Site 3`.
    pub fn name(self, model: &Model, language: Language) -> String {
        match self {
            Self::AllLanes => language
                .pick("每个采样点的采样台", "Lanes at every site")
                .to_owned(),
            Self::Lanes(site) => {
                let site = called(&model.sites[site].name, language);
                language.pick(beside(site, "采样台"), format!("Lanes at {site}"))
            }
            Self::Pace => language
                .pick("每台的采样速度", "Pace of each lane")
                .to_owned(),
            Self::Hours => language.pick("每天关门", "Sites close at").to_owned(),
            Self::Pool => language.pick("混管人数", "People in a tube").to_owned(),
            Self::Vehicles(courier) => {
                let courier = called(&model.couriers[courier].name, language);
                language.pick(beside(courier, "车辆"), format!("Vehicles: {courier}"))
            }
            Self::Trips(courier) => {
                let courier = called(&model.couriers[courier].name, language);
                language.pick(
                    beside(courier, "每隔多久来一次"),
                    format!("Time between trips: {courier}"),
                )
            }
            Self::Capacity(lab, at) => {
                let place = stage(model, lab, StageId::from_index(at), language);
                if self.moves_by(model) {
                    language.pick(
                        beside(&place, "每班人手"),
                        format!("Hands a shift: {place}"),
                    )
                } else {
                    language.pick(beside(&place, "机器"), format!("Machines: {place}"))
                }
            }
        }
    }

    /// An amount of it in words.
    pub fn amount(self, model: &Model, amount: i64, language: Language) -> String {
        match self {
            Self::Hours => {
                let next = amount > 24 * 60;
                let minute = if next { amount - 24 * 60 } else { amount };
                let clock = format!("{:02}:{:02}", minute.div_euclid(60), minute.rem_euclid(60));
                if next {
                    language.pick(format!("次日 {clock}"), format!("{clock} next day"))
                } else {
                    clock
                }
            }
            Self::Trips(_) => minutes(amount as f64, language),
            Self::Pace => pace(amount, language),
            Self::AllLanes
            | Self::Lanes(_)
            | Self::Pool
            | Self::Vehicles(_)
            | Self::Capacity(..) => {
                let words = if self.moves_by(model) { signed } else { count };
                words(amount as f64)
            }
        }
    }
}

/// People an hour.
fn pace(rate: i64, language: Language) -> String {
    language.pick(format!("{rate} 人/小时"), format!("{rate} people/h"))
}
