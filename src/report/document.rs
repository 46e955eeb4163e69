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
    /// What it shows at each hour, for whoever chooses one: for the page's script, and what is chosen.
    hours: Option<(String, &'static str)>,
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

    /// The same with an hour to choose: what is shown then, for the page's script, and what is chosen.
    pub(super) fn by_hour(self, shown: String, chosen: &'static str) -> Self {
        Self {
            hours: Some((shown, chosen)),
            ..self
        }
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
        figure id={ "chart-" (shown.id) } data-values=(shown.values) data-hours=[shown.hours.as_ref().map(|(hours, _)| hours)] {
            figcaption { strong { (shown.head) } @if !shown.says.is_empty() { span { (shown.says) } } }
            @if let Some((_, chosen)) = shown.hours {
                p.choose.hour hidden { label { (chosen) input #hour type="range"; } output {} }
            }
            div.drawing { (PreEscaped(&shown.svg)) }
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
