//! Luck: random numbers that are a pure function of a seed, a replication, a purpose and a name.
//!
//! Nothing here has a state that one entity could use up for another. A person's service time at a station is computed from the seed, the
//! replication, the station's id and the person's name (cell, round, rank); so another lane, site or courier changes nobody else's luck,
//! and no thread can.

pub mod block;
pub mod sampler;

use rand::TryRng;
use std::convert::Infallible;

/// 2^64 divided by the golden ratio: the step of SplitMix64 (Steele, Lea and Flood, 2014).
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// What a random number is for. The discriminants are part of every result; they never change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// When a person comes.
    Arrival = 1,
    /// Whether a person comes.
    Turnout = 2,
    /// How long a station takes for a person.
    Service = 3,
    /// The road to the laboratory.
    Road = 4,
    /// The road to the next stop.
    Leg = 5,
    /// Time at a stage of a laboratory.
    Stage = 6,
    /// When the tubes of a feed come.
    Feed = 7,
    /// The value of a quantity nobody knows.
    Ignorance = 8,
    /// Where a person goes from a station.
    Branch = 20,
    /// How many a person speaks for.
    Forms = 21,
    /// How large a household is.
    Household = 22,
    /// What a station takes for a household besides its members.
    Group = 23,
    /// Whether a person is taken first.
    Priority = 24,
    /// Whether a household and its people are infected.
    Infection = 30,
    /// Finding, visiting and swabbing the people of a positive tube.
    Recall = 31,
    /// What becomes of a tube: whether it comes, and what its tests say.
    TubeFate = 40,
    /// When a machine fails and how long its repair takes.
    Breakdown = 41,
    /// When a person was infected, and whether a swab shows it.
    Course = 42,
    /// Time at a checkpoint.
    Checkpoint = 50,
    /// A team's way from cell to cell.
    Travel = 80,
    /// What a team needs before it begins at a stop.
    SetUp = 81,
    /// When something goes wrong at a place, and for how long.
    Incident = 100,
    /// Whether one of the staff is absent in a round.
    Absence = 60,
    /// How long a person stands in line before giving up.
    Patience = 70,
    /// Whether a long line puts a person off.
    PutOff = 71,
    /// Who has no phone, and what paper takes.
    Paper = 72,
    /// Which replications are drawn again to see how sure a choice is.
    Resampling = 120,
    /// How long people are at a run of a machine.
    Hands = 130,
    /// The road from a laboratory to the one it sends tubes to.
    SentOn = 135,
    /// Whether a swab is not bound to its person's name.
    Unbound = 136,
}

/// The luck of one replication.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Streams(u64);

/// The luck of one entity for one purpose: a sequence of words anyone can look up in any order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Key(u64);

impl Streams {
    /// The luck of replication `replication` under `seed`.
    pub const fn new(seed: u64, replication: u32) -> Self {
        Self(mix(
            mix(seed.wrapping_add(GOLDEN)) ^ (replication as u64).wrapping_mul(GOLDEN)
        ))
    }

    /// The luck of the entity whose name hashes to `name`, for one purpose.
    pub const fn key(self, purpose: Purpose, name: u64) -> Key {
        Key(mix(self.0 ^ (purpose as u64).wrapping_mul(GOLDEN))).of(name)
    }
}

impl Key {
    /// The luck of a part of the entity: a person's at one station, a vehicle's on one trip.
    pub const fn of(self, name: u64) -> Self {
        Self(mix(self.0.wrapping_add(GOLDEN) ^ name))
    }

    /// Word `index` of the sequence: `SplitMix64` started at the key.
    #[expect(
        clippy::inline_always,
        reason = "block draws are widened only where it is inlined"
    )]
    #[inline(always)]
    pub const fn word(self, index: u64) -> u64 {
        mix(self
            .0
            .wrapping_add((index.wrapping_add(1)).wrapping_mul(GOLDEN)))
    }

    /// Word 0 as a number in 0 to 1, both ends excluded.
    pub fn share(self) -> f64 {
        ((self.word(0) >> 11) as f64 + 0.5) * (1.0 / (1u64 << 53) as f64)
    }

    /// A generator for whatever takes a varying number of words, started at word `index`.
    pub const fn generator(self, index: u64) -> Generator {
        Generator(self.of(index))
    }
}

/// A generator in the sense of `rand`: the words of one key in order.
#[derive(Clone, Debug)]
pub struct Generator(Key);

impl TryRng for Generator {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|word| (word >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let word = self.0.word(0);
        self.0 = Key(self.0.0.wrapping_add(GOLDEN));
        Ok(word)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let word = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

/// The hash of a name: FNV-1a, then mixed. Part of every result; it never changes.
pub const fn name(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0000_0100_0000_01B3);
        at += 1;
    }
    mix(hash)
}

/// The finalizer of `SplitMix64`: every bit of the input moves every bit of the output.
#[expect(
    clippy::inline_always,
    reason = "block draws are widened only where it is inlined"
)]
#[inline(always)]
const fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    #[test]
    fn the_words_are_those_of_splitmix64() {
        // Reference: the first outputs of SplitMix64 with state 1234567 (Vigna's splitmix64.c).
        let key = Key(1_234_567);
        let words: Vec<u64> = (0..3).map(|index| key.word(index)).collect();
        assert_eq!(
            words,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
        let mut generator = Generator(key);
        assert_eq!(
            words,
            [
                generator.next_u64(),
                generator.next_u64(),
                generator.next_u64()
            ]
        );
    }

    #[test]
    fn luck_differs_by_seed_replication_purpose_and_name() {
        let word = |seed, replication, purpose, text| {
            Streams::new(seed, replication)
                .key(purpose, name(text))
                .word(0)
        };
        let all = [
            word(1, 0, Purpose::Arrival, "C1"),
            word(2, 0, Purpose::Arrival, "C1"),
            word(1, 1, Purpose::Arrival, "C1"),
            word(1, 0, Purpose::Service, "C1"),
            word(1, 0, Purpose::Arrival, "C2"),
        ];
        for (index, one) in all.iter().enumerate() {
            assert!(all[index + 1..].iter().all(|other| one != other));
        }
    }
}
