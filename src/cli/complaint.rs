//! What a wrong command line hears, in its language.

use clap::error::{ContextKind, ErrorKind};

use crate::units::language::Language;

use super::failure::{Exit, Failure};
use super::terminal::Terminal;

/// Answers a command line that asks for help, or is wrong.
pub(super) fn answer(error: &clap::Error, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    if !error.use_stderr() {
        terminal.answer(&error.render().to_string())?;
        return Ok(Exit::Done);
    }
    let text = match (terminal.language, chinese(error)) {
        (Language::Chinese, Some(text)) => text,
        _ if terminal.styled => error.render().ansi().to_string(),
        _ => error.render().to_string(),
    };
    terminal.complain(&text);
    Ok(Exit::Input)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "clap may add kinds, and answers those in English"
)]
/// The complaint in Chinese, for those kinds that a planner meets.
fn chinese(error: &clap::Error) -> Option<String> {
    let said = |kind| error.get(kind).map(ToString::to_string);
    let argument = said(ContextKind::InvalidArg).unwrap_or_default();
    let value = said(ContextKind::InvalidValue).unwrap_or_default();
    let what = match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 后面缺一个值"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("{argument} 的值“{value}”不对")
        }
        ErrorKind::UnknownArgument => format!("不认识“{argument}”"),
        ErrorKind::InvalidSubcommand => format!(
            "没有“{}”这个命令",
            said(ContextKind::InvalidSubcommand).unwrap_or_default()
        ),
        ErrorKind::MissingRequiredArgument => format!("缺少：{argument}"),
        ErrorKind::MissingSubcommand => "没有说要做什么".to_owned(),
        ErrorKind::ArgumentConflict => format!(
            "{argument} 不能和 {} 同时使用",
            said(ContextKind::PriorArg).unwrap_or_default()
        ),
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues => {
            format!("{argument} 的值的个数不对")
        }
        ErrorKind::InvalidUtf8 => "命令里有无法识别的字符".to_owned(),
        _ => return None,
    };
    let mut text = format!("错误：{what}\n");
    for (kind, words) in [
        (ContextKind::ValidValue, "可以用"),
        (ContextKind::ValidSubcommand, "可以用"),
        (ContextKind::SuggestedArg, "是不是"),
        (ContextKind::SuggestedValue, "是不是"),
        (ContextKind::SuggestedSubcommand, "是不是"),
    ] {
        if let Some(hint) = said(kind).filter(|hint| !hint.is_empty()) {
            text.extend(["  ", words, "：", &hint, "\n"]);
        }
    }
    Some(text + "  办法：swabplan --help 或 swabplan run --help 查看用法\n")
}
