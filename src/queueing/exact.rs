//! Queues that run for ever with people coming at random: one line, `c` like servers, first come first served.

use statrs::function::gamma::gamma_lr;

/// How one who comes at random fares.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Wait {
    /// The probability of having to wait.
    pub probability: f64,
    /// The mean wait of all, those who need not wait included (`W_q`).
    pub mean: f64,
}

impl Wait {
    /// A queue that cannot keep up.
    const FOR_EVER: Self = Self {
        probability: 1.0,
        mean: f64::INFINITY,
    };

    /// The mean number waiting by Little's law: so many come per unit of service time.
    pub fn queue_length(self, c: u32, rho: f64) -> f64 {
        self.mean * f64::from(c) * rho
    }
}

/// M/M/c: exponential service (Erlang, 1917; Gross and Harris, Fundamentals of Queueing Theory, section 2.3).
pub fn mmc(c: u32, rho: f64) -> Wait {
    if rho >= 1.0 || c == 0 {
        return Wait::FOR_EVER;
    }
    let probability = erlang_c(c, rho);
    Wait {
        probability,
        mean: probability / (f64::from(c) * (1.0 - rho)),
    }
}

/// M/M/c: the probability of waiting longer than `t`.
pub fn mmc_exceeds(c: u32, rho: f64, t: f64) -> f64 {
    if rho >= 1.0 || c == 0 {
        return 1.0;
    }
    erlang_c(c, rho) * (-f64::from(c) * (1.0 - rho) * t).exp()
}

/// Erlang's C by way of the recursion for Erlang's B, which neither overflows nor cancels.
fn erlang_c(c: u32, rho: f64) -> f64 {
    let offered = f64::from(c) * rho;
    let blocked = (1..=c).fold(1.0, |blocked, servers| {
        offered * blocked / (f64::from(servers) + offered * blocked)
    });
    blocked / (1.0 - rho * (1.0 - blocked))
}

/// M/D/c: every service takes the same time. Exact (Crommelin, 1932), as sums over the walk whose highest point the wait is.
///
/// Serving in turn, each server sees every c-th arrival, so the wait is that of a queue whose arrivals are `c` exponential stages apart; by
/// Spitzer's identity (1956) its mean is the sum over n of E(max(0, n − the time of n·c arrivals)) / n. Work grows as 1 / (1 − rho)²:
/// above 0.99 use [`cosmetatos`].
pub fn mdc(c: u32, rho: f64) -> Wait {
    if rho >= 1.0 || c == 0 {
        return Wait::FOR_EVER;
    }
    if rho <= 0.0 {
        return Wait {
            probability: 0.0,
            mean: 0.0,
        };
    }
    let lambda = f64::from(c) * rho;
    let (mut mean, mut log_of_none) = (0.0, 0.0);
    for n in (1..).map(f64::from) {
        // The time of k arrivals has a gamma distribution; E(max(0, n − G)) = n P(G < n) − (k / lambda) P(a stage more < n).
        let k = n * f64::from(c);
        let sooner = gamma_lr(k, lambda * n);
        let excess = n * sooner - k / lambda * gamma_lr(k + 1.0, lambda * n);
        log_of_none += sooner / n;
        mean += excess.max(0.0) / n;
        if sooner < 1e-13 {
            break;
        }
    }
    Wait {
        probability: 1.0 - (-log_of_none).exp(),
        mean,
    }
}

/// M/D/c: the mean wait to within 1 % (Cosmetatos, 1975).
pub fn cosmetatos(c: u32, rho: f64) -> f64 {
    let servers = f64::from(c);
    let correction = (1.0 - rho) * (servers - 1.0) * ((4.0 + 5.0 * servers).sqrt() - 2.0)
        / (16.0 * rho * servers);
    mmc(c, rho).mean / 2.0 * (1.0 + correction)
}

/// M/G/1: the mean wait where service has this squared coefficient of variation (Pollaczek, 1930; Khinchine, 1932).
pub fn mg1(rho: f64, cv2: f64) -> f64 {
    if rho >= 1.0 {
        return f64::INFINITY;
    }
    rho * (1.0 + cv2) / (2.0 * (1.0 - rho))
}

/// G/G/c: the mean wait, estimated from the squared coefficients of variation of gaps and services (Allen, 1978; Cunneen). Off by 5 to 10 %
/// where the servers are busy; exact for M/M/c and M/G/1.
pub fn allen_cunneen(c: u32, rho: f64, gaps_cv2: f64, service_cv2: f64) -> f64 {
    mmc(c, rho).mean * f64::midpoint(gaps_cv2, service_cv2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Whether a value agrees with one printed to six decimals.
    fn agrees(found: f64, printed: f64) -> bool {
        (found - printed).abs() < 6e-7
    }

    const LOADS: [f64; 5] = [0.5, 0.7, 0.8, 0.9, 0.95];
    /// Servers; probability of waiting and mean wait at each load.
    const ERLANG: [(u32, [f64; 5], [f64; 5]); 6] = [
        (
            1,
            [0.5, 0.7, 0.8, 0.9, 0.95],
            [1.0, 2.333_333, 4.0, 9.0, 19.0],
        ),
        (
            2,
            [0.333_333, 0.576_471, 0.711_111, 0.852_632, 0.925_641],
            [0.333_333, 0.960_784, 1.777_778, 4.263_158, 9.256_410],
        ),
        (
            4,
            [0.173_913, 0.428_654, 0.596_432, 0.787_753, 0.891_419],
            [0.086_957, 0.357_212, 0.745_541, 1.969_383, 4.457_095],
        ),
        (
            5,
            [0.130_371, 0.377_838, 0.554_113, 0.762_493, 0.877_799],
            [0.052_149, 0.251_892, 0.554_113, 1.524_986, 3.511_196],
        ),
        (
            10,
            [0.036_105, 0.221_731, 0.409_180, 0.668_732, 0.825_586],
            [0.007_221, 0.073_910, 0.204_590, 0.668_732, 1.651_171],
        ),
        (
            20,
            [0.003_731, 0.093_561, 0.256_078, 0.550_769, 0.755_401],
            [0.000_373, 0.015_594, 0.064_019, 0.275_385, 0.755_401],
        ),
    ];

    #[test]
    fn exponential_service_waits_as_erlang_says() {
        for (c, probabilities, means) in ERLANG {
            for ((rho, probability), mean) in LOADS.into_iter().zip(probabilities).zip(means) {
                let wait = mmc(c, rho);
                assert!(
                    agrees(wait.probability, probability) && agrees(wait.mean, mean),
                    "c {c} rho {rho}: {wait:?}"
                );
            }
        }
    }

    #[test]
    fn constant_service_waits_as_crommelin_says() {
        for (c, rho, probability, mean) in [
            (1, 0.8, 0.8, 2.0),
            (1, 0.9, 0.9, 4.5),
            (2, 0.5, 0.323_259, 0.176_741),
            (2, 0.8, 0.701_898, 0.903_284),
            (4, 0.8, 0.578_282, 0.386_095),
            (10, 0.9, 0.646_861, 0.344_582),
        ] {
            let wait = mdc(c, rho);
            assert!(
                agrees(wait.probability, probability) && agrees(wait.mean, mean),
                "c {c} rho {rho}: {wait:?}"
            );
        }
    }

    #[test]
    fn cosmetatos_comes_within_three_in_a_thousand_on_busy_servers() {
        for (c, rho) in [(1, 0.8), (2, 0.8), (4, 0.8), (10, 0.9)] {
            let exact = mdc(c, rho).mean;
            assert!(
                (cosmetatos(c, rho) / exact - 1.0).abs() < 0.003,
                "c {c} rho {rho}"
            );
        }
    }

    #[test]
    fn one_server_waits_as_pollaczek_and_khinchine_say() {
        for (rho, waits) in [
            (0.8, [2.0, 2.5, 3.0, 4.0, 6.0, 10.0]),
            (0.9, [4.5, 5.625, 6.75, 9.0, 13.5, 22.5]),
        ] {
            for (cv2, wait) in [0.0, 0.25, 0.5, 1.0, 2.0, 4.0].into_iter().zip(waits) {
                assert!(agrees(mg1(rho, cv2), wait), "rho {rho} cv2 {cv2}");
            }
        }
    }

    #[test]
    fn a_queue_that_cannot_keep_up_waits_for_ever() {
        for mean in [
            mmc(3, 1.0).mean,
            mdc(3, 1.2).mean,
            mg1(1.0, 1.0),
            allen_cunneen(2, 1.5, 1.0, 1.0),
            mmc(0, 0.5).mean,
        ] {
            assert!(mean.is_infinite());
        }
    }

    proptest! {
        #[test]
        fn where_two_formulas_meet_they_agree(rho in 0.02..0.97_f64, cv2 in 0.0..5.0_f64, c in 1..60_u32) {
            prop_assert!((mg1(rho, cv2) / allen_cunneen(1, rho, 1.0, cv2) - 1.0).abs() < 1e-9);
            prop_assert!((mdc(1, rho).mean / mg1(rho, 0.0) - 1.0).abs() < 1e-6);
            prop_assert!((mmc_exceeds(c, rho, 0.0) / mmc(c, rho).probability - 1.0).abs() < 1e-9);
        }

        #[test]
        fn steadier_service_and_more_servers_wait_less(rho in 0.05..0.95_f64, c in 1..40_u32) {
            let (constant, random) = (mdc(c, rho), mmc(c, rho));
            prop_assert!(constant.mean < random.mean && constant.probability <= random.probability + 1e-12);
            prop_assert!(mmc(c + 1, rho).mean < random.mean);
            prop_assert!((0.0..=1.0).contains(&random.probability));
        }
    }
}
