//! `watch` and `serve` over the wire: what the page shows, who may ask for it, and what can be changed by it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::json;
use swabplan::scenario::document::Options;
use tempfile::TempDir;

/// Tries every 20 ms before giving up: a minute.
const TRIES: usize = 3_000;

/// A page being served, with the folder of its scenario.
struct Page {
    folder: TempDir,
    process: Child,
    port: u16,
}

impl Page {
    /// Watches the smallest scenario.
    fn watch() -> Self {
        Self::of("watch")
    }

    fn of(verb: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        shipped("minimal.toml", &folder.path().join("base.toml"));
        save(&folder, "title_en = \"first\"\n");
        Self::start(verb, "plan.toml", folder)
    }

    fn start(verb: &str, file: &str, folder: TempDir) -> Self {
        let mut process = program(folder.path(), &[verb, file, "--replications", "4"]);
        let mut line = String::new();
        let out = process.stdout.as_mut().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        let told: serde_json::Value = serde_json::from_str(&line).unwrap();
        let address = told["address"].as_str().unwrap().trim_end_matches('/');
        let port = address.rsplit(':').next().unwrap().parse().unwrap();
        assert_eq!(address, format!("http://127.0.0.1:{port}"));
        Self {
            folder,
            process,
            port,
        }
    }

    /// What comes back for a request of these lines.
    fn ask(&self, first: &str, lines: &[&str]) -> String {
        self.send(first, lines, "")
    }

    /// What comes back for a request of these lines and this body.
    fn send(&self, first: &str, lines: &[&str], body: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let mut request = format!(
            "{first} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n",
            body.len()
        );
        for line in lines {
            request += line;
            request += "\r\n";
        }
        stream
            .write_all(format!("{request}\r\n{body}").as_bytes())
            .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8(answer).unwrap()
    }

    fn host(&self) -> String {
        format!("Host: 127.0.0.1:{}", self.port)
    }

    fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path}"), &[&self.host()])
    }

    /// The status of an answer to a request with these lines besides the page's own name.
    fn status(&self, first: &str, lines: &[&str]) -> String {
        let host = self.host();
        let lines: Vec<&str> = std::iter::once(host.as_str())
            .chain(lines.iter().copied())
            .collect();
        status(&self.ask(first, &lines))
    }

    /// What comes back for a change that the page wants, with this token.
    fn change(&self, path: &str, token: &str, body: &serde_json::Value) -> String {
        let token = format!("X-Token: {token}");
        let first = format!("POST {path}");
        self.send(&first, &[&self.host(), &token], &body.to_string())
    }

    /// What stands between these words on the page.
    fn between(&self, before: &str, after: &str) -> String {
        let page = self.get("/");
        let rest = page.split_once(before).unwrap().1;
        rest.split_once(after).unwrap().0.to_owned()
    }

    /// Waits until the page holds all of these words.
    fn until(&self, words: &[&str]) {
        for _ in 0..TRIES {
            let page = self.get("/");
            if words.iter().all(|words| page.contains(words)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let page: String = self.get("/").chars().take(3_000).collect();
        panic!("never {words:?} on {page}");
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _gone = self.process.wait();
    }
}

fn program(folder: &Path, words: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_swabplan"))
        .args(words)
        .args(["--lang", "en", "--format", "json"])
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Copies a shipped file.
fn shipped(name: &str, to: &Path) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    std::fs::copy(from.join(name), to).unwrap();
}

/// Saves the scenario as editors do: another file, renamed.
fn save(folder: &TempDir, text: &str) {
    let aside = folder.path().join("plan.toml~");
    std::fs::write(&aside, format!("extends = \"base.toml\"\n{text}")).unwrap();
    std::fs::rename(aside, folder.path().join("plan.toml")).unwrap();
}

fn status(answer: &str) -> String {
    answer
        .split_whitespace()
        .nth(1)
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn a_save_brings_the_new_briefing_a_mistake_its_remedy_and_mending_it_the_briefing_again() {
    let page = Page::watch();
    page.until(&["<h1>first</h1>", "4 replications; saving starts it anew"]);
    save(
        &page.folder,
        "title_en = \"second\"\nlane = { pace = \"fast\" }\n",
    );
    page.until(&[
        "1 thing to mend",
        "plan.toml:3:17",
        "<pre class=\"lines\">error[S",
    ]);
    assert!(!page.get("/").contains("<h1>second</h1>"));
    save(&page.folder, "title_en = \"third\"\n");
    page.until(&["<h1>third</h1>", "class=\"done\""]);
    // What it extends is read anew as well.
    let base = page.folder.path().join("base.toml");
    let text = std::fs::read_to_string(&base).unwrap();
    std::fs::write(&base, text.replace("residents = 1200", "residents = 1234")).unwrap();
    page.until(&["1,234 due", "class=\"done\""]);
}

#[test]
fn two_hundred_saves_lose_nothing() {
    let page = Page::watch();
    for number in 1..=200 {
        save(&page.folder, &format!("title_en = \"save {number}\"\n"));
        std::thread::sleep(Duration::from_millis(number % 13));
    }
    page.until(&["<h1>save 200</h1>", "class=\"done\""]);
}

#[test]
fn nobody_is_let_in_but_the_page_itself() {
    let page = Page::watch();
    assert_eq!(page.status("GET /", &[]), "200");
    for path in ["/", "/body", "/news", "/page.js"] {
        let refused = page.ask(&format!("GET {path}"), &["Host: evil.example"]);
        assert_eq!(status(&refused), "403", "{path}");
        assert!(refused.len() < 900 && !refused.contains("first"));
        let get = format!("GET {path}");
        assert_eq!(page.status(&get, &["Origin: http://evil.example"]), "403");
        assert_eq!(page.status(&get, &["Sec-Fetch-Site: cross-site"]), "403");
    }
    assert_eq!(page.status("GET http://evil.example/", &[]), "403");
    assert_eq!(page.status("POST /", &[]), "405");
}

#[test]
fn no_address_leads_to_a_file() {
    let page = Page::watch();
    for path in [
        "/plan.toml",
        "/../plan.toml",
        "/..%2fplan.toml",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/page.css/../plan.toml",
        "//etc/passwd",
        "/body/plan.toml",
    ] {
        let answer = page.get(path);
        assert_eq!(status(&answer), "404", "{path}");
        assert!(!answer.contains("extends"));
    }
}

#[test]
fn a_browser_is_told_to_fetch_nothing_from_elsewhere() {
    let page = Page::watch();
    let answer = page.get("/").to_ascii_lowercase();
    for line in [
        "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self';",
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
        "cache-control: no-store",
    ] {
        assert!(answer.contains(line), "{line}");
    }
}

#[test]
fn a_port_in_use_and_a_scenario_that_is_not_there_are_told_at_once() {
    let page = Page::watch();
    let port = page.port.to_string();
    let taken = program(page.folder.path(), &["watch", "plan.toml", "--port", &port]);
    let taken = taken.wait_with_output().unwrap();
    assert_eq!(taken.status.code(), Some(2));
    let said = String::from_utf8(taken.stderr).unwrap();
    assert!(said.contains(&port) && said.contains("--port"), "{said}");
    let missing = program(page.folder.path(), &["watch", "plam.toml"]);
    let missing = missing.wait_with_output().unwrap();
    assert_eq!(missing.status.code(), Some(2));
    let said = String::from_utf8(missing.stderr).unwrap();
    assert!(
        said.contains("S001") && said.contains("plan.toml"),
        "{said}"
    );
}

#[test]
fn sliders_are_tried_beside_the_plan_and_saved_as_a_variant_that_is_read() {
    let page = Page::of("serve");
    page.until(&[
        "Lanes at every site",
        "Machines: PCR at lab",
        "class=\"done\"",
    ]);
    let token = page.between("data-token=\"", "\"");
    let number: u64 = page
        .between("<div id=\"knobs\" data-number=\"", "\"")
        .parse()
        .unwrap();
    let knobs = page.between("<div id=\"knobs\"", "</div>");
    let at = |knob: &str| -> usize {
        let rest = knob.split_once("data-at=\"").unwrap().1;
        rest.split_once('"').unwrap().0.parse().unwrap()
    };
    let mut positions: Vec<usize> = knobs.split("<label").skip(1).map(at).collect();
    positions[0] += 2;
    let moved = json!({"panel": number, "positions": positions, "name": "two-more"});
    let late = json!({"panel": number + 1, "positions": positions, "name": "two-more"});
    assert_eq!(
        status(&page.change("/try", "0123456789abcdef", &moved)),
        "403"
    );
    assert_eq!(status(&page.change("/save", "", &moved)), "403");
    assert_eq!(status(&page.change("/try", &token, &late)), "409");
    assert_eq!(status(&page.change("/try", &token, &moved)), "204");
    page.until(&[
        "Lanes at every site: 0 → +2",
        "4 replications of each, 95% intervals",
        "swabbed by",
    ]);
    assert_eq!(status(&page.change("/save", &token, &moved)), "200");
    let file = page.folder.path().join("two-more.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(
        text.contains("extends = \"plan.toml\"") && text.contains("lanes = 4"),
        "{text}"
    );
    let read = swabplan::scenario::read(&file, &Options::default()).unwrap();
    assert_eq!(read.model.sites.values().next().unwrap().lanes.value, 4);
    // Never overwritten, and never elsewhere.
    assert_eq!(status(&page.change("/save", &token, &moved)), "409");
    let out = json!({"panel": number, "positions": positions, "name": "../out"});
    assert_eq!(status(&page.change("/save", &token, &out)), "409");
    let wrong = json!({"panel": number, "positions": [1], "name": "x"});
    assert_eq!(status(&page.change("/save", &token, &wrong)), "409");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    assert!(!page.folder.path().join("../out.toml").exists());
}

#[test]
fn the_county_has_sliders_for_lanes_hours_vehicles_trips_and_machines() {
    let folder = tempfile::tempdir().unwrap();
    for file in ["zeku.toml", "zeku.xlsx"] {
        shipped(file, &folder.path().join(file));
    }
    let page = Page::start("serve", "zeku.toml", folder);
    page.until(&["class=\"knob\""]);
    let knobs = page.between("<div id=\"knobs\"", "</div>");
    for name in [
        "Lanes at every site",
        "Pace of each lane",
        "Sites close at",
        "Vehicles: ",
        "Time between trips: ",
        "Machines: ",
        "Lanes at Site 3",
    ] {
        assert!(knobs.contains(name), "{name}");
    }
}

#[test]
fn a_scenario_that_names_its_levers_has_these_sliders_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    shipped("features/levers.toml", &folder.path().join("plan.toml"));
    let page = Page::start("serve", "plan.toml", folder);
    page.until(&["class=\"knob\"", "class=\"done\""]);
    let knobs = page.between("<div id=\"knobs\"", "</div>");
    let names: Vec<&str> = knobs
        .split("<label class=\"knob\"><span>")
        .skip(1)
        .map(|knob| knob.split_once('<').unwrap().0)
        .collect();
    assert_eq!(
        names,
        [
            "Lanes at Site 2",
            "Pace of each lane",
            "Vehicles: Vans",
            "Time between trips: Vans",
            "Machines: PCR at County laboratory",
            "Door-to-door teams: How many teams",
            "People in a full tube: Precaution areas and everyone else",
        ]
    );
    assert!(knobs.contains(r#"data-steps="[&quot;5&quot;,&quot;10&quot;,&quot;20&quot;]""#));
    let token = page.between("data-token=\"", "\"");
    let number = page.between("<div id=\"knobs\" data-number=\"", "\"");
    let number: u64 = number.parse().unwrap();
    // Four lanes in place of three; all else stays.
    let moved = json!({"panel": number, "positions": [2, 4, 0, 1, 1, 1, 1], "name": "four"});
    assert_eq!(status(&page.change("/try", &token, &moved)), "204");
    page.until(&[
        "<p class=\"moved\">Lanes at Site 2: 3 → 4</p>",
        "4 replications of each, 95% intervals",
    ]);
    assert_eq!(status(&page.change("/save", &token, &moved)), "200");
    let text = std::fs::read_to_string(page.folder.path().join("four.toml")).unwrap();
    let said: toml::Table = text.parse().unwrap();
    let keys: Vec<&str> = said.keys().map(String::as_str).collect();
    assert_eq!(keys, ["extends", "sites", "title", "title_en"]);
    assert_eq!(
        said["sites"].to_string().replace(' ', ""),
        "[{id=\"S2\",lanes=4}]"
    );
}

#[test]
fn what_is_wrong_with_a_lever_is_told_with_its_line_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    shipped("minimal.toml", &folder.path().join("base.toml"));
    save(
        &folder,
        "levers = [\n  \"sites.S1.lanes=1..4\",\n  \"sites.S1.lans=1..4\",\n]\n",
    );
    let checked = program(folder.path(), &["check", "plan.toml"]);
    let checked = checked.wait_with_output().unwrap();
    assert_eq!(checked.status.code(), Some(2));
    let told: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap();
    let problem = &told[0]["problems"][0];
    assert_eq!(
        (&problem["code"], &problem["line"], &problem["column"]),
        (&json!("S100"), &json!(4), &json!(3))
    );
    assert!(
        problem["message"]
            .as_str()
            .unwrap()
            .contains("sites.S1.lans")
    );
    assert!(problem["help"].as_str().unwrap().contains("`lanes`"));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it() {
    let mut page = Page::watch();
    let listener = TcpStream::connect(("127.0.0.1", page.port)).unwrap();
    let id = page.process.id().to_string();
    Command::new("kill").args(["-INT", &id]).status().unwrap();
    assert_eq!(page.process.wait().unwrap().code(), Some(130));
    drop(listener);
}
