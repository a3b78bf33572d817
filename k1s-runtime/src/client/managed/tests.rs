//! What the rooms of ownership do together, on a small schema.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::api::Object;
use crate::schema::Structural;

use super::check::{Duplicates, check};
use super::codec;
use super::compare::compare;
use super::entries::{Manager, Managers, Operation, Owned};
use super::fields::fields;
use super::merge::merge;
use super::reconcile::reconcile;
use super::remove::remove;
use super::set::FieldSet;
use super::types::Types;

fn types() -> Types {
    let schema = json!({"type": "object", "properties": {"spec": {"type": "object", "properties": {
        "n": {"type": "integer"},
        "text": {"type": "string"},
        "atomic": {"type": "array", "items": {"type": "string"}},
        "set": {"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "set"},
        "one": {"type": "object", "additionalProperties": {"type": "string"}, "x-kubernetes-map-type": "atomic"},
        "map": {"type": "object", "additionalProperties": {"type": "string"}},
        "any": {"x-kubernetes-preserve-unknown-fields": true},
        "items": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name", "proto"],
            "items": {"type": "object", "properties": {"name": {"type": "string"},
                "proto": {"type": "string", "default": "TCP"}, "v": {"type": "integer"}}}},
    }}}});
    Types::of_schema(&Structural::from_openapi(&schema).unwrap())
}

fn object(spec: &Value) -> Object {
    Object::try_from(json!({"apiVersion": "e.com/v1", "kind": "K", "metadata": {"name": "a"}, "spec": spec}))
        .unwrap()
}

fn spec_paths(set: &FieldSet) -> Vec<String> {
    let paths = set.paths().into_iter();
    paths.filter_map(|path| path.strip_prefix(".spec").map(str::to_owned)).collect()
}

#[test]
fn fields_fall_into_parts_as_the_schema_says() {
    let found = fields(
        &types(),
        &object(&json!({"atomic": ["x"], "set": ["y"], "one": {"k": "v"}, "map": {"k": "v"},
        "any": {"l": [1], "m": {}}, "items": [{"name": "n", "v": 1}]})),
    );
    assert_eq!(
        spec_paths(&found),
        [
            ".atomic",
            ".one",
            ".any.l",
            ".any.m",
            ".items[name=\"n\",proto=\"TCP\"]",
            ".items[name=\"n\",proto=\"TCP\"].name",
            ".items[name=\"n\",proto=\"TCP\"].v",
            ".map.k",
            ".set[=\"y\"]"
        ]
    );
}

#[test]
fn a_value_of_another_kind_is_compared_as_both() {
    let (old, new) = (object(&json!({"any": {"q": [1]}})), object(&json!({"any": 5})));
    let found = compare(&types(), &old, &new);
    assert_eq!(spec_paths(&found.removed), [".any.q"]);
    assert_eq!(spec_paths(&found.modified), [".any"]);
}

#[test]
fn duplicates_are_one_field_together() {
    let (twice, once) = (object(&json!({"set": ["x", "x"]})), object(&json!({"set": ["x"]})));
    assert_eq!(spec_paths(&compare(&types(), &once, &twice).added), [".set[=\"x\"]"]);
    assert_eq!(spec_paths(&compare(&types(), &twice, &once).removed), [".set[=\"x\"]"]);
    assert!(compare(&types(), &twice, &twice).modified.is_empty());
    assert_eq!(
        check(&types(), &twice, Duplicates::Refused).unwrap_err(),
        ".spec.set: duplicate entries for key [=\"x\"]"
    );
    assert_eq!(check(&types(), &twice, Duplicates::Allowed), Ok(()));
}

#[test]
fn lists_meet_in_the_order_of_the_applied_one() {
    let merged = |live: Value, applied: Value| {
        merge(&types(), &object(&json!({"set": live})), &object(&json!({"set": applied}))).0["spec"]["set"]
            .clone()
    };
    assert_eq!(merged(json!(["c", "a", "b"]), json!(["b", "c", "n"])), json!(["a", "b", "c", "n"]));
    assert_eq!(merged(json!(["x", "y"]), json!(["z", "x"])), json!(["z", "x", "y"]));
    assert_eq!(merged(json!(null), json!(["z"])), json!(["z"]));
}

#[test]
fn what_is_removed_leaves_its_parent() {
    let whole = object(&json!({"map": {"a": "1"}, "n": 1}));
    let mut gone = FieldSet::default();
    gone.insert(&super::set::path_of_fields("spec.map.a"));
    assert_eq!(remove(&types(), &whole, &gone).0["spec"], json!({"map": {}, "n": 1}));
}

#[test]
fn ownership_follows_the_schema() {
    let live = object(&json!({"one": {"k": "v"}, "set": ["x"]}));
    let owned = |written: Value| {
        let set = codec::decode(written.as_object().unwrap()).unwrap();
        reconcile(&types(), &live, &set).map(|set| Value::Object(codec::encode(&set)))
    };
    assert_eq!(
        owned(json!({"f:spec": {"f:one": {"f:k": {}}, "f:set": {}}})),
        Some(json!({"f:spec": {"f:one": {}, "f:set": {".": {}, "v:\"x\"": {}}}}))
    );
    assert_eq!(owned(json!({"f:spec": {"f:n": {}}})), None);
}

fn spec() -> impl Strategy<Value = Value> {
    let word = || prop::sample::select(vec!["a", "b", "c"]);
    let item = (word(), prop::option::of(0..3)).prop_map(|(name, v)| match v {
        Some(v) => json!({"name": name, "v": v}),
        None => json!({"name": name}),
    });
    let unique = |items: Vec<Value>| {
        let mut by_name: Vec<Value> = Vec::new();
        for item in items {
            if !by_name.iter().any(|known| known["name"] == item["name"]) {
                by_name.push(item);
            }
        }
        Value::Array(by_name)
    };
    (
        prop::option::of(0..3),
        prop::option::of(prop::collection::btree_set(word(), 0..3)),
        prop::option::of(prop::collection::btree_map(word(), word(), 0..3)),
        prop::option::of(prop::collection::vec(item, 0..3)),
        prop::option::of(prop::collection::vec(word(), 0..3)),
    )
        .prop_map(move |(n, set, map, items, atomic)| {
            let mut spec = Map::new();
            let mut put = |name: &str, value: Option<Value>| {
                if let Some(value) = value {
                    spec.insert(name.to_owned(), value);
                }
            };
            put("n", n.map(Value::from));
            put("set", set.map(|set| json!(set)));
            put("map", map.map(|map| json!(map)));
            put("items", items.map(unique));
            put("atomic", atomic.map(|list| json!(list)));
            Value::Object(spec)
        })
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z:.{}\"]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        let name = prop_oneof![
            Just("."),
            Just("f:spec"),
            Just("f:set"),
            Just("v:\"x\""),
            Just("k:{\"name\":1}"),
            Just("i:0"),
            Just("k:"),
            Just("set"),
            Just("items"),
            Just("one"),
            Just("name"),
            Just("n"),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name.prop_map(str::to_owned), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn nothing_that_may_be_sent_panics(a in any_json(), b in any_json(), fields_v1 in any_json()) {
        let types = types();
        let entry = json!({"manager": "m", "operation": "Update", "apiVersion": "e.com/v1", "fieldsType": "FieldsV1",
            "fieldsV1": fields_v1});
        let (a, b) = (object(&a), object(&b));
        for (_, owned) in super::entries::decode(Some(&json!([entry]))).unwrap_or_default() {
            let _ = reconcile(&types, &a, &owned.fields);
            let _ = remove(&types, &a, &owned.fields.with_named_fields(&types, Some(types.root)));
        }
        let _ = (check(&types, &a, Duplicates::Refused), compare(&types, &a, &b), merge(&types, &a, &b));
        let _ = super::entries::decode(Some(&Value::Object(a.0)));
    }

    #[test]
    fn an_applied_object_is_in_what_comes_of_it(live in spec(), applied in spec()) {
        let (types, live, applied) = (types(), object(&live), object(&applied));
        let merged = merge(&types, &live, &applied);
        // To apply it again changes nothing, and nothing that it names differs.
        prop_assert_eq!(&merge(&types, &merged, &applied), &merged);
        let named = fields(&types, &applied);
        let differs = compare(&types, &merged, &applied);
        prop_assert!(named.intersection(&differs.modified).is_empty());
        prop_assert!(named.intersection(&differs.added).is_empty());
    }

    #[test]
    fn differences_are_told_from_both_sides(a in spec(), b in spec()) {
        let (types, a, b) = (types(), object(&a), object(&b));
        let (there, back) = (compare(&types, &a, &b), compare(&types, &b, &a));
        prop_assert_eq!(there.added.paths(), back.removed.paths());
        prop_assert_eq!(there.removed.paths(), back.added.paths());
        prop_assert_eq!(there.modified.paths(), back.modified.paths());
        prop_assert!(compare(&types, &a, &a).added.is_empty());
    }

    #[test]
    fn written_sets_are_read_as_they_were(a in spec()) {
        let set = fields(&types(), &object(&a));
        let written = codec::encode(&set);
        prop_assert_eq!(codec::decode(&written).unwrap().paths(), set.paths());
    }

    #[test]
    fn what_is_taken_out_is_not_there(a in spec(), b in spec()) {
        let types = types();
        let (whole, gone) = (object(&a), fields(&types, &object(&b)));
        let left = fields(&types, &remove(&types, &whole, &gone));
        // A list or map that lost all it had is there, empty.
        let still: Vec<String> = left.intersection(&gone).paths();
        prop_assert!(still.iter().all(|path| path == ".spec" || path.matches('.').count() == 2), "{:?}", still);
    }

    #[test]
    fn a_new_object_is_its_writers_by_either_way(a in any_json(), b in spec(), labels in any_json()) {
        let types = types();
        for spec in [a, b] {
            let mut object = object(&spec);
            object.set_metadata("labels", labels.clone());
            object.0.insert("status".to_owned(), json!({"x": 1}));
            for reset in [&["status"][..], &[]] {
                let text = super::fresh::entry(&types, &object, reset, "e.com/v1", "a \"b\"", "now");
                prop_assert_eq!(text, compared(&types, &object, reset), "{:?}", object);
            }
        }
    }
}

/// What [`super::track`] makes of a new object, as text.
fn compared(types: &Types, object: &Object, reset: &[&str]) -> Option<Vec<u8>> {
    let taken = compare(types, &Object::default(), object).without(&FieldSet::of_fields(reset));
    let fields = taken.modified.joined(taken.added).minus(&super::manager::STRIPPED);
    let manager = Manager::new("a \"b\"", Operation::Update, "e.com/v1", "");
    let owned = Owned { fields, api_version: "e.com/v1".to_owned(), time: Some("now".to_owned()) };
    if owned.fields.is_empty() {
        return None;
    }
    super::entries::encode(&Managers::from([(manager, owned)]))
        .map(|entries| entries.to_string().into_bytes())
}
