//! Numbers between YAML, JSON and Go.

use serde_json::Number;

use crate::api::gotext;

/// A number as Go's `json.Marshal` prints it: `1`, `0.5`, `1e+21`.
pub(super) fn go_json_number(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() => gotext::json_float(float),
        _ => number.to_string(),
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

/// `strconv.FormatFloat(f, 'g', -1, 32)`: how a double becomes a map key.
pub(super) fn go_float32(float: f64) -> String {
    let narrow = float as f32;
    // The shortest text of the narrow number, read back, prints the same digits.
    narrow.to_string().parse().map_or_else(|_| gotext::float(float), gotext::float)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_print_as_go_prints_them() {
        let texts = [1e5, 1e6, 1_234_567.5, 1e21, 1e-4, 1e-5, 0.5, -2.0].map(gotext::float);
        assert_eq!(texts, ["100000", "1e+06", "1.2345675e+06", "1e+21", "0.0001", "1e-05", "0.5", "-2"]);
        let texts = [1e6, 1e20, 1e21, 1e-6, 1e-7].map(gotext::json_float);
        assert_eq!(texts, ["1000000", "100000000000000000000", "1e+21", "0.000001", "1e-7"]);
        assert_eq!(go_float32(0.1), "0.1");
    }
}
