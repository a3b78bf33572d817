//! For programs: one value, the same for the same comparison.

use std::io::{self, Write};

use k1s_runtime::manifest;
use serde_json::{Map, Value, json};

use super::super::change::{Change, Comparison, KindChanges};
use crate::source::Place;

pub(super) fn write(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    let summary = comparison.summary();
    let value = json!({
        "summary": {
            "kinds": summary.kinds,
            "breaking": summary.breaking,
            "compatible": summary.compatible,
            "safe": summary.safe,
        },
        "kinds": comparison.kinds.iter().map(kind).collect::<Vec<_>>(),
    });
    writeln!(out, "{}", manifest::to_json_pretty(&value).trim_end())
}

fn kind(kind: &KindChanges) -> Value {
    json!({
        "name": kind.name,
        "kind": kind.kind,
        "changes": kind.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

/// What there is of a change; what is not there is left out.
fn change(change: &Change) -> Value {
    let mut object = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            object.insert(name.to_owned(), value);
        }
    };
    put("class", Some(change.class().as_str().into()));
    put("rule", Some(change.rule.id.into()));
    put("version", change.version.as_deref().map(Value::from));
    put("field", Some(change.field.as_str().into()));
    put("keyword", Some(change.what.as_str()).filter(|what| !what.is_empty()).map(Value::from));
    put("from", change.from.clone());
    put("to", change.to.clone());
    put("message", Some(change.headline().into()));
    put("reason", Some(change.rule.reason.into()));
    put("detail", change.detail.as_deref().map(Value::from));
    put("old", change.old.as_ref().map(place));
    put("new", change.new.as_ref().map(place));
    Value::Object(object)
}

fn place(place: &Place) -> Value {
    let Place { file, position } = place;
    json!({"file": file.display().to_string(), "line": position.line, "column": position.column})
}
