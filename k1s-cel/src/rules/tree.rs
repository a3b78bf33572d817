//! The validator: a tree beside the schema's, only where rules lie.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::schema::{Schema, SchemaError, Shape};

use super::compile::{CompiledRule, compile};
use super::rule::Rule;

/// The rules of a structural schema, compiled.
#[derive(Debug)]
pub struct Validator {
    /// None if there are no rules.
    pub(super) root: Option<Node>,
    /// The schema as it came: ratcheting goes by parts of it that have no rules, too.
    pub(super) schema: Json,
}

/// A place in the schema with rules at it or below it.
#[derive(Debug)]
pub(super) struct Node {
    /// The schema's `type`; empty if it has none.
    pub(super) ty: Box<str>,
    pub(super) schema: Arc<Schema>,
    pub(super) rules: Vec<CompiledRule>,
    /// How many rules there are although expressions do not see values of the schema.
    pub(super) out_of_reach: usize,
    /// Whether one of the rules names `oldSelf`.
    pub(super) uses_old_self: bool,
    /// Rules of `allOf`, about the same values.
    pub(super) all_of: Vec<Node>,
    pub(super) properties: BTreeMap<Box<str>, Node>,
    pub(super) values: Option<Box<Node>>,
    pub(super) items: Option<Box<Node>>,
    /// Whether the entries of old and new maps belong together.
    pub(super) correlates: bool,
    /// The keys that tell the elements of a map list apart, as the JSON has them; empty for other lists.
    pub(super) keys: Vec<Box<str>>,
}

impl Validator {
    /// Compiles the rules of a structural schema (`openAPIV3Schema`). `resource_root` says that it is the schema of a whole
    /// resource: rules at its root see `apiVersion`, `kind` and `metadata.{name,generateName}`. Rules that do not compile are
    /// errors of every object that has the values they are about.
    ///
    /// # Errors
    ///
    /// When `schema` or a schema within it is no object, or when schemas nest deeper than [`Schema::from_json`] takes.
    pub fn new(schema: &Json, resource_root: bool) -> Result<Self, SchemaError> {
        let model = Schema::from_json(schema, resource_root)?;
        let root = match schema.as_object() {
            Some(node) => build(node, node, &model, 0)?,
            None => None,
        };
        Ok(Self { root, schema: schema.clone() })
    }

    /// Whether there are no rules at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.root.is_none()
    }
}

/// How deep `allOf` may nest, which [`Schema::from_json`] does not look at.
const MAX_DEPTH: u32 = 256;

/// The node for the rules of `validation`, about values of `node`: both are the same but for parts of `allOf`.
fn build(
    validation: &Map<String, Json>,
    node: &Map<String, Json>,
    schema: &Arc<Schema>,
    depth: u32,
) -> Result<Option<Node>, SchemaError> {
    if depth > MAX_DEPTH {
        return Err(SchemaError::TooDeep);
    }
    let rules = Rule::of(validation);
    let count = rules.len();
    let rules = compile(rules, schema, node);
    let mut built = Node {
        ty: text(node, "type").into(),
        schema: Arc::clone(schema),
        out_of_reach: count - rules.len(),
        uses_old_self: rules.iter().any(CompiledRule::uses_old_self),
        rules,
        all_of: Vec::new(),
        properties: BTreeMap::new(),
        values: None,
        items: None,
        correlates: matches!(text(node, "x-kubernetes-map-type"), "" | "granular" | "atomic"),
        keys: list_keys(node),
    };
    add_children(&mut built, validation, node, depth + 1)?;
    for part in validation.get("allOf").and_then(Json::as_array).into_iter().flatten() {
        let Some(part) = part.as_object() else { continue };
        built.all_of.extend(build(part, node, schema, depth + 1)?);
    }
    Ok((!built.is_bare()).then_some(built))
}

fn add_children(
    built: &mut Node,
    validation: &Map<String, Json>,
    node: &Map<String, Json>,
    depth: u32,
) -> Result<(), SchemaError> {
    let schema = Arc::clone(&built.schema);
    match schema.shape() {
        Shape::List { items: Some(items), .. } => {
            if let (Some(validation), Some(node)) = (object(validation, "items"), object(node, "items")) {
                built.items = build(validation, node, items, depth)?.map(Box::new);
            }
        }
        Shape::Map { values } => {
            let key = "additionalProperties";
            if let (Some(validation), Some(node)) = (object(validation, key), object(node, key)) {
                built.values = build(validation, node, values, depth)?.map(Box::new);
            }
        }
        Shape::Object(seen) => {
            let Some(known) = object(node, "properties") else { return Ok(()) };
            for (name, validation) in object(validation, "properties").into_iter().flatten() {
                let node = known.get(name).and_then(Json::as_object);
                let (Some(validation), Some(node), Some(schema)) =
                    (validation.as_object(), node, seen.properties.get(name.as_str()))
                else {
                    continue;
                };
                if let Some(child) = build(validation, node, schema, depth)? {
                    built.properties.insert(name.as_str().into(), child);
                }
            }
        }
        _ => {}
    }
    Ok(())
}

impl Node {
    fn is_bare(&self) -> bool {
        self.rules.is_empty()
            && self.out_of_reach == 0
            && self.all_of.is_empty()
            && self.properties.is_empty()
            && self.values.is_none()
            && self.items.is_none()
    }
}

/// The keys of a map list, as the JSON has them; none for other lists.
pub(super) fn list_keys(node: &Map<String, Json>) -> Vec<Box<str>> {
    if text(node, "x-kubernetes-list-type") != "map" {
        return Vec::new();
    }
    let keys = node.get("x-kubernetes-list-map-keys").and_then(Json::as_array);
    keys.into_iter().flatten().filter_map(Json::as_str).map(Into::into).collect()
}

pub(super) fn object<'a>(node: &'a Map<String, Json>, keyword: &str) -> Option<&'a Map<String, Json>> {
    node.get(keyword).and_then(Json::as_object)
}

fn text<'a>(node: &'a Map<String, Json>, keyword: &str) -> &'a str {
    node.get(keyword).and_then(Json::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_has_rules_is_kept() {
        let schema = json!({"type": "object", "properties": {
            "a": {"type": "object", "properties": {"x": {"type": "string"}}},
            "b": {"type": "array", "items": {"type": "integer", "x-kubernetes-validations": [{"rule": "true"}]}},
        }});
        let validator = Validator::new(&schema, false).unwrap();
        let root = validator.root.unwrap();
        assert_eq!(root.properties.keys().map(|name| &**name).collect::<Vec<_>>(), ["b"]);
        assert_eq!(root.properties["b"].items.as_ref().unwrap().rules.len(), 1);
        assert!(Validator::new(&json!({"type": "object"}), true).unwrap().is_empty());
    }

    #[test]
    fn validators_go_from_thread_to_thread() {
        fn shared<T: Send + Sync>() {}
        shared::<Validator>();
    }

    #[test]
    fn what_is_no_schema_is_refused() {
        assert!(Validator::new(&json!(1), false).is_err());
        let mut deep = json!({});
        for _ in 0..300 {
            deep = json!({"allOf": [deep]});
        }
        deep["type"] = json!("string");
        assert_eq!(Validator::new(&deep, false).unwrap_err(), SchemaError::TooDeep);
    }
}
