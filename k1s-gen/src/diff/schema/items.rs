//! The items of a list.

use super::super::rules;
use super::at::{At, Step};
use super::walk::{Pair, Walk};

pub(super) fn compare(walk: &mut Walk, at: &At<'_>, pair: &Pair<'_>) {
    let below = at.step(Step::Items);
    match (pair.old.items.as_deref(), pair.new.items.as_deref()) {
        (None, None) => {}
        (None, Some(_)) => walk.note(&below, &rules::ITEMS_ADDED),
        (Some(_), None) => walk.note(&below, &rules::ITEMS_REMOVED),
        (Some(old), Some(new)) => walk.compare(&below, &Pair { old, new, up: Some(pair) }),
    }
}
