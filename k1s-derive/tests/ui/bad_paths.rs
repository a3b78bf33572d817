//! JSON paths that lead nowhere.
use k1s_runtime::Resource;
use serde::{Deserialize, Serialize};

#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
#[resource(
    group = "example.com",
    version = "v1",
    kind = "Item",
    print_column(name = "Quantity", type = "integer", json_path = ".spec.quantty"),
    print_column(name = "Price", type = "integer", json_path = ".spec.unit_price"),
    print_column(name = "Age", type = "date", json_path = ".metadata.creationTime"),
    print_column(name = "Ready", type = "string", json_path = ".status.ready"),
    print_column(name = "Name", type = "string", json_path = "spec.name"),
    print_column(name = "Other", type = "string", json_path = ".specs.name"),
    selectable_field = ".spec.categry",
    selectable_field = ".metadata.name",
    selectable_field = ".spec.tags[0]",
    selectable_field = ".spec.tags",
    index = ".spec.catgory",
    scale(spec_replicas_path = ".spec.quantitty", status_replicas_path = ".spec.quantity"),
    validation(rule = "true", field_path = ".spec.nam")
)]
#[serde(rename_all = "camelCase")]
struct ItemSpec {
    name: String,
    quantity: i32,
    unit_price: i64,
    category: String,
    tags: Vec<String>,
}

fn main() {}
