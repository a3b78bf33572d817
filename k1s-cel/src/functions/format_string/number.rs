//! Doubles as Go's `golang.org/x/text/message` prints them for the locale en-US.

/// How many digits follow the point if a clause does not say.
const PRECISION: u64 = 6;

/// Precisions and widths with more digits than these make Go's parser lose its verb.
const LARGEST_NUMBER: u64 = 1_000_000;
const NO_VERB: &str = "%!(NOVERB)";

/// `%f`: with separators between thousands.
pub(super) fn fixed(value: f64, precision: Option<u64>) -> String {
    let precision = precision.unwrap_or(PRECISION);
    if precision / 10 > LARGEST_NUMBER {
        return NO_VERB.into();
    }
    if let Some(special) = special(value) {
        return special.into();
    }
    let digits = rounded(value.abs(), precision);
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 2);
    if value < 0.0 {
        out.push('-');
    }
    for (index, digit) in whole.char_indices() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// The digits of a double that is not negative. Go keeps the least number of digits in 8 bits and the greatest in 16, signed, where
/// negative means no bound; larger precisions wrap round.
#[expect(clippy::cast_possible_truncation, reason = "that is what Go does")]
fn rounded(value: f64, precision: u64) -> String {
    let least = usize::from(precision as u8);
    let mut digits = match usize::try_from(precision as i16) {
        Ok(most) => format!("{value:.most$}"),
        Err(_) => value.to_string(),
    };
    let point = match digits.find('.') {
        Some(point) => point,
        None if least == 0 => return digits,
        None => {
            digits.push('.');
            digits.len() - 1
        }
    };
    let needed = digits.trim_end_matches('0').len().max(point + 1 + least);
    digits.truncate(needed);
    digits.extend(std::iter::repeat_n('0', needed - digits.len()));
    digits.truncate(digits.trim_end_matches('.').len());
    digits
}

/// `%e`: with a power of ten. cel-go takes the precision for the width, so that there are always six digits after the point.
#[expect(clippy::cast_possible_truncation, reason = "Go keeps widths in 16 bits")]
pub(super) fn scientific(value: f64, width: Option<u64>) -> String {
    let width = width.unwrap_or(PRECISION);
    if width / 10 > LARGEST_NUMBER {
        return NO_VERB.into();
    }
    let printed = match special(value) {
        Some(special) => special.into(),
        None => power(value + 0.0),
    };
    let missing = usize::from(width as u16).saturating_sub(printed.chars().count());
    format!("{}{printed}", " ".repeat(missing))
}

fn power(value: f64) -> String {
    let printed = format!("{value:.6e}");
    let (digits, exponent) = printed.split_once('e').unwrap_or((&printed, "0"));
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ("⁻", exponent),
        None => ("", exponent),
    };
    let exponent: String = format!("{exponent:0>2}").chars().map(superscript).collect();
    format!("{digits}×10{sign}{exponent}")
}

fn superscript(digit: char) -> char {
    match digit {
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        _ => '⁰',
    }
}

fn special(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("NaN")
    } else if value.is_infinite() {
        Some(if value > 0.0 { "∞" } else { "-∞" })
    } else {
        None
    }
}

/// A double inside of a list or map: a literal with six digits after the point, or Go's name in quotation marks.
pub(super) fn literal(value: f64) -> String {
    if value.is_nan() {
        "\"NaN\"".into()
    } else if value.is_infinite() {
        if value > 0.0 { "\"+Inf\"".into() } else { "\"-Inf\"".into() }
    } else {
        format!("{value:.6}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_point_as_go_prints_it() {
        let cases = [
            (0.5, 0, "0"),
            (1.5, 0, "2"),
            (99.5, 0, "100"),
            (0.95, 1, "0.9"),
            (-0.0, 6, "0.000000"),
            (-1e-9, 6, "-0.000000"),
            (-1e-9, 0, "-0"),
            (1.1, 20, "1.10000000000000008882"),
            (1e21, 1, "1,000,000,000,000,000,000,000.0"),
            (1234.5678, 32_768, "1,234.5678"),
            (1234.5678, 65_536, "1,235"),
            (1234.5678, 10_000_010, "%!(NOVERB)"),
            (f64::INFINITY, 3, "∞"),
        ];
        for (value, precision, printed) in cases {
            assert_eq!(fixed(value, Some(precision)), printed, "{value} {precision}");
        }
        assert_eq!(fixed(1234.5678, Some(256)), "1,234.567800000000033833202905952930450439453125");
        assert_eq!(fixed(1234.5678, Some(300)), "1,234.56780000000003383320290595293045043945312500");
        assert_eq!(fixed(1234.5678, Some(1_000_000)).len(), 70);
        assert_eq!(fixed(1234.5678, Some(10_000_009)).len(), 143);
    }

    #[test]
    fn scientific_notation_as_go_prints_it() {
        assert_eq!(scientific(0.0, None), "0.000000×10⁰⁰");
        assert_eq!(scientific(-0.0, None), "0.000000×10⁰⁰");
        assert_eq!(scientific(5e-324, None), "4.940656×10⁻³²⁴");
        assert_eq!(scientific(1234.5, Some(20)), "       1.234500×10⁰³");
        assert_eq!(scientific(f64::NAN, None), "   NaN");
        assert_eq!(scientific(f64::INFINITY, Some(0)), "∞");
    }
}
