//! Scenarios written in the tests, read by the reader that planners use.

use swabplan::model::Model;
use swabplan::scenario::document::{self, Options};
use swabplan::scenario::language;

/// What a scenario means. It must have no errors.
pub(crate) fn model(text: &str) -> Model {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.toml");
    std::fs::write(&path, text).unwrap();
    read(&path)
}

fn read(path: &std::path::Path) -> Model {
    let mut document = document::load(path, &Options::default());
    let meaning = language::interpret(&document.root, "test", &mut document.problems);
    let complaints = || {
        let list = document
            .problems
            .list
            .iter()
            .map(|problem| format!("{}: {}", problem.what.en, problem.help.en));
        list.collect::<Vec<_>>().join("\n")
    };
    meaning.unwrap_or_else(|| panic!("{}", complaints())).model
}
