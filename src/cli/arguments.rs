//! The command line.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::model::Watched;
use crate::scenario::document::Options;
use crate::units::Span;
use crate::units::language::Language;
use crate::units::text;

/// How many replications at most.
const MOST_REPLICATIONS: u32 = 1_000_000;

/// Plan a county's mass swab testing: when is everyone swabbed, when is the last result out, what holds it back
/// （全员核酸检测推演：什么时候采完、什么时候出完结果、卡在哪里）
#[derive(Parser, Debug)]
#[command(
    name = "swabplan",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    subcommand_value_name = "VERB",
    subcommand_help_heading = "Verbs · 命令",
    after_help = "Start here · 从这里开始：\n  \
        swabplan new my-county\n  \
        swabplan run my-county/scenario.toml\n\n\
        Exit codes · 退出码：\n    \
        0  done · 完成\n    \
        1  a deadline is not met (only with --judge) · 赶不上时限（仅在 --judge 时）\n    \
        2  the input or the command line is wrong · 方案或命令有误\n    \
        3  the machine failed: disk, memory · 机器出错：磁盘、内存\n  \
        130  interrupted · 被中断"
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Write a commented starter scenario with its workbook · 生成带说明的起步方案和表格
    New {
        /// The folder to write into; nothing in it is overwritten · 写到哪个文件夹（不覆盖任何文件）
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// The options that every verb has.
        #[command(flatten)]
        common: Common,
    },
    /// Find every problem, then do the arithmetic without simulating · 找出所有问题，不推演先算一笔账
    Check(Check),
    /// Simulate; the answer on one screen, everything else under output/NAME/ · 推演：一屏看结论，其余在 output/
    Run(Box<Run>),
    /// Which plan is better, by how much, and how sure that is, under the same luck · 比较几个方案：谁更好、好多少、有多大把握
    Compare(Box<Compare>),
    /// How the answer responds when one thing or several are varied · 一个数或几个数变化时，结果怎样变
    Sweep(Box<Sweep>),
    /// What one more lane, vehicle, machine or hour buys, and which unknown matters most · 多一张台、一辆车、一台机器值多少分钟
    Sensitivity(Box<Sensitivity>),
    /// Why results are late: where the time goes, by hour and site, and what it would be without each cause · 为什么晚：时间花在哪里，放开了能早多少
    Explain(Box<Explain>),
    /// Show the briefing in a browser, anew at each save; mistakes in its place · 在浏览器里看汇报，存盘就更新，有错就指出
    Watch(Box<Page>),
    /// The same with sliders: move one and see at once what it brings; save it as a variant · 再加滑块：拖一下就看差别，可存成新方案
    Serve(Box<Page>),
    /// What this computer can do, and what helps where terminal, browser or memory are poor · 看这台电脑行不行，哪里不行怎么办
    Doctor {
        /// The options that every verb has.
        #[command(flatten)]
        common: Common,
    },
    /// Print the JSON Schema of scenarios, for editors · 输出方案文件的 JSON Schema，供编辑器使用
    Schema {
        /// Of the summary.json of a run instead · 改为推演结果 summary.json 的 Schema
        #[arg(long)]
        summary: bool,
        /// The phrases of notices instead, to copy and to write in another language · 改为输出通知的语句，供改写成其他语言
        #[arg(long, conflicts_with = "summary")]
        phrases: bool,
    },
    /// Print what makes a shell complete swabplan's words · 输出命令行补全脚本
    Completions {
        /// Which shell · 哪种 shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
}

/// Find every problem, then do the arithmetic without simulating.
#[derive(Args, Debug)]
pub struct Check {
    /// The scenarios · 方案文件，可以有多个
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// What to change in the scenario.
    #[command(flatten)]
    pub change: Change,
    /// The options that every verb has.
    #[command(flatten)]
    pub common: Common,
}

/// Simulate a scenario.
#[derive(Args, Debug)]
pub struct Run {
    /// The scenario · 方案文件
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// What to change in the scenario.
    #[command(flatten)]
    pub change: Change,
    /// How much to simulate.
    #[command(flatten)]
    pub design: Design,
    /// Where to write (default: output/NAME) · 结果写到哪里
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write only these parts; without it all · 只写这几样；不写则全写
    #[arg(long, value_enum, value_name = "PARTS", value_delimiter = ',')]
    pub only: Vec<Part>,
    /// Phrases of notices in further languages: a file such as the one that `swabplan schema --phrases` prints · 通知用的其他语言的语句
    #[arg(long, value_name = "FILE")]
    pub phrases: Option<PathBuf>,
    /// Write every person's steps, tubes, trips, runs and results of one replication to this .csv or .jsonl file · 把一次推演的每一步写成轨迹
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// Which replication to trace, from 1 · 写第几次推演的轨迹
    #[arg(long, value_name = "N", default_value_t = 1, requires = "trace", value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_REPLICATIONS)))]
    pub trace_replication: u32,
    /// Exit with 1 unless, in every round, all results are out by the deadline in at least 95% of replications · 有一轮赶不上时限就以 1 退出
    #[arg(long)]
    pub judge: bool,
    /// The options that every verb has.
    #[command(flatten)]
    pub common: Common,
}

/// Compare plans.
#[derive(Args, Debug)]
pub struct Compare {
    /// The base, then the others: files, or FILE#LAYOUT; a file alone is compared with all its layouts · 先写基准方案，再写其余；FILE#LAYOUT 指某一套
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Layouts of the base to compare with it; may be repeated · 与基准方案比较的 layouts
    #[arg(long = "layout", value_name = "NAME")]
    pub layouts: Vec<String>,
    /// Change one value in all of them, as in --set lane.pace=50; may be repeated · 在所有方案里改一个数
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Write only these parts; without it all · 只写这几样；不写则全写
    #[arg(long, value_enum, value_name = "PARTS", value_delimiter = ',')]
    pub only: Vec<Part>,
    /// Compare the base with itself as official rules would have it: sites, lanes and swabbers by people · 与按官方标准配的点、台、采样员比
    #[arg(long)]
    pub rules: bool,
    /// What decides · 比什么
    #[arg(long, value_enum, value_name = "FIGURE", default_value = "results")]
    pub by: By,
    /// The round that decides (default: the one that is worst for the base) · 比哪一轮
    #[arg(long, value_name = "ROUND")]
    pub round: Option<String>,
    /// A difference smaller than this does not matter · 相差不到这么多就算一样
    #[arg(long, value_name = "TIME", default_value = "5min", value_parser = precision)]
    pub within: Span,
    /// So many replications of each; without it as many as it takes to know · 每个方案重复多少次；不写则重复到分得出为止
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(4..=i64::from(MOST_REPLICATIONS)))]
    pub replications: Option<u32>,
    /// Never more replications of a plan than this · 每个方案最多重复多少次
    #[arg(long, value_name = "N", conflicts_with = "replications", value_parser = clap::value_parser!(u32).range(4..=i64::from(MOST_REPLICATIONS)))]
    pub most: Option<u32>,
    /// Go on where earlier work with the same words stopped · 接着上次中断的地方做
    #[arg(long)]
    pub resume: bool,
    /// Where all luck comes from · 随机种子
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// How many threads; results do not depend on it · 用几个线程，不影响结果
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub jobs: Option<u16>,
    /// Where to write (default: output/compare-NAME) · 结果写到哪里
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The options that every verb has.
    #[command(flatten)]
    pub common: Common,
}

/// Vary a scenario.
#[derive(Args, Debug)]
pub struct Sweep {
    /// The scenario · 方案文件
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// What to vary: KEY=A..B, KEY=A..B:STEP or KEY=A,B,C; may be repeated · 变什么：键=从..到、键=从..到:步长、键=几个值；可重复
    #[arg(long, value_name = "KEY=VALUES", required = true)]
    pub vary: Vec<String>,
    /// Not all combinations, but a Latin hypercube of so many · 不试全部组合，按拉丁超立方抽这么多个点
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=10_000))]
    pub latin: Option<u32>,
    /// The round to look at (default: the one in most danger) · 看哪一轮
    #[arg(long, value_name = "ROUND")]
    pub round: Option<String>,
    /// Replications of each point · 每个点重复多少次
    #[arg(long, value_name = "N", default_value = "40", value_parser = clap::value_parser!(u32).range(2..=i64::from(MOST_REPLICATIONS)))]
    pub replications: u32,
    /// Go on where earlier work with the same words stopped · 接着上次中断的地方做
    #[arg(long)]
    pub resume: bool,
    /// What to change in the scenario.
    #[command(flatten)]
    pub change: Change,
    /// Where all luck comes from · 随机种子
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// How many threads; results do not depend on it · 用几个线程，不影响结果
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub jobs: Option<u16>,
    /// Where to write (default: output/sweep-NAME) · 结果写到哪里
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The options that every verb has.
    #[command(flatten)]
    pub common: Common,
}

/// What decides between plans.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum By {
    /// The last result · 出完结果
    Results,
    /// The last swab · 采完
    Swabbing,
    /// Mean time from swab to result · 平均周转
    Turnaround,
    /// Mean wait · 平均等候
    Wait,
}

impl By {
    /// The figure.
    pub const fn watched(self) -> Watched {
        match self {
            Self::Results => Watched::ResultsEnd,
            Self::Swabbing => Watched::SwabbingEnds,
            Self::Turnaround => Watched::Turnaround,
            Self::Wait => Watched::Wait,
        }
    }
}

/// Explain why results are late.
#[derive(Args, Debug)]
pub struct Explain {
    /// The scenario · 方案文件
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The round to look at (default: the one in most danger) · 看哪一轮
    #[arg(long, value_name = "ROUND")]
    pub round: Option<String>,
    /// Replications, of the plan and of each relief · 原方案和每一次放开各重复多少次
    #[arg(long, value_name = "N", default_value = "40", value_parser = clap::value_parser!(u32).range(2..=i64::from(MOST_REPLICATIONS)))]
    pub replications: u32,
    /// Go on where earlier work with the same words stopped · 接着上次中断的地方做
    #[arg(long)]
    pub resume: bool,
    /// What to change in the scenario.
    #[command(flatten)]
    pub change: Change,
    /// Where all luck comes from · 随机种子
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// How many threads; results do not depend on it · 用几个线程，不影响结果
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub jobs: Option<u16>,
    /// Where to write (default: output/explain-NAME) · 结果写到哪里
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The options that every verb has.
    #[command(flatten)]
    pub common: Common,
}

/// Pull every lever.
#[derive(Args, Debug)]
pub struct Sensitivity {
    /// The scenario · 方案文件
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// What is looked at · 看什么
    #[arg(long, value_enum, value_name = "FIGURE", default_value = "results")]
    pub by: By,
    /// The round to look at (default: the one in most danger) · 看哪一轮
    #[arg(long, value_name = "ROUND")]
    pub round: Option<String>,
    /// Replications of each change · 每次改动重复多少次
    #[arg(long, value_name = "N", default_value = "40", value_parser = clap::value_parser!(u32).range(4..=i64::from(MOST_REPLICATIONS)))]
    pub replications: u32,
    /// Samples for the shares of the unknowns · 计算各项未知数所占份额的样本数
    #[arg(long, value_name = "N", default_value = "128", value_parser = clap::value_parser!(u32).range(8..=100_000))]
    pub samples: u32,
    /// Go on where earlier work with the same words stopped · 接着上次中断的地方做
    #[arg(long)]
    pub resume: bool,
    /// What to change in the scenario.
    #[command(flatten)]
    pub change: Change,
    /// Where all luck comes from · 随机种子
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// How many threads; results do not depend on it · 用几个线程，不影响结果
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub jobs: Option<u16>,
    /// Where to write (default: output/sensitivity-NAME) · 结果写到哪里
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The options that every verb has.
    #[command(flatten)]
    pub common: Common,
}

/// Show a scenario in a browser.
#[derive(Args, Debug)]
pub struct Page {
    /// The scenario · 方案文件
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// What to change in the scenario.
    #[command(flatten)]
    pub change: Change,
    /// How much to simulate.
    #[command(flatten)]
    pub design: Design,
    /// The port of the page on this computer (default: a free one) · 网页的端口
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub port: u16,
    /// Open the page in the browser · 直接打开浏览器
    #[arg(long)]
    pub open: bool,
    /// The options that every verb has.
    #[command(flatten)]
    pub common: Common,
}

/// What to change in a scenario before it is read.
#[derive(Args, Clone, Debug)]
pub struct Change {
    /// Use this one of the scenario's layouts · 采用方案里 layouts 下的这一套
    #[arg(long, value_name = "NAME")]
    pub layout: Option<String>,
    /// Change one value, as in --set sites.S1.lanes=3; may be repeated · 改一个数，可重复使用
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
}

impl Change {
    /// Whether nothing is changed.
    pub const fn is_none(&self) -> bool {
        self.layout.is_none() && self.set.is_empty()
    }

    /// The same for whoever reads the scenario.
    pub fn options(&self) -> Options {
        Options {
            layout: self.layout.clone(),
            set: self.set.clone(),
        }
    }

    /// Where a verb writes of a scenario, unless that is said.
    pub fn output(&self, verb: &str, file: &Path, out: Option<&PathBuf>) -> PathBuf {
        out.cloned().unwrap_or_else(|| {
            let name = output_name(file, self.layout.as_deref());
            Path::new(OUTPUT).join(format!("{verb}-{name}"))
        })
    }
}

/// How much to simulate.
#[derive(Args, Clone, Debug)]
pub struct Design {
    /// How many replications · 重复多少次
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_REPLICATIONS)), conflicts_with = "precision")]
    pub replications: Option<u32>,
    /// Replicate until the last result is known to within ± this, as in 5min · 重复到“出完结果”的误差不超过这么多
    #[arg(long, value_name = "TIME", value_parser = precision)]
    pub precision: Option<Span>,
    /// Go on where earlier work with the same words stopped · 接着上次中断的地方做
    #[arg(long)]
    pub resume: bool,
    /// Let incidents happen at random too, at the rates of `stress` · 压力推演：突发事件按 `stress` 随机发生
    #[arg(long)]
    pub stress: bool,
    /// Where all luck comes from; the same seed gives the same figures · 随机种子，同一种子结果相同
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// How many threads; results do not depend on it · 用几个线程，不影响结果
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub jobs: Option<u16>,
}

impl Design {
    /// What `--stress` says of a scenario.
    const STRESS: &str = "stress.on=true";

    /// What to read of a scenario that is so changed and so simulated.
    pub fn options(&self, change: &Change) -> Options {
        let mut options = change.options();
        if self.stress {
            options.set.push(Self::STRESS.to_owned());
        }
        options
    }
}

/// The options that every verb has.
#[derive(Args, Clone, Debug)]
pub struct Common {
    /// The language.
    #[arg(
        long,
        value_enum,
        value_name = "LANG",
        help = "Language (default: SWABPLAN_LANG, else that of the system); of report and charts also both · 语言；both 则报告和图各出中英两份"
    )]
    pub lang: Option<Lang>,
    /// Text for people, json for programs · 给人看还是给程序读
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// No progress and no reminders, only the answer · 不显示进度和提醒，只给结论
    #[arg(long, short)]
    pub quiet: bool,
}

impl Common {
    /// Each language of what is written, with what is added to the names of files in it.
    pub fn languages(&self, own: Language) -> Vec<(Language, &'static str)> {
        let other = match own {
            Language::Chinese => (Language::English, "-en"),
            Language::English => (Language::Chinese, "-zh"),
        };
        let both = self.lang == Some(Lang::Both);
        [(own, ""), other][..=usize::from(both)].to_vec()
    }
}

/// A language, by its code.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lang {
    /// Chinese.
    Zh,
    /// English.
    En,
    /// Both: report and charts in either, everything else in the language of the system.
    Both,
}

/// A part of what a run writes.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// report.html, the briefing · 汇报材料
    Report,
    /// Charts as PNG and SVG · 图
    Charts,
    /// slides.pptx, 16:9, titles and tables that can be edited · 幻灯片
    Slides,
    /// briefing.pdf on A4 · 汇报材料（PDF）
    Pdf,
    /// workbook.xlsx: the answer, charts and tables that can be edited · 工作簿
    Workbook,
    /// Tables as CSV · 表
    Tables,
    /// Notices for each cell: when and where to come · 各网格的通知
    Notices,
    /// summary.json, for programs · 供程序读取
    Summary,
}

/// For whom to write.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Reads a command line, its first word being the name of the program.
pub fn parse(words: &[OsString]) -> Result<Arguments, clap::Error> {
    Arguments::try_parse_from(words)
}

/// The command as clap knows it.
pub fn command() -> clap::Command {
    Arguments::command()
}

fn precision(text: &str) -> Result<Span, String> {
    match text::span(text) {
        Ok(span) if span > Span::ZERO => Ok(span),
        _ => Err("a length of time is wanted, such as 5min or 90s".to_owned()),
    }
}

/// The language to speak, also about a command line that cannot be read: `--lang`, else the environment, else that of the system, else English.
pub fn language(words: &[OsString]) -> Language {
    // Systems without such variables know it in another way.
    let system = sys_locale::get_locale();
    let variable = |name: &str| match name {
        "LANG" => std::env::var(name).ok().or_else(|| system.clone()),
        name => std::env::var(name).ok(),
    };
    language_of(words, variable)
}

fn language_of(words: &[OsString], variable: impl Fn(&str) -> Option<String>) -> Language {
    let said = words.iter().enumerate().find_map(|(index, word)| {
        let word = word.to_str()?;
        if word == "--lang" {
            words
                .get(index + 1)
                .and_then(|next| next.to_str().map(str::to_owned))
        } else {
            word.strip_prefix("--lang=").map(str::to_owned)
        }
    });
    let said = said.filter(|code| !code.eq_ignore_ascii_case("both"));
    let variables = ["SWABPLAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];
    let found = said.or_else(|| {
        variables
            .into_iter()
            .filter_map(variable)
            .find(|value| !value.trim().is_empty())
    });
    match found {
        Some(code) if code.trim().to_ascii_lowercase().starts_with("zh") => Language::Chinese,
        _ => Language::English,
    }
}

/// The folder under which everything is written, unless that is said.
pub const OUTPUT: &str = "output";

/// What `new` calls its scenario, without the ending.
const STARTER: &str = "scenario";

/// What an output folder is called: the scenario's file name without its ending, and the layout; without characters that no file may have.
///
/// A `scenario.toml`, as `new` writes them, is called after its folder, so that two counties do not replace each other's output.
pub fn output_name(file: &Path, layout: Option<&str>) -> String {
    let named = |name: Option<&OsStr>| name.map(|name| name.to_string_lossy().into_owned());
    let stem = named(file.file_stem()).unwrap_or_default();
    let folder = file.parent().and_then(|folder| named(folder.file_name()));
    let stem = folder.filter(|_| stem == STARTER).unwrap_or(stem);
    let name = layout.map_or_else(|| stem.clone(), |layout| format!("{stem}-{layout}"));
    let harmless = |character: char| {
        if character.is_control() || "/\\:*?\"<>|".contains(character) {
            '-'
        } else {
            character
        }
    };
    let name: String = name.chars().map(harmless).take(80).collect();
    let name = name.trim_matches(|character: char| character == '.' || character.is_whitespace());
    if name.is_empty() {
        "scenario".to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn the_command_line_is_consistent() {
        command().debug_assert();
    }

    #[test]
    fn the_language_is_the_one_asked_for_then_that_of_the_system() {
        let system = |name: &str| (name == "LANG").then(|| "zh_CN.UTF-8".to_owned());
        let asked = |name: &str| {
            (name == "SWABPLAN_LANG")
                .then(|| "en".to_owned())
                .or_else(|| system(name))
        };
        assert_eq!(
            language_of(&words("swabplan run x"), system),
            Language::Chinese
        );
        assert_eq!(
            language_of(&words("swabplan run x"), asked),
            Language::English
        );
        assert_eq!(
            language_of(&words("swabplan run --lang en x"), system),
            Language::English
        );
        assert_eq!(
            language_of(&words("swabplan run --lang=zh x"), asked),
            Language::Chinese
        );
        assert_eq!(
            language_of(&words("swabplan run x"), |_| None),
            Language::English
        );
    }

    #[test]
    fn a_precision_is_a_length_of_time() {
        let parsed =
            parse(&words("swabplan run x.toml --precision 5min")).expect("a good command line");
        let Verb::Run(run) = parsed.verb else {
            panic!("run was asked for")
        };
        assert_eq!(run.design.precision, Some(Span::MINUTE * 5));
        assert!(
            ["0min", "-5min", "five", "nan", "5"]
                .iter()
                .all(
                    |wrong| parse(&words(&format!("swabplan run x --precision={wrong}"))).is_err()
                )
        );
    }

    #[test]
    fn no_layout_name_leads_out_of_the_output_folder() {
        let name = |layout| output_name(Path::new("scenarios/zeku.toml"), layout);
        assert_eq!(name(None), "zeku");
        assert_eq!(name(Some("地州检验")), "zeku-地州检验");
        assert_eq!(name(Some("../../etc")), "zeku-..-..-etc");
        assert_eq!(output_name(Path::new(".."), None), "scenario");
        assert_eq!(output_name(Path::new("..toml"), None), "scenario");
        let own = |file| output_name(Path::new(file), None);
        assert_eq!(own("my-county/scenario.toml"), "my-county");
        assert_eq!(own("/counties/泽库/scenario.toml"), "泽库");
        assert_eq!(own("scenario.toml"), "scenario");
        assert_eq!(own("../scenario.toml"), "scenario");
        assert_eq!(own("my-county/sites.toml"), "sites");
    }
}
