//! Couriers: vehicles, timetables, calls and loads.

use super::super::courier::{Call, Checkpoint, Courier, Load};
use super::{Compiler, window};
use crate::id::CourierId;
use crate::model::courier;
use crate::model::courier::Route;
use crate::random::name;
use crate::random::sampler::Sampler;
use crate::units::Span;

impl Compiler<'_> {
    pub(super) fn courier(
        &self,
        id: CourierId,
        courier: &crate::model::courier::Courier,
    ) -> Courier {
        let (leg, tours) = match &courier.route {
            Route::Direct => (Sampler::Constant(0), Vec::new()),
            Route::Loop { leg, .. } if courier.call.is_some() => (self.sampler(leg), Vec::new()),
            Route::Loop { vehicles, leg } => {
                let vehicles = self.now(vehicles).max(1) as usize;
                let mut tours = vec![Vec::new(); vehicles];
                for (place, &site) in courier.sites.iter().enumerate() {
                    tours[place % vehicles].push(name(&self.model.sites[site].name.id));
                }
                (self.sampler(leg), tours)
            }
        };
        Courier {
            name: name(&courier.name.id),
            to: courier.to,
            sites: courier.sites.clone(),
            first: courier.first,
            every: self.now(&courier.every).max(Span::SECOND),
            road: self.sampler(&courier.road),
            per_stop: courier.per_stop,
            load: courier.load.as_ref().map(|load| self.load(load)),
            call: self.call(courier),
            hours: courier.hours.iter().copied().map(window).collect(),
            roads: self.effects.roads(id),
            checkpoint: courier.checkpoint.as_ref().map(|checkpoint| Checkpoint {
                delay: self.sampler(&checkpoint.delay),
                by_hour: checkpoint.by_hour,
            }),
            leg,
            ways: self.ways(id),
            tours,
        }
    }

    fn call(&self, courier: &courier::Courier) -> Option<Call> {
        let call = courier.call.as_ref()?;
        let vehicles = match &courier.route {
            Route::Direct => 1,
            Route::Loop { vehicles, .. } => self.now(vehicles),
        };
        Some(Call {
            tubes: call
                .tubes
                .as_ref()
                .map_or(u32::MAX, |tubes| self.now(tubes)),
            after: self.now(&call.after),
            stops: call.stops.unwrap_or(u32::MAX),
            vehicles: vehicles.max(1),
        })
    }

    fn load(&self, load: &courier::Load) -> Load {
        let (boxes, tubes) = match load {
            courier::Load::Tubes(tubes) => (self.now(tubes), 1),
            courier::Load::Boxes { boxes, tubes } => (self.now(boxes), self.now(tubes)),
        };
        Load {
            boxes: boxes.max(1),
            tubes: tubes.max(1),
        }
    }
}
