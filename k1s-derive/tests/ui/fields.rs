//! Fields that contradict themselves or each other, and types that contain themselves.
use k1s_runtime::Schema;
use serde::{Deserialize, Serialize};

#[derive(Schema)]
struct Tree {
    left: Option<Box<Tree>>,
    others: Vec<Self>,
    #[schema(schemaless)]
    fine: Vec<Tree>,
}

#[derive(Schema)]
enum Expression {
    Not(Box<Expression>),
    Value { value: i32 },
}

#[derive(Schema, Serialize, Deserialize)]
struct Flat {
    #[serde(flatten)]
    #[schema(min_properties = 1)]
    inner: Inner,
    #[serde(flatten)]
    name: String,
}

#[derive(Schema, Serialize, Deserialize)]
struct Scalar {
    #[serde(flatten)]
    name: Vec<String>,
}

#[derive(Schema, Serialize, Deserialize)]
struct Inner {
    a: i32,
}

#[derive(Schema, Serialize, Deserialize)]
struct Twice {
    name: String,
    #[serde(rename = "name")]
    title: String,
    #[serde(alias = "name")]
    label: String,
}

#[derive(Schema, Serialize, Deserialize)]
struct Alias {
    #[serde(alias = "amount")]
    #[schema(default = 1)]
    quantity: i32,
}

fn main() {}
