//! When people come: the words of the model as ordered streams of people.

use super::duty::Opening;
use super::{Curve, Pattern, People, Shares, Source};
use crate::model::coming::{Coming, Profile};
use crate::units::{Span, Time};

/// What a site's sources are made from.
pub(super) struct Demand<'a> {
    /// When the round opens.
    pub opens: Time,
    /// When the site is open in the round.
    pub openings: &'a [Opening],
    /// The people of each cell, in calling order.
    pub groups: Vec<Group>,
    /// How long the site takes for a person on average when all lanes are busy, in milliseconds.
    pub interval: f64,
    /// How much faster than that people are called.
    pub tempo: f64,
    /// Up to when people come who come at a rate.
    pub until: Time,
    /// Fetching those who do not come by themselves.
    pub fetching: Option<Fetching>,
    /// The groups whose missing are fetched here.
    pub missing: Vec<Group>,
}

/// Fetching those who do not come by themselves.
#[derive(Clone, Copy)]
pub(super) struct Fetching {
    /// When the first of them can be at the site.
    pub begin: Time,
    /// In which time they come, evenly.
    pub over: Span,
    /// Which share of them is found, 0 to 1.
    pub share: f64,
}

/// People of one cell.
#[derive(Clone, Copy)]
pub(super) struct Group {
    /// Position of the cell in the round.
    pub cell: u32,
    /// The hash of cell and round.
    pub name: u64,
    /// People due in the cell.
    pub due: u32,
    /// Which of them belong to the group: from this rank up to that, which is not one of them.
    pub ranks: (u32, u32),
    /// How many of those due come.
    pub turnout: GroupTurnout,
    /// People in a full tube.
    pub pool: u32,
    /// Who else may be in a tube with them.
    pub shares: Shares,
    /// The share of them who are taken first, times 2^32.
    pub priority: u64,
    /// Who of them does not keep to slots, if anyone does not.
    pub booking: Option<Booking>,
    /// From one of them called to the next if grid workers go from door to door, in milliseconds; else zero.
    pub knock: f64,
    /// The walk from home, where it comes on top of the notice.
    pub walk: Span,
}

/// Who does not keep to slots; shares from 0 to 1.
#[derive(Clone, Copy)]
pub(super) struct Booking {
    /// Of the booked, those who do not come.
    pub no_show: f64,
    /// Of all, those who do not book and come freely.
    pub walk_in: f64,
}

/// How many of a group come.
#[derive(Clone, Copy)]
pub(super) enum GroupTurnout {
    /// Exactly so many.
    Count(u32),
    /// Each with this probability times 2^32.
    Chance(u64),
}

impl Group {
    fn expected(&self) -> f64 {
        let (from, to) = self.ranks;
        match self.turnout {
            GroupTurnout::Count(count) => {
                f64::from(part(count, to, self.due) - part(count, from, self.due))
            }
            GroupTurnout::Chance(chance) => {
                f64::from(self.size()) * chance as f64 / 4_294_967_296.0
            }
        }
    }

    /// How many people belong to it, whether they come or not.
    const fn size(&self) -> u32 {
        self.ranks.1 - self.ranks.0
    }

    /// The part of the group from person `from` to person `to` of those due in the cell, as a source.
    fn source(&self, from: u32, to: u32, begin: Time, pattern: Pattern) -> Source {
        let people = match self.turnout {
            GroupTurnout::Count(count) => {
                People::Count(part(count, to, self.due) - part(count, from, self.due))
            }
            GroupTurnout::Chance(chance) => People::Each {
                due: to - from,
                from: 0,
                to: chance,
            },
        };
        Source {
            cell: self.cell,
            name: self.name,
            first_rank: from,
            people,
            begin,
            pattern,
            pool: self.pool,
            shares: self.shares,
            priority: self.priority,
            fetched: false,
        }
    }

    /// Those of the group who are booked, and those who come freely.
    fn booked(&self) -> (Self, Option<Self>) {
        let Some(Booking { no_show, walk_in }) = self.booking else {
            return (*self, None);
        };
        let (first, last) = self.ranks;
        let free = (f64::from(self.size()) * walk_in).round() as u32;
        let from = last - free.min(self.size());
        let turnout = match self.turnout {
            // A number that is known leaves out whoever did not come.
            GroupTurnout::Count(count) => GroupTurnout::Count(count),
            GroupTurnout::Chance(chance) => {
                GroupTurnout::Chance((chance as f64 * (1.0 - no_show)).round() as u64)
            }
        };
        let part = |first, last, turnout| Self {
            ranks: (first, last),
            turnout,
            ..*self
        };
        let free = (from < last).then(|| part(from, last, self.turnout));
        (part(first, from, turnout), free)
    }

    /// Those of the group who would not come by themselves and are found.
    fn fetched(&self, fetching: &Fetching) -> Option<Source> {
        let GroupTurnout::Chance(chance) = self.turnout else {
            return None;
        };
        let found = ((1_u64 << 32) - chance) as f64 * fetching.share;
        let people = People::Each {
            due: self.size(),
            from: chance,
            to: chance + found.round() as u64,
        };
        let pattern = Pattern::Even(fetching.over);
        Some(Source {
            people,
            fetched: true,
            priority: self.priority,
            ..self.whole(fetching.begin, pattern)
        })
    }

    fn whole(&self, begin: Time, pattern: Pattern) -> Source {
        self.source(self.ranks.0, self.ranks.1, begin, pattern)
    }
}

/// `count` shared out evenly over `of`: how many fall on the first `first`.
fn part(count: u32, first: u32, of: u32) -> u32 {
    if of == 0 {
        0
    } else {
        (u64::from(count) * u64::from(first) / u64::from(of)) as u32
    }
}

/// The sources of a site, by the earliest their people can come, and the curves they share.
pub(super) fn sources(
    coming: &Coming,
    rate: Option<f64>,
    demand: &Demand,
) -> (Vec<Source>, Vec<Curve>) {
    let mut curves = Vec::new();
    let first = demand
        .openings
        .first()
        .map_or(demand.opens, |opening| opening.start);
    let groups = &demand.groups;
    let mut sources: Vec<Source> = match coming {
        Coming::Called {
            batch,
            notice,
            spread,
            ..
        } => called(demand, *batch, *notice, *spread),
        Coming::Slots { width, punctuality } => {
            let lead = *punctuality * 4;
            curves.push(slot_curve(*width, *punctuality));
            let (booked, free): (Vec<_>, Vec<_>) = groups.iter().map(Group::booked).unzip();
            let booked = slots(demand.openings, &booked, *width);
            let mut sources: Vec<Source> = booked
                .into_iter()
                .map(|(group, from, to, begin)| {
                    group.source(from, to, begin - lead, Pattern::Curve(0))
                })
                .collect();
            let mut free = free.iter().flatten().peekable();
            if free.peek().is_some() {
                curves.push(profile_curve(&Profile::Even, demand.openings));
                sources.extend(free.map(|group| group.whole(first, Pattern::Curve(1))));
            }
            sources
        }
        Coming::Profile(profile) => {
            curves.push(profile_curve(profile, demand.openings));
            groups
                .iter()
                .map(|group| group.whole(first, Pattern::Curve(0)))
                .collect()
        }
        Coming::Poisson(_) => {
            let mean = 3.6e6 / rate.expect("a Poisson stream has a rate");
            let endless = |group: &Group| Source {
                people: People::Until(demand.until),
                ..group.whole(demand.opens, Pattern::Exponential(mean))
            };
            groups.iter().map(endless).collect()
        }
        Coming::Exponential { over } => {
            let mean = |group: &Group| over.millis() as f64 / group.expected().max(1.0);
            groups
                .iter()
                .map(|group| group.whole(demand.opens, Pattern::Exponential(mean(group))))
                .collect()
        }
        Coming::Regular { every } => groups
            .iter()
            .map(|group| group.whole(demand.opens, Pattern::Regular(*every)))
            .collect(),
    };
    if let Some(fetching) = &demand.fetching {
        for group in &demand.missing {
            let (booked, free) = group.booked();
            let parts = [Some(booked), free].into_iter().flatten();
            sources.extend(parts.filter_map(|group| group.fetched(fetching)));
        }
    }
    sources.sort_by_key(|source| source.begin);
    (sources, curves)
}

/// Batches called one after another as fast as the lanes take them, or faster where not everyone would be called before the close; but nobody
/// before the grid workers of the cell have knocked at all doors before.
fn called(demand: &Demand, batch: u32, notice: Span, spread: Span) -> Vec<Source> {
    let clock = OpenClock(demand.openings);
    let start = clock.elapsed(demand.opens + notice);
    let walk = demand.groups.iter().map(|group| group.walk).max();
    let last = (spread + walk.unwrap_or_default()).millis() as f64;
    let left = (clock.total() - start - last).max(0.0);
    let people: f64 = demand.groups.iter().map(Group::expected).sum();
    let interval = (demand.interval / demand.tempo).min(left / people.max(1.0));
    let mut sources = Vec::new();
    let mut before = 0.0;
    for group in &demand.groups {
        let (first, last) = group.ranks;
        for from in (first..last).step_by(batch as usize) {
            let to = (from + batch).min(last);
            let knocked = f64::from(from - first) * group.knock;
            let begin = clock.at(start + (before * interval).max(knocked)) + group.walk;
            let round = Span::from_millis((f64::from(to - from) * group.knock) as i64);
            let pattern = Pattern::Even(spread.max(round));
            sources.push(group.source(from, to, begin, pattern));
            before += group.expected() * f64::from(to - from) / f64::from(group.size());
        }
    }
    sources
}

/// Parts of groups with the beginning of their slot, slots filled evenly in calling order.
fn slots<'a>(
    openings: &[Opening],
    groups: &'a [Group],
    width: Span,
) -> Vec<(&'a Group, u32, u32, Time)> {
    let clock = OpenClock(openings);
    let slots = ((clock.total() / width.millis() as f64) as u64).max(1);
    let people: u64 = groups.iter().map(|group| u64::from(group.size())).sum();
    let mut parts = Vec::new();
    let mut before = 0_u64;
    for group in groups {
        let (mut from, first) = (0, group.ranks.0);
        while from < group.size() {
            let slot = (before + u64::from(from)) * slots / people;
            // The first person of the next slot, counted in the whole site and then in the group.
            let next = ((slot + 1) * people).div_ceil(slots);
            let to = u32::try_from(next - before)
                .unwrap_or(u32::MAX)
                .clamp(from + 1, group.size());
            parts.push((
                group,
                first + from,
                first + to,
                clock.at((slot * width.millis() as u64) as f64),
            ));
            from = to;
        }
        before += u64::from(group.size());
    }
    parts
}

/// Evenly over a slot, then early or late by a normal amount; moments count from four standard deviations before the slot.
fn slot_curve(width: Span, deviation: Span) -> Curve {
    let (width, deviation) = (width.millis() as f64, deviation.millis() as f64);
    if deviation <= 0.0 {
        return Curve {
            knots: vec![(0.0, 0.0), (1.0, width)],
        };
    }
    // The integral of the normal distribution function: z Φ(z) + φ(z).
    let integral = |z: f64| {
        z * 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
            + libm::exp(-z * z / 2.0) / libm::sqrt(std::f64::consts::TAU)
    };
    let steps = 128;
    let total = width + 8.0 * deviation;
    let come = |at: f64| {
        let since = at - 4.0 * deviation;
        deviation / width * (integral(since / deviation) - integral((since - width) / deviation))
    };
    let moments = (0..=steps).map(|step| total * f64::from(step) / f64::from(steps));
    cumulative(moments.map(|at| (come(at), at)).collect())
}

/// People who come freely, as a curve over the openings; moments count from the first opening.
fn profile_curve(profile: &Profile, openings: &[Opening]) -> Curve {
    let Some(first) = openings.first().map(|opening| opening.start) else {
        return Curve {
            knots: vec![(0.0, 0.0), (1.0, 0.0)],
        };
    };
    let total = OpenClock(openings).total();
    let step = (total / 2_000.0).max(300_000.0);
    let mut knots = Vec::new();
    let mut come = 0.0;
    for opening in openings {
        let (start, length) = (
            (opening.start - first).millis() as f64,
            (opening.end - opening.start).millis() as f64,
        );
        let steps = (length / step).ceil();
        let width = length / steps;
        knots.push((come, start));
        for index in 0..steps as u32 {
            let from = start + width * f64::from(index);
            let middle = opening.start + Span::from_seconds(width * (f64::from(index) + 0.5) / 1e3);
            come += width * weight(profile, middle, first);
            knots.push((come, from + width));
        }
    }
    cumulative(knots)
}

/// How many come at a moment, in any unit.
fn weight(profile: &Profile, moment: Time, first: Time) -> f64 {
    let hour = moment.time_of_day().hours();
    match profile {
        Profile::Even => 1.0,
        Profile::FrontLoaded { half_life } => {
            libm::exp2(-moment.since(first).hours() / half_life.hours())
        }
        Profile::TwoPeaks {
            morning,
            evening,
            morning_share,
            width,
        } => {
            let peak = |at: Span| libm::exp(-((hour - at.hours()) / width.hours()).powi(2) / 2.0);
            morning_share * peak(*morning) + (1.0 - morning_share) * peak(*evening)
        }
        Profile::ByHour(weights) => weights[(hour as usize).min(23)],
    }
}

/// Scales the first of each pair to run from 0 to 1; evenly over time if nobody came at all.
fn cumulative(mut knots: Vec<(f64, f64)>) -> Curve {
    let (least, most) = (
        knots.first().map_or(0.0, |knot| knot.0),
        knots.last().map_or(0.0, |knot| knot.0),
    );
    let count = knots.len();
    for (index, knot) in knots.iter_mut().enumerate() {
        knot.0 = if most > least {
            (knot.0 - least) / (most - least)
        } else {
            index as f64 / (count.max(2) - 1) as f64
        };
    }
    Curve { knots }
}

/// A clock that runs only while the site is open, in milliseconds.
pub(super) struct OpenClock<'a>(pub &'a [Opening]);

impl OpenClock<'_> {
    /// How long the site is open in all.
    pub(super) fn total(&self) -> f64 {
        self.0
            .iter()
            .map(|opening| opening.end.since(opening.start).millis() as f64)
            .sum()
    }

    /// What it shows at a moment.
    pub(super) fn elapsed(&self, moment: Time) -> f64 {
        self.0
            .iter()
            .map(|opening| moment.min(opening.end).since(opening.start).millis() as f64)
            .sum()
    }

    /// When it shows so much; after the last opening if it never does.
    pub(super) fn at(&self, mut elapsed: f64) -> Time {
        for opening in self.0 {
            let length = opening.end.since(opening.start).millis() as f64;
            if elapsed < length {
                return opening.start + Span::from_millis(elapsed.max(0.0) as i64);
            }
            elapsed -= length;
        }
        self.0.last().map_or(Time::ZERO, |last| last.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn opening(start: i64, end: i64) -> Opening {
        Opening {
            start: Time::from_millis(start),
            end: Time::from_millis(end),
            closes_day: true,
        }
    }

    fn demand<'a>(openings: &'a [Opening], dues: &'a [u32]) -> Demand<'a> {
        let group = |(cell, due): (usize, &u32)| Group {
            cell: cell as u32,
            name: cell as u64,
            due: *due,
            ranks: (0, *due),
            turnout: GroupTurnout::Count(due / 2),
            pool: 10,
            shares: Shares::Kind(10),
            priority: 0,
            booking: None,
            knock: 0.0,
            walk: Span::ZERO,
        };
        Demand {
            opens: Time::ZERO,
            openings,
            groups: dues.iter().enumerate().map(group).collect(),
            interval: 30_000.0,
            tempo: 1.0,
            until: Time::NEVER,
            fetching: None,
            missing: Vec::new(),
        }
    }

    proptest! {
        #[test]
        fn everyone_who_comes_is_in_one_source(dues in prop::collection::vec(1_u32..300, 1..8), batch in 1_u32..60, minutes in 5_i64..60) {
            let openings = [opening(0, 3_600_000 * 5), opening(3_600_000 * 6, 3_600_000 * 12)];
            let comings = [
                Coming::Called { batch, notice: Span::MINUTE * 45, spread: Span::MINUTE * 15, tempo: crate::model::assumption::Quantity::known(1.0), walk: false },
                Coming::Slots { width: Span::MINUTE * minutes, punctuality: Span::MINUTE * 5 },
                Coming::Profile(Profile::Even),
            ];
            for coming in comings {
                let (sources, _) = sources(&coming, None, &demand(&openings, &dues));
                for (cell, due) in dues.iter().enumerate() {
                    let come: u32 = sources.iter().filter(|source| source.cell as usize == cell).map(|source| match source.people {
                        People::Count(count) => count,
                        People::Each { .. } | People::Until(_) => 0,
                    }).sum();
                    prop_assert_eq!(come, due / 2);
                }
                prop_assert!(sources.is_sorted_by_key(|source| source.begin));
            }
        }
    }

    #[test]
    fn a_slot_with_perfect_punctuality_is_even() {
        assert_eq!(
            slot_curve(Span::HOUR, Span::ZERO).knots,
            [(0.0, 0.0), (1.0, 3_600_000.0)]
        );
    }

    #[test]
    fn people_who_come_freely_never_come_in_a_break() {
        let openings = [opening(0, 3_600_000), opening(7_200_000, 10_800_000)];
        let knots = profile_curve(&Profile::Even, &openings).knots;
        let at_break: Vec<_> = knots
            .iter()
            .filter(|(share, _)| (share - 0.5).abs() < 1e-9)
            .map(|knot| knot.1)
            .collect();
        assert_eq!(at_break, [3_600_000.0, 7_200_000.0]);
    }
}
