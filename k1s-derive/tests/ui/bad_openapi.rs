use k1s_runtime::{Resource, Schema};
use serde::{Deserialize, Serialize};

#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
#[resource(
    group = "shop.example.com",
    version = "v1",
    kind = "Item",
    list_kind = "items",
    status_subresource = false,
    openapi = 5
)]
pub struct ItemSpec {
    pub quantity: i32,
}

#[derive(Schema, Serialize, Deserialize)]
#[schema(openapi = r#"{"not": "#)]
pub struct Broken {
    #[schema(openapi = r#"{"minimun": 1}"#)]
    pub near: i32,
    #[schema(openapi = "[]")]
    pub list: i32,
}

fn main() {}
