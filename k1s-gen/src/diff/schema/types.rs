//! `type` and `x-kubernetes-int-or-string`.

use k1s_runtime::schema::{SchemaType, Structural};
use serde_json::Value;

use super::super::rules;
use super::Difference;

/// How two types lie to each other.
pub(super) enum Order {
    Same,
    /// The new one takes what the old one takes, and more.
    Looser(Difference),
    Other(Difference),
}

#[derive(Clone, Copy, PartialEq)]
enum Type {
    Any,
    One(SchemaType),
    IntOrString,
}

impl Type {
    fn of(schema: &Structural) -> Self {
        match schema.type_ {
            _ if schema.extensions.int_or_string => Type::IntOrString,
            Some(type_) => Type::One(type_),
            None => Type::Any,
        }
    }

    fn shown(self) -> Value {
        match self {
            Type::Any => "any".into(),
            Type::One(type_) => type_.as_str().into(),
            Type::IntOrString => "int-or-string".into(),
        }
    }
}

pub(super) fn compare(old: &Structural, new: &Structural) -> Order {
    let (old, new) = (Type::of(old), Type::of(new));
    let difference = |rule| Difference::new(rule, "", Some(old.shown()), Some(new.shown()));
    match (old, new) {
        (old, new) if old == new => Order::Same,
        (_, Type::Any)
        | (Type::One(SchemaType::Integer), Type::One(SchemaType::Number))
        | (Type::One(SchemaType::Integer | SchemaType::String), Type::IntOrString) => {
            Order::Looser(difference(&rules::TYPE_LOOSENED))
        }
        _ => Order::Other(difference(&rules::TYPE_CHANGED)),
    }
}
