//! What the runtime makes of derived schemas that Kubernetes cannot hold.
#![allow(missing_docs, dead_code, reason = "types of which only the schema is looked at")]
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests too")]

use common::refusal;
use k1s_runtime::api::definition::SchemaSource;
use k1s_runtime::schema::{self, CompiledSchema};
use k1s_runtime::{Resource, Schema};
use serde::ser::Error as _;
use serde::{Deserialize, Serialize, Serializer};

#[allow(unreachable_pub, dead_code, reason = "each test crate uses some of it")]
mod common;

/// A tree, which a macro cannot see to be one.
#[derive(Schema, Clone, Debug, Serialize, Deserialize)]
pub struct Node {
    children: Vec<Branch>,
}

#[derive(Schema, Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Branch {
    Leaf { value: i32 },
    Node(Box<Node>),
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
    assert!(matches!(&error, schema::Error::Recursive { .. }));
    assert_eq!(
        error.to_string(),
        "spec.root.children[].children[]: the type `Node` contains itself, and a CustomResourceDefinition cannot hold such a type; mark the field `#[schema(schemaless)]`"
    );
}

#[test]
fn a_default_that_cannot_be_written_is_an_error() {
    assert!(matches!(Safe::definition().schema, SchemaSource::Rust(_)));
    let error = CompiledSchema::compile(&Safe::definition()).unwrap_err();
    assert_eq!(error.to_string(), "spec.secret: the default cannot be written as JSON: not today");
}

/// A name under which a macro does not see the type.
type Text = String;

macro_rules! inexpressible {
    ($kind:literal, $root:ident, $spec:ident, $ty:ty) => {
        #[derive(Resource, Clone, Debug, Serialize, Deserialize)]
        #[resource(group = "shapes.example.com", version = "v1", kind = $kind)]
        pub struct $spec {
            pub value: $ty,
        }
    };
}

#[derive(Schema, Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    One(Text),
    Many(Vec<String>),
}

#[derive(Schema, Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Conflict {
    A { size: i32 },
    B { size: Text },
}

#[derive(Schema, Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "t", content = "c")]
pub enum Contents {
    Text(String),
    Image(Image),
}

#[derive(Schema, Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Ruled {
    Label(Label),
    Image(Image),
}

#[derive(Schema, Clone, Debug, Serialize, Deserialize)]
#[schema(validation(rule = "self.text != self.font"))]
pub struct Label {
    text: String,
    font: String,
}

#[derive(Schema, Clone, Debug, Serialize, Deserialize)]
pub struct Image {
    name: String,
}

inexpressible!("OneMany", OneMany, OneManySpec, OneOrMany);
inexpressible!("Clash", Clash, ClashSpec, Conflict);
inexpressible!("Content", Content, ContentSpec, Contents);
inexpressible!("Rule", Rule, RuleSpec, Ruled);

#[test]
fn what_kubernetes_cannot_say_names_the_field() {
    let one = refusal::<OneMany>();
    assert!(one.starts_with("spec.value: the variants of an enum make this a string or a list"), "{one}");
    let clash = refusal::<Clash>();
    assert!(
        clash.starts_with("spec.value.size: the variants of an enum make this an integer or a string"),
        "{clash}"
    );
    let content = refusal::<Content>();
    assert!(
        content.starts_with("spec.value.c: the variants of an enum make this a string or an object"),
        "{content}"
    );
    let rule = refusal::<Rule>();
    assert!(rule.starts_with("spec.value: a rule of one variant"), "{rule}");
}
