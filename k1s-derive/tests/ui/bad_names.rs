//! Names that Kubernetes refuses.
use k1s_runtime::Resource;

#[derive(Resource)]
#[resource(group = "Example", version = "1", kind = "item", plural = "Items", singular = "-item")]
struct ItemSpec {
    name: String,
}

#[derive(Resource)]
#[resource(
    group = "example",
    version = "v1gamma1",
    kind = "An_Item",
    short_name = "ITM",
    category = "all of them",
    scope = "cluster",
    annotation(key = "no spaces please", value = "x"),
    label(key = "team", value = "not valid!")
)]
struct AnItemSpec {
    name: String,
}

#[derive(Resource)]
#[resource(group = "example.com", version = "v1", kind = "not a kind")]
struct OtherSpec {
    name: String,
}

#[derive(Resource)]
#[resource(group = "example.com", version = "v1", kind = "Same")]
struct Same {
    name: String,
}

fn main() {}
