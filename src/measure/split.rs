//! Splits the time of some people of a round, from its opening to their result, into parts, and sums it up by part, hour and site.
//!
//! A cursor walks from the opening of the round to the result and gives each stretch to one part, so that the parts of a person add up to the
//! whole whatever happens. Tubes carry sums: of people only those are kept who are at the site that speaks.

use super::ends::TubeKey;
use super::parts::{Part, Parts};
use crate::id::{LabId, RoundId, SiteId, StageId};
use crate::network::{Network, RoundSite};
use crate::random::Streams;
use crate::sim::observer::{
    After, Delivered, Held, Observer, Origin, Passage, Run, SiteDone, SiteObserver, Step, Swabbed,
};
use crate::sim::tubes::{Swab, Tube};
use crate::sim::{Grain, Memory, simulate};
use crate::units::{Span, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Hours that are told apart; what comes later counts in the last.
const LONGEST: i64 = 24 * 21;

/// Person-milliseconds from the opening of a round to the result.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Split {
    /// People whose time it is.
    pub people: u64,
    /// All of it; the parts add up to it.
    pub total: i64,
    /// By hour of the clock from the one in which the round opens, then by part.
    pub hours: Vec<Vec<i64>>,
    /// By site (none: from elsewhere), its people and their time by part.
    pub sites: BTreeMap<Option<SiteId>, (u64, Vec<i64>)>,
}

impl Split {
    /// By part, over all hours.
    pub fn parts(&self, parts: &Parts) -> Vec<i64> {
        let mut sums = vec![0; parts.len()];
        for hour in &self.hours {
            add(&mut sums, hour);
        }
        sums
    }

    /// Adds the time of others.
    pub fn merge(&mut self, other: &Self) {
        self.people += other.people;
        self.total += other.total;
        if self.hours.len() < other.hours.len() {
            self.hours.resize(other.hours.len(), Vec::new());
        }
        for (mine, theirs) in self.hours.iter_mut().zip(&other.hours) {
            add(mine, theirs);
        }
        for (&site, (people, theirs)) in &other.sites {
            let mine = self.sites.entry(site).or_default();
            mine.0 += people;
            add(&mut mine.1, theirs);
        }
    }
}

fn add(mine: &mut Vec<i64>, theirs: &[i64]) {
    if mine.len() < theirs.len() {
        mine.resize(theirs.len(), 0);
    }
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        *mine += theirs;
    }
}

/// Whose time is split.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The round.
    pub round: RoundId,
    /// Its tubes that are asked for, sorted.
    pub tubes: &'a [TubeKey],
    /// The parts.
    pub parts: &'a Parts,
}

/// Runs one replication and splits the time of the people asked for.
pub fn split(network: &Network, streams: Streams, memory: &mut Memory, asked: Asked<'_>) -> Split {
    let mut splitter = Splitter {
        network,
        asked,
        book: Book::new(network, asked),
        due: BTreeMap::new(),
        inside: BTreeMap::new(),
        places: BTreeMap::new(),
        servers: BTreeMap::new(),
    };
    simulate(network, streams, Grain::Whole, memory, &mut splitter);
    splitter.book.split
}

/// Where stretches of time are entered.
#[derive(Clone, Debug)]
struct Book<'a> {
    parts: &'a Parts,
    /// When the round opens.
    opens: i64,
    split: Split,
}

/// People of one site at a part.
#[derive(Clone, Copy)]
struct At {
    site: Option<SiteId>,
    people: u32,
    part: Part,
}

impl<'a> Book<'a> {
    fn new(network: &Network, asked: Asked<'a>) -> Self {
        Self {
            parts: asked.parts,
            opens: network.rounds[asked.round].opens.millis(),
            split: Split::default(),
        }
    }

    /// Gives the stretch from the cursor to a moment to a part, and moves the cursor there; never back.
    fn until(&mut self, cursor: &mut i64, to: i64, at: At) {
        const HOUR: i64 = Span::HOUR.millis();
        if to <= *cursor {
            return;
        }
        let (index, people) = (self.parts.index(at.part), i64::from(at.people));
        let row = &mut self.split.sites.entry(at.site).or_default().1;
        row.resize(self.parts.len(), 0);
        row[index] += (to - *cursor) * people;
        let first = self.opens.div_euclid(HOUR);
        while *cursor < to {
            let hour = (cursor.div_euclid(HOUR) - first).clamp(0, LONGEST);
            let end = if hour == LONGEST {
                to
            } else {
                to.min((first + hour + 1) * HOUR)
            };
            let hours = &mut self.split.hours;
            if hours.len() <= hour as usize {
                hours.resize(hour as usize + 1, Vec::new());
            }
            let row = &mut hours[hour as usize];
            row.resize(self.parts.len(), 0);
            row[index] += (end - *cursor) * people;
            *cursor = end;
        }
    }
}

/// A person at a station.
type StepTaken = ((u32, u32), u32, [i64; 3]);

/// Listens to sites.
#[derive(Debug)]
struct SitesSplit<'a> {
    network: &'a Network,
    asked: Asked<'a>,
    book: Book<'a>,
    /// Whether it is the round asked for.
    listens: bool,
    /// Of the site that speaks: who was where, and its tubes with those in them.
    steps: Vec<StepTaken>,
    tubes: Vec<(Tube, Vec<Swab>)>,
    /// Of the tubes asked for: when the courier would take them if there were room.
    due: Vec<(TubeKey, (i64, u32))>,
}

impl SitesSplit<'_> {
    /// Gives a stretch of one person to a part, but for the hours in which the site is closed.
    fn through(&mut self, cursor: &mut i64, to: i64, place: &RoundSite, part: Part) {
        let at = |part| At {
            site: Some(place.site),
            people: 1,
            part,
        };
        let waits = matches!(part, Part::Queue(_));
        let mut shut = Time::BEFORE.millis();
        for opening in &place.openings {
            let (from, until) = (shut, opening.start.millis());
            shut = opening.end.millis();
            // Those who wait when the day is over are served after it, unless they wait on until the next opening.
            if until > *cursor && from < to && !(waits && until > to) {
                self.book.until(cursor, from.min(to), at(part));
                self.book.until(cursor, until.min(to), at(Part::Closed));
            }
        }
        self.book.until(cursor, to, at(part));
    }

    /// One person from the opening of the round until the tube is closed.
    fn person(&mut self, place: &RoundSite, swab: &Swab, closed: i64) {
        let at = |part| At {
            site: Some(place.site),
            people: 1,
            part,
        };
        let mut cursor = self.book.opens;
        let coming = if self.network.sites[place.site].visits.is_some() {
            Part::Team
        } else {
            Part::Coming
        };
        self.through(&mut cursor, swab.arrival, place, coming);
        let who = (swab.source, swab.rank);
        let from = self.steps.partition_point(|step| step.0 < who);
        let mut last = 0;
        for index in from..self.steps.len() {
            let (person, station, moments) = self.steps[index];
            if person != who {
                break;
            }
            last = self.asked.parts.station(place.site, station);
            let [ready, start, end] = moments.map(|moment| moment.min(swab.end));
            self.book.until(&mut cursor, ready, at(Part::Service(last)));
            self.through(&mut cursor, start, place, Part::Queue(last));
            self.book.until(&mut cursor, end, at(Part::Service(last)));
        }
        self.book
            .until(&mut cursor, swab.end, at(Part::Service(last)));
        self.book.until(&mut cursor, closed, at(Part::Filling));
    }
}

impl SiteObserver for SitesSplit<'_> {
    const STEPS: bool = true;

    fn begin(&mut self, _: &RoundSite) {
        self.steps.clear();
        self.tubes.clear();
    }

    fn step(&mut self, step: &Step) {
        if self.listens {
            let who = (step.source, step.rank);
            let when = [step.ready, step.start, step.end];
            self.steps.push((who, step.station, when));
        }
    }

    fn swabbed(&mut self, _: &Swabbed) {}

    fn closed(&mut self, tube: &Tube, swabs: &[Swab]) {
        if self.listens {
            self.tubes.push((*tube, swabs.to_vec()));
        }
    }

    fn unbound(&mut self, nameless: &[Swab]) {
        if self.listens
            && let Some((_, swabs)) = self.tubes.last_mut()
        {
            swabs.retain(|swab| !nameless.contains(swab));
        }
    }

    fn end(&mut self, site: &RoundSite, _: &SiteDone) {
        // Steps of a person come in order, whatever comes between.
        self.steps.sort_by_key(|step| step.0);
        for (tube, swabs) in std::mem::take(&mut self.tubes) {
            let key = (Some(site.site), tube.lane, tube.serial);
            if self.asked.tubes.binary_search(&key).is_ok() {
                for swab in &swabs {
                    self.person(site, swab, tube.closed);
                }
                self.due.push((key, (tube.picked, swabs.len() as u32)));
            }
        }
    }
}

/// A tube on its way through a laboratory.
#[derive(Clone, Copy, Debug)]
struct Inside {
    key: TubeKey,
    people: u32,
    /// Up to when its time is given to parts.
    cursor: i64,
    /// The stage that is done again, if one is.
    again: Option<StageId>,
}

/// A worker or machine: when it was done before it took what it is at, and from when to when it is at that.
#[derive(Clone, Copy, Debug)]
struct Server {
    free: i64,
    start: i64,
    end: i64,
}

struct Splitter<'a> {
    network: &'a Network,
    asked: Asked<'a>,
    book: Book<'a>,
    /// By tube asked for: when the courier would take it if there were room, and how many people are bound to it.
    due: BTreeMap<TubeKey, (i64, u32)>,
    /// By laboratory and number there, and where each tube is.
    inside: BTreeMap<(LabId, u32), Inside>,
    places: BTreeMap<TubeKey, (LabId, u32)>,
    servers: BTreeMap<(LabId, StageId), Vec<Server>>,
}

impl<'a> Observer for Splitter<'a> {
    type Sites = SitesSplit<'a>;

    fn sites(&self, round: RoundId) -> SitesSplit<'a> {
        SitesSplit {
            network: self.network,
            asked: self.asked,
            book: Book::new(self.network, self.asked),
            listens: round == self.asked.round,
            steps: Vec::new(),
            tubes: Vec::new(),
            due: Vec::new(),
        }
    }

    fn join(&mut self, _: RoundId, heard: SitesSplit<'a>) {
        self.book.split.merge(&heard.book.split);
        self.due.extend(heard.due);
    }

    fn delivered(&mut self, arrival: &Delivered) {
        let (origin, tube) = (arrival.origin, arrival.tube);
        let Some(key) = self.wanted(origin, tube) else {
            return;
        };
        let of_site = self.due.remove(&key);
        let (due, people) = of_site.unwrap_or((tube.picked, tube.people));
        let mut inside = Inside {
            key,
            people,
            cursor: tube.closed,
            again: None,
        };
        if origin.site.is_some() {
            self.until(&mut inside, due.min(tube.picked), Part::Pickup);
            self.until(&mut inside, tube.picked, Part::NoRoom);
            self.until(&mut inside, tube.delivered, Part::Road);
        } else {
            inside.cursor = self.book.opens;
            self.until(&mut inside, tube.delivered, Part::Coming);
        }
        let place = (arrival.lab, arrival.serial);
        self.inside.insert(place, inside);
        self.places.insert(key, place);
    }

    fn ran(&mut self, run: &Run) {
        let servers = self.servers.entry((run.lab, run.stage)).or_default();
        let server = run.server as usize;
        if servers.len() <= server {
            let new = Server {
                free: Time::BEFORE.millis(),
                start: Time::BEFORE.millis(),
                end: Time::BEFORE.millis(),
            };
            servers.resize(server + 1, new);
        }
        servers[server] = Server {
            free: servers[server].end,
            start: run.start.millis(),
            end: run.end.millis(),
        };
    }

    fn staged(&mut self, passage: &Passage) {
        if passage.origin.recall {
            return;
        }
        let place = (passage.lab, passage.serial);
        let Some(mut inside) = self.inside.get(&place).copied() else {
            return;
        };
        let (lab, stage) = (passage.lab, passage.stage);
        let (start, end) = (passage.start.millis(), passage.end.millis());
        if inside.again.is_some() {
            self.until(&mut inside, end, Part::Rework(lab));
        } else {
            // Who worked there stood still for a later stage: it waited for that one.
            if let Some(behind) = passage.behind {
                let (from, until) = behind.of(passage.since, passage.start);
                self.until(&mut inside, from.millis(), Part::Busy(lab, stage));
                self.until(&mut inside, until.millis(), Part::Busy(lab, behind.stage));
            }
            let free = self
                .free_before(passage)
                .clamp(inside.cursor, start.max(inside.cursor));
            self.until(&mut inside, free, Part::Busy(lab, stage));
            self.until(&mut inside, start, Part::Idle(lab, stage));
            self.until(&mut inside, end, Part::Work(lab, stage));
        }
        match passage.after {
            After::Rerun | After::Stopped | After::Retest | After::Confirm => {
                inside.again = inside.again.max(Some(stage));
            }
            After::On if inside.again.is_some_and(|again| again <= stage) => inside.again = None,
            After::On | After::Failed(_) | After::Positive => {}
        }
        self.inside.insert(place, inside);
    }

    fn held(&mut self, held: &Held) {
        if !held.origin.recall
            && let Some(mut inside) = self.inside.get(&(held.lab, held.serial)).copied()
        {
            self.until(&mut inside, held.until.millis(), Part::Hold(held.lab));
            self.inside.insert((held.lab, held.serial), inside);
        }
    }

    fn published(&mut self, origin: Origin, tube: &Tube, swabs: &[Swab], at: Time) {
        let Some(key) = self.wanted(origin, tube) else {
            return;
        };
        let place = self.places.remove(&key);
        let Some((place, mut inside)) =
            place.and_then(|place| Some((place, self.inside.remove(&place)?)))
        else {
            return;
        };
        self.until(&mut inside, at.millis(), Part::Hold(place.0));
        let (people, split) = (swabs.len() as u64, &mut self.book.split);
        split.people += people;
        split.total += people as i64 * (at.millis() - self.book.opens);
        split.sites.entry(key.0).or_default().0 += people;
    }
}

impl Splitter<'_> {
    /// Whether a tube is asked for, and which it is.
    fn wanted(&self, origin: Origin, tube: &Tube) -> Option<TubeKey> {
        let key = (origin.site, tube.lane, tube.serial);
        let wanted = origin.round == self.asked.round
            && !origin.recall
            && self.asked.tubes.binary_search(&key).is_ok();
        wanted.then_some(key)
    }

    /// Gives the time of a tube up to a moment to a part.
    fn until(&mut self, inside: &mut Inside, to: i64, part: Part) {
        let at = At {
            site: inside.key.0,
            people: inside.people,
            part,
        };
        self.book.until(&mut inside.cursor, to, at);
    }

    /// When the worker or machine that took a tube was free to do so; where there is none, when the tube came.
    fn free_before(&self, passage: &Passage) -> i64 {
        let servers = self.servers.get(&(passage.lab, passage.stage));
        let (start, end) = (passage.start.millis(), passage.end.millis());
        let took = |server: &&Server| (server.start, server.end) == (start, end);
        let found = servers.and_then(|servers| servers.iter().find(took));
        found.map_or(passage.since.millis(), |server| server.free)
    }
}
