//! Rows of a table as entries of a list: keys from the header, values with their places.

use super::at;
use super::grid::{Cell, Field, Grid, Row};
use super::header::{self, key, unit, without_unit};
use super::{Columns, Others};
use crate::scenario::nearest::{folded, nearest};
use crate::scenario::problem::{Problems, Words, did_you_mean, listed, shown};
use crate::scenario::tree::{Entry, Node, Place, SourceId, Spot, Value};

/// Headers of columns that are plainly for people and are left out without a word.
const NOTES: [&str; 16] = [
    "备注",
    "说明",
    "序号",
    "联系人",
    "联系电话",
    "电话",
    "手机",
    "负责人",
    "网格员",
    "地址",
    "note",
    "notes",
    "remark",
    "remarks",
    "contact",
    "phone",
];

/// How a row of sums begins.
const TOTALS: [&str; 7] = [
    "合计",
    "总计",
    "小计",
    "总数",
    "总人数",
    "total",
    "subtotal",
];

/// How a remark under a table begins.
const REMARKS: [&str; 8] = [
    "注",
    "说明",
    "备注",
    "制表",
    "填表",
    "填报",
    "数据来源",
    "note",
];

/// Units of time that a header may give in brackets.
const TIME_UNITS: [&str; 9] = ["s", "min", "h", "秒", "分", "分钟", "小时", "时", "hour"];

/// About how many errors, and how many warnings, are reported of one table.
const MOST_PROBLEMS: usize = 1_000;

/// A column that is read.
struct Column {
    index: usize,
    key: String,
    key_place: Place,
    is_text: bool,
    is_list: bool,
    /// The unit of time that its header gives, for numbers without one.
    unit: Option<String>,
}

/// The rows as nodes; problems for all that is wrong with them.
pub(super) fn nodes(
    grid: &Grid,
    source: SourceId,
    columns: &Columns,
    problems: &mut Problems,
) -> Vec<Node> {
    let Some(header) = header::find(grid, columns) else {
        problems.error(
            "S053",
            at(source, Spot::Whole),
            Words::new("这张表是空的", "this table is empty"),
            Words::new(
                "第一行写表头，例如 编号、名称、常住",
                "the first row names the columns, such as id, name, residents",
            ),
        );
        return Vec::new();
    };
    let known = problems.list.len();
    let mut reader = Reader {
        grid,
        source,
        table: columns,
        columns: Vec::new(),
        problems,
    };
    if !reader.read_header(&grid.rows[header]) {
        return Vec::new();
    }
    let first = header + 1 + usize::from(reader.is_second_header(grid.rows.get(header + 1)));
    let rows: Vec<_> = grid
        .rows
        .iter()
        .skip(first)
        .filter_map(|row| {
            reader.problems.cap(known, MOST_PROBLEMS);
            reader.node(row, grid.rows[header].fields.len())
        })
        .collect();
    if rows.is_empty() && !reader.problems.has_errors() {
        reader.problems.warning(
            "S067",
            at(source, grid.rows[header].spot),
            Words::new("表头下面没有数据", "there are no rows below the header"),
            Words::new(
                "填入数据，或检查引用的工作表",
                "fill in rows, or check which sheet is meant",
            ),
        );
    }
    reader.report_uncovered(header);
    reader.report_swapped(&rows);
    rows
}

struct Reader<'a> {
    grid: &'a Grid,
    source: SourceId,
    table: &'a Columns,
    columns: Vec<Column>,
    problems: &'a mut Problems,
}

impl Reader<'_> {
    /// Finds the columns. Whether there is one of ids.
    fn read_header(&mut self, header: &Row) -> bool {
        for (index, field) in header.fields.iter().enumerate() {
            let Cell::Text(text) = &field.cell else {
                continue;
            };
            let place = at(self.source, field.spot);
            let key = match (key(&field.cell, self.table), self.table.others) {
                (Some(key), _) => key.to_owned(),
                (None, Others::Kept) if !is_note(text) => folded_key(without_unit(text)),
                (None, Others::Kept | Others::LeftOut) => {
                    self.report_unknown(text, place);
                    continue;
                }
            };
            if let Some(earlier) = self.columns.iter().find(|column| column.key == key) {
                let earlier = header.cell(earlier.index).shown();
                self.report_repeated(text, &earlier, place);
                continue;
            }
            let unit = unit(text)
                .filter(|unit| TIME_UNITS.contains(&&*unit.to_lowercase()))
                .map(str::to_owned);
            let is_text = self.table.text.contains(&&*key);
            let is_list = self.table.lists.contains(&&*key);
            self.columns.push(Column {
                index,
                key,
                key_place: place,
                is_text,
                is_list,
                unit,
            });
        }
        if self.column("id").is_some() {
            return true;
        }
        let names = self
            .columns
            .iter()
            .map(|column| header.cell(column.index).shown());
        let names: Vec<_> = names.collect();
        let Words { zh, en } = listed(names.iter().map(String::as_str));
        let help = if names.is_empty() {
            Words::new(
                "第一行写表头，例如 编号、名称、常住",
                "the first row names the columns, such as id, name, residents",
            )
        } else {
            Words::new(
                format!("加一列“编号”，每行一个不同的编号；认出的列：{zh}"),
                format!(
                    "add a column `id` with a different id in each row; columns recognized: {en}"
                ),
            )
        };
        let what = Words::new("缺少“编号”列", "the column `id` is missing");
        self.problems
            .error("S054", at(self.source, header.spot), what, help);
        false
    }

    fn column(&self, key: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.key == key)
    }

    fn report_unknown(&mut self, header: &str, place: Place) {
        if is_note(header) {
            return;
        }
        let words = self
            .table
            .known
            .iter()
            .flat_map(|(key, synonyms)| std::iter::once(key).chain(synonyms.iter()))
            .copied();
        let help = match nearest(without_unit(header), words) {
            Some(close) => did_you_mean(close),
            None => Words::new(
                format!(
                    "认得的列有：{}",
                    self.table
                        .known
                        .iter()
                        .map(|(_, synonyms)| synonyms[0])
                        .collect::<Vec<_>>()
                        .join("、")
                ),
                format!(
                    "known are: {}",
                    self.table
                        .known
                        .iter()
                        .map(|(key, _)| *key)
                        .collect::<Vec<_>>()
                        .join(", ")
                ),
            ),
        };
        let header = shown(header);
        let what = Words::new(
            format!("不认识“{header}”这一列，没有读取"),
            format!("the column `{header}` is not known and was left out"),
        );
        self.problems.warning("S056", place, what, help);
    }

    fn report_repeated(&mut self, header: &str, earlier: &str, place: Place) {
        let (header, earlier) = (shown(header), shown(earlier));
        self.problems.error(
            "S055",
            place,
            Words::new(
                format!("“{header}”与前面的“{earlier}”是同一列"),
                format!("`{header}` is the same column as `{earlier}` before it"),
            ),
            Words::new(
                "删去其中一列，或给它换一个表头",
                "delete one of the two, or give it another header",
            ),
        );
    }

    /// Whether the row names the same columns once more, in the other language.
    fn is_second_header(&self, row: Option<&Row>) -> bool {
        let Some(row) = row.filter(|row| !row.is_empty()) else {
            return false;
        };
        let known = |key: &str| self.table.known.iter().any(|(known, _)| *known == key);
        self.columns
            .iter()
            .filter(|column| known(&column.key))
            .all(|column| {
                let cell = row.cell(column.index);
                *cell == Cell::Empty || key(cell, self.table) == Some(&*column.key)
            })
    }

    /// The row as a table of the tree; `None` if it holds no entry.
    fn node(&mut self, row: &Row, width: usize) -> Option<Node> {
        let id = self.column("id")?.index;
        if row.is_empty() || self.is_aside(row, id) {
            return None;
        }
        self.check_width(row, width);
        if *row.cell(id) == Cell::Empty {
            self.problems.error(
                "S061",
                at(self.source, row.spot(id)),
                Words::new("这一行没有编号", "this row has no id"),
                Words::new(
                    "填上编号；不需要的行请删去",
                    "fill in an id, or delete the row",
                ),
            );
            return None;
        }
        let mut entries = Vec::new();
        for column in &self.columns {
            let Some(field) = row.fields.get(column.index) else {
                continue;
            };
            let place = at(self.source, field.spot);
            if let Some(value) = value(column, field, place, self.problems) {
                let node = Node { value, place };
                entries.push(Entry {
                    key: column.key.clone(),
                    key_place: column.key_place,
                    node,
                });
            }
        }
        Some(Node {
            value: Value::Table(entries),
            place: at(self.source, row.spot),
        })
    }

    /// Whether the row is a sum or a remark; it is left out with a warning.
    fn is_aside(&mut self, row: &Row, id: usize) -> bool {
        let texts: Vec<_> = (0..row.fields.len())
            .filter_map(|index| match row.cell(index) {
                Cell::Text(text) => Some((index, folded(text))),
                Cell::Empty
                | Cell::Integer(_)
                | Cell::Float(_)
                | Cell::Boolean(_)
                | Cell::Error(_) => None,
            })
            .collect();
        let filled = row
            .fields
            .iter()
            .filter(|field| field.cell != Cell::Empty)
            .count();
        let no_id = *row.cell(id) == Cell::Empty;
        let totals = texts.iter().any(|(index, text)| {
            (no_id || *index == id) && TOTALS.contains(&text.trim_end_matches([':', '：']))
        });
        let alone = filled == 1 && self.columns.len() > 2;
        let remark = alone
            && texts.iter().any(|(index, text)| {
                *index != id
                    || text.chars().count() > 12
                    || REMARKS.iter().any(|start| text.starts_with(start))
            });
        if totals || remark {
            let what = if totals {
                Words::new("合计行没有计入", "this row of totals was left out")
            } else {
                Words::new(
                    "这一行像是附注，没有读取",
                    "this row looks like a remark and was left out",
                )
            };
            let help = Words::new(
                "若是一条数据，请补全编号等各列；否则可删去",
                "if it is an entry, fill in its columns; else it may be deleted",
            );
            self.problems
                .warning("S062", at(self.source, row.spot), what, help);
        }
        totals || remark
    }

    fn check_width(&mut self, row: &Row, width: usize) {
        if !self.grid.counts_fields || row.fields.len() == width {
            return;
        }
        let (has, wants) = (row.fields.len(), width);
        let what = Words::new(
            format!("这一行有 {has} 栏，表头有 {wants} 栏"),
            format!("this row has {has} fields, but the header has {wants}"),
        );
        let extra = row
            .fields
            .iter()
            .skip(width)
            .find(|field| field.cell != Cell::Empty);
        if let Some(extra) = extra {
            let help = Words::new(
                "内容里的逗号要加引号，如 \"1,200\"；或删去多余的逗号",
                "put quotation marks around a value with a comma, such as \"1,200\", or delete the comma too many",
            );
            self.problems
                .error("S057", at(self.source, extra.spot), what, help);
        } else if has < wants {
            let help = Words::new(
                "缺的栏按空白处理；请检查是否少了逗号",
                "the missing ones count as empty; check whether a comma is missing",
            );
            self.problems
                .warning("S057", at(self.source, row.spot), what, help);
        }
    }

    /// Says which columns hold something but have no header.
    fn report_uncovered(&mut self, header: usize) {
        if self.grid.counts_fields {
            return;
        }
        let titles = &self.grid.rows[header];
        let mut reported = Vec::new();
        for row in self.grid.rows.iter().skip(header + 1) {
            for (index, field) in row.fields.iter().enumerate() {
                if field.cell == Cell::Empty
                    || *titles.cell(index) != Cell::Empty
                    || reported.contains(&index)
                {
                    continue;
                }
                reported.push(index);
                self.problems.warning(
                    "S056",
                    at(self.source, field.spot),
                    Words::new(
                        "这一列没有表头，没有读取",
                        "this column has no header and was left out",
                    ),
                    Words::new(
                        "补上表头，或清空这一列",
                        "give it a header, or clear the column",
                    ),
                );
            }
        }
    }

    /// Says so if the latitudes can only be longitudes, or those of places in China are.
    fn report_swapped(&mut self, rows: &[Node]) {
        let number = |row: &Node, key| match row.get(key).map(|node| &node.value) {
            Some(Value::Integer(number)) => Some(*number as f64),
            Some(Value::Float(number)) => Some(*number),
            Some(Value::Text(_) | Value::Boolean(_) | Value::List(_) | Value::Table(_)) | None => {
                None
            }
        };
        let swapped = |row: &&Node| {
            let (Some(lon), Some(lat)) = (number(row, "lon"), number(row, "lat")) else {
                return false;
            };
            lat.abs() > 90.0 && lon.abs() <= 90.0
                || (73.0..136.0).contains(&lat) && (3.0..54.0).contains(&lon)
        };
        let Some(place) = rows
            .iter()
            .find(swapped)
            .and_then(|row| row.get("lat"))
            .map(|lat| lat.place)
        else {
            return;
        };
        let count = rows.iter().filter(swapped).count();
        self.problems.warning(
            "S059",
            place,
            Words::new(format!("经度和纬度像是写反了（共 {count} 行）"), format!("longitude and latitude look swapped (rows: {count})")),
            Words::new(
                "中国的经度在 73 至 136 之间，纬度在 3 至 54 之间；对调两列的表头",
                "in China longitudes are from 73 to 136 and latitudes from 3 to 54; swap the two headers",
            ),
        );
    }
}

fn is_note(header: &str) -> bool {
    NOTES.contains(&&*folded(without_unit(header))) || header.starts_with(['#', '_'])
}

/// A header as a key of its own: trimmed, ASCII in lower case, with `_` for spaces.
fn folded_key(header: &str) -> String {
    header
        .trim()
        .to_ascii_lowercase()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join("_")
}

/// The entries of a list that is written in one field.
fn list(text: &str, place: Place) -> Value {
    let entries = text
        .split(['、', '，', ',', '；', ';', '/', '\n'])
        .map(str::trim);
    let node = |text: &str| Node {
        value: Value::Text(text.to_owned()),
        place,
    };
    Value::List(
        entries
            .filter(|entry| !entry.is_empty())
            .map(node)
            .collect(),
    )
}

/// The value of a field in a column; `None` if it is empty or an error.
fn value(column: &Column, field: &Field, place: Place, problems: &mut Problems) -> Option<Value> {
    if let Cell::Error(error) = &field.cell {
        let error = shown(error);
        let what = Words::new(
            format!("单元格里是错误值 {error}"),
            format!("the cell holds the error {error}"),
        );
        let help = Words::new(
            "在表格软件里改正公式并保存",
            "mend the formula in the spreadsheet and save it",
        );
        problems.error("S058", place, what, help);
        return None;
    }
    let cell = if column.is_text {
        Cell::text(&field.cell.shown())
    } else {
        field.cell.clone().numeric()
    };
    let with_unit = |number: String| match &column.unit {
        Some(unit) => Value::Text(format!("{number} {unit}")),
        None => Value::Text(number),
    };
    match cell {
        Cell::Empty | Cell::Error(_) => None,
        Cell::Text(text) if column.is_list => Some(list(&text, place)),
        Cell::Text(text) => Some(Value::Text(text)),
        Cell::Integer(number) if column.unit.is_some() => Some(with_unit(number.to_string())),
        Cell::Float(number) if column.unit.is_some() => Some(with_unit(number.to_string())),
        Cell::Integer(number) => Some(Value::Integer(number)),
        Cell::Float(number) => Some(Value::Float(number)),
        Cell::Boolean(yes) => Some(Value::Boolean(yes)),
    }
}
