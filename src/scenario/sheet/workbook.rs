//! Tables in workbooks: XLSX, XLS and ODS.

use std::cell::Cell as Flag;
use std::io::{Cursor, Read};
use std::panic;
use std::sync::{Once, mpsc};
use std::thread;
use std::time::Duration;

use calamine::{Data, Dimensions, ExcelDateTime, Range, Reader, Xls, XlsError, Xlsx, XlsxError};
use zip::ZipArchive;

use super::grid::{Cell, Field, Grid, MOST_COLUMNS, MOST_FIELDS, Row};
use super::opendocument::{self, Merged};
use crate::scenario::merge::known_ids;
use crate::scenario::nearest::folded;
use crate::scenario::problem::{Problems, Words, shown};
use crate::scenario::tree::{Content, Place, Source, Spot};

/// The most bytes that a workbook may unpack to.
const LARGEST_UNPACKED: u64 = 256 << 20;
/// How long a workbook may take: far longer than the largest one that is whole.
const LONGEST: Duration = Duration::from_mins(1);

/// Whether the bytes begin as a workbook does, in either of the two containers.
pub(in crate::scenario) fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
}

/// The cells of a sheet.
pub(super) struct Sheet {
    /// Its name.
    pub(super) name: String,
    /// Its cells, row by row.
    pub(super) rows: Vec<Vec<Cell>>,
}

/// Why there are none.
pub(super) enum Fault {
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
    let wanted = sheet.map(str::to_owned);
    let sheet = match aside(move || read(bytes, wanted.as_deref())).unwrap_or(Err(Fault::Broken)) {
        Ok(sheet) => sheet,
        Err(fault) => {
            report(fault, sheet, &source.name, place, problems);
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
        return old(&bytes, sheet);
    }
    match open_document(&bytes)? {
        Some(content) => opendocument::sheet(&content, sheet),
        None => sparse(
            Xlsx::new(Cursor::new(bytes)).map_err(|_| Fault::Broken)?,
            sheet,
        ),
    }
}

/// The content of an open-document workbook, `None` of another one. Unpacks all of it once, so that none is read further
/// whose parts are too large or broken off.
fn open_document(bytes: &[u8]) -> Result<Option<String>, Fault> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::Broken)?;
    let (mut content, mut total) = (None, 0);
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| Fault::Broken)?;
        let name = part.name().map_err(|_| Fault::Broken)?.to_lowercase();
        let mut unpacked = Vec::new();
        // A part that cannot be unpacked may be a picture, which nobody needs.
        let whole = part
            .take(LARGEST_UNPACKED + 1 - total)
            .read_to_end(&mut unpacked);
        total += unpacked.len() as u64;
        if total > LARGEST_UNPACKED {
            return Err(Fault::TooLarge);
        }
        if ![".xml", ".rels"].iter().any(|end| name.ends_with(end)) {
            continue;
        }
        let text = String::from_utf8(unpacked).map_err(|_| Fault::Broken)?;
        if whole.is_err() || !tags_match(&text) {
            return Err(Fault::Broken);
        }
        match &*name {
            "meta-inf/manifest.xml" if text.contains("encryption-data") => {
                return Err(Fault::Locked);
            }
            "content.xml" => content = Some(text),
            _ => {}
        }
    }
    Ok(content)
}

/// Whether every tag that opens is closed, in order: a reader that waits for an end which never comes would wait forever.
fn tags_match(xml: &str) -> bool {
    let (mut open, mut rest) = (Vec::new(), xml);
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        let asides = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")];
        if let Some((_, end)) = asides
            .into_iter()
            .find(|(start, _)| rest.starts_with(start))
        {
            let Some(at) = rest.find(end) else {
                return false;
            };
            rest = &rest[at + end.len()..];
            continue;
        }
        let Some(length) = tag_length(rest) else {
            return false;
        };
        let tag = &rest[1..length - 1];
        rest = &rest[length..];
        if let Some(closing) = tag.strip_prefix('/') {
            if open.pop() != Some(closing.trim_end()) {
                return false;
            }
        } else if !tag.starts_with('!') && !tag.ends_with('/') {
            open.extend(tag.split([' ', '\t', '\r', '\n']).next());
        }
    }
    open.is_empty()
}

/// The length of the tag that the text begins with; a `>` in quotation marks does not end it.
fn tag_length(xml: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in xml.bytes().enumerate() {
        match quote {
            Some(open) if byte == open => quote = None,
            None if byte == b'>' => return Some(at + 1),
            None if byte == b'"' || byte == b'\'' => quote = Some(byte),
            Some(_) | None => {}
        }
    }
    None
}

/// Reads an XLS, or finds that it is the lock around a newer workbook.
fn old(bytes: &[u8], sheet: Option<&str>) -> Result<Sheet, Fault> {
    let is_locked = || matches!(Xlsx::new(Cursor::new(bytes)), Err(XlsxError::Password));
    match Xls::new(Cursor::new(bytes)) {
        Ok(workbook) => dense(workbook, sheet),
        Err(XlsError::Password) => Err(Fault::Locked),
        Err(_) if is_locked() => Err(Fault::Locked),
        Err(_) => Err(Fault::Broken),
    }
}

/// The sheet that is meant: by its name, where case, width and spaces do not count, or the first.
pub(super) fn choose(names: Vec<String>, sheet: Option<&str>) -> Result<String, Fault> {
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
    let covered = |region: Dimensions| {
        (
            region.start.1 as usize,
            region.start.0 as usize..=region.end.0 as usize,
        )
    };
    fill_down(&mut rows, merged.into_iter().map(covered));
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
pub(super) fn fill_down(rows: &mut [Vec<Cell>], merged: impl Iterator<Item = Merged>) {
    for (column, covered) in merged {
        let (top, bottom) = (
            *covered.start(),
            (*covered.end()).min(rows.len().saturating_sub(1)),
        );
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

/// Runs a reader of files that may panic on a damaged one, or never end; `None` if it did.
fn aside<T: Send + 'static>(read: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                previous(panic);
            }
        }));
    });
    let (answer, answered) = mpsc::channel();
    let reader = thread::Builder::new().spawn(move || {
        QUIET.set(true);
        // Nobody listens any more if it took too long.
        drop(answer.send(read()));
    });
    reader
        .ok()
        .and_then(|_| answered.recv_timeout(LONGEST).ok())
}
