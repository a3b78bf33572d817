//! Paths from an object's root, columns and versions, as the derive takes them.

use k1s_runtime::schema::{SchemaType, Structural};

/// Whether a column of a type can show a value, to the derive.
pub(super) fn shows(field: &Structural, column: &str) -> bool {
    match field.type_ {
        Some(SchemaType::Integer) => matches!(column, "integer" | "number" | "string"),
        Some(SchemaType::Number) => matches!(column, "number" | "string"),
        Some(SchemaType::Boolean) => matches!(column, "boolean" | "string"),
        Some(SchemaType::String) => matches!(column, "string" | "date"),
        Some(SchemaType::Array | SchemaType::Object) => column == "string",
        None => true,
    }
}

/// Splits `.spec.replicas` into `spec` and `.replicas`.
pub(super) fn first_field(path: &str) -> Option<(&str, &str)> {
    if let Some(quoted) = path.strip_prefix("['").or_else(|| path.strip_prefix(".['")) {
        return quoted.split_once("']");
    }
    let rest = path.strip_prefix('.')?;
    let end = rest.find(['.', '[']).unwrap_or(rest.len());
    Some(rest.split_at(end)).filter(|(name, _)| !name.is_empty())
}

/// `v1`, `v2beta1`, `v1alpha3`.
pub(super) fn is_version(text: &str) -> bool {
    let number = |text: &str| {
        !text.starts_with('0') && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let Some(rest) = text.strip_prefix('v') else { return false };
    match rest.split_once("alpha").or_else(|| rest.split_once("beta")) {
        Some((major, minor)) => number(major) && number(minor),
        None => number(rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_split_at_the_first_field() {
        assert_eq!(first_field(".spec.tags[0]"), Some(("spec", ".tags[0]")));
        assert_eq!(first_field(".['unit-price'].x"), Some(("unit-price", ".x")));
        assert_eq!(first_field("['a']"), Some(("a", "")));
        assert!(
            first_field("spec").is_none() && first_field("..spec").is_none() && first_field("").is_none()
        );
    }

    #[test]
    fn columns_show_what_fits() {
        let integer = Structural::of(SchemaType::Integer);
        assert!(shows(&integer, "string") && !shows(&integer, "date"));
        assert!(shows(&Structural::default(), "date"));
    }

    #[test]
    fn versions_are_those_of_kubernetes() {
        assert!(["v1", "v2beta1", "v10alpha3"].into_iter().all(is_version));
        assert!(["1", "v0", "v1gamma1", "next", "v1beta"].into_iter().all(|version| !is_version(version)));
    }
}
