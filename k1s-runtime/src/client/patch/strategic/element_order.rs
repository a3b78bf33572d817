//! `$setElementOrder/<field>`: the order that a list has after the patch.

use serde_json::{Map, Value};

use super::map::{directed_field, drop_directed};
use super::order::{Positions, arrange, identity};
use super::rules::Rules;
use super::{Failure, PATCH, SET_ORDER, list};
use crate::api::jsonpath::go_text;

/// Follows these directives: merges the lists that they are about, orders them, and takes both out of the patch.
pub(super) fn apply(
    old: &mut Map<String, Value>,
    patch: &mut Map<String, Value>,
    rules: Rules,
) -> Result<(), Failure> {
    let directives: Vec<String> = patch.keys().filter(|name| name.starts_with(SET_ORDER)).cloned().collect();
    for directive in directives {
        let Some(wanted) = patch.remove(&directive) else { continue };
        let Value::Array(wanted) = wanted else { return Err(not_a_list(&wanted)) };
        let name = directed_field(&directive, SET_ORDER).ok_or(Failure::ElementOrder)?;
        let before = taken_list(old.get(name))?;
        let change = taken_list(patch.get(name))?;
        let (items, how) = rules.items(name)?;
        check_agreement(change.as_deref().unwrap_or_default(), &wanted, how.key())?;
        let merged = match (before.clone(), change.clone()) {
            (None, None) => continue,
            (Some(before), None) => before,
            (None, Some(mut added)) => {
                added.retain_mut(drop_directed);
                added
            }
            (Some(mut merged), Some(mut change)) => {
                list::merge(&mut merged, &mut change, items, how, false)?;
                merged
            }
        };
        let before = before.unwrap_or_default();
        list::of_objects(&before, change.as_deref().unwrap_or_default())?;
        let (wanted, before) = (Positions::of(&wanted, how.key())?, Positions::of(&before, how.key())?);
        old.insert(name.to_owned(), arrange(merged, &wanted, &before, how.key())?.into());
        patch.remove(name);
    }
    Ok(())
}

fn taken_list(value: Option<&Value>) -> Result<Option<Vec<Value>>, Failure> {
    match value {
        None => Ok(None),
        Some(Value::Array(items)) => Ok(Some(items.clone())),
        Some(other) => Err(not_a_list(other)),
    }
}

fn not_a_list(found: &Value) -> Failure {
    Failure::wrong_type("[]interface {}", found)
}

/// The items of the patch have to be in the wanted order, all of them; those that are deleted do not count.
fn check_agreement(change: &[Value], wanted: &[Value], key: Option<&str>) -> Result<(), Failure> {
    if change.is_empty() || wanted.is_empty() {
        return Ok(());
    }
    let mut wanted_left = wanted.iter();
    for item in change {
        // Deleting or replacing items say nothing of order.
        if item.get(PATCH).is_some() {
            continue;
        }
        let identity_of_item = identity(item, key)?;
        let found = loop {
            match wanted_left.next() {
                Some(next) if identity(next, key)? == identity_of_item => break true,
                Some(_) => {}
                None => break false,
            }
        };
        if !found {
            let show = |list: &[Value]| go_text(&Value::Array(list.to_vec()));
            let message = format!(
                "The order in patch list:\n{}\n doesn't match {SET_ORDER} list:\n{}\n",
                show(change),
                show(wanted)
            );
            return Err(Failure::Other(message));
        }
    }
    Ok(())
}
