//! People as they come to a site: the ordered streams of its cells, merged, block by block, with all their luck drawn.

use super::tubes::Swab;
use crate::network::incident::Delay;
use crate::network::{Curve, Kernel, Pattern, People, RoundSite, Site, Source};
use crate::random::block::{self, BLOCK};
use crate::random::{Key, Purpose, Streams};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Some people in the order in which they come, column by column. Times in milliseconds.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) len: usize,
    pub(super) arrival: [i64; BLOCK],
    pub(super) source: [u32; BLOCK],
    pub(super) rank: [u32; BLOCK],
    /// By station; then, where households are kept together, the rank of who begins the household.
    pub(super) service: Vec<[u32; BLOCK]>,
}

/// How many columns `Block::service` has at a site.
pub(super) fn columns(site: &Site) -> usize {
    let marked = site.kernel == Kernel::Groups && !site.households.is_empty();
    site.stations.len() + usize::from(marked)
}

impl Block {
    pub(super) fn new(columns: usize) -> Self {
        Self {
            len: 0,
            arrival: [0; BLOCK],
            source: [0; BLOCK],
            rank: [0; BLOCK],
            service: vec![[0; BLOCK]; columns],
        }
    }

    /// The swab of the person at `index`, which ends at `end`.
    #[inline]
    pub(super) fn swab(&self, index: usize, end: i64) -> Swab {
        Swab {
            arrival: self.arrival[index],
            end,
            source: self.source[index],
            rank: self.rank[index],
        }
    }

    /// Puts the person at one place at another too.
    pub(super) fn copy(&mut self, from: usize, to: usize) {
        self.arrival[to] = self.arrival[from];
        self.source[to] = self.source[from];
        self.rank[to] = self.rank[from];
        for lengths in &mut self.service {
            lengths[to] = lengths[from];
        }
    }

    /// Adds the person at `index` of another block.
    #[inline]
    fn push(&mut self, other: &Self, index: usize) {
        self.arrival[self.len] = other.arrival[index];
        self.source[self.len] = other.source[index];
        self.rank[self.len] = other.rank[index];
        for (mine, theirs) in self.service.iter_mut().zip(&other.service) {
            mine[self.len] = theirs[index];
        }
        self.len += 1;
    }
}

/// The people of a site in a round, in order.
pub(super) struct Arrivals<'a> {
    site: &'a Site,
    round: &'a RoundSite,
    streams: Streams,
    /// The first source that has not begun.
    next: usize,
    active: Vec<Stream<'a>>,
    /// Places in `active` whose stream has ended.
    ended: Vec<u32>,
    /// The head of each active stream: when, whose, and the stream's place in `active`.
    heads: BinaryHeap<Reverse<(i64, u32, u32)>>,
    /// How many people of each source came so far.
    pub(super) came: Vec<u32>,
    /// Households at whose door nobody opened to those who visit.
    pub(super) unopened: u32,
}

impl<'a> Arrivals<'a> {
    pub(super) fn new(site: &'a Site, round: &'a RoundSite, streams: Streams) -> Self {
        let came = vec![0; round.sources.len()];
        Self {
            site,
            round,
            streams,
            next: 0,
            active: Vec::new(),
            ended: Vec::new(),
            heads: BinaryHeap::new(),
            came,
            unopened: 0,
        }
    }

    /// Replaces `out` by the next people; false if there are none.
    pub(super) fn next(&mut self, out: &mut Box<Block>) -> bool {
        out.len = 0;
        while out.len < BLOCK {
            self.begin_sources();
            let Some(&Reverse((_, _, place))) = self.heads.peek() else {
                break;
            };
            let stream = &mut self.active[place as usize];
            let whole_block = out.len == 0 && stream.at == 0 && self.heads.len() == 1;
            let last = stream.block.arrival[stream.block.len - 1];
            if whole_block
                && self
                    .round
                    .sources
                    .get(self.next)
                    .is_none_or(|next| last < next.begin.millis())
            {
                std::mem::swap(out, &mut stream.block);
                self.refill(place);
                break;
            }
            out.push(&stream.block, stream.at);
            stream.at += 1;
            if stream.at == stream.block.len {
                self.refill(place);
            } else if let Some(mut head) = self.heads.peek_mut() {
                head.0.0 = stream.block.arrival[stream.at];
            }
        }
        out.len > 0
    }

    /// Begins every source that may have someone before the next head.
    fn begin_sources(&mut self) {
        while let Some(source) = self.round.sources.get(self.next) {
            if self
                .heads
                .peek()
                .is_some_and(|Reverse((head, _, _))| *head < source.begin.millis())
            {
                return;
            }
            let index = self.next as u32;
            self.next += 1;
            let place = self.place(source, index);
            let stream = &mut self.active[place as usize];
            if stream.fill() {
                self.came[index as usize] += stream.block.len as u32;
                self.heads
                    .push(Reverse((stream.block.arrival[0], index, place)));
            } else {
                self.unopened += stream.finish();
                self.ended.push(place);
            }
        }
    }

    /// A place for a new stream, with the block of one that has ended if there is one.
    fn place(&mut self, source: &'a Source, index: u32) -> u32 {
        let curve = match source.pattern {
            Pattern::Curve(curve) => Some(&self.round.curves[curve as usize]),
            Pattern::Even(_) | Pattern::Exponential(_) | Pattern::Regular(_) => None,
        };
        if let Some(place) = self.ended.pop() {
            let stream = &mut self.active[place as usize];
            let block = std::mem::replace(&mut stream.block, Box::new(Block::new(0)));
            let here = (self.site, self.round);
            *stream = Stream::new((source, index), curve, here, self.streams, block);
            place
        } else {
            let block = Box::new(Block::new(columns(self.site)));
            self.active.push(Stream::new(
                (source, index),
                curve,
                (self.site, self.round),
                self.streams,
                block,
            ));
            self.active.len() as u32 - 1
        }
    }

    /// Fills the block of the stream at the top of the heads again, or ends the stream.
    fn refill(&mut self, place: u32) {
        let stream = &mut self.active[place as usize];
        if stream.fill() {
            self.came[stream.index as usize] += stream.block.len as u32;
            if let Some(mut head) = self.heads.peek_mut() {
                head.0.0 = stream.block.arrival[0];
            }
        } else {
            self.unopened += stream.finish();
            self.heads.pop();
            self.ended.push(place);
        }
    }
}

/// The people of one source, in order.
struct Stream<'a> {
    source: &'a Source,
    index: u32,
    curve: Option<&'a Curve>,
    site: &'a Site,
    delay: &'a Delay,
    arrival: Key,
    turnout: Key,
    service: Vec<Key>,
    forms: Key,
    paper: Key,
    household: Household,
    /// Ranks drawn so far.
    drawn: u32,
    /// People of the source still to come; people who come at a rate have no end.
    left: u32,
    /// How far its pattern has gone: the exponential sum of the order statistics, or the milliseconds since its beginning.
    gone: f64,
    /// The knot of the curve it has reached.
    knot: usize,
    latest: i64,
    at: usize,
    block: Box<Block>,
}

impl<'a> Stream<'a> {
    fn new(
        (source, index): (&'a Source, u32),
        curve: Option<&'a Curve>,
        place: (&'a Site, &'a RoundSite),
        streams: Streams,
        block: Box<Block>,
    ) -> Self {
        let turnout = streams.key(Purpose::Turnout, source.name);
        let left = match source.people {
            People::Count(count) => count,
            People::Each { due, from, to } => (0..due)
                .filter(|rank| comes(turnout, source.first_rank + rank, (from, to)))
                .count() as u32,
            People::Until(_) => u32::MAX,
        };
        let service = place
            .0
            .stations
            .values()
            .map(|station| streams.key(Purpose::Service, source.name).of(station.name))
            .collect();
        let arrival = streams.key(Purpose::Arrival, source.name);
        let forms = streams.key(Purpose::Forms, source.name);
        let paper = streams.key(Purpose::Paper, source.name);
        let household = Household::new(place.0, source, streams);
        let latest = i64::MIN;
        Self {
            source,
            index,
            curve,
            site: place.0,
            delay: &place.1.delay,
            arrival,
            turnout,
            service,
            forms,
            paper,
            household,
            drawn: 0,
            left,
            gone: 0.0,
            knot: 0,
            latest,
            at: 0,
            block,
        }
    }

    /// Replaces the block by the next people; false if there are none.
    fn fill(&mut self) -> bool {
        self.at = 0;
        self.block.len = 0;
        while self.block.len == 0 && self.left > 0 {
            self.draw();
        }
        self.block.len > 0
    }

    fn draw(&mut self) {
        let (limit, luck) = match self.source.people {
            People::Count(count) => (count - self.drawn, None),
            People::Each { due, from, to } => (due - self.drawn, Some((from, to))),
            People::Until(_) => (u32::MAX, None),
        };
        let take = limit.min(BLOCK as u32) as usize;
        let first = self.source.first_rank.wrapping_add(self.drawn);
        self.drawn = self.drawn.wrapping_add(take as u32);
        let mut steps = [0.0_f32; BLOCK];
        block::exponentials(self.arrival, u64::from(first), &mut steps[..take]);
        for (rank, slot) in self.block.rank[..take].iter_mut().enumerate() {
            *slot = first.wrapping_add(rank as u32);
        }
        for ((key, station), lengths) in self
            .service
            .iter()
            .zip(self.site.stations.values())
            .zip(&mut self.block.service)
        {
            station
                .service
                .fill(*key, u64::from(first), &mut lengths[..take]);
        }
        self.block.len = take;
        if !self.site.forms.is_empty() {
            self.count_forms();
        }
        self.add_paper();
        if let Some(luck) = luck {
            self.keep_those_who_come(luck, &mut steps);
        }
        self.block.source[..self.block.len].fill(self.index);
        self.set_arrivals(&mut steps);
        if !self.site.households.is_empty() {
            self.household.stand_together(self.site, &mut self.block);
        }
        if !self.delay.is_none() {
            for arrival in &mut self.block.arrival[..self.block.len] {
                *arrival = self.delay.put_off(*arrival);
            }
        }
    }

    /// Nobody else comes; returns at how many households nobody opened.
    fn finish(&mut self) -> u32 {
        if let (People::Each { due, .. }, true) = (self.source.people, self.household.knocks) {
            let behind = self.source.first_rank + due;
            self.household.knock(self.site, behind);
        }
        self.household.unopened
    }

    /// Where a station takes its time for each form, it takes it as often as the person brings one.
    fn count_forms(&mut self) {
        let block = &mut self.block;
        let per_form = self.site.stations.values().zip(&mut block.service);
        for (_, lengths) in per_form.filter(|(station, _)| station.per_form) {
            for (length, &rank) in lengths.iter_mut().zip(&block.rank).take(block.len) {
                let word = self.forms.word(u64::from(rank)) >> 32;
                let forms = self.site.forms.partition_point(|&below| below <= word) + 1;
                *length = length.saturating_mul(forms.min(self.site.forms.len()) as u32);
            }
        }
    }

    /// Who is registered on paper takes longer at the station that registers.
    fn add_paper(&mut self) {
        let block = &mut self.block;
        for (station, lengths) in self.site.stations.values().zip(&mut block.service) {
            let Some(paper) = &station.paper else {
                continue;
            };
            let time = self.paper.of(station.name);
            for (length, &rank) in lengths.iter_mut().zip(&block.rank).take(block.len) {
                if self.paper.word(u64::from(rank)) >> 32 < paper.below {
                    let more = paper.more.one(time, u64::from(rank)).millis() as u32;
                    *length = length.saturating_add(more);
                }
            }
        }
    }

    fn keep_those_who_come(&mut self, luck: (u64, u64), steps: &mut [f32; BLOCK]) {
        let block = &mut self.block;
        let mut kept = 0;
        for index in 0..block.len {
            if comes(self.turnout, block.rank[index], luck) {
                block.rank[kept] = block.rank[index];
                steps[kept] = steps[index];
                for lengths in &mut block.service {
                    lengths[kept] = lengths[index];
                }
                kept += 1;
            }
        }
        block.len = kept;
    }

    /// Turns exponential steps into moments.
    fn set_arrivals(&mut self, steps: &mut [f32; BLOCK]) {
        let steps = &mut steps[..self.block.len];
        let begin = self.source.begin.millis();
        match self.source.pattern {
            Pattern::Exponential(mean) => {
                for (arrival, step) in self.block.arrival.iter_mut().zip(steps.iter()) {
                    self.gone += f64::from(*step) * mean;
                    *arrival = begin + self.gone as i64;
                }
            }
            Pattern::Regular(every) => {
                for arrival in &mut self.block.arrival[..steps.len()] {
                    *arrival = begin + self.gone as i64;
                    self.gone += every.millis() as f64;
                }
            }
            Pattern::Even(over) => {
                self.order_statistics(steps);
                let over = over.millis() as f64;
                for (arrival, share) in self.block.arrival.iter_mut().zip(steps.iter()) {
                    *arrival = begin + (over * f64::from(*share)) as i64;
                }
            }
            Pattern::Curve(_) => {
                self.order_statistics(steps);
                let knots = &self.curve.expect("a source along a curve has one").knots;
                for (arrival, share) in self.block.arrival.iter_mut().zip(steps.iter()) {
                    *arrival = begin + moment(knots, &mut self.knot, f64::from(*share)) as i64;
                }
            }
        }
        for arrival in &mut self.block.arrival[..steps.len()] {
            self.latest = self.latest.max(*arrival);
            *arrival = self.latest;
        }
        match self.source.people {
            People::Count(_) | People::Each { .. } => {
                self.left = self.left.saturating_sub(steps.len() as u32);
            }
            People::Until(end) => {
                let before = self.block.arrival[..steps.len()]
                    .partition_point(|&arrival| arrival < end.millis());
                if before < steps.len() {
                    (self.block.len, self.left) = (before, 0);
                }
            }
        }
    }

    /// Replaces exponential steps by the next order statistics of uniform numbers (Rényi, 1953): of n people the k-th has come when
    /// −ln(1 − u) reaches the sum of step j / (n − j + 1) over j up to k.
    fn order_statistics(&mut self, steps: &mut [f32]) {
        let mut left = f64::from(self.left);
        for step in steps.iter_mut() {
            self.gone += f64::from(*step) / left;
            left -= 1.0;
            *step = self.gone as f32;
        }
        block::widely(|| {
            for step in steps.iter_mut() {
                *step = 1.0 - block::exp(-*step);
            }
        });
    }
}

/// People of a cell stand in the order of households, which are counted anew every so many people, so that the household of a person can be
/// found without asking for all before.
const ANEW: u32 = 1_024;

/// The household to which the latest of a stream belong: neighbors by rank, who come with the first of them.
struct Household {
    size: Key,
    /// The luck of households at stations.
    group: Key,
    /// The rank behind its last member; none before anyone came.
    end: Option<u32>,
    /// When it came.
    came: i64,
    /// The rank of its first member who came.
    head: u32,
    /// Whether someone knocks at every door, also where nobody opens.
    knocks: bool,
    /// Where the next door is at which someone knocks.
    door: u32,
    /// Doors so far that nobody opened.
    unopened: u32,
}

impl Household {
    fn new(site: &Site, source: &Source, streams: Streams) -> Self {
        let each = matches!(source.people, People::Each { .. });
        Self {
            size: streams.key(Purpose::Household, source.name),
            group: streams.key(Purpose::Group, source.name),
            end: None,
            came: 0,
            head: 0,
            knocks: site.visits.is_some() && !site.households.is_empty() && each && !source.fetched,
            door: source.first_rank,
            unopened: 0,
        }
    }

    /// Lets the members of each household come with its first; stations that take time for a household take it with the first.
    fn stand_together(&mut self, site: &Site, block: &mut Block) {
        for index in 0..block.len {
            let rank = block.rank[index];
            let marks = block.service.get_mut(site.stations.len());
            if self.end.is_some_and(|end| rank < end) {
                block.arrival[index] = self.came;
                if let Some(marks) = marks {
                    marks[index] = self.head;
                }
                continue;
            }
            if let Some(marks) = marks {
                marks[index] = rank;
            }
            self.head = rank;
            self.came = block.arrival[index];
            if self.knocks {
                let lost = self.knock(site, rank);
                block.service[0][index] = block.service[0][index].saturating_add(lost);
            }
            self.end = Some(self.behind(site, rank));
            self.door = self.end.unwrap_or(self.door);
            for (station, lengths) in site.stations.values().zip(&mut block.service) {
                if let Some(time) = &station.per_household {
                    let more = time.one(self.group.of(station.name), u64::from(rank));
                    lengths[index] = lengths[index].saturating_add(more.millis() as u32);
                }
            }
        }
    }

    /// Knocks at the doors of the households that end before a rank; returns the milliseconds that takes.
    fn knock(&mut self, site: &Site, rank: u32) -> u32 {
        let mut lost = 0_u32;
        while self.door < rank {
            let end = self.next(site, self.door);
            if end > rank {
                break;
            }
            for station in site.stations.values() {
                if let Some(time) = &station.per_household {
                    let one = time.one(self.group.of(station.name), u64::from(self.door));
                    lost = lost.saturating_add(one.millis() as u32);
                }
            }
            self.unopened += 1;
            self.door = end;
        }
        lost
    }

    /// The rank behind the last member of the household of a rank.
    fn behind(&self, site: &Site, rank: u32) -> u32 {
        let begin = rank - rank % ANEW;
        let mut end = self.end.filter(|&end| end >= begin).unwrap_or(begin);
        while end <= rank {
            end = self.next(site, end);
        }
        end
    }

    /// The rank behind the household that begins with a rank.
    fn next(&self, site: &Site, rank: u32) -> u32 {
        let anew = (rank / ANEW + 1).saturating_mul(ANEW);
        let word = self.size.word(u64::from(rank)) >> 32;
        let members = site.households.partition_point(|&below| below <= word) + 1;
        rank.saturating_add(members.min(site.households.len()) as u32)
            .min(anew)
    }
}

/// Whether the person of this rank has luck in this range.
fn comes(turnout: Key, rank: u32, (from, to): (u64, u64)) -> bool {
    (from..to).contains(&(turnout.word(u64::from(rank)) >> 32))
}

/// The moment by which a share has come, shares rising from call to call.
fn moment(knots: &[(f64, f64)], knot: &mut usize, share: f64) -> f64 {
    while *knot + 2 < knots.len() && knots[*knot + 1].0 <= share {
        *knot += 1;
    }
    let ((low, from), (high, to)) = (knots[*knot], knots[*knot + 1]);
    if high > low {
        from + (to - from) * ((share - low) / (high - low)).clamp(0.0, 1.0)
    } else {
        to
    }
}
