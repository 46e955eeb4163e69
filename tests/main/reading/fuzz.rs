//! Whatever a file holds, there is an answer, soon.

use std::io::{Cursor, Read, Write};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use swabplan::scenario::render;
use swabplan::scenario::tree::{Node, Value};
use swabplan::units::language::Language;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::{Folder, workbook};

const SCENARIO: &str = r#"#:schema ./swabplan.schema.json
title = "泽库县城 第一至三轮"
cells = "cells.csv" # or a workbook
sites = [{ id = "S1", lanes = 3, lon = 101.46 }, { id = "S2", hours = { open = ["07:00-12:00"] } }]
[lane]
pace = { assumed = "60 people/h", range = "41..85", source = '''Xi'an''' }
[[couriers]]
id = "van"
every = "2 h"
first = 07:30:00
[[rounds]]
id = "R1"
opens = 2022-05-09 07:00:00
swabbed = 12_263
[layouts.city]
labs.city.machines = 0x1f
[[layouts.city.sites]]
id = "S1"
remove = true
"#;
const CELLS: &str = "编号,名称,常住,经度,纬度,采样点\r\nC01,\"东,街\",\"1,200\",101.46,35.03,S1\r\nC02,西街,９００,101.47,35.04,S2\r\n";
const MAP: &str = r#"{"type": "FeatureCollection", "features": [{"id": 1, "properties": {"name": "a", "residents": 5},
 "geometry": {"type": "Polygon", "coordinates": [[[101.0, 35.0], [101.5, 35.0], [101.5, 35.5], [101.0, 35.0]]]}}]}"#;

const OPEN_DOCUMENT: &str = "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet><table:table table:name=\"cells\">\
    <table:table-row><table:table-cell office:value-type=\"string\"><text:p>编号</text:p></table:table-cell><table:table-cell office:value-type=\"string\"><text:p>常住</text:p></table:table-cell></table:table-row>\
    <table:table-row table:number-rows-repeated=\"2\"><table:table-cell office:value-type=\"string\"><text:p>C01</text:p></table:table-cell><table:table-cell table:number-columns-repeated=\"3\" office:value-type=\"float\" office:value=\"900\"><text:p>900</text:p></table:table-cell></table:table-row>\
    </table:table></office:spreadsheet></office:body></office:document-content>";

/// Reads the files and shows what is wrong with them. The tree has no more than it may have.
fn survives(files: &[(&str, &[u8])], set: &[&str]) {
    let folder = Folder::new();
    for (name, bytes) in files {
        folder.write(name, bytes);
    }
    let document = folder.load_with("a.toml", Some("city"), set);
    assert!(depth(&document.root) <= 70, "the tree is not deep");
    assert!(
        matches!(document.root.value, Value::Table(_)),
        "the root is a table"
    );
    for language in [Language::Chinese, Language::English] {
        let shown = render::render(&document.problems, &document.sources, language, false);
        assert!(
            shown.chars().all(|c| c == '\n' || !c.is_control()),
            "{shown:?}"
        );
        assert!(render::json(&document.problems, &document.sources, language).is_array());
    }
}

fn depth(node: &Node) -> usize {
    match &node.value {
        Value::List(nodes) => nodes.iter().map(depth).max().unwrap_or(0) + 1,
        Value::Table(entries) => {
            entries
                .iter()
                .map(|entry| depth(&entry.node))
                .max()
                .unwrap_or(0)
                + 1
        }
        Value::Text(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => 0,
    }
}

fn table(name: &str, bytes: &[u8]) {
    survives(
        &[
            (
                "a.toml",
                format!("cells = \"{name}\"\nsites = \"{name}#sites\"\n").as_bytes(),
            ),
            (name, bytes),
        ],
        &["cells.C01.residents=3"],
    );
}

/// Something done to a text at some place.
#[derive(Clone, Debug)]
enum Change {
    Insert(Vec<u8>),
    Delete(usize),
    Repeat(usize),
    Replace(u8),
}

fn changes() -> impl Strategy<Value = Vec<(Index, Change)>> {
    let pieces: [&[u8]; 22] = [
        b"[",
        b"]",
        b"{",
        b"}",
        b"\"",
        b"\"\"\"",
        b"'",
        b"=",
        b".",
        b",",
        b"\n",
        b"\r",
        b"\\",
        b"#",
        b"nan",
        b"1e999",
        b"\0",
        "“".as_bytes(),
        "，".as_bytes(),
        b"\xff\xfe",
        b"99999999999999999999",
        b"<",
    ];
    let change = prop_oneof![
        select(pieces.to_vec()).prop_map(|piece| Change::Insert(piece.to_vec())),
        vec(any::<u8>(), 1..4).prop_map(Change::Insert),
        (1_usize..40).prop_map(Change::Delete),
        (1_usize..40).prop_map(Change::Repeat),
        any::<u8>().prop_map(Change::Replace),
    ];
    vec((any::<Index>(), change), 1..8)
}

fn changed(original: &[u8], changes: &[(Index, Change)]) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for (place, change) in changes {
        let at = place.index(bytes.len() + 1);
        let most = bytes.len();
        let end = |length: usize| (at + length).min(most);
        match change {
            Change::Insert(piece) => drop(bytes.splice(at..at, piece.iter().copied())),
            Change::Delete(length) => drop(bytes.drain(at..end(*length))),
            Change::Repeat(length) => {
                let piece = bytes[at..end(*length)].to_vec();
                bytes.splice(at..at, piece);
            }
            Change::Replace(byte) => {
                if let Some(place) = bytes.get_mut(at) {
                    *place = *byte;
                }
            }
        }
    }
    bytes
}

/// The parts of a packed file, each changed and packed again.
fn repacked(packed: &[u8], part: Index, changes: &[(Index, Change)]) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(packed)).expect("the original is well formed");
    let chosen = part.index(archive.len());
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive
            .by_index(index)
            .expect("the original is well formed");
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes)
            .expect("the original is well formed");
        let name = part
            .name()
            .expect("the original is well formed")
            .to_string();
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        writer
            .start_file(name, stored)
            .expect("a part can be started");
        let bytes = if index == chosen {
            changed(&bytes, changes)
        } else {
            bytes
        };
        writer.write_all(&bytes).expect("a part can be written");
    }
    writer
        .finish()
        .expect("the archive can be closed")
        .into_inner()
}

fn cells_workbook() -> Vec<u8> {
    let cells: &[&[&str]] = &[
        &["编号", "名称", "常住", "采样点"],
        &["C01", "东街", "900", "S1"],
        &["C02", "西街", "=#REF!", "S1"],
    ];
    workbook(&[
        ("cells", cells),
        ("sites", &[&["id", "台数"], &["S1", "4"]]),
    ])
}

fn open_document() -> Vec<u8> {
    open_document_of(OPEN_DOCUMENT)
}

#[test]
fn the_originals_are_read() {
    let folder = Folder::with(&[
        ("cells.csv", CELLS),
        ("map.geojson", MAP),
        ("a.toml", SCENARIO),
    ]);
    folder.write("cells.xlsx", cells_workbook());
    folder.write("cells.ods", open_document());
    let document = folder.load("a.toml");
    assert!(
        document.problems.list.is_empty(),
        "{}",
        folder.rendered(&document, Language::English)
    );
    for (name, rows) in [
        ("cells.csv", 2),
        ("map.geojson", 1),
        ("cells.xlsx", 2),
        ("cells.ods", 2),
    ] {
        folder.write("b.toml", format!("cells = \"{name}\"\n"));
        let document = folder.load("b.toml");
        let Some(Value::List(cells)) = document.root.get("cells").map(|node| &node.value) else {
            panic!("{name}")
        };
        assert_eq!(
            cells.len(),
            rows,
            "{}",
            folder.rendered(&document, Language::English)
        );
    }
}

/// An open-document workbook with this content.
fn open_document_of(content: &str) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        (
            "META-INF/manifest.xml",
            "<manifest:manifest xmlns:manifest=\"m\"></manifest:manifest>",
        ),
        ("content.xml", content),
    ] {
        writer
            .start_file(name, SimpleFileOptions::default())
            .expect("a part can be started");
        writer
            .write_all(text.as_bytes())
            .expect("a part can be written");
    }
    writer
        .finish()
        .expect("the archive can be closed")
        .into_inner()
}

#[test]
fn a_workbook_that_breaks_off_or_swells_is_answered() {
    for content in [
        OPEN_DOCUMENT.replace("</table:table>", ""),
        OPEN_DOCUMENT.replace("repeated=\"2\"", "repeated=\"999999999\""),
        OPEN_DOCUMENT.replace("repeated=\"3\"", "repeated=\"99999999999999999999\""),
        OPEN_DOCUMENT.replace("C01", "<text:s text:c=\"99999999999\"/>"),
        OPEN_DOCUMENT.replace("C01", &"<text:p>".repeat(100_000)),
        OPEN_DOCUMENT.replace(
            "C01",
            &format!(
                "{}{}",
                "<text:p>".repeat(100_000),
                "</text:p>".repeat(100_000)
            ),
        ),
    ] {
        table("t.ods", &open_document_of(&content));
    }
}

#[test]
fn deep_and_long_files_are_answered() {
    let many = 100_000;
    for text in [
        "[".repeat(many),
        "{".repeat(many),
        format!("x = {}", "[".repeat(many)),
        format!("x = {}", "{a=".repeat(many)),
        format!("[{}]", "a.".repeat(many)),
        format!("{}a = 1", "a.".repeat(many)),
        format!("{}a = 1", "\"a\" . ".repeat(many)),
        format!("x = {}", format!("{{ {}a = ", "a.".repeat(60)).repeat(60)),
        format!("[[{}]]\n", "a.".repeat(60) + "a").repeat(1_000),
        "a = 1\n".repeat(many),
        "]\n".repeat(many),
        format!("x = \"{}", "\\\"[".repeat(many)),
        "\"".repeat(many),
        "x = '''".to_owned() + &"[".repeat(many),
        "\u{feff}".repeat(many),
    ] {
        survives(&[("a.toml", text.as_bytes())], &[]);
        survives(
            &[("a.toml", b"title = 'a'\n")],
            &[&text, &format!("x={text}")],
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_answered_as_a_scenario(bytes in vec(any::<u8>(), 0..300)) {
        survives(&[("a.toml", &bytes)], &[]);
    }

    #[test]
    fn any_text_is_answered_as_a_scenario(text in "[\\[\\]{}\"'=., \na-c0-9#\\\\“，泽\t\r_-]{0,120}") {
        survives(&[("a.toml", text.as_bytes())], &[&text]);
    }

    #[test]
    fn a_damaged_scenario_is_answered(changes in changes()) {
        let bytes = changed(SCENARIO.as_bytes(), &changes);
        survives(&[("a.toml", &bytes), ("cells.csv", CELLS.as_bytes())], &["sites.S2.lanes=1"]);
    }

    #[test]
    fn any_bytes_are_answered_as_a_table(bytes in vec(any::<u8>(), 0..300)) {
        table("t.csv", &bytes);
    }

    #[test]
    fn any_bytes_are_answered_as_a_workbook(bytes in vec(any::<u8>(), 0..2_000), zipped in any::<bool>()) {
        let start: &[u8] = if zipped { b"PK\x03\x04" } else { b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" };
        table("t.xlsx", &[start, &bytes].concat());
    }

    #[test]
    fn a_damaged_table_is_answered(changes in changes()) {
        table("t.csv", &changed(CELLS.as_bytes(), &changes));
        table("t.geojson", &changed(MAP.as_bytes(), &changes));
    }

    #[test]
    fn a_damaged_workbook_is_answered(part in any::<Index>(), changes in changes()) {
        table("t.xlsx", &repacked(&cells_workbook(), part, &changes));
        table("t.ods", &repacked(&open_document(), part, &changes));
    }

    #[test]
    fn a_change_on_the_command_line_is_answered(set in "[a-zS0-2.=\"'\\[{ ]{0,30}") {
        survives(&[("a.toml", SCENARIO.as_bytes()), ("cells.csv", CELLS.as_bytes())], &[&set]);
    }
}
