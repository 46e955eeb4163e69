use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _};

use roxmltree::Document;

use super::*;
use crate::chart::Picture;
use crate::report::{brief, charts, fixture};

type Parts = BTreeMap<String, Vec<u8>>;

fn unpacked(bytes: &[u8]) -> Parts {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Parts::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        parts.insert(file.name().unwrap().to_string(), bytes);
    }
    parts
}

fn ending(name: &str) -> &str {
    name.rsplit('.').next().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn picture() -> Picture {
    Picture {
        png: b"\x89PNG".to_vec(),
        svg: "<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_owned(),
        size: (1920, 880),
    }
}

/// The slides of a run.
fn of_run(language: Language) -> Parts {
    let model = fixture::model();
    let results = fixture::results(&model);
    let drawn = charts::all(&model, &results, None, language);
    let page = brief::page(&model, &results, (&drawn, None), language);
    let pictures = vec![picture(); drawn.len()];
    unpacked(&brief::slides(&page, &drawn, &pictures, language))
}

/// Slides whose every word is this.
fn of_words(words: &str) -> Parts {
    let picture = picture();
    let grid = Grid {
        head: vec![words.to_owned(); 5],
        rows: vec![vec![words.to_owned(); 5]; 40],
    };
    let card = Section {
        head: words.to_owned(),
        lines: vec![words.to_owned(); 9],
    };
    let own = || words.to_owned();
    let slides = vec![
        Slide::Opening {
            title: own(),
            badge: Some((false, "late")),
            lines: vec![own(); 6],
            headline: vec![(own(), own()); 4],
        },
        Slide::Chart {
            title: own(),
            kicker: own(),
            picture: &picture,
        },
        Slide::Table {
            title: own(),
            kicker: own(),
            grid,
        },
        Slide::Cards {
            title: own(),
            kicker: own(),
            cards: vec![card; 5],
        },
    ];
    let deck = Deck {
        title: own(),
        footer: own(),
        language: Language::English,
        slides,
    };
    unpacked(&deck.bytes())
}

fn slides(parts: &Parts) -> Vec<&str> {
    let named = |name: &&String| name.starts_with("ppt/slides/slide");
    parts
        .keys()
        .filter(named)
        .map(|name| text(&parts[name]))
        .collect()
}

/// The part that a target of another part means.
fn resolved(from: &str, target: &str) -> String {
    let folder = from.replace("_rels/", "");
    let mut path: Vec<&str> = folder.split('/').collect();
    path.pop();
    for step in target.split('/') {
        if step == ".." {
            path.pop();
        } else {
            path.push(step);
        }
    }
    path.join("/")
}

/// What is wrong with the parts as a whole.
fn faults(parts: &Parts) -> Vec<String> {
    let mut faults = Vec::new();
    let types = text(&parts["[Content_Types].xml"]);
    for (name, bytes) in parts {
        if ending(name) != "png"
            && let Err(error) = Document::parse(text(bytes))
        {
            faults.push(format!("{name}: {error}"));
        }
        if !types.contains(&format!("Extension=\"{}\"", ending(name))) {
            faults.push(format!("{name} has no type"));
        }
        if ending(name) != "rels" {
            continue;
        }
        let relations = Document::parse(text(bytes)).unwrap();
        let mut ids = BTreeSet::new();
        for node in relations.descendants().filter(|node| {
            node.has_tag_name((
                "http://schemas.openxmlformats.org/package/2006/relationships",
                "Relationship",
            ))
        }) {
            let target = resolved(name, node.attribute("Target").unwrap());
            if !parts.contains_key(&target) {
                faults.push(format!("{name} names {target}"));
            }
            ids.insert(node.attribute("Id").unwrap().to_owned());
        }
        let holder = name.replace("_rels/", "").replace(".rels", "");
        let Some(owned) = parts.get(&holder) else {
            continue;
        };
        let document = Document::parse(text(owned)).unwrap();
        for node in document.descendants() {
            let used = node.attributes().filter(|attribute| {
                attribute
                    .namespace()
                    .is_some_and(|space| space.ends_with("relationships"))
            });
            for attribute in used {
                if !ids.contains(attribute.value()) {
                    faults.push(format!("{holder} uses {}", attribute.value()));
                }
            }
        }
    }
    faults
}

#[test]
fn every_part_is_well_formed_and_every_reference_is_met() {
    let long = "Verylongcountyname".repeat(40);
    let hostile = "</a:t><evil a=\"1\">&amp;]]>\u{1}\u{ffff}";
    for parts in [
        of_run(Language::Chinese),
        of_run(Language::English),
        of_words(hostile),
        of_words(&long),
        of_words(""),
    ] {
        assert_eq!(faults(&parts), Vec::<String>::new());
        let listed = text(&parts["ppt/presentation.xml"])
            .matches("<p:sldId ")
            .count();
        assert_eq!(slides(&parts).len(), listed);
    }
}

#[test]
fn a_run_has_its_verdict_its_charts_and_tables_that_can_be_edited() {
    let parts = of_run(Language::English);
    let slides = slides(&parts);
    let all = slides.concat();
    assert!(all.contains("Model county town, two rounds"));
    assert!(all.contains("<a:tbl>") && all.contains("svgBlip"));
    let titles = |slide: &&str| {
        let document = Document::parse(slide).unwrap();
        let title = document.descendants().find(|node| {
            node.attribute("type")
                .is_some_and(|kind| kind == "title" || kind == "ctrTitle")
        });
        let shape = title.unwrap().ancestors().nth(3).unwrap();
        shape
            .descendants()
            .filter_map(|node| node.text())
            .collect::<String>()
    };
    let titles: Vec<String> = slides.iter().map(titles).collect();
    assert!(
        titles.iter().all(|title| !title.trim().is_empty()),
        "{titles:#?}"
    );
    let charts = parts.keys().filter(|name| ending(name) == "svg").count();
    assert!(charts >= 5, "{charts}");
}

#[test]
fn hostile_words_stay_words() {
    let hostile = "</a:t><evil a=\"1\">&amp;";
    let parts = of_words(hostile);
    for slide in slides(&parts) {
        let document = Document::parse(slide).unwrap();
        assert!(
            document
                .descendants()
                .all(|node| node.tag_name().name() != "evil")
        );
    }
    assert!(slides(&parts).concat().contains("&lt;evil"));
}

#[test]
fn nothing_stands_beyond_the_slide_whatever_the_words() {
    for words in [
        "Verylongcountyname".repeat(40),
        "很长的采样点名字".repeat(30),
        "a b ".repeat(200),
    ] {
        let parts = of_words(&words);
        for slide in slides(&parts) {
            let document = Document::parse(slide).unwrap();
            let number = |node: roxmltree::Node<'_, '_>, name: &str| -> i64 {
                node.attribute(name).unwrap().parse().unwrap()
            };
            for place in document
                .descendants()
                .filter(|node| node.tag_name().name() == "xfrm")
            {
                let parts: Vec<_> = place
                    .children()
                    .filter(roxmltree::Node::is_element)
                    .collect();
                let right = number(parts[0], "x") + number(parts[1], "cx");
                let bottom = number(parts[0], "y") + number(parts[1], "cy");
                assert!(
                    right <= 12_192_000 && bottom <= 6_858_000,
                    "{right} {bottom}"
                );
            }
        }
    }
}

#[test]
fn the_same_results_give_the_same_bytes() {
    assert!(of_run(Language::Chinese) == of_run(Language::Chinese));
}
