//! A crowd as a fluid: when more come than can be served, chance hardly matters and three numbers say it all.

/// What a fluid queue comes to. Times are in the unit of what it was made of.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Fluid {
    /// When the last is served, counted from the opening.
    pub finish: f64,
    /// The most who wait at once.
    pub peak_queue: f64,
    /// The mean wait.
    pub mean_wait: f64,
}

/// `people` who come evenly over a time `over` and are served at up to `capacity` a unit of time (Newell, Applications of Queueing
/// Theory, 1982, chapter 2). Exact as the crowd grows; `over` may be zero.
pub fn even(people: f64, over: f64, capacity: f64) -> Fluid {
    let needed = people / capacity;
    if needed <= over {
        return Fluid {
            finish: over,
            peak_queue: 0.0,
            mean_wait: 0.0,
        };
    }
    Fluid {
        finish: needed,
        peak_queue: people - capacity * over,
        mean_wait: (needed - over) / 2.0,
    }
}

/// The same with any shape of coming: `come[k]` people come evenly in step `k`, each step so long, and up to `capacity[k]` are served in it.
/// After the last step they are served at the last step's capacity that is not zero.
pub fn stepwise(come: &[f64], capacity: &[f64], step: f64) -> Fluid {
    let (mut queue, mut peak, mut people_time, mut finish) = (0.0_f64, 0.0_f64, 0.0, 0.0);
    for (k, &people) in come.iter().enumerate() {
        let can = capacity.get(k).copied().unwrap_or(0.0);
        let after = (queue + people - can).max(0.0);
        // The line is straight within a step, or empty from where it crosses zero.
        let (slope, until) = (
            people - can,
            if queue + people < can {
                queue / (can - people)
            } else {
                1.0
            },
        );
        people_time += step * until * (queue + slope * until / 2.0);
        if people > 0.0 || queue > 0.0 {
            finish = step * (k as f64 + if people > 0.0 { 1.0 } else { until });
        }
        queue = after;
        peak = peak.max(queue);
    }
    let people: f64 = come.iter().sum();
    if people <= 0.0 {
        return Fluid {
            finish: 0.0,
            peak_queue: 0.0,
            mean_wait: 0.0,
        };
    }
    if queue > 0.0 {
        let last = capacity
            .iter()
            .rev()
            .copied()
            .find(|&can| can > 0.0)
            .unwrap_or(0.0);
        let rest = step * queue / last;
        finish = step * come.len().max(capacity.len()) as f64 + rest;
        people_time += queue * rest / 2.0;
    }
    Fluid {
        finish,
        peak_queue: peak,
        mean_wait: people_time / people,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(found: Fluid, finish: f64, peak_queue: f64, mean_wait: f64) -> bool {
        (found.finish - finish).abs() < 0.06
            && (found.peak_queue - peak_queue).abs() < 0.6
            && (found.mean_wait - mean_wait).abs() < 0.06
    }

    #[test]
    fn zeku_at_eighteen_desks_is_done_when_the_table_says() {
        // 12,263 people, 18 desks, 30 s each; minutes.
        assert!(close(even(12_263.0, 240.0, 36.0), 340.6, 3_623.0, 50.3));
        assert!(close(even(12_263.0, 480.0, 36.0), 480.0, 0.0, 0.0));
        assert!(close(even(2_600.0, 180.0, 10.0), 260.0, 800.0, 40.0));
    }

    #[test]
    fn a_break_makes_a_line_that_is_worked_off_after_it() {
        // 60 an hour come for four hours; 120 an hour are served, but none in the second: a line of 60, gone an hour after the break.
        let found = stepwise(&[60.0; 4], &[120.0, 0.0, 120.0, 120.0], 1.0);
        assert!((found.peak_queue - 60.0).abs() < 1e-9 && (found.finish - 4.0).abs() < 1e-9);
        assert!(
            (found.mean_wait - (30.0 + 30.0) / 240.0).abs() < 1e-9,
            "{found:?}"
        );
    }

    proptest! {
        #[test]
        fn steps_of_an_even_flow_are_the_even_flow(people in 1.0..1e5_f64, over in 1..200_usize, capacity in 1.0..500.0_f64) {
            let one = even(people, over as f64, capacity);
            let other = stepwise(&vec![people / over as f64; over], &vec![capacity; over], 1.0);
            prop_assert!((one.finish - other.finish).abs() < 1e-6 * one.finish);
            prop_assert!((one.peak_queue - other.peak_queue).abs() < 1e-6 * people);
            prop_assert!((one.mean_wait - other.mean_wait).abs() < 1e-6 * one.finish);
        }
    }
}
