//! How far the work is: on a terminal only, and only when it takes longer than a second.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::experiment::Watch;
use crate::units::language::Language;

use super::interrupt::Interrupt;

/// Work shorter than this needs no progress.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

/// Watches an experiment for somebody who waits.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    started: Instant,
    /// How long before anything is shown; `None` where nobody watches.
    patience: Option<Duration>,
    interrupt: Interrupt,
    language: Language,
}

impl Progress {
    /// Starts the clock. Nothing is shown before `patience` is over, if ever.
    #[expect(
        clippy::disallowed_methods,
        reason = "how long someone waits is measured by the wall clock"
    )]
    pub(super) fn start(
        patience: Option<Duration>,
        language: Language,
        interrupt: Interrupt,
    ) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let template = language.pick(
            "推演 {bar:30} {pos}/{len} 次，还要 {eta} {msg}",
            "simulating {bar:30} {pos}/{len}, {eta} left {msg}",
        );
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self {
            bar,
            started: Instant::now(),
            patience,
            interrupt,
            language,
        }
    }

    /// Takes the progress off the terminal.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watch for Progress {
    fn done(&self, replications: u32, planned: u32, half_width_min: Option<f64>) {
        self.bar.set_length(u64::from(planned));
        self.bar.set_position(u64::from(replications));
        if let Some(half) = half_width_min.filter(|half| half.is_finite()) {
            self.bar
                .set_message(format!("±{half:.1} {}", self.language.pick("分钟", "min")));
        }
        let waited = self
            .patience
            .is_some_and(|patience| self.started.elapsed() > patience);
        if waited && self.bar.is_hidden() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    fn interrupted(&self) -> bool {
        self.interrupt.asked()
    }
}
