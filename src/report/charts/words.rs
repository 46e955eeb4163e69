//! Numbers and moments as the charts say them. Spaces within a quantity never end a line.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::chart::ticks;
use crate::units::Time;
use crate::units::language::Language;

/// A length of time given in minutes: 45 分钟, 8.2 小时.
pub(super) fn length(minutes: f64, language: Language) -> String {
    if minutes < 89.5 {
        let number = ticks::grouped(minutes, 0);
        return format!("{number}\u{a0}{}", language.pick("分钟", "min"));
    }
    let hours = minutes / 60.0;
    let number = ticks::grouped(hours, usize::from(hours < 99.95));
    let number = number.strip_suffix(".0").unwrap_or(&number);
    format!("{number}\u{a0}{}", language.pick("小时", "h"))
}

/// What a chart counts time in: one unit for all of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unit {
    /// Whole minutes.
    Minutes,
    /// Hours with a decimal.
    Hours,
}

impl Unit {
    /// The unit for lengths up to so many minutes.
    pub(super) fn of(longest: f64) -> Self {
        const LONG: f64 = 300.0;
        if longest > LONG {
            Self::Hours
        } else {
            Self::Minutes
        }
    }

    /// So many minutes in this unit.
    pub(super) fn of_minutes(self, minutes: f64) -> f64 {
        match self {
            Self::Minutes => minutes,
            Self::Hours => minutes / 60.0,
        }
    }

    /// So many minutes as a number, without the unit.
    pub(super) fn number(self, minutes: f64) -> String {
        match self {
            Self::Minutes => ticks::grouped(minutes, 0),
            Self::Hours => ticks::grouped(minutes / 60.0, 1),
        }
    }

    /// What it is called.
    pub(super) const fn name(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Minutes, Language::Chinese) => "分钟",
            (Self::Minutes, Language::English) => "minutes",
            (Self::Hours, Language::Chinese) => "小时",
            (Self::Hours, Language::English) => "hours",
        }
    }
}

/// A share in percent: 93%. It says 0 or 100 only of none and all.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let number = if percent > 0.0 && percent < 0.1 {
        "<0.1".to_owned()
    } else if percent > 99.9 && percent < 100.0 {
        ">99.9".to_owned()
    } else {
        ticks::grouped(
            percent,
            usize::from(percent > 99.0 && percent < 100.0 || percent > 0.0 && percent < 1.0),
        )
    };
    format!("{number}%")
}

/// A number of something, rounded to whole ones; in Chinese from a million on in 万.
pub(super) fn count(number: f64, of: &str, language: Language) -> String {
    if language == Language::Chinese && number >= 1e6 {
        let number = ticks::grouped(number / 1e4, 1);
        return format!(
            "{}\u{a0}万{of}",
            number.strip_suffix(".0").unwrap_or(&number)
        );
    }
    format!("{}\u{a0}{of}", ticks::grouped(number, 0))
}

/// A number of people: 12,263 人, 1,400 万人.
pub(super) fn people(number: f64, language: Language) -> String {
    count(number, language.pick("人", "people"), language)
}

/// The date of a moment: 5月9日, 9 May.
pub(super) fn date(first_day: Date, moment: Time, language: Language) -> String {
    let date = civil(first_day, moment);
    match language {
        Language::Chinese => format!("{}月{}日", date.month(), date.day()),
        Language::English => format!("{}\u{a0}{}", date.day(), month(date)),
    }
}

/// The date and the day of the week: 5月9日 周一, Mon 9 May.
pub(super) fn weekday_and_date(first_day: Date, moment: Time, language: Language) -> String {
    let (chinese, english) = match civil(first_day, moment).weekday() {
        Weekday::Monday => ("周一", "Mon"),
        Weekday::Tuesday => ("周二", "Tue"),
        Weekday::Wednesday => ("周三", "Wed"),
        Weekday::Thursday => ("周四", "Thu"),
        Weekday::Friday => ("周五", "Fri"),
        Weekday::Saturday => ("周六", "Sat"),
        Weekday::Sunday => ("周日", "Sun"),
    };
    let date = date(first_day, moment, language);
    language.pick(
        format!("{date}\u{a0}{chinese}"),
        format!("{english}\u{a0}{date}"),
    )
}

/// The time of day, to the nearest minute: 07:00.
pub(super) fn clock(moment: Time) -> String {
    let minutes = (moment.time_of_day().minutes().round() as u32) % 1440;
    format!(
        "{:02}:{:02}",
        minutes.div_euclid(60),
        minutes.rem_euclid(60)
    )
}

/// The time of day, with the date if it is not that of `reference`.
pub(super) fn moment(first_day: Date, moment: Time, reference: Time, language: Language) -> String {
    let rounded = Time::from_millis((moment.millis() + 30_000).div_euclid(60_000) * 60_000);
    if rounded.midnight() == reference.midnight() {
        clock(rounded)
    } else {
        let date = date(first_day, rounded, language);
        language.pick(
            format!("{date}\u{a0}{}", clock(rounded)),
            format!("{}\u{a0}on\u{a0}{date}", clock(rounded)),
        )
    }
}

/// The calendar day of a moment.
fn civil(first_day: Date, moment: Time) -> Date {
    let days = moment
        .millis()
        .div_euclid(86_400_000)
        .clamp(-1_000_000, 1_000_000);
    first_day.saturating_add(days.days())
}

fn month(date: Date) -> &'static str {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    usize::try_from(date.month() - 1)
        .ok()
        .and_then(|month| MONTHS.get(month))
        .copied()
        .unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Span;

    #[test]
    fn a_length_is_said_in_minutes_then_in_hours() {
        let said = [44.6, 89.6, 492.0, 1440.0, 72_000.0, f64::NAN]
            .map(|minutes| length(minutes, Language::Chinese).replace('\u{a0}', " "));
        assert_eq!(
            said,
            [
                "45 分钟",
                "1.5 小时",
                "8.2 小时",
                "24 小时",
                "1,200 小时",
                "– 小时"
            ]
        );
    }

    #[test]
    fn people_are_counted_one_by_one_and_millions_in_wan() {
        let said = [1.0, 12_263.4, 999_999.0, 14_000_000.0, 1_234_567.0];
        let said = said.map(|number| people(number, Language::Chinese).replace('\u{a0}', " "));
        assert_eq!(
            said,
            [
                "1 人",
                "12,263 人",
                "999,999 人",
                "1,400 万人",
                "123.5 万人"
            ]
        );
    }

    #[test]
    fn nearly_all_is_not_all() {
        let said = [0.0, 0.0001, 0.93, 0.9942, 0.99999, 1.0]
            .map(|share| percent(share).replace('\u{a0}', " "));
        assert_eq!(said, ["0%", "<0.1%", "93%", "99.4%", ">99.9%", "100%"]);
    }

    #[test]
    fn the_date_is_said_only_where_it_is_another_one() {
        let first = Date::constant(2022, 5, 9);
        let (opens, late) = (
            Time::ZERO + Span::HOUR * 7,
            Time::ZERO + Span::DAY + Span::HOUR * 3,
        );
        let said = |at, language| moment(first, at, opens, language).replace('\u{a0}', " ");
        assert_eq!(said(opens, Language::Chinese), "07:00");
        assert_eq!(said(late, Language::Chinese), "5月10日 03:00");
        assert_eq!(said(late, Language::English), "03:00 on 10 May");
        assert_eq!(
            said(Time::from_millis(Span::DAY.millis() - 1), Language::English),
            "00:00 on 10 May"
        );
        assert_eq!(
            weekday_and_date(first, late, Language::Chinese).replace('\u{a0}', " "),
            "5月10日 周二"
        );
    }
}
