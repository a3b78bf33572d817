//! The rules that make a schema structural: every field has a type, and branches only narrow.

use serde_json::{Map, Value};

use crate::api::field::{FieldError, Path};

use super::super::super::MAX_DEPTH;
use super::text;

type Schema = Map<String, Value>;

/// Where a schema stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Root,
    Field,
    Item,
}

pub(super) fn check(schema: &Schema, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    Walk { errors }.schema(schema, path, Level::Root, 0);
}

fn word<'s>(schema: &'s Schema, keyword: &str) -> &'s str {
    schema.get(keyword).map(text).unwrap_or_default()
}

fn flag(schema: &Schema, keyword: &str) -> bool {
    schema.get(keyword) == Some(&Value::Bool(true))
}

fn fields(schema: &Schema) -> impl Iterator<Item = (&String, &Schema)> {
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    properties.filter_map(|(name, child)| Some((name, child.as_object()?)))
}

fn branches<'s>(schema: &'s Schema, keyword: &str) -> impl Iterator<Item = (usize, &'s Schema)> {
    let list = schema.get(keyword).and_then(Value::as_array).into_iter().flatten().enumerate();
    list.filter_map(|(index, branch)| Some((index, branch.as_object()?)))
}

const EMBEDDED: &str = "x-kubernetes-embedded-resource";
const INT_OR_STRING: &str = "x-kubernetes-int-or-string";
const PRESERVE: &str = "x-kubernetes-preserve-unknown-fields";

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
            return;
        }
        self.type_(schema, path, level);
        if flag(schema, EMBEDDED) {
            self.embedded(schema, path);
        }
        if level == Level::Root || flag(schema, EMBEDDED) {
            self.resource_fields(schema, path, level);
        }
        let properties = path.field("properties");
        for (name, child) in fields(schema) {
            self.schema(child, &properties.key(name), Level::Field, depth + 1);
        }
        for (keyword, level) in [("additionalProperties", Level::Field), ("items", Level::Item)] {
            if let Some(Value::Object(child)) = schema.get(keyword) {
                self.schema(child, &path.field(keyword), level, depth + 1);
            }
        }
        let resource = level == Level::Root || flag(schema, EMBEDDED);
        self.below(schema, path, Skip::of(schema), resource, depth);
    }

    fn type_(&mut self, schema: &Schema, path: &Path<'_>, level: Level) {
        match (level, word(schema, "type")) {
            (Level::Root, "") if !flag(schema, INT_OR_STRING) => {
                self.required(path, "type", "must not be empty at the root");
            }
            (Level::Root, found) if !matches!(found, "" | "object") => {
                self.invalid(path, "type", found.into(), "must be object at the root");
            }
            (Level::Field | Level::Item, "")
                if !flag(schema, INT_OR_STRING) && !flag(schema, PRESERVE) && !flag(schema, EMBEDDED) =>
            {
                let what = if level == Level::Item { "array items" } else { "object fields" };
                self.required(path, "type", &format!("must not be empty for specified {what}"));
            }
            (_, "array")
                if !schema.get("items").is_some_and(|items| items.is_object() || items.is_array()) =>
            {
                self.required(path, "items", "must be specified");
            }
            _ => {}
        }
    }

    fn embedded(&mut self, schema: &Schema, path: &Path<'_>) {
        match word(schema, "type") {
            "object" => {}
            "" => self.required(path, "type", "must be object if x-kubernetes-embedded-resource is true"),
            other => {
                let detail = "must be object if x-kubernetes-embedded-resource is true";
                self.invalid(path, "type", other.into(), detail);
            }
        }
        if fields(schema).next().is_none() && !flag(schema, PRESERVE) {
            let detail = "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
            self.required(path, "properties", detail);
        }
        if flag(schema, INT_OR_STRING) {
            self.invalid(
                path,
                EMBEDDED,
                Value::Bool(true),
                "must be false if x-kubernetes-int-or-string is true",
            );
        }
    }

    /// `apiVersion`, `kind` and `metadata` of a resource.
    fn resource_fields(&mut self, schema: &Schema, path: &Path<'_>, level: Level) {
        let properties = path.field("properties");
        for (name, expected) in [("apiVersion", "string"), ("kind", "string"), ("metadata", "object")] {
            let Some(child) = schema.get("properties").and_then(|fields| fields.get(name)) else { continue };
            let found = text(&child["type"]);
            if found != expected {
                self.invalid(&properties.key(name), "type", found.into(), &format!("must be {expected}"));
            }
        }
        let metadata = schema.get("properties").and_then(|fields| fields.get("metadata"));
        let (Level::Root, Some(Value::Object(metadata))) = (level, metadata) else { return };
        let at = properties.key("metadata");
        let only_names = |(keyword, value): (&String, &Value)| match keyword.as_str() {
            "type" | "default" => true,
            "properties" => value
                .as_object()
                .is_some_and(|map| map.keys().all(|name| name == "name" || name == "generateName")),
            _ => matches!(value, Value::Null | Value::Bool(false)),
        };
        if !metadata.iter().all(only_names) {
            let detail = "must not specify anything other than name and generateName, but metadata is implicitly specified";
            self.errors.push(FieldError::forbidden(at.to_string(), detail));
        }
        if flag(metadata, EMBEDDED) {
            self.forbidden(&at, EMBEDDED, "must not be used inside of resource meta");
        }
    }

    fn below(&mut self, schema: &Schema, path: &Path<'_>, skip: Skip, resource: bool, depth: usize) {
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let at = path.field(keyword);
            for (index, branch) in branches(schema, keyword) {
                if keyword == "anyOf" && skip == Skip::AnyOf {
                    continue;
                }
                let first = keyword == "allOf" && index == 0 && skip == Skip::FirstOfAllOf;
                let skip = if first { Skip::AnyOf } else { Skip::Nothing };
                self.branch(branch, &at.index(index), skip, resource, depth + 1);
            }
        }
        if let Some(Value::Object(branch)) = schema.get("not") {
            self.branch(branch, &path.field("not"), Skip::Nothing, resource, depth + 1);
        }
    }

    /// A branch narrows what the schema says and adds nothing to it.
    fn branch(&mut self, branch: &Schema, path: &Path<'_>, skip: Skip, resource: bool, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        for keyword in ["type", "title", "description"] {
            if !word(branch, keyword).is_empty() {
                self.forbidden(path, keyword, "must be empty to be structural");
            }
        }
        for keyword in ["default", "additionalProperties"] {
            if branch.get(keyword).is_some_and(|value| !value.is_null()) {
                self.forbidden(path, keyword, "must be undefined to be structural");
            }
        }
        for keyword in ["nullable", EMBEDDED, INT_OR_STRING, PRESERVE] {
            if flag(branch, keyword) {
                self.forbidden(path, keyword, "must be false to be structural");
            }
        }
        for keyword in ["x-kubernetes-list-type", "x-kubernetes-map-type"] {
            if !word(branch, keyword).is_empty() {
                self.forbidden(path, keyword, "must be undefined to be structural");
            }
        }
        for keyword in ["x-kubernetes-list-map-keys", "x-kubernetes-validations"] {
            if branch.get(keyword).and_then(Value::as_array).is_some_and(|list| !list.is_empty()) {
                self.forbidden(path, keyword, "must be empty to be structural");
            }
        }
        let properties = path.field("properties");
        for (name, child) in fields(branch) {
            if resource && name == "metadata" {
                let at = properties.key(name).to_string();
                self.errors.push(FieldError::forbidden(at, "must not be specified in a nested context"));
            }
            self.branch(child, &properties.key(name), Skip::Nothing, false, depth + 1);
        }
        if let Some(Value::Object(items)) = branch.get("items") {
            self.branch(items, &path.field("items"), Skip::Nothing, false, depth + 1);
        }
        self.below(branch, path, skip, resource, depth);
    }
}

/// Where a schema of an int-or-string may spell out its two types.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Skip {
    Nothing,
    AnyOf,
    FirstOfAllOf,
}

impl Skip {
    fn of(schema: &Schema) -> Self {
        if !flag(schema, INT_OR_STRING) {
            return Skip::Nothing;
        }
        let spelled_out = |schema: &Schema| {
            let expected = serde_json::json!([{"type": "integer"}, {"type": "string"}]);
            schema.get("anyOf") == Some(&expected)
        };
        let first = branches(schema, "allOf").next();
        match first {
            _ if spelled_out(schema) => Skip::AnyOf,
            Some((0, first)) if spelled_out(first) => Skip::FirstOfAllOf,
            _ => Skip::Nothing,
        }
    }
}
