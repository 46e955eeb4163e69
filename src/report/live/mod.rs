//! The page of `watch` and `serve`: the briefing, or what is wrong, under a line that says how far the work is.

mod dial;
mod panel;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::document::{self, Section, section};
use super::number::count;
use crate::scenario::problem::{Problem, Problems, Severity, Words};
use crate::scenario::render;
use crate::scenario::tree::Sources;
use crate::units::language::Language;

pub use dial::Dial;
pub use panel::{Answer, Knob, answer, impossible, knobs, panel};

/// How far the work is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Something is being simulated.
    Busy,
    /// What is shown is final, until the next save.
    Done,
    /// The scenario is wrong.
    Wrong,
}

impl State {
    /// Its name in style and script.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Done => "done",
            Self::Wrong => "wrong",
        }
    }
}

/// A line about the work, in words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// The scenario is read, and a first look is taken.
    Reading,
    /// So many replications are shown, and more are on their way.
    Looked(u32),
    /// All so many replications are shown.
    Done(u32),
    /// So many things are to be mended.
    Wrong(usize),
    /// The scenario is right, but it cannot be simulated here.
    Refused,
}

impl Stage {
    /// Whether somebody still works, and whether it is well.
    pub const fn state(self) -> State {
        match self {
            Self::Reading | Self::Looked(_) => State::Busy,
            Self::Done(_) => State::Done,
            Self::Wrong(_) | Self::Refused => State::Wrong,
        }
    }

    /// The line.
    pub fn says(self, language: Language) -> String {
        let times = |replications: u32| count(f64::from(replications));
        match self {
            Self::Reading => language.pick("正在推演…", "simulating…").to_owned(),
            Self::Looked(few) => {
                let few = times(few);
                language.pick(
                    format!("先看 {few} 次推演的结果，正在推演其余各次…"),
                    format!("a first look at {few} replications; simulating the rest…"),
                )
            }
            Self::Done(all) => {
                let all = times(all);
                language.pick(
                    format!("推演了 {all} 次；存盘就重新推演"),
                    format!("{all} replications; saving starts it anew"),
                )
            }
            Self::Wrong(1) => language
                .pick(
                    "有 1 处要改；改好存盘就重新推演",
                    "1 thing to mend; saving starts it anew",
                )
                .to_owned(),
            Self::Wrong(things) => language.pick(
                format!("有 {things} 处要改；改好存盘就重新推演"),
                format!("{things} things to mend; saving starts it anew"),
            ),
            Self::Refused => language
                .pick("这台机器推演不了", "this machine cannot simulate it")
                .to_owned(),
        }
    }
}

/// What the page shows at a moment.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The scenario's file as the user named it.
    pub file: &'a str,
    /// How far the work is.
    pub stage: Stage,
    /// Below it: a finished part of a page, and its number.
    pub body: (&'a str, u64),
    /// Sliders, where there are any.
    pub panel: Option<&'a str>,
}

/// The whole page, complete without scripts.
pub fn page(view: &View<'_>, language: Language) -> String {
    let (body, number) = view.body;
    let still = language.pick(
        "浏览器没有运行脚本：存盘后请手动刷新。",
        "The browser runs no scripts: reload the page after saving.",
    );
    let ended = language.pick(
        "已停止：swabplan 不再运行",
        "stopped: swabplan no longer runs",
    );
    let state = view.stage.state().name();
    let markup = html! {
        (DOCTYPE)
        html lang=(language.pick("zh-CN", "en")) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (view.file) }
                link rel="icon" href="data:,";
                link rel="stylesheet" href="/page.css";
            }
            body {
                div #bar class=(state) data-ended=(ended) {
                    strong { (view.file) }
                    span #status role="status" { (view.stage.says(language)) }
                }
                noscript { p.still { (still) } }
                @if let Some(panel) = view.panel { (PreEscaped(panel)) }
                main #body data-number=(number) { (PreEscaped(body)) }
                script src="/page.js" {}
            }
        }
    };
    markup.into_string()
}

/// The script of the page.
pub fn script() -> String {
    format!("{}{}", document::SCRIPT, include_str!("live.js"))
}

/// The style of the page.
pub fn style() -> String {
    format!("{}{}", document::STYLE, include_str!("live.css"))
}

/// What is wrong with a scenario, in place of the briefing; below each thing's place and remedy the lines themselves, as a terminal shows them.
pub fn problems(problems: &Problems, sources: &Sources, language: Language) -> String {
    let told = render::json(problems, sources, language);
    let list: Vec<Markup> = told
        .as_array()
        .map(|list| list.iter().map(|told| problem(told, language)).collect())
        .unwrap_or_default();
    let head = language.pick("方案要改", "The scenario has to be mended");
    let lines = language.pick("所在的行", "The lines themselves");
    let body = html! {
        section #front {
            h1 { (head) }
            ol.problems { @for problem in list { li { (problem) } } }
            h2 { (lines) }
            pre.lines { (render::render(problems, sources, language, false)) }
        }
    };
    body.into_string()
}

/// How many things have to be mended.
pub fn errors(problems: &Problems) -> usize {
    let mended = |problem: &&Problem| problem.severity == Severity::Error;
    problems.list.iter().filter(mended).count()
}

fn problem(told: &serde_json::Value, language: Language) -> Markup {
    let text = |name: &str| told[name].as_str().unwrap_or_default();
    let number = |name: &str| told[name].as_u64();
    let warning = text("severity") == "warning";
    let kind = if warning {
        language.pick("提醒", "warning")
    } else {
        language.pick("错误", "error")
    };
    let file = text("file");
    let place = match (number("line"), number("column"), told["cell"].as_str()) {
        (Some(line), Some(column), _) => format!("{file}:{line}:{column}"),
        (_, _, Some(cell)) => format!("{file} · {} · {cell}", text("sheet")),
        _ => file.to_owned(),
    };
    html! {
        p { strong.kind.warning[warning] { (kind) " " (text("code")) } " " (text("message")) }
        p.where { (place) }
        p { (language.pick("建议：", "help: ")) (text("help")) }
    }
}

/// Why the machine cannot simulate a scenario that is right, in place of the briefing.
pub fn refusal(what: &Words, help: &Words, language: Language) -> String {
    let part = Section {
        head: language.pick(&what.zh, &what.en).clone(),
        lines: vec![language.pick(&help.zh, &help.en).clone()],
    };
    html! { section #front { (section(&part)) } }.into_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::problem::Problems;
    use crate::scenario::tree::{Content, Place, Source, SourceId, Spot};

    #[test]
    fn a_problem_is_shown_with_its_code_place_and_remedy_and_nothing_of_it_is_markup() {
        let mut sources = Sources::default();
        sources.add(Source {
            name: "a<b.toml".to_owned(),
            content: Content::Text("title = 1\nx = <script>\n".to_owned()),
        });
        let mut found = Problems::default();
        let spot = Spot::Bytes { start: 14, end: 22 };
        found.error(
            "S008",
            Place {
                source: SourceId(0),
                spot,
            },
            Words::new("不是 TOML", "this is not <i>TOML</i>"),
            Words::new("改", "mend it"),
        );
        let html = problems(&found, &sources, Language::English);
        assert!(html.contains("S008") && html.contains("a&lt;b.toml:2:5"));
        assert!(html.contains("mend it") && html.contains("x = &lt;script&gt;"));
        assert!(!html.contains("<script>") && !html.contains("<i>"));
        assert_eq!(errors(&found), 1);
    }

    #[test]
    fn the_page_is_complete_without_scripts_and_asks_nobody_else() {
        let view = View {
            file: "a\"b.toml",
            stage: Stage::Looked(8),
            body: ("<p>all of it</p>", 7),
            panel: None,
        };
        for language in [Language::Chinese, Language::English] {
            let html = page(&view, language);
            assert!(html.contains("<p>all of it</p>") && html.contains("data-number=\"7\""));
            assert!(html.contains("a&quot;b.toml"));
            assert!(!html.contains("http"));
        }
    }
}
