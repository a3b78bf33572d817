//! `date`, `date-time` and `duration`.

use std::sync::OnceLock;

use regex::Regex;

/// `2006-01-02`, and a day that exists.
pub(super) fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let number = |range: std::ops::Range<usize>| -> Option<u32> {
        let part = text.get(range)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten()
    };
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return false;
    }
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=last).contains(&day)
}

/// RFC 3339, in either case; any character may stand before the fraction.
pub(super) fn is_date_time(text: &str) -> bool {
    static CLOCK: OnceLock<Option<Regex>> = OnceLock::new();
    let clock = CLOCK.get_or_init(|| {
        Regex::new("^([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))$").ok()
    });
    let lower = text.to_lowercase();
    let mut parts = lower.split('t');
    let (Some(date), Some(time), Some(clock)) = (parts.next(), parts.next(), clock) else { return false };
    is_date(date)
        && clock
            .captures(time)
            .is_some_and(|found| &found[1] <= "23" && &found[2] <= "59" && &found[3] <= "59")
}

/// What Go's `time.ParseDuration` takes, and any text that holds a number with a unit from nanoseconds to weeks.
pub(super) fn is_duration(text: &str) -> bool {
    is_go_duration(text) || holds_amount(text)
}

/// Amounts with units, as `1h30m`; a fraction and a sign are allowed, zero needs no unit.
fn is_go_duration(text: &str) -> bool {
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (amount, after) = rest.split_at(end);
        if !amount.bytes().any(|byte| byte.is_ascii_digit()) || amount.matches('.').count() > 1 {
            return false;
        }
        let end = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        if !matches!(unit, "ns" | "us" | "µs" | "μs" | "ms" | "s" | "m" | "h") {
            return false;
        }
        rest = after;
    }
    true
}

fn holds_amount(text: &str) -> bool {
    /// Spellings of each unit; what begins with the last one counts too.
    const UNITS: [&[&str]; 8] = [
        &["ns", "nano"],
        &["us", "µs", "micro"],
        &["ms", "milli"],
        &["s", "sec"],
        &["m", "min"],
        &["h", "hr", "hour"],
        &["d", "day"],
        &["w", "wk", "week"],
    ];
    static AMOUNT: OnceLock<Option<Regex>> = OnceLock::new();
    let amount = AMOUNT.get_or_init(|| Regex::new(r"([0-9]+)[\t\n\f\r ]*([A-Za-zµ]+)").ok());
    let Some(amount) = amount else { return false };
    let is_unit = |unit: &str| {
        UNITS.iter().any(|spellings| {
            spellings.contains(&unit) || spellings.last().is_some_and(|last| unit.starts_with(last))
        })
    };
    let mut found = false;
    for captures in amount.captures_iter(text) {
        if captures[1].parse::<i64>().is_err() {
            return false;
        }
        found |= is_unit(&captures[2].to_lowercase());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for good in ["0", "+1h", "1.h", "-5m", "1 h", "2 days", "P1D", "1min", "9999999h", "1µs"] {
            assert!(is_duration(good), "{good}");
        }
        for bad in ["", "h", "1", "1x", "99999999999999999999 d"] {
            assert!(!is_duration(bad), "{bad}");
        }
    }

    #[test]
    fn times() {
        assert!(is_date_time("2024-01-01t00:00:00z") && is_date_time("2024-01-01T00:00:00,5+02:00"));
        assert!(!is_date_time("2024-01-01T24:00:00Z") && !is_date_time("2024-01-01 00:00:00Z"));
    }
}
