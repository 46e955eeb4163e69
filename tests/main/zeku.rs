//! Zeku's rounds: the workbook is what it is said to be, the bulletin's facts are in it, and nothing that should not matter does.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{DataValidation, DocProperties, ExcelDateTime, Format, Workbook, Worksheet};

use swabplan::experiment::results::Results;
use swabplan::experiment::{Nobody, run};
use swabplan::id::{Id, RoundId};
use swabplan::model::{Model, Name, Replications, Tier, Turnout};
use swabplan::report::summary::summary;
use swabplan::scenario::document::Options;
use swabplan::scenario::read;

/// The scenario's own layouts, and none of them.
const LAYOUTS: [Option<&str>; 3] = [None, Some("prefecture"), Some("mobile")];

/// By site, its five cells: people registered, of them away, and people staying there who are not registered.
const PEOPLE: [[(u32, u32, u32); 5]; 9] = [
    [
        (393, 15, 9),
        (378, 14, 9),
        (341, 13, 8),
        (458, 18, 11),
        (321, 12, 7),
    ],
    [
        (266, 10, 6),
        (309, 12, 7),
        (221, 8, 5),
        (272, 10, 6),
        (278, 10, 6),
    ],
    [
        (217, 8, 5),
        (254, 10, 6),
        (288, 11, 7),
        (261, 10, 6),
        (290, 11, 7),
    ],
    [
        (230, 9, 5),
        (239, 9, 5),
        (224, 8, 5),
        (267, 10, 6),
        (312, 12, 7),
    ],
    [
        (413, 16, 10),
        (442, 17, 10),
        (379, 14, 9),
        (438, 17, 10),
        (335, 13, 8),
    ],
    [
        (243, 9, 5),
        (284, 11, 6),
        (289, 11, 7),
        (257, 10, 6),
        (221, 8, 5),
    ],
    [
        (241, 9, 5),
        (235, 9, 5),
        (242, 9, 5),
        (298, 11, 7),
        (234, 9, 5),
    ],
    [
        (307, 12, 7),
        (306, 12, 7),
        (218, 8, 5),
        (252, 9, 6),
        (264, 10, 6),
    ],
    [
        (214, 8, 5),
        (257, 10, 6),
        (309, 12, 7),
        (224, 8, 5),
        (275, 10, 6),
    ],
];

/// Lanes of each site: 20 in all.
const LANES: [u32; 9] = [3, 2, 2, 2, 3, 2, 2, 2, 2];

/// Numbers of the sealed cell and of the twelve controlled ones.
const SEALED: usize = 8;
const CONTROLLED: [usize; 12] = [2, 3, 9, 13, 14, 18, 23, 24, 29, 34, 39, 42];

/// A value of a sheet.
#[derive(Clone)]
enum Value {
    Text(String),
    Number(f64),
}

/// A sheet: headers and rows.
struct Sheet {
    name: &'static str,
    headers: Vec<&'static str>,
    rows: Vec<Vec<Value>>,
}

fn text(value: impl Into<String>) -> Value {
    Value::Text(value.into())
}

fn count(value: u32) -> Value {
    Value::Number(f64::from(value))
}

/// An invented place: degrees to four digits.
fn degrees(value: f64) -> Value {
    Value::Number((value * 1e4).round() / 1e4)
}

/// Where an invented site is: on a lattice.
fn place(site: usize) -> (f64, f64) {
    let (column, row) = ((site % 3) as f64, site.div_euclid(3) as f64);
    (101.458 + 0.012 * column, 35.031 + 0.009 * row)
}

fn sites() -> Sheet {
    let row = |site: usize| {
        let (lon, lat) = place(site);
        let number = site + 1;
        let (name, name_en) = (format!("采样点{number}"), format!("Site {number}"));
        vec![
            text(format!("S{number}")),
            text(name),
            text(name_en),
            count(LANES[site]),
            degrees(lon),
            degrees(lat),
        ]
    };
    Sheet {
        name: "sites",
        headers: vec!["编号", "名称", "英文名称", "采样台", "经度", "纬度"],
        rows: (0..LANES.len()).map(row).collect(),
    }
}

fn cells() -> Sheet {
    let row = |(index, (residents, away, transients)): (usize, (u32, u32, u32))| {
        let (site, number) = (index.div_euclid(5), index + 1);
        // Five cells lie around their site.
        let (lon, lat) = place(site);
        let turn = std::f64::consts::TAU * (index % 5) as f64 / 5.0;
        let tier = match number {
            SEALED => "封控",
            number if CONTROLLED.contains(&number) => "管控",
            _ => "防范",
        };
        vec![
            text(format!("C{number:02}")),
            text(format!("网格{number:02}")),
            text(format!("Cell {number:02}")),
            count(residents),
            count(away),
            count(transients),
            text(tier),
            text(format!("S{}", site + 1)),
            degrees(lon + 0.004 * turn.cos()),
            degrees(lat + 0.003 * turn.sin()),
        ]
    };
    Sheet {
        name: "cells",
        headers: vec![
            "编号",
            "名称",
            "英文名称",
            "常住",
            "在外",
            "流动",
            "类别",
            "采样点",
            "经度",
            "纬度",
        ],
        rows: PEOPLE.into_iter().flatten().enumerate().map(row).collect(),
    }
}

fn write(sheet: &mut Worksheet, content: &Sheet) {
    let head = Format::new().set_bold();
    sheet.set_name(content.name).unwrap();
    sheet.set_freeze_panes(1, 0).unwrap();
    for (column, header) in (0..).zip(&content.headers) {
        sheet
            .write_string_with_format(0, column, *header, &head)
            .unwrap();
        if *header == "类别" {
            let tiers = ["防范", "管控", "封控", "隔离点"];
            let list = DataValidation::new().allow_list_strings(&tiers).unwrap();
            sheet
                .add_data_validation(1, column, 2_000, column, &list)
                .unwrap();
        }
    }
    for (row, values) in (1..).zip(&content.rows) {
        for (column, value) in (0..).zip(values) {
            match value {
                Value::Text(text) => sheet.write_string(row, column, text),
                Value::Number(number) => sheet.write_number(row, column, *number),
            }
            .unwrap();
        }
    }
}

/// The workbook of these sheets, the same bytes whenever it is written.
fn workbook(sheets: &[Sheet]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let date = ExcelDateTime::from_ymd(2022, 5, 12).unwrap();
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&date));
    for content in sheets {
        write(workbook.add_worksheet(), content);
    }
    workbook.save_to_buffer().unwrap()
}

/// The sheets of a workbook, value by value.
fn values(bytes: Vec<u8>) -> Vec<(String, Vec<Vec<Data>>)> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheets = workbook.worksheets().into_iter();
    sheets
        .map(|(name, range)| (name, range.rows().map(<[Data]>::to_vec).collect()))
        .collect()
}

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios")
        .join(name)
}

fn model(path: &Path, layout: Option<&str>, replications: u32) -> Model {
    let layout = layout.map(str::to_owned);
    let set = Vec::new();
    let mut model = read(path, &Options { layout, set })
        .unwrap_or_else(|refusal| panic!("{:?}", refusal.problems))
        .model;
    model.design.replications = Replications::Fixed(replications);
    model
}

fn zeku(layout: Option<&str>, replications: u32) -> Model {
    model(&shipped("zeku.toml"), layout, replications)
}

fn results(model: &Model) -> Results {
    run(model, &Nobody)
}

/// All digits of some results; what does not exist is equal to itself.
fn digits(results: &Results) -> String {
    format!("{results:?}")
}

#[test]
fn the_workbook_holds_nine_sites_and_forty_five_invented_cells() {
    let written = workbook(&[cells(), sites()]);
    let path = shipped("zeku.xlsx");
    if std::env::var_os("SWABPLAN_WRITE").is_some() {
        std::fs::write(&path, &written).unwrap();
    }
    assert_eq!(
        values(std::fs::read(path).unwrap()),
        values(written),
        "SWABPLAN_WRITE=1 cargo test zeku writes the workbook"
    );
}

#[test]
fn what_the_bulletin_says_of_testing_is_in_the_scenario() {
    let model = zeku(None, 1);
    let of = |tier| {
        model
            .cells
            .values()
            .filter(|cell| cell.tier == tier)
            .count()
    };
    assert_eq!((of(Tier::Sealed), of(Tier::Controlled)), (1, 12));
    // From 14:00 on 11 May, after the third round has opened.
    for (round, areas) in model
        .rounds
        .values()
        .zip([(1, 12), (1, 12), (1, 12), (3, 15)])
    {
        let of = |tier| round.tiers.iter().filter(|&&other| other == tier).count();
        assert_eq!((of(Tier::Sealed), of(Tier::Controlled)), areas);
    }
    let visiting = |site: &&swabplan::model::site::Site| site.visits.is_some();
    let teams = model.sites.values().filter(visiting).count();
    assert_eq!((model.sites.len() - teams, teams), (9, 1));
    assert_eq!(model.first_day, jiff::civil::date(2022, 5, 9));
    let rounds: Vec<_> = model.rounds.values().collect();
    let days: Vec<f64> = rounds
        .iter()
        .map(|round| (round.opens.millis() as f64 / 86_400_000.0).floor())
        .collect();
    assert_eq!(
        days,
        [0.0, 1.0, 2.0, 4.0, 6.0, 8.0],
        "9, 10, 11, 13, 15, 17 May"
    );
    let swabbed: Vec<(u32, bool)> = rounds
        .iter()
        .map(|round| match &round.turnout {
            Turnout::Swabbed(number) => (number.value, number.range.is_some()),
            Turnout::Share(_) => panic!("{} has a share", round.name.id),
        })
        .collect();
    assert_eq!(swabbed[..2], [(12_263, false), (12_762, false)]);
    assert!(
        swabbed[2..].iter().all(|(_, ranged)| *ranged),
        "nobody has counted the others"
    );
    // 150 medical staff, two shifts of crews.
    let crews: u32 = model
        .sites
        .values()
        .map(|site| {
            site.lanes.value * 2 * (site.crew.scanners + site.crew.swabbers + site.crew.guides)
        })
        .sum();
    assert!(crews <= 150, "{crews} people at the lanes");
    // A first round that misses about 4 %, as many as the second found more.
    let due: u32 = model.cells.values().map(swabplan::model::Cell::due).sum();
    assert_eq!(due, 12_800);
}

#[test]
fn the_foods_of_the_bulletin_are_in_the_scenario_and_last_through_its_rounds() {
    let model = zeku(None, 4);
    let outcome = results(&model).outcome;
    let foods: Vec<(&str, f64)> = model
        .stocks
        .iter()
        .enumerate()
        .filter(|(_, stock)| stock.usage.delivered.is_some())
        .map(|(at, stock)| {
            let last = outcome.rounds.values().last().unwrap().stocks[at];
            assert!(
                last.used.mean > 0.0 && last.runs_out.mean <= 0.0,
                "{}",
                stock.name.id
            );
            let swabplan::model::stock::OnHand::Amount(amount) = stock.on_hand else {
                panic!("{} has no amount", stock.name.id);
            };
            (stock.name.id.as_str(), amount)
        })
        .collect();
    let expected = [
        ("eggs", 500.0),
        ("flour", 255_000.0),
        ("meat", 70_000.0),
        ("milk", 100_000.0),
        ("oil", 38_000.0),
        ("rice", 48_000.0),
        ("vegetables", 64_500.0),
    ];
    assert_eq!(foods, expected);
}

#[test]
fn at_the_cost_of_wuhan_the_money_of_the_bulletin_is_not_enough() {
    let cost = results(&zeku(Some("cost"), 4)).outcome.cost.unwrap();
    assert!((cost.per_person.mean - 91.0).abs() < 1e-9);
    assert!(cost.total.mean > 2_890_000.0 && cost.over_budget.mean > 0.99);
}

#[test]
fn an_editor_that_knows_the_schema_has_no_complaint() {
    let validator = jsonschema::draft7::new(&swabplan::scenario::schema()).unwrap();
    let source = std::fs::read_to_string(shipped("zeku.toml")).unwrap();
    let scenario = toml::from_str::<toml::Table>(&source).unwrap();
    let scenario = serde_json::to_value(scenario).unwrap();
    let faults: Vec<String> = validator
        .iter_errors(&scenario)
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect();
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn the_number_of_threads_changes_no_digit() {
    let model = zeku(None, 20);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let results = pool.build().unwrap().install(|| results(&model));
        let bytes = serde_json::to_string(&summary(&model, &results)).unwrap();
        (digits(&results), bytes)
    };
    let one = with(1);
    for threads in [2, 7] {
        assert!(
            with(threads) == one,
            "{threads} threads tell another story than one"
        );
    }
}

/// Reverses every list of named things, at any depth.
fn reversed(value: &mut toml::Value) {
    match value {
        toml::Value::Table(table) => table.iter_mut().for_each(|(_, value)| reversed(value)),
        toml::Value::Array(list) => {
            if list.iter().all(|entry| entry.get("id").is_some()) {
                list.reverse();
            }
            list.iter_mut().for_each(reversed);
        }
        toml::Value::String(_)
        | toml::Value::Integer(_)
        | toml::Value::Float(_)
        | toml::Value::Boolean(_)
        | toml::Value::Datetime(_) => {}
    }
}

#[test]
fn the_order_of_tables_keys_rows_and_columns_changes_no_digit() {
    let source = std::fs::read_to_string(shipped("zeku.toml")).unwrap();
    // A table of this kind keeps its keys in the order of the alphabet, which is not that of the file.
    let table: toml::Table = toml::from_str(&source).unwrap();
    let mut value = toml::Value::Table(table);
    reversed(&mut value);
    let mut sheets = [sites(), cells()];
    for sheet in &mut sheets {
        sheet.headers.reverse();
        sheet.rows.reverse();
        sheet.rows.iter_mut().for_each(|row| row.reverse());
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("zeku.toml");
    let shuffled = toml::to_string(&value).unwrap();
    assert_ne!(shuffled, source);
    std::fs::write(&path, shuffled).unwrap();
    std::fs::write(folder.path().join("zeku.xlsx"), workbook(&sheets)).unwrap();
    for layout in LAYOUTS {
        let (straight, shuffled) = (zeku(layout, 10), model(&path, layout, 10));
        let [one, other] = [&straight, &shuffled].map(|model| {
            let results = results(model);
            let bytes = serde_json::to_string(&summary(model, &results)).unwrap();
            (digits(&results), bytes)
        });
        assert!(one == other, "{layout:?} depends on the order of its file");
    }
}

#[test]
fn what_things_are_called_changes_no_digit() {
    for layout in LAYOUTS {
        let model = zeku(layout, 10);
        let mut renamed = model.clone();
        let rename = |name: &mut Name| {
            name.zh.insert(0, '新');
            name.en.insert_str(0, "New ");
        };
        rename(&mut renamed.title);
        renamed
            .cells
            .values_mut()
            .for_each(|it| rename(&mut it.name));
        renamed
            .sites
            .values_mut()
            .for_each(|it| rename(&mut it.name));
        renamed
            .couriers
            .values_mut()
            .for_each(|it| rename(&mut it.name));
        renamed
            .labs
            .values_mut()
            .for_each(|it| rename(&mut it.name));
        renamed
            .rounds
            .values_mut()
            .for_each(|it| rename(&mut it.name));
        let [one, other] = [&model, &renamed].map(|model| digits(&results(model)));
        assert!(one == other, "{layout:?} depends on what things are called");
    }
}

#[test]
fn another_laboratory_changes_nothing_before_the_laboratory() {
    let [county, mobile] = [None, Some("mobile")].map(|layout| results(&zeku(layout, 10)));
    assert_eq!(
        format!("{:?}", county.outcome.sites),
        format!("{:?}", mobile.outcome.sites)
    );
    let third = RoundId::from_index(2);
    let swabbing = |results: &Results| {
        let round = &results.outcome.rounds[third];
        (round.swabbed, round.swabbing_ends_min, round.tubes)
    };
    assert_eq!(
        format!("{:?}", swabbing(&county)),
        format!("{:?}", swabbing(&mobile))
    );
    let turnaround = |results: &Results| results.outcome.rounds[third].turnaround_min.mean.mean;
    assert!(
        turnaround(&mobile) < turnaround(&county),
        "twice the machines and an automated chain are faster"
    );
}

#[test]
fn a_mobile_laboratory_has_no_result_before_it_is_ready() {
    let model = zeku(Some("mobile"), 10);
    let results = results(&model);
    let first = &results.outcome.rounds[RoundId::from_index(0)];
    // It is ready 12 h after the first round opens; a result takes its 2.5 h more.
    let points_before = 12 * 4 + 10;
    assert!(
        first.curve[..points_before]
            .iter()
            .all(|point| point.published.p95 <= 0.0)
    );
    assert!(first.curve[points_before - 1].delivered.mean > 0.0);
}

#[test]
fn a_variant_may_put_a_distribution_in_the_place_of_an_assumption_and_its_source() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("variant.toml");
    let base = shipped("zeku.toml");
    let road = r#"road = { lognormal = { mean = "30 min", cv = 0.3 } }"#;
    let variant = format!(
        "extends = '{}'\n[[couriers]]\nid = \"van\"\n{road}",
        base.display()
    );
    std::fs::write(&path, variant).unwrap();
    for layout in LAYOUTS {
        let model = model(&path, layout, 1);
        let road = model
            .assumptions
            .iter()
            .find(|it| it.key == "couriers.van.road")
            .unwrap();
        let of_the_layout = layout == Some("prefecture");
        assert_eq!(road.written.contains("105 min"), of_the_layout);
        assert_eq!(road.written.contains("30 min"), !of_the_layout);
        assert_eq!(road.source.is_some(), of_the_layout);
    }
}

/// A moment so many minutes after 07:00.
fn clock(minutes: f64) -> String {
    let minutes = minutes.round() as u32 + 7 * 60;
    let (hours, minutes) = (minutes.div_euclid(60), minutes % 60);
    let next = if hours >= 24 { " next day" } else { "" };
    format!("{:02}:{minutes:02}{next}", hours % 24)
}

#[test]
fn the_handbook_tells_of_zeku_what_the_program_computes() {
    let page = include_str!("../../src/guide/zeku.md");
    let second = RoundId::from_index(1);
    for layout in LAYOUTS {
        let results = results(&zeku(layout, 200));
        let round = &results.outcome.rounds[second];
        let row = format!(
            "| {} | {} | {} | {:.1} h to {:.1} h | {:.0} % |",
            layout.map_or_else(|| "as it stands".into(), |name| format!("`{name}`")),
            clock(round.swabbing_ends_min.mean),
            clock(round.results_end_min.mean),
            round.results_end_min.p05 / 60.0,
            round.results_end_min.p95 / 60.0,
            results.on_time[second].share * 100.0,
        );
        assert!(page.contains(&row), "src/guide/zeku.md should say: {row}");
    }
}
