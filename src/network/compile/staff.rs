//! Who works at the lanes of a round when, and how fast by the clock.

use super::super::duty::Opening;
use super::super::muster::{Muster, Pool, Wanted};
use super::super::roster::{Roster, Rules, Tempo, mean_times, overlap};
use super::visits::Party;
use super::{Compiler, in_2_32};
use crate::id::{RoundId, SiteId};
use crate::model::site::{AtClose, Scope, Site};
use crate::model::staff::{self, Role};
use crate::random::name;
use crate::units::{Span, Time, Window};

/// Beyond the last close the tempo is worked out for so long.
pub(super) const LONGEST_QUEUE: Span = Span::from_millis(2 * 86_400_000);

/// A site that has people of a round.
pub(super) struct Place<'a> {
    pub(super) id: SiteId,
    pub(super) openings: Vec<Opening>,
    pub(super) parties: &'a [Party],
}

/// The crews of a round.
pub(super) struct Crews {
    /// How people are shared out, if crews come from pools.
    pub(super) muster: Option<Muster>,
    /// By site: its crews as far as they can be foreseen; none where every lane has its own all along.
    pub(super) rosters: Vec<Option<Roster>>,
    /// By site and lane: when its crew is missing, which nobody foresees; empty where none ever is.
    pub(super) gone: Vec<Vec<Vec<Window>>>,
}

impl Compiler<'_> {
    /// The crews of the sites of a round.
    pub(super) fn crews(&self, id: RoundId, places: &[Place]) -> Crews {
        let staff = &self.model.staff;
        let mut rosters = vec![None; places.len()];
        let mut gone = vec![Vec::new(); places.len()];
        let works = |place: &Place| {
            self.has_crews(place.id) && (staff.comes_and_goes() || self.may_be_short(place.id))
        };
        let fixed = (0..).zip(places).filter(|(_, place)| works(place));
        let wanted: Vec<Wanted> = fixed
            .map(|(number, place)| Wanted {
                place: number,
                lanes: self.now(&self.model.sites[place.id].lanes),
                tier: self.strictest(id, place.parties),
                rules: self.rules(place),
            })
            .collect();
        if staff.pools.is_empty() {
            self.gone(places, &wanted, &mut gone);
            for site in wanted {
                rosters[site.place as usize] = Some(site.rules.roster(site.lanes, None));
            }
            return Crews {
                muster: None,
                rosters,
                gone,
            };
        }
        let mut muster = self.muster(id, places, wanted);
        for (place, roster) in muster.rosters(&muster.expected()) {
            rosters[place as usize] = Some(roster);
        }
        muster.missing = self.missing();
        Crews {
            muster: Some(muster),
            rosters,
            gone,
        }
    }

    /// Whether the lanes of a site are worked by crews; teams that visit are their own.
    pub(super) fn has_crews(&self, site: SiteId) -> bool {
        self.model.sites[site].visits.is_none()
    }

    fn strictest(&self, id: RoundId, parties: &[Party]) -> usize {
        let tiers = &self.model.rounds[id].tiers;
        let tier = |party: &Party| tiers[party.position()] as usize;
        parties.iter().map(tier).max().unwrap_or(0)
    }

    /// How the lanes of a site are worked when they have a crew.
    fn rules(&self, place: &Place) -> Rules {
        let (staff, site) = (&self.model.staff, &self.model.sites[place.id]);
        let openings = &place.openings;
        let serves = site.hours.at_close == AtClose::Serve;
        let mut open = Vec::with_capacity(openings.len());
        let mut stays = Vec::new();
        for (at, opening) in openings.iter().enumerate() {
            let mut end = opening.end;
            if opening.closes_day && serves {
                end = openings.get(at + 1).map_or(Time::NEVER, |next| next.start);
                stays.push(Window {
                    start: opening.end,
                    end,
                });
            }
            open.push(Window {
                start: opening.start,
                end,
            });
        }
        let days = openings.first().zip(openings.last());
        let shifts = days
            .filter(|_| !staff.shifts.is_empty())
            .map(|(first, last)| daily(&staff.shifts, first.start, last.end));
        Rules {
            open,
            stays,
            shifts,
            pause: staff.pause(),
            suit: staff.suits.map(|suits| suits.limit),
            dressing: staff
                .suits
                .map_or([Span::ZERO; 2], |suits| [suits.donning, suits.doffing]),
            relief: staff.suits.is_some_and(|suits| suits.relief),
        }
    }

    fn muster(&self, id: RoundId, places: &[Place], wanted: Vec<Wanted>) -> Muster {
        let staff = &self.model.staff;
        let crew = self.model.sites.values().find(|site| site.visits.is_none());
        let crew = crew.map_or([0; 3], |site| {
            let crew = site.crew;
            [crew.scanners, crew.swabbers, crew.guides]
        });
        // While one crew works in suits the next is dressed and waits.
        let crews = 1 + u32::from(staff.suits.is_some_and(|suits| suits.relief));
        let round = &self.model.rounds[id];
        let openings: Vec<Opening> = places
            .iter()
            .flat_map(|place| place.openings.iter().copied())
            .collect();
        let pools = staff.pools.iter().map(|pool| {
            let people = self.now(&pool.people);
            let absent = in_2_32(self.now(&pool.absent).0);
            let there = f64::from(people) * (1.0 - absent as f64 / 4_294_967_296.0);
            Pool {
                name: name(&format!("{}/{}", pool.name.id, round.name.id)),
                people,
                expected: there.round() as u32,
                absent,
                roles: Role::ALL.map(|role| pool.roles.contains(&role)),
                there: there_when(pool, staff.dressing(), &openings),
            }
        });
        Muster::new(pools.collect(), crew.map(|places| places * crews), wanted)
    }

    /// How many lanes of a site are open on average while it is.
    pub(super) fn lanes_open(&self, place: &Place, roster: Option<&Roster>) -> f64 {
        let lanes = f64::from(self.now(&self.model.sites[place.id].lanes).max(1));
        let Some(roster) = roster else {
            return lanes;
        };
        let open = windows(&place.openings);
        let hours: i64 = open.iter().map(|window| window.length().millis()).sum();
        let there: i64 = roster.lanes.iter().map(|lane| overlap(lane, &open)).sum();
        // Where nobody is expected at all, people are still called, for a tenth of a lane.
        (there as f64 / hours.max(1) as f64).max(0.1)
    }

    /// Mean times as long the services of a station take.
    pub(super) fn slower(place: &Place, tempo: &[Tempo], station: usize) -> f64 {
        if tempo.is_empty() {
            return 1.0;
        }
        mean_times(tempo, station, &windows(&place.openings))
    }

    /// How fast the stations of a site work by the clock.
    pub(super) fn tempo(&self, id: RoundId, place: &Place) -> Vec<Tempo> {
        let (staff, site) = (&self.model.staff, &self.model.sites[place.id]);
        let (Some(first), Some(last)) = (place.openings.first(), place.openings.last()) else {
            return Vec::new();
        };
        let learns = self.learns(id, place, site);
        if !self.has_crews(place.id) || (staff.by_hour.is_none() && learns.is_empty()) {
            return Vec::new();
        }
        let mut edges: Vec<Time> = vec![first.start];
        edges.extend(learns.iter().flat_map(|window| [window.start, window.end]));
        if staff.by_hour.is_some() {
            let mut hour = first.start.midnight();
            while hour < last.end + LONGEST_QUEUE {
                edges.push(hour);
                hour += Span::HOUR;
            }
        }
        edges.retain(|edge| *edge >= first.start);
        edges.sort_unstable();
        edges.dedup();
        let times = |from: Time| {
            let hour = from.time_of_day().millis().div_euclid(Span::HOUR.millis());
            let by_hour = staff.by_hour.map_or(1.0, |times| times[hour as usize]);
            let mut all = vec![by_hour; site.stations.len()];
            if let (Some(learning), Some(swab)) = (staff.learning, all.last_mut())
                && learns.iter().any(|window| window.contains(from))
            {
                *swab *= learning.times;
            }
            all
        };
        let mut tempo: Vec<Tempo> = Vec::new();
        for from in edges {
            let times = times(from);
            if tempo.last().is_none_or(|last| last.times != times) {
                tempo.push(Tempo { from, times });
            }
        }
        tempo
    }

    /// When crews are new to a site: for some time from the beginning of each shift on its first day.
    fn learns(&self, id: RoundId, place: &Place, site: &Site) -> Vec<Window> {
        let staff = &self.model.staff;
        let (Some(learning), Some(first)) = (staff.learning, place.openings.first()) else {
            return Vec::new();
        };
        let rounds = self.model.rounds.iter();
        let mut earlier = rounds.take_while(|(round, _)| *round < id);
        let was_there = |(id, round): (RoundId, &crate::model::Round)| {
            let places = round.places.iter().zip(self.covered(id));
            let mut here = places.filter(|(earlier, covered)| *covered && earlier.site == place.id);
            here.next().is_some()
        };
        if site.visits.is_some() || earlier.any(was_there) {
            return Vec::new();
        }
        let day = Window {
            start: first.start,
            end: first.start + Span::DAY,
        };
        let shifts = daily(&staff.shifts, day.start, day.end);
        let begins = shifts.iter().filter(|shift| shift.end > day.start);
        let mut begins: Vec<Time> = begins
            .map(|shift| shift.start.max(day.start))
            .filter(|begin| day.contains(*begin))
            .collect();
        if staff.shifts.is_empty() {
            begins.push(day.start);
        }
        let new = |start: Time| Window {
            start,
            end: start + learning.lasts,
        };
        begins.into_iter().map(new).collect()
    }
}

/// Whether lanes that fill one tube after another need the event loop, if crews come and go.
pub(super) fn needs_events(come_and_go: bool, site: &Site) -> bool {
    come_and_go && site.visits.is_none() && site.tubes.scope == Scope::Site
}

/// Hours of a day on every day from the one before `from` to the one after `to`; stretches that overlap are one.
fn daily(hours: &[(Span, Span)], from: Time, to: Time) -> Vec<Window> {
    let mut windows = Vec::new();
    let mut day = from.midnight() - Span::DAY;
    while day <= to + Span::DAY {
        windows.extend(hours.iter().map(|&(start, end)| Window {
            start: day + start,
            end: day + end,
        }));
        day += Span::DAY;
    }
    apart(windows)
}

/// Stretches in order, of which none reaches into the next; those that only touch stay two, as crews change there.
fn apart(mut windows: Vec<Window>) -> Vec<Window> {
    windows.sort_unstable_by_key(|window| (window.start, window.end));
    let mut found: Vec<Window> = Vec::with_capacity(windows.len());
    for window in windows {
        match found.last_mut() {
            Some(last) if last.end > window.start => last.end = last.end.max(window.end),
            _ => found.push(window),
        }
    }
    found
}

fn windows(openings: &[Opening]) -> Vec<Window> {
    let window = |opening: &Opening| Window {
        start: opening.start,
        end: opening.end,
    };
    openings.iter().map(window).collect()
}

/// When the people of a pool are there, and at sites of which tiers.
fn there_when(
    pool: &staff::Pool,
    dressing: Span,
    openings: &[Opening],
) -> Vec<(Window, [bool; 4])> {
    let first = openings.iter().map(|opening| opening.start).min();
    let last = openings.iter().map(|opening| opening.end).max();
    let (Some(first), Some(last)) = (first, last) else {
        return Vec::new();
    };
    let (from, until) = (
        pool.from.unwrap_or(Time::BEFORE),
        pool.until.unwrap_or(Time::NEVER),
    );
    let mut windows = match (pool.hours.as_slice(), pool.limit) {
        ([], None) => vec![Window {
            start: Time::BEFORE,
            end: Time::NEVER,
        }],
        ([], Some(_)) => days(openings),
        (hours, _) => daily(hours, first, last),
    };
    windows.retain_mut(|window| {
        window.start = window.start.max(from);
        window.end = window.end.min(until);
        if let Some(limit) = pool.limit {
            window.end = window.end.min(window.start + limit);
        }
        window.start < window.end
    });
    let own = if pool.tiers.is_empty() {
        [true; 4]
    } else {
        crate::model::Tier::ALL.map(|tier| pool.tiers.contains(&tier))
    };
    let free = pool
        .released
        .map(|released| released + dressing + pool.road);
    let mut there = Vec::new();
    for window in windows {
        let free = free.map_or(window.end, |free| free.clamp(window.start, window.end));
        let locked = Window {
            start: window.start,
            end: free,
        };
        let released = Window {
            start: free,
            end: window.end,
        };
        let parts = [(locked, own), (released, [true; 4])];
        there.extend(parts.into_iter().filter(|(part, _)| part.start < part.end));
    }
    there
}

/// From the first opening of each day to that of the next.
fn days(openings: &[Opening]) -> Vec<Window> {
    let mut starts: Vec<Time> = openings.iter().map(|opening| opening.start).collect();
    starts.sort_unstable();
    starts.dedup_by_key(|start| start.midnight());
    let end = |at: usize| starts.get(at + 1).copied().unwrap_or(Time::NEVER);
    let window = |(at, &start): (usize, &Time)| Window {
        start,
        end: end(at),
    };
    starts.iter().enumerate().map(window).collect()
}
