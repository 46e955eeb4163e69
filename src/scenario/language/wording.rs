//! How complaints about single values are worded.

use crate::scenario::keys::{Kind, Word};
use crate::scenario::problem::{Words, shown};
use crate::scenario::tree::{Node, Value};
use crate::units::text::{self, Fault};

/// Short words for what a value is: `text "soon"`, `a table`.
pub(super) fn described(node: &Node) -> Words {
    match &node.value {
        Value::Text(text) => Words::new(
            format!("文字 \"{}\"", shown(text)),
            format!("the text \"{}\"", shown(text)),
        ),
        Value::Integer(number) => {
            Words::new(format!("数 {number}"), format!("the number {number}"))
        }
        Value::Float(number) => Words::new(format!("数 {number}"), format!("the number {number}")),
        Value::Boolean(flag) => Words::new(format!("{flag}"), format!("{flag}")),
        Value::List(_) => Words::new("一个列表", "a list"),
        Value::Table(_) => Words::new("一个表", "a table"),
    }
}

/// What a key of this kind needs, for the sentence "… needs …".
pub(super) fn needed(kind: Kind) -> Words {
    let (zh, en) = match kind {
        Kind::Table => ("一个表", "a table"),
        Kind::Tables => ("一个由表组成的列表", "a list of tables"),
        Kind::Text => ("文字", "text"),
        Kind::Id | Kind::Reference => ("一个编号", "an id"),
        Kind::References => ("由编号组成的列表", "a list of ids"),
        Kind::Levers => ("由滑块组成的列表", "a list of levers"),
        Kind::Count { .. } => ("一个整数", "a whole number"),
        Kind::Pool { .. } => ("一个整数，或 household", "a whole number or `household`"),
        Kind::Number { .. } => ("一个数", "a number"),
        Kind::Span { .. } => ("一段带单位的时间", "a length of time with its unit"),
        Kind::Pace { .. } => ("一个速度（每小时多少）", "a pace, so many an hour"),
        Kind::Speed => ("一个步行速度", "a speed"),
        Kind::Share => ("一个比例", "a share"),
        Kind::Moment => ("一个日期和时刻", "a date and time"),
        Kind::MomentOrSpan => ("一个时刻，或一段时间", "a moment, or a length of time"),
        Kind::Clock => ("一个钟点", "a time of day"),
        Kind::Window => ("一个时段", "hours of the day"),
        Kind::Windows => ("一个或几个时段", "one or more stretches of the day"),
        Kind::Word(_) => ("规定的词之一", "one of its words"),
        Kind::Words(_) => ("规定的词的列表", "a list of its words"),
        Kind::Duration { .. } => ("一段时间，或一个分布", "a length of time or a distribution"),
        Kind::Weights => ("24 个数", "24 numbers"),
        Kind::Sizes => (
            "平均数，或 1、2、3… 各占的权重",
            "a mean, or the weights of 1, 2, 3 and so on",
        ),
        Kind::Flag => ("true 或 false", "true or false"),
    };
    Words::new(zh, en)
}

/// What to write for a key of this kind.
pub(super) fn remedy(name: &str, kind: Kind) -> Words {
    let example = match kind {
        Kind::Table => {
            return Words::new(
                format!("写成表，如 [{name}]"),
                format!("write it as a table, such as [{name}]"),
            );
        }
        Kind::Tables => {
            return Words::new(
                format!("写成 [[{name}]]，每项一段"),
                format!("write [[{name}]], once for each entry"),
            );
        }
        Kind::Text | Kind::Reference => "\"…\"",
        Kind::Id => "\"S1\"",
        Kind::References => "[\"S1\", \"S2\"]",
        Kind::Levers => "[\"sites.S3.lanes=3..8\", \"lane.pace=40..85\"]",
        Kind::Pool { .. } => "10 or \"household\"",
        Kind::Count { .. } => {
            return Words::new(
                format!("写成整数，如 {name} = 4"),
                format!("write it as a whole number, such as {name} = 4"),
            );
        }
        Kind::Number { .. } => "0.4",
        Kind::Span { .. } => "\"45 min\"",
        Kind::Pace { noun: "tubes" } => "\"20 tubes/h\"",
        Kind::Pace { .. } => "\"60 people/h\"",
        Kind::Speed => "\"4.5 km/h\"",
        Kind::Share => "\"93 %\"",
        Kind::Moment => "\"2022-05-09 07:00\"",
        Kind::MomentOrSpan => "\"24 h\"",
        Kind::Clock => "\"07:30\"",
        Kind::Window => "\"08:00-20:00\"",
        Kind::Windows => "[\"07:00-12:00\", \"13:00-19:00\"]",
        Kind::Words(words) => {
            let Words { zh, en } = remedy(name, Kind::Word(words));
            return Words::new(format!("{zh}，写成列表"), format!("{en}, as a list"));
        }
        Kind::Word(words) => {
            let plain = |word: &Word| format!("\"{}\"", word.word);
            // A word that is also known in Chinese is offered in it.
            let chinese = |word: &Word| match word.also.iter().find(|also| !also.is_ascii()) {
                Some(also) => format!("{}（{also}）", plain(word)),
                None => plain(word),
            };
            let (zh, en): (Vec<_>, Vec<_>) = words
                .iter()
                .map(|word| (chinese(word), plain(word)))
                .unzip();
            return Words::new(
                format!("可选：{}", zh.join("、")),
                format!("choose one of {}", en.join(", ")),
            );
        }
        Kind::Duration { .. } => "\"45 s\" or { lognormal = { mean = \"45 s\", cv = 0.4 } }",
        Kind::Weights => "[0, 0, 0, 0, 0, 0, 1, 2, … ]",
        Kind::Sizes => "2.7 or [25, 30, 20, 15, 10]",
        Kind::Flag => "true",
    };
    Words::new(
        format!("写成 {name} = {}", example.replace(" or ", " 或 ")),
        format!("write {name} = {example}"),
    )
}

/// Why a text is not the quantity that `name` needs.
#[expect(
    clippy::too_many_lines,
    reason = "one arm for each fault, in two languages"
)]
pub(super) fn fault(name: &str, kind: Kind, written: &str, fault: &Fault) -> Words {
    let (written, need) = (shown(written), needed(kind));
    let both =
        |zh: String, en: String| Words::new(format!("`{name}` {zh}"), format!("`{name}` {en}"));
    match fault {
        Fault::Empty => both(
            format!("是空的，需要{}", need.zh),
            format!("is empty; it needs {}", need.en),
        ),
        Fault::NotANumber(part) if *part == written => both(
            format!("需要{}：\"{written}\" 不是数", need.zh),
            format!("needs {}: \"{written}\" is no number", need.en),
        ),
        Fault::NotANumber(part) => {
            let part = shown(part);
            both(
                format!("需要{}：\"{written}\" 中的 \"{part}\" 不是数", need.zh),
                format!(
                    "needs {}: \"{part}\" in \"{written}\" is no number",
                    need.en
                ),
            )
        }
        Fault::NoUnit if matches!(kind, Kind::Pace { .. }) => both(
            format!("需要{}：\"{written}\" 没有写每小时", need.zh),
            format!("needs {}: \"{written}\" does not say in what time", need.en),
        ),
        Fault::NoUnit => both(
            format!("需要{}：\"{written}\" 没有单位", need.zh),
            format!("needs {}: \"{written}\" has no unit", need.en),
        ),
        Fault::UnknownUnit(unit) => {
            let unit = shown(unit);
            both(
                format!(
                    "需要{}：\"{written}\" 中的 \"{unit}\" 不是它的单位",
                    need.zh
                ),
                format!(
                    "needs {}: \"{unit}\" in \"{written}\" is no unit of it",
                    need.en
                ),
            )
        }
        Fault::Negative => both(
            format!("不能是负数：\"{written}\""),
            format!("cannot be negative: \"{written}\""),
        ),
        Fault::Zero => both(
            format!("必须大于零：\"{written}\""),
            format!("must be above zero: \"{written}\""),
        ),
        Fault::Fraction => both(
            format!("必须是整数：\"{written}\""),
            format!("must be a whole number: \"{written}\""),
        ),
        Fault::TooLarge if kind == Kind::Share => both(
            format!("不能超过整体：\"{written}\""),
            format!("cannot be more than the whole: \"{written}\""),
        ),
        Fault::TooLarge => both(
            format!("大得不合情理：\"{written}\""),
            format!("is larger than could be meant: \"{written}\""),
        ),
        Fault::NotAMoment => both(
            format!(
                "需要{}：看不懂 \"{written}\"，或没有这样的日期、时刻",
                need.zh
            ),
            format!(
                "needs {}: \"{written}\" is not written as one, or does not exist",
                need.en
            ),
        ),
        Fault::Zone => both(
            format!("写当地时间即可：\"{written}\" 带有时区"),
            format!("is local time: \"{written}\" gives a time zone"),
        ),
        Fault::EmptyWindow => both(
            format!("开始和结束是同一时刻：\"{written}\""),
            format!("ends when it starts: \"{written}\""),
        ),
    }
}

/// What to write where a text was not the quantity that `name` needs.
pub(super) fn fault_remedy(name: &str, kind: Kind, written: &str, fault: &Fault) -> Words {
    match (fault, kind) {
        (Fault::NoUnit, Kind::Span { .. } | Kind::Duration { .. }) => {
            let number = text::narrow(written);
            Words::new(
                format!("加上单位，如 \"{number} min\" 或 \"{number} h\""),
                format!("add the unit, such as \"{number} min\" or \"{number} h\""),
            )
        }
        (Fault::NoUnit, Kind::Pace { noun }) => {
            let number = text::narrow(written);
            let end = number.find(|c: char| !(c.is_ascii_digit() || c == '.'));
            let number = &number[..end.unwrap_or(number.len())];
            Words::new(
                format!("写成 \"{number} {noun}/h\"，即每小时多少"),
                format!("write \"{number} {noun}/h\", so many an hour"),
            )
        }
        (Fault::TooLarge, Kind::Share) => Words::new(
            "写成百分数，如 \"93 %\"，最多 \"100 %\"",
            "write it in percent, such as \"93 %\"; \"100 %\" at most",
        ),
        (Fault::EmptyWindow, _) => Words::new(
            "全天写作 \"00:00-24:00\"",
            "for the whole day write \"00:00-24:00\"",
        ),
        (Fault::Zone, _) => Words::new(
            "去掉时区，如 \"2022-05-09 07:00\"",
            "leave the zone out, such as \"2022-05-09 07:00\"",
        ),
        _ => remedy(name, kind),
    }
}
