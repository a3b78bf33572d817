//! `a=1&a=2&b`: the parameters of a URL.

use std::sync::Arc;

use crate::value::{EvalError, Map, Value};

use super::escape::Part;

/// Beyond so many parameters, Go reads none.
const MAX_PARAMETERS: usize = 10_000;

/// `URL.Query`: the values of each parameter, in the order in which the parameters come first. What is malformed is left out.
pub(super) fn parameters<'a>(query: &str) -> Result<Value<'a>, EvalError> {
    let mut names: Vec<String> = Vec::new();
    let mut values: std::collections::HashMap<String, Vec<Value<'a>>> = std::collections::HashMap::new();
    let pairs = query.split('&').take(if query.split('&').count() > MAX_PARAMETERS { 0 } else { usize::MAX });
    for pair in pairs.filter(|pair| !pair.is_empty() && !pair.contains(';')) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (Some(name), Some(value)) = (unescape(name), unescape(value)) else { continue };
        let known = values.entry(name).or_insert_with_key(|name| {
            names.push(name.clone());
            Vec::new()
        });
        known.push(Value::string(value));
    }
    let mut map = Map::Values(Arc::default());
    if let Map::Values(entries) = &mut map {
        let entries = Arc::make_mut(entries);
        for name in names {
            let values = values.remove(&name).unwrap_or_default();
            entries.insert(Value::string(name), Value::list(values))?;
        }
    }
    Ok(Value::Map(map))
}

/// What is not UTF-8 is replaced: strings here are always UTF-8, Go's are not.
fn unescape(text: &str) -> Option<String> {
    let bytes = Part::Query.unescape(text.as_bytes()).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(query: &str) -> String {
        let Ok(Value::Map(map)) = parameters(query) else { return String::new() };
        let mut shown = Vec::new();
        for key in map.keys() {
            let (Value::String(name), Ok(Value::List(list))) = (&key, map.get(&key)) else { continue };
            let values: Vec<String> = list
                .iter()
                .map(|value| match value {
                    Ok(Value::String(text)) => text.to_string(),
                    other => format!("{other:?}"),
                })
                .collect();
            shown.push(format!("{}={}", &**name, values.join("|")));
        }
        shown.join(" ")
    }

    #[test]
    fn malformed_parameters_are_left_out() {
        assert_eq!(shown("k1=a&k2=b&k2=c"), "k1=a k2=b|c");
        assert_eq!(shown("a=x%20y&c&&d=1;e=2&%zz=1&f=%4"), "a=x y c=");
        assert_eq!(shown("a+b=c+d&=x"), "a b=c d =x");
        assert_eq!(shown(""), "");
        assert_eq!(shown(&"a&".repeat(10_000)), "");
    }
}
