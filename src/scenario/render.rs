//! Problems as people read them, each with its place, the line itself, and what to do; and as programs read them.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde_json::{Value, json};

use super::document::COMMAND_LINE;
use super::problem::{Problem, Problems, Severity, Words};
use super::sheet::FEATURES;
use super::tree::{Content, Place, Source, SourceId, Sources, Spot};
use crate::units::language::Language;

/// How many problems are shown in full.
const SHOWN: usize = 100;
/// The longest part of a line that is shown, in characters.
const WINDOW: usize = 110;
/// The part of it before the caret.
const BEFORE: usize = 60;

/// All problems in the order of their places, as text for a terminal; `styled` gives it colors. Ends with a line that counts them.
pub fn render(problems: &Problems, sources: &Sources, language: Language, styled: bool) -> String {
    let ordered = ordered(problems);
    let renderer = if styled {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer
        .term_width(WINDOW * 3)
        .decor_style(DecorStyle::Ascii);
    let mut lines = Lines::default();
    let mut text = String::new();
    for problem in ordered.iter().take(SHOWN) {
        text.push_str(&one(problem, sources, language, &renderer, &mut lines));
        text.push_str("\n\n");
    }
    if let Some(more @ 1..) = ordered.len().checked_sub(SHOWN) {
        text.push_str(&language.pick(
            format!("另有 {more} 处未列出。\n"),
            format!("… and {more} more.\n"),
        ));
    }
    let count = |severity| {
        ordered
            .iter()
            .filter(|problem| problem.severity == severity)
            .count()
    };
    text.push_str(&counted(
        count(Severity::Error),
        count(Severity::Warning),
        language,
    ));
    text
}

/// The problems as a list of `{code, severity, file, line, column, sheet, cell, message, help}`, in the order of their places.
///
/// Lines and columns (in characters) count from 1; they are null for a sheet, and `sheet` and `cell` are null for text.
pub fn json(problems: &Problems, sources: &Sources, language: Language) -> Value {
    let mut lines = Lines::default();
    ordered(problems)
        .into_iter()
        .map(|problem| described(problem, sources, language, &mut lines))
        .collect()
}

/// A place in words: `zeku.toml:12:7`, or `zeku.xlsx, sheet cells, cell D7`.
pub fn location(place: Place, sources: &Sources, language: Language) -> String {
    located(place, sources, language, &mut Lines::default())
}

/// A place in words, for many places: the lines of each source are found once.
pub(super) fn located(
    place: Place,
    sources: &Sources,
    language: Language,
    lines: &mut Lines,
) -> String {
    let Some(source) = sources.list.get(place.source.0 as usize) else {
        return String::new();
    };
    match spot(place, source, lines) {
        Found::Text { line, column, .. } => format!("{}:{line}:{column}", visible(&source.name)),
        Found::Cell { row, column } => cell_location(source, row, column, language),
        Found::Nowhere => visible(&source.name),
    }
}

/// The problems by place, each once.
fn ordered(problems: &Problems) -> Vec<&Problem> {
    let mut first = BTreeMap::new();
    for problem in &problems.list {
        first
            .entry((
                problem.place,
                problem.severity,
                problem.code,
                &problem.what.en,
            ))
            .or_insert(problem);
    }
    first.into_values().collect()
}

fn one(
    problem: &Problem,
    sources: &Sources,
    language: Language,
    renderer: &Renderer,
    lines: &mut Lines,
) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR.with_name(language.pick("错误", "error")),
        Severity::Warning => Level::WARNING.with_name(language.pick("提醒", "warning")),
    };
    let mut group = Group::with_title(
        level
            .primary_title(visible(words(&problem.what, language)))
            .id(problem.code),
    );
    if let Some(source) = sources.list.get(problem.place.source.0 as usize) {
        group = match spot(problem.place, source, lines) {
            Found::Text {
                line,
                column,
                text,
                range,
            } => {
                let origin = Origin::path(visible(&source.name));
                let origin = if source.name == COMMAND_LINE {
                    origin
                } else {
                    origin.line(line).char_column(column)
                };
                let (text, range) = window(text, range);
                group.element(origin).element(snippet(text, range, line))
            }
            Found::Cell { row, column } => {
                let (text, range) = row_text(source, row, column);
                let origin = Origin::path(cell_location(source, row, column, language));
                group
                    .element(origin)
                    .element(snippet(text, range, row as usize + 1))
            }
            Found::Nowhere => group.element(Origin::path(visible(&source.name))),
        };
    }
    let help = Level::HELP.with_name(language.pick("建议", "help"));
    without_second_origin(
        &renderer.render(&[group.element(help.message(visible(words(&problem.help, language))))]),
    )
}

/// Leaves out the line `:::` by which the renderer says that a snippet without a path belongs to another file than the one
/// just named. (Naming the file by the snippet would count columns from the start of the window, not of the line.)
fn without_second_origin(text: &str) -> String {
    const LINE: usize = 3;
    let lines = text
        .lines()
        .enumerate()
        .filter(|(index, line)| *index != LINE || !line.contains(":::"));
    lines.map(|(_, line)| line).collect::<Vec<_>>().join("\n")
}

fn snippet(
    text: String,
    range: Range<usize>,
    line: usize,
) -> Snippet<'static, annotate_snippets::Annotation<'static>> {
    Snippet::source(text)
        .line_start(line)
        .annotation(AnnotationKind::Primary.span(range))
}

fn words(words: &Words, language: Language) -> &str {
    language.pick(&words.zh, &words.en)
}

fn counted(errors: usize, warnings: usize, language: Language) -> String {
    let parts = match language {
        Language::Chinese => [format!("{errors} 处错误"), format!("{warnings} 处提醒")],
        Language::English => [plural(errors, "error"), plural(warnings, "warning")],
    };
    let comma = language.pick("，", ", ");
    let parts: Vec<_> = parts
        .into_iter()
        .zip([errors, warnings])
        .filter(|(_, count)| *count > 0)
        .map(|(part, _)| part)
        .collect();
    if parts.is_empty() {
        return language.pick("没有问题\n", "no problems\n").to_owned();
    }
    format!("{}\n", parts.join(comma))
}

fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn described(problem: &Problem, sources: &Sources, language: Language, lines: &mut Lines) -> Value {
    let source = sources.list.get(problem.place.source.0 as usize);
    let (mut line, mut column, mut sheet, mut cell) =
        (Value::Null, Value::Null, Value::Null, Value::Null);
    match source.map(|source| (source, spot(problem.place, source, lines))) {
        Some((
            _,
            Found::Text {
                line: l, column: c, ..
            },
        )) => (line, column) = (json!(l), json!(c)),
        Some((source, Found::Cell { row, column })) => {
            if let Content::Sheet { sheet: name, .. } = &source.content {
                sheet = json!(name);
            }
            cell = json!(cell_name(row, column));
        }
        Some((_, Found::Nowhere)) | None => {}
    }
    json!({
        "code": problem.code,
        "severity": match problem.severity { Severity::Error => "error", Severity::Warning => "warning" },
        "file": source.map(|source| &source.name),
        "line": line,
        "column": column,
        "sheet": sheet,
        "cell": cell,
        "message": words(&problem.what, language),
        "help": words(&problem.help, language),
    })
}

/// What a place comes to in its source.
enum Found<'a> {
    /// A line of text and the bytes meant in it; line and column (in characters) from 1.
    Text {
        line: usize,
        column: usize,
        text: &'a str,
        range: Range<usize>,
    },
    /// A cell of a sheet, from 0.
    Cell { row: u32, column: u32 },
    /// The source as a whole.
    Nowhere,
}

/// Where the lines of each source begin, found once.
#[derive(Default)]
pub(super) struct Lines {
    starts: BTreeMap<SourceId, Vec<usize>>,
}

fn spot<'a>(place: Place, source: &'a Source, lines: &mut Lines) -> Found<'a> {
    match (place.spot, &source.content) {
        (Spot::Bytes { start, end }, Content::Text(text)) => {
            let starts = lines.starts.entry(place.source).or_insert_with(|| {
                std::iter::once(0)
                    .chain(text.match_indices('\n').map(|(at, _)| at + 1))
                    .collect()
            });
            let start = text.floor_char_boundary(start);
            let line = starts.partition_point(|line| *line <= start);
            let from = starts[line - 1];
            let to = starts.get(line).map_or(text.len(), |next| next - 1);
            let text = &text[from..to];
            let text = text.strip_suffix('\r').unwrap_or(text);
            let first = (start - from).min(text.len());
            let last = text.ceil_char_boundary(end.saturating_sub(from).clamp(first, text.len()));
            let column = text[..first].chars().count() + 1;
            Found::Text {
                line,
                column,
                text,
                range: first..last,
            }
        }
        (Spot::Cell { row, column }, _) => Found::Cell { row, column },
        (Spot::Whole | Spot::Bytes { .. }, _) => Found::Nowhere,
    }
}

/// The part of a line around the bytes meant, with signs that a terminal shows as they are, and the bytes meant in it.
fn window(line: &str, range: Range<usize>) -> (String, Range<usize>) {
    let from = line[..range.start]
        .char_indices()
        .rev()
        .nth(BEFORE - 1)
        .map_or(0, |(at, _)| at);
    let (mut text, mut start, mut end) = (String::new(), None, None);
    if from > 0 {
        text.push('…');
    }
    let mut shown = line[from..].char_indices();
    for (at, c) in shown.by_ref().take(WINDOW) {
        if from + at >= range.start {
            start.get_or_insert(text.len());
        }
        if from + at >= range.end {
            end.get_or_insert(text.len());
        }
        push_visible(&mut text, c);
    }
    let last = text.len();
    if shown.next().is_some() {
        text.push('…');
    }
    let start = start.unwrap_or(last);
    (text, start..end.unwrap_or(last).max(start))
}

/// The row of a sheet as one line, and where the cell is in it.
fn row_text(source: &Source, row: u32, column: u32) -> (String, Range<usize>) {
    let cells = match &source.content {
        Content::Sheet { rows, .. } => rows.get(row as usize).map_or(&[][..], Vec::as_slice),
        Content::Text(_) | Content::Nothing => &[],
    };
    let (mut line, mut range) = (String::new(), None);
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            line.push_str(" | ");
        }
        let start = line.len();
        line.extend(cell.chars().take(WINDOW));
        if index == column as usize {
            range = Some(start..line.len());
        }
    }
    let range = range.unwrap_or(line.len()..line.len());
    window(&line, range)
}

fn cell_location(source: &Source, row: u32, column: u32, language: Language) -> String {
    let file = visible(&source.name);
    let Content::Sheet { sheet, rows } = &source.content else {
        return file;
    };
    if sheet == FEATURES {
        let key = rows
            .first()
            .and_then(|header| header.get(column as usize))
            .map(|key| visible(key))
            .unwrap_or_default();
        return language.pick(
            format!("{file}，第 {row} 个图形，{key}"),
            format!("{file}, feature {row}, {key}"),
        );
    }
    let (sheet, cell) = (visible(sheet), cell_name(row, column));
    language.pick(
        format!("{file}，工作表 {sheet}，单元格 {cell}"),
        format!("{file}, sheet {sheet}, cell {cell}"),
    )
}

/// The name of a cell as spreadsheets have it: `A1`, `AB12`.
fn cell_name(row: u32, column: u32) -> String {
    let mut letters = String::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        rest -= 1;
        letters.insert(0, char::from(b'A' + (rest % 26) as u8));
        rest = rest.div_euclid(26);
    }
    format!("{letters}{}", u64::from(row) + 1)
}

/// Text in which nothing can move the cursor, color the terminal or turn the direction of writing.
fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    text.chars().for_each(|c| push_visible(&mut visible, c));
    visible
}

fn push_visible(text: &mut String, c: char) {
    match c {
        '\t' => text.push(' '),
        '\0'..='\u{1f}' => text.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}')),
        '\u{7f}' => text.push('\u{2421}'),
        '\u{80}'..='\u{9f}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}' => text.push('\u{fffd}'),
        other => text.push(other),
    }
}
