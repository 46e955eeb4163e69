//! The operation compiled for the engine: dense indices, samplers, timetables; no names, no options, no text.
//!
//! What a scenario leaves out is absent here: a table that is empty, a kernel that was not chosen.

pub mod appointments;
pub mod campaign;
mod coming;
mod compile;
pub mod cost;
pub mod courier;
pub mod duty;
pub mod incident;
pub mod lab;
pub mod muster;
pub mod roster;
pub mod supply;

pub use compile::{compile, compile_in};

use crate::id::{CellId, CourierId, FeedId, LabId, RoundId, SiteId, StageId, StationId, Table};
use crate::model::readiness::Done;
use crate::model::visits::Unit;
use crate::random::sampler::Sampler;
use crate::units::{Span, Time, Window};
use courier::{Courier, Stop};
use duty::{Crew, Opening};
use incident::{Delay, Happening};
use lab::{Fleet, LabKernel, Overflow, TestFaults, TubeFaults, Verdict};
use muster::Muster;
use roster::{Roster, Tempo};
use std::sync::Arc;

/// The whole operation.
#[derive(Clone, PartialEq, Debug)]
pub struct Network {
    /// The sites.
    pub sites: Table<SiteId, Site>,
    /// The couriers.
    pub couriers: Table<CourierId, Courier>,
    /// The laboratories.
    pub labs: Table<LabId, Lab>,
    /// Tubes from elsewhere.
    pub feeds: Table<FeedId, Feed>,
    /// The rounds in the order in which they open.
    pub rounds: Table<RoundId, Arc<Round>>,
    /// Who is infected, if anyone is.
    pub infection: Option<Infection>,
    /// What is done about positive tubes, if anything.
    pub recall: Option<Recall>,
    /// Contacts and rooms, if they are counted.
    pub isolation: Option<Isolation>,
    /// What is decided on the way, if anything.
    pub campaign: Option<Arc<campaign::Campaign>>,
    /// Whether crews come and go as is planned, so that their hours are counted.
    pub staffed: bool,
    /// What goes wrong.
    pub incidents: Vec<Happening>,
    /// When which site is closed to be disinfected, in order of time at each.
    pub disinfected: Vec<(SiteId, Window)>,
    /// Stocks without which sites take nobody.
    pub supplies: Vec<supply::Supply>,
    /// What things cost, if that is asked for.
    pub cost: Option<cost::Cost>,
    /// Everything stops here.
    pub stop: Time,
}

/// Contacts of confirmed people, and rooms.
#[derive(Clone, PartialEq, Debug)]
pub struct Isolation {
    /// Close contacts of a confirmed person.
    pub close: f64,
    /// Contacts of theirs.
    pub secondary: f64,
    /// From a person confirmed to the contacts in their rooms.
    pub trace: Span,
    /// How long close contacts stay.
    pub close_stay: Span,
    /// How long their contacts stay.
    pub secondary_stay: Span,
    /// Rooms taken all along.
    pub occupied: u32,
    /// From when there are so many rooms more.
    pub rooms: Vec<(Time, u32)>,
}

/// What is done about positive tubes.
#[derive(Clone, PartialEq, Debug)]
pub struct Recall {
    /// From the report to a member found and held.
    pub find: Sampler,
    /// How many teams.
    pub teams: u32,
    /// What a team needs for one member.
    pub visit: Sampler,
    /// Single tubes of each member.
    pub singles: u32,
    /// From the last member to the laboratory.
    pub road: Sampler,
    /// Where single tubes stand in the laboratory's lines: classes, 0 first.
    pub class: u8,
    /// From a positive single tube reported to the case confirmed.
    pub confirm: Sampler,
}

/// Households in which people are infected together.
#[derive(Clone, PartialEq, Debug)]
pub struct Infection {
    /// How many live in one, where people do not come or are not visited by household: the shares of 1, of 1 or 2, and so on, in units of 2^−32.
    pub households: Vec<u64>,
    /// Chance that someone who lives with an infected person is infected too.
    pub attack: f64,
    /// How the chance of detection changes with time, if it does.
    pub course: Option<Course>,
}

/// How the chance of detection changes in the days after an infection.
#[derive(Clone, PartialEq, Debug)]
pub struct Course {
    /// By whole days since the infection, the last for all later ones, in units of 2^−32. Never empty.
    pub detected: Vec<u64>,
    /// Everyone was infected in as many days before this as there are in `detected`, each moment as likely.
    pub until: Time,
}

impl Network {
    /// Whether results of a laboratory may wait: for tube and register to be reconciled, or to be uploaded.
    pub fn holds(&self, lab: LabId) -> bool {
        let faulty = |site: &Site| site.faults.is_some();
        let place = &self.labs[lab];
        place.holds || place.kernel == LabKernel::Events && self.sites.values().any(faulty)
    }
}

/// A site.
#[derive(Clone, PartialEq, Debug)]
pub struct Site {
    /// How many lanes.
    pub lanes: u32,
    /// How many work at each.
    pub crew: u32,
    /// The stations from the door to the swab.
    pub stations: Table<StationId, Station>,
    /// How its people are simulated.
    pub kernel: Kernel,
    /// The hash of its id.
    pub name: u64,
    /// Who comes for its tubes.
    pub courier: CourierId,
    /// Where it stands in the courier's timetable.
    pub stop: Stop,
    /// When and how its tubes are closed.
    pub tubes: Tubes,
    /// Whether those who wait for the first station at the close of the day go home.
    pub sends_home: bool,
    /// What may happen to its tubes.
    pub faults: Option<TubeFaults>,
    /// How many forms people bring: the shares of 1, of 1 or 2, and so on, in units of 2^−32; empty if no station counts them.
    pub forms: Vec<u64>,
    /// How many of a household come together, in the same way; empty if everyone comes alone.
    pub households: Vec<u64>,
    /// Its lanes are teams that go to people, if that is what it is.
    pub visits: Option<Visits>,
    /// What bounds the line before the first station, if anything does.
    pub waiting: Option<Waiting>,
}

/// What bounds the line before the first station.
#[derive(Clone, PartialEq, Debug)]
pub struct Waiting {
    /// Room for so many.
    pub space: u32,
    /// Whom a long line puts off, if anyone.
    pub put_off: Option<PutOff>,
    /// How long a person waits, if not for ever.
    pub patience: Option<Sampler>,
}

/// A line that puts people off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PutOff {
    /// When so many wait, or more.
    pub from: u32,
    /// Those whose luck lies below this, in units of 2^−32.
    pub below: u64,
}

/// Teams that go to people.
#[derive(Clone, PartialEq, Debug)]
pub struct Visits {
    /// What a team takes on at once.
    pub unit: Unit,
    /// A team's way from one cell to the next, and to its first.
    pub travel: Sampler,
    /// What it needs before the first person of a unit.
    pub setup: Sampler,
}

/// One activity on the way.
#[derive(Clone, PartialEq, Debug)]
pub struct Station {
    /// The hash of its id.
    pub name: u64,
    /// Servers at the site, or at each lane.
    pub servers: u32,
    /// Whether each lane has its own.
    pub in_lane: bool,
    /// Time for one person.
    pub service: Sampler,
    /// Whether it takes that time for each form a person brings.
    pub per_form: bool,
    /// Time for each household besides, with its first member.
    pub per_household: Option<Sampler>,
    /// Where people go from here; who takes none of these ways goes to the next station. Empty: all do.
    pub branches: Vec<Branch>,
    /// The way from here to wherever they go.
    pub walk: Span,
    /// How many may wait for it in each of its lines, if there is no room for any number.
    pub room: Option<u32>,
    /// For whom it takes longer, as they are registered on paper, if for anyone.
    pub paper: Option<Paper>,
}

/// People registered on paper.
#[derive(Clone, PartialEq, Debug)]
pub struct Paper {
    /// Those whose luck lies below this, in units of 2^−32.
    pub below: u64,
    /// How much longer it takes.
    pub more: Sampler,
}

/// A way that some take from a station.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Branch {
    /// It is taken by whose luck lies below this, in units of 2^−32, and not below that of the way before.
    pub below: u64,
    /// The number of the station it leads to; none: home, without a swab.
    pub to: Option<u32>,
}

/// How a site's people are simulated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kernel {
    /// By the recursion over free times: single desks, then one line for lanes whose stations have one server each.
    Recursion,
    /// Station by station, each with its own events, where people all go the same way from one line to the next; by the event loop if crews
    /// come and go or the tempo changes.
    Tandem,
    /// By an event loop, with a line for each lane or for all.
    Events {
        /// Whether each lane has a line of its own, joined at the door of the lane by whoever finds it shortest.
        line_per_lane: bool,
    },
    /// Household by household, or stop by stop: the lane or team that takes one on goes on with it to its last person.
    Groups,
}

/// When and how tubes are closed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tubes {
    /// Whether each lane fills its own tube.
    pub per_lane: bool,
    /// Closed so long after the first swab; a very long time if there is no such rule.
    pub max_age: Span,
    /// Closed so long after the latest swab; a very long time if there is no such rule.
    pub max_idle: Span,
    /// Whether a pickup closes open tubes.
    pub at_pickup: bool,
    /// How old a tube may be at the laboratory; none: any age.
    pub expire: Option<Expire>,
    /// Time the lane loses with each fresh tube; none where the site fills one after another.
    pub change: Span,
}

/// How old a tube may be at the laboratory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Expire {
    /// From its first swab.
    pub after: Span,
    /// Whether an older one is turned away; else it is only counted.
    pub turns_away: bool,
}

/// A round.
#[derive(Clone, PartialEq, Debug)]
pub struct Round {
    /// The hash of its id.
    pub name: u64,
    /// When it opens.
    pub opens: Time,
    /// When the last result is wanted.
    pub deadline: Time,
    /// People who come and tubes that are delivered earlier are not measured.
    pub measured_from: Time,
    /// When each step of getting ready is done, counted from the order; empty where nothing is said of them.
    pub readiness: Vec<Done>,
    /// When the round's sites were ordered, if that is said.
    pub ordered: Option<Time>,
    /// The cells it covers and the people due in each.
    pub cells: Vec<RoundCell>,
    /// The sites that have people of the round, in order.
    pub sites: Vec<RoundSite>,
    /// How people are shared out to the lanes of its sites, if crews come from pools.
    pub muster: Option<Muster>,
}

/// A cell in a round.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct RoundCell {
    /// Which.
    pub cell: CellId,
    /// Its people due; none if only who comes is due.
    pub due: Option<u32>,
    /// The hash of its id: with a rank the name of a person in all rounds.
    pub list: u64,
    /// The share of its people who are infected.
    pub infected: f64,
}

/// A site in a round.
#[derive(Clone, PartialEq, Debug)]
pub struct RoundSite {
    /// Which.
    pub site: SiteId,
    /// Hash of site and round: the name of its tubes.
    pub name: u64,
    /// When it is open in this round, in order and apart.
    pub openings: Vec<Opening>,
    /// When nothing starts there, in order and apart: people keep their place.
    pub pauses: Arc<[Window]>,
    /// How those who come are put off.
    pub delay: Delay,
    /// Its people in ordered streams, by the earliest they can come.
    pub sources: Vec<Source>,
    /// Curves that its sources share.
    pub curves: Vec<Curve>,
    /// Who is at which lane when; none: every lane has its crew all along.
    pub roster: Option<Roster>,
    /// How fast its stations work by the clock, in order; empty: as usual.
    pub tempo: Vec<Tempo>,
}

/// People of one cell in one ordered stream.
#[derive(Clone, PartialEq, Debug)]
pub struct Source {
    /// Position of the cell among `Round::cells`.
    pub cell: u32,
    /// The hash of cell and round: with the rank the name of a person.
    pub name: u64,
    /// The hash of the cell: with the rank the name of a person in all rounds; of people on no list that of `name`.
    pub list: u64,
    /// The rank of its first person in the cell.
    pub first_rank: u32,
    /// Who of it comes.
    pub people: People,
    /// The earliest a person can come.
    pub begin: Time,
    /// How they spread.
    pub pattern: Pattern,
    /// People in a full tube.
    pub pool: u32,
    /// Who else may be in a tube with its people.
    pub shares: Shares,
    /// The share of its people who are taken first, in units of 2^−32.
    pub priority: u64,
    /// Whether they are fetched because they did not come by themselves.
    pub fetched: bool,
}

/// Who may be in a tube together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shares {
    /// Whoever is of this kind.
    Kind(u32),
    /// Nobody but a household.
    Household,
}

/// Who comes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum People {
    /// Exactly so many.
    Count(u32),
    /// Each of so many whose luck of coming lies in a range, in units of 2^−32: no person has luck in two ranges that do not meet.
    Each {
        /// So many.
        due: u32,
        /// From this.
        from: u64,
        /// To this.
        to: u64,
    },
    /// Whoever comes up to a moment.
    Until(Time),
}

/// How the people of a source spread over time.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Pattern {
    /// Each independently and evenly over this span.
    Even(Span),
    /// Each independently along a curve of the site.
    Curve(u32),
    /// One after another at exponential intervals of this mean, in milliseconds.
    Exponential(f64),
    /// One after another at equal intervals, the first at the beginning.
    Regular(Span),
}

/// An inverse distribution function: the moment by which a share has come, straight between knots.
#[derive(Clone, PartialEq, Debug)]
pub struct Curve {
    /// Shares, rising from 0 to 1, and moments since the source's beginning in milliseconds, rising.
    pub knots: Vec<(f64, f64)>,
}

/// Tubes from elsewhere.
#[derive(Clone, PartialEq, Debug)]
pub struct Feed {
    /// The hash of its id.
    pub name: u64,
    /// The laboratory.
    pub to: LabId,
    /// From when to when tubes come.
    pub window: Window,
    /// Mean interval in milliseconds.
    pub interval: f64,
    /// Whether the intervals are exponential.
    pub random: bool,
    /// People in each tube.
    pub people: u32,
    /// Where its tubes stand in the laboratory's lines: classes, 0 first.
    pub class: u8,
}

/// A laboratory.
#[derive(Clone, PartialEq, Debug)]
pub struct Lab {
    /// Its stages.
    pub stages: Table<StageId, Stage>,
    /// The stage after which a tube counts as tested.
    pub test: StageId,
    /// How it is simulated.
    pub kernel: LabKernel,
    /// What may go wrong with its tests.
    pub faults: Option<TestFaults>,
    /// What its tests find.
    pub verdict: Option<Verdict>,
    /// How its results are put off, as they cannot be published.
    pub upload: Delay,
    /// Whether in some replication they are.
    pub holds: bool,
    /// Tubes that are let in at most; never none. Only the kernel of events knows of it.
    pub wip: Option<u32>,
    /// Where tubes are sent while too many wait.
    pub overflow: Option<Overflow>,
}

/// A stage of a laboratory.
#[derive(Clone, PartialEq, Debug)]
pub struct Stage {
    /// The hash of laboratory and stage.
    pub name: u64,
    /// What is done.
    pub work: Work,
    /// Tubes that go on together; 1 for each as it is done.
    pub lot: u32,
    /// Nothing starts before.
    pub ready: Time,
    /// Tubes that may stand before it. Only the kernel of events knows of it.
    pub buffer: Option<u32>,
}

/// What is done at a stage.
#[derive(Clone, PartialEq, Debug)]
pub enum Work {
    /// Workers take one tube after another.
    Workers {
        /// The hours of each worker.
        workers: Vec<Crew>,
        /// Time for one tube.
        per_tube: Sampler,
    },
    /// Machines take many tubes at once.
    Machines {
        /// How many, those included that come later.
        machines: u32,
        /// Tubes in a full run.
        capacity: u32,
        /// Control wells in each run.
        controls: u32,
        /// Time of a run.
        run: Sampler,
        /// Tubes a free machine waits for, at most the capacity.
        at_least: u32,
        /// It starts anyway when the first has waited so long; a very long time if there is no such rule.
        after: Span,
        /// When someone is there to start it; empty: at any hour.
        crews: Vec<Crew>,
        /// When they are there.
        fleet: Fleet,
        /// What people do at each run. Only the kernel of events knows of it.
        hands: Option<Box<lab::Hands>>,
    },
    /// Everything waits so long, what came together alike.
    Delay(Sampler),
    /// Everything goes out at multiples of this since 00:00 of the first day.
    Upload(Span),
}

impl Stage {
    /// When each worker or machine is first there, with its number.
    pub fn servers(&self) -> impl Iterator<Item = (Time, u32)> {
        let (workers, machines) = match &self.work {
            Work::Workers { workers, .. } => (workers.len(), None),
            Work::Machines {
                machines, fleet, ..
            } => (0, Some(fleet.comes(*machines, self.ready))),
            Work::Delay(_) | Work::Upload(_) => (0, None),
        };
        std::iter::repeat_n(self.ready, workers)
            .chain(machines.into_iter().flatten())
            .zip(0..)
    }
}
