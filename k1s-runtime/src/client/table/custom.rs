//! The columns of kinds that bring their own: `additionalPrinterColumns`, by `k8s.io/apiextensions-apiserver`'s rules.

use jiff::Timestamp;
use serde_json::Value;

use super::Column;
use super::age::age_of;
use crate::api::PrintColumn;
use crate::api::jsonpath::{JsonPath, go_text};
use crate::manifest;

/// Makes one cell.
#[derive(Debug)]
pub(super) struct Cell {
    path: JsonPath,
    type_: String,
}

/// The columns, the name's included, and the cells behind them. Without columns of its own a kind shows its age.
pub(super) fn table(columns: Option<&[PrintColumn]>) -> (Vec<Column>, Vec<Cell>) {
    let age = [PrintColumn {
        name: "Age".to_owned(),
        type_: "date".to_owned(),
        json_path: ".metadata.creationTimestamp".to_owned(),
        ..PrintColumn::default()
    }];
    let mut headers = vec![Column::identity()];
    let mut cells = Vec::new();
    for column in columns.unwrap_or(&age) {
        // A server that meets a path it cannot parse goes without that column and all after it.
        let Ok(path) = JsonPath::parse(&column.json_path) else { break };
        headers.push(Column {
            name: column.name.clone(),
            type_: column.type_.clone(),
            format: column.format.clone(),
            priority: column.priority,
        });
        cells.push(Cell { path, type_: column.type_.clone() });
    }
    (headers, cells)
}

impl Cell {
    /// The cell of an object: the first value at the path as the column's type has it, null if it does not fit.
    pub(super) fn value(&self, object: &Value, now: Timestamp) -> Value {
        let Ok(Some(found)) = self.path.first(object) else { return Value::Null };
        match (self.type_.as_str(), found.as_ref()) {
            ("string", value) => text(value).into(),
            ("integer", Value::Number(number)) => match number.as_i64() {
                Some(integer) => integer.into(),
                None => truncated(number.as_f64()),
            },
            ("number", Value::Number(number)) => Value::Number(number.clone()),
            ("boolean", Value::Bool(flag)) => Value::Bool(*flag),
            ("date", Value::String(moment)) => age_of(moment, now).into(),
            _ => Value::Null,
        }
    }
}

/// A value as the server writes it into a text cell.
fn text(value: &Value) -> String {
    match value {
        Value::Null => "<no value>".to_owned(),
        Value::Array(_) | Value::Object(_) => manifest::to_json_compact(value),
        scalar => go_text(scalar),
    }
}

fn truncated(number: Option<f64>) -> Value {
    // The conversion saturates where Go's result would depend on the machine.
    number.map_or(Value::Null, |number| (number as i64).into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn column(type_: &str, path: &str) -> PrintColumn {
        PrintColumn {
            name: path.to_owned(),
            type_: type_.to_owned(),
            json_path: path.to_owned(),
            ..PrintColumn::default()
        }
    }

    fn cell(type_: &str, value: &Value) -> Value {
        let (_, cells) = table(Some(&[column(type_, ".v")]));
        cells[0].value(&json!({"v": value}), "2026-01-01T00:00:00Z".parse().unwrap())
    }

    #[test]
    fn values_that_fit_are_shown_and_others_are_not() {
        for (type_, value, shown) in [
            ("string", json!("x"), json!("x")),
            ("string", json!(1.25), json!("1.25")),
            ("string", json!({"b": 1, "a": "x"}), json!("{\"a\":\"x\",\"b\":1}")),
            ("string", json!(null), json!("<no value>")),
            ("integer", json!(2.5), json!(2)),
            ("integer", json!("5"), json!(null)),
            ("integer", json!(9007199254740993i64), json!(9007199254740993i64)),
            ("number", json!(1.5), json!(1.5)),
            ("boolean", json!(true), json!(true)),
            ("boolean", json!("true"), json!(null)),
            ("date", json!("2025-12-31T23:59:00Z"), json!("60s")),
            ("date", json!("nope"), json!("<invalid>")),
            ("date", json!(""), json!("<unknown>")),
            ("date", json!(5), json!(null)),
        ] {
            assert_eq!(cell(type_, &value), shown, "{type_} {value}");
        }
    }

    #[test]
    fn a_broken_path_ends_the_columns() {
        let columns = [column("string", ".metadata.name"), column("string", ".l[0"), column("string", ".x")];
        assert_eq!(table(Some(&columns)).0.len(), 2);
        assert_eq!(table(None).0[1].name, "Age");
    }
}
