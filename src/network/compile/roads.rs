//! Driving times by pair, compiled.

use super::super::courier::Ways;
use super::{Compiler, sampler};
use crate::id::{CourierId, LabId, SiteId};
use crate::model::road::{Drive, Roads};
use crate::model::service::Shape;
use crate::random::name;
use crate::random::sampler::Sampler;

impl Compiler<'_> {
    /// The drives of a courier that goes by pairs.
    pub(super) fn ways(&self, id: CourierId) -> Option<Ways> {
        let roads = self.model.roads.as_ref()?;
        let ways = roads.ways.get(&id)?;
        let speed = roads.speed.as_ref().map(|speed| self.now(speed));
        let name = |site: &SiteId| name(&self.model.sites[*site].name.id);
        let leg = |((from, to), drive): (&(Option<SiteId>, SiteId), &Drive)| {
            let pair = (from.as_ref().map(name), name(to));
            (pair, drives(roads, speed, *drive))
        };
        let home = |(from, drive): (&SiteId, &Drive)| (name(from), drives(roads, speed, *drive));
        Some(Ways {
            legs: ways.legs.iter().map(leg).collect(),
            home: ways.home.iter().map(home).collect(),
        })
    }

    /// The drive from a laboratory to another, if roads say it.
    pub(super) fn between(&self, from: LabId, to: LabId) -> Option<Sampler> {
        let roads = self.model.roads.as_ref()?;
        let drive = roads.between.get(&(from, to))?;
        let speed = roads.speed.as_ref().map(|speed| self.now(speed));
        Some(drives(roads, speed, *drive))
    }
}

/// One drive at so many kilometers an hour.
fn drives(roads: &Roads, speed: Option<f64>, drive: Drive) -> Sampler {
    let mean = match drive {
        Drive::Takes(length) => length.millis() as f64,
        Drive::Kilometers(length) => length / speed.unwrap_or(f64::INFINITY) * 3.6e6,
    };
    let shape = if roads.cv > 0.0 {
        Shape::Lognormal(roads.cv)
    } else {
        Shape::Constant
    };
    sampler(mean, &shape)
}
