//! Tables, as a client of `as=Table` gets them.

use std::sync::LazyLock;

use jiff::Timestamp;
use k1s_runtime::api::{RawObject, ResourceDefinition};
use k1s_runtime::client::table::{Column, Table};
use regex::Regex;
use serde_json::{Value, json};

use super::normalise;
use super::request::Memory;

/// Columns and rows of objects, in the recordings' words.
pub(super) fn table(
    definition: &ResourceDefinition,
    objects: &[RawObject],
    memory: &Memory,
) -> (Vec<Value>, Vec<Value>) {
    let table = Table::new(definition);
    let now = Timestamp::now();
    let columns = table.columns().iter().map(column);
    let rows = objects.iter().map(|raw| {
        let object = raw.decode::<Value>().unwrap_or_default();
        table.row(&object, now).into_iter().map(|cell| normal(cell, memory)).collect()
    });
    (columns.collect(), rows.collect())
}

/// A column in the recordings' words.
pub(super) fn column(column: &Column) -> Value {
    json!({
        "name": column.name, "type": column.type_, "format": column.format, "priority": column.priority,
    })
}

/// Ages, and the times that stand in their place, are `<age>` in the recordings.
pub(super) fn normal(cell: Value, memory: &Memory) -> Value {
    static AGE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^(\d+[smhdy])+$").ok());
    let Value::String(text) = cell else { return cell };
    let is_age = AGE.as_ref().is_some_and(|age| age.is_match(&text));
    let text = normalise::text(&text, memory);
    if is_age || text == "<time>" { "<age>".into() } else { text.into() }
}
