//! One step of a field path.

use std::cmp::Ordering;
use std::fmt;

use serde_json::Value;

use crate::api::gotext;

/// How a field, an item of a list or an entry of a map is named from its parent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PathElement {
    /// A field of a struct or an entry of a map.
    Field(Box<str>),
    /// An item of a list with `list-type: map`: its keys, sorted by name.
    Key(Vec<(Box<str>, Scalar)>),
    /// An item of a list with `list-type: set`.
    Value(Scalar),
    /// An item of an atomic list.
    Index(i64),
}

impl PathElement {
    /// The element of a field.
    pub(super) fn field(name: &str) -> Self {
        Self::Field(name.into())
    }
}

impl fmt::Display for PathElement {
    /// As conflicts and errors write it: `.name`, `[key="v",port=80]`, `[="v"]`, `[0]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => write!(f, ".{name}"),
            Self::Key(keys) => {
                f.write_str("[")?;
                for (index, (name, value)) in keys.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "," };
                    write!(f, "{separator}{name}={value}")?;
                }
                f.write_str("]")
            }
            Self::Value(value) => write!(f, "[={value}]"),
            Self::Index(index) => write!(f, "[{index}]"),
        }
    }
}

/// A value that identifies an item of a list: equal and ordered as the server holds such values, so that 1 and 1.0 are one.
#[derive(Clone, Debug)]
pub(super) struct Scalar(pub(super) Value);

impl Scalar {
    fn rank(&self) -> u8 {
        match self.0 {
            Value::Number(_) => 0,
            Value::String(_) => 1,
            Value::Bool(_) => 2,
            Value::Array(_) => 3,
            Value::Object(_) => 4,
            Value::Null => 5,
        }
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Value::String(text) => f.write_str(&gotext::quote(text)),
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (None, Some(float)) => f.write_str(&gotext::float(float)),
                _ => write!(f, "{number}"),
            },
            other => f.write_str(&gotext::json(other)),
        }
    }
}

impl PartialEq for Scalar {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Scalar {}

impl PartialOrd for Scalar {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Scalar {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Value::Number(a), Value::Number(b)) => match (a.as_i64(), b.as_i64()) {
                (Some(a), Some(b)) => a.cmp(&b),
                _ => a.as_f64().unwrap_or(0.0).total_cmp(&b.as_f64().unwrap_or(0.0)),
            },
            (Value::String(a), Value::String(b)) => a.cmp(b),
            (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
            // Lists and maps are no keys of lists that the server accepts; any order that is one will do.
            (a @ (Value::Array(_) | Value::Object(_)), b) if self.rank() == other.rank() => {
                gotext::json(a).cmp(&gotext::json(b))
            }
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

/// Whether two values are the same to the server: numbers by what they say, not by how they are written.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(_), Value::Number(_)) => Scalar(a.clone()) == Scalar(b.clone()),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((k, a), (l, b))| k == l && same(a, b))
        }
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn elements_are_written_as_in_messages() {
        let key = PathElement::Key(vec![("n".into(), Scalar(json!("x"))), ("p".into(), Scalar(json!(1)))]);
        assert_eq!(key.to_string(), r#"[n="x",p=1]"#);
        assert_eq!(PathElement::field("spec").to_string(), ".spec");
        assert_eq!(PathElement::Value(Scalar(json!("a"))).to_string(), r#"[="a"]"#);
        assert_eq!(PathElement::Index(3).to_string(), "[3]");
    }

    #[test]
    fn a_number_is_what_it_says() {
        assert_eq!(Scalar(json!(1)), Scalar(json!(1.0)));
        assert!(Scalar(json!(2)) < Scalar(json!("1")));
        assert!(same(&json!({"a": [1.0]}), &json!({"a": [1]})));
        assert!(!same(&json!({"a": 1}), &json!({"b": 1})));
    }
}
