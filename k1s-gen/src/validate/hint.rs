//! What to do about a fault.

use k1s_runtime::Object;
use k1s_runtime::api::field::FieldError;
use k1s_runtime::kube_core::GroupVersionKind;
use serde_json::Value;

use super::fault::segments;
use super::schemas::Schemas;

/// The known word that is most like another one, if it is like it at all.
pub(super) fn nearest<'w>(word: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let lower = word.to_lowercase();
    let near = known.into_iter().map(|known| {
        let distance = strsim::damerau_levenshtein(&known.to_lowercase(), &lower);
        (distance, known.len().abs_diff(word.len()), known)
    });
    near.filter(|(distance, _, known)| *distance <= known.len().div_ceil(3)).min().map(|(_, _, known)| known)
}

/// The field that was probably meant.
pub(super) fn of_unknown(field: &str, names: &dyn Fn(&[&str]) -> Vec<String>) -> Option<String> {
    let segments = segments(field);
    let (last, parent) = segments.split_last()?;
    let parent: Vec<&str> = parent.iter().map(AsRef::as_ref).collect();
    let known = names(&parent);
    nearest(last, known.iter().map(String::as_str)).map(|name| format!("did you mean `{name}`?"))
}

/// The kind or version that was probably meant, or where its schema was looked for.
pub(super) fn of_kind(gvk: &GroupVersionKind, schemas: &Schemas) -> Option<String> {
    let definitions = schemas.reviewer().scheme().definitions();
    let served = definitions.iter().filter(|definition| definition.served);
    let same: Vec<String> = served
        .clone()
        .filter(|definition| definition.kind == gvk.kind)
        .map(|definition| definition.api_version())
        .collect();
    if !same.is_empty() {
        return Some(format!("{} is known in version {}", gvk.kind, same.join(", ")));
    }
    let group = served.filter(|definition| definition.group == gvk.group);
    if let Some(kind) = nearest(&gvk.kind, group.map(|definition| definition.kind.as_str())) {
        return Some(format!("did you mean kind `{kind}`?"));
    }
    let looked = schemas.locations().paths(gvk);
    Some(if looked.is_empty() {
        "name its schema with --crds, --package, --types or --schema-location, or pass it over with \
         --ignore-missing-schemas"
            .to_owned()
    } else {
        format!("looked for {}", looked.join(", "))
    })
}

/// What to write where apiVersion or kind is missing.
pub(super) fn of_missing(field: &str, object: &Object) -> Option<String> {
    let keys = object.0.keys().map(String::as_str);
    nearest(field, keys)
        .filter(|key| *key != field)
        .map(|key| format!("`{key}` is probably meant to be `{field}`"))
}

/// How to give a value the type that is wanted.
pub(super) fn of_type(error: &FieldError, object: &Object) -> Option<String> {
    let value = value_at(object, error.place.as_deref().unwrap_or(&error.field))?;
    let (_, wanted) = error.detail.split_once("must be of type ").or(error.detail.split_once(" of type "))?;
    let wanted: String = wanted.chars().take_while(char::is_ascii_alphanumeric).collect();
    match (wanted.as_str(), value) {
        // As it is written: `0x10` and `yes` have become something else by now.
        ("string", Value::Number(_) | Value::Bool(_)) => Some("quote the value".to_owned()),
        ("integer" | "int32" | "int64" | "number" | "float64", Value::String(text))
            if text.parse::<f64>().is_ok() =>
        {
            Some(format!("remove the quotes: {text}"))
        }
        ("boolean" | "bool", Value::String(text)) if matches!(text.as_str(), "true" | "false") => {
            Some(format!("remove the quotes: {text}"))
        }
        ("array", value) if !value.is_null() => Some("write a list: `- ` before each item".to_owned()),
        (_, Value::Null) => Some("remove the key, or give it a value".to_owned()),
        _ => None,
    }
}

/// The alternative that was probably meant.
pub(super) fn of_enum(error: &FieldError) -> Option<String> {
    let k1s_runtime::api::field::BadValue::Value(Value::String(found)) = &error.bad_value else {
        return None;
    };
    let (_, listed) = error.detail.split_once("supported values: ")?;
    let known = listed.split(", ").map(|word| word.trim_matches('"'));
    nearest(found, known).map(|word| format!("did you mean `{word}`?"))
}

/// The value at a field path; keys with dots in them are not looked for.
fn value_at<'o>(object: &'o Object, path: &str) -> Option<&'o Value> {
    let mut found: Option<&Value> = None;
    for segment in segments(path) {
        found = match found {
            None => object.0.get(segment.as_ref()),
            Some(Value::Object(map)) => map.get(segment.as_ref()),
            Some(Value::Array(items)) => items.get(segment.parse::<usize>().ok()?),
            Some(_) => None,
        };
        found?;
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn near_words_are_found() {
        assert_eq!(nearest("nmae", ["name", "labels"]), Some("name"));
        assert_eq!(nearest("apiversion", ["apiVersion"]), Some("apiVersion"));
        assert_eq!(nearest("zzz", ["name"]), None);
    }

    #[test]
    fn types_are_told_how_to_be_written() {
        let object =
            Object::try_from(json!({"spec": {"v": 1.5, "n": "12", "b": "true", "l": {"a": 1}, "z": null}}))
                .unwrap();
        let hint = |field: &str, wanted: &str| {
            let detail = format!("{field} in body must be of type {wanted}: \"x\"");
            of_type(&FieldError::invalid(field, "x", detail), &object).unwrap_or_default()
        };
        assert_eq!(hint("spec.v", "string"), "quote the value");
        assert_eq!(hint("spec.n", "integer"), "remove the quotes: 12");
        assert_eq!(hint("spec.b", "boolean"), "remove the quotes: true");
        assert_eq!(hint("spec.l", "array"), "write a list: `- ` before each item");
        assert_eq!(hint("spec.z", "object"), "remove the key, or give it a value");
        assert_eq!(hint("spec.n", "object"), "");
    }
}
