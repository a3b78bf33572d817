//! Rules that are right are left alone, whatever the macro sees of the types that they name; what it cannot see is told by the first
//! use in a debug build.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests and their types")]

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use k1s_runtime::client::{Api, CoreClient};
use k1s_runtime::schema::crd::{complaints, to_crd_json};
use k1s_runtime::scheme::Scheme;
use k1s_runtime::storage::MemoryStorage;
use k1s_runtime::{Resource, Schema};
use pollster::block_on;
use serde::{Deserialize, Serialize};

type Labels = BTreeMap<String, String>;

#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
#[resource(
    group = "shop.example.com",
    version = "v1",
    kind = "Item",
    status = "ItemStatus",
    validation(rule = "self.metadata.name != 'x' && self.kind == 'Item' && self.apiVersion != ''"),
    validation(
        rule = "self.spec.unitPrice > self.spec.supplier.minimum",
        message_expression = "'at least %d'.format([self.spec.supplier.minimum])"
    ),
    validation(rule = "has(self.status) ? self.status.ready : true"),
    validation(rule = "self.spec.supplier.listed"),
    validation(
        rule = "self.spec.supplier.name in ['a', self.spec.title]",
        message_expression = "self.spec.supplier.name"
    ),
    validation(
        rule = "!oldSelf.hasValue() || oldSelf.value().spec.title == self.spec.title",
        optional_old_self = true
    ),
    skip
)]
#[serde(rename_all = "camelCase")]
pub struct ItemSpec {
    #[schema(max_length = 50, validation(rule = "self.matches('^[a-z]+$') && size(self) < 40"))]
    pub title: String,
    #[schema(validation(rule = "self % 5 == 0 && self >= oldSelf"))]
    pub unit_price: Option<i64>,
    #[serde(rename = "weight-kg")]
    pub weight: f64,
    #[schema(validation(rule = "self.name == 'b' || [self.name, 'x'].exists(n, n == 'x')"))]
    pub supplier: Supplier,
    #[schema(max_properties = 5, validation(rule = "self.all(k, self[k] != '')"))]
    pub labels: Labels,
    #[schema(format = "date-time", validation(rule = "self > timestamp('2024-01-01T00:00:00Z')"))]
    pub since: Option<String>,
    #[schema(format = "duration", validation(rule = "self < duration('24h') && self.getHours() >= 0"))]
    pub grace: Option<String>,
    #[schema(int_or_string, validation(rule = "type(self) == int ? self > 0 : self.endsWith('%')"))]
    pub port: Option<Port>,
    #[schema(list_type = "set", max_items = 5, items(max_length = 10, validation(rule = "self.size() > 1")))]
    #[schema(validation(rule = "self.isSorted() && self + ['a'] != self"))]
    pub tags: Option<HashSet<String>>,
    #[schema(
        list_type = "map",
        list_map_key = "name",
        max_items = 5,
        items(validation(rule = "self.minimum >= oldSelf.minimum"))
    )]
    pub suppliers: Vec<Supplier>,
    #[schema(
        embedded_resource,
        preserve_unknown_fields,
        validation(rule = "self.metadata.name != self.kind")
    )]
    pub template: Template,
}

#[derive(Schema, Clone, Debug, Serialize, Deserialize)]
#[schema(validation(rule = "self.weight > 0.0 && !has(self.__dash__) && self.__namespace__ != ''"))]
pub struct Supplier {
    #[schema(max_length = 20)]
    pub name: String,
    pub namespace: String,
    pub minimum: i64,
    pub listed: bool,
    pub weight: f32,
    #[serde(rename = "-")]
    pub dash: Option<u8>,
}

#[derive(Schema, Clone, Debug, Serialize, Deserialize)]
pub struct ItemStatus {
    pub ready: bool,
}

#[derive(Schema, Clone, Debug, Serialize, Deserialize)]
#[schema(validation(rule = "self > 0 && self < 65536"))]
pub struct Port(pub u16);

/// Used as a whole object, which has fields that the struct does not name.
#[derive(Schema, Clone, Debug, Serialize, Deserialize)]
#[schema(validation(rule = "self.metadata.name != '' && self.kind != 'Item'"))]
pub struct Template {}

/// Fields that are flattened, generic or one variant's are not seen.
#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
#[resource(
    group = "shop.example.com",
    version = "v1",
    kind = "Parcel",
    validation(rule = "self.spec.width > 0 && self.spec.label != ''"),
    skip
)]
pub struct ParcelSpec {
    #[schema(max_length = 9)]
    pub label: String,
    #[serde(flatten)]
    pub size: Size,
    pub numbered: Numbered<i32>,
    pub carrier: Carrier,
}

#[derive(Schema, Clone, Debug, Serialize, Deserialize)]
pub struct Size {
    pub width: i64,
}

#[derive(Schema, Clone, Debug, Serialize, Deserialize)]
#[schema(validation(rule = "self.number > 0 && self.number % 2 == 0"))]
pub struct Numbered<T> {
    pub number: T,
}

#[derive(Schema, Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[schema(validation(rule = "self.type == 'drone' ? self.maxHeight > 0 : has(self.name)"))]
pub enum Carrier {
    Drone {
        #[schema(validation(rule = "self < 100"))]
        max_height: i64,
    },
    Person {
        #[schema(max_length = 9)]
        name: String,
    },
}

#[test]
fn rules_that_are_right_are_left_alone() {
    for definition in [Item::definition(), Parcel::definition()] {
        let crd = to_crd_json(&[definition]).unwrap();
        let found: Vec<String> = complaints(&crd).iter().map(ToString::to_string).collect();
        assert_eq!(found, [""; 0]);
    }
}

/// A kind whose rule is about a field of a nested type.
#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
#[resource(
    group = "shop.example.com",
    version = "v1",
    kind = "Order",
    validation(rule = "self.spec.ready.reddy"),
    skip
)]
pub struct OrderSpec {
    pub ready: ItemStatus,
}

#[test]
fn the_first_use_in_a_debug_build_tells_what_the_macro_cannot_see() {
    let scheme = Scheme::new();
    scheme.register::<Order>().unwrap();
    let client = CoreClient::new(Arc::new(MemoryStorage::new()), Arc::new(scheme));
    let orders: Api<Order> = Api::default_namespaced(client);
    let order = Order::new("a", OrderSpec { ready: ItemStatus { ready: true } });
    let answer = block_on(orders.create(&order)).map_err(|error| error.to_string());
    if !cfg!(debug_assertions) {
        assert!(answer.is_ok());
        return;
    }
    let told = answer.unwrap_err();
    for part in [
        "an API server would refuse the kind Order of shop.example.com/v1",
        "\n  spec.validation.openAPIV3Schema.x-kubernetes-validations[0].rule: does not compile:",
        "\n  1:16: undefined field 'reddy'\n   | self.spec.ready.reddy\n   | ...............^\n   | hint: did you mean `ready`?",
    ] {
        assert!(told.contains(part), "{told}");
    }
}
