//! Words and lengths as they stand in XML.

/// Words between tags or in an attribute; what XML cannot hold becomes a space.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => safe.push(' '),
            other if other.is_control() => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}

/// Points as the unit of office files, of which an inch has 914,400.
pub(super) fn emu(points: f64) -> i64 {
    (points * 12_700.0).round() as i64
}
