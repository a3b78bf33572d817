//! The tree of fields of a schema.

use k1s_runtime::api::ResourceDefinition;
use k1s_runtime::schema::{Additional, SchemaType, Structural};
use serde_json::Value;

use super::super::anchor;
use super::super::model::{Described, Fact, Field, Inner};
use super::super::text::Text;
use super::facts::described;

/// The fields of an object of a kind: those that every object has first, `status` last.
pub(super) fn of_root(schema: &Structural, definition: &ResourceDefinition, id: &str) -> Vec<Field> {
    let version = constant(id, "apiVersion", &definition.api_version(), "Group and version of the schema.");
    let kind = constant(id, "kind", &definition.kind, "The kind of the object.");
    let mut fields = vec![version, kind, metadata(schema, definition, id)];
    let rank = |name: &str| match name {
        "spec" => 0,
        "status" => 2,
        _ => 1,
    };
    let own = |name: &String| !matches!(name.as_str(), "apiVersion" | "kind" | "metadata");
    let mut names: Vec<&String> = schema.properties.keys().filter(|name| own(name)).collect();
    names.sort_by_key(|name| rank(name));
    let root = Above { id, path: "" };
    fields.extend(
        names.into_iter().filter_map(|name| Some(field(&root, name, schema.properties.get(name)?, schema))),
    );
    fields
}

fn constant(id: &str, name: &str, value: &str, description: &str) -> Field {
    Field {
        id: anchor::below(id, name),
        name: name.to_owned(),
        path: name.to_owned(),
        type_name: "string".to_owned(),
        required: true,
        value: Described {
            description: Text::parse(description),
            values: vec![Value::from(value).to_string()],
            ..Described::default()
        },
        inner: Vec::new(),
        fields: Vec::new(),
    }
}

fn metadata(schema: &Structural, definition: &ResourceDefinition, id: &str) -> Field {
    let empty = Structural::of(SchemaType::Object);
    let given = schema.properties.get("metadata").unwrap_or(&empty);
    let mut field = field(&Above { id, path: "" }, "metadata", given, schema);
    field.type_name = "ObjectMeta".to_owned();
    field.required = true;
    if field.value.description.is_empty() {
        let namespace = if definition.is_namespaced() { "namespace, " } else { "" };
        let text =
            format!("What every object has: name, {namespace}labels, annotations and what the server keeps.");
        field.value.description = Text::parse(&text);
    }
    field
}

/// What a field stands in.
struct Above<'a> {
    id: &'a str,
    path: &'a str,
}

fn field(above: &Above<'_>, name: &str, schema: &Structural, parent: &Structural) -> Field {
    let id = anchor::below(above.id, name);
    let mut path = if above.path.is_empty() { name.to_owned() } else { format!("{}.{name}", above.path) };
    let shown = path.clone();
    let mut value = described(schema);
    let mut inner = Vec::new();
    let mut innermost = schema;
    let mut levels = Vec::new();
    while innermost.properties.is_empty()
        && let Some((level, next)) = inside(innermost)
    {
        path.push_str(level.suffix());
        levels.push(level);
        let described = described(next);
        if !described.is_empty() {
            inner.push(Inner { label: label(&levels), value: described });
        }
        innermost = next;
    }
    if let (false, Some((_, further))) = (innermost.properties.is_empty(), inside(innermost)) {
        let fact =
            Fact { label: "Further fields", value: format!("of type {}", type_name(further)), code: false };
        value.facts.push(fact);
    }
    let below = Above { id: &id, path: &path };
    let fields =
        innermost.properties.iter().map(|(name, schema)| field(&below, name, schema, innermost)).collect();
    Field {
        type_name: type_name(schema),
        required: parent.constraints.required.iter().any(|required| required == name),
        name: name.to_owned(),
        path: shown,
        id,
        value,
        inner,
        fields,
    }
}

/// A step into a value.
#[derive(Clone, Copy)]
enum Level {
    Items,
    Values,
}

impl Level {
    fn suffix(self) -> &'static str {
        match self {
            Level::Items => "[]",
            Level::Values => "{}",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Level::Items => "item",
            Level::Values => "value",
        }
    }
}

fn inside(schema: &Structural) -> Option<(Level, &Structural)> {
    match (&schema.items, &schema.additional) {
        (Some(items), _) => Some((Level::Items, items)),
        (None, Some(Additional::Schema(values))) => Some((Level::Values, values)),
        _ => None,
    }
}

/// `Each item`, `Each value of each item`.
fn label(levels: &[Level]) -> String {
    let words: Vec<String> = levels.iter().rev().map(|level| format!("each {}", level.word())).collect();
    words.join(" of ").replacen("each", "Each", 1)
}

fn type_name(schema: &Structural) -> String {
    if schema.extensions.int_or_string {
        return "integer or string".to_owned();
    }
    match (inside(schema), schema.type_) {
        (Some((Level::Items, items)), _) => format!("[]{}", grouped(&type_name(items))),
        (Some((Level::Values, values)), _) if schema.properties.is_empty() => {
            format!("map[string]{}", grouped(&type_name(values)))
        }
        (_, Some(SchemaType::Array)) => "[]any".to_owned(),
        (_, Some(type_)) => type_.as_str().to_owned(),
        (_, None) if schema.properties.is_empty() => "any".to_owned(),
        (_, None) => "object".to_owned(),
    }
}

fn grouped(name: &str) -> String {
    if name.contains(' ') { format!("({name})") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(schema: &Value) -> Field {
        let schema =
            Structural::from_openapi(&json!({"properties": {"f": schema}, "required": ["f"]})).unwrap();
        let above = Above { id: "k.v1", path: "spec" };
        field(&above, "f", &schema.properties["f"], &schema)
    }

    #[test]
    fn lists_and_maps_are_entered() {
        let item = json!({"type": "object", "properties": {"n": {"type": "string"}}, "minProperties": 1});
        let field =
            read(&json!({"type": "array", "items": {"type": "object", "additionalProperties": item}}));
        assert_eq!((field.type_name.as_str(), field.required), ("[]map[string]object", true));
        assert_eq!(field.inner.len(), 1);
        assert_eq!(field.inner[0].label, "Each value of each item");
        assert_eq!(field.fields[0].path, "spec.f[]{}.n");
        assert_eq!(field.fields[0].id, "k.v1.f.n");
    }

    #[test]
    fn types_are_named() {
        for (schema, name) in [
            (json!({"x-kubernetes-int-or-string": true}), "integer or string"),
            (
                json!({"type": "array", "items": {"x-kubernetes-int-or-string": true}}),
                "[](integer or string)",
            ),
            (json!({"x-kubernetes-preserve-unknown-fields": true}), "any"),
            (json!({"type": "array"}), "[]any"),
            (json!({"properties": {"a": {}}}), "object"),
            (json!({"type": "object", "additionalProperties": true}), "object"),
        ] {
            assert_eq!(read(&schema).type_name, name);
        }
    }

    #[test]
    fn fields_beside_free_ones_are_both_told() {
        let field = read(&json!({
            "type": "object", "properties": {"a": {}}, "additionalProperties": {"type": "integer"}
        }));
        assert_eq!((field.fields.len(), field.value.facts[0].value.as_str()), (1, "of type integer"));
    }
}
