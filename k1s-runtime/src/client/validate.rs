//! Validation: the errors of a 422, in the server's order and number.

use crate::api::Object;
use crate::api::field::FieldError;
use crate::schema::{CompiledSchema, Findings, Part, crd};

use super::core::Kind;
use super::kinds::{Builtin, path_segment};
use super::metadata::{self, MetadataRules};
use super::{Result, Subresource, body, kinds, scale};

/// What is wrong with a new object.
pub(crate) fn new_object(kind: &Kind, object: &Object) -> Result<Findings> {
    let rules = kind.metadata_rules();
    let mut errors = Vec::new();
    match kind.builtin {
        None => {
            errors = body::type_errors(kind, object);
            if !errors.is_empty() {
                return Ok(only(errors));
            }
            metadata::validate(object, rules, &mut errors);
            let schema = kind.schema()?;
            errors.extend(schema.validate(&object.0, None, Part::Whole));
            scale::validate(&kind.definition, object, &mut errors);
            return Ok(with_rules(schema, object, None, errors));
        }
        Some(Builtin::Event) => Builtin::Event.validate(object, &mut errors),
        Some(builtin) => {
            metadata::validate(object, rules, &mut errors);
            builtin.validate(object, &mut errors);
            if builtin == Builtin::CustomResourceDefinition {
                errors.extend(crd::validate_crd(object));
            }
        }
    }
    // The server does this for every kind; only for this one can it find what was not found before.
    if kind.builtin == Some(Builtin::Event) && errors.is_empty() {
        metadata::validate(object, MetadataRules { name: path_segment, ..rules }, &mut errors);
    }
    Ok(only(errors))
}

fn only(errors: Vec<FieldError>) -> Findings {
    Findings { errors, warnings: Vec::new() }
}

/// Adds what the schema's rules say, which come last.
fn with_rules(
    schema: &CompiledSchema,
    object: &Object,
    old: Option<&Object>,
    mut errors: Vec<FieldError>,
) -> Findings {
    let found = schema.check_rules(&object.0, old.map(|old| &old.0), &errors);
    errors.extend(found.errors);
    Findings { errors, warnings: found.warnings }
}

/// What is wrong with replacing an object. The server checks some things twice, and its causes show it.
pub(crate) fn changed_object(
    kind: &Kind,
    object: &Object,
    old: &Object,
    subresource: Option<&Subresource>,
) -> Result<Findings> {
    let rules = kind.metadata_rules();
    let mut errors = Vec::new();
    metadata::validate(object, MetadataRules { name: path_segment, ..rules }, &mut errors);
    metadata::validate_update(object, old, rules, &mut errors);
    let Some(builtin) = kind.builtin else {
        let type_errors = body::type_errors(kind, object);
        if !type_errors.is_empty() {
            errors.extend(type_errors);
            return Ok(only(errors));
        }
        metadata::validate_update(object, old, rules, &mut errors);
        let part = if subresource == Some(&Subresource::Status) { Part::Status } else { Part::Whole };
        let schema = kind.schema()?;
        errors.extend(schema.validate(&object.0, Some(&old.0), part));
        scale::validate(&kind.definition, object, &mut errors);
        return Ok(with_rules(schema, object, Some(old), errors));
    };
    if builtin != Builtin::Event {
        metadata::validate_update(object, old, rules, &mut errors);
    }
    if subresource == Some(&Subresource::Status) && builtin == Builtin::Namespace {
        kinds::namespace::validate_status(object, &mut errors);
        return Ok(only(errors));
    }
    if matches!(subresource, Some(Subresource::Other(_))) {
        for (index, finalizer) in kinds::namespace::finalizers(object).into_iter().enumerate() {
            let path = format!("spec.finalizers[{index}]");
            kinds::namespace::validate_finalizer(finalizer, &path, &mut errors);
        }
        return Ok(only(errors));
    }
    if builtin.is_rbac() {
        metadata::validate(object, rules, &mut errors);
        builtin.validate(object, &mut errors);
        builtin.validate_update(object, old, &mut errors);
        return Ok(only(errors));
    }
    builtin.validate_update(object, old, &mut errors);
    match builtin {
        Builtin::Lease => builtin.validate(object, &mut errors),
        Builtin::Event => builtin.validate(object, &mut errors),
        Builtin::CustomResourceDefinition => {
            errors.extend(crd::validate_crd_update(object, old));
        }
        _ => {
            metadata::validate(object, rules, &mut errors);
            builtin.validate(object, &mut errors);
        }
    }
    Ok(only(errors))
}
