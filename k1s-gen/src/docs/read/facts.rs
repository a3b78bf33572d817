//! What the keywords of a schema say of a value, in words: bounds, formats, list types, rules.

use k1s_runtime::schema::{Rule as SchemaRule, Structural, formats};
use serde_json::{Number, Value};

use super::super::model::{Described, Fact, Rule};
use super::super::text::{self, Text};
use super::conditions;

/// What a schema says of the value itself; what it says of items, values and fields below is not part of it.
pub(super) fn described(schema: &Structural) -> Described {
    let json = |value: &Option<Value>| value.as_ref().map(Value::to_string);
    let rules = rules(schema);
    Described {
        title: schema.title.clone().filter(|title| !title.is_empty()),
        description: schema.description.as_deref().map(Text::parse).unwrap_or_default(),
        docs: schema.external_docs.as_ref().and_then(docs),
        default: json(&schema.default),
        example: json(&schema.example),
        values: schema.constraints.enumeration.iter().flatten().map(Value::to_string).collect(),
        immutable: rules.iter().any(|rule| forbids_change(&rule.rule)),
        facts: facts(schema),
        conditions: conditions::of(schema),
        rules,
    }
}

fn docs(value: &Value) -> Option<(String, Option<String>)> {
    let text = |name: &str| value[name].as_str().filter(|text| !text.is_empty());
    let address = text("url");
    let words = text("description").or(address)?;
    let of_the_web = address.filter(|address| text::url(address) == Some(*address));
    Some((words.to_owned(), of_the_web.map(str::to_owned)))
}

/// The rules of a schema.
pub(super) fn rules(schema: &Structural) -> Vec<Rule> {
    schema.extensions.validations.iter().map(rule).collect()
}

fn rule(rule: &SchemaRule) -> Rule {
    Rule {
        rule: rule.rule.clone(),
        message: rule.message.clone(),
        message_expression: rule.message_expression.clone(),
        reason: rule.reason.clone(),
        field_path: rule.field_path.clone(),
        transition: words(&rule.rule).any(|word| word == "oldSelf"),
    }
}

fn words(expression: &str) -> impl Iterator<Item = &str> {
    expression.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// Whether the rule says that the value stays what it was.
fn forbids_change(rule: &str) -> bool {
    let dense: String = rule.chars().filter(|c| !c.is_whitespace()).collect();
    matches!(dense.as_str(), "self==oldSelf" | "oldSelf==self")
}

fn facts(schema: &Structural) -> Vec<Fact> {
    let constraints = &schema.constraints;
    let mut facts = Vec::new();
    let mut add = |label, value: Option<String>, code| {
        facts.extend(value.map(|value| Fact { label, value, code }));
    };
    add("Value", range(schema), false);
    add("Multiple of", constraints.multiple_of.as_ref().map(Number::to_string), false);
    add("Length", count(constraints.min_length, constraints.max_length, "character", "characters"), false);
    add("Pattern", constraints.pattern.clone(), true);
    add("Format", schema.format.as_deref().filter(|format| !format.is_empty()).map(format), false);
    add("Items", count(constraints.min_items, constraints.max_items, "item", "items"), false);
    add("Items", constraints.unique_items.then(|| "no two are equal".to_owned()), false);
    add("Entries", count(constraints.min_properties, constraints.max_properties, "entry", "entries"), false);
    add("List type", list_type(schema), false);
    add("Map type", map_type(schema), false);
    let extensions = &schema.extensions;
    add(
        "Embedded object",
        extensions.embedded_resource.then(|| "a whole Kubernetes object".to_owned()),
        false,
    );
    add(
        "Unknown fields",
        extensions.preserve_unknown_fields.then(|| "kept, and not checked".to_owned()),
        false,
    );
    add("Null", schema.nullable.then(|| "allowed".to_owned()), false);
    facts
}

fn range(schema: &Structural) -> Option<String> {
    let constraints = &schema.constraints;
    let low = constraints.minimum.as_ref().map(|least| {
        format!("{} {least}", if constraints.exclusive_minimum { "more than" } else { "at least" })
    });
    let high = constraints.maximum.as_ref().map(|most| {
        format!("{} {most}", if constraints.exclusive_maximum { "less than" } else { "at most" })
    });
    match (low, high) {
        (Some(low), Some(high)) => match (&constraints.minimum, &constraints.maximum) {
            (Some(least), Some(most)) if !constraints.exclusive_minimum && !constraints.exclusive_maximum => {
                Some(if least == most { least.to_string() } else { format!("{least} to {most}") })
            }
            _ => Some(format!("{low}, {high}")),
        },
        (low, high) => low.or(high),
    }
}

fn count(least: Option<i64>, most: Option<i64>, one: &str, many: &str) -> Option<String> {
    let unit = |count: i64| if count == 1 { one } else { many };
    Some(match (least, most) {
        (None, None) => return None,
        (Some(least), Some(most)) if least == most => format!("exactly {most} {}", unit(most)),
        (Some(least), Some(most)) => format!("{least} to {most} {}", unit(most)),
        (Some(least), None) => format!("at least {least} {}", unit(least)),
        (None, Some(most)) => format!("at most {most} {}", unit(most)),
    })
}

fn format(name: &str) -> String {
    match formats::find(name) {
        Some(known) => format!("{name} ({})", known.about()),
        None => name.to_owned(),
    }
}

fn list_type(schema: &Structural) -> Option<String> {
    let keys = schema.extensions.list_map_keys.join(", ");
    Some(match schema.extensions.list_type.as_deref()? {
        "set" => "set: no two items are equal".to_owned(),
        "map" => format!("map: one item for each {keys}"),
        "atomic" => "atomic: changed as a whole".to_owned(),
        other => other.to_owned(),
    })
}

fn map_type(schema: &Structural) -> Option<String> {
    Some(match schema.extensions.map_type.as_deref()? {
        "granular" => "granular: each entry has an owner".to_owned(),
        "atomic" => "atomic: changed as a whole".to_owned(),
        other => other.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(schema: &Value) -> Vec<String> {
        let described = described(&Structural::from_openapi(schema).unwrap());
        described.facts.iter().map(|fact| format!("{}: {}", fact.label, fact.value)).collect()
    }

    #[test]
    fn bounds_are_said_in_words() {
        assert_eq!(shown(&json!({"minimum": 0, "maximum": 10})), ["Value: 0 to 10"]);
        assert_eq!(shown(&json!({"minimum": 3, "maximum": 3})), ["Value: 3"]);
        let open = json!({"minimum": 0.5, "exclusiveMinimum": true, "maximum": 10});
        assert_eq!(shown(&open), ["Value: more than 0.5, at most 10"]);
        assert_eq!(shown(&json!({"maximum": 10, "exclusiveMaximum": true})), ["Value: less than 10"]);
        assert_eq!(shown(&json!({"minLength": 1})), ["Length: at least 1 character"]);
        assert_eq!(shown(&json!({"minItems": 2, "maxItems": 2})), ["Items: exactly 2 items"]);
        assert_eq!(shown(&json!({"maxProperties": 1})), ["Entries: at most 1 entry"]);
        assert_eq!(shown(&json!({"format": "email"})), ["Format: email (e-mail address)"]);
        assert_eq!(shown(&json!({"format": "colour"})), ["Format: colour"]);
    }

    #[test]
    fn lists_and_maps_say_how_they_are_merged() {
        let ports = json!({"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name", "port"]});
        assert_eq!(shown(&ports), ["List type: map: one item for each name, port"]);
        assert_eq!(
            shown(&json!({"x-kubernetes-map-type": "atomic"})),
            ["Map type: atomic: changed as a whole"]
        );
    }

    #[test]
    fn rules_about_changes_are_marked() {
        let schema = json!({"x-kubernetes-validations": [
            {"rule": "self  == oldSelf"}, {"rule": "self.size() > 0"}, {"rule": "self > oldSelf - 1", "message": "m"},
        ]});
        let described = described(&Structural::from_openapi(&schema).unwrap());
        assert!(described.immutable);
        let transitions: Vec<bool> = described.rules.iter().map(|rule| rule.transition).collect();
        assert_eq!(transitions, [true, false, true]);
    }

    #[test]
    fn only_addresses_of_the_web_become_links() {
        let link = |url: &str| docs(&json!({"url": url, "description": "More"}));
        assert_eq!(
            link("https://x.example/a"),
            Some(("More".to_owned(), Some("https://x.example/a".to_owned())))
        );
        assert_eq!(link("javascript:alert(1)"), Some(("More".to_owned(), None)));
        assert_eq!(docs(&json!({})), None);
    }
}
