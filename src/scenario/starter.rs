//! The starter scenario: a commented plan with a workbook of cells, sites and staff, ready to run and to change.

mod workbook;

use super::schema::schema;

/// The files of the starter scenario.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Starter {
    /// The scenario, to be written as `scenario.toml`.
    pub scenario: &'static str,
    /// The workbook it refers to, to be written as `cells.xlsx`.
    pub workbook: Vec<u8>,
    /// The schema its first line names, to be written as `swabplan.schema.json`.
    pub schema: String,
}

/// The starter scenario.
pub fn starter() -> Starter {
    let schema =
        serde_json::to_string_pretty(&schema()).expect("a schema is a tree of plain values");
    Starter {
        scenario: include_str!("starter.toml"),
        workbook: workbook::workbook().expect("the workbook is small and plain"),
        schema: schema + "\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::document::Options;

    fn written() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let Starter {
            scenario,
            workbook,
            schema,
        } = starter();
        for (name, content) in [
            ("scenario.toml", scenario.as_bytes()),
            ("cells.xlsx", &workbook),
            ("swabplan.schema.json", schema.as_bytes()),
        ] {
            std::fs::write(folder.path().join(name), content).unwrap();
        }
        folder
    }

    #[test]
    fn the_starter_reads_without_a_complaint_also_in_its_variant() {
        let folder = written();
        for layout in [None, Some("more-lanes".to_owned())] {
            let lanes = if layout.is_some() { 8 } else { 6 };
            let read = crate::scenario::read(
                &folder.path().join("scenario.toml"),
                &Options {
                    layout,
                    set: Vec::new(),
                },
            );
            let reading = read.unwrap_or_else(|refusal| panic!("{:#?}", refusal.problems));
            assert_eq!(reading.warnings.list, []);
            assert_eq!(
                (reading.model.cells.len(), reading.model.sites.len()),
                (8, 3)
            );
            assert_eq!(
                reading.model.sites.values().next().unwrap().lanes.value,
                lanes
            );
        }
    }

    #[test]
    fn the_sheet_of_staff_mans_the_lanes_once_it_is_asked_for() {
        let folder = written();
        let path = folder.path().join("scenario.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let asked = text.replacen("# staff = ", "staff = ", 1);
        assert_ne!(text, asked);
        std::fs::write(&path, asked).unwrap();
        let read = crate::scenario::read(&path, &Options::default());
        let reading = read.unwrap_or_else(|refusal| panic!("{:#?}", refusal.problems));
        assert_eq!(reading.warnings.list, []);
        let pools = &reading.model.staff.pools;
        let mut people: Vec<u32> = pools.iter().map(|pool| pool.people.value).collect();
        people.sort_unstable();
        assert_eq!(people, [8, 14, 36]);
    }

    #[test]
    fn the_starter_is_the_same_each_time() {
        assert_eq!(starter(), starter());
    }
}
