//! Model to Network. It cannot fail: a `Model` is checked.

mod incidents;
mod labs;
mod ledger;
mod roads;
mod shortages;
mod staff;
mod visits;

use super::campaign::Campaign;
use super::coming::{Demand, Fetching, GroupTurnout, sources};
use super::courier::{Call, Checkpoint, Courier, Load, Stop};
use super::duty::{Crew, Opening};
use super::lab::COMMON;
use super::roster::{Roster, Tempo};
use super::{
    Branch, Course, Expire, Infection, Isolation, Kernel, Network, Paper, PutOff, Recall, Round,
    RoundCell, RoundSite, Site, Station, Tubes, Waiting,
};
use crate::id::{CellId, CourierId, Id, RoundId, SiteId, StationId, Table, UnknownId};
use crate::model::assumption::{Between, Quantity};
use crate::model::coming::{Coming, Sizes};
use crate::model::courier::Route;
use crate::model::readiness::{done, total};
use crate::model::service::{Duration, Mean, Shape};
use crate::model::site::{AtClose, Counts, Hours, Next, Pickup, Queue, Scope, TooOld};
use crate::model::{Model, Turnout, courier, isolation, positives, site};
use crate::random::sampler::Sampler;
use crate::random::{Streams, name};
use crate::units::{Share, Span, Time, Window};
pub(super) use incidents::Effects;
use staff::{Place, needs_events};
use std::sync::Arc;
use visits::Party;

/// Longer than anything lasts: a rule that is not there.
const FOREVER: Span = Span::from_millis(i64::MAX / 8);

/// Compiles the operation in a world where each unknown has the rank that `rank` gives it, 0 to 1 among what it may be; 0.5 for all is the
/// world as stated. Nothing goes wrong but what is said to.
pub fn compile(model: &Model, rank: &dyn Fn(UnknownId) -> f64) -> Network {
    let effects = Arc::new(Effects::of(model, rank, None));
    Compiler {
        model,
        rank,
        effects,
    }
    .network()
}

/// The same with what goes wrong at random under the luck of a replication, if the model is one of a stress run.
pub fn compile_in(model: &Model, rank: &dyn Fn(UnknownId) -> f64, streams: Streams) -> Network {
    let effects = Arc::new(Effects::of(model, rank, Some(streams)));
    Compiler {
        model,
        rank,
        effects,
    }
    .network()
}

pub(super) struct Compiler<'a> {
    pub(super) model: &'a Model,
    pub(super) rank: &'a dyn Fn(UnknownId) -> f64,
    pub(super) effects: Arc<Effects>,
}

impl Compiler<'_> {
    fn network(&self) -> Network {
        let model = self.model;
        let first = model
            .rounds
            .values()
            .next()
            .map_or(Time::ZERO, |round| round.opens);
        Network {
            sites: model
                .sites
                .iter()
                .map(|(id, site)| self.site(id, site))
                .collect(),
            couriers: model
                .couriers
                .iter()
                .map(|(id, courier)| self.courier(id, courier))
                .collect(),
            labs: model
                .labs
                .iter()
                .map(|(id, lab)| self.lab(id, lab))
                .collect(),
            feeds: model
                .feeds
                .values()
                .map(|feed| self.feed(feed))
                .chain(self.later_days())
                .chain(self.effects.waves())
                .collect(),
            rounds: model
                .rounds
                .ids()
                .map(|round| Arc::new(self.round(round)))
                .collect(),
            campaign: Campaign::of(self).map(Arc::new),
            recall: model.recall.as_ref().map(|recall| self.recall(recall)),
            isolation: model.isolation.as_ref().map(|rooms| self.isolation(rooms)),
            supplies: self.supplies(),
            cost: model.cost.as_ref().map(|cost| self.cost(cost)),
            infection: model
                .infection
                .as_ref()
                .map(|infection| self.infection(infection, first)),
            staffed: model.staff.comes_and_goes(),
            incidents: self.effects.happenings.clone(),
            disinfected: self.effects.disinfected.clone(),
            stop: model.study.stop.map_or(Time::NEVER, |stop| first + stop),
        }
    }

    /// The same network for one round: its sites, its couriers and the round itself are drawn up anew.
    pub(super) fn anew(&self, network: &Network, round: RoundId) -> Network {
        let (sites, couriers) = (self.model.sites.iter(), self.model.couriers.iter());
        let mut anew = Network {
            sites: sites.map(|(id, site)| self.site(id, site)).collect(),
            couriers: couriers
                .map(|(id, courier)| self.courier(id, courier))
                .collect(),
            ..network.clone()
        };
        anew.rounds[round] = Arc::new(self.round(round));
        anew
    }

    fn now<T: Between>(&self, quantity: &Quantity<T>) -> T {
        quantity.at(self.rank)
    }

    fn mean_millis(&self, duration: &Duration) -> f64 {
        match &duration.mean {
            Mean::Time(time) => self.now(time).millis() as f64,
            Mean::Pace(pace) => 3.6e6 / self.now(pace).0,
        }
    }

    fn sampler(&self, duration: &Duration) -> Sampler {
        sampler(self.mean_millis(duration), &duration.shape)
    }

    fn site(&self, id: SiteId, site: &site::Site) -> Site {
        let stations: Table<StationId, Station> = site
            .stations
            .iter()
            .map(|station| Station {
                name: name(&station.id),
                servers: station.servers,
                in_lane: station.scope == Scope::Lane,
                service: self.sampler(&station.service),
                per_form: station.counts == Counts::Forms,
                per_household: station
                    .per_household
                    .as_ref()
                    .map(|time| self.sampler(time)),
                branches: self.branches(&station.next),
                walk: station.walk,
                paper: station.paper.as_ref().map(|paper| self.paper(paper)),
            })
            .collect();
        let (courier, stop) = self.stop(id, site);
        let lanes = self.now(&site.lanes);
        Site {
            name: name(&site.name.id),
            lanes,
            crew: site.crew.scanners + site.crew.swabbers + site.crew.guides,
            kernel: kernel(
                (&stations, lanes),
                site,
                self.has_priority(id) || needs_events(self.come_and_go(id), site),
            ),
            visits: site.visits.as_ref().map(|visits| self.visits(visits)),
            stations,
            courier,
            stop,
            tubes: Tubes {
                per_lane: site.tubes.scope == Scope::Lane,
                max_age: site.tubes.max_age.unwrap_or(FOREVER),
                max_idle: site.tubes.max_idle.unwrap_or(FOREVER),
                // Whoever fills a tube does not know when a vehicle that was called will come.
                at_pickup: site.tubes.at_pickup == Pickup::Closes && stop != Stop::Called,
                expire: site.tubes.expire.map(|expire| Expire {
                    after: self.now(&expire.after),
                    turns_away: expire.then == TooOld::ReSwab,
                }),
                change: if site.tubes.scope == Scope::Lane {
                    site.tubes.change
                } else {
                    Span::ZERO
                },
            },
            sends_home: site.hours.at_close == AtClose::SendHome,
            faults: site
                .tubes
                .faults
                .as_ref()
                .map(|faults| self.tube_faults(faults)),
            forms: site.crowd.forms.as_ref().map_or(Vec::new(), cumulative),
            households: site
                .crowd
                .households
                .as_ref()
                .map_or(Vec::new(), cumulative),
            waiting: (site.crowd.waiting.as_ref()).map(|waiting| self.waiting(waiting)),
        }
    }

    fn waiting(&self, waiting: &site::Waiting) -> Waiting {
        let space = waiting.space.as_ref();
        let put_off = waiting.put_off.as_ref();
        let patience = waiting.patience.as_ref();
        Waiting {
            space: space.map_or(u32::MAX, |space| self.now(space)),
            put_off: put_off.map(|put_off| PutOff {
                from: self.now(&put_off.from),
                below: in_2_32(self.now(&put_off.share).0),
            }),
            patience: patience.map(|patience| self.sampler(patience)),
        }
    }

    fn paper(&self, paper: &site::Paper) -> Paper {
        Paper {
            below: in_2_32(self.now(&paper.share).0),
            more: self.sampler(&paper.more),
        }
    }

    /// Whether someone who comes to a site is taken first.
    fn has_priority(&self, id: SiteId) -> bool {
        let here = |cell: &&crate::model::Cell| cell.site == id;
        let mut cells = self.model.cells.values().filter(here);
        cells.any(|cell| cell.priority.is_some())
    }

    /// Shares one upon another, in units of 2^−32.
    fn branches(&self, next: &[(Next, Quantity<Share>)]) -> Vec<Branch> {
        let mut below = 0;
        let branch = |(to, share): &(Next, Quantity<Share>)| {
            below += in_2_32(self.now(share).0);
            let to = match to {
                Next::Station(number) => Some(*number as u32),
                Next::Leave => None,
            };
            Branch { below, to }
        };
        next.iter().map(branch).collect()
    }

    fn stop(&self, id: SiteId, site: &site::Site) -> (CourierId, Stop) {
        let (courier, service) = self
            .model
            .couriers
            .iter()
            .find(|(_, courier)| courier.sites.contains(&id))
            .expect("a checked model has a courier for every site");
        let place = service
            .sites
            .iter()
            .position(|&other| other == id)
            .expect("found above") as u32;
        let stop = match &service.route {
            _ if service.call.is_some() => Stop::Called,
            Route::Direct => Stop::Direct(site.pickup_offset),
            Route::Loop { vehicles, .. } => {
                let vehicles = self.now(vehicles).max(1);
                Stop::OnTour {
                    tour: place % vehicles,
                    place: place / vehicles,
                }
            }
        };
        (courier, stop)
    }

    fn courier(&self, id: CourierId, courier: &crate::model::courier::Courier) -> Courier {
        let (leg, tours) = match &courier.route {
            Route::Direct => (Sampler::Constant(0), Vec::new()),
            Route::Loop { leg, .. } if courier.call.is_some() => (self.sampler(leg), Vec::new()),
            Route::Loop { vehicles, leg } => {
                let vehicles = self.now(vehicles).max(1) as usize;
                let mut tours = vec![Vec::new(); vehicles];
                for (place, &site) in courier.sites.iter().enumerate() {
                    tours[place % vehicles].push(name(&self.model.sites[site].name.id));
                }
                (self.sampler(leg), tours)
            }
        };
        Courier {
            name: name(&courier.name.id),
            to: courier.to,
            sites: courier.sites.clone(),
            first: courier.first,
            every: self.now(&courier.every).max(Span::SECOND),
            road: self.sampler(&courier.road),
            per_stop: courier.per_stop,
            load: courier.load.as_ref().map(|load| self.load(load)),
            call: self.call(courier),
            hours: courier.hours.iter().copied().map(window).collect(),
            roads: self.effects.roads(id),
            checkpoint: courier.checkpoint.as_ref().map(|checkpoint| Checkpoint {
                delay: self.sampler(&checkpoint.delay),
                by_hour: checkpoint.by_hour,
            }),
            leg,
            ways: self.ways(id),
            tours,
        }
    }

    fn call(&self, courier: &courier::Courier) -> Option<Call> {
        let call = courier.call.as_ref()?;
        let vehicles = match &courier.route {
            Route::Direct => 1,
            Route::Loop { vehicles, .. } => self.now(vehicles),
        };
        Some(Call {
            tubes: call
                .tubes
                .as_ref()
                .map_or(u32::MAX, |tubes| self.now(tubes)),
            after: self.now(&call.after),
            stops: call.stops.unwrap_or(u32::MAX),
            vehicles: vehicles.max(1),
        })
    }

    fn load(&self, load: &courier::Load) -> Load {
        let (boxes, tubes) = match load {
            courier::Load::Tubes(tubes) => (self.now(tubes), 1),
            courier::Load::Boxes { boxes, tubes } => (self.now(boxes), self.now(tubes)),
        };
        Load {
            boxes: boxes.max(1),
            tubes: tubes.max(1),
        }
    }

    fn round(&self, id: RoundId) -> Round {
        let round = &self.model.rounds[id];
        let covered = self.covered(id);
        let turnout = self.turnout(id, &covered);
        let hash = name(&round.name.id);
        let parties = self.parties(id, &turnout, &covered);
        let places: Vec<Place> = (0..)
            .zip(&parties)
            .filter(|(_, parties)| !parties.is_empty())
            .map(|(site, parties)| {
                let site = SiteId::from_index(site);
                let openings = self.openings(id, site);
                Place {
                    id: site,
                    openings,
                    parties,
                }
            })
            .collect();
        let crews = self.crews(id, &places);
        let crews_of = crews.rosters.into_iter().zip(crews.gone);
        let sites = places
            .into_iter()
            .zip(crews_of)
            .map(|(place, (roster, gone))| self.round_site(id, place, (roster, &gone)))
            .collect();
        let due = |cell: CellId, site: SiteId| {
            let at_a_rate = matches!(self.model.sites[site].coming, Coming::Poisson(_));
            let unforeseen = self.unforeseen(id, cell);
            let more: u32 = unforeseen.iter().map(|(_, people)| people).sum();
            (!at_a_rate).then(|| self.model.cells[cell].due() + more)
        };
        Round {
            name: hash,
            opens: round.opens,
            ordered: round.ordered,
            readiness: done(&self.model.readiness, |takes| self.now(takes)),
            deadline: round.deadline,
            measured_from: self.measured_from(round.opens),
            cells: round
                .cells
                .iter()
                .zip(&round.places)
                .zip(&covered)
                .map(|((cell, place), covered)| RoundCell {
                    cell: *cell,
                    due: if *covered {
                        due(*cell, place.site)
                    } else {
                        Some(0)
                    },
                    list: name(&self.model.cells[*cell].name.id),
                    infected: self.infected(*cell),
                })
                .collect(),
            sites,
            muster: crews.muster,
        }
    }

    /// When a site is open in a round.
    fn openings(&self, id: RoundId, site: SiteId) -> Vec<Opening> {
        let (round, site) = (&self.model.rounds[id], &self.model.sites[site]);
        let setup = if self.model.readiness.is_empty() {
            site.hours.setup
        } else {
            total(&done(&self.model.readiness, |takes| self.now(takes)))
        };
        let ready = round
            .ordered
            .map_or(round.opens, |ordered| (ordered + setup).max(round.opens));
        openings(&site.hours, ready, round.closes)
    }

    fn isolation(&self, isolation: &isolation::Isolation) -> Isolation {
        let rooms = isolation.rooms.iter();
        Isolation {
            close: self.now(&isolation.close),
            secondary: self.now(&isolation.secondary),
            trace: self.now(&isolation.trace),
            close_stay: isolation.close_stay,
            secondary_stay: isolation.secondary_stay,
            occupied: isolation.occupied,
            rooms: rooms
                .map(|place| (place.from.unwrap_or(Time::BEFORE), place.rooms))
                .collect(),
        }
    }

    fn recall(&self, recall: &positives::Recall) -> Recall {
        Recall {
            find: self.sampler(&recall.find),
            teams: self.now(&recall.teams).max(1),
            visit: self.sampler(&recall.visit),
            singles: recall.singles,
            road: self.sampler(&recall.road),
            class: COMMON - recall.priority.min(COMMON),
            confirm: self.sampler(&recall.confirm),
        }
    }

    /// The share of the people of a cell who are infected.
    fn infected(&self, cell: CellId) -> f64 {
        self.model.infection.as_ref().map_or(0.0, |infection| {
            let own = self.model.cells[cell].prevalence.as_ref();
            self.now(own.unwrap_or(&infection.prevalence)).0
        })
    }

    fn infection(&self, infection: &positives::Infection, first: Time) -> Infection {
        let detected: Vec<u64> = infection.course().into_iter().map(in_2_32).collect();
        Infection {
            households: cumulative(&Sizes::about(infection.household)),
            attack: self.now(&infection.attack).0,
            course: (!detected.is_empty()).then_some(Course {
                detected,
                until: first,
            }),
        }
    }

    /// Without a warm-up everyone is measured, also who comes before the round opens.
    fn measured_from(&self, opens: Time) -> Time {
        match self.model.study.warm_up {
            Span::ZERO => Time::BEFORE,
            warm_up => opens + warm_up,
        }
    }

    /// Whether each cell of the round is of a tier that it is for.
    pub(super) fn covered(&self, id: RoundId) -> Vec<bool> {
        let campaign = self.model.campaign.as_ref();
        let only = campaign.map_or(&[][..], |campaign| &campaign.only[id.index()]);
        let tiers = self.model.rounds[id].tiers.iter();
        tiers
            .map(|tier| only.is_empty() || only.contains(tier))
            .collect()
    }

    /// How many of each cell of the round come.
    fn turnout(&self, id: RoundId, covered: &[bool]) -> Vec<GroupTurnout> {
        let round = &self.model.rounds[id];
        let due = |(cell, covered): (&CellId, &bool)| {
            if *covered {
                self.model.cells[*cell].due()
            } else {
                0
            }
        };
        let dues: Vec<u32> = round.cells.iter().zip(covered).map(due).collect();
        match &round.turnout {
            Turnout::Swabbed(swabbed) => apportion(self.now(swabbed), &dues)
                .into_iter()
                .map(GroupTurnout::Count)
                .collect(),
            Turnout::Share(share) => {
                let chance = in_2_32(self.now(share).0);
                let books = |site: SiteId| self.model.sites[site].crowd.booking.is_some();
                let of = |(&due, place): (&u32, &crate::model::Place)| {
                    if chance == 1 << 32 && !books(place.site) {
                        GroupTurnout::Count(due)
                    } else {
                        GroupTurnout::Chance(chance)
                    }
                };
                dues.iter().zip(&round.places).map(of).collect()
            }
        }
    }

    fn round_site(
        &self,
        id: RoundId,
        place: Place,
        (roster, gone): (Option<Roster>, &[Vec<Window>]),
    ) -> RoundSite {
        let (site_id, parties) = (place.id, place.parties);
        let (round, site) = (&self.model.rounds[id], &self.model.sites[site_id]);
        let tempo_by_hour = self.tempo(id, &place);
        let interval = self.interval(
            &place,
            self.lanes_open(&place, roster.as_ref()),
            &tempo_by_hour,
        );
        let tempo_by_hour = self.on_paper(&place, tempo_by_hour);
        let openings = place.openings;
        let (tempo, rate) = match &site.coming {
            Coming::Called { tempo, .. } => (self.now(tempo).max(1e-6), None),
            Coming::Poisson(rate) => (1.0, Some(self.now(rate).0)),
            Coming::Slots { .. }
            | Coming::Profile(_)
            | Coming::Exponential { .. }
            | Coming::Regular { .. } => (1.0, None),
        };
        let demand = Demand {
            opens: round.opens,
            openings: &openings,
            groups: self.groups((id, site_id), parties, Party::comes),
            interval,
            tempo,
            until: self
                .model
                .study
                .stop
                .map_or(round.closes, |stop| round.closes.min(round.opens + stop)),
            fetching: self.fetching(site, &openings),
            missing: self.groups((id, site_id), parties, Party::is_fetched),
        };
        let (mut sources, curves) = sources(&site.coming, rate, &demand);
        for group in &demand.groups {
            sources.extend(self.unforeseen_sources((id, site_id), group));
        }
        sources.sort_by_key(|source| source.begin);
        let hash = name(&format!("{}/{}", site.name.id, round.name.id));
        RoundSite {
            site: site_id,
            name: hash,
            openings,
            pauses: self.effects.pauses(site_id),
            delay: self.effects.delay(site_id, round.opens),
            sources,
            curves,
            roster: roster.map(|roster| roster.lacking(gone)),
            tempo: tempo_by_hour,
        }
    }

    /// When those who did not come are fetched to a site, if they are; teams that visit have all of them on their list at once.
    fn fetching(&self, site: &site::Site, openings: &[Opening]) -> Option<Fetching> {
        let catch_up = self.model.catch_up.as_ref()?;
        let close = openings.last()?.end;
        let begin = close - catch_up.before_close + catch_up.notice;
        Some(Fetching {
            begin,
            over: if site.visits.is_some() {
                Span::ZERO
            } else {
                close.since(begin)
            },
            share: self.now(&catch_up.share).0.clamp(0.0, 1.0),
        })
    }

    /// How long the site takes for a person on average when its narrowest station is always busy and so many lanes are open, in milliseconds.
    fn interval(&self, place: &Place, lanes: f64, tempo: &[Tempo]) -> f64 {
        let site = &self.model.sites[place.id];
        let last = site.stations.len() - 1;
        let station = |(index, station): (usize, &site::Station)| {
            let servers = f64::from(station.servers)
                * if station.scope == Scope::Lane {
                    lanes
                } else {
                    1.0
                };
            let change = if index == last && site.tubes.scope == Scope::Lane {
                site.tubes.change.millis() as f64
                    / f64::from(self.now(site.tubes.pool[0].most()).max(1))
            } else {
                0.0
            };
            let forms = match (&site.crowd.forms, station.counts) {
                (Some(forms), Counts::Forms) => forms.mean(),
                _ => 1.0,
            };
            let household = match (&station.per_household, &site.crowd.households) {
                (Some(time), Some(sizes)) => self.mean_millis(time) / sizes.mean(),
                _ => 0.0,
            };
            let paper = station.paper.as_ref().map_or(0.0, |paper| {
                self.now(&paper.share).0 * self.mean_millis(&paper.more)
            });
            let service = self.mean_millis(&station.service) * forms + household + paper;
            (service * Self::slower(place, tempo, index) + change) / servers
        };
        site.stations
            .iter()
            .enumerate()
            .map(station)
            .fold(0.0, f64::max)
    }
}

/// So many servers at a station are too many to be numbered beside their free times.
const MANY: u32 = 1 << 16;

/// The recursion serves single desks and, from one line, lanes of single servers, as long as swabs reach tubes in an order it knows. Where all
/// go the same way into lanes of one station, stations are served one after another, if whoever fills a tube is alone there; everything
/// else takes the event loop.
fn kernel(
    (stations, lanes): (&Table<StationId, Station>, u32),
    site: &site::Site,
    needs_events: bool,
) -> Kernel {
    let plain = |station: &Station| {
        station.servers == 1 && station.branches.is_empty() && station.walk == Span::ZERO
    };
    let single = stations.values().all(plain);
    let in_lane = stations.values().filter(|station| station.in_lane).count();
    if site.visits.is_some() || (site.keeps_households() && !needs_events) {
        return Kernel::Groups;
    }
    let needs_events = needs_events || site.crowd.waiting.is_some();
    let ordered = in_lane == 1 || (in_lane > 1 && site.tubes.scope == Scope::Lane);
    let forward = |station: &Station| {
        let alone = !station.in_lane || station.servers == 1 || site.tubes.scope == Scope::Site;
        let lanes = if station.in_lane { lanes } else { 1 };
        let servers = station.servers.saturating_mul(lanes);
        // Of services without length at one instant it knows the order only where one server has them.
        let lasts = servers == 1 || !matches!(station.service, Sampler::Constant(0));
        station.branches.is_empty() && alone && lasts && servers < MANY
    };
    let tandem = in_lane == 1 && site.crowd.waiting.is_none() && stations.values().all(forward);
    match site.queue {
        Queue::Shared if single && ordered && !needs_events => Kernel::Recursion,
        Queue::Shared if tandem => Kernel::Tandem,
        Queue::Shared => Kernel::Events {
            line_per_lane: false,
        },
        Queue::PerLane => Kernel::Events {
            line_per_lane: true,
        },
    }
}

/// A probability in units of 2^−32.
fn in_2_32(probability: f64) -> u64 {
    (probability.clamp(0.0, 1.0) * 4_294_967_296.0) as u64
}

/// Shares of 1, 2, 3 … as those of 1, of 1 or 2, and so on, in units of 2^−32.
fn cumulative(sizes: &Sizes) -> Vec<u64> {
    let mut sum = 0.0;
    let below = |share: &f64| {
        sum += share;
        in_2_32(sum)
    };
    sizes.0.iter().map(below).collect()
}

/// The sampler of a distribution with this mean in milliseconds.
fn sampler(mean: f64, shape: &Shape) -> Sampler {
    if mean < 0.5 {
        return Sampler::Constant(0);
    }
    match shape {
        Shape::Constant => Sampler::constant(Span::from_seconds(mean / 1e3)),
        Shape::Exponential => Sampler::Exponential(mean as f32),
        Shape::Gamma(cv) => Sampler::Gamma {
            shape: (1.0 / (cv * cv)) as f32,
            scale: (mean * cv * cv) as f32,
        },
        Shape::Lognormal(cv) => {
            let variance = libm::log1p(cv * cv);
            let ln2 = std::f64::consts::LN_2;
            Sampler::Lognormal {
                mu: ((libm::log(mean) - variance / 2.0) / ln2) as f32,
                sigma: (libm::sqrt(variance) / ln2) as f32,
            }
        }
        Shape::Weibull(shape) => Sampler::Weibull {
            scale: (mean / libm::tgamma(1.0 + 1.0 / shape)) as f32,
            power: (1.0 / shape) as f32,
        },
        Shape::Uniform(half) => Sampler::Uniform {
            low: (mean * (1.0 - half)) as f32,
            width: (2.0 * mean * half) as f32,
        },
        Shape::Triangular([low, mode, high]) => Sampler::Triangular {
            low: (mean * low) as f32,
            high: (mean * high) as f32,
            below: ((mode - low) / (high - low)) as f32,
        },
        Shape::Empirical(multiples) => Sampler::Empirical(
            multiples
                .iter()
                .map(|multiple| Span::from_seconds(mean * multiple / 1e3).millis() as u32)
                .collect(),
        ),
    }
}

/// Hours of the day.
fn window((from, to): (Span, Span)) -> Crew {
    Crew {
        from,
        length: Span::from_millis(to.millis() - from.millis()),
    }
}

/// When a site with these daily hours is open from `ready` to `closes`; stretches that touch are one.
fn openings(hours: &Hours, ready: Time, closes: Time) -> Vec<Opening> {
    let mut openings: Vec<Opening> = Vec::new();
    let mut day = ready.midnight() - Span::DAY;
    while day < closes {
        for (index, &(from, to)) in hours.open.iter().enumerate() {
            let (start, end) = ((day + from).max(ready), (day + to).min(closes));
            if start >= end {
                continue;
            }
            let closes_day = index + 1 == hours.open.len() || end == closes;
            match openings.last_mut() {
                Some(last) if last.end >= start => {
                    *last = Opening {
                        start: last.start,
                        end: end.max(last.end),
                        closes_day,
                    }
                }
                _ => openings.push(Opening {
                    start,
                    end,
                    closes_day,
                }),
            }
        }
        day += Span::DAY;
    }
    openings
}

/// Shares `total` out in proportion to `weights` by largest remainder, the earlier first; never more than a weight.
fn apportion(total: u32, weights: &[u32]) -> Vec<u32> {
    let sum: u64 = weights.iter().map(|&weight| u64::from(weight)).sum();
    let total = u64::from(total).min(sum);
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let mut parts: Vec<u32> = weights
        .iter()
        .map(|&weight| (total * u64::from(weight) / sum) as u32)
        .collect();
    let given: u64 = parts.iter().map(|&part| u64::from(part)).sum();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(total * u64::from(weights[index]) % sum));
    for &index in order.iter().take((total - given) as usize) {
        parts[index] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_shared_out_is_all_of_it_and_fair(total in 0_u32..200_000, weights in prop::collection::vec(0_u32..5_000, 1..60)) {
            let sum: u32 = weights.iter().sum();
            let parts = apportion(total, &weights);
            prop_assert_eq!(parts.iter().sum::<u32>(), total.min(sum));
            for (part, weight) in parts.iter().zip(&weights) {
                let fair = f64::from(total.min(sum)) * f64::from(*weight) / f64::from(sum.max(1));
                prop_assert!(part <= weight && (f64::from(*part) - fair).abs() < 1.0);
            }
        }
    }

    fn hours(open: &[(i64, i64)]) -> Hours {
        let span = |hours: i64| Span::HOUR * hours;
        Hours {
            open: open
                .iter()
                .map(|&(from, to)| (span(from), span(to)))
                .collect(),
            setup: Span::ZERO,
            at_close: AtClose::Serve,
        }
    }

    #[test]
    fn a_site_open_round_the_clock_never_closes_in_between() {
        let at = |hours: i64| Time::ZERO + Span::HOUR * hours;
        assert_eq!(
            openings(&hours(&[(0, 24)]), at(7), at(60)),
            [Opening {
                start: at(7),
                end: at(60),
                closes_day: true
            }]
        );
    }

    #[test]
    fn hours_across_midnight_begin_the_evening_before() {
        let at = |hours: i64| Time::ZERO + Span::HOUR * hours;
        let found = openings(&hours(&[(20, 26)]), at(0), at(24));
        let opening = |start, end| Opening {
            start: at(start),
            end: at(end),
            closes_day: true,
        };
        assert_eq!(found, [opening(0, 2), opening(20, 24)]);
    }
}
