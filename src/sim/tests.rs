//! The engine against itself: luck, threads, steps of a laboratory; kernels below.

mod kernels;

use super::trace::{StepRecord, Trace, TubeRecord};
use super::{Engine, Grain, Memory, simulate};
use crate::id::{Id, LabId, SiteId, Table};
use crate::measure::replicate;
use crate::model::assumption::Quantity;
use crate::model::coming::Coming;
use crate::model::courier::{Courier, Route};
use crate::model::lab::{AtLeast, HandOver, Lab, Stage, StartPolicy, Work};
use crate::model::service::{Duration, Mean, Shape};
use crate::model::site::{
    AtClose, Crew, Crowd, Hours, Pickup, Pool, Queue, Scope, Site, Station, Tubes,
};
use crate::model::{
    Cell, Design, Model, Name, Place, Replications, Round, Study, Tier, Turnout, Walking,
};
use crate::network::compile;
use crate::network::lab::LabKernel;
use crate::random::Streams;
use crate::units::{Share, Span, Time};

fn name(id: &str) -> Name {
    Name {
        id: id.into(),
        zh: id.into(),
        en: id.into(),
    }
}

fn known<T>(value: T) -> Quantity<T> {
    Quantity::known(value)
}

fn duration(mean: Span, shape: Shape) -> Duration {
    Duration {
        mean: Mean::Time(known(mean)),
        shape,
    }
}

fn seconds(seconds: i64) -> Span {
    Span::SECOND * seconds
}

fn machines(id: &str, machines: u32, capacity: u32, run: Span) -> Stage {
    let start = StartPolicy {
        at_least: AtLeast::Tubes(1),
        after: None,
    };
    let run = Duration::constant(run);
    let work = Work::Machines {
        machines: known(machines),
        capacity: known(capacity),
        controls: 2,
        run,
        start,
        crews: Vec::new(),
        fleet: Box::default(),
        hands: None,
    };
    Stage {
        id: id.into(),
        zh: id.into(),
        en: id.into(),
        work,
        hand_over: HandOver::Immediate,
        buffer: None,
    }
}

#[expect(
    clippy::too_many_lines,
    reason = "a whole operation is spelled out once, field by field"
)]
/// The reference round: people, sites, lanes, extraction machines, PCR machines.
fn reference([people, sites, lanes, extraction, pcr]: [u32; 5]) -> Model {
    let station = |id: &str, scope, service| Station::plain(id.into(), scope, service);
    let register = station(
        "register",
        Scope::Site,
        duration(seconds(15), Shape::Exponential),
    );
    let swab = station(
        "swab",
        Scope::Lane,
        duration(seconds(30), Shape::Lognormal(0.5)),
    );
    let site = |index: u32| Site {
        name: name(&format!("S{index}")),
        position: None,
        hours: Hours {
            open: vec![(Span::ZERO, Span::DAY)],
            setup: Span::ZERO,
            at_close: AtClose::Serve,
        },
        lanes: known(lanes),
        queue: Queue::Shared,
        stations: vec![register.clone(), swab.clone()],
        crowd: Crowd::default(),
        crew: Crew {
            scanners: 1,
            swabbers: 1,
            guides: 1,
        },
        coming: Coming::Exponential {
            over: seconds(36_000),
        },
        tubes: Tubes {
            pool: [Pool::People(known(10)); 4],
            boundary: None,
            scope: Scope::Site,
            max_age: None,
            max_idle: None,
            at_pickup: Pickup::Leaves,
            expire: None,
            change: Span::ZERO,
            faults: None,
        },
        pickup_offset: Span::from_seconds(
            2_700.0 * (f64::from(index) * 0.618_033_988_749_894_9).fract(),
        ),
        visits: None,
    };
    let cell = |index: u32| Cell {
        boundary: Vec::new(),
        name: name(&format!("C{index}")),
        residents: people / sites + u32::from(index < people % sites),
        away: 0,
        exempt: 0,
        transients: 0,
        visits: 0,
        tier: Tier::Precaution,
        site: SiteId::from_index(index as usize),
        position: None,
        priority: None,
        prevalence: None,
    };
    let cells: Table<_, Cell> = (0..sites).map(cell).collect();
    let round = Round {
        name: name("R1"),
        opens: Time::ZERO,
        ordered: None,
        closes: Time::ZERO + Span::DAY * 3,
        deadline: Time::ZERO + Span::DAY,
        turnout: Turnout::Share(known(Share(1.0))),
        cells: cells.ids().collect(),
        tiers: vec![Tier::Precaution; cells.len()],
        places: cells.values().map(|cell| at(cell.site)).collect(),
    };
    Model {
        title: name("reference"),
        first_day: jiff::civil::date(2022, 5, 9),
        cells,
        sites: (0..sites).map(site).collect(),
        couriers: [Courier {
            name: name("van"),
            sites: (0..sites as usize).map(SiteId::from_index).collect(),
            to: LabId::from_index(0),
            first: seconds(2_700),
            every: known(seconds(2_700)),
            route: Route::Direct,
            road: duration(seconds(1_800), Shape::Lognormal(0.1)),
            per_stop: Span::ZERO,
            load: None,
            call: None,
            hours: Vec::new(),
            checkpoint: None,
        }]
        .into_iter()
        .collect(),
        labs: [Lab {
            position: None,
            name: name("lab"),
            stages: vec![
                machines("extraction", extraction, 96, seconds(2_400)),
                machines("pcr", pcr, 94, seconds(5_417)),
            ],
            test: 1,
            ready: Span::ZERO,
            faults: None,
            verdict: None,
            wip: None,
            overflow: None,
        }]
        .into_iter()
        .collect(),
        feeds: Table::new(),
        rounds: [round].into_iter().collect(),
        campaign: None,
        walking: Walking {
            speed_kmh: 4.0,
            detour: 1.3,
        },
        roads: None,
        cost: None,
        staff: crate::model::staff::Staff::default(),
        stocks: Vec::new(),
        incidents: Vec::new(),
        stress: None,
        disinfection: None,
        catch_up: None,
        readiness: Vec::new(),
        infection: None,
        isolation: None,
        recall: None,
        study: Study {
            warm_up: Span::ZERO,
            stop: None,
        },
        design: Design {
            replications: Replications::Fixed(10),
            seed: 1,
        },
        assumptions: Vec::new(),
        unknowns: Table::new(),
        hash: String::new(),
        schematic: true,
    }
}

fn county() -> Model {
    reference([12_763, 9, 2, 2, 4])
}

fn trace(model: &Model) -> Trace {
    let mut trace = Trace::default();
    simulate(
        &compile(model, &|_| 0.5),
        Streams::new(1, 0),
        Grain::Whole,
        &mut Memory::default(),
        &mut trace,
    );
    trace
}

#[test]
fn the_reference_round_comes_out_as_others_simulate_it() {
    // Mean, P50 and P95 of the turnaround and mean time on site, in seconds, on which other programs agree within their intervals.
    let network = compile(&county(), &|_| 0.5);
    let memory = &mut Memory::default();
    let outcomes: Vec<_> = (0..200)
        .map(|replication| {
            let streams = Streams::new(3, replication);
            replicate(&network, streams, Grain::Whole, memory)
        })
        .collect();
    let round = |index: usize| &outcomes[index].rounds[Id::from_index(0)];
    let figures: [(f64, Vec<f64>); 4] = [
        (
            12_308.0,
            (0..200)
                .map(|index| round(index).turnaround_min.mean * 60.0)
                .collect(),
        ),
        (
            12_288.0,
            (0..200)
                .map(|index| round(index).turnaround_min.p50 * 60.0)
                .collect(),
        ),
        (
            14_120.0,
            (0..200)
                .map(|index| round(index).turnaround_min.p95 * 60.0)
                .collect(),
        ),
        (
            76.9,
            (0..200)
                .map(|index| round(index).time_on_site_min.mean * 60.0)
                .collect(),
        ),
    ];
    for (expected, found) in figures {
        let (mean, lo, hi) = crate::stats::interval::mean_interval(&found, 0.999);
        assert!(
            lo <= expected && expected <= hi,
            "{expected} is outside {lo:.2}..{hi:.2} (mean {mean:.2})"
        );
    }
}

/// What happened at one site: every step and every tube.
fn records(trace: &Trace, site: usize) -> (Vec<StepRecord>, Vec<TubeRecord>) {
    let site = SiteId::from_index(site);
    let steps = trace
        .steps
        .iter()
        .filter(|record| record.site == site)
        .copied()
        .collect();
    (
        steps,
        trace
            .tubes
            .iter()
            .filter(|record| record.site == site)
            .cloned()
            .collect(),
    )
}

/// Everyone of a cell goes to a site.
fn at(site: SiteId) -> Place {
    Place {
        site,
        visited: None,
    }
}

#[test]
fn a_cell_that_moves_leaves_the_sites_not_concerned_as_they_were() {
    let before = county();
    let mut after = county();
    after.cells[Id::from_index(3)].site = SiteId::from_index(4);
    after.rounds[Id::from_index(0)].places[3] = at(SiteId::from_index(4));
    let (before, after) = (trace(&before), trace(&after));
    for site in 0..9 {
        assert_eq!(
            records(&before, site) == records(&after, site),
            site != 3 && site != 4,
            "site {site}"
        );
    }
}

#[test]
fn a_lane_more_leaves_the_other_sites_as_they_were_and_nobody_waits_longer() {
    let before = county();
    let mut after = county();
    after.sites[Id::from_index(2)].lanes = known(3);
    let (before, after) = (trace(&before), trace(&after));
    for site in (0..9).filter(|&site| site != 2) {
        assert_eq!(records(&before, site), records(&after, site));
    }
    let starts = |trace: &Trace| {
        let swabs = records(trace, 2)
            .0
            .into_iter()
            .filter(|record| record.step.station == 1);
        swabs
            .map(|record| ((record.step.source, record.step.rank), record.step.start))
            .collect::<std::collections::BTreeMap<_, _>>()
    };
    let (few, many) = (starts(&before), starts(&after));
    assert!(few.len() == many.len() && few.iter().all(|(person, start)| many[person] <= *start));
}

#[test]
fn the_same_happens_on_one_thread_and_on_seven() {
    let network = compile(&reference([40_000, 40, 2, 6, 12]), &|_| 0.5);
    let alone = replicate(
        &network,
        Streams::new(5, 0),
        Grain::Whole,
        &mut Memory::default(),
    );
    for threads in [1, 2, 7] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("threads are to be had");
        let together = pool.install(|| {
            replicate(
                &network,
                Streams::new(5, 0),
                Grain::Sites,
                &mut Memory::default(),
            )
        });
        assert_eq!(format!("{alone:?}"), format!("{together:?}"));
    }
}

/// What happens in the county's laboratory, event by event, in steps of this length; a batch of tubes comes in late, told of at once or only
/// shortly before.
fn stepped(step: Option<Span>, told_late: bool) -> Trace {
    let mut network = compile(&county(), &|_| 0.5);
    for lab in network.labs.values_mut() {
        lab.kernel = LabKernel::Events;
    }
    let (round, lab) = (Id::from_index(0), Id::from_index(0));
    let (mut memory, mut trace) = (Memory::default(), Trace::default());
    let mut engine = Engine::new(&network, Streams::new(1, 0), &mut memory);
    let batches = engine.swab(round, Grain::Whole, &mut trace);
    let again = batches[0].clone();
    engine.deliver(round, Some((batches, Time::NEVER)), Time::NEVER, &mut trace);
    let origin = engine.live.origin(0);
    let late = super::Coming {
        at: Time::ZERO + Span::HOUR * 8,
        courier: None,
        site: None,
        batch: engine.live.add(origin, 7, 0, again),
        from: 0,
        tubes: 9,
        brought: None,
    };
    let mut told = !told_late;
    let mut now = Time::ZERO;
    if told {
        engine.labs.take(lab, &late, &mut engine.live, &mut trace);
    }
    while let Some(step) = step.filter(|_| now < Time::ZERO + Span::DAY * 3) {
        now += step;
        if !told && now + step > late.at {
            told = true;
            engine.labs.take(lab, &late, &mut engine.live, &mut trace);
        }
        engine
            .labs
            .advance(now, &mut engine.live, engine.memory, &mut trace);
    }
    engine
        .labs
        .advance(Time::NEVER, &mut engine.live, engine.memory, &mut trace);
    trace
}

#[test]
fn it_makes_no_difference_in_how_many_steps_a_laboratory_advances() {
    let whole = stepped(None, false);
    assert!(!whole.results.is_empty());
    for (minutes, told_late) in [(1, false), (47, false), (1, true), (13, true)] {
        let steps = stepped(Some(Span::MINUTE * minutes), told_late);
        assert_eq!(whole.passages, steps.passages);
        assert_eq!(whole.runs, steps.runs);
        assert_eq!(whole.results, steps.results);
    }
}
