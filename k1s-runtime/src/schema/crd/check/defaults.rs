//! Defaults must satisfy the schema that they stand in, its rules included, before any other default is filled in.

use k1s_cel::limits::PER_OBJECT_COST;
use k1s_cel::rules::{Options, Validator};
use serde_json::{Map, Value};

use crate::api::field::{FieldError, Path};

use super::super::super::Structural;
use super::super::super::node::{Node, Reading};
use super::super::super::validate;
use super::props::{EMBEDDED, Schema, child, flag, given, named};

/// Checks the defaults of a structural schema.
pub(super) fn check(schema: &Schema, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    Walk { errors, budget: Some(PER_OBJECT_COST) }.schema(schema, path, true, &Inside::Nothing);
}

/// Which field of a resource we are in.
enum Inside<'i> {
    /// None that matters.
    Nothing,
    /// A resource's `apiVersion`, `kind` or `metadata`.
    Field(&'i str),
    /// A property of what is outside.
    Property(&'i Inside<'i>, &'i str),
    /// An item of what is outside.
    Item(&'i Inside<'i>),
}

struct Walk<'e> {
    errors: &'e mut Vec<FieldError>,
    /// What rules may still cost; none once that is spent, which ends the walk.
    budget: Option<u64>,
}

impl Walk<'_> {
    fn schema(&mut self, schema: &Schema, path: &Path<'_>, root: bool, inside: &Inside<'_>) {
        let resource = root || flag(schema, EMBEDDED);
        let inside = if resource { &Inside::Nothing } else { inside };
        if let Some(default) = given(schema, "default") {
            self.default(schema, default, resource, inside, &path.field("default").to_string());
        }
        if self.budget.is_none() {
            return;
        }
        let in_field = !matches!(inside, Inside::Nothing);
        if let Some(items) = child(schema, "items") {
            let item = Inside::Item(inside);
            self.schema(items, &path.field("items"), false, if in_field { &item } else { inside });
        }
        // Defaults of map values are not looked at, as in the API server.
        let properties = path.field("properties");
        for (name, property) in named(schema, "properties") {
            let below = match name.as_str() {
                "apiVersion" | "kind" | "metadata" if resource => Inside::Field(name),
                _ if in_field => Inside::Property(inside, name),
                _ => Inside::Nothing,
            };
            self.schema(property, &properties.key(name), false, &below);
        }
    }

    fn default(&mut self, schema: &Schema, default: &Value, resource: bool, inside: &Inside<'_>, at: &str) {
        let Ok(mut structural) = Structural::from_openapi(&Value::Object(schema.clone())) else { return };
        structural.extensions.embedded_resource |= resource;
        // Read like this, a schema knows nothing of int-or-string: any default passes for one.
        let node = Node::read(&structural, Reading::Defaults);
        let mut found = if matches!(inside, Inside::Nothing) {
            let mut pruned = default.clone();
            node.prune_unknown(&mut pruned);
            if pruned != *default {
                self.errors.push(FieldError::invalid(at, default.clone(), "must not have unknown fields"));
            }
            validate::embedded_at(&node, default, at)
        } else {
            wrong_metadata(default, inside, at).into_iter().collect()
        };
        if found.is_empty() {
            found = validate::value_at(&node, default, at.to_owned());
        }
        if found.is_empty() && structural.has_rules() {
            found = self.rules(schema, default, resource, at);
        }
        self.errors.extend(found);
    }

    /// What rules say of a default: it has to hold as a value that stays, and as one that is new.
    fn rules(&mut self, schema: &Schema, default: &Value, resource: bool, at: &str) -> Vec<FieldError> {
        let (Ok(validator), Some(budget)) =
            (Validator::new(&Value::Object(schema.clone()), resource), self.budget)
        else {
            return Vec::new();
        };
        let options = Options { path: at, budget, ..Options::default() };
        let mut outcome = validator.validate(default, Some(default), &options);
        if outcome.errors.is_empty() {
            let stays = outcome.remaining;
            outcome = validator.validate(default, None, &options);
            outcome.remaining = outcome.remaining.zip(stays).map(|(new, stays)| new.min(stays));
        }
        self.budget = outcome.remaining;
        outcome.errors.into_iter().map(FieldError::from).collect()
    }
}

/// What is wrong with a resource that has nothing but the default, where it would come to stand.
fn wrong_metadata(default: &Value, inside: &Inside<'_>, at: &str) -> Option<FieldError> {
    let mut resource = Map::from_iter([
        ("apiVersion".to_owned(), "validation/v1".into()),
        ("kind".to_owned(), "Validation".into()),
    ]);
    place(default.clone(), inside, &mut resource);
    let faults = validate::resource(&resource);
    let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
    let said = match said.as_slice() {
        [] => return None,
        [only] => only.clone(),
        many => format!("[{}]", many.join(", ")),
    };
    Some(FieldError::invalid(at, default.clone(), format!("must result in valid metadata: {said}")))
}

fn place(value: Value, inside: &Inside<'_>, resource: &mut Map<String, Value>) {
    match inside {
        Inside::Nothing => {}
        Inside::Field(name) => {
            resource.insert((*name).to_owned(), value);
        }
        Inside::Property(outside, name) => {
            place(Value::Object(Map::from_iter([((*name).to_owned(), value)])), outside, resource);
        }
        Inside::Item(outside) => place(Value::Array(vec![value]), outside, resource),
    }
}
