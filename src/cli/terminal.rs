//! The two streams of a command, and how it speaks on them.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use crate::scenario::problem::Words;
use crate::units::language::Language;

use super::failure::Failure;
use super::progress::PATIENCE;

/// The streams of a command.
pub(super) struct Terminal<'a> {
    /// Where answers go.
    out: &'a mut dyn Write,
    /// Where complaints go.
    err: &'a mut dyn Write,
    /// In which language.
    pub(super) language: Language,
    /// Whether complaints may be colored.
    pub(super) styled: bool,
    /// How long someone who watches the error stream waits before wanting to know how far the work is; `None` if nobody does.
    pub(super) watched: Option<Duration>,
}

impl<'a> Terminal<'a> {
    /// The streams of this process.
    pub(super) fn of_process(
        out: &'a mut dyn Write,
        err: &'a mut dyn Write,
        language: Language,
    ) -> Self {
        let stream = io::stderr();
        let styled = anstream::AutoStream::choice(&stream) != anstream::ColorChoice::Never;
        Self {
            out,
            err,
            language,
            styled,
            watched: stream.is_terminal().then_some(PATIENCE),
        }
    }

    /// Writes an answer.
    pub(super) fn answer(&mut self, text: &str) -> Result<(), Failure> {
        self.answer_bytes(text.as_bytes())
    }

    /// Writes an answer that need not be text.
    pub(super) fn answer_bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.out
            .write_all(bytes)
            .map_err(|error| self.broken(&error))
    }

    /// Makes sure that everything written has arrived.
    pub(super) fn flush(&mut self) -> Result<(), Failure> {
        self.out.flush().map_err(|error| self.broken(&error))
    }

    fn broken(&self, error: &io::Error) -> Failure {
        Failure::writing(self.language.pick("标准输出", "standard output"), error)
    }

    /// Writes a complaint. If even that is impossible there is nobody to tell.
    pub(super) fn complain(&mut self, text: &str) {
        let _nobody_listens = self
            .err
            .write_all(text.as_bytes())
            .and_then(|()| self.err.flush());
    }

    /// Says what is wrong and what to do.
    pub(super) fn error(&mut self, what: &Words, help: &Words) {
        let bold_red = anstyle::Style::new()
            .bold()
            .fg_color(Some(anstyle::AnsiColor::Red.into()));
        let (on, off) = if self.styled {
            (
                bold_red.render().to_string(),
                bold_red.render_reset().to_string(),
            )
        } else {
            Default::default()
        };
        let text = self.language.pick(
            format!("{on}错误{off}：{}\n  办法：{}\n", what.zh, help.zh),
            format!("{on}error{off}: {}\n  help: {}\n", what.en, help.en),
        );
        self.complain(&text);
    }
}
