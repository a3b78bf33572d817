//! A default that is an expression must have the field's type.
use k1s_runtime::Schema;

fn five() -> u8 {
    5
}

#[derive(Schema)]
struct Item {
    #[schema(default = five())]
    quantity: i32,
}

fn main() {}
