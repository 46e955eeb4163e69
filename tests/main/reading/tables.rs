//! Cells and sites come from whatever table the county has.

use encoding_rs::{GB18030, UTF_16LE};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use swabplan::units::language::Language;

use super::{Folder, codes, plain, workbook};

/// The rows under a key, read from a table of this name.
fn rows(key: &str, file: &str, bytes: impl AsRef<[u8]>) -> String {
    let folder = Folder::new();
    folder.write(file, bytes);
    folder.write("a.toml", format!("{key} = \"{file}\"\n"));
    let document = folder.load("a.toml");
    assert!(
        !document.problems.has_errors(),
        "{}",
        folder.rendered(&document, Language::English)
    );
    plain(document.root.get(key).expect("the key stays"))
}

const CELLS: &str = "编号,名称,常住,经度,纬度,采样点,备注\r\nC01,东街,\"1,200\",101.46,35.03,1,近\r\n\r\n002,西街,９００,101.47,35.04,1,\r\n";
const READ: &str = "[{id=\"C01\" name=\"东街\" residents=1200 lon=101.46 lat=35.03 site=\"1\"}, \
                    {id=\"002\" name=\"西街\" residents=900 lon=101.47 lat=35.04 site=\"1\"}]";

#[test]
fn a_csv_reads_the_same_in_every_encoding_and_with_every_delimiter() {
    for text in [
        CELLS.to_owned(),
        CELLS.replace("\r\n", "\n"),
        CELLS.replace(',', ";").replace("1;200", "1,200"),
        CELLS.replace(',', "\t").replace("1\t200", "1,200"),
    ] {
        for bytes in [
            text.as_bytes().to_vec(),
            format!("\u{feff}{text}").into_bytes(),
            GB18030.encode(&text).0.into_owned(),
            [0xfeff]
                .into_iter()
                .chain(text.encode_utf16())
                .flat_map(u16::to_le_bytes)
                .collect(),
        ] {
            assert_eq!(rows("cells", "cells.csv", bytes), READ, "{text}");
        }
    }
    assert_eq!(UTF_16LE.name(), "UTF-16LE");
}

#[test]
fn headers_in_english_read_the_same() {
    let english = CELLS.replace(
        "编号,名称,常住,经度,纬度,采样点,备注",
        "ID,Name,Population,Longitude,LAT,site,notes",
    );
    assert_eq!(rows("cells", "cells.csv", english), READ);
}

#[test]
fn a_workbook_reads_as_its_csv_does() {
    let sheet: &[&[&str]] = &[
        &["泽库县网格台账（示意）"],
        &[],
        &[
            "编号",
            "名称",
            "常住（人）",
            "经度",
            "纬度",
            "采样点",
            "备注",
        ],
        &["id", "name", "residents", "lon", "lat", "site", ""],
        &["C01", "东街", "=1200", "101.46", "35.03", "1"],
        &["002x", "西街", "900", "101.47", "35.04", "1"],
        &["合计", "", "2100"],
    ];
    let bytes = workbook(&[("说明", &[&["x"]]), ("cells", sheet)]);
    let folder = Folder::new();
    folder.write("zeku.xlsx", bytes);
    folder.write("a.toml", "cells = \"zeku.xlsx#Cells\"\n");
    let document = folder.load("a.toml");
    assert_eq!(
        codes(&document),
        ["S062"],
        "{}",
        folder.rendered(&document, Language::English)
    );
    assert_eq!(
        plain(document.root.get("cells").unwrap()).replace("002x", "002"),
        READ
    );
}

#[test]
fn the_first_sheet_is_meant_when_none_is_named() {
    assert_eq!(
        rows(
            "cells",
            "zeku.xlsx",
            workbook(&[("甲", &[&["id"], &["C1"]]), ("乙", &[&["id"], &["C2"]])])
        ),
        "[{id=\"C1\"}]"
    );
}

#[test]
fn a_merged_cell_counts_for_all_its_rows() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip([["编号", "采样点"], ["C1", ""], ["C2", ""], ["C3", "S2"]]) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    sheet.merge_range(1, 1, 2, 1, "S1", &Format::new()).unwrap();
    let read = rows("cells", "zeku.xlsx", book.save_to_buffer().unwrap());
    assert_eq!(
        read,
        "[{id=\"C1\" site=\"S1\"}, {id=\"C2\" site=\"S1\"}, {id=\"C3\" site=\"S2\"}]"
    );
}

#[test]
fn moments_and_lengths_of_time_in_a_workbook_become_text() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let form = |form: &str| Format::new().set_num_format(form);
    for (column, header) in (0..).zip(["id", "ready", "opens", "收样时刻", "every (min)"]) {
        sheet.write_string(0, column, header).unwrap();
    }
    sheet.write_string(1, 0, "S1").unwrap();
    sheet
        .write_datetime_with_format(
            1,
            1,
            ExcelDateTime::from_hms(7, 30, 0).unwrap(),
            &form("hh:mm"),
        )
        .unwrap();
    let moment = ExcelDateTime::from_ymd(2022, 5, 9)
        .unwrap()
        .and_hms(7, 0, 0)
        .unwrap();
    sheet
        .write_datetime_with_format(1, 2, moment, &form("yyyy-mm-dd hh:mm"))
        .unwrap();
    sheet
        .write_number_with_format(1, 3, 0.75 / 24.0, &form("[h]:mm"))
        .unwrap();
    sheet.write_number(1, 4, 90).unwrap();
    let read = rows("sites", "zeku.xlsx", book.save_to_buffer().unwrap());
    assert_eq!(
        read,
        "[{id=\"S1\" ready=\"07:30\" opens=\"2022-05-09 07:00\" pickup_offset=\"45 min\" every=\"90 min\"}]"
    );
}

#[test]
fn a_site_keeps_the_columns_that_only_the_language_knows() {
    let read = rows(
        "sites",
        "sites.csv",
        "编号,名称,台数,Pace,Queue Kind,备注\nS1,体育场,4,55/h,own,x\n",
    );
    assert_eq!(
        read,
        "[{id=\"S1\" name=\"体育场\" lanes=4 pace=\"55/h\" queue_kind=\"own\"}]"
    );
}

#[test]
fn a_map_gives_each_area_its_middle() {
    let map = r#"{"type": "FeatureCollection", "features": [
        {"type": "Feature", "id": "C1", "properties": {"名称": "东街", "人口": 900},
         "geometry": {"type": "Polygon", "coordinates": [[[101.0, 35.0], [101.5, 35.0], [101.5, 35.5], [101.0, 35.5], [101.0, 35.0]]]}},
        {"type": "Feature", "id": "C2", "properties": {"名称": "西街", "人口": null},
         "geometry": {"type": "Point", "coordinates": [101.25, 35.0]}}]}"#;
    assert_eq!(
        rows("cells", "map.geojson", map),
        "[{name=\"东街\" residents=900 id=\"C1\" boundary=\"101 35, 101.5 35, 101.5 35.5, 101 35.5, 101 35\" lon=101.25 lat=35.25}, {name=\"西街\" id=\"C2\" lon=101.25 lat=35.0}]"
    );
}

#[test]
fn the_place_of_a_value_is_its_field() {
    let folder = Folder::with(&[
        (
            "cells.csv",
            "编号,名称,常住\r\nC1,\"东,街\",900\r\nC1,西街,800\r\n",
        ),
        ("a.toml", "cells = \"cells.csv\"\n"),
    ]);
    let shown = folder.rendered(&folder.load("a.toml"), Language::Chinese);
    assert!(
        shown.contains("cells.csv:3:1\n")
            && shown.contains("3 | C1,西街,800\n")
            && shown.contains("cells.csv:2:1"),
        "{shown}"
    );
}
