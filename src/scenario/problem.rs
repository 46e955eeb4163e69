//! What is wrong with a scenario: all of it at once, each with its place, its cause and its remedy.
//!
//! Codes of reading (the scenario language has those from S100):
//!
//! | code | meaning |
//! |---|---|
//! | S001 | there is no such file |
//! | S002 | it is a folder, not a file |
//! | S003 | the file cannot be read |
//! | S004 | the file is too large |
//! | S005 | the file is not text |
//! | S006 | the text is damaged, or its encoding is none that is known |
//! | S007 | the values are nested too deep |
//! | S008 | this is not TOML |
//! | S009 | the scenario is empty |
//! | S010 | a key is given twice |
//! | S020 | `extends` is not the name of a file |
//! | S021 | scenarios extend each other in a circle |
//! | S022 | the chain of `extends` is too long |
//! | S023 | there is no such layout |
//! | S024 | `layouts` does not hold layouts |
//! | S025 | what is to be removed is not there |
//! | S026 | `remove` is neither `true` nor `false` |
//! | S030 | `--set` is not of the form `path=value` |
//! | S031 | `--set` names nothing that has this id |
//! | S032 | `--set` goes into a value that has no parts |
//! | S033 | the value of `--set` is not well formed |
//! | S034 | `--set` cannot set this key |
//! | S050 | the workbook or table cannot be opened |
//! | S051 | the workbook is locked by a password |
//! | S052 | there is no such sheet |
//! | S053 | the sheet has no header |
//! | S054 | a column is missing |
//! | S055 | a column is there twice |
//! | S056 | a column is not known (warning) |
//! | S057 | a row has more or fewer fields than the header |
//! | S058 | a cell of the sheet holds an error |
//! | S059 | longitude and latitude look swapped (warning) |
//! | S060 | an id is given twice |
//! | S061 | a row has no id |
//! | S062 | a row of totals is left out (warning) |
//! | S063 | a quotation mark is not closed |
//! | S064 | this is not GeoJSON |
//! | S065 | a place on the map cannot be read |
//! | S066 | the sheet is too large |
//! | S067 | the sheet has no rows (warning) |
//! | S068 | charts cannot show a character (warning) |

use super::tree::{Place, Sources};

/// Words in both languages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// Words in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// A code that never changes its meaning, such as `S014`. See the handbook's list.
    pub code: &'static str,
    /// Whether it must be mended or may be meant.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What is wrong and why.
    pub what: Words,
    /// What to do.
    pub help: Words,
}

/// Whether a problem must be mended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// Nothing is simulated until it is mended.
    Error,
    /// The scenario runs; it may not be what was meant.
    Warning,
}

/// Everything wrong that was found so far.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Problems {
    /// In the order found.
    pub list: Vec<Problem>,
}

impl Problems {
    /// Notes an error.
    pub fn error(&mut self, code: &'static str, place: Place, what: Words, help: Words) {
        self.list.push(Problem {
            code,
            severity: Severity::Error,
            place,
            what,
            help,
        });
    }

    /// Notes a warning.
    pub fn warning(&mut self, code: &'static str, place: Place, what: Words, help: Words) {
        self.list.push(Problem {
            code,
            severity: Severity::Warning,
            place,
            what,
            help,
        });
    }

    /// Of the problems from the one at `first` on, keeps the first `most` errors and the first `most` warnings: a table of a
    /// million rows may have a fault in each. Does nothing while there are few.
    pub(super) fn cap(&mut self, first: usize, most: usize) {
        if self.list.len() < first + 4 * most {
            return;
        }
        let (mut errors, mut warnings) = (0, 0);
        for problem in self.list.split_off(first) {
            let count = match problem.severity {
                Severity::Error => &mut errors,
                Severity::Warning => &mut warnings,
            };
            *count += 1;
            if *count <= most {
                self.list.push(problem);
            }
        }
    }

    /// Whether something must be mended.
    pub fn has_errors(&self) -> bool {
        self.list
            .iter()
            .any(|problem| problem.severity == Severity::Error)
    }
}

/// Why a scenario cannot be run, with the files to show it in.
#[derive(Clone, PartialEq, Debug)]
pub struct Refusal {
    /// What is wrong.
    pub problems: Problems,
    /// The files.
    pub sources: Sources,
}

/// The longest piece of a user's text that a complaint repeats, in characters.
const LONGEST_SHOWN: usize = 60;

/// A piece of the user's text as a complaint repeats it: on one line, and cut when it is long.
pub fn shown(text: &str) -> String {
    let mut short: String = text
        .chars()
        .take(LONGEST_SHOWN)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(LONGEST_SHOWN).is_some() {
        short.push('…');
    }
    short
}

/// The words "did you mean", with the word meant.
pub(super) fn did_you_mean(meant: &str) -> Words {
    let meant = shown(meant);
    Words::new(
        format!("是不是“{meant}”？"),
        format!("did you mean `{meant}`?"),
    )
}

/// Up to ten words in a row, for "known are: …"; more are counted.
pub(super) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> Words {
    let words: Vec<_> = words.into_iter().collect();
    let first: Vec<_> = words.iter().take(10).map(|word| shown(word)).collect();
    let (zh, en) = (first.join("、"), first.join(", "));
    match words.len().saturating_sub(10) {
        0 => Words::new(zh, en),
        more => Words::new(
            format!("{zh} 等，另有 {more} 个"),
            format!("{en} and {more} more"),
        ),
    }
}
