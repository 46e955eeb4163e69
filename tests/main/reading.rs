//! Files become one tree, or complaints that help.

mod faults;
mod fuzz;
mod merging;
mod tables;

use std::fs;
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{Formula, Workbook};
use swabplan::scenario::document::{self, Document, Options};
use swabplan::scenario::render;
use swabplan::scenario::tree::{Node, Value};
use swabplan::units::language::Language;
use tempfile::TempDir;

/// A folder with files, gone after the test.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder can be made"))
    }

    fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self::new();
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).expect("a folder can be made");
        fs::write(path, bytes).expect("a file can be written");
    }

    fn load(&self, name: &str) -> Document {
        self.load_with(name, None, &[])
    }

    fn load_with(&self, name: &str, layout: Option<&str>, set: &[&str]) -> Document {
        let set = set.iter().map(|text| (*text).to_owned()).collect();
        document::load(
            &self.path(name),
            &Options {
                layout: layout.map(str::to_owned),
                set,
            },
        )
    }

    /// The problems as shown, with names of files relative to this folder.
    fn rendered(&self, document: &Document, language: Language) -> String {
        let folder = format!("{}{}", self.0.path().display(), std::path::MAIN_SEPARATOR);
        render::render(&document.problems, &document.sources, language, false).replace(&folder, "")
    }

    /// The tree as read, if nothing was wrong.
    fn tree(&self, name: &str) -> String {
        let document = self.load(name);
        assert!(
            document.problems.list.is_empty(),
            "{}",
            self.rendered(&document, Language::English)
        );
        plain(&document.root)
    }
}

/// The codes of all problems, in the order found.
fn codes(document: &Document) -> Vec<&'static str> {
    document
        .problems
        .list
        .iter()
        .map(|problem| problem.code)
        .collect()
}

/// A value as text without places.
fn plain(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => format!("{text:?}"),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        Value::Boolean(yes) => yes.to_string(),
        Value::List(nodes) => format!(
            "[{}]",
            nodes.iter().map(plain).collect::<Vec<_>>().join(", ")
        ),
        Value::Table(entries) => {
            let entries: Vec<_> = entries
                .iter()
                .map(|entry| format!("{}={}", entry.key, plain(&entry.node)))
                .collect();
            format!("{{{}}}", entries.join(" "))
        }
    }
}

/// A workbook; numbers become numbers, `=` formulas whose result follows, `#…!` the result of such a formula.
fn workbook(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, rows) in sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(*name).expect("the name is allowed");
        for (row, cells) in (0..).zip(*rows) {
            for (column, cell) in (0..).zip(*cells) {
                if let Some(result) = cell.strip_prefix('=') {
                    sheet.write_formula(row, column, Formula::new("=1+1").set_result(result))
                } else if let Ok(number) = cell.parse::<f64>() {
                    sheet.write_number(row, column, number)
                } else {
                    sheet.write_string(row, column, *cell)
                }
                .expect("the cell can be written");
            }
        }
    }
    workbook.save_to_buffer().expect("a workbook can be made")
}
