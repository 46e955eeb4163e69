//! What long work has done so far, on disk, so that it can be taken up again after Ctrl-C or worse.
//!
//! An entry for each piece of work: its key, its bytes, and a checksum over both. A torn entry, the last one of a process that was killed,
//! is left out with all that follows; what it told is done again.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::experiment::Watch;
use crate::scenario::problem::Words;

use super::failure::{Exit, Failure};

/// What a journal begins with: the number grows whenever entries are written in another way.
const MARK: &[u8] = b"swabplan journal 3\n";

/// Bytes of the checksum of an entry.
const SUM: usize = 8;

/// A journal in use.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    /// What it held when it was opened.
    earlier: BTreeMap<String, Vec<u8>>,
    pen: Mutex<Pen>,
}

/// What writes.
#[derive(Debug)]
struct Pen {
    file: File,
    /// Pieces of work kept now.
    kept: usize,
    /// The first thing that could not be written.
    fault: Option<std::io::Error>,
}

impl Journal {
    /// Begins a journal beside an output folder, or, if asked, takes up the one that is there. `work` is everything its entries depend on
    /// beside their keys.
    pub(super) fn open(folder: &Path, work: &str, resume: bool) -> Result<Self, Failure> {
        let path = place(folder);
        let head = [MARK, &Sha256::digest(work)].concat();
        let mut earlier = BTreeMap::new();
        let mut whole = head.clone();
        if resume && let Ok(bytes) = fs::read(&path) {
            let Some(mut rest) = bytes.strip_prefix(head.as_slice()) else {
                return Err(another(&path));
            };
            while let Some((key, kept, after)) = read(rest) {
                whole.extend_from_slice(&rest[..rest.len() - after.len()]);
                earlier.insert(key, kept);
                rest = after;
            }
        }
        let failed = |error: std::io::Error| Failure::writing(&path.display().to_string(), &error);
        // Anew with what is whole, so that nothing is written behind a torn entry; renamed, so that a kill loses nothing.
        let fresh = path.with_extension("new");
        fs::write(&fresh, whole).map_err(failed)?;
        fs::rename(&fresh, &path).map_err(failed)?;
        let file = OpenOptions::new()
            .append(true)
            .open(&path)
            .map_err(failed)?;
        let pen = Mutex::new(Pen {
            file,
            kept: 0,
            fault: None,
        });
        Ok(Self { path, earlier, pen })
    }

    /// The work is done and written: the journal goes.
    pub(super) fn end(self) -> Result<(), Failure> {
        let failed =
            |error: std::io::Error| Failure::writing(&self.path.display().to_string(), &error);
        fs::remove_file(&self.path).map_err(failed)
    }

    /// Whether everything could be kept.
    pub(super) fn check(&self) -> Result<(), Failure> {
        match self.pen().fault.take() {
            Some(error) => Err(Failure::writing(&self.path.display().to_string(), &error)),
            None => Ok(()),
        }
    }

    /// Ctrl-C: what is done is kept.
    pub(super) fn stopped(&self) -> Failure {
        let done = self.earlier.len() + self.pen().kept;
        Failure::Said {
            exit: Exit::Interrupted,
            what: Words::new(
                format!("被中断：做完的 {done} 项已记下，没有写结果"),
                format!(
                    "interrupted: what is done ({done} pieces) is kept; no results are written"
                ),
            ),
            help: Words::new(
                "同样的命令加上 --resume 接着做；原来的结果没有动",
                "the same command with --resume goes on from there; earlier results are untouched",
            ),
        }
    }

    /// Someone who watches, and keeps what is done here.
    pub(super) fn keeping<'a>(&'a self, watch: &'a dyn Watch) -> Keeping<'a> {
        Keeping {
            watch,
            journal: self,
        }
    }

    fn pen(&self) -> std::sync::MutexGuard<'_, Pen> {
        self.pen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, key: &str, bytes: &[u8]) {
        let entry = write(key, bytes);
        let mut pen = self.pen();
        pen.kept += 1;
        if let Err(error) = pen.file.write_all(&entry) {
            pen.fault.get_or_insert(error);
        }
    }
}

/// Shows how far the work is, and keeps what is done.
pub(super) struct Keeping<'a> {
    /// Shows it.
    watch: &'a dyn Watch,
    /// Keeps it.
    journal: &'a Journal,
}

impl Watch for Keeping<'_> {
    fn done(&self, replications: u32, planned: u32, half_width_min: Option<f64>) {
        self.watch.done(replications, planned, half_width_min);
    }
    fn interrupted(&self) -> bool {
        self.watch.interrupted()
    }
    fn keeps(&self) -> bool {
        true
    }
    fn kept(&self, key: &str) -> Option<Vec<u8>> {
        self.journal.earlier.get(key).cloned()
    }
    fn keep(&self, key: &str, bytes: &[u8]) {
        self.journal.keep(key, bytes);
    }
}

/// Where the journal of an output folder lies.
fn place(folder: &Path) -> PathBuf {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    folder.with_file_name(format!(".{name}.journal"))
}

/// An entry: length of the key, length of the bytes (each eight bytes, little-endian), key, bytes, checksum.
fn write(key: &str, bytes: &[u8]) -> Vec<u8> {
    let length = |bytes: &[u8]| (bytes.len() as u64).to_le_bytes();
    let (key, mut entry) = (key.as_bytes(), Vec::new());
    for part in [&length(key)[..], &length(bytes), key, bytes] {
        entry.extend_from_slice(part);
    }
    let sum = Sha256::digest(&entry);
    entry.extend_from_slice(&sum[..SUM]);
    entry
}

/// The first entry, and what follows it; none if it is not whole.
fn read(text: &[u8]) -> Option<(String, Vec<u8>, &[u8])> {
    let number = |text: &[u8; 8]| usize::try_from(u64::from_le_bytes(*text)).ok();
    let (key, rest) = text.split_first_chunk::<8>()?;
    let (length, rest) = rest.split_first_chunk::<8>()?;
    let (key, rest) = rest.split_at_checked(number(key)?)?;
    let (bytes, rest) = rest.split_at_checked(number(length)?)?;
    let (sum, rest) = rest.split_first_chunk::<SUM>()?;
    let entry = &text[..text.len() - rest.len() - SUM];
    if Sha256::digest(entry)[..SUM] != sum[..] {
        return None;
    }
    Some((String::from_utf8(key.to_vec()).ok()?, bytes.to_vec(), rest))
}

fn another(path: &Path) -> Failure {
    let path = path.display();
    Failure::input(
        Words::new(
            format!("{path} 记的是另一次推演：方案、参数或版本不同，接不上"),
            format!(
                "{path} belongs to other work: another scenario, other options or another version"
            ),
        ),
        Words::new(
            "不写 --resume 就从头做起",
            "leave out --resume to begin anew",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key and the bytes of a piece of work.
    fn piece(number: u8) -> (String, Vec<u8>) {
        (
            format!("钥匙 {number}\t;,"),
            vec![number; 3 * usize::from(number)],
        )
    }

    #[test]
    fn a_piece_of_work_comes_back_byte_by_byte_wherever_the_writing_was_cut() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("sweep");
        let journal = Journal::open(&folder, "work", false).unwrap();
        let mut ends = Vec::new();
        for number in 0..3 {
            let (key, bytes) = piece(number);
            journal.keep(&key, &bytes);
            ends.push(fs::metadata(place(&folder)).unwrap().len() as usize);
        }
        drop(journal);
        let whole = fs::read(place(&folder)).unwrap();
        for cut in 0..=whole.len() {
            fs::write(place(&folder), &whole[..cut]).unwrap();
            let Ok(journal) = Journal::open(&folder, "work", true) else {
                assert!(
                    cut < MARK.len() + 32,
                    "only a torn head is refused, not {cut}"
                );
                continue;
            };
            let whole = ends.iter().filter(|&&end| end <= cut).count();
            assert_eq!(journal.earlier.len(), whole, "{cut}");
            for number in 0..whole as u8 {
                let (key, bytes) = piece(number);
                assert_eq!(journal.earlier[&key], bytes);
            }
        }
    }

    #[test]
    fn a_byte_that_is_another_ends_what_is_taken_up() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("sweep");
        let journal = Journal::open(&folder, "work", false).unwrap();
        for number in 0..3 {
            let (key, bytes) = piece(number);
            journal.keep(&key, &bytes);
        }
        drop(journal);
        let whole = fs::read(place(&folder)).unwrap();
        for at in MARK.len() + 32..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x10;
            fs::write(place(&folder), bytes).unwrap();
            let journal = Journal::open(&folder, "work", true).unwrap();
            assert!(journal.earlier.len() < 3, "{at}");
        }
    }

    #[test]
    fn a_journal_of_other_work_is_not_taken_up_and_without_asking_none_is() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("sweep");
        let journal = Journal::open(&folder, "one", false).unwrap();
        journal.keep("a", &[1]);
        drop(journal);
        let refused = Journal::open(&folder, "two", true).expect_err("it is another");
        assert!(matches!(
            refused,
            Failure::Said {
                exit: Exit::Input,
                ..
            }
        ));
        let taken_up = Journal::open(&folder, "one", true).unwrap();
        assert_eq!(taken_up.earlier.len(), 1);
        let fresh = Journal::open(&folder, "one", false).unwrap();
        assert!(fresh.earlier.is_empty());
        fresh.end().unwrap();
        assert!(!place(&folder).exists());
    }
}
