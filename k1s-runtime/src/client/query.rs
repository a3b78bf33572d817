//! Reads as query parameters ask for them: text that may be wrong, as kube-apiserver decodes and validates `ListOptions`.
//!
//! [`ListRequest`] and [`WatchRequest`] are typed; who has text, as a proxy or a command line does, makes them here and gets the
//! server's refusals.

use crate::api::field::{ErrorType, FieldError};
use crate::api::status::{self, Subject};
use crate::api::{FieldSelector, LabelSelector};

use super::{Error, ListRequest, Result, Target, VersionMatch, WatchRequest, options};

const MATCH: &str = "resourceVersionMatch";

/// Decoded query parameters of a list or a watch.
struct ListOptions {
    target: Target,
    label_selector: String,
    field_selector: String,
    allow_watch_bookmarks: bool,
    resource_version: Option<String>,
    version_match: Option<VersionMatch>,
    timeout_seconds: Option<i64>,
    limit: i64,
    continue_token: Option<String>,
    send_initial_events: Option<bool>,
}

impl ListRequest {
    /// The list that query parameters ask for; those that a list does not have are ignored, and of one that comes twice the first counts.
    ///
    /// ```
    /// # use k1s_runtime::client::{ListRequest, Target};
    /// # use k1s_runtime::api::GroupVersionKind;
    /// let target = Target { gvk: GroupVersionKind::gvk("", "v1", "ConfigMap"), namespace: None };
    /// assert_eq!(ListRequest::from_query(target.clone(), &[("limit", "5")])?.limit, 5);
    /// let refused = ListRequest::from_query(target, &[("limit", "x")]).unwrap_err();
    /// assert_eq!(refused.to_string(), "strconv.ParseInt: parsing \"x\": invalid syntax");
    /// # Ok::<(), k1s_runtime::client::Error>(())
    /// ```
    ///
    /// # Errors
    /// 400 for a number or selector that is not one, 422 for parameters that do not go together.
    pub fn from_query(target: Target, query: &[(&str, &str)]) -> Result<Self> {
        let options = ListOptions::decode(target, query)?;
        let request = Self {
            target: options.target,
            label_selector: options.label_selector,
            field_selector: options.field_selector,
            limit: usize::try_from(options.limit).unwrap_or(0),
            continue_token: options.continue_token,
            resource_version: options.resource_version,
            resource_version_match: options.version_match,
        };
        check_list(&request, options.send_initial_events.is_some())?;
        Ok(request)
    }
}

impl WatchRequest {
    /// The watch that query parameters ask for; those that a watch does not have are ignored, and of one that comes twice the first
    /// counts.
    ///
    /// # Errors
    /// As [`ListRequest::from_query`].
    pub fn from_query(target: Target, query: &[(&str, &str)]) -> Result<Self> {
        let options = ListOptions::decode(target, query)?;
        let request = Self {
            target: options.target,
            label_selector: options.label_selector,
            field_selector: options.field_selector,
            resource_version: options.resource_version,
            resource_version_match: options.version_match,
            send_initial_events: options.send_initial_events,
            allow_watch_bookmarks: options.allow_watch_bookmarks,
            timeout_seconds: options.timeout_seconds,
        };
        let continues = options.continue_token.is_some_and(|token| !token.is_empty());
        check_watch(&request, continues)?;
        Ok(request)
    }
}

impl ListOptions {
    fn decode(target: Target, query: &[(&str, &str)]) -> Result<Self> {
        let find = |name: &str| query.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        let text = |name: &str| find(name).unwrap_or_default().to_owned();
        let bad = |why: String| Error::Api(status::bad_request(why));
        let integer = |name: &str| find(name).map(options::parse_int).transpose().map_err(bad);
        let options = Self {
            target,
            label_selector: text("labelSelector"),
            field_selector: text("fieldSelector"),
            allow_watch_bookmarks: find("allowWatchBookmarks").is_some_and(is_true),
            resource_version: find("resourceVersion").map(str::to_owned),
            version_match: find(MATCH).and_then(VersionMatch::parse),
            timeout_seconds: integer("timeoutSeconds")?,
            limit: integer("limit")?.unwrap_or(0),
            continue_token: find("continue").map(str::to_owned),
            send_initial_events: find("sendInitialEvents").map(is_true),
        };
        LabelSelector::parse(&options.label_selector).map_err(|error| bad(error.to_string()))?;
        FieldSelector::parse(&options.field_selector).map_err(|error| bad(error.to_string()))?;
        Ok(options)
    }
}

/// Everything that is there and is not one of two words is true.
fn is_true(text: &str) -> bool {
    !text.eq_ignore_ascii_case("false") && text != "0"
}

/// Refuses options of a list that do not go together. Whether initial events are asked for only text can say.
///
/// # Errors
/// 422 `ListOptions.meta.k8s.io "" is invalid: …`.
pub(crate) fn check_list(request: &ListRequest, send_initial_events: bool) -> Result<()> {
    let mut errors = Vec::new();
    let mut forbid = |field: &str, why: &str| errors.push(FieldError::forbidden(field, why));
    let version = request.resource_version.as_deref().unwrap_or_default();
    let version_match = request.resource_version_match.as_ref();
    if version_match.is_some() {
        if version.is_empty() {
            forbid(MATCH, "resourceVersionMatch is forbidden unless resourceVersion is provided");
        }
        if request.continue_token.as_deref().is_some_and(|token| !token.is_empty()) {
            forbid(MATCH, "resourceVersionMatch is forbidden when continue is provided");
        }
    }
    match version_match {
        Some(VersionMatch::Other(text)) => {
            errors.push(unsupported(text, "\"Exact\", \"NotOlderThan\", \"\""));
        }
        Some(VersionMatch::Exact) if version == "0" => {
            forbid(MATCH, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
        }
        _ => {}
    }
    if send_initial_events {
        errors.push(FieldError::forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
    }
    refuse(&errors)
}

/// Refuses options of a watch that do not go together. Whether it continues a list only text can say.
///
/// # Errors
/// As [`check_list`].
pub(crate) fn check_watch(request: &WatchRequest, continues: bool) -> Result<()> {
    let mut errors = Vec::new();
    let mut forbid = |why: &str| errors.push(FieldError::forbidden(MATCH, why));
    let version_match = request.resource_version_match.as_ref();
    let not_older = version_match == Some(&VersionMatch::NotOlderThan);
    match request.send_initial_events {
        Some(_) if !not_older => {
            forbid("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }
        None if version_match.is_some() => {
            forbid("resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        }
        _ => {}
    }
    if let Some(other) = version_match.filter(|_| !not_older) {
        errors.push(unsupported(other.as_str(), "\"NotOlderThan\""));
    }
    if continues {
        errors.push(FieldError::forbidden(
            MATCH,
            "resourceVersionMatch is forbidden when continue is provided",
        ));
    }
    refuse(&errors)
}

fn unsupported(value: &str, supported: &str) -> FieldError {
    FieldError::new(ErrorType::NotSupported, MATCH, value, format!("supported values: {supported}"))
}

fn refuse(errors: &[FieldError]) -> Result<()> {
    if errors.is_empty() {
        return Ok(());
    }
    Err(status::invalid(Subject { group: "meta.k8s.io", resource: "ListOptions" }, "", errors).into())
}

/// A version; `None` for one that asks for nothing: absent, empty or 0.
///
/// # Errors
/// What a server says of text that is no version.
pub(crate) fn version(text: Option<&str>) -> std::result::Result<Option<u64>, String> {
    let text = text.unwrap_or_default();
    if text.is_empty() {
        return Ok(None);
    }
    let version = options::parse_uint(text)
        .map_err(|why| format!("resourceVersion: Invalid value: {text:?}: {why}"))?;
    Ok(Some(version).filter(|version| *version != 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_and_booleans_are_read_as_go_reads_them() {
        assert_eq!(options::parse_int("-7"), Ok(-7));
        assert_eq!(options::parse_int("+7"), Ok(7));
        for (text, why) in [("", "invalid syntax"), ("1.5", "invalid syntax"), ("+-1", "invalid syntax")] {
            assert_eq!(options::parse_int(text), Err(format!("strconv.ParseInt: parsing {text:?}: {why}")));
        }
        assert!(options::parse_int("9223372036854775808").unwrap_err().ends_with("value out of range"));
        assert!(is_true("") && is_true("maybe") && !is_true("False") && !is_true("0"));
    }
}
