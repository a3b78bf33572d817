//! `--sort-by`: the order of values, as kubectl sorts them.

use std::cmp::Ordering;

use serde_json::Value;

use crate::cli::error::Error;

/// Sorts items by keys that were read off them; items without the field come first.
///
/// # Errors
/// When no item has the field, or its values have no order.
pub(crate) fn sort_by_key<T>(items: &mut [(Option<Value>, T)], field: &str) -> Result<(), Error> {
    if !items.is_empty() && items.iter().all(|(key, _)| key.is_none()) {
        return Err(Error::message(format!(
            "couldn't find any field with path \"{field}\" in the list of objects"
        )));
    }
    if let Some(odd) =
        items.iter().filter_map(|(key, _)| key.as_ref()).find(|key| key.is_array() || key.is_object())
    {
        let kind = if odd.is_array() { "[]interface {}" } else { "map[string]interface {}" };
        return Err(Error::message(format!("field {field} is an unsortable type: {kind}")));
    }
    items.sort_by(|(a, _), (b, _)| match (a, b) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (Some(a), Some(b)) => compare(a, b),
    });
    Ok(())
}

/// The order of two values: null first, numbers by size, quantities by amount, texts naturally.
fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal),
        },
        (Value::String(a), Value::String(b)) => match (quantity(a), quantity(b)) {
            (Some(a), Some(b)) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
            _ => natural(a, b),
        },
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        _ => rank(a).cmp(&rank(b)),
    }
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        _ => 3,
    }
}

/// A Kubernetes quantity, as `1500m` or `2Gi`.
fn quantity(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = digits.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(digits.len());
    let (number, suffix) = text.split_at(text.len() - digits.len() + end);
    let factor = match suffix {
        "" => 1.0,
        "n" => 1e-9,
        "u" => 1e-6,
        "m" => 1e-3,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "E" => 1e18,
        "Ki" => 1024.0,
        "Mi" => 1024f64.powi(2),
        "Gi" => 1024f64.powi(3),
        "Ti" => 1024f64.powi(4),
        "Pi" => 1024f64.powi(5),
        "Ei" => 1024f64.powi(6),
        exponent => 10f64.powi(exponent.strip_prefix(['e', 'E'])?.parse().ok()?),
    };
    number.parse::<f64>().ok().filter(|_| end > 0).map(|number| number * factor)
}

/// Texts with numbers in them by the numbers' size: `a2` before `a10`.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    while let (Some(x), Some(y)) = (a.first(), b.first()) {
        if !(x.is_ascii_digit() && y.is_ascii_digit()) {
            if x != y {
                return x.cmp(y);
            }
            (a, b) = (&a[1..], &b[1..]);
            continue;
        }
        let (number, other, zeros);
        (number, a, zeros) = digits(a);
        let (theirs, rest, their_zeros) = digits(b);
        (other, b) = (theirs, rest);
        let order =
            number.len().cmp(&other.len()).then_with(|| number.cmp(other)).then(zeros.cmp(&their_zeros));
        if order != Ordering::Equal {
            return order;
        }
    }
    a.len().cmp(&b.len())
}

/// The digits that a text starts with, without leading zeros; the rest; how many zeros led.
fn digits(text: &[u8]) -> (&[u8], &[u8], usize) {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let zeros = text[..end].iter().take_while(|byte| **byte == b'0').count();
    (&text[zeros..end], &text[end..], zeros)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sorted(values: &[Option<Value>]) -> Vec<Value> {
        let mut items: Vec<_> = values.iter().map(|value| (value.clone(), value.clone())).collect();
        sort_by_key(&mut items, "{.x}").unwrap();
        items.into_iter().map(|(_, value)| value.unwrap_or(Value::Null)).collect()
    }

    #[test]
    fn values_have_an_order() {
        assert_eq!(sorted(&[Some(json!(10)), None, Some(json!(9.5))]), [json!(null), json!(9.5), json!(10)]);
        assert_eq!(sorted(&[Some(json!("a10")), Some(json!("a2"))]), [json!("a2"), json!("a10")]);
        assert_eq!(sorted(&[Some(json!("1Gi")), Some(json!("500M"))]), [json!("500M"), json!("1Gi")]);
        assert_eq!(sorted(&[Some(json!("b")), Some(json!("a"))]), [json!("a"), json!("b")]);
    }

    #[test]
    fn a_field_that_is_nowhere_or_has_no_order_is_an_error() {
        let nowhere = sort_by_key(&mut [(None, ())], "{.x}").unwrap_err();
        assert_eq!(
            nowhere.render(),
            "error: couldn't find any field with path \"{.x}\" in the list of objects\n"
        );
        assert!(sort_by_key(&mut [(Some(json!({})), ())], "{.x}").is_err());
    }
}
