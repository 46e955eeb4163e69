//! Kernels that can serve the same site serve the same people at the same moments.

use super::super::trace::Trace;
use super::super::{Grain, Memory, simulate};
use super::{duration, known, reference, seconds};
use crate::measure::replicate;
use crate::model::Model;
use crate::model::coming::{Coming, Profile};
use crate::model::service::Shape;
use crate::model::site::{AtClose, Pickup, Scope, Station};
use crate::network::roster::{Roster, Tempo};
use crate::network::{Kernel, Network, compile};
use crate::random::Streams;
use crate::units::{Share, Span, Time, Window};
use proptest::prelude::*;
use std::sync::Arc;

/// Ways people come and tubes are filled that the recursion knows.
fn fifo_site() -> impl Strategy<Value = Model> {
    let coming = prop_oneof![
        Just(Coming::Exponential {
            over: Span::HOUR * 10
        }),
        Just(Coming::Profile(Profile::FrontLoaded {
            half_life: Span::HOUR * 2
        })),
        Just(Coming::Slots {
            width: Span::MINUTE * 15,
            punctuality: Span::MINUTE * 5
        }),
        Just(Coming::Called {
            batch: 40,
            notice: Span::HOUR,
            spread: Span::MINUTE * 15,
            tempo: known(1.1),
            walk: false,
        }),
        Just(Coming::Regular { every: seconds(20) }),
    ];
    let hours = prop_oneof![
        Just(vec![(Span::ZERO, Span::DAY)]),
        Just(vec![
            (Span::HOUR * 7, Span::HOUR * 12),
            (Span::HOUR * 13, Span::HOUR * 19)
        ]),
    ];
    let lane_stations = prop_oneof![Just((1, true)), Just((2, true)), Just((1, false))];
    let close = prop_oneof![Just(AtClose::Serve), Just(AtClose::SendHome)];
    (
        coming,
        hours,
        1_u32..6,
        lane_stations,
        close,
        0_i64..60,
        any::<bool>(),
    )
        .prop_map(
            |(coming, hours, lanes, (stations, per_lane), at_close, change, pickup)| {
                let mut model = reference([900, 2, lanes, 1, 1]);
                for site in model.sites.values_mut() {
                    site.coming = coming.clone();
                    site.hours.open = hours.clone();
                    site.hours.at_close = at_close;
                    let swab = site.stations[1].clone();
                    site.stations.extend((1..stations).map(|index| Station {
                        id: format!("more{index}"),
                        ..swab.clone()
                    }));
                    site.tubes.scope = if per_lane { Scope::Lane } else { Scope::Site };
                    site.tubes.change = seconds(change);
                    site.tubes.at_pickup = if pickup {
                        Pickup::Closes
                    } else {
                        Pickup::Leaves
                    };
                    site.tubes.max_age = Some(Span::MINUTE * 30);
                }
                model
            },
        )
}

/// By lane: stretches off duty and on duty by turns, in minutes, from 06:00; and how many times as long services take from some hours on.
type Clocks = (Vec<Vec<(i64, i64)>>, Vec<(i64, f64)>);

fn clocks() -> impl Strategy<Value = Clocks> {
    let lane = prop::collection::vec((1_i64..240, 1_i64..300), 0..6);
    let lanes = prop::collection::vec(lane, 6);
    let none = Just(Vec::new());
    let tempo = prop::collection::vec((0_i64..24, 0.1_f64..3.0), 0..4);
    (prop_oneof![1 => none, 3 => lanes], tempo)
}

/// Gives the sites of a network such lanes and such a tempo. Where a site fills one tube after another the recursion knows no crews.
fn set_clock(network: &mut Network, (lanes, tempo): &Clocks) {
    let minute = |minutes: i64| Time::ZERO + Span::MINUTE * minutes;
    let crew = |stretches: &Vec<(i64, i64)>| {
        let mut at = 6 * 60;
        let mut window = |&(off, on): &(i64, i64)| {
            let start = minute(at + off);
            at += off + on;
            Window {
                start,
                end: minute(at),
            }
        };
        stretches.iter().map(&mut window).collect()
    };
    let mut hours = tempo.clone();
    hours.sort_by_key(|(hour, _)| *hour);
    hours.dedup_by_key(|(hour, _)| *hour);
    let sites = &network.sites;
    for place in network
        .rounds
        .values_mut()
        .flat_map(|round| &mut Arc::make_mut(round).sites)
    {
        let site = &sites[place.site];
        if !lanes.is_empty() && site.tubes.per_lane {
            let lanes = lanes.iter().take(site.lanes as usize).map(crew).collect();
            place.roster = Some(Roster {
                lanes,
                ..Roster::default()
            });
        }
        let table = |&(hour, times): &(i64, f64)| Tempo {
            from: minute(hour * 60),
            times: (0..site.stations.len())
                .map(|station| times + station as f64 / 4.0)
                .collect(),
        };
        place.tempo = hours.iter().map(table).collect();
    }
}

/// A site whose people all go one way: several desks of several servers, people who are taken first, walks, services of no length or of
/// one, so that much happens at one instant.
fn tandem_site() -> impl Strategy<Value = Model> {
    let shape = prop_oneof![Just(Shape::Exponential), Just(Shape::Constant)];
    let desk = (1_u32..4, 0_i64..5, shape.clone(), 0_i64..3);
    let desks = prop::collection::vec(desk, 0..3);
    let swab = (1_u32..3, shape);
    (fifo_site(), desks, swab, 0.0_f64..0.6).prop_map(
        |(mut model, desks, (servers, shape), share)| {
            for site in model.sites.values_mut() {
                let mut swab = site.stations[1].clone();
                let alone = site.tubes.scope == Scope::Lane;
                swab.servers = if alone { 1 } else { servers };
                swab.service = duration(seconds(30), shape.clone());
                let register = site.stations[0].clone();
                let desk =
                    |(index, (servers, tens, shape, walk)): (usize, &(u32, i64, Shape, i64))| {
                        Station {
                            id: format!("desk{index}"),
                            servers: *servers,
                            service: duration(
                                seconds(10 * tens.max(&i64::from(*servers > 1))),
                                shape.clone(),
                            ),
                            walk: seconds(30 * walk),
                            ..register.clone()
                        }
                    };
                site.stations = desks.iter().enumerate().map(desk).collect();
                site.stations.push(swab);
            }
            for cell in model.cells.values_mut() {
                cell.priority = Some(known(Share(share)));
            }
            model
        },
    )
}

/// Nothing starts in stretches by turns, in minutes, from 06:00.
fn set_pauses(network: &mut Network, pauses: &[(i64, i64)]) {
    let mut at = 6 * 60;
    let minute = |minutes: i64| Time::ZERO + Span::MINUTE * minutes;
    let mut window = |&(between, long): &(i64, i64)| {
        let start = minute(at + between);
        at += between + long;
        Window {
            start,
            end: minute(at),
        }
    };
    let pauses: Arc<[Window]> = pauses.iter().map(&mut window).collect();
    for place in network
        .rounds
        .values_mut()
        .flat_map(|round| &mut Arc::make_mut(round).sites)
    {
        place.pauses.clone_from(&pauses);
    }
}

fn set_kernel(network: &mut Network, kernel: Kernel) {
    for site in network.sites.values_mut() {
        site.kernel = kernel;
    }
}

/// What happens, in an order that no kernel decides.
fn run(network: &Network, seed: u64) -> Trace {
    let mut trace = Trace::default();
    let streams = Streams::new(seed, 0);
    simulate(
        network,
        streams,
        Grain::Whole,
        &mut Memory::default(),
        &mut trace,
    );
    trace.steps.sort_by_key(|record| {
        (
            record.site,
            record.step.source,
            record.step.rank,
            record.step.station,
        )
    });
    trace
        .tubes
        .sort_by_key(|record| (record.site, record.tube.lane, record.tube.serial));
    for record in &mut trace.tubes {
        // Where a tube's swabs stand among those of its site depends on the order in which lanes close theirs.
        record.tube.from = 0;
    }
    trace
}

/// What it all comes to, written out, so that what is not a number equals itself.
fn outcome(network: &Network, seed: u64) -> String {
    let streams = Streams::new(seed, 0);
    format!(
        "{:?}",
        replicate(network, streams, Grain::Whole, &mut Memory::default())
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn the_two_kernels_agree_person_by_person(model in fifo_site(), clock in clocks(), seed in 0_u64..1_000) {
        let mut network = compile(&model, &|_| 0.5);
        prop_assert!(network.sites.values().all(|site| site.kernel == Kernel::Recursion));
        set_clock(&mut network, &clock);
        let recursion = run(&network, seed);
        set_kernel(&mut network, Kernel::Events { line_per_lane: false });
        let events = run(&network, seed);
        prop_assert_eq!(&recursion.steps, &events.steps);
        prop_assert_eq!(&recursion.tubes, &events.tubes);
        prop_assert_eq!(&recursion.passages, &events.passages);
        prop_assert!(!recursion.steps.is_empty() || recursion.tubes.is_empty());
        if network.sites.values().all(|site| site.stations.len() == 2) {
            set_kernel(&mut network, Kernel::Tandem);
            prop_assert_eq!(&recursion.steps, &run(&network, seed).steps);
        }
    }

    #[test]
    fn station_by_station_and_event_by_event_all_happens_alike(
        model in tandem_site(),
        pauses in prop::collection::vec((1_i64..200, 1_i64..100), 0..5),
        seed in 0_u64..1_000,
    ) {
        let mut network = compile(&model, &|_| 0.5);
        prop_assert!(network.sites.values().all(|site| [Kernel::Recursion, Kernel::Tandem].contains(&site.kernel)));
        set_pauses(&mut network, &pauses);
        set_kernel(&mut network, Kernel::Tandem);
        let (tandem, outcome) = (run(&network, seed), outcome(&network, seed));
        set_kernel(&mut network, Kernel::Events { line_per_lane: false });
        let events = run(&network, seed);
        prop_assert_eq!(&tandem.steps, &events.steps);
        prop_assert_eq!(&tandem.tubes, &events.tubes);
        prop_assert_eq!(&tandem.passages, &events.passages);
        prop_assert_eq!(outcome, self::outcome(&network, seed), "lines, work, waits and the rest");
        prop_assert!(!tandem.steps.is_empty());
    }
}
