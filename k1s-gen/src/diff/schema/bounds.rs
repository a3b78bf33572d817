//! Bounds of numbers, lengths and counts.

use k1s_runtime::schema::{Constraints, SchemaType, Structural};
use serde_json::{Number, Value};

use super::super::rules::{self, Rule};
use super::Difference;

/// Which way a bound restricts.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Lower,
    Upper,
}

pub(super) fn compare(old: &Structural, new: &Structural) -> Vec<Difference> {
    let (before, after) = (&old.constraints, &new.constraints);
    let counts = [
        ("minLength", Side::Lower, before.min_length, after.min_length),
        ("maxLength", Side::Upper, before.max_length, after.max_length),
        ("minItems", Side::Lower, before.min_items, after.min_items),
        ("maxItems", Side::Upper, before.max_items, after.max_items),
        ("minProperties", Side::Lower, before.min_properties, after.min_properties),
        ("maxProperties", Side::Upper, before.max_properties, after.max_properties),
    ];
    let mut found: Vec<Difference> =
        counts.into_iter().filter_map(|(what, side, old, new)| count(what, side, old, new)).collect();
    found.extend(limit(Side::Lower, old, new));
    found.extend(limit(Side::Upper, old, new));
    found.extend(multiple_of(old, new));
    if before.unique_items != after.unique_items {
        let rule = if after.unique_items { &rules::BOUND_ADDED } else { &rules::BOUND_REMOVED };
        let (from, to) = (Some(before.unique_items.into()), Some(after.unique_items.into()));
        found.push(Difference::new(rule, "uniqueItems", from, to));
    }
    found
}

fn count(what: &'static str, side: Side, old: Option<i64>, new: Option<i64>) -> Option<Difference> {
    if old == new {
        return None;
    }
    // Nothing has fewer than no parts.
    let says = |bound: &i64| side == Side::Upper || *bound > 0;
    let rule = match (old.filter(says), new.filter(says)) {
        (old, new) if old == new => &rules::BOUND_RESTATED,
        (None, _) => &rules::BOUND_ADDED,
        (_, None) => &rules::BOUND_REMOVED,
        (Some(old), Some(new)) => direction(side, new > old),
    };
    Some(Difference::new(rule, what, old.map(Value::from), new.map(Value::from)))
}

/// The rule for a bound that moved up or down.
fn direction(side: Side, up: bool) -> &'static Rule {
    if (side == Side::Lower) == up { &rules::BOUND_TIGHTENED } else { &rules::BOUND_LOOSENED }
}

/// `minimum` with `exclusiveMinimum`, or `maximum` with its.
fn limit(side: Side, old: &Structural, new: &Structural) -> Option<Difference> {
    let of = |constraints: &Constraints| match side {
        Side::Lower => (constraints.minimum.clone(), constraints.exclusive_minimum),
        Side::Upper => (constraints.maximum.clone(), constraints.exclusive_maximum),
    };
    let (before, after) = (of(&old.constraints), of(&new.constraints));
    if before == after {
        return None;
    }
    let (what, exclusive) = match side {
        Side::Lower => ("minimum", "exclusiveMinimum"),
        Side::Upper => ("maximum", "exclusiveMaximum"),
    };
    let rule = match (&before.0, &after.0) {
        (None, None) => &rules::BOUND_RESTATED,
        (None, Some(_)) => &rules::BOUND_ADDED,
        (Some(_), None) => &rules::BOUND_REMOVED,
        (Some(old_bound), Some(new_bound)) => {
            if old_bound != new_bound && !fits(new, new_bound) {
                &rules::BOUND_TIGHTENED
            } else {
                moved(side, (old_bound, before.1), (new_bound, after.1), new.type_)
            }
        }
    };
    let number = |bound: &Option<Number>| bound.clone().map(Value::Number);
    if before.0 == after.0 {
        return Some(Difference::new(rule, exclusive, Some(before.1.into()), Some(after.1.into())));
    }
    let difference = Difference::new(rule, what, number(&before.0), number(&after.0));
    Some(match before.1 == after.1 {
        true => difference,
        false => difference.with(format!("{exclusive}: {} → {}", before.1, after.1)),
    })
}

/// What it means that a limit, with whether it is exclusive, became another one.
fn moved(
    side: Side,
    (old, old_exclusive): (&Number, bool),
    (new, new_exclusive): (&Number, bool),
    type_: Option<SchemaType>,
) -> &'static Rule {
    let (Some(old), Some(new)) = (old.as_f64(), new.as_f64()) else { return &rules::BOUND_TIGHTENED };
    let (old_end, new_end) = (last(side, old, old_exclusive, type_), last(side, new, new_exclusive, type_));
    let old_exclusive = old_exclusive && old_end == old;
    let new_exclusive = new_exclusive && new_end == new;
    if old_end == new_end {
        return match (old_exclusive, new_exclusive) {
            (false, true) => &rules::BOUND_TIGHTENED,
            (true, false) => &rules::BOUND_LOOSENED,
            _ => &rules::BOUND_RESTATED,
        };
    }
    let rule = direction(side, new_end > old_end);
    // Integers are compared with limits without their fractions, so those may be equal to it still.
    if new_exclusive && !old_exclusive && old_end.trunc() == new_end.trunc() {
        return &rules::BOUND_TIGHTENED;
    }
    rule
}

/// The last allowed integer instead of the first refused one.
fn last(side: Side, bound: f64, exclusive: bool, type_: Option<SchemaType>) -> f64 {
    const EXACT: f64 = 9_007_199_254_740_991.0;
    if !exclusive || type_ != Some(SchemaType::Integer) || bound.fract() != 0.0 || bound.abs() >= EXACT {
        return bound;
    }
    match side {
        Side::Lower => bound + 1.0,
        Side::Upper => bound - 1.0,
    }
}

/// Whether a limit is a value of the schema's type. One that is not refuses everything.
fn fits(schema: &Structural, bound: &Number) -> bool {
    let Some(bound) = bound.as_f64() else { return false };
    let format = schema.format.as_deref().unwrap_or_default();
    match (schema.type_, format) {
        (Some(SchemaType::Integer), _) if bound.fract() != 0.0 => false,
        (Some(SchemaType::Integer), "int32") => (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&bound),
        (Some(SchemaType::Integer), _) => bound.abs() < 9_223_372_036_854_775_808.0,
        (Some(SchemaType::Number), "float") => bound.abs() <= f64::from(f32::MAX),
        _ => true,
    }
}

fn multiple_of(old: &Structural, new: &Structural) -> Option<Difference> {
    let (before, after) = (&old.constraints.multiple_of, &new.constraints.multiple_of);
    if before == after {
        return None;
    }
    let rule = match (before, after) {
        (None, _) => &rules::BOUND_ADDED,
        (_, None) => &rules::BOUND_REMOVED,
        // Of integers it can be told; doubles round.
        (Some(before), Some(after)) => match (before.as_i64(), after.as_i64()) {
            (Some(before), Some(after))
                if old.type_ == Some(SchemaType::Integer) && after > 0 && before % after == 0 =>
            {
                &rules::BOUND_LOOSENED
            }
            _ => &rules::BOUND_TIGHTENED,
        },
    };
    let number = |factor: &Option<Number>| factor.clone().map(Value::Number);
    Some(Difference::new(rule, "multipleOf", number(before), number(after)))
}
