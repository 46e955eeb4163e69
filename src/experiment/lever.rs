//! What a planner can pull: more lanes, vehicles, machines, hours, and what it would be worth never to wait for them.

use crate::id::{CourierId, LabId, SiteId};
use crate::model::Model;
use crate::model::assumption::{Quantity, Range};
use crate::model::coming::Coming;
use crate::model::courier::{Load, Route};
use crate::model::lab::{AtLeast, HandOver, LabCrew, Stage, StartPolicy, Work};
use crate::model::service::{Duration, Mean};
use crate::model::site::{Pool, Station};
use crate::units::{PerHour, Span};

/// Something that can be changed in a plan.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Lever {
    /// Lanes of one site.
    Lanes(SiteId),
    /// Lanes of every site.
    AllLanes,
    /// How fast a station works, by its id, at every site.
    Station(String),
    /// How long every site is open.
    Hours,
    /// People in a full tube, everywhere.
    Pool,
    /// How fast people are called.
    Calls,
    /// Vehicles of a courier.
    Vehicles(CourierId),
    /// How often a courier comes.
    Trips(CourierId),
    /// What its vehicles hold.
    Load(CourierId),
    /// Machines, or hands, of a stage of a laboratory.
    Capacity(LabId, usize),
    /// Tubes in a run of a stage.
    Wells(LabId, usize),
    /// People at the machines of a stage.
    Hands(LabId, usize),
    /// Room for tubes before a stage.
    Room(LabId, usize),
    /// How long a stage takes.
    Time(LabId, usize),
    /// When runs of a stage start, or how results go on from it.
    Policy(LabId, usize),
}

/// How far a lever is pulled.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Pull {
    /// One unit less, or a tenth.
    Down,
    /// One unit more, or a tenth.
    Up,
    /// Two units more, or a fifth.
    UpTwice,
    /// So much that nobody waits for it any more: ten times as much, or no time at all.
    Away,
}

impl Lever {
    /// Every lever of a plan; lanes site by site only where there are few sites.
    pub fn all(model: &Model) -> Vec<Self> {
        const FEW: usize = 12;
        let mut levers = vec![Self::AllLanes, Self::Hours, Self::Pool, Self::Calls];
        if (2..=FEW).contains(&model.sites.len()) {
            levers.extend(model.sites.ids().map(Self::Lanes));
        }
        let mut stations: Vec<String> = Vec::new();
        for station in model.sites.values().flat_map(|site| &site.stations) {
            if !stations.contains(&station.id) {
                stations.push(station.id.clone());
            }
        }
        levers.extend(stations.into_iter().map(Self::Station));
        for courier in model.couriers.ids() {
            levers.extend([
                Self::Vehicles(courier),
                Self::Trips(courier),
                Self::Load(courier),
            ]);
        }
        for (lab, entry) in model.labs.iter() {
            for stage in 0..entry.stages.len() {
                levers.extend([
                    Self::Capacity(lab, stage),
                    Self::Wells(lab, stage),
                    Self::Hands(lab, stage),
                    Self::Room(lab, stage),
                    Self::Time(lab, stage),
                    Self::Policy(lab, stage),
                ]);
            }
        }
        levers
    }

    /// The plan with the lever pulled; none where it cannot be, or would change nothing.
    pub fn pulled(&self, model: &Model, pull: Pull) -> Option<Model> {
        let mut changed = model.clone();
        self.pull(&mut changed, pull)?;
        (changed != *model).then_some(changed)
    }

    fn pull(&self, model: &mut Model, pull: Pull) -> Option<()> {
        match self {
            Self::Lanes(site) => more(&mut model.sites[*site].lanes, pull),
            Self::AllLanes => {
                for site in model.sites.values_mut() {
                    more(&mut site.lanes, pull)?;
                }
                Some(())
            }
            Self::Station(id) => {
                let stations = model.sites.values_mut().flat_map(|site| &mut site.stations);
                stations
                    .filter(|station| station.id == *id)
                    .for_each(|station| quicken_station(station, pull));
                Some(())
            }
            Self::Hours => lengthen_hours(model, pull),
            Self::Pool => {
                let pools = model
                    .sites
                    .values_mut()
                    .flat_map(|site| &mut site.tubes.pool);
                for pool in pools {
                    if let Pool::People(people) = pool
                        && people.value > 1
                    {
                        scale_count(people, pull);
                    }
                }
                Some(())
            }
            Self::Calls => quicken_calls(model, pull),
            Self::Vehicles(courier) => match &mut model.couriers[*courier].route {
                Route::Loop { vehicles, .. } => more(vehicles, pull),
                Route::Direct => None,
            },
            Self::Trips(courier) => {
                let courier = &mut model.couriers[*courier];
                if let Some(call) = &mut courier.call {
                    shorten(&mut call.after, pull);
                } else {
                    shorten(&mut courier.every, pull);
                    courier.first = Span::from_seconds(courier.first.seconds() / share(pull));
                }
                Some(())
            }
            Self::Load(courier) => match model.couriers[*courier].load.as_mut()? {
                Load::Tubes(tubes) => {
                    more_by_share(tubes, pull);
                    Some(())
                }
                Load::Boxes { boxes, .. } => more(boxes, pull),
            },
            Self::Capacity(lab, at) => capacity(&mut model.labs[*lab].stages[*at].work, pull),
            Self::Wells(lab, at) => wells(&mut model.labs[*lab].stages[*at].work, pull),
            Self::Hands(lab, at) => hands(&mut model.labs[*lab].stages[*at].work, pull),
            Self::Room(lab, at) => more_room(&mut model.labs[*lab].stages[*at].buffer, pull),
            Self::Time(lab, at) => {
                stage_time(&mut model.labs[*lab].stages[*at].work, pull);
                Some(())
            }
            Self::Policy(lab, at) => policy(&mut model.labs[*lab].stages[*at], pull),
        }
    }
}

/// A number, and its range with it, by so many units.
fn more(quantity: &mut Quantity<u32>, pull: Pull) -> Option<()> {
    let change = |number: u32| match pull {
        Pull::Down => number.checked_sub(1).filter(|&number| number > 0),
        Pull::Up => Some(number + 1),
        Pull::UpTwice => Some(number + 2),
        Pull::Away => Some(number.saturating_mul(10)),
    };
    *quantity = Quantity {
        value: change(quantity.value)?,
        range: quantity.range.map(|range| Range {
            unknown: range.unknown,
            low: change(range.low).unwrap_or(range.low),
            high: change(range.high).unwrap_or(range.high),
        }),
    };
    Some(())
}

/// By how much something grows that is pulled by shares.
const fn share(pull: Pull) -> f64 {
    match pull {
        Pull::Down => 0.9,
        Pull::Up => 1.1,
        Pull::UpTwice => 1.2,
        Pull::Away => 10.0,
    }
}

fn scale_count(quantity: &mut Quantity<u32>, pull: Pull) {
    let change = |number: u32| match pull {
        Pull::Down => number - number / 2,
        Pull::Up | Pull::UpTwice | Pull::Away => number * 2,
    };
    quantity.value = change(quantity.value);
    if let Some(range) = &mut quantity.range {
        (range.low, range.high) = (change(range.low), change(range.high));
    }
}

fn more_by_share(quantity: &mut Quantity<u32>, pull: Pull) {
    let change = |number: u32| (f64::from(number) * share(pull)).round().max(1.0) as u32;
    quantity.value = change(quantity.value);
    if let Some(range) = &mut quantity.range {
        (range.low, range.high) = (change(range.low), change(range.high));
    }
}

/// A length of time, shorter by the share by which its lever is pulled up.
fn shorten(quantity: &mut Quantity<Span>, pull: Pull) {
    let change = |span: Span| Span::from_seconds((span.seconds() / share(pull)).max(0.001));
    quantity.value = change(quantity.value);
    if let Some(range) = &mut quantity.range {
        (range.low, range.high) = (change(range.low), change(range.high));
    }
}

fn quicken(duration: &mut Duration, pull: Pull) {
    match &mut duration.mean {
        Mean::Time(time) => shorten(time, pull),
        Mean::Pace(pace) => {
            let change = |pace: PerHour| PerHour(pace.0 * share(pull));
            pace.value = change(pace.value);
            if let Some(range) = &mut pace.range {
                (range.low, range.high) = (change(range.low), change(range.high));
            }
        }
    }
}

fn quicken_station(station: &mut Station, pull: Pull) {
    quicken(&mut station.service, pull);
    if let Some(time) = &mut station.per_household {
        quicken(time, pull);
    }
}

/// The last opening of each day ends an hour or two later; relieved, sites are open round the clock.
fn lengthen_hours(model: &mut Model, pull: Pull) -> Option<()> {
    let later = match pull {
        Pull::Down => -1,
        Pull::Up => 1,
        Pull::UpTwice => 2,
        Pull::Away => {
            for site in model.sites.values_mut() {
                site.hours.open = vec![(Span::ZERO, Span::DAY)];
            }
            return Some(());
        }
    };
    for site in model.sites.values_mut() {
        let first = site.hours.open.first().map_or(Span::ZERO, |open| open.0);
        let last = site.hours.open.last_mut()?;
        let end = last.1.millis() + later * Span::HOUR.millis();
        if end <= last.0.millis() || end > first.millis() + Span::DAY.millis() {
            return None;
        }
        let end = Span::from_millis(end);
        last.1 = end;
    }
    Some(())
}

fn quicken_calls(model: &mut Model, pull: Pull) -> Option<()> {
    for site in model.sites.values_mut() {
        let Coming::Called { tempo, notice, .. } = &mut site.coming else {
            return None;
        };
        if pull == Pull::Away {
            (*tempo, *notice) = (Quantity::known(10.0), Span::ZERO);
            continue;
        }
        let change = |tempo: f64| tempo * share(pull);
        tempo.value = change(tempo.value);
        if let Some(range) = &mut tempo.range {
            (range.low, range.high) = (change(range.low), change(range.high));
        }
    }
    Some(())
}

/// One machine, or one technician in every crew.
fn capacity(work: &mut Work, pull: Pull) -> Option<()> {
    match work {
        Work::Machines { machines, .. } => more(machines, pull),
        Work::Workers { crews, .. } => staff(crews, pull),
        Work::Delay { .. } | Work::Upload { .. } => None,
    }
}

/// One technician in every crew.
fn staff(crews: &mut [LabCrew], pull: Pull) -> Option<()> {
    crews.iter_mut().try_for_each(|crew| {
        let mut technicians = Quantity::known(crew.technicians);
        more(&mut technicians, pull)?;
        crew.technicians = technicians.value;
        Some(())
    })
}

/// One technician in every crew that is at the machines of a stage.
fn hands(work: &mut Work, pull: Pull) -> Option<()> {
    match work {
        Work::Machines {
            hands: Some(hands),
            crews,
            ..
        } => {
            staff(crews, pull)?;
            (LabCrew::most(crews) >= hands.people).then_some(())
        }
        Work::Machines { hands: None, .. }
        | Work::Workers { .. }
        | Work::Delay { .. }
        | Work::Upload { .. } => None,
    }
}

/// More tubes in a run.
fn wells(work: &mut Work, pull: Pull) -> Option<()> {
    match work {
        Work::Machines { capacity, .. } => {
            more_by_share(capacity, pull);
            Some(())
        }
        Work::Workers { .. } | Work::Delay { .. } | Work::Upload { .. } => None,
    }
}

/// More room before a stage, or no limit.
fn more_room(room: &mut Option<u32>, pull: Pull) -> Option<()> {
    let limit = (*room)?;
    let mut tubes = Quantity::known(limit.max(1));
    if pull == Pull::Away {
        *room = None;
        return Some(());
    }
    more_by_share(&mut tubes, pull);
    let least = if pull == Pull::Down { 0 } else { limit + 1 };
    *room = Some(tubes.value.max(least));
    Some(())
}

fn stage_time(work: &mut Work, pull: Pull) {
    match work {
        Work::Machines { run: time, .. }
        | Work::Workers { per_tube: time, .. }
        | Work::Delay { time } => {
            quicken(time, pull);
        }
        Work::Upload { every } => {
            *every = Span::from_seconds((every.seconds() / share(pull)).max(1.0));
        }
    }
}

/// Machines start at once and tubes go on one by one; nothing between is a lever.
fn policy(stage: &mut Stage, pull: Pull) -> Option<()> {
    if pull != Pull::Away {
        return None;
    }
    stage.hand_over = HandOver::Immediate;
    if let Work::Machines { start, .. } = &mut stage.work {
        *start = StartPolicy {
            at_least: AtLeast::Tubes(1),
            after: None,
        };
    }
    Some(())
}
