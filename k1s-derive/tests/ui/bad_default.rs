//! Literals that are at odds with what else is said of the field.
use k1s_runtime::Schema;

#[derive(Schema)]
struct Item {
    #[schema(minimum = 0, default = -1)]
    a: i32,
    #[schema(exclusive_maximum = 10, default = 10)]
    b: i32,
    #[schema(multiple_of = 5, default = 7)]
    c: i32,
    #[schema(enum_values("small", "large"), default = "smal")]
    d: String,
    #[schema(pattern = "^[a-z]+$", default = "A1")]
    e: String,
    #[schema(min_length = 3, default = "ab")]
    f: Option<String>,
    #[schema(max_items = 1, default = ["a", "b"])]
    g: Vec<String>,
    #[schema(default = "three")]
    h: i32,
    #[schema(example = 1.5)]
    i: i32,
    #[schema(enum_values("a", 1, "a"))]
    j: String,
    #[schema(enum_values())]
    k: String,
    #[schema(items(default = String::from("a")))]
    l: Vec<String>,
    #[schema(default = 300)]
    m: u8,
    #[schema(default = -1)]
    n: u32,
}

#[derive(Schema)]
#[schema(default = "Activ")]
enum Phase {
    Active,
    Retired,
}

fn main() {}
