//! Warns of characters that the font of charts lacks, before somebody stands in front of one.

use std::collections::BTreeSet;

use super::problem::{Problems, Words};
use super::tree::{Node, Place, Value};
use crate::chart::font;

/// Characters that are named; of more it is told how many.
const NAMED: usize = 12;

/// Warns, once for the whole scenario, of characters in its words that charts would show as empty boxes.
pub(super) fn warn(root: &Node, problems: &mut Problems) {
    let mut found = Found::default();
    found.look(root);
    let Some(first) = found.first else { return };
    let named: String = found.characters.iter().take(NAMED).collect();
    let more = found.characters.len().saturating_sub(NAMED);
    let texts = found.texts;
    let (zh_more, en_more) = match more {
        0 => (String::new(), String::new()),
        _ => (format!("等，另有 {more} 个"), format!(" and {more} more")),
    };
    problems.warning(
        "S068",
        first,
        Words::new(
            format!("图上写不出这些字符：{named}{zh_more}（方案里 {texts} 处文字用到）；它们在图、幻灯片和 PDF 里是空框"),
            format!(
                "charts cannot show these characters: {named}{en_more} (in {} of the scenario); they are empty boxes in charts, slides and the PDF",
                if texts == 1 { "1 text".to_owned() } else { format!("{texts} texts") }
            ),
        ),
        Words::new(
            "给图换一个写法，例如用汉字或拼音写 name；网页、通知和表格用电脑自己的字体，不受影响",
            "write `name` another way for them, such as in Chinese or Latin letters; the report's pages, notices and the workbook use the computer's own fonts and are not affected",
        ),
    );
}

/// What the font lacks so far.
#[derive(Default)]
struct Found {
    first: Option<Place>,
    characters: BTreeSet<char>,
    texts: usize,
}

impl Found {
    fn look(&mut self, node: &Node) {
        match &node.value {
            Value::Text(text) => self.read(text, node.place),
            Value::List(nodes) => nodes.iter().for_each(|node| self.look(node)),
            Value::Table(entries) => entries.iter().for_each(|entry| self.look(&entry.node)),
            Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => {}
        }
    }

    fn read(&mut self, text: &str, place: Place) {
        if text.is_ascii() {
            return;
        }
        let lacking = font::lacks(text);
        if !lacking.is_empty() {
            self.first.get_or_insert(place);
            self.characters.extend(lacking);
            self.texts += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::tree::{Entry, SourceId, Spot};

    fn text(text: &str, start: usize) -> Node {
        let spot = Spot::Bytes {
            start,
            end: start + text.len(),
        };
        Node {
            value: Value::Text(text.to_owned()),
            place: Place {
                source: SourceId(0),
                spot,
            },
        }
    }

    fn warnings(texts: &[&str]) -> Problems {
        let nodes: Vec<_> = texts
            .iter()
            .enumerate()
            .map(|(at, words)| text(words, at))
            .collect();
        let place = nodes[0].place;
        let list = Node {
            value: Value::List(nodes),
            place,
        };
        let entry = Entry {
            key: "names".to_owned(),
            key_place: place,
            node: list,
        };
        let root = Node {
            value: Value::Table(vec![entry]),
            place,
        };
        let mut problems = Problems::default();
        warn(&root, &mut problems);
        problems
    }

    #[test]
    fn words_that_the_font_has_are_no_matter() {
        assert_eq!(
            warnings(&["泽库县", "Zürich №3", "a\u{200b}b", "line\nline"]).list,
            []
        );
    }

    #[test]
    fn one_warning_names_them_all_at_the_first() {
        let problems = warnings(&["泽库", "བོད", "🚑 བ"]);
        assert_eq!(problems.list.len(), 1);
        let only = &problems.list[0];
        assert_eq!(
            (only.code, only.place.spot),
            ("S068", Spot::Bytes { start: 1, end: 10 })
        );
        assert!(only.what.en.contains("ད"), "{}", only.what.en);
        assert!(only.what.en.contains("🚑") && only.what.en.contains("in 2 texts"));
        assert!(only.what.zh.contains("2 处"));
    }

    #[test]
    fn of_many_it_tells_how_many() {
        let many: String = ('\u{10300}'..'\u{1031e}').collect();
        let problems = warnings(&[&many]);
        assert!(problems.list[0].what.en.contains("and 18 more (in 1 text "));
    }
}
