//! Numbers and truth values as Go's `strconv` reads them, which takes some texts that Rust does not take, and refuses others.

/// `strconv.ParseBool`.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// `strconv.ParseInt` for the base 10.
pub(crate) fn int(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// `strconv.ParseUint` for the base 10: no sign, not even a plus.
pub(crate) fn uint(text: &str) -> Option<u64> {
    if text.starts_with('+') { None } else { text.parse().ok() }
}

/// `strconv.ParseFloat`: numbers beyond the largest are refused, those below the smallest become zero; underscores may stand between
/// digits; hexadecimal numbers have a binary exponent.
pub(crate) fn float(text: &str) -> Option<f64> {
    let (sign, unsigned) = split_sign(text);
    let lower = unsigned.to_ascii_lowercase();
    match lower.as_str() {
        "inf" | "infinity" => return Some(sign * f64::INFINITY),
        "nan" => return text.eq_ignore_ascii_case("nan").then_some(f64::NAN),
        _ => {}
    }
    let digits = without_underscores(&lower)?;
    let value = match digits.strip_prefix("0x") {
        Some(digits) => hexadecimal(digits)?,
        None => decimal(&digits)?,
    };
    value.is_finite().then_some(sign * value)
}

fn split_sign(text: &str) -> (f64, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// The text without its underscores, each of which must stand between digits, or between the prefix of the base and a digit.
fn without_underscores(text: &str) -> Option<String> {
    if !text.contains('_') {
        return Some(text.to_owned());
    }
    let (prefix, number) = if text.starts_with("0x") { text.split_at(2) } else { ("", text) };
    let is_digit = |byte: u8| byte.is_ascii_digit() || !prefix.is_empty() && byte.is_ascii_hexdigit();
    // The prefix counts as a digit.
    let mut after_digit = !prefix.is_empty();
    let mut after_underscore = false;
    for byte in number.bytes() {
        if byte == b'_' && !after_digit || after_underscore && !is_digit(byte) {
            return None;
        }
        after_underscore = byte == b'_';
        after_digit = is_digit(byte);
    }
    (!after_underscore).then(|| text.replace('_', ""))
}

/// Digits with a point and an exponent; Rust takes words, too.
fn decimal(text: &str) -> Option<f64> {
    let is_numeric = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'+' | b'-');
    // A second sign would be taken for the only one.
    if text.starts_with(['+', '-']) || !text.bytes().all(is_numeric) {
        return None;
    }
    text.parse().ok()
}

/// Hexadecimal digits with a point, and a binary exponent, which must be there.
fn hexadecimal(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once('p')?;
    let (sign, exponent) = split_sign(exponent);
    if exponent.is_empty() || !exponent.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // Longer exponents are beyond all doubles, whatever the mantissa within the longest expression.
    let exponent: i64 = exponent.parse().unwrap_or(i64::MAX / 8).min(i64::MAX / 8);
    let mut exponent = if sign < 0.0 { -exponent } else { exponent };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut bits: u64 = 0;
    for (index, digit) in whole.chars().chain(fraction.chars()).enumerate() {
        let digit = u64::from(digit.to_digit(16)?);
        let in_fraction = index >= whole.len();
        if bits < 1 << 59 {
            bits = bits << 4 | digit;
            exponent -= if in_fraction { 4 } else { 0 };
        } else {
            // What does not fit only tells on which side of a tie the number is.
            bits |= u64::from(digit != 0);
            exponent += if in_fraction { 0 } else { 4 };
        }
    }
    Some(scaled(bits, exponent))
}

/// `bits * 2^exponent`, rounded once, to the even neighbour on ties.
#[expect(clippy::cast_precision_loss, reason = "what is cast has at most 53 bits, or one more and is even")]
fn scaled(bits: u64, exponent: i64) -> f64 {
    if bits == 0 {
        return 0.0;
    }
    let shift = bits.leading_zeros();
    let (bits, exponent) = (bits << shift, exponent - i64::from(shift));
    // The exponent of the highest bit decides how many bits doubles have there.
    let highest = exponent + 63;
    if highest > 1_023 {
        return f64::INFINITY;
    }
    let kept = (highest + 1_075).min(53);
    let Ok(dropped) = u32::try_from(64 - kept) else { return 0.0 };
    if dropped > 64 {
        return 0.0;
    }
    let wide = u128::from(bits);
    let (mut mantissa, rest, half) = (wide >> dropped, wide & ((1 << dropped) - 1), 1_u128 << (dropped - 1));
    if rest > half || rest == half && mantissa % 2 == 1 {
        mantissa += 1;
    }
    mantissa as f64 * power_of_two(exponent + i64::from(dropped))
}

/// From the smallest double on; all are exact.
fn power_of_two(exponent: i64) -> f64 {
    let bits =
        if exponent >= -1_022 { (exponent + 1_023) << 52 } else { 1 << (exponent + 1_074).clamp(0, 51) };
    f64::from_bits(bits.cast_unsigned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats() {
        let cases = [
            ("123.456", 123.456),
            ("+1e3", 1_000.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("-0.0", 0.0),
            ("1_23.50_0_0e+1_2", 1.235e14),
            ("-INF", f64::NEG_INFINITY),
            ("+Infinity", f64::INFINITY),
            ("1e-400", 0.0),
            ("0x1p4", 16.0),
            ("0x.8p0", 0.5),
            ("0X_1F.8p-1", 15.75),
            ("0x1.fffffffffffffp1023", f64::MAX),
            ("0x1.fffffffffffff7p1023", f64::MAX),
            ("0x1p-1074", 5e-324),
            ("0x1p-1075", 0.0),
            ("0x1.0000000000001p-1075", 5e-324),
            ("0x3p-1075", 1e-323),
            ("0x10000000000000800000000p0", 309_485_009_821_345_068_724_781_056.0),
            ("0x10000000000000800000001p0", 309_485_009_821_345_137_444_257_792.0),
            ("0x1p-99999999999999999999", 0.0),
        ];
        for (text, expected) in cases {
            assert_eq!(float(text), Some(expected), "{text}");
        }
        assert!(float("nAn").is_some_and(f64::is_nan));
        assert!(float("-0").is_some_and(f64::is_sign_negative));
    }

    #[test]
    fn no_floats() {
        for text in [
            "",
            " 1",
            "1 ",
            "+nan",
            "-NaN",
            "1e400",
            "0x10",
            "0x1p",
            "0x1p1024",
            "0x1.fffffffffffff8p1023",
            "0xp1",
            "1__2",
            "_1",
            "1_",
            "1_.5",
            "1._5",
            "e5",
            ".",
            "1e",
            "--1",
            "+-1",
            "1e5.0",
            "infinit",
            "0x1g0p1",
            "0x1p1p1",
            "0x-1p1",
            "0b1",
        ] {
            assert_eq!(float(text), None, "{text}");
        }
    }

    #[test]
    fn integers_and_truth() {
        assert_eq!(["+1", "-0", "1_0", "0x1", " 1", ""].map(int), [Some(1), Some(0), None, None, None, None]);
        assert_eq!(["+1", "18446744073709551615", "-1"].map(uint), [None, Some(u64::MAX), None]);
        assert_eq!(["True", "f", "TrUe", ""].map(boolean), [Some(true), Some(false), None, None]);
    }
}
