//! The CustomResourceDefinition of a kind in two versions, as a file.

use k1s_gen::crd::{Webhook, render_all};
use k1s_gen::generate::{Material, Provenance};
use k1s_gen::output::File;
use k1s_gen::{Error, crd};
use k1s_runtime::api::ResourceDefinition;
use k1s_runtime::{Resource, Schema};
use serde::{Deserialize, Serialize};

fn package() -> Provenance {
    Provenance::Package { name: "inventory".to_owned(), version: "0.1.0".to_owned() }
}

fn render(kinds: Vec<ResourceDefinition>) -> Result<Vec<File>, Error> {
    let material = Material::of_definitions(kinds, package())?;
    Ok(render_all(&material, None)?.files)
}

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
    assert_eq!(manifest.path, "inventory.example.com_items.yaml");

    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/inventory.example.com_items.yaml");
    if std::env::var_os("K1S_BLESS").is_some() {
        std::fs::write(path, &manifest.text).unwrap();
    }
    let expected = std::fs::read_to_string(path).unwrap();
    assert_eq!(manifest.text, expected, "K1S_BLESS=1 accepts the new text");

    let mut reversed = kinds.to_vec();
    reversed.reverse();
    assert_eq!(render(reversed).unwrap(), manifests);
}

mod converted {
    use super::*;

    pub(crate) mod v1 {
        use super::*;

        /// A shelf.
        #[derive(Resource, Clone, Debug, Serialize, Deserialize)]
        #[resource(group = "inventory.example.com", version = "v1", kind = "Shelf", plural = "shelves")]
        pub(crate) struct ShelfSpec {
            pub(crate) boards: i32,
        }

        impl From<super::v1beta2::ShelfSpec> for ShelfSpec {
            fn from(old: super::v1beta2::ShelfSpec) -> Self {
                Self { boards: old.planks }
            }
        }
    }

    pub(crate) mod v1beta2 {
        use super::*;

        /// A shelf, as it used to be.
        #[derive(Resource, Clone, Debug, Serialize, Deserialize)]
        #[resource(
            group = "inventory.example.com",
            version = "v1beta2",
            kind = "Shelf",
            plural = "shelves",
            hub = v1::Shelf,
            served = false
        )]
        pub(crate) struct ShelfSpec {
            pub(crate) planks: i32,
        }

        impl From<v1::ShelfSpec> for ShelfSpec {
            fn from(new: v1::ShelfSpec) -> Self {
                Self { planks: new.boards }
            }
        }
    }
}

use converted::{v1 as shelf_v1, v1beta2 as shelf_v1beta2};

#[test]
fn versions_with_conversions_ask_for_a_webhook() {
    let kinds = vec![shelf_v1beta2::Shelf::definition(), shelf_v1::Shelf::definition()];
    let mut crds = k1s_runtime::schema::crd::to_crds_json(kinds).unwrap();
    let versions: Vec<_> =
        crds[0]["spec"]["versions"].as_array().unwrap().iter().map(|v| v["name"].clone()).collect();
    assert_eq!(versions, ["v1", "v1beta2"]);
    let yaml = crd::file(&crds[0], &package()).text;
    let expected = "  conversion:
    strategy: Webhook
    webhook:
      clientConfig:
        service:
          name: webhook-service
          namespace: system
          path: /convert
      conversionReviewVersions:
      - v1
";
    assert!(yaml.contains(expected), "{yaml}");

    let url: Webhook = "https://hooks.example.com/convert".parse().unwrap();
    url.put(&mut crds[0]);
    assert!(crd::file(&crds[0], &package()).text.contains("url: https://hooks.example.com/convert"));
    let service: Webhook = "shop/hooks/a/b".parse().unwrap();
    service.put(&mut crds[0]);
    assert_eq!(
        crds[0]["spec"]["conversion"]["webhook"]["clientConfig"],
        serde_json::json!({"service": {"namespace": "shop", "name": "hooks", "path": "/a/b"}})
    );
    let mut single = k1s_runtime::schema::crd::to_crd_json(&[shelf_v1beta2::Shelf::definition()]).unwrap();
    service.put(&mut single);
    assert!(single["spec"].get("conversion").is_none(), "one version needs no conversion");
    for wrong in ["shop", "shop/", "/hooks", "http://hooks.example.com"] {
        assert!(wrong.parse::<Webhook>().is_err(), "{wrong}");
    }
}

#[test]
fn a_hub_that_is_not_there_is_refused() {
    let mut other = shelf_v1::Shelf::definition();
    other.version = "v2".to_owned();
    let error = render(vec![shelf_v1beta2::Shelf::definition(), other]).unwrap_err().to_string();
    assert!(error.contains("has the hub v1, which is not registered"), "{error}");
}

#[test]
fn two_stored_versions_are_refused() {
    let mut other = v1alpha1::Item::definition();
    other.storage = true;
    let error = render(vec![v1::Item::definition(), other]).unwrap_err().to_string();
    assert!(error.contains("render::v1::Item") && error.contains("render::v1alpha1::Item"), "{error}");
}

#[test]
fn what_an_api_server_refuses_is_not_written() {
    let mut item = v1::Item::definition();
    item.plural = "Items".to_owned();
    let error = render(vec![item]).unwrap_err().to_string();
    assert!(error.starts_with("an API server would refuse Items.inventory.example.com:\n  "), "{error}");
}
