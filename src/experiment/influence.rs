//! What each quantity that nobody knows does to the answer, found in the replications that are there anyway.

use super::{LUCK_PER_DRAW, ignorance_rank};
use crate::id::{RoundId, UnknownId};
use crate::measure::outcome::Outcome;
use crate::model::Model;

/// What one unknown does to one round.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Influence {
    /// Which.
    pub unknown: UnknownId,
    /// Share of the variance of the last result that goes along with it in a straight line, 0 to 1, less what chance alone would show; NaN
    /// of fewer than three draws.
    pub share: f64,
    /// Where it lies in the lower third of what it may be.
    pub low: Third,
    /// Where it lies in the upper third.
    pub high: Third,
}

/// The answer in one third of an unknown's range. NaN where no draw fell.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Third {
    /// Mean of the last result, in minutes after the round opens.
    pub results_end_min: f64,
    /// Share of replications with every result in time.
    pub on_time: f64,
}

/// What every unknown does to a round, the strongest first.
///
/// The share is the squared correlation of the last result with the unknown's rank over independent draws, adjusted for their number
/// (Ezekiel, 1930). Unknowns are drawn independently, so shares of straight-line effects add up to at most about 1.
pub(super) fn of_round(model: &Model, outcomes: &[Outcome<f64>], round: RoundId) -> Vec<Influence> {
    let draws: Vec<(usize, [f64; 2])> = outcomes
        .chunks(LUCK_PER_DRAW as usize)
        .enumerate()
        .map(|(draw, group)| {
            let mean = |read: &dyn Fn(&Outcome<f64>) -> f64| {
                group.iter().map(read).sum::<f64>() / group.len() as f64
            };
            let end = mean(&|outcome| outcome.rounds[round].results_end_min);
            (draw, [end, mean(&|outcome| outcome.rounds[round].on_time)])
        })
        .filter(|(_, figures)| figures.iter().all(|figure| figure.is_finite()))
        .collect();
    let mut found: Vec<Influence> = model
        .unknowns
        .ids()
        .map(|unknown| {
            let ranked: Vec<(f64, [f64; 2])> = draws
                .iter()
                .map(|&(draw, figures)| {
                    let replication = draw as u32 * LUCK_PER_DRAW;
                    (ignorance_rank(model, replication, unknown), figures)
                })
                .collect();
            Influence {
                unknown,
                share: explained(&ranked),
                low: third(&ranked, 0.0, 1.0 / 3.0),
                high: third(&ranked, 2.0 / 3.0, 1.0),
            }
        })
        .collect();
    found.sort_by(|one, other| {
        let strength = |influence: &Influence| {
            if influence.share.is_nan() {
                -1.0
            } else {
                influence.share
            }
        };
        strength(other)
            .total_cmp(&strength(one))
            .then(one.unknown.cmp(&other.unknown))
    });
    found
}

/// Share of the variance of the first figure explained by a straight line over the rank.
fn explained(ranked: &[(f64, [f64; 2])]) -> f64 {
    let count = ranked.len() as f64;
    if count < 3.0 {
        return f64::NAN;
    }
    let mean = |read: fn(&(f64, [f64; 2])) -> f64| ranked.iter().map(read).sum::<f64>() / count;
    let (rank, end) = (mean(|entry| entry.0), mean(|entry| entry.1[0]));
    let sum = |read: &dyn Fn(f64, f64) -> f64| -> f64 {
        ranked
            .iter()
            .map(|(at, figures)| read(at - rank, figures[0] - end))
            .sum()
    };
    let (along, of_rank, of_end) = (sum(&|x, y| x * y), sum(&|x, _| x * x), sum(&|_, y| y * y));
    if of_rank <= 0.0 || of_end <= 0.0 {
        return 0.0;
    }
    let square = along * along / (of_rank * of_end);
    (1.0 - (1.0 - square) * (count - 1.0) / (count - 2.0)).max(0.0)
}

/// The answer where the rank lies from `from` to `to`.
fn third(ranked: &[(f64, [f64; 2])], from: f64, to: f64) -> Third {
    let here: Vec<&[f64; 2]> = ranked
        .iter()
        .filter(|(rank, _)| (from..to).contains(rank))
        .map(|(_, figures)| figures)
        .collect();
    let mean =
        |index: usize| here.iter().map(|figures| figures[index]).sum::<f64>() / here.len() as f64;
    Third {
        results_end_min: mean(0),
        on_time: mean(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_is_explained_whole_and_noise_hardly() {
        let line: Vec<(f64, [f64; 2])> = (0..50)
            .map(|index| {
                let rank = f64::from(index) / 50.0;
                (rank, [600.0 - 120.0 * rank, 1.0])
            })
            .collect();
        assert!((explained(&line) - 1.0).abs() < 1e-9);
        // The sequence of van der Corput fills 0 to 1 evenly and in no order that goes along with the rank.
        let corput = |index: u32| f64::from(index.reverse_bits()) / 4_294_967_296.0;
        let noise: Vec<(f64, [f64; 2])> = (0..64)
            .map(|index| (f64::from(index) / 64.0, [corput(index), 1.0]))
            .collect();
        assert!(explained(&noise) < 0.05, "{}", explained(&noise));
        assert!(
            explained(&line[..2]).is_nan(),
            "two points are always on a line"
        );
    }

    #[test]
    fn the_thirds_are_the_ends_of_the_range() {
        let ranked = [
            (0.1, [10.0, 0.0]),
            (0.3, [20.0, 0.0]),
            (0.5, [99.0, 0.5]),
            (0.9, [40.0, 1.0]),
        ];
        assert_eq!(
            third(&ranked, 0.0, 1.0 / 3.0).results_end_min.to_bits(),
            15.0_f64.to_bits()
        );
        assert_eq!(
            third(&ranked, 2.0 / 3.0, 1.0).on_time.to_bits(),
            1.0_f64.to_bits()
        );
        assert!(third(&ranked[2..3], 0.0, 0.1).on_time.is_nan());
    }
}
