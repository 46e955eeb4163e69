//! Scenarios as models: written in a test or shipped, read by the reader that planners use.

use std::path::{Path, PathBuf};
use swabplan::model::Model;
use swabplan::scenario::document::Options;
use swabplan::scenario::read;

/// What a scenario written in a test means. It must have no errors.
pub(crate) fn model(text: &str) -> Model {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.toml");
    std::fs::write(&path, text).unwrap();
    file(&path, &[])
}

/// What the scenario in a file means, with changes `path=value`. It must have no errors.
pub(crate) fn file(path: &Path, set: &[&str]) -> Model {
    let options = Options {
        set: set.iter().map(|&change| change.to_owned()).collect(),
        ..Options::default()
    };
    match read(path, &options) {
        Ok(reading) => reading.model,
        Err(refusal) => panic!("{}: {refusal:?}", path.display()),
    }
}

/// The shipped scenarios, in order: those that show one feature each too.
pub(crate) fn scenarios() -> Vec<PathBuf> {
    let mut scenarios = large_scenarios();
    scenarios.extend(in_folder("scenarios/features"));
    scenarios
}

/// The shipped scenarios that are whole operations, in order.
pub(crate) fn large_scenarios() -> Vec<PathBuf> {
    in_folder("scenarios")
}

fn in_folder(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut scenarios: Vec<PathBuf> = files
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .collect();
    scenarios.sort();
    scenarios
}
