//! Attributes that do not exist, with the nearest one that does.
use k1s_runtime::{Resource, Schema};

#[derive(Resource)]
#[resource(group = "example.com", version = "v1", kind = "Item", shortname = "itm")]
struct ItemSpec {
    name: String,
}

#[derive(Schema)]
struct Supplier {
    #[schema(minlength = 1)]
    name: String,
    #[schema(items(max_lenght = 3))]
    tags: Vec<String>,
    #[schema(validation(rule = "true", mesage = "m"))]
    email: String,
}

#[derive(Schema)]
enum Phase {
    #[schema(title = "t")]
    Active,
}

fn main() {}
