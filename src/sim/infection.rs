//! Who of the swabbed is infected: a pure function of the cell and the place on its list, so that nobody's infection depends on rounds, tubes
//! or sites; and who was found so that nobody waits for them any more.

use super::households::List;
use super::tubes::Swab;
use crate::network::{Course, Infection, Round, RoundSite, Site, Source};
use crate::random::{Key, Purpose, Streams};
use crate::units::Span;
use std::collections::BTreeMap;

/// The ranks of those who are not due any more, rising, by list.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(super) struct Gone(BTreeMap<u64, Vec<u32>>);

impl Gone {
    /// Of these people, by list and rank, each once.
    pub(super) fn new(people: impl Iterator<Item = (u64, u32)>) -> Self {
        let mut gone: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
        for (list, rank) in people {
            gone.entry(list).or_default().push(rank);
        }
        for ranks in gone.values_mut() {
            ranks.sort_unstable();
            ranks.dedup();
        }
        Self(gone)
    }

    /// Of a list.
    pub(super) fn of(&self, list: u64) -> &[u32] {
        self.0.get(&list).map_or(&[], Vec::as_slice)
    }
}

/// The infected among the people of a site.
pub(super) struct Infected<'a>(Vec<People<'a>>);

/// The people of one source.
struct People<'a> {
    luck: Key,
    list: List,
    /// How many live in a household.
    sizes: &'a [u64],
    /// Where households begin, about the person asked for last.
    cut: Vec<u32>,
    /// Chance that a household is infected, and that someone who lives with an infected person is, in units of 2^−32.
    chance: u64,
    attack: u64,
    course: Option<Detected<'a>>,
}

/// Whether swabs show an infection.
struct Detected<'a> {
    course: &'a Course,
    /// When people were infected, and what their swabs show.
    since: Key,
    shows: Key,
}

impl<'a> Infected<'a> {
    /// Nobody, if the network says nothing of infections.
    pub(super) fn new(
        infection: Option<&'a Infection>,
        (round, site, place): (&Round, &'a Site, &'a RoundSite),
        streams: Streams,
    ) -> Self {
        let people = |infection: &'a Infection| {
            let sizes = if site.households.is_empty() {
                &infection.households
            } else {
                &site.households
            };
            let infected = 1.0 + (mean(sizes) - 1.0) * infection.attack;
            let of = |source: &'a Source| People {
                luck: streams.key(Purpose::Infection, source.list),
                list: List::new(source.list, streams),
                sizes,
                cut: Vec::new(),
                chance: in_2_32(
                    round.cells[source.cell as usize].infected * mean(sizes) / infected,
                ),
                attack: in_2_32(infection.attack),
                course: infection.course.as_ref().map(|course| Detected {
                    course,
                    since: streams.key(Purpose::Course, source.list),
                    shows: streams.key(Purpose::Course, source.name).of(1),
                }),
            };
            place.sources.iter().map(of).collect()
        };
        Self(infection.map(people).unwrap_or_default())
    }

    /// How many of these are infected, and of how many their swab shows it; `draw` tells the swabs of a person in a round apart.
    pub(super) fn count(&mut self, swabs: &[Swab], draw: u64) -> (u32, u32) {
        let (mut infected, mut shows) = (0, 0);
        if self.0.is_empty() {
            return (infected, shows);
        }
        for swab in swabs {
            let people = &mut self.0[swab.source as usize];
            if people.infected(swab.rank) {
                infected += 1;
                let course = people.course.as_ref();
                shows += u32::from(course.is_none_or(|course| course.shows(swab, draw)));
            }
        }
        (infected, shows)
    }
}

/// Index of the word of a person rather than of a household.
const PERSON: u64 = 1 << 32;

impl People<'_> {
    /// Whether the person of this rank is infected.
    fn infected(&mut self, rank: u32) -> bool {
        let (first, next) = self.household(rank);
        let word = self.luck.word(first);
        if word >> 32 >= self.chance {
            return false;
        }
        // The lower half of the household's word names the one who is infected for sure.
        let index = first + (((word & 0xFFFF_FFFF) * (next - first)) >> 32);
        let rank = u64::from(rank);
        rank == index || self.luck.word(PERSON + rank) >> 32 < self.attack
    }

    /// The rank of the first of the household of a rank, and that behind its last.
    fn household(&mut self, rank: u32) -> (u64, u64) {
        let among = self.cut.first().zip(self.cut.last());
        if !among.is_some_and(|(&first, &last)| (first..last).contains(&rank)) {
            self.list.cut(self.sizes, rank, &mut self.cut);
        }
        let next = self.cut.partition_point(|&begin| begin <= rank);
        let at = |index: usize| {
            self.cut
                .get(index)
                .copied()
                .map_or(u64::MAX >> 32, u64::from)
        };
        (at(next - 1), at(next))
    }
}

impl Detected<'_> {
    /// Whether a swab of an infected person shows it.
    fn shows(&self, swab: &Swab, draw: u64) -> bool {
        let (detected, index) = (&self.course.detected, u64::from(swab.rank));
        let earlier = self.since.word(index) >> 32;
        let window = Span::DAY * detected.len() as i64;
        let before = (i128::from(window.millis()) * i128::from(earlier)) >> 32;
        let infected = self.course.until.millis() - before as i64;
        let day = (swab.end - infected).div_euclid(Span::DAY.millis()).max(0) as usize;
        let chance = detected[day.min(detected.len() - 1)];
        self.shows.of(draw).word(index) >> 32 < chance
    }
}

/// The mean of sizes whose shares of 1, of 1 or 2, and so on are these, in units of 2^−32.
fn mean(sizes: &[u64]) -> f64 {
    // A size is the number of those from 0 on that are smaller.
    let above = |below: &u64| 1.0 - (*below as f64 / 4_294_967_296.0).min(1.0);
    1.0 + sizes.iter().map(above).sum::<f64>()
}

/// A probability in units of 2^−32.
fn in_2_32(probability: f64) -> u64 {
    (probability.clamp(0.0, 1.0) * 4_294_967_296.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::coming::Sizes;

    const ONE: f64 = 4_294_967_296.0;

    fn cumulative(sizes: &Sizes) -> Vec<u64> {
        let mut sum = 0.0;
        let below = |share: &f64| {
            sum += share;
            in_2_32(sum)
        };
        sizes.0.iter().map(below).collect()
    }

    fn people(sizes: &[u64], chance: f64, attack: f64) -> People<'_> {
        let streams = Streams::new(3, 0);
        People {
            luck: streams.key(Purpose::Infection, 9),
            list: List::new(9, streams),
            sizes,
            cut: Vec::new(),
            chance: (chance * ONE) as u64,
            attack: (attack * ONE) as u64,
            course: None,
        }
    }

    #[test]
    fn the_share_of_infected_people_is_the_prevalence_and_they_live_together() {
        let (size, attack, prevalence) = (2.72, 0.4, 0.01);
        let chance = prevalence * size / (1.0 + (size - 1.0) * attack);
        let sizes = cumulative(&Sizes::about(size));
        assert!((mean(&sizes) - size).abs() < 1e-6);
        let mut cell = people(&sizes, chance, attack);
        let people = 2_000_000_u32;
        let infected: Vec<u32> = (0..people).filter(|&rank| cell.infected(rank)).collect();
        // Households are one more than Poisson: the mean square of their sizes, which bounds that of the infected, is 9.12.
        let households = f64::from(people) / size;
        let error = 3.29 * (households * chance * 9.12).sqrt() / f64::from(people);
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
        let sizes = cumulative(&Sizes::about(1.0));
        let mut cell = people(&sizes, 0.1, 0.9);
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

    #[test]
    fn households_that_come_together_are_those_that_are_infected_together() {
        let sizes = cumulative(&Sizes(vec![0.2, 0.3, 0.5]));
        let list = List::new(9, Streams::new(3, 0));
        let mut cell = people(&sizes, 0.1, 0.9);
        let mut end = None;
        for rank in 0..5_000 {
            if end.is_none_or(|end| end <= rank) {
                end = Some(list.behind(&sizes, rank, end));
            }
            let (first, next) = cell.household(rank);
            assert_eq!(Some(next as u32), end);
            assert!((first..next).contains(&u64::from(rank)) && next - first <= 3);
        }
    }
}
