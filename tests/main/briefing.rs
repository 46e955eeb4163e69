//! `report.html`: one file that opens anywhere, asks for nothing, and lets no word of a scenario become markup.

use std::path::Path;
use std::process::Command;

use scraper::{Html, Selector};
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// What nobody should ever call a county.
const HOSTILE: &str =
    r#"</title></script><script>alert(1)</script><img src=x onerror=alert(2)>"'&amp;]]>"#;

fn run(words: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let said = Command::new(assert_cmd::cargo::cargo_bin!("swabplan"))
        .args(["run", "--quiet", "--out"])
        .arg(folder.path().join("out"))
        .args(words)
        .current_dir(ROOT)
        .env("SWABPLAN_LANG", "en")
        .output()
        .unwrap();
    assert!(said.status.success(), "{said:?}");
    folder
}

fn read(folder: &TempDir, name: &str) -> String {
    std::fs::read_to_string(folder.path().join("out").join(name)).unwrap()
}

/// The report of a scenario with few replications.
fn report(words: &[&str]) -> String {
    let few = ["--replications", "4", "--only", "report"];
    read(&run(&[words, &few].concat()), "report.html")
}

fn count(page: &Html, selector: &str) -> usize {
    page.select(&Selector::parse(selector).unwrap()).count()
}

fn zeku() -> String {
    report(&["scenarios/zeku.toml"])
}

#[test]
fn the_report_is_html_without_an_error_and_has_every_part() {
    for html in [zeku(), report(&["scenarios/features/everything.toml"])] {
        let page = Html::parse_document(&html);
        assert!(page.errors.is_empty(), "{:?}", page.errors);
        for part in [
            "#front",
            "#charts",
            "#sheets",
            "#assumptions",
            "#method",
            "table.asks",
        ] {
            assert_eq!(count(&page, part), 1, "{part}");
        }
        assert!(count(&page, "figure svg[aria-label]") >= 5);
        assert!(count(&page, "article.sheet") >= 1);
        assert_eq!(count(&page, "figure"), count(&page, "figure figcaption"));
    }
}

#[test]
fn a_round_a_site_and_an_hour_on_the_map_can_be_chosen_by_whose_browser_runs_scripts() {
    let html = zeku();
    assert!(html.len() < 600_000, "{} bytes", html.len());
    let page = Html::parse_document(&html);
    // All six rounds and one for all; what cannot be chosen without scripts is hidden without them.
    assert_eq!(count(&page, "#round option"), 7);
    assert_eq!(
        count(&page, "#site option"),
        count(&page, "article.sheet") + 1
    );
    assert_eq!(count(&page, "p.choose"), count(&page, "p.choose[hidden]"));
    let map = Selector::parse("figure[data-hours]").unwrap();
    let hours = page
        .select(&map)
        .next()
        .unwrap()
        .attr("data-hours")
        .unwrap();
    let hours: serde_json::Value = serde_json::from_str(hours).unwrap();
    let places = hours["places"].as_array().unwrap();
    let sites = places.iter().filter(|place| place[2] == 1).count();
    assert_eq!((sites, places.len() > 40), (9, true));
    let last = hours["last"].as_i64().unwrap();
    assert!(
        places
            .iter()
            .all(|place| place[3].as_i64().unwrap() <= last)
    );
    // The map of each of the other five rounds waits in a template, which nothing shows but the script.
    assert_eq!(count(&page, "figure[data-hours] select option"), 6);
    assert_eq!(html.matches("<template><figure data-values=").count(), 5);
    assert_eq!(count(&page, "figure[data-hours] > .drawing > svg"), 1);
}

#[test]
fn the_report_asks_for_nothing_from_anywhere() {
    let html = zeku();
    let page = Html::parse_document(&html);
    for reaching in [
        "[src]", "[href]", "link", "iframe", "img", "form", "base", "image", "use", "object",
    ] {
        assert_eq!(count(&page, reaching), 0, "{reaching}");
    }
    assert!(html.contains("default-src 'none'"));
    for reaching in [
        "@import",
        "url(",
        "fetch(",
        "XMLHttpRequest",
        "http://",
        "https://",
    ] {
        assert!(!html.contains(reaching), "{reaching}");
    }
}

#[test]
fn no_word_of_a_scenario_becomes_markup() {
    let folder = tempfile::tempdir().unwrap();
    let quoted = |key: &str| format!("{key} = '''{HOSTILE}'''\n");
    let scenario = std::fs::read_to_string(Path::new(ROOT).join("scenarios/minimal.toml")).unwrap();
    let named = scenario.replacen("title_en = \"The smallest round\"", &quoted("title_en"), 1);
    let named = named
        .replacen(
            "id = \"R1\"\n",
            &format!("id = \"R1\"\n{}", quoted("name_en")),
            1,
        )
        .replacen(
            "id = \"C1\"\n",
            &format!("id = \"C1\"\n{}", quoted("name_en")),
            1,
        )
        .replacen(
            "id = \"S1\"\n",
            &format!("id = \"S1\"\n{}", quoted("name_en")),
            1,
        )
        .replacen(
            "id = \"van\"\n",
            &format!("id = \"van\"\n{}", quoted("name_en")),
            1,
        )
        .replacen(
            "id = \"lab\"\n",
            &format!("id = \"lab\"\n{}", quoted("name_en")),
            1,
        );
    assert_eq!(named.matches(HOSTILE).count(), 6);
    let file = folder.path().join("hostile.toml");
    std::fs::write(&file, named).unwrap();
    let html = report(&[file.to_str().unwrap()]);
    let page = Html::parse_document(&html);
    assert!(page.errors.is_empty(), "{:?}", page.errors);
    assert_eq!((count(&page, "script"), count(&page, "img")), (1, 0));
    let elements = page.root_element().descendants();
    for element in elements.filter_map(|node| node.value().as_element()) {
        assert!(
            element.attrs().all(|(name, _)| !name.starts_with("on")),
            "{element:?}"
        );
    }
    let head = page.select(&Selector::parse("h1").unwrap()).next().unwrap();
    assert_eq!(head.text().collect::<String>(), HOSTILE);
}

#[test]
fn a_title_without_spaces_and_places_without_names_have_a_report() {
    let long = format!("title_en={}", "Verylongcountyname".repeat(11));
    for words in [
        vec!["scenarios/minimal.toml", "--set", &long],
        vec!["scenarios/minimal.toml"],
    ] {
        let page = Html::parse_document(&report(&words));
        assert!(page.errors.is_empty(), "{:?}", page.errors);
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_number_of_threads() {
    let with = |jobs: &str| report(&["scenarios/features/everything.toml", "--jobs", jobs]);
    assert!(with("1") == with("3"));
}

#[test]
fn slides_paper_and_workbook_are_the_same_bytes_on_any_number_of_threads_in_both_languages() {
    let names = ["slides.pptx", "briefing.pdf", "workbook.xlsx"];
    let both = names.map(|name| name.replacen('.', "-zh.", 1));
    let with = |jobs: &str| {
        let few = ["--replications", "4", "--lang", "both", "--jobs", jobs];
        let only = ["--only", "slides,pdf,workbook"];
        let folder = run(&[&["scenarios/minimal.toml"][..], &few, &only].concat());
        let bytes = |name: &str| std::fs::read(folder.path().join("out").join(name)).unwrap();
        let all = names.iter().copied().chain(both.iter().map(String::as_str));
        all.map(bytes).collect::<Vec<_>>()
    };
    let (one, three) = (with("1"), with("3"));
    assert!(one == three);
    assert!(one[0].starts_with(b"PK") && one[1].starts_with(b"%PDF-") && one[2].starts_with(b"PK"));
    assert!(one.iter().all(|bytes| bytes.len() > 9_000));
}

#[test]
fn both_languages_are_written_where_asked_and_neither_has_words_of_the_other() {
    let folder = run(&[
        "scenarios/minimal.toml",
        "--replications",
        "4",
        "--lang",
        "both",
        "--only",
        "report,charts",
    ]);
    let (english, chinese) = (
        read(&folder, "report.html"),
        read(&folder, "report-zh.html"),
    );
    let han = |text: &str| {
        text.chars()
            .filter(|letter| ('\u{4e00}'..='\u{9fff}').contains(letter))
            .count()
    };
    assert_eq!(han(&english), 0);
    assert!(han(&chinese) > 400);
    assert!(english.contains("lang=\"en\"") && chinese.contains("lang=\"zh-CN\""));
    assert!(folder.path().join("out/campaign-zh.png").exists());
}

#[test]
fn only_what_is_asked_for_is_written_and_listed() {
    let folder = run(&[
        "scenarios/minimal.toml",
        "--replications",
        "4",
        "--only",
        "summary",
    ]);
    let mut names: Vec<String> = std::fs::read_dir(folder.path().join("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [".swabplan", "README.txt", "scenario.toml", "summary.json"]
    );
    let readme = read(&folder, "README.txt");
    assert!(
        readme.contains("summary.json")
            && !readme.contains("report.html")
            && !readme.contains(".csv  ")
    );
}
