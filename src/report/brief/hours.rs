//! The map at an hour, of each round that can be chosen: what the page's script shows of it.

use serde_json::{Value, json};

use super::Brief;
use crate::id::RoundId;
use crate::report::charts::{self, Done, Drawn};
use crate::report::document::{ByHour, Figure};
use crate::report::words::called;
use crate::units::Time;

/// Minutes from one hour that can be chosen to the next.
const STEP_MIN: f64 = 15.0;
/// Bytes of the maps of all other rounds at most: what lies beyond cannot be chosen.
const MOST: usize = 200_000;

impl Brief<'_> {
    /// The map of the page with an hour to choose, and with every other round's map to choose.
    pub(super) fn map(&self, figure: Figure) -> Figure {
        let Some(worst) = self.worst else {
            return figure;
        };
        let Some(shown) = self.done(worst) else {
            return figure;
        };
        let (mut rounds, mut left) = (Vec::new(), MOST);
        for (id, round) in self.model.rounds.iter() {
            let name = called(&round.name, self.language).to_owned();
            if id == worst {
                rounds.push((name, None));
            } else if let Some(other) = self.other(id).filter(|other| other.size() <= left) {
                left -= other.size();
                rounds.push((name, Some(other)));
            }
        }
        figure.by_hour(ByHour {
            shown,
            words: [
                self.language.pick("轮次：", "Round: "),
                self.language.pick("时刻：", "Hour: "),
            ],
            rounds,
        })
    }

    /// The map of another round.
    fn other(&self, id: RoundId) -> Option<Figure> {
        let chart = charts::map(self.model, self.results, (id, self.language))?;
        let drawn = Drawn { name: "map", chart };
        let figure = Figure::new(&drawn, None);
        Some(figure.by_hour(ByHour {
            shown: self.done(id)?,
            ..ByHour::default()
        }))
    }

    /// What is done at each hour of a round; none without a map.
    fn done(&self, id: RoundId) -> Option<String> {
        let opens = self.model.rounds[id].opens;
        let places = charts::done(self.model, self.results, (id, self.language));
        let steps = |minutes: f64| (minutes / STEP_MIN).ceil();
        let last = places.iter().map(|place| steps(place.minutes));
        let last = last.filter(|steps| steps.is_finite()).reduce(f64::max)?;
        let place = |place: &Done| {
            let (steps, (x, y)) = (steps(place.minutes), place.at);
            let steps = steps.is_finite().then_some(steps as i64);
            // To the meter.
            let near = |km: f64| (km * 1000.0).round() / 1000.0;
            json!([near(x), near(y), u8::from(place.is_site), steps])
        };
        let hours = json!({
            "day": self.model.first_day.to_string(),
            "opens": opens.since(Time::ZERO).minutes(),
            "step": STEP_MIN,
            "last": last as i64,
            "places": places.iter().map(place).collect::<Vec<Value>>(),
            "says": self.language.pick(
                ["个采样点采完", "个网格出完结果"],
                ["sites done", "cells with all their results"],
            ),
        });
        Some(hours.to_string())
    }
}
