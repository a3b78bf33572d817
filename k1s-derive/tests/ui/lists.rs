//! List and map types.
use k1s_runtime::Schema;
use std::collections::BTreeMap;

#[derive(Schema)]
struct Lists {
    #[schema(list_type = "map")]
    a: Vec<Entry>,
    #[schema(list_map_key = "name")]
    b: Vec<Entry>,
    #[schema(list_type = "mapp", list_map_key = "name")]
    c: Vec<Entry>,
    #[schema(list_type = "map", list_map_key = "name")]
    d: Vec<String>,
    #[schema(unique_items, list_type = "atomic")]
    e: Vec<String>,
    #[schema(map_type = "granulated")]
    f: BTreeMap<String, String>,
    #[schema(map_type = "atomic", struct_type = "atomic")]
    g: Entry,
}

#[derive(Schema)]
struct Entry {
    name: String,
}

fn main() {}
