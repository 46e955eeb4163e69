//! Rooms that contacts of confirmed people need, against those there are.

use super::outcome::IsolationOutcome;
use crate::network::Isolation;
use crate::units::Time;

/// What rooms come to, if people are confirmed at these moments; `first` is when the first round opens.
///
/// Contacts are means, not whole people: a case brings so many to their rooms at once, and takes them out when their time is over.
pub(super) fn outcome(
    isolation: &Isolation,
    confirmed: &[Time],
    first: Time,
) -> IsolationOutcome<f64> {
    let mut changes: Vec<(Time, f64, f64)> = Vec::new();
    for &case in confirmed {
        let begin = case + isolation.trace;
        for (contacts, stay) in [
            (isolation.close, isolation.close_stay),
            (isolation.secondary, isolation.secondary_stay),
        ] {
            changes.push((begin, contacts, 0.0));
            changes.push((begin + stay, -contacts, 0.0));
        }
    }
    changes.extend(
        isolation
            .rooms
            .iter()
            .map(|&(from, rooms)| (from, 0.0, f64::from(rooms))),
    );
    // At one moment rooms open and people leave before others come.
    changes.sort_by(|one, other| {
        (one.0, one.1 > 0.0)
            .cmp(&(other.0, other.1 > 0.0))
            .then(one.1.total_cmp(&other.1))
    });
    let (mut needed, mut rooms) = (f64::from(isolation.occupied), 0.0);
    let mut outcome = IsolationOutcome {
        needed_peak: needed,
        short_peak: 0.0,
        full_min: f64::NAN,
    };
    for (at, people, opened) in changes {
        needed += people;
        rooms += opened;
        outcome.needed_peak = outcome.needed_peak.max(needed);
        if people > 0.0 && needed > rooms + 1e-9 {
            outcome.short_peak = outcome.short_peak.max(needed - rooms);
            if outcome.full_min.is_nan() {
                outcome.full_min = (at.millis() - first.millis()) as f64 / 6e4;
            }
        }
    }
    outcome
}

/// Rooms that are needed at a moment.
pub(super) fn needed(isolation: &Isolation, confirmed: &[Time], at: Time) -> f64 {
    let mut needed = f64::from(isolation.occupied);
    for &case in confirmed {
        let begin = case + isolation.trace;
        for (contacts, stay) in [
            (isolation.close, isolation.close_stay),
            (isolation.secondary, isolation.secondary_stay),
        ] {
            if begin <= at && at < begin + stay {
                needed += contacts;
            }
        }
    }
    needed
}

/// Rooms that are needed, summed over the days from one moment to another.
pub(super) fn room_days(
    isolation: &Isolation,
    confirmed: &[Time],
    (from, until): (Time, Time),
) -> f64 {
    let days = |from: Time, until: Time| until.since(from).hours().max(0.0) / 24.0;
    let mut sum = f64::from(isolation.occupied) * days(from, until);
    for &case in confirmed {
        let begin = case + isolation.trace;
        for (contacts, stay) in [
            (isolation.close, isolation.close_stay),
            (isolation.secondary, isolation.secondary_stay),
        ] {
            sum += contacts * days(begin.max(from), (begin + stay).min(until));
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Span;

    #[test]
    fn rooms_are_counted_as_by_hand() {
        let day = |days: i64| Time::ZERO + Span::DAY * days;
        let isolation = Isolation {
            close: 10.0,
            secondary: 20.0,
            trace: Span::HOUR * 12,
            close_stay: Span::DAY * 14,
            secondary_stay: Span::DAY * 7,
            occupied: 5,
            rooms: vec![(Time::BEFORE, 40), (day(9), 30)],
        };
        // Day 0.5: 35 of 40. Day 7.5: 15. Day 8.5: 45 of 40, short by 5. Day 9: 70 rooms.
        let outcome = outcome(&isolation, &[day(0), day(8)], Time::ZERO);
        let bits = |number: f64| number.to_bits();
        assert_eq!(bits(outcome.needed_peak), bits(45.0));
        assert_eq!(bits(outcome.short_peak), bits(5.0));
        assert_eq!(bits(outcome.full_min), bits(8.5 * 1_440.0));
        // From day 0 to 1: 5 all day, and 30 more for half of it.
        let days = room_days(&isolation, &[day(0), day(8)], (day(0), day(1)));
        assert_eq!(bits(days), bits(20.0));
        let nobody = super::outcome(&isolation, &[], Time::ZERO);
        assert!(nobody.full_min.is_nan() && bits(nobody.needed_peak) == bits(5.0));
    }
}
