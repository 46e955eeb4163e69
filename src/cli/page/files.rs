//! Hears when a file is saved that the scenario was read from.
//!
//! Folders are watched, not files: most editors save by writing another file and renaming it. Where the system tells nothing, as on some
//! network drives, the worker looks at the files' times now and then ([`Files::changed`]).

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use notify_debouncer_full::notify::event::{AccessKind, AccessMode, EventKind};
use notify_debouncer_full::notify::{self, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, DebouncedEvent, Debouncer, RecommendedCache};

use crate::scenario::document::COMMAND_LINE;
use crate::scenario::problem::Words;
use crate::scenario::tree::Sources;

use super::super::failure::Failure;
use super::board::Board;

/// Saves that follow one another faster are one.
const TOGETHER: Duration = Duration::from_millis(50);

/// Names of files that matter, for the thread that hears of saves.
type Names = Arc<Mutex<BTreeSet<OsString>>>;

/// When a file was changed and how long it is, if it is there.
type Stamp = Option<(SystemTime, u64)>;

/// The files of a scenario.
#[derive(Debug)]
pub(super) struct Files {
    ear: Debouncer<RecommendedWatcher, RecommendedCache>,
    folders: BTreeSet<PathBuf>,
    names: Names,
    stamps: BTreeMap<PathBuf, Stamp>,
}

impl Files {
    /// Watches the scenario's file; each save is told to the board.
    pub(super) fn watch(file: &Path, board: &Arc<Board>) -> Result<Self, Failure> {
        let names = Names::default();
        let (heard, board) = (Arc::clone(&names), Arc::clone(board));
        let hear = move |events: DebounceEventResult| {
            let names = heard.lock().unwrap_or_else(PoisonError::into_inner);
            // An error means that something may have been missed.
            let matters = events.is_err()
                || events.is_ok_and(|events| events.iter().any(|event| touches(event, &names)));
            if matters {
                board.saved();
            }
        };
        let ear = notify_debouncer_full::new_debouncer(TOGETHER, None, hear)
            .map_err(|error| deaf(file, &error))?;
        let mut files = Self {
            ear,
            folders: BTreeSet::new(),
            names,
            stamps: BTreeMap::new(),
        };
        files.add(file).map_err(|error| deaf(file, &error))?;
        Ok(files)
    }

    /// Watches everything that the scenario was read from. Whether anything is new: it may have been saved after it was read.
    pub(super) fn follow(&mut self, sources: &Sources) -> bool {
        let mut new = false;
        for source in &sources.list {
            let path = Path::new(&source.name);
            if source.name != COMMAND_LINE && !self.stamps.contains_key(path) {
                // A folder that cannot be watched is still looked at now and then.
                let _heard = self.add(path);
                new = true;
            }
        }
        new
    }

    /// Remembers how the files are, before they are read.
    pub(super) fn look(&mut self) {
        for (path, stamp) in &mut self.stamps {
            *stamp = stamp_of(path);
        }
    }

    /// Whether one is not as it was when last looked at.
    pub(super) fn changed(&self) -> bool {
        let mut all = self.stamps.iter();
        all.any(|(path, stamp)| stamp_of(path) != *stamp)
    }

    fn add(&mut self, file: &Path) -> notify::Result<()> {
        self.stamps.insert(file.to_owned(), stamp_of(file));
        let real = fs::canonicalize(file).ok();
        // Where the name is a link, what it leads to may be saved as well.
        for path in [Some(file.to_owned()), real].into_iter().flatten() {
            let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
            names.extend(path.file_name().map(ToOwned::to_owned));
            drop(names);
            let folder = folder_of(&path);
            if !self.folders.contains(&folder) {
                self.ear.watch(&folder, RecursiveMode::NonRecursive)?;
                self.folders.insert(folder);
            }
        }
        Ok(())
    }
}

/// The folder of a file; without it the current one.
fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        Some(_) | None => PathBuf::from("."),
    }
}

fn stamp_of(path: &Path) -> Stamp {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// Whether something happened to a file with one of these names, other than being read.
fn touches(event: &DebouncedEvent, names: &BTreeSet<OsString>) -> bool {
    let written = EventKind::Access(AccessKind::Close(AccessMode::Write));
    let only_read = event.kind.is_access() && event.kind != written;
    let ours = |path: &PathBuf| path.file_name().is_some_and(|own| names.contains(own));
    event.need_rescan() || (!only_read && event.paths.iter().any(ours))
}

/// The folder cannot be watched.
fn deaf(file: &Path, error: &notify::Error) -> Failure {
    let folder = folder_of(file).display().to_string();
    Failure::machine(
        Words::new(
            format!("不能监视文件夹 {folder}：{error}"),
            format!("cannot watch the folder {folder}: {error}"),
        ),
        Words::new(
            "确认能读这个文件夹，或把方案复制到自己的文件夹里",
            "make sure that the folder can be read, or copy the scenario into one of your own",
        ),
    )
}
