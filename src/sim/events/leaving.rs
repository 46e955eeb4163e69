//! People who do not join the line at the door, or leave it.
//!
//! Who gives up stays in the records of the line until it comes to the head, so that nobody has to be taken out of its middle; whoever is at the
//! head is there.

use super::floor::IDLE;
use super::{Events, Rank, Stands};
use crate::model::site::Missed;
use crate::sim::door::Door;
use crate::sim::observer::SiteObserver;
use crate::sim::site::Work;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Who gives up when.
pub(super) struct Leaving<'a> {
    door: Door<'a>,
    /// When people give up, with the numbers they had on joining. Who is served before stays here until then.
    next: BinaryHeap<Reverse<(i64, u32)>>,
    /// By number: when its latest owner gives up.
    limits: Vec<i64>,
}

impl<'a> Leaving<'a> {
    pub(super) fn new(door: Door<'a>) -> Self {
        Self {
            door,
            next: BinaryHeap::new(),
            limits: Vec::new(),
        }
    }

    /// When someone next may give up.
    fn first(&self) -> i64 {
        self.next.peek().map_or(IDLE, |Reverse((at, _))| *at)
    }

    /// A person will give up.
    fn note(&mut self, person: u32, at: i64) {
        let number = person as usize;
        self.limits.resize(self.limits.len().max(number + 1), IDLE);
        self.limits[number] = at;
        self.next.push(Reverse((at, person)));
    }

    /// Who may give up now: the number, if its latest owner is the one who does.
    fn pop(&mut self) -> Option<u32> {
        let Reverse((at, person)) = self.next.pop()?;
        (self.limits[person as usize] == at).then_some(person)
    }
}

impl Events<'_> {
    /// Whether a person who comes to the door and is not served at once joins the line.
    #[inline(never)]
    pub(super) fn joins<S: SiteObserver>(
        &mut self,
        work: &mut Work<S>,
        person: u32,
        now: i64,
    ) -> bool {
        if work.site.sends_home {
            self.send_home(now);
        }
        let swab = self.people[person as usize].swab;
        let name = (swab.source, swab.rank);
        let waiting = self.floor.waiting_at_the_door();
        let Some(leaving) = &mut self.leaving else {
            return true;
        };
        if let Some(reason) = leaving.door.refuses(name, waiting) {
            self.miss(work, person, reason, now);
            return false;
        }
        if leaving.door.loses_patience() {
            self.people[person as usize].stands = Stands::Waits;
            if let Some(at) = leaving.door.gives_up(name, swab.arrival) {
                leaving.note(person, at);
                self.leaves = leaving.first();
            }
        }
        true
    }

    /// Someone who waits at the door may give up now.
    #[inline(never)]
    pub(super) fn give_up<S: SiteObserver>(&mut self, work: &mut Work<S>) {
        let now = self.leaves;
        let Some(leaving) = &mut self.leaving else {
            return;
        };
        let found = leaving.pop();
        self.leaves = leaving.first();
        let waits = |person: &u32| self.people[*person as usize].stands == Stands::Waits;
        let Some(person) = found.filter(waits) else {
            return;
        };
        let entry = &mut self.people[person as usize];
        entry.stands = Stands::GaveUp;
        let (source, rank) = (entry.swab.source, entry.rank);
        let node = self.floor.node_at_the_door(entry.lane);
        self.floor.give_up(node);
        if now <= work.stop {
            work.miss(source, Missed::Reneged);
        }
        self.clear(node, rank);
    }

    /// The head of a line leaves it.
    #[inline]
    pub(super) fn pop(&mut self, node: usize, rank: Rank) {
        if let Some(person) = self.floor.pop(node, rank)
            && self.leaving.is_some()
        {
            self.people[person as usize].stands = Stands::Elsewhere;
            self.clear(node, rank);
        }
    }

    /// Forgets those at the head of a line who gave up.
    fn clear(&mut self, node: usize, rank: Rank) {
        while let Some(person) = self.floor.head(node, rank)
            && self.people[person as usize].stands == Stands::GaveUp
        {
            self.floor.forget(node, rank);
            self.gone.push(person);
        }
    }

    /// Those who waited at the door when a day closed are no longer there.
    fn send_home(&mut self, now: i64) {
        for node in 0..self.floor.doors() {
            for rank in [Rank::First, Rank::Usual] {
                while let Some(person) = self.floor.head(node, rank)
                    && self.floor.closes_between(
                        node,
                        self.people[person as usize].swab.arrival,
                        now,
                    )
                {
                    self.pop(node, rank);
                    self.gone.push(person);
                }
            }
        }
    }

    /// A person goes home without a swab.
    fn miss<S: SiteObserver>(&mut self, work: &mut Work<S>, person: u32, reason: Missed, now: i64) {
        if now <= work.stop {
            work.miss(self.people[person as usize].swab.source, reason);
        }
        self.gone.push(person);
    }
}
