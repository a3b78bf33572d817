use k1s_runtime::{Resource, Schema};
use serde::{Deserialize, Serialize};

#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
#[resource(
    group = "shop.example.com",
    version = "v1",
    kind = "Item",
    openapi = 5
)]
pub struct ItemSpec {
    pub quantity: i32,
}

#[derive(Schema, Serialize, Deserialize)]
#[schema(openapi = r#"{"not": "#)]
pub struct Broken {
    pub quantity: i32,
}

#[derive(Schema, Serialize, Deserialize)]
pub struct Wrong {
    #[schema(openapi = r#"{"minimun": 1}"#)]
    pub near: i32,
    #[schema(openapi = "[]")]
    pub list: i32,
}

#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
#[resource(
    group = "shop.example.com",
    version = "v1",
    kind = "Order",
    list_kind = "orders",
    status_subresource = false
)]
pub struct OrderSpec {
    pub quantity: i32,
}

fn main() {}
