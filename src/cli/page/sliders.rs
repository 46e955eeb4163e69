//! Sliders, each with the keys of the scenario that it moves and the values they may take: those that the scenario names, else what most
//! often matters ([`dialed`]).
//!
//! What is shown is thus what a variant of the scenario says.

use std::path::Path;

use toml::Value;

use crate::id::{LabId, SiteId};
use crate::model::Model;
use crate::model::lab::Work;
use crate::report::live::{Dial, Knob};
use crate::scenario::document::Options;
use crate::scenario::lever::Lever;
use crate::units::language::Language;

use super::dialed::{self, Dialed, lanes_of, on_foot};

/// A slider.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Slider {
    /// What the program found to move.
    Found(Dialed),
    /// What the scenario names.
    Named(Lever, Option<Dial>),
}

/// A key and what it is to say: its path, in which the ids of entries stand for themselves.
pub(super) type Setting = (Vec<String>, Value);

/// The sliders of a scenario, and what it means as it stands.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Sliders {
    /// The operation as it stands.
    pub(super) model: Model,
    /// The sliders.
    pub(super) list: Vec<Slider>,
}

impl Sliders {
    /// Those that the scenario in a file names; where it names none, those that it has.
    pub(super) fn find(file: &Path, options: &Options, (model, levers): (Model, &[Lever])) -> Self {
        let list = if levers.is_empty() {
            let found = dialed::find(file, options, &model).into_iter();
            found.map(Slider::Found).collect()
        } else {
            let named = |lever: &Lever| Slider::Named(lever.clone(), dial(&model, lever));
            levers.iter().map(named).collect()
        };
        Self { model, list }
    }

    /// What the scenario says with the sliders so; nothing of those that are where they were.
    pub(super) fn settings(&self, positions: &[usize]) -> Vec<Setting> {
        let mut settings = self.lanes(positions);
        for (slider, &position) in self.list.iter().zip(positions) {
            if position == slider.at() {
                continue;
            }
            match slider {
                Slider::Found(found) if found.moves_lanes() => {}
                Slider::Found(found) => {
                    settings.extend(found.settings(&self.model, found.amounts[position]));
                }
                Slider::Named(lever, _) => {
                    settings.push((lever.path.clone(), lever.steps[position].value.clone()));
                }
            }
        }
        settings
    }

    /// Lanes: those of the site and those that every site has more.
    fn lanes(&self, positions: &[usize]) -> Vec<Setting> {
        let (mut more, mut own) = (0, Vec::new());
        for (slider, &position) in self.list.iter().zip(positions) {
            let Slider::Found(found) = slider else {
                continue;
            };
            match found.dial {
                Dial::AllLanes => more = found.amounts[position],
                Dial::Lanes(site) if position != found.at => {
                    own.push((site, found.amounts[position]));
                }
                Dial::Lanes(_)
                | Dial::Pace
                | Dial::Hours
                | Dial::Pool
                | Dial::Vehicles(_)
                | Dial::Trips(_)
                | Dial::Capacity(..) => {}
            }
        }
        let moved = |site: SiteId| {
            let now = i64::from(self.model.sites[site].lanes.value);
            let own = own.iter().find(|(other, _)| *other == site);
            let lanes = (own.map_or(now, |(_, lanes)| *lanes) + more).max(1);
            (lanes != now).then(|| lanes_of(&self.model, site, lanes))
        };
        on_foot(&self.model).filter_map(moved).collect()
    }

    /// Whether there is a position for each slider, and each slider has it.
    pub(super) fn fit(&self, positions: &[usize]) -> bool {
        let mut pairs = self.list.iter().zip(positions);
        positions.len() == self.list.len()
            && pairs.all(|(slider, &position)| position < slider.positions())
    }

    /// Where the sliders are as the scenario stands.
    pub(super) fn start(&self) -> Vec<usize> {
        self.list.iter().map(Slider::at).collect()
    }

    /// The sliders in words.
    pub(super) fn knobs(&self, language: Language) -> Vec<Knob> {
        let knob = |slider: &Slider| slider.knob(&self.model, language);
        self.list.iter().map(knob).collect()
    }

    /// What was moved, in words: `Lanes at Site 3: 5 → 6`.
    pub(super) fn moved(&self, positions: &[usize], language: Language) -> Vec<String> {
        let knobs = self.knobs(language).into_iter().zip(positions);
        knobs
            .filter(|(knob, position)| knob.at != **position)
            .map(|(knob, &position)| {
                let colon = language.pick("：", ": ");
                let (from, to) = (&knob.steps[knob.at], &knob.steps[position]);
                format!("{}{colon}{from} → {to}", knob.name)
            })
            .collect()
    }
}

impl Slider {
    /// Where it is as the scenario stands.
    fn at(&self) -> usize {
        match self {
            Self::Found(found) => found.at,
            Self::Named(lever, _) => lever.at,
        }
    }

    /// How many positions it has.
    fn positions(&self) -> usize {
        match self {
            Self::Found(found) => found.amounts.len(),
            Self::Named(lever, _) => lever.steps.len(),
        }
    }

    fn knob(&self, model: &Model, language: Language) -> Knob {
        let (name, steps) = match self {
            Self::Found(found) => {
                let amount = |&amount: &i64| found.dial.amount(model, amount, language);
                let steps = found.amounts.iter().map(amount).collect();
                (found.dial.name(model, language), steps)
            }
            Self::Named(lever, dial) => {
                let own = || lever.called.says(language).to_owned();
                let name = dial.map_or_else(own, |dial| dial.name(model, language));
                let steps = lever.steps.iter();
                let steps = steps.map(|step| step.said.says(language).to_owned());
                (name, steps.collect())
            }
        };
        Knob {
            name,
            steps,
            at: self.at(),
        }
    }
}

/// The dial that moves what a lever does, if there is one: it has a name in words that people use.
fn dial(model: &Model, lever: &Lever) -> Option<Dial> {
    let path: Vec<&str> = lever.path.iter().map(String::as_str).collect();
    match path.as_slice() {
        ["lane", "pace"] => Some(Dial::Pace),
        ["sites", id, "lanes"] => {
            let mut sites = model.sites.iter();
            let found = sites.find(|(_, site)| site.name.id == *id);
            found.map(|(site, _)| Dial::Lanes(site))
        }
        ["couriers", id, "vehicles"] => {
            let mut couriers = model.couriers.iter();
            let found = couriers.find(|(_, courier)| courier.name.id == *id);
            found.map(|(courier, _)| Dial::Vehicles(courier))
        }
        ["couriers", id, "every"] => {
            let mut couriers = model.couriers.iter();
            let found = couriers.find(|(_, courier)| courier.name.id == *id);
            found.map(|(courier, _)| Dial::Trips(courier))
        }
        ["labs", id, "machines"] => {
            let mut labs = model.labs.iter();
            let (lab, _) = labs.find(|(_, lab)| lab.name.id == *id)?;
            machines(model, lab)
        }
        _ => None,
    }
}

/// The machines of a laboratory that has them at one stage.
fn machines(model: &Model, lab: LabId) -> Option<Dial> {
    let stages = model.labs[lab].stages.iter().enumerate();
    let mut with = stages.filter(|(_, stage)| matches!(stage.work, Work::Machines { .. }));
    match (with.next(), with.next()) {
        (Some((stage, _)), None) => Some(Dial::Capacity(lab, stage)),
        (Some(_) | None, _) => None,
    }
}

/// The same as words of `--set`.
pub(super) fn as_set(settings: &[Setting]) -> Vec<String> {
    let quoted = |part: &String| {
        let mark = if part.contains('"') { '\'' } else { '"' };
        format!("{mark}{part}{mark}")
    };
    let one = |(path, value): &Setting| {
        let path: Vec<String> = path.iter().map(quoted).collect();
        format!("{}={value}", path.join("."))
    };
    settings.iter().map(one).collect()
}
