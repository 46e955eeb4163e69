//! README.txt of a comparison: what came of it, and what else is in the folder.

use crate::units::language::Language;

use super::super::index::{Described, listed};
use super::{Compared, screen};

/// Every file.
const FILES: [Described; 12] = [
    (
        "report.html",
        "结论、各方案的表、图、改了什么；浏览器打开，可打印",
        "verdict, table, charts, what each plan changes; for a browser or A4",
    ),
    (
        "slides.pptx",
        "幻灯片：每页一句结论，标题和表可改，图不失真",
        "slides: a finding each, titles and tables that can be edited, charts sharp at any size",
    ),
    (
        "briefing.pdf",
        "同样内容的 A4 版，文字可选可搜",
        "the same on A4; its words can be selected and searched",
    ),
    (
        "workbook.xlsx",
        "工作簿：结论、可改的图、下面各表，都在一个文件里",
        "the answer, a chart that can be edited and every table below, in one workbook",
    ),
    (
        "results.png",
        "图：各方案出结果的进度",
        "chart: results out against the clock, plan by plan",
    ),
    (
        "difference.png",
        "图：同一时刻比原方案多出结果的人数",
        "chart: more people with a result than with the base, at the same hour",
    ),
    (
        "*.svg",
        "同样的图，放大不糊，可插入幻灯片和文稿",
        "the same charts, sharp at any size",
    ),
    (
        "comparison.csv",
        "各方案的各项数",
        "the figures of each plan",
    ),
    (
        "differences.csv",
        "各方案与原方案相差多少，有多准",
        "how far each plan is from the base, and how sure that is",
    ),
    (
        "curve.csv",
        "每 15 分钟各方案已出结果的人数",
        "people with a result every 15 minutes, plan by plan",
    ),
    (
        "comparison.json",
        "全部结果，供程序读取",
        "everything, for programs",
    ),
    (
        "scenario-1.toml",
        "各方案原样（scenario-1.toml 起），补齐全部默认值；可直接再推演",
        "each plan as read (from scenario-1.toml on) with all its defaults; they can be run",
    ),
];

/// The text, of a folder with files of these names.
pub fn index(compared: &Compared<'_>, names: &[&str], language: Language) -> String {
    let mut text = screen(compared, language, None);
    text.push('\n');
    text += &listed(FILES.iter(), names, language);
    // Notepad on older Windows needs both.
    text.replace('\n', "\r\n")
}
