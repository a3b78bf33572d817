//! `allOf` and flattened structs: several schemas that hold at once, as one.

use super::super::Error;
use super::super::parse::At;
use super::super::structural::{Additional, Constraints, Rule, SchemaType, Structural};
use super::unsupported;

/// Makes `out` also be what `part` is.
pub(super) fn intersect(out: &mut Structural, part: Structural, at: At<'_>) -> Result<(), Error> {
    out.type_ = match (out.type_, part.type_) {
        (own, other) if own == other => own,
        (own, None) => own,
        (None, other) => other,
        (Some(SchemaType::Integer | SchemaType::Number), Some(SchemaType::Integer | SchemaType::Number)) => {
            Some(SchemaType::Integer)
        }
        (Some(SchemaType::Object), _) | (_, Some(SchemaType::Object)) => {
            return Err(unsupported(at, "only what is an object itself can be flattened into an object"));
        }
        _ => return Err(unsupported(at, "it would have to be of two types at once")),
    };
    for (name, schema) in part.properties {
        add_property(out, name, schema, at)?;
    }
    let mut rest = Structural { format: part.format, ..Structural::default() };
    keep(&mut out.format, &mut rest.format);
    rest.constraints = add_constraints(&mut out.constraints, part.constraints);
    out.title = out.title.take().or(part.title);
    out.description = out.description.take().or(part.description);
    out.default = out.default.take().or(part.default);
    out.example = out.example.take().or(part.example);
    out.external_docs = out.external_docs.take().or(part.external_docs);
    out.nullable |= part.nullable;
    add_elements(out, part.items, part.additional, at)?;
    out.all_of.extend(part.all_of);
    // Two alternatives are not one with more branches.
    for (own, other, rest) in
        [(&mut out.one_of, part.one_of, &mut rest.one_of), (&mut out.any_of, part.any_of, &mut rest.any_of)]
    {
        if own.is_empty() {
            *own = other;
        } else if *own != other {
            *rest = other;
        }
    }
    rest.not = part.not;
    keep(&mut out.not, &mut rest.not);
    if rest != Structural::default() {
        out.all_of.push(rest);
    }
    let (own, other) = (&mut out.extensions, part.extensions);
    own.preserve_unknown_fields |= other.preserve_unknown_fields;
    own.embedded_resource |= other.embedded_resource;
    own.int_or_string |= other.int_or_string;
    own.list_type = own.list_type.take().or(other.list_type);
    own.map_type = own.map_type.take().or(other.map_type);
    if own.list_map_keys.is_empty() {
        own.list_map_keys = other.list_map_keys;
    }
    own.validations.extend(other.validations);
    Ok(())
}

/// Moves a value to where there is none; one that is there already is no second one.
fn keep<T: PartialEq>(own: &mut Option<T>, other: &mut Option<T>) {
    if own.is_none() || own == other {
        *own = own.take().or(other.take());
        *other = None;
    }
}

fn add_property(out: &mut Structural, name: String, schema: Structural, at: At<'_>) -> Result<(), Error> {
    match out.properties.get_mut(&name) {
        None => {
            out.properties.insert(name, schema);
        }
        Some(own) if *own == schema => {}
        // One of them only narrows the other.
        Some(own) if own.type_.is_none() || schema.type_.is_none() => {
            let at = At::Field(&at, &name);
            let kept = own.extensions.preserve_unknown_fields && schema.extensions.preserve_unknown_fields;
            intersect(own, schema, at)?;
            own.extensions.preserve_unknown_fields = kept;
        }
        Some(_) => {
            let what = "a flattened struct or a tag has this field again, with another schema";
            return Err(unsupported(At::Field(&at, &name), what));
        }
    }
    Ok(())
}

fn add_elements(
    out: &mut Structural,
    items: Option<Box<Structural>>,
    values: Option<Additional>,
    at: At<'_>,
) -> Result<(), Error> {
    match (&mut out.items, items) {
        (Some(own), Some(other)) if **own != *other => intersect(own, *other, At::Items(&at))?,
        (own @ None, other) => *own = other,
        _ => {}
    }
    match (&mut out.additional, values) {
        (Some(Additional::Schema(own)), Some(Additional::Schema(other))) if own != &other => {
            return Err(unsupported(at, "two maps of different values are flattened into one struct"));
        }
        (own @ None, other) => *own = other,
        _ => {}
    }
    Ok(())
}

/// Adds constraints; answers those that `out` has with another value.
fn add_constraints(out: &mut Constraints, mut part: Constraints) -> Constraints {
    for name in std::mem::take(&mut part.required) {
        if !out.required.contains(&name) {
            out.required.push(name);
        }
    }
    if out.minimum.is_none() {
        out.minimum = part.minimum.take();
        out.exclusive_minimum = std::mem::take(&mut part.exclusive_minimum);
    } else if (&out.minimum, out.exclusive_minimum) == (&part.minimum, part.exclusive_minimum) {
        part.minimum = None;
        part.exclusive_minimum = false;
    }
    if out.maximum.is_none() {
        out.maximum = part.maximum.take();
        out.exclusive_maximum = std::mem::take(&mut part.exclusive_maximum);
    } else if (&out.maximum, out.exclusive_maximum) == (&part.maximum, part.exclusive_maximum) {
        part.maximum = None;
        part.exclusive_maximum = false;
    }
    keep(&mut out.multiple_of, &mut part.multiple_of);
    for (own, other) in [
        (&mut out.min_length, &mut part.min_length),
        (&mut out.max_length, &mut part.max_length),
        (&mut out.min_items, &mut part.min_items),
        (&mut out.max_items, &mut part.max_items),
        (&mut out.min_properties, &mut part.min_properties),
        (&mut out.max_properties, &mut part.max_properties),
    ] {
        keep(own, other);
    }
    keep(&mut out.pattern, &mut part.pattern);
    keep(&mut out.enumeration, &mut part.enumeration);
    out.unique_items |= std::mem::take(&mut part.unique_items);
    part
}

/// A struct that is flattened into another and may be absent as a whole: all that it needs is there, or none of it.
///
/// serde takes a half of it for nothing at all, and would drop that half.
pub(super) fn optional(part: &mut Structural, at: At<'_>) -> Result<(), Error> {
    for property in part.properties.values_mut() {
        // A field that the server fills in would make half a struct of none.
        property.default = None;
    }
    let whole = Structural {
        constraints: std::mem::take(&mut part.constraints),
        all_of: std::mem::take(&mut part.all_of),
        any_of: std::mem::take(&mut part.any_of),
        one_of: std::mem::take(&mut part.one_of),
        not: part.not.take(),
        ..Structural::default()
    };
    let needed = whole.constraints.required.clone();
    if let (Some(rule), None) = (part.extensions.validations.first(), needed.first()) {
        let what = format!("the rule `{}` would hold where the flattened struct is absent", rule.rule);
        return Err(unsupported(at, what));
    }
    if let Some(field) = needed.first() {
        for rule in &mut part.extensions.validations {
            *rule = guarded(rule, field, at)?;
        }
    }
    if whole == Structural::default() {
        return Ok(());
    }
    let present = part.properties.keys().map(|name| Structural {
        constraints: Constraints { required: vec![name.clone()], ..Constraints::default() },
        ..Structural::default()
    });
    let some = Structural { any_of: present.collect(), ..Structural::default() };
    let none = Structural { not: Some(Box::new(some)), ..Structural::default() };
    part.any_of = vec![whole, none];
    Ok(())
}

/// A rule that holds where a field is set.
fn guarded(rule: &Rule, field: &str, at: At<'_>) -> Result<Rule, Error> {
    let Some(name) = k1s_cel::schema::escape(field) else {
        return Err(unsupported(at, format!("rules cannot name the field `{field}`")));
    };
    Ok(Rule { rule: format!("!has(self.{name}) || ({})", rule.rule), ..rule.clone() })
}
