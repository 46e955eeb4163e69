//! One line for `c` exponential servers to which not everyone comes or stays: room for so many, people put off, people who give up.
//!
//! The number there is a birth and death process: it rises with those who join, and falls with services and with those who give up. Its shares
//! are products of the ratios of the two rates (Gross and Harris, Fundamentals of Queueing Theory, chapter 2). With room alone it is M/M/c/K,
//! with patience alone Erlang's A (Palm, 1957; Garnett, Mandelbaum and Reiman, 2002).

/// A line to which not everyone comes or stays.
#[derive(Clone, Copy, Debug)]
pub struct Limited {
    /// Servers.
    pub c: u32,
    /// Arrivals in a mean service time.
    pub load: f64,
    /// Room for so many who wait; none: for any number.
    pub space: Option<u32>,
    /// When so many wait, such a share of those who come turns round.
    pub put_off: Option<(u32, f64)>,
    /// Those who wait give up at this rate each, in a mean service time; zero: never.
    pub giving_up: f64,
}

/// What becomes of those who come, in shares.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Fate {
    /// Found no room.
    pub no_room: f64,
    /// Found too many waiting and turned round.
    pub balked: f64,
    /// Waited and gave up.
    pub reneged: f64,
}

/// The most there at once: no more are looked at.
const MOST: u32 = 100_000;

impl Limited {
    /// The fate of those who come in the long run; shares are NaN where the line grows for ever.
    pub fn fate(&self) -> Fate {
        let waiting = |there: u32| there.saturating_sub(self.c);
        let full =
            |there: u32| there >= self.c && self.space.is_some_and(|space| waiting(there) >= space);
        let turning = |there: u32| {
            let put_off = self.put_off.filter(|(from, _)| waiting(there) >= *from);
            put_off.map_or(0.0, |(_, share)| share)
        };
        let (mut share, mut all, mut there) = (1.0, 0.0, 0);
        let mut fate = Fate {
            no_room: 0.0,
            balked: 0.0,
            reneged: 0.0,
        };
        loop {
            all += share;
            fate.reneged += share * f64::from(waiting(there)) * self.giving_up / self.load;
            if full(there) {
                fate.no_room += share;
                break;
            }
            fate.balked += share * turning(there);
            let served = f64::from((there + 1).min(self.c));
            let leaving = served + f64::from(waiting(there + 1)) * self.giving_up;
            share *= self.load * (1.0 - turning(there)) / leaving;
            there += 1;
            if share < 1e-15 * all {
                break;
            }
            if there == MOST {
                all = f64::NAN;
                break;
            }
        }
        Fate {
            no_room: fate.no_room / all,
            balked: fate.balked / all,
            reneged: fate.reneged / all,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: Limited = Limited {
        c: 2,
        load: 2.0,
        space: None,
        put_off: None,
        giving_up: 0.0,
    };

    fn near(found: f64, known: f64) -> bool {
        (found - known).abs() < 1e-12
    }

    #[test]
    fn with_room_for_three_and_a_load_of_two_at_two_servers_two_in_eleven_find_none() {
        let fate = Limited {
            space: Some(3),
            ..LINE
        }
        .fate();
        assert!(near(fate.no_room, 2.0 / 11.0), "{fate:?}");
        assert!(near(fate.balked + fate.reneged, 0.0));
    }

    #[test]
    fn without_room_to_wait_it_is_the_loss_of_erlang() {
        let fate = Limited {
            c: 5,
            load: 3.0,
            space: Some(0),
            ..LINE
        }
        .fate();
        let terms: Vec<f64> = (0..=5)
            .scan(1.0, |term, n| {
                *term *= if n == 0 { 1.0 } else { 3.0 / f64::from(n) };
                Some(*term)
            })
            .collect();
        assert!(near(fate.no_room, terms[5] / terms.iter().sum::<f64>()));
    }

    #[test]
    fn who_gives_up_as_fast_as_servers_serve_makes_it_a_queue_of_as_many_servers_as_come() {
        let fate = Limited {
            giving_up: 1.0,
            ..LINE
        }
        .fate();
        assert!(near(fate.reneged, 2.0 * (-2.0_f64).exp()), "{fate:?}");
    }

    #[test]
    fn who_is_always_put_off_leaves_no_line() {
        let always = Limited {
            put_off: Some((1, 1.0)),
            ..LINE
        };
        let room = Limited {
            space: Some(1),
            ..LINE
        };
        assert!(near(always.fate().balked, room.fate().no_room));
    }

    #[test]
    fn a_line_that_grows_for_ever_has_no_shares() {
        let fate = Limited { load: 3.0, ..LINE }.fate();
        assert!(fate.reneged.is_nan());
    }
}
