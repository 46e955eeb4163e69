//! Which unknown matters most: shares of the variance of the answer by Sobol's indices, luck told apart.
//!
//! Estimators of Jansen (1999) over Saltelli's design (2010): two independent samples A and B of all ranks, and for each unknown the sample
//! A with that unknown's ranks from B. Row `j` of A and of its changed copies has the same luck, so that it cancels in total effects; row `j`
//! of B has luck of its own, so that in first-order effects it counts as unexplained.

use super::Watch;
use super::compare::Compared;
use crate::id::{RoundId, UnknownId};
use crate::measure::replicate;
use crate::model::Model;
use crate::network::compile_in;
use crate::random::{Purpose, Streams, name};
use crate::sim::{Grain, Memory};
use crate::stats::interval::moments;
use rayon::prelude::*;

/// What an unknown does to the answer, as shares of its variance.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Effect {
    /// Which.
    pub unknown: UnknownId,
    /// Share that goes if only it becomes known.
    pub first: f64,
    /// Share that stays if all others become known: its own effect and all it has together with others.
    pub total: f64,
}

/// The effects of all unknowns, the strongest first.
#[derive(Clone, PartialEq, Debug)]
pub struct Effects {
    /// Of each unknown.
    pub unknowns: Vec<Effect>,
    /// Share of the variance that is there even if everything is known.
    pub luck: f64,
    /// The standard deviation of the answer over worlds and luck.
    pub deviation: f64,
}

/// Shares of the variance of a figure of a round, from so many rows; none if interrupted, or if the figure does not exist or never varies.
pub fn effects(
    model: &Model,
    figure: Compared,
    round: RoundId,
    rows: u32,
    watch: &dyn Watch,
) -> Option<Effects> {
    let design = Design {
        model,
        figure,
        round,
    };
    let unknowns: Vec<UnknownId> = model.unknowns.ids().collect();
    let planned = 3 + unknowns.len() as u32;
    let mut column = 0;
    let mut run = |sample: Sample| {
        let found = design.column(sample, rows, watch);
        column += 1;
        watch.done(column, planned, None);
        found
    };
    let first = run(Sample::First)?;
    let second = run(Sample::Second)?;
    let again = run(Sample::OtherLuck)?;
    let whole = moments(&[first.as_slice(), second.as_slice()].concat());
    if whole.variance.is_nan() || whole.variance <= 0.0 {
        return None;
    }
    let half_square = |one: &[f64], other: &[f64]| {
        let squares = one
            .iter()
            .zip(other)
            .map(|(one, other)| (one - other) * (one - other));
        moments(&squares.collect::<Vec<_>>()).mean / 2.0
    };
    let mut found = Vec::new();
    for unknown in unknowns {
        let mixed = run(Sample::Mixed(unknown))?;
        found.push(Effect {
            unknown,
            first: (1.0 - half_square(&second, &mixed) / whole.variance).clamp(0.0, 1.0),
            total: (half_square(&first, &mixed) / whole.variance).clamp(0.0, 1.0),
        });
    }
    found.sort_by(|one, other| {
        other
            .total
            .total_cmp(&one.total)
            .then(one.unknown.cmp(&other.unknown))
    });
    Some(Effects {
        unknowns: found,
        luck: (half_square(&first, &again) / whole.variance).clamp(0.0, 1.0),
        deviation: whole.variance.sqrt(),
    })
}

/// A column of the design.
#[derive(Clone, Copy)]
enum Sample {
    /// A.
    First,
    /// B.
    Second,
    /// A once more, with other luck.
    OtherLuck,
    /// A with one unknown from B.
    Mixed(UnknownId),
}

struct Design<'a> {
    model: &'a Model,
    figure: Compared,
    round: RoundId,
}

impl Design<'_> {
    /// The answer in each row of a sample, row by row.
    fn column(&self, sample: Sample, rows: u32, watch: &dyn Watch) -> Option<Vec<f64>> {
        let row = |memory: &mut Memory, row: u32| {
            (!watch.interrupted()).then(|| self.row(sample, row, memory))
        };
        (0..rows)
            .into_par_iter()
            .map_init(Memory::default, row)
            .collect()
    }

    fn row(&self, sample: Sample, row: u32, memory: &mut Memory) -> f64 {
        let rank = |unknown: UnknownId| {
            let second = match sample {
                Sample::First | Sample::OtherLuck => false,
                Sample::Second => true,
                Sample::Mixed(mixed) => mixed == unknown,
            };
            self.rank(unknown, row, second)
        };
        let luck = match sample {
            Sample::First | Sample::Mixed(_) => 2 * row,
            Sample::Second | Sample::OtherLuck => 2 * row + 1,
        };
        let streams = Streams::new(self.model.design.seed, luck);
        let network = compile_in(self.model, &rank, streams);
        let outcome = replicate(&network, streams, Grain::Whole, memory);
        self.figure.read(&outcome.rounds[self.round])
    }

    /// The rank of an unknown in a row of A or B.
    fn rank(&self, unknown: UnknownId, row: u32, second: bool) -> f64 {
        let key = name(&self.model.unknowns[unknown].key);
        Streams::new(self.model.design.seed, row)
            .key(Purpose::Ignorance, key)
            .of(1 + u64::from(second))
            .share()
    }
}
