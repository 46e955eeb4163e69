//! The one place where numbers are rounded and given their units, for programs and for people.

use jiff::civil::Date;
use serde_json::Value;

use crate::chart::Tick;
use crate::units::Time;
use crate::units::language::Language;
use crate::units::text::grouped;

/// What stands for a number that does not exist.
pub const NONE: &str = "—";

/// A number for programs: six significant digits, the whole part always whole; null if it is not finite.
pub fn json(number: f64) -> Value {
    let rounded = significant(number);
    if !rounded.is_finite() {
        Value::Null
    } else if rounded.fract() == 0.0 && rounded.abs() < 9e15 {
        // Adding zero turns −0 into 0.
        Value::from((rounded + 0.0) as i64)
    } else {
        Value::from(rounded)
    }
}

/// The same number for a spreadsheet; empty if it is not finite.
pub fn cell(number: f64) -> String {
    let number = json(number);
    if number.is_null() {
        String::new()
    } else {
        number.to_string()
    }
}

/// Six significant digits, but never coarser than whole numbers, so that counts stay exact.
pub(super) fn significant(number: f64) -> f64 {
    if !number.is_finite() || number == 0.0 {
        return number;
    }
    let magnitude = number.abs().log10().floor().clamp(-12.0, 15.0) as i32;
    let decimals = usize::try_from((5 - magnitude).max(0)).unwrap_or(0);
    format!("{number:.decimals$}").parse().unwrap_or(number)
}

/// A whole number with thousands separated: `12,263`.
pub fn count(number: f64) -> String {
    if !number.is_finite() {
        return NONE.to_owned();
    }
    let digits = format!("{:.0}", number.abs().round());
    let sign = if number.round() < 0.0 { "−" } else { "" };
    format!("{sign}{}", grouped(&digits))
}

/// A whole number with its sign: `+41`, `−6`, `0`.
pub fn signed(number: f64) -> String {
    let rounded = number.round();
    if rounded > 0.0 {
        format!("+{}", count(rounded))
    } else if rounded < 0.0 {
        count(rounded)
    } else if rounded == 0.0 {
        "0".to_owned()
    } else {
        NONE.to_owned()
    }
}

/// Three significant digits, for sums of money.
pub fn rounded(number: f64) -> f64 {
    if !number.is_finite() || number == 0.0 {
        return number;
    }
    let magnitude = number.abs().log10().floor().clamp(-12.0, 15.0);
    let unit = 10_f64.powf((magnitude - 2.0).max(0.0));
    (number / unit).round() * unit
}

/// A number with at most so many decimals, thousands separated.
pub fn decimal(number: f64, decimals: usize) -> String {
    if !number.is_finite() {
        return NONE.to_owned();
    }
    let text = format!("{number:.decimals$}");
    match text.split_once('.') {
        Some((whole, fraction)) => {
            let whole: f64 = whole.parse().unwrap_or(number.trunc());
            let fraction = fraction.trim_end_matches('0');
            if fraction.is_empty() {
                count(whole)
            } else {
                format!("{}.{fraction}", count(whole))
            }
        }
        None => count(number),
    }
}

/// A share as a percentage. All and none are said only where it is all or none.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if !percent.is_finite() {
        NONE.to_owned()
    } else if percent > 0.0 && percent < 0.1 {
        "<0.1%".to_owned()
    } else if percent > 99.9 && percent < 100.0 {
        ">99.9%".to_owned()
    } else if percent < 0.5 || (99.5..100.0).contains(&percent) {
        format!("{}%", decimal(percent, 1))
    } else {
        format!("{percent:.0}%")
    }
}

/// A length of time, in whole minutes: `4 h 12 min` or `4 小时 12 分`.
pub fn minutes(minutes: f64, language: Language) -> String {
    if !minutes.is_finite() {
        return NONE.to_owned();
    }
    let whole = minutes.round().max(0.0) as u64;
    let (hours, rest) = (whole / 60, whole % 60);
    match (hours, rest) {
        (0, _) => format!("{rest} {}", language.pick("分钟", "min")),
        (_, 0) => format!("{hours} {}", language.pick("小时", "h")),
        _ => language.pick(
            format!("{hours} 小时 {rest} 分"),
            format!("{hours} h {rest} min"),
        ),
    }
}

/// The calendar of a scenario: turns moments into clock times.
#[derive(Clone, Copy, Debug)]
pub struct Calendar {
    /// The date of `Time::ZERO`.
    pub first_day: Date,
    /// The language of months.
    pub language: Language,
}

impl Calendar {
    /// So many minutes after `start` as a moment to the nearest minute; `None` if the number does not exist.
    pub fn after(start: Time, minutes: f64) -> Option<Time> {
        (minutes.is_finite() && minutes.abs() < 1e9)
            .then(|| Time::from_millis(start.millis() + minutes.round() as i64 * 60_000))
    }

    /// The clock time so many minutes after `start`; the date too unless it is the day of `start`.
    pub fn clock_after(self, start: Time, minutes: f64) -> String {
        match Self::after(start, minutes) {
            None => NONE.to_owned(),
            Some(moment) if moment.midnight() == start.midnight() => clock(moment),
            Some(moment) => self.moment(moment),
        }
    }

    /// The same by hours after `start`, in order, with the date only where a day is new.
    pub fn along(self, start: Time, hours: &[f64]) -> Vec<Tick> {
        let mut day = start.midnight();
        let mut tick = |&at: &f64| {
            let moment = Self::after(start, at * 60.0).unwrap_or(start);
            let same = std::mem::replace(&mut day, moment.midnight()) == moment.midnight();
            let label = if same {
                clock(moment)
            } else {
                self.moment(moment)
            };
            Tick { at, label }
        };
        hours.iter().map(&mut tick).collect()
    }

    /// Date and clock time: `10 May 03:10` or `5月10日 03:10`.
    pub fn moment(self, moment: Time) -> String {
        format!("{} {}", self.day(moment), clock(moment))
    }

    /// The day of a moment: `10 May` or `5月10日`.
    pub fn day(self, moment: Time) -> String {
        const MONTHS: [&str; 12] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        let Some(date) = self.date(moment) else {
            return NONE.to_owned();
        };
        let month = MONTHS[usize::try_from(date.month() - 1).unwrap_or(0).min(11)];
        self.language.pick(
            format!("{}月{}日", date.month(), date.day()),
            format!("{} {month}", date.day()),
        )
    }

    /// Date and clock time for programs: `2022-05-10T03:10`. Empty beyond the calendar.
    pub fn iso(self, moment: Time) -> String {
        self.date(moment)
            .map_or_else(String::new, |date| format!("{date}T{}", clock(moment)))
    }

    /// Date and clock time for spreadsheets: `2022-05-10 03:10`. Empty beyond the calendar.
    pub fn spreadsheet(self, moment: Time) -> String {
        self.date(moment)
            .map_or_else(String::new, |date| format!("{date} {}", clock(moment)))
    }

    /// The same as date and time, to the minute before. None beyond the calendar.
    pub fn date_time(self, moment: Time) -> Option<jiff::civil::DateTime> {
        let minutes = moment.time_of_day().millis() / 60_000;
        let (hour, minute) = (
            i8::try_from(minutes / 60).ok()?,
            i8::try_from(minutes % 60).ok()?,
        );
        Some(self.date(moment)?.at(hour, minute, 0, 0))
    }

    fn date(self, moment: Time) -> Option<Date> {
        let days = moment.millis().div_euclid(86_400_000);
        let days = jiff::Span::new().try_days(days).ok()?;
        self.first_day.checked_add(days).ok()
    }
}

/// The time of day: `03:10`.
fn clock(moment: Time) -> String {
    let minutes = moment.time_of_day().millis() / 60_000;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn programs_get_six_digits_and_whole_people() {
        let texts = [
            0.0,
            -0.0,
            1_234_567.0,
            1_234_567.8,
            0.123_456_789,
            12.345_678_9,
            f64::NAN,
            f64::INFINITY,
            1e-9,
        ];
        let texts: Vec<_> = texts
            .iter()
            .map(|&number| json(number).to_string())
            .collect();
        assert_eq!(
            texts,
            [
                "0", "0", "1234567", "1234568", "0.123457", "12.3457", "null", "null", "1e-9"
            ]
        );
    }

    #[test]
    fn a_percentage_says_all_only_where_it_is_all() {
        let texts = [1.0, 0.9999, 0.997, 0.93, 0.003, 0.000_1, 0.0, f64::NAN].map(percent);
        assert_eq!(
            texts,
            [
                "100%", ">99.9%", "99.7%", "93%", "0.3%", "<0.1%", "0%", NONE
            ]
        );
    }

    #[test]
    fn a_clock_time_carries_its_date_on_another_day() {
        let first_day = jiff::civil::date(2022, 5, 9);
        let seven = Time::from_millis(7 * 3_600_000);
        let zh = Calendar {
            first_day,
            language: Language::Chinese,
        };
        let en = Calendar {
            first_day,
            language: Language::English,
        };
        assert_eq!(zh.clock_after(seven, 760.0), "19:40");
        assert_eq!(zh.clock_after(seven, 1210.0), "5月10日 03:10");
        assert_eq!(en.clock_after(seven, 1210.0), "10 May 03:10");
        assert_eq!(en.clock_after(seven, f64::NAN), NONE);
        assert_eq!(en.iso(seven), "2022-05-09T07:00");
    }

    #[test]
    fn thousands_are_separated_and_lengths_read_aloud() {
        assert_eq!(
            [count(12_263.4), count(999.0), count(1e6), count(-1500.0)],
            ["12,263", "999", "1,000,000", "−1,500"]
        );
        assert_eq!(decimal(1234.50, 2), "1,234.5");
        assert_eq!(minutes(252.0, Language::English), "4 h 12 min");
        assert_eq!(minutes(240.0, Language::Chinese), "4 小时");
        assert_eq!(minutes(59.6, Language::English), "1 h");
    }

    proptest! {
        #[test]
        fn rounding_keeps_six_digits(number in -1e12f64..1e12) {
            let read: f64 = json(number).to_string().parse().expect("json numbers are numbers");
            prop_assert!((read - number).abs() <= number.abs() * 5.1e-6 + 1e-18);
        }

        #[test]
        fn no_moment_breaks_the_calendar(start in any::<i32>(), minutes in any::<f64>()) {
            let calendar = Calendar { first_day: jiff::civil::date(2022, 5, 9), language: Language::English };
            let start = Time::from_millis(i64::from(start) * 1000);
            prop_assert!(!calendar.clock_after(start, minutes).is_empty());
        }
    }
}
