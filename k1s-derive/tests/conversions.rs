//! Types whose JSON is another type's: `from`, `try_from` and `into`, `remote`, and `with`.
#![allow(missing_docs, reason = "test types")]
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests too")]

#[allow(unreachable_pub, dead_code, reason = "each test crate uses some of it")]
mod common;

use common::{accepts, forbids, golden, refuses, takes};
use k1s_runtime::{Resource, Schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::json;

/// `host:port`, as one text.
#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[schema(pattern = "^[a-z.]+:[0-9]+$", max_length = 64)]
pub struct Address {
    pub host: String,
    pub port: u16,
}

impl TryFrom<String> for Address {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (host, port) = text.split_once(':').ok_or_else(|| format!("{text:?} has no port"))?;
        let port = port.parse().map_err(|_| format!("{port:?} is no port"))?;
        Ok(Self { host: host.to_owned(), port })
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        format!("{}:{}", address.host, address.port)
    }
}

/// A list on the wire.
#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<T>", into = "Vec<T>")]
pub struct Stack<T: Clone> {
    top: Option<T>,
    rest: Vec<T>,
}

impl<T: Clone> From<Vec<T>> for Stack<T> {
    fn from(mut rest: Vec<T>) -> Self {
        Self { top: rest.pop(), rest }
    }
}

impl<T: Clone> From<Stack<T>> for Vec<T> {
    fn from(stack: Stack<T>) -> Self {
        let mut all = stack.rest;
        all.extend(stack.top);
        all
    }
}

/// An enum that is an object of its own kind on the wire.
#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Limits", into = "Limits")]
#[schema(validation(
    rule = "!has(self.most) || self.least <= self.most",
    message = "least is more than most"
))]
pub enum Limit {
    Least(i64),
    Both(i64, i64),
}

/// At least, and at most.
#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    #[schema(minimum = 0)]
    least: i64,
    most: Option<i64>,
}

impl From<Limits> for Limit {
    fn from(limits: Limits) -> Self {
        limits.most.map_or(Self::Least(limits.least), |most| Self::Both(limits.least, most))
    }
}

impl From<Limit> for Limits {
    fn from(limit: Limit) -> Self {
        match limit {
            Limit::Least(least) => Self { least, most: None },
            Limit::Both(least, most) => Self { least, most: Some(most) },
        }
    }
}

/// A type of another crate, which has no schema.
pub mod elsewhere {
    #[derive(Clone, Debug, PartialEq)]
    pub struct Span {
        pub start: u32,
        pub end: u32,
    }
}

/// From here to there.
#[derive(Schema, Serialize, Deserialize)]
#[serde(remote = "elsewhere::Span", rename_all = "UPPERCASE")]
pub struct SpanDef {
    #[schema(minimum = 0)]
    start: u32,
    /// The first that is not in it.
    end: u32,
}

/// Written by hand.
#[derive(Schema, Clone, Debug, PartialEq)]
#[schema(with = String, format = "hostname")]
pub struct Host(Vec<String>);

impl Serialize for Host {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.join("."))
    }
}

impl<'de> Deserialize<'de> for Host {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self(text.split('.').map(str::to_owned).collect()))
    }
}

/// Numbers as text.
mod text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(number: &u128, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(number)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// A number that is `null` when it is 0.
mod zero {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(number: &Option<i32>, serializer: S) -> Result<S::Ok, S::Error> {
        number.filter(|number| *number != 0).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i32>, D::Error> {
        Option::deserialize(deserializer)
    }
}

#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[resource(group = "shapes.example.com", version = "v1", kind = "Converted", derive(PartialEq))]
#[serde(rename_all = "camelCase")]
pub struct ConvertedSpec {
    /// Where it listens.
    pub address: Address,
    pub others: Option<Vec<Address>>,
    pub stack: Stack<i32>,
    pub limit: Limit,
    #[serde(with = "SpanDef")]
    pub span: elsewhere::Span,
    pub host: Host,
    #[serde(with = "text")]
    #[schema(with = "String", pattern = "^[0-9]+$", default = "0")]
    pub big: u128,
    /// An `Option` that other code reads is not absent.
    #[serde(with = "zero")]
    pub zero: Option<i32>,
}

fn converted() -> ConvertedSpec {
    ConvertedSpec {
        address: Address { host: "a.example".into(), port: 80 },
        others: Some(vec![Address { host: "b".into(), port: 1 }]),
        stack: Stack { top: Some(3), rest: vec![1, 2] },
        limit: Limit::Both(1, 2),
        span: elsewhere::Span { start: 1, end: 2 },
        host: Host(vec!["a".into(), "example".into()]),
        big: u128::MAX,
        zero: None,
    }
}

#[test]
fn what_serde_converts_has_the_schema_of_what_it_is_on_the_wire() {
    let schema = golden::<Converted>("converted");
    accepts(&schema, &Converted::new("a", converted()));
    let less = ConvertedSpec { others: None, limit: Limit::Least(0), zero: Some(1), ..converted() };
    accepts(&schema, &Converted::new("a", less));
    let spec = || serde_json::to_value(converted()).unwrap();
    let with = |field: &str, value| {
        let mut spec = spec();
        spec[field] = value;
        spec
    };
    refuses::<Converted>(&schema, with("address", json!({"host": "a", "port": 1})), "must be of type string");
    refuses::<Converted>(&schema, with("address", json!("nothing")), "should match");
    refuses::<Converted>(&schema, with("others", json!(["a"])), "spec.others[0]");
    refuses::<Converted>(&schema, with("stack", json!({"top": 1, "rest": []})), "must be of type array");
    refuses::<Converted>(&schema, with("limit", json!({"most": 1})), "spec.limit.least: Required value");
    forbids(&schema, with("limit", json!({"least": -1})), "greater than or equal to 0");
    refuses::<Converted>(
        &schema,
        with("span", json!({"start": 1, "end": 2})),
        "unknown field spec.span.start",
    );
    refuses::<Converted>(&schema, with("big", json!(7)), "must be of type string");
    forbids(&schema, with("host", json!("not a host")), "hostname");

    let mut absent = spec();
    absent.as_object_mut().unwrap().remove("zero");
    refuses::<Converted>(&schema, absent, "spec.zero: Required value");
    let mut absent = spec();
    absent.as_object_mut().unwrap().remove("big");
    let read: Result<Converted, _> = serde_json::from_value(json!({"spec": absent}));
    assert!(read.is_err(), "serde knows no default: {read:?}");
    // The server fills it in.
    assert_eq!(takes::<Converted>(&schema, absent).spec.big, 0);
}

/// A kind may have a spec that is another type on the wire.
#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[resource(group = "shapes.example.com", version = "v1", kind = "Bounded", derive(PartialEq))]
#[serde(from = "Limits", into = "Limits")]
pub struct BoundedSpec {
    limit: Limit,
}

impl From<Limits> for BoundedSpec {
    fn from(limits: Limits) -> Self {
        Self { limit: limits.into() }
    }
}

impl From<BoundedSpec> for Limits {
    fn from(spec: BoundedSpec) -> Self {
        spec.limit.into()
    }
}

#[test]
fn a_whole_spec_may_be_converted() {
    let schema = golden::<Bounded>("bounded");
    accepts(&schema, &Bounded::new("a", BoundedSpec { limit: Limit::Both(1, 2) }));
    refuses::<Bounded>(&schema, json!({"limit": {"Least": 1}}), "spec.least: Required value");
}

#[test]
fn what_the_schema_leaves_to_the_type_is_the_types_to_refuse() {
    let read: Result<Address, _> = serde_json::from_value(json!("a:99999"));
    assert_eq!(read.unwrap_err().to_string(), "\"99999\" is no port");
}
