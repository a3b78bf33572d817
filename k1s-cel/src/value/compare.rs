//! The order of values.

use std::cmp::Ordering;

use super::Value;

impl Value<'_> {
    /// The order of two values of types that have one; none for other types, and for NaN.
    #[must_use]
    pub fn compare(&self, other: &Value<'_>) -> Option<Ordering> {
        match (self, other) {
            (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
            (Value::String(a), Value::String(b)) => Some((**a).cmp(&**b)),
            (Value::Bytes(a), Value::Bytes(b)) => Some((**a).cmp(&**b)),
            (Value::Timestamp(a), Value::Timestamp(b)) => Some(a.cmp(b)),
            (Value::Duration(a), Value::Duration(b)) => Some(a.cmp(b)),
            _ => self.compare_numbers(other),
        }
    }

    /// The order of two numbers, whatever their types; by way of doubles only where one is a double.
    pub(super) fn compare_numbers(&self, other: &Value<'_>) -> Option<Ordering> {
        match (self, other) {
            (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
            (Value::Uint(a), Value::Uint(b)) => Some(a.cmp(b)),
            (Value::Double(a), Value::Double(b)) => a.partial_cmp(b),
            (Value::Int(a), Value::Uint(b)) => Some(i128::from(*a).cmp(&i128::from(*b))),
            (Value::Uint(a), Value::Int(b)) => Some(i128::from(*a).cmp(&i128::from(*b))),
            (Value::Int(a), Value::Double(b)) => compare_to_double(i128::from(*a), *b),
            (Value::Uint(a), Value::Double(b)) => compare_to_double(i128::from(*a), *b),
            (Value::Double(a), Value::Int(b)) => compare_to_double(i128::from(*b), *a).map(Ordering::reverse),
            (Value::Double(a), Value::Uint(b)) => {
                compare_to_double(i128::from(*b), *a).map(Ordering::reverse)
            }
            _ => None,
        }
    }
}

/// Integers of at most 64 bits against a double: as doubles, so that large integers equal the doubles next to them, as in cel-go.
#[expect(clippy::cast_precision_loss, reason = "that is the rule")]
fn compare_to_double(integer: i128, double: f64) -> Option<Ordering> {
    (integer as f64).partial_cmp(&double)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_across_types() {
        let order = |a: Value<'_>, b: Value<'_>| a.compare(&b);
        assert_eq!(order(Value::Int(1), Value::Double(1.5)), Some(Ordering::Less));
        assert_eq!(order(Value::Int(-1), Value::Double(-1.5)), Some(Ordering::Greater));
        assert_eq!(order(Value::Int(0), Value::Double(-0.0)), Some(Ordering::Equal));
        assert_eq!(order(Value::Double(f64::INFINITY), Value::Uint(u64::MAX)), Some(Ordering::Greater));
        assert_eq!(
            order(Value::Int(i64::MAX), Value::Double(9_223_372_036_854_775_808.0)),
            Some(Ordering::Equal)
        );
        assert_eq!(order(Value::Int(i64::MAX), Value::Uint(1 << 63)), Some(Ordering::Less));
        assert_eq!(order(Value::Int(-1), Value::Uint(u64::MAX)), Some(Ordering::Less));
        assert_eq!(order(Value::Double(f64::NAN), Value::Int(0)), None);
    }
}
