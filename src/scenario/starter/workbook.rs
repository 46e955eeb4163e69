//! The workbook of the starter scenario: sheets of cells, sites and staff in which Excel itself refuses what could not be read, with a hint at
//! every head.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties,
    ExcelDateTime, Format, FormatBorder, Formula, Note, Workbook, Worksheet, XlsxError,
};

/// A column of a sheet.
struct Column {
    /// Chinese and English; the reader knows either.
    head: &'static str,
    width: f64,
    /// What is meant, in Chinese and English.
    hint: (&'static str, &'static str),
    takes: Takes,
}

/// What a column takes.
#[derive(Clone, Copy)]
enum Takes {
    /// Any words.
    Words,
    /// Something that no other row has.
    Unique,
    /// A whole number, from the first to the second.
    Count(i32, i32),
    /// A number, from the first to the second.
    Degrees(f64, f64),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// One of these words or others like them: Excel only asks whether it is meant.
    Rather(&'static [&'static str]),
    /// What stands in these fields.
    In(&'static str),
}

const fn column(
    head: &'static str,
    width: f64,
    hint: (&'static str, &'static str),
    takes: Takes,
) -> Column {
    Column {
        head,
        width,
        hint,
        takes,
    }
}

const MOST: i32 = 10_000_000;
const ID: (&str, &str) = ("编号，不能重复", "An id that no other row has");
const NAME: (&str, &str) = ("名称，写进图表", "The name, for charts and tables");
const LON: (&str, &str) = (
    "经度，东经为正；不知道就空着",
    "Longitude, east positive; empty if nobody knows",
);
const LAT: (&str, &str) = (
    "纬度，北纬为正；不知道就空着",
    "Latitude, north positive; empty if nobody knows",
);
const TIERS: Takes = Takes::OneOf(&["防范区", "管控区", "封控区", "隔离点"]);
const ROLES: Takes = Takes::Rather(&[
    "采样",
    "扫码",
    "引导",
    "采样、扫码",
    "扫码、引导",
    "采样、扫码、引导",
]);

const CELLS: [Column; 10] = [
    column("编号 (id)", 12.0, ID, Takes::Unique),
    column("名称 (name)", 20.0, NAME, Takes::Words),
    column(
        "常住 (residents)",
        17.0,
        ("常住人数", "People registered there"),
        Takes::Count(0, MOST),
    ),
    column(
        "在外 (away)",
        14.0,
        ("其中在外的人数，不采", "Of them, people who are elsewhere"),
        Takes::Count(0, MOST),
    ),
    column(
        "免检 (exempt)",
        14.0,
        ("其中免检的人数", "Of them, people who need not be swabbed"),
        Takes::Count(0, MOST),
    ),
    column(
        "暂住 (transients)",
        18.0,
        (
            "流入暂住的人数，要采",
            "People staying there who are not registered, to be swabbed",
        ),
        Takes::Count(0, MOST),
    ),
    column(
        "类别 (tier)",
        14.0,
        (
            "管控类别，决定几人一管",
            "How strictly it is closed, which decides the tube",
        ),
        TIERS,
    ),
    column(
        "采样点 (site)",
        14.0,
        (
            "去哪个采样点：sites 表里的编号；空着就去最近的",
            "The id of the site its people go to, from the sheet `sites`; empty: the nearest",
        ),
        Takes::In("sites!$A$2:$A$501"),
    ),
    column("经度 (lon)", 13.0, LON, Takes::Degrees(-180.0, 180.0)),
    column("纬度 (lat)", 13.0, LAT, Takes::Degrees(-90.0, 90.0)),
];

const SITES: [Column; 5] = [
    column("编号 (id)", 12.0, ID, Takes::Unique),
    column("名称 (name)", 20.0, NAME, Takes::Words),
    column(
        "台数 (lanes)",
        14.0,
        (
            "采样台数：同时能采几个人",
            "How many people can be swabbed at once",
        ),
        Takes::Count(0, 10_000),
    ),
    column("经度 (lon)", 13.0, LON, Takes::Degrees(-180.0, 180.0)),
    column("纬度 (lat)", 13.0, LAT, Takes::Degrees(-90.0, 90.0)),
];

const STAFF: [Column; 6] = [
    column("编号 (id)", 12.0, ID, Takes::Unique),
    column("名称 (name)", 20.0, NAME, Takes::Words),
    column(
        "人数 (people)",
        14.0,
        ("多少人", "How many people"),
        Takes::Count(0, 100_000),
    ),
    column(
        "岗位 (roles)",
        22.0,
        (
            "会做什么，几样用顿号隔开",
            "What each of them can do; several, with commas between",
        ),
        ROLES,
    ),
    column(
        "当班 (hours)",
        16.0,
        (
            "每天当班的时间，如 06:30-19:30；空着就是整天",
            "Hours on duty each day, such as 06:30-19:30; empty: at any hour",
        ),
        Takes::Words,
    ),
    column(
        "缺勤 (absent)",
        14.0,
        (
            "每轮每人缺勤的概率，如 3 %；空着就是都到",
            "The chance that each is absent in a round, such as 3 %; empty: nobody is",
        ),
        Takes::Words,
    ),
];

/// Rows of each sheet that are checked, below its head.
const CHECKED: (u32, u32, u32) = (2_000, 500, 200);

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

/// Staff: id, name, people, roles, hours, absence.
const STAFF_ROWS: [(&str, &str, u32, &str, &str, &str); 3] = [
    ("hospital", "县医院医护", 14, "采样", "06:30-19:30", "3 %"),
    (
        "clinics",
        "乡镇卫生院",
        8,
        "采样、扫码",
        "06:30-19:30",
        "3 %",
    ),
    ("grid", "社区网格员", 36, "扫码、引导", "06:30-19:30", "3 %"),
];

/// The workbook with the sheets `cells`, `sites` and `staff`.
pub(super) fn workbook() -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // Without a date of its own a workbook would carry the moment of writing, and never be the same twice.
    workbook.set_properties(
        &DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2022, 5, 9)?),
    );
    cells(workbook.add_worksheet().set_name("cells")?)?;
    sites(workbook.add_worksheet().set_name("sites")?)?;
    staff(workbook.add_worksheet().set_name("staff")?)?;
    workbook.save_to_buffer()
}

fn cells(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    head(sheet, &CELLS, CHECKED.0)?;
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
    Ok(())
}

fn sites(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    head(sheet, &SITES, CHECKED.1)?;
    for (row, (id, name, lanes)) in (1..).zip(SITE_ROWS) {
        sheet
            .write_string(row, 0, id)?
            .write_string(row, 1, name)?
            .write_number(row, 2, lanes)?;
        place(sheet, row, 3)?;
    }
    Ok(())
}

fn staff(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    head(sheet, &STAFF, CHECKED.2)?;
    for (row, (id, name, people, roles, hours, absent)) in (1..).zip(STAFF_ROWS) {
        sheet
            .write_string(row, 0, id)?
            .write_string(row, 1, name)?
            .write_number(row, 2, people)?;
        for (column, words) in (3..).zip([roles, hours, absent]) {
            sheet.write_string(row, column, words)?;
        }
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

/// The head of a sheet, which stays in sight and tells what is meant, and what the rows below it take.
fn head(sheet: &mut Worksheet, columns: &[Column], rows: u32) -> Result<(), XlsxError> {
    let format = Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0x00DC_E6F1))
        .set_border_bottom(FormatBorder::Thin);
    for (at, column) in (0..).zip(columns) {
        let (zh, en) = column.hint;
        let note = Note::new(format!("{zh}\n{en}"))
            .set_author("swabplan")
            .add_author_prefix(false)
            .set_width(220)
            .set_height(80);
        sheet
            .write_string_with_format(0, at, column.head, &format)?
            .set_column_width(at, column.width)?
            .insert_note(0, at, &note)?;
        if let Some(check) = check(column, at, rows)? {
            sheet.add_data_validation(1, at, rows, at, &check)?;
        }
    }
    sheet.set_freeze_panes(1, 2)?;
    Ok(())
}

/// What Excel asks of a column, in words that it shows with the field; nothing of one that takes any words.
fn check(column: &Column, at: u16, rows: u32) -> Result<Option<DataValidation>, XlsxError> {
    let new = DataValidation::new;
    let check = match column.takes {
        Takes::Words => return Ok(None),
        Takes::Unique => {
            let letter = char::from(b'A' + at as u8);
            let all = format!("${letter}$2:${letter}${}", rows + 1);
            new().allow_custom(Formula::new(format!("=COUNTIF({all},{letter}2)=1")))
        }
        Takes::Count(least, most) => {
            new().allow_whole_number(DataValidationRule::Between(least, most))
        }
        Takes::Degrees(least, most) => {
            new().allow_decimal_number(DataValidationRule::Between(least, most))
        }
        Takes::OneOf(words) => new().allow_list_strings(words)?,
        Takes::Rather(words) => new()
            .allow_list_strings(words)?
            .set_error_style(DataValidationErrorStyle::Information),
        Takes::In(fields) => new().allow_list_formula(Formula::new(format!("={fields}"))),
    };
    let (zh, en) = column.hint;
    let words = format!("{zh}\n{en}");
    let check = check
        .set_input_title(column.head)?
        .set_input_message(words.clone())?
        .set_error_title(column.head)?
        .set_error_message(words)?;
    Ok(Some(check))
}
