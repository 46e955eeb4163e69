//! `swabplan run`: simulates a scenario and writes what came of it.

use std::path::PathBuf;

use crate::chart;
use crate::experiment;
use crate::experiment::results::{Precision, Results};
use crate::model::Model;
use crate::report;
use crate::scenario;
use crate::scenario::document::Options;
use crate::scenario::render;
use crate::units::language::Language;

use super::arguments::{self, Format, Run};
use super::failure::{Exit, Failure};
use super::folder::{File, Folder};
use super::interrupt::Interrupt;
use super::progress::Progress;
use super::simulation::{designed, enough_memory, interrupted, on_threads, processors};
use super::terminal::Terminal;
use super::trace::Target;

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
    enough_memory(&[&model], jobs)?;

    let patience = terminal.watched.filter(|_| !arguments.common.quiet);
    let progress = Progress::start(patience, terminal.language, interrupt.clone());
    let results = on_threads(jobs, || experiment::run(&model, &progress))?;
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
