//! What a branch of `oneOf` or `anyOf` may say: the values, and neither types nor texts. Everything else stands on the
//! [spine](super::cover).

use super::super::Error;
use super::super::parse::At;
use super::super::structural::{Additional, Constraints, SchemaType, Structural};
use super::unsupported;

/// What `variant` demands beyond `spine`, which covers it.
pub(super) fn narrow(variant: &Structural, spine: &Structural, at: At<'_>) -> Result<Structural, Error> {
    let is_number = matches!(variant.type_, Some(SchemaType::Integer | SchemaType::Number));
    let mut branch = Structural {
        // Without a type beside it, the server takes a number's format for its type.
        format: variant.format.clone().filter(|_| variant.format != spine.format && !is_number),
        constraints: demands(&variant.constraints, &spine.constraints),
        ..Structural::default()
    };
    if (variant.type_, spine.type_) == (Some(SchemaType::Integer), Some(SchemaType::Number)) {
        branch.constraints.multiple_of.get_or_insert_with(|| 1.into());
    }
    if variant.extensions.validations != spine.extensions.validations {
        let what =
            "a rule of one variant of an enum would hold for all of them; put it on a field of the variant";
        return Err(unsupported(at, what));
    }
    for (name, property) in &variant.properties {
        let Some(covering) = spine.properties.get(name) else { continue };
        let narrowed = narrow(property, covering, At::Field(&at, name))?;
        if narrowed != Structural::default() {
            branch.properties.insert(name.clone(), narrowed);
        }
    }
    if let (Some(items), Some(covering)) = (&variant.items, &spine.items) {
        let narrowed = narrow(items, covering, At::Items(&at))?;
        branch.items = (narrowed != Structural::default()).then(|| Box::new(narrowed));
    }
    if let (Some(Additional::Schema(values)), Some(Additional::Schema(covering))) =
        (&variant.additional, &spine.additional)
        && narrow(values, covering, At::Values(&at))? != Structural::default()
    {
        return Err(unsupported(at, "the variants of an enum have maps of different values"));
    }
    for (own, covering, out) in [
        (&variant.all_of, &spine.all_of, &mut branch.all_of),
        (&variant.any_of, &spine.any_of, &mut branch.any_of),
        (&variant.one_of, &spine.one_of, &mut branch.one_of),
    ] {
        if own != covering {
            out.clone_from(own);
        }
    }
    if variant.not != spine.not {
        branch.not.clone_from(&variant.not);
    }
    Ok(branch)
}

/// The constraints of a variant that those of the spine do not have.
fn demands(own: &Constraints, spine: &Constraints) -> Constraints {
    let lower = own
        .minimum
        .clone()
        .filter(|_| own.minimum != spine.minimum || own.exclusive_minimum != spine.exclusive_minimum);
    let upper = own
        .maximum
        .clone()
        .filter(|_| own.maximum != spine.maximum || own.exclusive_maximum != spine.exclusive_maximum);
    Constraints {
        exclusive_minimum: lower.is_some() && own.exclusive_minimum,
        exclusive_maximum: upper.is_some() && own.exclusive_maximum,
        minimum: lower,
        maximum: upper,
        multiple_of: beyond(&own.multiple_of, &spine.multiple_of),
        min_length: beyond(&own.min_length, &spine.min_length),
        max_length: beyond(&own.max_length, &spine.max_length),
        pattern: beyond(&own.pattern, &spine.pattern),
        min_items: beyond(&own.min_items, &spine.min_items),
        max_items: beyond(&own.max_items, &spine.max_items),
        unique_items: own.unique_items && !spine.unique_items,
        min_properties: beyond(&own.min_properties, &spine.min_properties),
        max_properties: beyond(&own.max_properties, &spine.max_properties),
        required: own.required.iter().filter(|name| !spine.required.contains(name)).cloned().collect(),
        enumeration: beyond(&own.enumeration, &spine.enumeration),
    }
}

fn beyond<T: Clone + PartialEq>(own: &Option<T>, spine: &Option<T>) -> Option<T> {
    if own == spine { None } else { own.clone() }
}

/// A schema as a branch that stands below no union of types: what it says of values. A type in it is an error.
pub(super) fn values_only(mut schema: Structural, at: At<'_>) -> Result<Structural, Error> {
    // A list of values says of what type they are.
    let listed = schema.constraints.enumeration.is_some();
    if (schema.type_.take().is_some() && !listed) || schema.extensions.int_or_string {
        return Err(unsupported(at, "Kubernetes takes no type within `not`, `anyOf` and `oneOf`"));
    }
    if schema.additional.is_some() || !schema.extensions.validations.is_empty() {
        return Err(unsupported(
            at,
            "Kubernetes takes neither maps nor rules within `not`, `anyOf` and `oneOf`",
        ));
    }
    schema.extensions.preserve_unknown_fields = false;
    schema.description = None;
    schema.title = None;
    schema.default = None;
    let properties = std::mem::take(&mut schema.properties);
    for (name, property) in properties {
        let property = values_only(property, At::Field(&at, &name))?;
        schema.properties.insert(name, property);
    }
    if let Some(items) = schema.items.take() {
        schema.items = Some(Box::new(values_only(*items, At::Items(&at))?));
    }
    Ok(schema)
}
