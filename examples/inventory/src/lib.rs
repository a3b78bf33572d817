//! The demo of k1s: the items and categories of a small shop.
//!
//! Two structs are the whole API. From them come the kinds, their CustomResourceDefinitions, defaults, validation, print
//! columns and the command line in `main.rs`.
#![forbid(unsafe_code)]

use k1s_runtime::{Resource, Schema};
use serde::{Deserialize, Serialize};

/// An item held in stock.
#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[resource(
    group = "inventory.example.com",
    version = "v1alpha1",
    kind = "Item",
    short_name = "itm",
    category = "inventory",
    status = "ItemStatus",
    print_column(name = "Category", type = "string", json_path = ".spec.category"),
    print_column(name = "Quantity", type = "integer", json_path = ".spec.quantity"),
    print_column(name = "Price", type = "integer", json_path = ".spec.price"),
    print_column(name = "Location", type = "string", json_path = ".spec.location", priority = 1),
    print_column(name = "Supplier", type = "string", json_path = ".spec.supplier.name", priority = 1),
    print_column(name = "Phase", type = "string", json_path = ".status.phase", priority = 1),
    print_column(name = "Age", type = "date", json_path = ".metadata.creationTimestamp"),
    selectable_field = ".spec.category",
    index = ".spec.category",
    validation(
        rule = "self.spec.reserved <= self.spec.quantity",
        message = "cannot reserve more than is in stock",
        field_path = ".spec.reserved"
    )
)]
#[serde(rename_all = "camelCase")]
pub struct ItemSpec {
    /// Display name.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// Name of the category that the item belongs to.
    #[schema(min_length = 1, max_length = 63, pattern = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    pub category: String,
    /// Units in stock.
    #[serde(default = "one")]
    #[schema(minimum = 0, maximum = 10_000, default = 1)]
    pub quantity: i32,
    /// Units that are promised to customers.
    #[serde(default)]
    #[schema(minimum = 0, default = 0)]
    pub reserved: i32,
    /// Price in cents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub price: Option<i64>,
    /// Shelf and bay, as A1-07.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[A-Z][0-9]-[0-9]{2}$")]
    pub location: Option<String>,
    /// Free words to find the item by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(list_type = "set", max_items = 32, items(min_length = 1, max_length = 40))]
    pub tags: Option<Vec<String>>,
    /// Where the item is bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<Supplier>,
}

fn one() -> i32 {
    1
}

/// A company that items are bought from.
#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[schema(validation(
    rule = "self.email.endsWith('.example.com') || has(self.phone) || has(self.leadTimeDays)",
    message = "outside suppliers need a phone or a lead time"
))]
#[serde(rename_all = "camelCase")]
pub struct Supplier {
    /// Name of the company.
    #[schema(min_length = 1)]
    pub name: String,
    /// Address for orders.
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Days between order and delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 365)]
    pub lead_time_days: Option<i32>,
}

/// What has been seen of an item.
#[derive(Schema, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemStatus {
    /// Whether the item can be sold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// Units found at the last stock count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    pub counted: Option<i32>,
}

/// Whether an item can be sold.
#[derive(Schema, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// There are units that nobody has reserved.
    Available,
    /// All units are reserved or gone.
    SoldOut,
    /// The item is no longer bought.
    Discontinued,
}

/// A group of items that stand together.
#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[resource(
    group = "inventory.example.com",
    version = "v1alpha1",
    kind = "Category",
    plural = "categories",
    short_name = "cat",
    category = "inventory",
    status = "CategoryStatus",
    print_column(name = "Title", type = "string", json_path = ".spec.title"),
    print_column(name = "Parent", type = "string", json_path = ".spec.parent"),
    print_column(name = "Shelf", type = "string", json_path = ".spec.shelf", priority = 1),
    print_column(name = "Age", type = "date", json_path = ".metadata.creationTimestamp"),
    selectable_field = ".spec.parent"
)]
#[serde(rename_all = "camelCase")]
pub struct CategorySpec {
    /// Display name.
    #[schema(min_length = 1, max_length = 100)]
    pub title: String,
    /// Name of the category above this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 63)]
    pub parent: Option<String>,
    /// Where its items stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[A-Z][0-9]$")]
    pub shelf: Option<String>,
}

/// What has been seen of a category.
#[derive(Schema, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CategoryStatus {
    /// Number of items in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    pub items: Option<i32>,
}
