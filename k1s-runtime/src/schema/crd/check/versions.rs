//! Versions: names, deprecation, and which one is stored.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::api::field::{BadValue, FieldError, Path};
use crate::api::{gotext, names};

use super::super::parts::CrdParts;
use super::{internal, parts, text};

/// Checks `spec.versions`, and what is in each and not in all.
pub(super) fn check(spec: &Value, old: Option<&Value>, errors: &mut Vec<FieldError>) {
    let versions = list(spec);
    let root = Path::ROOT.field("spec");
    let at = root.field("versions");
    for (index, version) in versions.iter().enumerate() {
        let at = at.index(index);
        if let Some(wrong) = wrong_name(version) {
            errors.push(FieldError::invalid(at.field("name").to_string(), text(&version["name"]), wrong));
        }
        check_deprecation(version, &at.field("deprecationWarning"), errors);
        parts::check_version(spec, old, index, &at, errors);
    }
    let mut invalid = |detail: &str| {
        let shown = BadValue::Verbatim(internal::versions(spec));
        errors.push(FieldError::invalid("spec.versions", shown, detail));
    };
    let mut names = HashSet::new();
    if !versions.iter().all(|version| names.insert(text(&version["name"]))) {
        invalid("must contain unique version names");
    }
    if versions.iter().filter(|version| version["storage"] == true).count() != 1 {
        invalid("must have exactly one version marked as storage version");
    }
    // The first version is also kept where definitions of one version once had it.
    let first = versions.first().filter(|version| !text(&version["name"]).is_empty());
    if let Some((first, wrong)) = first.and_then(|first| Some((first, wrong_name(first)?))) {
        errors.push(FieldError::invalid("spec.version", text(&first["name"]), wrong));
    }
}

fn list(spec: &Value) -> &[Value] {
    spec["versions"].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn wrong_name(version: &Value) -> Option<String> {
    let wrong = names::dns1035_label(text(&version["name"]));
    (!wrong.is_empty()).then(|| wrong.join(","))
}

fn check_deprecation(version: &Value, at: &Path<'_>, errors: &mut Vec<FieldError>) {
    const LIMIT: usize = 256;
    let Some(warning) = version["deprecationWarning"].as_str() else { return };
    let mut report = |detail: String| errors.push(FieldError::invalid(at.to_string(), warning, detail));
    if version["deprecated"] != true {
        return report("can only be set for deprecated versions".to_owned());
    }
    if warning.len() > LIMIT {
        report(format!("must be <= {LIMIT} characters long"));
    }
    if warning.is_empty() {
        report("must not be an empty string".to_owned());
    }
    if let Some((index, _)) = warning.char_indices().find(|(_, c)| !gotext::is_printable(*c)) {
        report(format!(
            "must only contain printable UTF-8 characters; non-printable character found at index {index}"
        ));
    }
}

/// `status.storedVersions` against the versions that there are.
pub(super) fn check_stored(crd: CrdParts<'_>, errors: &mut Vec<FieldError>) {
    let at = Path::ROOT.field("status");
    let at = at.field("storedVersions");
    let versions = list(crd.spec);
    let stored = || versions.iter().filter(|version| version["storage"] == true);
    // The server notes the first stored version before it looks.
    let noted = crd.status["storedVersions"].as_array().into_iter().flatten();
    let mut noted: Vec<&str> = noted.filter_map(Value::as_str).collect();
    if let Some(first) = stored().next().map(|version| text(&version["name"]))
        && !noted.contains(&first)
    {
        noted.push(first);
    }
    if noted.is_empty() {
        let detail = "must have at least one stored version";
        return errors.push(FieldError::invalid(at.to_string(), BadValue::Null, detail));
    }
    for name in stored().map(|version| text(&version["name"])) {
        if !noted.contains(&name) {
            let detail = format!("must have the storage version {name}");
            errors.push(FieldError::invalid(at.to_string(), json!(noted), detail));
        }
    }
    for (index, name) in noted.iter().enumerate() {
        if !versions.iter().any(|version| text(&version["name"]) == *name) {
            let detail = format!(
                "missing from spec.versions; {name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in {name} and removes {name} from status.storedVersions"
            );
            errors.push(FieldError::invalid(at.index(index).to_string(), *name, detail));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_short_and_printable() {
        let faults = |deprecated: bool, warning: &str| {
            let mut errors = Vec::new();
            let version = json!({"deprecated": deprecated, "deprecationWarning": warning});
            check_deprecation(&version, &Path::ROOT.field("w"), &mut errors);
            errors.iter().map(|error| error.detail.clone()).collect::<Vec<_>>()
        };
        assert_eq!(faults(false, ""), ["can only be set for deprecated versions"]);
        assert_eq!(faults(true, ""), ["must not be an empty string"]);
        assert_eq!(faults(true, &"x".repeat(257)), ["must be <= 256 characters long"]);
        assert_eq!(
            faults(true, "é\u{a0}"),
            ["must only contain printable UTF-8 characters; non-printable character found at index 2"]
        );
        assert!(faults(true, "use v2, é").is_empty());
    }

    #[test]
    fn stored_versions_stay() {
        let crd = json!({
            "spec": {"versions": [{"name": "v2", "storage": true}]}, "status": {"storedVersions": ["v1", "v2"]},
        });
        let mut errors = Vec::new();
        check_stored((&crd).into(), &mut errors);
        assert_eq!(errors.len(), 1);
        assert!(errors[0].to_string().starts_with(
            "status.storedVersions[0]: Invalid value: \"v1\": missing from spec.versions; v1 was previously a storage version"
        ));
    }
}
