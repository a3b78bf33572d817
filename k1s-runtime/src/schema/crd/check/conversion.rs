//! `conversion`: the strategy, and the webhook that the strategy `Webhook` needs.

use serde_json::Value;

use crate::api::field::{FieldError, Path};
use crate::api::names as rules;

use super::super::super::formats;
use super::names::not_supported;
use super::text;

/// The versions of ConversionReview that a server understands.
const REVIEW_VERSIONS: [&str; 2] = ["v1", "v1beta1"];

pub(super) fn check(conversion: &Value, errors: &mut Vec<FieldError>) {
    if !conversion.is_object() {
        return;
    }
    let at = Path::ROOT.field("spec");
    let at = at.field("conversion");
    let strategy = text(&conversion["strategy"]);
    match strategy {
        "" => errors.push(FieldError::required(at.field("strategy").to_string(), "")),
        "None" | "Webhook" => {}
        other => {
            errors.push(not_supported(at.field("strategy").to_string(), other, &["None", "Webhook"]));
        }
    }
    let webhook = &conversion["webhook"];
    let versions = webhook["conversionReviewVersions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let (client_at, versions_at) = (at.field("webhookClientConfig"), at.field("conversionReviewVersions"));
    if strategy == "Webhook" {
        check_client(&webhook["clientConfig"], &client_at, errors);
        check_review_versions(versions, &versions_at, errors);
        return;
    }
    let detail = "should not be set when strategy is not set to Webhook";
    if webhook["clientConfig"].is_object() {
        errors.push(FieldError::forbidden(client_at.to_string(), detail));
    }
    if !versions.is_empty() {
        errors.push(FieldError::forbidden(versions_at.to_string(), detail));
    }
}

fn check_review_versions(versions: &[Value], at: &Path<'_>, errors: &mut Vec<FieldError>) {
    if versions.is_empty() {
        return errors.push(FieldError::required(at.to_string(), ""));
    }
    for (index, version) in versions.iter().enumerate() {
        let (at, name) = (at.index(index).to_string(), text(version));
        if versions[..index].contains(version) {
            errors.push(FieldError::invalid(at, name, "duplicate version"));
            continue;
        }
        let wrong = rules::dns1035_label(name).into_iter();
        errors.extend(wrong.map(|wrong| FieldError::invalid(at.as_str(), name, wrong)));
    }
    if !versions.iter().any(|version| REVIEW_VERSIONS.contains(&text(version))) {
        let detail = format!("must include at least one of {}", REVIEW_VERSIONS.join(", "));
        errors.push(FieldError::invalid(at.to_string(), Value::from(versions), detail));
    }
}

fn check_client(client: &Value, at: &Path<'_>, errors: &mut Vec<FieldError>) {
    if !client.is_object() {
        let detail = "required when strategy is set to Webhook";
        return errors.push(FieldError::required(at.to_string(), detail));
    }
    match (&client["url"], &client["service"]) {
        (Value::String(url), Value::Null) => check_url(url, &at.field("url").to_string(), errors),
        (Value::Null, service @ Value::Object(_)) => check_service(service, &at.field("service"), errors),
        _ => errors.push(FieldError::required(at.to_string(), "exactly one of url or service is required")),
    }
}

fn check_url(url: &str, at: &str, errors: &mut Vec<FieldError>) {
    const FORM: &str = "; desired format: https://host[/path]";
    let (rest, fragment) = url.split_once('#').unwrap_or((url, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (scheme, host) = formats::url_parts(rest).unwrap_or_default();
    let (user, host) = host.rsplit_once('@').map_or((None, host), |(user, host)| (Some(user), host));
    let mut invalid = |shown: &str, detail: String| errors.push(FieldError::invalid(at, shown, detail));
    if scheme != "https" {
        invalid(scheme, format!("'https' is the only allowed URL scheme{FORM}"));
    }
    if host.is_empty() {
        invalid("", format!("host must be provided{FORM}"));
    }
    if let Some(user) = user {
        invalid(user, "user information is not permitted in the URL".to_owned());
    }
    if !fragment.is_empty() {
        invalid(fragment, "fragments are not permitted in the URL".to_owned());
    }
    if !query.is_empty() {
        invalid(query, "query parameters are not permitted in the URL".to_owned());
    }
}

fn check_service(service: &Value, at: &Path<'_>, errors: &mut Vec<FieldError>) {
    // The server mixes up the two: it looks for the one in the place of the other.
    if text(&service["namespace"]).is_empty() {
        errors.push(FieldError::required(at.field("name").to_string(), "service name is required"));
    }
    if text(&service["name"]).is_empty() {
        errors.push(FieldError::required(at.field("namespace").to_string(), "service namespace is required"));
    }
    let port = service["port"].as_i64().unwrap_or(443);
    if !(1..=65535).contains(&port) {
        let detail = "port is not valid: must be between 1 and 65535, inclusive";
        errors.push(FieldError::invalid(at.field("port").to_string(), Value::from(port), detail));
    }
    check_path(text(&service["path"]), &at.field("path").to_string(), errors);
}

fn check_path(path: &str, at: &str, errors: &mut Vec<FieldError>) {
    let mut invalid = |detail: String| errors.push(FieldError::invalid(at, path, detail));
    match path {
        "" | "/" => return,
        "//" => return invalid("segment[0] may not be empty".to_owned()),
        path if !path.starts_with('/') => invalid("must start with a '/'".to_owned()),
        _ => {}
    }
    // The first byte is taken for the slash, whatever it is.
    let steps = path.get(1..).unwrap_or(path);
    for (index, step) in steps.strip_suffix('/').unwrap_or(steps).split('/').enumerate() {
        if step.is_empty() {
            invalid(format!("segment[{index}] may not be empty"));
            continue;
        }
        for wrong in rules::dns1123_subdomain(step) {
            invalid(format!("segment[{index}]: {wrong}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults(client: &Value, versions: &Value) -> Vec<String> {
        let mut errors = Vec::new();
        let webhook = json!({"clientConfig": client, "conversionReviewVersions": versions});
        check(&json!({"strategy": "Webhook", "webhook": webhook}), &mut errors);
        let shown = errors.iter().map(ToString::to_string);
        shown.map(|error| error.replace("spec.conversion.webhookClientConfig", "C")).collect()
    }

    #[test]
    fn webhooks_are_reached_one_way() {
        let versions = json!(["v1"]);
        assert!(faults(&json!({"url": "https://a/b"}), &versions).is_empty());
        assert_eq!(
            faults(&json!({}), &versions),
            ["C: Required value: exactly one of url or service is required"]
        );
        assert_eq!(
            faults(&json!({"url": "http://u@a/?q#f"}), &versions),
            [
                "C.url: Invalid value: \"http\": 'https' is the only allowed URL scheme; desired format: https://host[/path]",
                "C.url: Invalid value: \"u\": user information is not permitted in the URL",
                "C.url: Invalid value: \"f\": fragments are not permitted in the URL",
                "C.url: Invalid value: \"q\": query parameters are not permitted in the URL",
            ]
        );
        assert_eq!(
            faults(&json!({"service": {"name": "s", "port": 0, "path": "a//b"}}), &versions),
            [
                "C.service.name: Required value: service name is required",
                "C.service.port: Invalid value: 0: port is not valid: must be between 1 and 65535, inclusive",
                "C.service.path: Invalid value: \"a//b\": must start with a '/'",
                "C.service.path: Invalid value: \"a//b\": segment[0] may not be empty",
                "C.service.path: Invalid value: \"a//b\": segment[1] may not be empty",
            ]
        );
    }

    #[test]
    fn one_known_review_version_is_needed() {
        let client = json!({"url": "https://a"});
        assert_eq!(
            faults(&client, &json!(["v2", "v2"])),
            [
                "spec.conversion.conversionReviewVersions[1]: Invalid value: \"v2\": duplicate version",
                "spec.conversion.conversionReviewVersions: Invalid value: [\"v2\",\"v2\"]: must include at least one of v1, v1beta1",
            ]
        );
    }
}
