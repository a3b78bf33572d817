//! Tuples that are no lists of one type.
use k1s_runtime::Schema;
use serde::{Deserialize, Serialize};

#[derive(Schema, Serialize, Deserialize)]
struct Pair(String, i32);

#[derive(Schema, Serialize, Deserialize)]
struct Fields {
    pairs: Vec<Option<(String, i32)>>,
    nested: (u8, (u8, bool)),
    by_name: std::collections::BTreeMap<String, (bool, f64)>,
    #[schema(schemaless)]
    anything: (String, i32),
    fine: (i32, f64),
}

#[derive(Schema, Serialize, Deserialize)]
struct Range(#[schema(minimum = 0)] i32, #[schema(minimum = 1)] i32);

#[derive(Schema, Serialize, Deserialize)]
struct Defaults(i32, #[schema(default = 1)] i32);

#[derive(Schema, Serialize, Deserialize)]
struct Moved(#[serde(skip_serializing)] i32, i32, i32);

#[derive(Schema, Serialize, Deserialize)]
struct Nothing(#[serde(skip)] i32, #[serde(skip)] i32);

#[derive(Schema, Serialize, Deserialize)]
#[serde(tag = "type")]
enum Tagged {
    Point(i32, i32),
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(untagged)]
enum OneOrTwo {
    One(i32),
    Two(i32, i32),
}

fn main() {}
