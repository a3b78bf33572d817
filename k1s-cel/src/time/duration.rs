//! Lengths of time in nanoseconds: Go's texts for them, and the laxer ones of OpenAPI.

use std::sync::LazyLock;

use regex::Regex;

use super::layout::quote;
use super::moment::NANOS_PER_SECOND;

const MINUTE: i64 = 60 * NANOS_PER_SECOND;
const HOUR: i64 = 60 * MINUTE;
/// What the most negative length has more than the longest one.
const LIMIT: u64 = 1 << 63;

/// Amounts with units, as `1h30m` and `-1.5s`; zero needs no unit.
pub(crate) fn parse_duration(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {}", quote(text));
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (amount, after) = split_amount(rest);
        let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let whole = whole_amount(whole).ok_or_else(invalid)?;
        let end = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        if unit.is_empty() {
            return Err(format!("time: missing unit in duration {}", quote(text)));
        }
        let unit = nanos_of(unit)
            .ok_or_else(|| format!("time: unknown unit {} in duration {}", quote(unit), quote(text)))?;
        let part = whole.checked_mul(unit).and_then(|nanos| nanos.checked_add(fraction_of(fraction, unit)));
        let sum = part.filter(|part| *part <= LIMIT).and_then(|part| total.checked_add(part));
        total = sum.filter(|sum| *sum <= LIMIT).ok_or_else(invalid)?;
        rest = after;
    }
    let signed = if negative { 0_i64.checked_sub_unsigned(total) } else { i64::try_from(total).ok() };
    signed.ok_or_else(invalid)
}

/// The digits at the beginning, with at most one dot among or around them.
fn split_amount(text: &str) -> (&str, &str) {
    let mut dots = 0;
    let end = text.find(|c: char| {
        dots += u32::from(c == '.');
        !(c.is_ascii_digit() || c == '.' && dots == 1)
    });
    text.split_at(end.unwrap_or(text.len()))
}

fn whole_amount(digits: &str) -> Option<u64> {
    let amount = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    (amount <= LIMIT).then_some(amount)
}

fn nanos_of(unit: &str) -> Option<u64> {
    let nanos = match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => NANOS_PER_SECOND,
        "m" => MINUTE,
        "h" => HOUR,
        _ => return None,
    };
    u64::try_from(nanos).ok()
}

/// A fraction of a unit, rounded down; digits beyond what 63 bits hold are ignored. Go counts in doubles, too.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn fraction_of(digits: &str, unit: u64) -> u64 {
    let (mut fraction, mut scale) = (0_u64, 1.0_f64);
    for digit in digits.bytes() {
        let next = u64::from(digit - b'0') + fraction.saturating_mul(10);
        if fraction > (LIMIT - 1) / 10 || next > LIMIT {
            break;
        }
        (fraction, scale) = (next, scale * 10.0);
    }
    (fraction as f64 * (unit as f64 / scale)) as u64
}

/// What Go takes, and any text that holds a number with a unit from nanoseconds to weeks: `2 weeks`, `P1D`. All of them are added up;
/// sums that do not fit wrap around, as in kube-apiserver.
pub(crate) fn parse_openapi_duration(text: &str) -> Result<i64, String> {
    static AMOUNT: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"([0-9]+)[\t\n\f\r ]*([A-Za-zµ]+)").ok());
    if let Ok(duration) = parse_duration(text) {
        return Ok(duration);
    }
    let mut total = None;
    for found in AMOUNT.iter().flat_map(|amount| amount.captures_iter(text)) {
        let amount: i64 = found[1]
            .parse()
            .map_err(|_| format!("strconv.Atoi: parsing \"{}\": value out of range", &found[1]))?;
        if let Some(unit) = openapi_unit(&found[2].to_lowercase()) {
            total = Some(total.unwrap_or(0_i64).wrapping_add(amount.wrapping_mul(unit)));
        }
    }
    total.ok_or_else(|| format!("unable to parse {text} as duration"))
}

/// The nanoseconds of a unit in lower case; what begins with the last spelling of a unit counts, too.
fn openapi_unit(unit: &str) -> Option<i64> {
    const UNITS: [(i64, &[&str]); 8] = [
        (1, &["ns", "nano"]),
        (1_000, &["us", "µs", "micro"]),
        (1_000_000, &["ms", "milli"]),
        (NANOS_PER_SECOND, &["s", "sec"]),
        (MINUTE, &["m", "min"]),
        (HOUR, &["h", "hr", "hour"]),
        (24 * HOUR, &["d", "day"]),
        (7 * 24 * HOUR, &["w", "wk", "week"]),
    ];
    let is_named = |spellings: &[&str]| {
        spellings.contains(&unit) || spellings.last().is_some_and(|last| unit.starts_with(last))
    };
    UNITS.iter().find(|(_, spellings)| is_named(spellings)).map(|(nanos, _)| *nanos)
}

/// CEL's `string(duration)`: seconds.
pub(crate) fn format_duration(duration: i64) -> String {
    format!("{}s", seconds(duration))
}

/// The seconds as a double.
#[expect(clippy::cast_precision_loss, reason = "Go counts in doubles, too")]
fn seconds(duration: i64) -> f64 {
    (duration / NANOS_PER_SECOND) as f64 + (duration % NANOS_PER_SECOND) as f64 / NANOS_PER_SECOND as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn go_durations() {
        let cases = [
            ("1h30m", 5_400 * NANOS_PER_SECOND),
            ("-1.5s", -1_500_000_000),
            ("1us", 1_000),
            ("1µs1ns", 1_001),
            ("+.5h", 1_800 * NANOS_PER_SECOND),
            ("1.h", HOUR),
            ("0", 0),
            ("-0", 0),
            ("0.3333333333333333333h", 1_200 * NANOS_PER_SECOND),
            ("9223372036854775807ns", i64::MAX),
            ("-9223372036854775808ns", i64::MIN),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_duration(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_go_refuses() {
        let cases = [
            ("", r#"time: invalid duration """#),
            ("1", r#"time: missing unit in duration "1""#),
            ("1d", r#"time: unknown unit "d" in duration "1d""#),
            ("1 h", r#"time: unknown unit " h" in duration "1 h""#),
            (".s", r#"time: invalid duration ".s""#),
            ("1..s", r#"time: missing unit in duration "1..s""#),
            ("h", r#"time: invalid duration "h""#),
            ("9223372036854775808ns", r#"time: invalid duration "9223372036854775808ns""#),
            ("-320000000000s", r#"time: invalid duration "-320000000000s""#),
            ("99999999999999999999s", r#"time: invalid duration "99999999999999999999s""#),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_duration(text), Err(expected.into()), "{text}");
        }
    }

    #[test]
    fn openapi_durations() {
        let hours =
            [("1 h", 1), ("2 days", 48), ("P1D", 24), ("1W", 168), ("1h 30m 30 minutes", 2), ("PT1H", 1)];
        for (text, expected) in hours {
            assert_eq!(parse_openapi_duration(text), Ok(expected * HOUR), "{text}");
        }
        assert_eq!(parse_openapi_duration("1x"), Err("unable to parse 1x as duration".into()));
        assert!(parse_openapi_duration("99999999999999999999 d").is_err());
        assert!(parse_openapi_duration("").is_err() && parse_openapi_duration("1").is_err());
    }

    #[test]
    fn texts() {
        let texts = [HOUR, 1, -1_500_000_000, 0, i64::MIN].map(format_duration);
        assert_eq!(texts, ["3600s", "0.000000001s", "-1.5s", "0s", "-9223372036.854776s"]);
    }
}
