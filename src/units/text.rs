//! Times, dates and quantities as people write them, in Chinese or English, and back.

use jiff::civil::{Date, DateTime};

use super::{PerHour, Share, Span};

/// The longest length of time anyone may write: ten years.
pub const LONGEST: Span = Span::from_millis(3_653 * 86_400_000);

/// The largest count anyone may write.
pub const MOST: u64 = 10_000_000_000;

/// Why a text is not the quantity it should be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Nothing is written.
    Empty,
    /// This part is not a number.
    NotANumber(String),
    /// A number stands alone where a unit is needed.
    NoUnit,
    /// This is no unit for such a quantity.
    UnknownUnit(String),
    /// The quantity is below zero.
    Negative,
    /// The quantity is zero where something is needed.
    Zero,
    /// A whole number is needed.
    Fraction,
    /// The quantity is beyond what could be meant.
    TooLarge,
    /// There is no such date or time of day, or it is not written as one.
    NotAMoment,
    /// A time zone is given; times are local.
    Zone,
    /// A stretch of hours starts when it ends.
    EmptyWindow,
}

/// Full-width characters, long dashes and no-break spaces as their plain fellows; without space at the ends.
pub fn narrow(text: &str) -> String {
    let plain = text.chars().map(|character| match character {
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character)
        }
        '\u{3000}' | '\u{a0}' | '\u{2009}' | '\u{202f}' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '。' => '.',
        other => other,
    });
    plain.collect::<String>().trim().to_owned()
}

/// A length of time: `45 min`, `1 h 30 min`, `4.8 h`, `90分钟`, `2小时`, `1天`. At most ten years.
pub fn span(text: &str) -> Result<Span, Fault> {
    let text = narrow(text);
    let mut rest = text.trim_start();
    if rest.is_empty() {
        return Err(Fault::Empty);
    }
    let mut millis = 0.0;
    while !rest.is_empty() {
        let (number, after) = leading_number(rest)?;
        let after = after.trim_start();
        let word: String = after.chars().take_while(|c| c.is_alphabetic()).collect();
        if word.is_empty() && after.is_empty() {
            return Err(Fault::NoUnit);
        }
        let unit = span_unit(&word).ok_or_else(|| Fault::UnknownUnit(first_word(after)))?;
        millis += number * unit;
        rest = after[word.len()..].trim_start_matches([' ', ',', '零', '又']);
    }
    if millis > LONGEST.millis() as f64 {
        return Err(Fault::TooLarge);
    }
    Ok(Span::from_millis(millis.round() as i64))
}

/// Milliseconds in a unit of time.
fn span_unit(word: &str) -> Option<f64> {
    Some(match word.to_ascii_lowercase().as_str() {
        "ms" | "毫秒" => 1.0,
        "s" | "sec" | "secs" | "second" | "seconds" | "秒" | "秒钟" => 1e3,
        "m" | "min" | "mins" | "minute" | "minutes" | "分" | "分钟" => 6e4,
        "h" | "hr" | "hrs" | "hour" | "hours" | "小时" | "个小时" | "时" | "钟头" | "个钟头" => {
            3.6e6
        }
        "d" | "day" | "days" | "天" | "日" => 8.64e7,
        "w" | "week" | "weeks" | "周" | "星期" => 7.0 * 8.64e7,
        _ => return None,
    })
}

/// A length of time as [`span`] reads it: `1 h 30 min`, exact to the millisecond.
pub fn print_span(span: Span) -> String {
    let millis = span.millis();
    let (hours, minutes, millis) = (
        millis.div_euclid(3_600_000),
        millis.div_euclid(60_000) % 60,
        millis % 60_000,
    );
    let mut parts = Vec::new();
    if hours > 0 {
        parts.push(format!("{hours} h"));
    }
    if minutes > 0 {
        parts.push(format!("{minutes} min"));
    }
    if millis > 0 || parts.is_empty() {
        parts.push(format!("{} s", millis as f64 / 1e3));
    }
    parts.join(" ")
}

/// The digits of a number with commas between its thousands: `12,263.5`.
pub fn grouped(number: &str) -> String {
    let whole = number.find('.').unwrap_or(number.len());
    let mut text = String::with_capacity(number.len() + number.len() / 3);
    for (index, digit) in number.char_indices() {
        let behind = whole.saturating_sub(index);
        let inside = index > 0 && number.as_bytes()[index - 1].is_ascii_digit();
        if inside && behind > 0 && behind.is_multiple_of(3) && digit.is_ascii_digit() {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A rate: `60 people/h`, `60人/小时`, `每小时60人`, `60/h`, `2 tubes/min`. Above zero.
pub fn pace(text: &str) -> Result<PerHour, Fault> {
    let text = narrow(text).to_ascii_lowercase();
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    let (amount, unit) = if let Some(after) = text.strip_prefix('每') {
        let word = ["小时", "分钟", "分", "天", "日", "时"]
            .into_iter()
            .find(|word| after.starts_with(word));
        let word = word.ok_or_else(|| Fault::UnknownUnit(first_word(after)))?;
        (after[word.len()..].trim().to_owned(), word.to_owned())
    } else if let Some((amount, unit)) = text
        .split_once('/')
        .or_else(|| text.split_once(" per "))
        .or_else(|| text.split_once('每'))
    {
        (amount.trim().to_owned(), unit.trim().to_owned())
    } else {
        let (_, after) = leading_number(&text)?;
        let after = after.trim();
        return Err(if is_counted(after) {
            Fault::NoUnit
        } else {
            Fault::UnknownUnit(first_word(after))
        });
    };
    let (number, noun) = leading_number(&amount)?;
    if !is_counted(noun.trim()) {
        return Err(Fault::UnknownUnit(noun.trim().to_owned()));
    }
    let hours = span_unit(&unit).ok_or(Fault::UnknownUnit(unit))? / 3.6e6;
    let rate = number / hours;
    if rate <= 0.0 {
        return Err(Fault::Zero);
    }
    if rate > 1e9 {
        return Err(Fault::TooLarge);
    }
    Ok(PerHour(rate))
}

/// Whether a rate can be one of these; it need not say of what.
fn is_counted(noun: &str) -> bool {
    matches!(
        noun,
        "" | "people"
            | "persons"
            | "person"
            | "人"
            | "人次"
            | "人份"
            | "swabs"
            | "tube"
            | "tubes"
            | "管"
            | "份"
    )
}

/// A rate as [`pace`] reads it: `60 people/h`.
pub fn print_pace(pace: PerHour, noun: &str) -> String {
    format!("{} {noun}/h", pace.0)
}

/// A speed in kilometers an hour, above zero: `4.5 km/h`, `4.5公里/小时`.
pub fn speed(text: &str) -> Result<f64, Fault> {
    let text = narrow(text).to_lowercase();
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    let (number, unit) = leading_number(&text)?;
    let scale = match unit.replace(' ', "").as_str() {
        "km/h" | "kmh" | "公里/小时" | "千米/小时" | "公里/时" | "千米/时" => 1.0,
        "m/s" | "米/秒" => 3.6,
        "m/min" | "米/分钟" | "米/分" => 0.06,
        "" => return Err(Fault::NoUnit),
        _ => return Err(Fault::UnknownUnit(first_word(unit))),
    };
    let speed = number * scale;
    if speed <= 0.0 {
        return Err(Fault::Zero);
    }
    if speed > 1_000.0 {
        Err(Fault::TooLarge)
    } else {
        Ok(speed)
    }
}

/// A share of a whole: `93 %`, `0.93`.
pub fn share(text: &str) -> Result<Share, Fault> {
    let text = narrow(text);
    let (number, scale) = match text.strip_suffix('%') {
        Some(number) => (number.trim(), 100.0),
        None => (text.as_str(), 1.0),
    };
    let share = number_alone(number)? / scale;
    if share > 1.0 {
        Err(Fault::TooLarge)
    } else {
        Ok(Share(share))
    }
}

/// A share as [`share()`] reads it. Printed in percent where that is short.
pub fn print_share(share: Share) -> String {
    let percent = share.0 * 100.0;
    let rounded = (percent * 1e6).round() / 1e6;
    if (rounded / 100.0).to_bits() == share.0.to_bits() {
        format!("{rounded} %")
    } else {
        share.0.to_string()
    }
}

/// A whole number, not negative: `1200`, `1,200`, `1.2万`, `１２００`.
pub fn count(text: &str) -> Result<u64, Fault> {
    let text = narrow(text);
    let (number, scale) = match text.strip_suffix(['万', '亿']) {
        Some(number) => (number.trim(), if text.ends_with('万') { 1e4 } else { 1e8 }),
        None => (text.as_str(), 1.0),
    };
    let number = number_alone(number)? * scale;
    if number > MOST as f64 {
        return Err(Fault::TooLarge);
    }
    if (number - number.round()).abs() > 1e-6 {
        Err(Fault::Fraction)
    } else {
        Ok(number.round() as u64)
    }
}

/// A number, which may be negative: `0.4`, `-3`, `1,200.5`.
pub fn number(text: &str) -> Result<f64, Fault> {
    let text = narrow(text);
    match text.strip_prefix('-') {
        Some(rest) => number_alone(rest).map(|number| -number),
        None => number_alone(&text),
    }
}

/// A date with a time of day, as on the local clock: `2022-05-09 07:00`, `2022年5月9日 7:00`; a date alone is its 00:00.
pub fn moment(text: &str) -> Result<DateTime, Fault> {
    let text = narrow(text);
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    let text = text
        .replace(['年', '月'], "-")
        .replace('日', " ")
        .replace('/', "-");
    let split = text.find(['T', 't', ' ']);
    let (date, time) = split.map_or((text.as_str(), ""), |at| {
        (&text[..at], text[at + 1..].trim())
    });
    if time.ends_with(['Z', 'z']) || time.contains(['+', '-']) {
        return Err(Fault::Zone);
    }
    let mut parts = date.split('-').map(digits);
    let (Some(Some(year)), Some(Some(month)), Some(Some(day)), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Fault::NotAMoment);
    };
    if !(1900..=2200).contains(&year) {
        return Err(Fault::NotAMoment);
    }
    let small = |part: u32| i8::try_from(part).map_err(|_| Fault::NotAMoment);
    let date = Date::new(year as i16, small(month)?, small(day)?).map_err(|_| Fault::NotAMoment)?;
    let time = if time.is_empty() {
        Span::ZERO
    } else {
        clock(time)?
    };
    if time > Span::DAY {
        return Err(Fault::NotAMoment);
    }
    date.to_datetime(jiff::civil::Time::midnight())
        .checked_add(jiff::SignedDuration::from_millis(time.millis()))
        .map_err(|_| Fault::NotAMoment)
}

/// A moment as [`moment`] reads it: `2022-05-09 07:00`.
pub fn print_moment(moment: DateTime) -> String {
    let (date, time) = (moment.date(), moment.time());
    let seconds = match (time.second(), time.subsec_nanosecond()) {
        (0, 0) => String::new(),
        (second, nanos) => format!(":{}", pad(f64::from(second) + f64::from(nanos) / 1e9)),
    };
    format!("{date} {:02}:{:02}{seconds}", time.hour(), time.minute())
}

/// A time of day, from 00:00 to 48:00: `07:00`, `7:30`, `17:00:05.5`.
pub fn clock(text: &str) -> Result<Span, Fault> {
    let text = narrow(text);
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    let mut parts = text.splitn(3, ':');
    let hour = parts.next().and_then(digits).ok_or(Fault::NotAMoment)?;
    let minute = parts
        .next()
        .filter(|minute| minute.len() == 2)
        .and_then(digits)
        .ok_or(Fault::NotAMoment)?;
    let second = match parts.next() {
        None => 0.0,
        Some(second) if second.bytes().take(2).filter(u8::is_ascii_digit).count() == 2 => {
            number_alone(second).map_err(|_| Fault::NotAMoment)?
        }
        Some(_) => return Err(Fault::NotAMoment),
    };
    let clock =
        Span::from_seconds(f64::from(hour.min(99)) * 3_600.0 + f64::from(minute) * 60.0 + second);
    if minute > 59 || second >= 60.0 || clock > Span::DAY * 2 {
        Err(Fault::NotAMoment)
    } else {
        Ok(clock)
    }
}

/// A time of day as [`clock`] reads it: `07:00`.
pub fn print_clock(clock: Span) -> String {
    let millis = clock.millis();
    let (hour, minute, seconds) = (
        millis.div_euclid(3_600_000),
        millis.div_euclid(60_000) % 60,
        (millis % 60_000) as f64 / 1e3,
    );
    let seconds = if seconds > 0.0 {
        format!(":{}", pad(seconds))
    } else {
        String::new()
    };
    format!("{hour:02}:{minute:02}{seconds}")
}

/// A stretch of the day, `07:00-12:00`; an end not after its start lies in the next day: `20:00-02:00`.
///
/// The start is before 24:00, and the stretch is at most 24 h long.
pub fn window(text: &str) -> Result<(Span, Span), Fault> {
    let text = narrow(text);
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    let (start, end) = text
        .split_once(['-', '~', '至', '到'])
        .ok_or(Fault::NotAMoment)?;
    let (start, mut end) = (clock(start)?, clock(end)?);
    if start == end {
        return Err(Fault::EmptyWindow);
    }
    if end < start {
        end += Span::DAY;
    }
    if start >= Span::DAY || end > start + Span::DAY {
        Err(Fault::NotAMoment)
    } else {
        Ok((start, end))
    }
}

/// A stretch of the day as [`window`] reads it.
pub fn print_window((start, end): (Span, Span)) -> String {
    let next_day = end > Span::DAY && end.millis() - start.millis() < Span::DAY.millis();
    let end = if next_day {
        Span::from_millis(end.millis() - Span::DAY.millis())
    } else {
        end
    };
    format!("{}-{}", print_clock(start), print_clock(end))
}

/// The number at the start of a text and what follows it. Never negative, always finite.
fn leading_number(text: &str) -> Result<(f64, &str), Fault> {
    let text = text.trim_start();
    if text.starts_with('-') {
        return Err(Fault::Negative);
    }
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '_')))
        .unwrap_or(text.len());
    let written = &text[..end];
    if written.is_empty() {
        return Err(Fault::NotANumber(first_word(text)));
    }
    let plain = ungrouped(written).ok_or_else(|| Fault::NotANumber(written.to_owned()))?;
    let number: f64 = plain
        .parse()
        .map_err(|_| Fault::NotANumber(written.to_owned()))?;
    let mut rest = &text[end..];
    let mut scale = 1.0;
    for (ten_thousands, size) in [('万', 1e4), ('亿', 1e8)] {
        if let Some(after) = rest.trim_start().strip_prefix(ten_thousands) {
            (scale, rest) = (size, after);
        }
    }
    let number = number * scale;
    if number.is_finite() && number < 1e18 {
        Ok((number, rest))
    } else {
        Err(Fault::TooLarge)
    }
}

/// A number and nothing else.
fn number_alone(text: &str) -> Result<f64, Fault> {
    if text.trim().is_empty() {
        return Err(Fault::Empty);
    }
    let (number, rest) = leading_number(text)?;
    if rest.trim().is_empty() {
        Ok(number)
    } else {
        Err(Fault::NotANumber(text.trim().to_owned()))
    }
}

/// The number without marks between thousands; nothing if the marks stand elsewhere (`1,2` may mean 1.2).
fn ungrouped(written: &str) -> Option<String> {
    let (whole, fraction) = written
        .split_once('.')
        .map_or((written, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut groups = whole.split([',', '_']);
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let grouped = rest.is_empty()
        || (!first.is_empty() && first.len() <= 3 && rest.iter().all(|group| group.len() == 3));
    let sound = grouped && fraction.is_none_or(|fraction| !fraction.contains([',', '_', '.']));
    sound.then(|| written.replace([',', '_'], ""))
}

/// A short whole number of ASCII digits.
fn digits(text: &str) -> Option<u32> {
    let text = text.trim();
    (!text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())?
}

/// Seconds with two digits before the point.
fn pad(seconds: f64) -> String {
    if seconds < 10.0 {
        format!("0{seconds}")
    } else {
        seconds.to_string()
    }
}

/// The first word of a text, to quote it.
fn first_word(text: &str) -> String {
    text.split_whitespace()
        .next()
        .unwrap_or_default()
        .chars()
        .take(24)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lengths_are_read_in_both_languages_and_mixed_widths() {
        for text in [
            "90 min",
            "1 h 30 min",
            "1.5 h",
            "90分钟",
            "1小时30分",
            "９０ 分钟",
            "5400 s",
            "1h30m",
            "1 hour, 30 minutes",
        ] {
            assert_eq!(span(text), Ok(Span::MINUTE * 90), "{text}");
        }
        assert_eq!(span("2天"), Ok(Span::DAY * 2));
        assert_eq!(span("0 min"), Ok(Span::ZERO));
    }

    #[test]
    fn a_length_that_is_none_says_why() {
        assert_eq!(span("45"), Err(Fault::NoUnit));
        assert_eq!(span("45 people"), Err(Fault::UnknownUnit("people".into())));
        assert_eq!(span("-5 min"), Err(Fault::Negative));
        assert_eq!(span("soon"), Err(Fault::NotANumber("soon".into())));
        assert_eq!(span("nan min"), Err(Fault::NotANumber("nan".into())));
        assert_eq!(span("11 years"), Err(Fault::UnknownUnit("years".into())));
        assert_eq!(span("4000 d"), Err(Fault::TooLarge));
        assert_eq!(span("1,5 h"), Err(Fault::NotANumber("1,5".into())));
        assert_eq!(span(" "), Err(Fault::Empty));
    }

    #[test]
    fn paces_are_read_in_both_languages() {
        for text in [
            "60 people/h",
            "60人/小时",
            "60/h",
            "每小时60人",
            "60 people per hour",
            "1/min",
            "６０人／小时",
            "1440 people/day",
        ] {
            assert_eq!(pace(text), Ok(PerHour(60.0)), "{text}");
        }
        assert_eq!(pace("60"), Err(Fault::NoUnit));
        assert_eq!(pace("60 people"), Err(Fault::NoUnit));
        assert_eq!(pace("0/h"), Err(Fault::Zero));
        assert_eq!(pace("60 cats/h"), Err(Fault::UnknownUnit("cats".into())));
    }

    #[test]
    fn counts_are_read_as_people_write_them() {
        assert_eq!(count("12,763"), Ok(12_763));
        assert_eq!(count("1.2万"), Ok(12_000));
        assert_eq!(count("１２００"), Ok(1_200));
        assert_eq!(count("1200.0"), Ok(1_200));
        assert_eq!(count("1.5"), Err(Fault::Fraction));
        assert_eq!(count("1,2"), Err(Fault::NotANumber("1,2".into())));
        assert_eq!(count("-1"), Err(Fault::Negative));
        assert_eq!(count("1e400"), Err(Fault::NotANumber("1e400".into())));
        assert_eq!(count("99999999999"), Err(Fault::TooLarge));
    }

    #[test]
    fn moments_are_local_and_real() {
        let morning = moment("2022-05-09 07:00").unwrap();
        for text in [
            "2022-05-09T07:00",
            "2022-05-09T07:00:00",
            "2022年5月9日 7:00",
            "2022/5/9 07:00",
        ] {
            assert_eq!(moment(text), Ok(morning), "{text}");
        }
        assert_eq!(print_moment(morning), "2022-05-09 07:00");
        assert_eq!(moment("2022-05-09 24:00"), moment("2022-05-10"));
        assert_eq!(moment("2022-02-30"), Err(Fault::NotAMoment));
        assert_eq!(moment("2022-05-09T07:00Z"), Err(Fault::Zone));
        assert_eq!(moment("2022-05-09T07:00+08:00"), Err(Fault::Zone));
        assert_eq!(moment("9 May"), Err(Fault::NotAMoment));
    }

    #[test]
    fn hours_may_pass_midnight() {
        assert_eq!(
            window("20:00-02:00"),
            Ok((Span::HOUR * 20, Span::HOUR * 26))
        );
        assert_eq!(window("00:00-24:00"), Ok((Span::ZERO, Span::DAY)));
        assert_eq!(window("07:00—12:00"), Ok((Span::HOUR * 7, Span::HOUR * 12)));
        assert_eq!(window("7:00至12:00"), Ok((Span::HOUR * 7, Span::HOUR * 12)));
        assert_eq!(window("07:00-07:00"), Err(Fault::EmptyWindow));
        assert_eq!(window("07:00-25:61"), Err(Fault::NotAMoment));
        assert_eq!(window("07:00"), Err(Fault::NotAMoment));
    }

    #[test]
    fn speeds_need_their_unit() {
        assert_eq!(speed("4.5 km/h"), Ok(4.5));
        assert_eq!(speed("4.5公里/小时"), Ok(4.5));
        assert_eq!(speed("1 m/s"), Ok(3.6));
        assert_eq!(speed("4.5"), Err(Fault::NoUnit));
        assert_eq!(speed("0 km/h"), Err(Fault::Zero));
    }

    #[test]
    fn shares_stay_within_the_whole() {
        assert_eq!(share("93 %"), Ok(Share(0.93)));
        assert_eq!(share("９３％"), Ok(Share(0.93)));
        assert_eq!(share("0.93"), Ok(Share(0.93)));
        assert_eq!(share("93"), Err(Fault::TooLarge));
    }

    proptest! {
        #[test]
        fn a_printed_length_is_read_back(millis in 0..LONGEST.millis()) {
            let length = Span::from_millis(millis);
            prop_assert_eq!(span(&print_span(length)), Ok(length));
        }

        #[test]
        fn a_printed_clock_or_window_is_read_back(start in 0..86_400_000_i64, length in 1..=86_400_000_i64) {
            let stretch = (Span::from_millis(start), Span::from_millis(start + length));
            prop_assert_eq!(clock(&print_clock(stretch.0)), Ok(stretch.0));
            let printed = print_window(stretch);
            prop_assert_eq!(window(&printed), Ok(stretch), "{}", printed);
        }

        #[test]
        fn a_printed_pace_share_count_or_moment_is_read_back(
            rate in 1e-6..1e8_f64, part in 0.0..=1.0_f64, number in 0..=MOST, minutes in 0..50_000_000_i64,
        ) {
            prop_assert_eq!(pace(&print_pace(PerHour(rate), "people")), Ok(PerHour(rate)));
            let read = share(&print_share(Share(part))).unwrap().0;
            prop_assert!((read - part).abs() <= 1e-15);
            prop_assert_eq!(count(&number.to_string()), Ok(number));
            let when = moment("2022-05-09").unwrap() + jiff::SignedDuration::from_mins(minutes);
            prop_assert_eq!(moment(&print_moment(when)), Ok(when));
        }

        #[test]
        fn no_text_makes_a_reader_panic(text in "\\PC{0,40}") {
            let _ = (span(&text), pace(&text), share(&text), count(&text), number(&text), moment(&text), clock(&text), window(&text));
        }

        #[test]
        fn nothing_like_a_quantity_makes_a_reader_panic(text in "[-0-9.,:/%hms 万亿年月日每至T]{0,24}") {
            let _ = (span(&text), pace(&text), share(&text), count(&text), number(&text), moment(&text), clock(&text), window(&text));
        }
    }

    #[test]
    fn thousands_stand_apart() {
        let of = |text: &str| grouped(text);
        assert_eq!(of("0"), "0");
        assert_eq!(of("999"), "999");
        assert_eq!(of("1000"), "1,000");
        assert_eq!(of("-123456"), "-123,456");
        assert_eq!(of("1234567.8912"), "1,234,567.8912");
        assert_eq!(of("1e-7"), "1e-7");
    }
}
