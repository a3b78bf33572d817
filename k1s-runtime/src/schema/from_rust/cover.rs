//! The spine of a union: one schema that accepts what any of several accepts, in as far as a schema without branches can
//! say so. [`narrow`](super::narrow) says the rest.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Error;
use super::super::parse::At;
use super::super::structural::{Additional, Constraints, Extensions, SchemaType, Structural};
use super::unsupported;

/// A schema for all of `variants`, which are those of one field.
pub(super) fn cover(variants: &[&Structural], at: At<'_>) -> Result<Structural, Error> {
    let [first, others @ ..] = variants else { return Ok(Structural::default()) };
    if others.iter().all(|other| other == first) {
        return Ok((*first).clone());
    }
    let mut out = Structural {
        type_: common_type(variants, at)?,
        format: shared(variants, |schema| &schema.format),
        title: shared(variants, |schema| &schema.title),
        description: shared(variants, |schema| &schema.description),
        default: shared(variants, |schema| &schema.default),
        example: shared(variants, |schema| &schema.example),
        external_docs: shared(variants, |schema| &schema.external_docs),
        nullable: variants.iter().any(|schema| schema.nullable),
        properties: properties(variants, at)?,
        constraints: constraints(variants),
        extensions: extensions(variants),
        all_of: shared(variants, |schema| &schema.all_of),
        any_of: shared(variants, |schema| &schema.any_of),
        one_of: shared(variants, |schema| &schema.one_of),
        not: shared(variants, |schema| &schema.not),
        ..Structural::default()
    };
    let items: Vec<&Structural> = variants.iter().filter_map(|schema| schema.items.as_deref()).collect();
    if !items.is_empty() {
        out.items = Some(Box::new(cover(&items, At::Items(&at))?));
    }
    cover_values(&mut out, variants, at)?;
    Ok(out)
}

/// What all have, or nothing.
fn shared<T: Clone + Default + PartialEq>(variants: &[&Structural], pick: impl Fn(&Structural) -> &T) -> T {
    let mut values = variants.iter().map(|schema| pick(schema));
    let Some(first) = values.next() else { return T::default() };
    if values.all(|value| value == first) { first.clone() } else { T::default() }
}

fn common_type(variants: &[&Structural], at: At<'_>) -> Result<Option<SchemaType>, Error> {
    let mut common: Option<SchemaType> = None;
    for (index, variant) in variants.iter().enumerate() {
        let flag = variant.extensions.int_or_string;
        let same_flag = variants.first().is_some_and(|first| first.extensions.int_or_string == flag);
        common = match (common, variant.type_) {
            (own, other) if same_flag && (own == other || index == 0) => other,
            (
                Some(SchemaType::Integer | SchemaType::Number),
                Some(SchemaType::Integer | SchemaType::Number),
            ) if same_flag => Some(SchemaType::Number),
            _ => return Err(unsupported(at, different_types(variants))),
        };
    }
    Ok(common)
}

/// The complaint that no one type fits all.
pub(super) fn different_types(variants: &[&Structural]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in variants.iter().map(|variant| type_name(variant)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    format!(
        "the variants of an enum make this {}, and Kubernetes gives a field one type; use \
         `#[serde(tag = \"type\")]` with a field of its own for each, or mark it schemaless",
        names.join(" or ")
    )
}

fn type_name(schema: &Structural) -> &'static str {
    match schema.type_ {
        _ if schema.extensions.int_or_string => "an integer or a string",
        None => "anything",
        Some(SchemaType::Object) => "an object",
        Some(SchemaType::Array) => "a list",
        Some(SchemaType::String) => "a string",
        Some(SchemaType::Integer) => "an integer",
        Some(SchemaType::Number) => "a number",
        Some(SchemaType::Boolean) => "a boolean",
    }
}

fn properties(variants: &[&Structural], at: At<'_>) -> Result<BTreeMap<String, Structural>, Error> {
    let names: BTreeSet<&String> = variants.iter().flat_map(|variant| variant.properties.keys()).collect();
    let mut out = BTreeMap::new();
    for name in names {
        // A map may have the field as well.
        let schemas = variants.iter().filter_map(|variant| variant.properties.get(name).or(values(variant)));
        let mut property = cover(&schemas.collect::<Vec<_>>(), At::Field(&at, name))?;
        if !variants.iter().all(|variant| variant.properties.contains_key(name)) {
            // The server would give it to objects of the other variants; serde fills in its own.
            property.default = None;
        }
        out.insert(name.clone(), property);
    }
    Ok(out)
}

fn values(schema: &Structural) -> Option<&Structural> {
    match &schema.additional {
        Some(Additional::Schema(schema)) => Some(schema),
        _ => None,
    }
}

/// Map values. Kubernetes knows either fields or a map: what is both keeps every field.
fn cover_values(out: &mut Structural, variants: &[&Structural], at: At<'_>) -> Result<(), Error> {
    let values: Vec<&Structural> = variants.iter().filter_map(|variant| values(variant)).collect();
    if values.is_empty() {
        return Ok(());
    }
    if values.len() < variants.len() || !out.properties.is_empty() {
        out.extensions.preserve_unknown_fields = true;
    } else {
        out.additional = Some(Additional::Schema(Box::new(cover(&values, At::Values(&at))?)));
    }
    Ok(())
}

fn constraints(variants: &[&Structural]) -> Constraints {
    let all = variants.iter().map(|schema| schema.constraints.enumeration.as_ref());
    let enumeration = all.collect::<Option<Vec<_>>>().map(|lists| {
        let mut values = Vec::new();
        for value in lists.into_iter().flatten() {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
        values
    });
    let mut required = variants.first().map(|first| first.constraints.required.clone()).unwrap_or_default();
    required.retain(|name| variants.iter().all(|schema| schema.constraints.required.contains(name)));
    // A bound and whether it is exclusive are one thing.
    let lower = shared(variants, |schema| &schema.constraints.minimum);
    let upper = shared(variants, |schema| &schema.constraints.maximum);
    let lower_kind = shared(variants, |schema| &schema.constraints.exclusive_minimum);
    let upper_kind = shared(variants, |schema| &schema.constraints.exclusive_maximum);
    Constraints {
        exclusive_minimum: lower.is_some() && lower_kind,
        exclusive_maximum: upper.is_some() && upper_kind,
        minimum: lower,
        maximum: upper,
        multiple_of: shared(variants, |schema| &schema.constraints.multiple_of),
        min_length: shared(variants, |schema| &schema.constraints.min_length),
        max_length: shared(variants, |schema| &schema.constraints.max_length),
        pattern: shared(variants, |schema| &schema.constraints.pattern),
        min_items: shared(variants, |schema| &schema.constraints.min_items),
        max_items: shared(variants, |schema| &schema.constraints.max_items),
        unique_items: shared(variants, |schema| &schema.constraints.unique_items),
        min_properties: shared(variants, |schema| &schema.constraints.min_properties),
        max_properties: shared(variants, |schema| &schema.constraints.max_properties),
        required,
        enumeration,
    }
}

fn extensions(variants: &[&Structural]) -> Extensions {
    let list_type = shared(variants, |schema| &schema.extensions.list_type);
    let list_map_keys = shared(variants, |schema| &schema.extensions.list_map_keys);
    let is_map = list_type.as_deref() == Some("map");
    Extensions {
        preserve_unknown_fields: variants.iter().any(|schema| schema.extensions.preserve_unknown_fields),
        embedded_resource: shared(variants, |schema| &schema.extensions.embedded_resource),
        int_or_string: shared(variants, |schema| &schema.extensions.int_or_string),
        // Lists with other keys are no one map.
        list_type: list_type.filter(|_| !is_map || !list_map_keys.is_empty()),
        list_map_keys,
        map_type: shared(variants, |schema| &schema.extensions.map_type),
        validations: shared(variants, |schema| &schema.extensions.validations),
    }
}
