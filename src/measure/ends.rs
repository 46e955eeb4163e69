//! When the result of each tube of a round is out, and which tubes are the last.

use crate::id::{RoundId, SiteId};
use crate::network::{Network, RoundSite};
use crate::random::Streams;
use crate::sim::observer::{
    Delivered, Observer, Origin, Passage, Run, SiteDone, SiteObserver, Step, Swabbed,
};
use crate::sim::tubes::{Swab, Tube};
use crate::sim::{Grain, Memory, simulate};
use crate::units::Time;

/// Which tube of a round: its site (none if it comes from elsewhere), the lane that filled it, its number there.
pub type TubeKey = (Option<SiteId>, u32, u32);

/// The results of a round, tube by tube.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ends {
    round: RoundId,
    /// Whether tubes from elsewhere are the round's own.
    feeds: bool,
    /// When the result is out, in milliseconds; which tube; how many people are in it.
    tubes: Vec<(i64, TubeKey, u32)>,
}

/// Runs one replication and notes when results are out.
pub fn ends(network: &Network, streams: Streams, memory: &mut Memory, round: RoundId) -> Ends {
    let mut ends = Ends {
        round,
        feeds: network.rounds[round].cells.is_empty(),
        tubes: Vec::new(),
    };
    simulate(network, streams, Grain::Whole, memory, &mut ends);
    ends.tubes.sort_unstable();
    ends
}

impl Ends {
    /// People whose result is out.
    pub fn people(&self) -> u64 {
        self.tubes.iter().map(|tube| u64::from(tube.2)).sum()
    }

    /// People whose result is out after a moment.
    pub fn people_after(&self, moment: Time) -> u64 {
        let late = self.tubes.partition_point(|tube| tube.0 <= moment.millis());
        self.tubes[late..]
            .iter()
            .map(|tube| u64::from(tube.2))
            .sum()
    }

    /// The last result, if there is one.
    pub fn last(&self) -> Option<Time> {
        self.tubes.last().map(|tube| Time::from_millis(tube.0))
    }

    /// The last tubes in which there are at least so many people, sorted.
    pub fn last_tubes(&self, people: u64) -> Vec<TubeKey> {
        let mut missing = people;
        let mut tubes = Vec::new();
        for tube in self.tubes.iter().rev() {
            if missing == 0 {
                break;
            }
            missing = missing.saturating_sub(u64::from(tube.2));
            tubes.push(tube.1);
        }
        tubes.sort_unstable();
        tubes
    }

    /// Mean moment of the last results of so many people, in minutes after `opens`; NaN of nobody.
    pub fn mean_of_last(&self, people: u64, opens: Time) -> f64 {
        let (mut missing, mut sum) = (people, 0.0);
        for tube in self.tubes.iter().rev() {
            let taken = missing.min(u64::from(tube.2));
            missing -= taken;
            sum += taken as f64 * ((tube.0 - opens.millis()) as f64 / 6e4);
        }
        sum / (people - missing) as f64
    }
}

/// Listens to no site.
#[derive(Clone, Copy, Debug)]
pub struct Deaf;

impl Observer for Ends {
    type Sites = Deaf;

    fn sites(&self, _: RoundId) -> Deaf {
        Deaf
    }
    fn join(&mut self, _: RoundId, _: Deaf) {}
    fn delivered(&mut self, _: &Delivered) {}
    fn staged(&mut self, _: &Passage) {}
    fn ran(&mut self, _: &Run) {}

    fn published(&mut self, origin: Origin, tube: &Tube, swabs: &[Swab], at: Time) {
        if origin.round == self.round && (origin.site.is_some() || self.feeds) {
            let key = (origin.site, tube.lane, tube.serial);
            self.tubes.push((at.millis(), key, swabs.len() as u32));
        }
    }
}

impl SiteObserver for Deaf {
    const STEPS: bool = false;

    fn begin(&mut self, _: &RoundSite) {}
    fn step(&mut self, _: &Step) {}
    fn swabbed(&mut self, _: &Swabbed) {}
    fn closed(&mut self, _: &Tube, _: &[Swab]) {}
    fn end(&mut self, _: &RoundSite, _: &SiteDone) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;

    fn ends(tubes: &[(i64, u32)]) -> Ends {
        let tube =
            |(serial, &(at, people)): (u32, &(i64, u32))| (at * 60_000, (None, 0, serial), people);
        Ends {
            round: RoundId::from_index(0),
            feeds: true,
            tubes: (0..).zip(tubes).map(tube).collect(),
        }
    }

    #[test]
    fn the_last_are_counted_by_person_and_taken_by_tube() {
        let found = ends(&[(10, 5), (20, 5), (30, 5), (60, 2)]);
        assert_eq!(found.people(), 17);
        assert_eq!(found.people_after(Time::from_millis(20 * 60_000)), 7);
        assert_eq!(found.last_tubes(3), [(None, 0, 2), (None, 0, 3)]);
        assert!(found.last_tubes(0).is_empty());
        let mean = found.mean_of_last(3, Time::ZERO);
        assert!((mean - 50.0).abs() < 1e-12, "{mean}");
        assert!(found.mean_of_last(0, Time::ZERO).is_nan());
        assert!((found.mean_of_last(99, Time::ZERO) - 420.0 / 17.0).abs() < 1e-9);
    }
}
