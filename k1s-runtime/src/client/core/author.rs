//! What the author of a derived kind is told on its first use, in a build with debug assertions only.

use crate::api::ResourceDefinition;
use crate::api::definition::SchemaSource;
use crate::client::kinds::Builtin;
use crate::schema::crd;

/// Tells what the macro could not see, such as a rule about a nested type's field. A program that is out does not stop working for
/// it: without debug assertions nothing is looked at.
///
/// # Errors
/// What an API server would refuse the kind's CustomResourceDefinition for.
pub(super) fn complain(definition: &ResourceDefinition) -> Result<(), String> {
    let ResourceDefinition { group, kind, schema, .. } = definition;
    let is_derived = matches!(schema, SchemaSource::Rust(_)) && Builtin::of(group, kind).is_none();
    if !cfg!(debug_assertions) || !is_derived {
        return Ok(());
    }
    let crd = crd::to_crd_json(std::slice::from_ref(definition)).map_err(|error| error.to_string())?;
    let complaints = crd::complaints(&crd);
    if complaints.is_empty() {
        return Ok(());
    }
    let listed: String = complaints.iter().map(|complaint| format!("\n{complaint}")).collect();
    Err(format!(
        "an API server would refuse the kind {kind} of {}, as `k1s-gen check` tells ahead and a build without debug assertions \
         does not:{}",
        definition.api_version(),
        listed.replace('\n', "\n  ")
    ))
}
