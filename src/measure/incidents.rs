//! What went wrong in a replication, counted; and what disinfecting the sites took.

use super::campaign::lasts;
use super::outcome::{DisinfectionOutcome, IncidentOutcome, Outcome};
use crate::model::Model;
use crate::model::incident::Kind;
use crate::network::campaign::Rounds;
use crate::network::incident::Happening;
use crate::units::Span;

/// Enters what happened into an outcome: the incidents of the model in its order, then, in a stress run, the kinds that are drawn.
pub fn enter(model: &Model, rounds: &Rounds<'_>, outcome: &mut Outcome<f64>) {
    let network = rounds.planned();
    let counted = |among: &dyn Fn(&Happening) -> bool| {
        let these = network.incidents.iter().filter(|one| among(one));
        let (times, minutes) = these.fold((0_u32, 0.0), |(times, minutes), one| {
            (times + 1, minutes + one.window.length().minutes())
        });
        IncidentOutcome {
            happens: if times > 0 { 1.0 } else { 0.0 },
            times: f64::from(times),
            minutes,
        }
    };
    for (number, _) in (0_u32..).zip(&model.incidents) {
        let own = counted(&|one| one.incident == Some(number));
        outcome.incidents.push(own);
    }
    if model.stress.is_some() {
        for kind in Kind::DRAWN {
            let drawn = counted(&|one| one.incident.is_none() && one.kind == kind);
            outcome.incidents.push(drawn);
        }
    }
    outcome.disinfection = model.disinfection.as_ref().map(|disinfection| {
        let visits = network.disinfected.len() as f64;
        let takes = |window: &crate::units::Window| window.length() + disinfection.between;
        let length: Span = network
            .disinfected
            .iter()
            .map(|(_, window)| takes(window))
            .sum();
        let team = f64::from(disinfection.people) / f64::from(disinfection.teams.max(1));
        DisinfectionOutcome {
            visits,
            staff_hours: length.hours() * team,
            closed_min: closed(rounds, outcome),
        }
    });
}

/// How long sites are closed for it within their hours, all together, in minutes.
fn closed(rounds: &Rounds<'_>, outcome: &Outcome<f64>) -> f64 {
    let network = rounds.planned();
    let decided = outcome.decided.as_deref();
    let held = rounds
        .ids()
        .filter(|&id| lasts(rounds, decided, id).is_some());
    let places = held.flat_map(|id| &rounds.round(id).sites);
    let lost = places.flat_map(|place| {
        let here = network.disinfected.iter();
        let here = here.filter(|(site, _)| *site == place.site);
        here.flat_map(|(_, window)| {
            place.openings.iter().map(|opening| {
                opening
                    .end
                    .min(window.end)
                    .since(opening.start.max(window.start))
            })
        })
    });
    lost.sum::<Span>().minutes()
}
