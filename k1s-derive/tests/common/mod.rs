//! A kind's CustomResourceDefinition and its golden, and objects held against its schema.

use std::fmt::Debug;

use k1s_runtime::Resource;
use k1s_runtime::schema::crd::{to_crd_json, validate_crd};
use k1s_runtime::schema::{CompiledSchema, Part};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// The schema of a kind whose CustomResourceDefinition an API server takes and which is the one of `tests/golden`.
///
/// `K1S_BLESS=1` writes the golden.
#[track_caller]
pub fn golden<K: Resource>(name: &str) -> CompiledSchema {
    let definition = K::definition();
    let crd = to_crd_json(std::slice::from_ref(&definition)).unwrap();
    assert_eq!(validate_crd(&crd), [], "{}", k1s_runtime::manifest::to_yaml(&crd));
    let text = k1s_runtime::manifest::to_yaml(&crd);
    let path = format!("{}/tests/golden/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("K1S_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "K1S_BLESS=1 accepts the new text");
    CompiledSchema::compile(&definition).unwrap()
}

/// Why a kind has no schema.
#[track_caller]
pub fn refusal<K: Resource>() -> String {
    CompiledSchema::compile(&K::definition()).unwrap_err().to_string()
}

/// What is wrong with an object of that spec: fields that are dropped, then what is not valid; and what is left of it.
fn admit(schema: &CompiledSchema, object: Value) -> (Vec<String>, Value) {
    let Value::Object(mut object) = object else { return (vec!["no object".into()], Value::Null) };
    let mut complaints: Vec<String> =
        schema.prune(&mut object).into_iter().map(|path| format!("unknown field {path}")).collect();
    schema.default(&mut object);
    complaints.extend(schema.validate(&object, None, Part::Whole).iter().map(ToString::to_string));
    (complaints, Value::Object(object))
}

/// What serde writes is valid, keeps every field, and is read back as what it was.
#[track_caller]
pub fn accepts<K>(schema: &CompiledSchema, object: &K)
where
    K: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let written = serde_json::to_value(object).unwrap();
    let (complaints, admitted) = admit(schema, written.clone());
    assert_eq!(complaints, Vec::<String>::new(), "{written}");
    let read: K = serde_json::from_value(admitted).unwrap();
    assert_eq!(read, *object);
}

/// A spec is valid as it is, and serde reads it.
#[track_caller]
pub fn takes<K: DeserializeOwned>(schema: &CompiledSchema, spec: Value) -> K {
    let (complaints, admitted) = admit(schema, with_spec(spec));
    assert_eq!(complaints, Vec::<String>::new());
    serde_json::from_value(admitted).unwrap()
}

/// A spec is refused, by the schema and by serde; a complaint has these words.
#[track_caller]
pub fn refuses<K: DeserializeOwned + Debug>(schema: &CompiledSchema, spec: Value, words: &str) {
    let object = with_spec(spec);
    let (complaints, _) = admit(schema, object.clone());
    assert!(complaints.iter().any(|complaint| complaint.contains(words)), "{object}: {complaints:#?}");
    let read = serde_json::from_value::<K>(object.clone());
    assert!(read.is_err(), "serde takes {object}: {read:?}");
}

/// A spec is refused by the schema, which is stricter than serde here.
#[track_caller]
pub fn forbids(schema: &CompiledSchema, spec: Value, words: &str) {
    let object = with_spec(spec);
    let (complaints, _) = admit(schema, object.clone());
    assert!(complaints.iter().any(|complaint| complaint.contains(words)), "{object}: {complaints:#?}");
}

fn with_spec(spec: Value) -> Value {
    Value::Object(Map::from_iter([("metadata".to_owned(), json!({"name": "a"})), ("spec".to_owned(), spec)]))
}
