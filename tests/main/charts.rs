//! The two charts of a run, made from results with plausible curves.

use jiff::civil::Date;
use resvg::tiny_skia::Pixmap;
use swabplan::chart::{self, Chart};
use swabplan::experiment::results::{Figure, Precision, Probability, Results};
use swabplan::experiment::risk::Risk;
use swabplan::id::Table;
use swabplan::measure::outcome::{Counters, Outcome, RoundOutcome, Spread};
use swabplan::model::assumption::Quantity;
use swabplan::model::staff::Staff;
use swabplan::model::{Design, Model, Name, Replications, Round, Study, Turnout, Walking};
use swabplan::report::charts::{campaign, turnaround};
use swabplan::units::language::Language;
use swabplan::units::{Span, Time};

/// A campaign: so many rounds, `cadence_h` apart, of so many people, whose results come the later the higher `slowness`.
#[derive(Clone, Copy)]
struct Case {
    rounds: u32,
    cadence_h: i64,
    people: f64,
    slowness: f64,
}

const THREE: Case = Case {
    rounds: 3,
    cadence_h: 24,
    people: 12_263.0,
    slowness: 1.0,
};

#[test]
fn each_chart_is_the_same_bytes_twice_and_small() {
    for chart in charts(THREE, Language::Chinese) {
        let (svg, again) = (chart::svg(&chart), chart::svg(&chart.clone()));
        assert_eq!(svg, again);
        let (png, again) = (chart::png(&svg), chart::png(&again));
        assert_eq!(png, again);
        assert!(png.len() < 300_000, "{} bytes", png.len());
    }
}

#[test]
fn the_charts_say_their_answers_in_a_sentence() {
    let said =
        |language| charts(THREE, language).map(|chart| chart.subtitle.replace('\u{a0}', " "));
    assert_eq!(
        said(Language::Chinese),
        [
            "最慢的是第三轮：采样后 9.8 小时内一半人出结果，14 小时内 95% 的人出结果；时限前出结果的占 93%（90% 至 96%）",
            "3 轮共采 37,539 人次；用时最长的是第三轮：采完 18:00，出完 5月12日 06:53",
        ]
    );
    assert_eq!(
        said(Language::English),
        [
            "Slowest, Round 3: half have their result within 9.8 h of the swab, 95% within 14 h; 93% (90% to 96%) by the deadline",
            "3 rounds, 37,539 swabs; longest, Round 3: swabbing ends 18:00, last result 06:53 on 12 May",
        ]
    );
    let one = Case { rounds: 1, ..THREE };
    assert_eq!(
        campaign_of(one, Language::Chinese)
            .subtitle
            .replace('\u{a0}', " "),
        "采完 18:00，出完 5月10日 04:18；应检 12,754 人，未采 491 人"
    );
}

#[test]
fn rounds_that_take_alike_have_no_slowest() {
    let (model, mut results) = run(THREE);
    let first = results.outcome.rounds.values().next().unwrap().clone();
    results
        .outcome
        .rounds
        .values_mut()
        .for_each(|round| *round = first.clone());
    assert!(
        turnaround(&model, &results, Language::Chinese)
            .subtitle
            .starts_with("各轮相近：采样后")
    );
    assert!(
        turnaround(&model, &results, Language::English)
            .subtitle
            .starts_with("All rounds alike: half")
    );
}

#[test]
fn a_few_rounds_are_all_named() {
    let chart = turnaround_of(THREE, Language::Chinese);
    let named = chart
        .lines
        .iter()
        .map(|line| line.name.as_str())
        .collect::<Vec<_>>();
    assert_eq!(named, ["第一轮", "第二轮", "第三轮"]);
    assert!(chart.lines.iter().all(|line| !line.band.is_empty()));
}

#[test]
fn of_many_rounds_the_first_and_the_slowest_stand_out() {
    let chart = turnaround_of(
        Case {
            rounds: 8,
            cadence_h: 48,
            ..THREE
        },
        Language::English,
    );
    let named = chart
        .lines
        .iter()
        .map(|line| line.name.as_str())
        .filter(|name| !name.is_empty())
        .collect::<Vec<_>>();
    assert_eq!(named, ["6 other rounds", "Round 1", "Slowest: Round 8"]);
}

#[test]
fn the_campaign_chart_shows_five_counters_with_a_gap_between_rounds() {
    let chart = campaign_of(THREE, Language::English);
    let named = chart
        .lines
        .iter()
        .map(|line| line.name.as_str())
        .collect::<Vec<_>>();
    assert_eq!(
        named,
        ["Due", "Swabbed", "Delivered", "Tested", "Published"]
    );
    for line in &chart.lines {
        assert_eq!(
            line.points.iter().filter(|point| point.0.is_nan()).count(),
            3,
            "{}",
            line.name
        );
    }
    let nights = chart
        .shades
        .iter()
        .map(|night| (night.from, night.to))
        .collect::<Vec<_>>();
    assert_eq!(nights[..2], [(-5.0, 7.0), (19.0, 31.0)]);
    assert_eq!(chart.marks.len(), 3);
    assert!(
        chart
            .below
            .iter()
            .any(|day| day.labels[0].starts_with("Tue\u{a0}10"))
    );
}

#[test]
fn a_round_of_which_nothing_came_is_drawn_without_lines() {
    let (model, mut results) = run(Case { rounds: 1, ..THREE });
    let nothing = f64::NAN;
    for round in results.outcome.rounds.values_mut() {
        round.curve.clear();
        round.turnaround_curve.clear();
        round.turnaround_min.p95 = figure(nothing);
        round.results_end_min = figure(nothing);
    }
    for language in [Language::Chinese, Language::English] {
        for chart in [
            turnaround(&model, &results, language),
            campaign(&model, &results, language),
        ] {
            assert!(chart.lines.iter().all(|line| line.name == "应检"
                || line.name == "Due"
                || line.points.iter().all(|point| point.0.is_nan())));
            ink_of(&chart);
        }
    }
    results.outcome.rounds = Table::new();
    ink_of(&campaign(&model, &results, Language::Chinese));
}

#[test]
fn the_words_of_every_chart_leave_ink() {
    for language in [Language::Chinese, Language::English] {
        for chart in charts(THREE, language) {
            let (title, subtitle) = (chart.title, chart.subtitle);
            let (titled, silent) = (
                Chart {
                    title,
                    ..Chart::default()
                },
                Chart::default(),
            );
            let both = Chart {
                subtitle,
                ..titled.clone()
            };
            assert!(ink_of(&titled) > ink_of(&silent) + 2000);
            assert!(ink_of(&both) > ink_of(&titled) + 2000);
        }
    }
}

/// Pixels that are not white.
fn ink_of(chart: &Chart) -> usize {
    let picture = Pixmap::decode_png(&chart::png(&chart::svg(chart))).unwrap();
    picture
        .pixels()
        .iter()
        .filter(|pixel| pixel.red() < 250)
        .count()
}

fn charts(case: Case, language: Language) -> [Chart; 2] {
    [turnaround_of(case, language), campaign_of(case, language)]
}

fn turnaround_of(case: Case, language: Language) -> Chart {
    let (model, results) = run(case);
    turnaround(&model, &results, language)
}

fn campaign_of(case: Case, language: Language) -> Chart {
    let (model, results) = run(case);
    campaign(&model, &results, language)
}

fn run(case: Case) -> (Model, Results) {
    let results = Results {
        outcome: Outcome {
            rounds: (0..case.rounds).map(|k| outcome(case, k)).collect(),
            cells: vec![],
            sites: vec![],
            cost: None,
            isolation: None,
            decided: None,
            incidents: Vec::new(),
            disinfection: None,
            labs: vec![],
        },
        on_time: (0..case.rounds)
            .map(|_| Probability {
                share: 0.9,
                lo: 0.85,
                hi: 0.94,
            })
            .collect(),
        influences: (0..case.rounds).map(|_| vec![]).collect(),
        risks: (0..case.rounds).map(|_| Risk::default()).collect(),
        campaign: None,
        replications: 200,
        seed: 20_220_509,
        precision: Precision::Fixed,
    };
    (model(case), results)
}

fn model(case: Case) -> Model {
    Model {
        title: name(
            "zeku",
            "泽库县城 第一至三轮",
            "Zeku county town, rounds 1 to 3",
        ),
        first_day: Date::constant(2022, 5, 9),
        cells: Table::new(),
        sites: Table::new(),
        couriers: Table::new(),
        labs: Table::new(),
        feeds: Table::new(),
        rounds: (0..case.rounds).map(|k| round(case, k)).collect(),
        campaign: None,
        walking: Walking {
            speed_kmh: 4.0,
            detour: 1.3,
        },
        roads: None,
        cost: None,
        staff: Staff::default(),
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
            replications: Replications::Fixed(200),
            seed: 20_220_509,
        },
        assumptions: vec![],
        unknowns: Table::new(),
        hash: "9f3a5c0012e47b6d".to_owned(),
        schematic: true,
    }
}

fn round(case: Case, k: u32) -> Round {
    const NUMBERS: [&str; 8] = ["一", "二", "三", "四", "五", "六", "七", "八"];
    let opens = Time::ZERO + Span::HOUR * (7 + case.cadence_h * i64::from(k));
    Round {
        name: name(
            &format!("R{}", k + 1),
            &format!("第{}轮", NUMBERS[k as usize % 8]),
            &format!("Round {}", k + 1),
        ),
        opens,
        ordered: None,
        closes: opens + Span::HOUR * 12,
        deadline: opens + Span::DAY,
        turnout: Turnout::Swabbed(Quantity::known(case.people as u32)),
        cells: vec![],
        tiers: vec![],
        places: vec![],
    }
}

fn name(id: &str, zh: &str, en: &str) -> Name {
    Name {
        id: id.to_owned(),
        zh: zh.to_owned(),
        en: en.to_owned(),
    }
}

/// People come from two to ten hours after the opening but for an hour at noon; tubes leave every two hours; results come in runs.
#[expect(
    clippy::too_many_lines,
    reason = "an outcome is spelled out once, figure by figure"
)]
fn outcome(case: Case, k: u32) -> RoundOutcome<Figure> {
    let slow = case.slowness * (1.0 + 0.15 * f64::from(k));
    let people = case.people + 250.0 * f64::from(k);
    let swabbed = |h: f64| ((h - 2.0).clamp(0.0, 3.0) + (h - 6.0).clamp(0.0, 5.0)) / 8.0;
    let steps = |h: f64| (h / 2.0).floor() * 2.0;
    let delivered = |h: f64| {
        (swabbed(steps(h - 0.7)) + swabbed(steps(h - 1.0)) + swabbed(steps(h - 1.4))) / 3.0
    };
    let tested = move |h: f64| {
        (0..10)
            .map(|late| delivered(h - slow * (4.0 + 0.4 * f64::from(late))))
            .sum::<f64>()
            / 10.0
    };
    let end = 12.7 + slow * 8.6;
    let curve = (0..=(end * 4.0) as u32 + 2).map(|k| {
        let h = f64::from(k) / 4.0;
        let spread = people * 0.03;
        Counters {
            swabbed: around(people * swabbed(h), spread * 0.3, people),
            delivered: around(people * delivered(h), spread, people),
            tested: around(people * tested(h), spread, people),
            published: around(people * tested(h - 0.5), spread * 2.0, people),
        }
    });
    let share = |h: f64| 1.0 / (1.0 + (-(h - 7.5 * slow) / (1.1 * slow)).exp());
    let turnaround_curve = (0..=(16.0 * slow * 4.0) as u32).map(|k| {
        let h = f64::from(k) / 4.0;
        Figure {
            p05: share(h - 0.6),
            p95: share(h + 0.6),
            ..figure(share(h))
        }
    });
    let (p50, p95) = (7.5 * slow * 60.0, (7.5 + 1.1 * 19.0_f64.ln()) * slow * 60.0);
    RoundOutcome {
        stocks: Vec::new(),
        cost: None,
        staff: None,
        vehicle_hours: figure(12.0),
        room_days: figure(0.0),
        due: figure(people * 1.04),
        swabbed: figure(people),
        missed: figure(people * 0.04),
        no_result: figure(0.0),
        unbound: figure(0.0),
        pending: figure(0.0),
        positive_tubes: figure(0.0),
        report_min: figure(f64::NAN),
        missed_by: vec![],
        fetched: figure(0.0),
        ready_min: figure(0.0),
        readiness: vec![],
        tubes: figure(people / 10.0),
        partial_tubes: figure(people / 100.0),
        tubes_published: figure(people / 10.0),
        over_age: figure(0.0),
        reactions: figure(people / 9.0),
        swabbing_ends_min: figure(11.0 * 60.0),
        results_end_min: figure(end * 60.0),
        published_by_deadline: Figure {
            p05: 0.9,
            p95: 0.96,
            ..figure(0.93)
        },
        on_time: figure(0.9),
        wait_min: spread(12.0),
        priority_wait_min: spread(f64::NAN),
        time_on_site_min: spread(15.0),
        turnaround_min: Spread {
            p50: figure(p50),
            p95: figure(p95),
            ..spread(p50)
        },
        door_to_result_min: spread(600.0),
        gates: vec![],
        recall: None,
        curve: curve.collect(),
        turnaround_curve: turnaround_curve.collect(),
    }
}

fn spread(mean: f64) -> Spread<Figure> {
    let at = |factor: f64| figure(mean * factor);
    Spread {
        mean: at(1.0),
        p50: at(0.9),
        p90: at(1.8),
        p95: at(2.1),
        p99: at(2.6),
        max: at(3.0),
    }
}

fn figure(mean: f64) -> Figure {
    Figure {
        mean,
        lo: mean,
        hi: mean,
        p05: mean,
        p95: mean,
        origin: None,
    }
}

/// A count that varies by `spread` where it is neither none nor all.
fn around(mean: f64, spread: f64, all: f64) -> Figure {
    let free = (mean / all * (1.0 - mean / all) * 4.0).max(0.0);
    Figure {
        p05: (mean - spread * free).max(0.0),
        p95: (mean + spread * free).min(all),
        ..figure(mean)
    }
}

/// An area of 0.01 degrees, and a place.
const AREAS: &str = r#"{"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"id": "C1", "residents": 400},
         "geometry": {"type": "Polygon", "coordinates": [[[101.46, 35.03], [101.47, 35.03], [101.47, 35.04], [101.46, 35.04], [101.46, 35.03]]]}},
        {"type": "Feature", "properties": {"id": "C2", "residents": 300}, "geometry": {"type": "Point", "coordinates": [101.48, 35.05]}}
    ]}"#;

/// A scenario with these cells, and a layout in which the outline is written.
fn scenario(boundary: &str) -> String {
    format!(
        r#"
            cells = "cells.geojson"
            [[sites]]
            id = "S1"
            lanes = 2
            lon = 101.465
            lat = 35.035
            [[labs]]
            id = "lab"
            machines = 2
            lon = 101.47
            lat = 35.036
            [[couriers]]
            id = "van"
            to = "lab"
            [[rounds]]
            id = "R"
            opens = "2022-05-09 07:00"
            [layouts.other]
            cells = [{{ id = "C1", residents = 400, boundary = "{boundary}" }}]
            "#
    )
}

/// Two cells of a map file, one of them a square of 0.01 degrees, and a laboratory beside them.
#[test]
fn the_map_draws_the_boundaries_of_cells_and_the_laboratory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("map.toml");
    std::fs::write(folder.path().join("cells.geojson"), AREAS).unwrap();
    std::fs::write(&path, scenario("101.46 35.03, 101.47 35.03, 101.47 35.04")).unwrap();
    let model = crate::models::file(&path, &["replications=4"]);
    let corners: Vec<usize> = model
        .cells
        .values()
        .map(|cell| cell.boundary.len())
        .collect();
    assert_eq!(corners, [1, 0]);
    assert_eq!(model.cells.values().next().unwrap().boundary[0].len(), 5);
    let results = swabplan::experiment::run(&model, &swabplan::experiment::Nobody);
    let charts = swabplan::report::charts::all(&model, &results, None, Language::English);
    let map = charts.iter().find(|drawn| drawn.name == "map").unwrap();
    let outline = map
        .chart
        .lines
        .iter()
        .find(|line| line.name == "Boundary of a cell")
        .unwrap();
    let corners: Vec<(f64, f64)> = outline
        .points
        .iter()
        .copied()
        .filter(|point| point.0.is_finite())
        .collect();
    let wide = |of: fn(&(f64, f64)) -> f64| {
        let all = corners.iter().map(of);
        all.clone().fold(f64::MIN, f64::max) - all.fold(f64::MAX, f64::min)
    };
    // A hundredth of a degree of latitude is 1.11 km, of longitude at 35 degrees north 0.91 km.
    assert!((wide(|point| point.1) - 1.112).abs() < 0.002);
    assert!((wide(|point| point.0) - 0.910).abs() < 0.005);
    assert!(map.chart.markers.iter().any(|marker| marker.label == "lab"));
    // The whole scale bar is seen, also on the page, where the words around the chart are left out.
    let bar = map.chart.lines.last().unwrap();
    let bare = swabplan::chart::Chart {
        title: String::new(),
        subtitle: String::new(),
        footnote: String::new(),
        ..map.chart.clone()
    };
    for chart in [&map.chart, &bare] {
        let plot = swabplan::chart::plot(chart);
        let seen = |(x, y): &(f64, f64)| plot.x.0 <= *x && *x <= plot.x.1 && plot.y.0 <= *y;
        assert!(bar.points.iter().all(seen), "{:?} on {plot:?}", bar.points);
    }
    for wrong in [
        "101.46 35.03",
        "101.46 35.03, x 1, 2 3",
        "101.46 95.0, 1 1, 2 2",
        "",
    ] {
        std::fs::write(&path, scenario(wrong)).unwrap();
        let options = swabplan::scenario::document::Options {
            layout: Some("other".to_owned()),
            ..Default::default()
        };
        let Err(refusal) = swabplan::scenario::read(&path, &options) else {
            panic!("{wrong:?} is read");
        };
        let codes: Vec<&str> = refusal
            .problems
            .list
            .iter()
            .map(|problem| problem.code)
            .collect();
        assert!(codes.contains(&"S475"), "{wrong:?}: {codes:?}");
    }
}
