//! A value that a schema is likely to accept.

use k1s_runtime::schema::{Additional, SchemaType, Structural};
use serde_json::{Map, Number, Value, json};

use super::texts;

/// Which optional fields are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Optional {
    /// Those that have an example or a default.
    WithValues,
    /// None.
    None,
}

/// Most items that are made up for a list.
const MAX_ITEMS: i64 = 16;

/// Most bytes that made-up items may have together, as JSON.
const MAX_BYTES: usize = 4096;

/// A value of the field of that name.
pub(super) fn value(name: &str, schema: &Structural, optional: Optional) -> Value {
    let given = [&schema.example, &schema.default];
    if let Some(value) = given.into_iter().flatten().next() {
        return value.clone();
    }
    if let Some(first) = schema.constraints.enumeration.iter().flatten().next() {
        return first.clone();
    }
    let extensions = &schema.extensions;
    if extensions.int_or_string {
        return json!(1);
    }
    if extensions.embedded_resource {
        return json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "example"}});
    }
    match schema.type_ {
        Some(SchemaType::String) => texts::text(name, schema).into(),
        Some(SchemaType::Integer | SchemaType::Number) => number(schema),
        Some(SchemaType::Boolean) => json!(true),
        Some(SchemaType::Array) => list(name, schema, optional),
        Some(SchemaType::Object) | None => fields(schema, optional),
    }
}

fn fields(schema: &Structural, optional: Optional) -> Value {
    let mut fields = Map::new();
    let branches = chosen(schema);
    let mut required: Vec<&String> = schema.constraints.required.iter().collect();
    required.extend(branches.iter().flat_map(|branch| &branch.constraints.required));
    for (name, property) in &schema.properties {
        let wanted = optional == Optional::WithValues && has_values(property);
        if !required.contains(&name) && !wanted {
            continue;
        }
        let narrowed = branches
            .iter()
            .find_map(|branch| branch.properties.get(name)?.constraints.enumeration.as_ref()?.first());
        fields.insert(name.clone(), narrowed.cloned().unwrap_or_else(|| value(name, property, optional)));
    }
    if let (true, Some(Additional::Schema(values))) = (schema.properties.is_empty(), &schema.additional)
        && schema.constraints.max_properties != Some(0)
    {
        let least = schema.constraints.min_properties.unwrap_or(1).clamp(1, MAX_ITEMS);
        let made = value("value", values, optional);
        for index in 1..=affordable(&made, least) {
            let key = if index == 1 { "key".to_owned() } else { format!("key{index}") };
            fields.insert(key, made.clone());
        }
    }
    Value::Object(fields)
}

/// The branches that the sample is to satisfy: all of `allOf`, the first of `anyOf` and of `oneOf`.
fn chosen(schema: &Structural) -> Vec<&Structural> {
    schema.all_of.iter().chain(schema.any_of.first()).chain(schema.one_of.first()).collect()
}

fn has_values(schema: &Structural) -> bool {
    schema.example.is_some()
        || schema.default.is_some()
        || schema.properties.values().any(|below| below.example.is_some())
}

fn list(name: &str, schema: &Structural, optional: Optional) -> Value {
    let Some(items) = schema.items.as_deref().filter(|_| schema.constraints.max_items != Some(0)) else {
        return json!([]);
    };
    let least = schema.constraints.min_items.unwrap_or(1).clamp(1, MAX_ITEMS);
    let item = value(name.strip_suffix('s').unwrap_or(name), items, optional);
    let count = affordable(&item, least);
    Value::Array((0..count).map(|_| item.clone()).collect())
}

fn affordable(value: &Value, count: i64) -> usize {
    let count = usize::try_from(count).unwrap_or(1);
    if value.to_string().len().saturating_mul(count) > MAX_BYTES { 1 } else { count }
}

fn number(schema: &Structural) -> Value {
    let constraints = &schema.constraints;
    let float = |number: &Option<Number>| number.as_ref().and_then(Number::as_f64);
    let (least, most) = (float(&constraints.minimum), float(&constraints.maximum));
    let whole = schema.type_ == Some(SchemaType::Integer);
    let mut chosen = match (least, most) {
        (Some(least), _) if constraints.exclusive_minimum => (least + 1.0).floor(),
        (Some(least), _) => least,
        (None, Some(most)) if most < 1.0 => {
            if constraints.exclusive_maximum {
                (most - 1.0).ceil()
            } else {
                most
            }
        }
        _ => 1.0,
    };
    if let (Some(least), Some(most)) = (least, most)
        && (chosen > most || (constraints.exclusive_maximum && chosen >= most))
        && !whole
    {
        chosen = f64::midpoint(least, most);
    }
    if let Some(step) = float(&constraints.multiple_of).filter(|step| *step > 0.0) {
        chosen = (chosen / step).ceil() * step;
    }
    // Whole numbers are written without a fraction.
    #[allow(clippy::cast_possible_truncation, reason = "within the range in which doubles are exact")]
    let integer = (chosen.fract() == 0.0 && chosen.abs() < 9.0e15).then_some(chosen as i64);
    integer.map_or_else(
        || constraints.minimum.clone().filter(|_| whole).map_or(json!(chosen), Value::Number),
        Value::from,
    )
}
