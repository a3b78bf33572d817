//! Versions: names, the stored one, deprecation, subresources, columns, selectable fields.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::api::field::{BadValue, FieldError, Path};
use crate::api::{gotext, names};

use super::{columns, places, selectable, text};

pub(super) fn check(crd: &Value, errors: &mut Vec<FieldError>) {
    let spec = &crd["spec"];
    let versions = spec["versions"].as_array().map(Vec::as_slice).unwrap_or_default();
    check_stored(crd, versions, errors);
    let root = Path::ROOT.field("spec");
    let list = root.field("versions");
    for (index, version) in versions.iter().enumerate() {
        let at = list.index(index);
        check_name(text(&version["name"]), index, &at, errors);
        check_deprecation(version, &at.field("deprecationWarning"), errors);
    }
    check_parts(spec, &root, errors);
}

fn check_stored(crd: &Value, versions: &[Value], errors: &mut Vec<FieldError>) {
    let stored: Vec<&str> = versions
        .iter()
        .filter(|version| version["storage"] == true)
        .map(|version| text(&version["name"]))
        .collect();
    if stored.len() != 1 {
        let detail = "must have exactly one version marked as storage version";
        errors.push(FieldError::invalid("spec.versions", shown(&crd["spec"], versions), detail));
    }
    let mut names = HashSet::new();
    if !versions.iter().all(|version| names.insert(text(&version["name"]))) {
        let detail = "must contain unique version names";
        errors.push(FieldError::invalid("spec.versions", shown(&crd["spec"], versions), detail));
    }
    // The server notes the first stored version before it looks.
    let mut noted: Vec<&str> =
        crd["status"]["storedVersions"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if let Some(first) = stored.first()
        && !noted.contains(first)
    {
        noted.push(first);
    }
    let at = "status.storedVersions";
    if noted.is_empty() {
        errors.push(FieldError::invalid(at, BadValue::Null, "must have at least one stored version"));
    }
    if let Some(last) = stored.last()
        && !noted.contains(last)
    {
        errors.push(FieldError::invalid(at, json!(noted), format!("must have the storage version {last}")));
    }
}

/// The versions as the API server's internal type prints them, without what is the same in all.
fn shown(spec: &Value, versions: &[Value]) -> BadValue {
    let show = |version: &Value| {
        let flag = |field: &str| Value::Bool(version[field] == true);
        let unless_shared = |field: &str| match places(spec, field).iter().all(|place| place.shared) {
            true => Value::Null,
            false => version[field].clone(),
        };
        let fields = [
            ("Name", Value::from(text(&version["name"]))),
            ("Served", flag("served")),
            ("Storage", flag("storage")),
            ("Deprecated", flag("deprecated")),
            ("DeprecationWarning", version["deprecationWarning"].clone()),
            ("Schema", unless_shared("schema")),
            ("Subresources", unless_shared("subresources")),
            ("AdditionalPrinterColumns", unless_shared("additionalPrinterColumns")),
            ("SelectableFields", unless_shared("selectableFields")),
        ];
        let fields = fields.map(|(name, value)| format!("\"{name}\":{}", gotext::json(&value)));
        format!("{{{}}}", fields.join(","))
    };
    let versions: Vec<String> = versions.iter().map(show).collect();
    BadValue::Verbatim(format!("[{}]", versions.join(",")))
}

fn check_name(name: &str, index: usize, at: &Path<'_>, errors: &mut Vec<FieldError>) {
    let wrong = names::dns1035_label(name);
    if wrong.is_empty() {
        return;
    }
    let wrong = wrong.join(",");
    if index == 0 && !name.is_empty() {
        errors.push(FieldError::invalid("spec.version", name, wrong.as_str()));
    }
    errors.push(FieldError::invalid(at.field("name").to_string(), name, wrong));
}

fn check_deprecation(version: &Value, at: &Path<'_>, errors: &mut Vec<FieldError>) {
    const LIMIT: usize = 256;
    let Some(warning) = version["deprecationWarning"].as_str() else { return };
    let mut report = |detail: String| errors.push(FieldError::invalid(at.to_string(), warning, detail));
    if version["deprecated"] != true {
        report("can only be set for deprecated versions".to_owned());
    }
    if warning.is_empty() {
        report("must not be empty string".to_owned());
    }
    if warning.len() > LIMIT {
        report(format!("must be <= {LIMIT} characters long"));
    }
    if let Some((index, _)) = warning.char_indices().find(|(_, c)| c.is_control()) {
        report(format!(
            "must only contain printable UTF-8 characters; non-printable character found at index {index}"
        ));
    }
}

fn check_parts(spec: &Value, root: &Path<'_>, errors: &mut Vec<FieldError>) {
    for field in ["subresources", "additionalPrinterColumns", "selectableFields"] {
        for place in places(spec, field) {
            let list = root.field("versions");
            let version = list.index(place.version);
            let at = if place.shared { root.field(field) } else { version.field(field) };
            match field {
                "subresources" => check_scale(&place.value["scale"], &at, errors),
                "additionalPrinterColumns" => columns::check(place.value, &at, errors),
                _ => {
                    let schema = &spec["versions"][place.version]["schema"]["openAPIV3Schema"];
                    selectable::check(place.value, schema, &at, errors);
                }
            }
        }
    }
}

fn check_scale(scale: &Value, at: &Path<'_>, errors: &mut Vec<FieldError>) {
    if !scale.is_object() {
        return;
    }
    let at = at.field("scale");
    for (field, prefixes, detail) in [
        ("specReplicasPath", &[".spec."][..], "should be a json path under .spec"),
        ("statusReplicasPath", &[".status."], "should be a json path under .status"),
        ("labelSelectorPath", &[".spec.", ".status."], "should be a json path under either .spec or .status"),
    ] {
        let at = at.field(field);
        let path = text(&scale[field]);
        if path.is_empty() {
            if field != "labelSelectorPath" {
                errors.push(FieldError::required(at.to_string(), ""));
            }
        } else if !path.starts_with('.') {
            errors.push(FieldError::invalid(at.to_string(), path, columns::NOT_SIMPLE));
        } else if !prefixes.iter().any(|prefix| path.starts_with(prefix)) {
            errors.push(FieldError::invalid(at.to_string(), path, detail));
        }
    }
}
