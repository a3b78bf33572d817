//! The rules that make a schema structural: every field has a type, and branches only narrow.

use serde_json::{Value, json};

use crate::api::field::{FieldError, Path};

use super::super::super::MAX_DEPTH;
use super::nested::{Skip, check_values};
use super::props::{
    EMBEDDED, INT_OR_STRING, PRESERVE, Schema, child, flag, given, is_set, list, named, word,
};

/// Where a schema stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Root,
    Field,
    Item,
}

/// The faults of a schema that is [convertible](super::convertible), in the server's order.
pub(super) fn check(schema: &Schema, path: &Path<'_>) -> Vec<FieldError> {
    let mut errors = Vec::new();
    Walk { errors: &mut errors }.schema(schema, path, Level::Root, 0);
    super::complete::check(schema, path, &mut errors);
    errors.sort_by_cached_key(ToString::to_string);
    errors
}

struct Walk<'e> {
    errors: &'e mut Vec<FieldError>,
}

impl Walk<'_> {
    fn required(&mut self, path: &Path<'_>, field: &str, detail: &str) {
        self.errors.push(FieldError::required(path.field(field).to_string(), detail));
    }

    fn forbidden(&mut self, path: &Path<'_>, field: &str, detail: &str) {
        self.errors.push(FieldError::forbidden(path.field(field).to_string(), detail));
    }

    fn invalid(&mut self, path: &Path<'_>, field: &str, value: Value, detail: &str) {
        self.errors.push(FieldError::invalid(path.field(field).to_string(), value, detail));
    }

    fn schema(&mut self, schema: &Schema, path: &Path<'_>, level: Level, depth: usize) {
        if depth > MAX_DEPTH {
            return self
                .errors
                .push(FieldError::forbidden(path.to_string(), "the schema is nested too deep"));
        }
        if word(schema, "type") == "array" && child(schema, "items").is_none() {
            self.required(path, "items", "must be specified");
        }
        if let Some(items) = child(schema, "items") {
            self.schema(items, &path.field("items"), Level::Item, depth + 1);
        }
        let properties = path.field("properties");
        for (name, property) in named(schema, "properties") {
            self.schema(property, &properties.key(name), Level::Field, depth + 1);
        }
        if level == Level::Root && given(schema, "additionalProperties").is_some() {
            self.forbidden(path, "additionalProperties", "must not be used at the root");
        }
        if let Some(values) = child(schema, "additionalProperties") {
            self.schema(values, &path.field("additionalProperties"), Level::Field, depth + 1);
        }
        self.extensions(schema, path);
        check_values(schema, path, Skip::of(schema), depth, self.errors);
        self.type_(schema, path, level);
        self.resource_fields(schema, path, level);
    }

    fn extensions(&mut self, schema: &Schema, path: &Path<'_>) {
        if !flag(schema, INT_OR_STRING) {
            return;
        }
        for keyword in [PRESERVE, EMBEDDED] {
            if flag(schema, keyword) {
                let detail = "must be false if x-kubernetes-int-or-string is true";
                self.invalid(path, keyword, Value::Bool(true), detail);
            }
        }
    }

    fn type_(&mut self, schema: &Schema, path: &Path<'_>, level: Level) {
        let found = word(schema, "type");
        let untyped = found.is_empty() && !flag(schema, INT_OR_STRING) && !flag(schema, PRESERVE);
        if flag(schema, EMBEDDED) && found != "object" {
            let detail = "must be object if x-kubernetes-embedded-resource is true";
            match found {
                "" => self.required(path, "type", detail),
                other => self.invalid(path, "type", other.into(), detail),
            }
        } else if untyped {
            let detail = match level {
                Level::Root => "must not be empty at the root",
                Level::Item => "must not be empty for specified array items",
                Level::Field => "must not be empty for specified object fields",
            };
            self.required(path, "type", detail);
        }
        if flag(schema, EMBEDDED) && given(schema, "additionalProperties").is_some() {
            let detail = "must not be used if x-kubernetes-embedded-resource is set";
            self.forbidden(path, "additionalProperties", detail);
        }
        if level == Level::Root && !matches!(found, "" | "object") {
            self.invalid(path, "type", found.into(), "must be object at the root");
        }
    }

    /// `apiVersion`, `kind` and `metadata` of a resource.
    fn resource_fields(&mut self, schema: &Schema, path: &Path<'_>, level: Level) {
        let embedded = flag(schema, EMBEDDED);
        let properties = path.field("properties");
        for (name, property) in named(schema, "properties") {
            let expected = match name.as_str() {
                "apiVersion" | "kind" => "string",
                "metadata" => "object",
                _ => continue,
            };
            let (at, found) = (properties.key(name), word(property, "type"));
            if found != expected && (level == Level::Root || embedded) {
                self.invalid(&at, "type", found.into(), &format!("must be {expected}"));
            }
            if level == Level::Root && name == "metadata" && !says_only_names(property) {
                let detail = "must not specify anything other than name and generateName, but metadata is implicitly specified";
                self.errors.push(FieldError::forbidden(at.to_string(), detail));
            }
        }
        if embedded && !flag(schema, PRESERVE) && named(schema, "properties").next().is_none() {
            let detail = "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
            self.required(path, "properties", detail);
        }
    }
}

/// Whether a schema of the root's metadata speaks of names only. Examples are not kept and do not count.
fn says_only_names(metadata: &Schema) -> bool {
    metadata.iter().all(|(keyword, value)| match keyword.as_str() {
        "type" | "default" | "example" => true,
        "properties" => value
            .as_object()
            .is_some_and(|map| map.keys().all(|name| matches!(name.as_str(), "name" | "generateName"))),
        _ => !is_set(value),
    })
}

/// Whether a schema spells out the two types of an int-or-string in `anyOf`.
pub(super) fn spells_out_both_types(schema: &Schema) -> bool {
    let [first, second] = list(schema, "anyOf") else { return false };
    let says_only = |branch: &Value, type_: &str| {
        let branch = branch.as_object().into_iter().flatten();
        branch
            .filter(|(keyword, value)| *keyword != "example" && is_set(value))
            .eq([(&"type".to_owned(), &json!(type_))])
    };
    says_only(first, "integer") && says_only(second, "string")
}
