//! Generic types, newtypes, wrappers and collections.
#![allow(missing_docs, reason = "test types")]
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests too")]

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::marker::PhantomData;

use common::{accepts, golden, refuses, takes};
use k1s_runtime::schemars::{JsonSchema, SchemaGenerator};
use k1s_runtime::{Resource, Schema};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[allow(unreachable_pub, dead_code, reason = "each test crate uses some of it")]
mod common;

pub trait Unit {
    type Amount;
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grams;

impl Unit for Grams {
    type Amount = u32;
}

/// A value and where it comes from.
#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sourced<T, S = Name>
where
    T: Clone,
    S: Serialize,
{
    pub value: T,
    #[schema(default = Vec::<S>::new())]
    #[serde(default = "Vec::new")]
    pub sources: Vec<S>,
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "lowercase")]
pub enum Choice<T> {
    Given { value: T },
    Referred { name: Name },
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tagged<T> {
    #[schema(min_length = 1)]
    text: String,
    marker: PhantomData<T>,
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "U::Amount: Serialize + serde::de::DeserializeOwned")]
pub struct Weight<U: Unit> {
    pub amount: U::Amount,
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page<const N: usize> {
    #[schema(max_items = 9)]
    pub lines: Vec<String>,
}

/// A name.
#[derive(Schema, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[schema(pattern = "^[a-z]+$")]
pub struct Name(String);

/// Names, at most three.
#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[schema(max_items = 3)]
pub struct Names(BTreeSet<Name>);

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table(BTreeMap<Name, Vec<Name>>);

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unset(Option<String>);

#[derive(Schema, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    Left,
    Right,
}

#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[resource(group = "types.example.com", version = "v1", kind = "Wrapped", derive(PartialEq))]
#[serde(rename_all = "camelCase")]
pub struct WrappedSpec {
    pub number: Sourced<i32>,
    pub nested: Sourced<Sourced<bool, Side>, u8>,
    pub choice: Choice<Vec<String>>,
    pub tagged: Tagged<i32>,
    pub weight: Weight<Grams>,
    pub page: Page<3>,
    pub names: Names,
    pub table: Table,
    pub unset: Unset,
    pub sides: HashMap<Side, u8>,
    pub ports: BTreeMap<u16, String>,
    pub set: HashSet<Side>,
    pub boxed: Box<Name>,
    pub shared: Cow<'static, str>,
    pub maybe_boxed: Box<Option<Name>>,
    #[serde(skip_serializing_if = "Option::is_none", default, with = "twice")]
    pub twice: Option<Option<Name>>,
    pub holes: Vec<Option<Side>>,
    pub gaps: BTreeMap<String, Option<i32>>,
    pub pair: [i32; 2],
}

/// Tells null from nothing.
mod twice {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<T: Serialize, S: Serializer>(
        value: &Option<Option<T>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }

    pub(crate) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<T>>, D::Error> {
        Option::deserialize(deserializer).map(Some)
    }
}

fn name(text: &str) -> Name {
    Name(text.into())
}

fn wrapped() -> WrappedSpec {
    WrappedSpec {
        number: Sourced { value: 1, sources: vec![name("a")] },
        nested: Sourced { value: Sourced { value: true, sources: vec![Side::Left] }, sources: vec![1, 2] },
        choice: Choice::Given { value: vec!["a".into()] },
        tagged: Tagged { text: "t".into(), marker: PhantomData },
        weight: Weight { amount: 3 },
        page: Page { lines: vec![] },
        names: Names([name("a"), name("b")].into()),
        table: Table([(name("a"), vec![name("b")])].into()),
        unset: Unset(None),
        sides: [(Side::Left, 1)].into(),
        ports: [(80, "http".into())].into(),
        set: [Side::Right].into(),
        boxed: Box::new(name("a")),
        shared: "a".into(),
        maybe_boxed: Box::new(None),
        twice: Some(None),
        holes: vec![Some(Side::Left), None],
        gaps: [("a".into(), None), ("b".into(), Some(1))].into(),
        pair: [1, 2],
    }
}

#[test]
fn every_wrapper_has_a_schema() {
    let schema = golden::<Wrapped>("wrapped");
    accepts(&schema, &Wrapped::new("a", wrapped()));
    let mut spec = wrapped();
    spec.choice = Choice::Referred { name: name("a") };
    spec.twice = None;
    spec.unset = Unset(Some("a".into()));
    accepts(&schema, &Wrapped::new("a", spec));

    let written = serde_json::to_value(wrapped()).unwrap();
    let with = |field: &str, value: Value| {
        let mut spec = written.clone();
        spec[field] = value;
        spec
    };
    let read: Wrapped = takes(&schema, with("number", json!({"value": 2})));
    assert_eq!(read.spec.number, Sourced { value: 2, sources: vec![] });
    let refuse = |field, value, words| refuses::<Wrapped>(&schema, with(field, value), words);
    refuse("number", json!({"value": "a"}), "spec.number.value in body must be of type integer");
    refuse("nested", json!({"value": {"value": 1}}), "must be of type boolean");
    refuse("choice", json!({"is": "given", "value": ["a", 1]}), "must be of type string");
    refuse("weight", json!({"amount": -1}), "greater than or equal to 0");
    refuse("sides", json!({"left": 256}), "less than or equal to 255");
    refuse("sides", json!({"middle": 1}), "unknown field spec.sides.middle");
    refuse("set", json!(["middle"]), "Unsupported value");
    refuse("holes", json!(["middle"]), "should match");
    refuse("gaps", json!({"a": "b"}), "must be of type integer");
    refuse("pair", json!([1, 2, 3]), "at most 2 items");
}

#[test]
fn instances_have_names_of_their_own() {
    let names = [
        <Sourced<i32>>::schema_name(),
        <Sourced<i32, Side>>::schema_name(),
        <Choice<Name>>::schema_name(),
        <Page<3>>::schema_name(),
        <Tagged<i32>>::schema_name(),
    ];
    assert_eq!(
        names,
        ["Sourced_of_int32_and_Name", "Sourced_of_int32_and_Side", "Choice_of_Name", "Page_of_3", "Tagged"]
    );
    assert_ne!(<Page<3>>::schema_id(), <Page<4>>::schema_id());
    let mut generator = SchemaGenerator::default();
    let first = generator.subschema_for::<Choice<Name>>();
    assert_ne!(first, generator.subschema_for::<Choice<Side>>());
}
