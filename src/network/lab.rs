//! What can go wrong with tubes and tests, and what a test finds.

use crate::id::StageId;
use crate::units::Span;

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

/// The class of tubes that stand in line with everyone else; smaller ones go first.
pub const COMMON: u8 = 9;
