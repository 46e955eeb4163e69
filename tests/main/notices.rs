//! Notices: when and where each cell is to come is what the simulation does, in every language somebody has written.

use std::path::Path;
use std::process::{Command, Output};

use scraper::{Html, Selector};
use swabplan::experiment::network;
use swabplan::network::appointments::appointments;
use swabplan::network::compile;
use swabplan::sim::trace::Trace;
use swabplan::sim::{Grain, Memory, simulate};
use swabplan::units::Time;

use crate::models::file;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn run(folder: &Path, words: &[&str]) -> Output {
    Command::new(assert_cmd::cargo::cargo_bin!("swabplan"))
        .args(["run", "--quiet", "--replications", "2", "--only", "notices"])
        .args(words)
        .arg("--out")
        .arg(folder.join("out"))
        .current_dir(ROOT)
        .env("SWABPLAN_LANG", "en")
        .output()
        .unwrap()
}

fn page(folder: &Path) -> Html {
    let html = std::fs::read_to_string(folder.join("out/notices.html")).unwrap();
    Html::parse_document(&html)
}

fn texts(page: &Html, selector: &str) -> Vec<String> {
    page.select(&Selector::parse(selector).unwrap())
        .map(|found| found.text().collect())
        .collect()
}

/// Nothing is unknown in these scenarios, so the notice is what happens, person by person.
#[test]
fn everyone_comes_within_the_hours_of_the_notice_to_the_site_it_names() {
    for (name, early) in [
        ("minimal.toml", 0),
        ("features/callers.toml", 0),
        ("features/partial-tubes.toml", 0),
        // A hundred minutes before a slot nobody comes; who is early by less comes before the notice says.
        ("features/booking.toml", 100),
    ] {
        let model = file(&Path::new(ROOT).join("scenarios").join(name), &[]);
        assert!(model.unknowns.is_empty(), "{name}");
        let told = appointments(&compile(&model, &|_| 0.5));
        let (network, streams) = network(&model, 0);
        let mut trace = Trace::default();
        let mut memory = Memory::default();
        simulate(&network, streams, Grain::Whole, &mut memory, &mut trace);
        let mut seen = 0;
        for record in trace.steps.iter().filter(|record| record.step.station == 0) {
            let round = &network.rounds[record.round];
            let site = round
                .sites
                .iter()
                .find(|site| site.site == record.site)
                .unwrap();
            let source = &site.sources[record.step.source as usize];
            if source.fetched {
                continue;
            }
            let cell = round.cells[source.cell as usize].cell;
            let notice = told
                .iter()
                .find(|one| (one.round, one.cell, one.site) == (record.round, cell, record.site))
                .unwrap();
            let slack = early * 60_000;
            let (from, to) = (notice.from.millis() - slack, notice.to.millis() + slack);
            assert!(
                (from..=to).contains(&record.step.ready),
                "{name}: {:?} is not in {notice:?}",
                Time::from_millis(record.step.ready)
            );
            seen += 1;
        }
        assert!(seen > 100, "{name}: {seen}");
    }
}

#[test]
fn each_cell_due_has_one_notice_in_every_language_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let phrases = folder.path().join("bo.toml");
    std::fs::write(
        &phrases,
        "[bo]\ntitle = \"བརྡ་ཐོ {round}\"\ncome = \"{cell}: {site} {day} {from} {to}\"\nhome = \"{cell} {day} {from}\"\nday = \"{month}/{date}\"\n",
    )
    .unwrap();
    let said = run(
        folder.path(),
        &[
            "scenarios/zeku.toml",
            "--lang",
            "both",
            "--phrases",
            phrases.to_str().unwrap(),
        ],
    );
    assert!(said.status.success(), "{said:?}");
    let page = page(folder.path());
    assert!(page.errors.is_empty(), "{:?}", page.errors);
    let model = file(&Path::new(ROOT).join("scenarios/zeku.toml"), &[]);
    let due: usize = model.rounds.values().map(|round| round.cells.len()).sum();
    let cards = texts(&page, "article.notice").len();
    assert!(cards >= due, "{cards} of {due}");
    for tag in ["zh", "en", "bo"] {
        let says = texts(&page, &format!("article.notice div[lang={tag}] p.say"));
        assert_eq!(says.len(), cards, "{tag}");
        assert!(says.iter().all(|say| !say.contains(['{', '}'])), "{says:?}");
    }
    let first = &texts(&page, "div[lang=bo] p.say")[0];
    assert!(first.contains("5/9"), "{first}");
    // Sealed cells are visited from the third round on, and told so.
    let home = texts(&page, "div[lang=en] p.say");
    assert!(home.iter().any(|say| say.contains("come to your door")));
}

#[test]
fn phrases_that_are_wrong_are_told_before_anything_is_simulated() {
    let folder = tempfile::tempdir().unwrap();
    let phrases = folder.path().join("bo.toml");
    std::fs::write(&phrases, "[bo]\ntitle = \"{who}\"\n").unwrap();
    let words = [
        "scenarios/minimal.toml",
        "--phrases",
        phrases.to_str().unwrap(),
    ];
    let said = run(folder.path(), &words);
    let text = String::from_utf8_lossy(&said.stderr).into_owned();
    assert_eq!(said.status.code(), Some(2), "{text}");
    for part in ["bo.toml", "S474", "S471", "{round}", "come"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!folder.path().join("out").exists());
}

#[test]
fn no_name_becomes_markup_on_a_notice() {
    let folder = tempfile::tempdir().unwrap();
    let hostile = "<script>alert(1)</script>";
    let set = format!("title_en={hostile}");
    let said = run(folder.path(), &["scenarios/minimal.toml", "--set", &set]);
    assert!(said.status.success(), "{said:?}");
    let html = std::fs::read_to_string(folder.path().join("out/notices.html")).unwrap();
    assert!(!html.contains(hostile) && html.contains("&lt;script&gt;"));
}
