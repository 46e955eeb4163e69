//! Whose swab is not bound to their name: a function of the person in the round, so that it moves nobody and nobody else's luck.

use super::tubes::Swab;
use crate::network::{RoundSite, Site};
use crate::random::{Key, Purpose, Streams};

/// Draws who is not bound at a site in a round.
pub(super) struct Unbound {
    chance: f64,
    /// By source.
    luck: Vec<Key>,
}

impl Unbound {
    /// None where everyone is bound.
    pub(super) fn new(site: &Site, place: &RoundSite, streams: Streams) -> Option<Self> {
        let chance = site.faults.as_ref()?.unbound;
        let luck = |source: &crate::network::Source| streams.key(Purpose::Unbound, source.name);
        (chance > 0.0).then(|| Self {
            chance,
            luck: place.sources.iter().map(luck).collect(),
        })
    }

    /// Which of some swabs are not bound, by their places.
    pub(super) fn among(&self, swabs: &[Swab]) -> impl Iterator<Item = u32> {
        let unbound = |swab: &Swab| {
            let luck = self.luck[swab.source as usize];
            luck.of(u64::from(swab.rank)).share() < self.chance
        };
        (0..)
            .zip(swabs)
            .filter(move |(_, swab)| unbound(swab))
            .map(|(place, _)| place)
    }
}
