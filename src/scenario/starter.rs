//! The starter scenario: a commented plan with a workbook of cells and sites, ready to run and to change.

use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatBorder, Formula, Workbook,
    Worksheet, XlsxError,
};

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
        workbook: workbook().expect("the workbook is small and plain"),
        schema: schema + "\n",
    }
}

/// Columns of a sheet: header, width, and what it is for.
type Column = (&'static str, f64);

const CELLS: [Column; 10] = [
    ("编号 (id)", 12.0),
    ("名称 (name)", 20.0),
    ("常住 (residents)", 17.0),
    ("在外 (away)", 14.0),
    ("免检 (exempt)", 14.0),
    ("暂住 (transients)", 18.0),
    ("类别 (tier)", 14.0),
    ("采样点 (site)", 14.0),
    ("经度 (lon)", 13.0),
    ("纬度 (lat)", 13.0),
];

const SITES: [Column; 5] = [
    ("编号 (id)", 12.0),
    ("名称 (name)", 20.0),
    ("台数 (lanes)", 14.0),
    ("经度 (lon)", 13.0),
    ("纬度 (lat)", 13.0),
];

/// Cells: id, name, residents, away, exempt, transients, tier, site.
const CELL_ROWS: [(&str, &str, [u32; 4], &str, &str); 8] = [
    ("C1", "东街网格", [1420, 120, 10, 35], "防范区", "S1"),
    ("C2", "西街网格", [1280, 95, 8, 20], "防范区", "S1"),
    ("C3", "南关网格", [1650, 140, 15, 60], "防范区", "S2"),
    ("C4", "北关网格", [980, 70, 6, 15], "防范区", "S2"),
    ("C5", "河滩小区", [1130, 60, 9, 25], "管控区", "S3"),
    ("C6", "新城小区", [1540, 110, 12, 80], "防范区", "S3"),
    ("C7", "学府小区", [860, 40, 5, 10], "防范区", "S1"),
    ("C8", "车站片区", [720, 55, 4, 90], "防范区", "S2"),
];

const SITE_ROWS: [(&str, &str, u32); 3] = [
    ("S1", "体育场采样点", 6),
    ("S2", "中学采样点", 6),
    ("S3", "广场采样点", 5),
];

/// The workbook with the sheets `cells` and `sites`.
fn workbook() -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // Without a date of its own a workbook would carry the moment of writing, and never be the same twice.
    workbook.set_properties(
        &DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2022, 5, 9)?),
    );
    cells(workbook.add_worksheet())?;
    sites(workbook.add_worksheet())?;
    workbook.save_to_buffer()
}

fn cells(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name("cells")?;
    head(sheet, &CELLS)?;
    for (row, (id, name, people, tier, site)) in (1..).zip(CELL_ROWS) {
        sheet.write_string(row, 0, id)?.write_string(row, 1, name)?;
        for (column, count) in (2..).zip(people) {
            sheet.write_number(row, column, count)?;
        }
        sheet
            .write_string(row, 6, tier)?
            .write_string(row, 7, site)?;
        place(sheet, row, 8)?;
    }
    let tiers =
        DataValidation::new().allow_list_strings(&["防范区", "管控区", "封控区", "隔离点"])?;
    sheet.add_data_validation(1, 6, 2_000, 6, &tiers)?;
    let sites = DataValidation::new().allow_list_formula(Formula::new("=sites!$A$2:$A$500"));
    sheet.add_data_validation(1, 7, 2_000, 7, &sites)?;
    Ok(())
}

fn sites(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name("sites")?;
    head(sheet, &SITES)?;
    for (row, (id, name, lanes)) in (1..).zip(SITE_ROWS) {
        sheet
            .write_string(row, 0, id)?
            .write_string(row, 1, name)?
            .write_number(row, 2, lanes)?;
        place(sheet, row, 3)?;
    }
    Ok(())
}

/// An invented place: nobody lives by these coordinates, and the scenario says so.
fn place(sheet: &mut Worksheet, row: u32, column: u16) -> Result<(), XlsxError> {
    let row_number = f64::from(row);
    let (lon, lat) = (
        101.45 + 0.006 * (row_number * 2.4).sin(),
        35.03 + 0.005 * (row_number * 2.4).cos(),
    );
    let fine = |degrees: f64| (degrees * 1e4).round() / 1e4;
    sheet
        .write_number(row, column, fine(lon))?
        .write_number(row, column + 1, fine(lat))?;
    Ok(())
}

fn head(sheet: &mut Worksheet, columns: &[Column]) -> Result<(), XlsxError> {
    let format = Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0x00DC_E6F1))
        .set_border_bottom(FormatBorder::Thin);
    for (column, (header, width)) in (0..).zip(columns) {
        sheet
            .write_string_with_format(0, column, *header, &format)?
            .set_column_width(column, *width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
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
    fn the_starter_is_the_same_each_time() {
        assert_eq!(starter(), starter());
    }
}
