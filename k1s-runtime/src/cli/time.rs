//! Durations in Go's notation.

use std::time::Duration;

/// Reads a duration as Go does: `300ms`, `1.5h`, `2h45m`, `-1s`. Negative ones are answered as zero.
///
/// # Errors
/// In Go's words.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let invalid = || format!("time: invalid duration {}", super::error::quoted(text));
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(Duration::ZERO);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut nanoseconds = 0.0_f64;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
        let (number, tail) = rest.split_at(end);
        let value: f64 = number.parse().map_err(|_| invalid())?;
        let end = tail.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(end);
        nanoseconds += value
            * match unit {
                "ns" => 1.0,
                "us" | "µs" | "μs" => 1e3,
                "ms" => 1e6,
                "s" => 1e9,
                "m" => 6e10,
                "h" => 3.6e12,
                "" => {
                    return Err(format!("time: missing unit in duration {}", super::error::quoted(text)));
                }
                unit => {
                    let (unit, text) = (super::error::quoted(unit), super::error::quoted(text));
                    return Err(format!("time: unknown unit {unit} in duration {text}"));
                }
            };
        rest = tail;
    }
    if nanoseconds > i64::MAX as f64 {
        return Err(invalid());
    }
    Ok(if negative { Duration::ZERO } else { Duration::from_secs_f64(nanoseconds / 1e9) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_gos() {
        for (text, milliseconds) in [
            ("0", 0),
            ("300ms", 300),
            ("1.5s", 1500),
            ("1m1s", 61_000),
            ("-1s", 0),
            (".5s", 500),
            ("1h", 3_600_000),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        assert_eq!(duration("1"), Err("time: missing unit in duration \"1\"".into()));
        assert_eq!(duration("1x"), Err("time: unknown unit \"x\" in duration \"1x\"".into()));
        for text in ["", "-", "s", "1.2.3s", "9999999h"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
