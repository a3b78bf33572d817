//! Values of a wrong shape.
use k1s_runtime::{Resource, Schema};

#[derive(Schema)]
struct Item {
    #[schema(minimum = "one")]
    a: i32,
    #[schema(enum_values = "a")]
    b: String,
    #[schema(pattern)]
    c: String,
    #[schema(immutable = 3)]
    d: String,
    #[schema(at_most_one_of(a::b))]
    e: Option<Vec<String>>,
    #[schema(external_docs(description = "d"))]
    f: String,
}

#[derive(Resource)]
#[resource(group = "example.com", version = "v1", kind = "Item", status = 3, served = "maybe")]
struct ItemSpec {
    name: String,
}

fn main() {}
