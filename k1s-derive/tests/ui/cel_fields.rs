//! Rules that name what is not there. Names are those of the JSON, written as rules have to write them.
use k1s_runtime::{Resource, Schema};
use serde::{Deserialize, Serialize};

#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
#[resource(
    group = "example.com",
    version = "v1",
    kind = "Item",
    validation(rule = "self.spec.quantty > 0"),
    validation(rule = "self.spec.unit_price > 0"),
    validation(rule = "self.status.ready"),
    validation(rule = "self.metadata.namespace == 'a'"),
    validation(rule = "slef.spec.quantity > 0")
)]
#[serde(rename_all = "camelCase")]
struct ItemSpec {
    quantity: i32,
    unit_price: Option<i64>,
}

#[derive(Schema, Serialize, Deserialize)]
#[schema(
    validation(rule = "self.weight_kg > 0.0"),
    validation(rule = "has(self.cache)"),
    validation(rule = "self.phone != '' || self.emial != ''"),
    exactly_one_of("weight kg", phone)
)]
struct Supplier {
    #[serde(rename = "weight-kg")]
    weight_kg: f64,
    #[serde(skip)]
    cache: u8,
    phone: String,
    email: String,
    #[serde(rename = "weight kg")]
    weight: u8,
}

fn main() {}
