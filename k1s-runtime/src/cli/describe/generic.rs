//! Any object, field by field.

use serde_json::{Map, Value};

use super::label::heading;
use super::layout::Page;
use crate::api::Object;
use crate::api::jsonpath::go_text;

/// Fields of `metadata` that are shown at the top, or not at all.
const SHOWN_ELSEWHERE: [&str; 5] = ["managedFields", "name", "namespace", "labels", "annotations"];

/// The whole object.
pub(super) fn object(page: &mut Page, object: &Object) {
    head(page, object, true);
    for (field, value) in &object.0 {
        match value {
            Value::Object(metadata) if field == "metadata" => {
                let rest = metadata.iter().filter(|(name, _)| !SHOWN_ELSEWHERE.contains(&name.as_str()));
                page.write(0, "Metadata:\n");
                fields(page, 1, rest);
            }
            value => entry(page, 0, field, value),
        }
    }
}

/// Name, namespace, labels and annotations.
pub(super) fn head(page: &mut Page, object: &Object, namespaced: bool) {
    page.write(0, &format!("Name:\t{}\n", object.name()));
    if namespaced {
        page.write(0, &format!("Namespace:\t{}\n", object.namespace().unwrap_or_default()));
    }
    page.labels("Labels", object.labels());
    page.annotations("Annotations", object.annotations());
}

fn fields<'a>(page: &mut Page, level: usize, content: impl IntoIterator<Item = (&'a String, &'a Value)>) {
    content.into_iter().for_each(|(field, value)| entry(page, level, field, value));
}

/// One field. Objects and lists go one level down, where the items of a list are not told apart.
fn entry(page: &mut Page, level: usize, field: &str, value: &Value) {
    let heading = heading(field);
    match value {
        Value::Object(map) => {
            page.write(level, &format!("{heading}:\n"));
            fields(page, level + 1, map);
        }
        Value::Array(items) => {
            page.write(level, &format!("{heading}:\n"));
            for item in items {
                match item {
                    Value::Object(map) => fields(page, level + 1, map as &Map<String, Value>),
                    other => page.write(level + 1, &format!("{}\n", go_text(other))),
                }
            }
        }
        scalar => page.write(level, &format!("{heading}:\t{}\n", go_text(scalar))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_values_are_indented_and_managed_fields_left_out() {
        let value = serde_json::json!({
            "apiVersion": "g/v1", "kind": "K",
            "metadata": {"name": "a", "uid": "u", "managedFields": [{"manager": "m"}]},
            "spec": {"list": [[1, 2], null, true, {"aB": 1.5}], "empty": {}, "big": 1e6},
        });
        let mut page = Page::default();
        object(&mut page, &Object::try_from(value).unwrap());
        let expected = "\
Name:         a
Namespace:    
Labels:       <none>
Annotations:  <none>
API Version:  g/v1
Kind:         K
Metadata:
  UID:  u
Spec:
  Big:  1e+06
  Empty:
  List:
    [1 2]
    <nil>
    true
    A B:  1.5
";
        assert_eq!(page.finish(), expected);
    }
}
