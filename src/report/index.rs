//! README.txt of an output folder: what is in it, and where it comes from.

use crate::experiment::results::Results;
use crate::model::Model;
use crate::units::language::Language;

use super::words::called;

/// A file, or all of one ending (`*.svg`), and what is in it, in Chinese and English.
pub(super) type Described = (&'static str, &'static str, &'static str);

/// Every file.
const FILES: [Described; 37] = [
    (
        "report.html",
        "汇报材料：结论、请示、图、各采样点一页、全部假设；浏览器打开，可打印",
        "the briefing: verdict, requests, charts, a sheet for each site, every assumption; for a browser or A4",
    ),
    (
        "slides.pptx",
        "幻灯片：每页一句结论，标题和表可改，图不失真",
        "slides: a finding each, titles and tables that can be edited, charts sharp at any size",
    ),
    (
        "briefing.pdf",
        "汇报材料的 A4 版，文字可选可搜",
        "the briefing on A4; its words can be selected and searched",
    ),
    (
        "notices.html",
        "通知：各网格何时到哪个采样点；打印张贴或转发",
        "notices: when and where each cell is to come; to print, hang up or hand out",
    ),
    (
        "workbook.xlsx",
        "工作簿：结论、可改的图、下面各表，都在一个文件里",
        "the answer, charts that can be edited and every table below, in one workbook",
    ),
    (
        "turnaround.png",
        "图：采样到出结果用了多久",
        "chart: how long from swab to result",
    ),
    (
        "campaign.png",
        "图：应检、已采、送达、检测、出结果随时间的进展",
        "chart: due, swabbed, delivered, tested and published against the clock",
    ),
    (
        "minutes.png",
        "图：一个人从到场到出结果，时间花在哪里",
        "chart: where a person's time goes, from door to result",
    ),
    (
        "waits.png",
        "图：几点到哪个采样点要等多久",
        "chart: how long people wait, by site and hour",
    ),
    (
        "busy.png",
        "图：采样台和实验室几点有多忙",
        "chart: how busy lanes and laboratory are, by hour",
    ),
    (
        "gantt.png",
        "图：一次推演的经过：有人的采样台、送样、上机",
        "chart: one replication as it went: lanes with a crew, trips, runs of machines",
    ),
    (
        "rooms.png",
        "图：逐日要多少隔离房间",
        "chart: isolation rooms needed, day by day",
    ),
    ("sites.png", "图：各采样点的等候", "chart: waits by site"),
    (
        "missing.png",
        "图：各网格未采的人",
        "chart: who is missing, by cell",
    ),
    (
        "map.png",
        "图：网格和采样点的位置、去哪个点、何时采完",
        "chart: map of cells and sites: who goes where, when each is done",
    ),
    (
        "chances.png",
        "图：几点前全部出完的把握",
        "chart: the chance that all is done by each hour",
    ),
    (
        "unknowns.png",
        "图：没有确数的量怎样左右最后结果",
        "chart: what nobody knows, and what it does to the last result",
    ),
    (
        "stocks.png",
        "图：物资还够几轮",
        "chart: for how many more rounds stocks last",
    ),
    (
        "positive.png",
        "图：一支阳性管，每一步要多久",
        "chart: the clocks of a positive tube",
    ),
    (
        "*.svg",
        "同样的图，放大不糊，可插入幻灯片和文稿",
        "the same charts, sharp at any size",
    ),
    (
        "rounds.csv",
        "各轮次：采完、出完结果、时限内比例、等候",
        "by round: ends, share in time, waits",
    ),
    (
        "cells.csv",
        "各网格：应检、已采、未采、最后结果",
        "by grid cell: due, swabbed, missed, last result",
    ),
    (
        "missed.csv",
        "各网格未采的原因和人数",
        "by grid cell: why people were missed, and how many",
    ),
    (
        "sites.csv",
        "各采样点：等候、最长队伍、忙碌率、采完时刻",
        "by site: waits, longest queue, utilization, last swab",
    ),
    (
        "labs.csv",
        "各实验室环节：忙碌率、等待、批次、装满率",
        "by laboratory stage: utilization, waits, runs, fill",
    ),
    (
        "stocks.csv",
        "物资逐轮：用去、剩余、还够几轮、何时用完",
        "by stock and round: used, left, rounds left, when it runs out",
    ),
    (
        "staff.csv",
        "各轮采样人员：在岗、忙碌、穿脱的工时，防护服，开台数，缺勤",
        "by round: hours of crews on duty, busy and dressing, suits, lanes open, absence",
    ),
    (
        "incidents.csv",
        "突发事件：发生的概率、次数、持续多久",
        "what goes wrong: how likely, how often, how long",
    ),
    (
        "allotments.csv",
        "各采样点分到的物资、用去的和缺少的",
        "by site, stock and round: allotted, used, lacking",
    ),
    (
        "cost.csv",
        "各轮费用：人工、耗材、车辆、采样点、实验室",
        "by round: staff, items, vehicles, sites, laboratories",
    ),
    (
        "curve.csv",
        "每 15 分钟的五个累计人数",
        "the five counters every 15 minutes",
    ),
    (
        "turnaround.csv",
        "采样后每 15 分钟已出结果的比例和范围",
        "share of results out every 15 minutes after the swab, with its range",
    ),
    (
        "chances.csv",
        "每个小时前全部出完结果的概率",
        "how likely all results are out by each hour",
    ),
    (
        "assumptions.csv",
        "每一个数的取值、可信程度、范围和来源",
        "every number with its standing, range and source",
    ),
    (
        "scenario.toml",
        "方案原样，补齐全部默认值；可直接再推演",
        "the scenario as read with all its defaults; it can be run",
    ),
    (
        "summary.json",
        "全部结果，供程序读取（swabplan schema --summary 有格式说明）",
        "everything, for programs (its shape: swabplan schema --summary)",
    ),
    ("README.txt", "本说明", "this page"),
];

/// Files of a run in which something is decided on the way.
const DECIDED: [Described; 3] = [
    (
        "tiers.csv",
        "各轮开始时各网格的类别（占重复的比例）",
        "by round and grid cell: the share of replications in each tier",
    ),
    (
        "down.csv",
        "各网格何时能降级、解除",
        "by grid cell: when its tier comes down",
    ),
    (
        "decisions.csv",
        "各轮开不开、推迟多久；会商规则何时起作用",
        "rounds held and postponed, and which rules of the review act",
    ),
];

/// The text of README.txt, of a folder with files of these names.
pub fn index(model: &Model, results: &Results, names: &[&str], language: Language) -> String {
    let title = called(&model.title, language);
    let (version, hash) = (env!("CARGO_PKG_VERSION"), &model.hash);
    let (replications, seed) = (results.replications, results.seed);
    let mut text = language.pick(
        format!("{title}\n\nswabplan {version} · 方案 {hash} · 重复 {replications} 次 · 种子 {seed}\n\n"),
        format!("{title}\n\nswabplan {version} · scenario {hash} · {replications} replications · seed {seed}\n\n"),
    );
    if model.stress.is_some() {
        text += language.pick(
            "压力推演：突发事件随机发生\n\n",
            "A stress run: incidents were drawn at random\n\n",
        );
    }
    if model.infection.is_some() && model.recall.is_some() {
        text += language.pick(
            "每人检测次数不能用 Dorfman 公式推算：阳性管的人要重新采样，同住的人一起感染，检测也会漏\n\n",
            "Dorfman's formula does not give the tests a person here: people of positive tubes are swabbed anew, households are infected together, and tests miss\n\n",
        );
    }
    let names: Vec<&str> = names.iter().copied().chain(["README.txt"]).collect();
    text += &listed(FILES.iter().chain(&DECIDED), &names, language);
    text += &language.pick(
        format!("\n再来一遍，结果相同：swabplan run scenario.toml --replications {replications} --seed {seed}\n下一次推演会整个替换这个文件夹，自己的笔记请放到别处。\n"),
        format!("\nThe same again: swabplan run scenario.toml --replications {replications} --seed {seed}\nThe next run replaces this folder whole: keep notes elsewhere.\n"),
    );
    // Notepad on older Windows needs both.
    text.replace('\n', "\r\n")
}

/// A line for each of these that is among `names`, and one for the files of the other language.
pub(super) fn listed<'a>(
    files: impl Iterator<Item = &'a Described>,
    names: &[&str],
    language: Language,
) -> String {
    let is_there = |file: &str| {
        let ending = file.strip_prefix('*');
        names
            .iter()
            .any(|name| *name == file || ending.is_some_and(|ending| name.ends_with(ending)))
    };
    let mut text = String::new();
    for (file, zh, en) in files.filter(|(file, ..)| is_there(file)) {
        text.extend([
            format!("{file:16} ").as_str(),
            language.pick(*zh, *en),
            "\n",
        ]);
    }
    let other = language.pick("-en.", "-zh.");
    if names.iter().any(|name| name.contains(other)) {
        text += language.pick(
            "*-en.*           同样的文件，英文\n",
            "*-zh.*           the same files in Chinese\n",
        );
    }
    text
}
