//! A scenario is one tree, whichever files, layouts and changes it comes from.

use encoding_rs::GB18030;
use swabplan::scenario::document::base_folder;
use swabplan::scenario::tree::{Content, Spot};
use swabplan::units::language::Language;

use super::{Folder, codes, plain};

const ZEKU: &str = r#"title = "泽库"
[lane]
pace = { assumed = "60 people/h", range = "41..85", source = "西安" }
crew = { scanner = 1, swabber = 1 }
[[sites]]
id = "S1"
lanes = 3
[[sites]]
id = "S2"
lanes = 2
"#;

#[test]
fn a_value_knows_where_it_was_written() {
    let folder = Folder::with(&[
        ("zeku.toml", ZEKU),
        (
            "more.toml",
            "extends = \"zeku.toml\"\n[[sites]]\nid = \"S2\"\nlanes = 5\n",
        ),
    ]);
    let document = folder.load_with("more.toml", None, &["lane.crew.swabber=2"]);
    let text = |node: &swabplan::scenario::tree::Node| {
        let source = &document.sources.list[node.place.source.0 as usize];
        match (&source.content, node.place.spot) {
            (Content::Text(text), Spot::Bytes { start, end }) => text[start..end].to_owned(),
            other => panic!("{other:?}"),
        }
    };
    let sites = document.root.get("sites").unwrap();
    let swabplan::scenario::tree::Value::List(sites) = &sites.value else {
        panic!("{sites:?}")
    };
    assert_eq!(text(sites[0].get("lanes").unwrap()), "3");
    assert_eq!(text(sites[1].get("lanes").unwrap()), "5");
    assert_eq!(text(sites[1].get("id").unwrap()), "\"S2\"");
    assert_eq!(
        text(
            document
                .root
                .get("lane")
                .unwrap()
                .get("crew")
                .unwrap()
                .get("swabber")
                .unwrap()
        ),
        "2"
    );
}

#[test]
fn a_variant_changes_what_it_names_and_nothing_else() {
    let folder = Folder::with(&[
        ("zeku.toml", ZEKU),
        (
            "more.toml",
            "extends = \"zeku.toml\"\n[lane]\ncrew = { swabber = 2 }\n[[sites]]\nid = \"S2\"\nremove = true\n[[sites]]\nid = \"S3\"\nlanes = 1\n[[sites]]\nid = \"S1\"\nname = \"体育场\"\n",
        ),
    ]);
    assert_eq!(
        folder.tree("more.toml"),
        "{title=\"泽库\" \
         lane={pace={assumed=\"60 people/h\" range=\"41..85\" source=\"西安\"} crew={scanner=1 swabber=2}} \
         sites=[{id=\"S1\" lanes=3 name=\"体育场\"}, {id=\"S3\" lanes=1}]}"
    );
}

#[test]
fn a_new_value_does_not_keep_the_range_of_the_old_one() {
    let folder = Folder::with(&[
        ("zeku.toml", ZEKU),
        (
            "more.toml",
            "extends = \"zeku.toml\"\n[lane]\npace = { assumed = \"50 people/h\" }\n",
        ),
        (
            "range.toml",
            "extends = \"zeku.toml\"\n[lane]\npace = { range = \"50..70\" }\n",
        ),
    ]);
    assert!(
        folder
            .tree("more.toml")
            .contains("pace={assumed=\"50 people/h\"}")
    );
    assert!(
        folder
            .tree("range.toml")
            .contains("pace={assumed=\"60 people/h\" range=\"50..70\" source=\"西安\"}")
    );
}

#[test]
fn one_distribution_takes_the_place_of_another() {
    let folder = Folder::with(&[
        (
            "base.toml",
            "service = { lognormal = { mean = \"45 s\", cv = 0.4 } }\n",
        ),
        (
            "gamma.toml",
            "extends = \"base.toml\"\nservice = { gamma = { mean = \"45 s\", cv = 0.6 } }\n",
        ),
        (
            "mean.toml",
            "extends = \"base.toml\"\nservice = { lognormal = { mean = \"50 s\" } }\n",
        ),
    ]);
    assert_eq!(
        folder.tree("gamma.toml"),
        "{service={gamma={mean=\"45 s\" cv=0.6}}}"
    );
    assert_eq!(
        folder.tree("mean.toml"),
        "{service={lognormal={mean=\"50 s\" cv=0.4}}}"
    );
}

#[test]
fn two_entries_with_one_id_in_one_file_both_stay_to_be_reported() {
    let folder = Folder::with(&[
        ("zeku.toml", ZEKU),
        (
            "more.toml",
            "extends = \"zeku.toml\"\nsites = [{ id = \"S1\", lanes = 4 }, { id = \"S1\", lanes = 5 }]\n",
        ),
    ]);
    assert!(
        folder
            .tree("more.toml")
            .ends_with("sites=[{id=\"S1\" lanes=4}, {id=\"S2\" lanes=2}, {id=\"S1\" lanes=5}]}")
    );
}

#[test]
fn lists_without_ids_are_replaced() {
    let folder = Folder::with(&[
        (
            "base.toml",
            "open = [\"07:00-12:00\"]\ncrews = [{ hours = \"00:00-24:00\", technicians = 8 }]\n",
        ),
        (
            "more.toml",
            "extends = \"base.toml\"\nopen = [\"08:00-20:00\"]\ncrews = [{ hours = \"08:00-20:00\", technicians = 4 }]\n",
        ),
    ]);
    assert_eq!(
        folder.tree("more.toml"),
        "{open=[\"08:00-20:00\"] crews=[{hours=\"08:00-20:00\" technicians=4}]}"
    );
}

#[test]
fn a_layout_lies_over_the_whole_chain_and_the_command_line_over_all() {
    let folder = Folder::with(&[
        (
            "base.toml",
            "x = 1\n[layouts.city]\ntitle = \"州府\"\nx = 2\n[layouts.county]\n",
        ),
        (
            "more.toml",
            "extends = \"base.toml\"\nx = 3\ny = 3\n[layouts.city]\ny = 4\ntitle_en = \"Prefecture\"\n[layouts.mobile]\n",
        ),
    ]);
    assert_eq!(plain(&folder.load("more.toml").root), "{x=3 y=3}");
    let city = folder.load_with("more.toml", Some("city"), &["y=5"]);
    assert_eq!(
        plain(&city.root),
        "{x=2 y=5 title=\"州府\" title_en=\"Prefecture\"}"
    );
    let names: Vec<_> = city.layouts.iter().map(|layout| &*layout.name).collect();
    assert_eq!(names, ["city", "county", "mobile"]);
    assert_eq!(
        (
            city.layouts[0].title.as_deref(),
            city.layouts[0].title_en.as_deref()
        ),
        (Some("州府"), Some("Prefecture"))
    );
}

#[test]
fn the_command_line_addresses_by_id_and_takes_toml_or_text() {
    let folder = Folder::with(&[("zeku.toml", ZEKU)]);
    let set = [
        "sites.S1.lanes = 4",
        "sites.\"S2\".name=东 门",
        "sites.S2.hours.open=[\"08:00-20:00\"]",
        "lane.pace=50 people/h",
        "lane.crew={ guide = 1 }",
        "coming.batch=20",
        "quick＝true",
        "opens=2022-05-09 07:00",
    ];
    let document = folder.load_with("zeku.toml", None, &set);
    assert_eq!(
        codes(&document),
        Vec::<&str>::new(),
        "{}",
        folder.rendered(&document, Language::English)
    );
    assert_eq!(
        plain(&document.root),
        "{title=\"泽库\" lane={pace=\"50 people/h\" crew={scanner=1 swabber=1 guide=1}} \
         sites=[{id=\"S1\" lanes=4}, {id=\"S2\" lanes=2 name=\"东 门\" hours={open=[\"08:00-20:00\"]}}] \
         coming={batch=20} quick=true opens=\"2022-05-09 07:00\"}"
    );
    let removed = folder.load_with("zeku.toml", None, &["sites.S1.remove=true"]);
    assert!(plain(&removed.root).ends_with("sites=[{id=\"S2\" lanes=2}]}"));
}

#[test]
fn changes_and_variants_reach_into_the_rows_of_a_sheet() {
    let folder = Folder::with(&[
        ("data/cells.csv", "编号,常住,采样点\nC1,900,S1\nC2,800,S1\n"),
        ("data/other.csv", "id,residents\nC9,5\n"),
        (
            "data/base.toml",
            "cells = \"cells.csv\"\n[layouts.other]\ncells = \"other.csv\"\n",
        ),
        (
            "more.toml",
            "extends = \"data/base.toml\"\n[[cells]]\nid = \"C2\"\nresidents = 850\n[[cells]]\nid = \"C1\"\nremove = true\n",
        ),
        (
            "new.toml",
            "extends = \"data\\\\base.toml\"\ncells = \"data/other.csv\"\n",
        ),
    ]);
    let cells = |name, layout, set: &[&str]| {
        plain(
            folder
                .load_with(name, layout, set)
                .root
                .get("cells")
                .unwrap(),
        )
    };
    assert_eq!(
        cells("more.toml", None, &[]),
        "[{id=\"C2\" residents=850 site=\"S1\"}]"
    );
    assert_eq!(
        cells("more.toml", None, &["cells.C2.residents=900"]),
        "[{id=\"C2\" residents=900 site=\"S1\"}]"
    );
    assert_eq!(
        cells("data/base.toml", None, &["cells.C1.residents=1"]),
        cells("data/base.toml", None, &[]).replace("900", "1")
    );
    assert_eq!(cells("new.toml", None, &[]), "[{id=\"C9\" residents=5}]");
    assert_eq!(
        cells("data/base.toml", Some("other"), &[]),
        "[{id=\"C9\" residents=5}]"
    );
}

#[test]
fn a_reference_is_relative_to_the_file_that_makes_it() {
    let folder = Folder::with(&[
        ("data/base.toml", "x = 1\n"),
        ("more.toml", "extends = \"data/base.toml\"\ny = 1\n"),
    ]);
    let document = folder.load_with("more.toml", None, &["z=1"]);
    let base = |key| base_folder(&document.sources, document.root.get(key).unwrap().place);
    assert_eq!(base("x"), folder.path("data"));
    assert_eq!(
        base("y"),
        folder.path("").components().collect::<std::path::PathBuf>()
    );
    assert_eq!(base("z"), std::path::PathBuf::new());
}

#[test]
fn one_file_in_every_dress_gives_the_same_tree() {
    let folder = Folder::new();
    let crlf = ZEKU.replace('\n', "\r\n");
    let utf_16: Vec<u8> = [0xfeff]
        .into_iter()
        .chain(crlf.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let variants = [
        ZEKU.as_bytes().to_vec(),
        crlf.clone().into_bytes(),
        format!("\u{feff}{crlf}").into_bytes(),
        GB18030.encode(&crlf).0.into_owned(),
        utf_16,
    ];
    let trees = variants.map(|bytes| {
        folder.write("zeku.toml", bytes);
        folder.tree("zeku.toml")
    });
    assert!(trees.iter().all(|tree| *tree == trees[0]), "{trees:#?}");
}

#[test]
fn places_are_right_in_every_dress() {
    let text = "title = \"泽库\"\r\n名 = 1\r\n";
    for bytes in [
        text.as_bytes().to_vec(),
        format!("\u{feff}{text}").into_bytes(),
        GB18030.encode(text).0.into_owned(),
    ] {
        let folder = Folder::new();
        folder.write("zeku.toml", bytes);
        let shown = folder.rendered(&folder.load("zeku.toml"), Language::Chinese);
        assert!(
            shown.contains("zeku.toml:2:1\n") && shown.contains("2 | 名 = 1\n"),
            "{shown}"
        );
    }
}

#[test]
fn an_incomplete_document_says_so() {
    let folder = Folder::with(&[("half.toml", "x = 1\ny = 泽\n"), ("whole.toml", "x = 1\n")]);
    let half = folder.load("half.toml");
    assert!(!half.whole && half.root.get("x").is_some());
    assert!(folder.load("whole.toml").whole);
}
