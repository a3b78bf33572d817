//! Quantities as text: Go's `resource.ParseQuantity`, with what it lets pass (`-`, `.5`, `5.`, `k`) and what it does not (`1K`).

use std::cmp::Ordering;

use crate::value::EvalError;

use super::amount::Quantity;
use super::decimal::Decimal;

/// Numbers of up to so many digits take the small form.
const SMALL_DIGITS: i64 = 18;
/// The smallest step of a quantity: a billionth.
const NANO: i32 = -9;

const FORMAT: EvalError = EvalError::Other(std::borrow::Cow::Borrowed(
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
));
const NUMERIC: EvalError =
    EvalError::Other(std::borrow::Cow::Borrowed("unable to parse numeric part of quantity"));
const SUFFIX: EvalError = EvalError::Other(std::borrow::Cow::Borrowed("unable to parse quantity's suffix"));

/// What a suffix multiplies by.
#[derive(Clone, Copy)]
enum Unit {
    /// `10^exponent`
    Decimal(i32),
    /// `2^exponent`
    Binary(u32),
}

/// The parts of a quantity's text.
struct Parts<'t> {
    negative: bool,
    /// The number, as written.
    number: &'t str,
    /// Its digits before the point, without leading zeros.
    whole: &'t str,
    /// Its digits behind the point.
    fraction: &'t str,
    suffix: &'t str,
}

impl Quantity {
    /// Reads a quantity. What is more precise than a billionth rounds away from zero, what has a binary suffix ends at 2^63-1.
    pub(super) fn parse(text: &str) -> Result<Self, EvalError> {
        if text.is_empty() {
            return Err(FORMAT);
        }
        let parts = split(text)?;
        let unit = unit(parts.suffix).ok_or(SUFFIX)?;
        match small(&parts, unit)? {
            Some(quantity) => Ok(quantity),
            None => large(&parts, unit),
        }
    }
}

fn split(text: &str) -> Result<Parts<'_>, EvalError> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let negative = text.starts_with('-');
    let significant = unsigned.trim_start_matches('0');
    if significant.is_empty() {
        return Ok(Parts { negative, number: "0", whole: "0", fraction: "", suffix: "" });
    }
    let (whole, rest) = split_digits(significant);
    let (fraction, suffix) = match rest.strip_prefix('.') {
        Some(rest) => split_digits(rest),
        None => ("", rest),
    };
    let exponent = suffix.trim_start_matches(|c| "eEinumkKMGTP".contains(c));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if !exponent.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(FORMAT);
    }
    let (number, _) = text.split_at(text.len() - suffix.len());
    Ok(Parts { negative, number, whole: if whole.is_empty() { "0" } else { whole }, fraction, suffix })
}

fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

fn unit(suffix: &str) -> Option<Unit> {
    Some(match suffix {
        "n" => Unit::Decimal(-9),
        "u" => Unit::Decimal(-6),
        "m" => Unit::Decimal(-3),
        "" => Unit::Decimal(0),
        "k" => Unit::Decimal(3),
        "M" => Unit::Decimal(6),
        "G" => Unit::Decimal(9),
        "T" => Unit::Decimal(12),
        "P" => Unit::Decimal(15),
        "E" => Unit::Decimal(18),
        "Ki" => Unit::Binary(10),
        "Mi" => Unit::Binary(20),
        "Gi" => Unit::Binary(30),
        "Ti" => Unit::Binary(40),
        "Pi" => Unit::Binary(50),
        "Ei" => Unit::Binary(60),
        _ => {
            let exponent: i64 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
            // Go takes the lower 32 bits of what it reads as 64.
            #[expect(clippy::cast_possible_truncation, reason = "as it is recorded")]
            let exponent = exponent as i32;
            Unit::Decimal(exponent)
        }
    })
}

/// The quantity in the small form, if it fits.
fn small(parts: &Parts<'_>, unit: Unit) -> Result<Option<Quantity>, EvalError> {
    let digits = |text: &str| i64::try_from(text.len()).unwrap_or(i64::MAX);
    let length = digits(parts.whole).saturating_add(digits(parts.fraction));
    let (scale, factor, room) = match unit {
        Unit::Decimal(exponent) => (exponent, 1, SMALL_DIGITS),
        // Digits that the factor takes are an estimate, and errs on the side of the large form.
        Unit::Binary(exponent) if parts.fraction.is_empty() => {
            (0, 1_i64 << exponent, 14 - i64::from(exponent * 3 / 10))
        }
        Unit::Binary(_) => return Ok(None),
    };
    if length > room {
        return Ok(None);
    }
    let scale = scale.wrapping_sub(i32::try_from(parts.fraction.len()).unwrap_or(i32::MAX));
    if scale < NANO {
        return Ok(None);
    }
    let value: i64 = format!("{}{}", parts.whole, parts.fraction).parse().map_err(|_| NUMERIC)?;
    let value = if parts.negative { -value } else { value };
    Ok(value.checked_mul(factor).map(|value| Quantity::Small { value, scale }))
}

fn large(parts: &Parts<'_>, unit: Unit) -> Result<Quantity, EvalError> {
    let number = Decimal::read(parts.number).ok_or(NUMERIC)?;
    let number = match unit {
        Unit::Decimal(exponent) => number.shifted(exponent.into()),
        Unit::Binary(exponent) => number.times(1 << exponent),
    };
    if number.is_zero() {
        return Ok(Quantity::Large(number));
    }
    let limit = Decimal::new(i64::MAX, 0);
    let limit = if parts.negative { limit.negated() } else { limit };
    let beyond = if parts.negative { Ordering::Less } else { Ordering::Greater };
    if matches!(unit, Unit::Binary(_)) && number.compare(&limit) == beyond {
        return Ok(Quantity::Large(limit));
    }
    number.rescaled(-i64::from(NANO)).map(Quantity::Large)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn equal(a: &str, b: &str) -> bool {
        Quantity::parse(a).unwrap().compare(&Quantity::parse(b).unwrap()).is_eq()
    }

    #[test]
    fn units() {
        for (a, b) in [
            ("1k", "1000"),
            ("1Ki", "1024"),
            ("1.5Gi", "1536Mi"),
            ("0.1", "100m"),
            ("1e3", "1k"),
            ("1E3", "1k"),
            ("1e-3", "1m"),
            ("1e+3", "1k"),
            ("2E", "2e18"),
            ("1n", "0.000000001"),
            ("1u", "1000n"),
            ("+5", "5.0"),
            (".5", "500m"),
            ("5.", "5"),
            ("-", "0"),
            ("k", "0"),
            (".", "0"),
            ("007", "7"),
            ("1e4294967296", "1"),
            ("0.1n", "1n"),
            ("-0.1n", "-1n"),
            ("0.0000000000000000001", "1n"),
            ("100Ei", "9223372036854775807"),
            ("-100Ei", "-9223372036854775807"),
            ("0.5Mi", "524288"),
            ("1000000000000000000000T", "1e33"),
        ] {
            assert!(equal(a, b), "{a} {b}");
        }
    }

    #[test]
    fn what_is_no_quantity() {
        let fault = |text: &str| Quantity::parse(text).unwrap_err();
        for text in ["", "oops", "10Mo", "1,3G", "1.1.M", "1+1.0M", "1 k", " 1", "é", "1e3x"] {
            assert_eq!(fault(text), FORMAT, "{text}");
        }
        for text in ["200K", "10Mm", "1i", "1e", "1e-", "Three", "1e99999999999999999999", "1ki", "--1"] {
            let expected = if text == "Three" { FORMAT } else { SUFFIX };
            assert_eq!(fault(text), expected, "{text}");
        }
        assert_eq!(fault("Ei"), NUMERIC);
        assert_eq!(fault("1234567890123456789e2000000000"), EvalError::TooLarge);
    }

    #[test]
    fn forms_are_those_that_a_server_recorded() {
        let int = |text: &str| Quantity::parse(text).unwrap().to_int();
        assert_eq!(int("1Ki"), Some(1024));
        assert_eq!(int("1E"), Some(1_000_000_000_000_000_000));
        assert_eq!(int("1.1k"), Some(1100));
        assert_eq!(int("500m"), None);
        assert_eq!(int("1.0"), None);
        assert_eq!(int("9223372036854775808"), None);
        assert_eq!(int("1000000000000000000"), None);
        let double = |text: &str| Quantity::parse(text).unwrap().to_double();
        assert_eq!(double("9223372036854775808"), 9.223_372_036_854_776e18);
        assert_eq!(double("100000000000000000000000"), 1.000_000_000_000_000_1e23);
        assert_eq!(double("50.703k"), 50703.0);
        assert_eq!(double("1e400"), f64::INFINITY);
    }
}
