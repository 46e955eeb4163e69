//! Roads pair by pair: each drive takes what its pair takes, and a table of times is read as a planner writes it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::models::{file, model};
use crate::referee::replay;
use swabplan::id::{Id, SiteId};
use swabplan::measure::replicate;
use swabplan::model::Model;
use swabplan::scenario::document::Options;
use swabplan::scenario::read;
use swabplan::sim::trace::Trace;
use swabplan::sim::{Grain, Memory};

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/features/roads.toml")
}

fn trace(set: &[&str]) -> Trace {
    replay(&file(&shipped(), set), 0).1
}

/// Two sites on one tour and a called one, with a time for each pair.
const TOWN: &str = r#"
rounds = [{ id = "R1", opens = "2022-05-09 07:00" }]
cells = [{ id = "C1", residents = 400, site = "S1" }, { id = "C2", residents = 300, site = "S2" }, { id = "C3", residents = 200, site = "S3" }]
sites = [{ id = "S1", lanes = 1 }, { id = "S2", lanes = 1 }, { id = "S3", lanes = 1 }]
labs = [{ id = "lab", machines = 2 }]
[[couriers]]
id = "van"
sites = ["S1", "S2"]
every = "2 h"
per_stop = "5 min"
[[couriers]]
id = "taxi"
call = { tubes = 5, after = "1 h" }
per_stop = "5 min"
"#;

/// The same, driving as the pairs say.
fn town(roads: &str) -> Model {
    model(&format!("{TOWN}\n{roads}"))
}

const PAIRS: &str = r#"
[roads]
cv = 0
times = [
  { from = "lab", to = "S1", takes = "11 min" },
  { from = "S1", to = "S2", takes = "17 min" },
  { from = "S2", to = "lab", takes = "23 min" },
  { from = "lab", to = "S2", takes = "50 min" },
  { from = "lab", to = "S3", takes = "7 min" },
  { from = "S3", to = "lab", takes = "13 min" },
]
"#;

#[test]
fn a_tour_takes_the_sum_of_its_own_legs() {
    let (_, trace) = replay(&town(PAIRS), 0);
    let minutes = |count: i64| count * 60_000;
    let seven = 7 * 60;
    let mut trips: BTreeMap<u32, BTreeMap<usize, (i64, i64)>> = BTreeMap::new();
    for record in &trace.tubes {
        let (site, tube) = (record.site.index(), &record.tube);
        if site < 2 {
            let times = (tube.picked, tube.delivered);
            trips.entry(tube.trip).or_default().insert(site, times);
        } else {
            // Out and back again: 5 min to hand over, 13 min of road.
            assert_eq!(tube.delivered - tube.picked, minutes(18));
        }
    }
    assert!(trips.len() > 2);
    for (trip, stops) in trips {
        let leaves = minutes(seven + 120 * (i64::from(trip) + 1));
        for (site, (picked, delivered)) in stops {
            let (there, back) = [(11, 5 + 17 + 5 + 23), (11 + 5 + 17, 5 + 23)][site];
            assert_eq!(
                (picked, delivered),
                (leaves + minutes(there), picked + minutes(back))
            );
        }
    }
}

#[test]
fn where_every_pair_takes_the_same_all_is_as_with_one_leg_for_all() {
    let pairs = |minutes: u32| {
        let ids = ["lab", "S1", "S2", "S3"];
        let mut text = "[roads]\ncv = 0.4\ntimes = [\n".to_owned();
        for from in ids {
            for to in ids.into_iter().filter(|to| *to != from) {
                let pair = format!("from = \"{from}\", to = \"{to}\"");
                text.extend(["{ ", &pair, &format!(", takes = \"{minutes} min\" }},\n")]);
            }
        }
        text + "]\n"
    };
    let alike = town(&pairs(9));
    let drive = "{ lognormal = { mean = \"9 min\", cv = 0.4 } }";
    let own = format!("\nleg = {drive}\nroad = {drive}\n");
    let stated = TOWN.replace(
        "per_stop = \"5 min\"\n",
        &format!("per_stop = \"5 min\"{own}"),
    );
    let stated = model(&stated);
    for replication in 0..3 {
        let [pair, one] = [&alike, &stated].map(|model| replay(model, replication).1);
        assert_eq!(pair.tubes, one.tubes);
        assert_eq!(pair.results, one.results);
    }
}

#[test]
fn on_faster_roads_no_tube_of_a_direct_van_comes_later() {
    // A theorem: visits are on the timetable, and the same luck makes each drive a share of the slower one.
    let of = |speed: &str| {
        let set = [
            "couriers.van.route=direct".to_owned(),
            "roads.times=[]".to_owned(),
            format!("roads.speed={speed} km/h"),
        ];
        let set: Vec<&str> = set.iter().map(String::as_str).collect();
        let trace = trace(&set);
        let tubes = trace.tubes.iter().map(|record| {
            let tube = &record.tube;
            (
                (record.site, tube.lane, tube.serial),
                (tube.picked, tube.delivered),
            )
        });
        tubes.collect::<BTreeMap<_, _>>()
    };
    let (slow, fast) = (of("20"), of("60"));
    assert!(!slow.is_empty());
    for (name, (picked, delivered)) in &slow {
        assert_eq!(fast[name].0, *picked);
        assert!(fast[name].1 < *delivered);
    }
}

#[test]
fn a_table_of_times_is_read_and_what_it_lacks_goes_by_distance() {
    let model = file(&shipped(), &["roads.cv=0"]);
    let roads = model.roads.as_ref().unwrap();
    let ways = roads.ways.values().next().unwrap();
    let site = |index: usize| SiteId::from_index(index);
    let takes =
        |minutes: i64| swabplan::model::road::Drive::Takes(swabplan::units::Span::MINUTE * minutes);
    assert_eq!(ways.legs[&(None, site(0))], takes(25));
    assert_eq!(ways.legs[&(Some(site(0)), site(1))], takes(10));
    let swabplan::model::road::Drive::Kilometers(length) = ways.home[&site(2)] else {
        panic!("S3 is not in the table");
    };
    // 4.46 km east and 3.89 km south as the crow flies, times 1.3.
    assert!((length - 1.3 * 5.92).abs() < 0.05, "{length} km");
}

#[test]
fn rounds_and_direct_trips_move_the_same_tubes_at_other_times() {
    let turnaround = |set: &[&str]| {
        let model = file(&shipped(), set);
        let (network, streams) = swabplan::experiment::network(&model, 0);
        let outcome = replicate(&network, streams, Grain::Whole, &mut Memory::default());
        let round = outcome.rounds.values().next().unwrap().clone();
        (round.swabbed, round.turnaround_min.mean)
    };
    let (milk, direct) = (turnaround(&[]), turnaround(&["couriers.van.route=direct"]));
    assert!((milk.0 - direct.0).abs() < 1e-9);
    assert!((milk.1 - direct.1).abs() > 1.0);
}

#[test]
fn a_pair_nobody_knows_is_told_at_its_cell() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("town.toml", &format!("roads = \"roads.csv\"\n{TOWN}"));
    write(
        "roads.csv",
        ",lab,S1,S2,S3\nlab,0,11,50,7\nS1,,0,,\nS2,23,,0,\n",
    );
    let told = |path: &str| {
        let Err(refusal) = read(&folder.path().join(path), &Options::default()) else {
            panic!("a pair is missing");
        };
        refusal
            .problems
            .list
            .iter()
            .map(|problem| (problem.code, problem.place.spot))
            .collect::<Vec<_>>()
    };
    let found = told("town.toml");
    // The third row, fourth column: from S1 to S2.
    let [("S382", swabplan::scenario::tree::Spot::Bytes { start, .. })] = found[..] else {
        panic!("{found:?}");
    };
    assert_eq!(start, ",lab,S1,S2,S3\nlab,0,11,50,7\nS1,,0,".len());
    write(
        "roads.csv",
        "从,到,分钟\nlab,S1,11\nS1,S2,17\nS2,lab,23\nlab,S3,7\n",
    );
    assert!(read(&folder.path().join("town.toml"), &Options::default()).is_ok());
    write("roads.csv", "\n");
    assert!(told("town.toml").iter().any(|(code, _)| *code == "S386"));
    write("roads.csv", "from,to,minutes\nlab,S1,soon\n");
    assert!(
        told("town.toml")
            .iter()
            .any(|(code, _)| code.starts_with("S10"))
    );
}
