//! Ctrl-C: the first ends the work at the next replication, the second ends it at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::experiment::Watch;

use super::failure::Exit;

/// Whether somebody wants the work to end.
#[derive(Clone, Default, Debug)]
pub(super) struct Interrupt {
    asked: Arc<AtomicBool>,
    /// While files are written even a second Ctrl-C waits, so that nothing is left half-written.
    writing: Arc<AtomicBool>,
}

impl Interrupt {
    /// Listens from now on.
    pub(super) fn listen() -> Self {
        let interrupt = Self::default();
        let heard = interrupt.clone();
        // Where signals cannot be heard the program still works; it only dies less politely.
        let _heard = ctrlc::set_handler(move || {
            let again = heard.asked.swap(true, Ordering::SeqCst);
            if again && !heard.writing.load(Ordering::SeqCst) {
                std::process::exit(i32::from(Exit::Interrupted.code()));
            }
        });
        interrupt
    }

    /// Whether the work should end.
    pub(super) fn asked(&self) -> bool {
        self.asked.load(Ordering::SeqCst)
    }

    /// Does something that must not end half-way.
    pub(super) fn hold<T>(&self, work: impl FnOnce() -> T) -> T {
        self.writing.store(true, Ordering::SeqCst);
        let done = work();
        self.writing.store(false, Ordering::SeqCst);
        done
    }
}

/// Hears whether to stop, and shows nothing.
impl Watch for Interrupt {
    fn done(&self, _: u32, _: u32, _: Option<f64>) {}
    fn interrupted(&self) -> bool {
        self.asked()
    }
}
