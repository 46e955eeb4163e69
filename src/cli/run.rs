//! `swabplan run`: simulates a scenario and writes what came of it.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::chart::{self, Picture};
use crate::experiment::results::{Precision, Results};
use crate::experiment::{self, Watch};
use crate::measure::day::Day;
use crate::model::Model;
use crate::network::{self, appointments::appointments};
use crate::report;
use crate::report::brief::{Asked, Page};
use crate::report::charts::Drawn;
use crate::report::table::Table;
use crate::scenario;
use crate::scenario::phrases::{self, Phrases};
use crate::scenario::render;
use crate::units::language::Language;

use super::arguments::{self, Format, Lang, Part, Run};
use super::briefing::{self, Stopped};
use super::failure::{Exit, Failure};
use super::folder::{File, Folder};
use super::interrupt::Interrupt;
use super::journal::Journal;
use super::progress::Progress;
use super::simulation::{designed, enough_memory, on_threads, processors};
use super::terminal::Terminal;
use super::trace::Target;

/// Simulates a scenario, writes everything under its output folder, and prints the answer.
pub(super) fn run(arguments: &Run, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let interrupt = Interrupt::listen();
    let reading = read(arguments, terminal)?;
    let model = designed(reading.model, &arguments.design);
    let phrases = phrases(arguments, terminal.language)?;
    let folder = Folder::claim(&output(arguments))?;
    let which = arguments.trace_replication;
    let trace = arguments.trace.as_deref();
    let trace = trace
        .map(|path| Target::claim(path, &model, which))
        .transpose()?;
    let jobs = arguments.design.jobs.map_or_else(processors, usize::from);
    enough_memory(&[&model], jobs)?;

    let patience = terminal.watched.filter(|_| !arguments.common.quiet);
    let progress = Progress::start(patience, terminal.language, interrupt.clone());
    let journal = journal(arguments, (&reading.normalized, &model), &folder)?;
    let watch = journal.keeping(&progress);
    let results = on_threads(jobs, || experiment::run(&model, &watch))?;
    progress.end();
    journal.check()?;
    if results.precision == Precision::Interrupted || interrupt.asked() {
        return Err(journal.stopped());
    }

    let summary = format!("{:#}\n", report::summary::summary(&model, &results));
    let wanted = Wanted::of(arguments, &phrases, terminal.language);
    let watch = journal.keeping(&interrupt);
    let texts = (summary.as_str(), reading.normalized.as_str());
    let files = on_threads(jobs, || {
        let background = Background::of(&model, &results, &wanted, &watch)?;
        Ok(files(&model, &results, texts, (&wanted, &background)))
    })?
    .map_err(|Stopped| journal.stopped())?;
    if interrupt.asked() {
        return Err(journal.stopped());
    }
    interrupt.hold(|| folder.replace(&files).and_then(|()| journal.end()))?;
    if let Some(trace) = trace {
        interrupt.hold(|| trace.write(&model, which))?;
    }
    match arguments.common.format {
        Format::Json => terminal.answer(&summary)?,
        Format::Text => {
            let place = folder.path.join("").display().to_string();
            terminal.answer(&report::screen::screen(
                &model,
                &results,
                terminal.language,
                Some(&place),
            ))?;
        }
    }
    Ok(if arguments.judge && !report::verdict::all_met(&results) {
        Exit::Late
    } else {
        Exit::Done
    })
}

/// Reads the scenario as the command line changes it, and says what it warns of.
fn read(arguments: &Run, terminal: &mut Terminal<'_>) -> Result<scenario::Reading, Failure> {
    let options = arguments.design.options(&arguments.change);
    let reading = scenario::read(&arguments.file, &options)?;
    if !arguments.common.quiet && !reading.warnings.list.is_empty() {
        let shown = render::render(
            &reading.warnings,
            &reading.sources,
            terminal.language,
            terminal.styled,
        );
        terminal.complain(&shown);
    }
    Ok(reading)
}

/// What notices say: in the language of the report, in both if both are asked for, and in those of the file of phrases, which may also say
/// it better.
fn phrases(arguments: &Run, language: Language) -> Result<Vec<Phrases>, Failure> {
    let own = language.pick("zh", "en");
    let both = arguments.common.lang == Some(Lang::Both);
    let mut said: Vec<Phrases> = phrases::shipped()
        .into_iter()
        .filter(|phrases| both || phrases.tag == own)
        .collect();
    if let Some(file) = &arguments.phrases {
        for phrases in phrases::read(file)? {
            match said.iter_mut().find(|known| known.tag == phrases.tag) {
                Some(known) => *known = phrases,
                None => said.push(phrases),
            }
        }
    }
    Ok(said)
}

/// Where the replications are kept until all is written. They depend on the scenario and the seed, not on how many there are.
fn journal(
    arguments: &Run,
    (text, model): (&str, &Model),
    folder: &Folder,
) -> Result<Journal, Failure> {
    let work = format!(
        "run {}\n{text}\n{}",
        env!("CARGO_PKG_VERSION"),
        model.design.seed
    );
    Journal::open(&folder.path, &work, arguments.design.resume)
}

fn output(arguments: &Run) -> PathBuf {
    arguments.out.clone().unwrap_or_else(|| {
        // A stress run stands beside the run it is compared with.
        let stress = arguments.design.stress.then_some("stress");
        let parts: Vec<&str> = [arguments.change.layout.as_deref(), stress]
            .into_iter()
            .flatten()
            .collect();
        let variant = (!parts.is_empty()).then(|| parts.join("-"));
        Path::new(arguments::OUTPUT)
            .join(arguments::output_name(&arguments.file, variant.as_deref()))
    })
}

/// What a run writes, in which languages.
struct Wanted<'a> {
    only: &'a [Part],
    /// What notices say, language by language.
    phrases: &'a [Phrases],
    language: Language,
    languages: Vec<(Language, &'static str)>,
}

impl<'a> Wanted<'a> {
    fn of(arguments: &'a Run, phrases: &'a [Phrases], language: Language) -> Self {
        Self {
            only: &arguments.only,
            phrases,
            language,
            languages: arguments.common.languages(language),
        }
    }

    fn has(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    /// Whether anything is written that has charts.
    fn draws(&self) -> bool {
        [Part::Report, Part::Slides, Part::Pdf, Part::Charts]
            .into_iter()
            .any(|part| self.has(part))
    }

    /// Whether anything is written that has the words of the briefing.
    fn briefs(&self) -> bool {
        [Part::Report, Part::Slides, Part::Pdf, Part::Workbook]
            .into_iter()
            .any(|part| self.has(part))
    }
}

/// What is simulated besides, for charts and report.
struct Background {
    asked: Option<Asked>,
    day: Option<Day>,
}

impl Background {
    /// As far as it is wanted.
    fn of(
        model: &Model,
        results: &Results,
        wanted: &Wanted<'_>,
        watch: &dyn Watch,
    ) -> Result<Self, Stopped> {
        let asked = wanted
            .briefs()
            .then(|| briefing::asked(model, results, watch));
        let day = wanted.draws().then(|| briefing::day(model, results, watch));
        Ok(Self {
            asked: asked.transpose()?.flatten(),
            day: day.transpose()?,
        })
    }
}

/// Every file of the output folder.
fn files(
    model: &Model,
    results: &Results,
    (summary, scenario): (&str, &str),
    (wanted, background): (&Wanted<'_>, &Background),
) -> Vec<File> {
    let mut files = vec![File::new("scenario.toml", scenario)];
    if wanted.has(Part::Summary) {
        files.push(File::new("summary.json", summary));
    }
    for &(language, ending) in &wanted.languages {
        let tables = report::tables::tables(model, results, language);
        if wanted.briefs() || wanted.draws() {
            let charts = report::charts::all(model, results, background.day.as_ref(), language);
            let page = || {
                let asked = background.asked.as_ref();
                report::brief::page(model, results, (&charts, asked), language)
            };
            let written = Written {
                charts: &charts,
                page: wanted.briefs().then(page),
                tables: &tables,
            };
            files.extend(written.files(wanted, model, (language, ending)));
        }
        if wanted.has(Part::Tables) && ending.is_empty() {
            files.extend(
                tables
                    .iter()
                    .map(|table| File::new(format!("{}.csv", table.name), table.csv())),
            );
        }
    }
    if wanted.has(Part::Notices) {
        let told = appointments(&network::compile(model, &|_| 0.5));
        let html = report::notices::notices(model, &told, wanted.phrases, wanted.language);
        files.push(File::new("notices.html", html));
    }
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let index = report::index::index(model, results, &names, wanted.language);
    files.push(File::new("README.txt", index));
    files
}

/// What the briefing and its charts are written from, in one language.
struct Written<'a> {
    charts: &'a [Drawn],
    page: Option<Page>,
    tables: &'a [Table],
}

impl Written<'_> {
    /// The files, made side by side and listed in the same order whatever is done first.
    fn files(
        &self,
        wanted: &Wanted<'_>,
        model: &Model,
        (language, ending): (Language, &str),
    ) -> Vec<File> {
        let page = |part: Part| self.page.as_ref().filter(|_| wanted.has(part));
        let report = || {
            let page = page(Part::Report)?;
            let html = report::brief::html(page);
            Some(File::new(format!("report{ending}.html"), html))
        };
        let paper = || {
            let bytes = report::brief::pdf(page(Part::Pdf)?, self.charts, language);
            Some(File::new(format!("briefing{ending}.pdf"), bytes))
        };
        let workbook = || {
            let page = page(Part::Workbook)?;
            let bytes = report::brief::workbook(page, self.tables, model, language);
            Some(File::new(format!("workbook{ending}.xlsx"), bytes))
        };
        let drawn = || {
            let pictures = self.pictures(wanted);
            let slides = page(Part::Slides).map(|page| {
                let bare: Vec<_> = pictures.iter().map(|(_, bare)| bare.clone()).collect();
                let bytes = report::brief::slides(page, self.charts, &bare, language);
                File::new(format!("slides{ending}.pptx"), bytes)
            });
            (slides, pictures)
        };
        let ((report, workbook), (paper, (slides, pictures))) = rayon::join(
            || rayon::join(report, workbook),
            || rayon::join(paper, drawn),
        );
        let mut files: Vec<File> = [report, slides, paper, workbook]
            .into_iter()
            .flatten()
            .collect();
        if wanted.has(Part::Charts) {
            let named = self.charts.iter().zip(pictures);
            files.extend(named.flat_map(|(drawn, (whole, _))| {
                File::pictured(&format!("{}{ending}", drawn.name), whole)
            }));
        }
        files
    }

    /// Every chart, whole and without the words around it, where either is wanted.
    fn pictures(&self, wanted: &Wanted<'_>) -> Vec<(Picture, Picture)> {
        if !wanted.has(Part::Charts) && !wanted.has(Part::Slides) {
            return Vec::new();
        }
        let charts = self.charts.par_iter();
        charts.map(|drawn| chart::pictures(&drawn.chart)).collect()
    }
}
