//! A crowd that is all there when the servers begin: when the last of it is done.

/// Mean time until `n` people, all present, are done by `c` servers with exponential service: ((n − c) / c + `H_c`) service times.
///
/// While more than `c` are left the servers end one every 1 / c; the last `c` go as the largest of `c` exponentials (harmonic number).
pub fn exponential_finish(n: u32, c: u32) -> f64 {
    if n == 0 {
        return 0.0;
    }
    let last = c.min(n);
    let harmonic: f64 = (1..=last).rev().map(|k| f64::from(k).recip()).sum();
    f64::from(n - last) / f64::from(c) + harmonic
}

/// Time until `n` people, all present, are done by `c` servers that take one service time each: the number of turns.
pub fn constant_finish(n: u32, c: u32) -> f64 {
    f64::from(n.div_ceil(c.max(1)))
}

/// Runs of a machine with `wells` wells, `controls` of them for controls, that take `tubes` tubes. A machine without a free well takes none:
/// `None`.
pub fn plates(tubes: u32, wells: u32, controls: u32) -> Option<u32> {
    let room = wells.checked_sub(controls).filter(|&room| room > 0)?;
    Some(tubes.div_ceil(room))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_is_done_when_the_table_says() {
        for (n, c, finish) in [
            (100, 4, 26.0833),
            (1_000, 10, 101.9290),
            (1_364, 9, 153.3845),
            (12_263, 36, 343.8134),
        ] {
            assert!(
                (exponential_finish(n, c) - finish).abs() < 6e-5,
                "{n} by {c}: {}",
                exponential_finish(n, c)
            );
        }
    }

    #[test]
    fn idle_servers_do_not_help() {
        assert!((exponential_finish(1, 1) - 1.0).abs() < 1e-12);
        assert!((exponential_finish(2, 7) - 1.5).abs() < 1e-12);
        assert!(exponential_finish(0, 3).abs() < 1e-12);
        assert!((constant_finish(12_263, 36) - 341.0).abs() < 1e-12);
    }

    #[test]
    fn zekus_tubes_fill_as_many_plates_as_the_table_says() {
        assert_eq!(
            [
                plates(1_277, 96, 2),
                plates(639, 96, 2),
                plates(12_762, 96, 2)
            ],
            [Some(14), Some(7), Some(136)]
        );
        assert_eq!(plates(1, 2, 2), None);
    }
}
