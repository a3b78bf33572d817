//! Everything but schemas: names, versions, subresources, columns.

use serde_json::{Value, json};

use super::{between, compare, crd, definition, told};

pub(super) struct Case {
    old: Vec<Value>,
    new: Vec<Value>,
    /// Rules and fields.
    pub(super) expected: Vec<(&'static str, &'static str)>,
}

/// A definition that is changed at one place, by a JSON pointer; null takes away.
fn with(mut crd: Value, pointer: &str, value: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = crd.pointer_mut(parent).unwrap();
    match (parent, value) {
        (Value::Object(map), Value::Null) => drop(map.remove(name)),
        (Value::Object(map), value) => drop(map.insert(name.to_owned(), value)),
        (Value::Array(list), value) => match name.parse::<usize>() {
            Ok(at) => list[at] = value,
            Err(_) => list.push(value),
        },
        _ => panic!("{pointer} leads nowhere"),
    }
    crd
}

fn base() -> Value {
    crd(&json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}))
}

fn version(name: &str, served: bool, storage: bool) -> Value {
    let schema = json!({"openAPIV3Schema": {"type": "object", "properties": {"a": {"type": "string"}}}});
    json!({"name": name, "served": served, "storage": storage, "schema": schema})
}

/// With a second version.
fn two(name: &str, served: bool) -> Value {
    with(base(), "/spec/versions/-", version(name, served, false))
}

/// From one value at a place to another.
fn at(expected: (&'static str, &'static str), pointer: &str, old: Value, new: Value) -> Case {
    of(expected, with(base(), pointer, old), with(base(), pointer, new))
}

fn of(expected: (&'static str, &'static str), old: Value, new: Value) -> Case {
    Case { old: vec![old], new: vec![new], expected: vec![expected] }
}

pub(super) fn cases() -> Vec<Case> {
    [names(), conversions(), versions(), views()].into_iter().flatten().collect()
}

fn names() -> Vec<Case> {
    let other = |pointer: &str, value: &str| with(base(), pointer, value.into());
    let short = "/spec/names/shortNames";
    let groups = "/spec/names/categories";
    vec![
        Case { old: vec![base()], new: vec![], expected: vec![("kind-removed", "")] },
        Case { old: vec![], new: vec![base()], expected: vec![("kind-added", "")] },
        of(("kind-renamed", "spec.names.kind"), base(), other("/spec/names/kind", "Thing")),
        of(("plural-renamed", "spec.names.plural"), base(), other("/spec/names/plural", "itemses")),
        of(("list-kind-changed", "spec.names.listKind"), base(), other("/spec/names/listKind", "Items")),
        of(("singular-changed", "spec.names.singular"), base(), other("/spec/names/singular", "piece")),
        of(("scope-changed", "spec.scope"), base(), other("/spec/scope", "Cluster")),
        at(("short-name-added", "spec.names.shortNames"), short, json!(["a"]), json!(["b", "a"])),
        at(("short-name-removed", "spec.names.shortNames"), short, json!(["a"]), json!([])),
        at(("category-added", "spec.names.categories"), groups, json!([]), json!(["all"])),
        at(("category-removed", "spec.names.categories"), groups, json!(["all"]), Value::Null),
        at(("metadata-changed", "metadata.labels"), "/metadata/labels", Value::Null, json!({"a": "b"})),
        at(
            ("unknown-fields-kept", "spec.preserveUnknownFields"),
            "/spec/preserveUnknownFields",
            json!(false),
            json!(true),
        ),
        at(
            ("unknown-fields-pruned", "spec.preserveUnknownFields"),
            "/spec/preserveUnknownFields",
            json!(true),
            Value::Null,
        ),
    ]
}

fn conversions() -> Vec<Case> {
    let webhook = |path: &str| {
        json!({
            "strategy": "Webhook",
            "webhook": {
                "conversionReviewVersions": ["v1"],
                "clientConfig": {"service": {"namespace": "a", "name": "b", "path": path}},
            },
        })
    };
    let place = "/spec/conversion";
    vec![
        at(("conversion-added", "spec.conversion.strategy"), place, Value::Null, webhook("/c")),
        of(
            ("conversion-changed", "spec.conversion.strategy"),
            two("v2", true),
            with(two("v2", true), place, webhook("/c")),
        ),
        at(
            ("conversion-changed", "spec.conversion.strategy"),
            place,
            webhook("/c"),
            json!({"strategy": "None"}),
        ),
        at(("conversion-webhook-changed", "spec.conversion.webhook"), place, webhook("/c"), webhook("/d")),
    ]
}

fn versions() -> Vec<Case> {
    let stored = |names: Value| with(two("v2", false), "/status", json!({"storedVersions": names}));
    let old = "/spec/versions/0";
    let deprecated = |warning: Value| {
        let crd = with(base(), "/spec/versions/0/deprecated", json!(true));
        with(crd, "/spec/versions/0/deprecationWarning", warning)
    };
    let moved = |keeps: bool| {
        let mut crd = with(two("v2", true), "/spec/versions/0/storage", json!(false));
        crd = with(crd, "/spec/versions/1/storage", json!(true));
        let b = if keeps { json!({"type": "string"}) } else { Value::Null };
        with(crd, "/spec/versions/1/schema/openAPIV3Schema/properties/b", b)
    };
    let full = with(
        two("v2", true),
        "/spec/versions/1/schema/openAPIV3Schema/properties/b",
        json!({"type": "string"}),
    );
    vec![
        of(("version-removed", ""), two("v2", true), base()),
        of(("stored-version-removed", ""), two("v2", false), base()),
        of(("stored-version-removed", ""), stored(json!(["v1", "v2"])), base()),
        of(("unused-version-removed", ""), stored(json!(["v1"])), base()),
        of(("version-added", ""), base(), two("v2", true)),
        of(("unserved-version-added", ""), base(), two("v2", false)),
        of(("version-not-served", "served"), two("v2", true), two("v2", false)),
        of(("version-served", "served"), two("v2", false), two("v2", true)),
        of(("version-deprecated", "deprecated"), base(), deprecated(Value::Null)),
        of(("version-not-deprecated", "deprecated"), deprecated(Value::Null), base()),
        of(
            ("deprecation-warning-changed", "deprecationWarning"),
            deprecated(json!("a")),
            deprecated(json!("b")),
        ),
        of(("storage-version-changed", "spec.versions"), full, moved(true)),
        Case {
            old: vec![two("v2", true)],
            new: vec![moved(false)],
            expected: vec![
                ("storage-version-changed", "spec.versions"),
                ("storage-version-loses-fields", "spec.versions"),
            ],
        },
        // Versions are found by their names, wherever they stand.
        Case {
            old: vec![two("v2", true)],
            new: vec![with(
                with(two("v1", true), old, version("v2", true, false)),
                "/spec/versions/1",
                two("v2", true)["spec"]["versions"][0].clone(),
            )],
            expected: vec![],
        },
    ]
}

fn views() -> Vec<Case> {
    let subresources = "/spec/versions/0/subresources";
    let scale = |replicas: &str, selector: Value| {
        let scale = json!({"specReplicasPath": replicas, "statusReplicasPath": ".status.replicas"});
        json!({"scale": with(scale, "/labelSelectorPath", selector)})
    };
    let fields = "/spec/versions/0/selectableFields";
    let columns = "/spec/versions/0/additionalPrinterColumns";
    let column = |name: &str, path: &str, priority: i32| json!({"name": name, "type": "string", "jsonPath": path, "priority": priority});
    let (a, b) = (column("A", ".a", 0), column("B", ".b", 0));
    let kept = scale(".spec.replicas", Value::Null);
    vec![
        at(
            ("status-subresource-added", "subresources.status"),
            subresources,
            Value::Null,
            json!({"status": {}}),
        ),
        at(
            ("status-subresource-removed", "subresources.status"),
            subresources,
            json!({"status": {}}),
            Value::Null,
        ),
        at(("scale-subresource-added", "subresources.scale"), subresources, Value::Null, kept.clone()),
        at(("scale-subresource-removed", "subresources.scale"), subresources, kept.clone(), Value::Null),
        at(
            ("scale-path-changed", "subresources.scale.specReplicasPath"),
            subresources,
            kept.clone(),
            scale(".spec.count", Value::Null),
        ),
        at(
            ("scale-selector-added", "subresources.scale.labelSelectorPath"),
            subresources,
            kept.clone(),
            scale(".spec.replicas", json!(".status.selector")),
        ),
        at(
            ("scale-path-changed", "subresources.scale.labelSelectorPath"),
            subresources,
            scale(".spec.replicas", json!(".status.selector")),
            kept,
        ),
        at(("selectable-field-added", "selectableFields"), fields, Value::Null, json!([{"jsonPath": ".a"}])),
        at(
            ("selectable-field-removed", "selectableFields"),
            fields,
            json!([{"jsonPath": ".a"}]),
            Value::Null,
        ),
        at(("column-added", "additionalPrinterColumns"), columns, json!([a]), json!([a, b])),
        at(("column-removed", "additionalPrinterColumns"), columns, json!([a, b]), json!([a])),
        at(
            ("column-changed", "additionalPrinterColumns"),
            columns,
            json!([a]),
            json!([column("A", ".b", 0)]),
        ),
        at(
            ("column-restyled", "additionalPrinterColumns"),
            columns,
            json!([a]),
            json!([column("A", ".a", 1)]),
        ),
        at(("column-restyled", "additionalPrinterColumns"), columns, json!([a, b]), json!([b, a])),
    ]
}

#[test]
fn changes_of_definitions_are_told_by_their_rules() {
    for Case { old, new, expected } in cases() {
        let all = |crds: &[Value]| crds.iter().cloned().map(definition).collect::<Vec<_>>();
        let comparison = compare(&all(&old), &all(&new)).unwrap();
        assert_eq!(told(&comparison), expected, "\nold {old:?}\nnew {new:?}");
    }
}

#[test]
fn a_version_that_takes_anothers_place_is_named() {
    let new = with(base(), "/spec/versions/0/name", json!("v2"));
    let comparison = between(base(), new);
    // The stored version changed, too.
    let removed = comparison.changes().find(|change| change.rule.id == "version-removed").unwrap();
    assert!(removed.detail.as_deref().unwrap().starts_with("v2 is new: serve both"));
    assert_eq!(removed.version.as_deref(), Some("v1"));
}

#[test]
fn lost_fields_of_the_stored_version_are_named() {
    let Case { old, new, .. } = versions()
        .into_iter()
        .find(|case| case.expected.iter().any(|(id, _)| *id == "storage-version-loses-fields"))
        .unwrap();
    let comparison = between(old[0].clone(), new[0].clone());
    let details: Vec<&str> = comparison.changes().filter_map(|change| change.detail.as_deref()).collect();
    assert_eq!(details, ["in v1 and not in v2: b"]);
    // A webhook may take care of them.
    let webhook = json!({"strategy": "Webhook"});
    let converted = |crd: &Value| with(crd.clone(), "/spec/conversion", webhook.clone());
    let comparison = between(converted(&old[0]), converted(&new[0]));
    assert_eq!(told(&comparison), [("storage-version-changed", "spec.versions")]);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let error = |old: &[Value], new: &[Value]| {
        let all = |crds: &[Value]| crds.iter().cloned().map(definition).collect::<Vec<_>>();
        compare(&all(old), &all(new)).unwrap_err().to_string()
    };
    assert_eq!(error(&[base(), base()], &[]), "items.example.com is there twice; give each kind once");
    let none = with(base(), "/spec/versions", json!([]));
    assert_eq!(
        error(&[none], &[]),
        "items.example.com: cannot read the CustomResourceDefinition: spec.versions is empty"
    );
    let broken = crd(&json!({"type": "object", "properties": {"a": {"maxLength": "x"}}}));
    assert_eq!(error(&[base()], &[broken]), "items.example.com v1: a: `maxLength` must be an integer");
}
