//! `swabplan explain`: why results are late.

use crate::experiment::{self, explain as inquiry};
use crate::id::RoundId;
use crate::model::Model;
use crate::report::explain::{self as report, Explained};
use crate::report::verdict;
use crate::scenario;
use crate::scenario::problem::Words;

use super::arguments::{Explain, Format};
use super::failure::{Exit, Failure};
use super::folder::{File, Folder};
use super::interrupt::Interrupt;
use super::journal::Journal;
use super::progress::Progress;
use super::simulation::{enough_memory, on_threads, processors, round_of};
use super::terminal::Terminal;

/// Splits the time of late people, relieves what holds them, writes everything under the output folder, and prints why.
pub(super) fn explain(arguments: &Explain, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let interrupt = Interrupt::listen();
    let options = arguments.change.options();
    let reading = scenario::read(&arguments.file, &options)?;
    let (text, mut model) = (reading.normalized, reading.model);
    model.design.seed = arguments.seed.unwrap_or(model.design.seed);
    let jobs = arguments.jobs.map_or_else(processors, usize::from);
    enough_memory(&[&model], jobs)?;
    let round = arguments.round.as_deref();
    let asked = round
        .map(|round| round_of(&model, Some(round)))
        .transpose()?;
    let output = (arguments.change).output("explain", &arguments.file, arguments.out.as_ref());
    let folder = Folder::claim(&output)?;
    let work = format!(
        "explain {}\n{text}\n{:?}",
        env!("CARGO_PKG_VERSION"),
        (&model.design, &asked, arguments.replications)
    );
    let journal = Journal::open(&folder.path, &work, arguments.resume)?;
    let patience = terminal.watched.filter(|_| !arguments.common.quiet);
    let progress = Progress::start(patience, terminal.language, interrupt.clone());
    let watch = journal.keeping(&progress);
    let results = on_threads(jobs, || experiment::run(&model, &watch))?;
    let worst = verdict::worst(&model, &results).map(|round| model.rounds[round].name.id.clone());
    let id = asked.or(worst).unwrap_or_default();
    let round = number(&model, &id)?;
    let found = on_threads(jobs, || {
        inquiry::explain(&model, round, arguments.replications, &watch)
    })?;
    progress.end();
    journal.check()?;
    if interrupt.asked() {
        return Err(journal.stopped());
    }
    let Some(found) = found else {
        journal.end()?;
        return Err(no_result(&id));
    };
    let explained = Explained {
        model: &model,
        found: &found,
        results: &results,
    };
    let json = format!("{:#}\n", report::json(&explained));
    let files = files(&explained, (&json, &text), terminal);
    interrupt.hold(|| folder.replace(&files).and_then(|()| journal.end()))?;
    match arguments.common.format {
        Format::Json => terminal.answer(&json)?,
        Format::Text => {
            let place = folder.path.join("").display().to_string();
            terminal.answer(&report::screen(&explained, terminal.language, Some(&place)))?;
        }
    }
    Ok(Exit::Done)
}

fn number(model: &Model, id: &str) -> Result<RoundId, Failure> {
    let found = model.rounds.iter().find(|(_, round)| round.name.id == id);
    found.map(|(round, _)| round).ok_or_else(|| no_result(id))
}

fn no_result(round: &str) -> Failure {
    Failure::input(
        Words::new(
            format!("{round} 轮一个结果也没有出，没有可解释的"),
            format!("in round {round} no result comes out, so there is nothing to explain"),
        ),
        Words::new(
            "用 swabplan run 看有没有人来、管子有没有送到实验室",
            "see with swabplan run whether anyone comes and whether tubes reach a laboratory",
        ),
    )
}

fn files(
    explained: &Explained<'_>,
    (json, scenario): (&str, &str),
    terminal: &Terminal<'_>,
) -> Vec<File> {
    let language = terminal.language;
    let mut files = vec![
        File::new(
            "README.txt",
            report::screen(explained, language, None).replace('\n', "\r\n"),
        ),
        File::new("parts.csv", report::by_part(explained, language)),
        File::new("hours.csv", report::by_hour(explained, language)),
        File::new("sites.csv", report::by_site(explained, language)),
        File::new("explain.json", json),
        File::new("scenario.toml", scenario),
    ];
    for (name, drawn) in [
        ("hours", report::hours(explained, language)),
        ("sites", report::sites(explained, language)),
    ] {
        files.extend(File::drawn(name, &drawn));
    }
    files
}
