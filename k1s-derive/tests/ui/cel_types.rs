//! Operators and functions on values of the wrong type.
use std::collections::BTreeMap;

use k1s_runtime::Schema;

#[derive(Schema)]
#[schema(validation(rule = "self.quantity + self.ratio > 1.0"), validation(rule = "self.on == 'yes'"))]
struct Item {
    #[schema(validation(rule = "self.startsWith('a')"))]
    quantity: Option<i32>,
    #[schema(validation(rule = "self > 1"))]
    name: String,
    #[schema(validation(rule = "self"))]
    ratio: f64,
    #[schema(validation(rule = "!self && self > 0"))]
    on: bool,
    #[schema(validation(rule = "self.all(t, t > 1)"), items(validation(rule = "self.size() == '1'")))]
    tags: Vec<String>,
    #[schema(validation(rule = "self.all(k, self[k] > 1)"))]
    labels: BTreeMap<String, String>,
    #[schema(type = "integer", validation(rule = "self.matches('a')"))]
    forced: String,
    #[schema(validation(rule = "self == null"))]
    absent: Option<String>,
}

#[derive(Schema)]
#[schema(validation(rule = "self.size() > 1"))]
struct Port(u16);

#[derive(Schema)]
#[schema(validation(rule = "self < 1"))]
enum Size {
    Small,
    Large,
}

fn main() {}
