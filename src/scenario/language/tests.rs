use super::*;
use crate::id::Id;
use crate::model::assumption::Standing;
use crate::model::coming::Coming;
use crate::model::courier::Route;
use crate::model::lab::{AtLeast, HandOver, Work};
use crate::model::service::{Mean, Shape};
use crate::model::site::{Scope, Station};
use crate::model::{Replications, Turnout, Watched};
use crate::scenario::keys::{KEYS, Key};
use crate::scenario::problem::Severity;
use crate::units::{PerHour, Share, Span};

const MINIMAL: &str = include_str!("../../../scenarios/minimal.toml");

fn tree(text: &str) -> Node {
    walk::plain_node(toml::Value::Table(
        toml::from_str(text).unwrap_or_else(|problem| panic!("{problem}\n{text}")),
    ))
}

fn read(text: &str) -> (Option<Meaning>, Problems) {
    let mut problems = Problems::default();
    (interpret(&tree(text), "test", &mut problems), problems)
}

fn model(text: &str) -> Model {
    let (meaning, problems) = read(text);
    meaning
        .unwrap_or_else(|| panic!("{}", said(&problems)))
        .model
}

fn said(problems: &Problems) -> String {
    let line = |problem: &crate::scenario::problem::Problem| {
        format!(
            "{} {} ({}) / {} ({})",
            problem.code, problem.what.en, problem.help.en, problem.what.zh, problem.help.zh
        )
    };
    problems
        .list
        .iter()
        .map(line)
        .collect::<Vec<_>>()
        .join("\n")
}

/// The minimal scenario with some text in place of other text.
fn with(old: &str, new: &str) -> String {
    assert!(MINIMAL.contains(old), "{old}");
    MINIMAL.replace(old, new)
}

/// The codes of all complaints about a scenario.
fn codes(text: &str) -> Vec<&'static str> {
    read(text)
        .1
        .list
        .iter()
        .map(|problem| problem.code)
        .collect()
}

const COUNTY: &str = r#"
title = "泽库县城 第一轮"
title_en = "Zeku county town, round 1"
coordinates = "wgs84"
precision = { of = "results_end", to = "5 min" }

[hours]
open = ["07:00-12:00", "13:00-19:00"]
setup = "2 h"
at_close = "serve"

[lane]
crew = { scanner = 1, swabber = 1, guide = 1 }
pace = { assumed = "60 people/h", range = "41..85", source = "Xi'an 24 h average and opening peak; Macau 60 s" }
tube_change = "40 s"

[coming]
by = "cell"
batch = 40
notice = "45 min"

[tubes]
pool = { precaution = 10, controlled = 10, isolation = 1 }

[[couriers]]
id = "van"
vehicles = 2
every = "2 h"
to = "county-lab"

[[labs]]
id = "county-lab"
machines = 4
plate = { wells = 96, controls = 2 }
bench_time = "4.8 h"
crews = [ { hours = "00:00-24:00", technicians = 8 } ]

[[rounds]]
id = "R1"
opens = "2022-05-09 07:00"
deadline = "24 h"
swabbed = 2263

[[cells]]
id = "C2"
name = "西街"
residents = 1300
tier = "管控区"
lon = 101.46
lat = 35.03

[[cells]]
id = "C1"
residents = 1200
away = 100
transients = 20
site = "S2"

[[sites]]
id = "S2"
lanes = 3
lon = 101.47
lat = 35.04

[[sites]]
id = "S1"
lanes = { assumed = 2, range = "1..4", source = "nobody counted" }
pace = "50人/小时"
hours = { open = ["08:00-20:00"] }
lon = 101.461
lat = 35.031
"#;

#[test]
fn the_shortest_scenario_is_filled_in_from_the_catalogue() {
    let model = model(MINIMAL);
    assert_eq!(model.first_day.to_string(), "2022-05-09");
    let round = &model.rounds[crate::id::RoundId::from_index(0)];
    assert_eq!(
        (
            round.opens.time_of_day(),
            round.deadline - round.opens,
            round.closes
        ),
        (Span::HOUR * 7, Span::DAY, round.deadline)
    );
    assert_eq!(
        round.turnout,
        Turnout::Share(crate::model::assumption::Quantity::known(Share(1.0)))
    );
    let site = model.sites.values().next().unwrap();
    let [
        Station {
            scope: Scope::Lane,
            service,
            ..
        },
    ] = site.stations.as_slice()
    else {
        panic!("one station")
    };
    assert_eq!(
        (service.nominal(), &service.shape),
        (Span::MINUTE, &Shape::Lognormal(0.4))
    );
    assert_eq!(
        site.tubes.pool.map(|pool| pool.most().value),
        [10, 10, 3, 1]
    );
    let lab = model.labs.values().next().unwrap();
    assert_eq!(
        lab.stages
            .iter()
            .map(|stage| stage.id.as_str())
            .collect::<Vec<_>>(),
        ["receive", "prepare", "pcr", "review"]
    );
    assert_eq!(lab.test, 2);
    let bench: Span = lab
        .stages
        .iter()
        .map(|stage| match &stage.work {
            Work::Workers { per_tube: time, .. }
            | Work::Machines { run: time, .. }
            | Work::Delay { time } => time.nominal(),
            Work::Upload { .. } => Span::ZERO,
        })
        .sum();
    assert_eq!(bench, Span::from_hours(4.8));
}

#[test]
fn the_example_of_the_design_is_read_as_it_is_meant() {
    let model = model(COUNTY);
    let ids: Vec<&str> = model
        .sites
        .values()
        .map(|site| site.name.id.as_str())
        .collect();
    assert_eq!(ids, ["S1", "S2"]);
    let (near, far) = (
        &model.sites[crate::id::SiteId::from_index(0)],
        &model.sites[crate::id::SiteId::from_index(1)],
    );
    // The cell without a site goes to the nearest one.
    assert_eq!(
        model
            .cells
            .values()
            .map(|cell| (cell.site.index(), cell.due()))
            .collect::<Vec<_>>(),
        [(1, 1_120), (0, 1_300)]
    );
    assert_eq!(
        model.cells.values().last().unwrap().tier,
        crate::model::Tier::Controlled
    );
    assert_eq!(
        (
            near.hours.open.len(),
            far.hours.open.len(),
            near.hours.setup
        ),
        (1, 2, Span::HOUR * 2)
    );
    assert_eq!(
        near.stations[0].service.mean,
        Mean::Pace(crate::model::assumption::Quantity::known(PerHour(50.0)))
    );
    let Mean::Pace(pace) = far.stations[0].service.mean else {
        panic!("a pace")
    };
    let range = pace.range.expect("a range was given");
    assert_eq!((range.low, range.high), (PerHour(41.0), PerHour(85.0)));
    assert_eq!(model.unknowns[range.unknown].key, "lane.pace");
    assert_eq!(
        model
            .unknowns
            .values()
            .map(|unknown| unknown.key.as_str())
            .collect::<Vec<_>>(),
        ["lane.pace", "sites.S1.lanes"]
    );
    assert!(matches!(near.coming, Coming::Called { batch: 40, .. }));
    assert_eq!(
        near.tubes.pool.map(|pool| pool.most().value),
        [10, 10, 3, 1]
    );
    let courier = model.couriers.values().next().unwrap();
    assert_eq!((courier.sites.len(), courier.first), (2, Span::HOUR * 2));
    assert!(matches!(&courier.route, Route::Loop { vehicles, .. } if vehicles.value == 2));
    assert!(matches!(
        model.design.replications,
        Replications::Precision {
            of: Watched::ResultsEnd,
            most: 2_000,
            ..
        }
    ));
}

#[test]
fn every_number_is_listed_with_its_standing() {
    let model = model(COUNTY);
    let find = |key: &str| {
        model
            .assumptions
            .iter()
            .find(|assumption| assumption.key == key)
            .unwrap_or_else(|| panic!("{key} is not listed"))
    };
    let pace = find("lane.pace");
    assert_eq!(
        (pace.standing, pace.written.as_str(), pace.range.as_deref()),
        (Standing::Assumed, "60 people/h", Some("41..85"))
    );
    assert!(pace.source.as_ref().unwrap().starts_with("Xi'an"));
    assert_eq!(find("couriers.van.every").standing, Standing::Given);
    assert_eq!(find("couriers.van.per_stop").standing, Standing::Default);
    assert_eq!(find("lane.queue").standing, Standing::Default);
    assert!(
        model
            .assumptions
            .iter()
            .all(|assumption| assumption.key != "seed")
    );
    assert_eq!(find("cells.C2.site").written, "S1");
    assert!(
        model
            .assumptions
            .iter()
            .all(|assumption| !assumption.key.ends_with(".residents"))
    );
    assert!(
        model
            .assumptions
            .is_sorted_by(|one, other| one.key <= other.key)
    );
}

#[test]
fn the_scenario_as_read_reads_back_to_the_same_model() {
    for text in [MINIMAL, COUNTY] {
        let (first, problems) = read(text);
        let first = first.unwrap_or_else(|| panic!("{}", said(&problems)));
        let (again, problems) = read(&first.normalized);
        let again = again.unwrap_or_else(|| panic!("{}\n{}", said(&problems), first.normalized));
        assert_eq!(again.model.hash, first.model.hash);
        let bare = |model: &Model| Model {
            assumptions: Vec::new(),
            ..model.clone()
        };
        assert_eq!(bare(&again.model), bare(&first.model));
    }
}

#[test]
fn the_order_of_tables_and_keys_changes_nothing() {
    let blocks: Vec<&str> = COUNTY.split("\n\n").collect();
    let (head, rest) = blocks.split_first().unwrap();
    let turned = format!(
        "{head}\n\n{}",
        rest.iter().rev().copied().collect::<Vec<_>>().join("\n\n")
    );
    assert_eq!(model(&turned), model(COUNTY));
}

#[test]
fn the_hash_follows_quantities_and_nothing_else() {
    let hash = model(COUNTY).hash;
    assert_eq!(hash.len(), 16);
    for (old, new) in [
        ("西街", "东街"),
        ("nobody counted", "no count"),
        ("第一轮", "首轮"),
        ("120 min", "120 min"),
        ("\"2 h\"", "\"120 min\""),
        ("assumed = 2", "value = 2"),
    ] {
        assert_eq!(
            model(&COUNTY.replace(old, new)).hash,
            hash,
            "{old} to {new}"
        );
    }
    for (old, new) in [
        ("1300", "1301"),
        ("41..85", "41..84"),
        ("every = \"2 h\"", "every = \"3 h\""),
        ("\"C2\"", "\"C3\""),
        ("lon = 101.46\n", "lon = 101.45\n"),
        ("machines = 4", "machines = 5"),
    ] {
        assert!(COUNTY.contains(old));
        assert_ne!(
            model(&COUNTY.replace(old, new)).hash,
            hash,
            "{old} to {new}"
        );
    }
}

#[test]
fn a_series_becomes_rounds() {
    let model = model(&with(
        "opens = \"2022-05-09 07:00\"",
        "opens = \"2022-05-13 07:00\"\nevery = \"48 h\"\nfor = \"6 days\"\ndeadline = \"24 h\"",
    ));
    let opens: Vec<_> = model
        .rounds
        .values()
        .map(|round| {
            (
                round.name.id.as_str(),
                round.opens.since(crate::units::Time::ZERO).hours(),
            )
        })
        .collect();
    assert_eq!(opens, [("R1-1", 7.0), ("R1-2", 55.0), ("R1-3", 103.0)]);
}

#[test]
fn a_laboratory_can_be_written_stage_by_stage() {
    let stages = r#"
[[labs.stages]]
id = "extract"
machines = { count = 2, wells = 96, run = "40 min" }
[[labs.stages]]
id = "pcr"
machines = { count = { assumed = 4, range = [2, 6], source = "unknown" }, controls = 2, run = { gamma = { mean = "90 min", sd = "9 min" } }, start = { at_least = 47, after = "30 min" } }
hand_over = { lots = 24 }
[[labs.stages]]
id = "sign"
workers = { per_tube = "5 s" }
[[labs.stages]]
id = "out"
upload = "30 min"
"#;
    let model = model(&with("machines = 1\n", stages));
    let lab = model.labs.values().next().unwrap();
    assert_eq!((lab.stages.len(), lab.test), (4, 1));
    let Work::Machines {
        machines,
        capacity,
        run,
        start,
        ..
    } = &lab.stages[1].work
    else {
        panic!("machines")
    };
    assert_eq!(
        (
            machines.range.as_ref().map(|range| (range.low, range.high)),
            capacity.value
        ),
        (Some((2, 6)), 94)
    );
    assert!(matches!(run.shape, Shape::Gamma(cv) if (cv - 0.1).abs() < 1e-12));
    assert_eq!(
        (start.at_least, start.after),
        (AtLeast::Tubes(47), Some(Span::MINUTE * 30))
    );
    assert_eq!(lab.stages[1].hand_over, HandOver::Lots(24));
}

#[test]
fn a_lane_can_be_written_station_by_station() {
    let text = format!(
        "{MINIMAL}\n[expert.lane]\nstations = [\n{{ id = \"scan\", per = \"site\", servers = 2, service = {{ gamma = {{ mean = {{ assumed = \"10 s\", range = \"8..12\", source = \"x\" }}, cv = 0.6 }} }} }},\n{{ id = \"swab\", service = {{ triangular = {{ low = \"30 s\", mode = \"45 s\", high = \"60 s\" }} }} }} ]\n"
    );
    let model = model(&text);
    let stations = &model.sites.values().next().unwrap().stations;
    assert_eq!(
        stations
            .iter()
            .map(|station| (station.id.as_str(), station.scope, station.servers))
            .collect::<Vec<_>>(),
        [("scan", Scope::Site, 2), ("swab", Scope::Lane, 1)]
    );
    assert_eq!(
        model.unknowns.values().next().unwrap().key,
        "expert.lane.stations.scan.service.gamma.mean"
    );
    let Mean::Time(mean) = stations[0].service.mean else {
        panic!("a time")
    };
    assert_eq!(
        mean.range.map(|range| (range.low, range.high)),
        Some((Span::SECOND * 8, Span::SECOND * 12))
    );
    assert_eq!(stations[1].service.nominal(), Span::SECOND * 45);
}

#[test]
fn every_distribution_keeps_the_mean_it_was_given() {
    for (written, mean) in [
        ("\"45 s\"", 45.0),
        ("{ constant = \"45 s\" }", 45.0),
        ("{ exponential = { mean = \"45 s\" } }", 45.0),
        ("{ exponential = \"45 s\" }", 45.0),
        ("{ lognormal = { mean = \"45 s\", cv = 0.4 } }", 45.0),
        ("{ weibull = { mean = \"45 s\", shape = 2 } }", 45.0),
        ("{ uniform = { low = \"30 s\", high = \"60 s\" } }", 45.0),
        (
            "{ triangular = { low = \"30 s\", mode = \"30 s\", high = \"60 s\" } }",
            40.0,
        ),
        ("{ empirical = [\"10 s\", \"20 s\", \"60 s\"] }", 30.0),
    ] {
        let model = model(&format!(
            "{MINIMAL}\n[expert.lane]\nstations = [{{ id = \"swab\", service = {written} }}]\n"
        ));
        let service = &model.sites.values().next().unwrap().stations[0].service;
        assert_eq!(service.nominal(), Span::from_seconds(mean), "{written}");
        if let Shape::Empirical(multiples) = &service.shape {
            assert!((multiples.iter().sum::<f64>() - 3.0).abs() < 1e-12);
        }
    }
}

#[test]
fn a_site_says_only_what_differs() {
    let own = "lanes = 2\ncoming = { by = \"slots\" }\ntubes = { pool = { sealed = 2 }, close = { idle = \"5 min\" } }";
    let text = format!(
        "{}\n[tubes]\nper = \"site\"\nclose = {{ age = \"30 min\" }}\n",
        with("lanes = 2", own)
    );
    let model = model(&text);
    let site = model.sites.values().next().unwrap();
    assert!(matches!(site.coming, Coming::Slots { width, .. } if width == Span::MINUTE * 15));
    assert_eq!(
        site.tubes.pool.map(|pool| pool.most().value),
        [10, 10, 2, 1]
    );
    assert_eq!(
        (site.tubes.scope, site.tubes.max_age, site.tubes.max_idle),
        (Scope::Site, Some(Span::MINUTE * 30), Some(Span::MINUTE * 5))
    );
}

#[test]
fn a_laboratory_can_be_studied_alone() {
    let text = r#"
[[rounds]]
id = "R"
opens = "2022-05-09"
deadline = "1000 h"
[[labs]]
id = "lab"
machines = 1
[[feeds]]
id = "door"
rate = "20 tubes/h"
until = "900 h"
"#;
    let model = model(text);
    assert_eq!(
        (model.cells.len(), model.sites.len(), model.feeds.len()),
        (0, 0, 1)
    );
    assert_eq!(
        model.feeds.values().next().unwrap().window.length(),
        Span::HOUR * 900
    );
}

/// The code of a complaint, and what put in place of what in the minimal scenario brings it.
const FAULTS: &[(&str, &str, &str)] = &[
    ("S100", "lanes = 2", "lanse = 2"),
    ("S100", "[[couriers]]", "[tubez]\npool = 1\n[[couriers]]"),
    ("S102", "residents = 1200", ""),
    ("S102", "machines = 1", ""),
    ("S102", "opens = \"2022-05-09 07:00\"", ""),
    ("S103", "lanes = 2", "lanes = \"two\""),
    ("S103", "lanes = 2", "lanes = [2]"),
    ("S103", "lanes = 2", "lanes = true"),
    ("S103", "id = \"van\"", "id = \"van\"\nevery = { a = 1 }"),
    ("S104", "id = \"van\"", "id = \"van\"\nevery = 120"),
    ("S104", "id = \"van\"", "id = \"van\"\nevery = \"120\""),
    ("S104", "id = \"van\"", "id = \"van\"\nroad = \"20 people\""),
    ("S105", "lanes = 2", "lanes = 0"),
    ("S105", "lanes = 2", "lanes = -2"),
    ("S105", "lanes = 2", "lanes = 2.5"),
    ("S105", "lanes = 2", "lanes = 99999999"),
    ("S103", "lanes = 2", "lanes = nan"),
    ("S103", "lanes = 2", "lanes = inf"),
    (
        "S105",
        "residents = 1200",
        "residents = 9223372036854775807",
    ),
    ("S105", "id = \"van\"", "id = \"van\"\nevery = \"0 s\""),
    ("S105", "id = \"van\"", "id = \"van\"\nevery = \"99999 d\""),
    ("S106", "id = \"van\"", "id = \"van\"\nroute = \"lopp\""),
    ("S107", "opens = \"2022-05-09 07:00\"", "opens = \"9 May\""),
    (
        "S107",
        "opens = \"2022-05-09 07:00\"",
        "opens = \"2022-02-30\"",
    ),
    (
        "S107",
        "opens = \"2022-05-09 07:00\"",
        "opens = 2022-05-09T07:00:00Z",
    ),
    (
        "S107",
        "lanes = 2",
        "lanes = 2\nhours = { open = [\"07:00-07:00\"] }",
    ),
    (
        "S108",
        "lanes = 2",
        "lanes = 2\nhours = { open = [\"07:00-12:00\", \"11:00-13:00\"] }",
    ),
    (
        "S108",
        "lanes = 2",
        "lanes = 2\nhours = { open = [\"22:00-08:00\", \"07:00-12:00\"] }",
    ),
    ("S119", "lanes = 2", "lanes = 2\nhours = { open = [] }"),
    ("S109", "id = \"C1\"", "id = \"C 1/2\""),
    ("S109", "id = \"C1\"", "id = \"\""),
    (
        "S110",
        "[[sites]]",
        "[[cells]]\nid = \"C1\"\nresidents = 1\n[[sites]]",
    ),
    (
        "S111",
        "residents = 1200",
        "residents = 1200\nsite = \"S7\"",
    ),
    ("S111", "id = \"van\"", "id = \"van\"\nto = \"labb\""),
    (
        "S111",
        "id = \"van\"",
        "id = \"van\"\nsites = [\"S1\", \"S2\"]",
    ),
    (
        "S112",
        "lanes = 2",
        "lanes = 2\npace_cv = { assumed = 0.4, range = \"0.3..0.5\", source = \"x\" }",
    ),
    (
        "S113",
        "lanes = 2",
        "lanes = { assumed = 2, range = \"3..5\", source = \"x\" }",
    ),
    (
        "S113",
        "lanes = 2",
        "lanes = { assumed = 2, range = \"many\", source = \"x\" }",
    ),
    ("S114", "lanes = 2", "lanes = { assumed = 2 }"),
    (
        "S115",
        "id = \"van\"",
        "id = \"van\"\nroute = \"direct\"\nvehicles = 3",
    ),
    (
        "S115",
        "[[couriers]]",
        "[coming]\nwidth = \"15 min\"\n[[couriers]]",
    ),
    (
        "S116",
        "title_en = \"The smallest round\"",
        "title_en = \"a\\u001b[31mb\"",
    ),
    (
        "S117",
        "lanes = 2",
        "lanes = { assumed = 2, value = 3, source = \"x\" }",
    ),
    ("S117", "lanes = 2", "lanes = { range = \"1..3\" }"),
    (
        "S118",
        "id = \"van\"",
        "id = \"van\"\nroad = { lognorm = { mean = \"20 min\", cv = 0.4 } }",
    ),
    (
        "S118",
        "id = \"van\"",
        "id = \"van\"\nroad = { lognormal = { mean = \"20 min\" } }",
    ),
    (
        "S118",
        "id = \"van\"",
        "id = \"van\"\nroad = { lognormal = { mean = \"20 min\", cv = -1 } }",
    ),
    (
        "S118",
        "id = \"van\"",
        "id = \"van\"\nroad = { uniform = { low = \"20 min\", high = \"10 min\" } }",
    ),
    (
        "S118",
        "id = \"van\"",
        "id = \"van\"\nroad = { empirical = [] }",
    ),
    (
        "S200",
        "[[rounds]]\nid = \"R1\"\nopens = \"2022-05-09 07:00\"",
        "",
    ),
    ("S201", "[[cells]]\nid = \"C1\"\nresidents = 1200", ""),
    ("S202", "[[sites]]\nid = \"S1\"\nlanes = 2", ""),
    ("S203", "[[labs]]\nid = \"lab\"\nmachines = 1", ""),
    ("S204", "[[couriers]]\nid = \"van\"", ""),
    (
        "S205",
        "residents = 1200",
        "residents = 1200\nsite = \"S1\"\n[[sites]]\nid = \"S2\"\nlanes = 1",
    ),
    (
        "S206",
        "id = \"van\"",
        "id = \"van\"\nto = \"lab\"\n[[labs]]\nid = \"other\"\nmachines = 1",
    ),
    (
        "S208",
        "residents = 1200",
        "residents = 1999999999\ntransients = 1999999999",
    ),
    ("S209", "residents = 1200", "residents = 0"),
    ("S210", "residents = 1200", "residents = 1200\naway = 1201"),
    (
        "S211",
        "[[couriers]]",
        "[[sites]]\nid = \"S2\"\nlanes = 1\n[[couriers]]",
    ),
    ("S212", "lanes = 2", "lanes = 2\nlon = 101.0"),
    (
        "S103",
        "title_en = \"The smallest round\"",
        "title_en = \"The smallest round\"\nlevers = 3",
    ),
    (
        "S119",
        "title_en = \"The smallest round\"",
        "title_en = \"The smallest round\"\nlevers = []",
    ),
    (
        "S480",
        "title_en = \"The smallest round\"",
        "title_en = \"The smallest round\"\nlevers = [\"lane.pace\"]",
    ),
    (
        "S480",
        "title_en = \"The smallest round\"",
        "title_en = \"The smallest round\"\nlevers = [\"sites.S1.lanes=8..3\"]",
    ),
    (
        "S480",
        "title_en = \"The smallest round\"",
        "title_en = \"The smallest round\"\nlevers = [\"sites.S1.lanes=2\"]",
    ),
    (
        "S100",
        "title_en = \"The smallest round\"",
        "title_en = \"The smallest round\"\nlevers = [\"lane.pase=40..85\"]",
    ),
    (
        "S111",
        "title_en = \"The smallest round\"",
        "title_en = \"The smallest round\"\nlevers = [\"sites.S3.lanes=3..8\"]",
    ),
    (
        "S481",
        "title_en = \"The smallest round\"",
        "title_en = \"The smallest round\"\nlevers = [\"hours.open=1..2\"]",
    ),
    (
        "S481",
        "title_en = \"The smallest round\"",
        "title_en = \"The smallest round\"\nlevers = [\"sites=1..2\"]",
    ),
    (
        "S481",
        "title_en = \"The smallest round\"",
        "title_en = \"The smallest round\"\nlevers = [\"lane.pace.mean=1..2\"]",
    ),
    (
        "S481",
        "title_en = \"The smallest round\"",
        "title_en = \"The smallest round\"\nlevers = [\"seed=1..9\"]",
    ),
    (
        "S482",
        "title_en = \"The smallest round\"",
        "title_en = \"The smallest round\"\nlevers = [\"sites.S1.lanes=1..4\", \"sites.S1.lanes=1..8\"]",
    ),
    (
        "S480",
        "title_en = \"The smallest round\"",
        "title_en = \"The smallest round\"\nlevers = [\"sites.S1.lanes=1..900\"]",
    ),
    (
        "S484",
        "title_en = \"The smallest round\"",
        "title_en = \"The smallest round\"\nlevers = [\"sites.S1.pace=40..80\"]",
    ),
    (
        "S104",
        "title_en = \"The smallest round\"",
        "title_en = \"The smallest round\"\nlevers = [\"couriers.van.every=1 people..2 people\"]",
    ),
    (
        "S105",
        "title_en = \"The smallest round\"",
        "title_en = \"The smallest round\"\nlevers = [\"sites.S1.lanes=0..4\"]",
    ),
    (
        "S475",
        "residents = 1200",
        "residents = 1200\nboundary = \"1 1, 2 2\"",
    ),
    ("S105", "lanes = 2", "lanes = 2\nlon = 101.0\nlat = 135.0"),
    (
        "S213",
        "lanes = 2",
        "lanes = 2\nstations = [{ id = \"a\", per = \"site\", service = \"10 s\" }]",
    ),
    (
        "S213",
        "lanes = 2",
        "lanes = 2\nstations = [{ id = \"a\", service = \"10 s\" }, { id = \"b\", per = \"site\", service = \"10 s\" }]",
    ),
    (
        "S214",
        "lanes = 2",
        "lanes = 2\ncoming = { by = \"two-peaks\", morning = \"20:00\" }",
    ),
    (
        "S222",
        "id = \"van\"",
        "id = \"van\"\nsites = [\"S2\"]\n[[sites]]\nid = \"S2\"\nlanes = 1",
    ),
    (
        "S223",
        "id = \"van\"",
        "id = \"van\"\nsites = [\"S1\"]\n[[couriers]]\nid = \"v2\"\nsites = [\"S1\"]",
    ),
    (
        "S224",
        "id = \"van\"",
        "id = \"van\"\n[[couriers]]\nid = \"v2\"",
    ),
    (
        "S225",
        "id = \"van\"",
        "id = \"van\"\n[[couriers]]\nid = \"v2\"\nsites = [\"S1\"]",
    ),
    (
        "S226",
        "[[labs]]",
        "[[labs]]\nid = \"other\"\nmachines = 1\n[[labs]]",
    ),
    (
        "S227",
        "[[labs]]",
        "[[feeds]]\nid = \"f\"\nrate = \"3 tubes/h\"\nuntil = \"0 h\"\n[[labs]]",
    ),
    (
        "S260",
        "id = \"van\"",
        "id = \"van\"\nroute = \"direct\"\ncall = { tubes = 9 }",
    ),
    (
        "S261",
        "[[labs]]",
        "[[stocks]]\nid = \"k\"\nuse = { per_person = 1 }\n[[labs]]",
    ),
    (
        "S261",
        "[[labs]]",
        "[[stocks]]\nid = \"k\"\non_hand = 1\non_hand_rounds = 1\nuse = { per_person = 1 }\n[[labs]]",
    ),
    (
        "S262",
        "[[labs]]",
        "[[stocks]]\nid = \"k\"\non_hand = 1\nuse = { per_person = 0 }\n[[labs]]",
    ),
    (
        "S300",
        "[[labs]]",
        "[[staff]]\nid = \"a\"\npeople = 9\nroles = [\"scanner\", \"swabber\", \"guide\"]\nfrom = \"2022-05-09 12:00\"\nuntil = \"2022-05-09 11:00\"\n[[labs]]",
    ),
    (
        "S301",
        "[[labs]]",
        "[[staff]]\nid = \"a\"\npeople = 9\nroles = [\"scanner\", \"swabber\", \"guide\"]\nroad = \"1 h\"\n[[labs]]",
    ),
    (
        "S302",
        "[[labs]]",
        "[lane]\nby_hour = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n[[labs]]",
    ),
    (
        "S303",
        "[[labs]]",
        "[lane]\nshifts = [\"07:00-07:20\", \"07:20-19:00\"]\nsuits = { limit = \"4 h\" }\n[[labs]]",
    ),
    (
        "S304",
        "[[labs]]",
        "[lane]\nshifts = [\"07:00-12:00\", \"14:00-19:00\"]\n[[labs]]",
    ),
    (
        "S305",
        "[[labs]]",
        "[lane]\nbreaks = { after = \"15 min\", length = \"30 min\" }\n[[labs]]",
    ),
    (
        "S306",
        "[[labs]]",
        "[[staff]]\nid = \"a\"\npeople = 9\nroles = [\"scanner\", \"guide\"]\n[[labs]]",
    ),
    (
        "S307",
        "opens = \"2022-05-09 07:00\"",
        "opens = \"2022-05-09 07:00\"\ncloses = \"70 days\"\n[lane]\nbreaks = { after = \"2 h\" }",
    ),
    (
        "S363",
        "[[labs]]",
        "[[staff]]\nid = \"a\"\npeople = 9\nroles = [\"scanner\", \"swabber\"]\n[[incidents]]\nid = \"i\"\nkind = \"staff\"\nsites = [\"S1\"]\nat = \"1 h\"\nfor = \"1 h\"\nabsent = \"9 %\"\n[[labs]]",
    ),
    (
        "S364",
        "[[labs]]",
        "[[incidents]]\nid = \"i\"\nkind = \"machine\"\nstage = \"receive\"\nat = \"1 h\"\nfor = \"1 h\"\n[[labs]]",
    ),
    (
        "S365",
        "[[labs]]",
        "[[incidents]]\nid = \"i\"\nkind = \"machine\"\nmachines = 99\nat = \"1 h\"\nfor = \"1 h\"\n[[labs]]",
    ),
    (
        "S366",
        "[[labs]]",
        "[infection]\nprevalence = \"1 %\"\nby_day = [{ day = 3, detected = \"9 %\" }, { day = 3, detected = \"8 %\" }]\n[[labs]]",
    ),
    (
        "S367",
        "[[labs]]",
        "[infection]\nprevalence = \"1 %\"\nby_day = [{ day = 3, detected = \"9 %\" }]\n[[labs]]\nverdict = { sensitivity = \"80 %\" }",
    ),
    (
        "S368",
        "machines = ",
        "ready = \"2022-05-09 09:00\"\nordered = \"2022-05-09 05:00\"\nmachines = ",
    ),
    ("S369", "machines = ", "transport = \"4 h\"\nmachines = "),
    (
        "S420",
        "[[labs]]",
        "[[incidents]]\nid = \"i\"\nkind = \"site\"\nat = \"2023-05-09 07:00\"\nfor = \"1 h\"\n[[labs]]",
    ),
    (
        "S421",
        "[[labs]]",
        "[[incidents]]\nid = \"i\"\nkind = \"people\"\nat = \"2023-05-09 07:00\"\nfor = \"1 h\"\nmore = \"9 %\"\n[[labs]]",
    ),
    (
        "S422",
        "[[labs]]",
        "[[rounds]]\nid = \"R9\"\nopens = \"2032-05-01 07:00\"\n[stress]\nsite.every = \"1 h\"\nroad.every = \"1 h\"\nstorm.every = \"1 h\"\nupload.every = \"1 h\"\n[[labs]]",
    ),
    (
        "S423",
        "[[labs]]",
        "[disinfection]\npeople = 2\nteams = 3\nfrom = \"1 h\"\n[[labs]]",
    ),
    (
        "S424",
        "[[labs]]",
        "[disinfection]\npeople = 2\nfrom = \"1 h\"\nevery = \"100 h\"\nrounds = 1_000_000\n[[labs]]",
    ),
    (
        "S425",
        "[[labs]]",
        "[disinfection]\npeople = 2\nfrom = \"1 h\"\nevery = \"30 min\"\nrounds = 3\n[[labs]]",
    ),
    (
        "S380",
        "[[labs]]",
        "[roads]\nspeed = \"40 km/h\"\ntimes = [{ from = \"S1\", to = \"lab\", takes = \"9 min\" }, { from = \"S1\", to = \"S9\", takes = \"9 min\" }]\n[[labs]]",
    ),
    (
        "S381",
        "id = \"van\"",
        "id = \"van\"\nto = \"lab\"\n[roads]\ntimes = [{ from = \"S1\", to = \"lab\", takes = \"9 min\" }]\n[[labs]]\nid = \"S1\"\nmachines = 1",
    ),
    ("S382", "[[labs]]", "[roads]\n[[labs]]"),
    (
        "S382",
        "[[labs]]",
        "[roads]\ntimes = [{ from = \"S1\", to = \"lab\" }]\n[[labs]]",
    ),
    (
        "S382",
        "[[labs]]",
        "[roads]\nspeed = \"40 km/h\"\n[[labs]]\nlon = 101.0\nlat = 35.0",
    ),
    (
        "S383",
        "[[labs]]",
        "[roads]\ntimes = [{ from = \"S1\", to = \"lab\", takes = \"9 min\" }, { from = \"S1\", to = \"lab\", takes = \"8 min\" }]\n[[labs]]",
    ),
    (
        "S384",
        "lanes = 2\n\n[[couriers]]\nid = \"van\"\n\n[[labs]]",
        "lanes = 2\nlon = 101.0\nlat = 35.0\n[roads]\nspeed = \"0.1 km/h\"\n[[couriers]]\nid = \"van\"\n[[labs]]\nlon = 1.0\nlat = 5.0",
    ),
    (
        "S385",
        "[[couriers]]",
        "[roads]\nspeed = \"40 km/h\"\n[[couriers]]\nleg = \"9 min\"\nroad = \"9 min\"",
    ),
    ("S390", "machines = 1", "machines = 1\nrent = 100"),
    ("S391", "[[labs]]", "[cost]\nbudget = 100\n[[labs]]"),
    (
        "S392",
        "[[labs]]",
        "[[stocks]]\nid = \"k\"\non_hand = 1\nuse = { per_tube = 1 }\nwhen_out = \"stop\"\n[[labs]]",
    ),
    (
        "S392",
        "[[labs]]",
        "[[stocks]]\nid = \"k\"\non_hand_rounds = 1\nuse = { per_person = 1 }\nwhen_out = \"stop\"\n[[labs]]",
    ),
    (
        "S393",
        "[[labs]]",
        "[[stocks]]\nid = \"k\"\non_hand = 1\nuse = { per_reaction = 1 }\nallotted = true\n[[labs]]",
    ),
    (
        "S394",
        "[[labs]]",
        "[[stocks]]\nid = \"k\"\non_hand = 1\nuse = { per_room_day = 1 }\n[[labs]]",
    ),
    ("S400", "[[labs]]", "[review]\nrules = []\n[[labs]]"),
    (
        "S401",
        "[[labs]]",
        "[review]\n[[review.rules]]\nid = \"a\"\nwhen = \"late\"\nlab = \"lab\"\n[[labs]]",
    ),
    (
        "S402",
        "[[labs]]",
        "[review]\n[[review.rules]]\nid = \"a\"\nwhen = \"clear\"\nfrom = \"controlled\"\ntier = \"sealed\"\n[[labs]]",
    ),
    (
        "S403",
        "[[labs]]",
        "[review]\n[[review.rules]]\nid = \"a\"\nwhen = \"positive\"\ntier = \"sealed\"\n[[labs]]",
    ),
    (
        "S404",
        "[[labs]]",
        "[review]\n[[review.rules]]\nid = \"a\"\nwhen = \"positive\"\ntier = \"sealed\"\nnearby = \"controlled\"\nwithin_km = 0.5\n[[labs]]",
    ),
    (
        "S405",
        "[[labs]]",
        "[review]\n[[review.rules]]\nid = \"a\"\nwhen = \"outstanding\"\nover = 5\n[[labs]]",
    ),
    (
        "S405",
        "[[labs]]",
        "[review]\n[[review.rules]]\nid = \"a\"\nwhen = \"outstanding\"\nover = 5\nlanes = 1\nlanes_from = \"S1\"\n[[labs]]",
    ),
    (
        "S406",
        "id = \"R1\"",
        "id = \"R1\"\ngo = { positives = \"settled\" }",
    ),
    (
        "S407",
        "id = \"R1\"",
        "id = \"R1\"\ngo = { wait = \"1 h\" }",
    ),
    (
        "S408",
        "[[labs]]",
        "[[rounds]]\nid = \"Z\"\nopens = \"2030-01-01 07:00\"\n[review]\n[[review.rules]]\nid = \"a\"\nwhen = \"outstanding\"\nover = 5\nlab = \"lab\"\n[[labs]]",
    ),
    (
        "S409",
        "id = \"R1\"",
        "id = \"R1\"\ncadence = { sealed = \"24 h\" }\nevery = \"24 h\"\nfor = \"3 days\"",
    ),
    (
        "S412",
        "id = \"van\"",
        "id = \"van\"\nto = \"lab\"\ncapacity = 20\n[roads]\ntimes = [{ from = \"S1\", to = \"lab\", takes = \"9 min\" }, { from = \"S1\", to = \"reserve\", takes = \"9 min\" }]\n[review]\n[[review.rules]]\nid = \"a\"\nwhen = \"outstanding\"\nover = 5\nlab = \"reserve\"\n[[labs]]\nid = \"reserve\"\nmachines = 1",
    ),
    (
        "S410",
        "id = \"R1\"",
        "id = \"R1\"\ncadence = { sealed = \"24 h\" }",
    ),
    (
        "S411",
        "residents = 1200",
        "residents = 1200\nrounds = [\"R9\"]",
    ),
    (
        "S440",
        "machines = 1",
        "machines = 1\noverflow = { to = \"lab\", over = 9, takes = \"1 h\" }",
    ),
    (
        "S440",
        "machines = 1",
        "machines = 1\noverflow = { to = \"b\", over = 9, takes = \"1 h\" }\n[[labs]]\nid = \"b\"\nmachines = 1\noverflow = { to = \"lab\", over = 9, takes = \"1 h\" }",
    ),
    (
        "S441",
        "machines = 1",
        "machines = 1\noverflow = { to = \"b\", over = 9 }\n[[labs]]\nid = \"b\"\nmachines = 1",
    ),
    (
        "S442",
        "machines = 1",
        "machines = 1\noverflow = { to = \"b\", over = 9, takes = \"1 h\" }\n[[labs]]\nid = \"b\"\nmachines = 1\nverdict = { }",
    ),
    (
        "S443",
        "id = \"van\"",
        "id = \"van\"\nto = \"lab\"\n[[labs]]\nid = \"b\"\nmachines = 1\noverflow = { to = \"lab\", over = 9, takes = \"1 h\" }",
    ),
    (
        "S444",
        "lanes = 2",
        "lanes = 2\nstations = [{ id = \"a\", service = \"9 s\", room = 2 }, { id = \"b\", service = \"9 s\" }]",
    ),
    (
        "S445",
        "lanes = 2",
        "lanes = 2\nstations = [{ id = \"a\", service = \"9 s\", walk = \"1 min\" }, { id = \"b\", service = \"9 s\", room = 2 }]",
    ),
    (
        "S446",
        "residents = 1200",
        "residents = 1200\npriority = \"5 %\"\n[expert.lane]\nstations = [{ id = \"a\", service = \"9 s\" }, { id = \"b\", service = \"9 s\", room = 2 }]",
    ),
    (
        "S446",
        "id = \"van\"",
        "id = \"van\"\n[lane]\nshifts = [\"08:00-20:00\"]\n[expert.lane]\nstations = [{ id = \"a\", service = \"9 s\" }, { id = \"b\", service = \"9 s\", room = 2 }]",
    ),
    ("S228", "[[labs]]", "[[feeds]]\nid = \"f\"\n[[labs]]"),
    ("S230", "machines = 1", "machines = 1\nbench_time = \"2 h\""),
    ("S231", "machines = 1", "stages = [{ id = \"a\" }]"),
    (
        "S231",
        "machines = 1",
        "stages = [{ id = \"a\", delay = \"1 h\", upload = \"1 h\" }]",
    ),
    (
        "S232",
        "machines = 1",
        "machines = 1\nplate = { wells = 2 }",
    ),
    (
        "S233",
        "machines = 1",
        "machines = 1\nstart = { at_least = 95 }",
    ),
    (
        "S234",
        "machines = 1",
        "machines = 1\ncrews = [{ hours = \"08:00-20:00\", technicians = 0 }]",
    ),
    ("S234", "machines = 1", "machines = 1\ncrews = []"),
    (
        "S240",
        "id = \"R1\"",
        "id = \"R1\"\ndeadline = \"2022-05-09 06:00\"",
    ),
    (
        "S241",
        "id = \"R1\"",
        "id = \"R1\"\ncloses = \"2022-05-09 06:00\"",
    ),
    (
        "S242",
        "id = \"R1\"",
        "id = \"R1\"\nordered = \"2022-05-19 06:00\"",
    ),
    ("S243", "id = \"R1\"", "id = \"R1\"\nevery = \"48 h\""),
    (
        "S243",
        "id = \"R1\"",
        "id = \"R1\"\nevery = \"1 min\"\nfor = \"100 d\"",
    ),
    (
        "S244",
        "id = \"R1\"",
        "id = \"R2\"\nopens = \"2022-05-09 08:00\"\n[[rounds]]\nid = \"R1\"\ncloses = \"6 h\"",
    ),
    (
        "S245",
        "id = \"R1\"",
        "id = \"R2\"\nopens = \"2022-05-09 18:00\"\n[[rounds]]\nid = \"R1\"",
    ),
    (
        "S246",
        "id = \"R1\"",
        "id = \"R1\"\nswabbed = 5\nturnout = \"90 %\"",
    ),
    ("S247", "id = \"R1\"", "id = \"R1\"\nswabbed = 1201"),
    (
        "S248",
        "id = \"R1\"",
        "id = \"R1\"\nordered = \"2022-05-09 06:30\"\ncloses = \"1 h\"",
    ),
    ("S320", "lanes = 2", "lanes = 2\nwaiting = {}"),
    (
        "S324",
        "lanes = 2",
        "lanes = 2\n[waiting]\nspace = 50\nput_off = { from = 50, share = \"30 %\" }",
    ),
    (
        "S321",
        "lanes = 2",
        "lanes = 2\n[lane.paper]\nshare = \"3 %\"\nat = \"nowhere\"",
    ),
    (
        "S322",
        "opens = \"2022-05-09 07:00\"",
        "opens = \"2022-05-09 07:00\"\nswabbed = 100\n[coming]\nby = \"slots\"\nno_show = \"5 %\"",
    ),
    ("S323", "lanes = 2", "lanes = 2\n[coming]\nwalk = true"),
    (
        "S340",
        "lanes = 2",
        "lanes = 2\n[[visits]]\nid = \"S1\"\nteams = 1",
    ),
    (
        "S341",
        "residents = 1200",
        "residents = 1200\ntier = \"sealed\"\n[[visits]]\nid = \"A\"\nteams = 1\n[[visits]]\nid = \"B\"\nteams = 1",
    ),
    ("S342", "residents = 1200", "residents = 1200\nvisits = 12"),
    (
        "S343",
        "lanes = 2",
        "lanes = 2\n[[visits]]\nid = \"doors\"\nteams = 1",
    ),
    (
        "S344",
        "residents = 1200",
        "residents = 1200\nvisits = 1201\n[[visits]]\nid = \"doors\"\nteams = 1\nwho = \"needing\"",
    ),
    (
        "S345",
        "lanes = 2",
        "lanes = 2\ntubes = { pool = \"household\" }",
    ),
    (
        "S345",
        "residents = 1200",
        "residents = 1200\n[[visits]]\nid = \"round\"\nby = \"stop\"\ncells = [\"C1\"]\nteams = 1\ntubes = { pool = \"household\" }",
    ),
    (
        "S346",
        "residents = 1200",
        "residents = 1200\nsite = \"doors\"\n[[visits]]\nid = \"doors\"\nteams = 1\nwho = \"needing\"",
    ),
    (
        "S348",
        "residents = 1200",
        "residents = 1200\nvisits = 3\n[[visits]]\nid = \"teams\"\nwho = \"needing\"\n[coming]\nby = \"poisson\"\nrate = \"9 people/h\"",
    ),
    (
        "S347",
        "lanes = 2",
        "lanes = 2\n[catch_up]\nshare = \"50 %\"\nvisits = \"S1\"",
    ),
    (
        "S106",
        "lanes = 2",
        "lanes = 2\n[[visits]]\nid = \"doors\"\nteams = 1\nby = \"house\"",
    ),
    ("S102", "lanes = 2", "lanes = 2\n[[visits]]\nid = \"doors\""),
    (
        "S111",
        "lanes = 2",
        "lanes = 2\n[[visits]]\nid = \"doors\"\nteams = 1\ncells = [\"C9\"]",
    ),
    ("S105", "lanes = 2", "lanes = 2\ntubes = { pool = 0 }"),
    (
        "S103",
        "lanes = 2",
        "lanes = 2\ntubes = { pool = \"hausehold\" }",
    ),
    (
        "S112",
        "lanes = 2",
        "lanes = 2\ntubes = { pool = { value = \"household\", range = \"2..4\", source = \"x\" } }",
    ),
    (
        "S249",
        "opens = \"2022-05-09 07:00\"",
        "opens = \"2022-05-09 07:00\"\ncloses = \"3 h\"\n[hours]\nopen = [\"13:00-19:00\"]",
    ),
];

#[test]
fn every_fault_has_its_answer() {
    for (code, old, new) in FAULTS {
        let text = with(old, new);
        let found = codes(&text);
        assert!(
            found.contains(code),
            "{code} for {new:?}, but {found:?}\n{}",
            said(&read(&text).1)
        );
        assert!(
            found.len() <= 2,
            "{new:?}: one fault should not be complained about {} times\n{}",
            found.len(),
            said(&read(&text).1)
        );
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let text = with("lanes = 2", "lanes = 0\nlanse = 3")
        .replace("residents = 1200", "residents = -5\naway = \"x\"")
        .replace("2022-05-09 07:00", "soon");
    let mut found = codes(&text);
    found.sort_unstable();
    assert_eq!(found, ["S100", "S103", "S105", "S105", "S107"]);
}

#[test]
fn a_complaint_helps() {
    let told = |old: &str, new: &str| {
        let problems = read(&with(old, new)).1;
        let problem = &problems.list[0];
        format!("{} -> {}", problem.what.en, problem.help.en)
    };
    assert_eq!(
        told("lanes = 2", "lanes = 2\nlaens = 3"),
        "there is no key `laens` in [sites.S1] -> did you mean `lanes`?"
    );
    assert_eq!(
        told("id = \"van\"", "id = \"van\"\nevery = 120"),
        "`every` needs a length of time with its unit: \"120\" has no unit -> add the unit, such as \"120 min\" or \"120 h\""
    );
    assert_eq!(
        told("residents = 1200", "residents = 1200\nsite = \"S11\""),
        "there is no site \"S11\" -> did you mean `S1`?"
    );
}

#[test]
fn a_crew_nobody_wrote_down_is_listed_as_a_default() {
    let model = model(MINIMAL);
    let crew = model
        .assumptions
        .iter()
        .find(|one| one.key == "labs.lab.crews[1].technicians");
    assert_eq!(crew.unwrap().standing, Standing::Default);
}

#[test]
fn warnings_do_not_stop_anyone() {
    let (meaning, problems) = read(&with("lanes = 2", "lanes = { assumed = 2 }"));
    assert!(meaning.is_some());
    assert_eq!(
        problems
            .list
            .iter()
            .map(|problem| problem.severity)
            .collect::<Vec<_>>(),
        [Severity::Warning]
    );
}

#[test]
fn every_default_is_sound_and_every_key_reads_its_own_example() {
    let _ = walk::Defaults::new();
    assert!(KEYS.iter().filter(|key| key.default.is_some()).count() > 50);
    for key in KEYS {
        if let Some(example) = key.example.or(key.default) {
            assert!(
                toml::from_str::<toml::Table>(&format!("x = {example}")).is_ok(),
                "{}",
                key.path
            );
        }
    }
}

#[test]
fn every_code_is_explained_and_tested() {
    let explained = include_str!("mod.rs");
    for (code, ..) in FAULTS {
        assert!(
            explained.contains(&format!("| {code} |")),
            "{code} is not explained"
        );
    }
    for line in explained
        .lines()
        .filter_map(|line| line.strip_prefix("//! | S"))
    {
        let code = format!("S{}", &line[..3]);
        let tested = FAULTS.iter().any(|(tested, ..)| *tested == code);
        let apart = ["S207", "S483"].contains(&code.as_str());
        assert!(tested || apart, "{code} has no test");
    }
}

#[test]
fn a_cell_without_a_site_says_where_it_goes() {
    let problems = read(COUNTY).1;
    assert_eq!(
        problems
            .list
            .iter()
            .map(|problem| problem.code)
            .collect::<Vec<_>>(),
        ["S207"]
    );
}

/// Puts a value in place of the one at a position of the tree, counted as it is gone through.
fn replace(node: &mut Node, position: &mut usize, value: &Value) {
    if *position == 0 {
        node.value = value.clone();
    }
    *position = position.wrapping_sub(1);
    match &mut node.value {
        Value::List(list) => list
            .iter_mut()
            .for_each(|node| replace(node, position, value)),
        Value::Table(entries) => entries
            .iter_mut()
            .for_each(|entry| replace(&mut entry.node, position, value)),
        Value::Text(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => {}
    }
}

fn odd_value() -> impl proptest::strategy::Strategy<Value = Value> {
    use proptest::prelude::*;
    let texts = [
        "",
        "0 s",
        "10 years",
        "3653 d",
        "2200-12-31 23:59",
        "1900-01-01",
        "00:00-24:00",
        "23:59-23:58",
        "0.0001 people/h",
        "100 %",
        "0 %",
        "1..2",
        "S1",
        "C1",
        "van",
        "R1",
        "full",
        "direct",
        "slots",
        "by-hour",
        "two-peaks",
        "100亿",
    ];
    let words: Vec<&str> = KEYS.iter().map(Key::name).collect();
    prop_oneof![
        proptest::sample::select(texts.to_vec()).prop_map(|text| Value::Text(text.to_owned())),
        any::<String>().prop_map(Value::Text),
        any::<i64>().prop_map(Value::Integer),
        (0..100_i64).prop_map(Value::Integer),
        any::<f64>().prop_map(Value::Float),
        any::<bool>().prop_map(Value::Boolean),
        Just(Value::List(Vec::new())),
        Just(Value::Table(Vec::new())),
        (proptest::sample::select(words), 0..5_i64).prop_map(|(key, number)| {
            let node = walk::plain_node(toml::Value::Integer(number));
            let place = node.place;
            Value::Table(vec![crate::scenario::tree::Entry {
                key: key.to_owned(),
                key_place: place,
                node,
            }])
        }),
    ]
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_value_in_any_place_makes_the_reader_panic(changes in proptest::collection::vec((0..90_usize, odd_value()), 1..4)) {
        let mut root = tree(COUNTY);
        for (mut position, value) in changes {
            replace(&mut root, &mut position, &value);
        }
        let mut problems = Problems::default();
        if let Some(meaning) = interpret(&root, "test", &mut problems) {
            let again = read(&meaning.normalized).0.map(|meaning| meaning.model.hash);
            proptest::prop_assert_eq!(again, Some(meaning.model.hash), "{}", meaning.normalized);
        } else {
            proptest::prop_assert!(problems.has_errors());
        }
    }
}

#[test]
fn a_lever_is_a_key_with_its_values_in_order_and_the_range_moves_with_them() {
    let text = with(
        "title_en = \"The smallest round\"",
        "levers = [\"lane.pace=40..80:20\", \"sites.S1.lanes=3,2,5\", \"couriers.van.every=1 h..2 h:30 min\"]\nlane = { pace = { assumed = \"50 people/h\", range = \"40..60\", source = \"x\" } }",
    );
    let (meaning, problems) = read(&text);
    let levers = meaning
        .unwrap_or_else(|| panic!("{}", said(&problems)))
        .levers;
    let shown = |lever: &crate::scenario::lever::Lever| {
        let steps = lever.steps.iter();
        let steps: Vec<String> = steps.map(|step| step.said.en.clone()).collect();
        (lever.path.join("."), steps.join(" | "), lever.at)
    };
    assert_eq!(
        levers.iter().map(shown).collect::<Vec<_>>(),
        [
            (
                "lane.pace".to_owned(),
                "40 people/h | 50 people/h | 60 people/h | 80 people/h".to_owned(),
                1
            ),
            ("sites.S1.lanes".to_owned(), "2 | 3 | 5".to_owned(), 0),
            (
                "couriers.van.every".to_owned(),
                "1 h | 1 h 30 min | 2 h".to_owned(),
                2
            ),
        ]
    );
    let faster = levers[0].steps[3].value.to_string();
    assert!(
        faster.contains("assumed = \"80 people/h\"")
            && faster.contains("range = \"64 people/h..96 people/h\""),
        "{faster}"
    );
    assert_eq!(levers[1].steps[2].value, toml::Value::Integer(5));
    assert_eq!(levers[0].called.en, "How fast one lane swabs");
}

#[test]
fn levers_change_nothing_that_a_scenario_means() {
    let named = with(
        "title_en = \"The smallest round\"",
        "title_en = \"The smallest round\"\nlevers = [\"sites.S1.lanes=1..4\"]",
    );
    assert_eq!(model(&named), model(MINIMAL));
    let text = |text: &str| read(text).0.unwrap().normalized;
    assert!(text(&named).contains("levers = [\"sites.S1.lanes=1..4\"]"));
    assert_eq!(
        crate::scenario::difference::differences(&text(&named), &text(MINIMAL)),
        []
    );
}

#[test]
fn of_too_many_levers_the_first_too_many_is_shown() {
    let levers: Vec<String> = (0..30)
        .map(|cell| format!("\"cells.D{cell}.residents=1..9\""))
        .collect();
    let cells: Vec<String> = (0..30)
        .map(|cell| format!("[[cells]]\nid = \"D{cell}\"\nresidents = 2\n"))
        .collect();
    let text = format!(
        "levers = [{}]\n{MINIMAL}\n{}",
        levers.join(", "),
        cells.concat()
    );
    assert_eq!(codes(&text), ["S483"]);
}

#[test]
fn of_a_list_each_entry_that_is_wrong_is_told() {
    let with = |line: &str| format!("{line}\n{MINIMAL}");
    let levers = with("levers = [3, \"nowhere=1..2\", true, \"sites.S9.lanes=1..2\"]");
    assert_eq!(codes(&levers), ["S103", "S103", "S100", "S111"]);
}
