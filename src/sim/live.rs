//! Tubes in flight, with the swabs in them, until their results are out.

use super::campaign::known::Known;
use super::observer::{Failure, Held, Observer, Origin, Positive, Unbound, Why};
use super::tubes::{Batch, Swab, Tube};
use super::visits::Visit;
use crate::id::LabId;
use crate::network::Lab;
use crate::units::Time;

/// A tube on its way through a laboratory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Item {
    /// When the next stage may take it.
    pub(super) ready: Time,
    /// When it left the last one.
    pub(super) since: Time,
    /// Its number in the laboratory.
    pub(super) serial: u32,
    /// Its batch among those in flight.
    pub(super) batch: u32,
    /// Its number in the batch.
    pub(super) tube: u32,
    /// People in it.
    pub(super) people: u32,
}

impl Item {
    /// By the moment, then by the order of coming in.
    pub(super) const fn order(&self) -> (i64, u32) {
        (self.ready.millis(), self.serial)
    }
}

/// The result of a tube is out for those who are bound to it, and not for the others.
fn tell(
    (origin, tube, at): (Origin, &Tube, Time),
    (swabs, unbound): (&[Swab], &[u32]),
    observer: &mut impl Observer,
) {
    let all = || (tube.from..).zip(swabs.iter().copied());
    let is_bound = |place: &u32| unbound.binary_search(place).is_err();
    let (named, nameless): (Vec<_>, Vec<_>) = all().partition(|(place, _)| is_bound(place));
    let [named, nameless] = [named, nameless].map(|swabs| {
        let swabs = swabs.into_iter().map(|(_, swab)| swab);
        swabs.collect::<Vec<Swab>>()
    });
    observer.published(origin, tube, &named, at);
    observer.unbound(&Unbound {
        origin,
        tube,
        swabs: &nameless,
        at,
    });
}

/// All tubes in flight.
pub(super) struct Live {
    batches: Vec<LiveBatch>,
    /// Tubes whose result is not out.
    left: usize,
    /// Batches whose results are all out.
    spent: Vec<Batch>,
    /// Nothing after this is told.
    pub(super) stop: Time,
    /// What the campaign knows, if anything is decided on the way: it hears of every result.
    pub(super) known: Option<Known>,
}

/// The tubes of one site in one round.
struct LiveBatch {
    origin: Origin,
    /// Hash of site and round.
    name: u64,
    /// Where its tubes stand in a laboratory's lines: classes, 0 first.
    class: u8,
    batch: Batch,
    /// Tubes whose result is not out.
    left: usize,
}

impl Live {
    pub(super) const fn new(stop: Time, known: Option<Known>) -> Self {
        Self {
            batches: Vec::new(),
            left: 0,
            spent: Vec::new(),
            stop,
            known,
        }
    }

    /// Takes the tubes of a site or feed; returns their batch number.
    pub(super) fn add(&mut self, origin: Origin, name: u64, class: u8, batch: Batch) -> u32 {
        let left = batch.tubes.len();
        self.left += left;
        self.batches.push(LiveBatch {
            origin,
            name,
            class,
            batch,
            left,
        });
        self.batches.len() as u32 - 1
    }

    /// The tubes of a batch.
    pub(super) fn tubes(&self, batch: u32) -> &[Tube] {
        &self.batches[batch as usize].batch.tubes
    }

    /// A vehicle takes a tube.
    pub(super) fn carry(&mut self, batch: u32, tube: u32, visit: Visit) -> &Tube {
        let tube = &mut self.batches[batch as usize].batch.tubes[tube as usize];
        tube.picked = visit.at;
        tube.delivered = visit.delivered;
        tube.trip = visit.trip;
        tube
    }

    /// A tube will be at the door of another laboratory at a moment.
    pub(super) fn send_on(&mut self, batch: u32, tube: u32, at: Time) -> &Tube {
        let tube = &mut self.batches[batch as usize].batch.tubes[tube as usize];
        tube.delivered = at.millis();
        tube
    }

    pub(super) fn origin(&self, batch: u32) -> Origin {
        self.batches[batch as usize].origin
    }

    pub(super) fn class(&self, batch: u32) -> u8 {
        self.batches[batch as usize].class
    }

    /// The name of a tube: that of its batch, and lane and number in it.
    pub(super) fn name(&self, item: &Item) -> (u64, u64) {
        self.name_of(item.batch, item.tube)
    }

    /// The same, by its batch and its number there.
    pub(super) fn name_of(&self, batch: u32, tube: u32) -> (u64, u64) {
        let live = &self.batches[batch as usize];
        let tube = &live.batch.tubes[tube as usize];
        (
            live.name,
            u64::from(tube.lane) << 32 | u64::from(tube.serial),
        )
    }

    /// The result of a tube is ready, and out as soon as it can be uploaded. Results of people who are held are told by telephone.
    pub(super) fn publish(
        &mut self,
        item: &Item,
        (id, lab): (LabId, &Lab),
        observer: &mut impl Observer,
    ) {
        let (origin, tube, swabs) = self.contents(item);
        let out = if origin.recall || lab.upload.is_none() {
            item.ready
        } else {
            Time::from_millis(lab.upload.put_off(item.ready.millis()))
        };
        if out <= self.stop {
            if out > item.ready {
                observer.held(&Held {
                    lab: id,
                    origin,
                    serial: item.serial,
                    people: self.bound(item),
                    since: item.ready,
                    until: out,
                });
            }
            let unbound = self.unbound(item);
            if unbound.is_empty() {
                observer.published(origin, tube, swabs, out);
            } else {
                tell((origin, tube, out), (swabs, unbound), observer);
            }
        }
        self.know(item, (out, false));
        self.leave(item);
    }

    /// A tube, known at `item.ready`, will have no result.
    pub(super) fn fail(
        &mut self,
        item: &Item,
        (lab, why): (LabId, Why),
        observer: &mut impl Observer,
    ) {
        let at = item.ready;
        if at <= self.stop {
            let (origin, tube, swabs) = self.contents(item);
            observer.failed(&Failure {
                origin,
                tube,
                swabs,
                lab,
                why,
                at,
            });
        }
        self.know(item, (item.ready, false));
        self.leave(item);
    }

    /// A tube is reported positive at `item.ready`.
    pub(super) fn report(
        &mut self,
        item: &Item,
        lab: LabId,
        [detected, retested]: [Time; 2],
        observer: &mut impl Observer,
    ) {
        if item.ready <= self.stop {
            let (origin, tube, swabs) = self.contents(item);
            observer.positive(&Positive {
                origin,
                tube,
                swabs,
                lab,
                serial: item.serial,
                detected,
                retested,
                reported: item.ready,
            });
        }
        self.know(item, (item.ready, true));
        self.leave(item);
    }

    /// The campaign will know how a tube ends, and when.
    fn know(&mut self, item: &Item, (at, positive): (Time, bool)) {
        if let Some(known) = &mut self.known {
            let live = &self.batches[item.batch as usize];
            let tube = &live.batch.tubes[item.tube as usize];
            let swabs = &live.batch.swabs[tube.from as usize..(tube.from + tube.people) as usize];
            known.end(live.origin, swabs, (at, positive));
        }
    }

    /// A tube with where it comes from and who is in it.
    pub(super) fn contents(&self, item: &Item) -> (Origin, &Tube, &[Swab]) {
        let live = &self.batches[item.batch as usize];
        let tube = &live.batch.tubes[item.tube as usize];
        let swabs = &live.batch.swabs[tube.from as usize..(tube.from + tube.people) as usize];
        (live.origin, tube, swabs)
    }

    /// The places in its batch of the swabs of a tube that are not bound to a name.
    fn unbound(&self, item: &Item) -> &[u32] {
        let batch = &self.batches[item.batch as usize].batch;
        if batch.unbound.is_empty() {
            return &[];
        }
        let tube = &batch.tubes[item.tube as usize];
        let before = |end: u32| batch.unbound.partition_point(|&place| place < end);
        &batch.unbound[before(tube.from)..before(tube.from + tube.people)]
    }

    /// How many people are bound to a tube.
    pub(super) fn bound(&self, item: &Item) -> u32 {
        item.people - self.unbound(item).len() as u32
    }

    /// How many tubes are not done with.
    pub(super) const fn in_flight(&self) -> usize {
        self.left
    }

    /// A tube is done with; the memory of a batch is free with its last.
    fn leave(&mut self, item: &Item) {
        let live = &mut self.batches[item.batch as usize];
        self.left -= 1;
        live.left -= 1;
        if live.left == 0 {
            self.spent.push(std::mem::take(&mut live.batch));
        }
    }

    /// A batch whose memory is no longer needed.
    pub(super) fn spare(&mut self) -> Option<Batch> {
        self.spent.pop()
    }

    /// All batches, spent or not.
    pub(super) fn into_batches(self) -> impl Iterator<Item = Batch> {
        let unspent = self.batches.into_iter().map(|live| live.batch);
        self.spent
            .into_iter()
            .chain(unspent.filter(Batch::has_room))
    }
}
