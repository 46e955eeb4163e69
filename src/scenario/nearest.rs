//! "Did you mean": the known word that a mistyped one stands for.

/// Words longer than this are not compared: nobody mistypes that much.
const LONGEST: usize = 64;

/// The candidate that `word` most likely stands for, or `None` if none is close.
///
/// Case, width and the characters `-`, `_` and space do not count. Of equally close candidates the first is taken.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = folded(word);
    if word.is_empty() || word.chars().count() > LONGEST {
        return None;
    }
    candidates
        .into_iter()
        .filter_map(|candidate| Some((distance(&word, &folded(candidate))?, candidate)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How far two folded words are apart, if they are close enough to be taken for each other.
fn distance(word: &str, candidate: &str) -> Option<usize> {
    let (short, long) = match (word.chars().count(), candidate.chars().count()) {
        (a, b) if a <= b => (a, b),
        (a, b) => (b, a),
    };
    if short == 0 || long > LONGEST {
        return None;
    }
    let distance = strsim::damerau_levenshtein(word, candidate);
    let dense = !word.is_ascii();
    let allowed = if dense { (long / 2).min(2) } else { long / 3 };
    if distance <= allowed {
        return Some(distance);
    }
    let telling = if dense { 2 } else { 3 };
    (short >= telling && (candidate.contains(word) || word.contains(candidate))).then_some(distance)
}

/// The word as compared: lower case, half width, without `-`, `_` and spaces.
pub(super) fn folded(word: &str) -> String {
    word.chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The half-width form of a full-width letter, digit or sign; any other character as it is.
pub(super) fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_its_word() {
        for (word, meant) in [
            ("lanse", "lanes"),
            ("Every", "every"),
            ("pickupoffset", "pickup_offset"),
            ("ｌａｎｅｓ", "lanes"),
        ] {
            assert_eq!(
                nearest(word, ["hours", "lanes", "every", "pickup_offset"]),
                Some(meant),
                "{word}"
            );
        }
    }

    #[test]
    fn chinese_words_are_compared_by_character() {
        let headers = ["编号", "名称", "常住人口", "采样点"];
        assert_eq!(nearest("编码", headers), Some("编号"));
        assert_eq!(nearest("采样", headers), Some("采样点"));
        assert_eq!(nearest("常驻人口", headers), Some("常住人口"));
        assert_eq!(nearest("电话", headers), None);
    }

    #[test]
    fn a_word_unlike_all_others_stays_alone() {
        assert_eq!(nearest("budget", ["lanes", "hours"]), None);
        assert_eq!(nearest("", ["lanes"]), None);
        assert_eq!(nearest("S9", ["S1", "S2"]), None);
        assert_eq!(nearest(&"x".repeat(100_000), ["lanes"]), None);
    }
}
