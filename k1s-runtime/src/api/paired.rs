//! The fields of an object, each with what is declared of it.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The fields of an object in their order, each with its declaration, if it has one.
///
/// Both maps are in the order of their names (and if an object's is not, the answers are the same), so that one walk finds most
/// declarations; where there are many more of them than fields, they are looked up.
pub(crate) fn paired<'a, T>(
    fields: &'a Map<String, Value>,
    declared: &'a BTreeMap<String, T>,
) -> impl Iterator<Item = (&'a String, &'a Value, Option<&'a T>)> {
    let walked = if declared.len() <= 4 * fields.len() { declared.len() } else { 0 };
    let mut rest = declared.iter().take(walked).peekable();
    fields.iter().map(move |(name, value)| {
        while let Some((next, declaration)) = rest.peek() {
            match next.as_str().cmp(name) {
                Ordering::Less => drop(rest.next()),
                Ordering::Equal => {
                    let declaration = *declaration;
                    rest.next();
                    return (name, value, Some(declaration));
                }
                Ordering::Greater => break,
            }
        }
        (name, value, declared.get(name))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pairs_are_what_lookups_find(
            fields in prop::collection::btree_set("[a-d]{0,2}", 0..12),
            declared in prop::collection::btree_map("[a-d]{0,2}", 0..9, 0..20),
        ) {
            let map: Map<String, Value> = fields.iter().map(|name| (name.clone(), Value::Null)).collect();
            let pairs = paired(&map, &declared).map(|(name, _, found)| (name, found)).collect::<Vec<_>>();
            let looked_up = map.keys().map(|name| (name, declared.get(name))).collect::<Vec<_>>();
            prop_assert_eq!(pairs, looked_up);
        }
    }
}
