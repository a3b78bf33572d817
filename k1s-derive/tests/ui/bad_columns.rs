//! Print columns of a wrong type.
use k1s_runtime::Resource;

#[derive(Resource)]
#[resource(
    group = "example.com",
    version = "v1",
    kind = "Item",
    print_column(name = "Quantity", type = "int", json_path = ".spec.quantity"),
    print_column(name = "Name", type = "integer", json_path = ".spec.name"),
    print_column(name = "", type = "string", json_path = ".spec.name"),
    print_column(name = "No path", type = "string")
)]
struct ItemSpec {
    name: String,
    quantity: i32,
}

#[derive(Resource)]
#[resource(
    group = "example.com",
    version = "v1",
    kind = "Item",
    print_column(name = "Quantity", type = "int", json_path = ".spec.quantity"),
    print_column(name = "Name", type = "integer", json_path = ".spec.name"),
    print_column(name = "", type = "string", json_path = ".spec.name")
)]
struct ItemSpec2 {
    name: String,
    quantity: i32,
}

fn main() {}
