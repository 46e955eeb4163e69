//! A scenario with all its files as one tree: what it extends, the layout chosen, the tables it refers to, the command line.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::files;
use super::letters;
use super::merge::{known_ids, overlay};
use super::parse;
use super::problem::{Problems, Severity, Words, shown};
use super::setting::Setting;
use super::sheet::{self, Columns};
use super::tree::{Content, Entry, Node, Place, Source, SourceId, Sources, Spot, Value};

/// The longest chain of `extends`, in files.
const LONGEST_CHAIN: usize = 16;

/// What to read of a scenario, and what to change in it.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Options {
    /// Which of its layouts; none: the scenario as it stands.
    pub layout: Option<String>,
    /// Changes `path=value`, in the order in which they are made.
    pub set: Vec<String>,
}

/// A scenario as one tree, with everything wrong with its files.
#[derive(Clone, PartialEq, Debug)]
pub struct Document {
    /// The merged tree, always a table; without `extends` and `layouts`. `cells` and `sites` are lists of tables, also where a file
    /// refers to a sheet.
    pub root: Node,
    /// Whether all of it could be read. If not, what the tree lacks may be in the unread part, and a complaint that it is
    /// missing would mislead.
    pub whole: bool,
    /// The layouts that the scenario offers, in the order written.
    pub layouts: Vec<Layout>,
    /// Everything that was read.
    pub sources: Sources,
    /// What is wrong.
    pub problems: Problems,
}

/// A variant inside a scenario.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Layout {
    /// Its name, as `--layout` takes it.
    pub name: String,
    /// Its title in Chinese, if given.
    pub title: Option<String>,
    /// Its title in English, if given.
    pub title_en: Option<String>,
}

/// Reads the scenario in the file at `path`. Whatever the file holds, there is a document.
pub fn load(path: &Path, options: &Options) -> Document {
    let mut loader = Loader::default();
    let chain = loader.chain(path);
    let main = Place {
        source: SourceId(0),
        spot: Spot::Whole,
    };
    let mut root = Node {
        value: Value::Table(Vec::new()),
        place: main,
    };
    let mut variants = Vec::new();
    for mut tree in chain.into_iter().rev() {
        if let Some(layouts) = take(&mut tree, "layouts") {
            variants.extend(loader.variants(layouts));
        }
        loader.overlay(&mut root, tree);
    }
    let layouts = layouts(&variants);
    if let Some(name) = &options.layout {
        loader.choose(&mut root, name, variants, &layouts);
    }
    for text in &options.set {
        loader.set(&mut root, text);
    }
    for key in SHEETS {
        loader.expand(&mut root, key);
    }
    loader.report_empty(&root, main);
    letters::warn(&root, &mut loader.problems);
    let whole = !loader
        .problems
        .list
        .iter()
        .any(|problem| problem.severity == Severity::Error);
    Document {
        root,
        whole,
        layouts,
        sources: loader.sources,
        problems: loader.problems,
    }
}

/// The folder to which names of files are relative that are written at `place`.
pub fn base_folder(sources: &Sources, place: Place) -> PathBuf {
    sources
        .list
        .get(place.source.0 as usize)
        .filter(|source| source.name != COMMAND_LINE)
        .and_then(|source| Path::new(&source.name).parent())
        .map(Path::to_path_buf)
        .unwrap_or_default()
}

/// The keys at the top of a scenario whose entries may stand in a sheet.
const SHEETS: [&str; 4] = ["cells", "sites", "staff", "roads"];

/// `roads = "file"` is short for a table with nothing but its `times`.
fn roads_in_full(root: &mut Node) {
    let Some(roads) = root.get_mut("roads") else {
        return;
    };
    if matches!(roads.value, Value::Text(_)) {
        let times = Entry {
            key: "times".to_owned(),
            key_place: roads.place,
            node: roads.clone(),
        };
        roads.value = Value::Table(vec![times]);
    }
}

/// The name of the sources that hold what the command line sets.
pub const COMMAND_LINE: &str = "--set";

/// A layout's name and what it lays over the scenario; one file of the chain may give one, another may add to it.
struct Variant {
    name: String,
    tree: Node,
}

fn layouts(variants: &[Variant]) -> Vec<Layout> {
    let mut layouts: Vec<Layout> = Vec::new();
    let mut known = BTreeMap::new();
    for Variant { name, tree } in variants {
        let text = |key| match tree.get(key).map(|node| &node.value) {
            Some(Value::Text(text)) => Some(text.clone()),
            Some(
                Value::Integer(_)
                | Value::Float(_)
                | Value::Boolean(_)
                | Value::List(_)
                | Value::Table(_),
            )
            | None => None,
        };
        let (title, title_en) = (text("title"), text("title_en"));
        let index = *known.entry(name).or_insert(layouts.len());
        if index == layouts.len() {
            layouts.push(Layout {
                name: name.clone(),
                title: None,
                title_en: None,
            });
        }
        let layout = &mut layouts[index];
        layout.title = title.or(layout.title.take());
        layout.title_en = title_en.or(layout.title_en.take());
    }
    layouts
}

/// Takes the entry with this key out of a table.
fn take(node: &mut Node, key: &str) -> Option<Entry> {
    let Value::Table(entries) = &mut node.value else {
        return None;
    };
    let at = entries.iter().position(|entry| entry.key == key)?;
    Some(entries.remove(at))
}

/// The names of a chain of files; of a long one the first and the last.
fn chained(files: &[PathBuf], last: &Path) -> String {
    let names = files.iter().map(PathBuf::as_path).chain([last]);
    let mut names: Vec<_> = names.map(|file| shown(&files::name(file))).collect();
    if names.len() > 6 {
        names.splice(3..names.len() - 2, ["…".to_owned()]);
    }
    names.join(" → ")
}

#[derive(Default)]
struct Loader {
    sources: Sources,
    problems: Problems,
}

impl Loader {
    /// The trees of the file and of those it extends, itself first.
    fn chain(&mut self, path: &Path) -> Vec<Node> {
        let mut trees = Vec::new();
        let mut files: Vec<PathBuf> = Vec::new();
        let mut next = Some((path.to_path_buf(), None));
        while let Some((path, place)) = next.take() {
            let source = files::text(
                &path,
                files::LARGEST_SCENARIO,
                place,
                &mut self.sources,
                &mut self.problems,
            );
            let Some(source) = source else { break };
            files.push(path.clone());
            let Content::Text(text) = &self.sources.list[source.0 as usize].content else {
                break;
            };
            let mut tree = parse::document(text, source, &mut self.problems);
            if let Some(extends) = take(&mut tree, "extends") {
                next = self.extended(&extends.node, &files);
            }
            trees.push(tree);
        }
        trees
    }

    /// The file that a scenario extends, if that can be.
    fn extended(&mut self, node: &Node, files: &[PathBuf]) -> Option<(PathBuf, Option<Place>)> {
        let name = match &node.value {
            Value::Text(name) if !name.trim().is_empty() => name,
            Value::Text(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Boolean(_)
            | Value::List(_)
            | Value::Table(_) => {
                let what = Words::new(
                    "`extends` 应是一个文件名",
                    "`extends` has to be the name of a file",
                );
                let help = Words::new(
                    "写成例如 extends = \"zeku.toml\"",
                    "write, for example, extends = \"zeku.toml\"",
                );
                self.problems.error("S020", node.place, what, help);
                return None;
            }
        };
        let path = files::beside(&base_folder(&self.sources, node.place), name);
        let chain = chained(files, &path);
        let same = |file: &PathBuf| matches!((fs::canonicalize(file), fs::canonicalize(&path)), (Ok(a), Ok(b)) if a == b);
        if files.iter().any(same) {
            let what = Words::new(
                format!("`extends` 绕成了圈：{chain}"),
                format!("`extends` goes in a circle: {chain}"),
            );
            let help = Words::new(
                "让其中一个文件不再引用别的文件",
                "let one of these files extend no other",
            );
            self.problems.error("S021", node.place, what, help);
            return None;
        }
        if files.len() >= LONGEST_CHAIN {
            let what = Words::new(
                format!("`extends` 超过 {LONGEST_CHAIN} 层：{chain}"),
                format!("the chain of `extends` is longer than {LONGEST_CHAIN} files: {chain}"),
            );
            let help = Words::new("把其中几个文件合并", "merge some of these files");
            self.problems.error("S022", node.place, what, help);
            return None;
        }
        Some((path, Some(node.place)))
    }

    /// Lays one tree over another, where sheets count as the lists of their rows.
    fn overlay(&mut self, root: &mut Node, mut tree: Node) {
        roads_in_full(root);
        roads_in_full(&mut tree);
        for key in ["cells", "sites", "staff"] {
            if let Some(Node {
                value: Value::List(_),
                ..
            }) = tree.get(key)
            {
                self.expand(root, key);
            }
        }
        overlay(root, tree, &mut self.problems);
    }

    /// The layouts under the key `layouts`.
    fn variants(&mut self, layouts: Entry) -> Vec<Variant> {
        let help = Words::new(
            "写成例如 [layouts.city]，下面写与原方案不同的键",
            "write, for example, [layouts.city] and below it the keys that differ",
        );
        let Value::Table(entries) = layouts.node.value else {
            let what = Words::new(
                "`layouts` 下应是各个布局的表",
                "`layouts` has to hold a table for each layout",
            );
            self.problems.error("S024", layouts.node.place, what, help);
            return Vec::new();
        };
        let mut variants = Vec::new();
        for Entry { key, node, .. } in entries {
            if !matches!(node.value, Value::Table(_)) {
                let name = shown(&key);
                let what = Words::new(
                    format!("布局“{name}”应是一个表"),
                    format!("the layout `{name}` has to be a table"),
                );
                self.problems.error("S024", node.place, what, help.clone());
                continue;
            }
            if let Some(inner) = ["extends", "layouts"]
                .into_iter()
                .find_map(|key| node.get(key))
            {
                let what = Words::new(
                    "布局里不能再有 `extends` 或 `layouts`",
                    "a layout cannot have `extends` or `layouts` in it",
                );
                self.problems.error("S024", inner.place, what, help.clone());
            }
            variants.push(Variant {
                name: key,
                tree: node,
            });
        }
        variants
    }

    /// Lays the chosen layout over the scenario.
    fn choose(&mut self, root: &mut Node, name: &str, variants: Vec<Variant>, layouts: &[Layout]) {
        if !layouts.iter().any(|layout| layout.name == name) {
            let shown = shown(name);
            let what = Words::new(
                format!("没有名为“{shown}”的布局"),
                format!("there is no layout `{shown}`"),
            );
            let help = if layouts.is_empty() {
                Words::new(
                    "这个方案没有布局，去掉 --layout",
                    "the scenario has no layouts: leave out --layout",
                )
            } else {
                known_ids(name, layouts.iter().map(|layout| &*layout.name))
            };
            self.problems.error("S023", root.place, what, help);
        }
        for mut variant in variants.into_iter().filter(|variant| variant.name == name) {
            for key in ["extends", "layouts"] {
                take(&mut variant.tree, key);
            }
            self.overlay(root, variant.tree);
        }
    }

    /// Makes one change of the command line.
    fn set(&mut self, root: &mut Node, text: &str) {
        let source = self.sources.add(Source {
            name: COMMAND_LINE.to_owned(),
            content: Content::Text(text.to_owned()),
        });
        let Some(setting) = Setting::read(text, source, &mut self.problems) else {
            return;
        };
        if let (key @ ("cells" | "sites" | "staff"), true) = setting.top() {
            self.expand(root, key);
        }
        if setting.top().0 == "roads" {
            roads_in_full(root);
        }
        setting.apply(root, &mut self.problems);
    }

    /// Puts the rows of the sheet in place of the reference to it.
    fn expand(&mut self, root: &mut Node, key: &str) {
        if key == "roads" {
            roads_in_full(root);
            if let Some(roads) = root.get_mut(key) {
                self.expand(roads, "times");
            }
            return;
        }
        let Value::Table(entries) = &mut root.value else {
            return;
        };
        let Some(entry) = entries.iter_mut().find(|entry| entry.key == key) else {
            return;
        };
        let Value::Text(reference) = &entry.node.value else {
            return;
        };
        let folder = base_folder(&self.sources, entry.node.place);
        let reference = sheet::Reference {
            text: reference,
            folder: &folder,
            place: entry.node.place,
        };
        let (sources, problems) = (&mut self.sources, &mut self.problems);
        let rows = match key {
            "cells" => sheet::read(&reference, &Columns::CELLS, sources, problems),
            "sites" => sheet::read(&reference, &Columns::SITES, sources, problems),
            "staff" => sheet::read(&reference, &Columns::STAFF, sources, problems),
            _ => sheet::pairs(&reference, sources, problems),
        };
        entry.node.value = Value::List(rows);
    }

    /// Says so if a scenario without other faults holds nothing.
    fn report_empty(&mut self, root: &Node, place: Place) {
        if self.problems.has_errors() || root.value != Value::Table(Vec::new()) {
            return;
        }
        self.problems.error(
            "S009",
            place,
            Words::new("方案文件是空的", "the scenario is empty"),
            Words::new(
                "用 `swabplan new 文件夹` 生成一个范例，再改成自己的",
                "`swabplan new FOLDER` writes an example to start from",
            ),
        );
    }
}
