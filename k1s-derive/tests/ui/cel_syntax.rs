//! Rules that do not parse, and rules that yield something else than they should.
use k1s_runtime::{Resource, Schema};
use serde::{Deserialize, Serialize};

#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
#[resource(
    group = "example.com",
    version = "v1",
    kind = "Item",
    validation(rule = "self.spec.quantity >", message = "m"),
    validation(rule = "self.spec.quantity + 1"),
    validation(rule = "true", message_expression = "self.spec.quantity"),
    validation(rule = "true", message_expression = "'%d is too much'.fromat([self.spec.quantity])")
)]
struct ItemSpec {
    quantity: i32,
}

#[derive(Schema)]
struct Supplier {
    #[schema(validation(rule = "self = 'a'"))]
    name: String,
    #[schema(validation(rule = r#"self.all(t,
        t.size() > "1")"#, message = "m"))]
    tags: Vec<String>,
}

fn main() {}
