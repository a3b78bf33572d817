//! From the JSON of a structural schema to [`Schema`].

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::sizes::{self, Bounds};
use super::{ListType, Object, Schema, Shape, escape};

/// How deep schemas may nest. kube-apiserver has no such limit; the deepest schemas in use have fewer than thirty levels.
const MAX_DEPTH: u32 = 128;

/// Why a document is no schema.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SchemaError {
    /// A schema, or a part of one that is a schema, is no object.
    #[error("a schema must be an object, not {0}")]
    NotAnObject(&'static str),
    /// Schemas nest deeper than the limit.
    #[error("schemas nest deeper than {MAX_DEPTH} levels")]
    TooDeep,
}

impl Schema {
    /// Reads a structural schema (`openAPIV3Schema`, or a node of it). `resource_root` says that it is the schema of a whole
    /// resource, whose `apiVersion`, `kind` and `metadata.{name,generateName}` expressions see whether the schema names them or not.
    ///
    /// Keywords that do not matter to expressions are ignored; whether the schema is structural is not checked.
    ///
    /// # Errors
    ///
    /// When `json` or a schema within it is no object, or when schemas nest deeper than 128 levels.
    pub fn from_json(json: &Json, resource_root: bool) -> Result<Arc<Self>, SchemaError> {
        build(json, resource_root, At { depth: 0, partial: false }).map(Arc::new)
    }

    /// Reads what is known of a schema, for whoever sees only a part of it, as a macro sees one struct. Values of a node without
    /// `type`, and elements of a list without `items`, may be anything ([`Shape::Unseen`]); an object that says
    /// `additionalProperties: true` may have fields that are not declared.
    ///
    /// An expression that fits the whole schema fits a part of it: nothing is complained about that the unseen rest may put right.
    ///
    /// ```
    /// use k1s_cel::{Env, schema::Schema, ty::Type};
    /// use serde_json::json;
    ///
    /// let part = json!({"type": "object", "properties": {"name": {"type": "string"}, "size": {}}});
    /// let schema = Schema::from_partial_json(&part, false)?;
    /// let env = Env::new().with_schema("self", Type::of_schema(&schema, "Item").ok_or("no type")?, schema);
    /// assert!(env.check("self.size.width > 1 && self.name in ['a', self.size.name]").is_ok());
    /// assert!(env.check("self.nam == 'a'").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Schema::from_json`].
    pub fn from_partial_json(json: &Json, resource_root: bool) -> Result<Arc<Self>, SchemaError> {
        build(json, resource_root, At { depth: 0, partial: true }).map(Arc::new)
    }
}

/// Where in a schema the reader is.
#[derive(Clone, Copy)]
struct At {
    depth: u32,
    /// Whether what is not said is not known.
    partial: bool,
}

fn build(json: &Json, resource_root: bool, at: At) -> Result<Schema, SchemaError> {
    if at.depth > MAX_DEPTH {
        return Err(SchemaError::TooDeep);
    }
    let node = json.as_object().ok_or_else(|| SchemaError::NotAnObject(kind_of(json)))?;
    let mut required = 0;
    let shape = shape(node, resource_root, at, &mut required)?;
    let bounds = bounds(node);
    Ok(Schema {
        nullable: flag(node, "nullable"),
        declared: is_declared(&shape),
        max_elements: sizes::max_elements(&shape, &bounds),
        min_serialized: sizes::min_serialized(&shape, required),
        preserved: flag(node, "x-kubernetes-preserve-unknown-fields"),
        partial: at.partial,
        shape,
    })
}

fn shape(
    node: &Map<String, Json>,
    resource_root: bool,
    at: At,
    required: &mut u64,
) -> Result<Shape, SchemaError> {
    if flag(node, "x-kubernetes-int-or-string") {
        return Ok(Shape::IntOrString);
    }
    let format = node.get("format").and_then(Json::as_str).unwrap_or_default();
    Ok(match node.get("type").and_then(Json::as_str).unwrap_or_default() {
        "boolean" => Shape::Boolean,
        "integer" => Shape::Integer,
        "number" => Shape::Number,
        "string" => match format {
            "byte" => Shape::Bytes,
            "date" => Shape::Date,
            "date-time" => Shape::DateTime,
            "duration" => Shape::Duration,
            _ => Shape::String,
        },
        "array" => {
            let items = match node.get("items") {
                None if at.partial => Some(Arc::new(Schema::plain(Shape::Unseen))),
                items => child(items, at)?,
            };
            Shape::List { items, list_type: list_type(node) }
        }
        "object" => match node.get("additionalProperties").filter(|schema| schema.is_object()) {
            Some(values) => {
                let values = child(Some(values), at)?.ok_or(SchemaError::NotAnObject("nothing"))?;
                Shape::Map { values }
            }
            None => Shape::Object(object(node, resource_root, at, required)?),
        },
        "" if at.partial => Shape::Unseen,
        _ => Shape::Unknown,
    })
}

fn child(json: Option<&Json>, at: At) -> Result<Option<Arc<Schema>>, SchemaError> {
    let Some(json) = json else { return Ok(None) };
    let embedded = json.as_object().is_some_and(|node| flag(node, "x-kubernetes-embedded-resource"));
    build(json, embedded, At { depth: at.depth + 1, ..at }).map(|schema| Some(Arc::new(schema)))
}

fn object(
    node: &Map<String, Json>,
    resource_root: bool,
    at: At,
    required: &mut u64,
) -> Result<Object, SchemaError> {
    let declared = node.get("properties").and_then(Json::as_object);
    let mut object = Object {
        has_properties: declared.is_some() || resource_root,
        open: at.partial && flag(node, "additionalProperties"),
        ..Object::default()
    };
    let demanded: Vec<&str> = node
        .get("required")
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .collect();
    for (name, json) in declared.into_iter().flatten() {
        let Some(schema) = child(Some(json), at)? else { continue };
        if schema.declared && demanded.contains(&name.as_str()) && json.get("default").is_none() {
            *required += sizes::property_bytes(name, schema.min_serialized);
        }
        object.properties.insert(name.as_str().into(), schema);
    }
    if resource_root {
        add_root_fields(&mut object);
    }
    Ok(object)
}

/// What expressions see of every resource, in the place of what the schema says of it, if that leaves something out.
fn add_root_fields(object: &mut Object) {
    if has_root_fields(object) {
        return;
    }
    let text = Arc::new(Schema::plain(Shape::String));
    object.properties.insert("apiVersion".into(), Arc::clone(&text));
    object.properties.insert("kind".into(), Arc::clone(&text));
    let mut metadata = Object { has_properties: true, ..Object::default() };
    metadata.properties.insert("name".into(), Arc::clone(&text));
    metadata.properties.insert("generateName".into(), text);
    object.properties.insert("metadata".into(), Arc::new(Schema::plain(Shape::Object(metadata))));
}

fn has_root_fields(object: &Object) -> bool {
    let is_text = |object: &Object, name: &str| {
        object.properties.get(name).is_some_and(|schema| matches!(schema.shape, Shape::String))
    };
    let metadata = object.properties.get("metadata").map(|schema| &schema.shape);
    let names = |metadata: &Object| is_text(metadata, "name") && is_text(metadata, "generateName");
    is_text(object, "apiVersion")
        && is_text(object, "kind")
        && matches!(metadata, Some(Shape::Object(metadata)) if names(metadata))
}

impl Schema {
    /// A schema that says nothing but what values look like.
    pub(crate) fn plain(shape: Shape) -> Self {
        Self {
            nullable: false,
            declared: is_declared(&shape),
            max_elements: sizes::max_elements(&shape, &Bounds::default()),
            min_serialized: sizes::min_serialized(&shape, 0),
            preserved: false,
            partial: false,
            shape,
        }
    }
}

fn is_declared(shape: &Shape) -> bool {
    match shape {
        Shape::List { items, .. } => items.as_ref().is_some_and(|items| items.declared),
        Shape::Map { values } => values.declared,
        Shape::Unknown => false,
        _ => true,
    }
}

fn list_type(node: &Map<String, Json>) -> ListType {
    match node.get("x-kubernetes-list-type").and_then(Json::as_str) {
        Some("set") => ListType::Set,
        Some("map") => {
            let keys = node.get("x-kubernetes-list-map-keys").and_then(Json::as_array);
            let names = keys.into_iter().flatten().filter_map(Json::as_str);
            ListType::Map(names.map(|name| escape(name).unwrap_or(name.into()).into()).collect())
        }
        _ => ListType::Atomic,
    }
}

fn bounds(node: &Map<String, Json>) -> Bounds {
    let bound = |keyword: &str| {
        node.get(keyword).and_then(Json::as_i64).map(|bound| u64::try_from(bound).unwrap_or_default())
    };
    let values = node.get("enum").and_then(Json::as_array).filter(|values| !values.is_empty());
    Bounds {
        max_length: bound("maxLength"),
        max_items: bound("maxItems"),
        max_properties: bound("maxProperties"),
        longest_enum: values.map(|values| {
            values.iter().filter_map(Json::as_str).map(|text| text.len() as u64).max().unwrap_or(0)
        }),
    }
}

fn flag(node: &Map<String, Json>, keyword: &str) -> bool {
    node.get(keyword).and_then(Json::as_bool).unwrap_or(false)
}

fn kind_of(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sizes_follow_bounds_and_the_largest_request() {
        let read = |json| Schema::from_json(&json, false).unwrap();
        assert_eq!(read(json!({"type": "string", "maxLength": 10})).max_elements(), 40);
        assert_eq!(read(json!({"type": "string", "enum": ["a", "abc"]})).max_elements(), 3);
        assert_eq!(read(json!({"type": "string"})).max_elements(), 3 * 1024 * 1024 - 2);
        let list = read(json!({"type": "array", "items": {"type": "integer"}}));
        assert_eq!(list.max_elements(), (3 * 1024 * 1024 - 2) / 2);
        let object =
            read(json!({"type": "object", "required": ["ab"], "properties": {"ab": {"type": "boolean"}}}));
        assert_eq!(object.min_serialized(), 2 + 2 + 4 + 4);
    }

    #[test]
    fn a_resource_has_its_names() {
        let schema = Schema::from_json(
            &json!({"type": "object", "properties": {"namespace": {"type": "string"}}}),
            true,
        );
        let schema = schema.unwrap();
        for seen in ["apiVersion", "metadata", "namespace", "__namespace__"] {
            assert!(schema.field(seen).is_some(), "{seen}");
        }
        assert!(schema.field("spec").is_none());
    }

    #[test]
    fn a_resource_that_says_it_all_keeps_its_metadata() {
        let text = json!({"type": "string"});
        let mut properties = json!({"apiVersion": text, "kind": text, "metadata": {
            "type": "object", "properties": {"name": text, "generateName": text, "namespace": text},
        }});
        let namespace_is_seen = |properties: &Json| {
            let schema =
                Schema::from_json(&json!({"type": "object", "properties": properties}), true).unwrap();
            schema.field("metadata").unwrap().1.has_property("namespace")
        };
        assert!(namespace_is_seen(&properties));
        properties["kind"] = json!({"type": "integer"});
        assert!(!namespace_is_seen(&properties));
    }

    #[test]
    fn what_a_part_does_not_say_may_be_anything() {
        let json = json!({"type": "object", "additionalProperties": true, "properties": {
            "any": {}, "list": {"type": "array"}, "typo": {"type": "strnig"},
        }});
        let part = Schema::from_partial_json(&json, false).unwrap();
        assert!(part.is_partial() && part.is_open());
        let shape = |name: &str| part.field(name).map(|(_, schema)| schema.shape().clone());
        assert!(matches!(shape("any"), Some(Shape::Unseen)));
        let Some(Shape::List { items: Some(items), .. }) = shape("list") else { panic!("no list") };
        assert!(matches!(items.shape(), Shape::Unseen) && shape("typo").is_none());

        let whole = Schema::from_json(&json, false).unwrap();
        assert!(!whole.is_partial() && !whole.is_open() && whole.field("any").is_none());
    }

    #[test]
    fn no_schema_is_an_error_not_a_panic() {
        assert_eq!(Schema::from_json(&json!([]), false).unwrap_err(), SchemaError::NotAnObject("an array"));
        let mut deep = json!({"type": "string"});
        for _ in 0..200 {
            deep = json!({"type": "array", "items": deep});
        }
        assert_eq!(Schema::from_json(&deep, false).unwrap_err(), SchemaError::TooDeep);
    }
}
