//! When a machine of a laboratory stands still: as is foreseen, and as it fails by its own luck.
//!
//! A machine is its laboratory, its stage and its number there. How long it lasts and how long a repair takes depends on nothing else, not
//! on what it works on: so all its failures are known beforehand, and another machine beside it changes none of them.

use crate::network::lab::Breakdowns;
use crate::network::{Stage, Work};
use crate::random::{Key, Purpose, Streams, block};
use crate::units::{Span, Time};

/// When one machine stands still. It is asked about moments in order.
pub(super) struct Outages<'a> {
    /// As is foreseen, from when until when, by the former.
    foreseen: Vec<(Time, Time)>,
    failing: Option<Failing<'a>>,
}

/// The failures of a machine, one after another.
struct Failing<'a> {
    rule: &'a Breakdowns,
    luck: Key,
    /// How many were before.
    number: u64,
    /// The latest that was asked for: when it begins, when the machine is repaired.
    from: Time,
    until: Time,
}

impl<'a> Outages<'a> {
    /// By machine of a stage; empty if none ever stands still.
    pub(super) fn all(stage: &'a Stage, streams: Streams) -> Vec<Self> {
        let Work::Machines { fleet, .. } = &stage.work else {
            return Vec::new();
        };
        if !fleet.stops() {
            return Vec::new();
        }
        let luck = streams.key(Purpose::Breakdown, stage.name);
        let machine = |(comes, number): (Time, u32)| {
            let here = fleet.down.iter().filter(|down| number < down.machines);
            let mut foreseen: Vec<_> = here.map(|down| (down.from, down.until)).collect();
            foreseen.sort_unstable();
            let failing = |rule| Failing::new(rule, luck.of(u64::from(number)), comes);
            Self {
                foreseen,
                failing: fleet.breakdowns.as_ref().map(failing),
            }
        };
        stage.servers().map(machine).collect()
    }

    /// Until when the machine stands still, if it does at a moment.
    pub(super) fn until(&mut self, now: Time) -> Option<Time> {
        let stands = |&&(from, until): &&(Time, Time)| from <= now && now < until;
        let foreseen = self.foreseen.iter().filter(stands).map(|&(_, until)| until);
        let failed = self.failing.as_mut().and_then(|failing| {
            failing.settle(now);
            (failing.from <= now).then_some(failing.until)
        });
        foreseen.chain(failed).max()
    }

    /// When the machine, which is there now, stops next.
    pub(super) fn next(&mut self, now: Time) -> Option<Time> {
        let foreseen = self.foreseen.iter().map(|&(from, _)| from);
        let failure = self.failing.as_mut().map(|failing| {
            failing.settle(now);
            failing.from
        });
        foreseen.filter(|&from| from > now).chain(failure).min()
    }
}

impl<'a> Failing<'a> {
    fn new(rule: &'a Breakdowns, luck: Key, comes: Time) -> Self {
        let mut failing = Self {
            rule,
            luck,
            number: 0,
            from: comes,
            until: comes.max(Time::ZERO),
        };
        failing.advance();
        failing
    }

    /// Goes on to the first failure that is not repaired by a moment.
    fn settle(&mut self, now: Time) {
        while self.until <= now {
            self.advance();
        }
    }

    fn advance(&mut self) {
        let word = self.luck.of(0).word(self.number);
        let lasts = self.rule.every * f64::from(block::exponential(word));
        self.from = self.until + Span::from_millis((lasts as i64).max(1));
        self.until = self.from + self.rule.repair.one(self.luck.of(1), self.number);
        self.number += 1;
    }
}
