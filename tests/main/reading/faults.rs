//! Every fault has its code, its place and its remedy, in both languages.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{Cursor, Write as _};

use swabplan::scenario::document::Document;
use swabplan::scenario::render;
use swabplan::units::language::Language;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Folder, codes, workbook};

const CELLS: &str = "编号,名称,常住\nC1,东街,900\n";

/// Each fault by itself: what is wrong, and the document.
fn gallery(folder: &Folder) -> Vec<(&'static str, Document)> {
    let mut gallery = file_faults(folder);
    gallery.extend(tree_faults(folder));
    gallery.extend(command_faults(folder));
    gallery.extend(table_faults(folder));
    gallery.extend(workbook_faults(folder));
    gallery
}

fn file_faults(folder: &Folder) -> Vec<(&'static str, Document)> {
    folder.write("zeku.toml", "title = \"泽库\"\n");
    folder.write("sub/inner.toml", "title = \"a\"\n");
    folder.write("invalid-name.toml", "extends = \"a\\u0000b.toml\"\n");
    let large = |name, size| {
        File::create(folder.path(name))
            .and_then(|file| file.set_len(size))
            .expect("a sparse file can be made");
    };
    large("large.toml", 200 << 20);
    large("large.csv", 200 << 20);
    folder.write("large-table.toml", "cells = \"large.csv\"\n");
    folder.write("picture.toml", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    folder.write("book.toml", workbook(&[("cells", &[&["id"]])]));
    folder.write(
        "damaged.toml",
        b"title = \"\xe6\xb3\xbd\xe5\xba\x93\xe5\x8e\xbf\xff\xe5\x9f\x8e\"\n",
    );
    folder.write("deep.toml", "x = ".to_owned() + &"[".repeat(100_000));
    folder.write("deep-keys.toml", format!("a{} = 1\n", ".a".repeat(100_000)));
    folder.write(
        "tibetan.toml",
        "title = \"泽库\"\ncells = [{ id = \"C1\", name = \"བོད\" }, { id = \"C2\", name = \"东街 🚑\" }]\n",
    );
    folder.write("empty.toml", "# nothing yet\n");
    folder.write(
        "syntax.toml",
        "title = 泽库\nevery = 45 min\nopen = “07:00”\nday = 2022-05-09 7:00\nlanes = 12,000\nlanes = 3\n[sites\nx =\n名称 = 1\nyes = True\n",
    );
    vec![
        ("missing, and a near name", folder.load("zeko.toml")),
        (
            "missing, and the name without its ending",
            folder.load("zeku"),
        ),
        ("missing with its folder", folder.load("nowhere/zeku.toml")),
        ("a folder", folder.load("sub")),
        (
            "a name that no file can have",
            folder.load("invalid-name.toml"),
        ),
        ("200 MB", folder.load("large.toml")),
        ("a table of 200 MB", folder.load("large-table.toml")),
        ("a picture", folder.load("picture.toml")),
        ("a workbook", folder.load("book.toml")),
        ("a damaged character", folder.load("damaged.toml")),
        (
            "characters that charts cannot show",
            folder.load("tibetan.toml"),
        ),
        ("a hundred thousand brackets", folder.load("deep.toml")),
        ("a hundred thousand dots", folder.load("deep-keys.toml")),
        ("nothing", folder.load("empty.toml")),
        ("syntax", folder.load("syntax.toml")),
    ]
}

fn tree_faults(folder: &Folder) -> Vec<(&'static str, Document)> {
    folder.write("extends-number.toml", "extends = 3\n");
    folder.write("extends-missing.toml", "extends = \"zeko.toml\"\n");
    folder.write("circle-a.toml", "extends = \"circle-b.toml\"\n");
    folder.write("circle-b.toml", "extends = \"sub/../circle-a.toml\"\n");
    for step in 0..20 {
        folder.write(
            &format!("chain-{step}.toml"),
            format!("extends = \"chain-{}.toml\"\n", step + 1),
        );
    }
    folder.write(
        "layouts.toml",
        "title = \"a\"\n[layouts.city]\ntitle = \"州府\"\n[layouts.mobile]\nextends = \"b.toml\"\n[layouts]\nodd = 3\n",
    );
    folder.write("layouts-number.toml", "layouts = 3\n");
    folder.write(
        "base.toml",
        "[[sites]]\nid = \"S1\"\n[[sites]]\nid = \"S2\"\n",
    );
    folder.write(
        "remove.toml",
        "extends = \"base.toml\"\n[[sites]]\nid = \"S11\"\nremove = true\n[[sites]]\nid = \"S2\"\nremove = \"yes\"\n[[labs]]\nid = \"L\"\nremove = true\n",
    );
    vec![
        ("extends a number", folder.load("extends-number.toml")),
        (
            "extends a missing file",
            folder.load("extends-missing.toml"),
        ),
        ("a circle", folder.load("circle-a.toml")),
        ("a long chain", folder.load("chain-0.toml")),
        (
            "an unknown layout",
            folder.load_with("layouts.toml", Some("citi"), &[]),
        ),
        (
            "a layout where there are none",
            folder.load_with("zeku.toml", Some("city"), &[]),
        ),
        (
            "layouts that are a number",
            folder.load("layouts-number.toml"),
        ),
        ("removing what is not there", folder.load("remove.toml")),
    ]
}

fn command_faults(folder: &Folder) -> Vec<(&'static str, Document)> {
    folder.write(
        "set.toml",
        "[lane]\npace = \"60 people/h\"\n[hours]\nopen = [\"07:00-12:00\"]\n[[sites]]\nid = \"S1\"\n[[couriers]]\nid = \"van\"\n",
    );
    let set = [
        "lanes",
        "=3",
        "sites..lanes=3",
        "sites.S11.lanes=3",
        "couriers.truck.every=1 h",
        "labs.county.machines=2",
        "site.S1.lanes=3",
        "lane.pace.range=41..85",
        "hours.open.0=07:00-13:00",
        "lane.crew={ swabber = 2",
        "lane.pace=",
        "extends=other.toml",
    ];
    vec![(
        "changes on the command line",
        folder.load_with("set.toml", None, &set),
    )]
}

fn table_faults(folder: &Folder) -> Vec<(&'static str, Document)> {
    let case = |what, file: &str, text: &str| {
        folder.write(file, text);
        folder.write("table.toml", format!("cells = \"{file}\"\n"));
        (what, folder.load("table.toml"))
    };
    let long = "编号,名称,常驻人口,经度,纬度,编号,备注\n\
        C1,东街,900,35.03,101.46,C1,\n\
        C1,西街,\"1,200\",35.04,101.45,C1,\n\
        ,北街,700,35.05,101.47,,\n\
        C3,南街,1,200,35.05,101.47,C3,近\n\
        C4,桥头\n\
        合计,,2800\n\
        注：截至五月八日,,,,,,\n";
    vec![
        case("a CSV with everything wrong", "wrong.csv", long),
        case("an empty table", "empty.csv", "\n\n"),
        case(
            "a table without ids",
            "anonymous.csv",
            "名称,常住\n东街,900\n",
        ),
        case("a table without rows", "bare.csv", "编号,名称\n"),
        case(
            "an open quotation mark",
            "quote.csv",
            "编号,名称\nC1,\"东街\nC2,西街\n",
        ),
        case(
            "a web page",
            "page.xls",
            "<html><table><tr><td>编号</td></tr></table></html>",
        ),
        case(
            "broken JSON",
            "broken.geojson",
            "{\"type\": \"FeatureCollection\",\n \"features\": [}\n",
        ),
        case(
            "JSON of something else",
            "other.geojson",
            "{\"type\": \"Point\"}",
        ),
        case(
            "a feature without coordinates",
            "odd.geojson",
            "{\"features\": [{\"properties\": {\"id\": \"C1\"}, \"geometry\": {\"type\": \"Point\", \"coordinates\": [\"a\"]}}]}",
        ),
        case("a CSV with a sheet", "cells.csv", CELLS),
        {
            folder.write("sheet.toml", "cells = \"cells.csv#cells\"\n");
            ("a sheet of a CSV", folder.load("sheet.toml"))
        },
    ]
}

fn workbook_faults(folder: &Folder) -> Vec<(&'static str, Document)> {
    let cells: &[&[&str]] = &[
        &["泽库县网格台账"],
        &["编号", "名称", "常住（人）", "采样点"],
        &["C1", "东街", "900", "S1"],
        &["C2", "西街", "=#REF!", "S1", "记得核对"],
        &["", "合计", "=900"],
    ];
    folder.write(
        "zeku.xlsx",
        workbook(&[("cells", cells), ("sites", &[&["id"], &["S1"]])]),
    );
    let case = |what, reference: &str| {
        folder.write("book.toml", format!("cells = \"{reference}\"\n"));
        (what, folder.load("book.toml"))
    };
    let mut cases = vec![
        case("a workbook's cells", "zeku.xlsx#cells"),
        case("a sheet that is not there", "zeku.xlsx#cels"),
    ];
    folder.write("locked.xlsx", locked_workbook());
    cases.push(case("a workbook with a password", "locked.xlsx"));
    folder.write("damaged.xlsx", &workbook(&[("cells", cells)])[..2_000]);
    cases.push(case("half a workbook", "damaged.xlsx"));
    folder.write("bomb.xlsx", bomb());
    cases.push(case("a workbook that unpacks to a gigabyte", "bomb.xlsx"));
    cases
}

/// The container in which spreadsheets lock a workbook, with nothing in it but the mark of the lock.
fn locked_workbook() -> Vec<u8> {
    let mut file = vec![0; 512 * 3];
    let mut put = |at: usize, bytes: &[u8]| file[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    put(26, &[3, 0]);
    put(30, &[9, 0, 6, 0]);
    put(48, &1_u32.to_le_bytes());
    put(68, &[0xfe, 0xff, 0xff, 0xff]);
    put(76, &[0; 4]);
    put(80, &[0xff; 432]);
    put(512, &[0xfd, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff]);
    for (index, name) in ["Root Entry", "EncryptedPackage"].into_iter().enumerate() {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let at = 1024 + 128 * index;
        put(at, &name);
        put(at + 64, &(name.len() as u16 + 2).to_le_bytes());
    }
    file
}

/// A megabyte that unpacks to a thousand.
fn bomb() -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive
        .start_file("xl/sharedStrings.xml", SimpleFileOptions::default())
        .expect("a part can be started");
    let piece = vec![b' '; 1 << 20];
    for _ in 0..1_000 {
        archive.write_all(&piece).expect("a part can be written");
    }
    archive
        .finish()
        .expect("the archive can be closed")
        .into_inner()
}

#[test]
fn every_fault_is_shown_with_its_place_and_its_remedy() {
    let folder = Folder::new();
    let (mut chinese, mut english, mut met) = (String::new(), String::new(), BTreeSet::new());
    for (what, document) in gallery(&folder) {
        met.extend(codes(&document));
        for (text, language) in [
            (&mut chinese, Language::Chinese),
            (&mut english, Language::English),
        ] {
            writeln!(text, "=== {what}\n{}", folder.rendered(&document, language))
                .expect("a string can be written to");
        }
    }
    insta::assert_snapshot!("faults_in_chinese", chinese);
    insta::assert_snapshot!("faults_in_english", english);
    let documented: BTreeSet<_> = include_str!("../../../src/scenario/problem.rs")
        .lines()
        .filter_map(|line| {
            line.strip_prefix("//! | S")?
                .get(..3)
                .filter(|code| *code < "100")
        })
        .map(|code| format!("S{code}"))
        .collect();
    assert_eq!(
        met.iter()
            .map(|code| (*code).to_owned())
            .collect::<BTreeSet<_>>(),
        documented
    );
}

#[test]
fn programs_get_the_same_as_a_list() {
    let folder = Folder::new();
    folder.write(
        "zeku.xlsx",
        workbook(&[("cells", &[&["编号", "常住"], &["C1", "=#REF!"]])]),
    );
    folder.write("zeku.toml", "cells = \"zeku.xlsx#cells\"\nx = 泽\n");
    let document = folder.load("zeku.toml");
    let json = render::json(&document.problems, &document.sources, Language::English);
    let list = json.as_array().expect("a list");
    assert_eq!(list.len(), 2);
    assert_eq!(
        (
            list[0]["code"].as_str(),
            list[0]["line"].as_u64(),
            list[0]["column"].as_u64()
        ),
        (Some("S008"), Some(2), Some(5))
    );
    assert_eq!(
        (
            list[1]["sheet"].as_str(),
            list[1]["cell"].as_str(),
            list[1]["line"].as_u64()
        ),
        (Some("cells"), Some("B2"), None)
    );
    assert!(list.iter().all(|problem| {
        problem["severity"] == "error"
            && problem["help"]
                .as_str()
                .is_some_and(|help| !help.is_empty())
    }));
}

#[test]
fn nothing_in_a_file_can_control_the_terminal() {
    let folder = Folder::with(&[(
        "evil.toml",
        "title = \"\u{1b}[2J\u{202e}\u{7}\" x\n\u{1b}]0;owned\u{7} = 1\n",
    )]);
    let document = folder.load_with("evil.toml", Some("\u{1b}[31m"), &["\u{1b}[5m.x=1"]);
    for language in [Language::Chinese, Language::English] {
        let text = folder.rendered(&document, language);
        assert!(
            !text.is_empty()
                && text
                    .chars()
                    .all(|c| c == '\n' || (!c.is_control() && c != '\u{202e}')),
            "{text}"
        );
    }
}

#[test]
fn a_line_of_a_megabyte_is_cut_around_the_place_meant() {
    let folder = Folder::new();
    folder.write(
        "long.toml",
        format!("x = [{}泽, 1]\n", "12345, ".repeat(150_000)),
    );
    let document = folder.load("long.toml");
    let text = folder.rendered(&document, Language::English);
    assert!(text.len() < 2_000, "{}", text.len());
    assert!(
        text.contains("long.toml:1:1050006") && text.contains("…") && text.contains('泽'),
        "{text}"
    );
}

#[test]
fn after_a_hundred_problems_the_rest_is_counted() {
    let folder = Folder::new();
    folder.write("many.toml", "x = a b\n".repeat(150));
    let text = folder.rendered(&folder.load("many.toml"), Language::English);
    assert!(
        text.ends_with("… and 50 more.\n150 errors\n"),
        "{}",
        &text[text.len() - 200..]
    );
}

#[test]
fn one_fault_found_twice_is_shown_once() {
    let folder = Folder::with(&[("twice.toml", "cells = \"none.csv\"\n")]);
    let mut document = folder.load("twice.toml");
    document
        .problems
        .list
        .extend(document.problems.list.clone());
    assert!(
        folder
            .rendered(&document, Language::Chinese)
            .ends_with("\n1 处错误\n")
    );
}
