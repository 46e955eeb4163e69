//! The command as a planner meets it: what it prints, where it writes, and how it ends.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The smallest useful scenario, shipped.
const MINIMAL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/minimal.toml");

/// A desk: an empty folder to work in.
fn desk() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// The command, run in a folder, in English unless it is told otherwise.
pub(crate) fn swabplan(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("swabplan"));
    command
        .current_dir(folder)
        .args(words)
        .env("SWABPLAN_LANG", "en")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null());
    command
}

fn output(folder: &Path, words: &[&str]) -> Output {
    swabplan(folder, words).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Everything the command said, on both streams.
fn said(output: &Output) -> String {
    text(&output.stdout) + &text(&output.stderr)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Asserts how a command line ends, and what it says in both languages.
fn ends(folder: &Path, words: &[&str], exit: i32, en: &str, zh: &str) {
    for (language, expected) in [("en", en), ("zh", zh)] {
        let mut command = swabplan(folder, words);
        let output = command.env("SWABPLAN_LANG", language).output().unwrap();
        let said = said(&output);
        assert_eq!(code(&output), exit, "{words:?} in {language}: {said}");
        assert!(
            said.contains(expected),
            "{words:?} in {language} does not say {expected:?}: {said}"
        );
        assert!(!said.contains("panicked"), "{said}");
    }
}

#[test]
fn a_run_leaves_a_whole_output_folder_and_a_verdict() {
    let desk = desk();
    let run = output(desk.path(), &["run", MINIMAL, "--replications", "4"]);
    assert_eq!(code(&run), 0, "{}", said(&run));
    assert!(
        text(&run.stdout).contains("Verdict") && text(&run.stdout).contains("output/minimal/"),
        "{}",
        said(&run)
    );
    let expected = [
        ".swabplan",
        "README.txt",
        "assumptions.csv",
        "briefing.pdf",
        "busy.png",
        "busy.svg",
        "campaign.png",
        "campaign.svg",
        "cells.csv",
        "chances.csv",
        "chances.png",
        "chances.svg",
        "curve.csv",
        "gantt.png",
        "gantt.svg",
        "labs.csv",
        "minutes.png",
        "minutes.svg",
        "missed.csv",
        "notices.html",
        "report.html",
        "rounds.csv",
        "scenario.toml",
        "sites.csv",
        "sites.png",
        "sites.svg",
        "slides.pptx",
        "stocks.csv",
        "summary.json",
        "turnaround.csv",
        "turnaround.png",
        "turnaround.svg",
        "waits.png",
        "waits.svg",
        "workbook.xlsx",
    ];
    assert_eq!(names(&desk.path().join("output/minimal")), expected);
    assert_eq!(names(&desk.path().join("output")), ["minimal"]);
}

#[test]
fn the_answer_is_chinese_for_a_chinese_system() {
    let desk = desk();
    let mut command = swabplan(desk.path(), &["run", MINIMAL, "--replications", "2"]);
    command
        .env_remove("SWABPLAN_LANG")
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env("LANG", "zh_CN.UTF-8");
    let run = command.output().unwrap();
    assert!(
        text(&run.stdout).contains("结论") && text(&run.stdout).contains("采完"),
        "{}",
        said(&run)
    );
    let rounds = fs::read_to_string(desk.path().join("output/minimal/rounds.csv")).unwrap();
    assert!(rounds.starts_with("\u{feff}编号,名称"), "{rounds}");
}

#[test]
fn json_alone_is_printed_for_programs_and_is_what_the_file_says() {
    let desk = desk();
    let run = output(
        desk.path(),
        &["run", MINIMAL, "--replications", "4", "--format", "json"],
    );
    let file = fs::read(desk.path().join("output/minimal/summary.json")).unwrap();
    assert_eq!((code(&run), &run.stdout), (0, &file));
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_number_of_threads() {
    let desk = desk();
    let summary = |jobs: &str, seed: &str| {
        let words = [
            "run",
            MINIMAL,
            "--replications",
            "12",
            "--seed",
            seed,
            "--jobs",
            jobs,
            "--format",
            "json",
        ];
        output(desk.path(), &words).stdout
    };
    let one = summary("1", "7");
    assert!(one == summary("2", "7") && one == summary("7", "7"));
    assert_ne!(one, summary("1", "8"));
}

#[test]
fn the_scenario_in_the_output_folder_gives_the_same_answer() {
    let desk = desk();
    let first = output(
        desk.path(),
        &["run", MINIMAL, "--replications", "4", "--format", "json"],
    );
    let again = output(
        desk.path(),
        &[
            "run",
            "output/minimal/scenario.toml",
            "--replications",
            "4",
            "--format",
            "json",
        ],
    );
    assert_eq!(code(&again), 0, "{}", said(&again));
    assert_eq!(text(&first.stdout), text(&again.stdout));
}

#[test]
fn a_second_run_replaces_the_first_and_nothing_else() {
    let desk = desk();
    assert_eq!(
        code(&output(
            desk.path(),
            &["run", MINIMAL, "--replications", "2"]
        )),
        0
    );
    let folder = desk.path().join("output/minimal");
    fs::write(folder.join("left-over.csv"), "old").unwrap();
    fs::write(desk.path().join("output/notes.txt"), "mine").unwrap();
    assert_eq!(
        code(&output(
            desk.path(),
            &["run", MINIMAL, "--replications", "2"]
        )),
        0
    );
    assert!(!folder.join("left-over.csv").exists());
    assert_eq!(names(&desk.path().join("output")), ["minimal", "notes.txt"]);
}

#[test]
fn folders_that_swabplan_did_not_make_are_refused_before_anything_is_simulated() {
    let desk = desk();
    fs::create_dir(desk.path().join("letters")).unwrap();
    fs::write(desk.path().join("letters/will.txt"), "mine").unwrap();
    fs::write(desk.path().join("file"), "mine").unwrap();
    let run = |out: &'static str| ["run", MINIMAL, "--out", out];
    ends(
        desk.path(),
        &run("letters"),
        2,
        "was not made by swabplan",
        "不是 swabplan 生成的",
    );
    ends(desk.path(), &run("file"), 2, "is a file", "是一个文件");
    ends(
        desk.path(),
        &run("file/below"),
        2,
        "is not a folder",
        "不是文件夹",
    );
    ends(desk.path(), &run("."), 2, "current folder", "当前文件夹");
    ends(desk.path(), &run(".."), 2, "current folder", "当前文件夹");
    ends(desk.path(), &run("/"), 2, "current folder", "当前文件夹");
    assert_eq!(names(desk.path()), ["file", "letters"]);
    assert_eq!(
        fs::read_to_string(desk.path().join("letters/will.txt")).unwrap(),
        "mine"
    );
}

#[cfg(unix)]
#[test]
fn a_link_in_place_of_the_output_folder_is_refused() {
    let desk = desk();
    fs::create_dir(desk.path().join("real")).unwrap();
    std::os::unix::fs::symlink("real", desk.path().join("link")).unwrap();
    ends(
        desk.path(),
        &["run", MINIMAL, "--out", "link"],
        2,
        "is a link",
        "是一个链接",
    );
}

#[test]
fn a_folder_name_that_no_disk_takes_is_an_answer_not_a_crash() {
    let desk = desk();
    let long = "x".repeat(5000);
    let run = output(desk.path(), &["run", MINIMAL, "--out", &long]);
    assert!(
        [2, 3].contains(&code(&run)) && said(&run).contains("error: "),
        "{}",
        said(&run)
    );
}

#[test]
fn what_is_wrong_with_a_scenario_is_said_and_nothing_is_written() {
    let desk = desk();
    fs::write(desk.path().join("empty.toml"), "").unwrap();
    fs::write(desk.path().join("broken.toml"), "title = \"x\nlanes = = 3").unwrap();
    fs::write(
        desk.path().join("binary.toml"),
        [0u8, 159, 146, 150, 0, 1, 2],
    )
    .unwrap();
    fs::create_dir(desk.path().join("folder.toml")).unwrap();
    for file in [
        "missing.toml",
        "empty.toml",
        "broken.toml",
        "binary.toml",
        "folder.toml",
    ] {
        ends(desk.path(), &["run", file], 2, file, file);
        ends(desk.path(), &["check", file], 2, file, file);
    }
    assert!(!desk.path().join("output").exists());
}

#[test]
fn one_wrong_file_does_not_hide_the_others() {
    let desk = desk();
    fs::write(desk.path().join("one.toml"), "lanse = 3\n").unwrap();
    let check = output(desk.path(), &["check", "one.toml", "two.toml", MINIMAL]);
    assert_eq!(code(&check), 2);
    let said = said(&check);
    assert!(
        ["one.toml", "two.toml", "minimal.toml: ready to run"]
            .iter()
            .all(|name| said.contains(name)),
        "{said}"
    );
}

#[test]
fn check_does_the_arithmetic_without_simulating() {
    let desk = desk();
    let check = output(desk.path(), &["check", MINIMAL]);
    assert_eq!(code(&check), 0, "{}", said(&check));
    let shown = text(&check.stdout);
    assert!(
        ["What binds", "Earliest", "1 swabber per 360 people"]
            .iter()
            .all(|words| shown.contains(words)),
        "{shown}"
    );

    let check = output(
        desk.path(),
        &["check", MINIMAL, "missing.toml", "--format", "json"],
    );
    assert_eq!(code(&check), 2);
    let files: serde_json::Value = serde_json::from_slice(&check.stdout).unwrap();
    assert_eq!(
        (&files[0]["ok"], &files[1]["ok"]),
        (&true.into(), &false.into())
    );
    assert!(
        files[0]["rounds"][0]["stages"][0]["per_hour"]
            .as_f64()
            .unwrap()
            > 0.0
    );
    assert!(!files[1]["problems"].as_array().unwrap().is_empty());
}

#[test]
fn no_simulation_is_faster_than_the_arithmetic_allows() {
    let desk = desk();
    let check = output(desk.path(), &["check", MINIMAL, "--format", "json"]);
    let check: serde_json::Value = serde_json::from_slice(&check.stdout).unwrap();
    let run = output(
        desk.path(),
        &["run", MINIMAL, "--replications", "20", "--format", "json"],
    );
    let run: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    let fluid = check[0]["rounds"][0]["fluid_results_end_min"]
        .as_f64()
        .unwrap();
    let simulated = run["rounds"][0]["results_end_min"]["p95"].as_f64().unwrap();
    assert!(
        fluid <= simulated,
        "the fluid ends at {fluid}, the simulation at {simulated}"
    );
}

#[test]
fn wrong_command_lines_end_with_2_in_either_language() {
    let desk = desk();
    let here = desk.path();
    ends(here, &["rnu", "x.toml"], 2, "rnu", "没有“rnu”这个命令");
    ends(here, &["run"], 2, "required", "缺少");
    ends(
        here,
        &["run", MINIMAL, "--replications", "0"],
        2,
        "--replications",
        "--replications",
    );
    ends(
        here,
        &["run", MINIMAL, "--replications", "many"],
        2,
        "invalid value 'many'",
        "的值“many”不对",
    );
    ends(
        here,
        &["run", MINIMAL, "--precision", "soon"],
        2,
        "length of time",
        "的值“soon”不对",
    );
    ends(
        here,
        &["run", MINIMAL, "--jobs", "0"],
        2,
        "--jobs",
        "--jobs",
    );
    ends(here, &["run", MINIMAL, "--seed", "-1"], 2, "-1", "-1");
    ends(
        here,
        &["run", MINIMAL, "--wat"],
        2,
        "--wat",
        "不认识“--wat”",
    );
    ends(
        here,
        &["run", MINIMAL, "--replications", "3", "--precision", "5min"],
        2,
        "cannot be used with",
        "不能和",
    );
    ends(
        here,
        &["run", MINIMAL, "--set", "nonsense"],
        2,
        "nonsense",
        "nonsense",
    );
    ends(
        here,
        &["run", MINIMAL, "--layout", "nowhere"],
        2,
        "nowhere",
        "nowhere",
    );
    assert_eq!(code(&output(here, &["run", MINIMAL, "--lang", "fr"])), 2);
    assert_eq!(code(&output(here, &[])), 2);
    assert!(names(here).is_empty());
}

#[test]
fn help_and_version_are_answers() {
    let desk = desk();
    for words in [
        &["--help"][..],
        &["run", "--help"],
        &["check", "--help"],
        &["new", "-h"],
        &["--version"],
    ] {
        let help = output(desk.path(), words);
        assert_eq!(code(&help), 0);
        assert!(text(&help.stdout).contains("swabplan") && help.stderr.is_empty());
    }
    let help = text(&output(desk.path(), &["--help"]).stdout);
    assert!(
        [
            "new",
            "check",
            "run",
            "doctor",
            "schema",
            "completions",
            "130"
        ]
        .iter()
        .all(|word| help.contains(word)),
        "{help}"
    );
}

#[test]
fn judge_ends_with_1_only_where_a_deadline_is_missed() {
    let desk = desk();
    let run = |deadline: &str, judge: bool| {
        let set = format!("rounds.{}.deadline={deadline}", round_id());
        let mut words = vec!["run", MINIMAL, "--replications", "20", "--set", &set];
        words.extend(judge.then_some("--judge"));
        code(&output(desk.path(), &words))
    };
    assert_eq!(
        [run("13 h", true), run("13 h", false), run("60 h", true)],
        [1, 0, 0]
    );
}

/// The id of the only round of the smallest scenario.
fn round_id() -> String {
    let desk = desk();
    let check = output(desk.path(), &["check", MINIMAL, "--format", "json"]);
    let check: serde_json::Value = serde_json::from_slice(&check.stdout).unwrap();
    check[0]["rounds"][0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn precision_is_reached_with_as_many_replications_as_it_takes() {
    let desk = desk();
    let run = output(
        desk.path(),
        &["run", MINIMAL, "--precision", "3min", "--format", "json"],
    );
    let summary: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    let end = &summary["rounds"][0]["results_end_min"];
    let width = end["hi"].as_f64().unwrap() - end["lo"].as_f64().unwrap();
    assert!(width <= 6.0 + 1e-3, "the interval is {width} minutes wide");
}

#[test]
fn a_reader_who_leaves_early_hears_no_complaint() {
    let desk = desk();
    for words in [
        &["--help"][..],
        &["schema"],
        &["check", MINIMAL],
        &["run", MINIMAL, "--replications", "2", "--format", "json"],
    ] {
        let mut child = swabplan(desk.path(), words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            (code(&output), text(&output.stderr).as_str()),
            (0, ""),
            "{words:?}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_standard_output_is_told() {
    let desk = desk();
    for (language, words) in [("en", "the disk is full"), ("zh", "磁盘满了")] {
        let full = fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let mut command = swabplan(desk.path(), &["schema"]);
        let run = command
            .env("SWABPLAN_LANG", language)
            .stdout(full)
            .output()
            .unwrap();
        assert_eq!(code(&run), 3);
        assert!(text(&run.stderr).contains(words), "{}", text(&run.stderr));
    }
}

#[test]
fn more_people_than_memory_is_told_before_the_run() {
    let desk = desk();
    let check = output(desk.path(), &["check", MINIMAL, "--format", "json"]);
    assert_eq!(code(&check), 0);
    let scenario = fs::read_to_string(MINIMAL).unwrap();
    let cell =
        |cell| format!("[[cells]]\nid = \"huge-{cell}\"\nname = \"x\"\nresidents = 50000000\n\n");
    let cells = (0..30).map(cell).collect::<Vec<_>>().concat();
    fs::write(desk.path().join("huge.toml"), scenario + "\n" + &cells).unwrap();
    let run = output(
        desk.path(),
        &["run", "huge.toml", "--jobs", "64", "--replications", "64"],
    );
    assert_eq!(code(&run), 3, "{}", said(&run));
    assert!(said(&run).contains("not enough memory"), "{}", said(&run));
    assert!(!desk.path().join("output/huge").exists());
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_with_130_and_leaves_the_earlier_output() {
    let desk = desk();
    assert_eq!(
        code(&output(
            desk.path(),
            &["run", MINIMAL, "--replications", "2"]
        )),
        0
    );
    let earlier = fs::read(desk.path().join("output/minimal/summary.json")).unwrap();
    // A busy machine may take a while to start; a signal that comes before is not heard.
    let waits = [300, 1_000, 4_000, 12_000];
    let heard = waits
        .iter()
        .map(|&wait| interrupted_after(desk.path(), wait))
        .find(|run| run.status.code().is_some());
    let run = heard.unwrap();
    assert_eq!(code(&run), 130, "{}", said(&run));
    assert!(text(&run.stderr).contains("interrupted"), "{}", said(&run));
    assert_eq!(
        fs::read(desk.path().join("output/minimal/summary.json")).unwrap(),
        earlier
    );
    assert_eq!(
        names(&desk.path().join("output")),
        [".minimal.journal", "minimal"]
    );
}

/// A long run that hears Ctrl-C so many milliseconds after its start.
#[cfg(unix)]
fn interrupted_after(folder: &Path, millis: u64) -> Output {
    let words = ["run", MINIMAL, "--replications", "40000", "--jobs", "1"];
    let child = swabplan(folder, &words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(millis));
    assert!(
        Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
    child.wait_with_output().unwrap()
}

#[test]
fn a_new_folder_can_be_run_as_it_is_and_is_never_overwritten() {
    let desk = desk();
    let made = output(desk.path(), &["new", "one"]);
    assert_eq!(code(&made), 0, "{}", said(&made));
    assert_eq!(
        names(&desk.path().join("one")),
        ["cells.xlsx", "scenario.toml", "swabplan.schema.json"]
    );
    fs::write(desk.path().join("one/scenario.toml.bak"), "mine").unwrap();
    let before = fs::read(desk.path().join("one/cells.xlsx")).unwrap();
    ends(desk.path(), &["new", "one"], 2, "already has", "已经有");
    assert_eq!(
        fs::read(desk.path().join("one/cells.xlsx")).unwrap(),
        before
    );
    fs::write(desk.path().join("file"), "mine").unwrap();
    ends(
        desk.path(),
        &["new", "file"],
        2,
        "cannot be a folder",
        "不能作为文件夹",
    );
    let run = output(
        desk.path(),
        &["run", "one/scenario.toml", "--replications", "2", "--quiet"],
    );
    assert_eq!((code(&run), text(&run.stderr).as_str()), (0, ""));
}

#[test]
fn schemas_and_completions_are_printed() {
    let desk = desk();
    for words in [&["schema"][..], &["schema", "--summary"]] {
        let schema: serde_json::Value =
            serde_json::from_slice(&output(desk.path(), words).stdout).unwrap();
        assert!(
            jsonschema::draft7::new(&schema).is_ok()
                && schema["$schema"].as_str().unwrap().contains("draft-07")
        );
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(text(&output(desk.path(), &["completions", shell]).stdout).contains("swabplan"));
    }
}

#[test]
fn the_doctor_says_what_the_computer_can_do_and_leaves_nothing_behind() {
    let desk = desk();
    let before = names(desk.path());
    for (language, word) in [("zh", "推演"), ("en", "simulation")] {
        let said = output(desk.path(), &["doctor", "--lang", language]);
        assert_eq!((code(&said), text(&said.stderr).as_str()), (0, ""));
        assert!(text(&said.stdout).contains(word), "{}", text(&said.stdout));
    }
    let json = output(desk.path(), &["doctor", "--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_slice(&json).expect("it is JSON");
    let list = json["findings"].as_array().expect("a list");
    let ids = list.iter().map(|finding| finding["id"].as_str());
    let all = [
        "language",
        "terminal",
        "browser",
        "memory",
        "folder",
        "simulation",
    ];
    assert!(ids.eq(all.map(Some)));
    assert_eq!(json["findings"][5]["ok"], true, "{json}");
    assert_eq!(names(desk.path()), before);
}

/// A trace in CSV: its columns, and its lines.
struct Traced {
    columns: Vec<String>,
    lines: Vec<Vec<String>>,
}

impl Traced {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let mut lines = text.lines().map(|line| {
            let cells = line.split(',').map(str::to_owned);
            cells.collect::<Vec<_>>()
        });
        let columns = lines.next().unwrap();
        let lines: Vec<_> = lines.collect();
        assert!(lines.iter().all(|line| line.len() == columns.len()));
        Self { columns, lines }
    }

    /// A column of the lines of one kind.
    fn column(&self, record: &str, name: &str) -> Vec<&str> {
        let at = self.columns.iter().position(|column| column == name);
        let of_kind = self.lines.iter().filter(|line| line[0] == record);
        of_kind.map(|line| line[at.unwrap()].as_str()).collect()
    }

    fn count(&self, record: &str) -> u64 {
        self.column(record, "record").len() as u64
    }
}

/// A whole number of the summary.
fn whole(figure: &serde_json::Value) -> u64 {
    figure["mean"].as_u64().unwrap()
}

#[test]
fn a_trace_tells_line_by_line_what_the_summary_sums_up() {
    let desk = desk();
    let words = [
        "run",
        MINIMAL,
        "--replications",
        "1",
        "--trace",
        "steps.csv",
    ];
    let run = output(desk.path(), &words);
    assert_eq!(code(&run), 0, "{}", said(&run));
    let trace = Traced::read(&desk.path().join("steps.csv"));
    let summary = fs::read(desk.path().join("output/minimal/summary.json")).unwrap();
    let summary: serde_json::Value = serde_json::from_slice(&summary).unwrap();
    let round = &summary["rounds"][0];
    let swabbed = whole(&round["people"]["swabbed"]);
    assert_eq!(trace.count("swab"), swabbed);
    assert_eq!(trace.count("step"), swabbed);
    let people = trace.column("result", "people");
    let people: u64 = people
        .iter()
        .map(|people| people.parse::<u64>().unwrap())
        .sum();
    assert_eq!(people, swabbed);
    for record in ["tube", "carried", "delivered", "result"] {
        assert_eq!(trace.count(record), whole(&round["tubes"]), "{record}");
    }
    let stages = summary["labs"][0]["stages"].as_array().unwrap();
    let pcr = stages.iter().find(|stage| stage["id"] == "pcr").unwrap();
    let runs = trace.column("run", "stage");
    let runs = runs.into_iter().filter(|stage| *stage == "pcr").count();
    assert_eq!(runs as u64, whole(&pcr["runs"]));
    let last = trace.column("swab", "end").into_iter().max().unwrap();
    let clock = last[11..]
        .split(':')
        .map(|part| part.parse::<f64>().unwrap());
    let minutes = clock.zip([60.0, 1.0, 1.0 / 60.0]);
    let minutes: f64 = minutes.map(|(part, worth)| part * worth).sum();
    let ends = round["swabbing_ends_min"]["mean"].as_f64().unwrap();
    assert!((minutes - 7.0 * 60.0 - ends).abs() < 0.01, "{last}");
}

#[test]
fn a_trace_may_be_of_another_replication_and_of_objects_line_by_line() {
    let desk = desk();
    let trace = |replication: &str| {
        let words = ["run", MINIMAL, "--replications", "2", "--trace"];
        let which = ["steps.jsonl", "--trace-replication", replication];
        let run = output(desk.path(), &[&words[..], &which].concat());
        assert_eq!(code(&run), 0, "{}", said(&run));
        fs::read_to_string(desk.path().join("steps.jsonl")).unwrap()
    };
    let (first, second) = (trace("1"), trace("2"));
    for line in first.lines() {
        let object: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(object["record"].is_string() && object["round"] == "R1");
    }
    assert_ne!(first, second);
    assert_eq!(first, trace("1"));
}

#[test]
fn a_trace_replaces_only_a_trace_and_is_never_huge() {
    let desk = desk();
    let mine = desk.path().join("mine.csv");
    fs::write(&mine, "a,b\n1,2\n").unwrap();
    let traced = |more: &[&str]| {
        let words = [&["run", MINIMAL, "--replications", "1", "--trace"], more].concat();
        output(desk.path(), &words)
    };
    for (file, exit) in [("mine.csv", 2), ("steps.txt", 2), ("no/steps.csv", 3)] {
        assert_eq!(code(&traced(&[file])), exit, "{file}");
    }
    assert_eq!(fs::read_to_string(mine).unwrap(), "a,b\n1,2\n");
    let none = traced(&["steps.csv", "--trace-replication", "2"]);
    assert_eq!(code(&none), 2, "{}", said(&none));
    let many = "cells.C1.residents=30000000";
    let huge = traced(&["steps.csv", "--set", many]);
    assert_eq!(code(&huge), 2);
    assert!(said(&huge).contains("million lines"), "{}", said(&huge));
    assert!(!desk.path().join("steps.csv").exists());
}
