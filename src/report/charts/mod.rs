//! The charts of a run: the campaign on the calendar and how long people wait for their result, then whatever else the scenario gives
//! reason to look at.

mod campaign;
mod chances;
mod gantt;
mod hours;
mod map;
mod minutes;
mod places;
mod rows;
mod stocks;
mod turnaround;
mod unknowns;
mod words;

use crate::chart::{Chart, font};
use crate::experiment::results::{Figure, Results};
use crate::id::{LabId, StageId};
use crate::measure::day::Day;
use crate::measure::outcome::CURVE_STEP_MIN;
use crate::model::{Model, Name};
use crate::report::layout::crop;
use crate::report::verdict::worst;
use crate::report::words::{called, sentence};
use crate::units::language::Language;

pub use campaign::campaign;
pub use map::{Done, done, map};
pub use turnaround::turnaround;

/// Hours from one point of a curve to the next.
const STEP_H: f64 = CURVE_STEP_MIN as f64 / 60.0;

/// Columns of a name in a sentence.
const NAMES: usize = 48;

/// A chart with the name of its file.
#[derive(Clone, PartialEq, Debug)]
pub struct Drawn {
    /// The name, without an ending.
    pub name: &'static str,
    /// What is drawn.
    pub chart: Chart,
}

/// Every chart of a run, the most important first. Charts of one round show the one in most danger.
pub fn all(model: &Model, results: &Results, day: Option<&Day>, language: Language) -> Vec<Drawn> {
    let mut charts = vec![
        Some(("campaign", campaign(model, results, language))),
        Some(("turnaround", turnaround(model, results, language))),
        minutes::way(model, results, language).map(|chart| ("minutes", chart)),
    ];
    let hours = day.map(|day| (model, results, day));
    if let Some(round) = worst(model, results) {
        let of = (round, language);
        charts.extend([
            hours.and_then(|hours| Some(("waits", hours::waits(hours, of)?))),
            hours.and_then(|hours| Some(("busy", hours::busy(hours, of)?))),
        ]);
        charts.extend([
            places::sites(model, results, of).map(|chart| ("sites", chart)),
            places::cells(model, results, of).map(|chart| ("missing", chart)),
            map::map(model, results, of).map(|chart| ("map", chart)),
            hours.and_then(|hours| Some(("gantt", gantt::gantt(hours, of)?))),
            chances::chances(model, results, of).map(|chart| ("chances", chart)),
            unknowns::unknowns(model, results, of).map(|chart| ("unknowns", chart)),
        ]);
    }
    charts.extend([
        stocks::stocks(model, results, language).map(|chart| ("stocks", chart)),
        minutes::clocks(model, results, language).map(|chart| ("positive", chart)),
        hours.and_then(|hours| Some(("rooms", hours::rooms(hours, language)?))),
    ]);
    let drawn = |(name, chart)| Drawn { name, chart };
    charts.into_iter().flatten().map(drawn).collect()
}

/// What a thing is called in a language, or in the other one, or by its id; never a name with letters that charts cannot show.
fn name(name: &Name, language: Language) -> &str {
    let (first, second) = language.pick((&name.zh, &name.en), (&name.en, &name.zh));
    let shown = |name: &&String| {
        let lacking = font::lacks(name);
        !name.trim().is_empty() && !lacking.into_iter().any(char::is_alphabetic)
    };
    let mut names = [first, second].into_iter().filter(shown);
    names.next().unwrap_or(&name.id)
}

/// What a stage of a laboratory is called, with names that charts can show.
fn stage(model: &Model, lab: LabId, id: StageId, language: Language) -> String {
    let entry = &model.labs[lab].name;
    let words = crate::report::words::stage(model, lab, id, language);
    words.replace(called(entry, language), name(entry, language))
}

/// The same for a sentence, in which a name of any length would leave no room for what is said of it.
fn short(named: &Name, language: Language) -> String {
    crop(name(named, language), NAMES)
}

/// Where the numbers come from: what the scenario is called, the version, the scenario, the seed and how many replications.
fn provenance(model: &Model, results: &Results, language: Language) -> String {
    const WIDEST: usize = 56;
    let called = crop(name(&model.title, language), WIDEST);
    let (version, hash, seed, count) = (
        env!("CARGO_PKG_VERSION"),
        &model.hash,
        results.seed,
        results.replications,
    );
    match language {
        Language::Chinese => {
            format!("{called} · swabplan {version}，方案 {hash}，种子 {seed}，推演 {count} 次")
        }
        Language::English => {
            let noun = if count == 1 {
                "replication"
            } else {
                "replications"
            };
            format!("{called} · swabplan {version}, scenario {hash}, seed {seed}, {count} {noun}")
        }
    }
}

/// What a chart shows, as its title.
fn title(shown: &str) -> String {
    sentence(shown)
}

/// What a band is, for the key.
fn band_words(language: Language) -> &'static str {
    language.pick("90% 的推演在此带内", "90% of replications")
}

/// Whether a figure differs from one replication to another.
fn varies(figure: &Figure) -> bool {
    figure.p95 - figure.p05 > 1e-9
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart;
    use crate::report::fixture;

    #[test]
    fn every_chart_says_what_it_shows_and_has_a_name_of_its_own() {
        let model = fixture::model();
        let results = fixture::results(&model);
        for language in [Language::Chinese, Language::English] {
            let charts = all(&model, &results, None, language);
            let mut names: Vec<&str> = charts.iter().map(|drawn| drawn.name).collect();
            assert!(
                names.starts_with(&["campaign", "turnaround", "minutes", "sites"]),
                "{names:?}"
            );
            assert!(
                names.contains(&"map") && names.contains(&"unknowns"),
                "{names:?}"
            );
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), charts.len());
            for drawn in &charts {
                let chart = &drawn.chart;
                assert!(
                    !chart.subtitle.is_empty() && !chart.subtitle.contains("NaN"),
                    "{chart:?}"
                );
                assert!(chart::inline(chart, drawn.name).contains("textLength"));
            }
        }
    }

    #[test]
    fn a_map_has_the_same_scale_in_both_directions_and_says_if_it_is_invented() {
        let model = fixture::model();
        let results = fixture::results(&model);
        let charts = all(&model, &results, None, Language::English);
        let map = &charts
            .iter()
            .find(|drawn| drawn.name == "map")
            .unwrap()
            .chart;
        let plot = chart::plot(map);
        let across = (plot.x.1 - plot.x.0) / (plot.across.1 - plot.across.0);
        let up = (plot.y.1 - plot.y.0) / (plot.up.0 - plot.up.1);
        assert!((across / up - 1.0).abs() < 1e-9, "{across} {up}");
        assert!(map.subtitle.contains("Schematic"));
    }
}
