//! `swabplan sensitivity`: every lever up and down, and the unknowns by what they do.

use crate::experiment::compare::Compared;
use crate::experiment::lever::Pull;
use crate::experiment::leverage::{leverage, trials};
use crate::experiment::points::Trials;
use crate::experiment::sobol::{self, Effects};
use crate::experiment::{Nobody, Watch};
use crate::id::RoundId;
use crate::model::Model;
use crate::report::sensitivity::{self as report, Sensitivity as Found};
use crate::scenario;

use super::arguments::{Format, Sensitivity};
use super::failure::{Exit, Failure};
use super::folder::{File, Folder};
use super::interrupt::Interrupt;
use super::journal::Journal;
use super::progress::Progress;
use super::simulation::{enough_memory, on_threads, processors, round_of};
use super::terminal::Terminal;

/// How far levers are pulled.
const PULLS: [Pull; 3] = [Pull::Down, Pull::Up, Pull::UpTwice];

/// Pulls every lever, writes everything under the output folder, and prints what to ask for.
pub(super) fn sensitivity(
    arguments: &Sensitivity,
    terminal: &mut Terminal<'_>,
) -> Result<Exit, Failure> {
    let interrupt = Interrupt::listen();
    let options = arguments.change.options();
    let reading = scenario::read(&arguments.file, &options)?;
    let (text, mut model) = (reading.normalized, reading.model);
    model.design.seed = arguments.seed.unwrap_or(model.design.seed);
    let jobs = arguments.jobs.map_or_else(processors, usize::from);
    enough_memory(&[&model], jobs)?;
    let round = on_threads(jobs, || round_of(&model, arguments.round.as_deref()))??;
    let output = (arguments.change).output("sensitivity", &arguments.file, arguments.out.as_ref());
    let folder = Folder::claim(&output)?;
    let design = Trials {
        round: &round,
        replications: arguments.replications,
        planned: trials(&model, &PULLS),
    };
    let work = format!(
        "sensitivity {}\n{text}\n{design:?}\n{}",
        env!("CARGO_PKG_VERSION"),
        model.design.seed
    );
    let journal = Journal::open(&folder.path, &work, arguments.resume)?;
    let patience = terminal.watched.filter(|_| !arguments.common.quiet);
    let progress = Progress::start(patience, terminal.language, interrupt.clone());
    let watch = journal.keeping(&progress);
    let found = on_threads(jobs, || leverage(&model, &PULLS, &design, &watch))?;
    journal.check()?;
    let Some(found) = found else {
        progress.end();
        return Err(journal.stopped());
    };
    let of = arguments.by.watched();
    let effects = on_threads(jobs, || {
        unknowns(
            &model,
            (&round, Compared::watched(of)),
            arguments.samples,
            &progress,
        )
    })?;
    progress.end();
    if interrupt.asked() {
        return Err(journal.stopped());
    }

    let shown = Found {
        model: &model,
        round: &round,
        of,
        replications: arguments.replications,
        leverage: &found,
        effects: effects.as_ref(),
    };
    let json = format!("{:#}\n", report::json(&shown));
    let files = files(&shown, (&json, &text), terminal);
    interrupt.hold(|| folder.replace(&files).and_then(|()| journal.end()))?;
    match arguments.common.format {
        Format::Json => terminal.answer(&json)?,
        Format::Text => {
            let place = folder.path.join("").display().to_string();
            terminal.answer(&report::screen(&shown, terminal.language, Some(&place)))?;
        }
    }
    Ok(Exit::Done)
}

/// Whether only to listen for Ctrl-C.
struct Stop<'a>(&'a Progress);

impl Watch for Stop<'_> {
    fn done(&self, replications: u32, planned: u32, half: Option<f64>) {
        Nobody.done(replications, planned, half);
    }
    fn interrupted(&self) -> bool {
        self.0.interrupted()
    }
}

fn unknowns(
    model: &Model,
    (round, of): (&str, Compared),
    samples: u32,
    progress: &Progress,
) -> Option<Effects> {
    if model.unknowns.is_empty() {
        return None;
    }
    let found: Option<RoundId> = model
        .rounds
        .iter()
        .find(|(_, entry)| entry.name.id == round)
        .map(|(id, _)| id);
    sobol::effects(model, of, found?, samples, &Stop(progress))
}

fn files(found: &Found<'_>, (json, scenario): (&str, &str), terminal: &Terminal<'_>) -> Vec<File> {
    let language = terminal.language;
    let mut files = vec![
        File::new(
            "README.txt",
            report::screen(found, language, None).replace('\n', "\r\n"),
        ),
        File::new("levers.csv", report::csv(found, language)),
        File::new("sensitivity.json", json),
        File::new("scenario.toml", scenario),
    ];
    files.extend(File::drawn("tornado", &report::tornado(found, language)));
    files
}
