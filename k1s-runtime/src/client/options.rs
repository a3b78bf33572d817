//! Query parameters of writes, and subresources that a verb does not have.

use crate::api::field::{BadValue, ErrorType, FieldError};
use crate::api::status::{self, Subject};

use super::core::{Kind, no_such_page};
use super::{Error, Result, Subresource, WriteOptions};

/// Longest name of a field manager, in bytes.
const MANAGER_LIMIT: usize = 128;

/// Checks options that are text.
///
/// # Errors
/// 422 `CreateOptions.meta.k8s.io "" is invalid: …`, under the name that the verb's options have.
pub(crate) fn check(options: &WriteOptions, kind: &str) -> Result<()> {
    let manager = options.field_manager.as_deref().unwrap_or_default();
    let mut errors = Vec::new();
    if manager.len() > MANAGER_LIMIT {
        let detail = format!("may not be more than {MANAGER_LIMIT} bytes");
        errors.push(FieldError::new(ErrorType::TooLong, "fieldManager", BadValue::Omitted, detail));
    }
    if let Some((position, bad)) = manager.char_indices().find(|(_, c)| !is_printable(*c)) {
        let detail = format!("invalid character U+{:04X} (at position {position})", u32::from(bad));
        errors.push(FieldError::invalid("fieldManager", manager, detail));
    }
    if errors.is_empty() {
        return Ok(());
    }
    Err(Error::Api(status::invalid(Subject { group: "meta.k8s.io", resource: kind }, "", &errors)))
}

/// As Go's `unicode.IsPrint`, near enough: no control characters, no spaces but the plain one.
fn is_printable(c: char) -> bool {
    c == ' ' || !(c.is_control() || c.is_whitespace())
}

/// The answer to a verb that a subresource does not have.
pub(crate) fn unsupported(kind: &Kind, subresource: &Subresource, verb: &str) -> Error {
    if has(kind, subresource) {
        Error::Api(status::method_not_allowed(kind.subject(), verb))
    } else {
        no_such_page()
    }
}

/// Whether a kind has a subresource.
pub(crate) fn has(kind: &Kind, subresource: &Subresource) -> bool {
    match subresource {
        Subresource::Status => kind.definition.status,
        Subresource::Scale => false,
        Subresource::Other(name) => {
            kind.builtin == Some(super::kinds::Builtin::Namespace) && name == "finalize"
        }
    }
}
