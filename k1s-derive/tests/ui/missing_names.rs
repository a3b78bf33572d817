//! A kind without its names.
use k1s_runtime::Resource;

#[derive(Resource)]
struct NothingSpec {
    name: String,
}

#[derive(Resource)]
#[resource(group = "example.com", version = "v1")]
struct KindlessSpec {
    name: String,
}

fn main() {}
