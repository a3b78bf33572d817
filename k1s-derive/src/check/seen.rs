//! What of a schema can be seen from here, as JSON for [`k1s_cel::schema::Schema::from_partial_json`]: a node of which nothing is
//! known says nothing.

use serde_json::{Map, Value, json};
use syn::Type;

use crate::keywords::LAYERS;
use crate::kind::{Holds, Kind, holds};
use crate::literal::JsonText;
use crate::model::{Field, Shape, Tuple, TypeModel};
use crate::parse::Keywords;

/// The type that the derive is on.
pub(super) fn of_type(model: &TypeModel) -> Value {
    let base = match &model.shape {
        Shape::Struct { fields, tag } => of_fields(fields, tag.as_ref()),
        Shape::Newtype(field) => of_field(field),
        Shape::Tuple(tuple) => of_tuple(tuple),
        Shape::Enum(_) => json!({"type": "string"}),
        // Which fields there are is for the variants to say.
        Shape::Union(union) if union.is_object() => json!({"type": "object", "additionalProperties": true}),
        Shape::Union(_) => json!({}),
    };
    with_keywords(base, &model.keywords)
}

fn of_fields(fields: &[Field], tag: Option<&(String, String)>) -> Value {
    let mut properties = Map::new();
    for field in fields.iter().filter(|field| !field.flatten) {
        let schema = of_field(field);
        properties.extend(field.aliases.iter().map(|alias| (alias.clone(), schema.clone())));
        properties.insert(field.name.clone(), schema);
    }
    if let Some((name, _)) = tag {
        properties.insert(name.clone(), json!({"type": "string"}));
    }
    // What is flattened brings fields that cannot be seen from here.
    let open = fields.iter().any(|field| field.flatten);
    json!({"type": "object", "properties": properties, "additionalProperties": open})
}

fn of_tuple(tuple: &Tuple) -> Value {
    let mut items = tuple.fields.iter().map(of_field);
    let first = items.next().unwrap_or_default();
    let items = if items.all(|item| item == first) { first } else { json!({}) };
    json!({"type": "array", "items": items})
}

/// A field's value.
pub(super) fn of_field(field: &Field) -> Value {
    with_keywords(of_rust(&field.ty), &field.keywords)
}

/// What a type's own schema may become where the type is used, the schema as it is first: a struct may be a whole object
/// (`embedded_resource`), and text may get a format that makes it a time or bytes.
pub(super) fn uses(schema: &Value) -> Vec<Value> {
    let mut uses = vec![schema.clone()];
    if schema["type"] == "object" && schema["properties"].is_object() {
        let mut embedded = schema.clone();
        for name in ["apiVersion", "kind", "metadata"] {
            if embedded["properties"][name].is_null() {
                embedded["properties"][name] = json!({});
            }
        }
        uses.push(embedded);
    }
    if schema["type"] == "string" && schema["format"].is_null() {
        let formats = ["date-time", "duration", "byte"];
        uses.extend(formats.map(|format| json!({"type": "string", "format": format})));
    }
    uses
}

/// A Rust type, as far as its spelling tells.
fn of_rust(ty: &Type) -> Value {
    match holds(ty) {
        Some(Holds::Same(inner)) => return of_rust(inner),
        Some(Holds::Items(item)) => return json!({"type": "array", "items": of_rust(item)}),
        Some(Holds::Entries(key, value)) if Kind::of(key) == Kind::String => {
            return json!({"type": "object", "additionalProperties": of_rust(value)});
        }
        _ => {}
    }
    match Kind::of(ty) {
        Kind::String => json!({"type": "string"}),
        Kind::Integer(_) => json!({"type": "integer"}),
        Kind::Number => json!({"type": "number"}),
        Kind::Boolean => json!({"type": "boolean"}),
        _ => json!({}),
    }
}

fn with_keywords(base: Value, keywords: &Keywords) -> Value {
    // What was said in OpenAPI's own words may be anything.
    if keywords.openapi.as_ref().is_some_and(JsonText::reshapes) {
        return json!({});
    }
    let mut schema = if keywords.replaces_schema() { json!({}) } else { base };
    let is_seen = keywords.replaces_schema() || !schema["type"].is_null();
    merge(&mut schema, Value::Object(keywords.to_json()));
    // `embedded_resource` says that it is an object, and not which fields it has.
    if let (false, Some(schema)) = (is_seen, schema.as_object_mut()) {
        schema.remove("type");
    }
    schema
}

/// Keywords replace what is there, except that `items` are merged.
fn merge(schema: &mut Value, keywords: Value) {
    let (Some(schema), Value::Object(keywords)) = (schema.as_object_mut(), keywords) else { return };
    for (keyword, value) in keywords {
        match schema.get_mut(&keyword) {
            _ if keyword == LAYERS => {}
            _ if keyword == "items" && !value[LAYERS].is_null() => {
                schema.insert(keyword, json!({}));
            }
            Some(items) if keyword == "items" => merge(items, value),
            _ => {
                schema.insert(keyword, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(input: &syn::DeriveInput) -> Value {
        of_type(&TypeModel::read(input).unwrap())
    }

    #[test]
    fn names_and_types_are_seen_as_serde_and_the_attributes_have_them() {
        let schema = seen(&syn::parse_quote! {
            #[serde(rename_all = "camelCase")]
            struct Item {
                unit_price: Option<i64>,
                #[serde(rename = "weight-kg")]
                weight: f32,
                #[serde(skip)]
                cache: u8,
                #[schema(format = "date-time")]
                since: String,
                tags: Vec<Option<Box<str>>>,
                labels: BTreeMap<String, Vec<bool>>,
                by_number: BTreeMap<u8, String>,
                #[schema(type = "string")]
                forced: Vec<u8>,
                #[schema(int_or_string)]
                port: Port,
                #[schema(embedded_resource)]
                template: Template,
                #[schema(list_type = "set", items(format = "duration"))]
                delays: [String; 3],
                #[serde(alias = "on")]
                enabled: bool,
            }
        });
        let expected = json!({"type": "object", "properties": {
            "unitPrice": {"type": "integer"},
            "weight-kg": {"type": "number"},
            "since": {"type": "string", "format": "date-time"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "labels": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "boolean"}}},
            "byNumber": {},
            "forced": {"type": "string"},
            "port": {"x-kubernetes-int-or-string": true},
            "template": {"x-kubernetes-embedded-resource": true},
            "delays": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string", "format": "duration"}},
            "enabled": {"type": "boolean"},
            "on": {"type": "boolean"},
        }, "additionalProperties": false});
        assert_eq!(schema, expected);
    }

    #[test]
    fn newtypes_and_enums_are_what_they_hold() {
        assert_eq!(
            seen(&syn::parse_quote!(
                #[schema(minimum = 1)]
                struct Port(u16);
            )),
            json!({"type": "integer", "minimum": 1})
        );
        assert_eq!(
            seen(&syn::parse_quote!(
                enum Size {
                    Small,
                    Large,
                }
            )),
            json!({"type": "string"})
        );
        assert_eq!(
            seen(&syn::parse_quote!(
                #[schema(schemaless)]
                struct Any(u16);
            ))["type"],
            Value::Null
        );
    }

    #[test]
    fn what_is_flattened_leaves_an_object_open() {
        let tagged = seen(&syn::parse_quote! {
            #[serde(tag = "type")]
            struct Tagged {
                #[serde(flatten)]
                more: More,
            }
        });
        let properties = json!({"type": {"type": "string"}});
        assert_eq!(tagged, json!({"type": "object", "properties": properties, "additionalProperties": true}));
        let union = seen(&syn::parse_quote!(
            enum Either {
                Left(u8),
                Right { name: String },
            }
        ));
        assert_eq!(union, json!({"type": "object", "additionalProperties": true}));
    }
}
