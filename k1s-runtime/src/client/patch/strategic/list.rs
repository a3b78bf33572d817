//! Merging lists, by value or by a key of their items.

use std::collections::HashSet;

use serde_json::Value;

use super::order::{Positions, arrange, identity};
use super::rules::Rules;
use super::{Failure, PATCH, map};
use crate::api::jsonpath::go_text;
use crate::client::shape::ListPatch;

/// Merges the patch's list into the old one, or with `deleting` takes its values out of it.
///
/// `rules` are those of the items.
pub(super) fn merge(
    old: &mut Vec<Value>,
    patch: &mut Vec<Value>,
    rules: Rules,
    how: ListPatch,
    deleting: bool,
) -> Result<(), Failure> {
    if how == ListPatch::Replace {
        old.clone_from(patch);
        return Ok(());
    }
    if old.is_empty() && patch.is_empty() {
        return Ok(());
    }
    if of_objects(old, patch)? {
        let Some(key) = how.key() else {
            let message = format!("cannot merge lists without merge key for {}", rules.kind());
            return Err(Failure::Other(message));
        };
        return merge_objects(old, patch, rules, key);
    }
    if deleting {
        let leaving = Positions::of(patch, None)?;
        old.retain(|item| leaving.get(&item.to_string()).is_none());
        return Ok(());
    }
    let before = Positions::of(old, None)?;
    let mut seen = HashSet::with_capacity(old.len() + patch.len());
    let mut merged = std::mem::take(old);
    merged.extend(patch.iter().cloned());
    merged.retain(|item| seen.insert(item.to_string()));
    *old = arrange(merged, &Positions::of(patch, how.key())?, &before, how.key())?;
    Ok(())
}

/// Whether the items of both lists are objects.
///
/// # Errors
/// When they are lists, are not all of one type, or there are none.
pub(super) fn of_objects(old: &[Value], patch: &[Value]) -> Result<bool, Failure> {
    let mut items = old.iter().chain(patch);
    let first =
        items.next().ok_or_else(|| Failure::Other("no elements in any of the given slices".to_owned()))?;
    if first.is_array() {
        return Err(Failure::ListOfLists);
    }
    if first.is_null() || items.any(|item| !alike(first, item)) {
        let shown = [old, patch].map(|list| go_text(&Value::Array(list.to_vec()))).join(" ");
        return Err(Failure::Other(format!("list element types are not identical: [{shown}]")));
    }
    Ok(first.is_object())
}

/// Whether Go decodes both values into the same type.
pub(super) fn alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.is_i64() == other.is_i64(),
        _ => std::mem::discriminant(one) == std::mem::discriminant(other),
    }
}

fn merge_objects(
    old: &mut Vec<Value>,
    patch: &[Value],
    rules: Rules,
    key: &'static str,
) -> Result<(), Failure> {
    let mut plain = follow_directives(old, patch, key)?;
    let before = Positions::of(old, Some(key))?;
    let mut places = before.clone();
    let mut merged = std::mem::take(old);
    for item in &mut plain {
        let identity = identity(item, Some(key))?;
        match (places.get(&identity).and_then(|place| merged.get_mut(place)), &mut *item) {
            (Some(Value::Object(found)), Value::Object(change)) => map::merge(found, change, rules)?,
            _ => {
                places.push(identity, merged.len());
                merged.push(item.clone());
            }
        }
    }
    *old = arrange(merged, &Positions::of(&plain, Some(key))?, &before, Some(key))?;
    Ok(())
}

/// Deletes what the patch says is to go, or everything if it is to be replaced. Returns the items to merge.
fn follow_directives(old: &mut Vec<Value>, patch: &[Value], key: &str) -> Result<Vec<Value>, Failure> {
    let mut plain = Vec::with_capacity(patch.len());
    let mut leaving = HashSet::new();
    let mut replace = false;
    for item in patch {
        let Some(directive) = item.get(PATCH) else {
            plain.push(item.clone());
            continue;
        };
        match directive.as_str() {
            Some("delete") => {
                leaving.insert(identity(item, Some(key))?);
            }
            Some("replace") => replace = true,
            Some("merge") => {
                let message = "merging lists cannot yet be specified in the patch";
                return Err(Failure::Other(message.to_owned()));
            }
            _ => return Err(Failure::unknown_directive(directive, item)),
        }
    }
    if replace {
        *old = plain;
        return Ok(Vec::new());
    }
    if !leaving.is_empty() {
        old.retain(|item| item.get(key).is_none_or(|value| !leaving.contains(&value.to_string())));
    }
    Ok(plain)
}
