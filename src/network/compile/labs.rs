//! Laboratories and feeds, compiled.

use super::super::duty::Crew;
use super::super::lab::{
    Breakdowns, COMMON, Down, Fleet, Hands, LabKernel, Overflow, TestFaults, TubeFaults, Verdict,
};
use super::super::{Feed, Lab, Stage, Work};
use super::{Compiler, FOREVER};
use crate::id::{Id, LabId, StageId};
use crate::model::assumption::Quantity;
use crate::model::lab::{AtLeast, HandOver, LabCrew};
use crate::model::{FeedArrivals, lab, site};
use crate::random::name;
use crate::random::sampler::Sampler;
use crate::units::{Share, Span, Time, Window};

impl Compiler<'_> {
    pub(super) fn lab(&self, id: LabId, lab: &lab::Lab) -> Lab {
        let ready = Time::ZERO + lab.ready;
        let stage = |(at, stage): (usize, &lab::Stage)| Stage {
            name: name(&format!("{}/{}", lab.name.id, stage.id)),
            work: self.work(&stage.work, (id, at), room(stage)),
            lot: match stage.hand_over {
                HandOver::Immediate => 1,
                HandOver::Lots(lot) => lot,
            },
            ready,
            buffer: room(stage),
        };
        Lab {
            stages: lab.stages.iter().enumerate().map(stage).collect(),
            test: StageId::from_index(lab.test),
            kernel: self.kernel(id, lab),
            faults: lab.faults.as_ref().map(|faults| self.test_faults(faults)),
            verdict: lab.verdict.as_ref().map(|verdict| self.verdict(verdict)),
            upload: self.effects.upload(id),
            holds: self.model.stress.is_some() || self.effects.uploads(id),
            wip: lab.wip.map(|wip| wip.max(1)),
            overflow: lab
                .overflow
                .as_ref()
                .map(|overflow| self.overflow((id, lab), overflow)),
        }
    }

    fn overflow(&self, (id, lab): (LabId, &lab::Lab), overflow: &lab::Overflow) -> Overflow {
        let own = overflow.takes.as_ref().map(|takes| self.sampler(takes));
        let road = own.or_else(|| self.between(id, overflow.to));
        Overflow {
            name: name(&lab.name.id),
            to: overflow.to,
            over: self.now(&overflow.over),
            road: road.unwrap_or(Sampler::Constant(0)),
        }
    }

    fn work(&self, work: &lab::Work, stage: (LabId, usize), room: Option<u32>) -> Work {
        match work {
            lab::Work::Workers { crews, per_tube } => Work::Workers {
                workers: each(crews),
                per_tube: self.sampler(per_tube),
            },
            lab::Work::Machines {
                machines,
                capacity,
                controls,
                run,
                start,
                crews,
                fleet,
                hands,
            } => {
                let capacity = self.now(capacity).max(1);
                // A run cannot wait for more tubes than may stand before it.
                let most = capacity.min(room.unwrap_or(capacity));
                let first = self.now(machines).max(1);
                let all = fleet.all(first);
                Work::Machines {
                    machines: all,
                    fleet: self.fleet(fleet, stage, all),
                    capacity,
                    controls: *controls,
                    run: self.sampler(run),
                    at_least: match start.at_least {
                        AtLeast::Tubes(tubes) => tubes.clamp(1, most),
                        AtLeast::Full => most,
                    },
                    after: start.after.unwrap_or(FOREVER),
                    crews: crews
                        .iter()
                        .filter(|group| group.technicians > 0)
                        .map(crew)
                        .collect(),
                    hands: hands
                        .as_ref()
                        .and_then(|hands| self.hands(hands, crews))
                        .map(Box::new),
                }
            }
            lab::Work::Delay { time } => Work::Delay(self.sampler(time)),
            lab::Work::Upload { every } => Work::Upload((*every).max(Span::SECOND)),
        }
    }

    /// What people do at runs; nothing where there never is anyone.
    fn hands(&self, hands: &lab::Hands, crews: &[LabCrew]) -> Option<Hands> {
        let most = LabCrew::most(crews);
        (most > 0).then(|| Hands {
            setup: hands.setup.as_ref().map(|setup| self.sampler(setup)),
            clean: hands.clean.as_ref().map(|clean| self.sampler(clean)),
            people: hands.people.clamp(1, most) as usize,
            crew: each(crews),
        })
    }

    fn fleet(&self, fleet: &lab::Fleet, stage: (LabId, usize), all: u32) -> Fleet {
        let mut later: Vec<Time> = fleet
            .more
            .iter()
            .flat_map(|&(from, more)| std::iter::repeat_n(from, more as usize))
            .collect();
        later.sort_unstable();
        let down = |down: &lab::Down| Down {
            from: down.from,
            until: down.until,
            machines: down.machines.map_or(all, |machines| machines.min(all)),
        };
        let stopped = self.effects.stopped.iter();
        let stopped = stopped.filter(|(here, _)| *here == stage);
        let all_down = fleet.down.iter().chain(stopped.map(|(_, down)| down));
        Fleet {
            later,
            down: all_down.map(down).collect(),
            breakdowns: fleet.breakdowns.as_ref().map(|breakdowns| Breakdowns {
                every: self.now(&breakdowns.every).millis() as f64,
                repair: self.sampler(&breakdowns.repair),
            }),
        }
    }

    /// Stage by stage, unless something may flow back, be lost, be sent on, go first, wait for people at machines or for room.
    fn kernel(&self, id: LabId, lab: &lab::Lab) -> LabKernel {
        let faulty = self.model.couriers.values().any(|courier| {
            courier.to == id
                && courier
                    .sites
                    .iter()
                    .any(|&site| self.model.sites[site].tubes.faults.is_some())
        });
        let urgent = self
            .model
            .feeds
            .values()
            .any(|feed| feed.to == id && feed.priority > 0);
        let stops = lab.stages.iter().any(|stage| match &stage.work {
            lab::Work::Machines { fleet, hands, .. } => {
                !fleet.down.is_empty() || fleet.breakdowns.is_some() || hands.is_some()
            }
            lab::Work::Workers { .. } | lab::Work::Delay { .. } | lab::Work::Upload { .. } => false,
        });
        let stops = stops
            || self.model.stress.is_some()
            || self
                .model
                .incidents
                .iter()
                .any(|one| one.stops_machines(id));
        let sent_to = |other: &lab::Lab| {
            let overflow = other.overflow.as_ref();
            overflow.is_some_and(|overflow| overflow.to == id)
        };
        let sends = lab.overflow.is_some() || self.model.labs.values().any(sent_to);
        let narrow = lab.wip.is_some() || lab.stages.iter().any(|stage| stage.buffer.is_some());
        let tests = lab.faults.is_some() || lab.verdict.is_some();
        if faulty || urgent || stops || sends || narrow || tests {
            LabKernel::Events
        } else {
            LabKernel::Flow
        }
    }

    fn chance(&self, share: &Quantity<Share>) -> f64 {
        self.now(share).0.clamp(0.0, 1.0)
    }

    pub(super) fn tube_faults(&self, faults: &site::TubeFaults) -> TubeFaults {
        TubeFaults {
            lost: self.chance(&faults.lost),
            leaking: self.chance(&faults.leaking),
            unsatisfactory: self.chance(&faults.unsatisfactory),
            mismatched: self.chance(&faults.mismatched),
            unbound: self.chance(&faults.unbound),
            reconcile: self.now(&faults.reconcile),
        }
    }

    fn test_faults(&self, faults: &lab::TestFaults) -> TestFaults {
        TestFaults {
            invalid: self.chance(&faults.invalid),
            inconclusive: self.chance(&faults.inconclusive),
            run: self.chance(&faults.run),
            retests: faults.retests,
            retest_from: StageId::from_index(faults.retest_from),
            rerun_from: StageId::from_index(faults.rerun_from),
        }
    }

    fn verdict(&self, verdict: &lab::Verdict) -> Verdict {
        Verdict {
            // Where the chance changes by day, each swab shows an infection or does not.
            sensitivity: match &self.model.infection {
                Some(infection) if !infection.by_day.is_empty() => 1.0,
                _ => self.chance(&verdict.sensitivity),
            },
            false_positive: self.chance(&verdict.false_positives),
            retest_from: StageId::from_index(verdict.retest_from),
            class: class(verdict.priority),
            report: verdict.first_report,
        }
    }

    pub(super) fn feed(&self, feed: &crate::model::Feed) -> Feed {
        let (interval, random) = match &feed.arrivals {
            FeedArrivals::Poisson(rate) => (3.6e6 / self.now(rate).0, true),
            FeedArrivals::Every(every) => (self.now(every).millis() as f64, false),
            FeedArrivals::Contacts { .. } => return self.on_day(feed, 0),
        };
        Feed {
            name: name(&feed.name.id),
            to: feed.to,
            window: feed.window,
            interval: interval.max(1e-3),
            random,
            people: feed.people,
            class: class(feed.priority),
        }
    }
}

impl Compiler<'_> {
    /// The tubes of contacts on the later days of the protocol, each day a feed of its own.
    pub(super) fn later_days(&self) -> impl Iterator<Item = Feed> {
        let contacts =
            |feed: &&crate::model::Feed| matches!(feed.arrivals, FeedArrivals::Contacts { .. });
        let feeds = self.model.feeds.values().filter(contacts);
        let days = 1..FeedArrivals::DAYS.len();
        feeds.flat_map(move |feed| days.clone().map(|day| self.on_day(feed, day)))
    }

    /// The tubes of contacts on a day of the protocol.
    fn on_day(&self, feed: &crate::model::Feed, day: usize) -> Feed {
        let number = FeedArrivals::DAYS[day];
        let (tubes, first, over) = match &feed.arrivals {
            FeedArrivals::Contacts {
                people: [close, secondary],
                first,
                over,
            } => {
                let last = day + 1 == FeedArrivals::DAYS.len();
                let others = if last { 0 } else { self.now(secondary) };
                (self.now(close).saturating_add(others), *first, *over)
            }
            FeedArrivals::Poisson(_) | FeedArrivals::Every(_) => (0, Time::ZERO, Span::ZERO),
        };
        let start = first + Span::DAY * i64::from(number - 1);
        let interval = over.millis() as f64 / f64::from(tubes.max(1));
        // Half an interval before the next would come, so that no rounding adds or drops one.
        let until = Span::from_millis(((interval * (f64::from(tubes) - 0.5)) as i64).max(0));
        Feed {
            name: name(&format!("{}/{number}", feed.name.id)),
            to: feed.to,
            window: Window {
                start,
                end: start + until,
            },
            interval,
            random: false,
            people: feed.people,
            class: class(feed.priority),
        }
    }
}

/// The place in every line that a priority of 0 to 9 gives: 0 first.
fn class(priority: u8) -> u8 {
    COMMON - priority.min(COMMON)
}

fn crew(group: &LabCrew) -> Crew {
    Crew {
        from: group.from,
        length: Span::from_millis(group.to.millis() - group.from.millis()),
    }
}

/// The hours of each technician.
fn each(crews: &[LabCrew]) -> Vec<Crew> {
    let group = |group: &LabCrew| std::iter::repeat_n(crew(group), group.technicians as usize);
    crews.iter().flat_map(group).collect()
}

/// How many tubes may stand before a stage: no limit where none stands, and room for one where machines take what stands there.
fn room(stage: &lab::Stage) -> Option<u32> {
    match stage.work {
        lab::Work::Workers { .. } => stage.buffer,
        lab::Work::Machines { .. } => stage.buffer.map(|buffer| buffer.max(1)),
        lab::Work::Delay { .. } | lab::Work::Upload { .. } => None,
    }
}
