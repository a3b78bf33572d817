//! What a schema may say at its root when the status has an endpoint of its own.
//!
//! There the status is validated by `properties.status` alone, so rules that tie the root's fields together would be lost.

use crate::api::field::{BadValue, FieldError, Path};

use super::internal;
use super::props::{Schema, is_given, is_set, word};

/// Go's names of what is allowed, as the message lists them.
const ALLOWED: &str = "[Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations]";

/// Keywords that are refused, in the order of the Go struct, and whether each is a pointer there.
const REFUSED_BEFORE_TYPE: [(&str, bool); 3] = [("id", false), ("$schema", false), ("$ref", true)];
const REFUSED_AFTER_TYPE: [(&str, bool); 19] = [
    ("nullable", false),
    ("default", true),
    ("enum", false),
    ("maxProperties", true),
    ("minProperties", true),
    ("allOf", false),
    ("oneOf", false),
    ("anyOf", false),
    ("not", true),
    ("additionalProperties", true),
    ("patternProperties", false),
    ("dependencies", false),
    ("additionalItems", true),
    ("definitions", false),
    ("x-kubernetes-embedded-resource", false),
    ("x-kubernetes-int-or-string", false),
    ("x-kubernetes-list-map-keys", false),
    ("x-kubernetes-list-type", true),
    ("x-kubernetes-map-type", true),
];

/// Reports the first thing that is not allowed.
pub(super) fn check(schema: &Schema, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    let used = |(keyword, pointer): &(&str, bool)| match pointer {
        true => is_given(schema, keyword),
        false => schema.get(*keyword).is_some_and(is_set),
    };
    let type_ = word(schema, "type");
    if REFUSED_BEFORE_TYPE.iter().any(used) {
        refuse(schema, path, errors);
    } else if !matches!(type_, "" | "object") {
        let detail = "only \"object\" is allowed as the type at the root of the schema if the status subresource is enabled";
        errors.push(FieldError::invalid(path.field("type").to_string(), type_, detail));
    } else if REFUSED_AFTER_TYPE.iter().any(used) {
        refuse(schema, path, errors);
    }
}

fn refuse(schema: &Schema, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    let detail = format!(
        "only {ALLOWED} fields are allowed at the root of the schema if the status subresource is enabled"
    );
    let shown = BadValue::Verbatim(internal::schema(schema));
    errors.push(FieldError::invalid(path.to_string(), shown, detail));
}
