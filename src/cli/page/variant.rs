//! "Save as variant": a new scenario beside the one shown, which extends it by what the sliders say. Nothing is ever overwritten.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use toml::{Table, Value};

use crate::scenario;
use crate::scenario::document::Options;
use crate::scenario::keys::{KEYS, Key, Kind};
use crate::scenario::problem::Words;
use crate::units::language::Language;

use super::sliders::{Setting, Sliders};

/// The longest name, in characters.
const LONGEST: usize = 60;

/// Names that no file may have on some systems.
const RESERVED: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Writes the variant of this name and says where it is, or why there is none.
pub(super) fn save(
    base: &Path,
    name: &str,
    (sliders, positions): (&Sliders, &[usize]),
    language: Language,
) -> Result<String, Words> {
    if !is_good(name) {
        return Err(Words::new(
            format!("名字只能用字母、数字和连字符，最多 {LONGEST} 个字"),
            format!("a name has letters, digits and dashes only, at most {LONGEST}"),
        ));
    }
    let settings = sliders.settings(positions);
    if settings.is_empty() {
        return Err(Words::new(
            "滑块都在原处，没有要存的",
            "no slider was moved: there is nothing to save",
        ));
    }
    let Some(extended) = base.file_name().and_then(|name| name.to_str()) else {
        return Err(Words::new(
            "方案的文件名不是通用文字，不能引用",
            "the scenario's file name is no text that another file could refer to",
        ));
    };
    let file = base.with_file_name(format!("{name}.toml"));
    let shown = file.display().to_string();
    let remarks = sliders.moved(positions, language);
    let text = written(extended, (name, sliders), &settings, &remarks);
    // `create_new` fails if anything is there, at whatever moment it came to be.
    let opened = OpenOptions::new().write(true).create_new(true).open(&file);
    let mut opened = opened.map_err(|error| {
        if error.kind() != ErrorKind::AlreadyExists {
            return unwritten(&shown, &error);
        }
        Words::new(
            format!("{shown} 已经有了，换一个名字"),
            format!("{shown} is there already: choose another name"),
        )
    })?;
    let done = opened
        .write_all(text.as_bytes())
        .and_then(|()| opened.sync_all());
    drop(opened);
    let checked = done
        .map_err(|error| unwritten(&shown, &error))
        .and_then(|()| is_whole(&file));
    if checked.is_err() {
        // It is the file that was just made here.
        let _removed = fs::remove_file(&file);
    }
    checked.map(|()| shown)
}

/// Whether a file may be called so everywhere, and the name leads nowhere else.
fn is_good(name: &str) -> bool {
    let of_a_port = |name: &str| {
        let digit = name
            .strip_prefix("com")
            .or_else(|| name.strip_prefix("lpt"));
        digit.is_some_and(|digit| digit.len() == 1)
    };
    let lower = name.to_lowercase();
    let fine = |letter: char| letter.is_alphanumeric() || letter == '-';
    !name.is_empty()
        && name.chars().count() <= LONGEST
        && name.chars().all(fine)
        && !name.starts_with('-')
        && !RESERVED.contains(&lower.as_str())
        && !of_a_port(&lower)
}

fn written(
    extended: &str,
    (name, sliders): (&str, &Sliders),
    settings: &[Setting],
    remarks: &[String],
) -> String {
    let mut root = Table::new();
    root.insert("extends".to_owned(), Value::from(extended));
    let title = &sliders.model.title;
    root.insert(
        "title".to_owned(),
        Value::from(format!("{} · {name}", title.zh)),
    );
    root.insert(
        "title_en".to_owned(),
        Value::from(format!("{} · {name}", title.en)),
    );
    for (path, value) in settings {
        place(&mut root, (path, ""), value);
    }
    let plain = |letter: char| if letter.is_control() { ' ' } else { letter };
    let remarks: Vec<String> = remarks
        .iter()
        .map(|line| format!("# {}\n", line.chars().map(plain).collect::<String>()))
        .collect();
    format!("{}{root}", remarks.concat())
}

/// Puts a value where its path leads in a table whose keys the catalogue has under `inside`.
fn place(table: &mut Table, (path, inside): (&[String], &str), value: &Value) {
    let [key, rest @ ..] = path else { return };
    let Some(next) = rest.first() else {
        table.insert(key.clone(), value.clone());
        return;
    };
    let full = if inside.is_empty() {
        key.clone()
    } else {
        format!("{inside}.{key}")
    };
    let known = KEYS.iter().find(|known| known.path == full);
    let inside = known.map_or(full, Key::inside);
    if known.is_none_or(|known| known.kind != Kind::Tables) {
        let inner = table
            .entry(key)
            .or_insert_with(|| Value::Table(Table::new()));
        if let Value::Table(inner) = inner {
            place(inner, (rest, &inside), value);
        }
        return;
    }
    let list = table.entry(key).or_insert_with(|| Value::Array(Vec::new()));
    let Value::Array(list) = list else { return };
    let is_meant = |entry: &Value| entry.get("id").and_then(Value::as_str) == Some(next);
    let at = list.iter().position(is_meant).unwrap_or_else(|| {
        let mut entry = Table::new();
        entry.insert("id".to_owned(), Value::from(next.as_str()));
        list.push(Value::Table(entry));
        list.len() - 1
    });
    if let Value::Table(entry) = &mut list[at] {
        place(entry, (&rest[1..], &inside), value);
    }
}

/// Makes sure that what was written is read without a complaint.
fn is_whole(file: &Path) -> Result<(), Words> {
    match scenario::read(file, &Options::default()) {
        Ok(_) => Ok(()),
        Err(refusal) => {
            let first = refusal.problems.list.first();
            Err(first.map_or_else(
                || Words::new("写出的方案读不了", "what was written cannot be read"),
                |problem| problem.what.clone(),
            ))
        }
    }
}

fn unwritten(file: &str, error: &std::io::Error) -> Words {
    Words::new(
        format!("写不了 {file}：{error}"),
        format!("cannot write {file}: {error}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_to_no_other_folder_and_fits_every_system() {
        for good in ["six-lanes", "六张台", "a", "2"] {
            assert!(is_good(good), "{good}");
        }
        let long = "x".repeat(61);
        for bad in [
            "", "-a", "a/b", "..", "a.b", "a b", "a\\b", "C:", "nul", "COM1", "a\n", "a\0", "%2e",
            &long,
        ] {
            assert!(!is_good(bad), "{bad}");
        }
    }

    #[test]
    fn entries_of_lists_are_written_once_with_their_id() {
        let mut root = Table::new();
        let path = |text: &str| text.split('.').map(ToOwned::to_owned).collect::<Vec<_>>();
        for (at, value) in [
            ("couriers.van.vehicles", 3),
            ("couriers.van.every", 4),
            ("labs.a.stages.pcr.machines.count", 5),
            ("hours.open", 6),
            ("stress.staff.for", 7),
            ("visits.doors.teams", 8),
        ] {
            place(&mut root, (&path(at), ""), &Value::from(value));
        }
        let text = root.to_string();
        assert_eq!(text.matches("[[couriers]]").count(), 1, "{text}");
        assert!(
            text.contains("id = \"pcr\"") && text.contains("count = 5"),
            "{text}"
        );
        assert!(
            text.contains("[stress.staff]") && text.contains("[[visits]]"),
            "{text}"
        );
    }
}
