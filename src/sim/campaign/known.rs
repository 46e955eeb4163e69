//! What is known at a moment: results that are out by then, people who are swabbed by then, and nothing else.
//!
//! The engine works ahead of the clock: a site's whole round at its opening, a run when it starts. So everything it finds is kept here with
//! its moment, and becomes known when the clock comes to it.

use super::super::observer::Origin;
use super::super::tubes::{Batch, Swab};
use crate::id::{CellId, RoundId, SiteId};
use crate::network::Round;
use crate::units::Time;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// What is known, and what will be.
#[derive(Default)]
pub(in crate::sim) struct Known {
    /// By round and site: the cell of each source.
    cells: BTreeMap<(RoundId, SiteId), Vec<CellId>>,
    rounds: BTreeMap<RoundId, RoundKnown>,
    /// Tubes still to be closed: when, and how many people are in them.
    closing: BinaryHeap<Reverse<(i64, u32)>>,
    /// Results still to be told.
    ends: BinaryHeap<Reverse<End>>,
    /// People in closed tubes, and those of them whose result is out.
    swabbed: u64,
    ended: u64,
}

/// A round that has opened.
struct RoundKnown {
    opened: Time,
    /// People who are swabbed in it, also later than now.
    people: u64,
    /// Those of them whose result is out, and when the latest was.
    ended: u64,
    last: Time,
    /// By cell: people swabbed in it, and those whose result is out.
    cells: BTreeMap<CellId, [u32; 2]>,
}

/// People of one cell in a tube whose result is out: published, reported positive, or never to come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct End {
    at: Time,
    round: RoundId,
    cell: CellId,
    people: u32,
    positive: bool,
}

impl Known {
    /// A round opens.
    pub(in crate::sim) fn open(&mut self, id: RoundId, round: &Round, opened: Time) {
        for place in &round.sites {
            let cell = |source: &crate::network::Source| round.cells[source.cell as usize].cell;
            let cells = place.sources.iter().map(cell).collect();
            self.cells.insert((id, place.site), cells);
        }
        let (people, ended, last, cells) = (0, 0, opened, BTreeMap::new());
        let round = RoundKnown {
            opened,
            people,
            ended,
            last,
            cells,
        };
        self.rounds.insert(id, round);
    }

    /// The tubes of a site in a round, as they will be filled.
    pub(in crate::sim) fn swab(&mut self, id: RoundId, site: SiteId, batch: &Batch) {
        let (Some(cells), Some(round)) = (self.cells.get(&(id, site)), self.rounds.get_mut(&id))
        else {
            return;
        };
        for tube in &batch.tubes {
            self.closing.push(Reverse((tube.closed, tube.people)));
            round.people += u64::from(tube.people);
            let swabs = &batch.swabs[tube.from as usize..(tube.from + tube.people) as usize];
            for swab in swabs {
                round.cells.entry(cells[swab.source as usize]).or_default()[0] += 1;
            }
        }
    }

    /// The result of a tube will be out.
    pub(in crate::sim) fn end(
        &mut self,
        origin: Origin,
        swabs: &[Swab],
        (at, positive): (Time, bool),
    ) {
        let round = origin.round;
        let place = origin.site.map(|site| (round, site));
        let Some(cells) = place.and_then(|place| self.cells.get(&place)) else {
            return;
        };
        if origin.recall {
            return;
        }
        for together in swabs.chunk_by(|one, next| one.source == next.source) {
            self.ends.push(Reverse(End {
                at,
                round,
                cell: cells[together[0].source as usize],
                people: together.len() as u32,
                positive,
            }));
        }
    }

    /// The clock comes to a moment; returns the cells with a positive tube that become known, with their moments, in order.
    pub(super) fn learn(&mut self, now: Time) -> Vec<(Time, CellId)> {
        while let Some(&Reverse((closed, people))) = self.closing.peek()
            && closed <= now.millis()
        {
            self.closing.pop();
            self.swabbed += u64::from(people);
        }
        let mut positive = Vec::new();
        while let Some(&Reverse(end)) = self.ends.peek()
            && end.at <= now
        {
            self.ends.pop();
            self.ended += u64::from(end.people);
            if let Some(round) = self.rounds.get_mut(&end.round) {
                round.ended += u64::from(end.people);
                round.last = round.last.max(end.at);
                round.cells.entry(end.cell).or_default()[1] += end.people;
            }
            if end.positive {
                positive.push((end.at, end.cell));
            }
        }
        positive
    }

    /// People who wait for their results now.
    pub(super) const fn outstanding(&self) -> u64 {
        self.swabbed.saturating_sub(self.ended)
    }

    /// Whether a share of all results of the rounds that have opened is out, those of people still to be swabbed in them too.
    pub(super) fn is_out(&self, share: f64) -> bool {
        let people: u64 = self.rounds.values().map(|round| round.people).sum();
        self.ended as f64 >= share * people as f64
    }

    /// Whether the results of some round are not all out so long after it opened, or were not.
    pub(super) fn is_late(&self, after: crate::units::Span, now: Time) -> bool {
        self.rounds.values().any(|round| {
            let due = round.opened + after;
            if round.ended >= round.people {
                round.last > due
            } else {
                now > due
            }
        })
    }

    /// Rounds that opened since a moment in which people of the cell were swabbed and all of them have their result.
    pub(super) fn whole_rounds(&self, cell: CellId, since: Time) -> u32 {
        let is_whole = |round: &&RoundKnown| {
            let counts = round.cells.get(&cell);
            round.opened >= since
                && counts.is_some_and(|[people, ended]| *people > 0 && ended >= people)
        };
        self.rounds.values().filter(is_whole).count() as u32
    }
}
