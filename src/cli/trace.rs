//! `swabplan run --trace FILE`: the record-level trace of one replication, written aside and renamed into place.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::experiment;
use crate::model::{Model, Replications};
use crate::report::trace::{self, Form};
use crate::scenario::problem::Words;
use crate::sim::trace::Trace;
use crate::sim::{Grain, Memory, simulate};

use super::failure::Failure;

/// About how many bytes a line of a trace has.
const BYTES_A_LINE: u64 = 110;
/// A trace of more bytes than this is refused.
const MOST_BYTES: u64 = 1 << 30;

/// Where a trace goes.
#[derive(Debug)]
pub(super) struct Target {
    path: PathBuf,
    form: Form,
}

impl Target {
    /// Makes sure before the simulation that a trace of the model may be written there.
    pub(super) fn claim(path: &Path, model: &Model, replication: u32) -> Result<Self, Failure> {
        let form = form(path)?;
        let most = match model.design.replications {
            Replications::Fixed(replications) => replications,
            Replications::Precision { most, .. } => most,
        };
        if replication == 0 || replication > most {
            return Err(Failure::input(
                Words::new(
                    format!("没有第 {replication} 次重复：一共 {most} 次"),
                    format!("there is no replication {replication}: there are {most}"),
                ),
                Words::new(
                    format!("--trace-replication 写 1 到 {most}"),
                    format!("write --trace-replication 1 to {most}"),
                ),
            ));
        }
        let lines = trace::lines(model);
        let bytes = lines.saturating_mul(BYTES_A_LINE);
        if bytes > MOST_BYTES {
            return Err(too_large(lines, bytes));
        }
        let target = Self {
            path: path.to_owned(),
            form,
        };
        target.refuse_strangers()?;
        // Making a file aside shows that writing is possible.
        drop(target.aside()?);
        Ok(target)
    }

    /// Writes the trace of a replication, counted from 1.
    pub(super) fn write(&self, model: &Model, replication: u32) -> Result<(), Failure> {
        let (network, streams) = experiment::network(model, replication - 1);
        let mut heard = Trace::default();
        let mut memory = Memory::default();
        simulate(&network, streams, Grain::Whole, &mut memory, &mut heard);
        let text = trace::text(model, &network, &heard, self.form);
        let mut file = self.aside()?;
        file.write_all(text.as_bytes())
            .map_err(|error| self.failed(&error))?;
        // Somebody may have put something there while the simulation ran.
        self.refuse_strangers()?;
        file.persist(&self.path)
            .map_err(|error| self.failed(&error.error))?;
        Ok(())
    }

    /// A file beside the place, which removes itself unless it is renamed.
    fn aside(&self) -> Result<tempfile::NamedTempFile, Failure> {
        let parent = self.path.parent();
        let parent = parent.filter(|parent| !parent.as_os_str().is_empty());
        tempfile::Builder::new()
            .prefix(".swabplan-")
            .tempfile_in(parent.unwrap_or_else(|| Path::new(".")))
            .map_err(|error| self.failed(&error))
    }

    /// Refuses whatever stands there and is not a trace.
    fn refuse_strangers(&self) -> Result<(), Failure> {
        let path = self.path.display();
        let metadata = match fs::symlink_metadata(&self.path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(self.failed(&error)),
        };
        if metadata.is_file() && is_trace(&self.path, self.form) {
            return Ok(());
        }
        Err(Failure::input(
            Words::new(
                format!("{path} 已经有了，而且不是 swabplan 写的轨迹，不能替换"),
                format!(
                    "{path} is there already and is no trace of swabplan, which would replace it"
                ),
            ),
            Words::new(
                "用 --trace 换一个名字，或移走它",
                "name another file with --trace, or move this one",
            ),
        ))
    }

    fn failed(&self, error: &io::Error) -> Failure {
        Failure::writing(&self.path.display().to_string(), error)
    }
}

/// How a trace is written, by the ending of its file.
fn form(path: &Path) -> Result<Form, Failure> {
    let ending = path.extension().map(OsStr::to_ascii_lowercase);
    match ending.as_ref().and_then(|ending| ending.to_str()) {
        Some("csv") => Ok(Form::Csv),
        Some("jsonl" | "ndjson") => Ok(Form::JsonLines),
        Some(_) | None => {
            let path = path.display();
            Err(Failure::input(
                Words::new(
                    format!("{path} 看不出轨迹写成什么格式"),
                    format!("{path} does not say how the trace is to be written"),
                ),
                Words::new(
                    "文件名以 .csv 或 .jsonl 结尾",
                    "let its name end in .csv or .jsonl",
                ),
            ))
        }
    }
}

/// Whether a file begins as a trace does; an empty one is nothing that could be lost.
fn is_trace(path: &Path, form: Form) -> bool {
    let begins = match form {
        Form::Csv => trace::header(form),
        Form::JsonLines => "{\"".to_owned(),
    };
    let mut found = Vec::new();
    let read = fs::File::open(path).and_then(|file| {
        let length = begins.len().max(400) as u64;
        file.take(length).read_to_end(&mut found)
    });
    let line = found
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let recorded = form == Form::Csv || contains(line, b"\"record\":");
    read.is_ok() && (found.is_empty() || found.starts_with(begins.as_bytes()) && recorded)
}

fn contains(line: &[u8], part: &[u8]) -> bool {
    line.windows(part.len()).any(|window| window == part)
}

fn too_large(lines: u64, bytes: u64) -> Failure {
    let millions = lines as f64 / 1e6;
    let gigabytes = bytes as f64 / 1e9;
    Failure::input(
        Words::new(
            format!("轨迹太大：约 {millions:.0} 百万行、{gigabytes:.1} GB，不写"),
            format!(
                "the trace would have about {millions:.0} million lines, {gigabytes:.1} GB: it is not written"
            ),
        ),
        Words::new(
            "只留几个网格或一轮再写轨迹",
            "trace a scenario with fewer cells or one round",
        ),
    )
}
