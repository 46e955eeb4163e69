//! `swabplan new`: a starter scenario with its workbook, which overwrites nothing.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use crate::scenario;
use crate::scenario::problem::Words;

use super::arguments::{Common, Format};
use super::failure::{Exit, Failure};
use super::folder::File;
use super::terminal::Terminal;

/// Writes the starter scenario into a folder.
pub(super) fn new(
    folder: &Path,
    common: &Common,
    terminal: &mut Terminal<'_>,
) -> Result<Exit, Failure> {
    let starter = scenario::starter();
    let files = [
        File::new("scenario.toml", starter.scenario),
        File::new("cells.xlsx", starter.workbook),
        File::new("swabplan.schema.json", starter.schema),
    ];
    refuse_existing(folder, &files)?;
    fs::create_dir_all(folder).map_err(|error| not_a_folder(folder, &error))?;
    for file in &files {
        let path = folder.join(&file.name);
        let failed = |error: io::Error| Failure::writing(&path.display().to_string(), &error);
        let mut created = fs::File::create_new(&path).map_err(failed)?;
        created.write_all(&file.bytes).map_err(failed)?;
    }
    match common.format {
        Format::Json => {
            let names: Vec<_> = files
                .iter()
                .map(|file| folder.join(&file.name).display().to_string())
                .collect();
            terminal.answer(&format!("{:#}\n", serde_json::json!({ "files": names })))?;
        }
        Format::Text => terminal.answer(&next_steps(folder, terminal))?,
    }
    Ok(Exit::Done)
}

fn next_steps(folder: &Path, terminal: &Terminal<'_>) -> String {
    let (scenario, workbook) = (folder.join("scenario.toml"), folder.join("cells.xlsx"));
    let (scenario, workbook) = (scenario.display(), workbook.display());
    terminal.language.pick(
        format!("已生成 {scenario} 和 {workbook}\n  1. 在表格里填网格和采样点，在方案里改人手、转运、实验室\n  2. swabplan check {scenario}\n  3. swabplan run {scenario}\n"),
        format!("Made {scenario} and {workbook}\n  1. put your cells and sites into the workbook, your lanes, couriers and laboratory into the scenario\n  2. swabplan check {scenario}\n  3. swabplan run {scenario}\n"),
    )
}

fn refuse_existing(folder: &Path, files: &[File]) -> Result<(), Failure> {
    let taken: Vec<_> = files
        .iter()
        .filter(|file| folder.join(&file.name).symlink_metadata().is_ok())
        .map(|file| file.name.as_str())
        .collect();
    if taken.is_empty() {
        return Ok(());
    }
    let (folder, taken) = (folder.display(), taken.join(", "));
    Err(Failure::input(
        Words::new(
            format!("{folder} 里已经有 {taken}，不覆盖"),
            format!("{folder} already has {taken}, which is not overwritten"),
        ),
        Words::new("换一个文件夹名字", "name another folder"),
    ))
}

fn not_a_folder(folder: &Path, error: &io::Error) -> Failure {
    use io::ErrorKind::{AlreadyExists, InvalidFilename, InvalidInput, NotADirectory};
    if ![AlreadyExists, InvalidFilename, InvalidInput, NotADirectory].contains(&error.kind()) {
        return Failure::writing(&folder.display().to_string(), error);
    }
    let folder = folder.display();
    Failure::input(
        Words::new(
            format!("{folder} 不能作为文件夹：{error}"),
            format!("{folder} cannot be a folder: {error}"),
        ),
        Words::new("换一个文件夹名字", "name another folder"),
    )
}
