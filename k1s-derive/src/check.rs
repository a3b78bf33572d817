//! Whether what was said makes sense. Every complaint points at the token that is wrong and says what would be right.
//!
//! CEL rules are checked as far as one struct shows their types; a nested type's fields cannot be seen from here.

mod cel;
mod default;
mod keywords;
mod path;
mod rbac;
mod resource;
mod seen;
mod shape;
mod tuple;

use darling::Error;
use darling::error::Accumulator;
use proc_macro2::Span;

use crate::hint::did_you_mean;
use crate::model::{RbacModel, ResourceModel, Shape, TypeModel};
use keywords::Subject;

/// Checks a kind: its spec's schema, then the root attributes.
pub(crate) fn resource(model: &ResourceModel) -> darling::Result<()> {
    let mut errors = Error::accumulator();
    schema_into(&model.spec, &mut errors);
    resource::check(model, &mut errors);
    cel::root(model, &mut errors);
    errors.finish()
}

/// Checks a type's own keywords and those of its fields.
pub(crate) fn schema(model: &TypeModel) -> darling::Result<()> {
    let mut errors = Error::accumulator();
    schema_into(model, &mut errors);
    errors.finish()
}

/// Checks a rule of a role.
pub(crate) fn rbac(model: &RbacModel) -> darling::Result<()> {
    let mut errors = Error::accumulator();
    rbac::check(&model.args, &mut errors);
    errors.finish()
}

fn schema_into(model: &TypeModel, errors: &mut Accumulator) {
    let (kind, fields) = (model.shape.kind(), model.field_names());
    let variants = match &model.shape {
        Shape::Enum(names) => Some(names.as_slice()),
        _ => None,
    };
    let own = model.ident.to_string();
    let subject = Subject { name: &own, kind: &kind, fields: fields.as_deref(), variants };
    keywords::check(&model.keywords, &subject, errors);
    for field in model.shape.all_fields() {
        let subject = Subject { name: &field.name, kind: &field.kind, fields: None, variants: None };
        keywords::check(&field.keywords, &subject, errors);
    }
    if !model.keywords.replaces_schema() {
        shape::check(model, errors);
    }
    cel::within(model, errors);
}

/// Adds a complaint.
fn refuse(errors: &mut Accumulator, span: Span, message: impl std::fmt::Display) {
    errors.push(Error::custom(message).with_span(&span));
}

/// Refuses a word that is not one of a few.
fn one_of(errors: &mut Accumulator, attribute: &str, given: &crate::parse::Text, allowed: &[&str]) -> bool {
    if allowed.contains(&given.as_str()) {
        return true;
    }
    let hint = did_you_mean(given, allowed.iter().copied());
    let listed = allowed.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    refuse(errors, given.span(), format!("`{attribute}` is one of {listed}, not `{}`{hint}", given.as_str()));
    false
}
