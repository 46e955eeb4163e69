//! What long work has done so far, on disk, so that it can be taken up again after Ctrl-C or worse.
//!
//! A line for each trial: its key, its numbers bit by bit, and a checksum over both. A torn line, the last one of a process that was killed,
//! is left out; what it told is done again.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::experiment::points::{Notebook, Trial};
use crate::scenario::problem::Words;

use super::failure::Failure;

/// What a journal begins with.
const MARK: &str = "swabplan journal 2";

/// A journal in use.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    done: BTreeMap<String, Trial>,
    /// The first thing that could not be written.
    fault: Option<std::io::Error>,
}

impl Journal {
    /// Begins a journal beside an output folder, or, if asked, takes up the one that is there. `work` is everything the trials depend on.
    pub(super) fn open(folder: &Path, work: &str, resume: bool) -> Result<Self, Failure> {
        let path = place(folder);
        let head = format!("{MARK} {}", hex(&Sha256::digest(work)));
        let mut done = BTreeMap::new();
        let mut kept = String::new();
        if resume && let Ok(text) = fs::read_to_string(&path) {
            let mut lines = text.lines();
            if lines.next() != Some(head.as_str()) {
                return Err(another(&path));
            }
            for line in lines {
                if let Some((key, trial)) = read(line) {
                    kept += line;
                    kept.push('\n');
                    done.insert(key, trial);
                }
            }
        }
        let failed = |error: std::io::Error| Failure::writing(&path.display().to_string(), &error);
        // Anew with what is whole, so that nothing is written behind a torn line; renamed, so that a kill loses nothing.
        let fresh = path.with_extension("new");
        fs::write(&fresh, format!("{head}\n{kept}")).map_err(failed)?;
        fs::rename(&fresh, &path).map_err(failed)?;
        let file = OpenOptions::new()
            .append(true)
            .open(&path)
            .map_err(failed)?;
        Ok(Self {
            path,
            file,
            done,
            fault: None,
        })
    }

    /// How many trials it knows.
    pub(super) fn len(&self) -> usize {
        self.done.len()
    }

    /// The work is done and written: the journal goes.
    pub(super) fn end(self) -> Result<(), Failure> {
        let failed =
            |error: std::io::Error| Failure::writing(&self.path.display().to_string(), &error);
        fs::remove_file(&self.path).map_err(failed)
    }

    /// Whether everything could be noted.
    pub(super) fn check(&mut self) -> Result<(), Failure> {
        match self.fault.take() {
            Some(error) => Err(Failure::writing(&self.path.display().to_string(), &error)),
            None => Ok(()),
        }
    }
}

impl Notebook for Journal {
    fn find(&self, key: &str) -> Option<Trial> {
        self.done.get(key).cloned()
    }

    fn note(&mut self, key: &str, trial: &Trial) {
        let line = write(key, trial);
        if let Err(error) = self.file.write_all(line.as_bytes()) {
            self.fault.get_or_insert(error);
        }
        self.done.insert(key.to_owned(), trial.clone());
    }
}

/// Where the journal of an output folder lies.
fn place(folder: &Path) -> PathBuf {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    folder.with_file_name(format!(".{name}.journal"))
}

/// A trial as a line.
fn write(key: &str, trial: &Trial) -> String {
    let figure = |numbers: &Vec<f64>| {
        let words = numbers
            .iter()
            .map(|number| format!("{:x}", number.to_bits()));
        words.collect::<Vec<_>>().join(",")
    };
    let numbers: Vec<String> = trial.numbers.iter().map(figure).collect();
    let body = format!("{}\t{}", hex(key.as_bytes()), numbers.join(";"));
    format!("{body}\t{}\n", &hex(&Sha256::digest(&body))[..16])
}

/// A line as a trial; none if it is not whole.
fn read(line: &str) -> Option<(String, Trial)> {
    let (body, sum) = line.rsplit_once('\t')?;
    if hex(&Sha256::digest(body)).get(..16)? != sum {
        return None;
    }
    let (key, numbers) = body.split_once('\t')?;
    let figure = |text: &str| {
        let words = text.split(',').filter(|word| !word.is_empty());
        words
            .map(|word| u64::from_str_radix(word, 16).ok().map(f64::from_bits))
            .collect::<Option<Vec<f64>>>()
    };
    let key = String::from_utf8(unhex(key)?).ok()?;
    let numbers = numbers.split(';').map(figure).collect::<Option<Vec<_>>>()?;
    Some((key, Trial { numbers }))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks_exact(2);
    digits
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
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
    use crate::cli::failure::Exit;

    fn trial(seed: u32) -> Trial {
        Trial {
            numbers: vec![
                vec![f64::from(seed), -0.0, f64::NAN],
                Vec::new(),
                vec![0.1 + f64::from(seed)],
            ],
        }
    }

    fn bits(trial: &Trial) -> Vec<Vec<u64>> {
        let figure = |numbers: &Vec<f64>| numbers.iter().map(|number| number.to_bits()).collect();
        trial.numbers.iter().map(figure).collect()
    }

    #[test]
    fn a_trial_comes_back_bit_by_bit_wherever_the_writing_was_cut() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("sweep");
        let mut journal = Journal::open(&folder, "work", false).unwrap();
        for seed in 0..3 {
            journal.note(&format!("钥匙 {seed}\t;,"), &trial(seed));
        }
        drop(journal);
        let whole = fs::read(place(&folder)).unwrap();
        for cut in 0..=whole.len() {
            fs::write(place(&folder), &whole[..cut]).unwrap();
            let Ok(journal) = Journal::open(&folder, "work", true) else {
                assert!(
                    cut < MARK.len() + 65,
                    "only a torn head is refused, not {cut}"
                );
                continue;
            };
            let text = String::from_utf8_lossy(&whole[..cut]);
            let lines = text.matches('\n').count().saturating_sub(1);
            assert!(
                journal.len() >= lines && journal.len() <= lines + 1,
                "{cut}"
            );
            for seed in 0..lines as u32 {
                let found = journal.find(&format!("钥匙 {seed}\t;,")).unwrap();
                assert_eq!(bits(&found), bits(&trial(seed)));
            }
        }
    }

    #[test]
    fn a_journal_of_other_work_is_not_taken_up_and_without_asking_none_is() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("sweep");
        let mut journal = Journal::open(&folder, "one", false).unwrap();
        journal.note("a", &trial(1));
        drop(journal);
        let refused = Journal::open(&folder, "two", true).expect_err("it is another");
        assert!(matches!(
            refused,
            Failure::Said {
                exit: Exit::Input,
                ..
            }
        ));
        assert_eq!(Journal::open(&folder, "one", true).unwrap().len(), 1);
        let fresh = Journal::open(&folder, "one", false).unwrap();
        assert_eq!(fresh.len(), 0);
        fresh.end().unwrap();
        assert!(!place(&folder).exists());
    }
}
