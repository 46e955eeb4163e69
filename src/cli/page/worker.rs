//! Reads and simulates what is on the page: a first look, then all of it; anew when something is saved.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::experiment::results::{Precision, Results};
use crate::experiment::{self, Watch};
use crate::model::{Model, Replications};
use crate::report::live::{self, Stage};
use crate::report::{brief, charts};
use crate::scenario;
use crate::scenario::document::Options;
use crate::units::language::Language;

use super::super::arguments::Design;
use super::super::briefing;
use super::super::failure::Failure;
use super::super::interrupt::Interrupt;
use super::super::simulation::{designed, enough_memory, on_threads};
use super::board::{Board, Wanted};
use super::files::Files;

/// How often the files are looked at where the system does not tell of saves.
const PATROL: Duration = Duration::from_millis(500);

/// People of a first look, over all rounds and replications: about half a second's worth.
const LOOKED_AT: u64 = 800_000;

/// Replications of a first look, at least and at most.
const LOOK: (u32, u32) = (2, 12);

/// Whoever reads and simulates.
#[derive(Debug)]
pub(super) struct Worker {
    /// The scenario.
    pub(super) file: PathBuf,
    /// What to change in it.
    pub(super) options: Options,
    /// How much to simulate.
    pub(super) design: Design,
    /// On how many threads.
    pub(super) jobs: usize,
    /// In which language.
    pub(super) language: Language,
    /// Where the results are shown.
    pub(super) board: Arc<Board>,
    /// Whether to end.
    pub(super) interrupt: Interrupt,
    /// What is read.
    pub(super) files: Files,
}

/// A scenario that can be simulated, and how far that is.
#[derive(Debug)]
struct Case {
    model: Model,
    looked: bool,
    done: bool,
}

impl Worker {
    /// Works until Ctrl-C.
    pub(super) fn work(&mut self) {
        let mut seen = None;
        let mut case = None;
        while !self.interrupt.asked() {
            let wanted = self.board.wanted();
            if seen != Some(wanted) {
                seen = Some(wanted);
                case = self.read();
            } else if let Some(case) = case.as_mut().filter(|case| !case.done) {
                self.step(case, wanted);
            } else {
                self.board.wait(wanted, PATROL);
                if self.files.changed() {
                    self.board.saved();
                }
            }
        }
    }

    /// Reads the scenario; none if it is wrong, which the page then tells.
    fn read(&mut self) -> Option<Case> {
        self.board.says(Stage::Reading);
        self.files.look();
        let mut read = scenario::read(&self.file, &self.options);
        let sources = match &read {
            Ok(reading) => &reading.sources,
            Err(refusal) => &refusal.sources,
        };
        if self.files.follow(sources) {
            // A file that nobody watched until now may have been saved since it was read.
            read = scenario::read(&self.file, &self.options);
        }
        let reading = match read {
            Ok(reading) => reading,
            Err(refusal) => {
                let body = live::problems(&refusal.problems, &refusal.sources, self.language);
                let stage = Stage::Wrong(live::errors(&refusal.problems));
                self.board.show(stage, &body);
                return None;
            }
        };
        let model = designed(reading.model, &self.design);
        if let Err(failure) = enough_memory(&[&model], self.jobs) {
            self.refuse(failure);
            return None;
        }
        Some(Case {
            looked: false,
            done: false,
            model,
        })
    }

    /// Takes a first look, or does all of it. What somebody saves meanwhile ends it, and is read next.
    fn step(&self, case: &mut Case, wanted: Wanted) {
        let current = Current {
            board: &self.board,
            interrupt: &self.interrupt,
            wanted,
        };
        let few = look(&case.model);
        let first = !case.looked && few.is_some();
        case.looked = true;
        let shown = on_threads(self.jobs, || match few.filter(|_| first) {
            Some(few) => self.look(&case.model, few, &current),
            None => self.all(&case.model, &current),
        });
        match shown {
            Ok(Some((replications, body))) => {
                case.done = !first;
                let stage = if first {
                    Stage::Looked(replications)
                } else {
                    Stage::Done(replications)
                };
                self.board.show(stage, &body);
            }
            // Something was saved.
            Ok(None) => {}
            Err(failure) => {
                case.done = true;
                self.refuse(failure);
            }
        }
    }

    /// A few replications, without what is simulated besides.
    fn look(&self, model: &Model, few: u32, watch: &dyn Watch) -> Option<(u32, String)> {
        let mut model = model.clone();
        model.design.replications = Replications::Fixed(few);
        let results = run(&model, watch)?;
        let charts = charts::all(&model, &results, None, self.language);
        let page = brief::page(&model, &results, (&charts, None), self.language);
        Some((results.replications, brief::body(&page)))
    }

    /// The briefing as `run` writes it.
    fn all(&self, model: &Model, watch: &dyn Watch) -> Option<(u32, String)> {
        let results = run(model, watch)?;
        let asked = briefing::asked(model, &results, watch).ok()?;
        let day = briefing::day(model, &results, watch).ok()?;
        let charts = charts::all(model, &results, Some(&day), self.language);
        let page = brief::page(model, &results, (&charts, asked.as_ref()), self.language);
        Some((results.replications, brief::body(&page)))
    }

    /// Tells on the page why the machine cannot do it.
    fn refuse(&self, failure: Failure) {
        if let Failure::Said { what, help, .. } = failure {
            let body = live::refusal(&what, &help, self.language);
            self.board.show(Stage::Refused, &body);
        }
    }
}

/// The results, unless somebody wants something else.
fn run(model: &Model, watch: &dyn Watch) -> Option<Results> {
    let results = experiment::run(model, watch);
    (results.precision != Precision::Interrupted && !watch.interrupted()).then_some(results)
}

/// How many replications a first look takes; none where all of them are not many more.
fn look(model: &Model) -> Option<u32> {
    let people: u64 = model
        .rounds
        .values()
        .flat_map(|round| &round.cells)
        .map(|&cell| u64::from(model.cells[cell].due()))
        .sum();
    let few = LOOKED_AT / people.max(1);
    let few = u32::try_from(few).unwrap_or(LOOK.1).clamp(LOOK.0, LOOK.1);
    let all = match model.design.replications {
        Replications::Fixed(replications) => replications,
        Replications::Precision { most, .. } => most,
    };
    (few * 2 < all).then_some(few)
}

/// Stops the work when something else is wanted.
struct Current<'a> {
    board: &'a Board,
    interrupt: &'a Interrupt,
    wanted: Wanted,
}

impl Watch for Current<'_> {
    fn done(&self, _: u32, _: u32, _: Option<f64>) {}
    fn interrupted(&self) -> bool {
        self.interrupt.asked() || self.board.wanted() != self.wanted
    }
}
