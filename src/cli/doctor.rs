//! `swabplan doctor`: what this computer can do, and what helps where it is poor.

use std::io;
use std::path::Path;
use std::time::Instant;

use serde_json::json;

use crate::experiment::{self, Nobody};
use crate::model::Replications;
use crate::report::number::count;
use crate::scenario;
use crate::scenario::document::Options;
use crate::scenario::problem::Words;
use crate::units::language::Language;

use super::arguments::{self, Common, Format};
use super::failure::{Exit, Failure};
use super::simulation::{available_memory, processors};
use super::terminal::Terminal;

/// Replications by which the speed is told.
const TRIAL: u32 = 20;
/// Bytes of memory that a county with all its charts is content with.
const ENOUGH: u64 = 500_000_000;

/// Something looked at.
struct Finding {
    id: &'static str,
    head: Words,
    says: Words,
    /// What helps; nothing if it is well.
    help: Option<Words>,
}

/// Looks at everything, and says what helps.
pub(super) fn doctor(common: &Common, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let findings = [
        language(terminal),
        encoding(terminal),
        browser(&open::commands("http://127.0.0.1/")),
        memory(available_memory()),
        folder(),
        speed(),
    ];
    let text = match common.format {
        Format::Json => as_json(&findings, terminal.language),
        Format::Text => as_text(&findings, terminal.language),
    };
    terminal.answer(&text)?;
    Ok(Exit::Done)
}

fn as_text(findings: &[Finding], language: Language) -> String {
    let (system, machine) = (std::env::consts::OS, std::env::consts::ARCH);
    let mut text = format!(
        "swabplan {} · {system} · {machine}\n\n",
        env!("CARGO_PKG_VERSION")
    );
    let colon = language.pick("：", ": ");
    for finding in findings {
        let mark = match &finding.help {
            None => language.pick("好  ", "ok   "),
            Some(_) => language.pick("注意", "look "),
        };
        let (head, says) = (of(&finding.head, language), of(&finding.says, language));
        text.extend([mark, " ", head, colon, says, "\n"]);
        if let Some(help) = &finding.help {
            let (act, help) = (language.pick("办法：", "do: "), of(help, language));
            text.extend(["     ", act, help, "\n"]);
        }
    }
    text
}

fn as_json(findings: &[Finding], language: Language) -> String {
    let finding = |finding: &Finding| {
        json!({
            "id": finding.id,
            "ok": finding.help.is_none(),
            "says": of(&finding.says, language),
            "help": finding.help.as_ref().map(|help| of(help, language)),
        })
    };
    let list: Vec<_> = findings.iter().map(finding).collect();
    let whole = json!({ "version": env!("CARGO_PKG_VERSION"), "findings": list });
    format!("{whole:#}\n")
}

fn of(words: &Words, language: Language) -> &str {
    language.pick(&words.zh, &words.en)
}

fn language(terminal: &Terminal<'_>) -> Finding {
    let name = terminal.language.pick("中文", "English");
    let other = terminal.language.pick("en", "zh");
    Finding {
        id: "language",
        head: Words::new("语言", "language"),
        says: Words::new(
            format!("{name}；换一种用 --lang {other}，或设环境变量 SWABPLAN_LANG={other}"),
            format!("{name}; for the other use --lang {other}, or set SWABPLAN_LANG={other}"),
        ),
        help: None,
    }
}

/// Whether Chinese is likely to be seen: only eyes can tell, so there is something to look at.
fn encoding(terminal: &Terminal<'_>) -> Finding {
    let color = if terminal.styled {
        Words::new(
            "有颜色（不要则设 NO_COLOR=1）",
            "in color (NO_COLOR=1 for none)",
        )
    } else {
        Words::new("无颜色", "without color")
    };
    let variable = |name: &str| std::env::var(name).ok();
    let help = (!can_show_chinese(cfg!(unix), variable)).then(|| {
        Words::new(
            "终端可能不是 UTF-8：设 LC_ALL=C.UTF-8，或用 --lang en",
            "the terminal may not be in UTF-8: set LC_ALL=C.UTF-8, or use --lang en",
        )
    });
    Finding {
        id: "terminal",
        head: Words::new("终端", "terminal"),
        says: Words::new(
            format!(
                "采样点 → ≤ 95%，{}；左边若是方块或问号，换 UTF-8 终端（Windows：先 chcp 65001）或用 --lang en；报告和图不受影响",
                color.zh
            ),
            format!(
                "采样点 → ≤ 95%, {}; if there are squares or question marks before this, use a terminal in UTF-8 (Windows: chcp 65001 first) or --lang en; report and charts are right in any case",
                color.en
            ),
        ),
        help,
    }
}

/// Whether the variables of the system say that text is in UTF-8; other systems have no such variables.
fn can_show_chinese(unix: bool, variable: impl Fn(&str) -> Option<String>) -> bool {
    let said = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(variable)
        .find(|value| !value.is_empty());
    let said = said.unwrap_or_default().to_ascii_lowercase();
    !unix || said.contains("utf-8") || said.contains("utf8")
}

/// Whether `watch --open` will find a browser: one of the programs it would start is there.
fn browser(commands: &[std::process::Command]) -> Finding {
    let found = commands
        .iter()
        .find(|command| cfg!(not(unix)) || is_installed(Path::new(command.get_program())));
    let name = found.map(|command| command.get_program().to_string_lossy().into_owned());
    let says = match &name {
        Some(name) => Words::new(
            format!("watch --open 用 {name} 打开"),
            format!("opened by {name} with `watch --open`"),
        ),
        None => Words::new("没有找到能打开它的程序", "nothing is known that opens one"),
    };
    let help = name.is_none().then(|| {
        Words::new(
            "把 watch 打印的地址贴进本机的浏览器；report.html 可以直接双击",
            "paste the address that `watch` prints into a browser on this computer; report.html opens by itself",
        )
    });
    Finding {
        id: "browser",
        head: Words::new("浏览器", "browser"),
        says,
        help,
    }
}

fn is_installed(program: &Path) -> bool {
    if program.is_absolute() {
        return program.is_file();
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(program).is_file())
}

fn memory(available: Option<u64>) -> Finding {
    let processors = processors();
    let says = match available {
        Some(bytes) => {
            let gigabytes = bytes as f64 / 1e9;
            Words::new(
                format!("{processors} 个线程，可用内存 {gigabytes:.1} GB"),
                format!("{processors} threads, {gigabytes:.1} GB of memory free"),
            )
        }
        None => Words::new(
            format!("{processors} 个线程，内存多少系统没有说"),
            format!("{processors} threads; the system does not tell its memory"),
        ),
    };
    let help = available.filter(|&bytes| bytes < ENOUGH).map(|_| {
        Words::new(
            "内存少：用 --jobs 1，关掉别的程序",
            "little memory: use --jobs 1, close other programs",
        )
    });
    Finding {
        id: "memory",
        head: Words::new("机器", "machine"),
        says,
        help,
    }
}

/// Whether something can be written where the output would go.
fn folder() -> Finding {
    let here = Path::new(arguments::OUTPUT);
    let parent = if here.is_dir() { here } else { Path::new(".") };
    let tried = tempfile::Builder::new()
        .prefix(".swabplan-")
        .tempfile_in(parent);
    let (says, help) = match tried {
        Ok(_) => (Words::new("output/ 可以写", "output/ can be written"), None),
        Err(error) => (refused(&error), Some(elsewhere())),
    };
    Finding {
        id: "folder",
        head: Words::new("文件夹", "folder"),
        says,
        help,
    }
}

fn refused(error: &io::Error) -> Words {
    Words::new(
        format!("output/ 写不了：{error}"),
        format!("output/ cannot be written: {error}"),
    )
}

fn elsewhere() -> Words {
    Words::new(
        "换到自己的文件夹里运行，或用 --out 指定别处",
        "run it in a folder of your own, or say elsewhere with --out",
    )
}

/// The scenario that `new` writes, read from its workbook and simulated.
fn speed() -> Finding {
    let head = Words::new("推演", "simulation");
    let (says, help) = match trial() {
        Ok((people, millis)) => {
            let (people, all) = (count(people), count((millis * 10.0 / 1e3).ceil()));
            (
                Words::new(
                    format!(
                        "{people} 人一轮，推演 {TRIAL} 次用了 {millis:.0} 毫秒；200 次约 {all} 秒，图和报告另加几秒"
                    ),
                    format!(
                        "a round of {people} people, {TRIAL} replications in {millis:.0} ms; 200 in about {all} s, charts and report a few seconds more"
                    ),
                ),
                None,
            )
        }
        Err(why) => (
            Words::new(format!("试不了：{why}"), format!("cannot be tried: {why}")),
            Some(Words::new(
                "临时文件夹要能写；设 TMPDIR（Windows：TEMP）到能写的地方",
                "the folder for temporary files must be writable: set TMPDIR (Windows: TEMP) to one that is",
            )),
        ),
    };
    Finding {
        id: "simulation",
        head,
        says,
        help,
    }
}

/// People due in the starter's first round, and milliseconds for the trial.
#[expect(
    clippy::disallowed_methods,
    reason = "how fast this computer is, is measured by the wall clock"
)]
fn trial() -> io::Result<(f64, f64)> {
    let starter = scenario::starter();
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("scenario.toml");
    std::fs::write(&file, starter.scenario)?;
    std::fs::write(folder.path().join("cells.xlsx"), starter.workbook)?;
    let reading = scenario::read(&file, &Options::default());
    let mut model = reading
        .map_err(|refusal| io::Error::other(format!("{} problems", refusal.problems.list.len())))?
        .model;
    model.design.replications = Replications::Fixed(TRIAL);
    let begun = Instant::now();
    let results = experiment::run(&model, &Nobody);
    let millis = begun.elapsed().as_secs_f64() * 1e3;
    let people = results
        .outcome
        .rounds
        .values()
        .next()
        .map_or(0.0, |round| round.due.mean);
    Ok((people, millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_taken_for_utf8_if_the_first_variable_that_speaks_says_so() {
        let of = |list: &'static [(&str, &str)]| {
            move |name: &str| {
                let found = list.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| (*value).to_owned())
            }
        };
        assert!(can_show_chinese(true, of(&[("LANG", "zh_CN.UTF-8")])));
        assert!(can_show_chinese(
            true,
            of(&[("LC_ALL", ""), ("LANG", "en_US.utf8")])
        ));
        assert!(!can_show_chinese(
            true,
            of(&[("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")])
        ));
        assert!(!can_show_chinese(true, of(&[])));
        assert!(can_show_chinese(false, of(&[])));
    }

    #[test]
    fn a_browser_is_known_only_if_what_opens_it_is_there() {
        let command = |name: &str| std::process::Command::new(name);
        let none = browser(&[command("/nowhere/at-all")]);
        assert_eq!(none.help.is_some(), cfg!(unix));
        let itself = std::env::current_exe().expect("the test is a file");
        let some = browser(&[command(&itself.to_string_lossy())]);
        assert!(some.help.is_none());
    }

    #[test]
    fn little_memory_is_said_and_unknown_memory_is_no_fault() {
        assert!(memory(Some(100_000_000)).help.is_some());
        assert!(memory(Some(8_000_000_000)).help.is_none());
        assert!(memory(None).help.is_none());
    }

    #[test]
    fn the_starter_can_be_tried() {
        let (people, millis) = trial().expect("it reads and runs");
        assert!(people > 1000.0 && millis > 0.0, "{people} in {millis} ms");
    }
}
