//! One machine that takes many tubes at once: M/G^(a,b)/1 (Bailey, 1954; Neuts, 1967; Chaudhry and Templeton, A First Course in Bulk Queues).
//!
//! The machine starts when at least `a` wait and takes up to `b` of them; who comes while it runs waits for the next run. (Gross and
//! Harris also treat the rule by which later arrivals join a run under way. That is another queue.)

/// A machine and the tubes that come to it at random. Times are in any one unit.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Bulk {
    /// Tubes that come per unit of time.
    pub lambda: f64,
    /// Mean time of a run.
    pub run: f64,
    /// What the time of a run is like.
    pub runs: Runs,
    /// Tubes it waits for, at least 1.
    pub a: usize,
    /// Tubes it takes at most, at least `a`.
    pub b: usize,
}

/// What the time of a run is like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Runs {
    /// Always the same.
    Constant,
    /// Exponentially distributed.
    Exponential,
}

/// How a machine fares in the long run.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Steady {
    /// Mean number of tubes waiting.
    pub queue: f64,
    /// Mean wait of a tube.
    pub wait: f64,
    /// Mean tubes in a run.
    pub batch: f64,
    /// Share of time in which the machine runs.
    pub busy: f64,
}

impl Bulk {
    /// The steady state by the chain embedded at the ends of runs and renewal reward; `None` if the machine cannot keep up.
    pub fn steady(&self) -> Option<Steady> {
        if self.lambda * self.run >= self.b as f64 || self.a == 0 || self.a > self.b {
            return None;
        }
        let waiting = self.at_run_ends();
        let square = match self.runs {
            Runs::Constant => self.run * self.run,
            Runs::Exponential => 2.0 * self.run * self.run,
        };
        let (mut idle, mut tube_time) = (0.0, self.lambda * square / 2.0);
        for (j, &p) in waiting.iter().enumerate() {
            let missing = self.a.saturating_sub(j);
            idle += p * missing as f64 / self.lambda;
            // While the machine waits for company, j, j + 1, … a − 1 tubes wait for one gap each.
            tube_time += p * (j..self.a).map(|held| held as f64).sum::<f64>() / self.lambda;
            tube_time += p * j.saturating_sub(self.b) as f64 * self.run;
        }
        let cycle = idle + self.run;
        let queue = tube_time / cycle;
        Some(Steady {
            queue,
            wait: queue / self.lambda,
            batch: self.lambda * cycle,
            busy: self.run / cycle,
        })
    }

    /// Probabilities of 0, 1, 2 … tubes waiting at the end of a run. What a run leaves behind is a walk reflected at zero, iterated to rest.
    fn at_run_ends(&self) -> Vec<f64> {
        const NEGLIGIBLE: f64 = 1e-17;
        let come = self.come_during_a_run();
        let mut left = vec![1.0];
        loop {
            let mut waiting = vec![0.0; left.len() + come.len() - 1];
            for (behind, p) in left.iter().enumerate() {
                for (new, q) in come.iter().enumerate() {
                    waiting[behind + new] += p * q;
                }
            }
            let mut next = vec![waiting.iter().take(self.b + 1).sum::<f64>()];
            next.extend(waiting.iter().skip(self.b + 1));
            while next.last().is_some_and(|&p| p < NEGLIGIBLE) {
                next.pop();
            }
            let change: f64 = (0..next.len().max(left.len()))
                .map(|at| (next.get(at).unwrap_or(&0.0) - left.get(at).unwrap_or(&0.0)).abs())
                .sum();
            left = next;
            if change < 1e-14 {
                return waiting;
            }
        }
    }

    /// Probabilities of 0, 1, 2 … tubes coming while the machine runs, to where they no longer matter.
    fn come_during_a_run(&self) -> Vec<f64> {
        let mean = self.lambda * self.run;
        let mut come = Vec::new();
        let mut rest = 1.0;
        for k in 0_u32.. {
            let p = match self.runs {
                // By logarithms, so that large means do not underflow.
                Runs::Constant => (f64::from(k) * mean.ln()
                    - mean
                    - statrs::function::gamma::ln_gamma(f64::from(k) + 1.0))
                .exp(),
                Runs::Exponential => (mean / (1.0 + mean)).powf(f64::from(k)) / (1.0 + mean),
            };
            come.push(p);
            rest -= p;
            if f64::from(k) > mean && (p < 1e-17 || rest < 1e-16) {
                break;
            }
        }
        let total: f64 = come.iter().sum();
        come.iter().map(|p| p / total).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn steady(lambda: f64, run: f64, a: usize, b: usize, runs: Runs) -> Steady {
        Bulk {
            lambda,
            run,
            runs,
            a,
            b,
        }
        .steady()
        .unwrap()
    }

    #[test]
    fn machines_that_run_the_same_time_fare_as_the_table_says() {
        // Tolerance: half a unit of the last digit printed.
        for (lambda, run, a, b, [queue, wait, batch, busy], digits) in [
            (
                1.0,
                1.0,
                1,
                2,
                [0.511_420, 0.511_420, 1.323_259, 0.755_710],
                6e-7,
            ),
            (
                3.0,
                1.0,
                1,
                4,
                [2.275_282, 0.758_427, 3.033_756, 0.988_873],
                6e-7,
            ),
            (3.0, 1.0, 4, 4, [2.300_883, 0.766_961, 4.0, 0.75], 6e-7),
            (
                8.0,
                1.0,
                1,
                10,
                [4.878_475, 0.609_809, 8.000_241, 0.999_970],
                6e-7,
            ),
            (20.0, 1.5, 1, 94, [15.0, 0.75, 30.0, 1.0], 6e-5),
            (20.0, 1.5, 47, 94, [23.0019, 1.1501, 47.004, 0.638_25], 6e-4),
            (20.0, 1.5, 94, 94, [46.5, 2.325, 94.0, 0.319_149], 6e-5),
            (50.0, 1.5, 1, 94, [37.559, 0.751_18, 75.0, 1.0], 6e-4),
        ] {
            let found = steady(lambda, run, a, b, Runs::Constant);
            for (found, printed) in [found.queue, found.wait, found.batch, found.busy]
                .into_iter()
                .zip([queue, wait, batch, busy])
            {
                assert!(
                    (found - printed).abs() < digits,
                    "lambda {lambda} a {a} b {b}: {found} is not {printed}"
                );
            }
        }
    }

    #[test]
    fn a_machine_with_exponential_runs_meets_the_golden_ratio() {
        let found = steady(1.0, 1.0, 1, 2, Runs::Exponential);
        assert!(
            (found.queue - 1.170_820).abs() < 6e-7 && (found.batch - 1.381_966).abs() < 6e-7,
            "{found:?}"
        );
        assert!((found.busy - (5.0 + 5_f64.sqrt()) / 10.0).abs() < 1e-9);
    }

    #[test]
    fn a_machine_that_cannot_keep_up_has_no_steady_state() {
        assert_eq!(
            Bulk {
                lambda: 4.0,
                run: 1.0,
                runs: Runs::Constant,
                a: 1,
                b: 4
            }
            .steady(),
            None
        );
    }

    #[test]
    fn hardly_any_tubes_wait_only_for_company() {
        // With gaps of 1,000 runs the mean wait is (a − 1) / 2 gaps, but for tubes that come while it runs (1 in 1,000).
        let found = steady(0.001, 1.0, 5, 10, Runs::Constant);
        assert!((found.wait / 2_000.0 - 1.0).abs() < 0.001, "{found:?}");
    }

    proptest! {
        #[test]
        fn singles_wait_as_in_a_queue_without_batches(rho in 0.05..0.9_f64) {
            // a = b = 1 is M/G/1: rho (1 + cv²) / (2 (1 − rho)).
            for (runs, cv2) in [(Runs::Constant, 0.0), (Runs::Exponential, 1.0)] {
                let known = rho * (1.0 + cv2) / (2.0 * (1.0 - rho));
                prop_assert!((steady(rho, 1.0, 1, 1, runs).wait / known - 1.0).abs() < 1e-6);
            }
        }

        #[test]
        fn no_tube_is_lost_and_runs_hold_from_a_to_b(
            load in 0.01..0.5_f64, a in 2..20_usize, more in 0..20_usize,
        ) {
            let b = a + more;
            let lambda = load * b as f64;
            let (early, late) = (steady(lambda, 1.0, 1, b, Runs::Constant), steady(lambda, 1.0, a, b, Runs::Constant));
            prop_assert!((late.batch * late.busy - lambda).abs() < 1e-6 * lambda, "tubes in are tubes out");
            prop_assert!(late.batch >= early.batch && late.batch <= b as f64 + 1e-9 && late.batch >= a as f64 - 1e-9);
        }
    }
}
