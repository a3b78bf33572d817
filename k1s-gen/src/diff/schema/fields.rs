//! The fields of an object: declared ones, those of any name, and which have to be there.

use std::collections::BTreeSet;

use k1s_runtime::schema::{Additional, SchemaType, Structural};
use serde_json::Value;

use super::super::rules;
use super::at::{At, Step};
use super::walk::{Pair, Walk};
use super::{Difference, defaults};

/// Of how many fields a removed one is looked for under another name.
const MAX_FIELDS_FOR_RENAMES: usize = 200;

/// What becomes of a field that `properties` does not name.
#[derive(Clone, Copy)]
enum Unknown<'s> {
    Dropped,
    Kept,
    /// It has to satisfy a schema.
    Values(&'s Structural),
    Refused,
    /// It stays, but what its value holds is dropped: `additionalProperties: true`.
    Emptied,
}

impl<'s> Unknown<'s> {
    fn of(schema: &'s Structural) -> Self {
        match &schema.additional {
            None if schema.extensions.preserve_unknown_fields => Unknown::Kept,
            None => Unknown::Dropped,
            Some(Additional::Schema(values)) => Unknown::Values(values),
            Some(Additional::Allowed(false)) => Unknown::Refused,
            Some(Additional::Allowed(true)) => Unknown::Emptied,
        }
    }
}

pub(super) fn compare(walk: &mut Walk, at: &At<'_>, pair: &Pair<'_>) {
    let Pair { old, new, .. } = *pair;
    let is_resource = at.is_root() || (old.extensions.embedded_resource && new.extensions.embedded_resource);
    let names: BTreeSet<&str> =
        old.properties.keys().chain(new.properties.keys()).map(String::as_str).collect();
    for name in names {
        if is_resource && is_resource_field(name) {
            resource_field(walk, at, pair, name);
            continue;
        }
        match (old.properties.get(name), new.properties.get(name)) {
            (Some(before), Some(after)) => {
                let below = at.step(Step::Property(name));
                walk.compare(&below, &Pair { old: before, new: after, up: Some(pair) });
            }
            (Some(before), None) => removed(walk, at, pair, name, before),
            (None, Some(after)) => added(walk, at, pair, name, after),
            (None, None) => {}
        }
    }
    unknown(walk, at, pair);
    required(walk, at, pair, is_resource);
}

fn is_resource_field(name: &str) -> bool {
    matches!(name, "apiVersion" | "kind" | "metadata")
}

/// A field that every resource has, whether its schema says so or not, and that is never dropped.
fn resource_field(walk: &mut Walk, at: &At<'_>, pair: &Pair<'_>, name: &str) {
    let complete = |schema: Option<&Structural>| {
        let type_ = if name == "metadata" { SchemaType::Object } else { SchemaType::String };
        let mut schema = schema.cloned().unwrap_or_else(|| Structural::of(type_));
        schema.extensions.preserve_unknown_fields = name == "metadata";
        schema
    };
    let (old, new) = (complete(pair.old.properties.get(name)), complete(pair.new.properties.get(name)));
    walk.compare(&at.step(Step::Property(name)), &Pair { old: &old, new: &new, up: Some(pair) });
}

fn removed(walk: &mut Walk, at: &At<'_>, pair: &Pair<'_>, name: &str, before: &Structural) {
    let below = at.step(Step::Property(name));
    match Unknown::of(pair.new) {
        Unknown::Kept => {
            walk.note(&below, &rules::FIELD_UNDECLARED);
            if defaults::has_any(before) {
                walk.note(&below, &rules::DEFAULT_REMOVED);
            }
        }
        Unknown::Values(values) => {
            let below = at.step(Step::OldProperty(name));
            walk.compare(&below, &Pair { old: before, new: values, up: Some(pair) });
        }
        Unknown::Refused => walk.note(&below, &rules::FIELD_FORBIDDEN),
        Unknown::Dropped | Unknown::Emptied => {
            let mut difference = Difference::new(&rules::FIELD_REMOVED, "", None, None);
            difference.from = Some(shape(before));
            if let Some(other) = renamed(pair, before) {
                difference = difference.with(format!(
                    "if it was renamed to `{other}`: its data does not move there; keep both, or convert between versions"
                ));
            }
            walk.push(&below, difference);
        }
    }
}

/// The one field that came in place of a removed one, as its schema shows.
fn renamed<'p>(pair: &Pair<'p>, before: &Structural) -> Option<&'p str> {
    let is_come = |(name, after): &(&String, &Structural)| {
        !pair.old.properties.contains_key(*name)
            && after.type_ == before.type_
            && same_but_words(before, after)
    };
    // Of very many it is not worth the time.
    if pair.new.properties.len() > MAX_FIELDS_FOR_RENAMES {
        return None;
    }
    let mut come = pair.new.properties.iter().filter(is_come);
    let (name, _) = come.next()?;
    come.next().is_none().then_some(name.as_str())
}

fn same_but_words(a: &Structural, b: &Structural) -> bool {
    let plain = |schema: &Structural| Structural { description: None, title: None, ..schema.clone() };
    plain(a) == plain(b)
}

/// What a field was or is, in a word.
fn shape(schema: &Structural) -> Value {
    match schema.type_ {
        _ if schema.extensions.int_or_string => "int-or-string".into(),
        Some(type_) => type_.as_str().into(),
        None => "any".into(),
    }
}

fn added(walk: &mut Walk, at: &At<'_>, pair: &Pair<'_>, name: &str, after: &Structural) {
    let below = at.step(Step::Property(name));
    let field = Difference { to: Some(shape(after)), ..Difference::new(&rules::FIELD_ADDED, "", None, None) };
    match Unknown::of(pair.old) {
        Unknown::Values(values) => {
            let below = at.step(Step::NewProperty(name));
            return walk.compare(&below, &Pair { old: values, new: after, up: Some(pair) });
        }
        Unknown::Kept | Unknown::Emptied if !takes_anything(after) => {
            walk.push(&below, Difference { rule: &rules::FIELD_DECLARED, ..field });
        }
        _ => {
            let is_required = pair.new.constraints.required.iter().any(|required| required == name);
            let rule = if is_required && after.default.is_none() {
                &rules::REQUIRED_FIELD_ADDED
            } else {
                &rules::FIELD_ADDED
            };
            walk.push(&below, Difference { rule, ..field });
        }
    }
    if after.default.is_some()
        && let Some(why) = defaults::judged(&below, &Pair { old: after, new: after, up: Some(pair) })
    {
        let default = after.default.clone();
        walk.push(&below, Difference::new(&rules::DEFAULT_JUDGED, "default", None, default).with(why));
    }
}

/// Whether a schema takes and keeps every value.
fn takes_anything(schema: &Structural) -> bool {
    let mut plain = Structural { description: None, title: None, nullable: false, ..schema.clone() };
    plain.extensions.preserve_unknown_fields = false;
    schema.extensions.preserve_unknown_fields && plain == Structural::default()
}

fn unknown(walk: &mut Walk, at: &At<'_>, pair: &Pair<'_>) {
    let rule = match (Unknown::of(pair.old), Unknown::of(pair.new)) {
        (Unknown::Values(old), Unknown::Values(new)) => {
            return walk.compare(&at.step(Step::Values), &Pair { old, new, up: Some(pair) });
        }
        (Unknown::Dropped, Unknown::Dropped)
        | (Unknown::Kept, Unknown::Kept)
        | (Unknown::Refused, Unknown::Refused)
        | (Unknown::Emptied, Unknown::Emptied) => return,
        (_, Unknown::Refused) => &rules::UNKNOWN_FORBIDDEN,
        (Unknown::Dropped | Unknown::Refused, Unknown::Kept | Unknown::Emptied) => &rules::UNKNOWN_KEPT,
        (Unknown::Dropped | Unknown::Refused, Unknown::Values(_)) => &rules::MAP_ADDED,
        // What was refused is not there to be dropped.
        (Unknown::Refused, Unknown::Dropped) => &rules::MAP_OPENED,
        (Unknown::Kept, Unknown::Values(values)) if takes_anything(values) => &rules::MAP_OPENED,
        (Unknown::Kept, _) => &rules::UNKNOWN_DROPPED,
        (Unknown::Emptied, Unknown::Kept) => &rules::MAP_OPENED,
        (Unknown::Values(values), Unknown::Kept) => {
            if defaults::has_any(values) {
                walk.note(&at.step(Step::Values), &rules::DEFAULT_REMOVED);
            }
            &rules::MAP_OPENED
        }
        (Unknown::Values(_) | Unknown::Emptied, _) => &rules::MAP_REMOVED,
    };
    walk.note(at, rule);
}

fn required(walk: &mut Walk, at: &At<'_>, pair: &Pair<'_>, is_resource: bool) {
    let Pair { old, new, .. } = *pair;
    let set = |schema: &'_ Structural| -> BTreeSet<String> {
        schema.constraints.required.iter().cloned().collect()
    };
    let (before, after) = (set(old), set(new));
    for name in after.difference(&before).filter(|name| !(is_resource && is_resource_field(name))) {
        let declared = new.properties.get(name);
        let is_new = !old.properties.contains_key(name)
            && matches!(Unknown::of(old), Unknown::Dropped | Unknown::Refused);
        let rule = match declared {
            Some(field) if field.default.is_some() => &rules::REQUIRED_WITH_DEFAULT,
            // It was told as a new field.
            Some(_) if is_new => continue,
            _ => &rules::REQUIRED_ADDED,
        };
        walk.note(&at.step(Step::Property(name)), rule);
    }
    for name in before.difference(&after).filter(|name| !(is_resource && is_resource_field(name))) {
        let is_gone = old.properties.contains_key(name) && !new.properties.contains_key(name);
        if !is_gone {
            walk.note(&at.step(Step::Property(name)), &rules::REQUIRED_REMOVED);
        }
    }
}
