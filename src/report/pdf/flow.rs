//! Where everything goes: marks on pages of A4, in points from the top left.

use super::{Block, Paper};
use crate::chart;
use crate::report::columns::{APART, numeric, shares, widths};
use crate::report::document::{Grid, Section};

/// The size of a page.
pub(super) const PAGE: (f64, f64) = (595.28, 841.89);
/// Room at the left and the right.
pub(super) const SIDE: f64 = 42.0;
const TOP: f64 = 42.0;
/// Where the words end; under it is the foot.
const BOTTOM: f64 = PAGE.1 - 50.0;
/// Between the margins.
const WIDE: f64 = PAGE.0 - 2.0 * SIDE;
/// From one baseline to the next, in font sizes.
const LEADING: f64 = 1.36;
const BODY: f64 = 9.5;
const PAD: f64 = 4.0;
/// From a list's marks to its words.
const INDENT: f64 = 9.0;
/// Lines of the verdict at most.
const VERDICT: usize = 16;
/// Lines of a field at most.
const LINES: usize = 12;

/// Colors, as red, green and blue.
pub(super) type Rgb = (u8, u8, u8);
pub(super) const INK: Rgb = (34, 34, 34);
pub(super) const GREY: Rgb = (95, 95, 95);
const BLUE: Rgb = (0, 98, 156);
const PALE: Rgb = (234, 238, 245);
const RULE: Rgb = (200, 207, 219);
const MET: Rgb = (0, 118, 86);
const LATE: Rgb = (178, 74, 0);
const WHITE: Rgb = (255, 255, 255);

/// Something on a page.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Mark {
    /// A line of words whose baseline begins there.
    Words {
        at: (f64, f64),
        size: f64,
        color: Rgb,
        words: String,
    },
    /// A rectangle: left, top, width, height.
    Ground([f64; 4], Rgb),
    /// The drawing of a block, by its number: left, top, width, height.
    Drawing(usize, [f64; 4]),
}

/// Pages, and where parts begin: the page, the height, what it is called.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Laid {
    pub(super) pages: Vec<Vec<Mark>>,
    pub(super) parts: Vec<(usize, f64, String)>,
}

/// The pages of a paper.
pub(super) fn flow(paper: &Paper) -> Laid {
    let mut flow = Flow {
        laid: Laid::default(),
        y: TOP,
    };
    flow.turn();
    for (number, block) in paper.blocks.iter().enumerate() {
        flow.block(block, number);
    }
    flow.laid
}

/// A column of a table.
struct Column {
    wide: f64,
    /// Whether it holds numbers, which stand to the right.
    numbers: bool,
}

/// A box laid out: what stands on it, its lines with whether one begins there, and how wide it is.
struct Boxed<'a> {
    part: &'a Section,
    lines: Vec<(bool, String)>,
    wide: f64,
}

impl<'a> Boxed<'a> {
    fn new(part: &'a Section, wide: f64) -> Self {
        let inner = wide - 16.0 - INDENT;
        let lines = part.lines.iter().flat_map(|line| {
            let wrapped = wrap(line, BODY, inner).into_iter().enumerate();
            wrapped.map(|(at, line)| (at == 0, line))
        });
        Self {
            part,
            lines: lines.collect(),
            wide,
        }
    }
}

struct Flow {
    laid: Laid,
    /// Where the next block begins.
    y: f64,
}

impl Flow {
    fn turn(&mut self) {
        self.laid.pages.push(Vec::new());
        self.y = TOP;
    }

    fn push(&mut self, mark: Mark) {
        if let Some(page) = self.laid.pages.last_mut() {
            page.push(mark);
        }
    }

    /// Turns the page unless there is this much room left.
    fn room(&mut self, height: f64) {
        if self.y + height > BOTTOM && self.y > TOP {
            self.turn();
        }
    }

    fn block(&mut self, block: &Block, number: usize) {
        match block {
            Block::Title(title) => {
                let fitted = chart::fit(title, &[20.0, 17.0, 14.0], WIDE, 2);
                self.lines(&fitted.lines, (fitted.size, INK), (SIDE, 0.0));
                self.y += 2.0;
            }
            Block::Small(words) => self.paragraph(words, (8.0, GREY), 4.0),
            Block::Part(head) => self.part(head),
            Block::Page(head) => {
                if self.y > TOP {
                    self.turn();
                }
                self.part(head);
            }
            Block::Words(words) => self.paragraph(words, (BODY, INK), 5.0),
            Block::Verdict(met, badge, lines) => self.verdict(*met, badge, lines),
            Block::Headline(facts) => self.headline(facts),
            Block::Boxes(boxes) => self.boxes(boxes),
            Block::Table(grid) => self.table(grid),
            Block::Facts(facts) => self.facts(facts),
            Block::Figure { head, says, .. } => self.figure(head, says, number),
        }
    }

    fn part(&mut self, head: &str) {
        self.y += if self.y > TOP { 10.0 } else { 0.0 };
        // A head never stands alone at the foot of a page.
        self.room(80.0);
        let page = self.laid.pages.len() - 1;
        self.laid.parts.push((page, self.y, chart::clean(head)));
        let fitted = chart::fit(head, &[14.0], WIDE, 1);
        self.lines(&fitted.lines, (14.0, BLUE), (SIDE, 0.0));
        self.y += 3.0;
    }

    /// Lines that are fitted already, on a page that may be turned between them.
    fn lines(&mut self, lines: &[String], (size, color): (f64, Rgb), (left, pad): (f64, f64)) {
        for line in lines {
            self.room(size * LEADING);
            self.words(line, (size, color), (left + pad, self.y));
            self.y += size * LEADING;
        }
    }

    /// A line whose top is there.
    fn words(&mut self, words: &str, (size, color): (f64, Rgb), (left, top): (f64, f64)) {
        if !words.is_empty() {
            self.push(Mark::Words {
                at: (left, top + size * 1.02),
                size,
                color,
                words: words.to_owned(),
            });
        }
    }

    fn paragraph(&mut self, words: &str, (size, color): (f64, Rgb), after: f64) {
        self.lines(&wrap(words, size, WIDE), (size, color), (SIDE, 0.0));
        self.y += after;
    }

    fn verdict(&mut self, met: bool, badge: &str, said: &[String]) {
        let color = if met { MET } else { LATE };
        let wide = chart::width(badge, 12.0) + 20.0;
        let inner = WIDE - wide - 24.0;
        let wrapped = said.iter().flat_map(|line| wrap(line, 11.0, inner));
        let lines: Vec<String> = wrapped.take(VERDICT).collect();
        let high = (lines.len() as f64 * 11.0 * LEADING).max(18.0) + 14.0;
        self.room(high);
        let top = self.y;
        self.push(Mark::Ground([SIDE, top, WIDE, high], PALE));
        self.push(Mark::Ground([SIDE, top, 4.0, high], color));
        self.push(Mark::Ground([SIDE + 12.0, top + 7.0, wide, 19.0], color));
        self.words(badge, (12.0, WHITE), (SIDE + 22.0, top + 9.5));
        for (at, line) in lines.iter().enumerate() {
            let place = (SIDE + wide + 20.0, top + 8.0 + at as f64 * 11.0 * LEADING);
            self.words(line, (11.0, INK), place);
        }
        self.y = top + high + 8.0;
    }

    fn headline(&mut self, facts: &[(String, String)]) {
        const HIGH: f64 = 56.0;
        const GAP: f64 = 8.0;
        self.room(HIGH);
        let facts = &facts[..facts.len().min(4)];
        let gaps = GAP * facts.len().saturating_sub(1) as f64;
        let (mut next, top) = (SIDE, self.y);
        for ((what, much), wide) in facts.iter().zip(shares(facts, WIDE - gaps)) {
            let left = next;
            next += wide + GAP;
            self.push(Mark::Ground([left, top, wide, HIGH], PALE));
            let what = chart::fit(what, &[8.5, 7.5], wide - 12.0, 1);
            let much = chart::fit(much, &[13.0, 11.0, 9.0], wide - 12.0, 2);
            let what_at = (left + 6.0, top + 5.0);
            self.words(&what.lines.concat(), (what.size, GREY), what_at);
            for (line, words) in much.lines.iter().enumerate() {
                let below = top + 20.0 + line as f64 * much.step();
                self.words(words, (much.size, INK), (left + 6.0, below));
            }
        }
        self.y += HIGH + 8.0;
    }

    fn boxes(&mut self, boxes: &[Section]) {
        const GAP: f64 = 12.0;
        let half = (WIDE - GAP) / 2.0;
        for pair in boxes.chunks(2) {
            let wide = if pair.len() == 1 { WIDE } else { half };
            let laid: Vec<Boxed> = pair.iter().map(|part| Boxed::new(part, wide)).collect();
            let longest = laid.iter().map(|boxed| boxed.lines.len()).max();
            let most = ((BOTTOM - TOP - 40.0) / (BODY * LEADING)) as usize;
            let longest = longest.unwrap_or(0).min(most);
            let high = 26.0 + longest as f64 * BODY * LEADING;
            self.room(high);
            for (at, boxed) in laid.iter().enumerate() {
                let left = SIDE + at as f64 * (half + GAP);
                self.push(Mark::Ground([left, self.y, boxed.wide, high], PALE));
                self.boxed(boxed, left, longest);
            }
            self.y += high + 8.0;
        }
    }

    /// The words of a box whose left edge is there, at most so many lines.
    fn boxed(&mut self, boxed: &Boxed, left: f64, most: usize) {
        let (left, top) = (left + 8.0, self.y);
        let head = chart::fit(&boxed.part.head, &[11.0, 9.5], boxed.wide - 16.0, 1);
        self.words(&head.lines.concat(), (head.size, BLUE), (left, top + 5.0));
        for (at, (begins, words)) in boxed.lines.iter().take(most).enumerate() {
            let line = top + 21.0 + at as f64 * BODY * LEADING;
            if *begins && boxed.part.lines.len() > 1 {
                self.words("•", (BODY, BLUE), (left, line));
            }
            self.words(words, (BODY, INK), (left + INDENT, line));
        }
    }

    fn facts(&mut self, facts: &[(String, String)]) {
        const LEFT: f64 = 110.0;
        for (what, is) in facts {
            let what = wrap(what, BODY, LEFT - 8.0);
            let is = wrap(is, BODY, WIDE - LEFT);
            let rows = what.len().max(is.len());
            self.room(BODY * LEADING);
            for row in 0..rows {
                self.room(BODY * LEADING);
                let top = self.y;
                let text = |lines: &[String]| lines.get(row).cloned().unwrap_or_default();
                self.words(&text(&what), (BODY, GREY), (SIDE, top));
                self.words(&text(&is), (BODY, INK), (SIDE + LEFT, top));
                self.y += BODY * LEADING;
            }
        }
        self.y += 4.0;
    }

    /// A table; its head stands again on each page.
    fn table(&mut self, grid: &Grid) {
        if grid.head.is_empty() {
            return;
        }
        let size = if grid.head.len() > 8 { 7.2 } else { 8.2 };
        let columns: Vec<Column> = widths(grid, WIDE, (size, PAD))
            .into_iter()
            .zip(numeric(grid))
            .map(|(wide, numbers)| Column { wide, numbers })
            .collect();
        let head = cells(&grid.head, &columns, size);
        let mut begun = false;
        for row in &grid.rows {
            let row = cells(row, &columns, size);
            let high = height(&row, size);
            if !begun || self.y + high > BOTTOM {
                let both = height(&head, size) + high;
                if begun {
                    self.turn();
                } else {
                    self.room(both);
                }
                begun = true;
                self.row(&head, &columns, (size, true));
            }
            self.row(&row, &columns, (size, false));
        }
        self.y += 8.0;
    }

    fn row(&mut self, cells: &[Vec<String>], columns: &[Column], (size, head): (f64, bool)) {
        let (high, top) = (height(cells, size), self.y);
        let all = columns.iter().map(|column| column.wide).sum();
        if head {
            self.push(Mark::Ground([SIDE, top, all, high], PALE));
        }
        let mut left = SIDE;
        for (lines, column) in cells.iter().zip(columns) {
            for (at, line) in lines.iter().enumerate() {
                let from = if column.numbers {
                    (column.wide - APART * size - chart::width(line, size)).max(PAD)
                } else {
                    PAD
                };
                let place = (left + from, top + 2.5 + at as f64 * size * LEADING);
                self.words(line, (size, INK), place);
            }
            left += column.wide;
        }
        let rule = [SIDE, top + high - 0.4, all, 0.4];
        self.push(Mark::Ground(rule, RULE));
        self.y += high;
    }

    /// A chart with its words, all on one page.
    fn figure(&mut self, head: &str, says: &str, number: usize) {
        let high = WIDE * f64::from(chart::HEIGHT) / f64::from(chart::WIDTH);
        let head = chart::fit(head, &[11.0, 9.5], WIDE, 1);
        let says = chart::fit(says, &[BODY, 8.5], WIDE, 2);
        let words = head.height() + says.height();
        self.room(words + high + 6.0);
        self.lines(&head.lines, (head.size, BLUE), (SIDE, 0.0));
        self.lines(&says.lines, (says.size, INK), (SIDE, 0.0));
        self.push(Mark::Drawing(number, [SIDE, self.y + 2.0, WIDE, high]));
        self.y += high + 14.0;
    }
}

fn wrap(words: &str, size: f64, width: f64) -> Vec<String> {
    chart::fit(words, &[size], width, usize::MAX).lines
}

/// The fields of a row as lines.
fn cells(row: &[String], columns: &[Column], size: f64) -> Vec<Vec<String>> {
    let fields = row.iter().zip(columns);
    fields
        .map(|(field, column)| chart::fit(field, &[size], column.wide - 2.0 * PAD, LINES).lines)
        .collect()
}

fn height(cells: &[Vec<String>], size: f64) -> f64 {
    let lines = cells.iter().map(Vec::len).max().unwrap_or(1).max(1);
    lines as f64 * size * LEADING + 5.0
}
