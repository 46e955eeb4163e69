//! The parts of someone's time in words, for people and for programs.

use crate::experiment::lever::Lever;
use crate::id::{CourierId, Id, LabId, StageId};
use crate::measure::outcome::Gate;
use crate::measure::parts::{Part, Parts};
use crate::model::Model;
use crate::model::coming::Coming;
use crate::model::lab::Work;
use crate::report::summary::{gate_id, stage_id};
use crate::report::words::{beside, called, gate, stage};
use crate::units::language::Language;

/// Where someone is, in words.
pub(super) fn part(model: &Model, parts: &Parts, part: Part, language: Language) -> String {
    let fixed = |zh: &str, en: &str| language.pick(zh, en).to_owned();
    match part {
        Part::Closed => fixed("采样点没开", "site not open"),
        Part::Coming => {
            let coming = model.sites.values().map(|site| &site.coming);
            let mut coming = coming.filter(|coming| matches!(coming, Coming::Called { .. }));
            if coming.next().is_some() {
                fixed("还没叫到、来的路上", "not called yet, or on the way")
            } else {
                fixed("还没来", "not come yet")
            }
        }
        Part::Team => fixed("等上门采样", "waiting for the team that visits"),
        Part::Queue(_) if parts.stations.len() == 1 => gate(model, Gate::Queue, language),
        Part::Service(_) if parts.stations.len() == 1 => gate(model, Gate::Service, language),
        Part::Queue(at) => language.pick(
            beside("排队等", &parts.stations[at]),
            format!("queueing for {}", parts.stations[at]),
        ),
        Part::Service(at) => language.pick(
            beside("在", &parts.stations[at]),
            format!("at {}", parts.stations[at]),
        ),
        Part::Filling => gate(model, Gate::Filling, language),
        Part::Pickup => gate(model, Gate::Pickup, language),
        Part::NoRoom => fixed("车装满了、等下一趟", "left behind by a full vehicle"),
        Part::Road => gate(model, Gate::Road, language),
        Part::Busy(lab, at) => {
            let stage = stage(model, lab, at, language);
            language.pick(
                beside("等", &format!("{stage}（都忙着）")),
                format!("waiting for {stage}, all busy"),
            )
        }
        Part::Idle(lab, at) => idle(model, lab, at, language),
        Part::Work(lab, at) => stage(model, lab, at, language),
        Part::Rework(lab) => {
            let name = called(&model.labs[lab].name, language);
            language.pick(beside(name, "重做"), format!("tested again at {name}"))
        }
        Part::Hold(lab) => gate(model, Gate::LabHold(lab), language),
    }
}

/// What there is too little of, by what relieves it.
pub(super) fn cause(model: &Model, lever: &Lever, language: Language) -> String {
    let of_stage = |lab: LabId, at: usize| stage(model, lab, StageId::from_index(at), language);
    let courier = |courier: CourierId| called(&model.couriers[courier].name, language);
    match lever {
        Lever::AllLanes | Lever::Lanes(_) => language.pick("采样台不够", "too few lanes").into(),
        Lever::Station(_) if model.sites.values().all(|site| site.stations.len() == 1) => language
            .pick("采样跟不上", "swabbing cannot keep up")
            .into(),
        Lever::Station(id) => language.pick(format!("{id} 跟不上"), format!("{id} cannot keep up")),
        Lever::Hours => language.pick("开放时间短", "short opening hours").into(),
        Lever::Pool => language
            .pick("混管大、装得慢", "large tubes that fill slowly")
            .into(),
        Lever::Calls => language.pick("叫人慢", "people are called slowly").into(),
        Lever::Vehicles(id) => language.pick(
            beside(courier(*id), "车不够"),
            format!("too few vehicles: {}", courier(*id)),
        ),
        Lever::Trips(id) => language.pick(
            beside(courier(*id), "来得少"),
            format!("few pickups by {}", courier(*id)),
        ),
        Lever::Load(id) => language.pick(
            beside(courier(*id), "装不下"),
            format!("no room: {}", courier(*id)),
        ),
        Lever::Capacity(lab, at) | Lever::Wells(lab, at) => language.pick(
            beside(&of_stage(*lab, *at), "能力不够"),
            format!("too little capacity: {}", of_stage(*lab, *at)),
        ),
        Lever::Hands(lab, at) => language.pick(
            beside(&of_stage(*lab, *at), "机旁人手不够"),
            format!("too few people at {}", of_stage(*lab, *at)),
        ),
        Lever::Room(lab, at) => language.pick(
            beside(&of_stage(*lab, *at), "前放不下"),
            format!("too little room before {}", of_stage(*lab, *at)),
        ),
        Lever::Time(lab, at) => language.pick(
            beside(&of_stage(*lab, *at), "要等"),
            format!("{} takes its time", of_stage(*lab, *at)),
        ),
        Lever::Policy(lab, at) => language.pick(
            beside(&of_stage(*lab, *at), "等凑批"),
            format!("runs wait for more tubes: {}", of_stage(*lab, *at)),
        ),
    }
}

/// A tube waits though someone or something is free to take it.
fn idle(model: &Model, lab: LabId, at: StageId, language: Language) -> String {
    let name = stage(model, lab, at, language);
    let work = model.labs[lab].stages.get(at.index());
    match work.map(|stage| &stage.work) {
        Some(Work::Machines { .. }) => language.pick(
            beside(&name, "有空机、等凑批或等人"),
            format!("{name}: a machine is free, the run waits"),
        ),
        Some(Work::Workers { .. }) => {
            language.pick(beside(&name, "没人当班"), format!("{name}: nobody on duty"))
        }
        Some(Work::Delay { .. } | Work::Upload { .. }) | None => language.pick(
            beside(&name, "前等成批交接"),
            format!("{name}: handed over in lots"),
        ),
    }
}

/// Where someone is, for programs: `closed`, `scan.queue`, `LAB.STAGE.busy`.
pub(super) fn id(model: &Model, parts: &Parts, part: Part) -> String {
    let stage = |lab: LabId, stage: StageId, what: &str| {
        let lab = &model.labs[lab];
        format!("{}.{}.{what}", lab.name.id, stage_id(lab, stage))
    };
    match part {
        Part::Closed => "closed".into(),
        Part::Coming => "coming".into(),
        Part::Team => "team".into(),
        Part::Queue(at) => format!("{}.queue", parts.stations[at]),
        Part::Service(at) => format!("{}.service", parts.stations[at]),
        Part::Filling => gate_id(model, Gate::Filling),
        Part::Pickup => gate_id(model, Gate::Pickup),
        Part::NoRoom => "no_room".into(),
        Part::Road => gate_id(model, Gate::Road),
        Part::Busy(lab, at) => stage(lab, at, "busy"),
        Part::Idle(lab, at) => stage(lab, at, "idle"),
        Part::Work(lab, at) => stage(lab, at, "work"),
        Part::Rework(lab) => format!("{}.rework", model.labs[lab].name.id),
        Part::Hold(lab) => gate_id(model, Gate::LabHold(lab)),
    }
}
