//! Types whose schema the derives cannot give.
use k1s_runtime::{Resource, Schema};
use serde::{Deserialize, Serialize};

#[derive(Schema)]
struct Unit;

#[derive(Schema)]
union Bits {
    a: u32,
    b: f32,
}

#[derive(Schema)]
enum Never {}

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
