//! A laboratory in which nothing flows back: each stage takes what waits in order and hands it on, up to a horizon before which everything
//! that comes is known.

use super::super::live::{Item, Live};
use super::super::observer::{After, Delivered, Observer, Passage, Run, Why};
use super::super::{Coming, Memory};
use super::next_multiple;
use crate::id::{Id, LabId, StageId};
use crate::network::duty::Crew;
use crate::network::{Lab, Stage, Work};
use crate::random::sampler::Sampler;
use crate::random::{Key, Purpose, Streams};
use crate::units::{Span, Time};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Never: the start of a run for which nothing known gives a reason.
const NEVER: Time = Time::NEVER;

/// A laboratory at work.
pub(in crate::sim) struct FlowRun<'a> {
    id: LabId,
    lab: &'a Lab,
    stages: Vec<StageRun<'a>>,
    /// Tubes that came so far.
    came: u32,
}

/// A stage at work.
struct StageRun<'a> {
    stage: &'a Stage,
    luck: Key,
    /// What waits, or will come, in order.
    input: VecDeque<Item>,
    /// What waits for the rest of its lot.
    lot: Vec<Item>,
    /// When each worker or machine is free, soonest first.
    servers: BinaryHeap<Reverse<(Time, u32)>>,
    /// Runs, or groups that came together, so far.
    runs: u64,
}

/// What came of an advance: tubes with the moment at which each is done.
struct Advance<'a, O> {
    /// Nothing starts at or after.
    until: Time,
    /// Whether more may come than is known.
    more: bool,
    done: Vec<Item>,
    observer: &'a mut O,
    live: &'a Live,
    at: (LabId, StageId),
}

impl<'a> FlowRun<'a> {
    pub(super) fn new(id: LabId, lab: &'a Lab, streams: Streams, memory: &mut Memory) -> Self {
        Self {
            id,
            lab,
            stages: lab
                .stages
                .values()
                .map(|stage| StageRun::new(stage, streams, memory.queues.pop().unwrap_or_default()))
                .collect(),
            came: 0,
        }
    }

    /// Gives its memory back.
    pub(super) fn finish(self, memory: &mut Memory) {
        memory.queues.extend(self.stages.into_iter().map(|stage| {
            let mut queue = stage.input;
            queue.clear();
            queue
        }));
    }

    /// Tubes come in, now or later; deliveries in order. What is older than `limit` allows is turned away at the door.
    pub(super) fn take<O: Observer>(
        &mut self,
        delivery: &Coming,
        limit: Option<Span>,
        live: &mut Live,
        observer: &mut O,
    ) {
        let mut turned_away = Vec::new();
        let Coming {
            at,
            batch,
            from,
            tubes,
            ..
        } = *delivery;
        let origin = live.origin(batch);
        for (index, tube) in (from..from + tubes).zip(&live.tubes(batch)[from as usize..]) {
            let serial = self.came;
            self.came += 1;
            if at <= live.stop {
                let lab = self.id;
                observer.delivered(&Delivered {
                    origin,
                    tube,
                    lab,
                    serial,
                    brought: at,
                });
            }
            let item = Item {
                ready: at,
                since: at,
                serial,
                batch,
                tube: index,
                people: tube.people,
            };
            if limit.is_some_and(|limit| tube.delivered - tube.first > limit.millis()) {
                turned_away.push(item);
            } else {
                self.stages[0].input.push_back(item);
            }
        }
        for item in turned_away {
            live.fail(&item, (self.id, Why::TooOld), observer);
        }
    }

    /// Works up to a moment before which everything that comes is known.
    pub(super) fn advance<O: Observer>(
        &mut self,
        until: Time,
        live: &mut Live,
        memory: &mut Memory,
        observer: &mut O,
    ) {
        self.stages[0].sort();
        let mut more = false;
        for index in 0..self.stages.len() {
            let at = (self.id, StageId::from_index(index));
            let mut advance = Advance {
                until,
                more,
                done: std::mem::take(&mut memory.done),
                observer,
                live,
                at,
            };
            self.stages[index].advance(&mut advance);
            let mut done = advance.done;
            more |= !self.stages[index].input.is_empty();
            if let Some([stage, next]) = self.stages.get_mut(index..index + 2) {
                stage.hand_over(&mut done, more, until);
                more |= !stage.lot.is_empty();
                next.input.extend(done.drain(..));
                next.sort();
            } else {
                for item in done.drain(..) {
                    live.publish(&item, (self.id, self.lab), observer);
                }
            }
            memory.done = done;
        }
    }
}

impl<'a> StageRun<'a> {
    fn new(stage: &'a Stage, streams: Streams, input: VecDeque<Item>) -> Self {
        let servers = stage.servers().map(Reverse).collect();
        let luck = streams.key(Purpose::Stage, stage.name);
        Self {
            stage,
            luck,
            input,
            lot: Vec::new(),
            servers,
            runs: 0,
        }
    }

    /// Puts what waits in order.
    fn sort(&mut self) {
        let items = self.input.make_contiguous();
        if !items.is_sorted_by_key(Item::order) {
            items.sort_unstable_by_key(Item::order);
        }
    }

    fn advance<O: Observer>(&mut self, advance: &mut Advance<O>) {
        match &self.stage.work {
            Work::Workers { workers, per_tube } => self.work(workers, per_tube, advance),
            Work::Machines {
                capacity,
                run,
                at_least,
                after,
                crews,
                ..
            } => {
                let rules = StartRules {
                    capacity: *capacity as usize,
                    at_least: *at_least as usize,
                    after: *after,
                    crews,
                };
                self.run(&rules, run, advance);
            }
            Work::Delay(time) => {
                self.delay(advance, |luck, group, ready| ready + time.one(luck, group));
            }
            Work::Upload(every) => self.delay(advance, |_, _, ready| next_multiple(ready, *every)),
        }
    }

    /// Workers, each taking the tube that has waited longest; the one who has been free longest comes first.
    fn work<O: Observer>(
        &mut self,
        workers: &[Crew],
        per_tube: &Sampler,
        advance: &mut Advance<O>,
    ) {
        while let Some(&item) = self.input.front() {
            let Some(mut next) = self.servers.peek_mut() else {
                return;
            };
            let Reverse((free, worker)) = *next;
            let ready = free.max(item.ready);
            let start = workers[worker as usize].next(ready);
            if start > ready {
                next.0.0 = start;
                continue;
            }
            if start >= advance.until {
                return;
            }
            let (name, index) = advance.live.name(&item);
            let end = start + per_tube.one(self.luck.of(name), index);
            next.0.0 = end;
            drop(next);
            self.input.pop_front();
            let run = Run {
                server: worker,
                start,
                end,
                tubes: 1,
                ..advance.run_of(&item)
            };
            advance.observer.ran(&run);
            advance.finish(&item, start, end);
        }
    }

    /// Machines, each taking what waits when it may start.
    fn run<O: Observer>(&mut self, rules: &StartRules, run: &Sampler, advance: &mut Advance<O>) {
        while !self.input.is_empty() {
            let Some(mut next) = self.servers.peek_mut() else {
                return;
            };
            let Reverse((free, machine)) = *next;
            let start = rules.start(&self.input, free, advance.more);
            if start >= advance.until {
                return;
            }
            let waiting = self
                .input
                .iter()
                .take(rules.capacity)
                .take_while(|item| item.ready <= start)
                .count();
            let end = start + run.one(self.luck, self.runs);
            next.0.0 = end;
            drop(next);
            self.runs += 1;
            let record = Run {
                server: machine,
                start,
                end,
                tubes: waiting as u32,
                ..advance.run_of(&self.input[0])
            };
            advance.observer.ran(&record);
            for item in self.input.drain(..waiting) {
                advance.finish(&item, start, end);
            }
        }
    }

    /// Everything waits as long as what came at the same instant.
    fn delay<O: Observer>(
        &mut self,
        advance: &mut Advance<O>,
        end: impl Fn(Key, u64, Time) -> Time,
    ) {
        let mut group = None;
        while let Some(item) = self.input.front().copied() {
            let start = item.ready.max(self.stage.ready);
            if start >= advance.until {
                return;
            }
            if group.is_some_and(|before| before != item.ready) {
                self.runs += 1;
            }
            group = Some(item.ready);
            self.input.pop_front();
            advance.finish(&item, start, end(self.luck, self.runs, start));
        }
        self.runs += u64::from(group.is_some());
    }

    /// Hands tubes on, each as it is done or in lots; what is done later than `until` may still find company.
    fn hand_over(&mut self, done: &mut Vec<Item>, more: bool, until: Time) {
        let size = self.stage.lot as usize;
        if size <= 1 {
            return;
        }
        self.lot.append(done);
        self.lot.sort_unstable_by_key(Item::order);
        let known = self.lot.partition_point(|item| item.ready < until);
        let last = !more && known == self.lot.len();
        let cut = if last { known } else { known - known % size };
        done.extend(self.lot.drain(..cut));
        for lot in done.chunks_mut(size) {
            let last = lot[lot.len() - 1].ready;
            for item in lot {
                item.ready = last;
            }
        }
    }
}

/// When a run may start.
struct StartRules<'a> {
    capacity: usize,
    at_least: usize,
    after: Span,
    crews: &'a [Crew],
}

impl StartRules<'_> {
    /// When a machine that is free at `free` starts on what waits in `input`, which is not empty.
    fn start(&self, input: &VecDeque<Item>, free: Time, more: bool) -> Time {
        let enough = match input.get(self.at_least - 1) {
            Some(item) => item.ready,
            // Nobody else is on the way: no use in waiting for company.
            None if !more => input[input.len() - 1].ready,
            None => NEVER,
        };
        let tired = input[0].ready + self.after;
        Crew::first(self.crews, free.max(enough.min(tired).max(input[0].ready)))
    }
}

impl<O: Observer> Advance<'_, O> {
    /// A tube is done with the stage.
    fn finish(&mut self, item: &Item, start: Time, end: Time) {
        let (lab, stage) = self.at;
        if self.live.stop >= end {
            let (origin, people) = (self.live.origin(item.batch), item.people);
            let bound = self.live.bound(item);
            let passage = Passage {
                lab,
                stage,
                origin,
                serial: item.serial,
                people,
                bound,
                since: item.since,
                entered: item.ready,
                behind: None,
                start,
                end,
                after: After::On,
                counts: true,
            };
            self.observer.staged(&passage);
        }
        self.done.push(Item {
            ready: end,
            since: end,
            ..*item
        });
    }

    /// A run that begins with this tube, its server and times still to be filled in.
    fn run_of(&self, item: &Item) -> Run {
        let (lab, stage) = self.at;
        let round = self.live.origin(item.batch).round;
        Run {
            lab,
            stage,
            round,
            server: 0,
            start: Time::ZERO,
            end: Time::ZERO,
            tubes: 0,
            failed: false,
            stopped: false,
            handled: None,
        }
    }
}
