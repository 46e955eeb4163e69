//! What can be said without simulating: load and capacity of each stage, the stage that binds, and when a fluid would be through.
//!
//! The fluid has no queues of chance: people come as fast as lanes can take them, tubes fill evenly, machines work without a pause. So its
//! finish is earlier than any that can be hoped for, and a plan that misses its deadline here misses it in truth.

use crate::id::{CourierId, Id, LabId, RoundId, SiteId, StageId};
use crate::model::coming::Sizes;
use crate::model::courier::{Courier, Route};
use crate::model::lab::{Hands, Lab, LabCrew, Stage, Work};
use crate::model::site::{AtClose, Scope, Site};
use crate::model::visits::Unit;
use crate::model::{FeedArrivals, Model, Round, Tier, Turnout};
use crate::units::{Span, Time};

use super::staff::{Foreseen, Manned};
use super::verdict::{order, tour_share};

/// Minutes after which the fluid is given up: thirty days.
const HORIZON_MIN: usize = 30 * 24 * 60;

/// The arithmetic of one round.
#[derive(Clone, PartialEq, Debug)]
pub struct Arithmetic {
    /// Which round.
    pub round: RoundId,
    /// People due.
    pub due: f64,
    /// People who will be swabbed.
    pub people: f64,
    /// Tubes, each as full as it may be.
    pub tubes: f64,
    /// Everything that has a capacity, in the order in which a swab meets it.
    pub loads: Vec<Load>,
    /// From the opening to the last swab of the fluid, in minutes; `None` if it is not through in thirty days.
    pub swabbing_ends_min: Option<f64>,
    /// From the opening to the last result of the fluid, in minutes.
    pub results_end_min: Option<f64>,
    /// Sites to which people of the round come.
    pub sites: u32,
    /// Their lanes.
    pub lanes: u32,
    /// Swabbers at these lanes, and of teams that visit, at one time.
    pub swabbers: u32,
    /// What teams that visit have to do.
    pub visits: Vec<Teams>,
}

/// What the teams of one visiting operation have to do, and what they can do.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Teams {
    /// Whose teams.
    pub site: SiteId,
    /// People to be visited.
    pub people: f64,
    /// Of these, how many an hour all teams together.
    pub per_hour: f64,
}

/// What one stage has to do, and what it can do.
#[derive(Clone, PartialEq, Debug)]
pub struct Load {
    /// Which stage.
    pub stage: Place,
    /// People (lanes) or tubes (laboratories).
    pub load: f64,
    /// Of these, how many an hour while it is staffed.
    pub per_hour: f64,
    /// Hours of work: load over capacity; for lanes those of the slowest site.
    pub hours: f64,
}

/// Where capacity is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// The lanes of all sites; the site is the slowest.
    Lanes(SiteId),
    /// A stage of a laboratory.
    Stage(LabId, StageId),
}

impl Arithmetic {
    /// The stage with most hours of work.
    pub fn binding(&self) -> Option<&Load> {
        self.loads
            .iter()
            .max_by(|one, other| order(one.hours, other.hours))
    }
}

/// The arithmetic of every round, each as if it were the only one.
pub fn arithmetic(model: &Model) -> Vec<Arithmetic> {
    let foreseen = Foreseen::of(model);
    model
        .rounds
        .ids()
        .map(|round| of_round(model, &foreseen, round))
        .collect()
}

/// The people of one site in one round.
#[derive(Clone, Copy, Debug)]
struct Share {
    site: SiteId,
    people: f64,
    tubes: f64,
    /// Cells they live in.
    cells: f64,
}

fn of_round(model: &Model, foreseen: &Foreseen, id: RoundId) -> Arithmetic {
    let round = &model.rounds[id];
    let due: f64 = round
        .cells
        .iter()
        .map(|&cell| f64::from(model.cells[cell].due()))
        .sum();
    let turnout = match &round.turnout {
        Turnout::Swabbed(number) => (f64::from(number.value) / due.max(1.0)).min(1.0),
        Turnout::Share(share) => share.value.0,
    };
    let shares = shares(model, round, turnout);
    let fluid = Fluid::of((model, foreseen), (id, round), &shares);
    let count = |of: &dyn Fn(&Site) -> u32| {
        shares
            .iter()
            .map(|share| of(&model.sites[share.site]))
            .sum()
    };
    Arithmetic {
        round: id,
        due,
        people: shares.iter().map(|share| share.people).sum(),
        tubes: shares.iter().map(|share| share.tubes).sum(),
        loads: loads((model, foreseen), id, &shares),
        swabbing_ends_min: fluid.swabbing_ends,
        results_end_min: fluid.results_end,
        sites: count(&|site| u32::from(site.visits.is_none())),
        lanes: count(&|site| {
            if site.visits.is_none() {
                site.lanes.value
            } else {
                0
            }
        }),
        swabbers: count(&|site| site.lanes.value.saturating_mul(site.crew.swabbers)),
        visits: shares
            .iter()
            .filter(|share| model.sites[share.site].visits.is_some())
            .map(|share| Teams {
                site: share.site,
                people: share.people,
                per_hour: on_average((model, foreseen), id, *share),
            })
            .collect(),
    }
}

/// Who comes to which site, and how many tubes that makes.
fn shares(model: &Model, round: &Round, turnout: f64) -> Vec<Share> {
    let none = |site| Share {
        site,
        people: 0.0,
        tubes: 0.0,
        cells: 0.0,
    };
    let mut by_site: Vec<Share> = model.sites.ids().map(none).collect();
    let cells = round.cells.iter().zip(&round.tiers).zip(&round.places);
    for ((&cell, &tier), place) in cells {
        let due = model.cells[cell].due();
        let visited = place.visited.map_or(0, |(people, _)| people.min(due));
        let at_home = place.visited.map(|(people, site)| (people.min(due), site));
        for (people, site) in [Some((due - visited, place.site)), at_home]
            .into_iter()
            .flatten()
        {
            let people = f64::from(people) * turnout * keeping(&model.sites[site], round);
            let share = &mut by_site[site.index()];
            share.people += people;
            share.tubes += people / people_per_tube(&model.sites[site], tier);
            share.cells += 1.0;
        }
    }
    by_site.retain(|share| share.people > 0.0);
    by_site
}

/// Of those who would come to a site, the share who do: with slots not all do, but where those who come are counted.
fn keeping(site: &Site, round: &Round) -> f64 {
    match (&site.crowd.booking, &round.turnout) {
        (Some(booking), Turnout::Share(_)) => {
            1.0 - (1.0 - booking.walk_in.value.0) * booking.no_show.value.0
        }
        _ => 1.0,
    }
}

/// People in a tube of a tier when it is as full as it may be.
fn people_per_tube(site: &Site, tier: Tier) -> f64 {
    let most = site.tubes.pool[tier as usize].most().value.max(1);
    let (true, Some(sizes)) = (site.has_household_tubes(tier), &site.crowd.households) else {
        return f64::from(most);
    };
    let tubes: f64 = (1_u32..)
        .zip(&sizes.0)
        .map(|(size, share)| f64::from(size.div_ceil(most)) * share)
        .sum();
    sizes.mean() / tubes
}

/// People an hour that a site can swab, on average while it is open.
fn on_average((model, foreseen): (&Model, &Foreseen), round: RoundId, share: Share) -> f64 {
    let site = &model.sites[share.site];
    let place = foreseen.place(site, (round, share.site));
    site_per_hour(site, share, &place.on_average())
}

/// People an hour that a site can swab with so many of its lanes open.
fn site_per_hour(site: &Site, share: Share, manned: &Manned) -> f64 {
    let people_per_tube = share.people / share.tubes;
    let lanes = manned.lanes;
    let change = site.tubes.change.hours() / people_per_tube.max(1.0);
    let visiting = site.visits.as_ref().map_or(0.0, |visits| {
        // From door to door all teams come to each cell; at a stop there is one of them.
        let (teams, sizes) = match visits.unit {
            Unit::Household => (lanes, site.crowd.households.as_ref()),
            Unit::Cell => (1.0, None),
        };
        let household = site.stations[0].per_household.as_ref();
        let door = household.map_or(0.0, |time| time.nominal().hours());
        let stop = visits.travel.nominal().hours() + visits.setup.nominal().hours();
        door / sizes.map_or(1.0, Sizes::mean) + stop * share.cells * teams / share.people
    });
    let last = site.stations.len().saturating_sub(1);
    let each = site.stations.iter().enumerate().map(|(index, station)| {
        // The last station is the swab, where the tube is changed.
        let more = if index == last {
            change + visiting
        } else {
            0.0
        };
        let paper = station.paper.as_ref().map_or(0.0, |paper| {
            paper.share.value.0 * paper.more.nominal().hours()
        });
        let hours = (station.service.nominal().hours() + paper) * manned.times(index) + more;
        let servers = f64::from(station.servers)
            * if station.scope == Scope::Lane {
                lanes
            } else {
                1.0
            };
        servers / hours
    });
    each.fold(f64::INFINITY, f64::min)
}

fn loads((model, foreseen): (&Model, &Foreseen), id: RoundId, shares: &[Share]) -> Vec<Load> {
    let mut loads = Vec::new();
    let rates: Vec<_> = shares
        .iter()
        .map(|share| on_average((model, foreseen), id, *share))
        .collect();
    let hours = |index: usize| shares[index].people / rates[index];
    if let Some(slowest) = (0..shares.len()).max_by(|&one, &other| order(hours(one), hours(other)))
    {
        let people = shares.iter().map(|share| share.people).sum();
        let stage = Place::Lanes(shares[slowest].site);
        loads.push(Load {
            stage,
            load: people,
            per_hour: rates.iter().sum(),
            hours: hours(slowest),
        });
    }
    for (lab, entry) in model.labs.iter() {
        let tubes: f64 = shares
            .iter()
            .filter(|share| lab_of(model, share.site) == Some(lab))
            .map(|share| share.tubes)
            .sum();
        if tubes <= 0.0 {
            continue;
        }
        for (index, stage) in entry.stages.iter().enumerate() {
            if let Some(per_hour) = stage_per_hour(stage) {
                let per_hour = per_hour + others_per_hour(model, lab);
                let stage = Place::Stage(lab, StageId::from_index(index));
                loads.push(Load {
                    stage,
                    load: tubes,
                    per_hour,
                    hours: tubes / per_hour,
                });
            }
        }
    }
    loads
}

fn courier_of(model: &Model, site: SiteId) -> Option<CourierId> {
    model
        .couriers
        .iter()
        .find(|(_, courier)| courier.sites.contains(&site))
        .map(|(id, _)| id)
}

fn lab_of(model: &Model, site: SiteId) -> Option<LabId> {
    courier_of(model, site).map(|courier| model.couriers[courier].to)
}

/// Tubes an hour that a stage can take with everybody on duty; `None` where nothing limits it.
fn stage_per_hour(stage: &Stage) -> Option<f64> {
    match &stage.work {
        Work::Workers { crews, per_tube } => {
            Some(f64::from(LabCrew::most(crews)) / per_tube.nominal().hours())
        }
        Work::Machines {
            machines,
            capacity,
            run,
            fleet,
            hands,
            crews,
            ..
        } => {
            let machines = f64::from(fleet.all(machines.value)) * fleet.up();
            let (taken, by_people) = labor(hands.as_deref(), LabCrew::most(crews));
            let runs = (machines / (run.nominal() + taken).hours()).min(by_people);
            Some(f64::from(capacity.value) * runs)
        }
        Work::Delay { .. } | Work::Upload { .. } => None,
    }
}

/// Tubes an hour that laboratories can take to which this one sends on, as if they had nothing else to do: no less than they do.
fn others_per_hour(model: &Model, lab: LabId) -> f64 {
    let next = |lab: &LabId| {
        let overflow = model.labs[*lab].overflow.as_ref();
        overflow.map(|overflow| overflow.to)
    };
    let others = std::iter::successors(next(&lab), next);
    let slowest = |lab: LabId| {
        let stages = model.labs[lab].stages.iter().filter_map(stage_per_hour);
        stages.fold(f64::INFINITY, f64::min)
    };
    others.map(slowest).sum()
}

/// How long people are at a run, and how many runs an hour so many of them get through.
fn labor(hands: Option<&Hands>, people: u32) -> (Span, f64) {
    hands.map_or((Span::ZERO, f64::INFINITY), |hands| {
        let pairs = f64::from(people / hands.people.max(1));
        (hands.nominal(), pairs / hands.nominal().hours())
    })
}

/// The round as a fluid, minute by minute from its opening.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Fluid {
    swabbing_ends: Option<f64>,
    results_end: Option<f64>,
}

impl Fluid {
    fn of(
        (model, foreseen): (&Model, &Foreseen),
        (id, round): (RoundId, &Round),
        shares: &[Share],
    ) -> Self {
        let mut inflow = vec![Vec::new(); model.labs.len()];
        let mut swabbing_ends = Some(0.0);
        for share in shares {
            let (ends, deliveries) = swab((model, foreseen), (id, round), *share);
            swabbing_ends = swabbing_ends
                .zip(ends)
                .map(|(one, other)| f64::max(one, other));
            if let Some(lab) = lab_of(model, share.site) {
                inflow[lab.index()].extend(deliveries);
            }
        }
        let ends = model
            .labs
            .iter()
            .zip(inflow)
            .filter(|(_, deliveries)| !deliveries.is_empty());
        let ends = ends.map(|((lab, entry), deliveries)| {
            let others = others_per_hour(model, lab) / 60.0;
            let feeds = feeds_per_min(model, lab) - others;
            test(entry, feeds, round.opens, &deliveries)
        });
        let results_end = ends.fold(swabbing_ends, |latest, end| {
            latest.zip(end).map(|(one, other)| f64::max(one, other))
        });
        Self {
            swabbing_ends,
            results_end,
        }
    }
}

/// When a site has swabbed its people, and which tubes are at the laboratory's door in which minute.
fn swab(
    (model, foreseen): (&Model, &Foreseen),
    (id, round): (RoundId, &Round),
    share: Share,
) -> (Option<f64>, Vec<(usize, f64)>) {
    let site = &model.sites[share.site];
    let ready = round.ordered.map_or(round.opens, |ordered| {
        round.opens.max(ordered + model.setup(site))
    });
    let serves_on = site.hours.at_close == AtClose::Serve;
    let place = foreseen.place(site, (id, share.site));
    let mut visits = Visits::of(model, share.site);
    let (mut swabbed, mut taken, mut ends) = (0.0, 0.0, None);
    let mut deliveries = Vec::new();
    for minute in 0..HORIZON_MIN {
        let now = at(round.opens, minute);
        while let Some((_, transit)) = visits.take(minute) {
            if swabbed > taken {
                deliveries.push((
                    minute + transit,
                    (swabbed - taken) / share.people * share.tubes,
                ));
                taken = swabbed;
            }
        }
        if ends.is_some() && (taken >= swabbed || visits.never()) {
            break;
        }
        if ends.is_none() && now >= ready && (now < round.closes || serves_on) && is_open(site, now)
        {
            let per_min = site_per_hour(site, share, &place.at(now)) / 60.0;
            swabbed = (swabbed + per_min).min(share.people);
            if swabbed >= share.people {
                ends = Some(minute as f64 + 1.0);
            }
        }
    }
    (ends, deliveries)
}

fn at(opens: Time, minute: usize) -> Time {
    opens + Span::MINUTE * i64::try_from(minute).unwrap_or(0)
}

/// Whether the site swabs: in its hours, and where whoever came is served also on from the close to the next opening.
fn is_open(site: &Site, now: Time) -> bool {
    let now = now.time_of_day();
    let open = &site.hours.open;
    let serves_on = site.hours.at_close == AtClose::Serve;
    let last = open.len().saturating_sub(1);
    open.iter().enumerate().any(|(index, &(from, to))| {
        let next_day = open[0].0 + Span::DAY;
        let to = if serves_on && index == last {
            to.max(next_day)
        } else {
            to
        };
        from <= now && now < to || now + Span::DAY < to
    })
}

/// The moments at which a courier takes what a site has, in minutes after the opening.
#[derive(Clone, Copy, Debug)]
struct Visits {
    next: Option<f64>,
    every: f64,
    transit: f64,
}

impl Visits {
    fn of(model: &Model, site: SiteId) -> Self {
        let Some(id) = courier_of(model, site) else {
            return Self {
                next: None,
                every: 1.0,
                transit: 0.0,
            };
        };
        let courier = &model.couriers[id];
        let every = courier.every.value.minutes().max(1.0);
        match &courier.route {
            Route::Direct => {
                let first = courier.first + model.sites[site].pickup_offset;
                let transit = courier.per_stop + courier.road.nominal();
                Self {
                    next: Some(first.minutes()),
                    every,
                    transit: transit.minutes(),
                }
            }
            Route::Loop { vehicles, leg } => {
                let place = courier
                    .sites
                    .iter()
                    .position(|&other| other == site)
                    .unwrap_or(0);
                let before = place / vehicles.value.max(1) as usize;
                let to_stop = leg.nominal().minutes() * (before as f64 + 1.0)
                    + courier.per_stop.minutes() * before as f64;
                let tour = tour_share(courier).unwrap_or(0.0) * courier.every.value.minutes();
                Self {
                    next: Some(courier.first.minutes() + to_stop),
                    every: every.max(tour),
                    transit: (tour - to_stop).max(0.0),
                }
            }
        }
    }

    /// The visit that is due in this minute or before, with the minutes from there to the laboratory.
    fn take(&mut self, minute: usize) -> Option<(f64, usize)> {
        let next = self.next.filter(|&next| next <= minute as f64)?;
        self.next = Some(next + self.every);
        Some((next, self.transit.round() as usize))
    }

    const fn never(self) -> bool {
        self.next.is_none()
    }
}

/// Tubes a minute that come to a laboratory from elsewhere.
fn feeds_per_min(model: &Model, lab: LabId) -> f64 {
    let feeds = model.feeds.values().filter(|feed| feed.to == lab);
    feeds
        .map(|feed| match &feed.arrivals {
            FeedArrivals::Poisson(rate) => rate.value.0 / 60.0,
            FeedArrivals::Every(interval) => 1.0 / interval.value.minutes().max(1e-6),
            // On a day of the protocol, over the whole of it.
            FeedArrivals::Contacts { people, .. } => {
                people
                    .iter()
                    .map(|people| f64::from(people.value))
                    .sum::<f64>()
                    / 1_440.0
            }
        })
        .sum()
}

/// When a laboratory has published what is delivered, in minutes after the opening. Tubes from elsewhere go first.
fn test(lab: &Lab, feeds_per_min: f64, opens: Time, deliveries: &[(usize, f64)]) -> Option<f64> {
    let total: f64 = deliveries.iter().map(|(_, tubes)| tubes).sum();
    let ready = (0..HORIZON_MIN).find(|&minute| at(opens, minute) >= Time::ZERO + lab.ready)?;
    let mut flow = vec![0.0; HORIZON_MIN];
    for &(minute, tubes) in deliveries {
        *flow.get_mut(minute.max(ready))? += tubes;
    }
    for stage in &lab.stages {
        flow = pass(stage, feeds_per_min, opens, &flow);
    }
    let through: f64 = flow.iter().sum();
    // What is not through by the horizon never shows.
    (through >= total * (1.0 - 1e-9))
        .then(|| flow.iter().rposition(|&tubes| tubes > total * 1e-9))
        .flatten()
        .map(|minute| minute as f64)
}

/// What comes out of a stage each minute.
fn pass(stage: &Stage, feeds_per_min: f64, opens: Time, flow: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; flow.len()];
    let mut put = |minute: usize, tubes: f64| {
        if let Some(place) = out.get_mut(minute) {
            *place += tubes;
        }
    };
    let mut waiting = 0.0;
    for (minute, tubes) in flow.iter().enumerate() {
        waiting += tubes;
        if waiting <= 0.0 {
            continue;
        }
        let time_of_day = at(opens, minute).time_of_day();
        let (most, later) = match &stage.work {
            Work::Workers { crews, per_tube } => {
                let each = per_tube.nominal().minutes();
                (f64::from(LabCrew::on_duty(crews, time_of_day)) / each, each)
            }
            Work::Machines {
                machines,
                capacity,
                run,
                crews,
                fleet,
                hands,
                ..
            } => {
                let people = LabCrew::on_duty(crews, time_of_day);
                let staffed = crews.is_empty() || people > 0;
                let machines = fleet.there(machines.value, at(opens, minute));
                let (taken, by_people) = labor(hands.as_deref(), people);
                let each = (run.nominal() + taken).minutes();
                let runs = (machines / each).min(by_people / 60.0);
                let most = f64::from(capacity.value) * runs;
                (if staffed { most } else { 0.0 }, each)
            }
            Work::Delay { time } => (f64::INFINITY, time.nominal().minutes()),
            Work::Upload { every } => (f64::INFINITY, to_next(time_of_day, *every)),
        };
        let done = if most.is_finite() {
            waiting.min((most - feeds_per_min).max(0.0))
        } else {
            waiting
        };
        // What is left over by rounding is nothing.
        let done = if waiting - done < 1e-9 { waiting } else { done };
        put(minute + later.round() as usize, done);
        waiting -= done;
    }
    out
}

/// Minutes from a time of day to the next upload.
fn to_next(time_of_day: Span, every: Span) -> f64 {
    let every = every.millis().max(1);
    Span::from_millis((every - time_of_day.millis() % every) % every).minutes()
}

/// How often a courier comes and how long it is on the way, both in minutes.
pub fn courier(courier: &Courier) -> (f64, f64) {
    let every = courier.every.value.minutes();
    let transit = courier.per_stop + courier.road.nominal();
    (
        every,
        tour_share(courier).map_or_else(|| transit.minutes(), |share| share * every),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn first(model: &Model) -> Arithmetic {
        arithmetic(model).remove(0)
    }

    #[test]
    fn load_over_capacity_gives_the_hours_of_each_stage() {
        let arithmetic = first(&fixture::model());
        assert_eq!(
            (arithmetic.due, arithmetic.people, arithmetic.tubes),
            (3300.0, 3200.0, 320.0)
        );
        // Each lane: a minute a person and 40 seconds for every tenth, so 3600/64 an hour.
        let lanes = &arithmetic.loads[0];
        assert!((lanes.per_hour - 6.0 * 56.25).abs() < 1e-9);
        // The school's three lanes have 1,900 of the 3,300 due.
        assert!((lanes.hours - 1900.0 / 3300.0 * 3200.0 / 168.75).abs() < 1e-9);
        let pcr = &arithmetic.loads[2];
        assert!(
            (pcr.per_hour - 2.0 * 94.0 / 1.8).abs() < 1e-9
                && (pcr.hours - 320.0 / pcr.per_hour).abs() < 1e-12
        );
        assert_eq!(arithmetic.binding(), Some(lanes));
    }

    #[test]
    fn the_fluid_waits_for_the_lunch_break_and_the_van() {
        let mut model = fixture::model();
        for site in model.sites.values_mut() {
            site.lanes.value = 4;
        }
        let arithmetic = first(&model);
        // The school's 1,842.4 people at 225 an hour: 8 h 11.3 min and an hour of lunch.
        assert_eq!(arithmetic.swabbing_ends_min, Some(552.0));
        // The van is there at 120 k + 25 minutes: at 625; back after 20; a tube's receiving, 60, 108 and 20 minutes; then the queue.
        let earliest = 625.0 + 20.0 + 60.0 + 108.0 + 20.0;
        let end = arithmetic
            .results_end_min
            .expect("the laboratory gets through");
        assert!((earliest..earliest + 60.0).contains(&end), "{end}");

        // With two lanes 16.4 h of work at the school do not fit the 14 h before the close, but whoever came is served.
        for site in model.sites.values_mut() {
            site.lanes.value = 2;
        }
        assert_eq!(first(&model).swabbing_ends_min, Some(1043.0));
        for site in model.sites.values_mut() {
            site.hours.at_close = AtClose::SendHome;
        }
        let arithmetic = first(&model);
        assert_eq!(
            (arithmetic.swabbing_ends_min, arithmetic.results_end_min),
            (None, None)
        );
    }

    #[test]
    fn more_machines_never_finish_later() {
        let mut model = fixture::model();
        for site in model.sites.values_mut() {
            site.lanes.value = 8;
        }
        let ends: Vec<_> = (1..6)
            .map(|number| {
                for stage in model.labs.values_mut().flat_map(|lab| &mut lab.stages) {
                    if let Work::Machines { machines, .. } = &mut stage.work {
                        machines.value = number;
                    }
                }
                first(&model)
                    .results_end_min
                    .expect("the laboratory gets through")
            })
            .collect();
        assert!(
            ends.is_sorted_by(|one, other| one >= other) && ends[0] > ends[4],
            "{ends:?}"
        );
    }

    #[test]
    fn a_laboratory_without_crew_never_gets_through() {
        let mut model = fixture::model();
        for site in model.sites.values_mut() {
            site.lanes.value = 8;
        }
        for stage in model.labs.values_mut().flat_map(|lab| &mut lab.stages) {
            if let Work::Workers { crews, .. } = &mut stage.work {
                crews.clear();
            }
        }
        assert_eq!(first(&model).results_end_min, None);
    }
}
