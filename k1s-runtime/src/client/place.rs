//! Paths that there are not: what a namespaced kind answers where no namespace is named.

use crate::api::status;

use super::core::Kind;
use super::{Error, Result, Target, WriteRequest, WriteVerb};

/// Whether a write's path is there.
///
/// # Errors
/// 404 for one object, or a collection of custom resources, without its namespace; 405 for a core kind's collection, which is
/// there to be read.
pub(crate) fn check(kind: &Kind, request: &WriteRequest) -> Result<()> {
    let verb = match request.verb {
        WriteVerb::Create(_) => "post",
        WriteVerb::Update(_) => "put",
        WriteVerb::Patch(_) => "patch",
        WriteVerb::Delete(_) | WriteVerb::DeleteCollection(_) => "delete",
    };
    if !matches!(request.verb, WriteVerb::Create(_) | WriteVerb::DeleteCollection(_)) {
        return check_named(kind, &request.target, verb, &request.name);
    }
    if is_placed(kind, &request.target) {
        return Ok(());
    }
    Err(Error::Api(if kind.builtin.is_some() {
        status::verb_not_allowed()
    } else {
        status::no_such_path(kind.subject(), verb, "")
    }))
}

/// Whether the path of one object is there.
///
/// # Errors
/// 404 without the namespace of a namespaced kind.
pub(crate) fn check_named(kind: &Kind, target: &Target, verb: &str, name: &str) -> Result<()> {
    if is_placed(kind, target) {
        return Ok(());
    }
    Err(Error::Api(status::no_such_path(kind.subject(), verb, name)))
}

fn is_placed(kind: &Kind, target: &Target) -> bool {
    !kind.definition.is_namespaced() || target.namespace.as_deref().is_some_and(|name| !name.is_empty())
}
