//! Room in a laboratory: before a stage, and in the whole. What finds none waits where it is, and with it whoever worked on it (blocking
//! after service). Tubes that go back, to be tested again or because a run failed, need no room: else two stages could wait for each other.

use super::super::super::observer::{Behind, Blocked, Observer};
use super::super::bench::{Waiting, line_up};
use super::{EventRun, World};
use crate::id::{Id, StageId};

impl EventRun<'_> {
    /// Whether as many tubes are in the laboratory as are let in.
    pub(super) fn is_full(&self) -> bool {
        self.lab.wip.is_some_and(|wip| self.inside >= wip)
    }

    /// A tube is at the door.
    pub(super) fn knock(&mut self, job: u32) {
        let waiting = self.waiting(job);
        line_up(&mut self.outside, waiting);
        self.let_in(None);
    }

    /// Lets in who waits at the door as long as there is room, and says which stage was the cause of the wait; whether there was anyone.
    fn let_in(&mut self, cause: Option<StageId>) -> bool {
        let mut moved = false;
        while !self.outside.is_empty() && self.admits() {
            let Some(Waiting { job, .. }) = self.outside.pop_front() else {
                break;
            };
            let until = self.now;
            let entry = self.jobs.at(job);
            let from = entry.item.since;
            let waited = cause.filter(|_| from < until);
            entry.behind = waited.map(|stage| Behind { stage, from, until });
            self.inside += 1;
            self.enter(0, job);
            moved = true;
        }
        moved
    }

    /// Whether a tube at the door may come to the first stage.
    fn admits(&mut self) -> bool {
        !self.is_full() && self.stages[0].has_room(self.now, &mut self.calendar)
    }

    /// A tube is ready to go on from a stage: it does, or stays until there is room.
    pub(super) fn go_on<O: Observer>(&mut self, stage: usize, job: u32, world: &mut World<O>) {
        let next = self.stages.get(stage + 1);
        if next.is_none_or(|next| next.stage.buffer.is_none()) {
            self.pass(stage, job, world);
            return;
        }
        let waiting = self.waiting(job);
        line_up(&mut self.stages[stage].held, waiting);
        self.forward(stage, world);
    }

    /// What has waited for room before the next stage goes on as long as there is some; whether anything did.
    fn forward<O: Observer>(&mut self, stage: usize, world: &mut World<O>) -> bool {
        let mut moved = false;
        while !self.stages[stage].held.is_empty()
            && self.stages[stage + 1].has_room(self.now, &mut self.calendar)
        {
            let Some(Waiting { job, .. }) = self.stages[stage].held.pop_front() else {
                break;
            };
            self.pass(stage, job, world);
            moved = true;
        }
        moved
    }

    /// Whatever waits for room that there is now comes on, from the last stage back to the door; whether anything did.
    pub(super) fn make_room<O: Observer>(&mut self, world: &mut World<O>) -> bool {
        let mut moved = false;
        for stage in (0..self.stages.len() - 1).rev() {
            moved |= self.forward(stage, world);
        }
        let most = |stage: &usize| (self.stages[*stage].inside, std::cmp::Reverse(*stage));
        let cause = match (self.outside.is_empty(), self.lab.wip) {
            (false, Some(_)) => (0..self.stages.len()).max_by_key(most),
            (true, _) | (_, None) => None,
        };
        moved | self.let_in(cause.map(StageId::from_index))
    }

    /// A tube leaves whoever worked on it, who is free when it is the last one.
    pub(super) fn let_go<O: Observer>(&mut self, stage: usize, job: u32, world: &mut World<O>) {
        let Some(server) = self.jobs.at(job).server.take() else {
            return;
        };
        let now = self.now;
        let next = self.stages.get(stage + 1).and_then(|next| next.freed);
        let run = &mut self.stages[stage];
        let busy = &mut run.busy[server as usize];
        busy.with_it -= 1;
        if busy.with_it > 0 {
            return;
        }
        run.servers.push(std::cmp::Reverse((now, server)));
        busy.freed = None;
        let Some(round) = busy.round.filter(|_| busy.done < now) else {
            return;
        };
        // The stage behind may itself have stood still until now.
        let further = next.filter(|freed| freed.until == now);
        let by = further.map_or_else(|| StageId::from_index(stage + 1), |freed| freed.stage);
        let since = busy.done;
        let paused = self.stages[by.index()].paused;
        let freed = Some(Behind {
            stage: by,
            from: since.min(paused),
            until: now,
        });
        let run = &mut self.stages[stage];
        run.busy[server as usize].freed = freed;
        run.freed = freed;
        world.observer.blocked(&Blocked {
            lab: self.id,
            stage: StageId::from_index(stage),
            by,
            round,
            server,
            since,
            until: now,
        });
    }

    /// A tube in line by when it was done before.
    fn waiting(&mut self, job: u32) -> Waiting {
        let entry = self.jobs.at(job);
        Waiting {
            class: entry.class,
            ready: entry.item.since,
            serial: entry.item.serial,
            job,
        }
    }
}
