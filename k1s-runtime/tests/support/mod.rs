//! Recorded scenarios for the tests of the schema room.

#![allow(dead_code)] // Each test crate uses its part.

use std::path::Path;
use std::sync::LazyLock;

use k1s_runtime::api::field::FieldError;
use k1s_runtime::api::gotext;
use regex::Regex;
use serde_json::{Map, Value};

/// One cause of an invalid status.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cause {
    pub(crate) field: String,
    pub(crate) reason: String,
    pub(crate) message: String,
}

impl Cause {
    pub(crate) fn of_error(error: &FieldError) -> Self {
        let cause = error.to_cause();
        Self { field: cause.field, reason: cause.reason, message: masked(&cause.message) }
    }

    fn of_json(cause: &Value) -> Self {
        let text = |key: &str| cause[key].as_str().unwrap_or_default().to_owned();
        Self { field: text("field"), reason: text("reason"), message: text("message") }
    }
}

/// The recorded causes, sorted.
pub(crate) fn causes(expect: &Map<String, Value>) -> Vec<Cause> {
    let listed = expect.get("causes").and_then(Value::as_array).into_iter().flatten();
    let mut causes: Vec<Cause> = listed.map(Cause::of_json).collect();
    causes.sort();
    causes
}

/// One recorded scenario, by its path below the corpus.
pub(crate) fn scenario(path: &str) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus").join(path);
    serde_json::from_str(&std::fs::read_to_string(file).expect("a recording")).expect("JSON")
}

/// Every recorded schema scenario, by name.
pub(crate) fn scenarios() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus/schema");
    let mut scenarios: Vec<(String, Value)> = std::fs::read_dir(folder)
        .expect("recordings")
        .map(|entry| {
            let path = entry.expect("entry").path();
            let text = std::fs::read_to_string(&path).expect("text");
            let name = path.file_stem().expect("name").to_string_lossy().into_owned();
            (name, serde_json::from_str(&text).expect("JSON"))
        })
        .collect();
    scenarios.sort_by(|a, b| a.0.cmp(&b.0));
    scenarios
}

/// A value as the recordings show it: a whole double is written without a fraction, identifiers and times are replaced.
pub(crate) fn normalised(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(normalised).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), normalised(value))).collect(),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (None, Some(0.0)) => Value::from(0),
            (None, Some(float)) => serde_json::from_str(&gotext::json_float(float)).expect("a number"),
            _ => value.clone(),
        },
        Value::String(text) => Value::from(masked(text)),
        other => other.clone(),
    }
}

/// Text with identifiers and times replaced, as in the recordings.
pub(crate) fn masked(text: &str) -> String {
    static UID: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").expect("pattern")
    });
    static TIME: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?Z").expect("pattern")
    });
    TIME.replace_all(&UID.replace_all(text, "<uid>"), "<time>").into_owned()
}
