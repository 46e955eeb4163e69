//! People at their site.

use super::blocking;
use super::crews;
use super::line::{self, Service};
use super::{Case, Findings, Person, Rule};
use std::collections::{BTreeMap, BTreeSet};
use swabplan::id::{Id, RoundId, SiteId};
use swabplan::model::Turnout;
use swabplan::model::coming::Coming;
use swabplan::model::incident::{Kind, What};
use swabplan::model::site::{AtClose, Next, Queue, Scope, Site};
use swabplan::network::incident::{Happening, Place};
use swabplan::sim::observer::Step;
use swabplan::sim::trace::StepRecord;
use swabplan::units::{Span, Window};

/// A stretch in which a site is open, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opening {
    pub(super) from: i64,
    pub(super) to: i64,
    /// Whether it is the last of its day.
    pub(super) last: bool,
}

/// What each person went through.
type People<'a> = BTreeMap<Person, Vec<&'a StepRecord>>;

pub(super) fn review(case: Case, findings: &mut Findings) {
    let mut people: People = BTreeMap::new();
    for record in &case.trace.steps {
        let person = (
            record.round,
            record.site,
            record.step.source,
            record.step.rank,
        );
        people.entry(person).or_default().push(record);
    }
    everyone(case, &people, findings);
    paths(case, &people, findings);
    // Households that are kept together are looked at as one.
    for (id, site) in case.model.sites.iter() {
        if !super::visits::together(case, id, site) {
            lines(case, id, &people, findings);
        }
    }
    littles_law(case, &people, findings);
}

/// Who came is due, and nobody twice.
fn everyone(case: Case, people: &People, findings: &mut Findings) {
    let mut heads: BTreeMap<(RoundId, u32), u32> = BTreeMap::new();
    let mut ranks = BTreeSet::new();
    for (round, site, came) in &case.trace.came {
        for ((source, entry), &count) in (0..).zip(sources(case, *round, *site)).zip(came) {
            *heads.entry((*round, entry.cell)).or_default() += count;
            let served =
                people.range((*round, *site, source, 0)..=(*round, *site, source, u32::MAX));
            let mut seen = 0;
            for (person, _) in served {
                seen += 1;
                let new = ranks.insert((*round, entry.cell, person.3));
                findings.unless(new, Rule::NobodyLost, || format!("{person:?} came twice"));
            }
            findings.unless(seen <= count, Rule::NobodyLost, || {
                format!("round {round:?}, {site:?}: {seen} were served of {count} who came")
            });
        }
    }
    for (id, round) in case.model.rounds.iter() {
        let all = matches!(&round.turnout, Turnout::Share(share) if share.range.is_none() && share.value.0 >= 1.0);
        for (position, &cell) in (0..).zip(&round.cells) {
            let (cell, place) = (&case.model.cells[cell], round.places[position as usize]);
            let count = heads.get(&(id, position)).copied().unwrap_or(0);
            if matches!(case.model.sites[place.site].coming, Coming::Poisson(_)) {
                continue;
            }
            let gone = case.trace.gone.iter();
            let mut gone = gone.filter(|(other, at, _)| (*other, *at) == (id, position));
            let confirmed = gone.next().map_or(0, |(.., people)| *people);
            let due = cell.due() + unforeseen(case, id, position) - confirmed;
            let booking = &case.model.sites[place.site].crowd.booking;
            let whole = all && booking.is_none();
            let fits = if whole { count == due } else { count <= due };
            findings.unless(fits, Rule::NobodyLost, || {
                format!(
                    "round {}: {count} came from {}, where {due} are due",
                    round.name.id, cell.name.id
                )
            });
        }
    }
}

/// People of a cell of a round whom nobody foresaw.
fn unforeseen(case: Case<'_>, id: RoundId, position: u32) -> u32 {
    let round = &case.model.rounds[id];
    let cell = round.cells[position as usize];
    let known = case.model.cells[cell].due();
    let incidents = case.model.incidents.iter();
    let mut numbers = incidents.filter_map(|incident| match &incident.what {
        What::People { more, .. } => Some(more),
        What::Site(_)
        | What::Road { .. }
        | What::Storm { .. }
        | What::Upload { .. }
        | What::Staff { .. }
        | What::Registration { .. }
        | What::Machine { .. }
        | What::Tubes { .. } => None,
    });
    if numbers.any(|more| more.range.is_some()) {
        // How many there are is a number drawn for this replication; of a cell that is not due there is nobody.
        let drawn = case.network.rounds[id].cells[position as usize].due;
        return drawn.map_or(0, |drawn| drawn.saturating_sub(known));
    }
    let due = f64::from(known);
    let more = case
        .model
        .incidents
        .iter()
        .zip(0..)
        .map(|(incident, number)| {
            let What::People { cells, more } = &incident.what else {
                return 0;
            };
            let window = happening(case, number);
            let held = round.opens <= window.start && window.start < round.closes;
            if held && cells.contains(&cell) {
                (due * more.value.0).round() as u32
            } else {
                0
            }
        });
    more.sum()
}

/// When people of a cell turn up whom nobody foresaw.
pub(super) fn unforeseen_in(case: Case, cell: swabplan::id::CellId) -> Vec<Window> {
    let incidents = case.model.incidents.iter().zip(0..);
    let here = incidents.filter(
        |(incident, _)| matches!(&incident.what, What::People { cells, .. } if cells.contains(&cell)),
    );
    here.map(|(_, number)| happening(case, number)).collect()
}

/// From when to when an incident of the scenario lasts, as drawn.
fn happening(case: Case<'_>, number: u32) -> Window {
    let own = |one: &&Happening| one.incident == Some(number);
    let found = case.network.incidents.iter().find(own);
    found.expect("every incident happens").window
}

/// When nothing may start at a site, in milliseconds.
pub(super) fn pauses(case: Case<'_>, site: SiteId) -> Vec<(i64, i64)> {
    let stated = case
        .model
        .incidents
        .iter()
        .zip(0..)
        .filter_map(|(incident, number)| {
            let closed = matches!(
                &incident.what,
                What::Site(sites) | What::Registration { sites, slower: None }
                    if sites.contains(&site)
            );
            closed.then(|| happening(case, number))
        });
    let happenings = case.network.incidents.iter();
    let drawn = happenings.filter(|one| one.kind == Kind::Site && one.place == Place::Site(site));
    let teams = case.network.disinfected.iter();
    let teams = teams.filter(|(other, _)| *other == site);
    stated
        .chain(drawn.map(|one| one.window))
        .chain(teams.map(|(_, window)| *window))
        .map(|window| (window.start.millis(), window.end.millis()))
        .collect()
}

fn sources(case: Case<'_>, round: RoundId, site: SiteId) -> &[swabplan::network::Source] {
    let place = case.network.rounds[round]
        .sites
        .iter()
        .find(|place| place.site == site);
    &place
        .expect("a site that speaks has people of the round")
        .sources
}

/// What a tube says of a person in it: from when to when at the site, and the lane.
type Entry = (i64, i64, u32);

/// Everyone goes from station to station to the tube, and stays in one lane.
fn paths(case: Case, people: &People, findings: &mut Findings) {
    let mut tubed: BTreeMap<Person, Entry> = BTreeMap::new();
    for record in &case.trace.tubes {
        for swab in &record.swabs {
            let person = (record.round, record.site, swab.source, swab.rank);
            let earlier = tubed.insert(person, (swab.arrival, swab.end, record.tube.lane));
            findings.unless(earlier.is_none(), Rule::NobodyLost, || {
                format!("{person:?} is in two tubes")
            });
            findings.unless(people.contains_key(&person), Rule::NobodyLost, || {
                format!("{person:?} is in a tube and was never served")
            });
        }
    }
    for (person, steps) in people {
        let mut steps: Vec<Step> = steps.iter().map(|record| record.step).collect();
        steps.sort_unstable_by_key(|step| (step.station, step.ready));
        if steps[steps.len() - 1].end <= case.network.stop.millis() {
            let site = &case.model.sites[person.1];
            path(site, person, &steps, findings);
            let last = steps[steps.len() - 1];
            // Someone may go away on the way, or stand before lanes to which nobody comes any more.
            let gone = leaves(site, last.station)
                || (site.stations[last.station as usize].scope == Scope::Site
                    && crews::all_gone(case, person.0, person.1, there(site, &last)));
            if gone && !tubed.contains_key(person) {
                continue;
            }
            tube_of(
                &case.model.sites[person.1],
                person,
                &steps,
                tubed.get(person).copied(),
                findings,
            );
        }
    }
}

/// When someone is at the next station.
fn there(site: &Site, step: &Step) -> i64 {
    step.end + site.stations[step.station as usize].walk.millis()
}

/// One person from the door to the swab.
fn path(site: &Site, person: &Person, steps: &[Step], findings: &mut Findings) {
    let stations: Vec<u32> = steps.iter().map(|step| step.station).collect();
    let whole = stations.first() == Some(&0)
        && stations
            .windows(2)
            .all(|pair| goes_on(site, pair[0], pair[1]));
    findings.unless(whole, Rule::NobodyLost, || {
        format!("{person:?} was at stations {stations:?}")
    });
    for step in steps {
        findings.unless(
            step.ready <= step.start && step.start <= step.end,
            Rule::Causality,
            || format!("{person:?}: {step:?}"),
        );
    }
    for pair in steps.windows(2) {
        findings.unless(
            there(site, &pair[0]) == pair[1].ready,
            Rule::Causality,
            || {
                format!(
                    "{person:?} leaves a station at {} and is at the next at {}",
                    pair[0].end, pair[1].ready
                )
            },
        );
    }
}

/// Whether a way leads from a station to another: to the next, unless all go elsewhere, or to one that is named.
fn goes_on(site: &Site, from: u32, to: u32) -> bool {
    let named = &site.stations[from as usize].next;
    let all: f64 = named.iter().map(|(_, share)| share.value.0).sum();
    (to == from + 1 && all < 1.0)
        || named
            .iter()
            .any(|(next, _)| *next == Next::Station(to as usize))
}

/// Whether someone may leave from a station without a swab.
fn leaves(site: &Site, station: u32) -> bool {
    let named = &site.stations[station as usize].next;
    named.iter().any(|(next, _)| *next == Next::Leave)
}

/// The person's swab is in one tube of the lane, which tells the same of the person.
fn tube_of(
    site: &Site,
    person: &Person,
    steps: &[Step],
    tube: Option<Entry>,
    findings: &mut Findings,
) {
    let lanes: BTreeSet<u32> = steps
        .iter()
        .filter_map(|step| lane(site, step.station, step.server))
        .collect();
    let in_lane = site
        .stations
        .iter()
        .any(|station| station.scope == Scope::Lane);
    findings.unless(
        lanes.len() == usize::from(in_lane),
        Rule::OneAtATime,
        || format!("{person:?} was in lanes {lanes:?}"),
    );
    let Some((arrival, end, tube_lane)) = tube else {
        findings.add(
            Rule::NobodyLost,
            format!("{person:?} was swabbed into no tube"),
        );
        return;
    };
    let (from, to) = (steps[0].ready, steps[steps.len() - 1].end);
    findings.unless((arrival, end) == (from, to), Rule::Causality, || {
        format!("{person:?} is at the site from {from} to {to}, the tube says {arrival} to {end}")
    });
    let own = site.tubes.scope == Scope::Site || lanes.contains(&tube_lane);
    findings.unless(own, Rule::Tubes, || {
        format!("{person:?} of lane {lanes:?} is in a tube of lane {tube_lane}")
    });
}

/// The lane of a server, if its station is of the lane.
fn lane(site: &Site, station: u32, server: u32) -> Option<u32> {
    let station = site.stations.get(station as usize)?;
    (station.scope == Scope::Lane)
        .then(|| server.checked_div(station.servers))
        .flatten()
}

/// Who stood in a line, and when they could have been served and waited.
#[derive(Default)]
struct Line {
    services: Vec<Service>,
    /// The same, each ready when it could first be served.
    could: Vec<Service>,
    waits: Vec<(i64, i64)>,
}

/// The hours of a server that is always there.
fn always() -> crews::Hours {
    vec![(i64::MIN, i64::MAX)]
}

/// The rules of each line of a site.
fn lines(case: Case, id: SiteId, people: &People, findings: &mut Findings) {
    let (site, lanes) = (&case.model.sites[id], case.network.sites[id].lanes);
    let entry = site
        .stations
        .iter()
        .position(|station| station.scope == Scope::Lane)
        .unwrap_or(site.stations.len());
    let crews = crews::hours(case, id);
    for (index, station) in site.stations.iter().enumerate() {
        let split = index > entry || (index == entry && site.queue == Queue::PerLane);
        let servers = station.servers
            * if split || station.scope == Scope::Site {
                1
            } else {
                lanes
            };
        // By lane, or all together.
        let mut by_number: BTreeMap<u32, Line> = BTreeMap::new();
        for (service, waits) in services(case, id, index, people, findings) {
            let there = split.then(|| lane(site, index as u32, service.server));
            let number = there.flatten().unwrap_or(0);
            let line = by_number.entry(number).or_default();
            let service = Service {
                server: service.server - number * servers,
                ..service
            };
            line.services.push(service);
            // Who comes after the close waits for the next day only.
            line.could.push(Service {
                ready: waits.first().map_or(service.start, |wait| wait.0),
                ..service
            });
            line.waits.extend(waits);
        }
        for (number, line) in by_number {
            let (services, could, waits) = (line.services, line.could, line.waits);
            let name = format!("{} {} line {number}", site.name.id, station.id);
            line::one_at_a_time(&services, servers, &name, findings);
            // Lanes that have a crew take people over from the lines of those that have none.
            if crews.is_some() && ((split && index == entry) || crews::runs_over(case, id)) {
                continue;
            }
            for first in [true, false] {
                let rank: Vec<Service> = services
                    .iter()
                    .copied()
                    .filter(|service| service.first == first)
                    .collect();
                line::first_come(&rank, &name, findings);
            }
            line::priority(&could, &name, findings);
            let hours = crews.as_ref().filter(|_| index == entry);
            let hours = hours.map_or_else(
                || vec![always(); servers as usize],
                |lanes| {
                    let of_server =
                        |server: u32| lanes[(server / station.servers) as usize].clone();
                    (0..servers).map(of_server).collect()
                },
            );
            line::longest_free(&services, &hours, &name, findings);
            let mut busy = services.clone();
            busy.extend(crews::away(&services, &hours));
            line::no_idling(&busy, &waits, servers, &name, findings);
        }
    }
}

/// The services of a station, all in its hours, with the stretches in which the person could have been served and waited.
fn services(
    case: Case,
    id: SiteId,
    station: usize,
    people: &People,
    findings: &mut Findings,
) -> Vec<(Service, Vec<(i64, i64)>)> {
    let site = &case.model.sites[id];
    let openings: BTreeMap<RoundId, Vec<Opening>> = case
        .model
        .rounds
        .ids()
        .map(|round| (round, openings(case, round, id)))
        .collect();
    let pauses = pauses(case, id);
    let left = blocking::left(case, id);
    let here = case
        .trace
        .steps
        .iter()
        .filter(|record| record.site == id && record.step.station as usize == station);
    here.map(|record| {
        let step = record.step;
        let person = (record.round, record.site, step.source, step.rank);
        let arrival = people[&person]
            .iter()
            .map(|record| record.step.ready)
            .min()
            .unwrap_or(step.ready);
        let hours = Hours {
            pauses: &pauses,
            openings: &openings[&record.round],
            arrival,
            door: station == 0,
            close: site.hours.at_close,
        };
        let first_of_lane = |station: usize| {
            let mut before = site.stations[..station].iter();
            before.all(|station| station.scope == Scope::Site)
        };
        if let Some(lane) = lane(site, step.station, step.server).filter(|_| first_of_lane(station))
        {
            crews::on_duty(case, record, lane as usize, findings);
        }
        findings.unless(hours.allow(step.start), Rule::OnDuty, || {
            format!(
                "{person:?} is served at {} when the site is closed",
                step.start
            )
        });
        // Who is early stands at the gate until the round opens, while the one before goes on.
        let opens = openings[&record.round]
            .first()
            .map_or(i64::MIN, |opening| opening.from);
        let ready = if station == 0 {
            step.ready.max(opens)
        } else {
            step.ready
        };
        (
            Service {
                ready,
                start: step.start,
                // Who finds no room before the next station stays.
                end: left.get(&(person, step.end)).copied().unwrap_or(step.end),
                server: step.server,
                first: step.first,
            },
            hours.waits(step.ready, step.start),
        )
    })
    .collect()
}

/// When a site is open in a round, as its model says.
pub(super) fn openings(case: Case, id: RoundId, site: SiteId) -> Vec<Opening> {
    let (round, hours) = (&case.model.rounds[id], &case.model.sites[site].hours);
    let ready = round
        .ordered
        .map_or(round.opens, |ordered| {
            round
                .opens
                .max(ordered + ready_after(case, id, hours.setup))
        })
        .millis();
    let closes = round.closes.millis();
    let mut found: Vec<Opening> = Vec::new();
    let mut midnight = round.opens.midnight().millis() - Span::DAY.millis();
    while midnight < closes {
        for (index, (from, to)) in hours.open.iter().enumerate() {
            let (from, to) = (
                (midnight + from.millis()).max(ready),
                (midnight + to.millis()).min(closes),
            );
            let last = index + 1 == hours.open.len() || to == closes;
            if from >= to {
                continue;
            }
            match found.last_mut().filter(|before| before.to >= from) {
                Some(before) => {
                    *before = Opening {
                        from: before.from,
                        to: to.max(before.to),
                        last,
                    }
                }
                None => found.push(Opening { from, to, last }),
            }
        }
        midnight += Span::DAY.millis();
    }
    found
}

/// How long after the order a site can begin: how long each step takes is drawn, what comes after what is not.
fn ready_after(case: Case, id: RoundId, setup: Span) -> Span {
    let steps = &case.model.readiness;
    if steps.is_empty() {
        return setup;
    }
    let drawn = &case.network.rounds[id].readiness;
    let mut done: Vec<Span> = Vec::new();
    for (step, drawn) in steps.iter().zip(drawn) {
        let begun = step.after.iter().map(|&before| done[before]).max();
        let begun = begun.unwrap_or(Span::ZERO);
        done.push(if step.takes.range.is_none() {
            begun + step.takes.value
        } else {
            drawn.after_order
        });
    }
    done.into_iter().max().unwrap_or(Span::ZERO)
}

/// When someone may be served.
pub(super) struct Hours<'a> {
    /// When nothing starts.
    pub(super) pauses: &'a [(i64, i64)],
    pub(super) openings: &'a [Opening],
    pub(super) arrival: i64,
    /// Whether it is the first station.
    pub(super) door: bool,
    pub(super) close: AtClose,
}

impl Hours<'_> {
    /// Whether a service of this person may start at a moment.
    pub(super) fn allow(&self, moment: i64) -> bool {
        if self
            .pauses
            .iter()
            .any(|(from, to)| (*from..*to).contains(&moment))
        {
            return false;
        }
        let Some(opening) = self
            .openings
            .iter()
            .rev()
            .find(|opening| opening.from <= moment)
        else {
            return false;
        };
        moment < opening.to || self.after(opening)
    }

    /// Whether the person is served after the end of an opening.
    fn after(&self, opening: &Opening) -> bool {
        opening.last && (!self.door || (self.arrival < opening.to && self.close == AtClose::Serve))
    }

    /// The parts of a wait in which the person could be served.
    pub(super) fn waits(&self, ready: i64, start: i64) -> Vec<(i64, i64)> {
        let part = |(index, opening): (usize, &Opening)| {
            let next = self
                .openings
                .get(index + 1)
                .map_or(i64::MAX, |next| next.from);
            let to = if self.after(opening) {
                next
            } else {
                opening.to
            };
            (ready.max(opening.from), start.min(to))
        };
        let mut parts: Vec<(i64, i64)> = self.openings.iter().enumerate().map(part).collect();
        for &(from, to) in self.pauses {
            parts = parts
                .into_iter()
                .flat_map(|part| [(part.0, part.1.min(from)), (part.0.max(to), part.1)])
                .filter(|(from, to)| from < to)
                .collect();
        }
        parts.retain(|(from, to)| from < to);
        parts
    }
}

/// Counts heads over time at each site and compares with what the tubes say about each person.
fn littles_law(case: Case, people: &People, findings: &mut Findings) {
    let mut changes: BTreeMap<(RoundId, SiteId), Vec<(i64, i64)>> = BTreeMap::new();
    let swabbed: BTreeSet<Person> = case
        .trace
        .tubes
        .iter()
        .flat_map(|record| {
            let person = |swab: &swabplan::sim::tubes::Swab| {
                (record.round, record.site, swab.source, swab.rank)
            };
            record.swabs.iter().map(person)
        })
        .collect();
    for (person, steps) in people.iter().filter(|(person, _)| swabbed.contains(person)) {
        let arrival = steps
            .iter()
            .map(|record| record.step.ready)
            .min()
            .unwrap_or(0);
        let end = steps
            .iter()
            .map(|record| record.step.end)
            .max()
            .unwrap_or(0);
        if end <= case.network.stop.millis() {
            changes
                .entry((person.0, person.1))
                .or_default()
                .extend([(arrival, 1), (end, -1)]);
        }
    }
    for ((round, site), mut changes) in changes {
        changes.sort_unstable();
        let (mut heads, mut since, mut area) = (0, changes[0].0, 0);
        for (at, change) in changes {
            area += heads * (at - since);
            (heads, since) = (heads + change, at);
        }
        let tubes = case
            .trace
            .tubes
            .iter()
            .filter(|record| (record.round, record.site) == (round, site));
        let told: i64 = tubes
            .flat_map(|record| &record.swabs)
            .map(|swab| swab.end - swab.arrival)
            .sum();
        findings.unless(area == told, Rule::LittlesLaw, || {
            format!(
                "round {}, {site:?}: {area} by counting heads, {told} by asking people",
                round.index()
            )
        });
    }
}
