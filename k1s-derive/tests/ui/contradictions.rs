//! Keywords that contradict each other.
use k1s_runtime::{Resource, Schema};

#[derive(Schema)]
struct Bounds {
    #[schema(minimum = 10, maximum = 1)]
    a: i32,
    #[schema(min_length = 3, max_length = 2)]
    b: String,
    #[schema(min_items = 3, max_items = 2)]
    c: Vec<String>,
    #[schema(exclusive_maximum)]
    d: f64,
    #[schema(maximum = 3, exclusive_maximum = 4)]
    e: f64,
    #[schema(multiple_of = 0)]
    f: i32,
    #[schema(min_length = -1)]
    g: String,
    #[schema(max_length = 1.5)]
    h: String,
}

#[derive(Schema)]
struct Presence {
    #[schema(required, optional)]
    a: String,
}

#[derive(Schema)]
struct Types {
    #[schema(type = "string", int_or_string)]
    a: i32,
    #[schema(schemaless, int_or_string)]
    b: i32,
    #[schema(type = "int")]
    c: i32,
}

#[derive(Resource)]
#[resource(group = "example.com", version = "v1", kind = "Item", storage, skip)]
struct ItemSpec {
    name: String,
}

#[derive(Resource)]
#[resource(group = "example.com", version = "v1", kind = "Thing", hub = Item, skip)]
struct ThingSpec {
    name: String,
}

#[derive(Resource)]
#[resource(group = "example.com", version = "v1", kind = "Part", hub(type = Item, rot))]
struct PartSpec {
    name: String,
}

fn main() {}
