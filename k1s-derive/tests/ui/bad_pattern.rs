//! A pattern that is no regular expression.
use k1s_runtime::Schema;

#[derive(Schema)]
struct Item {
    #[schema(pattern = "^[a-z")]
    name: String,
}

fn main() {}
