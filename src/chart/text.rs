//! Text that fits: lines broken where Chinese and English may be broken, and letters no smaller than the back row can read.

use super::font;

/// Text without characters that a drawing cannot hold: line breaks and control characters become spaces.
pub(super) fn clean(text: &str) -> String {
    let unfit =
        |c: char| c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}' | '\u{2028}' | '\u{2029}');
    let spaced = text
        .chars()
        .map(|c| if unfit(c) { ' ' } else { c })
        .collect::<String>();
    spaced
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Lines of one font size.
#[derive(Clone, PartialEq, Debug)]
pub struct Block {
    /// The font size.
    pub size: f64,
    /// The lines; none if there is no text.
    pub lines: Vec<String>,
}

impl Block {
    /// The height of all lines together.
    pub fn height(&self) -> f64 {
        self.lines.len() as f64 * self.step()
    }

    /// From one baseline to the next.
    pub fn step(&self) -> f64 {
        self.size * 1.32
    }
}

/// The text in the first of `sizes` in which it needs at most `most` lines, or in the last one, cut with an ellipsis.
pub(super) fn fit(text: &str, sizes: &[f64], width: f64, most: usize) -> Block {
    let mut block = Block {
        size: 0.0,
        lines: Vec::new(),
    };
    for &size in sizes {
        block = Block {
            size,
            lines: wrap(text, size, width),
        };
        if block.lines.len() <= most {
            return block;
        }
    }
    block.lines.truncate(most);
    if let Some(last) = block.lines.last_mut() {
        *last = shorten(last, "…", block.size, width);
    }
    block
}

/// A name in lines of this size and width, at most `most`; one too long without its middle, for names that belong together begin alike.
pub(super) fn fit_name(text: &str, size: f64, width: f64, most: usize) -> Block {
    let whole = wrap(text, size, width);
    let characters: Vec<char> = text.chars().collect();
    let without = |kept: usize| {
        let shorter = without_middle(&characters, kept.div_ceil(2), kept / 2);
        wrap(&shorter, size, width)
    };
    if whole.len() <= most {
        return Block { size, lines: whole };
    }
    let (mut least, mut beyond) = (0, characters.len());
    while least + 1 < beyond {
        let middle = usize::midpoint(least, beyond);
        if without(middle).len() <= most {
            least = middle;
        } else {
            beyond = middle;
        }
    }
    let lines = without(least);
    Block { size, lines }
}

/// So many of the first and of the last characters, or a few less so that no Latin word is cut in two.
pub(super) fn without_middle(characters: &[char], head: usize, tail: usize) -> String {
    let many = characters.len();
    let is_cut = |at: usize| {
        let is_latin = |at: usize| characters[at].is_ascii_alphanumeric();
        0 < at && at < many && is_latin(at - 1) && is_latin(at)
    };
    let is_space = |character: &char| *character == ' ';
    let (mut head, mut tail) = (head.min(many), many - tail.min(many));
    if is_cut(head) {
        let near = head / 2;
        let space = characters[near..head].iter().rposition(is_space);
        head = space.map_or(head, |space| near + space);
    }
    if is_cut(tail) {
        // A number at the end is worth more than the end of a word.
        let letters = characters[tail..].iter();
        tail += letters
            .take_while(|letter| letter.is_ascii_alphabetic())
            .count();
    }
    let [head, tail]: [String; 2] =
        [&characters[..head], &characters[tail..]].map(|part| part.iter().collect());
    format!("{}…{}", head.trim_end(), tail.trim_start())
}

/// The text, followed by `tail`, without as many of its last characters as it takes to fit.
fn shorten(text: &str, tail: &str, size: f64, width: f64) -> String {
    let tail_width = font::width(tail, size);
    let fits = |wide: &f64| wide + tail_width <= width;
    let kept = font::widths(text, size).take_while(fits).count();
    text.chars().take(kept).chain(tail.chars()).collect()
}

/// The text in as few lines as it needs.
fn wrap(text: &str, size: f64, width: f64) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        let longer = format!("{line}{piece}");
        if line.is_empty() || font::width(longer.trim_end(), size) <= width {
            line = longer;
        } else {
            lines.push(line.trim_end().to_owned());
            line = piece;
        }
        while font::width(line.trim_end(), size) > width && line.chars().count() > 1 {
            let head = shorten(&line, "", size, width);
            let head = if head.is_empty() {
                line.chars().take(1).collect()
            } else {
                head
            };
            line = line[head.len()..].to_owned();
            lines.push(head);
        }
    }
    if !line.trim().is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// The text cut wherever a line may end.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces = Vec::<String>::new();
    let mut before = None;
    for (at, character) in text.char_indices() {
        let cut = before.is_some_and(|before| may_break(before, character))
            && !is_quantity(&text[..at], &text[at..]);
        match pieces.last_mut() {
            Some(piece) if !cut => piece.push(character),
            _ => pieces.push(character.to_string()),
        }
        before = Some(character);
    }
    pieces
}

/// Whether a number and a space end what is before, and its unit or its month begins what is after.
fn is_quantity(before: &str, after: &str) -> bool {
    const UNITS: [&str; 19] = [
        "h", "min", "s", "km", "m", "kg", "people", "Jan", "Feb", "Mar", "Apr", "May", "Jun",
        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    const MEASURES: &str = "小分秒天人间管轮次个张台辆支项件公米千处种户点批趟";
    let number = before.strip_suffix(' ');
    if !number.is_some_and(|number| number.ends_with(|c: char| c.is_ascii_digit())) {
        return false;
    }
    let word = after.split(|c: char| !c.is_ascii_alphabetic()).next();
    after.starts_with(|c| MEASURES.contains(c)) || word.is_some_and(|word| UNITS.contains(&word))
}

/// Whether a line may end between two characters: after spaces and beside Chinese ones, but never before a closing or after an opening
/// mark (GB/T 15834-2011, 5.1.10), nor at a no-break space.
fn may_break(before: char, after: char) -> bool {
    const CLOSING: &str = "，。、；：！？）》」』】”’…%％·,.;:!?)]}—–~";
    const TIGHT: char = '\u{A0}';
    const OPENING: &str = "（《「『【“‘([{";
    let han = |c: char| {
        ('\u{2E80}'..='\u{9FFF}').contains(&c)
            || ('\u{FF00}'..='\u{FFEF}').contains(&c)
            || c >= '\u{20000}'
    };
    if CLOSING.contains(after)
        || OPENING.contains(before)
        || after == ' '
        || before == TIGHT
        || after == TIGHT
    {
        return false;
    }
    // A unit of two characters is one.
    let unit = matches!(
        (before, after),
        ('分', '钟') | ('小', '时') | ('公', '里' | '斤') | ('千', '克' | '米')
    );
    // A date is one: 5月14日.
    let date = before.is_ascii_digit() && "年月日".contains(after)
        || "年月".contains(before) && after.is_ascii_digit();
    !unit && !date && (before == ' ' || han(before) || han(after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_never_begins_with_a_closing_mark() {
        let text = "泽库县城第一轮，采完十九点，出完三点，二十四小时内百分之九十三（一次试验）。";
        for width in 100..900 {
            for line in fit(text, &[30.0], f64::from(width), 99).lines {
                assert!(
                    !line.starts_with(['，', '。', '）']) || width < 120,
                    "{width}: {line}"
                );
            }
        }
    }

    #[test]
    fn english_is_broken_at_spaces() {
        assert_eq!(
            wrap("swabbing ends at 19:40", 20.0, 150.0),
            ["swabbing ends", "at 19:40"]
        );
    }

    #[test]
    fn a_text_too_long_is_cut_with_an_ellipsis() {
        let block = fit(&"很长的标题".repeat(99), &[46.0, 36.0], 1800.0, 2);
        assert_eq!((block.size, block.lines.len()), (36.0, 2));
        assert!(block.lines[1].ends_with('…'));
    }

    #[test]
    fn a_number_stays_with_its_unit_and_its_month() {
        for words in [
            "all within 24 h of it",
            "since the 14 May 04:49",
            "平均要等 98 分钟才行",
            "走 12 公里，要 3 小时",
        ] {
            // A number and its unit fit into all of these.
            for width in 100..400 {
                let lines = wrap(words, 20.0, f64::from(width));
                let apart = lines
                    .windows(2)
                    .any(|pair| is_quantity(&format!("{} ", pair[0]), &pair[1]));
                let halved = lines
                    .iter()
                    .any(|line| line.starts_with(['钟', '时', '里']));
                assert!(!apart && !halved, "{lines:?}");
            }
        }
    }

    #[test]
    fn a_date_is_not_broken() {
        for width in 200..300 {
            let lines = wrap("采完（17:46–5月14日 00:53），最后", 20.0, f64::from(width));
            assert!(
                lines.iter().any(|line| line.contains("5月14日")),
                "{lines:?}"
            );
        }
    }

    #[test]
    fn names_that_end_differently_remain_apart() {
        let name = |number: u32| {
            format!("泽曲镇社区网格化服务管理中心第三网格综合便民核酸采样服务点{number}")
        };
        let short = |number| fit_name(&name(number), 27.0, 300.0, 1).lines;
        assert_eq!(short(7).len(), 1);
        assert_ne!(short(7), short(8));
        assert!(
            short(7)[0].starts_with("泽曲镇") && short(7)[0].ends_with('7'),
            "{:?}",
            short(7)
        );
        assert_eq!(fit_name("采样点1", 27.0, 300.0, 1).lines, ["采样点1"]);
    }

    proptest! {
        #[test]
        fn whatever_the_name_its_lines_fit(text in any::<String>(), width in 60.0..600.0f64, most in 1..3usize) {
            let block = fit_name(&clean(&text), 27.0, width, most);
            prop_assert!(block.lines.len() <= most);
            for line in block.lines {
                prop_assert!(font::width(&line, block.size) <= width + 1e-6, "{line:?}");
            }
        }


        #[test]
        fn whatever_the_text_its_lines_fit(text in any::<String>(), width in 60.0..2000.0f64) {
            let block = fit(&clean(&text), &[40.0, 30.0], width, 3);
            prop_assert!(block.lines.len() <= 3);
            for line in block.lines {
                prop_assert!(font::width(&line, block.size) <= width + 1e-6, "{line:?}");
            }
        }
    }
}
