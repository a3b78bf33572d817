//! Enums: alternatives made one schema, as Kubernetes wants all properties and types in one place and only values in the
//! branches of `oneOf` and `anyOf`.

use serde_json::Value;

use super::super::Error;
use super::super::parse::At;
use super::super::structural::{Constraints, Rule, SchemaType, Structural};
use super::cover::cover;
use super::narrow::{narrow, values_only};
use super::{anything, merge, says_nothing, scalars, unsupported};

/// Makes `out` also be one of `variants`; `exclusive` if exactly one.
pub(super) fn unite(
    out: &mut Structural,
    mut variants: Vec<Structural>,
    exclusive: bool,
    at: At<'_>,
) -> Result<(), Error> {
    if variants.is_empty() {
        return Ok(());
    }
    if variants.iter().any(says_nothing) {
        // One of them is anything, and so is the whole.
        return merge::intersect(out, anything(), at);
    }
    if variants.iter().all(is_constraint) {
        let branches =
            variants.into_iter().map(|variant| values_only(variant, at)).collect::<Result<_, _>>()?;
        return merge::intersect(out, alternatives(branches, exclusive), at);
    }
    for variant in variants.iter_mut().filter(|variant| is_constraint(variant)) {
        variant.type_ = out.type_;
    }
    let rules = lift_rules(&mut variants);
    let all: Vec<&Structural> = variants.iter().collect();
    let mut united =
        if is_int_or_string(&all) { int_or_string(&all, at)? } else { alike(&all, exclusive, at)? };
    united.extensions.validations.extend(rules);
    merge::intersect(out, united, at)
}

/// Takes the rules of variants that a tag tells apart, and makes them hold for objects of their variant: branches cannot
/// hold rules.
fn lift_rules(variants: &mut [Structural]) -> Vec<Rule> {
    let rules = |variant: &Structural| variant.extensions.validations.clone();
    let shared = variants.windows(2).all(|pair| rules(&pair[0]) == rules(&pair[1]));
    let Some(tag) = (if shared { None } else { tag(variants) }) else { return Vec::new() };
    let Some(name) = k1s_cel::schema::escape(&tag) else { return Vec::new() };
    let mut lifted = Vec::new();
    for variant in variants {
        let values = variant.properties.get(&tag).and_then(|tag| tag.constraints.enumeration.as_ref());
        let values: Vec<String> =
            values.into_iter().flatten().filter_map(Value::as_str).map(quoted).collect();
        let values = values.join(", ");
        for mut rule in std::mem::take(&mut variant.extensions.validations) {
            let mut guard = format!("!(self.{name} in [{values}])");
            if rule.rule.contains("oldSelf") && rule.optional_old_self != Some(true) {
                guard.push_str(&format!(" || !(oldSelf.{name} in [{values}])"));
            }
            rule.rule = format!("{guard} || ({})", rule.rule);
            lifted.push(rule);
        }
    }
    lifted
}

/// The field that tells the variants apart.
fn tag(variants: &[Structural]) -> Option<String> {
    let first = variants.first()?;
    first.constraints.required.iter().find(|name| is_tag(variants, name)).cloned()
}

fn is_tag(variants: &[Structural], name: &String) -> bool {
    let mut seen: Vec<&Value> = Vec::new();
    variants.iter().all(|variant| {
        let values = variant.properties.get(name).and_then(|tag| tag.constraints.enumeration.as_ref());
        let new = values
            .is_some_and(|values| values.iter().all(|value| value.is_string() && !seen.contains(&value)));
        seen.extend(values.into_iter().flatten());
        new && variant.constraints.required.contains(name)
    })
}

/// Text as CEL writes it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// Whether a branch only narrows: no type of its own.
fn is_constraint(variant: &Structural) -> bool {
    variant.type_.is_none() && !variant.extensions.int_or_string
}

fn alternatives(branches: Vec<Structural>, exclusive: bool) -> Structural {
    let (one_of, any_of) = if exclusive { (branches, Vec::new()) } else { (Vec::new(), branches) };
    Structural { one_of, any_of, ..Structural::default() }
}

/// Variants of one JSON type.
fn alike(variants: &[&Structural], exclusive: bool, at: At<'_>) -> Result<Structural, Error> {
    let mut spine = cover(variants, at)?;
    let mut branches: Vec<Structural> = Vec::with_capacity(variants.len());
    for variant in variants {
        let branch = narrow(variant, &spine, at)?;
        if exclusive || !branches.contains(&branch) {
            branches.push(branch);
        }
    }
    if branches.iter().any(|branch| *branch == Structural::default()) || told_by_one_value(&branches) {
        return Ok(spine);
    }
    // What the spine has of its own stays beside the alternatives.
    merge::intersect(&mut spine, alternatives(branches, exclusive), at)?;
    Ok(spine)
}

/// Whether the branches only list the values of one field, or of the value itself, which the spine lists as well.
fn told_by_one_value(branches: &[Structural]) -> bool {
    let lists_values = |schema: &Structural| {
        let constraints = Constraints { enumeration: None, ..schema.constraints.clone() };
        schema.constraints.enumeration.is_some()
            && Structural { constraints, ..schema.clone() } == Structural::default()
    };
    if branches.iter().all(lists_values) {
        return true;
    }
    let mut tags = branches.iter().map(|branch| {
        let (name, tag) = branch.properties.first_key_value()?;
        let alone = Structural { properties: [(name.clone(), tag.clone())].into(), ..Structural::default() };
        (*branch == alone && lists_values(tag)).then_some(name)
    });
    let first = tags.next().flatten();
    first.is_some() && tags.all(|name| name == first)
}

fn is_int_or_string(variants: &[&Structural]) -> bool {
    let is_text = |schema: &&Structural| schema.type_ == Some(SchemaType::String);
    let is_whole = |schema: &&Structural| schema.type_ == Some(SchemaType::Integer);
    let is_either = |schema: &&Structural| schema.extensions.int_or_string;
    variants.iter().all(|schema| is_text(schema) || is_whole(schema) || is_either(schema))
        && !variants.iter().all(is_text)
        && !variants.iter().all(is_whole)
        && !variants.iter().all(is_either)
}

/// An integer or a string. Bounds of numbers say nothing of strings, nor lengths and patterns of numbers, so that both can
/// stand side by side.
fn int_or_string(variants: &[&Structural], at: At<'_>) -> Result<Structural, Error> {
    let mut out = Structural::default();
    out.extensions.int_or_string = true;
    let of = |type_: SchemaType| {
        let alike: Vec<&Structural> =
            variants.iter().copied().filter(|schema| schema.type_ == Some(type_)).collect();
        alike
    };
    let (whole, texts) = (of(SchemaType::Integer), of(SchemaType::String));
    if whole.len() + texts.len() < variants.len() {
        return Ok(out);
    }
    let (whole, texts) = (cover(&whole, at)?.constraints, cover(&texts, at)?.constraints);
    out.constraints = match (whole.enumeration, texts.enumeration) {
        (Some(numbers), Some(words)) => {
            Constraints { enumeration: Some([numbers, words].concat()), ..Constraints::default() }
        }
        (Some(_), None) => {
            let what = "Kubernetes cannot list the integers of a field that may be a string too";
            return Err(unsupported(at, what));
        }
        (None, words) => Constraints {
            pattern: words.map(|words| scalars::pattern_of(&words)).or(texts.pattern),
            enumeration: None,
            minimum: whole.minimum,
            exclusive_minimum: whole.exclusive_minimum,
            maximum: whole.maximum,
            exclusive_maximum: whole.exclusive_maximum,
            multiple_of: whole.multiple_of,
            ..texts
        },
    };
    Ok(out)
}
