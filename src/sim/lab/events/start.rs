//! What starts in a laboratory: workers take tubes, machines are loaded, run and are cleared away.

use super::super::super::observer::{Behind, Observer};
use super::super::bench::{End, StageRun};
use super::{Due, EventRun, Job, World};
use crate::id::Id;
use crate::network::Work;
use crate::units::{Span, Time};
use std::cmp::Reverse;

impl EventRun<'_> {
    /// Whatever may start now does.
    pub(super) fn start<O: Observer>(&mut self, world: &World<O>) {
        for stage in 0..self.stages.len() {
            let more = self.more(stage);
            match &self.stages[stage].stage.work {
                Work::Workers { .. } => while self.work(stage, world) {},
                Work::Machines { .. } => {
                    while self.unload(stage) {}
                    while self.run(stage, more, world) {}
                }
                Work::Delay(_) | Work::Upload(_) => {}
            }
        }
    }

    /// The worker who has been free longest takes the first tube; whether there is such a worker and tube.
    fn work<O: Observer>(&mut self, stage: usize, world: &World<O>) -> bool {
        let now = self.now;
        let run = &mut self.stages[stage];
        if run.queue.is_empty() {
            return false;
        }
        let Some(worker) = run.worker(now, &mut self.calendar) else {
            return false;
        };
        let free = run.servers.pop().map_or(now, |Reverse((free, _))| free);
        let Work::Workers { per_tube, .. } = &run.stage.work else {
            return false;
        };
        let waiting = run.queue.pop_front().expect("someone waits");
        run.end_pause((free, waiting.ready), now);
        let busy = &mut run.busy[worker as usize];
        let entry = self.jobs.at(waiting.job);
        let (name, index) = world.live.name(&entry.item);
        entry.begin(now, busy.freed);
        let end = now + per_tube.one(run.luck.of(name), index);
        (busy.start, busy.end) = (now, End::Well);
        busy.jobs.push(waiting.job);
        let (stage, server) = (stage as u32, worker);
        self.put(end, Due::End { stage, server });
        true
    }

    /// The machine that has been free longest takes what waits; whether there is one that may start.
    fn run<O: Observer>(&mut self, stage: usize, more: bool, world: &World<O>) -> bool {
        let now = self.now;
        let is_test = stage == self.lab.test.index();
        let run = &mut self.stages[stage];
        let Work::Machines {
            capacity,
            run: length,
            ..
        } = &run.stage.work
        else {
            return false;
        };
        let Some((free, machine)) = run.machine(now, more, &mut self.calendar) else {
            return false;
        };
        let first = run.queue.front().map_or(now, |waiting| waiting.ready);
        run.end_pause((free, first), now);
        let together = run.queue.len().min(*capacity as usize);
        let setup = run.people.as_ref().map(|people| people.setup(run.runs));
        let loaded = now + setup.unwrap_or(Span::ZERO);
        let whole = loaded + length.one(run.luck, run.runs);
        let stop = run.stop(machine, now).filter(|&stop| stop < whole);
        let end = stop.unwrap_or(whole);
        let busy = &mut run.busy[machine as usize];
        (busy.start, busy.end, busy.run) = (now, End::Well, run.runs);
        busy.cleared = false;
        if let Some(people) = &mut run.people {
            busy.handled = Some(people.load((now, loaded.min(end)), end));
        }
        for waiting in run.queue.drain(..together) {
            let entry = self.jobs.at(waiting.job);
            entry.begin(now, busy.freed);
            if is_test {
                if busy.jobs.is_empty() {
                    let name = world.live.name(&entry.item);
                    if self.judge.run_fails(name, entry.runs) {
                        busy.end = End::ControlsFailed;
                    }
                }
                entry.runs += 1;
            }
            busy.jobs.push(waiting.job);
        }
        if stop.is_some() {
            busy.end = End::Stopped;
        }
        run.runs += 1;
        let (stage, server) = (stage as u32, machine);
        self.put(end, Due::End { stage, server });
        true
    }

    /// The run that has waited longest is cleared away; whether there is one, and people to do it.
    fn unload(&mut self, stage: usize) -> bool {
        let now = self.now;
        let run = &mut self.stages[stage];
        let Some(people) = &mut run.people else {
            return false;
        };
        let Some(machine) = people.unload(now, &mut self.calendar) else {
            return false;
        };
        let busy = &mut run.busy[machine as usize];
        let end = now + people.clean(busy.run);
        people.take(now, end);
        if let Some(handled) = &mut busy.handled {
            handled.unloaded = now;
        }
        busy.cleared = true;
        let (stage, server) = (stage as u32, machine);
        self.put(end, Due::End { stage, server });
        true
    }
}

impl Job {
    /// Someone begins to work on it, who may have stood still before for want of room.
    fn begin(&mut self, now: Time, freed: Option<Behind>) {
        self.start = now;
        let since = self.item.since;
        self.behind = freed.filter(|freed| freed.until > since).or(self.behind);
    }
}

impl StageRun<'_> {
    /// Whether a run that is over waits for people now, who have to clear it away.
    pub(super) fn has_to_be_cleared(&mut self, server: u32, now: Time) -> bool {
        let Some(people) = &mut self.people else {
            return false;
        };
        let busy = &self.busy[server as usize];
        let waits = people.rule.clean.is_some() && !busy.cleared && busy.end != End::Stopped;
        if waits {
            people.wait_for(now, server);
        }
        waits
    }
}
