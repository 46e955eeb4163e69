//! Sites: their stations, what fills a tube and who fetches it, and the kernel that serves them.

use super::super::courier::Stop;
use super::super::{Branch, Expire, Kernel, Paper, PutOff, Site, Station, Tubes, Waiting};
use super::staff::needs_events;
use super::{Compiler, FOREVER, cumulative, in_2_32};
use crate::id::{CourierId, SiteId, StationId, Table};
use crate::model::assumption::Quantity;
use crate::model::courier::Route;
use crate::model::site;
use crate::model::site::{AtClose, Counts, Next, Pickup, Queue, Scope, TooOld};
use crate::random::name;
use crate::random::sampler::Sampler;
use crate::units::{Share, Span};

impl Compiler<'_> {
    pub(super) fn site(&self, id: SiteId, site: &site::Site) -> Site {
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
                room: station.room,
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
        let couriers = &self.model.couriers;
        // A site to which nobody goes may have none: it fills no tube, so any does.
        let (courier, service) = couriers
            .iter()
            .find(|(_, courier)| courier.sites.contains(&id))
            .or_else(|| couriers.iter().next())
            .expect("a checked model has couriers");
        let place = service.sites.iter().position(|&other| other == id);
        let place = place.unwrap_or(0) as u32;
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
        station.servers == 1
            && station.branches.is_empty()
            && station.walk == Span::ZERO
            && station.room.is_none()
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
        let free = station.branches.is_empty() && station.room.is_none();
        free && alone && lasts && servers < MANY
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
