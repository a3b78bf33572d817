//! JSON paths as root attributes give them: `.spec.quantity`. The first field below `.spec` is checked against the
//! struct, that of `.metadata` against Kubernetes' own; what is below them, and below `.status`, cannot be seen.

use darling::error::Accumulator;

use super::{did_you_mean, refuse};
use crate::literal::JsonText;
use crate::model::{Field, ResourceModel};
use crate::parse::Text;

/// Fields of `ObjectMeta`.
const METADATA: &[&str] = &[
    "annotations",
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "finalizers",
    "generateName",
    "generation",
    "labels",
    "managedFields",
    "name",
    "namespace",
    "ownerReferences",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// Checks a path from the object's root; answers the spec's field that it enters and whether it ends there.
pub(crate) fn check<'a>(
    path: &Text,
    model: &'a ResourceModel,
    errors: &mut Accumulator,
) -> Option<(&'a Field, bool)> {
    let (root, rest) = match first_field(path) {
        Ok(parts) => parts,
        Err(reason) => {
            refuse(errors, path.span(), reason);
            return None;
        }
    };
    let kind = &model.kind;
    let layer = model.args.openapi.as_ref().and_then(|layer| layer.property(root));
    match root {
        // What was said in OpenAPI's words is looked at by `k1s-gen check`.
        _ if layer.is_some_and(|layer| root != "spec" || layer.get("properties").is_some()) => None,
        "spec" => {
            let Ok((name, rest)) = first_field(rest) else { return None };
            let fields = model.spec.fields();
            let found = fields.iter().find(|field| !field.flatten && field.name == name);
            // A flattened struct may have it.
            let open = model.spec.keywords.openapi.as_ref().is_some_and(JsonText::reshapes);
            if found.is_none() && !open && model.spec.field_names().is_some() {
                let hint = did_you_mean(name, fields.iter().map(|field| field.name.as_str()));
                let spec = &model.spec.ident;
                refuse(errors, path.span(), format!("`{spec}` has no field `{name}` in its JSON{hint}"));
            }
            found.map(|field| (field, rest.is_empty()))
        }
        "metadata" => {
            if let Ok((name, _)) = first_field(rest)
                && !METADATA.contains(&name)
            {
                let hint = did_you_mean(name, METADATA.iter().copied());
                refuse(errors, path.span(), format!("metadata has no field `{name}`{hint}"));
            }
            None
        }
        "status" => {
            if model.args.status.is_none() {
                refuse(
                    errors,
                    path.span(),
                    format!("`{kind}` has no status; add `status = \"{kind}Status\"`"),
                );
            }
            None
        }
        "apiVersion" | "kind" => None,
        other => {
            let hint = did_you_mean(other, ["spec", "status", "metadata", "apiVersion", "kind"]);
            refuse(errors, path.span(), format!("`{kind}` has no field `{other}`{hint}"));
            None
        }
    }
}

/// Checks the first field of a path within a struct.
pub(crate) fn check_in(path: &Text, fields: &[&str], owner: &str, errors: &mut Accumulator) {
    match first_field(path) {
        Ok((name, _)) if fields.contains(&name) => {}
        Ok((name, _)) => {
            let hint = did_you_mean(name, fields.iter().copied());
            refuse(errors, path.span(), format!("`{owner}` has no field `{name}` in its JSON{hint}"));
        }
        Err(reason) => refuse(errors, path.span(), reason),
    }
}

/// Whether a path only names fields: no list items, no filters.
pub(crate) fn is_plain(path: &str) -> bool {
    path.strip_prefix('.').is_some_and(|rest| {
        rest.split('.').all(|name| {
            !name.is_empty()
                && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter))
        })
    })
}

/// Splits `.spec.quantity` into `spec` and `.quantity`; `['quantity']` is a field as well.
fn first_field(path: &str) -> Result<(&str, &str), String> {
    if let Some(quoted) = path.strip_prefix("['").or_else(|| path.strip_prefix(".['")) {
        return quoted.split_once("']").ok_or_else(|| format!("`{path}` lacks a closing `']`"));
    }
    let Some(rest) = path.strip_prefix('.') else {
        return Err(format!("a path starts with a dot: did you mean `.{path}`?"));
    };
    let end = rest.find(['.', '[']).unwrap_or(rest.len());
    match rest.split_at(end) {
        ("", _) => Err("the path names no field".to_owned()),
        parts => Ok(parts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_split_at_the_first_field() {
        assert_eq!(first_field(".spec.tags[0]"), Ok(("spec", ".tags[0]")));
        assert_eq!(first_field(".tags[0]"), Ok(("tags", "[0]")));
        assert_eq!(first_field("['unit-price'].x"), Ok(("unit-price", ".x")));
        assert!(first_field("spec").is_err());
        assert!(first_field("..spec").is_err());
    }

    #[test]
    fn plain_paths_have_no_brackets() {
        assert!(is_plain(".spec.a-b"));
        assert!(!is_plain(".spec.tags[0]"));
        assert!(!is_plain(".spec."));
    }
}
