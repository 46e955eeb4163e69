//! What all verbs share that simulate: the design, the threads, the memory.

use crate::experiment::{self, Nobody};
use crate::model::{Model, Replications, Watched};
use crate::report::verdict;
use crate::scenario::problem::Words;

use super::arguments::Design;
use super::failure::Failure;

/// The most replications that `--precision` may take, unless the scenario says.
const MOST: u32 = 2_000;

/// Replications to find the round that is in most danger.
const FEW: u32 = 20;

/// The model, replicated as the command line asks.
pub(super) fn designed(mut model: Model, design: &Design) -> Model {
    if let Some(replications) = design.replications {
        model.design.replications = Replications::Fixed(replications);
    }
    if let Some(to) = design.precision {
        let most = match model.design.replications {
            Replications::Precision { most, .. } => most,
            Replications::Fixed(_) => MOST,
        };
        model.design.replications = Replications::Precision {
            of: Watched::ResultsEnd,
            to,
            most,
        };
    }
    model.design.seed = design.seed.unwrap_or(model.design.seed);
    model
}

/// Threads that the machine can run at once.
pub(super) fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Refuses a run that the machine has no memory for, before it begins.
pub(super) fn enough_memory(models: &[&Model], jobs: usize) -> Result<(), Failure> {
    let needed: u64 = models
        .iter()
        .map(|model| experiment::memory(model, jobs))
        .sum();
    let Some(available) = available_memory() else {
        return Ok(());
    };
    if needed <= available {
        return Ok(());
    }
    let gigabytes = |bytes: u64| format!("{:.1} GB", bytes as f64 / 1e9);
    let (needed, available) = (gigabytes(needed), gigabytes(available));
    Err(Failure::machine(
        Words::new(
            format!("内存不够：大约要 {needed}，现在可用 {available}"),
            format!("not enough memory: about {needed} needed, {available} available"),
        ),
        Words::new(
            "减少重复次数（--replications 100），用 --jobs 1 少用几个线程，或把方案分成几个县来推演",
            "replicate less (--replications 100), use fewer threads (--jobs 1), or split the scenario by county",
        ),
    ))
}

/// Bytes that can still be used, if the machine tells.
pub(super) fn available_memory() -> Option<u64> {
    let mut system = sysinfo::System::new().ok()?;
    system.refresh_memory();
    let limit = system.cgroup_limits().map(|limits| limits.free_memory);
    let available = system.available_memory();
    // A machine that says zero does not know.
    (available > 0).then(|| {
        limit
            .filter(|&limit| limit > 0)
            .map_or(available, |limit| limit.min(available))
    })
}

/// Does something on so many threads.
pub(super) fn on_threads<T: Send>(
    jobs: usize,
    work: impl FnOnce() -> T + Send,
) -> Result<T, Failure> {
    let threads = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .build()
        .map_err(|error| {
            Failure::machine(
                Words::new(
                    format!("开不了 {jobs} 个线程：{error}"),
                    format!("cannot start {jobs} threads: {error}"),
                ),
                Words::new("用 --jobs 少用几个", "use fewer with --jobs"),
            )
        })?;
    Ok(threads.install(work))
}

/// The round that is looked at: the one asked for, else the one in most danger as the scenario stands.
pub(super) fn round_of(model: &Model, asked: Option<&str>) -> Result<String, Failure> {
    let ids: Vec<&str> = model
        .rounds
        .values()
        .map(|round| round.name.id.as_str())
        .collect();
    if let Some(asked) = asked {
        if ids.contains(&asked) {
            return Ok(asked.to_owned());
        }
        let ids = ids.join(", ");
        return Err(Failure::input(
            Words::new(
                format!("方案里没有轮次 {asked}"),
                format!("the scenario has no round {asked}"),
            ),
            Words::new(format!("可以写：{ids}"), format!("it has: {ids}")),
        ));
    }
    let mut few = model.clone();
    few.design.replications = Replications::Fixed(FEW);
    let results = experiment::run(&few, &Nobody);
    let worst = verdict::worst(model, &results);
    Ok(worst.map_or_else(String::new, |round| model.rounds[round].name.id.clone()))
}
