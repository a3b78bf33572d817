//! Enums and flattened structs: several schemas made one, as Kubernetes wants all properties in one place.

use serde_json::Value;

use super::super::Error;
use super::super::parse::At;
use super::super::structural::{Constraints, SchemaType, Structural};
use super::unsupported;

/// Makes `out` also be what `part` is.
pub(super) fn intersect(out: &mut Structural, part: Structural, at: At<'_>) -> Result<(), Error> {
    if let (Some(own), Some(other)) = (out.type_, part.type_)
        && own != other
    {
        return Err(unsupported(at, "it would have to be of two types at once"));
    }
    out.type_ = out.type_.or(part.type_);
    for (name, schema) in part.properties {
        add_property(out, name, schema, at)?;
    }
    for name in part.constraints.required {
        if !out.constraints.required.contains(&name) {
            out.constraints.required.push(name);
        }
    }
    out.description = out.description.take().or(part.description);
    out.items = out.items.take().or(part.items);
    out.additional = out.additional.take().or(part.additional);
    out.extensions.preserve_unknown_fields |= part.extensions.preserve_unknown_fields;
    out.all_of.extend(part.all_of);
    out.one_of.extend(part.one_of);
    out.any_of.extend(part.any_of);
    Ok(())
}

fn add_property(out: &mut Structural, name: String, schema: Structural, at: At<'_>) -> Result<(), Error> {
    match out.properties.get_mut(&name) {
        None => {
            out.properties.insert(name, schema);
        }
        Some(own) if *own == schema => {}
        Some(own) => {
            let (Some(values), Some(more)) =
                (&mut own.constraints.enumeration, &schema.constraints.enumeration)
            else {
                let what = "the variants of an enum give this field different types";
                return Err(unsupported(At::Field(&at, &name), what));
            };
            values.extend(more.iter().filter(|value| !values.contains(value)).cloned().collect::<Vec<_>>());
            if own.description != schema.description {
                own.description = None;
            }
        }
    }
    Ok(())
}

/// Makes `out` be one of `variants`: of plain values an `enum`, of objects their fields together and `oneOf` for which of
/// them belong together.
pub(super) fn unite(
    out: &mut Structural,
    variants: Vec<Structural>,
    exclusive: bool,
    at: At<'_>,
) -> Result<(), Error> {
    if variants.is_empty() {
        return Ok(());
    }
    if variants.iter().all(|variant| variant.constraints.enumeration.is_some()) {
        return unite_values(out, variants, at);
    }
    let kinds: Vec<Option<SchemaType>> = variants.iter().map(|variant| variant.type_).collect();
    if let [Some(SchemaType::Integer), Some(SchemaType::String)]
    | [Some(SchemaType::String), Some(SchemaType::Integer)] = kinds.as_slice()
    {
        out.extensions.int_or_string = true;
        return Ok(());
    }
    if variants.iter().all(is_constraint) && (out.type_.is_some() || !out.properties.is_empty()) {
        let slot = if exclusive { &mut out.one_of } else { &mut out.any_of };
        slot.extend(variants.into_iter().map(without_filler));
        return Ok(());
    }
    // A unit variant beside variants with data would be text beside objects.
    if kinds.iter().any(|kind| *kind != Some(SchemaType::Object)) {
        return Err(unsupported(
            at,
            "variants of an enum must all be unit variants or all have fields; mark it schemaless",
        ));
    }
    unite_objects(out, variants, exclusive, at)
}

/// Whether a branch only narrows: no type of its own.
fn is_constraint(variant: &Structural) -> bool {
    variant.type_.is_none() && !variant.extensions.int_or_string
}

fn without_filler(mut variant: Structural) -> Structural {
    variant.extensions.preserve_unknown_fields = false;
    variant.description = None;
    for child in variant.properties.values_mut() {
        child.extensions.preserve_unknown_fields = false;
        child.description = None;
    }
    variant
}

fn unite_values(out: &mut Structural, variants: Vec<Structural>, at: At<'_>) -> Result<(), Error> {
    let mut values: Vec<Value> = Vec::new();
    for variant in variants {
        if out.type_.is_some() && variant.type_.is_some() && out.type_ != variant.type_ {
            return Err(unsupported(at, "the variants of an enum are values of different types"));
        }
        out.type_ = out.type_.or(variant.type_);
        for value in variant.constraints.enumeration.into_iter().flatten() {
            if !values.contains(&value) {
                values.push(value);
            }
        }
    }
    out.constraints.enumeration = Some(values);
    Ok(())
}

fn unite_objects(
    out: &mut Structural,
    variants: Vec<Structural>,
    exclusive: bool,
    at: At<'_>,
) -> Result<(), Error> {
    out.type_ = Some(SchemaType::Object);
    let mut branches = Vec::with_capacity(variants.len());
    for variant in variants {
        let mut branch = Structural {
            constraints: Constraints { required: variant.constraints.required, ..Constraints::default() },
            ..Structural::default()
        };
        for (name, schema) in variant.properties {
            // What tells variants apart: a tag with one value.
            if let Some([value]) = schema.constraints.enumeration.as_deref() {
                let mut tag = Structural::default();
                tag.constraints.enumeration = Some(vec![value.clone()]);
                branch.properties.insert(name.clone(), tag);
            }
            add_property(out, name, schema, at)?;
        }
        out.extensions.preserve_unknown_fields |= variant.extensions.preserve_unknown_fields;
        branches.push(branch);
    }
    let slot = if exclusive { &mut out.one_of } else { &mut out.any_of };
    slot.extend(branches);
    Ok(())
}
