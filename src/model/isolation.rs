//! Contacts of confirmed people, and the rooms they are isolated in, one to a room.

use super::Name;
use super::assumption::Quantity;
use crate::units::{Span, Time};

/// Contacts and rooms.
#[derive(Clone, PartialEq, Debug)]
pub struct Isolation {
    /// Close contacts of a confirmed person, on average.
    pub close: Quantity<f64>,
    /// Contacts of theirs, on average.
    pub secondary: Quantity<f64>,
    /// From a person confirmed to the contacts in their rooms.
    pub trace: Quantity<Span>,
    /// How long a close contact stays.
    pub close_stay: Span,
    /// How long a secondary contact stays.
    pub secondary_stay: Span,
    /// Rooms taken all along by others.
    pub occupied: u32,
    /// The rooms, by place.
    pub rooms: Vec<Rooms>,
}

/// Rooms of one place.
#[derive(Clone, PartialEq, Debug)]
pub struct Rooms {
    /// Its id and names.
    pub name: Name,
    /// How many.
    pub rooms: u32,
    /// From when; none: all along.
    pub from: Option<Time>,
}
