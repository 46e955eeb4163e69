//! The handbook and the README say what is true: their scenarios are read, their commands exist, their links lead somewhere.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use swabplan::cli::arguments;
use swabplan::scenario::document::Options;
use swabplan::scenario::{Starter, read, render, starter};
use swabplan::units::language::Language;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All pages, with their text.
fn pages() -> Vec<(PathBuf, String)> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(root().join("src/guide"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    paths.push(root().join("README.md"));
    paths.sort();
    let text = |path: &PathBuf| std::fs::read_to_string(path).unwrap();
    paths
        .iter()
        .map(|path| (path.clone(), text(path)))
        .collect()
}

/// The fenced blocks of one language.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    text.split(&fence)
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect()
}

#[test]
fn every_scenario_in_the_handbook_changes_the_starter_and_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let Starter {
        scenario, workbook, ..
    } = starter();
    std::fs::write(folder.path().join("scenario.toml"), scenario).unwrap();
    std::fs::write(folder.path().join("cells.xlsx"), workbook).unwrap();
    let mut found = 0;
    for (page, text) in pages() {
        for block in blocks(&text, "toml") {
            let whole = if block.contains("extends = ") {
                block.to_owned()
            } else {
                format!("extends = \"scenario.toml\"\n{block}")
            };
            let path = folder.path().join("block.toml");
            std::fs::write(&path, whole).unwrap();
            if let Err(refusal) = read(&path, &Options::default()) {
                let said = render::render(
                    &refusal.problems,
                    &refusal.sources,
                    Language::English,
                    false,
                );
                panic!("{}:\n{block}\n{said}", page.display());
            }
            found += 1;
        }
    }
    assert!(found > 10, "{found} scenarios");
}

#[test]
fn every_command_in_the_handbook_exists() {
    let mut found = 0;
    for (page, text) in pages() {
        for line in ["console", "sh"]
            .iter()
            .flat_map(|language| blocks(&text, language))
            .flat_map(str::lines)
        {
            let words = line.replace("cargo run --release -- ", "swabplan ");
            if !words.starts_with("swabplan ") {
                continue;
            }
            // What is printed may go to a file.
            let words = words.split(" > ").next().unwrap_or_default();
            let words: Vec<OsString> = words.split_whitespace().map(OsString::from).collect();
            assert!(
                arguments::parse(&words).is_ok(),
                "{}: {line}",
                page.display()
            );
            found += 1;
        }
    }
    assert!(found > 5, "{found} commands");
}

#[test]
fn every_link_to_a_file_leads_somewhere() {
    for (page, text) in pages() {
        for link in text
            .split("](")
            .skip(1)
            .map(|rest| rest.split(')').next().unwrap())
        {
            if link.contains("::") || link.contains("://") || link.starts_with('#') {
                continue;
            }
            let file = page.parent().unwrap().join(link);
            assert!(file.exists(), "{}: {link}", page.display());
        }
    }
}

#[test]
fn every_dependency_has_its_reason() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let manifest: toml::Table = toml::from_str(&manifest).unwrap();
    let reasons = std::fs::read_to_string(root().join("src/guide/decisions.md")).unwrap();
    for kind in ["dependencies", "dev-dependencies"] {
        for name in manifest[kind].as_table().unwrap().keys() {
            assert!(reasons.contains(&format!("`{name}`")), "{name}");
        }
    }
}

#[test]
fn every_page_is_shown() {
    let shown = std::fs::read_to_string(root().join("src/guide/mod.rs")).unwrap();
    for (page, text) in pages() {
        let name = page.file_name().unwrap().to_string_lossy().into_owned();
        assert!(
            name == "README.md" || shown.contains(&format!("\"{name}\"")),
            "{name}"
        );
        assert!(!text.trim().is_empty(), "{name}");
    }
}

#[test]
fn every_feature_has_a_key_that_does_it_a_scenario_that_shows_it_and_a_test_that_proves_it() {
    let reference = std::fs::read_to_string(root().join("scenarios/reference.toml")).unwrap();
    let tests = sources(&root().join("tests/main")) + &sources(&root().join("src"));
    let table = std::fs::read_to_string(root().join("src/guide/features.md")).unwrap();
    let rows = table
        .lines()
        .filter(|line| line.starts_with('|') && !line.contains("---"))
        .map(|line| {
            line.trim_matches('|')
                .split('|')
                .map(str::trim)
                .collect::<Vec<_>>()
        })
        .filter(|cells| cells[0] != "feature");
    let mut found = 0;
    for cells in rows {
        let [what, keys, scenario, proof] = cells[..] else {
            panic!("{cells:?} is not a feature, its keys, its scenario and its test");
        };
        for key in ticked(keys) {
            let last = key.rsplit('.').next().unwrap();
            assert!(
                reference.lines().any(|line| {
                    let line = line.trim_start_matches(['#', ' ', '[']);
                    line.starts_with(last) || line.contains(&format!("{last}]"))
                }),
                "{what}: no key {key}"
            );
        }
        for file in ticked(scenario) {
            assert!(
                root().join("scenarios").join(file).exists(),
                "{what}: no {file}"
            );
        }
        for test in ticked(proof) {
            assert!(
                tests.contains(&format!("fn {test}(")),
                "{what}: no test {test}"
            );
        }
        assert!(!ticked(proof).is_empty(), "{what} has no test");
        found += 1;
    }
    assert!(found > 8, "{found} features");
}

/// What stands between backticks.
fn ticked(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// All Rust files under a folder, one after another.
fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text += &sources(&path);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            text += &std::fs::read_to_string(path).unwrap();
        }
    }
    text
}
