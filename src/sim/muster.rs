//! Who of the staff is there in a round, and the crews they make.

use crate::network::muster::{Muster, Pool};
use crate::network::roster::Roster;
use crate::random::{Purpose, Streams};

/// The crews of a round under the luck of a replication.
pub(super) struct Crews {
    /// By position of the site among those of the round.
    rosters: Vec<Option<Roster>>,
    /// People of all pools, and who of them is absent.
    pub(super) people: u32,
    pub(super) absent: u32,
}

impl Crews {
    /// Calls everyone.
    pub(super) fn call(muster: &Muster, sites: usize, streams: Streams) -> Self {
        let present: Vec<u32> = muster
            .pools
            .iter()
            .map(|pool| present(pool, streams))
            .collect();
        let mut rosters = vec![None; sites];
        for (place, roster) in muster.rosters(&present) {
            rosters[place as usize] = Some(roster);
        }
        let people = muster.pools.iter().map(|pool| pool.people).sum();
        Self {
            rosters,
            people,
            absent: people - present.iter().sum::<u32>(),
        }
    }

    /// The crews of a site.
    pub(super) fn take(&mut self, place: usize) -> Option<Roster> {
        self.rosters[place].take()
    }
}

/// How many of a pool are there. Each of its people has luck of their own, so that more people leave it as it was.
fn present(pool: &Pool, streams: Streams) -> u32 {
    let luck = streams.key(Purpose::Absence, pool.name);
    let there = |number: &u32| luck.word(u64::from(*number)) >> 32 >= pool.absent;
    (0..pool.people).filter(there).count() as u32
}
