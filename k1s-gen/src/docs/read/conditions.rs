//! `allOf`, `anyOf`, `oneOf` and `not` in words, as far as words are shorter than the schema.

use k1s_runtime::schema::{SchemaType, Structural};
use serde_json::Value;

use super::super::model::{Branch, Condition};

/// The conditions of a schema.
pub(super) fn of(schema: &Structural) -> Vec<Condition> {
    let not: &[Structural] = schema.not.as_deref().map_or(&[], std::slice::from_ref);
    let lists = [
        ("All of", schema.all_of.as_slice()),
        ("At least one of", schema.any_of.as_slice()),
        ("Exactly one of", schema.one_of.as_slice()),
        ("Not", not),
    ];
    let said =
        lists.into_iter().filter(|(_, branches)| !branches.is_empty() && !is_int_or_string(schema, branches));
    said.map(|(label, branches)| Condition { label, branches: branches.iter().map(branch).collect() })
        .collect()
}

/// Whether the branches only repeat what `x-kubernetes-int-or-string` says.
fn is_int_or_string(schema: &Structural, branches: &[Structural]) -> bool {
    let types: Vec<_> = branches.iter().map(|branch| branch.type_).collect();
    schema.extensions.int_or_string && types == [Some(SchemaType::Integer), Some(SchemaType::String)]
}

fn branch(schema: &Structural) -> Branch {
    words(schema).unwrap_or_else(|| Branch::Schema(schema.to_openapi().to_string()))
}

/// `has a and b, kind is "x" or "y"`, if that is all that the schema says.
fn words(schema: &Structural) -> Option<Branch> {
    let mut parts: Vec<(String, bool)> = Vec::new();
    let begin = |parts: &mut Vec<(String, bool)>, word: &str| {
        let comma = if parts.is_empty() { "" } else { ", " };
        parts.push((format!("{comma}{word}"), false));
    };
    let mut rest = schema.clone();
    let required = std::mem::take(&mut rest.constraints.required);
    let properties = std::mem::take(&mut rest.properties);
    rest.type_ = None;
    if rest != Structural::default() {
        return None;
    }
    for (index, name) in required.iter().enumerate() {
        match index {
            0 => begin(&mut parts, "has "),
            _ => parts.push((" and ".to_owned(), false)),
        }
        parts.push((name.clone(), true));
    }
    for (name, property) in &properties {
        let values = only_values(property)?;
        if values.is_empty() {
            continue;
        }
        begin(&mut parts, "");
        parts.push((name.clone(), true));
        for (index, value) in values.iter().enumerate() {
            parts.push((if index == 0 { " is " } else { " or " }.to_owned(), false));
            parts.push((value.to_string(), true));
        }
    }
    (!parts.is_empty()).then_some(Branch::Words(parts))
}

/// The values of a schema that says nothing but `enum`; none if it says nothing at all.
fn only_values(schema: &Structural) -> Option<Vec<Value>> {
    let mut rest = schema.clone();
    let values = rest.constraints.enumeration.take().unwrap_or_default();
    rest.type_ = None;
    (rest == Structural::default()).then_some(values)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(schema: &Value) -> Vec<(&'static str, Vec<String>)> {
        let conditions = of(&Structural::from_openapi(schema).unwrap());
        let text = |branch: &Branch| match branch {
            Branch::Words(parts) => parts.iter().map(|(text, _)| text.as_str()).collect(),
            Branch::Schema(json) => json.clone(),
        };
        conditions.iter().map(|c| (c.label, c.branches.iter().map(text).collect())).collect()
    }

    #[test]
    fn required_fields_and_values_are_said_in_words() {
        let schema = json!({"oneOf": [
            {"required": ["git"]},
            {"required": ["type", "path"], "properties": {"type": {"enum": ["Local", "Near"]}, "path": {}}},
        ]});
        let branches =
            vec!["has git".to_owned(), "has type and path, type is \"Local\" or \"Near\"".to_owned()];
        assert_eq!(shown(&schema), [("Exactly one of", branches)]);
    }

    #[test]
    fn other_branches_are_shown_as_they_are() {
        let schema = json!({"not": {"required": ["a"], "minProperties": 3}, "anyOf": [{}]});
        let expected = [
            ("At least one of", vec!["{}".to_owned()]),
            ("Not", vec![r#"{"minProperties":3,"required":["a"]}"#.to_owned()]),
        ];
        assert_eq!(shown(&schema), expected);
    }

    #[test]
    fn an_integer_or_string_has_no_condition() {
        let types = json!([{"type": "integer"}, {"type": "string"}]);
        assert!(shown(&json!({"x-kubernetes-int-or-string": true, "anyOf": types})).is_empty());
        assert_eq!(shown(&json!({"anyOf": types})).len(), 1);
    }
}
