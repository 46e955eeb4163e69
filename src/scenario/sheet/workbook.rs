//! Tables in workbooks: XLSX, XLS, XLSB and ODS.

use std::cell::Cell as Flag;
use std::io::{Cursor, Read};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use calamine::{
    Data, Dimensions, ExcelDateTime, Ods, OdsError, Range, Reader, Xls, XlsError, Xlsb, Xlsx,
    XlsxError,
};
use zip::ZipArchive;

use super::grid::{Cell, Field, Grid, MOST_COLUMNS, MOST_FIELDS, Row};
use crate::scenario::merge::known_ids;
use crate::scenario::nearest::folded;
use crate::scenario::problem::{Problems, Words, shown};
use crate::scenario::tree::{Content, Place, Source, Spot};

/// The most bytes that a workbook may unpack to.
const LARGEST_UNPACKED: u64 = 512 << 20;

/// Whether the bytes begin as a workbook does, in either of the two containers.
pub(in crate::scenario) fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
}

/// The cells of a sheet.
struct Sheet {
    name: String,
    rows: Vec<Vec<Cell>>,
}

/// Why there are none.
enum Fault {
    /// The file is broken, or no workbook.
    Broken,
    /// It is locked by a password.
    Locked,
    /// It holds more than can be read.
    TooLarge,
    /// It has other sheets.
    NoSheet(Vec<String>),
}

/// The table in the sheet of this name, or in the first. The source gets the sheet's cells as shown.
pub(super) fn grid(
    bytes: Vec<u8>,
    sheet: Option<&str>,
    source: &mut Source,
    place: Place,
    problems: &mut Problems,
) -> Option<Grid> {
    let sheet = match quietly(|| read(bytes, sheet)) {
        Some(Ok(sheet)) => sheet,
        Some(Err(fault)) => {
            report(fault, sheet, &source.name, place, problems);
            return None;
        }
        None => {
            report(Fault::Broken, sheet, &source.name, place, problems);
            return None;
        }
    };
    let rows = sheet
        .rows
        .iter()
        .map(|cells| cells.iter().map(Cell::shown).collect())
        .collect();
    source.content = Content::Sheet {
        sheet: sheet.name,
        rows,
    };
    Some(placed(sheet.rows))
}

/// A grid of which each field is the cell in its row and column.
pub(super) fn placed(rows: Vec<Vec<Cell>>) -> Grid {
    let row = |(row, cells): (usize, Vec<Cell>)| {
        let spot = |column: usize| Spot::Cell {
            row: row as u32,
            column: column as u32,
        };
        let fields = cells
            .into_iter()
            .enumerate()
            .map(|(column, cell)| Field {
                cell,
                spot: spot(column),
            })
            .collect();
        Row {
            fields,
            spot: spot(0),
        }
    };
    Grid {
        rows: rows.into_iter().enumerate().map(row).collect(),
        counts_fields: false,
    }
}

fn read(bytes: Vec<u8>, sheet: Option<&str>) -> Result<Sheet, Fault> {
    if !bytes.starts_with(b"PK") {
        return old(bytes, sheet);
    }
    let names = unpacked_within_limits(&bytes)?;
    let has = |part: &str| names.iter().any(|name| name.eq_ignore_ascii_case(part));
    let bytes = Cursor::new(bytes);
    if has("xl/workbook.bin") {
        dense(Xlsb::new(bytes).map_err(|_| Fault::Broken)?, sheet)
    } else if has("content.xml") {
        match Ods::new(bytes) {
            Ok(workbook) => dense(workbook, sheet),
            Err(OdsError::Password) => Err(Fault::Locked),
            Err(_) => Err(Fault::Broken),
        }
    } else {
        sparse(Xlsx::new(bytes).map_err(|_| Fault::Broken)?, sheet)
    }
}

/// Reads an XLS, or finds that it is the lock around a newer workbook.
fn old(bytes: Vec<u8>, sheet: Option<&str>) -> Result<Sheet, Fault> {
    let is_locked = || matches!(Xlsx::new(Cursor::new(&bytes)), Err(XlsxError::Password));
    match Xls::new(Cursor::new(&bytes)) {
        Ok(workbook) => dense(workbook, sheet),
        Err(XlsError::Password) => Err(Fault::Locked),
        Err(_) if is_locked() => Err(Fault::Locked),
        Err(_) => Err(Fault::Broken),
    }
}

/// The names of the parts of a packed workbook, once it is known that it unpacks to something of sensible size.
fn unpacked_within_limits(bytes: &[u8]) -> Result<Vec<String>, Fault> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::Broken)?;
    let (mut names, mut total) = (Vec::new(), 0);
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| Fault::Broken)?;
        names.push(part.name().map_err(|_| Fault::Broken)?.to_string());
        // A part that cannot be unpacked may be a picture; if it is the sheet, opening the workbook says so.
        total += std::io::copy(
            &mut part.take(LARGEST_UNPACKED + 1 - total),
            &mut std::io::sink(),
        )
        .unwrap_or(0);
        if total > LARGEST_UNPACKED {
            return Err(Fault::TooLarge);
        }
    }
    Ok(names)
}

/// The sheet that is meant: by its name, where case, width and spaces do not count, or the first.
fn choose(names: Vec<String>, sheet: Option<&str>) -> Result<String, Fault> {
    let Some(sheet) = sheet else {
        return names.into_iter().next().ok_or(Fault::NoSheet(Vec::new()));
    };
    let exact = names.iter().find(|name| *name == sheet);
    match exact.or_else(|| names.iter().find(|name| folded(name) == folded(sheet))) {
        Some(name) => Ok(name.clone()),
        None => Err(Fault::NoSheet(names)),
    }
}

/// Reads a sheet cell by cell: one cell in a far corner does not fill memory.
fn sparse(mut workbook: Xlsx<Cursor<Vec<u8>>>, sheet: Option<&str>) -> Result<Sheet, Fault> {
    let name = choose(workbook.sheet_names(), sheet)?;
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut fields = 0;
    {
        let mut reader = workbook
            .worksheet_cells_reader(&name)
            .map_err(|_| Fault::Broken)?;
        while let Some(next) = reader.next_cell().map_err(|_| Fault::Broken)? {
            let (row, column) = (
                next.get_position().0 as usize,
                next.get_position().1 as usize,
            );
            let cell = cell_of(&next.get_value().clone().into());
            if cell == Cell::Empty || column >= MOST_COLUMNS {
                continue;
            }
            let (had_rows, had_fields) = (rows.len(), rows.get(row).map_or(0, Vec::len));
            fields += (row + 1).saturating_sub(had_rows) + (column + 1).saturating_sub(had_fields);
            if fields > MOST_FIELDS {
                return Err(Fault::TooLarge);
            }
            rows.resize_with(had_rows.max(row + 1), Vec::new);
            rows[row].resize(had_fields.max(column + 1), Cell::Empty);
            rows[row][column] = cell;
        }
    }
    let merged = workbook
        .merge_cells_by_sheet_name(&name)
        .unwrap_or_default();
    fill_down(&mut rows, &merged);
    Ok(Sheet { name, rows })
}

/// Reads a sheet of the older formats.
fn dense<B: AsRef<[u8]>, R: Reader<Cursor<B>>>(
    mut workbook: R,
    sheet: Option<&str>,
) -> Result<Sheet, Fault> {
    let name = choose(workbook.sheet_names(), sheet)?;
    let range: Range<Data> = workbook.worksheet_range(&name).map_err(|_| Fault::Broken)?;
    let (first_row, first_column) = range
        .start()
        .map_or((0, 0), |(row, column)| (row as usize, column as usize));
    if range
        .height()
        .saturating_mul(range.width().min(MOST_COLUMNS))
        .saturating_add(first_row)
        > MOST_FIELDS
    {
        return Err(Fault::TooLarge);
    }
    let mut rows = vec![Vec::new(); first_row];
    rows.extend(range.rows().map(|cells| {
        let before = std::iter::repeat_n(Cell::Empty, first_column);
        before
            .chain(cells.iter().map(cell_of))
            .take(MOST_COLUMNS)
            .collect::<Vec<_>>()
    }));
    Ok(Sheet { name, rows })
}

/// Gives each row of a merged cell its value: "site S1" beside five rows is meant for all five.
fn fill_down(rows: &mut [Vec<Cell>], merged: &[Dimensions]) {
    for region in merged {
        let (top, bottom) = (
            region.start.0 as usize,
            (region.end.0 as usize).min(rows.len().saturating_sub(1)),
        );
        let column = region.start.1 as usize;
        let Some(cell) = rows.get(top).and_then(|row| row.get(column)).cloned() else {
            continue;
        };
        for row in rows.iter_mut().take(bottom + 1).skip(top + 1) {
            let is_in_use = row.iter().any(|cell| *cell != Cell::Empty);
            if is_in_use {
                let width = row.len().max(column + 1);
                row.resize(width, Cell::Empty);
                row[column] = cell.clone();
            }
        }
    }
}

fn cell_of(data: &Data) -> Cell {
    match data {
        Data::Empty => Cell::Empty,
        Data::Int(number) => Cell::Integer(*number),
        Data::Float(number) => Cell::number(*number),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::text(text),
        Data::Bool(yes) => Cell::Boolean(*yes),
        Data::DateTime(moment) => Cell::text(&moment_as_text(moment)),
        Data::Error(error) => Cell::Error(error.to_string()),
    }
}

/// A date, a time of day or a length of time, as people write them.
fn moment_as_text(moment: &ExcelDateTime) -> String {
    if moment.is_duration() {
        let seconds = (moment.as_f64() * 86_400.0).round() as i64;
        return format!(
            "{} min {} s",
            seconds.div_euclid(60),
            seconds.rem_euclid(60)
        )
        .replace(" 0 s", "");
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let seconds = if second == 0 {
        String::new()
    } else {
        format!(":{second:02}")
    };
    let time = format!("{hour:02}:{minute:02}{seconds}");
    let date = format!("{year:04}-{month:02}-{day:02}");
    match moment.as_f64() {
        value if value < 1.0 => time,
        value if value.fract() == 0.0 => date,
        _ => format!("{date} {time}"),
    }
}

fn report(fault: Fault, sheet: Option<&str>, file: &str, place: Place, problems: &mut Problems) {
    let file = shown(file);
    let (code, what, help) = match fault {
        Fault::Broken => (
            "S050",
            Words::new(
                format!("工作簿“{file}”打不开，可能已损坏"),
                format!("the workbook `{file}` cannot be opened; it may be damaged"),
            ),
            Words::new(
                "用表格软件打开，另存为 .xlsx",
                "open it in a spreadsheet and save it as .xlsx",
            ),
        ),
        Fault::Locked => (
            "S051",
            Words::new(
                format!("工作簿“{file}”有密码"),
                format!("the workbook `{file}` is locked by a password"),
            ),
            Words::new(
                "在表格软件里去掉密码后保存",
                "remove the password in the spreadsheet and save it",
            ),
        ),
        Fault::TooLarge => return report_too_large(place, problems),
        Fault::NoSheet(names) => {
            let sheet = shown(sheet.unwrap_or_default());
            (
                "S052",
                Words::new(
                    format!("“{file}”中没有工作表“{sheet}”"),
                    format!("`{file}` has no sheet `{sheet}`"),
                ),
                known_ids(&sheet, names.iter().map(String::as_str)),
            )
        }
    };
    problems.error(code, place, what, help);
}

/// Reports a table that holds more than is read.
pub(super) fn report_too_large(place: Place, problems: &mut Problems) {
    problems.error(
        "S066",
        place,
        Words::new(
            "这张表太大，没有读取",
            "this table is too large and was not read",
        ),
        Words::new(
            "只留需要的行和列，或分成几个方案",
            "keep the rows and columns that are needed, or divide the scenario",
        ),
    );
}

thread_local! {
    /// Whether a panic on this thread is caught and needs no words.
    static QUIET: Flag<bool> = const { Flag::new(false) };
}

/// Runs a reader of files that may panic on a damaged one; `None` if it did.
fn quietly<T>(read: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                previous(panic);
            }
        }));
    });
    QUIET.set(true);
    let result = panic::catch_unwind(AssertUnwindSafe(read)).ok();
    QUIET.set(false);
    result
}
