//! What the page shows, and what is wanted of whoever simulates: the only things that threads share.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch::{Receiver, Sender};

use crate::report::live::{self, Stage};
use crate::units::language::Language;

use super::sliders::Sliders;

/// A finished part of a page, and a number that changes whenever it does.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// What is in it.
    pub(super) html: Arc<str>,
    /// Another one for each other content.
    pub(super) number: u64,
}

impl Part {
    fn new() -> Self {
        Self {
            html: Arc::from(""),
            number: 0,
        }
    }

    fn show(&mut self, html: &str) {
        if *self.html != *html {
            self.html = Arc::from(html);
            self.number += 1;
        }
    }
}

/// What the page shows at a moment.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// How far the work is.
    pub(super) stage: Stage,
    /// The briefing, or what is wrong.
    pub(super) body: Part,
    /// The sliders.
    pub(super) knobs: Part,
    /// What they come to.
    pub(super) answer: Part,
}

/// What is wanted of whoever simulates. Numbers only grow.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Wanted {
    /// How often something was saved.
    pub(super) saves: u64,
    /// How often a slider was moved.
    pub(super) pulls: u64,
}

/// Sliders and where they are.
#[derive(Clone, Debug)]
pub(super) struct Pulled {
    /// The sliders.
    pub(super) sliders: Arc<Sliders>,
    /// Where each is.
    pub(super) positions: Vec<usize>,
}

impl Pulled {
    /// Whether any is not where the scenario has it.
    pub(super) fn is_moved(&self) -> bool {
        self.positions != self.sliders.start()
    }
}

#[derive(Debug, Default)]
struct Asked {
    wanted: Wanted,
    pulled: Option<Pulled>,
}

/// What is shown and what is wanted.
#[derive(Debug)]
pub(super) struct Board {
    shown: Sender<Shown>,
    asked: Mutex<Asked>,
    bell: Condvar,
}

impl Board {
    /// An empty page; the first work is wanted.
    pub(super) fn new() -> Self {
        let shown = Shown {
            stage: Stage::Reading,
            body: Part::new(),
            knobs: Part::new(),
            answer: Part::new(),
        };
        Self {
            shown: Sender::new(shown),
            asked: Mutex::default(),
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
            shown.body.show(body);
        });
    }

    /// Shows what the sliders come to.
    pub(super) fn answer(&self, answer: &str) {
        self.shown.send_modify(|shown| shown.answer.show(answer));
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

    /// Offers sliders. Where they are those that were there, they stay where they are.
    pub(super) fn offer(&self, sliders: Sliders, language: Language) {
        let mut asked = self.lock();
        let known = asked.pulled.take();
        let known = known.filter(|known| known.sliders.list == sliders.list);
        let positions = known.map_or_else(|| sliders.start(), |known| known.positions);
        let knobs = live::knobs(&sliders.knobs(language), &positions);
        asked.pulled = Some(Pulled {
            sliders: Arc::new(sliders),
            positions,
        });
        drop(asked);
        self.shown.send_modify(|shown| shown.knobs.show(&knobs));
    }

    /// The sliders and where they are, once there are any.
    pub(super) fn pulled(&self) -> Option<Pulled> {
        self.lock().pulled.clone()
    }

    /// Somebody moved sliders of the page with this number. Whether they are still those.
    pub(super) fn pull(&self, panel: u64, positions: &[usize]) -> bool {
        let current = self.shown.borrow().knobs.number == panel;
        let mut asked = self.lock();
        let Some(pulled) = asked.pulled.as_mut().filter(|_| current) else {
            return false;
        };
        if !pulled.sliders.fit(positions) {
            return false;
        }
        positions.clone_into(&mut pulled.positions);
        let moved = pulled.is_moved();
        asked.wanted.pulls += 1;
        drop(asked);
        self.bell.notify_all();
        if !moved {
            self.answer("");
        }
        true
    }

    /// Something was saved.
    pub(super) fn saved(&self) {
        self.lock().wanted.saves += 1;
        self.bell.notify_all();
    }

    /// What is wanted now.
    pub(super) fn wanted(&self) -> Wanted {
        self.lock().wanted
    }

    /// Waits until something else is wanted, but not longer than this.
    pub(super) fn wait(&self, but: Wanted, at_most: Duration) {
        let waiting = self
            .bell
            .wait_timeout_while(self.lock(), at_most, |asked| asked.wanted == but);
        drop(waiting);
    }

    fn lock(&self) -> MutexGuard<'_, Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
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
        let shown = board.shown();
        assert_eq!((shown.body.number, shown.stage), (1, Stage::Done(200)));
        board.show(Stage::Done(200), "b");
        assert_eq!(board.shown().body.number, 2);
    }

    #[test]
    fn nobody_waits_who_has_not_seen_the_last_save() {
        let board = Board::new();
        let seen = board.wanted();
        board.saved();
        board.wait(seen, Duration::from_mins(1));
        assert_ne!(board.wanted(), seen);
    }

    #[test]
    fn without_sliders_nothing_can_be_moved() {
        let board = Board::new();
        assert!(!board.pull(0, &[]));
        assert_eq!(board.wanted(), Wanted::default());
    }
}
