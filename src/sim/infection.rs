//! Who of the swabbed is infected: a pure function of cell, round and rank, so that nobody's infection depends on tubes or sites.

use super::tubes::Swab;
use crate::network::{Infection, Round, RoundSite, Source};
use crate::random::{Key, Purpose, Streams};

/// The infected among the people of a site.
pub(super) struct Infected(Vec<Households>);

impl Infected {
    /// Nobody, if the network says nothing of infections.
    pub(super) fn new(
        infection: Option<&Infection>,
        round: &Round,
        place: &RoundSite,
        streams: Streams,
    ) -> Self {
        let households = |infection: &Infection| {
            let of = |source: &Source| Households {
                luck: streams.key(Purpose::Infection, source.name),
                size: infection.household,
                chance: round.cells[source.cell as usize].infected,
                attack: infection.attack,
            };
            place.sources.iter().map(of).collect()
        };
        Self(infection.map(households).unwrap_or_default())
    }

    /// How many of these are infected.
    pub(super) fn count(&self, swabs: &[Swab]) -> u32 {
        if self.0.is_empty() {
            return 0;
        }
        let infected = |swab: &&Swab| self.0[swab.source as usize].infected(swab.rank);
        swabs.iter().filter(infected).count() as u32
    }
}

/// The households of a cell.
struct Households {
    luck: Key,
    /// Mean people in one.
    size: f64,
    /// Chance that one is infected, and that someone who lives with an infected person is, in units of 2^−32.
    chance: u64,
    attack: u64,
}

/// Index of the word of a person rather than of a household.
const PERSON: u64 = 1 << 32;

impl Households {
    /// Whether the person of this rank is infected.
    fn infected(&self, rank: u32) -> bool {
        // Household h holds the ranks from h · size on: whole numbers of people that are `size` on average.
        let household = (f64::from(rank) / self.size) as u64;
        let word = self.luck.word(household);
        if word >> 32 >= self.chance {
            return false;
        }
        let first = (household as f64 * self.size).ceil() as u64;
        let next = ((household + 1) as f64 * self.size).ceil() as u64;
        let members = (next - first).max(1);
        // The lower half of the household's word names the one who is infected for sure.
        let index = first + (((word & 0xFFFF_FFFF) * members) >> 32);
        u64::from(rank) == index || self.luck.word(PERSON + u64::from(rank)) >> 32 < self.attack
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: f64 = 4_294_967_296.0;

    fn households(size: f64, chance: f64, attack: f64) -> Households {
        Households {
            luck: Streams::new(3, 0).key(Purpose::Infection, 9),
            size,
            chance: (chance * ONE) as u64,
            attack: (attack * ONE) as u64,
        }
    }

    #[test]
    fn the_share_of_infected_people_is_the_prevalence_and_they_live_together() {
        let (size, attack, prevalence) = (2.72, 0.4, 0.01);
        let chance = prevalence * size / (1.0 + (size - 1.0) * attack);
        let cell = households(size, chance, attack);
        let people = 2_000_000_u32;
        let infected: Vec<u32> = (0..people).filter(|&rank| cell.infected(rank)).collect();
        // A household of mean size s has 1 + (s − 1) a infected on average; their numbers vary by at most 3² around it.
        let households = f64::from(people) / size;
        let error = 3.29 * (households * chance).sqrt() * 3.0 / f64::from(people);
        let found = infected.len() as f64 / f64::from(people);
        assert!((found - prevalence).abs() < error, "{found}");
        let together = infected
            .windows(2)
            .filter(|pair| pair[1] - pair[0] == 1)
            .count() as f64;
        let alone = found * infected.len() as f64;
        assert!(
            together > 10.0 * alone,
            "{together} neighbors, {alone} by chance alone"
        );
    }

    #[test]
    fn people_who_live_alone_are_infected_independently() {
        let cell = households(1.0, 0.1, 0.9);
        let pairs = (0..400_000_u32).step_by(2);
        let both = pairs
            .filter(|&rank| cell.infected(rank) && cell.infected(rank + 1))
            .count() as f64;
        // Binomial: 200,000 pairs, each with 0.01.
        assert!(
            (both - 2_000.0).abs() < 3.29 * (2_000.0_f64 * 0.99).sqrt(),
            "{both}"
        );
    }
}
