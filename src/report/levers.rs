//! Levers in words, as a planner asks for them.

use crate::experiment::lever::{Lever, Pull};
use crate::model::Model;
use crate::model::lab::Work;
use crate::units::language::Language;

use super::words::{beside, called, stage};
use crate::id::{Id, LabId, StageId};

/// A lever and how far it is pulled: `1 more lane at Site 3`.
pub fn lever(model: &Model, lever: &Lever, pull: Pull, language: Language) -> String {
    match lever {
        Lever::Lanes(site) => {
            let site = called(&model.sites[*site].name, language);
            units(
                pull,
                (&beside(site, "采样台"), &format!("lane at {site}"), "张"),
                language,
            )
        }
        Lever::AllLanes => units(
            pull,
            ("每个采样点的采样台", "lane at every site", "张"),
            language,
        ),
        Lever::Station(id) => faster(pull, &name_of_station(model, id, language), language),
        Lever::Hours => match pull {
            Pull::Down => language
                .pick("各点早关 1 小时", "sites close 1 h earlier")
                .to_owned(),
            Pull::Up => language
                .pick("各点晚关 1 小时", "sites close 1 h later")
                .to_owned(),
            Pull::UpTwice => language
                .pick("各点晚关 2 小时", "sites close 2 h later")
                .to_owned(),
            Pull::Away => language
                .pick("各点昼夜开放", "sites open round the clock")
                .to_owned(),
        },
        Lever::Pool => match pull {
            Pull::Down => language
                .pick("混管人数减半", "tubes of half as many")
                .to_owned(),
            Pull::Up | Pull::UpTwice | Pull::Away => language
                .pick("混管人数加倍", "tubes of twice as many")
                .to_owned(),
        },
        Lever::Calls => faster(pull, language.pick("叫人", "calling"), language),
        Lever::Vehicles(_) | Lever::Trips(_) | Lever::Load(_) => {
            on_the_road(model, lever, pull, language).unwrap_or_default()
        }
        Lever::Capacity(..)
        | Lever::Wells(..)
        | Lever::Hands(..)
        | Lever::Room(..)
        | Lever::Time(..)
        | Lever::Policy(..) => in_a_laboratory(model, lever, pull, language).unwrap_or_default(),
    }
}

/// A lever of a courier.
fn on_the_road(model: &Model, lever: &Lever, pull: Pull, language: Language) -> Option<String> {
    let words = match lever {
        Lever::Vehicles(courier) => {
            let courier = called(&model.couriers[*courier].name, language);
            units(
                pull,
                (
                    &beside(courier, "车辆"),
                    &format!("vehicle of {courier}"),
                    "辆",
                ),
                language,
            )
        }
        Lever::Trips(courier) => often(
            pull,
            called(&model.couriers[*courier].name, language),
            language,
        ),
        Lever::Load(courier) => {
            let courier = called(&model.couriers[*courier].name, language);
            larger(
                pull,
                &language.pick(beside(courier, "每车装载"), format!("load of {courier}")),
                language,
            )
        }
        Lever::Lanes(_)
        | Lever::AllLanes
        | Lever::Station(_)
        | Lever::Hours
        | Lever::Pool
        | Lever::Calls
        | Lever::Capacity(..)
        | Lever::Wells(..)
        | Lever::Hands(..)
        | Lever::Room(..)
        | Lever::Time(..)
        | Lever::Policy(..) => return None,
    };
    Some(words)
}

/// A lever of a laboratory.
fn in_a_laboratory(model: &Model, lever: &Lever, pull: Pull, language: Language) -> Option<String> {
    let place = |lab: LabId, at: usize| stage(model, lab, StageId::from_index(at), language);
    let words = match lever {
        Lever::Capacity(lab, at) => {
            let place = place(*lab, *at);
            match &model.labs[*lab].stages[*at].work {
                Work::Machines { .. } => units(
                    pull,
                    (&beside(&place, "机器"), &format!("machine: {place}"), "台"),
                    language,
                ),
                Work::Workers { .. } | Work::Delay { .. } | Work::Upload { .. } => units(
                    pull,
                    (
                        &beside(&place, "每班人手"),
                        &format!("hand a shift: {place}"),
                        "人",
                    ),
                    language,
                ),
            }
        }
        Lever::Wells(lab, at) => {
            let place = place(*lab, *at);
            larger(
                pull,
                &language.pick(beside(&place, "每批管数"), format!("run of {place}")),
                language,
            )
        }
        Lever::Hands(lab, at) => {
            let place = place(*lab, *at);
            units(
                pull,
                (
                    &beside(&place, "机旁每班人手"),
                    &format!("hand a shift at machines: {place}"),
                    "人",
                ),
                language,
            )
        }
        Lever::Room(lab, at) => {
            let place = place(*lab, *at);
            larger(
                pull,
                &language.pick(beside(&place, "前的空位"), format!("room before {place}")),
                language,
            )
        }
        Lever::Time(lab, at) => faster(pull, &place(*lab, *at), language),
        Lever::Policy(lab, at) => {
            let place = place(*lab, *at);
            language.pick(
                beside(&place, "有管就开、随到随走"),
                format!("{place} starts at once"),
            )
        }
        Lever::Lanes(_)
        | Lever::AllLanes
        | Lever::Station(_)
        | Lever::Hours
        | Lever::Pool
        | Lever::Calls
        | Lever::Vehicles(_)
        | Lever::Trips(_)
        | Lever::Load(_) => return None,
    };
    Some(words)
}

/// A station by its id; the plain level's lane is called so.
fn name_of_station(model: &Model, id: &str, language: Language) -> String {
    let plain = model.sites.values().all(|site| site.stations.len() == 1);
    if plain {
        language.pick("采样", "swabbing").to_owned()
    } else {
        language.pick(beside("工位", id), format!("station {id}"))
    }
}

fn units(pull: Pull, (zh, en, measure): (&str, &str, &str), language: Language) -> String {
    match pull {
        Pull::Down => language.pick(format!("{zh}少 1 {measure}"), format!("1 fewer {en}")),
        Pull::Up => language.pick(format!("{zh}多 1 {measure}"), format!("1 more {en}")),
        Pull::UpTwice => language.pick(format!("{zh}多 2 {measure}"), format!("2 more {en}")),
        Pull::Away => language.pick(format!("{zh}十倍"), format!("ten times: {en}")),
    }
}

fn faster(pull: Pull, what: &str, language: Language) -> String {
    match pull {
        Pull::Down => language.pick(beside(what, "慢 10%"), format!("{what} 10% slower")),
        Pull::Up => language.pick(beside(what, "快 10%"), format!("{what} 10% faster")),
        Pull::UpTwice => language.pick(beside(what, "快 20%"), format!("{what} 20% faster")),
        Pull::Away => language.pick(beside(what, "快十倍"), format!("{what} ten times as fast")),
    }
}

fn often(pull: Pull, what: &str, language: Language) -> String {
    match pull {
        Pull::Down => language.pick(beside(what, "疏 10%"), format!("{what} 10% less often")),
        Pull::Up => language.pick(beside(what, "密 10%"), format!("{what} 10% more often")),
        Pull::UpTwice => language.pick(beside(what, "密 20%"), format!("{what} 20% more often")),
        Pull::Away => language.pick(beside(what, "密十倍"), format!("{what} ten times as often")),
    }
}

fn larger(pull: Pull, what: &str, language: Language) -> String {
    match pull {
        Pull::Down => language.pick(format!("{what}少 10%"), format!("{what} 10% smaller")),
        Pull::Up => language.pick(format!("{what}多 10%"), format!("{what} 10% larger")),
        Pull::UpTwice => language.pick(format!("{what}多 20%"), format!("{what} 20% larger")),
        Pull::Away => language.pick(format!("{what}十倍"), format!("{what} ten times as large")),
    }
}
