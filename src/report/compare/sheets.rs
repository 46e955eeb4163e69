//! A comparison as tables for a spreadsheet.

use crate::report::number::cell;
use crate::report::tables::{spreadsheet, text};
use crate::report::words::round;
use crate::units::language::Language;

use super::{Compared, Contender};
use crate::experiment::compare::{Difference, Plan};

/// Every figure of every plan against the base, round by round.
pub fn csv(compared: &Compared<'_>, language: Language) -> Vec<u8> {
    let head = language.pick(
        [
            "方案",
            "轮次",
            "指标",
            "比基准多",
            "区间下限",
            "区间上限",
            "分得清",
            "更小的情形占比",
            "区间缩窄倍数",
            "重复次数",
        ],
        [
            "plan",
            "round",
            "figure",
            "more than the base",
            "lo",
            "hi",
            "clear",
            "smaller in",
            "narrowed by",
            "replications",
        ],
    );
    let base = compared.base().0.model;
    let row = |(contender, plan): (&Contender<'_>, &Plan), difference: &Difference| {
        let found = &difference.paired;
        let numbers = [found.mean, found.mean - found.half, found.mean + found.half].map(cell);
        let mut row = vec![
            text(contender.label),
            text(round(base, difference.round, language)),
            difference.of.id().to_owned(),
        ];
        row.extend(numbers);
        row.push(
            language.pick(["否", "是"], ["no", "yes"])[usize::from(found.is_clear())].to_owned(),
        );
        row.extend(
            [
                found.smaller,
                found.narrowed,
                f64::from(plan.results.replications),
            ]
            .map(cell),
        );
        row
    };
    let plans = compared.plans().skip(1);
    let rows = plans.flat_map(|both| {
        both.1
            .differences
            .iter()
            .map(move |difference| row(both, difference))
    });
    spreadsheet(head.into_iter(), rows)
}

/// Every key in which a plan differs from the base.
pub fn changes(compared: &Compared<'_>, language: Language) -> Vec<u8> {
    let head = language.pick(
        ["方案", "条目", "基准", "本方案"],
        ["plan", "key", "base", "plan has"],
    );
    let value = |value: &Option<String>| value.as_deref().map_or_else(String::new, text);
    let rows = compared.contenders.iter().flat_map(|contender| {
        contender.differences.iter().map(move |change| {
            vec![
                text(contender.label),
                text(&change.key),
                value(&change.first),
                value(&change.second),
            ]
        })
    });
    spreadsheet(head.into_iter(), rows)
}
