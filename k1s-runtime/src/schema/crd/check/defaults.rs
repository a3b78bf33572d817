//! Defaults must satisfy the schema that they stand in, its rules included, before any other default is filled in.

use k1s_cel::limits::PER_OBJECT_COST;
use k1s_cel::rules::{Options, Validator};
use serde_json::{Map, Value};

use crate::api::field::{FieldError, Path};

use super::super::super::Structural;
use super::super::super::node::{Node, Types};
use super::super::super::validate;

type Schema = Map<String, Value>;

pub(super) fn check(schema: &Schema, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    Walk { errors, budget: Some(PER_OBJECT_COST) }.schema(schema, path, true, None);
}

struct Walk<'e> {
    errors: &'e mut Vec<FieldError>,
    /// What the rules may still cost; none if that is spent, and with it the walk.
    budget: Option<u64>,
}

impl Walk<'_> {
    /// `inside` is the resource field (`metadata`, …) that we are below of.
    fn schema(&mut self, schema: &Schema, path: &Path<'_>, resource: bool, inside: Option<&str>) {
        if let Some(default) = schema.get("default").filter(|default| !default.is_null()) {
            let at = path.field("default");
            match inside {
                Some(field) => {
                    let detail = format!("must not be set in top-level {field}");
                    self.errors.push(FieldError::forbidden(at.to_string(), detail));
                }
                None => self.default(schema, default, resource, &at),
            }
        }
        if self.budget.is_none() {
            return;
        }
        if let Some(Value::Object(items)) = schema.get("items") {
            self.schema(items, &path.field("items"), false, inside);
        }
        // Defaults of map values are not looked at, as in the API server.
        let properties = path.field("properties");
        for (name, child) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let Value::Object(child) = child else { continue };
            let is_resource_field = resource && matches!(name.as_str(), "apiVersion" | "kind" | "metadata");
            let inside = if is_resource_field { Some(name.as_str()) } else { inside };
            self.schema(child, &properties.key(name), false, inside);
        }
    }

    fn default(&mut self, schema: &Schema, default: &Value, resource: bool, at: &Path<'_>) {
        if resource {
            for field in ["apiVersion", "kind"] {
                if default[field].is_null() {
                    self.errors.push(FieldError::required(at.field(field).to_string(), ""));
                }
            }
            return;
        }
        let Ok(structural) = Structural::from_openapi(&Value::Object(schema.clone())) else { return };
        let node = Node::build(&structural);
        if node.types == Types::IntOrString {
            return self.rules(schema, default, at);
        }
        let mut pruned = default.clone();
        node.prune_unknown(&mut pruned);
        if pruned != *default {
            self.errors.push(FieldError::invalid(
                at.to_string(),
                default.clone(),
                "must not have unknown fields",
            ));
            return;
        }
        let wrong = validate::value_at(&node, default, at.to_string());
        if wrong.is_empty() {
            self.rules(schema, default, at);
        }
        self.errors.extend(wrong);
    }

    /// A default has to hold as a value that stays, and as one that is new.
    fn rules(&mut self, schema: &Schema, default: &Value, at: &Path<'_>) {
        let Ok(validator) = Validator::new(&Value::Object(schema.clone()), false) else { return };
        let Some(budget) = self.budget else { return };
        let path = at.to_string();
        let options = Options { path: &path, budget, ..Options::default() };
        let mut outcome = validator.validate(default, Some(default), &options);
        if outcome.errors.is_empty() {
            let stays = outcome.remaining;
            outcome = validator.validate(default, None, &options);
            outcome.remaining = outcome.remaining.zip(stays).map(|(new, stays)| new.min(stays));
        }
        self.budget = outcome.remaining;
        self.errors.extend(outcome.errors.into_iter().map(FieldError::from));
    }
}
