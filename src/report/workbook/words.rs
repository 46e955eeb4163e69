//! The names of sheets.

use crate::units::language::Language;

/// The sheet of the answer.
pub(super) const fn answer(language: Language) -> &'static str {
    match language {
        Language::Chinese => "结论",
        Language::English => "answer",
    }
}

/// The sheet of charts.
pub(super) const fn charts(language: Language) -> &'static str {
    match language {
        Language::Chinese => "图",
        Language::English => "charts",
    }
}

/// The Chinese name of a table's sheet; in English it is that of the file.
const SHEETS: [(&str, &str); 20] = [
    ("rounds", "轮次"),
    ("cells", "网格"),
    ("missed", "未采"),
    ("sites", "采样点"),
    ("labs", "实验室"),
    ("stocks", "物资"),
    ("curve", "进度"),
    ("turnaround", "用时"),
    ("chances", "概率"),
    ("assumptions", "假设"),
    ("tiers", "类别"),
    ("down", "降级"),
    ("decisions", "会商"),
    ("allotments", "分配"),
    ("incidents", "突发事件"),
    ("staff", "人员"),
    ("cost", "费用"),
    ("buffers", "暂存"),
    ("comparison", "比较"),
    ("differences", "差别"),
];

/// The sheet of a table.
pub(super) fn sheet(table: &'static str, language: Language) -> &'static str {
    let chinese = SHEETS.iter().find(|(name, _)| *name == table);
    match language {
        Language::Chinese => chinese.map_or(table, |(_, name)| name),
        Language::English => table,
    }
}
