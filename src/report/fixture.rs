//! A small county and what came of it, made by hand, for tests of what people read.

use crate::experiment::influence::{Influence, Third};
use crate::experiment::results::{Figure, Origin, Precision, Probability, Results};
use crate::experiment::risk::Risk;
use crate::id::{Id, LabId, RoundId, SiteId, StageId, Table, UnknownId};
use crate::measure::outcome::{
    CellOutcome, Counters, Gate, GateOutcome, LabOutcome, LabStageOutcome, Outcome, RoundOutcome,
    SiteOutcome, Spread,
};
use crate::model::assumption::{Assumption, Phrase, Quantity, Range, Standing, Unknown};
use crate::model::coming::Coming;
use crate::model::courier::{Courier, Route};
use crate::model::lab::{AtLeast, HandOver, Lab, LabCrew, Stage, StartPolicy, Work};
use crate::model::service::{Duration, Mean, Shape};
use crate::model::site::{
    AtClose, Crew, Crowd, Hours, Pickup, Pool, Queue, Scope, Site, Station, Tubes,
};
use crate::model::staff::Staff;
use crate::model::{
    Cell, Design, Model, Name, Place, Replications, Round, Study, Tier, Turnout, Walking,
};
use crate::units::{PerHour, Position, Span, Time};

fn name(id: &str, zh: &str, en: &str) -> Name {
    Name {
        id: id.into(),
        zh: zh.into(),
        en: en.into(),
    }
}

fn clock(hours: f64) -> Time {
    Time::ZERO + Span::from_hours(hours)
}

fn minutes(minutes: i64) -> Span {
    Span::MINUTE * minutes
}

/// A county town with two sites, a van and a laboratory, on two days.
pub(crate) fn model() -> Model {
    Model {
        title: name("title", "示范县城 两轮", "Model county town, two rounds"),
        first_day: jiff::civil::date(2022, 5, 9),
        cells: Table::from_iter([
            cell("C1", "东街", "East Street", 1500, 0),
            cell("C2", "西街", "West Street", 1200, 1),
            cell("C3", "河滩", "Riverside", 900, 1),
        ]),
        sites: Table::from_iter([
            site("S1", "体育馆", "Gymnasium", 3),
            site("S2", "县中学", "County school", 3),
        ]),
        couriers: Table::from_iter([van()]),
        labs: Table::from_iter([lab()]),
        feeds: Table::new(),
        rounds: Table::from_iter([
            round("R1", "第一轮", "Round 1", 0),
            round("R2", "第二轮", "Round 2", 1),
        ]),
        campaign: None,
        walking: Walking {
            speed_kmh: 4.5,
            detour: 1.3,
        },
        infection: None,
        roads: None,
        cost: None,
        staff: Staff::default(),
        stocks: Vec::new(),
        incidents: Vec::new(),
        stress: None,
        disinfection: None,
        isolation: None,
        recall: None,
        catch_up: None,
        readiness: Vec::new(),
        study: Study {
            warm_up: Span::ZERO,
            stop: None,
        },
        design: Design {
            replications: Replications::Fixed(200),
            seed: 1,
        },
        assumptions: assumptions(),
        unknowns: Table::from_iter([Unknown {
            key: "lane.pace".into(),
            called: called("每台的采样速度", "How fast one lane swabs"),
            range: "41..85 people/h".into(),
            within: called("41–85 人/小时", "41–85 people/h"),
        }]),
        hash: "0123456789abcdef".into(),
        schematic: true,
    }
}

fn cell(id: &str, zh: &str, en: &str, residents: u32, site: usize) -> Cell {
    let north = 35.03 + f64::from(residents) / 1e5;
    Cell {
        prevalence: None,
        name: name(id, zh, en),
        residents,
        away: 100,
        exempt: 0,
        transients: 0,
        visits: 0,
        tier: Tier::Precaution,
        site: SiteId::from_index(site),
        priority: None,
        boundary: Vec::new(),
        position: Some(Position {
            longitude: 101.46,
            latitude: north,
        }),
    }
}

fn site(id: &str, zh: &str, en: &str, lanes: u32) -> Site {
    let pace = Quantity {
        value: PerHour(60.0),
        range: Some(Range {
            unknown: UnknownId::from_index(0),
            low: PerHour(41.0),
            high: PerHour(85.0),
        }),
    };
    Site {
        name: name(id, zh, en),
        position: Some(Position {
            longitude: 101.47,
            latitude: 35.03,
        }),
        hours: Hours {
            open: vec![
                (Span::HOUR * 7, Span::HOUR * 12),
                (Span::HOUR * 13, Span::HOUR * 22),
            ],
            setup: Span::ZERO,
            at_close: AtClose::Serve,
        },
        lanes: Quantity::known(lanes),
        queue: Queue::Shared,
        stations: vec![Station::plain(
            "swab".into(),
            Scope::Lane,
            Duration {
                mean: Mean::Pace(pace),
                shape: Shape::Lognormal(0.4),
            },
        )],
        crowd: Crowd::default(),
        crew: Crew {
            scanners: 1,
            swabbers: 1,
            guides: 1,
        },
        coming: Coming::Called {
            batch: 40,
            notice: minutes(45),
            spread: minutes(20),
            tempo: Quantity::known(1.0),
            walk: false,
        },
        tubes: Tubes {
            pool: [10, 10, 5, 1].map(|people| Pool::People(Quantity::known(people))),
            boundary: None,
            scope: Scope::Lane,
            max_age: None,
            max_idle: None,
            at_pickup: Pickup::Closes,
            expire: None,
            change: Span::SECOND * 40,
            faults: None,
        },
        pickup_offset: Span::ZERO,
        visits: None,
    }
}

fn van() -> Courier {
    Courier {
        name: name("van", "转运车", "Van"),
        sites: vec![SiteId::from_index(0), SiteId::from_index(1)],
        to: LabId::from_index(0),
        first: minutes(120),
        every: Quantity::known(minutes(120)),
        route: Route::Loop {
            vehicles: Quantity::known(1),
            leg: Duration::constant(minutes(10)),
        },
        road: Duration::constant(minutes(15)),
        per_stop: minutes(5),
        load: None,
        call: None,
        hours: Vec::new(),
        checkpoint: None,
    }
}

fn lab() -> Lab {
    let crews = vec![LabCrew {
        from: Span::ZERO,
        to: Span::DAY,
        technicians: 2,
    }];
    let stage = |id: &str, zh: &str, en: &str, work| Stage {
        id: id.into(),
        zh: zh.into(),
        en: en.into(),
        work,
        hand_over: HandOver::Immediate,
        buffer: None,
    };
    Lab {
        name: name("county-lab", "县检验室", "County laboratory"),
        position: None,
        stages: vec![
            stage(
                "receive",
                "接收",
                "receiving",
                Work::Workers {
                    crews: crews.clone(),
                    per_tube: Duration::constant(Span::SECOND * 30),
                },
            ),
            stage(
                "prepare",
                "前处理",
                "preparation",
                Work::Delay {
                    time: Duration::constant(minutes(60)),
                },
            ),
            stage(
                "pcr",
                "扩增",
                "PCR",
                Work::Machines {
                    machines: Quantity::known(2),
                    capacity: Quantity::known(94),
                    controls: 2,
                    run: Duration::constant(minutes(108)),
                    start: StartPolicy {
                        at_least: AtLeast::Full,
                        after: Some(minutes(30)),
                    },
                    crews,
                    fleet: Box::default(),
                    hands: None,
                },
            ),
            stage(
                "review",
                "审核",
                "review",
                Work::Delay {
                    time: Duration::constant(minutes(20)),
                },
            ),
        ],
        test: 2,
        ready: Span::ZERO,
        faults: None,
        verdict: None,
        wip: None,
        overflow: None,
    }
}

fn round(id: &str, zh: &str, en: &str, day: i64) -> Round {
    let opens = clock(7.0) + Span::DAY * day;
    Round {
        name: name(id, zh, en),
        opens,
        ordered: None,
        closes: opens + Span::DAY,
        deadline: opens + Span::HOUR * 20,
        turnout: Turnout::Swabbed(Quantity::known(3200)),
        cells: (0..3).map(crate::id::CellId::from_index).collect(),
        tiers: vec![Tier::Precaution; 3],
        places: [0, 1, 1]
            .map(|site| Place {
                site: SiteId::from_index(site),
                visited: None,
            })
            .to_vec(),
    }
}

fn called(zh: &str, en: &str) -> Phrase {
    Phrase {
        zh: zh.into(),
        en: en.into(),
    }
}

fn assumptions() -> Vec<Assumption> {
    vec![
        Assumption {
            key: "lane.pace".into(),
            called: called("每台的采样速度", "How fast one lane swabs"),
            written: "60 people/h".into(),
            value: called("60 人/小时", "60 people/h"),
            default: Some(called("60 人/小时", "60 people/h")),
            standing: Standing::Assumed,
            range: Some("41..85 people/h".into()),
            within: Some(called("41–85 人/小时", "41–85 people/h")),
            source: Some("Xi'an 24 h average and opening peak".into()),
        },
        Assumption {
            key: "labs.county-lab.machines".into(),
            called: called("县实验室：扩增仪台数", "County laboratory: PCR machines"),
            written: "2".into(),
            value: called("2", "2"),
            default: None,
            standing: Standing::Given,
            range: None,
            within: None,
            source: None,
        },
        Assumption {
            key: "walking.speed".into(),
            called: called("步行速度", "How fast people walk"),
            written: "4.5 km/h".into(),
            value: called("4.5 公里/小时", "4.5 km/h"),
            default: Some(called("4.5 公里/小时", "4.5 km/h")),
            standing: Standing::Default,
            range: None,
            within: None,
            source: None,
        },
    ]
}

/// What came of [`model`]: its second round is late.
pub(crate) fn results(model: &Model) -> Results {
    let rounds: Vec<_> = model.rounds.ids().collect();
    Results {
        outcome: Outcome {
            rounds: rounds.iter().map(|&id| round_outcome(id)).collect(),
            cells: rounds
                .iter()
                .flat_map(|&round| cells(model, round))
                .collect(),
            sites: rounds
                .iter()
                .flat_map(|&round| sites(model, round))
                .collect(),
            cost: None,
            isolation: None,
            decided: None,
            incidents: Vec::new(),
            disinfection: None,
            labs: rounds.iter().map(|&round| lab_outcome(round)).collect(),
        },
        on_time: rounds
            .iter()
            .map(|&round| {
                let (share, lo, hi) = if late(round) {
                    (0.42, 0.3536, 0.4892)
                } else {
                    (1.0, 0.9812, 1.0)
                };
                Probability { share, lo, hi }
            })
            .collect(),
        risks: rounds.iter().map(|_| Risk::default()).collect(),
        influences: rounds
            .iter()
            .map(|_| {
                let third = |results_end_min, on_time| Third {
                    results_end_min,
                    on_time,
                };
                let influence = |(unknown, _)| Influence {
                    unknown,
                    share: 0.6,
                    low: third(1_395.0, 0.2),
                    high: third(1_012.0, 1.0),
                };
                model.unknowns.iter().map(influence).collect()
            })
            .collect(),
        campaign: None,
        replications: 200,
        seed: 1,
        precision: Precision::Fixed,
    }
}

fn late(round: RoundId) -> bool {
    round.index() > 0
}

/// A figure known so well, with a spread of a tenth either way.
fn figure(mean: f64) -> Figure {
    Figure {
        mean,
        lo: mean * 0.99,
        hi: mean * 1.01,
        p05: mean * 0.95,
        p95: mean * 1.05,
        origin: Some(Origin {
            luck: 0.4,
            ignorance: 0.6,
        }),
    }
}

fn sure(mean: f64) -> Figure {
    Figure {
        mean,
        lo: mean,
        hi: mean,
        p05: mean,
        p95: mean,
        origin: None,
    }
}

fn spread(mean: f64) -> Spread<Figure> {
    Spread {
        mean: figure(mean),
        p50: figure(mean * 0.9),
        p90: figure(mean * 1.6),
        p95: figure(mean * 1.9),
        p99: figure(mean * 2.4),
        max: figure(mean * 3.0),
    }
}

fn round_outcome(round: RoundId) -> RoundOutcome<Figure> {
    let slow = if late(round) { 1.25 } else { 1.0 };
    let gates: Vec<_> = gates()
        .into_iter()
        .map(|(gate, minutes)| GateOutcome {
            gate,
            minutes: figure(minutes * slow),
        })
        .collect();
    let door_to_result: f64 = gates.iter().map(|gate| gate.minutes.mean).sum();
    RoundOutcome {
        due: sure(3300.0),
        swabbed: sure(3200.0),
        missed: sure(100.0),
        no_result: sure(0.0),
        unbound: sure(0.0),
        pending: sure(0.0),
        positive_tubes: sure(0.0),
        report_min: sure(f64::NAN),
        missed_by: [90.0, 10.0, 0.0, 0.0, 0.0, 0.0, 0.0].map(sure).to_vec(),
        fetched: sure(0.0),
        ready_min: sure(0.0),
        readiness: Vec::new(),
        stocks: Vec::new(),
        cost: None,
        staff: None,
        vehicle_hours: figure(12.0),
        room_days: sure(0.0),
        tubes: figure(335.0),
        partial_tubes: figure(23.0),
        tubes_published: figure(335.0),
        over_age: figure(0.0),
        reactions: figure(345.0),
        swabbing_ends_min: figure(760.0 * slow),
        results_end_min: figure(1080.0 * slow),
        published_by_deadline: figure(if late(round) { 0.93 } else { 1.0 }),
        on_time: figure(if late(round) { 0.42 } else { 1.0 }),
        priority_wait_min: nobody(),
        wait_min: spread(18.0 * slow),
        time_on_site_min: spread(19.0 * slow),
        turnaround_min: spread((door_to_result - 19.0) * slow),
        door_to_result_min: spread(door_to_result),
        gates,
        recall: None,
        curve: (0..=120)
            .map(|step| {
                let people =
                    |start: f64| figure((f64::from(step) * 15.0 - start).clamp(0.0, 800.0) * 4.0);
                Counters {
                    swabbed: people(0.0),
                    delivered: people(100.0),
                    tested: people(280.0),
                    published: people(300.0),
                }
            })
            .collect(),
        turnaround_curve: (0..=60)
            .map(|step| figure((f64::from(step) / 40.0).min(1.0)))
            .collect(),
    }
}

fn gates() -> Vec<(Gate, f64)> {
    let (lab, stage) = (LabId::from_index(0), StageId::from_index);
    vec![
        (Gate::Queue, 18.0),
        (Gate::Service, 1.0),
        (Gate::Filling, 9.0),
        (Gate::Pickup, 55.0),
        (Gate::Road, 40.0),
        (Gate::LabWait(lab, stage(0)), 14.0),
        (Gate::LabWork(lab, stage(0)), 0.5),
        (Gate::LabWait(lab, stage(1)), 0.0),
        (Gate::LabWork(lab, stage(1)), 60.0),
        (Gate::LabWait(lab, stage(2)), 150.0),
        (Gate::LabWork(lab, stage(2)), 108.0),
        (Gate::LabWait(lab, stage(3)), 0.0),
        (Gate::LabWork(lab, stage(3)), 20.0),
    ]
}

fn cells(model: &Model, round: RoundId) -> Vec<CellOutcome<Figure>> {
    let missed = [10.0, 60.0, 30.0];
    let slow = if late(round) { 1.25 } else { 1.0 };
    model
        .cells
        .iter()
        .map(|(cell, entry)| CellOutcome {
            round,
            cell,
            due: sure(f64::from(entry.due())),
            swabbed: sure(f64::from(entry.due()) - missed[cell.index()]),
            missed: sure(missed[cell.index()]),
            no_result: sure(0.0),
            pending: sure(0.0),
            missed_by: [missed[cell.index()], 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
                .map(sure)
                .to_vec(),
            fetched: sure(0.0),
            results_end_min: figure((1000.0 + 40.0 * cell.index() as f64) * slow),
        })
        .collect()
}

fn sites(model: &Model, round: RoundId) -> Vec<SiteOutcome<Figure>> {
    let slow = if late(round) { 1.25 } else { 1.0 };
    model
        .sites
        .ids()
        .map(|site| SiteOutcome {
            round,
            site,
            swabbed: sure(1600.0),
            wait_min: spread((14.0 + 8.0 * site.index() as f64) * slow),
            peak_queue: figure(40.0),
            utilization: figure(0.82 + 0.1 * site.index() as f64),
            closes_min: figure((700.0 + 60.0 * site.index() as f64) * slow),
            over_age: figure(0.0),
            open_hours: figure(11.0),
            lane_hours: figure(22.0),
            tubes: figure(168.0),
            turned_away: sure(0.0),
            blocked_hours: sure(0.0),
            stocks: Vec::new(),
            visits: None,
        })
        .collect()
}

fn lab_outcome(round: RoundId) -> LabOutcome<Figure> {
    let none = sure(f64::NAN);
    let stage = |utilization, wait: f64| LabStageOutcome {
        utilization,
        wait_min: figure(wait),
        runs: none,
        fill: none,
        labor: none,
        blocked: none,
    };
    LabOutcome {
        round,
        lab: LabId::from_index(0),
        tubes: figure(335.0),
        failed_tubes: sure(0.0),
        sent_on: sure(0.0),
        retests: sure(0.0),
        failed_runs: sure(0.0),
        technician_hours: figure(96.0),
        days: sure(1.0),
        stopped_runs: sure(0.0),
        stages: Table::from_iter([
            stage(figure(0.31), 14.0),
            stage(none, 0.0),
            LabStageOutcome {
                utilization: figure(0.97),
                wait_min: figure(150.0),
                runs: figure(5.0),
                fill: figure(0.71),
                labor: none,
                blocked: none,
            },
            stage(none, 0.0),
        ]),
    }
}

/// Of nobody.
fn nobody() -> Spread<Figure> {
    let none = sure(f64::NAN);
    Spread {
        mean: none,
        p50: none,
        p90: none,
        p95: none,
        p99: none,
        max: none,
    }
}
