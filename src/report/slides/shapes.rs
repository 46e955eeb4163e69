//! What stands on a slide, as XML: words, tables and pictures, each in its place. All lengths are points of a slide of 960 × 540.

use std::fmt::Write as _;

use super::pack::SPACES;
use super::xml::{emu, escaped};
use crate::chart;
use crate::report::columns::{APART, are_whole, numeric, widths};
use crate::report::document::Grid;

/// Nearly black.
pub(super) const INK: &str = "222222";
/// Of words that are only context.
pub(super) const GREY: &str = "5F5F5F";
/// Of heads.
pub(super) const BLUE: &str = "00629C";
/// White.
pub(super) const WHITE: &str = "FFFFFF";
/// Behind heads and cards.
pub(super) const PALE: &str = "EAEEF5";
/// From one line to the next, in font sizes.
pub(super) const LEADING: f64 = 1.28;
/// Between the edge of a field and its words.
const PAD: f64 = 6.0;
/// Other machines set wider letters than those that are measured here.
const WIDER: f64 = 0.93;

/// A rectangle: left, top, width, height.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Area {
    pub(super) const fn new(left: f64, top: f64, width: f64, height: f64) -> Self {
        Self {
            left,
            top,
            width,
            height,
        }
    }

    fn transform(self, tag: &str) -> String {
        let [left, top, width, height] = [self.left, self.top, self.width, self.height].map(emu);
        format!(
            "<{tag}><a:off x=\"{left}\" y=\"{top}\"/><a:ext cx=\"{width}\" cy=\"{height}\"/></{tag}>"
        )
    }
}

/// How words are set.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Style {
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) color: &'static str,
    /// Whether a mark stands before them.
    pub(super) listed: bool,
}

impl Style {
    pub(super) const fn plain(size: f64) -> Self {
        Self {
            size,
            bold: false,
            color: INK,
            listed: false,
        }
    }

    pub(super) const fn bold(size: f64, color: &'static str) -> Self {
        Self {
            size,
            bold: true,
            color,
            listed: false,
        }
    }
}

/// The words as they fit: in the first of `sizes` in which they take at most `most` lines of this width, or cut in the last.
pub(super) fn fit(words: &str, sizes: &[f64], width: f64, most: usize) -> (String, f64) {
    let block = chart::fit(words, sizes, width * WIDER, most);
    let size = if block.lines.is_empty() {
        sizes[0]
    } else {
        block.size
    };
    if chart::fit(words, &[size], width * WIDER, usize::MAX)
        .lines
        .len()
        <= most
    {
        return (chart::clean(words), size);
    }
    let mut kept = String::new();
    for line in block.lines {
        let latin = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_graphic());
        if latin(kept.chars().next_back()) && latin(line.chars().next()) {
            kept.push(' ');
        }
        kept += &line;
    }
    (kept, size)
}

/// Lines that words take.
pub(super) fn lines(words: &str, size: f64, width: f64) -> usize {
    let block = chart::fit(words, &[size], width * WIDER, usize::MAX);
    block.lines.len().max(1)
}

/// A slide that is being made.
pub(super) struct Sheet {
    xml: String,
    shapes: u32,
    language: &'static str,
}

impl Sheet {
    /// An empty one, its words in the language of this code.
    pub(super) fn new(language: &'static str) -> Self {
        let xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<p:sld {SPACES}><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"0\" cy=\"0\"/><a:chOff x=\"0\" y=\"0\"/><a:chExt cx=\"0\" cy=\"0\"/></a:xfrm></p:grpSpPr>"
        );
        Self {
            xml,
            shapes: 1,
            language,
        }
    }

    /// The slide as XML.
    pub(super) fn finish(self) -> String {
        self.xml + "</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>"
    }

    fn push(&mut self, text: &str) {
        self.xml.push_str(text);
    }

    /// A number and a name for the next shape.
    fn named(&mut self, name: &str) -> String {
        self.shapes += 1;
        let id = self.shapes;
        format!("<p:cNvPr id=\"{id}\" name=\"{name} {id}\"/>")
    }

    fn paragraph(&self, words: &str, style: Style, align: &str) -> String {
        let Style {
            bold,
            color,
            listed,
            size,
        } = style;
        let (size, words) = ((size * 100.0).round(), escaped(words));
        let indent = if listed {
            "<a:pPr marL=\"171450\" indent=\"-171450\"><a:spcBef><a:spcPts val=\"400\"/></a:spcBef><a:buFont typeface=\"Arial\"/><a:buChar char=\"•\"/></a:pPr>".to_owned()
        } else {
            format!("<a:pPr algn=\"{align}\"/>")
        };
        let language = self.language;
        let bold = u8::from(bold);
        format!(
            "<a:p>{indent}<a:r><a:rPr lang=\"{language}\" sz=\"{size}\" b=\"{bold}\"><a:solidFill><a:srgbClr val=\"{color}\"/></a:solidFill></a:rPr><a:t>{words}</a:t></a:r></a:p>"
        )
    }

    /// The title, which a planner may edit; at most two lines.
    pub(super) fn title(&mut self, words: &str, kind: &str, (sizes, width): (&[f64], f64)) {
        let (words, size) = fit(words, sizes, width, 2);
        let name = self.named("Title");
        let (words, size) = (escaped(&words), (size * 100.0).round());
        let language = self.language;
        self.push(&format!(
            "<p:sp><p:nvSpPr>{name}<p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"{kind}\"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr><a:normAutofit/></a:bodyPr><a:lstStyle/><a:p><a:r><a:rPr lang=\"{language}\" sz=\"{size}\"/><a:t>{words}</a:t></a:r></a:p></p:txBody></p:sp>"
        ));
    }

    /// Where the numbers come from, and the number of the slide.
    pub(super) fn footer(&mut self, words: &str, number: Option<usize>) {
        let (words, _) = fit(words, &[10.0], 780.0, 1);
        let name = self.named("Footer");
        let (words, language) = (escaped(&words), self.language);
        self.push(&format!(
            "<p:sp><p:nvSpPr>{name}<p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"ftr\" sz=\"quarter\" idx=\"11\"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:pPr algn=\"l\"/><a:r><a:rPr lang=\"{language}\" sz=\"1000\"><a:solidFill><a:srgbClr val=\"{GREY}\"/></a:solidFill><a:latin typeface=\"+mn-lt\"/><a:ea typeface=\"+mn-ea\"/></a:rPr><a:t>{words}</a:t></a:r></a:p></p:txBody></p:sp>"
        ));
        if let Some(number) = number {
            let name = self.named("Number");
            self.push(&format!(
                "<p:sp><p:nvSpPr>{name}<p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"sldNum\" sz=\"quarter\" idx=\"12\"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:pPr algn=\"r\"/><a:fld id=\"{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}\" type=\"slidenum\"><a:rPr lang=\"{language}\" sz=\"1000\"/><a:t>{number}</a:t></a:fld><a:endParaRPr lang=\"{language}\"/></a:p></p:txBody></p:sp>"
            ));
        }
    }

    /// Lines of words under one another in a box, perhaps on a ground; the box holds them, for they were fitted.
    pub(super) fn words(
        &mut self,
        area: Area,
        paragraphs: &[(String, Style)],
        (ground, align): (Option<&str>, &str),
    ) {
        let name = self.named("Text");
        let place = area.transform("a:xfrm");
        let fill = ground.map_or_else(
            || "<a:noFill/>".to_owned(),
            |color| format!("<a:solidFill><a:srgbClr val=\"{color}\"/></a:solidFill>"),
        );
        let (inset, anchor) = match (ground, align) {
            (None, _) => (0, "t"),
            (Some(_), "ctr") => (emu(4.0), "ctr"),
            (Some(_), _) => (emu(10.0), "t"),
        };
        self.push(&format!(
            "<p:sp><p:nvSpPr>{name}<p:cNvSpPr txBox=\"1\"/><p:nvPr/></p:nvSpPr><p:spPr>{place}<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom>{fill}</p:spPr><p:txBody><a:bodyPr wrap=\"square\" lIns=\"{inset}\" tIns=\"{inset}\" rIns=\"{inset}\" bIns=\"{inset}\" anchor=\"{anchor}\"><a:normAutofit/></a:bodyPr><a:lstStyle/>"
        ));
        for (words, style) in paragraphs {
            let paragraph = self.paragraph(words, *style, align);
            self.push(&paragraph);
        }
        if paragraphs.is_empty() {
            self.push("<a:p/>");
        }
        self.push("</p:txBody></p:sp>");
    }

    /// The slide's nth picture, counted from 1, as large as it fits and in the middle.
    pub(super) fn picture(&mut self, area: Area, size: (u32, u32), (alt, nth): (&str, usize)) {
        let (wide, high) = (f64::from(size.0), f64::from(size.1));
        let scale = (area.width / wide).min(area.height / high);
        let (wide, high) = (wide * scale, high * scale);
        let place = Area::new(
            area.left + (area.width - wide) / 2.0,
            area.top + (area.height - high) / 2.0,
            wide,
            high,
        );
        self.shapes += 1;
        let (id, alt, place) = (self.shapes, escaped(alt), place.transform("a:xfrm"));
        let (dots, lines) = (2 * nth, 2 * nth + 1);
        self.push(&format!(
            "<p:pic><p:nvPicPr><p:cNvPr id=\"{id}\" name=\"Chart {id}\" descr=\"{alt}\"/><p:cNvPicPr><a:picLocks noChangeAspect=\"1\"/></p:cNvPicPr><p:nvPr/></p:nvPicPr><p:blipFill><a:blip r:embed=\"rId{dots}\"><a:extLst><a:ext uri=\"{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}\"><asvg:svgBlip xmlns:asvg=\"http://schemas.microsoft.com/office/drawing/2016/SVG/main\" r:embed=\"rId{lines}\"/></a:ext></a:extLst></a:blip><a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr>{place}<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr></p:pic>"
        ));
    }

    /// A table that a planner may edit.
    pub(super) fn table(&mut self, area: Area, layout: &Layout, rows: std::ops::Range<usize>) {
        let name = self.named("Table");
        let height = layout.heights[0] + layout.heights[1..][rows.clone()].iter().sum::<f64>();
        let place = Area { height, ..area }.transform("p:xfrm");
        self.push(&format!(
            "<p:graphicFrame><p:nvGraphicFramePr>{name}<p:cNvGraphicFramePr><a:graphicFrameLocks noGrp=\"1\"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>{place}<a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/table\"><a:tbl><a:tblPr firstRow=\"1\"/><a:tblGrid>"
        ));
        for width in &layout.widths {
            let width = emu(*width);
            let _in_memory = write!(self.xml, "<a:gridCol w=\"{width}\"/>");
        }
        self.push("</a:tblGrid>");
        self.row(layout, 0);
        for at in rows {
            self.row(layout, at + 1);
        }
        self.push("</a:tbl></a:graphicData></a:graphic></p:graphicFrame>");
    }

    /// A row of a table, counted from its head.
    fn row(&mut self, layout: &Layout, at: usize) {
        let (head, size, height) = (at == 0, layout.size, emu(layout.heights[at]));
        let (pad, thin) = (emu(PAD), emu(3.0));
        let _in_memory = write!(self.xml, "<a:tr h=\"{height}\">");
        for (field, numbers) in layout.fields[at].iter().zip(&layout.numeric) {
            let right = if *numbers { emu(APART * size) } else { pad };
            let style = if head {
                Style::bold(size, INK)
            } else {
                Style::plain(size)
            };
            let paragraph = self.paragraph(field, style, if *numbers { "r" } else { "l" });
            let fill = if head {
                format!("<a:solidFill><a:srgbClr val=\"{PALE}\"/></a:solidFill>")
            } else {
                "<a:noFill/>".to_owned()
            };
            let _in_memory = write!(
                self.xml,
                "<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{paragraph}</a:txBody><a:tcPr marL=\"{pad}\" marR=\"{right}\" marT=\"{thin}\" marB=\"{thin}\" anchor=\"ctr\"><a:lnB w=\"9525\"><a:solidFill><a:srgbClr val=\"C8CFDB\"/></a:solidFill></a:lnB>{fill}</a:tcPr></a:tc>"
            );
        }
        self.push("</a:tr>");
    }
}

/// A table laid out for a width: its fields as they fit, the head first.
pub(super) struct Layout {
    pub(super) size: f64,
    widths: Vec<f64>,
    heights: Vec<f64>,
    /// Which columns hold numbers.
    numeric: Vec<bool>,
    fields: Vec<Vec<String>>,
}

impl Layout {
    /// The table in the largest of `sizes` in which it is no higher than the area and no word is broken, or in the last.
    pub(super) fn new(grid: &Grid, area: Area, sizes: &[f64]) -> Self {
        let mut laid = Self::of(grid, area.width, sizes[0]);
        for &size in &sizes[1..] {
            let whole = are_whole(grid, area.width, (laid.size, PAD));
            if whole && laid.heights.iter().sum::<f64>() <= area.height {
                break;
            }
            laid = Self::of(grid, area.width, size);
        }
        laid
    }

    fn of(grid: &Grid, width: f64, size: f64) -> Self {
        const LINES: usize = 5;
        let widths = widths(grid, width, (size, PAD));
        let numeric = numeric(grid);
        let apart = |at: usize| if numeric[at] { APART * size - PAD } else { 0.0 };
        let rooms: Vec<f64> = widths
            .iter()
            .enumerate()
            .map(|(at, width)| width - 2.0 * PAD - apart(at))
            .collect();
        let all = std::iter::once(&grid.head).chain(&grid.rows);
        let fields: Vec<Vec<String>> = all
            .map(|row| {
                let fields = row.iter().zip(&rooms);
                fields
                    .map(|(field, room)| fit(field, &[size], *room, LINES).0)
                    .collect()
            })
            .collect();
        let high = |row: &Vec<String>| {
            let most = row
                .iter()
                .zip(&rooms)
                .map(|(field, room)| lines(field, size, *room))
                .max();
            most.unwrap_or(1) as f64 * size * LEADING + 8.0
        };
        Self {
            size,
            heights: fields.iter().map(high).collect(),
            numeric,
            widths,
            fields,
        }
    }

    /// Stretches of rows that fit an area each, under a head.
    pub(super) fn pages(&self, area: Area) -> Vec<std::ops::Range<usize>> {
        let mut pages = Vec::new();
        let (mut from, mut high) = (0, self.heights[0]);
        for (at, height) in self.heights[1..].iter().enumerate() {
            if high + height > area.height && at > from {
                pages.push(from..at);
                (from, high) = (at, self.heights[0]);
            }
            high += height;
        }
        pages.push(from..self.heights.len() - 1);
        pages
    }
}
