//! Types whose schema the derives cannot give.
use k1s_runtime::{Resource, Schema};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Schema)]
struct Pair(String, i32);

#[derive(Schema)]
struct Unit;

#[derive(Schema)]
union Bits {
    a: u32,
    b: f32,
}

#[derive(Schema)]
enum Source {
    Git { url: String },
    Local(String),
    Nothing,
}

#[derive(Schema)]
enum Never {}

#[derive(Schema)]
struct Page<T> {
    items: Vec<T>,
}

#[derive(Schema, Serialize, Deserialize)]
struct Flat {
    #[serde(flatten)]
    rest: BTreeMap<String, String>,
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(tag = "type")]
struct Tagged {
    name: String,
}

#[derive(Schema, Clone, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
struct Converted {
    name: String,
}

impl From<String> for Converted {
    fn from(name: String) -> Self {
        Self { name }
    }
}

impl From<Converted> for String {
    fn from(converted: Converted) -> Self {
        converted.name
    }
}

#[derive(Schema, Serialize, Deserialize)]
struct Renamed {
    #[serde(rename(serialize = "a", deserialize = "b"))]
    name: String,
}

#[derive(Resource)]
#[resource(group = "example.com", version = "v1", kind = "Colour")]
enum ColourSpec {
    Red,
}

fn main() {}
