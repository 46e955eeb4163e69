//! The engine: people through sites, tubes through couriers and laboratories, on one clock.
//!
//! Between two decision points, the openings of rounds, sites do not influence each other: each takes its people from the door to the tube
//! alone, and where couriers keep a timetable it also knows when its tubes are at the laboratory. Vehicles that can be full or are called by
//! several sites are settled next, courier by courier (`road`). Then the laboratories work up to the next decision point. Nothing that happens
//! in a laboratory reaches a site before it; that is why sites may run apart and in parallel. What does flow back, tiers by result, resources
//! that a review moves, a round that waits, is decided at openings and reviews by what is known then (`campaign`), and holds from the next
//! round that opens.
//!
//! At one instant services, stages and runs end first, then couriers come and deliver, then people arrive; within a kind the order is that
//! of ids, then of the sequence. A swab that ends as the courier comes goes along; a tube that comes as a machine is free is in the run.

mod arrivals;
mod called;
mod campaign;
mod clock;
mod door;
mod events;
mod free;
mod groups;
mod households;
mod infection;
mod lab;
mod live;
mod muster;
pub mod observer;
mod recall;
mod recursion;
mod road;
mod site;
mod supply;
mod tandem;
mod told;
pub mod trace;
pub mod tubes;
mod unbound;
mod visits;

use crate::id::{CourierId, Id, LabId, RoundId, SiteId};
use crate::network::campaign::Rounds;
use crate::network::lab::COMMON;
use crate::network::roster::Roster;
use crate::network::{Feed, Network, RoundSite};
use crate::random::block;
use crate::random::{Key, Purpose, Streams};
use crate::units::Time;
use campaign::known::Known;
use campaign::{Agenda, Course, Due, Opens};
use infection::Gone;
use lab::LabRuns;
use live::{Item, Live};
use muster::Crews;
use observer::{Decision, Observer, Origin};
use rayon::prelude::*;
use recall::Recalls;
use road::Road;
use site::Servers;
use std::collections::VecDeque;
use std::sync::Arc;
use supply::Supplies;
use tubes::{Batch, Swab, Tube};

/// How the sites of a round share the processor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grain {
    /// One after another, because whole replications run side by side.
    Whole,
    /// Side by side.
    Sites,
}

/// Memory that one replication hands on to the next, so that only the first asks the system for it. Nothing of what a replication does
/// depends on what is in it.
#[derive(Default, Debug)]
pub struct Memory {
    batches: Vec<Batch>,
    queues: Vec<VecDeque<Item>>,
    done: Vec<Item>,
}

/// Runs one replication and tells the observer. The same network and streams tell the same, whatever the grain.
pub fn simulate<O: Observer>(
    network: &Network,
    streams: Streams,
    grain: Grain,
    memory: &mut Memory,
    observer: &mut O,
) {
    let mut engine = Engine::new(network, streams, memory);
    let mut agenda = Agenda::new(network);
    // Tubes of feeds count for the round that opened last.
    let mut latest = RoundId::from_index(0);
    while let Some((now, due)) = agenda.next() {
        let opened = match engine.decide(now, due, observer) {
            Some(Decided::Opens(round)) => {
                latest = round;
                Some((engine.swab(round, grain, observer), agenda.sure(network)))
            }
            Some(Decided::Waits(round, until)) => {
                agenda.again(until, round);
                None
            }
            None => None,
        };
        let horizon = agenda.until();
        engine.deliver(latest, opened, agenda.opening(), observer);
        engine.test((now, horizon), observer);
    }
    engine.finish();
}

/// What comes of a decision point.
enum Decided {
    /// A round opens.
    Opens(RoundId),
    /// A round waits.
    Waits(RoundId, Time),
}

/// A replication on its way.
struct Engine<'a> {
    network: &'a Network,
    streams: Streams,
    /// By site: when its servers are free.
    servers: Vec<Servers>,
    feeds: Vec<FeedRun<'a>>,
    /// By courier that has to be settled tube by tube.
    roads: Vec<Road<'a>>,
    labs: LabRuns<'a>,
    recalls: Option<Recalls<'a>>,
    supplies: Supplies<'a>,
    live: Live,
    /// The rounds as they are held.
    rounds: Rounds<'a>,
    /// How the campaign goes, if anything is decided on the way.
    course: Option<Course<'a>>,
    memory: &'a mut Memory,
}

/// A site with its round.
struct Job<'a> {
    place: &'a RoundSite,
    /// How many people it may take, if anything limits them.
    numbers: Option<u32>,
    /// Its crews, if they come from pools.
    roster: Option<Roster>,
    servers: Servers,
    batch: Batch,
}

/// Tubes of one origin, still to be numbered by the laboratory.
struct Shipment {
    origin: Origin,
    name: u64,
    lab: LabId,
    courier: Option<CourierId>,
    class: u8,
    batch: Batch,
}

impl<'a> Engine<'a> {
    fn new(network: &'a Network, streams: Streams, memory: &'a mut Memory) -> Self {
        let campaign = network.campaign.as_deref();
        Self {
            network,
            streams,
            servers: network.sites.values().map(site::servers).collect(),
            feeds: network
                .feeds
                .values()
                .map(|feed| FeedRun::new(feed, streams))
                .collect(),
            roads: Road::all(network, streams),
            labs: LabRuns::new(network, streams, memory),
            recalls: network
                .recall
                .as_ref()
                .map(|recall| Recalls::new(recall, network, streams)),
            supplies: Supplies::new(network),
            live: Live::new(network.stop, campaign.map(|_| Known::default())),
            rounds: Rounds::new(network),
            course: campaign.map(|campaign| {
                let first = network.rounds.values().next();
                Course::new(campaign, first.map_or(Time::ZERO, |round| round.opens))
            }),
            memory,
        }
    }

    /// Gives all memory back.
    fn finish(self) {
        self.labs.finish(self.memory);
        self.memory.batches.extend(self.live.into_batches());
    }

    /// What is decided at a decision point, by what is known then. What is not a round that opens or waits is decided with this.
    fn decide<O: Observer>(&mut self, now: Time, due: Due, observer: &mut O) -> Option<Decided> {
        let (Some(course), Some(known)) = (&mut self.course, &mut self.live.known) else {
            let Due::Opening(round) = due else {
                return None;
            };
            return Some(Decided::Opens(round));
        };
        course.learn(now, known, observer);
        let round = match due {
            Due::Opening(round) => round,
            Due::Review => {
                course.review(now, known, observer);
                return None;
            }
        };
        let recalls = self.recalls.as_ref();
        let held = recalls.is_some_and(|recalls| recalls.holds_anyone(now));
        let planned = self.network.rounds[round].opens;
        match course.opens((round, planned), now, (known, held)) {
            Opens::Now => {}
            Opens::Later(until) => return Some(Decided::Waits(round, until)),
            Opens::Never => {
                course.drop(round);
                observer.decided(&Decision::Dropped { round, at: now });
                return None;
            }
        }
        let anew = course.draw(self.network, round, now);
        observer.decided(&Decision::Opened {
            round,
            at: now,
            anew: anew.as_ref(),
        });
        if let Some(anew) = anew {
            if let Some(recalls) = &mut self.recalls {
                recalls.rounds.draw(round, Arc::clone(&anew));
            }
            for (id, site) in anew.sites.iter() {
                site::staff(site, &mut self.servers[id.index()]);
            }
            self.rounds.draw(round, anew);
        }
        known.open(round, self.rounds.round(round), now);
        Some(Decided::Opens(round))
    }

    /// Takes the people of a round through their sites.
    fn swab<O: Observer>(&mut self, id: RoundId, grain: Grain, observer: &mut O) -> Vec<Batch> {
        let (network, streams) = (self.rounds.drawn(id), self.streams);
        let (network, round) = (&*network, &*network.rounds[id]);
        let numbers = self.supplies.open(round);
        let muster = round.muster.as_ref();
        let mut crews = muster.map(|muster| Crews::call(muster, round.sites.len(), streams));
        if let Some(crews) = &crews {
            observer.mustered(id, crews.people, crews.absent);
        }
        let gone = self.gone(id, observer);
        let (live, memory) = (&mut self.live, &mut *self.memory);
        let mut spare = || {
            live.spare()
                .or_else(|| memory.batches.pop())
                .unwrap_or_default()
        };
        let mut jobs: Vec<Job> = round
            .sites
            .iter()
            .enumerate()
            .map(|(index, place)| Job {
                place,
                numbers: numbers.as_ref().map(|numbers| numbers[index]),
                roster: crews.as_mut().and_then(|crews| crews.take(index)),
                servers: std::mem::take(&mut self.servers[place.site.index()]),
                batch: spare(),
            })
            .collect();
        let chunk = match grain {
            Grain::Whole => jobs.len(),
            Grain::Sites => jobs.len().div_ceil(rayon::current_num_threads() * 8),
        };
        let listener: &O = observer;
        let work = |jobs: &mut [Job]| {
            let mut heard = listener.sites(id);
            for job in jobs {
                job.batch = site::run(
                    (network, round, job.place),
                    (streams, &gone),
                    (job.numbers, job.roster.as_ref()),
                    &mut job.servers,
                    std::mem::take(&mut job.batch),
                    &mut heard,
                );
            }
            heard
        };
        let heard: Vec<O::Sites> = match grain {
            Grain::Whole => jobs.chunks_mut(chunk.max(1)).map(work).collect(),
            Grain::Sites => jobs.par_chunks_mut(chunk.max(1)).map(work).collect(),
        };
        for heard in heard {
            observer.join(id, heard);
        }
        let people: usize = jobs.iter().map(|job| job.batch.swabs.len()).sum();
        self.supplies.settle(people as u64);
        let back = |job: Job| {
            self.servers[job.place.site.index()] = job.servers;
            if let Some(known) = &mut self.live.known {
                known.swab(id, job.place.site, &job.batch);
            }
            job.batch
        };
        jobs.into_iter().map(back).collect()
    }

    /// Who was confirmed before a round opens.
    fn gone<O: Observer>(&self, id: RoundId, observer: &mut O) -> Gone {
        let round = self.rounds.round(id);
        let Some(recalls) = &self.recalls else {
            return Gone::default();
        };
        let gone = recalls.gone(round.opens);
        for (position, cell) in (0..).zip(&round.cells) {
            let due = cell.due.unwrap_or(0);
            let people = gone.of(cell.list).partition_point(|&rank| rank < due);
            if people > 0 {
                observer.gone(id, position, people as u32);
            }
        }
        gone
    }

    /// Brings the tubes of a round that opens, and those of feeds before the horizon, to their laboratories. The horizon is the next opening: a review
    /// on the way does not hide from a laboratory what is coming. Vehicles that can be full or are
    /// called go on until the next round opens for sure.
    fn deliver<O: Observer>(
        &mut self,
        id: RoundId,
        opened: Option<(Vec<Batch>, Time)>,
        horizon: Time,
        observer: &mut O,
    ) {
        let mut coming: Vec<Vec<Coming>> = vec![Vec::new(); self.network.labs.len()];
        let (batches, sure) =
            opened.map_or((Vec::new(), None), |(batches, sure)| (batches, Some(sure)));
        for shipment in self.shipments(id, batches, horizon) {
            let Shipment {
                origin,
                name,
                lab,
                courier,
                class,
                batch,
            } = shipment;
            let number = self.live.add(origin, name, class, batch);
            let settled = |road: &&mut Road| Some(road.id()) == courier;
            if let (Some(road), Some(site)) = (self.roads.iter_mut().find(settled), origin.site) {
                road.wait(site, number, self.live.tubes(number));
                continue;
            }
            let coming = &mut coming[lab.index()];
            let mut from = 0;
            for together in self
                .live
                .tubes(number)
                .chunk_by(|one, next| one.delivered == next.delivered)
            {
                let tubes = together.len() as u32;
                coming.push(Coming {
                    at: Time::from_millis(together[0].delivered),
                    courier,
                    site: origin.site,
                    batch: number,
                    from,
                    tubes,
                    brought: None,
                });
                from += tubes;
            }
        }
        let held = self.rounds.drawn(id);
        for (road, sure) in self.roads.iter_mut().zip(sure.into_iter().cycle()) {
            let lab = held.couriers[road.id()].to;
            let window = (id, &*held.rounds[id], sure);
            coming[lab.index()].extend(road.carry(window, &mut self.live, observer));
        }
        for (lab, mut coming) in self.labs.iter_mut().zip(coming) {
            coming.sort_unstable();
            for delivery in coming {
                let expire = delivery
                    .site
                    .and_then(|site| self.network.sites[site].tubes.expire);
                let limit = expire.filter(|expire| expire.turns_away);
                let limit = limit.map(|limit| limit.after);
                lab.take(&delivery, limit, &mut self.live, observer);
            }
        }
    }

    /// Lets the laboratories work from one moment to another.
    fn test<O: Observer>(&mut self, (from, until): (Time, Time), observer: &mut O) {
        let (labs, live, memory) = (&mut self.labs, &mut self.live, &mut *self.memory);
        if let Some(recalls) = &mut self.recalls {
            recalls.advance((from, until), labs, live, memory, observer);
        } else {
            labs.advance(until, live, memory, observer);
        }
    }

    /// The tubes of a round by site, then those of feeds.
    fn shipments(&mut self, id: RoundId, batches: Vec<Batch>, horizon: Time) -> Vec<Shipment> {
        let network = self.rounds.of(id);
        let sites = network.rounds[id]
            .sites
            .iter()
            .zip(batches)
            .map(|(place, batch)| {
                let courier = network.sites[place.site].courier;
                let origin = Origin {
                    round: id,
                    site: Some(place.site),
                    recall: false,
                    feed: None,
                };
                let lab = network.couriers[courier].to;
                Shipment {
                    origin,
                    name: place.name,
                    lab,
                    courier: Some(courier),
                    class: COMMON,
                    batch,
                }
            });
        let feeds = (0..).zip(&mut self.feeds).map(|(number, feed)| Shipment {
            origin: Origin {
                round: id,
                site: None,
                recall: false,
                feed: Some(number),
            },
            name: feed.feed.name,
            lab: feed.feed.to,
            courier: None,
            class: feed.feed.class,
            batch: feed.until(horizon),
        });
        sites.chain(feeds).collect()
    }
}

/// Tubes of a batch that come to a laboratory together, in the order in which tubes are taken in there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Coming {
    at: Time,
    courier: Option<CourierId>,
    site: Option<SiteId>,
    batch: u32,
    from: u32,
    tubes: u32,
    /// When its courier brought it to a laboratory that sent it on, if one did.
    brought: Option<Time>,
}

/// A feed on its way.
struct FeedRun<'a> {
    feed: &'a Feed,
    luck: Key,
    /// Tubes so far, and when the next comes, in milliseconds.
    came: u32,
    next: f64,
}

impl<'a> FeedRun<'a> {
    fn new(feed: &'a Feed, streams: Streams) -> Self {
        let luck = streams.key(Purpose::Feed, feed.name);
        let mut run = Self {
            feed,
            luck,
            came: 0,
            next: feed.window.start.millis() as f64,
        };
        if feed.random {
            run.next += run.interval();
        }
        run
    }

    fn interval(&self) -> f64 {
        if self.feed.random {
            self.feed.interval * f64::from(block::exponential(self.luck.word(u64::from(self.came))))
        } else {
            self.feed.interval
        }
    }

    /// The tubes that come before a moment and have not come before.
    fn until(&mut self, horizon: Time) -> Batch {
        let mut batch = Batch::default();
        while self.next < self.feed.window.end.min(horizon).millis() as f64 {
            let at = self.next as i64;
            let from = batch.swabs.len() as u32;
            let people = self.feed.people;
            batch.swabs.extend((0..people).map(|rank| Swab {
                arrival: at,
                end: at,
                source: 0,
                rank,
            }));
            let (lane, serial, trip) = (0, self.came, 0);
            batch.tubes.push(Tube {
                lane,
                serial,
                from,
                people,
                infected: 0,
                shows: 0,
                first: at,
                closed: at,
                picked: at,
                delivered: at,
                trip,
            });
            self.came += 1;
            self.next += self.interval();
        }
        batch
    }
}

#[cfg(test)]
mod tests;
