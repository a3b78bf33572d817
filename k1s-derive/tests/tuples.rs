//! Tuples, tuple structs and tuple variants: lists of so many values of one type.
#![allow(missing_docs, reason = "test types")]
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests too")]

#[allow(unreachable_pub, dead_code, reason = "each test crate uses some of it")]
mod common;

use common::{accepts, forbids, golden, refusal, refuses, takes};
use k1s_runtime::{Resource, Schema};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Latitude and longitude.
#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[schema(validation(rule = "self[0] <= 90.0", message = "there is no such latitude"))]
pub struct Place(#[schema(minimum = -180)] pub f64, #[schema(minimum = -180)] pub f64);

/// A version, of which the last numbers may be left out.
#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[schema(items(minimum = 0))]
pub struct Version(pub u32, #[serde(default)] pub u32, #[serde(default)] pub u32);

/// What is left out leaves a list behind.
#[derive(Schema, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Half<T>(pub T, #[serde(skip)] pub u8);

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Line {
    Between(Place, Place),
    From {
        place: Place,
    },
    /// Nothing of it is in the JSON.
    Named(String, #[serde(skip)] u8),
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Size {
    Two(u32, u32),
    Many(Vec<u32>),
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "t", content = "c")]
pub enum Step {
    Move(i32, i32),
    Stop,
}

#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[resource(
    group = "shapes.example.com",
    version = "v1",
    kind = "Tupled",
    derive(PartialEq),
    validation(rule = "self.spec.pair[0] < self.spec.pair[1]", message = "the pair is not in order")
)]
#[serde(rename_all = "camelCase")]
pub struct TupledSpec {
    pub place: Place,
    #[schema(items(maximum = 9), validation(rule = "self.size() == 2"))]
    pub pair: (i32, i32),
    pub names: Option<(Option<String>, Option<String>)>,
    pub version: Version,
    pub half: Half<String>,
    pub line: Line,
    pub size: Size,
    pub steps: Vec<Step>,
}

fn tupled() -> TupledSpec {
    TupledSpec {
        place: Place(48.1, 11.6),
        pair: (1, 2),
        names: Some((Some("a".into()), None)),
        version: Version(1, 2, 3),
        half: Half("h".into(), 0),
        line: Line::Between(Place(0.0, 0.0), Place(1.0, 1.0)),
        size: Size::Two(3, 4),
        steps: vec![Step::Move(1, -1), Step::Stop],
    }
}

#[test]
fn tuples_of_one_type_are_lists_of_so_many() {
    let schema = golden::<Tupled>("tupled");
    accepts(&schema, &Tupled::new("a", tupled()));
    for line in [Line::From { place: Place(0.0, 0.0) }, Line::Named("n".into(), 0)] {
        accepts(&schema, &Tupled::new("a", TupledSpec { line, ..tupled() }));
    }
    accepts(&schema, &Tupled::new("a", TupledSpec { size: Size::Many(vec![1, 2, 3]), ..tupled() }));

    let with = |field: &str, value: Value| {
        let mut spec = serde_json::to_value(tupled()).unwrap();
        spec[field] = value;
        spec
    };
    let read: Tupled = takes(&schema, with("version", json!([7])));
    assert_eq!(read.spec.version, Version(7, 0, 0));
    refuses::<Tupled>(&schema, with("version", json!([])), "should have at least 1 items");
    refuses::<Tupled>(&schema, with("place", json!([1.0])), "should have at least 2 items");
    refuses::<Tupled>(&schema, with("place", json!([1.0, 2.0, 3.0])), "must have at most 2 items");
    refuses::<Tupled>(&schema, with("place", json!({"0": 1.0, "1": 2.0})), "must be of type array");
    refuses::<Tupled>(&schema, with("pair", json!([1, "2"])), "spec.pair[1]");
    refuses::<Tupled>(&schema, with("pair", json!([1, null])), "spec.pair[1]");
    refuses::<Tupled>(&schema, with("half", json!("h")), "must be of type array");
    refuses::<Tupled>(&schema, with("line", json!({"Between": [[0.0, 0.0]]})), "at least 2 items");
    refuses::<Tupled>(&schema, with("steps", json!([{"t": "Move", "c": [1]}])), "at least 2 items");
    refuses::<Tupled>(&schema, with("steps", json!([{"t": "Move"}])), "spec.steps[0].c: Required value");
    forbids(&schema, with("pair", json!([1, 10])), "less than or equal to 9");
    forbids(&schema, with("place", json!([-181.0, 0.0])), "greater than or equal to -180");
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Named {
    name: String,
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mixed(pub Named, pub Place);

#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[resource(group = "shapes.example.com", version = "v1", kind = "Jumble", skip)]
pub struct JumbleSpec {
    pub mixed: Mixed,
}

#[test]
fn what_a_macro_cannot_see_is_an_error_that_names_the_field() {
    assert_eq!(refusal::<Jumble>(), "spec.mixed: a tuple of different types is no list; use a struct");
}
