//! A laboratory: a chain of stages from its door to the published result.

use super::Name;
use super::assumption::Quantity;
use super::service::Duration;
use crate::id::LabId;
use crate::units::{Position, Share, Span, Time};

/// A laboratory.
#[derive(Clone, PartialEq, Debug)]
pub struct Lab {
    /// Its id and names.
    pub name: Name,
    /// Where it is, for roads and for the map.
    pub position: Option<Position>,
    /// Its stages in order. Never empty; the last one publishes.
    pub stages: Vec<Stage>,
    /// Which of `stages` makes the test: people count as tested when their tube leaves it.
    pub test: usize,
    /// From `Time::ZERO`: nothing starts before (a mobile laboratory that is still on its way).
    pub ready: Span,
    /// What may go wrong with its tests.
    pub faults: Option<TestFaults>,
    /// What its tests find; without it nothing is looked for.
    pub verdict: Option<Verdict>,
    /// Tubes that are let in at most until others leave; the rest waits at the door.
    pub wip: Option<u32>,
    /// Where tubes are sent when too many wait.
    pub overflow: Option<Overflow>,
}

/// Where a laboratory sends what couriers bring while too many tubes wait in it.
#[derive(Clone, PartialEq, Debug)]
pub struct Overflow {
    /// The other laboratory. None sends on in a circle.
    pub to: LabId,
    /// More tubes than this, taken in and not yet in their test.
    pub over: Quantity<u32>,
    /// From door to door; none: as [`Roads::between`](super::road::Roads::between) says.
    pub takes: Option<Duration>,
}

/// What may go wrong with the tests of a laboratory. A share left out is zero.
#[derive(Clone, PartialEq, Debug)]
pub struct TestFaults {
    /// Of tests that are invalid (no human control).
    pub invalid: Quantity<Share>,
    /// Of tests that are inconclusive (one target only).
    pub inconclusive: Quantity<Share>,
    /// Of runs whose controls fail, so that all their tubes go again.
    pub run: Quantity<Share>,
    /// A tube with an unclear test is tested again so often at most; then it has no result.
    pub retests: u32,
    /// Which of `Lab::stages` it goes back to.
    pub retest_from: usize,
    /// Which of them the tubes of a failed run go back to.
    pub rerun_from: usize,
}

/// What tests find, and what becomes of a tube that is found positive.
#[derive(Clone, PartialEq, Debug)]
pub struct Verdict {
    /// The chance that the swab of an infected person is detected. Swabs share a tube and do not dilute one another, so a tube with k
    /// infected people is detected with 1 − (1 − sensitivity)^k.
    pub sensitivity: Quantity<Share>,
    /// The chance that a tube without infected people is detected.
    pub false_positives: Quantity<Share>,
    /// Which of `Lab::stages` the original tube goes back to for its second test.
    pub retest_from: usize,
    /// How urgent it is then, 0 (like all others) to 9.
    pub priority: u8,
    /// From the second test to the first report (初筛阳性报告).
    pub first_report: Span,
}

/// One stage.
#[derive(Clone, PartialEq, Debug)]
pub struct Stage {
    /// Its id, unique in the laboratory. Its luck is keyed by it.
    pub id: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// What is done.
    pub work: Work,
    /// How tubes go on to the next stage.
    pub hand_over: HandOver,
    /// Tubes that may stand before it; the stage before keeps what it has done until there is room. None: any number.
    pub buffer: Option<u32>,
}

impl Lab {
    /// Whether room is short behind a stage, by its place.
    pub fn narrows(&self, at: usize) -> bool {
        let next = self.stages.get(at + 1);
        next.is_some_and(|next| next.buffer.is_some())
    }
}

impl Stage {
    /// What people do at runs of its machines, and who they are.
    pub fn hands(&self) -> Option<(&Hands, &[LabCrew])> {
        match &self.work {
            Work::Machines { hands, crews, .. } => Some((hands.as_deref()?, crews)),
            Work::Workers { .. } | Work::Delay { .. } | Work::Upload { .. } => None,
        }
    }
}

/// What is done at a stage.
#[derive(Clone, PartialEq, Debug)]
pub enum Work {
    /// Workers take one tube after another.
    Workers {
        /// Who is on duty when. A tube begun is finished.
        crews: Vec<LabCrew>,
        /// Time for one tube.
        per_tube: Duration,
    },
    /// Machines take many tubes at once.
    Machines {
        /// How many machines.
        machines: Quantity<u32>,
        /// Tubes in a full run: wells without the controls.
        capacity: Quantity<u32>,
        /// Wells of a run that hold controls. Each run uses them.
        controls: u32,
        /// Time of a run.
        run: Duration,
        /// When a run starts.
        start: StartPolicy,
        /// Who starts runs, when: none on duty, no start. Empty: at any hour.
        crews: Vec<LabCrew>,
        /// When they are there.
        fleet: Box<Fleet>,
        /// What people of `crews` do at a run, if it takes any.
        hands: Option<Box<Hands>>,
    },
    /// Everything waits so long; there is no limit to how many at once.
    Delay {
        /// How long, one draw for what was handed over together.
        time: Duration,
    },
    /// Everything goes out together at moments so far apart, from 00:00.
    Upload {
        /// From one upload to the next.
        every: Span,
    },
}

/// What people do at a run of a machine, which itself goes on without them. The machine is taken from the beginning of the set-up to the end
/// of the clean-down.
#[derive(Clone, PartialEq, Debug)]
pub struct Hands {
    /// Setting up and loading, before the run.
    pub setup: Option<Duration>,
    /// Unloading and cleaning, after it; then its tubes go on.
    pub clean: Option<Duration>,
    /// How many people are at it all the time.
    pub people: u32,
}

impl Hands {
    /// How long people are at a run, as a rule.
    pub fn nominal(&self) -> Span {
        let parts = [&self.setup, &self.clean].into_iter().flatten();
        parts.map(Duration::nominal).sum()
    }
}

/// When the machines of a stage are there. The default: all are, all along.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Fleet {
    /// Machines that come later: from when, how many.
    pub more: Vec<(Time, u32)>,
    /// When some stand still.
    pub down: Vec<Down>,
    /// How they fail, if they do.
    pub breakdowns: Option<Breakdowns>,
}

/// Machines that stand still for a time; runs in them are lost, their tubes go again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Down {
    /// From when.
    pub from: Time,
    /// Until when; later than `from`.
    pub until: Time,
    /// How many, those first that were there first; none: all.
    pub machines: Option<u32>,
}

/// How machines fail, each by its own luck; a run in one that fails is lost, its tubes go again.
#[derive(Clone, PartialEq, Debug)]
pub struct Breakdowns {
    /// From a machine repaired to its next failure, on average; memoryless.
    pub every: Quantity<Span>,
    /// How long it then stands still.
    pub repair: Duration,
}

impl Fleet {
    /// How many machines are there at a moment on average, of so many that were there first.
    pub fn there(&self, machines: u32, moment: Time) -> f64 {
        let come = self.more.iter().filter(|(from, _)| *from <= moment);
        let all = u64::from(machines) + come.map(|(_, more)| u64::from(*more)).sum::<u64>();
        let stands = |down: &&Down| (down.from..down.until).contains(&moment);
        let down = self.down.iter().filter(stands);
        let most = down.map(|down| down.machines.map_or(all, u64::from)).max();
        all.saturating_sub(most.unwrap_or(0)) as f64 * self.up()
    }

    /// How many there are in the end.
    pub fn all(&self, machines: u32) -> u32 {
        let more = self.more.iter().map(|(_, more)| *more);
        more.fold(machines, u32::saturating_add)
    }

    /// The share of its time in which a machine does not wait for repair.
    pub fn up(&self) -> f64 {
        self.breakdowns.as_ref().map_or(1.0, |breakdowns| {
            let every = breakdowns.every.value.hours();
            every / (every + breakdowns.repair.nominal().hours())
        })
    }
}

/// People on duty at a stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LabCrew {
    /// From this time of day.
    pub from: Span,
    /// To this time of day; past 24 h lies in the next day.
    pub to: Span,
    /// How many.
    pub technicians: u32,
}

impl LabCrew {
    /// How many of these crews are on duty at a time of day.
    pub fn on_duty(crews: &[Self], at: Span) -> u32 {
        let on = |crew: &&Self| crew.from <= at && at < crew.to || at + Span::DAY < crew.to;
        let on_duty = crews.iter().filter(on).map(|crew| crew.technicians);
        on_duty.fold(0, u32::saturating_add)
    }

    /// How many of them are on duty at most.
    pub fn most(crews: &[Self]) -> u32 {
        let staffed = crews.iter().map(|crew| Self::on_duty(crews, crew.from));
        staffed.max().unwrap_or(0)
    }
}

/// When a run of a machine starts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StartPolicy {
    /// A free machine starts when so many tubes wait (1: at once; the capacity: full).
    pub at_least: AtLeast,
    /// Or when the first of them has waited so long. When no more tubes are on the way nothing waits for company.
    pub after: Option<Span>,
}

/// How many tubes a run waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AtLeast {
    /// So many.
    Tubes(u32),
    /// As many as fit.
    Full,
}

/// How tubes go on to the next stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HandOver {
    /// Each as it is done (a run's tubes together, as they end together).
    Immediate,
    /// In lots of so many, or when no more are on the way.
    Lots(u32),
}
