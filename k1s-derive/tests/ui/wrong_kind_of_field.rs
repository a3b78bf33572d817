//! Keywords on fields of another kind.
use k1s_runtime::Schema;
use std::collections::BTreeMap;

#[derive(Schema)]
struct Item {
    #[schema(min_length = 1)]
    quantity: i32,
    #[schema(minimum = 1, multiple_of = 2)]
    name: Option<String>,
    #[schema(max_items = 3)]
    title: String,
    #[schema(max_length = 3, items(minimum = 1))]
    tags: Vec<String>,
    #[schema(min_items = 1)]
    labels: BTreeMap<String, String>,
    #[schema(pattern = "^a$")]
    on: bool,
    #[schema(list_type = "set")]
    category: String,
    #[schema(format = "email")]
    flags: Vec<bool>,
    #[schema(exactly_one_of(a, b))]
    choice: String,
}

#[derive(Schema)]
#[schema(minimum = 1)]
struct Sku(String);

fn main() {}
