//! Keys of maps: numbers of different types that are equal are one key.

use super::{Text, Value};

/// What a map is looked up by.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Key<'a> {
    /// `true` or `false`.
    Bool(bool),
    /// A number: signed, unsigned, or a double without fraction.
    Number(i128),
    /// Text.
    String(Text<'a>),
}

impl<'a> Key<'a> {
    /// The key that a value is; none if no map can have such a key.
    #[must_use]
    pub fn of(value: &Value<'a>) -> Option<Self> {
        match value {
            Value::Bool(value) => Some(Key::Bool(*value)),
            Value::Int(value) => Some(Key::Number(i128::from(*value))),
            Value::Uint(value) => Some(Key::Number(i128::from(*value))),
            Value::Double(value) => whole(*value).map(Key::Number),
            Value::String(text) => Some(Key::String(text.clone())),
            _ => None,
        }
    }
}

/// A double as the integer that it is, if it is one within the range of int and uint.
#[expect(clippy::cast_possible_truncation, reason = "whole numbers in this range are exact in 128 bits")]
fn whole(value: f64) -> Option<i128> {
    let in_range = (-9_223_372_036_854_775_808.0..18_446_744_073_709_551_616.0).contains(&value);
    (in_range && value.fract() == 0.0).then_some(value as i128)
}
