//! Cells, sites and staff from a table: CSV, a workbook's sheet or GeoJSON, with headers in Chinese or English.

mod delimited;
mod geojson;
mod grid;
mod header;
mod matrix;
mod opendocument;
mod rows;
mod workbook;

pub(super) use geojson::FEATURES;
pub(super) use workbook::is_workbook;

use std::collections::BTreeMap;
use std::path::Path;

use super::files;
use super::merge::id;
use super::problem::{Problems, Words, shown};
use super::render::{self, Lines};
use super::tree::{Content, Node, Place, Source, SourceId, Sources, Spot};
use crate::units::language::Language;

/// The columns that a table may have.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    /// Each key with the headers that stand for it beside its own name.
    pub known: &'static [(&'static str, &'static [&'static str])],
    /// The keys whose values are text, even where they look like numbers.
    pub text: &'static [&'static str],
    /// The keys whose values are lists, written in one field with marks between.
    pub lists: &'static [&'static str],
    /// What becomes of a column that is not known.
    pub others: Others,
}

/// What becomes of a column that is not known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Others {
    /// It is a key of its own name.
    Kept,
    /// It is left out, with a warning unless it is plainly a note.
    LeftOut,
}

impl Columns {
    /// Of grid cells.
    pub const CELLS: Self = Self {
        known: &[
            (
                "id",
                &["编号", "网格编号", "小区编号", "代码", "编码", "code"],
            ),
            (
                "name",
                &[
                    "名称",
                    "网格",
                    "小区",
                    "网格名称",
                    "小区名称",
                    "社区",
                    "村",
                    "cell",
                    "grid",
                ],
            ),
            ("name_en", &["英文名", "英文名称", "english name"]),
            (
                "residents",
                &[
                    "常住",
                    "常住人口",
                    "人口",
                    "人数",
                    "人口数",
                    "居民数",
                    "population",
                    "people",
                ],
            ),
            (
                "away",
                &["在外", "外出", "外出人口", "在外人数", "外出人数", "absent"],
            ),
            ("exempt", &["免检", "免检人数", "豁免"]),
            (
                "transients",
                &[
                    "流动",
                    "流入",
                    "暂住",
                    "流动人口",
                    "流入人口",
                    "暂住人口",
                    "外来人口",
                ],
            ),
            ("visits", &["需上门", "上门", "上门人数", "需上门人数"]),
            (
                "tier",
                &[
                    "类别",
                    "管控级别",
                    "管控类别",
                    "风险等级",
                    "分区",
                    "管控分区",
                    "level",
                ],
            ),
            (
                "site",
                &["采样点", "采样点编号", "对应采样点", "所属采样点"],
            ),
            ("boundary", &["边界"]),
            ("lon", &["经度", "longitude", "lng"]),
            ("lat", &["纬度", "latitude"]),
        ],
        text: &["id", "name", "name_en", "tier", "site", "boundary"],
        lists: &[],
        others: Others::LeftOut,
    };

    /// Of sampling sites.
    pub const SITES: Self = Self {
        known: &[
            ("id", &["编号", "采样点编号", "代码", "编码", "code"]),
            ("name", &["名称", "采样点", "采样点名称", "地点", "site"]),
            ("name_en", &["英文名", "英文名称", "english name"]),
            ("lanes", &["台数", "采样台", "采样台数", "采样台数量"]),
            ("lon", &["经度", "longitude", "lng"]),
            ("lat", &["纬度", "latitude"]),
            ("pickup_offset", &["收样时刻", "收样延后", "首次收样延后"]),
        ],
        text: &["id", "name", "name_en"],
        lists: &[],
        others: Others::Kept,
    };

    /// Of staff.
    pub const STAFF: Self = Self {
        known: &[
            ("id", &["编号", "代码", "编码", "code"]),
            ("name", &["名称", "单位", "队伍", "unit", "team"]),
            ("name_en", &["英文名", "英文名称", "english name"]),
            ("people", &["人数", "人员", "number"]),
            ("roles", &["岗位", "职责", "role"]),
            ("hours", &["当班", "当班时间", "上班时间", "班次"]),
            ("from", &["到达", "何时到", "到岗"]),
            ("until", &["离开", "何时走", "撤离"]),
            ("limit", &["最长当班", "每天最长当班"]),
            ("absent", &["缺勤", "缺勤率"]),
            ("tiers", &["类别", "固定类别", "闭环"]),
        ],
        text: &["id", "name", "name_en", "roles", "hours", "tiers"],
        lists: &["roles", "hours", "tiers"],
        others: Others::Kept,
    };
}

/// A table as a scenario refers to it.
#[derive(Clone, Copy, Debug)]
pub struct Reference<'a> {
    /// `file` or `file#sheet`.
    pub text: &'a str,
    /// The folder to which the file's name is relative.
    pub folder: &'a Path,
    /// Where the scenario says so.
    pub place: Place,
}

/// The rows of a table, each a table of the tree whose values know their places. What cannot be read is left out and reported.
pub fn read(
    reference: &Reference,
    columns: &Columns,
    sources: &mut Sources,
    problems: &mut Problems,
) -> Vec<Node> {
    let (grid, source) = opened(reference, sources, problems);
    let rows = grid
        .map(|grid| rows::nodes(&grid, source, columns, problems))
        .unwrap_or_default();
    duplicate_ids(&rows, sources, problems);
    rows
}

/// The pairs of a table of times, each a table of the tree: `from`, `to` and, where the table has a number, `takes`.
pub fn pairs(reference: &Reference, sources: &mut Sources, problems: &mut Problems) -> Vec<Node> {
    let (grid, source) = opened(reference, sources, problems);
    grid.map(|grid| matrix::nodes(&grid, source, problems))
        .unwrap_or_default()
}

/// The table before its header is understood, if it can be read, and its source.
fn opened(
    reference: &Reference,
    sources: &mut Sources,
    problems: &mut Problems,
) -> (Option<grid::Grid>, SourceId) {
    let (file, sheet) = match reference.text.rsplit_once('#') {
        Some((file, sheet)) if !files::beside(reference.folder, reference.text).exists() => {
            (file, Some(sheet.trim()))
        }
        Some(_) | None => (reference.text, None),
    };
    let path = files::beside(reference.folder, file);
    let source = sources.add(Source {
        name: files::name(&path),
        content: Content::Nothing,
    });
    let Some(bytes) = files::bytes(&path, files::LARGEST_TABLE, reference.place, problems) else {
        return (None, source);
    };
    let sheet = sheet.filter(|sheet| !sheet.is_empty());
    let whole = Place {
        source,
        spot: Spot::Whole,
    };
    let grid = if is_workbook(&bytes) {
        workbook::grid(
            bytes,
            sheet,
            &mut sources.list[source.0 as usize],
            reference.place,
            problems,
        )
    } else {
        if let Some(sheet) = sheet {
            report_no_sheets(sheet, &files::name(&path), reference.place, problems);
        }
        if !files::decoded(&path, bytes, source, reference.place, sources, problems) {
            return (None, source);
        }
        let content = &mut sources.list[source.0 as usize].content;
        if geojson::is_geojson(content) {
            geojson::grid(content, whole, problems)
        } else {
            delimited::grid(content, whole, problems)
        }
    };
    (grid, source)
}

fn report_no_sheets(sheet: &str, file: &str, place: Place, problems: &mut Problems) {
    let (sheet, file) = (shown(sheet), shown(file));
    problems.warning(
        "S052",
        place,
        Words::new(
            format!("“{file}”不是工作簿，没有工作表“{sheet}”"),
            format!("`{file}` is not a workbook and has no sheet `{sheet}`"),
        ),
        Words::new(format!("去掉 #{sheet}"), format!("leave out #{sheet}")),
    );
}

/// Reports the entries of a list whose id an earlier one has, with both places; of many, the first.
pub fn duplicate_ids(list: &[Node], sources: &Sources, problems: &mut Problems) {
    let (mut first, mut lines, mut reported) = (BTreeMap::new(), Lines::default(), 0);
    for node in list {
        let (Some(name), Some(place)) = (id(node), node.get("id").map(|id| id.place)) else {
            continue;
        };
        let Some(earlier) = first.get(&name).copied() else {
            first.insert(name, place);
            continue;
        };
        reported += 1;
        if reported > MOST_DUPLICATES {
            return;
        }
        let name = shown(&name);
        let mut there = |language| render::located(earlier, sources, language, &mut lines);
        problems.error(
            "S060",
            place,
            Words::new(
                format!("编号“{name}”重复，前面已有：{}", there(Language::Chinese)),
                format!(
                    "the id `{name}` is given twice; it was first at {}",
                    there(Language::English)
                ),
            ),
            Words::new(
                "改成不同的编号，或删去其中一行",
                "give it another id, or delete one of the two",
            ),
        );
    }
}

/// How many repeated ids are reported of one list.
const MOST_DUPLICATES: usize = 1_000;

/// The place of a spot in this source.
fn at(source: SourceId, spot: Spot) -> Place {
    Place { source, spot }
}
