//! Luck for writing scenarios.

use swabplan::random::{Key, Purpose, Streams};

/// Numbers as if by chance, the same for the same number of a scenario.
pub(super) struct Dice {
    key: Key,
    thrown: u64,
}

impl Dice {
    pub(super) fn new(number: u64) -> Self {
        Self {
            key: Streams::new(number, 0).key(Purpose::Ignorance, 1),
            thrown: 0,
        }
    }

    /// A number below `most`, which is not zero.
    pub(super) fn below(&mut self, most: u64) -> u64 {
        self.thrown += 1;
        (self.key.word(self.thrown) >> 11) % most
    }

    /// Whether it happens, so many times in a hundred.
    pub(super) fn percent(&mut self, times: u64) -> bool {
        self.below(100) < times
    }

    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }

    /// Between 0 and 1.
    pub(super) fn share(&mut self) -> f64 {
        self.below(1_001) as f64 / 1_000.0
    }
}
