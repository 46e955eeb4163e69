//! `swabplan check`: every problem of every file, then the arithmetic of those that have none.

use std::path::Path;

use serde_json::{Value, json};

use crate::report;
use crate::scenario;
use crate::scenario::render;

use super::arguments::{Check, Format};
use super::failure::{Exit, Failure};
use super::terminal::Terminal;

/// Checks every file; one that is wrong does not hide the others.
pub(super) fn check(arguments: &Check, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let options = arguments.change.options();
    let checked: Vec<_> = arguments
        .files
        .iter()
        .map(|file| (file, scenario::read(file, &options)))
        .collect();
    let all_good = checked.iter().all(|(_, reading)| reading.is_ok());
    match arguments.common.format {
        Format::Json => {
            let files: Vec<_> = checked
                .iter()
                .map(|(file, reading)| as_json(file, reading.as_ref(), terminal))
                .collect();
            terminal.answer(&format!("{:#}\n", Value::from(files)))?;
        }
        Format::Text => {
            for (file, reading) in &checked {
                as_text(file, reading.as_ref(), arguments, terminal)?;
            }
        }
    }
    Ok(if all_good { Exit::Done } else { Exit::Input })
}

type Read<'a> = Result<&'a scenario::Reading, &'a scenario::problem::Refusal>;

fn as_text(
    file: &Path,
    reading: Read<'_>,
    arguments: &Check,
    terminal: &mut Terminal<'_>,
) -> Result<(), Failure> {
    let (problems, sources) = match reading {
        Ok(reading) => (&reading.warnings, &reading.sources),
        Err(refusal) => (&refusal.problems, &refusal.sources),
    };
    let hushed = arguments.common.quiet && reading.is_ok();
    if !hushed && !problems.list.is_empty() {
        let shown = render::render(problems, sources, terminal.language, terminal.styled);
        terminal.complain(&shown);
    }
    let Ok(reading) = reading else { return Ok(()) };
    let file = file.display();
    let good = terminal.language.pick(
        format!("{file}：可以推演\n\n"),
        format!("{file}: ready to run\n\n"),
    );
    terminal.answer(&good)?;
    terminal.answer(&report::check::text(&reading.model, terminal.language))?;
    if arguments.files.len() > 1 {
        terminal.answer("\n")?;
    }
    Ok(())
}

fn as_json(file: &Path, reading: Read<'_>, terminal: &Terminal<'_>) -> Value {
    let (problems, sources) = match reading {
        Ok(reading) => (&reading.warnings, &reading.sources),
        Err(refusal) => (&refusal.problems, &refusal.sources),
    };
    json!({
        "file": file.display().to_string(),
        "ok": reading.is_ok(),
        "problems": render::json(problems, sources, terminal.language),
        "rounds": reading.map_or(Value::Null, |reading| report::check::json(&reading.model)),
    })
}
