//! kubectl's default format: one level of fields with their descriptions, or all levels with names and types only.

use super::node::Node;
use super::wrap::{indent, wrap};
use crate::api::ResourceDefinition;
use crate::api::jsonpath::go_text;

/// Values of an enumeration shown in a list of fields.
const ENUM_LIMIT: usize = 4;

/// The lines that name the kind.
pub(crate) fn header(definition: &ResourceDefinition) -> String {
    let ResourceDefinition { group, kind, version, .. } = definition;
    let group = if group.is_empty() { String::new() } else { format!("GROUP:      {group}\n") };
    format!("{group}KIND:       {kind}\nVERSION:    {version}\n\n")
}

/// What follows them: the description of the field at a path, and its fields. `None` if there is no such field.
pub(crate) fn body(root: Node<'_>, path: &[&str], recursive: bool) -> Option<String> {
    follow(root, path, recursive, &mut Vec::new()).map(|text| text + "\n")
}

/// Follows the path. `seen` are the references passed since the last field, lest a type that holds itself is followed for
/// ever.
fn follow<'a>(node: Node<'a>, path: &[&str], recursive: bool, seen: &mut Vec<&'a str>) -> Option<String> {
    let resolved = node.resolved();
    let Some((first, rest)) = path.split_first() else {
        return Some(details(resolved, recursive));
    };
    if let Some(name) = node.reference() {
        if seen.contains(&name) {
            return None;
        }
        seen.push(name);
    }
    if let Some(field) = resolved.property(first) {
        let below = follow(field, rest, recursive, &mut Vec::new())?;
        return Some(if rest.is_empty() { title(first, field) + &below } else { below });
    }
    if let Some(inner) = resolved.items().or_else(|| resolved.map_values()) {
        return follow(inner, path, recursive, seen);
    }
    resolved.all_of().find_map(|branch| follow(branch, path, recursive, &mut seen.clone()))
}

/// `FIELD: name <type>`, and what values it may have.
fn title(name: &str, field: Node<'_>) -> String {
    let mut text = format!("FIELD: {name} <{}>\n", field.type_guess());
    if let Some(values) = field.enumeration() {
        text.push_str("ENUM:");
        for value in values {
            text.push_str("\n    ");
            text.push_str(&shown(value));
        }
    }
    text.push_str("\n\n");
    text
}

fn details(node: Node<'_>, recursive: bool) -> String {
    let mut description = String::new();
    describe(node, &mut description);
    if description.is_empty() {
        description.push_str("<empty>");
    }
    let mut text = format!("DESCRIPTION:\n{}\n", indent(&wrap(&description, 76), 4));
    let mut fields = String::new();
    list_fields(node, 1, recursive, &mut Vec::new(), &mut fields);
    if !fields.is_empty() {
        text.push_str("FIELDS:\n");
        text.push_str(&fields);
    }
    text
}

/// The description of a schema and of those that say what it consists of.
fn describe(node: Node<'_>, out: &mut String) {
    let resolved = node.resolved();
    if let Some(text) = resolved.description() {
        out.push_str(text);
        out.push('\n');
    }
    resolved
        .all_of()
        .chain(resolved.items())
        .chain(resolved.map_values())
        .for_each(|inner| describe(inner, out));
}

fn list_fields<'a>(node: Node<'a>, level: usize, recursive: bool, seen: &mut Vec<&'a str>, out: &mut String) {
    let reference = node.reference();
    if reference.is_some_and(|name| seen.contains(&name)) {
        return;
    }
    seen.extend(reference);
    let resolved = node.resolved();
    for (name, field) in resolved.properties() {
        field_lines(resolved, name, field, level, recursive, out);
        if recursive {
            list_fields(field, level + 1, recursive, seen, out);
        }
    }
    for inner in resolved.all_of().chain(resolved.items()).chain(resolved.map_values()) {
        list_fields(inner, level, recursive, seen, out);
    }
    if reference.is_some() {
        seen.pop();
    }
}

fn field_lines(parent: Node<'_>, name: &str, field: Node<'_>, level: usize, short: bool, out: &mut String) {
    let margin = level * 2;
    let pad = " ".repeat(margin);
    out.push_str(&format!("{pad}{name}\t<{}>", field.type_guess()));
    if parent.requires(name) {
        out.push_str(" -required-");
    }
    if let Some(values) = field.enumeration() {
        let mut words: Vec<String> = values.iter().take(ENUM_LIMIT).map(shown).collect();
        if values.len() > ENUM_LIMIT {
            words.push("....".to_owned());
        }
        out.push_str(&format!("\n{pad}enum: {}", words.join(", ")));
    }
    out.push('\n');
    if !short {
        let description = field.description().unwrap_or("<no description>");
        out.push_str(&indent(&wrap(description, 78_usize.saturating_sub(margin)), margin + 2));
        out.push_str("\n\n");
    }
}

/// A value of an enumeration; the empty text in quotes, so that it can be seen.
fn shown(value: &serde_json::Value) -> String {
    if value == "" { "\"\"".to_owned() } else { go_text(value) }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;

    fn body_of(schema: &Value, path: &[&str], recursive: bool) -> Option<String> {
        body(Node::new(schema, &Map::new()), path, recursive)
    }

    #[test]
    fn a_field_shows_type_enumeration_and_fields() {
        let schema = json!({"properties": {"list": {"type": "array", "items": {
            "type": "object", "required": ["a"], "properties": {
                "a": {"type": "integer", "enum": [1, 2, 3, 4, 5]}, "b": {"x-kubernetes-int-or-string": true}}
        }}, "word": {"type": "string", "enum": ["", "x"]}}});
        assert_eq!(
            body_of(&schema, &["list"], false).unwrap(),
            "FIELD: list <[]Object>\n\n\nDESCRIPTION:\n    <empty>\nFIELDS:\n  a\t<integer> -required-\n  \
             enum: 1, 2, 3, 4, ....\n    <no description>\n\n  b\t<Object>\n    <no description>\n\n\n"
        );
        assert_eq!(
            body_of(&schema, &["word"], false).unwrap(),
            "FIELD: word <string>\nENUM:\n    \"\"\n    x\n\nDESCRIPTION:\n    <empty>\n\n"
        );
        assert!(body_of(&schema, &["list", "b", "c"], false).is_none());
    }

    #[test]
    fn types_that_hold_themselves_end() {
        let types = json!({"T": {"type": "object", "properties": {"t": {"$ref": "#/$defs/T"}}}, "A": {"allOf": [{"$ref": "#/$defs/A"}]}});
        let types = types.as_object().unwrap();
        let schema = json!({"$ref": "#/$defs/T"});
        let text = body(Node::new(&schema, types), &["t", "t"], true).unwrap();
        assert!(text.ends_with("FIELDS:\n  t\t<T>\n    t\t<T>\n\n"), "{text}");
        let endless = json!({"$ref": "#/$defs/A"});
        assert!(body(Node::new(&endless, types), &["t"], true).is_none());
    }
}
