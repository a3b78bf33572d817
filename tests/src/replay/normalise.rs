//! Answers with what differs from run to run replaced, as in the recordings.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::request::Memory;

static TIME: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z").ok());
static UID: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").ok());
/// kube-apiserver names the type of `self` in rules anew each time.
static SELF_TYPE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"selfType\d+").ok());

/// Text with times, uids and the names of types of `self` replaced.
pub(super) fn text(text: &str, memory: &Memory) -> String {
    let mut out = text.to_owned();
    if let Some(time) = TIME.as_ref() {
        out = time.replace_all(&out, "<time>").into_owned();
    }
    if let Some(name) = SELF_TYPE.as_ref() {
        out = name.replace_all(&out, "selfType<n>").into_owned();
    }
    for (uid, name) in &memory.names {
        out = out.replace(uid.as_str(), &format!("<uid {name}>"));
    }
    if let Some(uid) = UID.as_ref() {
        out = uid.replace_all(&out, "<uid>").into_owned();
    }
    out
}

/// An object with times and uids replaced and without what the recordings leave out.
pub(super) fn object(value: &Value, memory: &Memory, managed_fields: bool) -> Value {
    let mut out = walk(value, memory);
    if let Some(Value::Object(metadata)) = out.get_mut("metadata") {
        metadata.remove("resourceVersion");
        if !managed_fields {
            metadata.remove("managedFields");
        }
    }
    out
}

fn walk(value: &Value, memory: &Memory) -> Value {
    match value {
        Value::String(inner) => text(inner, memory).into(),
        Value::Array(items) => items.iter().map(|item| walk(item, memory)).collect(),
        Value::Object(map) => {
            map.iter().map(|(key, value)| (text(key, memory), walk(value, memory))).collect()
        }
        // A recording cannot tell -0 from 0.
        Value::Number(number) if number.as_f64() == Some(0.0) => 0.into(),
        other => other.clone(),
    }
}

/// Sorts `managedFields` by what does not depend on when requests came: the server goes by whole seconds first.
pub(super) fn sort_managers(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(sort_managers),
        Value::Object(map) => {
            if let Some(Value::Array(entries)) = map.get_mut("managedFields") {
                entries.sort_by_cached_key(|entry| {
                    ["operation", "manager", "apiVersion", "subresource"]
                        .map(|field| entry.get(field).and_then(Value::as_str).unwrap_or_default().to_owned())
                });
            }
            map.values_mut().for_each(sort_managers);
        }
        _ => {}
    }
}

/// Whether text agrees with a recorded one, in which `<rv>` stands for any number.
pub(super) fn agrees(expected: &str, got: &str) -> bool {
    let mut rest = got;
    let mut parts = expected.split("<rv>");
    let Some(tail) = parts.next().and_then(|first| rest.strip_prefix(first)) else { return false };
    rest = tail;
    for part in parts {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let Some(tail) = rest.strip_prefix(part) else { return false };
        rest = tail;
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_uids_are_replaced() {
        let mut memory = Memory::new();
        memory.names.insert("11111111-1111-1111-1111-111111111111".into(), "a".into());
        let got = "2026-01-01T00:00:00.5Z 11111111-1111-1111-1111-111111111111 22222222-1111-1111-1111-111111111111";
        assert_eq!(text(got, &memory), "<time> <uid a> <uid>");
        assert_eq!(text("'(selfType1, selfType1.a)'", &memory), "'(selfType<n>, selfType<n>.a)'");
    }

    #[test]
    fn versions_in_texts_match_any_number() {
        assert!(agrees("a (<rv>) b", "a (12) b"));
        assert!(!agrees("a (<rv>) b", "a (x) b"));
        assert!(!agrees("a", "a b"));
    }
}
