//! Every word of the report in both languages, side by side, so that neither can be forgotten.

use crate::id::{Id as _, LabId, RoundId, StageId};
use crate::measure::outcome::Gate;
use crate::model::assumption::Standing;
use crate::model::lab::Work;
use crate::model::site::Missed;
use crate::model::{Model, Name, Tier};
use crate::units::language::Language;

use super::verdict::Resource;

macro_rules! labels {
    ($($name:ident = $zh:literal, $en:literal;)+) => {
        /// A word or short phrase that stands alone: the head of a column, the start of a line.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Label {
            $(
                #[doc = concat!($zh, " · ", $en)]
                $name,
            )+
        }

        impl Label {
            /// The label in a language.
            pub const fn says(self, language: Language) -> &'static str {
                match (self, language) {
                    $(
                        (Self::$name, Language::Chinese) => $zh,
                        (Self::$name, Language::English) => $en,
                    )+
                }
            }
        }
    };
}

labels! {
    // The screen.
    Verdict = "结论", "Verdict";
    People = "人员", "People";
    Binds = "卡在哪里", "What binds";
    Last = "最后一管", "Last tube";
    Assumptions = "假设", "Assumed";
    Precision = "精度", "Precision";
    Files = "文件", "Files";
    Staff = "采样人员", "Staff";
    Stocks = "物资", "Stocks";
    Down = "降级", "Down";
    NextRound = "开不开", "Go";
    Review = "会商", "Review";
    Incidents = "突发事件", "Incidents";
    Disinfection = "消杀", "Disinfection";
    Overflow = "转送", "Sent on";
    Cost = "费用", "Cost";
    Visits = "上门", "Visits";
    // Heads of columns.
    What = "事项", "what";
    Share = "比例", "share";
    ShareLo = "比例下限", "share, low";
    ShareHi = "比例上限", "share, high";
    AsPlanned = "按时开的比例", "share that opens as planned";
    MinP05 = "分钟(5%)", "minutes, 5%";
    MinP50 = "分钟(中位)", "minutes, median";
    MinP95 = "分钟(95%)", "minutes, 95%";
    Concerned = "曾管控的比例", "share in which it is above precaution";
    Lowered = "能降级的比例", "share in which it is lowered";
    LoweredP05 = "降级(5%)", "lowered, 5%";
    LoweredP50 = "降级(中位)", "lowered, median";
    LoweredP95 = "降级(95%)", "lowered, 95%";
    Lifted = "能解除的比例", "share in which it is lifted";
    LiftedP05 = "解除(5%)", "lifted, 5%";
    LiftedP50 = "解除(中位)", "lifted, median";
    LiftedP95 = "解除(95%)", "lifted, 95%";
    Precaution = "防范区的比例", "share at precaution";
    Controlled = "管控区的比例", "share controlled";
    Sealed = "封控区的比例", "share sealed";
    Isolation = "隔离点的比例", "share in isolation";
    Id = "编号", "id";
    Name = "名称", "name";
    Round = "轮次", "round";
    Cell = "网格", "cell";
    Site = "采样点", "site";
    Lab = "实验室", "laboratory";
    Stage = "环节", "stage";
    StageName = "环节名称", "stage name";
    Tier = "管控类别", "tier";
    Opens = "开始", "opens";
    Deadline = "时限", "deadline";
    Due = "应检", "due";
    Swabbed = "已采", "swabbed";
    Missed = "未采", "missed";
    NoResult = "出不了结果", "no result";
    Unbound = "其中没绑到名下", "of these, not bound to their tubes";
    Pending = "阳性管待复核", "pending";
    PositiveTubes = "阳性管数", "positive tubes";
    ReportMin = "采样到阳性报告平均(分钟)", "mean swab to first report (min)";
    FailedTubes = "出不了结果的管", "tubes without result";
    SentOn = "转送别处的管", "tubes sent on";
    Retests = "复检次数", "retests";
    FailedRuns = "质控失败批次", "failed runs";
    StoppedRuns = "停机作废批次", "runs lost to stops";
    Reason = "原因", "reason";
    Fetched = "补采", "fetched";
    Reached = "到户或到站(处)", "households or stops reached";
    Unopened = "没人开门(户)", "households where nobody opened";
    OverAge = "送达超时(管)", "too old at the laboratory (tubes)";
    Tubes = "管数", "tubes";
    Reactions = "反应数", "reactions";
    SwabbingEnds = "采完", "swabbed by";
    ResultsEnd = "出完结果", "results by";
    InTime = "时限内", "in time";
    SwabbingEndsMin = "采完(分钟)", "swabbing ends (min)";
    ResultsEndMin = "出完结果(分钟)", "results end (min)";
    ResultsEndP05 = "出完结果 5% 分位(分钟)", "results end p05 (min)";
    ResultsEndP95 = "出完结果 95% 分位(分钟)", "results end p95 (min)";
    PublishedByDeadline = "时限内出结果的比例", "share published by deadline";
    OnTimeShare = "全部按时的概率", "probability all on time";
    OnTimeLo = "概率下限", "probability lo";
    OnTimeHi = "概率上限", "probability hi";
    WaitMean = "平均等候(分钟)", "mean wait (min)";
    WaitP95 = "等候 95% 分位(分钟)", "wait p95 (min)";
    WaitMax = "最长等候(分钟)", "longest wait (min)";
    TurnaroundMean = "采样到出结果平均(分钟)", "mean turnaround (min)";
    TurnaroundP50 = "采样到出结果中位数(分钟)", "turnaround p50 (min)";
    TurnaroundP95 = "采样到出结果 95% 分位(分钟)", "turnaround p95 (min)";
    DoorToResult = "到场到出结果平均(分钟)", "mean door to result (min)";
    WalkMin = "步行(分钟)", "walk (min)";
    PeakQueue = "最长队伍(人)", "longest queue (people)";
    Utilization = "忙碌率", "utilization";
    BlockedHours = "前面站满而空等(小时)", "blocked by the next station (h)";
    ClosesMin = "最后一人采完(分钟)", "last swab (min)";
    Closes = "最后一人采完", "last swab";
    StageWait = "平均等待(分钟)", "mean wait (min)";
    Runs = "批次数", "runs";
    Fill = "装满率", "fill";
    Labor = "机旁人员忙碌率", "people at machines busy";
    BlockedShare = "交不出去占时", "blocked";
    AtMin = "开始后(分钟)", "minutes after opening";
    Clock = "时刻", "clock";
    AfterSwab = "采样后(小时)", "hours after the swab";
    OutMean = "已出结果的比例", "share of results out";
    OutP05 = "已出结果的比例(5%)", "share of results out, 5%";
    OutP95 = "已出结果的比例(95%)", "share of results out, 95%";
    Delivered = "已送达", "delivered";
    Tested = "已检测", "tested";
    Published = "已出结果", "published";
    Key = "条目", "key";
    Value = "取值", "value";
    Standing = "可信程度", "standing";
    DefaultValue = "默认值", "default";
    Written = "方案里写作", "as written";
    Range = "范围", "range";
    Source = "来源", "source";
    Before = "轮前", "before the round";
    Resupplied = "补给", "resupplied";
    Used = "用去", "used";
    Short = "缺", "short";
    Left = "剩余", "left";
    Allotted = "分到", "allotted";
    Lacking = "缺少", "lacking";
    CostStaff = "人工", "staff";
    CostItems = "耗材", "items";
    CostVehicles = "车辆", "vehicles";
    CostSites = "采样点", "sites";
    CostLabs = "实验室", "laboratories";
    CostTotal = "合计", "total";
    CostP05 = "合计 5% 分位", "total p05";
    CostP95 = "合计 95% 分位", "total p95";
    CostPerPerson = "每采一人", "per person swabbed";
    Currency = "货币", "currency";
    StaffPeople = "人数", "people";
    StaffAbsent = "缺勤", "absent";
    OnDutyHours = "在岗工时", "hours on duty";
    BusyHours = "忙碌工时", "busy hours";
    IdleHours = "空闲工时", "idle hours";
    DressingHours = "穿脱工时", "dressing hours";
    Suits = "防护服(套)", "suits";
    LanesMin = "最少开台", "lanes open at least";
    LanesMean = "平均开台", "mean lanes open";
    LanesMost = "台数", "lanes";
    RoundsLeft = "还够几轮", "rounds left";
    RunsOutShare = "用完的概率", "probability it runs out";
    RunsOutMin = "用完(分钟)", "runs out (min)";
    RunsOut = "用完", "runs out";
    Kind = "类别", "kind";
    Happens = "发生的概率", "probability it happens";
    Times = "次数", "times";
    Minutes = "持续(分钟)", "minutes";
    // The arithmetic of `check`.
    Earliest = "最早", "Earliest";
    Couriers = "转运", "Couriers";
    Load = "任务量", "load";
    Capacity = "每小时能力", "capacity per hour";
    HoursNeeded = "要用", "time needed";
    Rule = "官方标准", "official rule";
    Asks = "按标准应有", "asks for";
    Plan = "本方案", "this plan";
}

/// A name in a language; the id where nobody gave one.
pub fn called(name: &Name, language: Language) -> &str {
    let called = language.pick(&name.zh, &name.en);
    if called.trim().is_empty() {
        &name.id
    } else {
        called
    }
}

/// Chinese words after one another, with the space that belongs between Chinese and Latin, and between Latin and Latin.
pub fn beside(one: &str, other: &str) -> String {
    let latin = |character: Option<char>| {
        character.is_some_and(|character| character.is_ascii_alphanumeric())
    };
    let gap = if latin(one.chars().next_back()) || latin(other.chars().next()) {
        " "
    } else {
        ""
    };
    format!("{one}{gap}{other}")
}

/// Words with a capital at their beginning, where they stand by themselves.
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// A tier in a language.
pub const fn tier(tier: Tier, language: Language) -> &'static str {
    match (tier, language) {
        (Tier::Precaution, Language::Chinese) => "防范区",
        (Tier::Precaution, Language::English) => "precaution",
        (Tier::Controlled, Language::Chinese) => "管控区",
        (Tier::Controlled, Language::English) => "controlled",
        (Tier::Sealed, Language::Chinese) => "封控区",
        (Tier::Sealed, Language::English) => "sealed",
        (Tier::Isolation, Language::Chinese) => "隔离点",
        (Tier::Isolation, Language::English) => "isolation",
    }
}

/// How far to believe a number, in a language.
pub const fn standing(standing: Standing, language: Language) -> &'static str {
    match (standing, language) {
        (Standing::Assumed, Language::Chinese) => "假设",
        (Standing::Assumed, Language::English) => "assumed",
        (Standing::Given, Language::Chinese) => "给定",
        (Standing::Given, Language::English) => "given",
        (Standing::Default, Language::Chinese) => "默认",
        (Standing::Default, Language::English) => "default",
    }
}

/// What a stage of a laboratory is called there.
pub fn stage(model: &Model, lab: LabId, stage: StageId, language: Language) -> String {
    let entry = &model.labs[lab];
    let Some(stage) = entry.stages.get(stage.index()) else {
        return String::new();
    };
    let words = language.pick(&stage.zh, &stage.en);
    let words = if words.trim().is_empty() {
        &stage.id
    } else {
        words
    };
    language.pick(
        beside(called(&entry.name, language), words),
        format!("{words} at {}", called(&entry.name, language)),
    )
}

/// What happens at a gate.
pub fn gate(model: &Model, gate: Gate, language: Language) -> String {
    let fixed = |zh: &str, en: &str| language.pick(zh, en).to_owned();
    match gate {
        Gate::Queue => fixed("在采样点排队", "queueing at the site"),
        Gate::Service => fixed("扫码采样", "being swabbed"),
        Gate::Filling => fixed("等混管装满", "waiting for the tube to fill"),
        Gate::Pickup => fixed("等转运车来收样", "waiting for the courier"),
        Gate::Road => fixed("交接和路上", "handing over and the road"),
        Gate::LabWait(lab, id) => {
            let stage = stage(model, lab, id, language);
            language.pick(beside("等", &stage), format!("waiting for {stage}"))
        }
        Gate::LabWork(lab, id) => stage(model, lab, id, language),
        Gate::LabHold(lab) => {
            let name = called(&model.labs[lab].name, language);
            language.pick(
                beside(name, "核对或上传"),
                format!("reconciling or uploading at {name}"),
            )
        }
    }
}

/// What there is too little of where people or tubes wait at a gate.
pub fn behind(model: &Model, gate: Gate, language: Language) -> Option<String> {
    let words = match gate {
        Gate::Queue => ("采样台不够", "too few lanes"),
        Gate::Filling => ("混管大、人来得慢", "large tubes, people come slowly"),
        Gate::Pickup => ("收样间隔长", "the courier comes seldom"),
        Gate::LabWait(lab, stage) => match &model.labs[lab].stages.get(stage.index())?.work {
            Work::Workers { .. } => ("人手不够", "too few hands"),
            Work::Machines { hands: Some(_), .. } => (
                "机器或人手不够，或等满板",
                "too few machines or people, or runs wait to be full",
            ),
            Work::Machines { hands: None, .. } => (
                "机器不够或等满板",
                "too few machines, or runs wait to be full",
            ),
            Work::Delay { .. } => ("等成批交接", "handed over in lots"),
            Work::Upload { .. } => ("上传间隔长", "results go out seldom"),
        },
        Gate::Service | Gate::Road | Gate::LabWork(..) | Gate::LabHold(_) => return None,
    };
    Some(language.pick(words.0, words.1).to_owned())
}

/// Something that can be too little.
pub fn resource(model: &Model, resource: Resource, language: Language) -> String {
    match resource {
        Resource::Lanes(site) => {
            let site = called(&model.sites[site].name, language);
            language.pick(beside(site, "采样台"), format!("lanes at {site}"))
        }
        Resource::Vehicles(courier) => called(&model.couriers[courier].name, language).to_owned(),
        Resource::Stage(lab, id) => stage(model, lab, id, language),
        Resource::People(lab, id) => {
            let stage = stage(model, lab, id, language);
            language.pick(beside(&stage, "机旁人员"), format!("people at {stage}"))
        }
    }
}

/// What a round is called.
pub fn round(model: &Model, round: RoundId, language: Language) -> &str {
    called(&model.rounds[round].name, language)
}

/// Why people are missed.
pub(super) fn missed(reason: Missed, language: Language) -> &'static str {
    match reason {
        Missed::NeverCame => language.pick("没来", "never came"),
        Missed::Unserved => language.pick("到收点没轮到", "not reached before the close"),
        Missed::Left => language.pick("没采就走", "left without a swab"),
        Missed::OutOfStock => language.pick("物资用完", "turned away: out of stock"),
        Missed::NoRoom => language.pick("排队处站满", "turned away: no room in the line"),
        Missed::Balked => language.pick("见队太长没排", "turned round: the line too long"),
        Missed::Reneged => language.pick("等不及走了", "gave up waiting"),
    }
}
