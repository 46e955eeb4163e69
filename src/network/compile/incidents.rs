//! What goes wrong in a replication, and what each site, courier and laboratory has of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::incident::{Delay, Happening, Place, Slow, united};
use super::super::{Feed, Pattern, People, Source};
use super::Compiler;
use crate::id::{CellId, CourierId, Id, LabId, RoundId, SiteId};
use crate::model::coming::Coming;
use crate::model::incident::{Disinfection, Kind, Often, Stress, What};
use crate::model::lab::Down;
use crate::model::{Model, assumption};
use crate::network::lab::COMMON;
use crate::random::block;
use crate::random::{Purpose, Streams, name};
use crate::units::{Span, Time, Window};

/// What goes wrong, by what has to know of it.
#[derive(Clone, PartialEq, Default, Debug)]
pub(in crate::network) struct Effects {
    pub(super) happenings: Vec<Happening>,
    pub(super) disinfected: Vec<(SiteId, Window)>,
    closed: BTreeMap<SiteId, Vec<Window>>,
    /// When everything stands still at a site; worked out from `closed` once.
    pauses: BTreeMap<SiteId, Arc<[Window]>>,
    storms: BTreeMap<SiteId, Vec<Storm>>,
    roads: BTreeMap<CourierId, Vec<Slow>>,
    uploads: BTreeMap<LabId, Vec<(Window, f64)>>,
    more: Vec<(CellId, Window, f64)>,
    pub(super) short: Vec<Short>,
    pub(super) paper: BTreeMap<SiteId, Vec<(Window, f64)>>,
    pub(super) stopped: Vec<((LabId, usize), Down)>,
    waves: Vec<(LabId, Window, u32, u64)>,
}

/// When a share of the staff is missing: at sites, or of pools by position.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Short {
    pub(super) window: Window,
    pub(super) sites: Vec<SiteId>,
    pub(super) pools: Vec<usize>,
    pub(super) absent: f64,
}

/// When people stay away, which share of them, and how many times as fast they come afterwards.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Storm {
    window: Window,
    away: f64,
    surge: f64,
}

impl Effects {
    /// The effects in a world where unknowns have these ranks; incidents are drawn if there is luck to draw them.
    pub(super) fn of(
        model: &Model,
        rank: &dyn Fn(crate::id::UnknownId) -> f64,
        luck: Option<Streams>,
    ) -> Self {
        let compiler = Gathering { model, rank };
        let mut effects = Self::default();
        for (number, incident) in (0..).zip(&model.incidents) {
            let window = Window {
                start: incident.at,
                end: incident.at + compiler.now(&incident.lasts),
            };
            let happening = Happening {
                incident: Some(number),
                kind: incident.what.kind(),
                place: Place::Everywhere,
                window,
            };
            effects.happenings.push(happening);
            compiler.add(
                &incident.what,
                window,
                name(&incident.name.id),
                &mut effects,
            );
        }
        if let (Some(stress), Some(streams)) = (&model.stress, luck) {
            compiler.draw(stress, streams, &mut effects);
        }
        if let Some(disinfection) = &model.disinfection {
            compiler.disinfect(disinfection, &mut effects);
        }
        let closed = std::mem::take(&mut effects.closed).into_iter();
        effects.pauses = closed
            .map(|(site, windows)| (site, united(windows).into()))
            .collect();
        effects
    }

    /// When everything stands still at a site.
    pub(super) fn pauses(&self, site: SiteId) -> Arc<[Window]> {
        self.pauses.get(&site).cloned().unwrap_or_default()
    }

    /// How those who come to a site in a round that opens then are put off.
    pub(super) fn delay(&self, site: SiteId, opens: Time) -> Delay {
        let storms = self.storms.get(&site).into_iter().flatten();
        // Whoever comes to this round comes a day before it opens at the earliest.
        let near = storms.filter(|storm| storm.window.end + Span::DAY * 30 > opens);
        Delay::new(near.map(|storm| (storm.window, 1.0 - storm.away, storm.surge)))
    }

    /// When the roads of a courier are slower.
    pub(super) fn roads(&self, courier: CourierId) -> Vec<Slow> {
        self.roads
            .get(&courier)
            .map_or(Vec::new(), |list| Slow::apart(list))
    }

    /// How what a laboratory publishes is put off.
    pub(super) fn upload(&self, lab: LabId) -> Delay {
        let uploads = self.uploads.get(&lab).into_iter().flatten();
        Delay::new(uploads.map(|&(window, surge)| (window, 0.0, surge)))
    }

    /// Whether results of a laboratory are put off.
    pub(super) fn uploads(&self, lab: LabId) -> bool {
        self.uploads.contains_key(&lab)
    }

    /// Tubes from elsewhere that nobody foresaw.
    pub(super) fn waves(&self) -> impl Iterator<Item = Feed> {
        self.waves.iter().map(|&(to, window, tubes, name)| Feed {
            name,
            to,
            window,
            interval: window.length().millis() as f64 / f64::from(tubes.max(1)),
            random: false,
            people: 1,
            class: COMMON,
        })
    }
}

/// Where the ranks of people begin whom nobody foresaw, where others come at a rate.
const UNLISTED: u32 = 1 << 31;

/// Goes through what a model says of incidents.
struct Gathering<'a> {
    model: &'a Model,
    rank: &'a dyn Fn(crate::id::UnknownId) -> f64,
}

impl Gathering<'_> {
    fn now<T: assumption::Between>(&self, quantity: &assumption::Quantity<T>) -> T {
        quantity.at(self.rank)
    }

    fn add(&self, what: &What, window: Window, name: u64, effects: &mut Effects) {
        match what {
            What::Site(sites) => {
                for &site in sites {
                    effects.closed.entry(site).or_default().push(window);
                }
            }
            What::Road { couriers, slower } => {
                let slow = Slow::new(window, slower.as_ref().map(|slower| self.now(slower)));
                for &courier in couriers {
                    effects.roads.entry(courier).or_default().push(slow);
                }
            }
            What::Storm {
                sites,
                away,
                surge,
                slower,
            } => {
                let storm = Storm {
                    window,
                    away: self.now(away).0,
                    surge: self.now(surge),
                };
                let slower = slower.as_ref().map(|slower| self.now(slower));
                self.storm(sites, storm, slower, effects);
            }
            What::Upload { labs, surge } => {
                for &lab in labs {
                    let surge = self.now(surge);
                    effects
                        .uploads
                        .entry(lab)
                        .or_default()
                        .push((window, surge));
                }
            }
            What::People { cells, more } => {
                let more = self.now(more).0;
                let more = |&cell: &CellId| (cell, window, more);
                effects.more.extend(cells.iter().map(more));
            }
            What::Staff {
                sites,
                pools,
                absent,
            } => effects.short.push(Short {
                window,
                sites: sites.clone(),
                pools: pools.clone(),
                absent: self.now(absent).0,
            }),
            What::Registration { sites, slower } => {
                let slower = slower.as_ref().map(|slower| self.now(slower));
                effects.register_on_paper(sites, window, slower);
            }
            What::Machine { stages, machines } => {
                for &stage in stages {
                    effects.stop(stage, window, *machines);
                }
            }
            What::Tubes { labs, tubes } => {
                let tubes = self.now(tubes);
                for &lab in labs {
                    let name = name ^ crate::random::name(&self.model.labs[lab].name.id);
                    effects.waves.push((lab, window, tubes, name));
                }
            }
        }
    }

    fn storm(&self, sites: &[SiteId], storm: Storm, slower: Option<f64>, effects: &mut Effects) {
        for &site in sites {
            effects.storms.entry(site).or_default().push(storm);
        }
        let Some(slower) = slower else { return };
        let under = |sites_of: &[SiteId]| sites_of.iter().any(|site| sites.contains(site));
        for (id, courier) in self.model.couriers.iter() {
            if under(&courier.sites) {
                let slow = Slow::new(storm.window, Some(slower));
                effects.roads.entry(id).or_default().push(slow);
            }
        }
    }

    /// Draws what happens in a stress run. Each place has luck of its own under its name.
    fn draw(&self, stress: &Stress, streams: Streams, effects: &mut Effects) {
        let model = self.model;
        for (id, site) in model.sites.iter().filter(|(_, site)| site.visits.is_none()) {
            let key = format!("site/{}", site.name.id);
            for window in self.befalls(&stress.site, streams, &key) {
                effects.befall(Kind::Site, Place::Site(id), window);
                effects.closed.entry(id).or_default().push(window);
            }
        }
        for (id, courier) in model.couriers.iter() {
            let key = format!("road/{}", courier.name.id);
            for window in self.befalls(&stress.road, streams, &key) {
                effects.befall(Kind::Road, Place::Courier(id), window);
                let slow = Slow::new(window, Some(self.now(&stress.road_slower)));
                effects.roads.entry(id).or_default().push(slow);
            }
        }
        let fixed = model.sites.iter().filter(|(_, site)| site.visits.is_none());
        let sites: Vec<SiteId> = fixed.map(|(id, _)| id).collect();
        for window in self.befalls(&stress.storm, streams, "storm") {
            effects.befall(Kind::Storm, Place::Everywhere, window);
            let storm = Storm {
                window,
                away: self.now(&stress.storm_away).0,
                surge: self.now(&stress.storm_surge),
            };
            let slower = Some(self.now(&stress.storm_slower));
            self.storm(&sites, storm, slower, effects);
        }
        for (id, lab) in model.labs.iter() {
            let key = format!("upload/{}", lab.name.id);
            for window in self.befalls(&stress.upload, streams, &key) {
                effects.befall(Kind::Upload, Place::Lab(id), window);
                let surge = self.now(&stress.upload_surge);
                effects.uploads.entry(id).or_default().push((window, surge));
            }
        }
        self.draw_shortages(stress, streams, (&sites, effects));
    }

    /// The same of what is missing: staff, registration, machines.
    fn draw_shortages(
        &self,
        stress: &Stress,
        streams: Streams,
        (sites, effects): (&[SiteId], &mut Effects),
    ) {
        for window in self.befalls(&stress.staff, streams, "staff") {
            effects.befall(Kind::Staff, Place::Everywhere, window);
            effects.short.push(Short {
                window,
                sites: sites.to_vec(),
                pools: (0..self.model.staff.pools.len()).collect(),
                absent: self.now(&stress.staff_absent).0,
            });
        }
        let slower = self.now(&stress.registration_slower);
        for window in self.befalls(&stress.registration, streams, "registration") {
            effects.befall(Kind::Registration, Place::Everywhere, window);
            effects.register_on_paper(sites, window, Some(slower));
        }
        for (id, lab) in self.model.labs.iter() {
            let key = format!("machine/{}", lab.name.id);
            for window in self.befalls(&stress.machine, streams, &key) {
                effects.befall(Kind::Machine, Place::Lab(id), window);
                for stage in 0..lab.stages.len() {
                    effects.stop((id, stage), window, None);
                }
            }
        }
    }

    /// When something befalls one place: at exponential intervals for exponential lengths, from the first order to the last deadline.
    fn befalls(&self, often: &Often, streams: Streams, key: &str) -> Vec<Window> {
        let luck = streams.key(Purpose::Incident, name(key));
        let (every, lasts) = (self.now(&often.every), self.now(&often.lasts));
        let mean = |length: Span, word: u64| {
            let share = f64::from(block::exponential(luck.word(word)));
            Span::from_seconds(length.seconds() * share)
        };
        let campaign = campaign(self.model);
        let mut windows = Vec::new();
        let mut clock = campaign.start;
        for number in 0_u64.. {
            let start = clock + mean(every, 2 * number);
            if start >= campaign.end {
                break;
            }
            let end = start + mean(lasts, 2 * number + 1);
            windows.push(Window { start, end });
            // Two at the same instant would never end.
            clock = end + Span::from_millis(1);
        }
        windows
    }

    /// When each site is closed to be disinfected: teams share the sites out and go from one to the next.
    fn disinfect(&self, disinfection: &Disinfection, effects: &mut Effects) {
        let takes = self.now(&disinfection.takes);
        let visits = disinfection.visits(takes);
        for (site, window) in visits {
            effects.closed.entry(site).or_default().push(window);
            effects.disinfected.push((site, window));
        }
    }
}

impl Effects {
    fn register_on_paper(&mut self, sites: &[SiteId], window: Window, slower: Option<f64>) {
        for &site in sites {
            match slower {
                Some(slower) => self.paper.entry(site).or_default().push((window, slower)),
                None => self.closed.entry(site).or_default().push(window),
            }
        }
    }

    fn stop(&mut self, stage: (LabId, usize), window: Window, machines: Option<u32>) {
        if window.start < window.end {
            let down = Down {
                from: window.start,
                until: window.end,
                machines,
            };
            self.stopped.push((stage, down));
        }
    }

    fn befall(&mut self, kind: Kind, place: Place, window: Window) {
        self.happenings.push(Happening {
            incident: None,
            kind,
            place,
            window,
        });
    }
}

/// From the first order to the last deadline, as late as rounds may wait.
fn campaign(model: &Model) -> Window {
    let rounds = || model.rounds.values();
    let begin = |round: &crate::model::Round| {
        round
            .ordered
            .map_or(round.opens, |ordered| ordered.min(round.opens))
    };
    let waits = |id: RoundId| {
        let gates = model.campaign.as_ref().map(|campaign| &campaign.gates);
        gates
            .and_then(|gates| gates[id.index()])
            .map_or(Span::ZERO, |gate| gate.wait)
    };
    let ends = model
        .rounds
        .iter()
        .map(|(id, round)| round.deadline + waits(id));
    Window {
        start: rounds().map(begin).min().unwrap_or(Time::ZERO),
        end: ends.max().unwrap_or(Time::ZERO),
    }
}

impl Compiler<'_> {
    /// People of a cell whom nobody foresaw, in a round: when they come, and how many.
    pub(super) fn unforeseen(&self, round: RoundId, cell: CellId) -> Vec<(Window, u32)> {
        let round = &self.model.rounds[round];
        let held = Window {
            start: round.opens,
            end: round.closes,
        };
        let due = f64::from(self.model.cells[cell].due());
        let more = self.effects.more.iter();
        more.filter(|(whose, window, _)| *whose == cell && held.contains(window.start))
            .map(|(_, window, more)| (*window, (due * more).round() as u32))
            .filter(|(_, people)| *people > 0)
            .collect()
    }

    /// The same as sources. They stand behind all who are due, so that nobody's luck is another's.
    pub(super) fn unforeseen_sources(
        &self,
        (round, site): (RoundId, SiteId),
        like: &super::super::coming::Group,
    ) -> Vec<Source> {
        let position = like.cell as usize;
        let entry = &self.model.rounds[round];
        // Nobody has them on a list: they come to the site of their cell, not to be visited.
        if entry.places[position].site != site {
            return Vec::new();
        }
        let cell = entry.cells[position];
        // Teams that visit hear of all of them at once.
        let visited = self.model.sites[site].visits.is_some();
        // Of those who come at a rate nobody knows the last rank.
        let mut first_rank = if matches!(self.model.sites[site].coming, Coming::Poisson(_)) {
            UNLISTED
        } else {
            like.due
        };
        let source = |(window, people): (Window, u32)| {
            let source = Source {
                cell: like.cell,
                name: like.name,
                list: like.list,
                first_rank,
                people: People::Count(people),
                begin: window.start,
                pattern: Pattern::Even(if visited { Span::ZERO } else { window.length() }),
                pool: like.pool,
                shares: like.shares,
                priority: like.priority,
                fetched: false,
            };
            first_rank = first_rank.saturating_add(people);
            source
        };
        let unforeseen = self.unforeseen(round, cell);
        unforeseen.into_iter().map(source).collect()
    }
}
