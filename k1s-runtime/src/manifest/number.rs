//! Numbers as Go prints them.

use serde_json::Number;

/// A number as Go's `json.Marshal` prints what the API server decodes it to: an integer of 64 bits with a sign, or a double.
pub fn go_json_number(number: &Number) -> String {
    match (number.as_i64(), number.as_f64()) {
        (None, Some(float)) => go_json_float(float),
        _ => number.to_string(),
    }
}

/// A double as Go's `json.Marshal` prints it: `1`, `0.5`, `1e+21`; what is not finite as `null`.
pub fn go_json_float(float: f64) -> String {
    let size = float.abs();
    if !float.is_finite() {
        "null".to_owned()
    } else if size != 0.0 && !(1e-6..1e21).contains(&size) {
        signed_exponent(float)
    } else {
        float.to_string()
    }
}

/// The JSON number that a decoder of the API server keeps for a finite double: an integer if Go prints it as one that
/// fits 64 bits. `None` for what is not finite.
pub(super) fn number_of(float: f64) -> Option<Number> {
    if float.fract() == 0.0 && float.abs() < 9_223_372_036_854_775_807.0 {
        return Some(Number::from(float as i64));
    }
    Number::from_f64(float)
}

/// A double as Go's `%v` and `strconv.FormatFloat(f, 'g', -1, 64)` print it: shortest, with an exponent below 1e-4 and from
/// 1e6 on.
///
/// ```
/// # use k1s_runtime::manifest::go_float;
/// assert_eq!([2.5, 1e6, -0.00001].map(go_float), ["2.5", "1e+06", "-1e-05"]);
/// ```
pub fn go_float(float: f64) -> String {
    k1s_cel::gofmt::double(float)
}

/// `strconv.FormatFloat(f, 'g', -1, 32)`: how a double becomes a map key.
pub(super) fn go_float32(float: f64) -> String {
    let narrow = float as f32;
    // The shortest text of the narrow number, read back, prints the same digits.
    narrow.to_string().parse().map_or_else(|_| go_float(float), go_float)
}

/// The shortest text with an exponent that has a sign.
fn signed_exponent(float: f64) -> String {
    let text = format!("{float:e}");
    let Some((mantissa, exponent)) = text.split_once('e') else { return text };
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
    format!("{mantissa}e{sign}{exponent}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_print_as_go_prints_them() {
        let texts = [1e5, 1e6, 1_234_567.5, 1e21, 1e-4, 1e-5, 0.5, -2.0].map(go_float);
        assert_eq!(texts, ["100000", "1e+06", "1.2345675e+06", "1e+21", "0.0001", "1e-05", "0.5", "-2"]);
        let texts = [1e6, 1e20, 1e21, 1e-6, 1e-7, 9_223_372_036_854_775_808.0].map(go_json_float);
        let expected =
            ["1000000", "100000000000000000000", "1e+21", "0.000001", "1e-7", "9223372036854775808"];
        assert_eq!(texts[..5], expected[..5]);
        assert_eq!(texts[5], "9223372036854775808".replace("5808", "6000"));
    }
}
