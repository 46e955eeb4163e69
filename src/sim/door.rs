//! The line at the door where something bounds it: room for so many, people whom a long line puts off, people who give up.
//!
//! Patience begins when a person stands in line and the site is open to serve the person: nobody counts the minutes before the gate opens.
//! From then on it runs through breaks too.

use crate::model::site::Missed;
use crate::network::duty::Duty;
use crate::network::{RoundSite, Site, Source, Waiting};
use crate::random::{Key, Purpose, Streams};

/// What bounds the line at a site.
#[derive(Clone)]
pub(super) struct Door<'a> {
    rules: &'a Waiting,
    /// By source: the luck of being put off, and of how long people wait.
    luck: Vec<[Key; 2]>,
    duty: Duty<'a>,
    sends_home: bool,
}

impl<'a> Door<'a> {
    /// The door of a site in a round, if something bounds its line.
    pub(super) fn new(site: &'a Site, round: &'a RoundSite, streams: Streams) -> Option<Self> {
        let rules = site.waiting.as_ref()?;
        let luck = |source: &Source| {
            [Purpose::PutOff, Purpose::Patience].map(|purpose| streams.key(purpose, source.name))
        };
        Some(Self {
            rules,
            luck: round.sources.iter().map(luck).collect(),
            duty: Duty::new(&round.openings, &round.pauses),
            sends_home: site.sends_home,
        })
    }

    /// Whether people may give up.
    pub(super) const fn loses_patience(&self) -> bool {
        self.rules.patience.is_some()
    }

    /// Why a person of a source does not join a line of so many, if so.
    pub(super) fn refuses(&self, (source, rank): (u32, u32), waiting: usize) -> Option<Missed> {
        if waiting >= self.rules.space as usize {
            return Some(Missed::NoRoom);
        }
        let put_off = self.rules.put_off.as_ref()?;
        let [luck, _] = self.luck[source as usize];
        let turns =
            waiting >= put_off.from as usize && luck.word(u64::from(rank)) >> 32 < put_off.below;
        turns.then_some(Missed::Balked)
    }

    /// When a person who comes at `arrival` and is not served by then gives up, in milliseconds; none if never before the site sends the
    /// person home. Arrivals must not go backwards.
    pub(super) fn gives_up(&mut self, (source, rank): (u32, u32), arrival: i64) -> Option<i64> {
        let patience = self.rules.patience.as_ref()?;
        let open = self.duty.admit(arrival, arrival, self.sends_home)?;
        let [_, luck] = self.luck[source as usize];
        let until = open + patience.one(luck, u64::from(rank)).millis();
        let home = self.sends_home && self.duty.closes_between(arrival, until);
        (!home).then_some(until)
    }
}
