//! Constructors of the `Status` values that an API server answers with: one place for their codes, reasons and words.
//!
//! Mirrors `k8s.io/apimachinery/pkg/api/errors`.

use std::collections::HashSet;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ListMeta;
use kube_core::response::{Status, StatusCause, StatusDetails, StatusSummary};

use super::field::FieldError;

/// Group and resource (or kind) that a status is about; prints as `items.inventory.example.com`.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// API group; empty for the core group.
    pub group: &'a str,
    /// Plural resource name, or the kind in `Invalid` answers.
    pub resource: &'a str,
}

impl Subject<'_> {
    fn qualified(self) -> String {
        if self.group.is_empty() {
            self.resource.to_owned()
        } else {
            format!("{}.{}", self.resource, self.group)
        }
    }
}

fn failure(code: u16, reason: &str, message: String, details: Option<StatusDetails>) -> Box<Status> {
    Box::new(Status {
        status: Some(StatusSummary::Failure),
        code,
        message,
        metadata: Some(ListMeta::default()),
        reason: reason.to_owned(),
        details,
    })
}

fn details(subject: Subject<'_>, name: &str) -> StatusDetails {
    StatusDetails {
        name: name.to_owned(),
        group: subject.group.to_owned(),
        kind: subject.resource.to_owned(),
        uid: String::new(),
        causes: Vec::new(),
        retry_after_seconds: 0,
    }
}

/// 404 NotFound of one object.
pub fn not_found(subject: Subject<'_>, name: &str) -> Box<Status> {
    let message = format!("{} \"{name}\" not found", subject.qualified());
    failure(404, "NotFound", message, Some(details(subject, name)))
}

/// 409 AlreadyExists.
pub fn already_exists(subject: Subject<'_>, name: &str) -> Box<Status> {
    let message = format!("{} \"{name}\" already exists", subject.qualified());
    failure(409, "AlreadyExists", message, Some(details(subject, name)))
}

/// 409 AlreadyExists of an object that is being deleted.
pub fn being_deleted(subject: Subject<'_>, name: &str) -> Box<Status> {
    let message = format!("object is being deleted: {} \"{name}\" already exists", subject.qualified());
    failure(409, "AlreadyExists", message, Some(details(subject, name)))
}

/// 409 Conflict: the write was based on something that is no longer so.
pub fn conflict(subject: Subject<'_>, name: &str, why: &str) -> Box<Status> {
    let message = format!("Operation cannot be fulfilled on {} \"{name}\": {why}", subject.qualified());
    failure(409, "Conflict", message, Some(details(subject, name)))
}

/// 409 Conflict of a server-side apply, with a cause for each field that another manager owns.
pub fn apply_conflict(message: String, causes: Vec<StatusCause>) -> Box<Status> {
    let details = StatusDetails { causes, ..details(Subject { group: "", resource: "" }, "") };
    failure(409, "Conflict", message, Some(details))
}

/// What a conflict on `metadata.resourceVersion` says.
pub const MODIFIED: &str =
    "the object has been modified; please apply your changes to the latest version and try again";

/// 403 Forbidden.
pub fn forbidden(subject: Subject<'_>, name: &str, why: &str) -> Box<Status> {
    let message = if name.is_empty() {
        format!("{} is forbidden: {why}", subject.qualified())
    } else {
        format!("{} \"{name}\" is forbidden: {why}", subject.qualified())
    };
    failure(403, "Forbidden", message, Some(details(subject, name)))
}

/// 422 Invalid with its causes. `kind` holds the kind, not the resource, in `resource`.
pub fn invalid(kind: Subject<'_>, name: &str, errors: &[FieldError]) -> Box<Status> {
    let listed = match errors {
        [] => String::from("<nil>"),
        [only] => only.to_string(),
        many => {
            // The server shows each text once.
            let mut seen = HashSet::with_capacity(many.len());
            let mut texts: Vec<String> = many.iter().map(ToString::to_string).collect();
            texts.retain(|text| seen.insert(text.clone()));
            if let [only] = texts.as_slice() { only.clone() } else { format!("[{}]", texts.join(", ")) }
        }
    };
    let message = format!("{} \"{name}\" is invalid: {listed}", kind.qualified());
    let mut details = details(kind, name);
    details.causes = errors.iter().map(FieldError::to_cause).collect();
    failure(422, "Invalid", message, Some(details))
}

/// 400 BadRequest.
pub fn bad_request(message: impl Into<String>) -> Box<Status> {
    failure(400, "BadRequest", message.into(), None)
}

/// 405 MethodNotAllowed.
pub fn method_not_allowed(subject: Subject<'_>, verb: &str) -> Box<Status> {
    let message = format!("{verb} is not supported on resources of kind \"{}\"", subject.qualified());
    failure(405, "MethodNotAllowed", message, Some(details(subject, "")))
}

/// 404 of a path that there is not. A server answers `404 page not found` in plain text, and this is what Kubernetes' client
/// library makes of it.
pub fn no_such_path(subject: Subject<'_>, verb: &str, name: &str) -> Box<Status> {
    let mut about = format!("{verb} {}", subject.qualified());
    if !name.is_empty() {
        about = format!("{about} {name}");
    }
    let mut details = details(subject, name);
    details.causes.push(StatusCause {
        reason: UNEXPECTED.to_owned(),
        message: "404 page not found".to_owned(),
        field: String::new(),
    });
    let message = format!("the server could not find the requested resource ({about})");
    failure(404, "NotFound", message, Some(details))
}

/// Reason of the cause that holds what a server said that was not a `Status`.
pub const UNEXPECTED: &str = "UnexpectedServerResponse";

/// 405 of a path that does not take the verb.
pub fn verb_not_allowed() -> Box<Status> {
    let message = "the server does not allow this method on the requested resource";
    failure(405, "MethodNotAllowed", message.to_owned(), None)
}

/// 410 Expired: the revision asked for is gone.
pub fn expired(message: impl Into<String>) -> Box<Status> {
    failure(410, "Expired", message.into(), None)
}

/// 504 Timeout of a request for a version that the store has not come to. A server waits for it a while; an embedded store knows at
/// once.
pub fn version_too_large(requested: u64, current: u64) -> Box<Status> {
    let message = format!("Timeout: Too large resource version: {requested}, current: {current}");
    let mut details = details(Subject { group: "", resource: "" }, "");
    details.retry_after_seconds = 1;
    details.causes.push(StatusCause {
        reason: "ResourceVersionTooLarge".to_owned(),
        message: "Too large resource version".to_owned(),
        field: String::new(),
    });
    failure(504, "Timeout", message, Some(details))
}

/// 413 RequestEntityTooLarge.
pub fn too_large(message: &str) -> Box<Status> {
    failure(413, "RequestEntityTooLarge", format!("Request entity too large: {message}"), None)
}

/// 500 InternalError; the cause repeats the message.
pub fn internal(message: impl std::fmt::Display) -> Box<Status> {
    let cause = StatusCause { reason: String::new(), message: message.to_string(), field: String::new() };
    let mut details = details(Subject { group: "", resource: "" }, "");
    details.causes.push(cause);
    failure(500, "InternalError", format!("Internal error occurred: {message}"), Some(details))
}

/// A failure of any other kind, without details.
pub fn other(code: u16, reason: &str, message: impl Into<String>) -> Box<Status> {
    failure(code, reason, message.into(), None)
}
