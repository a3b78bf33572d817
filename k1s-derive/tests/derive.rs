//! What the derives make of well-formed types.
#![allow(missing_docs, reason = "test types")]

use k1s_runtime::api::definition::SchemaSource;
use k1s_runtime::api::{Registration, ResourceDefinition, Scope};
use k1s_runtime::schema::crd::validate_crd;
use k1s_runtime::{Resource, Schema, kube_core};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// An item held in stock.
#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[resource(
    group = "inventory.example.com",
    version = "v1alpha1",
    kind = "Item",
    short_name = "itm",
    category = "inventory",
    status = "ItemStatus",
    print_column(name = "Quantity", type = "integer", json_path = ".spec.quantity"),
    print_column(name = "Age", type = "date", json_path = ".metadata.creationTimestamp"),
    selectable_field = ".spec.category",
    validation(
        rule = "self.spec.reserved <= self.spec.quantity",
        message = "cannot reserve more than is in stock",
        field_path = ".spec.reserved"
    ),
    derive(PartialEq)
)]
#[serde(rename_all = "camelCase")]
pub struct ItemSpec {
    /// Display name.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// Units in stock.
    #[schema(minimum = 0, maximum = 10_000, default = 1)]
    pub quantity: i32,
    #[serde(default)]
    #[schema(minimum = 0)]
    pub reserved: i32,
    pub category: String,
    /// Price in cents.
    #[schema(minimum = 1)]
    pub price: Option<i64>,
    #[schema(list_type = "set", max_items = 32, items(min_length = 1))]
    pub tags: Option<Vec<String>>,
    pub supplier: Option<Supplier>,
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[schema(validation(
    rule = "self.email.endsWith('.example.com') || has(self.phone)",
    message = "outside suppliers need a phone"
))]
pub struct Supplier {
    #[schema(format = "email")]
    pub email: String,
    pub phone: Option<String>,
}

#[derive(Schema, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemStatus {
    pub observed_generation: Option<i64>,
}

fn item() -> Item {
    Item::new(
        "lamp",
        ItemSpec {
            name: "Lamp".into(),
            quantity: 2,
            reserved: 0,
            category: "lights".into(),
            price: None,
            tags: None,
            supplier: None,
        },
    )
}

#[test]
fn a_kind_has_its_names() {
    let definition = <Item as Resource>::definition();
    assert_eq!(definition.qualified_resource(), "items.inventory.example.com");
    assert_eq!((definition.list_kind.as_str(), definition.singular.as_str()), ("ItemList", "item"));
    assert_eq!(definition.short_names, ["itm"]);
    assert_eq!(definition.scope, Scope::Namespaced);
    assert!(definition.status && definition.served && definition.storage);
    assert_eq!(
        <Item as kube_core::Resource>::url_path(&(), Some("a")),
        "/apis/inventory.example.com/v1alpha1/namespaces/a/items"
    );
    assert!(Registration::all().any(|kind| (kind.definition)().kind == "Item"));
}

#[test]
fn objects_carry_their_type() {
    let item = item();
    let value = serde_json::to_value(&item).unwrap();
    assert_eq!(value["apiVersion"], "inventory.example.com/v1alpha1");
    assert_eq!(value["kind"], "Item");
    assert_eq!(value["metadata"], json!({"name": "lamp"}));
    assert_eq!(serde_json::from_value::<Item>(value.clone()).unwrap(), item);

    let mut other = value;
    other["kind"] = "Category".into();
    let error = serde_json::from_value::<Item>(other).unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected Item of inventory.example.com/v1alpha1, found Category of inventory.example.com/v1alpha1"
    );
}

fn schema_of(definition: &ResourceDefinition) -> Option<Value> {
    match &definition.schema {
        SchemaSource::Rust(rust) => Some((rust.root)().to_value()),
        _ => None,
    }
}

#[test]
fn the_schema_says_what_the_attributes_say() {
    let schema = schema_of(&Item::definition()).unwrap();
    let spec = &schema["properties"]["spec"];
    assert_eq!(schema["required"], json!(["spec"]));
    assert_eq!(schema["description"], "An item held in stock.");
    assert_eq!(schema["x-kubernetes-validations"][0]["fieldPath"], ".spec.reserved");
    assert_eq!(spec["required"], json!(["name", "category"]));
    let quantity = json!({
        "default": 1,
        "description": "Units in stock.",
        "format": "int32",
        "maximum": 10_000,
        "minimum": 0,
        "type": "integer",
    });
    assert_eq!(spec["properties"]["quantity"], quantity);
    let tags = &spec["properties"]["tags"];
    assert_eq!(tags["items"], json!({"minLength": 1, "type": "string"}));
    assert_eq!((&tags["maxItems"], &tags["x-kubernetes-list-type"]), (&json!(32), &json!("set")));
    assert_eq!(spec["properties"]["supplier"]["required"], json!(["email"]));
}

#[test]
fn the_crd_is_what_an_api_server_takes() {
    let crd = serde_json::to_value(Item::crd().unwrap()).unwrap();
    assert_eq!(validate_crd(&crd), []);
    let text = k1s_runtime::manifest::to_yaml(&crd);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/item-crd.yaml");
    if std::env::var_os("K1S_BLESS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    let expected = std::fs::read_to_string(path).unwrap();
    assert_eq!(text, expected, "K1S_BLESS=1 accepts the new text");
}
