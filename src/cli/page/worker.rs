//! Reads and simulates what is on the page: a first look, then all of it; anew when something is saved. Sliders that are moved go first.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::experiment::points::{Trial, trial};
use crate::experiment::results::{Precision, Results};
use crate::experiment::{self, Watch};
use crate::id::RoundId;
use crate::model::{Model, Replications};
use crate::report::live::{self, Answer, Stage};
use crate::report::{brief, charts, verdict};
use crate::scenario;
use crate::scenario::document::Options;
use crate::scenario::lever::Lever;
use crate::scenario::problem::{Severity, Words};
use crate::units::language::Language;

use super::super::arguments::Design;
use super::super::briefing;
use super::super::failure::Failure;
use super::super::interrupt::Interrupt;
use super::super::simulation::{designed, enough_memory, on_threads};
use super::board::{Board, Pulled, Wanted};
use super::files::Files;
use super::sliders::{Sliders, as_set};

/// How often the files are looked at where the system does not tell of saves.
const PATROL: Duration = Duration::from_millis(500);

/// People of a first look, over all rounds and replications: about half a second's worth.
const LOOKED_AT: u64 = 800_000;

/// Replications of a first look, at least and at most.
const LOOK: (u32, u32) = (2, 12);

/// Replications of a plan whose sliders were moved, at least and at most.
const TRIED: (u32, u32) = (4, 400);

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
    /// Whether there are sliders.
    pub(super) offers: bool,
}

/// A scenario that can be simulated, and how far that is.
#[derive(Debug)]
struct Case {
    model: Model,
    /// What it names to be moved.
    levers: Vec<Lever>,
    /// How much of it is shown.
    shown: Extent,
    /// Whether its sliders are offered, if there are to be any.
    offered: bool,
    /// The round in most danger, as far as is known.
    round: Option<RoundId>,
    /// What the plan comes to as it stands, by replications.
    bases: BTreeMap<u32, Trial>,
    /// Which move of the sliders was answered, and with how many replications.
    answered: Option<(u64, u32)>,
}

/// How much of a scenario is shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Extent {
    Nothing,
    Look,
    All,
}

/// What is to be done next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    /// A first look at so many replications.
    Look(u32),
    /// Find out which sliders there are.
    Offer,
    /// So many replications with the sliders as they are.
    Try(u32),
    /// All of it.
    All,
}

impl Worker {
    /// Works until Ctrl-C.
    pub(super) fn work(&mut self) {
        let mut seen = None;
        let mut case = None;
        while !self.interrupt.asked() {
            let wanted = self.board.wanted();
            if seen != Some(wanted.saves) {
                seen = Some(wanted.saves);
                case = self.read();
                continue;
            }
            let next = case.as_ref().and_then(|case| self.next(case, wanted));
            if let (Some(case), Some(step)) = (&mut case, next) {
                self.take(step, case, wanted);
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
                self.board.answer("");
                return None;
            }
        };
        let model = designed(reading.model, &self.design);
        if let Err(failure) = enough_memory(&[&model], self.jobs) {
            self.refuse(failure);
            return None;
        }
        Some(Case {
            model,
            levers: reading.levers,
            shown: Extent::Nothing,
            offered: !self.offers,
            round: None,
            bases: BTreeMap::new(),
            answered: None,
        })
    }

    /// What is to be done next, if anything.
    fn next(&self, case: &Case, wanted: Wanted) -> Option<Step> {
        let few = look(&case.model);
        if let Some(few) = few.filter(|_| case.shown < Extent::Look) {
            return Some(Step::Look(few));
        }
        if !case.offered {
            return Some(Step::Offer);
        }
        let moved = self.offers && self.board.pulled().is_some_and(|pulled| pulled.is_moved());
        if moved && case.round.is_some() {
            let all = all(&case.model).clamp(TRIED.0, TRIED.1);
            let first = few.unwrap_or(all).clamp(TRIED.0, TRIED.1);
            match case.answered {
                Some((pull, tried)) if pull == wanted.pulls => {
                    if tried < all {
                        return Some(Step::Try(all));
                    }
                }
                Some(_) | None => return Some(Step::Try(first)),
            }
        }
        (case.shown < Extent::All).then_some(Step::All)
    }

    /// Does it. What somebody saves or moves meanwhile ends it, and goes first.
    fn take(&self, step: Step, case: &mut Case, wanted: Wanted) {
        let current = Current {
            board: &self.board,
            interrupt: &self.interrupt,
            wanted,
        };
        let taken = on_threads(self.jobs, || match step {
            Step::Look(few) => self.look(case, few, &current),
            Step::Offer => {
                let sliders = Sliders::find(
                    &self.file,
                    &self.options,
                    (case.model.clone(), &case.levers),
                );
                self.board.offer(sliders, self.language);
                case.offered = true;
            }
            Step::Try(replications) => self.try_out(case, replications, &current),
            Step::All => self.all(case, &current),
        });
        if let Err(failure) = taken {
            (case.shown, case.offered) = (Extent::All, true);
            self.refuse(failure);
        }
    }

    /// A few replications, without what is simulated besides.
    fn look(&self, case: &mut Case, few: u32, watch: &dyn Watch) {
        let mut model = case.model.clone();
        model.design.replications = Replications::Fixed(few);
        let Some(results) = run(&model, watch) else {
            return;
        };
        let charts = charts::all(&model, &results, None, self.language);
        let page = brief::page(&model, &results, (&charts, None), self.language);
        case.shown = Extent::Look;
        case.looks_at(verdict::worst(&model, &results));
        let stage = Stage::Looked(results.replications);
        self.board.show(stage, &brief::body(&page));
    }

    /// The briefing as `run` writes it.
    fn all(&self, case: &mut Case, watch: &dyn Watch) {
        let model = &case.model;
        let made = || {
            let results = run(model, watch)?;
            let asked = briefing::asked(model, &results, watch).ok()?;
            let day = briefing::day(model, &results, watch).ok()?;
            let charts = charts::all(model, &results, Some(&day), self.language);
            let page = brief::page(model, &results, (&charts, asked.as_ref()), self.language);
            let round = verdict::worst(model, &results);
            Some((round, results.replications, brief::body(&page)))
        };
        if let Some((round, replications, body)) = made() {
            case.shown = Extent::All;
            case.looks_at(round);
            self.board.show(Stage::Done(replications), &body);
        }
    }

    /// What the sliders come to, beside the plan as it stands, under the same luck.
    fn try_out(&self, case: &mut Case, replications: u32, current: &Current<'_>) {
        let (Some(pulled), Some(round)) = (self.board.pulled(), case.round) else {
            return;
        };
        let changed = match self.moved(&pulled) {
            Ok(model) => model,
            Err(why) => {
                case.answered = Some((current.wanted.pulls, u32::MAX));
                return self.board.answer(&live::impossible(&why, self.language));
            }
        };
        let id = &case.model.rounds[round].name.id;
        if !case.bases.contains_key(&replications) {
            let Some(base) = trial(&case.model, id, replications, current) else {
                return;
            };
            case.bases.insert(replications, base);
        }
        let Some(changed) = trial(&changed, id, replications, current) else {
            return;
        };
        let all = all(&case.model).clamp(TRIED.0, TRIED.1);
        let answer = Answer {
            model: &case.model,
            round,
            base: &case.bases[&replications],
            changed: &changed,
            replications,
            more: replications < all,
            moved: &pulled.sliders.moved(&pulled.positions, self.language),
        };
        // Of an answer that comes when the sliders are elsewhere again nothing is shown.
        if !current.interrupted() {
            self.board.answer(&live::answer(&answer, self.language));
            case.answered = Some((current.wanted.pulls, replications));
            if current.interrupted() {
                self.board.answer("");
            }
        }
    }

    /// The plan as the sliders have it, or why it cannot be.
    fn moved(&self, pulled: &Pulled) -> Result<Model, Vec<Words>> {
        let mut options = self.options.clone();
        let settings = pulled.sliders.settings(&pulled.positions);
        options.set.extend(as_set(&settings));
        match scenario::read(&self.file, &options) {
            Ok(reading) => Ok(designed(reading.model, &self.design)),
            Err(refusal) => {
                let list = refusal.problems.list.into_iter();
                let errors = list.filter(|problem| problem.severity == Severity::Error);
                Err(errors.take(3).map(|problem| problem.what).collect())
            }
        }
    }

    /// Tells on the page why the machine cannot do it.
    fn refuse(&self, failure: Failure) {
        if let Failure::Said { what, help, .. } = failure {
            let body = live::refusal(&what, &help, self.language);
            self.board.show(Stage::Refused, &body);
        }
    }
}

impl Case {
    /// Answers are about this round from now on.
    fn looks_at(&mut self, round: Option<RoundId>) {
        if self.round != round {
            self.round = round;
            self.bases.clear();
            self.answered = None;
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
    (few * 2 < all(model)).then_some(few)
}

/// Replications that the scenario asks for; at most, where it asks for precision.
const fn all(model: &Model) -> u32 {
    match model.design.replications {
        Replications::Fixed(replications) => replications,
        Replications::Precision { most, .. } => most,
    }
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
