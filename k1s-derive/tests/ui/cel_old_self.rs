//! `oldSelf` where it cannot be, or is another thing.
use k1s_runtime::Schema;

#[derive(Schema)]
#[schema(
    validation(rule = "self.name != ''", optional_old_self = true),
    validation(rule = "self.name != ''", optional_old_self = false)
)]
struct Item {
    #[schema(validation(rule = "self == oldSelf", optional_old_self = true))]
    name: String,
    #[schema(validation(rule = "!oldSelf.hasValue() || self == oldSelf.value()"))]
    title: String,
    #[schema(items(validation(rule = "self == oldSelf")))]
    tags: Vec<String>,
    #[schema(list_type = "map", list_map_key = "name", items(validation(rule = "self == oldSelf")))]
    keyed: Vec<Part>,
}

#[derive(Schema)]
struct Part {
    name: String,
}

fn main() {}
