//! The charts of an explanation: where the people looked at are, by hour and by site.

use crate::chart::{
    Across, Axis, Chart, Color, Dash, Fill, Join, Line, Mark, Tick, Tile, Weight, ticks,
};
use crate::experiment::explain::Whom;
use crate::report::layout::crop;
use crate::report::number::count;
use crate::report::words::{called, sentence};
use crate::units::language::Language;

use super::{Explained, verdict};

/// Columns of the scenario's name.
const TITLE: usize = 56;
/// Sites that a chart shows.
const SITES: usize = 14;

/// A part of the stack: where it stands in the list (none: all others), its words, its color.
type Layer = (Option<usize>, String, Color);

/// How many of the people looked at are where, hour by hour.
pub fn hours(explained: &Explained<'_>, language: Language) -> Chart {
    let scene = Scene::new(explained, language);
    let hours = explained.by_hour();
    let highest = hours
        .iter()
        .map(|hour| hour.iter().sum::<f64>())
        .fold(1.0, f64::max)
        * 1.05;
    let mut tiles = Vec::new();
    for (at, hour) in hours.iter().enumerate() {
        let mut height = 0.0;
        for (layer, people) in scene.layers.iter().zip(scene.stack(hour)) {
            tiles.push(Tile {
                from: (at as f64 + 0.04, height),
                to: (at as f64 + 0.96, height + people),
                fill: Fill::Plain(layer.2),
                labels: Vec::new(),
            });
            height += people;
        }
    }
    let (from, to) = reach(&hours);
    let what = match explained.found.whom {
        Whom::Late => language.pick(
            "超时的人每个小时在哪里",
            "where late people are, hour by hour",
        ),
        Whom::Last => language.pick(
            "最后出结果的人每个小时在哪里",
            "where the last people are, hour by hour",
        ),
    };
    let deadline = explained.round().deadline.since(explained.clock(0)).hours();
    let mark = Mark {
        at: Across::X(deadline),
        labels: vec![language.pick("时限", "Deadline").to_owned()],
        color: Color::Ink,
    };
    Chart {
        title: scene.title(what),
        subtitle: verdict(explained, language),
        x: scene.clock(from, to),
        y: numbers(highest, language.pick("人", "People")),
        tiles: tiles
            .into_iter()
            .filter(|tile| tile.to.1 > tile.from.1)
            .collect(),
        lines: scene.key(),
        marks: (deadline <= to).then_some(mark).into_iter().collect(),
        footnote: scene.footnote(),
        ..Chart::default()
    }
}

/// Minutes of each person looked at, site by site.
pub fn sites(explained: &Explained<'_>, language: Language) -> Chart {
    let scene = Scene::new(explained, language);
    let rows = explained.by_site();
    let rows = &rows[..rows.len().min(SITES)];
    let whole = |each: &Vec<f64>| each.iter().sum::<f64>();
    let longest = rows.iter().map(|row| whole(&row.2)).fold(1.0, f64::max) * 1.05;
    let level = |at: usize| (rows.len() - at) as f64;
    let mut tiles = Vec::new();
    for (at, (_, _, each)) in rows.iter().enumerate() {
        let mut length = 0.0;
        for (layer, minutes) in scene.layers.iter().zip(scene.stack(each)) {
            tiles.push(Tile {
                from: (length, level(at) - 0.38),
                to: (length + minutes, level(at) + 0.38),
                fill: Fill::Plain(layer.2),
                labels: vec![count(minutes.round())],
            });
            length += minutes;
        }
    }
    let names = rows.iter().enumerate().map(|(at, (site, people, _))| Tick {
        at: level(at),
        label: language.pick(
            format!(
                "{}（{} 人）",
                explained.site_name(*site, language),
                count(people.round())
            ),
            format!(
                "{} ({} people)",
                explained.site_name(*site, language),
                count(people.round())
            ),
        ),
    });
    let y = Axis {
        label: String::new(),
        from: 0.4,
        to: rows.len() as f64 + 0.6,
        ticks: names.collect(),
    };
    let axis = language.pick(
        "每人从本轮开始到出结果（分钟）",
        "Minutes of each from the opening to the result",
    );
    Chart {
        title: scene.title(language.pick(
            "各采样点的人时间花在哪里",
            "where the time goes, site by site",
        )),
        subtitle: verdict(explained, language),
        x: numbers(longest, axis),
        y,
        tiles: tiles
            .into_iter()
            .filter(|tile| tile.to.0 > tile.from.0)
            .collect(),
        lines: scene.key(),
        footnote: scene.footnote(),
        ..Chart::default()
    }
}

/// What both charts share.
struct Scene<'a, 'b> {
    explained: &'b Explained<'a>,
    language: Language,
    layers: Vec<Layer>,
}

impl<'a, 'b> Scene<'a, 'b> {
    /// The parts with most of the time get a color each, in the order in which people go through them; the others share one.
    fn new(explained: &'b Explained<'a>, language: Language) -> Self {
        let each = explained.found.each();
        let mut longest: Vec<usize> = (0..each.len()).filter(|&at| each[at] > 0.0).collect();
        longest.sort_by(|&one, &other| each[other].total_cmp(&each[one]));
        longest.truncate(Color::SERIES.len());
        longest.sort_unstable();
        let list = &explained.found.parts.list;
        let named = longest.into_iter().zip(Color::SERIES);
        let mut layers: Vec<Layer> = named
            .map(|(at, color)| (Some(at), explained.says(list[at], language), color))
            .collect();
        layers.push((
            None,
            language.pick("其他", "all else").to_owned(),
            Color::Grey,
        ));
        Self {
            explained,
            language,
            layers,
        }
    }

    /// Numbers by part as the layers have them.
    fn stack(&self, numbers: &[f64]) -> Vec<f64> {
        let named: Vec<f64> = self
            .layers
            .iter()
            .filter_map(|layer| layer.0)
            .map(|at| numbers[at])
            .collect();
        let rest = numbers.iter().sum::<f64>() - named.iter().sum::<f64>();
        named.into_iter().chain([rest.max(0.0)]).collect()
    }

    fn clock(&self, from: f64, to: f64) -> Axis {
        let calendar = self.explained.calendar(self.language);
        let opens = self.explained.clock(0);
        Axis {
            label: String::new(),
            from,
            to,
            ticks: calendar.along(opens, &ticks::hours(from, to, 9)),
        }
    }

    /// Lines without points, which name the colors.
    fn key(&self) -> Vec<Line> {
        let line = |layer: &Layer| Line {
            name: sentence(&layer.1),
            color: layer.2,
            dash: Dash::Solid,
            weight: Weight::Strong,
            join: Join::Step,
            points: Vec::new(),
            band: Vec::new(),
        };
        self.layers.iter().map(line).collect()
    }

    fn title(&self, what: &str) -> String {
        let round = called(&self.explained.round().name, self.language);
        self.language
            .pick(format!("{round}：{what}"), format!("{round}: {what}"))
    }

    fn footnote(&self) -> String {
        let (version, hash) = (env!("CARGO_PKG_VERSION"), &self.explained.model.hash);
        let (seed, each) = (
            self.explained.model.design.seed,
            self.explained.found.replications,
        );
        let title = crop(called(&self.explained.model.title, self.language), TITLE);
        self.language.pick(
            format!("{title} · swabplan {version}，方案 {hash}，种子 {seed}，推演 {each} 次"),
            format!(
                "{title} · swabplan {version}, scenario {hash}, seed {seed}, {each} replications"
            ),
        )
    }
}

/// The hours in which anybody is looked at.
fn reach(hours: &[Vec<f64>]) -> (f64, f64) {
    let there = |hour: &Vec<f64>| hour.iter().any(|&people| people > 0.0);
    let first = hours.iter().position(there).unwrap_or(0);
    let last = hours.iter().rposition(there).unwrap_or(0) + 1;
    (first as f64, last as f64)
}

fn numbers(to: f64, label: &str) -> Axis {
    let tick = |at: f64| Tick {
        at,
        label: count(at),
    };
    Axis {
        label: label.to_owned(),
        from: 0.0,
        to,
        ticks: ticks::numbers(0.0, to, 6).into_iter().map(tick).collect(),
    }
}
