//! The door of a laboratory that sends tubes on while too many wait, and of one to which they are sent.

use super::super::Coming;
use super::Away;
use crate::id::{CourierId, SiteId};
use crate::network::Lab;
use crate::network::lab::Overflow;
use crate::random::{Key, Purpose, Streams};
use crate::units::Time;

/// What one courier brings from one site at one moment: it is taken in whole or sent on whole.
type Bag = (Time, Option<CourierId>, Option<SiteId>);

/// The door of a laboratory.
#[derive(Default)]
pub(super) struct Door {
    /// The luck of its van on the road.
    luck: Option<Key>,
    /// What was decided last: about what, and when it will be at the other laboratory if it is sent on.
    latest: Option<(Bag, Option<Time>)>,
    /// What was sent on and nobody was told of.
    pub(super) away: Vec<Away>,
    /// What others have sent on to this one so far.
    pub(super) called: Vec<Coming>,
}

impl Door {
    pub(super) fn new(lab: &Lab, streams: Streams) -> Self {
        let overflow = lab.overflow.as_ref();
        Self {
            luck: overflow.map(|overflow| streams.key(Purpose::SentOn, overflow.name)),
            ..Self::default()
        }
    }

    /// When a delivery that comes now, and finds so many tubes waiting, will be at the other laboratory; none if it is taken in. Its drive has
    /// the luck of its first tube.
    pub(super) fn decide(
        &mut self,
        delivery: &Coming,
        (overflow, waiting): (&Overflow, usize),
        (batch, tube): (u64, u64),
        now: Time,
    ) -> Option<Time> {
        let bag = (delivery.at, delivery.courier, delivery.site);
        let known = self.latest.filter(|(latest, _)| *latest == bag);
        let there = known.map_or_else(
            || {
                let luck = self.luck.filter(|_| waiting > overflow.over as usize)?;
                Some(now + overflow.road.one(luck.of(batch), tube))
            },
            |(_, there)| there,
        );
        self.latest = Some((bag, there));
        let at = there?;
        self.away.push(Away {
            to: overflow.to,
            sets_off: now,
            coming: Coming {
                at,
                brought: delivery.brought.or(Some(now)),
                ..*delivery
            },
        });
        Some(at)
    }
}
