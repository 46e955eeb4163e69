//! A comparison as tables for a spreadsheet.

use crate::measure::outcome::CURVE_STEP_MIN;
use crate::report::table::{Cell, Column, Table, cell, text};
use crate::report::words::{Label, round};
use crate::units::language::Language;

use super::{Compared, Contender};
use crate::experiment::compare::{Difference, Plan};

/// Every table of a comparison.
pub fn tables(compared: &Compared<'_>, language: Language) -> Vec<Table> {
    vec![
        figures(compared, language),
        changes(compared, language),
        curve(compared, language),
    ]
}

/// Every figure of every plan against the base, round by round.
fn figures(compared: &Compared<'_>, language: Language) -> Table {
    let plain = |zh, en| Column::plain(language.pick(zh, en));
    let columns = vec![
        plain("方案", "plan"),
        plain("轮次", "round"),
        plain("指标", "figure"),
        plain("比基准多", "more than the base"),
        plain("区间下限", "lo"),
        plain("区间上限", "hi"),
        plain("分得清", "clear"),
        Column::share(language.pick("更小的情形占比", "smaller in")),
        plain("区间缩窄倍数", "narrowed by"),
        plain("重复次数", "replications"),
    ];
    let base = compared.base().0.model;
    let row = |(contender, plan): (&Contender<'_>, &Plan), difference: &Difference| {
        let found = &difference.paired;
        let mut row = vec![
            text(contender.label),
            text(round(base, difference.round, language)),
            text(difference.of.id()),
        ];
        row.extend([found.mean, found.mean - found.half, found.mean + found.half].map(cell));
        let clear = language.pick(["否", "是"], ["no", "yes"]);
        row.push(text(clear[usize::from(found.is_clear())]));
        let replications = f64::from(plan.results.replications);
        row.extend([found.smaller, found.narrowed, replications].map(cell));
        row
    };
    let rows = compared.plans().skip(1).flat_map(|both| {
        let differences = both.1.differences.iter();
        differences.map(move |difference| row(both, difference))
    });
    Table {
        name: "comparison",
        columns,
        rows: rows.collect(),
    }
}

/// Every key in which a plan differs from the base.
fn changes(compared: &Compared<'_>, language: Language) -> Table {
    let heads = language.pick(
        ["方案", "条目", "基准", "本方案"],
        ["plan", "key", "base", "plan has"],
    );
    let value = |value: &Option<String>| value.as_deref().map_or(Cell::Empty, text);
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
    Table {
        name: "differences",
        columns: heads.map(Column::plain).to_vec(),
        rows: rows.collect(),
    }
}

/// People whose result is out in the deciding round, plan by plan, every quarter of an hour.
fn curve(compared: &Compared<'_>, language: Language) -> Table {
    let published = Label::Published.says(language);
    let columns = vec![
        Column::plain(language.pick("方案", "plan")),
        Column::plain(language.pick("开始后(小时)", "hours after opening")),
        Column::plain(published),
        Column::plain(&format!("{published} 5%")),
        Column::plain(&format!("{published} 95%")),
    ];
    let rows = compared.plans().flat_map(|(contender, plan)| {
        let hours = (0u32..).map(|step| f64::from(step * CURVE_STEP_MIN) / 60.0);
        hours
            .zip(&plan.deciding().curve)
            .map(move |(hour, counters)| {
                let out = &counters.published;
                let mut row = vec![text(contender.label)];
                row.extend([hour, out.mean, out.p05, out.p95].map(cell));
                row
            })
    });
    Table {
        name: "curve",
        columns,
        rows: rows.collect(),
    }
}
