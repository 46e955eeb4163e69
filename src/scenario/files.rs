//! Files, read whole and within limits, or a complaint that helps.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::encoding::{self, NotText};
use super::nearest::nearest;
use super::problem::{Problems, Words, did_you_mean, shown};
use super::sheet;
use super::tree::{Content, Place, Source, SourceId, Sources, Spot};

/// The largest scenario that is read, in bytes.
pub(super) const LARGEST_SCENARIO: u64 = 16 << 20;
/// The largest table or workbook that is read, in bytes.
pub(super) const LARGEST_TABLE: u64 = 64 << 20;
/// How many names of a folder are looked through for "did you mean".
const NAMES_COMPARED: usize = 10_000;

/// The file's name as complaints show it.
pub(super) fn name(path: &Path) -> String {
    let name = path.display().to_string();
    name.strip_prefix("./").map_or(name.clone(), str::to_owned)
}

/// Where a file is that another one refers to from `folder`. Both kinds of slash divide folders.
pub(super) fn beside(folder: &Path, reference: &str) -> PathBuf {
    folder.join(reference.trim().replace('\\', "/"))
}

/// The whole file, if it can be read and is not larger than `limit` bytes; else a problem at `place`.
pub(super) fn bytes(
    path: &Path,
    limit: u64,
    place: Place,
    problems: &mut Problems,
) -> Option<Vec<u8>> {
    let read = || -> std::io::Result<Option<Vec<u8>>> {
        let metadata = fs::metadata(path)?;
        if metadata.is_dir() {
            return Err(ErrorKind::IsADirectory.into());
        }
        if metadata.len() > limit {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
        Ok((bytes.len() as u64 <= limit).then_some(bytes))
    };
    match read() {
        Ok(Some(bytes)) => return Some(bytes),
        Ok(None) => too_large(path, limit, place, problems),
        Err(error) => unreadable(path, &error, place, problems),
    }
    None
}

/// The text of a file, remembered in `sources`; else a problem at `place`, or in the file if that shows it better.
pub(super) fn text(
    path: &Path,
    limit: u64,
    place: Option<Place>,
    sources: &mut Sources,
    problems: &mut Problems,
) -> Option<SourceId> {
    let source = sources.add(Source {
        name: name(path),
        content: Content::Nothing,
    });
    let place = place.unwrap_or(Place {
        source,
        spot: Spot::Whole,
    });
    let bytes = bytes(path, limit, place, problems)?;
    decoded(path, bytes, source, place, sources, problems).then_some(source)
}

/// Decodes the bytes into the source's text. Whether they were text.
pub(super) fn decoded(
    path: &Path,
    bytes: Vec<u8>,
    source: SourceId,
    place: Place,
    sources: &mut Sources,
    problems: &mut Problems,
) -> bool {
    let help = help_for_binary(path, &bytes);
    match encoding::text(bytes) {
        Ok(text) => sources.list[source.0 as usize].content = Content::Text(text),
        Err(NotText::Binary) => {
            not_text(path, help, place, problems);
            return false;
        }
        Err(NotText::Damaged { text, at }) => {
            sources.list[source.0 as usize].content = Content::Text(text);
            let spot = Spot::Bytes {
                start: at,
                end: at + '\u{fffd}'.len_utf8(),
            };
            problems.error(
                "S006",
                Place { source, spot },
                Words::new(
                    "这里的文字已损坏，无法辨认",
                    "the text is damaged here and cannot be read",
                ),
                Words::new(
                    "改正这个字，再另存为 UTF-8 编码",
                    "mend this character and save the file as UTF-8",
                ),
            );
            return false;
        }
    }
    true
}

/// What to do with a file that turns out not to be text.
fn help_for_binary(path: &Path, bytes: &[u8]) -> Words {
    if !sheet::is_workbook(bytes) {
        return Words::new(
            "选一个文本文件，编码用 UTF-8",
            "choose a text file, encoded as UTF-8",
        );
    }
    let base = path
        .file_name()
        .map(|name| shown(&name.to_string_lossy()))
        .unwrap_or_default();
    Words::new(
        format!(
            "这像是工作簿。方案是 TOML 文本文件，在其中写 cells = \"{base}#cells\" 引用它；`swabplan new` 可生成范例"
        ),
        format!(
            "it looks like a workbook. A scenario is a TOML text file that refers to it: cells = \"{base}#cells\"; `swabplan new` writes an example"
        ),
    )
}

fn not_text(path: &Path, help: Words, place: Place, problems: &mut Problems) {
    let file = shown(&name(path));
    problems.error(
        "S005",
        place,
        Words::new(
            format!("“{file}”不是文本文件"),
            format!("`{file}` is not a text file"),
        ),
        help,
    );
}

fn too_large(path: &Path, limit: u64, place: Place, problems: &mut Problems) {
    let (file, megabytes) = (shown(&name(path)), limit >> 20);
    problems.error(
        "S004",
        place,
        Words::new(
            format!("文件“{file}”超过 {megabytes} MB，没有读取"),
            format!("`{file}` is larger than {megabytes} MB and was not read"),
        ),
        Words::new(
            "确认文件是否选对；网格和采样点可放进电子表格，只留需要的列",
            "check that it is the right file; cells and sites belong in a workbook, with the needed columns only",
        ),
    );
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the system has forty more kinds of error, all met alike"
)]
fn unreadable(path: &Path, error: &std::io::Error, place: Place, problems: &mut Problems) {
    let file = shown(&name(path));
    let (code, what, help) = match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => return missing(path, place, problems),
        ErrorKind::IsADirectory => (
            "S002",
            Words::new(
                format!("“{file}”是文件夹，不是文件"),
                format!("`{file}` is a folder, not a file"),
            ),
            folder_help(path),
        ),
        ErrorKind::PermissionDenied => (
            "S003",
            Words::new(
                format!("没有读取“{file}”的权限"),
                format!("there is no permission to read `{file}`"),
            ),
            Words::new(
                "若文件正在别的程序中打开，请先关闭；否则请管理员授予读取权限",
                "close it if another program has it open, or ask for permission to read it",
            ),
        ),
        #[allow(
            clippy::wildcard_enum_match_arm,
            reason = "the system has forty more kinds of error, all met alike"
        )]
        _ => (
            "S003",
            Words::new(
                format!("无法读取“{file}”：{error}"),
                format!("`{file}` cannot be read: {error}"),
            ),
            Words::new(
                "检查文件名和磁盘后重试",
                "check the name and the disk, then try again",
            ),
        ),
    };
    problems.error(code, place, what, help);
}

/// What to do when a folder was named: take a scenario in it.
fn folder_help(path: &Path) -> Words {
    let scenario = names(path)
        .into_iter()
        .filter(|name| name.to_lowercase().ends_with(".toml"))
        .min();
    match scenario {
        Some(name) => {
            let file = shown(&self::name(&path.join(name)));
            Words::new(
                format!("写出文件名，例如“{file}”"),
                format!("name a file in it, such as `{file}`"),
            )
        }
        None => Words::new("写出其中某个文件的名字", "name a file in it"),
    }
}

fn missing(path: &Path, place: Place, problems: &mut Problems) {
    let file = shown(&name(path));
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    let wanted = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let help = if folder.is_dir() {
        let names = names(folder);
        let same_stem = names
            .iter()
            .filter(|name| {
                Path::new(name)
                    .file_stem()
                    .is_some_and(|stem| stem == wanted.as_str())
            })
            .min();
        match same_stem
            .map(String::as_str)
            .or_else(|| nearest(&wanted, names.iter().map(String::as_str)))
        {
            Some(close) => did_you_mean(&self::name(&folder.join(close))),
            None => Words::new("检查文件名和所在文件夹", "check the name and the folder"),
        }
    } else {
        let folder = shown(&folder.display().to_string());
        Words::new(
            format!("检查路径：文件夹“{folder}”不存在"),
            format!("check the path: there is no folder `{folder}`"),
        )
    };
    problems.error(
        "S001",
        place,
        Words::new(
            format!("找不到文件“{file}”"),
            format!("there is no file `{file}`"),
        ),
        help,
    );
}

/// The names in a folder, sorted; none if it cannot be listed.
fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut names: Vec<_> = entries
        .take(NAMES_COMPARED)
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.') && !name.starts_with('~'))
        .collect();
    names.sort_unstable();
    names
}
