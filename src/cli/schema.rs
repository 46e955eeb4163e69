//! `swabplan schema` and `swabplan completions`: what editors and shells want to know.

use crate::report;
use crate::scenario::{self, phrases};

use super::arguments;
use super::failure::{Exit, Failure};
use super::terminal::Terminal;

/// What a schema describes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Schema {
    /// Scenario files.
    Scenario,
    /// The summary.json of a run.
    Summary,
    /// The phrases of notices: not a schema, but what is shipped, to begin with.
    Phrases,
}

/// Prints a JSON Schema, or the phrases.
pub(super) fn schema(of: Schema, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let text = match of {
        Schema::Scenario => format!("{:#}\n", scenario::schema()),
        Schema::Summary => format!("{:#}\n", report::summary::schema()),
        Schema::Phrases => phrases::SHIPPED.to_owned(),
    };
    terminal.answer(&text)?;
    Ok(Exit::Done)
}

/// Prints what makes a shell complete the words of the command.
pub(super) fn completions(
    shell: clap_complete::Shell,
    terminal: &mut Terminal<'_>,
) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut arguments::command(), "swabplan", &mut script);
    terminal.answer_bytes(&script)?;
    Ok(Exit::Done)
}
