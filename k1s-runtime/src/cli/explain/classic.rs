//! kubectl's older format, `plaintext-openapiv2`: types without names, no enumerations, paragraphs filled anew.

use super::node::Node;
use super::wrap::fill;
use crate::api::ResourceDefinition;

/// Widest line.
const WIDTH: usize = 80;
/// Indentation of the kind's or field's own description.
const DESCRIPTION_INDENT: usize = 5;
/// Indentation of fields, a level.
const FIELD_INDENT: usize = 3;

/// The whole page about the field at a path.
///
/// # Errors
/// The first name of the path that is no field.
pub(crate) fn page(
    definition: &ResourceDefinition,
    root: Node<'_>,
    path: &[&str],
    recursive: bool,
) -> Result<String, String> {
    let found = lookup(root, path)?;
    let mut descriptions = Vec::new();
    let mut node = found;
    while let Some(inner) = unwrap(node) {
        // A bare reference has no description of its own.
        descriptions.push(node.description().unwrap_or_default());
        node = inner;
    }
    descriptions.push(node.description().unwrap_or_default());
    let mut out = format!("KIND:     {}\nVERSION:  {}\n\n", definition.kind, definition.api_version());
    let has_fields = node.properties().next().is_some();
    if let Some(name) = path.last() {
        let title = if has_fields { "RESOURCE:" } else { "FIELD:   " };
        out.push_str(&format!("{title} {name} <{}>\n\n", type_name(found)));
    }
    out.push_str("DESCRIPTION:\n");
    if descriptions.iter().all(|text| text.is_empty()) {
        descriptions = vec!["<empty>"];
    }
    for (index, text) in descriptions.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
        if index > 0 {
            out.push('\n');
        }
        out.push_str(&paragraph(text, DESCRIPTION_INDENT));
    }
    if has_fields {
        out.push_str("\nFIELDS:\n");
        fields(node, FIELD_INDENT, recursive, &mut Vec::new(), &mut out);
    }
    Ok(out)
}

fn lookup<'a>(node: Node<'a>, path: &[&str]) -> Result<Node<'a>, String> {
    let Some((first, rest)) = path.split_first() else { return Ok(node) };
    if let Some(inner) = unwrap(node) {
        return lookup(inner, path);
    }
    match node.property(first) {
        Some(field) => lookup(field, rest),
        None if node.properties().next().is_some() => Err((*first).to_owned()),
        // What has no fields answers for any path below it.
        None => Ok(node),
    }
}

/// What a reference, list or map is about.
fn unwrap(node: Node<'_>) -> Option<Node<'_>> {
    if node.reference().is_some() {
        return Some(node.resolved()).filter(|target| target.reference().is_none());
    }
    let mut branches = node.all_of();
    let only = branches.next().filter(|_| branches.len() == 0 && node.properties().next().is_none());
    node.items().or_else(|| node.map_values()).or(only)
}

fn type_name(node: Node<'_>) -> String {
    if let Some(items) = node.items() {
        return format!("[]{}", type_name(items));
    }
    if let Some(values) = node.map_values() {
        return format!("map[string]{}", type_name(values));
    }
    match (unwrap(node), node.type_name()) {
        (Some(inner), _) => type_name(inner),
        (None, "" | "object") => "Object".to_owned(),
        (None, name) => name.to_owned(),
    }
}

fn fields<'a>(node: Node<'a>, margin: usize, recursive: bool, seen: &mut Vec<&'a str>, out: &mut String) {
    for (name, field) in node.properties() {
        let required = if node.requires(name) && !recursive { " -required-" } else { "" };
        out.push_str(&format!("{:margin$}{name}\t<{}>{required}\n", "", type_name(field)));
        if recursive {
            below(field, margin + FIELD_INDENT, seen, out);
        } else {
            out.push_str(&paragraph(field.description().unwrap_or_default(), margin + 2));
            out.push('\n');
        }
    }
}

fn below<'a>(node: Node<'a>, margin: usize, seen: &mut Vec<&'a str>, out: &mut String) {
    let reference = node.reference();
    if reference.is_some_and(|name| seen.contains(&name)) {
        return;
    }
    seen.extend(reference);
    match unwrap(node) {
        Some(inner) => below(inner, margin, seen, out),
        None => fields(node, margin, true, seen, out),
    }
    if reference.is_some() {
        seen.pop();
    }
}

fn paragraph(text: &str, margin: usize) -> String {
    let lines = fill(text, WIDTH.saturating_sub(margin));
    lines
        .iter()
        .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("{:margin$}{line}\n", "") })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;

    #[test]
    fn a_field_with_fields_is_a_resource() {
        let schema = json!({"type": "object", "properties": {"list": {"type": "array", "description": "Some.",
            "items": {"type": "object", "description": "One.", "required": ["a"], "properties": {
                "a": {"type": "string"}, "m": {"type": "object", "additionalProperties": {"type": "integer"}}}}}}});
        let types = Map::new();
        let definition = ResourceDefinition::new("g", "v1", "K", "ks");
        let show = |path: &[&str], recursive| page(&definition, Node::new(&schema, &types), path, recursive);
        assert_eq!(
            show(&["list"], false).unwrap(),
            "KIND:     K\nVERSION:  g/v1\n\nRESOURCE: list <[]Object>\n\nDESCRIPTION:\n     Some.\n\n     One.\n\nFIELDS:\n   \
             a\t<string> -required-\n\n   m\t<map[string]integer>\n\n"
        );
        let text = show(&[], true).unwrap();
        assert!(
            text.ends_with(
                "FIELDS:\n   list\t<[]Object>\n      a\t<string>\n      m\t<map[string]integer>\n"
            ),
            "{text}"
        );
        let text = show(&["list", "a"], false).unwrap();
        assert!(text.ends_with("FIELD:    a <string>\n\nDESCRIPTION:\n     <empty>\n"), "{text}");
        assert_eq!(show(&["list", "b"], false), Err("b".to_owned()));
    }
}
