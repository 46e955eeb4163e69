//! An independent judge of the engine: it replays the records of a replication and knows the rules, but nothing of how the engine works.
//!
//! Rules come from the scenario's model; from the network come only the numbers drawn for this replication (lanes, machines, pools).

mod blocking;
mod coming;
mod corrupted;
mod couriers;
mod crews;
mod door;
mod labs;
mod line;
mod overflow;
mod room;
mod sites;
mod stock;
mod tubes;
mod visits;

use std::collections::BTreeMap;

use crate::models::{file, model, scenarios};

use swabplan::id::{Id, RoundId, SiteId};
use swabplan::model::assumption::Quantity;
use swabplan::model::{Model, Tier, Turnout};
use swabplan::network::Network;
use swabplan::random::Streams;
use swabplan::sim::trace::Trace;
use swabplan::sim::{Grain, Memory, simulate};
use swabplan::units::{Share, Span, Time};

/// What a trace may be guilty of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Rule {
    /// Everyone who comes is due, goes through every station once, and is in one tube.
    NobodyLost,
    /// What comes later is not earlier.
    Causality,
    /// No server serves two at once, and no server serves that does not exist.
    OneAtATime,
    /// Who comes first starts first.
    FirstComeFirstServed,
    /// The server that has been free longest serves next.
    LongestFree,
    /// Nothing starts outside the hours of whoever does it.
    OnDuty,
    /// No server is idle while someone waits for it.
    NoIdling,
    /// The number at a site, summed over time, is the time of all people there.
    LittlesLaw,
    /// A tube holds at most its pool, of one kind, and is closed when it must be.
    Tubes,
    /// A courier keeps its timetable and leaves nothing behind.
    Couriers,
    /// No tube is lost on the way to its result.
    NoTubeLost,
    /// A run holds at most its wells and starts when it may.
    Runs,
    /// A laboratory sends on what comes while too much waits, and nothing else.
    Overflow,
    /// Nobody is swabbed with what is not there.
    Stock,
    /// Nobody comes before being called.
    Called,
    /// Nobody stands where there is no room, or longer than patience lasts.
    Door,
    /// No tube stands in a laboratory where there is no room, and none waits while there is.
    Room,
    /// Machines are set up and cleared away by people who are there.
    Hands,
}

/// Everything found, a sentence each.
#[derive(Default)]
pub(crate) struct Findings(pub(crate) BTreeMap<Rule, Vec<String>>);

impl Findings {
    fn add(&mut self, rule: Rule, what: String) {
        self.0.entry(rule).or_default().push(what);
    }

    fn unless(&mut self, holds: bool, rule: Rule, what: impl FnOnce() -> String) {
        if !holds {
            self.add(rule, what());
        }
    }

    /// The first of each kind, for people.
    pub(crate) fn summary(&self) -> String {
        let line = |(rule, found): (&Rule, &Vec<String>)| {
            format!("{rule:?} ({} times): {}", found.len(), found[0])
        };
        self.0.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

/// A person: round, site, source of the site, rank in the cell.
pub(crate) type Person = (RoundId, SiteId, u32, u32);

/// What the judge looks at.
#[derive(Clone, Copy)]
struct Case<'a> {
    model: &'a Model,
    network: &'a Network,
    trace: &'a Trace,
}

/// Judges a trace.
pub(crate) fn review(model: &Model, network: &Network, trace: &Trace) -> Findings {
    let mut findings = Findings::default();
    let case = Case {
        model,
        network,
        trace,
    };
    coming::review(case, &mut findings);
    door::review(case, &mut findings);
    sites::review(case, &mut findings);
    visits::review(case, &mut findings);
    tubes::review(case, &mut findings);
    couriers::review(case, &mut findings);
    labs::review(case, &mut findings);
    overflow::review(case, &mut findings);
    stock::review(case, &mut findings);
    findings
}

/// The network and trace of a replication.
pub(crate) fn replay(model: &Model, replication: u32) -> (Network, Trace) {
    let (network, streams): (Network, Streams) = swabplan::experiment::network(model, replication);
    let mut trace = Trace::default();
    simulate(
        &network,
        streams,
        Grain::Whole,
        &mut Memory::default(),
        &mut trace,
    );
    (network, trace)
}

/// The operation as the rounds were held; none if a rule moved resources from one round to the next, which the judges do not follow
/// (`decisions.rs` judges what was decided).
pub(crate) fn as_held(
    model: &Model,
    mut network: Network,
    trace: &Trace,
) -> Option<(Model, Network)> {
    let mut model = model.clone();
    let campaign = model.campaign.clone();
    let rules = campaign.and_then(|campaign| campaign.review);
    let moves = |&(rule, _): &(usize, swabplan::units::Time)| {
        use swabplan::model::campaign::When;
        let rule = &rules.as_ref().unwrap().rules[rule];
        matches!(rule.when, When::Outstanding(_) | When::Late(_))
    };
    if trace.acted.iter().any(moves) {
        return None;
    }
    let only = model
        .campaign
        .as_ref()
        .map(|campaign| campaign.only.clone());
    for (id, at, anew) in &trace.opened {
        let later = at.since(model.rounds[*id].opens);
        if let Some(anew) = anew {
            let decides = network.campaign.as_ref().unwrap();
            let places = anew.rounds[*id].cells.iter();
            let tiers = tiers_at(&model, trace, *at);
            let places = places
                .map(|entry| model.place(entry.cell, tiers[entry.cell.index()]))
                .collect();
            let closes = decides.closes(*id, later);
            let round = &mut model.rounds[*id];
            if later > Span::ZERO {
                (round.opens, round.closes) = (*at, closes);
                round.deadline += later;
            }
            round.places = places;
            round.tiers = round.cells.iter().map(|cell| tiers[cell.index()]).collect();
            network.rounds[*id] = anew.rounds[*id].clone();
        }
        let round = &mut model.rounds[*id];
        if only
            .as_ref()
            .is_some_and(|only| !only[id.index()].is_empty())
        {
            // Who of the listed cells is due depends on tiers; whether all of them come is judged by what is measured.
            round.turnout = Turnout::Share(Quantity::known(Share(0.5)));
        }
    }
    for (id, _) in &trace.dropped {
        model.rounds[*id].turnout = Turnout::Share(Quantity::known(Share(0.5)));
    }
    Some((model, network))
}

/// The tier of each cell when a round opens.
fn tiers_at(model: &Model, trace: &Trace, opens: Time) -> Vec<Tier> {
    let mut tiers: Vec<Tier> = model.cells.values().map(|cell| cell.tier).collect();
    for &(_, cell, tier) in trace.tiers.iter().filter(|(at, ..)| *at <= opens) {
        tiers[cell.index()] = tier;
    }
    tiers
}

/// Fails with what was found in any of some replications.
fn assert_nothing_found(model: &Model, replications: u32) {
    for replication in 0..replications {
        let (network, trace) = replay(model, replication);
        assert!(!trace.results.is_empty(), "nothing happened");
        let Some((model, network)) = as_held(model, network, &trace) else {
            continue;
        };
        let findings = review(&model, &network, &trace);
        assert!(
            findings.0.is_empty(),
            "replication {replication}:\n{}",
            findings.summary()
        );
    }
}

/// A county with one of everything: two rounds, breaks, desks, lines by lane, three kinds of tube, two couriers, two laboratories.
pub(crate) const RICH: &str = r#"
rounds = [
  { id = "R1", opens = "2022-05-09 06:00", ordered = "2022-05-09 05:00", deadline = "24 h", closes = "2022-05-09 19:00" },
  { id = "R2", opens = "2022-05-11 06:00", deadline = "24 h", turnout = "97 %" },
]
cells = [
  { id = "C1", residents = 1500, site = "S1" },
  { id = "C2", residents = 300, site = "S1", tier = "sealed" },
  { id = "C3", residents = 700, site = "S2" },
  { id = "C4", residents = 900, away = 30, exempt = 20, transients = 10, site = "S3" },
  { id = "C5", residents = 40, site = "S3", tier = "isolation" },
]
couriers = [
  { id = "van", sites = ["S1", "S2"], vehicles = 1, every = "90 min", to = "north" },
  { id = "bike", sites = ["S3"], route = "direct", every = "40 min", first = "30 min", to = "south" },
]

[hours]
open = ["07:00-12:00", "13:00-19:00"]
setup = "2 h 30 min"

[coming]
by = "cell"

[tubes]
close = { age = "30 min", idle = "10 min" }

[[sites]]
id = "S1"
lanes = 3
stations = [
  { id = "register", per = "site", service = { exponential = "14 s" } },
  { id = "scan", service = { gamma = { mean = "10 s", cv = 0.6 } } },
  { id = "swab", service = { lognormal = { mean = "45 s", cv = 0.4 } } },
]

[[sites]]
id = "S2"
lanes = 2
queue = "per-lane"
hours = { at_close = "send-home" }
coming = { by = "two-peaks" }

[[sites]]
id = "S3"
lanes = 2
pickup_offset = "7 min"
coming = { by = "slots" }
tubes = { per = "site", close = { pickup = false } }
stations = [
  { id = "register", per = "site", servers = 2, service = { exponential = "50 s" } },
  { id = "swab", servers = 2, service = { triangular = { low = "40 s", mode = "60 s", high = "200 s" } } },
]

[[labs]]
id = "north"
machines = 2
start = { at_least = 30, after = "40 min" }
crews = [{ hours = "08:00-20:00", technicians = 3 }, { hours = "20:00-02:00", technicians = 1 }]

[[labs]]
id = "south"
stages = [
  { id = "receive", workers = { per_tube = "25 s", crews = [{ hours = "00:00-24:00", technicians = 1 }] }, hand_over = { lots = 24 } },
  { id = "extract", machines = { count = 2, wells = 32, run = "40 min" } },
  { id = "pcr", machines = { count = 1, wells = 48, controls = 2, run = "90 min", start = "full" } },
  { id = "review", delay = "20 min" },
  { id = "publish", upload = "30 min" },
]
"#;

#[test]
fn the_referee_finds_nothing_in_a_county_with_one_of_everything() {
    assert_nothing_found(&model(RICH), 4);
}

#[test]
fn the_referee_finds_nothing_in_any_scenario_that_is_shipped() {
    // The city is the county at another size, and too large to be kept record by record.
    let small = |path: &std::path::PathBuf| !path.ends_with("bench-city.toml");
    for path in scenarios().iter().filter(|path| small(path)) {
        let model = file(path, &[]);
        // Single tubes of recalls are not in a trace one by one, so what they do to a laboratory cannot be judged from it.
        if model.recall.is_none() {
            assert_nothing_found(&model, 2);
        }
    }
}
