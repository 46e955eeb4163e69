//! The sample briefing in `output/sample` and the screens in the README are what the program writes today.

use std::path::{Path, PathBuf};

use swabplan::experiment::{Nobody, run};
use swabplan::report::screen::screen;
use swabplan::scenario::document::Options;
use swabplan::scenario::read;
use swabplan::units::language::Language;

/// What is kept of the sample: enough to look at, small enough to keep.
const KEPT: &[&str] = &[
    "README.txt",
    "assumptions.csv",
    "campaign.png",
    "rounds.csv",
    "sites.csv",
    "turnaround.png",
];

const REMEDY: &str = "SWABPLAN_WRITE=1 cargo test --test main sample writes it";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn writes() -> bool {
    std::env::var_os("SWABPLAN_WRITE").is_some()
}

#[test]
fn the_sample_is_what_a_run_writes_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let fresh = folder.path().join("sample");
    let said = std::process::Command::new(env!("CARGO_BIN_EXE_swabplan"))
        .args(["run", "scenarios/zeku.toml", "--replications", "20"])
        .args(["--lang", "zh", "--quiet", "--out"])
        .arg(&fresh)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(said.status.success(), "{said:?}");
    let kept = root().join("output/sample");
    if writes() {
        std::fs::create_dir_all(&kept).unwrap();
        for name in KEPT {
            std::fs::copy(fresh.join(name), kept.join(name)).unwrap();
        }
    }
    let mut total = 0;
    for name in KEPT {
        let (old, new) = (
            std::fs::read(kept.join(name)),
            std::fs::read(fresh.join(name)),
        );
        let (old, new) = (old.unwrap_or_default(), new.unwrap());
        assert!(
            old == new,
            "output/sample/{name} is not what a run writes; {REMEDY}"
        );
        total += new.len();
    }
    assert!(total < 700_000, "{total} bytes");
}

/// Where a marked block of the README begins and ends.
fn block(text: &str, mark: &str) -> std::ops::Range<usize> {
    let fence = format!("<!-- screen {mark} -->\n```text\n");
    let start = text.find(&fence).unwrap() + fence.len();
    let length = text[start..].find("```").unwrap();
    start..start + length
}

#[test]
fn the_screens_in_the_readme_are_what_a_run_says() {
    let path: PathBuf = root().join("scenarios/zeku.toml");
    let Ok(reading) = read(&path, &Options::default()) else {
        panic!("the scenario has problems");
    };
    let results = run(&reading.model, &Nobody);
    let readme = root().join("README.md");
    let mut text = std::fs::read_to_string(&readme).unwrap();
    for (mark, language) in [("zh", Language::Chinese), ("en", Language::English)] {
        let said = screen(&reading.model, &results, language, Some("output/zeku/"));
        let lines: Vec<&str> = said.trim().lines().map(str::trim_end).collect();
        let said = lines.join(
            "
",
        ) + "
";
        let place = block(&text, mark);
        if writes() {
            text.replace_range(place.clone(), &said);
            std::fs::write(&readme, &text).unwrap();
        }
        assert!(
            text[block(&text, mark)] == said,
            "the screen ({mark}) in README.md is not what a run says; {REMEDY}"
        );
    }
}
