//! What is lost between the versions of a kind that nothing converts.
//!
//! With the strategy `None` an object that is written in one version and stored in another has its `apiVersion` changed and is pruned: a field
//! that the other version does not know is gone, and a value of a type that it does not take makes the object unreadable there. An API
//! server accepts such definitions.

use k1s_runtime::schema::{Additional, SchemaType, Structural};
use serde_json::Value;

use crate::source::Definition;

/// What one version loses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// `file:line:column: `, or nothing for a kind that is no file.
    pub place: String,
    /// What is lost, and when.
    pub text: String,
}

/// One side of the comparison.
#[derive(Clone, Copy)]
struct Side<'d> {
    version: &'d str,
    index: usize,
    stored: bool,
}

/// The fields that get lost between the stored version of a kind and its other ones; none if a webhook converts.
///
/// ```
/// use k1s_gen::conversions;
/// use k1s_gen::source::Definition;
/// use serde_json::json;
/// let schema = |field: &str| json!({"openAPIV3Schema": {"type": "object", "properties": {field: {"type": "string"}}}});
/// let crd = json!({"spec": {"versions": [
///     {"name": "v1", "storage": true, "schema": schema("size")},
///     {"name": "v1alpha1", "storage": false, "schema": schema("length")},
/// ]}});
/// let losses = conversions::losses(&Definition { crd, origin: None });
/// assert!(losses[0].text.starts_with("v1 has `size`, which v1alpha1 does not have"));
/// ```
pub fn losses(definition: &Definition) -> Vec<Loss> {
    let spec = &definition.crd["spec"];
    let versions = spec["versions"].as_array().map(Vec::as_slice).unwrap_or_default();
    if spec["conversion"]["strategy"] == "Webhook" || versions.len() < 2 {
        return Vec::new();
    }
    let sides = versions.iter().enumerate().filter_map(|(index, version)| {
        let schema = Structural::from_openapi(&version["schema"]["openAPIV3Schema"]).ok()?;
        let side = Side { version: text(version, "name"), index, stored: version["storage"] == true };
        Some((side, schema))
    });
    let (stored, others): (Vec<_>, Vec<_>) = sides.partition(|(side, _)| side.stored);
    let Some((storage, stored)) = stored.first() else { return Vec::new() };
    let mut losses = Vec::new();
    for (side, schema) in &others {
        compare(definition, (*storage, stored), (*side, schema), "", &mut losses);
        compare(definition, (*side, schema), (*storage, stored), "", &mut losses);
    }
    losses
}

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_default()
}

/// Compares what objects have in one version with what the other one takes.
fn compare(
    definition: &Definition,
    from: (Side<'_>, &Structural),
    to: (Side<'_>, &Structural),
    path: &str,
    losses: &mut Vec<Loss>,
) {
    let ((source, before), (target, after)) = (from, to);
    for (name, property) in &before.properties {
        let shown = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let loss = |text: String| Loss { place: definition.place(&written(source, &shown)), text };
        if path.is_empty() && matches!(name.as_str(), "apiVersion" | "kind" | "metadata") {
            continue;
        }
        let below = match (after.properties.get(name), &after.additional) {
            (Some(below), _) => below,
            (None, Some(Additional::Schema(values))) => values,
            (None, Some(Additional::Allowed(true))) => continue,
            (None, _) if after.extensions.preserve_unknown_fields => continue,
            (None, _) => {
                losses.push(loss(lost(source, target, &shown)));
                continue;
            }
        };
        // Each pair is seen twice: types are told once.
        if source.stored && !fits(property, below) {
            losses.push(loss(format!(
                "`{shown}` is {} in {} and {} in {}: without a conversion, objects of one cannot be read in the other",
                words(property),
                source.version,
                words(below),
                target.version,
            )));
            continue;
        }
        compare(definition, (source, property), (target, below), &shown, losses);
    }
    if let (Some(before), Some(after)) = (&before.items, &after.items) {
        compare(definition, (source, before), (target, after), &format!("{path}[]"), losses);
    }
}

fn lost(source: Side<'_>, target: Side<'_>, field: &str) -> String {
    let when = if source.stored {
        format!("objects are shown without it there, and lose it when they are written in {}", target.version)
    } else {
        format!("objects that are written in {} are stored without it", source.version)
    };
    format!("{} has `{field}`, which {} does not have: {when}", source.version, target.version)
}

fn fits(left: &Structural, right: &Structural) -> bool {
    let any = |schema: &Structural| schema.type_.is_none() || schema.extensions.int_or_string;
    let numbers = [SchemaType::Integer, SchemaType::Number];
    any(left)
        || any(right)
        || left.type_ == right.type_
        || [left, right].iter().all(|schema| schema.type_.is_some_and(|type_| numbers.contains(&type_)))
}

fn words(schema: &Structural) -> &'static str {
    schema.type_.map_or("anything", SchemaType::as_str)
}

/// The path of a field's schema in the definition.
fn written(side: Side<'_>, field: &str) -> String {
    let path =
        field.replace("[]", ".items").replace('.', ".properties.").replace(".properties.items", ".items");
    format!("spec.versions[{}].schema.openAPIV3Schema.properties.{path}", side.index)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn texts(stored: Value, other: Value, conversion: &str) -> Vec<String> {
        let schema = |spec: Value| json!({"openAPIV3Schema": {"type": "object", "properties": {"metadata": {"type": "object"}, "spec": spec}}});
        let crd = json!({"spec": {"conversion": {"strategy": conversion}, "versions": [
            {"name": "v1beta1", "storage": false, "schema": schema(other)},
            {"name": "v1", "storage": true, "schema": schema(stored)},
        ]}});
        losses(&Definition { crd, origin: None }).into_iter().map(|loss| loss.text).collect()
    }

    #[test]
    fn fields_of_one_version_are_told() {
        let stored = json!({"type": "object", "properties": {
            "a": {"type": "string"}, "n": {"type": "integer"}, "s": {"type": "string"},
            "l": {"type": "array", "items": {"type": "object", "properties": {"x": {"type": "string"}}}}}});
        let other = json!({"type": "object", "properties": {
            "b": {"type": "string"}, "n": {"type": "number"}, "s": {"type": "boolean"},
            "l": {"type": "array", "items": {"type": "object", "properties": {"y": {"type": "string"}}}}}});
        let found = texts(stored.clone(), other.clone(), "None");
        assert_eq!(
            found,
            [
                "v1 has `spec.a`, which v1beta1 does not have: objects are shown without it there, and lose it when they are written in v1beta1",
                "v1 has `spec.l[].x`, which v1beta1 does not have: objects are shown without it there, and lose it when they are written in v1beta1",
                "`spec.s` is string in v1 and boolean in v1beta1: without a conversion, objects of one cannot be read in the other",
                "v1beta1 has `spec.b`, which v1 does not have: objects that are written in v1beta1 are stored without it",
                "v1beta1 has `spec.l[].y`, which v1 does not have: objects that are written in v1beta1 are stored without it",
            ]
        );
        assert!(texts(stored.clone(), other, "Webhook").is_empty());
        assert!(texts(stored.clone(), stored, "None").is_empty());
    }

    #[test]
    fn what_takes_anything_loses_nothing() {
        let stored = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true});
        let other = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        assert!(texts(stored, other, "None").is_empty());
        let map = json!({"type": "object", "additionalProperties": {"type": "string"}});
        assert!(
            texts(map.clone(), json!({"type": "object", "properties": {"a": {"type": "string"}}}), "None")
                .is_empty()
        );
    }
}
