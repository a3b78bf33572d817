//! `nullable`, `format`, `pattern` and `enum`.

use k1s_runtime::schema::{SchemaType, Structural, formats};
use serde_json::Value;

use super::super::rules;
use super::Difference;

pub(super) fn compare(old: &Structural, new: &Structural) -> Vec<Difference> {
    let mut found = Vec::new();
    match (old.nullable, new.nullable) {
        (true, false) => found.push(Difference::new(&rules::NULLABLE_REMOVED, "", None, None)),
        (false, true) => found.push(Difference::new(&rules::NULLABLE_ADDED, "", None, None)),
        _ => {}
    }
    found.extend(format(old, new));
    found.extend(pattern(old, new));
    found.extend(enumeration(old, new));
    found
}

/// Formats of which each value is one of the second, too.
const WIDER: [(&str, &str); 7] = [
    ("int32", "int64"),
    ("float", "double"),
    ("uuid3", "uuid"),
    ("uuid4", "uuid"),
    ("uuid5", "uuid"),
    ("isbn10", "isbn"),
    ("isbn13", "isbn"),
];

fn format(old: &Structural, new: &Structural) -> Option<Difference> {
    if old.format == new.format && checked(old) == checked(new) {
        return None;
    }
    // These take every value of their types.
    let takes_all = |name: &str| matches!(name, "int64" | "double" | "password");
    let rule = match (checked(old), checked(new)) {
        (old, new) if old == new => &rules::FORMAT_UNCHECKED,
        (_, None) => &rules::FORMAT_LOOSENED,
        (_, Some(new)) if takes_all(new) => &rules::FORMAT_LOOSENED,
        (None, Some(_)) => &rules::FORMAT_ADDED,
        (Some(old), Some(new)) if WIDER.contains(&(old, new)) => &rules::FORMAT_LOOSENED,
        (Some(_), Some(_)) => &rules::FORMAT_CHANGED,
    };
    let name = |schema: &Structural| schema.format.clone().map(Value::from);
    Some(Difference::new(rule, "format", name(old), name(new)))
}

/// The format that API servers check, by the name that the table has.
fn checked(schema: &Structural) -> Option<&'static str> {
    let type_ = schema.type_.filter(|_| !schema.extensions.int_or_string);
    let word = type_.map(SchemaType::as_str).unwrap_or_default();
    formats::recognized(word, schema.format.as_deref()?).map(formats::Format::name)
}

fn pattern(old: &Structural, new: &Structural) -> Option<Difference> {
    let (before, after) = (&old.constraints.pattern, &new.constraints.pattern);
    if before == after {
        return None;
    }
    let says = |pattern: &&String| !matches!(pattern.as_str(), "" | ".*" | "^.*");
    let rule = match (before.as_ref().filter(says), after.as_ref().filter(says)) {
        (None, None) => &rules::BOUND_RESTATED,
        (None, Some(_)) => &rules::PATTERN_ADDED,
        (Some(_), None) => &rules::PATTERN_REMOVED,
        (Some(_), Some(_)) => &rules::PATTERN_CHANGED,
    };
    let text = |pattern: &Option<String>| pattern.clone().map(Value::from);
    Some(Difference::new(rule, "pattern", text(before), text(after)))
}

fn enumeration(old: &Structural, new: &Structural) -> Vec<Difference> {
    // An empty list refuses nothing.
    let of = |schema: &Structural| schema.constraints.enumeration.clone().filter(|values| !values.is_empty());
    let what = "enum";
    match (of(old), of(new)) {
        (None, None) => Vec::new(),
        (None, Some(values)) => vec![Difference::new(&rules::ENUM_ADDED, what, None, Some(values.into()))],
        (Some(values), None) => vec![Difference::new(&rules::ENUM_REMOVED, what, Some(values.into()), None)],
        (Some(before), Some(after)) if before == after => Vec::new(),
        (Some(before), Some(after)) => {
            let gone = before.iter().filter(|value| !after.contains(value));
            let gone = gone
                .map(|value| Difference::new(&rules::ENUM_VALUE_REMOVED, what, Some(value.clone()), None));
            let come = after.iter().filter(|value| !before.contains(value));
            let come =
                come.map(|value| Difference::new(&rules::ENUM_VALUE_ADDED, what, None, Some(value.clone())));
            let mut found: Vec<Difference> = gone.chain(come).collect();
            if found.is_empty() {
                let (from, to) = (Some(before.into()), Some(after.into()));
                found.push(Difference::new(&rules::ENUM_REORDERED, what, from, to));
            }
            found
        }
    }
}
