//! `swabplan compare`: several plans under the same luck.

use std::path::{Path, PathBuf};

use crate::chart;
use crate::experiment::compare::{self as contest, Effort, End, Question};
use crate::experiment::rules::{self, Rule};
use crate::model::Model;
use crate::report::compare::{self as report, Compared, Contender as Shown};
use crate::scenario::difference::{Difference, differences};
use crate::scenario::problem::Words;
use crate::units::language::Language;

use super::arguments::{self, Compare, Format, Part};
use super::contenders::{self, Contender};
use super::failure::{Exit, Failure};
use super::folder::{File, Folder};
use super::interrupt::Interrupt;
use super::journal::Journal;
use super::progress::Progress;
use super::simulation::{enough_memory, on_threads, processors, round_of};
use super::terminal::Terminal;

/// Compares the plans, writes everything under the output folder, and prints which is better.
pub(super) fn compare(arguments: &Compare, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let interrupt = Interrupt::listen();
    if arguments.only.contains(&Part::Notices) {
        return Err(no_notices());
    }
    let quiet = arguments.common.quiet;
    let mut contenders = contenders(arguments, (quiet, terminal))?;
    let jobs = arguments.jobs.map_or_else(processors, usize::from);
    let mut models = models(arguments, &mut contenders);
    let ruled = ruled(arguments, &models[0], jobs)?;
    models.extend(ruled.iter().map(|(_, plan)| plan.clone()));
    let question = question(arguments, &contenders, &models)?;
    let folder = Folder::claim(&output(arguments))?;
    enough_memory(&models.iter().collect::<Vec<_>>(), jobs)?;

    let patience = terminal.watched.filter(|_| !quiet);
    let progress = Progress::start(patience, terminal.language, interrupt.clone());
    let journal = journal(arguments, (&contenders, &models), &folder)?;
    let watch = journal.keeping(&progress);
    let comparison = on_threads(jobs, || contest::compare(&models, &question, &watch))?;
    progress.end();
    journal.check()?;
    if comparison.end == End::Interrupted || interrupt.asked() {
        return Err(journal.stopped());
    }

    let changes: Vec<Vec<Difference>> = contenders
        .iter()
        .map(|contender| {
            differences(
                &contenders[0].reading.normalized,
                &contender.reading.normalized,
            )
        })
        .collect();
    let found = Found {
        contenders: &contenders,
        models: &models,
        changes: &changes,
        ruled: &ruled,
    };
    let shown = found.shown(terminal.language);
    let compared = Compared {
        contenders: &shown,
        comparison: &comparison,
        indifference_min: question.indifference.minutes(),
    };
    let json = format!("{:#}\n", report::json(&compared));
    let files = files(&compared, (&found, &json), (arguments, terminal.language));
    if interrupt.asked() {
        return Err(journal.stopped());
    }
    interrupt.hold(|| folder.replace(&files).and_then(|()| journal.end()))?;
    match arguments.common.format {
        Format::Json => terminal.answer(&json)?,
        Format::Text => {
            let place = folder.path.join("").display().to_string();
            terminal.answer(&report::screen(&compared, terminal.language, Some(&place)))?;
        }
    }
    Ok(Exit::Done)
}

/// Notices are of one plan.
fn no_notices() -> Failure {
    Failure::input(
        Words::new(
            "compare 不写通知：通知属于选定的一个方案",
            "compare writes no notices: they belong to the one plan that is chosen",
        ),
        Words::new(
            "去掉 --only 里的 notices；选定后用 swabplan run 方案 --only notices",
            "leave `notices` out of --only; once a plan is chosen: swabplan run FILE --only notices",
        ),
    )
}

/// Where the replications are kept until all is written. They depend on the plans and the seed, not on what is asked of them.
fn journal(
    arguments: &Compare,
    (contenders, models): (&[Contender], &[Model]),
    folder: &Folder,
) -> Result<Journal, Failure> {
    let mut work = format!(
        "compare {} {} {:?}",
        env!("CARGO_PKG_VERSION"),
        models[0].design.seed,
        arguments.rules.then_some(&arguments.round)
    );
    for contender in contenders {
        work.push('\n');
        work.push_str(&contender.reading.normalized);
    }
    Journal::open(&folder.path, &work, arguments.resume)
}

/// The base as official rules would have it, if that is asked for.
fn ruled(arguments: &Compare, base: &Model, jobs: usize) -> Result<Vec<(Rule, Model)>, Failure> {
    if !arguments.rules {
        return Ok(Vec::new());
    }
    let id = on_threads(jobs, || round_of(base, arguments.round.as_deref()))??;
    let found = base.rounds.iter().find(|(_, round)| round.name.id == id);
    Ok(found.map_or_else(Vec::new, |(round, _)| rules::plans(base, round)))
}

/// The contenders that were read.
fn contenders(
    arguments: &Compare,
    (quiet, terminal): (bool, &mut Terminal<'_>),
) -> Result<Vec<Contender>, Failure> {
    let mut found = contenders::read(
        &arguments.files,
        &arguments.layouts,
        &arguments.set,
        (quiet, terminal),
    )?;
    if arguments.rules && arguments.files.len() == 1 && arguments.layouts.is_empty() {
        found.truncate(1);
    }
    if found.len() < 2 && !arguments.rules {
        return Err(contenders::too_few());
    }
    Ok(found)
}

/// The operations, all with the same seed.
fn models(arguments: &Compare, contenders: &mut [Contender]) -> Vec<Model> {
    let seed = arguments
        .seed
        .unwrap_or(contenders[0].reading.model.design.seed);
    let model = |contender: &mut Contender| {
        contender.reading.model.design.seed = seed;
        contender.reading.model.clone()
    };
    contenders.iter_mut().map(model).collect()
}

fn question(
    arguments: &Compare,
    contenders: &[Contender],
    models: &[Model],
) -> Result<Question, Failure> {
    let common = contest::common_rounds(models);
    let ids: Vec<&str> = common
        .iter()
        .map(|&round| models[0].rounds[round].name.id.as_str())
        .collect();
    if ids.is_empty() {
        let labels: Vec<&str> = contenders
            .iter()
            .map(|contender| contender.label.as_str())
            .collect();
        let labels = labels.join(", ");
        return Err(Failure::input(
            Words::new(
                format!("这些方案没有共同的轮次：{labels}"),
                format!("these plans have no round in common: {labels}"),
            ),
            Words::new(
                "给要比较的轮次同样的 id",
                "give the rounds that are to be compared the same id",
            ),
        ));
    }
    if let Some(round) = &arguments.round
        && !ids.contains(&round.as_str())
    {
        let ids = ids.join(", ");
        return Err(Failure::input(
            Words::new(
                format!("--round {round}：不是各方案共有的轮次"),
                format!("--round {round} is not a round that all plans have"),
            ),
            Words::new(format!("可以写：{ids}"), format!("they have: {ids}")),
        ));
    }
    let budget = arguments
        .most
        .unwrap_or_else(|| contest::budget(&models[0]));
    Ok(Question {
        of: arguments.by.watched(),
        round: arguments.round.clone(),
        indifference: arguments.within,
        effort: arguments
            .replications
            .map_or(Effort::UntilClear(budget), Effort::Fixed),
    })
}

fn output(arguments: &Compare) -> PathBuf {
    arguments.out.clone().unwrap_or_else(|| {
        let name = arguments::output_name(&arguments.files[0], None);
        Path::new(arguments::OUTPUT).join(format!("compare-{name}"))
    })
}

/// What was compared.
struct Found<'a> {
    contenders: &'a [Contender],
    /// Their operations, then those by rule.
    models: &'a [Model],
    /// Where each differs from the base.
    changes: &'a [Vec<Difference>],
    ruled: &'a [(Rule, Model)],
}

impl<'a> Found<'a> {
    /// The plans as they are called in a language.
    fn shown(&self, language: Language) -> Vec<Shown<'a>> {
        let plans = self.contenders.iter().zip(self.models).zip(self.changes);
        let one = |((contender, model), differences): (
            (&'a Contender, &'a Model),
            &'a Vec<Difference>,
        )| Shown {
            label: &contender.label,
            model,
            differences,
            rule: None,
        };
        let ruled = self.ruled.iter().map(|(rule, model)| Shown {
            label: report::rule_called(*rule, language),
            model,
            differences: &[],
            rule: Some(*rule),
        });
        plans.map(one).chain(ruled).collect()
    }
}

/// Every file of the output folder.
fn files(
    compared: &Compared<'_>,
    (found, json): (&Found<'_>, &str),
    (arguments, language): (&Compare, Language),
) -> Vec<File> {
    let mut files = plain(compared, (found.contenders, json), (arguments, language));
    for (language, ending) in arguments.common.languages(language) {
        let shown = found.shown(language);
        let told = Compared {
            contenders: &shown,
            ..*compared
        };
        files.extend(written(&told, &arguments.only, (language, ending)));
    }
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let index = report::index(compared, &names, language);
    files.push(File::new("README.txt", index));
    files
}

/// Whether a part is to be written.
fn wanted(only: &[Part], part: Part) -> bool {
    only.is_empty() || only.contains(&part)
}

/// Files for programs and spreadsheets, in one language.
fn plain(
    compared: &Compared<'_>,
    (contenders, json): (&[Contender], &str),
    (arguments, language): (&Compare, Language),
) -> Vec<File> {
    let mut files = Vec::new();
    if wanted(&arguments.only, Part::Summary) {
        files.push(File::new("comparison.json", json));
    }
    if wanted(&arguments.only, Part::Tables) {
        let tables = report::tables(compared, language);
        let csv = tables
            .iter()
            .map(|table| File::new(format!("{}.csv", table.name), table.csv()));
        files.extend(csv);
    }
    for (contender, number) in contenders.iter().zip(1..) {
        files.push(File::new(
            format!("scenario-{number}.toml"),
            contender.reading.normalized.as_str(),
        ));
    }
    files
}

/// Files for people, in a language; `ending` is added to their names.
fn written(
    compared: &Compared<'_>,
    only: &[Part],
    (language, ending): (Language, &str),
) -> Vec<File> {
    let has = |part: Part| wanted(only, part);
    let mut files = Vec::new();
    if has(Part::Report) {
        let html = report::html(compared, language);
        files.push(File::new(format!("report{ending}.html"), html));
    }
    if has(Part::Pdf) {
        let pdf = report::pdf(compared, language);
        files.push(File::new(format!("briefing{ending}.pdf"), pdf));
    }
    if has(Part::Workbook) {
        let tables = report::tables(compared, language);
        let workbook = report::workbook(compared, &tables, language);
        files.push(File::new(format!("workbook{ending}.xlsx"), workbook));
    }
    if !has(Part::Slides) && !has(Part::Charts) {
        return files;
    }
    let charts = [
        ("results", report::progress(compared, language)),
        ("difference", report::difference(compared, language)),
    ];
    let [results, difference] = charts.map(|(name, chart)| (name, chart::pictures(&chart)));
    if has(Part::Slides) {
        let bare = [&results.1.1, &difference.1.1];
        let slides = report::slides(compared, bare, language);
        files.push(File::new(format!("slides{ending}.pptx"), slides));
    }
    if has(Part::Charts) {
        for (name, (whole, _)) in [results, difference] {
            files.extend(File::pictured(&format!("{name}{ending}"), whole));
        }
    }
    files
}
