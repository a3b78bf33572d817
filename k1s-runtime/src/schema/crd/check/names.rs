//! Names: of the definition, and in `spec.names`.

use serde_json::Value;

use crate::api::field::{ErrorType, FieldError, Path};
use crate::api::{gotext, names};

use super::super::parts::CrdParts;
use super::text;

/// The definition's own name says what it defines.
pub(super) fn check_object_name(crd: CrdParts<'_>, errors: &mut Vec<FieldError>) {
    let spec = crd.spec;
    let name = text(&crd.metadata["name"]);
    let wanted = format!("{}.{}", text(&spec["names"]["plural"]), text(&spec["group"]));
    if name != wanted {
        errors.push(FieldError::invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group"));
    }
}

pub(super) fn not_supported(field: impl Into<String>, found: &str, allowed: &[&str]) -> FieldError {
    let allowed: Vec<String> = allowed.iter().map(|word| gotext::quote(word)).collect();
    let detail = format!("supported values: {}", allowed.join(", "));
    FieldError::new(ErrorType::NotSupported, field, found, detail)
}

pub(super) fn check(found: &Value, errors: &mut Vec<FieldError>) {
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
    let fields = [
        ("plural", text(&found["plural"]), false),
        ("singular", &singular, false),
        ("kind", kind, true),
        ("listKind", &list_kind, true),
    ];
    for (field, name, _) in fields {
        if name.is_empty() {
            errors.push(FieldError::required(path.field(field).to_string(), ""));
        }
    }
    for (field, name, mixed) in fields {
        if !name.is_empty() {
            check_label(name, mixed, &path.field(field), errors);
        }
    }
    check_list(&found["shortNames"], &path.field("shortNames"), errors);
    if !kind.is_empty() && kind == list_kind {
        let at = path.field("listKind").to_string();
        errors.push(FieldError::invalid(at, list_kind.as_str(), "kind and listKind may not be the same"));
    }
    check_list(&found["categories"], &path.field("categories"), errors);
}

fn check_list(list: &Value, at: &Path<'_>, errors: &mut Vec<FieldError>) {
    for (index, name) in list.as_array().into_iter().flatten().enumerate() {
        check_label(text(name), false, &at.index(index), errors);
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
