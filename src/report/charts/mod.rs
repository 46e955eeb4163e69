//! The two charts of every run: how long people wait for their result, and the campaign on the calendar.

mod campaign;
mod turnaround;
mod words;

use crate::experiment::results::{Figure, Results};
use crate::measure::outcome::CURVE_STEP_MIN;
use crate::model::{Model, Name};
use crate::units::language::Language;

pub use campaign::campaign;
pub use turnaround::turnaround;

/// Hours from one point of a curve to the next.
const STEP_H: f64 = CURVE_STEP_MIN as f64 / 60.0;

/// What a thing is called in a language, or in the other one, or by its id.
fn name(name: &Name, language: Language) -> &str {
    let (first, second) = language.pick((&name.zh, &name.en), (&name.en, &name.zh));
    [first, second, &name.id]
        .into_iter()
        .find(|name| !name.trim().is_empty())
        .map_or("", String::as_str)
}

/// Where the numbers come from: the version, the scenario, the seed and how many replications.
fn provenance(model: &Model, results: &Results, language: Language) -> String {
    let (version, hash, seed, count) = (
        env!("CARGO_PKG_VERSION"),
        &model.hash,
        results.seed,
        results.replications,
    );
    match language {
        Language::Chinese => {
            format!("swabplan {version}，情景 {hash}，种子 {seed}，模拟 {count} 次")
        }
        Language::English => {
            let noun = if count == 1 {
                "replication"
            } else {
                "replications"
            };
            format!("swabplan {version}, scenario {hash}, seed {seed}, {count} {noun}")
        }
    }
}

/// What a chart is called: the scenario, and what of it is shown.
fn title(model: &Model, shown: &str, language: Language) -> String {
    format!(
        "{}{}{shown}",
        name(&model.title, language),
        language.pick("：", ": ")
    )
}

/// What a band is, for the key.
fn band_words(language: Language) -> &'static str {
    language.pick("90\u{a0}% 的模拟在此带内", "90\u{a0}% of replications")
}

/// Whether a figure differs from one replication to another.
fn varies(figure: &Figure) -> bool {
    figure.p95 - figure.p05 > 1e-9
}
