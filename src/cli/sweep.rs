//! `swabplan sweep`: how the answer responds when one thing or several are varied.

use crate::experiment::points::Trials;
use crate::random::{Purpose, Streams};
use crate::report::sweep::{self as report, Axis, Point};
use crate::scenario::document::Options;
use crate::scenario::problem::Words;
use crate::scenario::vary::{self, Vary};
use crate::scenario::{self, render};

use super::arguments::{Format, Sweep};
use super::failure::{Exit, Failure};
use super::folder::{File, Folder};
use super::interrupt::Interrupt;
use super::journal::{Journal, Keeping};
use super::progress::Progress;
use super::simulation::{enough_memory, on_threads, processors, round_of};
use super::terminal::Terminal;

/// Points of a sweep at most.
const MOST: usize = 10_000;

/// Runs the scenario at every point, writes everything under the output folder, and prints the table.
pub(super) fn sweep(arguments: &Sweep, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let interrupt = Interrupt::listen();
    let axes: Vec<Vary> = arguments
        .vary
        .iter()
        .map(|text| vary::read(text, vary::MOST).map_err(|why| unread(text, &why)))
        .collect::<Result<_, _>>()?;
    let base = read(arguments, &[])?;
    let (text, mut base) = (base.normalized, base.model);
    base.design.seed = arguments.seed.unwrap_or(base.design.seed);
    let points = points(arguments, &axes, base.design.seed)?;
    check(arguments, (&axes, &points), terminal)?;
    let jobs = arguments.jobs.map_or_else(processors, usize::from);
    enough_memory(&[&base], jobs)?;
    let round = on_threads(jobs, || round_of(&base, arguments.round.as_deref()))??;
    let output = (arguments.change).output("sweep", &arguments.file, arguments.out.as_ref());
    let folder = Folder::claim(&output)?;

    let trials = Trials {
        round: &round,
        replications: arguments.replications,
        planned: points.len() as u32,
    };
    let work = format!(
        "{}\n{text}\n{axes:?}\n{points:?}\n{trials:?}\n{}",
        env!("CARGO_PKG_VERSION"),
        base.design.seed
    );
    let journal = Journal::open(&folder.path, &work, arguments.resume)?;
    let patience = terminal.watched.filter(|_| !arguments.common.quiet);
    let progress = Progress::start(patience, terminal.language, interrupt.clone());
    let watch = journal.keeping(&progress);
    let found = on_threads(jobs, || tries(arguments, (&axes, &points), &trials, &watch))?;
    progress.end();
    let found = found?;
    journal.check()?;
    let Some(found) = found else {
        return Err(journal.stopped());
    };

    let axes: Vec<Axis> = axes
        .into_iter()
        .map(|Vary { key, values }| Axis { key, values })
        .collect();
    let sweep = report::Sweep {
        model: &base,
        round: &round,
        axes: &axes,
        points: &found,
        replications: arguments.replications,
    };
    let json = format!("{:#}\n", report::json(&sweep));
    let files = files(&sweep, (&json, &text), terminal);
    interrupt.hold(|| folder.replace(&files).and_then(|()| journal.end()))?;
    match arguments.common.format {
        Format::Json => terminal.answer(&json)?,
        Format::Text => {
            let place = folder.path.join("").display().to_string();
            terminal.answer(&report::screen(&sweep, terminal.language, Some(&place)))?;
        }
    }
    Ok(Exit::Done)
}

/// Why `--vary` cannot be followed.
fn unread(text: &str, why: &Words) -> Failure {
    Failure::input(
        Words::new(
            format!("--vary {text}：{}", why.zh),
            format!("--vary {text}: {}", why.en),
        ),
        Words::new(
            "写成 --vary labs.lab.machines=2..6，--vary \"couriers.van.every=1 h..4 h:30 min\"，或 --vary tubes.pool.controlled=5,10,20",
            "as in --vary labs.lab.machines=2..6, --vary \"couriers.van.every=1 h..4 h:30 min\" or --vary tubes.pool.controlled=5,10,20",
        ),
    )
}

/// What is wrong at any point is told before anything is simulated.
fn check(
    arguments: &Sweep,
    (axes, points): (&[Vary], &[Vec<usize>]),
    terminal: &mut Terminal<'_>,
) -> Result<(), Failure> {
    for (index, point) in points.iter().enumerate() {
        let reading = at(arguments, (axes, point))?;
        if index == 0 && !arguments.common.quiet && !reading.warnings.list.is_empty() {
            terminal.complain(&render::render(
                &reading.warnings,
                &reading.sources,
                terminal.language,
                terminal.styled,
            ));
        }
    }
    Ok(())
}

/// Every point, one after another; none if interrupted.
fn tries(
    arguments: &Sweep,
    (axes, points): (&[Vary], &[Vec<usize>]),
    trials: &Trials<'_>,
    watch: &Keeping<'_>,
) -> Result<Option<Vec<Point>>, Failure> {
    let mut found = Vec::new();
    for (index, point) in points.iter().enumerate() {
        let key = format!("{point:?}");
        let model = || at(arguments, (axes, point)).map(|reading| reading.model);
        let Some(trial) = trials.one((index as u32, &key), model, watch)? else {
            return Ok(None);
        };
        let at = point.clone();
        found.push(Point { at, trial });
    }
    Ok(Some(found))
}

fn read(arguments: &Sweep, more: &[String]) -> Result<scenario::Reading, Failure> {
    let mut set = arguments.change.set.clone();
    set.extend_from_slice(more);
    let options = Options {
        set,
        ..arguments.change.options()
    };
    Ok(scenario::read(&arguments.file, &options)?)
}

/// Which value of each key, point by point: all of them, or a Latin hypercube of so many.
fn points(arguments: &Sweep, axes: &[Vary], seed: u64) -> Result<Vec<Vec<usize>>, Failure> {
    if let Some(number) = arguments.latin {
        return Ok(latin(number as usize, axes, seed));
    }
    let total = axes.iter().fold(1_usize, |total, axis| {
        total.saturating_mul(axis.values.len())
    });
    if total > MOST {
        return Err(Failure::input(
            Words::new(
                format!("一共 {total} 个点，最多 {MOST} 个"),
                format!("{total} points are too many: at most {MOST}"),
            ),
            Words::new(
                "少写几个值，或用 --latin 200 抽取一部分",
                "vary less, or take a sample of them with --latin 200",
            ),
        ));
    }
    let mut points: Vec<Vec<usize>> = vec![Vec::new()];
    for axis in axes {
        let longer = |point: &Vec<usize>| {
            (0..axis.values.len())
                .map(|value| [point.as_slice(), &[value]].concat())
                .collect::<Vec<_>>()
        };
        points = points.iter().flat_map(longer).collect();
    }
    Ok(points)
}

/// A Latin hypercube (`McKay`, Beckman and Conover, 1979): each key runs through its values evenly, in an order of its own.
fn latin(number: usize, axes: &[Vary], seed: u64) -> Vec<Vec<usize>> {
    let order = |axis: usize| {
        let luck = Streams::new(seed, 0).key(Purpose::Resampling, 1 + axis as u64);
        let mut order: Vec<(u64, usize)> = (0..number)
            .map(|index| (luck.word(index as u64), index))
            .collect();
        order.sort_unstable();
        order
    };
    let orders: Vec<_> = (0..axes.len()).map(order).collect();
    let value =
        |axis: usize, point: usize| orders[axis][point].1 * axes[axis].values.len() / number;
    (0..number)
        .map(|point| (0..axes.len()).map(|axis| value(axis, point)).collect())
        .collect()
}

/// The scenario at a point.
fn at(arguments: &Sweep, (axes, point): (&[Vary], &[usize])) -> Result<scenario::Reading, Failure> {
    let set: Vec<String> = axes
        .iter()
        .zip(point)
        .map(|(axis, &value)| format!("{}={}", axis.key, axis.values[value]))
        .collect();
    let mut reading = read(arguments, &set)?;
    let design = &mut reading.model.design;
    design.seed = arguments.seed.unwrap_or(design.seed);
    Ok(reading)
}

fn files(
    sweep: &report::Sweep<'_>,
    (json, scenario): (&str, &str),
    terminal: &Terminal<'_>,
) -> Vec<File> {
    let language = terminal.language;
    let mut files = vec![
        File::new(
            "README.txt",
            report::screen(sweep, language, None).replace('\n', "\r\n"),
        ),
        File::new("sweep.csv", report::csv(sweep, language)),
        File::new("sweep.json", json),
        File::new("scenario.toml", scenario),
    ];
    for (name, drawn) in report::charts(sweep, language) {
        files.extend(File::drawn(name, &drawn));
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_latin_hypercube_takes_each_value_of_each_key_equally_often() {
        let axes: Vec<Vary> = ["a=1..4", "b=1..8"]
            .iter()
            .map(|text| vary::read(text, vary::MOST).unwrap())
            .collect();
        let points = latin(8, &axes, 1);
        let times =
            |axis: usize, value: usize| points.iter().filter(|point| point[axis] == value).count();
        assert!(
            (0..4).all(|value| times(0, value) == 2) && (0..8).all(|value| times(1, value) == 1)
        );
        assert_ne!(
            points.iter().map(|point| point[1]).collect::<Vec<_>>(),
            (0..8).collect::<Vec<_>>()
        );
    }
}
