//! What one more of each thing buys, what one less costs, and which unknown matters most.

use serde_json::{Value, json};

use crate::chart::{Across, Axis as ChartAxis, Chart, Color, Fill, Mark, Tick, Tile, ticks};
use crate::experiment::compare::Compared as Of;
use crate::experiment::lever::Pull;
use crate::experiment::leverage::{Leverage, Pulled};
use crate::experiment::sobol::Effects;
use crate::model::{Model, Watched};
use crate::stats::selection::Paired;
use crate::units::language::Language;

use super::compare::decides;
use super::layout::{crop, labelled, table};
use super::levers::lever;
use super::number::{Calendar, cell, decimal, json as number, minutes, percent, signed};
use super::table::{harmless, spreadsheet};
use super::words::{Label, called};

/// The name of the shape; it changes when a program that reads it would have to change.
const SHAPE: &str = "swabplan.sensitivity/1";

/// Levers shown on the screen and in the chart.
const SHOWN: usize = 9;

/// The levers of a plan and what they do.
#[derive(Clone, Copy, Debug)]
pub struct Sensitivity<'a> {
    /// The operation.
    pub model: &'a Model,
    /// The id of the round looked at, which the model has.
    pub round: &'a str,
    /// What is looked at.
    pub of: Watched,
    /// Replications of each trial.
    pub replications: u32,
    /// The levers.
    pub leverage: &'a Leverage,
    /// The unknowns, if there are any and the answer varies.
    pub effects: Option<&'a Effects>,
}

impl<'a> Sensitivity<'a> {
    fn figure(&self) -> Of {
        Of::watched(self.of)
    }

    /// What a pull does, less what the plan does without.
    fn gain(&self, pulled: &Pulled) -> Paired {
        pulled.trial.against(&self.leverage.base, self.figure())
    }

    /// What the round costs more with a pull.
    fn price(&self, pulled: &Pulled) -> f64 {
        pulled.trial.against(&self.leverage.base, Of::Cost).mean
    }

    fn of_pull(&self, pull: Pull) -> impl Iterator<Item = (&'a Pulled, Paired)> {
        let all = self.leverage.pulled.iter();
        all.filter(move |pulled| pulled.pull == pull)
            .map(|pulled| (pulled, self.gain(pulled)))
    }

    /// What one more of each buys, the most first.
    fn next_best(&self) -> Vec<(&'a Pulled, Paired)> {
        let mut found: Vec<_> = self
            .of_pull(Pull::Up)
            .filter(|(_, gain)| gain.mean.is_finite())
            .collect();
        found.sort_by(|one, other| one.1.mean.total_cmp(&other.1.mean));
        found
    }

    /// The same lever pulled otherwise.
    fn same(&self, pulled: &Pulled, pull: Pull) -> Option<Paired> {
        let other = self
            .of_pull(pull)
            .find(|(other, _)| other.lever == pulled.lever);
        other.map(|(_, gain)| gain)
    }
}

/// The answer on one screen.
pub fn screen(found: &Sensitivity<'_>, language: Language, files: Option<&str>) -> String {
    let title = crop(called(&found.model.title, language), 40);
    let round = found
        .model
        .rounds
        .values()
        .find(|round| round.name.id == found.round);
    let round = round.map_or("", |round| called(&round.name, language));
    let each = found.replications;
    let head = language.pick(
        format!("{title} · {round} · 每次改一处，各重复 {each} 次\n"),
        format!("{title} · {round} · one change at a time, {each} replications each\n"),
    );
    let verdict = labelled(
        &[(Label::Verdict.says(language), verdict(found, language))],
        language,
    );
    let mut heads = language
        .pick(
            ["多一份（分钟）", "多一份", "多两份", "少一份"],
            ["one more (minutes)", "one more", "two more", "one less"],
        )
        .to_vec();
    let priced = found.model.cost.is_some();
    if priced {
        heads.push(language.pick("每花 1000 早几分", "min per 1,000 spent"));
    }
    let shown =
        |gain: Option<Paired>| gain.map_or_else(|| "—".to_owned(), |gain| minutes_of(&gain));
    let rows = found
        .next_best()
        .into_iter()
        .filter(|(_, gain)| gain.mean.abs() >= 0.5)
        .take(SHOWN)
        .map(|(pulled, gain)| {
            let mut row = vec![
                crop(&lever(found.model, &pulled.lever, Pull::Up, language), 40),
                minutes_of(&gain),
                shown(found.same(pulled, Pull::UpTwice)),
                shown(found.same(pulled, Pull::Down)),
            ];
            if priced {
                row.push(per_money(found.price(pulled), &gain, language));
            }
            row
        });
    let mut below = Vec::new();
    if let Some(effects) = found.effects {
        below.push((
            language.pick("没有确数", "Unknowns"),
            unknowns(found.model, effects, language),
        ));
    }
    below.extend(files.map(|files| (Label::Files.says(language), files.to_owned())));
    [
        head,
        verdict,
        table(&heads, rows),
        labelled(&below, language),
    ]
    .join("\n")
}

/// Minutes earlier for each thousand that a pull costs more.
fn per_money(price: f64, gain: &Paired, language: Language) -> String {
    if gain.mean >= 0.0 || !price.is_finite() {
        "—".to_owned()
    } else if price <= 0.0 {
        language.pick("不多花钱", "costs no more").to_owned()
    } else {
        decimal(-gain.mean / price * 1_000.0, 1)
    }
}

/// A difference in minutes with its interval.
fn minutes_of(gain: &Paired) -> String {
    format!(
        "{} ± {}",
        signed(gain.mean),
        decimal(gain.half, usize::from(gain.half < 1.0))
    )
}

/// What to ask for next.
fn verdict(found: &Sensitivity<'_>, language: Language) -> String {
    let figure = decides(found.of, language);
    let base = found.leverage.base.mean(found.figure()).0;
    let best = found
        .next_best()
        .into_iter()
        .find(|(_, gain)| gain.is_clear() && gain.mean < -0.5);
    let Some((pulled, gain)) = best else {
        return language.pick(
            format!("任何一样多一份都不能使{figure}明显提前"),
            format!("One more of anything brings {figure} no clearly earlier"),
        );
    };
    let what = lever(found.model, &pulled.lever, Pull::Up, language);
    let (from, to) = (
        clock(found, base, language),
        clock(found, base + gain.mean, language),
    );
    let half = decimal(gain.half, usize::from(gain.half < 1.0));
    language.pick(
        format!("最值得争取：{what}，{figure}从 {from} 提前到 {to}（±{half} 分钟）"),
        format!("Ask first for: {what}. It brings {figure} from {from} to {to} (± {half} min)"),
    )
}

/// A figure as a clock time, or as a length where it is one.
fn clock(found: &Sensitivity<'_>, at: f64, language: Language) -> String {
    let round = found
        .model
        .rounds
        .values()
        .find(|round| round.name.id == found.round);
    match (found.of, round) {
        (Watched::SwabbingEnds | Watched::ResultsEnd, Some(round)) => {
            let calendar = Calendar {
                first_day: found.model.first_day,
                language,
            };
            calendar.clock_after(round.opens, at)
        }
        _ => minutes(at, language),
    }
}

/// Shares of the variance that come from each unknown.
fn unknowns(model: &Model, effects: &Effects, language: Language) -> String {
    let one = effects.unknowns.iter().take(4).map(|effect| {
        let what = model.unknowns[effect.unknown].called.says(language);
        format!("{what} {}", percent(effect.total))
    });
    let all = one.collect::<Vec<_>>().join(language.pick("、", ", "));
    let (luck, deviation) = (percent(effects.luck), decimal(effects.deviation, 0));
    language.pick(
        format!("起伏（标准差 {deviation} 分钟）各占：{all}；运气 {luck}（Sobol 总效应，可以重叠）"),
        format!("of the spread (sd {deviation} min): {all}; luck {luck} (Sobol total effects, which may overlap)"),
    )
}

/// Every lever at every pull, for a spreadsheet.
pub fn csv(found: &Sensitivity<'_>, language: Language) -> Vec<u8> {
    let mut heads = vec![
        language.pick("改动", "change").to_owned(),
        language.pick("程度", "pull").to_owned(),
    ];
    for of in Of::ALL {
        heads.extend([of.id().to_owned(), format!("{} ±", of.id())]);
    }
    let rows = found.leverage.pulled.iter().map(|pulled| {
        let mut row = vec![
            harmless(&lever(found.model, &pulled.lever, pulled.pull, language)),
            id(pulled.pull).to_owned(),
        ];
        for of in Of::ALL {
            let gain = pulled.trial.against(&found.leverage.base, of);
            row.extend([cell(gain.mean), cell(gain.half)]);
        }
        row
    });
    spreadsheet(heads.iter().map(String::as_str), rows)
}

/// How programs call a pull.
const fn id(pull: Pull) -> &'static str {
    match pull {
        Pull::Down => "down",
        Pull::Up => "up",
        Pull::UpTwice => "up_twice",
        Pull::Away => "away",
    }
}

/// Everything for a program.
pub fn json(found: &Sensitivity<'_>) -> Value {
    let pulled: Vec<Value> = found
        .leverage
        .pulled
        .iter()
        .map(|pulled| {
            let figures = Of::ALL.map(|of| {
                let gain = pulled.trial.against(&found.leverage.base, of);
                (of.id().to_owned(), json!({ "mean": number(gain.mean), "lo": number(gain.mean - gain.half), "hi": number(gain.mean + gain.half) }))
            });
            json!({
                "lever": lever(found.model, &pulled.lever, pulled.pull, Language::English),
                "pull": id(pulled.pull),
                "minutes_per_1000": per_1000(found, pulled),
                "more_than_base": figures.into_iter().collect::<serde_json::Map<_, _>>(),
            })
        })
        .collect();
    let unknowns = found.effects.map(|effects| {
        let entries: Vec<Value> = effects
            .unknowns
            .iter()
            .map(|effect| json!({ "key": found.model.unknowns[effect.unknown].key, "first": number(effect.first), "total": number(effect.total) }))
            .collect();
        json!({ "effects": entries, "luck": number(effects.luck), "deviation_min": number(effects.deviation) })
    });
    json!({
        "schema": SHAPE,
        "version": env!("CARGO_PKG_VERSION"),
        "scenario": { "title": found.model.title.zh, "hash": found.model.hash },
        "seed": found.model.design.seed,
        "round": found.round,
        "decides": found.figure().id(),
        "replications": found.replications,
        "levers": pulled,
        "unknowns": unknowns,
    })
}

/// Minutes earlier for each thousand that a pull costs more; nothing where it costs no more.
fn per_1000(found: &Sensitivity<'_>, pulled: &Pulled) -> Value {
    let price = found.price(pulled);
    let minutes = -found.gain(pulled).mean / price * 1_000.0;
    number(if price > 0.0 { minutes } else { f64::NAN })
}

/// A lever, what one more of it does and what one less does.
type Bar = (String, f64, f64);

/// The bars of the tornado, the longest first.
fn bars(found: &Sensitivity<'_>, language: Language) -> Vec<Bar> {
    let mut bars: Vec<Bar> = found
        .next_best()
        .into_iter()
        .map(|(pulled, gain)| {
            let less = found.same(pulled, Pull::Down).map_or(0.0, |less| less.mean);
            (
                lever(found.model, &pulled.lever, Pull::Up, language),
                gain.mean,
                less,
            )
        })
        .filter(|(_, up, down)| up.abs().max(down.abs()) >= 0.5)
        .collect();
    let reach = |bar: &Bar| bar.1.abs().max(bar.2.abs());
    bars.sort_by(|one, other| reach(other).total_cmp(&reach(one)));
    bars.truncate(SHOWN + 3);
    bars
}

/// The tornado: how far each lever moves the answer up and down, the strongest on top.
pub fn tornado(found: &Sensitivity<'_>, language: Language) -> Chart {
    let bars = bars(found, language);
    let reach = |bar: &Bar| bar.1.abs().max(bar.2.abs());
    let widest = bars.iter().map(reach).fold(1.0, f64::max) * 1.15;
    let count = bars.len() as f64;
    let height = |at: usize| count - at as f64;
    let bar = |(at, length, color): (usize, f64, Color)| Tile {
        from: (0.0, height(at) - 0.36),
        to: (length, height(at) + 0.36),
        fill: Fill::Plain(color),
        labels: vec![signed(length)],
    };
    let tiles = bars
        .iter()
        .enumerate()
        .flat_map(|(at, bar)| [(at, bar.1, Color::Blue), (at, bar.2, Color::Vermilion)]);
    let tick = |at: f64| Tick {
        at,
        label: signed(at),
    };
    let names = bars.iter().enumerate().map(|(at, bar)| Tick {
        at: height(at),
        label: bar.0.clone(),
    });
    let title = crop(called(&found.model.title, language), 56);
    let what = decides(found.of, language);
    let (hash, seed, each) = (
        &found.model.hash,
        found.model.design.seed,
        found.replications,
    );
    let version = env!("CARGO_PKG_VERSION");
    Chart {
        title: language.pick(format!("多一份、少一份，{what}差多少"), format!("What one more or one less does to {what}")),
        subtitle: verdict(found, language),
        x: ChartAxis {
            label: language.pick("比现在晚（+）或早（−）的分钟数；蓝：多一份，橙：少一份", "Minutes later (+) or earlier (−) than now; blue: one more, orange: one less").to_owned(),
            from: -widest,
            to: widest,
            ticks: ticks::numbers(-widest, widest, 8).into_iter().map(tick).collect(),
        },
        y: ChartAxis {
            label: String::new(),
            from: 0.3,
            to: count + 0.7,
            ticks: names.collect(),
        },
        tiles: tiles.filter(|end| end.1 != 0.0).map(bar).collect(),
        marks: vec![Mark {
            at: Across::X(0.0),
            labels: Vec::new(),
            color: Color::Ink,
        }],
        footnote: language.pick(
            format!("{title} · swabplan {version}，方案 {hash}，种子 {seed}，每次改动推演 {each} 次，同样的运气"),
            format!("{title} · swabplan {version}, scenario {hash}, seed {seed}, {each} replications of each change, same luck"),
        ),
        ..Chart::default()
    }
}
