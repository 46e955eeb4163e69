//! TOML's syntax errors, told to someone who has never heard of TOML.

use std::ops::Range;

use super::problem::{Words, shown};

/// Code, cause and remedy of a syntax error that the parser describes as `message`.
pub(super) fn explained(
    message: &str,
    text: &str,
    span: &Range<usize>,
) -> (&'static str, Words, Words) {
    let line = line_around(text, span.start);
    if message.starts_with("duplicate key") {
        return (
            "S010",
            what(message, &text[span.clone()]),
            remedy_of_duplicate(),
        );
    }
    let unquoted = ["string values must be quoted", "missing value"]
        .iter()
        .any(|start| message.starts_with(start));
    let no_value = unquoted && bare(line).trim_end().ends_with('=');
    let message = if no_value { "missing value" } else { message };
    let cause = full_width_cause(line).unwrap_or_else(|| what(message, &text[span.clone()]));
    let help = full_width_remedy(line).unwrap_or_else(|| remedy(message, line));
    ("S008", cause, help)
}

/// The line that holds byte `at`, without its end.
fn line_around(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..]
        .find('\n')
        .map_or(text.len(), |length| at + length);
    let line = text[start..end].trim_end_matches('\r');
    &line[..line.floor_char_boundary(4_000)]
}

/// The part of the line before a comment, and outside its strings: there full-width signs do harm.
fn bare(line: &str) -> String {
    let mut quote = None;
    let mut bare = String::new();
    for c in line.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == '#' => break,
            None => bare.push(c),
        }
    }
    bare
}

const FULL_WIDTH: [(char, char); 12] = [
    ('“', '"'),
    ('”', '"'),
    ('‘', '\''),
    ('’', '\''),
    ('＂', '"'),
    ('＝', '='),
    ('，', ','),
    ('、', ','),
    ('［', '['),
    ('］', ']'),
    ('｛', '{'),
    ('｝', '}'),
];

fn full_width(line: &str) -> Option<(char, char)> {
    let bare = bare(line);
    FULL_WIDTH
        .into_iter()
        .find(|(wide, _)| bare.contains(*wide))
}

fn full_width_cause(line: &str) -> Option<Words> {
    let (wide, _) = full_width(line)?;
    Some(Words::new(
        format!("这一行用了中文标点 {wide}"),
        format!("this line has a Chinese punctuation mark, {wide}"),
    ))
}

fn full_width_remedy(line: &str) -> Option<Words> {
    let (wide, plain) = full_width(line)?;
    Some(Words::new(
        format!("把 {wide} 换成英文半角的 {plain}"),
        format!("replace {wide} by {plain}"),
    ))
}

/// What the parser's words mean, the first that fits: part of a message, Chinese, English.
const CAUSES: [(&str, &str, &str); 26] = [
    (
        "string values must be quoted",
        "文字、时刻和时长没有加引号",
        "text, times and lengths of time need quotation marks",
    ),
    (
        "missing opening quote",
        "缺少左引号",
        "the opening quotation mark is missing",
    ),
    (
        "literal string",
        "引号没有成对，或其中有不能用的字符",
        "the quotation marks do not match, or something between them is not allowed",
    ),
    (
        "basic string",
        "引号没有成对，或其中有不能用的字符",
        "the quotation marks do not match, or something between them is not allowed",
    ),
    (
        "invalid string",
        "引号没有成对，或其中有不能用的字符",
        "the quotation marks do not match, or something between them is not allowed",
    ),
    (
        "key with no value",
        "这里缺少等号和取值",
        "an equals sign and a value are missing here",
    ),
    (
        "missing value",
        "等号后面没有取值",
        "there is no value after the equals sign",
    ),
    (
        "unclosed inline table",
        "大括号 { 没有配对的 }",
        "the bracket { is not closed",
    ),
    (
        "unclosed array table",
        "表名的方括号没有配对",
        "the brackets around this table's name do not match",
    ),
    (
        "unclosed table",
        "表名的方括号没有配对",
        "the brackets around this table's name do not match",
    ),
    (
        "unclosed array",
        "方括号 [ 没有配对的 ]",
        "the bracket [ is not closed",
    ),
    (
        "missing comma",
        "两项之间缺少逗号，或前面的括号没有配对",
        "a comma is missing between two items, or a bracket before is not closed",
    ),
    ("extra comma", "多了一个逗号", "there is a comma too many"),
    (
        "unquoted key",
        "这里应当是键名，只能用英文字母、数字、_ 和 -",
        "a key belongs here, made of letters, digits, _ and -",
    ),
    (
        "missing key",
        "这里应当是键名，只能用英文字母、数字、_ 和 -",
        "a key belongs here, made of letters, digits, _ and -",
    ),
    (
        "invalid integer",
        "这个数写得不对",
        "this number is not well formed",
    ),
    (
        "invalid float",
        "这个数写得不对",
        "this number is not well formed",
    ),
    (
        "leading zero",
        "这个数写得不对",
        "this number is not well formed",
    ),
    ("digits", "这个数写得不对", "this number is not well formed"),
    (
        "invalid boolean",
        "这里只能是 true 或 false",
        "this can only be true or false",
    ),
    (
        "unexpected key or value",
        "取值后面还有多余的内容",
        "there is something more after the value",
    ),
    (
        "unexpected content",
        "取值后面还有多余的内容",
        "there is something more after the value",
    ),
    (
        "carriage return",
        "换行符不完整",
        "the end of this line is broken",
    ),
    (
        "invalid comment",
        "注释里有看不见的控制字符",
        "this comment holds an invisible control character",
    ),
    (
        "extra `=`",
        "多了一个等号",
        "there is an equals sign too many",
    ),
    (
        "extra assignment",
        "多了一个等号",
        "there is an equals sign too many",
    ),
];

fn what(message: &str, piece: &str) -> Words {
    if message.starts_with("duplicate key") {
        let piece = shown(piece.trim());
        return Words::new(
            format!("`{piece}` 写了两次"),
            format!("`{piece}` is given twice"),
        );
    }
    if is_moment(message) {
        return Words::new("日期或时刻写得不对", "this date or time is not well formed");
    }
    match CAUSES.iter().find(|(part, ..)| message.contains(part)) {
        Some((_, zh, en)) => Words::new(*zh, *en),
        None => Words::new(
            format!("写法不对（{message}）"),
            format!("this is not well formed ({message})"),
        ),
    }
}

/// Whether the parser took the value for a date or a time.
fn is_moment(message: &str) -> bool {
    ["invalid date", "invalid time", "invalid offset"]
        .iter()
        .any(|start| message.starts_with(start))
}

fn remedy_of_duplicate() -> Words {
    Words::new(
        "删去其中一处；若是列表中的下一项，表名用双方括号，如 [[sites]]",
        "delete one of them; the next entry of a list has double brackets, such as [[sites]]",
    )
}

fn remedy(message: &str, line: &str) -> Words {
    let is = |starts: &[&str]| starts.iter().any(|start| message.starts_with(start));
    let needs_quotes = is(&[
        "string values must be quoted",
        "invalid integer",
        "invalid float",
        "missing opening quote",
    ]) || is_moment(message);
    let (key, value) = line.split_once('=').unwrap_or_default();
    let (key, value) = (
        key.trim(),
        value.split('#').next().unwrap_or_default().trim(),
    );
    let digits = value.replace([',', '_'], "");
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && (message.starts_with("unexpected") || message.contains("leading zero")) {
        let line = shown(&format!("{key} = {}", digits.trim_start_matches('0')));
        return Words::new(
            format!("数里不用逗号，开头不用 0：{line}"),
            format!("write numbers without commas and leading zeros: {line}"),
        );
    }
    let value = value.trim_matches(['"', '\'']);
    if needs_quotes && !value.is_empty() && !value.contains(['"', '[', '{']) {
        let line = shown(&format!("{key} = \"{value}\""));
        return Words::new(format!("写成 {line}"), format!("write {line}"));
    }
    let (zh, en) = if is(&["unclosed", "missing comma"]) {
        (
            "方括号、大括号要成对，各项之间用逗号",
            "close every bracket and put commas between the items",
        )
    } else if message.contains("string") {
        (
            "文字两头各一个英文双引号，如 title = \"泽库县\"",
            "put a straight quotation mark at both ends, such as title = \"Zeku\"",
        )
    } else if message.contains("unquoted key") {
        (
            "键名用英文，如 title、lanes；中文写在引号里的取值中",
            "keys are English words such as title and lanes; other text belongs into values",
        )
    } else if message.starts_with("invalid boolean") {
        ("全部小写：true 或 false", "in lower case: true or false")
    } else {
        (
            "每行写一个 `键 = 值`；文字、时刻、时长放在英文双引号里，如 every = \"2 h\"",
            "write one `key = value` a line; text, times and lengths of time in straight quotation marks, such as every = \"2 h\"",
        )
    };
    Words::new(zh, en)
}
