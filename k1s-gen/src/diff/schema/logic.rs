//! `allOf`, `anyOf`, `oneOf` and `not`: which of two sets of branches demands more.
//!
//! Branches are put in order where that is plain: one branch implies another if it demands the same or more of the same value. All other
//! changes are taken to be breaking.

use std::cell::Cell;

use k1s_runtime::schema::{Extensions, SchemaType, Structural};
use serde_json::Value;

use super::super::rules::{self, Class};
use super::{Difference, bounds, values};

/// How many pairs of branches are put in order for one value. Branches in branches are tried with each other, so that their number says
/// little of the work; what is left then counts as breaking.
const MAX_PAIRS: usize = 2_000;

/// How many pairs may still be.
type Left = Cell<usize>;

/// How the new demand lies to the old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    Same,
    /// What satisfied the old one satisfies the new one.
    Looser,
    /// It demands more, or nobody can tell.
    Unknown,
}

pub(super) fn compare(old: &Structural, new: &Structural) -> Vec<Difference> {
    let left = &Cell::new(MAX_PAIRS);
    let demands = [
        ("allOf", all_of(left, &old.all_of, &new.all_of), &rules::ALL_OF_LOOSENED, &rules::ALL_OF_TIGHTENED),
        ("anyOf", any_of(left, &old.any_of, &new.any_of), &rules::ANY_OF_LOOSENED, &rules::ANY_OF_TIGHTENED),
        ("oneOf", one_of(left, &old.one_of, &new.one_of), &rules::ONE_OF_REMOVED, &rules::ONE_OF_CHANGED),
        ("not", not(left, old.not.as_deref(), new.not.as_deref()), &rules::NOT_REMOVED, &rules::NOT_CHANGED),
    ];
    let differences = demands.into_iter().filter_map(|(what, order, looser, other)| {
        let rule = match order {
            Order::Same => return None,
            Order::Looser => looser,
            Order::Unknown => other,
        };
        Some(Difference::new(rule, what, shown(old, what), shown(new, what)))
    });
    differences.collect()
}

fn shown(schema: &Structural, what: &str) -> Option<Value> {
    let branches = |branches: &[Structural]| {
        (!branches.is_empty()).then(|| branches.iter().map(Structural::to_openapi).collect())
    };
    match what {
        "allOf" => branches(&schema.all_of),
        "anyOf" => branches(&schema.any_of),
        "oneOf" => branches(&schema.one_of),
        _ => schema.not.as_deref().map(Structural::to_openapi),
    }
}

/// Whether what satisfies `old` satisfies `new`.
fn implies(left: &Left, old: &Structural, new: &Structural) -> bool {
    branch(left, old, new) != Order::Unknown
}

/// Whether both sets have the same branches, in any order.
fn are_same(left: &Left, old: &[Structural], new: &[Structural]) -> bool {
    let within = |a: &[Structural], b: &[Structural]| {
        a.iter().all(|a| b.iter().any(|b| branch(left, a, b) == Order::Same))
    };
    old.len() == new.len() && within(old, new) && within(new, old)
}

fn all_of(left: &Left, old: &[Structural], new: &[Structural]) -> Order {
    if are_same(left, old, new) {
        Order::Same
    } else if new.iter().all(|new| old.iter().any(|old| implies(left, old, new))) {
        Order::Looser
    } else {
        Order::Unknown
    }
}

fn any_of(left: &Left, old: &[Structural], new: &[Structural]) -> Order {
    // None at all demand nothing, where a branch that is satisfied would be needed else.
    let is_looser = || {
        let has_place = |old| new.iter().any(|new| implies(left, old, new));
        new.is_empty() || (!old.is_empty() && old.iter().all(has_place))
    };
    if are_same(left, old, new) {
        Order::Same
    } else if is_looser() {
        Order::Looser
    } else {
        Order::Unknown
    }
}

fn one_of(left: &Left, old: &[Structural], new: &[Structural]) -> Order {
    // Each branch has its counterpart: a branch that is there twice is not one that is there once.
    let paired = old.len() == new.len() && {
        let mut others: Vec<&Structural> = new.iter().collect();
        old.iter().all(|old| {
            let at = others.iter().position(|new| branch(left, old, new) == Order::Same);
            at.map(|at| others.swap_remove(at)).is_some()
        })
    };
    if paired {
        Order::Same
    } else if new.is_empty() {
        Order::Looser
    } else {
        Order::Unknown
    }
}

fn not(left: &Left, old: Option<&Structural>, new: Option<&Structural>) -> Order {
    match (old, new) {
        (None, None) => Order::Same,
        (Some(_), None) => Order::Looser,
        (None, Some(_)) => Order::Unknown,
        // What is refused may become less.
        (Some(old), Some(new)) => branch(left, new, old),
    }
}

/// Puts two branches in order.
fn branch(left: &Left, old: &Structural, new: &Structural) -> Order {
    if old == new {
        return Order::Same;
    }
    if left.get() == 0 {
        return Order::Unknown;
    }
    left.set(left.get() - 1);
    let mut order = kind(old, new);
    let mut also = |next: Order| order = order.max(next);
    for difference in values::compare(old, new).into_iter().chain(bounds::compare(old, new)) {
        also(match difference.rule.class {
            Class::Safe => Order::Same,
            Class::Compatible => Order::Looser,
            Class::Breaking => Order::Unknown,
        });
    }
    also(required(old, new));
    also(properties(left, old, new));
    also(match (old.items.as_deref(), new.items.as_deref()) {
        (None, None) => Order::Same,
        (Some(_), None) => Order::Looser,
        (None, Some(_)) => Order::Unknown,
        (Some(old), Some(new)) => branch(left, old, new),
    });
    also(all_of(left, &old.all_of, &new.all_of));
    also(any_of(left, &old.any_of, &new.any_of));
    also(one_of(left, &old.one_of, &new.one_of));
    also(not(left, old.not.as_deref(), new.not.as_deref()));
    order
}

/// Types, and what branches should not have at all.
fn kind(old: &Structural, new: &Structural) -> Order {
    let plain = |schema: &Structural| Extensions { int_or_string: false, ..schema.extensions.clone() };
    if plain(old) != plain(new) || old.default != new.default || old.nullable != new.nullable {
        return Order::Unknown;
    }
    if old.extensions.int_or_string != new.extensions.int_or_string {
        return Order::Unknown;
    }
    match (old.type_, new.type_) {
        (old, new) if old == new => Order::Same,
        (_, None) | (Some(SchemaType::Integer), Some(SchemaType::Number)) => Order::Looser,
        _ => Order::Unknown,
    }
}

fn required(old: &Structural, new: &Structural) -> Order {
    let (old, new) = (&old.constraints.required, &new.constraints.required);
    let within = |a: &[String], b: &[String]| a.iter().all(|name| b.contains(name));
    match (within(new, old), within(old, new)) {
        (true, true) => Order::Same,
        (true, false) => Order::Looser,
        (false, _) => Order::Unknown,
    }
}

fn properties(left: &Left, old: &Structural, new: &Structural) -> Order {
    // What is no property falls to `additionalProperties`.
    if old.additional.is_some() || new.additional.is_some() {
        let is_same = old.additional == new.additional && old.properties == new.properties;
        return if is_same { Order::Same } else { Order::Unknown };
    }
    let names = old.properties.keys().chain(new.properties.keys());
    let one = |name: &String| {
        // A property that is not named is one of which nothing is demanded.
        let below = |schema: &Structural| schema.properties.get(name).cloned().unwrap_or_default();
        branch(left, &below(old), &below(new))
    };
    names.map(one).max().unwrap_or(Order::Same)
}
