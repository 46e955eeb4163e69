//! For how many more rounds each stock lasts, after each round.

use super::{name, provenance, short, title};
use crate::chart::{Axis, Chart, Color, Fill, Tick, Tile};
use crate::experiment::results::{Figure, Results};
use crate::measure::outcome::StockOutcome;
use crate::model::Model;
use crate::report::number::{decimal, percent};
use crate::units::language::Language;

/// A stock that runs out in fewer replications than this is not called used up.
const SELDOM: f64 = 0.05;

/// Stocks against rounds; none where none is counted.
pub(super) fn stocks(model: &Model, results: &Results, language: Language) -> Option<Chart> {
    let rounds = &results.outcome.rounds;
    let counted = model.stocks.len();
    if counted == 0 || rounds.values().any(|round| round.stocks.len() != counted) {
        return None;
    }
    let columns = rounds.len().min(12);
    let skipped = rounds.len() - columns;
    let shown = counted.min(super::rows::MOST);
    let height = shown as f64;
    let mut tiles = Vec::new();
    for (column, round) in rounds.values().skip(skipped).enumerate() {
        for (row, stock) in round.stocks.iter().take(shown).enumerate() {
            let (left, bottom) = (column as f64, height - row as f64 - 1.0);
            tiles.push(tile(stock, (left, bottom), language));
        }
    }
    let ticks_x = rounds.ids().skip(skipped).enumerate().map(|(at, id)| Tick {
        at: at as f64 + 0.5,
        label: name(&model.rounds[id].name, language).to_owned(),
    });
    let ticks_y = model
        .stocks
        .iter()
        .take(shown)
        .enumerate()
        .map(|(at, stock)| Tick {
            at: height - at as f64 - 0.5,
            label: name(&stock.name, language).to_owned(),
        });
    Some(Chart {
        title: title(language.pick("物资还够几轮", "for how many more rounds stocks last")),
        subtitle: verdict(model, results, language),
        x: Axis {
            label: language.pick("该轮之后", "After the round").to_owned(),
            from: 0.0,
            to: columns as f64,
            ticks: ticks_x.collect(),
        },
        y: Axis {
            label: String::new(),
            from: 0.0,
            to: height,
            ticks: ticks_y.collect(),
        },
        tiles,
        things: true,
        footnote: provenance(model, results, language),
        ..Chart::default()
    })
}

fn tile(stock: &StockOutcome<Figure>, (left, bottom): (f64, f64), language: Language) -> Tile {
    let (gone, more) = (stock.runs_out.mean, stock.rounds_left.mean);
    let (fill, labels) = if gone >= SELDOM {
        let share = percent(gone);
        let said = language.pick(format!("{share} 会用完"), format!("runs out in {share}"));
        (Fill::Plain(Color::Vermilion), vec![said, share])
    } else if more.is_finite() {
        let said = if more >= 100.0 {
            "> 100".to_owned()
        } else {
            decimal(more, usize::from(more < 10.0))
        };
        (Fill::Share(0.75 / (1.0 + more.max(0.0))), vec![said])
    } else {
        (Fill::Share(0.0), vec![unused(stock, language).to_owned()])
    };
    Tile {
        from: (left + 0.02, bottom + 0.04),
        to: (left + 0.98, bottom + 0.96),
        fill,
        labels,
    }
}

/// Why there is no number of rounds.
fn unused(stock: &StockOutcome<Figure>, language: Language) -> &'static str {
    if stock.before.mean.is_finite() {
        language.pick("不消耗", "not used")
    } else {
        language.pick("还没清点", "not counted yet")
    }
}

/// The stock that is used up first, or that lasts least.
fn verdict(model: &Model, results: &Results, language: Language) -> String {
    for (id, round) in results.outcome.rounds.iter() {
        let worst = round
            .stocks
            .iter()
            .zip(&model.stocks)
            .filter(|(stock, _)| stock.runs_out.mean >= SELDOM)
            .max_by(|one, other| one.0.runs_out.mean.total_cmp(&other.0.runs_out.mean));
        if let Some((stock, entry)) = worst {
            let (what, which) = (
                short(&entry.name, language),
                short(&model.rounds[id].name, language),
            );
            let share = percent(stock.runs_out.mean);
            return language.pick(
                format!("最先用完的是{what}：{which}里，{share} 的推演"),
                format!("First to run out: {what}, in {which}, in {share} of replications"),
            );
        }
    }
    let ended = results.outcome.rounds.values().last();
    let least = ended
        .into_iter()
        .flat_map(|round| round.stocks.iter().zip(&model.stocks))
        .filter(|(stock, _)| stock.rounds_left.mean.is_finite())
        .min_by(|one, other| one.0.rounds_left.mean.total_cmp(&other.0.rounds_left.mean));
    least.map_or_else(String::new, |(stock, entry)| {
        let what = short(&entry.name, language);
        let more = decimal(stock.rounds_left.mean, 1);
        language.pick(
            format!("都够；最紧的是{what}，还够 {more} 轮"),
            format!("All last; the scarcest is {what}, for {more} more rounds"),
        )
    })
}
