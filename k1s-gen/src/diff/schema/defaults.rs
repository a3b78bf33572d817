//! Defaults: they change what objects hold, and so what the schemas around them say.

use k1s_runtime::schema::{CompiledSchema, Part, Rule, SchemaType, Structural};
use serde_json::Map;

use super::super::rules;
use super::Difference;
use super::at::At;
use super::walk::Pair;

/// Compares the defaults of one value.
pub(super) fn compare(at: &At<'_>, pair: &Pair<'_>) -> Vec<Difference> {
    let (old, new) = (&pair.old.default, &pair.new.default);
    let found = |rule| Difference::new(rule, "default", old.clone(), new.clone());
    match (old, new) {
        (None, Some(_)) => match judged(at, pair) {
            Some(why) => vec![found(&rules::DEFAULT_JUDGED).with(why)],
            None => vec![found(&rules::DEFAULT_ADDED)],
        },
        (Some(_), None) => vec![found(&rules::DEFAULT_REMOVED)],
        (Some(old), Some(new)) if old != new => vec![found(&rules::DEFAULT_CHANGED)],
        _ => Vec::new(),
    }
}

/// Why an object that gets a default for this field might then be refused, if it might.
///
/// Rules and branches around it that do not name the field are taken not to look at it.
pub(super) fn judged(at: &At<'_>, pair: &Pair<'_>) -> Option<String> {
    if refuses_its_default(pair.new) {
        return Some("its own schema refuses it".to_owned());
    }
    let (name, up) = (at.property()?, pair.up);
    if up.is_some_and(|pair| pair.new.constraints.max_properties.is_some()) {
        return Some("`maxProperties` counts it".to_owned());
    }
    let mut around = up;
    while let Some(pair) = around {
        let schema = pair.new;
        if let Some(rule) = schema.extensions.validations.iter().find(|rule| mentions(rule, name)) {
            return Some(format!("the rule `{}` looks at it", rule.rule.trim()));
        }
        let branches = schema.all_of.iter().chain(&schema.any_of).chain(&schema.one_of);
        if branches.chain(schema.not.as_deref()).any(|branch| names(branch, name)) {
            return Some("`allOf`, `anyOf`, `oneOf` or `not` around it looks at it".to_owned());
        }
        around = pair.up;
    }
    None
}

/// API servers look at most defaults themselves, but not at those below a map's values.
fn refuses_its_default(schema: &Structural) -> bool {
    let Some(default) = &schema.default else { return false };
    let mut around = Structural::of(SchemaType::Object);
    around.properties.insert("field".to_owned(), schema.clone());
    let around = CompiledSchema::of(around);
    let mut object = Map::from_iter([("field".to_owned(), default.clone())]);
    around.prune(&mut object);
    around.default(&mut object);
    let errors = around.validate(&object, None, Part::Whole);
    !errors.is_empty() || !around.check_rules(&object, None, &errors).errors.is_empty()
}

/// Whether a rule has the word in it.
fn mentions(rule: &Rule, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    if !word.chars().all(is_part) {
        // Names with other characters are escaped in rules.
        return true;
    }
    rule.rule.split(|c| !is_part(c)).any(|part| part == word || part == format!("__{word}__"))
}

/// Whether a branch says something about a field of this name, or counts fields.
fn names(branch: &Structural, name: &str) -> bool {
    let below = branch.children().chain(&branch.all_of).chain(&branch.any_of).chain(&branch.one_of);
    branch.properties.contains_key(name)
        || branch.additional.is_some()
        || branch.constraints.required.iter().any(|required| required == name)
        || branch.constraints.min_properties.is_some()
        || branch.constraints.max_properties.is_some()
        || branch.constraints.enumeration.is_some()
        || below.chain(branch.not.as_deref()).any(|below| names(below, name))
}

/// Whether a schema or one below it has a default.
pub(super) fn has_any(schema: &Structural) -> bool {
    schema.default.is_some() || schema.children().any(has_any)
}
