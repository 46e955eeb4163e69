//! What is said in notices, in as many languages as there are phrases for: those shipped, and those of a file of phrases.
//!
//! Nothing is translated by the program: a language is there when someone who speaks it has written its phrases.
//!
//! | code | meaning |
//! |---|---|
//! | S470 | a language of the file is not a table of phrases |
//! | S471 | a phrase is missing |
//! | S472 | a phrase is not known |
//! | S473 | a phrase is not text, or not a list of texts |
//! | S474 | a phrase has a blank that nobody fills in |

use std::path::Path;

use super::Refusal;
use super::files;
use super::nearest::nearest;
use super::parse;
use super::problem::{Problems, Words, did_you_mean, shown};
use super::tree::{Content, Entry, Node, Place, Source, Sources, Value};

/// The phrases that are shipped, as they are written.
pub const SHIPPED: &str = include_str!("phrases.toml");

/// The largest file of phrases, in bytes.
const LARGEST: u64 = 1 << 20;

/// What is said in one language.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Phrases {
    /// The language, as browsers know it: `zh`, `en`, `bo`.
    pub tag: String,
    /// The headline.
    pub title: String,
    /// To whoever comes to a site.
    pub come: String,
    /// To whoever is visited at home.
    pub home: String,
    /// How a day is written.
    pub day: String,
    /// The months, where `day` calls them by name; else empty.
    pub months: Vec<String>,
    /// What else everyone should know.
    pub notes: Vec<String>,
}

/// A phrase with the blanks that may stand in it.
const TEXTS: [(&str, &[&str]); 4] = [
    ("title", &["round"]),
    ("come", &["cell", "round", "site", "day", "from", "to"]),
    ("home", &["cell", "round", "day", "from"]),
    ("day", &["year", "month", "month_name", "date"]),
];
/// Phrases that are lists, and need not be there.
const LISTS: [&str; 2] = ["months", "notes"];

impl Phrases {
    /// A phrase with its blanks filled in; a blank that is not given stays as it stands.
    pub fn fill(phrase: &str, blanks: &[(&str, &str)]) -> String {
        let mut text = String::new();
        let mut rest = phrase;
        while let Some(start) = rest.find('{') {
            text.push_str(&rest[..start]);
            let found = blanks.iter().find_map(|(name, value)| {
                let after = rest[start + 1..].strip_prefix(name)?.strip_prefix('}')?;
                Some((value, after))
            });
            if let Some((value, after)) = found {
                text.push_str(value);
                rest = after;
            } else {
                text.push('{');
                rest = &rest[start + 1..];
            }
        }
        text + rest
    }
}

/// The phrases that are shipped, Chinese first.
///
/// # Panics
///
/// If they are wrong, which a test rules out.
pub fn shipped() -> Vec<Phrases> {
    let mut problems = Problems::default();
    let mut sources = Sources::default();
    let source = sources.add(Source {
        name: "phrases.toml".to_owned(),
        content: Content::Text(SHIPPED.to_owned()),
    });
    let root = parse::document(SHIPPED, source, &mut problems);
    languages(&root, &mut problems).expect("the shipped phrases are whole")
}

/// The phrases of a file, in its order.
///
/// # Errors
///
/// Everything that is wrong with it.
pub fn read(path: &Path) -> Result<Vec<Phrases>, Refusal> {
    let (mut sources, mut problems) = (Sources::default(), Problems::default());
    let source = files::text(path, LARGEST, None, &mut sources, &mut problems);
    let text = source.and_then(|source| match &sources.list[source.0 as usize].content {
        Content::Text(text) => Some((source, text.clone())),
        Content::Sheet { .. } | Content::Nothing => None,
    });
    let found = text.and_then(|(source, text)| {
        let root = parse::document(&text, source, &mut problems);
        languages(&root, &mut problems)
    });
    match found.filter(|_| problems.list.is_empty()) {
        Some(found) => Ok(found),
        None => Err(Refusal { problems, sources }),
    }
}

/// All languages; none if anything is wrong.
fn languages(root: &Node, problems: &mut Problems) -> Option<Vec<Phrases>> {
    let Value::Table(entries) = &root.value else {
        return None;
    };
    let found: Vec<Option<Phrases>> = entries
        .iter()
        .map(|entry| language(entry, problems))
        .collect();
    found.into_iter().collect()
}

fn language(entry: &Entry, problems: &mut Problems) -> Option<Phrases> {
    let tag = &entry.key;
    let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    let is_tag = (2..=35).contains(&tag.len()) && tag.chars().all(fits);
    let Value::Table(phrases) = &entry.node.value else {
        not_a_language(tag, entry.key_place, problems);
        return None;
    };
    if !is_tag {
        not_a_language(tag, entry.key_place, problems);
        return None;
    }
    let before = problems.list.len();
    for phrase in phrases {
        let known = TEXTS.iter().map(|(name, _)| *name).chain(LISTS);
        if !known.clone().any(|name| name == phrase.key) {
            let help = nearest(&phrase.key, known).map_or_else(
                || {
                    Words::new(
                        "可写 title、come、home、day、months、notes",
                        "there are title, come, home, day, months and notes",
                    )
                },
                did_you_mean,
            );
            let key = shown(&phrase.key);
            problems.error(
                "S472",
                phrase.key_place,
                Words::new(
                    format!("没有 {key} 这句话"),
                    format!("there is no phrase {key}"),
                ),
                help,
            );
        }
    }
    let mut table = Table {
        tag,
        place: entry.key_place,
        phrases,
        problems,
    };
    let [title, come, home, day] = TEXTS.map(|(name, blanks)| table.text(name, blanks));
    let [months, notes] = LISTS.map(|name| table.list(name));
    if let (Some(day), Some(months)) = (&day, &months)
        && day.contains("{month_name}")
        && months.len() != 12
    {
        table.missing("months");
    }
    let whole = Phrases {
        tag: tag.clone(),
        title: title?,
        come: come?,
        home: home?,
        day: day?,
        months: months?,
        notes: notes?,
    };
    (problems.list.len() == before).then_some(whole)
}

fn text_of(node: &Node) -> Option<String> {
    if let Value::Text(text) = &node.value {
        Some(text.clone())
    } else {
        None
    }
}

/// The phrases of one language, as written.
struct Table<'a> {
    tag: &'a str,
    place: Place,
    phrases: &'a [Entry],
    problems: &'a mut Problems,
}

impl Table<'_> {
    fn entry(&self, name: &str) -> Option<Node> {
        let found = self.phrases.iter().find(|entry| entry.key == name);
        found.map(|entry| entry.node.clone())
    }

    fn text(&mut self, name: &str, blanks: &[&str]) -> Option<String> {
        let Some(node) = self.entry(name) else {
            self.missing(name);
            return None;
        };
        let Value::Text(text) = node.value else {
            self.not_text(name, node.place);
            return None;
        };
        self.blanks(&text, blanks, node.place);
        Some(text)
    }

    fn list(&mut self, name: &str) -> Option<Vec<String>> {
        let Some(node) = self.entry(name) else {
            return Some(Vec::new());
        };
        let texts = match &node.value {
            Value::List(nodes) => nodes.iter().map(text_of).collect(),
            Value::Text(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Boolean(_)
            | Value::Table(_) => None,
        };
        if texts.is_none() {
            self.not_text(name, node.place);
        }
        texts
    }

    /// Every `{word}` must be one that is filled in.
    fn blanks(&mut self, text: &str, blanks: &[&str], place: Place) {
        let mut rest = text;
        while let Some(start) = rest.find('{') {
            rest = &rest[start + 1..];
            let word = rest.split('}').next().unwrap_or(rest);
            if !blanks.contains(&word) || !rest.contains('}') {
                let (word, list) = (shown(word), blanks.join("}, {"));
                self.problems.error(
                    "S474",
                    place,
                    Words::new(
                        format!("{{{word}}} 没有东西可填"),
                        format!("nobody fills in {{{word}}}"),
                    ),
                    Words::new(
                        format!("这里可以写 {{{list}}}"),
                        format!("what can stand here: {{{list}}}"),
                    ),
                );
            }
        }
    }

    fn missing(&mut self, name: &str) {
        let tag = self.tag;
        self.problems.error(
            "S471",
            self.place,
            Words::new(format!("{tag} 缺 {name}"), format!("{tag} has no {name}")),
            Words::new(
                format!("写 {name} = …；months 是十二个月名，day 用了 {{month_name}} 才要"),
                format!(
                    "write {name} = …; months are twelve names, needed where day has {{month_name}}"
                ),
            ),
        );
    }

    fn not_text(&mut self, name: &str, place: Place) {
        self.problems.error(
            "S473",
            place,
            Words::new(
                format!("{name} 应是文字（months、notes 是一列文字）"),
                format!("{name} must be text (months and notes: a list of texts)"),
            ),
            Words::new("用引号写", "write it in quotation marks"),
        );
    }
}

fn not_a_language(tag: &str, place: Place, problems: &mut Problems) {
    let tag = shown(tag);
    problems.error(
        "S470",
        place,
        Words::new(
            format!("{tag} 不是一种语言的语句表"),
            format!("{tag} is not a table of phrases of a language"),
        ),
        Words::new(
            "写成 [bo] 这样的表，表名是语言代码",
            "write a table such as [bo], named by the language's code",
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn codes(text: &str) -> Vec<&'static str> {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("phrases.toml");
        std::fs::write(&path, text).unwrap();
        match read(&path) {
            Ok(_) => Vec::new(),
            Err(refusal) => refusal.problems.list.iter().map(|one| one.code).collect(),
        }
    }

    const GOOD: &str = "[bo]\ntitle = \"t\"\ncome = \"{cell} {site} {day} {from}-{to} {round}\"\nhome = \"h\"\nday = \"{month}.{date}\"\n";

    #[test]
    fn what_is_shipped_is_whole_in_both_languages() {
        let tags: Vec<String> = shipped().into_iter().map(|one| one.tag).collect();
        assert_eq!(tags, ["zh", "en"]);
    }

    #[test]
    fn a_language_someone_has_written_is_read_and_what_is_wrong_is_told_all_at_once() {
        assert_eq!(codes(GOOD), Vec::<&str>::new());
        let wrong = format!(
            "{GOOD}tittle = \"x\"\nnotes = [1]\nx = 1\n[en]\ntitle = \"{{who}}\"\nday = \"{{month_name}}\"\ncome = 3\n"
        );
        let found = codes(&wrong);
        for code in ["S472", "S473", "S474", "S471"] {
            assert!(found.contains(&code), "{code} in {found:?}");
        }
        assert_eq!(codes("zh = 1\n"), ["S470"]);
        assert_eq!(codes("[\"../x\"]\n"), ["S470"]);
        assert_eq!(codes("[zh\n")[0], "S008");
    }

    #[test]
    fn blanks_are_filled_in_once_and_what_is_filled_in_is_not_looked_at_again() {
        let filled = Phrases::fill("{a}{b}{c}", &[("a", "{b}"), ("b", "2")]);
        assert_eq!(filled, "{b}2{c}");
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in "\\PC*") {
            let _ = codes(&text);
            let _ = Phrases::fill(&text, &[("a", "1")]);
        }
    }
}
