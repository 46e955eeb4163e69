//! How the numbers are made, in a few paragraphs for those who are asked.

use crate::model::Model;
use crate::units::language::Language;

/// Each paragraph: Chinese, English.
const PARAGRAPHS: [(&str, &str); 5] = [
    (
        "推演按方案逐人逐管进行：每个人何时到、排多久、何时采；每支管何时装满、何时被收走、何时送到；实验室每一批何时开机、何时出结果。一次推演是一种可能的情形，重复多次得到平均和起伏。",
        "The plan is simulated person by person and tube by tube: when each comes, waits and is swabbed; when each tube is full, collected, delivered; when each run of the laboratory starts and ends. One replication is one way it may go; many give means and spread.",
    ),
    (
        "“95% 区间”说平均值有多准，重复越多越窄；图上的色带是 90% 的情形落在哪里，它不会因为多重复而变窄。",
        "An interval of 95% says how well the mean is known, and narrows with more replications; the band in a chart holds 90% of what may happen, and does not.",
    ),
    (
        "没有确数的量写成范围，每两次推演从中抽一个值。起伏中由此而来的那一份叫“没有确数”，其余是运气；前者只有去打听才能变小。",
        "A quantity that nobody knows is a range, from which every second replication draws a value. Its share of the spread is ignorance, the rest is luck; only asking makes the first smaller.",
    ),
    (
        "比较时各方案遇到同样的人、同样的运气，所以差别来自改动而不是偶然。时限“按时”指 95% 以上的情形里全部结果都按时。",
        "Plans are compared with the same people and the same luck, so that what differs comes from the change. A deadline is kept if all results are in time in at least 95% of cases.",
    ),
    (
        "推演不知道方案里没有写的事。假设一旦改变，结论也可能改变；每个数的来源见下表。",
        "The simulation knows nothing that the scenario does not say. Where an assumption changes, so may the answer; the table says where each number comes from.",
    ),
];

/// The paragraphs in a language.
pub(super) fn method(model: &Model, language: Language) -> Vec<String> {
    let mut all: Vec<String> = PARAGRAPHS
        .iter()
        .filter(|(zh, _)| !zh.starts_with("没有确数") || !model.unknowns.is_empty())
        .map(|(zh, en)| language.pick(*zh, *en).to_owned())
        .collect();
    if model.schematic {
        all.push(
            language
                .pick(
                    "网格和采样点的位置是虚构的，步行和行车时间随之也是假定。",
                    "The positions of cells and sites are invented, and with them walks and drives.",
                )
                .to_owned(),
        );
    }
    all
}
