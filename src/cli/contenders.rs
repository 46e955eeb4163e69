//! The scenarios named on a command line that takes several: files, or layouts of one.

use std::path::{Path, PathBuf};

use crate::scenario;
use crate::scenario::document::Options;
use crate::scenario::problem::Words;
use crate::scenario::{Reading, render};

use super::failure::Failure;
use super::terminal::Terminal;

/// A scenario with the words by which it was named.
pub(super) struct Contender {
    /// The file's stem, or the layout.
    pub(super) label: String,
    /// The scenario.
    pub(super) reading: Reading,
}

/// One scenario as it is named: a file, and one of its layouts.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Named {
    file: PathBuf,
    layout: Option<String>,
}

/// Reads all scenarios named by files (`file` or `file#layout`) and by layouts of the first; if that is only one, it and all its layouts.
/// What is wrong in any of them is told of all of them.
pub(super) fn read(
    files: &[PathBuf],
    layouts: &[String],
    set: &[String],
    (quiet, terminal): (bool, &mut Terminal<'_>),
) -> Result<Vec<Contender>, Failure> {
    let mut named: Vec<Named> = files.iter().map(|file| split(file)).collect();
    let of_first = |layout: &String| Named {
        file: named[0].file.clone(),
        layout: Some(layout.clone()),
    };
    let more: Vec<Named> = if named.len() == 1 && layouts.is_empty() && named[0].layout.is_none() {
        let document = scenario::document::load(&named[0].file, &Options::default());
        let all: Vec<String> = document
            .layouts
            .into_iter()
            .map(|layout| layout.name)
            .collect();
        all.iter().map(of_first).collect()
    } else {
        layouts.iter().map(of_first).collect()
    };
    named.extend(more);
    let labels = labels(&named);
    let mut contenders = Vec::new();
    let mut refused = None;
    for (named, label) in named.iter().zip(labels) {
        let options = Options {
            layout: named.layout.clone(),
            set: set.to_vec(),
        };
        match scenario::read(&named.file, &options) {
            Ok(reading) => {
                if !quiet && !reading.warnings.list.is_empty() {
                    let shown = render::render(
                        &reading.warnings,
                        &reading.sources,
                        terminal.language,
                        terminal.styled,
                    );
                    terminal.complain(&shown);
                }
                contenders.push(Contender { label, reading });
            }
            Err(refusal) => {
                if let Some(earlier) = refused.replace(refusal) {
                    let _exit = Failure::from(earlier).report(terminal);
                }
            }
        }
    }
    refused.map_or(Ok(contenders), |refusal| Err(refusal.into()))
}

/// A file that is there is a file, whatever is in its name; else what stands behind the last `#` is a layout.
fn split(file: &Path) -> Named {
    let text = file.to_string_lossy();
    match text.rsplit_once('#') {
        Some((path, layout)) if !file.exists() && !path.is_empty() => Named {
            file: PathBuf::from(path),
            layout: (!layout.is_empty()).then(|| layout.to_owned()),
        },
        _ => Named {
            file: file.to_owned(),
            layout: None,
        },
    }
}

/// The shortest words that tell them apart: the layout, else the file's stem, else with a number.
fn labels(named: &[Named]) -> Vec<String> {
    let stem = |named: &Named| {
        let stem = named.file.file_stem();
        stem.map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
    };
    let one_file = named.iter().all(|other| other.file == named[0].file);
    let mut labels: Vec<String> = Vec::new();
    for named in named {
        let plain = match &named.layout {
            Some(layout) if one_file => layout.clone(),
            Some(layout) => format!("{}#{layout}", stem(named)),
            None => stem(named),
        };
        let mut label = plain.clone();
        for number in 2.. {
            if !labels.contains(&label) {
                break;
            }
            label = format!("{plain} ({number})");
        }
        labels.push(label);
    }
    labels
}

/// Says that there is nothing to compare.
pub(super) fn too_few() -> Failure {
    Failure::input(
        Words::new(
            "只有一个方案，没有可比的",
            "there is only one plan, and nothing to compare it with",
        ),
        Words::new(
            "再写一个文件，如 swabplan compare a.toml b.toml，或在方案里写 [layouts.名字]",
            "name another file, as in swabplan compare a.toml b.toml, or give the scenario [layouts.NAME]",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_stands_behind_a_hash_and_labels_are_short_and_different() {
        let named: Vec<Named> = ["a/zeku.toml", "a/zeku.toml#six", "a/zeku.toml#twelve"]
            .iter()
            .map(|file| split(Path::new(file)))
            .collect();
        assert_eq!(labels(&named), ["zeku", "six", "twelve"]);
        let named: Vec<Named> = ["a/zeku.toml", "b/zeku.toml", "c.toml#x"]
            .iter()
            .map(|file| split(Path::new(file)))
            .collect();
        assert_eq!(labels(&named), ["zeku", "zeku (2)", "c#x"]);
    }
}
