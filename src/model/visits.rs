//! Teams that go to people: from door to door, or from stop to stop.

use super::Tier;
use super::service::Duration;
use crate::id::CellId;

/// A visiting operation: its site has nobody coming, and its lanes are teams.
#[derive(Clone, PartialEq, Debug)]
pub struct Visits {
    /// What a team takes on at once.
    pub unit: Unit,
    /// Whom it visits.
    pub whom: Whom,
    /// Only cells that are of one of these tiers when the round opens; empty: of any.
    pub tiers: Vec<Tier>,
    /// Only these cells, in the order in which they are visited; empty: any, in the order of ids.
    pub cells: Vec<CellId>,
    /// A team's way from one cell to the next, and to its first.
    pub travel: Duration,
    /// What a team needs before the first person of a unit, besides what a household takes.
    pub setup: Duration,
}

/// What one team takes on at once, and nobody else touches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// A household, at its door.
    Household,
    /// A whole cell, where the team sets up.
    Cell,
}

/// Who of a cell is visited.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whom {
    /// Everyone, in rounds in which the cell is one of those visited.
    Everyone,
    /// Those who cannot come (`Cell::visits`).
    Needing,
}

impl Visits {
    /// Whether it visits cells like this one.
    pub fn serves(&self, cell: CellId, tier: Tier) -> bool {
        (self.cells.is_empty() || self.cells.contains(&cell))
            && (self.tiers.is_empty() || self.tiers.contains(&tier))
    }
}
