//! The crews of lanes, as people and programs read them, and the capacity that they leave.

use serde_json::{Map, Value};

use crate::experiment::results::Figure;
use crate::id::{RoundId, SiteId};
use crate::measure::outcome::StaffOutcome;
use crate::model::Model;
use crate::model::site::Site;
use crate::network::duty::Opening;
use crate::network::roster::{at_or_after, mean_times, overlap};
use crate::network::{Network, RoundSite, compile};
use crate::units::language::Language;
use crate::units::{Time, Window};

use super::number::{count, decimal, percent};

/// How programs call each figure.
pub(super) const FIGURES: [&str; 10] = [
    "people",
    "absent",
    "on_duty_hours",
    "busy_hours",
    "idle_hours",
    "dressing_hours",
    "suits",
    "lanes_min",
    "lanes_mean",
    "lanes_most",
];

/// The figures, in the order of [`FIGURES`].
pub(super) const fn figures<T>(staff: &StaffOutcome<T>) -> [&T; 10] {
    [
        &staff.people,
        &staff.absent,
        &staff.on_duty_hours,
        &staff.busy_hours,
        &staff.idle_hours,
        &staff.dressing_hours,
        &staff.suits,
        &staff.lanes_min,
        &staff.lanes_mean,
        &staff.lanes_most,
    ]
}

/// The figures for programs.
pub(super) fn json(staff: &StaffOutcome<Figure>, figure: fn(&Figure) -> Value) -> Value {
    let named = FIGURES.into_iter().zip(figures(staff));
    let named = named.map(|(name, value)| (name.to_owned(), figure(value)));
    named.collect::<Map<_, _>>().into()
}

/// One line for the screen.
pub(super) fn line(staff: &StaffOutcome<Figure>, language: Language) -> String {
    let [on_duty, dressing, suits, least, most, people, absent] = [
        &staff.on_duty_hours,
        &staff.dressing_hours,
        &staff.suits,
        &staff.lanes_min,
        &staff.lanes_most,
        &staff.people,
        &staff.absent,
    ]
    .map(|figure| count(figure.mean));
    let busy = percent(staff.busy_hours.mean / staff.on_duty_hours.mean);
    let lanes = decimal(staff.lanes_mean.mean, 1);
    let mut line = language.pick(
        format!("{most} 台平均开 {lanes} 台，最少 {least} 台；在岗 {on_duty} 工时，忙 {busy}"),
        format!("{lanes} of {most} lanes open on average, {least} at least; {on_duty} h on duty, {busy} busy"),
    );
    if staff.suits.mean > 0.0 {
        line += &language.pick(
            format!("；防护服 {suits} 套，穿脱 {dressing} 工时"),
            format!("; {suits} suits, {dressing} h to change them"),
        );
    }
    if staff.people.mean > 0.0 {
        line += &language.pick(
            format!("；{people} 人中缺勤 {absent} 人"),
            format!("; {absent} of {people} people absent"),
        );
    }
    line
}

/// Who is at the lanes when, as far as it can be foreseen.
pub(super) struct Foreseen(Option<Network>);

/// A site as its crews leave it.
pub(super) struct Place<'a> {
    place: Option<&'a RoundSite>,
    lanes: f64,
}

/// What is left of a site: lanes open, and how many times as long the services of its stations take.
pub(super) struct Manned<'a> {
    pub(super) lanes: f64,
    place: Option<&'a RoundSite>,
    /// When; none: on average over the hours in which it is open.
    now: Option<Time>,
}

impl Foreseen {
    /// Nothing is worked out where a scenario says nothing of staff.
    pub(super) fn of(model: &Model) -> Self {
        let told = model.staff.is_told();
        Self(told.then(|| compile(model, &|_| 0.5)))
    }

    /// A site in a round.
    pub(super) fn place(&self, site: &Site, (round, id): (RoundId, SiteId)) -> Place<'_> {
        let sites = self.0.as_ref().map(|network| &network.rounds[round].sites);
        let place = sites.and_then(|sites| sites.iter().find(|place| place.site == id));
        Place {
            place,
            lanes: f64::from(site.lanes.value),
        }
    }
}

impl<'a> Place<'a> {
    /// On average over the hours in which the site is open.
    pub(super) fn on_average(&self) -> Manned<'a> {
        let roster = (self.place).and_then(|place| Some((place, place.roster.as_ref()?)));
        let lanes = roster.map(|(place, roster)| {
            let open = windows(&place.openings);
            let length: i64 = open.iter().map(|window| window.length().millis()).sum();
            let there: i64 = roster.lanes.iter().map(|lane| overlap(lane, &open)).sum();
            there as f64 / length.max(1) as f64
        });
        self.manned(lanes, None)
    }

    /// At a moment.
    pub(super) fn at(&self, now: Time) -> Manned<'a> {
        let roster = self.place.and_then(|place| place.roster.as_ref());
        let lanes = roster.map(|roster| {
            let open = |lane: &&Vec<Window>| {
                at_or_after(lane, now.millis()).is_some_and(|window| window.start <= now)
            };
            roster.lanes.iter().filter(open).count() as f64
        });
        self.manned(lanes, Some(now))
    }

    fn manned(&self, lanes: Option<f64>, now: Option<Time>) -> Manned<'a> {
        Manned {
            lanes: lanes.unwrap_or(self.lanes),
            place: self.place,
            now,
        }
    }
}

impl Manned<'_> {
    /// Times as long as usual the services of a station take.
    pub(super) fn times(&self, station: usize) -> f64 {
        let Some(place) = self.place.filter(|place| !place.tempo.is_empty()) else {
            return 1.0;
        };
        let Some(now) = self.now else {
            return mean_times(&place.tempo, station, &windows(&place.openings));
        };
        let begun = place.tempo.partition_point(|tempo| tempo.from <= now);
        let last = begun.checked_sub(1).map(|at| &place.tempo[at]);
        last.map_or(1.0, |tempo| tempo.times[station])
    }
}

fn windows(openings: &[Opening]) -> Vec<Window> {
    let window = |opening: &Opening| Window {
        start: opening.start,
        end: opening.end,
    };
    openings.iter().map(window).collect()
}
