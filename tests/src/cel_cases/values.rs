//! Values in the notation of conformance tests: `{"t": type, "v": value}`.

use k1s_cel::ty::Type;
use k1s_cel::value::{EvalError, Value};
use serde_json::{Value as Json, json};

/// The value of a test's variable.
pub(super) enum Constant {
    /// What JSON can say.
    Json(Json),
    Uint(u64),
    Bytes(Vec<u8>),
    /// In nanoseconds.
    Duration(i64),
}

impl Constant {
    /// Reads a value.
    pub(super) fn read(written: &Json) -> Result<Self, String> {
        let wrong = || format!("no value: {written}");
        let value = &written["v"];
        Ok(match kind(written) {
            "uint" => Constant::Uint(number(value).ok_or_else(wrong)?),
            "bytes" => Constant::Bytes(bytes(value).ok_or_else(wrong)?),
            "duration" => {
                let seconds: i64 = number(&value[0]).ok_or_else(wrong)?;
                let nanoseconds = value[1].as_i64().ok_or_else(wrong)?;
                let whole =
                    seconds.checked_mul(1_000_000_000).and_then(|whole| whole.checked_add(nanoseconds));
                Constant::Duration(whole.ok_or_else(wrong)?)
            }
            _ => Constant::Json(plain(written).ok_or_else(wrong)?),
        })
    }

    /// The type that the variable is declared with.
    pub(super) fn ty(&self) -> Type {
        match self {
            Constant::Json(json) => type_of(json),
            Constant::Uint(_) => Type::Uint,
            Constant::Bytes(_) => Type::Bytes,
            Constant::Duration(_) => Type::Duration,
        }
    }

    /// The value.
    pub(super) fn value(&self) -> Value<'_> {
        match self {
            Constant::Json(json) => Value::from_json(json),
            Constant::Uint(value) => Value::Uint(*value),
            Constant::Bytes(bytes) => Value::Bytes(k1s_cel::value::Blob::Shared(bytes.as_slice().into())),
            Constant::Duration(nanoseconds) => Value::Duration(*nanoseconds),
        }
    }
}

fn kind(written: &Json) -> &str {
    written["t"].as_str().unwrap_or_default()
}

fn number<T: std::str::FromStr>(value: &Json) -> Option<T> {
    value.as_str()?.parse().ok()
}

fn bytes(value: &Json) -> Option<Vec<u8>> {
    value.as_array()?.iter().map(|byte| u8::try_from(byte.as_u64()?).ok()).collect()
}

/// A value as the JSON that it is, if it is any.
fn plain(written: &Json) -> Option<Json> {
    let value = &written["v"];
    Some(match kind(written) {
        "null" => Json::Null,
        "bool" | "string" => value.clone(),
        "int" => number::<i64>(value)?.into(),
        "double" => number::<f64>(value)?.into(),
        "list" => value.as_array()?.iter().map(plain).collect::<Option<Vec<_>>>()?.into(),
        "map" => {
            let entries = value.as_array()?.iter();
            let entries = entries.map(|entry| Some((entry[0]["v"].as_str()?.to_owned(), plain(&entry[1])?)));
            Json::Object(entries.collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

fn type_of(json: &Json) -> Type {
    match json {
        Json::Null => Type::Dyn,
        Json::Bool(_) => Type::Bool,
        Json::Number(number) if number.is_i64() => Type::Int,
        Json::Number(_) => Type::Double,
        Json::String(_) => Type::String,
        Json::Array(items) => Type::list(common(items.iter())),
        Json::Object(members) => Type::map(Type::String, common(members.values())),
    }
}

/// The type that all have, if they have one.
fn common<'a>(values: impl Iterator<Item = &'a Json>) -> Type {
    let mut types = values.map(type_of);
    match types.next() {
        Some(first) if types.all(|other| other == first) => first,
        _ => Type::Dyn,
    }
}

/// Writes a value; one that tests cannot write as its type.
pub(super) fn write(value: &Value<'_>) -> Result<Json, EvalError> {
    Ok(match value {
        Value::Null => json!({"t": "null"}),
        Value::Bool(value) => json!({"t": "bool", "v": value}),
        Value::Int(value) => json!({"t": "int", "v": value.to_string()}),
        Value::Uint(value) => json!({"t": "uint", "v": value.to_string()}),
        Value::Double(value) => json!({"t": "double", "v": format!("{value:?}")}),
        Value::String(text) => json!({"t": "string", "v": &**text}),
        Value::Bytes(bytes) => json!({"t": "bytes", "v": bytes.to_vec()}),
        Value::Type(name) => json!({"t": "type", "v": &**name}),
        Value::Duration(nanoseconds) => {
            let (seconds, rest) = (nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
            json!({"t": "duration", "v": [seconds.to_string(), rest]})
        }
        Value::List(list) => {
            let items = list.iter().map(|item| write(&item?)).collect::<Result<Vec<_>, _>>()?;
            json!({"t": "list", "v": items})
        }
        Value::Map(map) => {
            let entry = |key: Value<'_>| Ok([write(&key)?, write(&map.get(&key)?)?]);
            let entries = map.keys().into_iter().map(entry).collect::<Result<Vec<_>, EvalError>>()?;
            json!({"t": "map", "v": entries})
        }
        other => json!({"t": other.type_name()}),
    })
}

/// Whether two written values are the same: doubles by their bits but for NaN, entries of maps in any order.
pub(super) fn same(got: &Json, expected: &Json) -> bool {
    if kind(got) != kind(expected) {
        return false;
    }
    let (got, expected, kind) = (&got["v"], &expected["v"], kind(got));
    match (kind, got.as_array(), expected.as_array()) {
        ("double", ..) => {
            let (got, expected) = (number::<f64>(got), number::<f64>(expected));
            got.zip(expected).is_some_and(|(a, b)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan())
        }
        ("list", Some(got), Some(expected)) => {
            got.len() == expected.len() && got.iter().zip(expected).all(|(got, expected)| same(got, expected))
        }
        ("map", Some(got), Some(expected)) => {
            let entry = |entry: &Json| {
                got.iter().any(|other| same(&other[0], &entry[0]) && same(&other[1], &entry[1]))
            };
            got.len() == expected.len() && expected.iter().all(entry)
        }
        _ => got == expected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_back() {
        for written in [
            json!({"t": "int", "v": "-3"}),
            json!({"t": "uint", "v": "18446744073709551615"}),
            json!({"t": "double", "v": "1.0"}),
            json!({"t": "bytes", "v": [0, 255]}),
            json!({"t": "duration", "v": ["-1", -5]}),
            json!({"t": "null"}),
            json!({"t": "list", "v": [{"t": "bool", "v": true}, {"t": "string", "v": "a"}]}),
            json!({"t": "map", "v": [[{"t": "string", "v": "a"}, {"t": "int", "v": "1"}]]}),
        ] {
            let constant = Constant::read(&written).unwrap();
            assert!(same(&write(&constant.value()).unwrap(), &written), "{written}");
        }
        assert!(Constant::read(&json!({"t": "uint", "v": "-1"})).is_err());
    }

    #[test]
    fn maps_have_no_order_and_numbers_have_types() {
        let entry = |key: &str| json!([{"t": "string", "v": key}, {"t": "double", "v": "NaN"}]);
        let map = |keys: [&str; 2]| json!({"t": "map", "v": keys.map(entry)});
        assert!(same(&map(["a", "b"]), &map(["b", "a"])));
        assert!(!same(&map(["a", "b"]), &map(["b", "c"])));
        assert!(!same(&json!({"t": "int", "v": "1"}), &json!({"t": "uint", "v": "1"})));
        assert!(!same(&json!({"t": "double", "v": "0.0"}), &json!({"t": "double", "v": "-0.0"})));
    }
}
