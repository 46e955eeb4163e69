//! How the list of a cell is cut into households. It is the same in all rounds, whoever comes and wherever.

use crate::random::{Key, Purpose, Streams};

/// Households are counted anew every so many people, so that the household of a person can be found without asking for all before.
const ANEW: u32 = 1_024;

/// The people of a cell in the order of households: neighbors by rank live together.
#[derive(Clone, Copy)]
pub(super) struct List(Key);

impl List {
    /// That of a cell, whose id hashes to `list`.
    pub(super) fn new(list: u64, streams: Streams) -> Self {
        Self(streams.key(Purpose::Household, list))
    }

    /// The rank behind the last member of the household of a rank; `known` is behind some household.
    pub(super) fn behind(self, sizes: &[u64], rank: u32, known: Option<u32>) -> u32 {
        let begin = rank - rank % ANEW;
        let known = known.filter(|&end| (begin..=rank).contains(&end));
        let mut end = known.unwrap_or(begin);
        while end <= rank {
            end = self.next(sizes, end);
        }
        end
    }

    /// The rank behind the household that begins with a rank.
    pub(super) fn next(self, sizes: &[u64], rank: u32) -> u32 {
        let anew = (rank / ANEW + 1).saturating_mul(ANEW);
        let word = self.0.word(u64::from(rank)) >> 32;
        let members = sizes.partition_point(|&below| below <= word) + 1;
        rank.saturating_add(members.min(sizes.len()) as u32)
            .min(anew)
    }

    /// Where the households begin among which that of a rank is, and behind the last of them.
    pub(super) fn cut(self, sizes: &[u64], rank: u32, cut: &mut Vec<u32>) {
        let begin = rank - rank % ANEW;
        cut.clear();
        cut.push(begin);
        let mut end = begin;
        while end < begin.saturating_add(ANEW) {
            end = self.next(sizes, end);
            cut.push(end);
        }
    }
}
