//! What the runtime makes of derived schemas that Kubernetes cannot hold.
#![allow(missing_docs, dead_code, reason = "types of which only the schema is looked at")]

use k1s_runtime::api::definition::SchemaSource;
use k1s_runtime::schema::{self, CompiledSchema};
use k1s_runtime::{Resource, Schema};
use serde::ser::Error as _;
use serde::{Deserialize, Serialize, Serializer};

/// A tree.
#[derive(Schema, Clone, Debug, Serialize, Deserialize)]
pub struct Node {
    children: Vec<Node>,
}

#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
#[resource(group = "example.com", version = "v1", kind = "Tree")]
pub struct TreeSpec {
    root: Node,
}

fn never<S: Serializer>(_: &str, _: S) -> Result<S::Ok, S::Error> {
    Err(S::Error::custom("not today"))
}

/// A value that cannot be written.
#[derive(Schema, Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(#[serde(serialize_with = "never")] String);

#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
#[resource(group = "example.com", version = "v1", kind = "Safe")]
pub struct SafeSpec {
    #[schema(default = Secret(String::new()))]
    secret: Secret,
}

#[test]
fn a_type_that_contains_itself_is_an_error() {
    let error = CompiledSchema::compile(&Tree::definition()).unwrap_err();
    assert!(
        matches!(&error, schema::Error::Recursive { path, .. } if path.starts_with("spec.root")),
        "{error}"
    );
}

#[test]
fn a_default_that_cannot_be_written_is_an_error() {
    assert!(matches!(Safe::definition().schema, SchemaSource::Rust(_)));
    let error = CompiledSchema::compile(&Safe::definition()).unwrap_err();
    assert_eq!(error.to_string(), "spec.secret: the default cannot be written as JSON: not today");
}
