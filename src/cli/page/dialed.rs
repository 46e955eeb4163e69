//! Sliders for what a planner can pull in a scenario that names none: what most often matters, each with the keys that it moves.
//!
//! A range moves with its value, as it does when levers are pulled on the model.

use std::path::Path;

use toml::{Table, Value};

use crate::id::{LabId, SiteId};
use crate::model::Model;
use crate::model::assumption::Quantity;
use crate::model::courier::Route;
use crate::model::lab::{LabCrew, Work};
use crate::model::service::Mean;
use crate::model::site::Pool;
use crate::report::live::Dial;
use crate::scenario;
use crate::scenario::document::Options;
use crate::units::{PerHour, Span, text};

use super::sliders::{Setting, as_set};

/// Sites that have a slider each; of more there is only the one of all.
const SITES: usize = 12;
/// Sliders at most.
const MOST: usize = 24;
/// Minutes between a courier's trips.
const TRIPS: [i64; 10] = [15, 20, 30, 45, 60, 90, 120, 180, 240, 360];
/// People in a tube.
const POOLS: [i64; 5] = [1, 3, 5, 10, 20];

/// A dial with the amounts it may have.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Dialed {
    /// What it moves.
    pub(super) dial: Dial,
    /// Its amounts in order.
    pub(super) amounts: Vec<i64>,
    /// Which of them the scenario has.
    pub(super) at: usize,
    /// Which way of writing it the scenario takes.
    way: usize,
}

/// Those that the scenario in a file has.
pub(super) fn find(file: &Path, options: &Options, model: &Model) -> Vec<Dialed> {
    let found = all(model)
        .into_iter()
        .filter_map(|dial| Dialed::find(file, options, model, dial));
    found.take(MOST).collect()
}

impl Dialed {
    /// The dial, if the scenario can be set to each of its amounts: it has been moved once, and the scenario then meant what it should.
    fn find(file: &Path, options: &Options, model: &Model, dial: Dial) -> Option<Self> {
        let stands = numbers(model, dial);
        let first = *stands.first()?;
        let by = dial.moves_by(model);
        if !by && stands.iter().any(|number| *number != first) {
            return None;
        }
        let now = if by { 0 } else { first };
        let amounts = amounts(dial, now, by, stands.iter().min().copied()?);
        let at = amounts.iter().position(|amount| *amount == now)?;
        let next = *amounts
            .get(at + 1)
            .or_else(|| amounts.get(at.checked_sub(1)?))?;
        let wanted: Vec<i64> = stands
            .iter()
            .map(|number| if by { number + next } else { next })
            .collect();
        let mut dialed = Self {
            dial,
            amounts,
            at,
            way: 0,
        };
        for way in 0..2 {
            dialed.way = way;
            let mut changed = options.clone();
            changed.set.extend(as_set(&dialed.settings(model, next)));
            let read = scenario::read(file, &changed);
            if read.is_ok_and(|reading| numbers(&reading.model, dial) == wanted) {
                return Some(dialed);
            }
        }
        None
    }

    /// Whether it moves lanes, which two dials may do together.
    pub(super) const fn moves_lanes(&self) -> bool {
        matches!(self.dial, Dial::Lanes(_) | Dial::AllLanes)
    }

    /// What the scenario says for an amount.
    pub(super) fn settings(&self, model: &Model, amount: i64) -> Vec<Setting> {
        let path = |parts: &[&str]| parts.iter().map(|part| (*part).to_owned()).collect();
        match self.dial {
            Dial::Lanes(site) => vec![lanes_of(model, site, amount)],
            Dial::AllLanes => {
                let lanes = |site: SiteId| i64::from(model.sites[site].lanes.value) + amount;
                on_foot(model)
                    .map(|site| lanes_of(model, site, lanes(site).max(1)))
                    .collect()
            }
            Dial::Pace => {
                let own = on_foot(model).find_map(|site| pace(model, site));
                own.map(|own| (path(&["lane", "pace"]), paced(own, amount)))
                    .into_iter()
                    .collect()
            }
            Dial::Hours => {
                let open = on_foot(model)
                    .next()
                    .map(|site| &model.sites[site].hours.open);
                let mut open = open.cloned().unwrap_or_default();
                if let Some(last) = open.last_mut() {
                    last.1 = Span::MINUTE * amount;
                }
                let windows = open.iter().map(|&(from, to)| Value::from(window(from, to)));
                vec![(path(&["hours", "open"]), Value::Array(windows.collect()))]
            }
            Dial::Pool if self.way == 0 => ["precaution", "controlled"]
                .map(|tier| (path(&["tubes", "pool", tier]), Value::from(amount)))
                .to_vec(),
            Dial::Pool => vec![(path(&["tubes", "pool"]), Value::from(amount))],
            Dial::Vehicles(courier) => match &model.couriers[courier].route {
                Route::Loop { vehicles, .. } => {
                    let id = &model.couriers[courier].name.id;
                    vec![(
                        path(&["couriers", id, "vehicles"]),
                        counted(vehicles, amount),
                    )]
                }
                Route::Direct => Vec::new(),
            },
            Dial::Trips(courier) => {
                let courier = &model.couriers[courier];
                let every = lasting(&courier.every, amount);
                vec![(path(&["couriers", &courier.name.id, "every"]), every)]
            }
            Dial::Capacity(lab, stage) => self
                .capacity(model, (lab, stage), amount)
                .into_iter()
                .collect(),
        }
    }

    fn capacity(&self, model: &Model, (lab, at): (LabId, usize), amount: i64) -> Option<Setting> {
        let (id, stage) = (&model.labs[lab].name.id, &model.labs[lab].stages[at]);
        let plain = self.way == 0;
        let (parts, value): (&[&str], Value) = match &stage.work {
            Work::Machines { machines, .. } if plain => (&["machines"], counted(machines, amount)),
            Work::Machines { machines, .. } => (
                &["stages", &stage.id, "machines", "count"],
                counted(machines, amount),
            ),
            Work::Workers { crews, .. } if plain => (&["crews"], shifts(crews, amount)),
            Work::Workers { crews, .. } => (
                &["stages", &stage.id, "workers", "crews"],
                shifts(crews, amount),
            ),
            Work::Delay { .. } | Work::Upload { .. } => return None,
        };
        let path = ["labs", id].into_iter().chain(parts.iter().copied());
        Some((path.map(ToOwned::to_owned).collect(), value))
    }
}

/// Dials that may become sliders, those that most often matter first.
fn all(model: &Model) -> Vec<Dial> {
    let sites: Vec<SiteId> = on_foot(model).collect();
    let mut dials = vec![Dial::AllLanes, Dial::Pace, Dial::Hours];
    for courier in model.couriers.ids() {
        dials.extend([Dial::Vehicles(courier), Dial::Trips(courier)]);
    }
    for (lab, entry) in model.labs.iter() {
        dials.extend((0..entry.stages.len()).map(|stage| Dial::Capacity(lab, stage)));
    }
    dials.push(Dial::Pool);
    if (2..=SITES).contains(&sites.len()) {
        dials.extend(sites.into_iter().map(Dial::Lanes));
    }
    dials
}

/// Sites to which people come.
pub(super) fn on_foot(model: &Model) -> impl Iterator<Item = SiteId> {
    let sites = model.sites.iter();
    sites
        .filter(|(_, site)| site.visits.is_none())
        .map(|(site, _)| site)
}

/// How fast a lane of a site swabs, if that is said in people an hour.
fn pace(model: &Model, site: SiteId) -> Option<&Quantity<PerHour>> {
    let [station] = model.sites[site].stations.as_slice() else {
        return None;
    };
    match &station.service.mean {
        Mean::Pace(pace) => Some(pace),
        Mean::Time(_) => None,
    }
}

/// The numbers that a dial moves, as a plan has them; none where it has none.
fn numbers(model: &Model, dial: Dial) -> Vec<i64> {
    let sites = || on_foot(model).map(|site| &model.sites[site]);
    let minutes = |span: Span| span.millis() / Span::MINUTE.millis();
    match dial {
        Dial::Lanes(site) => vec![i64::from(model.sites[site].lanes.value)],
        Dial::AllLanes => sites().map(|site| i64::from(site.lanes.value)).collect(),
        Dial::Pace => on_foot(model)
            .map(|site| match pace(model, site) {
                // What is no whole number is met by no amount.
                Some(pace) if pace.value.0.fract() == 0.0 => pace.value.0 as i64,
                Some(_) | None => -1,
            })
            .collect(),
        Dial::Hours => sites()
            .filter_map(|site| site.hours.open.last())
            .map(|open| minutes(open.1))
            .collect(),
        Dial::Pool => sites()
            .flat_map(|site| &site.tubes.pool[..2])
            .map(|pool| match pool {
                Pool::People(people) => i64::from(people.value),
                // A household is no number of people.
                Pool::Household(_) => -1,
            })
            .collect(),
        Dial::Vehicles(courier) => match &model.couriers[courier].route {
            Route::Loop { vehicles, .. } => vec![i64::from(vehicles.value)],
            Route::Direct => Vec::new(),
        },
        Dial::Trips(courier) => {
            let courier = &model.couriers[courier];
            let timetable = courier.call.is_none();
            let every = timetable.then(|| minutes(courier.every.value));
            every.into_iter().collect()
        }
        Dial::Capacity(lab, stage) => match model.labs[lab].stages.get(stage) {
            Some(stage) => match &stage.work {
                Work::Machines { machines, .. } => vec![i64::from(machines.value)],
                Work::Workers { crews, .. } => {
                    let crews = crews.iter();
                    crews.map(|crew| i64::from(crew.technicians)).collect()
                }
                Work::Delay { .. } | Work::Upload { .. } => Vec::new(),
            },
            None => Vec::new(),
        },
    }
}

/// The amounts of a slider in order, among them what is now.
fn amounts(dial: Dial, now: i64, by: bool, least: i64) -> Vec<i64> {
    let mut amounts: Vec<i64> = match dial {
        Dial::Trips(_) => TRIPS.to_vec(),
        Dial::Pool => POOLS.to_vec(),
        // Steps of five, down to half and up to half as many again.
        Dial::Pace => (-now / 10..=now / 10)
            .map(|fives| now + fives * 5)
            .filter(|pace| now > 0 && *pace > 0)
            .collect(),
        // Half hours, up to four hours later and two earlier.
        Dial::Hours => (-4..=8).map(|halves| now + halves * 30).collect(),
        Dial::AllLanes | Dial::Lanes(_) | Dial::Vehicles(_) | Dial::Capacity(..) if by => {
            // The fewest that anybody has stay at least one.
            (-5..=10).filter(|more| least + more >= 1).collect()
        }
        Dial::AllLanes | Dial::Lanes(_) | Dial::Vehicles(_) | Dial::Capacity(..) => {
            let (down, up) = (now - 5.max(now / 2), now + 10.max(now / 2));
            let stride = ((up - down) / 20).max(1);
            let around = (down..=up).filter(|amount| (amount - now) % stride == 0);
            around.filter(|amount| *amount >= 1).collect()
        }
    };
    amounts.push(now);
    amounts.sort_unstable();
    amounts.dedup();
    amounts
}

pub(super) fn lanes_of(model: &Model, site: SiteId, lanes: i64) -> Setting {
    let entry = &model.sites[site];
    let path = ["sites", &entry.name.id, "lanes"].map(ToOwned::to_owned);
    (path.to_vec(), counted(&entry.lanes, lanes))
}

/// A count; its range moves with it.
fn counted(quantity: &Quantity<u32>, amount: i64) -> Value {
    let moved = amount - i64::from(quantity.value);
    let end = |number: u32| (i64::from(number) + moved).max(1);
    quantity.range.as_ref().map_or_else(
        || Value::from(amount),
        |range| {
            let ends = format!("{}..{}", end(range.low), end(range.high));
            ranged(Value::from(amount), ends)
        },
    )
}

/// A length of time in minutes; its range grows with it.
fn lasting(quantity: &Quantity<Span>, minutes: i64) -> Value {
    let times = minutes as f64 / quantity.value.minutes();
    let end = |span: Span| (span.minutes() * times).round().max(1.0);
    let printed = Value::from(text::print_span(Span::MINUTE * minutes));
    match &quantity.range {
        None => printed,
        Some(range) => {
            let ends = format!("{} min..{} min", end(range.low), end(range.high));
            ranged(printed, ends)
        }
    }
}

/// A pace in people an hour; its range grows with it.
fn paced(quantity: &Quantity<PerHour>, amount: i64) -> Value {
    let people = |pace: f64| text::print_pace(PerHour(pace), "people");
    let printed = Value::from(people(amount as f64));
    let times = amount as f64 / quantity.value.0;
    let end = |pace: PerHour| (pace.0 * times * 100.0).round() / 100.0;
    match &quantity.range {
        None => printed,
        Some(range) => {
            let ends = format!("{}..{}", people(end(range.low)), people(end(range.high)));
            ranged(printed, ends)
        }
    }
}

fn ranged(assumed: Value, range: String) -> Value {
    let source = Value::from("用滑块定的 / set by a slider");
    let entries = [
        ("assumed", assumed),
        ("range", Value::from(range)),
        ("source", source),
    ];
    let entries = entries.map(|(key, value)| (key.to_owned(), value));
    Value::Table(Table::from_iter(entries))
}

/// Shifts with so many more in each.
fn shifts(crews: &[LabCrew], more: i64) -> Value {
    let shift = |crew: &LabCrew| {
        let mut table = Table::new();
        table.insert("hours".to_owned(), Value::from(window(crew.from, crew.to)));
        let technicians = (i64::from(crew.technicians) + more).max(0);
        table.insert("technicians".to_owned(), Value::from(technicians));
        Value::Table(table)
    };
    Value::Array(crews.iter().map(shift).collect())
}

fn window(from: Span, to: Span) -> String {
    format!("{}-{}", text::print_clock(from), text::print_clock(to))
}
