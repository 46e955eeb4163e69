//! The people of a stage of machines, who set runs up and clear them away while the runs themselves go on alone.

use super::super::observer::Handled;
use super::events::Due;
use crate::network::duty::Crew;
use crate::network::lab::Hands;
use crate::network::{Stage, Work};
use crate::random::{Key, Purpose, Streams};
use crate::units::{Span, Time};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// The people of a stage.
pub(super) struct People<'a> {
    pub(super) rule: &'a Hands,
    /// Of the stage; by run.
    luck: Key,
    /// The hours of each, and when each is free. Of those with the same hours no more than can be at work at once.
    crew: Vec<Crew>,
    free: Vec<Time>,
    /// Machines whose run is over and that wait to be unloaded: since when, which.
    over: BTreeSet<(Time, u32)>,
    /// The latest moment that was put into the calendar for them.
    woken: Time,
}

impl<'a> People<'a> {
    /// Those of a stage, if its machines need any.
    pub(super) fn of(stage: &'a Stage, streams: Streams) -> Option<Self> {
        let Work::Machines {
            hands: Some(hands),
            machines,
            ..
        } = &stage.work
        else {
            return None;
        };
        let at_work = hands.people.saturating_mul(*machines as usize);
        let alike = hands.crew.chunk_by(|one, other| one == other);
        let crew: Vec<Crew> = alike
            .flat_map(|crew| &crew[..crew.len().min(at_work)])
            .copied()
            .collect();
        Some(Self {
            rule: hands,
            luck: streams.key(Purpose::Hands, stage.name),
            free: vec![stage.ready; crew.len()],
            crew,
            over: BTreeSet::new(),
            woken: Time::BEFORE,
        })
    }

    /// Whether so many as it takes are free and on duty; if not, they are asked again when the next one is.
    pub(super) fn are_there(
        &mut self,
        now: Time,
        calendar: &mut BinaryHeap<Reverse<(Time, Due)>>,
    ) -> bool {
        let (mut there, mut next) = (0, Time::NEVER);
        for (&free, crew) in self.free.iter().zip(&self.crew) {
            let comes = crew.next(free.max(now));
            if comes == now {
                there += 1;
            } else {
                next = next.min(comes);
            }
        }
        if there >= self.rule.people {
            return true;
        }
        if self.woken != next {
            self.woken = next;
            calendar.push(Reverse((next, Due::Wake)));
        }
        false
    }

    /// Takes them until a moment: those who have been free longest, then by number. Asked only when they are there.
    pub(super) fn take(&mut self, now: Time, until: Time) {
        let on_duty = |&(&free, who): &(&Time, usize)| self.crew[who].next(free.max(now)) == now;
        let mut there: Vec<(Time, usize)> = self
            .free
            .iter()
            .zip(0..)
            .filter(on_duty)
            .map(|(&free, who)| (free, who))
            .collect();
        there.sort_unstable();
        for &(_, who) in there.iter().take(self.rule.people) {
            self.free[who] = until;
        }
    }

    /// How long a run, by its number, takes to be set up.
    pub(super) fn setup(&self, run: u64) -> Span {
        let setup = self.rule.setup.as_ref();
        setup.map_or(Span::ZERO, |setup| setup.one(self.luck.of(0), run))
    }

    /// People load a machine, and its run goes on alone to its end.
    pub(super) fn load(&mut self, (start, loaded): (Time, Time), over: Time) -> Handled {
        self.take(start, loaded);
        Handled {
            people: self.rule.people as u32,
            loaded,
            over,
            unloaded: over,
        }
    }

    /// How long it takes to be cleared away.
    pub(super) fn clean(&self, run: u64) -> Span {
        let clean = self.rule.clean.as_ref();
        clean.map_or(Span::ZERO, |clean| clean.one(self.luck.of(1), run))
    }

    /// A run is over.
    pub(super) fn wait_for(&mut self, now: Time, machine: u32) {
        self.over.insert((now, machine));
    }

    /// Takes out the machine that has waited longest to be unloaded, if there are people to do it.
    pub(super) fn unload(
        &mut self,
        now: Time,
        calendar: &mut BinaryHeap<Reverse<(Time, Due)>>,
    ) -> Option<u32> {
        let &first = self.over.first()?;
        if !self.are_there(now, calendar) {
            return None;
        }
        self.over.remove(&first);
        Some(first.1)
    }
}
