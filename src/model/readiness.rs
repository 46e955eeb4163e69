//! From the order to the first swab: staff trained, tent and power, barcodes and tubes, each step after those it waits for.

use super::Name;
use super::assumption::Quantity;
use crate::units::Span;

/// A step of getting ready.
#[derive(Clone, PartialEq, Debug)]
pub struct Step {
    /// Its id and names.
    pub name: Name,
    /// How long it takes.
    pub takes: Quantity<Span>,
    /// Positions of the steps that come before; earlier in the list than this one.
    pub after: Vec<usize>,
}

/// When a step is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Done {
    /// From the order to its end.
    pub after_order: Span,
    /// Whether the first swab would come earlier if it were shorter (the critical path; of several that end together the first).
    pub critical: bool,
}

/// When each step is done, if they take so long.
pub fn done(steps: &[Step], takes: impl Fn(&Quantity<Span>) -> Span) -> Vec<Done> {
    let mut done: Vec<Done> = Vec::with_capacity(steps.len());
    for step in steps {
        let begun = step
            .after
            .iter()
            .map(|&before| done[before].after_order)
            .max()
            .unwrap_or_default();
        done.push(Done {
            after_order: begun + takes(&step.takes),
            critical: false,
        });
    }
    let mut waits_for: Vec<usize> = (0..steps.len()).collect();
    while let Some(last) = first_longest(&waits_for, &done) {
        done[last].critical = true;
        waits_for.clone_from(&steps[last].after);
    }
    done
}

/// Of some steps the one that ends last, of several the first.
fn first_longest(among: &[usize], done: &[Done]) -> Option<usize> {
    among
        .iter()
        .copied()
        .min_by_key(|&step| (std::cmp::Reverse(done[step].after_order), step))
}

/// How long it takes from the order until everything is ready.
pub fn total(done: &[Done]) -> Span {
    done.iter()
        .map(|step| step.after_order)
        .max()
        .unwrap_or_default()
}
