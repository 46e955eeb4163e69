//! What a comparison says, in sentences that cannot be misread.

use crate::experiment::compare::{Compared as Of, End, Plan};
use crate::report::number::{count, decimal, percent, signed};
use crate::stats::selection::{Paired, pairs_needed};
use crate::units::language::Language;

use super::rows::decides;
use super::{Compared, Contender};

/// The verdict on the whole, then a sentence for each plan but the base.
pub(super) fn sentences(compared: &Compared<'_>, language: Language) -> Vec<String> {
    let mut said = vec![whole(compared, language)];
    let others = compared.plans().skip(1);
    said.extend(others.map(|(contender, plan)| against(compared, (contender, plan), language)));
    said
}

/// Which plan is best, and how sure that is.
fn whole(compared: &Compared<'_>, language: Language) -> String {
    let comparison = compared.comparison;
    let figure = decides(comparison.of, language);
    match comparison.end {
        End::Best(best) => {
            let (label, plan) = (compared.contenders[best].label, &comparison.plans[best]);
            let (ahead, chance) = (decimal(-plan.from_best.mean, 0), sure(plan.chance));
            if -plan.from_best.hi > 0.0 {
                language.pick(
                    format!("{label} 最好：{figure}比其余最好的早 {ahead} 分钟（把握 {chance}）"),
                    format!("{label} is best: {figure} {ahead} min before the best of the others ({chance} sure)"),
                )
            } else {
                let zone = decimal(compared.indifference_min, 0);
                language.pick(
                    format!("{label} 与最好的相差不到 {zone} 分钟（是最好的把握 {chance}）"),
                    format!("{label} is best or within {zone} min of the best ({chance} sure to be the best)"),
                )
            }
        }
        End::Open => {
            let running = compared.plans().filter(|(_, plan)| plan.dropped.is_none());
            let labels: Vec<&str> = running.map(|(contender, _)| contender.label).collect();
            let labels = labels.join(language.pick("、", ", "));
            let needed = comparison.needed.map_or_else(|| "—".to_owned(), |needed| count(needed as f64));
            language.pick(
                format!("还分不出最好的：{labels} 之间难分；最多重复 {needed} 次一定能分出"),
                format!("No best one yet among {labels}; {needed} replications would decide at the latest"),
            )
        }
        End::NoFigure => language.pick(
            format!("有的重复里没有{figure}（没有人采样或没有结果），不能比较"),
            format!("In some replications there is no figure for {figure} (nobody swabbed, or nothing published): nothing can be compared"),
        ),
        End::Interrupted => language.pick("被中断".to_owned(), "Interrupted".to_owned()),
    }
}

/// How sure it is; never quite.
fn sure(chance: f64) -> String {
    if chance > 0.99 {
        ">99%".to_owned()
    } else {
        percent(chance)
    }
}

/// A plan against the base.
fn against(
    compared: &Compared<'_>,
    (contender, plan): (&Contender<'_>, &Plan),
    language: Language,
) -> String {
    let label = contender.label;
    let (base, based) = compared.base();
    let of = Of::watched(compared.comparison.of);
    let Some(found) = plan
        .difference(of, based.round)
        .map(|difference| difference.paired)
    else {
        return label.to_owned();
    };
    let base = base.label;
    let figure = decides(compared.comparison.of, language);
    let (apart, half) = (
        decimal(found.mean.abs(), 0),
        decimal(found.half, usize::from(found.half < 1.0)),
    );
    if found.is_clear() {
        let sooner = found.mean < 0.0;
        language.pick(
            format!(
                "{label}：{figure}比 {base} {} {apart}±{half} 分钟",
                if sooner { "早" } else { "晚" }
            ),
            format!(
                "{label}: {figure} {apart} ± {half} min {} than {base}",
                if sooner { "earlier" } else { "later" }
            ),
        ) + &spread(&found, language)
    } else if found.half <= compared.indifference_min {
        language.pick(
            format!(
                "{label}：{figure}与 {base} 一样（相差 {}±{half} 分钟）",
                signed(found.mean)
            ),
            format!(
                "{label}: {figure} as with {base} ({} ± {half} min)",
                signed(found.mean)
            ),
        )
    } else {
        let more = missing(&found, plan.results.replications);
        language.pick(
            format!(
                "{label}：{figure}与 {base} 还分不出先后（{}±{half} 分钟）{}",
                signed(found.mean),
                more.0
            ),
            format!(
                "{label}: cannot be told apart from {base} yet ({} ± {half} min){}",
                signed(found.mean),
                more.1
            ),
        )
    }
}

/// In how many of the replications it is so.
fn spread(found: &Paired, language: Language) -> String {
    let share = percent(if found.mean < 0.0 {
        found.smaller
    } else {
        1.0 - found.smaller
    });
    language.pick(
        format!("，{share} 的情形如此"),
        format!(", in {share} of replications"),
    )
}

/// How many replications more would tell two plans apart.
fn missing(found: &Paired, replications: u32) -> (String, String) {
    let per_pair = u64::from(replications) / (found.pairs as u64).max(1);
    let more = pairs_needed(found)
        .map(|pairs| (pairs * per_pair.max(1)).saturating_sub(u64::from(replications)));
    more.filter(|more| *more < 1_000_000)
        .map_or_else(Default::default, |more| {
            let more = count(more as f64);
            (
                format!("；再重复约 {more} 次可分"),
                format!("; about {more} more replications would"),
            )
        })
}

/// Whether the verdict on each plan holds over what nobody knows; nothing where everything is known.
pub(super) fn across(compared: &Compared<'_>, language: Language) -> Vec<String> {
    let one = |(contender, plan): (&Contender<'_>, &Plan)| {
        let turning: Vec<String> = plan
            .turns
            .iter()
            .filter(|turn| turn.is_one() && turn.low.abs().min(turn.high.abs()) >= 1.0)
            .take(2)
            .map(|turn| {
                let unknown = &compared.base().0.model.unknowns[turn.unknown];
                let what = unknown.called.says(language);
                let [low, high] = [turn.low, turn.high].map(signed);
                language.pick(
                    format!("{what}偏低 {low}、偏高 {high} 分钟"),
                    format!("{what}: if low {low}, if high {high} min"),
                )
            })
            .collect();
        let label = contender.label;
        if plan.turns.is_empty() {
            None
        } else if turning.is_empty() {
            Some(language.pick(
                format!("{label}：没有确数的各项无论高低，先后不变"),
                format!("{label}: holds whatever the unknowns are"),
            ))
        } else {
            let turning = turning.join(language.pick("；", "; "));
            Some(language.pick(
                format!("{label}：会反过来，{turning}"),
                format!("{label}: turns around with {turning}"),
            ))
        }
    };
    compared.plans().skip(1).filter_map(one).collect()
}

/// By how much pairing narrowed the intervals.
pub(super) fn narrowed(compared: &Compared<'_>, language: Language) -> Option<String> {
    let of = Of::watched(compared.comparison.of);
    let round = compared.base().1.round;
    let factors: Vec<String> = compared
        .plans()
        .skip(1)
        .filter_map(|(contender, plan)| {
            let found = plan.difference(of, round)?.paired;
            found
                .narrowed
                .is_finite()
                .then(|| format!("{} {}", contender.label, decimal(found.narrowed, 1)))
        })
        .collect();
    (!factors.is_empty()).then(|| {
        let factors = factors.join(language.pick("、", ", "));
        language.pick(
            format!("同样的运气使区间缩窄几倍：{factors}"),
            format!("same luck narrows the intervals so many times: {factors}"),
        )
    })
}
