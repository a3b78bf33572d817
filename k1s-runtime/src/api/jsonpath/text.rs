//! Values as Go's `%v` prints them.

use serde_json::Value;

use crate::manifest::go_float;

/// A JSON value as Go's `fmt` prints it with `%v`: `map[a:1 b:[x y]]`, strings bare, null as `<nil>`. What custom
/// columns show.
///
/// ```
/// # use k1s_runtime::api::jsonpath::go_text;
/// assert_eq!(go_text(&serde_json::json!({"b": ["x", null], "a": 1e6})), "map[a:1e+06 b:[x <nil>]]");
/// ```
pub fn go_text(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value);
    out
}

fn write(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("<nil>"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => out.push_str(&go_float(float)),
            _ => out.push_str(&number.to_string()),
        },
        Value::String(text) => out.push_str(text),
        Value::Array(list) => {
            out.push('[');
            for (index, item) in list.iter().enumerate() {
                if index > 0 {
                    out.push(' ');
                }
                write(out, item);
            }
            out.push(']');
        }
        Value::Object(map) => {
            out.push_str("map[");
            for (index, (key, value)) in map.iter().enumerate() {
                if index > 0 {
                    out.push(' ');
                }
                out.push_str(key);
                out.push(':');
                write(out, value);
            }
            out.push(']');
        }
    }
}
