//! Two schemas, compared by what they accept and keep.
//!
//! [`compare`] walks both at once. What a single value may be is compared by [`bounds`] and [`values`], which know nothing of places, so
//! that the branches of `allOf` and its like ([`logic`]) can be put in order by the same code; [`fields`] and [`items`] are the way down.
//!
//! The promise: if nothing that is found is breaking, every object that the old schema accepts is accepted by the new one, and keeps every
//! value that it has. Where it cannot be kept for certain, the change is breaking. Tests hold the API server's own validation against it.

mod at;
mod bounds;
mod cel;
mod defaults;
mod fields;
mod items;
mod logic;
mod types;
mod values;
mod walk;

use serde_json::Value;

pub(super) use walk::compare;

use super::rules::Rule;

/// A difference between two schemas for the same value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Difference {
    pub(super) rule: &'static Rule,
    pub(super) what: &'static str,
    pub(super) from: Option<Value>,
    pub(super) to: Option<Value>,
    pub(super) detail: Option<String>,
}

impl Difference {
    fn new(rule: &'static Rule, what: &'static str, from: Option<Value>, to: Option<Value>) -> Self {
        Self { rule, what, from, to, detail: None }
    }

    fn with(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

/// A difference with its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) difference: Difference,
    /// The field of objects.
    pub(super) field: String,
    /// JSON pointers from the root of the old and the new schema. What they lead to need not be there.
    pub(super) old: String,
    pub(super) new: String,
}
