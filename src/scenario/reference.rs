//! The reference of the scenario language: a scenario with every key, its meaning, unit, default and source, written from the catalogue.

use std::fmt::Write;

use super::keys::{Catalogue, Key, Keys, Kind, Level, Presence};

/// Lists that the reference shows with an entry; the other optional ones are shown as remarks.
const SHOWN: [&str; 10] = [
    "couriers",
    "labs",
    "rounds",
    "cells",
    "sites",
    "labs[].machines",
    "labs[].plate",
    "cells[].site",
    "tubes.pool",
    "title",
];

const HEAD: &str = "\
#:schema ./swabplan.schema.json
# swabplan 方案文件的全部键。本文件由程序生成，本身也是一个可以运行的方案。
# Every key of a swabplan scenario. This file is generated, and is itself a scenario that runs.
#
# 时间、速度、比例连同单位写在引号里：\"45 min\"、\"90分钟\"、\"60 people/h\"、\"60人/小时\"、\"93 %\"。
# Times, paces and shares are quoted with their unit: \"45 min\", \"60 people/h\", \"93 %\".
#
# 任何量都可以写明有多可信；标了“可给范围”的还可以给范围，每次推演从中抽取：
# Any quantity can say how far to believe it; where a range is allowed, each replication draws from it:
#   pace = { assumed = \"60 people/h\", range = \"41..85\", source = \"…\" }
#   lanes = { value = 4, source = \"…\" }
#
# 用时可以写成分布 / lengths of time that vary are given as distributions:
#   { lognormal = { mean = \"45 s\", cv = 0.4 } }   gamma 同此 / likewise; sd = \"18 s\" 代替 cv / in place of cv
#   { exponential = { mean = \"45 s\" } }   { weibull = { mean = \"45 s\", shape = 2 } }   { constant = \"45 s\" }
#   { uniform = { low = \"30 s\", high = \"60 s\" } }   { triangular = { low = \"30 s\", mode = \"40 s\", high = \"60 s\" } }
#   { empirical = [\"38 s\", \"41 s\", \"60 s\"] }
#
# 变通 / variants:
#   extends = \"other.toml\"      以另一个方案为底，只写不同之处 / takes another scenario and changes what is written here
#   [layouts.more-lanes]        本文件内的变体，用 --layout more-lanes 选用 / a variant inside the file, chosen with --layout
#   remove = true               删去同 id 的一项 / drops the entry of that id
";

/// Whether a key is stated or only shown in a remark.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Stated,
    Remark,
}

impl Form {
    /// The form of a key in a table of this form.
    fn of(self, key: &Key, neighbors: &[&Key]) -> Self {
        if self == Self::Stated && is_stated(key, neighbors) {
            Self::Stated
        } else {
            Self::Remark
        }
    }

    /// What its line starts with.
    const fn mark(self) -> &'static str {
        match self {
            Self::Stated => "",
            Self::Remark => "# ",
        }
    }
}

/// The whole reference, as TOML.
pub fn reference() -> String {
    let mut text = HEAD.to_owned();
    table(&Catalogue::new(), "", "", Form::Stated, &mut text);
    text
}

/// The keys of a table: single values first, as TOML wants it, then its tables.
fn table(catalogue: &Catalogue, path: &str, heading: &str, form: Form, text: &mut String) {
    let keys = catalogue.under(path);
    for key in keys.iter().filter(|key| !is_block(key)) {
        explain(key, text);
        let shown = key.default.or(key.example).unwrap_or("[]");
        let mark = form.of(key, keys).mark();
        let _ = writeln!(text, "{mark}{} = {shown}", key.name());
        within(catalogue, key, text);
    }
    for key in keys.iter().filter(|key| is_block(key)) {
        let form = form.of(key, keys);
        let heading = if heading.is_empty() {
            key.name().to_owned()
        } else {
            format!("{heading}.{}", key.name())
        };
        explain(key, text);
        if let Some(example) = key.example {
            let _ = writeln!(text, "# {} = {example}", key.name());
        }
        let (open, close) = if key.kind == Kind::Tables {
            ("[[", "]]")
        } else {
            ("[", "]")
        };
        let _ = writeln!(text, "{}{open}{heading}{close}", form.mark());
        if key.keys.shared().is_none() {
            table(catalogue, &key.inside(), &heading, form, text);
        }
    }
}

/// Whether a key gets a heading of its own.
fn is_block(key: &Key) -> bool {
    matches!(key.kind, Kind::Table | Kind::Tables) && key.default.is_none() && key.example.is_none()
        || key.path == "tubes.pool"
}

/// The keys of a table that is shown on one line, as remarks.
fn within(catalogue: &Catalogue, key: &Key, text: &mut String) {
    if key.keys.shared().is_some() {
        return;
    }
    for inner in catalogue.under(&key.inside()) {
        let _ = writeln!(
            text,
            "#   {}.{}：{} / {}",
            key.name(),
            inner.name(),
            inner.zh,
            inner.en
        );
        if let Some(example) = inner.example.or(inner.default) {
            let _ = writeln!(text, "#     {} = {example}", inner.name());
        }
    }
}

/// Whether the reference states a key rather than showing it in a remark.
fn is_stated(key: &Key, neighbors: &[&Key]) -> bool {
    let counts = key.when.is_none_or(|(neighbor, words)| {
        let chosen = neighbors
            .iter()
            .find(|other| other.name() == neighbor)
            .and_then(|other| other.default);
        chosen.is_some_and(|chosen| words.contains(&chosen.trim_matches('"')))
    });
    let filled = key.presence == Presence::Required
        || key.default.is_some()
        || key.kind == Kind::Text
        || SHOWN.contains(&key.path);
    let table = key.kind == Kind::Table
        && key.level == Level::Plain
        && key.presence != Presence::Chosen
        && !matches!(key.keys, Keys::InPlaceOf(_));
    counts && (filled || table)
}

/// What a key means, in remarks above it.
fn explain(key: &Key, text: &mut String) {
    let _ = writeln!(text, "\n# {}\n# {}", key.zh, key.en);
    let mut notes: Vec<String> = kind(key.kind).into_iter().collect();
    if key.presence == Presence::Required {
        notes.push("必填 required".to_owned());
    }
    if key.ranged {
        notes.push("可给范围 a range is allowed".to_owned());
    }
    if let Some((neighbor, words)) = key.when {
        notes.push(format!(
            "仅用于 only with {neighbor} = \"{}\"",
            words.join("\", \"")
        ));
    }
    if let Some(source) = key.source {
        notes.push(format!("默认值来源 default from: {source}"));
    }
    if key.level == Level::Expert {
        notes.push("专家级 expert".to_owned());
    }
    if !notes.is_empty() {
        let _ = writeln!(text, "# [{}]", notes.join(" | "));
    }
}

/// What a single value is, in a few words.
fn kind(kind: Kind) -> Option<String> {
    let both = match kind {
        Kind::Table | Kind::Tables => return None,
        Kind::Text => "文字 text",
        Kind::Id => "编号 id",
        Kind::Reference => "另一项的编号 id of another",
        Kind::References => "编号列表 ids",
        Kind::Levers => "文字列表 texts",
        Kind::Count { least, most } => return Some(format!("整数 whole number {least}..{most}")),
        Kind::Pool { most } => {
            return Some(format!("整数 whole number 1..{most} | household"));
        }
        Kind::Number { least, most } => return Some(format!("数 number {least}..{most}")),
        Kind::Span { .. } => "时长 length of time",
        Kind::Pace { noun: "tubes" } => "速度 pace, tubes/h",
        Kind::Pace { .. } => "速度 pace, people/h",
        Kind::Speed => "速度 speed, km/h",
        Kind::Share => "比例 share, %",
        Kind::Moment => "时刻 moment",
        Kind::MomentOrSpan => "时刻或时长 moment or length of time",
        Kind::Clock => "钟点 time of day",
        Kind::Window => "时段 hours",
        Kind::Windows => "时段列表 list of hours",
        Kind::Word(words) => {
            let words: Vec<&str> = words.iter().map(|word| word.word).collect();
            return Some(format!("可选 one of {}", words.join(", ")));
        }
        Kind::Words(words) => {
            let words: Vec<&str> = words.iter().map(|word| word.word).collect();
            return Some(format!("可选几个 some of {}", words.join(", ")));
        }
        Kind::Duration { .. } => "时长或分布 length of time or distribution",
        Kind::Weights => "24 个数 24 numbers",
        Kind::Sizes => "平均数，或 1、2、3… 的权重 mean, or weights of 1, 2, 3 …",
        Kind::Flag => "true | false",
    };
    Some(both.to_owned())
}
