//! The parts of the file and how they refer to one another, packed so that the same parts give the same bytes.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::xml::escaped;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const CONTENT: &str = "application/vnd.openxmlformats-officedocument.presentationml";
/// Namespaces of every part of a presentation.
pub(super) const SPACES: &str = "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\"";

/// A slide as XML, with the pictures it shows.
pub(super) struct Part<'a> {
    pub(super) xml: String,
    /// Whether it is laid out as the first one.
    pub(super) first: bool,
    /// As dots and as lines; the slide knows the nth as `rId2n` and `rId2n+1`, counted from 1.
    pub(super) pictures: Vec<(&'a [u8], &'a str)>,
}

/// The whole file.
pub(super) fn pack(title: &str, slides: &[Part<'_>]) -> Vec<u8> {
    const IN_MEMORY: &str =
        "writing into memory does not fail, and no part has the name of another";
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let packed = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let stored = packed.compression_method(CompressionMethod::Stored);
    let mut put = |name: &str, bytes: &[u8]| {
        // Pictures of dots are packed already.
        let is_dots = bytes.starts_with(b"\x89PNG");
        let how = if is_dots { stored } else { packed };
        zip.start_file(name, how).expect(IN_MEMORY);
        zip.write_all(bytes).expect(IN_MEMORY);
    };
    put("[Content_Types].xml", types(slides.len()).as_bytes());
    for (name, xml) in fixed(title, slides.len()) {
        put(name, xml.as_bytes());
    }
    let mut picture = 0;
    for (number, slide) in (1..).zip(slides) {
        put(
            &format!("ppt/slides/slide{number}.xml"),
            slide.xml.as_bytes(),
        );
        let layout = if slide.first { 1 } else { 2 };
        let layout = format!("../slideLayouts/slideLayout{layout}.xml");
        let mut relations = vec![("slideLayout", layout)];
        for (dots, lines) in &slide.pictures {
            picture += 1;
            for (ending, bytes) in [("png", *dots), ("svg", lines.as_bytes())] {
                put(&format!("ppt/media/image{picture}.{ending}"), bytes);
                relations.push(("image", format!("../media/image{picture}.{ending}")));
            }
        }
        let relations = related(relations.iter().map(|(kind, to)| (*kind, to.as_str())));
        put(
            &format!("ppt/slides/_rels/slide{number}.xml.rels"),
            relations.as_bytes(),
        );
    }
    zip.finish().expect(IN_MEMORY).into_inner()
}

/// The parts that every presentation has.
fn fixed(title: &str, slides: usize) -> Vec<(&'static str, String)> {
    let theme = "../theme/theme1.xml";
    let master = "../slideMasters/slideMaster1.xml";
    let layouts = [
        "../slideLayouts/slideLayout1.xml",
        "../slideLayouts/slideLayout2.xml",
    ];
    let own = |text: &str| text.to_owned();
    vec![
        ("_rels/.rels", package()),
        ("docProps/core.xml", core(title)),
        ("docProps/app.xml", app(slides)),
        ("ppt/presentation.xml", presentation(slides)),
        ("ppt/_rels/presentation.xml.rels", listed(slides)),
        ("ppt/theme/theme1.xml", own(include_str!("parts/theme.xml"))),
        (
            "ppt/slideMasters/slideMaster1.xml",
            own(include_str!("parts/master.xml")),
        ),
        (
            "ppt/slideMasters/_rels/slideMaster1.xml.rels",
            related([
                ("slideLayout", layouts[0]),
                ("slideLayout", layouts[1]),
                ("theme", theme),
            ]),
        ),
        (
            "ppt/slideLayouts/slideLayout1.xml",
            own(include_str!("parts/layout-title.xml")),
        ),
        (
            "ppt/slideLayouts/_rels/slideLayout1.xml.rels",
            related([("slideMaster", master)]),
        ),
        (
            "ppt/slideLayouts/slideLayout2.xml",
            own(include_str!("parts/layout-finding.xml")),
        ),
        (
            "ppt/slideLayouts/_rels/slideLayout2.xml.rels",
            related([("slideMaster", master)]),
        ),
    ]
}

fn types(slides: usize) -> String {
    let mut xml = format!(
        "{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
    );
    let endings = [
        (
            "rels",
            "application/vnd.openxmlformats-package.relationships+xml",
        ),
        ("xml", "application/xml"),
        ("png", "image/png"),
        ("svg", "image/svg+xml"),
    ];
    for (ending, kind) in endings {
        let _in_memory = write!(
            xml,
            "<Default Extension=\"{ending}\" ContentType=\"{kind}\"/>"
        );
    }
    let office = "application/vnd.openxmlformats-officedocument";
    let mut parts = vec![
        (
            "ppt/presentation.xml".to_owned(),
            format!("{CONTENT}.presentation.main+xml"),
        ),
        (
            "ppt/slideMasters/slideMaster1.xml".to_owned(),
            format!("{CONTENT}.slideMaster+xml"),
        ),
        (
            "ppt/slideLayouts/slideLayout1.xml".to_owned(),
            format!("{CONTENT}.slideLayout+xml"),
        ),
        (
            "ppt/slideLayouts/slideLayout2.xml".to_owned(),
            format!("{CONTENT}.slideLayout+xml"),
        ),
        (
            "ppt/theme/theme1.xml".to_owned(),
            format!("{office}.theme+xml"),
        ),
        (
            "docProps/core.xml".to_owned(),
            "application/vnd.openxmlformats-package.core-properties+xml".to_owned(),
        ),
        (
            "docProps/app.xml".to_owned(),
            format!("{office}.extended-properties+xml"),
        ),
    ];
    parts.extend((1..=slides).map(|number| {
        (
            format!("ppt/slides/slide{number}.xml"),
            format!("{CONTENT}.slide+xml"),
        )
    }));
    for (part, kind) in parts {
        let _in_memory = write!(
            xml,
            "<Override PartName=\"/{part}\" ContentType=\"{kind}\"/>"
        );
    }
    xml + "</Types>"
}

/// What a part refers to, numbered from `rId1`.
fn related<'a>(to: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut xml = format!("{HEAD}<Relationships xmlns=\"{RELATIONS}\">");
    for (number, (kind, target)) in (1..).zip(to) {
        let _in_memory = write!(
            xml,
            "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>"
        );
    }
    xml + "</Relationships>"
}

fn package() -> String {
    format!(
        "{HEAD}<Relationships xmlns=\"{RELATIONS}\">\
         <Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"ppt/presentation.xml\"/>\
         <Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>\
         <Relationship Id=\"rId3\" Type=\"{OFFICE}/extended-properties\" Target=\"docProps/app.xml\"/>\
         </Relationships>"
    )
}

fn listed(slides: usize) -> String {
    let slides: Vec<String> = (1..=slides)
        .map(|number| format!("slides/slide{number}.xml"))
        .collect();
    let fixed = [
        ("slideMaster", "slideMasters/slideMaster1.xml"),
        ("theme", "theme/theme1.xml"),
    ];
    let slides = slides.iter().map(|slide| ("slide", slide.as_str()));
    related(fixed.into_iter().chain(slides))
}

fn presentation(slides: usize) -> String {
    let mut xml = format!(
        "{HEAD}<p:presentation {SPACES} saveSubsetFonts=\"1\"><p:sldMasterIdLst><p:sldMasterId id=\"2147483648\" r:id=\"rId1\"/></p:sldMasterIdLst><p:sldIdLst>"
    );
    for number in 1..=slides {
        let (id, relation) = (255 + number, 2 + number);
        let _in_memory = write!(xml, "<p:sldId id=\"{id}\" r:id=\"rId{relation}\"/>");
    }
    xml + "</p:sldIdLst><p:sldSz cx=\"12192000\" cy=\"6858000\"/><p:notesSz cx=\"6858000\" cy=\"9144000\"/></p:presentation>"
}

/// Title and date; the date is always the same, for the same results give the same bytes.
fn core(title: &str) -> String {
    let title = escaped(title);
    format!(
        "{HEAD}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{title}</dc:title><dcterms:created xsi:type=\"dcterms:W3CDTF\">2022-05-09T00:00:00Z</dcterms:created></cp:coreProperties>"
    )
}

fn app(slides: usize) -> String {
    format!(
        "{HEAD}<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\"><Application>swabplan</Application><Slides>{slides}</Slides></Properties>"
    )
}
