//! What can go wrong with tubes and tests, and what a test finds.

use super::duty::Crew;
use crate::id::{LabId, StageId};
use crate::random::sampler::Sampler;
use crate::units::{Span, Time};

/// How a laboratory is simulated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LabKernel {
    /// Stage by stage: nothing flows back.
    Flow,
    /// Event by event.
    Events,
}

/// What may happen to the tubes of a site before they are tested. All are chances from 0 to 1.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct TubeFaults {
    /// A tube is lost on the way.
    pub lost: f64,
    /// It has leaked.
    pub leaking: f64,
    /// Its specimen cannot be tested.
    pub unsatisfactory: f64,
    /// Tube and register disagree.
    pub mismatched: f64,
    /// How long a result waits until they are reconciled.
    pub reconcile: Span,
    /// A person's swab is not bound to the person's name.
    pub unbound: f64,
}

/// What may go wrong with tests. All chances from 0 to 1.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct TestFaults {
    /// A test is invalid.
    pub invalid: f64,
    /// A test is inconclusive.
    pub inconclusive: f64,
    /// The controls of a run fail.
    pub run: f64,
    /// A tube is tested again so often at most because of an unclear test.
    pub retests: u32,
    /// Where a tube goes to be tested again.
    pub retest_from: StageId,
    /// Where the tubes of a failed run go.
    pub rerun_from: StageId,
}

/// What a test finds, and what becomes of a tube that is found positive.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Verdict {
    /// The chance that the swab of an infected person is detected.
    pub sensitivity: f64,
    /// The chance that a tube without infected people is.
    pub false_positive: f64,
    /// Where a detected tube goes to be tested again.
    pub retest_from: StageId,
    /// How far ahead in every line it then goes: a class, 0 first.
    pub class: u8,
    /// From the second test to the report.
    pub report: Span,
}

/// Where what couriers bring is sent while too many tubes wait.
#[derive(Clone, PartialEq, Debug)]
pub struct Overflow {
    /// The hash of the laboratory that sends.
    pub name: u64,
    /// The one it sends to, which in its turn may send to a third, never in a circle.
    pub to: LabId,
    /// More than so many tubes, taken in and not yet in their test.
    pub over: u32,
    /// From door to door.
    pub road: Sampler,
}

/// The class of tubes that stand in line with everyone else; smaller ones go first.
pub const COMMON: u8 = 9;

/// When the machines of a stage are there. The default: all are, from the moment the laboratory is ready.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Fleet {
    /// When the last machines come, in order: one moment for each that is not there from the beginning.
    pub later: Vec<Time>,
    /// When some stand still. Only the kernel of events knows of it, and of breakdowns.
    pub down: Vec<Down>,
    /// How they fail, if they do.
    pub breakdowns: Option<Breakdowns>,
}

/// Machines that stand still for a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Down {
    /// From when.
    pub from: Time,
    /// Until when.
    pub until: Time,
    /// How many, by number, 0 first.
    pub machines: u32,
}

/// How machines fail, each by its own luck.
#[derive(Clone, PartialEq, Debug)]
pub struct Breakdowns {
    /// Mean time from a machine repaired to its next failure, in milliseconds.
    pub every: f64,
    /// How long it then stands still.
    pub repair: Sampler,
}

/// What people do at a run of a machine. A part that takes none is absent.
#[derive(Clone, PartialEq, Debug)]
pub struct Hands {
    /// Before the run.
    pub setup: Option<Sampler>,
    /// After it.
    pub clean: Option<Sampler>,
    /// How many people it takes; never more than are on duty at some time of day.
    pub people: usize,
    /// The hours of each.
    pub crew: Vec<Crew>,
}

impl Fleet {
    /// Whether a machine may stop while a run is in it.
    pub const fn stops(&self) -> bool {
        !self.down.is_empty() || self.breakdowns.is_some()
    }

    /// When each of so many machines is there, in a laboratory that is ready at a moment.
    pub fn comes(&self, machines: u32, ready: Time) -> impl Iterator<Item = Time> {
        let first = machines as usize - self.later.len().min(machines as usize);
        let later = self.later.iter().map(move |&moment| moment.max(ready));
        std::iter::repeat_n(ready, first).chain(later)
    }

    /// The time that so many machines are there from one moment to another, failures left aside.
    pub fn there(&self, machines: u32, (from, to): (Time, Time)) -> Span {
        let whole = to.since(from) * i64::from(machines);
        let late = self.later.iter().map(|&comes| comes.min(to).since(from));
        let gone: Span = late.chain([self.stand(machines, (from, to))]).sum();
        Span::from_millis((whole.millis() - gone.millis()).max(0))
    }

    /// The time that machines stand still as is foreseen, one that does so for two reasons at once counted once.
    fn stand(&self, machines: u32, (from, to): (Time, Time)) -> Span {
        if to <= from {
            return Span::ZERO;
        }
        let mut edges: Vec<Time> = self
            .down
            .iter()
            .flat_map(|down| [down.from.clamp(from, to), down.until.clamp(from, to)])
            .collect();
        edges.sort_unstable();
        edges.dedup();
        let most = |pair: &[Time]| {
            let here = |down: &&Down| down.from <= pair[0] && pair[1] <= down.until;
            let stand = self.down.iter().filter(here).map(|down| down.machines);
            let stand = stand.max().unwrap_or(0).min(machines);
            pair[1].since(pair[0]) * i64::from(stand)
        };
        edges.windows(2).map(most).sum()
    }
}
