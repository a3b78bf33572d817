//! Dates and times as `k8s.io/kube-openapi` accepts them.

use std::sync::LazyLock;

use regex::Regex;

static CLOCK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new("^([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))$").ok()
});

/// `2006-01-02`, and a day that exists.
#[must_use]
pub fn is_date(text: &str) -> bool {
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
#[must_use]
pub fn is_date_time(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut parts = lower.split('t');
    let (Some(date), Some(time), Some(clock)) = (parts.next(), parts.next(), CLOCK.as_ref()) else {
        return false;
    };
    is_date(date)
        && clock
            .captures(time)
            .is_some_and(|found| &found[1] <= "23" && &found[2] <= "59" && &found[3] <= "59")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        assert!(is_date("2024-02-29") && is_date("0001-01-01") && is_date("0000-12-31"));
        for text in [
            "",
            "2023-02-29",
            "2024-1-01",
            "2024-01-1",
            "24-01-001",
            "2024-13-01",
            "2024-01-01-",
            "+024-01-01",
        ] {
            assert!(!is_date(text), "{text}");
        }
    }

    #[test]
    fn times() {
        assert!(is_date_time("2024-01-01t00:00:00z") && is_date_time("2024-01-01T00:00:00,5+02:00"));
        assert!(!is_date_time("2024-01-01T24:00:00Z") && !is_date_time("2024-01-01 00:00:00Z"));
    }
}
