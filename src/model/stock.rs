//! What is used up: reagents, suits, masks, food; how much there is, what comes in, and what uses it.

use super::{Name, Tier};
use crate::units::{Span, Time};

/// Something that is used up.
#[derive(Clone, PartialEq, Debug)]
pub struct Stock {
    /// Its id and names.
    pub name: Name,
    /// How much there is at first.
    pub on_hand: OnHand,
    /// When that was counted: rounds that open earlier had their share already.
    pub counted: Option<Time>,
    /// What uses it.
    pub usage: Use,
    /// What comes in later.
    pub resupply: Vec<Resupply>,
    /// Whether it is shared out to the sites when a round opens, in proportion to the people expected.
    pub allotted: bool,
    /// What happens where it is used up.
    pub when_out: WhenOut,
}

/// What happens where a stock is used up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WhenOut {
    /// It is told; the operation goes on as if there were enough.
    Tell,
    /// A site takes no more people than its share is enough for.
    Stop,
}

/// How much there is at first.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum OnHand {
    /// So much.
    Amount(f64),
    /// As much as the first round that draws on it needs, so many times.
    Rounds(f64),
}

/// How much is used; at least 0 each.
#[derive(Clone, PartialEq, Debug)]
pub struct Use {
    /// For each person swabbed.
    pub per_person: f64,
    /// For each tube filled.
    pub per_tube: f64,
    /// For each well used, controls included.
    pub per_reaction: f64,
    /// For each member of a lane's crew and each shift.
    pub per_crew_shift: f64,
    /// The longest shift.
    pub shift: Span,
    /// For each person staying in a cell of the round and each day from its opening to the next round's, in the last to its deadline.
    pub per_resident_day: f64,
    /// For each isolation room taken and each day, over the same days.
    pub per_room_day: f64,
    /// Handed out for so long at once, from the opening of the first round that draws on it; without it as the days go by.
    pub delivered: Option<Span>,
    /// Of which tiers those people are.
    pub tiers: Vec<Tier>,
}

/// What comes in.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Resupply {
    /// When; the first round that opens then or later has it.
    pub at: Time,
    /// How much.
    pub amount: f64,
}
