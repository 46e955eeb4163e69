//! Pages of HTML: the frame, tables, charts. Every word passes through the template, which escapes it; only drawings and our own style and
//! script do not.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::charts::Drawn;
use super::hover;
use crate::chart::{self, Chart};

pub(super) const STYLE: &str = include_str!("style.css");
pub(super) const SCRIPT: &str = include_str!("script.js");
/// Nothing is fetched from anywhere, whatever a browser or an extension may think.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/// A head and lines under it.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Section {
    pub(super) head: String,
    pub(super) lines: Vec<String>,
}

/// A table.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Grid {
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

/// A chart with the sentence that says what it shows.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Figure {
    id: &'static str,
    /// What is shown.
    head: String,
    /// What it shows.
    says: String,
    svg: String,
    /// The values behind it, for whoever points at it.
    values: String,
    /// What it shows at an hour, for whoever chooses one.
    hours: Option<Box<ByHour>>,
}

/// What a chart shows at an hour.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct ByHour {
    /// What is shown, for the page's script.
    pub(super) shown: String,
    /// What is chosen: a round, an hour.
    pub(super) words: [&'static str; 2],
    /// Rounds, by name, and the chart of each but its own.
    pub(super) rounds: Vec<(String, Option<Figure>)>,
}

impl Figure {
    /// A chart without the words that the page says around it. `first_day`: where its horizontal axis counts hours from the midnight of that
    /// day.
    pub(super) fn new(drawn: &Drawn, first_day: Option<jiff::civil::Date>) -> Self {
        let head = drawn.chart.title.clone();
        let bare = Chart {
            title: String::new(),
            subtitle: String::new(),
            footnote: String::new(),
            ..drawn.chart.clone()
        };
        Self {
            id: drawn.name,
            svg: chart::inline(&bare, &head),
            values: hover::values(&bare, first_day),
            head,
            says: drawn.chart.subtitle.clone(),
            hours: None,
        }
    }

    /// The same with an hour to choose.
    pub(super) fn by_hour(self, hours: ByHour) -> Self {
        Self {
            hours: Some(Box::new(hours)),
            ..self
        }
    }

    /// Bytes that it takes on the page.
    pub(super) fn size(&self) -> usize {
        let hours = self.hours.as_ref().map_or(0, |hours| hours.shown.len());
        self.svg.len() + self.values.len() + self.says.len() + hours
    }

    /// What it shows at an hour, for the page's script.
    fn shown(&self) -> Option<&String> {
        self.hours.as_ref().map(|hours| &hours.shown)
    }
}

/// A whole page.
pub(super) fn document(code: &str, title: &str, body: &Markup) -> String {
    let markup = html! {
        (DOCTYPE)
        html lang=(code) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main { (body) }
                script { (PreEscaped(SCRIPT)) "enliven();" }
            }
        }
    };
    markup.into_string()
}

/// A head and lines under it.
pub(super) fn section(part: &Section) -> Markup {
    html! {
        article {
            h3 { (part.head) }
            ul { @for line in &part.lines { li { (line) } } }
        }
    }
}

/// A chart with its words.
pub(super) fn figure(shown: &Figure) -> Markup {
    html! {
        figure id={ "chart-" (shown.id) } data-values=(shown.values) data-hours=[shown.shown()] {
            (caption(shown))
            @if let Some(hours) = &shown.hours { (by_hour(hours)) }
            div.drawing { (PreEscaped(&shown.svg)) }
        }
    }
}

fn caption(shown: &Figure) -> Markup {
    html! {
        figcaption { strong { (shown.head) } @if !shown.says.is_empty() { span { (shown.says) } } }
    }
}

/// What chooses an hour, and a round where there are several: each has its chart in a template, in their order.
fn by_hour(hours: &ByHour) -> Markup {
    let [round, hour] = hours.words;
    html! {
        p.choose.hour hidden {
            @if hours.rounds.len() > 1 {
                label { (round)
                    select autocomplete="off" {
                        @for (name, other) in &hours.rounds { option selected[other.is_none()] { (name) } }
                    }
                }
                " "
            }
            label { (hour) input #hour type="range" autocomplete="off"; } output {}
        }
        @for other in hours.rounds.iter().filter_map(|(_, other)| other.as_ref()) {
            template {
                figure data-values=(other.values) data-hours=[other.shown()] {
                    (caption(other))
                    (PreEscaped(&other.svg))
                }
            }
        }
    }
}

/// A table; its class says how its columns stand.
pub(super) fn grid(grid: &Grid, class: &str) -> Markup {
    html! {
        div.scroll {
            table class=(class) {
                thead { tr { @for head in &grid.head { th scope="col" { (head) } } } }
                tbody {
                    @for row in &grid.rows { tr { @for cell in row { td { (cell) } } } }
                }
            }
        }
    }
}

/// What is what, side by side.
pub(super) fn facts(facts: &[(String, String)]) -> Markup {
    html! {
        dl.facts { @for (what, is) in facts { div { dt { (what) } dd { (is) } } } }
    }
}
