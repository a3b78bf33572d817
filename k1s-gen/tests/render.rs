//! The CustomResourceDefinition of a kind in two versions, as a file.

use k1s_gen::crd::render;
use k1s_runtime::{Resource, Schema};
use serde::{Deserialize, Serialize};

mod v1 {
    use super::*;

    /// An item held in stock.
    #[derive(Resource, Clone, Debug, Serialize, Deserialize)]
    #[resource(
        group = "inventory.example.com",
        version = "v1",
        kind = "Item",
        short_name = "itm",
        status = "ItemStatus",
        print_column(name = "Quantity", type = "integer", json_path = ".spec.quantity"),
        validation(rule = "self.spec.quantity < 100", message = "too many")
    )]
    pub(crate) struct ItemSpec {
        /// Units in stock.
        #[schema(minimum = 0, default = 1)]
        quantity: i32,
        supplier: Option<Supplier>,
    }

    /// Who delivers it.
    #[derive(Schema, Clone, Debug, Serialize, Deserialize)]
    pub(crate) struct Supplier {
        #[schema(format = "email")]
        email: String,
    }

    /// What was last seen.
    #[derive(Schema, Clone, Debug, Serialize, Deserialize)]
    pub(crate) struct ItemStatus {
        counted: Option<u16>,
    }
}

mod v1alpha1 {
    use super::*;

    /// An item, as it used to be.
    #[derive(Resource, Clone, Debug, Serialize, Deserialize)]
    #[resource(
        group = "inventory.example.com",
        version = "v1alpha1",
        kind = "Item",
        short_name = "itm",
        storage = false,
        deprecated = "use v1"
    )]
    pub(crate) struct ItemSpec {
        count: i32,
    }
}

#[test]
fn versions_of_a_kind_share_a_file() {
    let kinds = [v1alpha1::Item::definition(), v1::Item::definition()];
    let manifests = render(kinds.to_vec()).unwrap();
    let [manifest] = manifests.as_slice() else { panic!("{} manifests", manifests.len()) };
    assert_eq!(manifest.file_name, "inventory.example.com_items.yaml");

    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/inventory.example.com_items.yaml");
    if std::env::var_os("K1S_BLESS").is_some() {
        std::fs::write(path, &manifest.yaml).unwrap();
    }
    let expected = std::fs::read_to_string(path).unwrap();
    assert_eq!(manifest.yaml, expected, "K1S_BLESS=1 accepts the new text");

    let mut reversed = kinds.to_vec();
    reversed.reverse();
    assert_eq!(render(reversed).unwrap(), manifests);
}

#[test]
fn two_stored_versions_are_refused() {
    let mut other = v1alpha1::Item::definition();
    other.storage = true;
    let error = render(vec![v1::Item::definition(), other]).unwrap_err();
    assert!(error.to_string().contains("Item"), "{error}");
}

#[test]
fn what_an_api_server_refuses_is_not_written() {
    let mut item = v1::Item::definition();
    item.plural = "Items".to_owned();
    let error = render(vec![item]).unwrap_err().to_string();
    assert!(error.starts_with("an API server would refuse Items.inventory.example.com:\n  "), "{error}");
}
