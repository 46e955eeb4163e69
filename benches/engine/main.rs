//! Speed of the engine: the reference round through the scenario language and the whole engine, beside the same round written by hand, beside
//! the simplest queue there is, all in one run, so that a slow machine or a slow floor shows.
//!
//! `cargo bench --bench engine` prints a table and fails where a figure or a ratio is not what it must be; `-- county` or
//! `-- city` after it times one variant alone.

mod floor;

use floor::{CITY, COUNTY, Figures, Floor, Size};
use std::hint::black_box;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;
use swabplan::experiment::network;
use swabplan::id::{Id, RoundId};
use swabplan::measure::replicate;
use swabplan::model::Model;
use swabplan::random::Streams;
use swabplan::scenario::document::Options;
use swabplan::scenario::read;
use swabplan::sim::{Grain, Memory};
use swabplan::stats::interval::{mean_interval, quantile};

/// Asks the bench for nothing but its peak memory after one replication of the city.
const MEMORY: &str = "--peak-memory-of-the-city";

/// Customers of the single server in one shot.
const CUSTOMERS: u32 = 100_000;

/// A variant of the reference round with what is known of it: mean, median and 95th percentile of turnaround, time on site; seconds.
struct Variant {
    name: &'static str,
    scenario: &'static str,
    /// The share of people who are taken first, for whom each station goes through its events.
    priority: Option<&'static str>,
    /// The most that the engine may take, over the floor.
    most: f64,
    size: Size,
    known: [f64; 4],
    shots: u32,
}

const VARIANTS: [Variant; 3] = [
    Variant {
        name: "county",
        scenario: "bench-county.toml",
        priority: None,
        most: 3.0,
        size: COUNTY,
        known: [12_308.0, 12_288.0, 14_120.0, 76.9],
        shots: 101,
    },
    Variant {
        name: "priority",
        scenario: "bench-county.toml",
        priority: Some("14 %"),
        most: 4.0,
        size: COUNTY,
        // Who is taken first changes who waits, not how long all wait together.
        known: [12_308.0, 12_288.0, 14_120.0, 76.9],
        shots: 101,
    },
    Variant {
        name: "city",
        scenario: "bench-city.toml",
        priority: None,
        most: 3.0,
        size: CITY,
        known: [13_149.0, 13_110.0, 15_100.0, 123.1],
        shots: 9,
    },
];

fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == MEMORY) {
        black_box(engine(&model(CITY_SCENARIO, None), 0));
        return say(&format!("{}\n", peak_memory().unwrap_or(0)), true);
    }
    let mut page = Page::default();
    let named = |variant: &&Variant| std::env::args().any(|argument| argument == variant.name);
    let all = !VARIANTS.iter().any(|variant| named(&variant));
    for variant in VARIANTS.iter().filter(|variant| all || named(variant)) {
        compare(variant, &mut page);
    }
    if all {
        memory(&mut page);
    }
    say(&page.text, page.faults == 0)
}

const CITY_SCENARIO: &str = VARIANTS[2].scenario;

/// What is printed, and how much of it is not as it must be.
#[derive(Default)]
struct Page {
    text: String,
    faults: u32,
}

impl Page {
    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// A figure and the most it may be.
    fn at_most(&mut self, what: &str, figure: f64, most: f64) {
        let verdict = if figure <= most { "" } else { "   TOO MUCH" };
        self.faults += u32::from(figure > most);
        self.line(&format!(
            "  {what:<44}{figure:>10.2}   at most {most}{verdict}"
        ));
    }
}

/// Times floor, engine and single server in turn, and compares what floor and engine found with what is known.
fn compare(variant: &Variant, page: &mut Page) {
    let (model, people) = (
        model(variant.scenario, variant.priority),
        variant.size.people as f64,
    );
    let (world, _) = network(&model, 0);
    let (mut by_hand, mut memory) = (Floor::new(), Memory::default());
    let (mut floor_times, mut engine_times, mut server_times) =
        (Vec::new(), Vec::new(), Vec::new());
    let (mut floor_figures, mut engine_figures) = (Vec::new(), Vec::new());
    for shot in 0..variant.shots {
        let seed = u64::from(shot) + 1;
        floor_times
            .push(seconds(|| floor_figures.push(by_hand.round(variant.size, seed))) * 1e9 / people);
        let streams = Streams::new(model.design.seed, shot);
        engine_times.push(
            seconds(|| {
                let outcome = replicate(&world, streams, Grain::Whole, &mut memory);
                engine_figures.push(figures(&outcome));
            }) * 1e9
                / people,
        );
        let shot = seconds(|| {
            black_box(floor::single_server(CUSTOMERS, seed));
        });
        server_times.push(shot * 1e9 / f64::from(CUSTOMERS));
    }
    let [floor, engine, server] =
        [&floor_times, &engine_times, &server_times].map(|times| quantile(times, 0.5));
    page.line(&format!(
        "{} ({people} people at {} sites, {} rounds, medians)",
        variant.name, variant.size.sites, variant.shots
    ));
    page.line(&format!("  floor, by hand{floor:>40.1} ns/person"));
    page.line(&format!("  engine{engine:>48.1} ns/person"));
    page.line(&format!(
        "  single server, by hand{server:>32.1} ns/customer"
    ));
    if variant.size.sites == COUNTY.sites {
        page.at_most("floor over single server", floor / server, 4.0);
    }
    page.at_most("engine over floor", engine / floor, variant.most);
    known("floor", &floor_figures, &variant.known, page);
    known("engine", &engine_figures, &variant.known, page);
}

/// What a figure is called, how it is had, and the half of its last digit known.
type Column = (&'static str, fn(&Figures) -> f64, f64);

/// Each known figure lies in the 99.9 % interval of what was found, but for its rounding.
fn known(who: &str, found: &[Figures], known: &[f64; 4], page: &mut Page) {
    let columns: [Column; 4] = [
        ("mean turnaround, s", |figures| figures.mean, 0.5),
        ("median turnaround, s", |figures| figures.p50, 0.5),
        ("95 % turnaround, s", |figures| figures.p95, 0.5),
        ("mean time on site, s", |figures| figures.on_site, 0.05),
    ];
    for ((what, column, rounding), known) in columns.into_iter().zip(known) {
        let numbers: Vec<f64> = found.iter().map(column).collect();
        let (mean, lo, hi) = mean_interval(&numbers, 0.999);
        let holds = lo - rounding <= *known && *known <= hi + rounding;
        page.faults += u32::from(!holds);
        let verdict = if holds { "" } else { "   NOT WITHIN" };
        page.line(&format!(
            "  {who:<8}{what:<24}{mean:>22.1} ± {:<8.1} known {known}{verdict}",
            hi - mean
        ));
    }
}

/// Peak memory of a process of its own that reads the city and replicates it once.
fn memory(page: &mut Page) {
    let own = std::env::current_exe().and_then(|bench| Command::new(bench).arg(MEMORY).output());
    let bytes = own.ok().and_then(|output| {
        String::from_utf8(output.stdout)
            .ok()?
            .trim()
            .parse::<u64>()
            .ok()
    });
    match bytes {
        Some(bytes) if bytes > 0 => page.at_most(
            "peak memory of one city replication, MB",
            bytes as f64 / 1e6,
            100.0,
        ),
        _ => page.line("  peak memory: this system does not say"),
    }
}

/// The most memory this process has held at once, in bytes, where the system says so.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace()
        .nth(1)?
        .parse::<u64>()
        .ok()
        .map(|kilobytes| kilobytes * 1_024)
}

/// A shipped scenario, in all cells of the county with a share of people who are taken first.
fn model(scenario: &str, priority: Option<&str>) -> Model {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios")
        .join(scenario);
    let set = |share: &str| {
        let cell = |cell: u32| format!("cells.C{cell}.priority=\"{share}\"");
        (0..COUNTY.sites as u32).map(cell).collect()
    };
    let options = Options {
        set: priority.map(set).unwrap_or_default(),
        ..Options::default()
    };
    read(&path, &options)
        .expect("a shipped scenario has no errors")
        .model
}

/// What the engine finds in one replication.
fn engine(model: &Model, replication: u32) -> Figures {
    let (world, streams) = network(model, replication);
    let memory = &mut Memory::default();
    figures(&replicate(&world, streams, Grain::Whole, memory))
}

fn figures(outcome: &swabplan::measure::outcome::Outcome<f64>) -> Figures {
    let round = &outcome.rounds[RoundId::from_index(0)];
    let turnaround = round.turnaround_min;
    let [mean, p50, p95, on_site] = [
        turnaround.mean,
        turnaround.p50,
        turnaround.p95,
        round.time_on_site_min.mean,
    ]
    .map(|minutes| minutes * 60.0);
    Figures {
        mean,
        p50,
        p95,
        on_site,
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a bench measures the clock on the wall; no result depends on it"
)]
fn seconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

fn say(text: &str, well: bool) -> ExitCode {
    let written = io::stdout().write_all(text.as_bytes());
    if well && written.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
