//! Names, group, scope, conversion.

use serde_json::Value;

use crate::api::field::{ErrorType, FieldError, Path};
use crate::api::{gotext, names};

use super::text;

/// The annotation that groups of the Kubernetes project need.
const APPROVAL: &str = "api-approved.kubernetes.io";

pub(super) fn check(crd: &Value, errors: &mut Vec<FieldError>) {
    let spec = &crd["spec"];
    let (plural, group) = (text(&spec["names"]["plural"]), text(&spec["group"]));
    let name = text(&crd["metadata"]["name"]);
    if name.strip_suffix(group).and_then(|rest| rest.strip_suffix('.')) != Some(plural) {
        errors.push(FieldError::invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group"));
    }
    check_group(crd, group, errors);
    match text(&spec["scope"]) {
        "" => errors.push(FieldError::required("spec.scope", "")),
        "Cluster" | "Namespaced" => {}
        other => errors.push(not_supported("spec.scope", other, &["Cluster", "Namespaced"])),
    }
    if spec["preserveUnknownFields"] == true {
        let detail = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead";
        errors.push(FieldError::invalid("spec.preserveUnknownFields", Value::Bool(true), detail));
    }
    check_names(&spec["names"], errors);
    check_conversion(&spec["conversion"], errors);
}

pub(super) fn not_supported(field: impl Into<String>, found: &str, allowed: &[&str]) -> FieldError {
    let allowed: Vec<String> = allowed.iter().map(|word| gotext::quote(word)).collect();
    let detail = format!("supported values: {}", allowed.join(", "));
    FieldError::new(ErrorType::NotSupported, field, found, detail)
}

fn check_group(crd: &Value, group: &str, errors: &mut Vec<FieldError>) {
    let wrong = names::dns1123_subdomain(group);
    if group.is_empty() {
        errors.push(FieldError::required("spec.group", ""));
    } else if !wrong.is_empty() {
        errors.push(FieldError::invalid("spec.group", group, wrong.join(",")));
    } else if !group.contains('.') {
        errors.push(FieldError::invalid("spec.group", group, "should be a domain with at least one dot"));
    }
    let protected = ["k8s.io", "kubernetes.io"]
        .into_iter()
        .any(|domain| group.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')));
    let annotations = Path::ROOT.field("metadata");
    let annotations = annotations.field("annotations");
    if protected && text(&crd["metadata"]["annotations"][APPROVAL]).is_empty() {
        let detail = format!(
            "protected groups must have approval annotation \"{APPROVAL}\", see https://github.com/kubernetes/enhancements/pull/1111"
        );
        errors.push(FieldError::required(annotations.key(APPROVAL).to_string(), detail));
    }
}

fn check_names(found: &Value, errors: &mut Vec<FieldError>) {
    let root = Path::ROOT.field("spec");
    let path = root.field("names");
    let kind = text(&found["kind"]);
    // The API server fills in what may be left out before it looks.
    let singular = match text(&found["singular"]) {
        "" => kind.to_lowercase(),
        given => given.to_owned(),
    };
    let list_kind = match text(&found["listKind"]) {
        "" if !kind.is_empty() => format!("{kind}List"),
        given => given.to_owned(),
    };
    let plural = text(&found["plural"]);
    for (field, name, mixed) in [
        ("plural", plural, false),
        ("singular", &singular, false),
        ("kind", kind, true),
        ("listKind", &list_kind, true),
    ] {
        let at = path.field(field);
        if name.is_empty() {
            errors.push(FieldError::required(at.to_string(), ""));
        } else {
            check_label(name, mixed, &at, errors);
        }
    }
    if !kind.is_empty() && kind == list_kind {
        let at = path.field("listKind").to_string();
        errors.push(FieldError::invalid(at, list_kind.as_str(), "kind and listKind may not be the same"));
    }
    for field in ["shortNames", "categories"] {
        let at = path.field(field);
        for (index, name) in found[field].as_array().into_iter().flatten().enumerate() {
            check_label(text(name), false, &at.index(index), errors);
        }
    }
}

fn check_label(name: &str, mixed: bool, at: &Path<'_>, errors: &mut Vec<FieldError>) {
    let wrong = if mixed { names::dns1035_label(&name.to_lowercase()) } else { names::dns1035_label(name) };
    if wrong.is_empty() {
        return;
    }
    let wrong = wrong.join(",");
    let detail =
        if mixed { format!("may have mixed case, but should otherwise match: {wrong}") } else { wrong };
    errors.push(FieldError::invalid(at.to_string(), name, detail));
}

fn check_conversion(conversion: &Value, errors: &mut Vec<FieldError>) {
    let strategy = text(&conversion["strategy"]);
    let webhook = &conversion["webhook"];
    let versions = webhook["conversionReviewVersions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let (versions_at, config_at) =
        ("spec.conversion.conversionReviewVersions", "spec.conversion.webhookClientConfig");
    match strategy {
        "Webhook" => {
            if versions.is_empty() {
                errors.push(FieldError::required(versions_at, ""));
            } else if !versions.iter().any(|version| version == "v1" || version == "v1beta1") {
                let detail = "must include at least one of v1, v1beta1";
                errors.push(FieldError::invalid(
                    versions_at,
                    webhook["conversionReviewVersions"].clone(),
                    detail,
                ));
            }
            if !webhook["clientConfig"].is_object() {
                errors.push(FieldError::required(config_at, "required when strategy is set to Webhook"));
            }
        }
        "" | "None" => {
            let detail = "should not be set when strategy is not set to Webhook";
            if !versions.is_empty() {
                errors.push(FieldError::forbidden(versions_at, detail));
            }
            if webhook["clientConfig"].is_object() {
                errors.push(FieldError::forbidden(config_at, detail));
            }
        }
        other => errors.push(not_supported("spec.conversion.strategy", other, &["None", "Webhook"])),
    }
}
