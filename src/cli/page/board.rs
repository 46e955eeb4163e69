//! What the page shows, and what is wanted of whoever simulates: the only things that threads share.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch::{Receiver, Sender};

use crate::report::live::Stage;

/// What the page shows at a moment.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// How far the work is.
    pub(super) stage: Stage,
    /// A finished part of a page.
    pub(super) body: Arc<str>,
    /// Another one for each other body.
    pub(super) number: u64,
}

/// What is wanted of whoever simulates. Numbers only grow.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Wanted {
    /// How often something was saved.
    pub(super) saves: u64,
}

/// What is shown and what is wanted.
#[derive(Debug)]
pub(super) struct Board {
    shown: Sender<Shown>,
    wanted: Mutex<Wanted>,
    bell: Condvar,
}

impl Board {
    /// An empty page; the first work is wanted.
    pub(super) fn new() -> Self {
        let shown = Shown {
            stage: Stage::Reading,
            body: Arc::from(""),
            number: 0,
        };
        Self {
            shown: Sender::new(shown),
            wanted: Mutex::default(),
            bell: Condvar::new(),
        }
    }

    /// Says how far the work is.
    pub(super) fn says(&self, stage: Stage) {
        self.shown.send_modify(|shown| shown.stage = stage);
    }

    /// Shows something else.
    pub(super) fn show(&self, stage: Stage, body: &str) {
        self.shown.send_modify(|shown| {
            shown.stage = stage;
            if *shown.body != *body {
                shown.body = Arc::from(body);
                shown.number += 1;
            }
        });
    }

    /// What is shown now.
    pub(super) fn shown(&self) -> Shown {
        self.shown.borrow().clone()
    }

    /// Hears at once what is shown, and then of each change; of many in a row perhaps only of the last.
    pub(super) fn listen(&self) -> Receiver<Shown> {
        let mut receiver = self.shown.subscribe();
        receiver.mark_changed();
        receiver
    }

    /// Something was saved.
    pub(super) fn saved(&self) {
        self.lock().saves += 1;
        self.bell.notify_all();
    }

    /// What is wanted now.
    pub(super) fn wanted(&self) -> Wanted {
        *self.lock()
    }

    /// Waits until something else is wanted, but not longer than this.
    pub(super) fn wait(&self, but: Wanted, at_most: Duration) {
        let waiting = self
            .bell
            .wait_timeout_while(self.lock(), at_most, |wanted| *wanted == but);
        drop(waiting);
    }

    fn lock(&self) -> MutexGuard<'_, Wanted> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_body_keeps_its_number() {
        let board = Board::new();
        board.show(Stage::Looked(8), "a");
        board.show(Stage::Done(200), "a");
        assert_eq!(
            (board.shown().number, board.shown().stage),
            (1, Stage::Done(200))
        );
        board.show(Stage::Done(200), "b");
        assert_eq!(board.shown().number, 2);
    }

    #[test]
    fn nobody_waits_who_has_not_seen_the_last_save() {
        let board = Board::new();
        let seen = board.wanted();
        board.saved();
        board.wait(seen, Duration::from_mins(1));
        assert_ne!(board.wanted(), seen);
    }
}
