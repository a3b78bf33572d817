//! Merging objects.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::rules::Rules;
use super::{DELETE_FROM, Failure, PATCH, RETAIN_KEYS, SET_ORDER, element_order, list};
use crate::client::shape::Struct;

/// Applies a patch to an object of a core kind.
///
/// The patch loses the directives that have been followed: what is left of it is what the server shows when the outcome
/// is not an object of the kind. On failure the object is left half-changed. The recursion is as deep as the patch.
///
/// # Errors
/// [`Failure`], as kube-apiserver words it.
pub(in crate::client::patch) fn apply(
    shape: &'static Struct,
    object: &mut Map<String, Value>,
    patch: &mut Map<String, Value>,
) -> Result<(), Failure> {
    merge(object, patch, Rules::of(shape))
}

/// Merges a patch into the object that it is for.
pub(super) fn merge(
    old: &mut Map<String, Value>,
    patch: &mut Map<String, Value>,
    rules: Rules,
) -> Result<(), Failure> {
    if let Some(directive) = patch.get(PATCH) {
        match directive.as_str() {
            Some("replace") => {
                patch.remove(PATCH);
                old.clone_from(patch);
            }
            Some("delete") => old.clear(),
            _ => return Err(Failure::unknown_directive(directive, &Value::Object(patch.clone()))),
        }
        return Ok(());
    }
    retain_keys(old, patch)?;
    element_order::apply(old, patch, rules)?;
    patch.iter_mut().try_for_each(|(name, change)| merge_field(old, name, change, rules))
}

/// Follows `$retainKeys`: other fields go.
fn retain_keys(old: &mut Map<String, Value>, patch: &mut Map<String, Value>) -> Result<(), Failure> {
    let Some(kept) = patch.remove(RETAIN_KEYS) else { return Ok(()) };
    let Value::Array(kept) = kept else { return Err(Failure::RetainKeys) };
    let kept: HashSet<&str> = kept.iter().filter_map(Value::as_str).collect();
    let directive = |name: &str| name.starts_with(DELETE_FROM) || name.starts_with(SET_ORDER);
    let foreign = |(name, change): (&String, &Value)| {
        !change.is_null() && !directive(name) && !kept.contains(name.as_str())
    };
    if patch.iter().any(foreign) {
        return Err(Failure::NotRetained);
    }
    old.retain(|name, _| kept.contains(name.as_str()));
    Ok(())
}

fn merge_field(
    old: &mut Map<String, Value>,
    name: &str,
    change: &mut Value,
    rules: Rules,
) -> Result<(), Failure> {
    let deleting = name.starts_with(DELETE_FROM);
    let name = match directed_field(name, DELETE_FROM) {
        Some("") => name,
        Some(field) => field,
        None if deleting => return Err(Failure::PrimitiveList),
        None => name,
    };
    if change.is_null() {
        old.remove(name);
        return Ok(());
    }
    match (old.get_mut(name), &mut *change) {
        (Some(Value::Object(old)), Value::Object(change)) => merge(old, change, rules.field(name)?),
        (Some(Value::Array(old)), Value::Array(change)) => {
            let (rules, how) = rules.items(name)?;
            list::merge(old, change, rules, how, deleting)
        }
        (Some(found), change) if list::alike(found, change) => {
            found.clone_from(change);
            Ok(())
        }
        _ if deleting => Ok(()),
        (_, change) => {
            take(old, name, change);
            Ok(())
        }
    }
}

/// The field that a directive of the form `<directive>/<field>` is about.
pub(super) fn directed_field<'a>(name: &'a str, directive: &str) -> Option<&'a str> {
    name.strip_prefix(directive)?.strip_prefix('/')
}

/// Takes over a value that there is nothing to merge with.
fn take(old: &mut Map<String, Value>, name: &str, change: &mut Value) {
    drop_nulls(change);
    if drop_directed(change) {
        old.insert(name.to_owned(), change.clone());
    } else {
        old.remove(name);
    }
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

/// Drops the objects that have a `$patch`, whatever it says. Returns whether the value itself stays.
pub(super) fn drop_directed(value: &mut Value) -> bool {
    match value {
        Value::Object(map) if map.contains_key(PATCH) => return false,
        Value::Object(map) => map.retain(|_, value| drop_directed(value)),
        Value::Array(items) => items.retain_mut(drop_directed),
        _ => {}
    }
    true
}
