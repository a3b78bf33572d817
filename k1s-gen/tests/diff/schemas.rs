//! Schemas: one example a rule, and more where a rule has sides.

use serde_json::{Value, json};

use super::{between, crd, told};

pub(super) struct Case {
    pub(super) old: Value,
    pub(super) new: Value,
    /// Rules and fields.
    pub(super) expected: Vec<(&'static str, &'static str)>,
}

/// A field `f` before and after, and what is told of it.
fn field(id: &'static str, old: Value, new: Value) -> Case {
    let object = |field: Value| json!({"type": "object", "properties": {"f": field}});
    Case { old: object(old), new: object(new), expected: vec![(id, "f")] }
}

/// The whole schema, with everything that is told.
fn whole(expected: &[(&'static str, &'static str)], old: Value, new: Value) -> Case {
    Case { old, new, expected: expected.to_vec() }
}

/// An object with these properties, and other keywords.
fn object(properties: Value, more: Value) -> Value {
    let mut schema = json!({"type": "object", "properties": properties});
    schema.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    schema
}

fn string(more: Value) -> Value {
    let mut schema = json!({"type": "string"});
    schema.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    schema
}

fn integer(more: Value) -> Value {
    let mut schema = json!({"type": "integer"});
    schema.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    schema
}

fn list(items: Value, more: Value) -> Value {
    let mut schema = json!({"type": "array", "items": items});
    schema.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    schema
}

fn rules(rules: Value) -> Value {
    integer(json!({"x-kubernetes-validations": rules}))
}

pub(super) fn cases() -> Vec<Case> {
    [fields(), unknown(), types(), values(), bounds(), cel(), logic()].into_iter().flatten().collect()
}

fn fields() -> Vec<Case> {
    let (a, b) = (string(json!({})), integer(json!({})));
    let both = json!({"a": a, "b": b});
    let only = json!({"a": a});
    let with_default = json!({"a": a, "b": integer(json!({"default": 1}))});
    let none = json!({});
    vec![
        whole(&[("field-removed", "b")], object(both.clone(), none.clone()), object(only.clone(), none.clone())),
        whole(&[("field-added", "b")], object(only.clone(), none.clone()), object(both.clone(), none.clone())),
        whole(
            &[("required-field-added", "b")],
            object(only.clone(), none.clone()),
            object(both.clone(), json!({"required": ["b"]})),
        ),
        whole(
            &[("field-added", "b"), ("required-with-default", "b")],
            object(only.clone(), none.clone()),
            object(with_default.clone(), json!({"required": ["b"]})),
        ),
        whole(
            &[("required-added", "b")],
            object(both.clone(), none.clone()),
            object(both.clone(), json!({"required": ["b"]})),
        ),
        whole(
            &[("required-removed", "b")],
            object(both.clone(), json!({"required": ["b"]})),
            object(both.clone(), none.clone()),
        ),
        // A removed field is told once, however much depended on it.
        whole(
            &[("field-removed", "b")],
            object(with_default.clone(), json!({"required": ["b"]})),
            object(only.clone(), none.clone()),
        ),
        // Metadata is always there, declared or not.
        whole(
            &[],
            object(only.clone(), none.clone()),
            object(
                json!({"a": a, "apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": {"type": "object"}}),
                json!({"required": ["metadata"]}),
            ),
        ),
        whole(
            &[("field-declared", "metadata.name")],
            object(only.clone(), none.clone()),
            object(
                json!({"a": a, "metadata": object(json!({"name": string(json!({"maxLength": 10}))}), none.clone())}),
                none.clone(),
            ),
        ),
        field("documentation-changed", string(json!({"description": "A."})), string(json!({"description": "B."}))),
        field("embedded-resource-added", embedded(false), embedded(true)),
        field("embedded-resource-removed", embedded(true), embedded(false)),
        field("items-constrained", json!({"type": "array"}), list(string(json!({})), json!({}))),
        whole(
            &[("items-removed", "f[]")],
            object(json!({"f": list(string(json!({})), json!({}))}), none.clone()),
            object(json!({"f": {"type": "array"}}), none.clone()),
        ),
    ]
    .into_iter()
    .map(|mut case| {
        if case.expected == [("items-constrained", "f")] {
            case.expected = vec![("items-constrained", "f[]")];
        }
        case
    })
    .collect()
}

fn embedded(is_one: bool) -> Value {
    json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true, "x-kubernetes-embedded-resource": is_one})
}

fn unknown() -> Vec<Case> {
    let plain = json!({"type": "object"});
    let kept = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true});
    let map = |values: Value| json!({"type": "object", "additionalProperties": values});
    let strings = map(string(json!({})));
    let anything = map(json!({"x-kubernetes-preserve-unknown-fields": true}));
    let a = json!({"a": string(json!({}))});
    let keep = json!({"x-kubernetes-preserve-unknown-fields": true});
    vec![
        field("preserve-unknown-added", plain.clone(), kept.clone()),
        field("preserve-unknown-removed", kept.clone(), plain.clone()),
        field("preserve-unknown-removed", kept.clone(), strings.clone()),
        field("map-values-added", plain.clone(), strings.clone()),
        field("map-values-removed", strings.clone(), plain.clone()),
        field("map-values-loosened", strings.clone(), kept.clone()),
        field("map-values-loosened", kept.clone(), anything),
        field("unknown-fields-forbidden", plain.clone(), map(json!(false))),
        whole(
            &[("bound-added", "f{}")],
            object(json!({"f": strings.clone()}), json!({})),
            object(json!({"f": map(string(json!({"maxLength": 3})))}), json!({})),
        ),
        whole(&[("field-undeclared", "a")], object(a.clone(), keep.clone()), object(json!({}), keep.clone())),
        whole(
            &[("field-undeclared", "a"), ("default-removed", "a")],
            object(json!({"a": string(json!({"default": "x"}))}), keep.clone()),
            object(json!({}), keep.clone()),
        ),
        whole(&[("field-declared", "a")], object(json!({}), keep.clone()), object(a.clone(), keep)),
        whole(
            &[("field-forbidden", "a")],
            object(a.clone(), json!({"additionalProperties": false})),
            object(json!({}), json!({"additionalProperties": false})),
        ),
        // Between a property and a map's value nothing is lost.
        whole(&[("map-values-added", "")], object(a.clone(), json!({})), map(string(json!({})))),
        whole(&[("map-values-removed", "")], strings, object(a, json!({}))),
    ]
}

fn types() -> Vec<Case> {
    let int_or_string = json!({
        "x-kubernetes-int-or-string": true, "anyOf": [{"type": "integer"}, {"type": "string"}],
    });
    vec![
        field("type-changed", string(json!({})), integer(json!({}))),
        field("type-changed", json!({"type": "number"}), integer(json!({}))),
        field("type-changed", int_or_string.clone(), string(json!({}))),
        field("type-loosened", integer(json!({})), json!({"type": "number"})),
        field("type-loosened", string(json!({})), int_or_string),
        // What else is different says nothing then.
        field("type-changed", string(json!({"maxLength": 5})), integer(json!({"maximum": 5}))),
    ]
}

fn values() -> Vec<Case> {
    let format = |format: &str| string(json!({"format": format}));
    let words = |words: &[&str]| string(json!({"enum": words}));
    let size = |more: Value| integer(more);
    let judged = |default: Value, more: Value| object(json!({"f": size(default)}), more);
    let rule = json!({"x-kubernetes-validations": [{"rule": "has(self.f) || true"}]});
    let branch = json!({"oneOf": [{"required": ["f"]}, {"required": ["g"]}]});
    vec![
        field("nullable-added", string(json!({})), string(json!({"nullable": true}))),
        field("nullable-removed", string(json!({"nullable": true})), string(json!({}))),
        field("default-added", size(json!({})), size(json!({"default": 1}))),
        field("default-changed", size(json!({"default": 1})), size(json!({"default": 2}))),
        field("default-removed", size(json!({"default": 1})), size(json!({}))),
        whole(
            &[("default-judged", "f")],
            judged(json!({}), rule.clone()),
            judged(json!({"default": 1}), rule),
        ),
        whole(
            &[("default-judged", "f")],
            judged(json!({}), branch.clone()),
            judged(json!({"default": 1}), branch),
        ),
        whole(
            &[("default-judged", "f")],
            judged(json!({}), json!({"maxProperties": 1})),
            judged(json!({"default": 1}), json!({"maxProperties": 1})),
        ),
        field("format-added", string(json!({})), format("date")),
        field("format-changed", format("date"), format("date-time")),
        field("format-loosened", format("date"), string(json!({}))),
        field("format-loosened", size(json!({"format": "int32"})), size(json!({"format": "int64"}))),
        field("format-changed", size(json!({"format": "int64"})), size(json!({"format": "int32"}))),
        field("format-unchecked", string(json!({})), format("colour")),
        field("pattern-added", string(json!({})), string(json!({"pattern": "^a"}))),
        field("pattern-changed", string(json!({"pattern": "^a"})), string(json!({"pattern": "^b"}))),
        field("pattern-removed", string(json!({"pattern": "^a"})), string(json!({}))),
        field("enum-added", string(json!({})), words(&["a"])),
        field("enum-removed", words(&["a"]), string(json!({}))),
        field("enum-value-removed", words(&["a", "b"]), words(&["a"])),
        field("enum-value-added", words(&["a"]), words(&["a", "b"])),
        field("enum-reordered", words(&["a", "b"]), words(&["b", "a"])),
        field("enum-reordered", string(json!({})), string(json!({}))).nothing(),
    ]
}

impl Case {
    /// Nothing is told.
    fn nothing(mut self) -> Self {
        self.expected.clear();
        self
    }
}

fn bounds() -> Vec<Case> {
    let lists = |more: Value| list(string(json!({})), more);
    let map = |more: Value| object(json!({"a": string(json!({}))}), more);
    let number = |more: Value| {
        let mut schema = json!({"type": "number"});
        schema.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        schema
    };
    vec![
        field("bound-added", integer(json!({})), integer(json!({"minimum": 0}))),
        field("bound-removed", integer(json!({"minimum": 0})), integer(json!({}))),
        field("bound-tightened", integer(json!({"minimum": 0})), integer(json!({"minimum": 1}))),
        field("bound-loosened", integer(json!({"minimum": 1})), integer(json!({"minimum": 0}))),
        field("bound-tightened", integer(json!({"maximum": 9})), integer(json!({"maximum": 8}))),
        field("bound-loosened", integer(json!({"maximum": 8})), integer(json!({"maximum": 9}))),
        field(
            "bound-tightened",
            number(json!({"maximum": 8})),
            number(json!({"maximum": 8, "exclusiveMaximum": true})),
        ),
        field(
            "bound-loosened",
            number(json!({"minimum": 8, "exclusiveMinimum": true})),
            number(json!({"minimum": 8})),
        ),
        // An integer above 0 is one from 1 on.
        field(
            "bound-restated",
            integer(json!({"minimum": 0, "exclusiveMinimum": true})),
            integer(json!({"minimum": 1})),
        ),
        // No integer is allowed by a bound that is none.
        field("bound-tightened", integer(json!({"minimum": 5})), integer(json!({"minimum": 1.5}))),
        field("bound-tightened", integer(json!({"multipleOf": 2})), integer(json!({"multipleOf": 4}))),
        field("bound-loosened", integer(json!({"multipleOf": 4})), integer(json!({"multipleOf": 2}))),
        field("bound-tightened", string(json!({"maxLength": 5})), string(json!({"maxLength": 4}))),
        field("bound-restated", string(json!({})), string(json!({"minLength": 0}))),
        field("bound-added", string(json!({})), string(json!({"minLength": 1}))),
        field("bound-loosened", lists(json!({"maxItems": 1})), lists(json!({"maxItems": 2}))),
        field("bound-added", lists(json!({})), lists(json!({"uniqueItems": true}))),
        field("bound-tightened", map(json!({"maxProperties": 3})), map(json!({"maxProperties": 2}))),
        field("bound-removed", map(json!({"minProperties": 3})), map(json!({}))),
        field("list-type-changed", lists(json!({})), lists(json!({"x-kubernetes-list-type": "set"}))),
        field("list-type-changed", lists(json!({})), lists(json!({"x-kubernetes-list-type": "atomic"})))
            .nothing(),
        field("list-map-keys-changed", keyed(&["a"]), keyed(&["a", "b"])),
        field("list-map-keys-changed", keyed(&["a", "b"]), keyed(&["b", "a"])).nothing(),
        field("map-type-changed", map(json!({})), map(json!({"x-kubernetes-map-type": "atomic"}))),
    ]
}

fn keyed(keys: &[&str]) -> Value {
    let item =
        object(json!({"a": string(json!({})), "b": string(json!({}))}), json!({"required": ["a", "b"]}));
    list(item, json!({"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": keys}))
}

fn cel() -> Vec<Case> {
    let one = |more: Value| {
        let mut rule = json!({"rule": "self > 0"});
        rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        rules(json!([rule]))
    };
    let transition = |more: Value| {
        let mut rule = json!({"rule": "self == oldSelf"});
        rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        rules(json!([rule]))
    };
    let unjudged = integer(json!({}));
    vec![
        field("rule-added", unjudged.clone(), one(json!({}))),
        field("rule-removed", one(json!({})), unjudged.clone()),
        field("rule-changed", one(json!({})), rules(json!([{"rule": "self > 1"}]))),
        field("transition-rule-added", unjudged, transition(json!({}))),
        field("rule-without-old-value", transition(json!({})), transition(json!({"optionalOldSelf": true}))),
        field("rule-with-old-value", transition(json!({"optionalOldSelf": true})), transition(json!({}))),
        field("rule-message-changed", one(json!({})), one(json!({"message": "positive"}))),
        field("rule-reason-changed", one(json!({})), one(json!({"reason": "FieldValueForbidden"}))),
        // The order of rules means nothing.
        field(
            "rule-changed",
            rules(json!([{"rule": "self > 0"}, {"rule": "self < 9"}])),
            rules(json!([{"rule": "self < 9"}, {"rule": "self > 0"}])),
        )
        .nothing(),
        // One of several that says the same as before.
        field(
            "rule-changed",
            rules(
                json!([{"rule": "self > 0", "message": "small"}, {"rule": "self < 9", "message": "large"}]),
            ),
            rules(
                json!([{"rule": "self < 9", "message": "large"}, {"rule": "self > 1", "message": "small"}]),
            ),
        ),
    ]
}

fn logic() -> Vec<Case> {
    let with = |keyword: &str, branches: Value| {
        let mut schema = object(json!({"a": integer(json!({})), "b": integer(json!({}))}), json!({}));
        schema[keyword] = branches;
        schema
    };
    let plain = with("anyOf", json!([]));
    let least = |least: i64| json!({"properties": {"a": {"minimum": least}}});
    let needs = |name: &str| json!({"required": [name]});
    vec![
        field("all-of-tightened", with("allOf", json!([least(1)])), with("allOf", json!([least(2)]))),
        field("all-of-loosened", with("allOf", json!([least(2)])), with("allOf", json!([least(1)]))),
        field("all-of-loosened", with("allOf", json!([least(2)])), plain.clone()),
        field("all-of-tightened", plain.clone(), with("allOf", json!([needs("a")]))),
        field("any-of-tightened", plain.clone(), with("anyOf", json!([needs("a")]))),
        field("any-of-loosened", with("anyOf", json!([needs("a")])), plain.clone()),
        field(
            "any-of-loosened",
            with("anyOf", json!([needs("a")])),
            with("anyOf", json!([needs("a"), needs("b")])),
        ),
        field(
            "any-of-tightened",
            with("anyOf", json!([needs("a"), needs("b")])),
            with("anyOf", json!([needs("a")])),
        ),
        field(
            "any-of-loosened",
            with("anyOf", json!([needs("a"), needs("b")])),
            with("anyOf", json!([needs("b"), needs("a")])),
        )
        .nothing(),
        field(
            "one-of-changed",
            with("oneOf", json!([needs("a")])),
            with("oneOf", json!([needs("a"), needs("b")])),
        ),
        field("one-of-removed", with("oneOf", json!([needs("a"), needs("b")])), plain.clone()),
        field("not-changed", plain.clone(), with("not", needs("a"))),
        field("not-changed", with("not", least(5)), with("not", least(4))),
        field("not-removed", with("not", least(4)), with("not", least(5))),
        field("not-removed", with("not", needs("a")), plain),
    ]
}

#[test]
fn changes_of_schemas_are_told_by_their_rules() {
    for Case { old, new, expected } in cases() {
        let comparison = between(crd(&old), crd(&new));
        assert_eq!(told(&comparison), expected, "\nold {old}\nnew {new}");
    }
}

#[test]
fn what_stays_is_not_told() {
    for Case { old, new, .. } in cases() {
        for schema in [old, new] {
            let comparison = between(crd(&schema), crd(&schema));
            assert!(comparison.kinds.is_empty(), "{schema}");
        }
    }
}

#[test]
fn details_say_what_cannot_be_seen() {
    let detail = |old: Value, new: Value| {
        let comparison = between(crd(&object(old, json!({}))), crd(&object(new, json!({}))));
        let details: Vec<String> = comparison.changes().filter_map(|change| change.detail.clone()).collect();
        details.join("\n")
    };
    let text = string(json!({"maxLength": 9}));
    let renamed = detail(json!({"size": text}), json!({"length": text, "other": integer(json!({}))}));
    assert!(renamed.starts_with("if it was renamed to `length`"), "{renamed}");
    let flipped = detail(
        json!({"n": {"type": "number", "minimum": 5}}),
        json!({"n": {"type": "number", "minimum": 3, "exclusiveMinimum": true}}),
    );
    assert_eq!(flipped, "exclusiveMinimum: false → true");
}

#[test]
fn branches_in_branches_take_no_time() {
    let nested = |least: i64| {
        let mut schema = json!({"minimum": least});
        for _ in 0..50 {
            schema = json!({"allOf": [schema, {"maximum": 9}], "anyOf": [{"minimum": 0}, {"maximum": 5}]});
        }
        crd(&object(json!({"f": schema}), json!({})))
    };
    let comparison = between(nested(1), nested(2));
    assert_eq!(told(&comparison), [("all-of-tightened", "f")]);
    // That it demands less is not found in time.
    assert_eq!(told(&between(nested(2), nested(1))), [("all-of-tightened", "f")]);
}
