//! Whole random scenarios, valid and invalid: nobody is lost in any, and no file makes the program panic or hang.
//!
//! They come from the catalogue of keys, so a new key is among them by itself. `SWABPLAN_RANDOM=20000 cargo test random` makes more of
//! them than the usual few hundred, and `SWABPLAN_RANDOM_FROM` begins elsewhere.

mod dice;
mod mended;
mod value;
mod writer;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::Duration;

use crate::conservation::assert_conserved;
use crate::referee::{as_held, replay, review};
use dice::Dice;
use swabplan::model::Model;
use swabplan::scenario::document::Options;
use swabplan::scenario::read;
use swabplan::units::Span;
use writer::Writer;

/// Longer than any of these small scenarios takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// What came of a scenario.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Came {
    /// It was refused, with reasons.
    Refused,
    /// It was simulated, and nothing was lost.
    Simulated,
    /// It was simulated, and the referee looked at it too.
    Judged,
    /// It is too large to be simulated here.
    Large,
}

/// Reads a scenario and, if it means something small, simulates it.
fn try_out(text: &str) -> Came {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("random.toml");
    std::fs::write(&path, text).unwrap();
    let model = match read(&path, &Options::default()) {
        Ok(reading) => reading.model,
        Err(refusal) => {
            let worded = refusal.problems.list.iter().all(|problem| {
                !problem.what.zh.is_empty()
                    && !problem.what.en.is_empty()
                    && !problem.code.is_empty()
            });
            assert!(refusal.problems.has_errors() && worded);
            return Came::Refused;
        }
    };
    if is_large(&model) {
        return Came::Large;
    }
    let study = model.study.stop.is_some() || model.study.warm_up > Span::ZERO;
    let (network, trace) = replay(&model, 0);
    if study {
        return Came::Simulated;
    }
    assert_conserved(&model, 0);
    crate::explain::parts_add_up(&model, 0, 1.0);
    // Single tubes of recalls are not in a trace one by one.
    if model.recall.is_some() {
        return Came::Simulated;
    }
    let Some((model, network)) = as_held(&model, network, &trace) else {
        return Came::Simulated;
    };
    let findings = review(&model, &network, &trace);
    assert!(findings.0.is_empty(), "{}", findings.summary());
    Came::Judged
}

/// Whether a scenario has more people, tubes or moments than fit into a test.
fn is_large(model: &Model) -> bool {
    let due = |round: &swabplan::model::Round| -> u64 {
        let cells = round
            .cells
            .iter()
            .map(|&cell| u64::from(model.cells[cell].due()));
        cells.sum()
    };
    let people: u64 = model.rounds.values().map(due).sum();
    let at_a_rate = model.sites.values().any(|site| {
        matches!(&site.coming, swabplan::model::coming::Coming::Poisson(rate) if rate.value.0 > 500.0)
    });
    let first = model.rounds.values().next();
    let last = model.rounds.values().last();
    let length = first
        .zip(last)
        .map(|(first, last)| last.deadline.max(last.closes).since(first.opens));
    let fed = model.feeds.values().map(|feed| {
        let every = match &feed.arrivals {
            swabplan::model::FeedArrivals::Poisson(rate) => rate.value.interval(),
            swabplan::model::FeedArrivals::Every(every) => every.value,
            swabplan::model::FeedArrivals::Contacts { people, .. } => {
                let tubes: u32 = people.iter().map(|people| people.value).sum();
                Span::from_seconds(3_600.0 / f64::from(tubes.max(1)))
            }
        };
        feed.window.length().hours() / every.hours().max(1e-9)
    });
    people > 3_000
        || at_a_rate
        || model.rounds.len() > 20
        || length.is_some_and(|length| length > Span::DAY * 30)
        || fed.sum::<f64>() > 5_000.0
}

/// The same; if it fails or does not end, how, and the scenario.
fn survives(number: u64, text: String) -> Result<Came, String> {
    let (tell, told) = mpsc::channel();
    let shown = text.clone();
    std::thread::spawn(move || {
        let came = catch_unwind(AssertUnwindSafe(|| try_out(&text)));
        // Whoever waited may have given up.
        let _ = tell.send(came);
    });
    match told.recv_timeout(PATIENCE) {
        Ok(Ok(came)) => Ok(came),
        Ok(Err(panic)) => {
            let why = panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
            Err(format!(
                "scenario {number}: {}\n\n{shown}",
                why.unwrap_or_default()
            ))
        }
        Err(mpsc::RecvTimeoutError::Timeout | mpsc::RecvTimeoutError::Disconnected) => {
            Err(format!("scenario {number} does not end\n\n{shown}"))
        }
    }
}

fn asked(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Tries some scenarios out; returns how many came to what.
fn survey(usual: u64, write: impl Fn(&Writer, &mut Dice) -> toml::Table) -> [u64; 4] {
    let writer = Writer::new();
    let (from, many) = (
        asked("SWABPLAN_RANDOM_FROM").unwrap_or(0),
        asked("SWABPLAN_RANDOM").unwrap_or(usual),
    );
    let (mut counts, mut failures) = ([0; 4], Vec::new());
    for number in from..from + many {
        let tree = write(&writer, &mut Dice::new(number));
        match survives(number, toml::to_string(&tree).unwrap()) {
            Ok(came) => counts[came as usize] += 1,
            Err(failure) => failures.push(failure),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    counts
}

#[test]
fn random_scenarios_that_are_valid_lose_nobody_and_keep_every_rule() {
    let [refused, simulated, judged, large] = survey(240, Writer::valid);
    // A legal value in the wrong company is refused; enough are not.
    assert!(
        3 * judged >= 240,
        "{refused} refused, {simulated} simulated, {judged} judged, {large} large"
    );
}

#[test]
fn random_scenarios_that_are_wrong_are_refused_in_words_and_never_hang() {
    let [refused, ..] = survey(360, Writer::wrong);
    assert!(refused > 100, "{refused}");
}

#[test]
fn every_key_is_among_the_random_scenarios() {
    let writer = Writer::new();
    let mut missing: std::collections::BTreeSet<&str> = swabplan::scenario::keys::KEYS
        .iter()
        .map(|key| key.path)
        .collect();
    for number in 0..30_000 {
        let mut dice = Dice::new(number);
        let mut tree = writer.base(&mut dice);
        if let Some(key) = writer.change(&mut tree, &mut dice, true) {
            missing.remove(key.path);
        }
        if missing.is_empty() {
            return;
        }
    }
    panic!("never tried: {missing:?}");
}
