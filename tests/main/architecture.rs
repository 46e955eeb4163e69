//! The shape of the repository: floors, the beginnings of files, what may lie at the top.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Each module with its floor. A module uses only lower floors and its own children; those on one floor do not see each other.
const FLOORS: &[(&str, u32)] = &[
    ("id", 0),
    ("units", 0),
    ("chart", 1),
    ("geo", 1),
    ("queueing", 1),
    ("random", 1),
    ("stats", 1),
    ("model", 2),
    ("network", 3),
    ("scenario", 3),
    ("sim", 4),
    ("measure", 5),
    ("experiment", 6),
    ("report", 8),
    ("cli", 9),
    ("guide", 10),
];

/// What may lie at the top of the repository.
const TOP: &[&str] = &[
    ".cargo",
    ".ci",
    ".clippy.toml",
    ".gitignore",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "benches",
    "output",
    "proptest-regressions",
    "scenarios",
    "src",
    "tests",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files under a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else {
        return found;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// All source files, with their text.
fn sources(folders: &[&str]) -> Vec<(PathBuf, String)> {
    let all = folders
        .iter()
        .flat_map(|folder| files(&root().join(folder)));
    all.filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            (path.strip_prefix(root()).unwrap().to_owned(), text)
        })
        .collect()
}

/// A file of `src` without its tests, comments and strings of documentation.
fn code(path: &Path, text: &str) -> String {
    let of_tests = path
        .parent()
        .is_some_and(|folder| folder.ends_with("tests"));
    if of_tests || path.file_name().is_some_and(|name| name == "tests.rs") {
        return String::new();
    }
    let before_tests = text.split("\n#[cfg(test)]\nmod tests").next().unwrap();
    let lines = before_tests
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The words of a text: what stands between characters that no path holds.
fn paths(code: &str) -> impl Iterator<Item = &str> {
    code.split(|character: char| {
        !(character.is_alphanumeric() || character == '_' || character == ':' || character == '{')
    })
}

/// How many modules deep a file of `src` lies: 1 for `src/sim/mod.rs`, 2 for `src/sim/lab.rs`.
fn depth(path: &Path) -> usize {
    let parts = path.components().count() - 1;
    match path.file_name() {
        Some(name) if name == "mod.rs" => parts - 1,
        _ => parts,
    }
}

/// The module at the top of the crate to which a file of `src` belongs.
fn module(path: &Path) -> String {
    let part = path.components().nth(1).unwrap().as_os_str();
    let part = part.to_string_lossy();
    part.trim_end_matches(".rs").to_owned()
}

/// What breaks the floors in one file.
fn trespasses(path: &Path, text: &str) -> Vec<String> {
    let floors: BTreeMap<&str, u32> = FLOORS.iter().copied().collect();
    let own = module(path);
    if own == "main" || own == "lib" {
        return Vec::new();
    }
    let Some(floor) = floors.get(own.as_str()) else {
        return vec![format!("{own} has no floor")];
    };
    let code = code(path, text);
    let mut found = Vec::new();
    for word in paths(&code) {
        if word.matches("super::").count() >= depth(path) {
            found.push(format!("{word} leaves {own} by its back door"));
        }
        let Some(rest) = word.strip_prefix("crate::") else {
            continue;
        };
        let other = rest.split(':').next().unwrap();
        match floors.get(other) {
            _ if other == own => {}
            Some(used) if used < floor => {}
            Some(used) => found.push(format!("{own} on floor {floor} uses {other} on {used}")),
            None => found.push(format!("`{word}` names no module")),
        }
    }
    for line in code.lines().map(str::trim_start) {
        if line.starts_with("pub use crate::") {
            found.push(format!("a second path for one name: {line}"));
        }
        if line.starts_with("use ") && line.ends_with("::*;") && !line.ends_with("::prelude::*;") {
            found.push(format!("names from nowhere: {line}"));
        }
    }
    found
}

#[test]
fn a_module_uses_only_lower_floors_and_its_own_children() {
    let all = sources(&["src"]);
    let found: Vec<String> = all
        .iter()
        .flat_map(|(path, text)| {
            let found = trespasses(path, text);
            found
                .into_iter()
                .map(|what| format!("{}: {what}", path.display()))
        })
        .collect();
    assert_eq!(found, [""; 0]);
}

#[test]
fn whoever_reaches_up_or_sideways_is_seen() {
    let found = |text: &str| trespasses(Path::new("src/sim/lab.rs"), text).len();
    assert_eq!(
        found("use crate::network::Lab;\nuse super::live::Live;\nuse crate::sim::x;\n"),
        0
    );
    assert_eq!(found("use crate::measure::outcome;\n"), 1);
    assert_eq!(found("fn f() { crate::report::page() }\n"), 1);
    assert_eq!(found("use super::super::measure;\n"), 1);
    assert_eq!(found("use crate::{id, units};\n"), 1);
    assert_eq!(found("pub use crate::id::LabId;\n"), 1);
    assert_eq!(
        found("fn f() {}\n\n#[cfg(test)]\nmod tests {\n    use crate::report::x;\n}\n"),
        0
    );
    assert_eq!(
        trespasses(Path::new("src/network/duty.rs"), "use crate::scenario::x;").len(),
        1
    );
    assert_eq!(trespasses(Path::new("src/plans/mod.rs"), "").len(), 1);
}

#[test]
fn the_crate_says_on_which_floor_each_of_its_modules_is() {
    let text = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let declared = text
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    for module in declared {
        let (_, floor) = FLOORS
            .iter()
            .find(|(name, _)| *name == module)
            .unwrap_or_else(|| panic!("{module} has no floor"));
        let said = text.lines().any(|line| {
            line.starts_with(&format!("//! {floor} "))
                && line.split_whitespace().any(|word| word == module)
        });
        assert!(said, "src/lib.rs does not show {module} on floor {floor}");
    }
}

#[test]
fn every_file_begins_by_saying_what_it_is_for() {
    let silent: Vec<PathBuf> = sources(&["src", "tests", "benches"])
        .into_iter()
        .filter(|(path, text)| {
            !text.starts_with("//!") && path.file_name().is_none_or(|name| name != "tests.rs")
        })
        .map(|(path, _)| path)
        .collect();
    assert!(silent.is_empty(), "{silent:?}");
}

#[test]
fn nothing_sleeps_and_nothing_is_left_for_later() {
    // Put together here, so that this file does not hold them.
    let never = [
        concat!("#[", "ignore"),
        concat!("if ", "false"),
        concat!("todo", "!("),
        concat!("unimplemented", "!("),
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
    ];
    for (path, text) in sources(&["src", "tests", "benches"]) {
        for word in never {
            assert!(!text.contains(word), "{}: {word}", path.display());
        }
    }
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let folders = [
        concat!("/ro", "ot/"),
        concat!("/wo", "rk/"),
        concat!("/ho", "me/"),
    ];
    let endings = ["rs", "md", "toml", "json", "csv", "svg", "html"];
    let kept = ["src", "tests", "benches", "scenarios", "output/sample"];
    let all = kept.iter().flat_map(|folder| files(&root().join(folder)));
    let top = ["README.md", "Cargo.toml"].map(|name| root().join(name));
    for path in all.chain(top) {
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        if !endings.contains(&ending.as_ref()) {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for folder in folders {
            assert!(!text.contains(folder), "{}: {folder}", path.display());
        }
    }
}

#[test]
fn the_top_of_the_repository_holds_only_what_belongs_there() {
    // What is kept, not what lies about: a planner's own folders are no fault. Without git there is nothing to ask.
    let Ok(kept) = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root())
        .output()
    else {
        return;
    };
    let kept = String::from_utf8(kept.stdout).unwrap();
    for path in kept.split_terminator('\0') {
        let top = path.split('/').next().unwrap();
        assert!(TOP.contains(&top), "{path}");
    }
}
