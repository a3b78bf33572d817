//! Lists and objects: counts, required and forbidden fields, and the way down.

use serde_json::{Map, Value};

use crate::api::field::{BadValue, ErrorType, Path};
use crate::schema::node::{ListKind, Node, NodeAdditional};

use super::list_type;
use super::value::{Context, check};

/// Checks a list; answers the match count of its items.
pub(super) fn list(
    node: &Node,
    items: &[Value],
    old: Option<&[Value]>,
    path: &Path<'_>,
    context: &mut Context,
) -> usize {
    let mut count = 1;
    if let Some(child) = &node.items {
        for (index, item) in items.iter().enumerate() {
            let old = old.and_then(|old| counterpart(node, item, old));
            count += check(child, item, old, &path.index(index), context);
        }
    }
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    if let Some(min) = node.list.min
        && length < min
    {
        context.report(ErrorType::Invalid, "minItems", path, Value::from(length), |at| {
            format!("{at} in body should have at least {min} items")
        });
    }
    if let Some(max) = node.list.max
        && length > max
    {
        too_many("maxItems", length, max, path, context);
    }
    if node.list.unique && list_type::first_equal(items).is_some() {
        context.report(ErrorType::Invalid, "uniqueItems", path, "", |at| {
            format!("{at} in body shouldn't contain duplicates")
        });
    }
    count
}

/// The item that an item replaces. Only map lists tell which one that is.
fn counterpart<'o>(node: &Node, item: &Value, old: &'o [Value]) -> Option<&'o Value> {
    let ListKind::Map(keys) = &node.list.kind else { return None };
    old.iter().find(|old| keys.iter().all(|key| old.get(key) == item.get(key)))
}

fn too_many(keyword: &'static str, length: i64, max: i64, path: &Path<'_>, context: &mut Context) {
    let detail = match max {
        max if max < 0 => "has too many items".to_owned(),
        1 => "must have at most 1 item".to_owned(),
        max => format!("must have at most {max} items"),
    };
    context.report(ErrorType::TooMany, keyword, path, Value::from(length), |_| detail);
}

/// Checks an object; answers the match count of its fields.
pub(super) fn object(
    node: &Node,
    map: &Map<String, Value>,
    old: Option<&Map<String, Value>>,
    path: &Path<'_>,
    context: &mut Context,
) -> usize {
    let length = i64::try_from(map.len()).unwrap_or(i64::MAX);
    if let Some(min) = node.object.min
        && length < min
    {
        context.report(ErrorType::Invalid, "minProperties", path, Value::from(length), |at| {
            format!("{at} in body should have at least {min} properties")
        });
        return 0;
    }
    if let Some(max) = node.object.max
        && length > max
    {
        too_many("maxProperties", length, max, path, context);
        return 0;
    }
    let mut count = 0;
    for (key, value) in map {
        let child = match (node.properties.get(key), &node.additional) {
            (Some(child), _) => child,
            (None, NodeAdditional::Schema(child)) => child,
            (None, NodeAdditional::Allowed(false)) => {
                context.report_forbidden(path, key);
                continue;
            }
            (None, _) => continue,
        };
        count += check(child, value, old.and_then(|old| old.get(key)), &path.field(key), context);
    }
    for name in &node.object.required {
        if !map.contains_key(name) {
            context.report(ErrorType::Required, "required", &path.field(name), BadValue::Omitted, |_| {
                String::new()
            });
        }
    }
    count
}
