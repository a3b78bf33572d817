//! Types whose schema the derives cannot give.
use k1s_runtime::{Resource, Schema};
use serde::{Deserialize, Serialize};

#[derive(Schema)]
struct Pair(String, i32);

#[derive(Schema, Serialize, Deserialize)]
struct HalfPair(String, #[serde(skip)] i32);

#[derive(Schema)]
struct Unit;

#[derive(Schema)]
union Bits {
    a: u32,
    b: f32,
}

#[derive(Schema)]
enum Never {}

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

#[derive(Resource)]
#[resource(group = "example.com", version = "v1", kind = "Page")]
struct PageSpec<T> {
    items: Vec<T>,
}

fn main() {}
