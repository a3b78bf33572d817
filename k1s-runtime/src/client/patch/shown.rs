//! The text of a patched object, as the message about one that cannot be decoded shows it.
//!
//! Of the document that is patched the server decodes what a patch reaches into, and writes that with its keys sorted. The
//! rest stays as it was: structs have their fields in the order of their declaration.

use serde_json::{Map, Value, json};

use crate::client::Patch;
use crate::client::shape::{Shape, Struct};

/// The text of what a JSON or merge patch made of an object. Without a shape every key is sorted.
pub(crate) fn patched(shape: Option<&'static Struct>, value: &Value, patch: &Patch) -> String {
    let mut out = String::new();
    write(&mut out, shape.map(Shape::Struct), value, Some(&reach(patch)));
    out
}

/// What a patch reaches into: objects of it, and null for what it replaces.
fn reach(patch: &Patch) -> Value {
    match patch {
        Patch::Merge(document) | Patch::Strategic(document) | Patch::Apply { document, .. } => {
            document.clone()
        }
        Patch::Json(operations) => {
            let mut reached = json!({});
            for operation in operations.as_array().into_iter().flatten() {
                for path in ["path", "from"].into_iter().filter_map(|field| operation.get(field)?.as_str()) {
                    mark(&mut reached, path);
                }
            }
            reached
        }
    }
}

fn mark(reached: &mut Value, path: &str) {
    let mut at = reached;
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let Value::Object(map) = at else { return };
        let name = segment.replace("~1", "/").replace("~0", "~");
        let is_last = segments.peek().is_none();
        at = map.entry(name).or_insert_with(|| if is_last { Value::Null } else { Value::Object(Map::new()) });
    }
}

fn write(out: &mut String, shape: Option<Shape>, value: &Value, reached: Option<&Value>) {
    match (value, reached) {
        (Value::Object(map), Some(Value::Object(reached))) => {
            let entries = map.iter().map(|(key, value)| (key.as_str(), value, reached.get(key)));
            write_object(out, shape, entries);
        }
        (Value::Array(items), None | Some(Value::Object(_))) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                write(
                    out,
                    item_shape(shape),
                    item,
                    reached.and_then(|reached| reached.get(index.to_string())),
                );
            }
            out.push(']');
        }
        (Value::Object(map), None) => {
            let declared: &[_] = match shape {
                Some(Shape::Struct(shape)) => shape.fields,
                _ => &[],
            };
            let first = declared.iter().filter_map(|field| Some((field.name, map.get(field.name)?)));
            let rest = map.iter().map(|(key, value)| (key.as_str(), value));
            let rest = rest.filter(|(key, _)| declared.iter().all(|field| field.name != *key));
            write_object(out, shape, first.chain(rest).map(|(key, value)| (key, value, None)));
        }
        (value, _) => out.push_str(&value.to_string()),
    }
}

fn write_object<'v>(
    out: &mut String,
    shape: Option<Shape>,
    entries: impl Iterator<Item = (&'v str, &'v Value, Option<&'v Value>)>,
) {
    out.push('{');
    for (index, (key, value, reached)) in entries.enumerate() {
        out.push_str(if index > 0 { "," } else { "" });
        out.push_str(&Value::from(key).to_string());
        out.push(':');
        write(out, field_shape(shape, key), value, reached);
    }
    out.push('}');
}

fn field_shape(shape: Option<Shape>, key: &str) -> Option<Shape> {
    match shape? {
        Shape::Struct(shape) => shape.fields.iter().find(|field| field.name == key).map(|field| field.shape),
        Shape::Map(value) => Some(*value),
        _ => None,
    }
}

fn item_shape(shape: Option<Shape>) -> Option<Shape> {
    match shape? {
        Shape::List(item) => Some(*item),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::shape::SCALE;

    #[test]
    fn what_a_patch_does_not_reach_keeps_its_order() {
        let scale = json!({
            "metadata": {"creationTimestamp": "t", "name": "x", "resourceVersion": "1", "labels": {"b": "", "a": ""}},
            "spec": {"replicas": 1, "junk": 1}, "status": {"replicas": 2, "selector": "s"},
        });
        let text = |patch: &Patch| patched(Some(&SCALE), &scale, patch);
        let status = "\"status\":{\"replicas\":2,\"selector\":\"s\"}";
        let metadata = "{\"name\":\"x\",\"resourceVersion\":\"1\",\"creationTimestamp\":\"t\",\"labels\":{\"a\":\"\",\"b\":\"\"}}";
        for patch in [
            Patch::Merge(json!({"spec": {"junk": 1}})),
            Patch::Json(json!([{"op": "add", "path": "/spec/junk", "value": 1}])),
        ] {
            assert_eq!(
                text(&patch),
                format!("{{\"metadata\":{metadata},\"spec\":{{\"junk\":1,\"replicas\":1}},{status}}}")
            );
        }
        let reached = text(&Patch::Merge(json!({"metadata": {"name": "x"}})));
        assert!(reached.starts_with("{\"metadata\":{\"creationTimestamp\":\"t\",\"labels\""), "{reached}");
    }
}
