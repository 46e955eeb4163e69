//! The command: verbs, terminal, folders and the wall clock.

pub mod arguments;

mod briefing;
mod check;
mod compare;
mod complaint;
mod contenders;
mod doctor;
mod explain;
mod failure;
mod folder;
mod interrupt;
mod journal;
mod new;
mod page;
mod progress;
mod run;
mod schema;
mod sensitivity;
mod simulation;
mod sweep;
mod terminal;
mod trace;

use std::process::ExitCode;

use arguments::{Arguments, Verb};
use failure::{Exit, Failure};
use schema::Schema;
use terminal::Terminal;

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().collect();
    let (mut out, mut err) = (std::io::stdout().lock(), std::io::stderr().lock());
    let mut terminal = Terminal::of_process(&mut out, &mut err, arguments::language(&words));
    let exit = command(&words, &mut terminal);
    ExitCode::from(exit.code())
}

/// Runs one command line and says how it went.
fn command(words: &[std::ffi::OsString], terminal: &mut Terminal<'_>) -> Exit {
    let verdict = match arguments::parse(words) {
        Ok(arguments) => run_verb(&arguments, terminal),
        Err(error) => complaint::answer(&error, terminal),
    };
    // Whatever was written must have arrived before success is claimed.
    let verdict = verdict.and_then(|exit| terminal.flush().map(|()| exit));
    verdict.unwrap_or_else(|failure| failure.report(terminal))
}

fn run_verb(arguments: &Arguments, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    match &arguments.verb {
        Verb::New { folder, common } => new::new(folder, common, terminal),
        Verb::Check(check) => check::check(check, terminal),
        Verb::Run(run) => run::run(run, terminal),
        Verb::Compare(compare) => compare::compare(compare, terminal),
        Verb::Sensitivity(sensitivity) => sensitivity::sensitivity(sensitivity, terminal),
        Verb::Explain(explain) => explain::explain(explain, terminal),
        Verb::Sweep(sweep) => sweep::sweep(sweep, terminal),
        Verb::Watch(page) => page::watch(page, terminal),
        Verb::Serve(page) => page::serve(page, terminal),
        Verb::Doctor { common } => doctor::doctor(common, terminal),
        Verb::Schema { phrases: true, .. } => schema::schema(Schema::Phrases, terminal),
        Verb::Schema { summary: true, .. } => schema::schema(Schema::Summary, terminal),
        Verb::Schema { .. } => schema::schema(Schema::Scenario, terminal),
        Verb::Completions { shell } => schema::completions(*shell, terminal),
    }
}
