//! `duration`.

use std::sync::OnceLock;

use regex::Regex;

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
}
