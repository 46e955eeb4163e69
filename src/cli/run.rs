//! `swabplan run`: simulates a scenario and writes what came of it.

use std::path::PathBuf;

use crate::chart;
use crate::experiment;
use crate::experiment::results::{Precision, Results};
use crate::model::{Model, Replications, Watched};
use crate::report;
use crate::scenario;
use crate::scenario::document::Options;
use crate::scenario::problem::Words;
use crate::scenario::render;
use crate::units::language::Language;

use super::arguments::{self, Design, Format, Run};
use super::failure::{Exit, Failure};
use super::folder::{File, Folder};
use super::interrupt::Interrupt;
use super::progress::Progress;
use super::terminal::Terminal;
use super::trace::Target;

/// The most replications that `--precision` may take, unless the scenario says.
const MOST: u32 = 2_000;

/// What `--stress` says of a scenario.
const STRESS: &str = "stress.on=true";

/// Simulates a scenario, writes everything under its output folder, and prints the answer.
pub(super) fn run(arguments: &Run, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let interrupt = Interrupt::listen();
    let mut options = Options {
        layout: arguments.change.layout.clone(),
        set: arguments.change.set.clone(),
    };
    if arguments.design.stress {
        options.set.push(STRESS.to_owned());
    }
    let reading = scenario::read(&arguments.file, &options)?;
    if !arguments.common.quiet && !reading.warnings.list.is_empty() {
        let shown = render::render(
            &reading.warnings,
            &reading.sources,
            terminal.language,
            terminal.styled,
        );
        terminal.complain(&shown);
    }
    let model = designed(reading.model, &arguments.design);
    let folder = Folder::claim(&output(arguments))?;
    let which = arguments.trace_replication;
    let trace = arguments.trace.as_deref();
    let trace = trace
        .map(|path| Target::claim(path, &model, which))
        .transpose()?;
    let jobs = arguments.design.jobs.map_or_else(processors, usize::from);
    enough_memory(&model, jobs)?;

    let patience = terminal.watched.filter(|_| !arguments.common.quiet);
    let progress = Progress::start(patience, terminal.language, interrupt.clone());
    let results = simulate(&model, jobs, &progress)?;
    progress.end();
    if results.precision == Precision::Interrupted || interrupt.asked() {
        return Err(interrupted());
    }

    let summary = format!("{:#}\n", report::summary::summary(&model, &results));
    let files = files(
        &model,
        &results,
        (&summary, &reading.normalized),
        terminal.language,
    );
    if interrupt.asked() {
        return Err(interrupted());
    }
    interrupt.hold(|| folder.replace(&files))?;
    if let Some(trace) = trace {
        interrupt.hold(|| trace.write(&model, which))?;
    }
    match arguments.common.format {
        Format::Json => terminal.answer(&summary)?,
        Format::Text => {
            let place = folder.path.join("").display().to_string();
            terminal.answer(&report::screen::screen(
                &model,
                &results,
                terminal.language,
                Some(&place),
            ))?;
        }
    }
    Ok(if arguments.judge && !report::verdict::all_met(&results) {
        Exit::Late
    } else {
        Exit::Done
    })
}

/// The model, replicated as the command line asks.
fn designed(mut model: Model, design: &Design) -> Model {
    if let Some(replications) = design.replications {
        model.design.replications = Replications::Fixed(replications);
    }
    if let Some(to) = design.precision {
        let most = match model.design.replications {
            Replications::Precision { most, .. } => most,
            Replications::Fixed(_) => MOST,
        };
        model.design.replications = Replications::Precision {
            of: Watched::ResultsEnd,
            to,
            most,
        };
    }
    model.design.seed = design.seed.unwrap_or(model.design.seed);
    model
}

fn output(arguments: &Run) -> PathBuf {
    arguments.out.clone().unwrap_or_else(|| {
        let name = arguments.file.file_name().unwrap_or_default();
        // A stress run stands beside the run it is compared with.
        let stress = arguments.design.stress.then_some("stress");
        let parts: Vec<&str> = [arguments.change.layout.as_deref(), stress]
            .into_iter()
            .flatten()
            .collect();
        let variant = (!parts.is_empty()).then(|| parts.join("-"));
        PathBuf::from("output").join(arguments::output_name(name, variant.as_deref()))
    })
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Refuses a run that the machine has no memory for, before it begins.
fn enough_memory(model: &Model, jobs: usize) -> Result<(), Failure> {
    let needed = experiment::memory(model, jobs);
    let Some(available) = available_memory() else {
        return Ok(());
    };
    if needed <= available {
        return Ok(());
    }
    let gigabytes = |bytes: u64| format!("{:.1} GB", bytes as f64 / 1e9);
    let (needed, available) = (gigabytes(needed), gigabytes(available));
    Err(Failure::machine(
        Words::new(
            format!("内存不够：大约要 {needed}，现在可用 {available}"),
            format!("not enough memory: about {needed} needed, {available} available"),
        ),
        Words::new(
            "减少重复次数（--replications 100），用 --jobs 1 少用几个线程，或把方案分成几个县来推演",
            "replicate less (--replications 100), use fewer threads (--jobs 1), or split the scenario by county",
        ),
    ))
}

/// Bytes that can still be used, if the machine tells.
fn available_memory() -> Option<u64> {
    let mut system = sysinfo::System::new().ok()?;
    system.refresh_memory();
    let limit = system.cgroup_limits().map(|limits| limits.free_memory);
    let available = system.available_memory();
    // A machine that says zero does not know.
    (available > 0).then(|| {
        limit
            .filter(|&limit| limit > 0)
            .map_or(available, |limit| limit.min(available))
    })
}

fn simulate(model: &Model, jobs: usize, progress: &Progress) -> Result<Results, Failure> {
    let threads = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .build()
        .map_err(|error| {
            Failure::machine(
                Words::new(
                    format!("开不了 {jobs} 个线程：{error}"),
                    format!("cannot start {jobs} threads: {error}"),
                ),
                Words::new("用 --jobs 少用几个", "use fewer with --jobs"),
            )
        })?;
    Ok(threads.install(|| experiment::run(model, progress)))
}

/// Every file of the output folder.
fn files(model: &Model, results: &Results, texts: (&str, &str), language: Language) -> Vec<File> {
    let (summary, scenario) = texts;
    let mut files = vec![
        File::new("README.txt", report::index::index(model, results, language)),
        File::new("summary.json", summary),
        File::new("scenario.toml", scenario),
    ];
    for (name, drawn) in [
        (
            "turnaround",
            report::charts::turnaround(model, results, language),
        ),
        (
            "campaign",
            report::charts::campaign(model, results, language),
        ),
    ] {
        let svg = chart::svg(&drawn);
        files.push(File::new(format!("{name}.png"), chart::png(&svg)));
        files.push(File::new(format!("{name}.svg"), svg));
    }
    let tables = report::tables::tables(model, results, language);
    files.extend(
        tables
            .into_iter()
            .map(|sheet| File::new(sheet.file, sheet.bytes)),
    );
    files
}

fn interrupted() -> Failure {
    Failure::Said {
        exit: Exit::Interrupted,
        what: Words::new("被中断，没有写任何文件", "interrupted; nothing was written"),
        help: Words::new(
            "原来的结果没有动；次数少一些会更快，如 --replications 20",
            "earlier results are untouched; fewer replications are faster, as in --replications 20",
        ),
    }
}
