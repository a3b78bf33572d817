//! A JSON value as rules see it: what is validated may be the members of an object, without a [`Json`] around them.

use serde_json::{Map, Value as Json};

use crate::schema::Schema;
use crate::{EvalResult, Value};

/// A value: an object is always its members.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum View<'a> {
    /// Whatever is no object.
    Value(&'a Json),
    /// An object.
    Members(&'a Map<String, Json>),
}

impl<'a> From<&'a Json> for View<'a> {
    fn from(json: &'a Json) -> Self {
        match json {
            Json::Object(members) => View::Members(members),
            _ => View::Value(json),
        }
    }
}

impl<'a> View<'a> {
    pub(super) fn is_null(self) -> bool {
        matches!(self, View::Value(Json::Null))
    }

    pub(super) fn members(self) -> Option<&'a Map<String, Json>> {
        match self {
            View::Members(members) => Some(members),
            View::Value(_) => None,
        }
    }

    pub(super) fn items(self) -> Option<&'a [Json]> {
        match self {
            View::Value(Json::Array(items)) => Some(items),
            _ => None,
        }
    }

    /// The value as expressions have it.
    pub(super) fn typed(self, schema: &'a Schema) -> EvalResult<'a> {
        match self {
            View::Value(json) => Value::typed(json, schema),
            View::Members(members) => Value::typed_object(members, schema),
        }
    }

    /// A copy, for messages.
    pub(super) fn to_json(self) -> Json {
        match self {
            View::Value(json) => json.clone(),
            View::Members(members) => Json::Object(members.clone()),
        }
    }
}
