//! Work that is killed, or stopped by Ctrl-C, and taken up again ends with the bytes of work that was left alone.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Instant;

const MINIMAL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/minimal.toml");
const UNKNOWNS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/scenarios/features/unknowns.toml"
);

fn swabplan(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("swabplan"));
    command
        .current_dir(folder)
        .args(words)
        .env("SWABPLAN_LANG", "en")
        .stdin(Stdio::null());
    command
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// Every file under a folder with its bytes.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// Does the work once as it is and once killed so many times, and compares all bytes. Of the kills some must have come while something was
/// already kept, or nothing was taken up.
fn killed_over_and_over(words: &[&str], kills: u64) {
    let home = tempfile::tempdir().unwrap();
    let whole = [words, &["--out", "whole"]].concat();
    #[expect(
        clippy::disallowed_methods,
        reason = "kills come at moments within the time that the work takes on this machine"
    )]
    let started = Instant::now();
    let whole = swabplan(home.path(), &whole).output().unwrap();
    let takes = started.elapsed();
    assert_eq!(whole.status.code(), Some(0), "{}", said(&whole));
    let resumed = [words, &["--out", "killed", "--resume"]].concat();
    let mut taken_up = 0;
    for kill in 0..kills {
        let mut child = swabplan(home.path(), &resumed)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(takes * (5 + kill as u32 * 7919 % 95) / 100);
        let _ended_by_itself = child.kill();
        child.wait().unwrap();
        let journal = fs::metadata(home.path().join(".killed.journal"));
        taken_up += u64::from(journal.is_ok_and(|journal| journal.len() > 100));
    }
    assert!(taken_up > 0, "no kill came while something was kept");
    let last = swabplan(home.path(), &resumed).output().unwrap();
    assert_eq!(last.status.code(), Some(0), "{}", said(&last));
    assert_eq!(
        files(&home.path().join("killed")),
        files(&home.path().join("whole"))
    );
    assert!(!home.path().join(".killed.journal").exists());
}

#[test]
fn a_sweep_that_is_killed_over_and_over_ends_with_the_same_bytes() {
    let words = [
        "sweep",
        MINIMAL,
        "--vary",
        "lane.pace=40..70 people/h:2",
        "--replications",
        "30",
    ];
    killed_over_and_over(&words, 20);
}

#[test]
fn a_run_that_is_killed_over_and_over_ends_with_the_same_bytes() {
    killed_over_and_over(&["run", UNKNOWNS, "--only", "summary,tables"], 8);
}

#[test]
fn a_comparison_that_is_killed_over_and_over_ends_with_the_same_bytes() {
    let home = tempfile::tempdir().unwrap();
    let other = home.path().join("other.toml");
    fs::write(
        &other,
        format!("extends = {UNKNOWNS:?}\n[lane]\npace = \"70 people/h\"\n"),
    )
    .unwrap();
    killed_over_and_over(&["compare", UNKNOWNS, other.to_str().unwrap()], 8);
}

#[test]
fn an_explanation_that_is_killed_over_and_over_ends_with_the_same_bytes() {
    killed_over_and_over(&["explain", UNKNOWNS, "--replications", "20"], 8);
}

#[test]
fn other_work_does_not_go_on_from_what_was_kept() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join(".kept.journal"), "swabplan journal 3\n").unwrap();
    let words = ["run", MINIMAL, "--out", "kept", "--resume"];
    let refused = swabplan(home.path(), &words).output().unwrap();
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(said(&refused).contains("belongs to other work"));
    assert!(!home.path().join("kept").exists());
    let anew = swabplan(home.path(), &words[..4]).output().unwrap();
    assert_eq!(anew.status.code(), Some(0), "{}", said(&anew));
}
