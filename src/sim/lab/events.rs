//! A laboratory event by event, for what flows back: runs that fail or stop, tubes that are tested again, tubes that go first.
//!
//! Every instant is gone through in the same order. First ends everything that ends: runs by stage and machine, then what waits without a
//! server, by stage and number of the tube, then holds and reports; then deliveries come in. What is done is handed on, stage by stage from
//! the door, tubes by number. Then, stage by stage from the door, whatever may start does: the worker or machine that has been free longest
//! first, tubes by class, then by the moment they became ready, then by number. So a tube that comes as a machine is free is in its run. Where
//! people are at machines, runs that are over are cleared away first, in the order in which they ended, then by machine. Last, where room before
//! a stage is short, tubes that wait for it come on, from the last stage back to the door, and whatever may start then does, until nothing
//! moves; those that were let in so are too late for a run that started just before. It makes no difference in how many steps one advances, if what comes is known before its moment.

mod room;
mod start;

use super::super::Coming;
use super::super::live::{Item, Live};
use super::super::observer::{After, Behind, Delivered, Held, Observer, Passage, Run, SentOn, Why};
use super::Away;
use super::bench::{End, StageRun, Waiting, line_up};
use super::door::Door;
use super::fate::{Finding, Judge};
use super::next_multiple;
use crate::id::{Id, LabId, SiteId, StageId, Table};
use crate::network::lab::{COMMON, TubeFaults};
use crate::network::{Lab, Network, Site, Work};
use crate::random::Streams;
use crate::units::{Span, Time};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// A laboratory at work, event by event.
pub(in crate::sim) struct EventRun<'a> {
    id: LabId,
    lab: &'a Lab,
    sites: &'a Table<SiteId, Site>,
    judge: Judge<'a>,
    now: Time,
    /// Deliveries that are on their way.
    coming: BinaryHeap<Reverse<Coming>>,
    calendar: BinaryHeap<Reverse<(Time, Due)>>,
    stages: Vec<StageRun<'a>>,
    jobs: Jobs,
    /// Tubes that came so far.
    came: u32,
    door: Door,
    /// What waits at the door for room, in order.
    outside: VecDeque<Waiting>,
    /// Tubes that were let in and have not left the stages.
    inside: u32,
}

/// What is due at a moment, in the order in which it happens at one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Due {
    /// A worker or machine is done.
    End { stage: u32, server: u32 },
    /// A tube has waited as long as a stage without servers takes.
    Leaves { stage: u32, serial: u32, job: u32 },
    /// Tube and register agree at last.
    Release { serial: u32, job: u32 },
    /// A positive tube is reported.
    Report { serial: u32, job: u32 },
    /// Another laboratory sends a delivery on to this one.
    SetsOff { delivery: u32 },
    /// Something may start that could not before.
    Wake,
}

/// A tube in the laboratory.
#[derive(Clone, Copy)]
struct Job {
    item: Item,
    class: u8,
    /// Why it will leave when it has been received.
    unfit: Option<Why>,
    /// Whether its result will be published.
    counts: bool,
    /// When work on it at the present stage began, and why it waited at first.
    start: Time,
    behind: Option<Behind>,
    /// The worker or machine it stands with, done.
    server: Option<u32>,
    /// Runs of the test stage, tests that ended, and those of them that were unclear, so far.
    runs: u32,
    tests: u32,
    unclear: u32,
    /// How the run it was in ended.
    run_end: End,
    /// When it was first detected, and when that was confirmed.
    detected: Option<Time>,
    retested: Time,
}

/// All tubes in the laboratory.
#[derive(Default)]
struct Jobs {
    all: Vec<Job>,
    free: Vec<u32>,
}

/// What a laboratory acts upon and speaks to.
struct World<'w, O> {
    live: &'w mut Live,
    observer: &'w mut O,
}

impl Jobs {
    fn add(&mut self, job: Job) -> u32 {
        if let Some(place) = self.free.pop() {
            self.all[place as usize] = job;
            place
        } else {
            self.all.push(job);
            self.all.len() as u32 - 1
        }
    }

    fn at(&mut self, job: u32) -> &mut Job {
        &mut self.all[job as usize]
    }

    fn remove(&mut self, job: u32) -> Job {
        self.free.push(job);
        self.all[job as usize]
    }
}

impl<'a> EventRun<'a> {
    pub(super) fn new(id: LabId, network: &'a Network, streams: Streams) -> Self {
        let lab = &network.labs[id];
        let mut calendar = BinaryHeap::new();
        let stages = lab
            .stages
            .values()
            .map(|stage| {
                let mut comes: Vec<Time> = stage.servers().map(|(at, _)| at).collect();
                comes.dedup();
                calendar.extend(comes.into_iter().map(|at| Reverse((at, Due::Wake))));
                StageRun::new(stage, streams)
            })
            .collect();
        Self {
            id,
            lab,
            sites: &network.sites,
            judge: Judge::new(lab, streams),
            now: Time::BEFORE,
            coming: BinaryHeap::new(),
            calendar,
            stages,
            jobs: Jobs::default(),
            came: 0,
            door: Door::new(lab, streams),
            outside: VecDeque::new(),
            inside: 0,
        }
    }

    /// Tubes will come in.
    pub(super) fn take(&mut self, delivery: &Coming) {
        self.coming.push(Reverse(*delivery));
    }

    /// Works up to a moment before which everything that comes is known.
    pub(super) fn advance<O: Observer>(&mut self, until: Time, live: &mut Live, observer: &mut O) {
        let mut world = World { live, observer };
        while let Some(at) = self.next().filter(|&at| at < until) {
            self.now = at;
            loop {
                self.settle(&mut world);
                self.start(&world);
                let moved = self.make_room(&mut world);
                if !moved && self.next() != Some(self.now) {
                    break;
                }
            }
        }
    }

    /// When something happens next.
    fn next(&self) -> Option<Time> {
        let due = self.calendar.peek().map(|&Reverse((at, _))| at);
        let coming = self.coming.peek().map(|Reverse(delivery)| delivery.at);
        due.into_iter().chain(coming).min()
    }

    fn put(&mut self, at: Time, due: Due) {
        self.calendar.push(Reverse((at, due)));
    }

    /// Everything that ends or comes now, and all that follows from it but new starts.
    fn settle<O: Observer>(&mut self, world: &mut World<O>) {
        loop {
            while let Some(due) = self.due() {
                self.happen(due, world);
            }
            while let Some(delivery) = self.arriving() {
                self.arrive(&delivery, world);
            }
            let mut moved = false;
            for stage in 0..self.stages.len() {
                moved |= self.hand_on(stage, world);
            }
            if !moved {
                return;
            }
        }
    }

    /// What is due now and has not happened.
    fn due(&mut self) -> Option<Due> {
        let next = self.calendar.peek_mut()?;
        (next.0.0 <= self.now).then(|| std::collections::binary_heap::PeekMut::pop(next).0.1)
    }

    /// A delivery that comes now.
    fn arriving(&mut self) -> Option<Coming> {
        let next = self.coming.peek_mut()?;
        (next.0.at <= self.now).then(|| std::collections::binary_heap::PeekMut::pop(next).0)
    }

    fn happen<O: Observer>(&mut self, due: Due, world: &mut World<O>) {
        match due {
            Due::End { stage, server } => self.end(stage as usize, server, world),
            Due::Leaves { stage, job, .. } => self.stages[stage as usize].done.push(job),
            Due::Release { job, .. } => {
                let job = self.jobs.remove(job);
                let item = Item {
                    ready: self.now,
                    ..job.item
                };
                if self.now <= world.live.stop {
                    world.observer.held(&Held {
                        lab: self.id,
                        origin: world.live.origin(item.batch),
                        serial: item.serial,
                        people: world.live.bound(&item),
                        since: item.since,
                        until: self.now,
                    });
                }
                world
                    .live
                    .publish(&item, (self.id, self.lab), world.observer);
            }
            Due::Report { job, .. } => {
                let job = self.jobs.remove(job);
                let item = Item {
                    ready: self.now,
                    ..job.item
                };
                let detected = job.detected.unwrap_or(job.retested);
                world
                    .live
                    .report(&item, self.id, [detected, job.retested], world.observer);
            }
            Due::SetsOff { delivery } => {
                let coming = self.door.called[delivery as usize];
                self.coming.push(Reverse(coming));
            }
            Due::Wake => {}
        }
    }

    /// How old tubes of a batch may be at the door, if they are turned away then.
    fn limit(&self, live: &Live, batch: u32) -> Option<Span> {
        let site = live.origin(batch).site?;
        let expire = self.sites[site].tubes.expire?;
        expire.turns_away.then_some(expire.after)
    }

    /// What may happen to the tubes of a batch.
    fn faults(&self, live: &Live, batch: u32) -> Option<&'a TubeFaults> {
        let site = live.origin(batch).site?;
        self.sites[site].faults.as_ref()
    }

    /// Tubes are at the door, those that are lost excepted.
    fn arrive<O: Observer>(&mut self, delivery: &Coming, world: &mut World<O>) {
        if self.sends_on(delivery, world) {
            return;
        }
        let Coming {
            batch, from, tubes, ..
        } = *delivery;
        let faults = self.faults(world.live, batch);
        let limit = self.limit(world.live, batch);
        for index in from..from + tubes {
            let tube = world.live.tubes(batch)[index as usize];
            let item = Item {
                ready: self.now,
                since: self.now,
                serial: self.came,
                batch,
                tube: index,
                people: tube.people,
            };
            let name = world.live.name(&item);
            let unfit = faults.and_then(|faults| self.judge.unfit(faults, name));
            if unfit == Some(Why::Lost) {
                world.live.fail(&item, (self.id, Why::Lost), world.observer);
                continue;
            }
            self.came += 1;
            if self.now <= world.live.stop {
                world.observer.delivered(&Delivered {
                    origin: world.live.origin(batch),
                    tube: &tube,
                    lab: self.id,
                    serial: item.serial,
                    brought: delivery.brought.unwrap_or(self.now),
                });
            }
            let old = limit.is_some_and(|limit| tube.delivered - tube.first > limit.millis());
            if old {
                world
                    .live
                    .fail(&item, (self.id, Why::TooOld), world.observer);
                continue;
            }
            let job = self.jobs.add(Job {
                item,
                class: world.live.class(batch),
                unfit,
                counts: unfit.is_none() && self.judge.publishes(name, tube.shows),
                start: self.now,
                behind: None,
                server: None,
                runs: 0,
                tests: 0,
                unclear: 0,
                run_end: End::Well,
                detected: None,
                retested: Time::NEVER,
            });
            self.knock(job);
        }
    }

    /// Sends a delivery on if too many tubes wait; whether it does. Only what couriers bring is sent on.
    fn sends_on<O: Observer>(&mut self, delivery: &Coming, world: &mut World<O>) -> bool {
        let (Some(overflow), Some(_)) = (&self.lab.overflow, delivery.courier) else {
            return false;
        };
        let test = self.lab.test.index();
        let before: u32 = self.stages[..test].iter().map(|stage| stage.inside).sum();
        let waiting = before as usize + self.stages[test].queue.len() + self.outside.len();
        let first = world.live.name_of(delivery.batch, delivery.from);
        let Some(away) = self
            .door
            .decide(delivery, (overflow, waiting), first, self.now)
        else {
            return false;
        };
        for tube in delivery.from..delivery.from + delivery.tubes {
            let (origin, stop) = (world.live.origin(delivery.batch), world.live.stop);
            let tube = world.live.send_on(delivery.batch, tube, away);
            if self.now <= stop {
                world.observer.sent_on(&SentOn {
                    origin,
                    tube,
                    from: self.id,
                    to: overflow.to,
                    at: self.now,
                });
            }
        }
        true
    }

    /// What it has sent on since it was last asked.
    pub(super) fn sent_on(&mut self) -> Vec<Away> {
        std::mem::take(&mut self.door.away)
    }

    /// Another laboratory sends tubes on to this one.
    pub(super) fn call(&mut self, away: &Away) {
        let delivery = self.door.called.len() as u32;
        self.door.called.push(away.coming);
        self.put(away.sets_off, Due::SetsOff { delivery });
    }

    /// A tube comes to a stage.
    fn enter(&mut self, stage: usize, job: u32) {
        let now = self.now;
        let entry = self.jobs.at(job);
        entry.item.ready = now;
        let (class, serial) = (entry.class, entry.item.serial);
        let run = &mut self.stages[stage];
        run.inside += 1;
        let start = now.max(run.stage.ready);
        let end = match &run.stage.work {
            Work::Workers { .. } | Work::Machines { .. } => {
                let waiting = Waiting {
                    class,
                    ready: now,
                    serial,
                    job,
                };
                line_up(&mut run.queue, waiting);
                return;
            }
            Work::Delay(time) => start + time.one(run.luck, run.group_of(now)),
            Work::Upload(every) => next_multiple(start, *every),
        };
        entry.start = start;
        if end <= now {
            run.done.push(job);
        } else {
            let stage = stage as u32;
            self.put(end, Due::Leaves { stage, serial, job });
        }
    }

    /// A worker or machine is done, or a run is over that people clear away.
    fn end<O: Observer>(&mut self, stage: usize, server: u32, world: &mut World<O>) {
        let run = &mut self.stages[stage];
        if run.has_to_be_cleared(server, self.now) {
            return;
        }
        let mut busy = std::mem::take(&mut run.busy[server as usize]);
        let first = self.jobs.at(busy.jobs[0]).item;
        for &job in &busy.jobs {
            let entry = self.jobs.at(job);
            (entry.run_end, entry.server) = (busy.end, Some(server));
        }
        let (tubes, round) = (busy.jobs.len() as u32, world.live.origin(first.batch).round);
        (busy.done, busy.with_it, busy.round) = (self.now, tubes, Some(round));
        world.observer.ran(&Run {
            lab: self.id,
            stage: StageId::from_index(stage),
            round,
            server,
            start: busy.start,
            end: self.now,
            tubes,
            failed: busy.end == End::ControlsFailed,
            stopped: busy.end == End::Stopped,
            handled: busy.handled,
        });
        run.done.append(&mut busy.jobs);
        run.busy[server as usize] = busy;
    }

    /// Hands on what a stage has done; whether there was anything.
    fn hand_on<O: Observer>(&mut self, stage: usize, world: &mut World<O>) -> bool {
        let mut done = std::mem::take(&mut self.stages[stage].done);
        let mut moved = !done.is_empty();
        let jobs = &self.jobs.all;
        done.sort_unstable_by_key(|&job| jobs[job as usize].item.serial);
        let lots = self.stages[stage].stage.lot as usize;
        let in_lots = lots > 1 && stage + 1 < self.stages.len();
        for &job in &done {
            if self.finish(stage, job, world) != After::On {
                continue;
            }
            // Who goes first does not wait for company.
            if in_lots && self.jobs.at(job).class >= COMMON {
                self.stages[stage].lot.push(job);
            } else {
                self.go_on(stage, job, world);
            }
        }
        let any = !done.is_empty();
        done.clear();
        if self.stages[stage].done.is_empty() {
            self.stages[stage].done = done;
        }
        if in_lots {
            moved |= self.release(stage, lots, world);
        }
        if in_lots && any {
            // Whoever worked on it is free: it lies with the others of its lot.
            for at in 0..self.stages[stage].lot.len() {
                let job = self.stages[stage].lot[at];
                self.let_go(stage, job, world);
            }
        }
        moved
    }

    /// Hands on whole lots, and what is left where nothing more is on the way.
    fn release<O: Observer>(&mut self, stage: usize, size: usize, world: &mut World<O>) -> bool {
        let run = &self.stages[stage];
        let whole = run.lot.len() - run.lot.len() % size;
        let here = run.lot.len() + run.held.len();
        let last = here as u32 == run.inside && !self.more(stage);
        let cut = if last { run.lot.len() } else { whole };
        let lot: Vec<u32> = self.stages[stage].lot.drain(..cut).collect();
        for &job in &lot {
            self.go_on(stage, job, world);
        }
        !lot.is_empty()
    }

    /// Whether tubes are on their way to a stage from the door.
    fn more(&self, stage: usize) -> bool {
        let outside = !self.coming.is_empty() || !self.outside.is_empty();
        (outside && !self.is_full()) || self.stages[..stage].iter().any(|run| run.inside > 0)
    }

    /// A tube is done at a stage; what becomes of it.
    fn finish<O: Observer>(&mut self, stage: usize, job: u32, world: &mut World<O>) -> After {
        let after = self.judge(stage, job, world);
        let now = self.now;
        let entry = self.jobs.at(job);
        if now <= world.live.stop {
            world.observer.staged(&Passage {
                lab: self.id,
                stage: StageId::from_index(stage),
                origin: world.live.origin(entry.item.batch),
                serial: entry.item.serial,
                people: entry.item.people,
                bound: world.live.bound(&entry.item),
                since: entry.item.since,
                entered: entry.item.ready,
                behind: entry.behind,
                start: entry.start,
                end: now,
                after,
                counts: entry.counts,
            });
        }
        entry.item.since = now;
        entry.item.ready = now;
        entry.behind = None;
        if after != After::On {
            self.let_go(stage, job, world);
            self.stages[stage].inside -= 1;
            self.turn(stage, (job, after), world);
        }
        after
    }

    /// What becomes of a tube that is done at a stage.
    fn judge<O: Observer>(&mut self, stage: usize, job: u32, world: &World<O>) -> After {
        let entry = self.jobs.at(job);
        let run_end = std::mem::take(&mut entry.run_end);
        if run_end == End::Stopped {
            return After::Stopped;
        }
        if let Some(why) = entry.unfit {
            return After::Failed(why);
        }
        if run_end == End::ControlsFailed {
            return After::Rerun;
        }
        if stage != self.lab.test.index() {
            return After::On;
        }
        let (_, tube, _) = world.live.contents(&entry.item);
        let name = world.live.name(&entry.item);
        let finding = self.judge.test(name, tube.shows, entry.tests);
        entry.tests += 1;
        match finding {
            Finding::Unclear => {
                entry.unclear += 1;
                let most = self.lab.faults.map_or(0, |faults| faults.retests);
                if entry.unclear > most {
                    After::Failed(Why::Unclear)
                } else {
                    After::Retest
                }
            }
            Finding::Detected if entry.detected.is_some() => {
                entry.retested = self.now;
                After::Positive
            }
            Finding::Detected => {
                entry.detected = Some(self.now);
                After::Confirm
            }
            Finding::Negative => After::On,
        }
    }

    /// A tube does not go on: it goes back, or leaves.
    fn turn<O: Observer>(
        &mut self,
        stage: usize,
        (job, after): (u32, After),
        world: &mut World<O>,
    ) {
        let (faults, verdict) = (&self.lab.faults, &self.lab.verdict);
        let test = self.lab.test;
        match after {
            After::On => {}
            After::Stopped => self.enter(stage, job),
            After::Rerun => {
                let to = faults.map_or(test, |faults| faults.rerun_from);
                self.enter(to.index(), job);
            }
            After::Retest => {
                let to = faults.map_or(test, |faults| faults.retest_from);
                self.enter(to.index(), job);
            }
            After::Confirm => {
                let (to, class) = verdict.map_or((test, COMMON), |verdict| {
                    (verdict.retest_from, verdict.class)
                });
                let entry = self.jobs.at(job);
                entry.class = entry.class.min(class);
                self.enter(to.index(), job);
            }
            After::Failed(why) => {
                self.inside -= 1;
                let job = self.jobs.remove(job);
                world.live.fail(&job.item, (self.id, why), world.observer);
            }
            After::Positive => {
                self.inside -= 1;
                let serial = self.jobs.at(job).item.serial;
                let report = verdict.map_or(self.now, |verdict| self.now + verdict.report);
                self.put(report, Due::Report { serial, job });
            }
        }
    }

    /// A tube goes on to the next stage, or its result is out.
    fn pass<O: Observer>(&mut self, stage: usize, job: u32, world: &mut World<O>) {
        self.let_go(stage, job, world);
        self.stages[stage].inside -= 1;
        if stage + 1 < self.stages.len() {
            self.enter(stage + 1, job);
            return;
        }
        self.inside -= 1;
        let item = self.jobs.at(job).item;
        let hold = self
            .faults(world.live, item.batch)
            .and_then(|faults| self.judge.hold(faults, world.live.name(&item)));
        if let Some(hold) = hold {
            let serial = item.serial;
            self.put(self.now + hold, Due::Release { serial, job });
        } else {
            self.jobs.remove(job);
            world
                .live
                .publish(&item, (self.id, self.lab), world.observer);
        }
    }
}
