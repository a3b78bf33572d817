//! Query parameters of writes, and subresources that a verb does not have.

use crate::api::field::{BadValue, ErrorType, FieldError};
use crate::api::gotext;
use crate::api::status::{self, Subject};
use crate::scheme::Scheme;

use super::core::Kind;
use super::{Error, Result, Subresource, WriteOptions};

/// Longest name of a field manager, in bytes.
const MANAGER_LIMIT: usize = 128;

/// Checks options that are text.
///
/// # Errors
/// 422 `CreateOptions.meta.k8s.io "" is invalid: …`, under the name that the verb's options have.
pub(crate) fn check(options: &WriteOptions, kind: &str) -> Result<()> {
    refuse(kind, &manager_errors(options.field_manager.as_deref().unwrap_or_default(), "fieldManager"))
}

/// Checks the options of a server-side apply, which needs a manager.
///
/// # Errors
/// As [`check`].
pub(crate) fn check_apply(options: &WriteOptions) -> Result<()> {
    const KIND: &str = "PatchOptions";
    if options.field_manager.as_deref().is_none_or(str::is_empty) {
        return refuse(KIND, &[FieldError::required("fieldManager", "is required for apply patch")]);
    }
    check(options, KIND)
}

/// What is wrong with the name of a field manager.
pub(crate) fn manager_errors(manager: &str, path: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if manager.len() > MANAGER_LIMIT {
        let detail = format!("may not be more than {MANAGER_LIMIT} bytes");
        errors.push(FieldError::new(ErrorType::TooLong, path, BadValue::Omitted, detail));
    }
    if let Some((position, bad)) = manager.char_indices().find(|(_, c)| !gotext::is_printable(*c)) {
        let detail = format!("invalid character U+{:04X} (at position {position})", u32::from(bad));
        errors.push(FieldError::invalid(path, manager, detail));
    }
    errors
}

/// 422 of the options of this kind with the errors, if there are any.
pub(crate) fn refuse(kind: &str, errors: &[FieldError]) -> Result<()> {
    if errors.is_empty() {
        return Ok(());
    }
    Err(Error::Api(status::invalid(Subject { group: "meta.k8s.io", resource: kind }, "", errors)))
}

/// A version in decimal.
///
/// # Errors
/// What Go's `strconv.ParseUint` says.
pub(crate) fn parse_uint(text: &str) -> std::result::Result<u64, String> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let fault = if is_number { "value out of range" } else { "invalid syntax" };
    text.parse()
        .ok()
        .filter(|_| is_number)
        .ok_or_else(|| format!("strconv.ParseUint: parsing {text:?}: {fault}"))
}

/// A signed number in decimal.
///
/// # Errors
/// What Go's `strconv.ParseInt` says.
pub(crate) fn parse_int(text: &str) -> std::result::Result<i64, String> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let fault = if is_number { "value out of range" } else { "invalid syntax" };
    text.parse()
        .ok()
        .filter(|_| is_number)
        .ok_or_else(|| format!("strconv.ParseInt: parsing {text:?}: {fault}"))
}

/// The warning that an API version is on its way out, if it is.
pub(crate) fn deprecation(scheme: &Scheme, kind: &Kind) -> Option<String> {
    let definition = &kind.definition;
    let warning = definition.deprecated.as_ref()?;
    if !warning.is_empty() {
        return Some(warning.clone());
    }
    let name = &definition.kind;
    let text = format!("{} {name} is deprecated", kind.api_version);
    let versions = scheme.versions(&definition.group, name);
    let mut newer = versions.iter().take_while(|version| version.version != definition.version);
    let successor = newer.find(|version| version.served && version.deprecated.is_none());
    Some(match successor {
        Some(version) => format!("{text}; use {} {name}", version.api_version()),
        None => text,
    })
}

/// The answer to a verb that a subresource does not have.
pub(crate) fn unsupported(kind: &Kind, name: &str, subresource: &Subresource, verb: &str) -> Error {
    Error::Api(if has(kind, subresource) {
        status::method_not_allowed(kind.subject(), verb)
    } else {
        status::not_found(kind.subject(), name)
    })
}

/// Whether a kind has a subresource.
pub(crate) fn has(kind: &Kind, subresource: &Subresource) -> bool {
    match subresource {
        Subresource::Status => kind.definition.status,
        Subresource::Scale => kind.definition.scale.is_some(),
        Subresource::Other(name) => {
            kind.builtin == Some(super::kinds::Builtin::Namespace) && name == "finalize"
        }
    }
}
