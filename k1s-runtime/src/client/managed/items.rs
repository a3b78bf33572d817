//! How the items of a list are named.

use serde_json::{Map, Value};

use crate::api::gotext;

use super::element::{PathElement, Scalar};
use super::types::{List, ListKind, Types};

/// The name of an item.
///
/// # Errors
/// What the server says of an item that has none.
pub(super) fn name(types: &Types, list: &List, index: usize, item: &Value) -> Result<PathElement, String> {
    match &list.kind {
        ListKind::Atomic => Ok(PathElement::Index(i64::try_from(index).unwrap_or(i64::MAX))),
        ListKind::Set => match item {
            Value::Object(_) => {
                Err("associative list without keys has an element that's a map type".to_owned())
            }
            Value::Array(_) => Err("not supported: associative list with lists as elements".to_owned()),
            Value::Null => {
                Err("associative list without keys has an element that's an explicit null".to_owned())
            }
            scalar => Ok(PathElement::Value(Scalar(scalar.clone()))),
        },
        ListKind::Map(keys) => match item {
            Value::Object(item) => key(types, list, keys, item),
            Value::Null => Err("associative list with keys may not have a null element".to_owned()),
            _ => Err("associative list with keys may not have non-map elements".to_owned()),
        },
    }
}

/// The keys of an item; a key that it does not have has its default. One that has none is left out, as long as there is another.
fn key(
    types: &Types,
    list: &List,
    keys: &[String],
    item: &Map<String, Value>,
) -> Result<PathElement, String> {
    let declared = types.resolve(list.element).and_then(|atom| atom.map.as_ref());
    let value = |key: &String| {
        let default = || declared?.fields.get(key)?.default.as_ref();
        Some((key.as_str().into(), Scalar(item.get(key).or_else(default)?.clone())))
    };
    let mut named: Vec<_> = keys.iter().filter_map(value).collect();
    if named.is_empty() {
        let keys: Vec<String> = keys.iter().map(|key| gotext::quote(key)).collect();
        return Err(format!(
            "associative list with keys has an element that omits all key fields [{}] (and doesn't have default values \
             for any key fields)",
            keys.join(" ")
        ));
    }
    named.sort();
    Ok(PathElement::Key(named))
}

/// The items of a list in order, each with its name; items without one are left out.
pub(super) fn named<'a>(types: &Types, list: &List, items: &'a [Value]) -> Vec<(PathElement, &'a Value)> {
    let named = |(index, item)| Some((name(types, list, index, item).ok()?, item));
    items.iter().enumerate().filter_map(named).collect()
}
